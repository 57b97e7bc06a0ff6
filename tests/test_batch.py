"""Batches: what is read and refused, the same bytes whatever the jobs, interruptions, failures, undoing."""

import bz2
import errno
import gzip
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

import messy_tree
import site_dump
from hanfix.corpus import Batch, Options, PlanError, clean_all, plan_of
from hanfix.corpus import batch as batch_module
from hanfix.corpus import work as work_module
from hanfix.corpus.batch import own_folder
from hanfix.corpus.files import FileError
from hanfix.corpus.plan import split_names
from hanfix.corpus.workers import Died, WorkerError, Workers
from hanfix.document import Document
from hanfix.pipeline import Pipeline
from hanfix.spec import Spec
from messy_tree import snapshot
from running import HANFIX, hanfix, hanfix_process

DAMAGED = "建设和-谐社会，共-产-党员带头。\n".encode()
RESTORED = "建设和谐社会，共产党员带头。\n".encode()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder to work in, with a pipeline that workers build quickly."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hanfix.toml").write_text('filters = ["rejoin"]\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def source(folder):
    """A directory with two damaged files, one of them further below."""
    write(folder / "src", {"a.txt": DAMAGED, "sub/b.txt": DAMAGED})
    return folder / "src"


def write(folder, files):
    for below, data in files.items():
        (folder / below).parent.mkdir(parents=True, exist_ok=True)
        (folder / below).write_bytes(data)


def outputs(folder):
    return {below: data for below, data in snapshot(folder).items() if not below.startswith(".hanfix")}


def records(folder, kind=None):
    lines = (folder / ".hanfix" / "report.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return found if kind is None else [each for each in found if each["kind"] == kind]


def batch(*arguments, code=0):
    result = hanfix("batch", *arguments)
    assert result.exit_code == code, result.stderr
    return result


# What is read


def test_a_directory_is_mirrored(source):
    result = batch("src", "dst")
    assert outputs(source.parent / "dst") == {"a.txt": RESTORED, "sub/b.txt": RESTORED}
    assert result.stdout == ""
    assert "files       2 (2 done; 0 failed)" in result.stderr
    assert "changes     4" in result.stderr
    assert "  rejoin/hyphen  4" in result.stderr
    assert outputs(source) == {"a.txt": DAMAGED, "sub/b.txt": DAMAGED}


def test_nothing_is_said_when_quiet(source):
    assert batch("-q", "src", "dst").stderr == ""


def test_a_file_and_a_pattern(source, folder):
    batch("src/sub/b.txt", "one")
    assert outputs(folder / "one") == {"b.txt": RESTORED}
    batch("src/**/*.txt", "all")
    assert outputs(folder / "all") == {"a.txt": RESTORED, "sub/b.txt": RESTORED}
    assert "no file has such a name" in batch("src/*.md", "none", code=2).stderr
    assert "no such file or directory" in batch("gone", "none", code=2).stderr
    assert not (folder / "none").exists()


def test_what_is_hidden_is_left_out_unless_asked_for(source, folder):
    write(source, {".hidden.txt": DAMAGED, ".git/x.txt": DAMAGED})
    batch("src", "dst")
    assert outputs(folder / "dst").keys() == {"a.txt", "sub/b.txt"}
    batch("--hidden", "src", "dst")
    assert outputs(folder / "dst").keys() == {"a.txt", "sub/b.txt", ".hidden.txt", ".git/x.txt"}


def test_include_and_exclude(source, folder):
    write(source, {"c.md": DAMAGED, "drafts/d.txt": DAMAGED})
    batch("--include", "*.txt", "--exclude", "drafts", "src", "dst")
    assert outputs(folder / "dst").keys() == {"a.txt", "sub/b.txt"}


def test_what_holds_no_text_is_left_out_and_counted(source, folder):
    write(source, {"x.png": b"\x89PNG", "y.PNG": b"\x89PNG"})
    result = batch("src", "dst")
    assert "left out: 2 (.png holds no text)" in result.stderr
    assert outputs(folder / "dst").keys() == {"a.txt", "sub/b.txt"}


def test_names_from_a_list(source, folder):
    (folder / "list").write_bytes(b"src/sub/b.txt\n./src/a.txt\nsrc/a.txt\n")
    batch("--files-from", "list", "one")
    assert list(outputs(folder / "one")) == ["src/a.txt", "src/sub/b.txt"]
    assert [each["file"] for each in records(folder / "one", "file")] == ["src/sub/b.txt", "src/a.txt"]
    result = hanfix(
        "batch", "--files-from", "-", "src", "two", stdin=b"a.txt\0gone.txt\0../hanfix.toml\0sub\0"
    )
    assert result.exit_code == 3
    assert "gone.txt: no such file" in result.stderr
    assert "../hanfix.toml: it leads out of the source" in result.stderr
    assert "sub: a directory, not a file" in result.stderr
    assert outputs(folder / "two") == {"a.txt": RESTORED}


def test_a_list_is_split_at_nul_if_it_has_one():
    assert split_names(b"a\nb\0c\0") == ["a\nb", "c"]
    assert split_names(b"a\n\nb") == ["a", "b"]
    assert split_names(b"a\r\n\r\nb") == ["a", "b"]
    assert split_names(b"a\r\nb\n") == ["a\r", "b"]
    assert os.fsencode(split_names(b"\xff\n")[0]) == b"\xff"


def test_odd_names(folder):
    write(folder / "src", dict.fromkeys(messy_tree.ODD_NAMES, DAMAGED))
    batch("src", "dst")
    assert outputs(folder / "dst") == dict.fromkeys(messy_tree.ODD_NAMES, RESTORED)
    assert {each["file"] for each in records(folder / "dst", "file")} == set(messy_tree.ODD_NAMES)
    assert "8 (6 done" not in batch("src", "dst").stderr
    assert b"\\udcb9" in (folder / "dst/.hanfix/report.jsonl").read_bytes()


def test_links_never_lead_out(source, folder):
    (folder / "secret.txt").write_bytes(DAMAGED)
    (folder / "secrets").mkdir()
    (folder / "secrets/s.txt").write_bytes(DAMAGED)
    (source / "out.txt").symlink_to("../secret.txt")
    (source / "outs").symlink_to("../secrets")
    (source / "in.txt").symlink_to("a.txt")
    (source / "ins").symlink_to("sub")
    (source / "loop").symlink_to("loop")
    result = batch("src", "dst", code=3)
    assert outputs(folder / "dst").keys() == {"a.txt", "sub/b.txt", "in.txt"}
    said = {each["file"]: each["message"] for each in records(folder / "dst", "failure")}
    assert said.keys() == {"out.txt", "outs", "loop"}
    assert said["out.txt"] == "a link that leads out of the source, and is not followed"
    assert "left out: 1 (links to what is done under its own name)" in result.stderr
    hanfix("batch", "src/**/*.txt", "other")
    assert outputs(folder / "other").keys() == {"a.txt", "sub/b.txt", "in.txt", "ins/b.txt"}


def test_a_link_in_the_way_of_an_output_is_not_followed(source, folder):
    (folder / "elsewhere").mkdir()
    (folder / "dst").mkdir()
    (folder / "dst/sub").symlink_to("../elsewhere")
    assert "leads out of the directory" in batch("src", "dst", code=3).stderr
    assert list((folder / "elsewhere").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_and_devices_are_refused(source, folder):
    os.mkfifo(source / "pipe.txt")
    result = batch("src", "dst", code=3)
    assert "pipe.txt: a named pipe, not a file" in result.stderr
    assert "/dev/null: a device, not a file" in batch("/dev/null", "other", code=3).stderr.replace(
        "hanfix: null", "/dev/null"
    )


def test_names_that_differ_in_case_are_refused(source, folder):
    write(source, {"A.txt": DAMAGED, "SUB/B.txt": DAMAGED})
    result = batch("src", "dst", code=2)
    assert "'A.txt' and 'a.txt'" in result.stderr
    assert "'SUB/B.txt' and 'sub/b.txt'" in result.stderr
    assert not (folder / "dst").exists()
    batch("--exclude", "[A-Z]*", "src", "dst")


def test_names_that_differ_in_how_accents_are_written_are_refused(folder):
    write(folder / "src", {"\u00e9.txt": DAMAGED, "e\u0301.txt": DAMAGED})
    batch("src", "dst", code=2)


def test_outputs_among_sources_are_refused(source, folder):
    assert "inside the source" in batch("src", "src/new", code=2).stderr
    assert "use --in-place" in batch("src", "src", code=2).stderr
    assert "files to be read are inside" in batch("src", ".", code=2).stderr
    assert "files to be read are inside" in batch("src/a.txt", "src", code=2).stderr
    (folder / "link").symlink_to("src")
    assert "inside the source" in batch("src", "link/new", code=2).stderr
    assert not (source / "new").exists()
    assert not (folder / ".hanfix").exists()


def test_an_empty_directory(folder):
    (folder / "src").mkdir()
    assert "files       0 (0 done; 0 failed)" in batch("src", "dst").stderr
    assert [each["kind"] for each in records(folder / "dst")] == ["end"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "SRC and DST"),
        (("src",), "SRC and DST"),
        (("src", "a", "b"), "SRC and DST"),
        (("--status", "--undo", "src"), "exclude each other"),
        (("--status", "a", "b"), "one directory"),
        (("--report-field", "text", "src", "dst"), "is a text field"),
        (("--sample", "1"), "--sample needs SRC"),
        (("--files-from", "gone", "dst"), "no such file"),
    ],
)
def test_usage(source, arguments, message):
    assert message in batch(*arguments, code=2).stderr


# The same, whatever the jobs and whenever it was killed


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    """A messy tree, what must become of it, and what one process makes of it."""
    folder = tmp_path_factory.mktemp("messy")
    (folder / "hanfix.toml").write_text('filters = ["rejoin"]\n', encoding="utf-8")
    tree = messy_tree.make(folder / "src", 120, broken=5)
    result = hanfix_process("batch", "src", "dst", cwd=folder)
    assert result.returncode == 3, result.stderr
    return folder, tree, result.stderr


def test_every_sound_file_is_right_and_every_broken_one_is_reported(messy):
    folder, tree, _ = messy
    assert len(messy_tree.BROKEN) > 10
    messy_tree.check(tree, folder / "dst", (folder / "dst/.hanfix/report.jsonl").read_bytes())


def test_inputs_that_fail_are_kept_unchanged(messy):
    folder, tree, _ = messy
    kept = snapshot(folder / "dst/.hanfix/quarantine")
    # What is no file has nothing to be kept, and a book was not looked at.
    expected = {
        below: (folder / "src" / below).read_bytes()
        for below, message in tree.failures.items()
        if not message.startswith(("a named", "out of", "a link", ".epub"))
    }
    assert kept == expected
    assert snapshot(folder / "dst/.hanfix/bad-records").keys() == tree.problems.keys()


@pytest.mark.parametrize("jobs", [2, 4])
def test_any_number_of_jobs_gives_the_same_bytes(messy, jobs, tmp_path):
    folder, _, said = messy
    result = hanfix_process("batch", "--jobs", jobs, "src", tmp_path / "dst", cwd=folder)
    assert snapshot(tmp_path / "dst") == snapshot(folder / "dst")
    assert result.stderr.replace(str(tmp_path / "dst").encode(), b"dst") == said


def test_a_killed_run_goes_on_where_it_was(messy, tmp_path):
    folder, _, _ = messy
    chance = random.Random(7)
    command = [*HANFIX, "batch", "-q", "-j", "2", "src", str(tmp_path / "dst")]
    for _ in range(3):
        process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        # Not before it has begun to write.
        wanted = len(list((tmp_path / "dst").rglob("*.*"))) + chance.randint(1, 25)
        while process.poll() is None and time.monotonic() < deadline:
            if len(list((tmp_path / "dst").rglob("*.*"))) >= wanted:
                break
            time.sleep(0.001)
        process.kill()
        process.wait()
    assert subprocess.run(command, cwd=folder, capture_output=True).returncode == 3
    assert snapshot(tmp_path / "dst") == snapshot(folder / "dst")
    assert not (tmp_path / "dst/.hanfix/tmp").exists()


# A run that kills itself before the so-manieth time that something in DST gets a name or loses it.
KILLED = """
import os, signal, sys
from hanfix.cli import main
left = int(sys.argv.pop(1))
def hook(event, arguments):
    global left
    if event not in ("os.rename", "os.remove", "os.link"):
        return
    path = os.fspath(arguments[1] if event != "os.remove" else arguments[0])
    if not isinstance(path, str) or "manifest" in path or "/tmp/" in path.split("dst", 1)[-1]:
        return
    if event != "os.remove" or os.path.lexists(path):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
main()
"""


def test_whenever_a_run_is_killed_what_is_beside_the_outputs_is_right(folder):
    good, bad = b'{"text": "%s"}\n' % DAMAGED.strip(), b'{"text": 1}\n'
    before = {"a.jsonl": good + bad, "b.jsonl": good + bad, "c.txt": b"\xc4\xe3", "d.txt": DAMAGED}
    after = {"a.jsonl": good, "b.jsonl": good + b'{"text": 2}\n', "c.txt": DAMAGED, "d.txt": b"\xc4\xe3"}
    write(folder / "src", before)
    batch("src", "first", code=3)
    write(folder / "src", {**after, "e.jsonl": good + bad})
    command = [sys.executable, "-c", KILLED]
    shutil.copytree(folder / "first", folder / "dst0")
    batch("src", "dst0", code=3)
    expected = snapshot(folder / "dst0")
    assert expected.keys() > {".hanfix/bad-records/b.jsonl", ".hanfix/quarantine/d.txt"}
    for number in range(1, 100):
        target = f"dst{number}"
        shutil.copytree(folder / "first", folder / target)
        if subprocess.run([*command, str(number), "batch", "-q", "src", target], stderr=-3).returncode == 3:
            break
        batch("src", target, code=3)
        assert snapshot(folder / target) == expected, number
    assert number > 10


def test_a_second_run_does_nothing(source, folder):
    batch("src", "dst")
    before = {path: path.stat().st_mtime_ns for path in (folder / "dst").rglob("*.txt")}
    report = snapshot(folder / "dst")
    result = batch("src", "dst")
    assert "2 (2 done, 2 of them before; 0 failed)" in result.stderr
    assert {path: path.stat().st_mtime_ns for path in (folder / "dst").rglob("*.txt")} == before
    assert snapshot(folder / "dst") == report


def test_new_and_changed_files_are_done_and_touched_ones_are_not(source, folder):
    batch("src", "dst")
    target = folder / "dst/a.txt"
    before = target.stat().st_mtime_ns
    os.utime(source / "a.txt", (1, 1))
    (source / "sub/b.txt").write_bytes(DAMAGED * 2)
    (source / "c.txt").write_bytes(DAMAGED)
    assert "3 (3 done, 1 of them before; 0 failed)" in batch("src", "dst").stderr
    assert target.stat().st_mtime_ns == before
    assert outputs(folder / "dst") == {"a.txt": RESTORED, "sub/b.txt": RESTORED * 2, "c.txt": RESTORED}
    assert "3 (3 done, 3 of them before; 0 failed)" in batch("src", "dst").stderr


def test_an_output_that_is_gone_is_made_anew(source, folder):
    batch("src", "dst")
    (folder / "dst/a.txt").unlink()
    assert "2 (2 done, 1 of them before; 0 failed)" in batch("src", "dst").stderr
    assert outputs(folder / "dst") == {"a.txt": RESTORED, "sub/b.txt": RESTORED}


def test_an_output_that_was_edited_is_left_as_it_is(source, folder):
    batch("src", "dst")
    (folder / "dst/a.txt").write_bytes(b"by hand")
    for data in (DAMAGED, DAMAGED * 2, b"\xc4\xe3"):
        (source / "a.txt").write_bytes(data)
        batch("src", "dst", code=3)
        assert outputs(folder / "dst") == {"a.txt": b"by hand", "sub/b.txt": RESTORED}
    (source / "a.txt").write_bytes(DAMAGED)
    said = "a.txt: its output was changed since it was written; --restart writes over it"
    assert said in batch("src", "dst", code=3).stderr
    assert f"failed: {said}" in batch("--status", "dst", code=3).stdout
    assert "a.txt: the output is not what was written" in batch("--verify", "dst", code=3).stderr
    batch("--restart", "src", "dst")
    assert outputs(folder / "dst") == {"a.txt": RESTORED, "sub/b.txt": RESTORED}
    assert "2 of them before" in batch("src", "dst").stderr


def test_records_left_out_stay_with_an_output_that_was_edited(folder):
    write(folder / "src", {"a.jsonl": b'{"text": "%s"}\n{"text": 1}\n' % DAMAGED.strip()})
    batch("src", "dst", code=3)
    before = {**snapshot(folder / "dst"), "a.jsonl": b"by hand"}
    (folder / "dst/a.jsonl").write_bytes(b"by hand")
    write(folder / "src", {"a.jsonl": b'{"text": "x"}\n'})
    assert "was changed since it was written" in batch("src", "dst", code=3).stderr
    after = snapshot(folder / "dst")
    del before[".hanfix/report.jsonl"], after[".hanfix/report.jsonl"]
    assert after == before


def test_an_output_that_was_only_touched_is_what_was_written(source, folder):
    batch("src", "dst")
    os.utime(folder / "dst/a.txt", (1, 1))
    assert "2 (2 done, 2 of them before" in batch("src", "dst").stderr
    assert (folder / "dst/a.txt").stat().st_mtime == 1
    assert "2 outputs as written, 0 not" in batch("--verify", "dst").stderr


def test_an_output_that_another_program_writes_meanwhile_is_left_as_it_is(source, folder, monkeypatch):
    batch("src", "dst")
    (source / "a.txt").write_bytes(DAMAGED * 2)
    keep_beside = batch_module._Run._place_all

    def meanwhile(self, written):
        if written:
            (folder / "dst/a.txt").write_bytes(b"by hand")
        keep_beside(self, written)

    monkeypatch.setattr(batch_module._Run, "_place_all", meanwhile)
    assert "a.txt: its output was changed since" in batch("src", "dst", code=3).stderr
    assert outputs(folder / "dst")["a.txt"] == b"by hand"


def test_outputs_of_another_source_are_not_written_over(folder):
    write(folder, {"one/index.txt": DAMAGED, "one/same.txt": DAMAGED, "two/index.txt": DAMAGED * 2})
    write(folder, {"two/same.txt": DAMAGED, "two/new.txt": DAMAGED, "one/bad.txt": DAMAGED})
    write(folder, {"two/bad.txt": b"\xc4\xe3"})
    batch("--places", "one", "dst")
    report = (folder / "dst/.hanfix/report.jsonl").read_bytes()
    result = batch("--places", "two", "dst", code=3)
    assert f"index.txt: its output is there already, made from the file of this name in {folder}/one" in (
        result.stderr
    )
    assert "bad.txt: not UTF-8" in result.stderr
    assert outputs(folder / "dst") == dict.fromkeys(("bad.txt", "index.txt", "new.txt", "same.txt"), RESTORED)
    assert [each["file"] for each in records(folder / "dst", "failure")] == ["bad.txt", "index.txt"]
    # The first batch is what it was.
    assert "3 of them before; 0 failed" in batch("--places", "one", "dst").stderr
    assert (folder / "dst/.hanfix/report.jsonl").read_bytes() == report
    batch("--restart", "--places", "two", "dst", code=3)
    assert outputs(folder / "dst")["index.txt"] == RESTORED * 2


def test_a_source_may_be_moved(source, folder):
    batch("src", "dst")
    source.rename(folder / "moved")
    for _ in range(2):
        assert "2 (2 done, 2 of them before; 0 failed)" in batch("moved", "dst").stderr
    (folder / "moved/a.txt").write_bytes(DAMAGED * 2)
    batch("moved", "dst")
    assert outputs(folder / "dst")["a.txt"] == RESTORED * 2


def test_a_batch_whose_manifest_is_lost_goes_on(source, folder):
    batch("src", "dst")
    (folder / "dst/.hanfix/manifest.sqlite").unlink()
    (source / "a.txt").write_bytes(DAMAGED * 2)
    result = batch("src", "dst", code=3)
    assert "a.txt: its output is there already, and not of this batch" in result.stderr
    assert "2 (1 done; 1 failed)" in result.stderr
    assert "2 (1 done, 1 of them before; 1 failed)" in batch("src", "dst", code=3).stderr


def test_a_damaged_manifest_is_set_aside_by_a_restart(source, folder):
    batch("src", "dst")
    manifest = folder / "dst/.hanfix/manifest.sqlite"
    manifest.write_bytes(b"no database" * 1000)
    for arguments in (("src", "dst"), ("--status", "dst")):
        assert "--restart sets it aside and does all files again" in batch(*arguments, code=3).stderr
    batch("--restart", "src", "dst")
    assert "2 of them before" in batch("src", "dst").stderr
    assert manifest.with_name("manifest.sqlite.damaged").read_bytes() == b"no database" * 1000


def test_a_restart_leaves_what_is_left_over_as_it_is(source, folder):
    batch("src", "dst")
    (source / "a.txt").unlink()
    batch("--restart", "src", "dst")
    assert "2 outputs as written, 0 not" in batch("--verify", "dst").stderr
    assert "waiting" not in batch("--status", "dst").stdout


def test_what_batches_further_below_keep_is_not_done(source, folder):
    batch("--in-place", "src/sub")
    batch("--in-place", "--hidden", "src")
    batch("--in-place", "--hidden", "src/**/*")
    batch("--undo", "src/sub")
    assert (source / "sub/b.txt").read_bytes() == DAMAGED
    batch("--hidden", "src", "dst")
    assert outputs(folder / "dst") == {"a.txt": RESTORED, "sub/b.txt": RESTORED}


def test_a_file_that_became_a_directory_says_what_is_in_the_way(source, folder):
    batch("src", "dst")
    (source / "a.txt").unlink()
    write(source, {"a.txt/x.txt": DAMAGED})
    result = batch("src", "dst", code=3)
    assert "a.txt/x.txt: cannot be written: dst/a.txt is no directory; move it away" in result.stderr
    assert "dst/a.txt is no directory" in batch("src", "dst/a.txt", code=3).stderr


def test_files_done_one_by_one_may_have_settings_of_their_own(source, folder):
    batch("--in-place", "src/a.txt")
    (source / "c.txt").write_bytes("汉语".encode())
    batch("--in-place", "--to", "traditional", "src/c.txt")
    assert "1 of them before" in batch("--in-place", "src/a.txt").stderr
    assert "other settings" in batch("--in-place", "--to", "traditional", "src/a.txt", code=2).stderr
    assert outputs(source) == {"a.txt": RESTORED, "sub/b.txt": DAMAGED, "c.txt": "漢語".encode()}


def test_a_failed_file_is_tried_again_and_leaves_nothing_behind(source, folder):
    batch("src", "dst")
    good = snapshot(folder / "dst")
    (source / "a.txt").write_bytes("你好".encode("gbk"))
    batch("src", "dst", code=3)
    assert outputs(folder / "dst") == {"sub/b.txt": RESTORED}
    assert snapshot(folder / "dst/.hanfix/quarantine") == {"a.txt": "你好".encode("gbk")}
    (source / "a.txt").write_bytes(DAMAGED)
    batch("src", "dst")
    assert snapshot(folder / "dst") == good
    assert not (folder / "dst/.hanfix/quarantine").exists()


def test_files_of_earlier_runs_are_named_as_left_over(source, folder):
    batch("src", "dst")
    (source / "a.txt").unlink()
    assert "left over: 1 file of earlier runs" in batch("src", "dst").stderr
    assert outputs(folder / "dst").keys() == {"a.txt", "sub/b.txt"}


def test_another_pipeline_is_noticed(source, folder):
    batch("src", "dst")
    (source / "c.txt").write_bytes("汉语".encode())
    result = batch("--to", "traditional", "src", "dst", code=2)
    assert "other settings (pipeline): --restart" in result.stderr
    batch("--keep-going", "--to", "traditional", "src", "dst")
    assert outputs(folder / "dst")["c.txt"].decode() == "漢語"
    assert outputs(folder / "dst")["a.txt"] == RESTORED
    assert "2 different pipelines" in hanfix("batch", "--status", "dst").stdout
    batch("--restart", "--to", "traditional", "src", "dst")
    assert outputs(folder / "dst")["a.txt"].decode() == "建設和諧社會，共產黨員帶頭。\n"
    assert "different pipelines" not in hanfix("batch", "--status", "dst").stdout


def test_a_configuration_that_changed_is_another_pipeline(source, folder):
    batch("src", "dst")
    (folder / "hanfix.toml").write_text('filters = ["rejoin"]\nkeep = ["甲"]\n', encoding="utf-8")
    batch("src", "dst", code=2)


def test_what_is_not_of_this_batch_is_not_written_over(source, folder):
    write(folder / "dst", {"a.txt": b"mine"})
    result = batch("src", "dst", code=3)
    assert "a.txt: its output is there already, and not of this batch" in result.stderr
    batch("src", "dst", code=3)
    assert outputs(folder / "dst") == {"a.txt": b"mine", "sub/b.txt": RESTORED}
    batch("--restart", "src", "dst")
    assert outputs(folder / "dst")["a.txt"] == RESTORED


def test_only_one_run_at_a_time(source, folder):
    pytest.importorskip("fcntl")
    with own_folder(folder / "dst"):
        assert "another process runs a batch" in batch("src", "dst", code=2).stderr


# Large files, in parts


def test_a_large_file_is_done_in_parts_that_add_up(folder, monkeypatch):
    monkeypatch.setattr("hanfix.corpus.formats.PART_BYTES", 1000)
    monkeypatch.setattr("hanfix.corpus.formats._BLOCK_BYTES", 100)
    lines = [b'{"n": %d, "text": "%s"}\n' % (number, DAMAGED.strip()) for number in range(100)]
    lines[50] = b"{bad\n"
    write(folder / "src", {"a.jsonl": b"".join(lines)})
    made = plan_of(folder / "src")
    spec = Spec.from_profile("web").with_changes(filters=["rejoin"])
    do = work_module.Maker(spec, Options(), places=True)()
    parts = do(work_module.FileTask(0, str(folder / "src/a.jsonl"), "a.jsonl", str(folder / "0")))
    assert isinstance(parts, work_module.Parts)
    assert len(parts.parts) > 5
    sinks = []
    for part in parts.parts:
        sinks.append(str(folder / f"0-{part.number}"))
        done = do(work_module.PartTask(0, part, "a.jsonl", sinks[-1], parts.stamp))
        assert isinstance(done, work_module.PartDone)
    joined = do(
        work_module.JoinTask(0, str(folder / "src/a.jsonl"), tuple(sinks), str(folder / "0"), parts.stamp)
    )
    assert isinstance(joined, work_module.Written)
    expected = b"".join(
        line.replace(DAMAGED.strip(), RESTORED.strip()) for line in lines if line != b"{bad\n"
    )
    assert (folder / "0").read_bytes() == expected
    assert (folder / "0.bad").read_bytes() == b"{bad\n"
    assert len(made.items) == 1


def test_a_file_of_several_parts_is_the_same_for_any_jobs(folder):
    line = b'{"text": "%s"}\n' % (DAMAGED.strip() * 50)
    write(folder / "src", {"a.jsonl": line * (17_000_000 // len(line)), "b.txt": DAMAGED})
    for jobs in (1, 2):
        result = hanfix_process("batch", "--profile", "repair", "-j", jobs, "src", f"dst{jobs}")
        assert result.returncode == 0, result.stderr
    assert snapshot(folder / "dst1") == snapshot(folder / "dst2")
    assert len(outputs(folder / "dst1")["a.jsonl"]) == len(line) * (17_000_000 // len(line))


# Failures


class Picky:
    """Dies of some tasks, by killing itself; of others it makes twice as much."""

    def __init__(self, counter):
        self.counter = counter

    def __call__(self):
        return self.do

    def do(self, task):
        if task == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if task == "once" and not Path(self.counter).exists():
            Path(self.counter).touch()
            os._exit(7)
        return task * 2


def _all(workers, tasks):
    waiting = list(reversed(tasks))
    done = {}
    while waiting or workers.busy:
        while waiting and workers.wants(1):
            workers.give(waiting.pop(), 1)
        done.update(workers.outcomes())
    return done


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_worker_that_dies_takes_no_other_task_along(folder, jobs):
    tasks = ["a", "kill", "b", "once", *"cdefghij"]
    with Workers(Picky(str(folder / "counter")), jobs) as workers:
        done = _all(workers, tasks)
    assert done.pop("kill") == Died("was killed (SIGKILL, as when memory runs out)")
    assert done == {task: task * 2 for task in tasks if task != "kill"}


class Broken:
    def __call__(self):
        raise ValueError("no such thing")


class Fatal:
    def __call__(self):
        os._exit(9)


@pytest.mark.parametrize(("make", "message"), [(Broken(), "no such thing"), (Fatal(), "code 9")])
def test_workers_that_cannot_begin(make, message):
    with pytest.raises(WorkerError, match=message), Workers(make, 2) as workers:
        _all(workers, ["a", "b"])


def test_a_file_that_kills_its_workers_fails_and_the_others_are_done(source, folder, monkeypatch):
    (source / "c.txt").write_bytes(DAMAGED)
    # The child processes import it: what they find first is this.
    (folder / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "if '--multiprocessing-fork' in sys.argv:\n"
        "    from hanfix.corpus import work\n"
        "    def stamp(path, do=work._stamp):\n"
        "        if path.name == 'a.txt':\n"
        "            os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return do(path)\n"
        "    work._stamp = stamp\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *sys.path]))
    result = hanfix_process("batch", "-j", "2", "src", "dst")
    assert result.returncode == 3
    assert b"a.txt: a worker process was killed (SIGKILL, as when memory runs out) while" in result.stderr
    assert outputs(folder / "dst") == {"sub/b.txt": RESTORED, "c.txt": RESTORED}
    assert snapshot(folder / "dst/.hanfix/quarantine") == {"a.txt": DAMAGED}


@pytest.mark.parametrize("way", ["fail", "skip", "quarantine"])
def test_bad_records_and_files(folder, way):
    good, bad = b'{"text": "%s"}\n' % DAMAGED.strip(), b'{"text": \n'
    write(folder / "src", {"a.jsonl": good + bad + good, "b.txt": b"\xc4\xe3"})
    result = batch("--on-error", way, "src", "dst", code=3)
    restored = good.replace(DAMAGED.strip(), RESTORED.strip())
    assert outputs(folder / "dst") == ({} if way == "fail" else {"a.jsonl": restored * 2})
    said = (
        "a.jsonl: line 2: no valid JSON" if way == "fail" else "a.jsonl: 1 record left out; the first: line 2"
    )
    assert said in result.stderr
    own = snapshot(folder / "dst/.hanfix")
    assert own.get("quarantine/b.txt") == (b"\xc4\xe3" if way == "quarantine" else None)
    assert own.get("bad-records/a.jsonl") == (bad if way == "quarantine" else None)
    # It says so again, as long as it is so.
    assert said in batch("--on-error", way, "src", "dst", code=3).stderr


def _worker(folder, **options):
    spec = Spec.from_profile("web").with_changes(filters=["rejoin"])
    do = work_module.Maker(spec, Options(**options))()
    return lambda below: do(work_module.FileTask(0, str(folder / "src" / below), below, str(folder / "sink")))


def test_a_file_that_changes_while_it_is_read_fails(source, folder, monkeypatch):
    rewrite_part = work_module.rewrite_part

    def meanwhile(part, *others):
        done = rewrite_part(part, *others)
        with Path(part.path).open("ab") as file:
            file.write(b"more")
        return done

    monkeypatch.setattr(work_module, "rewrite_part", meanwhile)
    outcome = _worker(folder)("a.txt")
    assert outcome.message.startswith("changed while it was read")
    assert outcome.blameless


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "cannot be written: No space left on device"),
        (errno.EIO, "cannot be read: Input/output error"),
    ],
)
def test_errors_of_the_system_are_said(source, folder, monkeypatch, number, message):
    def fails(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(work_module, "rewrite_part", fails)
    assert _worker(folder)("a.txt") == work_module.Failed(message, blameless=True)


@pytest.mark.parametrize(
    ("error", "message"), [(MemoryError(), "not enough memory"), (KeyError("x"), "unexpected KeyError: 'x'")]
)
def test_errors_of_the_program_are_said(source, folder, monkeypatch, error, message):
    def fails(*_):
        raise error

    monkeypatch.setattr(work_module, "rewrite_part", fails)
    assert message in _worker(folder)("a.txt").message


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk(source, folder):
    (folder / "sink").symlink_to("/dev/full")
    outcome = _worker(folder)("a.txt")
    assert outcome == work_module.Failed("cannot be written: No space left on device", blameless=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read and write it all")
def test_what_may_not_be_read_or_written(source, folder):
    (source / "a.txt").chmod(0)
    result = batch("src", "dst", code=3)
    assert "a.txt: cannot be read: Permission denied" in result.stderr
    (source / "a.txt").chmod(0o600)
    (source / "sub/b.txt").write_bytes(DAMAGED * 2)
    (folder / "dst/sub/b.txt").chmod(0o400)
    result = batch("src", "dst", code=3)
    assert "sub/b.txt: cannot be written: it is read-only" in result.stderr
    (folder / "locked").mkdir(mode=0o500)
    assert "cannot be made: Permission denied" in batch("src", "locked/dst", code=3).stderr


def test_a_directory_in_the_way_of_an_output(source, folder):
    batch("src", "dst")
    (folder / "dst/a.txt").unlink()
    (folder / "dst/a.txt").mkdir()
    assert "a.txt: cannot be written: a directory is there" in batch("src", "dst", code=3).stderr


def test_the_mode_of_an_output_stays(source, folder):
    batch("src", "dst")
    (folder / "dst/a.txt").chmod(0o640)
    (source / "a.txt").write_bytes(DAMAGED * 2)
    batch("src", "dst")
    assert stat.S_IMODE((folder / "dst/a.txt").stat().st_mode) == 0o640


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_half_done(folder, number):
    write(folder / "src", {f"{each}.txt": DAMAGED * 2000 for each in range(40)})
    process = subprocess.Popen(
        [*HANFIX, "batch", "src", "dst"], stderr=subprocess.PIPE, start_new_session=True
    )
    while not list((folder / "dst").glob("*.txt")):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    _, said = process.communicate(timeout=60)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert said.strip() == b"hanfix: interrupted; what was written is whole"
    assert not (folder / "dst/.hanfix/tmp").exists()
    assert set(outputs(folder / "dst").values()) == {RESTORED * 2000}


# Whoever may read a source may read its output, and nobody else


@pytest.fixture
def open_to_all():
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder, *names):
    return [stat.S_IMODE((folder / each).stat().st_mode) for each in names]


@pytest.mark.usefixtures("open_to_all")
def test_outputs_are_as_open_to_others_as_their_sources(source, folder):
    (source / "bad.jsonl").write_bytes(b"{bad\n")
    for name, mode in (("sub/b.txt", 0o600), ("sub", 0o700), ("bad.jsonl", 0o400), ("a.txt", 0o666)):
        (source / name).chmod(mode)
    source.chmod(0o750)
    batch("src", "new/dst", code=3)
    names = ("sub/b.txt", "sub", "bad.jsonl", "a.txt", "", ".hanfix/bad-records/bad.jsonl")
    assert modes(folder / "new/dst", *names) == [0o600, 0o700, 0o600, 0o644, 0o750, 0o600]
    (source / "sub/b.txt").write_bytes(b"\xc4\xe3")
    batch("src", "new/dst", code=3)
    assert modes(folder / "new/dst/.hanfix/quarantine", "sub", "sub/b.txt") == [0o700, 0o600]


@pytest.mark.usefixtures("open_to_all")
def test_what_becomes_private_is_so_in_the_output_too(source, folder):
    batch("src", "dst")
    (source / "a.txt").write_bytes(DAMAGED * 2)
    (source / "a.txt").chmod(0o600)
    batch("src", "dst")
    assert modes(folder / "dst", "a.txt", "sub/b.txt") == [0o600, 0o644]


# In place


def test_in_place_and_undo(source, folder):
    (source / "sound.txt").write_bytes(RESTORED)
    (source / "gb.txt").write_bytes((DAMAGED.decode() * 3).encode("gb18030"))
    (source / "a.txt").chmod(0o640)
    before, times = snapshot(source), {path: path.stat().st_mtime_ns for path in source.rglob("*.txt")}
    batch("--in-place", "src")
    after = outputs(source)
    assert after == {
        "a.txt": RESTORED,
        "sub/b.txt": RESTORED,
        "sound.txt": RESTORED,
        "gb.txt": (RESTORED.decode() * 3).encode("gb18030"),
    }
    assert (source / "sound.txt").stat().st_mtime_ns == times[source / "sound.txt"]
    assert stat.S_IMODE((source / "a.txt").stat().st_mode) == 0o640
    assert "4 (4 done, 4 of them before" in batch("--in-place", "src").stderr
    assert "4 outputs as written, 0 not" in batch("--verify", "src").stderr
    assert "3 files restored" in batch("--undo", "src").stderr
    assert snapshot(source) == before
    assert {path: path.stat().st_mtime_ns for path in source.rglob("*.txt")} == times
    assert not (source / ".hanfix").exists()


def test_undo_leaves_what_was_changed_since(source):
    batch("--in-place", "src")
    (source / "a.txt").write_bytes(b"new work")
    result = batch("--undo", "src", code=3)
    assert "a.txt: changed since the batch; left as it is; what it was is kept as src/.hanfix/undo/a.txt" in (
        result.stderr
    )
    assert outputs(source) == {"a.txt": b"new work", "sub/b.txt": DAMAGED}
    assert (source / ".hanfix/undo/a.txt").read_bytes() == DAMAGED


def test_undo_gives_back_what_a_user_wrote_between_two_batches(source):
    batch("--in-place", "src")
    for word in (b"new ", b"newer "):
        (source / "a.txt").write_bytes(word + DAMAGED)
        batch("--in-place", "src")
        assert (source / "a.txt").read_bytes() == word + RESTORED
    said = "what files were before they were changed between two batches is kept: src/.hanfix/earlier"
    assert said in batch("--undo", "src").stderr
    assert outputs(source) == {"a.txt": b"newer " + DAMAGED, "sub/b.txt": DAMAGED}
    assert snapshot(source / ".hanfix") == {"earlier/1/a.txt": DAMAGED, "earlier/2/a.txt": b"new " + DAMAGED}
    batch("--in-place", "src")
    assert said in batch("--undo", "src").stderr


def test_undo_is_not_confused_by_a_manifest_that_was_set_aside(source):
    batch("--in-place", "src")
    (source / ".hanfix/manifest.sqlite").write_bytes(b"no database" * 1000)
    batch("--in-place", "--restart", "src/a.txt")
    result = batch("--undo", "src", code=3)
    assert "sub/b.txt: changed since the batch; left as it is; what it was is kept as" in result.stderr
    assert (source / "a.txt").read_bytes() == DAMAGED
    assert (source / ".hanfix/undo/sub/b.txt").read_bytes() == DAMAGED


def test_some_files_may_be_undone(source, folder):
    (source / "c.txt").write_bytes(DAMAGED)
    batch("--in-place", "src")
    (folder / "list").write_bytes(b"src/sub/b.txt\n")
    assert "1 file restored" in batch("--undo", "src/a.txt").stderr
    assert outputs(source) == {"a.txt": DAMAGED, "c.txt": RESTORED, "sub/b.txt": RESTORED}
    assert "2 outputs as written, 0 not" in batch("--verify", "src").stderr
    assert "1 file restored" in batch("--undo", "src/c*").stderr
    batch("--in-place", "src/a.txt")
    assert "no batch was run there" in batch("--undo", "--files-from", "list", code=3).stderr
    assert "no such file or directory" in batch("--undo", "src/gone", code=2).stderr
    (folder / "list").write_bytes(b"sub/b.txt\n")
    batch("--undo", "--files-from", "list", "src")
    assert "1 file restored" in batch("--undo", "src").stderr
    assert snapshot(source) == {"a.txt": DAMAGED, "c.txt": DAMAGED, "sub/b.txt": DAMAGED}


def test_a_file_that_cannot_be_written_back_was_not_changed(source, monkeypatch):
    def fails(finished, target, **_):
        if target.name == "a.txt":
            raise FileError("cannot be written: it is read-only")
        move_over(finished, target)

    move_over = batch_module.move_over
    monkeypatch.setattr(batch_module, "move_over", fails)
    for _ in range(2):
        assert "a.txt: cannot be written: it is read-only" in batch("--in-place", "src", code=3).stderr
        assert not (source / ".hanfix/undo/a.txt").exists()
    monkeypatch.undo()
    os.chdir(source.parent)
    assert "1 file restored" in batch("--undo", "src").stderr
    assert snapshot(source) == {"a.txt": DAMAGED, "sub/b.txt": DAMAGED}


def test_an_output_that_cannot_be_written_over_is_still_of_the_batch(source, folder, monkeypatch):
    batch("src", "dst")
    (source / "a.txt").write_bytes(DAMAGED * 2)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "a.txt" and access(path, mode))
    assert "a.txt: cannot be written: it is read-only" in batch("src", "dst", code=3).stderr
    monkeypatch.undo()
    os.chdir(folder)
    result = batch("--verify", "dst")
    assert "2 outputs as written, 0 not" in result.stderr
    assert "not of this batch" not in result.stderr
    batch("src", "dst")
    assert outputs(folder / "dst") == {"a.txt": RESTORED * 2, "sub/b.txt": RESTORED}


def test_undo_gives_back_the_source_after_a_restart(source):
    batch("--in-place", "src")
    batch("--in-place", "--restart", "--to", "traditional", "src")
    assert (source / "a.txt").read_bytes().decode().startswith("建設和諧")
    batch("--undo", "src")
    assert outputs(source) == {"a.txt": DAMAGED, "sub/b.txt": DAMAGED}


def test_a_bad_record_fails_its_file_in_place(folder):
    lines = b'{"text": "x"}\n{bad\n'
    write(folder / "src", {"a.jsonl": lines})
    assert "a.jsonl: line 2: no valid JSON" in batch("--in-place", "src", code=3).stderr
    assert outputs(folder / "src") == {"a.jsonl": lines}


def test_a_link_to_a_file_is_not_done_twice_in_place(source):
    (source / "z.txt").symlink_to("a.txt")
    batch("--in-place", "src")
    assert (source / "z.txt").is_symlink()
    assert (source / "a.txt").read_bytes() == RESTORED


def test_a_killed_run_in_place_can_be_undone(folder):
    files = {f"{each}.txt": DAMAGED * (each + 1) for each in range(60)}
    write(folder / "src", files)
    command = [*HANFIX, "batch", "-q", "--in-place", "src"]
    for wanted in (5, 20):
        process = subprocess.Popen(command)
        while len(list((folder / "src").glob(".hanfix/undo/*"))) < wanted and process.poll() is None:
            time.sleep(0.001)
        process.kill()
        process.wait()
    batch("--undo", "src")
    assert snapshot(folder / "src") == files
    batch("--in-place", "src")
    assert outputs(folder / "src") == {f"{each}.txt": RESTORED * (each + 1) for each in range(60)}
    batch("--undo", "src")
    assert snapshot(folder / "src") == files


def test_undo_that_was_killed_at_its_very_end(source):
    batch("--in-place", "src")
    batch("--undo", "src")
    for files in ({}, {".hanfix/lock": b""}):
        (source / ".hanfix").mkdir()
        write(source, files)
        assert "0 files restored" in batch("--undo", "src").stderr
        assert not (source / ".hanfix").exists()


def test_names_from_a_list_in_place(source, folder):
    (folder / "list").write_bytes(b"src/a.txt\r\n")
    batch("--in-place", "--files-from", "list")
    assert outputs(source) == {"a.txt": RESTORED, "sub/b.txt": DAMAGED}
    batch("--undo", "--files-from", "list")
    assert outputs(source) == {"a.txt": DAMAGED, "sub/b.txt": DAMAGED}
    assert not (folder / ".hanfix").exists()


def test_sound_files_stay_what_they_are_in_place_compressed_or_not(folder):
    files = {"a.txt.gz": gzip.compress(RESTORED, 1), "b.csv.bz2": bz2.compress(b"text\n1\n", 1)}
    write(folder / "src", files)
    batch("--in-place", "src")
    assert outputs(folder / "src") == files
    assert not (folder / "src/.hanfix/undo").exists()
    batch("src", "dst")
    assert outputs(folder / "dst") == files


def test_undo_is_for_batches_in_place(source):
    batch("src", "dst")
    assert "not run in place" in batch("--undo", "dst", code=2).stderr
    assert "move it away" in batch("--in-place", "dst", code=2).stderr
    assert "no batch was run there" in batch("--undo", "src", code=3).stderr


# Looking at it


def test_status_and_verify(source, folder):
    (source / "bad.txt").write_bytes(b"\xc4\xe3")
    batch("src", "dst", code=3)
    result = batch("--status", "dst", code=3)
    assert "done        2\nfailed      1\n" in result.stdout
    assert "failed: bad.txt: not UTF-8" in result.stdout
    assert "2 outputs as written, 0 not" in batch("--verify", "dst").stderr
    (folder / "dst/a.txt").write_bytes(RESTORED[:-2] + b"x\n")
    (folder / "dst/sub/b.txt").unlink()
    (folder / "dst/mine.txt").write_bytes(b"")
    result = batch("--verify", "dst", code=3)
    assert "a.txt: the output is not what was written" in result.stderr
    assert "sub/b.txt: the output is gone" in result.stderr
    assert "not of this batch: mine.txt" in result.stderr
    assert "no batch was run there" in batch("--status", "src", code=3).stderr


def test_places_in_the_report(source, folder):
    batch("--places", "src", "dst")
    changes = [each for each in records(folder / "dst", "change") if each["file"] == "sub/b.txt"]
    assert [(each["line"], each["column"], each["rule"]) for each in changes] == [
        (1, 4, "rejoin/hyphen"),
        (1, 10, "rejoin/hyphen"),
    ]
    files = [each["file"] for each in records(folder / "dst")[:-1]]
    assert files == sorted(files)


def test_places_in_a_text_that_is_cut(folder, monkeypatch):
    monkeypatch.setattr("hanfix.corpus.formats.text.PIECE_BYTES", 3000)
    write(folder / "src", {"a.txt": "建設社會，\n漢語。\n\n".encode() * 500})
    spec = Spec.from_profile("web").with_changes(filters=[], to="simplified")
    task = work_module.FileTask(0, str(folder / "src/a.txt"), "a.txt", str(folder / "sink"))
    cut, whole = (
        work_module.Maker(spec, Options(limit=limit), places=True)()(task) for limit in (10_000, 10_000_000)
    )
    # Kind by kind in the order of places, but piece by piece.
    lines = [sorted(zlib.decompress(each.places).splitlines()) for each in (cut, whole)]
    assert lines[0] == lines[1]
    assert zlib.decompress(cut.places).count(b'"line": 1499') > 0
    assert cut.counts == whole.counts


def test_a_sample_shows_changes_and_writes_nothing(source, folder):
    (source / "bad.epub").write_bytes(b"")
    before = snapshot(folder)
    result = batch("--sample", "5", "src")
    assert "2 of 3 files tried, nothing written: 2 of 2 documents would change" in result.stdout
    assert "rejoin/hyphen  4 changes in 2 files" in result.stdout
    assert "建设和[---]{++}谐社会，共-产-党员带头" in result.stdout
    assert "bad.epub" in result.stderr
    assert snapshot(folder) == before


def test_a_sample_is_drawn_by_its_seed(folder):
    write(folder / "src", {f"{each}.txt": f"{each}和-谐".encode() for each in range(50)})
    first = batch("--sample", "3", "src").stdout
    assert batch("--sample", "3", "-j", "2", "src").stdout == first
    assert batch("--sample", "3", "--seed", "1", "src").stdout != first


def test_progress_is_said_in_lines_where_it_cannot_be_drawn(source, monkeypatch):
    monkeypatch.setattr("hanfix.cli.batch._SECONDS", 0)
    assert "2 of 2 files, 0 failures, 0.0 of 0.0 MB" in batch("src", "dst").stderr


def test_learnt_furniture_is_stripped(folder):
    pages = site_dump.site(site_dump.TWELVE, 20)
    site_dump.write(folder / "src", pages)
    (folder / "hanfix.toml").write_text('filters = ["strip"]\n', encoding="utf-8")
    assert "learnt: 12 rules from 20 files" in batch("--learn", "src", "dst").stderr
    assert [each.decode() for each in outputs(folder / "dst").values()] == [each.article for each in pages]
    again = batch("--learn", "src", "dst").stderr
    assert "20 of them before" in again
    assert "learnt" not in again


def test_a_sample_shows_what_learnt_rules_would_do(folder):
    site_dump.write(folder / "src", site_dump.site(site_dump.TWELVE, 20))
    (folder / "hanfix.toml").write_text('filters = ["strip"]\n', encoding="utf-8")
    result = batch("--sample", "3", "--learn", "src", "dst")
    assert "learnt: 12 rules from 20 files\n" in result.stderr
    assert "strip/site-" in result.stdout
    assert not (folder / "dst").exists()


# For Python


def test_the_library_does_a_batch(source, folder):
    spec = Spec.from_profile("web").with_changes(filters=["rejoin"])
    said = []
    totals = Batch(plan_of(source), folder / "dst", spec, Options()).run(progress=said.append)
    assert (totals.files, totals.done, totals.counts.report.changed) == (2, 2, 2)
    assert said[-1].files == 2
    with pytest.raises(PlanError, match="no such file"):
        plan_of(folder / "gone")


@pytest.mark.parametrize("jobs", [1, 2])
def test_documents_in_outcomes_out(jobs):
    pipeline = Pipeline.from_profile(filters=["rejoin"])
    given = (Document(f"{each}和-谐", name=str(each)) for each in range(100))
    outcomes = list(clean_all(given, pipeline, jobs=jobs))
    assert [each.text for each in outcomes] == [f"{each}和谐" for each in range(100)]
    assert outcomes[7].report.changes[0].document == "7"
    assert [each.text for each in clean_all(["和-谐"], pipeline, jobs=jobs, places=False)] == ["和谐"]


def test_a_document_that_fails_is_an_outcome_too(monkeypatch):
    monkeypatch.setattr(Pipeline, "run", lambda *_: 1 / 0)
    (outcome,) = clean_all(["和-谐"], Pipeline.from_profile(filters=["rejoin"]))
    assert (outcome.text, outcome.error) == ("和-谐", "ZeroDivisionError: division by zero")


def test_what_is_no_document_is_refused():
    with pytest.raises(TypeError, match="not bytes"):
        list(clean_all([b"x"], Pipeline.from_profile(filters=["rejoin"])))
