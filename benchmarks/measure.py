"""What the benchmarks share: sound prose, and the rate at which something goes over it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"
# Enough text to measure the fast ones by, and not so much that the slow ones take minutes.
BYTES = 4_000_000
RUNS = 3
HANFIX = (sys.executable, "-c", "from hanfix.cli import main; main()")
# Runs a command, its output to the file named first, and prints the megabytes of its largest process.
MEMORY = (
    "import resource, subprocess, sys; "
    "code = subprocess.call(sys.argv[2:], stdout=open(sys.argv[1], 'wb')); "
    "size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss; "
    "print(size // (1 << 20 if sys.platform == 'darwin' else 1 << 10)); sys.exit(code)"
)


def prose(path: Path | None) -> str:
    """Return the text of a file; without one, sound prose of the fixtures, repeated."""
    if path is not None:
        return path.read_text(encoding="utf-8")
    sources = [*(FIXTURES / "prose").glob("*.txt"), *(FIXTURES / "clean").glob("*-simplified.txt")]
    text = "".join(source.read_text(encoding="utf-8") for source in sorted(sources))
    return text * (BYTES // len(text.encode()) + 1)


def rate(change: Callable[[str], object], text: str) -> float:
    """Return the megabytes (of UTF-8) a second at the best of several runs, tables loaded before."""
    change(text[:1000])
    best = min(_seconds(change, text) for _ in range(RUNS))
    return len(text.encode()) / best / 1e6


def character_table_rate(text: str) -> float:
    """Return the rate of ``str.translate`` with a list, the yardstick of all figures."""
    table = [chr(code) for code in range(0x10000)]
    table[ord("的")] = "地"
    return rate(lambda each: each.translate(table), text)


def _seconds(change: Callable[[str], object], text: str) -> float:
    start = time.perf_counter()
    change(text)
    return time.perf_counter() - start
