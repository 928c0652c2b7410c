"""Series of a few areas made by hand; a test states only the numbers it is about."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from boundaries.outcomes.table import OutcomeMeta
from boundaries.series import Series, read_together


def series(values, errors=None, *, periods=None, averages=None, base="", breaks=(), quality=None, status=None, **meta):
    """Return a series of areas ``a0`` … with the values given, shape (areas, periods)."""
    value = np.asarray(values, dtype=float)
    se = (
        np.full(value.shape, np.nan)
        if errors is None
        else np.broadcast_to(np.asarray(errors, float), value.shape).copy()
    )
    named = tuple(periods or (str(2020 + place) for place in range(value.shape[1])))
    codes = pd.Index([f"a{place}" for place in range(len(value))], name="code", dtype="str")
    described = {"id": "jobs", "title": "Jobs", "measure": "rate", "unit": "%", "favourable": "high", **meta}
    blank = np.full(value.shape, np.nan)
    return Series(
        meta=OutcomeMeta(**described),
        geography="LAD",
        date=dt.date(2024, 1, 1),
        areas=pd.DataFrame({"name": [code.upper() for code in codes], "nation": "E"}, index=codes),
        periods=named,
        windows=tuple(read_together(named).values()),
        figures={"value": value, "lower": blank, "upper": blank, "se": se},
        status=np.where(np.isfinite(value), "ok", "unavailable").astype(object) if status is None else status,
        quality=np.full(value.shape, "exact", dtype=object) if quality is None else quality,
        band=np.full(value.shape, "", dtype=object),
        averages=tuple(averages or ({} for _ in named)),
        breaks=tuple(breaks),
        base=base,
    )


def drawn(n=300, *, spread=3.0, moved=0.0, common=0.0, error=1.0, rho=0.0, seed=1):
    """Return true changes, and values of two periods drawn with errors of a correlation."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(60, spread, n)
    change = common + rng.normal(0, moved, n)
    noise = rng.multivariate_normal([0, 0], error**2 * np.array([[1, rho], [rho, 1]]), size=n)
    return change, np.column_stack([truth, truth + change]) + noise
