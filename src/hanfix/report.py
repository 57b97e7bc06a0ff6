"""What happened to a text: every change with its rule and place, what was held back, what was flagged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hanfix.document import Document

EXIT_DONE = 0
EXIT_WOULD_CHANGE = 1
EXIT_USAGE = 2
EXIT_INPUT_FAILED = 3
EXIT_INTERRUPTED = 130


class Change(NamedTuple):
    """An edit as it was made: ``filter`` replaced ``old`` with ``new`` by ``rule``.

    ``start`` and ``end`` are code points of the source, however many filters ran before; ``old`` is what
    stood there when the filter ran; ``document`` is the source's name.
    """

    filter: str
    rule: str
    start: int
    end: int
    old: str
    new: str
    why: str = ""
    document: str = "<text>"


class Flagged(NamedTuple):
    """Damage seen and left alone: ``text`` at ``start:end`` of the source."""

    filter: str
    rule: str
    start: int
    end: int
    text: str
    why: str = ""
    document: str = "<text>"


class Held(NamedTuple):
    """An edit found and not made, and what kept it: ``risk``, ``disabled`` or ``guard``."""

    change: Change
    by: str


class Failure(NamedTuple):
    """An input that could not be read or written, and the message that says so."""

    document: str
    message: str


@dataclass
class Report:
    """Counts and places of what was done to one document or to many; reports add up.

    ``documents`` and ``changed`` count documents; ``counts`` holds changes per rule; ``held`` the edits per
    rule that the risk kept back; ``changes``, ``held_back`` and ``flags`` list them in the order of filters
    and places; ``failures`` the inputs that could not be done.
    """

    documents: int = 0
    changed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    held_back: list[Held] = field(default_factory=list)
    flags: list[Flagged] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def __add__(self, other: Report) -> Report:
        total = Report()
        total += self
        total += other
        return total

    def __iadd__(self, other: Report) -> Report:
        self.documents += other.documents
        self.changed += other.changed
        self.counts.update(other.counts)
        self.held.update(other.held)
        self.changes.extend(other.changes)
        self.held_back.extend(other.held_back)
        self.flags.extend(other.flags)
        self.failures.extend(other.failures)
        return self

    def exit_code(self, *, check: bool = False) -> int:
        """Return the exit code of a command that made this report.

        3 when an input failed, else 1 when ``check`` was asked for and something would change, else 0.

        >>> Report(documents=1, changed=1).exit_code(check=True)
        1
        """
        if self.failures:
            return EXIT_INPUT_FAILED
        if check and self.changed:
            return EXIT_WOULD_CHANGE
        return EXIT_DONE

    def records(self, source: Document) -> Iterator[dict[str, Any]]:
        """Yield one plain-data record a change, held edit or flag, with line and column in ``source``."""
        for change in self.changes:
            yield _record("change", source, change.start, change._asdict())
        for held in self.held_back:
            yield _record("held", source, held.change.start, {**held.change._asdict(), "by": held.by})
        for flagged in self.flags:
            yield _record("flag", source, flagged.start, flagged._asdict())


def _record(kind: str, source: Document, offset: int, fields: dict[str, Any]) -> dict[str, Any]:
    line, column = source.place(offset)
    return {"kind": kind, "file": fields.pop("document"), "line": line, "column": column, **fields}
