"""The date of boundaries when nobody states one."""

from __future__ import annotations

import datetime as dt

import pytest

from boundaries.dating.default import default_date
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.register import codes_alive, load_register
from boundaries.sources.els import ExploreLocalStatistics
from geo.errors import DateError

OLD = ("E07000026", "E07000028", "E07000029")
"""Allerdale, Carlisle, Copeland: Cumberland E06000063 since April 2023."""
NEW = "E06000063"
LAST = dt.date(2026, 5, 31)


def table(codes, *, both=False, period="2024", name="thing"):
    columns = {"code": list(codes), "period": [period] * len(codes), "value": [1.0] * len(codes)}
    return OutcomeTable(OutcomeMeta(name, "Thing", "rate", both_vintages=both), outcome_frame(columns))


def alive(year):
    return sorted(codes_alive(load_register(), "LAD", dt.date(year, 7, 1)))


def test_the_latest_epoch_in_which_all_codes_live():
    assert default_date([table(alive(2022))]) == dt.date(2023, 3, 31)
    assert default_date([table(alive(2024)), table(["E06000001"])]) == dt.date(2025, 3, 31)
    assert default_date([table(["E06000001"])]) == LAST


def test_successors_tell_the_date_where_both_vintages_are_declared():
    codes = sorted({*alive(2022), *alive(2024)})
    assert default_date([table(codes, both=True)]) == dt.date(2025, 3, 31)
    with pytest.raises(DateError, match='use date="YYYY-MM-DD"'):
        default_date([table(codes)])


def test_a_chain_of_successors_is_followed():
    # Barnsley was recoded in 2025; Fife in 2018: three vintages in one period.
    codes = sorted({*alive(2016), *alive(2022), *alive(2025)})
    assert default_date([table(codes, both=True)]) == LAST


def test_a_former_area_without_its_successor_still_counts():
    assert default_date([table([*OLD, "E06000001"], both=True)]) == dt.date(2023, 3, 31)
    with pytest.raises(DateError, match="no date is one"):
        default_date([table([*OLD, "E08000038"], both=True)])  # Barnsley as of 2025, Allerdale until 2023


def test_both_beside_a_table_of_one_vintage():
    both = table([*OLD, NEW, "E06000001"], both=True)
    assert default_date([both, table(alive(2024), name="other")]) == dt.date(2025, 3, 31)
    with pytest.raises(DateError, match="no date is one"):
        default_date([both, table(alive(2022), name="other")])


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("gcses-in-english-and-maths", {}),
        ("museums", {}),
        ("supermarkets", {}),
        ("children-in-relative-poverty", {"indicator": "children-in-relative-poverty-after-housing-costs"}),
        ("pupils-at-expected-standards-by-end-of-primary-school", {}),
    ],
)
def test_published_files_that_list_both_vintages_have_a_date(real_data, name, options):
    made = ExploreLocalStatistics().read(real_data / "outcomes" / "els" / name / f"{name}.csv", options=options)
    assert made.meta.both_vintages
    assert default_date([made]) >= dt.date(2023, 4, 1)


def named(names, *, period="2024", name="thing"):
    columns = {"name": list(names), "period": [period] * len(names), "value": [1.0] * len(names)}
    return OutcomeTable(OutcomeMeta(name, "Thing", "rate"), outcome_frame({"code": [""] * len(names), **columns}))


def test_names_alone_have_the_latest_epoch_that_knows_most_of_them():
    assert default_date([named(["Hartlepool", "Leeds"])]) == LAST
    assert default_date([named(["Allerdale", "Carlisle", "Hartlepool"], period="")]) == dt.date(2023, 3, 31)
    assert default_date([named(["Cumberland", "Hartlepool", "England"])]) == LAST


def test_names_and_codes_agree_on_one_epoch_or_on_none():
    old = named(["Allerdale", "Carlisle", "Hartlepool"], name="old")
    assert default_date([old, table(["E06000001"])]) == dt.date(2023, 3, 31)
    with pytest.raises(DateError, match="no date is one on which the LAD codes of all outcomes are live"):
        default_date([old, table([NEW])])


@pytest.mark.parametrize(
    ("made", "told", "advice"),
    [
        (table([f"smc203:{number}" for number in range(203)]), "203 Social Mobility Commission areas", "members="),
        (table(["E12000001", "E12000002", "E92000001"]), "2 regions, 1 country", 'geography="RGN"'),
        (table(["TLC3", "TLC4"]), "2 ITL or NUTS areas", 'geography="ITL2"'),
        (table(["E01000001", "E01000002"]), "2 lower layer super output areas", "they are joined to a layer of"),
        (named(["Narnia", "Mordor"]), "its names are Narnia, Mordor", 'geography="…"'),
    ],
)
def test_a_table_of_other_places_is_told_by_what_it_holds(made, told, advice):
    with pytest.raises(DateError, match="'thing' has no row of local authority districts") as caught:
        default_date([made])
    assert told in str(caught.value)
    assert advice in str(caught.value)
    assert "date=" not in str(caught.value)


def test_tables_of_other_places_are_all_told_at_once():
    with pytest.raises(DateError) as caught:
        default_date([table(["E12000001"], name="one"), table(["E06000001"]), table(["TLC3"], name="two")])
    assert [fault.split()[0] for fault in caught.value.faults if fault.startswith("'")] == ["'one'", "'two'"]
