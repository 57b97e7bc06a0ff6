"""What can be done with a batch when it is over: look at it, check its outputs, take it back."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from hanfix.corpus.batch import (
    EARLIER_FOLDER,
    LOCK,
    MANIFEST,
    UNDO_FOLDER,
    own_folder,
    settle_writing,
    stamp_of,
)
from hanfix.corpus.files import sha256_of
from hanfix.corpus.manifest import NO_STAMP, Counts, Manifest, Row, State
from hanfix.corpus.plan import OWN_FOLDER, PlanError
from hanfix.corpus.search import walk
from hanfix.report import Failure, visible


@dataclass
class Status:
    """What the manifest of a batch says: files by state, pipelines by number of files, counts, failures."""

    files: Counter[State] = field(default_factory=Counter)
    fingerprints: Counter[str] = field(default_factory=Counter)
    counts: Counts = field(default_factory=Counts)
    failures: list[Failure] = field(default_factory=list)
    in_place: bool = False


def status(folder: Path) -> Status:
    """Return how far the batch is whose outputs are in a directory; a run may be going on.

    Raises ``ManifestError`` when there is none, or its manifest cannot be read.
    """
    found = Status()
    with _manifest(folder) as manifest:
        found.in_place = bool(manifest.settings().get("in place"))
        for row in manifest.rows():
            found.files[row.state] += 1
            if row.state is State.DONE:
                found.fingerprints[row.fingerprint] += 1
                found.counts += row.counts
            elif row.state is State.FAILED:
                found.failures.append(Failure(row.path, row.message))
    return found


@dataclass
class Verified:
    """Outputs that are what was written, those that are not, and files that the batch did not write."""

    sound: int = 0
    failures: list[Failure] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def verify(folder: Path) -> Verified:
    """Return how the outputs in a directory compare with the manifest of their batch.

    Raises ``ManifestError`` when there is none, or it cannot be read.
    """
    found = Verified()
    with _manifest(folder) as manifest:
        in_place = bool(manifest.settings().get("in place"))
        for row in manifest.rows():
            if row.state is not State.WRITING and not _is_checked(folder, row, in_place):
                continue
            message = _difference(folder, row)
            if message:
                found.failures.append(Failure(row.path, message))
            else:
                found.sound += 1
        if not in_place:
            for each in walk(folder, [OWN_FOLDER], hidden=True):
                known = manifest.row(each.below)
                if known is None or (known.state is State.FAILED and known.output == NO_STAMP):
                    found.foreign.append(each.below)
    return found


def _manifest(folder: Path) -> Manifest:
    return Manifest(folder / OWN_FOLDER / MANIFEST, read_only=True)


def _is_checked(folder: Path, row: Row, in_place: bool) -> bool:
    """Tell whether a file should have an output, or failed and has one of an earlier run still."""
    if row.state is State.FAILED:
        return not in_place and row.output != NO_STAMP and stamp_of(folder / row.path) is not None
    return row.output != NO_STAMP


def _difference(folder: Path, row: Row) -> str:
    """Say in what an output is not as it should be: an empty text when it is."""
    if row.state is State.WRITING:
        return "not done yet, or not for certain: run the batch again"
    try:
        same = sha256_of(folder / row.path) == row.output_sha256
    except FileNotFoundError:
        return "the output is gone"
    except OSError as error:
        return f"the output cannot be read: {error.strerror or error}"
    return "" if same else "the output is not what was written: it was changed, or the disk is failing"


@dataclass
class Undone:
    """How many files are again what they were before a batch in place, and which are not.

    ``earlier`` is the directory of what files were before somebody changed them between two batches.
    """

    restored: int = 0
    failures: list[Failure] = field(default_factory=list)
    earlier: Path | None = None


def undo(folder: Path, names: Collection[str] | None = None) -> Undone:
    """Make the files that a batch changed in place what they were; then nothing is left of the batch.

    With ``names`` only these files, called by their paths below the folder: the others can be done later.

    A file that was changed again since is left as it is, and what it was is kept, as is the manifest; what
    files were before changes between two batches is kept too. Killed at any moment, it goes on where it was.

    Raises ``PlanError`` when no batch was run in place there or one is running, ``ManifestError`` and
    ``FileError`` when its manifest cannot be read or written.
    """
    found = Undone()
    own = folder / OWN_FOLDER
    if own.is_dir() and {each.name for each in own.iterdir()} in (set(), {LOCK}, {LOCK, EARLIER_FOLDER}):
        # It was killed when all was done but the last of its own files.
        _clear(own)
        return found
    with _manifest(folder) as manifest:
        if not manifest.settings().get("in place"):
            raise PlanError(
                f"the batch in {visible(str(folder))} was not run in place: its sources are as they were"
            )
    with own_folder(folder) as own, Manifest(own / MANIFEST) as manifest:
        settle_writing(manifest, folder)
        left = False
        undone: list[Row] = []
        for original, below in walk(own / UNDO_FOLDER, hidden=True):
            if names is not None and below not in names:
                left = True
                continue
            path = folder / below
            try:
                if path.exists() and original.samefile(path):  # about to be changed when the batch was killed
                    original.unlink()
                    continue
                row = manifest.row(below)
                message = _restored(path, original, row)
            except OSError as error:
                message = f"cannot be restored: {error.strerror or error}"
            if message:
                kept = visible(str(original))
                found.failures.append(Failure(below, f"{message}; what it was is kept as {kept}"))
                continue
            found.restored += 1
            if row is not None:
                undone.append(replace(row, state=State.WAITING, output=NO_STAMP, output_sha256=""))
        if (own / EARLIER_FOLDER).exists():
            found.earlier = own / EARLIER_FOLDER
        if found.failures or left:
            manifest.keep(undone)
        else:
            _clear(own)
    return found


def _clear(own: Path) -> None:
    """Remove all that is of a batch, but what files were before they were changed by hand."""
    last = (own / MANIFEST, own / LOCK)
    for each in own.iterdir():
        if each.is_dir() and each.name != EARLIER_FOLDER:
            shutil.rmtree(each, ignore_errors=True)
        elif not each.is_dir() and each not in last:
            each.unlink(missing_ok=True)
    for each in last:
        each.unlink(missing_ok=True)
    with suppress(OSError):
        own.rmdir()


def _restored(path: Path, original: Path, row: Row | None) -> str:
    """Put the original of a file back, or say why not."""
    if not path.exists() or (row is not None and sha256_of(path) == row.output_sha256):
        original.replace(path)
        return ""
    if sha256_of(path) == sha256_of(original):
        original.unlink()
        return ""
    return "changed since the batch; left as it is"
