"""Lines for people: in colour on a terminal, plain everywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from select import select
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TextIO

import click

from hanfix.corpus.files import StopError
from hanfix.report import EXIT_INPUT_FAILED

if TYPE_CHECKING:
    from rich.console import Console

# Set to anything, it shows the traceback of an unexpected exception.
TRACEBACK_VARIABLE = "HANFIX_TRACEBACK"

# What messages and records call standard output.
STANDARD_OUTPUT = "<stdout>"


class Terminal:
    """A stream that lines are written to, in colour only if it is a terminal and colours are wanted."""

    def __init__(self, stream: TextIO | None, *, color: bool) -> None:
        # None when it was closed before the program began; Python knows no such stream.
        self._stream = stream
        # https://no-color.org: set to whatever, but not to nothing.
        self.colored = color and stream is not None and stream.isatty() and not os.environ.get("NO_COLOR")

    @cached_property
    def _console(self) -> Console:
        # Imported here: most output goes to no terminal, and rich takes longer to load than click.
        from rich.console import Console

        return Console(file=self._stream, highlight=False, soft_wrap=True, markup=False, emoji=False)

    def line(self, text: str, style: str = "") -> None:
        """Write one line, if there is a stream to write to."""
        if self.colored:
            self._console.print(text, style=style)
        elif self._stream is not None:
            click.echo(text, file=self._stream)


class Messages(Terminal):
    """Standard error: that nobody can be told is no reason to stop working."""

    def __init__(self, *, color: bool) -> None:
        super().__init__(sys.stderr, color=color)

    def line(self, text: str, style: str = "") -> None:
        """Write one line, if it can be written."""
        with suppress(OSError):
            super().line(text, style)


class OutputError(StopError, click.ClickException):
    """Standard output takes nothing (any more), so that nothing else need be tried."""

    exit_code = EXIT_INPUT_FAILED

    def show(self, file: IO[Any] | None = None) -> None:
        """Say so on standard error."""
        Messages(color=False).line(f"hanfix: {STANDARD_OUTPUT}: {self.message}")


def write_standard_output(data: bytes) -> None:
    """Write bytes to standard output, now.

    Raises ``OutputError`` when it is closed or cannot be written, but ``BrokenPipeError`` when whoever read
    it has had enough.
    """
    output = StandardOutput()
    output.write(data)
    output.flush()


class StandardOutput:
    """Standard output as a file that is written bit by bit; raises what ``write_standard_output`` does."""

    def __init__(self) -> None:
        self._last = b"\n"

    def write(self, data: bytes) -> None:
        """Write bytes, which may be held until there are more."""
        with _output() as stream:
            rest = memoryview(data)
            # An unbuffered stream takes as much as it likes, one that does not wait perhaps nothing.
            while rest:
                try:
                    written = stream.write(rest)
                except BlockingIOError as error:
                    written = error.characters_written
                if not written:
                    select([], [stream], [])
                rest = rest[written or 0 :]
        self._last = data[-1:] or self._last

    def end_line(self) -> None:
        """End the line that was written last, if it was not."""
        if self._last not in (b"\n", b"\r"):
            self.write(b"\n")

    def flush(self) -> None:
        """Write what is held."""
        with _output() as stream:
            while True:
                try:
                    return stream.flush()
                except BlockingIOError:
                    select([], [stream], [])


@contextmanager
def _output() -> Iterator[BinaryIO]:
    if sys.stdout is None:
        raise OutputError("closed")
    try:
        yield sys.stdout.buffer
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror or error}") from None


def unexpected(error: Exception, *, traceback: bool = False) -> str:
    """Return the message about an exception that no code foresaw; the traceback when it was asked for."""
    if traceback or os.environ.get(TRACEBACK_VARIABLE):
        from traceback import format_exception

        return "".join(format_exception(error)).rstrip()
    if isinstance(error, MemoryError):
        return "not enough memory; cut the input into smaller files"
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"unexpected {said}; please report this, with what {TRACEBACK_VARIABLE}=1 shows"
