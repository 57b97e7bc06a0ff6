"""Specifications: pipelines as data, and what is said about those that make none."""

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from hanfix.guard import GUARDS
from hanfix.pipeline import Pipeline
from hanfix.registry import all_rules, did_you_mean, filter_class, filter_names
from hanfix.spec import (
    Spec,
    SpecError,
    build_filter,
    config_data,
    find_config,
    option_fields,
    profile_names,
    profile_says,
)

RULE = next(iter(all_rules()))


@pytest.mark.parametrize("name", profile_names())
def test_profiles_build(name: str) -> None:
    spec = Spec.from_profile(name)
    assert spec.filters
    assert profile_says(name)
    pipeline = spec.pipeline()
    assert [each.name for each in pipeline.filters] == list(spec.filters)
    assert pipeline == Pipeline.from_profile(name)


def test_the_default_profile() -> None:
    assert profile_names()[0] == "web"
    assert Pipeline.from_profile() == Pipeline.from_profile("web")
    assert Spec.from_data({}) == Spec.from_profile("web")


def test_a_profile_with_changes() -> None:
    spec = Spec.from_profile("web").with_changes(
        filters=["repair"], to="taiwan", risk="guess", disable=[RULE], keep=["和-谐号"], unguarded=["code"]
    )
    assert spec.filters == ("repair", "convert")
    assert spec.options["convert"] == {"to": "taiwan"}
    pipeline = spec.pipeline()
    assert pipeline.risk.label == "guess"
    assert pipeline.disable == {RULE}
    assert pipeline.keep == ("和-谐号",)
    assert pipeline.guards == tuple(guard for guard in GUARDS if guard != "code")


def test_conversion_comes_last_and_once() -> None:
    spec = Spec(filters=("convert", "repair")).with_changes(to="simplified")
    assert spec.filters == ("repair", "convert")


def test_no_change_changes_nothing() -> None:
    assert Spec.from_profile("web").with_changes() == Spec.from_profile("web")


@pytest.mark.parametrize("name", profile_names())
def test_plain_data_and_back(name: str) -> None:
    spec = Spec.from_profile(name).with_changes(to="taiwan", risk="guess", disable=[RULE], keep=["甲"])
    assert Spec.from_data(spec.data()) == spec


@pytest.mark.parametrize("name", profile_names())
def test_a_configuration_file_and_back(name: str) -> None:
    spec = Spec.from_profile(name).with_changes(risk="guess", disable=[RULE], keep=['甲"\\\x7f'])
    again = Spec.from_data(tomllib.loads(spec.toml()))
    assert again.pipeline() == spec.pipeline()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"filters": ["rejion"]}, "no filter is called 'rejion'; did you mean 'rejoin'?"),
        ({"filters": ["xyzzy"]}, "no filter is called 'xyzzy'; there are repair, rejoin"),
        ({"profile": "wep"}, "no profile is called 'wep'; did you mean 'web'?"),
        ({"risk": "likly"}, "no risk is called 'likly'; there are safe, likely, guess"),
        ({"gaurds": []}, "no setting is called 'gaurds'; did you mean 'guards'?"),
        ({"guards": ["urls"]}, "no guard is called 'urls'; did you mean 'url'?"),
        ({"disable": [RULE[:-1]]}, f"no rule is called '{RULE[:-1]}'; did you mean"),
        ({"convert": {"too": "taiwan"}}, "no option of convert is called 'too'; did you mean 'to'?"),
        ({"risk": 1}, "risk must be a text, not a whole number"),
        ({"filters": "repair"}, "filters must be a list, not a text"),
        ({"keep": ["甲", 2]}, "keep[] must be a text, not a whole number"),
        ({"repair": True}, "repair must be a table, not true or false"),
    ],
)
def test_what_cannot_be_built_is_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=re.escape(f"my.toml: {message}")):
        Spec.from_data(data, source="my.toml")


def test_a_profile_is_named_even_where_its_filters_are_replaced() -> None:
    with pytest.raises(SpecError, match="no profile is called 'wep'"):
        Spec.from_data({"profile": "wep", "filters": ["repair"]})


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("convert", {"to": "nowhere"}, "convert"),
        ("convert", {"where": "taiwan"}, "no option of convert is called 'where'"),
        ("nothing", {}, "no filter is called 'nothing'"),
    ],
)
def test_filters_that_cannot_be_built(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=re.escape(message)):
        build_filter(name, options)


def test_fingerprints_tell_specs_apart() -> None:
    spec = Spec.from_profile("web")
    variants = [
        spec,
        spec.with_changes(to="taiwan"),
        spec.with_changes(risk="guess"),
        spec.with_changes(disable=[RULE]),
        spec.with_changes(keep=["甲"]),
        spec.with_changes(unguarded=["url"]),
        spec.with_changes(filters=["repair"]),
        spec.with_changes(filters=list(reversed(spec.filters))),
    ]
    prints = [each.fingerprint() for each in variants]
    assert len(set(prints)) == len(prints)
    assert Spec.from_profile("web").fingerprint() == prints[0]
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in prints)


def test_fingerprints_cover_what_is_in_files(tmp_path: Path) -> None:
    prints = []
    for folder, word in (("a", "齉龘"), ("b", "齉龘"), ("c", "龘齉")):
        words = tmp_path / folder
        words.write_text(word, encoding="utf-8")
        spec = Spec(filters=("rejoin",), options={"rejoin": {"words": [str(words)]}})
        prints.append(spec.fingerprint())
    assert prints[0] == prints[1] != prints[2]
    words.unlink()
    with pytest.raises(SpecError, match="No such file"):
        spec.fingerprint()


def test_fingerprints_cover_packages_that_supply_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    class Package:
        name = "other"
        version = "1.0"

    class Entry:
        value = "hanfix.filters.rejoin:Rejoin"
        dist = Package()

    monkeypatch.setattr("hanfix.registry._others", lambda: {"other": Entry()})
    filter_class.cache_clear()
    spec = Spec(filters=("other",))
    first = spec.fingerprint()
    Package.version = "1.1"
    assert spec.fingerprint() != first
    filter_class.cache_clear()


@pytest.mark.parametrize("key", ["filters", "disable", "keep", "unguarded"])
def test_one_text_is_not_taken_for_several(key: str) -> None:
    with pytest.raises(TypeError, match=f"{key} must be a list of texts, not 'repair'"):
        Spec.from_profile("web").with_changes(**{key: "repair"})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=f"{key} must hold texts, not 3"):
        Spec.from_profile("web").with_changes(**{key: [3]})  # type: ignore[arg-type]


# Files -----------------------------------------------------------------------------------------------------


def test_the_nearest_configuration_is_found(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_config(below) is None or not find_config(below).is_relative_to(tmp_path)  # type: ignore[union-attr]
    project = tmp_path / "pyproject.toml"
    project.write_text("[tool.other]\n")
    (tmp_path / "hanfix.toml").write_text('profile = "repair"\n', encoding="utf-8")
    assert find_config(below) == tmp_path / "hanfix.toml"
    nearer = tmp_path / "a" / "pyproject.toml"
    nearer.write_text('[tool.hanfix]\nrisk = "guess"\n', encoding="utf-8")
    assert find_config(below) == nearer
    assert Spec.from_file(nearer).risk == "guess"
    assert Spec.from_file(tmp_path / "hanfix.toml") == Spec.from_profile("repair")
    # However the table is written; but not where it is only spoken of.
    nearer.write_text('tool.hanfix.risk = "safe"\n', encoding="utf-8")
    assert find_config(below) == nearer
    assert Spec.from_file(nearer).risk == "safe"
    nearer.write_text('[tool]\nabout = """\n[tool.hanfix]\n"""\n', encoding="utf-8")
    assert find_config(below) == tmp_path / "hanfix.toml"
    nearer.write_text("[tool.hanfix]\nrisk = \n", encoding="utf-8")
    assert find_config(below) == nearer


def test_a_file_that_is_no_configuration(tmp_path: Path) -> None:
    broken = tmp_path / "hanfix.toml"
    broken.write_text("risk = ", encoding="utf-8")
    with pytest.raises(SpecError, match=re.escape(str(broken))):
        config_data(broken)
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(SpecError, match=re.escape(str(broken))):
        config_data(broken)
    with pytest.raises(SpecError, match="nowhere"):
        config_data(tmp_path / "nowhere.toml")


# The registry ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", filter_names())
def test_options_are_described(name: str) -> None:
    """A flag without help helps nobody."""
    for key, known in option_fields(filter_class(name)).items():
        assert known.metadata.get("help"), key
        assert known.default is not dataclasses.MISSING
        assert not key.endswith("_")


def test_rules_are_found_by_id() -> None:
    assert all(rule.id == rule_id for rule_id, rule in all_rules().items())
    assert {rule_id.partition("/")[0] for rule_id in all_rules()} == set(filter_names())


def test_did_you_mean() -> None:
    assert did_you_mean("trip", ["strip", "repair"]) == "; did you mean 'strip'?"
    assert did_you_mean("xyzzy", ["strip", "repair"]) == "; there are strip, repair"
    assert did_you_mean("xyzzy", [f"name-{number}" for number in range(1000)]).endswith(", …")
