"""The forward model of words split at line ends: set a text in lines and hyphenate its Latin words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

_HAN = "\u3400-\u9fff"
# A Chinese character with the marks that may not begin a line, or a Latin word with its marks.
_CLOSING = "，。、；：！？）》」”’…"
_TOKEN = re.compile(
    rf"(\s*)([{_HAN}（《「“‘][{_CLOSING}]*|[^\s{_HAN}（《「“‘{_CLOSING}]+[{_CLOSING}]*|[{_CLOSING}]+)"
)
_CORE = re.compile("[A-Za-zÀ-ɏ]+")
# What a splitter leaves of a word on either side, in letters, at least.
FEWEST = 2

Places = Callable[[str], Sequence[int]]


def anywhere(word: str) -> Sequence[int]:
    """Return every place where a word may be split: a program that knows no syllables."""
    return range(FEWEST, len(word) - FEWEST + 1)


class Set(NamedTuple):
    """A text set in lines: with its hyphens, and as it is when its words are whole again."""

    text: str
    whole: str
    splits: tuple[int, ...]  # where in the text hyphens were put
    compounds: tuple[int, ...]  # where a line ends with a word's own hyphen


def set_in_lines(
    text: str,
    width: int,
    *,
    places: Places = anywhere,
    hyphen: str = "-",
    newline: str = "\n",
    prefix: str = "",
) -> Set:
    """Return a paragraph set in lines of ``width`` characters at most, hyphenating words that do not fit.

    ``places`` says where a word may be split, ``prefix`` begins every line (an indent, the marks of a quoted
    letter) and is not counted. Words without a place to split go to the next line, whole.
    """
    setter = _Setter(width, places, hyphen, newline, prefix)
    for match in _TOKEN.finditer(text):
        setter.put(bool(match[1]), match[2])
    return Set("".join(setter.text), "".join(setter.whole), tuple(setter.splits), tuple(setter.compounds))


class _Setter:
    def __init__(self, width: int, places: Places, hyphen: str, newline: str, prefix: str) -> None:
        self.width, self.places, self.hyphen = width, places, hyphen
        self.break_ = newline + prefix
        self.text, self.whole = [prefix], [prefix]
        self.splits: list[int] = []
        self.compounds: list[int] = []
        self.column = 0
        self.length = len(prefix)
        self.owed = False  # a break comes before the next word of the whole text

    def put(self, space: bool, token: str) -> None:
        """Put a word into the lines, behind a space or not."""
        gap = " " if space and self.column else ""
        room = self.width - self.column - len(gap)
        if len(token) <= room or not self.column:
            self._write(gap, token)
            return
        own = [at + 1 for at, char in enumerate(token) if char == "-" and 0 < at < min(room, len(token) - 1)]
        split = self._place(token, room - len(self.hyphen))
        if split > max(own, default=0):
            self._write(gap, token[:split])
            self.splits.append(self.length)
            self._add(self.hyphen + self.break_)
            self.column = 0
            # The rest may be longer than a line; what is split again there is not the model's subject.
            self._add(token[split:])
            self.whole.append(token[split:])
            self.column = len(token) - split
            self.owed = True
        elif own:
            self._write(gap, token[: own[-1]])
            self.compounds.append(self.length - 1)
            self._break(token[own[-1] :])
        else:
            self._break(token)

    def _place(self, token: str, room: int) -> int:
        """Return the last place where a word of the token can be split within the room, 0 for none."""
        found = [
            core.start() + place
            for core in _CORE.finditer(token)
            for place in self.places(core.group())
            if core.start() + place <= room
        ]
        return max(found, default=0)

    def _break(self, token: str) -> None:
        self._add(self.break_)
        self.whole.append(self.break_)
        self.owed = False
        self._add(token)
        self.whole.append(token)
        self.column = len(token)

    def _write(self, gap: str, token: str) -> None:
        self._add(gap + token)
        self.whole.append((self.break_ if self.owed else gap) + token)
        self.owed = False
        self.column += len(gap) + len(token)

    def _add(self, piece: str) -> None:
        self.text.append(piece)
        self.length += len(piece)
