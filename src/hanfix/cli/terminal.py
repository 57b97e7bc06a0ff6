"""Lines for people: in colour on a terminal, plain everywhere else."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console

# Set to anything, it shows the traceback of an unexpected exception.
TRACEBACK_VARIABLE = "HANFIX_TRACEBACK"


class Terminal:
    """A stream that lines are written to, in colour only if it is a terminal and colours are wanted."""

    def __init__(self, stream: TextIO, *, color: bool) -> None:
        self._stream = stream
        # https://no-color.org: set to whatever, but not to nothing.
        self.colored = color and stream.isatty() and not os.environ.get("NO_COLOR")

    @cached_property
    def _console(self) -> Console:
        # Imported here: most output goes to no terminal, and rich takes longer to load than click.
        from rich.console import Console

        return Console(file=self._stream, highlight=False, soft_wrap=True, markup=False, emoji=False)

    def line(self, text: str, style: str = "") -> None:
        """Write one line."""
        if self.colored:
            self._console.print(text, style=style)
        else:
            click.echo(text, file=self._stream)


def unexpected(error: Exception, *, traceback: bool = False) -> str:
    """Return the message about an exception that no code foresaw; the traceback when it was asked for."""
    if traceback or os.environ.get(TRACEBACK_VARIABLE):
        from traceback import format_exception

        return "".join(format_exception(error)).rstrip()
    if isinstance(error, MemoryError):
        return "not enough memory; cut the input into smaller files"
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"unexpected {said}; please report this, with what {TRACEBACK_VARIABLE}=1 shows"
