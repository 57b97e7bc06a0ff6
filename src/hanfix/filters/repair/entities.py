"""HTML entities left in text by scrapers: ``&#20013;`` for ``中``, ``&nbsp;``, ``&amp;mdash;``, ``#xff1a;``.

A code point written as a number is decoded as browsers do it, by the standard library's ``html``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.entities import name2codepoint
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.classes import HAN
from hanfix.filters.repair.mention import around, is_shown
from hanfix.filters.rounds import in_rounds

_NUMBER, _NAME = "repair/entity-number", "repair/entity-name"
_BARE, _MARKUP = "repair/entity-bare", "repair/entity-markup"

# A semicolon may have become full-width since, and browsers take numbers and `nbsp` without one. What was
# escaped twice or more often has `amp;` in between.
_REFERENCE = re.compile(
    r"&(?:(?:amp|#38|#[xX]26)[;；]){0,40}(?:"
    r"#(?P<number>[xX][0-9a-fA-F]{2,6}|[0-9]{2,7})(?:[;；]|(?![0-9A-Za-z]))"
    r"|(?P<name>[A-Za-z]{2,8}[0-9]{0,2})[;；]"
    r"|(?P<space>nbsp)(?![0-9A-Za-z=;；]))"
)
# Those that have lost their ampersand. Behind a letter, an operator or a space `#` begins something else. The
# patterns begin with a literal, which the regular expression engine finds fast, and look behind it then.
_NOT_BEFORE = r"[0-9A-Za-z_&#/:=,(\"'\[]"
_BARE_NUMBER = re.compile(rf"#(?<!{_NOT_BEFORE}.)(?<![ \t].)(?P<number>[xX][0-9a-fA-F]{{4,5}}|[0-9]{{4,6}});")
_BARE_NAMES = {
    name: re.compile(rf"{name}(?<!{_NOT_BEFORE}.{{{len(name)}}});")
    for name in ("nbsp", "ldquo", "rdquo", "lsquo", "rsquo", "mdash", "hellip", "middot")
}

# These are markup in HTML, so that a page with them decoded is another page.
_MARKUP_CHARACTERS = frozenset("&<>\"'")
# Of the other ASCII characters only these are decoded. Letters and signs could make a new escape.
_PLAIN_ASCII = frozenset(" !()*+,-./:?@[]|~")
# Code points of UTF-16 halves: Java and JavaScript escape a character outside the BMP as two.
_HIGH_HALVES, _LOW_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_HAN = re.compile(f"[{HAN}]")
_NUMBERS = re.compile(r"#([xX][0-9a-fA-F]{4,5}|[1-9][0-9]{4,5});")
# What a lone bare number must be to be no number of an issue or a colour.
_MARK = re.compile("[\u2010-\u2026\u3000-\u3017\uff01-\uff5e]")


@dataclass(frozen=True)
class Entities(Filter):
    r"""Decode HTML entities: numbers, and the names of punctuation, spaces, symbols and letters.

    Scrapers that take a page for plain text leave them in; those that escape what is escaped already leave
    ``&amp;nbsp;``, and forum software that drops ``&`` leaves ``#xff1a;``. Numbers from 128 to 159 are
    those of windows-1252, as in browsers.

    Left alone: ``&lt; &gt; &amp; &quot; &apos;`` and their numbers, since HTML with them decoded is another
    page (``markup`` decodes them too); those in lines without Chinese characters; entities in code, and
    those that the text speaks about.

    >>> Entities()("&#20013;&#22269;&nbsp;&ldquo;AT&amp;T&rdquo;")
    '中国\xa0“AT&amp;T”'
    >>> Entities(markup=True)("甲 &lt; 乙")
    '甲 < 乙'
    >>> Entities()("空格写成 &nbsp; 就行")
    '空格写成 &nbsp; 就行'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _NUMBER,
            "a character written as its number in HTML, decoded",
            Risk.LIKELY,
            examples=(
                Example("&#20013;&#x56fd;&#160;", "中国\xa0"),
                Example("看了一点&#183;&#183;就没看了", "看了一点··就没看了"),
                Example("&amp;#20013;&amp;amp;#22269;", "中国"),
                Example("真好&#55357;&#56832;", "真好😀"),
            ),
            keeps=(
                "甲 &#60; 乙 &#38; 丙",
                "“中”的字符实体是 &#20013;",
                "Text with &#169; only",
                'title = "&#20013;&#22269;"',
                "编号&#2",
            ),
        ),
        Rule(
            _NAME,
            "punctuation, a space or a symbol written as its name in HTML, decoded",
            Risk.LIKELY,
            examples=(
                Example("狗&middot;猫&middot;鼠", "狗·猫·鼠"),
                Example("他说：&ldquo;好&hellip;&hellip;&rdquo;", "他说：“好……”"),
                Example("（&amp;nbsp;&nbsp;）对", "（\xa0\xa0）对"),
                Example("第一段\n&nbsp;\n&nbsp;&nbsp;第二段", "第一段\n\xa0\n\xa0\xa0第二段"),
            ),
            keeps=(
                "HTML 里的空格是 &nbsp;",
                "在代码里插入&nbsp;即可",
                "A &mdash; B",
                "甲 &lt; 乙 &amp;&amp; 丙 &gt; 丁",
                "查询 ?a=1&copy=2&reg=3",
            ),
        ),
        Rule(
            _BARE,
            "an entity that has lost its ampersand, decoded",
            Risk.LIKELY,
            examples=(
                Example("时间#xff1a;八点#65288;暂定#65289;", "时间：八点（暂定）"),
                Example("第一nbsp;章", "第一\xa0章"),
            ),
            keeps=("color: #333;中文", "问题 #20013; 已修复", "C#；好", "见工单#20013;谢谢", "使用nbsp;"),
        ),
        Rule(
            _MARKUP,
            "a character of markup written as an entity, decoded on request",
            Risk.LIKELY,
            examples=(Example("甲 &lt; 乙", "甲 &lt; 乙"),),
            keeps=("AT&amp;T", "&quot;你好&quot;"),
        ),
    )

    markup: bool = option(False, help="Decode &lt; &gt; &amp; &quot; and &apos; too, which changes HTML.")

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield an edit for each entity; those side by side are judged together.

        Where the text has others that were left over, so were spaces in lines of their own.
        """
        yield from in_rounds(doc.text, self._left_over)

    def _left_over(self, text: str) -> list[Edit]:
        edits: list[Edit] = []
        alone: list[Edit] = []
        for group in _side_by_side(self._decoded(text)):
            if group[0].rule == _MARKUP:
                edits += group
            elif (in_text := _is_left_over(text, group)) is not None:
                (edits if in_text else alone).extend(group)
        return sorted(edits + alone) if edits else []

    def _decoded(self, text: str) -> Iterator[Edit]:
        """Yield an edit for each entity that stands for a character to be decoded, whatever is around it."""
        half: Edit | None = None
        done = 0
        for each in sorted([*_references(text), *_bare(text)]):
            if each.start < done:  # `#20013;` of an entity that has its ampersand
                continue
            done = each.end
            code = ord(each.new)
            if half is not None and code in _LOW_HALVES and each.start == half.end:
                whole = (half.new + each.new).encode("utf-16", "surrogatepass").decode("utf-16")
                yield each._replace(start=half.start, new=whole)
            half = each if code in _HIGH_HALVES else None
            if code in _HIGH_HALVES or code in _LOW_HALVES:
                continue
            if each.new in _MARKUP_CHARACTERS:
                if self.markup:
                    yield each._replace(rule=_MARKUP)
            elif not each.new.isascii() or each.new in _PLAIN_ASCII:
                yield each


def _references(text: str) -> Iterator[Edit]:
    if "&" in text:
        for match in _REFERENCE.finditer(text):
            rule = _NUMBER if match["number"] else _NAME
            yield from _edit(match, rule, match["number"], match["name"] or match["space"])


def _bare(text: str) -> Iterator[Edit]:
    if ";" not in text:
        return
    if "#" in text:
        for match in _BARE_NUMBER.finditer(text):
            yield from _edit(match, _BARE, match["number"], None)
    for name, pattern in _BARE_NAMES.items():
        if f"{name};" in text:
            for match in pattern.finditer(text):
                yield from _edit(match, _BARE, None, name)


def _edit(match: re.Match[str], rule: str, number: str | None, name: str | None) -> Iterator[Edit]:
    """Yield the edit that decodes an entity; nothing when it stands for no character."""
    if number is not None:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        halves = code in _HIGH_HALVES or code in _LOW_HALVES
        char = chr(code) if halves else html.unescape(f"&#{code};")
        why = f"character number {code}"
    else:
        char = html.unescape(f"&{name};") if name in name2codepoint or name == "apos" else ""
        why = f"character named {name}"
    if len(char) == 1 and char != "\ufffd" and unicodedata.category(char) != "Cc":
        yield Edit(match.start(), match.end(), char, rule, why)


def _side_by_side(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """Yield the edits in groups without anything between them; markup stands alone."""
    group: list[Edit] = []
    for edit in edits:
        if group and (edit.start != group[-1].end or _MARKUP in (edit.rule, group[-1].rule)):
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _is_left_over(text: str, group: list[Edit]) -> bool | None:
    """Tell whether entities were left in Chinese text (or else alone in a line); ``None``: neither."""
    start, end = group[0].start, group[-1].end
    new = "".join(edit.new for edit in group)
    if (group[0].rule == _BARE and not _surely_bare(text, group)) or is_shown(
        text, start, end, quoted=len(group) == 1
    ):
        return None
    before, after = around(text, start, end)
    if any(map(_has_han, (before, new, after))):
        return True
    return False if new.isspace() and not (before + after).strip() else None


def _has_han(text: str) -> bool:
    """Tell whether a text has Chinese characters, be they numbers still."""
    numbers = (int(f"0{number}" if number[0] in "xX" else number, 0) for number in _NUMBERS.findall(text))
    return bool(_HAN.search(text)) or any(_HAN.match(chr(number)) for number in numbers)


def _surely_bare(text: str, group: list[Edit]) -> bool:
    """Tell whether bare entities are none of the other things that ``#`` and a number can be."""
    first = group[0]
    return (
        len(group) > 1
        or not text.startswith("#", first.start)
        or text[first.start + 1] in "xX"
        or bool(_MARK.match(first.new))
    )
