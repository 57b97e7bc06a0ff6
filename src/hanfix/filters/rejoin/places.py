"""Where separators and characters without width stand between Chinese characters."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from heapq import merge as merge_sorted

from hanfix.edit import Edit
from hanfix.filters.classes import ZERO_WIDTH
from hanfix.filters.rejoin.marks import (
    DOUBLED,
    EMOJI_STYLE,
    HAN_CLASS,
    MOST_DOUBLED,
    NO_WIDTH,
    PICTOGRAPHS,
    STOPS,
    marks_of,
)
from hanfix.script import simplify

# Characters without width and the soft hyphen: marks against copying, and left-overs of layout.
_ZERO_WIDTH_RUN = re.compile(f"[{ZERO_WIDTH}]{{1,64}}")  # bounded: no run of layout is so long


def zero_width_edits(text: str, places: Sequence[int]) -> Iterator[Edit]:
    """Yield an edit for each run of characters without width at one of the places."""
    if not any(map(_ZERO_WIDTH_RUN.match, set(map(text.__getitem__, places)))):
        return
    for place in places:
        if match := _ZERO_WIDTH_RUN.match(text, place):
            yield Edit(*match.span(), "", NO_WIDTH, "between two characters")


@cache
def _patterns(separators: str, pictographs: bool) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """Return what finds zero-width characters and single separators, and what finds rows of stops.

    Each begins with a plain class, which the engine looks for at the speed of a scan.
    """
    single = "".join(mark for mark in separators if marks_of(mark).rule != STOPS)
    stops = "".join(mark for mark in separators if marks_of(mark).rule == STOPS)
    marks = re.escape(single) + (PICTOGRAPHS if pictographs else "")
    return (
        re.compile(
            rf"([{ZERO_WIDTH}{marks}])(?<={HAN_CLASS}.)"
            rf"(?:(?<=[{ZERO_WIDTH}])[{ZERO_WIDTH}]{{0,63}}|{EMOJI_STYLE}?"
            rf"|(?<=[{re.escape(DOUBLED)}])(\1{{1,{MOST_DOUBLED - 1}}}))(?={HAN_CLASS})"
        ),
        re.compile(rf"[{stops}](?=.[{stops}])(?={HAN_CLASS}.{HAN_CLASS})(?<={HAN_CLASS}.)")
        if stops
        else None,
    )


def places_in(text: str, separators: str, pictographs: bool, pairs: frozenset[str]) -> Sequence[int]:
    """Return where separators and zero-width characters stand between Chinese characters, in order.

    Marks in a row count only where they stand in one of the ``pairs`` of neighbours.
    """
    single, stops = _patterns(separators, pictographs)
    # Arrays, since a text with a space after every word holds millions.
    places = array(
        "Q",
        (
            match.start()
            for match in single.finditer(text)
            # Marks in a row may only split words often split.
            if match.lastindex == 1 or simplify(text[match.start() - 1] + text[match.end()]) in pairs
        ),
    )
    if stops:
        in_rows = array("Q")
        for match in stops.finditer(text):
            # Each match is a gap, and so is what stands two characters on.
            if not in_rows or in_rows[-1] != match.start():
                in_rows.append(match.start())
            in_rows.append(match.start() + 2)
        if in_rows:
            places = array("Q", merge_sorted(places, in_rows))
    return places


def places_left(
    text: str, places: Sequence[int], made: Iterable[Edit], separators: str, pictographs: bool
) -> Sequence[int]:
    """Return what ``places_in`` would, of a text in which separators were taken out of words.

    Nothing else has changed: the other separators stand where they did, and only rows of stops may have
    lost a member and be rows no more.
    """
    stops = _patterns(separators, pictographs)[1]
    left = array("Q")
    shift = 0
    remaining = iter(made)
    edit = next(remaining, None)
    for place in places:
        while edit is not None and place >= edit.end:
            shift += edit.end - edit.start - len(edit.new)
            edit = next(remaining, None)
        if edit is None or place < edit.start:
            left.append(place - shift)
    if stops is None or not any(marks_of(mark).rule == STOPS for mark in set(map(text.__getitem__, left))):
        return left
    return array(
        "Q",
        (
            place
            for place in left
            if marks_of(text[place]).rule != STOPS
            or stops.match(text, place)
            or (place > 2 and stops.match(text, place - 2))
        ),
    )
