"""Whether a mark between two characters is a pause: how clauses close and open in running text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from math import log
from typing import NamedTuple

from hanfix.filters.rejoin.chain import Chain, Word
from hanfix.lexicon import TOTAL_FREQUENCY, Lexicon, pair_counts

# How many sightings the likelihood of a single character stands for beside that of a pair with it.
_BACK_OFF = 2.0
# A share that nothing was seen of is no smaller than this.
_LEAST_SHARE = 1e-6


class _Pauses(NamedTuple):
    closes: dict[str, int]  # how often a character, or a pair, stands at the end of a clause
    opens: dict[str, int]
    clauses: int


@cache
def _pauses() -> _Pauses:
    text = files("hanfix").joinpath("tables", "pauses.txt").read_text(encoding="utf-8")
    entries = text.split()
    closes = dict(zip(entries[::3], map(int, entries[1::3]), strict=True))
    opens = dict(zip(entries[::3], map(int, entries[2::3]), strict=True))
    return _Pauses(closes, opens, sum(count for key, count in opens.items() if len(key) == 1))


def closeness(before: str, left: str, right: str, after: str, share: float = 0.0) -> float:
    """Return how much likelier two characters of running text stand together than apart, in nats.

    ``before`` and ``after`` are the characters around them, empty where none stands; apart they close and
    open a clause. All in simplified script. A word that the two are part of makes up at least the given
    ``share`` of all words.

    >>> closeness("的", "小", "说", "因") > 5 > closeness("很", "小", "说", "实")
    True
    """
    counts, total = pair_counts()
    pauses = _pauses()

    def count(text: str) -> int:
        return counts.get(text, 0)

    def follows(first: str, second: str) -> float:
        chance = (count(second) + 0.1) / total
        return (count(first + second) + _BACK_OFF * chance) / (count(first) + _BACK_OFF) + _LEAST_SHARE

    ends = (pauses.closes.get(left, 0) + 0.5) / (count(left) + 5)
    if before:
        closed = pauses.closes.get(before + left, 0)
        ends = (closed + _BACK_OFF * ends) / (count(before + left) + _BACK_OFF)
    began = pauses.opens.get(right, 0)
    begins = (began + 0.05) / pauses.clauses
    goes_on = 1.0
    if after:
        goes_on = follows(right, after)
        begun = pauses.opens.get(right + after, 0)
        begins *= (begun + _BACK_OFF * goes_on) / (began + _BACK_OFF)
    together = max(follows(left, right), share * total / (count(left) + _BACK_OFF))
    return log(together * goes_on / ends / begins)


def closeness_of(chain: Chain, word: Word, lexicon: Lexicon) -> float:
    """Return how close the characters of a word are at its gaps, at the one where they are closest."""
    share = lexicon.frequency(chain.word(word)) / TOTAL_FREQUENCY
    return max(
        closeness_at(chain, cut, (word.start, word.end), share)
        for cut in chain.cuts[word.first : word.last + 1]
    )


def closeness_at(chain: Chain, cut: int, span: tuple[int, int], share: float = 0.0) -> float:
    """Return how close the characters at a gap are; those behind other gaps count within a span alone."""
    simple = chain.simple
    borders = {0, len(simple), *(each for each in chain.cuts if not span[0] < each < span[1])}
    before = "" if cut - 1 in borders else simple[cut - 2]
    after = "" if cut + 1 in borders else simple[cut + 1]
    return closeness(before, simple[cut - 1], simple[cut], after, share)
