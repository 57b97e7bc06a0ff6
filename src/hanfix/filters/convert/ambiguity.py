"""Characters that could have become something else: one in this script, several in the other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit
from hanfix.filters.convert.dictionary import read_configuration
from hanfix.filters.convert.engine import conversion
from hanfix.filters.convert.own_words import RULE as DICTIONARY_RULE
from hanfix.filters.convert.route import PARTICLE
from hanfix.script import encodes, preferred

# Rules that put other words in place of those that stand there.
_EXCHANGING = ("convert/vocabulary", DICTIONARY_RULE)


class Ambiguity(NamedTuple):
    """A character that conversion had to choose a form for.

    ``text``, at ``start:end``, became ``chosen`` (or stayed as it is), and could have become one of
    ``alternatives``. ``by`` says what decided: ``phrase`` (an entry of OpenCC's, which ``why`` names),
    ``character`` (none: the form that is most common) or ``words`` (the words around 著).
    """

    start: int
    end: int
    text: str
    chosen: str
    alternatives: tuple[str, ...]
    by: str
    why: str

    def record(self, document: Document) -> dict[str, Any]:
        """Return it as plain data, with its line and column in the document that it is of.

        >>> Ambiguity(1, 2, "后", "后", ("後",), "phrase", "皇后").record(Document("皇后", "a.txt"))
        ... # doctest: +NORMALIZE_WHITESPACE
        {'kind': 'ambiguity', 'file': 'a.txt', 'line': 1, 'column': 2, 'text': '后', 'chosen': '后',
         'alternatives': ('後',), 'by': 'phrase', 'why': '皇后'}
        """
        line, column = document.place(self.start)
        fields = {key: value for key, value in self._asdict().items() if key not in ("start", "end")}
        return {"kind": "ambiguity", "file": document.name, "line": line, "column": column, **fields}


def ambiguities(
    text: str,
    names: tuple[str, ...],
    edits: Sequence[Edit],
    own: Sequence[tuple[int, int]] = (),
) -> Iterator[Ambiguity]:
    """Yield the characters of a text that have several forms, with what the edits made of them.

    ``names`` are the conversions that the edits are of; ``own`` the places of the user's own words. Left out
    are these and others that were exchanged for words (台式机 for 桌上型電腦).
    """
    forms = _forms(names)
    starts = [edit.start for edit in edits]
    phrases, own_words = _Spans(_phrases(text, names)), _Spans(own)
    for match in _characters(names).finditer(text):
        place, char = match.start(), match.group()
        index = bisect_right(starts, place) - 1
        edit = edits[index] if index >= 0 and place < edits[index].end else None
        chosen, by, why = char, "character", ""
        if edit is not None:
            # Of words exchanged for others nothing is left to choose.
            if edit.rule in _EXCHANGING or len(edit.new) != edit.end - edit.start:
                continue
            chosen = edit.new[place - edit.start]
        elif own_words.at(place):
            continue
        if phrase := phrases.at(place):
            by, why = "phrase", text[slice(*phrase)]
        elif edit is not None and edit.end - edit.start > 1:
            by, why = "phrase", text[edit.start : edit.end]
        if char == PARTICLE:
            by, why = "words", edit.why if edit is not None else ""
        others = tuple(form for form in forms[char] if form != chosen)
        yield Ambiguity(place, place + 1, char, chosen, others, by, why)


class _Spans:
    """Places in a text, in order, none overlapping."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans
        self._starts = [start for start, _ in spans]

    def at(self, place: int) -> tuple[int, int] | None:
        """Return the start and end of what covers a place; ``None`` where nothing does."""
        index = bisect_right(self._starts, place) - 1
        return self._spans[index] if index >= 0 and place < self._spans[index][1] else None


def _phrases(text: str, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return where the first conversion that has entries of several characters finds them in a text."""
    for name in names:
        if name != PARTICLE and conversion(name).phrases:
            return conversion(name).phrases_in(text)
    return []


@lru_cache(maxsize=32)
def _characters(names: tuple[str, ...]) -> re.Pattern[str]:
    # No character of a text is the empty lookahead's.
    return re.compile(f"[{''.join(sorted(_forms(names)))}]" if _forms(names) else r"(?!)")


@lru_cache(maxsize=32)
def _forms(names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the characters that have several forms after these conversions, with those in common use."""
    rounds = [entries for name in names if name != PARTICLE for entries in read_configuration(name).rounds]
    found: dict[str, tuple[str, ...]] = {}
    for char in {key for entries in rounds for key in entries.values if len(key) == 1} | {PARTICLE}:
        forms: tuple[str, ...] = (char, "着") if char == PARTICLE in names else (char,)
        for entries in rounds:
            forms = tuple(dict.fromkeys(each for form in forms for each in entries.forms(form)))
        # The dictionaries list rare forms too, with which every other character would be ambiguous.
        usual = tuple(filter(_in_common_use, forms))
        if len(usual) > 1:
            found[char] = usual
    return found


def _in_common_use(char: str) -> bool:
    """Tell whether a national character set holds a character, or Taiwan's form of it (麵 for 麪)."""
    return encodes(char, "gb2312") or encodes(preferred("TWVariants").get(char, char), "big5")
