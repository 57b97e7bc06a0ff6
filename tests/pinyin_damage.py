"""The forward model of pinyin spliced into GBK: what a careless converter does to a page.

The converter holds each run of Chinese characters as GBK bytes, in which the text is already traditional, and
for each character of its table replaces those two bytes, wherever they stand, by themselves, ``(``, the
pinyin and ``)``. It does not look at character boundaries. Then it decodes the run: a lead byte with a byte
that cannot follow it becomes one ``?`` for the two, a lone lead byte at the end of the run disappears.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_RUN = re.compile(r"[\u4e00-\u9fff]+")
_RUN_WITH_MARKS = re.compile(r"[\u4e00-\u9fff，。、；：？！“”]+")


def damage(text: str, table: Mapping[str, str]) -> str:
    """Return the text as the converter leaves it; ``table`` maps traditional characters to pinyin."""
    return damage_and_loss(text, table)[0]


def damage_and_loss(text: str, table: Mapping[str, str]) -> tuple[str, int]:
    """Return the damaged text and how many characters of it cannot be told from what is left."""
    entries = [(char.encode("gbk"), f"({table[char]})".encode("gbk")) for char in sorted(table)]
    parts: list[str] = []
    lost = done = 0
    for run in _RUN.finditer(text):
        try:
            raw = run.group().encode("gbk")
        except UnicodeEncodeError:
            continue
        for char, pinyin in entries:
            if char in raw:
                raw = raw.replace(char, char + pinyin)
        decoded, lost_here = _decode_run(raw)
        parts += text[done : run.start()], decoded
        lost += lost_here
        done = run.end()
    return "".join([*parts, text[done:]]), lost


def damage_with_marks(text: str, table: Mapping[str, str], marks: str = "，；") -> tuple[str, int]:
    """Return the text as a converter leaves it that holds punctuation as bytes too, and the characters lost.

    It also puts a ``?`` before the bytes of some marks where they stand inside two characters.
    """
    lost = 0
    treated = {mark.encode("gbk") for mark in marks}

    def damaged(run: re.Match[str]) -> str:
        nonlocal lost
        raw = run.group().encode("gbk")
        for place in range(len(raw) - 3, 0, -2):
            if raw[place : place + 2] in treated:
                raw = raw[:place] + b"?" + raw[place:]
                lost += 1
        for char in sorted(table):
            raw = raw.replace(char.encode("gbk"), f"{char}({table[char]})".encode("gbk"))
        decoded, lost_here = _decode_run(raw)
        lost += lost_here
        return decoded

    return _RUN_WITH_MARKS.sub(damaged, text), lost


def _decode_run(raw: bytes) -> tuple[str, int]:
    chars: list[str] = []
    lost = i = 0
    while i < len(raw):
        if raw[i] < 0x80:
            chars.append(chr(raw[i]))
            i += 1
            continue
        pair = raw[i : i + 2]
        i += 2
        if len(pair) == 1:
            lost += 1
            continue
        try:
            chars.append(pair.decode("gbk"))
        except UnicodeDecodeError:
            chars.append("?")
            if pair[1] >= 0x80:
                # Two high bytes of two characters: with an ASCII byte, the lead byte can be worked out.
                lost += 2
    return "".join(chars), lost
