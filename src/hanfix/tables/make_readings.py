"""Make ``readings.txt``: the Mandarin readings of the characters of GBK, from pypinyin.

Source: the single-character dictionary of pypinyin 0.55.0 (MIT licence, which takes it from the Unihan
database and several dictionaries). Lines are ``character reading reading …``, the main reading first, tones
as marks, sorted by code point.

Run with pypinyin installed::

    python src/hanfix/tables/make_readings.py
"""

from __future__ import annotations

from pathlib import Path

from pypinyin.constants import PINYIN_DICT


def in_gbk(char: str) -> bool:
    """Tell whether GBK has the character."""
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def main() -> None:
    """Write the table beside this script."""
    lines = [
        f"{chr(code)} {readings.replace(',', ' ')}\n"
        for code, readings in sorted(PINYIN_DICT.items())
        if in_gbk(chr(code))
    ]
    Path(__file__).with_name("readings.txt").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
