"""Spaces between Chinese characters and words or figures in ASCII, added or removed on request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hanfix.filters.classes import HAN
from hanfix.filters.punctuate.marks import Found

SPACING = "punctuate/spacing"

_MISSING = re.compile(f"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{HAN}])")
_PRESENT = re.compile(f"(?<=[{HAN}]) (?=[A-Za-z0-9])|(?<=[A-Za-z0-9%]) (?=[{HAN}])")


def spacing(line: str, wanted: str) -> Iterator[Found]:
    """Yield the places where a space is to be added (``wanted="add"``) or removed.

    >>> [found.start for found in spacing("用Python写", "add")]
    [1, 7]
    """
    new = " " if wanted == "add" else ""
    for match in (_MISSING if new else _PRESENT).finditer(line):
        yield Found(*match.span(), new, SPACING)
