"""``hanfix explain``: what a rule or a filter does, and what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from hanfix.cli import COMMANDS
from hanfix.cli.filters import what_it_does
from hanfix.cli.options import Command, complete_rules
from hanfix.cli.terminal import write_standard_output
from hanfix.filter import Rule
from hanfix.registry import all_rules, did_you_mean, filter_class, filter_names, filter_says, rules_of
from hanfix.report import unseen_escaped, visible

_HELP = f"""{COMMANDS["explain"]}

\b
Examples:
  hanfix explain repair/pinyin
  hanfix explain rejoin
"""

# A line so long that it is no case of anything, with what is shown of it.
_PARAGRAPH = re.compile(r"^([^\r\n]{12})[^\r\n]{120,}([^\r\n]{6})$", re.MULTILINE)


def explained(rule: Rule) -> Iterator[str]:
    """Yield the lines that explain a rule: what it says of itself, its risk, examples, look-alikes kept."""
    yield f"{rule.id} ({rule.risk.label})"
    yield f"  {rule.says}"
    for title, texts in (
        ("Changes:", [(_shown(each.before), _shown(each.after)) for each in rule.examples]),
        ("Leaves alone:", [(_shown(each),) for each in rule.keeps]),
    ):
        if texts:
            yield ""
            yield f"  {title}"
            for text in texts:
                yield f"    {text[0]}"
                yield from (f"      → {result}" for result in text[1:])
    yield ""
    yield f"  Turn it off with --disable {rule.id}"


def _shown(text: str) -> str:
    """Return an example as it is if all of it can be seen: a rule about backslashes shows single ones.

    Of a paragraph that only has to be there the beginning and the end are enough.
    """
    text = _PARAGRAPH.sub(r"\1…\2", text)
    return text if unseen_escaped(text) == text else visible(text)


def _explain(name: str) -> None:
    rules = all_rules()
    if name in rules:
        lines = list(explained(rules[name]))
    elif name in filter_names():
        lines = [f"{name}: {filter_says(name)}", "", what_it_does(filter_class(name)), "", "Rules:"]
        lines += [f"  {rule.id} ({rule.risk.label}): {rule.says}" for rule in rules_of(name)]
    else:
        raise click.UsageError(f"no rule is called {name!r}{did_you_mean(name, [*filter_names(), *rules])}")
    write_standard_output("\n".join(lines).encode() + b"\n")


command = Command(
    "explain",
    callback=_explain,
    params=[click.Argument(["name"], metavar="RULE", shell_complete=complete_rules)],
    help=_HELP,
)
