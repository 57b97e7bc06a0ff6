"""The forward model of `unwrap`: wrap paragraphs as programs do, and space text out as layout does."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

CLOSERS = "。，、．！？；：…—”’」』）》】〕,.!?;:)]"
OPENERS = "“‘「『（《【〔(["
# A word of letters and digits, or one character of anything else.
_TOKEN = re.compile(r"[A-Za-z0-9_'’./:@%-]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Habit:
    """How paragraphs are wrapped.

    ``width`` counts columns (a Chinese character is two) or, with ``characters``, characters. ``kinsoku``
    says what becomes of marks that may not begin a line: nothing (``none``), they take the character before
    them along to the next line (``push``), or they hang over the edge (``hang``). ``words`` keeps words of
    letters whole. ``narrow`` counts quotation marks, dashes and dots as one column. ``ragged`` leaves up to
    so many columns unused at random, as justified print does.
    """

    width: int
    characters: bool = False
    kinsoku: str = "push"
    words: bool = True
    narrow: bool = False
    ragged: int = 0
    indent: str = "\u3000\u3000"
    hanging: str = ""
    margin: str = ""
    blank_lines: int = 0
    newline: str = "\n"

    def columns(self, text: str) -> int:
        """Return the width of a text as this habit counts it."""
        if self.characters:
            return len(text)
        wide = "WF" if self.narrow else "WFA"
        return sum(1 + (unicodedata.east_asian_width(char) in wide) for char in text)


def wrap_paragraph(text: str, habit: Habit, rng: random.Random) -> list[str]:
    """Return the lines of one paragraph, without line ends."""
    tokens = _TOKEN.findall(text) if habit.words else list(text)
    lines: list[str] = []
    line: list[str] = []
    head = habit.margin + habit.indent
    room = habit.width - habit.columns(head)

    def close() -> None:
        nonlocal line, head, room
        lines.append((head + "".join(line)).rstrip(" "))
        line = []
        head = habit.margin + habit.hanging
        room = habit.width - habit.columns(head)
        if habit.ragged:
            room -= rng.randrange(habit.ragged + 1)

    for token in tokens:
        used = habit.columns("".join(line))
        if token.isspace() and not line and lines:
            continue
        if used + habit.columns(token) > room and line and not token.isspace():
            carried: list[str] = []
            over = used + habit.columns(token) - room
            if token in CLOSERS and habit.kinsoku == "hang" and over <= habit.columns("。”"):
                line.append(token)
                continue
            if habit.kinsoku != "none":
                while len(line) > 1 and (carried or [token])[0] in CLOSERS:
                    carried.insert(0, line.pop())
                while len(line) > 1 and line[-1] in OPENERS:
                    carried.insert(0, line.pop())
            close()
            line = carried
        line.append(token)
    if line:
        close()
    return lines


def wrap(paragraphs: Sequence[str], habit: Habit, seed: int = 0) -> tuple[str, list[bool]]:
    """Return the wrapped text, and of each of its breaks in turn whether it is inside a paragraph.

    Blank lines between paragraphs count with the break before them.
    """
    rng = random.Random(seed)
    pieces: list[str] = []
    inside: list[bool] = []
    for paragraph in paragraphs:
        lines = wrap_paragraph(paragraph, habit, rng)
        pieces.append(habit.newline.join(lines))
        inside += [True] * (len(lines) - 1) + [False]
    separator = habit.newline * (1 + habit.blank_lines)
    return separator.join(pieces) + habit.newline, inside[:-1]


def unwrapped(paragraphs: Sequence[str], habit: Habit) -> str:
    """Return the text that a wrapped one must become: a paragraph a line, indents and blank lines kept."""
    head = habit.margin + habit.indent
    return (habit.newline * (1 + habit.blank_lines)).join(head + each for each in paragraphs) + habit.newline


def spaced_out(text: str, words: Sequence[str] = (), gap: str = " ") -> str:
    """Return the text with a gap after every character, two where one of the words ends if any are given."""
    if not words:
        return gap.join(text)
    return (gap * 2).join(gap.join(word) for word in words)


def with_line_end_spaces(text: str, width: int) -> str:
    """Return a paragraph with a space wherever a line of so many characters once ended."""
    return " ".join(text[start : start + width] for start in range(0, len(text), width))


def with_stray_spaces(text: str, share: float, rng: random.Random) -> str:
    """Return the text with spaces at random places, as character recognition leaves them."""
    return "".join(char + (" " if rng.random() < share else "") for char in text).rstrip(" ")
