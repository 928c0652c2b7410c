"""Joins on sets of a few areas whose answer can be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from boundaries.boundary_set import BoundarySet
from boundaries.joined import FATES, average_of, dictionary_rows, join
from boundaries.outcomes import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import JoinError
from geo.provenance import Source

NAMES = {
    "E06000001": "Hartlepool",
    "E07000192": "Cannock Chase",
    "N09000003": "Belfast",
    "S12000033": "Aberdeen City",
    "W06000001": "Isle of Anglesey",
}


def areas(codes=tuple(NAMES), *, geography="LAD", populations=None):
    frame = gpd.GeoDataFrame(
        {
            "code": list(codes),
            "name": [NAMES.get(code, code) for code in codes],
            "name_cy": [""] * len(codes),
            "nation": [code[0] if ":" not in code else "E" for code in codes],
            "region_code": [""] * len(codes),
            "region_name": [""] * len(codes),
            "population": populations or [1000.0] * len(codes),
            "hectares": [100.0] * len(codes),
        },
        geometry=[box(i, 0, i + 1, 1) for i in range(len(codes))],
        crs=27700,
    )
    return BoundarySet(geography, dt.date(2024, 1, 1), frame, (Source("Test boundaries"),))


def table(rows, *, breakdowns=(), **meta):
    columns = {name: [row.get(name) for row in rows] for row in rows for name in row}
    frame = outcome_frame(columns, extra=breakdowns)
    described = OutcomeMeta(**{"id": "pay", "title": "Pay", "measure": "median", "unit": "£", **meta})
    return OutcomeTable(described, frame, breakdowns=breakdowns)


def rows(values, period="2024"):
    return [{"code": code, "period": period, "value": value} for code, value in values.items()]


def test_every_area_gets_a_row_and_every_row_a_fate():
    joined = join(
        table(rows({"E06000001": 10, "S12000033": 30, "E07000192": 20, "E12000001": 5, "N09000003": 1})), areas()
    )
    assert list(joined.frame.index) == list(NAMES)
    assert joined.frame.loc["S12000033", "value"] == 30
    assert joined.frame.loc["W06000001", "status"] == "not_covered"
    assert list(joined.receipt.fates) == list(FATES)
    assert joined.receipt.fates["matched"] == 4
    assert joined.receipt.fates["out_of_geography"] == 1
    assert joined.receipt.statements[0] == "4 of 4 local authority districts have a value."


def test_a_nation_without_a_row_is_not_covered_and_said_once():
    joined = join(table(rows({"E06000001": 1, "E07000192": 2}), nations=("E",)), areas())
    assert int((~joined.covered).sum()) == 3
    assert joined.receipt.fates["missing"] == 0
    said = [line for line in joined.receipt.statements if "not covered" in line]
    assert said == ["Wales and Scotland and Northern Ireland are not covered: 3 areas are left out of every count."]


def test_a_suppressed_cell_is_missing_with_its_reason_and_never_zero():
    made = table(
        [
            {"code": "E06000001", "value": 1.0, "status": "ok"},
            {"code": "E07000192", "value": np.nan, "status": "confidential"},
        ]
    )
    frame = join(made, areas(("E06000001", "E07000192"))).frame
    assert np.isnan(frame.loc["E07000192", "value"])
    assert frame.loc["E07000192", "quality"] == "missing"
    assert "confidentiality" in frame.loc["E07000192", "reason"]
    assert frame.loc["E06000001", "reason"] == ""


def test_all_faults_of_a_join_are_named_at_once():
    made = table(rows({"E06000001": 1, "E06000099": 2}) + rows({"E06000001": 3}))
    with pytest.raises(JoinError) as caught:
        join(made, areas())
    assert len(caught.value.faults) == 2
    assert "E06000099" in str(caught.value)
    assert "more than once" in str(caught.value)


def test_overrides_are_explicit_and_recorded():
    made = table(rows({"E06000001": 1, "E06000099": 2, "E07000192": 4}) + rows({"E06000001": 1}))
    joined = join(made, areas(("E06000001", "E07000192")), allow={"unmatched", "duplicates"})
    assert joined.receipt.fates["unmatched"] == 1
    assert joined.receipt.fates["duplicated"] == 1
    assert sum(line.startswith("Allowed on request") for line in joined.receipt.statements) == 2
    with pytest.raises(JoinError, match="did you mean 'unmatched'"):
        join(made, areas(), allow={"unmatch"})


def test_doubled_rows_with_other_values_are_refused_even_on_request():
    with pytest.raises(JoinError, match="more than once"):
        join(table(rows({"E06000001": 1}) + rows({"E06000001": 2})), areas(), allow={"duplicates"})


def test_the_latest_period_is_the_last_that_has_a_value():
    made = table(
        rows({"E06000001": 1}, "2022/23") + rows({"E06000001": 2}, "2023/24") + rows({"E06000001": np.nan}, "2024/25")
    )
    joined = join(made, areas(("E06000001",)))
    assert joined.period == "2023/24"
    assert any("2024/25 has no value" in line for line in joined.receipt.statements)
    assert join(made, areas(("E06000001",)), period="2022-23").period == "2022/23"
    with pytest.raises(JoinError, match="no period '2001'"):
        join(made, areas(("E06000001",)), period="2001")


def test_a_breakdown_takes_its_total_or_asks():
    made = table(
        [{"code": "E06000001", "sex": sex, "value": v} for sex, v in (("Total", 3.0), ("Female", 1.0))],
        breakdowns=("sex",),
    )
    one = areas(("E06000001",))
    assert join(made, one).frame["value"].tolist() == [3.0]
    assert join(made, one, where={"sex": "Female"}).frame["value"].tolist() == [1.0]
    with pytest.raises(JoinError, match="'Male' is not a group of 'sex'"):
        join(made, one, where={"sex": "Male"})
    with pytest.raises(JoinError, match="no breakdown 'age'"):
        join(made, one, where={"age": "16"})
    split = replace(made, frame=made.frame.replace({"sex": {"Total": "Male"}}))
    with pytest.raises(JoinError, match="no group was chosen"):
        join(split, one)


def test_a_table_of_regions_only_is_refused_with_the_reason():
    with pytest.raises(JoinError, match="no row is of this geography: the codes begin with E12, K02"):
        join(table(rows({"E12000001": 1, "K02000001": 2})), areas())


def test_own_areas_match_by_scheme_and_id():
    made = table(rows({"smc203:1": 0.5, "smc203:2": -0.5}), measure="index", unit="z")
    joined = join(made, areas(("smc203:1", "smc203:2"), geography="smc203"))
    assert joined.frame["value"].tolist() == [0.5, -0.5]
    assert average_of(joined) == type(average_of(joined))(0.0, "0, the average of all areas", "index")
    with pytest.raises(JoinError, match="smc203:9"):
        join(table(rows({"smc203:1": 0.5, "smc203:9": 1})), areas(("smc203:1",), geography="smc203"))


def test_the_average_is_the_published_one_of_the_same_period():
    values = {"E06000001": 1, "S12000033": 2, "W06000001": 3, "N09000003": 4, "E07000192": 5}
    made = table(rows({**values, "K02000001": 2.5}, "2024") + rows({**values, "K02000001": 9.9}, "2023"))
    average = average_of(join(made, areas()))
    assert (average.value, average.kind) == (2.5, "published")
    assert average_of(join(made, areas(), period="2023")).value == 9.9
    english = table(rows({"E06000001": 1, "E07000192": 3, "E92000001": 1.5}), nations=("E",))
    assert average_of(join(english, areas())).label == "the published figure for England"


@pytest.mark.parametrize(
    ("measure", "denominators", "expected", "kind"),
    [
        ("mean", (1.0, 3.0), 2.5, "denominator-weighted"),  # (1·1 + 3·3) / 4
        ("rate", (None, None), 1.5, "population-weighted"),  # (1·3000 + 3·1000) / 4000
        ("count", (None, None), 2.0, "unweighted"),
    ],
)
def test_without_a_published_figure_the_weights_are_stated(measure, denominators, expected, kind):
    made = table(
        [
            {"code": code, "value": value, "denominator": d}
            for code, value, d in zip(("E06000001", "E07000192"), (1.0, 3.0), denominators, strict=True)
        ],
        measure=measure,
    )
    average = average_of(join(made, areas(("E06000001", "E07000192"), populations=[3000.0, 1000.0])))
    assert (average.value, average.kind) == (expected, kind)


def test_the_receipt_reads_as_text_and_as_data():
    receipt = join(
        table(rows({"E06000001": 1, "E07000192": 2})), areas(("E06000001", "E07000192", "E06000002"))
    ).receipt
    assert receipt.to_dict()["fates"]["missing"] == 1
    text = receipt.to_text()
    assert "matched" in text
    assert "- → E06000002: the source has no row for this area" in text


def test_the_dictionary_describes_every_column_that_holds_something():
    described = dictionary_rows(join(table(rows({"E06000001": 1}), favourable="high"), areas(("E06000001",))))
    fields = {row["field"]: row for row in described}
    assert {"value", "status", "quality", "reason"} == set(fields)
    assert fields["value"]["column"] == "pay__2024__value"
    assert fields["value"]["period"] == "2024"
