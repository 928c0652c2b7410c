"""Why a conversion is refused: everything that would be false, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.measures import is_rank
from boundaries.places.recognition import LEAVE_UNMATCHED, meant_by, reasons_in_words
from boundaries.register import codes_alive, load_register
from boundaries.register.codes import in_geography
from geo.errors import ConversionError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from boundaries.conversion.arithmetic import Figures
    from boundaries.conversion.crosswalk import Crosswalk
    from boundaries.conversion.expansion import Expansion
    from boundaries.outcomes.table import OutcomeMeta, OutcomeTable


def check_alive(table: OutcomeTable, frm: dt.date, geography: str) -> None:
    """Refuse codes that were not alive on the date that is stated for them.

    Raises
    ------
    ConversionError
        One or more were not.
    """
    alive = codes_alive(load_register(), geography, frm)
    codes = [code for code in table.frame["code"].unique() if code and in_geography(code, geography)]
    other = sorted(set(codes) - alive)
    if other:
        raise ConversionError(
            f"'{table.meta.id}' is not of {frm.isoformat()}",
            [
                f"codes not alive on that date: {listed(other)}",
                "leave the date out to take each code as of its own lifetime",
            ],
        )


def strangers_among(rows: pd.DataFrame, geography: str, to: dt.date, allow: frozenset[str]) -> list[str]:
    """Return what to say of rows whose code no register holds, nothing where they may be left out."""
    if rows.empty or "unmatched" in allow:
        return []
    return list(reasons_in_words(meant_by(rows, geography=geography, date=to), rows))


def refuse(
    table: OutcomeTable,
    crosswalk: Crosswalk,
    laid: Expansion,
    source: pd.DataFrame,
    figures: Figures,
    strangers: list[str],
    allow: frozenset[str],
) -> None:
    """Refuse codes of no place, land that two rows cover, and figures that the measure forbids.

    Parameters
    ----------
    strangers : what to say of codes of no place. source : the rows that are converted; the rest as in ``convert``.

    Raises
    ------
    ConversionError
        Everything that would be false.
    """
    faults = list(strangers)
    helps = [LEAVE_UNMATCHED] if faults else []
    if laid.doubled.any():
        rows = source[laid.doubled]
        shown = (f"{code} in {period}" for code, period in zip(rows["code"], rows["period"], strict=True))
        faults.append(f"rows that cover the same land in one period: {listed(dict.fromkeys(shown))}")
        helps.append(Remedy("allow", "both", purpose="where merged areas are listed beside their successor"))
    if figures.refused.any() and not allow & {"missing", "bound"}:
        targets = crosswalk.targets[np.unique(laid.target[figures.refused])]
        faults.append(f"{figures.why}: {listed(targets)}")
        helps += helps_against(table.meta, allow)
    if faults:
        raise ConversionError(f"{called(table)} cannot be converted truthfully", faults, helps)


def helps_against(meta: OutcomeMeta, allow: frozenset[str]) -> list[Remedy]:
    """Return what would help where a measure forbids to merge, to split or to cast back."""
    helps = []
    if meta.measure == "count":
        helps.append(Remedy("weights", "residents-2011", purpose="to share counts out among former areas"))
    elif meta.measure in {"median", "index"} and not is_rank(meta.measure, meta.unit) and "approximate" not in allow:
        helps.append(Remedy("allow", "bound", purpose="for the range of the members"))
        helps.append(Remedy("allow", "approximate", purpose="for a mean of the members"))
    return [*helps, Remedy("allow", "missing", purpose="to leave these areas without a value")]


def called(table: OutcomeTable) -> str:
    """Return id and measure of an outcome, for the first line of a refusal."""
    return f"'{table.meta.id}' ({table.meta.measure})"
