"""``hanfix repair``, ``hanfix rejoin`` and so on: one filter each, with its own options."""

from __future__ import annotations

import inspect
from typing import Any

import click

from hanfix.cli.options import (
    AMBIGUITIES,
    FILE_OPTIONS,
    INPUT_FILES,
    KEEP_REMOVED,
    PIPELINE_OPTIONS,
    STREAM_OPTIONS,
    Command,
    Settings,
    filter_options,
    given_filter_options,
    of_given,
    usage_errors,
)
from hanfix.cli.run import run
from hanfix.cli.tasks import Files
from hanfix.filter import Filter
from hanfix.registry import filter_class, filter_says

_EXAMPLES = """

\b
Examples:
  hanfix {name} page.txt > page.fixed.txt
  hanfix {name} --check --diff pages/*.txt
  hanfix explain {name}
"""


def filter_command(name: str) -> Command:
    """Return the command that runs one filter over files."""
    cls = filter_class(name)

    def callback(**given: Any) -> None:
        with usage_errors():
            spec = of_given(Settings, given).spec(filters=[name], options={name: given_filter_options(given)})
            pipeline = spec.pipeline()
        click.get_current_context().exit(run(pipeline, of_given(Files, given)))

    records = [KEEP_REMOVED] if cls.removes_lines else []
    if hasattr(cls, "ambiguities"):
        records.append(AMBIGUITIES)
    return Command(
        name,
        callback=callback,
        params=[
            INPUT_FILES,
            *filter_options(cls),
            *PIPELINE_OPTIONS,
            *FILE_OPTIONS,
            *STREAM_OPTIONS,
            *records,
        ],
        help=f"{filter_says(name)}\n\n{what_it_does(cls)}{_EXAMPLES.format(name=name)}",
    )


def what_it_does(cls: type[Filter]) -> str:
    """Return what a filter's docstring tells users: all but its first line, exceptions and doctests."""
    _, _, rest = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")
    paragraphs = [each for each in rest.split("\n\n") if not each.lstrip().startswith((">>>", "Raises "))]
    return "\n\n".join(paragraphs).replace("``", "'")
