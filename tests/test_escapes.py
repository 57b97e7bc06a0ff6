"""Entities and escapes: write a text as scrapers do and get it back; leave code and sound text alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import escape_damage
from cases import FIXTURES, Case, case_parameters, read_cases
from hanfix.filters.repair.entities import Entities
from hanfix.filters.repair.escapes import Escapes
from hanfix.pipeline import Pipeline

PROSE = (FIXTURES / "prose" / "news.txt").read_text(encoding="utf-8").splitlines()
PIPELINE = Pipeline([Entities(), Escapes()])
LINES = st.sampled_from(PROSE).filter(lambda line: len(line) >= 4)
CHANCE = st.randoms(use_true_random=False)


@st.composite
def pieces(draw: st.DrawFn, least: int = 4) -> str:
    """A piece of a line of prose, from a few characters to all of it."""
    line = draw(LINES.filter(lambda line: len(line) >= least))
    start = draw(st.integers(0, len(line) - least))
    return line[start : start + draw(st.integers(least, 200))]


def test_there_are_as_many_keeps_as_wants() -> None:
    cases = read_cases("escapes")
    assert sum(case.kept for case in cases) >= sum(not case.kept for case in cases)


@pytest.mark.parametrize("case", case_parameters("escapes"))
def test_case(case: Case) -> None:
    assert PIPELINE(case.text) == case.want


@given(text=pieces(), chance=CHANCE, share=st.sampled_from([0.1, 0.5, 1.0]))
def test_numbers_come_back(text: str, chance: random.Random, share: float) -> None:
    assert PIPELINE(escape_damage.numbered(text, chance, share)) == text


@given(lines=st.lists(LINES, min_size=1, max_size=5), chance=CHANCE)
def test_names_come_back(lines: list[str], chance: random.Random) -> None:
    text = "\n".join(f"{line}\xa0“{line[:8]}——{line[8:]}……”" for line in lines)
    assert PIPELINE(escape_damage.named(text, chance)) == text


@given(line=LINES, chance=CHANCE)
def test_bare_entities_come_back(line: str, chance: random.Random) -> None:
    assert PIPELINE(escape_damage.bare(line, chance, 0.7)) == line


@pytest.mark.parametrize("form", ["\\u{:04x}", "\\u{:04X}", "%u{:04X}"])
@given(text=pieces())
def test_utf_16_units_come_back(form: str, text: str) -> None:
    assert PIPELINE(f"标题：{escape_damage.escaped(text, form)}") == f"标题：{text}"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@given(text=pieces(least=6))
def test_percent_encoding_comes_back(codec: str, text: str) -> None:
    assert PIPELINE(f"标题：{escape_damage.percent(text, codec)}") == f"标题：{text}"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@given(lines=st.lists(LINES, min_size=1, max_size=3))
def test_quoted_printable_comes_back(codec: str, lines: list[str]) -> None:
    text = "\n".join(lines)
    assert PIPELINE(escape_damage.quoted_printable(text, codec)) == text


@pytest.mark.parametrize("kind", ["B", "Q"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@given(text=pieces())
def test_mime_words_come_back(codec: str, kind: str, text: str) -> None:
    word = escape_damage.mime_word(text[:20], codec, kind)
    assert PIPELINE(f"Subject: {word} end") == f"Subject: {text[:20]} end"


@given(lines=st.lists(st.sampled_from(PROSE), max_size=8))
def test_sound_prose_is_left_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert Pipeline([Entities(markup=True), Escapes()], risk="guess")(text) == text


def test_markup_is_decoded_on_request() -> None:
    assert (
        Entities(markup=True)("若 a &lt; b &amp;amp;&#38; c &#62; d，&quot;好&quot;")
        == '若 a < b && c > d，"好"'
    )
