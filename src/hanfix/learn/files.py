"""The text files of a site: named one by one, or found in directories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from hanfix.corpus.search import matches, walk

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
        if not path.is_dir():
            yield path
            continue
        for found, below in walk(path, exclude, on_error=on_error):
            if found.is_file() and (
                matches(include, below) if include else found.suffix.lower() not in _NO_TEXT
            ):
                yield found
