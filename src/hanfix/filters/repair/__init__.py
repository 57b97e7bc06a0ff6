"""Repair damaged characters: one module per kind of damage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Filter, Rule, Scope
from hanfix.filters.repair.codec import MisreadCodec
from hanfix.filters.repair.codepoints import CodePoints
from hanfix.filters.repair.entities import Entities
from hanfix.filters.repair.escapes import Escapes
from hanfix.filters.repair.invisible import Invisible
from hanfix.filters.repair.letters import LettersAsCharacters
from hanfix.filters.repair.lost_for_good import LostForGood
from hanfix.filters.repair.mojibake import Mojibake
from hanfix.filters.repair.pinyin import SplicedPinyin
from hanfix.filters.stages import find_in_turn, option_of

__all__ = [
    "CodePoints",
    "Entities",
    "Escapes",
    "Invisible",
    "LettersAsCharacters",
    "LostForGood",
    "MisreadCodec",
    "Mojibake",
    "Repair",
    "SplicedPinyin",
]


@dataclass(frozen=True)
class Repair(Filter):
    """Repair characters that a program damaged: every kind of damage in turn.

    Escapes come first, since they hide the other kinds. What reads bytes as Chinese comes before ftfy,
    because ftfy destroys the evidence that it needs; what looks at single characters comes last.

    Left alone: what each kind of damage leaves alone; see the classes of the stages.

    >>> Repair()("作者：é›…æ€§，相關(guān)推薦&#65281;")
    '作者：雅性，相關推薦！'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        *Entities.rules,
        *Escapes.rules,
        *SplicedPinyin.rules,
        *MisreadCodec.rules,
        *Mojibake.rules,
        *LettersAsCharacters.rules,
        *CodePoints.rules,
        *Invisible.rules,
        *LostForGood.rules,
    )

    markup: bool = option_of(Entities, "markup")
    narrow: bool = option_of(CodePoints, "narrow")
    drop_lost: bool = option_of(LostForGood, "drop_lost")

    def stages(self) -> tuple[Filter, ...]:
        """Return one filter per kind of damage, in the order in which they must run."""
        return (
            Entities(markup=self.markup),
            Escapes(),
            SplicedPinyin(),
            MisreadCodec(),
            Mojibake(),
            LettersAsCharacters(),
            CodePoints(narrow=self.narrow),
            Invisible(),
            LostForGood(drop_lost=self.drop_lost),
        )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield what all kinds of damage together need, as edits of ``doc`` itself."""
        yield from find_in_turn(self.stages(), doc)
