"""What is left to do for an atlas, as a list of small frozen records that any process can do in any order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from analysis.study import run_study
from analysis.study.kinds_of_place import clusters_by_kind
from boundaries.outcomes.periods import dated
from maps.addresses import FIRST
from maps.atlas.across import write_profiles
from maps.atlas.findings import lead_of
from maps.atlas.interactive import write_interactive
from maps.atlas.packing import regions_to_pack, write_region
from maps.atlas.pictures import draw_kind, draw_map
from maps.atlas.tables import write_data
from maps.kinds.table import kind_named
from maps.packs.documents import lacking
from maps.words import say, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from analysis.clusters.types import KindInClusters
    from analysis.levels import LevelOptions
    from analysis.study import Ground, Study, StudyConfig
    from boundaries.joined import Joined
    from maps.atlas.pictures import Drawn
    from maps.atlas.whole import Atlas
    from maps.packs import Kit, Region

    Studied = tuple[Study, tuple[KindInClusters, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """What outcomes of one geography are studied on, before there is an atlas.

    ``beside`` has the values of every outcome on the same areas, by id, for statistics that look at several.
    """

    ground: Ground
    beside: Mapping[str, pd.Series] = field(default_factory=dict)

    def shared_parts(self) -> dict[str, object]:
        """Return what studies hold too: it is sent to a worker once, and a study comes back without it."""
        return {"ground": self.ground, "boundaries": self.ground.boundaries}


@dataclass(frozen=True, slots=True, eq=False)
class StudyTask:
    """One outcome to be studied on its site; ``levels`` says how its levels are made."""

    joined: Joined
    how: StudyConfig
    levels: LevelOptions | None = None

    @property
    def words(self) -> str:
        """What is told while it runs."""
        return say("work.studying", what=dated(self.joined.meta.title, self.joined.period))

    def run(self, site: Site, _folder: Path) -> Studied:
        """Study it, and ask what kinds of place lie in its clusters, while the map's candidates of covariance are at hand."""
        study = run_study(self.joined, self.how, ground=site.ground, beside=site.beside, levels=self.levels)
        return study, clusters_by_kind(study)


@dataclass(frozen=True, slots=True)
class TablesTask:
    """The tables of an atlas, and its profiles."""

    @property
    def words(self) -> str:
        """What is told while it runs."""
        return say("work.tables")

    def run(self, atlas: Atlas, folder: Path) -> None:
        """Write them below ``folder``."""
        write_data(atlas, folder)
        write_profiles(atlas, folder)


@dataclass(frozen=True, slots=True)
class PictureTask:
    """One kind of map or chart of one outcome, in every format."""

    outcome: str
    kind: str

    @property
    def words(self) -> str:
        """What is told while it runs."""
        return say("work.maps")

    def run(self, atlas: Atlas, folder: Path) -> Drawn:
        """Draw it below ``folder/maps``; the map that leads also for narrow screens."""
        kind, formats = kind_named(self.kind), atlas.config.outputs.drawn
        study, maps = atlas.study(self.outcome), folder / "maps"
        if not kind.is_layer:
            return draw_kind(kind, atlas.subject(self.outcome, kind), maps, formats=formats)
        specs = atlas.specs[self.outcome]
        (spec,) = (spec for spec in specs if spec.kind == self.kind)
        return draw_map(spec, atlas.backdrop(study).canvas, maps, formats=formats, narrow=spec is lead_of(specs))


@dataclass(frozen=True, slots=True)
class PageTask:
    """The interactive page of all outcomes, in one language."""

    language: str = FIRST

    @property
    def words(self) -> str:
        """What is told while it runs."""
        return say("work.page")

    def run(self, atlas: Atlas, folder: Path) -> None:
        """Write it into ``folder``."""
        with speaking(self.language):
            write_interactive(atlas.told(self.language), folder)


class HasKits(Protocol):
    """An atlas, or what a finished build keeps of it for packs."""

    @property
    def kits(self) -> Mapping[str, Kit]:
        """Geography → what packs are made of."""

    def told(self, code: str, /) -> HasKits:
        """Return the same in a language."""


@dataclass(frozen=True, slots=True)
class PackTask:
    """The pack of one region, in the language of the region; ``documents`` says whether its summary is a PDF and DOCX too, None: where they can be made."""

    region: Region
    documents: bool | None = None

    @property
    def words(self) -> str:
        """What is told while it runs."""
        return say("work.pack", name=self.region.info.name)

    def run(self, whole: HasKits, folder: Path) -> Path:
        """Write it below ``folder/regions`` from the tables in ``folder/data``; return the path of its zip below ``folder``."""
        code, documents = self.region.info.language, not lacking() if self.documents is None else self.documents
        with speaking(code):
            kit = replace(whole.told(code).kits[self.region.geography], data=folder / "data")
            return write_region(kit, self.region, folder / "regions", documents=documents).relative_to(folder)


Task = TablesTask | PictureTask | PageTask | PackTask
"""Whatever reads an atlas and writes files of its own: only packs need another's, the tables."""


def picture_tasks(atlas: Atlas) -> list[PictureTask]:
    """Return a task for every kind of map and chart that an outcome has all for."""
    outcomes = [study.joined.meta.id for study in atlas.studies]
    return [PictureTask(outcome, kind.name) for outcome in outcomes for kind in atlas.drawable(outcome)]


def page_tasks(atlas: Atlas) -> list[PageTask]:
    """Return a task for every language of the interactive page."""
    return [PageTask(language) for language in atlas.config.outputs.languages]


def pack_tasks(atlas: Atlas) -> list[PackTask]:
    """Return a task for every region that the configuration wants a pack of."""
    return [PackTask(region) for region in regions_to_pack(atlas)]
