"""Packs of a build that stands already, from what it keeps alone: no source is read, no statistic computed."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from typing import TYPE_CHECKING

from geo.errors import OutputError
from geo.files import write_json
from geo.staging import MANIFEST, adding
from maps.atlas.builds import build_or_newest
from maps.atlas.manifest import hashes, read_manifest
from maps.atlas.packing import layouts_of, of_geography, write_region
from maps.packs import find_regions, read_kit
from maps.packs.documents import check_documents
from maps.packs.kept import STEM, check_kits
from maps.packs.naming import speaks, told_in
from maps.packs.writing import read_region
from maps.words import language, speaking
from maps.words import say as phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from maps.packs import Kit, Region

    Job = tuple[Region, Path, str, Path, bool]

REGIONS = "regions"


def packs_from_build(
    places: Sequence[str],
    build: Path | None = None,
    *,
    languages: Sequence[str] = (),
    workers: int = 1,
    documents: bool = True,
    say: Callable[[str], object] = lambda _step: None,
    warn: Callable[[str], object] = lambda _line: None,
) -> list[Path]:
    """Return the zip of each place's pack, writing into the build those that it lacks.

    Parameters
    ----------
    places : codes or names of nations, English regions, combined authorities, counties and single areas, or files of lists.
    build : a build's folder; the newest in ``atlas-out/`` by default.
    languages : of the packs; by default English, and each further language of the build where it is spoken (Welsh in Wales).
    workers : processes that write packs; what is written does not depend on it.
    documents : write summaries as PDF and DOCX too, which needs the extra ``packs``. say : told of each step.
    warn : told once where the packs name nobody to tell of an error.

    Raises
    ------
    CodeError
        Places that cannot be packed, all of them; nothing is then written.
    ConfigError
        A language that there are no words of.
    OutputError
        No build, one of another version or without the language, one that another run is writing, no room, or a list whose name
        is taken.
    """
    folder = build_or_newest(build)
    kits = _kits(folder)
    wanted_languages = [language(code).code for code in dict.fromkeys(languages)]
    check_kits(folder / "data", STEM, wanted_languages)
    found = find_regions(places, layouts_of(kits))
    spoken = wanted_languages or read_manifest(folder).config.outputs.languages
    regions = [
        of_geography(told_in(region, code, kits[region.geography].boundaries.frame), list(kits))
        for region in found
        for code in spoken
        if wanted_languages or speaks(code, region)
    ]
    zips = {region: folder / REGIONS / f"{region.info.folder_name}.zip" for region in regions}
    _refuse_others(regions, folder)
    if documents:
        check_documents()
    wanted = [region for region, path in zips.items() if not path.exists()]
    if wanted:
        if not next(iter(kits.values())).told:
            warn(phrase("pack.nobody-told"))
        with adding(folder) as new:
            stems = {name: _stem(folder, name, kits) for name in kits}
            jobs = [(region, folder / "data", stems[region.geography], new / REGIONS, documents) for region in wanted]
            _write(jobs, workers=workers, say=say)
            manifest = read_manifest(folder)  # read here, where no other run can add to it
            # Only what was written now: a file that changed since the build must stay found by a replay.
            files = {**manifest.files, **hashes(new)}
            write_json(new / MANIFEST, manifest.model_copy(update={"files": files}).to_json())
    return list(zips.values())


def _kits(folder: Path) -> dict[str, Kit]:
    """Return what packs of each geography of a build are made of, the geography of the atlas first."""
    data = folder / "data"
    kits = [read_kit(data, stem) for stem in _stems(data)]
    return {kit.boundaries.geography: kit for kit in kits}


def _stem(folder: Path, geography: str, kits: dict[str, Kit]) -> str:
    return dict(zip(kits, _stems(folder / "data"), strict=True))[geography]


def _stems(data: Path) -> tuple[str, ...]:
    """Return the kits of a build, each once whatever the languages: that of the atlas's geography first."""
    return (STEM, *sorted(path.stem for path in data.glob(f"{STEM}-*.json") if "." not in path.stem))


def _refuse_others(regions: Sequence[Region], folder: Path) -> None:
    """Refuse lists whose name another list of the build has.

    Raises
    ------
    OutputError
        All of them.
    """
    faults = []
    for region in regions:
        there = folder / REGIONS / region.info.folder_name
        if region.info.tier == "list" and there.is_dir() and read_region(there).codes != region.codes:
            faults.append(f"{region.info.folder_name} is there already, of other areas")
    if faults:
        raise OutputError("lists have the names of others", [*faults, "give the list another name"])


def _write(jobs: Sequence[Job], *, workers: int, say: Callable[[str], object]) -> None:
    """Write packs, in one process or in several."""
    if workers == 1 or len(jobs) == 1:
        for number, job in enumerate(jobs, 1):
            say(phrase("pack.packing", name=job[0].info.name, number=number, of=len(jobs)))
            _pack(*job)
        return
    # started anew, not forked: the libraries that draw and read layers keep threads that a fork would lose
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=multiprocessing.get_context("spawn"))
    with pool:
        running = {pool.submit(_pack, *job): job[0] for job in jobs}
        try:
            for number, done in enumerate(as_completed(running), 1):
                done.result()
                say(phrase("pack.packed", name=running[done].info.name, number=number, of=len(jobs)))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _pack(region: Region, data: Path, stem: str, out: Path, documents: bool) -> None:  # noqa: FBT001 - a job's last part
    write_region(_kept(data, stem, region.info.language), region, out, documents=documents)


@cache
def _kept(data: Path, stem: str, code: str) -> Kit:
    """Return a kit in a language, read once a process; a build does not change while packs are added to it."""
    with speaking(code):
        return read_kit(data, stem)
