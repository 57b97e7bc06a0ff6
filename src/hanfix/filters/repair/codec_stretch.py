"""Tell damaged characters from sound ones: the cheapest way through a text, for one pair of codecs.

Each character is taken as it stands, at the cost that it has there, or as bytes of the wrong codec that the
right one reads, at the cost of what it reads. Going over to damage has its price. Of all ways to divide a
text so, the cheapest is found from left to right, as Viterbi found the best way through a noisy message.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from hanfix.filters.repair.codec_costs import char_cost, is_east_asian
from hanfix.filters.repair.codec_pairs import QUESTION_MARK, UNKNOWN, Pair
from hanfix.filters.repair.lost import LOST

# What it costs to begin or end damage within what looks like a word, for fields end at marks and spaces; and
# so near to the end of a text that no more than these characters are left.
_INSIDE_COST = 6.0
_SHORT_REST = 2
# What a character costs that is lost, where bytes are unknown, and where they are missing without a trace.
_LOST_COST = 10.0
_TRACELESS_COST = 11.0
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
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_INFINITE = float("inf")


class Reading(NamedTuple):
    """Characters that are damaged, from ``start`` to ``end`` of a text, and what they read."""

    start: int
    end: int
    new: str
    # For each lost character of ``new`` in order, the bytes that are known of it.
    lost: tuple[tuple[int, ...], ...]


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
        for end, char, price in _readings(codes, place, pair):
            if price == _TRACELESS_COST and place in plain:
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


def _readings(codes: list[int], place: int, pair: Pair) -> Iterator[tuple[int, str, float]]:
    """Yield the characters that can begin at a place: where the next begins, what it is, what it costs."""
    if codes[place] == _BREAK:
        return
    right = pair.right
    read = right.read(codes, place)
    if read is not None:
        char, end = read
        yield end, char, char_cost(char)
        trustworthy = char_cost(char) < _RARE_COST or end == len(codes) or right.read(codes, end) is not None
        if char != "?" and trustworthy and UNKNOWN not in codes[place : place + right.longest - 1]:
            return
    for end in range(place + 1, min(len(codes), place + right.longest) + 1):
        span = codes[place:end]
        if not right.may_be_lost(span):
            return
        if (read is None or end != read[1]) and span != [QUESTION_MARK]:
            traced = UNKNOWN in span or QUESTION_MARK in span
            yield end, LOST, _LOST_COST if traced else _TRACELESS_COST


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
            lost = tuple(tuple(codes[each.start : each.end]) for each in kept if each.char == LOST)
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
        if chars[number - 1].silent and chars[number].silent:
            before = _without_silent_edges(chars[: number - 1], codes, offsets, pair, ends_line=False)
            behind = _without_silent_edges(chars[number + 1 :], codes, offsets, pair, ends_line=ends_line)
            return max(before, behind, key=len)
    first = number = 0
    while number < len(chars) and (chars[number].silent or chars[number].is_ascii):
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
