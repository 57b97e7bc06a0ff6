"""Text files: read whole, written whole or not at all."""

from __future__ import annotations

import os
import secrets
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


class FileError(Exception):
    """A file that cannot be read or written; the message says what is wrong, not with which file."""


class TextFile(NamedTuple):
    """A document with the bytes it was read from and how sure its encoding is (0 to 1)."""

    document: Document
    raw: bytes
    confidence: float


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises ``FileError`` when there is no such file, it is a directory, or it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileError("no such file") from None
    except IsADirectoryError:
        raise FileError("a directory, not a file; name the files in it") from None
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}") from None


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
    # UTF-8 says one thing in one way; others have two codes for one character, or more than one notation.
    if document.encoding != "utf-8" and encode(document.text, document.encoding, like=raw) != raw:
        raise FileError(
            f"{document.encoding} does not give its untouched parts back byte for byte; "
            "use --output-encoding utf-8"
        )
    return encode(text, document.encoding, like=raw)


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file to be written that takes the target's place when the block is left without an exception.

    What is written goes to a temporary file beside the target, which is flushed to the disk, given the
    target's mode and owner, and renamed. A symbolic link stays one: the file it leads to is replaced. Until
    the renaming the target is untouched; after an exception the temporary file is gone. What is no regular
    file (a pipe, a terminal, ``/dev/null``) cannot be replaced and is written to directly.

    Raises ``FileError`` when the target cannot be written.
    """
    try:
        # Not asked of the resolved path: what /dev/stdout and /dev/fd/3 lead to may have no name of its own.
        old = _stat(target)
        if old is not None and stat.S_ISDIR(old.st_mode):
            raise FileError("a directory, not a file")
        if old is not None and not stat.S_ISREG(old.st_mode):
            with target.open("wb") as file:
                yield file
            return
        if old is not None and not os.access(target, os.W_OK):
            raise FileError("cannot be written: it is read-only")
        real = target.resolve()
        temporary = real.with_name(f".{real.name[:_KEPT_OF_NAME]}.{secrets.token_hex(4)}.tmp")
        try:
            # What only its owner could read must not be readable to others for a while.
            mode = 0o666 if old is None else 0o600
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if old is not None:
                _give_same_owner_and_mode(temporary, old)
            temporary.replace(real)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except FileNotFoundError:
        raise FileError(f"cannot be written: there is no directory {str(target.parent)!r}") from None
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise FileError(f"cannot be written: {error.strerror or error}") from None


def file_key(path: Path) -> tuple[int, int] | Path:
    """Return what two paths have in common exactly when they lead to one file, however they are spelled."""
    try:
        status = path.stat()
    except OSError:
        # Not there, or not to be seen: the name is all there is.
        return path.absolute() if path.is_symlink() else path.parent.resolve() / path.name
    return status.st_dev, status.st_ino


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _give_same_owner_and_mode(path: Path, old: os.stat_result) -> None:
    # Only root may give files away; whoever else writes here keeps the file, as with any editor.
    with suppress(PermissionError):
        if hasattr(os, "chown"):
            os.chown(path, old.st_uid, old.st_gid)
    # After the owner: a change of owner takes the set-user-ID bit away.
    path.chmod(stat.S_IMODE(old.st_mode))


def write_bytes(target: Path, data: bytes) -> None:
    """Write a whole file as ``replacing`` does; raises ``FileError`` when it cannot be written."""
    with replacing(target) as file:
        file.write(data)


def rewrite(path: Path, data: bytes, *, backup: str | None = None) -> None:
    """Write a file anew as ``replacing`` does, after copying it, with its mode, to its name and ``backup``.

    Raises ``FileError`` when the file or its copy cannot be written, or something with the copy's name is
    there already: it may be the only copy of what the file once was. The file is then as it was, and no copy
    is left.
    """
    if backup is None:
        write_bytes(path, data)
        return
    real = path.resolve()
    copy = real.with_name(real.name + backup)
    if copy.exists():
        raise FileError(f"the backup {str(copy)!r} is there already; move it away or name another suffix")
    write_bytes(copy, read_bytes(real))
    try:
        _give_same_owner_and_mode(copy, real.stat())
        write_bytes(path, data)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
