"""The forward model of letters turned into characters: every ASCII letter of a word becomes its character."""

from __future__ import annotations

import re

_CAPITALS = "础叠颁顿贰贵骋贬滨闯碍尝惭狈翱笔蚕搁厂罢鲍痴奥齿驰窜"
_SMALL = "补产肠诲别蹿驳丑颈箩办濒尘苍辞辫辩谤蝉迟耻惫飞虫测锄"
_CHARACTERS = dict(
    zip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", _CAPITALS + _SMALL, strict=True)
)
_WORD = re.compile(r"[A-Za-z]{2,}")


def damage(text: str) -> str:
    """Return the text with the letters of all words of two letters or more turned into characters."""
    return _WORD.sub(lambda word: "".join(map(_CHARACTERS.__getitem__, word.group())), text)
