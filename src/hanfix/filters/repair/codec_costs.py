"""What characters cost in sound text, of whatever language: negative natural logarithms of probabilities.

Chinese characters cost what their frequency says. For all others a few classes do, since only the order of
magnitude counts: what matters is which classes stand side by side in sound text. Letters with accents stand
alone among plain ones, capitals begin words, the lines of tables join lines, kana follow kana.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from math import log

from hanfix.filters.repair.lost import LOST
from hanfix.lexicon import TOTAL_FREQUENCY, character_frequency, default_lexicon
from hanfix.script import encodes, read_dictionary, simplify, usual_traditional

# An ASCII character; it is the same damaged and sound.
_ASCII_COST = 4.0
# A character that is no word of the lexicon, nor in one.
_RAREST_COST = 14.0
# A traditional form that is not the usual one of its simplified form, with whose frequency it is counted.
_VARIANT_COST = 3.0
# Characters in all words of the lexicon: a word has one and a half on average.
_ALL_CHARACTERS = 1.5 * TOTAL_FREQUENCY
# Marks of Chinese text, by their frequency in newspapers; and other signs at home in it.
_MARK_COSTS = {
    **dict.fromkeys("，。", 3.0),
    **dict.fromkeys("、“”", 4.0),
    **dict.fromkeys("：；（）《》？！…—·‘’「」『』\u3000", 5.0),
}
_OTHER_MARKS = frozenset("–″′※○●□■◆◇△▲☆★→←↑↓℃①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤ〈〉【】〔〕～")
# Kana and Hangul as they stand in Japanese and Korean: the common ones, which make up four fifths of such
# text, and the others; Hangul beyond the 2,350 of KS X 1001 is hardly ever written.
_HIRAGANA_COST = 4.2
_RARE_HIRAGANA_COST = 6.5
_KATAKANA_COST = 5.0
_HALF_WIDTH_KANA_COST = 4.7
_HANGUL_COST = 5.0
_RARE_HANGUL_COST = 9.0
_RAREST_HANGUL_COST = 12.0
_COMMON_HIRAGANA = frozenset(
    "のにはをたがでてとしれさいるもなこかすんあっくよきりらけうだどみせつまじそめわお"
)
_COMMON_HANGUL = frozenset(
    "이다는에을의가를은한고하지로도사기인으서자리시아나대어들해있라정일수그전원부제것보만안장성여구동과상"
    "게스주면적거국우소조중신공경내마행연문유화위발생회용오년방계니었때러무세치비없했말된모선업산교습니까"
    "요네야저더드르며실력관합물알당분노통와필트체바남분파진양예학결외같개금단명미군심불잘못왔던터레오"
)
# Small kana belong to the kana before them.
_SMALL_KANA = frozenset("ぁぃぅぇぉゃゅょァィゥェォャュョ")
_FULL_WIDTH_COST = 6.0
# A letter of another alphabet at the beginning of a word and within one, and where no word has it.
_FIRST_LETTER_COST = 5.0
_LETTER_COST = 3.5
_STRANGE_LETTER_COST = 9.0
# An accented letter among plain ones, and what each stranger beside it adds.
_ACCENTED_COST = 4.5
_BESIDE_STRANGER_COST = 2.75
# Letters that no word of Chinese text has.
_FOREIGN_COST = 11.0
# Signs that sound text has now and then; and next to another such sign.
_SIGN_COST = 8.0
_STRANGE_SIGN_COST = 9.5
# The lines that tables are drawn with, those that few tables have, and what a line saves beside another.
_LINE_COST = 4.0
_MIXED_LINE_COST = 8.0
_LINES_JOIN = 1.5
_LINES = frozenset("─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬━┃▀▄█▌▐░▒▓")
_MIXED_LINES = frozenset("╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫")
# The same sign, and the same Chinese character, once more: 萋萋; the latter within a few places.
_REPEATED_COST = 1.5
_REPEATED_HAN_COST = 3.0
_REPEATED_WITHIN = 4
# Going over from one script to another as no word does, as from katakana to Hangul.
_CHANGE_COST = 3.0
# What no sound text holds: control characters, private use.
_NEVER_COST = 13.0
# What kana add to the suspicion that a Chinese text is damaged.
_SUSPICIOUS_KANA = 8.0

_RANGES = (
    ("latin", 0xA0, 0x24F),
    ("greek", 0x391, 0x3C9),
    ("cyrillic", 0x400, 0x491),
    ("latin", 0x1E00, 0x1EFF),
    ("hiragana", 0x3041, 0x309F),
    ("katakana", 0x30A0, 0x30FF),
    ("other", 0x3100, 0x312F),
    ("hangul", 0xAC00, 0xD7A3),
    ("full-width", 0xFF01, 0xFF5E),
    ("half-width kana", 0xFF61, 0xFF9F),
)
_EAST_ASIAN_COSTS = {
    "hiragana": _RARE_HIRAGANA_COST,
    "katakana": _KATAKANA_COST,
    "half-width kana": _HALF_WIDTH_KANA_COST,
    "hangul": _RARE_HANGUL_COST,
}
_FLAT_COSTS = {
    "full-width": _FULL_WIDTH_COST,
    "never": _NEVER_COST,
    "other": _RAREST_COST,
}
_EAST_ASIAN = frozenset({"han", *_EAST_ASIAN_COSTS})
# Scripts of Japanese, from one to the other of which words go over.
_NATURAL_CHANGES = frozenset(
    {
        ("han", "hiragana"),
        ("hiragana", "han"),
        ("katakana", "hiragana"),
        ("katakana", "han"),
        ("han", "katakana"),
    }
)
# What hardly ever stands side by side in sound text.
_STRANGERS = frozenset({"latin", "greek", "cyrillic", "sign", "never", "line", "mixed line"})
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")


@cache
def char_cost(char: str) -> float:
    """Return what a character costs in sound Chinese text, whatever stands around it.

    >>> char_cost("，") < char_cost("国") < char_cost("锟")
    True
    """
    kind = _kind(char)
    if kind == "han":
        simple = simplify(char)
        variant = 0.0 if char in (simple, usual_traditional(simple)) else _VARIANT_COST
        return min(_RAREST_COST, variant + log(_ALL_CHARACTERS / max(character_frequency(char), 1)))
    if kind in ("ascii", "letter"):
        return _ASCII_COST if char.isprintable() or char in "\t\r\n" else _NEVER_COST
    if kind in ("never", "other"):
        return _NEVER_COST
    return _FULL_WIDTH_COST if kind == "full-width" else _MARK_COSTS.get(char, _FOREIGN_COST)


@cache
def _kind(char: str) -> str:
    """Return the class that a character belongs to."""
    code = ord(char)
    if code < 0x80:
        return "letter" if char.isalpha() else "ascii"
    if char in _MARK_COSTS or char in _OTHER_MARKS:
        return "mark"
    if 0x4E00 <= code <= 0x9FFF:
        return "han"
    if code < 0xA0 or 0xE000 <= code <= 0xF8FF:
        return "never"
    for kind, first, last in _RANGES:
        if first <= code <= last:
            return "sign" if kind == "latin" and not char.isalpha() else kind
    if char in _LINES:
        return "line"
    if char in _MIXED_LINES:
        return "mixed line"
    return "sign" if code < 0x3000 or char == LOST else "other"


def standing_costs(text: str) -> list[float]:
    """Return what each character of a text costs as it stands among its neighbours.

    >>> damaged, french = standing_costs("ÖÐÎÄ"), standing_costs("déjà")
    >>> sum(damaged) > 2 * sum(french)
    True
    """
    kinds = ["ascii", *map(_kind, text), "ascii"]
    befores = ["", *text]
    return [
        _standing_cost(befores[at], char, kinds[at], kinds[at + 1], kinds[at + 2])
        for at, char in enumerate(text)
    ]


def _standing_cost(before: str, char: str, kind_before: str, kind: str, kind_after: str) -> float:
    if kind in ("ascii", "letter"):
        return _ASCII_COST
    if char == before and kind not in ("han", "never"):
        return _REPEATED_COST
    if kind in _FLAT_COSTS:
        return _FLAT_COSTS[kind]
    if kind == "mark":
        return _MARK_COSTS.get(char, _SIGN_COST)
    if kind in _EAST_ASIAN:
        natural = kind == kind_before or (kind_before, kind) in _NATURAL_CHANGES
        change = 0.0 if natural or kind_before not in _EAST_ASIAN else _CHANGE_COST
        return _east_asian_cost(char, kind, kind_before) + change
    if kind in ("cyrillic", "greek"):
        if kind_before != kind:
            strange = kind_before in _STRANGERS or kind_before == "letter"
            return _STRANGE_LETTER_COST if strange else _FIRST_LETTER_COST
        return _STRANGE_LETTER_COST if before.islower() and char.isupper() else _LETTER_COST
    if _follows(before, char):
        return _LETTER_COST
    if kind == "latin":
        strangers = (kind_before in _STRANGERS) + (kind_after in _STRANGERS)
        strangers += (before.islower() and char.isupper()) or "letter" not in (kind_before, kind_after)
        return _ACCENTED_COST + strangers * _BESIDE_STRANGER_COST
    if kind in ("line", "mixed line"):
        cost = _LINE_COST if kind == "line" else _MIXED_LINE_COST
        return cost - _LINES_JOIN if kind_before == "line" else cost
    return _STRANGE_SIGN_COST if kind_before in _STRANGERS or kind_after in _STRANGERS else _SIGN_COST


def _east_asian_cost(char: str, kind: str, kind_before: str) -> float:
    if kind == "han":
        return char_cost(char)
    if char in _COMMON_HIRAGANA:
        return _HIRAGANA_COST
    if char in _COMMON_HANGUL:
        return _HANGUL_COST
    if kind == "hangul" and not encodes(char, "euc_kr"):
        return _RAREST_HANGUL_COST
    out_of_place = kind_before != kind and (kind == "half-width kana" or char in _SMALL_KANA)
    return _EAST_ASIAN_COSTS[kind] + (_CHANGE_COST if out_of_place else 0.0)


@cache
def _follows(one: str, other: str) -> bool:
    """Tell whether two signs or accented letters follow each other in an alphabet, or in a row of accents."""
    if not one or one.isascii():
        return False
    if ord(other) == ord(one) + 1:
        return True
    plain, other_plain = (unicodedata.normalize("NFD", char)[0] for char in (one, other))
    both_latin = _kind(one) == _kind(other) == "latin"
    return both_latin and 0 <= ord(other_plain) - ord(plain) <= 2


@cache
def is_east_asian(char: str) -> bool | None:
    """Tell whether a character is of an East Asian script; ``None`` where words end: at marks and spaces.

    >>> is_east_asian("中"), is_east_asian("Ö"), is_east_asian("，")
    (True, False, None)
    """
    kind = _kind(char) if char else "mark"
    if kind in ("mark", "full-width") or (kind == "ascii" and not char.isdigit()):
        return None
    return kind in _EAST_ASIAN or kind == "other" or (kind == "never" and char >= "\ue000")


@cache
def suspicion(char: str) -> float:
    """Return what a character adds to the suspicion that a text is damaged: its cost in Chinese text.

    >>> suspicion("이") < suspicion("뎨")
    True
    """
    if char in _COMMON_HANGUL or char in _LINES or char == "\xa0":
        return 0.0
    return _SUSPICIOUS_KANA if _kind(char) in ("hiragana", "katakana") else char_cost(char)


def hiragana_share(text: str) -> float:
    """Return the share of the characters of a text that are those Japanese text mostly consists of.

    >>> hiragana_share("とても良い天気")
    0.5714285714285714
    """
    return sum(map(_COMMON_HIRAGANA.__contains__, text)) / len(text)


def words_cost(text: str) -> float:
    """Return the cost of a sound Chinese text by its words."""
    return _by_words(text, [char_cost(char) for char in text], default_lexicon().cost)


def standing_words_cost(text: str, costs: list[float]) -> float:
    """Return the cost of a text as it stands by its Chinese words; ``costs`` are those of its characters.

    Characters that stand there twice in a row, as poems have them, are not twice as strange.
    """
    return _by_words(text, costs, _cost_without_repetitions)


def _by_words(text: str, costs: list[float], han_cost: Callable[[str], float]) -> float:
    total = 0.0
    done = 0
    for run in _HAN_RUN.finditer(text):
        total += sum(costs[done : run.start()]) + han_cost(run.group())
        done = run.end()
    return total + sum(costs[done:])


def _cost_without_repetitions(run: str) -> float:
    kept = [char for at, char in enumerate(run) if char not in run[max(0, at - _REPEATED_WITHIN) : at]]
    return default_lexicon().cost("".join(kept)) + _REPEATED_HAN_COST * (len(run) - len(kept))


@cache
def common_characters(least: int) -> frozenset[str]:
    """Return the Chinese characters counted so often at least in the lexicon, and the forms of Japan."""
    japanese = read_dictionary("JPShinjitaiCharacters")
    forms = frozenset(japanese).union(*japanese.values())
    return forms | {char for char in map(chr, range(0x4E00, 0xA000)) if character_frequency(char) >= least}
