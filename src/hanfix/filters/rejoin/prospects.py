"""Which of the places are worth a look: common marks mostly are what they seem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log

from hanfix.filters.rejoin.chain import clusters, is_doubled, source_of, without_long_rows
from hanfix.filters.rejoin.marks import COMMON_MARK, SPACE, STOPS, alike, marks_of
from hanfix.filters.rejoin.study import Ground, crossings_of
from hanfix.filters.rejoin.vocabulary import Vocabulary
from hanfix.lexicon import LONGEST_WORD, TOTAL_FREQUENCY, UNKNOWN_FREQUENCY
from hanfix.script import simplify

# Words must fill so large a share of the places of a mark for the document to split words by habit.
HABIT_SHARE = 0.6
# How many places of a mark are looked at to see whether the document may have the habit at all.
_HABIT_SAMPLE = 48


def worth_a_look(
    text: str, places: Sequence[int], totals: Counter[str], vocabulary: Vocabulary
) -> Iterator[Sequence[int]]:
    """Yield the groups of places in which a join is possible at all.

    Full stops and spaces between characters are common. Of those only the ones count that could split a
    listed word, a word of two characters that hardly stand but together, or the same such word again, unless
    a sample shows that this document may split words with them throughout.
    """
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
    pairs = Counter(text[place - 1] + text[place + 1] for place in places if text[place] in common)
    telling = {pair for pair, count in pairs.items() if _is_telling(simplify(pair), count, vocabulary)}
    places = without_long_rows(text, places)
    wanted = (
        index
        for index, place in enumerate(places)
        if text[place] not in common
        or text[place - 1] + text[place + 1] in telling
        or is_doubled(text, place)
    )
    for cluster in clusters(text, places, wanted):
        if len(cluster) < LONGEST_WORD or not spaces.issuperset(map(text.__getitem__, cluster)):
            yield cluster


def _is_telling(pair: str, count: int, vocabulary: Vocabulary) -> bool:
    if pair in vocabulary.pairs:
        return True
    together = vocabulary.lexicon.frequency(pair)
    if together == 0 or count > 1:
        return together > 0
    apart = [max(vocabulary.lexicon.frequency(char), UNKNOWN_FREQUENCY) for char in pair]
    return log(TOTAL_FREQUENCY / apart[0] / apart[1] * together) > COMMON_MARK


def _perhaps_a_habit(text: str, places: Sequence[int], kind: str, vocabulary: Vocabulary) -> bool:
    """Tell whether, in a sample of the places of a mark, enough lie within words for a habit."""
    members = frozenset(alike(kind))
    places = [place for place in places if text[place] in members]
    sample = places[:: len(places) // _HABIT_SAMPLE]
    prospects = 0
    for place in sample:
        start, end = source_of(text, place, place)
        ground = Ground(text[start:end], vocabulary.lexicon)
        prospects += bool(crossings_of(ground.chain, ground.across, vocabulary))
    return prospects >= HABIT_SHARE * len(sample)
