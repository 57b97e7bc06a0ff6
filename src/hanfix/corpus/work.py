"""What a worker process does with the files of a batch: read them, change them, write them, all by itself."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from hanfix.corpus.files import FileError, sha256_of
from hanfix.corpus.formats import QUARANTINE, Cuts, Options, Part, join_parts, parts_of, rewrite_part
from hanfix.corpus.manifest import Counts, Stamp
from hanfix.decode import DecodeError, EncodeError
from hanfix.document import Document
from hanfix.report import Report, json_line
from hanfix.spec import Spec

# Characters on either side of a change in a sample.
_CONTEXT = 12
# What the disk for the output is to blame for: full, or not to be written to.
_OUTPUT_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
# What is added to the name of an output for the file of its records that cannot be done.
BAD = ".bad"


class FileTask(NamedTuple):
    """A file to be done, or taken apart when it is large; ``number`` is its own, ``sink`` its output.

    ``known`` is what it held when it was done before: if it still does, there is nothing to do.
    """

    number: int
    path: str
    below: str
    sink: str
    known: str = ""


class PartTask(NamedTuple):
    """A part of a file to be done; ``stamp`` is what the file was when it was taken apart."""

    number: int
    part: Part
    below: str
    sink: str
    stamp: Stamp


class JoinTask(NamedTuple):
    """Parts of an output that are to become one file, in ``sink``."""

    number: int
    path: str
    parts: tuple[str, ...]
    sink: str
    stamp: Stamp


Task = FileTask | PartTask | JoinTask


class Parts(NamedTuple):
    """What a large file falls into."""

    parts: tuple[Part, ...]
    stamp: Stamp


class Same(NamedTuple):
    """A file that holds what it held when it was done."""

    stamp: Stamp


class PartDone(NamedTuple):
    """What was done with a part of a file, and the compressed records of the places."""

    counts: Counts
    places: bytes


class Written(NamedTuple):
    """An output that only lacks its name; ``stamp`` and ``sha256`` are of the file that it was made from."""

    counts: Counts
    places: bytes
    stamp: Stamp
    sha256: str
    output: Stamp
    output_sha256: str


class Failed(NamedTuple):
    """Why there is no output; ``blameless``: not for what the file holds."""

    message: str
    blameless: bool = False


Outcome = Parts | Same | PartDone | Written | Failed


@dataclass(frozen=True)
class Maker:
    """What workers get instead of a pipeline, and make theirs of, once.

    ``places`` has every change listed with its place; ``context`` adds the characters around it.
    """

    spec: Spec
    options: Options
    places: bool = False
    context: bool = False

    def __call__(self) -> Callable[[Task], Outcome]:
        """Return what does tasks; raises ``SpecError`` when there is no such pipeline."""
        return _Worker(self).do


class _Worker:
    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._pipeline = maker.spec.pipeline()
        self._options = replace(maker.options, cuts=Cuts.of(self._pipeline))
        # What others may not do with files that are made here; it cannot be asked for without being set.
        self._umask = os.umask(0o077)
        os.umask(self._umask)
        self._below = self._path = ""
        self._encodings: set[str] = set()
        self._places: list[bytes] = []

    def do(self, task: Task) -> Outcome:
        """Do a task, or say why it cannot be done."""
        try:
            if isinstance(task, FileTask):
                return self._file(task)
            if isinstance(task, PartTask):
                return self._part_of_large(task)
            return self._join(task)
        except _ChangedError as error:
            return Failed(str(error), blameless=True)
        except (FileError, DecodeError, EncodeError) as error:
            return Failed(str(error))
        except OSError as error:
            doing = "written" if error.errno in _OUTPUT_ERRORS else "read"
            return Failed(f"cannot be {doing}: {error.strerror or error}", blameless=True)
        except MemoryError:
            return Failed("not enough memory; cut it into smaller files")
        except Exception as error:
            said = " ".join(f"{type(error).__name__}: {error}".split())
            return Failed(f"unexpected {said}; please report this")

    def _file(self, task: FileTask) -> Outcome:
        path = Path(task.path)
        stamp = _stamp(path)
        sha256 = sha256_of(path) if task.known else ""
        if sha256 and sha256 == task.known:
            return Same(stamp)
        parts = parts_of(path, self._options, stamp.size)
        if len(parts) > 1:
            return Parts(tuple(parts), stamp)
        counts, places = self._part(parts[0], task.below, Path(task.sink))
        return self._written(path, Path(task.sink), stamp, counts, places)

    def _part_of_large(self, task: PartTask) -> PartDone:
        _check_unchanged(Path(task.part.path), task.stamp)
        return self._part(task.part, task.below, Path(task.sink))

    def _part(self, part: Part, below: str, sink: Path) -> PartDone:
        self._below, self._path = below, part.path
        self._encodings.clear()
        self._places.clear()
        result = rewrite_part(part, sink, self._clean, self._options)
        for problem in result.problems:
            self._note("problem", {"file": below, "place": problem.place, "message": problem.message})
        if self._options.on_error == QUARANTINE and result.problems:
            bad = sink.with_name(sink.name + BAD)
            with bad.open("wb") as file:
                file.writelines(_ended(problem.raw) for problem in result.problems)
        first = result.problems[0] if result.problems else None
        counts = Counts(
            encodings=tuple(sorted(self._encodings)),
            characters=result.characters,
            report=result.report,
            problems=len(result.problems),
            first_problem=f"{first.place}: {first.message}" if first else "",
        )
        return PartDone(counts, zlib.compress(b"".join(self._places)) if self._places else b"")

    def _clean(self, document: Document) -> tuple[str, Report]:
        self._encodings.add(document.encoding)
        if not self._maker.places:
            return self._pipeline.tally(document.text)
        # Documents are called by the path they are read from, and its place in the tree is what is wanted.
        source = replace(document, name=self._below + document.name.removeprefix(self._path))
        result = self._pipeline.run(source)
        for record in result.report.place_records(source):
            kind = record.pop("kind")
            if kind == "change" and self._maker.context:
                start, end = record["start"] - source.before, record["end"] - source.before
                record["before"] = source.text[max(0, start - _CONTEXT) : start]
                record["after"] = source.text[end : end + _CONTEXT]
            self._note(kind, record)
        return result.text, replace(result.report, changes=[], held_back=[], flags=[])

    def _note(self, kind: str, record: dict[str, object]) -> None:
        self._places.append(json_line({"kind": kind, **record}).encode())

    def _join(self, task: JoinTask) -> Written:
        path, sink = Path(task.path), Path(task.sink)
        parts = [Path(each) for each in task.parts]
        # Parts that stay as they are are read from it once more.
        _check_unchanged(path, task.stamp)
        join_parts(parts, sink, path)
        bad = [each for part in parts if (each := part.with_name(part.name + BAD)).exists()]
        if bad:
            with sink.with_name(sink.name + BAD).open("wb") as joined:
                for each in bad:
                    with each.open("rb") as file:
                        shutil.copyfileobj(file, joined)
        for each in (*parts, *bad):
            each.unlink()
        return self._written(path, sink, task.stamp, Counts(), b"")

    def _written(self, path: Path, sink: Path, stamp: Stamp, counts: Counts, places: bytes) -> Written:
        sha256 = sha256_of(path)
        mode = _check_unchanged(path, stamp)
        with sink.open("rb+") as file:
            os.fsync(file.fileno())
            output_sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            output = Stamp.of(os.fstat(file.fileno()))
        for each in (sink, sink.with_name(sink.name + BAD)):
            with suppress(FileNotFoundError):
                each.chmod(mode & ~self._umask | stat.S_IRUSR | stat.S_IWUSR)
        return Written(counts, places, stamp, sha256, output, output_sha256)


class _ChangedError(FileError):
    """A file that another program writes to."""


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise FileError("no regular file")
    return Stamp.of(status)


def _check_unchanged(path: Path, stamp: Stamp) -> int:
    """Return who may do what with a file that is what it was when it was read."""
    try:
        status = path.stat()
    except FileNotFoundError:
        status = None
    if status is None or Stamp.of(status) != stamp:
        raise _ChangedError("changed while it was read; run again when nothing writes to it any more")
    return status.st_mode & 0o777


def _ended(raw: bytes) -> bytes:
    return raw if raw.endswith((b"\n", b"\r")) else raw + b"\n"
