"""Write the punctuation of Chinese text in its own width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from hanfix.document import LINE, Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Filter, Rule, Scope, option
from hanfix.filters.classes import HAN
from hanfix.filters.punctuate import brackets, quotes
from hanfix.filters.punctuate.layout import OTHER_LANGUAGE, structured
from hanfix.filters.punctuate.line import is_foreign
from hanfix.filters.punctuate.marks import Found, single_marks
from hanfix.filters.punctuate.narrow import narrowed
from hanfix.filters.punctuate.rules import BRACKET, BRACKET_LEAN, QUOTE, QUOTE_LEAN, RULES, UNPAIRED
from hanfix.filters.punctuate.shadow import shadow_of
from hanfix.filters.punctuate.spaces import spacing
from hanfix.registry import did_you_mean

__all__ = ["Punctuate"]

STYLES = ("full", "half")
QUOTES = ("keep", "curly", "corner")
SPACINGS = ("off", "add", "remove")

_HAN = re.compile(f"[{HAN}]")
# What the work is about; a full stop or a hyphen is looked at only beside what makes it a mark of Chinese.
_WIDTH_EVIDENCE = re.compile(
    rf"[,:;?!()\"']|\.(?:(?<=[{HAN}”’」』）》\"].)|(?<=\.\.\.))|-(?<=--)|([。・．·－])\1"
)
_NARROW_EVIDENCE = re.compile("[，；：？！。（）“”「」‘’『』…—]")
_QUOTES_EVIDENCE = re.compile(r"[\"'“”「」‘’『』]")
_CORNERS = str.maketrans("“”‘’", "「」『』")
_CURLIES = str.maketrans("「」『』", "“”‘’")
_CURLY = re.compile(r"[“”‘]|(?<![A-Za-z0-9])’|’(?![A-Za-z])")
_CORNER = re.compile("[「」『』]")
_WHY = "a mark of Chinese text"
_BLANK_LINE = re.compile(r"(?:\r\n|\r(?!\n)|\n){2}")


@dataclass(frozen=True)
class Punctuate(Filter):
    """Write the punctuation between Chinese characters in full width.

    Careless normalizers (NFKC, ftfy's widths, converters of web forums) and hasty typing leave a comma for
    ``，``, straight quotation marks, ``...`` for ``……``. What a mark becomes is decided by what stands on
    either side of it, quotation marks by the paragraph. ``style="half"`` goes the other way; ``quotes``
    chooses “” or 「」 for all; ``spacing`` adds or removes the space between Chinese and Latin.

    *Left alone*: marks between figures (1,000; 10:30; 3.14), in Latin passages and quotations from them, in
    addresses and code; tables, settings, logs, references and commands, where marks are syntax; ``、``, which
    nobody can tell from a comma once it is one; readings (``鯤(kūn)``) and arguments (``f(甲)``); faces; a
    single ``—``, which joins as often as it breaks; quotation marks that have no partner, which are flagged;
    Japanese and Korean lines.

    Raises ``ValueError`` for a style, kind of quotation marks or spacing that does not exist.

    >>> Punctuate()('他说:"走吧!",就走了(1,000米)...')
    '他说：“走吧！”，就走了（1,000米）……'
    >>> Punctuate(quotes="corner")('他说:"好,"')
    '他说：「好，」'
    >>> Punctuate(style="half")("好，走吧！")
    '好,走吧!'
    """

    name: ClassVar[str] = "punctuate"
    scope: ClassVar[Scope] = Scope.PARAGRAPH
    rules: ClassVar[tuple[Rule, ...]] = RULES

    style: str = option("full", help="Width of the marks: full (，：！) or half (,:!).", choices=STYLES)
    quotes: str = option(
        "keep", help="Quotation marks: keep those there are, all curly “” or corner 「」.", choices=QUOTES
    )
    spacing: str = option("off", help="Space between Chinese and ASCII letters or digits.", choices=SPACINGS)

    def __post_init__(self) -> None:
        for what, value, known in (
            ("style", self.style, STYLES),
            ("kind of quotation marks", self.quotes, QUOTES),
            ("spacing", self.spacing, SPACINGS),
        ):
            if value not in known:
                raise ValueError(f"no {what} is called {value!r}{did_you_mean(str(value), list(known))}")

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield an edit for each mark to be written otherwise, and flag straight marks without a partner."""
        for start, paragraph in self._paragraphs(doc.text):
            yield from (
                each._replace(start=each.start + start, end=each.end + start)
                for each in self._in_paragraph(paragraph)
            )

    @property
    def _evidence(self) -> re.Pattern[str]:
        if self.spacing != "off":
            return _HAN
        if self.style == "half":
            return _NARROW_EVIDENCE
        return _WIDTH_EVIDENCE

    def _paragraphs(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the paragraphs that have Chinese and something to look at, each with its place."""
        done = 0
        while (match := self._search(text, done, len(text))) is not None:
            blanks = (text.rfind(blank, done, match.start()) for blank in ("\n\n", "\n\r", "\r\r"))
            start = max(done, *(blank + 2 if blank >= 0 else 0 for blank in blanks))
            blank_line = _BLANK_LINE.search(text, match.end())
            done = blank_line.start() if blank_line else len(text)
            if _HAN.search(text, start, done):
                yield start, text[start:done]

    def _search(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Return the first of what there is to look at between two places."""
        found = self._evidence.search(text, start, end)
        if self.quotes == "keep" or self.style == "half":
            return found
        return _QUOTES_EVIDENCE.search(text, start, found.start() if found else end) or found

    def _in_paragraph(self, text: str) -> list[Edit | Flag]:
        spans = [match.span() for match in LINE.finditer(text)]
        live = [
            bool(_HAN.search(text, start, end)) and self._search(text, start, end) is not None
            for start, end in spans
        ]
        if not any(live):
            return []
        shown = shadow_of(text)
        lines = [shown[start:end] for start, end in spans]
        for number, line in enumerate(lines):
            live[number] = live[number] and not (OTHER_LANGUAGE.search(line) or is_foreign(line))
        live = [is_live and not syntax for is_live, syntax in zip(live, structured(lines, live), strict=True)]
        found: list[list[Found | Flag]] = [[] for _ in lines]
        roles = list(lines)
        if self.style == "full":
            self._read_quotes(text, roles, live, found)
        for number, line in enumerate(lines):
            if live[number]:
                found[number] += self._in_line(line, roles[number])
        return [
            Edit(each.start + start, each.end + start, each.new, each.rule, _WHY)
            if isinstance(each, Found)
            else each._replace(start=each.start + start, end=each.end + start)
            for (start, _), in_line in zip(spans, found, strict=True)
            for each in sorted(in_line, key=lambda one: (one.start, one.end))
        ]

    def _in_line(self, line: str, roles: str) -> Iterator[Found]:
        """Yield what is found in one line; ``roles`` is the line with straight marks told apart."""
        if self.style == "half":
            yield from narrowed(line)
        else:
            yield from _wide(roles)
            yield from self._other_quotes(line)
        if self.spacing != "off":
            yield from spacing(line, self.spacing)

    def _read_quotes(
        self, text: str, lines: list[str], live: list[bool], found: list[list[Found | Flag]]
    ) -> None:
        """Add the straight quotation marks to what was found, and put in the lines what they are."""
        corner = self.quotes == "corner" or (self.quotes == "keep" and "「" in text and "“" not in text)
        # Then both kinds of marks are one to a second pass, and must be to this one.
        one_kind = corner or self.quotes != "keep"
        if one_kind:
            lines[:] = [line.translate(_CURLIES) for line in lines]
        for kind in (quotes.DOUBLE, quotes.SINGLE):
            if kind.straight not in text:
                continue
            reading = quotes.read(lines, live, kind, nested=one_kind)
            for quote in reading.quotes:
                new = quote.mark.translate(_CORNERS) if corner else quote.mark
                rule = QUOTE_LEAN if quote.literal else QUOTE
                found[quote.line].append(Found(quote.column, quote.column + 1, new, rule))
            for number, column in reading.unpaired:
                if quotes.is_beside_chinese(lines[number], column):
                    flag = Flag(column, column + 1, UNPAIRED, "a straight quotation mark without a partner")
                    found[number].append(flag)
            roles: dict[int, dict[int, str]] = {}
            for quote in reading.quotes:
                roles.setdefault(quote.line, {})[quote.column] = quote.mark
            for number, marks_of_line in roles.items():
                line = lines[number]
                lines[number] = "".join(marks_of_line.get(place, char) for place, char in enumerate(line))

    def _other_quotes(self, line: str) -> Iterator[Found]:
        """Yield the quotation marks of another kind than asked for."""
        if self.quotes == "keep":
            return
        pattern, table = (_CURLY, _CORNERS) if self.quotes == "corner" else (_CORNER, _CURLIES)
        for match in pattern.finditer(line):
            yield Found(*match.span(), match.group().translate(table), QUOTE)


def _wide(line: str) -> Iterator[Found]:
    """Yield the brackets and single marks of a line that are to be full-width."""
    calls: list[brackets.Pair] = []
    for pair in brackets.pairs(line):
        if brackets.is_call(line, pair):
            calls.append(pair)
        elif sureness := brackets.sureness(line, pair):
            yield from brackets.widened(line, pair, BRACKET if sureness == "likely" else BRACKET_LEAN)
    calls.sort(reverse=True)
    end_of_call = -1
    for found in single_marks(line):
        while calls and calls[-1].start < found.start:
            end_of_call = max(end_of_call, calls.pop().end)
        if found.start > end_of_call:
            yield found
