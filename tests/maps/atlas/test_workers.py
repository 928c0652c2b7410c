"""A build by one process, by several, killed and taken up again: the same bytes."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from geo import cli
from geo.errors import ArgumentError, WorkError
from geo.plugins import Extension
from geo.staging import tidy
from geo.work import Crew, Processes, Store, tidy_work, work_folder, workers_of
from maps.atlas.config import load_config
from maps.atlas.jobs import How, crew_for, writing_jobs
from maps.atlas.run import build_atlas, prepare
from maps.atlas.versions import code_here
from maps.progress import Progress

CONFIG = """schema = 1
title = "Wales, quickly"
slug = "wales"
[boundaries]
date = 2023-04-01
nations = ["W"]
[statistics]
permutations = 99
correction = "none"
robustness = false
[outputs]
kinds = ["choropleth", "scatter"]
formats = ["png"]
packs = ["nation"]
area_pages = false
[[outcome]]
id = "pay"
file = "pay.csv"
measure = "mean"
favourable = "high"
"""
JOBS = """[[outcome]]
id = "jobs"
file = "jobs.csv"
measure = "mean"
favourable = "high"
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from maps.atlas.jobs import How
from maps.atlas.run import build_atlas

def count(number, of):
    if (number, of) == (2, 5):
        os.kill(os.getpid(), signal.SIGKILL)

build_atlas(sys.argv[1], out=Path(sys.argv[2]), how=How(count=count))
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wales")
    frame = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=("W",)).frame
    north = (frame.geometry.centroid.y / 10_000).round(1)
    pd.DataFrame({"code": frame["code"], "value": north}).to_csv(folder / "pay.csv", index=False)
    pd.DataFrame({"code": frame["code"], "value": 90 - north + frame.index % 3}).to_csv(
        folder / "jobs.csv", index=False
    )
    (folder / "atlas.toml").write_text(CONFIG, encoding="utf-8")
    return folder / "atlas.toml"


@pytest.fixture(scope="module")
def serial(config: Path) -> dict[str, bytes]:
    """Return the files of the build as one process makes it."""
    out = config.parent / "serial"
    build_atlas(str(config), out=out)
    assert not work_folder(out).exists(), "nothing is kept of a build that is whole"
    return files_below(out)


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_killed_and_taken_up_by_two_workers_of_which_one_is_killed(
    config: Path, serial: dict[str, bytes], tmp_path: Path
) -> None:
    out, said, ended = tmp_path / "atlas", [], []
    ran = subprocess.run([sys.executable, "-c", KILLED, str(config), str(out)], check=False, capture_output=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    assert not out.exists()
    assert tidy() == [f"removed the unfinished output of an interrupted run: .{out.name}.placeatlas-new"]
    # the study, and of what is written the first two
    assert tidy_work(interrupted=True) == [
        f"kept 3 finished tasks of an interrupted build: build {out} again to go on from there"
    ]
    real = Processes._feed

    def feed(self: Processes, worker, run) -> None:
        real(self, worker, run)
        if worker.job is not None and not ended:
            os.kill(worker.process.pid, signal.SIGKILL)
            ended.append(worker.job.words)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Processes, "_feed", feed)
        build_atlas(str(config), out=out, how=How(workers=2, say=said.append))
    assert files_below(out) == serial
    assert "1 of 1 tasks was finished by an interrupted build and is taken from it" in said
    assert "2 of 5 tasks were finished by an interrupted build and are taken from it" in said
    assert f"A worker was ended while at: {ended[0]}. It is done again" in said
    assert not work_folder(out).exists()


def test_what_is_asked_anew_is_done_anew(config: Path, tmp_path: Path) -> None:
    out, taken, both = tmp_path / "atlas", [], config.parent / "both.toml"
    both.write_text(CONFIG + JOBS, encoding="utf-8")
    how = How(say=lambda words: taken.append(words) if "interrupted" in words else None)

    def broken_off(*, resume: bool) -> None:
        with (
            suppress(KeyboardInterrupt),
            crew_for(out, resume=resume, telling=how.telling()) as crew,
        ):
            prepare(load_config(both), [config.parent], crew=crew)
            raise KeyboardInterrupt

    broken_off(resume=True)
    broken_off(resume=True)
    assert taken == ["2 of 2 tasks were finished by an interrupted build and are taken from it"]
    broken_off(resume=False)
    assert len(taken) == 1, "nothing is taken"
    # another value of one outcome leaves the other as it is
    (other := config.parent / "atlas-2.toml").write_text(CONFIG.replace("pay.csv", "more.csv") + JOBS, encoding="utf-8")
    pay = pd.read_csv(config.parent / "pay.csv")
    pay.assign(value=pay["value"] + 0.1).to_csv(config.parent / "more.csv", index=False)
    with crew_for(out, telling=how.telling()) as crew:
        prepare(load_config(other), [config.parent], crew=crew)
    assert taken[1:] == ["1 of 2 tasks was finished by an interrupted build and is taken from it"]


def test_studies_come_back_on_one_ground(config: Path, tmp_path: Path) -> None:
    store, both = Store(tmp_path / "store"), config.parent / "both.toml"
    both.write_text(CONFIG + JOBS, encoding="utf-8")
    first, again = (prepare(load_config(both), [config.parent], crew=Crew(store=store)) for _ in range(2))
    assert again.key == first.key
    assert len({id(study.ground) for study in again.studies}) == 1
    assert all(study.joined.boundaries is study.ground.boundaries for study in again.studies)
    sizes = [path.stat().st_size for path in store.folder.glob("*/value.pickle")]
    assert max(sizes) < 1_000_000, "the ground does not travel with every study"
    pd.testing.assert_frame_equal(first.studies[0].to_frame(), again.studies[0].to_frame(), check_exact=True)


def test_code_of_an_extension_is_code_of_the_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "guestpkg").mkdir()
    (tmp_path / "guestpkg" / "__init__.py").write_text("x = 1", encoding="utf-8")
    (tmp_path / "guestmodule.py").write_text("x = 1", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    found = [
        Extension("placeatlas.statistics", "a", f"{target}:x", "guest", "1")
        for target in ("guestpkg", "guestmodule", "gone")
    ]
    before = code_here()
    monkeypatch.setattr("maps.atlas.versions.extensions", lambda: found)
    first = code_here()
    (tmp_path / "guestmodule.py").write_text("x = 2", encoding="utf-8")
    second = code_here()
    (tmp_path / "guestpkg" / "__init__.py").write_text("x = 2", encoding="utf-8")
    assert len({before, first, second, code_here()}) == 4


def test_workers_are_a_number_or_an_address(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    assert [workers_of(said) for said in ("2", 3, "tcp://host:8786")] == [2, 3, "tcp://host:8786"]
    for wrong in ("0", -1, "two", "host:8786", "http://host", ""):
        with pytest.raises(ArgumentError, match="number of processes"):
            workers_of(wrong)
    assert cli.run(["build", str(config), "--workers", "none"]) == 1
    assert "found none, expected 2 or tcp://host:8786" in capsys.readouterr().err
    text = CONFIG.replace("area_pages = false", "area_pages = false\nworkers = 2")
    (config.parent / "two.toml").write_text(text, encoding="utf-8")
    read = load_config(config.parent / "two.toml")
    assert read.outputs.workers == 2
    assert "workers" not in read.model_dump()["outputs"], "the manifest does not say who did the work"


class Terminal:
    """What a terminal shows."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def test_progress_is_a_line_a_step_and_one_that_counts() -> None:
    shown, silent = Terminal(), Progress(None)
    with Progress(shown) as progress:  # type: ignore[arg-type]
        progress.say("Drawing maps")
        progress.count(1, 3)
        progress.say("Packing Wales")
    dim = "\x1b[2m{}\x1b[0m\n"
    clear = "\r\x1b[K"
    assert shown.text == (
        f"{clear}{dim.format('Drawing maps')}{clear}1 of 3 tasks{clear}{dim.format('Packing Wales')}1 of 3 tasks{clear}"
    )
    silent.say("nothing")
    silent.count(1, 2)
    assert Progress.on_a_terminal(silent=True).stream is None


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")  # what the scheduler's libraries say of one another is no word of ours
def test_a_cluster_of_two_workers_makes_the_same(config: Path, serial: dict[str, bytes], tmp_path: Path) -> None:
    from distributed import LocalCluster  # noqa: PLC0415 - an extra

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", worker_dashboard_address=":0", host="127.0.0.1"
    ) as cluster:
        assert cluster.scheduler_address.startswith("tcp://127.0.0.1:")
        with crew_for(tmp_path / "atlas", workers=cluster.scheduler_address) as crew:
            atlas = prepare(load_config(config), [config.parent], crew=crew)
            # pictures show the study and the words; all else is written by the same call
            crew.do(writing_jobs(atlas, atlas.key)[1:3], tmp_path / "atlas")
    made = files_below(tmp_path / "atlas")
    assert {Path(name).parts[0] for name in made} == {"maps"}
    assert made == {name: serial[name] for name in made}


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")  # as above
def test_a_cluster_that_cannot_do_the_work_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, config: Path, tmp_path: Path
) -> None:
    from distributed import LocalCluster  # noqa: PLC0415 - an extra

    def refused(address: str) -> WorkError:
        with pytest.raises(WorkError) as caught:
            build_atlas(str(config), out=tmp_path / "atlas", how=How(workers=address))
        assert not (tmp_path / "atlas").exists()
        return caught.value

    monkeypatch.setattr("geo.work.cluster.SECONDS", 0.5)
    assert refused("tcp://127.0.0.1:9").what == "no scheduler answers at tcp://127.0.0.1:9"
    with LocalCluster(n_workers=0, processes=False, dashboard_address=":0", protocol="tcp") as cluster:
        assert refused(cluster.scheduler_address).faults == ("it has no worker: start one with dask worker",)
    with LocalCluster(n_workers=1, processes=False, dashboard_address=":0", protocol="tcp") as cluster:
        turns = iter(["here", "there"])
        monkeypatch.setattr("maps.atlas.jobs.code_here", lambda: next(turns))
        assert "other code" in refused(cluster.scheduler_address).faults[0]
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert 'pip install "placeatlas[scale]"' in refused("tcp://127.0.0.1:9").faults
