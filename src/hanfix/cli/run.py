"""Run a pipeline over the files of a command line: read, change, write or show, and say what happened."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import click

from hanfix.cli.options import STANDARD_STREAM
from hanfix.cli.terminal import (
    STANDARD_OUTPUT,
    Messages,
    OutputError,
    Terminal,
    unexpected,
    write_standard_output,
)
from hanfix.corpus.files import (
    FileError,
    TextFile,
    descriptor_key,
    encode_like,
    file_key,
    load,
    read_bytes,
    replacing,
    rewrite,
    write_bytes,
)
from hanfix.decode import DecodeError, EncodeError, encode, ends_cut_off
from hanfix.document import Document
from hanfix.guard import guarded
from hanfix.pipeline import Pipeline
from hanfix.report import Failure, Report, described, json_line, unified_diff, visible

if TYPE_CHECKING:
    from hanfix.filters.convert import Convert


@dataclass(frozen=True)
class Files:
    """What is read and written, and what is said about it, as given on the command line."""

    files: tuple[str, ...] = ()
    output: str | None = None
    in_place: bool = False
    backup: str | None = None
    output_dir: Path | None = None
    encoding: str = "auto"
    errors: str = "strict"
    output_encoding: str | None = None
    check: bool = False
    diff: bool = False
    report: Path | None = None
    keep_removed: Path | None = None
    ambiguities: Path | None = None
    quiet: bool = False
    verbose: int = 0
    no_color: bool = False


class _Task(NamedTuple):
    """An input and where its text goes; ``None`` is standard input or output."""

    source: Path | None
    target: Path | None

    @property
    def name(self) -> str:
        return "<stdin>" if self.source is None else str(self.source)


class _ReportError(Exception):
    """A file of records, the report say, takes nothing any more: no other input may be changed."""

    def __init__(self, path: Path | None, message: str) -> None:
        super().__init__(message)
        self.path = path


def run(pipeline: Pipeline, given: Files) -> int:
    """Run the pipeline over the files and return the exit code.

    An input that fails is said and counted, and the others go on. Raises ``click.UsageError``, before
    anything is read, when the options contradict each other or would write over an input.
    """
    tasks = _tasks(given)
    if given.ambiguities is not None:
        try:
            for stage in _conversions(pipeline):
                next(stage.ambiguities(Document("")), None)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    work = _Work(pipeline, given)
    try:
        with (
            _written(given.report) as work.records,
            _written(given.keep_removed) as work.removed,
            _written(given.ambiguities) as work.ambiguous,
        ):
            work.do_all(tasks)
            work.record(work.report.end_record())
            work.end_ambiguities()
    except _ReportError as error:
        work.fail(str(error.path), error)
    except BrokenPipeError:
        # Whoever read the report has had enough, which is no error.
        pass
    if not given.quiet and not work.reader_gone:
        for line in work.report.summary(pipeline, places=None if given.verbose else "-v"):
            work.messages.line(line, style="dim" if line.startswith(" ") else "bold")
    return work.report.exit_code(check=given.check)


def _conversions(pipeline: Pipeline) -> Iterator[Convert]:
    """Yield the conversions of a pipeline."""
    # Imported here: most commands convert nothing.
    from hanfix.filters.convert import Convert

    return (stage for stage in pipeline.stages() if isinstance(stage, Convert))


@contextmanager
def _written(path: Path | None) -> Iterator[BinaryIO | None]:
    """Open a file that takes the place of the one at ``path`` when all is done; ``None`` opens none.

    Raises ``_ReportError`` when it cannot be written.
    """
    try:
        with nullcontext() if path is None else replacing(path) as file:
            yield file
    except FileError as error:
        raise _ReportError(path, str(error)) from None


def standard_input(messages: Terminal, *, quiet: bool = False) -> bytes:
    """Return the bytes of standard input; say so when they are to be typed.

    Raises ``FileError`` when it is closed or cannot be read.
    """
    if sys.stdin is None:
        raise FileError("closed, and no file was named")
    if sys.stdin.isatty() and not quiet:
        messages.line("hanfix: reading the terminal; Ctrl-D at the start of a line ends the text")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}") from None


class _Work:
    """The state of one run: what has been done so far, and where messages and records go."""

    def __init__(self, pipeline: Pipeline, given: Files) -> None:
        self.report = Report()
        self.reader_gone = False
        self.messages = Messages(color=not given.no_color)
        self.records: BinaryIO | None = None
        self.removed: BinaryIO | None = None
        self.ambiguous: BinaryIO | None = None
        self._ambiguities = 0
        self._pipeline = pipeline
        self._given = given

    def do_all(self, tasks: Iterable[_Task]) -> None:
        """Do the inputs one after the other, as long as there is somewhere to write."""
        try:
            for task in tasks:
                self._do(task)
        except BrokenPipeError:
            # Whoever read the output has had enough, which is no error.
            self.reader_gone = True
        except OutputError as error:
            self.fail(STANDARD_OUTPUT, error.message)

    def fail(self, name: str, message: object) -> None:
        """Say and count an input or output that failed."""
        failure = Failure(name, str(message))
        self.report.failures.append(failure)
        self.messages.line(f"hanfix: {visible(name)}: {failure.message}", style="red")
        self.record({"kind": "failure", "file": name, "message": failure.message})

    def record(self, record: dict[str, Any]) -> None:
        """Write a record to the report file, if there is one and it can still be written."""
        if not self._write(self.records, self._given.report, record):
            self.records = None

    def end_ambiguities(self) -> None:
        """Write the last record of the list of ambiguities, without which it is not complete."""
        record = {
            "kind": "end",
            "documents": self.report.documents,
            "ambiguities": self._ambiguities,
            "failures": len(self.report.failures),
        }
        self._write(self.ambiguous, self._given.ambiguities, record)

    def _list_ambiguities(self, document: Document) -> None:
        """Write what the conversion of a document had to choose a form for, but for what is guarded."""
        spans = guarded(document.text, self._pipeline.guards, self._pipeline.keep)
        for stage in _conversions(self._pipeline):
            for each in stage.ambiguities(document):
                if spans.forbids(each.start, each.end):
                    continue
                self._ambiguities += 1
                if not self._write(self.ambiguous, self._given.ambiguities, each.record(document)):
                    self.ambiguous = None
                    return

    def _write(self, file: BinaryIO | None, path: Path | None, record: dict[str, Any]) -> bool:
        """Write a record to a file if there is one; tell whether somebody still reads it."""
        if file is None or file.closed:
            return True
        try:
            file.write(json_line(record).encode())
        except BrokenPipeError:
            return False
        except OSError as error:
            raise _ReportError(path, f"cannot be written: {error.strerror or error}") from None
        return True

    def _do(self, task: _Task) -> None:
        """Do one input, or say why it cannot be done."""
        try:
            source = self._read(task)
            text, report = self._changed(source)
            if self.ambiguous is not None:
                self._list_ambiguities(source.document)
            self._show_or_write(task, source, text, changed=bool(report.changed))
        except (FileError, DecodeError, EncodeError) as error:
            self.fail(task.name, error)
        except (OutputError, _ReportError, BrokenPipeError):
            raise
        except OSError as error:
            self.fail(task.name, f"cannot be done: {error}")
        except Exception as error:
            self.fail(task.name, unexpected(error, traceback=self._given.verbose > 1))
        else:
            self.report += report

    def _read(self, task: _Task) -> TextFile:
        given = self._given
        quiet = given.quiet
        if task.source is None:
            raw = standard_input(self.messages, quiet=quiet)
        else:
            raw = read_bytes(task.source, regular=given.in_place)
        source = load(raw, task.name, encoding=given.encoding, errors=given.errors)
        found = source.document.encoding
        if given.encoding == "auto" and found not in ("utf-8", "utf-8-sig") and not quiet:
            self.messages.line(f"{visible(task.name)}: read as {found}")
        if ends_cut_off(source.document.text) and not quiet:
            self.messages.line(f"{visible(task.name)}: the last character is cut off (U+FFFD)")
        return source

    def _changed(self, source: TextFile) -> tuple[str, Report]:
        """Return the text after the pipeline and a report without places: those are written out at once."""
        if not self._given.verbose and self.records is None and self.removed is None:
            return self._pipeline.tally(source.document.text)
        result = self._pipeline.run(source.document)
        for record in result.report.records(source.document, source.confidence):
            if self._given.verbose and record["kind"] != "document":
                self.messages.line(described(record))
            self.record(record)
        removing = {stage.name for stage in self._pipeline.stages() if stage.removes_lines}
        for removal in result.report.removals(source.document, removing):
            if not self._write(self.removed, self._given.keep_removed, removal):
                self.removed = None
        return result.text, replace(result.report, changes=[], held_back=[], flags=[])

    def _show_or_write(self, task: _Task, source: TextFile, text: str, *, changed: bool) -> None:
        given = self._given
        if given.diff:
            self._show_diff(task, source.document.text, text)
        if given.check and changed and not given.quiet:
            self.messages.line(f"would change: {visible(task.name)}")
        if given.check or given.diff:
            return
        data = self._encoded(source, text)
        if task.target is None:
            write_standard_output(data)
        elif not given.in_place:
            if given.output_dir is not None:
                _make_directory(given.output_dir)
            try:
                write_bytes(task.target, data)
            except FileError as error:
                raise FileError(f"{visible(str(task.target))}: {error}") from None
        elif data != source.raw:
            rewrite(task.target, data, read=source.raw, backup=given.backup)

    def _encoded(self, source: TextFile, text: str) -> bytes:
        wanted = self._given.output_encoding or ("same" if self._given.in_place else "utf-8")
        return encode_like(text, source) if wanted == "same" else encode(text, wanted)

    def _show_diff(self, task: _Task, before: str, after: str) -> None:
        lines = unified_diff(before, after, task.name)
        output = Terminal(sys.stdout, color=not self._given.no_color)
        if not output.colored:
            # What UTF-8 cannot hold is shown all the same: a diff is there to be looked at.
            write_standard_output("".join(lines).encode(errors="backslashreplace"))
            return
        for line in lines:
            output.line(visible(line.removesuffix("\n")), style=_DIFF_STYLES.get(line[0], ""))


_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"the directory {visible(str(path))} cannot be made: {error.strerror or error}"
        ) from None


def _tasks(given: Files) -> list[_Task]:
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
    if given.output is not None and len(sources) > 1:
        raise click.UsageError("--output takes the text of one input; for several there is --output-dir")
    tasks = [_Task(source, _target(given, source)) for source in sources]
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


def _refuse_overwriting(tasks: list[_Task], given: Files) -> None:
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
