"""The conversions of the package ``opencc-python-reimplemented``, for those who need exactly its results."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from opencc import OpenCC

from hanfix.edit import Edit, between
from hanfix.registry import did_you_mean

PACKAGE = "opencc-python-reimplemented"


@cache
def available() -> tuple[str, ...]:
    """Return the names of the configurations that the package has."""
    folder = files("opencc").joinpath("config")
    names = (each.name for each in folder.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


@cache
def conversion(name: str) -> OpenccPython:
    """Return a configuration of the package; raises ``ValueError`` when it has none of that name."""
    if name not in available():
        hint = did_you_mean(name, list(available()))
        raise ValueError(f"{PACKAGE} has no configuration {name!r}{hint}; engine 'compiled' has them all")
    return OpenccPython(name)


class OpenccPython:
    """One configuration of the package.

    >>> conversion("s2t").convert("头发")
    '頭髮'
    """

    # The package does not tell them.
    phrases: tuple[str, ...] = ()

    def __init__(self, name: str) -> None:
        self._opencc = OpenCC(name)
        self._why = f"{PACKAGE}, {name}"

    def convert(self, text: str) -> str:
        """Return the text converted."""
        converted: str = self._opencc.convert(text)
        return converted

    def edits(self, text: str) -> Iterator[Edit]:
        """Yield what ``convert`` changes; the package does not say by which entry."""
        start = 0
        # The package converts what stands between separators piece by piece.
        for piece in self._opencc.split_chars_re.split(text):
            for edit in between(piece, self.convert(piece), rule="convert/character", offset=start):
                length = max(edit.end - edit.start, len(edit.new))
                rule = "convert/character" if length == 1 else "convert/phrase"
                yield edit._replace(rule=rule, why=f"{self._why}: {text[edit.start : edit.end]} → {edit.new}")
            start += len(piece)
