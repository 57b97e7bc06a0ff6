"""The map from the text now to the source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanfix.edit import Edit, apply_edits, merge
from hanfix.origin import Origin
from test_edit import LETTERS, edits_for

# Texts of which every character is another one, so that a character tells where it stood.
DISTINCT = st.integers(0, 12).map(lambda length: "".join(map(chr, range(0x4E00, 0x4E00 + length))))


@given(st.data())
def test_untouched_characters_are_found_again(data: st.DataObject) -> None:
    """However many rounds of edits there were."""
    source = text = data.draw(DISTINCT)
    origin = Origin()
    for _ in range(data.draw(st.integers(1, 4))):
        edits = data.draw(edits_for(text))
        text, origin = apply_edits(text, edits), origin.then(edits)
    touched = {i for patch in origin.patches for i in range(patch.start, patch.end)}
    for offset, character in enumerate(text):
        if offset not in touched:
            assert source[slice(*origin.span(offset, offset + 1))] == character
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            source_start, source_end = origin.span(start, end)
            assert 0 <= source_start <= source_end <= len(source)
            # All that is still there of the span lies in the span of the source.
            kept = [c for c in text[start:end] if c >= "\u4e00" and c in source]
            untouched = [c for i, c in enumerate(text[start:end], start) if i not in touched]
            assert set(untouched) <= set(source[source_start:source_end])
            assert len(untouched) <= len(kept)


@given(st.data())
def test_patches_rebuild_the_text(data: st.DataObject) -> None:
    """Between patches the texts are the same; patches are in order and do not overlap."""
    source = data.draw(LETTERS)
    text, origin = source, Origin()
    for _ in range(3):
        edits = data.draw(edits_for(text))
        text, origin = apply_edits(text, edits), origin.then(edits)
    rebuilt: list[str] = []
    now = then = 0
    for patch in origin.patches:
        assert now <= patch.start <= patch.end
        assert then <= patch.source_start <= patch.source_end
        assert text[now : patch.start] == source[then : patch.source_start]
        rebuilt += [source[then : patch.source_start], text[patch.start : patch.end]]
        now, then = patch.end, patch.source_end
    assert text[now:] == source[then:]
    assert "".join(rebuilt) + source[then:] == text


@given(st.data())
def test_two_rounds_are_one_merged_round(data: st.DataObject) -> None:
    source = data.draw(DISTINCT)
    first = data.draw(edits_for(source))
    middle = apply_edits(source, first)
    second = data.draw(edits_for(middle))
    text = apply_edits(middle, second)
    twice = Origin().then(first).then(second)
    once = Origin().then(merge(source, first, second))
    touched = {i for patch in twice.patches for i in range(patch.start, patch.end)}
    for offset in range(len(text)):
        if offset not in touched:
            assert once.span(offset, offset + 1) == twice.span(offset, offset + 1)


def test_nothing_changed() -> None:
    assert Origin().span(3, 7) == (3, 7)
    assert Origin().then([]).patches == ()


def test_a_deletion_belongs_to_neither_neighbour() -> None:
    origin = Origin().then([Edit(1, 2, "", "r")])  # a-b → ab
    assert origin.span(0, 1) == (0, 1)
    assert origin.span(1, 2) == (2, 3)
    assert origin.span(0, 2) == (0, 3)
    assert origin.span(1, 1) == (1, 2)


def test_an_insertion_comes_from_its_place() -> None:
    origin = Origin().then([Edit(1, 1, "xyz", "r")])  # ab → axyzb
    assert origin.span(1, 4) == (1, 1)
    assert origin.span(2, 3) == (1, 1)
    assert origin.span(0, 1) == (0, 1)
    assert origin.span(4, 5) == (1, 2)


def test_an_edit_of_the_same_length_maps_character_by_character() -> None:
    origin = Origin().then([Edit(1, 3, "党员", "r")])  # 共產黨
    assert origin.span(1, 2) == (1, 2)
    assert origin.span(2, 3) == (2, 3)


def test_any_other_edit_maps_as_a_whole() -> None:
    origin = Origin().then([Edit(1, 4, "xy", "r")])
    assert origin.span(1, 2) == origin.span(2, 3) == (1, 4)


def test_what_is_no_span_is_refused() -> None:
    with pytest.raises(ValueError, match="not a span"):
        Origin().span(2, 1)
    with pytest.raises(ValueError, match="not a span"):
        Origin().span(-1, 1)
    origin = Origin(length=4).then([Edit(1, 3, "", "r")])
    assert origin.span(1, 2) == (3, 4)
    with pytest.raises(ValueError, match="not a span of the text: 0, 3; it has 2 characters"):
        origin.span(0, 3)
