"""What can be done with a batch when it is over: look at it, check its outputs, take it back."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hanfix.corpus.batch import MANIFEST, UNDO_FOLDER, own_folder, settle_writing
from hanfix.corpus.manifest import Counts, Manifest, Row, State
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
        in_place = manifest.settings().get("in place")
        for row in manifest.rows():
            if row.state is State.FAILED:
                continue
            message = _difference(folder, row)
            if message:
                found.failures.append(Failure(row.path, message))
            else:
                found.sound += 1
        if not in_place:
            for each in walk(folder, [OWN_FOLDER], hidden=True):
                known = manifest.row(each.below)
                if known is None or known.state is State.FAILED:
                    found.foreign.append(each.below)
    return found


def _manifest(folder: Path) -> Manifest:
    return Manifest(folder / OWN_FOLDER / MANIFEST, read_only=True)


def _difference(folder: Path, row: Row) -> str:
    """Say in what an output is not as it should be: an empty text when it is."""
    if row.state is not State.DONE:
        return "not done yet, or not for certain: run the batch again"
    try:
        same = _sha256(folder / row.path) == row.output_sha256
    except FileNotFoundError:
        return "the output is gone"
    except OSError as error:
        return f"the output cannot be read: {error.strerror or error}"
    return "" if same else "the output is not what was written: it was changed, or the disk is failing"


@dataclass
class Undone:
    """How many files are again what they were before a batch in place, and which are not."""

    restored: int = 0
    failures: list[Failure] = field(default_factory=list)


def undo(folder: Path) -> Undone:
    """Make the files that a batch changed in place what they were; then nothing is left of the batch.

    A file that was changed again since is left as it is, and what it was is kept, as is the manifest. Killed
    at any moment, it goes on where it was.

    Raises ``PlanError`` when no batch was run in place there or one is running, ``ManifestError`` and
    ``FileError`` when its manifest cannot be read or written.
    """
    found = Undone()
    with _manifest(folder) as manifest:
        if not manifest.settings().get("in place"):
            raise PlanError(
                f"the batch in {visible(str(folder))} was not run in place: its sources are as they were"
            )
    with own_folder(folder) as own, Manifest(own / MANIFEST) as manifest:
        settle_writing(manifest, folder)
        for row in manifest.rows():
            original = own / UNDO_FOLDER / row.path
            if not os.path.lexists(original):
                continue
            try:
                message = _restored(folder / row.path, original, row)
            except OSError as error:
                message = f"cannot be restored: {error.strerror or error}"
            if message:
                kept = visible(str(original))
                found.failures.append(Failure(row.path, f"{message}; what it was is kept as {kept}"))
            else:
                found.restored += 1
        if not found.failures:
            shutil.rmtree(own, ignore_errors=True)
    return found


def _restored(path: Path, original: Path, row: Row) -> str:
    """Put the original of a file back, or say why not."""
    if not path.exists() or original.samefile(path) or _sha256(path) == row.output_sha256:
        original.replace(path)
        return ""
    return "changed since the batch; left as it is"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
