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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import exp
from typing import ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.repair import gbk
from hanfix.lexicon import character_frequency, default_lexicon, readings
from hanfix.script import simplified_only, simplify

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SYLLABLE = rf"[a-zA-Züɡɑ{_TONED}]{{1,7}}"
# Inside a pinyin the bytes of a vowel and the letter behind it may have been annotated once more.
_PINYIN = rf"(?P<pinyin>{_SYLLABLE}(?:\({_SYLLABLE}\){_SYLLABLE}|\({_SYLLABLE}\))?)"
_TONE_MARK = re.compile(f"[{_TONED}]")
_ANNOTATION = re.compile(rf"\({_PINYIN}\)")
_SPLICE = re.compile(rf"\?{_PINYIN}\)")
_INSERTION = re.compile(rf"[(?]{_PINYIN}\)")
# Full-width marks whose second byte can begin a Chinese character, so that they can stand inside two.
_PUNCTUATION_SPLICE = r"\?(?P<mark>[，；：？“”《》])"
_EVENT = re.compile(rf"[(?]{_PINYIN}\)|{_PUNCTUATION_SPLICE}")
_NESTED = re.compile(rf"(?P<head>.*)(?P<vowel>.)(?P<letter>[a-z])\((?P<inner>{_SYLLABLE})\)(?P<tail>.*)")
_HAN_TAIL = re.compile(r"[\u4e00-\u9fff]*$")
_HAN_HEAD = re.compile(r"[\u4e00-\u9fff]*")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LINE = re.compile(r"[^\r\n]+")

_NONE = -1  # no byte is waiting: what follows is aligned
_UNKNOWN = -2  # a lead byte is waiting and nothing is known of it
_ALL_LEADS = range(gbk.FIRST_LEAD, gbk.LAST_LEAD + 1)
_LOST = "\ufffd"
# Full-width marks that can stand in a run that a converter holds as bytes.
_MARKS = "，。、；：？！“”《》（）"
# So many ways to read one stretch are followed; more than a handful is never met.
_MOST_READINGS = 200

# A character that readers know without help, counted in the words of the lexicon (60 million): some 2,500
# characters reach it. Glosses stand on rarer ones, or give a reading that is not the main one.
_COMMON = 2000
# Damage hits every occurrence of a character; glosses the first, or some. Not 1.0, because a shift can make
# an unannotated look-alike appear.
_LEAST_COVERED = 0.8
# Of the annotations of a damaged text at least this share sits on common characters with the main reading.
_LEAST_COMMON = 0.5
# Annotations of characters that are the same in both scripts mark a textbook; a few may be the author's own.
_MOST_MISFITS = 0.1
# A single line of a text that is sound elsewhere is judged alone only if it has this many annotations.
_LEAST_IN_LINE = 2

# How far, in characters, the words on either side are looked at when a lost character is chosen.
_CONTEXT = 8
# Probability of the chosen character among all that could stand there, from which on it is put in.
_SURE = 0.9
_LEANING = 0.45
# Costs are negative natural logarithms of probabilities. A mark among Chinese characters is about as common
# as one character in twenty; a stray letter or sign much rarer.
_MARK_COST = 3.0
_STRAY_COST = 9.0
_LOST_COST = 8.0
# The converter leaves next to no simplified character that has another traditional form.
_SIMPLIFIED_COST = 4.0
# How much better a text must read with a mark taken for a splice than as it stands.
_SPLICE_MARGIN = 10.0
# Of the characters that could stand in each place of a lost pair, so many are tried.
_PAIR_CHOICES = 40


class _Hypothesis(NamedTuple):
    """One way to read a shifted stretch, as far as it has been read."""

    at: int  # where in the line reading goes on
    pending: int  # first byte of a character whose second is still to come, or _NONE or _UNKNOWN
    before: int  # the last byte before `at`, for a splice that stands there
    text: str  # what was restored; _LOST for each lost character
    choices: tuple[str, ...] = ()  # for each lost character, what it can have been; "": anything

    def with_lost(self, at: int, pending: int) -> _Hypothesis:
        """Return the reading in which the second byte of the character being read is lost."""
        choices = "" if self.pending == _UNKNOWN else gbk.row(self.pending)
        return _Hypothesis(at, pending, _NONE, self.text + _LOST, (*self.choices, choices))


class _Restored(NamedTuple):
    """A stretch of a line put right: up to ``end``, as ``text``, with its lost characters chosen or not."""

    end: int
    text: str
    chosen: str  # `text` with the lost characters put in; "" when nothing decides
    probability: float  # of that choice


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
        if ")" not in text or not _TONE_MARK.search(text):
            return
        verdict = _verdict(text)
        if verdict is _Verdict.SOUND:
            return
        for line in _LINE.finditer(text):
            if verdict is _Verdict.DAMAGED or _line_is_damaged(line.group()):
                yield from _line_edits(line.group(), line.start())


class _Verdict(Enum):
    """What the annotations of a text say about it."""

    SOUND = "no annotation, or glosses"
    DAMAGED = "annotated by a converter"
    MIXED = "annotated in part: each line is judged by itself"


def _verdict(text: str) -> _Verdict:
    """Weigh the annotations of a text."""
    fitting: Counter[str] = Counter()
    common = misfits = 0
    for insertion in _INSERTION.finditer(text):
        pinyin = _plain(insertion["pinyin"])
        start, end = insertion.span()
        char = text[start - 1 : start]
        if insertion.group().startswith("?"):
            code = gbk.code_of(_annotated_before(text, start))
            if code is not None and _characters_read(code[1], pinyin):
                fitting[insertion.group()] += 1
                common += 1
        elif not gbk.is_han(char):
            continue
        elif _fits(char, pinyin):
            fitting[char] += 1
            in_running_text = gbk.is_han(text[start - 2 : start - 1]) or gbk.is_han(text[end : end + 1])
            main = pinyin == readings(char)[0]
            common += in_running_text and main and character_frequency(char) >= _COMMON
        elif pinyin in readings(char) or _TONE_MARK.search(pinyin):
            misfits += 1
    total = fitting.total()
    if common < max(1, _LEAST_COMMON * total) or misfits > _MOST_MISFITS * total:
        return _Verdict.SOUND
    occurrences = Counter(text)
    seen = sum(max(count, occurrences[char]) for char, count in fitting.items())
    return _Verdict.DAMAGED if total >= _LEAST_COVERED * seen else _Verdict.MIXED


def _line_is_damaged(line: str) -> bool:
    return len(_INSERTION.findall(line)) >= _LEAST_IN_LINE and _verdict(line) is _Verdict.DAMAGED


def _fits(char: str, pinyin: str) -> bool:
    """Tell whether a converter would have put this pinyin behind this character."""
    return simplify(char) != char and pinyin in readings(char)


def _plain(pinyin: str) -> str:
    """Return a pinyin as dictionaries write it, without an annotation inside it."""
    pinyin = pinyin.lower().replace("ɡ", "g").replace("ɑ", "a")
    nested = _NESTED.fullmatch(pinyin)
    if nested is None:
        return pinyin
    vowel = gbk.code_of(nested["vowel"])
    char = vowel and gbk.char_of(vowel[1], ord(nested["letter"]))
    if char and nested["inner"] in readings(char):
        return nested["head"] + nested["vowel"] + nested["letter"] + nested["tail"]
    return pinyin


def _annotated_before(line: str, at: int) -> str:
    """Return the character that stands before a place, an annotation between the two passed over."""
    annotation = re.search(rf"\({_PINYIN}\)$", line[max(0, at - 20) : at])
    end = at - len(annotation.group()) if annotation else at
    return line[end - 1 : end]


def _characters_read(lead: int, pinyin: str) -> list[str]:
    """Return the traditional characters of a row of GBK that have a reading."""
    return [char for char in gbk.row(lead) if _fits(char, pinyin)]


def _line_edits(line: str, offset: int) -> Iterator[Edit | Flag]:
    """Yield what to do in a line of a damaged text; ``offset`` is where it stands in the text."""
    at = 0
    left = ""  # what stands before `at`, put right: the words a lost character must go with
    while (event := _EVENT.search(line, at)) is not None:
        left += line[at : event.start()]
        at = event.end()
        start, end = offset + event.start(), offset + event.end()
        if event["mark"] is None and event.group().startswith("("):
            if _fits(left[-1:], _plain(event["pinyin"])):
                why = f"{left[-1:]} is read {event['pinyin']}"
                yield Edit(start, end, "", "repair/pinyin", why)
            else:
                left += event.group()
            continue
        restored = _restored(line, event, left)
        if restored is None:
            if event["mark"] is None and gbk.is_han(left[-1:]):
                why = "pinyin inside a character that cannot be worked out"
                yield Flag(start, end, "repair/pinyin-splice", why)
            left += event.group()
            continue
        at = restored.end
        left += restored.chosen or restored.text
        yield from _region_edits(start, offset + at, event, restored)


def _region_edits(start: int, end: int, event: re.Match[str], restored: _Restored) -> Iterator[Edit | Flag]:
    """Yield the edits for one stretch: the boldest first where characters of it are lost."""
    cause = f"{event['pinyin']} was" if event["mark"] is None else f"{event['mark']} was"
    why = f"{cause} inserted between the two bytes of a character"
    splice = Edit(start, end, restored.text, "repair/pinyin-splice", why)
    lost = restored.text.count(_LOST)
    if not lost:
        yield splice
        return
    missing = [new for new, old in zip(restored.chosen, restored.text, strict=True) if old == _LOST]
    chosen = f"{why}; {''.join(missing)} fits the words around it (probability {restored.probability:.2f})"
    if restored.probability >= _LEANING:
        sure = restored.probability >= _SURE
        rule = "repair/lost-byte" if sure else "repair/lost-byte-lean"
        yield Edit(start, end, restored.chosen, rule, chosen)
        yield splice
    else:
        yield splice
        yield Flag(start, end, "repair/lost-byte", f"{why}; which characters are lost cannot be told")


def _restored(line: str, event: re.Match[str], left: str) -> _Restored | None:
    """Read the stretch that begins at a splice in every way there is and return the best reading."""
    before = gbk.code_of(left[-1:])
    if before is None:
        return None
    if event["mark"] is None:
        first = _Hypothesis(event.start(), _NONE, before[1], "")
    else:
        code = gbk.code_of(event["mark"])
        assert code is not None, "the marks of the pattern are all in GBK"
        first = _Hypothesis(event.end(), code[1], code[1], _LOST, (gbk.column(code[0]) + "。",))
    readings_left, complete = [first], list[_Hypothesis]()
    while readings_left and len(readings_left) + len(complete) < _MOST_READINGS:
        hypothesis = readings_left.pop()
        finished, further = _read_on(line, hypothesis)
        complete += finished
        readings_left += further
    if not complete:
        return None
    end = max(hypothesis.at for hypothesis in complete)
    context = left[-_CONTEXT:]

    def cost(hypothesis: _Hypothesis) -> float:
        return _cost(context + hypothesis.text + _tail(line, hypothesis.at, end))

    best = min(complete, key=cost)
    if event["mark"] is not None:
        as_it_stands = _cost(context + _tail(line, event.start(), end))
        if cost(best) + _SPLICE_MARGIN > as_it_stands:
            return None
    chosen, probability = _filled(left, best, _tail(line, best.at, best.at))
    return _Restored(best.at, best.text, chosen, probability)


def _tail(line: str, start: int, end: int) -> str:
    """Return ``line[start:end]`` without annotations, and a few of the characters behind it.

    Those are given as they will stand there, up to the next splice: what it shifts tells nothing yet.
    """
    behind = line[end : end + _CONTEXT]
    splice = _SPLICE.search(behind)
    return _ANNOTATION.sub("", line[start:end] + (behind[: splice.start()] if splice else behind))


def _read_on(line: str, state: _Hypothesis) -> tuple[list[_Hypothesis], list[_Hypothesis]]:
    """Read one more character of a stretch; return the readings that end there and those that go on."""
    splice = _SPLICE.match(line, state.at)
    if state.pending == _NONE:
        if splice is None:
            return [state], []
        # The missing byte is the second of the annotated character, and the first of the character it is in.
        seconds = (gbk.code_of(char) for char in _characters_read(state.before, _plain(splice["pinyin"])))
        return [], [
            state._replace(at=splice.end(), pending=code[1], before=code[1])
            for code in seconds
            if code is not None and code[1] >= gbk.FIRST_LEAD
        ]
    finished: list[_Hypothesis] = []
    further: list[_Hypothesis] = []
    char = line[state.at : state.at + 1]
    code = gbk.code_of(char)
    if splice is not None:
        # The annotated character is the one being read: its second byte is the missing one.
        pinyin = _plain(splice["pinyin"])
        leads = _ALL_LEADS if state.pending == _UNKNOWN else (state.pending,)
        for read in (read for lead in leads for read in _characters_read(lead, pinyin)):
            second = gbk.code_of(read)
            assert second is not None, "it stands in a row of GBK"
            further.append(_Hypothesis(splice.end(), _NONE, second[1], state.text + read, state.choices))
    elif char == "?":
        further.append(state.with_lost(state.at + 1, _UNKNOWN))
    elif code is not None and code[1] >= gbk.FIRST_LEAD:
        annotation = _ANNOTATION.match(line, state.at + 1)
        fits = annotation is not None and _fits(char, _plain(annotation["pinyin"]))
        at = annotation.end() if annotation is not None and fits else state.at + 1
        further += _with_trail(state, code[0], at, pending=code[1])
    elif char.isascii() and gbk.FIRST_TRAIL <= ord(char or " ") < 0x7F:
        # A letter that is a second byte; it may carry the annotation of the character it completes.
        annotation = _ANNOTATION.match(line, state.at + 1)
        at = annotation.end() if annotation else state.at + 1
        pinyin = _plain(annotation["pinyin"]) if annotation else None
        further += _with_trail(state, ord(char), at, pending=_NONE, pinyin=pinyin)
    if splice is None and not gbk.is_han(char):
        # The run of Chinese characters may have ended here, and the lone byte with it.
        finished.append(state.with_lost(state.at, _NONE))
    return finished, further


def _with_trail(
    state: _Hypothesis, trail: int, at: int, *, pending: int, pinyin: str | None = None
) -> Iterator[_Hypothesis]:
    """Yield the reading in which ``trail`` completes the character being read, if there is such a one."""
    before = trail if pending == _NONE else pending
    if state.pending == _UNKNOWN:
        choices = "".join(char for char in gbk.column(trail) if pinyin is None or _fits(char, pinyin))
        if choices:
            yield _Hypothesis(at, pending, before, state.text + _LOST, (*state.choices, choices))
        return
    read = gbk.char_of(state.pending, trail)
    if read and (gbk.is_han(read) or read in _MARKS) and (pinyin is None or _fits(read, pinyin)):
        yield _Hypothesis(at, pending, before, state.text + read, state.choices)


def _cost(text: str) -> float:
    """Return how unlike Chinese a text is, as a negative logarithm of a probability."""
    total = 0.0
    done = 0
    for run in _HAN_RUN.finditer(text):
        total += default_lexicon().cost(run.group()) + _marks_cost(text[done : run.start()])
        done = run.end()
    return total + _marks_cost(text[done:])


def _marks_cost(marks: str) -> float:
    costs = {_LOST: _LOST_COST, **dict.fromkeys(_MARKS, _MARK_COST)}
    return sum(costs.get(mark, _STRAY_COST) for mark in marks)


def _filled(left: str, best: _Hypothesis, right: str) -> tuple[str, float]:
    """Return a reading with its lost characters chosen, and the probability of the choice."""
    text = best.text
    probability = 1.0
    choices = list(best.choices)
    while choices:
        at = text.index(_LOST)
        adjacent = len(choices) > 1 and text[at + 1 : at + 2] == _LOST
        places = [choices.pop(0) for _ in range(2 if adjacent else 1)]
        before = _HAN_TAIL.search((left + text[:at])[-_CONTEXT:])
        after = _HAN_HEAD.match((text[at + len(places) :] + right)[:_CONTEXT])
        chosen, share = _choose(before.group() if before else "", places, after.group() if after else "")
        probability *= share
        text = text[:at] + chosen + text[at + len(chosen) :]
    return text, probability


def _choose(before: str, places: Sequence[str], after: str) -> tuple[str, float]:
    """Return the characters that go best between two texts, and their share among all that could stand there."""
    if len(places) > 1:
        places = [sorted(place, key=character_frequency)[-_PAIR_CHOICES:] for place in places]  # type: ignore[misc]
    costs: dict[str, float] = {}
    for chars in product(*places):
        word = "".join(chars)
        if len(word) == 2 and not _undefined_between(*word):
            continue
        unlikely = sum(_SIMPLIFIED_COST for char in word if char in simplified_only())
        costs[word] = _cost(before + word + after) + unlikely
    if not costs:
        return _LOST * len(places), 0.0
    best = min(costs, key=costs.__getitem__)
    return best, 1 / sum(exp(costs[best] - cost) for cost in costs.values())


def _undefined_between(first: str, second: str) -> bool:
    """Tell whether the second byte of one character and the first of the next are an undefined pair."""
    one, other = gbk.code_of(first), gbk.code_of(second)
    return one is not None and other is not None and gbk.char_of(one[1], other[0]) is None
