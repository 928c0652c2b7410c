"""What stands beside an outcome for kinds of map that show more than it: an earlier period, a series, a second outcome."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from boundaries.joined.extent import join_within
from geo.errors import ConfigError, PlaceatlasError
from maps.kinds.periods import series_up_to
from maps.kinds.table import kind_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.joined import Joined
    from boundaries.outcomes.table import OutcomeTable
    from maps.atlas.config import AtlasConfig, OutcomePart


@dataclass(frozen=True, slots=True)
class Companions:
    """What one outcome has beside it, all on its own areas; ``notes`` say of the series what was converted or left out."""

    before: Joined | None = None
    series: tuple[Joined, ...] = ()
    notes: tuple[str, ...] = ()
    other: Joined | None = None


def companions_of(
    config: AtlasConfig, tables: Mapping[str, OutcomeTable], joined: Mapping[str, Joined]
) -> dict[str, Companions]:
    """Return, by outcome, what the kinds that are asked for need beside it.

    Parameters
    ----------
    tables, joined : by the outcome's id, those that an optional outcome lacks left out.

    Raises
    ------
    ConfigError
        Earlier periods that do not fit, or second outcomes on other areas; every fault at once.
    """
    needs = {need for name in config.outputs.kinds for need in kind_named(name).needs}
    found, faults = {}, []
    for part in (part for part in config.outcome if part.id in joined):
        one, table = joined[part.id], tables[part.id]
        before = None
        if "earlier" in needs and part.since:
            try:
                before = _at(config, part, table, one, part.since)
            except PlaceatlasError as error:
                faults += [
                    f"outcome '{part.id}', since {part.since}: {error.what}",
                    *(f"  {it}" for it in error.faults),
                ]
        other = joined.get(part.against or "")
        if other is not None and not _same_areas(one, other):
            faults.append(f"outcome '{part.id}', against '{part.against}': the two have other areas")
            other = None
        series = None
        if "series" in needs and len(table.periods()) > 1:
            series = series_up_to(
                one.period,
                table.periods(),
                partial(_at, config, part, table, one),
                since=part.since or "",
            )
        found[part.id] = Companions(before, series.shown() if series else (), series.notes() if series else (), other)
    if faults:
        raise ConfigError(f"what '{config.slug}' sets beside its outcomes does not fit", faults)
    return found


def _same_areas(one: Joined, other: Joined) -> bool:
    mine, theirs = one.boundaries, other.boundaries
    return mine.date == theirs.date and list(mine.frame["code"]) == list(theirs.frame["code"])


def _at(config: AtlasConfig, part: OutcomePart, table: OutcomeTable, joined: Joined, period: str) -> Joined:
    """Join another period of a table to the same areas under the same choices."""
    return join_within(
        table,
        joined.boundaries,
        place=config.boundaries.within,
        period=period,
        where=part.where or None,
        allow=part.allow,
    )
