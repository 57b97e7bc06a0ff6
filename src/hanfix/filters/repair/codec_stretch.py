"""Tell damaged characters from sound ones: the cheapest way through a text, for one pair of codecs.

Each character is taken as it stands, at the cost that it has there, or as bytes of the wrong codec that the
right one reads, at the cost of what it reads. Going over to damage has its price. Of all ways to divide a
text so, the cheapest is found from left to right, as Viterbi found the best way through a noisy message.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from hanfix.filters.repair.codec_costs import char_cost, is_east_asian
from hanfix.filters.repair.codec_pairs import QUESTION_MARK, UNKNOWN, Pair
from hanfix.filters.repair.lost import LOST, MARKS

# What it costs to begin or end damage within what looks like a word, for fields end at marks and spaces; and
# so near to the end of a text that no more than these characters are left.
_INSIDE_COST = 6.0
_SHORT_REST = 2
# What a character costs that is lost, where bytes are unknown, and where they are missing without a trace;
# and two side by side of which the last and the first byte were one character that a program dropped.
_LOST_COST = 10.0
_TRACELESS_COST = 11.0
_HOLE_COST = 18.0
# What a character costs that stays as it stands within damage: an accented letter within a Latin word.
_KEPT_COST = 8.0
# A character that costs less than this as it stands is rather sound than what is left of a lost one: to take
# it so costs more, by as much as to end damage before it and begin anew behind it.
_PLAIN_COST = 9.0
_PLAIN_LOST_COST = 15.0
# A character that costs more, before bytes that make none, may have been put together from those of two.
_RARE_COST = 13.0
# Stands for a character that the wrong codec does not have: no damage reaches across it.
_BREAK = -2
# Windows and browsers read byte 80 of GBK so, Python these two.
_EURO = "€"
_EURO_IN_GBK = (0xA2, 0xE3)
_SPACE, _NO_BREAK_SPACE = 0x20, 0xA0
_SMALL_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz")
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
# Characters from here on take three bytes in UTF-8.
_THREE_BYTES = "\u0800"
# So many ways to fill what is lost side by side are compared.
_MOST_CHOICES = 600
# A second U+FFFD adds so many bytes to a character: it may be one byte or two.
_SECOND_UNKNOWN = 1
_INFINITE = float("inf")
_HIGH = range(0x80, 0x100)


class Lost(NamedTuple):
    """Lost characters side by side, ``number`` of them, and what they can have been."""

    number: int
    choices: tuple[str, ...]


class Reading(NamedTuple):
    """Characters that are damaged, from ``start`` to ``end`` of a text, and what they read."""

    start: int
    end: int
    new: str
    # The lost characters of ``new`` in order.
    lost: tuple[Lost, ...]


def damaged_parts(text: str, costs: list[float], pair: Pair, entry_cost: float) -> list[Reading]:
    """Return the parts of a text that are cheaper as damage by a pair of codecs than as they stand.

    ``costs`` are those of the characters as they stand, ``entry_cost`` is that of beginning to be damaged.
    """
    codes, offsets = _codes(text, pair)
    size = len(codes)
    plain = {
        offset
        for offset, char, cost in zip(offsets, text, costs, strict=False)
        if cost < _PLAIN_COST and not char.isascii() and pair.wrong.wide
    }
    starts = frozenset(offsets)
    damaged = [_INFINITE] * (size + 1)
    # For each place among the bytes, where the character before it begins, and what it is; an empty string
    # where damage begins.
    back: list[tuple[int, str]] = [(0, "")] * (size + 1)
    ends: list[bool] = []  # whether damage ends before a character
    sound = 0.0
    number = 0
    for place in range(size + 1):
        if offsets[number] == place:
            inside = _is_inside(text, number, wide=pair.wrong.wide)
            edge = _INSIDE_COST if inside else 0.0
            if number:
                sound += costs[number - 1]
            left_here = damaged[place] + edge
            ends.append(left_here <= sound)
            sound = min(left_here, sound)
            entered_here = sound + entry_cost + edge
            if entered_here < damaged[place]:
                damaged[place] = entered_here
                back[place] = (place, "")
            number += 1
        cost = damaged[place]
        if place == size or cost == _INFINITE:
            continue
        for end, char, price in _readings(codes, place, pair, starts, text[number - 1 : number + 1]):
            if (price == _TRACELESS_COST and place in plain) or (
                price == _HOLE_COST and plain.issuperset((place, place + 2))
            ):
                price += _PLAIN_LOST_COST
            if cost + price < damaged[end]:
                damaged[end] = cost + price
                back[end] = (place, char)
    return _traced(codes, offsets, ends, back, text, pair)


def _codes(text: str, pair: Pair) -> tuple[list[int], list[int]]:
    """Return the bytes of a text in the wrong codec, and where those of each character begin."""
    table = pair.wrong.table
    # A codec of two bytes a character gives one U+FFFD for one byte or for two.
    unknown = (UNKNOWN, UNKNOWN) if pair.wrong.wide else (UNKNOWN,)
    codes: list[int] = []
    offsets: list[int] = []
    for char, following in zip(text, [*text[1:], ""], strict=True):
        offsets.append(len(codes))
        if char.isascii():
            codes.append(ord(char))
        elif char == _EURO and pair.wrong.name == "gbk" and _is_two_bytes(codes, table.get(following), pair):
            codes += _EURO_IN_GBK
        else:
            codes += unknown if char == LOST else table.get(char, (_BREAK,))
    offsets.append(len(codes))
    return codes, offsets


def _is_two_bytes(before: list[int], after: tuple[int, ...] | None, pair: Pair) -> bool:
    """Tell whether a euro sign stands for A2 E3 between other bytes.

    In UTF-8 that is the last byte of a character and the first of another; Big5 has no byte 80.
    """
    if pair.right.name != "utf8":
        return True
    missing = 0
    for back, code in enumerate(reversed(before[-3:]), 1):
        if code >= 0xC0:
            missing = (2 if code < 0xE0 else 3 if code < 0xF0 else 4) - back
            break
    return missing == 1 and after is not None and 0x80 <= after[0] < 0xC0


def _is_inside(text: str, place: int, *, wide: bool) -> bool:
    """Tell whether damage seldom begins or ends at a place: within a word, or next to an end of the text."""
    one, other = text[place - 1 : place], text[place : place + 1]
    if not one or not other:
        return False
    first, second = is_east_asian(one), is_east_asian(other)
    if not wide:
        return first is second is not None
    # Damage by a codec of two bytes is of the same scripts as what is sound.
    if first is not None and second is not None and not one.isascii() and not other.isascii():
        return True
    rest = min(text[:place], text[place:], key=len)
    return len(rest) <= _SHORT_REST and any(map(is_east_asian, rest))


def _readings(
    codes: list[int], place: int, pair: Pair, starts: frozenset[int], wrong: str
) -> Iterator[tuple[int, str, float]]:
    """Yield the characters that can begin at a place: where the next begins, what it is, what it costs.

    ``starts`` are the places where characters of the text begin; ``wrong`` is the one that the place is in,
    and the next.
    """
    if codes[place] == _BREAK:
        return
    right = pair.right
    if pair.wrong.half_utf8:
        yield from _hidden_in_latin1(codes, place, pair, starts, wrong)
    read = right.read(codes, place)
    if read is not None and not _splits_another(codes, read[1], pair, starts):
        char, end = read
        yield end, char, char_cost(char)
        trustworthy = char_cost(char) < _RARE_COST or end == len(codes) or right.read(codes, end) is not None
        if _is_in_word(codes, place, end, wrong, pair):
            letters = wrong if end < len(codes) and codes[end - 1] >= 0x80 else wrong[0]
            yield place + len(letters), letters, _KEPT_COST
        elif char != "?" and trustworthy and UNKNOWN not in codes[place : place + right.longest - 1]:
            return
    elif read is None and _is_in_word(codes, place, place + 1, wrong, pair):
        yield place + 1, wrong[0], _KEPT_COST
    if right.name == "utf8":
        yield from _with_unseen(codes, place, pair, starts)
    longest = right.longest + (_SECOND_UNKNOWN if pair.wrong.wide and right.name == "utf8" else 0)
    for end in range(place + 1, min(len(codes), place + longest) + 1):
        span = codes[place:end]
        if not right.may_be_lost(span):
            return
        if (read is None or end != read[1]) and span != [QUESTION_MARK]:
            traced = UNKNOWN in span or QUESTION_MARK in span
            yield end, LOST, _LOST_COST if traced else _TRACELESS_COST


def _splits_another(codes: list[int], end: int, pair: Pair, starts: frozenset[int]) -> bool:
    """Tell whether a character of UTF-8 would end within one of the text whose rest can begin none.

    Bytes that the wrong codec read as one character stood side by side; so those before are not of it.
    """
    within = pair.right.name == "utf8" and end not in starts
    return within and end < len(codes) and 0x80 <= codes[end] < 0xC0


def _is_in_word(codes: list[int], place: int, end: int, wrong: str, pair: Pair) -> bool:
    """Tell whether bytes may be letters of a Latin word that is sound: of ``cái`` between damaged words.

    They are if plain letters stand on both sides, or on one where they make no character, or if they are a
    word of two letters and a rare character.
    """
    if pair.wrong.wide or pair.right.name == "utf8" or not wrong[0].isalpha() or place == 0:
        return False
    before = codes[place - 1]
    last = end - 1 if codes[end - 1] < 0x80 else end
    after = codes[last] if last < len(codes) else _SPACE
    read = pair.right.read(codes, place)
    if read is None:
        return before in _LETTERS
    if before == after == _SPACE:
        return char_cost(read[0]) >= _RARE_COST
    return before in _LETTERS and after in _SMALL_LETTERS


def _hidden_in_latin1(
    codes: list[int], place: int, pair: Pair, starts: frozenset[int], wrong: str
) -> Iterator[tuple[int, str, float]]:
    """Yield what reads a byte of windows-1252 as the two of its character in UTF-8, or as parts of others."""
    read = pair.right.read
    if {place, place + 1} <= starts and "\xa0" <= wrong[0] < _THREE_BYTES:
        first = read([*wrong[0].encode()], 0)
        if first is not None:
            yield place + 1, first[0], char_cost(first[0])
    if {place, place + 1, place + 2} <= starts and len(wrong) == 2 and "\xa0" <= wrong[1] < _THREE_BYTES:
        whole = [codes[place], *wrong[1].encode(), *codes[place + 2 : place + 3]]
        one, other = read(whole, 0), read(whole, 2) if len(whole) > 2 else None
        if one is not None and other is not None and one[1] == 2 and other[1] == 4:
            yield place + 3, one[0] + other[0], char_cost(one[0]) + char_cost(other[0])


def _with_unseen(
    codes: list[int], place: int, pair: Pair, starts: frozenset[int]
) -> Iterator[tuple[int, str, float]]:
    """Yield what reads UTF-8 of which a character that cannot be seen was dropped, or became a space."""
    piece = codes[place : place + 4]
    if not (len(piece) > 2 and 0xE0 <= piece[0] <= 0xEF):
        return
    if not pair.wrong.wide:
        spaced = [_NO_BREAK_SPACE if code == _SPACE else code for code in piece[:3]]
        read = pair.right.read(spaced, 0) if spaced != piece[:3] else None
        common = read is not None and char_cost(read[0]) < _PLAIN_COST
        if read is not None and common and _NO_BREAK_SPACE in pair.wrong.dropped:
            yield place + read[1], read[0], char_cost(read[0])
    elif (
        pair.wrong.name == "gbk"
        and len(piece) == 4
        and all(0x80 <= code < 0xC0 for code in piece[1:])
        and place + 2 in starts
        and place + 3 not in starts
    ):
        yield place + 4, LOST * 2, _HOLE_COST


class _Read(NamedTuple):
    """A character that was read, and the bytes it was read from: ``codes[start:end]``."""

    start: int
    end: int
    char: str
    silent: bool  # lost, and missing bytes without a trace

    @property
    def is_ascii(self) -> bool:
        """Whether it reads as it stands."""
        return self.end - self.start == 1 and self.char.isascii()


def _traced(
    codes: list[int], offsets: list[int], ends: list[bool], back: list[tuple[int, str]], text: str, pair: Pair
) -> list[Reading]:
    """Follow the cheapest way back, and return its damaged parts from left to right."""
    parts: list[Reading] = []
    number = len(offsets) - 1
    while number > 0:
        if not ends[number]:
            number -= 1
            continue
        place = offsets[number]
        chars: list[_Read] = []
        while back[place][1]:
            before, char = back[place]
            span = codes[before:place]
            silent = char == LOST and UNKNOWN not in span and QUESTION_MARK not in span
            chars.append(_Read(before, place, char, silent))
            place = before
        ends_line = text[number : number + 1] in ("", "\r", "\n")
        kept = _without_silent_edges(chars[::-1], codes, offsets, pair, ends_line=ends_line)
        number = bisect_left(offsets, place)
        if kept:
            start, end = bisect_left(offsets, kept[0].start), bisect_left(offsets, kept[-1].end)
            lost = tuple(_together(_lost(kept, codes, pair)))
            parts.append(Reading(start, end, "".join(each.char for each in kept), lost))
    return parts[::-1]


def _without_silent_edges(
    chars: list[_Read], codes: list[int], offsets: list[int], pair: Pair, *, ends_line: bool
) -> list[_Read]:
    """Return what was read without characters lost without a trace at its edges, or side by side inside.

    Those are sound characters, or other damage, that touch the field: only the last character of a line or
    field is often cut short. What stands behind several side by side is left for another look.
    """
    for number in range(1, len(chars)):
        if chars[number - 1].silent and chars[number].silent and not _has_shape(chars, number, codes, pair):
            before = _without_silent_edges(chars[: number - 1], codes, offsets, pair, ends_line=False)
            behind = _without_silent_edges(chars[number + 1 :], codes, offsets, pair, ends_line=ends_line)
            return max(before, behind, key=len)
    first = number = 0
    while number < len(chars) and (chars[number].silent or chars[number].is_ascii):
        if not chars[number].is_ascii and _is_begun(chars[number], codes, pair):
            break
        number += 1
        # Where a codec of two bytes is wrong, a sound character can have become two.
        if number == len(chars) or _begins_character(offsets, chars[number].start):
            first = number
    last = number = len(chars)
    while number > first:
        read = chars[number - 1]
        span = codes[read.start : read.end]
        if read.silent and _is_cut_short(span, pair, ends_line=ends_line and number == len(chars)):
            break
        if not (read.silent or read.is_ascii or _is_in_latin_word(codes, read)):
            break
        number -= 1
        if _begins_character(offsets, read.start):
            last = number
    return chars[first:last]


def _is_begun(read: _Read, codes: list[int], pair: Pair) -> bool:
    """Tell whether what is left of a character are its first two bytes: those of most Chinese characters."""
    span = codes[read.start : read.end]
    return not pair.wrong.wide and pair.right.name == "utf8" and len(span) == 2 and 0xE4 <= span[0] <= 0xE9


def _has_shape(chars: list[_Read], number: int, codes: list[int], pair: Pair) -> bool:
    """Tell whether two characters side by side, each without one byte, still have the shape of UTF-8."""
    if pair.wrong.wide or pair.right.name != "utf8":
        return False
    spans = (codes[each.start : each.end] for each in chars[number - 1 : number + 1])
    return all(len(span) <= 2 and 0xE0 <= span[0] <= 0xEF for span in spans)


def _together(losses: Iterator[tuple[int, Lost]]) -> Iterator[Lost]:
    """Join what is lost side by side, while there are few enough choices to try all."""
    last: tuple[int, Lost] | None = None
    for at, lost in losses:
        if last is not None:
            before = last[1]
            beside = at == last[0] + before.number
            if beside and 0 < len(before.choices) * len(lost.choices) <= _MOST_CHOICES:
                choices = tuple(map("".join, product(before.choices, lost.choices)))
                last = last[0], Lost(before.number + lost.number, choices)
                continue
            yield before
        last = at, lost
    if last is not None:
        yield last[1]


def _lost(chars: list[_Read], codes: list[int], pair: Pair) -> Iterator[tuple[int, Lost]]:
    """Yield the lost characters of a reading, where in it they stand and what they can have been."""
    at = number = 0
    while number < len(chars):
        read = chars[number]
        span = codes[read.start : read.end]
        number += 1
        if read.char == LOST * 2:
            yield at, Lost(2, tuple(_across(span[:2], span[2:], pair)))
        elif read.char == LOST:
            following = chars[number] if number < len(chars) else None
            utf8_in_pairs = pair.wrong.wide and pair.right.name == "utf8"
            if utf8_in_pairs and following is not None and following.char == LOST:
                behind = codes[following.start : following.end]
                if [span[-1], behind[0]] == [UNKNOWN, UNKNOWN]:
                    # One U+FFFD for the last byte of a character and the first of the next.
                    yield at, Lost(2, tuple(_across(_known(span), _known(behind), pair)))
                    at += 2
                    number += 1
                    continue
            yield (
                at,
                Lost(1, tuple(_alone(span, codes[read.end : read.end + 1], pair, at_end=following is None))),
            )
        at += len(read.char)


def _known(codes: list[int]) -> list[int]:
    return [code for code in codes if code not in (UNKNOWN, QUESTION_MARK)]


def _across(head: list[int], tail: list[int], pair: Pair) -> Iterator[str]:
    """Yield the two characters that may have been, of which the last and the first byte are gone."""
    firsts, seconds = ({}, {})
    for byte in _HIGH:
        firsts[byte] = pair.right.read([*head, byte], 0)
        seconds[byte] = pair.right.read([byte, *tail], 0)
    for one, other in product(_HIGH, repeat=2):
        first, second = firsts[one], seconds[other]
        if first is None or second is None or not pair.wrong.may_vanish(one, other):
            continue
        whole = first[1] == len(head) + 1 and second[1] == len(tail) + 1
        if whole and _is_chinese(first[0]) and _is_chinese(second[0]):
            yield first[0] + second[0]


def _is_chinese(char: str) -> bool:
    return "\u3000" <= char <= "\u9fff" or char in MARKS or "\uff00" <= char <= "\uff5e"


def _alone(span: list[int], following: list[int], pair: Pair, *, at_end: bool) -> Iterator[str]:
    """Yield the characters that may have been, of which one byte is gone; ``following`` is the next byte."""
    wrong = pair.wrong
    behind = [*span, *following][
        max((at for at, code in enumerate(span) if code < 0), default=len(span) - 1) + 1 :
    ]
    beside = behind[0] if behind and behind[0] >= 0x80 else None
    if len(_known(span)) == 1 and (
        span.count(UNKNOWN) > 1 or (span == _known(span) and wrong.wide and not at_end)
    ):
        yield from _mostly_lost(span, pair)
    elif QUESTION_MARK in span:
        yield from pair.right.completions(span, range(0x100), wide=wrong.wide)
    elif UNKNOWN in span:
        yield from pair.right.completions(span, wrong.before(beside), wide=wrong.wide)
    elif wrong.wide or at_end:
        values = range(0x100) if at_end else wrong.before(beside)
        yield from pair.right.completions([*span, UNKNOWN], values, wide=False)
    else:
        for gap in range(1, len(span) + 1):
            whole = [*span[:gap], UNKNOWN, *span[gap:]]
            yield from pair.right.completions(whole, wrong.dropped, wide=False)


def _mostly_lost(span: list[int], pair: Pair) -> Iterator[str]:
    """Yield the characters of UTF-8 that may have been, of which no more than the first byte is known.

    Two bytes became one U+FFFD, for they make no character; or two, which only marks are tried for.
    """
    if pair.right.name != "utf8" or not 0xE0 <= span[0] <= 0xEF:
        return
    if len(span) > 3:
        yield from (mark for mark in MARKS if mark.encode()[0] == span[0])
        return
    yield from _behind_first(span[0], pair)


@cache
def _behind_first(first: int, pair: Pair) -> tuple[str, ...]:
    """Return the characters of three bytes in UTF-8 of which the wrong codec cannot read the last two."""
    gone = (codes for codes in product(range(0x80, 0xC0), repeat=2) if pair.wrong.may_vanish(*codes))
    read = (pair.right.read([first, *codes], 0) for codes in gone)
    return tuple(each[0] for each in read if each is not None)


def _is_in_latin_word(codes: list[int], read: _Read) -> bool:
    """Tell whether a character of two bytes ends in a letter and more letters follow: ``ül`` in Müller."""
    beside = codes[read.end - 1 : read.end + 1]
    return len(beside) == 2 and all(code in _LETTERS for code in beside)


def _begins_character(offsets: list[int], place: int) -> bool:
    number = bisect_left(offsets, place)
    return number < len(offsets) and offsets[number] == place


def _is_cut_short(span: list[int], pair: Pair, *, ends_line: bool) -> bool:
    """Tell whether some bytes are the beginning of a character whose end may have been cut off."""
    if pair.right.name == "utf8":
        begins = 0xC2 <= span[0] <= 0xF4 and all(0x80 <= code < 0xC0 for code in span[1:])
        return begins and (ends_line or len(span) > 1)
    return ends_line and len(span) == 1 and 0x81 <= span[0] <= 0xFE
