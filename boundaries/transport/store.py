"""What is kept in the cache: a file under its own hash, and beside it the record that points to it.

One scheme for boundaries, lookups, outcomes and downloads: ``{"schema", "file", "source": {title, url, sha256, …}, …}``. A kill at any
point leaves the old pair or the new one.
"""

from __future__ import annotations

import os
from dataclasses import asdict
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


def keep(
    record_at: Path,
    suffix: str,
    write: Callable[[Path], object],
    record: dict[str, Any],
    *,
    file: Path | None = None,
    digest: str = "",
) -> dict[str, Any]:
    """Write a file, then its record, and return the record.

    Parameters
    ----------
    record_at : as of ``place``. suffix : ending of the file's name.
    write : writes the file, or moves it, to the path it is given.
    record : what to remember; ``record["source"]`` gets the hash of the file written.
    file : name of the file where others must find it by that; by default it is called after the record and its own hash.
    digest : its hash where that is known already.
    """
    with scratch(record_at.with_suffix(suffix)) as part:
        part.mkdir(exist_ok=True)
        draft = part / f"draft{suffix}"
        write(draft)
        digest = digest or sha256_of(draft)
        path = file or record_at.with_name(f"{record_at.stem}-{digest[:12]}{suffix}")
        path.parent.mkdir(parents=True, exist_ok=True)
        move_into_place(draft, path)
    source = {**record["source"], "sha256": digest}
    name = path.name if file is None else os.path.relpath(path, record_at.parent)
    kept_record = {**record, "schema": SCHEMA, "file": name, "source": source}
    write_json(record_at, kept_record)
    # A file with a name of its own is replaced; one that is called after its hash leaves its forerunner behind.
    for older in record_at.parent.glob(f"{record_at.stem}-*") if file is None else ():
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
    path = file_of(record_at, record)
    if not path.is_file() or sha256_of(path) != record["source"]["sha256"]:
        fault = "it has changed since it was kept" if path.is_file() else "it is gone"
        raise FetchError(f"{path.name} in the cache is damaged: {fault}", [f"remove {record_at} and fetch it again"])
    return record


def file_of(record_at: Path, record: dict[str, Any]) -> Path:
    """Return the file a record points to."""
    return record_at.parent / str(record["file"])


def records(kind: str, cache: Path | None = None) -> tuple[Path, ...]:
    """List the records of a kind, sorted."""
    return tuple(sorted((cache_folder(cache) / kind).glob("*.json")))


def source_in(source: Source) -> dict[str, Any]:
    """Return a source as a record holds it."""
    return asdict(source) | {"attribution": list(source.attribution)}


def source_from(record: dict[str, Any]) -> Source:
    """Read a source back from a record."""
    stated = record["source"]
    return Source(**{**stated, "attribution": tuple(stated["attribution"])})
