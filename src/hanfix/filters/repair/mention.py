"""Tell an escape that was left in a text from one that the text shows: code, or talk about codes."""

from __future__ import annotations

import re
from functools import lru_cache

# How far, in characters of its line, a find is looked around at.
_REACH = 200
_LINE_END = re.compile(r"[\r\n]")
_TAG = re.compile(r"<[^<>]{0,2000}>")
# Code and talk are looked for in pieces of so many characters, once for all finds in one of them.
_PIECE = 200

# Braces, assignments and calls with a literal, keys of JSON, comments and directives.
_CODE = re.compile(
    r"[{}]|=>|(?<!=)[=!]==?(?!=)|&&"
    r"|[A-Za-z0-9_\])][ \t]{0,3}[+:]?=[ \t]{0,3}[\"'`/\[(]"
    r"|=[A-Za-z]{2,30}\("
    r"|[A-Za-z0-9_]\([ \t]{0,3}[a-z]?[\"'/`]"
    r"|[\"'][ \t]{0,3}:[ \t]{0,3}[\"'\[0-9]"
    r"|\$[A-Za-z_]|\\[dwsxDWS\\]"
    r"|\A[ \t]{0,40}(?://|/\*|#[ \t]?(?:include|define|region)|\.\\\")"
    r"|(?<![A-Za-z_])(?:printf|echo|return|const|import|regexp?|charset)(?![A-Za-z_])"
)
_TALK = re.compile(
    r"转义|轉義|跳脫|字符实体|实体字符|字元實體|實體字元|实体引用|正则|正則|字符集|字元集|百分号|百分號"
    r"|字符参[引考]|字符參[引考]|(?:实体|實體)(?:名称|名稱|编号|編號|引用|[ \t]*&)"
    r"|(?:编码|編碼)结果|(?:编码|編碼)(?:结果|結果|后|後)(?:是|为|為)|[乱亂][码碼]"
    r"|(?:字符|字元|网页|網頁|文字|内码|內碼)(?:编码|編碼)"
    r"|(?<![A-Za-z./])(?i:unicode|utf-?(?:8|16)|html|xml|json|javascript|ascii|css|url|entity|entities)"
    r"(?![A-Za-z])"
)
# 表示空格, 代表“中”: what a sign means; not 表示感谢, 代表团.
_SHOWN_AFTER = re.compile(
    r"[ ”’」』\"'`]{0,2}"
    r"(?:代替|替代|替换|替換|换成|換成|对应|對應|会显示|會顯示|显示为|顯示為|(?:表示|代表)[^，。,.]{0,6}(?:空格|换行|換行|符|号|號|字|[“「\"]))"
)
_SHOWN_BEFORE = re.compile(
    r"(?:例如|比如|譬如|编号为|編號為|编号是|名称为|名稱為|使用|写成|寫成|写作|寫作|输入|輸入|插入|替换为|替換為|换成|換成|显示为|顯示為|变成|變成|即为|即為|记作|記作)"
    r"[ “‘「『\"'`]{0,2}\Z"
    r"|[A-Za-z0-9_\])][ \t]{0,3}[+:]?=[ \t]{0,3}\Z"
)
_QUOTES = frozenset({"''", '""', "``", "“”", "‘’", "「」", "『』"})
_LITERAL_QUOTES = frozenset({"''", '""', "``", "//"})


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and after a find in its line, up to 200 characters on either side."""
    before = _LINE_END.split(text[max(0, start - _REACH) : start])[-1]
    after = _LINE_END.split(text[end : end + _REACH], maxsplit=1)[0]
    return before, after


def is_shown(text: str, start: int, end: int, *, quoted: bool = True) -> bool:
    """Tell whether ``text[start:end]`` is part of code or is what the text speaks about.

    With ``quoted`` any quotation marks right around it say so; without, only those of programming languages.

    >>> is_shown("空格写成&nbsp;", 4, 10), is_shown("中国&nbsp;人民", 2, 8)
    (True, False)
    """
    before, after = around(text, start, end)
    if before[-1:] + after[:1] in (_QUOTES if quoted else _LITERAL_QUOTES):
        return True
    if _SHOWN_AFTER.match(after) or _SHOWN_BEFORE.search(before):
        return True
    first = start - start % _PIECE - _PIECE
    until = end - end % _PIECE + 2 * _PIECE
    line = (
        _LINE_END.split(text[max(0, first) : start])[-1]
        + text[start:end]
        + _LINE_END.split(text[end:until], maxsplit=1)[0]
    )
    return _is_about_code(line)


@lru_cache(maxsize=64)
def _is_about_code(line: str) -> bool:
    line = _TAG.sub("", line)
    return bool(_CODE.search(line) or _TALK.search(line))
