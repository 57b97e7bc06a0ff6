"""Make ``characters.txt``: the characters of GBK with their frequency and their Mandarin readings.

Sources: the readings are those of the single-character dictionary of pypinyin 0.55.0 (MIT licence, which takes
them from the Unihan database and several dictionaries); the frequency of a character is that of all words of
``words.txt`` that hold its simplified form. Lines are ``character frequency reading reading …``, the main
reading first, tones as marks, sorted by code point.

Run with pypinyin and hanfix installed, after ``make_words.py``::

    python src/hanfix/tables/make_characters.py
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pypinyin.constants import PINYIN_DICT

from hanfix.script import simplify


def in_gbk(char: str) -> bool:
    """Tell whether GBK has the character."""
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def main() -> None:
    """Write the table beside this script."""
    here = Path(__file__).parent
    frequency: Counter[str] = Counter()
    for line in (here / "words.txt").read_text(encoding="utf-8").splitlines():
        word, count = line.split(" ")
        for char in word:
            frequency[char] += int(count)
    lines = [
        f"{chr(code)} {frequency[simplify(chr(code))]} {all_readings.replace(',', ' ')}\n"
        for code, all_readings in sorted(PINYIN_DICT.items())
        if in_gbk(chr(code))
    ]
    (here / "characters.txt").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
