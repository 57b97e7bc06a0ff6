"""What a batch has done so far, kept so that killing it at any moment loses nothing: one row a file."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from hanfix.report import Report

# Changed with the tables below.
_VERSION = 1

_TABLES = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path BLOB PRIMARY KEY,
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
) WITHOUT ROWID;
CREATE INDEX states ON files (state);
CREATE TABLE places (path BLOB, number INTEGER, records BLOB NOT NULL, PRIMARY KEY (path, number));
"""
_COLUMNS = (
    "path, state, size, mtime_ns, sha256, fingerprint, output_size, output_mtime_ns, output_sha256, message, "
    "counts"
)


class ManifestError(Exception):
    """A manifest that cannot be read or written; the message says which and why."""


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
    """A file of the batch by its path below the source, what it was, and what its output is.

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

    def failed(self, stamp: Stamp, message: str) -> Row:
        """Return the row of a file that could not be done; its output is still known to be ours."""
        return replace(self, state=State.FAILED, stamp=stamp, message=message, counts=Counts())


class Manifest:
    """The table of a batch's files, in SQLite; ``with`` closes it.

    What was written is there after the process was killed, at whatever moment: nothing is written in part.
    Raises ``ManifestError`` when the file cannot be opened, read or written.
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

    def _prepare(self) -> None:
        if not self._read_only:
            # One write to the file instead of two, and none that waits for the disk: after a loss of power
            # the last files are done again, and nothing is wrong.
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not self._read_only:
            self._database.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
        elif version != _VERSION:
            raise ManifestError(
                f"{self._path}: written by another version of hanfix (tables {version}, here {_VERSION})"
            )

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
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
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

    def rows(self, state: State | None = None) -> Iterator[Row]:
        """Yield all rows, or those of a state, in the order of their paths."""
        chosen = "" if state is None else f"WHERE state = '{state}'"
        with self._errors():
            for found in self._database.execute(f"SELECT {_COLUMNS} FROM files {chosen} ORDER BY path"):
                yield _row(found)

    def __len__(self) -> int:
        with self._errors():
            return int(self._database.execute("SELECT count(*) FROM files").fetchone()[0])

    def row(self, path: str) -> Row | None:
        """Return the row of a file, ``None`` if there is none."""
        with self._errors():
            found = self._database.execute(
                f"SELECT {_COLUMNS} FROM files WHERE path = ?", (os.fsencode(path),)
            ).fetchone()
        return None if found is None else _row(found)

    def keep(self, rows: Iterable[Row]) -> None:
        """Write rows, all of them or none."""
        values = [
            (
                os.fsencode(row.path),
                row.state,
                *row.stamp,
                row.sha256,
                row.fingerprint,
                *row.output,
                row.output_sha256,
                row.message,
                row.counts.text(),
            )
            for row in rows
        ]
        with self._errors(), self._database:
            self._database.executemany(
                f"INSERT OR REPLACE INTO files VALUES ({', '.join('?' * len(_COLUMNS.split()))})", values
            )

    def keep_places(self, path: str, number: int, records: bytes) -> None:
        """Write the records of the places in one part of a file's report, compressed; none: take them out."""
        key = (os.fsencode(path), number)
        with self._errors(), self._database:
            if records:
                self._database.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", (*key, records))
            else:
                self._database.execute("DELETE FROM places WHERE path = ? AND number = ?", key)

    def forget_places(self, path: str, number: int = 0) -> None:
        """Take out the places of a file's report, from this part on."""
        with self._errors(), self._database:
            self._database.execute(
                "DELETE FROM places WHERE path = ? AND number >= ?", (os.fsencode(path), number)
            )

    def places(self, path: str) -> Iterator[bytes]:
        """Yield the records of places that were kept of a file, part by part."""
        with self._errors():
            for (records,) in self._database.execute(
                "SELECT records FROM places WHERE path = ? ORDER BY number", (os.fsencode(path),)
            ):
                yield zlib.decompress(records)

    def mark(self, paths: Sequence[str], state: State) -> None:
        """Change the state of files."""
        values = [(state, os.fsencode(path)) for path in paths]
        with self._errors(), self._database:
            self._database.executemany("UPDATE files SET state = ? WHERE path = ?", values)

    def mark_all(self, state: State) -> None:
        """Change the state of all files."""
        with self._errors(), self._database:
            self._database.execute("UPDATE files SET state = ?", (state,))

    def stamp(self, path: str, stamp: Stamp, *, output: bool) -> None:
        """Change what a file, or its output, is recognized by: it was touched, and holds what it held."""
        columns = "output_size = ?, output_mtime_ns = ?" if output else "size = ?, mtime_ns = ?"
        with self._errors(), self._database:
            self._database.execute(f"UPDATE files SET {columns} WHERE path = ?", (*stamp, os.fsencode(path)))


def _row(found: tuple[Any, ...]) -> Row:
    path, state, size, mtime_ns, sha256, fingerprint, output_size, output_mtime_ns, output_sha256 = found[:9]
    return Row(
        path=os.fsdecode(path),
        state=State(state),
        stamp=Stamp(size, mtime_ns),
        sha256=sha256,
        fingerprint=fingerprint,
        output=Stamp(output_size, output_mtime_ns),
        output_sha256=output_sha256,
        message=found[9],
        counts=Counts.of_text(found[10]),
    )
