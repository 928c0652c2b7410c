"""Several processes of this machine that do jobs: fed one job at a time, replaced when one of them is killed."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from geo.errors import WorkError
from geo.work.jobs import packed
from geo.work.serving import Failed, Order, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from geo.work.crew import Telling
    from geo.work.jobs import Job
    from geo.work.kept import Store

TRIES = 3
"""A job whose worker was ended as often is not tried again."""

ONE_THREAD = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"),
        *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"),
    ),
    "1",
)
"""A worker computes on one thread: as many workers as there are cores leave none for more."""


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    ready: bool = False
    job: Job | None = None


@dataclass(eq=False)
class _Run:
    """The jobs of one call: what waits, what is under way, and how often the worker of each was ended."""

    store: Store
    telling: Telling
    waiting: deque[Job]
    places: dict[str, int]
    shared: dict[str, Path] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    failed: tuple[int, BaseException] | None = None

    def next(self) -> Job | None:
        """Take the first job that waits and whose needs are done; none once a job before it failed."""
        for job in self.waiting:
            if self.failed is not None and self.places[job.key] > self.failed[0]:
                return None
            if not any(need.key in self.undone for need in job.needs):
                self.waiting.remove(job)
                return job
        return None

    def order(self, job: Job) -> Order:
        """Write a job down for a worker."""
        if job.on.key not in self.shared:
            self.shared[job.on.key] = self.store.share(job.on)
        return Order(job.key, packed(job.task, job.on.parts), job.needs, self.shared[job.on.key], self.store.folder)


class Processes:
    """So many processes, started when there is work for them and kept until ``close``.

    Parameters
    ----------
    number : of processes; each computes on one thread.

    Notes
    -----
    They are started anew, not forked: the libraries that draw and read layers keep threads that a fork would lose.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self._workers: list[_Worker] = []

    def finished(self, jobs: Sequence[Job], store: Store, telling: Telling) -> Iterator[Job]:
        """Do the jobs and yield each when its result is in the store; one whose worker is killed is done again.

        Raises
        ------
        WorkError
            Workers that cannot be started, or a job at which they are ended time and again.
        Exception
            What a job raised: of several, that of the first in the list, as if they had been done in order.
        """
        run = _Run(store, telling, deque(jobs), {job.key: at for at, job in enumerate(jobs)})
        run.undone = set(run.places)
        while len(self._workers) < min(self.number, len(jobs)):
            self._workers.append(_started())
        while run.waiting or any(worker.job for worker in self._workers):
            for worker in list(self._workers):
                self._feed(worker, run)
            busy = {worker.pipe: worker for worker in self._workers if worker.job or not worker.ready}
            if not any(worker.job for worker in self._workers) and (
                run.failed or all(one.ready for one in self._workers)
            ):
                break
            for pipe in wait(list(busy)):
                done = self._heard(busy[pipe], run)  # type: ignore[index]  # of the pipes that were given
                if done is not None:
                    run.undone.discard(done.key)
                    yield done
        if run.failed is not None:
            raise run.failed[1]
        if run.waiting:
            raise ValueError(f"jobs need what nobody does: {[job.words for job in run.waiting]}")

    def close(self) -> None:
        """End the workers, whatever they are at: what they have not finished was not begun."""
        for worker in self._workers:
            if worker.job is not None or not worker.ready:
                worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _feed(self, worker: _Worker, run: _Run) -> None:
        if not worker.ready or worker.job is not None or (job := run.next()) is None:
            return
        run.telling.step(job.words)
        worker.job = job
        try:
            worker.pipe.send(run.order(job))
        except OSError:
            self._lost(worker, run)

    def _heard(self, worker: _Worker, run: _Run) -> Job | None:
        """Take what a worker says; return the job that it has done, if it has."""
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._lost(worker, run)
            return None
        if not worker.ready:
            worker.ready = True
            return None
        job, worker.job = worker.job, None
        if job is None or not isinstance(said, Failed):
            return job
        place = run.places[job.key]
        if run.failed is None or place < run.failed[0]:
            run.failed = (place, said.error())
        return None

    def _lost(self, worker: _Worker, run: _Run) -> None:
        """Put another in the place of a worker that was ended, and its job back to the front.

        Raises
        ------
        WorkError
            It never began to work, or its job has been tried often enough.
        """
        worker.process.join()
        worker.pipe.close()
        code, job = worker.process.exitcode, worker.job
        self._workers.remove(worker)
        if not worker.ready:
            raise WorkError(
                f"a worker could not be started (exit code {code})",
                [
                    "a script that builds with workers does so below: if __name__ == '__main__':",
                    "or build with one worker",
                ],
            )
        if job is not None:
            run.tries[job.key] = run.tries.get(job.key, 0) + 1
            if run.tries[job.key] >= TRIES:
                raise WorkError(
                    f"workers were ended {TRIES} times while at: {job.words}",
                    [
                        f"the last by {_cause(code)}",
                        "where memory is short, build with fewer workers: what is finished is kept",
                    ],
                )
            run.telling.lost(job.words)
            run.waiting.appendleft(job)
        self._workers.append(_started())


def _cause(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _started() -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    with _on_one_thread():
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _on_one_thread() -> Iterator[None]:
    """Let what is started here compute on one thread: libraries read this when they are loaded, before a word of ours is."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
