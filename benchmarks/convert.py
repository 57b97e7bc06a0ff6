"""Compare the compiled engine with a bare character table and with opencc-python-reimplemented.

    python benchmarks/convert.py [FILE]

FILE is prose in simplified script; without one the fixtures are repeated. What goes back to simplified script
is the same prose converted to traditional script. Times are the best of several runs in one process, so only
the ratios mean anything from one machine to another. The target by name includes the search for the source.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

from opencc import OpenCC

from hanfix.document import Document
from hanfix.filters.convert import Convert
from measure import BYTES, prose, rate

CONFIGURATIONS = ("s2t", "s2twp", "t2s")
TARGETS = {"s2t": "traditional", "s2twp": "taiwan", "t2s": "simplified"}
BYTES_FOR_SLOW = 400_000


def first_conversion(name: str) -> float:
    """Return the seconds until the first character is converted, tables and all."""
    start = time.perf_counter()
    Convert(name).apply("后")
    return time.perf_counter() - start


def found(convert: Convert, text: str) -> int:
    """Return how many edits a conversion makes."""
    return sum(1 for _ in convert.find(Document(text)))


def main() -> None:
    """Print one line a configuration."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    simplified = prose(path)
    first = {name: first_conversion(name) for name in CONFIGURATIONS}
    traditional = Convert("s2t").apply(simplified)
    table = [ord(Convert("s2t").apply(chr(code))) for code in range(0x10000)]
    characters = rate(lambda text: text.translate(table), simplified)
    print(f"{len(simplified.encode()) / 1e6:.1f} MB; str.translate with a list: {characters:.0f} MB/s")
    print("config  engine      / translate  / opencc-python  by name     with edits  first conversion")
    for name in CONFIGURATIONS:
        text = traditional if name.startswith("t") else simplified
        ours = rate(Convert(name).apply, text)
        theirs = rate(OpenCC(name).convert, text[: BYTES_FOR_SLOW // 3])
        by_name = rate(Convert(TARGETS[name]).apply, text)
        edits = rate(partial(found, Convert(name)), text[: BYTES // 12])
        print(
            f"{name:7} {ours:6.1f} MB/s {ours / characters:6.2f}       {ours / theirs:6.1f}           "
            f"{by_name:6.1f} MB/s {edits:6.1f} MB/s {first[name] * 1000:6.0f} ms"
        )


if __name__ == "__main__":
    main()
