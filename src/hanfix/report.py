"""What happened to a text: every change with its rule and place, what was held back, what was flagged."""

from __future__ import annotations

import difflib
import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, Flag

if TYPE_CHECKING:
    from hanfix.pipeline import Pipeline

EXIT_DONE = 0
EXIT_WOULD_CHANGE = 1
EXIT_USAGE = 2
EXIT_INPUT_FAILED = 3
EXIT_INTERRUPTED = 130

# Characters shown of a long text: what a rule took out may be half a page.
_LONGEST_QUOTE = 60

# General categories whose characters cannot be seen, or not told from others: controls, format characters
# (zero-width ones, marks of direction), private use, surrogates, unassigned ones, separators.
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs"})
# Spaces everybody writes: ASCII's, and the full-width one that indents Chinese paragraphs.
_PLAIN_SPACES = " \u3000"
# Letters and marks that are drawn as nothing: Hangul fillers, the empty Braille cell, and two others.
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"


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
    rule that were found and not made; ``changes``, ``held_back`` and ``flags`` list them in the order of
    filters and places; ``failures`` the inputs that could not be done.
    """

    documents: int = 0
    changed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    rewritten: Counter[str] = field(default_factory=Counter)
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
        self.flagged.update(other.flagged)
        self.rewritten.update(other.rewritten)
        self.changes.extend(other.changes)
        self.held_back.extend(other.held_back)
        self.flags.extend(other.flags)
        self.failures.extend(other.failures)
        return self

    def count(self, found: Edit | Flag, obstacle: str | None) -> None:
        """Count an edit as made, or as held when something stands in its way, or a flag."""
        if isinstance(found, Flag):
            self.flagged[found.rule] += 1
        elif obstacle is None:
            self.counts[found.rule] += 1
        else:
            self.held[found.rule] += 1

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

    def records(self, source: Document, confidence: float = 1.0) -> Iterator[dict[str, Any]]:
        """Yield plain data: the document, then each change, held edit and flag with line and column in it."""
        yield self.document_record(source, confidence)
        yield from self.place_records(source)

    def document_record(self, source: Document, confidence: float = 1.0) -> dict[str, Any]:
        """Return what the document is as plain data, and whether it changed."""
        return {
            "kind": "document",
            "file": source.name,
            "encoding": source.encoding,
            "confidence": confidence,
            "changed": bool(self.changed),
        }

    def place_records(self, source: Document) -> Iterator[dict[str, Any]]:
        """Yield plain data: each change, held edit and flag with line and column in the document."""
        for change in self.changes:
            yield _record("change", source, change.start, change._asdict())
        for held in self.held_back:
            yield _record("held", source, held.change.start, {**held.change._asdict(), "by": held.by})
        for flagged in self.flags:
            yield _record("flag", source, flagged.start, flagged._asdict())

    def removals(self, source: Document, filters: Collection[str]) -> Iterator[dict[str, Any]]:
        """Yield plain data: each text that some filters took out, with its place, in the order of places."""
        for change in sorted(self.changes, key=attrgetter("start", "end")):
            if change.filter in filters and not change.new:
                line, column = source.place(change.start)
                yield {
                    "file": change.document,
                    "line": line,
                    "column": column,
                    "rule": change.rule,
                    "text": change.old,
                }

    def end_record(self) -> dict[str, Any]:
        """Return the totals as plain data: the last record of a report, without which it is not complete."""
        return {
            "kind": "end",
            "documents": self.documents,
            "changed": self.changed,
            "counts": dict(self.counts),
            "rewritten": dict(self.rewritten),
            "held": dict(self.held),
            "flagged": dict(self.flagged),
            "failures": len(self.failures),
        }

    def summary(self, pipeline: Pipeline, *, places: str | None = "-v") -> Iterator[str]:
        """Yield the lines that tell a person what happened: nothing when nothing did.

        Changes by rule; what was found and not made, and what would make it; what was left alone, and which
        option shows the ``places``, if they are not shown already.
        """
        if self.changed:
            yield (
                "1 text changed"
                if self.documents == 1
                else f"{self.changed:,} of {self.documents:,} texts changed"
            )
        rows = [(rule, f"{count:,}") for rule, count in self.counts.most_common()]
        rows += [(name, "whole text") for name in self.rewritten]
        width = max((len(name) for name, _ in rows), default=0)
        yield from (f"  {name:<{width}}  {count}" for name, count in rows)
        risks = {rule.id: rule.risk for stage in pipeline.stages() for rule in stage.rules}
        for rule, count in self.held.most_common():
            if rule in pipeline.disable:
                continue
            bold_enough = risks.get(rule, pipeline.risk) <= pipeline.risk
            how = "guarded" if bold_enough else f"--risk {risks[rule].label} makes it"
            yield f"held back: {rule} {count:,} ({how})"
        for rule, count in self.flagged.most_common():
            hint = f" ({places} shows where)" if places else ""
            yield f"left alone, look at it: {rule} {count:,}{hint}"
        if self.failures and self.documents:
            yield f"failed: {len(self.failures):,} of {self.documents + len(self.failures):,}"


def described(record: dict[str, Any]) -> str:
    """Return a record of a change, held edit or flag as one line: place, rule, what became of what, why.

    >>> described({"kind": "change", "file": "a.txt", "line": 1, "column": 2, "rule": "rejoin/hyphen",
    ...            "old": "-", "new": "", "why": "和諧 is a word"})
    'a.txt:1:2: rejoin/hyphen: "-" → "" (和諧 is a word)'
    """
    place = f"{visible(record['file'])}:{record['line']}:{record['column']}"
    why = f" ({visible(record['why'])})" if record["why"] else ""
    if record["kind"] == "flag":
        return f"{place}: left alone {record['rule']}: {_quoted(record['text'])}{why}"
    held = f"held back by {record['by']} " if record["kind"] == "held" else ""
    return f"{place}: {held}{record['rule']}: {_quoted(record['old'])} → {_quoted(record['new'])}{why}"


def _quoted(text: str) -> str:
    shown = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
    return f'"{visible(shown)}"'


def counted(count: int, what: str) -> str:
    """Return a number of things in words.

    >>> counted(1, "file"), counted(1200, "file")
    ('1 file', '1,200 files')
    """
    return f"{count:,} {what}{'s' * (count != 1)}"


def unified_diff(before: str, after: str, name: str) -> Iterator[str]:
    r"""Yield the lines of a unified diff between a text and what became of it, as ``patch`` reads them.

    >>> print("".join(unified_diff("和-諧\n", "和諧", "a.txt")))
    --- a.txt
    +++ a.txt
    @@ -1 +1 @@
    -和-諧
    +和諧
    \ No newline at end of file
    <BLANKLINE>
    """
    for line in difflib.unified_diff(_lines(before), _lines(after), visible(name), visible(name)):
        yield line.removesuffix("\n") + "\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Cut a text after each line feed, the only line end there is to ``patch``."""
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]


class _Escapes(dict[int, str]):
    """How characters are written that cannot be seen: by code point, as found out on first use."""

    def __init__(self, form: str, astral: str) -> None:
        super().__init__()
        self._form = form
        self._astral = astral

    def __missing__(self, code: int) -> str:
        char = chr(code)
        unseen = (
            (unicodedata.category(char) in _UNSEEN_CATEGORIES and char not in _PLAIN_SPACES)
            or char in _BLANKS
            or unicodedata.name(char, "").startswith("VARIATION SELECTOR")
        )
        written = char
        if unseen:
            high, low = divmod(code - 0x10000, 0x400)
            written = (self._form if code < 0x10000 else self._astral).format(
                code, 0xD800 + high, 0xDC00 + low
            )
        self[code] = written
        return written


_NAMED_ESCAPES = str.maketrans({"\\": r"\\", "\r": r"\r", "\n": r"\n", "\t": r"\t"})
_FOR_PEOPLE = _Escapes(r"\u{0:04x}", r"\U{0:08x}")
_FOR_JSON = _Escapes(r"\u{0:04x}", r"\u{1:04x}\u{2:04x}")


def visible(text: str) -> str:
    r"""Return the text with what cannot be seen written as Python would escape it, and the backslash doubled.

    Zero-width and control characters, private use, unusual spaces, variation selectors. Left as they are:
    everything else that is drawn, the space and the full-width space.

    >>> print(visible("民\u200b主\n"))
    民\u200b主\n
    """
    return text.translate(_NAMED_ESCAPES).translate(_FOR_PEOPLE)


def unseen_escaped(text: str) -> str:
    r"""Return text in which backslashes escape already (JSON, say) with what else cannot be seen escaped too.

    >>> print(unseen_escaped('"民\u200b主\\n"'))
    "民\u200b主\n"
    """
    return text.translate(_FOR_PEOPLE)


def json_line(record: dict[str, Any]) -> str:
    r"""Return a record as one line of JSON: readable Chinese, escapes only for what cannot be seen.

    >>> print(json_line({"old": "民\u200b主"}), end="")
    {"old": "民\u200b主"}
    """
    return json.dumps(record, ensure_ascii=False).translate(_FOR_JSON) + "\n"


def _record(kind: str, source: Document, offset: int, fields: dict[str, Any]) -> dict[str, Any]:
    line, column = source.place(offset)
    fields["start"] += source.before
    fields["end"] += source.before
    return {"kind": kind, "file": fields.pop("document"), "line": line, "column": column, **fields}
