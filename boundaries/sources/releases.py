"""Whether the publishers of what is held have something newer: each is asked again, and the cache stays as it is."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.sources.held import Held, held_as, held_outcomes
from boundaries.sources.registry import fetch_named
from geo.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from boundaries.sources.fetching import Link


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
        return (
            f"{self.held.asked}: a newer release{_dates(self.now)}; held is the one{_dates(self.held) or ' before it'}"
        )

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


def _asked_again(every: Sequence[Held], link: Link) -> Iterator[Compared]:
    with tempfile.TemporaryDirectory() as aside:
        for held in every:
            try:
                path = fetch_named(held.asked, link=replace(link, cache=Path(aside), offline=False))
            except FetchError as error:
                yield Compared(held, None, "; ".join([error.what, *error.faults[:1]]))
            else:
                yield Compared(held, held_as(path))


def _dates(held: Held) -> str:
    said = [f"released {held.released}"] if held.released else []
    said += [f"retrieved {held.source.retrieved}"] if held.source.retrieved else []
    return f" ({', '.join(said)})" if said else ""
