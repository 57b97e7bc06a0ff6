"""The table of filters: a name and where its class is, imported on first use."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module

from hanfix.filter import Filter, Rule

# In the order in which a chain should run them.
FILTERS: dict[str, str] = {
    "repair": "hanfix.filters.repair:Repair",
    "rejoin": "hanfix.filters.rejoin:Rejoin",
    "strip": "hanfix.filters.strip:Strip",
    "convert": "hanfix.filters.convert:Convert",
}

# Other packages add filters by an entry point of this group, `name = "package.module:Class"`.
ENTRY_POINT_GROUP = "hanfix.filters"


@cache
def filter_class(name: str) -> type[Filter]:
    """Return the class of the filter called ``name``; raises ``ValueError`` when there is none."""
    target = FILTERS.get(name)
    if target is None:
        # Slow to import, and only needed for filters of other packages.
        from importlib.metadata import entry_points

        for entry_point in entry_points(group=ENTRY_POINT_GROUP, name=name):
            target = entry_point.value
    if target is None:
        raise ValueError(f"no filter is called {name!r}{did_you_mean(name, filter_names())}")
    module, _, attribute = target.partition(":")
    loaded: type[Filter] = getattr(import_module(module), attribute)
    return loaded


def filter_names() -> list[str]:
    """Return the names of all filters, the package's own first, in the order in which they should run."""
    from importlib.metadata import entry_points

    others = sorted({entry_point.name for entry_point in entry_points(group=ENTRY_POINT_GROUP)})
    return [*FILTERS, *(name for name in others if name not in FILTERS)]


def all_rules() -> dict[str, Rule]:
    """Return every rule of every filter by its id."""
    return {
        rule.id: rule
        for name in filter_names()
        for stage in filter_class(name)().stages()
        for rule in stage.rules
    }


def did_you_mean(word: str, known: list[str]) -> str:
    """Return a hint to add to an error message about an unknown word.

    >>> did_you_mean("rejion", ["repair", "rejoin"])
    "; did you mean 'rejoin'?"
    """
    close = get_close_matches(word, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there are {', '.join(known)}"
