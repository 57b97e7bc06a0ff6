"""Choose characters whose bytes were lost, by the words they make with their neighbours.

Costs are negative natural logarithms of probabilities; only their differences count. The weights were fitted
on the ends of clauses of newspaper text (a part of it that the tables were not made from) and of reviews.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from math import exp, log

from hanfix.filters.patterns import compiled
from hanfix.filters.repair import gbk
from hanfix.lexicon import character_frequency, closing_rate, default_lexicon, pair_gain
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
# Weight of how often one character follows another anywhere: words tell most of it already.
_PAIR_WEIGHT = 0.4
# Weight of a word of verb and object that something parts: 留人 in 留得住人, 见面 in 见过面.
_PARTED_WEIGHT = 0.4
# Of the characters that could stand in each of two adjacent places, so many are tried.
_PAIR_CHOICES = 40
# Where nothing is known of the second, so many words are tried.
_WORD_CHOICES = 400

_PARTED = "(?P<verb>[\u4e00-\u9fff])(?:[得不][住了到上下起动動着著完成过過开開掉来來去]|[了过過着著起完])$"
_HAN_RUN = r"[\u4e00-\u9fff]+"
# A word of letters is one sign, however long.
_SIGN = r"(?s)[A-Za-z0-9]+|."
_HAN_TAIL = r"[\u4e00-\u9fff]*$"
_HAN_HEAD = r"[\u4e00-\u9fff]*"


def cost(text: str) -> float:
    """Return how unlike Chinese a text is: words by the lexicon, marks and stray signs by a flat rate."""
    total = 0.0
    done = 0
    for run in compiled(_HAN_RUN).finditer(text):
        total += default_lexicon().cost(run.group()) + _signs_cost(text[done : run.start()])
        done = run.end()
    return total + _signs_cost(text[done:])


def _signs_cost(signs: str) -> float:
    costs = {LOST: _LOST_COST, **dict.fromkeys(MARKS, _MARK_COST)}
    return sum(costs.get(sign, _STRAY_COST) for sign in compiled(_SIGN).findall(signs))


def han_before(text: str) -> str:
    """Return the Chinese characters at the end of a text, as many as are looked at."""
    match = compiled(_HAN_TAIL).search(text[-CONTEXT:])
    return match.group() if match else ""


def han_after(text: str) -> str:
    """Return the Chinese characters at the beginning of a text, as many as are looked at."""
    match = compiled(_HAN_HEAD).match(text[:CONTEXT])
    return match.group() if match else ""


def likeliest(costs: Mapping[str, float]) -> tuple[str, float]:
    """Return the cheapest of some choices, and its probability if one of them is right."""
    best = min(costs, key=costs.__getitem__)
    return best, 1 / sum(exp(costs[best] - other) for other in costs.values())


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
        nothing is known: such a character is chosen with the one before it, as a word, or stays lost, and the
        probability is that of the others. ``left`` and ``right`` are what stands beside the text.
        """
        probability = 1.0
        at = -1
        remaining = list(choices)
        while remaining:
            at = text.index(LOST, at + 1)
            adjacent = len(remaining) > 1 and text[at + 1 : at + 2] == LOST
            places = tuple(remaining.pop(0) for _ in range(2 if adjacent else 1))
            if not places[0]:
                at += len(places) - 1
                continue
            before = han_before(left + text[:at])
            after = han_after(text[at + len(places) :] + right)
            question = before, places, after
            if question not in self._answers:
                self._answers[question] = self._choose(*question)
            chosen, share = self._answers[question]
            probability *= share
            text = text[:at] + chosen + text[at + len(chosen) :]
            at += len(chosen) - 1
        return text, probability

    def _choose(self, before: str, places: Sequence[str], after: str) -> tuple[str, float]:
        """Return the characters that go best between two texts, and their share among all that fit."""
        costs = {word: self._cost_between(before, word, after) for word in _candidates(places)}
        if not costs:
            return LOST * len(places), 0.0
        return likeliest(costs)

    def _cost_between(self, before: str, word: str, after: str) -> float:
        total = cost(before + word + after) + unlikely_forms(word)
        if not after and word[-1] not in MARKS:
            total -= _CLOSING_WEIGHT * log(_closes(before + word))
        parted = compiled(_PARTED).search(before)
        if parted:
            total -= _PARTED_WEIGHT * log(1 + default_lexicon().frequency(parted["verb"] + word[0]))
        around = simplify(before[-1:] + word + after[:1])
        for first, second in pairwise(around):
            total -= _SIGHTING_WEIGHT * log(1 + self._pairs[first + second])
            total -= _PAIR_WEIGHT * pair_gain(first, second)
        return total


def _candidates(places: Sequence[str]) -> Iterator[str]:
    """Yield what can have stood in one lost place or in two adjacent ones."""
    if len(places) == 1:
        yield from places[0]
        return
    if places[1]:
        common = (sorted(place, key=character_frequency)[-_PAIR_CHOICES:] for place in places)
        words: Iterable[str] = map("".join, product(*common))
    else:
        words = _likeliest_words(places[0])
    yield from (word for word in words if _undefined_between(*word))


def _likeliest_words(firsts: str) -> list[str]:
    """Return the words of two characters, of which the first is one of these, that are most frequent."""
    frequencies: dict[str, int] = {}
    for first in firsts:
        for word, frequency in default_lexicon().words_from(simplify(first)).items():
            if len(word) == 2:
                frequencies[first + usual_traditional(word[1])] = frequency
    return sorted(frequencies, key=frequencies.__getitem__)[-_WORD_CHOICES:]


def _closes(clause: str) -> float:
    """Return how often the last word of a clause stands at the end of one."""
    last = default_lexicon().segment(clause)[-1] if gbk.is_han(clause[-1]) else clause[-1]
    return _LONG_WORD_CLOSES if len(last) > 1 else closing_rate(last) or 0.001


def _undefined_between(first: str, second: str) -> bool:
    """Tell whether the second byte of one character and the first of the next are an undefined pair."""
    one, other = gbk.code_of(first), gbk.code_of(second)
    return one is not None and other is not None and gbk.char_of(one[1], other[0]) is None
