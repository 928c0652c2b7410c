"""Areas by outcomes in bands, low on how many of them, and with what probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.profiles.standing import Standing

Floats = np.ndarray[Any, np.dtype[np.float64]]

FRONT = ("code", "name", "low_on", "of", "p_low_on")
"""Columns of the table before its bands."""


def profile_table(standings: Sequence[Standing]) -> pd.DataFrame:
    """Return a row an area: ``code name low_on of p_low_on``, then the band of each outcome under its id.

    Parameters
    ----------
    standings : outcomes on one set of areas.

    Returns
    -------
    ``low_on`` counts the outcomes on which the area lies in a low band, ``of`` those that have a figure for it and a good
    end. ``p_low_on`` is the probability that it is truly low on at least ``low_on`` of them; NaN where one of them gives no
    probability. Bands are empty where there is no figure. Areas low on most come first, then by name.

    Raises
    ------
    StatisticsError
        No outcome, one that stands twice, or outcomes on different areas.

    Notes
    -----
    Errors of different outcomes are taken as independent: the number of outcomes an area is low on then has a Poisson-binomial
    distribution. Outcomes that share a survey do not err independently.
    """
    _check(standings)
    counted = [standing for standing in standings if standing.favourable != "none"]
    index = standings[0].bands.index
    known = np.array([standing.bands.ne("").to_numpy() for standing in counted]).reshape(len(counted), len(index))
    low = np.array([standing.is_low.to_numpy() for standing in counted]).reshape(len(counted), len(index))
    chance = np.array([_chance(standing) for standing in counted]).reshape(len(counted), len(index))
    low_on = low.sum(axis=0)
    table = pd.DataFrame(
        {
            "code": index.to_numpy(),
            "name": standings[0].names.to_numpy(),
            "low_on": low_on,
            "of": known.sum(axis=0),
            "p_low_on": at_least(np.where(known, chance, 0.0), low_on),
            **{standing.outcome: standing.bands.to_numpy() for standing in standings},
        }
    )
    table.loc[table["of"] == 0, "p_low_on"] = np.nan
    return table.sort_values(["low_on", "name"], ascending=[False, True], kind="stable").reset_index(drop=True)


def at_least(chances: Floats, number: np.ndarray[Any, Any]) -> Floats:
    """Return the probability of at least ``number`` successes in independent trials of unequal chance.

    Parameters
    ----------
    chances : shape (trials, areas). number : shape (areas,).

    Returns
    -------
    Shape (areas,); NaN where a chance is.

    Examples
    --------
    >>> at_least(np.array([[0.5], [0.2]]), np.array([1])).round(6).tolist()
    [0.6]
    """
    exactly = np.zeros((len(chances) + 1, chances.shape[1]))
    exactly[0] = 1.0
    for chance in chances:
        exactly[1:] = exactly[1:] * (1 - chance) + exactly[:-1] * chance
        exactly[0] *= 1 - chance
    places = np.arange(len(chances) + 1)[:, None]
    found: Floats = np.where(places >= number[None, :], exactly, 0.0).sum(axis=0)
    return np.where(np.isfinite(chances).all(axis=0), np.minimum(found, 1.0), np.nan)


def low_on_several(table: pd.DataFrame, *, at_least_on: int) -> pd.DataFrame:
    """Return the rows of a profile table that are low on at least so many outcomes.

    Raises
    ------
    StatisticsError
        More outcomes are asked for than are counted anywhere.
    """
    most = int(table["of"].max()) if len(table) else 0
    if at_least_on > most:
        raise StatisticsError(f"no area has figures for {at_least_on} outcomes", [f"{most} are counted at most"])
    return table[table["low_on"] >= at_least_on].reset_index(drop=True)


def types_of_places(table: pd.DataFrame, memberships: pd.DataFrame, *, at_least_on: int) -> pd.DataFrame:
    """Return how many areas of each combination of kinds of place are low on several outcomes.

    Parameters
    ----------
    table : of ``profile_table``. memberships : indexed by code, a column a kind: yes, no or not classified.
    at_least_on : how many outcomes.

    Returns
    -------
    The columns of ``memberships``, ``areas``, ``low`` and ``share``, most areas first; kinds overlap, so that combinations and
    not kinds are the rows.
    """
    kinds = memberships.reindex(table["code"]).fillna("not classified").reset_index(drop=True)
    kinds["low"] = table["low_on"].to_numpy() >= at_least_on
    grouped = kinds.groupby(list(memberships.columns), sort=True)["low"].agg(["size", "sum"]).reset_index()
    grouped = grouped.rename(columns={"size": "areas", "sum": "low"}).assign(
        share=lambda rows: rows["low"] / rows["areas"]
    )
    return grouped.sort_values("areas", ascending=False, kind="stable").reset_index(drop=True)


def _chance(standing: Standing) -> Floats:
    if standing.p_low is None:
        return np.full(len(standing.bands), np.nan)
    return np.asarray(standing.p_low.reindex(standing.bands.index), dtype=np.float64)


def _check(standings: Sequence[Standing]) -> None:
    if not standings:
        raise StatisticsError("a profile needs at least one outcome")
    ids = [standing.outcome for standing in standings]
    faults = []
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        faults.append(f"an outcome stands twice: {listed(twice)}")
    if taken := [name for name in ids if name in FRONT]:
        faults.append(f"an id is a column of the table: {listed(taken)}")
    first = standings[0].bands.index
    if other := [standing.outcome for standing in standings if not standing.bands.index.equals(first)]:
        faults.append(f"on other areas than '{ids[0]}': {listed(other)}")
    if faults:
        raise StatisticsError("outcomes cannot stand in one table", faults)
