"""Outcomes that a configuration has fetched: from the cache, or from the publisher where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.sources.held import held_named
from boundaries.sources.registry import FILE, fetch_named, names_outcome
from geo.errors import ConfigError
from geo.provenance import sha256_of
from geo.remedies import Remedy

if TYPE_CHECKING:
    from pathlib import Path

    from boundaries.sources.fetching import Link
    from maps.atlas.config import OutcomePart


def reader_of(part: OutcomePart) -> str:
    """Return the adapter that reads an outcome: of one that is fetched, the publisher's."""
    prefix = (part.fetch or FILE).partition(":")[0]
    return part.source if prefix == FILE else prefix


def fetched_file(part: OutcomePart, text: str, link: Link | None) -> Path | None:
    """Return the file of an outcome that is fetched.

    Parameters
    ----------
    part : the outcome. text : what it is fetched as (``els:supermarkets``). link : how; None: from the cache alone.

    Returns
    -------
    Path or None
        None where it is not held, and may be gone without.

    Raises
    ------
    ConfigError
        A text that names nothing; it is not held and may not be fetched; a file of another hash than is stated.
    FetchError
        As ``fetch_named``.
    """
    if not names_outcome(text):
        raise ConfigError(f"fetch = '{text}' names no outcome", ['write "els:ID", "nomis:…", "file:https://…"'])
    path = held_or_fetched(text, reader_of(part), link)
    if path is None:
        if part.optional:
            return None
        raise ConfigError(
            f"{text} is not in the cache", remedies=[Remedy("fetch", value=True, purpose="to fetch what is not held")]
        )
    return expected(path, part)


def held_or_fetched(text: str, source: str, link: Link | None) -> Path | None:
    """Return the file that the cache holds under a name, else fetch it; None where it may not be fetched."""
    path = held_named(text, source, None if link is None else link.cache)
    return fetch_named(text, source=source, link=link) if path is None and link is not None else path


def expected(path: Path, part: OutcomePart) -> Path:
    """Return the file of an outcome if it has the hash that is stated of it.

    Raises
    ------
    ConfigError
        It has another.
    """
    if part.sha256 and (found := sha256_of(path)) != part.sha256.lower():
        raise ConfigError(
            f"{path.name} is not the file that was expected",
            [f"sha256 stated {part.sha256}", f"sha256 found  {found}", "look at what changed, then state its hash"],
        )
    return path
