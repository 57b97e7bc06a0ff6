"""Processes that do tasks, and may die of one without taking the others along."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")

# A worker is given more than the task at hand while that is little work (bytes, tasks), so that it need not
# wait for the next. What waits behind a long task would be late.
_LITTLE = 65_536
_MOST_WAITING = 4
# What kills a worker once may have been meant for another process: memory is short, and the largest goes.
_TRIES = 2
# Workers that die one after the other before they are ready: no task is to blame.
_FALSE_STARTS = 3


class WorkerError(Exception):
    """No worker can be started; the message says why."""


class Died(NamedTuple):
    """What came of a task that workers die of: how the last one ended."""

    how: str


class _Given(Generic[Task]):
    """A task with how much work it is and how many workers have died of it."""

    __slots__ = ("deaths", "task", "weight")

    def __init__(self, task: Task, weight: int) -> None:
        self.task = task
        self.weight = weight
        self.deaths = 0


@dataclass(eq=False)
class _Worker(Generic[Task]):
    process: BaseProcess
    connection: Connection
    given: deque[_Given[Task]] = field(default_factory=deque)
    ready: bool = False

    def takes(self, weight: int) -> bool:
        return not self.given or (
            len(self.given) < _MOST_WAITING and sum(each.weight for each in self.given) + weight < _LITTLE
        )


class Workers(Generic[Task, Outcome]):
    """Up to ``jobs`` processes, each of which makes what does the tasks once, by calling ``make``.

    ``make``, the tasks and their outcomes go from process to process, so they must be picklable. A worker
    that dies is replaced, and the task it was at is given to another one; when that dies too, the outcome of
    the task is ``Died``. Workers end with the process that started them, however that ends.
    """

    def __init__(self, make: Callable[[], Callable[[Task], Outcome]], jobs: int) -> None:
        self._make = make
        self._jobs = jobs
        self._workers: list[_Worker[Task]] = []
        self._again: deque[_Given[Task]] = deque()
        self._false_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.connection.close()
            # What it is at is of no use to anybody.
            if worker.given:
                worker.process.kill()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    @property
    def busy(self) -> bool:
        """Whether any task has no outcome yet."""
        return bool(self._again) or any(worker.given for worker in self._workers)

    def wants(self, weight: int) -> bool:
        """Tell whether a task of so much work should be given now."""
        return not self._again and (
            len(self._workers) < self._jobs or any(worker.takes(weight) for worker in self._workers)
        )

    def give(self, task: Task, weight: int) -> None:
        """Have a task done; the least loaded worker gets it."""
        self._give(_Given(task, weight))

    def _give(self, given: _Given[Task]) -> None:
        worker = min(self._workers, key=lambda each: len(each.given), default=None)
        if worker is None or (worker.given and len(self._workers) < self._jobs):
            worker = self._started()
        worker.given.append(given)
        # One that has just died is found out when its outcome is waited for.
        with suppress(OSError):
            worker.connection.send(given.task)

    def outcomes(self) -> Iterator[tuple[Task, Outcome | Died]]:
        """Wait for a task to be done; yield it, and what else is done by then, with what came of it.

        Raises ``WorkerError`` when workers cannot be started.
        """
        while self._again and any(not worker.given for worker in self._workers):
            self._give(self._again.popleft())
        if self._again and len(self._workers) < self._jobs:
            self._give(self._again.popleft())
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection)):
            worker = by_connection[connection]  # type: ignore[index]
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                yield from self._buried(worker)
                continue
            if worker.ready:
                yield worker.given.popleft().task, message
            elif message is None:
                worker.ready = True
                self._false_starts = 0
            else:
                raise WorkerError(message)

    def _started(self) -> _Worker[Task]:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_work, args=(self._make, there), daemon=True)
        with _interrupts_held():
            process.start()
        there.close()
        worker: _Worker[Task] = _Worker(process, here)
        self._workers.append(worker)
        return worker

    def _buried(self, worker: _Worker[Task]) -> Iterator[tuple[Task, Died]]:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        how = _ending(worker.process.exitcode)
        if worker.ready and worker.given:
            at_hand = worker.given.popleft()
            at_hand.deaths += 1
            if at_hand.deaths < _TRIES:
                self._again.append(at_hand)
            else:
                yield at_hand.task, Died(how)
        elif not worker.ready:
            self._false_starts += 1
            if self._false_starts == _FALSE_STARTS:
                raise WorkerError(f"a worker process {how} before it could begin, {_FALSE_STARTS} times")
        self._again.extend(worker.given)


def _ending(code: int | None) -> str:
    """Say how a process ended."""
    if code is None or code >= 0:
        return f"ended by itself (code {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was killed ({name}{', as when memory runs out' if name == 'SIGKILL' else ''})"


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from processes started here, from their first moment: this one ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Starting it lets interrupts through again; once it runs, it is left alone.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(make: Callable[[], Callable[[Task], Outcome]], connection: Connection) -> None:
    """Do tasks until there are no more: what a worker process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            do = make()
        except Exception as error:
            connection.send(f"{type(error).__name__}: {error}")
            return
        connection.send(None)
        while True:
            connection.send(do(connection.recv()))
    # What a filter of the user's own printed.
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # To take its tables apart would keep the batch waiting.
    os._exit(0)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
