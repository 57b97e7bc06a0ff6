"""Join words that were split to get a text past a word filter."""

from __future__ import annotations

import re
import tomllib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from heapq import merge as merge_sorted
from importlib.resources import files
from itertools import pairwise
from math import inf, log
from operator import add
from pathlib import Path
from typing import ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, apply_edits, merge
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.classes import ZERO_WIDTH
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

# Marks that may stand doubled or tripled, in two gaps or more of a word often split: 毛---主---席. In one gap
# they may be a dash or set off words, as in Markdown (这是**重点**); the em dash itself is two; spaces are
# layout.
_DOUBLED = "-‐‑‒–−﹣－·•・･‧∙⋅.．﹒*＊﹡_＿/／\\＼|｜~～∼^＾'＇#＃@＠+＋$＄￥%％★☆▲△"
_MOST_DOUBLED = 3

_EMOJI_STYLE = "\ufe0f"  # may follow a pictograph, to have it drawn in colour
_PICTOGRAPHS = "\u25b6-\u25cf\u2b1b\u2b1c\u2b50\u2b55\u2600-\u27bf\U0001f300-\U0001faff"
_IS_PICTOGRAPH = re.compile(f"[{_PICTOGRAPHS}]")
_HAN = "\u3400-\u4e27\u4e29-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # without 丨, which is drawn as a bar
_HAN_CLASS = f"[{_HAN}]"
_SEPARATOR_IN_CHAIN = re.compile(f"[^{_HAN}]+")
_HAN_AT_END = re.compile(rf"{_HAN_CLASS}{{1,{LONGEST_WORD}}}\Z")
_HAN_AT_START = re.compile(rf"{_HAN_CLASS}{{1,{LONGEST_WORD}}}")

_OWN_WORD = re.compile(rf"{_HAN_CLASS}{{2,{LONGEST_WORD}}}")
# Characters without width and the soft hyphen: marks against copying, and left-overs of layout.
_ZERO_WIDTH_RUN = re.compile(f"[{ZERO_WIDTH}]{{1,64}}")  # bounded: no run of layout is so long

# --------------------------------------------------------------------------------- what is meant and stays

# Romanized speech beside a word (政-府 tsìng-hú, “民-主”（mínzhǔ）) says that its syllables are set apart on
# purpose: syllables with a hyphen, or a letter with a tone, or syllables with a space within brackets.
_SYLLABLE = "[A-Za-zÀ-ɏḀ-ỿ\u0300-\u036f]{1,8}[0-9]?"
_TONED = "[A-Za-z]{0,6}[À-ÖØ-öø-ɏḀ-ỿ\u0300-\u036f]"
_BESIDE = "[ \\t\u3000|｜/（(\\[【:：,，=）)\\]】”’」』》〉]{0,4}"
_ROMANIZED_AFTER = re.compile(
    rf"{_BESIDE}(?:{_SYLLABLE}-{{1,2}}{_SYLLABLE}|{_TONED}|(?<=[（(\[【]){_SYLLABLE}[ '’]{_SYLLABLE})"
)
_ROMANIZED_BEFORE = re.compile(
    rf"(?:{_SYLLABLE}-{{1,2}}{_SYLLABLE}|{_TONED}[A-Za-z0-9]{{0,4}})[“‘「『《〈]?{_BESIDE}[“‘「『《〈]?\Z"
)
_ROMANIZED_REACH = 24  # characters: two long syllables with tone digits and what stands between
# What is said of words and not with them: 三个字, 两个词的分写, 加连字符作; spaced-out lines say it too.
_ABOUT_WORDS = re.compile(
    "[二两兩三四五六七八九十几幾] ?[个個] ?(?:汉|漢)? ?(?:字|词|詞|音[节節])"
    "|[二两兩三] ?[词詞字](?![典曲牌汇彙经經])|一(?<!众口一)(?<!眾口一) ?[词詞]"
    "|[这這那该該此][个個]?[词詞字](?![典曲牌汇彙])"
    "|[词詞](?:条|條|目|素|性|组|組|语分解|語分解)|[组組构構断斷][词詞]|[语語]素|音[节節]"
    "|[动動名副量][词詞](?!典)|形容[词詞]"
    "|[分连連拼] ?[写寫]|拼音|注音|[读讀](?:音|作)|[连連](?:字符|字号|字號|接号|接號)|短横|短橫"
    "|[间間]隔[号號]|分隔[号號符]|斜[杠線线]"
)
_ABOUT_REACH = 20  # characters on each side, within the sentence
_SENTENCE_END = re.compile("[。！？!?\r\n]")
# A word alone in brackets of these kinds is an entry or a title; in quotation marks, where they begin a line.
_ENTRY_BRACKETS = dict(zip("【〔《〈", "】〕》〉", strict=True))
_QUOTATION_MARKS = dict(zip("“‘「『", "”’」』", strict=True))
# The same mark stands between a word and what belongs to a code: 国-安-3B.
_CODE_CHARACTER = re.compile("[A-Za-z0-9]")
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
# So many chains to decide on make an index of that part of the document worth its time.
_MANY = 1000
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
    """A separator between two Chinese characters of a chain."""

    start: int  # in the chain's source
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
    """Gaps near one another, and the characters around them with the separators left out.

    A chain knows nothing of where it stands: equal ones are studied once in a document.
    """

    gaps: tuple[_Gap, ...]
    text: str
    simple: str
    cuts: tuple[int, ...]  # where in the text the gaps are

    def word(self, word: _Word) -> str:
        """Return the word in simplified script."""
        return self.simple[word.start : word.end]


class _Crossing(NamedTuple):
    """A word that has gaps inside, with what it costs as a word and what a join costs at the least.

    A join that costs as much as it is ``worth`` makes the word no more probable than its pieces.
    """

    word: _Word
    bare: float
    least: float
    worth: float


# For each place of a chain where the words that begin there and hold no gap end, and what they cost. Tuples
# throughout: the garbage collector passes them over.
_PlainWords = tuple[tuple[tuple[int, float], ...], ...]


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
            Example("毛---主---席说过", "毛主席说过"),
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
            "“民-主”（mínzhǔ），民-主两个字",
            "【民-主】",
            "型号：国-安-3B",
            "自由--民主",
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
            "这是**重点**内容",
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
    (公共-产品, 居民-主站); stutters and sounds (我-我, 嘀-嗒); codes (国-安-3B); words that are spoken about,
    by their romanization, as an entry in brackets or as words (民-主两个字); table rows; padded headings and
    names (前 言), spaced-out lines, pauses by a space or a full stop; dashes of two characters. Masks (王**),
    pinyin and split radicals in place of a character are not filled in: what stood there is not in the text.

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
        studies = _Studies(_vocabulary(self._own_words))
        places = self._places(text)
        while places:
            found = list(_zero_width_edits(text, places))
            sown = bool(found)
            if not sown:
                candidates = _Candidates(text, places, studies)
                found = [] if lean else list(candidates.edits(lean=False))
                if not found:
                    lean = True
                    found = list(candidates.edits(lean=True))
            if not found:
                break
            edits = merge(doc.text, edits, found) if edits else found
            text = apply_edits(text, found)
            places = self._places(text) if sown else self._places_left(text, places, found)
        yield from edits

    def _places(self, text: str) -> Sequence[int]:
        """Return where separators and zero-width characters stand between Chinese characters, in order."""
        single, stops = _patterns(self.separators, self.pictographs)
        pairs = _vocabulary(self._own_words).pairs
        # Arrays, since a text with a space after every word holds millions.
        places = array(
            "Q",
            (
                match.start()
                for match in single.finditer(text)
                # Marks in a row may only split words often split.
                if match.lastindex == 1 or simplify(text[match.start() - 1] + text[match.end()]) in pairs
            ),
        )
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

    def _places_left(self, text: str, places: Sequence[int], made: Iterable[Edit]) -> Sequence[int]:
        """Return what ``_places`` would, of a text in which separators were taken out of words.

        Nothing else has changed: the other separators stand where they did, and only rows of stops may have
        lost a member and be rows no more.
        """
        stops = _patterns(self.separators, self.pictographs)[1]
        left = array("Q")
        shift = 0
        remaining = iter(made)
        edit = next(remaining, None)
        for place in places:
            while edit is not None and place >= edit.end:
                shift += edit.end - edit.start - len(edit.new)
                edit = next(remaining, None)
            if edit is None or place < edit.start:
                left.append(place - shift)
        if stops is None or not any(_mark(mark).rule == _STOPS for mark in set(map(text.__getitem__, left))):
            return left
        return array(
            "Q",
            (
                place
                for place in left
                if _mark(text[place]).rule != _STOPS
                or stops.match(text, place)
                or (place > 2 and stops.match(text, place - 2))
            ),
        )


def _zero_width_edits(text: str, places: Sequence[int]) -> Iterator[Edit]:
    if not any(map(_ZERO_WIDTH_RUN.match, set(map(text.__getitem__, places)))):
        return
    for place in places:
        if match := _ZERO_WIDTH_RUN.match(text, place):
            yield Edit(*match.span(), "", _ZERO_WIDTH, "between two characters")


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
            rf"([{ZERO_WIDTH}{marks}])(?<={_HAN_CLASS}.)"
            rf"(?:(?<=[{ZERO_WIDTH}])[{ZERO_WIDTH}]{{0,63}}|{_EMOJI_STYLE}?"
            rf"|(?<=[{re.escape(_DOUBLED)}])(\1{{1,{_MOST_DOUBLED - 1}}}))(?={_HAN_CLASS})"
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
    """Return where a gap ends that begins with a mark; Chinese follows it."""
    end = place + 1
    if text[end] == _EMOJI_STYLE:
        return end + 1
    while text[end] == text[place]:
        end += 1
    return end


def _is_doubled(text: str, place: int) -> bool:
    return text[place + 1] == text[place]


def _without_long_rows(text: str, places: Sequence[int]) -> Sequence[int]:
    """Return the places but those of long rows with one character between: such a line is spaced out."""
    # No two places are nearer than two characters: those so far on belong to a row without a break.
    row = 2 * _LONGEST_ROW
    if not any(later - place == row for place, later in zip(places, places[_LONGEST_ROW:], strict=False)):
        return places
    left = array("Q")
    start = 0
    for index in range(1, len(places) + 1):
        if index < len(places):
            place, last = places[index], places[index - 1]
            if place - last == 2 and (text[place] == text[last] or _kind(text[place]) == _kind(text[last])):
                continue
        if index - start <= _LONGEST_ROW:
            left.extend(places[start:index])
        start = index
    return left


def _near(text: str, place: int, later: int) -> bool:
    """Tell whether a word, or two neighbouring words, could reach across a place and the next."""
    if later - place < 4:
        return True  # what follows the one and what comes before the other is Chinese, and there is no more
    # The mark itself, as often as it may stand; a sign for its style is shorter.
    if later - place > LONGEST_WORD + _MOST_DOUBLED:
        return False
    run = _HAN_AT_START.match(text, _end(text, place))
    return run is not None and run.end() == later


def _clusters(text: str, places: Sequence[int], wanted: Iterable[int]) -> Iterator[Sequence[int]]:
    """Yield the groups of places near one another in which one is wanted, given by its index."""
    done = 0
    for index in wanted:
        if index < done:
            continue
        start, end = index, index + 1
        while start > done and _near(text, places[start - 1], places[start]):
            start -= 1
        # Long ones are cut, as seen from where they begin.
        start += (index - start) // _LONGEST_CHAIN * _LONGEST_CHAIN
        last = min(start + _LONGEST_CHAIN, len(places))
        while end < last and _near(text, places[end - 1], places[end]):
            end += 1
        done = end
        yield places[start:end]


def _source(text: str, first: int, last: int) -> tuple[int, int]:
    """Return the span of the chain whose gaps lie from the place ``first`` to the place ``last``."""
    before = _HAN_AT_END.search(text, max(0, first - LONGEST_WORD), first)
    after = _HAN_AT_START.match(text, _end(text, last))
    assert before and after, "a gap stands between Chinese characters"
    return before.start(), after.end()


def _chain(source: str) -> _Chain:
    gaps: list[_Gap] = []
    cuts: list[int] = []
    closed = 0
    for match in _SEPARATOR_IN_CHAIN.finditer(source):
        start, end = match.span()
        mark = source[start]
        times = end - start if _is_doubled(source, start) else 1
        gaps.append(_Gap(start, end, _mark(mark), _kind(mark) * times))
        cuts.append(start - closed)
        closed += end - start
    joined = _SEPARATOR_IN_CHAIN.sub("", source)
    return _Chain(tuple(gaps), joined, simplify(joined), tuple(cuts))


# -------------------------------------------------------------------------------- words with gaps, and costs


def _is_row(word: _Word) -> bool:
    """Tell whether a word is split between all its characters."""
    return word.last - word.first + 2 == word.end - word.start


def _joinable(chain: _Chain, word: _Word, vocabulary: _Vocabulary) -> bool:
    """Tell whether a split of a word could be anything but meant."""
    gaps = chain.gaps[word.first : word.last + 1]
    kind, rule = gaps[0].kind, gaps[0].marks.rule
    if len(gaps) > 1 and any(gap.kind != kind for gap in gaps):
        return False
    simple = chain.word(word)
    if len(kind) > 1 and (simple not in vocabulary.listed or len(gaps) == 1):
        return False
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


def _words_across(chain: _Chain, lexicon: Lexicon) -> tuple[tuple[_Word, float], ...]:
    """Return the words across gaps, in order, and what they cost as words."""
    simple, cuts = chain.simple, chain.cuts
    across: list[tuple[_Word, float]] = []
    for index, cut in enumerate(cuts):
        # Words that begin before the gap before this one were seen there.
        earliest = max(cut - LONGEST_WORD + 1, cuts[index - 1] if index else 0)
        for start in range(earliest, cut):
            first = simple[start]
            lengths = lexicon.lengths_from(first)
            if start + lengths[-1] <= cut:
                continue
            words = lexicon.words_from(first)
            for length in lengths:
                end = start + length
                if end <= cut:
                    continue
                if end > len(simple):
                    break
                frequency = words.get(simple[start:end], 0)
                if frequency:
                    word = _Word(start, end, index, bisect_left(cuts, end) - 1)
                    across.append((word, log(TOTAL_FREQUENCY / frequency)))
    return tuple(across)


def _crossings(
    chain: _Chain, across: Iterable[tuple[_Word, float]], vocabulary: _Vocabulary
) -> tuple[_Crossing, ...]:
    """Return the words across gaps that are, at the least cost, more probable than their pieces, in order.

    No other can make the chain more probable. Where there are none, no division need be tried.
    """
    crossings: list[_Crossing] = []
    for word, bare in across:
        least = _least_cost(chain, word, vocabulary)
        if least < inf:
            ends = (word.start, *chain.cuts[word.first : word.last + 1], word.end)
            pieces = sum(vocabulary.lexicon.cost(chain.simple[i:j]) for i, j in pairwise(ends))
            if bare + least < pieces:
                crossings.append(_Crossing(word, bare, least, pieces - bare))
    return tuple(crossings)


def _plain_words(chain: _Chain, lexicon: Lexicon) -> _PlainWords:
    plain: list[tuple[tuple[int, float], ...]] = []
    borders = iter((*chain.cuts, len(chain.simple)))
    border = next(borders)
    for start, first in enumerate(chain.simple):
        if start == border:
            border = next(borders)
        words = lexicon.words_from(first)
        here: list[tuple[int, float]] = []
        for length in lexicon.lengths_from(first):
            end = start + length
            if end > border:
                break
            frequency: float = words.get(chain.simple[start:end], 0)
            if frequency == 0:
                if length > 1:
                    continue
                frequency = UNKNOWN_FREQUENCY
            here.append((end, log(TOTAL_FREQUENCY / frequency)))
        plain.append(tuple(here))
    return tuple(plain)


def _divide(plain: _PlainWords, joins: Sequence[tuple[_Word, float]]) -> _Division:
    """Return the most probable division of a chain; no word crosses a gap but those given, in order."""
    length = len(plain)
    costs = [0.0] + [inf] * length
    back: list[tuple[int, _Word | None]] = [(0, None)] * (length + 1)
    index = 0
    for start, words in enumerate(plain):
        base = costs[start]
        for end, cost in words:
            if base + cost < costs[end]:
                costs[end] = base + cost
                back[end] = start, None
        while index < len(joins) and joins[index][0].start == start:
            word, cost = joins[index]
            if base + cost < costs[word.end]:
                costs[word.end] = base + cost
                back[word.end] = start, word
            index += 1
    ends = [length]
    split: list[_Word] = []
    while ends[-1] > 0:
        before, chosen = back[ends[-1]]
        if chosen:
            split.append(chosen)
        ends.append(before)
    return _Division(frozenset(ends), tuple(costs), tuple(reversed(split)))


def _words_to_join(
    study: _Study, vocabulary: _Vocabulary, cost: Callable[[_Crossing], float]
) -> tuple[_Word, ...]:
    """Return the split words of the best division, but those that tear words beside them for little."""
    priced = ((crossing, cost(crossing)) for crossing in study.crossings)
    joins = [(crossing.word, crossing.bare + price) for crossing, price in priced if price < inf]
    while joins:
        whole = _divide(study.plain, joins)
        bad = {word for word in whole.words if _tears(study.chain, word, vocabulary, study.apart, whole)}
        if not bad:
            return whole.words
        joins = [(word, price) for word, price in joins if word not in bad]
    return ()


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


class _Ground:
    """What is known of a chain whatever the document does."""

    __slots__ = ("_division", "_lexicon", "across", "chain")

    def __init__(self, source: str, lexicon: Lexicon) -> None:
        self.chain = _chain(source)
        self.across = _words_across(self.chain, lexicon)
        self._lexicon = lexicon
        self._division: tuple[_PlainWords, _Division] | None = None

    def division(self) -> tuple[_PlainWords, _Division]:
        """Return the words without gaps, and the division of the chain as it stands."""
        if self._division is None:
            plain = _plain_words(self.chain, self._lexicon)
            self._division = plain, _divide(plain, ())
        return self._division


@dataclass(frozen=True, eq=False, slots=True)
class _Study:
    """A chain with its division as it stands, and the words that could be joined at the least cost."""

    chain: _Chain
    crossings: tuple[_Crossing, ...]
    plain: _PlainWords
    apart: _Division
    possible: tuple[_Word, ...] = ()
    # The same before what stands around the chain was looked at.
    likeliest: tuple[_Word, ...] = ()


class _Studies:
    """The studies of a document's chains: equal ones, in one place or round and the next, are one."""

    def __init__(self, vocabulary: _Vocabulary, grounds: dict[str, _Ground] | None = None) -> None:
        self.vocabulary = vocabulary
        self._grounds: dict[str, _Ground] = {} if grounds is None else grounds
        self._known: dict[str, _Study | None] = {}
        self._others: dict[frozenset[str], _Studies] = {}

    def of(self, source: str) -> _Study | None:
        """Return the study of a chain; nothing when no join of it is possible."""
        if source not in self._known:
            self._known[source] = self._study(source)
        return self._known[source]

    def throughout(self, kinds: frozenset[str]) -> _Studies:
        """Return the studies for a document that splits words throughout with marks of these kinds."""
        if kinds not in self._others:
            vocabulary = replace(self.vocabulary, throughout=kinds)
            self._others[kinds] = _Studies(vocabulary, self._grounds)
        return self._others[kinds]

    def _study(self, source: str) -> _Study | None:
        lexicon = self.vocabulary.lexicon
        ground = self._grounds.get(source) or _Ground(source, lexicon)
        chain = ground.chain
        crossings = _crossings(chain, ground.across, self.vocabulary)
        if not crossings:
            return None
        study = _Study(chain, crossings, *ground.division())
        possible = _words_to_join(study, self.vocabulary, lambda crossing: crossing.least)
        if not possible:
            return None
        self._grounds[source] = ground
        return replace(study, possible=possible, likeliest=possible)


def _stands_alone(text: str, at: int, chain: _Chain, word: _Word) -> bool:
    """Tell whether a word split by spaces has no text beside it: a padded heading, name or table cell."""
    if chain.gaps[word.first].marks.rule != _SPACE:
        return False
    joined_left = word.start > 0 and word.start not in chain.cuts
    joined_right = word.end < len(chain.text) and word.end not in chain.cuts
    if joined_left or joined_right:
        return False
    start, end = _span(at, chain, word)
    return not (text[max(0, start - 1) : start] in _CLAUSE_MARKS and text[end : end + 1] in _CLAUSE_MARKS)


def _span(at: int, chain: _Chain, word: _Word) -> tuple[int, int]:
    """Return where a word with gaps stands in the document, in which the chain begins ``at`` some place."""
    first, last = chain.gaps[word.first], chain.gaps[word.last]
    start = first.start - (chain.cuts[word.first] - word.start)
    return at + start, at + last.end + (word.end - chain.cuts[word.last])


class _Candidates:
    """All words of a document that could be joined, and what the document says for or against it."""

    def __init__(self, text: str, places: Sequence[int], studies: _Studies) -> None:
        self._text = text
        self._vocabulary = studies.vocabulary
        self._head = text[:_VOCABULARY_REACH]
        self._whole: dict[str, bool] = {}
        totals: Counter[str] = Counter()
        for mark, count in Counter(map(text.__getitem__, places)).items():
            totals[_kind(mark)] += count
        # Doubled marks are no evidence of how often the mark stands between characters by itself.
        totals.subtract(_kind(text[place]) for place in places if _is_doubled(text, place))
        # Where the chains begin and end: arrays, since a text split throughout holds millions.
        starts, ends = array("Q"), array("Q")
        for cluster in _worth_a_look(text, places, totals, self._vocabulary):
            start, end = _source(text, cluster[0], cluster[-1])
            starts.append(start)
            ends.append(end)
        self._look(studies, starts, ends)
        self._dodging = {kind for word, kind in self._split if word in self._vocabulary.listed}
        self._habits = self._kinds_that_split(totals, _HABIT_WORDS)
        throughout = self._kinds_that_split(totals, _THROUGHOUT_WORDS)
        if throughout:
            studies = studies.throughout(throughout)
            self._vocabulary = studies.vocabulary
            self._look(studies, starts, ends)

    def _look(self, studies: _Studies, starts: Sequence[int], ends: Sequence[int]) -> None:
        self._found: list[_Study] = []
        self._starts = array("Q")
        for start, end in zip(starts, ends, strict=True):
            study = studies.of(self._text[start:end])
            if study is None:
                continue
            alone = [word for word in study.possible if _stands_alone(self._text, start, study.chain, word)]
            if alone:
                study = replace(study, possible=tuple(word for word in study.possible if word not in alone))
            if study.possible:
                self._found.append(study)
                self._starts.append(start)
        self._split: Counter[tuple[str, str]] = Counter()
        self._filled: Counter[str] = Counter()
        for study, times in Counter(self._found).items():
            for word in study.possible:
                kind = study.chain.gaps[word.first].kind
                self._split[study.chain.word(word), kind] += times
                self._filled[kind] += times * (word.last - word.first + 1)

    def _kinds_that_split(self, totals: Counter[str], least: int) -> frozenset[str]:
        """Return the marks with which at least so many different words are split, in most of their places."""
        different = Counter(kind for _, kind in self._split)
        return frozenset(
            kind
            for kind, total in totals.items()
            if different[kind] >= least and self._filled[kind] >= _HABIT_SHARE * total
        )

    def edits(self, *, lean: bool) -> Iterator[Edit]:
        """Yield an edit for each word to join; with ``lean`` on less evidence, by the rules for guesses."""
        # What does not depend on where a chain stands, worked out once for all that are equal.
        plans: dict[_Study, tuple[tuple[_Word, ...], list[Edit]]] = {}
        for study, at in zip(self._found, self._starts, strict=True):
            if study not in plans:
                words = self._choose(study, lean=lean)
                plans[study] = words, list(self._edits_of(study, words, lean=lean))
            words, edits = plans[study]
            free = tuple(word for word in words if not self._is_held_back(at, study.chain, word))
            if len(free) < len(words):
                edits = list(self._edits_of(study, free, lean=lean))
            for start, end, new, rule, why in edits:
                yield Edit(at + start, at + end, new, rule, why)

    def _choose(self, study: _Study, *, lean: bool) -> tuple[_Word, ...]:
        """Return the words to join that the document and the chain speak for."""
        costs = {crossing: self._cost(study.chain, crossing, lean=lean) for crossing in study.crossings}
        if all(cost >= crossing.worth for crossing, cost in costs.items()):
            return ()
        if all(cost == crossing.least for crossing, cost in costs.items()):
            return study.likeliest
        return _words_to_join(study, self._vocabulary, costs.__getitem__)

    def _edits_of(self, study: _Study, words: Iterable[_Word], *, lean: bool) -> Iterator[Edit]:
        """Yield the edits that join the words, as if the text began with the chain."""
        chain = study.chain
        for join in self._joins(study, words):
            first, last = chain.gaps[join.first], chain.gaps[join.last]
            new = chain.text[chain.cuts[join.first] : chain.cuts[join.last]]
            rule = f"{first.marks.rule}-lean" if lean else first.marks.rule
            yield Edit(first.start, last.end, new, rule, self._why(chain, join))

    def _joins(self, study: _Study, words: Iterable[_Word]) -> list[_Join]:
        chain = study.chain
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

    def _cost(self, chain: _Chain, crossing: _Crossing, *, lean: bool) -> float:
        word, least = crossing.word, crossing.least
        gap = chain.gaps[word.first]
        if lean and gap.marks.rule not in _LEAN_RULES:
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
            if len(self._found) <= _MANY:
                self._whole[word] = word in self._head
            else:
                pairs_stand = self._neighbours.issuperset(map(add, word, word[1:]))
                self._whole[word] = pairs_stand and (len(word) == 2 or word in self._head)
        return found + _WHOLE_ELSEWHERE * self._whole[word]

    @cached_property
    def _neighbours(self) -> frozenset[str]:
        """The pairs of characters that stand side by side near the head of the text."""
        return frozenset(map(add, self._head, self._head[1:]))

    def _is_held_back(self, at: int, chain: _Chain, word: _Word) -> bool:
        """Tell whether what stands around a split word says that the split is meant."""
        if _stands_alone(self._text, at, chain, word):
            return True
        start, end = _span(at, chain, word)
        before = self._text[max(0, start - _ROMANIZED_REACH) : start]
        after = self._text[end : end + _ROMANIZED_REACH]
        if _ROMANIZED_AFTER.match(after) or _ROMANIZED_BEFORE.search(before):
            return True
        gap = chain.gaps[word.first]
        # Where words are split by habit, so are those in titles and beside numbers.
        if gap.kind not in self._habits and (
            _is_an_entry(self._text, start, end)
            or (gap.marks.rule == _HYPHEN and _is_in_a_code(self._text, start, end, gap.marks.members))
        ):
            return True
        if _is_spoken_about(self._text, start, end):
            return True
        return gap.kind == _BAR and _in_row_of_bars(self._text, start, end)

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


def _is_an_entry(text: str, start: int, end: int) -> bool:
    """Tell whether a word stands alone in brackets as entries and titles do."""
    bracket, closing = text[max(0, start - 1) : start], text[end : end + 1]
    if not closing:
        return False
    if _ENTRY_BRACKETS.get(bracket) == closing:
        return True
    return _QUOTATION_MARKS.get(bracket) == closing and (start == 1 or text[start - 2] in "\r\n")


def _is_spoken_about(text: str, start: int, end: int) -> bool:
    """Tell whether the sentence around a word speaks of words, of how they are written or read."""
    if not _ABOUT_WORDS.search(text, max(0, start - _ABOUT_REACH), end + _ABOUT_REACH):
        return False
    before = _SENTENCE_END.split(text[max(0, start - _ABOUT_REACH) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + _ABOUT_REACH], 1)[0]
    return bool(_ABOUT_WORDS.search(before) or _ABOUT_WORDS.search(after))


def _is_in_a_code(text: str, start: int, end: int, members: str) -> bool:
    """Tell whether a mark of these stands between the word and a letter or digit, too: 国-安-3B."""
    if end < len(text) and text[end] in members and _CODE_CHARACTER.match(text, end + 1):
        return True
    return start > 1 and text[start - 1] in members and bool(_CODE_CHARACTER.match(text, start - 2))


def _worth_a_look(
    text: str, places: Sequence[int], totals: Counter[str], vocabulary: _Vocabulary
) -> Iterator[Sequence[int]]:
    """Yield the groups of places in which a join is possible at all.

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
            and not _perhaps_a_habit(text, places, kind, vocabulary)
        )
        for mark in _alike(kind)
    }
    spaces = {mark for mark in common if _mark(mark).rule == _SPACE}
    pairs = Counter(text[place - 1] + text[place + 1] for place in places if text[place] in common)
    telling = {pair for pair, count in pairs.items() if _is_telling(simplify(pair), count, vocabulary)}
    places = _without_long_rows(text, places)
    wanted = (
        index
        for index, place in enumerate(places)
        if text[place] not in common
        or text[place - 1] + text[place + 1] in telling
        or _is_doubled(text, place)
    )
    for cluster in _clusters(text, places, wanted):
        if len(cluster) < LONGEST_WORD or not spaces.issuperset(map(text.__getitem__, cluster)):
            yield cluster
        # Else these are spaces that divide the text into words, or pauses.


def _is_telling(pair: str, count: int, vocabulary: _Vocabulary) -> bool:
    if pair in vocabulary.pairs:
        return True
    together = vocabulary.lexicon.frequency(pair)
    if together == 0 or count > 1:
        return together > 0
    apart = [max(vocabulary.lexicon.frequency(char), UNKNOWN_FREQUENCY) for char in pair]
    return log(TOTAL_FREQUENCY / apart[0] / apart[1] * together) > _COMMON_MARK


def _perhaps_a_habit(text: str, places: Sequence[int], kind: str, vocabulary: _Vocabulary) -> bool:
    """Tell whether, in a sample of the places of a mark, enough lie within words for a habit."""
    members = frozenset(_alike(kind))
    places = [place for place in places if text[place] in members]
    sample = places[:: len(places) // _HABIT_SAMPLE]
    prospects = 0
    for place in sample:
        start, end = _source(text, place, place)
        ground = _Ground(text[start:end], vocabulary.lexicon)
        prospects += bool(_crossings(ground.chain, ground.across, vocabulary))
    return prospects >= _HABIT_SHARE * len(sample)
