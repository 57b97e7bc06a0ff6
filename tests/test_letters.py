"""Letters turned into characters: the model damages, the filter gives the letters back."""

from __future__ import annotations

import random

import pytest

from cases import Case, case_parameters, read_cases
from hanfix.filters.repair.gbk import code_of
from hanfix.filters.repair.letters import LETTERS, LettersAsCharacters
from hanfix.pipeline import Pipeline
from hanfix.script import read_dictionary
from letters_damage import damage

# Sentences with Latin words as Chinese text has them.
SENTENCES = """\
网页的编码是UTF-8，不是GBK，请不要用Big5打开。
他在Windows系统上安装了Python，又在Linux上编译了一遍。
这款APP可以在iPhone和Android手机上使用。
请用Chrome或者Firefox浏览器访问本站，IE已经不再支持。
NBA的比赛昨晚在CCTV直播，姚明得了二十分。
我买的ThinkPad装的是XP系统，后来升级到了Vista。
WTO成员国的GDP总和占世界的百分之九十八。
电子邮件的英文是email，网站的英文是website。
用Ctrl和Alt键切换窗口，用Enter键确认。
DNA检测的结果要三天才能出来，CT的结果当天就有。
Excel和Word的文件都可以导出为PDF格式。
这篇论文发表在Nature上，作者来自MIT和Stanford。
""".splitlines()


def test_every_character_is_the_half_of_one_with_that_letter() -> None:
    """The table is the model's: the letter is the second byte of a traditional form of the character."""
    forms = read_dictionary("STCharacters")
    missing = {
        letter
        for char, letter in LETTERS.items()
        if all((code_of(form) or (0, 0))[1] != ord(letter) for form in forms.get(char, (char,)))
    }
    # O comes from the variant 翺 of 翱, b from 產's variant 産; OpenCC lists neither.
    assert missing == {"O", "b"}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_damaged_sentence_comes_back(sentence: str) -> None:
    assert Pipeline([LettersAsCharacters()], risk="guess")(damage(sentence)) == sentence


def test_the_habit_of_a_document_decides_short_words() -> None:
    assert LettersAsCharacters()(damage("\n".join(SENTENCES))) == "\n".join(SENTENCES)


def test_random_documents_come_back() -> None:
    chance = random.Random(7)
    for _ in range(30):
        text = "\n".join(chance.sample(SENTENCES, 6))
        assert LettersAsCharacters()(damage(text)) == text


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sound_text_is_left_alone(sentence: str) -> None:
    assert Pipeline([LettersAsCharacters()], risk="guess")(sentence) == sentence


def test_there_are_as_many_keeps_as_wants() -> None:
    cases = read_cases("letters")
    assert sum(case.kept for case in cases) >= sum(not case.kept for case in cases)


@pytest.mark.parametrize("case", case_parameters("letters"))
def test_case(case: Case) -> None:
    assert LettersAsCharacters()(case.text) == case.want
