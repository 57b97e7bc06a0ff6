"""``hanfix batch``: a tree of files, or a corpus."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from hanfix.cli import COMMANDS
from hanfix.cli.options import (
    CHANGES,
    FILE_OPTIONS,
    FILES,
    JOBS_OPTION,
    LIMIT,
    MEGABYTE,
    MESSAGES,
    PIPELINE_OPTIONS,
    PROFILE_OPTIONS,
    REPORT_FIELD,
    SEARCH_OPTIONS,
    STANDARD_STREAM,
    TEXT_FIELD,
    Command,
    FileName,
    Option,
    Settings,
    of_given,
    on_error,
    over_limit,
    usage_errors,
)
from hanfix.cli.run import standard_input
from hanfix.cli.tasks import Reading
from hanfix.cli.terminal import Messages, write_standard_output
from hanfix.corpus.files import FileError, read_bytes
from hanfix.report import EXIT_DONE, EXIT_INPUT_FAILED, Failure, counted, visible

if TYPE_CHECKING:
    from hanfix.corpus.batch import Batch, Progress, Totals
    from hanfix.corpus.formats import Options
    from hanfix.corpus.plan import Plan
    from hanfix.corpus.sample import Sample
    from hanfix.pipeline import Pipeline
    from hanfix.spec import Spec

_HELP = f"""{COMMANDS["batch"]}

SRC is a directory, a file or a quoted pattern such as 'pages/**/*.txt'; DST is the directory for the
outputs, which have the names and paths of their sources. By their names files are plain text, JSON Lines
(.jsonl), CSV, TSV or Parquet, compressed or not (.gz .bz2 .xz .zst).

Run again, it does what is new, changed or failed, and goes on where it was killed. What is no output (the
report, the manifest, inputs that failed) is in DST/.hanfix.

\b
Examples:
  hanfix batch --sample 100 pages
  hanfix batch --jobs 0 --to simplified pages cleaned
  hanfix batch --text-field title --text-field body crawl.jsonl.gz cleaned
  find pages -newer last -print0 | hanfix batch --files-from - . cleaned
  hanfix batch --status cleaned
  hanfix batch --in-place pages; hanfix batch --undo pages

\b
Exit codes: 0 done; 2 usage; 3 a file or a record failed (the others are done); 130 interrupted.
"""

# Where the rules stand that --learn finds, beside the manifest.
_LEARNT = "learnt.toml"
# Columns of the bar; a quarter of a narrow terminal.
_BAR_WIDTH = 30
# Seconds between two lines that say how far it is, where nothing can be drawn.
_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class _Given(Reading):
    """What a batch reads and writes, as given on the command line."""

    files_from: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    hidden: bool
    jobs: int
    places: bool
    restart: bool
    keep_going: bool
    learn: bool
    sample: int | None
    seed: int
    status: bool
    verify: bool
    undo: bool
    quiet: bool

    def options(self) -> Options:
        """Return how files are read and written; raises ``click.UsageError`` for a contradiction."""
        from hanfix.corpus.formats import FAIL, QUARANTINE

        # In place a record left out would be gone from the only file that has it.
        return self.format_options(on_error=self.on_error or (FAIL if self.in_place else QUARANTINE))

    @property
    def workers(self) -> int:
        return self.jobs or cpu_count() or 1


def _batch(paths: tuple[Path, ...], no_color: bool, **given: object) -> None:
    from hanfix.corpus.manifest import ManifestError
    from hanfix.corpus.plan import PlanError
    from hanfix.corpus.workers import WorkerError

    messages = Messages(color=not no_color)
    batch = of_given(_Given, given)
    try:
        with usage_errors():
            code = _mode(paths, batch, of_given(Settings, given), messages)
    except PlanError as error:
        raise click.UsageError(str(error)) from None
    except (FileError, ManifestError, WorkerError) as error:
        messages.line(f"hanfix: {error}", style="red")
        code = EXIT_INPUT_FAILED
    click.get_current_context().exit(code)


def _mode(paths: Sequence[Path], given: _Given, settings: Settings, messages: Messages) -> int:
    """Do what was asked for, and return the exit code."""
    modes = {
        "--status": (given.status, lambda: _status(_one(paths, "DST"))),
        "--verify": (given.verify, lambda: _verify(_one(paths, "DST"), messages, quiet=given.quiet)),
        "--undo": (given.undo, lambda: _undo(_source(paths, given), given, messages)),
        "--sample": (given.sample is not None, lambda: _sample(paths, given, settings, messages)),
        "--in-place": (given.in_place, lambda: _run(*_places(paths, given), given, settings, messages)),
    }
    asked = [name for name, (wanted, _) in modes.items() if wanted]
    if len(asked) > 1 and asked != ["--sample", "--in-place"]:
        raise click.UsageError(f"{' and '.join(asked)} exclude each other")
    if asked:
        return modes[asked[0]][1]()
    return _run(*_places(paths, given), given, settings, messages)


def _one(paths: Sequence[Path], name: str) -> Path:
    if len(paths) != 1:
        raise click.UsageError(f"one directory is wanted here: {name}")
    return paths[0]


def _source(paths: Sequence[Path], given: _Given) -> Path:
    """Return the source as given; the names of a list are in a directory that need not be."""
    return Path() if given.files_from is not None and not paths else _one(paths, "SRC")


def _places(paths: Sequence[Path], given: _Given) -> tuple[Path, Path]:
    """Return the source and the directory for the outputs."""
    if given.in_place:
        source = _source(paths, given)
        return source, source
    if given.files_from is not None and len(paths) == 1:
        return Path(), paths[0]
    if len(paths) != 2:
        raise click.UsageError("two names are wanted: SRC and DST; a pattern must be quoted")
    return paths[0], paths[1]


def _plan(source: Path, given: _Given, messages: Messages) -> Plan:
    from hanfix.corpus.plan import plan_of, split_names

    names = None
    if given.files_from is not None:
        try:
            if given.files_from == STANDARD_STREAM:
                data = standard_input(messages, quiet=given.quiet).read()
            else:
                data = read_bytes(Path(given.files_from))
        except FileError as error:
            raise click.UsageError(f"{visible(given.files_from)}: {error}") from None
        names = split_names(data)
    made = plan_of(
        source,
        names=names,
        include=given.include,
        exclude=given.exclude,
        hidden=given.hidden,
        in_place=given.in_place or given.undo,
    )
    if not given.quiet:
        for reason, count in made.left_out.items():
            messages.line(f"left out: {count:,} ({reason})")
    return made


def _run(source: Path, folder: Path, given: _Given, settings: Settings, messages: Messages) -> int:
    from hanfix.corpus.batch import Batch
    from hanfix.corpus.plan import refuse_nesting

    spec = settings.spec()
    _check(spec)
    options = given.options()
    made = _plan(source, given, messages)
    if given.in_place:
        folder = made.base
    else:
        refuse_nesting(made, folder)
    if given.learn:
        spec = _with_learnt(spec, made, folder, given, messages)
    batch = Batch(
        made,
        folder,
        spec,
        options,
        jobs=given.workers,
        in_place=given.in_place,
        places=given.places,
        restart=given.restart,
        keep_going=given.keep_going,
    )
    with _screen(messages, quiet=given.quiet) as (say, progress):
        totals = batch.run(failed=say, progress=progress)
    if not given.quiet:
        for line in _closing(totals, spec.pipeline(), batch):
            messages.line(line, style="dim" if line.startswith(" ") else "bold")
    return totals.exit_code()


def _check(spec: Spec) -> None:
    """Raise ``SpecError`` for options that a filter refuses.

    The pipeline is not built here: the workers build theirs, and would wait for it.
    """
    from hanfix.spec import build_filter

    for name in spec.filters:
        if options := spec.options.get(name):
            build_filter(name, options)


def _with_learnt(spec: Spec, made: Plan, folder: Path, given: _Given, messages: Messages) -> Spec:
    """Return the spec with the rules that the files teach: those of an interrupted run, if there was one."""
    from hanfix.corpus.batch import own_folder

    with own_folder(folder, None if given.in_place else made.base) as own:
        target = own / _LEARNT
        if given.restart or not target.exists():
            _learn(made, target, given, messages)
    return _with_rules(spec, target)


def _learn(made: Plan, target: Path, given: _Given, messages: Messages) -> None:
    """Write the rules that the files teach to a file."""
    from hanfix.corpus.files import write_bytes
    from hanfix.corpus.formats import Format, format_of
    from hanfix.learn import learn

    files = [made.base / item.below for item in made.items if not item.refusal]
    texts = [path for path in files if format_of(path) == Format("text")]
    learned = learn(texts, encoding=given.encoding, errors=given.errors, jobs=given.workers)
    write_bytes(target, learned.rule_file("site").encode())
    if not given.quiet:
        # That of a sample is gone when this is read.
        where = "" if given.sample else f": {target}"
        messages.line(f"learnt: {len(learned.choices):,} rules from {learned.files:,} files{where}")


def _with_rules(spec: Spec, target: Path) -> Spec:
    """Return the spec with the rules in a file."""
    rules = (*spec.options.get("strip", {}).get("rules", ()), str(target))
    filters = spec.filters if "strip" in spec.filters else (*spec.filters, "strip")
    return spec.with_changes(filters=filters, options={"strip": {"rules": rules}})


def _closing(totals: Totals, pipeline: Pipeline, batch: Batch) -> Iterator[str]:
    """Yield the lines that say what a batch came to, in all its runs."""
    from hanfix.corpus.batch import QUARANTINE_FOLDER, REPORT
    from hanfix.corpus.plan import OWN_FOLDER

    counts = totals.counts
    before = f", {totals.done_before:,} of them before" if totals.done_before else ""
    rows = [
        ("files", f"{totals.files:,} ({totals.done:,} done{before}; {totals.failed:,} failed)"),
        ("documents", f"{counts.report.documents:,} ({counts.report.changed:,} changed)"),
        ("characters", f"{counts.characters:,}"),
        ("changes", f"{counts.report.counts.total():,}"),
        ("held back", f"{counts.report.held.total():,}"),
        ("flags", f"{counts.report.flagged.total():,}"),
        ("failures", f"{totals.failed + counts.problems:,}"),
    ]
    width = max(len(name) for name, _ in rows)
    yield from (f"{name:<{width}}  {value}" for name, value in rows)
    yield from counts.report.summary(pipeline, places="--places")
    if counts.problems:
        yield f"records that could not be done: {counts.problems:,}"
    if totals.left_over:
        yield f"left over: {counted(totals.left_over, 'file')} of earlier runs, not asked for this time"
    own = batch.folder / OWN_FOLDER
    kept = own / QUARANTINE_FOLDER
    if totals.failed and kept.is_dir():
        yield f"the inputs that failed: {visible(str(kept))}"
    yield f"the report: {visible(str(own / REPORT))}"


@contextmanager
def _screen(
    messages: Messages, *, quiet: bool
) -> Iterator[tuple[Callable[[str, str], None], Callable[[Progress], None]]]:
    """Yield what says that a file failed, and what shows how far it is."""

    def say(below: str, message: str) -> None:
        messages.line(f"hanfix: {visible(below)}: {visible(message)}", style="red")

    if quiet:
        yield say, lambda progress: None
        return
    if not messages.colored:
        yield say, _Lines(messages)
        return
    # Imported here: nobody else needs it.
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    bar_width = min(_BAR_WIDTH, console.width // 4)
    columns = (BarColumn(bar_width), TextColumn("{task.description}", markup=False))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(progress: Progress) -> None:
            total = max(1, progress.all_bytes)
            # A space stands between the bar and what it says, and the last place of a line stays free.
            description = _how_far(progress, console.width - bar_width - 2)
            bar.update(task, completed=progress.bytes, total=total, description=description)

        yield (
            lambda below, message: console.print(
                f"hanfix: {visible(below)}: {visible(message)}", style="red", soft_wrap=True
            ),
            show,
        )


class _Lines:
    """Says how far it is now and then."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._next = time.monotonic() + _SECONDS

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SECONDS
            self._messages.line(_how_far(progress))


def _how_far(progress: Progress, width: int | None = None) -> str:
    """Say how far a batch is, and how long it will take if it goes on like this; the rest if it fits.

    >>> from hanfix.corpus.batch import Progress
    >>> _how_far(Progress(3, 10, 3e6, 9e6, 12, 1, 2e6, 4.0))
    '0:00:12 left, 3 of 10 files, 1 failure, 3.0 of 9.0 MB, 0.5 MB/s, 12 changes'
    >>> _how_far(Progress(3, 10, 3e6, 9e6, 12, 1, 2e6, 4.0), 40)
    '0:00:12 left, 3 of 10 files, 1 failure'
    """
    rate = progress.bytes_now / progress.seconds if progress.seconds else 0
    parts = []
    if rate:
        left = max(0, progress.all_bytes - progress.bytes) / rate
        parts.append(f"{timedelta(seconds=round(left))} left")
    parts += [
        f"{progress.files:,} of {counted(progress.all_files, 'file')}",
        counted(progress.failures, "failure"),
        f"{progress.bytes / MEGABYTE:,.1f} of {progress.all_bytes / MEGABYTE:,.1f} MB",
        f"{rate / MEGABYTE:.1f} MB/s",
        counted(progress.changes, "change"),
    ]
    while width is not None and len(parts) > 1 and len(", ".join(parts)) > width:
        parts.pop()
    return ", ".join(parts)


def _status(folder: Path) -> int:
    from hanfix.corpus.manifest import State
    from hanfix.corpus.upkeep import status

    found = status(folder)
    report = found.counts.report
    lines = [f"{state:<10}  {count:,}" for state in State if (count := found.files[state])]
    lines += [
        f"documents   {report.documents:,} ({report.changed:,} changed)",
        f"characters  {found.counts.characters:,}",
        f"changes     {report.counts.total():,}",
    ]
    if len(found.fingerprints) > 1:
        several = ", ".join(f"{count:,}" for _, count in found.fingerprints.most_common())
        lines.append(f"done with {len(found.fingerprints)} different pipelines: {several} files")
    if found.counts.problems:
        lines.append(f"records left out: {found.counts.problems:,}")
    lines += [f"failed: {visible(each.document)}: {visible(each.message)}" for each in found.failures]
    write_standard_output("".join(f"{line}\n" for line in lines).encode())
    return EXIT_INPUT_FAILED if found.failures or found.counts.problems else EXIT_DONE


def _verify(folder: Path, messages: Messages, *, quiet: bool) -> int:
    from hanfix.corpus.upkeep import verify

    found = verify(folder)
    _say_failures(found.failures, messages)
    if not quiet:
        for below in found.foreign:
            messages.line(f"not of this batch: {visible(below)}")
        messages.line(
            f"{counted(found.sound, 'output')} as written, {len(found.failures):,} not", style="bold"
        )
    return EXIT_INPUT_FAILED if found.failures else EXIT_DONE


def _undo(source: Path, given: _Given, messages: Messages) -> int:
    from hanfix.corpus.upkeep import undo

    if given.files_from is None and source.is_dir():
        found = undo(source)
    else:
        made = _plan(source, given, messages)
        found = undo(made.base, {item.below for item in made.items})
    _say_failures(found.failures, messages)
    if not given.quiet:
        messages.line(f"{counted(found.restored, 'file')} restored", style="bold")
        if found.earlier is not None:
            kept = visible(str(found.earlier))
            messages.line(f"what files were before they were changed between two batches is kept: {kept}")
    return EXIT_INPUT_FAILED if found.failures else EXIT_DONE


def _sample(paths: Sequence[Path], given: _Given, settings: Settings, messages: Messages) -> int:
    from hanfix.corpus.sample import sample_of

    if not 1 <= len(paths) <= 2:
        raise click.UsageError("--sample needs SRC; DST may be named and is not touched")
    source = Path() if given.files_from is not None and len(paths) == 1 else paths[0]
    spec = settings.spec()
    made = _plan(source, given, messages)
    with TemporaryDirectory() as own:
        if given.learn:
            target = Path(own, _LEARNT)
            _learn(made, target, given, messages)
            spec = _with_rules(spec, target)
        pipeline = spec.pipeline()
        found = sample_of(made, given.sample or 0, spec, given.options(), seed=given.seed, jobs=given.workers)
    _say_failures([Failure(item.below, item.refusal) for item in made.items if item.refusal], messages)
    _say_failures(found.failures, messages)
    write_standard_output("".join(f"{line}\n" for line in _shown(found, made, pipeline)).encode())
    return EXIT_INPUT_FAILED if found.failures or found.counts.problems else EXIT_DONE


def _shown(found: Sample, made: Plan, pipeline: Pipeline) -> Iterator[str]:
    """Yield the lines that show what a pipeline would do to the files of a sample."""
    report = found.counts.report
    yield (
        f"{found.files:,} of {counted(len(made.items), 'file')} tried, nothing written: "
        f"{report.changed:,} of {counted(report.documents, 'document')} would change"
    )
    for rule, count in report.counts.most_common():
        yield f"{rule}  {counted(count, 'change')} in {counted(found.changed[rule], 'file')}"
        for each in found.examples[rule]:
            before, old, new, after, place = map(visible, (*each[1:], each.place))
            yield f"  {before}[-{old}-]{{+{new}+}}{after}  ({place})"
    for line in report.summary(pipeline, places="hanfix clean -v"):
        if line.startswith(("held back", "left alone")):
            yield line
    if found.counts.problems:
        yield f"records that could not be done: {found.counts.problems:,}; {found.counts.first_problem}"


def _say_failures(failures: Iterable[Failure], messages: Messages) -> None:
    for each in failures:
        messages.line(f"hanfix: {visible(each.document)}: {visible(each.message)}", style="red")


command = Command(
    "batch",
    callback=_batch,
    params=[
        click.Argument(["paths"], nargs=-1, type=FileName(path_type=Path), metavar="[SRC] [DST]"),
        Option(
            ["--files-from"],
            type=FileName(allow_dash=True),
            metavar="FILE",
            help="Read the names of the files in SRC (default: here) from this file, one a line, or each "
            "ended by NUL; - is standard input.",
            section=FILES,
        ),
        *SEARCH_OPTIONS,
        Option(["--hidden"], is_flag=True, help="Read hidden files and directories too.", section=FILES),
        *(each for each in FILE_OPTIONS if each.name == "in_place"),
        *(each for each in FILE_OPTIONS if each.name in ("encoding", "errors", "output_encoding")),
        TEXT_FIELD,
        REPORT_FIELD,
        LIMIT,
        over_limit("refuse"),
        on_error("fail", "skip", "keep", "quarantine", default=None, shown="quarantine; in place: fail"),
        Option(
            ["--restart"],
            is_flag=True,
            help="Do all files again, and write over what is there.",
            section=FILES,
        ),
        Option(
            ["--keep-going"],
            is_flag=True,
            help="Leave what was done with other settings, and do the rest with these.",
            section=FILES,
        ),
        Option(
            ["--learn"],
            is_flag=True,
            help="Learn the site's own furniture from the files first, as 'hanfix learn' does, and strip it.",
            section=CHANGES,
        ),
        *PROFILE_OPTIONS,
        *PIPELINE_OPTIONS,
        JOBS_OPTION,
        Option(
            ["--places"],
            is_flag=True,
            help="List every change, held edit and flag with its place in the report, which takes longer.",
            section=MESSAGES,
        ),
        Option(
            ["--sample"],
            type=click.IntRange(1),
            metavar="N",
            help="Try N files drawn by chance, show changes by rule with examples, and write nothing.",
            section=MESSAGES,
        ),
        Option(
            ["--seed"],
            type=int,
            default=0,
            show_default=True,
            metavar="N",
            help="With --sample: another number draws other files.",
            section=MESSAGES,
        ),
        Option(["--status"], is_flag=True, help="Say how far the batch in DST is.", section=MESSAGES),
        Option(
            ["--verify"],
            is_flag=True,
            help="Check that the outputs in DST are what was written.",
            section=MESSAGES,
        ),
        Option(
            ["--undo"],
            is_flag=True,
            help="Make the files in SRC what they were before a batch with --in-place, which keeps them.",
            section=FILES,
        ),
        *(each for each in FILE_OPTIONS if each.name in ("quiet", "no_color")),
    ],
    help=_HELP,
)
