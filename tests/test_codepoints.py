"""Wrong code points: put them into sound text and get it back; leave lists, names and fonts alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import FIXTURES, Case, case_parameters, read_cases
from code_point_damage import compatibility_forms, replaced, wrong_forms
from hanfix.filters.repair.codepoints import CodePoints
from hanfix.pipeline import Pipeline

PROSE = (FIXTURES / "prose" / "news.txt").read_text(encoding="utf-8").splitlines()
LINES = st.lists(st.sampled_from(PROSE), min_size=1, max_size=6)
CHANCE = st.randoms(use_true_random=False)


def test_there_are_as_many_keeps_as_wants() -> None:
    cases = read_cases("codepoints")
    assert sum(case.kept for case in cases) >= sum(not case.kept for case in cases)


@pytest.mark.parametrize("case", case_parameters("codepoints"))
def test_case(case: Case) -> None:
    assert CodePoints()(case.text) == case.want


@given(lines=LINES, chance=CHANCE, share=st.sampled_from([0.3, 1.0]))
def test_radicals_come_back(lines: list[str], chance: random.Random, share: float) -> None:
    text = "\n".join(lines)
    damaged = replaced(text, wrong_forms("radical"), chance, share)
    assert Pipeline([CodePoints()], risk="guess")(damaged) == text


@given(lines=LINES, chance=CHANCE)
def test_compatibility_ideographs_come_back(lines: list[str], chance: random.Random) -> None:
    text = "\n".join(lines)
    back = CodePoints()(replaced(text, compatibility_forms(), chance, 0.2))
    # Beside the same character in its usual form one is taken to be meant; that is seldom.
    assert sum(one != other for one, other in zip(back, text, strict=True)) <= 0.01 * len(text) + 1


@pytest.mark.parametrize("char", sorted(wrong_forms("gbk")))
def test_private_use_of_gbk_comes_back(char: str) -> None:
    text = f"这里说的是{char}，他们没有说别的"
    assert CodePoints()(text.replace(char, wrong_forms("gbk")[char])) == text


@given(chars=st.lists(st.sampled_from(sorted(wrong_forms("hkscs"))), min_size=1, max_size=5))
def test_private_use_of_hkscs_comes_back(chars: list[str]) -> None:
    text = "".join(f"這裡說的是{char}，" for char in chars) + "他們還沒說"
    damaged = replaced(text, wrong_forms("hkscs"), random.Random(1), 1.0)
    assert Pipeline([CodePoints()], risk="guess")(damaged) == text


@given(lines=LINES)
def test_sound_prose_is_left_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert Pipeline([CodePoints()], risk="guess")(text) == text


def test_widths_on_request() -> None:
    assert CodePoints(narrow=True)("ＷＴＯ　２０１９：（ａｚ）！") == "WTO　2019：（az）！"
