"""What the record of anything kept of the portal holds, and how it is read back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from boundaries.transport import store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from boundaries.official.checks import Checked
    from boundaries.official.entries import LayerEntry, LookupEntry
    from geo.provenance import Source

Kept = TypeVar("Kept")


def record_of(
    entry: LayerEntry | LookupEntry, origin: Source, checked: Checked, count: int, own: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the record of a release or table: where it is from, of which date, what was checked, and what is its ``own``."""
    return {
        "source": store.source_in(replace(origin, licence=entry.licence, attribution=tuple(entry.attribution))),
        "date": entry.date.isoformat(),
        "extent": entry.extent,
        "count": count,
        "checks": list(checked.checks),
        **own,
    }


def fields_of(record: dict[str, Any], record_at: Path) -> dict[str, Any]:
    """Return what every record says, as the fields of what is kept."""
    return {
        "path": store.file_of(record_at, record),
        "source": store.source_from(record),
        "date": dt.date.fromisoformat(record["date"]),
        "extent": record["extent"],
        "count": record["count"],
        "service": record.get("service", ""),
        "layer_id": record.get("layer_id", -1),
        "checks": tuple(record["checks"]),
        "notes": tuple(record["notes"]),
    }


def held(record_at: Path, made: Callable[[dict[str, Any], Path], Kept]) -> Kept | None:
    """Return what is kept under a record, or None."""
    record = store.kept(record_at)
    return None if record is None else made(record, record_at)
