"""Outcomes that are held in the cache: what each is, when it was retrieved, and when its publisher released it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.errors import FetchError

if TYPE_CHECKING:
    from pathlib import Path

    from geo.provenance import Source

_RECORDS = ".kept"
"""Folder of the records, beside the files of a source."""


@dataclass(frozen=True, slots=True)
class Held:
    """An outcome in the cache: what it was asked for as, its file, where it is from, and the ISO date of its release."""

    asked: str
    path: Path
    source: Source
    released: str


def record_of(path: Path, source: str) -> Path:
    """Return the record of a file that is kept under ``outcomes/<source>/``."""
    place = path.parents[[parent.name for parent in path.parents].index(source)]
    return place / _RECORDS / f"{'-'.join(path.relative_to(place).parts)}.json"


def held_as(path: Path) -> Held | None:
    """Return what the cache knows of a file; None of a file that is not of the cache, or was changed since."""
    for place in path.absolute().parents[:4]:
        if place.parent.name == "outcomes" and (place / _RECORDS).is_dir():
            return _held(place / _RECORDS / f"{'-'.join(path.absolute().relative_to(place).parts)}.json")
    return None


def held_outcomes(cache: Path | None = None) -> tuple[Held, ...]:
    """Return every outcome in the cache that was fetched by a name, in order of the names."""
    from boundaries.transport import cache_folder  # noqa: PLC0415  # the client is slow to import

    records = sorted((cache_folder(cache) / "outcomes").glob(f"*/{_RECORDS}/*.json"))
    found = [held for held in map(_held, records) if held is not None and held.asked]
    return tuple(sorted(found, key=lambda held: (held.asked, str(held.path))))


def held_named(text: str, source: str, cache: Path | None = None) -> Path | None:
    """Return the file that was fetched under a name by an adapter; None where the cache does not hold it."""
    found = (
        held.path
        for held in held_outcomes(cache)
        if held.asked == text and f"/outcomes/{source}/" in held.path.as_posix()
    )
    return next(found, None)


def dated(source: Source, path: Path) -> Source:
    """Return a source with what the cache knows of its file: where it was fetched, when, and its release."""
    held = held_as(path)
    if held is None:
        return source
    return replace(
        source,
        url=source.url or held.source.url,
        retrieved=held.source.retrieved,
        released=held.released,
        licence=source.licence or held.source.licence,
    )


def _held(record_at: Path) -> Held | None:
    from boundaries.transport import store  # noqa: PLC0415  # the client is slow to import

    try:
        record = store.kept(record_at)
    except FetchError:
        return None  # a damaged entry tells nothing; fetching makes it whole
    if record is None:
        return None
    path = store.file_of(record_at, record).resolve()
    return Held(record.get("asked", ""), path, store.source_from(record), record.get("released", ""))
