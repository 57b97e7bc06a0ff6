"""Conversions one after the other, as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Protocol

from hanfix.edit import Edit, merge, moved
from hanfix.filters.convert.engine import pieces


class Step(Protocol):
    """Something that converts text, and can say what it changed."""

    @property
    def phrases(self) -> Sequence[str]:
        """The keys that it finds first in a text; none where it has none, or does not tell."""

    def convert(self, text: str) -> str:
        """Return the text converted."""

    def edits(self, text: str) -> Iterable[Edit]:
        """Return what ``convert`` changes, in order."""


def convert(steps: Iterable[Step], text: str) -> str:
    """Return the text after all steps."""
    return reduce(lambda now, step: step.convert(now), steps, text)


def edits(steps: Iterable[Step], text: str) -> Iterator[Edit]:
    """Yield what all steps together change."""
    steps = list(steps)
    for start, end in pieces(text):
        yield from moved(_piece_edits(steps, text[start:end]), start)


def _piece_edits(steps: Sequence[Step], text: str) -> list[Edit]:
    done: list[Edit] = []
    now = text
    for number, step in enumerate(steps, 1):
        found = list(step.edits(now))
        if number < len(steps):
            now = step.convert(now)
        done = merged(text, done, found)
    return done


def merged(text: str, first: list[Edit], second: list[Edit]) -> list[Edit]:
    """Return in one round the edits of two, without those that the second undoes."""
    if not (first and second):
        return first or second
    if any(len(edit.new) != edit.end - edit.start for edit in first):
        return _merged(text, first, second)
    # Places mean the same in both rounds, and what does not meet goes through as it is.
    result: list[Edit] = []
    i = j = 0
    while i < len(first) and j < len(second):
        if first[i].end <= second[j].start:
            result.append(first[i])
            i += 1
        elif second[j].end <= first[i].start:
            result.append(second[j])
            j += 1
        else:
            one, other = i, j
            start, end = min(first[i].start, second[j].start), max(first[i].end, second[j].end)
            while True:
                if i < len(first) and first[i].start < end:
                    end = max(end, first[i].end)
                    i += 1
                elif j < len(second) and second[j].start < end:
                    end = max(end, second[j].end)
                    j += 1
                else:
                    break
            meeting = _merged(
                text[start:end], list(moved(first[one:i], -start)), list(moved(second[other:j], -start))
            )
            result += moved(meeting, start)
    return [*result, *first[i:], *second[j:]]


def _merged(text: str, first: list[Edit], second: list[Edit]) -> list[Edit]:
    return [edit for edit in merge(text, first, second) if edit.new != text[edit.start : edit.end]]
