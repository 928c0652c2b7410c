"""Where areas stand on a studied outcome: bands and probabilities of its levels."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.levels import LevelOptions, levels_of
from analysis.profiles import standing_with_levels
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import Average, join
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.registry import read_outcome

QUICK = {"draws": 1_000}


@pytest.fixture(scope="module")
def joined():
    """Wales, values from 80 on in steps of 2; an error of 1 but for the last area, whose error is not known."""
    wales = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=("W",))
    codes = wales.frame["code"].tolist()
    errors = [*[1.0] * (len(codes) - 1), np.nan]
    frame = outcome_frame({"code": codes, "period": "2023", "value": 80.0 + 2 * np.arange(len(codes)), "se": errors})
    meta = OutcomeMeta(id="score", title="Score", measure="mean", unit="", favourable="high", nations=("W",))
    return join(OutcomeTable(meta, frame), wales)


def levels(joined, **options):
    average = Average(101.0, "the mean of the areas", "population-weighted")
    return levels_of(joined, average, LevelOptions(**QUICK, **options))


def test_stated_bands_count_with_their_probabilities(joined):
    made = levels(joined, breaks=(85.0, 95.0, 110.0), labels=("worst", "bad", "fair", "good"))
    found = standing_with_levels(joined, made)
    assert (found.order, found.low) == (("worst", "bad", "fair", "good"), ("worst", "bad"))
    assert found.bands.tolist() == ["worst"] * 3 + ["bad"] * 5 + ["fair"] * 7 + ["good"] * 7
    assert found.p_low.iloc[0] > 0.99
    assert found.p_low.iloc[14] < 0.01
    assert found.p_low.tolist()[:-1] == pytest.approx((made.p_bands["worst"] + made.p_bands["bad"]).tolist()[:-1])
    assert np.isnan(found.p_low.iloc[-1])


@pytest.mark.parametrize("favourable", ["high", "low"])
def test_without_bands_those_of_standard_deviations_are_drawn_too(joined, favourable):
    turned = replace(joined, meta=replace(joined.meta, favourable=favourable))
    found = standing_with_levels(turned, levels(turned))
    values = turned.frame["value"]
    cut = values.mean() + (-1 if favourable == "high" else 1) * values.std(ddof=1)
    low = values < cut if favourable == "high" else values >= cut
    assert found.is_low.tolist() == low.tolist()
    sure = found.p_low.dropna()
    far = (values - cut).abs()[sure.index] > 4
    assert ((sure > 0.95) == low[sure.index])[far].all()
    # the area nearest to the limit is about as likely on one side as on the other
    assert 0.05 < sure[(values - cut).abs()[sure.index].idxmin()] < 0.95


@pytest.mark.parametrize("favourable", ["high", "low"])
def test_published_bands_end_midway_between_the_values_on_either_side(joined, favourable):
    bands = pd.Series(["worst"] * 3 + ["bad"] * 5 + ["fair"] * 7 + ["good"] * 7, index=joined.frame.index)
    if favourable == "low":
        bands = bands.iloc[::-1].set_axis(bands.index)
    meta = replace(joined.meta, favourable=favourable)
    banded = replace(joined, meta=meta, extras=pd.DataFrame({"band": bands}))
    found = standing_with_levels(banded, levels(banded))
    assert found.low == (("worst", "bad") if favourable == "high" else ("bad", "worst"))
    # values step by 2 with errors of 1: one step inside and one outside of the limit are about as sure
    inside, outside = (7, 8) if favourable == "high" else (14, 13)
    assert found.p_low.iloc[inside] + found.p_low.iloc[outside] == pytest.approx(1.0, abs=0.15)
    assert found.p_low.iloc[inside] > 0.7


def test_without_errors_there_is_no_probability(joined):
    bare = replace(joined, frame=joined.frame.assign(se=np.nan))
    assert standing_with_levels(bare, levels(bare)).p_low is None
    neither = replace(joined, meta=replace(joined.meta, favourable="none"))
    found = standing_with_levels(neither, levels(neither))
    assert (found.low, found.p_low) == ((), None)


@pytest.mark.real_data
def test_the_bands_of_the_commission_are_carried_to_levels(real_data):
    from boundaries.areas.custom_areas import custom_areas  # noqa: PLC0415

    file = real_data / "outcomes/smc/son2024_203regions/CI1-2.0-promising-prospects--full-dataset.csv"
    areas = custom_areas("smc-203", date=dt.date(2024, 9, 11))
    prospects = join(read_outcome("smc", file, id="promising-prospects"), areas)
    made = levels_of(prospects, Average(0.0, "the average", "zero"), LevelOptions(**QUICK))
    # State of the Nation 2024, promising prospects: 203 areas in five bands
    assert made.to_frame()["band"].value_counts().to_dict() == {
        "Most Favourable": 10,
        "Favourable": 22,
        "Middle Group": 149,
        "Unfavourable": 12,
        "Least Favourable": 10,
    }
    assert standing_with_levels(prospects, made).low == ("Least Favourable", "Unfavourable")
