"""English words, to look them up; loaded on first use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from hanfix.lexicon import first_line

# Regular endings, each with what the stem may have had in its place. Only the stem is in the table.
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("s", ("",)),
    ("es", ("",)),
    ("ies", ("y",)),
    ("ed", ("", "e")),
    ("ied", ("y",)),
    ("ing", ("", "e")),
    ("ly", ("",)),
    ("ily", ("y",)),
    ("ness", ("",)),
    ("er", ("", "e")),
    ("ers", ("", "e")),
)
# These may double the last consonant of the stem: planned, running.
_DOUBLING = frozenset({"ed", "ing", "er", "ers"})
_REMEMBERED = 10_000  # words: what a text asks for it asks for again
_MOST_ENDINGS = 3  # one after the other: will-ing-ness-es
_SHORTEST_STEM = 3  # letters that stay when an ending is taken off


def stems(word: str) -> Iterator[str]:
    """Yield what a word may be with a regular ending, whether that is a word or not.

    >>> list(stems("planning"))
    ['plann', 'planne', 'plan']
    """
    for ending, replacements in _ENDINGS:
        rest = word[: -len(ending)]
        if len(rest) < _SHORTEST_STEM or not word.endswith(ending):
            continue
        for replacement in replacements:
            yield rest + replacement
        if ending in _DOUBLING and len(rest) > _SHORTEST_STEM and rest[-1] == rest[-2]:
            yield rest[:-1]


@lru_cache(maxsize=_REMEMBERED)
def is_english(word: str) -> bool:
    """Tell whether a word or name is English, as it is written or in small letters.

    A word in capitals may be a name, too. Any word may have regular endings, even where nobody would say so
    (``sheeps``): the table is there to recognize words, not to judge them.

    >>> [is_english(word) for word in ("information", "Computers", "LONDON", "london", "informa")]
    [True, True, True, False, False]
    """
    forms = {word, word.lower()}
    if word.isupper():
        forms.add(word.capitalize())
    return any(map(_is_word, forms))


def _is_word(word: str) -> bool:
    forms = {word}
    for _ in range(_MOST_ENDINGS):
        if any(map(_is_listed, forms)):
            return True
        forms = {stem for form in forms for stem in stems(form)}
    return any(map(_is_listed, forms))


@cache
def _words() -> bytes:
    return files("hanfix").joinpath("tables", "english_words.txt").read_bytes()


def _is_listed(word: str) -> bool:
    line = word.encode("utf-8", "surrogatepass") + b"\n"
    data = _words()
    return data.startswith(line, first_line(data, line))
