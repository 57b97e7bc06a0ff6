"""The codecs that Chinese text was written in and those it was wrongly read with, byte by byte.

Python's codecs are stricter than the programs that do the damage: ``gbk`` has no 0x80, which Windows and
browsers read as ``€``, nor the private-use characters of the rows that a user may define; windows-1252 leaves
five bytes undefined, which browsers keep as C1 control characters. Here every wrong codec is what all the
programs together make of it, so that whatever character they wrote leads back to its bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import ClassVar

# Stands for a byte that nothing is known of.
UNKNOWN = -1
# A question mark, which may stand for what a codec could not write.
QUESTION_MARK = 0x3F
_NOTHING_KNOWN = (UNKNOWN, QUESTION_MARK)

_LEADS = range(0x81, 0xFF)
_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))
_HIGH = range(0x80, 0x100)
# Characters beside control characters that people and programs take for nothing and drop.
_UNSEEN = "\xa0\xad"


@dataclass(frozen=True)
class WrongCodec:
    """A codec that bytes were wrongly read with: which bytes each character was.

    ``python`` names Python's codecs for it; where two disagree on a character the first decides. ``wide``
    tells the codecs of two bytes a character from those of one. Of several codes for one character the first
    is taken, or with ``takes_last`` the last. With ``half_utf8`` bytes that are UTF-8 were read so, and only
    the others one by one.
    """

    name: str
    says: str
    python: tuple[str, ...]
    wide: bool
    takes_last: bool = False
    half_utf8: bool = False

    @cached_property
    def table(self) -> dict[str, tuple[int, ...]]:
        """Each character that is not ASCII with its bytes."""
        entries = list(self._entries())
        return dict(entries if self.takes_last else reversed(entries))

    @cached_property
    def _as_latin1(self) -> dict[int, str]:
        return {ord(char): bytes(codes).decode("latin-1") for char, codes in self.table.items()}

    def encode(self, text: str) -> bytes:
        """Return the bytes that a text was, with question marks for what the codec does not have."""
        return text.translate(self._as_latin1).encode("latin-1", "replace")

    @cached_property
    def undefined(self) -> tuple[int, ...]:
        """The bytes that may have become U+FFFD: those a codec of one byte a character does not define."""
        if self.wide:
            return tuple(range(0x100))
        defined = {codes for _, codes in _characters(self.python[0], product(_HIGH))}
        return tuple(byte for byte in _HIGH if (byte,) not in defined)

    @cached_property
    def dropped(self) -> tuple[int, ...]:
        """The bytes that may be gone without a trace: C1, U+00A0 and U+00AD cannot be seen."""
        if self.wide:
            return ()
        return (*self.undefined, *(self.table[char][0] for char in _UNSEEN if char in self.table))

    def before(self, following: int | None) -> tuple[int, ...]:
        """Return the bytes that can be lost right before a byte; ``None`` where none follows that is high.

        Of a codec of two bytes a character those are lost that make no character with the following one.
        """
        if not self.wide:
            return self.undefined
        if following is None or self.name != "gbk":
            return tuple(range(0x100))
        return tuple(byte for byte in _HIGH if self.may_vanish(byte, following))

    def may_vanish(self, first: int, second: int) -> bool:
        """Tell whether two bytes make no character that all programs know, being in rows of a user's own."""
        if self.name != "gbk":
            return True
        return (first, second) not in _pairs(("gbk",))

    def _entries(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        if self.name == "gbk":
            yield "€", (0x80,)
        for codec in self.python:
            yield from _characters(codec, product(_HIGH))
            if self.wide:
                yield from _characters(codec, product(_LEADS, _TRAILS))
        yield from self._private()
        if not self.wide:
            # What browsers make of an undefined byte, and Latin-1 of every one.
            for byte in _HIGH if "cp1252" in self.python else self.undefined:
                yield chr(byte), (byte,)
        if self.half_utf8:
            for char in map(chr, (*range(0x100, 0xD800), *range(0xE000, 0xFFFD))):
                yield char, tuple(char.encode())

    def _private(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield the private-use characters that Windows reads from rows that users may define."""
        code = 0xE000
        for lead, trail in _user_pairs(self.name):
            yield chr(code), (lead, trail)
            code += 1


def _user_pairs(name: str) -> Iterator[tuple[int, int]]:
    """Yield the two bytes of each user-defined character, as Windows numbers them from U+E000 on.

    Python's gb18030 has those of GBK already.
    """
    high = range(0xA1, 0xFF)
    if name == "big5":
        yield from product(
            (*range(0xFA, 0xFF), *range(0x8E, 0xA1), *range(0x81, 0x8E)), (*range(0x40, 0x7F), *high)
        )
        yield from product((0xC6,), high)
        yield from product((0xC7, 0xC8), (*range(0x40, 0x7F), *high))
    elif name == "shift-jis":
        yield from product(range(0xF0, 0xFA), (*range(0x40, 0x7F), *range(0x80, 0xFD)))
    elif name == "euc-kr":
        yield from product((0xC9, 0xFE), high)


def _characters(codec: str, codes: Iterable[tuple[int, ...]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the character that is not ASCII that the codec makes of some bytes, where it makes one."""
    all_codes = list(codes)
    # A line feed is no second byte in any codec, so each line holds what its bytes alone are read as.
    lines = b"\n".join(map(bytes, all_codes)).decode(codec, "replace").split("\n")
    for line, each in zip(lines, all_codes, strict=True):
        if len(line) == 1 and line != "\ufffd" and not line.isascii():
            yield line, each


WRONG_CODECS = (
    WrongCodec("gbk", "GBK", ("gb18030",), wide=True),
    # Browsers read kana and Cyrillic letters in other places of Big5 than Python does.
    WrongCodec("big5", "Big5", ("big5hkscs", "cp950", "big5"), wide=True),
    WrongCodec("big5", "Big5", ("cp950", "big5", "big5hkscs"), wide=True),
    # Windows has 398 characters twice, chosen by NEC and by IBM; which code it was only the words can tell.
    WrongCodec("shift-jis", "Shift JIS", ("cp932", "shift_jis"), wide=True),
    WrongCodec("shift-jis", "Shift JIS", ("cp932",), wide=True, takes_last=True),
    WrongCodec("euc-kr", "EUC-KR", ("cp949",), wide=True),
    WrongCodec("latin1", "windows-1252 or Latin-1", ("cp1252",), wide=False),
    WrongCodec("cp1250", "windows-1250", ("cp1250",), wide=False),
    # Turkish: windows-1252 but for six letters.
    WrongCodec("cp1254", "windows-1254", ("cp1254",), wide=False),
    WrongCodec("cp1251", "windows-1251", ("cp1251",), wide=False),
    WrongCodec("mac-roman", "Mac Roman", ("mac_roman",), wide=False),
    WrongCodec("cp437", "code page 437", ("cp437",), wide=False),
    WrongCodec(
        "half-utf8", "UTF-8 where it fits and Latin-1 elsewhere", ("cp1252",), wide=False, half_utf8=True
    ),
)


@dataclass(frozen=True)
class RightCodec:
    """A codec that the text was really written in."""

    name: str
    says: str
    python: tuple[str, ...]

    # The most bytes that a character takes.
    longest: ClassVar[int]

    def read(self, codes: list[int], at: int) -> tuple[str, int] | None:
        """Return the character at a place among byte values, and where the next begins; ``None`` if none."""
        raise NotImplementedError

    def may_be_lost(self, codes: list[int]) -> bool:
        """Tell whether some bytes can be of one character of which others are unknown or missing."""
        raise NotImplementedError

    def completions(self, codes: list[int], values: Collection[int], *, wide: bool) -> Iterator[str]:
        """Yield the characters that some bytes can have been, of which one is unknown or missing.

        ``values`` is what that byte can be. Where the wrong codec was ``wide`` what is unknown in a row is
        one byte or two. Nothing is yielded where more than one is to be found.
        """
        known = [code for code in codes if code not in _NOTHING_KNOWN]
        if not known:
            return
        missing = self._length(known[0] if codes[0] == known[0] else None) - len(known)
        gaps = [place for place, code in enumerate(codes) if code in _NOTHING_KNOWN]
        if missing != 1 or not (len(gaps) == 1 or (wide and len(gaps) == 2 and gaps[1] == gaps[0] + 1)):
            return
        for value in values:
            whole = [*known[: gaps[0]], value, *known[gaps[0] :]]
            read = self.read(whole, 0)
            if read is not None and read[1] == len(whole):
                yield read[0]

    def _length(self, lead: int | None) -> int:
        """Return how many bytes a Chinese character takes that begins with a byte, where it is known."""
        raise NotImplementedError


@dataclass(frozen=True)
class _Utf8(RightCodec):
    longest: ClassVar[int] = 4

    def may_be_lost(self, codes: list[int]) -> bool:
        first, *others = codes
        known = len(codes) - sum(map(codes.count, _NOTHING_KNOWN))
        return (
            (first >= 0x80 or first in _NOTHING_KNOWN)
            and known < self._length(first if first >= 0xC0 else None)
            and all(0x80 <= code < 0xC0 or code in _NOTHING_KNOWN for code in others)
        )

    def read(self, codes: list[int], at: int) -> tuple[str, int] | None:
        lead = codes[at]
        if 0 <= lead < 0x80:
            return chr(lead), at + 1
        end = at + self._length(lead)
        if not 0xC2 <= lead <= 0xF4 or end > len(codes):
            return None
        trails = codes[at + 1 : end]
        if min(trails) < 0x80 or max(trails) > 0xBF:
            return None
        try:
            return bytes(codes[at:end]).decode("utf-8"), end
        except UnicodeDecodeError:
            return None

    def _length(self, lead: int | None) -> int:
        if lead is None or 0xE0 <= lead <= 0xEF:
            return 3
        return 2 if lead < 0xE0 else 4


@dataclass(frozen=True)
class _DoubleByte(RightCodec):
    longest: ClassVar[int] = 2

    def may_be_lost(self, codes: list[int]) -> bool:
        first, *others = codes
        return (first >= 0x80 or first in _NOTHING_KNOWN) and all(
            code >= 0x40 or code in _NOTHING_KNOWN for code in others
        )

    def read(self, codes: list[int], at: int) -> tuple[str, int] | None:
        lead = codes[at]
        if 0 <= lead < 0x80:
            return chr(lead), at + 1
        if at + 1 == len(codes):
            return None
        char = _pairs(self.python).get((lead, codes[at + 1]))
        return None if char is None else (char, at + 2)

    def _length(self, lead: int | None) -> int:
        return 2


@cache
def _pairs(codecs: tuple[str, ...]) -> dict[tuple[int, ...], str]:
    """Return the characters of two bytes; where codecs disagree, the first decides."""
    table: dict[tuple[int, ...], str] = {}
    for codec in codecs:
        for char, pair in _characters(codec, product(_LEADS, _TRAILS)):
            table.setdefault(pair, char)
    return table


RIGHT_CODECS: dict[str, RightCodec] = {
    codec.name: codec
    for codec in (
        _Utf8("utf8", "UTF-8", ("utf-8",)),
        _DoubleByte("gbk", "GBK", ("gb18030",)),
        _DoubleByte("big5", "Big5", ("cp950", "big5hkscs")),
    )
}


@dataclass(frozen=True)
class Pair:
    """A codec that text was written in, and another that it was read with."""

    right: RightCodec
    wrong: WrongCodec

    @property
    def rule(self) -> str:
        """The id of the rule that repairs it."""
        return f"repair/{self.right.name}-as-{self.wrong.name}"

    @property
    def says(self) -> str:
        """What happened, for people."""
        return f"{self.right.says} read as {self.wrong.says}"


# In windows-1254 the bytes of Chinese in UTF-8 are what they are in windows-1252; Big5 read half as UTF-8 has
# not been met.
_NOT_TRIED = {("utf8", "cp1254"), ("utf8", "half-utf8"), ("big5", "half-utf8")}

PAIRS: tuple[Pair, ...] = tuple(
    Pair(right, wrong)
    for right in RIGHT_CODECS.values()
    for wrong in WRONG_CODECS
    if right.name != wrong.name and (right.name, wrong.name) not in _NOT_TRIED
)
