"""``hanfix clean``: a profile's whole chain."""

from __future__ import annotations

from typing import Any

import click

from hanfix.cli import COMMANDS
from hanfix.cli.options import (
    FILE_OPTIONS,
    INPUT_FILES,
    KEEP_REMOVED,
    PIPELINE_OPTIONS,
    PROFILE_OPTIONS,
    STREAM_OPTIONS,
    Command,
    Settings,
    of_given,
    usage_errors,
)
from hanfix.cli.run import run
from hanfix.cli.tasks import Files

_HELP = f"""{COMMANDS["clean"]}

The text goes to standard output, as UTF-8 with the newlines of the input, and everything else to standard
error. Without FILES, or for -, standard input is read.

\b
Examples:
  hanfix clean page.txt > page.fixed.txt
  hanfix clean --to simplified --output-dir fixed pages/*.txt
  hanfix clean --in-place --backup .bak --report changes.jsonl pages/*.txt
  hanfix clean --check --diff --risk guess page.txt
  zcat crawl.jsonl.gz | hanfix clean --records jsonl | gzip > fixed.jsonl.gz

\b
Exit codes: 0 done; 1 --check: something would change; 2 usage; 3 an input failed (the others are done);
130 interrupted.
"""


def _clean(**given: Any) -> None:
    with usage_errors():
        pipeline = of_given(Settings, given).spec().pipeline()
    click.get_current_context().exit(run(pipeline, of_given(Files, given)))


command = Command(
    "clean",
    callback=_clean,
    params=[INPUT_FILES, *PROFILE_OPTIONS, *PIPELINE_OPTIONS, *FILE_OPTIONS, *STREAM_OPTIONS, KEEP_REMOVED],
    help=_HELP,
)
