"""Measure ``learn`` on generated sites of real prose: what is found, what is restored, and how fast.

    python benchmarks/learn.py FILE [--pages 500] [--jobs 1]

FILE is sound prose, a paragraph a line; its lines follow each other in the articles as in the file. The
templates are those of the tests. A page counts as restored when the learnt rules alone
give its article back exactly.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from hanfix.filters.strip import Strip
from hanfix.learn import learn
from hanfix.pipeline import Pipeline

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from site_dump import FORUM, PLAIN, TWELVE, Page, Template, page, title, write

SITES: dict[str, list[Template]] = {
    "twelve lines": [TWELVE],
    "forum": [FORUM],
    "no telling words": [PLAIN],
    "all three": [TWELVE, FORUM, PLAIN],
    "no furniture": [Template()],
}


def site(templates: list[Template], paragraphs: list[str], number: int) -> list[Page]:
    """Return pages whose articles are stretches of the prose, as long as it lasts."""
    chance = random.Random(number)
    pages = []
    at = 0
    for _ in range(number):
        length = chance.randint(3, 15)
        lines = paragraphs[at : at + length]
        at += length
        if not lines:
            break
        pages.append(page(chance.choice(templates), lines, title(chance), chance))
    return pages


def main() -> None:
    """Print one line a site."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    paragraphs = [line for line in given.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    print("site              pages  rules  guess  restored  seconds  MB/s")
    for name, templates in SITES.items():
        pages = site(templates, paragraphs, given.pages)
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder) / "pages", pages)
            start = time.perf_counter()
            learned = learn([Path(folder) / "pages"], jobs=given.jobs)
            seconds = time.perf_counter() - start
            rules = Path(folder) / "learnt.toml"
            rules.write_text(learned.rule_file("learnt"), encoding="utf-8")
            # What is learnt and nothing else; without a rule there is no family to choose.
            filters = [Strip(rules_=(str(rules),), classes=("learnt",))] if learned.choices else []
            strip = Pipeline(filters)
            restored = sum(strip(each.text) == each.article for each in pages)
        size = sum(len(each.text.encode()) for each in pages) / 1e6
        guess = sum(each.doubtful for each in learned.choices)
        print(
            f"{name:16} {len(pages):6} {len(learned.choices):6} {guess:6} {restored:9} {seconds:8.1f}"
            f" {size / seconds:5.1f}"
        )
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
