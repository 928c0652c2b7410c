"""Downloads in the cache: the file under a name of its own, and beside it the record that points to it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.transport import store
from boundaries.transport.answers import content_type, filename, modified, source_of
from geo.errors import FetchError

if TYPE_CHECKING:
    import httpx

    from geo.provenance import Source

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_KIND = "downloads"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A download: in memory (``content``), or in the cache (``path``).

    ``modified`` is the ISO date of its last change and ``filename`` the name of the file, where the server states them.
    """

    source: Source
    content: bytes | None = None
    path: Path | None = None
    content_type: str = ""
    from_cache: bool = False
    modified: str = ""
    filename: str = ""

    def read_bytes(self) -> bytes:
        """Return the bytes, wherever they are."""
        if self.content is not None:
            return self.content
        if self.path is None:
            raise FetchError(f"{self.source.url} was fetched without content")
        return self.path.read_bytes()


def place_of(address: httpx.URL, cache: Path) -> Path:
    """Return the record under which a download of this address is kept."""
    return store.place(_KIND, hashlib.sha256(str(address).encode()).hexdigest()[:24], cache)


def held(address: httpx.URL, cache: Path, expected_sha256: str | None) -> Fetched | None:
    """Return the held file if it is what its record says, and of the hash that is asked for."""
    record_at = place_of(address, cache)
    try:
        record = store.kept(record_at)
    except FetchError:
        return None  # a damaged download is fetched again
    if record is None:
        return None
    source = store.source_from(record)
    if expected_sha256 is not None and source.sha256 != expected_sha256.lower():
        return None
    return _fetched(record_at, record, from_cache=True)


def keep(part: Path, address: httpx.URL, cache: Path, digest: str, response: httpx.Response) -> Fetched:
    """Put a download into the cache."""
    suffix = Path(address.path).suffix.lower()
    record_at = place_of(address, cache)
    stated = {
        "source": store.source_in(source_of(address, digest, response)),
        "content_type": content_type(response),
        "modified": modified(response),
        "filename": filename(response),
    }
    record = store.keep(record_at, suffix if _SUFFIX.fullmatch(suffix) else "", part.replace, stated, digest=digest)
    return _fetched(record_at, record)


def _fetched(record_at: Path, record: dict[str, Any], *, from_cache: bool = False) -> Fetched:
    return Fetched(
        store.source_from(record),
        path=store.file_of(record_at, record),
        content_type=record["content_type"],
        from_cache=from_cache,
        modified=record.get("modified", ""),
        filename=record.get("filename", ""),
    )
