"""The commands: what each does, that the library can do it too, and how the shell helps to write them."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

import hanfix as library
from hanfix.cli import COMMANDS, shell
from hanfix.cli.explain import explained
from hanfix.cli.options import filter_options
from hanfix.filter import Example, Risk, Rule
from hanfix.registry import FILTERS, FILTERS_SAY, all_rules, filter_class, filter_names
from hanfix.spec import Spec, option_fields, profile_names
from running import HANFIX, hanfix, hanfix_process

PAGE = "相關(guān)推薦\n建設(shè)和-諧社會(huì)，民·主。\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def every_command():
    context = click.Context(shell, info_name="hanfix")
    pairs = [(shell, context)]
    for group, parent in pairs:
        for name in group.list_commands(parent):
            command = group.get_command(parent, name)
            inner = click.Context(command, info_name=name, parent=parent)
            yield command, inner
            if isinstance(command, click.Group):
                pairs.append((command, inner))


@pytest.mark.parametrize(
    "arguments", [("--to", "simplified"), ("--profile", "repair"), ("--risk", "safe"), ()]
)
def test_clean_is_what_the_library_does(arguments):
    options = {
        key.removeprefix("--"): value for key, value in zip(arguments[::2], arguments[1::2], strict=True)
    }
    result = hanfix("clean", *arguments, stdin=PAGE.encode())
    assert result.stdout_bytes.decode() == library.clean(PAGE, **options)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_what_the_library_does(name):
    assert hanfix(name, stdin=PAGE.encode()).stdout_bytes.decode() == filter_class(name)()(PAGE)


def test_pipe_runs_filters_in_the_order_written(folder):
    (folder / "page.txt").write_bytes(PAGE.encode())
    result = hanfix("pipe", "-i", "page.txt", "repair", "rejoin", "strip", "convert", "--to", "simplified")
    assert result.exit_code == 0
    expected = library.clean(PAGE, filters=["repair", "rejoin", "strip"], to="simplified")
    assert result.stdout_bytes.decode() == expected
    for order in (["repair", "rejoin"], ["rejoin", "repair"]):
        result = hanfix("pipe", *order, stdin=PAGE.encode())
        assert result.stdout_bytes.decode() == library.clean(PAGE, filters=order)


def test_pipe_gives_each_filter_its_own_options():
    text = "民-主，民*主，民·主"
    once = hanfix("pipe", "rejoin", "--separators", "*", stdin=text.encode())
    assert once.stdout_bytes.decode() == "民-主，民主，民·主"
    twice = hanfix("pipe", "rejoin", "--separators", "*", "rejoin", "--separators", "-", stdin=text.encode())
    assert twice.stdout_bytes.decode() == "民主，民主，民·主"


def test_pipe_reads_several_files_and_writes_as_the_others_do(folder):
    for name in ("a.txt", "b.txt"):
        (folder / name).write_bytes("和-谐".encode())
    assert hanfix("pipe", "-i", "a.txt", "-i", "b.txt", "rejoin").stdout_bytes.decode() == "和谐和谐"
    assert hanfix("pipe", "-i", "a.txt", "-i", "b.txt", "--in-place", "rejoin").exit_code == 0
    assert (folder / "b.txt").read_bytes() == "和谐".encode()
    assert hanfix("pipe", "-i", "none.txt", "rejoin").exit_code == 3
    assert hanfix("pipe", "-i", "a.txt", "--check", "rejoin").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["claen"], "no command is called 'claen'; did you mean 'clean'?"),
        (["pipe", "rejion"], "no filter is called 'rejion'; did you mean 'rejoin'?"),
        (["pipe", "-i", "a.txt"], "Missing command"),
        (["clean", "--profile", "wbe"], "'wbe' is not one of"),
        (["clean", "--to", "klingon"], "klingon"),
        (["convert", "--to", "klingon"], "klingon"),
        (["rejoin", "--separators", "\n"], "rejoin: cannot be a separator"),
        (["explain", "rejoin/hyphn"], "no rule is called 'rejoin/hyphn'; did you mean 'rejoin/hyphen'?"),
        (["list", "filter"], "'filter' is not one of"),
    ],
)
def test_a_slip_is_a_usage_error_that_says_what_was_meant(arguments, message):
    result = hanfix(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize("rule", list(all_rules()))
def test_explain_says_all_there_is_about_a_rule(rule):
    result = hanfix("explain", rule)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{rule} ({all_rules()[rule].risk.label})\n")
    assert all_rules()[rule].says in result.stdout
    assert result.stdout.count("→") >= len(all_rules()[rule].examples)
    assert ("Leaves alone:" in result.stdout) == bool(all_rules()[rule].keeps)


@pytest.mark.parametrize("name", FILTERS)
def test_explain_knows_filters_too(name):
    result = hanfix("explain", name)
    assert result.exit_code == 0
    for stage in filter_class(name)().stages():
        assert all(rule.id in result.stdout for rule in stage.rules)
    assert ">>>" not in result.stdout


def test_examples_are_shown_as_they_are_unless_that_cannot_be_seen():
    rule = Rule("a/b", "says", Risk.SAFE, (Example(r"\u4e2d", "中"), Example("\\民\u200b主", "民主")))
    lines = list(explained(rule))
    assert r"    \u4e2d" in lines
    assert r"    \\民\u200b主" in lines


def test_list_shows_all_there_is():
    everything = hanfix("list").stdout
    for kind, names in {
        "filters": filter_names(),
        "rules": list(all_rules()),
        "profiles": profile_names(),
        "conversions": ["simplified", "traditional", "s2t"],
    }.items():
        listed = hanfix("list", kind).stdout
        assert set(names) <= {line.split()[0] for line in listed.splitlines()}
        assert f"{kind}:\n" in everything


def test_config_prints_a_file_that_does_the_same(folder):
    arguments = [
        "--to",
        "simplified",
        "--risk",
        "guess",
        "--disable",
        "rejoin/hyphen",
        "--keep",
        '"\\\x7f和\u200b',
    ]
    printed = hanfix("config", *arguments)
    assert printed.exit_code == 0
    spec = Spec.from_profile("web").with_changes(
        to="simplified", risk="guess", disable=["rejoin/hyphen"], keep=['"\\\x7f和\u200b']
    )
    assert Spec.from_data(tomllib.loads(printed.stdout)).pipeline() == spec.pipeline()
    (folder / "hanfix.toml").write_bytes(printed.stdout_bytes)
    assert hanfix("config").stdout == printed.stdout
    assert hanfix("clean", stdin=PAGE.encode()).stdout_bytes.decode() == spec.pipeline()(PAGE)


def test_the_nearest_configuration_file_holds(folder, monkeypatch):
    (folder / "hanfix.toml").write_text("[rejoin]\nseparators = '*'\n", encoding="utf-8")
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    text = "民-主，民*主".encode()
    assert hanfix("rejoin", stdin=text).stdout_bytes.decode() == "民-主，民主"
    assert hanfix("pipe", "rejoin", stdin=text).stdout_bytes.decode() == "民-主，民主"
    assert hanfix("rejoin", "--separators", "-", stdin=text).stdout_bytes.decode() == "民主，民*主"
    # A project file without a table for hanfix is passed over.
    (inner / "pyproject.toml").write_text("[tool.hanfixture]\na = 1\n", encoding="utf-8")
    assert hanfix("rejoin", stdin=text).stdout_bytes.decode() == "民-主，民主"
    (inner / "pyproject.toml").write_text("[tool.hanfix.rejoin]\nseparators = '-'\n", encoding="utf-8")
    assert hanfix("rejoin", stdin=text).stdout_bytes.decode() == "民主，民*主"
    named = hanfix("rejoin", "--config", folder / "hanfix.toml", stdin=text)
    assert named.stdout_bytes.decode() == "民-主，民主"


def test_files_named_in_a_configuration_file_are_those_beside_it(folder, monkeypatch):
    (folder / "hanfix.toml").write_text("[rejoin]\nwords = ['words.txt']\n", encoding="utf-8")
    (folder / "words.txt").write_text("齉龘\n", encoding="utf-8")
    inner = folder / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert hanfix("rejoin", stdin="齉-龘".encode()).stdout_bytes.decode() == "齉龘"
    printed = tomllib.loads(hanfix("config", "--config", "../hanfix.toml").stdout)
    assert [Path(each).resolve() for each in printed["rejoin"]["words"]] == [folder / "words.txt"]
    # The command line's own names are those of the working directory.
    result = hanfix("rejoin", "--words", "words.txt", stdin=b"text")
    assert result.exit_code == 2
    assert "hanfix.toml" not in result.stderr
    for wrong in ("words", None):
        if wrong is None:
            (folder / "words.txt").unlink()
        else:
            (folder / "words.txt").write_text(wrong, encoding="utf-8")
        result = hanfix("rejoin", stdin=b"text")
        assert result.exit_code == 2
        assert f"{folder / 'hanfix.toml'}: rejoin: {folder / 'words.txt'}" in result.stderr


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("tool = 3", "tool must be a table, not a whole number"),
        ("[tool]\nhanfix = 3", "tool.hanfix must be a table, not a whole number"),
        ("[[tool.hanfix]]", "tool.hanfix must be a table, not a list"),
        ("[tool.other]", "there is no [tool.hanfix] in it"),
    ],
)
def test_a_project_file_without_a_table_cannot_be_named(folder, toml, message):
    (folder / "pyproject.toml").write_text(toml, encoding="utf-8")
    result = hanfix("rejoin", "--config", "pyproject.toml", stdin=b"text")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"pyproject.toml: {message}" in result.stderr


def test_a_profile_on_the_command_line_replaces_the_filters_of_the_file(folder):
    (folder / "hanfix.toml").write_text('filters = ["rejoin"]\nkeep = ["民·主"]\n', encoding="utf-8")
    filters = tomllib.loads(hanfix("config").stdout)["filters"]
    assert filters == ["rejoin"]
    other = tomllib.loads(hanfix("config", "--profile", "repair").stdout)
    assert (other["filters"], other["keep"]) == (["repair"], ["民·主"])


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("rsk = 'safe'", "no setting is called 'rsk'; did you mean 'risk'?"),
        ("[rejion]\n", "no setting is called 'rejion'; did you mean 'rejoin'?"),
        (
            "[rejoin]\nseparator = '-'",
            "no option of rejoin is called 'separator'; did you mean 'separators'?",
        ),
        ("[rejoin]\nseparators = 3", "rejoin.separators must be a text, not a whole number"),
        ("[rejoin]\npictographs = 1", "rejoin.pictographs must be true or false, not a whole number"),
        ("[rejoin]\nwords = 'a.txt'", "rejoin.words must be a list, not a text"),
        ("rejoin = 3", "rejoin must be a table, not a whole number"),
        ("risk = 3", "risk must be a text, not a whole number"),
        ("risk = 'bold'", "no risk is called 'bold'"),
        ("disable = 'rejoin/hyphen'", "disable must be a list, not a text"),
        ("disable = ['rejoin/hyphn']", "no rule is called 'rejoin/hyphn'; did you mean 'rejoin/hyphen'?"),
        ("profile = 'wbe'", "no profile is called 'wbe'; did you mean 'web'?"),
        ("guards = ['ulr']", "no guard is called 'ulr'; did you mean 'url'?"),
        ("filters = ['repare']", "no filter is called 'repare'; did you mean 'repair'?"),
        ("to = 3", "to must be a text, not a whole number"),
        ("risk 3", "hanfix.toml: "),
        ("\xff", "hanfix.toml: "),
    ],
)
def test_a_mistake_in_the_configuration_file_is_a_usage_error(folder, toml, message):
    (folder / "hanfix.toml").write_bytes(toml.encode("latin-1"))
    result = hanfix("rejoin", stdin=b"text")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "hanfix.toml: " in result.stderr
    assert message in result.stderr


def test_every_command_helps_with_examples():
    for command, context in every_command():
        text = command.get_help(context)
        assert text.startswith("Usage: ")
        if context.parent.info_name != "pipe":
            assert "Examples:\n" in text, context.command_path
            assert "  hanfix " in text
        assert ">>>" not in text


def test_options_mean_the_same_thing_everywhere():
    said = {}
    for command, context in every_command():
        for param in command.params:
            own = param.name.startswith("filter_")
            for flag in param.opts:
                if isinstance(param, click.Option) and not own:
                    assert said.setdefault(flag, param.help) == param.help, (context.command_path, flag)


@pytest.mark.parametrize("name", FILTERS)
def test_the_options_of_a_filter_are_its_fields(name):
    cls = filter_class(name)
    made = filter_options(cls)
    assert [each.name for each in made] == [f"filter_{option}" for option in option_fields(cls)]
    assert all(each.help for each in made)
    flags = [
        flag
        for param in shell.get_command(None, name).params
        for flag in (*param.opts, *param.secondary_opts)
    ]
    assert len(flags) == len(set(flags)), "an option of the filter hides one that all commands share"


def test_the_overviews_of_the_filters_are_complete():
    assert FILTERS.keys() == FILTERS_SAY.keys()
    assert not set(COMMANDS) & set(FILTERS)
    for says in (*COMMANDS.values(), *FILTERS_SAY.values()):
        assert says[0].isupper()
        assert says.endswith(".")


def test_version_and_help_load_no_filter():
    watch = (
        "import sys; from hanfix.cli import shell\n"
        "try: shell(sys.argv[1:], prog_name='hanfix')\n"
        "except SystemExit: pass\n"
        "slow = ('hanfix.filters', 'hanfix.lexicon', 'rich', 'ftfy', 'daachorse', 'opencc')\n"
        "print([name for name in sys.modules if name.startswith(slow)], file=sys.stderr)"
    )
    for arguments in (
        ["--version"],
        ["--help"],
        ["pipe", "--help"],
        ["clean", "--help"],
        ["list", "profiles"],
    ):
        result = subprocess.run([sys.executable, "-c", watch, *arguments], capture_output=True, text=True)
        assert result.stderr.strip() == "[]", arguments
        assert result.stdout


def test_version():
    assert hanfix("--version").stdout == f"hanfix {library.__version__}\n"
    pyproject = Path(__file__).parent.parent / "pyproject.toml"
    assert tomllib.loads(pyproject.read_text("utf-8"))["tool"]["hatch"]["version"]["path"]


def test_no_arguments_show_the_help():
    result = hanfix()
    assert result.exit_code == 2
    assert "Usage: hanfix" in result.stderr


def completed(line):
    """Return what a bash with completion switched on offers for a line, the cursor at its end."""
    position = str(len(line.split(" ")) - 1)
    result = subprocess.run(
        HANFIX,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "_HANFIX_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": position,
        },
    )
    return [offer.partition(",")[2] for offer in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("hanfix cl", ["clean"]),
        ("hanfix re", ["rejoin", "repair"]),
        ("hanfix pipe repair rej", ["rejoin"]),
        ("hanfix clean --ris", ["--risk"]),
        ("hanfix clean --risk l", ["likely"]),
        ("hanfix clean --profile re", ["repair"]),
        ("hanfix clean --to simp", ["simplified"]),
        ("hanfix explain rejoin/hyphen-", ["rejoin/hyphen-lean"]),
        ("hanfix rejoin --disable rejoin/hyphen-", ["rejoin/hyphen-lean"]),
        ("hanfix list conv", ["conversions"]),
    ],
)
def test_the_shell_completes(line, offers):
    assert sorted(completed(line)) == offers


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_shell_is_told_how_to_complete(name):
    environment = {**os.environ, "_HANFIX_COMPLETE": f"{name}_source"}
    result = hanfix_process(env=environment)
    assert result.returncode == 0
    assert b"_HANFIX_COMPLETE" in result.stdout


def test_of_a_long_paragraph_the_beginning_and_the_end_are_shown() -> None:
    rule = Rule("a/b", "says", Risk.SAFE, (Example("灯" * 12 + "海" * 200 + "船" * 6 + "\n分享到", "分享"),))
    assert f"    {'灯' * 12}…{'船' * 6}\\n分享到" in list(explained(rule))
