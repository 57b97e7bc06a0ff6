"""The forward model of disguised words: mask characters of a word, write them in pinyin, take them apart."""

from __future__ import annotations

from hanfix.lexicon import plain_readings

MASKS = ("*", "×", "X", "□")


def masked(word: str, place: int, length: int = 1, mask: str = "*", *, bytewise: bool = False) -> str:
    """Return the word with characters masked, one mark for each or one for each of its bytes in GBK."""
    return word[:place] + mask * (length * (1 + bytewise)) + word[place + length :]


def in_pinyin(word: str, place: int, length: int = 1) -> str:
    """Return the word with characters replaced by their main reading without its tone."""
    letters = "".join(plain_readings(char)[0] for char in word[place : place + length])
    return word[:place] + letters + word[place + length :]


def taken_apart(word: str, halves: dict[str, str]) -> str:
    """Return the word with every character that ``halves`` knows in two halves, left and right."""
    return "".join(halves.get(char, char) for char in word)
