"""The forward model of `rejoin`: split words of a text as people do who want them past a word filter."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

# One of each kind that people have used, and some full-width and look-alike forms.
SEPARATORS: tuple[str, ...] = (
    *"-‐–—−·•・._/\\|丨~^'#@+$%★▲*",
    *"－．＿／｜～＊＋＃",
    *" \u00a0\u3000",
    "😀",
    "❤️",
)
STOPS: tuple[str, ...] = ("，", "。", "、")
ZERO_WIDTH: tuple[str, ...] = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")


@dataclass(frozen=True)
class Habit:
    """How somebody splits words: with what, where in the word, and how many of its occurrences.

    ``everywhere`` puts the separator between all characters, else it stands at one place, the same in every
    occurrence of the word; ``share`` is the probability that an occurrence is split at all.
    """

    separator: str
    everywhere: bool = True
    share: float = 1.0


def split_word(word: str, habit: Habit, place: int = 1) -> str:
    """Return the word split between all its characters, or before the one at ``place``."""
    if habit.everywhere:
        return habit.separator.join(word)
    return word[:place] + habit.separator + word[place:]


# What sets things side by side on purpose.
PARTING: tuple[str, ...] = ("-", "－", "—", "/", "／", "·", "+", "~", "、", "|", " ")
# Where things set side by side may stand; the first are without a sentence.
SETTINGS: tuple[str, ...] = (
    "{}",
    "（{}）",
    "栏目：{}",
    "报告里说到{}的关系。",
    "他们为{}的问题争了一个下午。",
    "從{}的角度來看，這件事並不簡單。",
)


def set_apart(items: Iterable[str], mark: str, setting: str) -> str:
    """Return a text in which items are set side by side with a mark, as lists, pairs and ranges are."""
    return setting.format(mark.join(items))


def split_words(text: str, words: Iterable[str], habit: Habit, rng: random.Random) -> str:
    """Return the text with occurrences of the words split; where words overlap, the first and longest."""
    chosen = sorted(set(words), key=lambda word: (-len(word), word))
    if not chosen:
        return text
    places = {word: rng.randrange(1, len(word)) for word in chosen}

    def split(match: re.Match[str]) -> str:
        word = match.group()
        return split_word(word, habit, places[word]) if rng.random() < habit.share else word

    return re.sub("|".join(map(re.escape, chosen)), split, text)
