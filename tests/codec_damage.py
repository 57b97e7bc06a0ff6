"""The forward model of text that one codec wrote and another read.

Programs differ in what they do with bytes that the wrong codec does not define: Python gives U+FFFD or stops,
browsers and Windows have a character for nearly every byte. ``misread`` reads as Python does, ``sloppily``
as browsers do.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Misreading(NamedTuple):
    """A pair of codecs: Python's name of the one that wrote the text and of the one that read it."""

    right: str
    wrong: str


# What people meet, under the names of Python's codecs.
MISREADINGS = tuple(
    Misreading(*names)
    for names in (
        ("utf-8", "gbk"),
        ("utf-8", "gb18030"),
        ("utf-8", "big5"),
        ("utf-8", "big5hkscs"),
        ("utf-8", "shift_jis"),
        ("utf-8", "cp949"),
        ("utf-8", "cp1252"),
        ("utf-8", "latin-1"),
        ("utf-8", "cp1250"),
        ("utf-8", "cp1251"),
        ("utf-8", "mac_roman"),
        ("utf-8", "cp437"),
        ("gbk", "cp1252"),
        ("gbk", "latin-1"),
        ("gbk", "cp1250"),
        ("gbk", "cp1254"),
        ("gbk", "cp1251"),
        ("gbk", "mac_roman"),
        ("gbk", "cp437"),
        ("gbk", "big5"),
        ("gbk", "big5hkscs"),
        ("gbk", "shift_jis"),
        ("gbk", "euc_kr"),
        ("gbk", "cp949"),
        ("big5", "gbk"),
        ("big5", "gb18030"),
        ("big5", "cp1252"),
        ("big5", "latin-1"),
        ("big5", "cp1251"),
        ("big5", "mac_roman"),
        ("big5", "cp437"),
    )
)


def misread(text: str, right: str, wrong: str, errors: str = "strict") -> str | None:
    """Return the text as read with the wrong codec; ``None`` when a codec refuses it."""
    try:
        return text.encode(right).decode(wrong, errors)
    except UnicodeError:
        return None


def sloppily(text: str, right: str, wrong: str) -> str:
    """Return the text as a browser reads it.

    A byte that a codec of one byte a character leaves undefined stays itself, 80 is a euro sign in GBK.
    """
    raw = text.encode(right)
    if wrong in ("gbk", "gb18030"):
        return _GBK_PIECE.sub(_sloppy_gbk, raw).decode("utf-8")
    return "".join(_sloppy(byte, wrong) for byte in raw)


# A character of GBK, a lone 80, or a lead byte that nothing follows which could complete it.
_GBK_PIECE = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")


def _sloppy_gbk(piece: re.Match[bytes]) -> bytes:
    raw = piece.group()
    return "€".encode() if raw == b"\x80" else raw.decode("gb18030", "replace").encode()


def _sloppy(byte: int, wrong: str) -> str:
    try:
        return bytes((byte,)).decode(wrong)
    except UnicodeDecodeError:
        return chr(byte)


def without_unseen(text: str, wrong: str) -> str:
    """Return UTF-8 read with a codec by a program that drops what cannot be seen.

    Of GBK that is the rows which a user may define, which Unicode has as private use; of windows codecs the
    bytes that they do not define, the no-break space and the soft hyphen.
    """
    return _UNSEEN.sub("", sloppily(text, "utf-8", "gb18030" if wrong == "gbk" else wrong))


def as_java_reads(text: str) -> str:
    """Return UTF-8 as a decoder of GBK reads it that puts one U+FFFD for each pair it does not know."""
    return _GBK_PIECE.sub(_strict_gbk, text.encode()).decode("utf-8")


def half_as_utf8(text: str) -> str:
    """Return GBK as read by a program that takes for UTF-8 what fits, and each other byte for Latin-1."""
    raw = text.encode("gbk")
    return "".join(
        piece.decode("utf-8") if len(piece) > 1 or piece < b"\x80" else _sloppy(piece[0], "cp1252")
        for piece in _UTF8_PIECE.findall(raw)
    )


_UNSEEN = re.compile("[\x80-\xa0\xad\ue000-\uf8ff]")
_UTF8_PIECE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|[\x00-\xff]"
)


def _strict_gbk(piece: re.Match[bytes]) -> bytes:
    try:
        return piece.group().decode("gbk").encode()
    except UnicodeDecodeError:
        return _LOST


_LOST = "\ufffd".encode()
