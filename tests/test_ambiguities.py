"""What conversion had to choose a form for: in the library, and as the command lists it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from conftest import FIXTURES, read_text
from hanfix.cli import shell
from hanfix.document import Document
from hanfix.edit import apply_edits
from hanfix.filters.convert import SCRIPTS, Convert


def listed(convert: Convert, text: str) -> list[tuple[str, str, str, str]]:
    """What is listed: character, form, how it was decided, by what."""
    return [(each.text, each.chosen, each.by, each.why) for each in convert.ambiguities(Document(text))]


PARTICLE_WHY = "著 stands for the particle 着 here, by the words around it"
LISTED = [
    ("s2t", "皇后", ("后", "后", "phrase", "皇后")),
    ("s2t", "后", ("后", "後", "character", "")),
    ("s2t", "头发", ("发", "髮", "phrase", "头发")),
    ("s2t", "发", ("发", "發", "character", "")),
    ("s2t", "干净", ("干", "乾", "phrase", "干净")),
    ("s2t", "若干", ("干", "干", "phrase", "若干")),
    ("s2tw", "公里", ("里", "里", "phrase", "公里")),
    ("s2tw", "里", ("里", "裡", "character", "")),
    ("s2hk", "里", ("里", "裏", "character", "")),
    ("s2t", "面条", ("面", "麪", "phrase", "面条")),
    ("s2tw", "面", ("面", "面", "character", "")),
    ("s2t", "台风", ("台", "颱", "phrase", "台风")),
    ("t2s", "乾隆", ("乾", "乾", "phrase", "乾隆")),
    ("t2s", "乾", ("乾", "干", "character", "")),
    ("taiwan", "这，干", ("干", "幹", "character", "")),
    (
        "simplified",
        "這個，看著",
        ("著", "着", "words", PARTICLE_WHY),
    ),
    ("simplified", "這個，著名", ("著", "著", "words", "")),
]
NOT_LISTED = [
    ("s2t", "国家的"[:1]),  # one form only
    ("s2t", "plain"),
    ("s2t", ""),
    ("t2s", "開關"),  # other forms are too rare to be meant
    ("simplified", "皇后在后面"),  # in the target script
    ("traditional", "皇后在裡面"),
    ("traditional", "后面"),  # no sign of what it is
    ("taiwan", "これは国の台"),  # Japanese
    ("simplified", "대한민국의 乾"),
    ("s2twp", "台式机"),  # exchanged for other words
    ("s2twp", "软件"),
    ("japanese", "これは"),
    ("jp2t", "日本"),
    ("t2tw", "說"),
    ("hk2t", "說"),
    ("traditional", "，。"),
    ("s2t", "⿰讠国"),
]  # fmt: skip


@pytest.mark.parametrize(("to", "text", "expected"), LISTED)
def test_listed(to: str, text: str, expected: tuple[str, str, str, str]) -> None:
    assert listed(Convert(to), text) == [expected]


@pytest.mark.parametrize(("to", "text"), NOT_LISTED)
def test_not_listed(to: str, text: str) -> None:
    assert listed(Convert(to), text) == []


def test_at_least_as_many_not_listed() -> None:
    assert len(NOT_LISTED) >= len(LISTED)


def test_places_and_alternatives() -> None:
    found = list(Convert("s2tw").ambiguities(Document("这里的\n面粉干了")))
    assert [(each.start, each.end, each.text, each.chosen, each.alternatives) for each in found] == [
        (1, 2, "里", "裡", ("里", "哩")),
        (4, 5, "面", "麵", ("面",)),
        (6, 7, "干", "幹", ("乾", "干", "榦")),
        (7, 8, "了", "了", ("瞭",)),
    ]


def test_only_the_quotation_that_is_converted() -> None:
    text = "他说：“這個問題發生在後面。”然后后面有人"
    assert [text_ for text_, *_ in listed(Convert("simplified"), text)] == []
    assert {by for *_, by, _ in listed(Convert("traditional"), text)} == {"phrase"}
    assert all(each.start > text.index("然") for each in Convert("traditional").ambiguities(Document(text)))


def test_own_words_are_decided(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("后羿\t后羿\n发\t髮\n", encoding="utf-8")
    convert = Convert("s2t", dict_=(str(path),))
    assert listed(convert, "后羿，发，干") == [("干", "幹", "character", "")]


def test_the_other_engine_does_not_tell() -> None:
    with pytest.raises(ValueError, match="engine 'opencc-python' does not tell"):
        list(Convert("s2t", engine="opencc-python").ambiguities(Document("后")))


@pytest.mark.parametrize("to", [*SCRIPTS, "s2twp", "tw2sp", "s2hk", "t2jp"])
@given(
    text=st.lists(
        st.sampled_from(
            [*"后後里裡面麵干乾发髮着著台。\n“”「」", "皇后", "头发", "軟體", "软件", "这个", "這個", "の"]
        ),
        max_size=20,
    ).map("".join)
)
def test_what_was_chosen_is_what_stands_there(to: str, text: str) -> None:
    """Taken for edits, the choices differ in nothing from the conversion."""
    document = Document(text)
    convert = Convert(to)
    edits = list(convert.find(document))
    last = 0
    for each in convert.ambiguities(document):
        assert last <= each.start < each.end <= len(text)
        last = each.end
        assert text[each.start : each.end] == each.text
        assert each.chosen not in each.alternatives
        (covering,) = [edit for edit in edits if edit.start <= each.start < edit.end] or [None]
        if covering is None:
            assert each.chosen == each.text
        else:
            assert covering.new[each.start - covering.start] == each.chosen
    assert apply_edits(text, edits) == convert.apply(text)


# The command -----------------------------------------------------------------------------------------------


def run(*arguments: object, input_: str = "") -> Result:
    return CliRunner().invoke(shell, ["convert", *map(str, arguments)], input=input_.encode())


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_command_lists_with_places_and_says_when_it_is_done(tmp_path: Path) -> None:
    first, second, report = tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "list.jsonl"
    first.write_bytes("皇后\r\n头发".encode())
    second.write_bytes("国家".encode())
    result = run("--to", "s2t", "--ambiguities", report, first, second)
    assert result.exit_code == 0
    assert result.stdout_bytes == "皇后\r\n頭髮國家".encode()
    assert records(report) == [
        {
            "kind": "ambiguity", "file": str(first), "line": 1, "column": 2, "text": "后",
            "chosen": "后", "alternatives": ["後"], "by": "phrase", "why": "皇后",
        },
        {
            "kind": "ambiguity", "file": str(first), "line": 2, "column": 2, "text": "发",
            "chosen": "髮", "alternatives": ["發"], "by": "phrase", "why": "头发",
        },
        {"kind": "ambiguity", "file": str(second), "line": 1, "column": 2, "text": "家",
         "chosen": "家", "alternatives": ["傢"], "by": "character", "why": ""},
        {"kind": "end", "documents": 2, "ambiguities": 3, "failures": 0},
    ]  # fmt: skip


def test_command_leaves_out_what_is_kept_and_counts_failures(tmp_path: Path) -> None:
    source, report = tmp_path / "a.txt", tmp_path / "list.jsonl"
    source.write_bytes("`头发`，后羿，后".encode())
    result = run("--to", "s2t", "--keep", "后羿", "--ambiguities", report, source, tmp_path / "none.txt")
    assert result.exit_code == 3
    assert [(each.get("text"), each.get("column")) for each in records(report)[:-1]] == [("后", 9)]
    assert records(report)[-1] == {"kind": "end", "documents": 1, "ambiguities": 1, "failures": 1}


def test_command_lists_without_writing_text(tmp_path: Path) -> None:
    report = tmp_path / "list.jsonl"
    result = run("--to", "s2t", "--check", "--ambiguities", report, input_="后")
    assert (result.exit_code, result.stdout) == (1, "")
    assert [each["kind"] for each in records(report)] == ["ambiguity", "end"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--engine", "opencc-python", "--ambiguities", "list.jsonl"], "does not tell"),
        (["--ambiguities", "a.txt", "a.txt"], "a.txt is an input"),
        (["--ambiguities", "b.txt", "--report", "b.txt"], "would be written twice"),
    ],
)
def test_command_refuses(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("后", encoding="utf-8")
    result = run("--to", "s2t", *arguments, input_="后")
    assert result.exit_code == 2
    assert message in result.stderr
    assert not Path("list.jsonl").exists()


def test_only_convert_has_it() -> None:
    result = CliRunner().invoke(shell, ["repair", "--ambiguities", "x"])
    assert result.exit_code == 2


def test_a_page_is_listed_whole() -> None:
    text = read_text(FIXTURES / "clean" / "news-simplified.txt")
    found = list(Convert("taiwan").ambiguities(Document(text)))
    assert len(found) > 10
    assert {each.by for each in found} == {"phrase", "character"}
