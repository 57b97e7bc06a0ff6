"""Find page furniture in a text: one scan for triggers, then rules, places and lists where there is cause."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from daachorse import DoubleArrayAhoCorasick

from hanfix.edit import Edit, Flag, apply_edits, merge
from hanfix.filters.strip.furniture import LONGEST_LINE, Furniture, Strength, Where, normal, spellings
from hanfix.filters.strip.page import Page

# Characters scanned at a time: small enough for the processor's cache and to bound the list of hits,
# large enough that the cost of a call does not show.
_CHUNK = 1 << 18
# How much of a line an inline rule sees on either side of its trigger; no pattern may reach further.
_INLINE_REACH = 300
# When thin evidence (place and lists) would take more than this share of what the line rules leave, it is
# not believed: a page is about its text, and two thirds is more furniture than any collected page has.
_MOST_BY_PLACE = 2 / 3
# A list in the middle of a text is furniture only when it is this short; real lists are longer.
_MOST_ITEMS_INSIDE = 3
# In lines, with all that stands between the items: what goes on for longer is text and no list of links.
_LONGEST_LIST = 100
# Blank lines between a list's heading, its items and what follows them.
_MOST_BLANKS_IN_LIST = 1
# A title before the head's furniture: one line, no longer than this and no sentence.
_LONGEST_TITLE = 40
_SENTENCE_END = re.compile(r"[。!?;:,、…]$")
# What an inline rule leaves of a line may be furniture as a whole; each round shortens the text, and pages
# settle in two. The bound is for texts made to be odd.
_MOST_ROUNDS = 20


class _Removal(NamedTuple):
    furniture: Furniture
    why: str


class Engine:
    """A set of rules, ready to be run on any number of texts."""

    def __init__(self, rules: Iterable[Furniture]) -> None:
        rules = tuple(rules)
        self._source = rules
        self._rules: dict[Strength, list[Furniture]] = {strength: [] for strength in Strength}
        by_spelling: defaultdict[str, list[Furniture]] = defaultdict(list)
        for furniture in rules:
            self._rules[furniture.strength].append(furniture)
            for trigger in furniture.triggers:
                for spelling in spellings(trigger):
                    by_spelling[spelling].append(furniture)
        self._triggered = list(by_spelling.values())
        self._longest_trigger = max(map(len, by_spelling), default=1)
        self._automaton: DoubleArrayAhoCorasick | None = None
        if by_spelling:
            # The automaton over bytes is twice as fast as the one over characters.
            self._automaton = DoubleArrayAhoCorasick([spelling.encode("utf-8") for spelling in by_spelling])

    def __reduce__(self) -> tuple[type[Engine], tuple[tuple[Furniture, ...]]]:
        # The automaton does not pickle; it is quick to build again.
        return Engine, (self._source,)

    def find(self, text: str) -> tuple[list[Edit], list[Flag]]:
        """Return what to take out of the text, in order, and what was left since there was too much of it."""
        edits, flags = self._round(text)
        if not edits:
            return edits, flags
        now = apply_edits(text, edits)
        for _ in range(_MOST_ROUNDS):
            more, _flags = self._round(now)
            if not more:
                break
            edits = merge(text, edits, more)
            now = apply_edits(now, more)
        return edits, flags

    def _round(self, text: str) -> tuple[list[Edit], list[Flag]]:
        hits = list(self._believable(text))
        if not hits and not self._edges_look_furnished(text):
            return [], []
        return _Search(Page(text), self._rules, hits).result()

    def _believable(self, text: str) -> Iterator[tuple[tuple[int, int], Furniture]]:
        """Yield each rule that matches around its trigger, with the line, or the stretch of a long one.

        Most words of furniture stand in prose: that is found out from the few characters around them, before
        the text is taken apart into lines.
        """
        span = (0, 0)
        seen = ""
        tried: set[str] = set()
        for offset, triggered in self._hits(text):
            around = _around(text, offset)
            if around != span:
                span, seen = around, ""
                tried.clear()
            for furniture in triggered:
                is_inline = furniture.strength is Strength.INLINE
                if furniture.name in tried or not (is_inline or span[1] - span[0] <= 2 * LONGEST_LINE):
                    continue
                tried.add(furniture.name)
                seen = seen or normal(text[slice(*span)])
                if is_inline:
                    believable = furniture.matcher.search(seen) is not None
                else:
                    whole = seen.strip()
                    believable = len(whole) <= LONGEST_LINE and furniture.matcher.fullmatch(whole) is not None
                if believable:
                    yield span, furniture

    def _hits(self, text: str) -> Iterator[tuple[int, Sequence[Furniture]]]:
        """Yield where triggers begin, in no order within a chunk, with the rules that they are for."""
        if self._automaton is None:
            return
        # A trigger that straddles two chunks is found in the overlap.
        overlap = self._longest_trigger - 1
        for start in range(0, len(text), _CHUNK):
            piece = text[start : start + _CHUNK + overlap].encode("utf-8", "surrogatepass")
            done = characters = 0
            for at, _, index in sorted(self._automaton.find_overlapping(piece)):
                characters += len(piece[done:at].decode("utf-8", "surrogatepass"))
                done = at
                if characters < _CHUNK:
                    yield start + characters, self._triggered[index]

    def _edges_look_furnished(self, text: str) -> bool:
        """Tell whether a rule that needs its place may find anything though no trigger occurs."""
        stripped = text.strip()
        first, _, rest = stripped[: 4 * LONGEST_LINE].replace("\r", "\n").partition("\n")
        second = rest.lstrip().partition("\n")[0]
        last = stripped[-4 * LONGEST_LINE :].replace("\r", "\n").rpartition("\n")[2]
        for line in (first, second, last):
            if 0 < len(line) <= LONGEST_LINE:
                seen = normal(line.strip())
                if any(each.matcher.fullmatch(seen) for each in self._rules[Strength.PLACE]):
                    return True
        return False


class _Search:
    """One round over one text."""

    def __init__(
        self,
        page: Page,
        rules: dict[Strength, list[Furniture]],
        believable: Iterable[tuple[tuple[int, int], Furniture]],
    ) -> None:
        self._page = page
        self._place_rules = rules[Strength.PLACE]
        # The rules to try, by line; for inline rules with the stretches of the line to look at.
        self._suspects: dict[int, dict[str, Furniture]] = {}
        self._inline: dict[int, list[tuple[tuple[int, int], Furniture]]] = {}
        for span, furniture in believable:
            number = page.number(span[0])
            if furniture.strength is Strength.INLINE:
                self._inline.setdefault(number, []).append((span, furniture))
            else:
                self._suspects.setdefault(number, {})[furniture.name] = furniture
        self._protected: dict[int, bool] = {}
        self._tail = len(page)
        self._cuts: dict[int, list[Edit]] = {}
        # What the line rules prove, and what stands on thinner evidence.
        self._proven: dict[int, _Removal] = {}
        self._thin: dict[int, _Removal] = {}

    def result(self) -> tuple[list[Edit], list[Flag]]:
        """Return the edits of this round and the flags for what is not believed."""
        self._cut_inline()
        self._remove_lines()
        while self._remove_lists() or self._peel() or self._remove_beside():
            pass
        flags: list[Flag] = []
        if self._thin and self._is_too_much():
            for number, removal in sorted(self._thin.items()):
                flags.append(
                    Flag(*self._page.span(number), removal.furniture.rule.id, self._flagged(removal))
                )
            self._thin = {}
        return list(self._edits()), flags

    # Inline edits and whole lines ---------------------------------------------------------------------------

    def _cut_inline(self) -> None:
        for number, hits in sorted(self._inline.items()):
            cuts = self._inline_cuts(number, hits)
            if cuts and not self._is_protected(number):
                start, end = self._page.span(number)
                shifted = [cut._replace(start=cut.start - start, end=cut.end - start) for cut in cuts]
                if sum(cut.end - cut.start for cut in cuts) > end - start - LONGEST_LINE and not (
                    apply_edits(self._page.text[start:end], shifted).strip()
                ):
                    # Nothing is left of the line: it goes with its newline.
                    furniture = next(rule for _, rule in hits if rule.rule.id == cuts[0].rule)
                    self._proven[number] = _Removal(furniture, cuts[0].why)
                else:
                    self._cuts[number] = cuts

    def _inline_cuts(self, number: int, hits: Sequence[tuple[tuple[int, int], Furniture]]) -> list[Edit]:
        line_start, line_end = self._page.span(number)
        rules = {furniture.name: furniture for _, furniture in hits}
        found: list[Edit] = []
        for start, end in _joined(span for span, _ in hits):
            seen = normal(self._page.text[start:end])
            for furniture in rules.values():
                for match in furniture.matcher.finditer(seen):
                    # A match that reaches the border of a window may have been cut short by it.
                    cut_short = (match.start() == 0 and start > line_start) or (
                        match.end() == len(seen) and end < line_end
                    )
                    group = "cut" if "cut" in furniture.matcher.groupindex else 0
                    at, to = match.span(group)
                    if at < to and not cut_short:
                        found.append(Edit(start + at, start + to, "", furniture.rule.id, furniture.says))
        found.sort(key=lambda edit: (edit.start, -edit.end))
        cuts: list[Edit] = []
        for edit in found:
            if not cuts or edit.start >= cuts[-1].end:
                cuts.append(edit)
        return cuts

    def _remove_lines(self) -> None:
        for number, furnitures in self._suspects.items():
            for furniture in furnitures.values():
                if (
                    furniture.strength is Strength.LINE
                    and furniture.matcher.fullmatch(self._page.normal(number))
                    and not self._is_protected(number)
                ):
                    self._proven[number] = _Removal(furniture, furniture.says)
                    self._cuts.pop(number, None)
                    break

    # Lists --------------------------------------------------------------------------------------------------

    def _remove_lists(self) -> bool:
        found = False
        # From the tail up: what a list leaves at the tail, the list above it may reach.
        for number, furnitures in sorted(self._suspects.items(), key=itemgetter(0), reverse=True):
            for furniture in furnitures.values():
                if furniture.strength is Strength.BLOCK and number not in self._thin:
                    items = self._items(number, furniture)
                    if items and not self._is_protected(number):
                        why = f"{furniture.says}: a heading and {len(items)} item{'s' * (len(items) > 1)}"
                        # A heading that a line rule proved stays that rule's.
                        for line in (number, *items) if number not in self._proven else items:
                            self._thin[line] = _Removal(furniture, why)
                        found = True
                        break
        return found

    def _items(self, number: int, furniture: Furniture) -> list[int]:
        """Return the lines of the list below a heading; none if it is no furniture."""
        page = self._page
        if not furniture.matcher.fullmatch(page.normal(number)):
            return []
        items: list[int] = []
        blanks = 0
        at = number + 1
        tail = self._tail_begins()
        while at < tail:
            if page.is_blank(at):
                blanks += 1
            elif self._is_gone(at):
                blanks = 0
            elif (
                blanks > _MOST_BLANKS_IN_LIST
                or at in self._cuts
                or not furniture.item_matcher.fullmatch(page.normal(at))
                or self._is_protected(at)
            ):
                break
            else:
                blanks = 0
                items.append(at)
            at += 1
            if at - number > _LONGEST_LIST:
                return []
        if at == tail and Where.TAIL in furniture.where:
            return items
        return items if len(items) <= _MOST_ITEMS_INSIDE and Where.ANYWHERE in furniture.where else []

    def _tail_begins(self) -> int:
        """Return the number of the first line after which nothing is kept."""
        while self._tail > 0 and (self._page.is_blank(self._tail - 1) or self._is_gone(self._tail - 1)):
            self._tail -= 1
        return self._tail

    # Places -------------------------------------------------------------------------------------------------

    def _peel(self) -> bool:
        """Remove furniture from the head and the tail inwards, as far as it goes."""
        found = False
        title_passed = False
        for number in range(len(self._page)):
            if self._page.is_blank(number) or self._is_gone(number):
                continue
            where = Where.TITLE if title_passed else Where.HEAD
            if self._remove_at(number, where, f"at the {where} of the text"):
                found = True
            elif title_passed or not self._may_be_title(number):
                break
            else:
                title_passed = True
        while (tail := self._tail_begins()) and self._remove_at(
            tail - 1, Where.TAIL, f"at the {Where.TAIL} of the text"
        ):
            found = True
        return found

    def _may_be_title(self, number: int) -> bool:
        seen = self._page.normal(number)
        return 0 < len(seen) <= _LONGEST_TITLE and not _SENTENCE_END.search(seen)

    def _remove_beside(self) -> bool:
        found = False
        for number in sorted(self._proven.keys() | self._thin.keys()):
            for step in (-1, 1):
                near = self._next(number, step)
                while near is not None and self._remove_at(near, Where.BESIDE, "beside other furniture"):
                    found = True
                    near = self._next(near, step)
        return found

    def _remove_at(self, number: int, where: Where, why: str) -> bool:
        seen = self._page.normal(number)
        if not seen or number in self._cuts:
            return False
        for furniture in self._place_rules:
            if where in furniture.where and furniture.matcher.fullmatch(seen):
                if self._is_protected(number) or self._is_list_item(number):
                    return False
                self._thin[number] = _Removal(furniture, f"{furniture.says}, {why}")
                return True
        return False

    def _is_list_item(self, number: int) -> bool:
        """Tell whether the line has a list's mark and a neighbour has it too: then it belongs to the text."""
        mark = self._page.list_mark(number)
        if not mark:
            return False
        nears = (self._next(number, step) for step in (-1, 1))
        return any(near is not None and self._page.list_mark(near) == mark for near in nears)

    def _next(self, number: int, step: int) -> int | None:
        """Return the next line that is not blank; none at the text's edge or if furniture comes first."""
        number += step
        while 0 <= number < len(self._page) and self._page.is_blank(number):
            number += step
        return number if 0 <= number < len(self._page) and not self._is_gone(number) else None

    def _is_gone(self, number: int) -> bool:
        return number in self._proven or number in self._thin

    def _is_protected(self, number: int) -> bool:
        protected = self._protected.get(number)
        if protected is None:
            protected = self._protected[number] = self._page.is_protected(number)
        return protected

    # What comes of it ---------------------------------------------------------------------------------------

    def _is_too_much(self) -> bool:
        """Tell whether thin evidence would take most of what the line rules leave.

        What they leave is the measure, not the whole text: so the answer is the same when the filter runs
        again.
        """
        thin = total = 0
        for number in range(len(self._page)):
            if number in self._proven:
                continue
            size = len(self._page.line(number).strip())
            size -= sum(cut.end - cut.start for cut in self._cuts.get(number, ()))
            total += size
            if number in self._thin:
                thin += size
        return thin > _MOST_BY_PLACE * total

    @staticmethod
    def _flagged(removal: _Removal) -> str:
        return f"{removal.why}; left, since so little text would remain"

    def _edits(self) -> Iterator[Edit]:
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

    def _group_edits(self, group: list[int], gone: dict[int, _Removal]) -> Iterator[Edit]:
        page = self._page
        first = group[0]
        while first > 0 and page.is_blank(first - 1):
            first -= 1
        last = group[-1]
        while last + 1 < len(page) and page.is_blank(last + 1):
            last += 1
        # The blank runs before, between and after the lines that go. One of them stays, so that a gap between
        # paragraphs is a gap still: the longest, but at the edges of the text the one at the edge.
        borders = [first - 1, *group, last + 1]
        runs = [(borders[i] + 1, borders[i + 1]) for i in range(len(borders) - 1)]
        if first == 0:
            stays = 0
        elif last == len(page) - 1:
            stays = len(runs) - 1
        else:
            stays = max(range(len(runs)), key=lambda run: runs[run][1] - runs[run][0])
        for index, number in enumerate(group):
            first_line = runs[0][0] if index == 0 and stays != 0 else number
            next_line = runs[index + 1][1] if stays != index + 1 else number + 1
            start, end = page.whole(first_line)[0], page.whole(next_line - 1)[1]
            removal = gone[number]
            yield Edit(start, end, "", removal.furniture.rule.id, removal.why)


def _around(text: str, offset: int) -> tuple[int, int]:
    """Return the line around a character, or the stretch of a long line that an inline rule is to see.

    Stretches are the same for all characters of a block, and overlap by more than a pattern can reach.
    """
    block = offset - offset % _INLINE_REACH
    low, high = max(0, block - _INLINE_REACH), min(len(text), block + 2 * _INLINE_REACH)
    start = max(text.rfind("\n", low, offset), text.rfind("\r", low, offset)) + 1
    ends = (text.find("\n", offset, high), text.find("\r", offset, high))
    return start or low, min((end for end in ends if end >= 0), default=high)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
