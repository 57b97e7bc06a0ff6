"""What the command line says: the summary, every change, the report, the diff, and colours."""

import json
import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanfix.report import json_line, visible
from running import HANFIX, hanfix

DAMAGED = "见\n建设和-谐社会，民\u200b主。\n"
RESTORED = "见\n建设和谐社会，民主。\n"


@pytest.fixture(autouse=True)
def page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "page.txt"
    path.write_bytes(DAMAGED.encode())
    return path


def test_the_summary_counts_changes_by_rule():
    assert hanfix("rejoin", "page.txt").stderr.splitlines() == [
        "1 text changed",
        "  rejoin/hyphen      1",
        "  rejoin/zero-width  1",
    ]
    first = hanfix("rejoin", "page.txt", "-", stdin=b"ab").stderr.splitlines()[0]
    assert first == "1 of 2 texts changed"


def test_nothing_is_said_when_nothing_happened():
    result = hanfix("clean", stdin=RESTORED.encode())
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, RESTORED.encode(), "")


def test_what_is_held_back_is_said_with_what_gets_it():
    result = hanfix("rejoin", "--risk", "safe", stdin="建设和-谐社会".encode())
    assert result.stdout_bytes.decode() == "建设和-谐社会"
    assert "held back: rejoin/hyphen 1 (--risk likely makes it)" in result.stderr


def test_what_is_disabled_was_the_users_wish_and_is_not_mentioned():
    result = hanfix("rejoin", "--disable", "rejoin/hyphen", "--disable", "rejoin/zero-width", "page.txt")
    assert (result.stdout_bytes.decode(), result.stderr) == (DAMAGED, "")


@pytest.mark.parametrize("option", ["-q", "--quiet"])
def test_quiet_says_nothing_but_errors(option):
    assert hanfix("rejoin", option, "page.txt").stderr == ""
    assert hanfix("rejoin", option, "none.txt").stderr == "hanfix: none.txt: no such file\n"


def test_verbose_says_every_change_with_its_place():
    said = hanfix("rejoin", "-v", "page.txt").stderr
    assert 'page.txt:2:4: rejoin/hyphen: "-" → ""' in said
    assert re.search(r'page\.txt:2:\d+: rejoin/zero-width: "\\u200b" → ""', said)
    assert "held back by risk rejoin/hyphen" in hanfix("rejoin", "-v", "--risk", "safe", "page.txt").stderr


def test_keeping_texts(tmp_path):
    assert "和-谐" in hanfix("rejoin", "--keep", "和-谐", "page.txt").stdout
    (tmp_path / "keep.txt").write_text("民-主\n\n和-谐\n", encoding="utf-8")
    result = hanfix("rejoin", "--keep-file", "keep.txt", "page.txt")
    assert result.stdout_bytes.decode() == DAMAGED.replace("\u200b", "")
    assert "held back: rejoin/hyphen 1 (guarded)" in result.stderr
    # What ends a line to Python and to no editor is part of the text to keep.
    (tmp_path / "keep.txt").write_bytes("和\u2028-谐\r和-谐\u0085\r\n".encode())
    result = hanfix("rejoin", "--keep-file", "keep.txt", "page.txt")
    assert "和谐" in result.stdout


def test_guards_can_be_taken_away():
    text = "`和-谐`"
    assert hanfix("rejoin", stdin=text.encode()).stdout_bytes.decode() == text
    assert hanfix("rejoin", "--no-guard", "code", stdin=text.encode()).stdout_bytes.decode() == "`和谐`"


def test_the_report_is_json_lines_and_shows_what_cannot_be_seen(tmp_path):
    result = hanfix("rejoin", "page.txt", "--report", "report.jsonl")
    assert result.stdout_bytes.decode() == RESTORED
    lines = (tmp_path / "report.jsonl").read_bytes().decode().split("\n")
    assert lines.pop() == ""
    assert r'"old": "\u200b"' in "".join(lines)
    records = [json.loads(line) for line in lines]
    assert [record["kind"] for record in records] == ["document", "change", "change", "end"]
    assert records[0] == {
        "kind": "document",
        "file": "page.txt",
        "encoding": "utf-8",
        "confidence": 1.0,
        "changed": True,
    }
    hyphen = next(record for record in records if record.get("rule") == "rejoin/hyphen")
    assert (hyphen["filter"], hyphen["line"], hyphen["column"]) == ("rejoin", 2, 4)
    assert (hyphen["start"], hyphen["end"], hyphen["old"], hyphen["new"]) == (5, 6, "-", "")
    assert records[-1]["counts"] == {"rejoin/zero-width": 1, "rejoin/hyphen": 1}
    assert (records[-1]["documents"], records[-1]["changed"]) == (1, 1)


@given(st.text())
def test_a_record_is_one_visible_line_and_comes_back(text):
    line = json_line({"old": text})
    assert json.loads(line) == {"old": text}
    assert line.endswith("}\n")
    seen = line.removesuffix("\n")
    assert all(char.isprintable() or char == "\u3000" for char in seen)
    assert all(char.isprintable() or char == "\u3000" for char in visible(text))
    # Nothing else looks like it.
    assert visible(text).encode("latin-1", "backslashreplace").decode("unicode_escape") == text


def test_an_escape_in_the_text_is_told_from_what_cannot_be_seen():
    assert visible("\\u200b") == r"\\u200b"
    assert visible("\u200b") == r"\u200b"
    said = hanfix("rejoin", "-v", stdin="见\\n民\u200b主".encode()).stderr
    assert r'"\u200b" → ""' in said


def test_check_writes_nothing_and_exits_with_one():
    result = hanfix("rejoin", "--check", "page.txt", "-", stdin=RESTORED.encode())
    assert (result.exit_code, result.stdout_bytes) == (1, b"")
    assert "would change: page.txt\n" in result.stderr
    assert "would change: <stdin>" not in result.stderr
    assert hanfix("rejoin", "--check", stdin=RESTORED.encode()).exit_code == 0
    assert hanfix("rejoin", "--check", "page.txt", "none.txt").exit_code == 3


def test_check_and_diff_do_not_write_in_place_either(page, tmp_path):
    for option in ("--check", "--diff"):
        hanfix("rejoin", "--in-place", "--backup", ".bak", option, "page.txt")
        hanfix("rejoin", "--output-dir", "new", option, "page.txt")
    assert page.read_bytes() == DAMAGED.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["page.txt"]


def test_diff_is_one_that_patch_takes():
    result = hanfix("rejoin", "--diff", "page.txt")
    assert result.exit_code == 0
    assert result.stdout_bytes.decode() == (
        "--- page.txt\n+++ page.txt\n@@ -1,2 +1,2 @@\n 见\n"
        "-建设和-谐社会，民\u200b主。\n+建设和谐社会，民主。\n"
    )
    assert hanfix("rejoin", "--diff", "--check", "page.txt").exit_code == 1
    assert hanfix("rejoin", "--diff", stdin=RESTORED.encode()).stdout_bytes == b""


@pytest.mark.parametrize(
    ("newline", "shown"),
    [("\r\n", "-和-谐\r\n+和谐\r\n 乙\r\n"), ("\r", "-和-谐\r乙\r\n\\ No newline at end of file\n")],
)
def test_diff_keeps_newlines(newline, shown):
    text = f"和-谐{newline}乙{newline}"
    assert shown in hanfix("rejoin", "--diff", stdin=text.encode()).stdout_bytes.decode()


def in_a_terminal(*arguments, **environment):
    """Return what a command line shows with standard output and error on a terminal."""
    import os
    import pty

    controller, terminal = pty.openpty()
    inherited = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [*HANFIX, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        env={**inherited, "TERM": "xterm-256color", **environment},
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            read = os.read(controller, 65536)
        except OSError:
            break
        if not read:
            break
        shown += read
    os.close(controller)
    process.wait()
    return shown.decode()


def test_colours_are_for_terminals():
    pytest.importorskip("pty")
    coloured = in_a_terminal("rejoin", "--diff", "page.txt")
    assert "\x1b[" in coloured
    assert "\\u200b" in coloured
    assert "\x1b" not in in_a_terminal("rejoin", "--diff", "--no-color", "page.txt")
    assert "\x1b" not in in_a_terminal("rejoin", "--diff", "page.txt", NO_COLOR="whatever")
    piped = hanfix("rejoin", "--diff", "page.txt")
    assert b"\x1b" not in piped.stdout_bytes
    assert "\x1b" not in piped.stderr


def test_names_cannot_drive_the_terminal():
    assert hanfix("rejoin", "a\x1b[31m.txt").stderr == "hanfix: a\\u001b[31m.txt: no such file\n"
