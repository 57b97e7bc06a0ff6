"""Chains: separators near one another, with the Chinese characters around them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import sub
from typing import NamedTuple

from hanfix.filters.rejoin.marks import EMOJI_STYLE, HAN, HAN_CLASS, MOST_DOUBLED, Marks, kind_of, marks_of
from hanfix.lexicon import LONGEST_WORD
from hanfix.script import simplify

_SEPARATOR_IN_CHAIN = re.compile(f"[^{HAN}]+")
_HAN_AT_END = re.compile(rf"{HAN_CLASS}{{1,{LONGEST_WORD}}}\Z")
_HAN_AT_START = re.compile(rf"{HAN_CLASS}{{1,{LONGEST_WORD}}}")
# Single characters in a row: longer ones are lines spaced out on purpose, not words.
_LONGEST_ROW = 16
# Gaps looked at together; bounds the work on a line that is split from end to end.
_LONGEST_CHAIN = 32
# No word reaches from one mark to the next over more: the mark itself, as often as it may stand (a sign for
# its style is shorter), and the characters.
_FARTHEST = LONGEST_WORD + MOST_DOUBLED


class _Gap(NamedTuple):
    """A separator between two Chinese characters of a chain."""

    start: int  # in the chain's source
    end: int
    marks: Marks
    kind: str  # what must be the same in all gaps of a word


class Word(NamedTuple):
    """A word of a chain that has gaps inside."""

    start: int
    end: int
    first: int  # its first gap
    last: int  # its last gap, inclusive


class Chain(NamedTuple):
    """Gaps near one another, and the characters around them with the separators left out.

    A chain knows nothing of where it stands: equal ones are studied once in a document.
    """

    gaps: tuple[_Gap, ...]
    text: str
    simple: str
    cuts: tuple[int, ...]  # where in the text the gaps are

    def word(self, word: Word) -> str:
        """Return the word in simplified script."""
        return self.simple[word.start : word.end]


def _end(text: str, place: int) -> int:
    """Return where a gap ends that begins with a mark; Chinese follows it."""
    end = place + 1
    if text[end] == EMOJI_STYLE:
        return end + 1
    while text[end] == text[place]:
        end += 1
    return end


def is_doubled(text: str, place: int) -> bool:
    """Tell whether the mark at a place stands there twice or three times."""
    return text[place + 1] == text[place]


def without_long_rows(text: str, places: Sequence[int]) -> Sequence[int]:
    """Return the places but those of long rows with one character between: such a line is spaced out."""
    # No two places are nearer than two characters: those so far on belong to a row without a break.
    widths = map(sub, islice(places, _LONGEST_ROW, None), places)
    long = [index for index, width in enumerate(widths) if width == 2 * _LONGEST_ROW]
    if not long:
        return places
    left = array("Q")
    done = 0
    for _, group in groupby(enumerate(long), lambda each: each[1] - each[0]):
        indices = [index for _, index in group]
        row = places[indices[0] : indices[-1] + _LONGEST_ROW + 1]
        left.extend(places[done : indices[0]])
        marks = text[row[0] : row[-1] + 1 : 2]
        kinds = {mark: kind_of(mark) for mark in set(marks)}
        start = 0
        for _, alike in groupby(map(kinds.__getitem__, marks)):
            end = start + len(tuple(alike))
            if end - start <= _LONGEST_ROW:
                left.extend(row[start:end])
            start = end
        done = indices[-1] + _LONGEST_ROW + 1
    left.extend(places[done:])
    return left


def _near(text: str, place: int, later: int) -> bool:
    """Tell whether a word, or two neighbouring words, could reach across a place and one close by."""
    if later - place < 4:
        return True  # what follows the one and what comes before the other is Chinese, and there is no more
    run = _HAN_AT_START.match(text, _end(text, place))
    return run is not None and run.end() == later


def clusters(text: str, places: Sequence[int], wanted: Iterable[int]) -> Iterator[Sequence[int]]:
    """Yield the groups of places near one another in which one is wanted, given by its index."""
    done = 0
    for index in wanted:
        if index < done:
            continue
        start, end = index, index + 1
        while (
            start > done
            and places[start] - places[start - 1] <= _FARTHEST
            and _near(text, places[start - 1], places[start])
        ):
            start -= 1
        # Long ones are cut, as seen from where they begin.
        start += (index - start) // _LONGEST_CHAIN * _LONGEST_CHAIN
        last = min(start + _LONGEST_CHAIN, len(places))
        while (
            end < last
            and places[end] - places[end - 1] <= _FARTHEST
            and _near(text, places[end - 1], places[end])
        ):
            end += 1
        done = end
        yield places[start:end]


def source_of(text: str, first: int, last: int) -> tuple[int, int]:
    """Return the span of the chain whose gaps lie from the place ``first`` to the place ``last``."""
    before = _HAN_AT_END.search(text, max(0, first - LONGEST_WORD), first)
    after = _HAN_AT_START.match(text, _end(text, last))
    assert before and after, "a gap stands between Chinese characters"
    return before.start(), after.end()


def chain_of(source: str) -> Chain:
    """Return the chain that a piece of text is, which begins and ends with Chinese characters."""
    gaps: list[_Gap] = []
    cuts: list[int] = []
    closed = 0
    for match in _SEPARATOR_IN_CHAIN.finditer(source):
        start, end = match.span()
        mark = source[start]
        times = end - start if is_doubled(source, start) else 1
        gaps.append(_Gap(start, end, marks_of(mark), kind_of(mark) * times))
        cuts.append(start - closed)
        closed += end - start
    joined = _SEPARATOR_IN_CHAIN.sub("", source)
    return Chain(tuple(gaps), joined, simplify(joined), tuple(cuts))


def is_row(word: Word) -> bool:
    """Tell whether a word is split between all its characters."""
    return word.last - word.first + 2 == word.end - word.start


def span_of(at: int, chain: Chain, word: Word) -> tuple[int, int]:
    """Return where a word with gaps stands in the document, in which the chain begins ``at`` some place."""
    first, last = chain.gaps[word.first], chain.gaps[word.last]
    start = first.start - (chain.cuts[word.first] - word.start)
    return at + start, at + last.end + (word.end - chain.cuts[word.last])


def row_around(chain: Chain, word: Word) -> tuple[int, int] | None:
    """Return the first and last gap of the row of single characters that a word's gaps belong to, if any."""
    first, last = word.first, word.last
    while first > 0 and _in_one_row(chain, first - 1):
        first -= 1
    while last + 1 < len(chain.gaps) and _in_one_row(chain, last):
        last += 1
    return (first, last) if (first, last) != (word.first, word.last) else None


def _in_one_row(chain: Chain, index: int) -> bool:
    """Tell whether a gap and the next are of a kind with a single character between them."""
    return (
        chain.cuts[index + 1] - chain.cuts[index] == 1
        and chain.gaps[index].kind == chain.gaps[index + 1].kind
    )
