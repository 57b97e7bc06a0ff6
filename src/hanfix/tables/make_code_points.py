"""Make ``code_points.txt``: the characters that wrong code points stand for.

Sources:

* ``radical``: the property Equivalent_Unified_Ideograph of the Unicode Character Database 15.0.0, file
  ``EquivalentUnifiedIdeograph.txt`` (Unicode licence), as Debian's package ``unicode-data`` has it.
* ``gbk``: where GBK's own tables put characters that Unicode did not have yet, in code order from FE50 on and
  in rows of signs. What they are now is in Python's codec of GB18030, and, for the twenty-five that it
  leaves in private use, in GB18030-2005 and GB18030-2022. Code A3A0 is a space by the WHATWG's encoding
  standard.
* ``hkscs``: code points of Windows for user-defined characters of Big5, which the Hong Kong Supplementary
  Character Set took for its own until Unicode had them. What they are now is in Python's codec of Big5-HKSCS.

Lines are ``code-point characters kind``, in hexadecimal, those of one kind sorted by code point. Run with the
path of ``EquivalentUnifiedIdeograph.txt``::

    python src/hanfix/tables/make_code_points.py /usr/share/unicode/EquivalentUnifiedIdeograph.txt
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

# Radicals and their supplement; the file lists strokes and other signs besides.
RADICALS = range(0x2E80, 0x2FD6)
# First code point, first code of GBK, number of characters: each stretch in the order of the codes.
GBK_STRETCHES = (
    (0xE5E5, 0xA3A0, 1),
    (0xE78D, 0xA6D9, 7),
    (0xE794, 0xA6EC, 2),
    (0xE796, 0xA6F3, 1),
    (0xE7C7, 0xA8BC, 1),
    (0xE7C8, 0xA8BF, 1),
    (0xE7E7, 0xA989, 13),
    (0xE815, 0xFE50, 80),
)
# What Python's codec leaves in private use: vertical forms, as of 2022, ḿ and ideographs, as of 2005.
NEWER = {
    0xE5E5: "\u3000",
    **dict(
        zip(
            range(0xE78D, 0xE797), "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19", strict=True
        )
    ),
    0xE7C7: "ḿ",
    **dict(zip((0xE816, 0xE817, 0xE818, 0xE81E, 0xE826, 0xE82B, 0xE82C), "𠂇𠂉𠃌龴龵龶龷", strict=True)),
    **dict(zip((0xE831, 0xE832, 0xE83B, 0xE843, 0xE854, 0xE855, 0xE864), "𡗗龸𢦏龹龺𤇾龻", strict=True)),
}
# Blocks of Big5 for user-defined characters, in the order in which Windows numbers them from U+E000 on.
BIG5_LEADS = (range(0xFA, 0xFF), range(0x8E, 0xA1), range(0x81, 0x8E), range(0xC6, 0xC9))
BIG5_TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
FIRST_ROW_OF_C6 = 0xA1  # the row C6 begins in its second half
PRIVATE_USE = range(0xE000, 0xF900)


def radicals(path: Path) -> Iterator[tuple[int, str]]:
    """Yield radicals with the ideographs that they equal."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = line.split("#")[0]
        if ";" in entry:
            span, ideograph = entry.split(";")
            first, _, last = span.strip().partition("..")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                if code in RADICALS:
                    yield code, chr(int(ideograph, 16))


def gbk() -> Iterator[tuple[int, str]]:
    """Yield the private-use code points of GBK with their characters of today."""
    for first, code, count in GBK_STRETCHES:
        trail = code & 0xFF
        for private in range(first, first + count):
            char = bytes([code >> 8, trail]).decode("gb18030")
            if ord(char) in PRIVATE_USE:
                char = NEWER[private]
            yield private, char
            trail += 2 if trail == 0x7E else 1


def hkscs() -> Iterator[tuple[int, str]]:
    """Yield the private-use code points of HKSCS with their characters of today."""
    private = PRIVATE_USE.start
    for leads in BIG5_LEADS:
        for lead in leads:
            for trail in BIG5_TRAILS:
                if lead == 0xC6 and trail < FIRST_ROW_OF_C6:
                    continue
                with suppress(UnicodeDecodeError):
                    yield private, bytes([lead, trail]).decode("big5hkscs")
                private += 1


def lines(kind: str, pairs: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Yield the lines of the table for pairs of code point and characters."""
    for code, chars in pairs:
        yield f"{code:04X} {'+'.join(f'{ord(char):04X}' for char in chars)} {kind}\n"


def main() -> None:
    """Write the table beside this script."""
    table = [
        *lines("radical", sorted(radicals(Path(sys.argv[1])))),
        *lines("gbk", gbk()),
        *lines("hkscs", hkscs()),
    ]
    Path(__file__).with_name("code_points.txt").write_text("".join(table), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
