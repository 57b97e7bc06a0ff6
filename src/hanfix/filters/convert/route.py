"""The way from one script to another: what is done one after the other."""

from __future__ import annotations

SCRIPTS = ("simplified", "traditional", "taiwan", "hongkong", "japanese")
# The scripts that have words of their own, and with which OpenCC's vocabularies deal.
WITH_VOCABULARY = ("simplified", "taiwan", "hongkong")

# Not a configuration of OpenCC: the step that reads 著 as Taiwan writes it.
PARTICLE = "著"

# Traditional script of no known region is read as any region's: hk2s is t2s and a few characters of Hong
# Kong, and a text that writes 着 keeps its 著.
_STEPS: dict[tuple[str, str], tuple[str, ...]] = {
    ("simplified", "traditional"): ("s2t",),
    ("simplified", "taiwan"): ("s2tw",),
    ("simplified", "hongkong"): ("s2hk",),
    ("simplified", "japanese"): ("s2t", "t2jp"),
    ("traditional", "simplified"): (PARTICLE, "hk2s"),
    ("traditional", "taiwan"): ("any2tw",),
    ("traditional", "hongkong"): (PARTICLE, "any2hk"),
    ("traditional", "japanese"): ("t2jp",),
    ("taiwan", "simplified"): (PARTICLE, "t2s"),
    ("taiwan", "traditional"): ("tw2t",),
    ("taiwan", "hongkong"): ("tw2t", "t2hk"),
    ("taiwan", "japanese"): ("tw2t", "t2jp"),
    ("hongkong", "simplified"): ("hk2s",),
    ("hongkong", "traditional"): ("hk2t",),
    ("hongkong", "taiwan"): ("hk2t", "t2tw"),
    ("hongkong", "japanese"): ("hk2t", "t2jp"),
    ("japanese", "simplified"): ("jp2t", "t2s"),
    ("japanese", "traditional"): ("jp2t",),
    ("japanese", "taiwan"): ("jp2t", "t2tw"),
    ("japanese", "hongkong"): ("jp2t", "t2hk"),
}

# The same with the words of the region: traditional script of no known region has the words of the mainland.
_STEPS_WITH_VOCABULARY: dict[tuple[str, str], tuple[str, ...]] = {
    ("simplified", "taiwan"): ("s2twp",),
    ("simplified", "hongkong"): ("s2hkp",),
    ("traditional", "taiwan"): ("t2twp",),
    ("traditional", "hongkong"): (PARTICLE, "t2hkp"),
    ("taiwan", "simplified"): (PARTICLE, "tw2tp", "t2s"),
    ("taiwan", "hongkong"): (PARTICLE, "tw2tp", "t2hkp"),
    ("hongkong", "simplified"): ("hk2sp",),
    ("hongkong", "taiwan"): ("hk2tp", "t2twp"),
}


def route(source: str, target: str, *, vocabulary: bool = False) -> tuple[str, ...]:
    """Return the names of the conversions that lead from one script to another; none to itself.

    Raises ``ValueError`` where there are no words to be exchanged.

    >>> route("taiwan", "hongkong"), route("simplified", "taiwan", vocabulary=True)
    (('tw2t', 't2hk'), ('s2twp',))
    """
    if not vocabulary:
        return _STEPS.get((source, target), ())
    if target not in WITH_VOCABULARY:
        raise ValueError(
            f"phrases cannot be with the target {target!r}: "
            f"there are words of the regions {', '.join(WITH_VOCABULARY)} only"
        )
    if source == target:
        return ()
    if (source, target) not in _STEPS_WITH_VOCABULARY:
        known = [from_ for from_, to in _STEPS_WITH_VOCABULARY if to == target]
        raise ValueError(
            f"phrases cannot be from {source!r} to {target!r}: whose words they are must be known; "
            f"from may be {', '.join(known)} or auto"
        )
    return _STEPS_WITH_VOCABULARY[source, target]
