"""Straight quotation marks: which of them open and which close."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from hanfix.filters.classes import HAN
from hanfix.filters.punctuate.line import CLOSING, OPENING, has_han

# Lines between the one in which a quotation opens and the one in which it closes, in a paragraph of hard-
# wrapped lines; what opens earlier was forgotten.
_LONGEST_WRAP = 8

# Marks that stand behind a closing quotation mark and not before what an opening one opens.
_ENDS = frozenset(",，.。!！?？;；:：、" + CLOSING) - frozenset("”’」』")
_BEGINS = frozenset(":：" + OPENING) - frozenset("“‘「『")
# An ellipsis, and what is typed with a point or a colon before it (".txt", ":help").
# So is a mark in quotation marks of its own ("!"), or between two quotations.
_BEGINS_CONTENT = re.compile(r"\.\.|。。|[.:：][ \xa0]{0,2}[A-Za-z]|[,，.。!！?？;；:：][\"“”'‘’]")
_POINT = ",，.。!！?？;；:："
# A space behind a mark goes when the mark becomes full-width.
_CHINESE_BEFORE = re.compile(rf"(?:[{HAN}](?:[{_POINT}][ \xa0]{{0,2}})?|[、《》【】])\Z")
_CHINESE_AFTER = re.compile(rf"[{_POINT}]?[ \xa0]{{0,2}}[{HAN}]|[、《》【】]")
_NEAR = 4  # characters
_MOST_SPACES = 2
_POINTS = frozenset(",，.。!！?？;；:：、…—-)）")
_DASHES = frozenset("-—")
_SPACES = frozenset(" \t\u3000\xa0")
# What is read into a text in Latin script between quotation marks when it is no word: syntax to be typed.
_LITERAL = re.compile(r"[\\=$<>{}|_/;]|^[-+.~#*:]|^\W*$")


class Marks(NamedTuple):
    """One of the two kinds of quotation marks."""

    straight: str
    opening: str
    closing: str
    tokens: re.Pattern[str]


DOUBLE = Marks('"', "“", "”", re.compile('["“”]'))
SINGLE = Marks("'", "‘", "’", re.compile("['‘’]"))


class Quote(NamedTuple):
    """A straight mark told apart: where it is, what it is, and whether it quotes something to be typed."""

    line: int
    column: int
    mark: str
    literal: bool


@dataclass
class Reading:
    """What was found in a paragraph: marks told apart, and the places of those that could not be."""

    quotes: list[Quote] = field(default_factory=list)
    unpaired: list[tuple[int, int]] = field(default_factory=list)


class _Run(NamedTuple):
    """Straight marks between two that are not, and whether a quotation is open before and after them."""

    columns: list[int]
    opened: bool
    wanted: bool


def read(lines: Sequence[str], live: Sequence[bool], marks: Marks, *, nested: bool) -> Reading:
    """Tell the straight marks of a paragraph apart, line by line, and across lines where one is left over.

    Marks alternate. Where what stands beside them contradicts that, or one is left over, those remain as they
    are that stand between the nearest two marks of which it is certain whether they open or close. With
    ``nested``, marks inside a quotation by others may be of one in it, and nothing is certain about them.
    """
    reading = Reading()
    pending: tuple[int, _Run] | None = None
    for number, line in enumerate(lines):
        wanted = live[number] if marks.straight in line else pending is not None and marks.closing in line
        if not wanted:
            continue
        runs = list(_runs(line, marks, opened=False))
        if pending is not None:
            carried = list(_runs(line, marks, opened=True))
            # With marks that may be nested the next line cannot tell whether it closes the quotation.
            near = not nested and number - pending[0] <= _LONGEST_WRAP
            joined = near and not _is_sound(line, runs) and _is_sound(line, carried)
            _close(reading, lines, pending, marks, joined)
            if joined:
                runs = carried
            pending = None
        for run in runs:
            if run is runs[-1] and _agrees(line, run) and not _ends_as_wanted(run):
                pending = number, run
            elif nested and _may_be_nested(run):
                reading.unpaired += ((number, column) for column in run.columns)
            else:
                _take(reading, line, number, run, _roles(line, run), marks)
    if pending is not None:
        _close(reading, lines, pending, marks, False)
    return reading


def _close(
    reading: Reading, lines: Sequence[str], pending: tuple[int, _Run], marks: Marks, joined: bool
) -> None:
    """Take a run at whose end a quotation was open, now that it is known whether a later line closes it."""
    number, run = pending
    run = run._replace(wanted=joined)
    _take(reading, lines[number], number, run, _roles(lines[number], run), marks)


def is_beside_chinese(line: str, column: int) -> bool:
    """Tell whether a Chinese character or mark stands right beside a mark."""
    return _is_chinese_before(line, column) or _is_chinese_after(line, column + 1)


def _runs(line: str, marks: Marks, *, opened: bool) -> Iterator[_Run]:
    columns: list[int] = []
    for match in marks.tokens.finditer(line):
        if match.group() == marks.straight:
            if _stands_apart(line, match.start()):
                continue
            # Behind a figure, where nothing is open, it measures inches.
            if _is_open(columns, opened) or not (match.start() and line[match.start() - 1].isdigit()):
                columns.append(match.start())
            continue
        opens = match.group() == marks.opening
        yield _Run(columns, opened, not opens)
        columns, opened = [], opens
    yield _Run(columns, opened, False)


def _stands_apart(line: str, column: int) -> bool:
    """Tell whether a mark stands beside nothing that it could quote, as the sign of a comment does."""
    if column + 1 < len(line) and line[column + 1] not in _SPACES:
        return False
    # As below, the space behind another mark does not count.
    ahead = line[max(0, column - 1 - _MOST_SPACES) : column]
    return not ahead or (ahead[-1] in _SPACES and ahead.rstrip(" \t\u3000\xa0")[-1:] not in _POINTS)


def _is_open(columns: list[int], opened: bool) -> bool:
    """Tell whether a quotation is open behind so many marks that alternate."""
    return opened ^ bool(len(columns) % 2)


def _may_be_nested(run: _Run) -> bool:
    """Tell whether the marks stand inside a quotation by others."""
    return bool(run.columns) and run.opened and run.wanted


def _ends_as_wanted(run: _Run) -> bool:
    return _is_open(run.columns, run.opened) == run.wanted


def _is_sound(line: str, runs: Sequence[_Run]) -> bool:
    return all(_ends_as_wanted(run) and _agrees(line, run) for run in runs)


def _agrees(line: str, run: _Run) -> bool:
    """Tell whether nothing beside the marks contradicts their alternating."""
    opens = not run.opened
    for column in run.columns:
        if _evidence(line, column) is (not opens):
            return False
        opens = not opens
    return True


def _evidence(line: str, column: int) -> bool | None:
    """Tell whether a mark can only open, or only close, by what stands beside it; ``None`` if neither."""
    # Spaces behind a mark go when the mark becomes full-width: they cannot tell anything.
    place = column
    while place and column - place < _MOST_SPACES and line[place - 1] in _SPACES:
        place -= 1
    last, space_before = line[place - 1 : place] if place else "", place < column
    first = line[column + 1 : column + 2]
    begins = not last or last in _BEGINS or (space_before and last not in _POINTS)
    ends = not first or (first in _ENDS and not _BEGINS_CONTENT.match(line, column + 1)) or first in _SPACES
    if begins is ends or (begins and first in _DASHES) or (ends and not last):
        return None
    if ends:
        return None if first in _SPACES and line[column + 2 : column + 3] in _DASHES else False
    return True if begins else None


def _roles(line: str, run: _Run) -> list[bool | None]:
    """Tell of each mark of a run whether it opens or closes; ``None`` where that is undecided."""
    roles = [_evidence(line, column) for column in run.columns]
    told: list[bool | None] = [None] * len(roles)
    # Between two certain marks, the ends of the run among them, the others must alternate and come out even.
    anchors = [-1, *(number for number, role in enumerate(roles) if role is not None), len(roles)]
    for left, right in pairwise(anchors):
        opened = run.opened if left < 0 else bool(roles[left])
        closed_by = run.wanted if right == len(roles) else not roles[right]
        between = range(left + 1, right)
        if (opened ^ bool(len(between) % 2)) is not closed_by:
            continue
        for number in between:
            opened = not opened
            told[number] = opened
        if left >= 0 and roles[left]:
            told[left] = True
        if right < len(roles) and not roles[right]:
            told[right] = False
    return told


def _take(
    reading: Reading, line: str, number: int, run: _Run, roles: Sequence[bool | None], marks: Marks
) -> None:
    """Add the marks of a run to what is read: those of quotations that are Chinese, or stand in Chinese."""
    for index, (column, opens) in enumerate(zip(run.columns, roles, strict=True)):
        if opens is None:
            reading.unpaired.append((number, column))
            continue
        if opens:
            start, later = column, run.columns[index + 1 : index + 2]
            end = later[0] if later else line.find(marks.closing, column)
        else:
            end = column
            start = run.columns[index - 1] if index else line.rfind(marks.opening, 0, column)
        content = line[start + 1 : end if end >= 0 else len(line)]
        chinese = has_han(content, 0, len(content))
        sides = (
            _is_chinese_before(line, start),
            end >= 0 and _is_chinese_after(line, end + 1),
        )
        if line[max(0, start - 1) : start] == "=" or not (chinese or any(sides)):
            continue
        # Single marks around a foreign word may be of a language of code, unless Chinese is on both sides.
        if marks is DOUBLE or chinese or (all(sides) and not _LITERAL.search(content)):
            mark = marks.opening if opens else marks.closing
            literal = not chinese and bool(_LITERAL.search(content))
            reading.quotes.append(Quote(number, column, mark, literal))


def _is_chinese_before(line: str, place: int) -> bool:
    """Tell whether a Chinese character stands before a place, or a mark that belongs to one."""
    return _CHINESE_BEFORE.search(line, max(0, place - _NEAR), place) is not None


def _is_chinese_after(line: str, place: int) -> bool:
    """Tell whether a Chinese character stands behind a place, or behind a mark there."""
    return _CHINESE_AFTER.match(line, place) is not None
