"""How fast text passes through ``rejoin``: sound text in one piece and in many, and dense text.

    python benchmarks/rejoin.py [FILE...]

Each FILE is sound text of one kind; without any the fixtures are repeated. The yardstick is ``str.translate``
with a list of characters on the same text. The two take turns and the best of each counts: only the ratios
mean anything on another machine. The dense texts are made of the beginning of the first file.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from hanfix.filters.rejoin import Rejoin
from hanfix.lexicon import default_lexicon
from hanfix.pipeline import Pipeline
from measure import prose

RUNS = 4
PIECE = 300  # characters of a small document
DENSE = 200_000  # characters of a text before it is made dense
HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
TABLE = [chr(code) for code in range(0x10000)]
TABLE[ord("的")] = "地"


def seconds(change: Callable[[str], object], texts: Iterable[str]) -> float:
    """Return how long something takes over texts, one by one."""
    start = time.perf_counter()
    for text in texts:
        change(text)
    return time.perf_counter() - start


def report(name: str, texts: list[str]) -> None:
    """Print the rate of the filter over texts, and its ratio to the yardstick."""
    pipeline = Pipeline([Rejoin()])
    yardstick, ours = float("inf"), float("inf")
    for _ in range(RUNS):
        yardstick = min(yardstick, seconds(lambda text: text.translate(TABLE), texts))
        ours = min(ours, seconds(pipeline, texts))
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    each = f"{ours / len(texts) * 1e6:8.1f} µs each" if len(texts) > 1 else ""
    print(f"{name:32} {megabytes:6.1f} MB {megabytes / ours:7.1f} MB/s {yardstick / ours:7.3f}{each}")


def dense_texts(text: str) -> dict[str, str]:
    """Return texts in which marks stand all over, by what was done to them."""
    text = text[:DENSE]
    words = HAN_RUN.sub(lambda run: " ".join(default_lexicon().segment(run[0])), text)
    return {
        "a space after every character": HAN_RUN.sub(lambda run: " ".join(run[0]), text),
        "a space after every word": words,
        "a hyphen in every word": HAN_RUN.sub(
            lambda run: "".join(map("-".join, default_lexicon().segment(run[0]))), text
        ),
        "commas between all characters": HAN_RUN.sub(lambda run: "，".join(run[0]), text),
        "one line, full stops in words": words.replace("\n", "").replace(" ", "."),
    }


def main() -> None:
    """Print a line for each text whole, one for it in pieces, and one for each dense text."""
    sources = {Path(name).name: prose(Path(name)) for name in sys.argv[1:]} or {"fixtures": prose(None)}
    print(f"{'':32}                       / translate")
    for name, text in sources.items():
        report(name, [text])
        report("  in pieces", [text[start : start + PIECE] for start in range(0, len(text), PIECE)])
    for name, text in dense_texts(next(iter(sources.values()))).items():
        report(name, [text])


if __name__ == "__main__":
    main()
