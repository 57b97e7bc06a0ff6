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
_NESTED = re.compile(rf"(?P<head>.*)(?P<vowel>.)(?P<letter>[a-z])(?P<inner>{_INNER})(?P<tail>.*)")

# Behind a whole character: ``關(guān)``. The brackets are full-width where a program widened them later.
ANNOTATION = re.compile(rf"[(（]{_PINYIN}[)）]")
# Behind a character or inside one, whose first byte and the bracket became a question mark: ``因?yàn)``.
INSERTION = re.compile(rf"[(（?]{_PINYIN}[)）]")
# Inside a character only: pinyin, or a full-width mark whose second byte can begin a Chinese character, so
# that its bytes can stand inside two; some converters treat those in the same way: ``?，F(xiàn)在`` for
# ``。現在``.
_MARK = "(?P<mark>[，；：？“”《》])"
SPLICE = re.compile(rf"\?(?:{_PINYIN}[)）]|{_MARK})")
EVENT = re.compile(rf"[(（?]{_PINYIN}[)）]|\?{_MARK}")


def plain(pinyin: str) -> str:
    """Return an inserted pinyin as dictionaries write it, without an annotation inside it.

    >>> plain("ōu(jì)"), plain("Guān")
    ('ōu', 'guān')
    """
    pinyin = pinyin.lower().replace("ɡ", "g").replace("ɑ", "a")
    nested = _NESTED.fullmatch(pinyin)
    if nested is None:
        return pinyin
    vowel = gbk.code_of(nested["vowel"])
    char = vowel and gbk.char_of(vowel[1], ord(nested["letter"]))
    if char and nested["inner"][1:-1] in readings(char):
        return nested["head"] + nested["vowel"] + nested["letter"] + nested["tail"]
    return pinyin


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
    """Return the text with everything taken out that looks like pinyin in brackets."""
    return ANNOTATION.sub("", text)


def character_before(line: str, at: int) -> str:
    """Return the character that stands before a place, an annotation between the two passed over.

    >>> character_before("請(qǐng)?jiān)L問", 7)
    '請'
    """
    if line[at - 1 : at] in (")", "）"):
        opening = max(line.rfind("(", 0, at), line.rfind("（", 0, at))
        if opening >= 0 and ANNOTATION.fullmatch(line[opening:at]):
            return line[opening - 1 : opening]
    return line[at - 1 : at]
