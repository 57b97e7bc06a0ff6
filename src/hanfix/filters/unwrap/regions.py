"""At which width each part of a document was wrapped, if at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from hanfix.filters.classes import HAN
from hanfix.filters.unwrap.layout import CLOSERS, NARROWEST, WIDEST, End, Line, likeness, may_go_on
from hanfix.lexicon import pair_gain

# Columns by which a line may be wider than the width: a mark that hangs over the edge, or a wide character
# that began within it.
_HANG_OF_MARKS, _HANG = 4, 1
# Columns by which a line may be narrower than it need be: programs differ in what they keep together.
_SLACK = 2
# A document wrapped at more widths than this is a collection, and its commonest ones are found.
_MOST_WIDTHS = 8

# How much more a line is like wrapped text than like lines that end where their author wanted (nats).
#
# A full line that breaks off inside a sentence is common in wrapped text and, at just that width, rare
# elsewhere; titles and list items of one length are what it can be mistaken for, but across two of these the
# characters go together by chance only: the gain of the pair (see `lexicon.pair_gain`) is added.
_FULL_INSIDE = 1.4
_FULL_BESIDE_OTHERS = 0.2  # letters, digits or marks on one side: nothing to tell whether they go together
_FULL_COLON = 0.6
_FULL_OTHER = 0.2
_FULL_ALIKE = -1.2  # both begin or end alike, as items of a list do
_LEAST_GAIN, _MOST_GAIN = -1.5, 3.5
_SHORT_INSIDE = -1.2
_SHORT_BEFORE_BLANK = -0.3
_SHORT_END = -0.05
# A short line that ends a sentence, right after a full one that broke off inside it: a paragraph's shape.
_LAST_OF_PARAGRAPH = 1.0
_TOO_WIDE = -8.0
# What it takes to believe that wrapping begins: three full lines or so; more at widths that verse and lists
# have, too, less where the document has many lines of that width, and most where hardly any of its lines have
# it, since then some of its lists will by chance.
_BEGIN, _BEGIN_NARROW, _BEGIN_RARE = 4.0, 7.0, 11.0
_BEGIN_COMMON, _BEGIN_MOST = 3.0, 1.5
_NARROW = 36  # columns
_COMMON, _RARE = 0.2, 0.05  # share of the lines that can be broken ones
_MANY = 12  # lines: fewer are no share
_MOST = 0.5  # share of the lines of stretches that look wrapped


_IS_HAN = re.compile(f"[{HAN}]")


class Region(NamedTuple):
    """Lines ``first`` to ``last`` (included) of a stretch, wrapped at ``width`` columns."""

    first: int
    last: int
    width: int


def is_full(upper: Line, lower: Line, width: int, slack: int) -> bool:
    """Tell whether the beginning of the lower line had no room in the upper one."""
    room = width - upper.right
    if room < 0:
        return -room <= hang(upper)
    return room < lower.unit + slack


def breaks_off(line: Line, lower: Line, width: int) -> bool:
    """Tell whether a line breaks off inside a sentence, short, and another follows like it.

    Nothing that was wrapped has such a line; a name between a title and a text is one.
    """
    return line.end is End.INSIDE and width >= _short_from(line, lower)


def _short_from(line: Line, lower: Line) -> int:
    """Return the width from which on a line is short for no reason, if its text goes on in the lower one."""
    if (
        lower.blanks
        or lower.never
        or lower.begins_item
        or lower.heading
        or not alike(lower.indent, line.indent)
    ):
        return _NO_WIDTH
    return max(2 * line.right - line.indent + 1, line.right + lower.unit)


_NO_WIDTH = 10**9  # columns: wider than any


def alike(indent: int, other: int) -> bool:
    """Tell whether two indents are of one kind."""
    return abs(indent - other) <= _SAME_INDENT


# Columns by which indents of one kind differ: a half-width space more or less.
_SAME_INDENT = 1


def hang(line: Line) -> int:
    """Return by how many columns a line may be wider than it was to be."""
    return _HANG_OF_MARKS if line.last in CLOSERS else _HANG


def gain(upper: Line, lower: Line) -> float:
    """Return how much more two lines are like parts of one than like any others, by what is at the break."""
    if likeness(upper, lower):
        return _FULL_ALIKE
    if upper.end is End.COLON:
        return _FULL_COLON
    if upper.end is not End.INSIDE:
        return _FULL_OTHER
    if not (_IS_HAN.match(upper.last) and _IS_HAN.match(lower.first)):
        return _FULL_BESIDE_OTHERS
    return _FULL_INSIDE + max(_LEAST_GAIN, min(_MOST_GAIN, pair_gain(upper.last, lower.first)))


class Width(NamedTuple):
    """A width at which a document may have been wrapped.

    Lines are up to ``slack`` columns shorter than they need be; ``begin`` is what it takes to believe that
    a part of the document has this width (nats).
    """

    columns: int
    slack: int
    begin: float


def widths_of(stretches: Sequence[Sequence[Line]], total: int) -> list[Width]:
    """Return the widths at which a document may have been wrapped, those that most lines show first.

    ``total`` is the number of lines that are short enough, in these stretches and elsewhere.
    """
    edges: Counter[int] = Counter()
    for lines in stretches:
        for upper, lower in pairwise(lines):
            if (
                upper.end is End.INSIDE
                and NARROWEST <= upper.right <= WIDEST
                and lower.right <= upper.right + lower.unit + _HANG_OF_MARKS
                and may_go_on(upper, lower)
            ):
                edges[upper.right] += 1
    found: list[Width] = []
    while edges and len(found) < _MOST_WIDTHS:
        width = max(edges, key=lambda each: (_around(edges, each), each))
        count = _around(edges, width)
        # Justified print has several widths side by side, none much rarer than the next.
        lowest, highest = width - _ODD, width
        while highest < width + _MOST_SLACK and _around(edges, highest + 2) > count * _NOT_RARE:
            highest += 1
        while lowest > width - _MOST_SLACK and _around(edges, lowest - 1) > count * _NOT_RARE:
            lowest -= 1
        found.append(Width(highest, max(_SLACK, highest - lowest - _ODD), _begin(highest, count, total)))
        for each in [each for each in edges if lowest - _MOST_SLACK <= each <= highest + _HANG_OF_MARKS]:
            del edges[each]
    return found


# A wide character that does not fit leaves a column free, at an odd width and after letters.
_ODD = 1
_MOST_SLACK = 6  # columns
_NOT_RARE = 0.3  # share of the lines at the commonest width


def _begin(columns: int, count: int, total: int) -> float:
    if count >= total * _COMMON and count >= _MANY:
        return _BEGIN_COMMON
    if count < total * _RARE and total >= _MANY:
        return _BEGIN_RARE
    return _BEGIN_NARROW if columns < _NARROW else _BEGIN


def _around(edges: Counter[int], width: int) -> int:
    return edges[width] + edges[width - _ODD]


def regions_of(stretches: Sequence[Sequence[Line]], widths: Sequence[Width]) -> list[list[Region]]:
    """Return the parts of each stretch that were wrapped, each with its width."""
    scores = [_Scores(lines) for lines in stretches]
    found = [_divided(each, widths) for each in scores]
    total = sum(map(len, stretches))
    wrapped: Counter[int] = Counter()
    for region in (region for regions in found for region in regions):
        wrapped[region.width] += region.last - region.first + 1
    most = {width for width, count in wrapped.items() if count >= total * _MOST}
    if not most:
        return found
    # What most of the document is, the rest is more probably than not.
    widths = [
        each._replace(begin=min(each.begin, _BEGIN_MOST)) if each.columns in most else each for each in widths
    ]
    return [
        _bridged(lines, _divided(each, widths), most) for lines, each in zip(stretches, scores, strict=True)
    ]


def _bridged(lines: Sequence[Line], regions: Sequence[Region], most: Collection[int]) -> list[Region]:
    """Return the regions with the few lines between two of a document's main width added to them."""
    path = [0] * len(lines)
    for region in regions:
        path[region.first : region.last + 1] = [region.width] * (region.last + 1 - region.first)
    for one, other in pairwise([Region(-1, -1, 0), *regions, Region(len(lines), len(lines), 0)]):
        width = one.width or other.width
        gap = range(one.last + 1, other.first)
        if (
            width in most
            and other.width in (0, width)
            and len(gap) <= _LONGEST_GAP
            and all(lines[number].right <= width + hang(lines[number]) for number in gap)
        ):
            path[gap.start : gap.stop] = [width] * len(gap)
    return _grouped(path)


_LONGEST_GAP = 12  # lines


class _Scores:
    """How much more each line of a stretch is like one of a wrapped text than like any other, at any width.

    What does not depend on the width is found out once: a line is full at the widths from ``narrowest`` to
    below ``full_below`` (and the slack) and then scores ``pair``, ``rest`` otherwise; with it the line after
    breaks off short at widths from ``short_from`` on.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        count = len(lines)
        self.narrowest = [line.right - hang(line) for line in lines]
        self.full_below = [0] * count
        self.pair = [0.0] * count
        self.rest = [0.0] * count
        self.short_from = [_NO_WIDTH] * count
        self.never = [line.never for line in lines]
        self.goes_on_inside = [False] * count
        self.ends_paragraph = [line.end.may_end_paragraph for line in lines]
        for number, (line, lower) in enumerate(pairwise(lines)):
            if line.never:
                continue
            goes_on = may_go_on(line, lower)
            if goes_on:
                self.full_below[number] = line.right + lower.unit
                self.pair[number] = gain(line, lower)
                self.goes_on_inside[number] = line.end is End.INSIDE
                if number + 2 < count and lower.end is End.INSIDE:
                    self.short_from[number] = _short_from(lower, lines[number + 2])
            if self.ends_paragraph[number]:
                self.rest[number] = _SHORT_END
            elif lower.blanks:
                self.rest[number] = _SHORT_BEFORE_BLANK
            elif goes_on or likeness(line, lower):
                self.rest[number] = _SHORT_INSIDE
        if lines and not lines[-1].never:
            self.rest[-1] = _SHORT_END if self.ends_paragraph[-1] else _SHORT_BEFORE_BLANK

    def at(self, number: int, width: Width) -> float:
        """Return the score of a line at one width (nats)."""
        columns = width.columns
        if columns < self.narrowest[number]:
            return _TOO_WIDE
        if columns < self.full_below[number] + width.slack and self.full_below[number]:
            return 0.0 if columns >= self.short_from[number] else self.pair[number]
        before = number - 1
        if (
            self.ends_paragraph[number]
            and number
            and self.goes_on_inside[before]
            and self.narrowest[before] <= columns < self.full_below[before] + width.slack
            and not self.never[number]
        ):
            return _LAST_OF_PARAGRAPH
        return self.rest[number]


# Regions that come before, the last of them first.
_Chain = tuple["_Chain", Region] | None


def _divided(scores: _Scores, widths: Sequence[Width]) -> list[Region]:
    """Return the most probable division of a stretch into wrapped parts and others."""
    count = len(scores.rest)
    ordered = sorted(widths)
    columns = [width.columns for width in ordered]
    most_slack = max((width.slack for width in ordered), default=0)
    outside, chain = 0.0, None
    # The widths that the lines may have here: what they score, since which line, after which regions.
    inside: dict[Width, tuple[float, int, _Chain]] = {}
    for number in range(count):
        came, came_from = outside, chain
        for width, (score, first, before) in inside.items():
            if score > came:
                came, came_from = score, (before, Region(first, number - 1, width.columns))
        now: dict[Width, tuple[float, int, _Chain]] = {}
        for width, (score, first, before) in inside.items():
            here = scores.at(number, width)
            entered = came - width.begin
            # What is no better than to begin anew is begun anew where a line speaks for it.
            if score > entered:
                now[width] = score + here, first, before
        # Leaving a width is free: what it costs was paid when it began.
        if scores.pair[number] > 0:
            low = bisect_left(columns, scores.narrowest[number])
            high = bisect_left(columns, scores.full_below[number] + most_slack)
            for width in ordered[low:high]:
                if width not in now and (here := scores.at(number, width)) > 0:
                    now[width] = came - width.begin + here, number, came_from
        outside, chain, inside = came, came_from, now
    for width, (score, first, before) in inside.items():
        if score > outside:
            outside, chain = score, (before, Region(first, count - 1, width.columns))
    found: list[Region] = []
    while chain is not None:
        chain, region = chain
        found.append(region)
    return found[::-1]


def within(lines: Sequence[Line], width: int) -> list[Region]:
    """Return the parts of a stretch that are no wider than a given width."""
    return _grouped([width if line.right <= width + hang(line) else 0 for line in lines])


def _grouped(path: Sequence[int]) -> list[Region]:
    regions: list[Region] = []
    first = 0
    for number in range(1, len(path) + 1):
        if number == len(path) or path[number] != path[first]:
            if path[first]:
                regions.append(Region(first, number - 1, path[first]))
            first = number
    return regions
