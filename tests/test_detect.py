"""What texts are, what is wrong with them, and that the command given cures it."""

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hanfix
from conftest import FIXTURES
from hanfix import DecodeError, Detected, Document, Pipeline, detect
from running import hanfix as run
from test_cli_messages import in_a_terminal

SIMPLIFIED = "建设和谐社会，维护世界和平，促进共同发展。\n"
TRADITIONAL = "建設和諧社會，維護世界和平，促進共同發展。\n"
CLEAN = sorted(path for path in (FIXTURES / "clean").iterdir() if path.is_file())


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def by_rule(found):
    return {kind.rule: kind for kind in found.damage}


def test_a_real_page(essay_forum):
    page = essay_forum["page"]
    found = detect(page.encode(), name="page.txt")
    assert (found.name, found.encoding, found.confidence, found.cut_off) == ("page.txt", "utf-8", 1.0, False)
    assert (found.newlines, found.script, found.traditional) == ("lf", "traditional", 1.0)
    assert found.command == "hanfix clean page.txt"
    report = Pipeline.from_profile().run(page).report
    assert {kind.rule: kind.changes for kind in found.damage if kind.changes} == report.counts
    assert {kind.rule: kind.flags for kind in found.damage if kind.flags} == report.flagged
    first = by_rule(found)["repair/pinyin"].example
    assert first == (1, 5, "- 相關(guān)推薦", "- 相關推薦")


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.name)
def test_sound_texts_have_no_damage(path):
    found = detect(path.read_bytes(), name=path.name)
    assert [kind for kind in found.damage if kind.changes] == []
    assert found.encoding == "utf-8"
    cured = any(kind.guesses for kind in found.damage) or found.script == "mixed"
    assert (found.command is not None) == cured


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("novel-simplified.txt", "simplified"),
        ("novel-traditional.txt", "traditional"),
        ("news-simplified.txt", "simplified"),
        ("news-traditional.txt", "traditional"),
        ("bibliography.txt", "mixed"),
        ("japanese.txt", "none"),
        ("korean.txt", "none"),
    ],
)
def test_scripts(name, script):
    found = detect((FIXTURES / "clean" / name).read_bytes())
    assert found.script == script
    assert found.simplified + found.traditional == pytest.approx(0.0 if script == "none" else 1.0)


def test_text_without_chinese_has_no_script():
    assert detect("Größe und Äpfel\n").script == "none"


def test_a_name_in_the_other_script_does_not_make_a_text_mixed():
    assert detect(SIMPLIFIED * 9 + "「發」\n").script == "simplified"
    mixed = detect(SIMPLIFIED * 2 + TRADITIONAL)
    assert (mixed.script, mixed.command) == ("mixed", "hanfix clean --to simplified")
    assert detect(SIMPLIFIED + TRADITIONAL * 2).command == "hanfix clean --to traditional"


@pytest.mark.parametrize(
    ("text", "newlines"),
    [
        ("甲", "none"),
        ("甲\n", "lf"),
        ("甲\r\n乙", "crlf"),
        ("甲\r", "cr"),
        ("甲\r\n乙\n", "mixed"),
        ("\n\r", "mixed"),
    ],
)
def test_newlines(text, newlines):
    assert detect(text).newlines == newlines


def test_what_only_guesses_cure_and_what_is_flagged():
    text = "建设和-谐社会"
    safe = Pipeline.from_profile(risk="safe")
    (kind,) = detect(text, pipeline=safe).damage
    assert (kind.rule, kind.changes, kind.guesses, kind.flags) == ("rejoin/hyphen", 0, 1, 0)
    assert detect(text, pipeline=safe).command == "hanfix clean --risk guess"
    assert detect(text).command == "hanfix clean"


def test_the_configured_pipeline_counts_and_conversions_do_not():
    pipeline = Pipeline.from_profile(filters=["repair"], to="taiwan")
    assert detect("建设和-谐社会", pipeline=pipeline).damage == ()


def test_an_encoding_that_clean_would_refuse_to_guess_is_named():
    found = detect("你好".encode("gbk"), name="a b.txt")
    assert (found.encoding, found.command) == ("gb18030", "hanfix clean --encoding gb18030 'a b.txt'")
    assert found.confidence <= 0.5
    sure = detect((SIMPLIFIED * 2).encode("gbk"))
    assert (sure.encoding, sure.command) == ("gb18030", None)
    assert sure.confidence > 0.99
    named = detect("和-谐社会".encode("gbk"), encoding="gbk", name="a.txt")
    assert (named.encoding, named.command) == ("gbk", "hanfix clean --encoding gbk a.txt")
    with pytest.raises(DecodeError):
        detect(b"abc\0def")


def test_a_text_and_a_document_need_no_encoding():
    assert detect(SIMPLIFIED).encoding is None
    found = detect(Document("和-谐社会", name="-x.txt", encoding="big5"))
    assert (found.name, found.encoding, found.command) == ("-x.txt", "big5", "hanfix clean -- -x.txt")


def test_a_file_cut_off_says_so():
    found = detect(SIMPLIFIED.strip().encode()[:-1])
    assert (found.cut_off, found.encoding) == (True, "utf-8")


@given(st.text(st.sampled_from("和谐社會发關(guān)-·?，\r\n a\u200b\ue000")))
def test_any_text_can_be_looked_at(text):
    found = detect(text)
    assert isinstance(found, Detected)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for kind in found.damage:
        assert 1 <= kind.example.line <= len(lines)
        assert kind.changes + kind.guesses + kind.flags > 0


def test_the_command_cures(folder, essay_forum):
    path = folder / "it's a page.txt"
    path.write_bytes((essay_forum["page"] + "錯誤𠮷\n" + SIMPLIFIED * 400).encode())
    command = detect(path.read_bytes(), name=path.name).command
    program, *arguments = shlex.split(command)
    assert program == "hanfix"
    assert "--to" in arguments
    cured = run(*arguments).stdout_bytes
    assert detect(cured).command is None


def test_the_command_line_says_what_the_library_says(folder):
    (folder / "page.txt").write_bytes("民\u200b主，建设和-谐社会\r\n".encode())
    result = run("detect", "--format", "json", "page.txt")
    assert result.exit_code == 0
    assert r"\u200b" in result.stdout
    record = json.loads(result.stdout)
    found = detect((folder / "page.txt").read_bytes(), name="page.txt")
    assert record["file"] == "page.txt"
    assert {key: record[key] for key in ("encoding", "newlines", "script", "command")} == {
        "encoding": "utf-8",
        "newlines": "crlf",
        "script": "simplified",
        "command": "hanfix clean page.txt",
    }
    assert [(each["rule"], each["changes"]) for each in record["damage"]] == [
        (kind.rule, kind.changes) for kind in found.damage
    ]
    assert record["damage"][-1]["example"]["after"] == "\u200b主，建设和谐社会"


def test_a_table_for_people(folder):
    (folder / "page.txt").write_bytes("民\u200b主，建设和-谐社会\n".encode())
    result = run("detect", "page.txt")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = result.stdout
    assert shown.startswith("page.txt\n")
    for part in (
        "utf-8 (100.0% sure)",
        "lf",
        "simplified",
        "rejoin/hyphen",
        "1:8",
        "hanfix clean page.txt\n",
    ):
        assert part in shown
    assert "民\\u200b主" in shown
    assert "\u200b" not in shown
    assert "\x1b" not in shown
    assert not any(line.endswith(" ") for line in shown.splitlines())
    assert "nothing to cure" in run("detect", stdin=SIMPLIFIED.encode()).stdout


def test_colours_are_for_terminals(folder):
    pytest.importorskip("pty")
    (folder / "page.txt").write_bytes("民\u200b主，建设和-谐社会\n".encode())
    coloured = in_a_terminal("detect", "page.txt")
    assert "\x1b[" in coloured
    assert "\\u200b" in coloured
    for arguments in (("--no-color",), ("--format", "json")):
        assert "\x1b" not in in_a_terminal("detect", *arguments, "page.txt")
    assert "\x1b" not in in_a_terminal("detect", "page.txt", NO_COLOR="1")


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input(arguments):
    result = run("detect", "--format", "json", *arguments, stdin="和-谐社会".encode())
    record = json.loads(result.stdout)
    assert (record["file"], record["command"]) == ("<stdin>", "hanfix clean")


def test_what_fails_is_said_and_the_others_are_done(folder):
    (folder / "page.txt").write_bytes(SIMPLIFIED.encode())
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\xff\xfe\xfd\xfc")
    result = run("detect", "--format", "json", "none.txt", "picture.png", ".", "page.txt")
    assert result.exit_code == 3
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == ["page.txt"]
    said = result.stderr.splitlines()
    assert said[0] == "hanfix: none.txt: no such file"
    assert said[1].startswith("hanfix: picture.png: not a text: NUL byte at offset 8")
    assert said[2] == "hanfix: .: a directory, not a file; name the files in it"
    assert run("detect", "--format", "xml").exit_code == 2


def test_the_configuration_file_holds_for_detect_too(folder):
    (folder / "hanfix.toml").write_text('disable = ["rejoin/hyphen"]\n', encoding="utf-8")
    record = json.loads(run("detect", "--format", "json", stdin="和-谐社会".encode()).stdout)
    assert record["command"] is None
    (folder / "hanfix.toml").write_text('rsk = "safe"\n', encoding="utf-8")
    assert run("detect", stdin=b"a").exit_code == 2


def test_a_file_in_several_encodings(folder):
    raw = SIMPLIFIED.encode() + SIMPLIFIED.encode("gbk")
    (folder / "log.txt").write_bytes(raw)
    assert json.loads(run("detect", "--format", "json", "log.txt").stdout)["encoding"] == "utf-8+gb18030"
    assert run("clean", "log.txt").stdout_bytes.decode() == SIMPLIFIED * 2
    assert run("clean", "--in-place", "log.txt").exit_code == 0
    assert (folder / "log.txt").read_bytes() == raw
    damaged = "和-谐社会\n".encode() + raw
    (folder / "log.txt").write_bytes(damaged)
    refused = run("clean", "--in-place", "log.txt")
    assert refused.exit_code == 3
    assert "its lines are in different encodings (utf-8+gb18030)" in refused.stderr
    assert (folder / "log.txt").read_bytes() == damaged
    assert run("clean", "--in-place", "--output-encoding", "utf-8", "log.txt").exit_code == 0
    assert (folder / "log.txt").read_bytes().decode() == "和谐社会\n" + SIMPLIFIED * 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_cut_off_is_read_and_keeps_its_end_in_place(folder, encoding):
    raw = ("和-谐社会\n" + SIMPLIFIED.strip()).encode(encoding)[:-1]
    (folder / "cut.txt").write_bytes(raw)
    result = run("clean", "cut.txt")
    assert result.exit_code == 0
    assert "cut.txt: the last character is cut off (U+FFFD)\n" in result.stderr
    assert result.stdout_bytes.decode().endswith("促进共同发展\ufffd")
    assert run("clean", "--in-place", "cut.txt").exit_code == 0
    assert (folder / "cut.txt").read_bytes() == raw.replace(b"-", b"", 1)


def test_the_library_exports_it():
    assert hanfix.detect is detect
