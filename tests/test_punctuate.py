"""Punctuation: flatten sound text as careless normalizers do and get it back; leave alone what is syntax."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import flattening
from cases import FIXTURES, Case, case_parameters, read_cases
from hanfix.filters.punctuate import Punctuate
from hanfix.pipeline import Pipeline

PROSE = (FIXTURES / "prose" / "news.txt").read_text(encoding="utf-8").splitlines()
LINES = st.lists(st.sampled_from(PROSE), min_size=1, max_size=6)
CHANCE = st.randoms(use_true_random=False)
PAGE = FIXTURES / "pages" / "essay-forum"
_MARK = re.compile("……|——|[，：；？！。（）“”‘’]")
# Of the marks that a flattening takes away so many come back at least, over all of the prose.
_FLOOR = 0.99


def lines_restored(flat: list[str]) -> list[str]:
    return Punctuate()("\n".join(flat)).split("\n")


def share_restored(sound: list[str], restored: list[str]) -> float:
    """The share of the marks that are right; those of a line that cannot be aligned count as wrong."""
    right = total = 0
    for want, got in zip(sound, restored, strict=True):
        wanted, found = _MARK.findall(want), _MARK.findall(got)
        total += len(wanted)
        right += sum(min(wanted.count(mark), found.count(mark)) for mark in set(wanted))
    return right / total


def test_there_are_as_many_keeps_as_wants() -> None:
    cases = read_cases("punctuate")
    assert sum(case.kept for case in cases) >= sum(not case.kept for case in cases)


@pytest.mark.parametrize("case", case_parameters("punctuate"))
def test_case(case: Case) -> None:
    assert Punctuate()(case.text) == case.want


@pytest.mark.parametrize("case", case_parameters("punctuate"))
def test_result_of_a_case_is_sound(case: Case) -> None:
    assert Punctuate()(case.want) == case.want


def test_page() -> None:
    """The page whose every comma is ASCII, as it was read by hand."""
    damaged = (PAGE / "final.txt").read_bytes().decode("utf-8")
    sound = (PAGE / "punctuated.txt").read_bytes().decode("utf-8")
    assert Punctuate()(damaged) == sound
    assert Punctuate()(sound) == sound
    assert not re.search(r"[\u4e00-\u9fff][,:;()]|[,:;()][\u4e00-\u9fff]", sound)
    # Nothing but the width of marks is another.
    assert unicodedata.normalize("NFKC", sound) == unicodedata.normalize("NFKC", damaged)


@given(lines=LINES)
def test_sound_prose_is_left_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert Pipeline([Punctuate()], risk="guess")(text) == text


@pytest.mark.parametrize("kind", sorted(flattening.FLATTENINGS))
def test_flattened_prose_comes_back(kind: str) -> None:
    flat = [flattening.FLATTENINGS[kind](line) for line in PROSE]
    sound = PROSE
    if kind in ("nfkc", "character-width"):
        # They take the width of letters and digits too, which is no matter of punctuation.
        sound = [flattening.narrow_words(line) for line in PROSE]
    assert share_restored(sound, lines_restored(flat)) >= _FLOOR


def test_typed_prose_comes_back() -> None:
    """Prose with ASCII full stops, where some remain that could be of a name."""
    flat = [flattening.typed(line) for line in PROSE]
    assert share_restored(PROSE, lines_restored(flat)) >= _FLOOR


@given(lines=LINES, chance=CHANCE, share=st.sampled_from([0.1, 0.5, 0.9]))
def test_partly_flattened_prose_gains(lines: list[str], chance: random.Random, share: float) -> None:
    """Whatever part of the marks was flattened, no line gets farther from what it was."""
    flat = [flattening.partly(line, chance, share) for line in lines]
    for want, before, after in zip(lines, flat, lines_restored(flat), strict=True):
        assert after == want or len(_MARK.findall(after)) >= len(_MARK.findall(before))


@given(lines=LINES)
def test_half_and_back(lines: list[str]) -> None:
    """The other style takes every mark that has an ASCII form, and settles."""
    half = Punctuate(style="half")
    narrow = half("\n".join(lines))
    assert half(narrow) == narrow
    for line in narrow.split("\n"):
        if re.search(r"[\u4e00-\u9fff]", line) and not re.search(r"[=\[\\]", line):
            assert not _MARK.search(line)


@pytest.mark.parametrize(
    ("options", "text", "want"),
    [
        ({"quotes": "corner"}, "“甲‘乙’丙”", "「甲『乙』丙」"),
        ({"quotes": "corner"}, "\"甲'乙'丙\"", "「甲『乙』丙」"),
        ({"quotes": "corner"}, "I’m 张三，“Yes”", "I’m 张三，「Yes」"),
        ({"quotes": "curly"}, "「甲『乙』丙」", "“甲‘乙’丙”"),
        ({"quotes": "curly"}, '他說「好」又說"走"', "他說“好”又說“走”"),
        ({"quotes": "keep"}, "「甲」和“乙”", "「甲」和“乙”"),
        ({"spacing": "add"}, "用Python写2行，见https://a.cn/好", "用 Python 写 2 行，见https://a.cn/好"),
        ({"spacing": "add"}, "用 Python 写", "用 Python 写"),
        ({"spacing": "remove"}, "用 Python 写 2 行, 好", "用Python写2行，好"),
        ({"style": "half"}, "他说：“好，”——走……（甲）、《乙》。", '他说:"好,"--走...(甲)、《乙》.'),
        ({"style": "half"}, "これは、「ペン」です。", "これは、「ペン」です。"),
        ({"style": "half", "spacing": "add"}, "用Python写。", "用 Python 写."),
    ],
)
def test_options(options: dict[str, str], text: str, want: str) -> None:
    filter_ = Punctuate(**options)
    assert filter_(text) == want
    assert filter_(want) == want


@pytest.mark.parametrize("option", ["style", "quotes", "spacing"])
def test_unknown_choice_is_refused(option: str) -> None:
    with pytest.raises(ValueError, match="is called 'no'"):
        Punctuate(**{option: "no"})


def test_mark_without_a_partner_is_flagged() -> None:
    flags = Pipeline([Punctuate()]).run('他说"好，就走了').report.flags
    assert [(flag.rule, flag.start, flag.end) for flag in flags] == [("punctuate/quote-unpaired", 2, 3)]


@pytest.mark.parametrize(
    "piece",
    [
        '他说:"好,',
        "(甲",
        "a,甲",
        "甲...",
        "甲.",
        "甲:)",
        "'甲",
        "甲--",
        '"甲",1\n',
        "甲: 乙\n",
        "[甲](",
        "?甲",
        "甲" * 9,
        "f(甲),",
        "((((",
        "甲(甲),",
        '"甲"乙',
        '“甲"乙',
        "甲,1\n",
    ],
)
def test_long_lines_of_marks_settle(piece: str) -> None:
    """A line of whatever marks, however long, is as it is to be after one pass."""
    text = piece * (20_000 // len(piece))
    text += text.replace("(", ")")
    once = Punctuate()(text)
    assert Punctuate()(once) == once
