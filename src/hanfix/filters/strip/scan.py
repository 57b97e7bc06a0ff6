"""One pass over a text for the triggers of rules and for telling words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from daachorse import CharwiseDoubleArrayAhoCorasick

from hanfix.filters.strip.furniture import LONGEST_LINE, Furniture, Strength, normal, spellings
from hanfix.filters.strip.words import Words

# Characters scanned at a time: small enough for the processor's cache and to bound the list of hits,
# large enough that the cost of a call does not show.
_CHUNK = 1 << 18
# How much of a line an inline rule sees on either side of its trigger; no pattern may reach further.
_INLINE_REACH = 150
# A telling word is looked for by its longest part between slots; a shorter one stands everywhere.
_SHORTEST_TELLING = 3
# Characters of a longer one that are enough to tell it, and few enough for it to have few spellings.
_LONGEST_TELLING = 6
# Characters of a sentence that may be a notice; a longer one is prose with a word in it.
_LONGEST_NOTICE = 80
_SENTENCE_END = "。！？；…”」』.!?;"
# Half a surrogate pair, as some decoders leave them, is no character to the automaton.
_SURROGATE = re.compile("[\ud800-\udfff]")
_SLOT = re.compile(r"\{[a-z]+\}|[:\s]+$|^[:\s]+")


class Hit(NamedTuple):
    """A rule whose pattern matches around its trigger, with the line, or the stretch of a long one."""

    span: tuple[int, int]
    furniture: Furniture


class Scan:
    """The triggers of rules and words, ready to be looked for in any number of texts."""

    def __init__(self, rules: Iterable[Furniture], words: Iterable[Words]) -> None:
        self._rules: defaultdict[str, list[Furniture]] = defaultdict(list)
        for furniture in rules:
            for trigger in furniture.triggers:
                for spelling in spellings(trigger):
                    self._rules[spelling].append(furniture)
        telling = dict.fromkeys(telling_part(phrase) for entry in words for phrase in entry.strong)
        self._telling = dict.fromkeys(spelling for part in telling if part for spelling in spellings(part))
        # Spellings of one text stand side by side, which the automaton is built faster from.
        self._triggers = [*dict.fromkeys([*self._rules, *self._telling])]
        self._longest_trigger = max(map(len, self._triggers), default=1)
        # The one over bytes takes twice as long to build, and as long to run: places would have to be made
        # places in the text.
        self._automaton = CharwiseDoubleArrayAhoCorasick(self._triggers) if self._triggers else None

    def find(self, text: str) -> tuple[list[Hit], list[tuple[int, int]]]:
        """Return the rules that match around their triggers, and the short lines that hold telling words.

        Most words of furniture stand in prose: that is found out from the few characters around them, before
        the text is taken apart into lines.
        """
        hits: list[Hit] = []
        telling: list[tuple[int, int]] = []
        span = line = (0, 0)
        seen = ""
        tried: set[str] = set()
        for offset, trigger in self._found(text):
            if trigger in self._telling and not line[0] <= offset < line[1]:
                line = _short_line(text, offset)
                if line[1] > offset and not (
                    line[1] - line[0] > _LONGEST_NOTICE and text[line[1] - 1] in _SENTENCE_END
                ):
                    telling.append(line)
            if trigger not in self._rules:
                continue
            around = _around(text, offset)
            if around != span:
                span, seen = around, ""
                tried.clear()
            for furniture in self._rules[trigger]:
                is_inline = furniture.strength is Strength.INLINE
                if furniture.name in tried or not (is_inline or span[1] - span[0] <= 2 * LONGEST_LINE):
                    continue
                tried.add(furniture.name)
                seen = seen or normal(text[slice(*span)])
                if is_inline:
                    believable = furniture.matcher.search(seen) is not None
                else:
                    whole = seen.strip()
                    believable = len(whole) <= LONGEST_LINE and furniture.matcher.fullmatch(whole) is not None
                if believable:
                    hits.append(Hit(span, furniture))
        return hits, telling

    def _found(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield triggers with the places where they begin, in order."""
        if self._automaton is None:
            return
        # A trigger that straddles two chunks is found in the overlap.
        overlap = self._longest_trigger - 1
        for start in range(0, len(text), _CHUNK):
            piece = text[start : start + _CHUNK + overlap]
            try:
                found = self._automaton.find_overlapping(piece)
            except UnicodeEncodeError:
                found = self._automaton.find_overlapping(_SURROGATE.sub("\ufffd", piece))
            for at, _, index in sorted(found):
                if at < _CHUNK:
                    yield start + at, self._triggers[index]


def telling_part(phrase: str) -> str:
    """Return the longest part of a phrase between its slots; empty if all are too short to tell anything.

    >>> telling_part("已有{n}人评论")
    '人评论'
    """
    longest = max(_SLOT.split(normal(phrase)), key=len).strip()[:_LONGEST_TELLING].strip()
    return longest if len(longest) >= _SHORTEST_TELLING and not longest.isascii() else ""


def _line(text: str, offset: int, low: int, high: int) -> tuple[int, int]:
    """Return the line around a character, as far as it lies between two borders."""
    start = max(text.rfind("\n", low, offset), text.rfind("\r", low, offset)) + 1
    ends = (text.find("\n", offset, high), text.find("\r", offset, high))
    return start or low, min((end for end in ends if end >= 0), default=high)


def _short_line(text: str, offset: int) -> tuple[int, int]:
    """Return the line around a character; its begin alone if it is too long to be furniture."""
    low, high = max(0, offset - LONGEST_LINE), min(len(text), offset + LONGEST_LINE)
    start, end = _line(text, offset, low, high)
    return (start, end) if end - start <= LONGEST_LINE else (offset, offset)


def _around(text: str, offset: int) -> tuple[int, int]:
    """Return the line around a character, or the stretch of a long line that an inline rule is to see.

    Stretches are the same for all characters of a block, and overlap by more than a pattern can reach.
    """
    block = offset - offset % _INLINE_REACH
    return _line(text, offset, max(0, block - _INLINE_REACH), min(len(text), block + 2 * _INLINE_REACH))
