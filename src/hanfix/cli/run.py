"""Run a pipeline over the files of a command line: read, change, write or show, and say what happened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from hanfix.cli.tasks import Files, Task, tasks_of
from hanfix.cli.terminal import (
    STANDARD_OUTPUT,
    Messages,
    OutputError,
    StandardOutput,
    Terminal,
    unexpected,
    write_standard_output,
)
from hanfix.corpus.files import (
    FileError,
    StopError,
    TextFile,
    encode_like,
    load,
    open_bytes,
    read_at_most,
    read_bytes,
    replacing,
    rewrite,
    unreadable,
)
from hanfix.decode import DecodeError, EncodeError, encode, ends_cut_off
from hanfix.document import Document
from hanfix.filter import Scope
from hanfix.guard import guarded
from hanfix.pipeline import Pipeline
from hanfix.report import Failure, Report, described, json_line, unified_diff, visible

if TYPE_CHECKING:
    from hanfix.corpus.formats import Problem
    from hanfix.filters.convert import Convert


_RECORD_SUFFIXES = (".jsonl", ".ndjson")
# Records of an input that cannot be done, each with a line of its own.
_MOST_SAID = 20


class _ReportError(StopError):
    """A file of records, the report say, takes nothing any more: no other input may be changed."""

    def __init__(self, path: Path | None, message: str) -> None:
        super().__init__(message)
        self.path = path


def run(pipeline: Pipeline, given: Files) -> int:
    """Run the pipeline over the files and return the exit code.

    An input that fails is said and counted, and the others go on. Raises ``click.UsageError``, before
    anything is read, when the options contradict each other or would write over an input.
    """
    tasks = tasks_of(given)
    if given.ambiguities is not None:
        try:
            for stage in _conversions(pipeline):
                next(stage.ambiguities(Document("")), None)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    if given.records:
        given.options(pipeline)
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


def standard_input(messages: Terminal, *, quiet: bool = False) -> BinaryIO:
    """Return standard input; say so when it is to be typed.

    Raises ``FileError`` when it is closed, and so does what reads it when it cannot be read.
    """
    if sys.stdin is None:
        raise FileError("closed, and no file was named")
    if sys.stdin.isatty() and not quiet:
        messages.line("hanfix: reading the terminal; Ctrl-D at the start of a line ends the text")
    return BufferedReader(_Input(sys.stdin.buffer))


class _Input(RawIOBase):
    """What was read of a file already and what is still in it.

    That it cannot be read is a ``FileError``, so that the output is not blamed.
    """

    def __init__(self, file: BinaryIO, head: bytes = b"") -> None:
        self._file = file
        self._head = memoryview(head)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        if self._head:
            length = min(len(target), len(self._head))
            target[:length] = self._head[:length]
            # A part of nothing would keep the whole in memory.
            self._head = self._head[length:] if length < len(self._head) else memoryview(b"")
            return length
        size: int | None = None
        try:
            while size is None:
                # What there is now: somebody may be waiting for what becomes of it. A file that does not wait
                # says that there is nothing yet, which is no end.
                size = cast(BufferedReader, self._file).readinto1(target)
                if size is None:
                    select([self._file], [], [])
        except OSError as error:
            raise unreadable(error) from None
        return size


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
        self._output = StandardOutput()
        self._pipeline = pipeline
        self._given = given

    def do_all(self, tasks: Iterable[Task]) -> None:
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

    def _do(self, task: Task) -> None:
        """Do one input, or say why it cannot be done."""
        try:
            with self._opened(task) as file:
                report = self._done(task, file)
        except (FileError, DecodeError, EncodeError) as error:
            self.fail(task.name, error)
        except (StopError, BrokenPipeError):
            raise
        except OSError as error:
            self.fail(task.name, f"cannot be done: {error}")
        except Exception as error:
            self.fail(task.name, unexpected(error, traceback=self._given.verbose > 1))
        else:
            self.report += report

    @contextmanager
    def _opened(self, task: Task) -> Iterator[BinaryIO]:
        given = self._given
        if task.source is None:
            yield standard_input(self.messages, quiet=given.quiet)
        elif given.in_place:
            # What is written back must take the place of the very bytes that were read.
            yield BytesIO(read_bytes(task.source, regular=True))
        else:
            with open_bytes(task.source) as file:
                yield BufferedReader(_Input(file))

    def _done(self, task: Task, file: BinaryIO) -> Report:
        """Return the report of an input that is done: whole, or in parts when it has records or is large."""
        given = self._given
        raw = cast(BytesIO, file).getvalue() if given.in_place else b""
        if given.records or given.line_buffered:
            return self._in_parts(task, file, raw)
        if task.source is not None and task.source.suffix.lower() in _RECORD_SUFFIXES and not given.quiet:
            self.messages.line(
                f"{visible(task.name)}: read as one text; --records jsonl restores the texts in its records"
            )
        limit = given.limit_bytes
        head = read_at_most(file, limit + 1)
        if len(head) > limit:
            if given.diff and given.over_limit == "refuse":
                raise FileError(f"larger than {limit:,} bytes, and --diff shows a text as a whole")
            looks_at_all = given.options(self._pipeline).cuts.scope is Scope.DOCUMENT
            if not given.diff and not (looks_at_all and given.over_limit == "read"):
                whole = BufferedReader(_Input(file, head))
                del head
                return self._in_parts(task, whole, raw)
            head += file.read()
        return self._whole(task, head)

    def _whole(self, task: Task, raw: bytes) -> Report:
        """Do an input as one text."""
        given = self._given
        source = load(raw, task.name, encoding=given.encoding, errors=given.errors)
        self.say_how_read(source.document)
        text, report = self.changed(source.document, source.confidence)
        self._show_or_write(task, source, text, report)
        return report

    def _in_parts(self, task: Task, file: BinaryIO, raw: bytes) -> Report:
        """Do an input record by record, or in the pieces that it may be cut into; ``raw`` as in ``_sink``."""
        # Imported here: most inputs are small texts.
        from hanfix.corpus.formats import Format, Part, rewrite_stream

        given = self._given
        part = Part(task.name, Format(given.records or "text"), 0, -1)
        options = given.options(self._pipeline)
        parts = _Parts(self, task.name, given)
        with self._sink(task, raw) as sink:
            result = rewrite_stream(part, file, sink, parts.clean, options, parts.bad)
            sink.flush()
        self.record(result.report.document_record(parts.whole, result.confidence))
        self._say_would_change(task, result.report)
        if parts.problems:
            now = "kept as they were" if given.on_error == "keep" else "left out"
            self.fail(task.name, f"records that cannot be done: {parts.problems:,}, {now}")
        return result.report

    @contextmanager
    def _sink(self, task: Task, raw: bytes) -> Iterator[BinaryIO]:
        """Open what the text of an input goes to; ``raw`` is what was read, if it is to take its place."""
        given, target = self._given, task.target
        if given.check or given.diff:
            with Path(os.devnull).open("wb") as nothing:
                yield nothing
        elif target is None:
            if given.records:
                # The last record of the input before may have no line end of its own.
                self._output.end_line()
            yield cast(BinaryIO, self._output)
        elif given.in_place:
            with BytesIO() as data:
                yield data
                if data.getvalue() != raw:
                    rewrite(target, data.getvalue(), read=raw, backup=given.backup)
        else:
            if given.output_dir is not None:
                _make_directory(given.output_dir)
            with _replacing(target) as file:
                yield file

    def say_how_read(self, document: Document) -> None:
        """Say in which encoding an input was read, and that it ends within a character."""
        given = self._given
        if given.quiet:
            return
        if given.encoding == "auto" and document.encoding not in ("utf-8", "utf-8-sig"):
            self.messages.line(f"{visible(document.name)}: read as {document.encoding}")
        if ends_cut_off(document.text):
            self.messages.line(f"{visible(document.name)}: the last character is cut off (U+FFFD)")

    def changed(self, document: Document, confidence: float | None = None) -> tuple[str, Report]:
        """Return the text after the pipeline and a report without places: those are written out at once.

        With how sure its encoding is the document itself gets a record, too.
        """
        if self.ambiguous is not None:
            self._list_ambiguities(document)
        if not self._given.verbose and self.records is None and self.removed is None:
            return self._pipeline.tally(document.text)
        result = self._pipeline.run(document)
        if confidence is not None:
            self.record(result.report.document_record(document, confidence))
        for record in result.report.place_records(document):
            if self._given.verbose:
                self.messages.line(described(record))
            self.record(record)
        removing = {stage.name for stage in self._pipeline.stages() if stage.removes_lines}
        for removal in result.report.removals(document, removing):
            if not self._write(self.removed, self._given.keep_removed, removal):
                self.removed = None
        return result.text, replace(result.report, changes=[], held_back=[], flags=[])

    def _show_or_write(self, task: Task, source: TextFile, text: str, report: Report) -> None:
        given = self._given
        if given.diff:
            self.show_diff(task.name, source.document.text, text)
        self._say_would_change(task, report)
        if given.check or given.diff:
            return
        data = self._encoded(source, text)
        with self._sink(task, source.raw) as sink:
            sink.write(data)
            sink.flush()

    def _say_would_change(self, task: Task, report: Report) -> None:
        if self._given.check and report.changed and not self._given.quiet:
            self.messages.line(f"would change: {visible(task.name)}")

    def _encoded(self, source: TextFile, text: str) -> bytes:
        wanted = self._given.output_encoding or ("same" if self._given.in_place else "utf-8")
        return encode_like(text, source) if wanted == "same" else encode(text, wanted)

    def show_diff(self, name: str, before: str, after: str) -> None:
        """Write the difference between a text and what becomes of it to standard output."""
        lines = unified_diff(before, after, name)
        output = Terminal(sys.stdout, color=not self._given.no_color)
        if not output.colored:
            # What UTF-8 cannot hold is shown all the same: a diff is there to be looked at.
            write_standard_output("".join(lines).encode(errors="backslashreplace"))
            return
        for line in lines:
            output.line(visible(line.removesuffix("\n")), style=_DIFF_STYLES.get(line[0], ""))


class _Parts:
    """The texts of an input that is done in parts, as they come."""

    def __init__(self, work: _Work, name: str, given: Files) -> None:
        self.problems = 0
        # The first piece of a text, which is called as the whole is; records have names of their own.
        self.whole = Document("", name)
        self._work = work
        self._given = given

    def clean(self, document: Document) -> tuple[str, Report]:
        """Return a text after the pipeline and what was done to it."""
        if document.name == self.whole.name:
            if document.first_line == 1:
                self.whole = document
            if document.first_line == 1 or ends_cut_off(document.text):
                self._work.say_how_read(document)
        text, report = self._work.changed(document)
        if self._given.diff and report.changed:
            self._work.show_diff(document.name, document.text, text)
        return text, report

    def bad(self, problem: Problem) -> None:
        """Say that a record cannot be done, unless so many cannot that nobody would read on."""
        self.problems += 1
        message = f"{self.whole.name}: {problem.place}: {problem.message}"
        if self.problems <= _MOST_SAID:
            self._work.messages.line(f"hanfix: {visible(message)}", style="red")
        if self.problems == _MOST_SAID:
            self._work.messages.line("hanfix: further ones are counted, and listed with --report")
        file = f"{self.whole.name} ({problem.place})"
        self._work.record({"kind": "failure", "file": file, "message": problem.message})


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file as ``replacing`` does; that it cannot be written is said of it, not of what is read."""
    of_input = False
    try:
        with replacing(target) as file:
            try:
                yield file
            except FileError:
                of_input = True
                raise
    except FileError as error:
        if of_input:
            raise
        raise FileError(f"{visible(str(target))}: {error}") from None


_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"the directory {visible(str(path))} cannot be made: {error.strerror or error}"
        ) from None
