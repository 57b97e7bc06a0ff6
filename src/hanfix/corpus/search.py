"""Find files in a directory, always in the same order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple


class Found(NamedTuple):
    """What stands in a directory and is none itself: its path, and its path below the top, with slashes."""

    path: Path
    below: str


def walk(
    top: Path,
    exclude: Sequence[str] = (),
    *,
    hidden: bool = False,
    on_error: Callable[[Path, OSError], None] = lambda path, error: None,
) -> Iterator[Found]:
    """Yield all that is no directory below ``top``, in the order of names.

    Passed over: what ``exclude`` matches, and what is hidden (its name begins with a full stop) unless
    ``hidden``. Symbolic links are yielded and not followed. ``on_error`` is told of a directory that cannot
    be listed.
    """
    # Not recursive: how deep directories are nested is for the file system to limit.
    waiting = [_listed(top, "", exclude, hidden, on_error)]
    while waiting:
        for below, is_folder in waiting[-1]:
            if is_folder:
                waiting.append(_listed(top / below, f"{below}/", exclude, hidden, on_error))
                break
            yield Found(top / below, below)
        else:
            waiting.pop()


def _listed(
    folder: Path,
    prefix: str,
    exclude: Sequence[str],
    hidden: bool,
    on_error: Callable[[Path, OSError], None],
) -> Iterator[tuple[str, bool]]:
    try:
        with os.scandir(folder) as entries:
            # By bytes: names that are no UTF-8 have their place too.
            names = sorted(
                ((each.name, each.is_dir(follow_symlinks=False)) for each in entries),
                key=lambda each: os.fsencode(each[0]),
            )
    except OSError as error:
        on_error(folder, error)
        return
    for name, is_folder in names:
        below = prefix + name
        if (hidden or not name.startswith(".")) and not matches(exclude, below):
            yield below, is_folder


def matches(patterns: Sequence[str], below: str) -> bool:
    """Tell whether a path, or the name it ends with, is such as a pattern says (``*``, ``?``, ``[…]``).

    >>> matches(["*.txt"], "a/b.txt"), matches(["drafts/*"], "drafts/a.txt"), matches(["b"], "a/b.txt")
    (True, True, False)
    """
    name = below.rpartition("/")[2]
    return any(fnmatchcase(name, each) or fnmatchcase(below, each) for each in patterns)
