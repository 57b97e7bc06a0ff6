"""The strip filter: cases, every rule's own examples in both scripts, properties, a real page, rule files."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import Case, case_parameters, read_cases
from furnished_page import FurnishedPage, pages
from hanfix.document import Document
from hanfix.edit import Edit, Flag, apply_edits
from hanfix.filters.strip import RuleFileError, Strip
from hanfix.filters.strip.engine import Engine
from hanfix.filters.strip.furniture import (
    Furniture,
    Strength,
    checked_rules,
    normal,
    packaged,
    parsed,
    read_file,
    spellings,
)
from hanfix.filters.strip.kinds import Kind, kind_of
from hanfix.filters.strip.scan import telling_part
from hanfix.filters.strip.words import Vocabulary, Words, packaged_words, words_of
from hanfix.pipeline import Pipeline
from hanfix.script import simplified_only, simplify, traditional_forms

STRIP = Strip()


def traditional(text: str) -> str:
    """Return the text in traditional characters, one for one: good enough for furniture."""
    return "".join(traditional_forms(char)[1] if char in simplified_only() else char for char in text)


def stripped(text: str, strip: Strip = STRIP) -> str:
    return Pipeline([strip])(text)


def rules_fired(text: str) -> set[str]:
    return {found.rule for found in STRIP.find(Document(text)) if isinstance(found, Edit)}


# Cases and examples ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", case_parameters("strip"))
def test_case(case: Case) -> None:
    assert stripped(case.text) == case.want
    assert stripped(case.want) == case.want


def test_cases_are_balanced_and_named_once() -> None:
    cases = read_cases("strip")
    assert 2 * sum(case.kept for case in cases) >= len(cases)
    assert len({case.id for case in cases}) == len(cases)


@pytest.mark.parametrize("furniture", packaged(), ids=lambda furniture: furniture.name)
@pytest.mark.parametrize(
    "script", [str, simplify, traditional], ids=["as written", "simplified", "traditional"]
)
def test_rule_does_what_its_examples_say(furniture: Furniture, script: Any) -> None:
    for before, after in furniture.rule.examples:
        before, after = script(before), script(after)
        assert stripped(before) == after
        assert furniture.rule.id in rules_fired(before)
    for text in map(script, furniture.rule.keeps):
        assert stripped(text) == text


@pytest.mark.parametrize("furniture", packaged(), ids=lambda furniture: furniture.name)
def test_rule_is_well_made(furniture: Furniture) -> None:
    assert furniture.rule.examples
    assert furniture.rule.keeps
    assert not furniture.matcher.match("")
    for trigger in furniture.triggers:
        assert trigger == simplify(trigger), "triggers are written in simplified script"
        assert spellings(trigger)
    if furniture.strength is Strength.LINE:
        for example in furniture.rule.examples:
            matched = [
                line
                for line in example.before.splitlines()
                if furniture.matcher.fullmatch(normal(line.strip()))
            ]
            spelled = [spelling for trigger in furniture.triggers for spelling in spellings(trigger)]
            assert all(any(spelling in line for spelling in spelled) for line in matched)


@pytest.mark.parametrize("words", packaged_words(), ids=lambda words: words.name)
@pytest.mark.parametrize("script", [simplify, traditional], ids=["simplified", "traditional"])
def test_words_do_what_their_examples_say_in_both_scripts(words: Words, script: Any) -> None:
    for before, after in words.rule.examples:
        assert stripped(script(before)) == script(after)
    for text in map(script, words.rule.keeps):
        assert stripped(text) == text


def test_rules_are_declared_once() -> None:
    ids = [rule.id for rule in Strip.rules]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"strip/[a-z0-9-]+", each) for each in ids)


# Properties ------------------------------------------------------------------------------------------------

PROSE = st.text("灯塔海雨船人在的了不是他说，我们走过桥", min_size=4, max_size=30).map(
    lambda text: text.strip("，") + "晚风。"
)
LINES = [
    "上一页 1 2 3 下一页",
    "上一章 章節目錄 下一章 加入書籤",
    "（本章未完，请点击下一页继续阅读）",
    "第(2/3)頁",
    "发表于 2016-5-9 21:38 | 只看该作者",
    "使用道具 举报",
    "分享到：微信 微博 QQ空间",
    "当前位置：首页 > 新闻 > 正文",
    "請在下載後24小時內刪除",
    "▼廣告▼",
    "本页面最后修订于2019年3月4日 (星期一) 12:30。",
    "※ 發信站: 批踢踢實業坊(ptt.cc), 來自: 1.2.3.4",
]
TAILS = ["阅读原文", "版權歸原作者所有，未經授權請勿轉載", "相关推荐", "下一篇：没有了", "— 12 —"]


@given(
    st.lists(st.one_of(PROSE, st.just("")), min_size=6, max_size=20),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(LINES)), max_size=6),
    st.lists(st.sampled_from(TAILS), max_size=3),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=150, deadline=None)
def test_furniture_between_prose_goes_and_prose_comes_back(
    prose: list[str], inserted: list[tuple[int, str]], tails: list[str], newline: str
) -> None:
    # Blank lines at the very edges, or more than one, are the page's and not part of what is compared.
    lines = [line for index, line in enumerate(prose) if line or (index > 0 and prose[index - 1])]
    while lines and not lines[-1]:
        lines.pop()
    if sum(map(len, lines)) <= 3 * sum(map(len, tails)):
        lines = ["他在渡口等了一夜，雨停了才走，没有回头看一眼。" * 6, *lines]
    furnished = list(lines)
    for place, line in inserted:
        furnished.insert(place % (len(furnished) + 1), line)
    furnished += tails
    text = newline.join([*lines, ""])
    assert stripped(text) == text
    assert stripped(newline.join([*furnished, ""])) == text


TROUBLE = st.lists(
    st.one_of(
        st.sampled_from(
            [*LINES, *TAILS, "相关文章：", "海边的灯塔09-24", "```", "“", "”", "| --- | --- |", "楼主", "--"]
        ),
        st.text("上下一页章123/()（）「」|#楼\t　 。【】*-", max_size=12),
        PROSE,
    ),
    max_size=14,
)


@given(TROUBLE, st.lists(st.sampled_from(["\n", "\r\n", "\r", "\n\n", ""]), min_size=14, max_size=14))
@settings(max_examples=300, deadline=None)
def test_laws_on_troublesome_pages(lines: list[str], newlines: list[str]) -> None:
    text = "".join(line + newline for line, newline in zip(lines, newlines, strict=False))
    found = list(STRIP.find(Document(text)))
    assert found == list(STRIP.find(Document(text)))
    edits = [each for each in found if isinstance(each, Edit)]
    after = apply_edits(text, edits)
    assert not [each for each in STRIP.find(Document(after)) if isinstance(each, Edit)]
    # Nothing is written, only taken out.
    assert all(edit.new == "" and edit.start < edit.end and edit.why for edit in edits)


@given(pages(), st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
@settings(max_examples=100, deadline=None)
def test_prose_comes_back_from_a_furnished_page(page: FurnishedPage, newline: str) -> None:
    text = newline.join([*page.text, ""])
    assert stripped(text) == text
    result = stripped(newline.join([*page.lines, ""]))
    assert result == text
    assert stripped(result) == result


@given(pages())
@settings(max_examples=50, deadline=None)
def test_prose_comes_back_in_traditional_script(page: FurnishedPage) -> None:
    assert stripped(traditional("\n".join(page.lines))) == traditional("\n".join([*page.text, ""]))


# Words -----------------------------------------------------------------------------------------------------

WORDS_FILE = """
[[words]]
name = "harbour-buttons"
says = "buttons of the harbour's site"
strong = ["返回港口", "已有{n}人靠岸", "由{name}值班", "靠岸于{date} {time}"]
weak = ["潮汐", "泊位", "灯号"]
examples = ["返回港口"]
keeps = ["他返回港口的时候，天已经亮了。"]

[[words]]
name = "harbour-labels"
says = "labels of the harbour's site"
label = true
strong = ["值班员:"]
weak = ["吨位"]
examples = ["值班员：老陈"]
keeps = ["值班员说，船来了。"]
"""


def harbour() -> Vocabulary:
    return Vocabulary(words_of(parsed(WORDS_FILE, "harbour.toml", "harbour")))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("返回港口", Kind.FURNITURE),
        ("【返回港口】", Kind.FURNITURE),
        ("已有 1.2万 人靠岸", Kind.FURNITURE),
        ("返 回 港 口", Kind.FURNITURE),
        ("由老陈值班", Kind.FURNITURE),
        ("靠岸于2017-04-27 20:55", Kind.FURNITURE),
        ("潮汐 | 泊位 | 灯号", Kind.FURNITURE),
        ("【潮汐】【泊位】", Kind.FURNITURE),
        ("潮汐 12 泊位 3", Kind.FURNITURE),
        ("2017-04-27 20:55 潮汐 老陈 泊位", Kind.FURNITURE),
        ("值班员：老陈", Kind.FURNITURE),
        ("返回港口 老陈记", Kind.LIKELY),
        ("潮汐(12)", Kind.LIKELY),
        ("吨位：三千", Kind.LIKELY),
        ("2017-04-27", Kind.FILLER),
        ("----", Kind.FILLER),
        ("潮汐的故事", Kind.NEUTRAL),
        ("2017-04-27 本报记者 老陈 20:55", Kind.NEUTRAL),
        ("第3章 返回之后", Kind.NEUTRAL),
        ("参考文献", Kind.NEUTRAL),
        ("作者：老陈", Kind.NEUTRAL),
        ("海港的灯又亮了，船还没有回来", Kind.CLAUSE),
        ("船来了吗？", Kind.CLAUSE),
        ("他返回港口，看了看潮汐。", Kind.TEXT),
        ("按钮上写着“返回港口”。", Kind.TEXT),
    ],
)
def test_kind_of_a_line(line: str, kind: Kind) -> None:
    assert kind_of(harbour().cover(normal(line))) is kind


def test_cover_leaves_as_little_open_as_can_be() -> None:
    cover = harbour().cover(normal("返回港口 老陈"))
    assert (cover.visible, cover.uncovered, cover.strong) == (6, 2, 4)
    assert cover.chief is not None
    assert cover.chief.name == "harbour-buttons"


@pytest.mark.parametrize("phrase", ["返回灯塔", "　返回灯塔", "\u200b 返回燈塔 ", "返 回 灯 塔"])
def test_phrase_is_compared_as_lines_are(phrase: str) -> None:
    text = WORDS_FILE.replace("返回港口", phrase, 1)
    assert text != WORDS_FILE
    words = Vocabulary(words_of(parsed(text, "harbour.toml", "harbour")))
    assert words.cover(normal("【返回灯塔】")).strong == 4


def test_label_takes_its_value_and_no_sentence() -> None:
    assert harbour().cover(normal("值班员：老陈　吨位：三千")).uncovered == 0
    assert harbour().cover(normal("值班员：老陈来了，船也来了。他等着。")).uncovered > 0


def test_telling_part_is_the_longest_literal() -> None:
    assert telling_part("已有{n}人靠岸") == "人靠岸"
    assert telling_part("{n}楼") == ""
    assert telling_part("OK {n}") == ""


def test_users_words_are_used(tmp_path: Path) -> None:
    path = tmp_path / "harbour.toml"
    path.write_text(WORDS_FILE, encoding="utf-8")
    strip = Strip(rules_=(str(path),))
    prose = "灯还亮着，我昨天去看过，门没有锁，守塔的人也还在，他每天都点灯，等到天亮才睡。\n"
    assert stripped(f"{prose}返回港口 由老陈值班\n值班员：老陈\n", strip) == prose
    assert stripped(f"{prose}返回港口\n", Strip(rules_=(str(path),), no_class=("harbour-buttons",))) == (
        f"{prose}返回港口\n"
    )
    assert pickle.loads(pickle.dumps(strip._engine)).find(f"{prose}返回港口\n")[0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            ('strong = ["值班员:"]\nweak = ["吨位"]', ""),
            r"'harbour-labels': there are neither strong nor weak",
        ),
        (("{n}人靠岸", "{m}人靠岸"), r"'harbour-buttons': there is no slot \{m\}; there are n, date"),
        (("返回港口", "{n} {date}"), r"'harbour-buttons': the phrase '\{n\} \{date\}' is nothing but slots"),
        (("label = true", "label = 1"), r"'harbour-labels': label must be true or false"),
        (("label = true", "lable = true"), r"no key 'lable'; did you mean 'label'"),
        (('examples = ["返回港口"]', "examples = [[1]]"), r"an example is a line that goes, or two texts"),
        (('name = "harbour-labels"', 'name = "harbour-buttons"'), r"taken by an earlier rule of this file"),
        (
            ('name = "harbour-labels"', 'name = "share-bar"'),
            r"'share-bar': the name is taken by another rule",
        ),
    ],
)
def test_malformed_words_are_refused(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    path = tmp_path / "harbour.toml"
    assert change[0] in WORDS_FILE
    path.write_text(WORDS_FILE.replace(*change), encoding="utf-8")
    with pytest.raises(RuleFileError, match=reason):
        Strip(rules_=(str(path),))


# Engine ----------------------------------------------------------------------------------------------------


def test_reasons_tell_the_place() -> None:
    prose = "灯还亮着，我昨天去看过，门没有锁，守塔的人也还在，他每天都点灯。"
    text = f"{prose}\n未经授权请勿转载\n（责任编辑：甲）\n"
    first, second = STRIP.find(Document(text))
    assert (first.rule, second.rule) == ("strip/copyright", "strip/editor-credit")
    assert first.why.endswith("at the tail of the text")


def test_too_much_on_thin_evidence_is_flagged() -> None:
    text = "灯。\n上一页 1 2 下一页\n版权归原作者所有\n未经授权请勿转载\n"
    found = list(STRIP.find(Document(text)))
    assert [type(each) for each in found] == [Edit, Flag, Flag]
    assert stripped(text) == "灯。\n版权归原作者所有\n未经授权请勿转载\n"
    assert "left" in found[1].why


def test_two_rounds_of_one_line() -> None:
    text = "灯还亮着。\n上一页（本章未完，请翻页）下一页\n船来了。\n"
    assert stripped(text) == "灯还亮着。\n船来了。\n"


def test_line_of_nothing_but_cuts_goes_whole() -> None:
    text = "灯还亮着。\n\n本帖最后由 甲 于 2010-6-23 07:10 编辑\n\n船来了。\n"
    assert stripped(text) == "灯还亮着。\n\n船来了。\n"


def test_hits_across_chunks_are_found() -> None:
    chunk = 1 << 18
    for shift in range(-12, 3):
        text = "灯" * (chunk + shift) + "\n上一页 1 2 3 下一页\n船。"
        assert stripped(text) == "灯" * (chunk + shift) + "\n船。"


def test_long_lines_are_prose_but_may_be_cut() -> None:
    notice = "（本章未完，请点击下一页继续阅读）"
    text = ("灯" * 5000 + "。" + notice) * 3 + "上一页 1 2 3 下一页"
    assert stripped(text) == ("灯" * 5000 + "。") * 3 + "上一页 1 2 3 下一页"


def test_astral_and_broken_characters_do_not_shift_places() -> None:
    text = "𠀀𠀁😀\ud800\n上一页 1 2 3 下一页\n𠀂\n"
    assert stripped(text) == "𠀀𠀁😀\ud800\n𠀂\n"


@pytest.mark.parametrize("text", ["", "\n", "\r", "\r\n\r\n", " \n\t\n", "灯", "\n\n灯\n\n"])
def test_nothing_to_do(text: str) -> None:
    assert stripped(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        "上一页 ",
        "1 ",
        "第",
        "（",
        "【",
        "求月票",
        "※☆★",
        "2017-04-27 20:55 | #",
        " ",
        "下载",
        "a.com",
        "分享到",
    ],
)
def test_one_long_line_is_no_trap(unit: str) -> None:
    text = unit * 40_000
    assert stripped(text) == text


def test_patterns_are_quick_on_lines_that_nearly_match() -> None:
    units = [
        "上一页 ",
        "1 ",
        "12",
        "※",
        "求月票，",
        "收藏 ",
        "首页 > ",
        "录入：甲 ",
        "积分 1 ",
        "字号：大 中 小 ",
        "分享到 微信 ",
    ]
    for unit in units:
        line = (unit * 160)[:155] + "灯塔。"
        for furniture in packaged():
            furniture.matcher.fullmatch(normal(line))
            furniture.matcher.search(normal(line))


# Options and rule files ------------------------------------------------------------------------------------


def test_classes_choose_families_and_rules() -> None:
    text = "灯还亮着。\n上一页 1 2 3 下一页\n分享到：微信 微博\n"
    assert stripped(text, Strip(classes=("pagination",))) == "灯还亮着。\n分享到：微信 微博\n"
    assert stripped(text, Strip(no_class=("share", "sharing"))) == "灯还亮着。\n分享到：微信 微博\n"
    assert stripped(text, Strip(no_class=("pagination", "share"))) == text
    assert Strip(classes=("strip/pagination",)).rules == Strip(classes=("pagination",)).rules
    assert stripped(text, Strip(no_class=("strip/pagination", "strip/share-bar"))) == text


def test_unknown_class_is_refused_with_a_hint() -> None:
    with pytest.raises(ValueError, match=r"'pagenation'; did you mean 'pagination'"):
        Strip(no_class=("pagenation",))


RULE_FILE = """
[define]
harbour = '(?:港口|码头)'

[[rule]]
name = "harbour-line"
says = "the harbour site's own line"
strength = "line"
risk = "guess"
pattern = '(?&harbour)网 ?[0-9]{4}'
triggers = ["港口网", "码头网"]
examples = ["港口網 2019"]
keeps = ["港口網 2019 年開張。"]
"""


def test_users_rules_are_used_with_their_risk(tmp_path: Path) -> None:
    path = tmp_path / "harbour.toml"
    path.write_text(RULE_FILE, encoding="utf-8")
    strip = Strip(rules_=(str(path),))
    text = "灯还亮着。\n港口網 2019\n"
    assert Pipeline([strip], risk="guess")(text) == "灯还亮着。\n"
    assert Pipeline([strip])(text) == text
    assert Pipeline([strip]).run(text).report.held["strip/harbour-line"] == 1
    assert stripped(text, Strip(rules_=(str(path),), no_class=("harbour",))) == text
    assert pickle.loads(pickle.dumps(strip)) == strip
    assert list(pickle.loads(pickle.dumps(strip)).find(Document(text))) == list(strip.find(Document(text)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("[[rule]]", "[[rule]"), r"TOML|Expected|Invalid"),
        (('name = "harbour-line"', 'name = "Harbour Line"'), r"rule 'Harbour Line': a name consists of"),
        (
            ('strength = "line"', 'strength = "lines"'),
            r"'harbour-line': strength must be one of line, inline",
        ),
        (('risk = "guess"', 'risk = "bold"'), r"'harbour-line': no risk is called 'bold'"),
        (("(?&harbour)网", "(?&port)网"), r"'harbour-line': \(\?&port\) is not defined"),
        (("[0-9]{4}'", "[0-9'"), r"'harbour-line': unterminated character set"),
        (("(?&harbour)网 ?[0-9]{4}", "(?:灯)?"), r"'harbour-line': the pattern matches the empty string"),
        (('triggers = ["港口网", "码头网"]', ""), r"'harbour-line': triggers must name"),
        (
            ('triggers = ["港口网", "码头网"]', "triggers = [1]"),
            r"'harbour-line': each of triggers must be a text",
        ),
        (('says = "the', 'sais = "the'), r"'harbour-line': there is no key 'sais'; did you mean 'says'"),
        (('strength = "line"', 'strength = "place"'), r"'harbour-line': where must list some of head, title"),
        (
            ('strength = "line"', 'strength = "line"\nwhere = ["head"]'),
            r"'harbour-line': a line rule applies anywhere",
        ),
        (
            ('strength = "line"', 'strength = "line"\nitem = "a"'),
            r"'harbour-line': a block rule, and no other",
        ),
        (('examples = ["港口網 2019"]', "examples = [[1]]"), r"'harbour-line': an example is a text"),
        (("[define]", "[[define]]"), r"define must be a table"),
    ],
)
def test_malformed_rule_file_is_refused(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    path = tmp_path / "harbour.toml"
    assert change[0] in RULE_FILE
    path.write_text(RULE_FILE.replace(*change), encoding="utf-8")
    with pytest.raises(RuleFileError, match=reason) as caught:
        Strip(rules_=(str(path),))
    assert str(caught.value).startswith(str(path))


def test_rule_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="cannot be read"):
        read_file(tmp_path / "missing.toml")
    (tmp_path / "gbk.toml").write_bytes("# 规则\r".encode() + "# 规则".encode("gbk"))
    with pytest.raises(RuleFileError, match=r"gbk\.toml, line 2: not UTF-8; save it as UTF-8"):
        read_file(tmp_path / "gbk.toml")
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    with pytest.raises(RuleFileError, match="no \\[\\[rule\\]\\] and no"):
        checked_rules(read_file(tmp_path / "empty.toml"))
    twice = RULE_FILE + RULE_FILE.partition("[[rule]]")[1] + RULE_FILE.partition("[[rule]]")[2]
    (tmp_path / "twice.toml").write_text(twice, encoding="utf-8")
    with pytest.raises(RuleFileError, match="taken by an earlier rule"):
        checked_rules(read_file(tmp_path / "twice.toml"))


def test_name_taken_by_the_package_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(RULE_FILE.replace("harbour-line", "pagination-bar"), encoding="utf-8")
    with pytest.raises(RuleFileError, match="'pagination-bar'"):
        Strip(rules_=(str(path),))


def test_half_a_surrogate_pair_is_a_character_like_others() -> None:
    text = "他等船。\ud800\udc00\ud83d\n上一页 1 2 3 下一页\n船来了。\udfff\n"
    assert Strip()(text) == "他等船。\ud800\udc00\ud83d\n船来了。\udfff\n"


def test_engine_without_rules_finds_nothing() -> None:
    assert Engine(()).find("上一页 1 2 3 下一页") == ([], [])


# The page --------------------------------------------------------------------------------------------------


def test_page_loses_its_furniture_and_nothing_else(essay_forum: dict[str, str]) -> None:
    text = essay_forum["repaired"]
    notice = "《創先爭優促進黨的先進性建設》全文內容當前網頁未完全顯示,"
    stamp = "2017-04-27 20:55 | #2樓"
    lines = text.split("\n")
    assert lines[0] == "- 相關推薦"
    assert sum(line.startswith(notice) for line in lines) == 2
    heading = lines.index("【創先爭優促進黨的先進性建設】相關文章:")
    items = [line for line in lines[heading + 1 :] if line]
    assert len(items) == 9
    want = [line.removesuffix(stamp) for line in lines[1:heading] if not line.startswith(notice)]
    assert stripped(text) == "\n".join([*want, ""])
    assert "創先爭優實踐黨的先進性 推進基層黨組織領導體制建設" in want
    assert stripped(stripped(text)) == stripped(text)


# Printed pages ---------------------------------------------------------------------------------------------

PRINTED = [
    "海边的灯塔建于清末，塔身高三十米，用青砖砌成，外面刷了一层白",
    "灰，远远望去像一支蜡烛。守塔的人换了三代，如今的这一位姓陈，",
    "五十岁，是从北边来的。他年轻的时候在船上做事，后来腿坏了，就",
    "上了岸，一住就是二十年，没有再离开过。他说海上的人都认得这盏",
    "灯，看见它就知道快要到家了，所以他从不敢睡得太沉，总要隔一个",
    "钟头起来看一看。有一年冬天起大风，把玻璃吹破了两块，灯灭了，",
    "他爬上去用身子挡住风，重新点上火，手上的伤到现在还看得见，疤",
]


@pytest.mark.parametrize("number", ["- {} -", "· {} ·", "{}", "第{}页", "討{}"])
@pytest.mark.parametrize("head", ["", "灯塔志　卷一"])
def test_page_numbers_and_running_heads_go_and_sentences_close(number: str, head: str) -> None:
    lines: list[str] = []
    for page in range(5):
        lines += [*PRINTED, "", number.format(page + 231), "", *([head, ""] if head else [])]
    assert stripped("\n".join(lines)) == "\n".join(PRINTED * 5 + [""])


def test_left_and_right_pages_have_their_own_running_heads() -> None:
    lines: list[str] = []
    for page in range(6):
        lines += [*PRINTED, ["灯塔志", "第三章　战时"][page % 2], f"·{page + 47}·"]
    assert stripped("\n".join([*lines, *PRINTED])) == "\n".join(PRINTED * 7)


def test_numbers_of_chapters_and_steps_are_no_page_numbers() -> None:
    chapters = [f"{chapter}\n" + "灯还亮着，他等船，等了一夜，船没有来。\n" * 12 for chapter in range(1, 6)]
    steps = [f"{step}\n牛腩切块，冷水下锅，焯去血沫\n" for step in range(1, 9)]
    for text in ("".join(chapters), "".join(steps)):
        assert stripped(text) == text


def test_fifty_counters_go_in_one_pass() -> None:
    text = "".join(f"他等船，等了一夜（第{page}/50页）\n灯还亮着。\n" for page in range(1, 51))
    found = [each for each in STRIP.find(Document(text)) if isinstance(each, Edit)]
    assert len(found) == 50
    assert apply_edits(text, found) == "他等船，等了一夜\n灯还亮着。\n" * 50


def test_long_lists_of_links_go_whole() -> None:
    prose = "灯还亮着，我昨天去看过，门没有锁，守塔的人也还在。\n" * 400
    items = "".join(f"海边的灯塔第{number}回09-24\n" for number in range(300))
    assert stripped(f"{prose}【海边的灯塔】相关文章：\n{items}") == prose


@pytest.mark.parametrize(("form", "first"), [("第 {} 页", 1), ("第{}頁", 3), ("· {} ·", 112), ("— {} —", 7)])
def test_page_numbers_between_whole_sentences(form: str, first: int) -> None:
    """Where pages end with a sentence, only the numbers themselves say what they are."""
    lines = [f"这是第{number}天，船还没有来，他们在岸上等着，谁也不说话。" for number in range(30)]
    pages = [[*lines[at : at + 6], form.format(first + at // 6)] for at in range(0, 30, 6)]
    assert Strip()("\n".join(line for page in pages for line in page)).splitlines() == lines


def test_numbers_of_sections_stay() -> None:
    lines = [f"这是第{number}天，船还没有来，他们在岸上等着，谁也不说话。" for number in range(30)]
    text = "\n".join(line for at in range(5) for line in [f"— {at + 1} —", *lines[6 * at : 6 * at + 6]])
    assert Strip()(text) == text


@pytest.mark.parametrize(
    "dateline", ["新华社北京１月５日电", "中新网上海3月12日电 （记者王明）", "中央社台北七月電"]
)
def test_datelines_stay_amid_furniture(dateline: str) -> None:
    body = "各级干部都去了田里，看今年的收成。农户说，今年的水分把得严，一车一车都要检验。"
    page = ["首页 > 新闻 > 国内", "粮食收购开秤", dateline, "2012-10-16 07:42 来源：晚报 浏览：120次", body]
    assert dateline in Strip()("\n".join([*page, "责任编辑：王小明", "分享到：微信 微博"]))


def test_short_pages_are_told_by_heads_that_say_the_title_or_a_heading() -> None:
    title, heading = "吉野村的用水纠纷（1911－1935）", "第二章　圳路与村落"
    lines = [f"这是第{number}天，船还没有来，他们在岸上等着，谁也不说话。" for number in range(12)]
    text = [title, heading, *lines[:4], "27", "吉野村的用水纠纷", *lines[4:7], "28", heading, *lines[7:10]]
    assert stripped("\n".join([*text, "29", *lines[10:]])) == "\n".join([title, heading, *lines])


def test_pages_of_mixed_forms_count_on_together() -> None:
    lines = [f"这是第{number}天，船还没有来，他们在岸上等着，谁也不说话。" for number in range(9)]
    text = ["· 42 ·", "北 方 的 河 流", "第三章　渡口", *lines[:3], "第三章　渡口　　　　　43", *lines[3:6]]
    text += ["· 44 ·", "北 方 的 河 流", *lines[6:]]
    assert stripped("\n".join(text)) == "\n".join(["第三章　渡口", *lines])


@pytest.mark.parametrize(
    "text",
    [
        "".join(
            f"宝剑{number}\nSwords\n想法的对立、选择的时机、意见不合。\n做出选择、进入下一个阶段。\n"
            for number in range(2, 9)
        ),
        "".join(f"V_DATE\n{number}\n日期变量\n" for number in range(6, 12)),
        "".join(
            f"{number}\n\n他写好了信，放在瓶子里，扔进海里，回去睡了。\n\n" * 2 for number in (27, 28, 29)
        ),
        "价目\n"
        + "".join(f"{name}　　　　{price}\n" for name, price in zip("牛羊猪", (41, 42, 43), strict=True)),
    ],
)
def test_records_sections_and_prices_are_no_pages(text: str) -> None:
    assert stripped(text) == text


# Threads, contents, heads of pages --------------------------------------------------------------------------

BODY = (
    "灯还亮着，我昨天去看过，门没有锁，守塔的人也还在。他等着，一直等着，看海上有没有船来，等到天亮才睡。\n"
    "塔是清末造的，高三十米，用青砖砌成，外面刷了一层白灰，远远望去像一支蜡烛。\n"
    "守塔的人换了三代，如今的这一位姓陈，五十岁，年轻时在船上做事，后来腿坏了，就上了岸。"
)
SAID = ("我外公也守过塔，玻璃破了就用身子去挡。", "后来呢，后来他去了哪里？", "下个月我们一起去看。")
LINKS = "引用 回复 分享\n首页 > 论坛 > 正文\n返回列表\n"


@pytest.mark.parametrize(
    "stamps",
    [
        ("#1 维港大浪 2019年9月3日 22:15:31", "#2 深水步行者 2019年9月3日 22:19:04", "#5 打工仔甲"),
        ("B1 辅仁大学 12月3日 01:35", "B2 成功大学", "B4 原作者 - 政治大学"),
        ("1楼 小葵 2019-09-03", "2楼 阿布 2019-09-03", "3楼 小葵"),
    ],
)
def test_floors_that_count_on_go_from_a_thread(stamps: tuple[str, ...]) -> None:
    posts = "".join(f"{stamp}\n{said}\n" for stamp, said in zip(stamps, SAID, strict=True))
    page = f"{BODY}\n发表评论 共3条评论\n{posts}扫一扫，用手机看新闻\n返回顶部\n"
    assert stripped(page) == "\n".join([BODY, *SAID, ""])
    assert stripped(traditional(page)) == traditional("\n".join([BODY, *SAID, ""]))


def test_floors_of_a_house_and_numbered_headings_stay() -> None:
    floors = "B1 停车场\n车位一百二十个，前两小时免费。\nB2 仓库\n只对商户开放。\n1楼 大堂\n墙上有壁画。\n"
    headings = "".join(f"#{number} 渡口\n{said}\n" for number, said in enumerate(SAID, 1))
    for text in (f"{BODY}\n{floors}", f"{BODY}\n{headings}"):
        assert stripped(text) == text
        assert stripped(f"首页 > 新闻 > 正文\n{text}") == text


def test_names_of_those_who_post_go_and_other_short_lines_stay() -> None:
    page = (
        "查看: 4821|回复: 17\n楼主\n芦苇荡里的风\n发表于 2012-10-7 22:41:09 | 只看该作者\n"
        f"{BODY}\n芦苇荡里的风 发表于 2012-10-8 09:15\n{SAID[0]}\n引用 芦苇荡里的风\n{SAID[1]}\n"
        f"微山湖的早晨\n{SAID[2]}\n回复 支持 反对 举报\n您需要登录后才可以回帖 登录 | 立即注册\n"
    )
    want = "\n".join([BODY, SAID[0], SAID[1], "微山湖的早晨", SAID[2], ""])
    assert stripped(page) == want


def test_title_stays_among_names_above_the_text() -> None:
    page = (
        "首页 会员 发现 等你来答\n关注问题 写回答 邀请回答 好问题 24 添加评论 分享\n"
        "灯塔上的一年，我是怎样过来的\n关注者\n1,932\n查看全部 318 个回答\n灰尘先生\n县级档案馆\n"
        f"4,207 人赞同了该回答\n{BODY}\n赞同 4207\n142 条评论\n分享 收藏 喜欢 收起\n"
    )
    assert stripped(page) == f"灯塔上的一年，我是怎样过来的\n{BODY}\n"


def test_bars_of_unknown_names_go_from_the_head_of_a_page_only() -> None:
    bar = "小恶魔新闻 | 小恶魔市集 | 找文章 | 我的船"
    page = f"首页 > 论坛 > 居家\n{bar}\n灯塔上的一年\n{BODY}\n"
    assert stripped(page) == f"灯塔上的一年\n{BODY}\n"
    for text in (f"{bar}\n{BODY}\n", f"{BODY}\n{bar}\n{BODY}\n"):
        assert stripped(text) == text


def test_tags_behind_the_text_are_its_words() -> None:
    page = f"{BODY}\n守塔 青砖 蜡烛\n分享到：QQ空间 新浪微博\n返回顶部\n"
    assert stripped(page) == f"{BODY}\n"
    signed = f"{BODY}\n小葵 阿布 老王\n分享到：QQ空间 新浪微博\n返回顶部\n"
    assert stripped(signed) == f"{BODY}\n小葵 阿布 老王\n"
    assert stripped(f"{BODY}\n守塔 青砖 蜡烛\n") == f"{BODY}\n守塔 青砖 蜡烛\n"


def test_address_and_hours_of_the_place_a_text_tells_of_stay() -> None:
    shop = "店家资讯\n地址：台南市中西区某某路二段三百号\n营业时间：04:00～卖完为止（周一公休）"
    page = f"{BODY}\n{shop}\n全站热搜\n创作者介绍\n个人分类：台南小吃\n上一篇：自己做咸蛋\n"
    assert stripped(page) == f"{BODY}\n{shop}\n"
    assert stripped(traditional(page)) == traditional(f"{BODY}\n{shop}\n")


def test_headings_of_a_list_of_contents_stay_though_they_are_words_of_pages() -> None:
    items = "目录\n1 历史\n2 评论\n▪ 书评\n3 参见\n"
    body = f"历史\n{BODY}\n评论\n{SAID[0]}\n书评\n{SAID[1]}\n参见\n灯船\n"
    assert stripped(f"灯塔\n{SAID[2]}\n{items}{body}") == f"灯塔\n{SAID[2]}\n{body}"
    book = f"目录\n1 渡口\n2 归途\n1 渡口\n{BODY}\n2 归途\n{SAID[0]}\n"
    assert stripped(book) == book


def test_commands_of_a_program_are_no_bar_of_links() -> None:
    text = f"{BODY}\n[编辑] - [链接]\n{BODY}\n相关主题\n[格式] - [翻转]\n{BODY}\n"
    assert stripped(text) == text


def test_numbers_that_end_each_page_and_the_text_are_of_pages() -> None:
    lines = [f"这是第{number}天，船还没有来，他们在岸上等着，谁也不说话。" for number in range(9)]
    pages = [line for at in range(3) for line in [*lines[3 * at : 3 * at + 3], f"- {at + 1} -"]]
    assert stripped("\n".join(["判决书", *pages])) == "\n".join(["判决书", *lines, ""])
    sections = "\n".join(line for at in range(3) for line in [f"- {at + 1} -", *lines[3 * at : 3 * at + 3]])
    assert stripped(sections) == sections


def test_names_and_times_below_a_heading_of_replies_go_and_those_of_a_chat_stay() -> None:
    posts = (
        f"1\nxiaokui 2019-03-05 08:30:11\n{SAID[0]}\n2\nabu 楼主 2019-03-05 09:10:00\n{SAID[1]}\n"
        f"小葵 03-06 10:12\n{SAID[2]}\n"
    )
    page = f"{BODY}\n发表评论 共3条评论\n{posts}扫一扫，用手机看新闻\n返回顶部\n"
    assert stripped(page) == "\n".join([BODY, *SAID, ""])
    chat = f"{BODY}\n{posts}"
    assert stripped(chat) == chat


def test_labels_of_a_reading_app_in_a_series_need_no_other_furniture() -> None:
    labels = ["重點標示(黃色) - 第 12 頁", "重點標示(藍色) - 第 19 頁", "重點標示(粉紅色) - 第 33 頁"]
    lines = [line for label, said in zip(labels, SAID, strict=True) for line in (label, said)]
    assert stripped("\n".join([BODY, *lines, BODY])) == "\n".join([BODY, *SAID, BODY])
    alone = "\n".join([BODY, labels[0], BODY])
    assert stripped(alone) == alone


# A head of a page: the title, the line, the text.
@pytest.mark.parametrize("script", [str, traditional], ids=["simplified", "traditional"])
@pytest.mark.parametrize(
    "line",
    [
        "日期：2019-10-21 15:33 来源：《灯塔》杂志 作者：陈渡",
        "2019-10-21 来源：港口日报 作者：",
        "2019-10-21 08:15:29 来源：中国灯塔 TAG：",
        "文档序号：30211发布日期：2019-10-21 22:33阅读：30来源：港口局",
        "港口号 发布时间： 2019-10-21 11:21",
        "时间：2019-10-21 灯塔知识 版权反馈",
        "9 评论 4120 浏览 31 收藏 12 分钟",
        "311人阅读  评论(2)",
        "2019-10-21 发布",
    ],
)
def test_data_of_an_article_need_no_other_furniture_at_the_head(line: str, script: Any) -> None:
    line, body = script(line), script("\n".join([BODY, *SAID, ""]))
    for title in ("灯塔夜话", "老灯塔，三十年：谁在守？\n\n陈渡"):
        assert stripped(f"{script(title)}\n{line}\n{body}") == f"{script(title)}\n{body}"


@pytest.mark.parametrize(
    "line",
    [
        "作者：闻一舟 来源：港口日报",
        "2019-10-21 星期一 晴",
        "时间：2019年10月21日 14:00 地点：三楼会议室 主持人：老陈",
        "日期：2019-10-21 作者：闻一舟",
        "2019-10-21 08:15 评论员 老陈",
        "10万阅读 3万评论 灯塔照片火了",
        "2019年10月21日发布 灯塔新规",
        "发布日期：2019-10-01 实施日期：2020-01-01 版本：2",
        "港口日报 2019-10-21 记者陈渡",
        "时间：1911年10月 地点：武昌",
        "背景：",
    ],
)
def test_what_looks_like_data_of_an_article_stays_at_the_head(line: str) -> None:
    text = "\n".join(["灯塔夜话", "", line, "", BODY, *SAID, ""])
    assert stripped(text) == text


def test_data_of_an_article_stay_between_its_sentences() -> None:
    for line in ("日期：2019-10-21 15:33 来源：《灯塔》杂志 作者：陈渡", "2019-10-21 发布"):
        text = "\n".join(["灯塔夜话", BODY, *SAID, line, BODY, ""])
        assert stripped(text) == text


def test_a_path_without_arrows_goes_when_it_ends_in_the_title() -> None:
    page = f"灯塔怎么点亮\n\n{BODY}\n{SAID[0]}\n"
    assert stripped(f"首页 航海知识 灯塔怎么点亮\n\n{page}") == page
    other = f"首页 航海知识 渡口\n\n{page}"
    assert stripped(other) == other


def test_a_menu_with_the_main_page_goes_as_the_first_line() -> None:
    menu = "今日新闻 社论 评论 专题报导 回首页"
    page = f"灯塔怎么点亮\n{BODY}\n{SAID[0]}\n"
    assert stripped(f"{menu}\n{page}") == page
    for text in (f"{BODY}\n{menu}\n{page}", f"今日新闻 社论 评论 专题报导 副刊\n{page}"):
        assert stripped(text) == text


def test_a_label_that_ends_a_sentence_stays_and_takes_no_code_along() -> None:
    furniture = "发表评论 取消回复\n返回顶部\n扫一扫，用手机看新闻\n"
    wrapped = "每个文件的开头要写一段话，说明它的用途、作者和版权\n声明：\n/*\n * Lighthouse\n */\n"
    assert stripped(f"{BODY}\n{wrapped}{furniture}") == f"{BODY}\n{wrapped}"
    assert stripped(f"{BODY}\n{SAID[0]}\n\n声明：\n{furniture}") == f"{BODY}\n{SAID[0]}\n"


def test_a_headline_with_its_byline_is_no_list() -> None:
    menu = "新闻  博客  网站总览\n返回顶部\n电子报\n2019/10/21 第72期 | 订阅/退订\n"
    article = f"灯塔今夜重亮\n特派记者陈渡/港口报导\n\n{BODY}\n"
    assert stripped(f"{menu}今日头条\n{article}").endswith(article)


def test_a_sentence_that_a_rule_takes_heads_no_list() -> None:
    notice = "本文包含相关资料包-----> 点击直达获取<-------"
    text = f"灯塔\n\n{notice}\n\n1、灯塔简介\n\n{BODY}\n{SAID[0]}\n"
    assert stripped(text) == f"灯塔\n\n1、灯塔简介\n\n{BODY}\n{SAID[0]}\n"
