"""What filters share that are several filters in turn, each for one kind of damage."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from hanfix.document import Document
from hanfix.edit import Edit, Flag, apply_edits, first_choices, merge
from hanfix.filter import Filter
from hanfix.origin import Origin


def option_of(stage: type[Filter], name: str) -> Any:
    """Return an option of a stage, to be one of the whole filter."""
    known = {each.name: each for each in dataclasses.fields(stage)}[name]
    return dataclasses.field(default=known.default, metadata=known.metadata)


def find_in_turn(stages: Iterable[Filter], doc: Document) -> Iterator[Edit | Flag]:
    """Yield what all stages together need, each run on what the one before left, as edits of ``doc`` itself.

    Alternatives behind the first of a span are left out.
    """
    edits: list[Edit] = []
    flags: list[Flag] = []
    origin, now = Origin(), doc
    for stage in stages:
        found = list(stage.find(now))
        made = list(first_choices(each for each in found if isinstance(each, Edit)))
        for flag in (each for each in found if isinstance(each, Flag)):
            start, end = origin.span(flag.start, flag.end)
            flags.append(flag._replace(start=start, end=end))
        edits = merge(doc.text, edits, made)
        origin = origin.then(made)
        now = dataclasses.replace(now, text=apply_edits(now.text, made))
    found_in_all: list[Edit | Flag] = [*edits, *flags]
    yield from sorted(found_in_all, key=lambda each: each.start)
