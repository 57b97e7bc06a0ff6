"""Lines as they are laid out: where they stand, how wide they are, what kind of line they are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise, takewhile

from hanfix.document import LINE_END
from hanfix.filters.classes import HAN

# Wider lines were not wrapped to be read: 132 columns is the widest that printers and terminals had.
WIDEST = 132
# Narrower ones are verse and lists, if anything: 12 characters.
NARROWEST = 24
# Marks that may not begin a line, and those that may not end one.
CLOSERS = "。，、．！？；：…—”’」』）》】〕〉,.!?;:)\\]%％"
OPENERS = "“‘「『（《【〔〈(\\["

_SPACE = " \t\u3000\u00a0"
# What a program that wraps lines keeps together: a word of letters or a character, and the marks beside it.
_UNIT = re.compile(
    rf"(?P<core>[{OPENERS}]{{0,3}}(?:[A-Za-z0-9_'’./:@%+-]{{1,30}}|.))[{CLOSERS}]{{0,3}}", re.DOTALL
)

_NUMERAL = "[0-9０-９一二三四五六七八九十百千零〇]"
# A line that begins so begins an item, a section or somebody's turn.
_BEGINS_ITEM = re.compile(
    r"[-*+·–—] |[•●○◆◇■□▪▲△►▶➤※☆★◎→]"
    r"|[0-9]{1,3}(?:[、．)）]|\.(?![0-9]))|[0-9]{1,2}(?:\.[0-9]{1,2}){2,4}|[0-9]{1,2}\.[0-9]{1,2}\.? "
    rf"|[(（\[]{_NUMERAL}{{1,3}}[)）\]]|[①-⒛㈠-㈩]|[一二三四五六七八九十]{{1,3}}[、．.]"
    rf"|[A-Za-z][.．、)）](?![A-Za-z])|#{{1,6}} |[QA][：:]"
    rf"|第[ \u00a0]?{_NUMERAL}{{1,7}}[ \u00a0]?[章回节節卷篇部集条條款](?=[\s：:]|\Z)"
)
_NEVER = re.compile(
    # Columns of a table, forms, contents with leaders.
    r"\S(?: {3}|\u3000\u3000|\t)\s*\S|\|[^|]*\||[│┃║─━═┌└├╔╚]|_{4}|[.·․…]{4,}\s*[0-9]{1,4}\s*$"
    # Rules, fences, cues, comments and commands, quoted mail, tags.
    r"|^\s*([-=_*~#+.—─…·])\1{2,}\s*$|^\s*(?:```|~~~|//|/\*|\*/|[#%;>|$<{}@]|\\|\.[\\A-Z]|\.[a-z]{2}(?:\s|$))|-->|[\x0b\x0c\x1b]"
    # Statements.
    r"|[{};\\]\s*$|&&|=>|[=!]=|\w\(\)"
    # Paths of files, one a line.
    r"|^\s*(?:[^\s/\\，。；！？]{0,99}[/\\]){1,40}[^\s/\\，。；！？]{1,99}\.[A-Za-z][A-Za-z0-9]{0,4}\s*$"
    r"|^\s*(?:def|class|if|for|while|return|import|from|else|var|let|const|function|public|private|using)\b"
)
_HEADING = re.compile(rf"第{_NUMERAL}{{1,7}}[章回卷篇部集]")
_MARK = "[，。、；！？：,.;!?:]"
# Verse of lines of four to seven characters, two of them or more in one: each ends with a mark.
_VERSE = re.compile(
    rf"[“「『]?(?:[{HAN}]{{4}}{_MARK}[{HAN}]{{4}}{_MARK}){{1,3}}[”」』]?"
    rf"|[“「『]?(?:[{HAN}]{{5}}{_MARK}){{2,4}}[”」』]?|[“「『]?(?:[{HAN}]{{6}}{_MARK}){{2}}[”」』]?"
    rf"|[“「『]?(?:[{HAN}]{{7}}{_MARK}){{2}}[”」』]?"
)
# What ends a sentence, with quotation marks and brackets that close behind it.
_SENTENCE_END = re.compile(
    r"(?P<mark>[。！？!?…—～~]|(?<=[^A-Za-z0-9])\.)(?P<close>[”’」』）)》】\"']{0,3})\Z"
)
_WIDE_CLASSES = "WF"


class End(Enum):
    """How a line ends: within a sentence, or with one of the marks after which a paragraph may end."""

    INSIDE = "inside"
    COMMA = "comma"
    COLON = "colon"
    STOP = "stop"
    CALL = "call"
    CLOSED = "closed"

    @property
    def may_end_paragraph(self) -> bool:
        """Tell whether paragraphs end so."""
        return self not in (End.INSIDE, End.COMMA)


@dataclass(slots=True)
class Line:
    """A line that is not blank.

    ``text`` is what it says, ``body`` and ``stop`` are where its characters begin and end, white space left
    out; ``right`` is the column of its right edge, ``indent`` that of its left; ``unit`` is the width of
    what may not be parted at its beginning, ``core`` the same without the marks behind it. ``blanks`` counts
    the blank lines before.
    """

    text: str
    body: int
    stop: int
    blanks: int
    indent: int
    right: int
    unit: int
    core: int
    han: int
    first: str
    last: str
    end: End
    begins_item: bool
    never: bool
    heading: bool
    verse: bool


class Measure(Enum):
    """How a program counts the width of a line."""

    WIDE = "columns, quotation marks and dots two wide"
    NARROW = "columns, quotation marks and dots one wide"
    CHARACTERS = "characters"


class _Codes(dict[int, str]):
    """Characters as ``w`` (two columns), ``a`` (one or two), ``z`` (none) or ``n`` (one), as they are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.east_asian_width(char)
        if kind in _WIDE_CLASSES:
            found = "w"
        elif unicodedata.category(char) in ("Mn", "Me", "Cf"):
            found = "z"
        else:
            found = "a" if kind == "A" else "n"
        self[code] = found
        return found


_CODES = _Codes()


class Ruler:
    """Measure pieces of one stretch of text."""

    def __init__(self, text: str, offset: int, measure: Measure) -> None:
        self._codes = text.translate(_CODES)
        self._offset = offset
        self._measure = measure

    def width(self, start: int, end: int) -> int:
        """Return the width of ``text[start:end]``, offsets as in the document; a character counts two."""
        if self._measure is Measure.CHARACTERS:
            return 2 * (end - start)
        start, end = start - self._offset, end - self._offset
        codes = self._codes
        width = end - start + codes.count("w", start, end) - codes.count("z", start, end)
        if self._measure is Measure.WIDE:
            width += codes.count("a", start, end)
        return width

    def wide(self, start: int, end: int) -> int:
        """Return how many characters of ``text[start:end]`` are two columns wide."""
        return self._codes.count("w", start - self._offset, end - self._offset)


def end_of(body: str) -> End:
    """Tell how a line ends.

    >>> end_of("他说：“好。”"), end_of("我们的"), end_of("好，")
    (<End.CLOSED: 'closed'>, <End.INSIDE: 'inside'>, <End.COMMA: 'comma'>)
    """
    last = body[-1:]
    if last in "，、；,;":
        return End.COMMA
    if last in "：:":
        return End.COLON
    # What follows a mark is three characters at most.
    match = _SENTENCE_END.search(body, max(0, len(body) - 5))
    if not match:
        return End.INSIDE
    if match["close"]:
        return End.CLOSED
    return End.STOP if match["mark"] in "。." else End.CALL


# Where the lines of a stretch stand: first and last character with the blank lines before.
Place = tuple[int, int, int]


def stretches(text: str) -> Iterator[list[Place]]:
    """Yield runs of lines no wider than any that was wrapped, blank lines left out; two lines at least."""
    run: list[Place] = []
    blanks = 0
    start = 0
    for match in LINE_END.finditer(text):
        end = match.start()
        if end - start > WIDEST:
            if len(run) > 1:
                yield run
            run, blanks = [], 0
        elif start == end or text[start:end].isspace():
            blanks += 1
        else:
            run.append((start, end, blanks))
            blanks = 0
        start = match.end()
    if 0 < len(text) - start <= WIDEST and not text[start:].isspace():
        run.append((start, len(text), blanks))
    if len(run) > 1:
        yield run


def may_be_wrapped(text: str, run: Sequence[Place]) -> bool:
    """Tell at a glance whether two lines of a stretch break off inside a sentence at much the same width."""
    last_length = last_width = 0
    for (start, end, _), (next_start, next_end, blanks) in pairwise(run):
        length = end - start
        if blanks or next_end - next_start > length + _LONGER or 2 * length < NARROWEST:
            continue
        line, lower = text[start:end].rstrip(), text[next_start:next_end].lstrip()
        # Blank lines are no lines of a stretch, so both have a character.
        if not ("\u3400" <= line[-1] <= "\u9fff" and "\u3400" <= lower[0] <= "\u9fff"):
            continue
        # As many columns as bytes, near enough.
        width = len(line.encode("gbk", "replace"))
        if abs(width - last_width) <= _MUCH_THE_SAME or abs(length - last_length) <= _MUCH_THE_SAME // 2:
            return True
        last_length, last_width = length, width
    return False


# Characters: a word of letters that did not fit the line before, or marks that hang over.
_LONGER = 12
_MUCH_THE_SAME = 6  # columns


def read(text: str, run: Sequence[Place], measure: Measure) -> list[Line]:
    """Return the lines of a stretch, measured."""
    offset = run[0][0]
    ruler = Ruler(text[offset : run[-1][1]], offset, measure)
    lines: list[Line] = []
    for start, end, blanks in run:
        whole = text[start:end]
        inner = whole.lstrip(_SPACE)
        body = start + len(whole) - len(inner)
        inner = inner.rstrip()
        if body == start:
            indent = tabs = 0
        else:
            lead = text[start:body]
            tabs = lead.count("\t")
            indent = len(lead) + lead.count("\u3000") + 7 * tabs
        first = inner[:1]
        if _PLAIN.fullmatch(inner):
            line = _plain_line(inner, body, blanks, indent)
        else:
            stop = body + len(inner)
            unit = _UNIT.match(inner)
            line = Line(
                text=inner,
                body=body,
                stop=stop,
                blanks=blanks,
                indent=indent,
                right=ruler.width(start, stop) + 7 * tabs,
                unit=ruler.width(body, body + unit.end()) if unit else 0,
                core=ruler.width(body, body + unit.end("core")) if unit else 0,
                han=ruler.wide(body, stop),
                first=first,
                last=inner[-1:],
                end=end_of(inner),
                begins_item=_BEGINS_ITEM.match(inner) is not None,
                never=_NEVER.search(whole) is not None,
                heading=first == "第" and _HEADING.match(inner) is not None,
                verse=_VERSE.fullmatch(inner) is not None,
            )
        lines.append(line)
    _mark_serial_titles(lines)
    return lines


# Characters two columns wide by every measure, and the first of them no mark and no number.
_PLAIN = re.compile(f"(?![第一二三四五六七八九十])[{HAN}]{{2}}[{HAN}，。、；：！？]+")


def _plain_line(inner: str, body: int, blanks: int, indent: int) -> Line:
    """Return a line of Chinese characters and marks, of which little need be found out."""
    last = inner[-1]
    return Line(
        text=inner,
        body=body,
        stop=body + len(inner),
        blanks=blanks,
        indent=indent,
        right=indent + 2 * len(inner),
        unit=2,
        core=2,
        han=len(inner),
        first=inner[0],
        last=last,
        end=_PLAIN_ENDS.get(last, End.INSIDE),
        begins_item=False,
        never=False,
        heading=False,
        verse=last in _PLAIN_ENDS and _VERSE.fullmatch(inner) is not None,
    )


_PLAIN_ENDS = {
    "，": End.COMMA,
    "、": End.COMMA,
    "；": End.COMMA,
    "：": End.COLON,
    "。": End.STOP,
    "！": End.CALL,
    "？": End.CALL,
}


def _mark_serial_titles(lines: Sequence[Line]) -> None:
    """Mark the lines that begin a block and differ from another such line in a number only as headings."""
    alike: dict[str, list[Line]] = defaultdict(list)
    before: Line | None = None
    for line in lines:
        begins_block = before is None or line.blanks or before.end is not End.INSIDE
        if begins_block and line.end is End.INSIDE:
            skeleton = _NUMBER.sub("#", line.text)
            if "#" in skeleton:
                alike[skeleton].append(line)
        before = line
    for titles in alike.values():
        # A text that stands in a document twice has the same number both times.
        if len({line.text for line in titles}) > 1:
            for line in titles:
                line.heading = True


_NUMBER = re.compile(f"{_NUMERAL}+")


def likeness(upper: Line, lower: Line) -> float:
    r"""Return the share of the shorter of two lines that both begin and end with, if it is no chance.

    Lines that end differently, or with commas, are not compared.

    >>> items = "将窗口移至左边的屏幕\n将窗口移至右边的屏幕"
    >>> one, other = read(items, [(0, 10, 0), (11, 21, 0)], Measure.WIDE)
    >>> likeness(one, other)
    0.9
    """
    if upper.end is not lower.end or upper.end is End.COMMA:
        return 0.0
    if upper.first != lower.first and upper.last != lower.last:
        return 0.0
    one, other = upper.text, lower.text
    head = tail = 0
    if one[:_ALIKE] == other[:_ALIKE] and _ALL_HAN.match(one):
        head = _in_common(one, other)
    if one[-_ALIKE:] == other[-_ALIKE:] and _ALL_HAN.match(one, len(one) - _ALIKE):
        tail = _in_common(one[::-1], other[::-1])
    return min(1.0, (head + tail) / min(len(one), len(other)))


def _in_common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


# Characters that neighbouring lines have in common at one place seldom by chance, and share of a line that
# they have in common as items of a list.
_ALIKE, ITEMS = 3, 0.4
_ALL_HAN = re.compile(f"[{HAN}]{{{_ALIKE}}}")


def may_go_on(upper: Line, lower: Line) -> bool:
    """Tell whether two lines can be of one paragraph, by what they are and not by their width."""
    return not (
        lower.blanks
        or upper.never
        or lower.never
        or lower.begins_item
        or upper.heading
        or (upper.verse and lower.verse)
        or likeness(upper, lower) > ITEMS
        or upper.han < _LEAST_HAN
        or (lower.han < 1 and lower.first not in CLOSERS + _STRAIGHT_QUOTES)
    )


_STRAIGHT_QUOTES = "\"'"
# Wide characters without which a line is not of a Chinese paragraph.
_LEAST_HAN = 3


def read_all(text: str, runs: Sequence[Sequence[Place]]) -> list[list[Line]]:
    """Return the lines of all stretches, by the measure by which most that break off are equally wide."""
    measure = Measure.WIDE
    parts = [read(text, run, measure) for run in runs]
    most, seen = 0, 0
    sample: list[tuple[Sequence[Place], list[Line]]] = []
    for run, lines in zip(runs, parts, strict=True):
        sample.append((run[: _SAMPLE - seen], lines[: _SAMPLE - seen]))
        seen += len(lines)
        if seen >= _SAMPLE:
            break
    best = measure
    for measure in Measure:
        widths: Counter[int] = Counter()
        for run, lines in sample:
            offset = run[0][0]
            ruler = Ruler(text[offset : run[-1][1]], offset, measure)
            for (start, _, _), (upper, lower) in zip(run, pairwise(lines), strict=False):
                if upper.end is End.INSIDE and may_go_on(upper, lower):
                    widths[ruler.width(start, upper.stop) + 7 * text.count("\t", start, upper.body)] += 1
        top = max((count + widths[width - 1] for width, count in widths.items()), default=0)
        # All are alike on lines of nothing but characters.
        if top > most + max(_CLEARLY, most // 100):
            best, most = measure, top
    return parts if best is Measure.WIDE else [read(text, run, best) for run in runs]


_CLEARLY = 1  # lines more
_SAMPLE = 2000  # lines: enough to see how they were counted
