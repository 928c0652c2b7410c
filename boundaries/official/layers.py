"""Fetch a layer of boundaries, keep it, find it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from pyproj.exceptions import CRSError

from boundaries.official.acquiring import Arrived, Network, acquire
from boundaries.official.carried import read_carried_layer, resolution_named
from boundaries.official.checks import Checked, check_layer, check_year
from boundaries.official.entries import RESOLUTIONS, LayerEntry, load_catalogue
from boundaries.official.finding import Wanted
from boundaries.official.keeping import fields_of, held, record_of
from boundaries.official.releases import day_words, suitable
from boundaries.transport import store
from geo.crs import WGS84
from geo.errors import FetchError
from geo.files import write_geopackage
from geo.provenance import Source, sha256_of
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from boundaries.official.paging import Rows
    from boundaries.transport import Policy

_KIND = "layers"
_PREFERRED = ("BGC", "BSC", "BUC", "BFC", "BFE")
"""When any resolution will do: 20 m, clipped to the coast, draws well at every size."""


@dataclass(frozen=True, slots=True)
class CachedLayer:
    """A release in the cache.

    Parameters
    ----------
    path : a GeoPackage with the publisher's own fields, geometry as published.
    source : title, address, hash, licence and the attribution lines to print.
    geography, date, extent, resolution : which release; ``date`` is the last day of the month it names.
    code_field, name_field, name_cy_field : fields of the file; the last may be empty.
    count : areas.
    service, layer_id : where on the portal it was found; empty and -1 for a file carried in.
    checks : what was checked, in words.
    notes : what had to be survived on the way.
    """

    path: Path
    source: Source
    geography: str
    date: dt.date
    resolution: str
    code_field: str
    name_field: str
    name_cy_field: str = ""
    extent: str = "UK"
    count: int = 0
    service: str = ""
    layer_id: int = -1
    checks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Name the release: ``LAD@2024-05-31 BGC, 361 areas, UK``."""
        return f"{self.geography}@{self.date.isoformat()} {self.resolution}, {self.count:,} areas, {self.extent}"


def fetch_layer(
    geography: str,
    date: dt.date | None = None,
    *,
    resolution: str = "BGC",
    base_url: str | None = None,
    from_file: Path | None = None,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    policy: Policy | None = None,
) -> CachedLayer:
    """Fetch the release nearest to a date among those with that date's codes, check it, and keep it in the cache.

    A release asked for by its very date is that one or none; for any other date the next one of the same codes will do. A
    release that is held already is returned without asking the network; remove its record from the cache to fetch it again. A file carried in by
    hand gets the same checks and replaces what is held.

    Parameters
    ----------
    geography : "LAD", "UTLA", "RGN", "CTRY", "CAUTH", "ITL1", "ITL2" or "ITL3".
    date : None means the latest release.
    resolution : "BFE", "BFC", "BGC", "BSC" or "BUC".
    base_url : of the services; plain http on this machine only.
    from_file : GeoJSON, GeoPackage, FlatGeobuf, a shapefile, or a zip with one of them. Without a date, its name and the year in
        its code field must tell which release it is.
    cache, policy : see ``boundaries.transport``.
    progress : called with the rows held and the rows expected.

    Raises
    ------
    FetchError
        Not in the catalogue, not on the portal, or not what it says it is; the cache is as it was.
    """
    releases = load_catalogue().releases(geography)
    entries = suitable(geography, date, releases)
    if entries[0].date == date:
        entries = entries[:1]
    if from_file is not None:
        entries = releases if date is None else entries
        _check_told(from_file, releases, entries)
        return _carried(from_file, entries, _stated_resolution(from_file, resolution), cache)
    return acquire(
        entries,
        held=lambda entry: _held(_place(entry, resolution, cache)),
        wanted=lambda entry: _wanted(entry, resolution),
        take=lambda entry, arrived: _taken(entry, arrived, resolution, cache),
        refusal=f"no {geography} layer at {resolution.upper()} for {day_words(date)} was found on the portal",
        network=Network(base_url, cache, progress, policy),
    )


def cached_layer(
    geography: str, date: dt.date | None = None, *, resolution: str | None = None, cache: Path | None = None
) -> CachedLayer | None:
    """Return the release in the cache that suits a date, or None; the network is not asked.

    Among releases with the codes of that date (see ``boundaries.official.releases``) the nearest that is held counts; with
    ``resolution=None`` the finest that draws well: BGC, BSC, BUC, BFC, BFE.

    Raises
    ------
    FetchError
        No release in the catalogue has the codes of that date, or the file that is held is damaged.
    """
    for entry in suitable(geography, date, load_catalogue().releases(geography)):
        for wanted in _PREFERRED if resolution is None else (resolution,):
            found = _held(_place(entry, wanted, cache))
            if found is not None:
                return found
    return None


def cached_layers(cache: Path | None = None) -> tuple[CachedLayer, ...]:
    """List every release in the cache, in order of name.

    Raises
    ------
    FetchError
        A file that is held is damaged.
    """
    found = (_held(record) for record in store.records(_KIND, cache))
    return tuple(layer for layer in found if layer is not None)


def _carried(path: Path, entries: Sequence[LayerEntry], resolution: str, cache: Path | None) -> CachedLayer:
    """Check a file against the releases it can be; it must be one of them, and no more than one."""
    frame, remarks = read_carried_layer(path, entries[0].code)
    named = [entry for entry in entries if entry.service_pattern(resolution).match(path.stem)]
    fitting: list[tuple[LayerEntry, Checked]] = []
    faults: list[FetchError] = []
    for entry in named or entries:
        try:
            checked = check_layer(frame, entry, what=f"{path.name} (as {_name(entry, resolution)})")
            check_year(checked.code, entry, what=f"{path.name} (as {_name(entry, resolution)})")
        except FetchError as error:
            faults.append(error)
        else:
            fitting.append((entry, checked))
    if not fitting:
        raise faults[-1]
    if len(fitting) > 1:
        days = ", ".join(entry.date.isoformat() for entry, _ in fitting)
        raise FetchError(
            f"{path.name} can be more than one release", [f"it fits those of {days}", "say which, as in LAD@2024-05-31"]
        )
    ((entry, checked),) = fitting
    note = f"carried in by hand: {path.name}, sha256 {sha256_of(path)}"
    origin = Source(title=f"{entry.title} {resolution} (file {path.name})")
    return _keep(frame, entry, resolution, checked, origin, {"notes": [note, *remarks]}, cache)


def _check_told(path: Path, releases: Sequence[LayerEntry], entries: Sequence[LayerEntry]) -> None:
    """Refuse a file whose name is that of another release than those asked for."""
    told = [e for e in releases if any(e.service_pattern(resolution).match(path.stem) for resolution in RESOLUTIONS)]
    if told and not any(entry in entries for entry in told):
        raise FetchError(
            f"{path.name} is not the release that was asked for",
            [
                f"its name tells of {told[0].date.isoformat()} {told[0].extent}",
                "ask for that date, or rename the file if its name is wrong",
            ],
        )


def _stated_resolution(path: Path, resolution: str) -> str:
    stated = resolution_named(path)
    if stated and stated != resolution.upper():
        raise FetchError(
            f"{path.name} names the resolution {stated}, but {resolution.upper()} was asked for",
            ["rename the file if its name is wrong"],
            [Remedy("resolution", stated)],
        )
    return resolution.upper()


def _wanted(entry: LayerEntry, resolution: str) -> Wanted:
    return Wanted(
        what=_name(entry, resolution),
        pattern=entry.service_pattern(resolution),
        seen=entry.seen_at(resolution),
        fields=(entry.code, entry.name),
        count=entry.count,
        polygons=True,
    )


def _taken(entry: LayerEntry, arrived: Arrived, resolution: str, cache: Path | None) -> CachedLayer:
    frame = _frame(arrived.rows, arrived.layer.fields)
    checked = check_layer(frame, entry, what=f"{arrived.layer.service} ({_name(entry, resolution)})")
    origin = arrived.source(f"{entry.title} {resolution.upper()}")
    return _keep(frame, entry, resolution, checked, origin, arrived.record(), cache)


def _frame(rows: Rows, fields: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Make a frame of rows: degrees unless the server names another CRS (RFC 7946 knows no other)."""
    table = pd.DataFrame(list(rows.attributes), columns=list(fields), dtype=object).infer_objects()
    try:
        return gpd.GeoDataFrame(table, geometry=list(rows.geometries), crs=rows.crs or WGS84)
    except CRSError as error:
        raise FetchError("the portal names a CRS that is not known", [f"found {rows.crs!r}"]) from error


def _keep(
    frame: gpd.GeoDataFrame,
    entry: LayerEntry,
    resolution: str,
    checked: Checked,
    origin: Source,
    found: dict[str, Any],
    cache: Path | None,
) -> CachedLayer:
    own = {
        "geography": entry.geography,
        "resolution": resolution.upper(),
        "code_field": checked.code,
        "name_field": checked.name,
        "name_cy_field": checked.name_cy,
    }
    record = record_of(entry, origin, checked, len(frame), {**own, **found})
    record_at = _place(entry, resolution, cache)
    ordered = frame.sort_values(checked.code, ignore_index=True)
    kept = store.keep(record_at, ".gpkg", lambda path: write_geopackage(ordered, path, entry.id), record)
    return _from_record(kept, record_at)


def _held(record_at: Path) -> CachedLayer | None:
    return held(record_at, _from_record)


def _from_record(record: dict[str, Any], record_at: Path) -> CachedLayer:
    return CachedLayer(
        geography=record["geography"],
        resolution=record["resolution"],
        code_field=record["code_field"],
        name_field=record["name_field"],
        name_cy_field=record["name_cy_field"],
        **fields_of(record, record_at),
    )


def _place(entry: LayerEntry, resolution: str, cache: Path | None) -> Path:
    entry.seen_at(resolution)  # refuses an unknown resolution before it becomes a file's name
    return store.place(_KIND, f"{entry.id}_{resolution.upper()}", cache)


def _name(entry: LayerEntry, resolution: str) -> str:
    return f"{entry.geography} {entry.date.isoformat()} {entry.extent} {resolution.upper()}"
