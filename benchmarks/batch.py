"""How much faster two jobs are than one, and how much memory a batch takes.

    python benchmarks/batch.py [MEGABYTES] [PROFILE]

The yardstick is the machine's own: how much more two busy processes get done than one, measured right before
and after. Memory is that of the largest process, for JSON Lines of a tenth of the size and of all of it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import HANFIX, MEMORY, prose

FILES = 200
ROUNDS = 3
RECORD = 2_000


def busy(_: int) -> None:
    """Keep a processor busy, with memory as text is."""
    table = {ord("的"): "地"}
    text = prose(None)
    for _ in range(30):
        text.translate(table)


def machine_ratio() -> float:
    """Return how much more two busy processes do than one in the same time."""
    times = []
    for processes in (1, 2):
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            pool.map(abs, range(processes))
            start = time.perf_counter()
            pool.map(busy, range(processes), chunksize=1)
            times.append(time.perf_counter() - start)
    return 2 * times[0] / times[1]


def batch(source: Path, target: Path, *options: str) -> tuple[float, int]:
    """Return the seconds that a batch takes, and the megabytes of its largest process."""
    start = time.perf_counter()
    given = ["batch", "-q", *options, str(source), str(target)]
    command = [sys.executable, "-c", MEMORY, os.devnull, *HANFIX, *given]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    shutil.rmtree(target)
    return seconds, int(done.stdout)


def main() -> None:
    """Print one line for each number of jobs, and one for each size of JSON Lines."""
    size = int(sys.argv[1]) * 1_000_000 if len(sys.argv) > 1 else 200_000_000
    profile = sys.argv[2] if len(sys.argv) > 2 else "web"
    text = prose(None)
    with tempfile.TemporaryDirectory() as name:
        folder, target = Path(name, "src"), Path(name, "dst")
        folder.mkdir()
        page = (text * (size // FILES // len(text.encode()) + 1)).encode()[: size // FILES]
        for number in range(FILES):
            # Cut at a line, so that no character is cut.
            (folder / f"{number}.txt").write_bytes(page[: page.rindex(b"\n") + 1])
        before = machine_ratio()
        # In turn, and the fastest of each: what else runs on the machine comes and goes.
        rounds = [
            [batch(folder, target, "--profile", profile, "-j", str(jobs))[0] for jobs in (1, 2)]
            for _ in range(ROUNDS)
        ]
        seconds = [min(each) for each in zip(*rounds, strict=True)]
        after = machine_ratio()
        for jobs, each in enumerate(seconds, 1):
            print(f"-j {jobs}: {size / 1e6 / each:.1f} MB/s, {each:.1f} s")
        print(f"-j 2 is {seconds[0] / seconds[1]:.2f} times -j 1; the machine: {before:.2f}, {after:.2f}")
        shutil.rmtree(folder)
        folder.mkdir()
        line = json.dumps({"id": 1, "text": text[:RECORD]}, ensure_ascii=False).encode() + b"\n"
        for share in (10, 1):
            with (folder / "all.jsonl").open("wb") as file:
                for _ in range(size // share // len(line)):
                    file.write(line)
            each, memory = batch(folder, target, "--profile", profile, "-j", "2")
            print(f"JSON Lines of {size / share / 1e6:.0f} MB: largest process {memory} MB, {each:.1f} s")


if __name__ == "__main__":
    main()
