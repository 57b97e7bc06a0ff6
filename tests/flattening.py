"""The forward model of `punctuate`: what careless normalizers and hasty typists make of Chinese marks."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from ftfy.fixes import fix_character_width

_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_CORNERS = str.maketrans({"「": '"', "」": '"', "『": "'", "』": "'"})
_HALF = str.maketrans("，：；？！（）", ",:;?!()")
_MARK = re.compile("……|——|[，：；？！（）“”‘’]")


def nfkc(text: str) -> str:
    """Return the text in Unicode's form KC: widths gone, the ellipsis in dots."""
    return unicodedata.normalize("NFKC", text)


def character_width(text: str) -> str:
    """Return what ftfy makes of full-width forms."""
    return str(fix_character_width(text))


def halved(text: str) -> str:
    """Return the text with every mark that has an ASCII form in it, but for full stops."""
    return dotted(dashed(straightened(text.translate(_HALF))))


def spaced(text: str) -> str:
    """Return the text as English typists would have it: ASCII marks, a space behind commas and colons."""
    return re.sub(r"(?<=[,:;])(?=[\u4e00-\u9fff])", " ", text.translate(_HALF))


def straightened(text: str) -> str:
    """Return the text with straight quotation marks."""
    return text.translate(_QUOTES).translate(_CORNERS)


def dotted(text: str) -> str:
    """Return the text with three dots for each ellipsis."""
    return text.replace("……", "...")


def stopped(text: str) -> str:
    """Return the text with three Chinese full stops for each ellipsis."""
    return text.replace("……", "。。。")


def dashed(text: str) -> str:
    """Return the text with two hyphens for each dash."""
    return text.replace("——", "--")


def typed(text: str) -> str:
    """Return the text as typed without a Chinese layout: full stops too are ASCII."""
    return halved(text).replace("。", ".")


def partly(text: str, rng: random.Random, share: float) -> str:
    """Return the text with a share of its marks flattened, brackets and quotation marks each for itself."""
    return _MARK.sub(lambda match: halved(match.group()) if rng.random() < share else match.group(), text)


def narrow_words(text: str) -> str:
    """Return the text with letters and digits of ASCII width, its marks as they are."""
    return re.sub(r"[０-９Ａ-Ｚａ-ｚ％]", lambda match: nfkc(match.group()), text)


FLATTENINGS: dict[str, Callable[[str], str]] = {
    "nfkc": nfkc,
    "character-width": character_width,
    "halved": halved,
    "spaced": spaced,
    "straightened": straightened,
    "dotted": dotted,
    "stopped": stopped,
    "dashed": dashed,
}
