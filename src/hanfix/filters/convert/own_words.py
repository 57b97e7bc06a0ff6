"""A user's own dictionaries: what a word becomes, whatever OpenCC's say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hanfix.edit import Edit, moved
from hanfix.filters.convert import chain
from hanfix.filters.convert.chain import Step
from hanfix.filters.convert.engine import Match, automaton, between, found, free_separator
from hanfix.filters.own_files import read_own_file

RULE = "convert/dictionary"


class OwnWord(NamedTuple):
    """What a word becomes, and where that is written."""

    key: str
    value: str
    place: str


def read_own_words(path: str) -> tuple[OwnWord, ...]:
    """Return the words of a dictionary in OpenCC's text format.

    A line holds a word, a tab, and what it becomes; of several values with spaces between them the first is
    taken, as OpenCC does. Empty lines and lines that begin with ``#`` are left out.

    Raises ``ValueError``, with file and line, for a file that cannot be read or is no UTF-8, a line without a
    tab or with more than one, a word or value that is empty, and a word that stands there twice.
    """
    words: dict[str, OwnWord] = {}
    for number, line in enumerate(read_own_file(path).split("\n"), 1):
        place = f"{path}, line {number}"
        if not line.strip() or line.startswith("#"):
            continue
        key, *values = line.split("\t")
        if len(values) != 1:
            count = "no tab" if not values else "more than one tab"
            raise ValueError(f"{place}: {count} in {line!r}; wanted is a word, a tab and what it becomes")
        if not key.strip():
            raise ValueError(f"{place}: there is no word before the tab")
        chosen = values[0].split(" ")[0]
        if not chosen:
            raise ValueError(f"{place}: there is nothing for {key!r} to become")
        if key in words:
            raise ValueError(f"{place}: {key!r} stands in {words[key].place} already")
        words[key] = OwnWord(key, chosen, place)
    return tuple(words.values())


def with_own_words(steps: Sequence[Step], words: Iterable[OwnWord]) -> WithOwnWords:
    """Return conversions that follow a user's own words before OpenCC's, characters as characters.

    A word of his wins wherever it stands, the longest first. A single character is to them what the
    characters of OpenCC are: a phrase that holds it wins, so that 里 for 裏 leaves 公里 alone.

    >>> from hanfix.filters.convert.engine import conversion
    >>> words = [OwnWord("软件", "軟件", "own.txt, line 1"), OwnWord("里", "裏", "own.txt, line 2")]
    >>> with_own_words([conversion("s2twp")], words).convert("软件工程里，公里")
    '軟件工程裏，公里'
    """
    words = tuple(words)
    phrases = next((each.phrases for each in steps if each.phrases), ())
    if characters := [word for word in words if len(word.key) == 1]:
        steps = [WithOwnWords(steps, characters, phrases)]
    return WithOwnWords(steps, [word for word in words if len(word.key) > 1])


class WithOwnWords:
    """Conversions one after the other that do not touch a user's own words but write what he says.

    The longest word that starts where the text is read wins, be it his or one of the ``phrases`` that are
    left to the conversions. What he writes no conversion changes.

    >>> from hanfix.filters.convert.engine import conversion
    >>> own = WithOwnWords([conversion("s2twp")], [OwnWord("软件", "軟件", "own.txt, line 1")])
    >>> own.convert("这个软件"), conversion("s2twp").convert("这个软件")
    ('這個軟件', '這個軟體')
    """

    def __init__(self, steps: Sequence[Step], words: Iterable[OwnWord], phrases: Iterable[str] = ()) -> None:
        self._steps = steps
        self._words = tuple(words)
        own = [word.key for word in self._words]
        self._keys = [*own, *sorted(set(phrases).difference(own))]
        self._finder = automaton(self._keys)

    @property
    def phrases(self) -> Sequence[str]:
        """The words that are his."""
        return [word.key for word in self._words]

    def own_in(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of what is his in a text, in order."""
        mine = [(start, end) for start, end, _ in self._matches(text)]
        inner = [span for each in self._steps if isinstance(each, WithOwnWords) for span in each.own_in(text)]
        if not inner:
            return mine
        taken = {place for start, end in mine for place in range(start, end)}
        return sorted([*mine, *(span for span in inner if span[0] not in taken)])

    def convert(self, text: str) -> str:
        """Return the text converted."""
        matches = self._matches(text)
        if not matches:
            return chain.convert(self._steps, text)
        separator = free_separator(text)
        parts = [""] * (2 * len(matches) + 1)
        parts[::2] = chain.convert(self._steps, separator.join(between(text, matches))).split(separator)
        parts[1::2] = [self._words[index].value for _, _, index in matches]
        return "".join(parts)

    def edits(self, text: str) -> Iterator[Edit]:
        """Yield what ``convert`` changes."""
        matches = self._matches(text)
        if not matches:
            yield from chain.edits(self._steps, text)
            return
        separator = free_separator(text)
        edits = chain.edits(self._steps, separator.join(between(text, matches)))
        edit = next(edits, None)
        # How far a place between the words lies behind the same place in the whole text.
        shift = 0
        for start, end, index in matches:
            while edit is not None and edit.end + shift <= start:
                yield from moved([edit], shift)
                edit = next(edits, None)
            key, value, place = self._words[index]
            if key != value:
                yield Edit(start, end, value, RULE, f"{place}: {key} → {value}")
            shift += end - start - len(separator)
        while edit is not None:
            yield from moved([edit], shift)
            edit = next(edits, None)

    def _matches(self, text: str) -> list[Match]:
        if self._finder is None:
            return []
        own = len(self._words)
        return [match for match in found(self._finder, self._keys, text) if match[2] < own]
