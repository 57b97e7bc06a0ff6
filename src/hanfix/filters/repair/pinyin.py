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
from typing import ClassVar

from hanfix.document import LINE, Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.repair import gbk
from hanfix.filters.repair.annotation import (
    ANNOTATED_CHAIN,
    EVENT,
    INSERTION,
    TONE_MARK,
    annotated_until,
    character_before,
    characters_read,
    fits,
    plain,
    without_annotations,
)
from hanfix.filters.repair.lost import LOST, Surroundings
from hanfix.filters.repair.splice import Splices, Stretch
from hanfix.lexicon import character_frequency, readings

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
# So many annotations, all capitalised, are a converter's table; fewer are the names in an editor's text.
_LEAST_CAPITALISED = 5
# So often the same character is annotated by a converter only, be it rare or common.
_REPEATED = 3
# Annotations that no such converter makes (of characters that are the same in both scripts, say) mark a
# textbook; a few may be the author's own.
_MOST_MISFITS = 0.1
# In a text that is sound elsewhere a line is damaged for sure if it has this many annotations; one with fewer
# if it leaves no character bare that is annotated in such lines.
_SURE_IN_LINE = 4
# Signs that people put inside words to dodge a filter.
_SPLITTING = "-‐‑–—·•・.*_/\\|~^#@+"
# What stands around a character that is spoken about.
_OPENING, _CLOSING = "「『“‘《【\"'", "」』”’》】\"'"
# Probability of the chosen character among all that could stand there, from which on it is put in. Measured
# on a fifth of a newspaper that the tables were not made from, for last bytes: from 0.75 on 62 % of the lost
# characters are put in rightly and 5 % wrongly; from 0.02 on, 76 % and 24 %.
_SURE = 0.75
_LEANING = 0.02

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
        evidence = _evidence(text)
        if not evidence.speaks_for_damage():
            return
        lines = [line.span() for line in LINE.finditer(text) if INSERTION.search(line.group())]
        if not evidence.covers(text):
            lines = _damaged_lines(text, lines)
        around = Surroundings(without_annotations(text))
        for start, end in lines:
            yield from _line_edits(text[start:end], start, around)


@dataclass(frozen=True)
class _Evidence:
    """What the annotations of a text say about it."""

    fitting: Counter[str]  # characters that a converter annotates, with their annotations
    splices: int  # annotations inside characters
    common: int  # those on common characters in running text with the main reading, or made again and again
    least_common: int  # how many of those it takes
    misfits: int  # annotations that no converter makes

    def speaks_for_damage(self) -> bool:
        """Tell whether the annotations are a converter's."""
        total = self.fitting.total() + self.splices
        enough = self.splices + self.common >= max(self.least_common, _LEAST_COMMON * total)
        return enough and self.misfits <= _MOST_MISFITS * total

    def covers(self, text: str) -> bool:
        """Tell whether nearly every occurrence of the annotated characters is annotated."""
        occurrences = Counter(text)
        seen = sum(max(count, occurrences[char]) for char, count in self.fitting.items())
        return self.fitting.total() >= _LEAST_COVERED * seen


def _evidence(text: str) -> _Evidence:
    """Weigh the annotations of a text."""
    given: dict[str, list[str]] = {}
    splices = common = misfits = capitalised = 0
    least_common = _LEAST_WIDENED
    for insertion in INSERTION.finditer(text):
        pinyin = plain(insertion["pinyin"])
        start, end = insertion.span()
        char = text[start - 1 : start]
        if insertion.group().endswith(")"):
            least_common = 1
        if insertion.group().startswith("?"):
            code = gbk.code_of(character_before(text, start))
            splices += code is not None and bool(characters_read(code[1], pinyin))
        elif not gbk.is_han(char):
            continue
        elif not fits(char, pinyin):
            misfits += pinyin in readings(char) or bool(TONE_MARK.search(pinyin))
        elif text[start - 2 : start - 1] in _OPENING and text[end : end + 1] in _CLOSING and start > 1:
            misfits += 1
        else:
            given.setdefault(char, []).append(pinyin)
            capitalised += insertion["pinyin"][0].isupper()
            main = pinyin == readings(char)[0]
            common += main and character_frequency(char) >= _COMMON and _in_running_text(text, start, end)
    fitting = Counter({char: len(pinyins) for char, pinyins in given.items()})
    # Editors do not gloss a character again and again.
    common += sum(len(pinyins) - 1 for pinyins in given.values() if len(pinyins) >= _REPEATED)
    # A table has one reading for a character, and one way to write it.
    misfits += sum(len(pinyins) for pinyins in given.values() if len(set(pinyins)) > 1)
    if not capitalised == fitting.total() >= _LEAST_CAPITALISED:
        misfits += capitalised
    return _Evidence(fitting, splices, min(common, fitting.total()), least_common, misfits)


def _in_running_text(text: str, start: int, end: int) -> bool:
    """Tell whether text goes on, bare, beside a character annotated at ``start:end`` and others beside it."""
    at = start - 1
    while (earlier := annotated_until(text, at)) is not None:
        at = earlier
    chain = ANNOTATED_CHAIN.match(text, end)
    after = chain.end() if chain else end
    return _continues(text[max(0, at - 2) : at][::-1]) or _continues(text[after : after + 2])


def _continues(beside: str) -> bool:
    """Tell whether running text goes on beside a character, right away or behind a sign that splits words."""
    return gbk.is_han(beside[:1]) or (beside[:1] in _SPLITTING and gbk.is_han(beside[1:2]))


def _damaged_lines(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the damaged lines of a text of which others are sound.

    Sure are those with pinyin inside a character, or with many annotations of which some come again: editors
    gloss a character once. The others are damaged too if they leave bare no character that is annotated
    there.
    """
    everywhere: Counter[str] = Counter()
    likely: dict[tuple[int, int], _Evidence] = {}
    for start, end in lines:
        evidence = _evidence(text[start:end])
        everywhere.update(evidence.fitting)
        if evidence.speaks_for_damage() and evidence.covers(text[start:end]):
            likely[start, end] = evidence
    sure = {
        span: evidence.fitting
        for span, evidence in likely.items()
        if evidence.splices
        or (
            evidence.fitting.total() >= _SURE_IN_LINE
            and any(everywhere[char] > 1 for char in evidence.fitting)
        )
    }
    if not sure:
        return []
    table = frozenset().union(*sure.values())
    return [
        (start, end)
        for (start, end), evidence in likely.items()
        if (start, end) in sure
        or table.isdisjoint(set(without_annotations(text[start:end])) - evidence.fitting.keys())
    ]


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
