"""Counting in bounded memory: how many documents hold a thing, when there are too many things to hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from heapq import nlargest

# Counters that are kept for sure; there are twice as many at most, some 100 MB of them. What stands in a
# share s of the files is found as long as a file has on average fewer than s times as many different shapes:
# 10,000 at a tenth.
MOST_COUNTERS = 100_000


class Counts:
    """Counts of things over a stream of documents: exact while they fit, then from below by a known error.

    A Misra–Gries summary: when there are more than twice ``capacity`` counters, all are lowered by as much as
    leaves no more than ``capacity``. ``error`` is the most by which any count is too low; it never exceeds
    the number of all things counted divided by the capacity. Summaries of parts add up to a summary of the
    whole with the same bound.

    >>> counts = Counts(1)
    >>> for document in (["甲", "乙"], ["甲", "丙"], ["甲"]):
    ...     counts.add(document)
    >>> counts.at_least(2), counts.error
    (['甲'], 1)
    """

    def __init__(self, capacity: int = MOST_COUNTERS) -> None:
        self.capacity = capacity
        self.error = 0
        self._counts: Counter[str] = Counter()

    def add(self, things: Iterable[str]) -> None:
        """Count the different things of one document."""
        self._counts.update(set(things))
        self._lower()

    def merge(self, other: Counts) -> None:
        """Add what was counted over other documents."""
        self._counts.update(other._counts)
        self.error += other.error
        self._lower()

    def at_least(self, number: int) -> list[str]:
        """Return, sorted, all things that may have been met that often: none that was is left out."""
        return sorted(thing for thing, count in self._counts.items() if count + self.error >= number)

    def _lower(self) -> None:
        # Not each time that one is too many: finding out by how much takes as long as counting them all.
        if len(self._counts) <= 2 * self.capacity:
            return
        surplus = nlargest(self.capacity + 1, self._counts.values())[-1]
        self.error += surplus
        self._counts = Counter(
            {thing: count - surplus for thing, count in self._counts.items() if count > surplus}
        )
