"""A folder such as people have: texts in several encodings and formats, compressed or not, some broken.

Each file is made together with what must become of it, so that a run over all of them can be checked file by
file.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

# Damaged and restored.
SENTENCES = (
    ("建设和-谐社会，共-产-党员带头。", "建设和谐社会，共产党员带头。"),
    ("他说民·主很重要，也谈到自-由。", "他说民主很重要，也谈到自由。"),
    ("今天天气很好，我们一起去公园散步。", "今天天气很好，我们一起去公园散步。"),
    ("图书馆里的人很多，大家都在安静地看书。", "图书馆里的人很多，大家都在安静地看书。"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "big5hkscs", "utf-16")
# Big5 has no simplified characters; these sentences have none.
TRADITIONAL = (
    ("建設和-諧社會，共-產-黨員帶頭。", "建設和諧社會，共產黨員帶頭。"),
    ("今天天氣很好，我們一起去公園散步。", "今天天氣很好，我們一起去公園散步。"),
    ("圖書館裡的人很多，大家都在安靜地看書。", "圖書館裡的人很多，大家都在安靜地看書。"),
)
ODD_NAMES = (" 空 格 .txt", "新\n行.txt", os.fsdecode(b"\xb9\xfa.txt"), "-dash.txt", "引'\"号.txt", "名.TXT")


class Compression(NamedTuple):
    ending: str
    pack: Callable[[bytes], bytes]
    unpack: Callable[[bytes], bytes]


def _unpack_zst(data: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)) as stream:
        return stream.read()


COMPRESSIONS = (
    Compression("", bytes, bytes),
    Compression(".gz", gzip.compress, gzip.decompress),
    Compression(".bz2", bz2.compress, bz2.decompress),
    Compression(".xz", lzma.compress, lzma.decompress),
    Compression(".zst", zstandard.ZstdCompressor().compress, _unpack_zst),
)


class Tree(NamedTuple):
    """What was made: what each output must hold, what must be said of each broken file, of bad records."""

    sound: dict[str, Callable[[bytes], bool]]
    failures: dict[str, str]
    problems: dict[str, str]


def _is(expected: bytes, unpack: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], bool]:
    return lambda data: unpack(data) == expected


def _texts(chance: random.Random, count: int, sentences=SENTENCES) -> list[tuple[str, str]]:
    pairs = [[chance.choice(sentences) for _ in range(chance.randint(3, 12))] for _ in range(count)]
    return [("".join(a for a, _ in pair), "".join(b for _, b in pair)) for pair in pairs]


def plain(chance: random.Random) -> tuple[bytes, bytes]:
    encoding = chance.choice(ENCODINGS)
    newline = chance.choice(["\n", "\r\n"])
    sentences = TRADITIONAL if encoding == "big5hkscs" else SENTENCES
    lines = _texts(chance, chance.randint(2, 10), sentences)
    damaged, restored = ("".join(pair[which] + newline for pair in lines) for which in (0, 1))
    return damaged.encode(encoding), restored.encode()


def json_lines(chance: random.Random) -> tuple[bytes, bytes]:
    made = []
    for number, pair in enumerate(_texts(chance, chance.randint(1, 20))):
        # Written by hand: spaces, order and other fields must stay as they are.
        form = '{"id": %d,  "text":%s, "tail" : [1.50, "和-谐"]}\n'
        made.append([form % (number, json.dumps(text, ensure_ascii=False)) for text in pair])
    return "".join(each[0] for each in made).encode(), "".join(each[1] for each in made).encode()


def table(chance: random.Random, delimiter: str) -> tuple[bytes, bytes]:
    rows = _texts(chance, chance.randint(1, 20))
    made = []
    for which in (0, 1):
        file = io.StringIO()
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(["id", "text", "note"])
        writer.writerows([number, pair[which], "和-谐"] for number, pair in enumerate(rows))
        made.append(file.getvalue().encode())
    return made[0], made[1]


def parquet(chance: random.Random) -> tuple[bytes, Callable[[bytes], bool]]:
    rows = _texts(chance, chance.randint(1, 20))
    ids = pa.array(range(len(rows)), pa.int32())
    damaged, restored = (
        pa.table({"id": ids, "text": [pair[which] for pair in rows], "note": ["和-谐"] * len(rows)})
        for which in (0, 1)
    )
    file = io.BytesIO()
    pq.write_table(damaged, file, row_group_size=7)
    return file.getvalue(), lambda data: pq.read_table(io.BytesIO(data)).equals(restored)


def make(folder: Path, number: int, *, broken: int, seed: int = 0) -> Tree:
    """Make so many files in a folder, of which every ``broken``-th is."""
    chance = random.Random(seed)
    tree = Tree({}, {}, {})
    kinds = list(BROKEN)
    for count in range(number):
        below = f"{count % 7}/{count % 11}/{count}"
        (folder / below).parent.mkdir(parents=True, exist_ok=True)
        if broken and count % broken == broken - 1:
            BROKEN[kinds[count // broken % len(kinds)]](folder, below, tree, chance)
            continue
        kind = chance.random()
        if kind < 0.02:
            below = f"{count % 7}/{count % 11}/{count}{chance.choice(ODD_NAMES)}"
            damaged, restored = plain(chance)
            check = _is(restored)
        elif kind < 0.95:
            packing = chance.choice(COMPRESSIONS)
            ending, maker = chance.choice(
                [
                    (".txt", plain),
                    (".txt", plain),
                    (".jsonl", json_lines),
                    (".csv", lambda chance: table(chance, ",")),
                    (".tsv", lambda chance: table(chance, "\t")),
                ]
            )
            below += ending + packing.ending
            damaged, restored = maker(chance)
            damaged, check = packing.pack(damaged), _is(restored, packing.unpack)
        else:
            below += ".parquet"
            damaged, check = parquet(chance)
        (folder / below).write_bytes(damaged)
        tree.sound[below] = check
    return tree


def _broken(ending: str, data: Callable[[random.Random], bytes], message: str) -> Callable[..., None]:
    def write(folder: Path, below: str, tree: Tree, chance: random.Random) -> None:
        (folder / (below + ending)).write_bytes(data(chance))
        tree.failures[below + ending] = message

    return write


def _bad_line(line: str, message: str) -> Callable[..., None]:
    def write(folder: Path, below: str, tree: Tree, chance: random.Random) -> None:
        damaged, restored = json_lines(chance)
        (folder / f"{below}.jsonl").write_bytes(damaged + line.encode() + b"\n" + damaged)
        tree.sound[f"{below}.jsonl"] = _is(restored + restored)
        tree.problems[f"{below}.jsonl"] = message

    return write


def _pipe(folder: Path, below: str, tree: Tree, chance: random.Random) -> None:
    os.mkfifo(folder / f"{below}.txt")
    tree.failures[f"{below}.txt"] = "a named pipe, not a file"


def _link(target: str, message: str) -> Callable[..., None]:
    def write(folder: Path, below: str, tree: Tree, chance: random.Random) -> None:
        (folder / f"{below}.txt").symlink_to(target)
        tree.failures[f"{below}.txt"] = message

    return write


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


BROKEN: dict[str, Callable[..., None]] = {
    "no text": _broken(".txt", lambda chance: b"\xff\xfe\x00\xd8zz", "not utf-16"),
    "short": _broken(".txt", lambda chance: "你好".encode("gbk"), "not UTF-8"),
    "book": _broken(".epub", lambda chance: b"PK\3\4", ".epub is a book"),
    "half a table": _broken(".parquet", lambda chance: _half(parquet(chance)[0]), "no whole Parquet file"),
    "half an archive": _broken(".txt.gz", lambda chance: _half(gzip.compress(plain(chance)[0])), "gz"),
    "no archive": _broken(".jsonl.zst", lambda chance: json_lines(chance)[0], "no sound zst file"),
    "no such column": _broken(".csv", lambda chance: b"id,body\n1,x\n", "text"),
    "no JSON": _bad_line('{"text": "和-谐', "no valid JSON"),
    "no such field": _bad_line('{"body": "和-谐"}', "is missing"),
    "no text in the field": _bad_line('{"text": 7}', "is a number, not a text"),
    "pipe": _pipe,
    "link out": _link("/etc/hostname", "out of the source"),
    "link to nothing": _link("gone", "a link to nothing"),
}


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return all that a batch has left in a directory, but the manifest, whose bytes tell of its runs."""
    own = {".hanfix/manifest.sqlite", ".hanfix/lock"}
    names = (os.path.join(top, name) for top, _, files in os.walk(folder) for name in files)  # noqa: PTH118
    paths = {os.path.relpath(name, folder): Path(name) for name in names}
    return {below: path.read_bytes() for below, path in sorted(paths.items()) if below not in own}


def check(tree: Tree, folder: Path, report: bytes) -> None:
    """Check that every sound file is right, and that of every broken one its reason is reported."""
    records = [json.loads(line) for line in report.splitlines()]
    failures = {each["file"]: each["message"] for each in records if each["kind"] == "failure"}
    problems = {each["file"]: each["message"] for each in records if each["kind"] == "problem"}
    outputs = {below for below in snapshot(folder) if not below.startswith(".hanfix")}
    assert outputs == set(tree.sound)
    for below, right in tree.sound.items():
        assert right((folder / below).read_bytes()), below
    for said, expected in ((failures, tree.failures), (problems, tree.problems)):
        assert said.keys() == expected.keys()
        for below, message in expected.items():
            assert message in said[below], (below, said[below])
