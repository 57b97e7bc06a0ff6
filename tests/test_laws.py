"""The laws that every filter obeys, whoever wrote it.

Each is checked on every filter of the registry, as a whole and stage by stage, on texts made of troublesome
characters and of pieces of damaged and sound text. A new filter is covered as soon as it is registered.
"""

import multiprocessing
import pickle
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FIXTURES, read_text
from hanfix.document import Document
from hanfix.edit import Edit, Flag, apply_edits, first_choices, reverse_edits, same_span
from hanfix.filter import Filter, Risk, Rule, Scope
from hanfix.pipeline import Pipeline
from hanfix.registry import filter_class, filter_names
from hanfix.spec import build_filter, profile_names

# Filters whose work is to change sound text: they leave alone what they are not for.
CONVERTERS = {
    "convert": ("japanese.txt", "korean.txt"),
    # The others have ASCII marks between Chinese characters, as much that is written does.
    "punctuate": (
        "bibliography.txt",
        "classical-glosses.txt",
        "code-javascript.txt",
        "code-python.txt",
        "czech.txt",
        "english.txt",
        "french.txt",
        "german.txt",
        "indents-and-selectors.txt",
        "japanese.txt",
        "korean.txt",
        "news-traditional.txt",
        "novel-traditional.txt",
        "persian.txt",
        "russian.txt",
        "table.csv",
        "table.tsv",
        "taiwanese.txt",
        "vietnamese.txt",
    ),
}

# Options with which a filter works otherwise than by default, as users write them.
OPTIONS: dict[str, list[dict[str, object]]] = {
    "convert": [
        {"to": "traditional"},
        {"to": "taiwan"},
        {"to": "hongkong"},
        {"to": "japanese"},
        {"engine": "opencc-python"},
    ],
    "rejoin": [{"pictographs": False}, {"disguised": True}],
    "repair": [{"markup": True, "drop_lost": True}],
    "unwrap": [{"spaces": False}],
}
# Options that ask for a change of sound text, which settles all the same.
ASKED: dict[str, list[dict[str, object]]] = {
    "punctuate": [
        {"style": "half"},
        {"quotes": "corner", "spacing": "add"},
        {"quotes": "curly", "spacing": "remove"},
    ],
    "repair": [{"narrow": True}],
    "unwrap": [{"width": 40}],
}
# Options that ask for what OpenCC does, whatever the text: to sound text and a second time, too.
LITERAL: dict[str, list[dict[str, object]]] = {"convert": [{"to": "s2twp"}, {"to": "tw2sp"}]}

CHARACTERS = [
    # both scripts, characters alike in both, rare ones, one outside the BMP
    *"的一是不了人我在有他这個這上們们來来到時时大地為为子中你說说生國国年著着",
    *"和諧谐共產产黨党民主政府產关關于於长長行懌亦后後里裡面麵發发干乾幹",
    *"别办飞厂测窜\U00020bb7\U000200a4",
    # what stands between characters
    *"-‐–—−·•・.。*_/\\|丨~^'#@+$%★▲，、；：！？,;:!?…",
    *" \t\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\U000e0100",
    # brackets, quotation marks, markup
    *'()（）[]【】《》“”‘’「」<>`"&=',
    # pinyin
    *"aeiouüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜnghzs",
    # digits, letters, widths, other scripts
    *"0123456789０１AZＡＺéèßñřůảăÖÐÎÄÖ",
    *"かなカナ・ーいゅ한글жд",
    # signs of loss, wrong code points
    *"?\ufffd□锟斤拷烫屯⼈⼝⻓涓枃锛銆樂\ue000",
    *"😀👩🇨",
]
NEWLINES = ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"]
SNIPPETS = [
    # damage
    "相關(guān)推薦",
    "創(chuàng)先爭優(yōu)",
    "因?yàn)樗枷胧切袆?dòng)的先導(dǎo)",
    "正因?yàn)槿绱,",
    "請(qǐng)?jiān)L問下一頁",
    "上?；鶎狱h建",
    "共-產(chǎn)-黨員",
    "共-产-党员",
    "和-諧社會",
    "民·主",
    "政 府",
    "自\u200b由",
    "鲍罢贵-8",
    "锟斤拷",
    "烫烫烫",
    "涓枃",
    "ÖÐÎÄÍøÒ³",
    "&nbsp;",
    "&#20013;&#25991;",
    "\\u4e2d\\u6587",
    "%E4%B8%AD",
    "⼈⼝",
    # furniture
    "上一页 1 2 3 下一页",
    "(第2/3页)",
    "（本章未完，请点击下一页继续阅读）",
    "《和谐》全文內容當前網頁未完全顯示,剩餘內容請訪問下一頁查看。",
    "相关文章:",
    "- 相關推薦",
    "先进性建设09-24",
    "2017-04-27 20:55 | #2樓",
    "责任编辑：甲",
    "分享到：微信 微博 QQ空间",
    # what looks like damage and is none
    "亦不夷懌(yì)",
    "長(cháng)短",
    "我(wǒ)们(men)",
    "中-美",
    "北京-上海",
    "卡尔·马克思",
    "A-股",
    "公共-产品",
    "你懂?我不懂??",
    "http://a.cn/和-谐/",
    "b@a.cn",
    "`和-谐`",
    "[和-谐](a.md)",
    "<b>和-谐</b>",
    "```\n和-谐\n```",
    "著名的著作接著說",
    "皇后在後面",
]
CLEAN = sorted(path for path in (FIXTURES / "clean").iterdir() if path.is_file())
PAGE = read_text(FIXTURES / "pages" / "essay-forum" / "page.txt")


def filters() -> list[Filter]:
    return [filter_class(name)() for name in filter_names()]


def with_options(table: dict[str, list[dict[str, object]]]) -> Iterator[tuple[str, Filter]]:
    for name, variants in table.items():
        for options in variants:
            written = ",".join(f"{key}={value}" for key, value in options.items())
            yield f"{name}[{written}]", build_filter(name, options)


def filters_and_stages() -> Iterator[tuple[str, Filter]]:
    """Every filter, and every stage of those that have several, each with its name."""
    for each in filters():
        stages = each.stages()
        yield each.name, each
        if stages != (each,):
            for number, stage in enumerate(stages, 1):
                yield f"{each.name}.{number}-{type(stage).__name__}", stage


def rules() -> Iterator[tuple[Filter, Rule]]:
    for each in filters():
        for stage in each.stages():
            for rule in stage.rules:
                yield each, rule


# What the rules themselves say they change and leave, stage by stage: a stage of few rules counts as much as
# one of many.
EXAMPLES = [
    [text for rule in stage.rules for text in (*(each.before for each in rule.examples), *rule.keeps)]
    for each in filters()
    for stage in each.stages()
]
# Lines that are cut anywhere below, since damage begins and ends anywhere.
LINES = [
    line for text in chain([PAGE], *EXAMPLES, map(read_text, CLEAN)) for line in text.splitlines() if line
]


@st.composite
def cuts(draw: st.DrawFn) -> str:
    """A piece of a line of the damaged page, of an example or of a sound text."""
    line = draw(st.sampled_from(LINES))
    start = draw(st.integers(0, len(line) - 1))
    return line[start : start + draw(st.integers(1, 40))]


PIECES = st.one_of(
    st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=6),
    st.sampled_from(SNIPPETS),
    st.one_of(*map(st.sampled_from, filter(None, EXAMPLES))),
    st.sampled_from(LINES).filter(lambda line: len(line) < 200),
    cuts(),
)
BETWEEN = st.sampled_from(["", "", "", *NEWLINES])
TEXTS = st.lists(st.tuples(PIECES, BETWEEN), max_size=12).map(lambda pairs: "".join(map("".join, pairs)))

# A few fixed texts, for the laws that are not worth many examples.
SAMPLES = [PAGE, "\n".join(SNIPPETS), "\r\n".join(SNIPPETS), "".join(CHARACTERS), ""]


HARMLESS = [*filters_and_stages(), *with_options(OPTIONS)]
SETTLING = [*HARMLESS, *with_options(ASKED)]
ALL = [pytest.param(each, id=name) for name, each in (*SETTLING, *with_options(LITERAL))]
RULES = [pytest.param(each, rule, id=rule.id) for each, rule in rules()]
every_filter = pytest.mark.parametrize("filter_", ALL)
every_settling_filter = pytest.mark.parametrize(
    "filter_", [pytest.param(each, id=name) for name, each in SETTLING]
)
every_rule = pytest.mark.parametrize(("filter_", "rule"), RULES)


def found(filter_: Filter, text: str) -> list[Edit | Flag]:
    return list(filter_.find(Document(text)))


def edits_of(filter_: Filter, text: str) -> list[Edit]:
    return [each for each in found(filter_, text) if isinstance(each, Edit)]


def rule_ids(filter_: Filter) -> set[str]:
    return {rule.id for stage in (filter_, *filter_.stages()) for rule in stage.rules}


# Cutting at the declared scope -----------------------------------------------------------------------------

_NEWLINE = r"(?:\r\n|\r(?!\n)|\n)"
# What a filter of the scope may be given alone: a line with its end, a paragraph with blank lines after it.
_PIECE = {
    Scope.LINE: re.compile(rf"[^\r\n]*(?:{_NEWLINE}|\Z)"),
    Scope.PARAGRAPH: re.compile(rf"(?:(?!{_NEWLINE}{{2}}).)*(?:{_NEWLINE}{{2,}}|\Z)", re.DOTALL),
}


def pieces(text: str, scope: Scope) -> Iterator[tuple[int, str]]:
    if scope is Scope.DOCUMENT:
        yield 0, text
        return
    for match in _PIECE[scope].finditer(text):
        if match.group():
            yield match.start(), match.group()


def test_pieces_make_up_the_text() -> None:
    text = "一\r\n\r\n\r\n二\r\n三\r\r四\n"
    lines = ["一\r\n", "\r\n", "\r\n", "二\r\n", "三\r", "\r", "四\n"]
    assert [piece for _, piece in pieces(text, Scope.LINE)] == lines
    paragraphs = ["一\r\n\r\n\r\n", "二\r\n三\r\r", "四\n"]
    assert [piece for _, piece in pieces(text, Scope.PARAGRAPH)] == paragraphs
    assert [piece for _, piece in pieces(text, Scope.DOCUMENT)] == [text]


# The laws --------------------------------------------------------------------------------------------------


@every_filter
@given(text=TEXTS, other=TEXTS)
def test_pure(filter_: Filter, text: str, other: str) -> None:
    """The same document, the same answer, whatever was asked before or is asked meanwhile."""
    expected = found(filter_, text)
    meanwhile = filter_.find(Document(other))
    again = filter_.find(Document(text))
    mixed: list[Edit | Flag] = []
    for each in again:
        mixed.append(each)
        next(meanwhile, None)
    assert mixed == expected
    assert found(filter_, text) == expected


@every_filter
@given(text=TEXTS)
def test_ordered(filter_: Filter, text: str) -> None:
    """Edits stand in order within the text, do not overlap, and each changes something."""
    last: Edit | None = None
    alternatives: set[str] = set()
    for each in found(filter_, text):
        assert 0 <= each.start <= each.end <= len(text)
        if isinstance(each, Flag):
            assert each.start < each.end
            continue
        assert each.new != text[each.start : each.end]
        if last is not None and same_span(last, each):
            assert each.new not in alternatives or each.rule != last.rule
        else:
            assert last is None or last.end <= each.start
            alternatives = set()
        alternatives.add(each.new)
        last = each


@every_filter
@given(text=TEXTS)
def test_declared(filter_: Filter, text: str) -> None:
    """Whatever is found is found by a rule that the filter declares."""
    assert {each.rule for each in found(filter_, text)} <= {rule.id for rule in filter_.rules}


@every_settling_filter
@pytest.mark.parametrize("risk", [Risk.LIKELY, Risk.GUESS])
@given(text=TEXTS)
def test_settled(filter_: Filter, risk: Risk, text: str) -> None:
    """A second pass changes nothing."""
    pipeline = Pipeline([filter_], risk=risk)
    once = pipeline(text)
    assert pipeline(once) == once


@every_filter
@given(text=TEXTS)
def test_scoped(filter_: Filter, text: str) -> None:
    """Cutting the text at the declared scope gives the same finds."""
    cut = [
        each._replace(start=each.start + offset, end=each.end + offset)
        for offset, piece in pieces(text, filter_.seen_at_once())
        for each in found(filter_, piece)
    ]
    assert cut == found(filter_, text)


@every_filter
@given(text=TEXTS)
def test_agrees(filter_: Filter, text: str) -> None:
    """The fast path gives what the edits give."""
    assert filter_.apply(text) == apply_edits(text, edits_of(filter_, text))


@every_filter
@given(text=TEXTS)
def test_undoable(filter_: Filter, text: str) -> None:
    """The edits reversed give the source back."""
    edits = edits_of(filter_, text)
    assert apply_edits(apply_edits(text, edits), reverse_edits(text, edits)) == text


@every_filter
@pytest.mark.parametrize("risk", list(Risk))
@given(text=TEXTS)
def test_report_tells_what_was_done(filter_: Filter, risk: Risk, text: str) -> None:
    """The two ways through the pipeline agree, and the changes account for every difference."""
    pipeline = Pipeline([filter_], risk=risk)
    result = pipeline.run(text)
    report = result.report
    assert result.text == pipeline(text)
    assert report.changed == (result.text != text)
    assert report.counts.total() == len(report.changes)
    assert report.held.total() == len(report.held_back)
    assert {change.rule for change in report.changes} <= rule_ids(filter_)
    for start, end in ((change.start, change.end) for change in report.changes):
        assert 0 <= start <= end <= len(text)
    if filter_.stages() == (filter_,):
        made = [Edit(each.start, each.end, each.new, each.rule, each.why) for each in report.changes]
        assert [text[each.start : each.end] for each in made] == [each.old for each in report.changes]
        assert list(first_choices(made)) == made
        assert apply_edits(text, made) == result.text


@every_filter
def test_portable(filter_: Filter, elsewhere: ProcessPoolExecutor) -> None:
    """A filter pickles, and finds the same in a process of its own."""
    assert pickle.loads(pickle.dumps(filter_)) == filter_
    here = [found(filter_, text) for text in SAMPLES]
    assert list(elsewhere.map(found, [filter_] * len(SAMPLES), SAMPLES)) == here


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize(
    ("filter_", "path"),
    [
        pytest.param(each, path, id=f"{name}-{path.name}")
        for name, each in HARMLESS
        for path in CLEAN
        if path.name in CONVERTERS.get(each.name, [path.name])
    ],
)
def test_harmless(filter_: Filter, path: Path) -> None:
    """Nothing is changed, and no damage seen, in sound text: not even by those who take every guess."""
    text = read_text(path)
    result = Pipeline([filter_], risk=Risk.GUESS).run(text)
    assert result.report.changes == []
    assert result.report.flags == []
    assert result.text == text


# Chains ----------------------------------------------------------------------------------------------------

every_profile = pytest.mark.parametrize("profile", profile_names())


@every_profile
@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.name)
def test_profiles_are_harmless(profile: str, path: Path) -> None:
    """A chain leaves sound text alone, but for what its filters are asked to change in it."""
    pipeline = Pipeline.from_profile(profile)
    changes = pipeline.run(read_text(path)).report.changes
    at_work = {
        each.name for each in pipeline.filters if path.name not in CONVERTERS.get(each.name, [path.name])
    }
    assert {change.filter for change in changes} <= at_work


@every_profile
@pytest.mark.parametrize("risk", [Risk.LIKELY, Risk.GUESS])
@given(text=TEXTS)
def test_profiles_settle_and_agree(profile: str, risk: Risk, text: str) -> None:
    """A chain, too, changes nothing a second time, and reports what it does."""
    pipeline = Pipeline.from_profile(profile, risk=risk)
    result = pipeline.run(text)
    assert result.text == pipeline(text)
    assert pipeline(result.text) == result.text


@every_profile
@given(text=TEXTS)
def test_origin_of_untouched_characters(profile: str, text: str) -> None:
    """What no change touched is, in the source, the same character."""
    result = Pipeline.from_profile(profile, risk=Risk.GUESS).run(text)
    touched = [(patch.start, patch.end) for patch in result.origin.patches]
    for offset, character in enumerate(result.text):
        if not any(start <= offset < end for start, end in touched):
            start, end = result.origin.span(offset, offset + 1)
            assert text[start:end] == character


# Rules -----------------------------------------------------------------------------------------------------


@every_rule
def test_rule_does_what_its_examples_say(filter_: Filter, rule: Rule) -> None:
    for example in rule.examples:
        result = Pipeline([filter_], risk=Risk.GUESS).run(example.before)
        assert result.text == example.after
        if example.before != example.after:
            assert rule.id in result.report.counts


@every_rule
def test_rule_leaves_its_look_alikes(filter_: Filter, rule: Rule) -> None:
    for text in rule.keeps:
        result = Pipeline([filter_], risk=Risk.GUESS).run(text)
        assert rule.id not in result.report.counts
        assert result.text == text


@every_rule
def test_rule_is_well_described(filter_: Filter, rule: Rule) -> None:
    """Named after its filter, explained, and shown with as many look-alikes as examples."""
    assert re.fullmatch(rf"{filter_.name}/[a-z0-9]+(?:-[a-z0-9]+)*", rule.id)
    assert rule.says
    assert "\n" not in rule.says
    assert rule.examples
    assert len(rule.keeps) >= len([each for each in rule.examples if each.before != each.after])


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for _, rule in rules()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", filter_names())
def test_filter_is_registered_under_its_name(name: str) -> None:
    cls = filter_class(name)
    assert cls.name == name
    assert rule_ids(cls()) == {rule.id for stage in cls().stages() for rule in stage.rules}
