"""A text as lines: which are blank, what a rule sees of them, and which no rule may touch."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from hanfix.document import LINE_END
from hanfix.filters.strip.furniture import LONGEST_LINE, normal

# How far a quotation may reach back and forward, in characters, for a line to count as standing inside it;
# an opening mark that nobody closed within that distance is a slip, not a quotation.
_QUOTE_REACH = 1000
_QUOTES = {"“": "”", "「": "」", "『": "』"}
_FENCE = re.compile(r"(?:\A|(?<=[\r\n])) {0,3}(`{3,}|~{3,})")
# A row of a Markdown table, and the row of dashes that makes a block of lines with bars a table.
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)+\|?\s*")
# Lines of a block that are looked at for such a row on either side.
_TABLE_REACH = 50
_LIST_MARK = re.compile(r"[-*+·•●○◆■▪□☐☑✓√][ \u3000]?|[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[.、)\u3000 ]")
# A heading, or an item that is a link, in Markdown.
_MARKDOWN = re.compile(r"#{1,6} \S|(?:[-*+] |[0-9]{1,2}\. )?\[[^\]]*\]\([^)]*\)")
# Columns set by commas: this many of them at least, as many as in a line beside.
_LEAST_COMMAS = 2


class Page:
    """The lines of one text.

    A line is known by its number from 0; its span leaves out the newline, which may be any of the three. A
    newline at the end of the text ends the last line and begins no other.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        if "\r" in text:
            starts = [0, *(match.end() for match in LINE_END.finditer(text))]
        else:
            starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
            starts.pop()
        if starts[-1] == len(text):
            starts.pop()
        # Where each line begins, and where the text ends.
        self._starts = [*starts, len(text)]
        self._normal: dict[int, str] = {}
        self._protected: dict[int, bool] = {}

    def __len__(self) -> int:
        return len(self._starts) - 1

    def number(self, offset: int) -> int:
        """Return the number of the line that holds a character."""
        return min(bisect_right(self._starts, offset) - 1, len(self) - 1)

    def whole(self, number: int) -> tuple[int, int]:
        """Return the span of a line with its newline."""
        return self._starts[number], self._starts[number + 1]

    def span(self, number: int) -> tuple[int, int]:
        """Return the span of a line without its newline."""
        start, end = self.whole(number)
        if end > start and self.text[end - 1] == "\n":
            end -= 1
        if end > start and self.text[end - 1] == "\r":
            end -= 1
        return start, end

    def line(self, number: int) -> str:
        """Return a line without its newline."""
        start, end = self.span(number)
        return self.text[start:end]

    def is_blank(self, number: int) -> bool:
        """Tell whether a line holds nothing but spaces."""
        start, end = self.whole(number)
        return end - start <= LONGEST_LINE and not self.text[start:end].strip()

    def normal(self, number: int) -> str:
        """Return what a rule for whole lines sees: the normal text without the spaces around it.

        A line that is too long to be furniture is empty to it.
        """
        seen = self._normal.get(number)
        if seen is None:
            start, end = self.whole(number)
            # Indents and trailing spaces are allowed for, but one long line is not copied.
            short = end - start <= 2 * LONGEST_LINE
            seen = normal(self.text[start:end].strip()) if short else ""
            if len(seen) > LONGEST_LINE:
                seen = ""
            self._normal[number] = seen
        return seen

    def is_protected(self, number: int) -> bool:
        """Tell whether a line stands in code, a table, Markdown or a quotation: its words are spoken of."""
        protected = self._protected.get(number)
        if protected is None:
            protected = self._protected[number] = self.is_set(number) or self._is_inside_quotation(number)
        return protected

    def is_set(self, number: int) -> bool:
        """Tell whether a line stands in code or a table, is quoted by mail, or is Markdown."""
        return (
            self._is_quoted_line(number)
            or self._is_fenced(number)
            or self._is_in_table(number)
            or _MARKDOWN.match(self.line(number).lstrip()) is not None
        )

    def list_mark(self, number: int) -> str:
        """Return the kind of mark that makes a line an item of a list; empty when it has none."""
        match = _LIST_MARK.match(self.line(number).lstrip())
        if match is None:
            return ""
        return "1" if match[0][0].isdigit() else match[0][0]

    def is_list_item(self, number: int) -> bool:
        """Tell whether a line has a list's mark and a neighbour has it too: then it belongs to the text."""
        mark = self.list_mark(number)
        if not mark:
            return False
        nears = (self.near(number, step) for step in (-1, 1))
        return any(near is not None and self.list_mark(near) == mark for near in nears)

    def near(self, number: int, step: int) -> int | None:
        """Return the next line up or down that is not blank; none at the text's edge."""
        number += step
        while 0 <= number < len(self) and self.is_blank(number):
            number += step
        return number if 0 <= number < len(self) else None

    def _is_quoted_line(self, number: int) -> bool:
        return self.line(number).lstrip().startswith("> ")

    @cached_property
    def _fences(self) -> list[tuple[int, int]]:
        """The spans of fenced code, the lines of the fences included; one left open lasts to the end."""
        fences: list[tuple[int, int]] = []
        if "```" not in self.text and "~~~" not in self.text:
            return fences
        opened: tuple[int, str] | None = None
        for match in _FENCE.finditer(self.text):
            if opened is None:
                opened = (match.start(), match[1])
            elif match[1].startswith(opened[1]):
                fences.append((opened[0], match.end()))
                opened = None
        if opened is not None:
            fences.append((opened[0], len(self.text)))
        return fences

    def _is_fenced(self, number: int) -> bool:
        start, end = self.span(number)
        index = bisect_right(self._fences, (end, end)) - 1
        return index >= 0 and start < self._fences[index][1]

    def _is_in_table(self, number: int) -> bool:
        line = self.line(number)
        if _TABLE_ROW.fullmatch(line):
            return True
        if "|" in line:
            return self._has_table_rule(number, -1) or self._has_table_rule(number, 1)
        if self._has_columns(number, "\t", 1):
            return True
        # Prose that is punctuated in half width has commas too.
        return not line.rstrip().endswith("。") and self._has_columns(number, ",", _LEAST_COMMAS)

    def _has_columns(self, number: int, mark: str, least: int) -> bool:
        """Tell whether a line has columns, and the lines around have as many."""
        marks = self.line(number).strip().count(mark)
        if marks < least:
            return False
        around = [near for near in (number - 1, number + 1) if 0 <= near < len(self)]
        return bool(around) and all(self.line(near).strip().count(mark) == marks for near in around)

    def _has_table_rule(self, number: int, step: int) -> bool:
        for _ in range(_TABLE_REACH):
            number += step
            if not 0 <= number < len(self) or "|" not in self.line(number):
                return False
            if _TABLE_RULE.fullmatch(self.line(number)):
                return True
        return False

    def _is_inside_quotation(self, number: int) -> bool:
        start, end = self.span(number)
        before = self.text[max(0, start - _QUOTE_REACH) : start]
        after = self.text[end : end + _QUOTE_REACH]
        return any(
            before.rfind(opening) > before.rfind(closing) and _comes_first(closing, opening, after)
            for opening, closing in _QUOTES.items()
        )


def _comes_first(one: str, other: str, text: str) -> bool:
    at = text.find(one)
    return at >= 0 and not 0 <= text.find(other) < at
