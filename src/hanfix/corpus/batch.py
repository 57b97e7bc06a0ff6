"""Run a pipeline over a tree of files, in several processes: nothing is lost, and nothing done twice."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from hanfix.corpus.files import FileError, move_over, sha256_of
from hanfix.corpus.formats import CUT, FAIL, KEEP, QUARANTINE, Options
from hanfix.corpus.manifest import NO_STAMP, Counts, Manifest, Row, Stamp, State
from hanfix.corpus.plan import OWN_FOLDER, Plan, PlanError
from hanfix.corpus.work import (
    BAD,
    Failed,
    FileTask,
    JoinTask,
    Maker,
    Outcome,
    PartDone,
    Parts,
    PartTask,
    Same,
    Task,
    Written,
)
from hanfix.corpus.workers import Died, Workers
from hanfix.report import EXIT_DONE, EXIT_INPUT_FAILED, counted, json_line, visible
from hanfix.spec import Spec

MANIFEST = "manifest.sqlite"
REPORT = "report.jsonl"
QUARANTINE_FOLDER = "quarantine"
BAD_RECORDS_FOLDER = "bad-records"
UNDO_FOLDER = "undo"
EARLIER_FOLDER = "earlier"
LOCK = "lock"
_TEMPORARY_FOLDER = "tmp"


class Progress(NamedTuple):
    """How far a batch is: files and bytes done, of how many, and what was found until now."""

    files: int
    all_files: int
    bytes: float
    all_bytes: int
    changes: int
    failures: int
    # Bytes and seconds of this run alone, which tell how fast it goes.
    bytes_now: float
    seconds: float


@dataclass
class Totals:
    """What a batch comes to, in all its runs: files by what became of them, and what was done to their texts.

    ``done_before`` of the files done were done by an earlier run, ``left_over`` are known from earlier runs
    and not asked for any more.
    """

    files: int = 0
    done: int = 0
    done_before: int = 0
    failed: int = 0
    left_over: int = 0
    counts: Counts = field(default_factory=Counts)

    def exit_code(self) -> int:
        """Return 3 when a file or a record could not be done, else 0."""
        return EXIT_INPUT_FAILED if self.failed or self.counts.problems else EXIT_DONE


@dataclass(frozen=True)
class Batch:
    """What a batch does, and where its outputs go; the plan says to which files.

    ``folder`` is the directory of outputs, or for ``in_place`` that of the sources. ``places`` has the report
    list every change. ``restart`` does all files anew, whatever was done; ``keep_going`` leaves what was done
    with another pipeline as it is.
    """

    plan: Plan
    folder: Path
    spec: Spec
    options: Options
    jobs: int = 1
    in_place: bool = False
    places: bool = False
    restart: bool = False
    keep_going: bool = False

    def run(
        self,
        *,
        failed: Callable[[str, str], None] = lambda below, message: None,
        progress: Callable[[Progress], None] = lambda progress: None,
    ) -> Totals:
        """Do what is not done yet, and return what that and what was done before comes to.

        ``failed`` is told of each file that cannot be done, in the order of the plan, and ``progress`` how
        far it is. Outputs appear whole or not at all; when this process is killed, another run goes on where
        it was.

        An output that is not what this batch wrote there (it was edited, or made from another source) is left
        as it is, and its file fails, unless ``restart``.

        Raises ``PlanError`` when the directory belongs to a batch with another pipeline, or another process
        runs one there; ``FileError`` when it cannot be written to; ``ManifestError`` when what is done cannot
        be recorded any more; ``WorkerError`` when no worker can be started.
        """
        opened = Manifest.sound if self.restart else Manifest
        like = None if self.in_place else self.plan.base
        with own_folder(self.folder, like) as own, opened(own / MANIFEST) as manifest:
            run = _Run(self, own, manifest, failed, progress)
            run.prepare()
            try:
                run.work()
                return run.finish()
            finally:
                run.clear_temporary()

    def settings(self) -> dict[str, Any]:
        """Return what decides the outputs, by what users call it."""
        options = self.options
        return {
            "pipeline": self.spec.fingerprint(),
            "--text-field": list(options.text_fields),
            "--report-field": options.report_field,
            "--encoding": options.encoding,
            "--errors": options.errors,
            "--output-encoding": options.output_encoding,
            "--on-error": options.on_error if options.on_error in (FAIL, KEEP) else "go on",
            # Anything else decides whether a text is done, not what becomes of it.
            "--over-limit": [CUT, options.limit] if options.over_limit == CUT else [],
            "--places": self.places,
        }


def settle_writing(manifest: Manifest, folder: Path) -> None:
    """Find out which of the outputs that were about to get their names have them.

    What is kept beside an output has its place before the output has its name: where that is there, all is.
    """
    # By the stamp alone: an earlier output may hold the very same.
    landed = [
        replace(row, state=State.DONE)
        for row in manifest.written()
        if stamp_of(folder / row.path) == row.output
    ]
    manifest.land(landed)
    manifest.drop_written()


def is_output(path: Path, row: Row) -> bool:
    """Tell whether a file is the output that a row knows: by its stamp, or else by what it holds."""
    try:
        status = path.lstat()
        if Stamp.of(status) == row.output:
            return True
        regular = stat.S_ISREG(status.st_mode)
        return regular and status.st_size == row.output.size and sha256_of(path) == row.output_sha256
    except OSError:
        return False


def _fingerprint(settings: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


@contextmanager
def own_folder(folder: Path, like: Path | None = None) -> Iterator[Path]:
    """Give the directory for what is no output, locked against other runs, which end with this process.

    Where the directory of outputs is not there yet, it is made as open to others as ``like`` is.
    """
    own = folder / OWN_FOLDER
    try:
        if os.path.lexists(folder) and not folder.is_dir():
            raise FileError(f"{visible(str(folder))} is no directory")
        if like is not None:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _make_like(like, folder)
        own.mkdir(parents=True, exist_ok=True)
        lock = os.open(own / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        doing = "opened" if own.is_dir() else "made"
        raise FileError(f"{visible(str(own))} cannot be {doing}: {error.strerror or error}") from None
    try:
        _lock(lock, folder)
        yield own
    finally:
        os.close(lock)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # not on Windows
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PlanError(f"another process runs a batch in {visible(str(folder))}") from None
    except OSError:  # not on every network file system
        return


def _make_like(source: Path, folder: Path) -> None:
    """Make a directory as open to others as its source is, unless it is there already."""
    try:
        mode = source.stat().st_mode
    except OSError:  # not there any more
        mode = 0
    # Its owner must be able to write to it. The system takes the umask off.
    with suppress(FileExistsError):
        folder.mkdir(mode=(mode & 0o777) | stat.S_IRWXU)


@dataclass
class _Large:
    """A file that is done in parts, and what is back of them."""

    stamp: Stamp
    sinks: list[str]
    counts: list[Counts | None]


class _Run:
    """The state of one run."""

    def __init__(
        self,
        batch: Batch,
        own: Path,
        manifest: Manifest,
        failed: Callable[[str, str], None],
        progress: Callable[[Progress], None],
    ) -> None:
        self._batch = batch
        self._base = batch.plan.base
        # In place the source is where the outputs are, wherever that was moved to.
        self._source = "" if batch.in_place else os.path.realpath(batch.plan.base)
        self._items = batch.plan.items
        self._own = own
        self._temporary = own / _TEMPORARY_FOLDER
        self._manifest = manifest
        self._settings = batch.settings()
        self._fingerprint = _fingerprint(self._settings)
        self._failed = failed
        self._progress = progress
        self._totals = Totals(files=len(self._items))
        self._large: dict[int, _Large] = {}
        # Failures are said in the order of the plan: what they wait for, and those that wait.
        self._next_said = 0
        self._settled: dict[int, str] = {}
        self._bytes = 0.0
        self._bytes_now = 0.0
        self._start = time.monotonic()
        self._all_bytes = sum(max(0, item.stamp.size) for item in self._items)
        self._parents: set[Path] = set()
        # Failures of files whose rows are those of other files, which have the same names in other sources.
        self._of_others: dict[int, str] = {}

    def prepare(self) -> None:
        """See to it that nothing of an earlier run is in the way; raises ``PlanError`` if something is."""
        batch, manifest = self._batch, self._manifest
        before = manifest.settings()
        # A manifest that was set aside says nothing; what files were before they were changed does.
        kept = True if (self._own / UNDO_FOLDER).exists() else batch.in_place
        in_place = before.get("in place", kept)
        if in_place != batch.in_place:
            raise PlanError(
                f"{visible(str(self._own))} is of a batch that was "
                f"{'run' if in_place else 'not run'} in place; move it away to begin another one"
            )
        different = [
            name
            for name, value in self._settings.items()
            # Places that are there already are no reason to do anything again.
            if before.get(name, value) != value and (name != "--places" or value)
        ]
        settle_writing(manifest, batch.folder)
        if different and not batch.restart and not batch.keep_going and self._done_otherwise():
            raise PlanError(
                f"what was done there was done with other settings ({', '.join(different)}): --restart does "
                "it all again, --keep-going leaves it and does the rest with the new ones"
            )
        if batch.restart:
            manifest.mark((item.below for item in self._items), State.WAITING)
        manifest.keep_settings(
            {
                **self._settings,
                "in place": batch.in_place,
                "spec": batch.spec.data(),
            }
        )
        self.clear_temporary()
        try:
            # What only its owner may read must not be readable to others for a while.
            self._temporary.mkdir(mode=0o700)
        except OSError as error:
            raise FileError(
                f"{visible(str(self._temporary))} cannot be made: {error.strerror or error}"
            ) from None

    def _done_otherwise(self) -> bool:
        """Tell whether any of the files was done with other settings; those of others do not matter."""
        rows = (self._manifest.row(item.below) for item in self._items if _is_below(item.below))
        return any(
            row is not None and row.state is State.DONE and row.fingerprint != self._fingerprint
            for row in rows
        )

    def clear_temporary(self) -> None:
        """Remove what is not finished."""
        # A worker whose batch was killed may live for some milliseconds, and write.
        for _ in range(10):
            shutil.rmtree(self._temporary, ignore_errors=True)
            if not self._temporary.exists():
                return
            time.sleep(0.05)

    def work(self) -> None:
        """Do all files that are not done; what cannot be done is a failure."""
        batch = self._batch
        maker = Maker(batch.spec, batch.options, places=batch.places)
        tasks = self._tasks()
        urgent: deque[tuple[Task, int]] = deque()
        waiting = next(tasks, None)
        workers: Workers[Task, Outcome]
        with Workers(maker, batch.jobs) as workers:
            while urgent or waiting is not None or workers.busy:
                while (given := urgent[0] if urgent else waiting) is not None and workers.wants(given[1]):
                    workers.give(*given)
                    if urgent:
                        urgent.popleft()
                    else:
                        waiting = next(tasks, None)
                written: list[tuple[int, Written]] = []
                for task, outcome in workers.outcomes():
                    if isinstance(outcome, Written):
                        written.append((task.number, outcome))
                    else:
                        # Parts of a large file go first: it takes longest.
                        urgent.extendleft(reversed(list(self._after(task, outcome))))
                self._place_all(written)
                self._report_progress()

    def _tasks(self) -> Iterator[tuple[Task, int]]:
        """Yield the files that are to be done, each with its size; settle those that are not."""
        in_place = self._batch.in_place
        for index, item in enumerate(self._items):
            if item.refusal:
                self._fail(index, item.refusal, keep=False)
                continue
            row = self._manifest.row(item.below)
            known = ""
            if row is not None and row.state is State.DONE:
                if in_place:
                    if item.stamp == row.output:
                        self._settle(index, row, before=True)
                        continue
                    known = row.output_sha256
                elif is_output(self._target(item.below), row):
                    if item.stamp == row.stamp and row.source == self._source:
                        self._settle(index, self._touched(row), before=True)
                        continue
                    known = row.sha256
            task = FileTask(index, str(self._base / item.below), item.below, str(self._sink(index)), known)
            yield task, item.stamp.size

    def _touched(self, row: Row) -> Row:
        """Return the row of an output that is what was written, and note it if it was touched since."""
        now = stamp_of(self._target(row.path))
        if now is not None and now != row.output:
            row = replace(row, output=now)
            self._manifest.keep([row])
        return row

    def _after(self, task: Task, outcome: Outcome | Died) -> Iterator[tuple[Task, int]]:
        """Take note of what came of a task that leaves no output yet; yield what is to be done next."""
        index = task.number
        item = self._items[index]
        if isinstance(outcome, Parts):
            sinks = [str(self._sink(index, number)) for number in range(len(outcome.parts))]
            self._large[index] = _Large(outcome.stamp, sinks, [None] * len(sinks))
            for part, sink in zip(outcome.parts, sinks, strict=True):
                task = PartTask(index, part, item.below, sink, outcome.stamp)
                yield task, outcome.stamp.size // len(sinks)
        elif isinstance(outcome, Same):
            row = self._manifest.row(item.below)
            if row is not None:
                if self._batch.in_place:
                    row = replace(row, output=outcome.stamp)
                else:
                    row = replace(row, stamp=outcome.stamp, source=self._source)
                self._manifest.keep([row])
                self._settle(index, row, before=True)
        elif isinstance(outcome, PartDone) and isinstance(task, PartTask):
            large = self._large.get(index)
            if large is None:  # another part of it failed
                _remove(Path(task.sink))
                return
            large.counts[task.part.number] = outcome.counts
            self._manifest.keep_places(item.below, task.part.number, outcome.places)
            self._count_bytes(item.stamp.size / len(large.sinks))
            if None not in large.counts:
                path = str(self._base / item.below)
                sink = str(self._sink(index))
                yield JoinTask(index, path, tuple(large.sinks), sink, large.stamp), item.stamp.size
        elif isinstance(outcome, Failed | Died):
            large = self._large.pop(index, None)
            if large is None and isinstance(task, PartTask):  # another part of it failed
                _remove(Path(task.sink))
                return
            for sink in [] if large is None else large.sinks:
                _remove(Path(sink))
            _remove(self._sink(index))
            if isinstance(outcome, Died):
                self._fail(index, f"a worker process {outcome.how} while doing it, and so did a second one")
            else:
                self._fail(index, outcome.message, keep=not outcome.blameless)

    def _place_all(self, written: Sequence[tuple[int, Written]]) -> None:
        """Give outputs their names, after noting that they are about to get them."""
        rows: dict[int, Row] = {}
        for index, outcome in written:
            below = self._items[index].below
            large = self._large.pop(index, None)
            counts = outcome.counts
            if large is None:
                self._manifest.keep_places(below, 0, outcome.places)
            else:
                counts = sum((each for each in large.counts if each is not None), counts)
            unchanged = self._batch.in_place and outcome.output_sha256 == outcome.sha256
            rows[index] = Row(
                path=below,
                state=State.DONE if unchanged else State.WRITING,
                stamp=outcome.stamp,
                sha256=outcome.sha256,
                fingerprint=self._fingerprint,
                output=outcome.stamp if unchanged else outcome.output,
                output_sha256=outcome.output_sha256,
                counts=counts,
                source=self._source,
            )
            if large is None:
                self._count_bytes(outcome.stamp.size)
        self._manifest.write(row for row in rows.values() if row.state is State.WRITING)
        done = []
        for index, row in rows.items():
            try:
                done.append(self._placed(index, row))
            except FileError as error:
                self._fail(index, str(error), keep=False, stays=True)
            except OSError as error:
                self._fail(index, f"cannot be written: {error.strerror or error}", keep=False, stays=True)
            else:
                self._settle(index, row, before=False)
            _remove(self._sink(index))
        self._manifest.land(done)

    def _placed(self, index: int, row: Row) -> Row:
        """Give an output its name, after all that is kept beside it has its own; return the row for it."""
        if row.state is State.DONE:
            self._keep_beside(index, row.path)
            return row
        target, sink = self._target(row.path), self._sink(index)
        before = self._manifest.row(row.path)
        self._make_parent(target)
        if self._batch.in_place:
            if stamp_of(target) != row.stamp:
                raise FileError("changed by another program since it was read; left as it is now")
            self._keep_beside(index, row.path)
            with self._original_kept(target, row, before):
                move_over(sink, target)
        else:
            self._check_target(target, row, before)
            self._keep_beside(index, row.path)
            move_over(sink, target, most=stat.S_IMODE(sink.stat().st_mode))
        return replace(row, state=State.DONE)

    def _check_target(self, target: Path, row: Row, before: Row | None) -> None:
        """Raise ``FileError`` when what stands where an output is to go should stay, or has to."""
        try:
            mode = target.lstat().st_mode
        except FileNotFoundError:
            return
        if stat.S_ISREG(mode) and not os.access(target, os.W_OK):
            raise FileError("cannot be written: it is read-only")
        if self._batch.restart or stat.S_ISDIR(mode):
            return
        known = before is not None and before.output != NO_STAMP
        ours = before is not None and is_output(target, before)
        if ours and before is not None and before.source == self._source:
            return
        # Written by a run whose manifest is lost, or made by somebody else: it is what is wanted.
        if stat.S_ISREG(mode) and sha256_of(target) == row.output_sha256:
            return
        if before is not None and ours:
            what = f"is there already, made from the file of this name in {visible(before.source)}"
        elif known:
            what = "was changed since it was written"
        else:
            what = "is there already, and not of this batch"
        raise FileError(f"its output {what}; --restart writes over it")

    def _make_parent(self, target: Path) -> None:
        """Make the directory of an output, as open to others as that of its source.

        Raises ``FileError`` when a link there leads elsewhere.
        """
        parent = target.parent
        if parent not in self._parents:
            real = os.path.realpath(self._batch.folder)
            if not Path(os.path.realpath(parent)).is_relative_to(real):
                raise FileError("cannot be written: a link in the output's path leads out of the directory")
            self._make_parents(self._batch.folder, target.relative_to(self._batch.folder))
            self._parents.add(parent)

    def _make_parents(self, top: Path, below: Path) -> None:
        """Make the directories that a file of the batch is to be in, as open to others as its own are."""
        top.mkdir(parents=True, exist_ok=True)
        if (top / below.parent).is_dir():
            return
        for folder in reversed(below.parents[:-1]):
            _make_like(self._base / folder, top / folder)
            if not (top / folder).is_dir():
                file = visible(str(top / folder))
                raise FileError(f"cannot be written: {file} is no directory; move it away")

    @contextmanager
    def _original_kept(self, path: Path, row: Row, before: Row | None) -> Iterator[None]:
        """Keep what a file is while it is changed in place and after, unless that is an output itself.

        What was kept before is moved aside. When the file cannot be changed, all is as it was.
        """
        original = self._own / UNDO_FOLDER / row.path
        there = os.path.lexists(original)
        if there and before is not None and row.sha256 == before.output_sha256:
            yield
            return
        earlier = None
        if there and not original.samefile(path) and sha256_of(original) != row.sha256:
            earlier = self._earlier(row.path)
            original.replace(earlier)
        self._make_parents(self._own / UNDO_FOLDER, Path(row.path))
        kept = self._temporary / "original"
        _remove(kept)
        try:
            # The file is not written to, but replaced: its second name keeps it without a copy.
            os.link(path, kept, follow_symlinks=False)
        except OSError:  # the file system knows no second names
            shutil.copy2(path, kept, follow_symlinks=False)
        kept.replace(original)
        # Where it has that name already, the other one is left.
        _remove(kept)
        try:
            yield
        except BaseException:
            # Interrupted just after it was changed, what it was is to stay.
            if stamp_of(path) == row.stamp:
                self._discard(UNDO_FOLDER, row.path)
                if earlier is not None:
                    self._make_parents(self._own / UNDO_FOLDER, Path(row.path))
                    earlier.replace(original)
            raise

    def _earlier(self, below: str) -> Path:
        """Return a name that is free for what a file was before somebody changed it between two batches."""
        tops = (self._own / EARLIER_FOLDER / str(number) for number in count(1))
        top = next(each for each in tops if not os.path.lexists(each / below))
        self._make_parents(top, Path(below))
        return top / below

    def _keep_beside(self, index: int, below: str) -> None:
        """See to what is kept of a file beside its output: records left out, and no input that failed."""
        sink = self._sink(index)
        bad = sink.with_name(sink.name + BAD)
        kept = self._own / BAD_RECORDS_FOLDER / below
        if bad.exists():
            self._make_parents(self._own / BAD_RECORDS_FOLDER, Path(below))
            bad.replace(kept)
        else:
            self._discard(BAD_RECORDS_FOLDER, below)
        self._discard(QUARANTINE_FOLDER, below)

    def _fail(self, index: int, message: str, *, keep: bool = True, stays: bool = False) -> None:
        """Note and say that a file cannot be done; ``keep`` it in quarantine if that is wanted.

        What an earlier run made of it is not what it is now, and is taken away, unless it ``stays``. What was
        made of another source is left alone.
        """
        item = self._items[index]
        below = item.below
        if _is_below(below):
            row = self._manifest.row(below) or Row(below, State.FAILED, item.stamp)
            target = self._target(below)
            known = row.output != NO_STAMP and os.path.lexists(target)
            others = known and row.source != self._source
            if not others and not stays:
                if known and not self._batch.in_place and is_output(target, row):
                    _remove(target)
                    row = replace(row, output=NO_STAMP)
                self._discard(BAD_RECORDS_FOLDER, below)
            if keep and self._batch.options.on_error == QUARANTINE and not self._batch.in_place:
                try:
                    self._quarantine(below)
                except OSError as error:
                    message += f"; and it cannot be kept in quarantine: {error.strerror or error}"
            elif not others and not stays:
                self._discard(QUARANTINE_FOLDER, below)
            if others:
                self._of_others[index] = message
                self._manifest.keep([row])
            else:
                self._manifest.keep([replace(row.failed(item.stamp, message), source=self._source)])
            self._manifest.forget_places(below, written=others)
        self._totals.failed += 1
        self._count_bytes(max(0, item.stamp.size))
        self._say(index, message)

    def _quarantine(self, below: str) -> None:
        kept = self._own / QUARANTINE_FOLDER / below
        self._make_parents(self._own / QUARANTINE_FOLDER, Path(below))
        copy = self._temporary / "kept"
        shutil.copy2(self._base / below, copy)
        copy.replace(kept)

    def _discard(self, folder: str, below: str) -> None:
        """Remove what is kept of a file in a folder, and the directories that are empty without it."""
        kept = self._own / folder / below
        with suppress(OSError):
            kept.unlink()
            for parent in kept.relative_to(self._own).parents:
                if parent.parts:
                    (self._own / parent).rmdir()

    def _settle(self, index: int, row: Row, *, before: bool) -> None:
        totals, counts = self._totals, row.counts
        totals.done += 1
        totals.done_before += before
        totals.counts += counts
        if before:
            self._bytes += self._items[index].stamp.size
        message = ""
        if counts.problems:
            message = f"{counted(counts.problems, 'record')} left out; the first: {counts.first_problem}"
        self._say(index, message)

    def _say(self, index: int, message: str) -> None:
        self._settled[index] = message
        while (waiting := self._settled.pop(self._next_said, None)) is not None:
            if waiting:
                self._failed(self._items[self._next_said].below, waiting)
            self._next_said += 1

    def _count_bytes(self, size: float) -> None:
        self._bytes += size
        self._bytes_now += size

    def _report_progress(self) -> None:
        totals = self._totals
        self._progress(
            Progress(
                files=totals.done + totals.failed,
                all_files=len(self._items),
                bytes=self._bytes,
                all_bytes=self._all_bytes,
                changes=totals.counts.report.counts.total(),
                failures=totals.failed + totals.counts.problems,
                bytes_now=self._bytes_now,
                seconds=time.monotonic() - self._start,
            )
        )

    def finish(self) -> Totals:
        """Write the report, clear up, and return what all comes to."""
        draft = self._temporary / REPORT
        known = 0
        try:
            with draft.open("wb") as file:
                for index, item in enumerate(self._items):
                    row = self._manifest.row(item.below) if _is_below(item.below) else None
                    known += row is not None
                    done = row is not None and row.state is State.DONE and index not in self._of_others
                    if row is not None and done:
                        record = {"kind": "file", "file": item.below, **row.counts.data()}
                    else:
                        said = self._of_others.get(index) or (item.refusal if row is None else row.message)
                        record = {"kind": "failure", "file": item.below, "message": said}
                    file.write(json_line(record).encode())
                    if done:
                        file.writelines(self._manifest.places(item.below))
                file.write(json_line(self._end_record()).encode())
                file.flush()
                os.fsync(file.fileno())
            move_over(draft, self._own / REPORT)
        except (OSError, FileError) as error:
            raise FileError(f"the report cannot be written: {getattr(error, 'strerror', error)}") from None
        self._totals.left_over = len(self._manifest) - known
        return self._totals

    def _end_record(self) -> dict[str, Any]:
        totals = self._totals
        data = totals.counts.data()
        del data["encodings"]
        return {"kind": "end", "files": totals.files, "failures": totals.failed, **data}

    def _target(self, below: str) -> Path:
        return self._batch.folder / below

    def _sink(self, index: int, part: int | None = None) -> Path:
        return self._temporary / (f"{index}" if part is None else f"{index}-{part}")


def _is_below(below: str) -> bool:
    """Tell whether a name given by the user is one below the base."""
    return not below.startswith("/") and ".." not in below.split("/")


def stamp_of(path: Path) -> Stamp | None:
    """Return what a file is recognized by, ``None`` when it is not there."""
    try:
        return Stamp.of(path.lstat())
    except OSError:
        return None


def _remove(path: Path) -> None:
    for each in (path, path.with_name(path.name + BAD)):
        with suppress(OSError):
            each.unlink()
