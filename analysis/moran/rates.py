"""Moran's I for rates whose denominators differ: the empirical Bayes index, so that small places do not make the pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np

from analysis.moran.local import local_moran
from analysis.moran.whole import global_moran
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    import pandas as pd

    from analysis.significance import GlobalResult, LocalResult, Options
    from analysis.weights import Weights


def empirical_bayes_index(events: pd.Series, base: pd.Series) -> pd.Series[float]:
    """Standardise rates by what their denominators let them vary.

    Parameters
    ----------
    events : counts, indexed by code; NaN where there is no data.
    base : denominators on the same codes, above zero.

    Returns
    -------
    Series
        (p_i − b) / √(a + b / base_i): b the overall rate, a the variance between areas (at least 0); NaN where either is.

    Raises
    ------
    StatisticsError
        Different codes, a count below zero, a base of zero or less, or rates that do not vary at all.

    References
    ----------
    Assunção and Reis (1999), doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I.
    """
    strangers = events.index.symmetric_difference(base.index)
    faults = []
    if len(strangers):
        faults.append(f"counts and denominators are of different areas: {listed(strangers)}")
    if (events < 0).any():
        faults.append(f"counts below zero: {listed(events.index[events < 0])}")
    if (base <= 0).any():
        faults.append(f"denominators of zero or less: {listed(base.index[base <= 0])}")
    if faults:
        raise StatisticsError("these are no rates", faults)
    at_risk = base.reindex(events.index).astype(np.float64).where(events.notna())
    counted = events.astype(np.float64).where(at_risk.notna())
    rate = counted / at_risk
    overall = counted.sum() / at_risk.sum()
    between = (at_risk * (rate - overall) ** 2).sum() / at_risk.sum() - overall / at_risk.mean()
    variance = max(between, 0.0) + overall / at_risk
    if not (variance.dropna() > 0).any():
        raise StatisticsError("rates that are all zero have no pattern", ["no events were counted"])
    result: pd.Series[float] = (rate - overall) / np.sqrt(variance)
    return result


def global_moran_rates(
    events: pd.Series, base: pd.Series, weights: Weights, **options: Unpack[Options]
) -> GlobalResult:
    """Run ``global_moran`` on the empirical Bayes index of rates.

    Parameters
    ----------
    events, base : as in ``empirical_bayes_index``.
    weights, options : as in ``global_moran``.

    Raises
    ------
    StatisticsError
        As ``empirical_bayes_index`` and ``global_moran``.
    """
    return global_moran(empirical_bayes_index(events, base), weights, **options)


def local_moran_rates(events: pd.Series, base: pd.Series, weights: Weights, **options: Unpack[Options]) -> LocalResult:
    """Run ``local_moran`` on the empirical Bayes index of rates.

    Parameters
    ----------
    events, base : as in ``empirical_bayes_index``.
    weights, options : as in ``local_moran``.

    Raises
    ------
    StatisticsError
        As ``empirical_bayes_index`` and ``local_moran``.
    """
    return local_moran(empirical_bayes_index(events, base), weights, **options)
