"""The join: every row of the outcome gets a fate, every area a value or a reason."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.codes import GEOGRAPHIES, GEOGRAPHY_NAMES, NATIONS, entity_of, nation_of
from boundaries.joined.result import FATES, Joined, Receipt
from boundaries.joined.selection import Selection, select_rows
from geo.errors import JoinError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from boundaries.boundary_set import BoundarySet
    from boundaries.outcomes import OutcomeMeta, OutcomeTable

ALLOWANCES = {
    "unmatched": "leave out rows whose code is not a place of the boundaries on any date",
    "duplicates": "of rows that are equal in code and value keep one",
    "both": "where a period lists merged areas beside their successor, keep the successor",
}
"""What a join refuses unless it is allowed, and what it does then."""

_MISSING = {
    "ok": "the source gives no figure",
    "unavailable": "the source says: unavailable",
    "unreliable": "the source says: too unreliable to publish",
    "confidential": "the source says: suppressed to protect confidentiality",
    "not_applicable": "the source says: not applicable",
}
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
    relevant = _relevant(table.frame["code"], boundaries) | (table.frame["code"] == "")
    chosen = select_rows(table, period=period, where=where or {}, relevant=relevant)
    rows = chosen.frame
    here = relevant.loc[rows.index]
    matched, details, fates, faults = _match(rows[here], boundaries, allowed)
    fates["out_of_geography"] = int((~here).sum())
    if not len(rows[here]):
        kinds = sorted({entity_of(code) for code in rows["code"]})
        faults.append(f"no row is of this geography: the codes begin with {listed(kinds)}")
    if faults:
        where_to = f"{boundaries.geography} of {boundaries.date.isoformat()}"
        raise JoinError(f"'{table.meta.id}' ({chosen.period or 'no period'}) does not fit {where_to}", faults)
    frame, extras = _lay_out(table, matched, boundaries)
    statements = [*chosen.statements, *_say_coverage(frame, table.meta), *_say_allowed(allowed)]
    missing = frame.index[frame["quality"].eq("missing") & frame["status"].ne("not_covered")]
    without_row = [code for code in missing if code not in set(matched["target"])]
    fates["missing"] = len(without_row)
    details += [_detail("missing", "", code, frame.loc[code, "reason"]) for code in without_row]
    meta = replace(table.meta, averages=_averages(rows[~here], table.meta, chosen, table))
    receipt = Receipt(
        outcome=table.meta.id,
        geography=boundaries.geography,
        date=boundaries.date.isoformat(),
        period=chosen.period,
        fates={fate: fates.get(fate, 0) for fate in FATES},
        details=tuple(details),
        statements=(_headline(frame, boundaries), *statements, *_say_repairs(table)),
        sources=tuple(source.to_dict() for source in (table.meta.source, *boundaries.sources)),
    )
    return Joined(boundaries, meta, chosen.period, frame, receipt, extras=extras, where=chosen.where)


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


def _relevant(codes: pd.Series, boundaries: BoundarySet) -> pd.Series:
    """Whether each row's code is one of the set, or has the form of one."""
    own = set(boundaries.frame["code"])
    entities = GEOGRAPHIES.get(boundaries.geography, frozenset())
    distinct = {
        code: code in own or (bool(code) and (entity_of(code) in entities) == (":" not in code) and bool(entities))
        for code in codes.unique()
    }
    if not entities:
        prefix = f"{boundaries.geography}:"
        distinct = {code: known or code.startswith(prefix) for code, known in distinct.items()}
    return codes.map(distinct).astype(bool)


def _match(
    rows: pd.DataFrame, boundaries: BoundarySet, allowed: frozenset[str]
) -> tuple[pd.DataFrame, list[dict[str, str]], dict[str, int], list[str]]:
    """Give every row its area: rows with a column ``target``, details, counts by fate, faults."""
    own = set(boundaries.frame["code"])
    fates: dict[str, int] = {}
    details: list[dict[str, str]] = []
    faults: list[str] = []
    rows = rows.assign(target=rows["code"].where(rows["code"].isin(own), ""))
    unknown = rows[rows["target"] == ""]
    if len(unknown):
        fates["unmatched"] = len(unknown)
        details += [
            _detail("unmatched", code, "", name) for code, name in zip(unknown["code"], unknown["name"], strict=True)
        ]
        if "unmatched" not in allowed:
            named = (f"{code} {name}".strip() for code, name in zip(unknown["code"], unknown["name"], strict=True))
            faults.append(f"codes that are not of {boundaries.geography} on that date: {listed(named)}")
    known = rows[rows["target"] != ""]
    again = known["target"].duplicated(keep="first")
    if again.any():
        fates["duplicated"] = int(again.sum())
        equal = known.duplicated(subset=["target", "value"], keep="first")
        details += [_detail("duplicated", code, code, "") for code in known.loc[again, "code"]]
        if "duplicates" not in allowed or not equal[again].all():
            faults.append(
                f"codes that stand more than once in one period: {listed(known.loc[again, 'target'].unique())}"
            )
    known = known[~again]
    fates["matched"] = len(known)
    return known, details, fates, faults


def _lay_out(
    table: OutcomeTable, matched: pd.DataFrame, boundaries: BoundarySet
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return a row for every area, and what else the source says of it."""
    index = pd.Index(boundaries.frame["code"].to_numpy(), name="code")
    laid = matched.set_index("target").reindex(index)
    nations = boundaries.frame["nation"].to_numpy()
    present = set(boundaries.frame.set_index("code")["nation"].reindex(matched["target"]))
    covered = np.isin(nations, [nation for nation in table.meta.nations if nation in present])
    status = laid["status"].fillna("unavailable").where(covered, "not_covered")
    missing = laid["value"].isna()
    reasons = laid["status"].map(_MISSING).fillna("the source has no row for this area")
    outside = np.array([f"the source does not cover {NATIONS.get(nation, nation)}" for nation in nations])
    why = pd.Series(np.where(covered, reasons.to_numpy(dtype=object), outside), index=index, dtype="str")
    frame = pd.DataFrame(
        {
            "name": boundaries.frame["name"].to_numpy(),
            "nation": nations,
            **{name: laid[name].to_numpy(dtype="float64") for name in _FIGURES},
            "status": status.to_numpy(),
            "quality": np.where(missing, "missing", "exact"),
            "reason": why.where(missing, "").to_numpy(),
        },
        index=index,
    )
    extras = laid[list(table.extras)].fillna("") if table.extras else None
    return frame, extras


def _averages(rows: pd.DataFrame, meta: OutcomeMeta, chosen: Selection, table: OutcomeTable) -> dict[str, float]:
    """Return the figures published for wider areas in this period and group, else those the metadata has for the only one."""
    found = {
        str(code): float(value)
        for code, value in zip(rows["code"], rows["value"], strict=True)
        if code and np.isfinite(value)
    }
    return found or (dict(meta.averages) if len(table.periods()) == 1 and not chosen.where else {})


def _headline(frame: pd.DataFrame, boundaries: BoundarySet) -> str:
    covered = frame["status"] != "not_covered"
    have = int(frame["value"].notna().sum())
    kind = GEOGRAPHY_NAMES.get(boundaries.geography, "areas")
    return f"{have} of {int(covered.sum())} {kind} have a value."


def _say_coverage(frame: pd.DataFrame, meta: OutcomeMeta) -> list[str]:
    outside = [nation for nation in "EWSN" if ((frame["nation"] == nation) & (frame["status"] == "not_covered")).any()]
    if not outside:
        return []
    names = " and ".join(NATIONS[nation] for nation in outside)
    count = int((frame["status"] == "not_covered").sum())
    gone = [NATIONS[nation] for nation in outside if nation in meta.nations]
    said = [f"{names} {'are' if len(outside) > 1 else 'is'} not covered: {count} areas are left out of every count."]
    if gone and len(gone) < len(outside):
        said.append(f"{' and '.join(gone)}: covered by the source, but without a row in this period.")
    return said


def _say_allowed(allowed: frozenset[str]) -> list[str]:
    return [f"Allowed on request: {ALLOWANCES[name]}." for name in sorted(allowed)]


def _say_repairs(table: OutcomeTable) -> list[str]:
    return [f"Mended while reading: {what} ({count:,})." for what, count in sorted(table.repairs.items())]


def _detail(fate: str, of: str, to: str, note: str) -> dict[str, str]:
    return {"fate": fate, "from": of, "to": to, "note": note}


def nations_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the nations that codes of areas belong to, in the order E W S N."""
    found = {nation_of(code) for code in set(codes)}
    return tuple(nation for nation in "EWSN" if nation in found)
