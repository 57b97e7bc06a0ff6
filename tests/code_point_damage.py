"""The forward models of wrong code points and of invisible marks."""

from __future__ import annotations

import random
import unicodedata
from functools import cache

from cases import FIXTURES

TABLE = FIXTURES.parent / "src" / "hanfix" / "tables" / "code_points.txt"


@cache
def wrong_forms(kind: str) -> dict[str, str]:
    """Return a code point of a kind (radical, gbk, hkscs) for each character that has one."""
    entries = (line.split(" ") for line in TABLE.read_text(encoding="utf-8").splitlines())
    return {
        chr(int(char, 16)): chr(int(code, 16))
        for code, char, its_kind in entries
        if its_kind == kind and "+" not in char
    }


@cache
def compatibility_forms() -> dict[str, str]:
    """Return a compatibility ideograph for each character that has one."""
    codes = (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
    normal = {chr(code): unicodedata.normalize("NFC", chr(code)) for code in codes}
    return {char: wrong for wrong, char in normal.items() if char != wrong}


def replaced(text: str, forms: dict[str, str], chance: random.Random, share: float) -> str:
    """Put wrong forms for a share of the characters that have one."""
    return "".join(forms[char] if char in forms and chance.random() < share else char for char in text)


def sprinkled(text: str, marks: str, chance: random.Random, share: float) -> str:
    """Put invisible marks behind a share of the characters."""
    return "".join(char + (chance.choice(marks) if chance.random() < share else "") for char in text)


def reread(text: str, codec: str, chance: random.Random, share: float) -> tuple[str, int]:
    """Lose a share of the characters in pairs, and read what is left, as UTF-8, in another codec.

    Returns the text with ``U+FFFD U+FFFD`` misread, and how many runs there are of it.
    """
    parts: list[str] = []
    runs = 0
    for char in text:
        lost = chance.random() < share
        runs += lost and not (parts and parts[-1].endswith("\ufffd"))
        parts.append("\ufffd\ufffd" if lost else char)
    misread = "\ufffd\ufffd".encode().decode(codec)
    return "".join(parts).replace("\ufffd\ufffd", misread), runs
