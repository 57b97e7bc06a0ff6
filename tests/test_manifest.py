"""The manifest: what is written is there again, whatever names files have and whenever the process ends."""

import os
import sqlite3
import subprocess
import sys
import zlib
from collections import Counter
from dataclasses import replace

import pytest

from hanfix.corpus.manifest import NO_STAMP, Counts, DamagedError, Manifest, ManifestError, Row, Stamp, State
from hanfix.report import Report

ROW = Row(
    path="子/新\n行.txt",
    state=State.DONE,
    stamp=Stamp(12, 1_700_000_000_123_456_789),
    sha256="ab",
    fingerprint="cd",
    output=Stamp(10, 5),
    output_sha256="ef",
    counts=Counts(
        encodings=("gb18030",),
        characters=7,
        report=Report(
            documents=2,
            changed=1,
            counts=Counter({"rejoin/hyphen": 3}),
            held=Counter({"a": 1}),
            flagged=Counter({"b": 2}),
            rewritten=Counter({"convert": 1}),
        ),
        problems=1,
        first_problem="line 2: no JSON",
    ),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "manifest.sqlite"


def test_rows_are_there_again(path):
    failed = Row("b", State.FAILED, NO_STAMP, message="no such file")
    with Manifest(path) as manifest:
        manifest.keep([failed, ROW])
    with Manifest(path) as manifest:
        assert manifest.row(ROW.path) == ROW
        assert manifest.row("gone") is None
        assert list(manifest.rows()) == [failed, ROW]
        assert len(manifest) == 2


def test_names_that_are_no_text(path):
    name = os.fsdecode(b"\xb9\xfa.txt")
    with Manifest(path) as manifest:
        manifest.keep([Row(name, State.DONE, NO_STAMP)])
        manifest.mark([name, "gone"], State.WAITING)
        assert [(row.path, row.state) for row in manifest.rows()] == [(name, State.WAITING)]


def test_what_is_about_to_be_written_does_not_hide_what_is_there(path):
    new = replace(ROW, state=State.WRITING, output=Stamp(3, 4), output_sha256="new")
    with Manifest(path) as manifest:
        manifest.keep([ROW])
        manifest.write([new])
        assert manifest.row(ROW.path) == ROW
        assert list(manifest.written()) == [new]
        assert list(manifest.rows()) == [new]
        manifest.drop_written()
        assert list(manifest.rows()) == [ROW]
        manifest.write([new])
        manifest.land([replace(new, state=State.DONE)])
        assert list(manifest.rows()) == [replace(new, state=State.DONE)]
        assert list(manifest.written()) == []
        manifest.mark([ROW.path], State.WAITING)
        assert manifest.row(ROW.path).state is State.WAITING


def test_places_are_those_of_the_output_that_is_there(path):
    with Manifest(path) as manifest:
        manifest.keep_places("a", 0, zlib.compress(b"old"))
        manifest.keep_places("a", 1, zlib.compress(b"old too"))
        assert list(manifest.places("a")) == []
        manifest.land([replace(ROW, path="a")])
        manifest.keep_places("a", 0, zlib.compress(b"new"))
        assert list(manifest.places("a")) == [b"old", b"old too"]
        manifest.forget_places("a", written=True)
        manifest.keep_places("a", 0, zlib.compress(b"newer"))
        manifest.land([replace(ROW, path="a")])
        assert list(manifest.places("a")) == [b"newer"]
        manifest.keep_places("a", 0, b"")
        manifest.land([replace(ROW, path="a")])
        assert list(manifest.places("a")) == []


def test_a_failed_row_keeps_its_output_and_not_its_counts():
    row = ROW.failed(Stamp(1, 1), "why")
    assert (row.state, row.stamp, row.output, row.message, row.counts) == (
        State.FAILED,
        Stamp(1, 1),
        ROW.output,
        "why",
        Counts(),
    )


def test_places_come_in_the_order_of_parts(path):
    with Manifest(path) as manifest:
        for number in (2, 0, 1, 3):
            manifest.keep_places("a", number, zlib.compress(b"%d" % number))
        manifest.land([replace(ROW, path="a")])
        assert list(manifest.places("a")) == [b"0", b"1", b"2", b"3"]
        assert list(manifest.places("b")) == []
        manifest.forget_places("a")
        assert list(manifest.places("a")) == []


def test_settings(path):
    with Manifest(path) as manifest:
        assert manifest.settings() == {}
        manifest.keep_settings({"a": [1], "b": None})
        manifest.keep_settings({"a": "汉"})
        assert manifest.settings() == {"a": "汉", "b": None}


def test_counts_add_up_in_any_order():
    other = Counts(encodings=("big5hkscs",), characters=1, report=Report(documents=1), problems=2)
    total = ROW.counts + other
    assert (total.characters, total.report.documents, total.problems) == (8, 3, 3)
    assert total.encodings == ("big5hkscs", "gb18030")
    assert (other + ROW.counts).data() == total.data()


def test_what_was_written_outlives_a_killed_process(path):
    code = (
        "import os, signal, sys; from pathlib import Path; from hanfix.corpus.manifest import *\n"
        "manifest = Manifest(Path(sys.argv[1]))\n"
        "manifest.keep(Row(str(each), State.DONE, NO_STAMP) for each in range(1000))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, str(path)], env=environment)
    with Manifest(path, read_only=True) as manifest:
        assert len(manifest) == 1000


def test_reading_leaves_nothing_behind(path):
    with Manifest(path) as manifest:
        manifest.keep([ROW])
    with Manifest(path, read_only=True) as manifest:
        assert len(manifest) == 1
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_is_no_manifest_is_refused(path):
    with pytest.raises(ManifestError, match="no batch was run there"):
        Manifest(path, read_only=True)
    path.write_bytes(b"no database, but long enough to be looked at" * 100)
    with pytest.raises(DamagedError, match=r"not a database.*--restart sets it aside"):
        Manifest(path)
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(DamagedError, match=r"another version.*--restart sets it aside"):
        Manifest(path)


def test_an_empty_file_is_no_other_version(path):
    path.touch()
    with pytest.raises(ManifestError, match="ended before it began"):
        Manifest(path, read_only=True)
    with Manifest(path) as manifest:
        assert len(manifest) == 0


def test_a_damaged_manifest_is_set_aside(path):
    with Manifest(path) as manifest:
        manifest.keep(Row(f"{each}" * 50, State.DONE, NO_STAMP) for each in range(1000))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(data)
    with pytest.raises(DamagedError), Manifest(path) as manifest:
        manifest.check()
    with Manifest.sound(path) as manifest:
        assert len(manifest) == 0
        manifest.keep([ROW])
    assert path.with_name("manifest.sqlite.damaged").read_bytes()[100:] == data[100:]
    with Manifest.sound(path) as manifest:
        assert list(manifest.rows()) == [ROW]
