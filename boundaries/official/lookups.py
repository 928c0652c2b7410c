"""Fetch a lookup table, keep it, find it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from boundaries.official.acquiring import Arrived, Network, acquire
from boundaries.official.carried import read_carried_table
from boundaries.official.checks import Checked, check_lookup
from boundaries.official.entries import LookupEntry, load_catalogue
from boundaries.official.finding import Wanted
from boundaries.official.keeping import fields_of, held, record_of
from boundaries.official.releases import day_words, suitable
from boundaries.transport import store
from geo.errors import FetchError
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from boundaries.transport import Policy

_KIND = "lookups"


@dataclass(frozen=True, slots=True)
class CachedLookup:
    """A lookup table in the cache: a CSV with the publisher's own fields, of which two hold the codes."""

    path: Path
    source: Source
    child: str
    parent: str
    date: dt.date
    child_field: str
    parent_field: str
    extent: str = "UK"
    count: int = 0
    service: str = ""
    layer_id: int = -1
    checks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Name the table: ``LAD to UTLA@2024-12-31, 318 rows, EW``."""
        return f"{self.child} to {self.parent}@{self.date.isoformat()}, {self.count:,} rows, {self.extent}"


def fetch_lookup(
    child: str,
    parent: str,
    date: dt.date | None = None,
    *,
    base_url: str | None = None,
    from_file: Path | None = None,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    policy: Policy | None = None,
) -> CachedLookup:
    """Fetch the lookup nearest to a date among those with that date's parents, check it, and keep it in the cache.

    Parameters
    ----------
    child, parent : geographies as the catalogue names them: ``"LAD", "UTLA"``; ``"LSOA-2021", "LAD"``.
    date : None means the latest table.
    from_file : a CSV, or a zip with one.
    base_url, cache, progress, policy : as for ``fetch_layer``.

    Raises
    ------
    FetchError
        Not in the catalogue, not on the portal, or not what it says it is; the cache is as it was.
    """
    entries = suitable(parent, date, load_catalogue().tables(child, parent))
    if from_file is not None:
        return _carried(from_file, entries, cache)
    return acquire(
        entries,
        held=lambda entry: _held(store.place(_KIND, entry.id, cache)),
        wanted=_wanted,
        take=lambda entry, arrived: _taken(entry, arrived, cache),
        refusal=f"no lookup from {child} to {parent} for {day_words(date)} was found on the portal",
        network=Network(base_url, cache, progress, policy),
    )


def cached_lookups(cache: Path | None = None) -> tuple[CachedLookup, ...]:
    """List every lookup in the cache, in order of name.

    Raises
    ------
    FetchError
        A file that is held is damaged.
    """
    found = (_held(record) for record in store.records(_KIND, cache))
    return tuple(table for table in found if table is not None)


def _carried(path: Path, entries: tuple[LookupEntry, ...], cache: Path | None) -> CachedLookup:
    table = read_carried_table(path)
    faults: list[FetchError] = []
    for entry in entries:
        try:
            checked = check_lookup(table, entry, what=f"{path.name} (as {entry.id})")
        except FetchError as error:
            faults.append(error)
            continue
        note = f"carried in by hand: {path.name}, sha256 {sha256_of(path)}"
        return _keep(table, entry, checked, Source(title=f"{entry.title} (file {path.name})"), {"notes": [note]}, cache)
    raise faults[0]


def _taken(entry: LookupEntry, arrived: Arrived, cache: Path | None) -> CachedLookup:
    table = pd.DataFrame(list(arrived.rows.attributes), columns=list(arrived.layer.fields), dtype=object)
    checked = check_lookup(table, entry, what=f"{arrived.layer.service} ({entry.id})")
    tidy = table.drop(columns=arrived.layer.object_id)
    return _keep(tidy, entry, checked, arrived.source(entry.title), arrived.record(), cache)


def _wanted(entry: LookupEntry) -> Wanted:
    fields = (entry.child_field, entry.parent_field)
    return Wanted(entry.id, entry.service_pattern(), entry.seen, fields, count=None, polygons=False)


def _keep(
    table: pd.DataFrame, entry: LookupEntry, checked: Checked, origin: Source, found: dict[str, Any], cache: Path | None
) -> CachedLookup:
    own = {
        "child": entry.child,
        "parent": entry.parent,
        "child_field": checked.code,
        "parent_field": checked.name,
    }
    record = record_of(entry, origin, checked, len(table), {**own, **found})
    record_at = store.place(_KIND, entry.id, cache)
    text = table.sort_values([checked.code, checked.name], kind="stable").to_csv(index=False, lineterminator="\n")
    kept = store.keep(record_at, ".csv", lambda path: path.write_text(text, encoding="utf-8", newline="\n"), record)
    return _from_record(kept, record_at)


def _held(record_at: Path) -> CachedLookup | None:
    return held(record_at, _from_record)


def _from_record(record: dict[str, Any], record_at: Path) -> CachedLookup:
    return CachedLookup(
        child=record["child"],
        parent=record["parent"],
        child_field=record["child_field"],
        parent_field=record["parent_field"],
        **fields_of(record, record_at),
    )
