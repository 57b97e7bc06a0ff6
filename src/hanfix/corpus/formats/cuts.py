"""Where a text may be cut without any filter finding something else in its pieces than in the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hanfix.document import LINE_END
from hanfix.filter import Scope
from hanfix.guard import guarded
from hanfix.pipeline import Pipeline

# A run of line ends, which is over where something else follows.
_PARAGRAPH = re.compile(r"(?<![\r\n])(?>\r\n|\n|\r){2,}+(?=[^\r\n])")
_WINDOW_CHARACTERS = 1 << 14
_FENCES = re.compile(r"`{3,}|~{3,}")


@dataclass(frozen=True)
class Cuts:
    """The places where a text may be cut: those of the widest scope that filters declare, outside of guards.

    ``whole`` names the filters that must see a whole document; ``guards`` and ``keep`` are the pipeline's.
    """

    scope: Scope = Scope.DOCUMENT
    whole: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @classmethod
    def of(cls, pipeline: Pipeline) -> Cuts:
        """Return where texts may be cut for a pipeline.

        >>> Cuts.of(Pipeline.from_profile(filters=["convert"])).scope.name
        'PARAGRAPH'
        >>> Cuts.of(Pipeline.from_profile(filters=[], to="s2twp")).scope.name
        'LINE'
        """
        seen = [(each.seen_at_once(), each.name) for each in pipeline.filters]
        return cls(
            max((scope for scope, _ in seen), default=Scope.LINE),
            tuple(dict.fromkeys(name for scope, name in seen if scope is Scope.DOCUMENT)),
            pipeline.guards,
            pipeline.keep,
        )

    def last(self, text: str) -> int:
        r"""Return the last place where a text that goes on may be cut, 0 when there is none.

        >>> Cuts(Scope.LINE).last("一\n二\n三")
        4
        >>> Cuts(Scope.PARAGRAPH).last("一\n\n二\n三")
        3
        """
        return next(self._places(text), 0)

    def _places(self, text: str) -> Iterator[int]:
        """Yield the places where a text may be cut, the last first."""
        if self.scope is Scope.DOCUMENT:
            return
        spans = self._guarded(text)
        latest = len(text) - max((len(each) for each in self.keep if LINE_END.search(each)), default=0)
        for end in self._ends(text):
            while spans and spans[-1][0] >= end:
                spans.pop()
            inside = bool(spans) and spans[-1][1] > end
            # The line feed of this carriage return may be still to come, and a mark at the beginning of a
            # piece would be taken for that of a file.
            half = end == len(text) and text.endswith("\r")
            if end <= latest and not inside and not half and not text.startswith("\ufeff", end):
                yield end

    def _ends(self, text: str) -> Iterator[int]:
        """Yield where lines or paragraphs end, the last first: looked for where the last is likely to be."""
        pattern = LINE_END if self.scope is Scope.LINE else _PARAGRAPH
        size, start, lowest = _WINDOW_CHARACTERS, len(text), len(text) + 1
        while start > 0:
            start = max(0, len(text) - size)
            ends = [end for match in pattern.finditer(text, start) if (end := match.end()) < lowest]
            yield from reversed(ends)
            size, lowest = 8 * size, min(ends, default=lowest)

    def _guarded(self, text: str) -> list[tuple[int, int]]:
        """Return the spans that guards protect, or may protect once what they begin is closed."""
        fences = _FENCES.finditer(text) if "```" in text or "~~~" in text else ()
        longest = max((len(match.group()) for match in fences), default=3)
        # What closes a tag, a comment, and a block of code of either kind, wherever it was opened.
        closing = f">-->\n{'`' * longest}\n{'~' * longest}\n"
        return list(guarded(text + closing, self.guards, self.keep).spans)
