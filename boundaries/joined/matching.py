"""The join: every row of the outcome gets a fate, every area a value or a reason."""

from __future__ import annotations

import difflib
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.areas.boundary_set import BoundarySet
from boundaries.joined.disclosure import safe_averages
from boundaries.joined.grouped import with_groupings
from boundaries.joined.naming import with_codes
from boundaries.joined.result import FATES, Joined, Receipt
from boundaries.joined.selection import Selection, select_rows
from boundaries.joined.targets import ALLOWANCES, match_rows, relevance
from boundaries.outcomes.table import OutcomeTable, withheld
from boundaries.places.contradictions import (
    GIVE_BOTH,
    TAKE_CODES,
    TOGETHER,
    contradictions,
    contradictions_in_words,
)
from boundaries.places.recognition import LEAVE_UNMATCHED
from boundaries.register.codes import GEOGRAPHIES, entity_of
from boundaries.vocabulary import counted, geography_words, nation_words, phrase
from geo.arguments import result_of
from geo.errors import JoinError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from boundaries.joined.rows import Matched
    from boundaries.outcomes.table import OutcomeMeta

_WIDER = GEOGRAPHIES["CTRY"] | GEOGRAPHIES["RGN"]
_FIGURES = ("value", "lower", "upper", "se", "denominator")


def join(
    table: OutcomeTable,
    boundaries: BoundarySet,
    *,
    period: str = "latest",
    where: Mapping[str, str] | None = None,
    allow: Iterable[str] = frozenset(),
) -> Joined:
    """Join one period of an outcome to a boundary set, refusing whatever would lose or double data.

    Parameters
    ----------
    table : the outcome.
    boundaries : the areas; every one gets a row.
    period : a period of the table, or ``"latest"``.
    where : group of each breakdown; a breakdown left out takes its total.
    allow : overrides of ``ALLOWANCES``; each is recorded in the receipt.

    Returns
    -------
    A row for every area, in the order of ``boundaries.frame``. Areas of nations the outcome does not cover have the status
    ``not_covered``; areas without a figure have quality ``missing`` and a reason.

    Raises
    ------
    JoinError
        Every fault at once: codes that are unknown, doubled or of another date, rows of another geography only.
    """
    allowed = _allowances(allow)
    result_of(table, OutcomeTable, "table", how="read_outcome reads one from a file")
    result_of(boundaries, BoundarySet, "boundaries", how="load_boundary_set makes one")
    table, named, unnamed = with_codes(replace(table, frame=table.frame.reset_index(drop=True)), boundaries)
    table = with_groupings(replace(table, frame=withheld(table.frame)), allowed)
    relevant = relevance(table.frame["code"], boundaries)
    chosen = select_rows(table, period=period, where=where or {}, relevant=relevant)
    here = relevant[chosen.rows]
    inside, outside = table.frame.take(chosen.rows[here]), table.frame.take(chosen.rows[~here])
    matched = match_rows(table, inside, outside, boundaries, allowed)
    if named or unnamed:
        rows = table.frame[["code", "name"]].take(chosen.rows)
        _settle_names(rows, matched, named, unnamed, allowed, boundaries.date)
    _settle_contradictions((inside, outside), matched, allowed)
    if matched.faults:
        where_to = f"{boundaries.geography} of {boundaries.date.isoformat()}"
        raise JoinError(
            f"'{table.meta.id}' ({chosen.period or 'no period'}) does not fit {where_to}",
            matched.faults,
            matched.remedies,
        )
    frame, extras = _lay_out(table, matched, boundaries)
    averages, left_out = _safe(table, chosen, inside, outside, frame, boundaries)
    receipt = _receipt_of(
        table, boundaries, chosen, matched, frame, [*boundaries.notes, *_say_allowed(allowed), *_say_repairs(table)]
    )
    receipt = replace(receipt, statements=(*receipt.statements, *left_out))
    meta = replace(table.meta, averages=averages)
    notes = (meta.note,) if meta.note else ()
    return Joined(boundaries, meta, chosen.period, frame, receipt, extras=extras, where=chosen.where, notes=notes)


def _safe(
    table: OutcomeTable,
    chosen: Selection,
    inside: pd.DataFrame,
    outside: pd.DataFrame,
    frame: pd.DataFrame,
    boundaries: BoundarySet,
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the published figures that may stand beside the areas, and what must be said of the others."""
    averages = _averages(outside, chosen, table)
    if not any(_suppressed(rows) for rows in (inside, outside)):
        return averages, ()
    return safe_averages(
        averages,
        _as_printed(frame, inside, boundaries),
        table.meta,
        date=boundaries.date,
        suppressed=list(outside.loc[(outside["status"] == "confidential").to_numpy(), "code"]),
    )


def _receipt_of(
    table: OutcomeTable,
    boundaries: BoundarySet,
    chosen: Selection,
    matched: Matched,
    frame: pd.DataFrame,
    also: list[str],
) -> Receipt:
    """Return what happened to every row, ``also`` said last."""
    covered, valued = frame["status"].to_numpy() != "not_covered", frame["value"].notna().to_numpy()
    coverage = [
        *_say_coverage(frame["nation"].to_numpy()[~covered], table.meta),
        *_say_missing(frame, covered & ~valued),
    ]
    headline = _headline(valued, covered, boundaries)
    statements = (headline, *chosen.statements, *coverage, *matched.statements, *also)
    reached = set(matched.frame["code"].to_numpy())
    absent = [
        {"fate": "missing", "from": "", "to": code, "note": reason}
        for code, reason in zip(frame.index.to_numpy()[covered], frame["reason"].to_numpy()[covered], strict=True)
        if code not in reached
    ]
    fates = {**matched.fates, "missing": len(absent)}
    return Receipt(
        outcome=table.meta.id,
        geography=boundaries.geography,
        date=boundaries.date.isoformat(),
        period=chosen.period,
        fates={fate: fates.get(fate, 0) for fate in FATES},
        details=(*matched.details, *absent),
        statements=statements,
        sources=tuple(source.to_dict() for source in (table.meta.source, *boundaries.sources)),
    )


def _allowances(allow: Iterable[str]) -> frozenset[str]:
    allowed = frozenset(allow)
    faults = []
    for name in sorted(allowed - set(ALLOWANCES)):
        near = difflib.get_close_matches(name, ALLOWANCES, n=1)
        faults.append(
            f"'{name}': did you mean '{near[0]}'?" if near else f"'{name}': known are {', '.join(ALLOWANCES)}"
        )
    if faults:
        raise JoinError("a join cannot allow what it does not know", faults)
    return allowed


def _settle_names(
    rows: pd.DataFrame,
    matched: Matched,
    named: Mapping[str, str],
    unnamed: Mapping[str, tuple[str, ...]],
    allowed: frozenset[str],
    date: dt.date,
) -> None:
    """Tell rows joined by name from rows joined by code, and refuse names that are of no area."""
    pairs = zip(rows["name"], rows["code"], strict=True)
    by_name = rows[[named.get(name) == code for name, code in pairs]]
    reached = by_name[by_name["code"].isin(matched.frame["code"])]
    if len(reached):
        matched.fates["repaired"] = matched.fates.get("repaired", 0) + len(reached)
        matched.fates["matched"] = matched.fates.get("matched", 0) - len(reached)
        number = counted(len(reached), "row was", "rows were")
        matched.statements.insert(0, f"{number} joined by name, exactly or without words of office.")
        if len(by_name) == (rows["code"] != "").sum():
            matched.statements.insert(1, f"The table has no codes: its names are those of {date.isoformat()}.")
        details = zip(reached["name"], reached["code"], strict=True)
        matched.details.extend(
            {"fate": "repaired", "from": name, "to": code, "note": "by name"} for name, code in details
        )
    lost = rows[rows["name"].isin(unnamed) & (rows["code"] == "")]
    if len(lost):
        matched.fates["unmatched"] = matched.fates.get("unmatched", 0) + len(lost)
        matched.fates["out_of_geography"] -= len(lost)
        names = dict.fromkeys(lost["name"])
        matched.details.extend(
            {"fate": "unmatched", "from": name, "to": "", "note": "name of no area"} for name in names
        )
        if "unmatched" not in allowed:
            meant = (f"'{name}'{f' ({listed(unnamed[name])}?)' if unnamed[name] else ''}" for name in names)
            matched.faults.append(f"names that are of no area: {listed(meant)}")
            matched.remedies.append(LEAVE_UNMATCHED)


def _settle_contradictions(parts: Iterable[pd.DataFrame], matched: Matched, allowed: frozenset[str]) -> None:
    """Tell of names that are of another area than the code beside them, and refuse them."""
    pairs = (zip(rows["code"].to_numpy(), rows["name"].to_numpy(), strict=True) for rows in parts if len(rows))
    contradicted = contradictions(chain.from_iterable(pairs))
    if contradicted and "contradictions" not in allowed:
        matched.faults.extend(contradictions_in_words(contradicted))
        together = TOGETHER in contradicted.values()
        matched.remedies.extend([GIVE_BOTH, TAKE_CODES] if together else [TAKE_CODES])
    matched.details.extend(
        {"fate": "matched", "from": name, "to": code, "note": f"the name is of {kind}"}
        for (code, name), kind in contradicted.items()
    )


def _lay_out(
    table: OutcomeTable, matched: Matched, boundaries: BoundarySet
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return a row for every area, and what else the source says of it."""
    rows, areas = matched.frame, boundaries.frame
    index = pd.Index(areas["code"], dtype="str", name="code")
    row = pd.Index(rows["code"], dtype="str").get_indexer(index)  # -1, the last, where an area has no row

    def text(words: np.ndarray, otherwise: str) -> np.ndarray:
        return np.asarray(np.append(words.astype(object), otherwise)[row])

    figures = {name: np.append(rows[name].to_numpy(), np.nan)[row] for name in _FIGURES}
    missing = np.isnan(figures["value"])
    nations = areas["nation"].to_numpy()
    covered = set(nations[~missing]) | (set(nations[row >= 0]) & set(table.meta.nations))
    status = text(rows["status"].to_numpy(), "unavailable")
    reason = text(matched.reason, phrase("status.no_row", "reason"))
    for code, why in matched.lost.items():
        reason[(index == code) & (row < 0)] = why
    reason[~missing] = ""
    for area in np.flatnonzero(missing):
        nation = nations[area]
        if nation not in covered:
            status[area], reason[area] = (
                "not_covered",
                phrase("status.not_covered", "reason", nation=nation_words(nation)),
            )
        elif not reason[area]:
            reason[area] = table.reasons.get(str(index[area])) or phrase(f"status.{status[area]}", "reason")
    frame = pd.DataFrame(
        {
            "name": areas["name"].array,
            "nation": areas["nation"].array,
            **figures,
            "status": status,
            "quality": text(matched.quality, "missing"),
            "reason": reason,
        },
        index=index,
    )
    extras = {name: pd.Series(text(rows[name].to_numpy(), ""), index=index, dtype="str") for name in table.extras}
    return frame, pd.DataFrame(extras) if extras else None


def _suppressed(rows: pd.DataFrame) -> bool:
    return bool((rows["status"] == "confidential").any())


def _as_printed(frame: pd.DataFrame, inside: pd.DataFrame, boundaries: BoundarySet) -> pd.DataFrame:
    """Return the areas as the rule of disclosure looks at them: what is partial for want of a suppressed part hides it too."""
    partial = (frame["quality"] == "partial") & _suppressed(inside)
    return frame.assign(
        status=frame["status"].mask(partial, "confidential"), region_code=boundaries.frame["region_code"].to_numpy()
    )


def _averages(wider: pd.DataFrame, chosen: Selection, table: OutcomeTable) -> dict[str, float]:
    """Return the figures published for wider areas in this period and group, else those the metadata has for the only one."""
    found = {
        str(code): float(value)
        for code, value in zip(wider["code"].to_numpy(), wider["value"].to_numpy(), strict=True)
        if code and np.isfinite(value) and (code[0] == "K" or entity_of(code) in _WIDER)
    }
    return found or (dict(table.meta.averages) if len(table.periods()) == 1 and not chosen.where else {})


def _headline(valued: np.ndarray, covered: np.ndarray, boundaries: BoundarySet) -> str:
    kind = geography_words(boundaries.geography, named=False)
    number = int(valued.sum())
    return f"{number} of {int(covered.sum())} {kind} {'has' if number == 1 else 'have'} a value."


def _say_coverage(nations: np.ndarray, meta: OutcomeMeta) -> list[str]:
    """Name the nations that are not covered, given that of every area that is not."""
    there = set(nations)
    outside = [nation for nation in "EWSN" if nation in there]
    if not outside:
        return []
    gone = [nation for nation in outside if nation in meta.nations]
    verb = "are" if len(outside) > 1 else "is"
    said = [
        f"{nation_words(outside)} {verb} not covered: {counted(len(nations), 'area is', 'areas are')} left out of every count."
    ]
    if gone:
        said.append(f"{nation_words(gone)}: covered by the source, but without a row in this period.")
    return said


def _say_missing(frame: pd.DataFrame, gaps: np.ndarray) -> list[str]:
    """Name the covered areas without a figure, by reason."""
    names: dict[str, list[str]] = {}
    for reason, name in zip(frame["reason"].to_numpy()[gaps], frame["name"].to_numpy()[gaps], strict=True):
        names.setdefault(reason, []).append(name)
    return [f"No figure ({reason}): {listed(named)}." for reason, named in names.items()]


def _say_allowed(allowed: frozenset[str]) -> list[str]:
    return [f"Allowed on request: {ALLOWANCES[name]}." for name in sorted(allowed)]


def _say_repairs(table: OutcomeTable) -> list[str]:
    return [f"Mended while reading: {what} ({count:,})." for what, count in sorted(table.repairs.items())]
