"""Bytes to text and back: which encoding is chosen, what is refused, and with which words."""

import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conftest import FIXTURES, read_text
from hanfix.corpus.files import FileError, encode_like, load
from hanfix.decode import Decoded, DecodeError, EncodeError, decode, encode, guess
from mixed_encodings import lines_of, mixed

SIMPLIFIED = "建设和谐社会，维护世界和平，促进共同发展。"
TRADITIONAL = "建設和諧社會，維護世界和平，促進共同發展。"
ENCODINGS = {"utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"}


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
        ("이것은 한국어 문장입니다. 나는 학생입니다.", "euc-kr"),
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


def passages(name):
    """Return a strategy for the passages of a sound text: 20 to 300 characters, cut anywhere."""
    text = read_text(FIXTURES / "clean" / name)
    cuts = st.tuples(st.integers(0, len(text) - 20), st.integers(20, 300))
    return cuts.map(lambda cut: text[cut[0] : sum(cut)])


@pytest.mark.parametrize("encoding", sorted(ENCODINGS - {"big5hkscs"}))
@given(passages("novel-simplified.txt"))
def test_simplified_text_comes_back_from_every_encoding(encoding, text):
    assert decode(text.encode(encoding))[:2] == (text, encoding)


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
@given(passages("novel-traditional.txt"))
def test_traditional_text_comes_back_from_every_encoding(encoding, text):
    try:
        raw = text.encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    assert decode(raw)[:2] == (text, encoding)


@given(passages("novel-simplified.txt"))
def test_hz_comes_back(text):
    try:
        raw = text.replace("~", "").encode("hz")
    except UnicodeEncodeError:
        assume(False)
    decoded = decode(raw)
    assert (decoded.text, decoded.encoding) == (text.replace("~", ""), "hz" if b"~{" in raw else "utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "a ~{ b ~} c",
        "(format t ~{~a~^, ~})",
        "~{foobar~}",
        "x = ~{1~}",
        "~{",
        "~~",
        "<~{^_^}~>",
        "~{:MP3~} ~x",
    ],
)
def test_ascii_that_is_no_hz_stays(text):
    assert decode(text.encode()) == Decoded(text, "utf-8", 1.0)


@pytest.mark.parametrize("name", ["gb18030", "GB18030", "gbk", "cp936", "GB2312"])
def test_a_single_byte_0x80_is_the_euro_sign(name):
    raw = "价格为".encode("gbk") + b"\x80" + "一百二十元整，欢迎选购。\n".encode("gbk")
    text = "价格为€一百二十元整，欢迎选购。\n"
    assert decode(raw).text == decode(raw, name).text == text
    assert encode(text, "gb18030", like=raw) == raw
    assert encode(text, "gb18030") == text.encode("gb18030")
    assert decode(text.encode("gb18030")).text == text
    both = raw + text.encode("gb18030")
    assert decode(both).text == text * 2
    with pytest.raises(FileError, match="does not give its untouched parts back"):
        encode_like("", load(both, "a.txt"))


def test_what_does_not_fit_a_small_encoding_is_read_in_the_one_that_holds_it():
    assert decode("朱镕基".encode("gbk"), "gb2312") == Decoded("朱镕基", "gb18030", 1.0)
    assert decode("㐀和谐".encode("gb18030"), "gbk")[:2] == ("㐀和谐", "gb18030")
    assert decode("啲嘢".encode("big5hkscs"), "big5")[:2] == ("啲嘢", "big5hkscs")
    assert decode("和谐".encode("gbk"), "gb2312").encoding == "gb2312"
    with pytest.raises(DecodeError, match="not gb2312: byte 0xFF at offset 0"):
        decode(b"\xff", "gb2312")


MIXTURES = (
    ("utf-8", "gb18030"),
    ("utf-8", "big5hkscs"),
    ("gb18030", "big5hkscs"),
    ("utf-8", "gb18030", "big5hkscs"),
)


@pytest.mark.parametrize("encodings", MIXTURES, ids="+".join)
@given(
    st.integers(0, 10_000),
    st.integers(2, 40),
    st.sampled_from([1, 4, 20]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_lines_in_different_encodings(encodings, seed, count, run, newline):
    text, raw = mixed(seed, encodings, count, run=run, newline=newline)
    decoded = decode(raw)
    assert (decoded.text, decoded.encoding) == (text, "+".join(encodings))
    assert decoded.confidence > 0.99


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs"])
@given(st.integers(0, 10_000), st.integers(2, 20))
def test_lines_in_one_encoding_stay_together(encoding, seed, count):
    text, raw = mixed(seed, [encoding], count, run=4)
    assert decode(raw)[:2] == (text, encoding)


def test_short_lines_are_read_as_what_they_fit():
    lines = [
        (SIMPLIFIED, "utf-8"),
        ("說明", "big5"),
        ("四川", "utf-8"),
        (TRADITIONAL, "big5"),
        ("次", "utf-8"),
    ]
    raw = b"".join(f"{line}\n".encode(encoding) for line, encoding in lines)
    assert decode(raw)[:2] == ("".join(f"{line}\n" for line, _ in lines), "utf-8+big5hkscs")


@pytest.mark.parametrize(
    "line",
    [
        "├─user@1005.service",
        "Bézier – a curve",
        "日々私たちが過ごしている日常は、実は、奇跡の連続なのかもしれない。",
        "上证Ａ股９５４．９８９５１",
    ],
)
def test_odd_lines_are_no_change_of_encoding(line):
    text = f"{SIMPLIFIED}\n" * 20 + f"{line}\n" + f"{SIMPLIFIED}\n" * 20
    assert decode(text.encode("gb18030"))[:2] == (text, "gb18030")


def test_a_mark_of_the_first_file_alone():
    raw = codecs.BOM_UTF8 + f"{SIMPLIFIED}\n".encode() + f"{SIMPLIFIED}\n".encode("gbk")
    assert decode(raw)[:2] == (f"{SIMPLIFIED}\n" * 2, "utf-8+gb18030")


@pytest.mark.parametrize(
    "line",
    [
        "café au lait, déjà vu, élève à Paris".encode("latin-1"),
        "これは日本語の文章です。私は学生です。".encode("euc-jp"),
        "이것은 한국어 문장입니다. 나는 학생입니다.".encode("euc-kr"),
        "Привет, как дела? Это русский текст.".encode("cp1251"),
        "你".encode("gbk"),
    ],
)
def test_a_line_of_another_language_is_not_taken_for_chinese(line):
    raw = f"{SIMPLIFIED}\n".encode() * 8 + line + b"\n"
    with pytest.raises(DecodeError, match=r"UTF-8 but for byte|not utf-8: byte"):
        decode(raw)


def test_a_bad_byte_in_a_line_is_named_by_its_place_in_the_file():
    raw = f"{SIMPLIFIED}\n".encode() + f"{SIMPLIFIED}\n".encode("gbk") * 2
    bad = raw + f"{SIMPLIFIED}".encode("gbk") + b"\xff\n"
    with pytest.raises(DecodeError, match=f"not gb18030: byte 0xFF at offset {len(bad) - 2} "):
        decode(bad)
    assert decode(bad, errors="replace").text == f"{SIMPLIFIED}\n" * 3 + f"{SIMPLIFIED}\ufffd\n"


def test_several_encodings_are_never_written():
    source = load(f"{SIMPLIFIED}\n".encode() + f"{SIMPLIFIED}\n".encode("gbk"), "log.txt")
    assert encode_like(source.document.text, source) == source.raw
    with pytest.raises(EncodeError, match=r"different encodings \(utf-8\+gb18030\).*--output-encoding utf-8"):
        encode_like(SIMPLIFIED, source)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
def test_a_file_cut_off_at_any_byte(encoding):
    text = "".join(f"{line}\n" for line in lines_of("big5hkscs"))
    raw = text.encode(encoding)
    for end in range(60, len(raw)):
        decoded = decode(raw[:end])
        assert decoded.encoding == encoding
        kept = decoded.text.removesuffix("\ufffd")
        assert text.startswith(kept)
        assert decoded.cut_off == (kept.encode(encoding) != raw[:end])
        assert encode(decoded.text, encoding, like=raw[:end]) == raw[:end]


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16-be")]
)
def test_a_marked_or_named_file_cut_off_at_any_byte(mark, encoding):
    text = "和諧𠮷a社會"
    raw = mark + text.encode(encoding)
    for end in range(len(mark), len(raw)):
        decoded = decode(raw[:end])
        assert text.startswith(decoded.text.removesuffix("\ufffd"))
        assert encode(decoded.text, decoded.encoding, like=raw[:end]) == raw[:end]
        assert decode(raw[len(mark) : end], encoding).text == decoded.text


def test_a_mixed_file_cut_off_at_any_byte():
    text, raw = mixed(1, ("utf-8", "gb18030"), 8, run=2)
    for end in range(raw.index(b"\n", 200), len(raw)):
        kept = decode(raw[:end]).text.removesuffix("\ufffd")
        assert text.startswith(kept)


def test_a_bad_byte_at_the_end_is_not_a_cut():
    for raw in ((SIMPLIFIED.encode() + b"\xff"), (SIMPLIFIED.encode("gbk") + b"\xff")):
        with pytest.raises(DecodeError, match="byte 0xFF"):
            decode(raw)


def test_a_guess_is_never_surer_than_it_should_be():
    short = "你好".encode("gbk")
    assert guess(short) == Decoded("你好", "gb18030", 0.5)
    assert guess(SIMPLIFIED.encode("gbk")) == decode(SIMPLIFIED.encode("gbk"))
    for nothing in (b"abc\0def", b"\xff\x80\xfd" * 9, b"\xe9t\xe9"):
        with pytest.raises(DecodeError):
            guess(nothing)


@pytest.mark.parametrize("text", ["用户支持。关", "进入多用户模", "小数占位符用"])
def test_utf16_whose_bytes_fit_utf8_by_chance(text):
    raw = text.encode("utf-16-le")
    raw.decode("utf-8")
    assert decode(raw)[:2] == (text, "utf-16-le")
    assert decode(b"\x1b[31mred\x1b[0m \x07bell \x08\x0f").encoding == "utf-8"


def test_a_drawing_says_nothing_about_the_encoding():
    text = f"┌{'─' * 40}┐\n" * 6 + f"{TRADITIONAL}\n" + " " * 900 + "\n"
    for encoding in ("big5hkscs", "gb18030"):
        assert decode(text.encode(encoding))[:2] == (text, encoding)


def test_utf8_with_fields_in_gbk_is_not_taken_for_gbk() -> None:
    raw = ("作者：".encode() + "李明".encode("gbk") + " 来源：新华网\n".encode()) * 5
    with pytest.raises(DecodeError, match="UTF-8 but for byte 0xC0 at offset 9"):
        decode(raw)
    assert decode(raw, errors="replace").encoding == "utf-8"


@pytest.mark.parametrize("text", ["目录", "学校", "目录\n", "1 学校 2", "突然", "系统"])
def test_a_word_that_is_utf8_by_chance_is_not_told(text):
    raw = text.encode("gbk")
    raw.decode("utf-8")
    with pytest.raises(DecodeError, match="too short to tell; name its encoding"):
        decode(raw)
    assert decode(raw, "gbk").text == text
    assert decode((text + "，建设和谐社会").encode("gbk")).text == text + "，建设和谐社会"


@pytest.mark.parametrize(
    "text",
    [
        "Zürich Köln",
        "naïve café",
        "Привет",
        "да",
        "Михаил",
        "Ελλάδα",
        "και",
        "São Paulo",
        "Škoda",
        "Łódź",
        "Việt Đà",
        "αβγ",
        "20°C ±1°",
        "«bonjour»",
        "éé",
        "üü",
        "§§ 3",
        "×·±",
        "©®",
        "שלום",
        "سلام",
        "résumé déjà vu",
        "Ångström",
        "nǐ hǎo",
        "é",
        "目录",
        "学校",
    ],
)
def test_a_few_letters_in_utf8_are_told(text):
    assert decode(text.encode())[:2] == (text, "utf-8")
