"""Spans that no edit may touch: addresses, code, markup, and texts that the user wants kept."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from hanfix.edit import joined_spans

# An address ends at white space, at a quotation mark or bracket that cannot be part of it, and at a
# full-width mark. Chinese characters belong to it only right after one of its own separators: in running text
# they follow an address without a space.
_URL_CHARACTER = r"[^\s<>\"'`，。、；：！？（）《》【】“”‘’「」『』…—\u2e80-\u9fff\uf900-\ufaff]"
# Lengths are bounded and alternatives exclude each other, so that a long line costs no more than its length.
_URL = re.compile(
    rf"(?:(?<![A-Za-z])[A-Za-z][A-Za-z0-9+.-]{{1,15}}://|(?<![A-Za-z0-9.])www\.)"
    rf"(?:{_URL_CHARACTER}|(?<=[-/=?&#_%.])[\u3400-\u9fff]{{1,40}})+"
)
_URL_SIGN = re.compile(r"://|www\.")
_LONGEST_SCHEME = 16  # characters
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_EMAIL_SIGN = re.compile("@[A-Za-z0-9-]")
_LONGEST_MAILBOX = 64  # characters
_MAILBOX = re.compile(f"[A-Za-z0-9._%+-]{{1,{_LONGEST_MAILBOX}}}")
_FENCE = re.compile(r"(?:\A|(?<=[\r\n])) {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>[^\r\n]*)")
_FENCE_SIGN = re.compile(r"(?:```|~~~)[^\r\n]*")
_FENCE_INDENT = 3  # spaces
_CODE_SPAN = re.compile(r"(?P<ticks>`(?<!``)`?)(?!`)[^\r\n`]{1,200}(?P=ticks)(?!`)")
# The target, and the bracket that closes it unless a title stands between.
_LINK_TARGET = re.compile(
    r"\((?<=\]\()[^()\s]{1,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?(?:\)|(?=[ \t]{1,9}[\"'(]))"
)
_LONGEST_LINK_TEXT = 1000  # characters
_LINE_END = re.compile(r"[\r\n]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>|<![A-Za-z][^<>]{0,2000}>")


def _fences(text: str) -> Iterator[re.Match[str]]:
    for sign in _FENCE_SIGN.finditer(text):
        for start in range(max(0, sign.start() - _FENCE_INDENT), sign.start() + 1):
            if match := _FENCE.match(text, start):
                yield match
                break


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Yield fenced blocks and code spans; a fence that nothing closes opens no block."""
    fences = list(_fences(text))
    # The longest closing fence of each kind from here to the end: tells at once that nothing closes a block.
    closing: list[dict[str, int]] = [{}]
    for fence in reversed(fences):
        later, mark = closing[-1], fence["mark"]
        ends_block = not fence["rest"].strip()
        closing.append(later | {mark[0]: max(len(mark), later.get(mark[0], 0))} if ends_block else later)
    closing.reverse()
    opened: re.Match[str] | None = None
    for number, fence in enumerate(fences, 1):
        mark, rest = fence["mark"], fence["rest"]
        if opened is None:
            # What stands behind backticks may hold none, or they are a code span.
            if not (mark[0] == "`" in rest) and closing[number].get(mark[0], 0) >= len(mark):
                opened = fence
        elif mark.startswith(opened["mark"]) and not rest.strip():
            yield opened.start(), fence.end()
            opened = None
    for match in _CODE_SPAN.finditer(text):
        yield match.span()


def _link_targets(text: str) -> Iterator[tuple[int, int]]:
    """Yield link targets; a bracket that closes without having been opened in its line ends no link text."""
    for match in _LINK_TARGET.finditer(text):
        before = text[max(0, match.start() - _LONGEST_LINK_TEXT) : match.start()]
        if "[" in _LINE_END.split(before)[-1]:
            yield match.span()


def _html_tags(text: str) -> Iterator[tuple[int, int]]:
    """Yield tags, declarations and comments; a comment that nothing closes is none."""
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        yield start, end + len("-->")
        start = text.find("<!--", end)
    for match in _TAG.finditer(text):
        yield match.span()


def _urls(text: str) -> Iterator[tuple[int, int]]:
    """Yield addresses; each begins at its sign or a scheme before it."""
    done = 0
    for sign in _URL_SIGN.finditer(text):
        if sign.start() < done:
            continue
        for start in range(max(done, sign.start() - _LONGEST_SCHEME), sign.start() + 1):
            if match := _URL.match(text, start):
                done = match.end()
                yield match.span()
                break


def _emails(text: str) -> Iterator[tuple[int, int]]:
    """Yield e-mail addresses; each begins where the letters before its sign do."""
    done = 0
    for sign in _EMAIL_SIGN.finditer(text):
        at = sign.start()
        # Read from behind, since most of what is before a sign does not belong to it.
        before = _MAILBOX.match(text[max(done, at - _LONGEST_MAILBOX) : at][::-1])
        match = _EMAIL.match(text, at - before.end()) if before else None
        if match:
            done = match.end()
            yield match.span()


# Each guard with what must occur in a text for it to have anything to protect there, looked for first since
# most Chinese text holds none of it, and with what finds the spans.
_GUARDS: dict[str, tuple[tuple[str, ...], Callable[[str], Iterator[tuple[int, int]]]]] = {
    "url": (("://", "www."), _urls),
    "email": (("@",), _emails),
    "code": (("`", "~~~"), _code),
    "markdown-link": (("](",), _link_targets),
    "html-tag": (("<",), _html_tags),
}

GUARDS: tuple[str, ...] = tuple(_GUARDS)


@dataclass(frozen=True)
class Guarded:
    """The protected spans of one text, in order, none overlapping."""

    spans: tuple[tuple[int, int], ...] = ()
    _starts: list[int] = field(init=False, repr=False, compare=False)
    _ends: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", [start for start, _ in self.spans])
        object.__setattr__(self, "_ends", [end for _, end in self.spans])

    def forbids(self, start: int, end: int, *, removes_lines: bool = False) -> bool:
        """Tell whether an edit of ``start:end`` touches a protected span.

        An insertion touches a span when it is made inside it, not when it is made beside it. With
        ``removes_lines`` an edit may take whole protected spans away, but not cut into one.
        """
        touched = self.spans[bisect_right(self._ends, start) : bisect_left(self._starts, end)]
        if removes_lines:
            return any(span_start < start or end < span_end for span_start, span_end in touched)
        return bool(touched)


def guarded(text: str, guards: Sequence[str] = GUARDS, keep: Sequence[str] = ()) -> Guarded:
    """Return the spans of ``text`` that the named guards and the texts in ``keep`` protect.

    Raises ``KeyError`` for an unknown guard.

    >>> guarded("见http://a.cn/和-谐，问b@a.cn").spans
    ((1, 16), (18, 24))
    """
    spans: list[tuple[int, int]] = []
    for name in guards:
        evidence, find = _GUARDS[name]
        if any(sign in text for sign in evidence):
            spans.extend(find(text))
    for kept in keep:
        start = text.find(kept) if kept else -1
        while start >= 0:
            spans.append((start, start + len(kept)))
            start = text.find(kept, start + 1)
    return Guarded(tuple(joined_spans(spans)))
