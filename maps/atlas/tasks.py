"""What is left to do for an atlas, as a list of small frozen records that any process can do in any order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analysis.study import run_study
from boundaries.outcomes.periods import dated
from maps.addresses import FIRST
from maps.atlas.findings import lead_of
from maps.atlas.interactive import write_interactive
from maps.atlas.packing import regions_to_pack, write_region
from maps.atlas.pictures import draw_kind, draw_map
from maps.kinds.table import kind_named
from maps.packs.documents import lacking
from maps.words import speaking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from analysis.levels import LevelOptions
    from analysis.study import Ground, Study, StudyConfig
    from boundaries.joined import Joined
    from maps.atlas.pictures import Drawn
    from maps.atlas.whole import Atlas
    from maps.packs import Region


@dataclass(frozen=True, slots=True, eq=False)
class StudyTask:
    """One outcome to be studied on its ground, before there is an atlas.

    ``beside`` has the values of every outcome on the same areas, by id, for statistics that look at several; ``levels`` says
    how its levels are made.
    """

    joined: Joined
    how: StudyConfig
    ground: Ground
    beside: Mapping[str, pd.Series] = field(default_factory=dict)
    levels: LevelOptions | None = None

    @property
    def words(self) -> str:
        """What is told while it runs."""
        return f"Studying {dated(self.joined.meta.title, self.joined.period)}"

    def run(self) -> Study:
        """Study it."""
        return run_study(self.joined, self.how, ground=self.ground, beside=self.beside, levels=self.levels)


def study_tasks(
    joined: Mapping[str, Joined],
    how: StudyConfig,
    grounds: Mapping[str, Ground],
    levels: Mapping[str, LevelOptions] | None = None,
) -> list[StudyTask]:
    """Return a task for every outcome.

    Parameters
    ----------
    joined : by outcome. grounds : by geography. levels : by outcome, how its levels are made.
    """
    values = {
        geography: {name: one.frame["value"] for name, one in joined.items() if one.boundaries.geography == geography}
        for geography in grounds
    }
    return [
        StudyTask(
            one, how, grounds[one.boundaries.geography], values[one.boundaries.geography], (levels or {}).get(outcome)
        )
        for outcome, one in joined.items()
    ]


@dataclass(frozen=True, slots=True)
class PictureTask:
    """One kind of map or chart of one outcome, in every format."""

    outcome: str
    kind: str

    @property
    def words(self) -> str:
        """What is told while it runs."""
        return "Drawing maps"

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
        return "Writing the interactive page"

    def run(self, atlas: Atlas, folder: Path) -> None:
        """Write it into ``folder``."""
        with speaking(self.language):
            write_interactive(atlas.told(self.language), folder)


@dataclass(frozen=True, slots=True)
class PackTask:
    """The pack of one region, in the language of the region."""

    region: Region

    @property
    def words(self) -> str:
        """What is told while it runs."""
        return f"Packing {self.region.info.name}"

    def run(self, atlas: Atlas, folder: Path) -> Path:
        """Write it below ``folder/regions`` and return the path of its zip."""
        code = self.region.info.language
        with speaking(code):
            kit = replace(atlas.told(code).kits[self.region.geography], data=folder / "data")
            return write_region(kit, self.region, folder / "regions", documents=not lacking())


Task = PictureTask | PageTask | PackTask
"""Whatever reads an atlas and writes files of its own: no task needs another's; packs need the build's tables."""


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
