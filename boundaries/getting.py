"""One thing that is fetched by its name: boundaries, a lookup or an outcome; and which outcomes have a newer release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.arguments import date_of
from geo.errors import ConfigError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from boundaries.official import CachedLayer, CachedLookup
    from boundaries.sources.releases import Compared


@dataclass(frozen=True, slots=True)
class Told:
    """What was fetched, as JSON-able data and in words."""

    content: dict[str, Any]
    text: str


def fetch_one(
    what: str,
    *,
    resolution: str = "BGC",
    base_url: str | None = None,
    from_file: Path | None = None,
    again: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Told:
    """Fetch one thing into the cache.

    Parameters
    ----------
    what : ``LAD@2023-12-31``, ``LAD:UTLA``, ``els:supermarkets``. resolution : of boundaries. base_url : another server of the same
        interface. from_file : a file carried in by hand. again : ask for an outcome anew. progress : told rows held and expected.

    Raises
    ------
    FetchError
        The server failed, or what came is not what was asked for.
    ConfigError, DateError
        A text that names nothing.
    """
    from boundaries.official import fetch_layer, fetch_lookup  # noqa: PLC0415  # slow to import; outcomes need neither
    from boundaries.sources.registry import names_outcome  # noqa: PLC0415  # as above

    if names_outcome(what):
        return _outcome(what, base_url=base_url, again=again)
    geography, date = split(what, dated=False)
    if ":" in geography:
        child, _, parent = geography.partition(":")
        table = fetch_lookup(child, parent, date, base_url=base_url, from_file=from_file, progress=progress)
        content = {
            "child": table.child,
            "parent": table.parent,
            "date": table.date.isoformat(),
            "rows": table.count,
            "path": str(table.path),
            "source": table.source.to_dict(),
        }
        return _told(table, content)
    layer = fetch_layer(
        geography, date, resolution=resolution, base_url=base_url, from_file=from_file, progress=progress
    )
    content = {
        "geography": layer.geography,
        "date": layer.date.isoformat() if layer.date else None,
        "resolution": layer.resolution,
        "path": str(layer.path),
        "source": layer.source.to_dict(),
    }
    return _told(layer, content)


def newer_releases(names: Sequence[str] = (), *, base_url: str | None = None) -> tuple[Compared, ...]:
    """Ask publishers whether they have something newer than the outcomes in the cache, as ``boundaries.calls.newer``."""
    from boundaries.sources.fetching import Link  # noqa: PLC0415  # slow to import
    from boundaries.sources.releases import compared  # noqa: PLC0415  # as above

    return compared(Link(base_url=base_url or ""), names)


def split(what: str, *, dated: bool = True) -> tuple[str, Any]:
    """Split GEOGRAPHY@DATE.

    Raises
    ------
    ConfigError, DateError
        No date where one is needed, or a date that is not YYYY-MM-DD.
    """
    geography, _, said = what.partition("@")
    if not said:
        if dated:
            raise ConfigError(f"{what!r} names no date", ["write GEOGRAPHY@DATE, for example LAD@2021-07-01"])
        return geography.upper(), None
    date: dt.date = date_of(said, "date")
    return geography.upper(), date


def _outcome(what: str, *, base_url: str | None, again: bool) -> Told:
    from boundaries.sources.fetching import Link  # noqa: PLC0415  # as above
    from boundaries.sources.held import held_as  # noqa: PLC0415  # as above
    from boundaries.sources.registry import fetch_named  # noqa: PLC0415  # as above
    from geo.provenance import sha256_of  # noqa: PLC0415  # as above

    path = fetch_named(what, link=Link(base_url=base_url or "", again=again))
    content: dict[str, Any] = {"outcome": what, "path": str(path), "sha256": sha256_of(path)}
    held = held_as(path)
    if held is None:
        return Told(content, f"{what}\n{path}")
    content |= {"source": held.source.to_dict(), "released": held.released}
    said = {
        "released": held.released or "on a day that is not stated",
        "retrieved": held.source.retrieved or "on a day that is not stated",
        "licence": held.source.licence or "not stated: state it where the table is read",
        "sha256": held.source.sha256,
    }
    return Told(content, "\n".join([what, *(f"  {name}: {value}" for name, value in said.items()), str(path)]))


def _told(kept: CachedLayer | CachedLookup, content: dict[str, Any]) -> Told:
    """Return what was fetched, what was checked, what had to be survived, and where it lies."""
    lines = [
        f"{kept.source.title} ({kept})",
        *(f"  checked: {check}" for check in kept.checks),
        *(f"  note: {note}" for note in kept.notes),
        str(kept.path),
    ]
    return Told({**content, "checks": list(kept.checks), "notes": list(kept.notes)}, "\n".join(lines))
