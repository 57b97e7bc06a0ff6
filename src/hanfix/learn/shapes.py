"""What lines have in common: a line with its varying parts replaced by slots.

A shape is a line of normal text in which control characters stand for what varies from page to page. The
line itself is its most special shape; dates and numbers, Latin names, values behind labels, and at last all
that follows a label or precedes the name of a site make more general ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from hanfix.filters.strip.furniture import LONGEST_LINE

DATE, CLOCK, WEEKDAY, ADDRESS, LATIN, NUMBERS, NUMBER, VALUE, TEXT = map(chr, range(0x0E, 0x17))

# What each slot is called in a rule file, how it is shown to people, and its pattern over normal text. Those
# without a pattern are known to every rule file.
SLOTS: dict[str, tuple[str, str, str]] = {
    DATE: ("date", "‹date›", ""),
    CLOCK: ("clock", "‹time›", ""),
    WEEKDAY: ("weekday", "‹weekday›", "(?:(?:星期|周|礼拜)[一二三四五六日天])"),
    ADDRESS: (
        "address",
        "‹address›",
        r"(?:(?:https?://|www\.)[!-~]{1,120}|[A-Za-z0-9._-]{1,40}@[A-Za-z0-9.-]{1,40})",
    ),
    LATIN: ("latin", "‹name›", r"(?:[A-Za-z][A-Za-z0-9_.-]{0,39})"),
    NUMBERS: ("numbers", "‹numbers›", r"(?:[0-9]{1,12}(?: {1,4}[0-9]{1,12}){1,40})"),
    NUMBER: ("number", "‹number›", r"(?:[0-9]{1,12}(?:[,.][0-9]{1,12}){0,4})"),
    VALUE: ("value", "‹value›", r"(?:[^\s|:]{1,30})"),
    TEXT: ("text", "…", r"(?:[^。;]{0,80})"),
}

# Slots that words fit in, each freer than the one before.
_FREE = (LATIN, VALUE, TEXT)
# The longest text that a slot for text may stand for, in characters: a headline with its section.
LONGEST_TEXT = 80

_DATE = r"(?<![0-9])(?:19|20)?[0-9]{2}[-/.年][01]?[0-9][-/.月][0-3]?[0-9](?![0-9])日?"
_CLOCK = (
    r"(?:[上下]午)? ?(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9:])(?: ?[APap][Mm](?![A-Za-z]))?"
)
_VARYING = re.compile(
    f"(?P<address>(?<![A-Za-z0-9._-]){SLOTS[ADDRESS][2]})|(?P<date>{_DATE})|(?P<clock>{_CLOCK})"
    f"|(?P<weekday>{SLOTS[WEEKDAY][2]})|(?P<numbers>{SLOTS[NUMBERS][2]})|(?P<number>{SLOTS[NUMBER][2]})"
)
_MAY_VARY = re.compile("[0-9@星周礼]|://|www")
_BY_NAME = {name: slot for slot, (name, _, _) in SLOTS.items()}
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,39}")
_BLANKS = re.compile(r"\s{2,}|[^\S ]")
_CONTROL = re.compile(r"[\0-\x1f\x7f]")
# A label and its value, in a line that has several of them.
_FIELD = re.compile(r"([\u4e00-\u9fff]{2,6}): ?([^\s|:]{1,30})(?=[\s|]|$)")
_FEWEST_FIELDS = 2
# Where a constant beginning may end, and where a constant end may begin.
_AFTER = re.compile(r"[:|>»_\])】》/]| (?=[^ ])")
_BEFORE = re.compile(r"(?: ?[_|(\[【<«]| [-–—·•]+ |[-–—]{1,2}| )(?=[^ ])")
_MOST_CUTS = 3
# Characters before a date that may be its constant label, as in 发表于.
_DATE_LABEL = re.compile(f"[\u4e00-\u9fff]{{2,4}} ?[{DATE}{CLOCK}]")

SENTENCE = re.compile(r"[。!?;,、…][\"”」』)]*$|[。;].|,.*,")
_ANY_SLOT = re.compile("[\x0e-\x16]")
# The least that must be constant for lines to be of one kind, a word: in characters and in letters.
_ENOUGH = re.compile(r"(?:[\u3400-\u9fff][^\u3400-\u9fff]*){2}|(?:[^\W\d_][\W\d_]*){3}")
# A label of so many characters may stand before a date.
_SHORTEST_LABEL = 2


def seen(line: str) -> str:
    """Return a line of normal text as shapes see it, blanks made one; empty when it is too long or odd.

    >>> from hanfix.filters.strip.furniture import normal
    >>> seen(normal("　第１页 ｜ 目錄 "))
    '第1页 | 目录'
    """
    text = line.strip()
    if not text or len(text) > LONGEST_LINE:
        return ""
    if _CONTROL.search(text):
        text = text.replace("\t", " ")
        if _CONTROL.search(text):
            return ""
    return _BLANKS.sub(" ", text)


def is_prose(text: str) -> bool:
    """Tell whether a line reads as a sentence, or is too long for a headline.

    >>> is_prose("他等船。"), is_prose("渡口的灯")
    (True, False)
    """
    return len(text) > LONGEST_TEXT or SENTENCE.search(text) is not None


def constant(shape: str) -> str:
    """Return what is left of a shape without its slots.

    >>> constant("阅读" + NUMBER + "次")
    '阅读次'
    """
    return _ANY_SLOT.sub("", shape)


def pieces(shape: str) -> list[str]:
    """Return the constant parts of a shape, slots between them."""
    return [piece for piece in _ANY_SLOT.split(shape) if piece]


def shown(shape: str) -> str:
    """Return a shape for people.

    >>> shown("阅读" + NUMBER + "次")
    '阅读‹number›次'
    """
    return _ANY_SLOT.sub(lambda match: SLOTS[match[0]][1], shape)


def generality(shape: str) -> tuple[int, int, int]:
    """Return how general a shape is, for sorting: its freest slot, how many it has, less constant text."""
    found = _ANY_SLOT.findall(shape)
    free = max((_FREE.index(slot) + 1 for slot in found if slot in _FREE), default=0)
    return free, len(found), -len(constant(shape))


def slots(shape: str) -> set[str]:
    """Return the kinds of slots that a shape has."""
    return set(_ANY_SLOT.findall(shape))


def shapes(text: str, *, affixes: bool) -> list[str]:
    """Return the shapes of a line as ``seen`` gives it, the most special first.

    With ``affixes`` also those that are constant at the beginning or at the end only; without, these are
    made of lines with a date or a time alone.

    >>> [shown(each) for each in shapes("阅读 1204", affixes=False)]
    ['阅读 1204', '阅读 ‹number›']
    """
    masked = _VARYING.sub(_slot, text) if _MAY_VARY.search(text) else text
    found = [text, masked]
    if _LATIN.search(text):
        found.append(_LATIN.sub(LATIN, masked))
    fields = _FIELD.sub(lambda match: f"{match[1]}:{VALUE}", masked)
    if fields.count(VALUE) >= _FEWEST_FIELDS:
        found.append(fields)
    if (affixes or DATE in masked or CLOCK in masked) and not is_prose(text):
        found += _affixes(masked)
    return [each for each in dict.fromkeys(found) if is_enough(each)]


def _slot(match: re.Match[str]) -> str:
    return _BY_NAME[match.lastgroup or ""]


def _affixes(masked: str) -> Iterator[str]:
    for _, match in zip(range(_MOST_CUTS), _AFTER.finditer(masked), strict=False):
        yield masked[: match.end()].rstrip() + TEXT
    for match in list(_BEFORE.finditer(masked))[-_MOST_CUTS:]:
        yield TEXT + masked[match.start() :]
    label = _DATE_LABEL.search(masked)
    if label is not None:
        # With a name of unknown length before it, the label is one of its endings.
        for start in range(label.start(), label.end() - _SHORTEST_LABEL - 1):
            yield TEXT + masked[start:]
    elif masked.endswith(":"):
        yield masked + TEXT


def is_enough(shape: str) -> bool:
    """Tell whether what is constant of a shape is a word at least."""
    return _ENOUGH.search(shape) is not None


def pattern(shape: str) -> str:
    """Return the regular expression of a shape over normal text, slots called by their names.

    >>> pattern("阅读(" + NUMBER + ")")
    '阅读\\\\((?&number)\\\\)'
    """
    return "".join(_pattern_of(char) for char in shape)


def _pattern_of(char: str) -> str:
    if char in SLOTS:
        return f"(?&{SLOTS[char][0]})"
    if char == " ":
        return r"\s+"
    return f"\\{char}" if char in r".^$*+?{}[]\|()" else char


@lru_cache(maxsize=4096)
def matcher(shape: str) -> re.Pattern[str]:
    """Return the compiled pattern of a shape with a group for each slot, to take a line of it apart."""
    parts = []
    for char in shape:
        if char not in SLOTS:
            parts.append(_pattern_of(char))
        elif char == DATE:
            parts.append(f"({_DATE})")
        elif char == CLOCK:
            parts.append(f"({_CLOCK})")
        else:
            parts.append(f"({SLOTS[char][2]})")
    return re.compile("".join(parts))
