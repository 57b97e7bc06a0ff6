"""Single marks: commas, semicolons, colons, marks of question and exclamation, full stops, dashes, dots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from hanfix.filters.classes import HAN
from hanfix.filters.punctuate.line import (
    CLOSING,
    OPENING,
    Side,
    after,
    before,
    clause_after_has_han,
    clause_before_has_han,
    has_han,
    is_han,
)

COMMA, SEMICOLON, COLON = "punctuate/comma", "punctuate/semicolon", "punctuate/colon"
COMMA_LEAN, COLON_LEAN = "punctuate/comma-lean", "punctuate/colon-lean"
QUESTION, EXCLAMATION = "punctuate/question", "punctuate/exclamation"
QUESTION_LEAN, EXCLAMATION_LEAN = "punctuate/question-lean", "punctuate/exclamation-lean"
STOP, STOP_LEAN = "punctuate/stop", "punctuate/stop-lean"
ELLIPSIS, DASH, DASH_LEAN = "punctuate/ellipsis", "punctuate/dash", "punctuate/dash-lean"

_ANY = re.compile(
    r"(?P<ellipsis>(?:\.{3,99}|。{3,99}|・{3,99}|．{3,99}|·{3,99}){1,9})"
    r"|(?P<dash>-{2,99}|－{2,99})"
    r"|(?P<asking>[?!？！]{1,99})"
    r"|[,;:]|\."
)
_ASKING_WIDE = str.maketrans("?!", "？！")
_WIDE = {",": "，", ";": "；", ":": "：", ".": "。"}
_SPACES = frozenset(" \xa0")
_MOST_SPACES = 2
_QUOTES_OR_OPENING = frozenset(OPENING + "\"'")
# So many Chinese characters make a line one of Chinese prose, in which a foreign word stands as a guest.
_PROSE = 8
_NUMERALS = frozenset("〇零一二三四五六七八九十百千两兩")
# Who speaks, or which of several: a letter or a number at the beginning of a line.
_SPEAKER = re.compile(r"\s{0,9}(?:[A-Za-z]|[0-9０-９]{1,2})")
# Question marks in a row may stand for characters that a codec did not have.
_LOST = 2
_NO_QUESTION = re.compile(
    rf"(?:[,;:，；：、．]|(?<!。)。)\?(?=[{HAN}])|[^?!？！]\?(?=[,;:，；：、的之]|。(?!。)|．(?!．))"
)
_ENDED = re.compile(r"[。！？!?…・·．.][”’」』\"']\Z")
_NEVER_BEFORE_ASKING = frozenset(OPENING + ",，;；:：、\"'`<\x01")
_NEVER_AFTER_ASKING = frozenset("=[&>")
_ASKS = re.compile(
    r"[吗嗎呢吧么麼幺罢罷谁誰哪何几幾怎什啥咋岂豈嘛啊呀乎哉耶孰]|安[得能知肯敢忍在可有所]|莫非|是否|能否|可否|难道|難道|多少|还是|還是|没有|沒有"
    r"|(.)[不没沒]\1"
)
_ASKING_REACH = 24
# A word that may be left out in the synopsis of a command.
_OPTIONAL = re.compile(r"(?:^|[\s{\[])\?[\w<]")
# A word with the sign before it that makes it a command, a reference or an error value, or a name that has an
# exclamation mark of its own.
_WORD_BEFORE = re.compile(rf"(?P<sign>[#$&/\\.=@{{}}]|(?<![{HAN}])[:：])?(?P<word>[A-Za-z0-9]{{1,40}})\Z")
_LONGEST_WORD = 42
_NAMED = frozenset({"Yahoo", "Yum", "Jeopardy", "Joomla", "Mia", "E"})


# What a full stop ends must be long enough not to be a name, a number or a heading, in characters: of Chinese
# alone, behind another clause, and with figures and words in it.
_SENTENCE = 4
_CLAUSE = 3
_LONG_CLAUSE = 6
_SENTENCE_REACH = 24
_CLOSING_MARKS = frozenset(CLOSING + '"')
_SENTENCE_END = re.compile(f"[{HAN}]{{{_SENTENCE}}}\\Z")
_FIGURE_END = re.compile(r"[0-9０-９%％A-Za-zＡ-Ｚａ-ｚ]")


class Found(NamedTuple):
    """A mark to be written otherwise: its place in the line, and what there is in its place."""

    start: int
    end: int
    new: str
    rule: str


class _Habits:
    """What a line shows as a whole; each is found out when it is asked for first."""

    def __init__(self, line: str) -> None:
        self.line = line

    @cached_property
    def is_prose(self) -> bool:
        """Whether the line has so much Chinese that a foreign word in it is a guest."""
        return sum(map(is_han, self.line)) >= _PROSE

    @cached_property
    def ends_sentences(self) -> bool:
        """Whether full stops are ASCII: its sentences end in one, and none in another."""
        if _WIDE_STOP.search(self.line):
            return False
        return bool(_LAST_STOP.search(self.line) or len(_INNER_STOP.findall(self.line)) > 1)

    @cached_property
    def length(self) -> int:
        """Where the line ends, but for spaces."""
        return len(self.line.rstrip())

    @cached_property
    def is_synopsis(self) -> bool:
        """Whether question marks stand around what may be left out in a command."""
        return bool(_OPTIONAL.search(self.line))

    @cached_property
    def is_lossy(self) -> bool:
        """Whether question marks stand for characters that a codec did not have: no question is there."""
        return bool(_NO_QUESTION.search(self.line))


def single_marks(line: str) -> Iterator[Found]:
    """Yield the single marks of a line that are to be full-width, in order."""
    habits = _Habits(line)
    for match in _ANY.finditer(line):
        start, end = match.span()
        kind = match.lastgroup
        if kind == "ellipsis":
            yield from _ellipsis(line, start, end)
        elif kind == "dash":
            yield from _dash(line, start, end)
        elif kind == "asking":
            yield from _asking(line, start, end, habits)
        elif match.group() == ".":
            yield from _stop(line, start, habits)
        else:
            rule = _colon(line, start) if match.group() == ":" else _comma(line, start, habits)
            if rule:
                yield Found(start, _behind_space(line, end), _WIDE[match.group()], rule)


def _behind_space(line: str, end: int) -> int:
    """Return where the spaces behind a mark end; those at the end of a line are its own."""
    stop = end
    while stop < len(line) and stop - end < _MOST_SPACES and line[stop] in _SPACES:
        stop += 1
    # What is no word may be changed too, and would then be seen without the space by a second pass.
    follows = line[stop : stop + 1]
    return stop if follows.isalnum() or follows in _QUOTES_OR_OPENING else end


def _comma(line: str, place: int, habits: _Habits) -> str | None:
    """Return the rule for a comma or semicolon, or ``None`` where it stays."""
    lean = COMMA_LEAN if line[place] == "," else None
    sure = COMMA if line[place] == "," else SEMICOLON
    last, first = line[place - 1 : place] if place else "", line[place + 1 : place + 2]
    if last.isdigit() and first.isdigit():
        return None
    left, right = before(line, place), after(line, place + 1)
    spaced = first in _SPACES
    if line[place] == ";" and left is not Side.HAN and (last in _SPACES or not last):
        # It begins a comment.
        return None
    if left is Side.HAN:
        if right in (Side.HAN, Side.EDGE, Side.QUOTED):
            return sure
        return sure if clause_after_has_han(line, place + 1) or (not spaced and habits.is_prose) else lean
    if right is Side.HAN:
        if left in (Side.EDGE, Side.QUOTED) or not spaced or clause_before_has_han(line, place):
            return sure
        return lean
    if left is Side.EDGE or not (clause_before_has_han(line, place) or left is Side.QUOTED):
        return None
    if right is Side.EDGE or (right is Side.QUOTED and left is not Side.QUOTED):
        return sure if habits.is_prose else lean
    if left is Side.QUOTED or spaced:
        return None
    return sure if clause_after_has_han(line, place + 1) else None


def _colon(line: str, place: int) -> str | None:
    last, first = line[place - 1 : place] if place else "", line[place + 1 : place + 2]
    if first in tuple(":=/\\") or last == ":":
        return None
    if last in _NUMERALS and first in _NUMERALS and not is_han(line[place + 2 : place + 3]):
        return None
    if last.isdigit() and first.isdigit():
        return None
    left, right = before(line, place), after(line, place + 1)
    if left is Side.HAN:
        return COLON
    if right is Side.HAN:
        spaced = first in _SPACES
        if left is Side.QUOTED and not spaced:
            return COLON
        if spaced:
            return None
        if left in (Side.EDGE, Side.QUOTED):
            return COLON_LEAN
        if clause_before_has_han(line, place) or _SPEAKER.fullmatch(line, 0, place):
            return COLON
        return COLON_LEAN
    if right in (Side.EDGE, Side.QUOTED) and left in (Side.WORD, Side.NUMBER, Side.QUOTED):
        return COLON if clause_before_has_han(line, place) else None
    return None


def _asking(line: str, start: int, end: int, habits: _Habits) -> Iterator[Found]:
    """Yield a run of marks of question and exclamation, if it is to be full-width."""
    run = line[start:end]
    wide = run.translate(_ASKING_WIDE)
    last, first = line[start - 1 : start] if start else "", line[end : end + 1]
    if wide == run or not last or last in _SPACES:
        return
    if last in _NEVER_BEFORE_ASKING or first in _NEVER_AFTER_ASKING:
        return
    question = "?" in run or "？" in run
    rule = _rule_of_question(line, start, end, habits) if question else _rule_of_exclamation(line, start, end)
    if rule:
        yield Found(start, _behind_space(line, end), wide, rule)


def _rule_of_question(line: str, start: int, end: int, habits: _Habits) -> str | None:
    run, last, first = line[start:end], line[start - 1], line[end : end + 1]
    # Where no question can end a character was lost; in the syntax of commands the mark says something else.
    if run == "?" and (_NO_QUESTION.match(line, start - 1) or _ENDED.search(line, max(0, start - 2), start)):
        return None
    if habits.is_synopsis:
        return None
    left = before(line, start)
    if left is Side.HAN:
        if run.strip("?"):
            return QUESTION
        asked = not is_han(first) or _ASKS.search(line, max(0, start - _ASKING_REACH), start)
        return (
            QUESTION
            if asked and not habits.is_lossy and not (is_han(first) and len(run) >= _LOST)
            else QUESTION_LEAN
        )
    if left is Side.EDGE or not clause_before_has_han(line, start):
        return None
    # Behind a figure it says that the figure is not clear.
    return QUESTION if _ends(first) or (is_han(first) and not last.isdigit()) else None


def _rule_of_exclamation(line: str, start: int, end: int) -> str | None:
    first = line[end : end + 1]
    left = before(line, start)
    if left is Side.HAN:
        return EXCLAMATION
    if left is Side.EDGE or not clause_before_has_han(line, start):
        return None
    word = _WORD_BEFORE.search(line, max(0, start - _LONGEST_WORD), start)
    if word and (word["word"] in _NAMED or word["sign"]):
        return None
    if is_han(first):
        # It may be a factorial.
        return EXCLAMATION_LEAN if line[start - 1].isdigit() else EXCLAMATION
    return EXCLAMATION if _ends(first) and first not in _SPACES else None


def _ends(first: str) -> bool:
    """Tell whether what stands behind a mark does not continue a word."""
    return not (first.isalnum() or first == "_")


# Three and more are an ellipsis.
_WIDE_STOP = re.compile("(?<!。)。{1,2}(?!。)")
_LAST_STOP = re.compile(r"\.(?:[\s)）\"”’」』]{0,4}|[(（][^()（）]{1,40}[)）]\s{0,4})\Z")
_CLAUSE_MARK = re.compile(
    rf"[,，;；:：、!！?？.。．…·・()（）\[\]“”‘’「」『』\"'—－-]|(?<=[{HAN}])\s(?=[{HAN}])"
)
_INNER_STOP = re.compile(f"[{HAN}]{{{_SENTENCE}}}\\.(?=[{HAN}])")


def _stop(line: str, place: int, habits: _Habits) -> Iterator[Found]:
    last, first = line[place - 1 : place] if place else "", line[place + 1 : place + 2]
    if last == "." or first == ".":
        return
    closed = last in tuple(CLOSING + '"') and before(line, place) is Side.HAN
    figure = habits.ends_sentences and bool(_FIGURE_END.match(last))
    if not (is_han(last) or closed or figure):
        return
    if first.isdigit():
        if not habits.ends_sentences or figure:
            return
    elif first and not (is_han(first) or first in _SPACES or first in tuple(OPENING + CLOSING + '"')):
        return
    reach = line[max(0, place - _SENTENCE_REACH) : place]
    clause = _CLAUSE_MARK.split(reach)[-1]
    boundary = reach[: len(reach) - len(clause)][-1:]
    clause = clause.replace(" ", "")
    # What stands in quotation marks or brackets belongs to the clause behind them.
    quoted = closed or boundary in _CLOSING_MARKS
    if not quoted and (len(clause) < _CLAUSE or not has_han(clause, 0, len(clause))):
        return
    inside = boundary != "" and not boundary.isspace()
    sentence = quoted or inside or bool(_SENTENCE_END.search(clause)) or len(clause) >= _LONG_CLAUSE
    at_end = place + 1 >= habits.length or (first in _SPACES and after(line, place + 1) is Side.HAN)
    sure = sentence and (habits.ends_sentences or at_end)
    yield Found(place, _behind_space(line, place + 1), "。", STOP if sure else STOP_LEAN)


def _ellipsis(line: str, start: int, end: int) -> Iterator[Found]:
    last, first = line[start - 1 : start] if start else "", line[end : end + 1]
    if last in tuple("…./\\]>}") or first in tuple("…/\\"):
        return
    if line[start] != "." or Side.HAN in (before(line, start), after(line, end)):
        yield Found(start, _behind_space(line, end), "……", ELLIPSIS)


def _dash(line: str, start: int, end: int) -> Iterator[Found]:
    if end - start not in (2, 4):
        return
    last, first = line[start - 1 : start] if start else "", line[end : end + 1]
    left, right = before(line, start), after(line, end)
    begin = start - 1 if last in _SPACES and is_han(line[max(0, start - 2)]) else start
    rule: str | None = None
    if left is Side.HAN and right in (Side.HAN, Side.NUMBER):
        rule = DASH
    elif left is Side.HAN and right in (Side.EDGE, Side.QUOTED):
        rule = None if last in _SPACES else DASH
    elif left is Side.HAN and right is Side.WORD:
        # An option of a command is in small letters.
        rule = None if first.islower() and first.isascii() else DASH
    elif right is Side.HAN and first not in _SPACES:
        rule = DASH if left in (Side.EDGE, Side.QUOTED) else DASH_LEAN
    if rule:
        yield Found(begin, _behind_space(line, end), "——", rule)
