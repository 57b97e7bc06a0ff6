"""How fast an endless input goes through a pipe, and whether its memory stays flat.

    python benchmarks/pipe.py [MEGABYTES]

Each command is given a tenth of the megabytes and then all of them. The yardstick is ``str.translate`` with a
list of characters, on the same machine in the same minute.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from measure import HANFIX, MEMORY, character_table_rate, prose

RECORD = 700
COMMANDS = (
    ("repair", "--records", "jsonl"),
    ("clean", "--records", "jsonl"),
    ("convert", "--from", "traditional", "--to", "simplified"),
    ("convert", "--to", "simplified"),
    ("clean", "--over-limit", "cut"),
)


def through(command: tuple[str, ...], block: bytes, size: int) -> tuple[float, int]:
    """Return the megabytes a second at which so many bytes go through a command, and what memory it takes."""
    start = time.perf_counter()
    done = [sys.executable, "-c", MEMORY, os.devnull, *HANFIX, *command, "-q"]
    with subprocess.Popen(done, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        for _ in range(size // len(block)):
            process.stdin.write(block)
        process.stdin.close()
        memory = int(process.stdout.read())
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return size / (time.perf_counter() - start) / 1e6, memory


def main() -> None:
    """Print one line a command and size."""
    size = int(sys.argv[1]) * 1_000_000 if len(sys.argv) > 1 else 500_000_000
    text = prose(None)
    lines = [text[at : at + RECORD] for at in range(0, len(text), RECORD)]
    records = "".join(json.dumps({"id": 1, "text": line}, ensure_ascii=False) + "\n" for line in lines)
    yardstick = character_table_rate(text)
    print(f"str.translate with a list: {yardstick:.0f} MB/s")
    for command in COMMANDS:
        block = (records if "--records" in command else text).encode()
        for share in (10, 1):
            speed, memory = through(command, block, size // share)
            print(
                f"{' '.join(command):50} {size / share / 1e6:8.0f} MB: {speed:6.1f} MB/s "
                f"{speed / yardstick:5.2f}, {memory} MB of memory"
            )


if __name__ == "__main__":
    main()
