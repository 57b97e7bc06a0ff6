"""OpenCC's conversions compiled: a character table for most of a text, an automaton for its phrases.

A conversion is exact: it gives what OpenCC gives with the same data. It is fast because the table is applied
to the whole text at once, and only phrases that come out differently from their characters are put in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from operator import ne
from typing import TypeVar

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, DoubleArrayAhoCorasick

from hanfix.edit import Edit, merge
from hanfix.filters.convert.dictionary import (
    COMPATIBILITY,
    Configuration,
    Entries,
    Entry,
    read_configuration,
)
from hanfix.origin import Origin

# Start, end and number of a key found in a text, or in its UTF-8.
Match = tuple[int, int, int]

# Characters converted at a time: enough to make the work per piece vanish, few enough that the list of
# matches stays small. A piece ends behind one of these characters, which no key of any dictionary holds.
_PIECE_SIZE = 1 << 20
_ENDS = "\n\r。 \t"
_PIECE_END = re.compile(f"[{_ENDS}]")

# Up to the last character that OpenCC converts, in plane 3.
_TABLE_SIZE = 0x31400

# Where no more than this share of the characters change, they are put in one by one, as phrases are: it takes
# the same time either way then, measured on newspaper text.
_FEW = 1 / 16
# How many characters, spread over a text, that is judged by.
_SAMPLE_SIZE = 4096
# A dictionary of more keys is not compiled a second time for texts in which little changes.
_MOST_KEYS_TWICE = 10_000

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
        self._configuration = configuration
        self._segmentation = _Dictionary(configuration.segmentation, self.name)
        first = configuration.rounds[0]
        segments = self._segmentation.keys
        characters = {key: value for key, value in first.values.items() if len(key) == 1}
        self._first_cuts = len(characters) + len(segments) == len(first.values) and all(
            map(first.values.__contains__, segments)
        )
        if self._first_cuts:
            # The phrases of the first round are the segments themselves: none is left between them.
            segments = [first.values[key] for key in segments]
            first = replace(first, values=characters)
        self._rounds = [_Dictionary(entries, self.name) for entries in (first, *configuration.rounds[1:])]
        # What a segment becomes does not depend on the text around it.
        self._segments_in = segments
        self._rounds_of_segments = self._rounds[1:] if self._first_cuts else self._rounds
        self._segments_out = _each_in_rounds(segments, self._rounds_of_segments)

    # Compatibility ideographs are rare, and edits are not always asked for.

    @cached_property
    def _normalization(self) -> _Dictionary:
        return _Dictionary(self._configuration.normalization, self.name)

    @cached_property
    def _through(self) -> _Dictionary:
        return _Dictionary(_Through.of(self._configuration.rounds), self.name)

    def convert(self, text: str) -> str:
        """Return the text converted."""
        return "".join(self._convert_piece(text[start:end]) for start, end in pieces(text))

    def edits(self, text: str) -> Iterator[Edit]:
        """Yield what ``convert`` changes, each with the dictionary entry that makes it."""
        for start, end, converts in _parts(text):
            if converts:
                yield from self._edits(text[start:end], start)

    def _convert_piece(self, text: str) -> str:
        data = _encoded(text)
        if not _rarities().find(data):
            return self._convert(text, data)
        converted: list[str] = []
        for start, end, converts in _parts(text):
            part = text[start:end]
            if converts:
                part = self._normalization.convert(part, _encoded(part))
                part = self._convert(part, _encoded(part))
            converted.append(part)
        return "".join(converted)

    def _convert(self, text: str, data: bytes) -> str:
        """Return a text, also given as UTF-8, converted."""
        matches = self._segmentation.matches(data)
        if not matches:
            return _in_rounds(text, data, self._rounds)
        separator = _free_separator(text)
        between = _encoded(separator).join(_between(data, matches))
        segments = self._segments_out
        parts = [""] * (2 * len(matches) + 1)
        parts[::2] = _in_rounds(_decoded(between), between, self._rounds).split(separator)
        parts[1::2] = [segments[index] for _, _, index in matches]
        return "".join(parts)

    def _edits(self, text: str, offset: int) -> Iterable[Edit]:
        """Yield the edits of a piece of text that stands at ``offset`` of the whole."""
        if not COMPATIBILITY.search(text):
            return self._edits_of_normalized(text, offset)
        first = list(self._normalization.character_edits(text, 0))
        second = self._edits_of_normalized(self._normalization.convert(text, _encoded(text)), 0)
        merged = merge(text, first, second)
        return (edit._replace(start=edit.start + offset, end=edit.end + offset) for edit in merged)

    def _edits_of_normalized(self, text: str, offset: int) -> Iterator[Edit]:
        matches = self._segmentation.found(text)
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
        segment, new = self._segmentation.keys[index], self._segments_out[index]
        if new == segment:
            return
        if new == self._through.convert(segment, _encoded(segment)):
            yield from self._through.character_edits(segment, start)
            return
        names = [self._segmentation.phrase(index).dictionary] if self._first_cuts else []
        now = self._segments_in[index]
        for each in self._rounds_of_segments:
            names += each.dictionaries(now)
            now = each.convert(now, _encoded(now))
        yield _edit(Entry(segment, new, _AND.join(dict.fromkeys(names))), start, self.name)

    def _edits_between(self, text: str) -> Iterator[Edit]:
        """Yield the edits of what stands between the segments."""
        origin = Origin()
        causes: list[tuple[int, str]] = []
        now = text
        for each in self._rounds:
            phrases: list[Edit] = []
            for start, end, index in each.found(now, differing=True):
                phrase = each.phrase(index)
                phrases.append(_edit(phrase, start, self.name))
                causes.append((origin.span(start, end)[0], phrase.dictionary))
            origin = origin.then(phrases)
            now = each.convert(now, _encoded(now))
        patch_ends = [patch.source_end for patch in origin.patches]
        names: list[list[str]] = [[] for _ in patch_ends]
        for start, name in causes:
            names[bisect_right(patch_ends, start)].append(name)
        done = 0
        for patch, dictionaries in zip(origin.patches, names, strict=True):
            yield from self._through.character_edits(text[done : patch.source_start], done)
            old, new = text[patch.source_start : patch.source_end], now[patch.start : patch.end]
            if old != new:
                entry = Entry(old, new, _AND.join(dict.fromkeys(dictionaries)))
                yield _edit(entry, patch.source_start, self.name)
            done = patch.source_end
        yield from self._through.character_edits(text[done:], done)


def _in_rounds(text: str, data: bytes, rounds: Sequence[_Dictionary]) -> str:
    for number, each in enumerate(rounds):
        text = each.convert(text, data if number == 0 else _encoded(text))
    return text


def _each_in_rounds(texts: list[str], rounds: Sequence[_Dictionary]) -> list[str]:
    """Return the texts converted, each by itself, in one go."""
    if not (texts and rounds):
        return texts
    separator = _free_separator("".join(texts))
    text = separator.join(texts)
    return _in_rounds(text, _encoded(text), rounds).split(separator)


class _Dictionary:
    """One dictionary compiled: replaces its keys in a text, longest first, from left to right."""

    def __init__(self, entries: Entries, configuration: str) -> None:
        self._entries = entries
        self._configuration = configuration
        # Why each character is changed that was met so far.
        self._reasons: dict[str, tuple[str, str, str]] = {}
        self._characters = {
            key: value for key, value in entries.values.items() if len(key) == len(value) == 1
        }
        # The phrases, and what they become.
        self.keys = [key for key in entries.values if len(key) > 1 or key not in self._characters]
        self._values = [entries.values[key] for key in self.keys]
        # A list is looked up far faster than a dict, and numbers take less room than strings.
        self._table = _identity().copy()
        for key, value in self._characters.items():
            self._table[ord(key)] = ord(value)
        # A phrase that comes out as its characters do needs no work beyond the table.
        by_character = "\n".join(self.keys).translate(self._table).split("\n")
        self._differs = list(map(ne, by_character, self._values))

    def phrase(self, index: int) -> Entry:
        """Return a phrase by its number."""
        return self._entry(self.keys[index], self._values[index])

    def _entry(self, key: str, value: str) -> Entry:
        return Entry(key, value, self._entries.dictionary(key))

    @cached_property
    def _phrases(self) -> DoubleArrayAhoCorasick | None:
        return _automaton(self.keys)

    @cached_property
    def _all(self) -> tuple[DoubleArrayAhoCorasick | None, list[bytes]]:
        """All that may change, phrases and characters, with what they become."""
        characters = [key for key, value in self._characters.items() if key != value]
        values = [*self._values, *map(self._characters.__getitem__, characters)]
        return _automaton([*self.keys, *characters]), [value.encode() for value in values]

    def matches(self, data: bytes) -> list[Match]:
        """Return every phrase in a text given as UTF-8, in which no character begins within another."""
        return [] if self._phrases is None else self._phrases.find(data)

    def found(self, text: str, *, differing: bool = False) -> list[Match]:
        """Return every phrase in a text, or those that the table alone would convert to something else."""
        data = _encoded(text)
        found: list[Match] = []
        done = place = 0
        for start, end, index in self.matches(data):
            place += len(_decoded(data[done:start]))
            length = len(self.keys[index])
            if not differing or self._differs[index]:
                found.append((place, place + length, index))
            place += length
            done = end
        return found

    def convert(self, text: str, data: bytes) -> str:
        """Return a text, also given as UTF-8, with phrases replaced and other characters by the table."""
        if len(self._entries.values) <= _MOST_KEYS_TWICE and self._changes_little(text):
            return self._with_all_spliced(text, data)
        differs = self._differs
        matches = [match for match in self.matches(data) if differs[match[2]]]
        if not matches:
            return text.translate(self._table) if self._characters else text
        separator = _free_separator(text)
        between = _decoded(_encoded(separator).join(_between(data, matches)))
        parts = [""] * (2 * len(matches) + 1)
        parts[::2] = between.translate(self._table).split(separator)
        parts[1::2] = [self._values[index] for _, _, index in matches]
        return "".join(parts)

    def _changes_little(self, text: str) -> bool:
        sample = text[:: max(1, len(text) // _SAMPLE_SIZE)]
        changed = sum(1 for old, new in zip(sample, sample.translate(self._table), strict=True) if old != new)
        return changed <= _FEW * len(sample)

    def _with_all_spliced(self, text: str, data: bytes) -> str:
        automaton, values = self._all
        matches = [] if automaton is None else automaton.find(data)
        if not matches:
            return text
        parts = [b""] * (2 * len(matches) + 1)
        parts[::2] = _between(data, matches)
        parts[1::2] = [values[index] for _, _, index in matches]
        return _decoded(b"".join(parts))

    def dictionaries(self, text: str) -> list[str]:
        """Return the names of the dictionaries that change something in a text."""
        differing = self.found(text, differing=True)
        phrases = [self._entries.dictionary(self.keys[index]) for _, _, index in differing]
        return phrases or [self._entries.dictionary(char) for char in text if self._is_changed(char)]

    def character_edits(self, text: str, offset: int) -> Iterator[Edit]:
        """Yield what the table changes in a text that stands at ``offset`` of the whole."""
        for place, char in enumerate(text, offset):
            if self._is_changed(char):
                reason = self._reasons.get(char)
                if reason is None:
                    entry = self._entry(char, self._characters[char])
                    reason = self._reasons[char] = _reason(entry, self._configuration)
                yield Edit(place, place + 1, *reason)

    def _is_changed(self, char: str) -> bool:
        return self._characters.get(char, char) != char


@cache
def _identity() -> list[int]:
    return list(range(_TABLE_SIZE))


@dataclass(frozen=True)
class _Through(Entries):
    """What becomes of each character in all rounds, where no phrase decides."""

    rounds: tuple[Entries, ...]

    @classmethod
    def of(cls, rounds: tuple[Entries, ...]) -> _Through:
        """Return what becomes of characters in these rounds."""
        through: dict[str, str] = {}
        for entries in rounds:
            for key, value in through.items():
                later = entries.values.get(value, "")
                if len(later) == 1:
                    through[key] = later
            for key, value in entries.values.items():
                if len(key) == len(value) == 1 and value != key:
                    through.setdefault(key, value)
        return cls(through, (), rounds)

    def dictionary(self, key: str) -> str:
        """Return the names of the dictionaries that a character is changed by, one after the other."""
        names: list[str] = []
        for entries in self.rounds:
            value = entries.values.get(key, "")
            if len(value) == 1 and value != key:
                names.append(entries.dictionary(key))
                key = value
        return _AND.join(names)


def _reason(entry: Entry, configuration: str) -> tuple[str, str, str]:
    """Return what an entry writes, by which rule, and why, in words."""
    of_script = "convert/character" if len(entry.key) == 1 else "convert/phrase"
    rules = {_RULES.get(name, of_script) for name in entry.dictionary.split(_AND)}
    rule = next(rule for rule in ("convert/vocabulary", of_script, "convert/variant") if rule in rules)
    return entry.value, rule, f"{configuration}, {entry.dictionary}: {entry.key} → {entry.value}"


def _edit(entry: Entry, start: int, configuration: str) -> Edit:
    return Edit(start, start + len(entry.key), *_reason(entry, configuration))


_Text = TypeVar("_Text", str, bytes)


def _between(text: _Text, matches: Sequence[Match]) -> list[_Text]:
    """Return what stands before, between and after the matches: one more than there are matches."""
    starts = (*(start for start, _, _ in matches), len(text))
    ends = (0, *(end for _, end, _ in matches))
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


@cache
def _rarities() -> DoubleArrayAhoCorasick:
    """Return what finds compatibility ideographs and the operators of descriptions: seldom is there one."""
    candidates = map(chr, (*range(0x2FF0, 0x3000), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)))
    automaton = _automaton(
        [char for char in candidates if COMPATIBILITY.match(char) or _OPERATOR.match(char)]
    )
    assert automaton is not None, "there are some"
    return automaton


def _automaton(keys: list[str]) -> DoubleArrayAhoCorasick | None:
    # The automaton over bytes is several times as fast as the one over characters.
    encoded = [key.encode() for key in keys]
    return DoubleArrayAhoCorasick(encoded, MATCH_KIND_LEFTMOST_LONGEST) if encoded else None


def _encoded(text: str) -> bytes:
    # Half a surrogate pair, as some decoders leave them, goes through as it is.
    return text.encode("utf-8", "surrogatepass")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


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
