"""Misread codecs: damage a text by the forward model and get it back; leave sound text alone."""

from __future__ import annotations

import pickle
import random
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import FIXTURES, Case, case_parameters, read_cases
from codec_damage import MISREADINGS, Misreading, misread, sloppily
from hanfix.document import Document
from hanfix.edit import Edit, Flag, apply_edits, first_choices
from hanfix.filter import Risk, Rule
from hanfix.filters.repair.codec import MisreadCodec
from hanfix.filters.repair.codec_pairs import PAIRS, WRONG_CODECS
from hanfix.pipeline import Pipeline
from hanfix.script import usual_traditional

LOST = "\ufffd"
NEWS = (FIXTURES / "prose" / "news.txt").read_text(encoding="utf-8").splitlines()
NARROW = ("cp1252", "cp1250", "cp1251", "mac_roman", "cp437")
CLEAN = sorted(path for path in (FIXTURES / "clean").iterdir() if path.is_file())


def lines_for(codec: str) -> list[str]:
    """Return prose that a codec can write: traditional for Big5."""
    if codec != "big5":
        return NEWS
    return ["".join(map(usual_traditional, line)) for line in NEWS]


def pieces(codec: str, length: int, number: int, chance: random.Random) -> list[str]:
    """Return pieces of prose of a length."""
    lines = [line for line in lines_for(codec) if len(line) >= length]
    found: list[str] = []
    while len(found) < number:
        line = chance.choice(lines)
        at = chance.randint(0, len(line) - length)
        found.append(line[at : at + length])
    return found


def exact(pair: Misreading, length: int, number: int) -> tuple[int, int]:
    """Return how many pieces come back exactly, and how many could be damaged at all."""
    chance = random.Random(f"{pair} {length}")
    damaged = [(piece, misread(piece, *pair)) for piece in pieces(pair.right, length, number, chance)]
    strict = [(piece, wrong) for piece, wrong in damaged if wrong is not None and wrong != piece]
    return sum(MisreadCodec()(wrong) == piece for piece, wrong in strict), len(strict)


def test_there_are_as_many_keeps_as_wants() -> None:
    cases = read_cases("codec")
    assert sum(case.kept for case in cases) >= sum(not case.kept for case in cases)


@pytest.mark.parametrize("case", case_parameters("codec"))
def test_case(case: Case) -> None:
    assert MisreadCodec()(case.text) == case.want


@pytest.mark.parametrize(("length", "least"), [(30, 0.97), (10, 0.94), (6, 0.85)])
def test_strictly_misread_prose_comes_back(length: int, least: float) -> None:
    results = [exact(pair, length, 12) for pair in MISREADINGS]
    right, total = (sum(column) for column in zip(*results, strict=True))
    assert sum(count > 0 for _, count in results) >= 16
    assert right >= least * total


def test_lossily_misread_prose_comes_back() -> None:
    chance = random.Random(20261123)
    total = good = 0
    for pair in MISREADINGS:
        for piece in pieces(pair.right, 36, 12, chance):
            wrong = misread(piece, *pair, errors="replace")
            if wrong is None or not 0 < wrong.count(LOST) <= 0.15 * len(piece):
                continue
            back = MisreadCodec()(wrong)
            matching = SequenceMatcher(None, piece, back, autojunk=False).get_matching_blocks()
            total += 1
            good += sum(block.size for block in matching) >= 0.75 * len(piece)
    assert total >= 40
    assert good >= 0.85 * total


@pytest.mark.parametrize("wrong", NARROW)
@pytest.mark.parametrize("right", ["utf-8", "gbk", "big5"])
def test_undefined_bytes_are_what_browsers_make_of_them(right: str, wrong: str) -> None:
    for piece in pieces(right, 24, 6, random.Random(7)):
        assert MisreadCodec()(sloppily(piece, right, wrong)) == piece


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "cp1250", "mac_roman"])
def test_misread_twice(wrong: str) -> None:
    for piece in pieces("utf-8", 16, 6, random.Random(8)):
        once = sloppily(piece, "utf-8", wrong)
        assert MisreadCodec()(sloppily(once, "utf-8", wrong)) == piece


def test_misread_twice_as_gbk() -> None:
    seen = 0
    for piece in pieces("utf-8", 12, 60, random.Random(9)):
        once = misread(piece, "utf-8", "gb18030")
        twice = once and misread(once, "utf-8", "gb18030")
        if twice:
            seen += 1
            assert MisreadCodec()(twice) == piece
    assert seen


def test_a_field_in_sound_text() -> None:
    for piece in pieces("gbk", 5, 30, random.Random(10)):
        for right, wrong in (("gbk", "cp1252"), ("utf-8", "gb18030")):
            damaged = misread(piece, right, wrong)
            if damaged is not None:
                text = f"标题：{damaged} 2019 年，编辑：王明"
                assert MisreadCodec()(text) == f"标题：{piece} 2019 年，编辑：王明"


def test_a_missing_last_byte() -> None:
    for piece in pieces("gbk", 15, 20, random.Random(11)):
        damaged = sloppily(piece, "utf-8", "gbk")[:-1]
        result = Pipeline([MisreadCodec()], disable=["repair/codec-lost"]).run(damaged)
        assert result.text[:14] == piece[:14]
        # What is left of the last character may be one in use itself, as 涓 of 一.
        assert result.text[14:] in (LOST, piece[14:], damaged[-1])


def test_what_is_lost_is_flagged_or_chosen_with_a_reason() -> None:
    piece, damaged = "全国人民代表大会在北京开幕", "å…¨å›½äººæ°‘ä»£è¡¨å¤§ä¼šåœ¨åŒ—äº¬å¼€å¹"
    plain = Pipeline([MisreadCodec()]).run(damaged)
    assert plain.text == piece[:-1] + LOST
    assert plain.report.held == {"repair/codec-lost-lean": 1}
    bold = Pipeline([MisreadCodec()], risk="guess").run(damaged)
    assert bold.text == piece
    assert "lean" in bold.report.changes[0].why
    unknowable = MisreadCodec().find(Document("今年ÎÒÃÇµÄÉú»î\ufffd\ufffd，ÎÒÃÇµÄÉú»î"))
    assert any(isinstance(each, Flag) for each in unknowable)


def test_short_lines_of_a_damaged_document() -> None:
    """Two characters alone are left; among lines of the same damage they are read as those are."""
    title, body = "目录", "全国人民代表大会在北京隆重开幕，国家主席发表讲话"
    damaged = [sloppily(line, "gbk", "cp1251") for line in (title, body)]
    assert MisreadCodec()(damaged[0]) == damaged[0]
    assert MisreadCodec()("\n".join(damaged)) == f"{title}\n{body}"


def test_a_damaged_line_of_great_length() -> None:
    text = "".join(NEWS) * 3 + "。"
    for wrong in ("gbk", "cp1250"):
        assert MisreadCodec()(sloppily(text, "utf-8", wrong))[:-1] == text[:-1]


def test_every_pair_has_one_rule() -> None:
    assert {pair.rule for pair in PAIRS} <= {rule.id for rule in MisreadCodec.rules}
    for rule in MisreadCodec.rules:
        assert rule.examples
        assert len(rule.keeps) >= len(rule.examples)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in MisreadCodec.rules])
def test_rule_does_what_it_says(rule: Rule) -> None:
    for example in rule.examples:
        result = Pipeline([MisreadCodec()], risk=Risk.GUESS).run(example.before)
        assert result.text == example.after
        assert rule.id in result.report.counts
    for text in rule.keeps:
        assert Pipeline([MisreadCodec()], risk=Risk.GUESS)(text) == text


def test_wrong_codecs_lead_back_to_the_bytes() -> None:
    """Whatever Python's codec reads, the table turns back into the bytes it was."""
    names = {
        "gbk": "gb18030",
        "shift-jis": "cp932",
        "euc-kr": "cp949",
        "latin1": "cp1252",
        "mac-roman": "mac_roman",
    }
    for codec in WRONG_CODECS:
        name = codec.python[0] if codec.name == "big5" else names.get(codec.name, codec.name)
        for line in NEWS[:20]:
            raw = line.encode("gbk")
            try:
                text = raw.decode(name)
            except UnicodeDecodeError:
                continue
            if codec.takes_last:
                # One of the codes that a character has, not always the one it was.
                assert codec.encode(text).decode(name) == text
            else:
                assert codec.encode(text) == raw


@pytest.mark.parametrize("right", ["gbk", "utf-8"])
def test_read_as_latin1_and_again_as_gbk(right: str) -> None:
    """The commonest chain: a page read as Latin-1, saved in UTF-8, and that read as GBK."""
    repaired = [
        MisreadCodec()(line.encode(right).decode("latin-1").encode().decode("gb18030")) == line
        for line in NEWS[:30]
    ]
    assert sum(repaired) >= 28


def test_characters_that_shift_jis_has_twice_come_back() -> None:
    """In 他 and 即 stand bytes of the second code of a character, which Python never writes."""
    for line in ("他的对头也来了", "望即往荆州一言，不得有误。"):
        assert MisreadCodec()(line.encode("gbk").decode("cp932")) == line


# The laws of filters ---------------------------------------------------------------------------------------

DAMAGED = [
    *(rule.examples[0].before for rule in MisreadCodec.rules),
    *(sloppily(line[:12], "utf-8", "cp1252") for line in NEWS[:6]),
    *(line[:12].encode().decode("gb18030", "replace") for line in NEWS[:6]),
]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(DAMAGED),
        st.sampled_from(DAMAGED).flatmap(lambda text: st.integers(1, len(text)).map(lambda end: text[:end])),
        st.sampled_from(NEWS).map(lambda line: line[:30]),
        st.text(st.sampled_from([*"涓枃锛銆ÖÐÎÄéàжШ╓╨ｶﾅいゅ한屯锟?\ufffd\ue15f 中文，。aB1"]), max_size=8),
        st.sampled_from(["\n", "\r\n", "\r", " ", "：", "，"]),
    ),
    max_size=8,
).map("".join)


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.name)
def test_harmless(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert list(MisreadCodec().find(Document(text))) == []


@given(text=TEXTS)
def test_ordered_and_declared(text: str) -> None:
    found = list(MisreadCodec().find(Document(text)))
    edits = [each for each in found if isinstance(each, Edit)]
    apply_edits(text, edits)
    assert all(each.new != text[each.start : each.end] for each in edits)
    chosen = list(first_choices(edits))
    assert all(one.end <= other.start for one, other in pairwise(chosen))
    assert {each.rule for each in found} <= {rule.id for rule in MisreadCodec.rules}


@given(text=TEXTS, risk=st.sampled_from(list(Risk)))
def test_settled(text: str, risk: Risk) -> None:
    pipeline = Pipeline([MisreadCodec()], risk=risk)
    once = pipeline(text)
    assert pipeline(once) == once


@given(line=st.sampled_from(NEWS), start=st.integers(0, 60), length=st.integers(4, 60))
def test_sound_prose_is_left_alone(line: str, start: int, length: int) -> None:
    text = line[start : start + length]
    for sound in (text, "".join(map(usual_traditional, text))):
        assert Pipeline([MisreadCodec()], risk=Risk.GUESS)(sound) == sound


def test_portable() -> None:
    assert pickle.loads(pickle.dumps(MisreadCodec())) == MisreadCodec()
