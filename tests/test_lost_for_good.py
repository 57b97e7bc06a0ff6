"""Characters lost for good: flagged where they stood, dropped on request, and not seen in sound text."""

from __future__ import annotations

import random
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import FIXTURES
from code_point_damage import reread
from hanfix.document import Document
from hanfix.edit import Flag
from hanfix.filters.repair.lost_for_good import LostForGood
from hanfix.pipeline import Pipeline

PROSE = (FIXTURES / "prose" / "news.txt").read_text(encoding="utf-8").splitlines()
CASES: list[dict[str, Any]] = tomllib.loads((FIXTURES / "cases" / "lost.toml").read_text(encoding="utf-8"))[
    "case"
]


def flagged(text: str) -> list[str]:
    flags = list(LostForGood().find(Document(text)))
    assert all(isinstance(flag, Flag) for flag in flags)
    return [text[flag.start : flag.end] for flag in flags]


def test_there_are_as_many_keeps_as_wants() -> None:
    assert 2 * sum(bool(case.get("keep")) for case in CASES) >= len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    text = case["text"]
    assert flagged(text) == case.get("flags", [])
    assert LostForGood()(text) == text
    dropping = Pipeline([LostForGood(drop_lost=True)], risk="guess")
    assert dropping(text) == case.get("want", text)


@pytest.mark.parametrize("codec", ["gbk", "big5hkscs", "euc_kr", "latin-1"])
@given(line=st.sampled_from(PROSE), chance=st.randoms(use_true_random=False))
def test_what_was_lost_is_flagged(codec: str, line: str, chance: random.Random) -> None:
    damaged, runs = reread(line, codec, chance, 0.1)
    assert len(flagged(damaged)) == runs


@given(lines=st.lists(st.sampled_from(PROSE), max_size=8))
def test_sound_prose_has_no_flags(lines: list[str]) -> None:
    assert flagged("\n".join(lines)) == []


def test_boxes_and_question_marks_are_dropped_only_by_the_bold() -> None:
    text = "他说的是□□□的事，中国????出版社，?题锟斤拷"
    assert LostForGood(drop_lost=True)(text) == "他说的是□□□的事，中国????出版社，?题"
