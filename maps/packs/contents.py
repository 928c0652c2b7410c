"""What goes into a pack, before it is written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from maps.findings.watched import WatchedChanges
from maps.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from maps.findings import (
        EndsFinding,
        KindsFinding,
        LevelsFinding,
        OutcomeFindings,
        PatternFinding,
        RangeFinding,
        StandingFinding,
    )
    from maps.look.scales import Scheme
    from maps.spec import MapSpec
    from maps.static.drawing import Format
    from maps.words import Topic


Tier = Literal["nation", "region", "combined-authority", "county", "council", "list"]
"""What a pack may be of; a council is any single area of the build, a list one of the reader's own."""


@dataclass(frozen=True, slots=True)
class RegionInfo:
    """A place that a pack is of: ``slug`` names its folder, ``nation`` is one of E W S N, ``welsh`` its Welsh name.

    ``name`` is what titles say: where a region and a combined authority share a name, it says which of the two. ``language`` is
    that of the pack; in another one than English ``english`` is what it is called there.
    """

    code: str
    name: str
    slug: str
    nation: str
    welsh: str = ""
    tier: Tier = "region"
    language: str = "en"
    english: str = ""

    @property
    def other(self) -> tuple[str, str]:
        """Return the name that stands beside the first, and its language; both "" where there is none."""
        beside = (self.english, "en") if self.english else (self.welsh, "cy")
        return beside if beside[0] and beside[0] != self.name else ("", "")

    @property
    def folder_name(self) -> str:
        """Return ``<code>-<slug>``; the code of an area of a custom set without its colon, of a list the word."""
        return f"{slug(self.code).upper() if ':' in self.code else self.code or 'list'}-{self.slug}"


@dataclass(frozen=True, slots=True)
class Region:
    """A place of which there is a pack.

    Parameters
    ----------
    info : what it is called. geography : of its areas.
    codes : of its areas. context : of areas around a single council, which are shown beside it.
    partly : names of areas that lie in it in part, and are left out.
    """

    info: RegionInfo
    geography: str
    codes: tuple[str, ...]
    context: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """Codes of all areas of its maps and tables, its own first."""
        return (*self.codes, *self.context)

    def to_dict(self) -> dict[str, Any]:
        """Return the region as JSON-able data."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self)))  # tuples become lists, as a file has them
        return told

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Region:
        """Return the region that ``to_dict`` told."""
        lists = {name: tuple(data[name]) for name in ("codes", "context", "partly")}
        return cls(RegionInfo(**data["info"]), data["geography"], **lists)


@dataclass(frozen=True, slots=True)
class PackPicture:
    """A static map of the region, drawn already.

    Parameters
    ----------
    path : PNG, wherever it lies.
    title, alt : for the pack's page.
    formats : the same map in other formats. small : it stands in the summary, beside others.
    """

    path: Path
    title: str
    alt: str
    formats: tuple[Path, ...] = ()
    small: bool = False


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
    prefix : of its columns in the table of areas, ``<outcome>__<period>``. scheme : how its values are put in classes.
    whole : what is said of it on all areas.
    fates : what became of its values in each area, for ``coverage`` of a region; None where that is not known.
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
    prefix: str = ""
    scheme: Scheme = "quantile"
    whole: OutcomeFindings | None = None
    fates: Fates | None = None


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of an outcome's values: areas that it does not cover, how the others were made, what the join says of it."""

    uncovered: tuple[str, ...]
    made: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Kit:
    """Everything that packs of one geography of an atlas are made of; kept in the build, so that packs need no sources.

    Parameters
    ----------
    note : what every pack says of itself. boundaries : of all areas. adjacent : code → neighbours that statistics count.
    table : the atlas's table of areas. outcomes : on all areas. kinds : who belongs to which kind of place.
    memberships : by code, the answer of every definition of a kind of place (yes, no, not classified).
    land : around the United Kingdom, drawn grey. formats : of pictures. data : folder of the build's other tables.
    told : whether somebody is named to be told of an error. watched : what moves, of the outcomes that are followed.
    """

    note: PackNote
    boundaries: BoundarySet
    adjacent: Mapping[str, tuple[str, ...]]
    table: gpd.GeoDataFrame
    outcomes: tuple[PackOutcome, ...]
    kinds: KindsFinding
    memberships: pd.DataFrame
    land: gpd.GeoDataFrame
    formats: tuple[Format, ...]
    told: bool = True
    data: Path | None = None
    watched: WatchedChanges = field(default_factory=WatchedChanges)


@dataclass(frozen=True, slots=True)
class PackNote:
    """What every pack of an atlas says of itself.

    Parameters
    ----------
    atlas : title of the atlas. version : of placeatlas. data_date : date of the newest data, written out.
    report_to : whom to tell of an error. sources : beyond those of boundaries and outcomes (neighbouring land, types).
    names : of the table's columns: column → the name a reader sees, and what it means.
    dictionary : what the columns mean, as a table; it travels with the pack.
    described : what is known of the outcome in a column of values, by column, in the words of a configuration.
    """

    atlas: str
    version: str
    data_date: str
    report_to: str
    sources: tuple[Source, ...] = ()
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    dictionary: pd.DataFrame | None = None
    described: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
