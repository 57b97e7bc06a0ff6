"""``hanfix learn``: a site's own furniture, found by repetition."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from hanfix.cli import COMMANDS
from hanfix.cli.options import (
    CHANGES,
    FILE_OPTIONS,
    JOBS_OPTION,
    SEARCH_OPTIONS,
    STANDARD_STREAM,
    Command,
    FileName,
    Option,
)
from hanfix.cli.terminal import Messages, write_standard_output
from hanfix.corpus.files import FileError, write_bytes
from hanfix.learn import MIN_FILES, MIN_SHARE, Learned, learn
from hanfix.report import EXIT_DONE, EXIT_INPUT_FAILED, counted, visible

_HELP = f"""{COMMANDS["learn"]}

Lines and kinds of lines that recur across the files (bars of links, counters, notices, the site's name), with
numbers, dates and headlines left open, go into a rule file for 'hanfix strip --rules', each with counts and
samples: read it before use. What belongs to a text stays however often it recurs: headings, end marks,
bylines, datelines. Directories are searched for plain text, files that are hidden or no text aside.

\b
Examples:
  hanfix learn pages -o site.toml
  hanfix strip --rules site.toml --output-dir cleaned pages/*.txt
  hanfix learn --include '*.txt' --exclude 'drafts/*' --min-share 0.05 pages
  hanfix learn --jobs 0 pages more-pages | less

\b
Exit codes: 0 done; 2 usage; 3 an input failed (the others are done); 130 interrupted.
"""

_SHARED = ("output", "encoding", "errors", "quiet", "no_color")
# What the rules are called that go to standard output.
_NAME = "site"


def _learn(
    paths: tuple[Path, ...],
    output: str | None,
    min_share: float,
    min_files: int,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    jobs: int,
    encoding: str,
    errors: str,
    quiet: bool,
    no_color: bool,
) -> None:
    target = None if output in (None, STANDARD_STREAM) else Path(str(output))
    if target is not None and any(_same(target, each) for each in paths):
        raise click.UsageError(f"{visible(str(target))} is an input")
    messages = Messages(color=not no_color)
    with _progress(messages, quiet=quiet) as progress:
        learned = learn(
            paths,
            encoding=encoding,
            errors=errors,
            min_share=min_share,
            min_files=min_files,
            include=include,
            exclude=exclude,
            leave_out=() if target is None else (target,),
            jobs=jobs,
            progress=progress,
        )
    failures = [(failure.document, failure.message) for failure in learned.failures]
    data = learned.rule_file(_NAME if target is None else target.stem).encode()
    if target is None:
        write_standard_output(data)
    else:
        try:
            write_bytes(target, data)
        except FileError as error:
            failures.append((str(target), str(error)))
    for name, message in failures:
        messages.line(f"hanfix: {visible(name)}: {message}", style="red")
    if not quiet:
        messages.line(_summary(learned), style="bold")
    click.get_current_context().exit(EXIT_INPUT_FAILED if failures else EXIT_DONE)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.exists() and one.samefile(other)


def _summary(learned: Learned) -> str:
    parts = [f"{counted(learned.files, 'file')} read", f"{counted(len(learned.choices), 'rule')} learnt"]
    if learned.files > learned.pages:
        parts.insert(1, f"{learned.files - learned.pages:,} without text of their own")
    if learned.skipped:
        parts.append(f"{learned.skipped:,} no text, skipped")
    if learned.failures:
        parts.append(f"{len(learned.failures):,} failed")
    return "; ".join(parts)


@contextmanager
def _progress(messages: Messages, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Yield what is told of progress: it is drawn on a terminal, where colours are wanted."""
    if quiet or not messages.colored:
        yield lambda done, all_: None
        return
    # Imported here: nobody else needs it.
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("learning", total=None)
        yield lambda done, all_: bar.update(task, completed=done, total=all_)


command = Command(
    "learn",
    callback=_learn,
    params=[
        click.Argument(["paths"], nargs=-1, required=True, type=FileName(path_type=Path), metavar="DIR..."),
        Option(
            ["--min-share"],
            type=click.FloatRange(0, 1, min_open=True),
            default=MIN_SHARE,
            show_default=True,
            metavar="SHARE",
            help="A line must be on this share of the pages.",
            section=CHANGES,
        ),
        Option(
            ["--min-files"],
            type=click.IntRange(2),
            default=MIN_FILES,
            show_default=True,
            metavar="N",
            help="And on so many of them.",
            section=CHANGES,
        ),
        *(each for each in FILE_OPTIONS if each.name in _SHARED),
        *SEARCH_OPTIONS,
        JOBS_OPTION,
    ],
    help=_HELP,
)
