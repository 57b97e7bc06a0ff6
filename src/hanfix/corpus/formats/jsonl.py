"""JSON Lines: a record a line, of which only the strings of text fields are written anew."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from hanfix.corpus.formats.parts import (
    KEEP,
    SKIP,
    BadRecordError,
    FormatError,
    Options,
    Work,
    counts_json,
)
from hanfix.corpus.formats.text import BY_LINES
from hanfix.report import Report

# Numbers stay as they are written: an integer may be longer than Python reads.
_READ = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).raw_decode
_BLANKS = " \t\r\n"
_SKIP = re.compile(f"[{_BLANKS}]*")
_MARK = "\ufeff"
# Bytes that are no text are read as these, and written back as the bytes they were.
_BYTES = re.compile("[\udc80-\udcff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What gzip, bzip2, xz and Zstandard files begin with.
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _Value(NamedTuple):
    """A value found in a record: of which field, where it stands, and its text if it is one."""

    field: str
    start: int
    end: int
    text: str | None


def rewrite(source: BinaryIO, sink: BinaryIO, work: Work, *, first: int = 1, end: int | None = None) -> None:
    """Write the records of a stream, from where it stands up to the byte ``end``, after the pipeline.

    Only the strings of text fields are written anew, and only those that change; blank lines and a
    byte-order mark stay. ``first`` is the number of the first line.

    Raises ``FormatError`` for what is not JSON Lines at all.
    """
    options = work.options
    left = None if end is None else end - source.tell()
    number = first
    if number == 1 and _is_marked(options.output_encoding):
        sink.write(codecs.BOM_UTF8)
    while left is None or left > 0:
        raw = source.readline(options.limit + 1)
        if left is not None:
            left -= len(raw)
            if not raw or left < 0:
                raise FormatError("changed while it was read")
        if not raw:
            break
        if number == 1:
            _check_beginning(raw)
        place = f"line {number}"
        if len(raw) > options.limit and not raw.endswith(b"\n"):
            skipped = _too_long(raw, source, sink, place, work)
            left = None if left is None else left - skipped
            number += 1
            continue
        try:
            sink.write(_rewritten(raw, place, work))
        except BadRecordError as error:
            if work.failed(place, error, raw):
                sink.write(_as_it_was(raw, options))
        if options.line_buffered:
            sink.flush()
        number += 1


def _check_beginning(raw: bytes) -> None:
    """Raise ``FormatError`` when the first line is that of something else."""
    if raw.startswith(_UTF16_MARKS):
        raise FormatError("in UTF-16, which JSON Lines cannot be in")
    if raw.startswith(_PACKED):
        raise FormatError("compressed; batch unpacks it by its name (.gz .bz2 .xz .zst), or zcat does")
    if raw.strip() in (b"[", b"{"):
        raise FormatError("one JSON document, not a record a line: jq -c '.[]' makes JSON Lines of a list")


def _too_long(raw: bytes, source: BinaryIO, sink: BinaryIO, place: str, work: Work) -> int:
    """Go on behind a line that is longer than one may be; return how many bytes more it has.

    Raises ``FormatError`` where it cannot go on without it.
    """
    limit = work.options.limit
    error = BadRecordError(f"longer than {limit:,} bytes; a higher --limit reads it")
    if work.options.on_error not in (KEEP, SKIP):
        raise FormatError(f"{place} is {error}")
    stays = work.failed(place, error, b"")
    more = 0
    while raw:
        if stays:
            sink.write(raw)
        raw = b"" if raw.endswith(b"\n") else source.readline(limit)
        more += len(raw)
    return more


def _is_marked(encoding: str | None) -> bool:
    return encoding not in (None, "same") and codecs.lookup(encoding or "").name == "utf-8-sig"


def _as_it_was(raw: bytes, options: Options) -> bytes:
    """Return a line that cannot be done as it is to stay: in the encoding of the others, if it is in any."""
    wanted = _output_encoding(options)
    try:
        return raw if wanted is None else raw.decode(_encoding(options)).removeprefix(_MARK).encode(wanted)
    except UnicodeError:
        return raw


def _rewritten(raw: bytes, place: str, work: Work) -> bytes:
    """Return a line after the pipeline; raises ``BadRecordError`` when that cannot be."""
    options = work.options
    encoding = _encoding(options)
    line = _read(raw, encoding, options.errors)
    record = line.rstrip(_BLANKS)
    start = len(_MARK) if record.startswith(_MARK) else 0
    counts, characters = Report(), 0
    written = line
    blank = len(record) == start
    if not blank:
        changed, characters = _record(record, start, place, work, counts)
        written = line if changed is record else changed + line[len(record) :]
    wanted = _output_encoding(options)
    try:
        if wanted is not None:
            data = written.removeprefix(_MARK).encode(wanted)
        else:
            data = raw if written is line else written.encode(encoding, "surrogateescape")
    except UnicodeEncodeError as error:
        raise BadRecordError(f"{error.encoding} has no code for {error.object[error.start]!r}") from None
    if not blank:
        work.done(counts, characters)
    return data


def _encoding(options: Options) -> str:
    """Return what lines are read in; a mark is dealt with apart."""
    return _by_lines("utf-8" if options.encoding == "auto" else options.encoding)


def _output_encoding(options: Options) -> str | None:
    """Return what lines are written in, ``None`` for what they were read in."""
    wanted = options.output_encoding
    return None if wanted is None or wanted == "same" else _by_lines(wanted)


def _by_lines(encoding: str) -> str:
    """Return the name of an encoding; raises ``FormatError`` when it is none for lines one by one."""
    name = codecs.lookup(encoding).name
    if name not in BY_LINES:
        raise FormatError(
            f"JSON Lines cannot be in {encoding}; --encoding and --output-encoding name another"
        )
    return "utf-8" if name == "utf-8-sig" else name


def _read(raw: bytes, encoding: str, errors: str) -> str:
    """Return a line as text, from which encoding gives its very bytes back."""
    try:
        line = raw.decode(encoding, "surrogateescape")
    except UnicodeDecodeError as error:
        raise BadRecordError(f"not {encoding}: {error.reason}") from None
    if errors == "strict" and (byte := _BYTES.search(line)):
        offset = len(line[: byte.start()].encode(encoding, "surrogateescape"))
        raise BadRecordError(f"not {encoding}: byte 0x{raw[offset]:02X} at byte {offset + 1} of the line")
    # UTF-8 says one thing in one way; others have two codes for one character.
    if encoding != "utf-8" and line.encode(encoding, "surrogateescape") != raw:
        raise BadRecordError(f"{encoding} does not give its bytes back; convert it to UTF-8 first")
    return line


def _record(line: str, start: int, place: str, work: Work, counts: Report) -> tuple[str, int]:
    """Return a record with its text fields after the pipeline, and how many characters these have.

    The record is the same object when nothing changes; what was done is added to ``counts``.
    """
    options = work.options
    values, last = _parsed(line, start, options.text_fields, options.report_field)
    for field in options.text_fields:
        if all(value.field != field for value in values):
            raise BadRecordError("is missing", field)
    for value in values:
        if value.text is None and value.field != options.report_field:
            raise BadRecordError(f"is {_kind(line, value)}, not a text", value.field)
    characters = 0
    pieces: list[tuple[int, int, str]] = []
    for value in values:
        if value.field == options.report_field or value.text is None:
            continue
        # Bytes that are no text come here only if they are to be replaced, an escape of the same kind always.
        text = value.text
        encoding = _encoding(options)
        if _BYTES.search(line, value.start, value.end):
            text = _without_bytes(text, encoding)
        cleaned = work.clean(text, place, value.field, counts, encoding)
        characters += len(text)
        if cleaned != value.text:
            written = _string(cleaned, line[value.start : value.end], value.text)
            if not _encodes(written, _output_encoding(options) or encoding):
                written = json.dumps(cleaned)
            pieces.append((value.start, value.end, written))
    if options.report_field is not None:
        pieces += _report_pieces(line, start, values, last, options.report_field, counts)
    return (_replaced(line, pieces) if pieces else line), characters


def _report_pieces(
    line: str, start: int, values: list[_Value], last: int, field: str, counts: Report
) -> Iterator[tuple[int, int, str]]:
    """Yield what puts the counts into a record: in place of those it has, or behind its last value."""
    compact = not _is_spaced(line, start)
    written = counts_json(counts, compact=compact)
    old = [value for value in values if value.field == field]
    yield from ((value.start, value.end, written) for value in old)
    if not old:
        name = json.dumps(field, ensure_ascii=False)
        yield last, last, f",{name}:{written}" if compact else f", {name}: {written}"


def _is_spaced(line: str, start: int) -> bool:
    """Tell whether a space stands between the first name of an object and its value."""
    _, at = _READ(line, _skipped(line, _skipped(line, start) + 1))
    behind = _skipped(line, at) + 1
    return _skipped(line, behind) > behind


def _replaced(line: str, pieces: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(pieces):
        parts += line[done:start], new
        done = end
    return "".join([*parts, line[done:]])


def _string(text: str, old: str, old_text: str) -> str:
    """Return a text as a string of JSON: escaped as much as the one whose place it takes."""
    if old.isascii() and not old_text.isascii():
        return json.dumps(text)
    written = json.dumps(text, ensure_ascii=False)
    # Half a character of UTF-16, which no encoding has a code for.
    return _SURROGATE.sub(lambda half: f"\\u{ord(half.group()):04x}", written)


def _without_bytes(text: str, encoding: str) -> str:
    """Return a text with U+FFFD for bytes that are no text, as many as any decoder would put there."""
    return _BYTES.sub(
        lambda run: run.group().encode(encoding, "surrogateescape").decode(encoding, "replace"), text
    )


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _kind(line: str, value: _Value) -> str:
    kinds = {"{": "an object", "[": "a list", "n": "null", "t": "a truth value", "f": "a truth value"}
    return kinds.get(line[value.start], "a number")


def _parsed(
    line: str, start: int, fields: tuple[str, ...], report_field: str | None
) -> tuple[list[_Value], int]:
    """Return the wanted values of a record, and where its last value ends.

    A name that stands twice gives two values: which of them counts, readers do not agree on.
    Raises ``BadRecordError`` when the line is no JSON, or no object.
    """
    wanted = {field: field for field in fields}
    if report_field is not None:
        wanted[report_field] = report_field
    values: list[_Value] = []
    try:
        at = _skipped(line, start)
        if not line.startswith("{", at):
            _READ(line, at)
            raise BadRecordError("no JSON object, which alone has fields")
        last, end = _walked(line, at, wanted, values)
        rest = _skipped(line, end)
        if rest < len(line):
            raise json.JSONDecodeError("Extra data", line, rest)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        raise BadRecordError(f"no valid JSON: {what} at character {error.pos + 1 - start}") from None
    except RecursionError:
        raise BadRecordError("nested too deeply") from None
    return values, last


def _walked(line: str, start: int, wanted: Mapping[str, str], values: list[_Value]) -> tuple[int, int]:
    """Find the wanted values of the object that begins at ``start``.

    ``wanted`` maps names from here on (``meta.text``, or ``text`` inside of ``meta``) to those of fields.
    Returns where the last value ends and where the object does.
    """
    at = last = _skipped(line, start + 1)
    if line.startswith("}", at):
        return last, at + 1
    while True:
        if not line.startswith('"', at):
            raise json.JSONDecodeError("Expecting a name in double quotes", line, at)
        name, at = _READ(line, at)
        at = _skipped(line, at)
        if not line.startswith(":", at):
            raise json.JSONDecodeError("Expecting ':'", line, at)
        at = _skipped(line, at + 1)
        field = wanted.get(name)
        inside = {
            rest[len(name) + 1 :]: whole for rest, whole in wanted.items() if rest.startswith(f"{name}.")
        }
        if inside and line.startswith("{", at):
            _, last = _walked(line, at, inside, values)
            text = None
        else:
            value, last = _READ(line, at)
            text = value if line.startswith('"', at) else None
        if field is not None:
            values.append(_Value(field, at, last, text))
        at = _skipped(line, last)
        if line.startswith("}", at):
            return last, at + 1
        if not line.startswith(",", at):
            raise json.JSONDecodeError("Expecting ',' or '}'", line, at)
        at = _skipped(line, at + 1)


def _skipped(line: str, at: int) -> int:
    """Return the place behind the blanks that stand here."""
    skipped = _SKIP.match(line, at)
    assert skipped is not None
    return skipped.end()
