"""The marks that split words, and what a find of each is worth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Marks:
    """Separators that look alike, and what a find of them in the middle of a word is worth.

    The two costs are in nats (natural log of odds): a join must make the text that much more probable as
    Chinese, for a word of the often-split list and for any other word (infinite: never). They follow how
    often the mark stands between two characters in sound text: hyphens and asterisks hardly ever, middle
    dots, slashes, tildes and plus signs now and then, full stops and spaces of informal typists all the time.
    Where the characters around the mark go together so much better than they would on both sides of a pause
    (see ``pauses``), in nats too, any other word costs little.
    """

    rule: str
    members: str
    listed_cost: float
    other_cost: float
    closeness: float


HYPHEN, DOT, SYMBOL, SPACE = "rejoin/hyphen", "rejoin/dot", "rejoin/symbol", "rejoin/space"
LETTER_BAR, STOPS, NO_WIDTH = "rejoin/letter-bar", "rejoin/stops", "rejoin/zero-width"
# These have a second rule, named with "-lean", for what is found on less evidence.
LEAN_RULES = (HYPHEN, DOT, SYMBOL, SPACE)
# A word must have the same mark, up to its width and look, in all its gaps: hence the groups.
_MARKS: tuple[Marks, ...] = (
    Marks(HYPHEN, "-‐‑‒–−﹣－", 0.0, 5.5, 4.0),
    Marks(HYPHEN, "—―─", 1.5, 9.0, 7.0),
    Marks(DOT, "·•・･‧∙⋅", 1.5, 10.0, 6.0),
    Marks(DOT, ".．﹒", 3.0, 14.0, 8.5),
    Marks(SYMBOL, "*＊﹡", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "_＿", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "/／", 1.5, 10.5, 7.0),
    Marks(SYMBOL, "\\＼", 0.0, 6.5, 5.0),
    Marks(SYMBOL, "|｜¦", 0.0, 5.5, 5.0),
    Marks(SYMBOL, "~～∼", 1.5, 8.0, 8.0),
    Marks(SYMBOL, "^＾", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "'＇’", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "#＃", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "@＠", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "+＋", 1.5, 9.0, 7.0),
    Marks(SYMBOL, "&＆", 1.5, 10.0, 8.0),
    Marks(SYMBOL, "$＄￥", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "%％", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "★☆", 0.0, 4.0, 1.0),
    Marks(SYMBOL, "▲△", 0.0, 4.0, 1.0),
    Marks(LETTER_BAR, "丨", 0.0, 5.5, 5.0),
    Marks(LETTER_BAR, "l", 1.5, 11.0, 10.0),
    Marks(SPACE, " \u00a0\u2002\u2003\u2009\u3000", 3.0, 11.0, 8.0),
    Marks(STOPS, ",，", 4.0, 9.0, inf),
    Marks(STOPS, "。", 4.0, 9.0, inf),
    Marks(STOPS, "、", 6.0, inf, inf),
)
MIDDLE_DOT = "·"
UNDERSCORE = "_"
# Any other mark is one that the user named; but pictographs end clauses, as full stops do.
_OTHER_MARK = Marks(SYMBOL, "", 0.0, 4.0, 1.0)
_PICTOGRAPH_MARK = Marks(SYMBOL, "", 1.5, 10.0, 7.0)
MARK_OF = {member: marks for marks in _MARKS for member in marks.members}
DEFAULT_SEPARATORS = "".join(marks.members for marks in _MARKS)
# Marks that may stand doubled or tripled, in two gaps or more of a word often split: 毛---主---席. In one gap
# they may be a dash or set off words, as in Markdown (这是**重点**); the em dash itself is two; spaces are
# layout.
DOUBLED = "-‐‑‒–−﹣－·•・･‧∙⋅.．﹒*＊﹡_＿/／\\＼|｜~～∼^＾'＇#＃@＠+＋&＆$＄￥%％★☆▲△"
MOST_DOUBLED = 3
EMOJI_STYLE = "\ufe0f"  # may follow a pictograph, to have it drawn in colour
# Without the empty squares, which stand for characters that are masked or lost.
PICTOGRAPHS = (
    "\u25a0\u25a3-\u25cf\u2b1b\u2b1c\u2b50\u2b55\u2600-\u27bf"
    "\U0001f004\U0001f0cf\U0001f170-\U0001f19a\U0001f201-\U0001f251\U0001f300-\U0001faff"
)
_IS_PICTOGRAPH = re.compile(f"[{PICTOGRAPHS}]")
HAN = "\u3400-\u4e27\u4e29-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # without 丨, which is drawn as a bar
HAN_CLASS = f"[{HAN}]"
# Marks that cost an unlisted word no more than this hardly ever stand between Chinese characters.
RARE_MARK = 4.0
# Marks that cost an unlisted word so much are common in sound text of some kind.
COMMON_MARK = 11.0


def marks_of(separator: str) -> Marks:
    """Return the group that a separator belongs to, any one that a user named among them."""
    known = MARK_OF.get(separator)
    if known is not None:
        return known
    return _PICTOGRAPH_MARK if _IS_PICTOGRAPH.match(separator) else _OTHER_MARK


def kind_of(separator: str) -> str:
    """Return what stands for all separators that look alike."""
    return marks_of(separator).members[:1] or separator


def alike(kind: str) -> str:
    """Return all separators that look like the one that stands for them."""
    return marks_of(kind).members or kind
