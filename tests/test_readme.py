"""The README cannot go stale: its tables are those of the code, its examples run."""

import doctest
import re
import tomllib
from pathlib import Path

import click
import pytest
from cogapp import Cog
from cogapp.cogapp import CogCheckFailed

from hanfix.cli import shell
from hanfix.registry import all_rules, filter_names
from hanfix.report import (
    EXIT_DONE,
    EXIT_INPUT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    EXIT_WOULD_CHANGE,
)
from hanfix.spec import Spec, profile_names

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_generated_parts_are_current():
    try:
        Cog().callable_main(["cog", "--check", str(README)])
    except CogCheckFailed:
        pytest.fail("run: cog -r README.md")


def test_the_two_commands_stand_at_the_top():
    assert blocks("")[0].splitlines() == [
        "pip install . && hanfix clean --to simplified fixtures/pages/essay-forum/page.txt",
        "pip install '.[test]' && pytest",
    ]


@pytest.mark.parametrize("name", shell.list_commands(None))
def test_every_command_is_there_with_its_options(name):
    assert f"`hanfix {name}`" in TEXT
    for param in shell.get_command(None, name).params:
        if isinstance(param, click.Option):
            assert all(f"`{flag}`" in TEXT or f"`{flag} " in TEXT for flag in param.opts), param.opts


def test_every_rule_filter_and_profile_is_there():
    for name in (*all_rules(), *filter_names(), *profile_names()):
        assert f"`{name}`" in TEXT


def test_every_exit_code_is_there():
    codes = (EXIT_DONE, EXIT_WOULD_CHANGE, EXIT_USAGE, EXIT_INPUT_FAILED, EXIT_INTERRUPTED)
    assert all(f"| {code} |" in TEXT for code in codes)


def test_every_dependency_is_there_with_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["corpus"]]
    names = {re.split(r"[<>=]", each)[0] for each in wanted}
    section = TEXT.partition("## Dependencies")[2].partition("\n## ")[0]
    assert names == set(re.findall(r"^\| (\w[\w-]+) \|", section, re.MULTILINE)) - {"package"}


def test_the_python_examples_run():
    results = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert results.attempted > 5
    assert results.failed == 0


def test_the_configuration_example_works():
    (example,) = blocks("toml")
    spec = Spec.from_data(tomllib.loads(example))
    assert spec.pipeline()("建設民-主") == "建设民-主"


def test_the_shell_examples_name_commands_that_exist():
    called = re.findall(r"(?:^|\| |&& )hanfix (\S+)", "\n".join(blocks("")), re.MULTILINE)
    assert len(called) > 5
    assert set(called) <= set(shell.list_commands(None))
