"""The outcome table itself: frames, shapes, units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.outcomes.intervals import with_standard_errors
from boundaries.outcomes.table import COLUMNS, OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.outcomes.units import in_unit, whole_of
from boundaries.sources.table import Table
from geo.errors import TableError


def table(values, *, unit="%", measure="rate", **columns):
    frame = outcome_frame({"code": [f"E0600000{i}" for i in range(len(values))], "value": values, **columns})
    return OutcomeTable(OutcomeMeta("x", "X", measure, unit, averages={"K02000001": 50.0}), frame)


def test_a_frame_has_every_column_and_unknown_is_never_zero():
    frame = outcome_frame({"code": ["E06000001", "E06000002"], "value": [1, np.nan], "sex": ["F", "M"]}, extra=("sex",))
    assert list(frame.columns) == [*COLUMNS[:3], "sex", *COLUMNS[3:]]
    assert frame["se"].isna().all()
    assert frame["status"].tolist() == ["ok", "unavailable"]
    assert frame["value"].dtype == "float64"
    assert outcome_frame({"code": pd.Series(["a"], dtype="str"), "value": [1.0], "status": ["ok"]})[
        "status"
    ].tolist() == ["ok"]


def test_the_table_says_what_it_is():
    made = table([1.0, 2.0], period=["2023", "2024"])
    assert repr(made) == "OutcomeTable(x: rate in %; 2 rows, 2 areas, 2 periods)"
    assert made.periods() == ("2023", "2024")


@settings(max_examples=20)
@given(st.lists(st.integers(0, 9999), min_size=6, max_size=6))
def test_wide_and_long_are_two_layouts_of_one_table(tmp_path_factory, values):
    codes, periods = ["E06000001", "E06000002"], ["2021", "2022", "2023"]
    path = tmp_path_factory.mktemp("wide") / "x.csv"
    pd.DataFrame(np.reshape(values, (2, 3)), columns=periods).assign(code=codes, name=["Hartlepool", "Redcar"]).to_csv(
        path, index=False
    )
    back = Table().read(path, options={}).frame.pivot_table(index="code", columns="period", values="value")
    assert back.index.tolist() == codes
    assert back[periods].to_numpy().ravel().tolist() == values


@pytest.mark.parametrize(
    ("unit", "whole"),
    [
        ("%", 100),
        ("proportion", 1),
        ("per 1,000", 1000),
        ("Per 10,000 people", 10_000),
        ("£", None),
        ("per head", None),
    ],
)
def test_units_that_are_shares(unit, whole):
    assert whole_of(unit) == whole


def test_a_share_is_converted_with_its_error_and_its_average():
    made = in_unit(table([0.25], unit="proportion", se=[0.01]), "%")
    assert made.frame[["value", "se"]].to_numpy().tolist() == [[25.0, 1.0]]
    assert (made.meta.unit, made.meta.averages) == ("%", {"K02000001": 5000.0})
    assert in_unit(table([5.0], unit="per 1,000"), "per 100,000").frame["value"].tolist() == [500.0]


def test_percent_is_never_taken_for_a_proportion():
    with pytest.raises(TableError, match="more than the whole in 'proportion'"):
        in_unit(table([25.0], unit="proportion"), "%")
    with pytest.raises(TableError, match="'£' is not a share"):
        in_unit(table([25.0], unit="£", measure="mean"), "%")


def test_standard_errors_of_a_long_table_are_worked_out_piece_by_piece(monkeypatch):
    known = {
        "code": ["a"] * 7,
        "value": [5.0, 6, 7, 8, 9, 1, 2],
        "lower": [4.0, 5, None, 7, 8, 0, 1],
        "upper": [6.0, 7, 8, 9, 11, 2, 4],
    }
    frame = outcome_frame({**known, "se": [None, 0.5, None, None, None, None, None]})
    meta = OutcomeMeta(id="x", title="X", measure="rate", unit="%")
    whole = with_standard_errors(frame, meta)
    monkeypatch.setattr("boundaries.outcomes.intervals._BLOCK", 3)
    pd.testing.assert_frame_equal(with_standard_errors(frame, meta), whole)
    assert whole["se"].notna().sum() == 6
