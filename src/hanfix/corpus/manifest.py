"""What a batch has done so far, kept so that killing it at any moment loses nothing: one row a file."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from hanfix.report import Report

# Changed with the tables below.
_VERSION = 2
# What is wrong with a file that is no manifest, or not any more; anything else (a full disk, say) passes.
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# What SQLite keeps beside its file, and that last, by the endings of their names: what is left of one must
# not be taken for that of another.
_COMPANIONS = ("-journal", "-wal", "-shm", "")

_FILE = """
    path BLOB PRIMARY KEY,
    source BLOB NOT NULL,
    state TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    output_size INTEGER NOT NULL,
    output_mtime_ns INTEGER NOT NULL,
    output_sha256 TEXT NOT NULL,
    message TEXT NOT NULL,
    counts TEXT NOT NULL
"""
# Outputs that are about to get their names have rows of their own: until they have them, what is known of
# those that are there must not be forgotten.
_TABLES = f"""
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files ({_FILE}) WITHOUT ROWID;
CREATE TABLE writing ({_FILE}) WITHOUT ROWID;
CREATE TABLE places (
    path BLOB, written INTEGER, number INTEGER, records BLOB NOT NULL, PRIMARY KEY (path, written, number)
);
"""
_COLUMNS = (
    "path, source, state, size, mtime_ns, sha256, fingerprint, output_size, output_mtime_ns, output_sha256, "
    "message, counts"
)
_MARKS = ", ".join("?" * len(_COLUMNS.split()))


class ManifestError(Exception):
    """A manifest that cannot be read or written; the message says which and why."""


class DamagedError(ManifestError):
    """A manifest that cannot be read now or ever; the message says what can be done."""


class State(StrEnum):
    """What has become of a file."""

    # Its output is ready and may or may not have its name already.
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    # To be done anew, though an output of an earlier run may be there.
    WAITING = "waiting"


class Stamp(NamedTuple):
    """What a file is recognized by: its size and times, as far as a look at the directory shows them."""

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """Return the stamp of a file's status."""
        return cls(status.st_size, status.st_mtime_ns)


# No file has a negative size.
NO_STAMP = Stamp(-1, 0)


@dataclass(frozen=True)
class Counts:
    """What was read, changed and found in a file; counts add up.

    ``problems`` counts records that could not be done, and ``first_problem`` says where the first is and why.
    """

    encodings: tuple[str, ...] = ()
    characters: int = 0
    report: Report = field(default_factory=Report)
    problems: int = 0
    first_problem: str = ""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            tuple(sorted({*self.encodings, *other.encodings})),
            self.characters + other.characters,
            self.report + other.report,
            self.problems + other.problems,
            self.first_problem or other.first_problem,
        )

    def data(self) -> dict[str, Any]:
        """Return the counts as plain data, in an order that does not depend on that of adding."""
        report = self.report
        return {
            "encodings": list(self.encodings),
            "documents": report.documents,
            "changed": report.changed,
            "characters": self.characters,
            "counts": dict(sorted(report.counts.items())),
            "rewritten": dict(sorted(report.rewritten.items())),
            "held": dict(sorted(report.held.items())),
            "flagged": dict(sorted(report.flagged.items())),
            "problems": self.problems,
        }

    def text(self) -> str:
        """Return the counts as the manifest holds them."""
        return json.dumps({**self.data(), "first_problem": self.first_problem}, ensure_ascii=False)

    @classmethod
    def of_text(cls, text: str) -> Counts:
        """Return the counts that the manifest holds."""
        data = json.loads(text)
        report = Report(
            documents=data["documents"],
            changed=data["changed"],
            counts=Counter(data["counts"]),
            held=Counter(data["held"]),
            flagged=Counter(data["flagged"]),
            rewritten=Counter(data["rewritten"]),
        )
        return cls(
            tuple(data["encodings"]),
            data["characters"],
            report,
            data["problems"],
            data["first_problem"],
        )


@dataclass(frozen=True)
class Row:
    """A file of the batch by its path below the ``source``, what it was, and what its output is.

    ``fingerprint`` is that of the pipeline and the options that the output was made with; ``message`` says
    why there is none.
    """

    path: str
    state: State
    stamp: Stamp
    sha256: str = ""
    fingerprint: str = ""
    output: Stamp = NO_STAMP
    output_sha256: str = ""
    message: str = ""
    counts: Counts = Counts()
    source: str = ""

    def failed(self, stamp: Stamp, message: str) -> Row:
        """Return the row of a file that could not be done; its output is still known to be ours."""
        return replace(self, state=State.FAILED, stamp=stamp, message=message, counts=Counts())


class Manifest:
    """The table of a batch's files, in SQLite; ``with`` closes it.

    What was written is there after the process was killed, at whatever moment: nothing is written in part.
    Raises ``ManifestError`` when the file cannot be opened, read or written; when it is none, that is a
    ``DamagedError``.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        # A run may be going on, and what only looks must not make tables.
        if read_only and not path.is_file():
            raise ManifestError(f"{path}: there is no such file: no batch was run there")
        with self._errors():
            name = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
            self._database = sqlite3.connect(name, uri=True)
            try:
                self._prepare()
            except BaseException:
                self._database.close()
                raise

    @classmethod
    def sound(cls, path: Path) -> Self:
        """Return the manifest of this path; one that is damaged is set aside, and a new one begun."""
        try:
            manifest = cls(path)
            try:
                manifest.check()
            except BaseException:
                manifest._database.close()
                raise
        except DamagedError:
            for companion in _COMPANIONS:
                old = path.with_name(path.name + companion)
                with suppress(FileNotFoundError):
                    old.replace(path.with_name(f"{path.name}.damaged{companion}"))
            return cls(path)
        return manifest

    def _prepare(self) -> None:
        if not self._read_only:
            # One write to the file instead of two, and none that waits for the disk: after a loss of power
            # the last files are done again, and nothing is wrong.
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        tables = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version == tables == 0:
            if self._read_only:
                raise ManifestError(f"{self._path}: empty: the batch ended before it began; run it again")
            self._database.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
        elif version != _VERSION:
            raise DamagedError(
                f"{self._path}: written by another version of hanfix (tables {version}, here {_VERSION}), "
                "which can go on with it; --restart sets it aside and does all files again"
            )

    def check(self) -> None:
        """Read all of it; raises ``DamagedError`` when something is not as it was written."""
        with self._errors():
            found = self._database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise DamagedError(self._damaged(found))

    def _damaged(self, said: str) -> str:
        return f"{self._path}: damaged ({said}); --restart sets it aside and does all files again"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Otherwise those who only look would leave files beside it.
        with suppress(sqlite3.Error):
            if not self._read_only:
                self._database.execute("PRAGMA journal_mode = DELETE")
        self._database.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = str(error)
            code = getattr(error, "sqlite_errorcode", None)
            if code in _DAMAGE:
                raise DamagedError(self._damaged(said)) from None
            if code == sqlite3.SQLITE_FULL:
                said = "cannot be written: the disk is full; what was written is whole, run again to go on"
            raise ManifestError(f"{self._path}: {said}") from None

    def settings(self) -> dict[str, Any]:
        """Return what the last run was made with, as it was given to ``keep_settings``."""
        with self._errors():
            found = self._database.execute("SELECT name, value FROM settings").fetchall()
        return {name: json.loads(value) for name, value in found}

    def keep_settings(self, settings: Mapping[str, Any]) -> None:
        """Keep what a run is made with."""
        rows = [(name, json.dumps(value)) for name, value in settings.items()]
        with self._errors(), self._database:
            self._database.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", rows)

    def rows(self) -> Iterator[Row]:
        """Yield what is known of all files, in the order of their paths."""
        yield from self._rows(
            f"SELECT {_COLUMNS} FROM writing UNION ALL "
            f"SELECT {_COLUMNS} FROM files WHERE path NOT IN (SELECT path FROM writing) ORDER BY path"
        )

    def written(self) -> Iterator[Row]:
        """Yield the outputs that were about to get their names, in the order of their paths."""
        yield from self._rows(f"SELECT {_COLUMNS} FROM writing ORDER BY path")

    def _rows(self, query: str) -> Iterator[Row]:
        with self._errors():
            for found in self._database.execute(query):
                yield _row(found)

    def __len__(self) -> int:
        with self._errors():
            return int(self._database.execute("SELECT count(*) FROM files").fetchone()[0])

    def row(self, path: str) -> Row | None:
        """Return the row of a file as it was settled last, ``None`` if there is none."""
        with self._errors():
            found = self._database.execute(
                f"SELECT {_COLUMNS} FROM files WHERE path = ?", (os.fsencode(path),)
            ).fetchone()
        return None if found is None else _row(found)

    def keep(self, rows: Iterable[Row]) -> None:
        """Write rows, all of them or none; what was to be written of these files is settled thereby."""
        with self._errors(), self._database:
            self._keep(rows)

    def land(self, rows: Iterable[Row]) -> None:
        """Write the rows of outputs that have their names now, all or none, and settle their places."""
        with self._errors(), self._database:
            paths = self._keep(rows)
            self._database.executemany("DELETE FROM places WHERE path = ? AND NOT written", paths)
            self._database.executemany("UPDATE places SET written = 0 WHERE path = ?", paths)

    def _keep(self, rows: Iterable[Row]) -> list[tuple[bytes]]:
        values = [_values(row) for row in rows]
        paths = [each[:1] for each in values]
        self._database.executemany(f"INSERT OR REPLACE INTO files VALUES ({_MARKS})", values)
        self._database.executemany("DELETE FROM writing WHERE path = ?", paths)
        return paths

    def write(self, rows: Iterable[Row]) -> None:
        """Note that outputs are about to get their names, all of them or none."""
        values = [_values(row) for row in rows]
        with self._errors(), self._database:
            self._database.executemany(f"INSERT OR REPLACE INTO writing VALUES ({_MARKS})", values)

    def drop_written(self) -> None:
        """Forget the outputs that were to get their names; what is known of their files is as it was."""
        with self._errors(), self._database:
            self._database.execute("DELETE FROM writing")
            self._database.execute("DELETE FROM places WHERE written")

    def keep_places(self, path: str, number: int, records: bytes) -> None:
        """Write the compressed records of the places in one part of an output that is to be written."""
        if records:
            with self._errors(), self._database:
                self._database.execute(
                    "INSERT OR REPLACE INTO places VALUES (?, 1, ?, ?)", (os.fsencode(path), number, records)
                )

    def forget_places(self, path: str, *, written: bool = False) -> None:
        """Take out the places of a file's report, or only those of an output that was to be written."""
        only = "AND written" if written else ""
        with self._errors(), self._database:
            self._database.execute(f"DELETE FROM places WHERE path = ? {only}", (os.fsencode(path),))

    def places(self, path: str) -> Iterator[bytes]:
        """Yield the records of places that were kept of a file, part by part."""
        with self._errors():
            for (records,) in self._database.execute(
                "SELECT records FROM places WHERE path = ? AND NOT written ORDER BY number",
                (os.fsencode(path),),
            ):
                yield zlib.decompress(records)

    def mark(self, paths: Iterable[str], state: State) -> None:
        """Change the state of files, all of them or none."""
        values = ((state, os.fsencode(path)) for path in paths)
        with self._errors(), self._database:
            self._database.executemany("UPDATE files SET state = ? WHERE path = ?", values)


def _values(row: Row) -> tuple[Any, ...]:
    return (
        os.fsencode(row.path),
        os.fsencode(row.source),
        row.state,
        *row.stamp,
        row.sha256,
        row.fingerprint,
        *row.output,
        row.output_sha256,
        row.message,
        row.counts.text(),
    )


def _row(found: tuple[Any, ...]) -> Row:
    path, source, state, size, mtime_ns, sha256, fingerprint, output_size, output_mtime_ns = found[:9]
    return Row(
        path=os.fsdecode(path),
        state=State(state),
        stamp=Stamp(size, mtime_ns),
        sha256=sha256,
        fingerprint=fingerprint,
        output=Stamp(output_size, output_mtime_ns),
        output_sha256=found[9],
        message=found[10],
        counts=Counts.of_text(found[11]),
        source=os.fsdecode(source),
    )
