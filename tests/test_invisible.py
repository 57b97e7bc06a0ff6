"""Invisible characters: sprinkle them over sound text and get it back; leave alone what shapes other text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import FIXTURES, Case, case_parameters, read_cases
from code_point_damage import sprinkled
from hanfix.filters.repair.invisible import Invisible
from hanfix.pipeline import Pipeline

PROSE = (FIXTURES / "prose" / "news.txt").read_text(encoding="utf-8").splitlines()
LINES = st.lists(st.sampled_from(PROSE), min_size=1, max_size=6)
CHANCE = st.randoms(use_true_random=False)
MARKS = {
    "without-width": "\u00ad\u200b\u200c\u200d\u2060\ufeff",
    "control": "\x00\x05\x0b\x7f\ufffe\uffff",
    "direction": "\u200e\u200f\u202a\u202c\u2066\u2069",
    "tags": "\U000e0020\U000e0061\U000e007f",
}


def test_there_are_as_many_keeps_as_wants() -> None:
    cases = read_cases("invisible")
    assert sum(case.kept for case in cases) >= sum(not case.kept for case in cases)


@pytest.mark.parametrize("case", case_parameters("invisible"))
def test_case(case: Case) -> None:
    assert Invisible()(case.text) == case.want


@pytest.mark.parametrize("kind", [*MARKS, "all"])
@given(lines=LINES, chance=CHANCE, share=st.sampled_from([0.02, 0.3, 1.0]))
def test_sprinkled_prose_comes_back(kind: str, lines: list[str], chance: random.Random, share: float) -> None:
    text = "\n".join(lines)
    marks = MARKS.get(kind) or "".join(MARKS.values())
    assert Invisible()(sprinkled(text, marks, chance, share)) == text


@given(lines=LINES)
def test_sound_prose_is_left_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert Pipeline([Invisible()], risk="guess")(text) == text
