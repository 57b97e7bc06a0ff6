"""The table of filters: a name and where its class is, imported on first use."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from hanfix.filter import Filter, Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# In the order in which a chain should run them.
FILTERS: dict[str, str] = {
    "repair": "hanfix.filters.repair:Repair",
    "rejoin": "hanfix.filters.rejoin:Rejoin",
    "unwrap": "hanfix.filters.unwrap:Unwrap",
    "strip": "hanfix.filters.strip:Strip",
    "punctuate": "hanfix.filters.punctuate:Punctuate",
    "convert": "hanfix.filters.convert:Convert",
}

# What each is for, in one line: an overview must not import them all.
FILTERS_SAY: dict[str, str] = {
    "repair": "Restore characters that a wrong decoding or a careless converter damaged.",
    "rejoin": "Rejoin words that were split to dodge a word filter.",
    "unwrap": "Join lines that were broken at a fixed width; close stray spaces.",
    "strip": "Strip pagination, related lists and other page furniture.",
    "punctuate": "Write the punctuation of Chinese text in its own width, quotation marks in pairs.",
    "convert": "Convert between simplified, traditional and regional script.",
}

# How many names an error message lists: a longer list hides the message.
_SHOWN = 12

# Other packages add filters by an entry point of this group, `name = "package.module:Class"`.
ENTRY_POINT_GROUP = "hanfix.filters"


@cache
def filter_class(name: str) -> type[Filter]:
    """Return the class of the filter called ``name``; raises ``ValueError`` when there is none."""
    target = FILTERS.get(name)
    if target is None and name in _others():
        target = _others()[name].value
    if target is None:
        raise ValueError(f"no filter is called {name!r}{did_you_mean(name, filter_names())}")
    module, _, attribute = target.partition(":")
    loaded: type[Filter] = getattr(import_module(module), attribute)
    return loaded


@cache
def _others() -> dict[str, EntryPoint]:
    """Return the filters of other packages; of two with one name the first by its target's name."""
    # Slow to import and to run, and only needed where the package's own filters do not do.
    from importlib.metadata import entry_points

    found = sorted(
        entry_points(group=ENTRY_POINT_GROUP), key=lambda each: (each.name, each.value), reverse=True
    )
    return {each.name: each for each in found if each.name not in FILTERS}


def filter_names() -> list[str]:
    """Return the names of all filters, the package's own first, in the order in which they should run."""
    return [*FILTERS, *sorted(_others())]


def filter_says(name: str) -> str:
    """Return the line that says what a filter is for, without importing it."""
    return FILTERS_SAY.get(name) or f"Run the filter of {_others()[name].value.partition(':')[0]}."


def filter_package(name: str) -> tuple[str, str] | None:
    """Return the name and version of the package that supplies a filter; None for this package's own."""
    package = None if name in FILTERS else _others()[name].dist
    return None if package is None else (package.name, package.version)


def rules_of(name: str) -> list[Rule]:
    """Return the rules of the filter called ``name``; raises ``ValueError`` when there is none."""
    return [rule for stage in filter_class(name)().stages() for rule in stage.rules]


def all_rules() -> dict[str, Rule]:
    """Return every rule of every filter by its id."""
    return {rule.id: rule for name in filter_names() for rule in rules_of(name)}


def did_you_mean(word: str, known: list[str]) -> str:
    """Return a hint to add to an error message about an unknown word.

    >>> did_you_mean("rejion", ["repair", "rejoin"])
    "; did you mean 'rejoin'?"
    """
    close = get_close_matches(word, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    more = ", …" if len(known) > _SHOWN else ""
    return f"; there are {', '.join(known[:_SHOWN])}{more}"
