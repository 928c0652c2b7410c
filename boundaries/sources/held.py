"""Outcomes that are held in the cache: what each is, when it was retrieved and released, and whether there is a newer one."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import FetchError
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from boundaries.sources.fetching import Link

_RECORDS = ".kept"
"""Folder of the records, beside the files of a source."""


@dataclass(frozen=True, slots=True)
class Held:
    """An outcome in the cache: what it was asked for as, its file, where it is from, and the ISO date of its release."""

    asked: str
    path: Path
    source: Source
    released: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An outcome in the cache beside what its publisher has now; ``now`` is None where it could not be asked, and ``fault`` says why."""

    held: Held
    now: Held | None
    fault: str = ""

    @property
    def newer(self) -> bool:
        """Whether the publisher has something else than what is held."""
        return self.now is not None and self.now.source.sha256 != self.held.source.sha256

    def __str__(self) -> str:
        """Say it in a line."""
        if self.now is None:
            return f"{self.held.asked}: cannot be asked for: {self.fault}"
        if not self.newer:
            return f"{self.held.asked}: as held{_dates(self.held)}"
        return f"{self.held.asked}: a newer release{_dates(self.now)}; held is the one{_dates(self.held) or ' before it'}"

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data."""
        now = self.now
        return {
            "outcome": self.held.asked,
            "newer": self.newer,
            "held": {**self.held.source.to_dict(), "released": self.held.released},
            "now": None if now is None else {**now.source.to_dict(), "released": now.released},
            "fault": self.fault,
        }


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
    found = (held.path for held in held_outcomes(cache) if held.asked == text and f"/outcomes/{source}/" in held.path.as_posix())
    return next(found, None)


def compared(link: Link, names: Sequence[str] = ()) -> tuple[Compared, ...]:
    """Ask the publishers of what is held for what they have now; the cache stays as it is.

    Parameters
    ----------
    link : how to reach them. names : only these (``els:supermarkets``); all that is held without any.

    Raises
    ------
    FetchError
        A name of which nothing is held.
    """
    every = held_outcomes(link.cache)
    if absent := sorted(set(names) - {held.asked for held in every}):
        raise FetchError("what is not held has no earlier release", [f"{name}: fetch it first" for name in absent])
    return tuple(_asked_again([held for held in every if not names or held.asked in names], link))


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


def _asked_again(every: Sequence[Held], link: Link) -> Iterator[Compared]:
    from boundaries.sources.registry import fetch_named  # noqa: PLC0415  # the adapters import this module

    with tempfile.TemporaryDirectory() as aside:
        for held in every:
            try:
                path = fetch_named(held.asked, link=replace(link, cache=Path(aside), offline=False))
            except FetchError as error:
                yield Compared(held, None, "; ".join([error.what, *error.faults[:1]]))
            else:
                yield Compared(held, held_as(path))


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


def _dates(held: Held) -> str:
    said = [f"released {held.released}"] if held.released else []
    said += [f"retrieved {held.source.retrieved}"] if held.source.retrieved else []
    return f" ({', '.join(said)})" if said else ""
