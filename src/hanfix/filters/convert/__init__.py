"""Convert between simplified, traditional and regional script."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, apply_edits, moved
from hanfix.filter import FILE, Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.convert import chain
from hanfix.filters.convert.ambiguity import Ambiguity, ambiguities
from hanfix.filters.convert.chain import Step
from hanfix.filters.convert.dictionary import configuration_names, normalized
from hanfix.filters.convert.engine import conversion
from hanfix.filters.convert.own_words import RULE as DICTIONARY_RULE
from hanfix.filters.convert.own_words import OwnWord, WithOwnWords, read_own_words, with_own_words
from hanfix.filters.convert.particle import RULE as PARTICLE_RULE
from hanfix.filters.convert.particle import Particle
from hanfix.filters.convert.route import PARTICLE, SCRIPTS, route
from hanfix.filters.convert.source import (
    Ground,
    Stretch,
    chinese,
    marked,
    of_hong_kong,
    of_taiwan,
    out_of_place,
    paragraphs,
    stretches,
)
from hanfix.registry import did_you_mean

__all__ = ["ENGINES", "SCRIPTS", "Ambiguity", "Convert"]

ENGINES = ("compiled", "opencc-python")
# What the other engine has in place of a conversion that only this one knows.
_PACKAGE_HAS = {"any2tw": "t2tw", "any2hk": "t2hk"}

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
        says="writes the word that the region uses (软件 → 軟體); on request only",
        risk=Risk.LIKELY,
        examples=(Example("鼠标和软件", "鼠标和软件"),),
        keeps=("这个软件没有文档",),
    ),
    Rule(
        id=DICTIONARY_RULE,
        says="writes what a dictionary of the user's own says; there is none unless one is given",
        risk=Risk.LIKELY,
        examples=(Example("这个鼠标", "这个鼠标"),),
        keeps=("我的名字叫后羿",),
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


class _Plan(NamedTuple):
    """A text converted as a whole, all characters in their places, and the lines where that is to be done."""

    converted: str
    stretches: list[Stretch]


@dataclass(frozen=True)
class Convert(Filter):
    r"""Convert to another script, and leave alone what is written in it already.

    ``to`` names a script (simplified, traditional, taiwan, hongkong, japanese) or a configuration of OpenCC
    (s2twp, t2s, jp2t ...). A configuration converts everything, exactly as OpenCC does. For a script the
    source is found paragraph by paragraph, and in mixed ones line by line and clause by clause, by the
    characters that only one script has; or ``from_`` names it, and everything is converted from that.
    ``engine="opencc-python"`` uses the package opencc-python-reimplemented in place of the official data.

    Taiwan writes 著 for the particle 着 too: 接著 becomes 接着 in simplified text, 著名 stays.

    ``phrases`` exchanges the words of the regions as well: 软件 becomes 軟體 for taiwan, and 軟體 becomes
    软件 for simplified. The words of a text are taken to be those of the region whose characters it has.

    ``dict_`` names dictionaries of the user's own, in OpenCC's text format (a word, a tab, what it becomes).
    What they say is final: no other dictionary and no later step changes it, and a word that becomes itself
    is left alone. Their words win over everything, the longest first, those of the first file before those
    of the next; their single characters win over OpenCC's characters and not over its phrases (里 for 裏
    leaves 公里 alone). Where the source is to be found, they are for the text that is converted, and what
    they write is left alone.

    Words that are to stay as they are, names say, are the pipeline's ``keep`` (``--keep``, ``--keep-file``),
    for every filter alike: no edit touches one, and a phrase that reaches into one is not converted at all.

    *Left alone*, unless ``from_`` or a configuration says otherwise: text in the target script (皇后 does not
    become 皇後, nor 坏 坯), text without a sign of what it is, Japanese and Korean; and with ``phrases`` the
    words of traditional text that has no character of another region.

    Raises ``ValueError`` for an unknown script, configuration or engine, for a configuration that the engine
    lacks, for a source or ``phrases`` beside a configuration, which has its own, for ``phrases`` where there
    are none to exchange (with japanese, to traditional), and for a dictionary that cannot be read.

    >>> Convert(to="simplified")("接著，這位著名的皇后看著後面")
    '接着，这位著名的皇后看着后面'
    >>> Convert(to="traditional")("皇后在裡面")
    '皇后在裡面'
    >>> Convert("s2twp")("鼠标里的软件"), Convert("taiwan", phrases=True)("鼠标里的软件")
    ('滑鼠裡的軟體', '滑鼠裡的軟體')
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
    phrases: bool = option(False, help="Exchange the words of the regions too (软件 → 軟體).")
    dict_: tuple[str, ...] = option(
        (), help="Convert as this dictionary in OpenCC's text format says (repeatable).", metavar=FILE
    )
    engine: str = option(
        "compiled", help="Whose conversion: the official data, or the package.", choices=ENGINES
    )

    # What the dictionaries hold; not an option.
    _own: ClassVar[tuple[OwnWord, ...]] = ()

    def __post_init__(self) -> None:
        _check("target or configuration", self.to, (*SCRIPTS, *configuration_names()))
        _check("source", self.from_, ("auto", *SCRIPTS))
        _check("engine", self.engine, ENGINES)
        if self.to not in SCRIPTS and self.from_ != "auto":
            raise ValueError(f"configuration {self.to!r} has its own source: from={self.from_!r} cannot be")
        if self.phrases:
            self._check_phrases()
        if self.engine == "opencc-python":
            # What the package lacks is an error now, not at the first text.
            for names in (self._conversion, self._script_conversion, self._region_conversion):
                _steps(names, self.engine)
        if self.dict_:
            words: dict[str, OwnWord] = {}
            for path in self.dict_:
                words = {word.key: word for word in read_own_words(path)} | words
            if self._finds_source:
                # Looked at again, what they write must be left alone.
                words |= {each.value: each._replace(key=each.value) for each in words.values()}
            object.__setattr__(self, "_own", tuple(words.values()))

    def _check_phrases(self) -> None:
        """Raise ``ValueError`` where no words are to be exchanged, or the engine cannot."""
        if self.to not in SCRIPTS:
            with_phrases = f"{self.to}p"
            hint = f"; name {with_phrases!r}" if with_phrases in configuration_names() else ""
            raise ValueError(f"configuration {self.to!r} has its own words: phrases cannot be{hint}")
        route("taiwan" if self.from_ == "auto" else self.from_, self.to, vocabulary=True)
        if self.engine != "compiled":
            raise ValueError(
                "phrases need the engine 'compiled'; the package has configurations: s2twp, tw2sp"
            )

    def seen_at_once(self) -> Scope:
        """Return what it takes to find the source; where that is given, no phrase reaches over a line end."""
        return self.scope if self._finds_source else Scope.LINE

    def find(self, doc: Document) -> Iterator[Edit]:
        """Yield what is to be converted: a phrase where one decides, else a single character."""
        if not self._finds_source:
            yield from chain.edits(self._with_own(self._conversion), doc.text)
            return
        plan = self._plan(doc.text)
        first = list(self._script_edits(doc.text, plan))
        second = list(self._region_edits(self._in_script(doc.text, plan))) if self._region_conversion else []
        yield from chain.merged(doc.text, first, second)

    def apply(self, text: str) -> str:
        """Return the text converted, without the reasons: many times faster."""
        if not self._finds_source:
            return chain.convert(self._with_own(self._conversion), text)
        return self._in_region(self._in_script(text, self._plan(text)))

    def ambiguities(self, doc: Document) -> Iterator[Ambiguity]:
        """Yield the characters that have several forms in the target script, with what was chosen for them.

        Those that stay as they are among them (the 后 of 皇后); none of text that is not converted.

        Raises ``ValueError`` with the engine ``opencc-python``, which does not tell.

        >>> [(each.text, each.chosen, each.alternatives, each.by, each.why)
        ...  for each in Convert("s2t").ambiguities(Document("皇后的头发"))]
        [('后', '后', ('後',), 'phrase', '皇后'), ('发', '髮', ('發',), 'phrase', '头发')]
        """
        if self.engine != "compiled":
            raise ValueError(f"engine {self.engine!r} does not tell what could have been; 'compiled' does")
        edits = list(self.find(doc))
        starts = [edit.start for edit in edits]
        for start, text, names in self._converted(doc.text):
            first, last = bisect_left(starts, start), bisect_left(starts, start + len(text))
            steps = self._with_own(names)
            own = steps[0].own_in(text) if steps and isinstance(steps[0], WithOwnWords) else []
            for each in ambiguities(text, names, list(moved(edits[first:last], -start)), own):
                yield each._replace(start=each.start + start, end=each.end + start)

    def _converted(self, text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        """Yield the parts of a text that are converted: start, part, and the names of the conversions."""
        if not self._finds_source:
            yield 0, text, self._conversion
            return
        for start, end, grounds in self._plan(text).stretches:
            place = start
            for part, names in self._script_parts(text[start:end]):
                if grounds is None:
                    yield place, part, names
                for ground in grounds or ():
                    one, other = max(place, start + ground.start), min(place + len(part), start + ground.end)
                    if ground.whole and one < other:
                        yield one, text[one:other], names
                place += len(part)

    @property
    def _finds_source(self) -> bool:
        return self.to in SCRIPTS and self.from_ == "auto"

    @property
    def _conversion(self) -> tuple[str, ...]:
        """What to do with the whole text, where nothing is to be found out about it."""
        if self.to not in SCRIPTS:
            return (self.to,)
        return route(self.from_, self.to, vocabulary=self.phrases)

    @property
    def _script_conversion(self) -> tuple[str, ...]:
        """What to do with text in the other script, where the source is to be found; without its words."""
        if not self._finds_source:
            return ()
        return route("traditional" if self._to_simplified else "simplified", self.to)

    @property
    def _region_conversion(self) -> tuple[str, ...]:
        """What to do with text in traditional script so that its characters are the region's."""
        if not self._finds_source or self._to_simplified:
            return ()
        return route("traditional", self.to)

    @property
    def _to_simplified(self) -> bool:
        return self.to == "simplified"

    def _with_own(self, names: tuple[str, ...]) -> list[Step]:
        """Return conversions by their names, around the user's own words."""
        return [_around(self._own, names, self.engine)] if self._own and names else _steps(names, self.engine)

    def _keeping_places(self, names: tuple[str, ...]) -> list[Step]:
        """Return the same without what changes the length of the text."""
        own = tuple(
            each if len(each.key) == len(each.value) else each._replace(value=each.key) for each in self._own
        )
        return [_around(own, names, self.engine)] if own else _steps(names, self.engine)

    def _plan(self, text: str) -> _Plan:
        """Return what to do with a text whose source is to be found."""
        normal = normalized(text)
        if not marked(normal, simplified=not self._to_simplified):
            return _Plan(text, [])
        converted = chain.convert(self._keeping_places(self._script_conversion), text)
        return _Plan(converted, list(stretches(normal, converted, to_simplified=self._to_simplified)))

    def _in_script(self, text: str, plan: _Plan) -> str:
        parts: list[str] = []
        done = 0
        # No phrase of OpenCC's reaches over the end of a clause; a user's word may.
        as_planned = self._keeps_places and not self._own
        for stretch in plan.stretches:
            start, end, grounds = stretch
            parts.append(text[done:start])
            if grounds is not None and as_planned:
                parts += self._grounds_converted(text[start:end], plan.converted[start:end], grounds)
            elif grounds is not None:
                parts.append(apply_edits(text[start:end], self._stretch_edits(text[start:end], grounds)))
            elif self._keeps_places:
                parts.append(plan.converted[start:end])
            else:
                parts += self._convert_parts(self._script_parts(text[start:end]))
            done = end
        parts.append(text[done:])
        return "".join(parts)

    @property
    def _keeps_places(self) -> bool:
        """Tell whether conversion is character by character."""
        return not self.phrases and all(len(word.key) == len(word.value) for word in self._own)

    def _script_parts(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield text in the other script in parts, each with the names of the conversions for it."""
        if not self.phrases:
            yield text, self._script_conversion
        elif not self._to_simplified:
            yield text, route("simplified", self.to, vocabulary=True)
        else:
            for start, end in paragraphs(text):
                part = text[start:end]
                source = "hongkong" if of_hong_kong(normalized(part)) else "taiwan"
                yield part, route(source, self.to, vocabulary=True)

    def _region_parts(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield text in traditional script in parts, each with the names of what brings it to the region."""
        usual = self._region_conversion
        other = {"taiwan": "hongkong", "hongkong": "taiwan"}.get(self.to)
        if not self.phrases or other is None:
            yield text, usual
            return
        exchanging = route(other, self.to, vocabulary=True)
        for start, end in paragraphs(text):
            part = text[start:end]
            is_other = of_hong_kong(part) if other == "hongkong" else of_taiwan(part)
            yield part, exchanging if is_other else usual

    def _convert_parts(self, parts: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
        """Yield a text that is given in parts, each with the names of its conversions, converted."""
        return (chain.convert(self._with_own(names), part) for part, names in parts)

    def _parts_edits(self, parts: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Edit]:
        """Yield the edits of a text that is given in parts."""
        start = 0
        for part, names in parts:
            yield from moved(chain.edits(self._with_own(names), part), start)
            start += len(part)

    def _grounds_converted(self, text: str, converted: str, grounds: Sequence[Ground]) -> Iterator[str]:
        """Yield a text, of which only some clauses are to be converted, in pieces."""
        done = 0
        for start, end, whole in grounds:
            yield text[done:start]
            if whole:
                yield converted[start:end]
            else:
                clause = text[start:end]
                yield apply_edits(clause, self._stretch_edits(clause, [Ground(0, end - start, whole=False)]))
            done = end
        yield text[done:]

    def _script_edits(self, text: str, plan: _Plan) -> Iterator[Edit]:
        for start, end, grounds in plan.stretches:
            yield from moved(self._stretch_edits(text[start:end], grounds), start)

    def _stretch_edits(self, text: str, grounds: Sequence[Ground] | None) -> Iterator[Edit]:
        """Yield the edits of a text: all, or those in clauses that are to be converted."""
        edits = self._parts_edits(self._script_parts(text))
        return edits if grounds is None else self._in_grounds(edits, normalized(text), grounds)

    def _in_grounds(self, edits: Iterable[Edit], text: str, grounds: Sequence[Ground]) -> Iterator[Edit]:
        """Yield those of the edits that are in clauses to be converted."""
        remaining = iter(grounds)
        ground = next(remaining, None)
        for edit in edits:
            while ground is not None and ground.end <= edit.start:
                ground = next(remaining, None)
            if ground is None:
                return
            if ground.start <= edit.start and edit.end <= ground.end:
                old = text[edit.start : edit.end]
                if ground.whole or out_of_place(old, simplified=not self._to_simplified):
                    yield edit

    def _in_region(self, text: str) -> str:
        if not self._region_conversion:
            return text
        parts: list[str] = []
        done = 0
        for start, end in chinese(text):
            parts.append(text[done:start])
            parts += self._convert_parts(self._region_parts(text[start:end]))
            done = end
        parts.append(text[done:])
        return "".join(parts)

    def _region_edits(self, text: str) -> Iterator[Edit]:
        for start, end in chinese(text):
            yield from moved(self._parts_edits(self._region_parts(text[start:end])), start)


def _steps(names: tuple[str, ...], engine: str) -> list[Step]:
    """Return conversions by their names."""
    if engine == "compiled":
        return [Particle() if name == PARTICLE else conversion(name) for name in names]
    # Imported here: few ask for it.
    from hanfix.filters.convert import opencc_python

    return [
        Particle() if name == PARTICLE else opencc_python.conversion(_PACKAGE_HAS.get(name, name))
        for name in names
    ]


# Filters are made anew for each run, mostly with the same words.
@lru_cache(maxsize=8)
def _around(own: tuple[OwnWord, ...], names: tuple[str, ...], engine: str) -> WithOwnWords:
    return with_own_words(_steps(names, engine), own)


def _check(what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise ValueError(f"no {what} is called {name!r}{did_you_mean(name, list(known))}")
