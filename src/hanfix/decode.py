"""From bytes to text, with the choice of encoding recorded."""

from __future__ import annotations

import codecs
from math import exp, log
from typing import NamedTuple

_MARK = "\ufeff"
# A byte-order mark settles the encoding: its bytes, what the encoding is called, and the codec of what stands
# behind it. UTF-32 stands before UTF-16, whose mark is a prefix of its own.
_MARKS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
    (_MARK.encode("gb18030"), "gb18030", "gb18030"),
)

# What Chinese text that is not UTF-8 is really written in: GB18030 holds GBK and GB2312, Big5-HKSCS Big5.
_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")

# How probable a character is in Chinese text: a Chinese one is as its count among so many characters; a mark
# of Chinese punctuation, a character of ASCII, and anything else (kana, symbols, undecodable bytes) by rule
# of thumb.
_CHARACTERS_COUNTED = 1e8
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～\u3000")
_PUNCTUATION_LOG = log(1e-2)
_ASCII_LOG = log(1e-2)
_OTHER_LOG = log(1e-8)

# An encoding is told when its reading is a thousand times as probable as any other (7, natural log), and its
# characters, ASCII aside, are such as Chinese text is made of: on average more probable than e to the -11.
# Measured on 11,000 cuts of 4 to 1,000 characters of novels, a classic and manuals half in English, in
# GB18030, Big5 and UTF-16: none misread, and of the novels and the classic none from 20 characters on left
# untold. Texts of other languages in their own encodings lie below -11.5, but for Korean.
_TELLING_ODDS = 7.0
_LEAST_CHINESE = -11.0

# Fewer bytes than this that are not ASCII are a word or an accent, of whatever language in whatever encoding.
_DECIDABLE_BYTES = 6
_ASCII_BYTES = bytes(range(1, 0x80))

# Bytes that are looked at, from the first that is not ASCII: a page of text, far more than it takes to tell.
_SAMPLE_BYTES = 4096


class Decoded(NamedTuple):
    """A text, the encoding its bytes were read as, and how sure that is (0 to 1)."""

    text: str
    encoding: str
    confidence: float


class DecodeError(ValueError):
    """Bytes that cannot be read as text; the message says why and what to do."""


class EncodeError(ValueError):
    """A text that an encoding cannot hold; the message names the character and what to do."""


def decode(raw: bytes, encoding: str = "auto", errors: str = "strict") -> Decoded:
    """Return the text of some bytes.

    With ``encoding="auto"`` a byte-order mark decides, then UTF-8 if it fits, then that
    encoding in which the bytes are by far the most probable as Chinese: GB18030 (with GBK and GB2312),
    Big5-HKSCS or UTF-16. HZ is ASCII to look at and is read only when it is named. Newlines are left as they
    are; a byte-order mark is not part of the text. ``errors`` is ``"strict"``, or ``"replace"`` to read what
    cannot be decoded as U+FFFD.

    Raises ``DecodeError`` when the bytes hold NUL and so are no text, do not fit the encoding, or are too
    few to tell; the message names the offset or the option that decides.

    >>> decode("和諧".encode("utf-8"))
    Decoded(text='和諧', encoding='utf-8', confidence=1.0)
    >>> decode("建设和谐社会，维护世界和平。".encode("gb18030")).encoding
    'gb18030'
    """
    if encoding != "auto":
        return Decoded(_decoded(raw, encoding, errors), encoding, 1.0)
    for mark, marked, _ in _MARKS:
        if raw.startswith(mark):
            return Decoded(_decoded(raw, marked, errors), marked, 1.0)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _mostly_utf8(raw):
            if errors == "replace":
                return Decoded(raw.decode("utf-8", "replace"), "utf-8", 0.5)
            raise DecodeError(
                f"UTF-8 but for {_at(error)}; use --errors replace to read it, or name its --encoding"
            ) from None
        return _guessed(raw, f"not UTF-8 ({_at(error)})", errors)
    if "\0" not in text:
        return Decoded(text, "utf-8", 1.0)
    try:
        return _guessed(raw, "NUL bytes", errors)
    except DecodeError:
        raise _not_a_text(raw) from None


def encode(text: str, encoding: str, *, like: bytes = b"") -> bytes:
    r"""Return the bytes of a text, with the byte-order mark, and the byte order, that ``like`` begins with.

    ``like`` is the source the text was decoded from, when the result is to take its place.

    Raises ``EncodeError`` when the encoding has no code for a character, naming the first; nothing is
    replaced by a question mark.

    >>> encode("和", "utf-16", like=b"\xfe\xff")
    b'\xfe\xffT\x8c'
    """
    wanted = codecs.lookup(encoding).name
    mark = b""
    for begins, *names in _MARKS:
        if like.startswith(begins) and wanted in names:
            mark, wanted = begins, names[-1]
            break
    try:
        return mark + text.encode(wanted)
    except UnicodeEncodeError as error:
        char = text[error.start]
        line = text.count("\n", 0, error.start) + 1
        raise EncodeError(
            f"{encoding} has no code for {char!r} (U+{ord(char):04X}, line {line} of the result); "
            "use --output-encoding utf-8 or gb18030"
        ) from None


def _decoded(raw: bytes, encoding: str, errors: str) -> str:
    try:
        # Not every codec takes a mark off by itself.
        return raw.decode(encoding, errors).removeprefix(_MARK)
    except LookupError:
        raise DecodeError(f"no encoding is called {encoding!r}") from None
    except UnicodeDecodeError as error:
        raise DecodeError(
            f"not {encoding}: {_at(error)}; name another --encoding, or --errors replace to read on"
        ) from None


def _at(error: UnicodeDecodeError) -> str:
    return f"byte 0x{error.object[error.start]:02X} at offset {error.start} ({error.reason})"


def _not_a_text(raw: bytes) -> DecodeError:
    return DecodeError(
        f"not a text: NUL byte at offset {raw.index(0)}; if it is one, name its encoding with --encoding"
    )


def _mostly_utf8(raw: bytes) -> bool:
    """Tell whether at least nine in ten of the high bytes belong to well-formed UTF-8."""
    high = sum(byte >= 0x80 for byte in raw)
    fitting = len(raw.decode("utf-8", "ignore").encode("utf-8")) - (len(raw) - high)
    return fitting >= 0.9 * high


def _guessed(raw: bytes, problem: str, errors: str) -> Decoded:
    """Read bytes that are not UTF-8, because of ``problem``, by what they look like."""
    if len(raw.translate(None, _ASCII_BYTES)) < _DECIDABLE_BYTES:
        raise DecodeError(f"{problem} and too short to tell by its looks; name its encoding with --encoding")
    best, other = _looks(raw)[:2]
    if best.average < _LEAST_CHINESE:
        if b"\0" in raw:
            raise _not_a_text(raw)
        raise DecodeError(
            f"{problem} nor any other encoding Chinese is written in; name its encoding with --encoding"
        )
    if best.total - other.total < _TELLING_ODDS:
        raise DecodeError(
            f"{problem} and by its looks {best.encoding} or {other.encoding}; "
            "name its encoding with --encoding"
        )
    text = _decoded(raw, best.encoding, errors)
    if "\0" in text:
        raise _not_a_text(raw)
    return Decoded(text, best.encoding, round(1 / (1 + exp(other.total - best.total)), 3))


class _Look(NamedTuple):
    """How probable (natural log) bytes are as Chinese in an encoding: all of them, and by character."""

    total: float
    encoding: str
    average: float


def _looks(raw: bytes) -> list[_Look]:
    """Return how the bytes look in each encoding Chinese is written in, the most probable first.

    Bytes that do not fit an encoding are improbable in it and no more: a text may be damaged.
    """
    start = next((place for place, byte in enumerate(raw) if byte >= 0x80), 0)
    # Before it all is ASCII; some of that tells UTF-16. In an even place, where a character of UTF-16 begins.
    start = max(0, start - _SAMPLE_BYTES // 4) & ~1
    sample = raw[start : start + _SAMPLE_BYTES]
    looks: list[_Look] = []
    for encoding in _CANDIDATES:
        # A character that the end of the sample cuts in two is not counted.
        text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
        beyond_ascii = [_log_probability(char) for char in text if char == "\0" or not char.isascii()]
        ascii_count = len(text) - len(beyond_ascii)
        total = sum(beyond_ascii) + _ASCII_LOG * ascii_count
        # ASCII is evidence for UTF-16, where hardly any other bytes give it, and none for the others.
        if encoding.startswith("utf-16"):
            average = total / max(1, len(text))
        else:
            average = sum(beyond_ascii) / len(beyond_ascii) if beyond_ascii else _OTHER_LOG
        looks.append(_Look(total, encoding, average))
    return sorted(looks, reverse=True)


def _log_probability(char: str) -> float:
    # Imported here: most files are UTF-8 and never need it.
    from hanfix.lexicon import character_frequency

    if char in _PUNCTUATION:
        return _PUNCTUATION_LOG
    if not "\u4e00" <= char <= "\u9fff":
        return _OTHER_LOG
    return log((character_frequency(char) + 0.5) / _CHARACTERS_COUNTED)
