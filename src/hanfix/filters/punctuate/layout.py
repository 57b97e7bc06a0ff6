"""Lines in which ASCII punctuation is syntax: tables, settings, code, logs, references, other languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

# A statement, a comment, a prompt, a macro of a typesetting language: told by how the line begins.
_BEGINS_CODE = re.compile(
    r"\s{0,40}(?:"
    r"//|/\*|\*/|\*[ /]|#!|#(?:include|define|ifdef|ifndef|endif|pragma)\b|<[?!%]|>>>[ ]|\$ (?=[A-Za-z./])"
    r"|\.[A-Za-z]{1,2}(?:[ \"\\]|$)|['.]\\\"|\\[a-zA-Z]+[{\[]"
    r"|(?:import|export|package|using|namespace|require|echo|printf?|puts|msgid|msgstr|msgctxt)\b(?=[ (\"'])"
    r"|from [\w.]+ import\b|(?:async )?def \w|class \w+ ?[(:{]|return\b(?! ?[，,])|function ?\w{0,60} ?\("
    r"|(?:var|let|const|final|static|public|private|protected|void|int|char|float|double|bool|string|auto) \w"
    r"|(?:if|elif|for|while|switch|catch) ?\(|else ?[:{]|try ?[:{]|case .{1,80}:"
    r"|(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WHERE|VALUES) "
    r")"
)
# Syntax anywhere: an assignment, a comparison, an arrow, a call with a literal, an object, an end of block.
_HOLDS_CODE = re.compile(
    r"[A-Za-z0-9_\])\"'] ?(?:[-+*/|&%!<>=]?=|=>|->|:=) ?[\"'\[({]"
    r"|^\s{0,40}[\w.\-\[\]\"']{1,60} ?(?:[-+*/|&%]?=|:=) ?\S"
    r"|&&|\|\||[!=]==?|=>|->\w|[A-Za-z_]::[A-Za-z_]|[A-Za-z_]\(\)|[\]}] ?;|[\"'(]\) ?;|[A-Za-z0-9_)] ?\{"
    r"|[A-Za-z_]\w{0,60}\([^()]{0,80}[\"'=]"
    r"|(?:^|[{,\[]) {0,40}([\"'])[\w -]{1,40}\1 ?: ?[\"'\[{0-9]"
    r"|[\[{(] ?'[^',]{0,80}' ?,|[\[{(] ?\"[^\",]{0,80}\" ?,|\[ ?'[^']{0,80}'\]"
    r"|^\s{0,40}\[[^\[\]]{1,200}\]: ?\S|\"{3}|'{3}"
    r"|\\[nrt\"'\\]|\\u[0-9a-fA-F]{4}|\\f[BIRP]\b|\\[*|&^ ]|</?\w"
    r"|[\"'] ?[+&.] ?[A-Za-z_]|[A-Za-z_)\]] ?[+&] ?[\"']|[\w)] ?, ?[A-Za-z0-9_.]{1,40} ?, ?[\"']"
    # A call alone in its line.
    r"|^\s{0,40}=?[A-Za-z_][\w.]{0,60}\([^()]{0,80}\)\s{0,9}\Z"
)
# The synopsis of a command: what may be left out stands in brackets, what may be repeated before dots.
_SYNOPSIS = re.compile(r"[\]>}] ?\.{3}|\[-|\[[^\[\]]{1,40} ?\| ?")
_LOG = re.compile(r"\s{0,9}[\[(]?\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ]\d{1,2}:\d{2}:\d{2}")
_NUMBERED_REFERENCE = re.compile(r"\s{0,9}\[\d{1,4}\]")
_KIND_OF_REFERENCE = re.compile(r"\[[A-Z]{1,2}(?:/[A-Z]{2})?\]")
OTHER_LANGUAGE = re.compile(r"[ぁ-ゖァ-ヺ][ぁ-ゖァ-ヺー]|[가-힣][가-힣]")

_QUOTED_FIELD = re.compile(r'(?:"[^"]{0,2000}"){1,40}')
# A field that no sentence has between two commas: a figure, a quoted text, nothing.
_FIGURE = re.compile(r'\s*(?:[-+]?[¥$€￥]?[0-9][0-9.:/%-]{0,30}|"")?\s*')
_LATIN_FIELD = re.compile(r"\s*[\x21-\x7e]{1,60}\s*")
_SENTENCE_MARK = re.compile(r"[。！？…]|[^,\s][!?;；]")
# Han characters in the fields of a table of words, on average; clauses are longer.
_SHORT_FIELD = 4
_LONGEST_FIELD = 24
_FEWEST_COLUMNS = 3
_FEWEST_ROWS = 4

_LABEL = re.compile(
    r"\s{0,40}(?:- )?(?P<key>[^\s,:，。：、；!?！？\"'()（）]{1,20}):(?: +(?P<value>\S.*)?)?\s*\Z"
)
_PROSE_MARK = re.compile(r"[，。！？；,!?;…]")
_LONGEST_VALUE = 20  # characters


def structured(lines: Sequence[str], asked: Sequence[bool]) -> list[bool]:
    """Tell of the lines of a paragraph that are ``asked`` about whether their marks are syntax and must stay.

    What tells is either in the line itself or common to a run of lines, all of which then stay: so the
    answer is the same when the others have been changed.

    >>> structured(["编号,名称,价格", "001,玉枣,28.5", "好吃,不贵"], [True] * 3)
    [True, True, False]
    """
    answers = [wanted and _is_syntax(line) for line, wanted in zip(lines, asked, strict=True)]
    for numbers in _runs(lines, _columns):
        if _is_table([lines[number] for number in numbers]):
            for number in numbers:
                answers[number] = True
    for numbers in _runs(lines, _is_numbered, fewest=1):
        if any(_KIND_OF_REFERENCE.search(lines[number]) for number in numbers):
            for number in numbers:
                answers[number] = True
    for numbers in _runs(lines, _is_labelled):
        if _is_settings([lines[number] for number in numbers]):
            for number in numbers:
                answers[number] = True
    return answers


def _is_numbered(line: str) -> bool:
    return "[" in line and bool(_NUMBERED_REFERENCE.match(line))


def _is_labelled(line: str) -> bool:
    return ":" in line and bool(_LABEL.match(line))


def _is_syntax(line: str) -> bool:
    return bool(
        "\t" in line.strip()
        or _BEGINS_CODE.match(line)
        or _HOLDS_CODE.search(line)
        or _SYNOPSIS.search(line)
        or _LOG.match(line)
        or OTHER_LANGUAGE.search(line)
    )


def _runs(lines: Sequence[str], key: Callable[[str], int], fewest: int = 2) -> Iterator[list[int]]:
    """Yield the numbers of lines in succession that have the same key, not zero."""
    for value, group in groupby(range(len(lines)), key=lambda number: key(lines[number])):
        numbers = list(group)
        if value and len(numbers) >= fewest:
            yield numbers


def _columns(line: str) -> int:
    """Return how many columns a line has if it is one of a table, else zero."""
    if "," not in line or _SENTENCE_MARK.search(line):
        return 0
    commas = _QUOTED_FIELD.sub('""', line).count(",")
    return commas + 1 if commas else 0


def _is_table(lines: list[str]) -> bool:
    """Tell whether lines with the same number of columns are a table and not verse or short clauses."""
    rows = [_QUOTED_FIELD.sub('""', line).strip().split(",") for line in lines]
    fields = [field for row in rows for field in row]
    if max(map(len, fields)) > _LONGEST_FIELD:
        return False
    wide = len(rows[0]) >= _FEWEST_COLUMNS
    # The first row may be the heading.
    for column in zip(*rows[1:], strict=True):
        if all(_FIGURE.fullmatch(field) or (wide and _LATIN_FIELD.fullmatch(field)) for field in column) and (
            wide or any(column)
        ):
            return True
    # Lines of verse are all of one length; a list of words is not.
    regular = len({tuple(map(len, row)) for row in rows}) == 1
    short = sum(map(len, fields)) <= _SHORT_FIELD * len(fields)
    return (wide or len(rows) >= _FEWEST_ROWS) and short and not regular and all(fields)


def _is_settings(lines: list[str]) -> bool:
    """Tell whether lines that begin with a label are settings and not what several people say in turn."""
    matches = [match for line in lines if (match := _LABEL.match(line))]
    keys = [match["key"] for match in matches]
    if len(set(keys)) < len(keys):
        return False
    values = [match["value"] or "" for match in matches]
    short = [value for value in values if len(value) <= _LONGEST_VALUE and not _PROSE_MARK.search(value)]
    return 2 * len(short) > len(values)
