"""Join words that were split to get a text past a word filter."""

from __future__ import annotations

import re
import tomllib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from heapq import merge as merge_sorted
from importlib.resources import files
from itertools import pairwise
from math import inf, log
from pathlib import Path
from typing import ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, apply_edits, merge
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.lexicon import LONGEST_WORD, TOTAL_FREQUENCY, UNKNOWN_FREQUENCY, Lexicon
from hanfix.script import simplify

# ---------------------------------------------------------------------------------------------- separators


@dataclass(frozen=True)
class _Marks:
    """Separators that look alike, and what a find of them in the middle of a word is worth.

    The two costs are in nats (natural log of odds): a join must make the text that much more probable as
    Chinese, for a word of the often-split list and for any other word (infinite: never). They follow how
    often the mark stands between two characters in sound text: hyphens and asterisks hardly ever, middle
    dots, slashes, tildes and plus signs now and then, full stops and spaces of informal typists all the time.
    """

    rule: str
    members: str
    listed_cost: float
    other_cost: float


_HYPHEN, _DOT, _SYMBOL, _SPACE = "rejoin/hyphen", "rejoin/dot", "rejoin/symbol", "rejoin/space"
_LETTER_BAR, _STOPS, _ZERO_WIDTH = "rejoin/letter-bar", "rejoin/stops", "rejoin/zero-width"
# These have a second rule, named with "-lean", for what is found on less evidence.
_LEAN_RULES = (_HYPHEN, _DOT, _SYMBOL, _SPACE)

# A word must have the same mark, up to its width and look, in all its gaps: hence the groups.
_MARKS: tuple[_Marks, ...] = (
    _Marks(_HYPHEN, "-‐‑‒–−﹣－", 0.0, 5.5),
    _Marks(_HYPHEN, "—―─", 1.5, 9.0),
    _Marks(_DOT, "·•・･‧∙⋅", 1.5, 10.0),
    _Marks(_DOT, ".．﹒", 3.0, 14.0),
    _Marks(_SYMBOL, "*＊﹡", 0.0, 4.0),
    _Marks(_SYMBOL, "_＿", 0.0, 4.0),
    _Marks(_SYMBOL, "/／", 1.5, 10.5),
    _Marks(_SYMBOL, "\\＼", 0.0, 6.5),
    _Marks(_SYMBOL, "|｜", 0.0, 5.5),
    _Marks(_SYMBOL, "~～∼", 1.5, 8.0),
    _Marks(_SYMBOL, "^＾", 0.0, 4.0),
    _Marks(_SYMBOL, "'＇", 0.0, 4.0),
    _Marks(_SYMBOL, "#＃", 0.0, 4.0),
    _Marks(_SYMBOL, "@＠", 0.0, 4.0),
    _Marks(_SYMBOL, "+＋", 1.5, 9.0),
    _Marks(_SYMBOL, "$＄￥", 0.0, 4.0),
    _Marks(_SYMBOL, "%％", 0.0, 4.0),
    _Marks(_SYMBOL, "★☆", 0.0, 4.0),
    _Marks(_SYMBOL, "▲△", 0.0, 4.0),
    _Marks(_LETTER_BAR, "丨", 0.0, 5.5),
    _Marks(_LETTER_BAR, "l", 1.5, 11.0),
    _Marks(_SPACE, " \u00a0\u2002\u2003\u2009\u3000", 3.0, 11.0),
    _Marks(_STOPS, ",，", 4.0, inf),
    _Marks(_STOPS, "。", 4.0, inf),
    _Marks(_STOPS, "、", 6.0, inf),
)
# Any other mark is one that the user named; but pictographs end clauses, as full stops do.
_OTHER_MARK = _Marks(_SYMBOL, "", 0.0, 4.0)
_PICTOGRAPH_MARK = _Marks(_SYMBOL, "", 1.5, 10.0)
_MARK_OF = {member: marks for marks in _MARKS for member in marks.members}
_DEFAULT_SEPARATORS = "".join(marks.members for marks in _MARKS)

_EMOJI_STYLE = "\ufe0f"  # may follow a pictograph, to have it drawn in colour
_PICTOGRAPHS = "\u25b6-\u25cf\u2b1b\u2b1c\u2b50\u2b55\u2600-\u27bf\U0001f300-\U0001faff"
_IS_PICTOGRAPH = re.compile(f"[{_PICTOGRAPHS}]")
_HAN = "\u3400-\u4e27\u4e29-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # without 丨, which is drawn as a bar
_HAN_CLASS = f"[{_HAN}]"
_HAN_AT_END = re.compile(rf"{_HAN_CLASS}{{1,{LONGEST_WORD}}}\Z")
_HAN_AT_START = re.compile(rf"{_HAN_CLASS}{{1,{LONGEST_WORD}}}")

_OWN_WORD = re.compile(rf"{_HAN_CLASS}{{2,{LONGEST_WORD}}}")
# Characters without width and the soft hyphen: marks against copying, and left-overs of layout.
_ZERO_WIDTH_CLASS = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_ZERO_WIDTH_RUN = re.compile(f"[{_ZERO_WIDTH_CLASS}]{{1,64}}")  # bounded: no run of layout is so long

# --------------------------------------------------------------------------------- what is meant and stays

# Romanized speech beside a word (政-府 tsìng-hú) says that its syllables are set apart on purpose.
_SYLLABLE = "[A-Za-zÀ-ɏḀ-ỿ\u0300-\u036f]{1,8}[0-9]?"
_ROMANIZED_AFTER = re.compile(rf"[ \t\u3000|｜/（(\[【:：,，=]{{0,4}}{_SYLLABLE}-{{1,2}}{_SYLLABLE}")
_ROMANIZED_BEFORE = re.compile(rf"{_SYLLABLE}-{{1,2}}{_SYLLABLE}[ \t\u3000|｜/）)\]】:：,，=（(]{{0,4}}\Z")
_ROMANIZED_REACH = 24  # characters: two long syllables with tone digits and what stands between
# Between two of these a word is part of running text.
_CLAUSE_MARKS = frozenset("，。、；！？（）“”‘’「」『』《》…,;!?()")
# A row of a table, as Markdown and terminals draw it: a bar at an end of the line, or with room around it.
_BAR = "|"
_BAR_OF_A_TABLE = re.compile(r"^\s*[|｜]|[|｜]\s*$|\s[|｜]\s")
_LINE_REACH = 200  # characters on each side that are looked at as the line

# ----------------------------------------------------------------------------------------- weights (nats)
#
# Set on 28 million characters of sound text (newspaper, novels, informal reviews, manuals, verse; both
# scripts), in which nothing but stray spaces inside words may be joined, against listed and other words split
# in sentences of the newspaper and the reviews.

# A mark in every one of two gaps or more does not come about by chance.
_EVERY_GAP = 4.0
# Two words of two characters or more, each sound by itself: 北京-大学 is rather a title than a split word.
_COMPOUND = 10.0
# The same word split the same way twice, and three times or more, in the document.
_SPLIT_TWICE, _SPLIT_OFTEN = 3.0, 5.0
# The word stands whole elsewhere in the document: it is of this text's vocabulary.
_WHOLE_ELSEWHERE = 1.0
# Words of the lexicon that were hardly ever counted (names, phrases, chance) decide nothing.
_LEAST_FREQUENCY = 5
# What any word costs where the document has the habit (see _HABIT_*), and what it never falls below.
_HABITUAL_COST = 4.0
_LEAST_COST = 1.0
# The same where the document splits words with the mark throughout, and what two longer words then add.
_THROUGHOUT_COST = 0.0
_THROUGHOUT_COMPOUND = 3.0
# A mark that sets things side by side (a hyphen, a slash, a middle dot) may do so in any two characters that
# make a word (稻-麦, 店-铺), unless the document splits a listed word with it.
_SIDE_BY_SIDE = 4.5
# A join that takes its first or last characters away from words beside it (公共-产品, 居民-主站) must be that
# much better.
_STRADDLES = 2.5
# The same where the mark has no business between Chinese characters, or splits words throughout.
_STRADDLES_RARE = 1.5
# What a `lean` rule, a guess, goes without.
_LEAN = 3.0
# A document splits words by habit when at least so many different words are split with one mark, and they
# fill so large a share of the places where that mark stands between two characters.
_HABIT_WORDS = 4
# With so many different words it does so throughout: no list, name or manner of writing fills as many.
_THROUGHOUT_WORDS = 10
_HABIT_SHARE = 0.6
# How many places of a mark are looked at to see whether the document may have the habit at all.
_HABIT_SAMPLE = 48
# Marks that cost an unlisted word no more than this hardly ever stand between Chinese characters.
_RARE_MARK = 4.0
# Marks that cost an unlisted word so much are common in sound text of some kind.
_COMMON_MARK = 11.0
# How far into a document its own vocabulary is looked up, in characters: bounds the work on a large one.
_VOCABULARY_REACH = 200_000
# A row of single characters with a mark in every gap is joined throughout when words fill this share of it;
# 一-二-三 and 甲-乙-丙 are no words.
_ROW_SHARE = 0.75
# With a word of the often-split list among them this share will do, in a row of so many characters.
_ROW_SHARE_LISTED = 0.5
_CLEAR_ROW = 4
# Single characters in a row: longer ones are lines spaced out on purpose, not words.
_LONGEST_ROW = 16
# Gaps looked at together; bounds the work on a line that is split from end to end.
_LONGEST_CHAIN = 32


class _Gap(NamedTuple):
    """A separator between two Chinese characters."""

    start: int
    end: int
    marks: _Marks
    kind: str  # what must be the same in all gaps of a word


class _Word(NamedTuple):
    """A word of a chain that has gaps inside."""

    start: int
    end: int
    first: int  # its first gap
    last: int  # its last gap, inclusive


class _Chain(NamedTuple):
    """Gaps near one another, and the characters around them with the separators left out."""

    gaps: tuple[_Gap, ...]
    text: str
    simple: str
    cuts: tuple[int, ...]  # where in the text the gaps are

    def word(self, word: _Word) -> str:
        """Return the word in simplified script."""
        return self.simple[word.start : word.end]


class _Division(NamedTuple):
    """The most probable division of a chain into words: where they end, what they cost, which hold gaps."""

    ends: frozenset[int]
    costs: Sequence[float]
    words: tuple[_Word, ...]


class _Join(NamedTuple):
    """Gaps of a chain to close, and the words this makes."""

    first: int
    last: int
    words: tuple[_Word, ...]


@dataclass(frozen=True)
class _Vocabulary:
    """The words, and what is known about them; ``throughout`` is of one document, the rest of all."""

    lexicon: Lexicon
    listed: dict[str, str]  # words often split, with what they are
    pairs: frozenset[str]  # of neighbours in those words
    throughout: frozenset[str] = frozenset()  # kinds of marks that split words throughout the document


@cache
def split_words() -> dict[str, tuple[str, ...]]:
    """Return the words that people often split, by what they are.

    >>> "和谐" in split_words()["politics"]
    True
    """
    text = files("hanfix").joinpath("tables", "split_words.toml").read_text(encoding="utf-8")
    return {group: tuple(entry["words"].split()) for group, entry in tomllib.loads(text).items()}


@cache
def _vocabulary(own_words: tuple[str, ...]) -> _Vocabulary:
    listed = {word: group for group, words in split_words().items() for word in words}
    listed |= dict.fromkeys(map(simplify, own_words), "your own list")
    pairs = {word[i : i + 2] for word in listed for i in range(len(word) - 1)}
    return _Vocabulary(Lexicon(listed), listed, frozenset(pairs))


class _KeptApart(NamedTuple):
    """What people set apart on purpose, although it makes a word; see the table."""

    pairs: frozenset[str]  # two different characters of one family
    foreign: frozenset[str]
    written: frozenset[str]
    dynasties: frozenset[str]


@cache
def _kept_apart() -> _KeptApart:
    text = files("hanfix").joinpath("tables", "kept_apart.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    pairs = {
        one + other
        for families in table["families"].values()
        for family in families.split()
        for one in family
        for other in family
        if one != other
    }
    foreign = frozenset("".join(table["foreign"]["characters"].split()))
    return _KeptApart(
        pairs=frozenset(pairs),
        foreign=foreign,
        written=frozenset(table["written"]["words"].split()),
        dynasties=frozenset(table["dynasties"]["characters"]),
    )


def _read_words(path: str) -> tuple[str, ...]:
    """Return the words of a file: one a line, anything after white space and lines with ``#`` ignored.

    Raises ``ValueError`` when the file cannot be read or a line holds no word of two to eight Chinese
    characters.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from None
    words: list[str] = []
    for number, line in enumerate(lines, 1):
        word = line.split("#", 1)[0].split()[:1]
        if word and not _OWN_WORD.fullmatch(word[0]):
            raise ValueError(
                f"{path}, line {number}: not a word of 2 to {LONGEST_WORD} Chinese characters: {word[0]}"
            )
        words.extend(word)
    return tuple(words)


_RULES = (
    Rule(
        _ZERO_WIDTH,
        "drop characters without width and soft hyphens between two Chinese characters",
        Risk.SAFE,
        (
            Example("建设\u200b和\u200b谐社会", "建设和谐社会"),
            Example("保持\u00ad清醒", "保持清醒"),
            Example("轉載\ufeff請註明出處", "轉載請註明出處"),
        ),
        ("👨\u200d👩\u200d👧一家", "می\u200cخواهم", "Donau\u00addampf", "中\u200bA"),
    ),
    Rule(
        _HYPHEN,
        "join a word split with a hyphen or a dash",
        Risk.LIKELY,
        (
            Example("建设和-諧社会", "建设和諧社会"),
            Example("保持共-產-黨員先進性", "保持共產黨員先進性"),
            Example("有人卖私—服，也有人代－办证件", "有人卖私服，也有人代办证件"),
            Example("为社会主-义建设出力", "为社会主义建设出力"),
        ),
        (
            "中-美航线，北京-上海，京-津-冀",
            "公共-产品频道，居民-主站，行政-府前街",
            "让-雅克·卢梭、道-琼斯指数",
            "甲-乙-丙三方，一-二-三，春-夏-秋-冬，主-谓-宾结构",
            "产-学-研结合，人-机交互，师-生关系，新-老用户",
            "比分是六-四，三-五天送到",
            "我-我不知道，民-民主？",
            "嘀-嗒，嘀-嗒",
            "首页-新闻-国内",
            "他说——民——主",
            "政-府 tsìng-hú",
            "A-股 2017-04-27",
        ),
    ),
    Rule(
        f"{_HYPHEN}-lean",
        "join a word split with a hyphen or a dash where the characters often stand alone",
        Risk.GUESS,
        (Example("这是常-见的现象", "这是常见的现象"),),
        ("新-老用户都可参加", "大-小写不分"),
    ),
    Rule(
        _DOT,
        "join a word split with a middle dot or a full stop of ASCII",
        Risk.LIKELY,
        (
            Example("发展民·主政治", "发展民主政治"),
            Example("练法.轮.功的人", "练法轮功的人"),
            Example("高价收购发．票", "高价收购发票"),
        ),
        (
            "卡尔·马克思与弗里德里希·恩格斯",
            "圣·保罗教堂，唐·李白",
            "很多人.大多数都来了",
            "五·四运动",
            "《史记·项羽本纪》",
            "房间不错.服务也好",
        ),
    ),
    Rule(
        f"{_DOT}-lean",
        "join a word split with a dot where the word is less often split",
        Risk.GUESS,
        (Example("人们的沟·通很重要", "人们的沟通很重要"),),
        ("诗经·国风", "他说.不过"),
    ),
    Rule(
        _SYMBOL,
        "join a word split with another symbol: an asterisk, slash, bar, tilde, star, pictograph",
        Risk.LIKELY,
        (
            Example("练法*轮*功的人", "练法轮功的人"),
            Example("提供上_门_服_务的电话", "提供上门服务的电话"),
            Example("恐怖/主义袭击", "恐怖主义袭击"),
            Example("向往自😀由的生活", "向往自由的生活"),
            Example("銀／行／卡", "銀行卡"),
        ),
        (
            "和/或，是/否，元/人/晚",
            "鸡肉+米饭",
            "王*强，张**",
            "| 民|主 |",
            "好吃~下次还来",
            "首页|新闻|体育",
        ),
    ),
    Rule(
        f"{_SYMBOL}-lean",
        "join a word split with another symbol where the word is less often split",
        Risk.GUESS,
        (Example("动\\物的历史", "动物的历史"),),
        ("男/女不限", "套餐+饮料"),
    ),
    Rule(
        _LETTER_BAR,
        "join a word split with 丨 or a small L, which look like a bar",
        Risk.LIKELY,
        (Example("出售毒丨药的人", "出售毒药的人"), Example("满足情l欲的", "满足情欲的")),
        ("新闻丨民生", "独家丨主播说"),
    ),
    Rule(
        _SPACE,
        "join a word often split, or split so throughout the document, where a space stands in it",
        Risk.LIKELY,
        (Example("当地政 府官员说", "当地政府官员说"), Example("使用外　挂程序的人", "使用外挂程序的人")),
        (
            "前 言",
            "王 强",
            "高 考 作 文 题",
            "总 则",
            "房间很好 服务也好",
            "其中 国内占一半",
            "张 三 李 四 王 五",
        ),
    ),
    Rule(
        f"{_SPACE}-lean",
        "join a word split with a space where other spaces are near or the word is less often split",
        Risk.GUESS,
        (Example("一切都很清 楚了", "一切都很清楚了"),),
        ("房间不错 服务也好", "这里 很美"),
    ),
    Rule(
        _STOPS,
        "join a word of three characters or more with the same comma or stop in every gap",
        Risk.LIKELY,
        (Example("练法。轮。功的人", "练法轮功的人"), Example("申请信，用，卡的人", "申请信用卡的人")),
        ("其中，国内占一半", "四点六、四点五", "党、政、军", "一、二、三", "是，是，是"),
    ),
)


@dataclass(frozen=True)
class Rejoin(Filter):
    """Join words that were split with a symbol to get them past a word filter: 和-諧 becomes 和諧.

    People who post on a site that refuses certain words put a mark between the characters (共-产-党员, 民·主,
    政 府, 法*轮*功), between all of them or at one place, and the same way all over a page. Sites and
    applications that guard against copying sow characters without width. A word is joined when the text is
    so much more probable as Chinese than it was, words across its edges considered, that chance and the
    habits of sound writing are ruled out. How much that is depends on the mark, on whether the word is one
    that people split, and on what the rest of the document does.

    Left alone: marks beside anything but Chinese characters (A-股, 2017-04-27); pairs, lists, ratios and
    ranges (中-美, 一-二-三, 是/否, 北京-上海); names (卡尔·马克思, 道-琼斯); words that only meet at the mark
    (公共-产品, 居民-主站); stutters and sounds (我-我, 嘀-嗒); syllables with their romanization; table rows;
    padded headings and names (前 言), spaced-out lines, pauses by a space or a full stop; dashes of two
    characters. Masks (王**), pinyin and split radicals in place of a character are not filled in: what stood
    there is not in the text.

    Raises ``ValueError`` for a separator that cannot be one and for a word file that cannot be read.

    >>> Rejoin()("建设和-諧社会，共-产-党员带头。")
    '建设和諧社会，共产党员带头。'
    >>> Rejoin()("公共-产品、中-美航线、卡尔·马克思")
    '公共-产品、中-美航线、卡尔·马克思'
    >>> Rejoin(separators="*")("民*主，民-主")
    '民主，民-主'
    """

    name: ClassVar[str] = "rejoin"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = _RULES

    separators: str = option(
        _DEFAULT_SEPARATORS,
        help="The symbols that may split a word, each a single character.",
        metavar="SYMBOLS",
    )
    pictographs: bool = option(True, help="Take emoji and ornaments for separators too.")
    words: tuple[str, ...] = option(
        (), help="A file with words to rejoin as readily as those of the built-in list.", metavar="FILE"
    )
    _own_words: tuple[str, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        for mark in self.separators:
            if mark in "\r\n" or (mark.isalnum() and mark not in _MARK_OF):
                raise ValueError(f"cannot be a separator: {mark!r}")
        own_words = dict.fromkeys(word for path in self.words for word in _read_words(path))
        object.__setattr__(self, "_own_words", tuple(own_words))

    def find(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each run of zero-width characters, and for each word to be joined."""
        if doc.text.isascii():
            return
        text = doc.text
        edits: list[Edit] = []
        # What is joined is evidence for what is left: until nothing more is found. Whatever a lean rule
        # finds, and all that follows from it, carries a lean rule's name, so that without those rules a
        # second pass finds nothing new either.
        lean = False
        while places := self._places(text):
            found = [
                Edit(*match.span(), "", _ZERO_WIDTH, "between two characters")
                for place in places
                if (match := _ZERO_WIDTH_RUN.match(text, place))
            ]
            if not found:
                candidates = _Candidates(text, places, _vocabulary(self._own_words))
                found = [] if lean else list(candidates.edits(lean=False))
                if not found:
                    lean = True
                    found = list(candidates.edits(lean=True))
            if not found:
                break
            edits = merge(doc.text, edits, found) if edits else found
            text = apply_edits(text, found)
        yield from edits

    def _places(self, text: str) -> Sequence[int]:
        """Return where separators and zero-width characters stand between Chinese characters, in order."""
        single, stops = _patterns(self.separators, self.pictographs)
        # Arrays, since a text with a space after every word holds millions.
        places = array("Q", (match.start() for match in single.finditer(text)))
        if stops:
            in_rows = array("Q")
            for match in stops.finditer(text):
                # Each match is a gap, and so is what stands two characters on.
                if not in_rows or in_rows[-1] != match.start():
                    in_rows.append(match.start())
                in_rows.append(match.start() + 2)
            if in_rows:
                places = array("Q", merge_sorted(places, in_rows))
        return places


@cache
def _patterns(separators: str, pictographs: bool) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """Return what finds zero-width characters and single separators, and what finds rows of stops.

    Each begins with a plain class, which the engine looks for at the speed of a scan.
    """
    single = "".join(mark for mark in separators if _mark(mark).rule != _STOPS)
    stops = "".join(mark for mark in separators if _mark(mark).rule == _STOPS)
    marks = re.escape(single) + (_PICTOGRAPHS if pictographs else "")
    return (
        re.compile(
            rf"[{_ZERO_WIDTH_CLASS}{marks}](?<={_HAN_CLASS}.)"
            rf"(?:(?<=[{_ZERO_WIDTH_CLASS}])[{_ZERO_WIDTH_CLASS}]{{0,63}}|{_EMOJI_STYLE}?)(?={_HAN_CLASS})"
        ),
        re.compile(rf"[{stops}](?=.[{stops}])(?={_HAN_CLASS}.{_HAN_CLASS})(?<={_HAN_CLASS}.)")
        if stops
        else None,
    )


def _mark(separator: str) -> _Marks:
    known = _MARK_OF.get(separator)
    if known is not None:
        return known
    return _PICTOGRAPH_MARK if _IS_PICTOGRAPH.match(separator) else _OTHER_MARK


def _kind(separator: str) -> str:
    """Return what stands for all separators that look alike."""
    return _mark(separator).members[:1] or separator


def _alike(kind: str) -> str:
    return _mark(kind).members or kind


# ------------------------------------------------------------------------------------- from gaps to chains


def _end(text: str, place: int) -> int:
    return place + 2 if text[place + 1] == _EMOJI_STYLE else place + 1


def _gap(text: str, place: int) -> _Gap:
    return _Gap(place, _end(text, place), _mark(text[place]), _kind(text[place]))


def _in_short_rows(text: str, places: Iterable[int]) -> Iterator[int]:
    """Yield the places but those of long rows with one character between: such a line is spaced out."""
    row: list[int] = []
    length = 0
    for place in places:
        if row and place == row[-1] + 2 and _kind(text[place]) == _kind(text[row[-1]]):
            length += 1
            if length > _LONGEST_ROW:
                row.clear()
        else:
            if length <= _LONGEST_ROW:
                yield from row
            row.clear()
            length = 1
        row.append(place)
    if length <= _LONGEST_ROW:
        yield from row


def _clusters(text: str, places: Iterable[int]) -> Iterator[list[int]]:
    """Yield the places in groups that a word, or two neighbouring words, could reach across."""
    cluster: list[int] = []
    for place in _in_short_rows(text, places):
        if cluster:
            last = cluster[-1]
            # The mark itself, and a sign for its style.
            near = place - last <= LONGEST_WORD + 2
            run = _HAN_AT_START.match(text, _end(text, last)) if near else None
            if run is None or run.end() != place or len(cluster) == _LONGEST_CHAIN:
                yield cluster
                cluster = []
        cluster.append(place)
    if cluster:
        yield cluster


def _chain(text: str, gaps: tuple[_Gap, ...]) -> _Chain:
    before = _HAN_AT_END.search(text[max(0, gaps[0].start - LONGEST_WORD) : gaps[0].start])
    after = _HAN_AT_START.match(text, gaps[-1].end)
    assert before and after, "a gap stands between Chinese characters"
    pieces = [before.group(), *(text[one.end : two.start] for one, two in pairwise(gaps)), after.group()]
    cuts: list[int] = []
    length = 0
    for piece in pieces[:-1]:
        length += len(piece)
        cuts.append(length)
    joined = "".join(pieces)
    return _Chain(gaps, joined, simplify(joined), tuple(cuts))


# -------------------------------------------------------------------------------- words with gaps, and costs


def _is_row(word: _Word) -> bool:
    """Tell whether a word is split between all its characters."""
    return word.last - word.first + 2 == word.end - word.start


def _joinable(chain: _Chain, word: _Word, vocabulary: _Vocabulary) -> bool:
    """Tell whether a split of a word could be anything but meant."""
    gaps = chain.gaps[word.first : word.last + 1]
    kind, rule = gaps[0].kind, gaps[0].marks.rule
    if any(gap.kind != kind for gap in gaps):
        return False
    simple = chain.word(word)
    cuts = chain.cuts[word.first : word.last + 1]
    if rule == _STOPS:
        if not (simple in vocabulary.listed and len(gaps) > 1 and _is_row(word)):
            return False
    elif simple in vocabulary.listed:
        return True
    if vocabulary.lexicon.frequency(simple) < _LEAST_FREQUENCY:
        return False
    meant = _kept_apart()
    if kind not in vocabulary.throughout and (
        simple in meant.written
        or (rule in (_HYPHEN, _DOT) and meant.foreign.issuperset(simple))
        or (rule == _DOT and any(_is_in_a_name(chain, cut, meant) for cut in cuts))
    ):
        return False
    return not any(_are_set_apart(chain.simple, cut, meant) for cut in cuts)


def _is_in_a_name(chain: _Chain, cut: int, meant: _KeptApart) -> bool:
    """Tell whether a dot stands within a foreign name, or between a dynasty and an author."""
    return meant.foreign.issuperset(chain.simple[cut - 1 : cut + 1]) or (
        cut == 1 and chain.simple[0] in meant.dynasties
    )


def _are_set_apart(simple: str, cut: int, meant: _KeptApart) -> bool:
    """Tell whether the characters around a gap are of a kind to be set side by side."""
    left, right = simple[cut - 1], simple[cut]
    return (
        left == right  # a stutter: 我-我
        or left + right in meant.pairs
        or simple[max(0, cut - 2)] == right  # 页首/页尾
        or simple[cut + 1 : cut + 2] == left  # 左向/右向
    )


def _shape_cost(chain: _Chain, word: _Word, compound: float) -> float:
    """Return what the way in which an unlisted word is split adds to its cost."""
    if _is_row(word):
        return -_EVERY_GAP if word.last > word.first else 0.0
    cut = chain.cuts[word.first]
    return compound if word.first == word.last and min(cut - word.start, word.end - cut) > 1 else 0.0


def _least_cost(chain: _Chain, word: _Word, vocabulary: _Vocabulary) -> float:
    """Return what a join costs where everything else speaks for it; infinite when it is not to be made."""
    if not _joinable(chain, word, vocabulary):
        return inf
    if chain.word(word) in vocabulary.listed:
        return 0.0
    if chain.gaps[word.first].kind in vocabulary.throughout:
        return max(0.0, _THROUGHOUT_COST + _shape_cost(chain, word, _THROUGHOUT_COMPOUND))
    return max(_LEAST_COST, _HABITUAL_COST + _shape_cost(chain, word, _COMPOUND))


def _has_prospect(chain: _Chain, vocabulary: _Vocabulary) -> bool:
    """Tell whether any word across a gap is, by itself and at the least cost, more probable than its pieces.

    If none is, none can make the chain more probable: this is the cheap test before the division.
    """
    simple, cuts = chain.simple, chain.cuts
    for index, cut in enumerate(cuts):
        # Words that begin before the gap before this one were seen there.
        earliest = max(cut - LONGEST_WORD + 1, cuts[index - 1] if index else 0)
        for start in range(earliest, cut):
            words = vocabulary.lexicon.words_from(simple[start])
            for end in range(cut + 1, min(len(simple), start + LONGEST_WORD) + 1):
                frequency = words.get(simple[start:end], 0)
                if frequency == 0:
                    continue
                last = bisect_left(cuts, end) - 1
                joined = log(TOTAL_FREQUENCY / frequency)
                joined += _least_cost(chain, _Word(start, end, index, last), vocabulary)
                if joined < inf:
                    ends = (start, *cuts[index : last + 1], end)
                    apart = sum(vocabulary.lexicon.cost(simple[i:j]) for i, j in pairwise(ends))
                    if joined < apart:
                        return True
    return False


def _divide(chain: _Chain, vocabulary: _Vocabulary, cost: Callable[[_Word], float] | None) -> _Division:
    """Return the most probable division of the chain; without ``cost`` no word crosses a gap."""
    simple, cuts = chain.simple, chain.cuts
    length = len(simple)
    # How many cuts lie before each place.
    before = [bisect_left(cuts, place) for place in range(length + 1)]
    costs = [0.0] + [inf] * length
    back: list[int] = [0] * (length + 1)
    for start in range(length):
        words = vocabulary.lexicon.words_from(simple[start])
        first = before[start + 1]
        for end in range(start + 1, min(start + LONGEST_WORD, length) + 1):
            crossed = before[end] > first
            if crossed and cost is None:
                break
            frequency: float = words.get(simple[start:end], 0)
            if frequency == 0:
                if end > start + 1:
                    continue
                frequency = UNKNOWN_FREQUENCY
            total = costs[start] + log(TOTAL_FREQUENCY / frequency)
            if crossed and cost is not None:
                total += cost(_Word(start, end, first, before[end] - 1))
            if total < costs[end]:
                costs[end] = total
                back[end] = start
    ends = [length]
    while ends[-1] > 0:
        ends.append(back[ends[-1]])
    ends.reverse()
    split = (
        _Word(start, end, before[start + 1], before[end] - 1)
        for start, end in pairwise(ends)
        if before[end] > before[start + 1]
    )
    return _Division(frozenset(ends), costs, tuple(split))


def _words_to_join(
    chain: _Chain, vocabulary: _Vocabulary, apart: _Division, cost: Callable[[_Word], float]
) -> tuple[_Word, ...]:
    """Return the split words of the best division, but those that tear words beside them for little."""
    torn: set[_Word] = set()
    while True:
        whole = _divide(chain, vocabulary, lambda word: inf if word in torn else cost(word))
        bad = [word for word in whole.words if _tears(chain, word, vocabulary, apart, whole)]
        if not bad:
            return whole.words
        torn.update(bad)


def _tears(chain: _Chain, word: _Word, vocabulary: _Vocabulary, apart: _Division, whole: _Division) -> bool:
    """Tell whether a word takes characters away from the words beside it, and gains too little by that."""
    if word.start in apart.ends and word.end in apart.ends:
        return False
    common = apart.ends & whole.ends
    left = max(end for end in common if end <= word.start)
    right = min(end for end in common if end >= word.end)
    gain = (apart.costs[right] - apart.costs[left]) - (whole.costs[right] - whole.costs[left])
    gap = chain.gaps[word.first]
    rare = gap.marks.other_cost <= _RARE_MARK or gap.kind in vocabulary.throughout
    return gain < (_STRADDLES_RARE if rare else _STRADDLES)


# ------------------------------------------------------------------------- the document: evidence, decisions


class _Study(NamedTuple):
    """A chain with its division as it stands, and the words that could be joined at the least cost."""

    chain: _Chain
    apart: _Division
    possible: tuple[_Word, ...]


def _study(text: str, cluster: tuple[_Gap, ...], vocabulary: _Vocabulary) -> _Study | None:
    chain = _chain(text, cluster)
    if not _has_prospect(chain, vocabulary):
        return None
    apart = _divide(chain, vocabulary, None)
    possible = _words_to_join(chain, vocabulary, apart, lambda word: _least_cost(chain, word, vocabulary))
    possible = tuple(word for word in possible if not _stands_alone(text, chain, word))
    return _Study(chain, apart, possible) if possible else None


def _stands_alone(text: str, chain: _Chain, word: _Word) -> bool:
    """Tell whether a word split by spaces has no text beside it: a padded heading, name or table cell."""
    if chain.gaps[word.first].marks.rule != _SPACE:
        return False
    joined_left = word.start > 0 and word.start not in chain.cuts
    joined_right = word.end < len(chain.text) and word.end not in chain.cuts
    if joined_left or joined_right:
        return False
    start, end = _span(chain, word)
    return not (text[max(0, start - 1) : start] in _CLAUSE_MARKS and text[end : end + 1] in _CLAUSE_MARKS)


def _span(chain: _Chain, word: _Word) -> tuple[int, int]:
    """Return where a word with gaps stands in the document."""
    first, last = chain.gaps[word.first], chain.gaps[word.last]
    return first.start - (chain.cuts[word.first] - word.start), last.end + (word.end - chain.cuts[word.last])


class _Candidates:
    """All words of a document that could be joined, and what the document says for or against it."""

    def __init__(self, text: str, places: Sequence[int], vocabulary: _Vocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._whole: dict[str, bool] = {}
        totals: Counter[str] = Counter()
        for mark, count in Counter(map(text.__getitem__, places)).items():
            totals[_kind(mark)] += count
        clusters = list(_worth_a_look(text, places, totals, vocabulary))
        self._look(clusters)
        self._dodging = {kind for word, kind in self._split if word in vocabulary.listed}
        self._habits = self._kinds_that_split(totals, _HABIT_WORDS)
        throughout = self._kinds_that_split(totals, _THROUGHOUT_WORDS)
        if throughout:
            self._vocabulary = replace(vocabulary, throughout=throughout)
            self._look(clusters)

    def _look(self, clusters: Sequence[tuple[_Gap, ...]]) -> None:
        studies = (_study(self._text, cluster, self._vocabulary) for cluster in clusters)
        self._studies = [study for study in studies if study]
        self._split = Counter(
            (study.chain.word(word), study.chain.gaps[word.first].kind)
            for study in self._studies
            for word in study.possible
        )

    def _kinds_that_split(self, totals: Counter[str], least: int) -> frozenset[str]:
        """Return the marks with which at least so many different words are split, in most of their places."""
        filled: Counter[str] = Counter()
        for study in self._studies:
            for word in study.possible:
                filled[study.chain.gaps[word.first].kind] += word.last - word.first + 1
        different = Counter(kind for _, kind in self._split)
        return frozenset(
            kind
            for kind, total in totals.items()
            if different[kind] >= least and filled[kind] >= _HABIT_SHARE * total
        )

    def edits(self, *, lean: bool) -> Iterator[Edit]:
        """Yield an edit for each word to join; with ``lean`` on less evidence, by the rules for guesses."""
        for study in self._studies:
            for join in self._joins(study, lean=lean):
                chain = study.chain
                first, last = chain.gaps[join.first], chain.gaps[join.last]
                new = chain.text[chain.cuts[join.first] : chain.cuts[join.last]]
                rule = f"{first.marks.rule}-lean" if lean else first.marks.rule
                yield Edit(first.start, last.end, new, rule, self._why(chain, join))

    def _joins(self, study: _Study, *, lean: bool) -> list[_Join]:
        chain = study.chain
        words = [
            word
            for word in _words_to_join(
                chain, self._vocabulary, study.apart, lambda word: self._cost(chain, word, lean=lean)
            )
            if not self._is_held_back(chain, word)
        ]
        joins: list[_Join] = []
        for word in words:
            if joins and word.first <= joins[-1].last:
                continue  # lies in a row that is joined throughout
            row = _row_around(chain, word)
            # After a word split with commas a comma may well follow, and then the next clause.
            stops = chain.gaps[word.first].marks.rule == _STOPS
            if row is None or (
                stops and row == (word.first, word.last + 1) and chain.cuts[row[1]] < len(chain.text) - 1
            ):
                joins.append(_Join(word.first, word.last, (word,)))
                continue
            members = _row_words(chain, row, study.possible, self._vocabulary)
            if members:
                free = joins[-1].last + 1 if joins else 0
                first = max(free, min(row[0], word.first, *(member.first for member in members)))
                last = max(row[1], word.last, *(member.last for member in members))
                joins.append(_Join(first, last, members))
        spaced = [join for join in joins if chain.gaps[join.first].marks.rule == _SPACE]
        if spaced and not self._spaces_are_of_words(chain, joins):
            joins = [join for join in joins if join not in spaced]
        return joins

    def _cost(self, chain: _Chain, word: _Word, *, lean: bool) -> float:
        least = _least_cost(chain, word, self._vocabulary)
        gap = chain.gaps[word.first]
        if least == inf or (lean and gap.marks.rule not in _LEAN_RULES):
            return inf
        simple = chain.word(word)
        discount = self._discount(chain.text[word.start : word.end], simple, gap.kind) + _LEAN * lean
        if simple in self._vocabulary.listed:
            # A pause, or a space after every word, may stand between the words of a compound.
            shape = _shape_cost(chain, word, _COMPOUND) if gap.marks.other_cost >= _COMMON_MARK else 0.0
            return max(least, gap.marks.listed_cost + max(0.0, shape) - discount)
        if gap.kind in self._habits:
            return least
        cost = gap.marks.other_cost + _shape_cost(chain, word, _COMPOUND) - discount
        if not lean and gap.kind not in self._dodging and _RARE_MARK < gap.marks.other_cost < _COMMON_MARK:
            cost += _SIDE_BY_SIDE
        return max(least, cost)

    def _discount(self, word: str, simple: str, kind: str) -> float:
        times = self._split[simple, kind]
        found = _SPLIT_OFTEN if times > 2 else _SPLIT_TWICE if times == 2 else 0.0
        if word not in self._whole:
            self._whole[word] = word in self._text[:_VOCABULARY_REACH]
        return found + _WHOLE_ELSEWHERE * self._whole[word]

    def _is_held_back(self, chain: _Chain, word: _Word) -> bool:
        """Tell whether what stands around a split word says that the split is meant."""
        if _stands_alone(self._text, chain, word):
            return True
        start, end = _span(chain, word)
        before = self._text[max(0, start - _ROMANIZED_REACH) : start]
        after = self._text[end : end + _ROMANIZED_REACH]
        if _ROMANIZED_AFTER.match(after) or _ROMANIZED_BEFORE.search(before):
            return True
        return chain.gaps[word.first].kind == _BAR and _in_row_of_bars(self._text, start, end)

    def _spaces_are_of_words(self, chain: _Chain, joins: list[_Join]) -> bool:
        """Tell whether no space near the words to be joined is a pause or padding."""
        kinds = {chain.gaps[join.first].kind for join in joins if chain.gaps[join.first].marks.rule == _SPACE}
        if kinds <= self._habits:
            return True
        inside = {index for join in joins for index in range(join.first, join.last + 1)}
        return all(index in inside or gap.kind not in kinds for index, gap in enumerate(chain.gaps))

    def _why(self, chain: _Chain, join: _Join) -> str:
        reasons: list[str] = []
        for word in join.words:
            simple = chain.word(word)
            group = self._vocabulary.listed.get(simple)
            times = self._split[simple, chain.gaps[word.first].kind]
            what = f"a word often split ({group})" if group else "a word"
            often = f", split so {times} times here" if times > 1 else ""
            reasons.append(f"{chain.text[word.start : word.end]} is {what}{often}")
        return "; ".join(reasons)


def _row_around(chain: _Chain, word: _Word) -> tuple[int, int] | None:
    """Return the first and last gap of the row of single characters that a word's gaps belong to, if any."""
    first, last = word.first, word.last
    while first > 0 and _in_one_row(chain, first - 1):
        first -= 1
    while last + 1 < len(chain.gaps) and _in_one_row(chain, last):
        last += 1
    return (first, last) if (first, last) != (word.first, word.last) else None


def _in_one_row(chain: _Chain, index: int) -> bool:
    """Tell whether a gap and the next are of a kind with a single character between them."""
    return (
        chain.cuts[index + 1] - chain.cuts[index] == 1
        and chain.gaps[index].kind == chain.gaps[index + 1].kind
    )


def _row_words(
    chain: _Chain, row: tuple[int, int], words: Sequence[_Word], vocabulary: _Vocabulary
) -> tuple[_Word, ...]:
    """Return the words that fill a row of single characters; none when they do not or it may be meant."""
    if chain.gaps[row[0]].marks.rule in (_SPACE, _STOPS):
        return ()
    members = tuple(word for word in words if row[0] <= word.last and word.first <= row[1])
    start, end = chain.cuts[row[0]] - 1, chain.cuts[row[1]] + 1
    filled = sum(min(end, word.end) - max(start, word.start) for word in members)
    listed = end - start >= _CLEAR_ROW and any(chain.word(word) in vocabulary.listed for word in members)
    share = _ROW_SHARE_LISTED if listed else _ROW_SHARE
    return members if filled >= share * (end - start) else ()


def _in_row_of_bars(text: str, start: int, end: int) -> bool:
    """Tell whether the line is a row of a table, as Markdown and terminals draw it."""
    left = text[max(0, start - _LINE_REACH) : start].splitlines()[-1:]
    right = text[end : end + _LINE_REACH].splitlines()[:1]
    line = "".join(left) + "".join(right)
    return bool(_BAR_OF_A_TABLE.search(line))


def _worth_a_look(
    text: str, places: Sequence[int], totals: Counter[str], vocabulary: _Vocabulary
) -> Iterator[tuple[_Gap, ...]]:
    """Yield the groups of gaps in which a join is possible at all.

    Full stops and spaces between characters are common. Of those only the ones count that could split a
    listed word, a word of two characters that hardly stand but together, or the same such word again, unless
    a sample shows that this document may split words with them throughout.
    """
    common = {
        mark
        for kind, total in totals.items()
        if _mark(kind).rule == _STOPS
        or (
            _mark(kind).other_cost >= _COMMON_MARK
            and total > _HABIT_SAMPLE
            and not _perhaps_a_habit(
                text, [place for place in places if text[place] in _alike(kind)], vocabulary
            )
        )
        for mark in _alike(kind)
    }
    pairs = Counter(text[place - 1] + text[place + 1] for place in places if text[place] in common)
    telling = {pair for pair, count in pairs.items() if _is_telling(simplify(pair), count, vocabulary)}
    for cluster in _clusters(text, places):
        if len(cluster) >= LONGEST_WORD and all(
            text[place] in common and _mark(text[place]).rule == _SPACE for place in cluster
        ):
            continue  # spaces that divide the text into words, or pauses
        if any(
            text[place] not in common or text[place - 1] + text[place + 1] in telling for place in cluster
        ):
            yield tuple(_gap(text, place) for place in cluster)


def _is_telling(pair: str, count: int, vocabulary: _Vocabulary) -> bool:
    if pair in vocabulary.pairs:
        return True
    together = vocabulary.lexicon.frequency(pair)
    if together == 0 or count > 1:
        return together > 0
    apart = [max(vocabulary.lexicon.frequency(char), UNKNOWN_FREQUENCY) for char in pair]
    return log(TOTAL_FREQUENCY / apart[0] / apart[1] * together) > _COMMON_MARK


def _perhaps_a_habit(text: str, places: Sequence[int], vocabulary: _Vocabulary) -> bool:
    """Tell whether, in a sample of the places of a mark, enough lie within words for a habit."""
    sample = places[:: len(places) // _HABIT_SAMPLE]
    prospects = sum(_has_prospect(_chain(text, (_gap(text, place),)), vocabulary) for place in sample)
    return prospects >= _HABIT_SHARE * len(sample)
