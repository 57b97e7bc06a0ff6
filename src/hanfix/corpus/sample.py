"""Try a pipeline on some files of a corpus, to see what it would do before it does it to all."""

from __future__ import annotations

import json
import random
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hanfix.corpus.formats import Options
from hanfix.corpus.manifest import Counts
from hanfix.corpus.plan import Item, Plan
from hanfix.corpus.work import Failed, FileTask, Maker, Outcome, Parts, PartTask, Task
from hanfix.corpus.workers import Died, Workers
from hanfix.report import Failure
from hanfix.spec import Spec

# Examples shown of each rule.
EXAMPLES = 3


class Example(NamedTuple):
    """A change with what stands around it: its place, and the text before, of it, for it and after."""

    place: str
    before: str
    old: str
    new: str
    after: str


@dataclass
class Sample:
    """What a pipeline would do to some files: how many of them, counts, and examples of changes by rule."""

    files: int = 0
    counts: Counts = field(default_factory=Counts)
    changed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Example]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)


def sample_of(
    made: Plan,
    number: int,
    spec: Spec,
    options: Options,
    *,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Sample:
    """Return what a pipeline would do to ``number`` files of a plan, drawn by chance; write nothing.

    The same ``seed`` draws the same files. Of a large file one part is looked at. Examples are drawn by
    chance too, from all changes by a rule. Raises ``WorkerError`` when no worker can be started.
    """
    chance = random.Random(seed)
    could = [item for item in made.items if not item.refusal]
    drawn = [could[place] for place in sorted(chance.sample(range(len(could)), min(number, len(could))))]
    with tempfile.TemporaryDirectory(prefix="hanfix-") as folder:
        outcomes = _outcomes(
            made, drawn, Maker(spec, options, places=True, context=True), jobs, folder, seed, progress
        )
    found = Sample(files=len(drawn))
    examples: defaultdict[str, list[Example]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for item, outcome in zip(drawn, outcomes, strict=True):
        if isinstance(outcome, Failed | Died):
            message = outcome.message if isinstance(outcome, Failed) else f"a worker process {outcome.how}"
            found.failures.append(Failure(item.below, message))
            continue
        found.counts += outcome[0]
        for rule in outcome[0].report.counts:
            found.changed[rule] += 1
        for line in zlib.decompress(outcome[1]).splitlines() if outcome[1] else []:
            record = json.loads(line)
            if record["kind"] != "change":
                continue
            rule = record["rule"]
            seen[rule] += 1
            example = Example(
                f"{record['file']}:{record['line']}:{record['column']}",
                *(record[key] for key in ("before", "old", "new", "after")),
            )
            # Each of the changes seen so far is as likely to be among those kept (reservoir sampling).
            if len(examples[rule]) < EXAMPLES:
                examples[rule].append(example)
            elif (place := chance.randrange(seen[rule])) < EXAMPLES:
                examples[rule][place] = example
    found.examples = dict(examples)
    return found


def _outcomes(
    made: Plan,
    drawn: Sequence[Item],
    maker: Maker,
    jobs: int,
    folder: str,
    seed: int,
    progress: Callable[[int, int], None],
) -> list[Failed | Died | tuple[Counts, bytes]]:
    """Return what came of each file, in their order."""
    outcomes: dict[int, Failed | Died | tuple[Counts, bytes]] = {}
    waiting: list[tuple[Task, int]] = [
        (
            FileTask(number, str(made.base / item.below), item.below, str(Path(folder, str(number)))),
            item.stamp.size,
        )
        for number, item in enumerate(drawn)
    ]
    waiting.reverse()
    workers: Workers[Task, Outcome]
    with Workers(maker, jobs) as workers:
        while waiting or workers.busy:
            while waiting and workers.wants(waiting[-1][1]):
                workers.give(*waiting.pop())
            for task, outcome in workers.outcomes():
                number = task.number
                if isinstance(outcome, Parts):
                    # Not that of all draws: which part is drawn must not depend on which file is done first.
                    part = random.Random(f"{seed} {number}").choice(outcome.parts)
                    below = drawn[number].below
                    sink = str(Path(folder, str(number)))
                    waiting.append((PartTask(number, part, below, sink, outcome.stamp), outcome.stamp.size))
                    continue
                Path(folder, str(number)).unlink(missing_ok=True)
                if isinstance(outcome, Failed | Died):
                    outcomes[number] = outcome
                else:
                    outcomes[number] = (outcome.counts, outcome.places)  # type: ignore[union-attr]
                progress(len(outcomes), len(drawn))
    return [outcomes[number] for number in range(len(drawn))]
