"""One page of a site: its lines, their shapes, and what is known of their places."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from enum import IntEnum

from hanfix.document import LINE_END
from hanfix.filters.strip.furniture import normal
from hanfix.learn.shapes import is_prose, seen, shapes

# Lines from either edge, blank ones aside, in which a label with any text behind it is looked for. The tail
# holds lists, so it is the longer.
_HEAD_LINES = 40
_TAIL_LINES = 80
# Lines of the page's own, none of them prose, that may stand between furniture and the edge of the page:
# title, subtitle, byline at the head; at the tail a list of links.
_MOST_OWN_IN_HEAD = 10
_MOST_OWN_IN_TAIL = 40
# A page whose recurring lines between its own come to more than so many times these is a copy of another.
_MOST_RECURRING_INSIDE = 2
# So is one of which recurring prose is more than this share, when it is longer, in characters, than the
# notices of any page: a copy with something added at an edge. Lists of links may be longer than many a text.
_MOST_RECURRING = 2 / 3
_LONGEST_NOTICES = 500


class Place(IntEnum):
    """Where a line stands: with no prose of the page's own between it and an edge, or else inside."""

    HEAD = 0
    TAIL = 1
    INSIDE = 2


@dataclass
class Line:
    """A line that is not blank: as written, as shapes see it, and its shapes that recur in the site."""

    raw: str
    seen: str
    shapes: list[str]
    place: Place = Place.INSIDE
    # Lines of the page's own between it and its edge.
    inside_of: int = 0
    prose: bool = field(default=False)

    @property
    def own(self) -> bool:
        """Whether the line is the page's own."""
        return not self.shapes


def all_shapes(text: str) -> set[str]:
    """Return the shapes of all lines of a text."""
    found: set[str] = set()
    for _, _, each in _shaped(text):
        found.update(each)
    return found


def page(text: str, recurring: Container[str]) -> list[Line]:
    """Return the lines of a page that are not blank, with places and those shapes that recur.

    Empty when the page has no text of its own, or hardly any: then it is another page once more.
    """
    lines = [
        Line(raw, line, [each for each in found if each in recurring]) for raw, line, found in _shaped(text)
    ]
    for line in lines:
        line.prose = is_prose(line.seen) or not line.seen
    if not _has_own_text(lines):
        return []
    _place(lines)
    return lines


def _shaped(text: str) -> list[tuple[str, str, list[str]]]:
    """Return the lines that are not blank: as written, as shapes see them, and their shapes."""
    # Normal text has one character for one, and the same line ends.
    pairs = zip(LINE_END.split(text), LINE_END.split(normal(text)), strict=True)
    lines = [(raw, line) for raw, line in pairs if raw and not raw.isspace()]
    last = len(lines) - _TAIL_LINES
    found = []
    for number, (raw, line) in enumerate(lines):
        line = seen(line)
        affixes = number < _HEAD_LINES or number >= last
        found.append((raw, line, shapes(line, affixes=affixes) if line else []))
    return found


def _has_own_text(lines: list[Line]) -> bool:
    own = [number for number, line in enumerate(lines) if line.own]
    if not own:
        return False
    size = sum(len(lines[number].raw) for number in own)
    inside = sum(len(line.raw) for line in lines[own[0] : own[-1]] if not line.own)
    recurring = sum(len(line.raw) for line in lines if line.prose and not line.own)
    return inside <= _MOST_RECURRING_INSIDE * size and (
        recurring <= _LONGEST_NOTICES or recurring <= _MOST_RECURRING * (recurring + size)
    )


def _place(lines: list[Line]) -> None:
    """Find out where each line stands; where two edges are open, the nearer one counts."""
    head = _reach(lines, range(len(lines)), _MOST_OWN_IN_HEAD)
    tail = _reach(lines, range(len(lines) - 1, -1, -1), _MOST_OWN_IN_TAIL)
    for number, line in enumerate(lines):
        from_head, from_tail = head.get(number), tail.get(number)
        if from_head is None and from_tail is None:
            continue
        # Fewest lines of the page's own between, then fewest lines.
        is_head = from_tail is None or (
            from_head is not None and (from_head, number) <= (from_tail, len(lines) - 1 - number)
        )
        line.place = Place.HEAD if is_head else Place.TAIL
        line.inside_of = (from_head if is_head else from_tail) or 0


def _reach(lines: list[Line], numbers: range, most: int) -> dict[int, int]:
    """Return, for each line that is reached from an edge, the lines of the page's own on the way."""
    reached: dict[int, int] = {}
    own = 0
    for number in numbers:
        reached[number] = own
        if lines[number].own:
            own += 1
            if lines[number].prose or own > most:
                break
    return reached
