"""A line as the rules of punctuation see it: what each mark stands between, whatever its width.

Everything here treats a full-width mark and its ASCII form alike, so that a text looks the same to a second
pass as it did to the first.
"""

from __future__ import annotations

import enum
import re

from hanfix.filters.classes import HAN

# What stands in a shadow for something that is not looked into (an address, code), which counts as a word.
OPAQUE = "\x02"
# And for what is no word either (a tag, an emoticon).
BLANK = "\x01"

OPENING = "(（[［{｛〔【〖《〈「『“‘"
CLOSING = ")）]］}｝〕】〗》〉」』”’"
_SPACES = " \t\u3000\xa0"
# Markdown's emphasis stands between a word and a mark without coming between them.
_EMPHASIS = "*_~"
_POINTS = ",，:：;；?？!！.。、…—-"
# Marks in a row are few; nothing is looked for behind more of them, nor of characters.
_LONGEST_RUN = 8
_REACH = 64
_WIDE_FORMS = dict(zip(",:;?!().-", "，：；？！（）。—", strict=True))
# Characters before and after a mark in which its clause is looked for.
_CLAUSE_REACH = 40

_HAN = re.compile(f"[{HAN}]")
_NUMBER = re.compile("[0-9０-９%％‰℃℉°′″½¼¾²³]")
_FOREIGN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff'’]{1,99}")
_WORD = re.compile(r"[\x02A-Za-zＡ-Ｚａ-ｚ\u00c0-\u024f\u0370-\u052f+#&@$\\/=<>|^\w]")
_CLAUSE_END = re.compile(r"[,，;；?？!！。…()（）\[\]“”‘’「」『』《》]")


class Side(enum.Enum):
    """What is found beside a mark."""

    HAN = enum.auto()
    NUMBER = enum.auto()
    WORD = enum.auto()  # letters of another script, and signs
    QUOTED = enum.auto()  # brackets or quotation marks around what is not Chinese
    EDGE = enum.auto()  # of the line, or of the brackets or quotation marks around the mark
    OTHER = enum.auto()  # a pictograph, kana


def is_han(char: str) -> bool:
    """Tell whether a character is Chinese; the empty string is not."""
    return bool(_HAN.match(char))


def has_han(text: str, start: int, end: int) -> bool:
    """Tell whether there is a Chinese character between two places."""
    return bool(_HAN.search(text, max(0, start), end))


def is_foreign(line: str) -> bool:
    """Tell whether a line is in another language and only mentions something Chinese."""
    words = len(_FOREIGN_WORD.findall(line))
    return words > 1 and words > len(_HAN.findall(line))


def kind(char: str) -> Side:
    """Return what a character is that is no mark."""
    if _HAN.match(char):
        return Side.HAN
    if _NUMBER.match(char):
        return Side.NUMBER
    return Side.WORD if _WORD.match(char) else Side.OTHER


_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\ufe0f"
_SKIPPED_BEFORE = frozenset(_SPACES + _EMPHASIS + _POINTS + _UNSEEN + BLANK + CLOSING)
_SKIPPED_AFTER = frozenset(_SPACES + _EMPHASIS + _POINTS + _UNSEEN + BLANK + OPENING)
_BARRIERS = frozenset(OPENING + CLOSING + "\"'`")


def before(line: str, place: int) -> Side:
    """Return what stands before a place of a line, other marks passed over."""
    return _side(line, range(place - 1, max(-1, place - 1 - _REACH), -1), _SKIPPED_BEFORE, CLOSING)


def after(line: str, place: int) -> Side:
    """Return what stands from a place of a line on, other marks passed over."""
    return _side(line, range(place, min(len(line), place + _REACH)), _SKIPPED_AFTER, OPENING)


def _side(line: str, places: range, skipped: frozenset[str], quoting: str) -> Side:
    quoted, marks, last = False, 0, ""
    for place in places:
        char = line[place]
        if char not in skipped:
            if char in _BARRIERS:
                break
            found = kind(char)
            return Side.QUOTED if quoted and found is not Side.HAN else found
        # Dots, hyphens and spaces become fewer when they are made full-width, so a run of them counts as one.
        mark = _WIDE_FORMS.get(char, char)
        if mark != last and char not in _SPACES:
            marks += 1
            if marks > _LONGEST_RUN:
                break
        last = mark
        quoted = quoted or char in quoting
    return Side.QUOTED if quoted else Side.EDGE


def clause_before_has_han(line: str, place: int) -> bool:
    """Tell whether the clause that ends at a place has Chinese in it."""
    reach = line[max(0, place - _CLAUSE_REACH) : place]
    last = -1
    for match in _CLAUSE_END.finditer(reach):
        last = match.end()
    return bool(_HAN.search(reach, max(last, 0)))


def clause_after_has_han(line: str, place: int) -> bool:
    """Tell whether the clause that begins at a place has Chinese in it."""
    end = min(len(line), place + _CLAUSE_REACH)
    stop = _CLAUSE_END.search(line, place, end)
    return has_han(line, place, stop.start() if stop else end)
