"""Ranks are not scores: carried where land moved, refused where areas merged, ranked again among those that keep one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.conversion import recode
from boundaries.joined import join
from boundaries.outcomes.measures import is_rank
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.registry import read_outcome
from geo.errors import ConversionError, JoinError

BUCKS = ("E07000004", "E07000005", "E07000006", "E07000007")
"""Merged in April 2020."""
AFTER = dt.date(2023, 4, 1)


def ranks(values, period="2019", **columns):
    frame = outcome_frame(
        {"code": list(values), "period": [period] * len(values), "value": list(values.values()), **columns}
    )
    return OutcomeTable(OutcomeMeta("r", "R", "index", "rank"), frame)


def by_code(recoded, column="value"):
    return recoded.table.frame.set_index("code")[column]


def test_an_index_in_the_unit_rank_is_a_rank():
    assert is_rank("index", "Rank ")
    assert not is_rank("index", "z")
    assert not is_rank("count", "rank")


def test_where_land_moved_the_score_was_carried_so_the_rank_stands():
    """Fife and Perth and Kinross changed code and some land in 2018; nobody else did."""
    recoded = recode(ranks({"S12000015": 2, "S12000024": 1, "S12000033": 3}), to=AFTER)
    assert by_code(recoded).to_dict() == {"S12000047": 2, "S12000048": 1, "S12000033": 3}
    quality = recoded.quality.set_index("code")["quality"]
    assert quality.to_dict() == {"S12000047": "carried", "S12000048": "carried", "S12000033": "exact"}
    assert not any("ranked again" in said for said in recoded.statements)


def test_where_areas_merged_the_table_is_refused():
    table = ranks({**dict(zip(BUCKS, (2, 5, 7, 8), strict=True)), "E06000001": 4})
    with pytest.raises(
        ConversionError, match="a rank cannot be merged or split: rank the areas again from their scores"
    ):
        recode(table, to=AFTER)
    for asked in ("bound", "approximate"):
        with pytest.raises(ConversionError, match=f"holds ranks, of which there is no {asked}"):
            recode(table, to=AFTER, allow=[asked])


def test_the_others_are_ranked_again_when_merged_areas_may_be_missing():
    values = {
        **dict(zip(BUCKS, (2, 5, 7, 8), strict=True)),
        "E06000001": 4,
        "E06000002": 9,
        "E06000003": 1,
        "E06000004": 4,
    }
    recoded = recode(ranks(values, lower=[1.0] * 8, upper=[9.0] * 8), to=AFTER, allow=["missing"])
    found = by_code(recoded)
    # Left of 1 … 9 are 1, 4, 4, 9: they are now 1st, two 2nd and 4th of four.
    assert found.drop("E06000060").to_dict() == {"E06000001": 2, "E06000002": 4, "E06000003": 1, "E06000004": 2}
    assert np.isnan(found["E06000060"])
    assert by_code(recoded, "lower").isna().all()
    assert set(recoded.quality["quality"]) == {"missing", "approximate"}
    assert any("among the 4 that have one" in said for said in recoded.statements)


def test_periods_without_a_merger_keep_their_ranks():
    early = ranks({**dict(zip(BUCKS, (1, 2, 3, 4), strict=True)), "E06000001": 9}).frame
    late = ranks({"E06000060": 5, "E06000001": 9}, period="2021").frame
    table = OutcomeTable(OutcomeMeta("r", "R", "index", "rank"), pd.concat([early, late], ignore_index=True))
    frame = recode(table, to=AFTER, allow=["missing"]).table.frame
    found = frame.set_index(["period", "code"])["value"]
    assert found["2019", "E06000001"] == 1
    assert found["2021", "E06000001"] == 9


def test_a_join_refuses_merged_ranks_and_says_what_was_done():
    table = ranks({**dict(zip(BUCKS, (2, 5, 7, 8), strict=True)), "E06000001": 4, "E06000003": 1})
    areas = load_boundary_set("LAD", AFTER)
    with pytest.raises(JoinError, match="a rank cannot be merged"):
        join(table, areas)
    joined = join(table, areas, allow=["missing"])
    assert joined.frame.loc[["E06000001", "E06000003"], "value"].tolist() == [2, 1]
    assert any("ranked again" in said for said in joined.receipt.statements)


@pytest.mark.parametrize(
    ("header", "values", "unit"),
    [
        ("IMD_rank", (1, 317, 40), "rank"),
        ("rank of average score", (3, 1, 2), "rank"),
        ("average rank", (3.5, 1, 2), ""),
    ],
)
def test_columns_of_ranks_are_told_from_means_of_ranks(tmp_path, header, values, unit):
    path = tmp_path / "imd.csv"
    rows = [f"E0600000{place},{value}" for place, value in enumerate(values, start=1)]
    path.write_text("\n".join([f"code,{header}", *rows]))
    meta = read_outcome("table", path).meta
    assert (meta.measure, meta.unit) == ("index", unit)


@pytest.mark.real_data
def test_published_ranks_follow_published_scores_through_the_boundary_orders_of_2025(real_data):
    """Barnsley and Sheffield exchanged land in 2025: the order of the carried scores is that of the carried ranks."""
    path = real_data / "outcomes" / "imd" / "imd2025_england_ltla24.csv"
    date = dt.date(2025, 4, 1)
    scores = recode(read_outcome("table", path, columns={"value": "imd_average_score"}), to=date)
    said = recode(read_outcome("table", path, columns={"value": "imd_rank_of_average_score"}), to=date)
    assert scores.table.meta.unit == ""
    assert said.table.meta.unit == "rank"
    order = by_code(scores).rank(ascending=False, method="min")
    # Scores are published to three decimals, ranks were taken before rounding.
    assert (order - by_code(said)[order.index]).abs().max() <= 1
    assert (said.quality["quality"] == "carried").sum() == 2


@pytest.mark.real_data
def test_ranks_of_2019_ranked_again_are_those_of_the_scores_that_were_carried(real_data):
    path = real_data / "outcomes" / "imd" / "imd2019_england_ltla19.csv"
    scores = read_outcome("table", path, columns={"value": "Score"})
    frame = scores.frame.assign(value=scores.frame["value"].rank(ascending=False, method="min"))
    table = OutcomeTable(OutcomeMeta("imd-rank", "Rank", "index", "rank", nations=("E",)), frame)
    found = by_code(recode(table, to=AFTER, allow=["missing"]))
    kept = by_code(recode(scores, to=AFTER, allow=["missing"])).dropna()
    assert (len(found), int(found.notna().sum())) == (296, len(kept))
    assert found.max() == len(kept)  # not 317
    pd.testing.assert_series_equal(found.dropna(), kept.rank(ascending=False, method="min"), check_names=False)
