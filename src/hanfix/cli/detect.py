"""``hanfix detect``: what texts are, what is wrong with them and what cures it."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hanfix.cli import COMMANDS
from hanfix.cli.options import (
    FILE_OPTIONS,
    INPUT_FILES,
    MESSAGES,
    STANDARD_STREAM,
    Command,
    Option,
    Settings,
    usage_errors,
)
from hanfix.cli.run import standard_input
from hanfix.cli.terminal import Messages, Terminal, unexpected, write_standard_output
from hanfix.corpus.files import FileError, read_bytes
from hanfix.decode import DecodeError
from hanfix.detect import Detected, detect
from hanfix.pipeline import Pipeline
from hanfix.report import EXIT_DONE, EXIT_INPUT_FAILED, json_line, visible

_HELP = f"""{COMMANDS["detect"]}

For each input: its encoding and how sure that is, its newlines, its script, the kinds of damage that 'hanfix
clean' would cure, with an example of each, those that only --risk guess would cure or that can only be
flagged, and the command to run. Nothing is changed. Without FILES, or for -, standard input is read.

\b
Examples:
  hanfix detect page.txt
  hanfix detect --encoding gbk pages/*.txt
  hanfix detect --format json pages/*.txt | jq -r '.command // empty'

\b
Exit codes: 0 done; 2 usage; 3 an input failed (the others are done); 130 interrupted.
"""

_SHARED = ("encoding", "errors", "quiet", "no_color")
_COUNTS = ("clean", "+ guess", "flagged")
# Columns of a table that goes to no terminal.
_PLAIN_WIDTH = 110


def _detect(
    files: tuple[str, ...], encoding: str, errors: str, format: str, quiet: bool, no_color: bool
) -> None:
    with usage_errors():
        pipeline = Settings().spec().pipeline()
    messages = Messages(color=not no_color)
    output = Terminal(sys.stdout, color=not no_color)
    code = EXIT_DONE
    for file in files or (STANDARD_STREAM,):
        name = "<stdin>" if file == STANDARD_STREAM else file
        try:
            found = _found(file, encoding, errors, pipeline, messages, quiet=quiet)
        except (FileError, DecodeError) as error:
            message = str(error)
        except Exception as error:
            message = unexpected(error)
        else:
            shown = _record(name, found) if format == "json" else _table(name, found, colored=output.colored)
            write_standard_output(shown.encode())
            continue
        code = EXIT_INPUT_FAILED
        messages.line(f"hanfix: {visible(name)}: {message}", style="red")
    click.get_current_context().exit(code)


def _found(
    file: str, encoding: str, errors: str, pipeline: Pipeline, messages: Messages, *, quiet: bool
) -> Detected:
    if file == STANDARD_STREAM:
        raw, name = standard_input(messages, quiet=quiet).read(), None
    else:
        raw, name = read_bytes(Path(file)), file
    return detect(raw, name=name, encoding=encoding, errors=errors, pipeline=pipeline)


def _record(name: str, found: Detected) -> str:
    """Return what was found as one line of JSON."""
    record: dict[str, Any] = {"file": name, **asdict(found)}
    del record["name"]
    record["damage"] = [{**kind._asdict(), "example": kind.example._asdict()} for kind in found.damage]
    return json_line(record)


def _table(name: str, found: Detected, *, colored: bool) -> str:
    """Return what was found for people: facts, a table of the kinds of damage, the command that cures it."""
    # Imported here: rich takes longer to load than everything that --help needs.
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    buffer = io.StringIO()
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_terminal else _PLAIN_WIDTH
    console = Console(
        file=buffer, force_terminal=colored, no_color=not colored, width=width, legacy_windows=False
    )
    console.print(Text(visible(name), style="bold"), soft_wrap=True)
    facts = Table.grid(padding=(0, 2))
    for fact, value in _facts(found):
        facts.add_row(Text(fact, style="dim"), Text(value))
    console.print(Padding(facts, (0, 0, 0, 2), expand=False))
    if found.damage:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in ("kind of damage", "clean", "+ guess", "flagged", "at", "example"):
            table.add_column(heading, justify="right" if heading in _COUNTS else "left", overflow="fold")
        for kind in found.damage:
            counts = [f"{count:,}" if count else "" for count in (kind.changes, kind.guesses, kind.flags)]
            example = kind.example
            shown = Text(visible(example.before), style="red" if example.after is None else "")
            if example.after is not None:
                shown.append(" → ", style="dim").append(visible(example.after) or "∅", style="green")
            table.add_row(kind.rule, *counts, f"{example.line}:{example.column}", shown)
        console.print(Padding(table, (0, 0, 0, 2), expand=False))
    cure = "nothing to cure" if found.command is None else visible(found.command)
    console.print(Text("  ").append(cure, style="bold green"), soft_wrap=True)
    console.print()
    # Tables are filled up with blanks.
    return "".join(f"{line.rstrip(' ')}\n" for line in buffer.getvalue().split("\n")[:-1])


def _facts(found: Detected) -> Iterator[tuple[str, str]]:
    """Yield what a text is, as pairs of words for people."""
    cut_off = "; the last character is cut off" if found.cut_off else ""
    yield "encoding", f"{found.encoding} ({found.confidence:.1%} sure){cut_off}"
    yield "newlines", found.newlines
    shares = {"simplified": found.simplified, "traditional": found.traditional}
    named = ", ".join(f"{script} {share:.1%}" for script, share in shares.items() if share)
    yield "script", f"{found.script} ({named})" if named else found.script


_FORMAT = Option(
    ["--format"],
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="What to write: tables for people, or one JSON object a line and file.",
    section=MESSAGES,
)

command = Command(
    "detect",
    callback=_detect,
    params=[INPUT_FILES, *(each for each in FILE_OPTIONS if each.name in _SHARED), _FORMAT],
    help=_HELP,
)
