"""The table of neighbours within words is that of the word list; without it no place could be passed over."""

from __future__ import annotations

from hanfix.filters.rejoin.prospects import _inner_pairs
from hanfix.lexicon import _word_list
from hanfix.tables.make_inner_pairs import followers, read_frequencies


def test_table_is_up_to_date() -> None:
    assert followers(read_frequencies(_word_list().decode())) == _inner_pairs()
