"""The traps of the published files, one by one, on the files themselves: what a user sees, and what is never done.

Traps whose proof lies with their subject are named there: the 34 published tables (``sources/test_els.py``), vintages of each
file (``test_vintages.py``), the Commission's indices (``sources/test_smc.py``), residents of Northern Ireland and of W01000060
(``test_conversion_oracles.py``).
"""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from boundaries.areas.custom_sets import custom_boundary_set
from boundaries.areas.loading import load_boundary_set
from boundaries.areas.lookup import load_lookup
from boundaries.conversion import recode
from boundaries.joined import join
from boundaries.joined.checking import check_file
from boundaries.joined.checks import report
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.register import epoch_of, load_register, spells_of, successors
from boundaries.sources.els import ExploreLocalStatistics
from boundaries.sources.registry import read_outcome
from boundaries.sources.smc import read_membership
from geo.errors import CodeError, ConversionError, CRSError, JoinError

pytestmark = pytest.mark.real_data


def els(real_data, name):
    return ExploreLocalStatistics().read(real_data / "outcomes" / "els" / name / f"{name}.csv", options={})


def counts(codes, values=None):
    codes = list(codes)
    frame = outcome_frame({"code": codes, "period": [""] * len(codes), "value": values or [1.0] * len(codes)})
    return OutcomeTable(OutcomeMeta("thing", "Thing", "count"), frame)


def test_1_the_two_schemes_of_northern_ireland(real_data):
    day = dt.date(2014, 7, 1)
    polygons = real_data / "boundaries" / "lad" / "lad_2013-12_UK_onsvisual.gpkg"
    frame = load_boundary_set("LAD", day, layer=str(polygons), nations=["N"]).frame.set_index("code")
    assert (frame.loc["95A", "name"], frame.loc["95Z", "name"]) == ("Derry", "Belfast")
    grouped = real_data / "registry" / "ni_lgd1992_26_from_sa2011.gpkg"
    with pytest.raises(CodeError, match=r"LGD92 holds codes of .* 95AA is Antrim but 95A is Derry"):
        load_boundary_set("LAD", day, layer=str(grouped), nations=["N"])
    told = "codes in no register: 95AA\n  95AA is how small-area codes name a district: 95AA is Antrim but 95A is Derry"
    with pytest.raises(ConversionError, match=told):
        recode(counts(["95AA", "95A"]), to=dt.date(2016, 7, 1))
    with pytest.raises(JoinError, match=told):
        join(counts(["95AA", "95A", "E06000001"]), load_boundary_set("LAD", dt.date(2012, 7, 1)))


def test_2_a_change_table_joined_naively_copies_and_the_register_does_not(real_data):
    published = pd.read_csv(real_data / "changes" / "lad_code_changes_2009_2025.csv")
    fife = published[published["old_code"].isin(["S12000015", "S12000024"])]
    assert set(fife["new_code"]) == {"S12000047", "S12000048"}
    recoded = recode(counts(["S12000015", "S12000024"], [370_000.0, 150_000.0]), to=dt.date(2019, 7, 1))
    found = dict(zip(recoded.table.frame["code"], recoded.table.frame["value"], strict=True))
    assert found == {"S12000047": 370_000.0, "S12000048": 150_000.0}
    assert set(recoded.quality["quality"]) == {"carried"}


def test_3_an_empty_observation_is_missing_and_never_zero(real_data):
    frame = els(real_data, "gross-median-weekly-pay").frame
    empty = frame[frame["status"] != "ok"]
    assert len(empty) > 0
    assert empty["value"].isna().all()


@pytest.mark.parametrize("name", ["gcses-in-english-and-maths", "museums", "supermarkets"])
def test_4_old_and_new_codes_in_one_period_are_refused_unless_declared(real_data, name):
    path = real_data / "outcomes" / "els" / name / f"{name}.csv"
    text = "\n".join(report(check_file(path)))
    assert "areas stand beside what they became" in text
    assert "a join would take --allow both if the publisher lists both" in text
    made = els(real_data, name)
    assert made.meta.both_vintages
    areas = load_boundary_set("LAD", dt.date(2024, 7, 1))
    joined = join(made, areas)
    told = [entry for entry in joined.receipt.details if entry["fate"] == "duplicated"]
    assert told
    assert all(entry["to"] in joined.frame.index for entry in told)


def test_5_wider_areas_are_not_added_to_districts(real_data):
    joined = join(els(real_data, "claimant-count"), load_boundary_set("LAD", dt.date(2024, 7, 1)))
    assert joined.receipt.fates["matched"] == 361
    assert joined.receipt.fates["out_of_geography"] == 52
    assert not set(joined.frame.index.str[:3]) & {"E10", "E12", "E92", "K02"}


def test_6_the_map_of_the_203_areas_is_refused_and_its_members_are_dissolved_instead(real_data):
    folder = real_data / "outcomes" / "smc"
    drawn = folder / "geography" / "UK203regions-simplify2percent.topojson"
    day = dt.date(2024, 9, 11)
    with pytest.raises(CRSError, match="declares no coordinate reference system"):
        load_boundary_set("LAD", day, layer=str(drawn))
    scores = folder / "son2024_203regions" / "CI1-2.0-promising-prospects--full-dataset.csv"
    members = read_membership(folder / "geography" / "203_regions_codes.json", scores)
    own = custom_boundary_set(members, scheme="smc203", base=load_boundary_set("LAD", day))
    assert (len(own), bool(own.frame.is_valid.all())) == (203, True)
    assert sum(own.receipt.values()) > 0, "counties that stand beside their own districts are dropped and counted"


def test_7_names_without_codes_and_a_county_that_was_lost(real_data):
    quals = real_data / "outcomes" / "education" / "census2021_highest_qualification_ltla_ew.csv"
    made = read_outcome("table", quals, columns={"value": "no_qualification", "denominator": "total"}, measure="count")
    assert int((made.frame["code"] == "").sum()) == 26
    with pytest.raises(JoinError, match="names that are of no area: 'Cumberland'"):
        join(made, load_boundary_set("LAD", dt.date(2021, 7, 1)))
    joined = join(made, load_boundary_set("LAD", dt.date(2024, 7, 1)))
    assert joined.receipt.fates["repaired"] == 26
    assert joined.frame.loc[joined.covered, "value"].notna().all()
    path = real_data / "outcomes" / "population_two_geographies" / "population20_utla20_single_year_of_age.csv"
    assert "no row for E10000021 Northamptonshire" in "\n".join(report(check_file(path)))
    people = read_outcome("table", path, columns={"value": "total_population"}, measure="count")
    lost = join(people, load_boundary_set("UTLA", dt.date(2020, 7, 1), nations=["E", "W"]))
    assert "No figure (the source has no row for this area): Northamptonshire." in lost.receipt.statements


def test_8_districts_that_lie_in_several_statistical_areas(real_data):
    path = real_data / "lookups" / "ons" / "LAD20_LAU121_ITL321_ITL221_ITL121_UK.csv"
    published = pd.read_csv(path, encoding="utf-8-sig").groupby("LAD20CD")["ITL321CD"].nunique()
    assert tuple(published.index[published > 1]) == load_lookup("LAD", "ITL3", dt.date(2021, 1, 1)).divided
    with pytest.raises(ConversionError, match=r"S12000017 Highland: 39.7% TLM61, 46.3% TLM62, 13.9% TLM63"):
        load_lookup("LAD", "ITL3", dt.date(2021, 7, 1)).as_function()


def test_9_one_code_set_is_of_many_releases_and_a_name_is_no_key(real_data):
    register = load_register()
    releases = [dt.date(2021, 5, 31), dt.date(2022, 12, 31)]
    for name in ("LAD_MAY_2021_UK_BUC", "LAD_DEC_2022_UK_BUC"):
        layer = gpd.read_file(real_data / "boundaries" / "lad" / f"{name}.gpkg", ignore_geometry=True)
        assert set(layer.filter(regex="LAD2.CD").iloc[:, 0]) == epoch_of(register, "LAD", releases[0]).codes
    assert epoch_of(register, "LAD", releases[0]) == epoch_of(register, "LAD", releases[1])
    assert [spell.name for spell in spells_of(register)["E07000112"]] == ["Shepway", "Folkestone and Hythe"]


@pytest.mark.parametrize(("code", "most"), [("E06000053", 0.75), ("E09000001", 0.75)])
def test_10_shapes_drawn_anew_are_no_change(real_data, code, most):
    folder = real_data / "boundaries" / "lad"
    layers = [gpd.read_file(path).to_crs(27700) for path in sorted(folder.glob("*.gpkg"))]
    shapes = [layer.geometry[(layer == code).any(axis=1)].union_all().buffer(0) for layer in layers]
    shapes = [shape for shape in shapes if not shape.is_empty]
    overlap = [a.intersection(b).area / a.union(b).area for a in shapes for b in shapes]
    assert min(overlap) < most
    assert successors(load_register(), code) == ()
    recoded = recode(counts([code]), to=dt.date(2025, 7, 1))
    assert recoded.quality["quality"].tolist() == ["exact"]


def test_12_two_sources_of_one_population_are_never_added(real_data):
    path = real_data / "population" / "lad_population_by_vintage.csv.gz"
    made = read_outcome("table", path, columns={"value": "population", "period": "ref_year"}, measure="count")
    with pytest.raises(JoinError, match="no group was chosen of 'source'"):
        join(made, load_boundary_set("LAD", dt.date(2024, 7, 1)))


def test_13_three_districts_of_northern_ireland_truly_split(real_data):
    areas = pd.read_csv(real_data / "registry" / "ni_sa2011_lgd2014.csv")
    assert len(areas) > 4000
    old = [f"95{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    recoded = recode(counts(old, [100.0] * 26), to=dt.date(2016, 7, 1))
    split = {entry["from"] for entry in recoded.details if entry["fate"] == "split"}
    assert {spells_of(load_register())[code][0].name for code in split} == {"Banbridge", "Lisburn", "Castlereagh"}
    assert np.isclose(recoded.table.frame["value"].sum(), 2600)
