"""A text with the name it is known by."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

# The end of a line, of any of the three kinds; and what stands in a line, if anything does.
LINE_END = re.compile(r"\r\n|\n|\r")
LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True)
class Document:
    r"""A text, where it came from and how its bytes were read.

    ``text`` holds the characters as decoded, newlines untouched; ``name`` is what messages call it
    (a path, usually); ``encoding`` is a Python codec name. Of a piece of a larger text ``first_line`` is the
    number of its first line there, and ``before`` how many characters stand before it.

    >>> Document("甲\r\n乙丙", name="page.txt").place(4)
    (2, 2)
    """

    text: str
    name: str = "<text>"
    encoding: str = "utf-8"
    first_line: int = field(default=1, repr=False)
    before: int = field(default=0, repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in LINE_END.finditer(self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of a code-point offset, both counted from 1 as editors do.

        Raises ``ValueError`` for an offset before the text or behind its end.
        """
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} is not in the text, which has {len(self.text):,} characters")
        line = bisect_right(self._line_starts, offset)
        return self.first_line + line - 1, offset - self._line_starts[line - 1] + 1
