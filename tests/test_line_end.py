"""Latin words split at line ends: what is put together, what is not, and that it undoes the forward model."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import Case, case_parameters, read_cases
from hanfix.document import Document
from hanfix.edit import Edit, apply_edits
from hanfix.english import is_english
from hanfix.filters.rejoin.line_end import LineEndHyphens
from hanfix.pipeline import Pipeline
from line_ends import set_in_lines

FILTER = LineEndHyphens()

# Paragraphs of Chinese with English in it, as manuals and papers have it; no compound in them may be written
# as one word, and no part of a long word stands in them by itself.
PARAGRAPHS = [
    "本系统采用分布式架构（distributed architecture），通过消息队列实现异步通信 asynchronous communication，"
    "并提供完整的文档 documentation 和开发环境 development environment，方便用户进行配置 configuration。",
    "The committee published a comprehensive report on environmental protection in several languages. "
    "According to the documentation, every participant received information about the international "
    "conference, including transportation and accommodation.",
    "在统计学中，随机变量的期望 expectation 与方差 variance 是最重要的特征 characteristics。"
    "The distribution of the observations determines which estimation procedure is appropriate.",
]
WIDTHS = st.integers(12, 90)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])
PREFIXES = st.sampled_from(["", "    ", "\t", "> ", ">> ", "\u3000\u3000"])
HYPHENS = st.sampled_from(["-", "\u2010", "\u00ad"])


def syllables(word: str) -> list[int]:
    """Places like those that typesetters choose: before a consonant with a vowel behind it."""
    vowels = "aeiouy"
    return [
        place
        for place in range(2, len(word) - 2)
        if word[place].lower() not in vowels
        and word[place + 1].lower() in vowels
        and any(letter in vowels for letter in word[:place].lower())
    ]


@pytest.mark.parametrize("case", case_parameters("line_end"))
def test_case(case: Case) -> None:
    assert FILTER(case.text) == case.want


def test_at_least_as_many_cases_to_keep() -> None:
    kept = Counter(case.kept for case in read_cases("line_end"))
    assert kept[True] >= kept[False] > 20


@given(st.sampled_from(PARAGRAPHS), WIDTHS, NEWLINES, PREFIXES, HYPHENS)
def test_undoes_the_forward_model(text: str, width: int, newline: str, prefix: str, hyphen: str) -> None:
    """What was split between syllables is put together again, and the lines end where the model says."""
    lines = set_in_lines(text, width, places=syllables, hyphen=hyphen, newline=newline, prefix=prefix)
    assert FILTER(lines.text) == lines.whole


@given(st.sampled_from(PARAGRAPHS), WIDTHS)
def test_only_hyphens_and_line_ends_change(text: str, width: int) -> None:
    """Wherever words were split: no letter is lost, and no edit but at a hyphen that was put there."""
    lines = set_in_lines(text, width)
    edits = [each for each in FILTER.find(Document(lines.text)) if isinstance(each, Edit)]
    assert {edit.start for edit in edits} <= set(lines.splits)
    after = apply_edits(lines.text, edits)
    assert "".join(after.split()).replace("-", "") == "".join(lines.text.split()).replace("-", "")


@given(st.sampled_from(PARAGRAPHS), WIDTHS, NEWLINES)
def test_lines_without_hyphens_stay(text: str, width: int, newline: str) -> None:
    lines = set_in_lines(text, width, places=lambda word: [], newline=newline)
    assert FILTER(lines.text) == lines.text


def test_a_compound_is_known_by_the_rest_of_the_text() -> None:
    assert FILTER("a data-\nbase in 中文") == "a database\nin 中文"
    assert FILTER("a data-\nbase in 中文, data-base") == "a data-\nbase in 中文, data-base"


def test_what_is_put_together_once_is_known_elsewhere() -> None:
    """In one round, so that a second one finds nothing."""
    text = "the set-\nup and the se-\ntup of 系统"
    once = FILTER(text)
    assert once == "the setup\nand the setup\nof 系统"
    assert FILTER(once) == once


def test_a_guess_puts_together_what_no_dictionary_has() -> None:
    bold = Pipeline([FILTER], risk="guess")
    assert bold("称为eigen-\nvektoren的量") == "称为eigenvektoren\n的量"
    assert FILTER("称为eigen-\nvektoren的量") == "称为eigen-\nvektoren的量"


@pytest.mark.parametrize("word", ["information", "triggered", "encodings", "colour", "color", "Beijing"])
def test_english_words(word: str) -> None:
    assert is_english(word)


@pytest.mark.parametrize("word", ["informa", "tion", "ment", "xyz", "beijing", "", "\ud800"])
def test_what_is_no_english_word(word: str) -> None:
    assert not is_english(word)


@pytest.mark.parametrize("piece", ["sss", "ers", "ing", "a", "ba"])
def test_a_word_that_never_ends_is_none(piece: str) -> None:
    """Neither does it take long to see that, nor does it go too deep."""
    text = "中文 " + f"{piece}-\n" * 20_000 + f"{piece} 中文\n"
    assert FILTER(text) == text
