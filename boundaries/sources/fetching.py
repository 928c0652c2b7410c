"""Outcome files fetched through the one network client, kept in the cache under the names publishers gave them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from geo.errors import FetchError
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boundaries.transport import Policy


@dataclass(frozen=True, slots=True)
class Link:
    """How to reach a publisher.

    Parameters
    ----------
    cache : root of the cache; None is the user's own.
    base_url : what to ask instead of the publisher's address (a mirror, a test server).
    offline : take everything from the cache or fail.
    policy : patience and trust of the client.
    """

    cache: Path | None = None
    base_url: str = ""
    offline: bool = False
    policy: Policy | None = None

    def bytes_of(self, url: str, *, params: Mapping[str, str | int] | None = None) -> bytes:
        """Return what stands at an address; the cache is asked first.

        Raises
        ------
        FetchError
            As ``boundaries.transport.get``.
        """
        from boundaries.transport import cache_folder, get  # noqa: PLC0415  # the client is slow to import; most runs read files

        fetched = get(url, params=params, cache=cache_folder(self.cache), offline=self.offline, policy=self.policy)
        return fetched.read_bytes()

    def keep(self, source: str, name: str, content: bytes, *, url: str = "") -> Path:
        """Write a fetched file under ``outcomes/<source>/`` in the cache, its address and hash into a record, and return its path."""
        from boundaries.transport import cache_folder, store  # noqa: PLC0415  # as above

        parts = [part for part in name.split("/") if part]
        if not parts or any(re.fullmatch(r"\.*", part) or re.search(r"[\\:\0]", part) for part in parts):
            raise FetchError(f"'{name}' is no name for a file")
        path = cache_folder(self.cache).joinpath("outcomes", source, *parts)
        record_at = store.place(f"outcomes/{source}/.kept", "-".join(parts), self.cache)
        record = {"source": store.source_in(Source(title=parts[-1], url=url))}
        store.keep(record_at, path.suffix, lambda draft: draft.write_bytes(content), record, file=path)
        return path


def fetch_address(source: str, address: str, link: Link) -> Path:
    """Fetch one file by its address, keeping its name, for sources whose addresses do not follow from an id.

    Raises
    ------
    FetchError
        If the address names no file, or cannot be fetched.
    """
    url = f"{link.base_url.rstrip('/')}/{address.lstrip('/')}" if link.base_url else address
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    if not re.match(r"https?://", url) or not name:
        raise FetchError(
            f"'{address}' is not the address of a file", [f"the source '{source}' is fetched by full address"]
        )
    return link.keep(source, name, link.bytes_of(url), url=url)
