"""Bytes to text and back: which encoding is chosen, what is refused, and with which words."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanfix.decode import Decoded, DecodeError, EncodeError, decode, encode

SIMPLIFIED = "建设和谐社会，维护世界和平，促进共同发展。"
TRADITIONAL = "建設和諧社會，維護世界和平，促進共同發展。"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
def test_finds_the_encodings_of_simplified_text(encoding):
    assert decode(SIMPLIFIED.encode(encoding))[:2] == (SIMPLIFIED, encoding)


def test_finds_big5():
    assert decode(TRADITIONAL.encode("big5")).text == TRADITIONAL
    assert decode(TRADITIONAL.encode("big5")).encoding == "big5hkscs"


@pytest.mark.parametrize(
    ("mark", "encoding", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
        ("\ufeff".encode("gb18030"), "gb18030", "gb18030"),
    ],
)
def test_a_mark_decides_is_no_text_and_is_given_back(mark, encoding, name):
    raw = mark + SIMPLIFIED.encode(encoding)
    assert decode(raw) == Decoded(SIMPLIFIED, name, 1.0)
    assert encode(SIMPLIFIED, name, like=raw) == raw
    assert decode(raw, encoding).text == SIMPLIFIED
    assert encode(SIMPLIFIED, encoding, like=raw) == raw


def test_a_mark_alone_is_an_empty_text():
    assert decode(codecs.BOM_UTF8).text == ""
    assert decode(b"") == Decoded("", "utf-8", 1.0)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("你好".encode("gbk"), "too short to tell by its looks; name its encoding with --encoding"),
        (b"abc\0def", "not a text: NUL byte at offset 3"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\xff\xfe\xfd\xfc", "not a text: NUL byte at offset 8"),
        ("共产党员带头。".encode() * 9 + b"\xff", "UTF-8 but for byte 0xFF at offset 189"),
        (
            b"\xff\x80\xfd" * 9,
            "nor any other encoding Chinese is written in; name its encoding with",
        ),
    ],
)
def test_refuses_what_cannot_be_decided_and_says_what_to_do(raw, message):
    with pytest.raises(DecodeError) as caught:
        decode(raw)
    assert message in str(caught.value)


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["自由軟件 free software", "“File”→“Save as…”，另存新檔", "一生一世\n"])
def test_tells_short_texts_half_in_english(encoding, text):
    assert decode((text * 2).encode(encoding)).text == text * 2


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("café au lait, déjà vu, élève à Paris et crème brûlée", "latin-1"),
        ("Größe über Äpfel schön für Straße", "cp1252"),
        ("Привет, как дела? Это русский текст.", "cp1251"),
        ("これは日本語の文章です。私は学生です。", "shift-jis"),
        ("これは日本語の文章です。私は学生です。", "euc-jp"),
    ],
)
def test_other_languages_are_not_taken_for_chinese(text, encoding):
    with pytest.raises(DecodeError, match="nor any other encoding Chinese is written in; name its encoding"):
        decode(text.encode(encoding))


def test_refuses_an_encoding_that_does_not_fit_or_exist():
    with pytest.raises(DecodeError, match="not ascii: byte 0xE5 at offset 0"):
        decode(SIMPLIFIED.encode(), "ascii")
    with pytest.raises(DecodeError, match="no encoding is called 'utf8000'"):
        decode(b"a", "utf8000")


def test_replaces_on_request():
    raw = "共产党员带头。".encode() * 9 + b"\xff"
    assert decode(raw, errors="replace").text == "共产党员带头。" * 9 + "\ufffd"
    assert decode(b"a\xff", "ascii", "replace").text == "a\ufffd"


@pytest.mark.parametrize(("text", "encoding"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs")])
def test_a_bad_byte_does_not_hide_the_encoding(text, encoding):
    half = f"{text}\n".encode(encoding) * 9
    raw = half + b"\xff" + half
    with pytest.raises(DecodeError, match=f"not {encoding}: byte 0xFF at offset {len(half)}"):
        decode(raw)
    decoded = decode(raw, errors="replace")
    assert decoded[:2] == (f"{text}\n" * 9 + "\ufffd" + f"{text}\n" * 9, encoding)


@pytest.mark.parametrize("newlines", ["\n", "\r\n", "\r", "\u2028"])
def test_leaves_newlines_alone(newlines):
    assert decode(f"甲{newlines}乙".encode()).text == f"甲{newlines}乙"


def test_an_encoding_without_the_character_is_an_error_that_names_it():
    with pytest.raises(EncodeError, match=r"big5 has no code for '说' \(U\+8BF4, line 2 of the result\)"):
        encode("說\n说", "big5")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_utf8_always_comes_back(text):
    assert decode(text.encode()) == Decoded(text, "utf-8", 1.0)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_text_or_a_clear_error(raw):
    try:
        decoded = decode(raw)
    except DecodeError as error:
        assert "--e" in str(error)
    else:
        assert "\0" not in decoded.text
