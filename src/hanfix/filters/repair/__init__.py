"""Repair damaged characters: one module per kind of damage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag, apply_edits, first_choices, merge
from hanfix.filter import Filter, Rule, Scope
from hanfix.filters.repair.letters import LettersAsCharacters
from hanfix.filters.repair.mojibake import Mojibake
from hanfix.filters.repair.pinyin import SplicedPinyin
from hanfix.origin import Origin

__all__ = ["LettersAsCharacters", "Mojibake", "Repair", "SplicedPinyin"]


@dataclass(frozen=True)
class Repair(Filter):
    """Repair characters that a program damaged: every kind of damage in turn.

    What reads bytes as Chinese comes before ftfy, because ftfy destroys the evidence that it needs.

    Left alone: what each kind of damage leaves alone; see the classes of the stages.

    >>> Repair()("作者：é›…æ€§，相關(guān)推薦")
    '作者：雅性，相關推薦'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = SplicedPinyin.rules + Mojibake.rules + LettersAsCharacters.rules

    def stages(self) -> tuple[Filter, ...]:
        """Return one filter per kind of damage, in the order in which they must run."""
        return SplicedPinyin(), Mojibake(), LettersAsCharacters()

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield what all kinds of damage together need, as edits of ``doc`` itself."""
        edits: list[Edit] = []
        flags: list[Flag] = []
        origin, now = Origin(), doc
        for stage in self.stages():
            found = list(stage.find(now))
            made = list(first_choices(each for each in found if isinstance(each, Edit)))
            for flag in (each for each in found if isinstance(each, Flag)):
                start, end = origin.span(flag.start, flag.end)
                flags.append(flag._replace(start=start, end=end))
            edits = merge(doc.text, edits, made)
            origin = origin.then(made)
            now = replace(now, text=apply_edits(now.text, made))
        found_in_all: list[Edit | Flag] = [*edits, *flags]
        yield from sorted(found_in_all, key=lambda each: each.start)
