"""Which of the places are worth a look: common marks mostly are what they seem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from importlib.resources import files
from math import inf, log

from hanfix.filters.rejoin.chain import clusters, source_of, without_long_rows
from hanfix.filters.rejoin.marks import COMMON_MARK, HAN_CLASS, SPACE, STOPS, alike, marks_of
from hanfix.filters.rejoin.study import Ground, crossings_of
from hanfix.filters.rejoin.vocabulary import Vocabulary
from hanfix.lexicon import LONGEST_WORD, TOTAL_FREQUENCY, UNKNOWN_FREQUENCY, Lexicon
from hanfix.script import simplify

# Words must fill so large a share of the places of a mark for the document to split words by habit.
HABIT_SHARE = 0.6
# How many places of a mark are looked at to see whether the document may have the habit at all.
_HABIT_SAMPLE = 48
_IS_HAN = re.compile(HAN_CLASS)
# So many are kept in mind of each, some 10 MB.
_MOST_KNOWN = 100_000


def worth_a_look(
    text: str, places: Sequence[int], totals: Counter[str], vocabulary: Vocabulary
) -> Iterator[Sequence[int]]:
    """Yield the groups of places in which a join is possible at all.

    No word is split where its characters stand side by side in none. Full stops and spaces between characters
    are common. Of those only the ones count that could split a listed word, a word of two characters that
    hardly stand but together, or the same such word again, unless a sample shows that this document may
    split words with them throughout.
    """
    within = _within_words(vocabulary.pairs)
    contexts = [text[place - 1 : place + 2] for place in places]
    found = _prospects(text, places, contexts, within)
    if not found:
        return
    common = {
        mark
        for kind, total in totals.items()
        if marks_of(kind).rule == STOPS
        or (
            marks_of(kind).other_cost >= COMMON_MARK
            and total > _HABIT_SAMPLE
            and not _perhaps_a_habit(text, places, kind, vocabulary)
        )
        for mark in alike(kind)
    }
    spaces = {mark for mark in common if marks_of(mark).rule == SPACE}
    wanted = _Wanted(contexts, found, common, vocabulary)
    single = without_long_rows(text, places)
    if single is not places:
        places = single
        found = _prospects(text, places, [text[place - 1 : place + 2] for place in places], within)
    for cluster in clusters(text, places, found):
        if any(wanted[text[place - 1 : place + 2]] for place in cluster) and (
            len(cluster) < LONGEST_WORD or not spaces.issuperset(map(text.__getitem__, cluster))
        ):
            yield cluster


def may_split_words(text: str, places: Iterable[int], vocabulary: Vocabulary) -> bool:
    """Tell whether at any of the places a word could be split: nearly always at the first few, or at none."""
    within = _within_words(vocabulary.pairs)
    return any(within[text[place - 1 : place + 2]] for place in places)


def _prospects(text: str, places: Sequence[int], contexts: Iterable[str], within: _WithinWords) -> list[int]:
    """Return the indices of the places at which a word may be split, of which the contexts are given."""
    return [
        index
        for index, context in enumerate(contexts)
        if (how := within[context]) and (how == _ANYHOW or _is_in_row(text, places[index]))
    ]


def _is_in_row(text: str, place: int) -> bool:
    """Tell whether the same mark stands behind the character before or after the one at a place."""
    return text[place] in (text[place - 2 : place - 1], text[place + 2 : place + 3])


@cache
def _inner_pairs() -> dict[str, tuple[str, str]]:
    """Return the characters that follow each within words, and within words so rare; see the table."""
    text = files("hanfix").joinpath("tables", "inner_pairs.txt").read_text(encoding="utf-8")
    lines = (line.partition(" ") for line in text.splitlines())
    return {common[0]: (common[1:], rare) for common, _, rare in lines}


# How a word may be split between two characters: not at all, in each of several gaps, in any way.
_NOHOW, _IN_ROWS, _ANYHOW = range(3)


class _WithinWords(dict[str, int]):
    """How a word may be split where a mark stands between two characters, by the mark with the two.

    Kept in mind from one document to the next, whose neighbours mostly are the same.
    """

    def __init__(self, pairs: frozenset[str]) -> None:
        self._pairs = pairs

    def __missing__(self, context: str) -> int:
        simple = simplify(context[0] + context[2])
        common, rare = _inner_pairs().get(simple[0], ("", ""))
        # Chinese does not follow where the mark stands twice, which splits listed words only.
        if simple[1] in common or simple in self._pairs or not _IS_HAN.match(simple, 1):
            within = _ANYHOW
        else:
            within = _IN_ROWS if simple[1] in rare else _NOHOW
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[context] = within
        return within


@cache
def _within_words(pairs: frozenset[str]) -> _WithinWords:
    return _WithinWords(pairs)


class _Gains(dict[str, float]):
    """How much likelier two characters stand together as a word than as two, in nats; kept in mind, too.

    Infinite for neighbours in a word often split; minus infinite for what is no word.
    """

    def __init__(self, lexicon: Lexicon, pairs: frozenset[str]) -> None:
        self._lexicon = lexicon
        self._pairs = pairs

    def __missing__(self, pair: str) -> float:
        simple = simplify(pair)
        together = self._lexicon.frequency(simple)
        if simple in self._pairs:
            gain = inf
        elif together:
            apart = [max(self._lexicon.frequency(char), UNKNOWN_FREQUENCY) for char in simple]
            gain = log(TOTAL_FREQUENCY / apart[0] / apart[1] * together)
        else:
            gain = -inf
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[pair] = gain
        return gain


@cache
def _gains(lexicon: Lexicon, pairs: frozenset[str]) -> _Gains:
    return _Gains(lexicon, pairs)


class _Wanted(dict[str, bool]):
    """Whether a context is one to look at by itself; worked out for those that are asked for."""

    def __init__(
        self,
        contexts: Sequence[str],
        found: Iterable[int],
        common: set[str],
        vocabulary: Vocabulary,
    ) -> None:
        self._contexts = contexts
        self._found = found
        self._common = common
        self._gains = _gains(vocabulary.lexicon, vocabulary.pairs)

    def __missing__(self, context: str) -> bool:
        mark, right = context[1], context[2]
        wanted = mark not in self._common or mark == right or self._is_telling(context[0] + right)
        self[context] = wanted
        return wanted

    def _is_telling(self, pair: str) -> bool:
        gain = self._gains[pair]
        return gain > COMMON_MARK or (gain > -inf and (self._of_found[pair] or self._of_all[pair]) > 1)

    @cached_property
    def _of_found(self) -> Counter[str]:
        """How often common marks part the neighbours that may stand within a word."""
        return self._counted(map(self._contexts.__getitem__, self._found))

    @cached_property
    def _of_all(self) -> Counter[str]:
        """How often common marks part any neighbours: the others are seldom asked for."""
        return self._counted(self._contexts)

    def _counted(self, contexts: Iterable[str]) -> Counter[str]:
        pairs: Counter[str] = Counter()
        for context, times in Counter(contexts).items():
            if context[1] in self._common:
                pairs[context[0] + context[2]] += times
        return pairs


def _perhaps_a_habit(text: str, places: Sequence[int], kind: str, vocabulary: Vocabulary) -> bool:
    """Tell whether, in a sample of the places of a mark, enough lie within words for a habit."""
    members = frozenset(alike(kind))
    places = [place for place in places if text[place] in members]
    sample = places[:: len(places) // _HABIT_SAMPLE]
    within = _within_words(vocabulary.pairs)
    prospects = [place for place in sample if within[text[place - 1 : place + 2]]]
    # What may fail for the habit still to be one.
    spare = len(prospects) - HABIT_SHARE * len(sample)
    for place in prospects:
        if spare < 0:
            return False
        start, end = source_of(text, place, place)
        ground = Ground(text[start:end], vocabulary.lexicon)
        spare -= not crossings_of(ground.chain, ground.across, vocabulary)
    return spare >= 0
