"""The join, tried: read a table and join it as ``map`` would, and tell what was refused, lost or left without a figure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from boundaries.dating.code_faults import Finding
from boundaries.joined.extent import join_within
from boundaries.joined.grouped import GROUPED
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.places.contradictions import GIVE_BOTH
from boundaries.vocabulary import counted, geography_words
from geo.errors import PlaceatlasError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined.result import Joined
    from boundaries.outcomes.table import OutcomeTable

HOLES = frozenset({"hole after a merger"})
"""Findings that no join mends: the figure is in no row."""

_MOST_PERIODS = 100
"""Periods with findings that are tried one by one."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a table is read and joined: the options of ``map`` that touch either.

    ``options`` are of reading (columns, where, measure, unit, sheet, indicator, period_form); the others of joining, as of
    ``fitting_areas`` and ``join_within``.
    """

    source: str = "table"
    options: Mapping[str, object] = field(default_factory=dict)
    geography: str | None = None
    date: dt.date | None = None
    layer: str = "bundled"
    members: str | None = None
    nations: Sequence[str] | None = None
    place: str | None = None
    allow: tuple[str, ...] = ()
    crs: str | None = None
    layer_code: str | None = None
    layer_name: str | None = None
    lookup: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: sentences of the receipt, findings, and the findings of other periods that do no harm."""

    said: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    period: str | None = None
    joins: frozenset[str] = frozenset()
    areas: frozenset[str] | None = None
    """Codes of the areas that were joined to, None where the join was refused."""


def areas_for(table: OutcomeTable, asking: Asking) -> BoundarySet:
    """Return the areas that ``map`` would join a table to; as ``fitting_areas``."""
    return fitting_areas(
        table,
        geography=asking.geography,
        date=asking.date,
        layer=asking.layer,
        members=asking.members,
        nations=asking.nations,
        crs=asking.crs,
        layer_code=asking.layer_code,
        layer_name=asking.layer_name,
        lookup=asking.lookup,
    )


def tried(table: OutcomeTable, asking: Asking, *, doubtful: Iterable[str] = ()) -> Trial:
    """Join the latest period as ``map`` would, and each of some others.

    Parameters
    ----------
    table : the outcome. asking : how. doubtful : periods of whose codes something was found.
    """
    try:
        areas = areas_for(table, asking)
        joined = join_within(table, areas, place=asking.place, allow=asking.allow)
    except PlaceatlasError as error:
        return Trial(findings=(refusal(error),))
    joins = {joined.period}
    for period in [text for text in doubtful if text != joined.period][:_MOST_PERIODS]:
        try:
            join_within(table, areas, place=asking.place, allow=asking.allow, period=period)
        except PlaceatlasError:
            continue  # the finding that made the period doubtful says why
        joins.add(period)
    kind = geography_words(areas.geography)
    head = f"joined to the {len(joined.boundaries)} {kind} of {areas.date.isoformat()}" + (
        f", {joined.period}" if joined.period else ""
    )
    fates = ", ".join(f"{number:,} {fate.replace('_', ' ')}" for fate, number in joined.receipt.fates.items() if number)
    said = (head, f"rows: {fates}", *joined.receipt.statements)
    reached = frozenset(joined.boundaries.frame["code"])
    return Trial(said, tuple(_losses(joined, asking)), joined.period, frozenset(joins), reached)


def refusal(error: PlaceatlasError, kind: str = "join") -> Finding:
    """Return a refusal as a fault: what was refused, then every reason and what to do, a line each."""
    return Finding("fault", kind, "\n    ".join([error.what, *error.faults]), remedies=tuple(error.remedies))


def settled(findings: Iterable[Finding], trial: Trial) -> tuple[Finding, ...]:
    """Return findings about codes beside what came of the join: what a join mends is a note, and nothing is said twice."""
    refused = any(finding.kind == "join" for finding in trial.findings)
    known = [_weighed(finding, trial, refused=refused) for finding in findings]
    faulty = any(finding.severity == "fault" for finding in known)
    more = [
        replace(finding, severity="note") if finding.kind == "join" and faulty else finding
        for finding in trial.findings
    ]
    return tuple(sorted([*known, *more], key=lambda finding: finding.severity))


def _weighed(finding: Finding, trial: Trial, *, refused: bool) -> Finding:
    if finding.kind in HOLES:
        elsewhere = trial.areas is not None and trial.areas.isdisjoint(finding.codes)
        return replace(finding, severity="note" if elsewhere else "fault")
    if refused or finding.severity == "note":
        return finding
    harmless = all(
        period in trial.joins or (period == "(no period)" and "" in trial.joins) for period in finding.periods
    )
    return replace(finding, severity="note") if harmless else finding


def _losses(joined: Joined, asking: Asking) -> Iterable[Finding]:
    """Yield what a join left out that stands in the table."""
    frame = joined.frame
    together = frame.index[frame["reason"].str.startswith("published together as ").to_numpy()]
    if len(together):
        names = listed(f"{frame.loc[code, 'name']} ({frame.loc[code, 'reason']})" for code in together)
        number = counted(len(together), "area has", "areas have")
        count = joined.meta.measure == "count"
        helps = () if count or GROUPED in asking.allow else (GIVE_BOTH,)
        text = f"{number} no figure of their own: {names}"
        yield Finding("fault", "published together", text, tuple(together), remedies=helps)


def stated_options(given: Mapping[str, Any]) -> dict[str, object]:
    """Return the options of reading that are stated."""
    return {name: value for name, value in given.items() if value not in (None, "", {}, ())}
