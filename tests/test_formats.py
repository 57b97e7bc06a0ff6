"""The formats of corpora: nothing but the text of text fields changes, however a file is taken apart."""

import bz2
import csv
import gzip
import io
import json
import lzma
import pickle
import random
import sys
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from corpora import JOINED, SPLIT, TEXTS, json_lines, tables
from hanfix.corpus import formats
from hanfix.corpus.compression import COMPRESSIONS, compressing, decompressed
from hanfix.corpus.files import FileError
from hanfix.corpus.formats import Cuts, Format, FormatError, Options, Part, Problem
from hanfix.decode import DecodeError, EncodeError
from hanfix.filter import Scope
from hanfix.filters.repair.mojibake import Mojibake
from hanfix.guard import GUARDS
from hanfix.pipeline import Pipeline
from hanfix.report import Report

JSONL = Part("pages.jsonl", Format("jsonl"), 0, -1)
CSV = Part("pages.csv", Format("csv"), 0, -1)
TSV = Part("pages.tsv", Format("tsv"), 0, -1)
TEXT = Part("pages.txt", Format("text"), 0, -1)


def unchanged(document):
    return document.text, Report(documents=1)


def joined(document):
    report = Report(documents=1)
    report.counts["rejoin/hyphen"] += document.text.count(SPLIT)
    text = document.text.replace(SPLIT, JOINED)
    report.changed = int(text != document.text)
    return text, report


def rewritten(part, data, clean=joined, **options):
    """Return what becomes of the bytes of a stream, and what was done."""
    sink = io.BytesIO()
    result = formats.rewrite_stream(part, io.BytesIO(data), sink, clean, Options(**options))
    return sink.getvalue(), result


def done(path: Path, clean=joined, **options):
    """Return what becomes of a file that is done in parts, and what was done with each."""
    chosen = Options(**options)
    parts = formats.parts_of(path, chosen, path.stat().st_size)
    sinks = [path.with_name(f"{path.name}.{part.number}") for part in parts]
    pairs = zip(parts, sinks, strict=True)
    results = [formats.rewrite_part(part, sink, clean, chosen) for part, sink in pairs]
    target = io.BytesIO()
    formats.join_parts(sinks, target, path)
    return target.getvalue(), results


@pytest.fixture
def file(tmp_path):
    def made(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return made


# Names ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.txt", "text"),
        ("README", "text"),
        ("a.jsonl", "jsonl"),
        ("A.NDJSON.GZ", "jsonl.gz"),
        ("a.csv.bz2", "csv.bz2"),
        ("a.tsv.xz", "tsv.xz"),
        ("a.txt.zst", "text.zst"),
        ("a.parquet", "parquet"),
        (".gz", "text.gz"),
        ("gz", "text"),
    ],
)
def test_formats_by_name(name, found):
    assert str(formats.format_of(Path(name))) == found


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.epub", "a book"),
        ("a.DOCX", "word processor"),
        ("a.doc", "word processor"),
        ("a.pdf", "pdftotext"),
        ("a.tar.gz", "unpack it"),
        ("a.zip", "unpack it"),
        ("a.json", "jq"),
        ("a.parquet.gz", "Parquet compresses itself"),
    ],
)
def test_what_is_named_and_not_half_read(name, says):
    with pytest.raises(FormatError, match=says):
        formats.format_of(Path(name))


def test_parts_are_plain_data(file):
    (part,) = formats.parts_of(file("a.txt", b"\n"), Options(), 1)
    assert pickle.loads(pickle.dumps(part)) == part
    assert pickle.loads(pickle.dumps(Options())) == Options()


@pytest.mark.parametrize(
    "options",
    [
        {"text_fields": ()},
        {"report_field": "text"},
        {"on_error": "ignore"},
        {"limit": 0},
        {"encoding": "klingon"},
        {"output_encoding": "klingon"},
    ],
)
def test_options_that_cannot_be(options):
    with pytest.raises(ValueError):
        Options(**options)


# JSON Lines -------------------------------------------------------------------------------------------------
@given(data=json_lines())
def test_json_lines_unchanged(data):
    assert rewritten(JSONL, data, unchanged, text_fields=("text", "meta.text"))[0] == data


@given(data=json_lines())
@example(data='{"text":"\\ud548和-谐\\ud800"}'.encode())
def test_json_lines_differ_in_the_field_alone(data):
    out, result = rewritten(JSONL, data)
    assert result.problems == []
    for before, after in zip(data.splitlines(keepends=True), out.splitlines(keepends=True), strict=True):
        if before.decode("utf-8-sig").strip():
            old, new = json.loads(before.decode("utf-8-sig")), json.loads(after.decode("utf-8-sig"))
            assert new["text"] == old["text"].replace(SPLIT, JOINED)
            assert repr({**new, "text": ""}) == repr({**old, "text": ""})
            if new == old:
                assert after == before
        else:
            assert after == before


@given(data=json_lines(), size=st.integers(1, 200), block=st.integers(1, 50))
def test_any_parts_of_json_lines_make_the_same(data, size, block, tmp_path_factory):
    path = tmp_path_factory.mktemp("parts") / "pages.jsonl"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "PART_BYTES", size)
        patch.setattr(formats, "_BLOCK_BYTES", block)
        out, results = done(path, report_field="done")
    assert out == rewritten(JSONL, data, report_field="done")[0]
    assert sum(result.bytes_in for result in results) == len(data)


def test_places_are_those_of_the_file_in_every_part(file, monkeypatch):
    monkeypatch.setattr(formats, "PART_BYTES", 30)
    monkeypatch.setattr(formats, "_BLOCK_BYTES", 10)
    data = b"".join(
        b'{"text": "%d"}\n' % number if number % 5 else b'{"text": 1}\n' for number in range(1, 41)
    )
    _, results = done(file("a.jsonl", data))
    assert len(results) > 10
    problems = [problem for result in results for problem in result.problems]
    assert [problem.place for problem in problems] == [f"line {at}, field 'text'" for at in range(5, 41, 5)]


@pytest.mark.parametrize(
    ("line", "place", "says"),
    [
        (b'{"text": null}', "line 2, field 'text'", "is null, not a text"),
        (b'{"text": 7}', "line 2, field 'text'", "is a number, not a text"),
        (b'{"text": [""]}', "line 2, field 'text'", "is a list, not a text"),
        (b'{"text": {"text": ""}}', "line 2, field 'text'", "is an object, not a text"),
        (b'{"text": true}', "line 2, field 'text'", "is a truth value, not a text"),
        (b'{"body": ""}', "line 2, field 'text'", "is missing"),
        (b"{}", "line 2, field 'text'", "is missing"),
        (b'["text"]', "line 2", "no JSON object"),
        (b'{"text": ""', "line 2", "no valid JSON: Expecting ',' or '}' at character 12"),
        (b'{"text": "a\nb"}', "line 2", "no valid JSON: Unterminated string"),
        (b'{"text": "\t"}', "line 2", "no valid JSON: Invalid control character"),
        (b'{"text": "\\x"}', "line 2", "no valid JSON: Invalid \\escape"),
        (b'{"text": ""} {}', "line 2", "no valid JSON: Extra data at character 14"),
        (b'{"text": "", }', "line 2", "no valid JSON: Expecting a name in double quotes"),
        (b"{'text': ''}", "line 2", "no valid JSON: Expecting a name in double quotes"),
        (b'{"text" ""}', "line 2", "no valid JSON: Expecting ':'"),
        (b'{"text":', "line 2", "no valid JSON: Expecting value at character 9"),
        (b"text", "line 2", "no valid JSON: Expecting value at character 1"),
        (b'{"a": ' + b"[" * 200_000 + b"}", "line 2", "nested too deeply"),
        (b'{"text": "\xba\xcd"}', "line 2", "not utf-8: byte 0xBA at byte 11 of the line"),
    ],
)
def test_a_bad_record_is_left_out_and_kept(line, place, says):
    good = '{"text": "和谐"}\n'.encode()
    data = good + line + b"\n" + good
    if b"\n" in line:
        line = line.partition(b"\n")[0]
    out, result = rewritten(JSONL, data)
    assert out == good + good
    assert result.records == 2
    assert result.report.documents == 2
    first = result.problems[0]
    assert first.place == place
    assert first.message.startswith(says)
    assert first.raw == line + b"\n"
    with pytest.raises(FormatError, match=place):
        rewritten(JSONL, data, on_error="fail")


def test_nested_names_and_names_with_full_stops():
    data = '{"meta": {"a": {"text": "和-谐"}, "text": "和-谐"}, "meta.text": "和-谐", "text": "和-谐"}\n'
    out, result = rewritten(JSONL, data.encode(), text_fields=("meta.a.text", "meta.text"))
    assert out.decode() == data.replace(SPLIT, JOINED, 3)
    assert result.records == 1
    assert result.report.documents == 3
    _, result = rewritten(JSONL, b'{"meta": {"a": ""}}\n', text_fields=("meta.text",))
    assert result.problems == [
        Problem("line 1, field 'meta.text'", "is missing", b'{"meta": {"a": ""}}\n'),
    ]


def test_a_name_that_stands_twice_is_done_twice():
    data = '{"text": "和-谐", "text": "和-谐"}'
    assert rewritten(JSONL, data.encode())[0].decode() == data.replace(SPLIT, JOINED)


def test_strings_are_escaped_as_they_were():
    data = '{"text": "\\u548c-\\u8c10", "b": "\\/"}\n{"text": "和-谐\\ud83d\\ude00\\ud800\\u0000\\/"}\n'
    out = '{"text": "\\u548c\\u8c10", "b": "\\/"}\n{"text": "和谐😀\\ud800\\u0000/"}\n'
    assert rewritten(JSONL, data.encode())[0].decode() == out


def test_numbers_stay_as_they_are_written():
    data = f'{{"text": "和-谐", "a": [1e400, -0.0, 1E+2, NaN, -Infinity, {"9" * 5000}, 1.10]}}\n'
    assert rewritten(JSONL, data.encode())[0].decode() == data.replace(SPLIT, JOINED)


def test_the_report_of_a_record():
    data = '{"text": "和-谐"}\n{"text":"和谐"}\r\n{"text": "", "done": 3, "n": 1}'
    out, _ = rewritten(JSONL, data.encode(), report_field="done")
    assert out.decode() == (
        '{"text": "和谐", "done": {"rejoin/hyphen": 1}}\n'
        '{"text":"和谐","done":{}}\r\n'
        '{"text": "", "done": {}, "n": 1}'
    )
    again, _ = rewritten(JSONL, out, report_field="done")
    assert [set(json.loads(line)) for line in again.splitlines()] == [
        {"text", "done"},
        {"text", "done"},
        {"text", "done", "n"},
    ]


def test_json_lines_in_other_encodings():
    data = '{"text": "建设和-谐社会", "b": "￥"}\n'
    out, result = rewritten(JSONL, data.encode("gb18030"), encoding="gbk")
    assert out == data.replace(SPLIT, JOINED).encode("gb18030")
    assert result.problems == []
    out, _ = rewritten(JSONL, data.encode("gbk"), encoding="gbk", output_encoding="utf-8")
    assert out == data.replace(SPLIT, JOINED).encode()
    _, result = rewritten(JSONL, b'{"text": "\\u1234"}\n', lambda _: ("\u1e3f😀", Report()), encoding="big5")
    assert "big5 has no code for" not in str(result.problems)
    # What the encoding has no code for is escaped in a text, and nothing can be done about the rest.
    chinese = '{"text": "中"}\n'.encode("big5")
    out, result = rewritten(JSONL, chinese, lambda _: ("😀", Report()), encoding="big5")
    assert (out, result.problems) == (b'{"text": "\\ud83d\\ude00"}\n', [])
    out, result = rewritten(
        JSONL, '{"text": "中", "b": "😀"}\n'.encode(), output_encoding="big5", on_error="keep"
    )
    assert result.problems[0].message == "big5 has no code for '😀'"
    assert (out, result.records) == ('{"text": "中", "b": "😀"}\n'.encode(), 0)
    out, _ = rewritten(
        JSONL, chinese + b'"no object"\n', encoding="big5", output_encoding="utf-8", on_error="keep"
    )
    assert out == '{"text": "中"}\n"no object"\n'.encode()
    out, _ = rewritten(JSONL, data.encode(), unchanged, output_encoding="utf-8-sig")
    assert out == "\ufeff".encode() + data.encode()
    mark = "\ufeff".encode()
    assert rewritten(JSONL, mark + data.encode(), unchanged, output_encoding="UTF8")[0] == data.encode()
    assert rewritten(JSONL, mark + data.encode(), unchanged, encoding="utf-8-sig")[0] == mark + data.encode()
    with pytest.raises(FormatError, match="cannot be in utf-16"):
        rewritten(JSONL, data.encode(), output_encoding="utf-16")
    with pytest.raises(FormatError, match="UTF-16"):
        rewritten(JSONL, data.encode("utf-16"))
    with pytest.raises(FormatError, match="utf-16-le"):
        rewritten(JSONL, data.encode("utf-16-le"), encoding="utf-16-le")


def test_bytes_that_are_no_text_are_replaced_in_the_text_alone():
    data = b'{"text": "\xff", "b": "\xff"}\n'
    assert (
        rewritten(JSONL, data, unchanged, errors="replace")[0] == b'{"text": "\xef\xbf\xbd", "b": "\xff"}\n'
    )


def test_a_character_cut_off_is_replaced_by_one():
    for data in (b'{"text": "\xe4\xb8"}\n', b'{"text": "\xe4\xb8\xe4\xb8"}\n'):
        out, _ = rewritten(JSONL, data, unchanged, errors="replace")
        assert out.decode() == data.decode(errors="replace")


def test_what_the_pipeline_fails_on_is_a_bad_record():
    def clean(document):
        if "B" in document.text:
            raise ValueError("no B, please")
        return joined(document)

    out, result = rewritten(JSONL, b'{"text": "A"}\n{"text": "B"}\n', clean)
    assert out == b'{"text": "A"}\n'
    assert result.problems[0][:2] == ("line 2, field 'text'", "failed: ValueError: no B, please")


def test_memory_is_bounded_by_the_limit():
    with pytest.raises(FormatError, match="line 2 is longer than 100 bytes"):
        rewritten(JSONL, b'{"text": ""}\n' + b" " * 200, limit=100)
    before, after = '{"text": "和-谐"}\n'.encode(), '{"text": "和谐"}\n'.encode()
    too_long = b'{"text": "' + b"A" * 350 + b'"}\n'
    for data in (before + too_long + before, before + before + too_long.rstrip()):
        for on_error, expected in (("keep", data.replace(before, after)), ("skip", after * 2)):
            out, result = rewritten(JSONL, data, limit=100, on_error=on_error)
            assert (out, result.records) == (expected, 2)
            assert "longer than 100 bytes" in result.problems[0].message
    with pytest.raises(FormatError, match=r"9 of its records .* the first: line 1, field 'text': is null"):
        rewritten(JSONL, b'{"text":null}\n' * 20, limit=120)


def test_documents_are_named_by_their_places():
    names = []
    rewritten(JSONL, b'\n{"text": ""}', lambda document: (names.append(document.name) or "", Report()))
    rewritten(CSV, b'text,b\n"\n",\nb,', lambda document: (names.append(document.name) or "", Report()))
    assert names == [
        "pages.jsonl (line 2, field 'text')",
        "pages.csv (line 2, field 'text')",
        "pages.csv (line 4, field 'text')",
    ]


def test_a_file_that_shrinks_is_no_success(file):
    path = file("a.jsonl", b'{"text": ""}\n')
    with pytest.raises(FormatError, match="changed while it was read"):
        formats.rewrite_part(
            Part(str(path), Format("jsonl"), 0, 99), path.with_name("out"), joined, Options()
        )


def test_a_stream_is_written_line_by_line():
    class Sink(io.BytesIO):
        flushed = 0

        def flush(self):
            self.flushed += 1

    for part, data in [
        (JSONL, b'{"text": ""}\n' * 9),
        (CSV, b"text\n" + b"b\n" * 9),
        (TEXT, "和谐\n".encode() * 9),
    ]:
        sink = Sink()
        options = Options(line_buffered=True, cuts=Cuts(Scope.LINE))
        formats.rewrite_stream(part, io.BytesIO(data), sink, joined, options)
        assert sink.getvalue() == data
        assert sink.flushed >= 9


# Tables -----------------------------------------------------------------------------------------------------
@given(table=tables(), encoding=st.sampled_from(["utf-8", "utf-8-sig"]))
def test_tables_unchanged(table, encoding):
    data = table[1].encode(encoding)
    assert rewritten(CSV, data, unchanged, text_fields=("text", "note"))[0] == data


@given(table=tables(), cut=st.integers(1, 99))
def test_tables_differ_in_the_field_alone(table, cut):
    rows, written = table
    out, result = rewritten(CSV, written.encode())
    assert result.problems == []
    read = list(csv.reader(io.StringIO(out.decode(), newline="")))
    assert [row for row in read if row] == [[row[0], row[1].replace(SPLIT, JOINED), row[2]] for row in rows]
    assert out.count(b",") == written.encode().count(b",")
    assert result.records == len(rows) - 1


@given(table=tables("\t"), limit=st.integers(30, 90))
def test_tables_cut_anywhere(table, limit):
    data = table[1].encode()
    whole = rewritten(TSV, data, report_field="done")
    try:
        pieces = rewritten(TSV, data, report_field="done", limit=limit)
    except FormatError as error:
        assert "without a record's end to cut at" in str(error)
    else:
        assert pieces == whole
    assert rewritten(TSV, data, report_field="done", line_buffered=True) == whole


@given(
    cells=st.lists(st.sampled_from(['"', "a", ",", "\n", "\r\n", "b", '""']), max_size=24).map("".join),
    limit=st.integers(12, 40),
)
@example(cells='"a\n' * 21, limit=40)
def test_tables_that_are_badly_quoted_are_read_the_same_in_pieces(cells, limit):
    data = f"text,n\n{cells}".encode()
    try:
        out, result = rewritten(CSV, data)
    except FormatError as error:
        assert "never closed" in str(error)
        whole = str(error)
    else:
        assert sum(len(each.raw) for each in result.problems) + len(out) == len(data)
        whole = (out, result.problems)
    for options in ({"limit": limit}, {"line_buffered": True}):
        try:
            out, result = rewritten(CSV, data, **options)
        except FormatError as error:
            assert str(error) == whole or "to cut at" in str(error) or "too many" in str(error)
        else:
            assert (out, result.problems) == whole


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-8-sig", "utf-16"])
def test_tables_keep_their_encoding_and_delimiter(delimiter, encoding):
    data = '甲,text\r\n"1",建設和-谐社會維護世界和平\r\n2,"促進共同發展"\r\n'.replace(",", delimiter)
    if encoding == "big5":
        data = data.replace("谐", "諧")
    out, _ = rewritten(CSV, data.encode(encoding), lambda d: (d.text.replace("-", ""), Report(documents=1)))
    assert out == data.replace("-", "").encode(encoding)
    out, _ = rewritten(CSV, data.encode(encoding), unchanged, output_encoding="utf-8")
    assert out == data.encode()


def test_tables_in_other_encodings_are_cut_too():
    row = "建设和-谐社会，维护世界和平。,1\n"
    data = ("text,n\n" + row * 40).encode("gb18030")
    out, result = rewritten(CSV, data, limit=200)
    assert out == data.decode("gb18030").replace(SPLIT, JOINED).encode("gb18030")
    assert result.records == 40
    with pytest.raises(FormatError, match=r"in utf-16, in which it cannot be cut; a higher --limit"):
        rewritten(CSV, data.decode("gb18030").encode("utf-16"), limit=200)


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ("1", "has 1 column where the first line names 3"),
        ("1,,2,3", "has 4 columns where the first line names 3"),
        ('1,"a"b,2', "something stands behind a closing quotation mark"),
    ],
)
def test_a_bad_row_is_left_out_and_kept(record, says):
    data = f"id,text,n\r\n\r\n1,{SPLIT},2\r\n{record}\r\n1,,2"
    out, result = rewritten(CSV, data.encode(), report_field="done")
    assert out.decode().splitlines() == ["id,text,n,done", "", '1,和谐,2,"{""rejoin/hyphen"": 1}"', "1,,2,{}"]
    assert result.problems == [Problem("line 4", says, f"{record}\r\n".encode())]
    with pytest.raises(FormatError, match="line 4"):
        rewritten(CSV, data.encode(), on_error="fail")
    kept, _ = rewritten(CSV, data.encode(), report_field="done", on_error="keep")
    lines = out.decode().splitlines(keepends=True)
    assert kept.decode() == "".join([*lines[:3], f"{record}\r\n", *lines[3:]])


def test_cells_are_quoted_as_they_were_or_must_be():
    data = 'text,b\n"和-谐","1"\n和-谐,"1"\n和-谐和-谐,1\n'
    new = {"和-谐": "和谐", "和-谐和-谐": '和,"谐\n'}
    out, _ = rewritten(CSV, data.encode(), lambda document: (new[document.text], Report()))
    assert out.decode() == 'text,b\n"和谐","1"\n和谐,"1"\n"和,""谐\n",1\n'


def test_quotation_marks_within_a_cell_stay_as_they_are_written():
    data = 'text\tb\n他说"和-谐"\t1\n"他说""和-谐"""\t2\n'
    assert rewritten(TSV, data.encode())[0].decode() == data.replace("和-谐", "和谐")


def test_a_cell_that_cannot_be_encoded_is_its_records_fault():
    data = "text,b\n中,1\n國,2\n".encode("big5")
    out, result = rewritten(
        CSV, data, lambda document: (document.text.replace("國", "😀"), Report()), encoding="big5"
    )
    assert out == "text,b\n中,1\n".encode("big5")
    assert result.problems[0].place == "line 3"
    assert "big5" in result.problems[0].message


@pytest.mark.parametrize("limit", [60, 1 << 20])
def test_the_bytes_of_a_bad_row_are_those_that_stand_there(limit):
    texts = [
        "text,n\r\n",
        '"建设和谐社会\n维护世界和平",1\r\n',
        '"价格3€\r\n促进共同发展"\r\n',
        "和谐社会,1\n",
        "一",
    ]
    # The euro sign as CP936 writes it.
    header, good, bad, other, last = (each.encode("gb18030").replace(b"\xa2\xe3", b"\x80") for each in texts)
    out, result = rewritten(CSV, header + good + bad + other + last, encoding="gb18030", limit=limit)
    assert b"\x80" in bad
    assert out == header + good + other
    assert [problem.raw for problem in result.problems] == [bad, last]
    assert [problem.place for problem in result.problems] == ["line 4", "line 7"]
    mixed = "text,n\n建设和谐社会，维护世界和平\n".encode("gb18030") + "和谐社会，促进共同发展\n".encode()
    _, result = rewritten(CSV, mixed, output_encoding="utf-8")
    assert b"".join(problem.raw for problem in result.problems) == mixed[7:]
    utf_16 = "text,n\n和谐\n".encode("utf-16")
    assert rewritten(CSV, utf_16)[1].problems[0].raw == "和谐\n".encode("utf-16-le")


def test_a_report_column_is_written_over():
    out, _ = rewritten(CSV, b"text,done,n\n,old,1\n", report_field="done")
    assert out == b"text,done,n\n,{},1\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("a,b\n1,2\n", "no column is called 'text'; its first line names 'a', 'b'"),
        ('"text\n', "a quotation mark in the record of line 1 is never closed"),
        ('text,b\n1,2\n1,"2\n3,4\n', "a quotation mark in the record of line 3 is never closed"),
        ('"a"b,text\n', "no column is called 'text'; its first line names nothing that can be read"),
    ],
)
def test_tables_that_are_none(data, says):
    with pytest.raises(FormatError, match=says):
        rewritten(CSV, data.encode())


def test_an_empty_table():
    assert rewritten(CSV, b"")[0] == b""
    assert rewritten(CSV, b"text")[0] == b"text"
    assert rewritten(CSV, b"text\n", report_field="done")[0] == b"text,done\n"


# Plain text -------------------------------------------------------------------------------------------------
# What filters change, what guards keep, and what stands between pieces.
_WORDS = ["皇后", "后面", "接著", "他说:", ",", '"', "’", "ä¸\xadå›½", "「", "\ufeff"]
_GUARDED = ["www.a.cn/", "````", "[甲](b", ")", "```\n", "~~~\n", "<!--", "-->", "<a", ">", "`"]
_ENDS = ["\n", "\n\n", "\r\n\r\n", "\r", "\r\n"]
_PIECES = st.lists(st.sampled_from([*_WORDS, *_GUARDED, *_ENDS]), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("pipeline", "keep"),
    [
        (Pipeline([Mojibake()]), ()),
        (Pipeline.from_profile(filters=["punctuate", "convert"]), ()),
        (Pipeline.from_profile(filters=["convert"], to="traditional"), ("后\n\n接",)),
    ],
)
@given(text=_PIECES, limit=st.integers(1, 60))
@example(text="皇后\n\n" * 30, limit=40)
@example(text="一\n\n```\n皇后\n\n后面\n```\n\n接著\n\n接著\n\n接著", limit=45)
def test_scoped(pipeline, keep, text, limit):
    """A text that is cut comes to what it comes to as a whole."""
    pipeline = Pipeline(pipeline.filters, keep=keep)

    def clean(document):
        result = pipeline.run(document)
        return result.text, result.report

    data = text.encode()
    whole, expected = rewritten(TEXT, data, clean)
    for line_buffered in (False, True):
        options = {"limit": limit, "line_buffered": line_buffered, "cuts": Cuts.of(pipeline)}
        try:
            out, result = rewritten(TEXT, data, clean, **options)
        except FormatError as error:
            assert " to cut at" in str(error)
            continue
        assert out == whole
        report = result.report
        assert (report.documents, report.changed) == (1, expected.report.changed)
        assert (report.counts, report.held) == (expected.report.counts, expected.report.held)
        assert result.characters == len(text.removeprefix("\ufeff"))


def test_a_text_is_really_cut():
    lengths = []

    def clean(document):
        lengths.append(len(document.text))
        return unchanged(document)

    data = "皇后\n\n".encode() * 100
    cuts = Cuts.of(Pipeline.from_profile(filters=["convert"]))
    assert rewritten(TEXT, data, clean, limit=80, cuts=cuts)[0] == data
    assert max(lengths) <= 40
    assert sum(lengths) == 400


def test_guards_are_not_cut():
    cuts = Cuts(Scope.LINE, guards=GUARDS, keep=("甲\n乙",))
    for guarded in ("```\n甲\n```\n", "~~~~\n```\n~~~~\n", "<!--\n-->\n", "<a\nb>\n", "甲\n乙\n"):
        for end in range(1, len(guarded)):
            assert cuts.last("一\n" + guarded[:end]) in (0, 2), guarded[:end]
        assert cuts.last("一\n" + guarded + "二\n三三三三") == len(guarded) + 4


def test_places_to_cut():
    lines, paragraphs = Cuts(Scope.LINE), Cuts(Scope.PARAGRAPH)
    assert [lines.last("一" * 50_000 + end + "二" * 50_000) for end in ("\n", "\r", "\r\n", "")] == [
        50_001,
        50_001,
        50_002,
        0,
    ]
    assert paragraphs.last("一\r\n\r\n二\r\n三\r\n") == 5
    assert paragraphs.last("一\n\n" + "二\n" * 90_000) == 3
    assert paragraphs.last("一\n\n\n") == 0
    # Would be taken for the mark of a file.
    assert lines.last("一\n\ufeff二") == 0
    assert Cuts().last("一\n\n二") == 0


def test_line_ends_without_text_between_cost_no_more_than_others():
    assert Cuts(Scope.PARAGRAPH).last("一\n\n二" + "\n" * 1_000_000) == 3


def test_what_cannot_be_cut_says_why():
    web = Pipeline.from_profile("web")
    data = "和谐\n\n".encode() * 100
    with pytest.raises(
        FormatError, match="repair and rejoin and strip must see a text as a whole; a higher --limit"
    ):
        rewritten(TEXT, data, limit=100, cuts=Cuts.of(web))
    with pytest.raises(FormatError, match="must see a text as a whole, so --line-buffered cannot be"):
        rewritten(TEXT, data, line_buffered=True, cuts=Cuts.of(web))
    with pytest.raises(FormatError, match=r"more than 100 bytes from line 5 on without a line end to cut at"):
        rewritten(TEXT, data[:16] + b"-" * 200 + b"\n", limit=100, cuts=Cuts(Scope.LINE))


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-8-sig"])
def test_cut_texts_keep_their_encoding_if_asked(encoding):
    text = "建設和-諧社會，維護世界和平。\n" * 50
    options = {"limit": 300, "cuts": Cuts(Scope.LINE)}

    def clean(document):
        return document.text.replace("-", ""), Report(documents=1)

    data = text.encode(encoding)
    assert rewritten(TEXT, data, clean, output_encoding="same", **options)[0] == text.replace("-", "").encode(
        encoding
    )
    assert rewritten(TEXT, data, clean, **options)[0] == text.replace("-", "").encode()
    utf_16 = rewritten(TEXT, data, clean, output_encoding="utf-16", **options)[0]
    assert utf_16 == text.replace("-", "").encode("utf-16")


def test_an_encoding_that_changes_behind_the_first_piece():
    data = "和谐\n".encode() * 50 + "建设和谐社会\n".encode("gb18030")
    whole, _ = rewritten(TEXT, data)
    assert whole.decode().endswith("建设和谐社会\n")
    assert rewritten(TEXT, data, limit=100, cuts=Cuts(Scope.LINE))[0] == whole
    with pytest.raises(DecodeError, match=r"counted from byte 3\d\d of the text"):
        rewritten(TEXT, data, limit=100, cuts=Cuts(Scope.LINE), encoding="utf-8")


def test_ascii_does_not_tell_the_encoding_of_what_follows():
    data = b"a\n" * 100 + "建设和-谐社会\n".encode("gb18030")
    assert rewritten(TEXT, data, limit=100, cuts=Cuts(Scope.LINE))[0] == rewritten(TEXT, data)[0]


def test_what_is_no_json_lines_is_told_at_once():
    for data, says in (
        (gzip.compress(b'{"text": ""}'), "compressed"),
        (b"[\n{}\n]", "one JSON document"),
        (b"{\n}", "one JSON document"),
    ):
        with pytest.raises(FormatError, match=says):
            rewritten(JSONL, data, on_error="keep")


def test_a_report_is_spaced_as_its_record_is():
    for before, after in (
        ('{"text":"\\": x"}', '{"text":"\\": x","done":{}}'),
        ('{ "text" : "a" }', '{ "text" : "a", "done": {} }'),
    ):
        assert rewritten(JSONL, before.encode(), report_field="done")[0].decode() == after


def test_texts_are_written_as_commands_write_them():
    text = "建设和-谐社会，维护世界和平。\r\n"
    data = text.encode("gb18030")
    assert rewritten(TEXT, data)[0] == text.replace(SPLIT, JOINED).encode()
    assert rewritten(TEXT, data, output_encoding="same")[0] == text.replace(SPLIT, JOINED).encode("gb18030")
    with pytest.raises(EncodeError, match="big5 has no code"):
        rewritten(TEXT, data, output_encoding="big5")
    with pytest.raises(DecodeError):
        rewritten(TEXT, b"\0\0")


# Compression ------------------------------------------------------------------------------------------------
# What does not compress.
NOISE = random.Random(0).randbytes(5_000)


def _compressed(data, compression):
    file = io.BytesIO()
    with compressing(file, compression) as stream:
        stream.write(data)
    return file.getvalue()


def _decompressed(data, compression):
    with decompressed(io.BytesIO(data), compression) as stream:
        return stream.read()


_DECOMPRESS = {
    "gz": gzip.decompress,
    "bz2": bz2.decompress,
    "xz": lzma.decompress,
    "zst": lambda data: zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read(),
}


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_compressed_as_other_programs_do(compression, file):
    data = b"".join(b'{"text": "%d"}\n' % number for number in range(5_000))
    packed = _compressed(data, compression)
    assert len(packed) < len(data) / 2
    assert _DECOMPRESS[compression](packed) == data
    assert packed == _compressed(data, compression)
    # Several streams one after the other, as `cat` and parallel compressors make them.
    assert _decompressed(packed + packed, compression) == data + data
    path = file(f"a.jsonl.{compression}", packed + packed)
    out, (result,) = done(path)
    assert _DECOMPRESS[compression](out) == data + data
    assert result.records == 10_000
    assert result.bytes_in == 2 * len(packed)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_a_compressed_file_that_is_damaged(compression, name, file):
    # What does not compress, so that there is something to cut off.
    data = b"text\n" if name == "a.csv" else b""
    line = b'{"text": "%d"}\n' if name == "a.jsonl" else b"%d\n"
    data += b"".join(line % (number**5) for number in range(3_000))
    packed = _compressed(data, compression)
    for damaged in (packed[:-1], packed[: len(packed) // 2], packed[:5], packed[len(packed) // 2 :], data):
        with pytest.raises(FileError, match=f"no sound {compression} file|the {compression} file is cut off"):
            done(file(f"{name}.{compression}", damaged))


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_damaged_stream_behind_a_sound_one_is_no_end(compression):
    first, second = _compressed("好\n".encode(), compression), _compressed(NOISE, compression)
    middle = len(second) // 2
    flipped = second[:middle] + bytes([second[middle] ^ 0xFF]) + second[middle + 1 :]
    for rest in (flipped, second[:-1], second[:5], b"PK\3\4 or something else that is none"):
        with pytest.raises(FileError, match=f"no sound {compression} file|the {compression} file is cut off"):
            _decompressed(first + rest, compression)
    assert _decompressed(first + second + first, compression).endswith("好\n".encode())


def test_what_follows_sound_streams_is_said():
    says = "no sound bz2 file: .*; behind 2 sound streams follows one that is damaged, or something else"
    with pytest.raises(FileError, match=says):
        _decompressed(2 * _compressed(b"a", "bz2") + b"garbage", "bz2")


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_no_bytes_are_no_compressed_file(compression):
    with pytest.raises(FileError, match=f"the {compression} file is cut off"):
        _decompressed(b"", compression)
    assert _decompressed(_compressed(b"", compression), compression) == b""


def test_streams_of_xz_may_be_followed_by_zeros():
    packed = _compressed(b"a", "xz")
    for zeros in (4, 8, 20_000):
        assert _decompressed(packed + bytes(zeros) + packed + bytes(zeros), "xz") == b"aa"
    for zeros in (1, 3, 4097):
        with pytest.raises(FileError, match=f"{zeros} bytes of zeros follow a stream"):
            _decompressed(packed + bytes(zeros), "xz")
    with pytest.raises(FileError, match="no sound xz file"):
        _decompressed(bytes(4) + packed, "xz")


@pytest.mark.parametrize("compression", ["bz2", "xz"])
def test_what_unpacks_to_much_is_read_bit_by_bit(compression):
    packed = {"bz2": bz2.compress, "xz": lzma.compress}[compression](bytes(30_000_000))
    with decompressed(io.BytesIO(packed), compression) as stream:
        tracemalloc.start()
        read = sum(len(block) for block in iter(lambda: stream.read(65_536), b""))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (read, peak < 15_000_000) == (30_000_000, True)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
@pytest.mark.parametrize(
    ("compression", "pack"),
    [
        ("gz", lambda data: gzip.compress(data, 1, mtime=77)),
        ("bz2", lambda data: bz2.compress(data, 1)),
        ("xz", lambda data: lzma.compress(data, preset=0)),
        ("zst", zstandard.ZstdCompressor(19).compress),
    ],
)
def test_a_compressed_file_whose_text_stays_keeps_its_bytes(name, compression, pack, file):
    lines = {"a.csv": b"id,text\n1,@\n", "a.jsonl": b'{"text": "@"}\n'}.get(name, b"@\n") * 99
    packed = pack(lines)
    out, _ = done(file(f"{name}.{compression}", packed))
    assert out == packed
    changed = lines.replace(b"@", SPLIT.encode())
    out, _ = done(file(f"{name}.{compression}", pack(changed)))
    assert _DECOMPRESS[compression](out) == lines.replace(b"@", JOINED.encode())
    # Another encoding is another text.
    if name == "a.txt":
        packed = pack(lines + "和諧社會\n".encode("big5"))
        out, _ = done(file(f"b.txt.{compression}", packed), encoding="big5", output_encoding="utf-8")
        assert _DECOMPRESS[compression](out).decode().endswith("和諧社會\n")


def test_a_disk_that_is_full_is_not_the_files_fault():
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    for compression in ("", *COMPRESSIONS):
        data = _compressed(b"a\n" * 9, compression)
        part = Part("a.txt", Format("text", compression), 0, -1)
        with pytest.raises(OSError, match="No space left") as caught:
            formats.rewrite_stream(part, io.BytesIO(data), Full(), joined, Options())
        assert not isinstance(caught.value, FileError)


@pytest.mark.parametrize(("package", "name"), [("zstandard", "a.txt.zst"), ("pyarrow", "a.parquet")])
def test_what_to_install(package, name, file, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(FileError, match=rf"needs the package {package}: pip install 'hanfix\[corpus\]'"):
        done(file(name, b""))


# Parquet ----------------------------------------------------------------------------------------------------
def parquet(table, **how):
    file = io.BytesIO()
    pq.write_table(table, file, **how)
    return file.getvalue()


def read(data):
    return pq.read_table(io.BytesIO(data))


_KINDS = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()]
_COLUMNS = st.lists(TEXTS, min_size=1, max_size=12)


@pytest.mark.parametrize("kind", _KINDS, ids=str)
@given(texts=_COLUMNS, group=st.integers(1, 5))
def test_parquet_unchanged(kind, texts, group, tmp_path_factory):
    schema = pa.schema(
        [
            pa.field("id", pa.int64(), nullable=False, metadata={"unit": "one"}),
            pa.field("text", kind),
            pa.field("list", pa.list_(pa.string())),
            pa.field("time", pa.timestamp("ns", "Asia/Shanghai")),
            pa.field("raw", pa.binary()),
        ],
        metadata={"huggingface": "{}", "甲": "乙"},
    )
    size = len(texts)
    columns = [
        range(size),
        pa.array(texts, kind),
        [[each, None] for each in texts],
        range(size),
        [b"\xff"] * size,
    ]
    table = pa.table(columns, schema=schema)
    path = tmp_path_factory.mktemp("parquet") / "a.parquet"
    path.write_bytes(parquet(table, row_group_size=group, compression="zstd"))
    out, _ = done(path, unchanged)
    assert read(out).equals(read(path.read_bytes()), check_metadata=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "PART_BYTES", 1)
        again, results = done(path)
    assert len(results) == -(-size // group)
    assert again == done(path)[0]
    expected = table.set_column(
        1, schema.field(1), pa.array([each.replace(SPLIT, JOINED) for each in texts], kind)
    )
    assert read(again).select(["id", "text", "list", "raw"]).to_pylist() == expected.drop("time").to_pylist()
    assert read(again).schema.equals(read(path.read_bytes()).schema, check_metadata=True)


def _groups(data):
    metadata = pq.ParquetFile(io.BytesIO(data)).metadata
    return [metadata.row_group(number) for number in range(metadata.num_row_groups)]


@pytest.mark.parametrize("version", ["2.4", "2.6"])
@pytest.mark.parametrize("split", [False, True])
def test_parquet_keeps_how_it_is_written(file, split, version, monkeypatch):
    if split:
        monkeypatch.setattr(formats, "PART_BYTES", 1)
    table = pa.table(
        {
            "text": [SPLIT, "a"] * 5,
            "n": range(10),
            "m": [{"l": ["x"]}] * 10,
            "t": pa.array([7000] * 10, pa.timestamp("ns")),
        }
    )
    codecs = {"text": "brotli", "n": "none", "m.l.list.element": "gzip", "t": "lz4"}
    data = parquet(
        table,
        row_group_size=3,
        compression=codecs,
        use_dictionary=["n"],
        version=version,
        write_page_index=True,
    )
    out, _ = done(file("a.parquet", data))
    assert [group.num_rows for group in _groups(out)] == [3, 3, 3, 1]
    for before, after in zip(_groups(data), _groups(out), strict=True):
        for at in range(before.num_columns):
            old, new = before.column(at), after.column(at)
            assert new.compression == old.compression
            assert new.has_dictionary_page == old.has_dictionary_page
            assert new.has_offset_index == old.has_offset_index
    assert pq.ParquetFile(io.BytesIO(out)).schema.equals(pq.ParquetFile(io.BytesIO(data)).schema)
    assert read(out)["text"].to_pylist() == [JOINED, "a"] * 5


def test_parquet_that_old_programs_wrote(file):
    times = pa.array([1, None], pa.timestamp("ns"))
    table = pa.table({"text": ["a", SPLIT], "time": times, "l": [["x"], []]})
    how = {"use_deprecated_int96_timestamps": True, "use_compliant_nested_type": False}
    data = parquet(table, version="1.0", store_schema=False, **how)
    out, _ = done(file("a.parquet", data))
    about = pq.ParquetFile(io.BytesIO(out))
    assert about.schema.equals(pq.ParquetFile(io.BytesIO(data)).schema)
    assert about.metadata.format_version == "1.0"
    assert about.metadata.metadata is None
    assert read(out).drop("text").equals(read(data).drop("text"))


@pytest.mark.parametrize("split", [False, True])
def test_rows_that_cannot_be_done(file, split, monkeypatch):
    if split:
        monkeypatch.setattr(formats, "PART_BYTES", 1)
    bad = pa.array([b"\xe5\x92", b"A", b"B", b"C", b"D"], pa.binary())
    # A column of texts that holds bytes which are none, as careless programs write them.
    texts = pa.StringArray.from_buffers(5, *bad.buffers()[1:])
    meta = [
        {"text": SPLIT, "n": 1},
        {"text": None, "n": 2},
        None,
        {"text": SPLIT, "n": 3},
        {"text": "", "n": 4},
    ]
    time = pa.array(range(1, 6), pa.timestamp("ns"))
    table = pa.table({"text": texts, "meta": meta, "time": time, "raw": [b"\xff"] * 5})
    path = file("a.parquet", parquet(table, row_group_size=3))
    chosen = {"text_fields": ("text", "meta.text"), "report_field": "done"}
    out, results = done(path, **chosen)
    assert read(out)["text"].to_pylist() == ["C", "D"]
    assert read(out)["meta"].to_pylist() == [{"text": JOINED, "n": 3}, {"text": "", "n": 4}]
    assert read(out)["done"].to_pylist() == ['{"rejoin/hyphen": 1}', "{}"]
    assert [group.num_rows for group in _groups(out)] == [2]
    problems = [problem for result in results for problem in result.problems]
    assert [problem[:2] for problem in problems] == [
        ("row 1, field 'text'", "not UTF-8: byte 0xE5 at byte 1"),
        ("row 2, field 'meta.text'", "is null, not a text"),
        ("row 3, field 'meta.text'", "is null, not a text"),
    ]
    assert json.loads(problems[1].raw) == {
        "text": "A",
        "meta": {"text": None, "n": 2},
        "time": "1970-01-01 00:00:00.000000002",
        "raw": "/w==",
    }
    with pytest.raises(FormatError, match="row 1, field"):
        done(path, on_error="fail", **chosen)


def test_a_report_column_of_parquet_is_written_over(file):
    table = pa.table({"done": [1, 2], "text": [SPLIT, ""]})
    out, _ = done(file("a.parquet", parquet(table)), report_field="done")
    assert read(out).to_pydict() == {"done": ['{"rejoin/hyphen": 1}', "{}"], "text": [JOINED, ""]}


def test_parquet_without_rows(file):
    table = pa.table({"text": pa.array([], pa.string()), "n": pa.array([], pa.int8())})
    for data in (parquet(table), parquet(table.slice(0, 0), row_group_size=1)):
        out, _ = done(file("a.parquet", data), report_field="done")
        assert read(out).schema.names == ["text", "n", "done"]
        assert read(out).num_rows == 0


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("body", "no field is called 'body'; the columns are 'n', 'messages', 'meta', 'raw'"),
        ("n", "field 'n' is int64, not a text"),
        ("raw", "field 'raw' is binary, not a text"),
        ("messages", "field 'messages' is list<.*>, not a text"),
        ("messages.content", "field 'messages.content': 'messages' is list<.*> and has no fields"),
        ("meta", "field 'meta' is struct<.*>, not a text"),
        ("meta.body", "no field is called 'meta.body'; the columns in 'meta' are 'text'"),
    ],
)
def test_fields_of_parquet_that_hold_no_texts(field, says, file):
    table = pa.table({"n": [1], "messages": [[{"content": ""}]], "meta": [{"text": ""}], "raw": [b""]})
    with pytest.raises(FormatError, match=says):
        done(file("a.parquet", parquet(table)), text_fields=(field,))


def test_parquet_that_is_damaged(file):
    data = parquet(pa.table({"text": [str(number**7) for number in range(5000)]}), compression="gzip")
    middle = len(data) // 2
    for damaged in (data[:middle], data[middle:], b"", data[:-1], data[:100] + b"\0" * 5000 + data[5100:]):
        with pytest.raises(
            FormatError, match=r"no whole Parquet file|a damaged Parquet file|cannot be read as"
        ):
            done(file("a.parquet", damaged))
    with pytest.raises(FormatError, match="Parquet cannot be read as a stream"):
        rewritten(Part("a.parquet", Format("parquet"), 0, 1), data)


def test_what_parquet_cannot_hold_is_a_bad_row(file):
    path = file("a.parquet", parquet(pa.table({"text": ["a"]})))
    _, (result,) = done(path, lambda document: ("\ud800", Report()))
    assert result.problems[0].message == r"would hold '\ud800', which UTF-8 has no code for"


@pytest.mark.parametrize("split", [1 << 30, 1])
def test_parquet_whose_texts_stay_keeps_its_bytes(split, file, monkeypatch):
    monkeypatch.setattr(formats, "PART_BYTES", split)
    sink = io.BytesIO()
    # Not as it would be written here.
    pq.write_table(pa.table({"text": ["x"] * 50}), sink, row_group_size=10, data_page_version="2.0")
    out, _ = done(file("a.parquet", sink.getvalue()))
    assert out == sink.getvalue()
    bad = io.BytesIO()
    pq.write_table(pa.table({"text": ["x"] * 15 + [None]}), bad, row_group_size=10, data_page_version="2.0")
    path = file("b.parquet", bad.getvalue())
    assert done(path, on_error="keep")[0] == bad.getvalue()
    assert pq.read_table(io.BytesIO(done(path)[0])).num_rows == 15
    out, _ = done(path, on_error="keep", report_field="done")
    assert pq.read_table(io.BytesIO(out)).column("done").to_pylist() == ["{}"] * 15 + [None]


@pytest.mark.parametrize("changed", [0, 2, 4])
def test_parts_of_parquet_that_stay_are_joined_with_those_that_change(changed, file, monkeypatch):
    texts = ["x"] * 50
    texts[changed * 10 + 3] = SPLIT
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": texts, "n": range(50)}), sink, row_group_size=10)
    path = file("a.parquet", sink.getvalue())
    whole, _ = done(path)
    monkeypatch.setattr(formats, "PART_BYTES", 1)
    out, results = done(path)
    assert len(results) == 5
    assert out == whole
    assert pq.read_table(io.BytesIO(out)).to_pydict() == {
        "text": [text.replace(SPLIT, JOINED) for text in texts],
        "n": list(range(50)),
    }
    assert pq.ParquetFile(io.BytesIO(out)).num_row_groups == 5


@pytest.mark.parametrize("split", [1 << 30, 1])
def test_parquet_keeps_encodings_and_what_it_is_sorted_by(split, file, monkeypatch):
    monkeypatch.setattr(formats, "PART_BYTES", split)
    encodings = {"n": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY", "x": "BYTE_STREAM_SPLIT"}
    columns = {"n": pa.array(range(20)), "text": [SPLIT] * 20, "x": [1.5] * 20, "kind": ["a"] * 20}
    sink = io.BytesIO()
    pq.write_table(
        pa.table(columns),
        sink,
        row_group_size=5,
        use_dictionary=["kind"],
        column_encoding=encodings,
        sorting_columns=[pq.SortingColumn(0), pq.SortingColumn(1), pq.SortingColumn(2)],
    )
    out, _ = done(file("a.parquet", sink.getvalue()))
    metadata = pq.ParquetFile(io.BytesIO(out)).metadata
    for number in range(4):
        group = metadata.row_group(number)
        assert group.sorting_columns == (pq.SortingColumn(0),)
        for at, kind in enumerate(encodings.values()):
            assert kind in group.column(at).encodings
        assert group.column(3).has_dictionary_page


def test_columns_of_one_name_are_all_done(file):
    inner = pa.StructArray.from_arrays([pa.array([SPLIT]), pa.array(["x"])], names=["a", "a"])
    made = pa.Table.from_arrays([pa.array([SPLIT]), pa.array([SPLIT]), inner], names=["text", "text", "s"])
    sink = io.BytesIO()
    pq.write_table(made, sink)
    out, (result,) = done(file("a.parquet", sink.getvalue()), text_fields=("text", "s.a"))
    row = pq.ParquetFile(io.BytesIO(out)).read_row_group(0)
    assert [column.to_pylist() for column in row.columns[:2]] == [[JOINED], [JOINED]]
    assert [each.to_pylist() for each in row.column(2).combine_chunks().flatten()] == [[JOINED], ["x"]]
    assert result.report.counts == {"rejoin/hyphen": 3}
