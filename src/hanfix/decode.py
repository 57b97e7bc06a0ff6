"""From bytes to text, with the choice of encoding recorded."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain, combinations
from math import exp, log
from typing import NamedTuple

_MARK = "\ufeff"
_LOST = "\ufffd"
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

# What the lines of one file may be written in, each in its own, because ASCII is the same in all of them.
# GB18030 holds GBK and GB2312, Big5-HKSCS holds Big5.
_LINE_ENCODINGS = ("utf-8", "gb18030", "big5hkscs")
# What a whole file may be written in.
_CANDIDATES = (*_LINE_ENCODINGS, "utf-16-le", "utf-16-be")
# What Japanese and Korean are written in, whose readings as Chinese are made of common characters.
_FOREIGN = ("euc-jp", "euc-kr")
# What stands between the names of the encodings of a file whose lines are not all in one.
_AND = "+"

# Who names the smaller one of these often has a text in the larger; browsers read them so without asking.
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}

# What decoders call the first bytes of a character whose others are missing.
_CUT_REASONS = frozenset({"unexpected end of data", "incomplete multibyte sequence", "truncated data"})

# How probable a character is in Chinese text: a Chinese one is as its count among so many characters, the
# others by rule of thumb. Undecodable bytes are far less probable than any character: a text is damaged in
# few places. Letters of other alphabets stand in UTF-8 more often than anywhere else, kana and hangul in the
# encodings made for them.
_CHARACTERS_COUNTED = 1e8
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～€\u3000")
_PUNCTUATION_LOG = log(1e-2)
_ASCII_LOG = log(1e-2)
_FULL_WIDTH_LOG = log(1e-3)
_PINYIN = frozenset("āáǎàēéěèêīíǐìōóǒòūúǔùüǖǘǚǜ")
_PINYIN_LOG = log(1e-4)
_LETTER_LOGS = {"utf-8": log(1e-4), "euc-jp": log(1e-3), "euc-kr": log(1e-4)}
# Every second syllable of Korean text is one of these; one in fifty of those that Chinese in GB18030 makes.
_HANGUL = frozenset(
    "이다는에을의하고가로은지를한기도나사인시대어자아리스서해일과정만그수들여보라니게전부구장상중국제적것안주있"
)
_HANGUL_LOG = log(1e-2)
_SIGN_LOG = log(1e-4)
_KANA_LOG = log(1e-5)
_OTHER_LOG = log(1e-8)
_LOST_LOG = log(1e-13)

# An encoding is told when its reading is a thousand times as probable as any other (7, natural log), and its
# characters, ASCII aside, are such as Chinese text is made of: on average more probable than e to the -11.
# Measured on 6,000 cuts of 6 to 200 characters of novels, newspaper, reviews and manuals half in English, in
# GB18030, Big5, UTF-16 and UTF-8: two misread, of 6 characters, half in English; from 20 characters on all
# told that are not half in English. Texts of other languages in their own encodings lie below -11, Japanese
# and Korean are more probable as what they are.
_TELLING_ODDS = 7.0
_LEAST_CHINESE = -11.0

# A line is read in another encoding than the one before it when that makes it 160,000 times as probable (12),
# and what follows the change back as well: sound lines in Japanese or drawn with signs, read in the wrong
# encoding, come to 21 for both.
_CHANGING_ODDS = 12.0

# Fewer bytes than this that are not ASCII, or in UTF-16 as many characters, are a word or an accent, of
# whatever language in whatever encoding: the guess is an even bet at most.
_DECIDABLE_BYTES = 6
_SHORT_CONFIDENCE = 0.5
_ASCII_BYTES = bytes(range(1, 0x80))
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")

# Bytes that are looked at, from the first that is not ASCII: a page of text, far more than it takes to tell.
_SAMPLE_BYTES = 4096

# A line of UTF-8, and two Chinese characters of it: hardly ever met in text of another encoding.
_UTF8_LINE = re.compile(
    rb"(?:\A|[\r\n])(?:[^\r\n\x80-\xff]*+"
    rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})){2,}+"
    rb"[^\r\n\x80-\xff]*+(?=[\r\n]|\Z)"
)
_UTF8_CHARACTERS = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}[\0-\x7f]*[\xe2-\xef][\x80-\xbf]{2}")
# So many rare characters, each at most so many behind the other, show that a line may be in another encoding.
# Measured on clauses of newspaper and reviews, Big5 read as GB18030 and the reverse: met in 99.9 % of those
# that have this many bytes beyond ASCII, and in 0.2 % of those in the right encoding. Where it is not met, a
# line is by so much (natural log, a byte) less probable in the others: less than by what 99 % of them are.
_STRANGE_CHARACTERS = 3
_STRANGE_GAP = 3
_PLAIN_BYTES = 30
_PLAIN_ODDS = 2.0
# Characters on either side that are looked at with them.
_CONTEXT = 100
_LINE_END = re.compile(r"[\r\n]")

# Blanks and signs; lines are drawn with those of the last three blocks.
_REPEATED = re.compile(r"([\0-/:-@\[-`{-\x7f\u2010-\u27bf\u3000-\u303f\uff00-\uff0f])\1+")

# Longer text in UTF-16 does not fit UTF-8 by chance.
_MOST_CHANCE_BYTES = 200
# So many high bytes, two letters and more, may be UTF-8 by chance; not with a byte that begins a character of
# three. The other reading must be so much (natural log) more probable.
_FEWEST_CHANCE_BYTES, _MOST_CHANCE_HIGH_BYTES = 4, 16
_THREE_BYTES = 0xE0
_CHANCE_ODDS = 1.0
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")

# HZ stands between these two; in text in other encodings they are art or code.
_HZ = re.compile(rb"~\{((?:[\x21-\x77][\x21-\x7e])+)(?:~\}|[\x21-\x77]?\n|[\x21-\x77]?\Z)")


class Decoded(NamedTuple):
    """A text, the encoding its bytes were read as, and how sure that is (0 to 1).

    ``encoding`` is a Python codec name, or several with a plus sign between them (``utf-8+gb18030``) where
    the lines of one text are in different encodings.
    """

    text: str
    encoding: str
    confidence: float

    @property
    def cut_off(self) -> bool:
        r"""Whether the last character is lost, as when a file was cut off at a number of bytes.

        The text ends with U+FFFD then.

        >>> decode("和諧社會".encode()[:-1])
        Decoded(text='和諧社\ufffd', encoding='utf-8', confidence=1.0)
        >>> decode("和諧社會".encode()[:-1]).cut_off
        True
        """
        return ends_cut_off(self.text)


def ends_cut_off(text: str) -> bool:
    """Tell whether the last character of a decoded text is lost."""
    return text.endswith(_LOST)


class DecodeError(ValueError):
    """Bytes that cannot be read as text; the message says why and what to do."""


class EncodeError(ValueError):
    """A text that an encoding cannot hold; the message names the character and what to do."""


def decode(raw: bytes, encoding: str = "auto", errors: str = "strict") -> Decoded:
    r"""Return the text of some bytes.

    With ``encoding="auto"`` a byte-order mark decides, then UTF-8 if it fits, then that encoding in which the
    bytes are by far the most probable as Chinese: GB18030 (with GBK and GB2312), Big5-HKSCS, UTF-16, or HZ.
    Where the lines are in different encodings, as in logs, archives of mail and files put together from
    others, each line is decoded by itself: ``encoding`` names them all, ``utf-8+gb18030``. A single byte 0x80
    in GB18030 is the euro sign, as in CP936. A text in which only the last character is not complete, because
    the file was cut off at some number of bytes, has U+FFFD in its place (``Decoded.cut_off``).

    A named encoding is obeyed; only what does not fit GBK, GB2312 or Big5 is read as the larger encoding that
    holds them. Newlines are left as they are; a byte-order mark is not part of the text. ``errors`` is
    ``"strict"``, or ``"replace"`` to read what cannot be decoded as U+FFFD.

    Raises ``DecodeError`` when the bytes hold NUL and so are no text, do not fit the encoding, or are too
    few to tell; the message names the offset or the option that decides.

    >>> decode("和諧".encode("utf-8"))
    Decoded(text='和諧', encoding='utf-8', confidence=1.0)
    >>> decode("建设和谐社会，维护世界和平。".encode("gb18030")).encoding
    'gb18030'
    >>> decode("昨天的日志\n".encode("gb18030") + "今天的日志\n".encode("utf-8"))[:2]
    ('昨天的日志\n今天的日志\n', 'utf-8+gb18030')
    """
    if encoding != "auto":
        return _declared(raw, encoding, errors)
    decoded, doubt = _told(raw, errors)
    if doubt:
        raise DecodeError(doubt)
    return decoded


def guess(raw: bytes) -> Decoded:
    """Return the text of some bytes as ``decode`` does, but where that is not sure, the best guess.

    ``confidence`` says how sure it is. Raises ``DecodeError`` where no guess makes a text.

    >>> guess("你好".encode("gbk"))
    Decoded(text='你好', encoding='gb18030', confidence=0.5)
    """
    return _told(raw, "strict")[0]


def encode(text: str, encoding: str, *, like: bytes = b"") -> bytes:
    r"""Return the bytes of a text, with what is peculiar to ``like``, the source it was decoded from.

    When the result is to take the source's place, it begins with the same byte-order mark, in the same byte
    order, writes the euro sign as the source does, and ends with the same part of a character if it was cut
    off there.

    Raises ``EncodeError`` when the encoding has no code for a character, naming the first (nothing is
    replaced by a question mark), and when there are several encodings.

    >>> encode("和", "utf-16", like=b"\xfe\xff")
    b'\xfe\xffT\x8c'
    """
    if _AND in encoding:
        raise EncodeError(
            f"its lines are in different encodings ({encoding}) and cannot be written so; "
            "use --output-encoding utf-8 or gb18030"
        )
    wanted = codecs.lookup(encoding).name
    mark = b""
    for begins, *names in _MARKS:
        if like.startswith(begins) and wanted in names:
            mark, wanted = begins, names[-1]
            break
    remainder = _cut_character(like[len(mark) :], wanted) if text.endswith(_LOST) else b""
    if remainder:
        text = text.removesuffix(_LOST)
    try:
        if "€" in text and _has_single_euro(like, wanted):
            return mark + b"\x80".join(part.encode(wanted) for part in text.split("€")) + remainder
        return mark + text.encode(wanted) + remainder
    except UnicodeEncodeError as error:
        char = error.object[error.start]
        line = text.count("\n", 0, text.index(char)) + 1
        raise EncodeError(
            f"{encoding} has no code for {char!r} (U+{ord(char):04X}, line {line} of the result); "
            "use --output-encoding utf-8 or gb18030"
        ) from None


def _declared(raw: bytes, encoding: str, errors: str) -> Decoded:
    """Read bytes as the encoding that the user named."""
    try:
        larger = _LARGER.get(codecs.lookup(encoding).name)
    except LookupError:
        raise DecodeError(f"no encoding is called {encoding!r}") from None
    try:
        return Decoded(_decoded(raw, encoding, "strict" if larger else errors), encoding, 1.0)
    except DecodeError as error:
        if larger is None:
            raise
        try:
            return Decoded(_decoded(raw, larger, errors), larger, 1.0)
        except DecodeError:
            raise error from None


def _euro(error: UnicodeError) -> tuple[str, int]:
    """Read the single byte 0x80 as CP936 does, and refuse other bytes that cannot be decoded."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


def _euro_or_lost(error: UnicodeError) -> tuple[str, int]:
    try:
        return _euro(error)
    except UnicodeDecodeError as other:
        return _LOST, other.end


codecs.register_error("hanfix-euro", _euro)
codecs.register_error("hanfix-euro-replace", _euro_or_lost)


def _handler(encoding: str, errors: str) -> str:
    """Return the error handler for bytes of an encoding that do not fit; GB18030 alone needs its own."""
    if codecs.lookup(encoding).name != "gb18030":
        return errors
    return "hanfix-euro" if errors == "strict" else "hanfix-euro-replace"


def _strict(raw: bytes, encoding: str) -> str:
    """Return the text of bytes, the last of which may be only the beginning of a character.

    Raises ``UnicodeDecodeError`` when others do not fit.
    """
    try:
        return raw.decode(encoding, _handler(encoding, "strict"))
    except UnicodeDecodeError as error:
        if not _ends_within_character(error):
            raise
        return raw[: error.start].decode(encoding, _handler(encoding, "strict")) + _LOST


def _ends_within_character(error: UnicodeDecodeError) -> bool:
    """Tell whether the bytes that do not fit are the beginning of a character, and the last bytes."""
    if error.end < len(error.object) or error.reason not in _CUT_REASONS:
        return False
    # Python takes these two for the first half of a character in GB18030 and Big5, which they never are.
    return error.reason != "incomplete multibyte sequence" or error.object[error.start] not in b"\x80\xff"


def _cut_character(raw: bytes, encoding: str) -> bytes:
    """Return the bytes at the end that are only the beginning of a character."""
    try:
        raw.decode(encoding, _handler(encoding, "strict"))
    except UnicodeDecodeError as error:
        if _ends_within_character(error):
            return raw[error.start :]
    return b""


def _has_single_euro(raw: bytes, encoding: str) -> bool:
    """Tell whether bytes write the euro sign as CP936 does."""
    if encoding != "gb18030" or b"\x80" not in raw:
        return False
    return "€" in raw.decode(encoding, "hanfix-euro-replace") and "€" not in raw.decode(encoding, "replace")


def _decoded(raw: bytes, encoding: str, errors: str, offset: int = 0) -> str:
    """Return the text of bytes; ``offset`` says where they stand in what the user gave."""
    try:
        # Not every codec takes a mark off by itself.
        if errors == "strict":
            return _strict(raw, encoding).removeprefix(_MARK)
        return raw.decode(encoding, _handler(encoding, errors)).removeprefix(_MARK)
    except UnicodeDecodeError as error:
        raise DecodeError(
            f"not {encoding}: {_at(error, offset)}; name another --encoding, or --errors replace to read on"
        ) from None


def _at(error: UnicodeDecodeError, offset: int = 0) -> str:
    return f"byte 0x{error.object[error.start]:02X} at offset {error.start + offset} ({error.reason})"


def _not_a_text(raw: bytes) -> DecodeError:
    return DecodeError(
        f"not a text: NUL byte at offset {raw.index(0)}; if it is one, name its encoding with --encoding"
    )


def _told(raw: bytes, errors: str) -> tuple[Decoded, str]:
    """Return the text of some bytes in the most probable encoding, and why to doubt it, if there is a reason.

    Raises ``DecodeError`` when they are no text in any encoding.
    """
    for mark, marked, inner in _MARKS:
        if raw.startswith(mark):
            body = raw[len(mark) :]
            try:
                return Decoded(_strict(body, inner), marked, 1.0), ""
            except UnicodeDecodeError:
                # The mark may have been the first line's alone.
                several = _by_lines(body, inner, errors) if inner in _LINE_ENCODINGS else None
            if several is not None:
                return several, ""
            return Decoded(_decoded(raw, marked, errors), marked, 1.0), ""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        well_formed = raw[: error.start]
        if _ends_within_character(error) and _high_bytes(well_formed) >= _DECIDABLE_BYTES:
            text = well_formed.decode("utf-8") + _LOST
        else:
            return _guessed(raw, error, errors)
    if text.isascii() and b"~" in raw:
        hz = _read_as_hz(raw)
        if hz is not None:
            return hz, ""
    if _is_chinese_by_chance(raw):
        doubt = "in UTF-8 or in another encoding, and too short to tell; name its encoding with --encoding"
        return Decoded(text, "utf-8", _SHORT_CONFIDENCE), doubt
    if "\0" not in text:
        return (_read_as_utf16(raw) or Decoded(text, "utf-8", 1.0)), ""
    try:
        decoded, doubt = _guessed(raw, None, errors)
    except DecodeError:
        raise _not_a_text(raw) from None
    if doubt:
        raise _not_a_text(raw)
    return decoded, ""


def _mostly_utf8(raw: bytes) -> bool:
    """Tell whether most high bytes belong to well-formed UTF-8, or half of them to characters of three bytes.

    Other encodings form such characters by chance once in some hundred bytes.
    """
    high = _high_bytes(raw) - raw.count(0)
    fitting = raw.decode("utf-8", "ignore")
    of_three = 3 * sum(char >= "\u0800" for char in fitting)
    return len(fitting.encode("utf-8")) - (len(raw) - high) >= 0.9 * high or of_three >= 0.5 * high


def _high_bytes(raw: bytes) -> int:
    """Return how many bytes are not ASCII, or NUL, which is half a character of ASCII in UTF-16."""
    return len(raw.translate(None, _ASCII_BYTES))


def _guessed(raw: bytes, misfit: UnicodeDecodeError | None, errors: str) -> tuple[Decoded, str]:
    """Return what bytes that are not UTF-8 look like, and why to doubt it, if there is a reason.

    ``misfit`` says where they are not UTF-8; ``None``: they are, but hold NUL.
    """
    problem = "NUL bytes" if misfit is None else f"not UTF-8 ({_at(misfit)})"
    sample = _sample(raw)
    best, other = sorted((_look(sample, encoding) for encoding in _CANDIDATES), reverse=True)[:2]
    if best.encoding in _LINE_ENCODINGS and _may_be_mixed(raw, best.encoding):
        several = _by_lines(raw, best.encoding, errors)
        if several is not None:
            return several, ""
    if misfit is not None and _mostly_utf8(raw) and _high_bytes(raw) >= _DECIDABLE_BYTES:
        if errors == "replace":
            return Decoded(raw.decode("utf-8", "replace"), "utf-8", 0.5), ""
        raise DecodeError(
            f"UTF-8 but for {_at(misfit)}; use --errors replace to read it, or name its --encoding"
        )
    confidence = _confidence(best.total - other.total)
    doubt = ""
    in_utf16 = best.encoding.startswith("utf-16")
    too_short = max(_high_bytes(raw), best.beyond_ascii * in_utf16) < _DECIDABLE_BYTES
    if too_short:
        doubt = f"{problem} and too short to tell by its looks"
        confidence = min(confidence, _SHORT_CONFIDENCE)
    elif best.total - other.total < _TELLING_ODDS:
        doubt = f"{problem} and by its looks {best.encoding} or {other.encoding}"
    if best.average < _LEAST_CHINESE or _looks_foreign(sample, best.total):
        if b"\0" in raw:
            raise _not_a_text(raw)
        why = doubt if too_short else f"{problem} nor any other encoding Chinese is written in"
        raise DecodeError(f"{why}; name its encoding with --encoding")
    if doubt:
        doubt += "; name its encoding with --encoding"
        errors = "replace"
    text = _decoded(raw, best.encoding, errors)
    if "\0" in text:
        raise _not_a_text(raw)
    return Decoded(text, best.encoding, confidence), doubt


def _confidence(margin: float) -> float:
    """Return how probable a reading is that is by so much (natural log) more probable than the others."""
    return round(1 / (1 + exp(-margin)), 3)


class _Look(NamedTuple):
    """How probable (natural log) bytes are as Chinese in an encoding: all of them, and by character.

    ``beyond_ascii`` counts the characters that are not ASCII; ``fits`` tells whether all could be decoded.
    """

    total: float
    encoding: str
    average: float
    beyond_ascii: int
    fits: bool


def _sample(raw: bytes) -> bytes:
    """Return the part of the bytes that tells most: from a little before the first that is not ASCII."""
    first = _HIGH_BYTE.search(raw)
    start = first.start() if first else 0
    # Before it all is ASCII; some of that tells UTF-16. In an even place, where a character of UTF-16 begins.
    start = max(0, start - _SAMPLE_BYTES // 4) & ~1
    return raw[start : start + _SAMPLE_BYTES]


def _looks_foreign(raw: bytes, total: float) -> bool:
    """Tell whether bytes are more probable as Japanese or Korean than a reading of theirs as Chinese."""
    return any(_look(raw, encoding).total - total >= _TELLING_ODDS for encoding in _FOREIGN)


def _look(raw: bytes, encoding: str) -> _Look:
    """Return how bytes look in an encoding.

    Bytes that do not fit it are improbable in it and no more: a text may be damaged.
    """
    # A character that the end of the bytes cuts in two is not counted.
    text = codecs.getincrementaldecoder(encoding)(_handler(encoding, "replace")).decode(raw)
    # A line of dashes, or an indent, is no more evidence than one dash or blank.
    text = _REPEATED.sub(r"\1", text)
    logs = _log_probabilities(encoding)
    total = sum(map(logs.__getitem__, text))
    characters = len(text) - len(text.encode("ascii", "ignore")) + text.count("\0")
    # ASCII is evidence for UTF-16, where hardly any other bytes give it, and none for the others.
    if encoding.startswith("utf-16"):
        average = total / max(1, len(text))
    else:
        beyond_ascii = total - _ASCII_LOG * (len(text) - characters)
        average = beyond_ascii / characters if characters else _OTHER_LOG
    return _Look(total, encoding, average, characters, _LOST not in text)


class _LogProbabilities(dict[str, float]):
    """How probable (natural log) characters are in Chinese text, found out on first use."""

    def __init__(self, letter: float) -> None:
        super().__init__(dict.fromkeys(map(chr, range(1, 0x80)), _ASCII_LOG))
        self.update(dict.fromkeys(map(chr, range(0xFF01, 0xFF5F)), _FULL_WIDTH_LOG))
        self.update(dict.fromkeys(_PUNCTUATION, _PUNCTUATION_LOG))
        self.update(dict.fromkeys(_PINYIN, _PINYIN_LOG))
        self.update(dict.fromkeys(_HANGUL, _HANGUL_LOG))
        self[_LOST] = _LOST_LOG
        self._letter = letter

    def __missing__(self, char: str) -> float:
        # Imported here: most files are UTF-8 and never need it.
        from hanfix.lexicon import character_frequency

        if "\u4e00" <= char <= "\u9fff":
            found = log((character_frequency(char) + 0.5) / _CHARACTERS_COUNTED)
        elif char.isalpha():
            found = max(self._letter, _KANA_LOG) if "\u3041" <= char <= "\u30ff" else self._letter
        else:
            found = _SIGN_LOG if unicodedata.category(char)[0] in "PSZN" else _OTHER_LOG
        self[char] = found
        return found


@cache
def _log_probabilities(encoding: str) -> _LogProbabilities:
    return _LogProbabilities(_LETTER_LOGS.get(encoding, _OTHER_LOG))


def _may_be_mixed(raw: bytes, encoding: str) -> bool:
    """Tell whether anything speaks against all lines being in this one encoding."""
    try:
        text = _strict(raw, encoding)
    except UnicodeDecodeError:
        return True
    suspects = chain(
        (line.group() for line in _UTF8_LINE.finditer(raw) if _UTF8_CHARACTERS.search(line.group())),
        (_around(text, *place.span()).encode(encoding, "ignore") for place in _strange().finditer(text)),
    )
    return any(_is_elsewhere(suspect, encoding) for suspect in suspects)


def _around(text: str, start: int, end: int) -> str:
    """Return a part of a text with what stands around it in the line."""
    left = _LINE_END.split(text[max(0, start - _CONTEXT) : start])[-1]
    return left + text[start:end] + _LINE_END.split(text[end : end + _CONTEXT], maxsplit=1)[0]


def _is_elsewhere(line: bytes, encoding: str) -> bool:
    """Tell whether a line is far more probable in another encoding than in this one."""
    looks = {each: _look(line, each).total for each in _LINE_ENCODINGS}
    return max(looks.values()) - looks[encoding] > _CHANGING_ODDS


def _is_plain(line: bytes, encoding: str) -> bool:
    """Tell whether a line fits an encoding and has nothing in it that would suit another."""
    try:
        return _strange().search(_strict(line, encoding)) is None
    except UnicodeDecodeError:
        return False


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@cache
def _strange() -> re.Pattern[str]:
    """Return what matches rare characters close together, as in a line read in the wrong encoding."""
    logs = _log_probabilities("gb18030")
    common = [char for char in map(chr, range(0x4E00, 0xA000)) if logs[char] >= _LEAST_CHINESE]
    usual = re.escape("".join([*common, *_PUNCTUATION, *_PINYIN]))
    # Signs and the characters of ASCII too, but the ends of lines.
    rare = rf"[^{usual}\0-\x7f\xa0-\xbf\u2010-\u27bf\u3000-\u303f\uff01-\uff5e]"
    return re.compile(rf"(?:{rare}[^\r\n]{{0,{_STRANGE_GAP}}}?){{{_STRANGE_CHARACTERS}}}")


def _by_lines(raw: bytes, main: str, errors: str) -> Decoded | None:
    """Return the text of bytes whose lines are in different encodings, ``None`` when they need not be.

    ``main`` is what the first of them, or most of them, are in.

    A line is read in the encoding in which it is most probable, but a change of encoding must be well
    founded: what cannot be told by itself is read as the lines around it are.
    """
    lines = [line for line in raw.splitlines(keepends=True) if not line.isascii()]
    chosen = _chosen([_line_totals(line, main) for line in lines])
    used = sorted(set(chosen))
    if len(used) == 1:
        return None
    margins = []
    for index in used:
        own = [place for place, choice in enumerate(chosen) if choice == index]
        block = b"".join(lines[place] for place in own)
        blocks = [_look(block, encoding) for encoding in _LINE_ENCODINGS]
        look = blocks.pop(index)
        margins.append(look.total - max(blocks).total)
        if margins[-1] < _TELLING_ODDS or _high_bytes(block) < _DECIDABLE_BYTES:
            return None
        if look.encoding != "utf-8" and (look.average < _LEAST_CHINESE or _looks_foreign(block, look.total)):
            return None
    choices = iter(chosen)
    pieces = []
    offset = 0
    for line in raw.splitlines(keepends=True):
        encoding = "ascii" if line.isascii() else _LINE_ENCODINGS[next(choices)]
        pieces.append(_decoded(line, encoding, errors, offset))
        offset += len(line)
    names = _AND.join(_LINE_ENCODINGS[index] for index in used)
    return Decoded("".join(pieces), names, _confidence(min(margins)))


def _line_totals(line: bytes, main: str) -> list[float]:
    """Return how probable a line is in each encoding of lines.

    One that is told by itself is never read as its neighbours are; neither is one in an encoding that it does
    not fit while it fits others. A short one is equally probable in GB18030 and Big5 if it fits both.
    """
    high = _high_bytes(line)
    sure = main if high >= _PLAIN_BYTES and _is_plain(line, main) else None
    if _UTF8_CHARACTERS.search(line) and _is_utf8(line):
        sure = "utf-8"
    if sure is not None:
        others = -_PLAIN_ODDS * high - 2 * _CHANGING_ODDS
        return [0.0 if encoding == sure else others for encoding in _LINE_ENCODINGS]
    utf8, *looks = [_look(line, encoding) for encoding in _LINE_ENCODINGS]
    totals = [utf8.total, *(look.total for look in looks)]
    if high < _DECIDABLE_BYTES and all(look.fits for look in looks):
        totals[1:] = [max(totals[1:])] * len(looks)
    fitting = [look.fits for look in (utf8, *looks)]
    misfit = -2 * _CHANGING_ODDS if any(fitting) else 0.0
    return [total if fits else total + misfit for total, fits in zip(totals, fitting, strict=True)]


def _chosen(totals: list[list[float]]) -> list[int]:
    """Return the encoding of each line, as an index, by how probable the lines are in each.

    A third encoding must be as well founded as a change, or else lines that fit two are read in that which
    others are in too.
    """
    every = range(len(_LINE_ENCODINGS))
    probability, path = _most_probable_path(totals, every)
    if len(set(path)) < len(every):
        return path
    pairs = (_most_probable_path(totals, pair) for pair in combinations(every, 2))
    of_two, path_of_two = max(pairs)
    return path if probability - of_two > 2 * _CHANGING_ODDS else path_of_two


def _most_probable_path(totals: list[list[float]], allowed: Sequence[int]) -> tuple[float, list[int]]:
    """Return how probable the most probable choice of encodings for all lines is, and that choice.

    ``allowed`` lists the encodings to choose from, as indices.
    """
    best = [totals[0][each] for each in allowed]
    before: list[list[int]] = []
    for row in totals[1:]:
        top = max(range(len(best)), key=best.__getitem__)
        least = best[top] - _CHANGING_ODDS
        before.append([top if least > own else each for each, own in enumerate(best)])
        best = [max(own, least) + row[index] for own, index in zip(best, allowed, strict=True)]
    place = max(range(len(best)), key=best.__getitem__)
    probability, path = best[place], [allowed[place]]
    for came_from in reversed(before):
        place = came_from[place]
        path.append(allowed[place])
    return probability, path[::-1]


def _read_as_utf16(raw: bytes) -> Decoded | None:
    """Return the text of bytes that happen to fit UTF-8 and make Chinese as UTF-16, ``None`` otherwise.

    A few characters of UTF-16 may consist of bytes of ASCII alone; but then some are control characters.
    """
    if len(raw) > _MOST_CHANCE_BYTES or not _CONTROL.search(raw):
        return None
    try:
        decoded, doubt = _guessed(raw, None, "strict")
    except DecodeError:
        return None
    return None if doubt or not decoded.encoding.startswith("utf-16") else decoded


def _is_chinese_by_chance(raw: bytes) -> bool:
    """Tell whether a few bytes that fit UTF-8 are rather a Chinese word or two in another encoding.

    目录 in GBK is 'Ŀ¼' in UTF-8. Words of other languages, and one letter alone, are what they seem to be.
    """
    high = b"".join(_HIGH_BYTE.findall(raw)) if len(raw) <= _MOST_CHANCE_BYTES else b""
    if not _FEWEST_CHANCE_BYTES <= len(high) <= _MOST_CHANCE_HIGH_BYTES or max(high) >= _THREE_BYTES:
        return False
    if len(set(high.decode("utf-8"))) == 1:  # §§
        return False
    least = _look(raw, "utf-8").total + _CHANCE_ODDS
    looks = (_look(raw, encoding) for encoding in _LINE_ENCODINGS[1:])
    return any(each.fits and each.average > _LEAST_CHINESE and each.total > least for each in looks)


def _read_as_hz(raw: bytes) -> Decoded | None:
    """Return the text of bytes that are ASCII and make Chinese as HZ, ``None`` when they do not."""
    if _HZ.search(raw) is None:
        return None
    try:
        text = _strict(raw, "hz")
    except UnicodeDecodeError:
        return None
    logs = _log_probabilities("hz")
    chinese = [logs[char] for char in text.removesuffix(_LOST) if not char.isascii()]
    margin = sum(chinese) - _ASCII_LOG * (len(raw) - len(text) + len(chinese))
    if not chinese or sum(chinese) < _LEAST_CHINESE * len(chinese) or margin < _TELLING_ODDS:
        return None
    return Decoded(text, "hz", _confidence(margin))
