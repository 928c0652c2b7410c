"""Boundary sets of any date from the bundled atoms, from files, from membership tables, from plans."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from boundaries.areas.custom_sets import custom_boundary_set
from boundaries.areas.layer_files import code_column, read_layer
from boundaries.areas.loading import load_boundary_set
from boundaries.areas.merging import COLUMNS
from boundaries.areas.planned import load_scenario, scenario_files
from boundaries.dating.vintages import infer_epochs
from boundaries.register import codes_alive, load_register
from geo.errors import CodeError, ConfigError, CRSError, DateError, FetchError, GeometryError, TableError

REGISTER = load_register()
DATES = {
    "2009-04-01": 406,
    "2012-01-01": 406,
    "2016-07-01": 391,
    "2019-07-01": 382,
    "2020-07-01": 379,
    "2021-07-01": 374,
    "2023-07-01": 361,
    "2025-07-01": 361,
}


def lad(date, **options):
    return load_boundary_set("LAD", dt.date.fromisoformat(date), **options)


@pytest.mark.parametrize(("date", "count"), DATES.items())
def test_every_vintage_is_a_dissolve_of_atoms(date, count):
    made = lad(date)
    frame = made.frame
    assert len(made) == count
    assert set(frame["code"]) == codes_alive(REGISTER, "LAD", dt.date.fromisoformat(date))
    assert tuple(frame.columns) == COLUMNS
    assert frame["code"].is_monotonic_increasing
    assert frame.index.equals(pd.RangeIndex(count))
    assert frame.crs.to_epsg() == 27700
    assert frame.geometry.is_valid.all()
    assert shapely.coverage_is_valid(frame.geometry.to_numpy())
    assert frame["population"].sum() == 63_182_178  # residents of the UK at the 2011 Census
    assert (frame["name"] != "").all()
    assert set(frame.loc[frame["name_cy"] != "", "nation"]) == {"W"}
    assert made.members["code"].tolist() == made.members["member"].tolist()
    assert len(made.atoms) == 409
    assert set(made.atoms["code"]) == set(frame["code"])


def test_land_that_moved_is_flagged_with_its_instrument():
    assert set(lad("2012-01-01").approximate) == {
        "S12000015",
        "S12000024",
        "S12000044",
        "S12000046",
    }  # shapes of no date
    moved = lad("2025-07-01").approximate
    assert moved["E08000039"] == ("The Barnsley and Sheffield (Boundary Change) Order 2024",)
    assert {"E06000057", "E07000240", "S12000047", "S12000050", "N09000009"} <= set(moved)
    assert "N09000006" not in moved  # Omagh and Fermanagh, whole
    assert "E08000038" not in lad("2023-07-01").approximate
    assert {"W06000007", "S12000003", "S12000009", "S12000022", "S12000037"} <= set(lad("2009-04-15").approximate)


def test_upper_tiers_by_date():
    date = dt.date(2024, 9, 11)
    sizes = {geography: len(load_boundary_set(geography, date)) for geography in ("UTLA", "RGN", "CTRY", "CAUTH")}
    assert sizes == {"UTLA": 218, "RGN": 9, "CTRY": 4, "CAUTH": 11}
    regions = load_boundary_set("RGN", date)
    assert regions.approximate == {}  # no land moved between regions
    assert regions.frame.set_index("code").loc["E12000007", "population"] == 8_173_941
    assert set(regions.members["member"]) == {c for c in codes_alive(REGISTER, "LAD", date) if c[0] == "E"}
    countries = load_boundary_set("CTRY", date).frame.set_index("code")
    assert countries.loc["W92000004", "name_cy"] == "Cymru"
    assert countries.loc["S92000003", "region_code"] == "S92000003"


@pytest.mark.parametrize(
    ("level", "date", "count", "divided"),
    [
        ("ITL1", "2021-07-01", 12, 0),
        ("ITL1", "2025-07-01", 12, 0),
        ("ITL2", "2021-07-01", 41, 3),
        ("ITL2", "2025-07-01", 46, 2),
    ],
)
def test_statistical_regions_draw_divided_districts_whole_and_say_so(level, date, count, divided):
    made = load_boundary_set(level, dt.date.fromisoformat(date))
    assert len(made) == count
    assert made.frame["population"].sum() == pytest.approx(63_182_178)
    assert sum("divided between areas" in why[0] for why in made.approximate.values()) == divided
    assert len(made.members) == len(codes_alive(REGISTER, "LAD", dt.date.fromisoformat(date)))


def test_statistical_regions_too_small_for_districts_need_official_shapes():
    with pytest.raises(CodeError, match="TLM61 Caithness") as error:
        load_boundary_set("ITL3", dt.date(2021, 7, 1))
    assert [(remedy.option, remedy.value) for remedy in error.value.remedies] == [
        ("layer", "official"),
        ("geography", "ITL2"),
    ]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "level", "date"),
    [
        ("ITL1_JAN_2021_UK_BUC", "ITL1", "2021-07-01"),
        ("ITL2_JAN_2021_UK_BUC", "ITL2", "2021-07-01"),
        ("ITL3_JAN_2021_UK_BUC", "ITL3", "2021-07-01"),
        ("ITL2_JAN_2025_UK_BUC", "ITL2", "2025-07-01"),
        ("CTYUA_DEC_2022_UK_BUC", "UTLA", "2022-12-31"),
        ("ctyua_2023-12_UK_BUC", "UTLA", "2023-12-31"),
        ("CAUTH_DEC_2022_EN_BUC", "CAUTH", "2022-12-31"),
        ("RGN_DEC_2022_EN_BUC", "RGN", "2022-12-31"),
        ("ctry_2022-12_UK_BUC", "CTRY", "2022-12-31"),
    ],
)
def test_official_upper_layers_have_the_codes_of_their_date(real_data, name, level, date):
    made = load_boundary_set(
        level, dt.date.fromisoformat(date), layer=str(real_data / "boundaries" / "upper" / f"{name}.gpkg")
    )
    assert made.approximate == {}
    assert (made.frame["population"] > 0).all()


def test_one_nation_only():
    wales = lad("2024-09-11", nations=["W"])
    assert len(wales) == 22
    assert set(wales.atoms["code"]) == set(wales.frame["code"])
    assert not any("Northern Ireland" in source.title or "Scotland" in source.title for source in wales.sources[:2])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"geography": "WARD", "date": dt.date(2020, 1, 1)}, "geography 'WARD'"),
        ({"geography": "LAD", "date": dt.date(2020, 1, 1), "nations": ["X"]}, "nations X"),
        (
            {"geography": "UTLA", "date": dt.date(2027, 4, 1), "scenario": "surrey-2027"},
            "geography LAD and layer bundled",
        ),
        ({"geography": "LAD", "date": dt.date(2026, 1, 1), "scenario": "surrey-2027"}, "begins on 2027-04-01"),
    ],
)
def test_requests_that_cannot_be_met(arguments, message):
    with pytest.raises(CodeError, match=message):
        load_boundary_set(**arguments)


def test_dates_outside_the_register():
    with pytest.raises(DateError, match="before the change register begins"):
        lad("2009-03-31")
    with pytest.raises(DateError, match="surrey-2027"):
        lad("2027-04-01")


def test_planned_councils():
    made = lad("2027-04-01", scenario="surrey-2027")
    assert len(made) == 361 - 11 + 2
    west = made.frame.set_index("code").loc["surrey-2027:west-surrey"]
    assert (west["name"], west["nation"], west["region_code"]) == ("West Surrey", "E", "E12000008")
    assert made.geography == "LAD+surrey-2027"
    assert set(made.members.loc[made.members["code"] == "surrey-2027:east-surrey", "member"]) == {
        "E07000207", "E07000208", "E07000210", "E07000211", "E07000215",
    }  # fmt: skip


def test_the_register_and_the_scenario_tell_the_same_plan():
    scenario = load_scenario("surrey-2027", REGISTER)
    ours = {(event.old_code, event.new_code, event.date) for event in scenario.events(REGISTER)}
    assert ours == {(e.old_code, e.new_code, e.date) for e in REGISTER.events if e.kind == "planned"}
    assert "surrey-2027" in scenario_files()


def test_a_scenario_of_ones_own(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(
        'id = "one"\ntitle = "One"\ndate = 2028-04-01\nbase = 2025-04-01\n'
        '[[area]]\nid = "tees"\nname = "Tees"\nmembers = ["E06000001", "E06000002"]\n'
    )
    made = lad("2028-04-01", scenario=str(path))
    assert "one:tees" in set(made.frame["code"])
    assert load_scenario("plan", REGISTER, folders=[tmp_path]).title == "One"
    path.write_text(
        path.read_text().replace("E06000002", "E06000001").replace("2028", "2020")
        + 'x = 1\n[[area]]\nid="z"\nname="Z"\nmembers=["E10000001"]\n'
    )
    with pytest.raises(CodeError) as error:
        load_scenario(path, REGISTER)
    assert "not alive on 2025-04-01: E10000001" in str(error.value)
    assert "in more than one area: E06000001" in str(error.value)
    path.write_text("id = 3")
    with pytest.raises(ConfigError, match="is not a scenario"):
        load_scenario(path, REGISTER)
    with pytest.raises(ConfigError, match="did you mean surrey-2027"):
        load_scenario("surey-2027", REGISTER)


def membership(base, *, rows=()):
    """Put every area of England into its region, every other into its country, then add rows."""
    table = base.frame[["region_code", "region_name", "code"]].set_axis(["code", "name", "member"], axis=1)
    return pd.concat([table, pd.DataFrame(rows, columns=table.columns)], ignore_index=True)


def test_custom_areas_from_a_membership_table():
    base = lad("2024-09-11")
    made = custom_boundary_set(membership(base), scheme="mine", base=base)
    assert len(made) == 12
    assert made.frame["code"].str.startswith("mine:").all()
    assert made.frame["population"].sum() == base.frame["population"].sum()
    assert made.frame.geometry.area.sum() == pytest.approx(base.frame.geometry.area.sum())
    assert len(made.members) == 361
    assert set(made.atoms["atom"]) == set(base.atoms["atom"])
    assert "mine:E12000003" not in made.approximate  # Barnsley's land stayed in its region
    assert made.receipt == {}


def test_a_county_beside_its_districts_is_dropped_and_counted():
    base = lad("2024-09-11")
    surrey = ("E12000008", "South East", "E10000030")
    made = custom_boundary_set(membership(base, rows=[surrey]), scheme="mine", base=base)
    assert made.receipt == {"county rows dropped": 1}


def test_a_county_alone_stands_for_its_districts():
    base = lad("2024-09-11")
    table = membership(base)
    surrey = [f"E070002{number:02}" for number in range(7, 18)]
    table = table[~table["member"].isin(surrey)]
    table.loc[len(base.frame) + 1] = ["SRY", "Surrey", " e10000030"]
    made = custom_boundary_set(table, scheme="mine", base=base)
    assert set(made.members.loc[made.members["code"] == "mine:SRY", "member"]) == set(surrey)
    assert made.receipt == {"counties expanded": 1, "stray spaces in codes": 1, "lower case in codes": 1}


def test_all_faults_of_a_membership_table_at_once():
    base = lad("2024-09-11")
    table = membership(base, rows=[("other", "Other", "E06000001"), ("other", "Others", "E06000999")])
    table = table[table["member"] != "E06000002"]
    with pytest.raises(CodeError) as error:
        custom_boundary_set(table, scheme="mine", base=base)
    text = str(error.value)
    assert "not an area of LAD@2024-09-11: E06000999 (unknown)" in text
    assert "in more than one area: E06000001 Hartlepool" in text
    assert "in no area: E06000002 Middlesbrough" in text
    assert "areas with two names: mine:other" in text
    with pytest.raises(TableError, match="lacks columns: member"):
        custom_boundary_set(table.drop(columns="member"), scheme="mine", base=base)


def layer(tmp_path, frame, name="layer.gpkg"):
    path = tmp_path / name
    frame.to_file(path)
    return path


def test_a_layer_of_ones_own_keeps_names_and_residents(tmp_path):
    base = lad("2024-09-11")
    shapes = base.frame[["code", "geometry"]].rename(columns={"code": "LAD24CD"})
    shapes["LAD24CD"] = shapes["LAD24CD"].str.lower()
    made = lad("2024-09-11", layer=str(layer(tmp_path, shapes)))
    assert made.frame["name"].equals(base.frame["name"])
    assert made.approximate == {}
    assert made.shapes == "layer.gpkg"
    assert made.sources[0].sha256
    assert made.receipt == {"lower case in codes": 361}
    custom = custom_boundary_set(membership(base), scheme="mine", base=made)
    assert custom.frame.geometry.area.sum() == pytest.approx(base.frame.geometry.area.sum(), rel=1e-9)


def test_a_layer_of_another_date_is_refused(tmp_path):
    shapes = lad("2021-07-01").frame[["code", "geometry"]]
    with pytest.raises(CodeError) as error:
        lad("2024-09-11", layer=str(layer(tmp_path, shapes)))
    assert "areas of LAD@2024-09-11 without a shape: E06000063" in str(error.value)
    assert "shapes that are no area of LAD@2024-09-11: E07000026" in str(error.value)


def test_bad_layers_are_one_clear_error_each(tmp_path):
    good = gpd.GeoDataFrame({"code": ["E06000001", "E06000002"]}, geometry=[shapely.box(0, 0, 1e5, 1e5)] * 2, crs=27700)
    with pytest.raises(CRSError, match="metres"):
        read_layer(layer(tmp_path, good.set_crs(4326, allow_override=True), "metres.geojson"))
    with pytest.raises(CodeError, match="more than once"):
        read_layer(layer(tmp_path, good.assign(code="E06000001"), "twice.gpkg"))
    with pytest.raises(GeometryError, match="no polygon"):
        read_layer(layer(tmp_path, good.set_geometry(good.geometry.centroid), "points.gpkg"))
    with pytest.raises(CodeError, match="no column of area codes"):
        read_layer(layer(tmp_path, good.assign(code=["a", "b"]), "uncoded.gpkg"))
    with pytest.raises(TableError, match="there is no boundary file"):
        read_layer(tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("<html>")
    with pytest.raises(TableError, match="is not what its name says"):
        read_layer(tmp_path / "text.gpkg")
    assert code_column(pd.DataFrame({"id": [1], "lad": ["E06000001"], "geometry": [None]}), "x") == "lad"


def test_invalid_polygons_are_mended_and_counted(tmp_path):
    bow = shapely.Polygon([(0, 0), (1e5, 1e5), (1e5, 0), (0, 1e5)])
    frame = gpd.GeoDataFrame({"code": ["E06000001"]}, geometry=[bow], crs=27700)
    made = read_layer(layer(tmp_path, frame))
    assert made.frame.geometry.is_valid.all()
    assert made.repairs == {"invalid polygons": 1}


def test_an_official_layer_that_was_never_fetched_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path))
    with pytest.raises(FetchError, match="placeatlas fetch LAD@2021-12-31"):
        lad("2021-12-31", layer="official")


def test_a_set_says_what_it_is():
    assert repr(lad("2024-09-11")).startswith("BoundarySet(LAD@2024-09-11: 361 areas; ")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("lad_2013-12_UK_onsvisual", "2013-12-31"),
        ("lad_2016-12_UK_BSC", "2016-12-31"),
        ("lad_2017-12_UK_onsvisual", "2017-12-31"),
        ("lad_2019_UK_geographr", "2019-12-31"),
        ("lad_2020_UK_geographr", "2020-12-31"),
        ("LAD_MAY_2021_UK_BUC", "2021-05-31"),
        ("LAD_DEC_2022_UK_BUC", "2022-12-31"),
        ("lad_2023-12_UK_BUC", "2023-12-31"),
        ("lad_2024_UK_geographr", "2024-05-31"),
        ("lad_2025_UK_derived_els", "2025-05-31"),
    ],
)
def test_official_layers_hold_the_codes_of_their_date(real_data, name, date):
    official = read_layer(real_data / "boundaries" / "lad" / f"{name}.gpkg")
    assert set(official.frame["code"]) == codes_alive(REGISTER, "LAD", dt.date.fromisoformat(date))
    (period,) = infer_epochs(pd.DataFrame({"code": official.frame["code"], "period": "x"})).periods
    assert period.first.start <= dt.date.fromisoformat(date) <= period.last.end
    assert period.first == period.last


ACROSS_TIDAL_WATER = {
    "Babergh|East Suffolk", "Bexley|Havering", "City of London|Lambeth", "City of London|Southwark", "Eastleigh|Fareham",
    "Forest of Dean|Stroud", "Fylde|South Ribble", "Greenwich|Newham", "Greenwich|Tower Hamlets",
    "Hammersmith and Fulham|Richmond upon Thames", "Hammersmith and Fulham|Wandsworth", "Kensington and Chelsea|Wandsworth",
    "Lambeth|Westminster", "Maldon|Rochford", "Newcastle upon Tyne|Gateshead", "Newcastle upon Tyne|South Tyneside",
    "North Tyneside|South Tyneside", "Portsmouth|Gosport", "Redcar and Cleveland|Stockton-on-Tees",
    "South Gloucestershire|Forest of Dean", "Southwark|Tower Hamlets", "Southwark|Westminster", "Thurrock|Castle Point",
    "Wandsworth|Westminster",
}  # fmt: skip
"""Neighbours of some official releases that meet in a river or harbour: our shapes end at mean high water."""

LOST_BY_GENERALISATION = {
    "Chelmsford|Rochford", "Clackmannanshire|Falkirk", "East Riding of Yorkshire|Scarborough", "Great Yarmouth|South Norfolk",
    "Gwynedd|Ceredigion", "Renfrewshire|West Dunbartonshire", "South Ribble|West Lancashire", "Southampton|New Forest",
}  # fmt: skip
"""Neighbours that touch at the head of an estuary, which some official releases cut away and ours do not."""


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "date", "most"),
    [
        ("lad_2013-12_UK_onsvisual", "2013-12-31", 7),
        ("lad_2016-12_UK_BSC", "2016-12-31", 8),
        ("lad_2019_UK_geographr", "2019-12-31", 19),
        ("LAD_MAY_2021_UK_BUC", "2021-05-31", 23),
        ("LAD_DEC_2022_UK_BUC", "2022-12-31", 24),
        ("lad_2024_UK_geographr", "2024-05-31", 23),
        ("lad_2025_UK_derived_els", "2025-05-31", 8),
    ],
)
def test_neighbours_are_those_of_official_layers_but_for_water(real_data, name, date, most):
    ours = lad(date).frame
    theirs = read_layer(real_data / "boundaries" / "lad" / f"{name}.gpkg").frame
    called = ours.set_index("code")["name"]
    pairs = []
    for frame in (ours, theirs):
        shapes = frame.geometry.to_numpy()
        left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        codes = frame["code"].to_numpy()
        pairs.append({tuple(sorted((codes[i], codes[j]))) for i, j in zip(left, right, strict=True) if i < j})
    only_ours, only_theirs = (
        {f"{called[a]}|{called[b]}" for a, b in found} for found in (pairs[0] - pairs[1], pairs[1] - pairs[0])
    )
    assert only_theirs <= ACROSS_TIDAL_WATER
    assert only_ours <= LOST_BY_GENERALISATION
    assert len(only_ours | only_theirs) <= most
    assert len(pairs[0] & pairs[1]) > 880
