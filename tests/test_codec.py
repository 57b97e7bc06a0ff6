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
from codec_damage import (
    MISREADINGS,
    Misreading,
    as_java_reads,
    half_as_utf8,
    misread,
    sloppily,
    without_unseen,
)
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
        "half-utf8": "cp1252",
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


# What a program drops or puts U+FFFD for -------------------------------------------------------------------

LOSSY_READERS = {
    "private use of GBK dropped": lambda text: without_unseen(text, "gbk"),
    "undefined of windows-1252 dropped": lambda text: without_unseen(text, "cp1252"),
    "U+FFFD for pairs": as_java_reads,
    "U+FFFD for bytes": lambda text: text.encode().decode("gbk", "replace"),
}


@pytest.mark.parametrize("reader", LOSSY_READERS)
def test_nothing_is_invented_for_what_was_dropped(reader: str) -> None:
    """Of the characters that come out one in a hundred at most was not there; the others stay U+FFFD."""
    total = right = lost = 0
    for piece in pieces("utf-8", 36, 40, random.Random(12)):
        back = MisreadCodec()(LOSSY_READERS[reader](piece))
        matching = SequenceMatcher(None, piece, back, autojunk=False).get_matching_blocks()
        total += len(piece)
        right += sum(block.size for block in matching)
        lost += back.count(LOST)
    assert right >= 0.92 * total
    assert total - right <= lost + 0.015 * total


def test_bytes_of_two_characters_make_no_third() -> None:
    """Where the last byte of one and the first of the next are gone, their rests stand side by side."""
    for sound in ("下载整个文件夹", "最近一轮评分数", "保存到数据库中的文件", "处理数据输出"):
        for name, reader in LOSSY_READERS.items():
            back = MisreadCodec()(reader(sound))
            # The last character may be what is left of one.
            wrong = set(back[:-1]) - set(sound) - {LOST}
            assert not wrong, (name, back)


def test_dropped_pairs_come_back_where_words_decide() -> None:
    for sound in ("中文名，中国", "下载整个文件", "请检查网络连接", "创建一个连接，开启连接。"):
        assert MisreadCodec()(without_unseen(sound, "gbk")) == sound
        assert MisreadCodec()(as_java_reads(sound)) == sound


def test_a_full_stop_that_lost_its_last_byte() -> None:
    assert MisreadCodec()("鏁版嵁搴撲腑鐨勬枃浠躲€?") == "数据库中的文件。"
    # Which mark this was nothing tells.
    assert MisreadCodec()("姝ｅ湪鍔犺浇锛?{0}") == "正在加载\ufffd{0}"


@pytest.mark.parametrize(
    "text",
    ["涓涓细流，枃木", "桌上的银€?", "销锛?", "世界�，文件�夹", "一个�连接", "É um é»", "Voilà «déjà»"],
)
def test_what_only_looks_like_a_dropped_pair_stays(text: str) -> None:
    assert Pipeline([MisreadCodec()], risk=Risk.GUESS)(text) == text


def test_read_half_as_utf8() -> None:
    lines = [line[:40] for line in NEWS if len(line) >= 40]
    assert sum(MisreadCodec()(half_as_utf8(line)) == line for line in lines) >= 0.9 * len(lines)
    for sound in ("类的实例", "说到版本控制", "认证码：模型的实现"):
        assert MisreadCodec()(half_as_utf8(sound)) == sound


@pytest.mark.parametrize(
    "text",
    [
        "Ο Γιώργος είπε «ναι»",
        "Ünïcödé, ʔaʃtʰɛ",
        "שָׁלוֹם, ça va?",
        "Ðại học, ¿qué? ֮",
        "مرحبا، déjà vu",
        "Łódź – Kraków ˇ",
    ],
)
def test_what_is_not_half_utf8_stays(text: str) -> None:
    assert Pipeline([MisreadCodec()], risk=Risk.GUESS)(text) == text


def test_turkish_windows() -> None:
    for sound in ("输出kml文件", "全服产出", "本文件提供", "USART1驱动的配置", "头像的头文件", "读取文件时"):
        assert MisreadCodec()(sloppily(sound, "gbk", "cp1254")) == sound
    for line in NEWS[:20]:
        assert MisreadCodec()(sloppily(line[:30], "gbk", "cp1254")) == line[:30]
        assert MisreadCodec()(sloppily(line[:30], "gbk", "cp1250")) == line[:30]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Ê¹ÓÃmµt cái¶ÓÎé±àºÅ", "使用mµt cái队伍编号"),
        ("trß¾c ÏÖÇå¿Õ", "trß¾c 现清空"),
        ("ÏÖTÕi SØ døng ÏÖÇå¿Õ", "现TÕi SØ døng 现清空"),
        ("½«AºÍBÏà¼Ó", "将A和B相加"),
        ("HiÖn t¹i ch­a ®ñ tiÒn", "HiÖn t¹i ch­a ®ñ tiÒn"),
        ("Nhçng ng߶i chßi ðã tham gia", "Nhçng ng߶i chßi ðã tham gia"),
    ],
)
def test_letters_of_latin_words_stay(text: str, want: str) -> None:
    assert MisreadCodec()(text) == want


@pytest.mark.parametrize(("right", "wrong"), [("utf-8", "gb18030"), ("utf-8", "cp1252"), ("gbk", "cp1252")])
def test_code_inside_a_damaged_line_does_not_hold_back_the_rest(right: str, wrong: str) -> None:
    code = sloppily("配置", right, wrong)
    text = "触发 AI Coach 诊断，基于 `scoring/data/`（或 `{}` 目录）下的数据，请看 https://a.cn/b 的内容"
    assert Pipeline([MisreadCodec()])(sloppily(text, right, wrong).replace("{}", code)) == text.replace(
        "{}", code
    )


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
