"""Running heads and page numbers: lines that come again on every page of what was printed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from hanfix.filters.strip.furniture import Furniture, normal
from hanfix.filters.strip.page import Page
from hanfix.filters.strip.removals import Removals

# Pages that must be numbered on before the numbers are believed to be those of pages.
_LEAST_PAGES = 3
# Lines of text between one page number and the next: fewer are a list, a table or the steps of a recipe.
_SHORTEST_PAGE = 6
# How far the length of a page may be from the usual one, as a share of it: pages of one layout differ by a
# heading or a figure.
_MOST_UNEVEN = 0.5
# Share of the numbers that break a sentence in two (chapters end with one), or that stand at a running head.
_LEAST_BREAKS = 0.5
_LEAST_HEADED = 0.6
# The same where the numbers are set between marks and begin beyond those of sections: then nothing else need
# speak for pages. (The first section's number may be gone already.)
_MOST_UNEVEN_SET_OFF = 0.25
_LAST_OF_FEW_SECTIONS = 2
# Characters of a line that its page broke: shorter ones end where their author wanted.
_SHORTEST_BROKEN = 12
# Lines between a page number and a running head.
_HEAD_REACH = 2
# Share of the longest line around from which a line is one of the text: heads are shorter, as a rule.
_FULL_LINE = 0.9
# What may be a page number, found without taking the text apart: a short line with a number in it.
_CANDIDATE_LINE = (
    r"[^\S\r\n]{0,40}(?:[^\s\d]{1,8}[ \u3000]?)?\d{1,4}(?!\d)"
    r"[^\u4e00-\u9fff\r\n]{0,8}(?:[页頁][^\r\n]{0,12})?"
)
_CANDIDATE = re.compile(rf"\n{_CANDIDATE_LINE}(?=\r?\n|\Z)")
_CANDIDATE_OLD = re.compile(rf"\r{_CANDIDATE_LINE}(?=\r|\Z)")
_SET_OFF = re.compile(r"([-—–~·•*|])\1? ?[0-9]{1,4} ?\1{1,2}")
_ENDS_SENTENCE = re.compile(r"[。!?;:…】」』”\"’)]$")


def candidates(text: str) -> list[int]:
    """Return where lines begin that may be page numbers; none if there are too few for pages."""
    pattern = _CANDIDATE if "\n" in text else _CANDIDATE_OLD
    found = [match.start() + 1 for match in pattern.finditer(text)]
    return found if len(found) >= _LEAST_PAGES else []


class _Numbered(NamedTuple):
    line: int
    number: int


class Repetition:
    """What comes again and again in one text."""

    def __init__(self, page: Page, rules: Sequence[Furniture], removals: Removals) -> None:
        self._page = page
        self._numbers = [rule for rule in rules if "number" in rule.matcher.groupindex]
        self._heads = [rule for rule in rules if "number" not in rule.matcher.groupindex]
        self._removals = removals

    def remove(self, offsets: Sequence[int]) -> None:
        """Remove page numbers among the lines at some offsets, and the running heads beside them."""
        if not self._numbers:
            return
        lines = sorted(set(map(self._page.number, offsets)))
        for rule, pages in self._sequences(lines):
            heads = self._running_heads([each.line for each in pages])
            if not self._are_pages(pages, heads):
                continue
            for each in pages:
                self._removals.take(each.line, rule.rule.id, f"{rule.says}: {len(pages)} of them count on")
                if self._breaks_sentence(each.line, heads):
                    self._removals.join(each.line)
            for line, head in heads.items():
                self._removals.take(line, head.rule.id, f"{head.says}, beside a page number again and again")

    def _sequences(self, lines: Sequence[int]) -> Iterator[tuple[Furniture, list[_Numbered]]]:
        """Yield runs of numbers that count on by one or two, of one form each."""
        forms: defaultdict[tuple[str, str, str], list[_Numbered]] = defaultdict(list)
        rules: dict[str, Furniture] = {}
        for line in lines:
            seen = self._page.normal(line)
            if self._removals.is_gone(line) or not seen:
                continue
            for rule in self._numbers:
                match = rule.matcher.fullmatch(seen)
                if match is not None:
                    rules[rule.name] = rule
                    # Left and right pages may have their numbers set differently.
                    frame = re.sub(
                        r"[0-9]+|\s", "", seen[: match.start("number")] + seen[match.end("number") :]
                    )
                    forms[rule.name, frame, ""].append(_Numbered(line, int(match["number"])))
                    break
        for (name, _, _), numbered in forms.items():
            run: list[_Numbered] = []
            for each in numbered:
                if run and not 1 <= each.number - run[-1].number <= 2:
                    if len(run) >= _LEAST_PAGES:
                        yield rules[name], run
                    run = []
                run.append(each)
            if len(run) >= _LEAST_PAGES:
                yield rules[name], run

    def _are_pages(self, pages: Sequence[_Numbered], heads: dict[int, Furniture]) -> bool:
        lengths = [self._text_lines(one.line, other.line) for one, other in pairwise(pages)]
        # The last page ends where the text does.
        *full, last = lengths
        usual = median(full)
        if min(full) < _SHORTEST_PAGE or any(abs(each - usual) > _MOST_UNEVEN * usual for each in full):
            return False
        if last > (1 + _MOST_UNEVEN) * usual:
            return False
        if any(self._page.is_set(each.line) for each in pages):
            return False
        breaks = sum(self._breaks_sentence(each.line, heads) for each in pages)
        headed = sum(any(abs(line - each.line) <= 2 * _HEAD_REACH + 1 for line in heads) for each in pages)
        if self._are_set_off(pages) and all(
            abs(each - usual) <= _MOST_UNEVEN_SET_OFF * usual for each in full
        ):
            return True
        return breaks >= _LEAST_BREAKS * len(pages) or headed >= _LEAST_HEADED * len(pages)

    def _are_set_off(self, pages: Sequence[_Numbered]) -> bool:
        """Tell whether numbers are called pages, or stand between marks and count on from another page."""
        seen = self._page.normal(pages[0].line)
        return "页" in seen or (
            pages[0].number > _LAST_OF_FEW_SECTIONS and _SET_OFF.fullmatch(seen) is not None
        )

    def _text_lines(self, one: int, other: int) -> int:
        return sum(not self._page.is_blank(number) for number in range(one + 1, other))

    def _breaks_sentence(self, number: int, heads: dict[int, Furniture]) -> bool:
        above = self._near(number, -1, heads)
        below = self._near(number, 1, heads)
        if above is None or below is None:
            return False
        before, after = self._page.line(above).rstrip(), self._page.line(below)
        return (
            len(before.strip()) >= _SHORTEST_BROKEN
            and not _ENDS_SENTENCE.search(normal(before[-1]))
            and not after[:1].isspace()
        )

    def _near(self, number: int, step: int, heads: dict[int, Furniture]) -> int | None:
        number += step
        while 0 <= number < len(self._page) and (self._page.is_blank(number) or number in heads):
            number += step
        return number if 0 <= number < len(self._page) else None

    def _width(self, number: int) -> float:
        """Return the length from which a line is as long as the lines of the text around it."""
        around = range(max(0, number - _SHORTEST_PAGE), min(len(self._page), number + _SHORTEST_PAGE + 1))
        return _FULL_LINE * max(len(self._page.line(near).strip()) for near in around)

    def _running_heads(self, pages: Sequence[int]) -> dict[int, Furniture]:
        """Return the lines beside page numbers that say the same on page after page."""
        beside: list[tuple[int, str]] = []
        for number in pages:
            for step in (-1, 1):
                at = number + step
                passed = 0
                while 0 <= at < len(self._page) and passed < _HEAD_REACH:
                    if not self._page.is_blank(at):
                        passed += 1
                        seen = self._page.normal(at)
                        if not seen or _ENDS_SENTENCE.search(seen) or len(seen) >= self._width(at):
                            break
                        beside.append((at, re.sub(r"\s", "", seen)))
                    at += step
        beside = list(dict.fromkeys(beside))
        said = Counter(text for _, text in beside)
        again = [(at, text) for at, text in beside if said[text] >= 2]
        if len(again) < _LEAST_PAGES:
            return {}
        heads: dict[int, Furniture] = {}
        for at, _ in again:
            for rule in self._heads:
                if rule.matcher.fullmatch(self._page.normal(at)) and not self._page.is_set(at):
                    heads[at] = rule
                    break
        return heads
