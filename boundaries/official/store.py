"""The cache of checked layers and tables: a file under its own hash, and beside it the record that points to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boundaries.transport.cache import cache_folder, read_json, scratch, write_json
from geo.errors import FetchError
from geo.provenance import Source, sha256_of
from geo.staging import move_into_place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = 1


def place(kind: str, name: str, cache: Path | None = None) -> Path:
    """Return the record of an entry of the cache, whether it is there or not."""
    return cache_folder(cache) / kind / f"{name}.json"


def keep(record_at: Path, suffix: str, write: Callable[[Path], object], record: dict[str, Any]) -> dict[str, Any]:
    """Write a file, then its record, and return the record: a kill at any point leaves the old pair or the new one.

    ``record["source"]`` gets the hash of the file written.
    """
    with scratch(record_at.with_suffix(suffix)) as part:
        part.mkdir(exist_ok=True)
        draft = part / f"layer{suffix}"
        write(draft)
        digest = sha256_of(draft)
        path = record_at.with_name(f"{record_at.stem}-{digest[:12]}{suffix}")
        move_into_place(draft, path)
    source = {**record["source"], "sha256": digest}
    kept_record = {**record, "schema": SCHEMA, "file": path.name, "source": source}
    write_json(record_at, kept_record)
    for older in record_at.parent.glob(f"{record_at.stem}-*"):
        if older != path:
            older.unlink(missing_ok=True)
    return kept_record


def kept(record_at: Path) -> dict[str, Any] | None:
    """Return a record whose file is there and whole; None when there is no such entry.

    Raises
    ------
    FetchError
        The file is missing or is not what the record says.
    """
    record = read_json(record_at)
    if record is None or record.get("schema") != SCHEMA:
        return None
    path = record_at.with_name(str(record["file"]))
    if not path.is_file() or sha256_of(path) != record["source"]["sha256"]:
        fault = "it has changed since it was kept" if path.is_file() else "it is gone"
        raise FetchError(f"{path.name} in the cache is damaged: {fault}", [f"remove {record_at} and fetch it again"])
    return record


def records(kind: str, cache: Path | None = None) -> tuple[Path, ...]:
    """List the records of a kind, sorted."""
    return tuple(sorted((cache_folder(cache) / kind).glob("*.json")))


def forget(record_at: Path) -> None:
    """Remove an entry: the record first, so that nothing half is left."""
    record_at.unlink(missing_ok=True)
    for path in record_at.parent.glob(f"{record_at.stem}-*"):
        path.unlink(missing_ok=True)


def source_from(record: dict[str, Any]) -> Source:
    """Read a source back from a record."""
    stated = record["source"]
    return Source(**{**stated, "attribution": tuple(stated["attribution"])})
