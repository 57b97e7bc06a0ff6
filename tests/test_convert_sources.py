"""The source found: mixed pages, pages in the target already, regions, Japanese and Korean, short lines."""

import tomllib

import pytest

from conftest import FIXTURES
from hanfix.document import Document
from hanfix.edit import apply_edits
from hanfix.filters.convert import SCRIPTS, Convert

DATA = tomllib.loads((FIXTURES / "cases" / "convert_sources.toml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(to, case["text"], wanted, id=f"{case['id']}-{to}")
    for case in DATA["case"]
    for to, wanted in (
        {to: case[to] for to in SCRIPTS if to in case}
        | {to: case["text"] for to in case.get("keep", ()) if to not in case}
    ).items()
]
every_case = pytest.mark.parametrize(("to", "text", "wanted"), CASES)


@every_case
def test_case(to: str, text: str, wanted: str) -> None:
    convert = Convert(to)
    assert convert.apply(text) == wanted
    assert apply_edits(text, convert.find(Document(text))) == wanted


@every_case
def test_case_settles(to: str, text: str, wanted: str) -> None:
    assert Convert(to).apply(wanted) == wanted


def test_cases_are_many_and_as_many_are_kept() -> None:
    assert len(DATA["case"]) >= 60
    assert len({case["id"] for case in DATA["case"]}) == len(DATA["case"])
    kept = sum(text == wanted for _, text, wanted in (case.values for case in CASES))
    assert kept * 2 >= len(CASES)
