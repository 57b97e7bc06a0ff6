"""Characters that nobody sees: without width, for direction, for control, left in Chinese text.

They are marks against copying, left-overs of layout programs, of converters and of terminals; they break
searching and the counting of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, NamedTuple

from hanfix.document import LINE, Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.classes import HAN, MARKS, ZERO_WIDTH
from hanfix.filters.repair.mention import around
from hanfix.filters.rounds import in_rounds

_ZERO_WIDTH, _BOM = "repair/zero-width", "repair/inner-bom"
_CONTROL, _CONTROL_LEAN = "repair/control-character", "repair/control-character-lean"
_DIRECTION, _ANNOTATION, _TAG = "repair/direction-mark", "repair/annotation-anchor", "repair/tag-character"

# Not tab, line feed, form feed, carriage return, next line; nor backspace and escape, by which terminals
# overstrike and colour. Noncharacters are of no use either.
_C0 = "\x00-\x07\x0b\x0e-\x1a\x1c-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff"
_C1 = "\x80-\x84\x86-\x9f"
# Embeddings and isolates. What they do depends on letters that run from right to left.
_DIRECTIONS = "\u202a-\u202e\u2066-\u2069"
_ANCHORS = "\ufff9-\ufffb"
_TAGS = "\U000e0001\U000e0020-\U000e007f"
# Classes within the BMP are searched for nearly twice as fast as others, and characters than runs. Runs are
# bounded: no layout has one so long.
_ANY = f"[{ZERO_WIDTH}{_C0}{_C1}{_DIRECTIONS}{_ANCHORS}]"
_RUN = re.compile(f"{_ANY}{_ANY}{{0,63}}")
_KINDS = re.compile(f"(?P<width>[{ZERO_WIDTH}{_DIRECTIONS}]+)|(?P<anchor>[{_ANCHORS}])|[{_C0}]+|[{_C1}]+")
_TAG_EVIDENCE = "\U000e0001".encode("utf-16-le")[:2]
_DIRECTION_RUN = re.compile(f"[{_DIRECTIONS}]")
_TAG_RUN = re.compile(f"[{_TAGS}][{_TAGS}]{{0,999}}")
_ANNOTATED = re.compile("(\ufff9)[^\ufff9-\ufffb\r\n]{1,200}(\ufffa)[^\ufff9-\ufffb\r\n]{1,200}(\ufffb)")
_CHINESE = re.compile(f"[{HAN}{MARKS}]")
# What a run without width may have on its other side: nothing to which it could belong. Markdown has one
# beside its asterisks, so that they take effect between characters.
_NEUTRAL = re.compile(f"[{HAN}{MARKS}0-9A-Za-z \t\r\n,.:;!?()\\[\\]%/+-]")
_FROM_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_OVERRIDES = re.compile("[\u202d\u202e]")
_WRONGLY_DECODED = re.compile(f"[{_C1}]\u00ad|\u00ad[{_C1}]")
_C0_ONLY = re.compile(f"[{_C0}]")
_LATIN_1 = re.compile("[\u0080-\u00ff]")
_BLACK_FLAG = "\U0001f3f4"  # begins the flags of regions, which are spelled in tags

# What stands beside a character that is meant in a string or a class of characters.
_LITERAL_BEFORE, _LITERAL_AFTER = tuple("'\"`/[^"), tuple("'\"`/]")

# Controls that some formats put between fields; so many lines with the same number of them show that.
_SEPARATORS = "\x01\x02\x03\x1c\x1d\x1e\x1f"
_LINES_OF_A_TABLE = 3


_WHY = {
    _ZERO_WIDTH: "characters without width beside Chinese",
    _BOM: "a byte order mark inside the text",
    _CONTROL: "control characters",
    _CONTROL_LEAN: "control characters above ASCII",
    _DIRECTION: "marks for direction in a line from left to right",
    _ANNOTATION: "an anchor without an annotation",
}


@dataclass(frozen=True)
class Invisible(Filter):
    r"""Drop characters that nobody sees from Chinese text.

    Left alone: what shapes other text: joiners in emoji and in Persian, Arabic and Indic words, soft hyphens
    in words of letters, marks for direction in lines that run from right to left, overrides of direction
    (they turn the text round), tags that spell the flag of a region; variation selectors; tabs, form feeds,
    line ends, and what colours text in terminals; control characters that separate the fields of a table;
    those of wrongly decoded text, which say what it was; annotations that are complete.

    >>> Invisible()("和\u200b谐\u00ad社\ufeff会\x00")
    '和谐社会'
    >>> Invisible()("一家👨\u200d👩\u200d👧，Donau\u00addampf").count("\u200d")
    2
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _ZERO_WIDTH,
            "characters without width and soft hyphens beside Chinese characters, dropped",
            Risk.SAFE,
            examples=(
                Example("和\u200b谐\u2060社\u200d会", "和谐社会"),
                Example("中\u00ad国，\u200c人民", "中国，人民"),
                Example("\u200b第一段\u200b\n第二段", "第一段\n第二段"),
            ),
            keeps=(
                "一家👨\u200d👩\u200d👧",
                "می\u200cخواهم 中文",
                "Donau\u00addampf 中文",
                "क्\u200dष 中文",
                "中文**\u200b强调\u200b**中文",
            ),
        ),
        Rule(
            _BOM,
            "a byte order mark inside the text, dropped",
            Risk.SAFE,
            examples=(Example("first line\n\ufeffsecond line", "first line\nsecond line"),),
            keeps=("text.lstrip('\ufeff')", '"\ufeff"'),
        ),
        Rule(
            _CONTROL,
            "control characters and noncharacters in Chinese lines, dropped",
            Risk.LIKELY,
            examples=(Example("中\x00国\x0b人\x7f民", "中国人民"), Example("第\uffff一", "第一")),
            keeps=(
                "\x1b[31m红\x1b[0m",
                "_\x08粗",
                "第一页\f第二页",
                "甲\x01乙\n丙\x01丁\n戊\x01己",
                "\\w\x07abc\x07",
            ),
        ),
        Rule(
            _CONTROL_LEAN,
            "control characters above ASCII, which wrong decoding leaves, dropped",
            Risk.GUESS,
            examples=(Example("中\x81国", "中国"),),
            keeps=("ÿ\x90中", "中\x85国"),
        ),
        Rule(
            _DIRECTION,
            "marks for direction in lines that run from left to right, dropped",
            Risk.LIKELY,
            examples=(Example("\u202a中国\u202c人\u2068民\u2069", "中国人民"),),
            keeps=("\u202bשלום\u202c 中国", "\u202e国中\u202c", "\u2066abc\u2069 English only"),
        ),
        Rule(
            _ANNOTATION,
            "an anchor of an annotation that is not there, dropped",
            Risk.LIKELY,
            examples=(Example("中\ufff9国\ufffb人", "中国人"),),
            keeps=("\ufff9漢字\ufffaかんじ\ufffb", "\ufff9東京\ufffaとうきょう\ufffbへ"),
        ),
        Rule(
            _TAG,
            "tag characters outside the flags of regions, dropped",
            Risk.LIKELY,
            examples=(Example("中国\U000e0068\U000e0069人民", "中国人民"),),
            keeps=("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 队", "葛\U000e0100城"),
        ),
    )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield an edit for each run of characters to be dropped."""
        text = doc.text
        # Only a text with characters outside the BMP takes more than two bytes each in UTF-16.
        encoded = text.encode("utf-16-le", "surrogatepass")
        if len(encoded) > 2 * len(text) and _TAG_EVIDENCE in encoded:
            # When tags are gone, what stood on either side of them stands together.
            yield from in_rounds(
                text, lambda now: sorted([*_in_runs(now), *_tags(now)]), last={_CONTROL_LEAN}
            )
        elif _RUN.search(text):
            yield from _in_runs(text)


def _in_runs(text: str) -> Iterator[Edit]:
    """Yield the edits of what stands in runs of invisible characters, each run with its neighbours."""
    separators = frozenset(char for char in _SEPARATORS if char in text and _separates_fields(text, char))
    complete: frozenset[int] = frozenset()
    if "\ufffb" in text:
        complete = frozenset(
            match.start(group) for match in _ANNOTATED.finditer(text) for group in range(1, 4)
        )
    # Whether anything runs from the right in the text; looked for when it matters first.
    any_from_right: bool | None = None
    for match in _RUN.finditer(text):
        run = _Run(match.group(), *around(text, *match.span()))
        for part in _KINDS.finditer(run.text):
            start, end = match.start() + part.start(), match.start() + part.end()
            if part["anchor"]:
                rule = None if start in complete else _ANNOTATION
            elif not part["width"]:
                rule = run.rule_of_control(part.group()) if separators.isdisjoint(part.group()) else None
            elif (rule := run.rule_of_width(part.group())) is not None:
                if any_from_right is None:
                    any_from_right = bool(_FROM_RIGHT.search(text) or _OVERRIDES.search(text))
                if any_from_right and run.is_from_right():
                    rule = None
            if rule is not None:
                yield Edit(start, end, "", rule, _WHY[rule])


class _Run(NamedTuple):
    """A run of invisible characters between what stands before and after it in its line."""

    text: str
    before: str
    after: str

    def is_from_right(self) -> bool:
        """Tell whether the line runs from right to left, or is turned round by an override."""
        line = self.before + self.text + self.after
        return bool(_OVERRIDES.search(line) or _FROM_RIGHT.search(line))

    def is_in_chinese(self) -> bool:
        """Tell whether the line has Chinese in it."""
        return bool(_CHINESE.search(self.before) or _CHINESE.search(self.after))

    def rule_of_control(self, part: str) -> str | None:
        """Return the rule by which control characters are dropped, or ``None`` if they stay."""
        if not self.is_in_chinese() or _WRONGLY_DECODED.search(self.text):
            return None
        if _C0_ONLY.match(part):
            return _CONTROL
        return None if _LATIN_1.search(self.before[-1:] + self.after[:1]) else _CONTROL_LEAN

    def rule_of_width(self, part: str) -> str | None:
        """Return the rule by which characters without width are dropped, or ``None`` if they stay."""
        if _WRONGLY_DECODED.search(self.text):
            return None
        last, first = self.before[-1:], self.after[:1]
        neutral = all(not char or _NEUTRAL.match(char) for char in (last, first))
        if _DIRECTION_RUN.search(part):
            return _DIRECTION if neutral and self.is_in_chinese() else None
        if neutral and (_CHINESE.match(last) or _CHINESE.match(first)):
            return _ZERO_WIDTH
        if part.strip("\ufeff") or last in _LITERAL_BEFORE or first in _LITERAL_AFTER:
            return None
        return _BOM


def _separates_fields(text: str, char: str) -> bool:
    """Tell whether the first lines of a text all have the same number of a character."""
    lines = [match.group().count(char) for match in islice(LINE.finditer(text), _LINES_OF_A_TABLE)]
    return len(lines) == _LINES_OF_A_TABLE and lines[0] > 0 and len(set(lines)) == 1


def _tags(text: str) -> Iterator[Edit]:
    """Yield the edits of tag characters."""
    for match in _TAG_RUN.finditer(text):
        if not text.startswith(_BLACK_FLAG, match.start() - 1):
            yield Edit(*match.span(), "", _TAG, "tag characters")
