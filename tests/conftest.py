"""What all tests share: where the fixtures are, and Hypothesis without chance."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine and every day; no deadline, since the first example loads the tables.
settings.register_profile("hanfix", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("hanfix")
# For a search of an hour: `pytest --hypothesis-profile=thorough tests/test_laws.py`.
settings.register_profile("thorough", derandomize=False, deadline=None, max_examples=2000, print_blob=True)

FIXTURES = Path(__file__).parent.parent / "fixtures"


def read_text(path: Path) -> str:
    """Return the text of a file with its newlines untouched."""
    return path.read_bytes().decode("utf-8")


@pytest.fixture
def essay_forum() -> dict[str, str]:
    """The damaged page and what it must become, by name: page, repaired, rejoined, final."""
    folder = FIXTURES / "pages" / "essay-forum"
    return {path.stem: read_text(path) for path in folder.glob("*.txt")}
