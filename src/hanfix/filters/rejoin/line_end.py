"""Latin words split at the end of a line: ``informa-`` and, in the next line, ``tion``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.english import is_english
from hanfix.filter import Example, Filter, Risk, Rule, Scope
from hanfix.filters.classes import HAN
from hanfix.lexicon import are_syllables

_RULE, _LEAN_RULE = "rejoin/line-end", "rejoin/line-end-lean"

_SOFT_HYPHEN = "\u00ad"
_OTHER_HYPHENS = "\u2010" + _SOFT_HYPHEN
_HYPHENS = "-" + _OTHER_HYPHENS
_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏ"
# A hyphen behind a letter that ends a line, or has a space and a letter after it. A pattern that begins with
# one character is looked for ten times as fast as one that begins with a class.
_AROUND_HYPHEN = f"(?=[ \\t\\r\\n])(?<=[{_LETTERS}].)(?:[ \\t]{{0,2}}[\\r\\n]| (?=[{_LETTERS}]))"
_BREAK = re.compile(f"-{_AROUND_HYPHEN}")
_ANY_BREAK = re.compile(f"[{_HYPHENS}]{_AROUND_HYPHEN}")

_LONGEST_PIECE = 40  # letters
_LONGEST_WORD = 2 * _LONGEST_PIECE
# A typesetter leaves two letters at least on either side; one letter is a word of its own: e-mail, T-shirt.
_HEAD = re.compile(f"(?<![{_LETTERS}0-9])(?<![{_LETTERS}]['’])[{_LETTERS}]{{2,{_LONGEST_PIECE}}}\\Z")
_TAIL = re.compile(f"[{_LETTERS}]{{2,{_LONGEST_PIECE}}}(?![{_LETTERS}0-9_])")
# What begins the next line before its text: an indent, or the marks of a quoted letter.
_LINE_END = re.compile(r"[ \t]{0,2}(\r\n|[\r\n])([ \t\u3000]{0,60}(?:>[> \t]{0,20})?)")
# What belongs to a word, and goes to its line with it: letters, marks, and a dash that would open a list if
# it came to stand first in the next line.
_GOES_ALONG = re.compile(
    r"([!-~À-ɏ]{0,60}[，。、；：！？）》〉】」』”’…]{0,4})(?:[ \t]{1,3}[-–—*+#>|=]{1,3}(?=[ \t\r\n]|\Z))?"
)
_GAP = re.compile(r"[ \t\u3000]{0,60}")
# A word or compound whole: not followed by a hyphen that waits for another word, nor part of a longer name.
_COMPOUND = re.compile(f"[{_LETTERS}]++(?:[-\u2010][{_LETTERS}]++)*+(?![-\u2010{_SOFT_HYPHEN}0-9_])")
# A word alone in quotation marks may be about its hyphen: 断词为“paral- lel”.
_OPENING, _CLOSING = "\"'“‘「『《〈", "\"'”’」』》〉"
_OF_COMPOUNDS = "-\u2010"
_BETWEEN_PARTS = re.compile("([-\u2010])")
_TOKEN_REACH = 60  # characters
_TOKEN = re.compile(rf"[^\s{HAN}]{{0,{_TOKEN_REACH}}}\Z")
# Signs of a path, an option, an assignment or a name in a program, before the word or behind it.
_CODE_BEFORE = re.compile(r"[/\\@=<$%#|~^&+_0-9]|\A[\"'(\[{`‘“]{0,3}-")
_CODE_AFTER = re.compile(r"[\\@=_/]|::|\.[A-Za-z]")

# Words after a hyphen that is meant: pre- and post-war, two- or three-fold, vor- und nachher.
_CONJUNCTIONS = ("and", "or", "to", "nor", "but", "und", "oder", "bzw", "et", "ou", "as", "vs")
_IN_WAIT = re.compile(f"[{_LETTERS}][-\u2010] {{1,2}}(?:{'|'.join(_CONJUNCTIONS)}) {{1,2}}\\Z")
_IN_WAIT_REACH = 10  # characters
# Second parts of compounds made from a verb (set-up, follow-up), and first parts of those that are written
# with a hyphen or as one word (one-time, long-standing): what a dictionary joins, a text may not.
_PARTICLES = frozenset({"up", "ups", "in", "ins", "on", "off", "offs", "out", "outs", "by", "down", "over"})
_COMPOUNDING = frozenset({"all", "full", "half", "long", "one", "self", "short", "three", "two", "well"})
_WITHOUT_PARTICLE = frozenset({"with", "there", "here", "where"})  # without, thereby, wherein
_SHORTEST_OF_COMPOUND = 4  # letters: short-sighted, but short|age, self|ish
# First parts of compounds that are no words of their own.
_PREFIX = re.compile(
    "(?:ante|anti|auto|bi|bio|co|counter|cyber|de|electro|euro|extra|geo|hydro|hyper|infra|inter|intra|macro"
    "|mega|meta|micro|mid|mini|mono|multi|nano|neo|neuro|non|para|photo|poly|post|pre|pro|proto|pseudo|psycho"
    "|quasi|re|semi|socio|sub|super|supra|techno|tele|thermo|trans|tri|ultra|un|under|uni)\\Z",
    re.IGNORECASE,
)


class _Split(NamedTuple):
    """A word that may be split: where its hyphen stands, its parts, and what lies between them."""

    hyphen: int
    tail_start: int
    end: int  # of the second part
    head: str
    tail: str
    newline: str  # empty where a space stands for it
    prefix: str  # what the next line begins with
    soft: bool  # the hyphen is one that is seen only at the end of a line
    in_compound: bool  # another hyphen stands before the first part

    @property
    def joined(self) -> str:
        """The word without its hyphen."""
        return self.head + self.tail


class _Verdict(NamedTuple):
    rule: str
    why: str


@dataclass(frozen=True)
class LineEndHyphens(Filter):
    r"""Put Latin words together that were split at the end of a line.

    Books and papers were set in justified lines, and what copied their text, or a program that wrapped it,
    left the hyphens of the line ends in it: ``informa-`` and ``tion``; where somebody turned line ends into
    spaces it became ``informa- tion``. The word is put together on the line where it begins, marks right
    behind it go along, and the line ends after them. What the word is comes from an English dictionary or
    from the rest of the text, where it stands whole; a soft hyphen says of itself that a word was split.

    Left alone: compounds broken at their own hyphen (``well-known``), which is as sound a line break as any,
    and words that stand elsewhere in the text with the hyphen; hyphens in wait for another word (pre- and
    post-war); single letters, numbers and dates; options, paths, addresses and names in programs; Markdown
    lists and the ``--`` above a signature; words of other languages that the text itself does not show whole.

    >>> LineEndHyphens()("系统提供informa-\ntion, and参考")
    '系统提供information,\nand参考'
    >>> LineEndHyphens()("a well-\nknown pre- and post-war 2010-\n2015")
    'a well-\nknown pre- and post-war 2010-\n2015'
    """

    name: ClassVar[str] = "rejoin"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _RULE,
            "a Latin word split at the end of a line, that a dictionary or the text itself knows whole",
            Risk.LIKELY,
            examples=(
                Example("提供informa-\ntion, and data", "提供information,\nand data"),
                Example("> the develop-\r\n> ment of 软件", "> the development\r\n> of 软件"),
                Example("使用Kuber-\nnetes。Kubernetes很流行", "使用Kubernetes。\nKubernetes很流行"),
                Example("large amounts of informa- tion", "large amounts of information"),
            ),
            keeps=(
                "一个well-\nknown的例子",
                "the pre- and post-war years, two- or three-\nfold books",
                "re-\nsent，不是resent，而是re-sent",
                "2010-\n2015年，A-\n股，e-\nmail",
                "选项--no-\nheader，路径/usr/infor-\nmation",
                "word -\n- item\n-- \n签名",
            ),
        ),
        Rule(
            _LEAN_RULE,
            "a Latin word split at the end of a line, of which neither part is a word",
            Risk.GUESS,
            examples=(
                Example("称为eigen-\nvektoren的量", "称为eigenvektoren\n的量"),
                Example("住在Zhong-\nguancun附近", "住在Zhongguancun\n附近"),
            ),
            keeps=("the teacher-\nstudent ratio", "Jean-\nLuc Picard", "foo-\n123"),
        ),
    )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield an edit for each word to put together."""
        text = doc.text
        other = any(hyphen in text for hyphen in _OTHER_HYPHENS)
        breaks = (_ANY_BREAK if other else _BREAK).finditer(text)
        splits = [split for found in breaks if (split := _split(text, found.start()))]
        if splits:
            yield from _edits(text, list(_chained(splits)))


def _split(text: str, hyphen: int) -> _Split | None:
    """Return the word that a hyphen may split; none where it is clear that it does not."""
    head = _HEAD.search(text, max(0, hyphen - _LONGEST_PIECE - 1), hyphen)
    line_end = _LINE_END.match(text, hyphen + 1)
    tail_start = line_end.end() if line_end else hyphen + 2
    tail = _TAIL.match(text, tail_start)
    if head is None or tail is None or not _fit(head.group(), tail.group()):
        return None
    before = _TOKEN.search(text, max(0, head.start() - _TOKEN_REACH), head.start())
    if before and _CODE_BEFORE.search(before.group()):
        return None
    if _IN_WAIT.search(text, max(0, head.start() - _IN_WAIT_REACH), head.start()):
        return None
    if line_end is None and _is_quoted(text, head.start(), tail.end()):
        return None
    newline, prefix = line_end.groups() if line_end else ("", "")
    soft = text[hyphen] == _SOFT_HYPHEN
    in_compound = head.start() > 0 and text[head.start() - 1] in _OF_COMPOUNDS
    return _Split(
        hyphen, tail_start, tail.end(), head.group(), tail.group(), newline, prefix, soft, in_compound
    )


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether quotation marks stand right around a word."""
    return start > 0 and end < len(text) and text[start - 1] in _OPENING and text[end] in _CLOSING


def _fit(head: str, tail: str) -> bool:
    """Tell whether two parts agree in their capitals: within a word only capitals follow capitals."""
    return tail.islower() or (head.isupper() and tail.isupper())


def _chained(splits: list[_Split]) -> Iterator[_Split]:
    """Yield the splits; those of one word over three lines or more, as in narrow columns, as one.

    What is then longer than any word is none.
    """
    start = 0
    for at, split in enumerate(splits, 1):
        if at == len(splits) or splits[at].hyphen != split.end:
            first = splits[start]
            whole = split._replace(
                hyphen=first.hyphen,
                tail_start=first.tail_start,
                head=first.head,
                tail="".join(piece.tail for piece in splits[start:at]),
                soft=all(piece.soft for piece in splits[start:at]),
                in_compound=first.in_compound,
            )
            if len(whole.joined) <= _LONGEST_WORD:
                yield whole
            start = at


def _edits(text: str, splits: list[_Split]) -> Iterator[Edit]:
    evidence = _Evidence(text, splits)
    verdicts = {split: _verdict(split, evidence) for split in splits}
    # A word that is put together in one place is then in the text, for the others to be known by.
    for split, verdict in verdicts.items():
        if verdict is not None:
            evidence.add(split.joined, verdict.rule)
    done = 0
    for split, verdict in verdicts.items():
        verdict = verdict or _verdict(split, evidence)
        if verdict is not None and split.hyphen >= done:
            edit = _edit(text, split, verdict)
            if edit is not None:
                yield edit
                done = edit.end


def _edit(text: str, split: _Split, verdict: _Verdict) -> Edit | None:
    """Return the edit that puts a word together; none where what stands behind it forbids that."""
    if not split.newline:
        return Edit(split.hyphen, split.end, split.tail, *verdict)
    along = _GOES_ALONG.match(text, split.end)
    assert along is not None  # it matches the empty text
    if _CODE_AFTER.search(along.group()) or along[1].endswith(tuple(_HYPHENS)):
        return None
    moved = split.tail + along.group()
    gap = _GAP.match(text, along.end())
    assert gap is not None  # it matches the empty text
    if gap.end() == len(text) or text[gap.end()] in "\r\n":
        return Edit(split.hyphen, along.end(), moved, *verdict)
    return Edit(split.hyphen, gap.end(), moved + split.newline + split.prefix, *verdict)


def _verdict(split: _Split, evidence: _Evidence) -> _Verdict | None:
    """Return by which rule a word is to be put together, and why; none when it is to stay."""
    head, tail, joined = split.head, split.tail, split.joined
    if split.newline and split.soft:
        return _Verdict(_RULE, f"a soft hyphen says that {joined} was split")
    head_stands, tail_stands = is_english(head) or _PREFIX.match(head) is not None, is_english(tail)
    if split.in_compound and head_stands and tail_stands:
        return None  # line-by-line, state-of-the-art
    in_dictionary = is_english(joined)
    if not split.newline and (not in_dictionary or (head_stands and tail_stands)):
        return None  # where nothing but a space says that a line ended, the dictionary must be sure
    if evidence.has_compound(head, tail):
        return None
    if in_dictionary and not (head_stands and tail_stands and _may_be_compound(head, tail)):
        return _Verdict(_RULE, f"{joined} is a word")
    if rule := evidence.rule_for(joined):
        return _Verdict(rule, f"{joined} stands whole in the text")
    if not split.newline or head_stands or tail_stands:
        return None
    if are_syllables(joined) and not (are_syllables(head) and are_syllables(tail)):
        return _Verdict(_RULE, f"{joined} is pinyin, split within a syllable")
    return _Verdict(_LEAN_RULE, f"neither {head} nor {tail} is a word")


def _may_be_compound(head: str, tail: str) -> bool:
    """Tell whether two words make a compound that is as often written with a hyphen as without."""
    first, second = head.lower(), tail.lower()
    if second in _PARTICLES:
        return first not in _WITHOUT_PARTICLE
    return first in _COMPOUNDING and len(second) >= _SHORTEST_OF_COMPOUND


class _Evidence:
    """What the text says of words that may be split: that they stand in it whole, or with a hyphen."""

    _FEW = 16  # splits: to look for so many words one by one takes less time than to read all words

    def __init__(self, text: str, splits: Iterable[_Split]) -> None:
        self._text = text
        self._splits = tuple(splits)
        self._put_together: dict[str, str] = {}

    def add(self, word: str, rule: str) -> None:
        """Take a word as known that a rule puts together; what is likely outdoes what is a guess."""
        if self._put_together.get(word) != _RULE:
            self._put_together[word] = rule

    def rule_for(self, word: str) -> str | None:
        """Return by which rule a word is known that stands in the text, as written or in small letters."""
        return _RULE if self._has({word, word.lower()}) else self._put_together.get(word)

    def has_compound(self, head: str, tail: str) -> bool:
        """Tell whether two parts stand in the text as a compound, with a hyphen and in one line."""
        return self._has(
            {f"{first}{hyphen}{tail}" for first in (head, head.lower()) for hyphen in _OF_COMPOUNDS}
        )

    def _has(self, forms: set[str]) -> bool:
        """Tell whether one of these stands in the text as a word or compound."""
        if len(self._splits) <= self._FEW and not any(form in self._text for form in forms):
            return False
        return not forms.isdisjoint(self._words)

    @cached_property
    def _words(self) -> frozenset[str]:
        """The words and compounds of two words in the text, but for those that may be split."""
        words: set[str] = set()
        start = 0
        for split in self._splits:
            words.update(_COMPOUND.findall(self._text, start, split.hyphen - len(split.head)))
            start = split.end
        words.update(_COMPOUND.findall(self._text, start))
        for compound in [word for word in words if not word.isalpha()]:
            parts = _BETWEEN_PARTS.split(compound)
            words.update(parts[::2])
            words.update("".join(parts[at : at + 3]) for at in range(0, len(parts) - 2, 2))
        return frozenset(words)
