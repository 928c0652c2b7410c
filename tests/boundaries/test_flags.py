"""Advice of errors names the flags of the command that is run."""

from __future__ import annotations

import datetime as dt

import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.flags import error_in_flags, in_flags
from boundaries.joined import join
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import JoinError, TableError

ALL = {"--allow", "--geography", "--date", "--layer", "--unit", "--column", "--value", "--where", "--within"}


def test_a_real_refusal_names_flags_and_keeps_its_kind():
    columns = {"code": ["E10000012"], "period": ["2023"], "value": [1.0]}
    table = OutcomeTable(OutcomeMeta("x", "X", "rate", "%"), outcome_frame(columns))
    with pytest.raises(JoinError) as refused:
        join(table, load_boundary_set("LAD", dt.date(2023, 4, 1)))
    told = error_in_flags(refused.value, ALL)
    assert isinstance(told, JoinError)
    assert told.faults[-1] == "use --geography UTLA, or --allow county to give districts the figure of their county"
    assert error_in_flags(refused.value, ()).faults == refused.value.faults


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('allow "aggregate" to add, or "missing" to leave', "--allow aggregate to add, or --allow missing to leave"),
        ("ask for geography ITL1, ITL2 or ITL3", "use --geography ITL1, ITL2 or ITL3"),
        ("state a date; outcomes of other dates", "state one with --date YYYY-MM-DD; outcomes of other dates"),
        ('use source = "official", or ITL2', "use --layer official, or ITL2"),
        ("say columns = {code = '…'} or {name = '…'}", "say --column code=… or --column name=…"),
        ("no group was chosen of 'sex': 'F', 'M'", "no group was chosen of 'sex' (--where 'sex=GROUP'): 'F', 'M'"),
        ("limit the areas to it (E12000001), or", "limit the areas to it (--within E12000001), or"),
    ],
)
def test_every_wording(said, told):
    assert in_flags(said, ALL) == told
    assert in_flags(said, set()) == said


def test_what_it_says_first_is_told_so_too():
    assert error_in_flags(TableError("state a date", []), {"--date"}).what == "state one with --date YYYY-MM-DD"
