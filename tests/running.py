"""Run the command line: in this process for most tests, as a process of its own for pipes and signals."""

import subprocess
import sys

from click.testing import CliRunner, Result

from hanfix.cli import shell

# What an installed `hanfix` script does.
HANFIX = (sys.executable, "-c", "from hanfix.cli import main; main()")


def hanfix(*arguments: object, stdin: bytes = b"") -> Result:
    """Return what a command line comes to."""
    return CliRunner().invoke(shell, [str(each) for each in arguments], input=stdin, prog_name="hanfix")


def hanfix_process(*arguments: object, **options: object) -> subprocess.CompletedProcess:
    """Return what a command line comes to as a process, with streams as bytes."""
    return subprocess.run([*HANFIX, *map(str, arguments)], capture_output=True, timeout=300, **options)
