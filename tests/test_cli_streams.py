"""Records and large texts on the command line: one by one, in pieces, as they come."""

import json
import os
import select
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hanfix.cli import shell, tasks
from hanfix.corpus import formats
from running import HANFIX, hanfix, hanfix_process

SPLIT, JOINED = "建设和-谐社会。", "建设和谐社会。"
RECORDS = (
    f'{{"id": 1, "text": "{SPLIT}"}}\r\n'
    '{"text": "没有问题", "n": 1.50}\n'
    "\n"
    f'{{"meta": [1,2], "text":"{SPLIT}\\n"}}'
)
CLEANED = RECORDS.replace(SPLIT, JOINED)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def small_limit(monkeypatch):
    """Make a megabyte a hundred bytes, so that small texts are large."""
    monkeypatch.setattr(tasks, "MEGABYTE", 100)


def lines_of(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


# Records ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["clean"], ["rejoin"]])
def test_records_through_a_pipe(command):
    result = hanfix(*command, "--records", "jsonl", stdin=RECORDS.encode())
    assert (result.exit_code, result.stdout_bytes) == (0, CLEANED.encode())


def test_records_through_a_chain():
    result = hanfix(
        "pipe", "--records", "jsonl", "rejoin", "convert", "--to", "traditional", stdin=RECORDS.encode()
    )
    assert result.exit_code == 0
    assert [json.loads(line)["text"] for line in result.stdout.splitlines() if line] == [
        "建設和諧社會。",
        "沒有問題",
        "建設和諧社會。\n",
    ]


def test_tables(folder):
    Path("a.csv").write_bytes(f"id,text\r\n1,{SPLIT}\r\n".encode("gb18030"))
    assert hanfix("clean", "--records", "csv", "-o", "b.csv", "a.csv").exit_code == 0
    assert Path("b.csv").read_bytes() == f"id,text\r\n1,{JOINED}\r\n".encode("gb18030")
    result = hanfix(
        "clean", "--records", "tsv", "--text-field", "body", stdin=f"body\tn\n{SPLIT}\t1".encode()
    )
    assert result.stdout == f"body\tn\n{JOINED}\t1"


def test_several_fields_and_a_report_in_each_record():
    data = f'{{"title": "{SPLIT}", "meta": {{"text": "{SPLIT}"}}}}\n'.encode()
    options = [
        "--records",
        "jsonl",
        "--text-field",
        "title",
        "--text-field",
        "meta.text",
        "--report-field",
        "done",
    ]
    result = hanfix("clean", *options, stdin=data)
    record = json.loads(result.stdout)
    assert record == {"title": JOINED, "meta": {"text": JOINED}, "done": {"rejoin/hyphen": 2}}


@pytest.mark.parametrize(
    ("on_error", "left", "says"),
    [("keep", ["no JSON", '{"n": 2}'], "2, kept as they were"), ("skip", [], "2, left out")],
)
def test_bad_records(on_error, left, says):
    first, last = f'{{"text": "{SPLIT}"}}', '{"text": "没有问题"}'
    data = "\n".join([first, "no JSON", '{"n": 2}', last]).encode()
    result = hanfix("clean", "--records", "jsonl", "--on-error", on_error, stdin=data)
    assert result.exit_code == 3
    assert result.stdout.split("\n") == [first.replace(SPLIT, JOINED), *left, last]
    assert "<stdin>: line 2: no valid JSON" in result.stderr
    assert "<stdin>: line 3, field 'text': is missing" in result.stderr
    assert f"<stdin>: records that cannot be done: {says}" in result.stderr


def test_a_bad_record_may_fail_its_input(folder):
    Path("a.jsonl").write_text('{"text": "好"}\nno JSON\n')
    Path("b.jsonl").write_text(RECORDS)
    options = ["--records", "jsonl", "--on-error", "fail", "--output-dir", "out"]
    result = hanfix("clean", *options, "a.jsonl", "b.jsonl")
    assert result.exit_code == 3
    assert "a.jsonl: line 2: no valid JSON" in result.stderr
    assert [path.name for path in Path("out").iterdir()] == ["b.jsonl"]


def test_of_many_bad_records_few_are_said_and_all_are_listed(folder):
    result = hanfix("clean", "--records", "jsonl", "--report", "report.jsonl", stdin=b"no\n" * 500)
    assert result.stdout == "no\n" * 500
    assert len(result.stderr.splitlines()) < 30
    assert "records that cannot be done: 500" in result.stderr
    assert sum(record["kind"] == "failure" for record in lines_of("report.jsonl")) == 501


def test_records_have_places(folder):
    Path("a.jsonl").write_text(RECORDS)
    result = hanfix(
        "clean", "-v", "--records", "jsonl", "--report", "report.jsonl", "-o", "b.jsonl", "a.jsonl"
    )
    assert "a.jsonl (line 1, field 'text'):1:4: rejoin/hyphen" in result.stderr
    change, other, document, end = lines_of("report.jsonl")
    assert (change["file"], change["line"], change["column"]) == ("a.jsonl (line 1, field 'text')", 1, 4)
    assert other["file"] == "a.jsonl (line 4, field 'text')"
    assert (document["kind"], document["file"], document["changed"]) == ("document", "a.jsonl", True)
    assert (end["documents"], end["changed"]) == (3, 2)


def test_records_checked_and_shown(folder):
    Path("a.jsonl").write_bytes(RECORDS.encode())
    result = hanfix("clean", "--check", "--records", "jsonl", "a.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "would change: a.jsonl" in result.stderr
    shown = hanfix("clean", "--diff", "--records", "jsonl", "a.jsonl").stdout
    assert shown.count("--- a.jsonl (line") == 2
    assert f"-{SPLIT}\n" in shown and f"+{JOINED}\n" in shown
    assert Path("a.jsonl").read_bytes() == RECORDS.encode()


def test_records_in_place(folder):
    path = Path("a.jsonl")
    path.write_bytes(RECORDS.encode())
    assert hanfix("clean", "--records", "jsonl", "--in-place", "--backup", ".bak", "a.jsonl").exit_code == 0
    assert path.read_bytes() == CLEANED.encode()
    assert Path("a.jsonl.bak").read_bytes() == RECORDS.encode()
    before = path.stat()
    assert hanfix("clean", "--records", "jsonl", "--in-place", "a.jsonl").exit_code == 0
    assert path.stat().st_ino == before.st_ino


def test_what_is_removed_and_ambiguous_in_records(folder):
    data = '{"text": "正文第一段说的是春天。\\n\\n上一页 1 2 3 下一页\\n"}\n'.encode()
    hanfix("clean", "--records", "jsonl", "--keep-removed", "removed.jsonl", stdin=data)
    assert [record["file"] for record in lines_of("removed.jsonl")] == ["<stdin> (line 1, field 'text')"]
    data = '{"text": "皇后的头发"}\n'.encode()
    options = ["--to", "s2t", "--ambiguities", "list.jsonl"]
    hanfix("convert", "--records", "jsonl", *options, stdin=data)
    found = [record for record in lines_of("list.jsonl") if record["kind"] == "ambiguity"]
    assert {record["file"] for record in found} == {"<stdin> (line 1, field 'text')"}


def test_what_contradicts_itself_is_refused():
    for arguments in (
        ["--text-field", "body"],
        ["--report-field", "done"],
        ["--records", "jsonl", "--report-field", "text"],
        ["--diff", "--line-buffered"],
        ["--diff", "--over-limit", "cut"],
    ):
        result = hanfix("clean", *arguments, stdin=b"")
        assert result.exit_code == 2, arguments


def test_json_lines_read_as_text_are_told(folder):
    Path("a.jsonl").write_text(RECORDS)
    assert "--records jsonl" in hanfix("clean", "a.jsonl").stderr
    assert "--records jsonl" not in hanfix("clean", "-q", "a.jsonl").stderr


def test_several_inputs_follow_one_another(folder):
    for name in ("a.jsonl", "b.jsonl"):
        Path(name).write_bytes(RECORDS.encode())
    result = hanfix("clean", "--records", "jsonl", "a.jsonl", "-", "b.jsonl", stdin=b"")
    assert result.stdout_bytes == f"{CLEANED}\n{CLEANED}".encode()
    Path("a.csv").write_text(f"text\n{SPLIT}")
    Path("b.csv").write_text(f"text\n{SPLIT}")
    assert hanfix("clean", "--records", "csv", "a.csv", "b.csv").exit_code == 2
    assert hanfix("clean", "--records", "csv", "--output-dir", "out", "a.csv", "b.csv").exit_code == 0
    assert Path("out/b.csv").read_text() == f"text\n{JOINED}"


def test_a_limit_takes_no_memory(folder):
    Path("a.txt").write_text(SPLIT)
    assert hanfix("clean", "--limit", "1000000", "a.txt").stdout == JOINED
    assert hanfix("clean", "--limit", "1000000000000000", "a.txt").exit_code == 2


def test_nothing_is_half_written(folder):
    Path("out.jsonl").write_text("before")
    result = hanfix(
        "clean", "--records", "jsonl", "--on-error", "fail", "-o", "out.jsonl", stdin=b'{"text":""}\nno\n'
    )
    assert result.exit_code == 3
    assert [path.name for path in folder.iterdir()] == ["out.jsonl"]
    assert Path("out.jsonl").read_text() == "before"


# Large texts -----------------------------------------------------------------------------------------------

PARAGRAPHS = "".join(f"第{number}段，{SPLIT}说的是春天。\n\n" for number in range(200))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_text_over_the_limit_is_cut_where_no_filter_can_tell(folder, small_limit, newline):
    text = PARAGRAPHS.replace("\n", newline)
    Path("a.txt").write_bytes(text.encode())
    options = ["convert", "--to", "traditional", "--report", "report.jsonl", "a.txt"]
    cut = hanfix(*options, "--limit", "10")
    in_pieces = lines_of("report.jsonl")
    whole = hanfix(*options, "--limit", "10000")
    as_one = lines_of("report.jsonl")
    assert cut.stdout == whole.stdout
    # The places are those of the text, and the document comes when it is known whether it changed.
    assert sorted(map(str, in_pieces)) == sorted(map(str, as_one))
    assert in_pieces[0]["kind"] == "change"
    assert in_pieces[-2]["kind"] == "document"


def test_a_text_that_must_be_seen_as_a_whole_is_read_refused_or_cut(folder, small_limit):
    Path("a.txt").write_text(PARAGRAPHS)
    read = hanfix("clean", "a.txt")
    refused = hanfix("clean", "--over-limit", "refuse", "a.txt")
    cut = hanfix("clean", "--over-limit", "cut", "a.txt")
    assert (read.exit_code, refused.exit_code, cut.exit_code) == (0, 3, 0)
    assert read.stdout == cut.stdout == PARAGRAPHS.replace(SPLIT, JOINED)
    assert "repair and rejoin and strip must see a text as a whole" in refused.stderr
    assert "--over-limit read" in refused.stderr and "--over-limit cut" in refused.stderr


def test_a_text_without_blank_lines_is_read_on_refused_or_cut_at_lines(folder, small_limit):
    text = f"{SPLIT}\n" * 3000
    Path("a.txt").write_text(text)
    convert = ["convert", "--to", "traditional"]
    whole = hanfix(*convert, "a.txt")
    refused = hanfix(*convert, "--over-limit", "refuse", "a.txt")
    cut = hanfix(*convert, "--over-limit", "cut", "a.txt")
    assert (whole.exit_code, refused.exit_code, cut.exit_code) == (0, 3, 0)
    assert whole.stdout == cut.stdout
    assert "without a blank line to cut at" in refused.stderr
    # Where the source is named, no phrase reaches over a line end.
    named = hanfix(*convert, "--from", "simplified", "--over-limit", "refuse", "a.txt")
    assert (named.exit_code, named.stdout) == (0, whole.stdout)


def test_a_large_text_in_place_and_shown(folder, small_limit):
    path = Path("a.txt")
    path.write_text(PARAGRAPHS)
    shown = hanfix("clean", "--diff", "a.txt").stdout
    assert shown.count(f"\n+第199段，{JOINED}") == 1
    assert hanfix("clean", "--check", "--over-limit", "cut", "a.txt").exit_code == 1
    assert hanfix("clean", "--in-place", "--over-limit", "cut", "a.txt").exit_code == 0
    assert path.read_text() == PARAGRAPHS.replace(SPLIT, JOINED)


def test_a_large_text_in_another_encoding(folder, small_limit):
    Path("a.txt").write_bytes(PARAGRAPHS.encode("gb18030"))
    result = hanfix("clean", "--over-limit", "cut", "--output-encoding", "same", "-o", "b.txt", "a.txt")
    assert result.exit_code == 0
    assert result.stderr.count("read as gb18030") == 1
    assert Path("b.txt").read_bytes() == PARAGRAPHS.replace(SPLIT, JOINED).encode("gb18030")


def test_memory_does_not_grow_with_the_input():
    """Nor with what is found in it: four times as much takes no more."""
    code = (
        "import resource, subprocess, sys; "
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    taken = []
    record = json.dumps({"text": (SPLIT * 20 + "\n") * 10}, ensure_ascii=False).encode() + b"\n"
    for size in (500, 2000):
        command = [sys.executable, "-c", code, *HANFIX, "rejoin", "-q", "--records", "jsonl"]
        done = subprocess.run(command, input=record * size, capture_output=True, check=True, timeout=300)
        taken.append(int(done.stdout))
    assert taken[1] < 1.2 * taken[0]


# Streams that go on ----------------------------------------------------------------------------------------

needs_select = pytest.mark.skipif(sys.platform == "win32", reason="select waits for sockets alone there")


def answers(arguments, written):
    """Return what comes back for each thing that is written, before the next one is."""
    with subprocess.Popen([*HANFIX, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        seen = []
        for data in written:
            process.stdin.write(data)
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], 60)
            seen.append(os.read(process.stdout.fileno(), 1 << 16) if ready else b"")
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        return seen, rest


@needs_select
@pytest.mark.parametrize(
    ("arguments", "before", "after"),
    [
        (["clean", "--records", "jsonl"], f'{{"text": "{SPLIT}"}}\n', f'{{"text": "{JOINED}"}}\n'),
        (["convert", "--from", "simplified", "--to", "traditional"], f"{JOINED}\n", "建設和諧社會。\n"),
        (["pipe", "--over-limit", "cut", "rejoin"], f"{SPLIT}\n", f"{JOINED}\n"),
        (["pipe", "--over-limit", "cut", "--encoding", "gb18030", "rejoin"], f"{SPLIT}\n", f"{JOINED}\n"),
    ],
)
def test_a_line_comes_back_before_the_next(arguments, before, after):
    encoding = arguments[arguments.index("--encoding") + 1] if "--encoding" in arguments else "utf-8"
    at = 1 if arguments[0] == "pipe" else len(arguments)
    seen, rest = answers([*arguments[:at], "--line-buffered", *arguments[at:]], [before.encode(encoding)] * 3)
    assert (seen, rest) == ([after.encode()] * 3, b"")


@needs_select
def test_lines_of_ascii_do_not_tell_the_encoding():
    written = [b"id,text\n", f"1,{SPLIT}\n".encode("gb18030")]
    seen, _ = answers(["clean", "--records", "csv", "--line-buffered"], written)
    assert seen == [b"id,text\n", f"1,{JOINED}\n".encode("gb18030")]


@needs_select
def test_a_paragraph_comes_back_when_the_next_one_begins():
    arguments = ["convert", "--to", "traditional", "--line-buffered"]
    seen, rest = answers(arguments, [f"{JOINED}\n\n{JOINED}\n".encode(), f"\n{JOINED}\n".encode()])
    assert seen == ["建設和諧社會。\n\n".encode()] * 2
    assert rest == "建設和諧社會。\n".encode()


def test_what_must_be_seen_as_a_whole_cannot_come_line_by_line():
    result = hanfix("clean", "--line-buffered", stdin=b"a\n")
    assert result.exit_code == 3
    assert "repair and rejoin and strip must see a text as a whole" in result.stderr
    assert "--over-limit cut" in result.stderr


def test_a_reader_that_goes_away_ends_a_stream_without_a_word():
    with subprocess.Popen(
        [*HANFIX, "clean", "--records", "jsonl", "--line-buffered"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        process.stdin.write(RECORDS.encode() * 100)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")


@needs_full
@pytest.mark.parametrize("how", [[], ["--diff"]])
def test_standard_output_that_is_full(how):
    with Path("/dev/full").open("wb") as full:
        command = [*HANFIX, "clean", *how, "--records", "jsonl"]
        done = subprocess.run(
            command, input=RECORDS.encode(), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert done.returncode == 3
    assert done.stderr.startswith(b"hanfix: <stdout>: cannot be written: No space left")


@needs_full
def test_a_report_that_is_full_ends_the_work(folder):
    for name in ("a.jsonl", "b.jsonl"):
        Path(name).write_text(RECORDS * 1000)
    options = ["--records", "jsonl", "--report", "/dev/full", "--output-dir", "out"]
    result = hanfix_process("clean", *options, "a.jsonl", "b.jsonl")
    assert result.returncode == 3
    assert b"hanfix: /dev/full: cannot be written: No space left" in result.stderr
    assert not list(Path("out").iterdir())


@needs_select
def test_an_input_that_does_not_wait_is_waited_for():
    """Nothing yet is no end, nor is half a line."""
    data = f'{{"text": "{SPLIT}"}}\n'.encode()
    for arguments in (["clean", "--records", "jsonl"], ["convert", "--to", "simplified"]):
        read, write = os.pipe()
        os.set_blocking(read, False)
        with subprocess.Popen([*HANFIX, *arguments], stdin=read, stdout=subprocess.PIPE) as process:
            os.close(read)
            for part in (data[:20], data[20:] + data):
                time.sleep(1)
                os.write(write, part)
            os.close(write)
            written, _ = process.communicate(timeout=60)
        expected = data.replace(SPLIT.encode(), JOINED.encode()) if "clean" in arguments else data
        assert (process.returncode, written) == (0, expected * 2)


@needs_select
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_takes_a_part_is_given_the_rest(folder, unbuffered):
    """Unbuffered, the system writes as much as it has room for, and says so only by the number."""
    resource = pytest.importorskip("resource")
    Path("a.txt").write_text(f"{JOINED}\n" * 10_000)
    size = Path("a.txt").stat().st_size
    for limit, code in ((size * 2, 0), (size // 2, 3)):
        with Path("out.txt").open("wb") as out:
            done = subprocess.run(
                [*HANFIX, "convert", "--to", "simplified", "a.txt"],
                stdout=out,
                stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
                preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
                timeout=60,
                check=False,
            )
        assert done.returncode == code, done.stderr
        assert (b"<stdout>: cannot be written: File too large" in done.stderr) == bool(code)
        assert Path("out.txt").stat().st_size == min(size, limit)


@needs_select
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_does_not_wait_is_waited_for(unbuffered):
    data = RECORDS.encode() + b"\n"
    read, write = os.pipe()
    os.set_blocking(write, False)
    with subprocess.Popen(
        [*HANFIX, "clean", "-q", "--records", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=write,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    ) as process:
        os.close(write)
        with ThreadPoolExecutor() as pool:
            feeding = pool.submit(process.communicate, data * 2000, 120)
            time.sleep(2)
            with os.fdopen(read, "rb") as file:
                written = file.read()
            feeding.result()
    assert process.returncode == 0
    assert written == (CLEANED + "\n").encode() * 2000


def test_a_broken_input_is_not_blamed_on_the_output(folder):
    Path("sub").mkdir()
    result = hanfix_process("clean", "--records", "jsonl", "-o", "missing/out.jsonl", input=RECORDS.encode())
    assert (result.returncode, result.stdout) == (3, b"")
    assert b"<stdin>: missing/out.jsonl: cannot be written: there is no directory" in result.stderr
    result = hanfix("clean", "--records", "jsonl", "-o", "out.jsonl", "sub")
    assert "sub: a directory, not a file" in result.stderr


# What the options offer ------------------------------------------------------------------------------------


def test_the_choices_are_those_of_the_library():
    offered = {"over_limit": set(formats.OVER_LIMIT), "on_error": set(formats.ON_ERROR)}
    for name in ("clean", "batch"):
        command = shell.get_command(None, name)
        for param in command.params:
            if param.name in offered:
                assert set(param.type.choices) <= offered[param.name]
                if name == "batch" or param.name == "over_limit":
                    assert set(param.type.choices) == offered[param.name]
