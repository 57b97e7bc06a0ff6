"""Rules over the lines of a page: those that are proven, those that need their place, and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter

from hanfix.edit import Edit, apply_edits, joined_spans, moved
from hanfix.filters.strip.furniture import LONGEST_LINE, Furniture, Strength, Where, normal
from hanfix.filters.strip.page import Page
from hanfix.filters.strip.removals import Removals
from hanfix.filters.strip.scan import Hit

# A list in the middle of a text is furniture only when it is this short; real lists are longer.
_MOST_ITEMS_INSIDE = 3
# In lines, with all that stands between the items: longer ones are an index of a site, which is its text.
_LONGEST_LIST = 1000
# Blank lines between a list's heading, its items and what follows them.
_MOST_BLANKS_IN_LIST = 1
# A title before the head's furniture: one line, no longer than this and no sentence.
_LONGEST_TITLE = 40
_SENTENCE_END = re.compile(r"[。!?;:,、…]$")
# Items of a list of contents, and the share of them that must stand again as headings: what is below the
# first level may have none.
_LEAST_CONTENTS = 2
_MOST_CONTENTS = 300
_HEADINGS_AGAIN = 0.5
# The number or the mark of an item of a list of contents, and the page behind it.
_ITEM_MARK = re.compile(r"(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,4}[.、]?|[▪•·●○◦■□►▸>*+-])[ \u3000]*")
_ITEM_PAGE = re.compile(r"(?:[.…·․⋯_ -]{2,100}| {1,40}\(?)[0-9]{1,4}\)?$")
# The first item of a list: its number is the first, or it has a mark or a page.
_FIRST_ITEM = re.compile(r"1(?:[.、]?0?)?[ \u3000]|1[.、](?![0-9])|[▪•·●○◦■□►▸>*+-]|[^0-9]")
_TOGGLE = re.compile(r"[(\[【](?:隐藏|显示|展开|收起|编辑|hide|show)[)\]】]|移[到至]侧栏 ?(?:隐藏)?|隐藏")
_HEADING_LINKS = re.compile(
    r"(?: ?\[(?:编辑|编辑源代码|源代码|语音|播报|[| ])+\]| (?:编辑|语音|播报)(?: (?:编辑|语音|播报))?)$"
)


class Places:
    """The rules that may match in one text."""

    def __init__(
        self,
        page: Page,
        place_rules: Sequence[Furniture],
        hits: Iterable[Hit],
        removals: Removals,
    ) -> None:
        self._page = page
        self._removals = removals
        self._place_rules = place_rules
        # The rules to try, by line; for inline rules with the stretches of the line to look at.
        self._suspects: dict[int, dict[str, Furniture]] = {}
        self._inline: dict[int, list[tuple[tuple[int, int], Furniture]]] = {}
        for span, furniture in hits:
            number = page.number(span[0])
            if furniture.strength is Strength.INLINE:
                self._inline.setdefault(number, []).append((span, furniture))
            else:
                self._suspects.setdefault(number, {})[furniture.name] = furniture
        self._tail = len(page)

    def remove(self) -> None:
        """Remove what the rules take: parts of lines, lines, lists, and what stands in their places."""
        self._cut_inline()
        self._remove_lines()
        while self._remove_lists() or self._peel() or self.remove_beside():
            pass

    # Inline edits and whole lines ---------------------------------------------------------------------------

    def _cut_inline(self) -> None:
        for number, hits in sorted(self._inline.items()):
            cuts = self._inline_cuts(number, hits)
            if cuts and not self._page.is_protected(number):
                start, end = self._page.span(number)
                if sum(cut.end - cut.start for cut in cuts) > end - start - LONGEST_LINE and not (
                    apply_edits(self._page.text[start:end], moved(cuts, -start)).strip()
                ):
                    # Nothing is left of the line: it goes with its newline.
                    furniture = next(rule for _, rule in hits if rule.rule.id == cuts[0].rule)
                    self._removals.prove(number, furniture.rule.id, cuts[0].why)
                else:
                    self._removals.cut(number, cuts)

    def _inline_cuts(self, number: int, hits: Sequence[tuple[tuple[int, int], Furniture]]) -> list[Edit]:
        line_start, line_end = self._page.span(number)
        rules = {furniture.name: furniture for _, furniture in hits}
        found: list[Edit] = []
        for start, end in joined_spans(span for span, _ in hits):
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
                    and not self._page.is_protected(number)
                ):
                    self._removals.prove(number, furniture.rule.id, furniture.says)
                    break

    # Lists --------------------------------------------------------------------------------------------------

    def _remove_lists(self) -> bool:
        found = False
        # From the tail up: what a list leaves at the tail, the list above it may reach.
        for number, furnitures in sorted(self._suspects.items(), key=itemgetter(0), reverse=True):
            for furniture in furnitures.values():
                if furniture.strength is Strength.BLOCK and not self._removals.is_thin(number):
                    items = self._items(number, furniture)
                    if items and not self._page.is_protected(number):
                        why = f"{furniture.says}: a heading and {len(items)} item{'s' * (len(items) > 1)}"
                        for line in (number, *items):
                            self._removals.take(line, furniture.rule.id, why)
                        found = True
                        break
        return found

    def _items(self, number: int, furniture: Furniture) -> list[int]:
        """Return the lines of the list below a heading; none if it is no furniture."""
        page = self._page
        if not furniture.matcher.fullmatch(page.normal(number)):
            return []
        if Where.AGAIN in furniture.where:
            return self._contents(number, furniture)
        items: list[int] = []
        blanks = 0
        at = number + 1
        tail = self._tail_begins()
        while at < tail:
            if page.is_blank(at):
                blanks += 1
            elif self._removals.is_gone(at):
                blanks = 0
            elif (
                blanks > _MOST_BLANKS_IN_LIST
                or self._removals.is_cut(at)
                or not furniture.item_matcher.fullmatch(page.normal(at))
                or self._page.is_protected(at)
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

    def _contents(self, number: int, furniture: Furniture) -> list[int]:
        """Return the items of a list of contents; none if they are not said again below as headings are.

        Headings that have the numbers of the list are those of a book, whose contents are its text, unless
        the list has pages.
        """
        page = self._page
        items: list[int] = []
        names: dict[str, int] = {}
        has_toggle = _TOGGLE.search(page.normal(number)) is not None
        for at in range(number + 1, min(len(page), number + _MOST_CONTENTS)):
            seen = _HEADING_LINKS.sub("", page.normal(at))
            if page.is_blank(at):
                continue
            if _TOGGLE.fullmatch(seen) and not names:
                has_toggle = True
                items.append(at)
                continue
            name, is_set_apart = _item_name(seen)
            if (
                not furniture.item_matcher.fullmatch(seen)
                or page.is_protected(at)
                or self._removals.is_cut(at)
                or not (is_set_apart or has_toggle)
                or name in names
                or not (names or is_set_apart is False or _FIRST_ITEM.match(seen))
            ):
                break
            items.append(at)
            names[name] = at
        if len(names) < _LEAST_CONTENTS:
            return []
        headings = {
            line: _HEADING_LINKS.sub("", page.normal(line)) for line in range(items[-1] + 1, len(page))
        }
        again = {line: name for line, name in headings.items() if name in names}
        if len(set(again.values())) < _HEADINGS_AGAIN * len(names):
            return []
        # A heading may be a word of interfaces: 历史, 参见.
        self._removals.keep(again)
        return items

    def _tail_begins(self) -> int:
        """Return the number of the first line after which nothing is kept."""
        while self._tail > 0 and (
            self._page.is_blank(self._tail - 1) or self._removals.is_gone(self._tail - 1)
        ):
            self._tail -= 1
        return self._tail

    # Places -------------------------------------------------------------------------------------------------

    def _peel(self) -> bool:
        """Remove furniture from the head and the tail inwards, as far as it goes."""
        found = False
        title_passed = False
        for number in range(len(self._page)):
            if self._page.is_blank(number) or self._removals.is_gone(number):
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

    def remove_beside(self) -> bool:
        """Remove what stands beside lines that go, whatever takes them; tell whether there was anything."""
        found = False
        for number in self._removals.gone():
            for step in (-1, 1):
                near = self._next(number, step)
                while near is not None and self._remove_at(near, Where.BESIDE, "beside other furniture"):
                    found = True
                    near = self._next(near, step)
        return found

    def _remove_at(self, number: int, where: Where, why: str) -> bool:
        seen = self._page.normal(number)
        if not seen or self._removals.is_cut(number):
            return False
        for furniture in self._place_rules:
            if where in furniture.where and furniture.matcher.fullmatch(seen):
                if self._page.is_protected(number) or self._page.is_list_item(number):
                    return False
                self._removals.take(number, furniture.rule.id, f"{furniture.says}, {why}")
                return True
        return False

    def _next(self, number: int, step: int) -> int | None:
        """Return the next line that is not blank; none at the text's edge or if furniture comes first."""
        number += step
        while 0 <= number < len(self._page) and self._page.is_blank(number):
            number += step
        return number if 0 <= number < len(self._page) and not self._removals.is_gone(number) else None


def _item_name(seen: str) -> tuple[str, bool]:
    """Return what an item of a list of contents is called, and whether that is not all."""
    mark = _ITEM_MARK.match(seen)
    rest = seen[mark.end() :] if mark is not None else seen
    name = _ITEM_PAGE.sub("", rest).strip()
    return name, name != seen
