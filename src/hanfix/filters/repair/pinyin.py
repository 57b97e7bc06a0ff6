"""Pinyin spliced into GBK bytes: take it out and put the split characters together again.

The damage
    A converter holds a page as GBK bytes, turns simplified into traditional characters one by one, and then
    annotates: for each character of a table it replaces the two bytes of that character, wherever they stand,
    by themselves, ``(``, the toned pinyin and ``)``. Aligned with a character that gives ``關(guān)``. Where
    the two bytes are the second of one character and the first of the next, the pinyin lands inside both:
    ``因為`` is D2 F2 9E E9, F2 9E is 驗, and the page shows ``因?yàn)`` followed by everything shifted by one
    byte, ``樗枷胧切袆`` for ``為思想是行動``, until an ASCII character, another splice or the end of the
    run of Chinese characters. A lead byte with a byte that cannot follow it was decoded as one ``?``; a lone
    lead byte at the end of the run disappeared. Some of these converters treat the bytes of ``，`` and ``；``
    in the same way, putting a ``?`` before them.

The inverse
    Turned back into bytes and without the insertions, the run is what it was. At ``?yàn)`` one byte is
    missing: the second byte of the character read *yàn* whose first byte stands just before. Everything else
    follows, but for what disappeared: a byte at the end of a run, the two bytes of an undefined pair that
    became one ``?``, the first byte before a ``，`` or ``；`` so treated. Those characters are chosen by the
    words they make with their neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.repair import gbk
from hanfix.filters.repair.annotation import (
    EVENT,
    INSERTION,
    TONE_MARK,
    character_before,
    characters_read,
    fits,
    plain,
    without_annotations,
)
from hanfix.filters.repair.lost import LOST, Surroundings
from hanfix.filters.repair.splice import Splices, Stretch
from hanfix.lexicon import character_frequency, readings

_LINE = re.compile(r"[^\r\n]+")

# A character that readers know without help, counted in the words of the lexicon (60 million): some 2,500
# characters reach it. Glosses stand on rarer ones, or give a reading that is not the main one.
_COMMON = 2000
# Damage hits every occurrence of a character; glosses the first, or some. Not 1.0, because a shift can make
# an unannotated look-alike appear.
_LEAST_COVERED = 0.8
# Of the annotations of a damaged text at least this share sits on common characters with the main reading.
_LEAST_COMMON = 0.5
# In full-width brackets annotations are more often an editor's: this many, not one, make a text damaged.
_LEAST_WIDENED = 3
# Annotations of characters that are the same in both scripts mark a textbook; a few may be the author's own.
_MOST_MISFITS = 0.1
# Signs that people put inside words to dodge a filter.
_SPLITTING = "-‐‑–—·•・.*_/\\|~^#@+"
# A single line of a text that is sound elsewhere is judged alone only if it has this many annotations.
_LEAST_IN_LINE = 2

# Probability of the chosen character among all that could stand there, from which on it is put in. Measured
# on newspaper text damaged at random, for last bytes: from 0.5 on 67 % of the lost characters are put in
# rightly and 5 % wrongly, from 0.1 on 73 % and 16 %.
_SURE = 0.5
_LEANING = 0.1

RULES = (
    Rule(
        "repair/pinyin",
        "pinyin in brackets behind a traditional character, put there by a converter",
        Risk.LIKELY,
        examples=(
            Example("相關(guān)推薦", "相關推薦"),
            Example("我們(men)當(dāng)前的領(lǐng)導(dǎo)機(jī)構(gòu)", "我們當前的領導機構"),
        ),
        keeps=(
            "亦不夷懌(yì)，可乎？",
            "尺有所短，寸有所長(cháng)",
            "我(wǒ)們(men)學(xué)習(xí)中(zhōng)文",
            "關(guān)：動詞，閉合",
            "銀行(háng)业务",
        ),
    ),
    Rule(
        "repair/pinyin-splice",
        "pinyin inserted between the two bytes of a character, and all that it shifted by one byte",
        Risk.LIKELY,
        examples=(
            Example("因?yàn)樗枷胧切袆?dòng)的先導(dǎo)", "因為思想是行動的先導"),
            Example("內(nèi)容請(qǐng)?jiān)L問下一頁", "內容請訪問下一頁"),
            Example("實(shí)踐變?yōu)楝F(xiàn)實(shí)", "實踐變為現實"),
        ),
        keeps=(
            "這個字怎麼讀?(shì)還是(sì)?",
            "你問我為什麼?yàn還是yán，我不知道",
            "單(chán)于?(chán)還是(dān)?",
        ),
    ),
    Rule(
        "repair/lost-byte",
        "a character whose byte was lost by a splice, where the words around it decide",
        Risk.LIKELY,
        examples=(Example("正因?yàn)槿绱,黨的建設(shè)", "正因為如此,黨的建設"),),
        keeps=("他問：「如此?」", "為什麼?不知道。"),
    ),
    Rule(
        "repair/lost-byte-lean",
        "a character whose byte was lost by a splice, where the words around it only lean to one",
        Risk.GUESS,
        examples=(Example("鳥類(lèi)只生活在灌木?chóng)仓。", "鳥類只生活在灌木叢中。"),),
        keeps=("他說：「是嗎?」", "對不對?對。"),
    ),
)


@dataclass(frozen=True)
class SplicedPinyin(Filter):
    """Take pinyin out of text that a converter annotated byte by byte, and undo the shifts it caused.

    Evidence comes first: a text counts as damaged when its annotations sit on traditional characters that
    have another simplified form, mostly on common ones with their main reading, in running text, and on
    nearly every occurrence of each; or when pinyin stands inside characters (``因?yàn)``).

    Left alone: glosses in poems and textbooks, on rare characters (``懌(yì)``), on a reading that is not the
    main one (``長(cháng)短``), on characters that are the same in both scripts (``銀行(háng)``); dictionary
    entries; and in a damaged text the annotations of characters that no converter of this kind touches.

    >>> SplicedPinyin()("相關(guān)推薦")
    '相關推薦'
    >>> SplicedPinyin()("因?yàn)樗枷胧切袆?dòng)的先導(dǎo)")
    '因為思想是行動的先導'
    >>> SplicedPinyin()("亦不夷懌(yì)")
    '亦不夷懌(yì)'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = RULES

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield the annotations to take out and the shifted stretches to put right."""
        text = doc.text
        if (")" not in text and "）" not in text) or not TONE_MARK.search(text):
            return
        verdict = _verdict(text)
        if verdict is _Verdict.SOUND:
            return
        around = Surroundings(without_annotations(text))
        for line in _LINE.finditer(text):
            if verdict is _Verdict.DAMAGED or _line_is_damaged(line.group()):
                yield from _line_edits(line.group(), line.start(), around)


class _Verdict(Enum):
    """What the annotations of a text say about it."""

    SOUND = "no annotation, or glosses"
    DAMAGED = "annotated by a converter"
    MIXED = "annotated in part: each line is judged by itself"


def _verdict(text: str) -> _Verdict:
    """Weigh the annotations of a text."""
    fitting: Counter[str] = Counter()
    common = misfits = 0
    least_common = _LEAST_WIDENED
    for insertion in INSERTION.finditer(text):
        pinyin = plain(insertion["pinyin"])
        start, end = insertion.span()
        char = text[start - 1 : start]
        if insertion.group().endswith(")"):
            least_common = 1
        if insertion.group().startswith("?"):
            code = gbk.code_of(character_before(text, start))
            if code is not None and characters_read(code[1], pinyin):
                fitting[insertion.group()] += 1
                common += 1
        elif not gbk.is_han(char):
            continue
        elif fits(char, pinyin):
            fitting[char] += 1
            before, after = text[max(0, start - 3) : start - 1], text[end : end + 2]
            in_running_text = _continues(before[::-1]) or _continues(after)
            main = pinyin == readings(char)[0]
            common += in_running_text and main and character_frequency(char) >= _COMMON
        elif pinyin in readings(char) or TONE_MARK.search(pinyin):
            misfits += 1
    total = fitting.total()
    if common < max(least_common, _LEAST_COMMON * total) or misfits > _MOST_MISFITS * total:
        return _Verdict.SOUND
    occurrences = Counter(text)
    seen = sum(max(count, occurrences[char]) for char, count in fitting.items())
    return _Verdict.DAMAGED if total >= _LEAST_COVERED * seen else _Verdict.MIXED


def _continues(beside: str) -> bool:
    """Tell whether running text goes on beside a character, right away or behind a sign that splits words."""
    return gbk.is_han(beside[:1]) or (beside[:1] in _SPLITTING and gbk.is_han(beside[1:2]))


def _line_is_damaged(line: str) -> bool:
    return len(INSERTION.findall(line)) >= _LEAST_IN_LINE and _verdict(line) is _Verdict.DAMAGED


def _line_edits(line: str, offset: int, around: Surroundings) -> Iterator[Edit | Flag]:
    """Yield what to do in a line of a damaged text; ``offset`` is where it stands in the text."""
    splices = Splices(line, around)
    at = 0
    left = ""  # what stands before `at`, put right: the words a lost character must go with
    while (event := EVENT.search(line, at)) is not None:
        left += line[at : event.start()]
        at = event.end()
        start, end = offset + event.start(), offset + event.end()
        if event.group()[0] in "(（":
            if fits(left[-1:], plain(event["pinyin"])):
                yield Edit(start, end, "", "repair/pinyin", f"{left[-1:]} is read {event['pinyin']}")
            else:
                left += event.group()
            continue
        stretch = splices.restored(event, left)
        if stretch is None:
            if event["mark"] is None and gbk.is_han(left[-1:]):
                why = "pinyin inside a character that cannot be worked out"
                yield Flag(start, end, "repair/pinyin-splice", why)
            left += event.group()
            continue
        at = stretch.end
        left += stretch.chosen
        yield from _stretch_edits(start, offset + at, event, stretch)


def _stretch_edits(start: int, end: int, event: re.Match[str], stretch: Stretch) -> Iterator[Edit | Flag]:
    """Yield the edits for one stretch: the boldest first where characters of it are lost."""
    why = f"{event['pinyin'] or event['mark']} was inserted between the two bytes of a character"
    splice = Edit(start, end, stretch.text, "repair/pinyin-splice", why)
    pairs = zip(stretch.chosen, stretch.text, strict=True)
    put_in = "".join(new for new, old in pairs if old == LOST != new)
    if put_in and stretch.probability >= _LEANING:
        rule = "repair/lost-byte" if stretch.probability >= _SURE else "repair/lost-byte-lean"
        fitting = f"{why}; {put_in} fits the words around it (probability {stretch.probability:.2f})"
        yield Edit(start, end, stretch.chosen, rule, fitting)
        yield splice
    else:
        yield splice
        if LOST in stretch.text:
            yield Flag(start, end, "repair/lost-byte", f"{why}; which characters are lost cannot be told")
