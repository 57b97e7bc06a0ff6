"""Which parts of a text are to be converted, judged by the characters that only one script has.

A paragraph is judged by its lines, and a line that has characters of both scripts by its clauses. What holds
no such character is taken to be like what it stands in: the quotation or what stands around it, the line, the
paragraph. Japanese and Korean are left out, known by kana, by characters that only Japan writes, by hangul.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import NamedTuple

from hanfix.script import (
    common_in_taiwan,
    encodes,
    plain_traditional_marks,
    preferred,
    read_dictionary,
    simplified_marks,
    traditional_marks,
)

# Without the middle dot and the long-vowel sign, which Chinese text has too.
_KANA_RANGES = r"\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff6f\uff71-\uff9d"
_HANGUL_RANGES = r"\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"

# Chinese writes these all the time; Japanese and Korean do not, though their character sets hold some.
_CHINESE_WORDS = "你妳您她們们這这那哪嗎吗麼么沒很吧呢啊"

_LINE_END = r"(?:\r\n|\r(?!\n)|\n)"
_OPENING, _CLOSING = "“‘「『《", "”’」』》"


class Ground(NamedTuple):
    """A part of a text to convert: all of it, or only what holds a character of the source script."""

    start: int
    end: int
    whole: bool


class Stretch(NamedTuple):
    """Lines to convert: ``grounds`` are the parts of them to convert, ``None`` stands for all there is.

    The places of grounds are counted from the start of the stretch.
    """

    start: int
    end: int
    grounds: tuple[Ground, ...] | None = None


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield start and end of every paragraph, with the blank lines behind it.

    >>> list(paragraphs("甲\n乙\n\n丙"))
    [(0, 5), (5, 6)]
    """
    start = 0
    for ending in _paragraph_end().finditer(text):
        yield start, ending.end()
        start = ending.end()
    if start < len(text):
        yield start, len(text)


def marked(text: str, *, simplified: bool) -> bool:
    """Tell whether a text holds a character that only simplified (or only traditional) script has."""
    return _marks(simplified=simplified).search(text) is not None


def out_of_place(text: str, *, simplified: bool) -> bool:
    """Tell whether a text holds a character that the other script than the one named would never keep."""
    return (_marks(simplified=True) if simplified else _plain_traditional()).search(text) is not None


def stretches(text: str, converted: str, *, to_simplified: bool) -> Iterator[Stretch]:
    """Yield the lines of ``text`` that are to be converted to the other script, in order.

    ``converted`` is all of it converted, character for character: a character that conversion leaves as it is
    (於 in 樊於期) is no sign that there is anything to convert.
    """
    # Work is done per stretch: those that lie side by side are one.
    start = end = 0
    grounds: list[Ground] | None = None
    for stretch in _stretches(_Evidence(text, converted, to_simplified)):
        if stretch.start != end or (grounds is None) != (stretch.grounds is None):
            if start < end:
                yield Stretch(start, end, None if grounds is None else tuple(grounds))
            start, grounds = stretch.start, None if stretch.grounds is None else []
        if grounds is not None and stretch.grounds is not None:
            offset = stretch.start - start
            grounds += (Ground(one + offset, other + offset, whole) for one, other, whole in stretch.grounds)
        end = stretch.end
    if start < end:
        yield Stretch(start, end, None if grounds is None else tuple(grounds))


def _stretches(evidence: _Evidence) -> Iterator[Stretch]:
    text = evidence.text
    pure = not evidence.against(0, len(text)) and not _foreign_marks().search(text)
    for start, end in paragraphs(text):
        if not evidence.more_than(0, [(start, end)]):
            continue
        if pure or not (evidence.against(start, end) or _foreign_marks().search(text, start, end)):
            yield Stretch(start, end)
        else:
            yield from _mixed(evidence, start, end)


@dataclass(frozen=True)
class _Evidence:
    """The characters of a text that only one script has."""

    text: str
    converted: str
    to_simplified: bool

    def places(self, start: int, end: int) -> Iterator[int]:
        """Yield where a character of the source script stands that conversion changes."""
        text, converted = self.text, self.converted
        for mark in _marks(simplified=not self.to_simplified).finditer(text, start, end):
            place = mark.start()
            if converted[place] != text[place] and not _names_japanese(text, place):
                yield place

    def against(self, start: int, end: int) -> bool:
        """Tell whether a character of the target script stands there."""
        return _marks(simplified=self.to_simplified).search(self.text, start, end) is not None

    def counted(self, start: int, end: int) -> _Counted:
        """Return what tells how many characters of either script stand where in a part of the text."""
        part = self.text[start:end].translate(_flags(to_simplified=self.to_simplified))
        # What conversion leaves is as much a mark of the source script in the converted text.
        left = _marks(simplified=not self.to_simplified).finditer(self.converted, start, end)
        places = {mark.start() for mark in left if self.text[mark.start()] == mark.group()}
        places.update(name.end() - 1 for name in _japanese().finditer(self.text, start, end))
        exceptions = (place for place in sorted(places) if part[place - start] == _OWN)
        return _Counted(part, start, array("q", exceptions))

    def more_than(self, number: int, lines: Iterable[tuple[int, int]]) -> bool:
        """Tell whether more than a number of characters of the source script stand in some lines."""
        places = (place for line in lines for place in self.places(*line))
        return next(islice(places, number, None), None) is not None


# What stands for the characters that only the source script, and only the target script, has.
_OWN, _OTHER = "+-"


class _Counted(NamedTuple):
    """The characters of a part of the text that only one script has.

    Counting in a text that holds nothing else is many times faster than finding each of them.
    """

    flags: str
    start: int  # of the part
    exceptions: array[int]  # places of characters that only the source script has, and that stay

    def counts(self, start: int, end: int) -> tuple[int, int]:
        """Return how many of either script stand between two places."""
        first, last = start - self.start, end - self.start
        stay = bisect_left(self.exceptions, end) - bisect_left(self.exceptions, start)
        return self.flags.count(_OWN, first, last) - stay, self.flags.count(_OTHER, first, last)


def of_hong_kong(text: str) -> bool:
    """Tell whether a text has more characters that only Hong Kong writes than such that only Taiwan does.

    >>> of_hong_kong("這裏的綫"), of_hong_kong("這裡的線"), of_hong_kong("這個")
    (True, False, False)
    """
    return len(_hong_kong_marks().findall(text)) > len(_taiwan_marks().findall(text))


def of_taiwan(text: str) -> bool:
    """Tell whether a text has more characters that only Taiwan writes than such that only Hong Kong does.

    >>> of_taiwan("這裡的線"), of_taiwan("這裏的綫"), of_taiwan("這個")
    (True, False, False)
    """
    return len(_taiwan_marks().findall(text)) > len(_hong_kong_marks().findall(text))


def chinese(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of what is neither Japanese nor Korean, in order, as few parts as can be."""
    start = end = 0
    for part in _chinese(text):
        if part[0] != end:
            if start < end:
                yield start, end
            start = part[0]
        end = part[1]
    if start < end:
        yield start, end


def _chinese(text: str) -> Iterator[tuple[int, int]]:
    if not _foreign_marks().search(text):
        yield 0, len(text)
        return
    for start, end in paragraphs(text):
        if not _foreign_marks().search(text, start, end):
            yield start, end
            continue
        lines = list(_lines(text, start, end))
        for (line_start, line_end), foreign in zip(lines, _foreign(text, lines), strict=True):
            if not foreign:
                yield from _chinese_parts(text, line_start, line_end)


def _mixed(evidence: _Evidence, start: int, end: int) -> Iterator[Stretch]:
    """Yield what to convert of a paragraph that holds both scripts, or kana or hangul."""
    text = evidence.text
    every = list(_lines(text, start, end))
    lines = [line for line, foreign in zip(every, _foreign(text, every), strict=True) if not foreign]
    counted = evidence.counted(start, end)
    in_parts = [counted.counts(*part) for line in lines for part in _chinese_parts(text, *line)]
    paragraph_is_source = sum(own for own, _ in in_parts) > sum(other for _, other in in_parts)
    for line in lines:
        own, other = counted.counts(*line)
        if not own and not paragraph_is_source:
            continue  # nothing in it is of the source script, nor would anything be taken to be
        if not other and not _foreign_marks().search(text, *line):
            if paragraph_is_source or own:
                yield Stretch(*line)
            continue
        grounds = tuple(_grounds(text, counted, *line, paragraph_is_source=paragraph_is_source))
        if grounds:
            yield Stretch(*line, grounds)


def _grounds(
    text: str, counted: _Counted, start: int, end: int, *, paragraph_is_source: bool
) -> Iterator[Ground]:
    """Yield the clauses to convert of a line that holds both scripts, or kana or hangul."""
    clauses = [
        (span, quoted, counted.counts(*span))
        for span, quoted in _clauses(text, start, end)
        if not _foreign_clause(text, *span)
    ]
    # A quotation speaks with another voice than what stands around it.
    lead = [0, 0]
    for _, quoted, (own, other) in clauses:
        lead[quoted] += own - other
    line_is_source = sum(lead) > 0 or (sum(lead) == 0 and paragraph_is_source)
    for span, quoted, (own, other) in clauses:
        voice_is_source = lead[quoted] > 0 or (lead[quoted] == 0 and line_is_source)
        whole = own > other or (own == other and voice_is_source)
        if own or whole:
            yield Ground(span[0] - start, span[1] - start, whole)


def _chinese_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of what is Chinese in a line that is."""
    if not _foreign_marks().search(text, start, end):
        yield start, end
        return
    for span, _ in _clauses(text, start, end):
        if not _foreign_clause(text, *span):
            yield span


def _foreign_clause(text: str, start: int, end: int) -> bool:
    """Tell whether a clause of a Chinese line is not Chinese.

    A character of Japan alone may be a slip (檢査); kana and hangul are none.
    """
    if not _foreign_marks().search(text, start, end):
        return False
    return bool(_kana_or_hangul().search(text, start, end)) or not _proof_of_chinese(text, start, end)


def _proof_of_chinese(text: str, start: int, end: int) -> bool:
    """Tell whether there is a character that neither Japanese nor, beside hangul, Korean writes."""
    proof = _not_korean() if _hangul().search(text, start, end) else _not_japanese()
    return proof.search(text, start, end) is not None


def _names_japanese(text: str, place: int) -> bool:
    """Tell whether a character ends 日本語 standing alone, as lists of languages call Japanese everywhere."""
    return text[place] == "語" and _japanese().match(text, max(0, place - 3)) is not None


def _foreign(text: str, lines: list[tuple[int, int]]) -> list[bool]:
    """Tell of each line whether it is Japanese or Korean.

    A line with kana or hangul is, unless it holds a character that only Chinese has (Korean has those of
    traditional script too). So is one in which characters of both scripts stand together as they do in
    Japanese (東京都千代田区). A line of other characters is like the nearest line before it that could be
    told, or like the first that can be.
    """
    any_foreign = _foreign_marks().search(text, lines[0][0], lines[-1][1]) is not None
    told: list[bool | None] = []
    for start, end in lines:
        if _proof_of_chinese(text, start, end):
            told.append(False)
        elif _foreign_marks().search(text, start, end) or all(
            _marks(simplified=script).search(text, start, end) for script in (True, False)
        ):
            told.append(True)
        else:
            told.append(None if any_foreign else False)
    latest = next((out for out in told if out is not None), False)
    result: list[bool] = []
    for out in told:
        latest = latest if out is None else out
        result.append(latest)
    return result


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield start and end of every clause of a line, and whether it stands inside quotation marks."""
    depth = 0
    for part in _clause_or_quote().finditer(text, start, end):
        char = part.group()
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        else:
            yield part.span(), depth > 0


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in _line().finditer(text, start, end):
        if line.group():
            yield line.span()


# Compiled on first use: most processes convert no mixed text, and many none at all.


@cache
def _hangul() -> re.Pattern[str]:
    return re.compile(f"[{_HANGUL_RANGES}]")


@cache
def _kana_or_hangul() -> re.Pattern[str]:
    return re.compile(f"[{_KANA_RANGES}{_HANGUL_RANGES}]")


@cache
def _paragraph_end() -> re.Pattern[str]:
    return re.compile(rf"{_LINE_END}(?:[ \t\u3000]*{_LINE_END})+")


@cache
def _line() -> re.Pattern[str]:
    return re.compile(rf"[^\r\n]*(?:{_LINE_END}|\Z)")


@cache
def _japanese() -> re.Pattern[str]:
    return re.compile(r"(?:\A|[^\u3400-\u9fff])日本語(?![\u3400-\u9fff])")


@cache
def _clause_or_quote() -> re.Pattern[str]:
    return re.compile(
        rf"[{_OPENING}{_CLOSING}]|[^\s,.;:!?()\[\]{{}}<>\"'/|，。、；：！？（）【】〈〉…—～{_OPENING}{_CLOSING}]+"
    )


@cache
def _taiwan_marks() -> re.Pattern[str]:
    # 著 for the particle is told by the words around it, which takes longer than this is worth.
    return re.compile("[裡麵]")


@cache
def _marks(*, simplified: bool) -> re.Pattern[str]:
    return _one_of(simplified_marks() if simplified else traditional_marks())


@cache
def _hong_kong_marks() -> re.Pattern[str]:
    return _one_of({char for char in preferred("HKVariantsRev") if not common_in_taiwan(char)} | set("裏着"))


@cache
def _plain_traditional() -> re.Pattern[str]:
    return _one_of(plain_traditional_marks())


@cache
def _not_korean() -> re.Pattern[str]:
    return _one_of(simplified_marks() | set(_CHINESE_WORDS))


@cache
def _not_japanese() -> re.Pattern[str]:
    new_forms = read_dictionary("JPShinjitaiCharacters").keys()
    old_forms = {
        key for key, values in read_dictionary("JPShinjitaiCharactersRev").items() if key not in values
    }
    japanese = {char for char in traditional_marks() - old_forms if encodes(char, "shift_jis")}
    return _one_of((simplified_marks() - new_forms) | (traditional_marks() - japanese) | set(_CHINESE_WORDS))


@cache
def _foreign_marks() -> re.Pattern[str]:
    # Hong Kong writes some of the new forms too (説, 脱, 鋭).
    new_forms = read_dictionary("JPShinjitaiCharacters").keys() - preferred("HKVariantsRev").keys()
    only_japanese = {char for char in new_forms if not encodes(char, "gb2312") and not encodes(char, "big5")}
    return _one_of(only_japanese, _KANA_RANGES + _HANGUL_RANGES)


@cache
def _flags(*, to_simplified: bool) -> list[str]:
    """Return a table that leaves of a text the marks of either script, and a space for all else."""
    own, other = traditional_marks(), simplified_marks()
    if not to_simplified:
        own, other = other, own
    flags = [" "] * (max(map(ord, own | other)) + 1)
    for char in own:
        flags[ord(char)] = _OWN
    for char in other:
        flags[ord(char)] = _OTHER
    return flags


def _one_of(characters: Iterable[str], ranges: str = "") -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(characters))}{ranges}]")
