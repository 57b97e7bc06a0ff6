"""Where the characters of a text now stand in the text it was made from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from heapq import merge as merge_sorted
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hanfix.edit import Edit


class Patch(NamedTuple):
    """``now[start:end]`` stands where ``source[source_start:source_end]`` stood."""

    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True)
class Origin:
    """The map from a span of the text now to a span of the source.

    Between patches characters correspond one to one, only shifted. Inside a patch of the same length before
    and after (script conversion, mostly) they are taken to correspond one to one too; any other patch maps
    as a whole.

    >>> from hanfix.edit import Edit
    >>> origin = Origin().then([Edit(1, 2, "", "rejoin/hyphen")])      # 和-諧社會 → 和諧社會
    >>> origin.span(0, 2), origin.span(2, 4)
    ((0, 3), (3, 5))
    """

    patches: tuple[Patch, ...] = ()
    length: int | None = None  # of the text now in characters, if known

    @cached_property
    def _starts(self) -> list[int]:
        return [patch.start for patch in self.patches]

    @cached_property
    def _ends(self) -> list[int]:
        return [patch.end for patch in self.patches]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span of the source that ``now[start:end]`` was made from.

        Raises ``ValueError`` when ``end`` lies before ``start``, ``start`` before the text, or ``end`` behind
        it (if its length is known).
        """
        if not 0 <= start <= end:
            raise ValueError(f"not a span: {start}, {end}")
        if self.length is not None and end > self.length:
            raise ValueError(f"not a span of the text: {start}, {end}; it has {self.length:,} characters")
        if start == end:
            return self._source_start(start, at_end=True), self._source_end(end, at_start=True)
        return self._source_start(start), self._source_end(end)

    def _source_start(self, offset: int, *, at_end: bool = False) -> int:
        # The last patch that begins at or before the offset; one that ends right there is behind it.
        index = (bisect_left(self._starts, offset) if at_end else bisect_right(self._starts, offset)) - 1
        if index < 0:
            return offset
        patch = self.patches[index]
        if offset >= patch.end:
            return patch.source_end + offset - patch.end
        if patch.end - patch.start == patch.source_end - patch.source_start:
            return patch.source_start + offset - patch.start
        return patch.source_start

    def _source_end(self, offset: int, *, at_start: bool = False) -> int:
        # The first patch that ends at or after the offset; one that begins right there is ahead of it.
        index = bisect_right(self._ends, offset) if at_start else bisect_left(self._ends, offset)
        if index == len(self.patches):
            last = self.patches[-1] if self.patches else Patch(0, 0, 0, 0)
            return last.source_end + offset - last.end
        patch = self.patches[index]
        if offset <= patch.start:
            return patch.source_start - (patch.start - offset)
        if patch.end - patch.start == patch.source_end - patch.source_start:
            return patch.source_start + offset - patch.start
        return patch.source_end

    def then(self, edits: Iterable[Edit]) -> Origin:
        """Return the map after these edits of the text now, which must be in order and not overlap."""
        made = list(edits)
        length = self.length
        if length is not None:
            length += sum(len(edit.new) - (edit.end - edit.start) for edit in made)
        return Origin(tuple(patch for patch, _ in self.regrouped(made)), length)

    def regrouped(self, edits: Iterable[Edit]) -> Iterator[tuple[Patch, list[Patch | Edit]]]:
        """Yield the patches after these edits of the text now, each with the patches and edits it is made of.

        What overlaps, or is put in at one and the same point of the source, becomes one patch.
        """
        # What has been passed so far: `to_source` added to an offset of the old text gives the source,
        # `to_now` the new text.
        to_source = to_now = 0
        passed: tuple[Patch, list[Patch | Edit]] | None = None
        old: Iterable[Patch | Edit] = self.patches
        pieces = merge_sorted(old, edits, key=lambda piece: (piece.start, piece.end))
        piece = next(pieces, None)
        while piece is not None:
            start, end = piece.start, piece.end
            source_start, now_start = start + to_source, start + to_now
            made_of: list[Patch | Edit] = []
            while piece is not None and (piece.start < end or piece.end == start):
                end = max(end, piece.end)
                if isinstance(piece, Patch):
                    to_source = piece.source_end - piece.end
                else:
                    to_now += len(piece.new) - (piece.end - piece.start)
                made_of.append(piece)
                piece = next(pieces, None)
            patch = Patch(now_start, end + to_now, source_start, end + to_source)
            if passed is not None and passed[0].source_start == patch.source_end:
                patch = patch._replace(start=passed[0].start)
                made_of = passed[1] + made_of
            elif passed is not None:
                yield passed
            passed = patch, made_of
        if passed is not None:
            yield passed
