"""Which releases suit a date: those of the same code set, the widest nations first, then the nearest."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeVar

from boundaries.official.entries import LayerEntry, LookupEntry
from boundaries.register import codes_alive, load_register
from boundaries.register.codes import nation_of
from boundaries.vocabulary import EXTENTS
from geo.errors import FetchError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

REGISTERED = frozenset({"LAD", "UTLA", "CAUTH", "RGN", "CTRY"})
"""Geographies whose codes the register holds for every date it knows."""

"""Nations each extent covers."""

Entry = TypeVar("Entry", LayerEntry, LookupEntry)


def suitable(geography: str, date: dt.date | None, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the releases whose codes are those of the date, best first.

    Parameters
    ----------
    geography : whose codes decide (for a lookup, its parent's).
    date : None means the latest release.
    entries : in order of date.

    Notes
    -----
    For geographies of the register two dates suit each other when the same codes are alive on both. For others (ITL, small
    areas) the latest release on or before the date suits. Among those that suit only the widest nations are kept: a map of
    Great Britain is never given for one of the United Kingdom.

    Raises
    ------
    FetchError
        No release has the codes of that date.
    """
    wanted = entries[-1].date if date is None else date
    codes = alive(geography, wanted)
    if codes is None:
        past = [entry for entry in entries if entry.date <= wanted]
        same = [entry for entry in past if entry.date == past[-1].date]
    else:
        same = [entry for entry in entries if alive(geography, entry.date) == codes]
    if not same:
        known = ", ".join(dict.fromkeys(f"{entry.date.isoformat()}" for entry in entries))
        raise FetchError(f"no release has the {geography} codes of {wanted.isoformat()}", [f"releases known: {known}"])
    widest = max(len(EXTENTS[entry.extent]) for entry in same)
    kept = [entry for entry in same if len(EXTENTS[entry.extent]) == widest]
    return tuple(sorted(kept, key=lambda entry: (abs((entry.date - wanted).days), entry.date)))


@functools.cache
def alive(geography: str, date: dt.date, extent: str = "UK") -> frozenset[str] | None:
    """Return the codes alive in the nations of an extent, or None where the register does not know them."""
    register = load_register()
    if geography not in REGISTERED or not register.known_from <= date <= register.until(geography):
        return None
    return frozenset(code for code in codes_alive(register, geography, date) if nation_of(code) in EXTENTS[extent])


def day_words(date: dt.date | None) -> str:
    """Say for which date a release was asked."""
    return "the latest date" if date is None else date.isoformat()
