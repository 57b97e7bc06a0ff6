"""Spaces that layout and character recognition left between Chinese characters."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp
from typing import ClassVar, NamedTuple

from hanfix.document import LINE, Document
from hanfix.edit import Edit
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.classes import HAN, MARKS
from hanfix.lexicon import pair_gain

_SPREAD, _SPREAD_LEAN = "unwrap/spaced-out", "unwrap/spaced-out-lean"
_STRAY, _STRAY_LEAN, _SEGMENTED = "unwrap/space", "unwrap/space-lean", "unwrap/segmented"

_GAPS = " \u3000\u00a0\u2002\u2003\u2009"
_GAP_RUN = re.compile(f"[{_GAPS}]+")
_HAN_CHAR = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_WIDE_CHAR = re.compile(f"[{HAN}{MARKS}]")
_CLAUSE_MARK = re.compile("[，。、；！？,;!?]")
_NUMERAL = "[0-9０-９一二三四五六七八九十百千零〇]"
_HEADING = re.compile(f"第{_NUMERAL}{{1,7}}[章回节節卷篇部集条條款课課](?:之{_NUMERAL}{{1,3}})?$")
_BAR = re.compile(" [|│] ")
_NUMBER = re.compile(r"[0-9０-９.,]+%?")

# ------------------------------------------------------------------------------------------ spaced-out lines

# Characters of a spaced-out line that is running text, not a heading drawn wide; marks of clauses say it too.
_LEAST_SPREAD = 12
# Characters below which such a line may be a heading even to those who guess.
_LEAST_SPREAD_LEAN = 6
# Share of the neighbouring characters of a spaced-out line that have no gap between them: slips.
_CLOSED_ALREADY = 0.05
# How much more the characters of such a line must go together than by chance (nats, all pairs): names and
# lists of characters do not.
_LEAST_SENSE = 3.0
# Share of the lines of a text that make it one spaced out as a whole.
_WHOLE_TEXT = 0.5
# Gaps that are so much longer than those between characters stand between columns.
_COLUMN = 4

# ------------------------------------------------------------------------------------------ stray spaces

# Mean gain of the pairs of characters across pauses and across spaces at places chosen by chance (nats),
# measured on newspaper, novels and informal reviews.
_MEAN_OF_PAUSES, _MEAN_OF_CHANCE = -1.0, 1.0
_LEAST_GAIN, _MOST_GAIN = -1.5, 3.5
_FEWEST = 3  # gaps: fewer are no habit
_LEAST_EVIDENCE = 5.0  # nats, over all gaps
# Probability that a space is stray from which it is closed, and closed by those who guess.
_SURE, _LEAN = 0.9, 0.6
# No habit is taken to be without exception.
_MOST_SHARE = 0.98
# Mean length of the pieces of a text in which a program set all words apart (characters), and share of the
# text's Chinese lines which must be so.
_LONGEST_WORDS, _SEGMENTED_LINES, _LEAST_PIECES = 2.8, 0.6, 5
# Lengths of pieces that pad names and short headings, and of what may be a speaker or a label.
_PADDED, _LABEL = 1, 4
# Former line ends stand at one distance: so many characters more or less, so often, in such a share.
_SAME_DISTANCE, _LEAST_SAME, _SHARE_SAME = 1, 3, 0.7
_SHORTEST_LINE = 10  # characters
_ROW = 200  # characters of a line below that may be a row of a table


class _Gap(NamedTuple):
    """White space between two Chinese characters: its place, the characters of the runs beside it."""

    start: int
    end: int
    char: str
    gain: float
    before: str
    after: str


# Gaps inside words, and as many where a writer may have paused.
_DOUBTFUL = (
    "我在年青时候也曾经做过许多梦，后来大半忘却 了，但自己也并不以为可惜。所谓回 忆者，虽说可以使人欢欣，"
    "有时也不免使人寂 寞，使精 神的丝缕还牵着过去的时 光。可是他走了 天黑了，我们等他 门外没有人，"
    "谁也不说话 灯又灭了。"
)


@dataclass(frozen=True)
class StraySpaces(Filter):
    """Close spaces between Chinese characters that layout or character recognition left.

    Justified print comes out of a PDF with a space after every character (``高 考 作 文``); text whose lines
    were joined by a program has one where each line ended; character recognition puts them anywhere. A line
    that is spaced out as a whole is closed when its characters make sense together. Single spaces are closed
    when the text has the habit: they stand at one distance, or at places where no writer pauses, as the
    characters on both sides show.

    Left alone: a space that pads a name or a heading (王 强, 前 言), separates items, a label or a speaker
    (苹果 香蕉 梨), a caesura in verse, columns and forms, pauses written as spaces, and a few stray spaces in
    a text without the habit. Texts in which a program set all words apart are closed only by those who guess.

    >>> StraySpaces()("这 一 段 文 字 是 从 扫 描 的 书 里 来 的 ， 每 个 字 都 分 开 了 。")
    '这一段文字是从扫描的书里来的，每个字都分开了。'
    >>> StraySpaces()("前 言\\n王 强 苹果 香蕉 梨\\n")
    '前 言\\n王 强 苹果 香蕉 梨\\n'
    """

    name: ClassVar[str] = "unwrap"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _SPREAD,
            "a line with a space after every character, closed",
            Risk.LIKELY,
            examples=(
                Example(
                    "这 一 段 文 字 是 从 扫 描 的 书 里 来 的 ， 每 个 字 都 分 开 了 。",
                    "这一段文字是从扫描的书里来的，每个字都分开了。",
                ),
                Example(
                    "我 们  学 校  今 年  有  3 0 0  个  学 生  参 加 了  考 试 。",
                    "我们学校今年有 300 个学生参加了考试。",
                ),
            ),
            keeps=(
                "前 言\n目 录\n第 一 章",
                "赵 钱 孙 李 周 吴 郑 王 冯 陈 褚 卫 蒋 沈 韩 杨",
                "姓 名：王 强\n地 址：",
            ),
        ),
        Rule(
            _SPREAD_LEAN,
            "a short line with a space after every character, which may be a heading drawn wide, closed",
            Risk.GUESS,
            examples=(Example("高 考 作 文 题 目", "高考作文题目"),),
            keeps=("第 一 章", "王 强 李 明"),
        ),
        Rule(
            _STRAY,
            "spaces inside sentences where nobody pauses, throughout a text, closed",
            Risk.LIKELY,
            examples=(
                Example(
                    "后来大半忘却 了，但自己也并不以为可惜。所谓回 忆者，虽说可以使人欢欣，有时也不免使人寂 "
                    "寞，使精神的丝缕还牵着己逝的寂寞的时 光。",
                    "后来大半忘却了，但自己也并不以为可惜。所谓回忆者，虽说可以使人欢欣，有时也不免使人寂寞，"
                    "使精神的丝缕还牵着己逝的寂寞的时光。",
                ),
            ),
            keeps=(
                "房间很大 服务很好 下次还会来 推荐给大家 早餐一般 不过位置不错",
                "苹果 香蕉 梨 西瓜 葡萄",
                "出席的有王 强、李 明、张 华、赵 云、孙 权。",
            ),
        ),
        Rule(
            _STRAY_LEAN,
            "spaces inside sentences of such a text at places where somebody may have paused, closed",
            Risk.GUESS,
            examples=(Example(_DOUBTFUL, _DOUBTFUL.replace(" ", "")),),
            keeps=("他走了 天黑了 灯也灭了 谁也不说话", "甲方 乙方 丙方"),
        ),
        Rule(
            _SEGMENTED,
            "spaces between all words, as programs set them apart, closed",
            Risk.GUESS,
            examples=(
                Example(
                    "我们 学校 今年 有 三百 个 学生 参加 了 高考 ， 大家 都 考 得 很 好 。",
                    "我们学校今年有三百个学生参加了高考，大家都考得很好。",
                ),
            ),
            keeps=("苹果 香蕉 西瓜 葡萄 橘子 桃子 李子",),
        ),
    )

    def find(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each gap to be closed."""
        text = doc.text
        places = sorted(
            match.start() for gap in _GAPS if gap in text for match in _between_han(gap).finditer(text)
        )
        if len(places) < _FEWEST:
            return
        lines = list(_lines_at(text, places))
        spread = [found for line in lines if (found := _spread_line(*line)) is not None]
        whole = False
        if spread or any(map(_is_segmented, (line for _, line in lines))):
            chinese = sum(_HAN_CHAR.search(match.group()) is not None for match in LINE.finditer(text))
            whole = len(spread) >= chinese * _WHOLE_TEXT and any(each.is_text for each in spread)
            segmented = sum(_is_segmented(line) for _, line in lines) >= chinese * _SEGMENTED_LINES
        else:
            segmented = False
        taken = {each.offset for each in spread}
        rest = [(offset, line) for offset, line in lines if offset not in taken]
        edits = [edit for each in spread for edit in each.edits(whole=whole)]
        edits += _segmented(rest) if segmented else _stray(text, rest)
        yield from sorted(edits)


@cache
def _between_han(gap: str) -> re.Pattern[str]:
    # What is searched for begins with the gap itself, which is found quickly.
    return re.compile(rf"{gap}(?<=[{HAN}]{gap})[{_GAPS}]*(?=[{HAN}])")


def _lines_at(text: str, places: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield the lines in which something stands at the given places, each with its offset."""
    end = -1
    for place in places:
        if place < end:
            continue
        # From the end of the line before on: no character is looked at twice.
        since = max(end, 0)
        start = max(text.rfind("\n", since, place), text.rfind("\r", since, place)) + 1
        match = LINE.match(text, start)
        if match:
            yield start, match.group()
            end = match.end()


def _gain(first: str, second: str) -> float:
    return max(_LEAST_GAIN, min(_MOST_GAIN, pair_gain(first, second)))


# ------------------------------------------------------------------------------------------ spaced-out lines


class _SpreadLine(NamedTuple):
    """A line with a gap after every character."""

    offset: int
    line: str
    characters: int
    sense: float

    @property
    def is_text(self) -> bool:
        """Tell whether the line is running text, not a heading drawn wide."""
        return self.sense >= _LEAST_SENSE and (
            self.characters >= _LEAST_SPREAD or _CLAUSE_MARK.search(self.line) is not None
        )

    def edits(self, *, whole: bool) -> Iterator[Edit]:
        """Yield the edits that close the line; ``whole`` says that the text is spaced out as a whole."""
        if whole or self.is_text:
            rule = _SPREAD
        elif self.sense >= _LEAST_SENSE and self.characters >= _LEAST_SPREAD_LEAN:
            rule = _SPREAD_LEAN
        else:
            return
        body = self.line.strip(_GAPS + "\t")
        start = self.line.index(body)
        gaps = list(_GAP_RUN.finditer(body))
        usual = Counter(len(gap.group()) for gap in gaps).most_common(1)[0][0]
        for number, gap in enumerate(gaps):
            before_start = gaps[number - 1].end() if number else 0
            after_end = gaps[number + 1].start() if number + 1 < len(gaps) else len(body)
            new = _closed(body[before_start : gap.start()], gap.group(), body[gap.end() : after_end], usual)
            if new != gap.group():
                begin = self.offset + start + gap.start()
                yield Edit(
                    begin, begin + len(gap.group()), new, rule, "a line with a gap after every character"
                )


def _closed(before: str, gap: str, after: str, usual: int) -> str:
    """Return what a gap between two pieces of a spaced-out line becomes."""
    if len(gap) >= usual + _COLUMN:
        return gap
    sides = bool(_WIDE_CHAR.match(before[-1])) + bool(_WIDE_CHAR.match(after[0]))
    if sides == 2:
        return ""
    if len(gap) > usual:
        # Longer gaps stand between words.
        return " "
    # A word of letters may have had its space from the writer.
    return "" if len(before) == len(after) == 1 else gap


def _spread_line(offset: int, line: str) -> _SpreadLine | None:
    """Return a line as one with a gap after every character, or ``None`` if it is none."""
    if _BAR.search(line):
        return None
    runs = _HAN_RUN.findall(line)
    characters = sum(map(len, runs))
    if characters - len(runs) > characters * _CLOSED_ALREADY or len(runs) < 2:
        return None
    pieces = _GAP_RUN.split(line.strip(_GAPS + "\t"))
    pairs = [
        _gain(one, other)
        for one, other in pairwise(pieces)
        if len(one) == len(other) == 1 and _HAN_CHAR.match(one) and _HAN_CHAR.match(other)
    ]
    # Marks alone between the characters, as in a list, are no gaps.
    if len(pairs) * 2 < characters - 1:
        return None
    return _SpreadLine(offset, line, characters, sum(pairs))


# ------------------------------------------------------------------------------------------ stray spaces


def _is_segmented(line: str) -> bool:
    """Tell whether a program set the words of a line apart."""
    pieces = [len(piece) for run in _GAP_RUN.split(line) for piece in _HAN_RUN.findall(run)]
    if len(pieces) < _LEAST_PIECES or sum(pieces) > len(pieces) * _LONGEST_WORDS or len(set(pieces)) == 1:
        return False
    gaps = [gap for gap in _gaps(0, line) if not _is_meant(gap, at_start=False)]
    return len(gaps) >= _LEAST_PIECES - 1 and sum(gap.gain for gap in gaps) > 0


def _segmented(lines: Sequence[tuple[int, str]]) -> Iterator[Edit]:
    """Yield the edits that close all gaps between Chinese characters and marks."""
    for offset, line in lines:
        if not _is_segmented(line):
            continue
        for gap in _GAP_RUN.finditer(line):
            before, after = line[gap.start() - 1 : gap.start()], line[gap.end() : gap.end() + 1]
            if _WIDE_CHAR.match(before) and _WIDE_CHAR.match(after):
                yield Edit(
                    offset + gap.start(), offset + gap.end(), "", _SEGMENTED, "all words are set apart"
                )


def _gaps(offset: int, line: str) -> list[_Gap]:
    """Return the single gaps between two Chinese characters in a line."""
    found: list[_Gap] = []
    runs = list(_HAN_RUN.finditer(line))
    for one, other in pairwise(runs):
        if other.start() - one.end() == 1 and line[one.end()] in _GAPS:
            gain = _gain(line[one.end() - 1], line[other.start()])
            start, end = offset + one.end(), offset + other.start()
            found.append(_Gap(start, end, line[one.end()], gain, one.group(), other.group()))
    return found


def _stray(text: str, lines: Sequence[tuple[int, str]]) -> Iterator[Edit]:
    """Yield the edits that close gaps inside sentences, where the text has that habit.

    Each kind of white space is asked about by itself: who writes U+3000 after a number may have half-width
    spaces where lines ended.
    """
    eligible: dict[str, list[_Gap]] = defaultdict(list)
    distances: dict[_Gap, int] = {}
    for offset, line in lines:
        gaps = _gaps(offset, line)
        if not gaps or _is_list(line, gaps) or _is_head_of_table(text, offset, line):
            continue
        since_gap = _distances(offset, line)
        first = offset + len(line) - len(line.lstrip())
        for gap in gaps:
            if not _is_meant(gap, at_start=first == gap.start - len(gap.before)):
                eligible[gap.char].append(gap)
                distances[gap] = since_gap[gap.start]
    for gaps in eligible.values():
        if len(gaps) >= _FEWEST:
            yield from _habitual(gaps, distances)


def _habitual(gaps: Sequence[_Gap], distances: Mapping[_Gap, int]) -> Iterator[Edit]:
    """Yield the edits that close gaps of one kind, if they show a habit."""
    evidence = sum(gap.gain for gap in gaps)
    mean = evidence / len(gaps)
    usual, count = _usual(Counter(distances[gap] for gap in gaps if distances[gap] >= _SHORTEST_LINE))
    at_line_ends = count >= _LEAST_SAME and count >= len(gaps) * _SHARE_SAME and mean > _MEAN_OF_PAUSES / 2
    share = min(_MOST_SHARE, (mean - _MEAN_OF_PAUSES) / (_MEAN_OF_CHANCE - _MEAN_OF_PAUSES))
    habit = evidence >= _LEAST_EVIDENCE and share > 1 / 2
    for gap in gaps:
        if at_line_ends and abs(distances[gap] - usual) <= _SAME_DISTANCE:
            yield Edit(gap.start, gap.end, "", _STRAY, f"a space every {usual} characters")
        elif habit:
            odds = share / (1 - share) * exp(gap.gain)
            probability = odds / (1 + odds)
            if probability >= _LEAN:
                rule = _STRAY if probability >= _SURE else _STRAY_LEAN
                yield Edit(gap.start, gap.end, "", rule, "spaces inside sentences throughout")


def _is_head_of_table(text: str, offset: int, line: str) -> bool:
    """Tell whether a line without clauses has as many pieces as the next, which is a row with numbers."""
    if _CLAUSE_MARK.search(line):
        return False
    below = LINE.search(text, offset + len(line), offset + len(line) + _ROW)
    if below is None:
        return False
    pieces = below.group().split()
    return len(pieces) == len(line.split()) and any(map(_NUMBER.fullmatch, pieces))


def _distances(offset: int, line: str) -> dict[int, int]:
    """Return how far each white space of a line is from the one before it, by where it begins."""
    found: dict[int, int] = {}
    last = 0
    for gap in _GAP_RUN.finditer(line):
        found[offset + gap.start()] = gap.start() - last
        last = gap.end()
    return found


def _usual(distances: Counter[int]) -> tuple[int, int]:
    """Return the commonest distance and how often it is met, up to a character more or less."""
    counts = {
        distance: sum(distances[distance + each] for each in range(-_SAME_DISTANCE, _SAME_DISTANCE + 1))
        for distance in list(distances)
    }
    return max(counts.items(), key=lambda each: (each[1], distances[each[0]]), default=(0, 0))


def _is_list(line: str, gaps: Sequence[_Gap]) -> bool:
    """Tell whether the gaps of a line stand between items, columns or the halves of a verse."""
    pieces = _GAP_RUN.split(line.strip())
    if any(len(gap.group()) > 1 for gap in _GAP_RUN.finditer(line.strip())):
        return True
    if _CLAUSE_MARK.search(line):
        return False
    lengths = [len(piece) for piece in pieces]
    return (len(gaps) > 1 and sum(lengths) <= len(lengths) * _LABEL) or len(set(lengths)) == 1


def _is_meant(gap: _Gap, *, at_start: bool) -> bool:
    """Tell whether a gap pads a name or follows a label, a speaker or the number of a heading."""
    if len(gap.before) == len(gap.after) == _PADDED or _HEADING.search(gap.before):
        return True
    return at_start and len(gap.before) <= _LABEL
