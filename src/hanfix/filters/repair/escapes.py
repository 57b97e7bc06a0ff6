r"""Characters left as escapes: ``\u4e2d``, ``%u4e2d``, ``%E4%B8%AD``, ``=E4=B8=AD``, ``x0dx0a``, MIME words.

Scrapers, database dumps and mail readers leave them in text. Where bytes are escaped, they are taken for
UTF-8, else for GB18030 or Big5: the first is never right by chance, of the other two the better Chinese.
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from typing import ClassVar
from urllib.parse import unquote_to_bytes

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.classes import HAN, MARKS
from hanfix.filters.patterns import compiled
from hanfix.filters.repair.lost import cost
from hanfix.filters.repair.mention import around, is_shown
from hanfix.filters.rounds import in_rounds
from hanfix.lexicon import default_lexicon

_UNICODE, _UNICODE_LEAN = "repair/escape-unicode", "repair/escape-unicode-lean"
_PERCENT, _QUOTED, _MIME = "repair/escape-percent", "repair/quoted-printable", "repair/mime-word"
_NEWLINE = "repair/escape-newline"

# The patterns begin with a literal, which the regular expression engine finds fast, and look behind it then.
_HEX = "[0-9a-fA-F]"
# Between brackets and beside a hyphen escapes are the ends of a range.
_BACKSLASHED = rf"\\u(?<![\\\[^-]..){_HEX}{{4}}(?:\\u{_HEX}{{4}}){{0,4000}}+(?![\]-])"
_DRIVE = r"(?:\A|[^A-Za-z])[A-Za-z]:\Z"
# JavaScript's escape() writes ASCII and Latin-1 as %XX among the %uXXXX.
_PERCENT_U = rf"%u{_HEX}{{4}}(?:%u{_HEX}{{4}}|%{_HEX}{{2}}){{0,4000}}"
_UNIT = rf"u({_HEX}{{4}})|%({_HEX}{{2}})"
# The first and last ideographs of their blocks: who writes these writes about the blocks.
_ENDS_OF_BLOCKS = frozenset("一龥龻鿿㐀䶿")

# Beside one of these a single escape is part of a longer token.
_CODE_LIKE = r"[0-9A-Za-z%\\=&#?/_+*.-]"

# A second byte of GBK or Big5 may be a letter that needs no escape. %25 is a percent sign that was escaped.
_PERCENT_RUN = rf"%(?:25){{0,8}}[89a-fA-F]{_HEX}(?:%(?:25){{0,8}}{_HEX}{{2}}|[@-Z_a-z~](?=%)){{1,4000}}"
_DOUBLED_PERCENT = rf"%(?:25){{1,8}}(?={_HEX}{{2}})"
# An address without its scheme, a path or a query to either side.
_ADDRESS_BEFORE = r"[/?&=@#][!-~]{0,200}\Z|[a-z]\.[a-z]{2,6}[!-~]{0,200}\Z"
_ADDRESS_AFTER = r"[!-~]{0,40}[/?&=@#][!-~]"

# Quoted-printable: bytes, what needs no escape between them, and the breaks that keep lines short.
_QUOTED_RUN = r"=(?:\r?\n=)?[89A-F][0-9A-F](?:=[0-9A-F]{2}|=\r?\n|[ -<>-~]{1,76}+(?==[0-9A-F\r\n])){1,4000}"
_MIME_WORD = r"=\?[0-9A-Za-z-]{2,20}\?[BbQq]\?[!->@-~]{1,200}\?="
_MIME_WORDS = rf"{_MIME_WORD}(?:[ \t]{{0,8}}(?:\r?\n[ \t]{{1,8}})?{_MIME_WORD}){{0,60}}"
_ARGUMENT = r"[(,] ?[\"']\Z"
# What GB2312 and Big5 mean to those who name them.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}

# The two of them together are hardly anything else; one alone must stand among Chinese characters.
_LINE_BREAKS = (
    rf"x0(?<![0\\%]..)dx0a(?:x0dx0a){{0,40}}|x0(?<=[{HAN}{MARKS}]..)[ad](?:x0[ad]){{0,40}}(?=[{HAN}{MARKS}])"
)
_SPREADSHEET_BREAK = r"_x000[Dd]_"  # a carriage return, as spreadsheets keep it
_FIRST_NEWLINE = re.compile(r"\r\n|\n|\r")

_HAN = f"[{HAN}]"
_CHINESE = f"[{HAN}{MARKS}\uffe0-\uffe6]"
# What text with Chinese in it is made of; no control characters, no scripts that wrong bytes turn into.
_READABLE = (
    rf"[{HAN}{MARKS}\uffe0-\uffe6"
    r" -~\t\r\n\u00a0-\u017f\u2000-\u2064\u2070-\u266f\u3041-\u30ff\uac00-\ud7a3\ufeff"
    r"\U0001f000-\U0001faff]+"
)
# Of fewer characters it cannot be told how common they are.
_FEWEST_GUESSED = 2
# Nats a character. Of newspaper text, 95 % of pieces of two characters stay below and nearly all longer
# ones; of random bytes, and of one codec read as another, one piece in twenty.
_HIGHEST_COST = 9.5


@dataclass(frozen=True)
class Escapes(Filter):
    r"""Decode characters and line breaks that stand as escapes in running text.

    Left alone: code (literals, regular expressions, JSON, calls), ranges such as ``\u4e00-\u9fff``, what the
    text speaks about, addresses and queries, and bytes that decode to nothing readable.

    >>> Escapes()(r"\u4e2d\u56fd，%E4%BA%BA%E6%B0%91x0dx0a第二行")
    '中国，人民\n第二行'
    >>> Escapes()("主题: =?GB2312?B?1tC5+g==?=")
    '主题: 中国'
    >>> Escapes()(r"re.compile('[\u4e00-\u9fff]')")
    "re.compile('[\\u4e00-\\u9fff]')"
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _UNICODE,
            "characters written as \\uXXXX or %uXXXX, decoded",
            Risk.LIKELY,
            examples=(
                Example("标题：\\u4e2d\\u56fd\\ud83d\\ude00", "标题：中国😀"),
                Example("%u4E2D%u56FD%20abc", "中国 abc"),
                Example("中\\u56fd人", "中国人"),
            ),
            keeps=(
                "汉字在 \\u4e00-\\u9fff 之间",
                "[\\u4e00-\\u9fa5]+",
                '{"name": "\\u4e2d\\u56fd"}',
                "Unicode 里的“中国”是\\u4e2d\\u56fd",
                "C:\\u4e2d",
                "从\\u4e00到\\u9fa5",
            ),
        ),
        Rule(
            _UNICODE_LEAN,
            "one character written as \\uXXXX that makes no word with those beside it, decoded",
            Risk.GUESS,
            examples=(Example("姓名：\\u9f98", "姓名：龘"),),
            keeps=("写成\\u9f98", "见\\u00e9"),
        ),
        Rule(
            _PERCENT,
            "the bytes of characters written as %XX outside addresses, decoded",
            Risk.LIKELY,
            examples=(
                Example("%E4%B8%AD%E6%96%87.pdf", "中文.pdf"),
                Example("标题：%D6%D0%B9%FA%C8%CB%C3%F1", "标题：中国人民"),
                Example("标题：%A4%A4%B0%EA%A4H%A5%C1", "标题：中國人民"),
                Example("%25E4%25B8%25AD%25E6%2596%2587", "中文"),
            ),
            keeps=(
                "/wiki/%E4%B8%AD%E6%96%87",
                "example.com/?q=%E4%B8%AD%E6%96%87",
                'open("%E4%B8%AD%E6%96%87")',
                "增长 20%EF",
                "URL 里的“中”是 %E4%B8%AD",
                "%d6%d0",
            ),
        ),
        Rule(
            _QUOTED,
            "quoted-printable left by mail, decoded",
            Risk.LIKELY,
            examples=(
                Example("=E4=B8=AD=E5=9B=BD 2019 =E5=B9=B4", "中国 2019 年"),
                Example("=D6=D0=B9=FA=C8=CB=\n=C3=F1", "中国人民"),
            ),
            keeps=("=A1=B1", "x=E4=B8", "a = 1 =B2=C3"),
        ),
        Rule(
            _MIME,
            "an encoded word of a mail header, decoded",
            Risk.LIKELY,
            examples=(
                Example("=?GB2312?B?1tC5+g==?= <a>", "中国 <a>"),
                Example("=?utf-8?Q?=E4=B8=AD?=\n =?utf-8?Q?=E5=9B=BD?=", "中国"),
            ),
            keeps=(
                "decode_header('=?GB2312?B?1tC5+g==?=')",
                "=?GB2312?B?1tC5?=x?=",
                "=?nonsense?B?1tC5+g==?=",
            ),
        ),
        Rule(
            _NEWLINE,
            "a line break written as x0dx0a or _x000D_, put in",
            Risk.LIKELY,
            examples=(
                Example("请回答x0dx0a第一点", "请回答\n第一点"),
                Example("第一点_x000D_\r\n第二点", "第一点\r\n第二点"),
            ),
            keeps=("换行是 0x0dx0a", "请使用x0a换行", "以“x0dx0a”结尾", "\\x0dx0a"),
        ),
    )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield an edit for each run of escapes that is none of code, address or example."""
        yield from in_rounds(doc.text, _found, last={_UNICODE_LEAN})


def _found(text: str) -> Iterator[Edit]:
    """Yield the edits of all kinds in order; of two that overlap the first."""
    edits: list[Edit] = []
    for evidence, pattern, decode in _KINDS:
        # One character is found ten times as fast as two.
        if evidence[0] in text and evidence in text:
            for match in compiled(pattern).finditer(text):
                edits += decode(match)
    newline = _FIRST_NEWLINE.search(text)
    done = 0
    for edit in sorted(edits):
        if edit.start >= done:
            done = edit.end
            if edit.rule == _NEWLINE and newline:
                # Like those that the text has.
                edit = edit._replace(new=edit.new.replace("\n", newline.group()))
            yield edit


def _unicode(match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edit that decodes UTF-16 units."""
    units = [int(unit or byte, 16) for unit, byte in compiled(_UNIT).findall(match.group())]
    try:
        new = b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le")
    except UnicodeDecodeError:
        return
    text, (start, end) = match.string, match.span()
    if (
        not compiled(_READABLE).fullmatch(new)
        or not compiled(_CHINESE).search(new)
        or _ENDS_OF_BLOCKS.issuperset(new)
    ):
        return
    before, after = around(text, start, end)
    if compiled(_DRIVE).search(before) or is_shown(text, start, end, quoted=len(new) == 1):
        return
    before, after = before[-1:], after[:1]
    why = f"UTF-16 units of {new}"
    if len(new) > 1 or _fits(before, new, after):
        yield Edit(start, end, new, _UNICODE, why)
    elif not compiled(_CODE_LIKE).search(before + after):
        yield Edit(start, end, new, _UNICODE_LEAN, why)


def _fits(before: str, char: str, after: str) -> bool:
    """Tell whether one character goes with its neighbours: a word, or a mark beside Chinese."""
    if not compiled(_HAN).match(char):
        return bool(compiled(_CHINESE).match(before) or compiled(_CHINESE).match(after))
    lexicon = default_lexicon()
    return any(len(word) == 2 and lexicon.frequency(word) for word in (before + char, char + after))


def _percent(match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edit that decodes percent-encoded bytes outside an address."""
    text, (start, end) = match.string, match.span()
    before, after = around(text, start, end)
    if compiled(_ADDRESS_BEFORE).search(before) or compiled(_ADDRESS_AFTER).match(after):
        return
    raw = unquote_to_bytes(compiled(_DOUBLED_PERCENT).sub("%", match.group()))
    yield from _bytes_edit(match, raw, _PERCENT)


def _quoted(match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edit that decodes quoted-printable."""
    yield from _bytes_edit(match, quopri.decodestring(match.group().encode("ascii")), _QUOTED)


def _bytes_edit(match: re.Match[str], raw: bytes, rule: str) -> Iterator[Edit]:
    found = _decoded(raw)
    if found is not None and not is_shown(match.string, *match.span(), quoted=False):
        new, codec = found
        yield Edit(match.start(), match.end(), new, rule, f"bytes of {codec}")


def _mime(match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edit that decodes encoded words; one character may be divided between two of them."""
    if compiled(_ARGUMENT).search(around(match.string, *match.span())[0]):
        return
    parts: list[str] = []
    try:
        for part, charset in decode_header(match.group()):
            raw = part if isinstance(part, bytes) else part.encode("ascii")
            parts.append(raw.decode(_SUPERSETS.get((charset or "").lower(), charset or "ascii")))
    except (HeaderParseError, binascii.Error, LookupError, UnicodeError):
        return
    new = "".join(parts)
    if compiled(_READABLE).fullmatch(new):
        yield Edit(match.start(), match.end(), new, _MIME, "encoded words of a mail header")


def _line_breaks(match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edit that puts line breaks in."""
    text, (start, end) = match.string, match.span()
    if is_shown(text, start, end):
        return
    if match.group().startswith("_"):
        new = "" if text[end : end + 1] in ("\r", "\n") else "\n"
    else:
        new = "\n" * (match.group().count("x0a") or match.group().count("x0d"))
    yield Edit(start, end, new, _NEWLINE, "an escaped line break")


# What must occur in a text for it to have escapes of a kind, what finds them and what decodes them.
_KINDS: tuple[tuple[str, str, Callable[[re.Match[str]], Iterator[Edit]]], ...] = (
    ("\\u", _BACKSLASHED, _unicode),
    ("%u", _PERCENT_U, _unicode),
    ("%", _PERCENT_RUN, _percent),
    ("=", _QUOTED_RUN, _quoted),
    ("=?", _MIME_WORDS, _mime),
    ("x0", _LINE_BREAKS, _line_breaks),
    ("_x000", _SPREADSHEET_BREAK, _line_breaks),
)


def _decoded(raw: bytes) -> tuple[str, str] | None:
    """Return what bytes say in the one codec of Chinese text in which they say something, and its name."""
    best: tuple[float, str, str] | None = None
    for codec in ("utf-8", "gb18030", "big5hkscs"):
        try:
            text = codecs.decode(raw, codec)
        except UnicodeDecodeError:
            continue
        han = len(compiled(_HAN).findall(text))
        if not han or not compiled(_READABLE).fullmatch(text):
            continue
        if codec == "utf-8":
            return text, codec
        price = _cost(text)
        if han >= _FEWEST_GUESSED and price <= (best[0] if best else _HIGHEST_COST):
            best = price, text, codec
    return best and (best[1], best[2])


def _cost(text: str) -> float:
    """Return how unlike Chinese a text is, in nats a character."""
    return cost(text) / len(text)
