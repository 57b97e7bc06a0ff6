"""Words, readings and scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FIXTURES, read_text
from hanfix.lexicon import LONGEST_WORD, Lexicon, default_lexicon, readings
from hanfix.script import (
    read_dictionary,
    simplified_only,
    simplify,
    traditional_forms,
    traditional_only,
)

HAN = st.text(st.sampled_from("公共产品產品和谐諧社会會党員员的人民主政府关于關於長长"), max_size=12)


@pytest.mark.parametrize("word", ["和谐", "共产党", "民主", "政府", "和諧", "共產黨", "社會主義"])
def test_words_are_found_in_either_script(word: str) -> None:
    lexicon = default_lexicon()
    assert lexicon.frequency(word) == lexicon.frequency(simplify(word)) > 0


@pytest.mark.parametrize("text", ["", "公共产", "谐和社", "a", "和-谐", "\U00020bb7野"])
def test_what_is_no_word_has_no_frequency(text: str) -> None:
    assert default_lexicon().frequency(text) == 0


def test_common_words_are_more_frequent() -> None:
    lexicon = default_lexicon()
    assert lexicon.frequency("的") > lexicon.frequency("社会") > lexicon.frequency("涓涓细流") > 0


@given(HAN)
def test_segments_make_up_the_text(text: str) -> None:
    words = default_lexicon().segment(text)
    assert "".join(words) == text
    assert all(1 <= len(word) <= LONGEST_WORD for word in words)


@given(HAN)
def test_the_cost_is_that_of_the_best_division(text: str) -> None:
    """No other cut into two gives a better one, and the cost of the segments is the cost of the text."""
    lexicon = default_lexicon()
    cost = lexicon.cost(text)
    assert sum(map(lexicon.cost, lexicon.segment(text))) == pytest.approx(cost)
    for cut in range(1, len(text)):
        assert cost <= lexicon.cost(text[:cut]) + lexicon.cost(text[cut:]) + 1e-9


@given(HAN)
def test_either_script_costs_the_same(text: str) -> None:
    lexicon = default_lexicon()
    assert lexicon.cost(text) == lexicon.cost(simplify(text))
    assert list(map(len, lexicon.segment(text))) == list(map(len, lexicon.segment(simplify(text))))


def test_chinese_costs_less_than_its_characters_at_random() -> None:
    lexicon = default_lexicon()
    assert lexicon.cost("建设和谐社会") < lexicon.cost("会设谐社和建")
    assert lexicon.cost("") == 0


def test_segmentation() -> None:
    lexicon = default_lexicon()
    assert lexicon.segment("公共产品") == ["公共", "产品"]
    assert lexicon.segment("中國共產黨") in (["中國共產黨"], ["中國", "共產黨"])
    assert lexicon.segment("") == []


def test_words_of_a_user() -> None:
    lexicon = Lexicon(["和諧號", "社稷圖"])
    assert lexicon.frequency("和谐号") == lexicon.frequency("和諧號") > 0
    assert lexicon.segment("坐和谐号") == ["坐", "和谐号"]
    assert lexicon.segment("社稷圖") == ["社稷圖"]
    assert default_lexicon().frequency("和谐号") == 0


def test_words_of_a_user_may_be_longer_than_those_of_the_table() -> None:
    word = "全國人民代表大會常務委員會"
    assert len(word) > LONGEST_WORD
    lexicon = Lexicon([word])
    assert lexicon.frequency(word) > 0
    assert lexicon.segment(f"由{word}决定") == ["由", word, "决定"]
    assert lexicon.lengths_from("全")[-1] == len(word)
    assert max(map(len, default_lexicon().segment(word))) <= LONGEST_WORD


@pytest.mark.parametrize("first", ["民", "涓", "a", ""])
def test_lengths_are_those_of_the_words(first: str) -> None:
    lexicon = default_lexicon()
    assert set(lexicon.lengths_from(first)) == {1, *map(len, lexicon.words_from(first))}


def test_a_word_of_a_user_is_never_made_rarer() -> None:
    assert Lexicon(["社会"]).frequency("社会") >= default_lexicon().frequency("社会")


def test_the_default_lexicon_is_shared() -> None:
    assert default_lexicon() is default_lexicon()


@pytest.mark.parametrize(
    ("char", "expected"),
    [("關", "guān"), ("黨", "dǎng"), ("長", "cháng"), ("諧", "xié"), ("懌", "yì"), ("們", "men")],
)
def test_readings(char: str, expected: str) -> None:
    assert expected in readings(char)


@pytest.mark.parametrize("char", ["a", "?", "", "，", "\U00020bb7"])
def test_what_is_no_character_of_gbk_has_no_reading(char: str) -> None:
    assert readings(char) == ()


@given(HAN)
def test_simplifying_keeps_every_place(text: str) -> None:
    assert len(simplify(text)) == len(text)
    assert simplify(simplify(text)) == simplify(text)


def test_simplifying_a_whole_text_keeps_every_place() -> None:
    for path in (FIXTURES / "clean").iterdir():
        text = read_text(path)
        assert len(simplify(text)) == len(text)


def test_scripts() -> None:
    assert set("關產黨諧員") <= traditional_only()
    assert set("关产谐员发") <= simplified_only()
    assert not traditional_only() & simplified_only()
    # Used in both: they are no evidence for either.
    assert not set("后里干党面云余系的一人和民主政府") & (traditional_only() | simplified_only())
    assert traditional_forms("发") == ("发", "發", "髮")
    assert traditional_forms("人") == ("人",)


def test_dictionaries() -> None:
    assert read_dictionary("STCharacters")["发"] == ("發", "髮")
    with pytest.raises(FileNotFoundError):
        read_dictionary("NoSuchDictionary")
