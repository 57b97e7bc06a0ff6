"""Undo what layout did to running text: lines broken at a fixed width, spaces between characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Filter, Rule, Scope, option
from hanfix.filters.stages import find_in_turn, option_of
from hanfix.filters.unwrap.lines import BrokenLines
from hanfix.filters.unwrap.spaces import StraySpaces

__all__ = ["BrokenLines", "StraySpaces", "Unwrap"]


@dataclass(frozen=True)
class Unwrap(Filter):
    r"""Join lines that were broken at a fixed width, and close stray spaces between characters.

    PDF readers, character recognition, mail programs and old plain-text books break paragraphs at a number of
    columns, and set characters apart. Lines come first: where they once ended, the spaces show the same
    width.

    Left alone: headings, speeches, signatures, verse, lists, tables, code, quoted mail, text with a paragraph
    a line already; spaces that pad names and headings (王 强, 前 言), separate items, or are pauses.

    Raises ``ValueError`` for a width below 0.

    >>> Unwrap()("高 考 作 文 的 题 目 年 年 都 是 大 家 谈 论 的 话 题 。")
    '高考作文的题目年年都是大家谈论的话题。'
    """

    name: ClassVar[str] = "unwrap"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (*BrokenLines.rules, *StraySpaces.rules)

    width: int = option_of(BrokenLines, "width")
    spaces: bool = option(True, help="Close stray spaces between Chinese characters, too.")

    def __post_init__(self) -> None:
        # What is wrong with the width is told now, not at the first text.
        self.stages()

    def stages(self) -> tuple[Filter, ...]:
        """Return one filter for lines and, unless it is turned off, one for spaces."""
        lines = BrokenLines(width=self.width)
        return (lines, StraySpaces()) if self.spaces else (lines,)

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield what lines and spaces together need, as edits of ``doc`` itself."""
        yield from find_in_turn(self.stages(), doc)
