"""Reports: they add up, say where, and know the exit code."""

import json

import pytest

from hanfix.document import Document
from hanfix.report import (
    EXIT_DONE,
    EXIT_INPUT_FAILED,
    EXIT_WOULD_CHANGE,
    Change,
    Failure,
    Flagged,
    Held,
    Report,
)


def one(rule: str, name: str) -> Report:
    report = Report(documents=1, changed=1)
    change = Change("f", rule, 2, 3, "-", "", "why", name)
    report.changes.append(change)
    report.counts[rule] += 1
    report.held_back.append(Held(change, "risk"))
    report.held[rule] += 2
    report.flagged[rule] += 1
    report.rewritten["g"] += 1
    report.flags.append(Flagged("f", rule, 0, 1, "?", "lost", name))
    return report


def test_reports_add_up() -> None:
    first, second = one("f/a", "1.txt"), one("f/b", "2.txt")
    second.counts["f/a"] += 3
    second.failures.append(Failure("3.txt", "no such file"))
    total = first + second
    assert (total.documents, total.changed) == (2, 2)
    assert total.counts == {"f/a": 4, "f/b": 1}
    assert total.held == {"f/a": 2, "f/b": 2}
    assert total.flagged == {"f/a": 1, "f/b": 1}
    assert total.rewritten == {"g": 2}
    assert [change.document for change in total.changes] == ["1.txt", "2.txt"]
    assert [held.change.document for held in total.held_back] == ["1.txt", "2.txt"]
    assert [flag.document for flag in total.flags] == ["1.txt", "2.txt"]
    assert total.failures == [Failure("3.txt", "no such file")]


def test_a_sum_leaves_its_parts_alone() -> None:
    first, second = one("f/a", "1.txt"), one("f/b", "2.txt")
    total = first + second
    total.changes.clear()
    total.counts["f/a"] += 10
    assert first == one("f/a", "1.txt")
    assert second == one("f/b", "2.txt")


def test_an_empty_report_adds_nothing() -> None:
    assert Report() + one("f/a", "1.txt") == one("f/a", "1.txt") == one("f/a", "1.txt") + Report()


def test_adding_in_place() -> None:
    total = same = Report()
    for name in ("1.txt", "2.txt", "3.txt"):
        total += one("f/a", name)
    assert total is same
    assert total.documents == 3
    assert sum((one("f/a", name) for name in "123"), Report()).documents == 3


@pytest.mark.parametrize(
    ("report", "check", "code"),
    [
        (Report(documents=1), False, EXIT_DONE),
        (Report(documents=1), True, EXIT_DONE),
        (Report(documents=1, changed=1), False, EXIT_DONE),
        (Report(documents=1, changed=1), True, EXIT_WOULD_CHANGE),
        (Report(failures=[Failure("a", "b")]), False, EXIT_INPUT_FAILED),
        (Report(documents=1, changed=1, failures=[Failure("a", "b")]), True, EXIT_INPUT_FAILED),
    ],
)
def test_exit_code(report: Report, check: bool, code: int) -> None:
    assert report.exit_code(check=check) == code


def test_exit_codes_are_those_of_the_documentation() -> None:
    assert (EXIT_DONE, EXIT_WOULD_CHANGE, EXIT_INPUT_FAILED) == (0, 1, 3)


def test_records_are_plain_data_with_line_and_column() -> None:
    records = list(one("f/a", "1.txt").records(Document("?\n-", name="1.txt")))
    assert [record["kind"] for record in records] == ["document", "change", "held", "flag"]
    assert (records[0]["file"], records[0]["encoding"], records[0]["changed"]) == ("1.txt", "utf-8", True)
    assert records[1] == {
        "kind": "change",
        "file": "1.txt",
        "line": 2,
        "column": 1,
        "filter": "f",
        "rule": "f/a",
        "start": 2,
        "end": 3,
        "old": "-",
        "new": "",
        "why": "why",
    }
    assert records[2]["by"] == "risk"
    assert (records[3]["line"], records[3]["column"], records[3]["text"]) == (1, 1, "?")
    assert json.loads(json.dumps(records)) == records
