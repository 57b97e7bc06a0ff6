"""The formats of corpora, by the names of their files: what is read, done in parts, and put together again.

A file is done in parts, so that several processes may share it: byte ranges of JSON Lines, row groups of
Parquet, the whole of anything else. Each part is written to a file of its own, and what is put together from
them is, byte for byte, what a single process writes.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, cast

from hanfix.corpus.compression import compressing, compression_of, decompressed
from hanfix.corpus.files import FileError
from hanfix.corpus.formats import jsonl, parquet, table, text
from hanfix.corpus.formats.cuts import Cuts
from hanfix.corpus.formats.parts import (
    CUT,
    FAIL,
    KEEP,
    LIMIT_BYTES,
    ON_ERROR,
    OVER_LIMIT,
    QUARANTINE,
    READ,
    REFUSE,
    SKIP,
    Clean,
    Format,
    FormatError,
    Options,
    Part,
    PartResult,
    Problem,
    Work,
)

__all__ = [
    "CUT",
    "FAIL",
    "KEEP",
    "LIMIT_BYTES",
    "ON_ERROR",
    "OVER_LIMIT",
    "QUARANTINE",
    "READ",
    "REFUSE",
    "SKIP",
    "Clean",
    "Cuts",
    "Format",
    "FormatError",
    "Options",
    "Part",
    "PartResult",
    "Problem",
    "format_of",
    "join_parts",
    "parts_of",
    "rewrite_part",
    "rewrite_stream",
]

# Files of records are done in parts of so many bytes: enough of them to keep all processes busy to the end,
# each large enough that starting one costs nothing.
PART_BYTES = 16 << 20
_BLOCK_BYTES = 1 << 20

_TEXT, _JSONL, _CSV, _TSV, _PARQUET = "text", "jsonl", "csv", "tsv", "parquet"
_SUFFIXES = {
    "jsonl": _JSONL,
    "ndjson": _JSONL,
    "csv": _CSV,
    "tsv": _TSV,
    "tab": _TSV,
    "parquet": _PARQUET,
    "pq": _PARQUET,
}
# What is no text, by the endings of names, and how to get the text out of it.
_BOOKS = "a book that must be taken apart first: pandoc -t plain"
_REFUSED = {
    "epub": _BOOKS,
    "mobi": _BOOKS,
    "azw3": _BOOKS,
    "docx": "a word processor's file: save it as text, or pandoc -t plain",
    "doc": "a word processor's file: save it as text, or soffice --convert-to txt:Text",
    "odt": "a word processor's file: save it as text, or pandoc -t plain",
    "rtf": "a word processor's file: save it as text, or pandoc -t plain",
    "wps": "a word processor's file: save it as text",
    "pdf": "pages as printed, not a text: pdftotext",
    "xls": "a spreadsheet: save it as CSV",
    "xlsx": "a spreadsheet: save it as CSV",
    "json": "one JSON document, not a record a line: jq -c '.[]' makes JSON Lines (.jsonl) of a list",
    "arrow": "Arrow, not Parquet: write it as Parquet",
    "feather": "Arrow, not Parquet: write it as Parquet",
    "zip": "an archive: unpack it first",
    "7z": "an archive: unpack it first",
    "rar": "an archive: unpack it first",
    "tar": "an archive: unpack it first",
    "tgz": "an archive: unpack it first",
    "warc": "a web archive: take the text out of its pages first",
    "sqlite": "a database: export the table as CSV",
    "db": "a database: export the table as CSV",
}


def format_of(path: Path) -> Format:
    """Return the format of a file by its name; what says nothing is plain text.

    Raises ``FormatError`` for what holds text in a form that is not read, saying how to get it out.

    >>> str(format_of(Path("pages.JSONL.zst"))), str(format_of(Path("第1章.txt")))
    ('jsonl.zst', 'text')
    """
    name = path.name
    compression = compression_of(name)
    if compression:
        name = name[: -len(compression) - 1]
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _REFUSED:
        raise FormatError(f".{ending} is {_REFUSED[ending]}")
    found = Format(_SUFFIXES.get(ending, _TEXT), compression)
    if found.name == _PARQUET and compression:
        raise FormatError(
            f"Parquet compresses itself and cannot be read through {compression}: unpack it first"
        )
    return found


def parts_of(path: Path, options: Options, size: int) -> list[Part]:
    """Return the parts of a file of ``size`` bytes, in order: the same ones wherever and however often asked.

    Raises ``FileError`` when the file cannot be read, and ``FormatError`` when it is not what its name says.
    """
    found = format_of(path)
    if found.name == _PARQUET:
        return parquet.parts_of(path, found, PART_BYTES)
    if found == Format(_JSONL) and size > PART_BYTES:
        return _line_parts(path, found, size)
    return [Part(str(path), found, 0, size)]


def _line_parts(path: Path, found: Format, size: int) -> list[Part]:
    """Return the parts of a file that end at the first line end behind each multiple of the size of parts."""
    parts: list[Part] = []
    start, first, lines = 0, 1, 0
    done = 0
    try:
        with path.open("rb") as file:
            while block := file.read(min(_BLOCK_BYTES, size - done)):
                done += len(block)
                lines += block.count(b"\n")
                if done - start < PART_BYTES and done < size:
                    continue
                while done < size and not block.endswith(b"\n"):
                    block = file.readline(min(_BLOCK_BYTES, size - done))
                    if not block:
                        break
                    done += len(block)
                    lines += block.endswith(b"\n")
                parts.append(Part(str(path), found, start, done, len(parts), False, first))
                start, first, lines = done, first + lines, 0
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}") from None
    if done < size:
        raise FormatError("changed while it was read")
    parts[-1] = parts[-1]._replace(last=True)
    return parts


def rewrite_part(part: Part, sink: Path, clean: Clean, options: Options) -> PartResult:
    """Write what becomes of a part of a file to the file ``sink``, and return what was done.

    ``clean`` returns the text and the report of a document. A record that cannot be done is treated as
    ``options.on_error`` says. Where a compressed file or Parquet still holds what it held, so do its bytes.

    Raises ``FileError`` (``FormatError``), ``DecodeError`` and ``EncodeError`` when the whole part cannot be
    done, and what ``clean`` raises for a plain text.
    """
    if part.format.name == _PARQUET:
        work = Work(part.path, clean, options)
        result = work.result(parquet.rewrite(part, sink, work))
        if parquet.is_unchanged(sink) and part.last and not part.number:
            shutil.copyfile(part.path, sink)
        return result
    try:
        source = Path(part.path).open("rb")  # noqa: SIM115 - closed below; what is not there is told apart
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}") from None
    with source, sink.open("wb") as target:
        if part.start:
            source.seek(part.start)
        work = Work(part.path, clean, options)
        if not part.format.compression:
            return _rewritten(part, source, target, work)
        with (
            compressing(target, part.format.compression) as packed,
            decompressed(source, part.format.compression) as unpacked,
        ):
            read, written = _HashedReader(unpacked), _HashedWriter(packed)
            buffered = io.BufferedReader(read, _BLOCK_BYTES)
            result = _rewritten(part, cast(BinaryIO, buffered), cast(BinaryIO, written), work)
    # There is more than one way to compress it, and the source's is to stay.
    if read.hash.digest() == written.hash.digest():
        shutil.copyfile(part.path, sink)
    return result


class _HashedReader(io.RawIOBase):
    """A stream that knows, when it was read to its end, the digest of what it held."""

    def __init__(self, file: BinaryIO) -> None:
        self.hash = hashlib.sha256()
        # All that unpacks has the method below.
        self._file = cast(io.BufferedIOBase, file)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(cast(bytearray, buffer))
        size = self._file.readinto(target)
        self.hash.update(target[:size])
        return size


class _HashedWriter:
    """A stream to write to that knows the digest of what was written."""

    def __init__(self, file: BinaryIO) -> None:
        self.hash = hashlib.sha256()
        self._file = file

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def rewrite_stream(
    part: Part,
    source: BinaryIO,
    sink: BinaryIO,
    clean: Clean,
    options: Options,
    bad: Callable[[Problem], None] | None = None,
) -> PartResult:
    """Write what becomes of a part, read from a stream that stands at its start, to another stream.

    A part that ``end``s at -1 goes on to the end of the stream, as standard input does; it is called by the
    part's path. ``bad``, if given, is told of each record that cannot be done, and the result has none of
    them: there may be any number.

    Raises what ``rewrite_part`` does; ``FormatError`` for Parquet, which is no stream.
    """
    if part.format.name == _PARQUET:
        raise FormatError("Parquet cannot be read as a stream: name its file")
    work = Work(part.path, clean, options, bad)
    with (
        compressing(sink, part.format.compression) as written,
        decompressed(source, part.format.compression) as read,
    ):
        return _rewritten(part, read, written, work)


def _rewritten(part: Part, read: BinaryIO, written: BinaryIO, work: Work) -> PartResult:
    """Write what becomes of a part, both uncompressed, and return what was done."""
    found = part.format
    if found.name == _JSONL:
        end = None if found.compression or part.end < 0 else part.end
        jsonl.rewrite(read, written, work, first=part.first, end=end)
    elif found.name == _TEXT:
        text.rewrite(read, written, work)
    else:
        table.rewrite(read, written, work, "\t" if found.name == _TSV else ",")
    return work.result(max(0, part.end - part.start))


def join_parts(parts: Sequence[Path], target: BinaryIO | Path, source: Path) -> None:
    """Write what becomes of the file ``source`` from what became of its parts, in order."""
    with target.open("wb") if isinstance(target, Path) else nullcontext(target) as file:
        found = format_of(source)
        if found.name == _PARQUET and len(parts) > 1:
            if not all(map(parquet.is_unchanged, parts)):
                parquet.join(parts, file, parquet.parts_of(source, found, PART_BYTES))
                return
            parts = [source]
        for part in parts:
            with part.open("rb") as written:
                shutil.copyfileobj(written, file, _BLOCK_BYTES)
