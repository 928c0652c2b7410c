"""Downloads in the cache: the file under a name of its own, and beside it the record that points to it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from boundaries.transport.answers import content_type, source_of
from boundaries.transport.cache import cache_folder, read_json, write_json
from geo.errors import FetchError
from geo.provenance import Source, sha256_of
from geo.staging import move_into_place

if TYPE_CHECKING:
    import httpx

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_RECORD = {"file", "title", "url", "sha256", "retrieved", "content_type"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A download: in memory (``content``), or in the cache (``path``)."""

    source: Source
    content: bytes | None = None
    path: Path | None = None
    content_type: str = ""
    from_cache: bool = False

    def read_bytes(self) -> bytes:
        """Return the bytes, wherever they are."""
        if self.content is not None:
            return self.content
        if self.path is None:
            raise FetchError(f"{self.source.url} was fetched without content")
        return self.path.read_bytes()


def name_in_cache(address: httpx.URL, cache: Path) -> Path:
    """Return the stem under which a download of this address is kept."""
    return cache_folder(cache) / "downloads" / hashlib.sha256(str(address).encode()).hexdigest()[:24]


def held(address: httpx.URL, cache: Path, expected_sha256: str | None) -> Fetched | None:
    """Return the held file if it is what its record says, and of the hash that is asked for."""
    stem = name_in_cache(address, cache)
    record = read_json(stem.with_name(f"{stem.name}.json"))
    if record is None or set(record) != _RECORD:
        return None
    path = stem.with_name(str(record["file"]))
    if not path.is_file() or sha256_of(path) != record["sha256"]:
        return None
    if expected_sha256 is not None and record["sha256"] != expected_sha256.lower():
        return None
    source = Source(title=record["title"], url=record["url"], sha256=record["sha256"], retrieved=record["retrieved"])
    return Fetched(source, path=path, content_type=record["content_type"], from_cache=True)


def keep(part: Path, stem: Path, address: httpx.URL, digest: str, response: httpx.Response) -> Fetched:
    """Put a download into the cache: the file under a name of its own first, then the record that points to it."""
    suffix = Path(address.path).suffix.lower()
    path = stem.with_name(f"{stem.name}-{digest[:12]}{suffix if _SUFFIX.fullmatch(suffix) else ''}")
    move_into_place(part, path)
    source = source_of(address, digest, response)
    record = {
        "file": path.name,
        "title": source.title,
        "url": source.url,
        "sha256": digest,
        "retrieved": source.retrieved,
        "content_type": content_type(response),
    }
    write_json(stem.with_name(f"{stem.name}.json"), record)
    for older in stem.parent.glob(f"{stem.name}-*"):
        if older != path:
            older.unlink(missing_ok=True)
    return Fetched(source, path=path, content_type=content_type(response))
