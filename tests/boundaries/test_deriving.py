"""Outcomes made of others, as a configuration writes them."""

from __future__ import annotations

import pytest

from boundaries.outcomes.deriving import Derivation, derive, parse_derivation
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import ConfigError, TableError


def table(name, values, measure="count", **more):
    columns = {"code": ["E06000001", "E06000002"], "period": ["2023"] * 2, "value": values, **more}
    extra = tuple(set(more))
    return OutcomeTable(
        OutcomeMeta(name, name.capitalize(), measure, "people"), outcome_frame(columns, extra=extra), extra
    )


TABLES = {"jobs": table("jobs", [50.0, 30.0]), "residents": table("residents", [100.0, 120.0])}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("ratio(jobs, residents)", Derivation("ratio", ("jobs", "residents"))),
        (
            " ratio ( jobs-density ,residents , per=100 ) ",
            Derivation("ratio", ("jobs-density", "residents"), {"per": 100.0}),
        ),
        (
            'change(pay, frm = "2019 to 2020", to = 2024, relative = true)',
            Derivation("change", ("pay",), {"frm": "2019 to 2020", "to": "2024", "relative": True}),
        ),
        ("standardised(pay)", Derivation("standardised", ("pay",))),
    ],
)
def test_a_call_is_taken_apart(text, made):
    assert parse_derivation(text) == made


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("jobs / residents", "is no call"),
        ("ratios(a, b)", "did you mean 'ratio'?"),
        ("ratio(a)", "ratio takes 2 outcomes, found 1"),
        ("gap(pay, of = x)", "gap needs breakdown = …"),
        ("ratio(a, b, times = 2)", "there is no option 'times'; it takes per"),
        ("ratio(a, b, per = many)", "per = many is no number"),
        ("change(a, frm = 1, to = 2, relative = yes)", "relative = yes is no truth"),
        ("ratio(a, B)", "'B' is no id of an outcome"),
        ('ratio(a, "b)', "is no id and no option"),
    ],
)
def test_what_is_no_call_is_told(text, says):
    with pytest.raises(ConfigError) as refused:
        parse_derivation(text)
    assert says in str(refused.value)


def test_a_ratio_is_divided_area_by_area():
    made = derive("ratio(jobs, residents, per = 100)", TABLES, name="jobs-density", title="Jobs a resident")
    assert made.frame["value"].tolist() == [50.0, 25.0]
    assert (made.meta.id, made.meta.title, made.meta.unit, made.meta.measure) == (
        "jobs-density",
        "Jobs a resident",
        "%",
        "rate",
    )


@pytest.mark.parametrize(("per", "unit"), [("", "ratio"), (", per = 1000", "per 1,000")])
def test_the_unit_follows_from_the_factor(per, unit):
    assert derive(f"ratio(jobs, residents{per})", TABLES, name="x").meta.unit == unit


def test_every_rule_is_computed():
    assert derive("per_head(jobs, residents)", TABLES, name="x").frame["value"].tolist() == [500.0, 250.0]
    assert derive("standardised(jobs)", TABLES, name="z").frame["value"].tolist() == [1.0, -1.0]
    years = outcome_frame({"code": ["E06000001"] * 2, "period": ["2019", "2023"], "value": [40.0, 50.0]})
    pay = OutcomeTable(OutcomeMeta("pay", "Pay", "median", "£"), years)
    assert derive("change(pay, frm = 2019, to = 2023)", {"pay": pay}, name="x").frame["value"].tolist() == [10.0]
    relative = derive("change(pay, frm = 2019, to = 2023, relative = true)", {"pay": pay}, name="x")
    assert relative.frame["value"].tolist() == [25.0]
    columns = {"code": ["E06000001"] * 2, "period": ["2023"] * 2, "sex": ["All men", "Women"], "value": [9.0, 7.0]}
    split = OutcomeTable(OutcomeMeta("pay", "Pay", "median", "£"), outcome_frame(columns, extra=("sex",)), ("sex",))
    made = derive('gap(pay, breakdown = sex, of = "All men", minus = Women)', {"pay": split}, name="gap")
    assert made.frame["value"].tolist() == [2.0]
    assert made.meta.id == "gap"


def test_outcomes_that_are_not_there_or_do_not_fit_are_refused():
    with pytest.raises(ConfigError, match=r"not there: houses\n  outcomes before it: jobs, residents"):
        derive("ratio(jobs, houses)", TABLES, name="x")
    with pytest.raises(TableError, match="a count divided by a count"):
        derive("per_head(pay, residents)", {**TABLES, "pay": table("pay", [1.0, 2.0], "median")}, name="x")
