"""``hanfix pipe``: a chain of filters in the order written."""

from __future__ import annotations

from typing import Any

import click

from hanfix.cli import COMMANDS
from hanfix.cli.options import (
    FILE_OPTIONS,
    FILES,
    KEEP_REMOVED,
    PIPELINE_OPTIONS,
    STREAM_OPTIONS,
    Command,
    FileName,
    Group,
    Option,
    Settings,
    filter_options,
    given_filter_options,
    of_given,
    usage_errors,
)
from hanfix.cli.run import run
from hanfix.cli.tasks import Files
from hanfix.registry import did_you_mean, filter_class, filter_names, filter_says

_HELP = f"""{COMMANDS["pipe"]}

Each filter has its own options after its name; those of the whole chain stand before the first. A filter may
be named more than once. Without -i, or for -i -, standard input is read.

\b
Examples:
  hanfix pipe -i page.txt repair rejoin strip convert --to simplified
  tail -f feed.jsonl | hanfix pipe --records jsonl --line-buffered repair rejoin
  hanfix pipe --check -i a.txt -i b.txt repair convert --to taiwan
"""


class _Chain(Group):
    """The filters as commands that say what they are to do; the chain is run when all have been read."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return filter_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _link(cmd_name) if cmd_name in filter_names() else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and not ctx.resilient_parsing and name not in filter_names():
            ctx.fail(f"no filter is called {name!r}{did_you_mean(name, filter_names())}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Filters"):
            formatter.write_dl([(name, filter_says(name)) for name in filter_names()])


Link = tuple[str, dict[str, Any]]


def _link(name: str) -> Command:
    def callback(**given: Any) -> Link:
        return name, given_filter_options(given)

    return Command(
        name, callback=callback, params=[*filter_options(filter_class(name))], help=filter_says(name)
    )


def _run(links: list[Link], **given: Any) -> None:
    with usage_errors():
        pipeline = of_given(Settings, given).spec().chain(links)
    click.get_current_context().exit(run(pipeline, of_given(Files, given)))


command = _Chain(
    "pipe",
    chain=True,
    result_callback=_run,
    params=[
        Option(
            ["-i", "--input", "files"],
            multiple=True,
            type=FileName(allow_dash=True),
            metavar="FILE",
            help="Read this file (repeatable).  [default: standard input]",
            section=FILES,
        ),
        *FILE_OPTIONS,
        *STREAM_OPTIONS,
        KEEP_REMOVED,
        *PIPELINE_OPTIONS,
    ],
    help=_HELP,
    subcommand_metavar="FILTER [OPTIONS]...",
)
