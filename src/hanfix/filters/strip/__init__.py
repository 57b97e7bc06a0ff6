"""Take page furniture out of a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Filter, Rule, Scope, option
from hanfix.filters.strip.engine import Engine
from hanfix.filters.strip.furniture import (
    PREFIX,
    Furniture,
    RuleFileError,
    checked_rules,
    packaged,
    read_file,
)
from hanfix.filters.strip.words import Words, packaged_words, words_of
from hanfix.registry import did_you_mean

__all__ = ["RuleFileError", "Strip"]


def _rules_of(rules: tuple[Furniture, ...], words: tuple[Words, ...]) -> tuple[Rule, ...]:
    return (*(each.rule for each in rules), *(each.rule for each in words))


@dataclass(frozen=True)
class Strip(Filter):
    r"""Remove page furniture: what is about the page, the site, the forum or the app, and not of the text.

    Scrapers and e-book producers carry along what a page prints around its text: bars of links, "continued on
    the next page", the stamp of a forum's floor, lists of related articles, notices and advertisements. Rules
    are data, a file for each family. A *line* rule is believed on the words of a whole line; an *inline* rule
    cuts its words out of one; a *place* rule needs the head or the tail of the text, or other furniture
    beside it; a *block* is a heading with a list of headlines under it; *repeated* lines are page numbers
    that count on and the running heads beside them. *Words* make no line by themselves: a line is classed by
    how much of it they cover, and goes by its place and its neighbours, where the text is a page.

    *Left alone:* title, byline, dateline, captions that say something, notes, replies, bare numbers, scene
    breaks: they are text. Forms, logs, and what a text puts between quotation marks. A line in a fenced block
    of code, a table or a quotation, since there the words are spoken of and not used. A list item among list
    items. A text of which places, lists and words would
    take more than two thirds: such a page is about something else than the rules think, and they are flagged.

    Families and rules are named with or without ``strip/``.

    Raises ``ValueError`` for a family or rule that does not exist, and ``RuleFileError`` (a ``ValueError``)
    for a rule file that cannot be used.

    >>> Strip()("渡口\n他等船。\n（本章未完，请点击下一页继续阅读）\n上一页 1 2 3 下一页\n船来了。")
    '渡口\n他等船。\n船来了。'
    >>> Strip()("手冊說：由「首頁」「上一頁」「下一頁」三個按鈕組成。")
    '手冊說：由「首頁」「上一頁」「下一頁」三個按鈕組成。'
    >>> Strip(no_class=("pagination",))("他等船。\n上一页 1 2 3 下一页")
    '他等船。\n上一页 1 2 3 下一页'
    """

    classes: tuple[str, ...] = option(
        (), help="Remove only this family or rule (repeatable).", metavar="NAME"
    )
    no_class: tuple[str, ...] = option(
        (), help="Leave this family or rule alone (repeatable).", metavar="NAME"
    )
    rules_: tuple[str, ...] = option(
        (), help="Use the rules of this TOML file too (repeatable).", metavar="FILE"
    )

    name: ClassVar[str] = "strip"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = _rules_of(packaged(), packaged_words())
    removes_lines: ClassVar[bool] = True

    # What the options come to; not an option.
    _furniture: ClassVar[tuple[tuple[Furniture, ...], tuple[Words, ...]]]

    def __post_init__(self) -> None:
        chosen = self._chosen()
        object.__setattr__(self, "_furniture", chosen)
        if self.rules_:
            # A user's rules have risks of their own, which the pipeline reads from the filter.
            object.__setattr__(self, "rules", _rules_of(*chosen))

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield the removal of each line and each part of a line that is furniture."""
        edits, flags = self._engine.find(doc.text)
        found: list[Edit | Flag] = [*edits, *flags]
        yield from sorted(found, key=lambda each: (each.start, each.end))

    @cached_property
    def _engine(self) -> Engine:
        return _engine_of(*self._furniture)

    def _chosen(self) -> tuple[tuple[Furniture, ...], tuple[Words, ...]]:
        rules, words = packaged(), packaged_words()
        for path in self.rules_:
            file = read_file(path)
            taken: tuple[Furniture | Words, ...] = (*rules, *words)
            rules += checked_rules(file, taken)
            words += words_of(file, taken)
        every: tuple[Furniture | Words, ...] = (*rules, *words)
        known = list(dict.fromkeys(name for each in every for name in (each.family, each.name)))
        for name in (*self.classes, *self.no_class):
            if _short(name) not in known:
                raise ValueError(f"no family or rule is called {name!r}{did_you_mean(_short(name), known)}")
        wanted, unwanted = set(map(_short, self.classes)), set(map(_short, self.no_class))

        def is_chosen(each: Furniture | Words) -> bool:
            names = {each.family, each.name}
            return (not wanted or bool(names & wanted)) and not names & unwanted

        return tuple(filter(is_chosen, rules)), tuple(filter(is_chosen, words))


def _short(name: str) -> str:
    return name.removeprefix(PREFIX)


# Filters are made anew for each run, mostly with the same rules.
@lru_cache(maxsize=8)
def _engine_of(rules: tuple[Furniture, ...], words: tuple[Words, ...]) -> Engine:
    return Engine(rules, words)
