"""Plain text: whole, or in pieces when it is larger than it may be."""

from __future__ import annotations

import codecs
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import BinaryIO

from hanfix.corpus.files import TextFile, encode_like, load, read_at_most
from hanfix.corpus.formats.cuts import Cuts
from hanfix.corpus.formats.parts import CUT, READ, FormatError, Options, Work
from hanfix.decode import DecodeError, encode
from hanfix.filter import Scope
from hanfix.report import Report

# A text that is cut is read in blocks of so many bytes, and cut in each as late as may be: large enough that
# looking for the place costs nothing and that few texts have more, small enough for any memory.
PIECE_BYTES = 4 << 20
# Where there is no place to cut, so much is read before it is tried again, or each line would cost as much as
# all before it; but what is shorter (bytes) somebody may be waiting for, and what may end there if it is not
# much longer.
_GROWTH = 2
_LONG_PARAGRAPH_BYTES = 16 << 10
_LONGEST_WAITED_FOR_BYTES = 1 << 20

_LINE_END = re.compile(rb"\r\n|\n|\r")

# Encodings in which a byte of ASCII is never part of another character, so that lines can be told in bytes.
BY_LINES = frozenset({"ascii", "utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "big5", "big5hkscs"})
# What there is to do about a text that is too large and may not be cut, or cannot be.
_READING_HELPS = "a higher --limit reads it into memory"
_REMEDIES = f"{_READING_HELPS}, and so does --over-limit read; --over-limit cut makes several texts of it"
# What goes on with an encoding that begins with a mark.
_GOING_ON = {
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le" if sys.byteorder == "little" else "utf-16-be",
    "utf-32": "utf-32-le" if sys.byteorder == "little" else "utf-32-be",
}


@dataclass(frozen=True)
class Piece:
    """A piece of a file, read as text; its document knows where it stands, ``last`` tells the last."""

    source: TextFile
    last: bool = True

    @property
    def first_line(self) -> int:
        """The number of its first line in the file."""
        return self.source.document.first_line

    def encoded(self, text: str, wanted: str) -> bytes:
        """Return the bytes of what the piece becomes, in an encoding or the ``same``."""
        if wanted == "same":
            return encode_like(text, self.source)
        return encode(text, wanted if self.first_line == 1 else _going_on(wanted))

    def bytes_of(self, line: int, text: str) -> bytes:
        """Return the bytes that a part of the piece was read from, whole lines that begin with ``line``."""
        encoding = self.source.document.encoding
        if not _is_by_lines(encoding):
            return text.encode(_going_on(encoding), "replace")
        first = line - self.first_line
        starts = self._line_starts
        behind = first + max(1, _line_ends(text))
        return self.source.raw[starts[first] : starts[behind] if behind < len(starts) else None]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.source.raw))]


def _is_by_lines(encoding: str) -> bool:
    """Tell whether lines can be told in bytes; of several encodings in one text each has lines of its own."""
    return all(codecs.lookup(each).name in BY_LINES for each in encoding.split("+"))


def _going_on(encoding: str) -> str:
    """Return the encoding of what follows a text's first piece, without a byte-order mark."""
    name = codecs.lookup(encoding).name
    return _GOING_ON.get(name, name)


def rewrite(source: BinaryIO, sink: BinaryIO, work: Work) -> None:
    """Write a text after the pipeline.

    Raises ``FormatError`` when it is too large and cannot be cut, ``DecodeError`` and ``EncodeError``.
    """
    options = work.options
    wanted = options.output_encoding or "utf-8"
    total = Report(documents=1)
    for piece in _text_pieces(source, work):
        if piece.first_line == 1:
            work.confidence = piece.source.confidence
        text, report = work.clean_whole(piece.source.document)
        sink.write(piece.encoded(text, wanted))
        if options.line_buffered:
            sink.flush()
        _add_piece(total, report)
    work.report += total
    work.records += 1


def _add_piece(total: Report, piece: Report) -> None:
    """Add the report of a piece to that of its text: one document, that is written anew once."""
    total.changed |= piece.changed
    total.rewritten |= piece.rewritten
    total += replace(piece, documents=0, changed=0, rewritten=Counter())


def _text_pieces(source: BinaryIO, work: Work) -> Iterator[Piece]:
    """Yield a text in the pieces in which it is done; raises what ``pieces`` does."""
    options, cuts = work.options, work.options.cuts
    whole = cuts.scope is Scope.DOCUMENT
    if whole and options.over_limit == READ and not options.line_buffered:
        yield Piece(load(source.read(), work.name, encoding=options.encoding, errors=options.errors))
        return
    who = " and ".join(cuts.whole) or "the pipeline"
    if whole:
        cuts = replace(cuts, scope=Scope.LINE if options.line_buffered else Scope.PARAGRAPH)

    def last(text: str, full: bool) -> int:
        if whole and options.over_limit != CUT:
            if options.line_buffered:
                raise FormatError(
                    f"{who} must see a text as a whole, so --line-buffered cannot be; "
                    "--over-limit cut takes each line for a text of its own"
                )
            raise FormatError(
                f"larger than {options.limit:,} bytes, and {who} must see a text as a whole; {_REMEDIES}"
            )
        # Where it is to be cut at all costs, what a guard protects may be as large as the text; and of texts
        # without blank lines no more is to be taken than of others.
        anywhere = options.over_limit == CUT and (full or (whole and not options.line_buffered))
        return cuts.last(text) or (Cuts(Scope.LINE).last(text) if anywhere else 0)

    where = "line end" if options.over_limit == CUT or cuts.scope is Scope.LINE else "blank line"
    yield from pieces(source, work.name, options, last, where)


def pieces(
    source: BinaryIO, name: str, options: Options, last_cut: Callable[[str, bool], int], where: str
) -> Iterator[Piece]:
    """Yield a text whole, or if it is over the limit in pieces that end where ``last_cut`` says.

    That is given a text that goes on, and whether it is as large as it may be, and returns the last place to
    cut it at, or 0 when there is none; ``where`` says what there is at such a place.
    Raises ``DecodeError`` when the bytes are no text, and ``FormatError`` for a text over the limit that
    cannot be cut.
    """
    head = b""
    if not options.line_buffered:
        head = read_at_most(source, options.limit + 1)
        if len(head) <= options.limit:
            yield Piece(load(head, name, encoding=options.encoding, errors=options.errors))
            return
    blocks = _blocks(head, source, options)
    del head
    yield from _cut(blocks, name, options, last_cut, where)


def _blocks(head: bytes, source: BinaryIO, options: Options) -> Iterator[bytes]:
    """Yield what was read of a stream already and what is still in it, in blocks or in lines."""
    size = min(PIECE_BYTES, options.limit)
    for start in range(0, len(head), size):
        yield head[start : start + size]
    del head
    while more := source.readline(options.limit) if options.line_buffered else source.read(size):
        yield more


def _cut(
    blocks: Iterator[bytes], name: str, options: Options, last_cut: Callable[[str, bool], int], where: str
) -> Iterator[Piece]:
    encoding = options.encoding
    reads_on = options.over_limit == READ
    waiting: list[bytes] = []
    size = tried = 0
    # Where what is waiting stands in the text, in lines, characters and bytes.
    line, before, offset = 1, 0, 0
    confidence = 1.0
    for block in blocks:
        waiting.append(block)
        size += len(block)
        full = size > options.limit and not reads_on
        if _LONG_PARAGRAPH_BYTES <= size < tried * _GROWTH and not full:
            waited_for = options.line_buffered and size < _LONGEST_WAITED_FOR_BYTES
            if not (waited_for and any(b'"' in each or not each.strip() for each in waiting[-2:])):
                continue
        tried = size
        raw = b"".join(waiting)
        waiting = [raw]
        lines = raw[: max(raw.rfind(b"\n"), raw.rfind(b"\r")) + 1]
        if lines:
            # What tells the encoding stands in the first lines, and what follows is most often in the same.
            try:
                source = _load(lines, name, encoding, options.errors, offset)
            except DecodeError:
                if options.encoding != "auto" or encoding == "auto":
                    raise
                encoding = "auto"
                source = _load(lines, name, encoding, options.errors, offset)
            found = source.document.encoding
            if encoding == "auto" and not lines.isascii() and "+" not in found:
                encoding, confidence = found, source.confidence
            if not _is_by_lines(found):
                if not reads_on or options.line_buffered:
                    reason = "" if options.line_buffered else f"larger than {options.limit:,} bytes and "
                    raise FormatError(f"{reason}in {found}, in which it cannot be cut; {_READING_HELPS}")
                waiting += blocks
                break
            text = source.document.text
            if cut := last_cut(text, full):
                end = _before_lines(lines, _line_ends(text[cut:]))
                source = _load(lines[:end], name, encoding, options.errors, offset)
                yield Piece(_at(source._replace(confidence=confidence), line, before), last=False)
                encoding = encoding if encoding == "auto" else _going_on(encoding)
                line, before, offset = line + _line_ends(text[:cut]), before + cut, offset + end
                waiting, size, tried = [raw[end:]], len(raw) - end, 0
        if size > options.limit and not reads_on:
            raise FormatError(
                f"more than {options.limit:,} bytes from line {line} on without a {where} to cut at; "
                f"{_READING_HELPS}"
            )
    if size:
        source = _load(b"".join(waiting), name, encoding, options.errors, offset)
        confidence = source.confidence if encoding == "auto" else confidence
        yield Piece(_at(source._replace(confidence=confidence), line, before))


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _before_lines(raw: bytes, number: int) -> int:
    """Return where the last so many lines of what ends with a line begin."""
    start = feed = len(raw)
    for _ in range(number):
        start -= 2 if raw.endswith(b"\r\n", 0, start) else 1
        if feed >= start:
            feed = raw.rfind(b"\n", 0, start)
        start = max(feed, raw.rfind(b"\r", feed + 1, start)) + 1
    return start


def _load(raw: bytes, name: str, encoding: str, errors: str, offset: int) -> TextFile:
    try:
        return load(raw, name, encoding=encoding, errors=errors)
    except DecodeError as error:
        if not offset:
            raise
        raise DecodeError(f"{error} (counted from byte {offset:,} of the text)") from None


def _at(source: TextFile, line: int, before: int) -> TextFile:
    """Return a file as the piece of a text that begins with some line and so many characters further on."""
    return source._replace(document=replace(source.document, first_line=line, before=before))
