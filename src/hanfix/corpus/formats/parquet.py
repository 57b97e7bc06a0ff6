"""Parquet: row groups of columns, of which only those of text fields are written anew."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, NamedTuple

from hanfix.corpus.compression import missing_package
from hanfix.corpus.formats.parts import BadRecordError, Format, FormatError, Options, Part, Work, counts_json
from hanfix.report import Report

_ARROW_SCHEMA = b"ARROW:schema"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_NAMES_SHOWN = 20
# Ways to encode a column that must be asked for; any other is what a writer chooses by itself.
_ENCODINGS = frozenset(
    {"DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT"}
)

# The places that lead to a field: that of a column, and those in its structures.
_Place = tuple[int, ...]


class _Cell(NamedTuple):
    """What stands in a row of a text field, or why it is no text."""

    text: str
    problem: str


def _pyarrow() -> ModuleType:
    try:
        arrow = import_module("pyarrow")
        import_module("pyarrow.parquet")
        import_module("pyarrow.compute")
    except ImportError:
        raise missing_package("pyarrow", "Parquet") from None
    return arrow


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Give a Parquet file, and say of one that cannot be read why."""
    arrow = _pyarrow()
    try:
        with path.open("rb") as raw, arrow.parquet.ParquetFile(raw) as file:
            yield file
    except arrow.ArrowInvalid as error:
        raise FormatError(f"no whole Parquet file: {_first_line(error)}") from None
    except (arrow.ArrowException, NotImplementedError) as error:
        raise FormatError(f"cannot be read as Parquet: {_first_line(error)}") from None
    except OSError as error:
        # What is damaged inside is an error of input too; what the system says has a number.
        if error.errno is None:
            raise FormatError(f"a damaged Parquet file: {_first_line(error)}") from None
        raise


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def parts_of(path: Path, found: Format, part_bytes: int) -> list[Part]:
    """Return the parts of a file: row groups, as many as make up the size of a part.

    Raises ``FormatError`` when it is no Parquet file, or only the beginning of one.
    """
    with _opened(path) as file:
        metadata = file.metadata
        parts: list[Part] = []
        start = size = rows = 0
        first = 1
        for group in range(metadata.num_row_groups):
            about = metadata.row_group(group)
            size += sum(about.column(at).total_compressed_size for at in range(about.num_columns))
            rows += about.num_rows
            if size >= part_bytes or group == metadata.num_row_groups - 1:
                parts.append(Part(str(path), found, start, group + 1, len(parts), False, first))
                start, first, size, rows = group + 1, first + rows, 0, 0
        if not parts:
            return [Part(str(path), found, 0, 0)]
        return [*parts[:-1], parts[-1]._replace(last=True)]


def rewrite(part: Part, sink: Path, work: Work) -> int:
    """Write a part of a file after the pipeline, row group by row group; return how many bytes it takes.

    The schema, its metadata, the row groups, how each column is compressed and encoded, and what rows are
    sorted by stay (a text field may be out of its order then, and is not named any more). Where no row
    changes nothing is written: ``is_unchanged`` tells.

    Raises ``FormatError`` when the file is damaged, or a text field has no column of texts.
    """
    arrow = _pyarrow()
    bytes_in = 0
    row = part.first
    changed = False
    with _opened(Path(part.path)) as file, sink.open("wb") as target:
        options = work.options
        fields = _Fields(arrow, file.schema_arrow, options)
        with _writer(arrow, file, fields.schema, target, options.text_fields) as writer:
            for number in range(part.start, part.end):
                about = file.metadata.row_group(number)
                bytes_in += sum(about.column(at).total_compressed_size for at in range(about.num_columns))
                table = file.read_row_group(number, use_threads=False)
                rewritten = _Group(arrow, table, row, fields, work).rewritten()
                changed = changed or rewritten is not table
                row += about.num_rows
                _write_group(writer, rewritten)
        if not changed and fields.report_at is None:
            target.truncate(0)
    return bytes_in


def is_unchanged(sink: Path) -> bool:
    """Tell whether what was written of a part says that the part stays as it is: no Parquet file is empty."""
    return not sink.stat().st_size


def join(parts: Sequence[Path], target: BinaryIO, sources: Sequence[Part]) -> None:
    """Write the row groups of several files to one, with the schema and the metadata that they have.

    ``sources`` are the parts that they were made from, whose own row groups stand for those unchanged.
    """
    arrow = _pyarrow()
    model = next(path for path in parts if not is_unchanged(path))
    with _opened(model) as first, _writer(arrow, first, first.schema_arrow, target) as writer:
        for path, part in zip(parts, sources, strict=True):
            same = is_unchanged(path)
            with _opened(Path(part.path) if same else path) as file:
                groups = range(part.start, part.end) if same else range(file.metadata.num_row_groups)
                for number in groups:
                    _write_group(writer, file.read_row_group(number, use_threads=False))


def _write_group(writer: Any, table: Any) -> None:
    if table.num_rows:
        writer.write_table(table, row_group_size=table.num_rows)


def _writer(
    arrow: ModuleType, file: Any, schema: Any, target: BinaryIO, changing: Collection[str] = ()
) -> Any:
    """Return a writer whose columns are compressed and encoded as those of a file are.

    Rows are said to be sorted as they were, up to the first of the columns that are ``changing``.
    """
    metadata = file.metadata
    columns = {}
    if metadata.num_row_groups:
        about = metadata.row_group(0)
        columns = {about.column(at).path_in_schema: about.column(at) for at in range(about.num_columns)}
    return arrow.parquet.ParquetWriter(
        target,
        schema,
        # What is added is compressed as Parquet files mostly are.
        compression={name: _codec(column.compression) for name, column in columns.items()} or "snappy",
        use_dictionary=[name for name, column in columns.items() if column.has_dictionary_page] or False,
        column_encoding={
            name: kind
            for name, column in columns.items()
            if not column.has_dictionary_page
            for kind in column.encodings
            if kind in _ENCODINGS
        },
        sorting_columns=_sorted_by(file, changing),
        version=_version(file),
        use_deprecated_int96_timestamps=any(c.physical_type == "INT96" for c in columns.values()),
        use_compliant_nested_type=not any(".list.item" in name for name in columns),
        write_page_index=any(column.has_offset_index for column in columns.values()),
        store_schema=_ARROW_SCHEMA in (metadata.metadata or {}),
    )


def _sorted_by(file: Any, changing: Collection[str]) -> Sequence[Any] | None:
    """Return what all rows of a file are sorted by and still are when some columns change."""
    metadata = file.metadata
    said = {metadata.row_group(number).sorting_columns for number in range(metadata.num_row_groups)}
    sorted_by = said.pop() if len(said) == 1 else ()
    return (
        tuple(takewhile(lambda each: file.schema.column(each.column_index).path not in changing, sorted_by))
        or None
    )


def _version(file: Any) -> str:
    """Return the version of Parquet whose types a file's columns have: all of 2.x call themselves 2.6."""
    if file.metadata.format_version == "1.0":
        return "1.0"
    kinds = (str(file.schema.column(at).logical_type) for at in range(len(file.schema)))
    return "2.6" if any("nanoseconds" in kind for kind in kinds) else "2.4"


def _codec(name: str) -> str:
    return "none" if name == "UNCOMPRESSED" else name.lower()


class _Fields:
    """The text fields of a file: where they stand in its schema, and the schema of what is written."""

    def __init__(self, arrow: ModuleType, schema: Any, options: Options) -> None:
        # By the places that lead to them: two columns may have one name.
        self.names = {path: name for name in options.text_fields for path in _paths(arrow, schema, name)}
        self.schema = schema
        self.report_at: int | None = None
        if options.report_field is not None:
            added = arrow.field(options.report_field, arrow.string())
            at = schema.get_field_index(options.report_field)
            self.report_at = at if at >= 0 else len(schema)
            self.schema = schema.set(at, added) if at >= 0 else schema.append(added)

    def with_report(self, arrow: ModuleType, table: Any, counts: Sequence[str | None]) -> Any:
        """Return rows with what was done to each, if that is wanted."""
        if self.report_at is None:
            return table
        field = self.schema.field(self.report_at)
        column = arrow.array(counts, arrow.string())
        if self.report_at < table.num_columns:
            return table.set_column(self.report_at, field, column)
        return table.append_column(field, column)


def _taken(arrow: ModuleType, table: Any, rows: Sequence[int]) -> Any:
    return table.take(arrow.array(rows, arrow.int64()))


def _paths(arrow: ModuleType, schema: Any, name: str) -> Iterator[_Place]:
    """Yield the places that lead to a text field, of which several may have one name.

    Raises ``FormatError`` when there is none, or it holds no texts.
    """
    waiting: list[tuple[Any, str, _Place, str]] = [(arrow.struct(list(schema)), name, (), "")]
    while waiting:
        kind, rest, path, above = waiting.pop(0)
        if path and not rest:
            if not _is_text(arrow, kind):
                raise FormatError(f"field {name!r} is {kind}, not a text")
            yield path
            continue
        if not arrow.types.is_struct(kind):
            raise FormatError(f"field {name!r}: {above!r} is {kind} and has no fields")
        names = [kind.field(at).name for at in range(kind.num_fields)]
        own = max((each for each in names if f"{rest}.".startswith(f"{each}.")), key=len, default=None)
        if own is None:
            shown = ", ".join(map(repr, names[:_MOST_NAMES_SHOWN])) or "none"
            where = f" in {above!r}" if above else ""
            raise FormatError(f"no field is called {name!r}; the columns{where} are {shown} (--text-field)")
        waiting += (
            (kind.field(at).type, rest[len(own) + 1 :], (*path, at), f"{above}.{own}" if above else own)
            for at, each in enumerate(names)
            if each == own
        )


def _is_text(arrow: ModuleType, kind: Any) -> bool:
    values = kind.value_type if arrow.types.is_dictionary(kind) else kind
    is_text = (arrow.types.is_string, arrow.types.is_large_string, arrow.types.is_string_view)
    return any(each(values) for each in is_text)


class _Group:
    """The rows of a row group: cleaned, and put together again without those that cannot be."""

    def __init__(self, arrow: ModuleType, table: Any, first: int, fields: _Fields, work: Work) -> None:
        self._arrow = arrow
        self._table = table
        self._first = first
        self._fields = fields
        self._work = work

    def rewritten(self) -> Any:
        """Return the rows after the pipeline, the very table they came in if none changes or is left out.

        Those that cannot be done and stay are as they were.
        """
        arrow, table, fields = self._arrow, self._table, self._fields
        old = {path: list(self._cells(path)) for path in fields.names}
        new: dict[_Place, list[str]] = {path: [] for path in old}
        counts: list[str] = []
        kept: list[int] = []
        staying: list[int] = []
        for row in range(table.num_rows):
            try:
                cleaned, report = self._row(row, {path: cells[row] for path, cells in old.items()})
            except BadRecordError as error:
                if self._work.failed(f"row {self._first + row}", error, self._raw(row)):
                    staying.append(row)
                continue
            kept.append(row)
            counts.append(counts_json(report))
            for path, text in cleaned.items():
                new[path].append(text)
        changed = [path for path in new if new[path] != [old[path][row].text for row in kept]]
        if not changed and len(kept) + len(staying) == table.num_rows and fields.report_at is None:
            return table
        if len(kept) < table.num_rows:
            table = _taken(arrow, self._table, kept)
        for path in changed:
            column = _replaced(arrow, table.column(path[0]).combine_chunks(), path[1:], new[path])
            table = table.set_column(path[0], table.schema.field(path[0]), column)
        table = fields.with_report(arrow, table, counts)
        if staying:
            as_it_was = fields.with_report(arrow, _taken(arrow, self._table, staying), [None] * len(staying))
            order = sorted(range(len(kept) + len(staying)), key=(kept + staying).__getitem__)
            table = _taken(arrow, arrow.concat_tables([table, as_it_was]), order)
        return table

    def _row(self, row: int, cells: dict[_Place, _Cell]) -> tuple[dict[_Place, str], Report]:
        names = self._fields.names
        for path, cell in cells.items():
            if cell.problem:
                raise BadRecordError(cell.problem, names[path])
        counts = Report()
        place = f"row {self._first + row}"
        cleaned = {
            path: self._work.clean(cell.text, place, names[path], counts) for path, cell in cells.items()
        }
        for path, text in cleaned.items():
            if half := _SURROGATE.search(text):
                raise BadRecordError(f"would hold {half.group()!r}, which UTF-8 has no code for", names[path])
        self._work.done(counts, sum(len(cell.text) for cell in cells.values()))
        return cleaned, counts

    def _cells(self, path: _Place) -> Iterator[_Cell]:
        """Yield the texts of a field; what is null or no UTF-8 is a problem of its row alone."""
        arrow = self._arrow
        for chunk in self._table.column(path[0]).chunks:
            for at in path[1:]:
                # With the nulls of the structure that it is in.
                chunk = arrow.compute.struct_field(chunk, [at])
            if arrow.types.is_dictionary(chunk.type):
                chunk = chunk.dictionary_decode()
            try:
                values = chunk.to_pylist()
            except UnicodeDecodeError:
                values = chunk.cast(arrow.large_binary()).to_pylist()
            for value in values:
                yield _cell(value)

    def _raw(self, row: int) -> bytes:
        """Return a row as a line of JSON; bytes and what JSON has no form for as text."""
        record = {
            name: _value_of(self._arrow, column.slice(row, 1))
            for name, column in zip(self._table.column_names, self._table.columns, strict=True)
        }
        return json.dumps(record, ensure_ascii=False, default=_plain).encode("utf-8") + b"\n"


def _value_of(arrow: ModuleType, column: Any) -> object:
    """Return the one value of a column; one that Python has no object for as text, or as bytes."""
    for kind in (column.type, arrow.string(), arrow.binary()):
        try:
            return column.cast(kind).to_pylist()[0]
        except (ValueError, arrow.ArrowException):
            continue
    return str(column)


def _cell(value: str | bytes | None) -> _Cell:
    if value is None:
        return _Cell("", "is null, not a text")
    if isinstance(value, str):
        return _Cell(value, "")
    try:
        return _Cell(value.decode("utf-8"), "")
    except UnicodeDecodeError as error:
        return _Cell("", f"not UTF-8: byte 0x{value[error.start]:02X} at byte {error.start + 1}")


def _plain(value: object) -> object:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else str(value)


def _replaced(arrow: ModuleType, column: Any, path: _Place, texts: list[str]) -> Any:
    """Return a column, or a structure of columns, with the texts that ``path`` leads to replaced."""
    if not path:
        return arrow.array(texts, column.type)
    parts = column.flatten()
    parts[path[0]] = _replaced(arrow, parts[path[0]], path[1:], texts)
    # No row that is kept has a null on the way to its text.
    return arrow.StructArray.from_arrays(parts, fields=list(column.type))
