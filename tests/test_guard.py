"""Guards: what no edit may touch."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanfix.guard import GUARDS, Guarded, guarded

LONG = 2_000_000


def protected(text: str, *guards: str, keep: tuple[str, ...] = ()) -> list[str]:
    return [text[start:end] for start, end in guarded(text, guards, keep).spans]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("见http://a.cn/x-y，再说", ["http://a.cn/x-y"]),
        ("见https://zh.example.org/wiki/中-美关系。", ["https://zh.example.org/wiki/中-美关系"]),
        ("见www.example.cn/和-谐/。", ["www.example.cn/和-谐/"]),
        ("（ftp://a.b/民-主.txt）", ["ftp://a.b/民-主.txt"]),
        ("<http://a.cn/?q=中-文&p=1#第二页>", ["http://a.cn/?q=中-文&p=1#第二页"]),
        ("网址http://a.cn欢迎", ["http://a.cn"]),
        ("http://a.cn/1 http://b.cn/2", ["http://a.cn/1", "http://b.cn/2"]),
        ("和-谐://", []),
        ("awww.b", []),
        ("没有地址", []),
    ],
)
def test_url(text: str, spans: list[str]) -> None:
    assert protected(text, "url") == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("问wen-yizhou@example.com.cn吧", ["wen-yizhou@example.com.cn"]),
        ("a@b.c、d.e@f.g", ["a@b.c", "d.e@f.g"]),
        ("毛@骨@悚", []),
        ("@某人 和-谐", []),
    ],
)
def test_email(text: str, spans: list[str]) -> None:
    assert protected(text, "email") == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("用 `和-谐` 或 ``a-b`` 吧", ["`和-谐`", "``a-b``"]),
        ("一个`点", []),
        ("跨`行\n不`算", []),
        ("文\n```py\n和-谐\n```\n文", ["```py\n和-谐\n```"]),
        ("~~~\r\n和-谐\r\n~~~\r\n", ["~~~\r\n和-谐\r\n~~~"]),
        ("````\n```\n和-谐\n````\n文", ["````\n```\n和-谐\n````"]),
        ("  ```\r和-谐\r  ```", ["  ```\r和-谐\r  ```"]),
        ("```\n和-谐\n~~~\n```", ["```\n和-谐\n~~~\n```"]),
        ("```\n和-谐\n没有关", []),
        ("~~~\n没有关\n```\n和-谐\n```", ["```\n和-谐\n```"]),
        ("```一```是行内的\n和-谐\n```", []),
        ("    ```\n缩进太多\n    ```", []),
    ],
)
def test_code(text: str, spans: list[str]) -> None:
    assert protected(text, "code") == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("[说明](docs/和-谐.md)和-谐", ["(docs/和-谐.md)"]),
        ("![图](图-片.png '题')", ["(图-片.png"]),
        ("[卢梭](wiki/卢梭_(让-雅克))", ["(wiki/卢梭_(让-雅克))"]),
        ("[1] (和-谐)", []),
        ("[一](二 和-谐)", []),
    ],
)
def test_markdown_link(text: str, spans: list[str]) -> None:
    assert protected(text, "markdown-link") == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ('<a title="和-谐">和-谐</a>', ['<a title="和-谐">', "</a>"]),
        ("<!-- 和-谐\n> -->和-谐", ["<!-- 和-谐\n> -->"]),
        ("<!DOCTYPE html>", ["<!DOCTYPE html>"]),
        ("<br/>和-谐<br>", ["<br/>", "<br>"]),
        ("甲 < 乙 > 丙，3<5>4", []),
        ("<!-- 没有完 和-谐", []),
    ],
)
def test_html_tag(text: str, spans: list[str]) -> None:
    assert protected(text, "html-tag") == spans


def test_texts_to_keep() -> None:
    assert protected("和-谐号与和-谐号", keep=("和-谐号",)) == ["和-谐号", "和-谐号"]
    assert protected("ABABA", keep=("ABA",)) == ["ABABA"]
    assert protected("什么也没有", keep=("", "和-谐")) == []


def test_unknown_guard() -> None:
    with pytest.raises(KeyError):
        guarded("文", ("none",))


@given(st.text(st.sampled_from("ab中-`~<>!()[]:/@. \n"), max_size=60))
def test_spans_are_in_order_and_apart(text: str) -> None:
    spans = guarded(text, GUARDS, ("a", "b-")).spans
    assert all(start < end for start, end in spans)
    assert all(end < start for (_, end), (start, _) in pairwise(spans))


def test_edits_beside_a_span_are_allowed() -> None:
    spans = Guarded(((3, 6), (8, 10)))
    assert not spans.forbids(0, 3)
    assert not spans.forbids(6, 8)
    assert not spans.forbids(3, 3)
    assert not spans.forbids(6, 6)
    assert not spans.forbids(10, 12)
    assert not Guarded().forbids(0, 5)


def test_edits_in_a_span_are_forbidden() -> None:
    spans = Guarded(((3, 6), (8, 10)))
    assert spans.forbids(4, 4)
    assert spans.forbids(3, 4)
    assert spans.forbids(5, 7)
    assert spans.forbids(0, 12)
    assert spans.forbids(9, 20)


def test_whole_lines_take_whole_spans_with_them() -> None:
    spans = Guarded(((3, 6), (8, 10)))
    assert not spans.forbids(0, 12, removes_lines=True)
    assert not spans.forbids(3, 6, removes_lines=True)
    assert spans.forbids(0, 5, removes_lines=True)
    assert spans.forbids(4, 12, removes_lines=True)
    assert spans.forbids(5, 5, removes_lines=True)


@given(st.lists(st.integers(0, 30), unique=True), st.integers(0, 30), st.integers(0, 5))
def test_forbids_what_meets_a_span(cuts: list[int], start: int, length: int) -> None:
    cuts = sorted(cuts)[: len(cuts) // 2 * 2]
    pairs = tuple(zip(cuts[::2], cuts[1::2], strict=True))
    end = start + length
    meets = any(a < end and start < b for a, b in pairs)
    assert Guarded(pairs).forbids(start, end) == meets


@pytest.mark.parametrize(
    "piece",
    [
        "a", "-", "a.", "://", "http://", "www.", "@", "a@", "a@b.", "`", "``a", "~", "](", "](a", "<", "<a",
        "<!--", "<!--a", "中", "http://a/中-",
    ],
)  # fmt: skip
def test_a_long_line_costs_no_more_than_its_length(piece: str) -> None:
    """Anything but linear time would not end within the day."""
    text = piece * (LONG // len(piece))
    assert guarded(text).forbids(0, 1) in (True, False)


@pytest.mark.parametrize("line", ["```x\n", "~~~ a\n", "~~~~\n````\n", "```\n~~~\n", "~~~x\n~~~~~y\n"])
def test_many_fences_cost_no_more_than_their_number(line: str) -> None:
    text = line * (LONG // 10 // len(line))
    assert guarded(text, ("code",)).forbids(0, 1) in (True, False)


def test_many_spans_cost_no_more_than_those_that_are_touched() -> None:
    spans = Guarded(tuple((10 * number, 10 * number + 5) for number in range(200_000)))
    assert all(spans.forbids(start, start + 1) == (start % 10 < 5) for start in range(0, 2_000_000, 7))
