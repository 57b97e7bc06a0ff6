"""Tables as text: CSV and TSV, of which only the cells of text fields are written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import cached_property
from typing import BinaryIO, NamedTuple

from hanfix.corpus.formats.parts import (
    REFUSE,
    BadRecordError,
    FormatError,
    Options,
    Work,
    counts_json,
)
from hanfix.corpus.formats.text import Piece, pieces
from hanfix.decode import EncodeError, encode
from hanfix.document import Document
from hanfix.report import Report, counted

# What may stand between the cells of a file named .csv: a program of a country with decimal commas writes
# semicolons.
_CSV_DELIMITERS = (",", ";", "\t")
_LINE_END = r"(?:\r\n|\n|\r)"
_LINE = re.compile(rf"[^\r\n]*+(?:{_LINE_END}|\Z)")
_LINE_ENDS = re.compile(_LINE_END)
_MOST_NAMES_SHOWN = 20


class _Cell(NamedTuple):
    """Where a cell stands in a text, with its quotation marks."""

    start: int
    end: int


@dataclass(frozen=True)
class _Dialect:
    """What stands between cells; quotation marks are double ones, doubled inside."""

    delimiter: str

    @cached_property
    def _cell(self) -> str:
        mark = re.escape(self.delimiter)
        return rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"\r\n{mark}][^\r\n{mark}]*+|)'

    @cached_property
    def record(self) -> re.Pattern[str]:
        """A record whose quotation marks are closed where they may be."""
        mark = re.escape(self.delimiter)
        return re.compile(rf"{self._cell}(?:{mark}{self._cell})*+(?:{_LINE_END}|\Z)")

    @cached_property
    def open_record(self) -> re.Pattern[str]:
        """A record that ends within a quotation mark, as far as there is text."""
        mark = re.escape(self.delimiter)
        return re.compile(rf'(?:{self._cell}{mark})*"[^"]*+(?:""[^"]*+)*+\Z')

    @cached_property
    def _cells(self) -> re.Pattern[str]:
        mark = re.escape(self.delimiter)
        return re.compile(rf"({self._cell})(?:{mark}|{_LINE_END}|\Z)")

    def cells(self, text: str, start: int, end: int) -> list[_Cell]:
        """Return the cells of the record that stands there."""
        found = [_Cell(*match.span(1)) for match in self._cells.finditer(text, start, end)]
        # The end of a record that has none of its own, or the place behind that, is no cell once more.
        behind = found[-1].start == end and len(found) > 1 and text[end - 1] != self.delimiter
        return found[:-1] if behind else found

    def value(self, text: str, cell: _Cell) -> str:
        """Return what a cell says."""
        written = text[cell.start : cell.end]
        return written[1:-1].replace('""', '"') if written.startswith('"') else written

    def written(self, value: str, old: str = "") -> str:
        """Return how a cell is written that takes the place of another: in quotation marks where that was.

        Of what was written without them although it holds some, they are to be left out again.
        """
        needed = any(mark in value for mark in (self.delimiter, "\r", "\n")) or value.startswith('"')
        needed = needed or ('"' in value and '"' not in old)
        return '"' + value.replace('"', '""') + '"' if needed or old.startswith('"') else value


class _Record(NamedTuple):
    """A record of a text, or a line that is none (``sound`` is false)."""

    start: int
    end: int
    sound: bool


class _Reading(Enum):
    """What there is of a table: a beginning that goes on, a piece of whole records, or all that is left."""

    BEGINNING = auto()
    PIECE = auto()
    REST = auto()


@dataclass
class _Table:
    """A table being read: its dialect and the columns its header names, known once that was seen."""

    options: Options
    delimiters: tuple[str, ...]
    names: list[str] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    report_column: int | None = None
    dialect: _Dialect | None = None

    def read_header(self, text: str, reading: _Reading) -> bool:
        """Find out the dialect and the columns; tell whether the whole header was there.

        Raises ``FormatError`` when a text field has no column.
        """
        if self.dialect is not None:
            return True
        seen: list[str] = []
        for delimiter in self.delimiters:
            dialect = _Dialect(delimiter)
            header = next(_records(text, dialect, 1, reading), None)
            if header is None:
                continue
            cells = dialect.cells(text, header.start, header.end) if header.sound else []
            names = [dialect.value(text, cell) for cell in cells]
            seen = seen or names
            if set(self.options.text_fields) <= set(names):
                self.dialect, self.names = dialect, names
                self.columns = [at for at, name in enumerate(names) if name in self.options.text_fields]
                if self.options.report_field in names:
                    self.report_column = names.index(self.options.report_field)
                return True
        if reading is _Reading.BEGINNING and not seen:
            return False
        missing = next(name for name in self.options.text_fields if name not in seen)
        shown = ", ".join(map(repr, seen[:_MOST_NAMES_SHOWN])) or "nothing that can be read"
        raise FormatError(f"no column is called {missing!r}; its first line names {shown} (--text-field)")

    def last_cut(self, text: str, full: bool) -> int:
        """Return where the last whole record of a text ends that goes on, however much there is of it."""
        if not self.read_header(text, _Reading.BEGINNING):
            return 0
        assert self.dialect is not None
        last = 0
        for record in _records(text, self.dialect, 1, _Reading.BEGINNING):
            last = record.end
        return last


def rewrite(source: BinaryIO, sink: BinaryIO, work: Work, delimiter: str) -> None:
    """Write a table after the pipeline: the cells of text fields, of which only those that change.

    The first record names the fields. The encoding is told as for any text and kept. Records that do not
    have a cell for each name are bad ones; blank lines stay.

    Raises ``FormatError`` when a text field has no column, or a quotation mark is never closed.
    """
    options = work.options
    table = _Table(options, _CSV_DELIMITERS if delimiter == "," else (delimiter,))
    # What is no text is refused when it is too large: most often a quotation mark is never closed.
    refusing = replace(options, over_limit=REFUSE)
    for piece in pieces(source, work.name, refusing, table.last_cut, "record's end"):
        text = piece.source.document.text
        if text:
            table.read_header(text, _Reading.REST)
        written = "".join(_rewritten(piece, table, work)) if text else text
        sink.write(piece.encoded(written, options.output_encoding or "same"))
        if options.line_buffered:
            sink.flush()


def _rewritten(piece: Piece, table: _Table, work: Work) -> Iterator[str]:
    """Yield the records of a piece after the pipeline."""
    text = piece.source.document.text
    dialect = table.dialect
    assert dialect is not None
    line = piece.first_line
    is_header = line == 1
    reading = _Reading.REST if piece.last else _Reading.PIECE
    for record in _records(text, dialect, line, reading):
        raw = text[record.start : record.end]
        content = raw.rstrip("\r\n")
        if is_header:
            added = work.options.report_field
            yield _with_cell(raw, dialect, added) if added and table.report_column is None else raw
            is_header = False
        elif not content:
            yield raw
        else:
            try:
                yield _record(piece.source.document, record, f"line {line}", table, work)
            except BadRecordError as error:
                if work.failed(f"line {line}", error, piece.bytes_of(line, raw)):
                    yield raw
        line += sum(1 for _ in _LINE_ENDS.finditer(raw))


def _record(document: Document, record: _Record, place: str, table: _Table, work: Work) -> str:
    """Return a record after the pipeline; raises ``BadRecordError`` when that cannot be."""
    dialect, text = table.dialect, document.text
    assert dialect is not None
    if not record.sound:
        raise BadRecordError("something stands behind a closing quotation mark")
    cells = dialect.cells(text, record.start, record.end)
    if len(cells) != len(table.names):
        columns = counted(len(cells), "column")
        raise BadRecordError(f"has {columns} where the first line names {len(table.names)}")
    counts = Report()
    characters = 0
    new: dict[int, str] = {}
    for column in table.columns:
        value = dialect.value(text, cells[column])
        cleaned = work.clean(value, place, table.names[column], counts, document.encoding)
        characters += len(value)
        if cleaned != value:
            new[column] = dialect.written(cleaned, text[slice(*cells[column])])
    wanted = work.options.output_encoding
    encoding = document.encoding if wanted in (None, "same") else wanted
    try:
        encode("".join(new.values()), encoding)
    except EncodeError as error:
        raise BadRecordError(str(error)) from None
    work.done(counts, characters)
    if table.report_column is not None:
        new[table.report_column] = dialect.written(counts_json(counts))
    parts: list[str] = []
    done = record.start
    for column, cell in sorted(new.items()):
        parts += text[done : cells[column].start], cell
        done = cells[column].end
    written = "".join([*parts, text[done : record.end]])
    if work.options.report_field is not None and table.report_column is None:
        return _with_cell(written, dialect, counts_json(counts))
    return written


def _with_cell(record: str, dialect: _Dialect, value: str) -> str:
    """Return a record with one more cell at its end."""
    content = record.rstrip("\r\n")
    return f"{content}{dialect.delimiter}{dialect.written(value)}{record[len(content) :]}"


def _records(text: str, dialect: _Dialect, line: int, reading: _Reading) -> Iterator[_Record]:
    """Yield the records of a text that begins with one.

    Raises ``FormatError`` for a quotation mark that is never closed.
    """
    start = 0
    while start < len(text):
        match = dialect.record.match(text, start)
        if match is None and reading is not _Reading.PIECE and dialect.open_record.match(text, start):
            if reading is _Reading.BEGINNING:
                return
            number = line + sum(1 for _ in _LINE_ENDS.finditer(text, 0, start))
            raise FormatError(f"a quotation mark in the record of line {number} is never closed")
        sound = match is not None
        match = match or _LINE.match(text, start)
        assert match is not None
        end = match.end()
        # Its line feed may be still to come.
        if reading is _Reading.BEGINNING and end == len(text) and not text.endswith("\n"):
            return
        yield _Record(start, end, sound)
        start = end
