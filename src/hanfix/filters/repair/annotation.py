"""What a converter inserts behind a character: its pinyin, in brackets."""

from __future__ import annotations

import re

from hanfix.filters.repair import gbk
from hanfix.lexicon import readings
from hanfix.script import converted_to_simplified

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
TONE_MARK = re.compile(f"[{_TONED}]")
_SYLLABLE = rf"[a-zA-Züɡɑ{_TONED}]{{1,7}}"
# Inside a pinyin the bytes of a vowel and the letter behind it may have been annotated once more.
_INNER = rf"[(（]{_SYLLABLE}[)）]"
_PINYIN = rf"(?P<pinyin>{_SYLLABLE}(?:{_INNER}{_SYLLABLE}|{_INNER})?)"
_NESTED = re.compile(rf"(?P<head>.*)(?P<vowel>.)(?P<letter>[A-Za-z])(?P<inner>{_INNER})(?P<tail>.*)")

# Brackets, syllable and a syllable inside, in characters.
_LONGEST_ANNOTATION = 25

# Behind a whole character: ``關(guān)``. The brackets are full-width where a program widened them later.
ANNOTATION = re.compile(rf"[(（]{_PINYIN}[)）]")
_BEHIND_HAN = re.compile(rf"(?<=[\u4e00-\u9fff]){ANNOTATION.pattern}")
# Characters annotated one after the other.
ANNOTATED_CHAIN = re.compile(rf"(?:[\u4e00-\u9fff][(（]{_SYLLABLE}[)）])*")
# Behind a character or inside one, whose first byte and the bracket became a question mark: ``因?yàn)``.
INSERTION = re.compile(rf"[(（?]{_PINYIN}[)）]")
# Inside a character only: pinyin, or a full-width mark whose second byte can begin another character or mark,
# so that its bytes can stand inside two; some converters treat those in the same way: ``?，F(xiàn)在`` for
# ``。現在``, ``?！按`` for ``。“打``. Later programs may have made them half as wide.
_MARK = "(?P<mark>[，；：？！“”《》,;:?!])"
_WIDE = str.maketrans(",;:?!", "，；：？！")
SPLICE = re.compile(rf"\?(?:{_PINYIN}[)）]|{_MARK})")
EVENT = re.compile(rf"[(（?]{_PINYIN}[)）]|\?{_MARK}")


def wide_mark(mark: str) -> str:
    """Return an inserted mark in full width.

    >>> wide_mark(","), wide_mark("；")
    ('，', '；')
    """
    return mark.translate(_WIDE)


def plain(pinyin: str) -> str:
    """Return an inserted pinyin as dictionaries write it, without an annotation inside it.

    >>> plain("ōu(jì)"), plain("Guān"), plain("ɡu(cái)ǎnɡ")
    ('ōu', 'guān', 'guǎng')
    """
    nested = _NESTED.fullmatch(pinyin)
    if nested is not None:
        vowel = gbk.code_of(nested["vowel"])
        char = vowel and gbk.char_of(vowel[1], ord(nested["letter"]))
        if char and _normal(nested["inner"][1:-1]) in readings(char):
            pinyin = nested["head"] + nested["vowel"] + nested["letter"] + nested["tail"]
    return _normal(pinyin)


def _normal(syllable: str) -> str:
    return syllable.lower().replace("ɡ", "g").replace("ɑ", "a")


def fits(char: str, pinyin: str) -> bool:
    """Tell whether a converter would have put this pinyin behind this character.

    >>> fits("關", "guān"), fits("行", "háng")
    (True, False)
    """
    return char in converted_to_simplified() and pinyin in readings(char)


def characters_read(lead: int, pinyin: str) -> list[str]:
    """Return the traditional characters that begin with a byte and have a reading."""
    return [char for char in gbk.row(lead) if fits(char, pinyin)]


def without_annotations(text: str) -> str:
    """Return the text with everything taken out that looks like pinyin in brackets behind a character.

    >>> without_annotations("關(guān)于F(xiàn)")
    '關于F(xiàn)'
    """
    return _BEHIND_HAN.sub("", text)


def annotated_until(text: str, at: int) -> int | None:
    """Return where the annotated character begins whose annotation ends at a place; ``None`` without one.

    >>> annotated_until("請(qǐng)?jiān)L問", 7)
    0
    """
    if text[at - 1 : at] not in (")", "）"):
        return None
    nearest = max(0, at - _LONGEST_ANNOTATION)
    opening = max(text.rfind("(", nearest, at), text.rfind("（", nearest, at))
    return opening - 1 if opening > 0 and ANNOTATION.fullmatch(text[opening:at]) else None


def character_before(line: str, at: int) -> str:
    """Return the character that stands before a place, an annotation between the two passed over.

    >>> character_before("請(qǐng)?jiān)L問", 7)
    '請'
    """
    annotated = annotated_until(line, at)
    start = at - 1 if annotated is None else annotated
    return line[start : start + 1] if start >= 0 else ""
