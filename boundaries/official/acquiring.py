"""The first of several releases that is held already, else the first that the portal has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from boundaries.official.finding import ADVICE, Wanted, find
from boundaries.official.paging import Rows, fetch_rows, forget_rows
from boundaries.official.service import Portal
from boundaries.transport import open_session
from geo.errors import FetchError
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from boundaries.official.releases import Entry
    from boundaries.official.service import LayerMeta
    from boundaries.transport import Policy


Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Network:
    """How the portal is asked: ``base_url`` of its services (None for its own), cache, progress and policy of the client."""

    base_url: str | None = None
    cache: Path | None = None
    progress: Callable[[int, int], None] | None = None
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """Every row of a layer of the portal, and what was passed over to find it."""

    layer: LayerMeta
    rows: Rows
    passed_over: tuple[str, ...]

    def source(self, title: str) -> Source:
        """Return where the rows came from and when."""
        return Source(title=title, url=self.layer.url, retrieved=self.rows.retrieved)

    def record(self) -> dict[str, Any]:
        """Return what the cache keeps of the finding."""
        notes = [*self.passed_over, *self.rows.notes]
        return {"service": self.layer.service, "layer_id": self.layer.id, "notes": notes}


def acquire(
    entries: Sequence[Entry],
    *,
    held: Callable[[Entry], Kept | None],
    wanted: Callable[[Entry], Wanted],
    take: Callable[[Entry, Arrived], Kept],
    refusal: str,
    network: Network,
) -> Kept:
    """Go through releases in order of preference; return the first that is held, or found and taken.

    Parameters
    ----------
    held : what the cache has of a release.
    wanted : what its layer must have.
    take : checks the rows that arrived and keeps them; what it refuses is not tried again in another release.
    refusal : the error's first line when no release is held or found.

    Raises
    ------
    FetchError
        No release was found (each says why), the server failed, or ``take`` refused what came.
    """
    faults: list[str] = []
    with open_session(network.policy) as session:
        portal = Portal(session, network.base_url)
        listed: tuple[str, ...] | None = None
        for entry in entries:
            kept = held(entry)
            if kept is not None:
                return kept
            listed = portal.service_names() if listed is None else listed
            sought = wanted(entry)
            try:
                layer, passed_over = find(portal, sought, listed)
            except FetchError as error:
                faults += [f"{entry.date.isoformat()}: {fault}" for fault in error.faults]
                continue
            rows = fetch_rows(portal, layer, geometry=sought.polygons, cache=network.cache, progress=network.progress)
            try:
                return take(entry, Arrived(layer, rows, passed_over))
            finally:
                forget_rows(layer, network.cache)  # pages that fail a check must not come back
    raise FetchError(refusal, faults, ADVICE)
