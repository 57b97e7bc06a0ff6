"""Regular expressions that most texts do not need."""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled when it is first met: all of them would take longer than a short text.

    >>> bool(compiled("[。！？]").search("船来了。"))
    True
    """
    return re.compile(pattern)
