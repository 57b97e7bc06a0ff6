"""What stands between two lines once they are joined: nothing, or a space."""

from __future__ import annotations

import re
from functools import cache

from hanfix.filters.classes import HAN, MARKS

_WIDE = re.compile(f"[{HAN}{MARKS}\uac00-\ud7af\u3040-\u30ff]")
_LETTERS, _DIGITS, _OPENING, _CLOSING = "letters", "digits", "opening", "closing"
# An address goes on without a space, or another follows: nobody knows.
_ADDRESS_AT_END = re.compile(r"(?:://|www\.|@)[^\s\u2e80-\uffef]{1,200}\Z")
# The longest address that is looked for at the end of a line, in characters.
ADDRESS_REACH = 132


def _kind(char: str) -> str:
    if char.isdigit():
        return _DIGITS
    if char in "([<{$#@&":
        return _OPENING
    return _CLOSING if char in ")]>}%,.;:!?" else _LETTERS


@cache
def _beside(kind: str) -> re.Pattern[str]:
    members = {_LETTERS: "A-Za-z", _DIGITS: "0-9", _OPENING: "(\\[<{$#@&", _CLOSING: ")\\]>}%,.;:!?"}[kind]
    return re.compile(rf"(?:[{HAN}](?P<after> ?)[{members}]|[{members}](?P<before> ?)[{HAN}])")


class Seams:
    """How a document writes Chinese beside other scripts, found out when it is asked.

    A text that writes “在 Linux 上” inside its lines gets a space at a seam, too; one that writes “在Linux上”
    does not. Letters, digits and brackets are asked about separately: many write “用 C 写了3年”.
    """

    # Characters that are read to find the habit out: some hundred pages tell as much as all.
    _READ = 300_000

    def __init__(self, text: str) -> None:
        self._text = text
        self._spaced: dict[str, bool] = {}

    def between(self, last: str, first: str) -> str:
        """Return what goes between a line's last character and the first of the next."""
        last_wide, first_wide = bool(_WIDE.match(last)), bool(_WIDE.match(first))
        if last_wide and first_wide:
            return ""
        if not last_wide and not first_wide:
            return self._in_other_script(last, first)
        other = first if last_wide else last
        wide = last if last_wide else first
        # Marks of Chinese text carry their own space.
        if not re.match(f"[{HAN}]", wide):
            return ""
        return " " if self._is_spaced(_kind(other)) else ""

    @staticmethod
    def _in_other_script(last: str, first: str) -> str:
        if last in "-/\\_([{" or first in ")]},.;:!?%/-":
            return ""
        return "" if last.isdigit() and first.isdigit() else " "

    def _is_spaced(self, kind: str) -> bool:
        spaced = self._spaced.get(kind)
        if spaced is None:
            with_space = without = 0
            for match in _beside(kind).finditer(self._text, 0, self._READ):
                if match["after"] or match["before"]:
                    with_space += 1
                else:
                    without += 1
            spaced = self._spaced[kind] = with_space > without
        return spaced


def ends_with_address(line: str) -> bool:
    """Tell whether a line breaks off in an address, or right after one."""
    return _ADDRESS_AT_END.search(line) is not None
