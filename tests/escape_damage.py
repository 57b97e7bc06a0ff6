"""The forward models of escapes: what scrapers, databases and mail make of characters."""

from __future__ import annotations

import base64
import quopri
import random
from urllib.parse import quote


def numbered(text: str, chance: random.Random, share: float) -> str:
    """Write a share of the characters that are not ASCII as numeric entities, decimal or hexadecimal."""
    return "".join(_number(char, chance) if _hit(char, chance, share) else char for char in text)


def _number(char: str, chance: random.Random) -> str:
    form = chance.choice(["&#{};", "&#x{:x};", "&#X{:X};", "&amp;#{};", "&amp;amp;#x{:x};"])
    return form.format(ord(char))


NAMES = {"“": "ldquo", "”": "rdquo", "—": "mdash", "…": "hellip", "·": "middot", "\xa0": "nbsp", "‘": "lsquo"}


def named(text: str, chance: random.Random) -> str:
    """Write punctuation that has a name in HTML by its name."""
    forms = ["&{};", "&amp;{};"]
    return "".join(chance.choice(forms).format(NAMES[char]) if char in NAMES else char for char in text)


def bare(text: str, chance: random.Random, share: float) -> str:
    """Write full-width marks as numeric entities that have lost their ampersand."""
    return "".join(
        f"#x{ord(char):x};" if "\uff01" <= char <= "\uff5e" and chance.random() < share else char
        for char in text
    )


def escaped(text: str, form: str) -> str:
    """Write every character outside ASCII as UTF-16 units, in JSON's form or JavaScript's."""
    units = text.encode("utf-16-be")
    codes = [units[i] * 256 + units[i + 1] for i in range(0, len(units), 2)]
    return "".join(chr(code) if code < 0x80 else form.format(code) for code in codes)


def percent(text: str, codec: str) -> str:
    """Write a text as percent-encoded bytes."""
    return quote(text.encode(codec), safe="")


def quoted_printable(text: str, codec: str) -> str:
    """Write a text as a mail body does, lines broken at 76 characters."""
    return quopri.encodestring(text.encode(codec)).decode("ascii")


def mime_word(text: str, codec: str, kind: str) -> str:
    """Write a text as an encoded word of a mail header."""
    raw = text.encode(codec)
    body = base64.b64encode(raw).decode("ascii") if kind == "B" else "".join(f"={byte:02X}" for byte in raw)
    return f"=?{codec}?{kind}?{body}?="


def _hit(char: str, chance: random.Random, share: float) -> bool:
    return not char.isascii() and chance.random() < share
