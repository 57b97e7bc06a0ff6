"""Text that one codec wrote and another read: find what is damaged and read it again.

The damage
    Bytes in UTF-8, GBK or Big5 were decoded as something else: ``中文`` as ``涓枃``, ``ÖÐÎÄ`` or ``笢恅``. A
    whole document was, or a line, or one field that a program pasted into sound text (``作者：ÀîÃ÷``). Bytes
    that the wrong codec does not know became U+FFFD or ``?``, and the last byte may be cut off.

The inverse
    Written with the wrong codec the damaged characters are bytes again, and the right codec reads them. Which
    codecs those were, and where damage begins and ends, is decided by what the characters cost (negative
    natural logarithms of probabilities) as they stand and as they would read. Sound text is passed over by
    one search for characters that it seldom has side by side; around those, the pairs of codecs that promise
    something are tried, and what one finds must be better Chinese by its words too, and decisively so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp
from typing import ClassVar, NamedTuple

from hanfix.document import LINE, Document
from hanfix.edit import Edit, Flag, apply_edits, merge
from hanfix.filter import Filter, Rule, Scope
from hanfix.filters.repair.codec_costs import (
    char_cost,
    common_characters,
    hiragana_share,
    standing_costs,
    standing_words_cost,
    suspicion,
    words_cost,
)
from hanfix.filters.repair.codec_pairs import (
    PAIRS,
    Pair,
    RightCodec,
    WrongCodec,
)
from hanfix.filters.repair.codec_rules import LEANING_RULE, LOST_RULE, RULES, TWICE_RULE
from hanfix.filters.repair.codec_stretch import Lost, damaged_parts
from hanfix.filters.repair.lost import CONTEXT, LOST, MARKS
from hanfix.lexicon import default_lexicon
from hanfix.script import simplified_marks, traditional_marks

# A character counted less often than this in the words of the lexicon (60 million) is rare: of newspaper text
# one in 250 is.
_RARE = 1000
# How far, in characters, a suspect looks for others, and what they must cost together: three rare characters
# do, two where the whole stretch costs so much on average. From the first suspect to the last it must cost
# still more, by its characters and by its words: names and rare words do not.
_NEAR = 12
_SUSPICIOUS = 34.0
_SUSPICIOUS_IF_STRANGE = 20.0
_STRANGE = 9.0
_STRANGE_CORE = 9.8
_STRANGE_WORDS = 9.0
# How many characters on either side of suspects are looked at, and how many at most at a time.
_AROUND = 40
_LONGEST_WINDOW = 10_000
# Where a window is cut, characters may be too; within so many, two that are whole meet.
_CUTS = 6

# Of Japanese text more than this share is hiragana in common use; of Big5 read as GBK less than a tenth.
_MOST_HIRAGANA = 0.3
# At least this share of the bytes must be UTF-8; or of the characters of two bytes each, in common use: among
# the thousand that make up seven in eight of running text. Chance makes one in four of them.
_FEWEST_FITTING = 0.5
_FEWEST_FAIR = 0.35
_FAIR_COST = 8.5

# The cost of beginning to be damaged, and by how much the words must be better than what stands there: two or
# three characters' worth each. Nothing in 40 MB of sound Chinese text and 65 MB in other languages is.
_ENTRY_COST = 12.0
_MARGIN = 18.0
# The same for a whole line of a text in which the pair of codecs is known to have done damage elsewhere.
_KNOWN_ENTRY_COST = 4.0
_KNOWN_MARGIN = 4.0
# A pair is known when its stretches are together so much better: one of a dozen characters is.
_KNOWN_GAIN = 60.0
# Longer lines are not titles or short remarks, and can be judged by themselves.
_LONGEST_KNOWN_LINE = 200
# What a character costs that chance makes, of those in use; words must cost less in all. Where the wrong one
# of the codecs has two bytes a character, what stands there is East Asian too, so more is asked.
_RANDOM_COST = 9.5
_LEAST_ORDER = 0.0
_LEAST_ORDER_WIDE = 5.0
# Single Chinese characters are an accident of the bytes, as of two accented letters within a word.
_TWO_HAN = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff\ufffd]|\ufffd[\u4e00-\u9fff]")
_ONE_HAN = re.compile(r"[\u4e00-\u9fff]")
# Of damaged text, so many characters stand in the order of their codes once in 720 times.
_SHORTEST_TABLE = 6
# Text is misread twice in a row, not more.
_DEEPEST = 2
# So often what has been put right is looked at again.
_MOST_ROUNDS = 3

# Probability of a character among all that the known bytes allow, from which on it is put in. Measured on
# newspaper text and reviews: of what is put in 1 % is wrong from 0.9 on, 6 % from 0.5 on. A character that
# makes no word with its neighbours must be surer.
_SURE = 0.9
_SURE_ALONE = 0.98
_LEANING = 0.5
# So many choices are compared by the words they make, the commonest characters: others hardly ever win.
_MOST_COMPARED = 100

# What ends a clause, and marks that stand at the end of none.
_CLAUSE_ENDS = frozenset(" \t\r\n\"'<)]}*/")
_OPENED_BY = dict(zip("”’》〉）】〕」』", "“‘《〈（【〔「『", strict=True))
_NEVER_LAST = frozenset("\u3000，、“‘《〈（【〔「『·")

_ACCENTED = re.compile(r"[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
# Talk of damage in the same line: what is shown there is meant.
_TALK = re.compile(r"[乱亂][码碼]|[Mm]ojibake|文字化け|StrConv|(?:显示|顯示|变|變)(?:为|為|成)")
_LINE_END = re.compile(r"[\r\n]")
# Characters below this take one byte or two in UTF-8.
_TWO_BYTES = 0x800
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Signs of markup and addresses with what stands around them of ASCII.
_SEPARATOR = re.compile(r"[\x00-\x7f]*[`<>\[\]@/][\x00-\x7f]*")
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]")
_BEGUN_UTF8 = re.compile(rb"[\xe2-\xef][\x80-\xbf]{1,2}|[\xc2-\xdf][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}")
_HIGH_BYTES = bytes(range(0x80, 0x100))
# Codecs that share most letters.
_SISTERS = frozenset({"latin1", "cp1250", "cp1254"})
# Where so large a share of the characters lost bytes without a trace, nothing is left to read.
_MOST_LOST = 0.5
# What high bytes become in codecs of one byte a character, side by side as in no word of any language.
_NARROW = r"\x80-\u052f\u2010-\u25ff\ufb01\ufb02\uf8ff"
_NARROW_EVIDENCE = re.compile(rf"[{_NARROW}]{{3}}|[{_NARROW}]{{2}}.{{0,3}}[{_NARROW}]{{2}}")
# In Cyrillic a capital behind a small letter, or a sign beside a letter.
_CYRILLIC_SIGN = r"[\x80-\x9f\xa1-\xaa\xac-\xba\xbc-\xbf‚†‡€‰‹•™›]"
_CYRILLIC_EVIDENCE = re.compile(
    rf"[а-яђ-џґ][А-ЯЂ-ЏҐ]|{_CYRILLIC_SIGN}[\u0400-\u0491]|[\u0400-\u0491]{_CYRILLIC_SIGN}"
)
# What sound Chinese text holds no two of within a few characters. Beyond ASCII that is all but Chinese
# characters, and the marks, signs, widths and lines of tables at home in Chinese text; but for letters that
# no wrong codec has, and those of Russian, which stand in damaged text beside others.
_OTHER_SUSPECTS = (
    "\x80-\x9f\xa1-\xb6\xb8-\xd6\xd8-\u040f\u0450-\u0491"
    "\u2010-\u2012\u2016\u2017\u201a\u201b\u201e-\u2024\u2030-\u218f\u2192-\u245f\u2470-\u24ff"
    "\u2504-\u250b\u250d-\u250f\u2511-\u2513\u2515-\u2517\u2519-\u251b\u251d-\u2523\u2525-\u252b"
    "\u252d-\u2533\u2535-\u253b\u253d-\u254f\u2552\u2553\u2555\u2556\u2558\u2559\u255b\u255c"
    "\u255e\u255f\u2561\u2562\u2564\u2565\u2567\u2568\u256a\u256b\u256d-\u259f\u2600-\u2fff"
    "\u3041-\u31ff\u3220-\u33ff\u3400-\u4dbf\uac00-\ufaff\ufe30-\ufe4f\uff61-\uffdc"
)


_HALF_UTF8 = next(pair.wrong for pair in PAIRS if pair.wrong.half_utf8)


class _Stretch(NamedTuple):
    """A damaged stretch of a text, how it reads and how much better that is."""

    start: int
    end: int
    new: str
    rule: str
    pair: Pair
    gain: float
    # The lost characters in order.
    lost: tuple[Lost, ...]

    @property
    def edit(self) -> Edit:
        """What to do about the stretch, with what is lost of it left lost."""
        return Edit(self.start, self.end, self.new, self.rule, self.pair.says)

    def moved(self, by: int) -> _Stretch:
        """Return the stretch as it stands in a longer text."""
        return self._replace(start=self.start + by, end=self.end + by)


class _Threshold(NamedTuple):
    """How much better than sound a damaged stretch must be."""

    entry_cost: float = _ENTRY_COST
    margin: float = _MARGIN
    least_han: re.Pattern[str] = _TWO_HAN
    whole_line: bool = False


_UNKNOWN_TEXT = _Threshold()
_KNOWN_TEXT = _Threshold(_KNOWN_ENTRY_COST, _KNOWN_MARGIN, _ONE_HAN, whole_line=True)


@dataclass(frozen=True)
class MisreadCodec(Filter):
    """Read again, with the right codec, what was read with a wrong one.

    UTF-8, GBK and Big5 are known as read with each other and with windows-1252 (or Latin-1), windows-1250,
    windows-1254, windows-1251, Mac Roman, code page 437, Shift JIS and EUC-KR; GBK also as read byte by byte
    where it was no UTF-8; and twice in a row. Undefined bytes are taken as browsers and Windows take them.
    What is lost, in place of U+FFFD or without a trace, stays U+FFFD, unless words decide.

    Left alone: a single character (``ÖÐ``), which is an accident more often than not; whatever is nearly as
    likely as it stands, such as rare characters, names, other languages, tables and alphabets; ``锟斤拷``, of
    which nothing is left.

    >>> MisreadCodec()("作者：ÀîÃ÷ 2019")
    '作者：李明 2019'
    >>> MisreadCodec()("鐢ㄦ埛鐧诲綍")
    '用户登录'
    >>> MisreadCodec()("涓涓细流，浣纱溪畔；Mörder, Größe, ÄÖÜ")
    '涓涓细流，浣纱溪畔；Mörder, Größe, ÄÖÜ'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = RULES

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield the damaged stretches, read again, and flag what is lost of them."""
        text = doc.text
        if text.isascii():
            return
        found = _in_text(text)
        for _ in range(_MOST_ROUNDS if found else 0):
            # Beside what has been put right, other damage may be easier to see.
            again = _in_text(apply_edits(text, (stretch.edit for stretch in found)))
            if not again:
                break
            found = _merged(text, found, again)
        for stretch in found:
            if not _is_talked_about(text, stretch):
                yield from _edits(text, stretch)


def _is_talked_about(text: str, stretch: _Stretch) -> bool:
    """Tell whether a line that is sound otherwise speaks of damage and shows some."""
    start = max(text.rfind("\n", 0, stretch.start), text.rfind("\r", 0, stretch.start)) + 1
    before = text[max(start, stretch.start - _LONGEST_KNOWN_LINE) : stretch.start]
    after = _LINE_END.split(text[stretch.end : stretch.end + _LONGEST_KNOWN_LINE], maxsplit=1)[0]
    return bool(_TALK.search(before) or _TALK.search(after))


def _edits(text: str, stretch: _Stretch) -> Iterator[Edit | Flag]:
    """Yield what to do about a stretch: the boldest first where characters of it are lost.

    Where signs of markup or of an address stand in it, the parts between them are edits of their own: some of
    them may be code, which others must not wait for.
    """
    start, end, new = stretch.start, stretch.end, stretch.new
    why = stretch.pair.says
    bold = sure = new
    if LOST in new:
        left, right = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        bold, sure = _with_lost_chosen(stretch, left, right)
    cuts = _cuts(text[start:end], new, stretch.pair)
    for (old_from, new_from), (old_to, new_to) in zip(cuts[::2], cuts[1::2], strict=True):
        part = text[start + old_from : start + old_to]
        new_part, sure_part, bold_part = (version[new_from:new_to] for version in (new, sure, bold))
        yield from _part_edits(start + old_from, part, new_part, sure_part, bold_part, stretch.rule, why)


def _cuts(old: str, new: str, pair: Pair) -> list[tuple[int, int]]:
    """Return where the parts of a stretch begin and end, in turn, as it stands and as it reads.

    They are cut at signs of markup and addresses, with what stands around them of ASCII. Of that the first
    may have become part of another character; where the parts do not read as the whole does, there is one.
    """
    cuts = [(0, 0)]
    at = 0
    for separator in _SEPARATOR.finditer(new):
        sign = separator.group()
        found = old.find(sign, at)
        if found < 0:
            sign = sign[1:]
            found = old.find(sign, at) if _SEPARATOR.search(sign) else -1
        if found < 0:
            continue
        at = found + len(sign)
        cuts += (found, separator.end() - len(sign)), (at, separator.end())
    cuts.append((len(old), len(new)))
    for (old_from, new_from), (old_to, new_to) in zip(cuts[::2], cuts[1::2], strict=True):
        raw = pair.wrong.encode(old[old_from:old_to])
        part = new[new_from:new_to]
        if LOST not in part and raw.decode(pair.right.python[0], "replace") != part:
            return [cuts[0], cuts[-1]]
    return cuts


def _part_edits(
    start: int, old: str, new: str, sure: str, bold: str, rule: str, why: str
) -> Iterator[Edit | Flag]:
    """Yield what to do about a part of a stretch: ``sure`` and ``bold`` have lost characters chosen."""
    end = start + len(old)
    if bold != sure:
        yield Edit(start, end, bold, LEANING_RULE, f"{why}; of lost characters the words lean to one")
    if sure != new:
        yield Edit(start, end, sure, LOST_RULE, f"{why}; lost characters chosen by the words around them")
    if new != old:
        yield Edit(start, end, new, rule, why)
    if LOST in bold:
        yield Flag(start, end, LOST_RULE, f"{why}; some characters are lost")


def _with_lost_chosen(stretch: _Stretch, left: str, right: str) -> tuple[str, str]:
    """Return the reading with lost characters chosen where words lean to one, and where they decide."""
    if not stretch.lost:
        return stretch.new, stretch.new
    other_script: frozenset[str] = frozenset()
    if stretch.pair.right.name == "big5" or not traditional_marks().isdisjoint(stretch.new):
        other_script = simplified_marks()
    elif not simplified_marks().isdisjoint(stretch.new):
        other_script = traditional_marks()
    bold, sure = list(stretch.new), list(stretch.new)
    places = iter([at for at, char in enumerate(stretch.new) if char == LOST])
    for number, words in stretch.lost:
        at, *_ = (next(places) for _ in range(number))
        before = "".join([left, *bold[:at]])[-CONTEXT:].rpartition(LOST)[2]
        after = (stretch.new[at + number :] + right)[:CONTEXT].partition(LOST)[0]
        choices = [word for word in dict.fromkeys(words) if other_script.isdisjoint(word)]
        if not after or after[0] in _CLAUSE_ENDS:
            choices = [word for word in choices if word[-1] not in _NEVER_LAST]
        choices = [word for word in choices if _OPENED_BY.get(word[-1], "") in left + stretch.new[:at]]
        if not choices:
            continue
        choices = sorted(choices, key=_chars_cost)[:_MOST_COMPARED]
        costs = {word: words_cost(before + word + after) for word in choices}
        best = min(choices, key=costs.__getitem__)
        for place in range(number):
            char, probability = _likeliest_at(costs, place)
            if probability < _LEANING or not _can_be_chosen(char):
                continue
            bold[at + place] = char
            supported = len(words) == 1 or _is_in_word(before, best, after, place)
            if probability >= (_SURE if supported else _SURE_ALONE):
                sure[at + place] = char
    return "".join(bold), "".join(sure)


def _chars_cost(word: str) -> float:
    return sum(map(char_cost, word))


def _can_be_chosen(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or char in MARKS


def _is_in_word(before: str, chosen: str, after: str, place: int) -> bool:
    """Tell whether a character put in is a mark, or makes a word with others: by itself it is no evidence."""
    if chosen[place] in MARKS:
        return True
    at = len(before) + place
    text = before + chosen + after
    start = max((mark.end() for mark in _NOT_HAN.finditer(text, 0, at)), default=0)
    end = next((mark.start() for mark in _NOT_HAN.finditer(text, at)), len(text))
    for word in default_lexicon().segment(text[start:end]):
        if start + len(word) > at:
            return len(word) > 1
        start += len(word)
    return False


def _likeliest_at(costs: Mapping[str, float], place: int) -> tuple[str, float]:
    """Return the likeliest character at a place of some words, and its probability if one word is right."""
    by_char: dict[str, float] = {}
    least = min(costs.values())
    for word, cost in costs.items():
        by_char[word[place]] = by_char.get(word[place], 0.0) + exp(least - cost)
    best = max(by_char, key=by_char.__getitem__)
    return best, by_char[best] / sum(by_char.values())


# Where damage may be ---------------------------------------------------------------------------------------


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of lines in which suspects stand close together, with some text around them."""
    # Most texts that are short hold none: they do without the longer pattern, which takes a while to compile.
    if not _suspect().search(text):
        return
    start = end = 0
    for suspect in _suspects().finditer(text):
        at = suspect.start()
        begins = max(0, at - _AROUND)
        # Whatever is suspect near a window, in the same line, belongs to it.
        near = end > begins and not _LINE_END.search(text, end, at)
        if not near:
            if not _is_suspicious(text[at : at + _NEAR]):
                continue
            if end:
                yield start, end
            start = max(begins, *(text.rfind(mark, begins, at) + 1 for mark in "\r\n"))
        line_end = _LINE_END.search(text, suspect.end(), suspect.end() + _AROUND)
        end = line_end.start() if line_end else min(len(text), suspect.end() + _AROUND)
    if end:
        yield start, end


@cache
def _suspect() -> re.Pattern[str]:
    common = common_characters(_RARE)
    rare = [code for code in range(0x4E00, 0xA000) if chr(code) not in common]
    return re.compile(f"[{_ranges(rare)}{_OTHER_SUSPECTS}]")


@cache
def _suspects() -> re.Pattern[str]:
    suspect = _suspect().pattern
    return re.compile(rf"{suspect}[^\r\n]{{0,6}}?{suspect}")


def _is_suspicious(text: str) -> bool:
    """Tell whether suspects are many, stand close together and make no words; ``text`` begins with one."""
    text = _LINE_END.split(text, maxsplit=1)[0]
    if hiragana_share(text) > _MOST_HIRAGANA:
        return False
    suspects = list(_suspect().finditer(text))
    suspicious = sum(map(suspicion, {match.group() for match in suspects}))
    core = text[: suspects[-1].end()]
    if suspicious < _SUSPICIOUS_IF_STRANGE or _strangeness(core) < _STRANGE_CORE:
        return False
    if suspicious < _SUSPICIOUS and _strangeness(text) < _STRANGE:
        return False
    strange = "".join(_NOT_ASCII.findall(core))
    return words_cost(strange) >= _STRANGE_WORDS * len(strange)


def _strangeness(text: str) -> float:
    """Return what the characters of a text that are not ASCII cost on average."""
    costs = [char_cost(char) for char in text if not char.isascii()]
    return sum(costs) / len(costs)


def _ranges(codes: Sequence[int]) -> str:
    """Return code points in order as what stands in a character class."""
    parts: list[str] = []
    first = last = codes[0]
    for code in [*codes[1:], -1]:
        if code == last + 1:
            last = code
            continue
        parts.append(f"{chr(first)}-{chr(last)}" if last > first else chr(first))
        first = last = code
    return "".join(parts)


def _possible_pairs(text: str, pairs: Collection[Pair]) -> Iterator[Pair]:
    """Yield the pairs of codecs that promise something, as far as can be told cheaply."""
    suspects = [match.span() for match in _suspect().finditer(text)]
    if not suspects:
        return
    japanese = hiragana_share(text) > _MOST_HIRAGANA
    narrow = _NARROW_EVIDENCE.search(text) is not None
    cyrillic = _CYRILLIC_EVIDENCE.search(text) is not None
    raw: dict[WrongCodec, list[bytes]] = {}
    for pair in pairs:
        wrong = pair.wrong
        evident = not japanese if wrong.wide else narrow and (cyrillic or wrong.name != "cp1251")
        if not evident:
            continue
        if wrong not in raw:
            core = (
                [text[suspects[0][0] : suspects[-1][1]]] if wrong.wide else _narrow_runs(wrong).findall(text)
            )
            raw[wrong] = [wrong.encode(run) for run in core]
        if any(_promises(each, pair.right) for each in raw[wrong]):
            yield pair


@cache
def _narrow_runs(codec: WrongCodec) -> re.Pattern[str]:
    """Return what matches runs of a codec's characters; a second byte of GBK or Big5 may be a letter."""
    high = _ranges(sorted(code for code in map(ord, codec.table) if code < _TWO_BYTES or not codec.half_utf8))
    return re.compile(rf"(?:[{high}][@-~]?){{2,}}[{high}]?")


def _promises(raw: bytes, right: RightCodec) -> bool:
    """Tell whether some bytes can be Chinese text."""
    if right.name == "utf8":
        # What has lost bytes still has the first of most characters, and a byte behind it.
        fitting = sum(map(len, _BEGUN_UTF8.findall(raw)))
        return fitting > 0 and fitting >= _FEWEST_FITTING * _count_high(raw)
    for shift in (0, 1):
        chars = raw[shift:].decode(right.python[0], "ignore")
        if len(_fair().findall(chars)) >= _FEWEST_FAIR * max(1, len(_NOT_ASCII.findall(chars))):
            return True
    return False


def _count_high(raw: bytes) -> int:
    return len(raw) - len(raw.translate(None, _HIGH_BYTES))


@cache
def _fair() -> re.Pattern[str]:
    fair = [code for code in range(0x3000, 0xFF60) if char_cost(chr(code)) < _FAIR_COST]
    return re.compile(f"[{_ranges(fair)}]")


# What is damaged -------------------------------------------------------------------------------------------


def _in_text(text: str) -> list[_Stretch]:
    """Return the damaged stretches of a text in order."""
    found = [stretch for start, end in _windows(text) for stretch in _in_window(text, start, end)]
    found = _by_one_codec(text, found)
    return sorted([*found, *_in_known_lines(text, found)]) if found else []


def _by_one_codec(text: str, found: list[_Stretch]) -> list[_Stretch]:
    """Return the stretches, read by the one of sister codecs that explains most of the text.

    The codecs of Western, Central European and Turkish Windows share most letters: of a few characters one
    makes as good words as the other.
    """
    gains: dict[Pair, float] = {}
    for stretch in found:
        if stretch.pair.wrong.name in _SISTERS:
            gains[stretch.pair] = gains.get(stretch.pair, 0.0) + stretch.gain
    if len(gains) < 2:
        return found
    best = max(gains, key=gains.__getitem__)
    chosen: list[_Stretch] = []
    for stretch in found:
        if stretch.pair in gains and stretch.pair is not best and stretch.pair.right is best.right:
            again = _damaged(text[stretch.start : stretch.end], [best], _KNOWN_TEXT)
            if [(each.start, each.end) for each in again] == [(0, stretch.end - stretch.start)]:
                stretch = again[0].moved(stretch.start)
        chosen.append(stretch)
    return chosen


def _merged(text: str, first: Sequence[_Stretch], second: Sequence[_Stretch]) -> list[_Stretch]:
    """Return stretches of a text that do what those of two rounds do; the second saw what the first left."""
    known = {(stretch.rule, stretch.new): stretch for stretch in (*first, *second)}
    by_rule = {stretch.rule: stretch._replace(lost=()) for stretch in known.values()}
    edits = merge(text, (stretch.edit for stretch in first), (stretch.edit for stretch in second))
    return [
        known.get((edit.rule, edit.new), by_rule[edit.rule])._replace(
            start=edit.start, end=edit.end, new=edit.new
        )
        for edit in edits
    ]


def _in_window(text: str, start: int, end: int) -> Iterator[_Stretch]:
    """Yield the damaged stretches of a part of a text, however long."""
    while end - start > _LONGEST_WINDOW:
        for less in range(_CUTS):
            cut = start + _LONGEST_WINDOW - less
            found = _damaged(text[start:cut], PAIRS)
            if not found or found[-1].end < cut - start - _AROUND:
                break
            if found[-1].end == cut - start and not found[-1].new.endswith(LOST):
                break
        for stretch in found:
            yield stretch.moved(start)
        start = cut
    for stretch in _damaged(text[start:end], PAIRS):
        yield stretch.moved(start)


def _in_known_lines(text: str, found: Sequence[_Stretch]) -> Iterator[_Stretch]:
    """Yield whole lines, too short to be judged alone, that a pair damaged which did so elsewhere."""
    gains: dict[Pair, float] = {}
    for stretch in found:
        gains[stretch.pair] = gains.get(stretch.pair, 0.0) + stretch.gain
    known = [pair for pair, gain in gains.items() if gain >= _KNOWN_GAIN]
    if not known:
        return
    stretches = iter([*found, None])
    following = next(stretches)
    for line in LINE.finditer(text):
        start, end = line.span()
        while following is not None and following.end <= start:
            following = next(stretches)
        hit = following is not None and following.start < end
        if hit or end - start > _LONGEST_KNOWN_LINE or not _suspect().search(line.group()):
            continue
        if _strangeness(line.group()) >= _STRANGE:
            for stretch in _damaged(line.group(), known, _KNOWN_TEXT):
                yield stretch.moved(start)


def _damaged(
    text: str, pairs: Collection[Pair], threshold: _Threshold = _UNKNOWN_TEXT, depth: int = 1
) -> list[_Stretch]:
    """Return the damaged stretches of a text in order; of those that overlap, the best."""
    found = list(_through_latin1(text, threshold)) if depth == 1 else []
    possible = list(_possible_pairs(text, pairs))
    costs = standing_costs(text) if possible else []
    for pair in possible:
        found += _stretches(text, costs, pair, threshold, depth)
    chosen: list[_Stretch] = []
    for stretch in sorted(found, key=lambda each: -each.gain):
        if all(stretch.end <= other.start or other.end <= stretch.start for other in chosen):
            chosen.append(stretch)
    return sorted(chosen)


def _through_latin1(text: str, threshold: _Threshold) -> Iterator[_Stretch]:
    """Yield the stretches read as Latin-1, written in UTF-8 and read as GBK (``脦脪脙脟`` for 我们).

    Each byte became one character of 128, so places stay the same, and what they stand for is looked through
    as any text read as Latin-1 is.
    """
    for run in _latin1_run().finditer(text):
        latin1 = run.group().translate(_latin1_by_character())
        for stretch in _damaged(latin1, PAIRS, threshold, _DEEPEST):
            yield stretch.moved(run.start())._replace(rule=TWICE_RULE)


@cache
def _latin1_by_character() -> dict[int, str]:
    latin1 = map(chr, range(0x80, 0x100))
    return {ord(char.encode("utf-8").decode("gbk")): char for char in latin1}


@cache
def _latin1_run() -> re.Pattern[str]:
    high = _ranges(sorted(_latin1_by_character()))
    return re.compile(f"[{high}][{high}\x20-\x7e]{{2,{_LONGEST_WINDOW}}}[{high}]")


def _stretches(
    text: str, costs: list[float], pair: Pair, threshold: _Threshold, depth: int
) -> Iterator[_Stretch]:
    """Yield the stretches that a pair of codecs damaged, if their words are good enough."""
    for start, end, new, lost in damaged_parts(text, costs, pair, threshold.entry_cost):
        rule = pair.rule
        if pair.right.name == "utf8" and depth < _DEEPEST and _order(new) < _LEAST_ORDER:
            # What was misread twice is still damaged when it has been put right once.
            for inner in reversed(_damaged(new, PAIRS, threshold, depth + 1)):
                new = new[: inner.start] + inner.new + new[inner.end :]
                rule, lost = TWICE_RULE, ()
        while start < end and new and text[start] == new[0] != LOST:
            start, new = start + 1, new[1:]
        while start < end and new and text[end - 1] == new[-1] != LOST:
            end, new = end - 1, new[:-1]
        gain = standing_words_cost(text[start:end], costs[start:end]) - words_cost(new)
        least_order = _LEAST_ORDER_WIDE if pair.wrong.wide else _LEAST_ORDER
        # In UTF-8 what is left of a lost character has a shape of its own, and is no sign of chance.
        known = new.replace(LOST, "") if pair.right.name == "utf8" else new
        if gain < threshold.margin or _order(known) < min(least_order, threshold.margin):
            continue
        if not threshold.least_han.search(new):
            continue
        if threshold.whole_line and _NOT_ASCII.search(text[:start] + text[end:]):
            continue
        if _in_code_order(text[start:end], pair.wrong):
            continue
        if not pair.wrong.wide and new.count(LOST) - text[start:end].count(LOST) > _MOST_LOST * len(new):
            continue
        if pair.wrong.half_utf8 and not _is_half_utf8(text[start:end]):
            continue
        if not (pair.wrong.wide or pair.right.name == "utf8") and _ACCENTED.search(
            text[max(0, start - 1) : start] + text[end : end + 1]
        ):
            # Part of a longer run of accented letters, of which this pair can make nothing: an alphabet.
            continue
        yield _Stretch(start, end, new, rule, pair, gain, lost)


def _is_half_utf8(text: str) -> bool:
    """Tell whether some characters were read as UTF-8, and no fewer as Latin-1: chance makes few fit."""
    single = sum(len(codes) == 1 for codes in map(_HALF_UTF8.table.get, text) if codes is not None)
    return 0 < len(_NOT_ASCII.findall(text)) - single <= single


def _in_code_order(text: str, codec: WrongCodec) -> bool:
    """Tell whether a text is a piece of a code table, which in another codec is one too."""
    codes = [codec.encode(char) for char in text]
    return len(codes) >= _SHORTEST_TABLE and all(one < other for one, other in pairwise(codes))


def _order(text: str) -> float:
    """Return how much less a text costs by its words than characters that chance put together."""
    strange = _NOT_ASCII.findall(text)
    return _RANDOM_COST * len(strange) - words_cost("".join(strange))
