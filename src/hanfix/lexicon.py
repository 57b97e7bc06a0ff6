"""Words with their frequencies and characters with their readings; loaded on first use.

Words are kept in simplified script; a word in traditional script is looked up by its simplified form, so
either script finds it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache, cached_property
from importlib.resources import files
from math import log

from hanfix.script import simplify

# The longest word in the table, in characters.
LONGEST_WORD = 8
# Sum of all frequencies in the table: what a frequency is a share of.
TOTAL_FREQUENCY = 60_000_000
# A character that is no word of the table costs as much as a word seen this often would: less than once.
_UNKNOWN_FREQUENCY = 0.2


class Lexicon:
    """A word list with frequencies, the package's own and a user's.

    The list is one block of sorted lines; the words of a first character are parsed when one of them is
    first asked for, so that the first question costs a millisecond and not the whole list.

    >>> lexicon = Lexicon(["和谐号"])
    >>> lexicon.frequency("和諧"), lexicon.frequency("公共产"), lexicon.frequency("和谐号") > 0
    (1578, 0, True)
    >>> lexicon.segment("公共產品")
    ['公共', '產品']
    """

    # A user's word counts as much as a fairly common word: it was named because it matters.
    _USER_FREQUENCY = 1000

    def __init__(self, words: tuple[str, ...] | list[str] = ()) -> None:
        self._user_words = {simplify(word): self._USER_FREQUENCY for word in words}
        self._by_first: dict[str, dict[str, int]] = {}

    @cached_property
    def _lines(self) -> list[str]:
        text = files("hanfix").joinpath("tables", "words.txt").read_text(encoding="utf-8")
        return text.splitlines()

    def _words_of(self, first: str) -> dict[str, int]:
        words = self._by_first.get(first)
        if words is None:
            lines = self._lines
            start = bisect_left(lines, first)
            end = bisect_right(lines, first + "\U0010ffff", lo=start)
            pairs = (line.split(" ") for line in lines[start:end])
            words = {word: int(frequency) for word, frequency in pairs}
            for word, frequency in self._user_words.items():
                if word.startswith(first):
                    words[word] = max(frequency, words.get(word, 0))
            self._by_first[first] = words
        return words

    def frequency(self, word: str) -> int:
        """Return how often the word was counted, 0 for what is no word; either script."""
        simple = simplify(word)
        return self._words_of(simple[:1]).get(simple, 0)

    def segment(self, text: str) -> list[str]:
        """Return the most probable division of a run of Chinese characters into words."""
        pieces: list[str] = []
        back = self._best(simplify(text))[1]
        end = len(text)
        while end > 0:
            pieces.append(text[back[end] : end])
            end = back[end]
        return pieces[::-1]

    def cost(self, text: str) -> float:
        """Return the negative log probability (natural) of the most probable division into words.

        Lower is more like Chinese; compare only texts of the same length.
        """
        return self._best(simplify(text))[0]

    def _best(self, text: str) -> tuple[float, list[int]]:
        costs = [0.0] * (len(text) + 1)
        back = [0] * (len(text) + 1)
        for end in range(1, len(text) + 1):
            costs[end] = float("inf")
        for start, first in enumerate(text):
            words = self._words_of(first)
            base = costs[start]
            for end in range(start + 1, min(start + LONGEST_WORD, len(text)) + 1):
                frequency: float = words.get(text[start:end], 0)
                if frequency == 0:
                    if end > start + 1:
                        continue
                    frequency = _UNKNOWN_FREQUENCY
                cost = base + log(TOTAL_FREQUENCY / frequency)
                if cost < costs[end]:
                    costs[end] = cost
                    back[end] = start
        return costs[-1], back


@cache
def default_lexicon() -> Lexicon:
    """Return the package's own word list, shared by all filters of the process."""
    return Lexicon()


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    text = files("hanfix").joinpath("tables", "readings.txt").read_text(encoding="utf-8")
    return {line[0]: tuple(line[2:].split(" ")) for line in text.splitlines()}


def readings(char: str) -> tuple[str, ...]:
    """Return the Mandarin readings of a character of GBK, the main one first; empty when there are none.

    >>> readings("長")
    ('zhǎng', 'cháng', 'zhàng')
    """
    return _readings().get(char, ())
