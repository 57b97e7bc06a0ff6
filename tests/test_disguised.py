"""Disguised words: what is flagged and as what, what is not, and that nothing is ever changed."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FIXTURES, read_text
from disguise import MASKS, in_pinyin, masked, taken_apart
from hanfix.document import Document
from hanfix.edit import Flag
from hanfix.filters.rejoin.disguised import Disguised
from hanfix.filters.rejoin.vocabulary import split_words
from hanfix.pipeline import Pipeline

FILTER = Disguised(disguised=True)
CASES = tomllib.loads((FIXTURES / "cases" / "disguised.toml").read_text(encoding="utf-8"))["case"]
WORDS = sorted({word for words in split_words().values() for word in words})
LONG_WORDS = [word for word in WORDS if len(word) >= 3]
SENTENCES = [
    "网上有人说{}的事，大家都很关心。",
    "關於{}的消息，報紙上沒有。",
    "《{}》\r\n第二天，他们又提到“{}”。",
]
# Sound sentences in which the words of the list are not.
PROSE = read_text(FIXTURES / "prose" / "news.txt").splitlines()
HALVES = {"强": "弓虽", "性": "忄生", "硬": "石更", "腰": "月要", "奸": "女干", "枪": "木仓", "轮": "车仑"}


def flags(text: str) -> list[Flag]:
    found = list(FILTER.find(Document(text)))
    assert all(isinstance(each, Flag) for each in found)
    return [each for each in found if isinstance(each, Flag)]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_case(case: dict[str, object]) -> None:
    text, want = str(case["text"]), case.get("flags", [])
    found = flags(text)
    assert [text[flag.start : flag.end] for flag in found] == [place for place, _ in want]  # type: ignore[attr-defined]
    for flag, (_, word) in zip(found, want, strict=True):  # type: ignore[call-overload]
        assert word in flag.why
    assert Pipeline([FILTER], risk="guess")(text) == text


def test_at_least_as_many_cases_to_leave() -> None:
    flagged = sum("flags" in case for case in CASES)
    assert len(CASES) - flagged >= flagged > 10


@given(
    st.sampled_from(LONG_WORDS),
    st.data(),
    st.sampled_from(MASKS[:2]),
    st.booleans(),
    st.sampled_from(SENTENCES),
)
def test_masks_are_seen(word: str, data: st.DataObject, mask: str, bytewise: bool, sentence: str) -> None:
    """One character masked inside a word is told, as the word it was or one that looks the same."""
    place = data.draw(st.integers(1, len(word) - 2))
    disguised = masked(word, place, mask=mask, bytewise=bytewise)
    text = sentence.replace("{}", disguised)
    found = flags(text)
    assert len(found) == text.count(disguised)
    for flag in found:
        assert disguised in text[flag.start : flag.end] or text[flag.start : flag.end] in disguised


@given(
    st.sampled_from([word for word in WORDS if len(word) == 3]), st.integers(0, 2), st.sampled_from(SENTENCES)
)
def test_pinyin_is_seen(word: str, place: int, sentence: str) -> None:
    disguised = in_pinyin(word, place)
    if len(disguised) > len(word):  # a syllable of one letter is left alone
        found = flags(sentence.replace("{}", disguised))
        assert found
        assert all(flag.rule == "rejoin/pinyin-in-word" for flag in found)


@given(st.sampled_from([word for word in WORDS if set(word) & HALVES.keys()]), st.sampled_from(SENTENCES))
def test_halves_are_seen(word: str, sentence: str) -> None:
    found = flags(sentence.replace("{}", taken_apart(word, HALVES)))
    assert found
    assert all(flag.rule == "rejoin/split-radicals" for flag in found)


@pytest.mark.parametrize("path", sorted((FIXTURES / "clean").iterdir()), ids=lambda path: path.name)
def test_sound_text_is_not_flagged(path) -> None:  # type: ignore[no-untyped-def]
    assert flags(read_text(path)) == []


@given(st.sampled_from(PROSE), st.sampled_from([*MASKS, "XX", "**", "××", "fu", "ZF", "忄"]), st.data())
def test_nothing_is_changed(line: str, piece: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(line)))
    text = line[:place] + piece + line[place:]
    flags(text)
    assert Pipeline([FILTER], risk="guess")(text) == text


def test_a_long_text_is_looked_through_where_one_door_stands_open() -> None:
    """Halves of any character are told in a long text, too, if halves that are met most are in it."""
    filler = "\n".join(PROSE) * 5
    assert len(filler) > 5_000
    rest = "他买了木仓支弹药。"
    assert flags(filler + rest) == []
    assert [flag.why for flag in flags(filler + "弓虽奸罪。" + rest)] == [
        "could be 强, as in 强奸罪",
        "could be 枪, as in 枪支弹药",
    ]


def test_latin_at_home_is_no_disguise() -> None:
    filler = "run the command make install and wait 编译\n" * 300
    assert flags("各级政fu要负责") != []
    assert flags(filler + "各级政fu要负责") == []
