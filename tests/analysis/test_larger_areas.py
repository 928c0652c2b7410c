"""Local Moran again on larger areas: values carried up, neighbours contracted, classes compared; by hand and from a layer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import placeatlas as pa
from analysis.known_columns import column_finder
from analysis.larger_areas import OnLarger, carried_up, contracted
from analysis.moran import local_moran
from analysis.weights import from_edges
from boundaries.areas.layer_lookups import groups_of, joined_groups
from geo.errors import StatisticsError


def test_values_of_larger_areas_are_sums_or_weighted_means():
    values = pd.Series([1.0, 3.0, 10.0, np.nan, 5.0], index=list("abcde"))
    sizes = pd.Series([1.0, 3.0, 2.0, 9.0, 0.0], index=list("abcde"))
    home = pd.Series(["x", "x", "y", "y", "z"], index=list("abcde"))
    assert carried_up(values, sizes, home).to_dict() == pytest.approx({"x": 2.5, "y": 10.0, "z": np.nan}, nan_ok=True)
    ones = pd.Series(1.0, index=list("abcde"))
    assert carried_up(values, ones, home, added=True).to_dict() == {"x": 4.0, "y": 10.0, "z": 5.0}


def test_larger_areas_touch_where_parts_do():
    edges = pd.DataFrame({"from": ["a", "b", "c"], "to": ["b", "c", "d"]})
    weights = from_edges(
        pd.concat([edges, edges.rename(columns={"from": "to", "to": "from"})]), ids=pd.Index(list("abcd"))
    )
    home = pd.Series(["x", "x", "y", "z"], index=list("abcd"))
    links = contracted(weights, home).to_frame()
    assert set(zip(links["from"], links["to"], strict=True)) == {("x", "y"), ("y", "x"), ("y", "z"), ("z", "y")}


def test_on_which_scales_an_area_lies_in_a_cluster():
    frame = pd.DataFrame(
        {
            "LAD": ["low-low", "low-low", "not-significant", "not-significant", "no-data", "high-high"],
            "UTLA": ["low-low", "not-significant", "low-low", "high-high", "low-low", "no-data"],
        },
        index=list("abcdef"),
    )
    found = OnLarger(frame, pd.DataFrame())
    assert found.across("low").tolist() == ["every", "own", "larger", "none", "no-data", "none"]
    assert found.across("high").tolist() == ["none", "none", "none", "larger", "no-data", "own"]
    assert found.scales("low").tolist() == ["LAD UTLA", "LAD", "UTLA", "", "UTLA", ""]


def test_columns_that_put_areas_into_fewer_are_groups():
    codes = pd.Series(list("abcd"))
    columns = {
        "MSOA21CD": pd.Series(["m", "m", "n", "n"]),
        "alone": pd.Series(list("wxyz")),  # an area each: no larger area
        "one": pd.Series(["u"] * 4),  # a single one: nothing to compare
    }
    found = groups_of(columns, codes)
    assert found.columns.tolist() == ["MSOA21CD"]
    assert found["MSOA21CD"].to_dict() == {"a": "m", "b": "m", "c": "n", "d": "n"}
    doubled = groups_of({"ward": pd.Series(["p", "q", "p"])}, pd.Series(["a", "a", "b"]))
    assert doubled.columns.empty  # an area in two
    assert joined_groups([doubled, None]) is None
    both = joined_groups([found, found.rename(columns={"MSOA21CD": "WARD"}).loc[["a", "b", "c"]]])
    assert both.loc["d"].to_dict() == {"MSOA21CD": "n", "WARD": ""}


@pytest.fixture(scope="module")
def outcome():
    """Districts of which those of two regions are low."""
    boundaries = pa.areas("LAD", "2023-04-01", nations=["E"])
    frame = boundaries.frame
    low = frame["region_name"].isin(["North East", "Yorkshire and The Humber"])
    pay = np.where(low, 10.0, 20.0) + np.random.default_rng(3).normal(0, 1, len(frame))
    return pa.join(pd.DataFrame({"code": frame["code"], "pay": pay}), boundaries, measure="mean", favourable="high")


def test_a_study_on_larger_areas(outcome):
    study = pa.study(outcome, permutations=199, correction="none", robust=False, larger=["UTLA", "ITL2"])
    assert study.larger is not None
    table = study.larger.table.set_index("scale")
    assert table["areas"].tolist() == [
        296,
        153,
        33,
    ]  # 21 counties, 36 metropolitan districts, 33 boroughs, 63 unitary areas
    assert table.loc["LAD", ["same", "compared"]].tolist() == [1.0, 296]
    # the class of a county is what local Moran says of the means of counties by residents, and its districts have it
    home = column_finder(outcome, indicators=pd.DataFrame(), memberships=pd.DataFrame())("ITL2")
    residents = outcome.boundaries.frame.set_index("code")["population"]
    values = outcome.frame["value"]
    means = (values * residents).groupby(home).sum() / residents.groupby(home).sum()
    options = {"seed": study.config.seed, "permutations": 199, "correction": "none"}
    alone = local_moran(means, contracted(study.ground.weights, home), **options)
    classes = study.larger.frame["ITL2"]
    assert classes.tolist() == alone.frame["class"].reindex(home.reindex(classes.index)).tolist()
    same = (study.larger.frame["LAD"] == classes).mean()
    assert table.loc["ITL2", "same"] == pytest.approx(same)
    assert table.loc["ITL2", "same_by_chance"] < same
    north_east = outcome.boundaries.frame.query("region_name == 'North East'")["code"]
    assert (study.larger.across("low").loc[north_east] == "every").sum() == 6
    assert study.to_frame().loc["E06000001", "low_scales"] == "LAD UTLA ITL2"


def test_scales_that_say_nothing_are_refused(outcome):
    with pytest.raises(StatisticsError, match="'region': 9 larger areas; at least 10"):
        pa.study(outcome, permutations=99, correction="none", robust=False, larger="region")
    with pytest.raises(StatisticsError, match="no column 'parish'"):
        pa.study(outcome, permutations=99, correction="none", robust=False, larger="parish")
