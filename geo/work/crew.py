"""A crew: who does the jobs of a run, where the results are kept, and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from geo.work.jobs import Job
    from geo.work.kept import Store


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told what while jobs are done.

    Parameters
    ----------
    step : the words of a job that is begun, each once. taken : how many of how many were done by an earlier run.
    done : how many of how many are done. lost : the words of a job whose worker was ended, and which is done again.
    """

    step: Callable[[str], object] = lambda _words: None
    taken: Callable[[int, int], object] = lambda _number, _of: None
    done: Callable[[int, int], object] = lambda _number, _of: None
    lost: Callable[[str], object] = lambda _words: None


class Hands(Protocol):
    """Whoever does jobs elsewhere than in this process."""

    def finished(self, jobs: Sequence[Job], store: Store, telling: Telling) -> Iterator[Job]:
        """Do the jobs, those that others need first, and yield each when its result is in the store."""

    def close(self) -> None:
        """Let the workers go."""


class Crew:
    """Does jobs: in this process, or by other hands; kept by key where there is a store.

    Parameters
    ----------
    hands : who does them; None: this process, in order. store : where results are kept; without one, other hands cannot be had, and
        files are written in their place at once.
    """

    def __init__(
        self, *, hands: Hands | None = None, store: Store | None = None, telling: Telling | None = None
    ) -> None:
        self.hands = hands
        self.store = store
        self.telling = telling or Telling()
        self._told: set[str] = set()

    def do(self, jobs: Sequence[Job], into: Path | None = None) -> list[Any]:
        """Do every job and return their values in the order of the jobs.

        Parameters
        ----------
        into : the folder below which their files are wanted; None where they write none.

        Notes
        -----
        The results are the same, byte for byte, whoever does the jobs and in whatever order.
        """
        values: dict[str, Any] = {}
        for number, (job, value) in enumerate(self._done(jobs, into), 1):
            values[job.key] = value
            self.telling.done(number, len(jobs))
        return [values[job.key] for job in jobs]

    def _done(self, jobs: Sequence[Job], into: Path | None) -> Iterator[tuple[Job, Any]]:
        if self.store is None:
            yield from self._in_place(jobs, into)
            return
        there = {job.key for job in jobs if self.store.has(job.key)}
        if there:
            self.telling.taken(len(there), len(jobs))
        for job in jobs:
            if job.key in there:
                yield self._placed(job, self.store.value(job), into)
        left = list({job.key: job for job in jobs if job.key not in there}.values())
        if self.hands is not None:
            for job in self.hands.finished(left, self.store, Telling(self.say, lost=self.telling.lost)):
                yield self._placed(job, self.store.value(job), into)
            return
        for job in left:
            self.say(job.words)
            yield self._placed(job, self.store.do(job), into)

    def _in_place(self, jobs: Sequence[Job], into: Path | None) -> Iterator[tuple[Job, Any]]:
        for job in jobs:
            self.say(job.words)
            yield job, job.run(into or Path())

    def _placed(self, job: Job, value: Any, into: Path | None) -> tuple[Job, Any]:
        if into is not None and self.store is not None:
            self.store.place(job.key, into)
        return job, value

    def lend(self, key: str, files: Mapping[str, Path]) -> None:
        """Put files into the store, by relative path, for jobs that need what no job of this crew makes."""
        if self.store is not None and not self.store.has(key):
            self.store.keep(key, {name: path.read_bytes() for name, path in files.items()}, b"")

    def say(self, words: str) -> None:
        """Tell a step, once."""
        if words not in self._told:
            self._told.add(words)
            self.telling.step(words)
