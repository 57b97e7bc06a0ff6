"""Measure the repair of misread text: pairs of codecs by lengths, this package's figures and ftfy's.

Pieces of a text file are written with one codec and read with another; a figure is the share of them that
comes back exactly. With ``--lossy`` the wrong reading puts U+FFFD for what it cannot read, pieces count in
which at most 15 % of the characters are hit, and a figure is the share of them of which at most a quarter of
the characters is wrong::

    python benchmarks/codec.py news.txt --lengths 2 4 6 10 30 --pieces 40

ftfy is called as for Chinese text: nothing but its repair of encodings.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from ftfy import fix_encoding

from hanfix.filters.repair.codec import MisreadCodec
from hanfix.script import simplified_marks, traditional_marks, usual_traditional

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from codec_damage import MISREADINGS, Misreading, misread

HAN = re.compile(r"[\u4e00-\u9fff]")
LOST = "\ufffd"
# Pieces with fewer Chinese characters than this share are tables, code or another language.
LEAST_HAN = 0.6
# A piece cannot be damaged strictly by every pair; after so many tries per piece wanted none is looked for.
TRIES = 60


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("text", type=Path, help="a UTF-8 text file")
    parser.add_argument("--lengths", type=int, nargs="+", default=[2, 4, 6, 10, 30])
    parser.add_argument("--pieces", type=int, default=30, help="how many for each pair and length")
    parser.add_argument("--lossy", action="store_true", help="with U+FFFD for what cannot be read")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    lines = options.text.read_text(encoding="utf-8").splitlines()
    repairs: dict[str, Callable[[str], str]] = {"hanfix": MisreadCodec(), "ftfy": fix_encoding}
    totals = {(name, length): [0, 0] for name in repairs for length in options.lengths}
    print("right      wrong       " + "".join(f"{length:>13}" for length in options.lengths))
    for pair in MISREADINGS:
        row = f"{pair.right:<11}{pair.wrong:<13}"
        for length in options.lengths:
            chance = random.Random(f"{options.seed} {pair} {length}")
            tried = damaged_pieces(lines, pair, length, options.lossy, chance, TRIES * options.pieces)
            found = [each for each, _ in zip(tried, range(options.pieces), strict=False)]
            shares: list[str] = []
            for name, repair in repairs.items():
                good = sum(is_good(piece, repair(wrong), lossy=options.lossy) for piece, wrong in found)
                totals[name, length][0] += good
                totals[name, length][1] += len(found)
                shares.append(share(good, len(found)))
            row += f"{' / '.join(shares):>13}"
        print(row, flush=True)
    row = "all                     "
    for length in options.lengths:
        row += f"{' / '.join(share(*totals[name, length]) for name in repairs):>13}"
    print(row)


def damaged_pieces(
    lines: list[str], pair: Misreading, length: int, lossy: bool, chance: random.Random, tries: int
) -> Iterator[tuple[str, str]]:
    """Yield pieces of the text with what a wrong codec makes of them; in traditional script for Big5."""
    long_enough = [line for line in lines if len(line) >= length]
    for _ in range(tries if long_enough else 0):
        line = chance.choice(long_enough)
        at = chance.randint(0, len(line) - length)
        piece = line[at : at + length]
        if len(HAN.findall(piece)) < LEAST_HAN * length or piece != piece.strip():
            continue
        if pair.right == "big5" and simplified_marks().intersection(piece):
            piece = "".join(map(usual_traditional, piece))
        if pair.right == "gbk" and traditional_marks().intersection(piece):
            continue
        wrong = misread(piece, *pair, errors="replace" if lossy else "strict")
        if wrong is None or wrong == piece or (lossy and not 0 < wrong.count(LOST) <= 0.15 * length):
            continue
        yield piece, wrong


def is_good(piece: str, back: str, *, lossy: bool) -> bool:
    """Tell whether a piece has come back, as far as can be asked."""
    if not lossy:
        return back == piece
    matching = SequenceMatcher(None, piece, back, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) >= 0.75 * max(len(piece), len(back))


def share(good: int, number: int) -> str:
    """Return a percentage, or a dash where there is nothing."""
    return f"{100 * good / number:.0f}" if number else "-"


if __name__ == "__main__":
    main()
