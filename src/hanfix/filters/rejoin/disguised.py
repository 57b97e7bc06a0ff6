"""Words disguised otherwise than by a mark between their characters: flagged, never filled in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.english import is_english
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.patterns import compiled
from hanfix.filters.rejoin.marks import HAN_CLASS
from hanfix.filters.rejoin.vocabulary import vocabulary_of
from hanfix.lexicon import LONGEST_WORD, plain_readings
from hanfix.script import simplify

_MASK, _PINYIN, _RADICALS = "rejoin/mask", "rejoin/pinyin-in-word", "rejoin/split-radicals"

_HAN_BEFORE = rf"{HAN_CLASS}{{1,{LONGEST_WORD}}}\Z"
_HAN_AFTER = rf"{HAN_CLASS}{{1,{LONGEST_WORD}}}"

_LONG_TEXT = 5_000  # characters: longer than a post or an article, and long enough for its habits to tell

# --------------------------------------------------------------------------------------------------- masks

# Each with its runs before a character. A pattern that begins with one character is looked for ten times as
# fast as one that begins with a class.
_MASK_RUNS = {mask: f"{re.escape(mask)}{re.escape(mask)}{{0,7}}+(?={HAN_CLASS})" for mask in "*×X□"}
_SHORTEST_MASKED = 3  # characters of a word of which one or more are masked
_FEWEST_VISIBLE = 2  # characters: of 王** and 138**** nobody can tell what they were, nor should

# ---------------------------------------------------------------------------------------- pinyin and initials

# A run of letters with a character right before or behind it, and nothing that makes it part of a name.
_BESIDE_HAN = (
    rf"[a-z](?<![A-Za-z0-9_.@/\\'’-].)(?:(?<={HAN_CLASS}.)[a-z]{{1,23}}+|[a-z]{{1,23}}+(?={HAN_CLASS}))"
    r"(?![A-Za-z0-9_.@/\\'’-])"
)
_TWO_LETTERS = re.compile(rb"[a-z][a-z]")
# What looks like one syllable or more: told without the table of readings, which takes a while to load.
_SYLLABLES = (
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:i?ang|i?ong|uang|eng|ing|i?an|i?ao|uai|u?an|[aeu]i|[eiu]n|er|i[aeu]|ou|u[aeo]|ve|[aeiouv])){1,5}"
)
_LONGEST_IN_PINYIN = 5  # characters of a word of which some are in pinyin
_NO_SYLLABLE_BESIDE = r"[A-Za-z0-9_.@/\\'’-]"
# Where Latin letters are this share of a long text, they beside characters are no disguise: 用make编译.
_LATIN_AT_HOME = 0.2


class _Initials(NamedTuple):
    word: str
    before: str
    after: str


# Initials that stand for a word only beside what goes with that word: ZF and GCD mean other things, too.
_GOVERNMENT = _Initials(
    "政府",
    "(?:[市省县縣区區乡鄉镇鎮国國级級]|地方|中央)\\Z",
    "部门|部門|官员|官員|机关|機關|大楼|大樓|工作报告|工作報告",
)
_PARTY = _Initials("共产党", "(?:中国|中國|反|跟着|跟著)\\Z", "员|員|的领导|的領導")
_INITIALS = {"ZF": _GOVERNMENT, "zf": _GOVERNMENT, "GCD": _PARTY, "gcd": _PARTY}
_INITIALS_REACH = 4  # characters on each side

# ------------------------------------------------------------------------------------------------- radicals

# Characters written as two, left and right, each with what they make: the ones that people have taken apart.
# Written by hand; what children are taught to say of surnames (弓长张, 木子李) is left out.
_TAKEN_APART = """
弓虽强 石更硬 石并碰 月要腰 月匈胸 月兑脱 月殳股 月土肚 月退腿 月工肛 月旦胆 月生胜 忄生性 忄青情 忄夬快
忄曼慢 忄白怕 忄京惊 忄不怀 忄每悔 忄艮恨 忄亡忙 女干奸 女支妓 女乃奶 女马妈 女票嫖 女昌娼 女良娘 女夭妖
亻言信 亻吏使 亻主住 亻故做 亻乍作 亻门们 亻本体 亻专传 氵去法 氵工江 氵夜液 氵皮波 氵显湿 氵朝潮 氵先洗
氵舌活 氵每海 氵胡湖 氵票漂 扌丁打 扌由抽 扌召招 扌妾接 扌莫摸 扌无抚 扌包抱 扌寺持 扌舌括 扌仓抢 扌非排
扌殳投 讠仑论 讠正证 讠井讲 讠舌话 讠吾语 讠兑说 讠皆谐 讠成诚 讠扁骗 车仑轮 車侖輪 言侖論 言皆諧 言登證
言兌說 言舌話 言扁騙 礻申神 礻土社 礻畐福 纟工红 纟充统 纟吉结 纟录绿 纟及级 纟且组 纟色绝 钅戋钱 钅艮银
金戔錢 金艮銀 木仓枪 木倉槍 木及极 木又权 木几机 木羊样 禾口和 禾斗科 禾兑税 火乍炸 火包炮 火暴爆 王求球
王见现 王見現 土也地 土成城 米青精 口乞吃 口乎呼 酉卒醉 工力功 去力劫 贝者赌 貝者賭 贝武赋 目艮眼 足各路
足包跑 虫它蛇 犭句狗 犭者猪 尸比屁 疒丙病 阝日阳 阝月阴 正攵政 孝攵教 己攵改 方攵放 每攵敏 革便鞭 糸充統
糸工紅
"""
_WHOLE = {entry[:2]: entry[2] for entry in _TAKEN_APART.split()}
# Taken apart most, and in hardly any other use: in a long text the rest is looked for where one of these is
# found. Each costs a look at the whole text.
_DOORS = ("忄", "弓虽", "月[要匈兑殳]")
_PAIRS = f"(?:{'|'.join(_WHOLE)}){{1,8}}"
_DOOR_REACH = 8  # characters on each side
# Nats (natural log of odds) by which the text must be likelier with the character whole, its word and the
# words around it considered.
_SURE = 9.0


class _Find(NamedTuple):
    start: int
    end: int
    rule: str
    why: str


@dataclass(frozen=True)
class Disguised(Filter):
    """Flag words of which characters are masked, written in pinyin or taken apart; leave them as they are.

    To get a word past a filter people, or the filter itself, put ``*`` or ``□`` for some of its characters
    (法*功), write a character in pinyin (政fu) or the word by its initials (市ZF), or set the two halves of a
    character side by side (弓虽奸). What stood there is likely, but it is not in the text: each place is
    reported with the word of the often-split list that it could be, and nothing is changed.

    Left alone: masks of names and numbers (王**, 138****8000), blanks, emphasis and sums; Latin words beside
    characters (用make编译); initials without a word that goes with them (ZF变速箱, 最大公约数GCD); two
    characters that only look like halves of one (一个月要多少, 女干部), and explanations of characters
    (弓长张, 女子好).

    Off unless asked for: to look for pinyin beside characters takes longer than to look for all the marks
    that split words.

    >>> [flag.why for flag in Disguised(disguised=True).find(Document("法*功和弓虽奸"))]
    ['could be 法轮功', 'could be 强, as in 强奸']
    >>> list(Disguised(disguised=True).find(Document("王**的手机138****8000")))
    []
    """

    name: ClassVar[str] = "rejoin"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _MASK,
            "characters of a word masked with asterisks, boxes or crosses; flagged",
            Risk.GUESS,
            examples=(
                Example("他们说的法*功", "他们说的法*功"),
                Example("反對國□院的人", "反對國□院的人"),
                Example("中**产党", "中**产党"),
            ),
            keeps=(
                "王**的手机是138****8000",
                "这是**重点**，那是*强调*",
                "长*宽*高，3×4，X光",
                "中国是____国家，填□□",
                "某××市××局",
                "脚注*国务院，代X服务器",
            ),
        ),
        Rule(
            _PINYIN,
            "a character of a word written in pinyin, or the word by its initials; flagged",
            Risk.GUESS,
            examples=(
                Example("各级政fu要负责", "各级政fu要负责"),
                Example("zheng府的决定", "zheng府的决定"),
                Example("市ZF的官员", "市ZF的官员"),
            ),
            keeps=(
                "用make编译，在bin目录里",
                "采埃孚ZF变速箱，ZF9HP",
                "求最大公约数GCD的算法",
                "政府(zhengfu)的拼音",
                "他说he，她说she",
            ),
        ),
        Rule(
            _RADICALS,
            "the two halves of a character side by side; flagged",
            Risk.GUESS,
            examples=(
                Example("被人弓虽奸了", "被人弓虽奸了"),
                Example("性感的月要肢", "性感的月要肢"),
                Example("很忄生感", "很忄生感"),
            ),
            keeps=("一个月要多少钱", "弓长张，木子李", "女干部和男干部", "弓虽强，箭却短", "偏旁忄和扌"),
        ),
    )

    disguised: bool = option(
        False, help="Flag words with characters masked, romanized or taken apart, too: 法*功, 政fu, 弓虽奸."
    )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield a flag for each disguised word, with what it could be."""
        if not self.disguised:
            return
        text = doc.text
        # The little of Chinese text that is not Chinese: taken out at ten times the speed of any look at it.
        latin = text.encode("latin-1", "ignore")
        finds: list[_Find] = []
        for mask, runs in _MASK_RUNS.items():
            if _occurs(mask, text, latin):
                finds += _masked(text, runs)
        if not _is_latin_at_home(text, latin):
            finds += _in_pinyin(text, latin)
            for initials, meaning in _INITIALS.items():
                if initials.encode() in latin:
                    finds += _by_initials(text, initials, meaning)
        if len(text) <= _LONG_TEXT or any(_stands_open(text, door) for door in _DOORS):
            finds += _taken_apart(text, 0, len(text))
        done = 0
        for find in sorted(finds):
            if find.start >= done:
                yield Flag(*find)
                done = find.end


def _occurs(mask: str, text: str, latin: bytes) -> bool:
    return mask.encode("latin-1") in latin if mask <= "\xff" else mask in text


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the Chinese characters right before and behind a span, as many as a word has at most."""
    before = compiled(_HAN_BEFORE).search(text, max(0, start - LONGEST_WORD), start)
    after = compiled(_HAN_AFTER).match(text, end)
    return before.group() if before else "", after.group() if after else ""


@cache
def _masked_words() -> dict[tuple[str, str, int], list[str]]:
    """Return the listed words by what is seen of them around so many masked characters."""
    words: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for word in sorted(vocabulary_of(()).listed):
        for start in range(len(word) if len(word) >= _SHORTEST_MASKED else 0):
            for end in range(start + 1, len(word)):
                if len(word) - (end - start) >= _FEWEST_VISIBLE:
                    words[word[:start], word[end:], end - start].append(word)
    return dict(words)


def _masked(text: str, runs: str) -> Iterator[_Find]:
    words = _masked_words()
    for run in compiled(runs).finditer(text):
        before, after = map(simplify, _around(text, *run.span()))
        length = run.end() - run.start()
        # One mark for a character, or one for each of its bytes in GBK.
        numbers = {length, length // 2} if length % 2 == 0 else {length}
        frames = [
            (before[left:], after[:right], hidden)
            for left in range(len(before) + 1)
            for right in range(1, len(after) + 1)
            for hidden in numbers
            if (before[left:], after[:right], hidden) in words
            and _is_telling(run.group()[0], before[left:], after[:right])
        ]
        if frames:
            frame = max(frames, key=lambda frame: (len(frame[0]) + len(frame[1]), frame[2]))
            start, end = run.start() - len(frame[0]), run.end() + len(frame[1])
            yield _Find(start, end, _MASK, f"could be {'、'.join(words[frame])}")


def _is_telling(mask: str, before: str, after: str) -> bool:
    """Tell whether what is seen behind a mask is no word by itself, as behind a footnote's mark or a letter.

    代X服务器 may be about the server of X, and 脚注*国务院 about a footnote.
    """
    if before and mask != "X":
        return True
    return len(after) == 1 or vocabulary_of(()).lexicon.frequency(after) == 0


class _Frame(NamedTuple):
    """A word of which letters stand for a part, with what is seen of it before and behind them."""

    before: str
    after: str
    word: str

    @property
    def visible(self) -> int:
        """How many characters of the word are seen."""
        return len(self.before) + len(self.after)


@cache
def _words_by_end() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the listed words of which some characters may be in pinyin, by the first and by the last one."""
    by_first: dict[str, list[str]] = defaultdict(list)
    by_last: dict[str, list[str]] = defaultdict(list)
    for word in sorted(vocabulary_of(()).listed):
        if len(word) <= _LONGEST_IN_PINYIN:
            by_first[word[0]].append(word)
            by_last[word[-1]].append(word)
    return dict(by_first), dict(by_last)


def _frames(before: str, letters: str, after: str) -> Iterator[_Frame]:
    """Yield the listed words of which letters between these characters may stand for a part."""
    by_first, by_last = _words_by_end()
    tails = [after[:length] for length in range(len(after) + 1)]
    for start in range(len(before)):
        head = before[start:]
        for word in by_first.get(head[0], ()):
            if word.startswith(head):
                rest = word[len(head) :]
                for tail in tails:
                    if rest.endswith(tail) and _reads(rest[: len(rest) - len(tail)], letters):
                        yield _Frame(head, tail, word)
    for tail in tails[1:]:
        for word in by_last.get(tail[-1], ()):
            if word.endswith(tail) and _reads(word[: -len(tail)], letters):
                yield _Frame("", tail, word)


def _reads(hidden: str, letters: str) -> bool:
    """Tell whether letters are pinyin of characters: of one in any reading, of several in the main ones."""
    if len(hidden) == 1:
        return letters in plain_readings(hidden)
    main = [plain_readings(char)[:1] for char in hidden]
    return bool(hidden) and letters == "".join(reading for readings in main for reading in readings)


def _is_latin_at_home(text: str, latin: bytes) -> bool:
    """Tell whether Latin letters beside characters are ordinary: a long text has many of them."""
    return len(text) > _LONG_TEXT and len(latin) > _LATIN_AT_HOME * len(text)


def _in_pinyin(text: str, latin: bytes) -> Iterator[_Find]:
    if not _TWO_LETTERS.search(latin):
        return
    for run in compiled(_BESIDE_HAN).finditer(text):
        letters = run.group()
        if not compiled(_SYLLABLES).fullmatch(letters):
            continue
        start, end = run.span()
        before, after = _around(text, start, end)
        frames = list(_frames(simplify(before), letters, simplify(after)))
        # Beside an English word more must be seen of the Chinese one: 用can总线.
        visible = max((frame.visible for frame in frames), default=0)
        if visible >= _FEWEST_VISIBLE or (visible and not is_english(letters)):
            best = [frame for frame in frames if frame.visible == visible]
            start, end = start - len(best[0].before), end + len(best[0].after)
            could_be = "、".join(frame.word for frame in best if frame[:2] == best[0][:2])
            yield _Find(start, end, _PINYIN, f"could be {could_be}")


def _by_initials(text: str, initials: str, meaning: _Initials) -> Iterator[_Find]:
    for found in re.finditer(re.escape(initials), text):
        start, end = found.span()
        if compiled(_NO_SYLLABLE_BESIDE).match(text, end) or (
            start and compiled(_NO_SYLLABLE_BESIDE).match(text, start - 1)
        ):
            continue
        before = compiled(meaning.before).search(text, max(0, start - _INITIALS_REACH), start)
        if before or compiled(meaning.after).match(text, end):
            yield _Find(start, end, _PINYIN, f"could be {meaning.word}")


def _stands_open(text: str, door: str) -> bool:
    """Tell whether a character is taken apart where the door is found, as what stands there says."""
    return any(
        _taken_apart(text, max(0, found.start() - _DOOR_REACH), found.end() + _DOOR_REACH)
        for found in compiled(door).finditer(text)
    )


def _taken_apart(text: str, start: int, end: int) -> list[_Find]:
    """Return the halves, of one character or several, that are far likelier to be whole, in a word."""
    finds: list[_Find] = []
    lexicon = vocabulary_of(()).lexicon
    for pairs in compiled(_PAIRS).finditer(text, start, end):
        halves = pairs.group()
        whole = "".join(_WHOLE[halves[at : at + 2]] for at in range(0, len(halves), 2))
        before, after = _around(text, *pairs.span())
        if before.endswith(whole) or after.startswith(whole):
            continue  # explained: 弓虽強
        before, halves, whole, after = map(simplify, (before, halves, whole, after))
        words = lexicon.segment(before + whole + after)
        word = _word_at(words, len(before))
        gain = lexicon.cost(before + halves + after) - lexicon.cost("".join(words))
        if len(word) > 1 and gain >= _SURE:
            finds.append(_Find(*pairs.span(), _RADICALS, f"could be {whole}, as in {word}"))
    return finds


def _word_at(words: Iterable[str], place: int) -> str:
    """Return the word of a division that covers a place."""
    end = 0
    for word in words:
        end += len(word)
        if place < end:
            return word
    return ""
