"""Outcome files fetched through the one network client, kept in the cache under the names publishers gave them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from boundaries.sources.held import record_of
from geo.errors import FetchError
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from boundaries.transport import Fetched, Policy

OGL = "Open Government Licence v3.0"
"""The licence of the publishers that are known by name."""


@dataclass(frozen=True, slots=True)
class Link:
    """How to reach a publisher.

    Parameters
    ----------
    cache : root of the cache; None is the user's own.
    base_url : what to ask instead of the publisher's address (a mirror, a test server).
    offline : take everything from the cache or fail.
    policy : patience and trust of the client.
    again : ask the publisher although it is held: what comes takes the place of what was held.
    asked : what is fetched, as it is named (``els:supermarkets``): the cache remembers it, so that it can be asked for again.
    """

    cache: Path | None = None
    base_url: str = ""
    offline: bool = False
    policy: Policy | None = None
    again: bool = False
    asked: str = ""

    def fetched(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        refuse: Callable[[bytes], str | None] | None = None,
    ) -> Fetched:
        """Return what stands at an address; the cache is asked first, unless it is wanted again.

        ``refuse`` looks at the bytes and names a fault that may pass: it is then asked for once more, and nothing is kept.

        Raises
        ------
        FetchError
            As ``boundaries.transport.get``.
        """
        from boundaries.transport import Policy, cache_folder, get  # noqa: PLC0415  # the client is slow to import

        return get(
            url,
            params=params,
            cache=cache_folder(self.cache),
            expect=refuse or "data",
            offline=self.offline,
            policy=replace(self.policy or Policy(), again=self.again),
        )

    def keep(self, source: str, name: str, content: bytes, *, origin: Source, released: str = "") -> Path:
        """Write a fetched file under ``outcomes/<source>/`` in the cache, and beside it what is known of it; return its path.

        Parameters
        ----------
        source : name of the adapter. name : of the file, folders too. content : of it.
        origin : title, address, licence and date of retrieval; its hash is made here.
        released : ISO date of the release, as the publisher states it; empty when it does not.
        """
        from boundaries.transport import cache_folder, store  # noqa: PLC0415  # as above

        parts = [part for part in name.split("/") if part]
        if not parts or any(re.fullmatch(r"\.*", part) or re.search(r"[\\:\0]", part) for part in parts):
            raise FetchError(f"'{name}' is no name for a file")
        path = cache_folder(self.cache).joinpath("outcomes", source, *parts)
        record = {"source": store.source_in(origin), "released": released, "asked": self.asked}
        store.keep(record_of(path, source), path.suffix, lambda draft: draft.write_bytes(content), record, file=path)
        return path


def short_key(text: str) -> str:
    """Return eight letters that tell one address or query from another: files of one name lie in folders of their own."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def mirrored(url: str, link: Link) -> str:
    """Return an address at the server that is asked instead of the publisher's own, where one is named."""
    if not link.base_url:
        return url
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{link.base_url.rstrip('/')}/{parts.path.lstrip('/')}{query}"


def fetch_address(source: str, address: str, link: Link, *, licence: str = "", title: str = "") -> Path:
    """Fetch one file by its address, keeping its name, for sources whose addresses do not follow from an id.

    Parameters
    ----------
    source : name of the adapter. address : of the file; ``#name.csv`` after it names one file of an archive.
    link : how to reach it. licence, title : as the record of it says.

    Raises
    ------
    FetchError
        If the address names no file, cannot be fetched, or is an archive of several tables of which none is named.
    """
    from boundaries.sources.packed import one_table  # noqa: PLC0415  # archives are rare

    address, _, member = address.partition("#")
    url = mirrored(address, link)
    if not re.match(r"https?://[^/]+/.", url):
        raise FetchError(
            f"'{address}' is not the address of a file", [f"the source '{source}' is fetched by full address"]
        )
    fetched = link.fetched(url, refuse=_error_message)
    name = fetched.filename or unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1]
    name, content = one_table(name, fetched.read_bytes(), member)
    key = short_key(f"{address}#{member}")
    origin = Source(title=title or name, url=address, licence=licence, retrieved=fetched.source.retrieved)
    return link.keep(source, f"{key}/{name}", content, origin=origin, released=fetched.modified)


def _error_message(content: bytes) -> str | None:
    """Name the fault of an answer that is a short message of an interface instead of a file."""
    head = content[:300].lstrip(b"\xef\xbb\xbf \r\n")
    if len(content) < 2000 and head.startswith(b"{") and b'"error' in head.lower():
        return f"something else than data came: {head.decode('utf-8', errors='replace')}"
    return None
