"""The code table of GBK, by rows (lead byte) and columns (trail byte)."""

from __future__ import annotations

from functools import cache

FIRST_LEAD, LAST_LEAD = 0x81, 0xFE
FIRST_TRAIL, LAST_TRAIL = 0x40, 0xFE


@cache
def _table() -> dict[tuple[int, int], str]:
    table: dict[tuple[int, int], str] = {}
    for lead in range(FIRST_LEAD, LAST_LEAD + 1):
        for trail in range(FIRST_TRAIL, LAST_TRAIL + 1):
            try:
                table[lead, trail] = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
    return table


@cache
def _codes() -> dict[str, tuple[int, int]]:
    return {char: code for code, char in _table().items()}


def char_of(lead: int, trail: int) -> str | None:
    """Return the character of two bytes, ``None`` when the pair is undefined."""
    return _table().get((lead, trail))


def code_of(char: str) -> tuple[int, int] | None:
    """Return the two bytes of a character, ``None`` when GBK does not have it or it is ASCII.

    >>> "%02X %02X" % code_of("為")
    '9E E9'
    """
    return _codes().get(char)


def is_han(char: str) -> bool:
    """Tell whether a character of GBK is a Chinese character and not a symbol."""
    return "\u4e00" <= char <= "\u9fff"


@cache
def row(lead: int) -> str:
    """Return the Chinese characters that begin with a byte."""
    return "".join(char for (first, _), char in _table().items() if first == lead and is_han(char))


@cache
def column(trail: int) -> str:
    """Return the Chinese characters that end with a byte."""
    return "".join(char for (_, second), char in _table().items() if second == trail and is_han(char))
