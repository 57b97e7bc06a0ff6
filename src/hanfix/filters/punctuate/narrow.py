"""The way back: full-width marks of Chinese lines to ASCII, for those who want that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hanfix.filters.punctuate.marks import (
    COLON,
    COMMA,
    DASH,
    ELLIPSIS,
    EXCLAMATION,
    QUESTION,
    SEMICOLON,
    STOP,
    Found,
)

_NARROW = {
    "，": (",", COMMA),
    "；": (";", SEMICOLON),
    "：": (":", COLON),
    "？": ("?", QUESTION),
    "！": ("!", EXCLAMATION),
    "。": (".", STOP),
    "（": ("(", "punctuate/bracket"),
    "）": (")", "punctuate/bracket"),
    "“": ('"', "punctuate/quote"),
    "”": ('"', "punctuate/quote"),
    "「": ('"', "punctuate/quote"),
    "」": ('"', "punctuate/quote"),
    "‘": ("'", "punctuate/quote"),
    "’": ("'", "punctuate/quote"),
    "『": ("'", "punctuate/quote"),
    "』": ("'", "punctuate/quote"),
    "……": ("...", ELLIPSIS),
    "——": ("--", DASH),
}
_MARK = re.compile("……|——|[，；：？！。（）“”「」‘’『』]")


def narrowed(line: str) -> Iterator[Found]:
    """Yield the full-width marks of a Chinese line with their ASCII forms; 、 and 《》 have none."""
    for match in _MARK.finditer(line):
        yield Found(*match.span(), *_NARROW[match.group()])
