"""Running heads and page numbers: lines that come again on every page of what was printed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, pairwise
from statistics import median
from typing import NamedTuple

from hanfix.filters.strip.furniture import Furniture, normal
from hanfix.filters.strip.page import Page
from hanfix.filters.strip.removals import Removals

# Characters of a line that may hold the number of its page.
_NUMBER_REACH = 60
# Pages that must be numbered on before the numbers are believed to be those of pages; fewer will do where
# each is set off or has a running head, and none is the first.
_LEAST_PAGES = 3
_LEAST_SET_OFF = 2
# Lines of text between one page number and the next: fewer are a list, a table or the steps of a recipe.
_SHORTEST_PAGE = 6
# The same where running heads or broken sentences speak for pages: a paragraph may be one line.
_SHORTEST_HEADED = 2
# Characters of such a page: fewer are the fields of a table set one below the other.
_LEAST_CHARACTERS = 40
# Lines that a page has at most; numbers that stand farther apart do not belong together.
_LONGEST_PAGE = 200
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
# Lines at the head of a text among which its title, its author and its journal are; characters of one that
# tell it, and the share of a running head that it must be.
_TITLE_LINES = 12
_SHORTEST_TITLE = 4
_LONGEST_HEAD = 60
_TITLE_IN_HEAD = 0.5
# Characters from which the line below a heading is a paragraph: below an entry of a contents list stands
# another.
_SHORTEST_PARAGRAPH = 20
# What may be a page number, found without taking the text apart: a short line with a number in it, or one
# that begins with a number set apart.
_CANDIDATE_LINE = (
    r"[^\S\r\n]{0,40}+(?:[^\s\d]{1,8}+[ \u3000]?)?\d{1,4}+(?!\d)(?:[^\u4e00-\u9fff\r\n]{0,8}+"
    r"(?:[页頁][^\r\n]{0,12}+)?|[ \u3000\t]{2,40}+[^\s\d][^\r\n。]{1,40}+)"
)
_CANDIDATE = re.compile(rf"\n{_CANDIDATE_LINE}(?=\r?\n|\Z)")
_CANDIDATE_OLD = re.compile(rf"\r{_CANDIDATE_LINE}(?=\r|\Z)")
_FIRST_CANDIDATE = re.compile(rf"{_CANDIDATE_LINE}(?=[\r\n])")
# The same at the end of a line, behind a wide gap or between marks; looked for where there is one of the
# others that is set off.
_PRINTED = re.compile(r"[-—–·•]\s?\d|\d[ \u3000\t]{2}")
_GLUED = re.compile(
    r"[ \u3000\t](?:[ \u3000\t][-·]?[0-9]{1,4}[-·]?|[-—·•] ?[0-9]{1,4} ?[-—·•])[^\S\r\n]*(?=[\r\n]|\Z)"
)
_SET_OFF = re.compile(r"([-—–~·•*|])\1? ?[0-9]{1,4} ?\1{1,2}")
_ENDS_SENTENCE = re.compile(r"[。!?;:…】」』”\"’)]$")
# A part of a journal's running head: the year, the volume and the issue.
_ISSUE = re.compile(r"[0-9]{4}年(?:第? ?[0-9]{1,3} ?[期卷号]|[0-9]{1,2}月)|第[0-9]{1,3}[卷期]|Vol\. ?[0-9]+")
_WORD = re.compile(r"[A-Za-z一-龥]")
# Where a title ends that has years or a second title behind it.
_SUBTITLE = re.compile(r"[ \t]{2,}|[(:—]")
_WIDE_GAP = re.compile(r"[ \t]{2,}")


def candidates(text: str) -> list[int]:
    """Return where lines begin that may be page numbers; none if there are too few for pages."""
    pattern = _CANDIDATE if "\n" in text else _CANDIDATE_OLD
    matches = list(pattern.finditer(text))
    found = [match.start() + 1 for match in matches]
    if found and _FIRST_CANDIDATE.match(text):
        found.append(0)
    if any(_PRINTED.search(match[0]) for match in matches):
        found += [match.start() for match in _GLUED.finditer(text)]
    return found if _counts_on(text[start : start + _NUMBER_REACH] for start in sorted(found)) else []


def _counts_on(lines: Iterable[str]) -> bool:
    """Tell whether a number of one line is one or two more than one in the line before."""
    last: set[int] = set()
    for line in lines:
        numbers = {int(number) for number in re.findall("[0-9]{1,4}", line)}
        if any(number - step in last for number in numbers for step in (1, 2)):
            return True
        last = numbers
    return False


class _Numbered(NamedTuple):
    line: int
    number: int
    rule: Furniture
    # What stands around the number, digits and spaces aside; or that, if it is a running head.
    frame: str
    head: str


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
        numbered = list(self._numbered(sorted(set(map(self._page.number, offsets)))))
        taken: set[int] = set()
        for pages in chain(self._mixed(numbered), self._sequences(numbered)):
            if not taken.isdisjoint(each.line for each in pages):
                continue
            heads = self._running_heads([each.line for each in pages])
            if not self._are_pages(pages, heads):
                continue
            taken.update(each.line for each in pages)
            for each in pages:
                if not self._removals.is_gone(each.line):
                    why = f"{each.rule.says}: {len(pages)} of them count on"
                    self._removals.take(each.line, each.rule.rule.id, why)
                if self._breaks_sentence(each.line, heads):
                    self._removals.join(each.line)
            for line, head in heads.items():
                self._removals.take(line, head.rule.id, f"{head.says}, beside a page number again and again")

    def _numbered(self, lines: Iterable[int]) -> Iterator[_Numbered]:
        for line in lines:
            seen = self._page.normal(line)
            if not seen:
                continue
            # One at the edge of the text may be gone by its place, and is the first of them all the same.
            for rule in self._numbers:
                match = rule.matcher.fullmatch(seen)
                if match is not None and int(match["number"]):
                    # Left and right pages may have their numbers set differently.
                    frame = _squeezed(seen[: match.start("number")] + seen[match.end("number") :])
                    head = match["head"] if "head" in rule.matcher.groupindex else ""
                    yield _Numbered(line, int(match["number"]), rule, frame, _squeezed(head))
                    break

    def _sequences(self, numbered: Iterable[_Numbered]) -> Iterator[list[_Numbered]]:
        """Yield runs of numbers that count on by one or two, of one form each."""
        forms: defaultdict[tuple[str, str], list[_Numbered]] = defaultdict(list)
        for each in numbered:
            forms[each.rule.name, each.frame].append(each)
        for same in forms.values():
            run: list[_Numbered] = []
            for each in same:
                if run and not 1 <= each.number - run[-1].number <= 2:
                    if len(run) >= _LEAST_SET_OFF:
                        yield run
                    run = []
                run.append(each)
            if len(run) >= _LEAST_SET_OFF:
                yield run

    def _mixed(self, numbered: Sequence[_Numbered]) -> Iterator[list[_Numbered]]:
        """Yield the longest runs of numbers that count on, whatever their form."""
        lengths = [1] * len(numbered)
        before = [-1] * len(numbered)
        latest: dict[int, int] = {}
        for index, each in enumerate(numbered):
            for step in (1, 2):
                last = latest.get(each.number - step, -1)
                if (
                    last >= 0
                    and each.line - numbered[last].line <= _LONGEST_PAGE
                    and lengths[last] >= lengths[index]
                ):
                    lengths[index], before[index] = lengths[last] + 1, last
            latest[each.number] = index
        used: set[int] = set()
        for index in sorted(range(len(numbered)), key=lambda index: -lengths[index]):
            if lengths[index] < _LEAST_PAGES:
                break
            run: list[int] = []
            at = index
            while at >= 0 and at not in used:
                run.append(at)
                at = before[at]
            used.update(run)
            if len(run) >= _LEAST_PAGES:
                yield [numbered[at] for at in reversed(run)]

    def _are_pages(self, pages: Sequence[_Numbered], heads: dict[int, Furniture]) -> bool:
        if any(self._page.is_set(each.line) for each in pages):
            return False
        lengths = [self._text_lines(one.line, other.line, heads) for one, other in pairwise(pages)]
        breaks = sum(self._breaks_sentence(each.line, heads) for each in pages)
        headed = sum(self._is_headed(each, heads) for each in pages)
        is_beyond = pages[0].number > _LAST_OF_FEW_SECTIONS
        if (
            min(lengths) >= _SHORTEST_HEADED
            and max(lengths) <= _LONGEST_PAGE
            and not self._are_records(pages, lengths)
        ):
            # A section's number stands above it; the number of a page ends it, and the last one the text.
            ends = self._page.near(pages[-1].line, 1) is None
            if (is_beyond or ends) and self._are_marked(pages):
                return True
            if len(pages) >= _LEAST_PAGES and headed >= _LEAST_HEADED * len(pages):
                return True
            if is_beyond and breaks + headed >= len(pages):
                return True
        if len(pages) < _LEAST_PAGES or any(each.head for each in pages):
            return False
        # The last page ends where the text does.
        *full, last = lengths
        usual = median(full)
        if min(full) < _SHORTEST_PAGE or any(abs(each - usual) > _MOST_UNEVEN * usual for each in full):
            return False
        if last > (1 + _MOST_UNEVEN) * usual:
            return False
        if self._are_set_off(pages) and all(
            abs(each - usual) <= _MOST_UNEVEN_SET_OFF * usual for each in full
        ):
            return True
        return breaks >= _LEAST_BREAKS * len(pages) or headed >= _LEAST_HEADED * len(pages)

    def _are_records(self, pages: Sequence[_Numbered], lengths: Sequence[int]) -> bool:
        """Tell whether what stands between numbers is entries of data: names count on, or no sentences."""
        if any(not each.head and _WORD.search(each.frame.strip("第共页")) for each in pages):
            return True
        is_even = len(lengths) >= _LEAST_PAGES and len(set(lengths)) == 1 and lengths[0] < _SHORTEST_PAGE
        between = [range(one.line + 1, other.line) for one, other in pairwise(pages)]
        said = sum(any(map(self._is_sentence, lines)) for lines in between)
        size = median(sum(len(self._page.line(line).strip()) for line in lines) for lines in between)
        least = len(between) if not any(each.frame for each in pages) else len(between) / 2
        return is_even or said < least or size < _LEAST_CHARACTERS

    def _is_sentence(self, number: int) -> bool:
        seen = self._page.normal(number)
        if not seen:
            # A long paragraph is empty as rules for lines see it.
            return not self._page.is_blank(number)
        return len(seen) >= _SHORTEST_BROKEN and _ENDS_SENTENCE.search(seen) is not None

    def _are_set_off(self, pages: Sequence[_Numbered]) -> bool:
        """Tell whether numbers are called pages, or stand between marks and count on from another page."""
        seen = [self._page.normal(each.line) for each in pages]
        return all("页" in line for line in seen) or (
            pages[0].number > _LAST_OF_FEW_SECTIONS and all(map(_SET_OFF.fullmatch, seen))
        )

    def _are_marked(self, pages: Sequence[_Numbered]) -> bool:
        """Tell whether all numbers stand between marks, or are called pages."""
        seen = [self._page.normal(each.line) for each in pages]
        return all("页" in line or _SET_OFF.fullmatch(line) for line in seen)

    def _is_headed(self, numbered: _Numbered, heads: dict[int, Furniture]) -> bool:
        """Tell whether a running head stands beside a page number, or before or behind it on its line."""
        if numbered.head:
            return self._is_said_before(numbered.line, numbered.head) or self._said[numbered.head] > 1
        return any(abs(line - numbered.line) <= 2 * _HEAD_REACH + 1 for line in heads)

    @cached_property
    def _said(self) -> Counter[str]:
        """How often short lines, and their parts set wide apart, occur in the text, spaces aside."""
        said: Counter[str] = Counter()
        for number in range(len(self._page)):
            seen = self._page.normal(number)
            if _may_head(seen):
                said.update({_squeezed(part) for part in (seen, *_WIDE_GAP.split(seen))})
        return said

    @cached_property
    def _titles(self) -> list[tuple[int, str]]:
        """The short lines at the head of the text, and their parts set wide apart, spaces aside."""
        titles: list[tuple[int, str]] = []
        passed = 0
        for number in range(len(self._page)):
            if passed == _TITLE_LINES:
                break
            if not self._page.is_blank(number):
                passed += 1
                seen = self._page.normal(number)
                if _may_head(seen):
                    titles += ((number, _squeezed(part)) for part in {seen, *_SUBTITLE.split(seen)})
        return [(number, title) for number, title in titles if len(title) >= _SHORTEST_TITLE]

    def _is_heading(self, number: int, head: str) -> bool:
        """Tell whether a line says the same as a head and stands above a paragraph, as headings do."""
        seen = self._page.normal(number)
        if not _may_head(seen) or _squeezed(seen) != head:
            return False
        below = self._page.near(number, 1)
        start, end = self._page.span(below) if below is not None else (0, 0)
        return end - start >= _SHORTEST_PARAGRAPH

    def _is_said_before(self, number: int, head: str) -> bool:
        """Tell whether a head is a heading before it, or has the title of the text in it."""
        # A heading farther above is the head of more than one page.
        if any(self._is_heading(above, head) for above in range(max(0, number - _LONGEST_PAGE), number)):
            return True
        return any(
            (title in head and len(title) >= _TITLE_IN_HEAD * len(head))
            or (len(head) >= _SHORTEST_TITLE and head in title and len(head) >= _TITLE_IN_HEAD * len(title))
            for line, title in self._titles
            if line < number
        )

    def _text_lines(self, one: int, other: int, heads: dict[int, Furniture]) -> int:
        return sum(
            not self._page.is_blank(number) and number not in heads for number in range(one + 1, other)
        )

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
                        beside.append((at, _squeezed(seen)))
                    at += step
        beside = list(dict.fromkeys(beside))
        said = Counter(text for _, text in beside)
        again = [at for at, text in beside if said[text] >= 2 or self._is_known(at, text)]
        if len(again) < _LEAST_SET_OFF:
            return {}
        heads: dict[int, Furniture] = {}
        for at in again:
            for rule in self._heads:
                if rule.matcher.fullmatch(self._page.normal(at)) and not self._page.is_set(at):
                    heads[at] = rule
                    break
        return heads

    def _is_known(self, number: int, text: str) -> bool:
        """Tell whether a line beside a page number names the work, its chapter or the journal."""
        seen = self._page.normal(number)
        if _ISSUE.search(seen) and _WIDE_GAP.search(seen):
            return True
        return self._is_said_before(number, text)


def _may_head(seen: str) -> bool:
    return 0 < len(seen) <= _LONGEST_HEAD and seen[-1] not in "。!?;…,"


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
