"""Compressed files as streams: gz, bz2 and xz by the standard library, zst by zstandard."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from hanfix.corpus.files import FileError

if TYPE_CHECKING:
    import zstandard

COMPRESSIONS = ("gz", "bz2", "xz", "zst")

# What each is written with: the level that its own command uses.
_GZIP_LEVEL = 6
_XZ_PRESET = 6
_ZSTD_LEVEL = 3
# What is read of a file at once (bytes): what a block of zst becomes stands in memory, and may be a thousand
# times as much.
_BLOCK_BYTES = 1 << 13
# What is unpacked at once (bytes) where that can be told: a bomb is to take no memory.
_PLAIN_BYTES = 1 << 18
# An xz stream may be followed by so many bytes of zeros, or a multiple.
_XZ_PADDING = 4
# Archives of forums are packed with --long=31, which takes so much memory (bytes) to unpack, and no less.
_ZSTD_WINDOW_BYTES = 1 << 31


def missing_package(package: str, what: str) -> FileError:
    """Return the error that says what to install when a package is missing.

    >>> str(missing_package("pyarrow", "Parquet"))
    "Parquet needs the package pyarrow: pip install 'hanfix[corpus]'"
    """
    return FileError(f"{what} needs the package {package}: pip install 'hanfix[corpus]'")


def compression_of(name: str) -> str:
    """Return the compression that a file's name ends with, an empty string for none.

    >>> compression_of("pages.jsonl.GZ"), compression_of("pages.jsonl")
    ('gz', '')
    """
    ending = name.rpartition(".")[2].lower()
    return ending if ending in COMPRESSIONS and "." in name else ""


@contextmanager
def decompressed(file: BinaryIO, compression: str) -> Iterator[BinaryIO]:
    """Give what a compressed file holds as a stream; no compression gives the file itself.

    Several compressed streams one after the other are read as one. Raises ``FileError``, when it is read, for
    a file that is damaged or cut off, be it in the last of them, or goes on with something else.
    """
    if not compression:
        yield file
        return
    try:
        with _reader(file, compression) as stream:
            yield stream
    except EOFError:
        raise FileError(f"the {compression} file is cut off: its end is missing") from None
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError) as error:
        raise FileError(f"no sound {compression} file: {error}") from None
    except OSError as error:
        # This is how bz2 says so; what the system says has a number.
        if error.errno is None and not isinstance(error, FileError):
            raise FileError(f"no sound {compression} file: {error}") from None
        raise


@contextmanager
def compressing(file: BinaryIO, compression: str) -> Iterator[BinaryIO]:
    """Give a stream that writes to a file compressed, the same bytes on every day and machine."""
    if not compression:
        yield file
        return
    with _writer(file, compression) as stream:
        yield stream


def _reader(file: BinaryIO, compression: str) -> BinaryIO:
    if compression == "gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=cast(BinaryIO, _NotEmpty(file)), mode="rb"))
    new: Callable[[], _Stream]
    if compression == "bz2":
        new = bz2.BZ2Decompressor
    elif compression == "xz":
        new = lzma.LZMADecompressor
    else:
        new = _zstd_stream()
    return io.BufferedReader(_Reader(file, compression, new))


def _writer(file: BinaryIO, compression: str) -> BinaryIO:
    if compression == "gz":
        # Neither a name nor a time: they would make two runs differ.
        return cast(BinaryIO, gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0))
    if compression == "bz2":
        return cast(BinaryIO, bz2.BZ2File(file, "wb"))
    if compression == "xz":
        return cast(BinaryIO, lzma.LZMAFile(file, "wb", preset=_XZ_PRESET))
    writer = _zstandard().ZstdCompressor(_ZSTD_LEVEL, write_checksum=True).stream_writer(file, closefd=False)
    return cast(BinaryIO, writer)


class _NotEmpty:
    """A file that says it is cut off where gzip would take no bytes for an empty text."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._any = False

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._any = self._any or bool(data)
        if not self._any and size:
            raise EOFError
        return data


class _Stream(Protocol):
    """What unpacks one compressed stream, as bz2 and lzma have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class _Reader(io.RawIOBase):
    """What compressed streams hold, one after the other.

    The packages' own readers take a damaged stream behind a sound one for bytes that do not matter, or do not
    notice that a file is cut off: what it held would be gone without a word.
    """

    def __init__(self, file: BinaryIO, compression: str, new: Callable[[], _Stream]) -> None:
        self._file = file
        self._compression = compression
        self._new = new
        self._stream: _Stream | None = None
        self._sound = 0
        self._packed = b""
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(cast(bytearray, buffer))
        while not self._plain:
            if not self._fill():
                return 0
        size = min(len(target), len(self._plain))
        target[:size] = self._plain[:size]
        self._plain = self._plain[size:]
        return size

    def _fill(self) -> bool:
        """Decompress the next block; tell whether there was one."""
        if self._stream is None:
            if not self._packed:
                self._packed = self._file.read(_BLOCK_BYTES)
            if self._sound and self._compression == "xz":
                self._skip_padding()
            if not self._packed and self._sound:
                return False
            self._stream = self._new()
        elif not self._packed and self._stream.needs_input:
            self._packed = self._file.read(_BLOCK_BYTES)
        if not self._packed and self._stream.needs_input:
            raise EOFError
        packed, self._packed = self._packed, b""
        try:
            self._plain = memoryview(self._stream.decompress(packed, _PLAIN_BYTES))
        except (OSError, lzma.LZMAError) as error:
            raise self._unsound(error) from None
        if self._stream.eof:
            self._packed = self._stream.unused_data
            self._stream = None
            self._sound += 1
        return True

    def _skip_padding(self) -> None:
        """Pass over zeros behind a stream: programs fill blocks with them."""
        zeros = 0
        while self._packed:
            rest = self._packed.lstrip(b"\0")
            zeros += len(self._packed) - len(rest)
            self._packed = rest or self._file.read(_BLOCK_BYTES)
            if rest:
                break
        if zeros % _XZ_PADDING:
            raise FileError(
                f"no sound xz file: {zeros} bytes of zeros follow a stream, not a multiple of four"
            )

    def _unsound(self, error: Exception) -> FileError:
        said = f"no sound {self._compression} file: {error}"
        if self._sound:
            said += (
                f"; behind {self._sound:,} sound stream{'s' * (self._sound != 1)} follows one that is damaged"
            )
            said += ", or something else"
        return FileError(said)


def _zstd_stream() -> Callable[[], _Stream]:
    """Return what makes a stream of Zstandard look like those of bz2 and lzma."""
    package = _zstandard()

    class Frame:
        needs_input = True

        def __init__(self) -> None:
            unpacker = package.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
            self._frame: zstandard.ZstdDecompressionObj = unpacker.decompressobj()

        @property
        def eof(self) -> bool:
            return self._frame.eof

        @property
        def unused_data(self) -> bytes:
            return self._frame.unused_data

        def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
            try:
                return self._frame.decompress(data)
            except package.ZstdError as error:
                raise OSError(str(error)) from None

    return Frame


def _zstandard() -> ModuleType:
    try:
        import zstandard
    except ImportError:
        raise missing_package("zstandard", "a zst file") from None
    return zstandard
