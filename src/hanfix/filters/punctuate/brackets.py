"""Round brackets: which belong together, and which of them are Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from hanfix.filters.classes import HAN
from hanfix.filters.punctuate.line import Side, after, before, has_han, is_han
from hanfix.filters.punctuate.marks import Found

_ROUND = re.compile("[()（）]")
_WIDE = frozenset("（）")
# The name of a function, of a manual page, of a formula: written together with its bracket.
_NAME_BEFORE = re.compile(r"[A-Za-z0-9_\]}>]\Z")
_ACRONYM_BEFORE = re.compile(r"(?<![A-Za-z0-9_.])[A-Z][A-Za-z0-9&+-]{1,30}\Z")
_ARGUMENTS = re.compile(r"[,;=\"'$]")
# A figure, an abbreviation, a foreign name or term, a unit.
_TERM = re.compile(r"[\w .·'’&/%％‰℃°+±\-–—~～:：∶、]{1,80}")
_READING = re.compile(r"[a-zü' ]{1,30}")
# Right behind a Chinese character, or what is put in marks like one.
_BESIDE_CHINESE = re.compile(f"[{HAN}][ *]?\\Z|[》”’」』）)】]\\Z")
_LIST_NUMBER = re.compile(r"[0-9０-９]{1,3}")
_TONE_MARKS = frozenset("\u0300\u0301\u0304\u030c")


# Characters of what stands in brackets that are looked at: brackets within brackets without end cost no more.
_LOOKED_AT = 200


class Pair(NamedTuple):
    """Two brackets that belong together."""

    start: int
    end: int


def pairs(line: str) -> Iterator[Pair]:
    """Yield pairs of round brackets, of whatever width, the inner ones first."""
    opened: list[int] = []
    for match in _ROUND.finditer(line):
        if match.group() in "(（":
            opened.append(match.start())
        elif opened:
            yield Pair(opened.pop(), match.start())


def _content(line: str, pair: Pair) -> str:
    """Return what stands in brackets, or the beginning of it where it is long."""
    return line[pair.start + 1 : min(pair.end, pair.start + 1 + _LOOKED_AT)]


def is_call(line: str, pair: Pair) -> bool:
    """Tell whether brackets hold the arguments of a function, the section of a page or an index."""
    if line[pair.start] in _WIDE or line[pair.end] in _WIDE:
        return False
    name = line[max(0, pair.start - 32) : pair.start]
    if not _NAME_BEFORE.search(name):
        return line[max(0, pair.start - 1) : pair.start] == "]"
    content = _content(line, pair)
    if not has_han(content, 0, len(content)):
        return True
    return bool(_ARGUMENTS.search(content)) or not (_ACRONYM_BEFORE.search(name) or name[-1:].isdigit())


def sureness(line: str, pair: Pair) -> str | None:
    """Tell how sure it is that brackets are Chinese: ``likely``, ``guess``, or ``None`` where they stay."""
    content = _content(line, pair)
    if is_call(line, pair) or not any(char.isalnum() or char in "%％" for char in content):
        return None
    last, first = before(line, pair.start), after(line, pair.end + 1)
    if has_han(content, 0, len(content)):
        return "likely"
    if _is_reading(content) or Side.HAN not in (last, first):
        return None
    mixed = (line[pair.start] in _WIDE) != (line[pair.end] in _WIDE)
    if not mixed and not _BESIDE_CHINESE.search(line, max(0, pair.start - 2), pair.start):
        numbered = _LIST_NUMBER.fullmatch(content) and is_han(line[pair.end + 1 : pair.end + 2])
        return "likely" if numbered and last is not Side.WORD else "guess"
    if not _TERM.fullmatch(content) or _READING.fullmatch(content):
        return "guess"
    return "likely"


def widened(line: str, pair: Pair, rule: str) -> Iterator[Found]:
    """Yield the brackets of a pair that are not full-width yet, with the space outside of each."""
    start, end = pair
    if line[start] == "(":
        spaced = start > 1 and line[start - 1] == " " and line[start - 2].isalnum()
        yield Found(start - spaced, start + 1, "（", rule)
    if line[end] == ")":
        spaced = line[end + 1 : end + 2] == " " and line[end + 2 : end + 3].isalnum()
        yield Found(end, end + 1 + spaced, "）", rule)


def _is_reading(content: str) -> bool:
    """Tell whether brackets give a pronunciation: pinyin with tones, phonetic signs."""
    return any(char in _TONE_MARKS for char in unicodedata.normalize("NFD", content)) or any(
        "\u3105" <= char <= "\u312f" for char in content
    )
