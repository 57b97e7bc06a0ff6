"""The shadow of a text: the same characters, but for what rules of punctuation must not look into."""

from __future__ import annotations

import re

from hanfix.document import LINE
from hanfix.filters.punctuate.line import BLANK, OPAQUE
from hanfix.guard import GUARDS, guarded

_WORDS = tuple(guard for guard in GUARDS if guard != "html-tag")
_NOT_LINE_END = re.compile(r"[^\r\n]")
_ENTITY = re.compile(r"&#?[A-Za-z0-9-]{1,31};")
_LINK_TITLE = re.compile(r"(?<=\])\([^()\s]{1,2000}[ \t]{1,9}(?:\"[^\"\r\n]{0,500}\"|'[^'\r\n]{0,500}')\)")
# Faces, and names of pictographs between colons. A bracket of a face has no partner.
_FACE = re.compile(
    r"[:;=8][-'^o]?[DPpOo3*](?![A-Za-z0-9])|[:;=]-[()\[\]/\\|]|(?<![:A-Za-z0-9]):[a-z+-][a-z0-9_+-]{1,30}:(?![A-Za-z0-9])|\^_{1,3}\^|[Tt>]_{1,3}[Tt<]"
)
# Without a nose it is one if its bracket has no partner in the line.
_SMILE = re.compile(r"[:;=]'?(?:\)\)?|\(\(?)(?![A-Za-z0-9])")
# Apostrophes, minutes and seconds, decades; inches are known by the marks around them.
_APOSTROPHE = re.compile(
    r"(?<=[A-Za-z0-9])'(?=[A-Za-z])|(?<=[A-Za-z]s)'(?= )|(?<=[0-9])'(?: ?[0-9]{1,2}(?:\"|'')?)?(?![^\W_])"
    r"|(?<![A-Za-z0-9０-９])'(?=[0-9０-９]{2}(?![0-9０-９'])|[0-9]0s)"
)


def shadow_of(text: str) -> str:
    """Return a text of the same length, with signs for a word in place of addresses, code and entities.

    >>> shadow_of("见http://a.cn，好").replace(OPAQUE, "~")
    '见~~~~~~~~~~~，好'
    """
    hidden = list(_LINK_TITLE.sub(_hidden, text) if "](" in text else text)
    for guards, char in ((_WORDS, OPAQUE), (("html-tag",), BLANK)):
        for start, end in guarded(text, guards).spans:
            hidden[start:end] = _NOT_LINE_END.sub(char, text[start:end])
    shown = "".join(hidden)
    if "&" in shown:
        shown = _ENTITY.sub(_hidden, shown)
    if "'" in shown:
        shown = _APOSTROPHE.sub(_hidden, shown)
    shown = _FACE.sub(_blank, shown)
    return LINE.sub(_without_smiles, shown) if _SMILE.search(shown) else shown


def _opened(text: str) -> int:
    """Return how many brackets more are opened than closed."""
    return sum(map(text.count, "(（")) - sum(map(text.count, ")）"))


def _without_smiles(match: re.Match[str]) -> str:
    """Return a line with blanks for faces whose mouth is a bracket that belongs to no other."""
    line = match.group()
    open_brackets = 0
    last = 0
    chars = list(line)
    left_over = _opened(line)
    for face in _SMILE.finditer(line):
        between = line[last : face.start()]
        open_brackets = max(
            0, open_brackets + sum(map(between.count, "(（")) - sum(map(between.count, ")）"))
        )
        last = face.start()
        smiles = face.group()[-1] == ")"
        if (open_brackets == 0) if smiles else (left_over > 0):
            last = face.end()
            chars[face.start() : last] = BLANK * len(face.group())
    return "".join(chars)


def _hidden(match: re.Match[str]) -> str:
    return OPAQUE * len(match.group())


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match.group())
