"""Values as z-scores on a stated base."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from boundaries.outcomes.periods import label
from geo.errors import TableError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.outcomes.table import OutcomeTable


def standardised(
    table: OutcomeTable, *, base_period: str | None = None, areas: Sequence[str] | None = None
) -> OutcomeTable:
    """Express values as z-scores on a stated base.

    Parameters
    ----------
    table : the outcome, areas of one geography.
    base_period : the period whose mean and standard deviation serve for all; by default each period has its own, which hides
        change that is common to all areas.
    areas : codes that make the base; all by default.

    Raises
    ------
    TableError
        If the base has fewer than two values or does not vary.

    Notes
    -----
    z = (x − mean) / sd with the population standard deviation (divisor n); SE(z) = SE(x) / sd: the base counts as known.
    """
    frame = table.frame
    keys = ["period", *table.breakdowns]
    base = frame[frame["value"].notna()]
    if areas is not None:
        base = base[base["code"].isin(list(areas))]
    if base_period is not None:
        base = base[base["period"] == base_period]
        keys = list(table.breakdowns)
    grouped = base.assign(all="")[[*keys, "all", "value"]].groupby([*keys, "all"])["value"]
    moments = grouped.agg(["mean", "count"]).assign(sd=grouped.std(ddof=0)).reset_index()
    flat = moments[(moments["count"] < 2) | ~(moments["sd"] > 0)]
    if len(flat) or moments.empty:
        shown = [" ".join(str(row[key]) for key in keys) or "the whole" for row in flat.to_dict("records")]
        raise TableError(
            "z-scores need a base of two different values at least", [listed(shown) or "the base has no value"]
        )
    laid = frame.assign(all="").merge(moments, on=[*keys, "all"], how="left", validate="many_to_one")
    scaled = {
        name: (frame[name].to_numpy() - laid["mean"].to_numpy()) / laid["sd"].to_numpy()
        for name in ("value", "lower", "upper")
    }
    made = frame.assign(**scaled, se=frame["se"].to_numpy() / laid["sd"].to_numpy(), denominator=np.nan)
    on = f"the areas in {label(base_period)}" if base_period is not None else "the areas in the same period"
    meta = replace(
        table.meta,
        id=f"{table.meta.id}-z",
        title=f"{table.meta.title} (z-score)",
        measure="index",
        unit="z",
        averages={},
        description=f"{table.meta.title} as z-score: 0 is the mean of {on}, 1 one standard deviation. Relative to that base only.",
        decimals=2,
        interval="normal",
        denominator="",
    )
    return replace(table, meta=meta, frame=made)
