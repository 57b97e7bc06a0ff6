"""The stamps of a thread: floors that count on, and the names of those who post in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from hanfix.filters.strip.kinds import Kind
from hanfix.filters.strip.page import Page

# Floors that make a series; one alone is a number.
_LEAST_FLOORS = 2
# Lines above the first floor in which a heading of replies stands.
_HEADING_REACH = 8
_MARK = (
    r"(?P<{0}>#) ?(?P<{0}n>[0-9]{{1,5}})|(?P<{0}b>[Bb])(?P<{0}bn>[0-9]{{1,4}})"
    r"|第?(?P<{0}sn>[0-9]{{1,5}}) ?(?P<{0}s>[楼#FL])"
)
# A floor at the beginning of a line, or at its end, with a name, a time or a rank but no sentence.
_FLOOR = re.compile(
    rf"(?:{_MARK.format('x')})(?:[ .:·|-].{{0,48}})?|[^,。!?;“”「」《》]{{1,40}} (?:{_MARK.format('y')})"
)
# What the first floors are called, and how many of them must stand alone in lines.
_CALLED = re.compile(r"楼主|沙发|板凳|地板|地下室|头香|[二三四五六七八九十]楼|第?[0-9]{1,3} ?[楼#]")
_LEAST_CALLED = 2
_SENTENCE = re.compile(r"[,。!?;“”「」《》…]")
_TIME = re.compile(
    r"[0-9]{1,4}[-/.年月][0-9]{1,2}|[0-9]{1,2}:[0-5][0-9]|(?:小时|分钟|天|周|个月|年)前|昨天|前天|刚刚"
)
_REPLIES = re.compile(r"评论|留言|回复|回覆|回应|跟[帖贴]|回响|回[帖贴]")
# A name and the time of what is said below it, with a rank or a count.
_STAMPED = re.compile(
    r"[^\s,。、:;!?()《》“”「」#]{1,20}(?: (?:楼主|作者|原PO|博主|层主|版主|LV\.?[0-9]{1,2}))? {1,4}"
    r"(?:[0-9]{4}[-/.年])?"
    r"[0-9]{1,2}[-/.月][0-9]{1,2}日?(?: {1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?: \+08:00)?"
    r"(?: {1,3}(?:♥|❤|赞|👍)? ?\(?[0-9]{0,6}\)?)?(?: ?(?:回复|举报|赞|来自.{2,12}))?"
)
_BARE_FLOOR = re.compile(r"[0-9]{1,4}")
_NAME = r"[^\s,。、:;!?()\[\]【】<>《》“”「」|/#]{2,16}"
# Where a stamp says who posted, was quoted or edited.
_NAMED = re.compile(
    rf"(?:^|[\s|])({_NAME}) (?:发表[于在]|发布于|回复于|回应于|张贴于|写于|wrote|写道|提到|说道)"
    rf"|最后[由被] ?({_NAME}) ?[于在]"
    rf"|(?:^|[\s(\[])(?:楼主|LZ|原PO|作者|by|From|发帖人|发表者) ?: ?({_NAME})(?=[\s)|\]]|$)"
    rf"|^({_NAME}) ?的(?:头像|大头照)"
)
# The name alone, quoted or answered.
_ADDRESSED = re.compile(
    rf"(?:(?:引用|回复|回覆|回应|引言|原帖由|楼主|作者|to|re|@) ?[:@]? ?)?@?({_NAME})"
    r"(?: ?(?:wrote|写道|说道?|提到|发表)? ?[:：]?)"
)


class _Floor(NamedTuple):
    line: int
    number: int


class Thread:
    """The lines of a page that say where a post begins and whose it is, though no word says so."""

    def __init__(self, page: Page, kind: Callable[[int], Kind], is_furnished: Callable[[int], bool]) -> None:
        self._page = page
        self._kind = kind
        self._is_furnished = is_furnished

    def lines(self, around: Iterable[int]) -> list[int]:
        """Return the lines among some that are stamps of posts and are not known for it."""
        around = [number for number in around if not self._page.is_blank(number)]
        floors = self._floors(around)
        stamped = self._stamped(around)
        return sorted({*floors, *stamped, *self._called(around), *self._names(around, [*floors, *stamped])})

    def _stamped(self, around: Sequence[int]) -> list[int]:
        """Return the lines of a name and a time, and bare floors above them, below a heading of replies."""
        first = next(
            (
                line
                for line in around
                if self._is_furnished(line) and _REPLIES.search(self._page.normal(line))
            ),
            None,
        )
        if first is None:
            return []
        found: list[int] = []
        for line in around:
            seen = self._page.normal(line)
            if line <= first or not _STAMPED.fullmatch(seen) or not self._says_something(line):
                continue
            if self._kind(line) in (Kind.TEXT, Kind.CLAUSE) or self._page.is_set(line):
                continue
            above = self._page.near(line, -1)
            if above is not None and above > first and _BARE_FLOOR.fullmatch(self._page.normal(above)):
                found.append(above)
            found.append(line)
        return found

    def _called(self, around: Sequence[int]) -> list[int]:
        """Return the lines that are nothing but what floors are called, if others are known for it."""
        called = [line for line in around if _CALLED.fullmatch(self._page.normal(line))]
        known = {self._page.normal(line) for line in called if self._is_furnished(line)}
        return called if len(known) >= _LEAST_CALLED else []

    def _floors(self, around: Sequence[int]) -> list[int]:
        series: defaultdict[str, list[_Floor]] = defaultdict(list)
        for line in around:
            seen = self._page.normal(line)
            match = _FLOOR.fullmatch(seen) if 0 < len(seen) <= 64 else None
            if match is None or _SENTENCE.search(seen):
                continue
            groups = {name: value for name, value in match.groupdict().items() if value is not None}
            mark = next(value for name, value in groups.items() if not name.endswith("n"))
            number = next(value for name, value in groups.items() if name.endswith("n"))
            series[mark].append(_Floor(line, int(number)))
        return [line for floors in series.values() for line in self._believed(floors, around)]

    def _believed(self, floors: Sequence[_Floor], around: Sequence[int]) -> list[int]:
        """Return the lines of floors that count on with something said between them."""
        rising = [floor for index, floor in enumerate(floors) if self._rises(floors, index)]
        if len(rising) < _LEAST_FLOORS or not any(self._says_something(floor.line) for floor in rising):
            return []
        first = rising[0].line
        is_thread = any(_TIME.search(self._page.normal(floor.line)) for floor in rising) or any(
            self._is_furnished(line) and _REPLIES.search(self._page.normal(line))
            for line in around
            if first - _HEADING_REACH <= line < first
        )
        return [
            floor.line
            for floor in rising
            if is_thread
            and self._kind(floor.line) is not Kind.FURNITURE
            and not self._page.is_set(floor.line)
        ]

    @staticmethod
    def _rises(floors: Sequence[_Floor], index: int) -> bool:
        """Tell whether a floor is higher than the one before it, or lower than the one behind."""
        number = floors[index].number
        is_above = index == 0 or floors[index - 1].number < number
        is_below = index == len(floors) - 1 or number < floors[index + 1].number
        return is_above and is_below

    def _says_something(self, line: int) -> bool:
        below = self._page.near(line, 1)
        return below is not None and self._kind(below) in (Kind.TEXT, Kind.CLAUSE, Kind.NEUTRAL)

    def _names(self, around: Sequence[int], floors: Sequence[int]) -> list[int]:
        """Return the lines that are nothing but the name of somebody who a stamp says has posted."""
        names: set[str] = set()
        stamps = set(floors)
        for line in around:
            if line in stamps or self._is_furnished(line) or "最后" in self._page.line(line)[-60:]:
                seen = self._page.normal(line)
                names.update(group for match in _NAMED.finditer(seen) for group in match.groups() if group)
        if not names:
            return []
        found = []
        for line in around:
            seen = self._page.normal(line)
            if line in stamps or len(seen) > 40 or self._kind(line) not in (Kind.NEUTRAL, Kind.LIKELY):
                continue
            match = _ADDRESSED.fullmatch(seen)
            if match is not None and match[1] in names and not self._page.is_set(line):
                found.append(line)
        return found
