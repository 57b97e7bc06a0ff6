"""Signs that characters are gone for good: ``锟斤拷``, ``烫烫烫``, U+FFFD, ``□□``, ``???``.

U+FFFD stands for bytes that no codec could read. Written as UTF-8 and read as GBK, two of them are
``锟斤拷``; read as Big5, ``嚙踝蕭``. Memory that a program never filled is full of the byte CC, CD or DD, two
of which are ``烫``, ``屯`` or ``葺`` in GBK. A codec without Chinese writes ``?``, a font draws ``□``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.classes import HAN, MARKS
from hanfix.filters.repair.mention import around
from hanfix.filters.rounds import in_rounds

_REPLACED, _REPLACEMENT, _MEMORY = "repair/lost-replaced", "repair/lost-replacement", "repair/lost-memory"
_BOX, _QUESTION = "repair/lost-box", "repair/lost-question"

# U+FFFD as UTF-8 (EF BF BD) in GBK, Big5, EUC-KR, Shift-JIS and Latin-1. A text may begin or end in the
# middle of it; 锟 is also a name, which may stand before 斤斤计较, and 蕭 is one of the commonest. Where
# bytes between were sound others stand there: 锟叫癸拷, 嚙稽, and what is left of sound characters.
_REST = rf"[{HAN}\uff01-\uff5e]"
_GBK_UNIT = rf"(?:锟(?:斤拷|斤(?!斤)|(?:(?![锟拷]){_REST}){{1,4}}拷))"
_BIG5_UNIT = rf"(?:嚙(?:踝蕭?|(?![齒合咬噬蝕嚼嚙踝]){_REST}))"
_REPLACED_IN = (
    (
        "锟",
        re.compile(
            rf"(?:斤?拷)?(?:锟(?:斤拷|斤(?!斤))|{_GBK_UNIT}(?=(?:(?!锟){_REST}){{0,2}}{_GBK_UNIT}))"
            rf"(?:(?:(?!锟){_REST}){{0,2}}{_GBK_UNIT}){{0,4000}}锟?"
        ),
    ),
    (
        "嚙",
        re.compile(
            rf"(?:踝蕭)?(?:嚙踝蕭?|{_BIG5_UNIT}(?=(?:(?!嚙){_REST}){{0,2}}{_BIG5_UNIT}))"
            rf"(?:(?:(?!嚙){_REST}){{0,2}}{_BIG5_UNIT}){{0,4000}}嚙?"
        ),
    ),
    ("쏙", re.compile(r"占쏙옙(?:占쏙옙){0,4000}")),
    ("ｿ", re.compile(r"・ｿ・ｽ(?:・ｿ・ｽ){0,4000}")),
    ("¿", re.compile(r"ï¿½(?:ï¿½){0,4000}")),
)
# Within these, what is sound between signs is no sign.
_REPLACED_SIGNS = re.compile(
    rf"(?:斤?拷)?{_GBK_UNIT}(?:{_GBK_UNIT}){{0,4000}}锟?|(?:踝蕭)?{_BIG5_UNIT}(?:{_BIG5_UNIT}){{0,4000}}嚙?"
    r"|(?:占쏙옙){1,4000}|(?:・ｿ・ｽ){1,4000}|(?:ï¿½){1,4000}"
)
_REPLACEMENTS = re.compile("\ufffd[\ufffd]{0,4000}")
# Nobody exclaims a character so often, except 烫, hot, in speech.
_MEMORY_RUN = re.compile(r"烫烫[烫屯葺]{1,4000}|屯屯[烫屯葺]{1,4000}|葺葺[烫屯葺]{1,4000}")
_FEWEST_HOT = 4
_BEYOND_SPEECH = 12
_SPEECH_AROUND = re.compile(r"[“‘「『\"'][烫屯葺]|[烫屯葺][”’」』\"'！!~～…]")
_BOXES = re.compile(r"[□▯][□▯]{1,4000}")
_QUESTIONS = re.compile(rf"\?(?<=[{HAN}].)\?{{2,4000}}(?=[{HAN}])")
# Nobody asks a question before a comma or right behind one: in such a line characters are lost.
_BESIDE_A_MARK = re.compile(r"\?[，、；：,;．]|[，、；：。,;．]\?")
# What says that question marks are meant: words of questions and of feeling, within a clause or two.
_ASKING = re.compile(
    "吗|嗎|呢|吧|啊|呀|么|麼|嘛|啦|哦|噢|喔|哪|谁|誰|什|甚|怎|几|幾|多少|为何|為何|何|是否|难道|難道|岂|豈|咋|啥|"
    "不是|没有|沒有|真的|居然|竟然|还是|還是|能不能|会不会|有没有|是不是|了[^了]{0,3}$"
)
_ASKING_REACH = 20
# Words that modern prose has in nearly every sentence and classical text has not.
_MODERN = re.compile("[的了是们們这這那没沒]")
_MODERN_REACH = 30
_CHINESE = re.compile(f"[{HAN}{MARKS}]")
_BRACKETS = frozenset({"()", "（）", "[]", "【】", "“”", "‘’", "「」", "『』", '""', "''", "``"})


@dataclass(frozen=True)
class LostForGood(Filter):
    """Flag places where characters are gone for good; drop the signs of it on request.

    Left alone: such signs where they are meant: 烫 in an exclamation, 屯 and 锟 in names, U+FFFD between
    quotation marks or brackets, real question marks, one □ (a box to tick, a masked character) and several
    in classical text, where editors print one for each character that the source has no longer.

    >>> from hanfix.pipeline import Pipeline
    >>> flags = Pipeline([LostForGood()]).run("标题锟斤拷锟斤拷，内容□和????和，?大").report.flags
    >>> [(flag.rule, flag.start, flag.end) for flag in flags]
    [('repair/lost-replaced', 2, 8), ('repair/lost-question', 13, 17)]
    >>> LostForGood(drop_lost=True)("标题锟斤拷锟斤拷，内容")
    '标题，内容'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.LINE
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _REPLACED,
            "U+FFFD in UTF-8 that was read as another codec; flagged, dropped on request",
            Risk.LIKELY,
            examples=(
                Example("标题锟斤拷锟斤拷", "标题锟斤拷锟斤拷"),
                Example("標題嚙踝蕭嚙踝蕭", "標題嚙踝蕭嚙踝蕭"),
                Example("标题锟叫癸拷锟矫革拷", "标题锟叫癸拷锟矫革拷"),
            ),
            keeps=(
                "张锟斤斤计较",
                "斤斤计较的人在拷贝",
                "蕭先生的腳踝",
                "嚙齒動物",
                "张锟复制拷贝",
                "嚙合與嚙合",
            ),
        ),
        Rule(
            _REPLACEMENT,
            "U+FFFD, which stands for bytes that could not be read; flagged, dropped on request",
            Risk.LIKELY,
            examples=(Example("标题\ufffd\ufffd内容", "标题\ufffd\ufffd内容"),),
            keeps=("替换符（\ufffd）", "“\ufffd”是什么"),
        ),
        Rule(
            _MEMORY,
            "memory that was never filled, read as GBK; flagged, dropped on request",
            Risk.LIKELY,
            examples=(Example("姓名烫烫烫烫烫烫", "姓名烫烫烫烫烫烫"), Example("屯屯屯屯", "屯屯屯屯")),
            keeps=("“烫烫烫！”他喊", "好烫啊", "屯屯是小名", "麻辣烫烫嘴", "他叫道：“烫烫烫烫！”"),
        ),
        Rule(
            _BOX,
            "boxes in place of characters in modern text; flagged, dropped on request",
            Risk.GUESS,
            examples=(Example("他说的是□□□的事", "他说的是□□□的事"),),
            keeps=("□男 □女", "君子□□而不爭", "是□否□", "他是□城人"),
        ),
        Rule(
            _QUESTION,
            "question marks in place of characters; flagged, dropped on request",
            Risk.GUESS,
            examples=(Example("系?很大，整???都很慢", "系?很大，整???都很慢"),),
            keeps=("真的吗???我不信", "为什么???因为", "你懂?我不懂??他懂", "死机???担惊受怕", "???"),
        ),
    )

    drop_lost: bool = option(False, help="Drop the signs of characters that are lost for good.")

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield a flag for each run of signs, or on request an edit that drops it."""
        if self.drop_lost:
            # What a run leaves when it is gone may come together to another.
            yield from in_rounds(doc.text, _drops)
        else:
            yield from _flags(doc.text)


def _drops(text: str) -> Iterator[Edit]:
    """Yield the edits that drop what would be flagged."""
    for flag in _flags(text):
        yield Edit(flag.start, flag.end, "", flag.rule, flag.why)


def _flags(text: str) -> Iterator[Flag]:
    """Yield a flag for each run of signs, in order."""
    flags: list[Flag] = []
    for evidence, pattern in _REPLACED_IN:
        if evidence in text:
            flags += (
                Flag(*signs.span(), _REPLACED, "U+FFFD in UTF-8")
                for cluster in pattern.finditer(text)
                for signs in _REPLACED_SIGNS.finditer(text, *cluster.span())
            )
    for evidences, pattern, rule, is_meant, why in _KINDS:
        # One character is found ten times as fast as two.
        if any(evidence[0] in text and evidence in text for evidence in evidences):
            for match in pattern.finditer(text):
                before, after = around(text, *match.span())
                if not is_meant(match.group(), before, after):
                    flags.append(Flag(*match.span(), rule, why))
    yield from sorted(flags)


def _shows_replacement(run: str, before: str, after: str) -> bool:
    """Tell whether one U+FFFD is what the text speaks about."""
    return len(run) == 1 and before[-1:] + after[:1] in _BRACKETS


def _exclaims(run: str, before: str, after: str) -> bool:
    """Tell whether somebody has burnt his mouth."""
    if run.strip("烫") or len(run) >= _BEYOND_SPEECH:
        return False
    return len(run) < _FEWEST_HOT or bool(_SPEECH_AROUND.search(before[-1:] + run + after[:1]))


def _is_gap(run: str, before: str, after: str) -> bool:
    """Tell whether boxes are a classical gap, or stand among no Chinese."""
    modern = _MODERN.search(before[-_MODERN_REACH:]) or _MODERN.search(after[:_MODERN_REACH])
    return not (modern and _CHINESE.match(before[-1:]) and _CHINESE.match(after[:1]))


def _is_asking(run: str, before: str, after: str) -> bool:
    """Tell whether question marks follow a question, or stand in a line where nothing shows a loss."""
    if _ASKING.search(before[-_ASKING_REACH:]):
        return True
    return not (_BESIDE_A_MARK.search(before) or _BESIDE_A_MARK.search(after))


_KINDS: tuple[tuple[tuple[str, ...], re.Pattern[str], str, Callable[[str, str, str], bool], str], ...] = (
    (("\ufffd",), _REPLACEMENTS, _REPLACEMENT, _shows_replacement, "bytes that could not be read"),
    (("烫烫", "屯屯", "葺葺"), _MEMORY_RUN, _MEMORY, _exclaims, "memory that was never filled"),
    (("□", "▯"), _BOXES, _BOX, _is_gap, "characters that a font did not have"),
    (("???",), _QUESTIONS, _QUESTION, _is_asking, "characters that a codec did not have"),
)
