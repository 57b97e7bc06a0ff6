"""OpenCC's conversions compiled: a character table for most of a text, an automaton for its phrases.

A conversion is exact: it gives what OpenCC gives with the same data. It is fast because the table is applied
to the whole text at once, and only phrases that come out differently from their characters are put in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from hanfix.edit import Edit, merge
from hanfix.filters.convert.dictionary import (
    COMPATIBILITY,
    Configuration,
    Entries,
    Entry,
    read_configuration,
)
from hanfix.origin import Origin

# Start, end and number of a phrase found in a text.
Match = tuple[int, int, int]

# Characters converted at a time: enough to make the work per piece vanish, few enough that the list of
# matches stays small. A piece ends behind one of these characters, which no key of any dictionary holds.
_PIECE_SIZE = 1 << 20
_ENDS = "\n\r。 \t"
_PIECE_END = re.compile(f"[{_ENDS}]")

# Up to the last character that OpenCC converts, in plane 3.
_TABLE_SIZE = 0x31400

_SURROGATE = re.compile("[\ud800-\udfff]")

# The description of a character by its parts (⿰讠发) stays as it is: its operators with the number of parts
# they take, and OpenCC's limits.
_OPERATOR = re.compile("[⿰-⿿]")
_OPERANDS = dict.fromkeys("⿰⿱⿴⿵⿶⿷⿸⿹⿺⿻⿼⿽", 2) | dict.fromkeys("⿲⿳", 3) | dict.fromkeys("⿾⿿", 1)
_DESCRIPTION_DEPTH = 16
_DESCRIPTION_LENGTH = 64

# Joins the names of the dictionaries that a change went through.
_AND = " and "

# What kind of change a dictionary makes; those not named change the script, by character or by phrase.
_RULES = {
    "TWPhrases": "convert/vocabulary",
    "TWPhrasesRev": "convert/vocabulary",
    "HKPhrases": "convert/vocabulary",
    "HKPhrasesRev": "convert/vocabulary",
    "TWVariants": "convert/variant",
    "TWVariantsPhrases": "convert/variant",
    "TWVariantsRev": "convert/variant",
    "TWVariantsRevPhrases": "convert/variant",
    "HKVariants": "convert/variant",
    "HKVariantsPhrases": "convert/variant",
    "HKVariantsRev": "convert/variant",
    "HKVariantsRevPhrases": "convert/variant",
    "CJK_Compatibility_Ideographs": "convert/variant",
}


@cache
def conversion(name: str) -> Conversion:
    """Return the OpenCC configuration called ``name``, compiled on first use."""
    return Conversion(read_configuration(name))


class Conversion:
    """One OpenCC configuration compiled.

    >>> conversion("s2t").convert("头发干后面")
    '頭髮幹後面'
    >>> [(edit.new, edit.rule) for edit in conversion("s2tw").edits("头发里")]
    [('頭髮', 'convert/phrase'), ('裡', 'convert/character')]
    """

    def __init__(self, configuration: Configuration) -> None:
        self.name = configuration.name
        self._normalization = _Dictionary(configuration.normalization)
        self._segmentation = _Dictionary(configuration.segmentation)
        self._through = _Dictionary(_through_rounds(configuration.rounds))
        first = configuration.rounds[0]
        segments = [segment.key for segment in self._segmentation.phrases]
        self._first_cuts = set(segments) == {key for key in first if len(key) > 1}
        if self._first_cuts:
            # The phrases of the first round are the segments themselves: none is left between them.
            segments = [first[key].value for key in segments]
            first = {key: entry for key, entry in first.items() if len(key) == 1}
        self._rounds = [_Dictionary(entries) for entries in (first, *configuration.rounds[1:])]
        # What a segment becomes does not depend on the text around it.
        self._segments_in = segments
        self._rounds_of_segments = self._rounds[1:] if self._first_cuts else self._rounds
        self._segments_out = _each_in_rounds(segments, self._rounds_of_segments)

    def convert(self, text: str) -> str:
        """Return the text converted."""
        return "".join(
            self._convert(text[start:end]) if converts else text[start:end]
            for start, end, converts in _parts(text)
        )

    def edits(self, text: str) -> Iterator[Edit]:
        """Yield what ``convert`` changes, each with the dictionary entry that makes it."""
        for start, end, converts in _parts(text):
            if converts:
                yield from self._edits(text[start:end], start)

    def _convert(self, text: str) -> str:
        if COMPATIBILITY.search(text):
            text = self._normalization.convert(text)
        matches = self._segmentation.matches(text)
        if not matches:
            return _in_rounds(text, self._rounds)
        segments = self._segments_out
        parts = [""] * (2 * len(matches) + 1)
        parts[::2] = _each_in_rounds(_between(text, matches), self._rounds)
        parts[1::2] = [segments[index] for _, _, index in matches]
        return "".join(parts)

    def _edits(self, text: str, offset: int) -> Iterable[Edit]:
        """Yield the edits of a piece of text that stands at ``offset`` of the whole."""
        if not COMPATIBILITY.search(text):
            return self._edits_of_normalized(text, offset)
        first = list(self._normalization.character_edits(text, 0, self.name))
        second = self._edits_of_normalized(self._normalization.convert(text), 0)
        merged = merge(text, first, second)
        return (edit._replace(start=edit.start + offset, end=edit.end + offset) for edit in merged)

    def _edits_of_normalized(self, text: str, offset: int) -> Iterator[Edit]:
        matches = self._segmentation.matches(text)
        separator = _free_separator(text)
        between = separator.join(_between(text, matches))
        edits = self._edits_between(between)
        edit = next(edits, None)
        # How far a place between the segments lies behind the same place in the whole text.
        shift = offset
        for start, end, index in matches:
            while edit is not None and edit.end + shift <= start + offset:
                yield Edit(edit.start + shift, edit.end + shift, *edit[2:])
                edit = next(edits, None)
            yield from self._segment_edits(index, start + offset)
            shift += end - start - len(separator)
        while edit is not None:
            yield Edit(edit.start + shift, edit.end + shift, *edit[2:])
            edit = next(edits, None)

    def _segment_edits(self, index: int, start: int) -> Iterator[Edit]:
        segment, new = self._segmentation.phrases[index], self._segments_out[index]
        if new == segment.key:
            return
        if new == self._through.convert(segment.key):
            yield from self._through.character_edits(segment.key, start, self.name)
            return
        names = [segment.dictionary] if self._first_cuts else []
        now = self._segments_in[index]
        for each in self._rounds_of_segments:
            names += each.dictionaries(now)
            now = each.convert(now)
        yield _edit(Entry(segment.key, new, _AND.join(dict.fromkeys(names))), start, self.name)

    def _edits_between(self, text: str) -> Iterator[Edit]:
        """Yield the edits of what stands between the segments."""
        origin = Origin()
        causes: list[tuple[int, str]] = []
        now = text
        for each in self._rounds:
            phrases: list[Edit] = []
            for start, end, index in each.differing(now):
                phrase = each.phrases[index]
                phrases.append(_edit(phrase, start, self.name))
                causes.append((origin.span(start, end)[0], phrase.dictionary))
            origin = origin.then(phrases)
            now = each.convert(now)
        patch_ends = [patch.source_end for patch in origin.patches]
        names: list[list[str]] = [[] for _ in patch_ends]
        for start, name in causes:
            names[bisect_right(patch_ends, start)].append(name)
        done = 0
        for patch, dictionaries in zip(origin.patches, names, strict=True):
            yield from self._through.character_edits(text[done : patch.source_start], done, self.name)
            old, new = text[patch.source_start : patch.source_end], now[patch.start : patch.end]
            if old != new:
                entry = Entry(old, new, _AND.join(dict.fromkeys(dictionaries)))
                yield _edit(entry, patch.source_start, self.name)
            done = patch.source_end
        yield from self._through.character_edits(text[done:], done, self.name)


def _in_rounds(text: str, rounds: Sequence[_Dictionary]) -> str:
    for each in rounds:
        text = each.convert(text)
    return text


def _each_in_rounds(texts: list[str], rounds: Sequence[_Dictionary]) -> list[str]:
    """Return the texts converted, each by itself, in one go."""
    if not texts:
        return []
    separator = _free_separator("".join(texts))
    return _in_rounds(separator.join(texts), rounds).split(separator)


class _Dictionary:
    """One dictionary compiled: replaces its keys in a text, longest first, from left to right."""

    def __init__(self, entries: Entries) -> None:
        self.characters = {
            ord(key): entry for key, entry in entries.items() if len(key) == len(entry.value) == 1
        }
        self.phrases = [
            entry for key, entry in entries.items() if len(key) > 1 or ord(key) not in self.characters
        ]
        # A list is looked up far faster than a dict, and numbers take less room than strings.
        self._table = _identity().copy()
        for code, entry in self.characters.items():
            self._table[code] = ord(entry.value)
        keys = [entry.key for entry in self.phrases]
        self._automaton = CharwiseDoubleArrayAhoCorasick(keys, MATCH_KIND_LEFTMOST_LONGEST) if keys else None
        # A phrase that comes out as its characters do needs no work beyond the table.
        self._differs = [entry.key.translate(self._table) != entry.value for entry in self.phrases]

    def matches(self, text: str) -> list[Match]:
        """Return every phrase in the text."""
        if self._automaton is None:
            return []
        try:
            return self._automaton.find(text)
        except UnicodeEncodeError:
            # Half a surrogate pair, as some decoders leave them, is no text to the automaton.
            return self._automaton.find(_SURROGATE.sub("\ufffd", text))

    def differing(self, text: str) -> list[Match]:
        """Return the phrases in the text that the table alone would convert to something else."""
        differs = self._differs
        return [match for match in self.matches(text) if differs[match[2]]]

    def convert(self, text: str) -> str:
        """Return the text with its phrases replaced, and every other character by the table."""
        translated = text.translate(self._table) if self.characters else text
        matches = self.differing(text)
        if not matches:
            return translated
        parts: list[str] = []
        done = 0
        for start, end, index in matches:
            parts.append(translated[done:start])
            parts.append(self.phrases[index].value)
            done = end
        parts.append(translated[done:])
        return "".join(parts)

    def dictionaries(self, text: str) -> list[str]:
        """Return the names of the dictionaries that change something in a text."""
        phrases = [self.phrases[index].dictionary for _, _, index in self.differing(text)]
        entries = (self.characters.get(ord(char)) for char in text)
        return phrases or [entry.dictionary for entry in entries if entry and entry.value != entry.key]

    def character_edits(self, text: str, offset: int, configuration: str) -> Iterator[Edit]:
        """Yield what the table changes in a text that stands at ``offset`` of the whole."""
        characters = self.characters
        for place, char in enumerate(text, offset):
            entry = characters.get(ord(char))
            if entry is not None and entry.value != char:
                yield _edit(entry, place, configuration)


@cache
def _identity() -> list[int]:
    return list(range(_TABLE_SIZE))


def _through_rounds(rounds: Iterable[Entries]) -> Entries:
    """Return what becomes of each character in all rounds, where no phrase decides."""
    through: Entries = {}
    for entries in rounds:
        for key, entry in through.items():
            later = entries.get(entry.value)
            if later is not None and len(later.value) == 1 and later.value != entry.value:
                through[key] = Entry(key, later.value, f"{entry.dictionary}{_AND}{later.dictionary}")
        for key, entry in entries.items():
            if len(key) == len(entry.value) == 1 and entry.value != key:
                through.setdefault(key, entry)
    return through


@cache
def _reason(entry: Entry, configuration: str) -> tuple[str, str, str]:
    """Return what an entry writes, by which rule, and why, in words."""
    of_script = "convert/character" if len(entry.key) == 1 else "convert/phrase"
    rules = {_RULES.get(name, of_script) for name in entry.dictionary.split(_AND)}
    rule = next(rule for rule in ("convert/vocabulary", of_script, "convert/variant") if rule in rules)
    return entry.value, rule, f"{configuration}, {entry.dictionary}: {entry.key} → {entry.value}"


def _edit(entry: Entry, start: int, configuration: str) -> Edit:
    return Edit(start, start + len(entry.key), *_reason(entry, configuration))


def _between(text: str, matches: Sequence[Match]) -> list[str]:
    """Return what stands before, between and after the matches: one more than there are matches."""
    starts = [start for start, _, _ in matches]
    ends = [end for _, end, _ in matches]
    return [text[end:start] for end, start in zip([0, *ends], [*starts, len(text)], strict=True)]


def _free_separator(text: str) -> str:
    """Return a character that the text does not hold, a noncharacter (so no key holds it) nearly always."""
    return next(separator for separator in map(chr, range(0xFDD0, _TABLE_SIZE)) if separator not in text)


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of pieces that convert by themselves to what they become in the whole."""
    start = 0
    while start < len(text):
        ending = _PIECE_END.search(text, start + _PIECE_SIZE) if len(text) - start > _PIECE_SIZE else None
        end = len(text) if ending is None else ending.end()
        yield start, end
        start = end


def _parts(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of the pieces, cut at descriptions of characters, and whether they convert."""
    for start, end in pieces(text):
        for operator in _OPERATOR.finditer(text, start, end):
            described = _description_end(text, operator.start(), end)
            if operator.start() >= start and described is not None:
                yield start, operator.start(), True
                yield operator.start(), described, False
                start = described
        yield start, end, True


def _description_end(text: str, start: int, end: int) -> int | None:
    """Return where the description that starts with an operator is complete; ``None`` if it never is.

    OpenCC takes any character for a part. Here a piece's end is none, so that text may be cut at line ends.
    """
    # How many operands each operator still waits for, the innermost last.
    waiting = [1]
    for offset in range(start, min(end, start + _DESCRIPTION_LENGTH)):
        if text[offset] in _ENDS:
            return None
        waiting[-1] -= 1
        operands = _OPERANDS.get(text[offset])
        if operands is not None:
            waiting.append(operands)
            if len(waiting) > _DESCRIPTION_DEPTH:
                return None
            continue
        while waiting and waiting[-1] == 0:
            waiting.pop()
        if not waiting:
            return offset + 1
    return None
