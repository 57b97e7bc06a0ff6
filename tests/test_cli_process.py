"""The command as a process of its own: pipes that close, signals, disks that fill up, one huge line."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from running import HANFIX, hanfix_process

resource = pytest.importorskip("resource")

SENTENCE = "建设和谐社会，维护世界和平，促进共同发展。"
MEGABYTE = 1_000_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of POSIX")

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def big(folder):
    path = folder / "big.txt"
    path.write_bytes(f"{SENTENCE}\n".encode() * (4 * MEGABYTE // 64))
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_bytes_go_through_a_pipe_as_they_are():
    raw = f"\u3000\u3000{SENTENCE}\r\n\r\n甲\u2028乙\r丙\n\t".encode()
    result = hanfix_process("clean", input=raw)
    assert (result.returncode, result.stdout, result.stderr) == (0, raw, b"")


def test_an_ascii_locale_changes_nothing():
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = hanfix_process("rejoin", "-v", input="建设和-谐社会".encode(), env=environment)
    assert (result.returncode, result.stdout) == (0, "建设和谐社会".encode())
    assert b"rejoin/hyphen" in result.stderr
    assert "共".encode() in hanfix_process("explain", "rejoin", env=environment).stdout


def without_a_reader(*arguments):
    """Return the exit code and the messages of a process whose standard output nobody reads."""
    with subprocess.Popen([*HANFIX, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()
    return process.returncode, said


@pytest.mark.parametrize("line", ["clean big.txt", "clean big.txt none.txt", "list", "--help"])
def test_a_reader_that_goes_away_is_no_error(big, line):
    assert without_a_reader(*line.split()) == (0, b"")


def test_head_takes_a_line(big):
    line = 'set -o pipefail; "$@" | head -n 1'
    result = subprocess.run(["bash", "-c", line, "bash", *HANFIX, "clean", "big.txt"], capture_output=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, f"{SENTENCE}\n".encode(), b"")


def test_a_report_is_whole_though_the_reader_goes_away(big, folder):
    assert without_a_reader("clean", "big.txt", "--report", "report.jsonl") == (0, b"")
    assert b'"kind": "end"' in (folder / "report.jsonl").read_bytes().splitlines()[-1]


@needs_full
def test_a_full_standard_output_is_an_error(big):
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run([*HANFIX, "clean", "big.txt", "big.txt"], stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 3
    assert result.stderr == b"hanfix: <stdout>: cannot be written: No space left on device\n"


def test_a_full_disk_leaves_the_target_and_no_temporary_file(big, folder):
    target = folder / "target.txt"
    target.write_bytes(b"old")

    def small_disk():
        # The kernel refuses to let a file grow beyond this, as a full disk would.
        resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE))

    result = hanfix_process("clean", "big.txt", "-o", "target.txt", preexec_fn=small_disk)
    assert result.returncode == 3
    assert result.stderr == b"hanfix: big.txt: target.txt: cannot be written: File too large\n"
    assert target.read_bytes() == b"old"
    assert names(folder) == ["big.txt", "target.txt"]


def test_a_target_that_is_no_regular_file_is_written_to(folder):
    assert hanfix_process("clean", "-o", "/dev/null", input=b"text").returncode == 0
    result = hanfix_process("clean", "-o", "/dev/stdout", input=SENTENCE.encode())
    assert (result.returncode, result.stdout) == (0, SENTENCE.encode())
    os.mkfifo("pipe")
    with subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE) as reader:
        assert hanfix_process("clean", "-o", "pipe", input=SENTENCE.encode()).returncode == 0
        assert reader.stdout.read() == SENTENCE.encode()
    assert names(folder) == ["pipe"]


def test_standard_output_that_is_an_input_is_refused(folder):
    page = folder / "page.txt"
    page.write_bytes(SENTENCE.encode())
    with page.open("ab") as output:
        result = subprocess.run([*HANFIX, "clean", "page.txt"], stdout=output, stderr=subprocess.PIPE)
    assert result.returncode == 2
    assert b"standard output is one of the inputs; to write to it, use --in-place" in result.stderr
    with page.open("rb") as source:
        result = hanfix_process("clean", "-o", "page.txt", stdin=source)
    assert result.returncode == 2
    assert page.read_bytes() == SENTENCE.encode()


def test_a_closed_standard_input_is_an_error():
    result = subprocess.run(
        ["bash", "-c", '"$@" <&-', "bash", *HANFIX, "clean"], capture_output=True, timeout=60
    )
    assert result.returncode == 3
    assert result.stderr == b"hanfix: <stdin>: closed, and no file was named\n"


def in_a_shell(line, **options):
    """Return what a line of bash comes to in which ``hanfix`` stands for the command."""
    command = ["bash", "-c", line.replace("hanfix ", '"$@" '), "bash", *HANFIX]
    return subprocess.run(command, capture_output=True, timeout=60, **options)


@pytest.fixture
def page(folder):
    path = folder / "page.txt"
    path.write_bytes("和-谐社会\n".encode())
    return path


@pytest.mark.parametrize(
    "arguments", ["clean page.txt", "rejoin --diff page.txt", "list", "config", "explain strip"]
)
def test_a_closed_standard_output_is_an_error(page, arguments):
    result = in_a_shell(f"hanfix {arguments} >&-")
    assert (result.returncode, result.stderr) == (3, b"hanfix: <stdout>: closed\n")


def test_a_closed_standard_output_that_is_not_needed_is_none(page, folder):
    assert in_a_shell("hanfix clean --check page.txt >&-").returncode == 1
    result = in_a_shell("hanfix clean page.txt -o new.txt <&- >&- 2>&-")
    assert (result.returncode, (folder / "new.txt").read_bytes().decode()) == (0, "和谐社会\n")


@pytest.mark.parametrize("how", ["2>&-", pytest.param("2>/dev/full", marks=needs_full)])
def test_work_goes_on_though_nobody_can_be_told(page, how):
    result = in_a_shell(f"hanfix clean page.txt none.txt page.txt {how}")
    assert (result.returncode, result.stdout.decode()) == (3, "和谐社会\n和谐社会\n")
    assert in_a_shell(f"hanfix clean --check page.txt {how}").returncode == 1
    assert in_a_shell(f"hanfix claen {how}").returncode == 2


@pytest.mark.parametrize(
    "line",
    [
        "{ echo before; hanfix clean -q page.txt -o /dev/stdout; echo after; } > log.txt",
        "{ echo before; hanfix clean -q page.txt -o log.txt; echo after; } > log.txt",
        "{ echo before >&3; hanfix clean -q page.txt -o /dev/fd/3; echo after >&3; } 3> log.txt",
    ],
)
def test_an_output_that_is_open_already_is_written_to_and_not_replaced(page, folder, line):
    assert in_a_shell(line).returncode == 0
    assert (folder / "log.txt").read_bytes().decode() == "before\n和谐社会\nafter\n"


def test_a_report_can_go_to_standard_error(page, folder):
    in_a_shell("hanfix clean -q page.txt --report /dev/stderr 2> log.txt")
    assert (folder / "log.txt").read_bytes().startswith(b'{"kind": "document"')
    result = in_a_shell("hanfix clean page.txt --report log.txt > log.txt")
    assert result.returncode == 2
    assert b"log.txt would be written twice" in result.stderr


def test_a_report_that_nobody_reads_is_no_reason_to_stop(big, page, folder):
    os.mkfifo("pipe")
    line = "sleep 0 < pipe & hanfix clean big.txt page.txt --output-dir new --report pipe"
    assert in_a_shell(line).returncode == 0
    assert (folder / "new" / "page.txt").read_bytes().decode() == "和谐社会\n"


@needs_full
def test_a_full_report_stops_the_run(page):
    page.write_bytes(("和-谐社会\n" * 1000).encode())
    result = in_a_shell("hanfix clean -q --in-place page.txt page.txt --report /dev/full")
    assert result.returncode == 3
    assert result.stderr == b"hanfix: /dev/full: cannot be written: No space left on device\n"
    assert "-" in page.read_text("utf-8")


def test_what_is_no_regular_file_is_not_changed_in_place(page):
    os.mkfifo("pipe")
    result = in_a_shell("hanfix clean -q --in-place pipe page.txt")
    assert result.returncode == 3
    assert result.stderr == b"hanfix: pipe: no regular file, which alone can be written back\n"
    assert page.read_bytes().decode() == "和谐社会\n"


def test_a_working_directory_that_is_not_there_any_more(page, folder):
    gone = folder / "gone"
    gone.mkdir()
    result = hanfix_process("clean", "-q", page, "none.txt", page, cwd=gone, preexec_fn=gone.rmdir)
    assert (result.returncode, result.stdout.decode()) == (3, "和谐社会\n和谐社会\n")
    assert result.stderr == b"hanfix: none.txt: no such file\n"


def test_settings_are_not_written_over_with_defaults(folder):
    settings = folder / "hanfix.toml"
    settings.write_bytes(b'risk = "safe"\n')
    for line in ("hanfix config > hanfix.toml", "hanfix config --config hanfix.toml >> hanfix.toml"):
        result = in_a_shell(line)
        assert (result.returncode, settings.read_bytes()) == (2, b"")
        assert b"write to another file, and then rename that" in result.stderr
    settings.write_bytes(b'risk = "safe"\n')
    assert in_a_shell("hanfix config > new.toml && mv new.toml hanfix.toml").returncode == 0
    assert b'risk = "safe"' in settings.read_bytes()


def test_the_package_can_be_run_as_a_module(page):
    result = subprocess.run([sys.executable, "-m", "hanfix", "rejoin", "-q", "page.txt"], capture_output=True)
    assert (result.returncode, result.stdout.decode()) == (0, "和谐社会\n")
    result = subprocess.run([sys.executable, "-m", "hanfix", "--version"], capture_output=True)
    assert result.stdout.startswith(b"hanfix ")


# Stops in the middle of writing the target, as long as it takes for the signal to come.
SLOW_DISK = """
import os, sys, time
from hanfix.cli import main
def slow(descriptor):
    print("writing", file=sys.stderr, flush=True)
    time.sleep(60)
os.fsync = slow
main()
"""


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, b"hanfix: interrupted; what was written is whole\n"),
        (signal.SIGTERM, 143, b""),
        (signal.SIGHUP, 129, b""),
    ],
)
def test_a_signal_leaves_the_target_and_no_temporary_file(big, folder, number, code, said):
    target = folder / "target.txt"
    target.write_bytes(b"old")
    command = [sys.executable, "-c", SLOW_DISK, "clean", "big.txt", "-o", "target.txt"]
    # Whoever runs the tests may have the signal ignored, as nohup does, and then so would the process.
    default = partial(signal.signal, number, signal.SIG_DFL)
    with subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=default) as process:
        assert process.stderr.readline() == b"writing\n"
        assert len(names(folder)) == 3
        process.send_signal(number)
        assert process.stderr.read().strip() == said.strip()
    assert process.returncode == code
    assert target.read_bytes() == b"old"
    assert names(folder) == ["big.txt", "target.txt"]


def test_a_line_of_100_megabytes(folder):
    line = (SENTENCE * (100 * MEGABYTE // len(SENTENCE.encode()))).encode()
    (folder / "line.txt").write_bytes(line)
    began = time.monotonic()
    result = hanfix_process("clean", "line.txt", "-o", "out.txt")
    assert (result.returncode, result.stderr) == (0, b"")
    assert (folder / "out.txt").read_bytes() == line
    # Linear time: some seconds here, and nothing near this on a machine much slower.
    assert time.monotonic() - began < 240
