"""The small cases of ``fixtures/cases``: one text with what must come out of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"


class Case(NamedTuple):
    """A text, and what a filter must make of it (itself where it must be kept)."""

    id: str
    text: str
    want: str

    @property
    def kept(self) -> bool:
        return self.text == self.want


def read_cases(name: str) -> list[Case]:
    """Return the cases of ``fixtures/cases/<name>.toml``."""
    data = tomllib.loads((FIXTURES / "cases" / f"{name}.toml").read_text(encoding="utf-8"))
    return [
        Case(case["id"], case["text"], case["text"] if case.get("keep") else case["want"])
        for case in data["case"]
    ]


def case_parameters(name: str) -> list[object]:
    """Return the cases as pytest parameters, each under its id."""
    return [pytest.param(case, id=case.id) for case in read_cases(name)]
