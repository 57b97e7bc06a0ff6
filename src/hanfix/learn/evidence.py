"""What is known about a shape from all the pages that have it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from hanfix.learn.pages import Line, Place
from hanfix.learn.shapes import LONGEST_TEXT, TEXT, matcher

_MOST_SAMPLES = 3
# Different texts in a slot that are told apart; with as many, it holds what it likes.
_MOST_TEXTS = 50
# A list of links below a heading: so many lines at least, of which the page has so many at most.
_FEWEST_ITEMS = 2
_MOST_ITEMS = 40


# Lines on either side that count as next to one: the first may be missing on some pages.
_NEIGHBOURS = 2
# What stands between the parts of a title with the section and the site it is from.
_SEPARATOR = re.compile(r" ?[>»›|/_–—-]+ ?")


@dataclass
class Evidence:
    """Counts over pages, for one shape; those of parts of a site add up.

    ``pages`` have a line of the shape; ``lines`` counts these by place, and ``distance`` adds up the lines
    between them and their edge. Of the pages, ``edge`` have nothing but furniture on the way to the edge,
    ``near`` one line of their own at most, ``outermost`` nothing at all; ``heading`` have prose of their own
    right below, ``lists`` a list of headlines. ``before`` and ``after`` count pages by the shapes of the
    neighbouring lines, ``with_`` by the other shapes of the line itself. For a shape with a slot for text,
    ``repeated`` pages say that text elsewhere too, ``sentences`` pages have a sentence in it, and ``texts``
    holds some of the different ones.
    """

    pages: int = 0
    edge: int = 0
    near: int = 0
    repeated: int = 0
    sentences: int = 0
    lists: int = 0
    heading: int = 0
    outermost: int = 0
    distance: int = 0
    lines: Counter[Place] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    with_: Counter[str] = field(default_factory=Counter)
    texts: set[str] = field(default_factory=set)
    samples: list[str] = field(default_factory=list)
    longest_item: int = 0

    def beside(self, shape: str) -> int:
        """Return the pages where a line of the other shape is next to it."""
        return min(self.before[shape] + self.after[shape], self.pages)

    def add(self, other: Evidence) -> None:
        """Add what is known from other pages, which come after these."""
        self.pages += other.pages
        self.edge += other.edge
        self.near += other.near
        self.repeated += other.repeated
        self.sentences += other.sentences
        self.lists += other.lists
        self.heading += other.heading
        self.outermost += other.outermost
        self.distance += other.distance
        self.lines.update(other.lines)
        self.before.update(other.before)
        self.after.update(other.after)
        self.with_.update(other.with_)
        self.texts = set(sorted(self.texts | other.texts)[:_MOST_TEXTS])
        self.samples = list(dict.fromkeys([*self.samples, *other.samples]))[:_MOST_SAMPLES]
        self.longest_item = max(self.longest_item, other.longest_item)


def study(lines: list[Line]) -> dict[str, Evidence]:
    """Return what one page shows about each of the shapes that recur."""
    whole = {line.seen for line in lines}
    found: dict[str, Evidence] = {}
    for number, line in enumerate(lines):
        before, after = _recurring(lines, number, -1), _recurring(lines, number, 1)
        following = lines[number + 1] if number + 1 < len(lines) else None
        items = _items(lines, number) if line.shapes else 0
        for shape in line.shapes:
            evidence = found.setdefault(shape, Evidence(pages=1))
            evidence.lines[line.place] += 1
            at_edge = line.place is not Place.INSIDE
            evidence.edge = evidence.edge or int(at_edge and line.inside_of == 0)
            evidence.near = evidence.near or int(at_edge and line.inside_of <= 1)
            evidence.distance = len(lines) - 1 - number if line.place is Place.TAIL else number
            evidence.outermost = evidence.outermost or int(number in (0, len(lines) - 1))
            for each in before:
                evidence.before[each] = 1
            for each in after:
                evidence.after[each] = 1
            if following is not None and following.own and following.prose:
                evidence.heading = 1
            for each in line.shapes:
                evidence.with_[each] = 1
            if TEXT in shape:
                _look_into(evidence, shape, line.seen, whole)
            if items:
                evidence.lists = 1
                evidence.longest_item = max(evidence.longest_item, items)
            if len(evidence.samples) < _MOST_SAMPLES:
                evidence.samples = list(dict.fromkeys([*evidence.samples, line.raw.strip()]))
    return found


def _recurring(lines: list[Line], number: int, step: int) -> set[str]:
    """Return the shapes of the next lines that recur, up to the first that is the page's own."""
    found: set[str] = set()
    for _ in range(_NEIGHBOURS):
        number += step
        if not 0 <= number < len(lines) or lines[number].own:
            break
        found.update(lines[number].shapes)
    return found


def _look_into(evidence: Evidence, shape: str, line: str, whole: set[str]) -> None:
    match = matcher(shape).fullmatch(line)
    text = match[match.re.groups if shape.endswith(TEXT) else 1].strip() if match else ""
    # A text with a full stop in it does not fit the slot.
    if match is None or len(text) > LONGEST_TEXT:
        evidence.sentences = 1
    elif text:
        if text in whole or any(part in whole for part in _SEPARATOR.split(text) if len(part) > 1):
            evidence.repeated = 1
        if len(evidence.texts) < _MOST_TEXTS:
            evidence.texts.add(text)


def _items(lines: list[Line], number: int) -> int:
    """Return the length of the longest headline of the list below a line at the tail, 0 if there is none."""
    if lines[number].place is not Place.TAIL:
        return 0
    longest = 0
    at = number + 1
    while at < len(lines) and lines[at].own:
        if lines[at].prose or at - number > _MOST_ITEMS:
            return 0
        longest = max(longest, len(lines[at].seen))
        at += 1
    return longest if at - number - 1 >= _FEWEST_ITEMS else 0


def add_all(total: dict[str, Evidence], part: dict[str, Evidence]) -> None:
    """Add to what is known what a later part of the site shows."""
    for shape, evidence in part.items():
        if shape in total:
            total[shape].add(evidence)
        else:
            total[shape] = evidence
