"""Run a pipeline over documents as they come, in several processes: the library's way to do a corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from hanfix.corpus.workers import Died, Workers
from hanfix.document import Document
from hanfix.pipeline import Pipeline
from hanfix.report import Report

# Documents that may be done before an earlier one is, for each process: what a large one keeps waiting.
_AHEAD = 16
# More than any worker takes beside another: two sides that both wait to be read from would wait forever.
_ALONE = 1 << 30


class Outcome(NamedTuple):
    """A document, its text after the pipeline, and what was done; ``error`` says why there is none.

    ``report`` lists every change with its place in the source, unless only counts were asked for.
    """

    document: Document
    text: str
    report: Report
    error: str = ""


class _Task(NamedTuple):
    number: int
    document: Document


def clean_all(
    documents: Iterable[str | Document],
    pipeline: Pipeline | None = None,
    *,
    jobs: int = 1,
    places: bool = True,
) -> Iterator[Outcome]:
    """Yield what becomes of documents, one by one and in their order, however many ``jobs`` do them.

    Without a ``pipeline`` it is that of the profile ``web``. Documents are taken as they are needed, so
    there may be any number of them. One that fails has its ``error`` and its own text, and the others go on;
    with more than one job that holds even for one that kills its process twice. Without ``places`` the
    reports only count, which is faster.

    Several jobs are processes that begin by importing the main module: a script must keep what it does under
    ``if __name__ == "__main__"``.

    Raises ``TypeError`` for what is no text, and ``WorkerError`` when no process can be started.

    >>> for outcome in clean_all(["建设和-谐社会", "没有问题"]):
    ...     print(outcome.text, dict(outcome.report.counts))
    建设和谐社会 {'rejoin/hyphen': 1}
    没有问题 {}
    """
    chosen = Pipeline.from_profile() if pipeline is None else pipeline
    tasks = (_Task(number, _document(each)) for number, each in enumerate(documents))
    if jobs == 1:
        do = _Cleaner(chosen, places)
        for task in tasks:
            yield do(task)
        return
    yield from _in_order(tasks, partial(_Cleaner, chosen, places), jobs)


def _document(given: str | Document) -> Document:
    if isinstance(given, Document):
        return given
    if isinstance(given, str):
        return Document(given)
    raise TypeError(f"a text or a Document is wanted, not {type(given).__name__}")


class _Cleaner:
    """Does documents, each with an outcome, whatever happens."""

    def __init__(self, pipeline: Pipeline, places: bool) -> None:
        self._pipeline = pipeline
        self._places = places

    def __call__(self, task: _Task) -> Outcome:
        document = task.document
        try:
            if not self._places:
                return Outcome(document, *self._pipeline.tally(document.text))
            result = self._pipeline.run(document)
            return Outcome(document, result.text, result.report)
        except Exception as error:
            return Outcome(document, document.text, Report(), f"{type(error).__name__}: {error}")


def _in_order(tasks: Iterator[_Task], make: Callable[[], _Cleaner], jobs: int) -> Iterator[Outcome]:
    done: dict[int, Outcome] = {}
    given = yielded = 0
    waiting = next(tasks, None)
    workers: Workers[_Task, Outcome]
    with Workers(make, jobs) as workers:
        while waiting is not None or workers.busy:
            while waiting is not None and given - yielded < _AHEAD * jobs and workers.wants(_ALONE):
                workers.give(waiting, _ALONE)
                given += 1
                waiting = next(tasks, None)
            for task, outcome in workers.outcomes():
                if isinstance(outcome, Died):
                    error = f"a process {outcome.how} while doing it, and so did a second one"
                    outcome = Outcome(task.document, task.document.text, Report(), error)
                done[task.number] = outcome
            while yielded in done:
                yield done.pop(yielded)
                yielded += 1
