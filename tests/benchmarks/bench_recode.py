"""Conversion of a million rows, and inference of a file's vintage, each against plain pandas on the same table."""

from __future__ import annotations

import datetime as dt
import io
import sys

import numpy as np
import pandas as pd

from boundaries.areas.lookup import load_lookup  # noqa: F401 - imported so that no import is timed below
from boundaries.conversion import recode
from boundaries.dating.vintages import infer_epochs
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.register import codes_alive, load_register
from tests.benchmarks.pairing import paired

FROM, TO = dt.date(2011, 7, 1), dt.date(2025, 7, 1)
PERIODS = 2464
"""Times 406 areas of 2011: a million rows."""


def main() -> None:
    """Print a row a comparison, ours against theirs."""
    codes = sorted(codes_alive(load_register(), "LAD", FROM))
    target = _target(codes)
    rng = np.random.default_rng(2011)
    count = rng.integers(0, 10_000, len(codes) * PERIODS).astype(float)
    count[rng.random(len(count)) < 0.01] = np.nan
    for measure in ("count", "rate"):
        table = _table(codes, measure, count, rng)
        plain = table.frame[["code", "period", "value"]]
        pair = paired(
            lambda table=table: recode(table, to=TO, allow=["inherited"]),  # type: ignore[misc]
            lambda plain=plain: plain.merge(target, on="code").groupby(["target", "period"])["value"].sum(),  # type: ignore[misc]
            runs=3,
        )
        sys.stdout.write(f"{len(table.frame):,} rows, {measure:<6} {pair}   against one merge and groupby().sum()\n")
    text = _file(codes)
    load_register.cache_clear()

    def ours() -> None:
        load_register.cache_clear()
        infer_epochs(pd.read_csv(io.StringIO(text), dtype=str))

    pair = paired(ours, lambda: pd.read_csv(io.StringIO(text), dtype=str))
    sys.stdout.write(f"10,000 rows, inference, register not cached {pair}   against reading the file alone\n")


def _target(codes: list[str]) -> pd.DataFrame:
    """Return each code's district of 2025 (the larger part of a split one), as a published lookup would."""
    table = OutcomeTable(
        OutcomeMeta("n", "N", "count"),
        outcome_frame({"code": codes, "period": ["x"] * len(codes), "value": np.ones(len(codes))}),
    )
    pairs = pd.DataFrame(recode(table, to=TO).details)[["from", "to"]].drop_duplicates("from").set_index("from")["to"]
    return pd.DataFrame({"code": codes, "target": [pairs.get(code, code) for code in codes]})


def _table(codes: list[str], measure: str, value: np.ndarray, rng: np.random.Generator) -> OutcomeTable:
    columns: dict[str, object] = {
        "code": np.tile(np.array(codes, dtype=object), PERIODS),
        "period": np.repeat(np.array([f"p{i}" for i in range(PERIODS)], dtype=object), len(codes)),
        "value": value,
    }
    if measure == "rate":
        columns |= {"denominator": rng.integers(1, 1000, len(value)).astype(float), "se": rng.random(len(value))}
    return OutcomeTable(OutcomeMeta("n", "N", measure), outcome_frame(columns))  # type: ignore[arg-type]


def _file(codes: list[str]) -> str:
    rows = (f"{code},{year},{i}" for year in range(2000, 2025) for i, code in enumerate(codes[:400]))
    return "code,period,value\n" + "\n".join(rows)


if __name__ == "__main__":
    main()
