"""Text files: read whole, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hanfix.decode import decode, encode
from hanfix.document import Document

# Characters of the target's name in that of the temporary file: a name of at most 255 bytes has room for as
# many of four bytes, with what is added.
_KEPT_OF_NAME = 50
# Windows would translate newlines without it; elsewhere there is no such flag.
_BINARY: int = getattr(os, "O_BINARY", 0)

# Names under which a system keeps what a process has open, and where the others of them stand by number.
_DESCRIPTORS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR_FOLDERS = ("/dev/fd", "/proc/self/fd")

_LOST = "\ufffd"
_BLOCK_BYTES = 1 << 20


class FileError(Exception):
    """A file that cannot be read or written; the message says what is wrong, not with which file."""


class StopError(Exception):
    """Raised by what is called for each text, to end the work: the text is not to blame."""


class TextFile(NamedTuple):
    """A document with the bytes it was read from and how sure its encoding is (0 to 1)."""

    document: Document
    raw: bytes
    confidence: float


def open_bytes(path: Path, *, regular: bool = False) -> BinaryIO:
    """Return a file opened to be read; what is read may raise ``OSError``, which ``unreadable`` tells of.

    Raises ``FileError`` when there is no such file, it is a directory, or it cannot be read; with
    ``regular`` also when it is a pipe or a device, which might never end and cannot be replaced.
    """
    try:
        if regular and not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
            raise FileError("no regular file, which alone can be written back")
        return path.open("rb")
    except FileNotFoundError:
        raise FileError("no such file") from None
    except IsADirectoryError:
        raise FileError("a directory, not a file; name the files in it") from None
    except OSError as error:
        raise unreadable(error) from None


def unreadable(error: OSError) -> FileError:
    """Return what to say of a file that cannot be read."""
    return FileError(f"cannot be read: {error.strerror or error}")


def read_bytes(path: Path, *, regular: bool = False) -> bytes:
    """Return the bytes of a file; raises ``FileError`` as ``open_bytes`` does."""
    with open_bytes(path, regular=regular) as file:
        try:
            return file.read()
        except OSError as error:
            raise unreadable(error) from None


def read_at_most(file: BinaryIO, size: int) -> bytes:
    """Return the next bytes of a file, so many at most: asked for bit by bit, as memory is taken for them."""
    blocks = []
    while size > 0 and (block := file.read(min(size, _BLOCK_BYTES))):
        blocks.append(block)
        size -= len(block)
    return b"".join(blocks)


def sha256_of(path: Path) -> str:
    """Return the digest of what a file holds; raises ``OSError`` when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load(raw: bytes, name: str, *, encoding: str = "auto", errors: str = "strict") -> TextFile:
    """Return the text file that some bytes are; raises ``DecodeError`` when they are none.

    >>> load("和諧".encode(), "a.txt").document
    Document(text='和諧', name='a.txt', encoding='utf-8')
    """
    decoded = decode(raw, encoding, errors)
    return TextFile(Document(decoded.text, name, decoded.encoding), raw, decoded.confidence)


def encode_like(text: str, source: TextFile) -> bytes:
    """Return the bytes of a text that takes the place of its source: same encoding, same byte-order mark.

    Raises ``EncodeError`` when the encoding has no code for a character, and ``FileError`` when it would not
    even give the source back byte for byte, so that more would change than was meant to.
    """
    document, raw, _ = source
    if text == document.text:
        return raw
    # UTF-8 says one thing in one way, unless bytes were replaced that are none; others have two codes for one
    # character, or more than one notation.
    exact = document.encoding == "utf-8" and _LOST not in document.text
    if not exact and encode(document.text, document.encoding, like=raw) != raw:
        raise FileError(
            f"{document.encoding} does not give its untouched parts back byte for byte; "
            "to have them changed too, use --output-encoding utf-8"
        )
    return encode(text, document.encoding, like=raw)


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file to be written that takes the target's place when the block is left without an exception.

    What is written goes to a temporary file beside the target, which is flushed to the disk, given the
    target's mode and owner, and renamed. A symbolic link stays one: the file it leads to is replaced. Until
    the renaming the target is untouched; after an exception the temporary file is gone. What is no regular
    file (a pipe, a terminal, ``/dev/null``) cannot be replaced and is written to directly, and so is what
    standard output or error goes to: the shell, and other programs of its line, write there too.

    Raises ``FileError`` when the target cannot be written, and ``BrokenPipeError`` when it is a pipe that
    nobody reads any more.
    """
    try:
        descriptor = _open_descriptor(target)
        # Not asked of the resolved path: what /dev/stdout and /dev/fd/3 lead to may have no name of its own.
        old = _stat(target) if descriptor is None else None
        if descriptor is not None:
            with os.fdopen(os.dup(descriptor), "wb") as file:
                yield file
        elif old is not None and not stat.S_ISREG(old.st_mode):
            if stat.S_ISDIR(old.st_mode):
                raise FileError("a directory, not a file")
            with target.open("wb") as file:
                yield file
        else:
            with _renamed_over(target, old) as file:
                yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(target, error) from None


@contextmanager
def _renamed_over(target: Path, old: os.stat_result | None, read: bytes | None = None) -> Iterator[BinaryIO]:
    """Open a temporary file that is renamed to the target when the block is left without an exception.

    ``old`` is what the target is, ``None`` when it is not there; ``read``, if given, is what must still stand
    in it, or ``FileError`` is raised.
    """
    if old is not None and not os.access(target, os.W_OK):
        raise FileError("cannot be written: it is read-only")
    real = target.resolve()
    temporary = real.with_name(f".{real.name[:_KEPT_OF_NAME]}.{secrets.token_hex(4)}.tmp")
    # What only its owner could read must not be readable to others for a while.
    mode = 0o666 if old is None else 0o600
    try:
        with os.fdopen(_made(temporary, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if old is not None:
            _give_same_owner_and_mode(temporary, old)
        if read is not None and real.read_bytes() != read:
            raise FileError("changed by another program since it was read; left as it is now")
        temporary.replace(real)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def move_over(finished: Path, target: Path, *, most: int = 0o7777) -> None:
    """Give a finished file the target's name, mode and owner; a link of that name is replaced, not followed.

    Of the target's mode it gets no more than ``most``; where there is no target it keeps its own.
    The file should be on the target's file system; from another one it is copied as ``replacing`` would.
    Raises ``FileError`` when the target cannot be written.
    """
    try:
        with suppress(FileNotFoundError):
            old = target.lstat()
            if stat.S_ISDIR(old.st_mode):
                raise FileError("cannot be written: a directory is there; move it away")
            if stat.S_ISREG(old.st_mode):
                if not os.access(target, os.W_OK):
                    raise FileError("cannot be written: it is read-only")
                _give_same_owner_and_mode(finished, old, most)
        try:
            finished.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            status = finished.stat()
            with finished.open("rb") as source, _renamed_over(target, None) as file:
                _give_same_owner_and_mode(file.fileno(), status)
                shutil.copyfileobj(source, file)
                file.flush()
                # Outputs are recognized by their times.
                if os.utime in os.supports_fd:
                    os.utime(file.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
            finished.unlink()
    except PermissionError:
        raise FileError(
            f"cannot be written: no file may be made in the directory {str(target.parent)!r}"
        ) from None
    except OSError as error:
        raise _unwritable(target, error) from None


def _made(temporary: Path, mode: int) -> int:
    try:
        return os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
    except PermissionError:
        folder = str(temporary.parent)
        raise FileError(f"cannot be written: no file may be made in the directory {folder!r}") from None


def _unwritable(target: Path, error: OSError) -> FileError:
    if isinstance(error, FileNotFoundError):
        return FileError(f"cannot be written: there is no directory {str(target.parent)!r}")
    return FileError(f"cannot be written: {error.strerror or error}")


def _open_descriptor(target: Path) -> int | None:
    """Return the descriptor that a path names, or that of standard output or error if it is their file."""
    name = os.path.normpath(target)
    if name in _DESCRIPTORS:
        return _DESCRIPTORS[name]
    folder, _, number = name.rpartition("/")
    if folder in _DESCRIPTOR_FOLDERS and number.isdecimal():
        return int(number)
    key = file_key(target)
    return next((descriptor for descriptor in (1, 2) if descriptor_key(descriptor) == key), None)


def descriptor_key(descriptor: int) -> tuple[int, int] | None:
    """Return the ``file_key`` of the regular file that a descriptor is open for, None when it is for none."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def file_key(path: Path) -> tuple[int, int] | Path:
    """Return what two paths have in common exactly when they lead to one file, however they are spelled."""
    try:
        status = path.stat()
    except OSError:
        # Not there, or not to be seen: the name is all there is.
        with suppress(OSError):  # of a working directory that is not there any more
            return Path(os.path.realpath(path))
        return path
    return status.st_dev, status.st_ino


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _give_same_owner_and_mode(path: Path | int, old: os.stat_result, most: int = 0o7777) -> None:
    # Only root may give files away; whoever else writes here keeps the file, as with any editor.
    with suppress(PermissionError):
        if hasattr(os, "chown"):
            os.chown(path, old.st_uid, old.st_gid)
    # After the owner: a change of owner takes the set-user-ID bit away.
    # By its descriptor not every system can.
    if isinstance(path, Path) or os.chmod in os.supports_fd:
        os.chmod(path, stat.S_IMODE(old.st_mode) & most)  # noqa: PTH101


def write_bytes(target: Path, data: bytes) -> None:
    """Write a whole file as ``replacing`` does; raises ``FileError`` when it cannot be written."""
    with replacing(target) as file:
        file.write(data)


def rewrite(path: Path, data: bytes, *, read: bytes, backup: str | None = None) -> None:
    """Write a regular file anew by renaming, as ``replacing`` does, after keeping what was ``read`` from it.

    With ``backup`` that goes to a file with the mode of the first, whose name is that of the first with
    ``backup`` added.

    Raises ``FileError`` when either cannot be written; when the file holds something else than what was read,
    since another program has written to it meanwhile; and when something with the copy's name is there
    already: it may be the only copy of what the file once was. The file is then left as it is, and no copy.
    """
    try:
        old = path.stat()
        copy = None if backup is None else _kept(path.resolve(), old, read, backup)
        try:
            with _renamed_over(path, old, read) as file:
                file.write(data)
        except BaseException:
            if copy is not None:
                copy.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, error) from None


def _kept(real: Path, old: os.stat_result, read: bytes, backup: str) -> Path:
    """Write what was read from a file to its backup, and return that."""
    copy = real.with_name(real.name + backup)
    try:
        if _stat(copy) is not None:
            raise FileError("is there already; move it away or name another suffix")
        write_bytes(copy, read)
        try:
            _give_same_owner_and_mode(copy, old)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
    except FileError as error:
        raise FileError(f"the backup {str(copy)!r} {error}") from None
    except OSError as error:
        raise FileError(f"the backup {str(copy)!r} {_unwritable(copy, error)}") from None
    return copy
