"""The command line: a thin shell over the library, one module per command.

Nothing here is imported before it is needed: ``hanfix --version`` and ``hanfix --help`` load no filter.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

import click

from hanfix import __version__
from hanfix.cli.terminal import Messages, unexpected
from hanfix.registry import FILTERS, did_you_mean, filter_names, filter_says
from hanfix.report import EXIT_DONE, EXIT_INPUT_FAILED, EXIT_INTERRUPTED

# Commands that are no filters, each in the module of its name, in the order in which --help lists them; the
# filters stand after the first.
COMMANDS: dict[str, str] = {
    "clean": "Restore texts with a profile's whole chain: the main job.",
    "pipe": "Run a chain of filters in the order written.",
    "batch": "Restore a tree of files or a corpus, in several processes; goes on where it was killed.",
    "learn": "Find a site's own page furniture by repetition, and write rules for strip.",
    "detect": "Say what texts are, what is wrong with them and what cures it.",
    "explain": "Say what a rule or filter does and what it leaves alone.",
    "list": "List filters, rules, profiles and conversions.",
    "config": "Print the effective configuration, ready to paste.",
}

_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_STANDARD_ERROR = 2  # the last of the standard streams' numbers

_HELP = """Restore damaged Chinese text.

Text that was mis-decoded, annotated by a careless converter, split to dodge a word filter, buried in page
furniture, or written in the other script. Sound text comes back as it is; every change has a rule.

\b
Examples:
  hanfix clean page.txt > page.fixed.txt
  curl -s https://example.org/page.txt | hanfix clean --to simplified
  hanfix clean --check --diff pages/*.txt
  hanfix repair --in-place --backup .bak pages/*.txt
  hanfix pipe -i page.txt repair rejoin strip convert --to simplified
"""


class Shell(click.Group):
    """The group of all commands: imports them on first use, has the last word on errors and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, the main one and the filters first."""
        first, *others = COMMANDS
        return [first, *filter_names(), *others]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module; None when there is none of that name."""
        if cmd_name in COMMANDS:
            command: click.Command = import_module(f"hanfix.cli.{cmd_name}").command
            return command
        if cmd_name in FILTERS or cmd_name in filter_names():
            from hanfix.cli.filters import filter_command

            return filter_command(cmd_name)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; raises a usage error that says what was meant."""
        name = args[0]
        if not name.startswith("-") and not ctx.resilient_parsing and self.get_command(ctx, name) is None:
            ctx.fail(f"no command is called {name!r}{did_you_mean(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview of commands without importing them."""
        with formatter.section("Commands"):
            names = self.list_commands(ctx)
            formatter.write_dl([(name, COMMANDS.get(name) or filter_says(name)) for name in names])

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; whoever asks for help and then goes away is no error."""
        with _readers_may_leave():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a reader that has gone away ends it without a word."""
        with _readers_may_leave():
            return super().invoke(ctx)

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run the command line; unless ``standalone_mode`` is off, exit with the code of what happened."""
        run: Callable[..., Any] = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **extra)
        try:
            code = run(*args, standalone_mode=False, **extra) or EXIT_DONE
        except click.ClickException as error:
            if sys.stderr is not None:
                with suppress(OSError):
                    error.show()
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            Messages(color=False).line("hanfix: interrupted; what was written is whole")
            code = EXIT_INTERRUPTED
        except Exception as error:
            Messages(color=False).line(f"hanfix: {unexpected(error)}")
            code = EXIT_INPUT_FAILED
        _abandon_broken_streams()
        sys.exit(code)


@contextmanager
def _readers_may_leave() -> Iterator[None]:
    """End the command, as done, when nobody reads its output any more; click would call it a failure."""
    try:
        yield
    except BrokenPipeError:
        raise click.exceptions.Exit(EXIT_DONE) from None


def _abandon_broken_streams() -> None:
    """Keep the interpreter from complaining, as it exits, of output that nobody takes any more."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:  # closed before the program began
            continue
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _occupy_closed_descriptors() -> None:
    """Keep the numbers of standard streams that are closed from being given to files opened later.

    What else writes to a standard stream would write into them.
    """
    while (descriptor := os.open(os.devnull, os.O_RDONLY)) <= _STANDARD_ERROR:
        pass
    os.close(descriptor)


shell = Shell(
    "hanfix",
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Shell completion: see 'Shell completion' in the README.",
)
click.version_option(__version__, message="%(prog)s %(version)s")(shell)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    # An exception, so that temporary files are taken away; the code is what shells report for the signal.
    sys.exit(128 + number)


def main() -> NoReturn:
    """Run the ``hanfix`` command."""
    # Tables are many objects that stay, and edits hold no cycles: looking for some takes a tenth of a start.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    _occupy_closed_descriptors()
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # A signal that is ignored (by nohup, say) stays ignored.
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _terminated)
    shell.main(prog_name="hanfix")
    raise AssertionError("a standalone command line exits")
