"""Read a stretch of text that an insertion between two bytes shifted, in every way there is, and choose.

Turned back into bytes and without the insertions, the stretch is what it was. What is unknown is branched on:
which character of a reading was annotated, whether the run of Chinese characters ended at a sign or went on
through it, whether a ``?`` is a question mark or two bytes that made no character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hanfix.filters.repair import gbk
from hanfix.filters.repair.annotation import (
    ANNOTATION,
    SPLICE,
    characters_read,
    fits,
    plain,
    wide_mark,
    without_annotations,
)
from hanfix.filters.repair.lost import CONTEXT, LOST, MARKS, Surroundings, cost, unlikely_forms

_NONE = -1  # no byte is waiting: what follows is aligned
_UNKNOWN = -2  # a lead byte is waiting and nothing is known of it
_ALL_LEADS = range(gbk.FIRST_LEAD, gbk.LAST_LEAD + 1)
_FULL_STOP_TRAIL = 0xA3  # 。 is A1 A3, and A3 begins ， ； and the like
# So many ways to read one stretch are followed; more than a handful is never met.
_MOST_READINGS = 200
# A reading is given up that reaches so far, in characters, or for which so many characters are lost: runs of
# Chinese characters end sooner, and what has lost that much says nothing.
_LONGEST = 1000
_MOST_LOST = 8
# So many stretches that begin inside one another are read together; those behind are taken as they stand.
_DEEPEST = 3
# Readings this close to the best are compared with their lost characters put in, which can turn the balance.
_RIVAL_MARGIN = 12.0
# How much better (in natural logarithms) a text must read with a mark taken for a splice than as it stands.
_MARK_MARGIN = 6.0
# The same for a mark of half width, which people write behind a question mark too.
_NARROW_MARK_MARGIN = 12.0


class Stretch(NamedTuple):
    """A shifted stretch put right: from a splice up to ``end`` in the line."""

    end: int
    text: str  # with LOST for each character that is lost
    chosen: str  # with the lost characters put in
    probability: float  # that they are the right ones


class _Reading(NamedTuple):
    """One way to read a stretch, as far as it has been read."""

    at: int  # where in the line reading goes on
    pending: int  # first byte of a character whose second is still to come, or _NONE or _UNKNOWN
    before: int  # the last byte before `at`, for a splice that stands there
    text: str  # what was restored; LOST for each lost character
    choices: tuple[str, ...] = ()  # for each lost character, what it can have been; "": anything

    def with_lost(self, at: int, pending: int) -> _Reading:
        """Return the reading in which the second byte of the character being read is lost."""
        choices = "" if self.pending == _UNKNOWN else gbk.row(self.pending)
        return _Reading(at, pending, _NONE, self.text + LOST, (*self.choices, choices))


@dataclass(frozen=True)
class Splices:
    """The insertions inside characters of one line of a damaged text."""

    line: str
    around: Surroundings
    _known: dict[tuple[int, str, int], _Reading | None] = field(default_factory=dict, init=False, repr=False)

    def restored(self, event: re.Match[str], left: str) -> Stretch | None:
        """Return the stretch that begins with an insertion inside a character, put right.

        ``left`` is what stands before it, already put right. ``None`` where no reading makes sense.
        """
        # What stands farther off does not count, and a line can be as long as a book.
        left = left[-CONTEXT:]
        best = self._best(event, left)
        if best is None:
            return None
        right = self._tail(left + best.text, best.at, best.at, 0)
        chosen, probability = self.around.fill(left, best.text, best.choices, right)
        return Stretch(best.at, best.text, chosen, probability)

    def _best(self, event: re.Match[str], left: str, depth: int = 0) -> _Reading | None:
        """Return the best reading of a stretch; ``depth`` counts the overlapping ones that wait for it."""
        key = event.start(), left[-CONTEXT:], depth
        if key not in self._known:
            self._known[key] = self._chosen(event, left[-CONTEXT:], depth)
        return self._known[key]

    def _chosen(self, event: re.Match[str], left: str, depth: int) -> _Reading | None:
        before = gbk.code_of(left[-1:])
        if before is None:
            return None
        if event["mark"] is None:
            first = _Reading(event.start(), _NONE, before[1], "")
        else:
            code = gbk.code_of(wide_mark(event["mark"]))
            assert code is not None, "the marks of the pattern are all in GBK"
            # Lost is the first byte of a character whose second is the first of the mark: a full stop, often.
            choices = gbk.column(code[0]) + ("。" if code[0] == _FULL_STOP_TRAIL else "")
            first = _Reading(event.end(), code[1], code[1], LOST, (choices,))
        ongoing, complete = [first], list[_Reading]()
        while ongoing and len(ongoing) + len(complete) < _MOST_READINGS:
            finished, further = _read_on(self.line, ongoing.pop())
            complete += finished
            ongoing += (
                reading
                for reading in further
                if reading.at - event.start() <= _LONGEST and len(reading.choices) <= _MOST_LOST
            )
        if not complete:
            return None
        end = max(reading.at for reading in complete)
        costs = {
            reading: cost(left + reading.text + self._tail(left + reading.text, reading.at, end, depth))
            + unlikely_forms(reading.text)
            for reading in complete
        }
        best = min(costs, key=costs.__getitem__)
        rivals = [reading for reading in complete if costs[reading] < costs[best] + _RIVAL_MARGIN]
        if len(rivals) > 1 and depth == 0 and all("" not in reading.choices for reading in rivals):
            best = min(rivals, key=lambda reading: self._cost_filled(reading, left, end))
        if event["mark"] is not None:
            as_it_stands = left + event.group()
            as_it_stands += self._tail(as_it_stands, event.end(), end, depth)
            margin = _NARROW_MARK_MARGIN if event["mark"].isascii() else _MARK_MARGIN
            if costs[best] + margin > cost(as_it_stands):
                return None
        return best

    def _cost_filled(self, reading: _Reading, left: str, end: int) -> float:
        """Return the cost of a reading with its lost characters put in."""
        tail = self._tail(left + reading.text, reading.at, end, 0)
        chosen, _ = self.around.fill(left, reading.text, reading.choices, tail)
        return cost(left + chosen + tail) + unlikely_forms(chosen)

    def _tail(self, left: str, at: int, end: int, depth: int) -> str:
        """Return ``line[at:end]`` put right as it comes, and a few of the characters behind it.

        Those are given as they will stand there, up to the next insertion inside a character.
        """
        tail = ""
        while (event := SPLICE.search(self.line, at, end + CONTEXT)) is not None:
            tail += without_annotations(self.line[at : event.start()])
            if event.start() >= end:
                return tail
            best = self._best(event, left + tail, depth + 1) if depth < _DEEPEST else None
            tail += event.group() if best is None else best.text
            at = event.end() if best is None else best.at
        return tail + without_annotations(self.line[at : max(at, end + CONTEXT)])


def _read_on(line: str, state: _Reading) -> tuple[list[_Reading], list[_Reading]]:
    """Read one more character of a stretch; return the readings that end there and those that go on."""
    splice = SPLICE.match(line, state.at)
    if splice is not None and splice["mark"]:
        splice = None
    if state.pending == _NONE:
        if splice is None:
            return [state], []
        # The missing byte is the second of the annotated character, and the first of the character it is in.
        seconds = (gbk.code_of(char) for char in characters_read(state.before, plain(splice["pinyin"])))
        return [], [
            state._replace(at=splice.end(), pending=code[1], before=code[1])
            for code in seconds
            if code is not None and code[1] >= gbk.FIRST_LEAD
        ]
    finished: list[_Reading] = []
    further: list[_Reading] = []
    char = line[state.at : state.at + 1]
    code = gbk.code_of(char)
    if splice is not None:
        # The annotated character is the one being read: its second byte is the missing one.
        inserted = plain(splice["pinyin"])
        leads = _ALL_LEADS if state.pending == _UNKNOWN else (state.pending,)
        for read in (read for lead in leads for read in characters_read(lead, inserted)):
            second = gbk.code_of(read)
            assert second is not None, "it stands in a row of GBK"
            further.append(_Reading(splice.end(), _NONE, second[1], state.text + read, state.choices))
    elif char == "?":
        further.append(state.with_lost(state.at + 1, _UNKNOWN))
    elif code is not None and code[1] >= gbk.FIRST_LEAD:
        annotation = ANNOTATION.match(line, state.at + 1)
        annotated = annotation is not None and fits(char, plain(annotation["pinyin"]))
        at = annotation.end() if annotation is not None and annotated else state.at + 1
        further += _with_trail(state, code[0], at, pending=code[1])
    elif char.isascii() and char and gbk.FIRST_TRAIL <= ord(char) < 0x7F:
        # A letter that is a second byte; it may carry the annotation of the character it completes.
        annotation = ANNOTATION.match(line, state.at + 1)
        at = annotation.end() if annotation else state.at + 1
        pinyin = plain(annotation["pinyin"]) if annotation else None
        further += _with_trail(state, ord(char), at, pending=_NONE, pinyin=pinyin)
    if splice is None and not gbk.is_han(char):
        # The run of Chinese characters may have ended here, and the lone byte with it.
        finished.append(state.with_lost(state.at, _NONE))
    return finished, further


def _with_trail(
    state: _Reading, trail: int, at: int, *, pending: int, pinyin: str | None = None
) -> Iterator[_Reading]:
    """Yield the reading in which ``trail`` completes the character being read, if there is such a one."""
    before = trail if pending == _NONE else pending
    if state.pending == _UNKNOWN:
        choices = "".join(char for char in gbk.column(trail) if pinyin is None or fits(char, pinyin))
        if choices:
            yield _Reading(at, pending, before, state.text + LOST, (*state.choices, choices))
        return
    read = gbk.char_of(state.pending, trail)
    if read and (gbk.is_han(read) or read in MARKS) and (pinyin is None or fits(read, pinyin)):
        yield _Reading(at, pending, before, state.text + read, state.choices)
