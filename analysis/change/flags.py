"""Early warning: area by outcome, what regresses and what improves, the worst first, with what chance alone would give.

The design calls a flag a *warning*; Python has a built-in of that name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from analysis.change.result import MOVED
from analysis.significance import longest_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.change.result import Change

Direction = Literal["regressing", "improving", "rising", "falling"]

COLUMNS = ("outcome", "period", "since", "code", "name", "direction", "change", "lower", "upper", "p", "in_a_row", "level", "common", "several", "unit", "base")  # fmt: skip
"""Columns of ``warnings.csv``, in this order."""

EVERYWHERE: Final = 0.95
"""Probability from which the common movement of all areas is itself beyond δ."""
_POOR: Mapping[str, str] = {"high": "low", "low": "high"}
"""The level that is poor, by which end is good; levels are in value order."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One area's change in one outcome, beyond error.

    Parameters
    ----------
    outcome, period, since, code, name, direction : which.
    change, lower, upper : the shrunken change and its 95 % interval, in the unit of the change. p : P(change beyond δ).
    in_a_row : periods in a row, up to the latest, over which the published figure moved this way.
    level : where the area stands now (low, high, not-clear, error-unknown, no-data); empty where nobody judged it.
    common : all areas together moved this way by more than δ, and this one cannot be told from them.
    several : outcomes in which this area has a flag of this direction that is not common.
    poor_and_worse : the area stands at the poor end now and moved further towards it.
    unit, base : of the change: ``percentage points`` of the national figure for money, base relative.
    """

    outcome: str
    period: str
    since: str
    code: str
    name: str
    direction: Direction
    change: float
    lower: float
    upper: float
    p: float
    in_a_row: int
    level: str = ""
    common: bool = False
    several: int = 0
    poor_and_worse: bool = False
    unit: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Everywhere:
    """A movement that all areas share: direction, common change, areas named and compared, and those that moved further still."""

    outcome: str
    direction: Direction
    change: float
    unit: str
    named: int
    compared: int
    further: int


def flags_of(
    change: Change, in_a_row: pd.DataFrame, levels: pd.Series | None = None
) -> tuple[tuple[Flag, ...], tuple[Everywhere, ...]]:
    """Return a flag for every area whose change is beyond error, and what was common to most.

    Parameters
    ----------
    change : as compared. in_a_row : columns ``rise fall``, by code: periods in a row.
    levels : code → level now, where it is known.
    """
    frame = change.frame
    flags: list[Flag] = []
    common: list[Everywhere] = []
    for direction in MOVED:
        named = (frame["verdict"] == direction).to_numpy()
        if not named.any():
            continue
        rises = bool((frame["p_rise"] > frame["p_fall"]).to_numpy()[named][0])
        further = _further(change, rises=rises)
        shared = (
            change.posterior is not None
            and change.posterior.prior.common(change.beyond)[0 if rises else 1] >= EVERYWHERE
        )
        if shared:
            common.append(
                Everywhere(
                    change.outcome,
                    direction,  # type: ignore[arg-type]  # MOVED holds directions only
                    change.posterior.centre if change.posterior else float("nan"),
                    change.unit,
                    int(named.sum()),
                    change.counts.compared,
                    int((named & further).sum()),
                )
            )
        column = "p_rise" if rises else "p_fall"
        runs = in_a_row["rise" if rises else "fall"].reindex(frame.index, fill_value=0)
        for place in np.flatnonzero(named):
            code = str(frame.index[int(place)])
            flags.append(
                _flag(
                    change,
                    frame.iloc[int(place)],
                    direction,  # type: ignore[arg-type]
                    p=column,
                    in_a_row=int(runs.iloc[int(place)]),
                    level="" if levels is None else str(levels.get(code, "")),
                    common=shared and not bool(further[place]),
                )
            )
    return tuple(flags), tuple(common)


def _flag(
    change: Change, row: pd.Series, direction: Direction, *, p: str, in_a_row: int, level: str, common: bool
) -> Flag:
    """Return the flag of one area; ``p`` is the column of its probability."""
    return Flag(
        change.outcome,
        change.period,
        change.since,
        str(row.name),
        str(row["name"]),
        direction,
        float(row["mean"]),
        float(row["lower"]),
        float(row["upper"]),
        float(row[p]),
        in_a_row,
        level,
        common=common,
        poor_and_worse=direction == "regressing" and level == _POOR.get(change.favourable),
        unit=change.unit,
        base=change.base,
    )


def in_order(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return flags of one direction, the most pressing areas first.

    Areas that are poor and getting worse before all; then those with flags in several outcomes; then by the surest flag. A flag that
    is common to all areas counts for none of it. The flags of an area stand together.
    """
    given = list(flags)
    own: dict[str, set[str]] = {}
    for flag in given:
        if not flag.common:
            own.setdefault(flag.code, set()).add(flag.outcome)
    counted = [replace(flag, several=len(own.get(flag.code, ()))) for flag in given]
    pressing: dict[str, tuple[bool, int, float]] = {}
    for flag in counted:
        worst = pressing.get(flag.code, (False, 0, 0.0))
        poor = worst[0] or (flag.poor_and_worse and not flag.common)
        pressing[flag.code] = (poor, flag.several, max(worst[2], 0.0 if flag.common else flag.p))

    def place(flag: Flag) -> tuple[Any, ...]:
        poor, several, sure = pressing[flag.code]
        return (not poor, -several, -sure, flag.code, flag.common, not flag.poor_and_worse, -flag.p, flag.outcome)

    return tuple(sorted(counted, key=place))


def warnings_frame(flags: Iterable[Flag]) -> pd.DataFrame:
    """Return flags as rows of ``warnings.csv``, in the order given."""
    return pd.DataFrame([[getattr(flag, name) for name in COLUMNS] for flag in flags], columns=list(COLUMNS))


def _further(change: Change, *, rises: bool) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say which areas moved this way by more than δ beyond the common movement, by the rule of every list."""
    known = change.frame["mean"].notna().to_numpy()
    errors = np.full(len(known), np.nan)
    if change.posterior is not None:
        above, below = change.posterior.apart(change.beyond)
        errors[known] = 1 - (above if rises else below)
    mean, each = change.parameters["mean_error"], change.parameters["each_error"]
    return longest_list(errors, mean=mean, each=each)
