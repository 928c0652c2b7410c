"""A cluster that stands already, of ``dask.distributed``: the same jobs, done by its workers; results come back whole."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import WorkError, listed
from geo.work.jobs import Job, Need, Shared, packed, unpacked
from geo.work.kept import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from geo.work.crew import Telling

SECONDS = 20
"""A scheduler that does not answer within these is not there."""

TRIES = 3
"""Times that what jobs are done on is given out again, where every worker that held it is lost."""

_ONE_AT_A_TIME = threading.Lock()
_HELD: dict[str, Shared] = {}
_AT_MOST = 2
_LENT = "lent"


class Cluster:
    """The workers of a scheduler.

    Parameters
    ----------
    address : of the scheduler, ``tcp://host:8786``. code : says, on a worker, what code it runs: it must be what is run here.

    Raises
    ------
    WorkError
        The extra ``scale`` is not installed, nobody answers, there is no worker, or workers run other code.

    Notes
    -----
    A worker that is lost is the scheduler's affair: it gives the job to another, as often as it is set to.
    """

    def __init__(self, address: str, code: Callable[[], str]) -> None:
        try:
            import distributed  # noqa: PLC0415  # an extra, and slow to load
        except ImportError as error:
            raise WorkError(
                "a cluster is reached through dask.distributed",
                ["it is not installed", 'pip install "placeatlas[scale]"'],
            ) from error
        self._distributed: Any = distributed
        try:
            self._client: Any = self._distributed.Client(address, timeout=SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkError(
                f"no scheduler answers at {address}", [str(error) or type(error).__name__, "dask scheduler starts one"]
            ) from error
        self._check(address, code)

    def _check(self, address: str, code: Callable[[], str]) -> None:
        own = code()
        try:
            theirs: Mapping[str, str] = self._client.run(code, on_error="return")
        except ValueError:
            theirs = {}
        faults = [] if theirs else ["it has no worker: start one with dask worker"]
        if others := sorted(worker for worker, found in theirs.items() if found != own):
            faults.append(f"other code, or other versions of libraries, than here on {listed(others)}")
        if faults:
            self.close()
            raise WorkError(f"the cluster at {address} cannot do this work", faults)

    def finished(self, jobs: Sequence[Job], store: Store, telling: Telling) -> Iterator[Job]:
        """Do the jobs and yield each when its result is in the store.

        Raises
        ------
        WorkError
            Workers that were lost time and again while at a job.
        Exception
            What a job raised: of several, that of the first in the list.
        """
        undone = {job.key for job in jobs}
        waiting, running = list(jobs), self._distributed.as_completed(loop=self._client.loop)
        given: dict[str, Any] = {}
        under_way: dict[Any, Job] = {}
        failed: dict[str, BaseException] = {}
        tries: dict[str, int] = {}
        while waiting or under_way:
            for job in [one for one in waiting if not any(need.key in undone for need in one.needs)]:
                waiting.remove(job)
                telling.step(job.words)
                future = self._submitted(job, store, given)
                under_way[future] = job
                running.add(future)
            if not under_way:
                break
            future = next(running)
            job = under_way.pop(future)
            if future.cancelled() and tries.setdefault(job.key, 1) < TRIES:
                # the last worker that held what jobs are done on was lost, and that with it: give it out again
                tries[job.key] += 1
                given.pop(job.on.key, None)
                telling.lost(job.words)
                waiting.insert(0, job)
            elif future.cancelled() or future.exception() is not None:
                failed[job.key] = self._worded(None if future.cancelled() else future.exception(), job)
                waiting.clear()
            else:
                store.keep(job.key, *future.result())
                undone.discard(job.key)
                future.release()
                yield job
        for job in jobs:
            if job.key in failed:
                raise failed[job.key]
        if waiting:
            raise ValueError(f"jobs need what nobody does: {[job.words for job in waiting]}")

    def close(self) -> None:
        """Leave the cluster; what runs there for us is given up."""
        self._client.close()

    def _submitted(self, job: Job, store: Store, given: dict[str, Any]) -> Any:
        if job.on.key not in given:
            data = packed(job.on.value, {})
            given[job.on.key] = self._client.scatter(data, broadcast=True, hash=False)
        lent = {name: path.read_bytes() for need in job.needs for name, path in store.files(need).items()}
        task = packed(job.task, job.on.parts)
        return self._client.submit(done_there, job.key, task, job.on.key, given[job.on.key], lent, pure=False)

    def _worded(self, error: BaseException | None, job: Job) -> BaseException:
        """Return what a job raised, or in our words that its workers were lost."""
        if error is None or isinstance(error, self._distributed.KilledWorker):
            return WorkError(
                f"workers of the cluster were lost time and again while at: {job.words}",
                [
                    str(error or "what they were given is lost"),
                    "where memory is short, start workers with --nthreads 1",
                ],
            )
        return error


def done_there(
    key: str, task: bytes, shared_key: str, shared: bytes, lent: Mapping[str, bytes]
) -> tuple[dict[str, bytes], bytes]:
    """Do a job on a worker; return its files by relative path, and its value as ``packed``.

    One at a time in a process, however many threads it has: libraries that draw keep what they draw in one place.
    """
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory() as name:
        on = _held(shared_key, shared)
        store = Store(Path(name))
        store.keep(_LENT, lent, b"")
        store.do(Job(key, "", unpacked(task, on.parts), on, (Need(_LENT, "**/*"),)))
        files = {path: made.read_bytes() for path, made in store.files(Need(key, "**/*")).items()}
        return files, store.packed_value(key)


def _held(key: str, data: bytes) -> Shared:
    """Return what many jobs are done on, unpacked once a worker: the latest of them are remembered."""
    if key not in _HELD:
        while len(_HELD) >= _AT_MOST:
            del _HELD[next(iter(_HELD))]
        _HELD[key] = Shared(key, unpacked(data, {}))
    return _HELD[key]
