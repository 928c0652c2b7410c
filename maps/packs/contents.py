"""What goes into a pack, before it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from geo.provenance import Source
    from maps.findings import EndsFinding, LevelsFinding, PatternFinding, RangeFinding, StandingFinding
    from maps.spec import MapSpec
    from maps.words import Topic


@dataclass(frozen=True, slots=True)
class RegionInfo:
    """A region or nation: ``slug`` names its folder, ``nation`` is one of E W S N, ``welsh`` its Welsh name."""

    code: str
    name: str
    slug: str
    nation: str
    welsh: str = ""

    @property
    def folder_name(self) -> str:
        """Return ``<code>-<slug>``."""
        return f"{self.code}-{self.slug}"


@dataclass(frozen=True, slots=True)
class PackPicture:
    """A static map of the region, drawn already.

    Parameters
    ----------
    path : PNG, wherever it lies.
    title, alt : for the pack's page.
    formats : the same map in other formats.
    """

    path: Path
    title: str
    alt: str
    formats: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class RegionFindings:
    """What the areas of a region show for one outcome, as records; None for what was not asked or cannot be said."""

    standing: StandingFinding | None
    spread: RangeFinding
    ends: EndsFinding | None
    pattern: PatternFinding | None


@dataclass(frozen=True, slots=True)
class PackOutcome:
    """One outcome of a pack. Whatever is given by code may hold areas outside the region: they are left out.

    Parameters
    ----------
    id : of the outcome. topic : what it is called, its unit, and the names of its areas.
    specs : maps of the whole atlas, one layer of the offline page each.
    table, columns : text cells indexed by code, and headings, as for the offline page.
    numbers : values by code, NaN where there is none.
    levels, pattern : where all areas of the atlas stand, and the clusters they lie in; None where that was not looked for.
    nations : initial of the nation, by code of every area of the atlas.
    coverage : what must be said of the region's values: nations that are not covered, values that were made.
    pictures : static maps of the region.
    lower, upper : by code, ends of the published interval, when known.
    sources : what the values come from.
    p_below, bands, worst : by code the probability of being below the average, and the band; the one or two bands of the
        unfavourable end, the outermost first.
    region, findings : of ``regional_outcome``: the region that the maps are cut to, and what its areas show.
    """

    id: str
    topic: Topic
    specs: tuple[MapSpec, ...]
    table: pd.DataFrame
    columns: Mapping[str, str]
    numbers: pd.Series
    levels: LevelsFinding | None = None
    pattern: PatternFinding | None = None
    nations: Mapping[str, str] = field(default_factory=dict)
    coverage: tuple[str, ...] = ()
    pictures: tuple[PackPicture, ...] = ()
    lower: pd.Series | None = None
    upper: pd.Series | None = None
    sources: tuple[Source, ...] = ()
    p_below: pd.Series | None = None
    bands: pd.Series | None = None
    worst: tuple[str, ...] = ()
    region: str = ""
    findings: RegionFindings | None = None


@dataclass(frozen=True, slots=True)
class PackNote:
    """What every pack of an atlas says of itself.

    Parameters
    ----------
    atlas : title of the atlas. version : of placeatlas. data_date : date of the newest data, written out.
    report_to : whom to tell of an error. sources : beyond those of boundaries and outcomes (neighbouring land, types).
    names : of the table's columns: column → the name a reader sees, and what it means.
    dictionary : what the columns mean, as a table; it travels with the pack.
    """

    atlas: str
    version: str
    data_date: str
    report_to: str
    sources: tuple[Source, ...] = ()
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    dictionary: pd.DataFrame | None = None
