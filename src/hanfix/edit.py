"""Edits: how a filter says what it would change, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from functools import partial
from typing import NamedTuple

from hanfix.origin import Origin, Patch

# Pairs of characters up to which two texts are compared: 400 characters each. Comparing takes a few
# milliseconds then, half a second on periodic texts, whose time grows with the third power of the length.
_COMPARABLE_PAIRS = 160_000


class Edit(NamedTuple):
    """Replace ``text[start:end]`` with ``new``, because of ``rule``.

    Offsets are code points of the text that the filter saw. Several edits of one and the same span are
    *alternatives*, the boldest first: the first that is allowed is made, the others are not.
    """

    start: int
    end: int
    new: str
    rule: str
    why: str = ""


class Flag(NamedTuple):
    """Damage seen in ``text[start:end]`` and left alone, because of ``rule``."""

    start: int
    end: int
    rule: str
    why: str = ""


# An edit from a tuple of its fields, in half the time: a converter makes one for every third character.
new_edit = partial(tuple.__new__, Edit)


def moved(edits: Iterable[Edit], by: int) -> Iterator[Edit]:
    """Yield edits of a piece of text as edits of the whole, in which it stands at ``by``, or the reverse.

    >>> list(moved([Edit(0, 1, "乙", "r")], 5))
    [Edit(start=5, end=6, new='乙', rule='r', why='')]
    """
    if by == 0:
        return iter(edits)
    return (new_edit((start + by, end + by, new, rule, why)) for start, end, new, rule, why in edits)


def joined_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that overlap or touch made one.

    >>> joined_spans([(4, 6), (0, 2), (1, 4), (8, 9)])
    [(0, 6), (8, 9)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def first_choices(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the edits without the alternatives that stand behind the first of a span."""
    last: Edit | None = None
    for edit in edits:
        if last is None or not same_span(last, edit):
            yield edit
        last = edit


def same_span(one: Edit, other: Edit) -> bool:
    """Tell whether two edits are alternatives: they replace the same characters."""
    return one.start == other.start and one.end == other.end


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with the edits made; of alternatives the first.

    Raises ``ValueError`` when edits are out of order, overlap or lie outside the text.

    >>> apply_edits("關(guān)于", [Edit(1, 7, "", "repair/pinyin")])
    '關于'
    """
    parts: list[str] = []
    done = 0
    for edit in first_choices(edits):
        if not done <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edit out of order, overlapping or outside the text: {edit}")
        parts.append(text[done : edit.start])
        parts.append(edit.new)
        done = edit.end
    if not parts:
        return text
    parts.append(text[done:])
    return "".join(parts)


def reverse_edits(text: str, edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that lead from the edited text back to ``text``.

    >>> back = reverse_edits("和-諧", [Edit(1, 2, "", "rejoin/hyphen")])
    >>> apply_edits("和諧", back)
    '和-諧'
    """
    backward: list[Edit] = []
    shift = 0
    for edit in first_choices(edits):
        start = edit.start + shift
        back = Edit(start, start + len(edit.new), text[edit.start : edit.end], edit.rule, edit.why)
        if backward and same_span(backward[-1], back):
            # Two deletions side by side: put back separately, at one point, they would be alternatives.
            back = back._replace(new=backward.pop().new + back.new)
        backward.append(back)
        shift += len(edit.new) - (edit.end - edit.start)
    return backward


def sub(
    pattern: re.Pattern[str],
    new: str | Callable[[re.Match[str]], str],
    text: str,
    *,
    rule: str,
    why: str = "",
) -> Iterator[Edit]:
    """Yield what ``pattern.sub(new, text)`` would change, as edits; matches that change nothing are left out.

    >>> list(sub(re.compile("ab"), "c", "xaby", rule="r"))
    [Edit(start=1, end=3, new='c', rule='r', why='')]
    """
    for match in pattern.finditer(text):
        replacement = new(match) if callable(new) else match.expand(new)
        if replacement != match.group():
            yield Edit(match.start(), match.end(), replacement, rule, why)


def between(before: str, after: str, *, rule: str, why: str = "", offset: int = 0) -> Iterator[Edit]:
    """Yield edits that turn ``before`` into ``after``: for engines that return only a text.

    ``offset`` is added to the places, for a ``before`` that was cut out of a longer text. Cut it short: where
    the two differ over more than 400 characters they are not compared, and all of it is one edit.

    >>> list(between("a乙c", "a丙c", rule="r"))
    [Edit(start=1, end=2, new='丙', rule='r', why='')]
    """
    if before == after:
        return
    head = 0
    for old_char, new_char in zip(before, after, strict=False):
        if old_char != new_char:
            break
        head += 1
    tail = 0
    longest_tail = min(len(before), len(after)) - head
    while tail < longest_tail and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) * len(new) > _COMPARABLE_PAIRS:
        yield Edit(offset + head, offset + head + len(old), new, rule, why)
        return
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Edit(offset + head + i, offset + head + j, new[k:m], rule, why)


def merge(text: str, first: Iterable[Edit], second: Iterable[Edit]) -> list[Edit]:
    """Return edits of ``text`` that do in one round what ``first`` and then ``second`` do in two.

    ``second`` was found on the text after ``first``. Edits of the two rounds that overlap become one, which
    carries the rule and reason of the later round.

    >>> merge("abcd", [Edit(1, 2, "xy", "one")], [Edit(2, 3, "z", "two")])
    [Edit(start=1, end=2, new='xz', rule='two', why='')]
    """
    first, second = list(first_choices(first)), list(first_choices(second))
    after_first = Origin().then(first)
    made_by = dict(zip(after_first.patches, first, strict=True))
    merged: list[Edit] = []
    for patch, made_of in after_first.regrouped(second):
        later = [piece for piece in made_of if isinstance(piece, Edit)]
        earlier = [piece for piece in made_of if isinstance(piece, Patch)]
        old = text[patch.source_start : patch.source_end]
        # What became of this piece alone: a text is long, and its edits are few.
        before = [made_by[piece] for piece in earlier]
        middle = apply_edits(old, moved(before, -patch.source_start))
        new = apply_edits(middle, moved(later, -min(piece.start for piece in made_of)))
        # What the later round took back was not changed at all.
        if new != old:
            cause = (later or before)[-1]
            merged.append(Edit(patch.source_start, patch.source_end, new, cause.rule, cause.why))
    return merged
