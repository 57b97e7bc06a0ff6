"""ASCII letters turned into characters: ``鲍罢贵-8`` for ``UTF-8``, ``奥颈苍诲辞飞蝉`` for ``Windows``.

A converter that turns traditional into simplified characters byte by byte takes each letter for the second
byte of a traditional character and writes its simplified form: ``U`` (55) for the second byte of 鮑 (F5 55)
becomes 鲍. Every letter has one such character, and many of them are ordinary ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import log
from typing import ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.repair.lost import CONTEXT, han_after, han_before
from hanfix.lexicon import default_lexicon

# The characters that stand for A to Z and a to z, in that order.
_CAPITALS = "础叠颁顿贰贵骋贬滨闯碍尝惭狈翱笔蚕搁厂罢鲍痴奥齿驰窜"
_SMALL = "补产肠诲别蹿驳丑颈箩办濒尘苍辞辫辩谤蝉迟耻惫飞虫测锄"
LETTERS = dict(zip(_CAPITALS + _SMALL, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", strict=True))

_LETTER = f"[{''.join(LETTERS)}]"
# Twice as fast as a repetition from two on: the engine looks for a character of the class before all else.
_RUN = re.compile(f"{_LETTER}{_LETTER}+")

# Costs are negative natural logarithms of probabilities. A Latin word in Chinese text is about as common as a
# Chinese word that makes up one in four hundred.
_WORD_COST = 6.0
# A capital in an abbreviation can be any of 26.
_CAPITAL_COST = 3.3
# A word in mixed capitals, and each capital inside it.
_MIXED_COST = 3.0
_INNER_CAPITAL_COST = 2.0
# A word that Chinese text uses as its own is one of a few hundred, and these are most of what is met.
_KNOWN_COST = 3.5
# One letter again and again is hardly ever a word, and in Chinese people do write 别别别 and 飞飞飞.
_ONE_LETTER_COST = 30.0
# Shares of the letters in English text, in thousandths.
_SHARES = {
    **{"e": 127, "t": 91, "a": 82, "o": 75, "i": 70, "n": 67, "s": 63, "h": 61, "r": 60, "d": 43, "l": 40},
    **{"c": 28, "u": 28, "m": 24, "w": 24, "f": 22, "g": 20, "y": 20, "p": 19, "b": 15, "v": 10, "k": 8},
    **{"j": 2, "x": 2, "q": 1, "z": 1},
}

# By how much a run must read better as letters than as Chinese. In 28 million characters of sound text one
# run reaches 8 and two more 7; of damaged words 96 % reach 10 and 98 % reach 8.
_SURE = 10.0
_LEANING = 8.5
# The same where the text shows the habit: so many other runs in it are sure.
_SURE_BY_HABIT = 5.0
_HABIT = 2
# The longest Latin word that is looked for, in letters.
_LONGEST = 30


class _Find(NamedTuple):
    """A run of characters that may be letters, and by how much it reads better so."""

    start: int
    end: int
    word: str
    gain: float


@dataclass(frozen=True)
class LettersAsCharacters(Filter):
    """Turn characters back into the ASCII letters that a converter took for halves of characters.

    Left alone: everything that makes sense in Chinese (辞别, 飞驰, 丑丑的), single characters, and runs that
    read only a little better as letters, unless the text is full of sure ones.

    >>> LettersAsCharacters()("编码是鲍罢贵-8，系统是奥颈苍诲辞飞蝉。")
    '编码是UTF-8，系统是Windows。'
    >>> LettersAsCharacters()("使者辞别吕蒙，飞驰而去。")
    '使者辞别吕蒙，飞驰而去。'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "repair/letters",
            "a Latin word whose letters a converter turned into characters",
            Risk.LIKELY,
            examples=(
                Example("编码是鲍罢贵-8，不是骋叠碍", "编码是UTF-8，不是GBK"),
                Example("在奥颈苍诲辞飞蝉系统上运行", "在Windows系统上运行"),
            ),
            keeps=("使者辞别吕蒙", "辫子飞飞，丑丑的小家伙", "鲍罢了，贵贱不论", "奥运齿轮厂产品测办"),
        ),
        Rule(
            "repair/letters-lean",
            "a short Latin word whose letters a converter turned into characters, where Chinese is unlikely",
            Risk.GUESS,
            examples=(Example("联想的辫肠部门", "联想的pc部门"),),
            keeps=("北京的白菜贵罢。", "别别别，别办卡了"),
        ),
    )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield the runs that make no Chinese and a plausible Latin word."""
        runs = [run for run in _RUN.finditer(doc.text) if _may_gain(run.group())]
        finds = sorted(find for run in runs for find in _words(doc.text, *run.span()))
        habit = sum(find.gain >= _SURE for find in finds) >= _HABIT
        for find in finds:
            if find.gain >= (_SURE_BY_HABIT if habit else _SURE):
                rule = "repair/letters"
            elif find.gain >= _LEANING:
                rule = "repair/letters-lean"
            else:
                continue
            why = f"{doc.text[find.start : find.end]} makes no Chinese; each character stands for a letter"
            yield Edit(find.start, find.end, find.word, rule, why)


def _may_gain(chars: str) -> bool:
    """Tell whether a run can read better as letters at all: it costs at most this much as Chinese."""
    return default_lexicon().cost(chars) - _WORD_COST - _KNOWN_COST >= min(_SURE_BY_HABIT, _LEANING)


def _words(text: str, start: int, end: int) -> Iterator[_Find]:
    """Yield the parts of a run that gain by being read as letters, the best first: there may be several."""
    if end - start < 2:
        return
    best = _best(text, start, end)
    yield best
    if best.gain >= min(_SURE_BY_HABIT, _LEANING):
        yield from _words(text, start, best.start)
        yield from _words(text, best.end, end)


def _best(text: str, start: int, end: int) -> _Find:
    """Return the part of a run that gains most by being read as letters: its ends may be Chinese."""
    head, tail = han_before(text[max(0, start - CONTEXT) : start]), han_after(text[end : end + CONTEXT])
    chars = text[start : min(end, start + _LONGEST)]
    as_chinese = default_lexicon().cost(head + chars + tail)
    best = _Find(start, end, "", float("-inf"))
    for first in range(len(chars) - 1):
        before = default_lexicon().cost(head + chars[:first])
        for last in range(first + 2, len(chars) + 1):
            word = "".join(LETTERS[char] for char in chars[first:last])
            after = default_lexicon().cost(chars[last:] + tail)
            gain = as_chinese - before - _cost(word) - after
            if gain > best.gain:
                best = _Find(start + first, start + last, word, gain)
    return best


def _cost(word: str) -> float:
    """Return how unlike a Latin word a run of letters is."""
    if len(set(word)) == 1:
        return _WORD_COST + _ONE_LETTER_COST
    if word in _known_words():
        return _WORD_COST + _KNOWN_COST
    if word.isupper():
        return _WORD_COST + _CAPITAL_COST * len(word)
    cost = _WORD_COST - sum(log(_SHARES[letter] / 1000) for letter in word.lower())
    if not (word.islower() or word.istitle()):
        inner = sum(one.islower() and other.isupper() for one, other in pairwise(word))
        cost += _MIXED_COST + _INNER_CAPITAL_COST * inner
    return cost


@cache
def _known_words() -> frozenset[str]:
    text = files("hanfix").joinpath("tables", "latin_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
