"""Conversion of rows that carry a name and no code."""

from __future__ import annotations

import datetime as dt

import pytest

from boundaries.conversion import recode
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import ConversionError

AFTER_2023 = dt.date(2023, 4, 1)


def value_of(recoded, code):
    frame = recoded.table.frame
    return frame.loc[frame["code"] == code, "value"].item()


def of_names(values, codes=None):
    made = outcome_frame({"name": list(values), "code": codes or [""] * len(values), "value": list(values.values())})
    return OutcomeTable(OutcomeMeta("thing", "Thing", "count"), made)


def test_rows_of_names_alone_are_converted_by_the_areas_they_name():
    old = {"Allerdale": 1.0, "Carlisle City Council": 2.0, "Copeland": 4.0, "Bristol, City of": 5.0, "England": 50.0}
    recoded = recode(of_names(old), to=AFTER_2023)
    assert value_of(recoded, "E06000063") == 7.0
    assert value_of(recoded, "E06000023") == 5.0
    assert recoded.table.frame["code"].iloc[-1] == "E92000001"
    assert recoded.fates == {"merged": 3, "matched": 1, "out_of_geography": 1}
    assert "5 rows were taken by name, exactly or without words of office." in recoded.statements


def test_names_of_several_vintages_are_each_of_their_own():
    recoded = recode(
        of_names({"Bournemouth": 1.0, "Poole": 2.0, "Christchurch": 4.0, "Cumberland": 8.0}), to=AFTER_2023
    )
    assert (value_of(recoded, "E06000058"), value_of(recoded, "E06000063")) == (7.0, 8.0)


def test_a_name_of_two_tiers_is_of_the_date_of_the_others():
    recoded = recode(
        of_names({"Allerdale": 1.0, "Carlisle": 2.0, "Copeland": 4.0, "North Yorkshire": 8.0}), to=AFTER_2023
    )
    assert recoded.table.frame["code"].tolist() == ["E06000063", "E10000023"]


def test_names_of_no_area_are_refused_with_what_was_meant():
    made = of_names({"Hartlepol": 1.0, "Middlesbrough": 2.0, "": 3.0}, ["", "", "E06000999"])
    with pytest.raises(ConversionError) as caught:
        recode(made, to=AFTER_2023)
    assert caught.value.faults[0] == "names that are of no area: 'Hartlepol' (Hartlepool (E06000001)?)"
    assert caught.value.faults[1] == "codes in no register: E06000999"
    recoded = recode(made, to=AFTER_2023, allow=["unmatched"])
    assert recoded.fates == {"matched": 1, "unmatched": 2}
    assert {"fate": "unmatched", "from": "Hartlepol", "to": "", "note": "name of no area"} in recoded.details


def test_a_row_without_code_or_name_stands_at_the_end():
    assert recode(of_names({"Middlesbrough": 2.0, "": 3.0}), to=AFTER_2023).fates == {
        "matched": 1,
        "out_of_geography": 1,
    }
