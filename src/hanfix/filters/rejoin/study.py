"""The study of a chain: which words with gaps make it more probable as Chinese."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import exp, inf, log
from typing import NamedTuple

from hanfix.filters.rejoin.chain import Chain, Word, chain_of, is_row
from hanfix.filters.rejoin.marks import DOT, HYPHEN, MIDDLE_DOT, RARE_MARK, STOPS, SYMBOL, UNDERSCORE
from hanfix.filters.rejoin.meant import are_set_apart, is_in_a_date, is_in_a_name
from hanfix.filters.rejoin.pauses import closeness_of
from hanfix.filters.rejoin.vocabulary import PLACES, Vocabulary, kept_apart
from hanfix.lexicon import LONGEST_WORD, TOTAL_FREQUENCY, UNKNOWN_FREQUENCY, Lexicon, default_lexicon

# A mark in every one of two gaps or more does not come about by chance.
_EVERY_GAP = 4.0
# Two words of two characters or more, each sound by itself: 北京-大学 is rather a title than a split word.
COMPOUND = 10.0
# How much more often than by chance two words must stand together to make a fixed one, as a logarithm.
_FIXED = 5.5
# Words of the lexicon that were hardly ever counted (names, phrases, chance) decide nothing.
# The table of neighbours within words, ``inner_pairs.txt``, is made by this and the next.
LEAST_FREQUENCY = 5
# The same for those split in every one of two gaps or more.
LEAST_FREQUENCY_IN_ROW = 3
# What any word costs where the document has the habit (see _HABIT_*), and what it never falls below.
_HABITUAL_COST = 4.0
_LEAST_COST = 1.0
# The same where the document splits words with the mark throughout, and what two longer words then add.
_THROUGHOUT_COST = 0.0
_THROUGHOUT_COMPOUND = 3.0
# The same for characters that stand together so much likelier than apart, in nats.
_CLOSE, _CLOSE_COST = 6.0, 0.5
# A join that takes its first or last characters away from words beside it (公共-产品, 居民-主站) must be that
# much better.
_STRADDLES = 2.5
# The same where the mark has no business between Chinese characters, or splits words throughout.
_STRADDLES_RARE = 1.5
# The same where what stands on both sides of the mark are words: 平壤-市政府, 新民-党校.
_STRADDLES_SOUND = 10.0
# Words beside it count that were seen so often: 开赌 and 笔削 are none that 开赌~场 and 铅#笔削 would tear.
_LEAST_RIVAL = 20
# That is where the mark costs an unlisted word no more than this: a slash may well stand between words.
_SEEMS_OUT_OF_PLACE = 8.0
# What the names of places and of institutions end with that follow another name: 昆明-火车站.
_PLACE_ENDINGS = frozenset("站市县区省镇乡村路街巷港桥场院校园馆所厂店城楼门寺庙宫府部局厅")


class Crossing(NamedTuple):
    """A word that has gaps inside, with what it costs as a word and what a join costs at the least.

    A join that costs as much as it is ``worth`` makes the word no more probable than its pieces.
    """

    word: Word
    bare: float
    least: float
    worth: float


# For each place of a chain where the words that begin there and hold no gap end, and what they cost. Tuples
# throughout: the garbage collector passes them over.
_PlainWords = tuple[tuple[tuple[int, float], ...], ...]


class _Division(NamedTuple):
    """The most probable division of a chain into words: where they end, what they cost, which hold gaps."""

    ends: frozenset[int]
    costs: Sequence[float]
    words: tuple[Word, ...]


def _joinable(chain: Chain, word: Word, vocabulary: Vocabulary) -> bool:
    """Tell whether a split of a word could be anything but meant."""
    gaps = chain.gaps[word.first : word.last + 1]
    kind, rule = gaps[0].kind, gaps[0].marks.rule
    if len(gaps) > 1 and any(gap.kind != kind for gap in gaps):
        return False
    simple = chain.word(word)
    if len(kind) > 1 and (simple not in vocabulary.listed or len(gaps) == 1):
        return False
    cuts = chain.cuts[word.first : word.last + 1]
    if rule == STOPS:
        if not is_row(word):
            return False
        if simple in vocabulary.listed and len(gaps) > 1:
            return not all(are_set_apart(chain.simple, cut, kept_apart()) for cut in cuts)
    elif simple in vocabulary.listed:
        # 五·四运动, 九·一八事变: the day and the month.
        return kind != MIDDLE_DOT or len(cuts) > 1 or not is_in_a_date(chain, cuts[0])
    least = LEAST_FREQUENCY_IN_ROW if is_row(word) and len(gaps) > 1 else LEAST_FREQUENCY
    if vocabulary.lexicon.frequency(simple) < least:
        return False
    meant = kept_apart()
    if kind not in vocabulary.throughout and (
        simple in meant.written
        or (rule in (HYPHEN, DOT) and meant.foreign.issuperset(simple))
        or (rule == DOT and any(is_in_a_name(chain, cut, meant) for cut in cuts))
    ):
        return False
    return not any(
        are_set_apart(chain.simple, cut, meant) and chain.simple[cut - 1 : cut + 1] not in vocabulary.listed
        for cut in cuts
    )


def is_fixed(word: str, cut: int) -> bool:
    """Tell whether a word is more than two words that happen to meet: 恐怖主义, but not 自由民主."""
    lexicon = default_lexicon()
    whole, parts = lexicon.frequency(word), (lexicon.frequency(word[:cut]), lexicon.frequency(word[cut:]))
    return whole * TOTAL_FREQUENCY >= exp(_FIXED) * max(parts[0], 1) * max(parts[1], 1) and whole > 0


def is_place_pair(word: str, cut: int, vocabulary: Vocabulary) -> bool:
    """Tell whether a gap parts the names of a place and of one in it, as routes have them: 昆明-火车站."""
    return (
        min(cut, len(word) - cut) > 1
        and word[-1] in _PLACE_ENDINGS
        and vocabulary.listed.get(word[:cut]) == PLACES
    )


def shape_cost(chain: Chain, word: Word, compound: float) -> float:
    """Return what the way in which an unlisted word is split adds to its cost."""
    if is_row(word):
        return -_EVERY_GAP if word.last > word.first else 0.0
    cut = chain.cuts[word.first]
    return compound if word.first == word.last and min(cut - word.start, word.end - cut) > 1 else 0.0


def _least_cost(chain: Chain, word: Word, vocabulary: Vocabulary) -> float:
    """Return what a join costs where everything else speaks for it; infinite when it is not to be made."""
    if not _joinable(chain, word, vocabulary):
        return inf
    if chain.word(word) in vocabulary.listed:
        return 0.0
    if chain.gaps[word.first].kind in vocabulary.throughout:
        return max(0.0, _THROUGHOUT_COST + shape_cost(chain, word, _THROUGHOUT_COMPOUND))
    return max(_LEAST_COST, _HABITUAL_COST + shape_cost(chain, word, COMPOUND))


def _words_across(chain: Chain, lexicon: Lexicon) -> tuple[tuple[Word, float], ...]:
    """Return the words across gaps, in order, and what they cost as words."""
    simple, cuts = chain.simple, chain.cuts
    across: list[tuple[Word, float]] = []
    for index, cut in enumerate(cuts):
        # Words that begin before the gap before this one were seen there.
        earliest = max(cut - LONGEST_WORD + 1, cuts[index - 1] if index else 0)
        for start in range(earliest, cut):
            first = simple[start]
            lengths = lexicon.lengths_from(first)
            if start + lengths[-1] <= cut:
                continue
            words = lexicon.words_from(first)
            for length in lengths:
                end = start + length
                if end <= cut:
                    continue
                if end > len(simple):
                    break
                frequency = words.get(simple[start:end], 0)
                if frequency:
                    word = Word(start, end, index, bisect_left(cuts, end) - 1)
                    across.append((word, log(TOTAL_FREQUENCY / frequency)))
    return tuple(across)


def crossings_of(
    chain: Chain, across: Iterable[tuple[Word, float]], vocabulary: Vocabulary
) -> tuple[Crossing, ...]:
    """Return the words across gaps that are, at the least cost, more probable than their pieces, in order.

    No other can make the chain more probable. Where there are none, no division need be tried.
    """
    crossings: list[Crossing] = []
    for word, bare in across:
        least = _least_cost(chain, word, vocabulary)
        if least < inf:
            ends = (word.start, *chain.cuts[word.first : word.last + 1], word.end)
            worth = sum(vocabulary.lexicon.cost(chain.simple[i:j]) for i, j in pairwise(ends)) - bare
            # The characters are common as words, and yet may go together too well to be two.
            if (
                _CLOSE_COST < worth <= least == _HABITUAL_COST
                and closeness_of(chain, word, vocabulary.lexicon) >= _CLOSE
            ):
                least = _CLOSE_COST
            if least < worth:
                crossings.append(Crossing(word, bare, least, worth))
    return tuple(crossings)


def _plain_words(chain: Chain, lexicon: Lexicon) -> _PlainWords:
    plain: list[tuple[tuple[int, float], ...]] = []
    borders = iter((*chain.cuts, len(chain.simple)))
    border = next(borders)
    for start, first in enumerate(chain.simple):
        if start == border:
            border = next(borders)
        words = lexicon.words_from(first)
        here: list[tuple[int, float]] = []
        for length in lexicon.lengths_from(first):
            end = start + length
            if end > border:
                break
            frequency: float = words.get(chain.simple[start:end], 0)
            if frequency == 0:
                if length > 1:
                    continue
                frequency = UNKNOWN_FREQUENCY
            here.append((end, log(TOTAL_FREQUENCY / frequency)))
        plain.append(tuple(here))
    return tuple(plain)


def _divide(plain: _PlainWords, joins: Sequence[tuple[Word, float]]) -> _Division:
    """Return the most probable division of a chain; no word crosses a gap but those given, in order."""
    length = len(plain)
    costs = [0.0] + [inf] * length
    back: list[tuple[int, Word | None]] = [(0, None)] * (length + 1)
    index = 0
    for start, words in enumerate(plain):
        base = costs[start]
        for end, cost in words:
            if base + cost < costs[end]:
                costs[end] = base + cost
                back[end] = start, None
        while index < len(joins) and joins[index][0].start == start:
            word, cost = joins[index]
            if base + cost < costs[word.end]:
                costs[word.end] = base + cost
                back[word.end] = start, word
            index += 1
    ends = [length]
    split: list[Word] = []
    while ends[-1] > 0:
        before, chosen = back[ends[-1]]
        if chosen:
            split.append(chosen)
        ends.append(before)
    return _Division(frozenset(ends), tuple(costs), tuple(reversed(split)))


def words_to_join(
    study: Study, vocabulary: Vocabulary, cost: Callable[[Crossing], float]
) -> tuple[Word, ...]:
    """Return the split words of the best division, but those that tear words beside them for little."""
    priced = ((crossing, cost(crossing)) for crossing in study.crossings)
    joins = [(crossing.word, crossing.bare + price) for crossing, price in priced if price < inf]
    while joins:
        whole = _divide(study.plain, joins)
        bad = {word for word in whole.words if _tears(study.chain, word, vocabulary, study.apart, whole)}
        if not bad:
            return whole.words
        joins = [(word, price) for word, price in joins if word not in bad]
    return ()


def _tears(chain: Chain, word: Word, vocabulary: Vocabulary, apart: _Division, whole: _Division) -> bool:
    """Tell whether a word takes characters away from the words beside it, and gains too little by that."""
    gap = chain.gaps[word.first]
    out_of_place = gap.marks.other_cost <= RARE_MARK
    # But the entries of menus have an underscore before any letter: 域_名称.
    if out_of_place and gap.kind != UNDERSCORE and chain.word(word) in vocabulary.listed:
        return False
    rivals = [_word_over(border, apart) for border in (word.start, word.end) if border not in apart.ends]
    if (gap.marks.rule == SYMBOL and gap.marks.other_cost <= _SEEMS_OUT_OF_PLACE) or (
        gap.marks.rule == HYPHEN and chain.word(word) in vocabulary.listed
    ):
        # What stands there is hardly a pair of words.
        rivals = [
            (i, j) for i, j in rivals if vocabulary.lexicon.frequency(chain.simple[i:j]) >= _LEAST_RIVAL
        ]
    if not rivals:
        return False
    common = apart.ends & whole.ends
    left = max(end for end in common if end <= word.start)
    right = min(end for end in common if end >= word.end)
    gain = (apart.costs[right] - apart.costs[left]) - (whole.costs[right] - whole.costs[left])
    if out_of_place or gap.kind in vocabulary.throughout:
        return gain < _STRADDLES_RARE
    # A slash and the like stand between words that end there: 市长/江.
    ends_there = (
        gap.marks.other_cost > _SEEMS_OUT_OF_PLACE
        and word.first == word.last
        and any(end == chain.cuts[word.first] for _, end in rivals)
    )
    return gain < (_STRADDLES_SOUND if ends_there or _are_sound_apart(chain, word, apart) else _STRADDLES)


def _word_over(border: int, division: _Division) -> tuple[int, int]:
    """Return the span of the word of a division that reaches over a place."""
    return max(end for end in division.ends if end < border), min(
        end for end in division.ends if end > border
    )


def _are_sound_apart(chain: Chain, word: Word, apart: _Division) -> bool:
    """Tell whether a gap stands between two longer words, of which a join would make others: 新民-党校."""
    cut = chain.cuts[word.first]
    return (
        word.first == word.last
        and cut - word.start > 1
        and word.start in apart.ends
        and apart.ends.isdisjoint(range(word.start + 1, cut))
        and apart.ends.isdisjoint(range(cut + 1, word.end + 1))
    )


class Ground:
    """What is known of a chain whatever the document does."""

    __slots__ = ("_division", "_lexicon", "across", "chain")

    def __init__(self, source: str, lexicon: Lexicon) -> None:
        self.chain = chain_of(source)
        self.across = _words_across(self.chain, lexicon)
        self._lexicon = lexicon
        self._division: tuple[_PlainWords, _Division] | None = None

    def division(self) -> tuple[_PlainWords, _Division]:
        """Return the words without gaps, and the division of the chain as it stands."""
        if self._division is None:
            plain = _plain_words(self.chain, self._lexicon)
            self._division = plain, _divide(plain, ())
        return self._division


@dataclass(frozen=True, eq=False, slots=True)
class Study:
    """A chain with its division as it stands, and the words that could be joined at the least cost."""

    chain: Chain
    lexicon: Lexicon
    crossings: tuple[Crossing, ...]
    plain: _PlainWords
    apart: _Division
    possible: tuple[Word, ...] = ()
    # The same before what stands around the chain was looked at.
    likeliest: tuple[Word, ...] = ()
    _close: dict[Word, float] = field(default_factory=dict)

    def closeness(self, word: Word) -> float:
        """Return how much likelier the characters around a word's gaps stand together than apart."""
        if word not in self._close:
            self._close[word] = closeness_of(self.chain, word, self.lexicon)
        return self._close[word]


class Studies:
    """The studies of a document's chains: equal ones, in one place or round and the next, are one."""

    def __init__(self, vocabulary: Vocabulary, grounds: dict[str, Ground] | None = None) -> None:
        self.vocabulary = vocabulary
        self._grounds: dict[str, Ground] = {} if grounds is None else grounds
        self._known: dict[str, Study | None] = {}
        self._others: dict[frozenset[str], Studies] = {}

    def of(self, source: str) -> Study | None:
        """Return the study of a chain; nothing when no join of it is possible."""
        if source not in self._known:
            self._known[source] = self._study(source)
        return self._known[source]

    def throughout(self, kinds: frozenset[str]) -> Studies:
        """Return the studies for a document that splits words throughout with marks of these kinds."""
        if kinds not in self._others:
            vocabulary = replace(self.vocabulary, throughout=kinds)
            self._others[kinds] = Studies(vocabulary, self._grounds)
        return self._others[kinds]

    def _study(self, source: str) -> Study | None:
        lexicon = self.vocabulary.lexicon
        ground = self._grounds.get(source) or Ground(source, lexicon)
        chain = ground.chain
        crossings = crossings_of(chain, ground.across, self.vocabulary)
        # Where words are split throughout, so is what is no word.
        wanted = any(gap.kind in self.vocabulary.throughout for gap in chain.gaps)
        if not crossings and not wanted:
            return None
        study = Study(chain, lexicon, crossings, *ground.division())
        possible = words_to_join(study, self.vocabulary, lambda crossing: crossing.least)
        if not possible and not wanted:
            return None
        self._grounds[source] = ground
        return replace(study, possible=possible, likeliest=possible)
