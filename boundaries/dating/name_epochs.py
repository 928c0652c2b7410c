"""Names without codes: of which epochs they are, and which areas they name then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.outcomes.periods import in_order, readable
from boundaries.places.groupings import grouping_named
from boundaries.places.names import match_names, normalised
from boundaries.places.search import suggestions
from boundaries.register import epochs, load_register
from boundaries.vocabulary import wider_names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from boundaries.outcomes.table import OutcomeTable
    from boundaries.register import Epoch


def epochs_of_names(names: Iterable[str], geography: str) -> tuple[Epoch, ...]:
    """Return the epochs that know most of the names; none where no name is of the geography."""
    distinct = [name for name in dict.fromkeys(names) if name]
    scored = []
    for epoch in epochs(load_register(), geography):
        codes = match_names(distinct, geography=geography, date=epoch.end, suggest=False).codes
        scored.append((codes[codes != ""].nunique(), epoch))
    most = max(known for known, _ in scored)
    return tuple(epoch for known, epoch in scored if known == most > 0)


def dates_of_names(names: Iterable[str], geography: str) -> list[dt.date]:
    """Return the last days of all epochs, those that know most of the names first, the later before the earlier."""
    best = epochs_of_names(names, geography)
    rest = [epoch for epoch in epochs(load_register(), geography) if epoch not in best]
    return [epoch.end for epoch in (*reversed(best), *reversed(rest))]


def codes_of_names(
    names: Iterable[str], *, geography: str, dates: Sequence[dt.date], suggest: bool = True
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return the code of each name, and for names of no area what may have been meant.

    Parameters
    ----------
    names : as published.
    geography : whose names they are, before those of nations, regions and counties.
    dates : on which they are looked for, the first before the others.
    suggest : whether to look for what was meant.
    """
    distinct = [name for name in dict.fromkeys(names) if name]
    wider = wider_names()
    found = {name: wider[normalised(name)] for name in distinct if normalised(name) in wider}
    found |= {
        name: code
        for name in distinct
        if name not in found and geography in {"LAD", "UTLA"} and (code := grouping_named(name))
    }
    # A name of two tiers is of the geography asked for, and of the date of the others before any other date.
    tries = [(dates[0], tier) for tier in dict.fromkeys((geography, "CTRY", "RGN", "UTLA"))]
    tries += [(date, geography) for date in dates[1:]]
    for date, tier in tries:
        left = [name for name in distinct if name not in found]
        if not left:
            return found, {}
        codes = match_names(left, geography=tier, date=date, suggest=False).codes
        found |= {name: str(code) for name, code in zip(left, codes, strict=True) if code}
    left = [name for name in distinct if name not in found]
    near = match_names(left, geography=geography, date=dates[0], suggest=suggest).unmatched
    return found, {name: meant or (suggestions(name) if suggest else ()) for name, meant in near.items()}


def latest_names(table: OutcomeTable) -> list[str]:
    """Return the names of a table's latest period, each once."""
    names = table.frame.loc[table.frame["period"] == latest_period(table), "name"]
    return [str(name) for name in names.unique()]


def latest_period(table: OutcomeTable) -> str:
    """Return the latest period; the last one in the table where it has one only, or some that no calendar knows."""
    periods = table.periods()
    return in_order(periods)[-1] if len(periods) > 1 and all(map(readable, periods)) else periods[-1]
