"""Make ``inner_pairs.txt``: which characters follow which within words, from ``words.txt``.

A mark between two characters that no word has side by side splits no word: most places are done with by that
alone. Pairs count that stand in a word seen at least five times, the least that `rejoin` takes for a word.
Each line is a character and all those that follow it, sorted by code point.

Run after ``make_words.py``::

    python src/hanfix/tables/make_inner_pairs.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

LEAST = 5


def followers(words: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Return the characters that follow each character within words of some frequency, sorted."""
    pairs = {word[i : i + 2] for word, frequency in words if frequency >= LEAST for i in range(len(word) - 1)}
    found: dict[str, str] = {}
    for first, second in sorted(pairs):
        found[first] = found.get(first, "") + second
    return found


def main() -> None:
    """Write the table beside this script."""
    table = Path(__file__).with_name("words.txt").read_text(encoding="utf-8")
    words = (line.split(" ") for line in table.splitlines())
    lines = (
        f"{first}{after}\n" for first, after in followers((word, int(count)) for word, count in words).items()
    )
    Path(__file__).with_name("inner_pairs.txt").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
