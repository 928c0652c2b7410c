"""Derived indicators on numbers that can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.outcomes.derived import change, gap, per_head, ratio
from boundaries.outcomes.standardising import standardised
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import TableError
from geo.provenance import Source


def table(rows, *, breakdowns=(), source="A", **meta):
    columns = {name: [row.get(name) for row in rows] for row in rows for name in row}
    described = {"id": "x", "title": "Rate", "measure": "rate", "unit": "%", **meta}
    made = OutcomeMeta(**described, source=Source(source, attribution=(f"© {source}",)))
    return OutcomeTable(made, outcome_frame({"name": [""] * len(rows), **columns}, extra=breakdowns), breakdowns)


def areas(values, ses=None, period="2024", **meta):
    ses = ses or [None] * len(values)
    rows = [
        {"code": f"E0600000{i}", "period": period, "value": v, "se": s}
        for i, (v, s) in enumerate(zip(values, ses, strict=True))
    ]
    return table(rows, **meta)


def test_a_ratio_carries_error_denominator_and_sources():
    made = ratio(
        areas([30.0, 10.0], [3.0, None]), areas([60.0, 0.0], [6.0, None], source="B"), name="r", title="R", per=100
    )
    first, second = made.frame.to_dict("records")
    assert first["value"] == 50
    # 50 · √(0.1² + 0.1²) = 7.071
    assert first["se"] == pytest.approx(50 * math.sqrt(0.02))
    assert first["upper"] == pytest.approx(50 + 1.959964 * first["se"])
    assert first["denominator"] == 60
    assert np.isnan(second["value"])
    assert second["status"] == "unavailable"
    assert made.meta.source.attribution == ("© A", "© B")
    assert "divided by" in made.meta.description


def test_a_rate_per_head_is_a_count_over_a_count():
    count, people = (
        areas([5.0], [1.0], measure="count", title="Jobs"),
        areas([2000.0], measure="count", title="Residents"),
    )
    made = per_head(count, people)
    assert made.frame["value"].tolist() == [2.5]
    assert made.frame["se"].tolist() == pytest.approx([0.5])
    assert (made.meta.unit, made.meta.title) == ("per 1,000", "Jobs per 1,000 residents")
    assert "Residents counts as known exactly" in made.meta.description
    with pytest.raises(TableError, match="'x' is a rate"):
        per_head(areas([1.0]), people)


def test_a_gap_between_groups():
    rows = [
        {"code": "E06000001", "period": "2024", "fsm": group, "value": value, "se": se, "status": status}
        for group, value, se, status in (("yes", 30.0, 3.0, "ok"), ("no", 50.0, 4.0, "unreliable"))
    ]
    made = gap(table(rows, breakdowns=("fsm",)), breakdown="fsm", of="no", minus="yes")
    assert made.frame[["value", "se", "status"]].to_numpy().tolist() == [[20.0, 5.0, "unreliable"]]
    assert (made.meta.unit, made.meta.measure, made.breakdowns) == ("percentage points", "index", ())
    with pytest.raises(TableError, match="no breakdown 'sex'"):
        gap(table(rows, breakdowns=("fsm",)), breakdown="sex", of="no", minus="yes")
    with pytest.raises(TableError, match="no such groups: maybe"):
        gap(table(rows, breakdowns=("fsm",)), breakdown="fsm", of="maybe", minus="yes")


def test_a_change_absolute_and_relative():
    old, new = areas([20.0, 5.0], [3.0, None], "2020"), areas([30.0, 5.0], [4.0, None], "2024")
    absolute = change(old, new, frm="2020", to="2024")
    assert absolute.frame["value"].tolist() == [10, 0]
    assert absolute.frame["se"].tolist()[0] == 5
    relative = change(old, new, frm="2020", to="2024", relative=True)
    assert relative.frame["value"].tolist() == [50, 0]
    # 100 · 1.5 · √((3/20)² + (4/30)²) = 30.10
    assert relative.frame["se"].tolist()[0] == pytest.approx(30.104, abs=1e-3)
    assert absolute.meta.title == "Rate, change from 2020 to 2024"


def test_overlapping_periods_give_no_standard_error():
    old, new = areas([20.0], [3.0], "2019-01-01/P3Y"), areas([30.0], [4.0], "2021-01-01/P3Y")
    made = change(old, new, frm="2019-01-01/P3Y", to="2021-01-01/P3Y")
    assert np.isnan(made.frame["se"]).all()
    assert "overlap" in made.meta.description


def test_editions_of_an_index_are_never_chained():
    old, new = areas([1.0], period="2024", index_version="2024"), areas([2.0], period="2025", index_version="2025")
    with pytest.raises(TableError, match="of 2024 and of 2025 are two editions"):
        change(old, new, frm="2024", to="2025")
    with pytest.raises(TableError, match="no such periods"):
        change(old, frm="2024", to="2030")


def test_areas_without_a_partner_are_missing_and_counted():
    made = ratio(areas([1.0, 2.0]), areas([4.0]), name="r", title="R")
    assert made.frame["status"].tolist() == ["ok", "unavailable"]
    assert made.repairs == {"areas that only one of two parts holds": 1}
    with pytest.raises(TableError, match="no area and period in common"):
        ratio(areas([1.0], period="2023"), areas([1.0]), name="r", title="R")
    with pytest.raises(TableError, match="different breakdowns"):
        ratio(
            areas([1.0]),
            table([{"code": "E06000000", "period": "2024", "sex": "F", "value": 1}], breakdowns=("sex",)),
            name="r",
            title="R",
        )
    doubled = table([{"code": "E06000000", "period": "2024", "value": 1}] * 2)
    with pytest.raises(TableError, match="doubled rows"):
        ratio(doubled, areas([1.0]), name="r", title="R")


def test_z_scores_on_their_own_and_on_a_fixed_base():
    both = table(
        [
            {"code": f"E0600000{i}", "period": period, "value": value, "se": 1.0}
            for period, values in (("2020", (1.0, 3.0)), ("2024", (5.0, 7.0)))
            for i, value in enumerate(values)
        ]
    )
    assert standardised(both).frame["value"].tolist() == [-1, 1, -1, 1]
    fixed = standardised(both, base_period="2020")
    # mean 2, sd 1 in 2020
    assert fixed.frame["value"].tolist() == [-1, 1, 3, 5]
    assert fixed.frame["se"].tolist() == [1, 1, 1, 1]
    assert "the areas in 2020" in fixed.meta.description
    assert (fixed.meta.measure, fixed.meta.unit) == ("index", "z")
    with pytest.raises(TableError, match="two different values"):
        standardised(areas([2.0, 2.0]))
    with pytest.raises(TableError, match="no value"):
        standardised(both, areas=["E09000001"])


@settings(max_examples=25)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8, unique=True), st.floats(0.1, 100), st.floats(-100, 100))
def test_z_scores_do_not_depend_on_the_unit(values, scale, shift):
    values = [round(value, 3) for value in values]
    if len(set(values)) < 2:
        return
    one = standardised(areas(values)).frame["value"].to_numpy()
    other = standardised(areas([value * scale + shift for value in values])).frame["value"].to_numpy()
    np.testing.assert_allclose(one, other, atol=1e-4)
    assert one.mean() == pytest.approx(0, abs=1e-6)
    assert one.std() == pytest.approx(1)
