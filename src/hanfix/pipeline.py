"""Filters in order, and the only code that changes text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, Flag, apply_edits, same_span
from hanfix.filter import Filter, Risk
from hanfix.guard import GUARDS, Guarded, guarded
from hanfix.origin import Origin
from hanfix.registry import all_rules, did_you_mean
from hanfix.report import Change, Flagged, Held, Report

# What one filter changed can give another something to find (a split word joined makes a line furniture), so
# filters take turns until nothing changes; this often at most, and more than twice is hardly ever met. A
# change of script ends the turns: what it leaves is another text, in which a gloss kept before could look
# like damage.
_MOST_ROUNDS = 4


def texts(what: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return several texts as a tuple; raises ``TypeError`` for one text, whose characters are texts too.

    >>> texts("keep", ["和-谐"])
    ('和-谐',)
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{what} must be a list of texts, not {values!r}")
    found = tuple(values)
    for each in found:
        if not isinstance(each, str):
            raise TypeError(f"{what} must hold texts, not {each!r}")
    return found


def _checked(text: object) -> str:
    # Asked here, once: bytes go a long way through filters before they fail.
    if isinstance(text, str):
        return text
    how = "; hanfix.decode reads bytes" if isinstance(text, bytes) else ""
    raise TypeError(f"a text is wanted, not {type(text).__name__}{how}")


class Result(NamedTuple):
    """A document after a pipeline, what was done to it, and where its characters come from."""

    document: Document
    report: Report
    origin: Origin

    @property
    def text(self) -> str:
        """The text after the pipeline."""
        return self.document.text


@dataclass(frozen=True, init=False)
class Pipeline:
    """Run filters in order and make those of their edits that are allowed.

    An edit is made when its rule's risk is at most ``risk``, its rule is not in ``disable`` and it touches
    no guarded span (``guards`` names the kinds, ``keep`` lists texts to protect). Any other edit is counted
    as held or left, never made in part.

    Raises ``ValueError`` for a rule, guard or risk that does not exist, and ``TypeError`` for a filter's name
    in place of the filter, or one text where several may stand.

    >>> from hanfix.filters.rejoin import Rejoin
    >>> Pipeline([Rejoin()])("建设和-谐社会")
    '建设和谐社会'
    """

    filters: tuple[Filter, ...]
    risk: Risk
    disable: frozenset[str]
    guards: tuple[str, ...]
    keep: tuple[str, ...]

    def __init__(
        self,
        filters: Iterable[Filter],
        *,
        risk: str | Risk = Risk.LIKELY,
        disable: Iterable[str] = (),
        guards: Sequence[str] = GUARDS,
        keep: Iterable[str] = (),
    ) -> None:
        if not isinstance(filters, Iterable):
            raise TypeError(f"filters must be a list of filters, not {filters!r}")
        chosen = tuple(filters)
        for each in chosen:
            if not isinstance(each, Filter):
                raise TypeError(
                    f"a pipeline is made of filters, not of {each!r}; Pipeline.from_profile takes their names"
                )
        set_field = object.__setattr__
        set_field(self, "filters", chosen)
        set_field(self, "risk", Risk.parse(risk))
        set_field(self, "disable", frozenset(texts("disable", disable)))
        set_field(self, "guards", texts("guards", guards))
        set_field(self, "keep", texts("keep", keep))
        for guard in self.guards:
            if guard not in GUARDS:
                raise ValueError(f"no guard is called {guard!r}{did_you_mean(guard, list(GUARDS))}")
        own_rules = {rule.id for stage in self.stages() for rule in stage.rules} if self.disable else set()
        # A configuration for several commands may turn off rules of filters that are not in this pipeline.
        for rule in sorted(self.disable - own_rules):
            known = own_rules | all_rules().keys()
            if rule not in known:
                raise ValueError(f"no rule is called {rule!r}{did_you_mean(rule, sorted(known))}")

    @classmethod
    def from_profile(
        cls,
        name: str = "web",
        *,
        filters: Sequence[str] | None = None,
        to: str | None = None,
        risk: str | Risk | None = None,
    ) -> Pipeline:
        """Return the pipeline of a named profile.

        ``filters`` replaces the profile's list; ``to`` appends ``convert`` to that target; ``risk``, when
        given, replaces the profile's. Raises ``ValueError`` for an unknown profile, filter or target.
        """
        from hanfix.spec import Spec

        return Spec.from_profile(name).with_changes(filters=filters, to=to, risk=risk).pipeline()

    def __or__(self, other: Pipeline | Filter) -> Pipeline:
        """Return this pipeline followed by another or by one more filter; settings add up.

        The lower risk and the wider protection hold for the whole.
        """
        if isinstance(other, Filter):
            other = Pipeline(
                (other,), risk=self.risk, disable=self.disable, guards=self.guards, keep=self.keep
            )
        return Pipeline(
            self.filters + other.filters,
            risk=min(self.risk, other.risk),
            disable=self.disable | other.disable,
            guards=tuple(dict.fromkeys(self.guards + other.guards)),
            keep=tuple(dict.fromkeys(self.keep + other.keep)),
        )

    def __call__(self, text: str) -> str:
        """Return the text after the pipeline."""
        return self.tally(text)[0]

    def tally(self, text: str) -> tuple[str, Report]:
        """Return the text after the pipeline, with a report that counts changes and does not list them.

        What ``run`` returns takes several times the memory of a text with many changes, and a dense converter
        has to find each of them; here it takes its fast path, and what it did is counted as one rewriting.
        """
        result = self._result(Document(text), detailed=False)
        return result.text, result.report

    def run(self, document: str | Document) -> Result:
        """Return the document after the pipeline, with a report of every change and the map to the source."""
        source = document if isinstance(document, Document) else Document(document)
        return self._result(source, detailed=True)

    def _result(self, source: Document, *, detailed: bool) -> Result:
        """Run the filters, in turns until nothing changes; say where each change was, or only count."""
        length = len(_checked(source.text))
        now, origin, report = source, Origin(length=length), Report(documents=1)
        for group in self._groups:
            left: dict[int, str] = {}  # the text as each filter of the group left it
            for number in range(_MOST_ROUNDS):
                for index, stage in enumerate(group):
                    if left.get(index) == now.text:
                        continue
                    if not detailed and self._may_apply_whole(stage, now.text):
                        text = stage.apply(now.text)
                        if text != now.text:
                            report.rewritten[stage.name] += 1
                        now = replace(now, text=text)
                    else:
                        made: list[Edit] = []
                        for found, obstacle in self._decided(stage, now):
                            if isinstance(found, Edit) and obstacle is None:
                                made.append(found)
                            elif number > 0:
                                # Told in the first round: what is held back or flagged is found again later.
                                continue
                            report.count(found, obstacle)
                            if detailed:
                                _describe(report, stage, found, obstacle, now, origin)
                        if made:
                            now = replace(now, text=apply_edits(now.text, made))
                            origin = origin.then(made) if detailed else origin
                    left[index] = now.text
        report.changed = int(now.text != source.text)
        return Result(now, report, origin)

    def stages(self) -> Iterator[Filter]:
        """Yield the filters in the order they run, each taken apart into its own stages."""
        for each in self.filters:
            yield from each.stages()

    @cached_property
    def _groups(self) -> list[list[Filter]]:
        """The filters that take turns: those between one change of script and the next."""
        groups: list[list[Filter]] = [[]]
        for stage in self.stages():
            if stage.changes_script:
                groups += [stage], []
            else:
                groups[-1].append(stage)
        return groups

    def _may_apply_whole(self, stage: Filter, text: str) -> bool:
        """Tell whether a filter's own fast path does what its edits, decided one by one, would do."""
        return (
            type(stage).apply is not Filter.apply
            and all(rule.risk <= self.risk and rule.id not in self.disable for rule in stage.rules)
            and not guarded(text, self.guards, self.keep).spans
        )

    def _decided(self, stage: Filter, document: Document) -> Iterator[tuple[Edit | Flag, str | None]]:
        """Yield what the filter found, each edit with what stands in its way (``None``: it is to be made).

        Of alternatives (edits of one span) the first allowed is made and those after it are dropped.
        """
        risks: dict[str, Risk] = {}
        protected: Guarded | None = None
        made: Edit | None = None
        for found in stage.find(document):
            # Nothing is found in most texts.
            risks = risks or {rule.id: rule.risk for rule in stage.rules}
            if found.rule not in risks:
                raise ValueError(f"filter {stage.name!r} found something by a rule it lacks: {found.rule!r}")
            if isinstance(found, Flag):
                if found.rule not in self.disable:
                    yield found, None
                continue
            if made is not None and same_span(made, found):
                continue
            obstacle: str | None = None
            if found.rule in self.disable:
                obstacle = "disabled"
            elif risks[found.rule] > self.risk:
                obstacle = "risk"
            else:
                # Looked for only when an edit could be made: most finds in sound text are held back.
                if protected is None:
                    protected = guarded(document.text, self.guards, self.keep)
                if protected.forbids(found.start, found.end, removes_lines=stage.removes_lines):
                    obstacle = "guard"
                else:
                    made = found
            yield found, obstacle


def _describe(
    report: Report, stage: Filter, found: Edit | Flag, obstacle: str | None, now: Document, origin: Origin
) -> None:
    """Add what a filter found to a report, with its place in the source."""
    start, end = origin.span(found.start, found.end)
    old = now.text[found.start : found.end]
    if isinstance(found, Flag):
        report.flags.append(Flagged(stage.name, found.rule, start, end, old, found.why, now.name))
        return
    change = Change(stage.name, found.rule, start, end, old, found.new, found.why, now.name)
    if obstacle is None:
        report.changes.append(change)
    else:
        report.held_back.append(Held(change, obstacle))


def clean(
    text: str,
    *,
    profile: str = "web",
    filters: Sequence[str] | None = None,
    to: str | None = None,
    risk: str | Risk = Risk.LIKELY,
) -> str:
    """Return the text restored: a profile's whole chain in one call.

    ``filters`` replaces the profile's list, ``to`` appends a script conversion, ``risk`` says how bold to
    be. Sound text comes back as it is. Raises ``ValueError`` for unknown names.

    >>> clean("建设和-谐社会，发展民-主")
    '建设和谐社会，发展民主'
    """
    return Pipeline.from_profile(profile, filters=filters, to=to, risk=risk)(text)
