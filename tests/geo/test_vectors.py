"""Layers of shapes come through one door: by allow-list, without a request, each fault one error."""

from __future__ import annotations

import json
import socket

import geopandas as gpd
import pytest
import shapely

from geo.documents import json_of, toml_of
from geo.errors import ConfigError, MapError, TableError
from geo.vectors import fields_of, layers_of, read_vectors

SQUARE = {"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52], [0, 51]]]}
FEATURES = [{"type": "Feature", "properties": {"code": "E06000001"}, "geometry": SQUARE}]


@pytest.fixture
def no_network(monkeypatch):
    """Count connections, and let none through."""
    tried = []

    def refused(*args, **_options):
        tried.append(args)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    return tried


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson", ".shp", ".parquet"])
def test_formats_on_the_list_are_read(tmp_path, suffix):
    frame = gpd.GeoDataFrame({"code": ["E06000001"]}, geometry=[shapely.box(0, 51, 1, 52)], crs=4326)
    path = tmp_path / f"a{suffix}"
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    assert read_vectors(path)["code"].tolist() == ["E06000001"]
    assert len(layers_of(path)) == 1
    if suffix == ".gpkg":
        assert fields_of(path, "a") == ["code"]
        assert list(read_vectors(path, geometry=False).columns) == ["code"]


@pytest.mark.parametrize("name", ["http://127.0.0.1:9/crs", "urn:nonsense", "EPSG:99999", "", {}])
def test_a_reference_system_that_nobody_knows_is_not_longitude_and_latitude(tmp_path, no_network, name):
    path = tmp_path / "g.geojson"
    crs = {"type": "name", "properties": {"name": name}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": FEATURES}))
    with pytest.raises(TableError, match="in a reference system that nobody knows"):
        read_vectors(path)
    assert no_network == []


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}, 27700),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, 4326),
        ({"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/27700"}}, 27700),
        ({"type": "EPSG", "properties": {"code": 27700}}, 27700),
        (None, 4326),
    ],
)
def test_a_named_reference_system_is_read_in_every_form(tmp_path, crs, code):
    path = tmp_path / "g.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": FEATURES}))
    assert read_vectors(path).crs.to_epsg(min_confidence=20) == code


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}},
        {"type": "LINK", "properties": {"href": "http://127.0.0.1:9/crs"}},
        {"type": "url", "properties": {"url": "http://127.0.0.1:9/crs"}},
        {"properties": {"href": "http://127.0.0.1:9/crs"}},
    ],
)
def test_a_reference_system_elsewhere_is_not_fetched(tmp_path, no_network, crs):
    path = tmp_path / "g.geojson"
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": FEATURES})
    path.write_text(text.replace('"crs"', '"\\u0063rs"'))  # an escape hides nothing
    with pytest.raises(TableError, match="says where its reference system is defined"):
        read_vectors(path)
    assert no_network == []


VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/http://127.0.0.1:9/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize(
    "name", ["x.vrt", "x.gpkg", "x.geojson", "x.json", "x.shp", "x.fgb", "x.kml", "x.gml", "x.zip", "x"]
)
def test_what_points_elsewhere_is_refused_by_any_name(tmp_path, no_network, name):
    path = tmp_path / name
    path.write_text(VRT)
    with pytest.raises(TableError, match="x"):
        read_vectors(path)
    with pytest.raises(TableError, match="x"):
        layers_of(path)
    assert no_network == []


def test_documents_tell_their_faults(tmp_path):
    assert toml_of(put(tmp_path, "a.toml", b"a = 1")) == {"a": 1}
    assert json_of(put(tmp_path, "a.json", b'\xef\xbb\xbf{"a": 1}')) == {"a": 1}
    with pytest.raises(ConfigError, match=r"a\.toml is not valid TOML"):
        toml_of(put(tmp_path, "a.toml", b"a = "))
    with pytest.raises(ConfigError, match="not UTF-8 text\n  byte 5"):
        toml_of(put(tmp_path, "a.toml", b"a = '\xa3'"))
    with pytest.raises(ConfigError, match="nested too deeply"):
        toml_of(put(tmp_path, "deep.toml", b"a = " + b"[" * 100_000))
    with pytest.raises(MapError, match="nested too deeply"):
        json_of(put(tmp_path, "deep.json", b"[" * 100_000), error=MapError)
    with pytest.raises(ConfigError, match="cannot be read"):
        toml_of(tmp_path)


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path
