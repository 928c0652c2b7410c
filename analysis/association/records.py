"""What is found of one kind of place in one outcome, and the table of it all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy import stats

from analysis.association.judging import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.association.scales import Scale

Estimated = Literal["alone", "together"]

CLAIMS = (
    *("outcome", "period", "type", "definition", "estimated", "n", "members", "gap", "gap_lower", "gap_upper"),
    *("beside", "beside_lower", "beside_upper", "p", "q", "verdict"),
)
"""Columns of ``claims.csv`` that others build on; ``MORE`` follow them."""

MORE = ("scale", "sd", "skewness", "df", "with_error", "others", "reason")


@dataclass(frozen=True, slots=True)
class Association:
    """How an outcome differs between areas of a kind and the others, by one definition.

    Parameters
    ----------
    outcome, period : of the values. type, definition : the kind of place and the rule that says which areas are of it.
    estimated : ``alone``, or ``together`` with the kinds in ``others``, each by its default definition: what is left of the
        gap among areas that are alike in them.
    n : areas compared: those with a value that the definition classifies (together: all definitions do).
    members : areas of the kind; where areas are of it in part, the sum of their shares.
    mean_members, mean_others : plain means, areas counting alike; in the outcome's unit.
    gap, gap_lower, gap_upper : on the map, with what the survey's error alone makes of it; limits are NaN where no error is known.
    beside, beside_lower, beside_upper : what is left beside places nearby, with its 95 % interval, on ``scale``.
    p : two-sided, of ``beside``; of an outcome that is skewed, the larger of that and of p on normal scores. q : adjusted for everything that was asked. verdict : see ``judge``.
    scale : ``value`` (the outcome's unit), ``log``, ``rank`` or ``normal-scores``.
    sd, skewness : of the outcome over the areas compared. df : effective degrees of freedom of the interval.
    with_error : areas whose known error is in the estimate.
    others : kinds that are allowed for. reason : why it could not be tested.
    """

    outcome: str
    period: str
    type: str
    definition: str
    estimated: Estimated
    n: int
    members: float
    mean_members: float = math.nan
    mean_others: float = math.nan
    gap: float = math.nan
    gap_lower: float = math.nan
    gap_upper: float = math.nan
    beside: float = math.nan
    beside_lower: float = math.nan
    beside_upper: float = math.nan
    p: float = math.nan
    q: float = math.nan
    verdict: Verdict = "not-testable"
    scale: Scale = "value"
    sd: float = math.nan
    skewness: float = math.nan
    df: float = math.nan
    with_error: int = 0
    others: tuple[str, ...] = ()
    reason: str = ""

    @property
    def column(self) -> str:
        """Column of memberships: ``<type>__<definition>``."""
        return f"{self.type}__{self.definition}"

    @property
    def effect(self) -> float:
        """The gap on the map in standard deviations of the outcome."""
        return self.gap / self.sd


def judged(associations: Sequence[Association]) -> tuple[Association, ...]:
    """Adjust every p for all that were asked at once, and reach the verdicts.

    Parameters
    ----------
    associations : kinds × definitions × outcomes of an atlas, or of the claims of one call.

    Notes
    -----
    Benjamini and Hochberg over what is estimated alone, and again over what is estimated together: the two answer the same
    questions in two ways, and neither is asked twice.
    """
    found = list(associations)
    for way in ("alone", "together"):
        own = [i for i, one in enumerate(found) if one.estimated == way and not math.isnan(one.p)]
        adjusted = stats.false_discovery_control([found[i].p for i in own]) if own else []
        for i, q in zip(own, adjusted, strict=True):
            found[i] = replace(found[i], q=float(q))
    return tuple(
        replace(
            one,
            verdict=judge(gap=one.gap, lower=one.gap_lower, upper=one.gap_upper, sd=one.sd, beside=one.beside, q=one.q),
        )
        for one in found
    )


def claims_table(associations: Sequence[Association]) -> pd.DataFrame:
    """Return one row an association, in the columns of ``CLAIMS`` and ``MORE``.

    Numbers that could not be had are NaN; ``others`` are joined by ``"; "``. Whole numbers of members stay whole.
    """
    names = [*CLAIMS, *MORE]
    rows = [{**{name: getattr(one, name) for name in names}, "others": "; ".join(one.others)} for one in associations]
    table = pd.DataFrame(rows, columns=names)
    members = table["members"].to_numpy(dtype=float)
    if len(table) and (members == np.round(members)).all():
        table["members"] = members.astype(int)
    return table
