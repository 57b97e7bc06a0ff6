"""The words that furniture is made of, and how much of a line they cover.

Where a rule knows a whole line, a *words* entry of a rule file only knows phrases: ``strong`` ones, which
hardly stand in running text as a line of their own (只看该作者), and ``weak`` ones, words of interfaces that
are ordinary words too (收藏). A phrase may have slots: ``{n}`` for a number, ``{date}``, ``{time}``,
``{name}`` for a name without punctuation, ``{site}``, ``{title}`` for a headline, ``{url}``. What an entry of
``label`` words is followed by, behind a colon, belongs to it; an entry of ``heading`` words heads a list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from hanfix.filter import Example, Rule
from hanfix.filters.patterns import compiled
from hanfix.filters.strip.furniture import (
    PREFIX,
    Furniture,
    RuleFile,
    check_keys,
    list_of,
    normal_forms,
    packaged_files,
    read_entries,
    refuse_taken,
    risk_of,
    rule_name,
    text_of,
    texts_of,
)

_NUMERAL = r"(?:[0-9]+(?:[.,][0-9]+)*[万亿千百kKwWmM]?\+?|[一二三四五六七八九十百千万两〇零]{1,6}|[①-⑳])"
_DATE = (
    r"(?:(?:(?:19|20)?[0-9]{2}|1?[0-9]{2}) ?[-/.年] ?[01]?[0-9] ?[-/.月] ?[0-3]?[0-9] ?日?"
    r"|[01]?[0-9] ?月 ?[0-3]?[0-9] ?日"
    r"|[01]?[0-9][-/][0-3]?[0-9](?![0-9])"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* [0-3]?[0-9]"
    r"(?:,? ?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* )?(?:19|20)[0-9]{2})?)"
    r"(?: ?\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
)
_TIME = r"(?:(?:[上下]午|凌晨|晚上|中午)? ?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?: ?[aApP][mM])?)"
_URL = (
    r"(?:(?:https?|ftp)://[^\s\u2e80-\u9fff]+"
    r"|(?:[a-z0-9-]{1,40}\.){1,4}(?:com|net|org|cn|tw|hk|cc|la|info|me|tv|io|edu|gov|xyz|top|co|app|vip|club|site|fm|im|biz|mobi|jp|us|uk|example)(?![a-z])(?:/[^\s\u2e80-\u9fff]*)?)"
)
_NAME_CHARACTER = r"[^\s,。、:;!?()\[\]【】<>《》|/]"
_SLOTS = {
    "n": _NUMERAL,
    "date": _DATE,
    "time": _TIME,
    "url": _URL,
    "name": _NAME_CHARACTER + r"{1,20}?(?: " + _NAME_CHARACTER + r"{1,20}?)?",
    "site": _NAME_CHARACTER + r"{1,16}?",
    "title": r"[^。!?;]{1,60}?",
}
_SLOT = re.compile(r"\{([a-z]+)\}")
# A slot at the end of a phrase takes all that it can; one before other words as little as will do.
_OPEN_ENDED = {name: slot.replace("}?", "}") for name, slot in _SLOTS.items()}

# What fills up a line of furniture and says nothing by itself.
_FILLERS = (
    rf"(?i){_DATE}|{_TIME}|{_URL}|[\w.+-]{{1,40}}@[\w-]+(?:\.[\w-]+)+"
    r"|[\w-]{1,40}\.(?:jpe?g|png|gif|docx?|pdf|xlsx?|rar|zip|mp[34])(?![a-z])"
    rf"|[0-9]+(?:[.,][0-9]+)*(?: ?(?:[万亿kwm]\+?|[kmg]b|%|px))?(?![a-z])"
)
# A label's value: one word, or all up to a wide gap or a bar; no sentence.
_VALUE = r" ?: ?([^\s:|。!?;][^\s:|。!?;]{0,23})(?<![,、])(?=[\s|┊·]|$)"
_WIDE_VALUE = r" ?: ?([^\s:|。!?;](?:(?!  | ?\|| \S{1,6}:(?!//))[^。!?;]){0,59})(?<![,、])(?=  | ?[|┊]|$)"
# The space between characters that are set apart, one by one.
_SPACED = re.compile(r"(?<=(?<!\w)[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?!\w))")
# Characters that are seen as nothing and stand for a space.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\ufe0f\ufe0e"), ord(" ")) | {
    ord("﹕"): ord(":"),
    # Taiwan writes 跟著做; simplified text has 著 too, in 著作.
    ord("著"): ord("着"),
}


# Lines whose cover is kept: furniture comes again and again.
_MOST_COVERS = 4096
# Weighed against one open character: fewer and longer tokens are better, strong ones better still, but
# neither so much that a character is left open for it.
_TOKEN_PRICE = 0.01
_STRONG_BONUS = 0.005
_HEADING_BONUS = 0.001
_NUMERIC = frozenset("0123456789一二三四五六七八九十百千万两〇零①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳上下")


@dataclass(frozen=True)
class Words:
    """An entry of words: one rule, which takes the lines that are made of its words."""

    rule: Rule
    says: str
    family: str
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    heading: bool = False
    label: bool = False

    @property
    def name(self) -> str:
        """The rule's id without the name of the filter."""
        return self.rule.id.removeprefix(PREFIX)


class Token(NamedTuple):
    """A stretch of a line that is accounted for; ``words`` is empty for numbers, dates and values."""

    start: int
    end: int
    words: Words | None = None
    strong: bool = False
    # Its visible characters that are words, not what fills a slot or is a label's value.
    said: int = 0
    # Whether it is a label with a value behind a colon.
    is_label: bool = False


@dataclass(frozen=True)
class Cover:
    """How a line is made up: its tokens, and the letters, digits and characters that none of them covers."""

    line: str
    tokens: tuple[Token, ...]
    visible: int
    uncovered: int

    @property
    def words(self) -> list[Token]:
        """The tokens that are words of an entry."""
        return [token for token in self.tokens if token.words is not None]

    @property
    def strong(self) -> int:
        """Visible characters that are strong words."""
        return sum(each.said for each in self.tokens if each.strong)

    @property
    def chief(self) -> Words | None:
        """The entry whose words cover most of the line, strong ones before weak ones."""
        best = max(self.words, key=lambda each: (each.strong, each.end - each.start), default=None)
        return best.words if best else None


class _Slotted(NamedTuple):
    """A phrase with slots; its longest part between them, which tells at once that it is not in a line."""

    literal: str
    phrase: str
    words: Words
    strong: bool
    said: int
    is_label: bool


@dataclass
class _Node:
    phrases: list[tuple[str, Words, bool, int]] = field(default_factory=list)
    patterns: list[_Slotted] = field(default_factory=list)


class Vocabulary:
    """All the words of some entries, ready to be laid over lines."""

    def __init__(self, entries: Iterable[Words]) -> None:
        # Those not looked at yet, by their first character.
        self._unread: defaultdict[str, list[tuple[str, Words, bool]]] = defaultdict(list)
        # By their first two characters, those that begin with a slot aside.
        self._by_start: defaultdict[str, _Node] = defaultdict(_Node)
        # Phrases that begin with a number, and those that may begin with anything.
        self._numeric: list[_Slotted] = []
        self._open: list[_Slotted] = []
        self._covers: dict[str, Cover] = {}
        self._entries: dict[str, Words] = {}
        for entry in entries:
            self._entries[entry.name] = entry
            for strong, phrases in ((True, entry.strong), (False, entry.weak)):
                for phrase in phrases:
                    first = _first(phrase[:1]) or _first(phrase)
                    self._unread[first].append((phrase, entry, strong))
        self._read("{")

    def _read(self, first: str) -> None:
        """Make the phrases that begin with a character ready; a short text has few such characters."""
        for phrase, entry, strong in self._unread.get(first, ()):
            self._add(folded(phrase).strip(), entry, strong)
        # Now, not before: no other thread may take them for ready until they are.
        self._unread.pop(first, None)

    def _add(self, phrase: str, entry: Words, strong: bool) -> None:
        # One Latin word says too little to stand for itself.
        strong = strong and not (phrase.isascii() and phrase.isalnum())
        if entry.label:
            phrase = phrase.rstrip(": ")
        if "{" not in phrase:
            self._by_start[phrase[:2]].phrases.append((phrase, entry, strong, _visible(phrase)))
            return
        said = _visible(_SLOT.sub("", phrase))
        literal = max(re.split(r"\{[a-z]+\}| ", phrase), key=len)
        pattern = _Slotted(literal, phrase, entry, strong, said, ":{" in phrase.replace(" ", ""))
        slot = _SLOT.match(phrase)
        if slot is None:
            self._by_start[phrase[: min(2, phrase.index("{"))]].patterns.append(pattern)
        elif slot[1] in ("n", "date", "time"):
            self._numeric.append(pattern)
        else:
            self._open.append(pattern)

    def entry(self, name: str) -> Words | None:
        """Return the entry of a name, which what structure alone tells is put down to; none if not chosen."""
        return self._entries.get(name)

    def cover(self, line: str) -> Cover:
        """Return how a line in normal form is made up of words."""
        cover = self._covers.get(line)
        if cover is None:
            cover = self._laid(folded(line))
            # Lines of furniture come again and again; the bound is for a text of nothing but odd lines.
            if len(self._covers) >= _MOST_COVERS:
                self._covers.clear()
            self._covers[line] = cover
        return cover

    def _laid(self, line: str) -> Cover:
        """Lay words over the line so that as little as possible is left open, and strong ones come first."""
        size = len(line)
        numeric = [each for each in self._numeric if each.literal in line]
        open_ = [each for each in self._open if each.literal in line]
        # From the end back: what is left open of the rest, less a little for strong words; and the token.
        cost = [0.0] * (size + 1)
        choice: list[Token | None] = [None] * (size + 1)
        for start in range(size - 1, -1, -1):
            cost[start] = cost[start + 1] + (1.0 if line[start].isalnum() else 0.0)
            for token in self._tokens(line, start, numeric, open_):
                price = cost[token.end] + _TOKEN_PRICE - (_STRONG_BONUS if token.strong else 0.0)
                if token.words is not None and token.words.heading:
                    price -= _HEADING_BONUS
                if price < cost[start]:
                    cost[start], choice[start] = price, token
        tokens: list[Token] = []
        visible = uncovered = at = 0
        while at < size:
            chosen = choice[at]
            if chosen is None:
                seen = line[at].isalnum()
                visible += seen
                uncovered += seen
                at += 1
            else:
                tokens.append(chosen)
                visible += _visible(line[at : chosen.end])
                at = chosen.end
        return Cover(line, tuple(tokens), visible, uncovered)

    def _tokens(
        self, line: str, start: int, numeric: Sequence[_Slotted], open_: Sequence[_Slotted]
    ) -> Iterator[Token]:
        first = line[start]
        if first in self._unread:
            self._read(first)
        nodes = [self._by_start[key] for key in (line[start : start + 2], first) if key in self._by_start]
        for node in nodes:
            for phrase, entry, strong, said in node.phrases:
                end = start + len(phrase)
                if line.startswith(phrase, start) and _on_borders(line, start, end):
                    yield from _with_value(line, Token(start, end, entry, strong, said))
        at_border = start == 0 or not line[start - 1].isalnum()
        for slotted in (
            *(slotted for node in nodes for slotted in node.patterns),
            *(numeric if first in _NUMERIC else ()),
            *(open_ if at_border and first.isalnum() else ()),
        ):
            if slotted.literal not in line:
                continue
            match = _pattern(slotted.phrase).match(line, start)
            if match is not None and match.end() > start and _on_borders(line, start, match.end()):
                token = Token(
                    start, match.end(), slotted.words, slotted.strong, slotted.said, slotted.is_label
                )
                yield from _with_value(line, token)
        if first.isascii() and first.isalnum():
            match = compiled(_FILLERS).match(line, start)
            if match is not None and match.end() > start and _on_borders(line, start, match.end()):
                yield Token(start, match.end())


def _with_value(line: str, token: Token) -> Iterator[Token]:
    """Yield a token, and if it may be a label, also with what stands behind its colon."""
    yield token
    if token.words is not None and (token.words.label or (token.strong and token.start == 0)):
        for value in (_VALUE, _WIDE_VALUE):
            match = compiled(value).match(line, token.end)
            if match is not None:
                yield token._replace(end=match.end(), is_label=True)


def folded(text: str) -> str:
    """Return text as words are compared: normal form, small letters, no spaces between single characters.

    >>> folded("關注Ａpp　首 頁")
    '关注app 首页'
    """
    return _SPACED.sub("", text.translate(_folded_forms()).lower())


@cache
def _folded_forms() -> dict[int, int]:
    return normal_forms() | _UNSEEN


@cache
def _first(text: str) -> str:
    """Return the first character of a text as words are compared; nothing if that is a space."""
    return folded(text).strip()[:1]


# Compiled when a line first holds a part of the phrase: few of thousands are ever met.
@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    parts = []
    done = 0
    for slot in _SLOT.finditer(phrase):
        parts.append(re.escape(phrase[done : slot.start()]))
        # Pages set values apart.
        parts.append(f" ?(?:{(_OPEN_ENDED if slot.end() == len(phrase) else _SLOTS)[slot[1]]})")
        if slot.end() < len(phrase):
            parts.append(" ?")
        done = slot.end()
    parts.append(re.escape(phrase[done:]))
    return re.compile("".join(parts).replace(r"\ ", " ?"))


def _visible(text: str) -> int:
    return sum(map(str.isalnum, text))


def _is_ascii_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _on_borders(line: str, start: int, end: int) -> bool:
    """Tell whether a stretch does not cut a Latin word in two."""
    return not (
        (start > 0 and _is_ascii_letter(line[start - 1]) and _is_ascii_letter(line[start]))
        or (end < len(line) and _is_ascii_letter(line[end - 1]) and _is_ascii_letter(line[end]))
    )


# Reading ---------------------------------------------------------------------------------------------------

_KEYS = ("name", "says", "risk", "strong", "weak", "heading", "label", "examples", "keeps")

# What examples of words stand in: furniture of words is told from text by the text beside it.
_BODY = (
    "灯还亮着，我昨天去看过，门没有锁，守塔的人也还在。他等着，一直等着，看海上有没有船来，等到天亮才睡。"
    "塔是清末造的，高三十米，用青砖砌成，外面刷了一层白灰，远远望去像一支蜡烛。守塔的人换了三代，如今的这一位"
    "姓陈，五十岁，年轻时在船上做事，后来腿坏了，就上了岸，一住二十年，没有再离开过。有一年冬天起大风，"
    "玻璃破了两块，灯灭了，他爬上去用身子挡住风，重新点上火。第二天早上，三条船平安进港，船上的人给他送来了鱼。"
)


def words_of(file: RuleFile, taken: Iterable[Furniture | Words] = ()) -> tuple[Words, ...]:
    """Return the words entries of a rule file.

    Raises ``RuleFileError`` for one that cannot be used or has the name of one in ``taken``.
    """
    words = tuple(read_entries(file, "words", lambda entry, _: _words(entry, file.family)))
    refuse_taken(words, taken, file)
    return words


def _words(entry: Mapping[str, Any], family: str) -> Words:
    check_keys(entry, _KEYS)
    name = rule_name(entry)
    says = text_of(entry.get("says"), "says")
    strong = tuple(texts_of(entry.get("strong", []), "strong"))
    weak = tuple(texts_of(entry.get("weak", []), "weak"))
    if not strong and not weak:
        raise ValueError("there are neither strong nor weak words")
    for phrase in (*strong, *weak):
        for slot in _SLOT.findall(phrase):
            if slot not in _SLOTS:
                raise ValueError(f"there is no slot {{{slot}}}; there are {', '.join(_SLOTS)}")
        if not _SLOT.sub("", phrase).strip():
            raise ValueError(f"the phrase {phrase!r} is nothing but slots")
    flags = {}
    for key in ("heading", "label"):
        flags[key] = entry.get(key, False)
        if not isinstance(flags[key], bool):
            raise ValueError(f"{key} must be true or false")
    rule = Rule(
        id=PREFIX + name,
        says=f"remove {says}",
        risk=risk_of(entry),
        examples=tuple(_examples(list_of(entry.get("examples", []), "examples"))),
        keeps=tuple(_kept(each) for each in texts_of(entry.get("keeps", []), "keeps")),
    )
    return Words(rule=rule, says=says, family=family, strong=strong, weak=weak, **flags)


def _examples(values: Sequence[Any]) -> Iterator[Example]:
    """Yield examples; lines alone are shown together below the text that they need."""
    lines = [each for each in values if isinstance(each, str)]
    if lines:
        yield Example("\n".join([_BODY, *lines, ""]), f"{_BODY}\n")
    for each in values:
        if isinstance(each, str):
            continue
        if not (isinstance(each, list) and len(each) == 2 and all(isinstance(text, str) for text in each)):
            raise ValueError("an example is a line that goes, or two texts: before and after")
        yield Example(*each)


def _kept(text: str) -> str:
    return text if "\n" in text else f"{_BODY}\n{text}\n{_BODY}\n"


@cache
def packaged_words() -> tuple[Words, ...]:
    """Return the words that the package ships, family by family."""
    return tuple(words for file in packaged_files() for words in words_of(file))
