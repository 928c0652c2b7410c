"""Styles written into a GeoPackage, read back: classes, colours, the default."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing

import pyogrio
import pytest

from geo.errors import MapError, OutputError
from maps.kinds import spec_choropleth, spec_classes
from maps.qgis import style_document, write_styles


@pytest.fixture
def package(tmp_path, toy_set, toy_result):
    path = tmp_path / "areas.gpkg"
    frame = toy_set.frame[["code", "name", "geometry"]].assign(
        moran_class=toy_result.frame["class"].to_numpy(), income=1.0
    )
    pyogrio.write_dataframe(frame, path, layer="areas")
    return path


def rows(path):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(
            "SELECT f_table_name, f_geometry_column, styleName, styleQML, useAsDefault FROM layer_styles ORDER BY id"
        ).fetchall()


def test_styles_read_back_as_they_were_drawn(package, toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    write_styles(package, "areas", {"moran_class": spec, "income": spec_choropleth(toy_joined)})
    found = rows(package)
    assert [(row[0], row[1], row[4]) for row in found] == [("areas", "geom", 1), ("areas", "geom", 0)]
    root = ET.fromstring(found[0][3].split("\n", 1)[1])  # noqa: S314 - our own document
    assert root.find("renderer-v2").get("attr") == "moran_class"
    categories = {one.get("value"): one.get("symbol") for one in root.iter("category")}
    assert list(categories) == [entry.key for entry in spec.classes]
    for entry in spec.classes:
        symbol = next(one for one in root.iter("symbol") if one.get("name") == categories[entry.key])
        layers = symbol.findall("layer")
        colour = next(option.get("value") for option in layers[0].iter("Option") if option.get("name") == "color")
        assert [int(part) for part in colour.split(",")[:3]] == [int(entry.colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert len(layers) == (2 if entry.hatch else 1)


def test_writing_again_replaces_and_leaves_the_layer_readable(package, toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    for _ in range(2):
        write_styles(package, "areas", {"moran_class": spec})
    assert len(rows(package)) == 1
    assert "areas" in pyogrio.list_layers(package)[:, 0]
    assert len(pyogrio.read_dataframe(package, layer="areas")) == len(spec.assignment)


def test_documents_escape_what_xml_would_read(toy_joined, toy_result):
    import dataclasses  # noqa: PLC0415 - one test needs it

    spec = spec_classes(toy_joined, toy_result)
    odd = dataclasses.replace(spec.classes[0], label="Tŷ <b> & 'c'")
    text = style_document(dataclasses.replace(spec, classes=(odd, *spec.classes[1:])), "x")
    root = ET.fromstring(text.split("\n", 1)[1])  # noqa: S314 - our own document
    assert next(root.iter("category")).get("label").startswith("Tŷ <b> & 'c'")


def test_what_is_not_there_is_said(package, tmp_path, toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    with pytest.raises(OutputError, match="no GeoPackage"):
        write_styles(tmp_path / "none.gpkg", "areas", {"moran_class": spec})
    with pytest.raises(OutputError, match="no layer 'zones'"):
        write_styles(package, "zones", {"moran_class": spec})
    with pytest.raises(MapError, match="absent: nothing"):
        write_styles(package, "areas", {"nothing": spec})
    with pytest.raises(MapError, match="no style"):
        write_styles(package, "areas", {})


def test_values_are_styled_by_ranges_that_hold_their_break(toy_joined):
    spec = spec_choropleth(toy_joined)
    root = ET.fromstring(style_document(spec, "value").split("\n", 1)[1])  # noqa: S314 - our own document
    assert root.find("renderer-v2").get("type") == "graduatedSymbol"
    ranges = [(float(one.get("lower")), float(one.get("upper"))) for one in root.iter("range")]
    assert [low for low, _ in ranges] == [*reversed(spec.breaks), -1e18]
    codes = toy_joined.frame["value"].dropna()
    for code, value in codes.items():
        first = next(i for i, (low, high) in enumerate(ranges) if low <= value <= high)
        assert spec.assignment[code] == spec.classes[first].key
