"""The words that `rejoin` knows: those often split, those set apart on purpose, and a user's own."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import add
from typing import NamedTuple

from hanfix.filters.own_files import read_own_file
from hanfix.filters.rejoin.marks import HAN_CLASS
from hanfix.lexicon import LONGEST_WORD, Lexicon
from hanfix.script import simplify

# The group of the often-split list that holds places.
PLACES = "place"
_QUOTED = 40  # characters of what is wrong in a file that a message shows
_OWN_WORD = re.compile(rf"{HAN_CLASS}{{2,{LONGEST_WORD}}}")


@dataclass(frozen=True)
class Vocabulary:
    """The words, and what is known about them; ``throughout`` is of one document, the rest of all."""

    lexicon: Lexicon
    listed: dict[str, str]  # words often split, with what they are
    pairs: frozenset[str]  # of neighbours in those words
    throughout: frozenset[str] = frozenset()  # kinds of marks that split words throughout the document


@cache
def split_words() -> dict[str, tuple[str, ...]]:
    """Return the words that people often split, by what they are.

    >>> "和谐" in split_words()["politics"]
    True
    """
    text = files("hanfix").joinpath("tables", "split_words.toml").read_text(encoding="utf-8")
    return {group: tuple(entry["words"].split()) for group, entry in tomllib.loads(text).items()}


@cache
def vocabulary_of(own_words: tuple[str, ...]) -> Vocabulary:
    """Return the vocabulary with a user's own words, which count as words often split."""
    listed = {word: group for group, words in split_words().items() for word in words}
    listed |= dict.fromkeys(map(simplify, own_words), "your own list")
    # All words as one text: twenty thousand, one by one, take a process that looks at one line too long.
    text = "\n".join(listed)
    pairs = frozenset(pair for pair in set(map(add, text, text[1:])) if "\n" not in pair)
    return Vocabulary(Lexicon(listed), listed, pairs)


class KeptApart(NamedTuple):
    """What people set apart on purpose, although it makes a word; see the table."""

    pairs: frozenset[str]  # two different characters of one family
    foreign: frozenset[str]
    written: frozenset[str]
    dynasties: frozenset[str]


@cache
def kept_apart() -> KeptApart:
    """Return the table of what is set apart on purpose."""
    text = files("hanfix").joinpath("tables", "kept_apart.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    pairs = {
        one + other
        for families in table["families"].values()
        for family in families.split()
        for one in family
        for other in family
        if one != other
    } - set(table["together"]["words"].split())
    foreign = frozenset("".join(table["foreign"]["characters"].split()))
    return KeptApart(
        pairs=frozenset(pairs),
        foreign=foreign,
        written=frozenset(table["written"]["words"].split()),
        dynasties=frozenset(table["dynasties"]["characters"]),
    )


def read_words(path: str) -> tuple[str, ...]:
    """Return the words of a file: one a line, anything after white space and lines with ``#`` ignored.

    Raises ``ValueError`` when the file cannot be read or a line holds no word of two to eight Chinese
    characters.
    """
    words: list[str] = []
    for number, line in enumerate(read_own_file(path).split("\n"), 1):
        word = line.split("#", 1)[0].split()[:1]
        if word and not _OWN_WORD.fullmatch(word[0]):
            shown = word[0][:_QUOTED]
            raise ValueError(
                f"{path}, line {number}: not a word of 2 to {LONGEST_WORD} Chinese characters: {shown}"
            )
        words.extend(word)
    return tuple(words)
