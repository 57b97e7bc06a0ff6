"""Pipelines: which edits are made, in what order, and what is told about them."""

import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanfix.document import Document
from hanfix.edit import Edit, Flag, sub
from hanfix.filter import Filter, Risk, Rule, Scope, option, option_name
from hanfix.pipeline import Pipeline, clean
from hanfix.report import Change, Flagged


@dataclass(frozen=True)
class Join(Filter):
    """Take hyphens out, surely between letters, boldly between digits; flag lost characters."""

    name: ClassVar[str] = "join"
    scope: ClassVar[Scope] = Scope.LINE
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("join/letters", "join letters", Risk.SAFE),
        Rule("join/digits", "join digits", Risk.GUESS),
        Rule("join/lost", "see what is lost", Risk.SAFE),
    )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        for match in re.finditer(r"(?<=[a-z])-(?=[a-z])|(?<=[0-9])-(?=[0-9])|\ufffd", doc.text):
            if match.group() == "\ufffd":
                yield Flag(*match.span(), "join/lost", "gone")
            elif doc.text[match.start() - 1].isdigit():
                yield Edit(*match.span(), "", "join/digits", "between digits")
            else:
                yield Edit(*match.span(), "", "join/letters", "between letters")


@dataclass(frozen=True)
class Shout(Filter):
    """Write one word in capitals, as a dense converter with a fast path."""

    word: str = option("ab", help="the word")

    name: ClassVar[str] = "shout"
    scope: ClassVar[Scope] = Scope.LINE
    rules: ClassVar[tuple[Rule, ...]] = (Rule("shout/word", "shout", Risk.LIKELY),)

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        yield from sub(re.compile(re.escape(self.word)), self.word.upper(), doc.text, rule="shout/word")

    def apply(self, text: str) -> str:
        return text.replace(self.word, self.word.upper())


@dataclass(frozen=True)
class Choose(Filter):
    """Propose three readings of a question mark, the boldest first."""

    name: ClassVar[str] = "choose"
    scope: ClassVar[Scope] = Scope.LINE
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule("choose/bold", "bold", Risk.GUESS),
        Rule("choose/middle", "middle", Risk.LIKELY),
        Rule("choose/shy", "shy", Risk.SAFE),
    )

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        for match in re.finditer(r"\?", doc.text):
            for new, rule in (("B", "choose/bold"), ("M", "choose/middle"), ("S", "choose/shy")):
                yield Edit(*match.span(), new, rule)


@dataclass(frozen=True)
class DropLines(Filter):
    """Take out the lines that begin with a hash mark."""

    name: ClassVar[str] = "drop-lines"
    scope: ClassVar[Scope] = Scope.LINE
    rules: ClassVar[tuple[Rule, ...]] = (Rule("drop-lines/hash", "drop", Risk.SAFE),)
    removes_lines: ClassVar[bool] = True

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        yield from sub(re.compile(r"(?m)^#.*\n?"), "", doc.text, rule="drop-lines/hash")


@dataclass(frozen=True)
class Both(Filter):
    """Join, then shout what has been joined."""

    name: ClassVar[str] = "both"
    scope: ClassVar[Scope] = Scope.LINE
    rules: ClassVar[tuple[Rule, ...]] = Join.rules + Shout.rules

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        raise NotImplementedError

    def stages(self) -> tuple[Filter, ...]:
        return (Join(), Shout())


FILTERS = [Join(), Shout(), Choose(), DropLines(), Both()]
TEXTS = st.lists(
    st.sampled_from(["a", "b", "1", "-", "?", "\n", "#", "\ufffd", "`", "http://a-b ", "a-b", "和"]),
    max_size=20,
).map("".join)


# What is made ----------------------------------------------------------------------------------------------


def test_risk_decides() -> None:
    assert Pipeline([Join()], risk="safe")("a-b 1-2") == "ab 1-2"
    assert Pipeline([Join()])("a-b 1-2") == "ab 1-2"
    assert Pipeline([Join()], risk=Risk.GUESS)("a-b 1-2") == "ab 12"


def test_disabled_rules_are_not_applied() -> None:
    assert Pipeline([Join()], risk="guess", disable=["join/letters"])("a-b 1-2") == "a-b 12"
    assert Pipeline([Shout()], disable=["shout/word"])("ab") == "ab"


def test_guards_and_texts_to_keep_are_not_touched() -> None:
    assert Pipeline([Join()])("http://a-b `a-b` a-b") == "http://a-b `a-b` ab"
    assert Pipeline([Join()], guards=["code"])("http://a-b `a-b` a-b") == "http://ab `a-b` ab"
    assert Pipeline([Join()], guards=[], keep=["a-b"])("a-b b-b") == "a-b bb"
    assert Pipeline([Shout()])("`ab` ab") == "`ab` AB"


def test_a_line_goes_with_the_spans_in_it() -> None:
    assert Pipeline([DropLines()])("# http://a.cn\nb\n") == "b\n"
    assert Pipeline([DropLines()])("```\n# b\n```\n") == "```\n# b\n```\n"


def test_the_first_allowed_alternative_is_made() -> None:
    assert Pipeline([Choose()], risk="guess")("a?") == "aB"
    assert Pipeline([Choose()])("a?") == "aM"
    assert Pipeline([Choose()], disable=["choose/middle"])("a?") == "aS"
    report = Pipeline([Choose()]).run("a?").report
    assert report.counts == {"choose/middle": 1}
    assert report.held == {"choose/bold": 1}


def test_filters_run_in_order_on_what_the_one_before_left() -> None:
    assert Pipeline([Join(), Shout("a-b")])("a-b") == "ab"
    assert Pipeline([Shout("a-b"), Join()])("a-b") == "A-B"
    assert Pipeline([Both()])("a-b") == "AB"
    assert Pipeline([])("a-b") == "a-b"


def test_filters_take_turns_until_nothing_changes() -> None:
    """Joined, the letters are a word for the filter before: a second pass would change it."""
    pipeline = Pipeline([Shout(), Join()])
    assert pipeline("a-b") == pipeline.run("a-b").text == "AB"
    assert [change.rule for change in pipeline.run("a-b").report.changes] == ["join/letters", "shout/word"]
    assert [(change.start, change.end) for change in pipeline.run("a-b").report.changes] == [(1, 2), (0, 3)]


@dataclass(frozen=True)
class Double(Filter):
    """Write every letter twice, as another script would."""

    name: ClassVar[str] = "double"
    scope: ClassVar[Scope] = Scope.LINE
    rules: ClassVar[tuple[Rule, ...]] = (Rule("double/letter", "double", Risk.SAFE),)
    changes_script: ClassVar[bool] = True

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        yield from sub(re.compile("[a-z]"), r"\g<0>\g<0>", doc.text, rule="double/letter")


def test_a_change_of_script_is_made_once_and_ends_the_turns_before_it() -> None:
    assert Pipeline([Double(), Join()])("a-b") == "aabb"
    assert Pipeline([Shout("bb"), Double(), Shout("aa")])("ab") == "AAbb"


def test_a_filter_alone_is_a_pipeline_of_it() -> None:
    assert Join()("a-b 1-2") == "ab 1-2"
    assert Both()("a-b") == "AB"


def test_the_fast_path_is_left_when_edits_must_be_decided_one_by_one() -> None:
    for pipeline in (
        Pipeline([Shout()]),
        Pipeline([Shout()], risk="safe"),
        Pipeline([Shout()], disable=["shout/word"]),
        Pipeline([Shout()], keep=["ab"]),
    ):
        assert pipeline("ab `ab`") == pipeline.run("ab `ab`").text


@pytest.mark.parametrize("filter_", FILTERS, ids=lambda filter_: filter_.name)
@pytest.mark.parametrize("risk", list(Risk))
@given(text=TEXTS)
def test_both_ways_agree(filter_: Filter, risk: Risk, text: str) -> None:
    ids = [rule.id for stage in filter_.stages() for rule in stage.rules]
    for disable in ([], ids[:1]):
        pipeline = Pipeline([filter_], risk=risk, disable=disable)
        result = pipeline.run(text)
        tallied, report = pipeline.tally(text)
        assert pipeline(text) == tallied == result.text
        assert (report.changed, report.documents) == (result.report.changed, 1)
        assert report.flagged == result.report.flagged
        if not report.rewritten:
            assert (report.counts, report.held) == (result.report.counts, result.report.held)


# What is told ----------------------------------------------------------------------------------------------


def test_changes_name_their_place_in_the_source() -> None:
    result = Pipeline([Join(), Shout()]).run(Document("xa-b\nb", name="page.txt"))
    assert result.text == "xAB\nb"
    assert result.report.changes == [
        Change("join", "join/letters", 2, 3, "-", "", "between letters", "page.txt"),
        Change("shout", "shout/word", 1, 4, "ab", "AB", "", "page.txt"),
    ]
    assert result.origin.span(1, 3) == (1, 4)
    assert result.origin.span(4, 5) == (5, 6)


def test_a_stage_names_itself() -> None:
    changes = Pipeline([Both()]).run("a-b").report.changes
    assert [(change.filter, change.rule) for change in changes] == [
        ("join", "join/letters"),
        ("shout", "shout/word"),
    ]


def test_the_document_keeps_its_name_and_encoding() -> None:
    document = Pipeline([Join()]).run(Document("a-b", name="x.txt", encoding="gbk")).document
    assert document == Document("ab", name="x.txt", encoding="gbk")


def test_what_is_held_back_is_told_with_what_held_it() -> None:
    pipeline = Pipeline([Join()], disable=["join/letters"], keep=["3-4"])
    report = pipeline.run("a-b 1-2").report
    assert [(held.change.rule, held.by) for held in report.held_back] == [
        ("join/letters", "disabled"),
        ("join/digits", "risk"),
    ]
    bold = Pipeline([Join()], risk="guess", keep=["3-4"]).run("3-4").report
    assert [(held.change.old, held.by) for held in bold.held_back] == [("-", "guard")]
    assert report.changed == bold.changed == 0
    assert report.counts.total() == bold.counts.total() == 0


def test_flags_are_told_unless_disabled() -> None:
    flagged = Flagged("join", "join/lost", 3, 4, "\ufffd", "gone")
    assert Pipeline([Join()]).run("a-b\ufffd").report.flags == [flagged]
    assert Pipeline([Join()], disable=["join/lost"]).run("\ufffd").report.flags == []


def test_a_tally_counts_a_fast_path_as_one_rewriting() -> None:
    text, report = Pipeline([Join(), Shout()]).tally("a-b a-b 1-2")
    assert text == "AB AB 1-2"
    assert (report.counts, report.held, report.rewritten) == (
        {"join/letters": 2},
        {"join/digits": 1},
        {"shout": 1},
    )
    assert report.changes == report.held_back == []
    assert Pipeline([Shout()]).tally("x")[1].rewritten == {}


def test_a_report_counts_documents_that_changed() -> None:
    pipeline = Pipeline([Join()])
    assert (pipeline.run("a").report.documents, pipeline.run("a").report.changed) == (1, 0)
    assert pipeline.run("a-b").report.changed == 1


# Putting together ------------------------------------------------------------------------------------------


def test_composition() -> None:
    chain = Pipeline([Join()], risk="guess", guards=["url"], keep=["x"]) | Shout()
    assert [each.name for each in chain.filters] == ["join", "shout"]
    assert (chain.risk, chain.guards, chain.keep) == (Risk.GUESS, ("url",), ("x",))
    both = chain | Pipeline(
        [Choose()], risk="safe", guards=["code", "url"], disable=["choose/shy"], keep=["y"]
    )
    assert [each.name for each in both.filters] == ["join", "shout", "choose"]
    assert both.risk is Risk.SAFE
    assert both.guards == ("url", "code")
    assert both.keep == ("x", "y")
    assert both.disable == {"choose/shy"}
    assert chain("a-b 1-2") == "AB 12"


def test_pipelines_are_values() -> None:
    assert Pipeline([Join()], keep=["a"]) == Pipeline([Join()], keep=("a",))
    pipeline = Pipeline(FILTERS, risk="guess", disable=["join/digits"])
    assert pickle.loads(pickle.dumps(pipeline)) == pipeline


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"risk": "brave"}, "no risk is called 'brave'; there are safe, likely, guess"),
        ({"guards": ["urls"]}, "no guard is called 'urls'; did you mean 'url'?"),
        ({"disable": ["join/leters"]}, "no rule is called 'join/leters'; did you mean 'join/letters'?"),
    ],
)
def test_unknown_names_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Pipeline([Join()], **settings)  # type: ignore[arg-type]


def test_rules_of_other_filters_may_be_disabled() -> None:
    from hanfix.registry import all_rules

    assert Pipeline([Join()], disable=[next(iter(all_rules()))])("a-b") == "ab"


def test_risks_are_ordered() -> None:
    assert Risk.SAFE < Risk.LIKELY < Risk.GUESS
    assert [risk.label for risk in Risk] == ["safe", "likely", "guess"]
    assert Risk.parse(Risk.SAFE) is Risk.SAFE


def test_option_names() -> None:
    assert option_name("from_") == "from"
    assert option_name("separators") == "separators"


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("甲乙", 1, (1, 2)),
        ("甲\n乙", 2, (2, 1)),
        ("甲\r\n乙", 2, (1, 3)),
        ("甲\r\n乙", 3, (2, 1)),
        ("甲\r乙\r\r丙", 5, (4, 1)),
        ("甲\n", 2, (2, 1)),
        ("\U00020bb7\U00020bb7", 1, (1, 2)),
    ],
)
def test_places_are_those_of_editors(text: str, offset: int, place: tuple[int, int]) -> None:
    assert Document(text).place(offset) == place


# The page --------------------------------------------------------------------------------------------------


def test_the_page_is_repaired(essay_forum: dict[str, str]) -> None:
    assert clean(essay_forum["page"], profile="repair") == essay_forum["repaired"]


def test_the_page_is_repaired_and_rejoined(essay_forum: dict[str, str]) -> None:
    assert clean(essay_forum["page"], filters=["repair", "rejoin"]) == essay_forum["rejoined"]


def test_the_page_is_cleaned(essay_forum: dict[str, str]) -> None:
    assert clean(essay_forum["page"], to="simplified") == essay_forum["final"]


def test_every_change_of_the_page_has_its_place(essay_forum: dict[str, str]) -> None:
    page = essay_forum["page"]
    result = Pipeline.from_profile(to="simplified").run(page)
    assert result.text == essay_forum["final"]
    touched = {i for patch in result.origin.patches for i in range(patch.start, patch.end)}
    for offset, character in enumerate(result.text):
        if offset not in touched:
            assert page[slice(*result.origin.span(offset, offset + 1))] == character


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: clean(b"x"), "a text is wanted, not bytes; hanfix.decode reads bytes"),
        (lambda: clean(None), "a text is wanted, not NoneType"),
        (lambda: Pipeline([Join()]).run(b"x"), "a text is wanted, not bytes"),
        (lambda: Pipeline([Join()]).run(Document(b"x")), "a text is wanted, not bytes"),
        (lambda: clean("a", filters="repair"), "filters must be a list of texts, not 'repair'"),
        (lambda: clean("a", risk=5), "risk must be a name or a Risk, not 5"),
        (lambda: Pipeline([Join()], risk=5), "risk must be a name or a Risk, not 5"),
        (lambda: Pipeline([], keep="和谐"), "keep must be a list of texts, not '和谐'"),
        (lambda: Pipeline([], keep=[3]), "keep must hold texts, not 3"),
        (lambda: Pipeline([], disable="join/letters"), "disable must be a list of texts"),
        (lambda: Pipeline([], guards="url"), "guards must be a list of texts"),
        (lambda: Pipeline(["repair"]), "made of filters, not of 'repair'; Pipeline.from_profile takes their"),
        (lambda: Pipeline(Join), "filters must be a list"),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused_in_plain_words(wrong, message) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        wrong()


def test_places_outside_the_text_are_not_invented() -> None:
    assert Document("甲").place(1) == (1, 2)
    for offset in (-1, 2, 99):
        with pytest.raises(ValueError, match=f"offset {offset} is not in the text, which has 1 characters"):
            Document("甲").place(offset)
    origin = Pipeline([Join()]).run("a-b").origin
    assert origin.span(0, 2) == (0, 3)
    with pytest.raises(ValueError, match="not a span of the text"):
        origin.span(0, 10**6)
