"""The text files of a site: named one by one, or found in directories."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

# Endings of what is no plain text, or text about text: reading it as lines of prose would learn tags.
_NO_TEXT = frozenset(
    f".{ending}"
    for ending in (
        *("css", "csv", "db", "htm", "html", "js", "json", "jsonl", "toml", "tsv", "xml", "yaml", "yml"),
        *("doc", "docx", "epub", "mobi", "parquet", "pdf", "rtf", "sqlite", "xls", "xlsx"),
        *("bmp", "gif", "ico", "jpeg", "jpg", "mp3", "mp4", "png", "tiff", "wav", "webp"),
        *("7z", "bz2", "exe", "gz", "jar", "rar", "tar", "xz", "zip", "zst"),
    )
)


def text_files(
    paths: Iterable[Path],
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    on_error: Callable[[Path, OSError], None] = lambda path, error: None,
) -> Iterator[Path]:
    """Yield the files that are named and those in the directories that are, always in the same order.

    In a directory, what is hidden is passed over, and so is what is no plain text by the ending of its name,
    unless ``include`` names it. The patterns are those of a shell (``*``, ``?``, ``[…]``), for the name of a
    file or for its path below the directory. Links to directories are not followed. ``on_error`` is told of a
    directory that cannot be listed.
    """
    for path in paths:
        if path.is_dir():
            yield from _within(path, path, include, exclude, on_error)
        else:
            yield path


def _within(
    top: Path,
    folder: Path,
    include: Sequence[str],
    exclude: Sequence[str],
    on_error: Callable[[Path, OSError], None],
) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in entries)
    except OSError as error:
        on_error(folder, error)
        return
    for name, is_folder in names:
        path = folder / name
        below = path.relative_to(top).as_posix()
        if name.startswith(".") or _matches(exclude, name, below):
            continue
        if is_folder:
            yield from _within(top, path, include, exclude, on_error)
        elif path.is_file() and (
            _matches(include, name, below) if include else path.suffix.lower() not in _NO_TEXT
        ):
            yield path


def _matches(patterns: Sequence[str], name: str, below: str) -> bool:
    return any(fnmatchcase(name, each) or fnmatchcase(below, each) for each in patterns)
