"""The order of things: what is looked for in a text, and how often."""

from __future__ import annotations

from collections.abc import Iterable

from hanfix.edit import Edit, Flag, apply_edits, merge
from hanfix.filters.strip.furniture import LONGEST_LINE, Furniture, Strength, normal
from hanfix.filters.strip.kinds import Kind, kind_of
from hanfix.filters.strip.page import Page
from hanfix.filters.strip.places import Places
from hanfix.filters.strip.removals import Removals
from hanfix.filters.strip.repetition import Repetition, candidates
from hanfix.filters.strip.scan import Scan
from hanfix.filters.strip.words import Vocabulary, Words
from hanfix.filters.strip.zones import FURNISHED, PAGE_REACH, PATH_STARTS, SINGLE_PAGE, Zones

# What is left of a line or a page may be furniture as a whole; each round shortens the text, and pages settle
# in two or three. The bound is for texts made to be odd.
_MOST_ROUNDS = 20
# Lines at the head and at the tail that are looked at though nothing in the text gives cause.
_EDGE_LINES = 3
# Characters within which the furniture of one page stands: as many lines as zones looks at, full ones.
_NEAR = 2 * PAGE_REACH * LONGEST_LINE


class Engine:
    """A set of rules and words, ready to be run on any number of texts."""

    def __init__(self, rules: Iterable[Furniture], words: Iterable[Words] = ()) -> None:
        self._source = tuple(rules), tuple(words)
        rules, words = self._source
        self._rules: dict[Strength, list[Furniture]] = {strength: [] for strength in Strength}
        for furniture in rules:
            self._rules[furniture.strength].append(furniture)
        self._scan = Scan(rules, words)
        self._vocabulary = Vocabulary(words)

    def __reduce__(self) -> tuple[type[Engine], tuple[tuple[Furniture, ...], tuple[Words, ...]]]:
        # The automaton does not pickle; it is quick to build again.
        return Engine, self._source

    def find(self, text: str) -> tuple[list[Edit], list[Flag]]:
        """Return what to take out of the text, in order, and what was left since there was too much of it."""
        edits, flags = self._round(text)
        if not edits:
            return edits, flags
        now = apply_edits(text, edits)
        for _ in range(_MOST_ROUNDS):
            more, _flags = self._round(now)
            if not more:
                break
            edits = merge(text, edits, more)
            now = apply_edits(now, more)
        return edits, flags

    def _round(self, text: str) -> tuple[list[Edit], list[Flag]]:
        hits, spans = self._scan.find(text)
        telling = sorted(
            start for start, end in spans if self._looks_furnished(normal(text[start:end]).strip())
        )
        repeated = candidates(text) if self._rules[Strength.REPEATED] else []
        is_cause = bool(hits) or _come_together(telling) or self._edges_look_furnished(text)
        if not (is_cause or repeated):
            return [], []
        page = Page(text)
        removals = Removals(page)
        places = Places(page, self._rules[Strength.PLACE], hits, removals)
        places.remove()
        Repetition(page, self._rules[Strength.REPEATED], removals).remove(repeated)
        if is_cause or removals.gone():
            Zones(page, self._vocabulary, removals, map(page.number, telling)).remove()
            if len(page) <= SINGLE_PAGE:
                places.remove_beside()
        flags = removals.doubt()
        return list(removals.edits()), flags

    def _edges_look_furnished(self, text: str) -> bool:
        """Tell whether the first or the last lines may be furniture though no trigger occurs."""
        stripped = text.strip()
        reach = _EDGE_LINES * LONGEST_LINE
        head = [line for line in stripped[:reach].replace("\r", "\n").split("\n") if line.strip()]
        tail = [line for line in stripped[-reach:].replace("\r", "\n").split("\n") if line.strip()]
        return any(
            0 < len(line) <= LONGEST_LINE and self._may_be_furniture(normal(line))
            # Of a short text they are the same.
            for line in dict.fromkeys(map(str.strip, head[:_EDGE_LINES] + tail[-_EDGE_LINES:]))
        )

    def _may_be_furniture(self, line: str) -> bool:
        return line.startswith(PATH_STARTS) or self._has_place(line) or self._looks_furnished(line)

    def _has_place(self, line: str) -> bool:
        return any(each.matcher.fullmatch(line) for each in self._rules[Strength.PLACE])

    def _looks_furnished(self, line: str) -> bool:
        return kind_of(self._vocabulary.cover(line)) in (Kind.FURNITURE, Kind.LIKELY)


def _come_together(offsets: list[int]) -> bool:
    """Tell whether lines with strong words stand so near each other that they may be of one page."""
    return any(later - one <= _NEAR for one, later in zip(offsets, offsets[FURNISHED - 1 :], strict=False))
