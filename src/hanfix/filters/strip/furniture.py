"""Rules about page furniture: what a rule file says, read and checked.

A rule file is TOML: a ``[[rule]]`` for each rule, with ``name``, ``says`` (what is removed), ``strength``,
``risk``, ``where`` (of a rule that needs its place), ``pattern``, ``item`` (of a list), ``triggers`` (texts
in simplified script, one of which every match contains), ``examples`` that must go and ``keeps`` that must
stay. An example is a text that goes as a whole, or two texts, before and after. ``[define]`` names parts of
patterns, which are used as ``(?&name)``; the pattern of a repeated rule may have a group ``number``; an
inline pattern may call what it cuts out ``(?P<cut>…)`` and match
more. A file without any rule says so: ``rule = []``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from hanfix.filter import Example, Risk, Rule
from hanfix.filters.own_files import read_own_file
from hanfix.script import (
    converted_to_simplified,
    preferred,
    simplified_only,
    simplify,
    traditional_forms,
)

PREFIX = "strip/"

# A whole line longer than this is prose whatever it begins with: the longest furniture that people have
# collected, a notice with a title and an address in it, has some 120 characters.
LONGEST_LINE = 160

# Each trigger is looked for in every spelling; one that has more spellings than this is too long.
_MOST_SPELLINGS = 256

# Full-width forms, and the spaces that pages use, as their ASCII twins: one character for one.
_FOLDED: dict[int, int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: 0x20,
    0xA0: 0x20,
}

# What any rule file may use in its patterns, beside its own definitions, as `(?&name)`.
_DEFINITIONS: dict[str, str] = {
    # A date: 2017-04-27, 2017/4/27, 2017.04.27, 2017年4月27日; and the same without the year.
    "date": r"(?:(?:19|20)?[0-9]{2}[-/.年][01]?[0-9][-/.月][0-3]?[0-9]日?)",
    "day": r"(?:[01]?[0-9][-/月][0-3]?[0-9]日?)",
    # The time of day, with seconds and 上午 or PM if the page gives them.
    "clock": r"(?:(?:[上下]午)? ?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?: ?[APap][Mm])?)",
    # A name as forums and newspapers print it: no spaces but one, no punctuation of sentences.
    "name": r"(?:[^\s,。、:;!?()（）\[\]【】<>《》|/]{1,20}(?: [^\s,。、:;!?()（）\[\]【】<>《》|/]{1,20})?)",
    # A headline: short, and not a sentence.
    "headline": r"(?:[^\s。!?;…][^。!?;\n]{1,58}[^\s。!?;:,、…])",
    # What stands between the parts of a bar.
    "gap": r"(?:[ \t|/·•‧,>»›<«‹←→_*-]{0,12})",
}
_CALL = re.compile(r"\(\?&([a-z_]+)\)")


class RuleFileError(ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class Strength(StrEnum):
    """What a rule of furniture needs before it may be believed.

    ``LINE``: nothing but the whole line. ``INLINE``: nothing but its words, which are cut out of the line.
    ``PLACE``: the whole line, at the head or the tail of the text or beside other furniture. ``BLOCK``: a
    heading with a list under it. ``REPEATED``: lines that come again and again, as on the pages of a book;
    their numbers, where the pattern has a group ``number``, count on.
    """

    LINE = "line"
    INLINE = "inline"
    PLACE = "place"
    BLOCK = "block"
    REPEATED = "repeated"


class Where(StrEnum):
    """Where a rule applies that needs its place; for a list, where the list must end.

    ``TITLE`` is right below the title, when that is the first line. A list that may go ``AGAIN`` is one of
    contents: its items stand again as headings below it.
    """

    HEAD = "head"
    TITLE = "title"
    TAIL = "tail"
    BESIDE = "beside"
    ANYWHERE = "anywhere"
    AGAIN = "again"


@dataclass(frozen=True)
class Furniture:
    """One rule about page furniture.

    ``says`` names the furniture, as in "remove a bar of links"; ``pattern`` and ``item`` are regular
    expressions over *normal* text (see ``normal``); ``triggers`` the spellings of which one must occur in the
    text for the rule to be tried; ``where`` is empty for a rule that needs no place.
    """

    rule: Rule
    says: str
    family: str
    strength: Strength
    pattern: str
    triggers: tuple[str, ...] = ()
    where: frozenset[Where] = frozenset()
    item: str = ""

    @property
    def name(self) -> str:
        """The rule's id without the name of the filter."""
        return self.rule.id.removeprefix(PREFIX)

    @cached_property
    def matcher(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first needed."""
        return re.compile(self.pattern)

    @cached_property
    def item_matcher(self) -> re.Pattern[str]:
        """The pattern of a list's items, compiled when it is first needed."""
        return re.compile(self.item)


def normal(text: str) -> str:
    """Return the text as patterns see it, one character for one: simplified script, ASCII forms and spaces.

    >>> normal("（第１／２頁）　樓主：")
    '(第1/2页) 楼主:'
    """
    return text.translate(normal_forms())


@cache
def normal_forms() -> dict[int, int]:
    """Return what ``normal`` writes for each character that it changes."""
    # One table for script and width: two passes take twice as long.
    traditional = "".join(converted_to_simplified())
    return str.maketrans(traditional, simplify(traditional)) | _FOLDED


def spellings(trigger: str) -> tuple[str, ...]:
    """Return every way in which text may spell a trigger: in one script or the other, with full-width marks.

    Raises ``ValueError`` for a trigger that has too many.

    >>> spellings("发帖:")
    ('发帖:', '发帖：', '發帖:', '發帖：', '髮帖:', '髮帖：')
    """
    simplified, traditional = [*map(_simplified, trigger)], [*map(_traditional, trigger)]
    if prod(map(len, simplified)) + prod(map(len, traditional)) > _MOST_SPELLINGS:
        raise ValueError(f"the trigger {trigger!r} has more than {_MOST_SPELLINGS} spellings: shorten it")
    return tuple(dict.fromkeys(map("".join, [*product(*simplified), *product(*traditional)])))


@cache
def _simplified(char: str) -> tuple[str, ...]:
    """Return how a character is written in simplified script: marks, digits and spaces in either width."""
    if char == " ":
        return (" ", "\u3000", "\xa0")
    has_widths = "!" <= char <= "~" and not char.isalpha()
    return (char, chr(ord(char) + 0xFEE0)) if has_widths else (char,)


@cache
def _traditional(char: str) -> tuple[str, ...]:
    """Return how a character is written in traditional script: in general, in Taiwan and in Hong Kong."""
    if len(widths := _simplified(char)) > 1:
        return widths
    forms = [form for form in traditional_forms(char) if form != char or char not in simplified_only()]
    variants = (preferred(table).get(form, form) for table in ("TWVariants", "HKVariants") for form in forms)
    return tuple(dict.fromkeys([*forms, *variants]))


_Entry = TypeVar("_Entry", bound="_HasRule")


class _HasRule(Protocol):
    @property
    def rule(self) -> Rule: ...


class RuleFile(NamedTuple):
    """A rule file: what messages call it, the family of its rules, and what it holds."""

    source: str
    family: str
    data: Mapping[str, Any]


def parsed(text: str, source: str, family: str) -> RuleFile:
    """Return the rule file of a text; raises ``RuleFileError`` when that is no TOML."""
    try:
        return RuleFile(source, family, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(f"{source}: {error}") from None


def read_file(path: str | Path) -> RuleFile:
    """Return a user's rule file; its name without the suffix is the family.

    Raises ``RuleFileError`` for a file that cannot be read or is no TOML.
    """
    try:
        text = read_own_file(path)
    except ValueError as error:
        raise RuleFileError(str(error)) from None
    return parsed(text, str(path), Path(path).stem)


@cache
def packaged_files() -> tuple[RuleFile, ...]:
    """Return the rule files that the package ships."""
    folder = files("hanfix").joinpath("tables", "boilerplate")
    sources = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name
    )
    return tuple(
        parsed(each.read_text(encoding="utf-8"), each.name, each.name.removesuffix(".toml"))
        for each in sources
    )


@cache
def packaged() -> tuple[Furniture, ...]:
    """Return the rules that the package ships, family by family."""
    return tuple(rule for file in packaged_files() for rule in _rules_of(file))


def checked_rules(file: RuleFile, taken: Iterable[_HasRule] = ()) -> tuple[Furniture, ...]:
    """Return the rules of a user's file, every pattern tried.

    Raises ``RuleFileError`` for a rule that cannot be used or has the name of one in ``taken``.
    """
    rules = tuple(_rules_of(file))
    refuse_taken(rules, taken, file)
    for each in rules:
        _check(each, file)
    return rules


def refuse_taken(entries: Iterable[_HasRule], taken: Iterable[_HasRule], file: RuleFile) -> None:
    """Raise ``RuleFileError`` for an entry of a file that has the name of one in ``taken``."""
    ids = {each.rule.id for each in taken}
    for each in entries:
        if each.rule.id in ids:
            name = each.rule.id.removeprefix(PREFIX)
            raise RuleFileError(f"{file.source}: rule {name!r}: the name is taken by another rule")


def _check(furniture: Furniture, file: RuleFile) -> None:
    """Try what is otherwise done on first use, so that a mistake is told at once."""
    try:
        for trigger in furniture.triggers:
            spellings(trigger)
        pattern = furniture.matcher
        if pattern.match(""):
            raise ValueError("the pattern matches the empty string")
        if furniture.strength is Strength.BLOCK:
            _ = furniture.item_matcher
    except (ValueError, re.error) as error:
        raise RuleFileError(f"{file.source}: rule {furniture.name!r}: {error}") from None


def _rules_of(file: RuleFile) -> Iterable[Furniture]:
    return read_entries(file, "rule", lambda entry, definitions: _furniture(entry, file.family, definitions))


def read_entries(
    file: RuleFile, kind: str, made: Callable[[Mapping[str, Any], Mapping[str, str]], _Entry]
) -> Iterator[_Entry]:
    """Yield the entries of one kind (``rule`` or ``words``) of a rule file.

    ``made`` makes one of its table and the definitions of the file, and raises ``ValueError`` for what is
    wrong with it. Raises ``RuleFileError``, which names the source and the entry.
    """
    source, _, data = file
    definitions = dict(_DEFINITIONS)
    seen: set[str] = set()
    try:
        check_keys(data, ("define", "rule", "words"))
        for name, pattern in _table(data.get("define", {}), "define").items():
            definitions[name] = f"(?:{_called(text_of(pattern, name), definitions)})"
        # A list that is empty says so: a site may have no furniture of its own.
        if not any(isinstance(data.get(each), list) for each in ("rule", "words")):
            raise ValueError("there is no [[rule]] and no [[words]] in it")
        entries = list_of(data.get(kind, []), kind)
    except ValueError as error:
        raise RuleFileError(f"{source}: {error}") from None
    for number, entry in enumerate(entries, 1):
        label = f"{kind} {number}"
        try:
            if isinstance(_table(entry, label).get("name"), str):
                label = f"{kind} {entry['name']!r}"
            each = made(entry, definitions)
            if each.rule.id in seen:
                raise ValueError("the name is taken by an earlier rule of this file")
        except (ValueError, re.error) as error:
            raise RuleFileError(f"{source}: {label}: {error}") from None
        seen.add(each.rule.id)
        yield each


def rule_name(entry: Mapping[str, Any]) -> str:
    """Return the name of an entry; raises ``ValueError`` when it is none."""
    name = text_of(entry.get("name"), "name")
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):
        raise ValueError("a name consists of small letters, digits and hyphens")
    return name


def risk_of(entry: Mapping[str, Any]) -> Risk:
    """Return the risk of an entry; raises ``ValueError`` when it is none."""
    return Risk.parse(text_of(entry.get("risk", Risk.LIKELY.label), "risk"))


_KEYS = ("name", "says", "strength", "risk", "where", "pattern", "item", "triggers", "examples", "keeps")


def _furniture(entry: Mapping[str, Any], family: str, definitions: Mapping[str, str]) -> Furniture:
    check_keys(entry, _KEYS)
    name = rule_name(entry)
    try:
        strength = Strength(text_of(entry.get("strength"), "strength"))
    except ValueError:
        raise ValueError(f"strength must be one of {', '.join(Strength)}") from None
    where = _where(entry.get("where", []), strength)
    triggers = tuple(texts_of(entry.get("triggers", []), "triggers"))
    untriggered = (Strength.PLACE, Strength.REPEATED)
    if strength in untriggered and triggers:
        raise ValueError(f"a {strength} rule is tried where its place is and has no triggers")
    if strength not in untriggered and not (triggers and all(triggers)):
        raise ValueError("triggers must name at least one text that every match contains")
    if (strength is Strength.BLOCK) != ("item" in entry):
        raise ValueError("a block rule, and no other, has an item")
    says = text_of(entry.get("says"), "says")
    rule = Rule(
        id=PREFIX + name,
        says=f"remove {says}",
        risk=risk_of(entry),
        examples=tuple(_example(each) for each in list_of(entry.get("examples", []), "examples")),
        keeps=tuple(texts_of(entry.get("keeps", []), "keeps")),
    )
    return Furniture(
        rule=rule,
        says=says,
        family=family,
        strength=strength,
        pattern=_called(text_of(entry.get("pattern"), "pattern"), definitions),
        triggers=triggers,
        where=where,
        item=_called(text_of(entry["item"], "item"), definitions) if "item" in entry else "",
    )


def _where(value: Any, strength: Strength) -> frozenset[Where]:
    allowed = {
        Strength.PLACE: (Where.HEAD, Where.TITLE, Where.TAIL, Where.BESIDE),
        Strength.BLOCK: (Where.TAIL, Where.ANYWHERE, Where.AGAIN),
    }.get(strength, ())
    names = texts_of(value, "where")
    unknown = [name for name in names if name not in allowed]
    if unknown or bool(names) != bool(allowed):
        if not allowed:
            raise ValueError(f"a {strength} rule applies anywhere and has no 'where'")
        raise ValueError(f"where must list some of {', '.join(allowed)}")
    return frozenset(map(Where, names))


def _called(pattern: str, definitions: Mapping[str, str]) -> str:
    """Return the pattern with each ``(?&name)`` replaced by what the name stands for."""

    def definition(match: re.Match[str]) -> str:
        if match[1] not in definitions:
            raise ValueError(f"(?&{match[1]}) is not defined")
        return definitions[match[1]]

    return _CALL.sub(definition, pattern)


def _example(value: Any) -> Example:
    if isinstance(value, str):
        return Example(value, "")
    if isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value):
        return Example(*value)
    raise ValueError("an example is a text that goes as a whole, or two texts: before and after")


def check_keys(table: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raise ``ValueError`` for a key that is not known."""
    from hanfix.registry import did_you_mean

    for key in table:
        if key not in known:
            raise ValueError(f"there is no key {key!r}{did_you_mean(key, list(known))}")


def _table(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} must be a table")
    return value


def list_of(value: Any, what: str) -> list[Any]:
    """Return a list; raises ``ValueError`` for what is none."""
    if not isinstance(value, list):
        raise ValueError(f"{what} must be a list")
    return value


def text_of(value: Any, what: str) -> str:
    """Return a text that is not empty; raises ``ValueError`` for what is none."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"{what} must be a text that is not empty")
    return value


def texts_of(value: Any, what: str) -> list[str]:
    """Return a list of texts that are not empty; raises ``ValueError`` for what is none."""
    return [text_of(each, f"each of {what}") for each in list_of(value, what)]
