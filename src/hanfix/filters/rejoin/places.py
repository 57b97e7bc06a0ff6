"""Where separators and characters without width stand between Chinese characters."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import methodcaller
from typing import NamedTuple

from hanfix.edit import Edit
from hanfix.filters.classes import ZERO_WIDTH
from hanfix.filters.rejoin.marks import (
    DOUBLED,
    EMOJI_STYLE,
    HAN,
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
# What may stand between a separator and the Chinese character behind it: the separator again, the sign for
# its style, the rest of a run without width.
_MAY_FOLLOW = ZERO_WIDTH + EMOJI_STYLE + re.escape(DOUBLED)
_FOLLOWER = re.compile(f"[{_MAY_FOLLOW}]")


def zero_width_edits(text: str, places: Sequence[int]) -> Iterator[Edit]:
    """Yield an edit for each run of characters without width at one of the places."""
    if not any(map(_ZERO_WIDTH_RUN.match, set(map(text.__getitem__, places)))):
        return
    for place in places:
        if match := _ZERO_WIDTH_RUN.match(text, place):
            yield Edit(*match.span(), "", NO_WIDTH, "between two characters")


class _Patterns(NamedTuple):
    """What finds places: those that may be one, and what each must be."""

    scan: re.Pattern[str]  # ends where a separator may stand, and at last somewhere behind all of them
    single: re.Pattern[str]  # a separator by itself or doubled, a run without width
    padded: re.Pattern[str]  # a separator with such a run before or behind it
    stops: re.Pattern[str] | None  # one of a row and not its last
    row_marks: frozenset[str]


@cache
def _patterns(separators: str, pictographs: bool) -> _Patterns:
    """Return what finds the separators and characters without width between Chinese characters.

    The scan goes over everything else within the engine: from one run of Chinese characters to the next, as
    long as what lies between is no mark by itself. It never fails once begun, hence its time is linear.
    """
    single = "".join(mark for mark in separators if marks_of(mark).rule != STOPS)
    stops = "".join(mark for mark in separators if marks_of(mark).rule == STOPS)
    marks = re.escape(single) + (PICTOGRAPHS if pictographs else "")
    may_be = rf"[{ZERO_WIDTH}{marks}][{_MAY_FOLLOW}]{{0,63}}+{HAN_CLASS}"
    if stops:
        may_be += rf"|[{stops}]{HAN_CLASS}[{stops}]{HAN_CLASS}"
    return _Patterns(
        re.compile(rf"{HAN_CLASS}(?:{HAN_CLASS}*+(?!{may_be})[^{HAN}]++{HAN_CLASS})*+{HAN_CLASS}*+"),
        re.compile(
            rf"([{ZERO_WIDTH}{marks}])(?<={HAN_CLASS}.)"
            rf"(?:(?<=[{ZERO_WIDTH}])[{ZERO_WIDTH}]{{0,63}}|{EMOJI_STYLE}?"
            rf"|(?<=[{re.escape(DOUBLED)}])(\1{{1,{MOST_DOUBLED - 1}}}))(?={HAN_CLASS})"
        ),
        re.compile(
            rf"(?<={HAN_CLASS})(?P<before>[{ZERO_WIDTH}]{{0,64}})([{marks}])"
            rf"(?:{EMOJI_STYLE}|(?<=[{re.escape(DOUBLED)}])\2{{1,{MOST_DOUBLED - 1}}})?"
            rf"(?P<behind>[{ZERO_WIDTH}]{{0,64}})(?={HAN_CLASS})"
        )
        if marks
        else re.compile(r"(?!)"),
        re.compile(rf"[{stops}](?=.[{stops}])(?={HAN_CLASS}.{HAN_CLASS})(?<={HAN_CLASS}.)")
        if stops
        else None,
        frozenset(stops),
    )


def places_in(text: str, separators: str, pictographs: bool, pairs: frozenset[str]) -> Sequence[int]:
    """Return where separators and zero-width characters stand between Chinese characters, in order.

    Marks in a row count only where they stand in one of the ``pairs`` of neighbours. There, too, characters
    without width beside a mark stand at places of their own; the mark counts when those are taken out.
    """
    patterns = _patterns(separators, pictographs)
    # Arrays, since a text with a space after every word holds millions.
    places = array("Q", map(methodcaller("end"), patterns.scan.finditer(text)))
    if not places:
        return places
    places.pop()
    # Nearly all are one mark, and Chinese follows it; the others are looked at one by one.
    others = {
        start
        for start in {text[place : place + 2] for place in places}
        if start[0] in patterns.row_marks or _FOLLOWER.match(start, 1)
    }
    if not others:
        return places
    confirmed = array("Q")
    done = 0
    for index in [index for index, place in enumerate(places) if text[place : place + 2] in others]:
        confirmed.extend(places[done:index])
        done = index + 1
        place = places[index]
        if text[place] in patterns.row_marks:
            confirmed.append(place)
            # The last of a row is not found by itself.
            if done == len(places) or places[done] > place + 2:
                confirmed.append(place + 2)
            continue
        match = patterns.single.match(text, place)
        # Marks in a row may only split words often split.
        if match:
            if match.lastindex == 1 or simplify(text[place - 1] + text[match.end()]) in pairs:
                confirmed.append(place)
        elif (padded := patterns.padded.match(text, place)) and simplify(
            text[place - 1] + text[padded.end()]
        ) in pairs:
            # The mark counts when they are gone.
            confirmed.extend(padded.start(side) for side in ("before", "behind") if padded[side])
    confirmed.extend(places[done:])
    return confirmed


def places_left(
    text: str, places: Sequence[int], made: Iterable[Edit], separators: str, pictographs: bool
) -> Sequence[int]:
    """Return what ``places_in`` would, of a text in which separators were taken out of words.

    Nothing else has changed: the other separators stand where they did, and only rows of stops may have
    lost a member and be rows no more.
    """
    patterns = _patterns(separators, pictographs)
    left = array("Q")
    done = shift = 0
    for edit in made:
        first = bisect_left(places, edit.start, done)
        left.extend([place - shift for place in places[done:first]])
        done = bisect_left(places, edit.end, first)
        shift += edit.end - edit.start - len(edit.new)
    left.extend([place - shift for place in places[done:]])
    stops = patterns.stops
    if stops is None or patterns.row_marks.isdisjoint(set(map(text.__getitem__, left))):
        return left
    return array(
        "Q",
        (
            place
            for place in left
            if text[place] not in patterns.row_marks
            or stops.match(text, place)
            or (place > 2 and stops.match(text, place - 2))
        ),
    )
