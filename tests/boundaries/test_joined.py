"""Joins on sets of a few areas whose answer can be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from boundaries.areas.custom_sets import custom_boundary_set
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import FATES, average_of, join
from boundaries.sources.els import ExploreLocalStatistics
from boundaries.sources.smc import read_membership
from geo.errors import JoinError, TableError
from tests.boundaries.joined_toys import NAMES, areas, rows, table


def test_every_area_gets_a_row_and_every_row_a_fate():
    joined = join(
        table(rows({"E06000001": 10, "S12000033": 30, "E07000192": 20, "E12000001": 5, "N09000003": 1})), areas()
    )
    assert list(joined.frame.index) == list(NAMES)
    assert joined.frame.loc["S12000033", "value"] == 30
    assert joined.frame.loc["W06000001", "status"] == "not_covered"
    assert list(joined.receipt.fates) == list(FATES)
    assert joined.receipt.fates["matched"] == 4
    assert joined.receipt.fates["out_of_geography"] == 1
    assert joined.receipt.statements[0] == "4 of 4 local authority districts have a value."


def test_a_nation_without_a_row_is_not_covered_and_said_once():
    joined = join(table(rows({"E06000001": 1, "E07000192": 2}), nations=("E",)), areas())
    assert int((~joined.covered).sum()) == 3
    assert joined.receipt.fates["missing"] == 0
    said = [line for line in joined.receipt.statements if "not covered" in line]
    assert said == ["Wales, Scotland and Northern Ireland are not covered: 3 areas are left out of every count."]


def test_a_suppressed_cell_is_missing_with_its_reason_and_never_zero():
    made = table(
        [
            {"code": "E06000001", "value": 1.0, "status": "ok"},
            {"code": "E07000192", "value": np.nan, "status": "confidential"},
        ]
    )
    frame = join(made, areas(("E06000001", "E07000192"))).frame
    assert np.isnan(frame.loc["E07000192", "value"])
    assert frame.loc["E07000192", "quality"] == "missing"
    assert "confidentiality" in frame.loc["E07000192", "reason"]
    assert frame.loc["E06000001", "reason"] == ""


def test_what_is_left_in_a_suppressed_cell_is_not_printed():
    cells = {"lower": 1.0, "upper": 9.0, "se": 2.0, "status": "confidential"}
    made = table([{"code": "E06000001", "value": 1.0, "status": "ok"}, {"code": "E07000192", "value": 5.0, **cells}])
    # A table made by hand, past the builder that takes such figures out.
    made = replace(made, frame=made.frame.assign(value=[1.0, 5.0], lower=[0.0, 1.0], upper=[2.0, 9.0], se=[0.5, 2.0]))
    frame = join(made, areas(("E06000001", "E07000192"))).frame
    assert frame.loc["E07000192", ["value", "lower", "upper", "se"]].isna().all()
    assert frame.loc["E06000001", ["value", "lower", "upper", "se"]].tolist() == [1.0, 0.0, 2.0, 0.5]


def test_a_total_is_not_carried_beside_a_suppressed_district():
    cells = {"E06000001": (1.0, "ok"), "E07000192": (np.nan, "confidential"), "E92000001": (6.0, "ok")}
    made = table([{"code": c, "value": v, "status": s} for c, (v, s) in cells.items()], measure="count", nations=("E",))
    joined = join(made, areas(("E06000001", "E07000192")))
    assert joined.meta.averages == {}
    assert "6" not in str(joined.receipt.to_dict()["details"])
    known = replace(made, frame=made.frame.assign(value=[1.0, 5.0, 6.0], status="ok"))
    joined = join(known, areas(("E06000001", "E07000192")))
    assert joined.meta.averages == {"E92000001": 6.0}
    assert average_of(joined).value == 3.0, "a total is no average"


def test_districts_brought_together_do_not_give_the_suppressed_one_away(upper):
    kent = sorted(upper.members.loc[upper.members["code"] == "E10000016", "member"])
    cells = [{"code": code, "value": 2.0, "status": "ok"} for code in kent]
    cells[0] |= {"value": np.nan, "status": "confidential"}
    joined = join(table(cells, measure="count"), upper, allow={"aggregate"})
    assert joined.frame.loc["E10000016", ["status", "quality"]].tolist() == ["confidential", "missing"]
    assert np.isnan(joined.frame.loc["E10000016", "value"])
    partial = join(table(cells, measure="count"), upper, allow={"aggregate", "partial"})
    assert partial.frame.loc["E10000016", ["value", "quality"]].tolist() == [2.0 * (len(kent) - 1), "partial"]


def test_areas_without_a_figure_are_named_by_reason():
    made = table(
        [
            {"code": "E06000001", "value": np.nan, "status": "confidential"},
            {"code": "E07000192", "value": 1.0, "status": "ok"},
        ]
    )
    said = join(made, areas(("E06000001", "E07000192", "E06000002"))).receipt.statements
    assert "No figure (the source says: suppressed to protect confidentiality): Hartlepool." in said
    assert "No figure (the source has no row for this area): E06000002." in said


def test_all_faults_of_a_join_are_named_at_once():
    made = table(rows({"E06000001": 1, "E06000099": 2}) + rows({"E06000001": 3}))
    with pytest.raises(JoinError) as caught:
        join(made, areas())
    assert caught.value.faults == (
        "codes that stand more than once in one period: E06000001",
        "codes in no register: E06000099",
    )
    assert [(remedy.option, remedy.value) for remedy in caught.value.remedies] == [("allow", "unmatched")]


def test_overrides_are_explicit_and_recorded():
    made = table(rows({"E06000001": 1, "E06000099": 2, "E07000192": 4}) + rows({"E06000001": 1}))
    joined = join(made, areas(("E06000001", "E07000192")), allow={"unmatched", "duplicates"})
    assert joined.receipt.fates["unmatched"] == 1
    assert joined.receipt.fates["duplicated"] == 1
    assert sum(line.startswith("Allowed on request") for line in joined.receipt.statements) == 2
    with pytest.raises(JoinError, match="did you mean 'unmatched'"):
        join(made, areas(), allow={"unmatch"})


def test_doubled_rows_with_other_values_are_refused_even_on_request():
    with pytest.raises(JoinError, match="more than once"):
        join(table(rows({"E06000001": 1}) + rows({"E06000001": 2})), areas(), allow={"duplicates"})


def test_the_latest_period_is_the_last_that_has_a_value():
    made = table(
        rows({"E06000001": 1}, "2022/23") + rows({"E06000001": 2}, "2023/24") + rows({"E06000001": np.nan}, "2024/25")
    )
    joined = join(made, areas(("E06000001",)))
    assert joined.period == "2023/24"
    assert any("2024/25 has no value" in line for line in joined.receipt.statements)
    assert join(made, areas(("E06000001",)), period="2022-23").period == "2022/23"
    with pytest.raises(JoinError, match="no period '2001'"):
        join(made, areas(("E06000001",)), period="2001")


def test_a_year_stands_for_the_one_period_that_lies_in_it():
    days = table(rows({"E06000001": 1}, "2023-04-19") + rows({"E06000001": 2}, "2024-04-17"))
    joined = join(days, areas(("E06000001",)), period="2023")
    assert joined.period == "2023-04-19"
    assert "The period '2023' is '2023-04-19' in the source." in joined.receipt.statements
    quarters = table(rows({"E06000001": 1}, "2023 Q1") + rows({"E06000001": 2}, "2023 Q2"))
    with pytest.raises(JoinError, match="no period '2023'"):
        join(quarters, areas(("E06000001",)), period="2023")


def test_a_breakdown_takes_its_total_or_asks():
    made = table(
        [{"code": "E06000001", "sex": sex, "value": v} for sex, v in (("Total", 3.0), ("Female", 1.0))],
        breakdowns=("sex",),
    )
    one = areas(("E06000001",))
    assert join(made, one).frame["value"].tolist() == [3.0]
    assert join(made, one, where={"sex": "Female"}).frame["value"].tolist() == [1.0]
    with pytest.raises(JoinError, match="'Male' is not a group of 'sex'"):
        join(made, one, where={"sex": "Male"})
    with pytest.raises(JoinError, match="no breakdown 'age'"):
        join(made, one, where={"age": "16"})
    split = replace(made, frame=made.frame.replace({"sex": {"Total": "Male"}}))
    with pytest.raises(JoinError, match="no group was chosen"):
        join(split, one)


def test_a_table_without_rows_or_with_periods_that_are_none_is_refused():
    empty = table(rows({"E06000001": 1}))
    with pytest.raises(JoinError, match="has no rows"):
        join(replace(empty, frame=empty.frame.iloc[:0]), areas())
    with pytest.raises(TableError, match="periods that cannot be read as dates"):
        join(table(rows({"E06000001": 1}, "then") + rows({"E06000001": 1}, "now")), areas())


def test_a_single_area_and_a_constant_outcome_join_like_any_other():
    joined = join(table(rows({"E06000001": 7, "E07000192": 7})), areas(("E06000001", "E07000192")))
    assert joined.frame["value"].tolist() == [7, 7]
    assert len(join(table(rows({"E06000001": 7})), areas(("E06000001",))).frame) == 1


def test_the_order_of_rows_does_not_matter():
    values = {"E06000001": 1, "E07000192": 2, "N09000003": 3, "S12000033": 4, "W06000001": 5}
    one = join(table(rows(values)), areas()).frame
    other = join(table(list(reversed(rows(values)))), areas()).frame
    assert one.equals(other)


def test_a_table_of_regions_only_is_refused_with_the_reason():
    with pytest.raises(JoinError, match="no row is of this geography: the codes begin with E12, K02"):
        join(table(rows({"E12000001": 1, "K02000001": 2})), areas())


def test_own_areas_match_by_scheme_and_id():
    made = table(rows({"smc203:1": 0.5, "smc203:2": -0.5}), measure="index", unit="z")
    joined = join(made, areas(("smc203:1", "smc203:2"), geography="smc203"))
    assert joined.frame["value"].tolist() == [0.5, -0.5]
    assert average_of(joined) == type(average_of(joined))(0.0, "0, the average of all areas", "index")
    with pytest.raises(JoinError, match="smc203:9"):
        join(table(rows({"smc203:1": 0.5, "smc203:9": 1})), areas(("smc203:1",), geography="smc203"))


@pytest.fixture(scope="module")
def districts():
    return load_boundary_set("LAD", dt.date(2024, 1, 1))


@pytest.fixture(scope="module")
def upper():
    return load_boundary_set("UTLA", dt.date(2024, 1, 1))


CUMBERLAND = {"E07000026": 10.0, "E07000028": 20.0, "E07000029": 40.0}  # Allerdale, Carlisle, Copeland → E06000063


def test_areas_of_another_date_are_recoded_by_measure(districts):
    joined = join(table(rows(CUMBERLAND), measure="count", nations=("E",)), districts, period="2024")
    assert joined.frame.loc["E06000063", ["value", "quality"]].tolist() == [70.0, "exact"]
    assert joined.receipt.fates["merged"] == 3
    assert any("E07000026" in row["from"] for row in joined.receipt.details)
    with pytest.raises(JoinError, match="E06000063"):
        join(table(rows(CUMBERLAND), measure="median"), districts)


def test_a_successor_beside_its_predecessors_needs_a_word(districts):
    both = {**CUMBERLAND, "E06000063": 25.0}
    with pytest.raises(JoinError, match="same land"):
        join(table(rows(both), measure="rate"), districts)
    joined = join(table(rows(both), measure="rate", both_vintages=True), districts)
    assert joined.frame.loc["E06000063", "value"] == 25.0
    assert joined.receipt.fates["duplicated"] == 3
    told = [(row["from"], row["to"]) for row in joined.receipt.details if row["fate"] == "duplicated"]
    assert told == [(code, "E06000063") for code in CUMBERLAND]


def test_districts_are_brought_together_only_on_request(upper):
    kent = [
        code
        for code, member in zip(upper.members["member"], upper.members["code"], strict=True)
        if member == "E10000016"
    ]
    made = table(rows(dict.fromkeys(kent, 2.0)), measure="count")
    with pytest.raises(JoinError, match="1 row is of districts, not of counties and unitary"):
        join(table(rows({"E07000105": 1.0}), measure="count"), upper)
    joined = join(made, upper, allow={"aggregate"})
    assert joined.frame.loc["E10000016", "value"] == 2.0 * 12
    assert joined.receipt.fates["merged"] == 12
    pooled = [{"code": code, "value": i, "denominator": 1.0 + i} for i, code in enumerate(kent)]
    mean = join(table(pooled, measure="mean"), upper, allow={"aggregate"}).frame.loc["E10000016", "value"]
    assert mean == pytest.approx(np.average(range(12), weights=np.arange(12) + 1))


def test_districts_fill_only_areas_without_a_row_of_their_own(upper):
    made = table(rows({"E10000016": 9.0, "E07000105": 1.0, "E06000001": 5.0}), measure="count")
    frame = join(made, upper).frame
    assert frame.loc["E10000016", "value"] == 9.0
    left = join(table(rows({"E07000105": 1.0, "E06000001": 5.0}), measure="count"), upper, allow={"missing"})
    assert left.frame.loc["E10000016", "quality"] == "missing"
    assert left.frame.loc["E06000001", "quality"] == "exact"


def test_a_county_figure_is_inherited_only_on_request_and_labelled(districts):
    made = table(rows({"E10000016": 5.0, "E06000035": 7.0}), measure="rate", nations=("E",))
    with pytest.raises(JoinError, match="figures of counties whose districts have none: E10000016"):
        join(made, districts)
    joined = join(made, districts, allow={"county"})
    inherited = joined.frame[joined.frame["quality"] == "inherited"]
    assert len(inherited) == 12
    assert set(inherited["value"]) == {5.0}
    assert joined.frame.loc["E06000035", "quality"] == "exact"
    without = join(made, districts, allow={"missing"})
    assert not (without.frame["quality"] == "inherited").any()
    with pytest.raises(JoinError, match="count of a county"):
        join(replace(made, meta=replace(made.meta, measure="count")), districts, allow={"county"})


def test_rows_outside_the_nations_of_the_set_are_of_another_geography():
    england = load_boundary_set("LAD", dt.date(2024, 1, 1), nations=("E",))
    joined = join(table(rows({"E06000001": 1, "S12000033": 2})), england)
    assert joined.receipt.fates["out_of_geography"] == 1
    assert joined.receipt.fates["unmatched"] == 0


def test_every_row_of_the_period_has_exactly_one_fate(districts):
    made = table(rows({**CUMBERLAND, "E06000001": 1, "E12000001": 2, "K02000001": 3}), measure="count")
    fates = join(made, districts).receipt.fates
    assert sum(number for fate, number in fates.items() if fate != "missing") == len(made.frame)


def test_itl_areas_are_told_by_the_length_of_their_codes():
    itl2 = areas(("TLC3", "TLC4"), geography="ITL2")
    joined = join(table(rows({"TLC": 1, "TLC3": 2, "TLC4": 3, "TLC31": 4})), itl2)
    assert joined.frame["value"].tolist() == [2, 3]
    assert joined.receipt.fates["out_of_geography"] == 2


def real(real_data, file, **options):
    return ExploreLocalStatistics().read(real_data / "outcomes" / "els" / file / f"{file}.csv", options=options)


@pytest.mark.real_data
def test_pay_of_2025_is_told_from_the_uk_median_in_132_of_348_districts(real_data):
    joined = join(real(real_data, "gross-median-weekly-pay"), load_boundary_set("LAD", dt.date(2025, 3, 31)))
    with_interval = joined.frame.dropna(subset=["lower", "upper"])
    average = average_of(joined)
    assert (average.value, average.kind) == (642.5, "published")
    inside = ((with_interval["lower"] <= average.value) & (average.value <= with_interval["upper"])).sum()
    # Craft B8: of 348 areas with an interval 216 contain the UK median.
    assert (len(with_interval), int(inside)) == (348, 216)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "date", "matched", "duplicated"),
    [
        ("gcses-in-english-and-maths", dt.date(2024, 9, 11), 296, 19),
        ("supermarkets", dt.date(2025, 3, 31), 361, 19),
        ("gross-median-weekly-pay", dt.date(2025, 3, 31), 361, 0),
    ],
)
def test_published_files_join_without_a_row_left_over(real_data, file, date, matched, duplicated):
    receipt = join(real(real_data, file), load_boundary_set("LAD", date)).receipt
    assert receipt.fates["matched"] == matched
    assert receipt.fates["duplicated"] == duplicated
    assert receipt.fates["unmatched"] == receipt.fates["missing"] == 0


@pytest.mark.real_data
def test_research_spending_has_regions_only(real_data):
    with pytest.raises(JoinError, match="no row is of this geography: the codes begin with E12"):
        join(real(real_data, "research-and-development-business"), load_boundary_set("LAD", dt.date(2025, 3, 31)))
    regions = load_boundary_set("RGN", dt.date(2025, 3, 31))
    assert join(real(real_data, "research-and-development-business"), regions).frame["value"].notna().all()


def test_one_of_a_thing_is_told_as_one():
    made = table(rows({"E06000001": 1.0}, "2023") + rows({"E06000001": 2.0}, "2024"), measure="mean")
    said = join(made, areas(("E06000001", "W06000001"))).receipt.statements
    assert "1 other period of the table was left aside." in said
    assert "Wales is not covered: 1 area is left out of every count." in said
    county = table(rows({"E10000016": 1.0}), measure="mean")
    two = areas(("E07000105", "W06000001"))
    assert (
        "1 district inherits the figure of its county (1 county)."
        in join(county, two, allow={"county"}).receipt.statements
    )
    left = "The figure of 1 county is not used: its districts have none of their own."
    assert left in join(county, two, allow={"missing"}).receipt.statements


def test_a_nation_with_a_figure_is_covered_whatever_the_metadata_says():
    joined = join(table(rows({"E06000001": 1, "W06000001": 2, "S12000033": np.nan}), nations=("E",)), areas())
    assert joined.covered.tolist() == [True, True, False, False, True]


@pytest.mark.real_data
def test_counts_brought_together_into_203_areas_add_up_to_the_published_total(real_data):
    table = real(real_data, "business-demography", indicator="active-businesses")
    base = load_boundary_set("LAD", dt.date(2024, 9, 11))
    folder = real_data / "outcomes" / "smc"
    members = read_membership(
        folder / "geography" / "203_regions_codes.json", next((folder / "son2024_203regions").glob("*.csv"))
    )
    own = custom_boundary_set(members, scheme="smc203", base=base)
    with pytest.raises(JoinError, match="361 rows are of districts"):
        join(table, own)
    joined = join(table, own, allow={"aggregate"})
    assert joined.frame["value"].notna().all()
    # The source's own figure for the United Kingdom in the same year.
    assert joined.frame["value"].sum() == joined.meta.averages["K02000001"] == 2_859_535
    assert not any(code.startswith(("E07", "E10")) for code in joined.meta.averages)


class TestOutside:
    """What a join and a boundary set give to the world: frames, shapes, cards."""

    @pytest.fixture
    def joined(self):
        return join(table(rows({"E06000001": 10, "S12000033": 30})), areas())

    def test_frames_have_a_row_an_area(self, joined):
        frame = joined.to_frame()
        assert frame.index.tolist() == list(NAMES)
        assert frame.loc["E06000001", "value"] == 10
        frame["value"] = 0.0
        assert joined.frame.loc["E06000001", "value"] == 10
        extras = replace(joined, extras=joined.frame[["name"]].rename(columns={"name": "band"}))
        assert extras.to_frame().loc["E06000001", "band"] == joined.frame.loc["E06000001", "name"]
        assert joined.boundaries.to_frame().index.tolist() == list(NAMES)
        assert "geometry" not in joined.boundaries.to_frame()

    def test_shapes_are_in_the_system_of_the_set(self, joined):
        for geo in (joined.to_geo(), joined.boundaries.to_geo()):
            assert geo.crs.to_epsg() == 27700
            assert geo.index.tolist() == list(NAMES)
            assert geo.geometry.area.gt(0).all()
        assert joined.to_geo().loc["S12000033", "value"] == 30

    def test_cards_say_what_the_receipt_says(self, joined):
        shown = joined._repr_html_()
        assert joined.receipt.statements[0] in shown
        assert "<script" not in shown
        assert f"({len(joined.boundaries)} " not in joined.boundaries._repr_html_()
        assert f"<td>{len(joined.boundaries)} (" in joined.boundaries._repr_html_()
