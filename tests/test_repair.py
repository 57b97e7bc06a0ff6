"""Repair: damage a text by the forward model and get it back; leave sound text alone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import FIXTURES, Case, case_parameters, read_cases
from hanfix.filters.repair import Mojibake, Repair, SplicedPinyin, gbk
from hanfix.lexicon import readings
from hanfix.pipeline import Pipeline
from hanfix.script import converted_to_simplified, read_dictionary
from pinyin_damage import damage, damage_and_loss, damage_with_marks

PAGE = FIXTURES / "pages" / "essay-forum"
LOST = "\ufffd"

# The converter's own conversion: character by character, to the first traditional form.
TO_TRADITIONAL = {
    ord(simple): forms[0]
    for simple, forms in read_dictionary("STCharacters").items()
    if simple not in forms and gbk.code_of(forms[0])
}
TRADITIONAL = sorted(char for char in converted_to_simplified() if gbk.code_of(char) and readings(char))
PROSE = (FIXTURES / "prose" / "news.txt").read_text(encoding="utf-8").translate(TO_TRADITIONAL).splitlines()


HALF_WIDTH = str.maketrans("，；：！？", ",;:!?")


def random_table(chance: random.Random) -> dict[str, str]:
    """Return a converter's table: some or all traditional characters of GBK with their main readings."""
    size = chance.choice([300, 800, 1500, 2500, len(TRADITIONAL)])
    return {char: readings(char)[0] for char in chance.sample(TRADITIONAL, size)}


def test_there_are_as_many_keeps_as_wants() -> None:
    cases = read_cases("repair")
    assert sum(case.kept for case in cases) >= sum(not case.kept for case in cases)


@pytest.mark.parametrize("case", case_parameters("repair"))
def test_case(case: Case) -> None:
    assert Repair()(case.text) == case.want


def test_the_page_is_restored() -> None:
    page = (PAGE / "page.txt").read_text(encoding="utf-8")
    assert Repair()(page) == (PAGE / "repaired.txt").read_text(encoding="utf-8")


def test_the_forward_model_makes_the_page() -> None:
    """The model and the table found in the page, applied to the restored page, give the page itself."""
    page = (PAGE / "page.txt").read_text(encoding="utf-8")
    annotated = re.findall(r"([\u4e00-\u9fff])\(([a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]*)\)", page)
    assert damage(Repair()(page), dict(annotated)) == page


def test_damaged_prose_comes_back() -> None:
    chance = random.Random(20261123)
    damaged_lines = exact = lost_characters = right = wrong = 0
    for _ in range(120):
        lines = chance.sample(PROSE, chance.randint(1, 12))
        table = random_table(chance)
        damaged = [damage_and_loss(line, table) for line in lines]
        repaired = Repair()("\n".join(text for text, _ in damaged)).split("\n")
        for line, (text, lost), back in zip(lines, damaged, repaired, strict=True):
            assert len(back) == len(line), "every character is accounted for"
            if not lost:
                damaged_lines += text != line
                exact += text != line and back == line
                assert text != line or back == line, "a line that was not hit is not touched"
                continue
            differing = [new for old, new in zip(line, back, strict=True) if old != new]
            lost_characters += lost
            wrong += sum(new != LOST for new in differing)
            right += lost - len(differing)
    assert damaged_lines > 300
    assert exact >= 0.99 * damaged_lines
    assert lost_characters > 50
    assert right >= 0.5 * lost_characters
    assert wrong <= 0.06 * lost_characters


def test_prose_of_a_converter_that_treats_marks_comes_back() -> None:
    """Shifts go on through punctuation where the converter holds it as bytes."""
    chance = random.Random(20261124)
    damaged_lines = exact = 0
    for _ in range(100):
        lines = chance.sample(PROSE, chance.randint(1, 12))
        table = random_table(chance)
        damaged = [damage_with_marks(line, table) for line in lines]
        repaired = Repair()("\n".join(text for text, _ in damaged)).split("\n")
        for line, (text, lost), back in zip(lines, damaged, repaired, strict=True):
            damaged_lines += not lost and text != line
            exact += not lost and text != line and back == line
    assert damaged_lines > 150
    assert exact >= 0.99 * damaged_lines


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(
    "sound",
    [
        "這是開放的網站。縣級以上機關",
        "他先付費。“打賞的是現在的領導”",
        "泛濫。互聯網的時代",
        "我們都來了。現在開始",
    ],
)
def test_any_mark_inside_characters(sound: str, narrow: bool) -> None:
    text = f"相關的人與當前的領導都知道，{sound}"
    table = {char: readings(char)[0] for char in "關當領現費賞聯網"}
    damaged, _ = damage_with_marks(text, table, "，；：！？")
    assert re.search(r"\?[，；：！？]", damaged)
    if narrow:
        damaged = re.sub(r"\?[，；：！？]", lambda match: match.group().translate(HALF_WIDTH), damaged)
    assert Repair()(damaged) == text


@pytest.mark.parametrize(
    "asked",
    [
        "你說什麼?!不知道",
        "你說什麼??可是我不知道",
        "是嗎?！好的",
        "怎麼辦?,我不知道",
        "何時?！現在就去",
        "對?;是的",
    ],
)
def test_marks_behind_a_question_stay(asked: str) -> None:
    damaged = damage(f"相關的人與當前的領導都知道\n{asked}", {"當": "dāng", "關": "guān"})
    assert Repair()(damaged).split("\n")[1] == asked


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda text: text.replace("(", "（").replace(")", "）"), "full-width brackets"),
        (lambda text: text.replace("g", "ɡ").replace("a", "ɑ"), "letters of the phonetic alphabet"),
        (lambda text: re.sub(r"[(?]\w", lambda match: match.group().upper(), text), "capitals"),
    ],
)
def test_variants_of_the_inserted_pinyin(change: Callable[[str], str], text: str) -> None:
    for line in PROSE[:12]:
        damaged, lost = damage_and_loss(line, {char: readings(char)[0] for char in TRADITIONAL})
        if not lost:
            assert Repair()(change(damaged)) == line, text


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.sampled_from(PROSE), min_size=1, max_size=6))
def test_sound_prose_is_left_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert Pipeline([Repair()], risk="guess")(text) == text


def test_what_is_lost_is_never_put_in_silently() -> None:
    damaged = "讓?shí)徫涣舻米∪、黨組織發(fā)揮作用,這個(gè)問題"
    bold = Pipeline([Repair()], risk="guess").run(damaged).report
    lost = [change for change in bold.changes if change.rule.startswith("repair/lost-byte")]
    assert len(lost) == 1
    assert "probability" in lost[0].why
    without = Pipeline([Repair()], disable=["repair/lost-byte", "repair/lost-byte-lean"])(damaged)
    assert without == "讓崗位留得住" + LOST + "、黨組織發揮作用,這個問題"


def test_what_cannot_be_worked_out_is_flagged_and_kept() -> None:
    text = "當(dāng)前的問題對(duì)於我們,他說人?zhuāng)大很多"
    result = Pipeline([SplicedPinyin()]).run(text)
    assert result.text == "當前的問題對於我們,他說人?zhuāng)大很多"
    assert [flag.rule for flag in result.report.flags] == ["repair/pinyin-splice"]


def test_an_entry_that_hits_the_bytes_of_a_pinyin_is_undone() -> None:
    # AD75 are the bytes of 璾 and stand in ōu.
    table = {"樓": "lóu", "歐": "ōu", "璾": "jì", "時": "shí", "間": "jiān"}
    text = "歐洲的時間和空間"
    damaged = damage(text, table)
    assert "(ōu(jì))" in damaged
    assert Repair()(damaged) == text


def test_a_sound_half_of_a_text_keeps_its_words() -> None:
    """Where only some lines were damaged, each line is judged by itself."""
    sound = "關於時間的問題，時間就是金錢，關心時間的人不多。"
    damaged = damage(sound, {"關": "guān", "時": "shí", "間": "jiān"})
    assert Repair()(f"{sound}\n{damaged}") == f"{sound}\n{sound}"


def test_utf8_read_as_single_byte_codecs() -> None:
    for line in PROSE[:20]:
        for codec in ("latin-1", "cp437", "mac-roman"):
            assert Mojibake()(line.encode().decode(codec)) == line


def test_gbk_read_as_latin1_is_not_taken_to_pieces() -> None:
    for line in PROSE:
        wrong = line.encode("gb18030").decode("latin-1")
        assert Mojibake()(wrong) == wrong
