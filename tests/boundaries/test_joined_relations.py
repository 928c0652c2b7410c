"""Relations that hold between joins: whatever order, index, other periods and other groups a table has."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from boundaries.sources.els import read_all
from geo.errors import JoinError
from tests.boundaries.joined_toys import NAMES, areas, table

REGIONS_ONLY = {"research-and-development-business", "research-and-development-public-funded"}
"""Files without a row of a district or a county."""


def long_table(*, measure="rate"):
    """Five areas and the UK, three periods of which the last is empty, three groups, one suppressed cell."""
    made = [
        {
            "code": code,
            "period": period,
            "sex": sex,
            "value": np.nan if period == "2024" else 10 * place + turn,
            "status": "unavailable" if period == "2024" else "ok",
        }
        for period in ("2022", "2023", "2024")
        for place, code in enumerate((*NAMES, "K02000001"))
        for turn, sex in enumerate(("Total", "Female", "Male"))
    ]
    made[18] |= {"status": "confidential"}
    return table(made, breakdowns=("sex",), measure=measure)


def shuffled(outcome):
    """The same rows in another order, under row numbers that are not those of their places."""
    order = np.random.default_rng(20221231).permutation(len(outcome.frame))
    return replace(outcome, frame=outcome.frame.iloc[order])


@pytest.mark.parametrize("where", [{}, {"sex": "Female"}])
def test_rows_may_stand_in_any_order_under_any_index(where):
    one, other = (join(made, areas(), where=where) for made in (long_table(), shuffled(long_table())))
    assert one.period == "2023"
    assert one.frame["value"].isna().sum() == (not where)
    assert other.frame.equals(one.frame)
    assert other.receipt.to_dict() == one.receipt.to_dict()
    assert other.meta == one.meta


def test_other_periods_and_groups_change_nothing_but_what_is_said_of_them():
    whole = long_table()
    alone = replace(whole, frame=whole.frame[(whole.frame["period"] == "2023") & (whole.frame["sex"] == "Male")])
    one, other = join(whole, areas(), where={"sex": "Male"}), join(alone, areas())
    assert other.frame.equals(one.frame)
    assert other.receipt.fates == one.receipt.fates
    left = set(one.receipt.statements) - set(other.receipt.statements)
    assert left == {
        "2024 has no value for areas of this geography; the latest that has is shown.",
        "2 other periods of the table were left aside.",
    }


def test_the_groups_of_a_breakdown_are_those_that_the_one_before_it_leaves():
    made = table(
        [
            {"code": "E06000001", "sex": sex, "age": age, "value": value}
            for sex, age, value in (
                ("Total", "16 to 64", 3.0),
                ("Female", "16 to 24", 1.0),
                ("Female", "25 to 64", 2.0),
            )
        ],
        breakdowns=("sex", "age"),
    )
    one = areas(("E06000001",))
    assert join(made, one).where == {"sex": "Total", "age": "16 to 64"}
    assert join(made, one, where={"sex": "Female", "age": "25 to 64"}).frame["value"].tolist() == [2.0]
    with pytest.raises(JoinError, match="no group was chosen of 'age': '16 to 24', '25 to 64'"):
        join(made, one, where={"sex": "Female"})


def test_a_published_figure_goes_with_its_suppressed_district_and_stays_where_none_is():
    assert join(long_table(), areas()).meta.averages == {}
    assert join(long_table(measure="count"), areas()).meta.averages == {}
    assert join(long_table(measure="count"), areas(), where={"sex": "Male"}).meta.averages == {"K02000001": 52.0}


@pytest.mark.real_data
def test_published_files_join_alike_in_any_order_and_give_every_row_one_fate(real_data):
    sets = {name: load_boundary_set(name, dt.date(2025, 3, 31)) for name in ("LAD", "UTLA")}
    joined = 0
    for path in sorted((real_data / "outcomes" / "els").glob("*/*.csv")):
        made = read_all(path)[0]
        boundaries = sets["UTLA" if made.meta.geography == "UTLA" else "LAD"]
        if path.stem in REGIONS_ONLY:
            with pytest.raises(JoinError, match="no row is of this geography"):
                join(made, boundaries, allow={"missing"})
            continue
        one = join(made, boundaries, allow={"missing"})
        other = join(shuffled(made), boundaries, allow={"missing"})
        assert other.frame.equals(one.frame), path.stem
        assert other.receipt.to_dict() == one.receipt.to_dict(), path.stem
        fates = {**one.receipt.fates, "missing": 0}
        rows = (made.frame["period"] == one.period) & (
            made.frame.get("indicator", "") == one.where.get("indicator", "")
        )
        assert sum(fates.values()) == rows.sum(), path.stem
        joined += 1
    assert joined == 32
