"""The words of a document that could be joined, and what the document says for or against it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from math import inf
from operator import add
from typing import NamedTuple

from hanfix.edit import Edit
from hanfix.filters.rejoin.chain import Chain, Word, is_doubled, row_around, source_of, span_of
from hanfix.filters.rejoin.marks import COMMON_MARK, HYPHEN, LEAN_RULES, RARE_MARK, SPACE, STOPS, kind_of
from hanfix.filters.rejoin.meant import (
    BAR,
    ROMANIZED_AFTER,
    ROMANIZED_BEFORE,
    ROMANIZED_REACH,
    in_row_of_bars,
    is_an_entry,
    is_in_a_code,
    is_spoken_about,
    stands_alone,
)
from hanfix.filters.rejoin.prospects import HABIT_SHARE, worth_a_look
from hanfix.filters.rejoin.study import COMPOUND, Crossing, Studies, Study, shape_cost, words_to_join
from hanfix.filters.rejoin.vocabulary import Vocabulary

# The same word split the same way twice, and three times or more, in the document.
_SPLIT_TWICE, _SPLIT_OFTEN = 3.0, 5.0
# The word stands whole elsewhere in the document: it is of this text's vocabulary.
_WHOLE_ELSEWHERE = 1.0
# A mark that sets things side by side (a hyphen, a slash, a middle dot) may do so in any two characters that
# make a word (稻-麦, 店-铺), unless the document splits a listed word with it.
_SIDE_BY_SIDE = 4.5
# What a `lean` rule, a guess, goes without.
_LEAN = 3.0
# A document splits words by habit when at least so many different words are split with one mark, and they
# fill a large enough share of the places where that mark stands between two characters (HABIT_SHARE).
_HABIT_WORDS = 4
# With so many different words it does so throughout: no list, name or manner of writing fills as many.
_THROUGHOUT_WORDS = 10
# How far into a document its own vocabulary is looked up, in characters: bounds the work on a large one.
_VOCABULARY_REACH = 200_000
# So many chains to decide on make an index of that part of the document worth its time.
_MANY = 1000
# A row of single characters with a mark in every gap is joined throughout when words fill this share of it;
# 一-二-三 and 甲-乙-丙 are no words.
_ROW_SHARE = 0.75
# With a word of the often-split list among them this share will do, in a row of so many characters.
_ROW_SHARE_LISTED = 0.5
_CLEAR_ROW = 4


class _Join(NamedTuple):
    """Gaps of a chain to close, and the words this makes."""

    first: int
    last: int
    words: tuple[Word, ...]


class Candidates:
    """All words of a document that could be joined, and what the document says for or against it."""

    def __init__(self, text: str, places: Sequence[int], studies: Studies) -> None:
        self._text = text
        self._vocabulary = studies.vocabulary
        self._head = text[:_VOCABULARY_REACH]
        self._whole: dict[str, bool] = {}
        totals: Counter[str] = Counter()
        for mark, count in Counter(map(text.__getitem__, places)).items():
            totals[kind_of(mark)] += count
        # Doubled marks are no evidence of how often the mark stands between characters by itself.
        totals.subtract(kind_of(text[place]) for place in places if is_doubled(text, place))
        # Where the chains begin and end: arrays, since a text split throughout holds millions.
        starts, ends = array("Q"), array("Q")
        for cluster in worth_a_look(text, places, totals, self._vocabulary):
            start, end = source_of(text, cluster[0], cluster[-1])
            starts.append(start)
            ends.append(end)
        self._look(studies, starts, ends)
        self._dodging = {kind for word, kind in self._split if word in self._vocabulary.listed}
        self._habits = self._kinds_that_split(totals, _HABIT_WORDS)
        throughout = self._kinds_that_split(totals, _THROUGHOUT_WORDS)
        if throughout:
            studies = studies.throughout(throughout)
            self._vocabulary = studies.vocabulary
            self._look(studies, starts, ends)

    def _look(self, studies: Studies, starts: Sequence[int], ends: Sequence[int]) -> None:
        self._found: list[Study] = []
        self._starts = array("Q")
        for start, end in zip(starts, ends, strict=True):
            study = studies.of(self._text[start:end])
            if study is None:
                continue
            alone = [word for word in study.possible if stands_alone(self._text, start, study.chain, word)]
            if alone:
                study = replace(study, possible=tuple(word for word in study.possible if word not in alone))
            if study.possible:
                self._found.append(study)
                self._starts.append(start)
        self._split: Counter[tuple[str, str]] = Counter()
        self._filled: Counter[str] = Counter()
        for study, times in Counter(self._found).items():
            for word in study.possible:
                kind = study.chain.gaps[word.first].kind
                self._split[study.chain.word(word), kind] += times
                self._filled[kind] += times * (word.last - word.first + 1)

    def _kinds_that_split(self, totals: Counter[str], least: int) -> frozenset[str]:
        """Return the marks with which at least so many different words are split, in most of their places."""
        different = Counter(kind for _, kind in self._split)
        return frozenset(
            kind
            for kind, total in totals.items()
            if different[kind] >= least and self._filled[kind] >= HABIT_SHARE * total
        )

    def edits(self, *, lean: bool) -> Iterator[Edit]:
        """Yield an edit for each word to join; with ``lean`` on less evidence, by the rules for guesses."""
        # What does not depend on where a chain stands, worked out once for all that are equal.
        plans: dict[Study, tuple[tuple[Word, ...], list[Edit]]] = {}
        for study, at in zip(self._found, self._starts, strict=True):
            if study not in plans:
                words = self._choose(study, lean=lean)
                plans[study] = words, list(self._edits_of(study, words, lean=lean))
            words, edits = plans[study]
            free = tuple(word for word in words if not self._is_held_back(at, study.chain, word))
            if len(free) < len(words):
                edits = list(self._edits_of(study, free, lean=lean))
            for start, end, new, rule, why in edits:
                yield Edit(at + start, at + end, new, rule, why)

    def _choose(self, study: Study, *, lean: bool) -> tuple[Word, ...]:
        """Return the words to join that the document and the chain speak for."""
        costs = {crossing: self._cost(study.chain, crossing, lean=lean) for crossing in study.crossings}
        if all(cost >= crossing.worth for crossing, cost in costs.items()):
            return ()
        if all(cost == crossing.least for crossing, cost in costs.items()):
            return study.likeliest
        return words_to_join(study, self._vocabulary, costs.__getitem__)

    def _edits_of(self, study: Study, words: Iterable[Word], *, lean: bool) -> Iterator[Edit]:
        """Yield the edits that join the words, as if the text began with the chain."""
        chain = study.chain
        for join in self._joins(study, words):
            first, last = chain.gaps[join.first], chain.gaps[join.last]
            new = chain.text[chain.cuts[join.first] : chain.cuts[join.last]]
            rule = f"{first.marks.rule}-lean" if lean else first.marks.rule
            yield Edit(first.start, last.end, new, rule, self._why(chain, join))

    def _joins(self, study: Study, words: Iterable[Word]) -> list[_Join]:
        chain = study.chain
        joins: list[_Join] = []
        for word in words:
            if joins and word.first <= joins[-1].last:
                continue  # lies in a row that is joined throughout
            row = row_around(chain, word)
            # After a word split with commas a comma may well follow, and then the next clause.
            stops = chain.gaps[word.first].marks.rule == STOPS
            if row is None or (
                stops and row == (word.first, word.last + 1) and chain.cuts[row[1]] < len(chain.text) - 1
            ):
                joins.append(_Join(word.first, word.last, (word,)))
                continue
            members = _row_words(chain, row, study.possible, self._vocabulary)
            if members:
                free = joins[-1].last + 1 if joins else 0
                first = max(free, min(row[0], word.first, *(member.first for member in members)))
                last = max(row[1], word.last, *(member.last for member in members))
                joins.append(_Join(first, last, members))
        spaced = [join for join in joins if chain.gaps[join.first].marks.rule == SPACE]
        if spaced and not self._spaces_are_of_words(chain, joins):
            joins = [join for join in joins if join not in spaced]
        return joins

    def _cost(self, chain: Chain, crossing: Crossing, *, lean: bool) -> float:
        word, least = crossing.word, crossing.least
        gap = chain.gaps[word.first]
        if lean and gap.marks.rule not in LEAN_RULES:
            return inf
        simple = chain.word(word)
        discount = self._discount(chain.text[word.start : word.end], simple, gap.kind) + _LEAN * lean
        if simple in self._vocabulary.listed:
            # A pause, or a space after every word, may stand between the words of a compound.
            shape = shape_cost(chain, word, COMPOUND) if gap.marks.other_cost >= COMMON_MARK else 0.0
            return max(least, gap.marks.listed_cost + max(0.0, shape) - discount)
        if gap.kind in self._habits:
            return least
        cost = gap.marks.other_cost + shape_cost(chain, word, COMPOUND) - discount
        if not lean and gap.kind not in self._dodging and RARE_MARK < gap.marks.other_cost < COMMON_MARK:
            cost += _SIDE_BY_SIDE
        return max(least, cost)

    def _discount(self, word: str, simple: str, kind: str) -> float:
        times = self._split[simple, kind]
        found = _SPLIT_OFTEN if times > 2 else _SPLIT_TWICE if times == 2 else 0.0
        if word not in self._whole:
            if len(self._found) <= _MANY:
                self._whole[word] = word in self._head
            else:
                pairs_stand = self._neighbours.issuperset(map(add, word, word[1:]))
                self._whole[word] = pairs_stand and (len(word) == 2 or word in self._head)
        return found + _WHOLE_ELSEWHERE * self._whole[word]

    @cached_property
    def _neighbours(self) -> frozenset[str]:
        """The pairs of characters that stand side by side near the head of the text."""
        return frozenset(map(add, self._head, self._head[1:]))

    def _is_held_back(self, at: int, chain: Chain, word: Word) -> bool:
        """Tell whether what stands around a split word says that the split is meant."""
        if stands_alone(self._text, at, chain, word):
            return True
        start, end = span_of(at, chain, word)
        before = self._text[max(0, start - ROMANIZED_REACH) : start]
        after = self._text[end : end + ROMANIZED_REACH]
        if ROMANIZED_AFTER.match(after) or ROMANIZED_BEFORE.search(before):
            return True
        gap = chain.gaps[word.first]
        # Where words are split by habit, so are those in titles and beside numbers.
        if gap.kind not in self._habits and (
            is_an_entry(self._text, start, end)
            or (gap.marks.rule == HYPHEN and is_in_a_code(self._text, start, end, gap.marks.members))
        ):
            return True
        if is_spoken_about(self._text, start, end):
            return True
        return gap.kind == BAR and in_row_of_bars(self._text, start, end)

    def _spaces_are_of_words(self, chain: Chain, joins: list[_Join]) -> bool:
        """Tell whether no space near the words to be joined is a pause or padding."""
        kinds = {chain.gaps[join.first].kind for join in joins if chain.gaps[join.first].marks.rule == SPACE}
        if kinds <= self._habits:
            return True
        inside = {index for join in joins for index in range(join.first, join.last + 1)}
        return all(index in inside or gap.kind not in kinds for index, gap in enumerate(chain.gaps))

    def _why(self, chain: Chain, join: _Join) -> str:
        reasons: list[str] = []
        for word in join.words:
            simple = chain.word(word)
            group = self._vocabulary.listed.get(simple)
            times = self._split[simple, chain.gaps[word.first].kind]
            what = f"a word often split ({group})" if group else "a word"
            often = f", split so {times} times here" if times > 1 else ""
            reasons.append(f"{chain.text[word.start : word.end]} is {what}{often}")
        return "; ".join(reasons)


def _row_words(
    chain: Chain, row: tuple[int, int], words: Sequence[Word], vocabulary: Vocabulary
) -> tuple[Word, ...]:
    """Return the words that fill a row of single characters; none when they do not or it may be meant."""
    if chain.gaps[row[0]].marks.rule in (SPACE, STOPS):
        return ()
    members = tuple(word for word in words if row[0] <= word.last and word.first <= row[1])
    start, end = chain.cuts[row[0]] - 1, chain.cuts[row[1]] + 1
    filled = sum(min(end, word.end) - max(start, word.start) for word in members)
    listed = end - start >= _CLEAR_ROW and any(chain.word(word) in vocabulary.listed for word in members)
    share = _ROW_SHARE_LISTED if listed else _ROW_SHARE
    return members if filled >= share * (end - start) else ()
