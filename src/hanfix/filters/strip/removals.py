"""What is to be taken out of a page: whole lines and parts of lines, and the gaps that they leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hanfix.edit import Edit, Flag, apply_edits, moved
from hanfix.filters.strip.page import Page

# When thin evidence (place, neighbours, lists) would take more than this share of what the line rules leave,
# it is not believed: a page is about its text, and two thirds is more furniture than collected pages have.
# What the line rules leave is the measure, so that the answer is the same when the filter runs again.
_MOST_BY_PLACE = 2 / 3


class Removal(NamedTuple):
    """Why a line goes."""

    rule: str
    why: str


class Removals:
    """The lines of a page that go, and the cuts in those that stay."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._cuts: dict[int, list[Edit]] = {}
        # What the line rules prove, and what stands on thinner evidence.
        self._proven: dict[int, Removal] = {}
        self._thin: dict[int, Removal] = {}
        # Lines within a sentence that a page break cut in two: no gap stays there.
        self._breaks: set[int] = set()
        # Headings that a list of contents names.
        self._kept: set[int] = set()

    def prove(self, number: int, rule: str, why: str) -> None:
        """Take a line by its words alone."""
        self._proven[number] = Removal(rule, why)
        self._cuts.pop(number, None)

    def take(self, number: int, rule: str, why: str) -> None:
        """Take a line by its place; if line rules proved it, it stays theirs."""
        if number not in self._proven:
            self._thin[number] = Removal(rule, why)
            self._cuts.pop(number, None)

    def cut(self, number: int, cuts: list[Edit]) -> None:
        """Take parts out of a line."""
        self._cuts[number] = cuts

    def join(self, number: int) -> None:
        """Leave no gap where a line goes: the sentence before it goes on after it."""
        self._breaks.add(number)

    def keep(self, numbers: Iterable[int]) -> None:
        """Let lines be known for text."""
        self._kept.update(numbers)

    def is_kept(self, number: int) -> bool:
        """Tell whether a line is known for text."""
        return number in self._kept

    def is_gone(self, number: int) -> bool:
        """Tell whether a line goes as a whole."""
        return number in self._proven or number in self._thin

    def rule(self, number: int) -> str:
        """Return the rule by which a line goes; empty if it stays."""
        removal = self._proven.get(number) or self._thin.get(number)
        return removal.rule if removal is not None else ""

    def is_thin(self, number: int) -> bool:
        """Tell whether a line goes by its place."""
        return number in self._thin

    def is_cut(self, number: int) -> bool:
        """Tell whether parts of a line go."""
        return number in self._cuts

    def rest(self, number: int) -> str:
        """Return what the cuts leave of a line."""
        start, _ = self._page.span(number)
        return apply_edits(self._page.line(number), moved(self._cuts[number], -start))

    def gone(self) -> list[int]:
        """Return the lines that go, in order."""
        return sorted(self._proven.keys() | self._thin.keys())

    def doubt(self) -> list[Flag]:
        """Keep the lines that thin evidence takes if it takes too many, and return what was kept."""
        if not self._thin or not self._is_too_much():
            return []
        flags = [
            Flag(*self._page.span(number), each.rule, f"{each.why}; left, since so little text would remain")
            for number, each in sorted(self._thin.items())
        ]
        self._thin.clear()
        return flags

    def _is_too_much(self) -> bool:
        thin = sum(self._size(number) for number in self._thin)
        total = 0
        for number in range(len(self._page)):
            if number not in self._proven:
                total += self._size(number)
                if thin <= _MOST_BY_PLACE * total:
                    return False
        return thin > 0

    def _size(self, number: int) -> int:
        cut = sum(each.end - each.start for each in self._cuts.get(number, ()))
        return len(self._page.line(number).strip()) - cut

    def edits(self) -> Iterator[Edit]:
        """Yield the edits in order, each removed line with the blank lines that it leaves doubled."""
        gone = self._proven | self._thin
        changed = sorted(gone.keys() | self._cuts.keys())
        index = 0
        while index < len(changed):
            if changed[index] not in gone:
                yield from self._cuts[changed[index]]
                index += 1
                continue
            # Lines that go with nothing but blank lines between them.
            group = [changed[index]]
            while (
                index + 1 < len(changed)
                and changed[index + 1] in gone
                and self._blank_between(group[-1], changed[index + 1])
            ):
                index += 1
                group.append(changed[index])
            index += 1
            yield from self._group_edits(group, gone)

    def _blank_between(self, one: int, other: int) -> bool:
        return all(self._page.is_blank(number) for number in range(one + 1, other))

    def _group_edits(self, group: list[int], gone: dict[int, Removal]) -> Iterator[Edit]:
        page = self._page
        first = group[0]
        while first > 0 and page.is_blank(first - 1):
            first -= 1
        last = group[-1]
        while last + 1 < len(page) and page.is_blank(last + 1):
            last += 1
        # The blank runs before, between and after the lines that go. One of them stays, so that a gap between
        # paragraphs is a gap still: the longest, but at the edges of the text the one at the edge; none where
        # the page broke a sentence.
        borders = [first - 1, *group, last + 1]
        runs = [(borders[i] + 1, borders[i + 1]) for i in range(len(borders) - 1)]
        stays: int | None
        if first == 0:
            stays = 0
        elif last == len(page) - 1:
            stays = len(runs) - 1
        elif any(number in self._breaks for number in group):
            stays = None
        else:
            stays = max(range(len(runs)), key=lambda run: runs[run][1] - runs[run][0])
        for index, number in enumerate(group):
            first_line = runs[0][0] if index == 0 and stays != 0 else number
            next_line = runs[index + 1][1] if stays != index + 1 else number + 1
            start, end = page.whole(first_line)[0], page.whole(next_line - 1)[1]
            yield Edit(start, end, "", gone[number].rule, gone[number].why)
