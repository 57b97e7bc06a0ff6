"""Text files of a user's own that options name: lists of words, dictionaries, rules."""

from __future__ import annotations

from pathlib import Path


def read_own_file(path: str | Path) -> str:
    r"""Return the text of a file, its newlines as ``\n``, a byte-order mark left out.

    Raises ``ValueError``, which names the file and says what is wrong, for one that cannot be read or is no
    UTF-8.

    >>> read_own_file("none.txt")
    Traceback (most recent call last):
        ...
    ValueError: none.txt: cannot be read: No such file or directory
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        # The byte itself stands in the line, also where that begins with it.
        line = len(error.object[: error.start + 1].splitlines())
        raise ValueError(f"{path}, line {line}: not UTF-8; save it as UTF-8") from None
