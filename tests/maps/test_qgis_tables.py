"""The tables of a GeoPackage that hold styles and names of columns: as QGIS and the standard ask for them."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from types import SimpleNamespace

import pandas as pd
import pyogrio
import pytest

from geo.errors import MapError, OutputError
from geo.files import write_geopackage
from maps.atlas.columns import readable_names
from maps.kinds import spec_choropleth, spec_classes, spec_typology
from maps.qgis import write_names, write_styles
from maps.qgis.tables import style_name


@pytest.fixture
def frame(toy_set, toy_joined, toy_result):
    """Return the layer's table: class and value of one outcome."""
    return toy_set.frame[["code", "name", "nation", "geometry"]].assign(
        **{
            "good-things__2024__value": toy_joined.frame["value"].to_numpy(),
            "good-things__2024__moran_class": toy_result.frame["class"].to_numpy(),
        }
    )


@pytest.fixture
def package(tmp_path, frame):
    return write_geopackage(frame, tmp_path / "areas.gpkg", "areas")


def types_of(areas):
    """Return kinds of place: six areas coastal, none rural."""
    answers = pd.DataFrame("no", index=areas.frame["code"], columns=["coastal", "rural"])
    answers.iloc[:6, 0] = "yes"
    return answers


def rows(path):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(
            "SELECT f_table_name, f_geometry_column, styleName, styleQML, useAsDefault FROM layer_styles ORDER BY id"
        ).fetchall()


def test_styles_are_named_in_words_and_the_first_is_the_default(package, toy_joined, toy_result, toy_set):
    specs = [
        spec_choropleth(toy_joined),
        spec_classes(toy_joined, toy_result),
        spec_typology(toy_set, types_of(toy_set)),
    ]
    again = dataclasses.replace(specs[2], id="other/typology")
    write_styles(package, "areas", [*specs, again])
    assert [(row[0], row[1], row[2], row[4]) for row in rows(package)] == [
        ("areas", "geom", "Good things (%), 2024: values", 1),
        ("areas", "geom", "Good things (%), 2024: clusters and outliers", 0),
        ("areas", "geom", "Types of place", 0),
    ]
    made_from = re.compile(r'name="placeatlas:map" value="([^"]+)"')
    assert [made_from.findall(row[3]) for row in rows(package)] == [[spec.id] for spec in specs]
    assert style_name(dataclasses.replace(specs[0], measure="")) == "good-things/choropleth: values"


def test_two_pictures_of_one_name_are_refused(package, toy_joined):
    spec = spec_choropleth(toy_joined)
    with pytest.raises(MapError, match="different names"):
        write_styles(package, "areas", [spec, spec_choropleth(toy_joined, k=3)])


def test_writing_again_replaces_and_leaves_the_layer_readable(package, toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    for _ in range(2):
        write_names(package, "areas", {"code": ("Code of the area", "Code")})
        write_styles(package, "areas", [spec])
    assert len(rows(package)) == 1
    assert list(pyogrio.list_layers(package)[:, 0]) == ["areas", "layer_styles"]
    assert len(pyogrio.read_dataframe(package, layer="areas")) == len(spec.assignment)


def test_the_tables_are_those_that_qgis_and_the_standard_ask_for(package, toy_joined):
    write_names(
        package, "areas", {"code": ("Code", "Code of the area"), "name": ("Code", "Name of it"), "x": ("X", "")}
    )
    write_styles(package, "areas", [spec_choropleth(toy_joined)])
    with closing(sqlite3.connect(package)) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (10200,)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        contents = base.execute(
            "SELECT data_type, srs_id FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchall()
        assert contents == [("attributes", 0)]
        columns = [row[1] for row in base.execute("PRAGMA table_info(layer_styles)")]
        names = base.execute("SELECT column_name, name, description FROM gpkg_data_columns").fetchall()
        extended = base.execute(
            "SELECT table_name, scope FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'"
        ).fetchall()
    # as QGIS 3.22 itself makes the table when it saves a style
    assert columns == [
        "id",
        "f_table_catalog",
        "f_table_schema",
        "f_table_name",
        "f_geometry_column",
        "styleName",
        "styleQML",
        "styleSLD",
        "useAsDefault",
        "description",
        "owner",
        "ui",
        "update_time",
    ]
    assert names == [("code", "Code (code)", "Code of the area"), ("name", "Code (name)", "Name of it")]
    assert extended == [("gpkg_data_columns", "read-write"), ("gpkg_data_column_constraints", "read-write")]
    from pyogrio.raw import read_arrow  # noqa: PLC0415 - needs pyarrow, which only this line asks of it

    schema = read_arrow(package, layer="areas")[1].schema
    assert schema.field("code").metadata[b"GDAL:OGR:alternative_name"] == b"Code (code)"
    default = ET.fromstring(rows(package)[0][3].split("\n", 1)[1])  # noqa: S314 - our own document
    aliases = {one.get("field"): one.get("name") for one in default.find("aliases")}
    assert aliases == {"code": "Code (code)", "name": "Code (name)"}


def test_equal_styles_are_equal_bytes(tmp_path, frame, toy_joined, toy_result):
    made = []
    for name in ("a.gpkg", "b.gpkg"):
        path = write_geopackage(frame, tmp_path / name, "areas", metadata={"DESCRIPTION": "Squares"})
        write_names(path, "areas", {"code": ("Code", "Code of the area")})
        write_styles(path, "areas", [spec_choropleth(toy_joined), spec_classes(toy_joined, toy_result)])
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_what_is_not_there_is_said(package, tmp_path, frame, toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    for write in (
        lambda path, layer: write_styles(path, layer, [spec]),
        lambda path, layer: write_names(path, layer, {}),
    ):
        with pytest.raises(OutputError, match="no GeoPackage"):
            write(tmp_path / "none.gpkg", "areas")
        with pytest.raises(OutputError, match="no layer 'zones'"):
            write(package, "zones")
    with pytest.raises(MapError, match="no style"):
        write_styles(package, "areas", [])
    half = write_geopackage(frame.iloc[:5], tmp_path / "half.gpkg", "areas")
    with pytest.raises(MapError, match="lacks areas"):
        write_styles(half, "areas", [spec])
    nameless = write_geopackage(frame.rename(columns={"code": "kod"}), tmp_path / "kod.gpkg", "areas")
    with pytest.raises(MapError, match="absent: a column 'code'"):
        write_styles(nameless, "areas", [spec])


def test_columns_are_named_by_outcome_period_and_the_first_words_of_their_meaning(toy_joined):
    meanings = pd.DataFrame(
        [
            ("code", "Code of the area", "", ""),
            ("hectares", "Land area as drawn", "hectares", ""),
            ("residents_per_hectare", "Residents per hectare", "people per hectare", ""),
            ("lad_2015", "Local-authority codes of the same land in that year", "", "2015"),
            ("good-things__2024__value", "Good things (rate)", "%", "2024"),
            ("good-things__2024__moran_q", "The same p, adjusted for having looked at every area", "", "2024"),
            ("good-things__2024__quality", "How the value reached the area: exact, carried", "", "2024"),
        ],
        columns=["column", "meaning", "unit", "period"],
    ).assign(file="areas.csv")
    meanings.loc[len(meanings)] = ["codes", "Codes of the members", "", "", "clusters.csv"]
    names = readable_names(meanings, [SimpleNamespace(joined=toy_joined)])
    assert [name for name, _ in names.values()] == [
        "Code of the area",
        "Land area as drawn (hectares)",
        "Residents per hectare",
        "Local-authority codes of the same land in 2015",
        "Good things, 2024",
        "Good things, 2024: adjusted p of local Moran's I",
        "Good things, 2024: how the value reached the area",
    ]
    assert names["hectares"][1] == "Land area as drawn"
