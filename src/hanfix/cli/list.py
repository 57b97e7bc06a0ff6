"""``hanfix list``: what there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from hanfix.cli import COMMANDS
from hanfix.cli.options import Command
from hanfix.cli.terminal import write_standard_output
from hanfix.registry import all_rules, filter_names, filter_says
from hanfix.spec import Spec, profile_names, profile_says

_HELP = f"""{COMMANDS["list"]}

\b
Examples:
  hanfix list
  hanfix list rules
"""

Rows = Sequence[tuple[str, ...]]


def filters() -> Rows:
    """Return each filter with what it is for, in the order in which a chain should run them."""
    return [(name, filter_says(name)) for name in filter_names()]


def rules() -> Rows:
    """Return each rule with its risk and what it does."""
    return [(rule.id, rule.risk.label, rule.says) for rule in all_rules().values()]


def profiles() -> Rows:
    """Return each profile with its filters and what it is for, the default first."""
    return [(name, " ".join(Spec.from_profile(name).filters), profile_says(name)) for name in profile_names()]


def conversions() -> Rows:
    """Return each script conversion with what it does."""
    from hanfix.filters.convert import SCRIPTS
    from hanfix.filters.convert.dictionary import configuration_names

    scripts = [(name, "to this script, from whatever the text is in") for name in SCRIPTS]
    return scripts + [(name, "as this configuration of OpenCC does") for name in configuration_names()]


KINDS: dict[str, Callable[[], Rows]] = {
    "filters": filters,
    "rules": rules,
    "profiles": profiles,
    "conversions": conversions,
}


def _list(kind: str | None) -> None:
    parts = []
    for each in [kind] if kind else KINDS:
        rows = KINDS[each]()
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        parts.append("\n".join(lines if kind else [f"{each}:", *(f"  {line}" for line in lines)]))
    write_standard_output("\n\n".join(parts).encode() + b"\n")


command = Command(
    "list",
    callback=_list,
    params=[click.Argument(["kind"], required=False, type=click.Choice(list(KINDS)))],
    help=_HELP,
)
