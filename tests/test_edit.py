"""Edits: applying, reversing, finding and merging them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanfix.edit import Edit, apply_edits, between, first_choices, merge, reverse_edits, sub

LETTERS = st.text(st.sampled_from("ab-\n關"), max_size=12)


@st.composite
def edits_for(draw: st.DrawFn, text: str, rule: str = "r") -> list[Edit]:
    """Edits of a text in order and without overlap, insertions and deletions among them."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits: list[Edit] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        # A second edit of the same span would be an alternative.
        if edits and (edits[-1].start, edits[-1].end) == (start, end):
            continue
        new = draw(LETTERS)
        if new != text[start:end]:
            edits.append(Edit(start, end, new, rule))
    return edits


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(LETTERS)
    return text, draw(edits_for(text))


def test_apply() -> None:
    assert apply_edits("和-諧社-會", [Edit(1, 2, "", "r"), Edit(4, 5, "", "r")]) == "和諧社會"
    assert apply_edits("無", []) == "無"
    assert apply_edits("", [Edit(0, 0, "有", "r")]) == "有"


def test_apply_takes_the_first_of_alternatives() -> None:
    edits = [Edit(0, 1, "A", "bold"), Edit(0, 1, "B", "shy"), Edit(1, 2, "C", "r")]
    assert apply_edits("ab", edits) == "AC"
    assert list(first_choices(edits)) == [edits[0], edits[2]]


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([Edit(2, 3, "", "r"), Edit(0, 1, "", "r")], id="out of order"),
        pytest.param([Edit(0, 2, "", "r"), Edit(1, 3, "", "r")], id="overlapping"),
        pytest.param([Edit(2, 4, "", "r")], id="beyond the end"),
        pytest.param([Edit(-1, 1, "", "r")], id="before the start"),
        pytest.param([Edit(2, 1, "", "r")], id="backwards"),
    ],
)
def test_apply_refuses_what_is_no_list_of_edits(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edit out of order"):
        apply_edits("abc", edits)


@given(texts_with_edits())
def test_reverse_gives_the_text_back(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert apply_edits(apply_edits(text, edits), reverse_edits(text, edits)) == text


def test_reverse_of_deletions_side_by_side() -> None:
    edits = [Edit(1, 2, "", "r"), Edit(2, 3, "", "r")]
    assert reverse_edits("abcd", edits) == [Edit(1, 1, "bc", "r")]


@given(LETTERS)
def test_sub_is_what_re_sub_does(text: str) -> None:
    pattern = re.compile(r"(a)-?(b*)")
    edits = list(sub(pattern, r"\2\1", text, rule="r", why="turned"))
    assert apply_edits(text, edits) == pattern.sub(r"\2\1", text)
    assert all(edit.new != text[edit.start : edit.end] for edit in edits)
    assert {(edit.rule, edit.why) for edit in edits} <= {("r", "turned")}


def test_sub_with_a_function() -> None:
    edits = sub(re.compile("[a-z]"), lambda match: match.group().upper(), "aBc", rule="r")
    assert list(edits) == [Edit(0, 1, "A", "r"), Edit(2, 3, "C", "r")]


@given(LETTERS, LETTERS, st.integers(0, 5))
def test_between_leads_from_one_text_to_the_other(before: str, after: str, offset: int) -> None:
    edits = list(between(before, after, rule="r", offset=offset))
    assert apply_edits("=" * offset + before, edits) == "=" * offset + after
    assert (before == after) == (not edits)


def test_between_is_as_small_as_it_can_be() -> None:
    assert list(between("一二三四五", "一乙三四伍", rule="r")) == [
        Edit(1, 2, "乙", "r"),
        Edit(4, 5, "伍", "r"),
    ]


def test_between_does_not_compare_long_texts() -> None:
    before, after = "甲" + "一二" * 100_000 + "乙", "甲" + "二三" * 100_000 + "乙"
    assert list(between(before, after, rule="r")) == [Edit(1, 200_001, after[1:-1], "r")]


@given(st.data())
def test_merge_does_two_rounds_in_one(data: st.DataObject) -> None:
    text = data.draw(LETTERS)
    first = data.draw(edits_for(text, "first"))
    middle = apply_edits(text, first)
    second = data.draw(edits_for(middle, "second"))
    merged = merge(text, first, second)
    assert apply_edits(text, merged) == apply_edits(middle, second)
    assert {edit.rule for edit in merged} <= {edit.rule for edit in first + second}
    assert all(edit.new != text[edit.start : edit.end] for edit in merged)


def test_merge_names_the_later_cause() -> None:
    first = [Edit(0, 1, "A", "first"), Edit(2, 3, "C", "first")]
    second = [Edit(1, 2, "B", "second"), Edit(2, 3, "K", "second")]
    assert merge("abcd", first, second) == [
        Edit(0, 1, "A", "first"),
        Edit(1, 2, "B", "second"),
        Edit(2, 3, "K", "second"),
    ]


def test_merge_forgets_what_was_taken_back() -> None:
    assert merge("abc", [Edit(1, 2, "B", "first")], [Edit(1, 2, "b", "second")]) == []
    assert merge("abc", [Edit(1, 1, "x", "first")], [Edit(1, 2, "", "second")]) == []
