"""What kind of line one is by itself: furniture, likely so, text or neither, by what words cover of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from hanfix.filters.strip.words import Cover, Token

# Share of a line's visible characters that strong words must cover for it to be furniture by itself.
# Notices carry a name or a title besides; at half, titles and prose that mention a button come in.
# Calibrated on manuals of programs, of which every third line has such words.
_MOSTLY_STRONG = 0.6
# The same for being likely furniture, which needs company: all words together, and strong ones alone.
_LIKELY_COVERED = 0.7
_LIKELY_STRONG = 0.3
# Share of a line with a time in it that must be words, numbers and the time; the rest are names.
_STAMPED_COVERED = 0.6
# The same if there is but one word.
_STAMPED_WHOLE = 0.85
# Visible characters of strong words that count in a sentence.
_SHORTEST_NOTICE = 5
# Ordinary words that must stand side by side to be a bar of links; one less with brackets around them.
_BAR_WORDS = 3
# A bar of links may hold names that no table knows: it has this many parts at least, each this short, and
# half of them are words.
MENU_PARTS = 4
_MENU_PART_LENGTH = 10
_MENU_SHARE = 0.5
# Characters up to which a line may be a headline.
_LONGEST_HEADLINE = 40
# Visible characters from which a line with a comma is a clause of a sentence and no label.
_SHORTEST_CLAUSE = 12
_SENTENCE = re.compile(r"[。!?;…~][”\"’』」)】]*$|。")
STATEMENT = re.compile(r"。|[;,、][”\"’』」)】]*$")
_CLAUSE = re.compile(r"[,;]")
_OPENING, _CLOSING = '“「『"‘', '”」』"’'
_QUOTE = re.compile(f"[{_OPENING}]")
# What stands before the name of a button that is to be used.
_CLICKED = "点戳按选击扫择复送看:个"
_SET_OFF = re.compile(r"[\]】|).] ?[\[【|(]|\||┊")
PARTS = re.compile(r"[\s|/·•>»›,、_-]+")
_BRACKETED = re.compile(r"(?:[\[【〔][^\[\]【】〔〕]{1,10}[\]】〕][ |]{0,4}){3,20}")
# Where a command of a program is: [编辑] - [连结].
_MENU_PATH = re.compile(r"(?:.{0,30}[^\]])?\[[^\[\]]{1,16}\](?: ?[-–—>→] ?\[[^\[\]]{1,16}\]){1,3}.{0,16}")
_BRACKETS = re.compile(r"[\[\]【】〔〕| ]+")
# Names set apart by bars, slashes with spaces around them, or brackets: this many make a bar of links.
_BARRED = re.compile(
    r"[^|,。!?;:]{1,12}(?: ?(?:[|┊丨]| /|/ | › | » | · ) ?[^|,。!?;:/]{1,12}){2,20}"
    r"|(?:[\[【〔][^\[\]【】〔〕,。!?;:]{1,10}[\]】〕][ |]{0,4}){3,20}"
)
_BARS = re.compile(r"[|┊丨/›»·]|\][ |]*\[|】[ |]*【|〕[ |]*〔")
# Tags behind a mark each, as blogs and albums print them below a text.
_HASHTAGS = re.compile(r"(?:#[^\s#,。!?:;]{1,24}#?[ ,、]{0,4}){2,40}")
# Words set apart by spaces that may be tags.
_SPACED_TAGS = re.compile(
    r"[^\s,。、!?:;|/()《》“”「」]{2,10}(?: {1,4}[^\s,。、!?:;|/()《》“”「」]{2,10}){2,12}"
)
_GAP = re.compile(r"[^\w]")
TIMESTAMP = re.compile(
    r"[0-9]{1,4}[-/.年月][0-9]{1,2}[^0-9:]{0,10}[0-9]{0,2}[^0-9:]{0,12}[0-9]{1,2}:[0-5][0-9]"
)
_FLOOR = re.compile(r"[0-9] ?[楼#]|# ?[0-9]")
# A place and a time, or a person, that a report begins with.
_DATELINE = re.compile(r"记者|通讯员|[日时]讯|[日时分]电|报道|寄件者|收件者|写道")
# A heading with its number, and headings that stand alone above what belongs to the text.
SECTION = re.compile(
    r"第 ?[0-9一二三四五六七八九十百]{1,5} ?[章节回卷篇部]|章 [0-9]"
    r"|[A-Z]?[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.? [^0-9]|[A-Z]\.[0-9]"
)
OWN_HEADING = re.compile(
    r"[\W0-9一二三四五六七八九十]*"
    r"(?:参考(?:文献|资料|书目)|注释|注解|脚注|附录|附注|参见|目次|摘要|前言|引言|绪论|后记|结论|结语|致谢|说明"
    r"|用料|食材|材料|配料|调料|步骤|做法|小贴士|(?:份量|分量)\W*(?:[0-9一二两三四五六八十]{1,3}\W*人份)?)\W*"
)
# What says who wrote, drew or made it, and what is enclosed.
BYLINE = re.compile(
    r"附[件录注图表] ?[0-9一二三四五六七八九]{0,2} ?:.{2,60}|(?:标题|主旨) ?:.{2,60}|编辑 {1,2}[一-龥]{2,4}"
    r"|[^。]{2,12}[讯电] ?\((?:本[报刊社台])?(?:见习|特约|实习)?(?:记者|通讯员) ?[^)]{2,40}\)"
    r"|[^。]{2,16}[0-9]{1,2}月[0-9]{1,2}日 ?(?:[电讯]|(?:专|急)电)\W*(?:[^)]{2,30}\))?|本[报刊台][讯电]\W*"
    r"|.*记者 ?:? ?[^\s:/]{2,6}.*(?:报导|报道|摄影|[一-龥]电).*"
    r"|(?:撰文|撰稿|(?:原文?)?作者|文字?|图片?|摄影|绘图|采访|译者?|口述|记者|作词|作曲|编曲|词|曲)"
    r" ?[:|/] ?[^\s:|/,。!?]{1,12}(?:[ ,、/][^\s:|/,。!?]{1,8}){0,2}"
)


class Kind(Enum):
    """What a line is made of, without regard to its place.

    ``FILLER`` is numbers, dates and rules of dashes; ``CLAUSE`` what may be a sentence or a headline.
    """

    FURNITURE = auto()
    LIKELY = auto()
    FILLER = auto()
    NEUTRAL = auto()
    CLAUSE = auto()
    TEXT = auto()


def kind_of(cover: Cover) -> Kind:
    """Return what a line is by what its words cover."""
    line = cover.line
    words = [token for token in cover.words if not is_spoken_of(line, token)]
    strong = sum(token.said for token in words if token.strong)
    covered = cover.visible - cover.uncovered
    statement = STATEMENT.search(line) is not None
    if cover.visible == 0:
        return Kind.FILLER
    if (
        OWN_HEADING.fullmatch(line)
        or BYLINE.fullmatch(line)
        or _MENU_PATH.fullmatch(line)
        or (strong < _MOSTLY_STRONG * cover.visible and SECTION.match(line))
    ):
        return Kind.NEUTRAL
    if cover.uncovered == 0 and len(words) == len(cover.words):
        if not words:
            return Kind.FILLER
        labelled = any(token.is_label and token.strong for token in words)
        if strong >= _LIKELY_STRONG * cover.visible or labelled or _is_bar(line, words):
            return Kind.FURNITURE
        if len(words) > 1 and any(map(str.isdigit, line)) and not statement:
            return Kind.FURNITURE
        if _is_stamped(cover, words):
            return Kind.FURNITURE
        return Kind.TEXT if statement else Kind.LIKELY
    if statement:
        # Short words come together in sentences too.
        strong = sum(token.said for token in words if token.strong and token.said >= _SHORTEST_NOTICE)
    if strong >= _MOSTLY_STRONG * cover.visible:
        return Kind.FURNITURE
    if words and (is_menu(line, words) or _is_stamped(cover, words)):
        return Kind.FURNITURE
    sentence = _SENTENCE.search(line) is not None
    if not sentence and (
        strong >= _LIKELY_STRONG * cover.visible
        or (words and covered >= _LIKELY_COVERED * cover.visible and "《" not in line)
    ):
        return Kind.LIKELY
    if len(line) > _LONGEST_HEADLINE or statement:
        return Kind.TEXT
    if sentence or (cover.visible >= _SHORTEST_CLAUSE and _CLAUSE.search(line)):
        return Kind.CLAUSE
    return Kind.NEUTRAL


def is_spoken_of(line: str, token: Token) -> bool:
    """Tell whether words stand between quotation marks, and no reader is told to click them."""
    if not _QUOTE.search(line):
        return False
    opening = max(line.rfind(mark, 0, token.start + 1) for mark in _OPENING)
    if opening < 0 or max(line.rfind(mark, opening, token.start) for mark in _CLOSING) > opening:
        return False
    return opening == 0 or line[opening - 1] not in _CLICKED


def _is_bar(line: str, words: Sequence[Token]) -> bool:
    """Tell whether words stand side by side, set off from each other as links are."""
    if STATEMENT.search(line):
        return False
    if len(words) >= _BAR_WORDS:
        return all(
            one.end == other.start or _GAP.search(line[one.end : other.start])
            for one, other in pairwise(words)
        )
    return len(words) == _BAR_WORDS - 1 and _SET_OFF.search(line) is not None


def is_menu(line: str, words: Sequence[Token], share: float = _MENU_SHARE) -> bool:
    """Tell whether a line is a row of short names, this share of which are words of interfaces."""
    marks = _BRACKETS if _BRACKETED.fullmatch(line) else PARTS
    parts = [part for part in marks.split(line) if part]
    if (
        SECTION.match(line)
        or len(parts) < MENU_PARTS
        or max(map(len, parts)) > _MENU_PART_LENGTH
        or _SENTENCE.search(line)
    ):
        return False
    known = {line[token.start : token.end].strip() for token in words}
    return sum(part in known for part in parts) >= share * len(parts)


def bars(line: str) -> int:
    """Return how many bars stand between names in a line of nothing else; none in any other line."""
    if SECTION.match(line) or BYLINE.fullmatch(line) or not _BARRED.fullmatch(line):
        return 0
    return len(_BARS.findall(line))


def are_tags(line: str, text: str) -> bool:
    """Tell whether a line is tags, with marks or else words that the text is about for the most part."""
    if _HASHTAGS.fullmatch(line):
        return True
    if not _SPACED_TAGS.fullmatch(line) or line.isascii():
        return False
    tags = line.split()
    return 2 * sum(tag in text for tag in tags) >= len(tags)


def _is_stamped(cover: Cover, words: Sequence[Token]) -> bool:
    """Tell whether a line is the time of a post or an article with words of interfaces around it."""
    line = cover.line
    share = 1 - cover.uncovered / cover.visible
    is_whole = share >= _STAMPED_WHOLE and not any(token.is_label for token in words)
    if (
        share < _STAMPED_COVERED
        or not TIMESTAMP.search(line)
        or _SENTENCE.search(line)
        or _DATELINE.search(line)
    ):
        return False
    return len(words) > 1 or _FLOOR.search(line) is not None or is_whole
