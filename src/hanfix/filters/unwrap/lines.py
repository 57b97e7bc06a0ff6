"""Lines that a program broke at a fixed width, joined into paragraphs again."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.rounds import in_rounds
from hanfix.filters.unwrap.layout import (
    End,
    Line,
    Place,
    may_be_wrapped,
    may_go_on,
    read_all,
    stretches,
)
from hanfix.filters.unwrap.regions import Region, alike, breaks_off, is_full, regions_of, widths_of, within
from hanfix.filters.unwrap.seam import ADDRESS_REACH, Seams, ends_with_address

_LINE, _LINE_LEAN = "unwrap/line", "unwrap/line-lean"

# A break after a full line that ends a sentence is closed when so large a share of the sentences that end and
# begin like these two do so inside a paragraph; a guess when it is this large.
_SURE, _LEAN = 0.9, 0.5
# Indents, or blank lines, tell where paragraphs begin when so large a share of them has one.
_HABIT = 0.8
# Columns that lines may be short of the width by habit, at most: justified print leaves a few.
_MOST_SLACK = 6
# Share of the lines that break off inside a sentence which the slack covers.
_COVERED = 0.95

_OPENING_QUOTES = "“「『\"'‘"
# The end of a sentence within a line, and what the next begins with.
_SENTENCE_INSIDE = re.compile(
    r"(?:(?P<colon>[：:])|(?P<mark>[。！？!?…])(?P<close>[”’」』）)》】\"']{0,3}))(?P<next>[^\s。！？!?…：:”’」』）)》】])"
)


class _Seen(NamedTuple):
    """How one sentence ends and the next begins: what tells paragraphs from sentences within them."""

    end: End
    quoted: bool


@dataclass
class _Habits:
    """What a part of a document does at the edges of its lines and paragraphs.

    ``continued`` and ``paragraph`` are the indents of lines within a paragraph and of first lines (columns),
    ``blank_lines`` says whether these stand between paragraphs; ``slack`` is by how many columns lines are
    shorter than they need be, ``keeps_marks`` whether no line begins with a mark that may not.
    """

    continued: int | None = None
    paragraph: int | None = None
    blank_lines: bool = False
    slack: int = 0
    keeps_marks: bool = True
    inside: _Sightings = field(default_factory=lambda: _Sightings())
    outside: _Sightings = field(default_factory=lambda: _Sightings())

    @property
    def indents_tell(self) -> bool:
        """Tell whether the first lines of paragraphs are indented otherwise than the rest."""
        return (
            self.paragraph is not None
            and self.continued is not None
            and not alike(self.paragraph, self.continued)
        )

    def is_full(self, upper: Line, lower: Line, width: int) -> bool:
        """Tell whether the upper line was broken for want of room."""
        if not self.keeps_marks and upper.end.may_end_paragraph:
            lower = replace(lower, unit=lower.core)
        return is_full(upper, lower, width, self.slack)

    def goes_on(self, upper: Line, lower: Line) -> bool:
        """Tell whether the lower line is indented as one within a paragraph is."""
        if self.continued is not None and alike(lower.indent, self.continued):
            return True
        # A block of its own, further in; where first lines have several indents, it may be another of these.
        return lower.indent == upper.indent and self.paragraph is not None and lower.indent != self.paragraph

    def share_inside(self, upper: Line, lower: Line) -> float:
        """Return how probable it is that a sentence end at a full line is inside a paragraph.

        Sentences within a paragraph and paragraphs end at the edge of a line equally often, so how many of
        each the text has says how probable it is for one that does.
        """
        seen = _Seen(upper.end, lower.first in _OPENING_QUOTES)
        odds = (self.inside.kinds[seen] + _PRIOR) / (self.outside.kinds[seen] + _PRIOR)
        # Quotation marks have been counted.
        for word in _beginnings(lower.text) if not seen.quoted else ():
            # The longest beginning that the text has shown says most.
            if self.inside.begin[word] + self.outside.begin[word] >= _ENOUGH:
                odds *= self._odds_of(word)
                break
        return odds / (1 + odds)

    def _odds_of(self, word: str) -> float:
        """Return how much oftener a sentence within a paragraph begins with a word than a paragraph does."""
        inside, outside = self.inside, self.outside
        usual = _PRIOR_OF_WORDS * (inside.begin[word] + outside.begin[word]) / (inside.count + outside.count)
        return ((inside.begin[word] + usual) / (inside.count + _PRIOR_OF_WORDS)) / (
            (outside.begin[word] + usual) / (outside.count + _PRIOR_OF_WORDS)
        )


_PRIOR = 0.5  # sightings: what was not seen either way is undecided
_PRIOR_OF_WORDS = 12.0  # sightings: few say little about a word
_ENOUGH = 4  # sightings of two characters, by which they say more than the first of them


@dataclass
class _Sightings:
    """Ends of sentences: kinds of them, and the characters with which the next begin."""

    count: int = 0
    kinds: Counter[_Seen] = field(default_factory=Counter)
    begin: Counter[str] = field(default_factory=Counter)

    def add(self, seen: _Seen, following: str) -> None:
        """Count one more, and what follows it."""
        self.count += 1
        self.kinds[seen] += 1
        self.begin.update(_beginnings(following))


def _beginnings(sentence: str) -> tuple[str, str]:
    return sentence[:2], sentence[:1]


# The lines of two paragraphs of a novel, of a mail and of a manual.
_NOVEL = (
    (
        "我在年青时候也曾经做过许多梦，后来大半忘",
        "却了，但自己也并不以为可惜。所谓回忆者，虽说",
        "可以使人欢欣，有时也不免使人寂寞，使精神的丝",
        "缕还牵着己逝的寂寞的时光，又有什么意味呢。",
    ),
    (
        "我有四年多，曾经常常，几乎是每天，出入于",
        "质铺和药店里，年纪可是忘却了，总之是药店的柜",
        "台正和我一样高，质铺的是比我高一倍。",
    ),
)
_MAIL = (
    "上周的会议决定，从下个月起所有项目的进度报告都要在每",
    "周五下午之前交到办公室，过期不再补收。这样做是为了让",
    "财务部门有时间核对预算，避免像去年那样到了年底才发现",
    "超支的情况。请大家相互转告，有困难的可以提前说明。",
)
_MANUAL = (
    "这个软件包用 C 语言写成，可以在 Linux 上编译，也可",
    "以在 Windows 上运行，不过需要先安装几个别的软件包",
    "才能使用全部的功能，具体的安装方法请参见 README 文",
    "件的第二节，遇到问题时可以写信给作者。",
)
# The first paragraph ends with a full line, and nothing says where the second begins.
_FULL = (
    "他把信看完，又从头到尾看了一遍，然后把它折好，放",
    "进抽屉里面去。天已经快要黑了，街上的灯一盏一盏亮",
    "起来，远处传来火车的声音。他想起很多年以前的事。",
    "那时候他还年轻，以为什么事情都来得及，所以没有回",
    "信。现在他知道，有些话当时不说，以后就再也没有机",
    "会说了。他站起来，走到窗前，看着外面的雨。",
    "雨一直没有停。",
)


def _novel(between: str) -> str:
    return "".join("\u3000\u3000" + between.join(lines) + "\n" for lines in _NOVEL)


@dataclass(frozen=True)
class BrokenLines(Filter):
    r"""Join the lines of paragraphs that a program broke at a fixed width.

    PDF readers, character recognition, mail programs and the plain-text books of the nineties break lines at
    a number of columns, in the middle of words as often as not. The width is found from the lines that break
    off inside a sentence at one and the same column, where the characters on both sides of the break go
    together; one document may have several widths. A break is closed when the next character had no room in
    the line; where a full line ends a sentence, indents, blank lines, or the sentences that stand elsewhere
    in the text tell whether a paragraph ends with it.

    Left alone: lines shorter than they need be (headings, speeches, signatures, last lines of paragraphs),
    verse, items of lists, rows of tables, code, quoted mail, lines without Chinese, what is indented
    otherwise than the text around it, and any text with a paragraph a line.

    Raises ``ValueError`` for a width below 0.

    >>> mail = (
    ...     "上周的会议决定，从下个月起所有项目的进度报告都要在每\n"
    ...     "周五下午之前交到办公室，过期不再补收。这样做是为了让\n"
    ...     "财务部门有时间核对预算，避免年底才发现超支的情况。\n请大家相互转告。"
    ... )
    >>> BrokenLines()(mail).splitlines()[1:]
    ['请大家相互转告。']
    """

    name: ClassVar[str] = "unwrap"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _LINE,
            "a line that was broken at a fixed width, joined to the next",
            Risk.LIKELY,
            examples=(
                Example(_novel("\n"), _novel("")),
                Example(
                    "各位同事：\n\n" + "\n".join(_MAIL) + "\n\n办公室\n",
                    "各位同事：\n\n" + "".join(_MAIL) + "\n\n办公室\n",
                ),
                Example("\n".join(_MANUAL), "".join(_MANUAL)),
            ),
            keeps=(
                "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。\n",
                "滚滚长江东逝水，浪花淘尽英雄。\n是非成败转头空，青山依旧在，\n几度夕阳红。\n",
                "国务院召开全国农业工作会议\n上海举行国际电影节开幕仪式\n广东省今年粮食获得大丰收\n",
            ),
        ),
        Rule(
            _LINE_LEAN,
            "a full line that ends a sentence, joined though neither indents nor blank lines tell",
            Risk.GUESS,
            examples=(Example("\n".join(_FULL), "".join(_FULL[:-1]) + "\n" + _FULL[-1]),),
            keeps=(
                "\u3000\u3000" + "\n\u3000\u3000".join("".join(lines) for lines in _NOVEL),
                "".join(_FULL),
            ),
        ),
    )

    width: int = option(0, help="Columns at which lines were broken; 0 finds it out.", metavar="COLUMNS")

    def __post_init__(self) -> None:
        if self.width < 0:
            raise ValueError(f"a width cannot be negative: {self.width}")

    def find(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each break inside a paragraph."""
        first = list(self._joins(doc.text))
        if not first:
            return

        def sure(now: str) -> list[Edit]:
            found = first if now == doc.text else self._joins(now)
            return [edit for edit in found if edit.rule == _LINE]

        # What was joined may be evidence for more; a guess may be held back, so nothing rests on it.
        joined = in_rounds(doc.text, sure)
        places = {edit.start for edit in joined}
        guesses = (edit for edit in first if edit.rule == _LINE_LEAN and edit.start not in places)
        yield from sorted([*joined, *guesses])

    def _joins(self, text: str) -> Iterator[Edit]:
        """Yield an edit for each break that is seen to be inside a paragraph while the others stand."""
        total = 0
        runs: list[list[Place]] = []
        for run in stretches(text):
            total += len(run)
            if may_be_wrapped(text, run):
                runs.append(run)
        if not runs:
            return
        parts = read_all(text, runs)
        if self.width:
            divided = [within(lines, self.width) for lines in parts]
        else:
            divided = regions_of(parts, widths_of(parts, total))
        found = [(lines, region) for lines, regions in zip(parts, divided, strict=True) for region in regions]
        same_width: dict[int, list[tuple[list[Line], Region]]] = defaultdict(list)
        for lines, region in found:
            same_width[region.width].append((lines, region))
        seams = Seams(text)
        studied = {width: _study(text, members) for width, members in same_width.items()}
        for lines, region in found:
            yield from _joins(text, lines, region, _own(lines, region, studied[region.width]), seams)


def _breaks(lines: Sequence[Line], region: Region) -> Iterator[tuple[Line, Line]]:
    """Yield the lines of a region, each with the next."""
    for number in range(region.first, min(region.last, len(lines) - 2) + 1):
        yield lines[number], lines[number + 1]


def _study(text: str, members: Sequence[tuple[list[Line], Region]]) -> _Habits:
    """Return the habits of all parts of a document that were wrapped at one width."""
    width = members[0][1].width
    breaks = [pair for lines, region in members for pair in _breaks(lines, region)]
    habits = _Habits()
    running = [pair for pair in breaks if pair[0].end is End.INSIDE and may_go_on(*pair)]
    habits.slack = _slack(running, width)
    beginning_with_mark = sum(lower.first in _NO_BEGINNING for _, lower in running)
    habits.keeps_marks = beginning_with_mark <= len(running) * _SLIPS
    _learn_edges(habits, breaks, width)
    for lines, region in members:
        for line in lines[region.first : region.last + 1]:
            for match in _SENTENCE_INSIDE.finditer(text, line.body, line.stop):
                if match["colon"]:
                    end = End.COLON
                elif match["close"]:
                    end = End.CLOSED
                else:
                    end = End.STOP if match["mark"] == "。" else End.CALL
                begin = match.start("next")
                habits.inside.add(
                    _Seen(end, match["next"] in _OPENING_QUOTES),
                    text[begin : min(line.stop, begin + 2)],
                )
    return habits


_NO_BEGINNING = "。，、！？；：”’」』）》"
# Share of lines that begin with a mark although the program that wrapped them takes care.
_SLIPS = 0.02


def _slack(running: Sequence[tuple[Line, Line]], width: int) -> int:
    """Return by how many columns lines that break off inside a sentence are shorter than they need be."""
    short = sorted(
        max(0, room - lower.unit + 1)
        for upper, lower in running
        if (room := width - upper.right) <= lower.unit + _MOST_SLACK
    )
    return min(_MOST_SLACK, short[int(len(short) * _COVERED)]) if short else 0


def _learn_edges(habits: _Habits, breaks: Sequence[tuple[Line, Line]], width: int) -> None:
    """Add to the habits how lines within paragraphs and how first lines are set off."""
    continued: Counter[int] = Counter()
    paragraph: Counter[int] = Counter()
    blank_lines = edges = 0
    for upper, lower in breaks:
        if not lower.blanks and habits.is_full(upper, lower, width):
            if upper.end is End.INSIDE and may_go_on(upper, lower):
                continued[lower.indent] += 1
            continue
        edges += 1
        blank_lines += bool(lower.blanks)
        if upper.end.may_end_paragraph:
            habits.outside.add(_Seen(upper.end, lower.first in _OPENING_QUOTES), lower.text)
            if not (lower.never or lower.heading or lower.begins_item):
                paragraph[lower.indent] += 1
    if continued:
        habits.continued = continued.most_common(1)[0][0]
    if paragraph:
        indent, count = paragraph.most_common(1)[0]
        habits.paragraph = indent if count >= paragraph.total() * _HABIT else None
    habits.blank_lines = edges > 0 and blank_lines >= edges * _HABIT


def _own(lines: Sequence[Line], region: Region, whole: _Habits) -> _Habits:
    """Return the habits of one region: its own where it shows them, those of the width elsewhere."""
    own = replace(whole, outside=_Sightings(), continued=None, paragraph=None)
    _learn_edges(own, list(_breaks(lines, region)), region.width)
    edges = own.outside.count
    own.outside = whole.outside
    if own.continued is None:
        own.continued = whole.continued
    if edges < _LEAST_EDGES:
        own.blank_lines = own.blank_lines or whole.blank_lines
        if own.paragraph is None:
            own.paragraph = whole.paragraph
    return own


_LEAST_EDGES = 3  # ends of paragraphs


def _joins(text: str, lines: Sequence[Line], region: Region, habits: _Habits, seams: Seams) -> Iterator[Edit]:
    """Yield an edit for each break of a region that is inside a paragraph."""
    why = f"a full line of {region.width} columns"
    # The lower line of the last break inside a paragraph.
    continued: Line | None = None
    for number, (upper, lower) in enumerate(_breaks(lines, region), region.first):
        rule = _rule(upper, lower, region.width, habits)
        if rule is None:
            continue
        begins = upper is not continued
        if begins and number + 2 < len(lines) and breaks_off(lower, lines[number + 2], region.width):
            continue
        continued = lower
        if lower.first.isascii() and ends_with_address(
            text[max(upper.body, upper.stop - ADDRESS_REACH) : upper.stop]
        ):
            continue
        yield Edit(upper.stop, lower.body, seams.between(upper.last, lower.first), rule, why)


def _rule(upper: Line, lower: Line, width: int, habits: _Habits) -> str | None:
    """Return the rule by which two lines are joined, or ``None`` if they stay apart."""
    if not (may_go_on(upper, lower) and habits.is_full(upper, lower, width) and habits.goes_on(upper, lower)):
        return None
    if not upper.end.may_end_paragraph or habits.indents_tell or habits.blank_lines:
        return _LINE
    share = habits.share_inside(upper, lower)
    if share >= _SURE:
        return _LINE
    return _LINE_LEAN if share >= _LEAN else None
