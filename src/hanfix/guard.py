"""Spans that no edit may touch: addresses, code, markup, and texts that the user wants kept."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

# What must occur in a text for a guard to have anything to protect there: looked for first, since most
# Chinese text holds none of it.
_EVIDENCE: dict[str, tuple[str, ...]] = {
    "url": ("://", "www."),
    "email": ("@",),
    "code": ("`", "~~~"),
    "markdown-link": ("](",),
    "html-tag": ("<",),
}

# An address ends at white space, at a quotation mark or bracket that cannot be part of it, and at a full-width
# mark. Chinese characters belong to it only right after one of its own separators: in running text they
# follow an address without a space.
_URL_CHARACTER = r"[^\s<>\"'`，。、；：！？（）《》【】“”‘’「」『』…—\u2e80-\u9fff\uf900-\ufaff]"
_PATTERNS: dict[str, re.Pattern[str]] = {
    # Lengths are bounded so that a long line of letters costs no more than its length.
    "url": re.compile(
        rf"(?:(?<![A-Za-z])[A-Za-z][A-Za-z0-9+.-]{{1,15}}://|(?<![A-Za-z0-9.])www\.)"
        rf"(?:{_URL_CHARACTER}|(?<=[-/=?&#_%.])[\u3400-\u9fff]{{1,40}})+"
    ),
    "email": re.compile(
        r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
    ),
    "code": re.compile(
        r"^ {0,3}(?P<mark>`{3,}|~{3,})[^`\n]*\n.*?^ {0,3}(?P=mark)[`~]*[ \t]*\r?$"
        r"|(?<!`)(?P<ticks>`{1,2})(?!`)[^\n`]{1,200}(?<!`)(?P=ticks)(?!`)",
        re.MULTILINE | re.DOTALL,
    ),
    "markdown-link": re.compile(r"(?<=\])\([^()\s]{1,2000}(?:\([^()\s]{0,200}\))?[^()\s]{0,200}\)"),
    "html-tag": re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]{0,2000}>|<![A-Za-z][^<>]{0,2000}>", re.DOTALL),
}

GUARDS: tuple[str, ...] = tuple(_PATTERNS)


@dataclass(frozen=True)
class Guarded:
    """The protected spans of one text, in order, none overlapping."""

    spans: tuple[tuple[int, int], ...] = ()
    _starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", [start for start, _ in self.spans])

    def forbids(self, start: int, end: int, *, removes_lines: bool = False) -> bool:
        """Tell whether an edit of ``start:end`` touches a protected span.

        With ``removes_lines`` an edit may take whole protected spans away, but not cut into one.
        """
        index = max(0, bisect_right(self._starts, start) - 1)
        for span_start, span_end in self.spans[index:]:
            if span_start >= end and not (start == end and span_start == start == end):
                break
            inside = start < span_end and span_start < end
            point_inside = start == end and span_start < start < span_end
            whole = start <= span_start and span_end <= end
            if (inside or point_inside) and not (removes_lines and whole):
                return True
        return False


def guarded(text: str, guards: Sequence[str] = GUARDS, keep: Sequence[str] = ()) -> Guarded:
    """Return the spans of ``text`` that the named guards and the texts in ``keep`` protect.

    Raises ``KeyError`` for an unknown guard.

    >>> guarded("见http://a.cn/和-谐，问b@a.cn").spans
    ((1, 17), (19, 25))
    """
    spans: list[tuple[int, int]] = []
    for name in guards:
        if any(sign in text for sign in _EVIDENCE[name]):
            spans.extend(match.span() for match in _PATTERNS[name].finditer(text))
    for kept in keep:
        start = text.find(kept) if kept else -1
        while start >= 0:
            spans.append((start, start + len(kept)))
            start = text.find(kept, start + len(kept))
    return Guarded(tuple(_joined(sorted(spans))))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
