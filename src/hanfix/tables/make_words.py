"""Make ``words.txt``: Chinese words with their frequencies, from the list of jieba.

Source: ``dict.txt`` of jieba 0.42.1 (MIT licence, Sun Junyi), 349,046 words nearly all in simplified script
(the others are written so here); most frequencies were counted on segmented newspaper text and novels. Kept
are the words of one to eight characters that consist of Chinese characters only. Lines are ``word
frequency``, sorted by code point, so that all words of one first character stand together.

Run with jieba and hanfix installed::

    python src/hanfix/tables/make_words.py
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from hanfix.script import simplify

HAN_WORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{1,8}")


def main() -> None:
    """Write the table beside this script."""
    frequencies: dict[str, int] = {}
    for line in files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        if HAN_WORD.fullmatch(word):
            simple = simplify(word)
            frequencies[simple] = max(frequencies.get(simple, 0), int(frequency))
    lines = [f"{word} {frequency}\n" for word, frequency in sorted(frequencies.items())]
    Path(__file__).with_name("words.txt").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
