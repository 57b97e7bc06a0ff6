"""What the formats share: options, parts of files, and what becomes of records that cannot be done."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from hanfix.corpus.files import FileError, StopError
from hanfix.corpus.formats.cuts import Cuts
from hanfix.document import Document
from hanfix.pipeline import texts
from hanfix.report import Report

# A text over this size is cut, and no record may be larger: 64 MiB, twenty long novels.
LIMIT_BYTES = 64 << 20

FAIL, SKIP, KEEP, QUARANTINE = "fail", "skip", "keep", "quarantine"
ON_ERROR = (FAIL, SKIP, KEEP, QUARANTINE)
REFUSE, CUT, READ = "refuse", "cut", "read"
OVER_LIMIT = (REFUSE, CUT, READ)

Clean = Callable[[Document], tuple[str, Report]]


class FormatError(FileError):
    """A file of a format that cannot be done, or that is not what its name says."""


class Format(NamedTuple):
    """What a file holds (``text``, ``jsonl``, ``csv``, ``tsv``, ``parquet``) and how it is compressed."""

    name: str
    compression: str = ""

    def __str__(self) -> str:
        return f"{self.name}.{self.compression}" if self.compression else self.name


@dataclass(frozen=True)
class Options:
    """How files are read and written.

    ``text_fields`` names the fields of records that hold text, one inside another as ``meta.text``;
    ``report_field`` a field to be added with what was done, a JSON object from rules to counts. ``encoding``
    and ``errors`` are those of ``hanfix.decode``; JSON Lines are UTF-8 unless an encoding is named.
    ``output_encoding`` is a name or ``same``; with ``None`` plain text becomes UTF-8, as in every command,
    and a table or JSON Lines keeps its encoding, since what is no text is to stay byte for byte.

    A plain text over ``limit`` bytes is cut where ``cuts`` allows it, which ``Cuts.of`` knows for a pipeline.
    One that may not be cut is refused, or, as ``over_limit`` says, cut all the same, so that each piece is a
    document of its own, or read into memory.
    ``line_buffered`` writes what is done as soon as it is, for streams that somebody watches.

    A record that cannot be done fails its file when ``on_error`` is ``fail``. With ``keep`` it stays in the
    output as it is; with ``skip`` and ``quarantine`` it is left out, and the result holds it byte for byte.

    Raises ``ValueError`` for what contradicts itself or does not exist.
    """

    text_fields: tuple[str, ...] = ("text",)
    report_field: str | None = None
    encoding: str = "auto"
    errors: str = "strict"
    output_encoding: str | None = None
    limit: int = LIMIT_BYTES
    over_limit: str = REFUSE
    line_buffered: bool = False
    on_error: str = QUARANTINE
    cuts: Cuts = field(default_factory=Cuts)

    def __post_init__(self) -> None:
        if not texts("text_fields", self.text_fields):
            raise ValueError("at least one text field is wanted")
        if self.report_field in self.text_fields:
            raise ValueError(f"{self.report_field!r} is a text field; the report needs one of its own")
        if self.on_error not in ON_ERROR:
            raise ValueError(f"on_error must be one of {', '.join(ON_ERROR)}, not {self.on_error!r}")
        if self.over_limit not in OVER_LIMIT:
            raise ValueError(f"over_limit must be one of {', '.join(OVER_LIMIT)}, not {self.over_limit!r}")
        for encoding in {self.encoding, self.output_encoding} - {"auto", "same", None}:
            try:
                codecs.lookup(encoding or "")
            except LookupError:
                raise ValueError(f"no encoding is called {encoding!r}") from None
        if self.limit < 1:
            raise ValueError("the limit must be at least one byte")


class Part(NamedTuple):
    """A part of a file that is done by itself: plain data, the same whoever does it.

    ``start`` and ``end`` are bytes, for Parquet row groups; ``first`` is the number of the first line or row.
    """

    path: str
    format: Format
    start: int
    end: int
    number: int = 0
    last: bool = True
    first: int = 1


class Problem(NamedTuple):
    """A record that cannot be done: where it stands, why, and its bytes as they were."""

    place: str
    message: str
    raw: bytes


class PartResult(NamedTuple):
    """What was done with a part; ``characters`` counts those of the texts, ``bytes_in`` bytes of the file.

    ``confidence`` says how sure the encoding of a plain text is (0 to 1).
    """

    report: Report
    problems: list[Problem]
    records: int
    characters: int
    bytes_in: int
    confidence: float = 1.0


class BadRecordError(Exception):
    """A record that cannot be done; the message says why, ``field`` which of its fields is to blame."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Work:
    """A part being done: cleans its texts and keeps account.

    ``bad``, if given, is told of each record that cannot be done; otherwise the result has them all.
    """

    def __init__(
        self, name: str, clean: Clean, options: Options, bad: Callable[[Problem], None] | None = None
    ) -> None:
        self.name = name
        self.options = options
        self.report = Report()
        self.problems: list[Problem] = []
        self.records = 0
        self.characters = 0
        self.confidence = 1.0
        self._clean = clean
        self._bad = bad
        self._problem_bytes = 0

    def clean(self, text: str, place: str, field: str, counts: Report, encoding: str = "utf-8") -> str:
        """Return the text of a record's field after the pipeline, and add what was done to ``counts``.

        Raises ``BadRecordError`` when the pipeline fails.
        """
        try:
            name = f"{self.name} ({_with_field(place, field)})"
            cleaned, report = self._clean(Document(text, name, encoding))
        except (OSError, MemoryError, StopError):
            raise
        except Exception as error:
            raise BadRecordError(f"failed: {type(error).__name__}: {error}", field) from error
        counts += report
        return cleaned

    def clean_whole(self, document: Document) -> tuple[str, Report]:
        """Return what the pipeline makes of a plain text or a piece of it."""
        self.characters += len(document.text)
        return self._clean(document)

    def done(self, counts: Report, characters: int) -> None:
        """Count a record that is done."""
        self.report += counts
        self.records += 1
        self.characters += characters

    def failed(self, place: str, error: BadRecordError, raw: bytes) -> bool:
        """Take note of a record that cannot be done, and tell whether it stays in the output.

        Raises ``FormatError`` when one is one too many, or when they take more memory than there may be.
        """
        problem = Problem(_with_field(place, error.field), str(error), raw)
        if self.options.on_error == FAIL:
            raise FormatError(f"{problem.place}: {problem.message}")
        stays = self.options.on_error == KEEP
        if self._bad is not None:
            self._bad(problem)
            return stays
        self.problems.append(problem)
        self._problem_bytes += len(raw)
        if self._problem_bytes > self.options.limit:
            worst = self.problems[0]
            raise FormatError(
                f"{len(self.problems):,} of its records cannot be done, too many to keep; "
                f"the first: {worst.place}: {worst.message}"
            )
        return stays

    def result(self, bytes_in: int) -> PartResult:
        """Return what was done."""
        return PartResult(
            self.report, self.problems, self.records, self.characters, bytes_in, self.confidence
        )


def counts_json(report: Report, *, compact: bool = False) -> str:
    """Return what was done to a record as a JSON object: changes by rule, and filters that wrote it anew."""
    counts = dict(sorted((report.counts + report.rewritten).items()))
    return json.dumps(counts, ensure_ascii=False, separators=(",", ":") if compact else (", ", ": "))


def _with_field(place: str, field: str | None) -> str:
    return place if field is None else f"{place}, field {field!r}"
