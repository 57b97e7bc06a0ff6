"""The table of neighbours within words is that of the word list; without it no place could be passed over."""

from __future__ import annotations

from hanfix.filters.rejoin.prospects import _inner_pairs
from hanfix.filters.rejoin.study import _LEAST_FREQUENCY
from hanfix.lexicon import _word_list
from hanfix.tables.make_inner_pairs import LEAST, followers


def test_table_is_up_to_date() -> None:
    words = (line.split(" ") for line in _word_list().decode().splitlines())
    assert followers((word, int(count)) for word, count in words) == _inner_pairs()


def test_no_word_that_counts_is_passed_over() -> None:
    assert LEAST <= _LEAST_FREQUENCY
