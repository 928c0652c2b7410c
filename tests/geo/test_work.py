"""Jobs: done in place, kept, done by several processes or a cluster, killed and done again; always with the same result."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import PlaceatlasError, TableError, WorkError
from geo.work import Crew, Job, Need, Processes, Shared, Store, Telling, code_key, content_key, tidy_work, work_folder
from geo.work.cluster import Cluster
from geo.work.jobs import packed
from geo.work.leftovers import KEPT_DAYS, TARGET, opened
from geo.work.serving import Done, Failed, Order, serve

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Ground:
    """What tasks share: one list, which results hold too."""

    heights: list[int]

    def shared_parts(self) -> dict[str, object]:
        return {"heights": self.heights}


@dataclass(frozen=True)
class Add:
    """Adds to the heights, writes the sum, returns it with the heights."""

    by: int

    def run(self, on: Ground, folder: Path) -> tuple[int, list[int]]:
        total = sum(on.heights) + self.by
        (folder / "sums").mkdir(parents=True, exist_ok=True)
        (folder / "sums" / f"{self.by}.txt").write_text(str(total), encoding="utf-8")
        return total, on.heights


@dataclass(frozen=True)
class Gather:
    """Reads what other tasks wrote."""

    def run(self, _on: Ground, folder: Path) -> list[str]:
        found = sorted(path.read_text(encoding="utf-8") for path in (folder / "sums").glob("*.txt"))
        (folder / "all.txt").write_text(" ".join(found), encoding="utf-8")
        return found


@dataclass(frozen=True)
class Fail:
    """Raises an error of ours."""

    what: str

    def run(self, _on: Ground, _folder: Path) -> None:
        raise TableError(self.what, ["a fault"])


@dataclass(frozen=True)
class DieOnce:
    """Ends its own process as the system does, until a file says that it was here before; without one, always."""

    mark: Path | None

    def run(self, _on: Ground, _folder: Path) -> str:
        if self.mark is not None and self.mark.exists():
            return "alive"
        if self.mark is not None:
            self.mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
        return "never"


def jobs_of(*tasks: Any, ground: Ground) -> list[Job]:
    shared = Shared(content_key(ground), ground)
    return [Job(content_key(task, shared.key), f"at {task}", task, shared) for task in tasks]


def with_gathering(ground: Ground) -> list[Job]:
    jobs = jobs_of(*(Add(by) for by in range(5)), Gather(), ground=ground)
    needs = tuple(Need(job.key, "sums/*.txt") for job in jobs[:5])
    return [*jobs[:5], Job("gathered", "gathering", Gather(), jobs[0].on, needs)]


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def two() -> Any:
    hands = Processes(2)
    yield hands
    hands.close()


def test_whoever_does_the_jobs_the_result_is_the_same(two: Processes, tmp_path: Path) -> None:
    ground = Ground([1, 2, 3])
    crews = {
        "in-place": Crew(),
        "kept": Crew(store=Store(tmp_path / "store-a")),
        "two": Crew(hands=two, store=Store(tmp_path / "store-b")),
    }
    found = {}
    for name, crew in crews.items():
        (tmp_path / name).mkdir()
        values = crew.do(with_gathering(ground), tmp_path / name)
        # 1 + 2 + 3 = 6, and what is added
        assert values == [(6 + by, [1, 2, 3]) for by in range(5)] + [["10", "6", "7", "8", "9"]]
        assert all(heights is ground.heights for _, heights in values[:5]), "what is shared stays one object"
        found[name] = written(tmp_path / name)
    assert found["in-place"] == found["kept"] == found["two"]
    assert sorted(found["two"]) == ["all.txt", *(f"sums/{by}.txt" for by in range(5))]


def test_what_is_finished_is_taken_and_not_done_again(tmp_path: Path) -> None:
    ground, store, told = Ground([1]), Store(tmp_path / "store"), []
    telling = Telling(step=told.append, taken=lambda number, of: told.append(f"{number} of {of}"))
    jobs = jobs_of(Add(1), Add(2), ground=ground)
    Crew(store=store).do(jobs[:1], tmp_path)
    (tmp_path / "sums" / "1.txt").unlink()
    assert Crew(store=store, telling=telling).do(jobs, tmp_path) == [(2, [1]), (3, [1])]
    assert told == ["1 of 2", "at Add(by=2)"]
    assert (tmp_path / "sums" / "1.txt").read_text(encoding="utf-8") == "2"


@pytest.mark.parametrize("harm", ["text", "gone", "sums"])
def test_a_result_that_is_not_as_it_was_written_is_not_taken(tmp_path: Path, harm: str) -> None:
    store = Store(tmp_path / "store")
    (job,) = jobs_of(Add(1), ground=Ground([1]))
    store.do(job)
    assert store.has(job.key)
    entry = store.folder / job.key
    if harm == "text":
        (entry / "files" / "sums" / "1.txt").write_text("3", encoding="utf-8")
    elif harm == "gone":
        (entry / "files" / "sums" / "1.txt").unlink()
    else:
        (entry / "sums.json").write_text("{", encoding="utf-8")
    assert not store.has(job.key)
    assert not entry.exists()
    store.do(job)
    assert store.has(job.key)


def test_a_result_that_another_was_first_with_stands(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    (job,) = jobs_of(Add(1), ground=Ground([1]))
    assert store.do(job) == store.do(job)
    assert [path.name for path in store.folder.iterdir()] == [job.key], "and no half-written one is left"


def test_a_killed_worker_costs_the_task_it_was_at(two: Processes, tmp_path: Path) -> None:
    lost: list[str] = []
    crew = Crew(hands=two, store=Store(tmp_path / "store"), telling=Telling(lost=lost.append))
    jobs = jobs_of(DieOnce(tmp_path / "mark"), Add(1), Add(2), ground=Ground([1]))
    assert crew.do(jobs, tmp_path / "out") == ["alive", (2, [1]), (3, [1])]
    assert lost == [jobs[0].words]


def test_a_task_that_ends_every_worker_is_one_clear_error(two: Processes, tmp_path: Path) -> None:
    crew = Crew(hands=two, store=Store(tmp_path / "store"))
    with pytest.raises(WorkError, match="ended 3 times while at: at DieOnce") as caught:
        crew.do(jobs_of(DieOnce(None), ground=Ground([1])))
    assert caught.value.faults[0] == "the last by signal 9"


def test_an_idle_worker_that_was_killed_is_replaced(tmp_path: Path) -> None:
    hands = Processes(1)
    try:
        crew = Crew(hands=hands, store=Store(tmp_path / "store"))
        assert crew.do(jobs_of(Add(1), ground=Ground([1]))) == [(2, [1])]
        worker = hands._workers[0].process
        worker.kill()
        worker.join()
        assert crew.do(jobs_of(Add(2), ground=Ground([1]))) == [(3, [1])]
        last = hands._workers[0].process
        hands._workers[0].job = jobs_of(Add(3), ground=Ground([1]))[0]  # as if it were at work
    finally:
        hands.close()
    assert not last.is_alive()


def refuse(_pipe: object) -> None:
    """Stand in for a script without a guard: its copy ends before it works."""


def test_a_worker_that_cannot_begin_is_one_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("geo.work.processes.serve", refuse)
    hands = Processes(1)
    try:
        with pytest.raises(WorkError, match=r"could not be started \(exit code 0\)") as caught:
            Crew(hands=hands, store=Store(tmp_path / "store")).do(jobs_of(Add(1), ground=Ground([1])))
    finally:
        hands.close()
    assert "__main__" in caught.value.faults[0]


def test_of_several_errors_the_first_in_the_list_is_raised(two: Processes, tmp_path: Path) -> None:
    crew = Crew(hands=two, store=Store(tmp_path / "store"))
    jobs = jobs_of(Add(1), Fail("first"), Fail("second"), Add(2), ground=Ground([1]))
    with pytest.raises(TableError, match="first") as caught:
        crew.do(jobs)
    assert caught.value.faults == ("a fault",)
    assert "in run" in str(caught.value.__cause__), "where it happened is told"
    assert crew.store is not None
    assert crew.store.has(jobs[0].key), "what was finished before is kept"


def test_jobs_that_need_what_nobody_does_are_a_fault(two: Processes, tmp_path: Path) -> None:
    first, second = jobs_of(Add(1), Add(2), ground=Ground([1]))
    circle = [
        Job("a", "a", first.task, first.on, (Need("b", "*"),)),
        Job("b", "b", second.task, second.on, (Need("a", "*"),)),
    ]
    with pytest.raises(ValueError, match="nobody does"):
        Crew(hands=two, store=Store(tmp_path / "store")).do(circle)


class UnkindError(Exception):
    """An error that cannot be made again from its text."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


def test_an_error_that_cannot_travel_is_told_by_its_text() -> None:
    error = Failed.of(UnkindError("this", "that")).error()
    assert isinstance(error, RuntimeError)
    assert "this and that" in str(error.__cause__)
    assert isinstance(Failed.of(PlaceatlasError("what", ["fault"])).error(), PlaceatlasError)


def test_a_worker_takes_orders_until_the_pipe_is_closed(tmp_path: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    store, before = Store(tmp_path / "store"), signal.getsignal(signal.SIGINT)
    good, bad = jobs_of(Add(1), Fail("no"), ground=Ground([4]))
    path = store.share(good.on)
    for job in (good, bad):
        ours.send(Order(job.key, packed(job.task, job.on.parts), (), path, store.folder))
    try:
        thread = threading.Thread(target=lambda: None)
        thread.start()
        closing = threading.Timer(0.2, ours.close)
        heard: list[object] = []
        closing.start()
        serve(_Listening(theirs, heard))  # type: ignore[arg-type]
        closing.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert [type(one) for one in heard] == [Done, Done, Failed]
    assert store.value(good) == (5, [4])


class _Listening:
    """A pipe whose answers are written down."""

    def __init__(self, pipe: Any, heard: list[object]) -> None:
        self.pipe, self.heard = pipe, heard
        self.recv = pipe.recv

    def send(self, said: object) -> None:
        self.heard.append(said)


def test_keys_are_of_content() -> None:
    def frame() -> gpd.GeoDataFrame:
        points = [shapely.Point(0, 1), None]
        return gpd.GeoDataFrame({"code": ["a", "b"], "x": [1.0, np.nan]}, geometry=points, crs=27700)

    one, other = frame(), frame()
    other.loc[0, "x"] = 1.0000000001
    moved = frame()
    moved.loc[0, "geometry"] = shapely.Point(0, 2)
    assert content_key(frame(), {"a": {1, 2}}) == content_key(one, {"a": {2, 1}})
    assert len({content_key(part) for part in (one, other, moved, pd.DataFrame(one))}) == 4


def test_keys_of_code_change_with_any_file_and_version(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "__pycache__").mkdir(parents=True)
    (package / "one.py").write_text("x = 1", encoding="utf-8")
    first = code_key([package], {"numpy": "2"})
    (package / "__pycache__" / "one.pyc").write_text("other", encoding="utf-8")
    assert code_key([package], {"numpy": "2"}) == first
    assert code_key([package], {"numpy": "3"}) != first
    assert code_key([package, package / "one.py"], {"numpy": "2"}) != first
    (package / "one.py").write_text("x = 2", encoding="utf-8")
    assert code_key([package], {"numpy": "2"}) != first


def test_what_nobody_took_up_again_is_removed_and_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))
    assert tidy_work(interrupted=True) == []
    out = tmp_path / "atlas"
    folder = opened(out, fresh=False)
    assert folder == work_folder(out)
    (folder / "a-key").mkdir()
    (folder.parent / "strange").mkdir()
    assert tidy_work() == []
    assert tidy_work(interrupted=True) == [
        f"kept 1 finished tasks of an interrupted build: build {out} again to go on from there"
    ]
    old = time.time() - (KEPT_DAYS + 1) * 86_400
    os.utime(folder / TARGET, (old, old))
    assert tidy_work() == [f"removed 1 finished tasks of a build that nobody took up again: {out}"]
    assert not folder.exists()
    (opened(out, fresh=False) / "a-key").mkdir()
    assert [path.name for path in opened(out, fresh=True).iterdir()] == [TARGET]


def _cancelled_at_first(hands: Cluster, times: int = 1, real: Any = None) -> Any:
    """Return what submits jobs and takes the first of them back, as a scheduler does that lost what they are done on."""
    submitted, left = real or hands._submitted, [times]

    def submit(*given: Any) -> Any:
        future = submitted(*given)
        if left[0]:
            left[0] -= 1
            future.cancel()
        return future

    return submit


def same() -> str:
    """Stand in for the hash over the code."""
    return "same"


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")  # what the scheduler's libraries say of one another is no word of ours
def test_a_cluster_does_the_same_jobs(tmp_path: Path) -> None:
    from distributed import KilledWorker, LocalCluster  # noqa: PLC0415 - an extra

    ground = Ground([1, 2, 3])
    with LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0", protocol="tcp"
    ) as local:
        hands = Cluster(local.scheduler_address, same)
        crew = Crew(hands=hands, store=Store(tmp_path / "store"))
        values = crew.do(with_gathering(ground), tmp_path / "cluster")
        (tmp_path / "here").mkdir()
        assert values == Crew().do(with_gathering(ground), tmp_path / "here")
        assert all(heights is ground.heights for _, heights in values[:5])
        assert written(tmp_path / "cluster") == written(tmp_path / "here")
        for heights in ([4], [5], [6]):  # no worker remembers more than the latest that it was given
            assert crew.do(jobs_of(Add(1), ground=Ground(heights))) == [(heights[0] + 1, heights)]
        with pytest.raises(TableError, match="first"):
            crew.do(jobs_of(Add(7), Fail("first"), Fail("second"), ground=ground))
        circle = [Job(one, one, Add(1), Shared("x"), (Need(other, "*"),)) for one, other in ("ab", "ba")]
        with pytest.raises(ValueError, match="nobody does"):
            crew.do(circle)
        lost = hands._worded(KilledWorker("task", SimpleNamespace(address="tcp://gone"), 3), circle[0])
        assert isinstance(lost, WorkError)
        assert "lost time and again while at: a" in lost.what
        told: list[str] = []
        forgetful = Crew(hands=hands, store=Store(tmp_path / "other"), telling=Telling(lost=told.append))
        real, hands._submitted = hands._submitted, _cancelled_at_first(hands)  # type: ignore[method-assign]
        assert forgetful.do(jobs_of(Add(1), ground=ground)) == [(7, [1, 2, 3])]
        assert told == ["at Add(by=1)"]
        hands._submitted = _cancelled_at_first(hands, times=9, real=real)  # type: ignore[method-assign]
        with pytest.raises(WorkError, match="lost time and again") as caught:
            forgetful.do(jobs_of(Add(2), ground=ground))
        assert caught.value.faults[0] == "what they were given is lost"
        hands.close()
