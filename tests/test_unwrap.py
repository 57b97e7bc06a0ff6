"""Hard wrapping: wrap sound paragraphs as programs do and get them back; leave all other lines alone."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import FIXTURES, Case, case_parameters, read_cases
from hanfix.document import Document
from hanfix.filters.unwrap import BrokenLines, StraySpaces, Unwrap
from hanfix.pipeline import Pipeline
from wrapping import (
    Habit,
    spaced_out,
    unwrapped,
    with_line_end_spaces,
    with_stray_spaces,
    wrap,
)

# A wide space at the end of a line is lost with the break.
PROSE = (FIXTURES / "prose" / "news.txt").read_text(encoding="utf-8").replace("\u3000", "").splitlines()
# Paragraphs of several sentences, as books have them.
PARAGRAPHS = ["".join(PROSE[start : start + 3]) for start in range(0, len(PROSE), 3)]
WIDTHS = range(30, 82, 4)
HABITS = {
    "indent": Habit(60),
    "hanging-marks": Habit(60, kinsoku="hang"),
    "no-care-for-marks": Habit(60, kinsoku="none", words=False),
    "four-spaces-and-blank-lines": Habit(60, indent="    ", blank_lines=1),
    "blank-lines": Habit(60, indent="", blank_lines=1),
    "hanging-indent": Habit(60, indent="", hanging="    "),
    "margin": Habit(60, margin="    "),
    "narrow-marks": Habit(60, narrow=True),
    "ragged": Habit(60, ragged=2),
    "crlf": Habit(60, newline="\r\n"),
    "cr": Habit(60, newline="\r", indent="", blank_lines=1),
}


def with_width(habit: Habit, width: int) -> Habit:
    return Habit(**{**habit.__dict__, "width": width})


def test_there_are_as_many_keeps_as_wants() -> None:
    cases = read_cases("unwrap")
    assert sum(case.kept for case in cases) >= sum(not case.kept for case in cases)


@pytest.mark.parametrize("case", case_parameters("unwrap"))
def test_case(case: Case) -> None:
    assert Unwrap()(case.text) == case.want


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
@pytest.mark.parametrize("width", WIDTHS)
def test_wrapped_prose_comes_back(habit: Habit, width: int) -> None:
    """Not every break can be told; of those inside paragraphs 97 % are closed, of the others none."""
    text, inside = wrap(PARAGRAPHS, with_width(habit, width))
    result = Unwrap()(text)
    expected = unwrapped(PARAGRAPHS, habit)
    compact = re.compile(r"\s+")
    assert compact.sub("", result) == compact.sub("", expected)
    lines = re.compile(r"[\r\n]+")
    left = len(lines.findall(result)) - len(lines.findall(expected))
    assert 0 <= left <= 0.03 * sum(inside)


@given(
    start=st.integers(0, len(PARAGRAPHS) - 4),
    width=st.sampled_from([40, 52, 64, 76]),
    name=st.sampled_from(["indent", "blank-lines", "four-spaces-and-blank-lines", "crlf", "margin"]),
)
def test_no_paragraph_is_lost(start: int, width: int, name: str) -> None:
    """However few the lines, paragraphs are not joined to each other."""
    habit = with_width(HABITS[name], width)
    paragraphs = PARAGRAPHS[start : start + 3]
    result = Pipeline([Unwrap()], risk="guess")(wrap(paragraphs, habit)[0])
    ends = {each[-8:] for each in paragraphs}
    lines = [line for line in re.split(r"[\r\n]+", result) if line]
    assert {line[-8:] for line in lines if len(line) >= 8} >= ends


@given(start=st.integers(0, len(PARAGRAPHS) - 7))
def test_two_widths_in_one_text(start: int) -> None:
    first, second = PARAGRAPHS[start : start + 3], PARAGRAPHS[start + 3 : start + 6]
    narrow, wide = Habit(40), Habit(72)
    text = wrap(first, narrow)[0] + "\n" + wrap(second, wide)[0]
    result = Unwrap()(text)
    left = result.count("\n") - len(first) - len(second) - 1
    assert 0 <= left <= 2


@given(width=st.sampled_from([40, 56, 72]), start=st.integers(0, len(PARAGRAPHS) - 5))
def test_width_can_be_given(width: int, start: int) -> None:
    paragraphs = PARAGRAPHS[start : start + 2]
    text = wrap(paragraphs, Habit(width))[0]
    assert Unwrap(width=width)(text) == unwrapped(paragraphs, Habit(width))


@given(lines=st.lists(st.sampled_from(PROSE), min_size=1, max_size=12))
def test_a_paragraph_a_line_is_left_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert Pipeline([Unwrap()], risk="guess")(text) == text


HAN = re.compile("[\u4e00-\u9fff]+")
RUNS = sorted({run for line in PROSE for run in HAN.findall(line) if len(run) >= 6})
# Poems, each of lines that end with marks.
COUPLETS = [
    "移得幽兰几本来，竹篱深处手栽培。",
    "山色顿清秋欲半，湖光更净日平西。",
    "春眠不觉晓，处处闻啼鸟。",
    "风吹过屋檐，\n没有声音。",
    "雪落下来\n落在河上",
]


@given(
    title=st.lists(st.sampled_from(RUNS), min_size=1, max_size=3).map("".join),
    number=st.sampled_from(["其{}", "  其{}", "之{}", "（{}）", "第{}首"]),
    author=st.sampled_from(["张栻", "不詳", "曹 勛", "北岛", "孟浩然", "司马相如", "威廉·布莱克"]),
    poems=st.lists(st.sampled_from(COUPLETS), min_size=2, max_size=10),
)
def test_collected_poems_are_left_alone(title: str, number: str, author: str, poems: list[str]) -> None:
    """Titles of one width, authors and verse are no paragraph, however long the titles."""
    numerals = "一二三四五六七八九十"
    text = "\n\n".join(
        f"{title}{number.format(numeral)}\n{author}\n{poem}"
        for numeral, poem in zip(numerals, poems, strict=False)
    )
    assert Unwrap(spaces=False)(text) == text


@given(
    head=st.sampled_from(RUNS).map(lambda run: run[:6]),
    items=st.lists(st.sampled_from(RUNS).map(lambda run: run[:6]), min_size=2, max_size=20),
)
def test_items_that_begin_alike_are_left_alone(head: str, items: list[str]) -> None:
    text = "\n".join(head + item for item in items)
    assert Unwrap()(text) == text


@given(
    folder=st.lists(st.sampled_from(RUNS), min_size=1, max_size=4),
    names=st.lists(st.sampled_from(RUNS), min_size=2, max_size=20),
    extension=st.sampled_from(["jpg", "txt", "mp4", "docx", "JPEG"]),
    slash=st.sampled_from("/\\"),
)
def test_paths_are_left_alone(folder: list[str], names: list[str], extension: str, slash: str) -> None:
    text = "\n".join(slash.join([*folder, f"{name}.{extension}"]) for name in names)
    assert Unwrap()(text) == text


@given(gap=st.sampled_from([" ", "\u3000"]), lines=st.lists(st.sampled_from(PROSE), min_size=3, max_size=9))
def test_what_follows_a_number_of_an_article_follows_its_space(gap: str, lines: list[str]) -> None:
    text = "\n".join(
        f"第{numeral}条之{numeral}{gap}{line.replace(' ', '')}"
        for numeral, line in zip("一二三四五六七八九", lines, strict=False)
    )
    assert Unwrap()(text) == text


@pytest.mark.parametrize("line", PROSE[:12])
def test_spaced_out_prose_comes_back(line: str) -> None:
    line = re.sub(r"[^\u4e00-\u9fff，。、；：]", "", line)
    assert Unwrap()(spaced_out(line)) == line


def test_longer_gaps_between_words() -> None:
    words = ["我们", "学校", "今年", "有", "三百个", "学生", "参加", "高考", "。"]
    assert Unwrap()(spaced_out("".join(words), words)) == "".join(words)


@pytest.mark.parametrize("width", [20, 27, 38])
def test_spaces_at_former_line_ends_go(width: int) -> None:
    paragraph = re.sub(r"[^\u4e00-\u9fff，。、；：]", "", "".join(PROSE[:9]))
    result = Unwrap()(with_line_end_spaces(paragraph, width))
    assert result.replace(" ", "") == paragraph
    # Those beside marks are left: a space there is no damage to a word.
    assert not re.search("[\u4e00-\u9fff] [\u4e00-\u9fff]", result)


@given(seed=st.integers(0, 1000))
def test_stray_spaces_go(seed: int) -> None:
    chance = random.Random(seed)
    paragraph = re.sub(r"[^\u4e00-\u9fff，。、；：]", "", "".join(PROSE))
    damaged = with_stray_spaces(paragraph, 0.04, chance)
    result = Unwrap()(damaged)
    assert result.replace(" ", "") == paragraph
    between = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
    assert len(between.findall(result)) <= 0.5 * len(between.findall(damaged)) + 1


def test_spaces_can_be_left() -> None:
    text = spaced_out("这一段文字是从扫描的书里来的，每个字都分开了。")
    assert Unwrap(spaces=False)(text) == text


@pytest.mark.parametrize("filter_", [BrokenLines(), StraySpaces()], ids=["lines", "spaces"])
@pytest.mark.parametrize("piece", ["好 ", "好", "好\n", "好 好\n\n", " \n", "　", "。\n", "\r"])
def test_long_texts_take_no_longer_than_their_length(filter_: BrokenLines | StraySpaces, piece: str) -> None:
    assert list(filter_.find(Document(piece * 20_000))) is not None


def test_a_width_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="-3"):
        Unwrap(width=-3)
