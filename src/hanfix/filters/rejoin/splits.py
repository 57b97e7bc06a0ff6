"""Words split with marks, and characters without width inside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, apply_edits, merge
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.rejoin.candidates import Candidates
from hanfix.filters.rejoin.marks import (
    DEFAULT_SEPARATORS,
    DOT,
    HYPHEN,
    LETTER_BAR,
    MARK_OF,
    NO_WIDTH,
    SPACE,
    STOPS,
    SYMBOL,
)
from hanfix.filters.rejoin.places import places_in, places_left, zero_width_edits
from hanfix.filters.rejoin.prospects import may_split_words
from hanfix.filters.rejoin.study import Studies
from hanfix.filters.rejoin.vocabulary import read_words, vocabulary_of

_RULES = (
    Rule(
        HYPHEN,
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
            "昆明-火车站，平壤-市政府，新民-党校",
            'print("政-府")，学-生（haksaeng）',
            "A-股 2017-04-27",
        ),
    ),
    Rule(
        f"{HYPHEN}-lean",
        "join a word split with a hyphen or a dash where the word or its place is an unusual one",
        Risk.GUESS,
        (Example("一个大-人带着孩子", "一个大人带着孩子"),),
        ("新-老用户都可参加", "大-小写不分"),
    ),
    Rule(
        DOT,
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
        f"{DOT}-lean",
        "join a word split with a dot where a pause is nearly as likely",
        Risk.GUESS,
        (Example("已经安.装完毕", "已经安装完毕"),),
        ("诗经·国风", "他说.不过"),
    ),
    Rule(
        SYMBOL,
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
            "张*伟、王*子、白*云均被录取，恭喜黄*河先生",
            "图片/中/国/地图.png",
            "生成表_达式",
            "这是**重点**内容",
            "| 民|主 |",
            "好吃~下次还来",
            "首页|新闻|体育",
        ),
    ),
    Rule(
        f"{SYMBOL}-lean",
        "join a word split with another symbol where it may set things side by side",
        Risk.GUESS,
        (Example("不要选|用它", "不要选用它"),),
        ("男/女不限", "套餐+饮料"),
    ),
    Rule(
        LETTER_BAR,
        "join a word split with 丨 or a small L, which look like a bar",
        Risk.LIKELY,
        (Example("出售毒丨药的人", "出售毒药的人"), Example("满足情l欲的", "满足情欲的")),
        ("新闻丨民生", "独家丨主播说"),
    ),
    Rule(
        SPACE,
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
        f"{SPACE}-lean",
        "join a word split with a space where other spaces are near or the word is less often split",
        Risk.GUESS,
        (Example("它的用 法很简单", "它的用法很简单"),),
        ("房间不错 服务也好", "这里 很美"),
    ),
    Rule(
        STOPS,
        "join a word of three characters or more with the same comma or stop in every gap",
        Risk.LIKELY,
        (Example("练法。轮。功的人", "练法轮功的人"), Example("申请信，用，卡的人", "申请信用卡的人")),
        ("其中，国内占一半", "四点六、四点五", "党、政、军", "一、二、三", "是，是，是"),
    ),
    Rule(
        NO_WIDTH,
        "drop characters without width and soft hyphens between two Chinese characters",
        Risk.SAFE,
        (
            Example("建设\u200b和\u200b谐社会", "建设和谐社会"),
            Example("保持\u00ad清醒", "保持清醒"),
            Example("发展民\u200b-\u200b主", "发展民主"),
            Example("轉載\ufeff請註明出處", "轉載請註明出處"),
        ),
        ("👨\u200d👩\u200d👧一家", "می\u200cخواهم", "Donau\u00addampf", "中\u200bA", "中 \u200b-\u200b 美"),
    ),
)


@dataclass(frozen=True)
class SplitWords(Filter):
    """Join words that were split with a symbol, and drop characters without width inside them.

    A word is joined when the text is so much more probable as Chinese than it was, words across its edges
    considered, that chance and the habits of sound writing are ruled out. How much that is depends on the
    mark, on whether the word is one that people split, and on what the rest of the document does.

    Raises ``ValueError`` for a separator that cannot be one and for a word file that cannot be read.

    >>> SplitWords()("提供上_门_服_务，也有公共-产品")
    '提供上门服务，也有公共-产品'
    """

    name: ClassVar[str] = "rejoin"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = _RULES

    separators: str = option(
        DEFAULT_SEPARATORS,
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
            if mark in "\r\n" or (mark.isalnum() and mark not in MARK_OF):
                raise ValueError(f"cannot be a separator: {mark!r}")
        own_words = dict.fromkeys(word for path in self.words for word in read_words(path))
        object.__setattr__(self, "_own_words", tuple(own_words))

    def find(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each run of zero-width characters, and for each word to be joined."""
        if doc.text.isascii():
            return
        vocabulary = vocabulary_of(self._own_words)
        places = places_in(doc.text, self.separators, self.pictographs, vocabulary.pairs)
        if not places:
            return
        text = doc.text
        edits = list(zero_width_edits(text, places))
        if edits:
            text = apply_edits(text, edits)
            places = places_in(text, self.separators, self.pictographs, vocabulary.pairs)
        if not may_split_words(text, places, vocabulary):
            yield from edits
            return
        # What is joined is evidence for what is left: until nothing more is found. Whatever a lean rule
        # finds, and all that follows from it, carries a lean rule's name, so that without those rules a
        # second pass finds nothing new either.
        lean = False
        studies = Studies(vocabulary)
        while places:
            candidates = Candidates(text, places, studies)
            found = [] if lean else list(candidates.edits(lean=False))
            if not found:
                lean = True
                found = list(candidates.edits(lean=True))
            if not found:
                break
            edits = merge(doc.text, edits, found) if edits else found
            text = apply_edits(text, found)
            places = places_left(text, places, found, self.separators, self.pictographs)
        yield from edits
