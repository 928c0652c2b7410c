"""What goes into a pack, before it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from boundaries.outcomes.measures import Favourable
    from geo.provenance import Source
    from maps.spec import MapSpec


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
class PackOutcome:
    """One outcome of a pack. Whatever is given by code may hold areas outside the region: they are left out.

    Parameters
    ----------
    id, title, period, favourable : of the outcome.
    alone : codes of areas that are in no cluster but stand out alone.
    specs : maps of the whole atlas or of the region, one layer of the offline page each.
    table, columns : text cells indexed by code, and headings, as for the offline page.
    numbers : values by code, NaN where there is none.
    texts : by code, value and interval as printed.
    pictures : static maps of the region.
    clusters : by code, class of the local Moran statistic ("low-low", …), where it was looked for.
    lower, upper : by code, ends of the published interval, when known.
    sources : what the values come from.
    """

    id: str
    title: str
    period: str
    favourable: Favourable
    specs: tuple[MapSpec, ...]
    table: pd.DataFrame
    columns: Mapping[str, str]
    numbers: pd.Series
    texts: Mapping[str, str]
    pictures: tuple[PackPicture, ...] = ()
    clusters: Mapping[str, str] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    lower: pd.Series | None = None
    upper: pd.Series | None = None
    sources: tuple[Source, ...] = ()


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
