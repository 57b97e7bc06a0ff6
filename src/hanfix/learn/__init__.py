"""Learn a site's own page furniture from its files, by repetition."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from math import ceil
from os import cpu_count
from pathlib import Path
from typing import NamedTuple, TypeVar

from hanfix.corpus.files import FileError, file_key, load, read_bytes
from hanfix.decode import DecodeError
from hanfix.learn.choice import MIN_FILES, MIN_SHARE, Choice, Kind, choose
from hanfix.learn.counts import Counts
from hanfix.learn.evidence import Evidence, add_all, study
from hanfix.learn.files import text_files
from hanfix.learn.pages import all_shapes, page
from hanfix.learn.rulefile import rule_file
from hanfix.report import Failure

__all__ = ["MIN_FILES", "MIN_SHARE", "Choice", "Kind", "Learned", "learn"]

# Files that are counted by one process at a time. The same for any number of processes: so is what comes out.
_FILES_AT_A_TIME = 32
# Parts that wait to be added up, for each process.
_WAITING = 3
# Bytes that are looked at for a NUL, which no text holds but that in UTF-16 and UTF-32.
_LOOKED_AT = 8192
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


@dataclass(frozen=True)
class Learned:
    """What was learnt from the files of a site.

    ``choices`` are the lines that are furniture; ``files`` were read, of which ``pages`` have text of their
    own; ``failures`` could not be read; ``skipped`` are no text. ``undercount`` is by how many files a shape
    may have been counted too low: zero unless the site has more different shapes than fit into memory.
    """

    choices: tuple[Choice, ...]
    files: int
    pages: int
    fewest: int
    failures: tuple[Failure, ...] = ()
    skipped: int = 0
    undercount: int = 0

    def rule_file(self, name: str) -> str:
        """Return the rule file that ``strip --rules`` takes; ``name`` begins the names of its rules."""
        notes = [f"A line counts when it recurs on at least {self.fewest:,} pages."]
        if self.undercount >= self.fewest:
            notes.append(f"Lines on {self.undercount:,} files or fewer may be missing: there were too many.")
        return rule_file(self.choices, name=name, files=self.files, pages=self.pages, notes=notes)


class _Part(NamedTuple):
    """What one process found out about some files in the first pass."""

    counts: Counts
    files: int
    skipped: int
    failures: list[Failure]


class _Study(NamedTuple):
    """What one process found out about some files in the second pass."""

    evidence: dict[str, Evidence]
    pages: int


class _Reading(NamedTuple):
    """How files are read."""

    encoding: str
    errors: str
    # Files that were named are text, whatever their bytes say.
    named: frozenset[str]


def learn(
    paths: Iterable[str | Path],
    *,
    encoding: str = "auto",
    errors: str = "strict",
    min_share: float = MIN_SHARE,
    min_files: int = MIN_FILES,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    leave_out: Iterable[Path] = (),
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Learned:
    """Return the page furniture that recurs across the files of a site.

    The files are read twice. First the shapes of all lines are counted, each once a file: the line as it is,
    with numbers and dates left open, and with any text behind a label or before the site's name. Then those
    that recur are looked at on all pages: where they stand, beside what, with what in their slots. A line is
    furniture when what it says is about the page and it keeps to an edge, when what it says nobody but a page
    says, when it goes with such lines, or when it is one of several at the very edge of most pages.

    Place and company cannot tell a line that is the same on every page and stands among furniture, or with
    others right below each title, from furniture: a site of forms teaches parts of the form.

    *Left alone:* what belongs to a text however often it recurs: headings of chapters and sections, end
    marks, bylines, datelines, scene breaks, names of speakers, refrains; lines of pages that have no text of
    their own, as copies of other pages have not.

    ``paths`` are files and directories (``hanfix.learn.files.text_files`` says what is taken of these, and
    what ``include`` and ``exclude`` are), ``leave_out`` files that are not read. A line must be on
    ``min_share`` of the pages and on ``min_files`` of them. Whatever the number of ``jobs`` (0: as many as
    there are processors), the same files give the same result. ``progress`` is told how many files are done,
    of how many; each counts twice. Memory is bounded but for the list of files: see ``hanfix.learn.counts``.

    A file that cannot be read is one of the ``failures``, and the others go on. Raises ``ValueError`` for
    bounds that make no sense.
    """
    if not 0 < min_share <= 1:
        raise ValueError("the share must be more than 0 and at most 1")
    if min_files < 2:
        raise ValueError("what recurs is on 2 files at least")
    given = [Path(each) for each in paths]
    left_out = {file_key(each) for each in leave_out}
    failures: list[Failure] = []

    def unlisted(folder: Path, error: OSError) -> None:
        failures.append(Failure(str(folder), f"cannot be listed: {error.strerror or error}"))

    found = dict.fromkeys(text_files(given, include, exclude, unlisted))
    files = [str(each) for each in found if not left_out or file_key(each) not in left_out]
    reading = _Reading(encoding, errors, frozenset(str(each) for each in given if not each.is_dir()))
    groups = [files[at : at + _FILES_AT_A_TIME] for at in range(0, len(files), _FILES_AT_A_TIME)]
    done = 0
    counts = Counts()
    read = skipped = 0
    with ExitStack() as stack:
        workers = min(jobs or cpu_count() or 1, len(groups))
        pool = None
        if workers > 1:
            context = multiprocessing.get_context("spawn")
            pool = stack.enter_context(ProcessPoolExecutor(workers, mp_context=context))
        for group, part in zip(groups, _map(pool, partial(_count, reading), groups, workers), strict=True):
            counts.merge(part.counts)
            read += part.files
            skipped += part.skipped
            failures += part.failures
            done += len(group)
            progress(done, 2 * len(files))
        # Copies are counted here and not on the second reading: half the share is enough for a closer look.
        recurring = frozenset(counts.at_least(max(min_files, ceil(min_share * read / 2))))
        evidence: dict[str, Evidence] = {}
        pages = 0
        studies = _map(pool, partial(_study, reading, recurring), groups, workers)
        for group, studied in zip(groups, studies, strict=True):
            add_all(evidence, studied.evidence)
            pages += studied.pages
            done += len(group)
            progress(done, 2 * len(files))
    return Learned(
        choices=tuple(choose(evidence, pages, min_share, min_files)) if pages else (),
        files=read,
        pages=pages,
        fewest=max(min_files, ceil(min_share * pages)),
        failures=tuple(failures),
        skipped=skipped,
        undercount=counts.error,
    )


Item = TypeVar("Item")
Result = TypeVar("Result")


def _map(
    pool: ProcessPoolExecutor | None, work: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> Iterator[Result]:
    """Yield what the work on each item comes to, in their order, few of them waiting at a time."""
    if pool is None:
        yield from map(work, items)
        return
    waiting: deque[Future[Result]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) > _WAITING * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _count(reading: _Reading, files: Sequence[str]) -> _Part:
    counts = Counts()
    failures: list[Failure] = []
    read = skipped = 0
    for name in files:
        try:
            text = _text(reading, name)
        except (FileError, DecodeError) as error:
            failures.append(Failure(name, str(error)))
            continue
        if text is None:
            skipped += 1
            continue
        read += 1
        counts.add(all_shapes(text))
    return _Part(counts, read, skipped, failures)


def _study(reading: _Reading, recurring: frozenset[str], files: Sequence[str]) -> _Study:
    evidence: dict[str, Evidence] = {}
    pages = 0
    for name in files:
        try:
            text = _text(reading, name)
        except (FileError, DecodeError):
            # Said on the first reading.
            continue
        lines = page(text, recurring) if text is not None else []
        if lines:
            add_all(evidence, study(lines))
            pages += 1
    return _Study(evidence, pages)


def _text(reading: _Reading, name: str) -> str | None:
    """Return the text of a file, ``None`` if it is none."""
    raw = read_bytes(Path(name), regular=name not in reading.named)
    if (
        name not in reading.named
        and reading.encoding == "auto"
        and b"\0" in raw[:_LOOKED_AT]
        and not raw.startswith(_WIDE_MARKS)
    ):
        return None
    return load(raw, name, encoding=reading.encoding, errors=reading.errors).document.text
