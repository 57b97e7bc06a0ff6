"""What a text is and what is wrong with it: encoding, newlines, script, kinds of damage, and the cure."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from hanfix.decode import Decoded, DecodeError, decode, guess
from hanfix.document import Document
from hanfix.filter import Risk
from hanfix.pipeline import Pipeline
from hanfix.report import Change, Flagged, Report
from hanfix.script import simplified_marks, traditional_marks

# A text is in both scripts when the rarer one has at least this share of the characters that only one of them
# has, and this many of them: sound simplified text has names and quotations in the other script (up to 1 % in
# manuals that list languages), sound traditional text vulgar forms.
_MIXED_SHARE = 0.05
_MIXED_CHARACTERS = 3

# Characters of the same line shown on either side of an example, and characters shown of a long one.
_CONTEXT = 6
_LONGEST_EXAMPLE = 40

_NEWLINES = {"\r\n": "crlf", "\n": "lf", "\r": "cr"}
_NEWLINE = re.compile(r"\r\n|\n|\r")


class Example(NamedTuple):
    """One place of a kind of damage: the text there with a little around it, and what becomes of it.

    ``line`` and ``column`` count from 1; ``after`` is ``None`` where the damage is only flagged.
    """

    line: int
    column: int
    before: str
    after: str | None


class Damage(NamedTuple):
    """A kind of damage in a text.

    ``rule`` is the rule that finds it. ``changes`` says how often ``clean`` would change something by it,
    ``guesses`` how often more at ``--risk guess``, ``flags`` how often it was seen and is left alone.
    """

    rule: str
    changes: int
    guesses: int
    flags: int
    example: Example


@dataclass(frozen=True)
class Detected:
    """What a text is and what is wrong with it.

    ``encoding`` is what its bytes were read as (``None`` for a text that never was bytes), ``confidence``
    how sure that is (0 to 1), ``cut_off`` whether its last character is lost. ``newlines`` is ``lf``,
    ``crlf``, ``cr``, ``mixed`` or ``none``. ``script`` is ``simplified``, ``traditional``, ``mixed`` or
    ``none``, and ``simplified`` and ``traditional`` are the shares of each script in the characters that only
    one of them has. ``damage`` lists the kinds of damage. ``command`` is the command line that cures it,
    quoted for a shell, ``None`` when there is nothing to cure: no damage, one script, an encoding that
    ``clean`` finds by itself.
    """

    name: str
    encoding: str | None
    confidence: float
    cut_off: bool
    newlines: str
    script: str
    simplified: float
    traditional: float
    damage: tuple[Damage, ...]
    command: str | None


def detect(
    source: str | bytes | Document,
    *,
    name: str | None = None,
    encoding: str = "auto",
    errors: str = "strict",
    pipeline: Pipeline | None = None,
) -> Detected:
    """Say what a text is and what is wrong with it, and change nothing.

    Bytes are decoded as ``decode`` does, except that the best guess is taken where ``decode`` would refuse to
    guess: ``confidence`` is low then, and the command names the encoding. ``name`` is the file the command is
    for. The kinds of damage are those that ``pipeline`` (the default profile unless given) changes, changes
    at ``--risk guess`` only, or flags; a script conversion in it is not looked at. The script is that of the
    restored text, since damage looks like characters of the other one.

    Raises ``DecodeError`` when bytes are no text, or no Chinese text in any encoding.

    >>> found = detect("建设和-谐社会\\n", name="a page.txt")
    >>> found.newlines, found.script, found.command
    ('lf', 'simplified', "hanfix clean 'a page.txt'")
    >>> found.damage
    (Damage(rule='rejoin/hyphen', changes=1, guesses=0, flags=0, \
example=Example(line=1, column=4, before='建设和-谐社会', after='建设和谐社会')),)
    """
    arguments: list[str] = []
    decoded: Decoded | None = None
    if isinstance(source, bytes):
        decoded, arguments = _decoded(source, encoding, errors)
        document = Document(decoded.text, name or Document.name, decoded.encoding)
    else:
        document = Document(source) if isinstance(source, str) else source
        document = document if name is None else replace(document, name=name)
    pipeline = pipeline or Pipeline.from_profile()
    pipeline = replace(pipeline, filters=tuple(each for each in pipeline.filters if each.name != "convert"))
    text, damage = _damage(document, pipeline)
    script, simplified, traditional = _script(text)
    if any(kind.guesses for kind in damage):
        arguments += ["--risk", Risk.GUESS.label]
    if script == "mixed":
        arguments += ["--to", "simplified" if simplified >= traditional else "traditional"]
    guessed = encoding == "auto" and "--encoding" in arguments
    curable = any(kind.changes or kind.guesses for kind in damage) or script == "mixed" or guessed
    return Detected(
        name=document.name,
        encoding=None if isinstance(source, str) else document.encoding,
        confidence=1.0 if decoded is None else decoded.confidence,
        cut_off=decoded is not None and decoded.cut_off,
        newlines=_newlines(document.text),
        script=script,
        simplified=simplified,
        traditional=traditional,
        damage=damage,
        command=_command(arguments, document.name) if curable else None,
    )


def _decoded(raw: bytes, encoding: str, errors: str) -> tuple[Decoded, list[str]]:
    """Return the text of bytes, and the arguments that make ``clean`` read them in the same way."""
    arguments = [] if errors == "strict" else ["--errors", errors]
    if encoding != "auto":
        return decode(raw, encoding, errors), ["--encoding", encoding, *arguments]
    try:
        return decode(raw, errors=errors), arguments
    except DecodeError:
        guessed = guess(raw)
    return guessed, ["--encoding", guessed.encoding, *arguments]


def _damage(document: Document, pipeline: Pipeline) -> tuple[str, tuple[Damage, ...]]:
    """Return the text that the pipeline makes of a document, and the kinds of damage it finds."""
    result = pipeline.run(document)
    report = bold = result.report
    if any(held.by == "risk" for held in report.held_back):
        bold = replace(pipeline, risk=Risk.GUESS).run(document).report
    more = bold.counts - report.counts
    examples = _first_of_each(report, bold)
    kinds = [
        Damage(
            rule, report.counts[rule], more[rule], report.flagged[rule], _example(document, examples[rule])
        )
        for rule in dict.fromkeys(rule.id for stage in pipeline.stages() for rule in stage.rules)
        if rule in examples and (report.counts[rule] or more[rule] or report.flagged[rule])
    ]
    return result.text, tuple(kinds)


def _first_of_each(*reports: Report) -> dict[str, Change | Flagged]:
    """Return the first change by each rule, the first report's before the others', or else the first flag."""
    found: dict[str, Change | Flagged] = {}
    for each in _found(*reports):
        found.setdefault(each.rule, each)
    return found


def _found(*reports: Report) -> Iterator[Change | Flagged]:
    for report in reports:
        yield from report.changes
    yield from reports[0].flags


def _example(document: Document, found: Change | Flagged) -> Example:
    """Return a change or flag as an example, with what stands around it in the same line."""
    text, start, end = document.text, found.start, found.end
    left = _NEWLINE.split(text[max(0, start - _CONTEXT) : start])[-1]
    # Where whole lines go, the next one is not around them.
    right = "" if text[start:end].endswith(("\n", "\r")) else _NEWLINE.split(text[end : end + _CONTEXT])[0]
    line, column = document.place(start)
    after = _shortened(left + found.new + right) if isinstance(found, Change) else None
    return Example(line, column, _shortened(left + text[start:end] + right), after)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_EXAMPLE else text[: _LONGEST_EXAMPLE - 1] + "…"


def _script(text: str) -> tuple[str, float, float]:
    """Return the script of a text, and the shares of simplified and traditional script in it."""
    from hanfix.filters.convert.source import chinese

    counts: Counter[str] = Counter()
    for start, end in chinese(text):
        counts.update(text[start:end])
    simplified = sum(counts[char] for char in simplified_marks() & counts.keys())
    traditional = sum(counts[char] for char in traditional_marks() & counts.keys())
    marked = simplified + traditional
    if not marked:
        return "none", 0.0, 0.0
    rarer = min(simplified, traditional)
    if rarer >= _MIXED_CHARACTERS and rarer >= _MIXED_SHARE * marked:
        script = "mixed"
    else:
        script = "simplified" if simplified >= traditional else "traditional"
    return script, round(simplified / marked, 3), round(traditional / marked, 3)


def _newlines(text: str) -> str:
    r"""Return which newlines a text has.

    >>> _newlines("甲\r\n乙\r\n"), _newlines("甲\r\n乙\n"), _newlines("甲")
    ('crlf', 'mixed', 'none')
    """
    crlf = text.count("\r\n")
    counts = {"\r\n": crlf, "\n": text.count("\n") - crlf, "\r": text.count("\r") - crlf}
    kinds = [_NEWLINES[newline] for newline, count in counts.items() if count]
    return "mixed" if len(kinds) > 1 else "".join(kinds) or "none"


def _command(arguments: list[str], name: str) -> str:
    """Return the command line that cleans a file, or, for a text without a name, standard input."""
    named = name != Document.name
    # A name that begins with a hyphen would be taken for an option.
    return shlex.join(
        ["hanfix", "clean", *arguments, *(["--"] if named and name.startswith("-") else []), *[name] * named]
    )
