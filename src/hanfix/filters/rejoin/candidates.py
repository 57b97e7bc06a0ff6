"""The words of a document that could be joined, and what the document says for or against it."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from math import inf
from operator import add
from typing import NamedTuple

from hanfix.edit import Edit
from hanfix.filters.rejoin.chain import (
    Chain,
    Word,
    clusters,
    row_around,
    source_of,
    without_long_rows,
)
from hanfix.filters.rejoin.marks import (
    COMMON_MARK,
    DOT,
    HAN_CLASS,
    HYPHEN,
    LEAN_RULES,
    RARE_MARK,
    SPACE,
    STOPS,
    Marks,
    alike,
    kind_of,
    marks_of,
)
from hanfix.filters.rejoin.meant import (
    SENTENCE_END,
    are_set_apart,
    is_a_quotation_mark,
    is_an_entry,
    is_drawn_out,
    is_in_a_compound_name,
    is_in_a_name,
    is_in_a_primer,
    is_in_a_sum,
    is_in_japanese,
    is_in_row_of_bars,
    is_on_a_route,
    is_on_a_street,
    is_padded,
    is_romanized,
    is_spoken_about,
    is_sung,
    stands_alone,
)
from hanfix.filters.rejoin.names import (
    MASK,
    is_named,
    is_on_a_masked_street,
    masks_of_names,
    may_be_a_name,
)
from hanfix.filters.rejoin.pauses import closeness_at
from hanfix.filters.rejoin.programs import (
    is_a_literal,
    is_in_a_code,
    is_in_a_path,
    is_keyed,
    is_named_by_its_link,
)
from hanfix.filters.rejoin.prospects import HABIT_SHARE, worth_a_look
from hanfix.filters.rejoin.sighting import CLEAR_ROW, Sighting
from hanfix.filters.rejoin.study import (
    COMPOUND,
    Crossing,
    Studies,
    Study,
    is_fixed,
    is_place_pair,
    shape_cost,
    words_to_join,
)
from hanfix.filters.rejoin.vocabulary import PLACES, Vocabulary, kept_apart

# The same word split the same way twice, and three times or more, in the document.
_SPLIT_TWICE, _SPLIT_OFTEN = 3.0, 5.0
# The word stands whole elsewhere in the document: it is of this text's vocabulary.
_WHOLE_ELSEWHERE = 1.0
# A mark that sets things side by side (a hyphen, a slash, a middle dot) may do so in any two characters that
# make a word (稻-麦, 店-铺), unless the document splits a listed word with it.
_SIDE_BY_SIDE = 4.5
# What a word costs whose characters go together too well for a pause or a list between them.
_CLOSE_COST = 2.0
# Where the mark splits a word often split, or two words and little else, it hardly is a pause or sets things
# side by side in a third, in nats.
_SUPPORT = 3.0
_SUPPORTING_WORDS = 2
# A longer word must have been counted so often: rare ones are names, terms and phrases (阳明胃) of a field.
_SEEN = 20
# So many characters beside a word make it part of a sentence: no label, name or heading.
_BESIDE = 2
# One will do where the characters go together so much better than they must, in nats.
_CLEARLY = 3.0
# Marks that stand before each item of a list, of tags, of names: #民主#自由.
_BEFORE_ITEMS = frozenset("#@★▲")
# A mark that stands in no word at so many places of a document, and at more of them than in words, has
# another use there.
_USED_ELSEWHERE = 3
# Characters on each side that are looked at for the same mark.
_SENTENCE_REACH = 40
# What a `lean` rule, a guess, goes without.
_LEAN = 3.0
# A document splits words by habit when at least so many different words are split with one mark, and they
# fill a large enough share of the places where that mark stands between two characters (HABIT_SHARE).
_HABIT_WORDS = 4
# Half of its places will do for marks that are seldom used at all.
_HABIT_SHARE_SELDOM = 0.5
# With so many different words it does so throughout: no list, name or manner of writing fills as many.
_THROUGHOUT_WORDS = 10
# How far into a document its own vocabulary is looked up, in characters: bounds the work on a large one.
_VOCABULARY_REACH = 200_000
# So many chains to decide on make an index of that part of the document worth its time.
_MANY = 1000
# With which they fill so many of its places it stands in sound places hardly ever: the others too are joined,
# where the characters go together so much better than apart, in nats.
_NOISE_SHARE = 0.65
_CLOSE_NOISE = 0.0
# Marks that cost an unlisted word less than this set nothing side by side where they split words throughout.
_SELDOM_USED = 7.0
# A row of single characters with a mark in every gap is joined throughout when words fill this share of it:
# all, since drawn-out speech and lists have words too, but less where words are split by habit.
_ROW_SHARE, _ROW_SHARE_HABIT = 1.0, 0.75
# With a word of the often-split list among them this share will do, in a row of at least and less than so
# many characters: a longer one is a whole sentence, drawn out.
_ROW_SHARE_LISTED = 0.5
_LONG_ROW = 8


# What says that a mark within a word is meant, whatever else the document does.
_ALWAYS_MEANT: tuple[Callable[[Sighting], bool], ...] = (
    is_padded,
    is_romanized,
    is_in_japanese,
    is_spoken_about,
    is_in_row_of_bars,
    is_in_a_path,
    is_in_a_primer,
    is_a_literal,
    is_named_by_its_link,
)
# The same unless the document splits words by habit.
_MEANT_BUT_BY_HABIT: tuple[Callable[[Sighting], bool], ...] = (
    is_an_entry,
    is_in_a_code,
    is_keyed,
    is_a_quotation_mark,
    is_in_a_compound_name,
    is_in_a_sum,
    is_on_a_route,
    is_on_a_street,
    is_on_a_masked_street,
    is_sung,
    is_drawn_out,
)


class _Join(NamedTuple):
    """Gaps of a chain to close, and the words this makes."""

    first: int
    last: int
    words: tuple[Word, ...]


class Candidates:
    """All words of a document that could be joined, and what the document says for or against it.

    What it says of marks is kept by their kinds: ``_habits``, with which it splits words by habit;
    ``_dodging``, with which it splits words often split, as those do who dodge a filter; ``_supported``,
    these and those with which it splits several words and little else; ``_elsewhere``, which mostly stand
    where they split none; ``_noise``, which, in a document that splits words throughout, hardly stand but
    to split.
    ``_within`` are the places that could split words, all others part something.
    """

    def __init__(self, text: str, places: Sequence[int], studies: Studies) -> None:
        self._text = text
        self._vocabulary = studies.vocabulary
        self._head = text[:_VOCABULARY_REACH]
        self._whole: dict[str, bool] = {}
        totals: Counter[str] = Counter()
        for begin, count in Counter([text[place : place + 2] for place in places]).items():
            # Doubled marks are no evidence of how often the mark stands between characters by itself.
            if begin[0] != begin[1]:
                totals[kind_of(begin[0])] += count
        self._look(studies, worth_a_look(text, places, totals, self._vocabulary))
        self._dodging = {kind for word, kind in self._split if word in self._vocabulary.listed}
        self._habits = self._kinds_that_split(totals, _HABIT_WORDS)
        self._elsewhere = {
            kind
            for kind, total in totals.items()
            if total - self._filled[kind] >= max(_USED_ELSEWHERE, self._filled[kind] + 1)
        }
        self._supported = self._dodging | self._kinds_that_split(totals, _SUPPORTING_WORDS)
        throughout = self._kinds_that_split(totals, _THROUGHOUT_WORDS)
        self._noise = {
            kind
            for kind in throughout
            if _is_seldom_used(marks_of(kind)) or self._filled[kind] >= _NOISE_SHARE * totals[kind]
        }
        if throughout:
            studies = studies.throughout(throughout)
            self._vocabulary = studies.vocabulary
            places = without_long_rows(text, places)
            self._look(studies, clusters(text, places, range(len(places))))

    def _look(self, studies: Studies, groups: Iterable[Sequence[int]]) -> None:
        self._found: list[Study] = []
        # Where the chains begin: an array, since a text split throughout holds millions.
        self._starts = array("Q")
        for group in groups:
            start, end = source_of(self._text, group[0], group[-1])
            study = studies.of(self._text[start:end])
            if study is None:
                continue
            meant = [word for word in study.possible if self._is_no_evidence(start, study.chain, word)]
            if meant:
                study = replace(study, possible=tuple(word for word in study.possible if word not in meant))
            if study.possible or studies.vocabulary.throughout:
                self._found.append(study)
                self._starts.append(start)
        self._split: Counter[tuple[str, str]] = Counter()
        self._filled: Counter[str] = Counter()
        for study, times in Counter(self._found).items():
            for word in study.possible:
                kind = study.chain.gaps[word.first].kind
                self._split[study.chain.word(word), kind] += times
                self._filled[kind] += times * (word.last - word.first + 1)

    def _is_no_evidence(self, at: int, chain: Chain, word: Word) -> bool:
        """Tell whether a word is so surely padded, or a masked name, that it says nothing of the document."""
        if chain.gaps[word.first].kind == MASK:
            find = Sighting(self._text, at, chain, word, self._vocabulary)
            return may_be_a_name(find) and is_named(find)
        return stands_alone(self._text, at, chain, word)

    def _kinds_that_split(self, totals: Counter[str], least: int) -> frozenset[str]:
        """Return the marks with which at least so many different words are split, in most of their places."""
        different = Counter(kind for _, kind in self._split)
        return frozenset(
            kind
            for kind, total in totals.items()
            if different[kind] >= least
            and self._filled[kind]
            >= total * (_HABIT_SHARE_SELDOM if _is_seldom_used(marks_of(kind)) else HABIT_SHARE)
        )

    def edits(self, *, lean: bool) -> Iterator[Edit]:
        """Yield an edit for each word to join; with ``lean`` on less evidence, by the rules for guesses."""
        # What does not depend on where a chain stands, worked out once for all that are equal.
        plans: dict[Study, tuple[tuple[Word, ...], list[Edit]]] = {}
        for study, at in zip(self._found, self._starts, strict=True):
            if study not in plans:
                words = self._choose(study, lean=lean)
                plans[study] = words, list(self._edits_of(study, words, (), lean=lean))
            words, edits = plans[study]
            held = tuple(
                word
                for word in words
                if self._is_held_back(Sighting(self._text, at, study.chain, word, self._vocabulary))
            )
            if held:
                free = tuple(word for word in words if word not in held)
                edits = list(self._edits_of(study, free, held, lean=lean))
            for start, end, new, rule, why in edits:
                yield Edit(at + start, at + end, new, rule, why)

    def _choose(self, study: Study, *, lean: bool) -> tuple[Word, ...]:
        """Return the words to join that the document and the chain speak for."""
        costs = {crossing: self._cost(study, crossing, lean=lean) for crossing in study.crossings}
        if all(cost >= crossing.worth for crossing, cost in costs.items()):
            return ()
        if all(cost == crossing.least for crossing, cost in costs.items()):
            words = study.likeliest
        else:
            words = words_to_join(study, self._vocabulary, costs.__getitem__)
        while words and (items := {word for word in words if self._is_an_item(study.chain, word, words)}):
            words = tuple(word for word in words if word not in items)
        return words

    def _is_an_item(self, chain: Chain, word: Word, words: Sequence[Word]) -> bool:
        """Tell whether the mark in a word stands nearby where it splits none: so it may well set off items.

        A word often split is one that nobody sets apart, but for compounds of two words.
        """
        kind, marks = chain.gaps[word.first].kind, chain.gaps[word.first].marks
        if kind in self._habits or marks.other_cost <= RARE_MARK or marks.rule == STOPS:
            return False
        if chain.word(word) in self._vocabulary.listed and not shape_cost(chain, word, COMPOUND) > 0:
            return False
        first, last = row_around(chain, word) or (word.first, word.last)
        inside = {index for each in words for index in range(each.first, each.last + 1)}
        return any(
            gap.kind == kind and index not in inside and not first <= index <= last
            for index, gap in enumerate(chain.gaps)
        )

    def _edits_of(
        self, study: Study, words: Iterable[Word], held: Iterable[Word], *, lean: bool
    ) -> Iterator[Edit]:
        """Yield the edits that join the words but those held, as if the text began with the chain."""
        chain = study.chain
        joins = self._joins(study, words)
        if self._noise and not lean:
            joins = sorted((*joins, *self._noise_in(chain, joins, held)))
        for join in joins:
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
            share = _ROW_SHARE_HABIT if chain.gaps[word.first].kind in self._habits else _ROW_SHARE
            members = _row_words(chain, row, study.possible, self._vocabulary, share)
            if members:
                free = joins[-1].last + 1 if joins else 0
                # A comma may stand before and after the words of a row.
                ends = (word.first, word.last) if stops else row
                first = max(free, min(ends[0], *(member.first for member in members)))
                last = max(ends[1], *(member.last for member in members))
                joins.append(_Join(first, last, members))
        spaced = [join for join in joins if chain.gaps[join.first].marks.rule == SPACE]
        if spaced and not self._spaces_are_of_words(chain, joins):
            joins = [join for join in joins if join not in spaced]
        return joins

    def _noise_in(self, chain: Chain, joins: Iterable[_Join], held: Iterable[Word]) -> Iterator[_Join]:
        """Yield the gaps within no word of a document in which the mark hardly stands but to split."""
        done: tuple[_Join | Word, ...] = (*joins, *held)
        known = {index for each in done for index in range(each.first, each.last + 1)}
        meant = kept_apart()
        for index, (gap, cut) in enumerate(zip(chain.gaps, chain.cuts, strict=True)):
            if index in known or gap.kind not in self._noise or gap.marks.rule == STOPS:
                continue
            if not _is_seldom_used(gap.marks) and (
                are_set_apart(chain.simple, cut, meant)
                or is_in_a_name(chain, cut, meant)
                or closeness_at(chain, cut, (cut - 1, cut + 1)) < _CLOSE_NOISE
            ):
                continue
            yield _Join(index, index, ())

    def _cost(self, study: Study, crossing: Crossing, *, lean: bool) -> float:
        chain = study.chain
        word, least = crossing.word, crossing.least
        gap = chain.gaps[word.first]
        if lean and gap.marks.rule not in LEAN_RULES:
            return inf
        simple = chain.word(word)
        if (
            gap.marks.rule == STOPS
            and gap.kind not in self._vocabulary.throughout
            and (
                word.first == word.last
                or (simple not in self._vocabulary.listed and gap.marks.other_cost == inf)
            )
        ):
            return inf
        unlisted = simple not in self._vocabulary.listed
        if gap.marks.rule == STOPS and unlisted and gap.kind not in self._vocabulary.throughout:
            # Stops stand in sound text, too, and the same phrase again and again: 元，亨，利，贞.
            if row_around(chain, word) or self._vocabulary.lexicon.frequency(simple) < _SEEN:
                return inf
            return max(least, gap.marks.other_cost + shape_cost(chain, word, COMPOUND))
        discount = self._discount(chain.text[word.start : word.end], simple, gap.kind) + _LEAN * lean
        if simple in self._vocabulary.listed:
            # A pause, or a space after every word, may stand between the words of a compound, and any mark
            # that sets things side by side between two words that are no fixed one.
            cut = chain.cuts[word.first] - word.start
            if gap.marks.other_cost > RARE_MARK and is_place_pair(simple, cut, self._vocabulary):
                return least if gap.kind in self._habits else inf
            loose = gap.marks.other_cost >= COMMON_MARK or (
                (gap.marks.other_cost > RARE_MARK or gap.kind in _BEFORE_ITEMS) and not is_fixed(simple, cut)
            )
            shape = shape_cost(chain, word, COMPOUND) if loose else 0.0
            return max(least, gap.marks.listed_cost + max(0.0, shape) - discount)
        if gap.kind in self._habits:
            return least
        if gap.marks.other_cost > RARE_MARK and self._begins_with_a_place(chain, word):
            return inf
        shape = shape_cost(chain, word, COMPOUND)
        cost = gap.marks.other_cost + shape - discount
        if not lean and gap.kind not in self._dodging and RARE_MARK < gap.marks.other_cost < COMMON_MARK:
            cost += _SIDE_BY_SIDE
        closeness = study.closeness(word) + discount + _SUPPORT * (gap.kind in self._supported)
        beside = len(chain.text) - (word.end - word.start)
        in_a_sentence = beside >= _BESIDE or (beside > 0 and closeness >= gap.marks.closeness + _CLEARLY)
        if gap.marks.rule == DOT and not in_a_sentence and discount < _SPLIT_TWICE and not lean:
            return inf
        if (
            in_a_sentence
            and shape <= 0
            and (word.end - word.start == 2 or self._vocabulary.lexicon.frequency(simple) >= _SEEN)
            and gap.kind not in self._elsewhere
            and gap.marks.closeness <= closeness
        ):
            cost = min(cost, _CLOSE_COST + shape - discount)
        return max(least, cost)

    def _begins_with_a_place(self, chain: Chain, word: Word) -> bool:
        """Tell whether a gap stands behind the name of a place: 和田-玉枣."""
        name = chain.simple[word.start : chain.cuts[word.first]]
        return len(name) > 1 and self._vocabulary.listed.get(name) == PLACES

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

    def _is_held_back(self, find: Sighting) -> bool:
        """Tell whether what stands around a split word says that the split is meant."""
        habitual = find.kind in self._habits
        return (
            any(is_meant(find) for is_meant in _ALWAYS_MEANT)
            or self._is_a_name(find, habitual=habitual)
            # Where words are split by habit, so are those in titles and beside numbers.
            or (
                not habitual
                and (any(is_meant(find) for is_meant in _MEANT_BUT_BY_HABIT) or self._parts_others(find))
            )
        )

    def _is_a_name(self, find: Sighting, *, habitual: bool) -> bool:
        """Tell whether a mark masks a character of a name.

        Of a word that is on no list the surname says enough, unless the document splits words by habit.
        """
        return may_be_a_name(find) and (
            not (find.listed or habitual) or is_named(find) or (self._masks_names and not habitual)
        )

    @cached_property
    def _masks_names(self) -> bool:
        """Whether an asterisk stands between a surname and another character that make no word."""
        return any(place not in self._within for place in masks_of_names(self._text))

    def _parts_others(self, find: Sighting) -> bool:
        """Tell whether the mark stands between characters of the same sentence where it splits no word.

        A word often split is split all the same, and so is any where the mark has no other business.
        """
        if find.listed or find.marks.other_cost <= RARE_MARK or find.marks.rule in (SPACE, STOPS):
            return False
        before = SENTENCE_END.split(self._text[max(0, find.start - _SENTENCE_REACH) : find.start])[-1]
        after = SENTENCE_END.split(self._text[find.end : find.end + _SENTENCE_REACH], 1)[0]
        between = re.compile(f"(?<={HAN_CLASS})[{re.escape(alike(find.kind))}](?={HAN_CLASS})")
        return any(
            match.start() + offset not in self._within
            for offset, part in ((find.start - len(before), before), (find.end, after))
            for match in between.finditer(part)
        )

    @cached_property
    def _within(self) -> frozenset[int]:
        """Where marks stand that could split words."""
        return frozenset(
            at + study.chain.gaps[index].start
            for study, at in zip(self._found, self._starts, strict=True)
            for word in study.possible
            for index in range(word.first, word.last + 1)
        )

    def _spaces_are_of_words(self, chain: Chain, joins: list[_Join]) -> bool:
        """Tell whether no space near the words to be joined is a pause or padding."""
        kinds = {chain.gaps[join.first].kind for join in joins if chain.gaps[join.first].marks.rule == SPACE}
        if kinds <= self._habits:
            return True
        inside = {index for join in joins for index in range(join.first, join.last + 1)}
        return all(index in inside or gap.kind not in kinds for index, gap in enumerate(chain.gaps))

    def _why(self, chain: Chain, join: _Join) -> str:
        if not join.words:
            return "words are split so throughout"
        reasons: list[str] = []
        for word in join.words:
            simple = chain.word(word)
            group = self._vocabulary.listed.get(simple)
            times = self._split[simple, chain.gaps[word.first].kind]
            what = f"a word often split ({group})" if group else "a word"
            often = f", split so {times} times here" if times > 1 else ""
            reasons.append(f"{chain.text[word.start : word.end]} is {what}{often}")
        return "; ".join(reasons)


def _is_seldom_used(marks: Marks) -> bool:
    return marks.other_cost < _SELDOM_USED and marks.rule != HYPHEN


def _row_words(
    chain: Chain, row: tuple[int, int], words: Sequence[Word], vocabulary: Vocabulary, share: float
) -> tuple[Word, ...]:
    """Return the words that fill a row of single characters; none when they do not or it may be meant."""
    gap = chain.gaps[row[0]]
    if gap.marks.rule == SPACE or (gap.marks.rule == STOPS and gap.kind not in vocabulary.throughout):
        return ()
    members = tuple(word for word in words if row[0] <= word.last and word.first <= row[1])
    start, end = chain.cuts[row[0]] - 1, chain.cuts[row[1]] + 1
    filled = sum(min(end, word.end) - max(start, word.start) for word in members)
    listed = CLEAR_ROW <= end - start < _LONG_ROW and any(
        chain.word(word) in vocabulary.listed for word in members
    )
    if listed:
        share = _ROW_SHARE_LISTED
    return members if filled >= share * (end - start) else ()
