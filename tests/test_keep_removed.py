"""What is removed as page furniture, saved with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hanfix.cli import shell

PROSE = "灯还亮着，他等船，等了一夜，船没有来。\n"
BAR = "上一页 1 2 3 下一页\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(PROSE + BAR + PROSE, encoding="utf-8")
    (tmp_path / "sound.txt").write_text(PROSE, encoding="utf-8")
    return tmp_path


def hanfix(*arguments: str) -> Result:
    return CliRunner().invoke(shell, arguments)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    "command", [["strip", "b.txt", "sound.txt", "a.txt"], ["clean", "b.txt", "sound.txt", "a.txt"]]
)
def test_files_are_saved_in_their_order(command: list[str], folder: Path) -> None:
    assert hanfix(*command, "--keep-removed", "gone.jsonl", "--output-dir", "out").exit_code == 0
    assert records(folder / "gone.jsonl") == [
        {"file": name, "line": 2, "column": 1, "rule": "strip/pagination-bar", "text": BAR}
        for name in ("b.txt", "a.txt")
    ]


def test_pipe_saves_what_strip_removed_and_no_other_change(folder: Path) -> None:
    (folder / "c.txt").write_text("建设和-谐社会。\n" + BAR + PROSE, encoding="utf-8")
    result = hanfix("pipe", "-i", "c.txt", "-o", "d.txt", "--keep-removed", "gone.jsonl", "rejoin", "strip")
    assert result.exit_code == 0
    assert [each["rule"] for each in records(folder / "gone.jsonl")] == ["strip/pagination-bar"]


def test_nothing_removed_is_an_empty_file(folder: Path) -> None:
    assert hanfix("strip", "sound.txt", "--keep-removed", "gone.jsonl").exit_code == 0
    assert (folder / "gone.jsonl").read_bytes() == b""


def test_it_works_beside_a_report_and_with_check(folder: Path) -> None:
    result = hanfix("strip", "a.txt", "--check", "--report", "report.jsonl", "--keep-removed", "gone.jsonl")
    assert result.exit_code == 1
    assert len(records(folder / "gone.jsonl")) == 1
    assert len(records(folder / "report.jsonl")) == 3


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("a.txt", "a.txt is an input"),
        ("report.jsonl", "report.jsonl would be written twice"),
    ],
)
def test_it_writes_over_nothing_else(target: str, message: str, folder: Path) -> None:
    result = hanfix("strip", "a.txt", "--report", "report.jsonl", "--keep-removed", target)
    assert result.exit_code == 2
    assert message in result.stderr
    assert (folder / "a.txt").read_text("utf-8") == PROSE + BAR + PROSE


def test_a_file_that_cannot_be_made_stops_the_run(folder: Path) -> None:
    result = hanfix("strip", "--in-place", "a.txt", "--keep-removed", "none/gone.jsonl")
    assert result.exit_code == 3
    assert "none/gone.jsonl: cannot be written: there is no directory 'none'" in result.stderr
    assert (folder / "a.txt").read_text("utf-8") == PROSE + BAR + PROSE


def test_only_commands_that_remove_lines_have_it() -> None:
    assert hanfix("rejoin", "a.txt", "--keep-removed", "gone.jsonl").exit_code == 2
