"""Convert between simplified, traditional and regional script."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, apply_edits
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.convert import chain
from hanfix.filters.convert.chain import Step, moved
from hanfix.filters.convert.dictionary import configuration_names, normalized
from hanfix.filters.convert.engine import conversion
from hanfix.filters.convert.particle import RULE as PARTICLE_RULE
from hanfix.filters.convert.particle import Particle
from hanfix.filters.convert.source import Stretch, chinese, marked, out_of_place, stretches
from hanfix.registry import did_you_mean

SCRIPTS = ("simplified", "traditional", "taiwan", "hongkong", "japanese")
ENGINES = ("compiled", "opencc-python")

# Not a configuration of OpenCC: the step that reads 著 as Taiwan writes it.
_PARTICLE = "著"

# From script to script, what to do one after the other. Traditional script of no known region is read as any
# region's: hk2s is t2s and a few characters of Hong Kong, and a text that writes 着 keeps its 著.
_STEPS: dict[tuple[str, str], tuple[str, ...]] = {
    ("simplified", "traditional"): ("s2t",),
    ("simplified", "taiwan"): ("s2tw",),
    ("simplified", "hongkong"): ("s2hk",),
    ("simplified", "japanese"): ("s2t", "t2jp"),
    ("traditional", "simplified"): (_PARTICLE, "hk2s"),
    ("traditional", "taiwan"): ("t2tw",),
    ("traditional", "hongkong"): (_PARTICLE, "t2hk"),
    ("traditional", "japanese"): ("t2jp",),
    ("taiwan", "simplified"): (_PARTICLE, "t2s"),
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

# Taiwan's 著 is found by the words around it; all else by OpenCC's dictionaries.
_RULES = (
    Rule(
        id="convert/character",
        says="writes a character in the other script",
        risk=Risk.LIKELY,
        examples=(
            Example("這個問題", "这个问题"),
            Example("後面的這本書", "后面的这本书"),
        ),
        keeps=("皇后在后面说话", "這は国語の問題です", "대한민국의 漢字"),
    ),
    Rule(
        id="convert/phrase",
        says="writes a word in the other script that is not written as its characters are one by one",
        risk=Risk.LIKELY,
        examples=(
            Example("這是答覆", "这是答复"),
            Example("我們瞭解乾隆年間的鎖鍊", "我们了解乾隆年间的锁链"),
        ),
        keeps=("乾隆年间的瞭望台", "这里有一坏土"),
    ),
    Rule(
        id="convert/variant",
        says="writes the variant of a character that the region prefers, or the character for its duplicate",
        risk=Risk.LIKELY,
        examples=(Example("這是\uf9e2樹", "这是梨树"),),
        keeps=("为什么峰峦着色",),
    ),
    Rule(
        id="convert/vocabulary",
        says="writes the word that the region uses (s2twp: 软件 → 軟體); never with a script as target",
        risk=Risk.LIKELY,
        examples=(Example("鼠标和软件", "鼠标和软件"),),
        keeps=("这个软件没有文档",),
    ),
    Rule(
        id=PARTICLE_RULE,
        says="writes 着 for the particle that Taiwan writes 著",
        risk=Risk.LIKELY,
        examples=(
            Example("接著，這是著力點", "接着，这是着力点"),
            Example("隨著這位作者的名著", "随着这位作者的名著"),
        ),
        keeps=("他著名的著作", "显著的土著居民"),
    ),
)


@dataclass(frozen=True)
class Convert(Filter):
    """Convert to another script, and leave alone what is written in it already.

    ``to`` names a script (simplified, traditional, taiwan, hongkong, japanese) or a configuration of OpenCC
    (s2twp, t2s, jp2t ...). A configuration converts everything, exactly as OpenCC does. For a script the
    source is found paragraph by paragraph, and in mixed ones line by line and clause by clause, by the
    characters that only one script has; or ``from_`` names it, and everything is converted from that.
    ``engine="opencc-python"`` uses the package opencc-python-reimplemented in place of the official data.

    Taiwan writes 著 for the particle 着 too: 接著 becomes 接着 in simplified text, 著名 stays.

    *Left alone*, unless ``from_`` or a configuration says otherwise: text in the target script (皇后 does not
    become 皇後, nor 坏 坯), text without a sign of what it is, Japanese and Korean.

    Raises ``ValueError`` for an unknown script, configuration or engine, for a configuration that the engine
    lacks, and for a source named beside a configuration, which has its own.

    >>> Convert(to="simplified")("接著，這位著名的皇后看著後面")
    '接着，这位著名的皇后看着后面'
    >>> Convert(to="traditional")("皇后在裡面")
    '皇后在裡面'
    >>> Convert("s2twp")("鼠标里的软件")
    '滑鼠裡的軟體'
    """

    name: ClassVar[str] = "convert"
    scope: ClassVar[Scope] = Scope.PARAGRAPH
    rules: ClassVar[tuple[Rule, ...]] = _RULES
    changes_script: ClassVar[bool] = True

    to: str = option(
        "simplified",
        help=f"Target: {', '.join(SCRIPTS)}, or a configuration of OpenCC (s2twp, tw2sp, jp2t ...).",
        metavar="NAME",
    )
    from_: str = option("auto", help="Source script; auto finds it.", choices=("auto", *SCRIPTS))
    engine: str = option(
        "compiled", help="Whose conversion: the official data, or the package.", choices=ENGINES
    )

    def __post_init__(self) -> None:
        _check("target or configuration", self.to, (*SCRIPTS, *configuration_names()))
        _check("source", self.from_, ("auto", *SCRIPTS))
        _check("engine", self.engine, ENGINES)
        if self.to not in SCRIPTS and self.from_ != "auto":
            raise ValueError(f"configuration {self.to!r} has its own source: from={self.from_!r} cannot be")
        if self.engine == "opencc-python":
            # What the package lacks is an error now, not at the first text.
            for names in (self._conversion, self._script_conversion, self._region_conversion):
                self._steps(names)

    def find(self, doc: Document) -> Iterator[Edit]:
        """Yield what is to be converted: a phrase where one decides, else a single character."""
        if not self._finds_source:
            yield from chain.edits(self._steps(self._conversion), doc.text)
            return
        first = list(self._script_edits(doc.text))
        second = list(self._region_edits(apply_edits(doc.text, first))) if self._region_conversion else []
        yield from chain.merged(doc.text, first, second)

    def apply(self, text: str) -> str:
        """Return the text converted, without the reasons: many times faster."""
        if not self._finds_source:
            return chain.convert(self._steps(self._conversion), text)
        return self._in_region(self._in_script(text))

    @property
    def _finds_source(self) -> bool:
        return self.to in SCRIPTS and self.from_ == "auto"

    @property
    def _conversion(self) -> tuple[str, ...]:
        """What to do with the whole text, where nothing is to be found out about it."""
        if self.to not in SCRIPTS:
            return (self.to,)
        return _STEPS.get((self.from_, self.to), ())

    @property
    def _script_conversion(self) -> tuple[str, ...]:
        """What to do with text in the other script, where the source is to be found."""
        if not self._finds_source:
            return ()
        return _STEPS["traditional" if self._to_simplified else "simplified", self.to]

    @property
    def _region_conversion(self) -> tuple[str, ...]:
        """What to do with text in traditional script so that its characters are the region's."""
        if not self._finds_source or self._to_simplified:
            return ()
        return _STEPS.get(("traditional", self.to), ())

    @property
    def _to_simplified(self) -> bool:
        return self.to == "simplified"

    def _steps(self, names: tuple[str, ...]) -> list[Step]:
        if self.engine == "compiled":
            return [Particle() if name == _PARTICLE else conversion(name) for name in names]
        # Imported here: few ask for it.
        from hanfix.filters.convert import opencc_python

        return [Particle() if name == _PARTICLE else opencc_python.conversion(name) for name in names]

    def _plan(self, text: str) -> tuple[str, list[Stretch]]:
        """Return the text converted as a whole, and the lines where that is to be done."""
        normal = normalized(text)
        if not marked(normal, simplified=not self._to_simplified):
            return text, []
        converted = chain.convert(self._steps(self._script_conversion), text)
        return converted, list(stretches(normal, converted, to_simplified=self._to_simplified))

    def _in_script(self, text: str) -> str:
        converted, plan = self._plan(text)
        parts: list[str] = []
        done = 0
        for stretch in plan:
            parts.append(text[done : stretch.start])
            if stretch.grounds is None:
                parts.append(converted[stretch.start : stretch.end])
            else:
                line = text[stretch.start : stretch.end]
                parts.append(apply_edits(line, self._stretch_edits(line, stretch)))
            done = stretch.end
        parts.append(text[done:])
        return "".join(parts)

    def _script_edits(self, text: str) -> Iterator[Edit]:
        for stretch in self._plan(text)[1]:
            yield from moved(self._stretch_edits(text[stretch.start : stretch.end], stretch), stretch.start)

    def _stretch_edits(self, line: str, stretch: Stretch) -> Iterator[Edit]:
        edits = chain.edits(self._steps(self._script_conversion), line)
        if stretch.grounds is None:
            yield from edits
            return
        starts = [ground.start for ground in stretch.grounds]
        for edit in edits:
            ground = stretch.grounds[max(0, bisect_right(starts, edit.start) - 1)]
            old = normalized(line[edit.start : edit.end])
            if ground.start <= edit.start < ground.end and (
                ground.whole or out_of_place(old, simplified=not self._to_simplified)
            ):
                yield edit

    def _in_region(self, text: str) -> str:
        steps = self._steps(self._region_conversion)
        if not steps:
            return text
        parts: list[str] = []
        done = 0
        for start, end in chinese(text):
            parts += text[done:start], chain.convert(steps, text[start:end])
            done = end
        parts.append(text[done:])
        return "".join(parts)

    def _region_edits(self, text: str) -> Iterator[Edit]:
        steps = self._steps(self._region_conversion)
        if steps:
            for start, end in chinese(text):
                yield from moved(chain.edits(steps, text[start:end]), start)


def _check(what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise ValueError(f"no {what} is called {name!r}{did_you_mean(name, list(known))}")
