"""UTF-8 read as a single-byte codec (``é›…`` for ``雅``): what ftfy repairs, where it does no harm.

ftfy knows this damage best, but its defaults are not made for Chinese: they turn full-width punctuation and
curly quotes into ASCII, and they take GBK read as Latin-1 (``ÖÐÎÄ``) to pieces, which could have been put
right. So ftfy is called with a configuration that repairs encodings only, on the stretches that can hold
what it repairs, one stretch at a time, and what it returns is taken only when nothing of it looks damaged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag, between
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.repair.mention import is_shown

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

# A character that a lead byte of UTF-8 becomes in a single-byte codec, and one that a continuation byte does.
_EVIDENCE = re.compile(r"[\u00c2-\u017f\u0370-\u052f„‰√][\u0080-\u052f\u2010-\u25ff]")
# No character of Chinese text comes out of a single-byte codec, so damage never reaches across one.
_STRETCH = re.compile(r"[^\r\n\u2e80-\U0010ffff]*")
# How far, in characters, a stretch is followed to either side of the evidence.
_FARTHEST = 10_000
# Fewer letters than this of a script that is neither Latin nor East Asian are an accident of the bytes.
_FEWEST_LETTERS = 4
_EXPECTED_SCRIPTS = frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH"})


@cache
def _configuration() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
    )


@dataclass(frozen=True)
class Mojibake(Filter):
    """Put right UTF-8 that was read as windows-1252, Latin-1, windows-1250, Mac Roman or code page 437.

    Left alone: accented letters and symbols of sound text; GBK or Big5 read as a single-byte codec; any
    stretch in which something would still look damaged afterwards; code, and talk about encodings.

    >>> Mojibake()("作者：é›…æ€§")
    '作者：雅性'
    >>> Mojibake()("Ça coûte 20 € à l’hôtel — déjà vu…")
    'Ça coûte 20 € à l’hôtel — déjà vu…'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.LINE
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "repair/mojibake",
            "UTF-8 that was read as a single-byte codec, put right by ftfy",
            Risk.LIKELY,
            examples=(Example("他住在lâ€™hÃ´tel", "他住在l’hôtel"), Example("CafÃ© crÃ¨me", "Café crème")),
            keeps=("Ça coûte 20 €, déjà vu à l’hôtel", "Ã, Â und â€ž sind Spuren von UTF-8"),
        ),
    )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield what ftfy changes in the stretches that can hold such damage."""
        text = doc.text
        done = 0
        while (evidence := _EVIDENCE.search(text, done)) is not None:
            at = evidence.start()
            before = _STRETCH.match(text[max(done, at - _FARTHEST) : at][::-1])
            after = _STRETCH.match(text, at, at + _FARTHEST)
            assert before is not None and after is not None, "the pattern matches the empty string"
            start, done = at - before.end(), after.end()
            if not is_shown(text, start, done):
                yield from _mended(text[start:done], start)


def _mended(stretch: str, offset: int) -> Iterator[Edit]:
    # Imported here: most text needs no ftfy, and importing it takes longer than reading most texts.
    from ftfy import fix_and_explain
    from ftfy.badness import is_bad

    mended, explanation = fix_and_explain(stretch, _configuration())
    if mended == stretch or is_bad(mended):
        return
    steps = ", ".join(f"{step.action} {step.parameter}" for step in explanation or ())
    edits = list(between(stretch, mended, rule="repair/mojibake", why=f"ftfy: {steps}", offset=offset))
    if all(_expected(edit.new) for edit in edits):
        yield from edits


def _expected(text: str) -> bool:
    """Tell whether what came out is Latin or East Asian, or whole words of another script."""
    scripts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            script = unicodedata.name(char, "UNKNOWN").split(" ")[0].split("-")[0]
            scripts[script] = scripts.get(script, 0) + 1
    return all(script in _EXPECTED_SCRIPTS or count >= _FEWEST_LETTERS for script, count in scripts.items())
