"""Corpora: where texts come from and where they go, and many of them at a time.

``clean_all`` takes documents and yields what becomes of them; ``plan_of`` and ``Batch`` do trees of files.
What is named here is imported on first use: the commands that do single files need little of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hanfix.corpus.batch import Batch, Progress, Totals
    from hanfix.corpus.documents import Outcome, clean_all
    from hanfix.corpus.formats import Options
    from hanfix.corpus.plan import Plan, PlanError, plan_of
    from hanfix.corpus.sample import Sample, sample_of
    from hanfix.corpus.upkeep import status, undo, verify

__all__ = [
    "Batch",
    "Options",
    "Outcome",
    "Plan",
    "PlanError",
    "Progress",
    "Sample",
    "Totals",
    "clean_all",
    "plan_of",
    "sample_of",
    "status",
    "undo",
    "verify",
]

_MODULES = {
    **dict.fromkeys(("Batch", "Progress", "Totals"), "batch"),
    **dict.fromkeys(("Outcome", "clean_all"), "documents"),
    "Options": "formats",
    **dict.fromkeys(("Plan", "PlanError", "plan_of"), "plan"),
    **dict.fromkeys(("Sample", "sample_of"), "sample"),
    **dict.fromkeys(("status", "undo", "verify"), "upkeep"),
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
