"""Make ``inner_pairs.txt``: which characters follow which within words, from ``words.txt``.

A mark between two characters that no word has side by side splits no word: most places are done with by that
alone. Pairs count that stand in a word seen so often that `rejoin` may take it for one at all. Each line is a
character and all those that follow it, sorted by code point; behind a space, where there are any, those that
follow it only in words so rare that they must be split in each of several gaps.

Run after ``make_words.py``, with hanfix installed::

    python src/hanfix/tables/make_inner_pairs.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hanfix.filters.rejoin.study import LEAST_FREQUENCY, LEAST_FREQUENCY_IN_ROW


def pairs_within(words: Iterable[str]) -> set[str]:
    """Return the neighbours in words."""
    return {word[i : i + 2] for word in words for i in range(len(word) - 1)}


def followers(frequencies: Mapping[str, int]) -> dict[str, tuple[str, str]]:
    """Return the characters that follow each within words, and those that do in rare ones only, sorted."""
    common = pairs_within(word for word, count in frequencies.items() if count >= LEAST_FREQUENCY)
    # Shorter words have no two gaps.
    in_rows = pairs_within(
        word for word, count in frequencies.items() if count >= LEAST_FREQUENCY_IN_ROW and len(word) > 2
    )
    found: dict[str, tuple[str, str]] = {}
    for pair in sorted(common | in_rows):
        first, second = found.get(pair[0], ("", ""))
        if pair in common:
            first += pair[1]
        else:
            second += pair[1]
        found[pair[0]] = first, second
    return found


def read_frequencies(table: str) -> dict[str, int]:
    """Return the words of ``words.txt``, given as text, with their frequencies."""
    entries = (line.split(" ") for line in table.splitlines())
    return {word: int(count) for word, count in entries}


def main() -> None:
    """Write the table beside this script."""
    table = Path(__file__).with_name("words.txt").read_text(encoding="utf-8")
    found = followers(read_frequencies(table)).items()
    lines = (f"{first}{common} {rare}".rstrip() + "\n" for first, (common, rare) in found)
    Path(__file__).with_name("inner_pairs.txt").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
