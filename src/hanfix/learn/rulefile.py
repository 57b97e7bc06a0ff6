"""Learnt furniture as a rule file, ready for review and for ``strip --rules``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from hanfix import __version__
from hanfix.filters.strip.furniture import spellings
from hanfix.learn.choice import Choice, Kind
from hanfix.learn.pages import Place
from hanfix.learn.shapes import CLOCK, DATE, SLOTS, TEXT, is_enough, pattern, pieces, shown, slots
from hanfix.report import visible

# Share of their pages on which two lines stand side by side to be shown as one block.
_TOGETHER = 0.5
# In characters, the longest shown of a sample, and what a trigger should have: longer ones have more
# spellings, shorter ones are met in prose too often.
_LONGEST_SAMPLE = 100
_TRIGGER_SIZES = (6, 5, 4, 3, 2, 1)
_MOST_SPELLINGS = 64
# Characters of a link's text in a list beyond the longest that was seen.
_ITEM_SPARE = 20
_PLACES = {Place.HEAD: "at the head", Place.TAIL: "at the tail", Place.INSIDE: "inside"}
_WHERE = {
    Place.HEAD: ("head", "title", "beside"),
    Place.TAIL: ("tail", "beside"),
    Place.INSIDE: ("beside",),
}


def rule_file(choices: Sequence[Choice], *, name: str, files: int, pages: int, notes: Iterable[str]) -> str:
    """Return the TOML of a rule file; ``name`` begins the names of its rules."""
    prefix = "-".join(re.findall("[a-z0-9]+", name.lower())) or f"site-{_digest(name)}"
    head = [
        f"# Page furniture of one site, learnt from its files by hanfix {__version__}.",
        f"# {files:,} files, of which {pages:,} have text of their own; {len(choices):,} rules.",
        *(f"# {note}" for note in notes),
        "#",
        "# Read it before use, and take out what is text. A rule with the risk 'guess' may be: it is not",
        "# applied unless you write 'likely' or strip with --risk guess. Then: hanfix strip --rules FILE",
    ]
    parts = ["\n".join(head) + "\n"]
    if not choices:
        parts.append("rule = []\n")
    used = {slot for each in choices for slot in slots(each.shape)} - {DATE, CLOCK}
    if used:
        lines = [f"{label} = {_toml(regex)}" for slot, (label, _, regex) in SLOTS.items() if slot in used]
        parts.append("\n".join(["[define]", *lines]) + "\n")
    for number, block in enumerate(_blocks(choices), 1):
        if len(block) > 1:
            where = _PLACES[block[0].place]
            pages_ = max(each.evidence.pages for each in block)
            parts.append(f"# Block {number}: {len(block)} lines side by side {where}, on {pages_:,} pages\n")
        parts += [_rule(each, f"{prefix}-{_digest(each.shape)}", pages) for each in block]
    return "\n".join(parts)


def _blocks(choices: Sequence[Choice]) -> Iterator[list[Choice]]:
    """Yield the choices in their order, those that stand side by side together."""
    block: list[Choice] = []
    for choice in choices:
        if block and not (
            choice.place == block[-1].place
            and choice.evidence.beside(block[-1].shape)
            >= _TOGETHER * min(choice.evidence.pages, block[-1].evidence.pages)
        ):
            yield block
            block = []
        block.append(choice)
    if block:
        yield block


def _rule(choice: Choice, name: str, pages: int) -> str:
    shape, evidence = choice.shape, choice.evidence
    places = ", ".join(
        f"{evidence.lines[place]:,} {_PLACES[place]}" for place in Place if evidence.lines[place]
    )
    lines = [f"# seen on {evidence.pages:,} of {pages:,} pages; lines: {places}"]
    lines += [f"#   {_short(sample)}" for sample in evidence.samples]
    lines += ["[[rule]]", f'name = "{name}"', f"says = {_toml(_says(choice))}", f'strength = "{choice.kind}"']
    if choice.kind is Kind.PLACE:
        lines.append(f"where = {_toml_list(_WHERE[choice.place])}")
    elif choice.kind is Kind.LIST:
        lines.append('where = ["tail"]')
    lines.append(f'risk = "{"guess" if choice.doubtful else "likely"}"')
    regex = pattern(shape)
    if choice.kind is Kind.ENDING:
        ending = pattern(shape.removeprefix(TEXT).lstrip())
        regex = rf"(?P<cut>\s*{ending})$"
    lines.append(f"pattern = {_toml(regex)}")
    if choice.kind is Kind.LIST:
        item = f"[^。;]{{1,{evidence.longest_item + _ITEM_SPARE}}}"
        lines.append(f"item = {_toml(item)}")
    if choice.kind is not Kind.PLACE:
        lines.append(f"triggers = {_toml_list([_trigger(choice)])}")
    lines.append(f"examples = {_examples(choice)}")
    return "\n".join(lines) + "\n"


def _says(choice: Choice) -> str:
    words = shown(choice.shape)
    if choice.kind is Kind.ENDING:
        return f"the site's name after a title: “{words}”"
    return f"the site's own {'list' if choice.kind is Kind.LIST else 'line'} “{words}”"


def _examples(choice: Choice) -> str:
    """Return what goes, where the line alone shows it."""
    if choice.kind is not Kind.LINE:
        return "[]"
    return _toml_list(choice.evidence.samples[:1])


def _trigger(choice: Choice) -> str:
    """Return a constant part of the shape that has not too many spellings, and that all samples spell."""
    words = [word for piece in pieces(choice.shape) for word in piece.split()]
    fallback = max(words, key=len)[:1]
    for size in _TRIGGER_SIZES:
        for word in words:
            for start in range(len(word) - size + 1):
                trigger = word[start : start + size]
                if (size == 1 or is_enough(trigger)) and _is_spelled(trigger, choice.evidence.samples):
                    return trigger
    return fallback


def _is_spelled(trigger: str, samples: Iterable[str]) -> bool:
    try:
        spelled = spellings(trigger)
    except ValueError:
        return False
    return len(spelled) <= _MOST_SPELLINGS and all(
        any(each in sample for each in spelled) for sample in samples
    )


def _short(sample: str) -> str:
    shown_ = visible(sample)
    return shown_ if len(shown_) <= _LONGEST_SAMPLE else f"{shown_[:_LONGEST_SAMPLE]}…"


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _toml(text: str) -> str:
    """Return a TOML string: literal where that spares escapes; what cannot be seen is escaped."""
    is_seen = all(char.isprintable() or char == "\u3000" for char in text)
    if is_seen and "'" not in text and ("\\" in text or '"' in text):
        return f"'{text}'"
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() or char == "\u3000" else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def _toml_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_toml, texts))}]"
