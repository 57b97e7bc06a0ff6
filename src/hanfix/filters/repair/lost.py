"""Choose characters whose bytes were lost, by the words they make with their neighbours.

Costs are negative natural logarithms of probabilities; only their differences count. The weights were fitted
on the ends of clauses of newspaper text (a part of it that the tables were not made from) and of reviews.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import exp, log

from hanfix.filters.repair import gbk
from hanfix.lexicon import character_frequency, closing_rate, default_lexicon
from hanfix.script import simplified_only, simplify, usual_traditional

# Stands for a lost character until one is chosen, and stays where none can be.
LOST = "\ufffd"
# Full-width marks of running text.
MARKS = "，。、；：？！“”‘’《》〈〉（）【】〔〕「」『』·—…～％"

# How far, in characters, the words on either side are looked at.
CONTEXT = 8
# A mark among Chinese characters is about as common as one character in twenty; a stray sign much rarer.
_MARK_COST = 3.0
_STRAY_COST = 9.0
_LOST_COST = 8.0
# The converter writes next to no character that is only simplified, and next to none that is only a rarer
# form of one that stays as it is (傢 for 家).
_UNWRITTEN_COST = 4.0
# Of several traditional forms of one character it writes one, nearly always OpenCC's first.
_VARIANT_COST = 2.0
# Weight of how well a word closes a clause, and the share of the words of two characters or more that do, in
# newspaper text.
_CLOSING_WEIGHT = 0.65
_LONG_WORD_CLOSES = 0.235
# Weight of each sighting (on a logarithmic scale) of the same two characters elsewhere in the text.
_SIGHTING_WEIGHT = 2.0
# Of the characters that could stand in each of two adjacent places, so many are tried.
_PAIR_CHOICES = 40

_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
# A word of letters is one sign, however long.
_SIGN = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)
_HAN_TAIL = re.compile(r"[\u4e00-\u9fff]*$")
_HAN_HEAD = re.compile(r"[\u4e00-\u9fff]*")


def cost(text: str) -> float:
    """Return how unlike Chinese a text is: words by the lexicon, marks and stray signs by a flat rate."""
    total = 0.0
    done = 0
    for run in _HAN_RUN.finditer(text):
        total += default_lexicon().cost(run.group()) + _signs_cost(text[done : run.start()])
        done = run.end()
    return total + _signs_cost(text[done:])


def _signs_cost(signs: str) -> float:
    costs = {LOST: _LOST_COST, **dict.fromkeys(MARKS, _MARK_COST)}
    return sum(costs.get(sign, _STRAY_COST) for sign in _SIGN.findall(signs))


def unlikely_forms(text: str) -> float:
    """Return the cost of the characters that a converter to traditional script hardly writes."""
    return sum(map(_unlikely_form, text))


def _unlikely_form(char: str) -> float:
    simple = simplify(char)
    usual = usual_traditional(simple)
    if char == usual:
        return 0.0
    return _UNWRITTEN_COST if char in simplified_only() or usual == simple else _VARIANT_COST


@dataclass(frozen=True)
class Surroundings:
    """The text that a lost character was taken from: what it says elsewhere is evidence."""

    text: str
    _answers: dict[tuple[str, tuple[str, ...], str], tuple[str, float]] = field(
        default_factory=dict, init=False, repr=False
    )

    @cached_property
    def _pairs(self) -> Counter[str]:
        simple = simplify(self.text)
        return Counter(map(str.__add__, simple, simple[1:]))

    def fill(self, left: str, text: str, choices: Sequence[str], right: str) -> tuple[str, float]:
        """Return ``text`` with its lost characters chosen, and the probability that all choices are right.

        ``choices`` holds, for each lost character in order, what it can have been; an empty string where
        nothing is known: that character stays lost, and the probability is that of the others. ``left`` and
        ``right`` are what stands beside the text.
        """
        probability = 1.0
        at = -1
        remaining = list(choices)
        while remaining:
            at = text.index(LOST, at + 1)
            adjacent = len(remaining) > 1 and text[at + 1 : at + 2] == LOST and all(remaining[:2])
            places = tuple(remaining.pop(0) for _ in range(2 if adjacent else 1))
            if not all(places):
                continue
            before = _HAN_TAIL.search((left + text[:at])[-CONTEXT:])
            after = _HAN_HEAD.match((text[at + len(places) :] + right)[:CONTEXT])
            assert before is not None and after is not None, "both patterns match the empty string"
            question = before.group(), places, after.group()
            if question not in self._answers:
                self._answers[question] = self._choose(*question)
            chosen, share = self._answers[question]
            probability *= share
            text = text[:at] + chosen + text[at + len(chosen) :]
            at += len(chosen) - 1
        return text, probability

    def _choose(self, before: str, places: Sequence[str], after: str) -> tuple[str, float]:
        """Return the characters that go best between two texts, and their share among all that fit."""
        if len(places) > 1:
            places = ["".join(sorted(place, key=character_frequency)[-_PAIR_CHOICES:]) for place in places]
        costs: dict[str, float] = {}
        for chars in product(*places):
            word = "".join(chars)
            if len(word) == 1 or _undefined_between(*word):
                costs[word] = self._cost_between(before, word, after)
        if not costs:
            return LOST * len(places), 0.0
        best = min(costs, key=costs.__getitem__)
        return best, 1 / sum(exp(costs[best] - other) for other in costs.values())

    def _cost_between(self, before: str, word: str, after: str) -> float:
        total = cost(before + word + after) + unlikely_forms(word)
        if not after:
            total -= _CLOSING_WEIGHT * log(_closes(before + word))
        around = simplify(before[-1:] + word + after[:1])
        for pair in map(str.__add__, around, around[1:]):
            total -= _SIGHTING_WEIGHT * log(1 + self._pairs[pair])
        return total


def _closes(clause: str) -> float:
    """Return how often the last word of a clause stands at the end of one."""
    last = default_lexicon().segment(clause)[-1] if gbk.is_han(clause[-1]) else clause[-1]
    return _LONG_WORD_CLOSES if len(last) > 1 else closing_rate(last) or 0.001


def _undefined_between(first: str, second: str) -> bool:
    """Tell whether the second byte of one character and the first of the next are an undefined pair."""
    one, other = gbk.code_of(first), gbk.code_of(second)
    return one is not None and other is not None and gbk.char_of(one[1], other[0]) is None
