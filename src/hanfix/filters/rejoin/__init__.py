"""Rejoin words that were split: one module per kind of split, and what they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Filter, Rule, Scope
from hanfix.filters.rejoin.disguised import Disguised
from hanfix.filters.rejoin.line_end import LineEndHyphens
from hanfix.filters.rejoin.splits import SplitWords
from hanfix.filters.rejoin.vocabulary import split_words
from hanfix.filters.stages import find_in_turn, option_of

__all__ = ["Disguised", "LineEndHyphens", "Rejoin", "SplitWords", "split_words"]


@dataclass(frozen=True)
class Rejoin(Filter):
    """Join words that were split with a symbol to get them past a word filter: 和-諧 becomes 和諧.

    One kind of split after the other: Chinese words split with marks, Latin words split at the end of a
    line, and, on request, words disguised in other ways, which are flagged. People who post on a site that
    refuses certain words put a mark between the characters (共-产-党员, 民·主, 政 府, 法*轮*功), between all
    of them or at one place, and the same way all over a page. Sites and applications that guard against
    copying sow characters without width. A word is joined when the text is so much more probable as Chinese
    than it was, words across its edges considered, that chance and the habits of sound writing are ruled
    out. How much that is depends on the mark, on whether the word is one that people split, and on what the
    rest of the document does.

    Left alone: marks beside anything but Chinese characters (A-股, 2017-04-27); pairs, lists, ratios and
    ranges (中-美, 一-二-三, 是/否, 北京-上海); names (卡尔·马克思, 道-琼斯); words that only meet at the mark
    (公共-产品, 居民-主站); stutters and sounds (我-我, 嘀-嗒); codes (国-安-3B); words that are spoken about,
    by their romanization, as an entry in brackets or as words (民-主两个字); table rows; padded headings and
    names (前 言), spaced-out lines, pauses by a space or a full stop; dashes of two characters; masked names
    (王*伟), paths and program text. Masks (王**), pinyin and split radicals in place of a character
    are not filled in, since what stood there is not in the text; ``disguised`` flags them.

    Raises ``ValueError`` for a separator that cannot be one and for a word file that cannot be read.

    >>> Rejoin()("建设和-諧社会，共-产-党员带头。")
    '建设和諧社会，共产党员带头。'
    >>> Rejoin()("公共-产品、中-美航线、卡尔·马克思")
    '公共-产品、中-美航线、卡尔·马克思'
    >>> Rejoin(separators="*")("民*主，民-主")
    '民主，民-主'
    """

    name: ClassVar[str] = "rejoin"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        *SplitWords.rules,
        *LineEndHyphens.rules,
        *Disguised.rules,
    )

    separators: str = option_of(SplitWords, "separators")
    pictographs: bool = option_of(SplitWords, "pictographs")
    words: tuple[str, ...] = option_of(SplitWords, "words")
    disguised: bool = option_of(Disguised, "disguised")
    _stages: tuple[Filter, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        stages: tuple[Filter, ...] = (
            SplitWords(separators=self.separators, pictographs=self.pictographs, words=self.words),
            LineEndHyphens(),
            Disguised(disguised=self.disguised),
        )
        # Made once: word files are read now, and what is wrong with them is told now.
        object.__setattr__(self, "_stages", stages)

    def stages(self) -> tuple[Filter, ...]:
        """Return one filter per kind of split, in the order in which they must run."""
        return self._stages

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield what all kinds of splits together need, as edits of ``doc`` itself."""
        yield from find_in_turn(self.stages(), doc)
