"""The jobs of a build: its tasks, with what they are done on and the keys by which their results are known again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from geo.provenance import sha256_of
from geo.work import Crew, Job, Need, Processes, Shared, Store, Telling, content_key
from geo.work.cluster import Cluster
from geo.work.leftovers import closed, opened
from maps.atlas.tasks import PageTask, PictureTask, Site, StudyTask, TablesTask, pack_tasks, page_tasks, picture_tasks
from maps.atlas.versions import code_here
from maps.words import say as phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from analysis.levels import LevelOptions
    from analysis.study import Ground, StudyConfig
    from boundaries.joined import Joined
    from geo.work import Workers
    from geo.work.crew import Hands
    from maps.atlas.whole import Atlas

TABLES = "data/*.csv"
"""What packs read of the tables of a build."""


@dataclass(frozen=True, slots=True)
class How:
    """How a build is done, whatever it is of: nothing of it changes a byte of what is written.

    Parameters
    ----------
    workers : processes, or the address of a scheduler of ``dask.distributed``; None: as the configuration says.
    resume : take what an earlier run of the same build has finished. say : told of each step.
    count : told how many of how many tasks are done.
    """

    workers: Workers | None = None
    resume: bool = True
    say: Callable[[str], object] = lambda _step: None
    count: Callable[[int, int], object] = lambda _number, _of: None

    def telling(self) -> Telling:
        """Return who is told what by the crew."""
        return Telling(
            self.say,
            taken=lambda number, of: self.say(phrase("work.taken", n=number, of=of)),
            done=self.count,
            lost=lambda words: self.say(phrase("work.lost", words=words)),
        )


@contextmanager
def crew_for(out: Path, *, workers: Workers = 1, resume: bool = True, telling: Telling | None = None) -> Iterator[Crew]:
    """Yield whoever does the tasks of a build.

    Parameters
    ----------
    out : the folder that is built; what is finished is kept for it until the block ends without an error.
    workers : processes, or the address of a scheduler of ``dask.distributed``.
    resume : take what an earlier run of the same build has finished.
    """
    hands: Hands | None = None
    if isinstance(workers, str):
        hands = Cluster(workers, code_here)
    elif workers > 1:
        hands = Processes(workers)
    try:
        yield Crew(hands=hands, store=Store(opened(out, fresh=not resume)), telling=telling)
    finally:
        if hands is not None:
            hands.close()
    closed(out)


def study_jobs(
    joined: Mapping[str, Joined],
    how: StudyConfig,
    grounds: Mapping[str, Ground],
    levels: Mapping[str, LevelOptions],
    *,
    keyed: bool,
) -> list[Job]:
    """Return a job for every outcome.

    Parameters
    ----------
    joined : by outcome. grounds : by geography. levels : by outcome, how its levels are made.
    keyed : whether results are kept, so that keys must be of all their content.
    """
    sites, code = {}, code_here() if keyed else ""
    for geography, ground in grounds.items():
        values = {name: one.frame["value"] for name, one in joined.items() if one.boundaries.geography == geography}
        site = Site(ground, values if how.extra else {})
        sites[geography] = Shared(content_key(code, how, ground, site.beside) if keyed else geography, site)
    jobs = []
    for name, one in joined.items():
        task, shared = StudyTask(one, how, levels.get(name)), sites[one.boundaries.geography]
        # the areas are in the key of the site already, and by far the most of an outcome
        rest = [getattr(one, part.name) for part in fields(one) if part.name != "boundaries"]
        if one.boundaries is not grounds[one.boundaries.geography].boundaries:
            rest.append(one.boundaries)
        jobs.append(
            Job(content_key(shared.key, name, rest, levels.get(name)) if keyed else name, task.words, task, shared)
        )
    return jobs


def atlas_key(atlas: Atlas, studied: list[str]) -> str:
    """Return the key of an atlas: of its studies, and of everything else that it was made of."""
    layout = None if atlas.layout is None else sha256_of(atlas.layout)
    said = atlas.config.model_dump(mode="json", by_alias=True)
    return content_key(studied, said, atlas.companions, layout, atlas.absent, atlas.series, atlas.postcodes)


def writing_jobs(atlas: Atlas, key: str) -> list[Job]:
    """Return a job for everything that is written without regard to the rest, in the order in which it is told.

    Parameters
    ----------
    key : of the atlas.
    """
    shared = Shared(key, atlas)
    tables = Job(content_key(key, TablesTask()), TablesTask().words, TablesTask(), shared)
    alone: list[PictureTask | PageTask] = [*picture_tasks(atlas), *page_tasks(atlas)]
    jobs = [Job(content_key(key, task), task.words, task, shared) for task in alone]
    needs = (Need(tables.key, TABLES),)
    return [
        tables,
        *jobs,
        *(Job(content_key(key, task), task.words, task, shared, needs) for task in pack_tasks(atlas)),
    ]
