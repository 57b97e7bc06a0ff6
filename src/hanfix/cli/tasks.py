"""What a command reads and writes, as given on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from hanfix.cli.options import MEGABYTE, STANDARD_STREAM
from hanfix.corpus.files import descriptor_key, file_key
from hanfix.report import visible

if TYPE_CHECKING:
    from hanfix.corpus.formats import Options
    from hanfix.pipeline import Pipeline


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How inputs are read and written, as given on the command line."""

    in_place: bool = False
    encoding: str = "auto"
    errors: str = "strict"
    output_encoding: str | None = None
    text_field: tuple[str, ...] = ("text",)
    report_field: str | None = None
    on_error: str | None = None
    limit: int = 64
    over_limit: str = "read"

    @property
    def limit_bytes(self) -> int:
        """The size of what is neither cut nor refused."""
        return self.limit * MEGABYTE

    def format_options(self, **own: Any) -> Options:
        """Return how records and large texts are read and written; ``own`` is what the command decides.

        Raises ``click.UsageError`` when that contradicts itself.
        """
        # Imported here: most inputs are neither.
        from hanfix.corpus.formats import Options

        try:
            return Options(
                text_fields=self.text_field,
                report_field=self.report_field,
                encoding=self.encoding,
                errors=self.errors,
                output_encoding=self.output_encoding or ("same" if self.in_place else None),
                limit=self.limit_bytes,
                over_limit=self.over_limit,
                **own,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from None


@dataclass(frozen=True, kw_only=True)
class Files(Reading):
    """What is read and written, and what is said about it, as given on the command line."""

    files: tuple[str, ...] = ()
    output: str | None = None
    backup: str | None = None
    output_dir: Path | None = None
    check: bool = False
    diff: bool = False
    report: Path | None = None
    keep_removed: Path | None = None
    ambiguities: Path | None = None
    records: str | None = None
    on_error: str = "keep"
    line_buffered: bool = False
    quiet: bool = False
    verbose: int = 0
    no_color: bool = False

    def options(self, pipeline: Pipeline) -> Options:
        """Return how records and large texts go through a pipeline; raises as ``format_options`` does."""
        from hanfix.corpus.formats import Cuts

        return self.format_options(
            on_error=self.on_error, line_buffered=self.line_buffered, cuts=Cuts.of(pipeline)
        )


class Task(NamedTuple):
    """An input and where its text goes; ``None`` is standard input or output."""

    source: Path | None
    target: Path | None

    @property
    def name(self) -> str:
        """What messages and records call the input."""
        return "<stdin>" if self.source is None else str(self.source)


def tasks_of(given: Files) -> list[Task]:
    """Return what is to be read and written; raises ``click.UsageError`` when that is no sound plan."""
    sources = [None if name == STANDARD_STREAM else Path(name) for name in given.files or (STANDARD_STREAM,)]
    ways = {"--output": given.output, "--in-place": given.in_place, "--output-dir": given.output_dir}
    chosen = [way for way, value in ways.items() if value]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} exclude each other")
    if given.backup is not None and not given.in_place:
        raise click.UsageError("--backup goes with --in-place")
    if None in sources and (given.in_place or given.output_dir is not None):
        raise click.UsageError(f"{chosen[0]} needs names of files; standard input has none")
    if given.diff and given.records is None and (given.line_buffered or given.over_limit == "cut"):
        raise click.UsageError(
            "--diff shows a text as a whole: neither --line-buffered nor --over-limit cut can be"
        )
    elsewhere = given.in_place or given.output_dir is not None or given.check or given.diff
    if given.records in ("csv", "tsv") and len(sources) > 1 and not elsewhere:
        raise click.UsageError("several tables make no table; --output-dir writes each to a file of its own")
    if given.output is not None and len(sources) > 1:
        raise click.UsageError("--output takes the text of one input; for several there is --output-dir")
    if given.records is None and (given.report_field is not None or given.text_field != ("text",)):
        raise click.UsageError("--text-field and --report-field go with --records")
    tasks = [Task(source, _target(given, source)) for source in sources]
    _refuse_overwriting(tasks, given)
    return tasks


def _target(given: Files, source: Path | None) -> Path | None:
    if given.output is not None and given.output != STANDARD_STREAM:
        return Path(given.output)
    if source is None:
        return None
    if given.in_place:
        return source
    return None if given.output_dir is None else given.output_dir / source.name


def _refuse_overwriting(tasks: list[Task], given: Files) -> None:
    """Raise ``click.UsageError`` when a file would be both read and written, or be written twice."""
    read = {descriptor_key(0) if task.source is None else file_key(task.source) for task in tasks}
    targets = [] if given.in_place else [task.target for task in tasks if task.target is not None]
    output = None if given.in_place or targets or given.check else descriptor_key(1)
    written: set[object] = set() if output is None else {output}
    records = [path for path in (given.report, given.keep_removed, given.ambiguities) if path is not None]
    for target in [*targets, *records]:
        key = file_key(target)
        if key in read:
            raise click.UsageError(f"{visible(str(target))} is an input; to write to it, use --in-place")
        if key in written:
            raise click.UsageError(f"{visible(str(target))} would be written twice")
        written.add(key)
    # A shell that appends, or opens for reading and writing, leaves the input there to be read, endlessly.
    if output is not None and output in read:
        raise click.UsageError("standard output is one of the inputs; to write to it, use --in-place")
