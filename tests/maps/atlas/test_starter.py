"""The starter atlas as its readers find it: every file, whole, linked, consistent."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import rasterio

from geo import cli
from geo.provenance import sha256_of
from maps.atlas.manifest import read_manifest
from maps.atlas.repacking import packs_from_build
from maps.atlas.replaying import replay_build
from maps.kinds.table import usual_kinds

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.run import Built

OUTCOME = "hmrc-mean-income"


NOT_HERE = {"uncertainty", "caterpillar", "levels", "types", "larger"}
"""Kinds that need intervals, or kinds of place of one's own."""


def test_every_kind_in_every_format(starter: Built) -> None:
    folder = starter.out / "maps" / OUTCOME
    assert {path.stem for path in folder.iterdir()} == {*usual_kinds(), "choropleth-phone"} - NOT_HERE
    assert [path.name for path in folder.glob("choropleth-phone.*")] == ["choropleth-phone.png"]
    assert 'srcset="maps/hmrc-mean-income/choropleth-phone.png"' in (starter.out / "index.html").read_text("utf-8")
    for kind in set(usual_kinds()) - NOT_HERE:
        for suffix in ("png", "svg", "pdf"):
            assert (starter.out / "maps" / OUTCOME / f"{kind}.{suffix}").stat().st_size > 5_000


def test_one_row_an_area_in_four_formats(starter: Built) -> None:
    data = starter.out / "data"
    table = pd.read_csv(data / "areas.csv")
    package, parquet, geojson = (
        gpd.read_file(data / "areas.gpkg", layer="areas"),
        gpd.read_parquet(data / "areas.parquet"),
        gpd.read_file(data / "areas.geojson"),
    )
    assert len(table) == len(package) == len(parquet) == len(geojson) == 361
    assert (package.crs.to_epsg(), geojson.crs.to_epsg()) == (27700, 4326)
    assert table["code"].tolist() == package["code"].tolist() == parquet["code"].tolist() == geojson["code"].tolist()
    classes = table[f"{OUTCOME}__2021-22__moran_class"].value_counts()
    assert classes["no-data"] == table[f"{OUTCOME}__2021-22__value"].isna().sum() == 7
    assert classes.sum() == 361


def test_clusters_carry_levels_kinds_and_their_test(starter: Built) -> None:
    data = starter.out / "data"
    clusters, kinds, areas = (pd.read_csv(data / f"{name}.csv") for name in ("clusters", "clusters-by-kind", "areas"))
    levels = clusters[["level_low", "level_high", "level_not_clear", "level_error_unknown"]]
    # income is published without an error, so no level of it is known
    assert (levels["level_error_unknown"] == clusters["areas"]).all()
    robust = clusters[["robust_core", "robust_probable", "robust_contested"]].sum(axis=1)
    assert (robust == clusters["areas"]).all()
    low = clusters[clusters["direction"] == "low"]
    tested = kinds[(kinds["direction"] == "low") & (kinds["type"] == "coastal")].iloc[0]
    assert (low["coastal_q"] == tested["q"]).all()
    assert low["coastal_areas"].sum() == tested["members"]
    several = (areas[["coastal", "rural", "post_industrial"]] == "yes").sum(axis=1) > 1
    lowest = clusters.iloc[0]["codes"].split("; ")
    assert clusters.iloc[0]["several_kinds_areas"] == int(several[areas["code"].isin(lowest)].sum())


def test_a_region_has_its_own_cut_of_every_table(starter: Built) -> None:
    pack = next((starter.out / "regions").glob("E12000007-*/"))
    own = set(pd.read_csv(pack / "areas.csv")["code"])
    levels, claims, clusters, kinds = (
        pd.read_csv(pack / f"{name}.csv", encoding="utf-8-sig")
        for name in ("levels", "claims", "clusters", "clusters-by-kind")
    )
    assert set(levels["code"]) == own
    assert len(claims) == len(pd.read_csv(starter.out / "data" / "claims.csv"))
    assert (claims["areas_here"] <= len(own)).all()
    areas = pd.read_csv(pack / "areas.csv", encoding="utf-8-sig")
    coastal = claims[(claims["type"] == "coastal") & (claims["estimated"] == "alone")].iloc[0]
    assert coastal["members_here"] == (areas["coastal"] == "yes").sum()
    assert len(clusters)
    here = [set(codes.split("; ")) for codes in clusters["codes_here"]]
    assert all(codes and codes <= own for codes in here)
    assert [len(codes) for codes in here] == clusters["areas_here"].tolist()
    low = kinds[(kinds["direction"] == "low") & (kinds["type"] == "rural")].iloc[0]
    assert low["clustered_here"] == clusters.loc[clusters["direction"] == "low", "areas_here"].sum()
    described = pd.read_csv(pack / "data-dictionary.csv", encoding="utf-8-sig")
    for name, table in (("claims.csv", claims), ("clusters.csv", clusters), ("levels.csv", levels)):
        assert set(table.columns) <= set(described.loc[described["file"] == name, "column"])
    assert "clusters that reach into the region" in " ".join((pack / "README.txt").read_text("utf-8").split())


def test_the_gallery_shows_every_picture_with_words(starter: Built) -> None:
    page = (starter.out / "index.html").read_text(encoding="utf-8")
    shown = dict(re.findall(r'<img[^>]*src="maps/small/[^/"]+/([\w-]+)\.png"[^>]*alt="([^"]*)"', page))
    assert set(shown) == set(usual_kinds()) - NOT_HERE
    assert all(len(alt) > 40 for alt in shown.values())
    assert "there is no map of it" in (starter.out / "method.html").read_text(encoding="utf-8")


def test_qgis_opens_the_areas_as_they_were_drawn(starter: Built) -> None:
    with closing(sqlite3.connect(starter.out / "data" / "areas.gpkg")) as base:
        rows = base.execute("SELECT styleName, useAsDefault, styleQML FROM layer_styles ORDER BY id").fetchall()
    measure = "Mean total income per taxpayer (£), 2021/22"
    assert [name for name, _, _ in rows] == [
        f"{measure}: values",
        f"{measure}: clusters and outliers",
        f"{measure}: hot and cold spots",
        f"{measure}: how robust the clusters are",
        "Types of place",
        f"{measure}: clusters by type of place",
        f"{measure}: clusters outlined and named",
    ]
    assert [default for _, default, _ in rows] == [1, 0, 0, 0, 0, 0, 0]
    assert f"&quot;{OUTCOME}__2021-22__value&quot; IS NULL" in rows[0][2]
    assert f'attr="{OUTCOME}__2021-22__moran_class"' in rows[1][2]
    assert "&quot;coastal&quot; = 'yes' AND &quot;rural&quot; &lt;&gt; 'yes'" in rows[4][2]


def test_the_dictionary_explains_every_column_and_no_other(starter: Built) -> None:
    data = starter.out / "data"
    columns = list(pd.read_csv(data / "areas.csv").columns)
    rows = pd.read_csv(data / "data-dictionary.csv", keep_default_na=False)
    assert sorted(rows.loc[rows["file"] == "areas.csv", "column"]) == sorted(columns)
    assert (rows["meaning"] != "").all()


def test_levels_profiles_and_kinds_in_clusters_are_tables_of_their_own(starter: Built) -> None:
    data = starter.out / "data"
    rows = pd.read_csv(data / "data-dictionary.csv", keep_default_na=False)
    tables = {name: pd.read_csv(data / f"{name}.csv") for name in ("levels", "profiles", "claims", "clusters-by-kind")}
    for name, table in tables.items():
        told = rows.loc[rows["file"] == f"{name}.csv", "column"].tolist()
        assert told == list(table.columns), name
    levels, profiles, by_kind = (tables[name] for name in ("levels", "profiles", "clusters-by-kind"))
    assert list(levels.columns) == [
        *(
            "outcome",
            "period",
            "code",
            "name",
            "value",
            "lower",
            "upper",
            "mean",
            "mean_lower",
            "mean_upper",
            "p_below",
        ),
        *("p_low_tenth", "p_high_tenth", "band", "rank_lower", "rank_upper", "level"),
    ]
    assert levels["level"].value_counts().to_dict() == {"error-unknown": 354, "no-data": 7}
    values = levels.set_index("code")["value"].dropna()
    low = values.index[values < values.mean() - values.std()]
    assert sorted(profiles.loc[profiles["low_on"] == 1, "code"]) == sorted(low)
    assert profiles["of"].sum() == 354
    assert profiles["p_low_on"].isna().all()
    clusters = pd.read_csv(data / "clusters.csv")
    default = by_kind[(by_kind["direction"] == "high") & (by_kind["definition"] == "density")].iloc[0]
    high = clusters[clusters["direction"] == "high"]
    assert (default["clustered"], default["members"]) == (high["rural_classified"].sum(), high["rural_areas"].sum())
    assert by_kind["p"].dropna().between(1 / 200, 1).all()
    assert (by_kind["q"].dropna() >= by_kind["p"].dropna() - 1e-12).all()


def test_an_area_carries_its_codes_of_other_years(starter: Built) -> None:
    table = pd.read_csv(starter.out / "data" / "areas.csv", dtype="str").set_index("code")
    assert table.loc["E06000063", "lad_2021"] == "E07000026|E07000028|E07000029"
    assert table.loc["E06000063", "lad_2023"] == "E06000063"


def test_clusters_are_those_of_the_areas(starter: Built) -> None:
    data = starter.out / "data"
    areas = pd.read_csv(data / "areas.csv", keep_default_na=False)
    clusters = pd.read_csv(data / "clusters.csv")
    named = areas.loc[areas[f"{OUTCOME}__2021-22__cluster"] != "", f"{OUTCOME}__2021-22__cluster"]
    assert set(named) == set(clusters["id"])
    assert set(areas.loc[named.index, f"{OUTCOME}__2021-22__moran_class"]) <= {"high-high", "low-low"}


def test_the_distance_grid_is_a_geotiff_in_metres(starter: Built) -> None:
    with rasterio.open(starter.out / "data" / "distance-to-coast.tif") as grid:
        assert grid.crs.to_epsg() == 27700
        # Coton in the Elms, by common report the place farthest from the sea: 113 km from the open sea, about 100 km
        # from the wide inner part of the Mersey, which counts as open water here.
        distance = next(grid.sample([(424500, 315300)]))[0]
    assert distance == pytest.approx(100_000, rel=0.05)


def test_the_receipt_accounts_for_every_row(starter: Built) -> None:
    receipt = json.loads((starter.out / "data" / "receipts" / f"{OUTCOME}.json").read_text())
    # the source has no row for one area
    assert {fate: count for fate, count in receipt["fates"].items() if count} == {"matched": 360, "missing": 1}
    audit = json.loads((starter.out / "data" / "receipts" / "neighbours.json").read_text())
    assert (audit["n"], audit["isolates"]) == (361, [])


def test_thirteen_packs_that_travel_alone(starter: Built) -> None:
    folders = sorted(item for item in (starter.out / "regions").iterdir() if item.is_dir())
    assert len(folders) == 13
    for folder in folders:
        names = zipfile.ZipFile(folder.with_name(folder.name + ".zip")).namelist()
        assert {
            f"{folder.name}/{name}" for name in ("index.html", "areas.csv", "areas.gpkg", "LICENCE.txt", "README.txt")
        } <= set(names)
    wales = (starter.out / "regions" / "W92000004-wales" / "README.txt").read_text()
    assert "Cymru" in wales
    northern = (starter.out / "regions" / "N92000002-northern-ireland" / "LICENCE.txt").read_text()
    assert "NISRA" in northern
    welsh = (starter.out / "regions" / "W92000004-wales" / "LICENCE.txt").read_text()
    assert "Land & Property Services" not in welsh
    assert "Office for National Statistics" in welsh
    assert len(pd.read_csv(starter.out / "regions" / "E12000001-north-east-region" / "areas.csv")) == 12


def test_no_page_names_another_host_but_in_links(starter: Built) -> None:
    for page in starter.out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r"""(?:src|href)=["'](https?://[^"']+)["'][^>]*?(?:rel=["']stylesheet)?""", text)
        scripts = re.findall(r"<(?:script|img|link|iframe)[^>]+https?://", text)
        assert not scripts, page
        assert all(link.startswith("https://") for link in loaded)


def test_links_between_pages_lead_somewhere(starter: Built) -> None:
    for page in (starter.out / "index.html", starter.out / "method.html"):
        for link in re.findall(r'href="([^"#:]+?)(?:#[^"]*)?"', page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), link


def test_the_manifest_lists_every_file_with_its_hash(starter: Built) -> None:
    manifest = read_manifest(starter.out)
    written = {item.relative_to(starter.out).as_posix() for item in starter.out.rglob("*") if item.is_file()}
    assert set(manifest.files) | {"manifest.json"} == written
    assert starter.files == len(written)
    assert all(sha256_of(starter.out / name) == found for name, found in manifest.files.items())
    assert manifest.boundaries["LAD"].areas == 361


def test_the_summary_says_what_was_found(starter: Built) -> None:
    title, levels, *kinds, pattern, last = starter.summary
    assert title == "Mean total income per taxpayer, 2021/22"
    assert re.match(
        r"  Of 354 areas, \d+ are below the mean of the areas, £39,443 \(weighted by taxpayers\), and \d+ above\. "
        r"The highest published figure is £208,000, in Kensington and Chelsea; the lowest is £25,900, in Blackpool\. "
        r"No error is published",
        levels,
    )
    assert [line.split()[0] for line in kinds] == ["Coastal", *["Rural"] * 2, *["Post-industrial"] * 2]
    assert pattern.startswith("  Over the whole map, neighbouring areas are more alike than chance would make them. ")
    assert re.search(
        r"Of 354 areas tested, \d+ lie in clusters of low values, and \d+ lie in clusters of high values", pattern
    )
    assert last.endswith("files, 13 packs of nations and regions")
    assert starter.to_dict()["index"].endswith("index.html")


def test_a_replay_proves_what_lies_on_disk_and_what_is_computed(
    starter: Built, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = replay_build(starter.out)
    assert len(found.computed) >= 9
    assert (found.unchanged, found.faults) == (starter.files - 1, ())

    copy = tmp_path / "copy"
    shutil.copytree(starter.out, copy)
    table, pages = copy / "data" / "areas.csv", sorted((copy / "regions").glob("*/index.html"))
    table.write_bytes(table.read_bytes().replace(b"Hartlepool", b"Hartlepoot", 1))
    (copy / "data" / "clusters.csv").unlink()
    (copy / "regions" / "manifest.json").write_text("{}")
    for page in pages[:6]:
        page.write_text("changed")
    assert cli.run(["replay", str(copy)]) == 1
    out, err = capsys.readouterr()
    assert f"{starter.files - 1 - 8} files on disk are as they were written" in out
    assert err.splitlines()[0] == f"placeatlas: error: {copy} is not what was built"
    assert err.splitlines()[1].startswith("  changed on disk since they were written: data/areas.csv, regions/")
    assert err.splitlines()[1].endswith(" and 2 more (7 in all)")
    assert err.splitlines()[2:] == [
        "  gone from disk: data/clusters.csv",
        "  on disk, but not of this build: regions/manifest.json",
    ]


def test_packs_that_exist_are_named_and_others_made(starter: Built, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(starter.out, copy)
    before = read_manifest(copy).files["index.html"]
    (copy / "index.html").write_text("changed")
    there, made = packs_from_build(["E12000001", "E47000006"], copy)
    assert there.name == "E12000001-north-east-region.zip"
    assert made.name == "E47000006-tees-valley.zip"
    assert len(pd.read_csv(made.with_suffix("") / "areas.csv")) == 5
    assert "regions/E47000006-tees-valley.zip" in read_manifest(copy).files
    assert read_manifest(copy).files["index.html"] == before


def test_every_place_has_a_page_that_leads_on(starter: Built) -> None:
    pages = sorted((starter.out / "areas").glob("*.html"))
    assert len(pages) == 361
    assert max(page.stat().st_size for page in pages) <= 30_000
    text = (starter.out / "areas" / "E06000047.html").read_text(encoding="utf-8")
    assert "<h1><bdi>County Durham</bdi></h1>" in text
    assert "Below the mean of the areas" in text
    lost = [
        link
        for page in pages
        for link in re.findall(r'href="([^"#:]+)[#"]', page.read_text(encoding="utf-8"))
        if not (page.parent / link).is_file()
    ]
    assert lost == []
    assert pd.read_csv(starter.out / "areas" / "E06000047.csv")["outcome"].tolist() == [OUTCOME]
    index = (starter.out / "index.html").read_text(encoding="utf-8")
    assert '"areas/E06000047.html"' in index
    shown = re.findall(r'<img src="([^"]+)"', index)
    assert all((starter.out / path).stat().st_size <= 45_000 for path in shown[1:])
    assert (starter.out / shown[0]).stat().st_size <= 260_000
