"""No value that is printed gives a suppressed one away."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.joined.disclosure import ENOUGH, safe_averages
from boundaries.outcomes.table import OutcomeMeta

DATE = dt.date(2023, 4, 1)
UK, GB, ENGLAND, WALES, SCOTLAND, IRELAND = "K02000001", "K03000001", "E92000001", "W92000004", "S92000003", "N92000002"
NORTH_EAST, NORTH_WEST = "E12000001", "E12000002"
ALL = dict.fromkeys((UK, GB, ENGLAND, WALES, SCOTLAND, IRELAND, NORTH_EAST, NORTH_WEST), 50.0)


def areas(hidden=(), denominator=100.0, value=50.0):
    """Five areas in each of two regions of England and in each other nation; ``hidden`` are row numbers."""
    places = [("E", NORTH_EAST), ("E", NORTH_WEST), ("W", WALES), ("S", SCOTLAND), ("N", IRELAND)]
    frame = pd.DataFrame(
        [(nation, region) for nation, region in places for _ in range(5)], columns=["nation", "region_code"]
    ).assign(status="ok", value=value, denominator=denominator)
    frame.loc[list(hidden), "status"] = "confidential"
    frame.loc[list(hidden), "value"] = np.nan
    return frame


def kept(hidden, measure="rate", unit="%", **columns):
    return set(safe_averages(ALL, areas(hidden, **columns), OutcomeMeta("x", "X", measure, unit), date=DATE)[0])


def test_without_suppressed_areas_everything_stays():
    assert kept(()) == set(ALL)
    assert safe_averages(ALL, areas(), OutcomeMeta("x", "X", "count"), date=DATE) == (ALL, ())


@pytest.mark.parametrize("measure", ["rate", "mean", "count", "index"])
@pytest.mark.parametrize("number", [1, 2])
def test_one_or_two_are_had_by_subtraction_from_whatever_holds_them(measure, number):
    """Of the North East: with the other regions and England it would follow, so the regions go, and the nations that hold it."""
    assert kept(range(number), measure) == {WALES, SCOTLAND, IRELAND}


def test_of_enough_areas_a_mean_tells_none_but_a_total_goes():
    assert kept(range(ENOUGH)) == set(ALL)
    assert kept(range(ENOUGH), "count") == {WALES, SCOTLAND, IRELAND}


def test_a_nation_left_out_takes_along_what_it_would_follow_from():
    hidden = [10, 15, 16, 17]  # one in Wales, three in Scotland
    assert kept(hidden) == {ENGLAND, SCOTLAND, IRELAND, NORTH_EAST, NORTH_WEST}


def test_two_regions_with_one_each_leave_their_nation():
    """England hides three in all, so its mean tells none; the means of its regions would."""
    assert kept([0, 1, 5]) == set(ALL) - {NORTH_EAST, NORTH_WEST}


@pytest.mark.parametrize(("whole", "stays"), [(35.0, False), (50.0, True), (65.0, False)])
def test_what_is_left_for_the_suppressed_may_not_be_nothing_or_everything(whole, stays):
    """Of ten areas of 100 pupils seven have 50 %: a mean of 35 % leaves 0 % for the other three, 65 % leaves 100 %."""
    given_ = {ENGLAND: whole}
    found, said = safe_averages(given_, areas(range(3)), OutcomeMeta("x", "X", "rate", "%"), date=DATE)
    assert (ENGLAND in found) is stays
    assert bool(said) is not stays
    unknown = areas(range(3), denominator=np.nan)
    assert ENGLAND in safe_averages(given_, unknown, OutcomeMeta("x", "X", "rate", "%"), date=DATE)[0]


@pytest.mark.parametrize("measure", ["median", "category"])
def test_figures_that_are_no_sums_stay(measure):
    assert kept([0], measure) == set(ALL)


def test_what_was_left_out_is_said():
    said = safe_averages(ALL, areas([0]), OutcomeMeta("x", "X", "rate", "%"), date=DATE)[1]
    names = "the United Kingdom, Great Britain, England, North East, North West"
    assert said == (f"Published figures are left out ({names}): 1 figure is suppressed, and would follow from them.",)


def test_a_whole_that_is_suppressed_itself_does_not_follow_from_its_sisters():
    meta = OutcomeMeta("x", "X", "rate", "%")
    without = {code: value for code, value in ALL.items() if code != IRELAND}
    found, said = safe_averages(without, areas(), meta, date=DATE, suppressed=[IRELAND])
    assert set(found) == set(without) - {UK}
    assert "1 figure is suppressed" in said[0]
    found, _ = safe_averages(ALL, areas(), meta, date=DATE, suppressed=[NORTH_WEST])
    assert set(found) == set(ALL) - {NORTH_EAST, NORTH_WEST}


@given(st.sets(st.integers(0, 24), max_size=25))
def test_no_suppressed_area_follows_from_what_is_kept(hidden):
    """Solve for the suppressed values: with equal bases every whole that is kept is an equation; none may fix one value."""
    frame = areas(hidden)
    found = kept(hidden)
    nations = {UK: "EWSN", GB: "EWS", ENGLAND: "E", WALES: "W", SCOTLAND: "S", IRELAND: "N"}
    unknown = sorted(hidden)
    rows = []
    for code in sorted(found):
        inside = frame["nation"].isin(list(nations[code])) if code in nations else frame["region_code"] == code
        row = inside.to_numpy()[unknown].astype(float)
        if row.any():
            rows.append(row)
    if not rows:
        return
    matrix = np.array(rows)
    rank = np.linalg.matrix_rank(matrix)
    for place in range(len(unknown)):
        unit = np.eye(len(unknown))[place]
        assert np.linalg.matrix_rank(np.vstack([matrix, unit])) > rank
