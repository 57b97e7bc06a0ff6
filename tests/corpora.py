"""Files of records as programs write them: JSON Lines and tables, in all the ways that are allowed."""

import csv
import io
import json

from hypothesis import strategies as st

# A word split to dodge a filter, and joined by the simplest cleaning there is.
SPLIT, JOINED = "和-谐", "和谐"

TEXTS = st.lists(
    st.sampled_from(
        [
            SPLIT,
            "社会",
            "發展",
            "，",
            " ",
            "\n",
            "\r\n",
            "\t",
            '"',
            ",",
            ";",
            "\\",
            "/",
            "😀",
            "\u2028",
            "A",
            "\0",
        ]
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=8,
).map("".join)

_OTHERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
_SPACES = st.sampled_from(["", "", " ", "  ", "\t"])


@st.composite
def _json_strings(draw, text):
    """A string of JSON with some of its characters escaped, in one of the ways there are."""
    written = []
    for char in text:
        code = ord(char)
        must = char in '"\\' or code < 0x20
        how = draw(st.integers(0, 5))
        if not must and how > 0:
            written.append(char)
        elif char == "/":
            written.append("\\/")
        elif char in '"\\' and how > 2:
            written.append("\\" + char)
        else:
            units = char.encode("utf-16-be")
            pairs = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
            written += ["\\u" + (pair.upper() if how > 1 else pair) for pair in pairs]
    return '"' + "".join(written) + '"'


@st.composite
def json_records(draw, value=TEXTS):
    """A line of JSON Lines, without its end, that has a field ``text`` and a field ``meta.text``."""
    names = draw(st.lists(TEXTS.filter(lambda name: name not in ("text", "meta")), max_size=3, unique=True))
    members = [(name, draw(_OTHERS.map(json.dumps))) for name in names]
    inner = f'{{"n": 1, "text":{draw(_SPACES)}{draw(_json_strings(draw(value)))}}}'
    members += [("text", draw(_json_strings(draw(value)))), ("meta", inner)]
    blank = draw(_SPACES)
    written = []
    for name, member in draw(st.permutations(members)):
        written.append(f"{draw(_json_strings(name))}{draw(_SPACES)}:{draw(_SPACES)}{member}{draw(_SPACES)}")
    return f"{draw(_SPACES)}{{{blank}{f',{blank}'.join(written)}}}{draw(_SPACES)}"


@st.composite
def json_lines(draw):
    """A file of JSON Lines: both kinds of line ends, blank lines, a byte-order mark, an open end."""
    lines = draw(st.lists(json_records() | st.sampled_from(["", " "]), max_size=8))
    written = "".join(line + draw(st.sampled_from(["\n", "\n", "\r\n"])) for line in lines)
    mark = draw(st.sampled_from(["", "\ufeff"]))
    last = draw(st.sampled_from(["", ""]) | json_records())
    return (mark + written + last).encode("utf-8")


@st.composite
def tables(draw, delimiter=","):
    """A table as rows, the first of which names ``id``, ``text`` and ``note``, and as the text of a file."""
    cells = TEXTS.filter(lambda text: "\0" not in text)
    rows = draw(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6))
    rows = [["id", "text", "note"], *rows]
    file = io.StringIO(newline="")
    style = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.writer(file, delimiter=delimiter, quoting=style, lineterminator=end)
    writer.writerows(rows)
    written = file.getvalue()
    return rows, written if draw(st.booleans()) else written.removesuffix(end)
