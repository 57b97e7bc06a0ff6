"""Conversions one after the other, as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Protocol

from hanfix.edit import Edit, merge
from hanfix.filters.convert.engine import pieces


class Step(Protocol):
    """Something that converts text, and can say what it changed."""

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


def moved(edits: Iterable[Edit], offset: int) -> Iterator[Edit]:
    """Yield edits of a piece of text as edits of the whole, in which it stands at ``offset``."""
    if offset == 0:
        return iter(edits)
    return (Edit(edit.start + offset, edit.end + offset, *edit[2:]) for edit in edits)


def _piece_edits(steps: Iterable[Step], text: str) -> list[Edit]:
    done: list[Edit] = []
    now = text
    for step in steps:
        found = list(step.edits(now))
        now = step.convert(now)
        done = merged(text, done, found)
    return done


def merged(text: str, first: list[Edit], second: list[Edit]) -> list[Edit]:
    """Return in one round the edits of two, without those that the second undoes."""
    if not (first and second):
        return first or second
    return [edit for edit in merge(text, first, second) if edit.new != text[edit.start : edit.end]]
