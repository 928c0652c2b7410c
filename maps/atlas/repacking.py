"""Packs of a build that stands already, from what it keeps alone: no source is read, no statistic computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.errors import OutputError
from geo.files import write_json
from geo.staging import MANIFEST, adding
from geo.work import Job, Need, Shared, content_key
from maps.atlas.builds import build_or_newest
from maps.atlas.jobs import TABLES, How, crew_for
from maps.atlas.manifest import hashes, read_manifest
from maps.atlas.packing import layouts_of, of_geography
from maps.atlas.tasks import PackTask
from maps.atlas.versions import code_here
from maps.packs import find_regions, read_kit
from maps.packs.documents import check_documents
from maps.packs.kept import STEM, check_kits
from maps.packs.naming import speaks, told_in
from maps.packs.writing import read_region
from maps.words import language, speaking
from maps.words import say as phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from geo.work import Crew, Workers
    from maps.packs import Kit, Region

REGIONS = "regions"


@dataclass(frozen=True, slots=True, eq=False)
class Kits:
    """Geography → what packs of a build are made of, as an atlas has them; ``spoken`` has the same by language."""

    kits: dict[str, Kit]
    spoken: Mapping[str, dict[str, Kit]] = field(default_factory=dict)

    def told(self, code: str) -> Kits:
        """Return the same in a language."""
        return Kits(self.spoken[code], self.spoken)


def packs_from_build(
    places: Sequence[str],
    build: Path | None = None,
    *,
    languages: Sequence[str] = (),
    workers: Workers = 1,
    documents: bool = True,
    say: Callable[[str], object] = lambda _step: None,
    count: Callable[[int, int], object] = lambda _number, _of: None,
    warn: Callable[[str], object] = lambda _line: None,
) -> list[Path]:
    """Return the zip of each place's pack, writing into the build those that it lacks.

    Parameters
    ----------
    places : codes or names of nations, English regions, combined authorities, counties and single areas, or files of lists.
    build : a build's folder; the newest in ``atlas-out/`` by default.
    languages : of the packs; by default English, and each further language of the build where it is spoken (Welsh in Wales).
    workers : processes that write packs, or the address of a scheduler; what is written does not depend on it.
    documents : write summaries as PDF and DOCX too, which needs the extra ``packs``. say : told of each step.
    count : told how many of how many packs are done.
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
        _write(wanted, folder, workers, How(say=say, count=count), documents=documents)
    return list(zips.values())


def _write(regions: Sequence[Region], folder: Path, workers: Workers, how: How, *, documents: bool) -> None:
    """Write packs into a build, all of them or none."""
    with adding(folder) as new, crew_for(folder / REGIONS, workers=workers, telling=how.telling()) as crew:
        crew.do(_jobs(regions, folder / "data", crew, documents=documents), new)
        manifest = read_manifest(folder)  # read here, where no other run can add to it
        # Only what was written now: a file that changed since the build must stay found by a replay.
        files = {**manifest.files, **hashes(new)}
        write_json(new / MANIFEST, manifest.model_copy(update={"files": files}).to_json())


def _kits(folder: Path) -> dict[str, Kit]:
    """Return what packs of each geography of a build are made of, the geography of the atlas first."""
    data = folder / "data"
    # each once whatever the languages: that of the atlas's geography first
    stems = (STEM, *sorted(path.stem for path in data.glob(f"{STEM}-*.json") if "." not in path.stem))
    kits = [read_kit(data, stem) for stem in stems]
    return {kit.boundaries.geography: kit for kit in kits}


def _jobs(regions: Sequence[Region], data: Path, crew: Crew, *, documents: bool) -> list[Job]:
    """Return a job for every pack; the tables of the build are put where workers find them."""
    spoken = {}
    for code in dict.fromkeys(region.info.language for region in regions):
        with speaking(code):
            spoken[code] = _kits(data.parent)
    key = content_key(code_here(), hashes(data), list(spoken))
    shared, tables = Shared(key, Kits(next(iter(spoken.values())), spoken)), content_key(key, TABLES)
    crew.lend(tables, {f"data/{path.name}": path for path in data.glob("*.csv")})
    tasks = [PackTask(region, documents=documents) for region in regions]
    return [Job(content_key(key, task), task.words, task, shared, (Need(tables, TABLES),)) for task in tasks]


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
