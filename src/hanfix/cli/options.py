"""The options that commands share; each means the same thing everywhere."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from hanfix.corpus.files import FileError, load, read_bytes
from hanfix.decode import DecodeError
from hanfix.document import LINE_END
from hanfix.filter import Filter, Risk
from hanfix.guard import GUARDS
from hanfix.report import visible
from hanfix.spec import Spec, SpecError, config_data, find_config, option_fields, profile_names

MEGABYTE = 1_000_000
# The name for standard input or output.
STANDARD_STREAM = "-"


# The headings of the help, in this order.
FILES = "Files"
RECORDS = "Records and large texts"
CHANGES = "What is changed"
MESSAGES = "What is shown"
_HEADINGS = (FILES, RECORDS, CHANGES, MESSAGES)


class Option(click.Option):
    """An option that knows under which heading of the help it stands."""

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


class Command(click.Command):
    """A command whose help lists its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, heading by heading."""
        sections: dict[str, list[tuple[str, str]]] = {each: [] for each in _HEADINGS}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and not isinstance(param, click.Argument):
                sections.setdefault(getattr(param, "section", "Help"), []).append(record)
        for section, records in sections.items():
            if not records:
                continue
            with formatter.section(section):
                formatter.write_dl(records)


class Group(Command, click.Group):
    """A group of commands whose help lists its own options under headings."""


if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Fields = TypeVar("Fields", bound="DataclassInstance")


# What may stand where the name of an encoding is wanted, by option.
_ENCODING_WORDS = {"encoding": "auto", "output_encoding": "same"}
# Codecs of Python's that texts are not written in: of names of domains, and one that always fails.
_NO_ENCODINGS = frozenset({"idna", "punycode", "undefined"})


def _encoding_name(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Refuse an encoding that Python does not know, before any file is touched."""
    if value is not None and value != _ENCODING_WORDS[str(param.name)]:
        try:
            if codecs.lookup(value).name in _NO_ENCODINGS:
                raise LookupError
            with suppress(UnicodeDecodeError):
                b"a".decode(value)
        except (LookupError, ValueError):
            raise click.BadParameter(f"no encoding is called {value!r}") from None
    return value


class FileName(click.Path):
    """The name of a file, which is opened later: one that cannot be is no reason to leave out the others."""

    def __init__(self, *, allow_dash: bool = False, path_type: type[Path] | None = None) -> None:
        super().__init__(readable=False, allow_dash=allow_dash, path_type=path_type)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the name, as a path if that is wanted; an empty one, and a dash for a file, are refused."""
        if not os.fspath(value):
            self.fail("the name is empty", param, ctx)
        if value == STANDARD_STREAM and not self.allow_dash:
            self.fail("not the name of a file; for one that is called so, write ./-", param, ctx)
        return super().convert(value, param, ctx)


def _backup_suffix(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and (not value or Path(f"a{value}").name != f"a{value}"):
        raise click.BadParameter("it must be the end of a file name, such as .bak")
    return value


def complete_rules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the rules whose names begin with what was typed, for the shell to offer."""
    from hanfix.registry import all_rules

    rules = all_rules().values()
    return [CompletionItem(rule.id, help=rule.says) for rule in rules if rule.id.startswith(incomplete)]


def complete_conversions(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the conversions whose names begin with what was typed, for the shell to offer."""
    from hanfix.cli.list import conversions

    return [name for name, _ in conversions() if name.startswith(incomplete)]


INPUT_FILES = click.Argument(["files"], nargs=-1, type=FileName(allow_dash=True), metavar="[FILES]...")

PROFILE_OPTIONS: tuple[Option, ...] = (
    Option(
        ["--profile"],
        type=click.Choice(profile_names()),
        help="Which chain of filters to run; see 'hanfix list profiles'.  [default: web]",
        section=CHANGES,
    ),
    Option(
        ["--to"],
        metavar="SCRIPT",
        shell_complete=complete_conversions,
        help="Convert the script at the end; see 'hanfix list conversions'.",
        section=CHANGES,
    ),
)

PIPELINE_OPTIONS: tuple[Option, ...] = (
    Option(
        ["--risk"],
        type=click.Choice([risk.label for risk in Risk]),
        help="How sure a rule must be to change text.  [default: likely]",
        section=CHANGES,
    ),
    Option(
        ["--disable"],
        multiple=True,
        metavar="RULE",
        shell_complete=complete_rules,
        help="Turn a rule off (repeatable); see 'hanfix list rules'.",
        section=CHANGES,
    ),
    Option(
        ["--keep"],
        multiple=True,
        metavar="TEXT",
        help="Leave this text as it is (repeatable).",
        section=CHANGES,
    ),
    Option(
        ["--keep-file"],
        multiple=True,
        type=FileName(path_type=Path),
        metavar="FILE",
        help="Leave the texts in this file as they are, one a line (repeatable).",
        section=CHANGES,
    ),
    Option(
        ["--no-guard"],
        multiple=True,
        type=click.Choice(GUARDS),
        help="Do not protect these spans (repeatable).",
        section=CHANGES,
    ),
    Option(
        ["--config"],
        type=FileName(path_type=Path),
        metavar="FILE",
        help="Read settings from this file, not from the nearest hanfix.toml or [tool.hanfix] upwards.",
        section=CHANGES,
    ),
)

FILE_OPTIONS: tuple[Option, ...] = (
    Option(
        ["-o", "--output"],
        type=FileName(allow_dash=True),
        metavar="FILE",
        help="Write the text to this file.  [default: standard output]",
        section=FILES,
    ),
    Option(["--in-place"], is_flag=True, help="Write each text back to its own file.", section=FILES),
    Option(
        ["--backup"],
        metavar="SUFFIX",
        callback=_backup_suffix,
        help="With --in-place: keep the source under its name with SUFFIX added.",
        section=FILES,
    ),
    Option(
        ["--output-dir"],
        type=FileName(path_type=Path),
        metavar="DIR",
        help="Write each text to a file of the same name in this directory.",
        section=FILES,
    ),
    Option(
        ["--encoding"],
        default="auto",
        show_default=True,
        metavar="NAME",
        callback=_encoding_name,
        help="Encoding of the input.",
        section=FILES,
    ),
    Option(
        ["--errors"],
        type=click.Choice(["strict", "replace"]),
        default="strict",
        show_default=True,
        help="What to do about undecodable bytes: refuse the input, or read them as U+FFFD.",
        section=FILES,
    ),
    Option(
        ["--output-encoding"],
        metavar="NAME",
        callback=_encoding_name,
        help="Encoding of the output, or 'same' as the input.  [default: utf-8; in place: same]",
        section=FILES,
    ),
    Option(
        ["--check"],
        is_flag=True,
        help="Write no text; exit with 1 if any would change.",
        section=MESSAGES,
    ),
    Option(
        ["--diff"],
        is_flag=True,
        help="Write no text but a unified diff, to standard output.",
        section=MESSAGES,
    ),
    Option(
        ["--report"],
        type=FileName(path_type=Path),
        metavar="FILE",
        help="Write every change, held edit and flag to this file, as JSON Lines.",
        section=MESSAGES,
    ),
    Option(["-q", "--quiet"], is_flag=True, help="Say nothing but errors.", section=MESSAGES),
    Option(
        ["-v", "--verbose"],
        count=True,
        help="Say every change, with file, line and column; -vv: tracebacks too.",
        section=MESSAGES,
    ),
    Option(
        ["--no-color"],
        is_flag=True,
        help="No colours on a terminal either; the variable NO_COLOR does the same.",
        section=MESSAGES,
    ),
)

TEXT_FIELD = Option(
    ["--text-field"],
    multiple=True,
    default=("text",),
    show_default=True,
    metavar="NAME",
    help="Field of records that holds text, in JSON one inside another as meta.text (repeatable).",
    section=RECORDS,
)
REPORT_FIELD = Option(
    ["--report-field"],
    metavar="NAME",
    help="Add this field to records: changes by rule.",
    section=RECORDS,
)
LIMIT = Option(
    ["--limit"],
    type=click.IntRange(1, 1_000_000),
    default=64,
    show_default=True,
    metavar="MB",
    help="Cut plain text that is larger where no filter can tell; no record may be larger.",
    section=RECORDS,
)


def over_limit(default: str) -> Option:
    """Return the option that says what to do about a text that is too large and may not be cut."""
    return Option(
        ["--over-limit"],
        type=click.Choice(["refuse", "cut", "read"]),
        default=default,
        show_default=True,
        help="What to do about plain text over the limit where a filter could tell: refuse it, cut it into "
        "texts of their own, or read it into memory.",
        section=RECORDS,
    )


def on_error(*choices: str, default: str | None, shown: str | bool = True) -> Option:
    """Return the option that says what becomes of records that cannot be done."""
    return Option(
        ["--on-error"],
        type=click.Choice(choices),
        default=default,
        show_default=shown,
        help="A record that cannot be done fails its file, is left out (skip) or stays as it is (keep); "
        "batch also has quarantine: left out and saved in DST/.hanfix, as files that fail are.",
        section=RECORDS,
    )


STREAM_OPTIONS: tuple[Option, ...] = (
    Option(
        ["--records"],
        type=click.Choice(["jsonl", "csv", "tsv"]),
        help="Take the input for records in this format, and each text in them for a text of its own.",
        section=RECORDS,
    ),
    TEXT_FIELD,
    REPORT_FIELD,
    on_error("fail", "skip", "keep", default="keep"),
    LIMIT,
    over_limit("read"),
    Option(
        ["--line-buffered"],
        is_flag=True,
        help="Write each line or record as soon as it is done, for streams that go on.",
        section=RECORDS,
    ),
)

KEEP_REMOVED = Option(
    ["--keep-removed"],
    type=FileName(path_type=Path),
    metavar="FILE",
    help="Save what is removed as page furniture to this file, each with its place, as JSON Lines.",
    section=MESSAGES,
)

AMBIGUITIES = Option(
    ["--ambiguities"],
    type=FileName(path_type=Path),
    metavar="FILE",
    help="List in this file every character that could have become another, as JSON Lines.",
    section=MESSAGES,
)


SEARCH_OPTIONS: tuple[Option, ...] = (
    Option(
        ["--include"],
        multiple=True,
        metavar="GLOB",
        help="Read only files whose name, or path below the directory, is such (repeatable).",
        section=FILES,
    ),
    Option(
        ["--exclude"],
        multiple=True,
        metavar="GLOB",
        help="Leave out files and directories whose name, or path below the directory, is such (repeatable).",
        section=FILES,
    ),
)

JOBS_OPTION = Option(
    ["-j", "--jobs"],
    type=click.IntRange(0),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes to run at a time; 0: as many as there are processors.",
    section=MESSAGES,
)


def of_given(cls: type[Fields], given: Mapping[str, Any]) -> Fields:
    """Return the dataclass that holds those of a command's parameters that it has fields for."""
    return cls(**{each.name: given[each.name] for each in fields(cls) if each.name in given})


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turn what is wrong with settings or a configuration file into a usage error."""
    try:
        yield
    except SpecError as error:
        raise click.UsageError(str(error)) from None


@dataclass(frozen=True)
class Settings:
    """What decides how text is changed, as given on the command line; for the rest the file decides."""

    profile: str | None = None
    to: str | None = None
    risk: str | None = None
    disable: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    keep_file: tuple[Path, ...] = ()
    no_guard: tuple[str, ...] = ()
    config: Path | None = None

    def config_file(self) -> Path | None:
        """Return the configuration file in effect, if there is one; raises what ``find_config`` does."""
        if self.config is not None:
            return self.config
        try:
            folder = Path.cwd()
        except OSError:  # it is not there any more, and what was above it is not known
            return None
        return find_config(folder)

    def spec(
        self,
        *,
        filters: Sequence[str] | None = None,
        options: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Spec:
        """Return what to run; raises ``SpecError`` for a mistake here or in the configuration file."""
        path = self.config_file()
        data = {} if path is None else config_data(path)
        if self.profile is not None:
            # Naming a profile here means its filters, whatever the file says.
            data = {key: value for key, value in data.items() if key != "filters"} | {"profile": self.profile}
        return Spec.from_data(data, source=str(path)).with_changes(
            filters=filters,
            options=options,
            to=self.to,
            risk=self.risk,
            disable=self.disable,
            keep=(*self.keep, *(text for path in self.keep_file for text in _texts(path))),
            unguarded=self.no_guard,
        )


def _texts(path: Path) -> list[str]:
    try:
        text = load(read_bytes(path), str(path)).document.text
    except (FileError, DecodeError) as error:
        raise SpecError(f"{path}: {error}") from None
    return [line for line in LINE_END.split(text) if line]


def filter_options(cls: type[Filter]) -> list[Option]:
    """Return the options of a filter as the command line's, made from its dataclass fields."""
    made = []
    for name, field in option_fields(cls).items():
        metadata, default = field.metadata, field.default
        flag = f"--{name.replace('_', '-')}"
        kind: dict[str, Any] = {"metavar": metadata["metavar"]}
        if isinstance(default, bool):
            flag += f"/--no-{flag[2:]}"
            kind = {"default": None}
        elif metadata["choices"]:
            kind["type"] = click.Choice(metadata["choices"])
        elif isinstance(default, int | float):
            kind["type"] = type(default)
        if isinstance(default, tuple):
            kind["multiple"] = True
        shown = "" if default in (None, ()) else f"  [default: {_shown(default)}]"
        made.append(
            Option([flag, f"filter_{name}"], help=f"{metadata['help']}{shown}", section=CHANGES, **kind)
        )
    return made


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return visible(", ".join(map(str, default)) if isinstance(default, tuple) else str(default))


def given_filter_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filter's options that were given; for the others the configuration file or default holds."""
    return {
        key.removeprefix("filter_"): value
        for key, value in given.items()
        if key.startswith("filter_") and value not in (None, ())
    }
