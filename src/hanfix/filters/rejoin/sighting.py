"""A split word where it stands in a document: what the tests for marks that are meant look at."""

from __future__ import annotations

from functools import cached_property

from hanfix.filters.rejoin.chain import Chain, Word, row_around, span_of
from hanfix.filters.rejoin.marks import HYPHEN, Marks
from hanfix.filters.rejoin.vocabulary import Vocabulary

# No entry or title is set in so many single characters but to hide it.
CLEAR_ROW = 4


class Sighting:
    """A word that could be joined, with the text around it."""

    def __init__(self, text: str, at: int, chain: Chain, word: Word, vocabulary: Vocabulary) -> None:
        self.text = text
        self.chain = chain
        self.word = word
        self.vocabulary = vocabulary
        self.simple = chain.word(word)
        self.start, self.end = span_of(at, chain, word)
        self.at = at

    @property
    def kind(self) -> str:
        """What stands for the marks in the word."""
        return self.chain.gaps[self.word.first].kind

    @property
    def marks(self) -> Marks:
        """The group of the marks in the word."""
        return self.chain.gaps[self.word.first].marks

    @property
    def is_hyphened(self) -> bool:
        """Whether a hyphen or a dash splits the word."""
        return self.marks.rule == HYPHEN

    @property
    def listed(self) -> bool:
        """Whether the word is one often split, or so many single characters that it might as well be."""
        return self.simple in self.vocabulary.listed or self.word.last - self.word.first + 2 >= CLEAR_ROW

    @cached_property
    def row(self) -> tuple[int, int] | None:
        """The first and last gap of the row of single characters that the word is part of, if any."""
        return row_around(self.chain, self.word)

    @property
    def row_start(self) -> int:
        """Where that row begins in the document, or the word."""
        return self.at + self.chain.gaps[self.row[0]].start - 1 if self.row else self.start

    @property
    def row_end(self) -> int:
        """Where that row ends in the document, or the word."""
        return self.at + self.chain.gaps[self.row[1]].end + 1 if self.row else self.end

    @property
    def whole(self) -> str:
        """The word without its marks."""
        return self.chain.text[self.word.start : self.word.end]

    def line(self, reach: int) -> tuple[str, str]:
        """Return what stands before and after the row on its line, no farther than ``reach`` characters."""
        before = self.text[max(0, self.row_start - reach) : self.row_start].splitlines()[-1:]
        after = self.text[self.row_end : self.row_end + reach].splitlines()[:1]
        if self.text[self.row_start - 1 : self.row_start] in ("\r", "\n"):
            before = []
        return "".join(before), "".join(after)
