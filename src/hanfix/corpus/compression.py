"""Compressed files as streams: gz, bz2 and xz by the standard library, zst by zstandard."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, cast

from hanfix.corpus.files import FileError

if TYPE_CHECKING:
    import zstandard

COMPRESSIONS = ("gz", "bz2", "xz", "zst")

# What each is written with: the level that its own command uses.
_GZIP_LEVEL = 6
_XZ_PRESET = 6
_ZSTD_LEVEL = 3
# What is read of a zst file at once (bytes): what it becomes stands in memory, and may be a thousand times
# as much.
_ZSTD_BLOCK_BYTES = 1 << 13
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
    a file that is damaged or cut off.
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
        return cast(BinaryIO, gzip.GzipFile(fileobj=file, mode="rb"))
    if compression == "bz2":
        return cast(BinaryIO, bz2.BZ2File(file))
    if compression == "xz":
        return cast(BinaryIO, lzma.LZMAFile(file))
    return io.BufferedReader(_ZstdReader(file))


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


class _ZstdReader(io.RawIOBase):
    """What Zstandard frames hold; unlike the package's own reader it notices that a file is cut off."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._package = _zstandard()
        self._frame: zstandard.ZstdDecompressionObj | None = None
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
        packed = self._packed or self._file.read(_ZSTD_BLOCK_BYTES)
        self._packed = b""
        if not packed:
            if self._frame is not None:
                raise EOFError
            return False
        if self._frame is None:
            unpacker = self._package.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
            self._frame = unpacker.decompressobj()
        try:
            self._plain = memoryview(self._frame.decompress(packed))
        except self._package.ZstdError as error:
            raise FileError(f"no sound zst file: {error}") from None
        if self._frame.eof:
            self._packed = self._frame.unused_data
            self._frame = None
        return True


def _zstandard() -> ModuleType:
    try:
        import zstandard
    except ImportError:
        raise missing_package("zstandard", "a zst file") from None
    return zstandard
