"""著 as Taiwan writes it: for the particle 着 as well as for the word 著."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from hanfix.edit import Edit
from hanfix.filters.convert.dictionary import normalized
from hanfix.lexicon import default_lexicon

# How many characters on either side decide: words are rarely longer than four.
_REACH = 4
_HAN = "\u3400-\u9fff"

# Whoever wrote a book stands before 著 at the end of a clause: behind its title or his country, or before the
# translator. How far that is looked for, in characters:
_BYLINE_REACH = 16
_NAME = rf"[{_HAN}·]{{2,12}}"

RULE = "convert/particle"


class Particle:
    """Write 著 as 着 where the words around it ask for that.

    Taiwan writes 接著 and 著名 alike; everyone else writes 接着 and 著名. OpenCC's ``tw2s`` has a short
    list of the words that keep 著, so that 土著 becomes 土着; here a word list with frequencies decides
    between the two readings of the words around.

    *Left alone:* 著名, 著作, 顯著, 土著, 著 that begins a run of characters and no word with 着, and whoever
    wrote a book (《紅樓夢》，曹雪芹著).

    >>> Particle().convert("接著是他的著作，著力點很顯著")
    '接着是他的著作，着力點很顯著'
    """

    name = "著 → 着"
    phrases: tuple[str, ...] = ()

    def convert(self, text: str) -> str:
        """Return the text with the particle written 着."""
        parts: list[str] = []
        done = 0
        for place in _particles(text):
            parts += text[done:place], "着"
            done = place + 1
        parts.append(text[done:])
        return "".join(parts)

    def edits(self, text: str) -> Iterator[Edit]:
        """Yield what ``convert`` changes."""
        for place in _particles(text):
            yield Edit(
                place, place + 1, "着", RULE, "著 stands for the particle 着 here, by the words around it"
            )


def _particles(text: str) -> Iterator[int]:
    # One for one, so that places are places in the text; a duplicate of 著 is read as 著 too.
    text = normalized(text)
    place = text.find("著")
    while place >= 0:
        before = _before().search(text[max(0, place - _REACH) : place])
        after = _after().match(text, place + 1)
        assert before is not None and after is not None, "both match the empty text"
        # Any other 著 in reach is read as 着, whether or not it has been rewritten: so a second look at the
        # text sees the same.
        if not _ends_byline(text, place) and _is_particle(
            before.group().replace("著", "着"), after.group().replace("著", "着")
        ):
            yield place
        place = text.find("著", place + 1)


def _ends_byline(text: str, place: int) -> bool:
    """Tell whether 著 follows the name of an author at the end of a clause."""
    if re.match(f"[{_HAN}]", text[place + 1 : place + 2]):
        return False
    before = text[max(0, place - _BYLINE_REACH) : place]
    return bool(_byline_before().search(before) or _byline_after().match(text, place + 1))


# Compiled on first use: most texts hold no 著.


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"[{_HAN}]{{0,{_REACH}}}\Z")


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"[{_HAN}]{{0,{_REACH}}}")


@cache
def _byline_before() -> re.Pattern[str]:
    return re.compile(rf"(?:》\s?[，,：:]?\s?|[\]］〕）)]\s?|者[：:]\s?){_NAME}\Z")


@cache
def _byline_after() -> re.Pattern[str]:
    return re.compile(rf"[，,、；; \u3000]{{1,2}}{_NAME}?[譯译編编校繪绘撰選选注](?![{_HAN}])")


@lru_cache(maxsize=4096)
def _is_particle(before: str, after: str) -> bool:
    lexicon = default_lexicon()
    as_particle = f"{before}着{after}"
    if lexicon.cost(as_particle) >= lexicon.cost(f"{before}著{after}"):
        return False
    # A particle follows something: at the beginning only a word such as 着力 will do.
    return bool(before) or lexicon.segment(as_particle)[0] != "着"
