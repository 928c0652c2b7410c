"""Wrong arguments of public functions: one error of ours, which is also Python's, and says what makes a right one."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.weights import build_weights
from boundaries.areas.loading import load_boundary_set
from boundaries.areas.lookup import load_lookup
from boundaries.conversion import recode
from boundaries.dating.vintages import infer_epochs
from boundaries.joined import join
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.registry import read_outcome
from geo.errors import ConversionError, JoinError, PlaceatlasError
from geo.remedies import Remedy, worded

DAY = dt.date(2023, 4, 1)


def outcome(code: str = "E06000001", measure: str = "rate") -> OutcomeTable:
    columns = {"code": [code], "period": ["2023"], "value": [1.0]}
    return OutcomeTable(OutcomeMeta("x", "X", measure, "%"), outcome_frame(columns))


@pytest.fixture(scope="module")
def areas():
    return load_boundary_set("CTRY", "2023-04-01")


def test_dates_are_dates_or_their_text(areas):
    assert areas.date == DAY
    assert len(load_lookup("LAD", "CTRY", "2023-04-01").table) == 361
    assert recode(outcome(), to="2023-04-01").to == DAY


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda _areas: load_boundary_set("LAD"), ValueError, "date is missing"),
        (lambda _areas: load_boundary_set("LAD", "spring"), ValueError, "date = 'spring' is no date"),
        (lambda _areas: load_boundary_set("LAD", 2023), TypeError, "date is no date"),
        (lambda _areas: load_boundary_set("lad", DAY), ValueError, "did you mean LAD"),
        (lambda _areas: load_boundary_set(3, DAY), TypeError, "geography is no text"),
        (lambda _areas: load_boundary_set("LAD", DAY, layer=3), TypeError, "layer is no path"),
        (
            lambda areas: join(outcome(), areas.frame),
            TypeError,
            "boundaries must be a BoundarySet",
        ),
        (lambda areas: join(areas.frame, areas), TypeError, "table must be an OutcomeTable"),
        (lambda areas: recode(areas.frame, to=DAY), TypeError, "read_outcome reads one from a file"),
        (lambda _areas: recode(outcome(), to="soon"), ValueError, "to = 'soon' is no date"),
        (lambda areas: fitting_areas(areas.frame), TypeError, "table must be an OutcomeTable"),
        (lambda _areas: fitting_areas(outcome(), geography="lad"), ValueError, "did you mean LAD"),
        (lambda areas: infer_epochs(areas.frame, geography="utla"), ValueError, "choose one of LAD, UTLA"),
        (lambda _areas: read_outcome("table", 3), TypeError, "path is no path"),
        (lambda areas: build_weights(areas.frame), TypeError, "load_boundary_set makes one"),
    ],
)
def test_a_wrong_argument_is_one_of_our_errors(call, kind, says, areas):
    with pytest.raises(PlaceatlasError) as refused:
        call(areas)
    assert isinstance(refused.value, kind)
    assert says in str(refused.value)


def test_a_real_refusal_carries_what_would_allow_it():
    with pytest.raises(JoinError) as refused:
        join(outcome("E10000012"), load_boundary_set("LAD", DAY))
    assert refused.value.faults == ("figures of counties whose districts have none: E10000012",)
    assert refused.value.remedies == (
        Remedy("geography", "UTLA"),
        Remedy("allow", "county", purpose="to give districts the figure of their county"),
    )
    assert worded(refused.value.remedies, flags={"--allow", "--geography"}) == (
        "use --geography UTLA",
        "use --allow county to give districts the figure of their county",
    )


@pytest.mark.parametrize(
    ("measure", "offered"),
    [
        ("median", ["bound", "approximate", "missing"]),
        ("index", ["bound", "approximate", "missing"]),
        ("rate", ["missing"]),
    ],
)
def test_a_conversion_offers_what_its_measure_can_be_given(measure, offered):
    columns = {"code": ["E07000026", "E07000028", "E07000029"], "period": ["2020"] * 3, "value": [1.0, 2.0, 3.0]}
    table = OutcomeTable(OutcomeMeta("x", "X", measure, "£"), outcome_frame(columns))
    with pytest.raises(ConversionError) as refused:
        recode(table, to=DAY)
    assert [remedy.value for remedy in refused.value.remedies] == offered


def test_a_count_of_a_former_area_asks_for_weights():
    columns = {"code": ["E06000063"], "period": ["2023"], "value": [90.0]}
    table = OutcomeTable(OutcomeMeta("x", "X", "count", "people"), outcome_frame(columns))
    with pytest.raises(ConversionError) as refused:
        recode(table, to=dt.date(2022, 4, 1))
    assert [(remedy.option, remedy.value) for remedy in refused.value.remedies] == [
        ("weights", "residents-2011"),
        ("allow", "missing"),
    ]
