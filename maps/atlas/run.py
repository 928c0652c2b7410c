"""The run, in order: configuration, inputs, studies, tables, pictures, pages, packs, manifest; whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.study import survey
from analysis.study.kinds_of_place import clusters_by_kind_together, judged_together
from boundaries.bundled.layers import load_neighbours
from boundaries.sources.fetching import Link
from geo.files import write_json
from geo.staging import MANIFEST, staged
from geo.work import Crew, Telling
from maps.atlas.area_pages import with_area_pages, write_area_pages
from maps.atlas.builds import DEFAULT_FOLDER
from maps.atlas.companions import companions_of
from maps.atlas.config import load_config, locate_config
from maps.atlas.findings import summary_of
from maps.atlas.input_files import hashes_of_inputs
from maps.atlas.inputs import areas_of, check_reach, join_outcomes, layout_file, read_outcomes, study_config
from maps.atlas.jobs import How, atlas_key, crew_for, study_jobs, writing_jobs
from maps.atlas.manifest import describe
from maps.atlas.packing import packs_spoken
from maps.atlas.pages import write_address, write_front
from maps.atlas.periods import series_of_atlas
from maps.atlas.postcodes import postcodes_of
from maps.atlas.signing import private_key, sign
from maps.atlas.tasks import PackTask, PictureTask, pack_tasks
from maps.atlas.whole import Atlas
from maps.packs import Layout, regions_asked
from maps.words import say as phrase
from maps.words import speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from analysis.study import Ground
    from boundaries.joined import Joined
    from maps.atlas.config import AtlasConfig
    from maps.atlas.inputs import Read
    from maps.atlas.pictures import Drawn
    from maps.atlas.tasks import Studied


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: its folder, a few lines an outcome, and the number of files."""

    out: Path
    summary: tuple[str, ...]
    files: int

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data."""
        return {
            "out": str(self.out),
            "index": str(self.out / "index.html"),
            "summary": list(self.summary),
            "files": self.files,
        }


def joined_of(
    config: AtlasConfig, folders: Sequence[Path], *, link: Link | None = None
) -> tuple[dict[str, Joined], Read]:
    """Read every outcome of a configuration and join it to its areas, by id; return also what was read."""
    read = read_outcomes(config, folders, link=link)
    return join_outcomes(config, read.tables, areas_of(config, read.tables, folders)), read


def prepare(
    config: AtlasConfig,
    folders: Sequence[Path],
    *,
    say: Callable[[str], object] = lambda _step: None,
    link: Link | None = None,
    crew: Crew | None = None,
) -> Atlas:
    """Read, join and study everything that a configuration asks for.

    Parameters
    ----------
    config : the atlas. folders : where relative file names are looked up, in order.
    say : told of each step. link : how outcomes are fetched that the cache does not hold; None: they are not.
    crew : who studies the outcomes; by default this process, one after the other.
    """
    crew = crew or Crew(telling=Telling(say))
    check_reach(config, folders)
    how = study_config(config, folders)
    crew.say(phrase("work.reading"))
    joined, read = joined_of(config, folders, link=link)
    for line in read.absent:
        say(line)
    # a place that cannot be packed is told before the work, not after it
    regions_asked(
        config.outputs.packs, {part.boundaries.geography: Layout(part.boundaries, {}) for part in joined.values()}
    )
    beside = companions_of(config, read.tables, joined)
    periods = series_of_atlas(config, read.tables, folders)
    for line in periods.unfollowed:
        say(line)
    postcodes = postcodes_of(config, folders, [one.boundaries for one in joined.values()])
    neighbours = load_neighbours()
    crew.say(phrase("work.measuring"))
    grounds: dict[str, Ground] = {}
    for one in joined.values():
        if one.boundaries.geography not in grounds:
            grounds[one.boundaries.geography] = survey(one.boundaries, how, neighbours=neighbours)
    levels = {part.id: part.levels.or_stated_of(joined[part.id].meta) for part in config.outcome if part.id in joined}
    jobs = study_jobs(joined, how, grounds, levels, keyed=crew.store is not None)
    found: list[Studied] = crew.do(jobs)
    in_clusters = clusters_by_kind_together([kinds for _, kinds in found])
    layout = layout_file(config, folders)
    inputs = hashes_of_inputs(config, read.files, folders)
    atlas = Atlas(
        config,
        how,
        judged_together([study for study, _ in found]),
        neighbours,
        inputs,
        beside,
        layout,
        (*read.absent, *periods.unfollowed),
        periods.series,
        postcodes,
        {study.joined.meta.id: kinds for (study, _), kinds in zip(found, in_clusters, strict=True)},
    )
    return replace(atlas, key=atlas_key(atlas, [job.key for job in jobs])) if crew.store is not None else atlas


def build_atlas(
    atlas: str | None = None,
    *,
    data: Sequence[Path] = (),
    out: Path | None = None,
    seed: int | None = None,
    force: bool = False,
    key: Path | None = None,
    fetch: bool = False,
    how: How | None = None,
) -> Built:
    """Build an atlas.

    Parameters
    ----------
    atlas : name of a built-in atlas, or path of a TOML file; the starter atlas by default.
    data : folders in which relative file names are looked up, before the configuration's own.
    out : folder to write; ``atlas-out/<slug>`` by default. seed : overrules the configuration's.
    force : replace an earlier atlas in that folder. key : a private key to sign the manifest with.
    fetch : fetch what the configuration names and the cache does not hold.
    how : by how many workers, whether from where an earlier run broke off, and who is told.

    Raises
    ------
    PlaceatlasError
        Anything that would make the atlas false or incomplete; nothing is then written. What tasks have finished is kept, and taken
        by the next build of the same folder as far as it is still the same.
    """
    how = how or How()
    path = locate_config(atlas)
    config = load_config(path)
    if key is not None:
        private_key(key)  # a key that cannot be used is told before the work, not after it
    if seed is not None:
        config = config.model_copy(update={"statistics": config.statistics.model_copy(update={"seed": seed})})
    out = (out or DEFAULT_FOLDER / config.slug).resolve()
    with (
        staged(out, force=force) as folder,
        crew_for(out, workers=how.workers or config.outputs.workers, resume=how.resume, telling=how.telling()) as crew,
    ):
        whole = prepare(config, [*data, path.parent], say=how.say, link=Link() if fetch else None, crew=crew)
        files = write_atlas(whole, folder, crew=crew)
        if key is not None:
            sign(folder / MANIFEST, key)
    summary = [line for study in whole.studies for line in summary_of(study)]
    packs = len(pack_tasks(whole))
    return Built(out, (*summary, *whole.absent, f"{files} files, {packs} packs of nations and regions"), files)


def write_atlas(atlas: Atlas, folder: Path, *, crew: Crew | None = None) -> int:
    """Write everything below ``folder``; return the number of files.

    Parameters
    ----------
    crew : who does it; by default this process, one after the other.
    """
    crew = crew or Crew()
    jobs = writing_jobs(atlas, atlas.key)
    drawn: dict[str, list[Drawn]] = {}
    packs = []
    for job, value in zip(jobs, crew.do(jobs, folder), strict=True):
        if isinstance(job.task, PictureTask):
            drawn.setdefault(job.task.outcome, []).append(value)
        elif isinstance(job.task, PackTask):
            packs.append((job.task.region, folder / value))
    crew.say(phrase("work.front"))
    for code in atlas.config.outputs.languages:
        with speaking(code):
            own = packs_spoken(packs, code)
            write_area_pages(atlas.told(code), folder, own, with_area_pages(atlas))
            write_front(atlas.told(code), folder, own, drawn)
    if atlas.config.address:
        write_address(atlas, folder)
    manifest = describe(atlas, folder)
    write_json(folder / MANIFEST, manifest.to_json())
    return len(manifest.files) + 1
