"""OpenCC's conversions compiled: a character table for most of a text, an automaton for its phrases.

A conversion is exact: it gives what OpenCC gives with the same data. It is fast because the table is applied
to the whole text at once, and only phrases that come out differently from their characters are put in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import compress, count
from operator import ne
from typing import TypeVar

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, DoubleArrayAhoCorasick

from hanfix.edit import Edit, merge, moved, new_edit
from hanfix.filters.convert.dictionary import (
    COMPATIBILITY,
    OWN_FORMS,
    Configuration,
    Entries,
    Entry,
    read_configuration,
)
from hanfix.origin import Origin

# What is written, by which rule, and why: the rest of an edit besides its place.
_Reason = tuple[str, str, str]

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

# Bytes of UTF-8 up to which phrases are looked up one by one: to make the automaton of 49,000 takes 40 ms, as
# long as to look up this much.
_LITTLE = 50_000
# Different segments of a text up to which they are converted alone: all of them take 20 ms, which is long for
# the first line of a process.
_FEW_SEGMENTS = 200

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
    OWN_FORMS: "convert/variant",
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
        # Its characters are all else there is.
        self._first_cuts = bool(segments) and all(map(first.values.__contains__, segments))
        if self._first_cuts:
            others = first.values.keys() - segments
            self._first_cuts = all(len(key) == 1 for key in others)
        if self._first_cuts:
            # The phrases of the first round are the segments themselves: none is left between them.
            segments = [first.values[key] for key in segments]
            first = replace(first, values={key: first.values[key] for key in sorted(others)})
        self._rounds = [_Dictionary(entries, self.name) for entries in (first, *configuration.rounds[1:])]
        self._segments_in = segments
        self._rounds_of_segments = self._rounds[1:] if self._first_cuts else self._rounds

    @property
    def phrases(self) -> Sequence[str]:
        """The keys by which a text is cut before it is converted, or by which it is converted at first."""
        return self._segmentation.keys or self._rounds[0].keys

    def phrases_in(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of those of ``phrases`` that decide in a text, in order."""
        dictionary = self._segmentation if self._segmentation.keys else self._rounds[0]
        return [(start, end) for start, end, _ in dictionary.found(text) if end - start > 1]

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

    @cached_property
    def _segments_out(self) -> list[str]:
        """What each segment becomes, which does not depend on the text around it."""
        return _each_in_rounds(self._segments_in, self._rounds_of_segments)

    def _segments_become(self, indexes: set[int]) -> Mapping[int, str] | Sequence[str]:
        """Return what segments become, by their numbers: all there are, or only these if they are few."""
        if len(indexes) > _FEW_SEGMENTS or "_segments_out" in vars(self):
            return self._segments_out
        few = sorted(indexes)
        become = _each_in_rounds([self._segments_in[index] for index in few], self._rounds_of_segments)
        return dict(zip(few, become, strict=True))

    def edits(self, text: str) -> list[Edit]:
        """Return what ``convert`` changes, in order, each with the dictionary entry that makes it."""
        edits: list[Edit] = []
        for start, end, converts in _parts(text):
            if converts:
                edits += self._edits(text[start:end], start)
        return edits

    def _convert_piece(self, text: str) -> str:
        data = _encoded(text)
        # The automaton is faster on a long text, and takes its time to be made.
        little = len(data) <= _LITTLE
        if not (COMPATIBILITY.search(text) or _OPERATOR.search(text) if little else _rarities().find(data)):
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
        separator = free_separator(text)
        outside = _encoded(separator).join(between(data, matches))
        segments = self._segments_become({index for _, _, index in matches})
        parts = [""] * (2 * len(matches) + 1)
        parts[::2] = _in_rounds(_decoded(outside), outside, self._rounds).split(separator)
        parts[1::2] = [segments[index] for _, _, index in matches]
        return "".join(parts)

    def _edits(self, text: str, offset: int) -> Iterable[Edit]:
        """Yield the edits of a piece of text that stands at ``offset`` of the whole."""
        if not COMPATIBILITY.search(text):
            return self._edits_of_normalized(text, offset)
        first = self._normalization.character_edits(text, 0, len(text), 0)
        second = self._edits_of_normalized(self._normalization.convert(text, _encoded(text)), 0)
        merged = merge(text, first, second)
        return moved(merged, offset)

    def _edits_of_normalized(self, text: str, offset: int) -> list[Edit]:
        edits: list[Edit] = []
        done = 0
        for start, end, reason in self._exceptions(text):
            edits += self._through.character_edits(text, done, start, offset)
            if reason is not None:
                edits.append(new_edit((start + offset, end + offset, *reason)))
            done = end
        edits += self._through.character_edits(text, done, len(text), offset)
        return edits

    def _exceptions(self, text: str) -> Iterator[tuple[int, int, _Reason | None]]:
        """Yield the parts that become something else than their characters do; ``None`` keeps one."""
        matches = self._segmentation.found(text)
        separator = free_separator(text)
        between_segments = iter(self._exceptions_between(separator.join(between(text, matches))))
        exception = next(between_segments, None)
        known = self._known_segments
        become = self._segments_become({index for _, _, index in matches if index not in known})
        # How far a place between the segments lies behind the same place in the whole text.
        shift = 0
        for start, end, index in matches:
            while exception is not None and exception[1] + shift <= start:
                yield exception[0] + shift, exception[1] + shift, exception[2]
                exception = next(between_segments, None)
            segment = known.get(index)
            if segment is None:
                segment = known[index] = self._segment(index, become[index])
            if segment[0]:
                yield start, end, segment[1]
            shift += end - start - len(separator)
        while exception is not None:
            yield exception[0] + shift, exception[1] + shift, exception[2]
            exception = next(between_segments, None)

    @cached_property
    def _known_segments(self) -> dict[int, tuple[bool, _Reason | None]]:
        return {}

    def _segment(self, index: int, new: str) -> tuple[bool, _Reason | None]:
        """Tell whether a segment becomes something else than its characters do, and why if it changes."""
        segment = self._segmentation.keys[index]
        if new == self._through.convert(segment, _encoded(segment)):
            return False, None
        if new == segment:
            return True, None
        names = [self._segmentation.phrase(index).dictionary] if self._first_cuts else []
        now = self._segments_in[index]
        for each in self._rounds_of_segments:
            names += each.dictionaries(now)
            now = each.convert(now, _encoded(now))
        return True, _reason(Entry(segment, new, _AND.join(dict.fromkeys(names))), self.name)

    def _exceptions_between(self, text: str) -> Iterator[tuple[int, int, _Reason | None]]:
        """Yield the same for what stands between the segments."""
        if not any(each.has_phrases for each in self._rounds):
            return
        if len(self._rounds) == 1:
            (only,) = self._rounds
            for start, end, index in only.found(text, differing=True):
                phrase = only.phrase(index)
                changes = phrase.key != phrase.value
                yield start, end, _reason(phrase, self.name) if changes else None
            return
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
        for patch, dictionaries in zip(origin.patches, names, strict=True):
            old, new = text[patch.source_start : patch.source_end], now[patch.start : patch.end]
            entry = Entry(old, new, _AND.join(dict.fromkeys(dictionaries)))
            yield patch.source_start, patch.source_end, None if old == new else _reason(entry, self.name)


def _in_rounds(text: str, data: bytes, rounds: Sequence[_Dictionary]) -> str:
    for number, each in enumerate(rounds):
        text = each.convert(text, data if number == 0 else _encoded(text))
    return text


def _each_in_rounds(texts: list[str], rounds: Sequence[_Dictionary]) -> list[str]:
    """Return the texts converted, each by itself, in one go."""
    if not (texts and rounds):
        return texts
    separator = free_separator("".join(texts))
    text = separator.join(texts)
    return _in_rounds(text, _encoded(text), rounds).split(separator)


class _Dictionary:
    """One dictionary compiled: replaces its keys in a text, longest first, from left to right."""

    def __init__(self, entries: Entries, configuration: str) -> None:
        self._entries = entries
        self._configuration = configuration
        # There are ten times as many phrases as characters: what can be done for all at once is.
        values = entries.values
        lengths = list(map(len, values))
        single = list(compress(values, map((1).__eq__, lengths)))
        self._characters = {key: values[key] for key in single if len(values[key]) == 1}
        # The phrases, and what they become.
        self.keys = list(compress(values, map((1).__ne__, lengths)))
        self.keys += (key for key in single if key not in self._characters)
        self._values = list(map(values.__getitem__, self.keys))
        # Bytes that were looked at without an automaton.
        self._seen = 0
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
        return automaton(self.keys)

    @cached_property
    def _all(self) -> tuple[DoubleArrayAhoCorasick | None, list[bytes]]:
        """All that may change, phrases and characters, with what they become."""
        characters = [key for key, value in self._characters.items() if key != value]
        values = [*self._values, *map(self._characters.__getitem__, characters)]
        return automaton([*self.keys, *characters]), [value.encode() for value in values]

    @cached_property
    def _keeps_size(self) -> bool:
        """Tell whether every key becomes as many bytes of UTF-8 as it has, so that text keeps its places."""
        return all(len(key.encode()) == len(value.encode()) for key, value in self._entries.values.items())

    def matches(self, data: bytes) -> list[Match]:
        """Return every phrase in a text given as UTF-8, in which no character begins within another."""
        if "_phrases" not in vars(self):
            self._seen += len(data)
            if self._seen <= _LITTLE:
                return self._looked_up(_decoded(data))
        return [] if self._phrases is None else self._phrases.find(data)

    def _looked_up(self, text: str) -> list[Match]:
        """Return the same without an automaton, trying all lengths at every place."""
        matches: list[Match] = []
        numbers, lengths = self._numbers
        place = start = 0
        while place < len(text):
            for length in lengths:
                index = numbers.get(text[place : place + length])
                if index is not None:
                    end = start + len(_encoded(self.keys[index]))
                    matches.append((start, end, index))
                    place, start = place + len(self.keys[index]), end
                    break
            else:
                start += len(_encoded(text[place]))
                place += 1
        return matches

    @cached_property
    def _numbers(self) -> tuple[dict[str, int], list[int]]:
        """The phrases with their numbers, and the lengths there are, the longest first."""
        return dict(zip(self.keys, count())), sorted(set(map(len, self.keys)), reverse=True)

    def found(self, text: str, *, differing: bool = False) -> list[Match]:
        """Return every phrase in a text, or those that the table alone would convert to something else."""
        data = _encoded(text)
        matches = in_characters(self.matches(data), self.keys, data)
        return [match for match in matches if self._differs[match[2]]] if differing else matches

    def convert(self, text: str, data: bytes) -> str:
        """Return a text, also given as UTF-8, with phrases replaced and other characters by the table."""
        if len(self._entries.values) <= _MOST_KEYS_TWICE and self._changes_little(text):
            return self._with_all_spliced(text, data)
        differs = self._differs
        matches = [match for match in self.matches(data) if differs[match[2]]]
        if not matches:
            return text.translate(self._table) if self._characters else text
        separator = free_separator(text)
        outside = _decoded(_encoded(separator).join(between(data, matches)))
        parts = [""] * (2 * len(matches) + 1)
        parts[::2] = outside.translate(self._table).split(separator)
        parts[1::2] = [self._values[index] for _, _, index in matches]
        return "".join(parts)

    def _changes_little(self, text: str) -> bool:
        sample = text[:: max(1, len(text) // _SAMPLE_SIZE)]
        changed = sum(1 for old, new in zip(sample, sample.translate(self._table), strict=True) if old != new)
        return changed <= _FEW * len(sample)

    def _with_all_spliced(self, text: str, data: bytes) -> str:
        changing, values = self._all
        matches = [] if changing is None else changing.find(data)
        if not matches:
            return text
        if self._keeps_size:
            spliced = bytearray(data)
            for start, end, index in matches:
                spliced[start:end] = values[index]
            return spliced.decode("utf-8", "surrogatepass")
        parts = [b""] * (2 * len(matches) + 1)
        parts[::2] = between(data, matches)
        parts[1::2] = [values[index] for _, _, index in matches]
        return _decoded(b"".join(parts))

    def dictionaries(self, text: str) -> list[str]:
        """Return the names of the dictionaries that change something in a text."""
        differing = self.found(text, differing=True)
        phrases = [self._entries.dictionary(self.keys[index]) for _, _, index in differing]
        return phrases or [self._entries.dictionary(char) for char in text if self._is_changed(char)]

    def character_edits(self, text: str, start: int, end: int, offset: int) -> list[Edit]:
        """Return what the table changes from ``start`` to ``end`` of a text at ``offset`` of the whole."""
        reasons = self._reasons
        return [
            new_edit((match.start() + offset, match.end() + offset, *reason))
            for match in self._changed.finditer(text, start, end)
            if (reason := reasons[match.group()])
        ]

    @cached_property
    def _reasons(self) -> _Reasons:
        return _Reasons(self._why)

    def _why(self, char: str) -> _Reason | None:
        """Return what a character becomes, by which rule, and why; ``None`` if it stays."""
        if not self._is_changed(char):
            return None
        return _reason(self._entry(char, self._characters[char]), self._configuration)

    @cached_property
    def _changed(self) -> re.Pattern[str]:
        """Any character that the table changes, and any outside the BMP: they would be tried one by one."""
        changed = (key for key, value in self._characters.items() if key != value and key <= "\uffff")
        return re.compile(f"[{''.join(sorted(changed))}\U00010000-\U0010ffff]")

    def _is_changed(self, char: str) -> bool:
        return self._characters.get(char, char) != char

    @property
    def has_phrases(self) -> bool:
        """Tell whether it knows phrases that the table alone would convert to something else."""
        return any(self._differs)


class _Reasons(dict[str, _Reason | None]):
    """Why each character is changed, found out when it is met for the first time."""

    def __init__(self, why: Callable[[str], _Reason | None]) -> None:
        super().__init__()
        self._why = why

    def __missing__(self, char: str) -> _Reason | None:
        self[char] = self._why(char)
        return self[char]


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


def _reason(entry: Entry, configuration: str) -> _Reason:
    """Return what an entry writes, by which rule, and why, in words."""
    of_script = "convert/character" if len(entry.key) == 1 else "convert/phrase"
    rules = {_RULES.get(name, of_script) for name in entry.dictionary.split(_AND)}
    rule = next(rule for rule in ("convert/vocabulary", of_script, "convert/variant") if rule in rules)
    return entry.value, rule, f"{configuration}, {entry.dictionary}: {entry.key} → {entry.value}"


def _edit(entry: Entry, start: int, configuration: str) -> Edit:
    return Edit(start, start + len(entry.key), *_reason(entry, configuration))


_Text = TypeVar("_Text", str, bytes)


def found(finder: DoubleArrayAhoCorasick, keys: Sequence[str], text: str) -> list[Match]:
    """Return every match of an automaton made of these keys, in characters."""
    data = _encoded(text)
    return in_characters(finder.find(data), keys, data)


def in_characters(matches: Iterable[Match], keys: Sequence[str], data: bytes) -> list[Match]:
    """Return matches of these keys in UTF-8 with their places in the text that it stands for."""
    result: list[Match] = []
    done = place = 0
    for start, end, index in matches:
        place += len(_decoded(data[done:start]))
        length = len(keys[index])
        result.append((place, place + length, index))
        place += length
        done = end
    return result


def between(text: _Text, matches: Sequence[Match]) -> list[_Text]:
    """Return what stands before, between and after the matches: one more than there are matches."""
    starts = (*(start for start, _, _ in matches), len(text))
    ends = (0, *(end for _, end, _ in matches))
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


@cache
def _rarities() -> DoubleArrayAhoCorasick:
    """Return what finds compatibility ideographs and the operators of descriptions: seldom is there one."""
    candidates = map(chr, (*range(0x2FF0, 0x3000), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)))
    rare = automaton([char for char in candidates if COMPATIBILITY.match(char) or _OPERATOR.match(char)])
    assert rare is not None, "there are some"
    return rare


def automaton(keys: Sequence[str]) -> DoubleArrayAhoCorasick | None:
    """Return what finds these keys, the longest first; ``None`` when there are none."""
    # The automaton over bytes is several times as fast as the one over characters.
    encoded = "\n".join(keys).encode().split(b"\n")
    return DoubleArrayAhoCorasick(encoded, MATCH_KIND_LEFTMOST_LONGEST) if keys else None


def _encoded(text: str) -> bytes:
    # Half a surrogate pair, as some decoders leave them, goes through as it is.
    return text.encode("utf-8", "surrogatepass")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def free_separator(text: str) -> str:
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
