"""The Commission's single indicators: splits, nations, limits, and the join of all eighteen."""

from __future__ import annotations

import datetime as dt

import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.joined import average_of, join
from boundaries.sources.smc import SocialMobilityCommission
from geo.errors import TableError

SPLITS = ",".join(f"{split}_split_type,{split}_split_value" for split in ("primary", "secondary", "tertiary", "fourth"))
INDICATOR = f"measure_code,measure_title,chart_type,area_code,area_type,area_name,{SPLITS},time_period,value,lci,uci,sample_size,unit,value_note"


def indicator(tmp_path, *lines, title="Youth unemployment", unit="Percent", note="NA"):
    path = tmp_path / "2026-01-01-dr00-full-dataset.csv"
    path.write_text("\n".join([INDICATOR, *(f"dr00,{title},{line},{unit},{note}" for line in lines)]))
    return SocialMobilityCommission().read(path, options={})


def test_splits_become_breakdowns_bands_and_names(tmp_path):
    table = indicator(
        tmp_path,
        "geography,NA,ITL2,United Kingdom,itl2_current_geo,Cheshire,quintile,5,unemp,Other,NA,NA,2014-2025,90,88,92,100",
        "geography,NA,ITL2,United Kingdom,itl2_current_geo,Cheshire,quintile,5,unemp,Unemployed,NA,NA,2014-2025,10,8,12,100",
    )
    assert table.frame["name"].tolist() == ["Cheshire", "Cheshire"]
    assert table.breakdowns == ("unemp",)
    path = tmp_path / "2026-01-01-dr00-full-dataset.csv"
    kept = SocialMobilityCommission().read(path, options={"where": {"unemp": "Unemployed"}})
    assert kept.frame["value"].tolist() == [10]
    with pytest.raises(TableError, match="no such groups"):
        SocialMobilityCommission().read(path, options={"where": {"unemp": "Busy", "sex": "Male"}})
    assert table.frame["band"].tolist() == ["5", "5"]
    assert table.frame["se"].tolist() == pytest.approx([4 / 2 / 1.96] * 2, abs=1e-3)
    assert (kept.meta.unit, kept.meta.favourable, kept.meta.index_version) == ("%", "low", "2026")


def test_national_figures_stand_beside_areas_when_unit_time_and_code_agree(tmp_path):
    table = indicator(
        tmp_path,
        "map,TLD6,ITL2,Cheshire,area_name,Cheshire,quintile,5,NA,NA,NA,NA,2025,87,NA,NA,NA",
        "trend,K02000001,country,United Kingdom,area_name,United Kingdom,year,2025,NA,NA,NA,NA,2020-2025,85,NA,NA,NA",
        "trend,K02000001,country,United Kingdom,area_name,United Kingdom,year,2024,NA,NA,NA,NA,2020-2025,80,NA,NA,NA",
        "trend,K02000001,country,England,area_name,England,year,2025,NA,NA,NA,NA,2020-2025,84,NA,NA,NA",
        title="Broadband speed",
    )
    assert dict(zip(table.frame["code"], table.frame["value"], strict=True)) == {"TLD6": 87, "K02000001": 85}


def test_effects_of_a_model_are_an_index_of_where_people_grew_up(tmp_path):
    table = indicator(
        tmp_path,
        "caterpillar,NA,ITL2,Cheshire,degree,1,itl2_adolescent_geo,Cheshire,quintile,5,NA,NA,2018-2025,1.5,-2.3,5.5,NA",
        title="Highest qualification",
        note="Random effect from a linear mixed-effects model",
    )
    assert (table.meta.measure, table.meta.place_basis) == ("index", "grew up in")
    assert table.meta.unit == "percentage points from the average"


NATION = "trend,K02000001,country,{0},area_name,{0},time_period,{1},NA,NA,NA,NA,{1},{2},NA,NA,NA"


def test_a_file_of_nations_is_an_outcome_of_nations_whatever_code_it_stamps_on_them(tmp_path):
    rows = [("England", "1996/97", 32), ("Wales", "1996/97", 36), ("England", "2023/24", 31), ("Wales", "2023/24", 31)]
    table = indicator(tmp_path, *(NATION.format(*row) for row in rows), title="Childhood poverty")
    assert table.frame["code"].tolist() == ["E92000001", "W92000004"] * 2
    assert table.frame["period"].tolist() == ["1996/97", "1996/97", "2023/24", "2023/24"]
    assert (table.meta.geography, table.meta.nations, table.meta.favourable) == ("CTRY", ("E", "W"), "low")
    joined = join(table, load_boundary_set("CTRY", dt.date(2025, 3, 31), nations=("E", "W")))
    assert joined.frame["value"].tolist() == [31, 31]
    with pytest.raises(TableError, match=r"(?s)neither areas nor nations.*Narnia"):
        indicator(tmp_path, NATION.format("Narnia", "2025", 1))


def test_nations_covered_are_those_the_file_has_figures_of(tmp_path):
    area = "map,NA,ITL2,{},area_name,{},quintile,5,NA,NA,NA,NA,2025,45,NA,NA,NA"
    england = "trend,E92000001,Country,England,area_name,England,NA,NA,NA,NA,NA,NA,2024/25,50,NA,NA,NA"
    assert indicator(tmp_path, area.format("Kent", "Kent"), england).meta.nations == ("E",)
    assert indicator(tmp_path, area.format("Kent", "Kent")).meta.nations == ("E", "W", "S", "N")


MONEY = "geography,NA,ITL2,{0},area_name,{0},quintile,5,NA,NA,NA,NA,2024,{1},NA,NA,NA"
UK_MONEY = "trend,K02000001,country,United Kingdom,time_period,2024,NA,NA,NA,NA,NA,NA,2024,{},NA,NA,NA"


@pytest.mark.parametrize(
    ("areas", "measure", "unit"),
    [
        ((20_000, 30_000), "count", "£ million"),  # 50 of 50 billion
        ((200, 300), "mean", "£ million on a base that the file does not state"),  # 1 % of it: no totals
    ],
)
def test_money_that_does_not_add_up_to_the_nation_is_no_total(tmp_path, areas, measure, unit):
    lines = [MONEY.format("Kent", areas[0]), MONEY.format("Cheshire", areas[1])]
    path = tmp_path / "2026-01-01-dr00-full-dataset.csv"
    rows = [f"dr00,Expenditure,{line},millions of £,NA" for line in lines]
    rows.append(f"dr00,Expenditure,{UK_MONEY.format(50)},billions of £,NA")
    path.write_text("\n".join([INDICATOR, *rows]))
    meta = SocialMobilityCommission().read(path, options={}).meta
    assert (meta.measure, meta.unit) == (measure, unit)
    assert ("add up to 1% of the figure of the United Kingdom" in meta.description) is (measure == "mean")


@pytest.mark.parametrize(
    ("kind", "favourable"), [("Unemployed", "low"), ("Higher professional", "high"), ("Other", "none")]
)
def test_which_end_is_good_follows_the_kind_that_was_chosen(tmp_path, kind, favourable):
    line = "map,NA,ITL2,Kent,work,{},itl2_current_geo,Kent,quintile,5,NA,NA,2014-2025,10,8,12,100"
    lines = [line.format(group) for group in ("Unemployed", "Higher professional", "Other")]
    table = indicator(tmp_path, *lines, title="Type of employment opportunities")
    assert table.meta.favourable == "none"
    path = tmp_path / "2026-01-01-dr00-full-dataset.csv"
    kept = SocialMobilityCommission().read(path, options={"where": {"work": kind}})
    assert kept.meta.favourable == favourable


def test_doubled_rows_and_words_for_figures_are_refused(tmp_path):
    line = "geography,NA,ITL2,Cheshire,area_name,Cheshire,NA,NA,NA,NA,NA,NA,2025,{},NA,NA,NA"
    with pytest.raises(TableError, match="several rows for one area"):
        indicator(tmp_path, line.format(1), line.format(2))
    with pytest.raises(TableError, match="not numbers"):
        indicator(tmp_path, line.format("many"))


WHERE = {
    "dr14": {"sec_dependent_children": "Higher professional"},
    "dr32": {"unemp_binary": "Unemployed"},
    "dr33": {"sec_employed": "Higher professional"},
    "in11": {"seb": "FSM eligible"},
    "in12": {"seb": "FSM eligible"},
    "in13": {"seb": "FSM eligible"},
}
LIMITS = {"dr13", "dr14", "dr15", "dr32", "dr33", "dr53", "dr54", "in23", "in31", "in32", "in33", "in34"}


@pytest.fixture(scope="module")
def regions(real_data):
    layer = real_data / "boundaries" / "upper" / "ITL2_JAN_2021_UK_BUC.gpkg"
    return load_boundary_set("ITL2", dt.date(2024, 12, 31), layer=layer)


@pytest.mark.real_data
def test_all_eighteen_indicators_join_to_their_boundaries(real_data, regions):
    files = sorted((real_data / "outcomes" / "smc" / "itl2_indicators_son26").glob("*.csv"))
    joins = {}
    for path in files:
        name = path.name[11:15]
        table = SocialMobilityCommission().read(path, options={"where": WHERE.get(name, {})})
        areas = load_boundary_set("CTRY", dt.date(2025, 3, 31)) if table.meta.geography == "CTRY" else regions
        joins[name] = join(table, areas)
    valued = {name: int(joined.frame["value"].notna().sum()) for name, joined in joins.items()}
    assert valued == {**dict.fromkeys(joins, 41), "dr12": 4, "in11": 33, "in12": 33, "in13": 32}
    assert {name for name, joined in joins.items() if joined.frame["se"].notna().any()} == LIMITS
    for name, joined in joins.items():
        by_name = joined.receipt.fates["repaired"]
        assert by_name == (0 if name in {"dr12", "dr51"} else valued[name])
        assert not any("covered by the source, but without" in said for said in joined.receipt.statements)
    assert average_of(joins["dr12"]).kind == "published"
    assert joins["in13"].frame.index[
        joins["in13"].frame["reason"] == "the source has no row for this area"
    ].tolist() == ["TLF3"]
    # The file says "millions of £"; 41 areas of it are 6 % of the United Kingdom's 55.6 billion.
    assert joins["dr52"].meta.unit == "£ million per 100,000 residents"
    residents = regions.frame["population"].to_numpy()
    whole = (joins["dr52"].frame["value"].to_numpy() * residents / 1e5).sum()
    assert whole == pytest.approx(55_615 * residents.sum() / 69.2e6, rel=0.02)  # residents of 2011 stand for 69 million
