"""The command line's files: what is read, what is written where, and what is refused with which words."""

import codecs
import json

import pytest

from running import hanfix

DAMAGED = "建设和-谐社会，共-产-党员带头。\n"
RESTORED = "建设和谐社会，共产党员带头。\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder to work in, with no configuration file in it or above."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def page(folder):
    path = folder / "page.txt"
    path.write_bytes(DAMAGED.encode())
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_goes_to_standard_output(page):
    result = hanfix("rejoin", page)
    assert (result.exit_code, result.stdout_bytes) == (0, RESTORED.encode())
    assert page.read_bytes() == DAMAGED.encode()


@pytest.mark.parametrize("arguments", [(), ("-",), ("-o", "-"), ("-", "-o", "-")])
def test_standard_input_is_read_without_files_and_for_a_dash(arguments):
    result = hanfix("rejoin", *arguments, stdin=DAMAGED.encode())
    assert (result.exit_code, result.stdout_bytes) == (0, RESTORED.encode())


def test_several_files_follow_one_another(page):
    result = hanfix("rejoin", "page.txt", "-", "page.txt", stdin="和-谐".encode())
    assert result.stdout_bytes.decode() == f"{RESTORED}和谐{RESTORED}"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_stay(newline):
    text = f"和-谐{newline}{newline}民-主"
    expected = f"和谐{newline}{newline}民主"
    assert hanfix("rejoin", stdin=text.encode()).stdout_bytes == expected.encode()


@pytest.mark.parametrize("command", ["clean", "repair", "rejoin", "strip", "convert"])
def test_an_empty_input_is_an_empty_output(command):
    result = hanfix(command, stdin=b"")
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, b"", "")


def test_output(page, folder):
    result = hanfix("rejoin", page, "-o", "new.txt")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert (folder / "new.txt").read_bytes() == RESTORED.encode()
    assert names(folder) == ["new.txt", "page.txt"]


def test_output_dir_is_made(page, folder):
    (folder / "other.txt").write_bytes("民-主".encode())
    result = hanfix("rejoin", page, "other.txt", "--output-dir", "new/fixed")
    assert result.exit_code == 0
    assert (folder / "new/fixed/page.txt").read_bytes() == RESTORED.encode()
    assert (folder / "new/fixed/other.txt").read_bytes() == "民主".encode()


def test_in_place(page, folder):
    result = hanfix("rejoin", "--in-place", page)
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert page.read_bytes() == RESTORED.encode()
    assert names(folder) == ["page.txt"]


def test_in_place_does_not_touch_what_does_not_change(folder):
    page = folder / "sound.txt"
    page.write_bytes(codecs.BOM_UTF8 + RESTORED.encode())
    before = page.stat()
    assert hanfix("rejoin", "--in-place", "--backup", ".bak", page).exit_code == 0
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert names(folder) == ["sound.txt"]


def test_backup_keeps_the_source_and_is_never_written_over(page, folder):
    assert hanfix("rejoin", "--in-place", "--backup", ".bak", page).exit_code == 0
    assert (folder / "page.txt.bak").read_bytes() == DAMAGED.encode()
    page.write_bytes("民-主".encode())
    result = hanfix("rejoin", "--in-place", "--backup", ".bak", page)
    assert result.exit_code == 3
    assert "page.txt.bak' is there already; move it away or name another suffix" in result.stderr
    assert page.read_bytes() == "民-主".encode()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "gb18030"),
    ],
)
def test_encodings_are_read_as_utf8_is_written_and_stay_in_place(folder, mark, encoding):
    text = DAMAGED.replace("\n", "\r\n") * 3
    page = folder / "page.txt"
    page.write_bytes(mark + text.encode(encoding))
    expected = RESTORED.replace("\n", "\r\n") * 3
    assert hanfix("rejoin", page).stdout_bytes == expected.encode()
    assert hanfix("rejoin", page, "--output-encoding", "same").stdout_bytes == mark + expected.encode(
        encoding
    )
    assert hanfix("rejoin", page, "--output-encoding", "gbk").stdout_bytes == expected.encode("gbk")
    assert hanfix("rejoin", "--in-place", page).exit_code == 0
    assert page.read_bytes() == mark + expected.encode(encoding)


def test_in_place_can_change_the_encoding(folder):
    page = folder / "page.txt"
    page.write_bytes(RESTORED.encode("gbk"))
    assert hanfix("rejoin", "--in-place", "--output-encoding", "utf-8", page).exit_code == 0
    assert page.read_bytes() == RESTORED.encode()


def test_a_guessed_encoding_is_said_and_a_named_one_obeyed(folder):
    page = folder / "page.txt"
    page.write_bytes("你好".encode("gbk"))
    refused = hanfix("rejoin", page)
    assert refused.exit_code == 3
    assert "page.txt: not UTF-8 (byte 0xC4 at offset 0" in refused.stderr
    assert "too short to tell by its looks; name its encoding with --encoding" in refused.stderr
    result = hanfix("rejoin", "--encoding", "gbk", page)
    assert (result.stdout_bytes.decode(), result.stderr) == ("你好", "")
    page.write_bytes((DAMAGED * 3).encode("gbk"))
    assert "page.txt: read as gb18030\n" in hanfix("rejoin", page).stderr


def test_undecodable_bytes_are_refused_or_replaced(folder):
    page = folder / "page.txt"
    page.write_bytes(DAMAGED.encode() + b"\xff\n")
    refused = hanfix("rejoin", page)
    assert (refused.exit_code, refused.stdout_bytes) == (3, b"")
    assert "UTF-8 but for byte 0xFF at offset 46" in refused.stderr
    assert "use --errors replace" in refused.stderr
    replaced = hanfix("rejoin", "--errors", "replace", page)
    assert (replaced.exit_code, replaced.stdout_bytes.decode()) == (0, f"{RESTORED}\ufffd\n")


def test_a_result_that_the_encoding_cannot_hold_leaves_the_file(folder):
    page = folder / "page.txt"
    raw = "建设和-谐社会".encode("gbk")
    page.write_bytes(raw)
    result = hanfix("rejoin", "--encoding", "gbk", "--output-encoding", "big5", "--in-place", page)
    assert result.exit_code == 3
    assert (
        "big5 has no code for '设' (U+8BBE, line 1 of the result); use --output-encoding utf-8"
        in result.stderr
    )
    assert page.read_bytes() == raw


BAD_INPUTS = {
    "none.txt": "none.txt: no such file",
    "directory": "directory: a directory, not a file; name the files in it",
    "nul.txt": "nul.txt: not a text: NUL byte at offset 2",
    "bad.txt": "bad.txt: not UTF-8 (byte 0xFF at offset 0",
    "page.txt/below": "page.txt/below: cannot be read: Not a directory",
}


@pytest.mark.parametrize("bad", BAD_INPUTS)
def test_a_bad_input_is_said_and_the_others_go_on(page, folder, bad):
    (folder / "directory").mkdir()
    (folder / "nul.txt").write_bytes(b"ab\0cd")
    (folder / "bad.txt").write_bytes(b"\xff\x80\xfd" * 9)
    result = hanfix("rejoin", page, bad, page)
    assert result.exit_code == 3
    assert f"hanfix: {BAD_INPUTS[bad]}" in result.stderr
    assert result.stdout_bytes == RESTORED.encode() * 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("none/new.txt", "cannot be written: there is no directory"),
        ("directory", "a directory, not a file"),
        ("page.txt/below", "cannot be written"),
    ],
)
def test_an_unwritable_target_is_said_and_nothing_is_left(page, folder, target, message):
    (folder / "directory").mkdir()
    result = hanfix("rejoin", page, "-o", target)
    assert result.exit_code == 3
    assert message in result.stderr
    assert names(folder) == ["directory", "page.txt"]
    assert names(folder / "directory") == []


def test_an_output_dir_that_cannot_be_made(page):
    result = hanfix("rejoin", page, "--output-dir", "page.txt/below")
    assert result.exit_code == 3
    assert "the directory page.txt/below cannot be made" in result.stderr


def test_an_unwritable_report_stops_the_run_before_it_begins(page):
    result = hanfix("rejoin", page, "--report", "none/report.jsonl")
    assert (result.exit_code, result.stdout_bytes) == (3, b"")
    assert "none/report.jsonl: cannot be written: there is no directory 'none'" in result.stderr


@pytest.mark.parametrize("target", ["page.txt", "./page.txt", "directory/../page.txt", "link.txt"])
def test_the_same_file_in_and_out_is_refused(page, folder, target):
    (folder / "directory").mkdir()
    (folder / "link.txt").symlink_to(page)
    for option in ("--output", "--report"):
        result = hanfix("rejoin", "page.txt", option, target)
        assert (result.exit_code, result.stdout_bytes) == (2, b"")
        assert f"{target.removeprefix('./')} is an input; to write to it, use --in-place" in result.stderr
    assert page.read_bytes() == DAMAGED.encode()


def test_an_output_dir_that_holds_an_input_is_refused(page, folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "page.txt").write_bytes(b"")
    result = hanfix("rejoin", "sub/page.txt", "page.txt", "--output-dir", ".")
    assert result.exit_code == 2
    assert "page.txt is an input" in result.stderr
    result = hanfix("rejoin", "sub/page.txt", "page.txt", "--output-dir", "new")
    assert result.exit_code == 2
    assert "new/page.txt would be written twice" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--in-place"], "--in-place needs names of files"),
        (["--output-dir", "new"], "--output-dir needs names of files"),
        (["--in-place", "-"], "--in-place needs names of files"),
        (["a", "--backup", ".bak"], "--backup goes with --in-place"),
        (["a", "--in-place", "--backup", "sub/.bak"], "the end of a file name, such as .bak"),
        (["a", "--in-place", "--backup", ""], "the end of a file name, such as .bak"),
        (["a", "--in-place", "-o", "b"], "--output and --in-place exclude each other"),
        (["a", "b", "-o", "c"], "--output takes the text of one input"),
        (["--encoding", "utf8000"], "no encoding is called 'utf8000'"),
        (["--encoding", "rot13"], "no encoding is called 'rot13'"),
        (["--encoding", "same"], "no encoding is called 'same'"),
        (["--encoding", "idna"], "no encoding is called 'idna'"),
        (["--output-encoding", "auto"], "no encoding is called 'auto'"),
        (["--output-encoding", "undefined"], "no encoding is called 'undefined'"),
        (["--output-encoding", "utf8000"], "no encoding is called 'utf8000'"),
        (["--errors", "ignore"], "'ignore' is not one of"),
        (["--keep-file", "none.txt"], "none.txt: no such file"),
        (["--config", "none.toml"], "none.toml: No such file or directory"),
        (["--disable", "rejoin/hyphn"], "did you mean 'rejoin/hyphen'"),
        (["--no-guard", "urls"], "'urls' is not one of"),
        (["--risk", "bold"], "'bold' is not one of"),
        (["--nonsense"], "No such option"),
        (["a", "-o", ""], "'--output': the name is empty"),
        (["a", "--output-dir", ""], "'--output-dir': the name is empty"),
        (["a", "--report", ""], "'--report': the name is empty"),
        (["a", ""], "the name is empty"),
        (["a", "--report", "-"], "'--report': not the name of a file; for one that is called so, write ./-"),
        (["--keep-file", "-"], "'--keep-file': not the name of a file"),
    ],
)
def test_wrong_usage(arguments, message):
    result = hanfix("rejoin", *arguments)
    assert (result.exit_code, result.stdout_bytes) == (2, b"")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_names_that_no_file_can_have_fail_alone(page, folder):
    (folder / "loop").symlink_to("loop")
    long = "x" * 300
    result = hanfix("rejoin", "-q", page, "loop", long, page)
    assert (result.exit_code, result.stdout_bytes) == (3, RESTORED.encode() * 2)
    assert "loop: cannot be read: Too many levels of symbolic links" in result.stderr
    assert f"{long}: cannot be read: File name too long" in result.stderr
    for target in ("loop", long):
        result = hanfix("rejoin", "-q", page, "-o", target)
        assert result.exit_code == 3
        assert f"page.txt: {target}: cannot be written: " in result.stderr
    result = hanfix("rejoin", "-q", "--in-place", "--backup", long, page)
    assert result.exit_code == 3
    assert "cannot be written: File name too long" in result.stderr
    assert page.read_bytes() == DAMAGED.encode()


def test_files_are_tried_and_not_judged_beforehand(page, monkeypatch):
    # What `access` says of a file that may not be read; the superuser may read all.
    monkeypatch.setattr("os.access", lambda *_: False)
    result = hanfix("rejoin", page)
    assert (result.exit_code, result.stdout_bytes) == (0, RESTORED.encode())


def test_the_output_that_failed_is_named_with_its_input(page, folder):
    (folder / "new").mkdir()
    (folder / "new" / "page.txt").mkdir()
    (folder / "other.txt").write_bytes("民-主".encode())
    result = hanfix("rejoin", "-q", page, "other.txt", "--output-dir", "new")
    assert result.exit_code == 3
    assert result.stderr.endswith("page.txt: new/page.txt: a directory, not a file\n")
    assert (folder / "new" / "other.txt").read_bytes() == "民主".encode()


def test_replaced_bytes_are_not_written_over(page):
    raw = DAMAGED.encode() + b"\xff\n"
    page.write_bytes(raw)
    result = hanfix("rejoin", "--in-place", "--errors", "replace", page)
    assert result.exit_code == 3
    assert "does not give its untouched parts back byte for byte" in result.stderr
    assert page.read_bytes() == raw
    wanted = ("--errors", "replace", "--output-encoding", "utf-8")
    assert hanfix("rejoin", "--in-place", *wanted, page).exit_code == 0
    assert page.read_bytes().decode() == f"{RESTORED}\ufffd\n"


def test_a_file_that_changes_meanwhile_is_left_alone(page, monkeypatch):
    from hanfix.pipeline import Pipeline

    def slow(self, text):
        page.write_bytes("别人写的".encode())
        return whole(self, text)

    whole = Pipeline.tally
    monkeypatch.setattr(Pipeline, "tally", slow)
    result = hanfix("rejoin", "--in-place", page)
    assert result.exit_code == 3
    assert "page.txt: changed by another program since it was read; left as it is now" in result.stderr
    assert page.read_bytes() == "别人写的".encode()


def test_what_no_encoding_holds_can_be_looked_at(folder):
    (folder / "page.txt").write_bytes(rb"\ud800" + rb"\u548c-\u8c10")
    result = hanfix("rejoin", "--encoding", "raw_unicode_escape", "page.txt", "--diff")
    assert result.exit_code == 0
    assert "+\\ud800和谐\n" in result.stdout_bytes.decode()
    result = hanfix("rejoin", "--encoding", "raw_unicode_escape", "page.txt")
    assert result.exit_code == 3
    assert "utf-8 has no code for '\\ud800'" in result.stderr


def test_an_error_of_the_system_fails_its_input_alone(page, monkeypatch):
    from hanfix.pipeline import Pipeline

    def broken(self, text):
        if "共" in text:
            raise OSError(5, "Input/output error", "words.txt")
        return whole(self, text)

    whole = Pipeline.tally
    monkeypatch.setattr(Pipeline, "tally", broken)
    result = hanfix("rejoin", page, "-", stdin="和-谐".encode())
    assert (result.exit_code, result.stdout_bytes.decode()) == (3, "和谐")
    assert "page.txt: cannot be done: [Errno 5] Input/output error: 'words.txt'" in result.stderr


def test_an_unexpected_exception_fails_its_input_alone(page, monkeypatch):
    from hanfix.pipeline import Pipeline

    def broken(self, text):
        if "共" in text:
            raise IndexError("of\nsorts")
        return whole(self, text)

    whole = Pipeline.tally
    monkeypatch.setattr(Pipeline, "tally", broken)
    result = hanfix("rejoin", page, "-", stdin="和-谐".encode())
    assert (result.exit_code, result.stdout_bytes.decode()) == (3, "和谐")
    assert "page.txt: unexpected IndexError: of sorts; please report this" in result.stderr
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("HANFIX_TRACEBACK", "1")
    assert "Traceback" in hanfix("rejoin", page).stderr


def test_too_little_memory_is_said(page, monkeypatch):
    from hanfix.pipeline import Pipeline

    def full(self, text):
        raise MemoryError

    monkeypatch.setattr(Pipeline, "tally", full)
    result = hanfix("rejoin", page)
    assert result.exit_code == 3
    assert "page.txt: not enough memory; cut the input into smaller files" in result.stderr


def test_failures_are_records_of_the_report(page, folder):
    hanfix("rejoin", page, "none.txt", "--report", "report.jsonl", "--check")
    records = [json.loads(line) for line in (folder / "report.jsonl").read_text("utf-8").splitlines()]
    assert {"kind": "failure", "file": "none.txt", "message": "no such file"} in records
    assert records[-1]["kind"] == "end"
    assert records[-1]["failures"] == 1
