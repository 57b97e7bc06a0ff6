"""The forward model of page furniture: prose as a site prints it, with its furniture around and between."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hypothesis import strategies as st

from hanfix.filters.strip.words import Words, packaged_words

# Words that a page is built of here: plain ones, without slots or marks.
_PLAIN = re.compile(r"[一-龥]{4,10}")
_GAPS = [" | ", "　", "  ", " · ", "|"]

PARAGRAPHS = [
    "灯塔建于清末，塔身高三十米，用青砖砌成，外面刷了一层白灰，远远望去像一支蜡烛。",
    "守塔的人换了三代，如今的这一位姓陈，五十岁，年轻时在船上做事，后来腿坏了，就上了岸。",
    "“你不闷吗？”我问他。他说海每天都不一样，船也每天都不一样，看都看不过来，哪里还有工夫闷。",
    "有一年冬天起大风，把玻璃吹破了两块，灯灭了，他爬上去用身子挡住风，重新点上火。",
    "第二天一早，有三条船平安进港，船上的人给他送来了鱼和酒，他只收下鱼，把酒退了回去。",
    "从那以后，港里的人都叫他陈不醉。他的儿子在城里念书，放假的时候来看他，一住就是半个月。",
]
TITLES = ["海边的守塔人", "灯塔与船：三代人的故事", "陈不醉和他的灯"]
HEADLINES = ["老码头搬迁始末", "渔村小学的最后一课", "海盐是怎样晒成的", "台风过境后的第三天"]


@dataclass(frozen=True)
class FurnishedPage:
    """A page: its lines, and those of them that are the text."""

    lines: tuple[str, ...]
    text: tuple[str, ...]


def _phrases(entry: Words) -> list[str]:
    return [phrase for phrase in entry.strong if _PLAIN.fullmatch(phrase)]


_ENTRIES = [
    phrases
    for entry in packaged_words()
    if not (entry.heading or entry.label) and len(phrases := _phrases(entry)) >= 4
]
_HEADINGS = [phrase for entry in packaged_words() if entry.heading for phrase in _phrases(entry)]


@st.composite
def bars(draw: st.DrawFn) -> str:
    """Draw a line of words of one kind."""
    phrases = draw(st.sampled_from(_ENTRIES))
    some = draw(st.lists(st.sampled_from(phrases), min_size=2, max_size=4, unique=True))
    return draw(st.sampled_from(_GAPS)).join(some)


@st.composite
def pages(draw: st.DrawFn) -> FurnishedPage:
    """Draw a page with furniture at its head and its tail, and sometimes between its paragraphs."""
    title = draw(st.sampled_from(TITLES))
    prose = draw(st.lists(st.sampled_from(PARAGRAPHS), min_size=8, max_size=12))
    head = draw(st.lists(bars(), min_size=2, max_size=4))
    tail = draw(st.lists(bars(), min_size=3, max_size=5))
    related = draw(st.lists(st.sampled_from(HEADLINES), min_size=2, max_size=4, unique=True))
    lines = [*head, title]
    for paragraph in prose[:-1]:
        lines += [paragraph, *draw(st.lists(bars(), max_size=1))]
    lines += [prose[-1], *tail[:2], draw(st.sampled_from(_HEADINGS)), *related, *tail[2:]]
    return FurnishedPage(tuple(lines), (title, *prose))
