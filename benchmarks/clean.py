"""How fast sound text passes through the filters and profiles, and how long starting takes.

    python benchmarks/clean.py [FILE]

FILE is sound prose; without one the fixtures are repeated. The yardstick is ``str.translate`` with a list of
characters on the same text in the same process: only the ratios to it mean anything on another machine.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from hanfix.pipeline import Pipeline
from hanfix.registry import filter_class, filter_names
from hanfix.spec import profile_names
from measure import character_table_rate, prose, rate

STARTS = 15


def start_up(code: str) -> float:
    """Return the median milliseconds that a fresh interpreter needs for some code."""
    times: list[float] = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, "--version"], check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print one line a filter and profile, then the starting times."""
    text = prose(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    yardstick = character_table_rate(text)
    print(f"{len(text.encode()) / 1e6:.1f} MB; str.translate with a list: {yardstick:.0f} MB/s")
    filters = {name: Pipeline([filter_class(name)()]) for name in filter_names()}
    profiles = {f"profile {name}": Pipeline.from_profile(name) for name in profile_names()}
    for name, pipeline in (filters | profiles).items():
        speed = rate(pipeline, text)
        print(f"{name:16} {speed:6.1f} MB/s {speed / yardstick:6.2f}")
    click, version = start_up("import click"), start_up("from hanfix.cli import main; main()")
    print(f"start: import click {click:.0f} ms, hanfix --version {version:.0f} ms")


if __name__ == "__main__":
    main()
