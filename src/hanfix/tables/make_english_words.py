"""Make ``english_words.txt``: English words and names, to tell a word split at a line end from a compound.

Source: SCOWL 2020.12.07 (Spell Checker Oriented Word Lists, Kevin Atkinson; free to use, copy, modify and
distribute under the notice in ``english_words_notice.txt``), as the Debian package ``scowl`` installs it.
Kept are the words, capitalised words and names of sizes up to 70 in American, British, Canadian and
Australian spelling that consist of at least two letters; left out are those that are another word of the list
with a regular ending, which ``hanfix.english`` takes off when it looks for a word.

Lines are sorted by code point. Run with hanfix installed and the folder of the lists::

    python src/hanfix/tables/make_english_words.py /usr/share/dict/scowl
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from hanfix.english import stems

SPELLINGS = ("english", "american", "british", "british_z", "canadian", "australian", "variant_1")
CLASSES = ("words", "upper", "proper-names")
LARGEST_SIZE = 70
WORD = re.compile(r"[A-Za-z]{2,}")


def main(folder: Path) -> None:
    """Write the table beside this script."""
    words: set[str] = set()
    for path in folder.iterdir():
        spelling, _, kind = path.stem.partition("-")
        if spelling in SPELLINGS and kind in CLASSES and int(path.suffix[1:]) <= LARGEST_SIZE:
            lines = path.read_text(encoding="latin-1").splitlines()
            words.update(line for line in lines if WORD.fullmatch(line))
    kept = sorted(word for word in words if not any(stem in words for stem in stems(word)))
    table = "".join(f"{word}\n" for word in kept)
    Path(__file__).with_name("english_words.txt").write_text(table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
