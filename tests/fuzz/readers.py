"""Readers of the files that people write or are sent, with a sound example of each format."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import httpx
import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine

from analysis.claims.files import read_claims_file
from analysis.indices.definition import BUILT_IN as INDICES
from analysis.indices.definition import load_index
from analysis.typology.definitions import FOLDER, load_typology
from analysis.typology.own_types import Stated, read_type
from analysis.weights.link_files import from_file
from boundaries.areas.custom_areas import membership_of
from boundaries.areas.layer_files import read_layer
from boundaries.areas.planned import load_scenario, scenario_files
from boundaries.official.carried import read_carried_layer, read_carried_table
from boundaries.register import load_register
from boundaries.series.deflators import read_deflator
from boundaries.sources.registry import read_outcome
from boundaries.sources.written import written_table
from boundaries.transport import extract_zip, is_html
from boundaries.transport.bodies import chunks
from geo.raster import Reading, opened
from maps.atlas import minisigned
from maps.atlas.config import load_config, locate_config
from maps.atlas.manifest import read_manifest
from maps.atlas.signing import SIGNATURES, fault_of_signature
from maps.cartogram.layouts import read_hex_layer, read_hexjson
from maps.look.styles import load_style
from maps.words.phrases import LANGUAGES, read_language

if TYPE_CHECKING:
    from collections.abc import Callable

CODES = ["E06000001", "E06000002", "E06000003", "E06000004", "E06000005", "E06000047"]
TABLE = pd.DataFrame(
    {"code": CODES, "name": list("abcdef"), "period": "2021", "rate": [1.5, 2, 3, 4, 5, 6], "lower": 1.0, "n": 100}
)
LAYER = gpd.GeoDataFrame(
    {"LAD23CD": CODES}, geometry=[shapely.box(-2 + n, 54, -1 + n, 55) for n in range(6)], crs="EPSG:4326"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader: what it is called, the name of the file it is given, a sound example, and the call."""

    name: str
    file: str
    example: Callable[[], bytes]
    read: Callable[[Path], Any]


def _table(path: Path) -> Any:
    return read_outcome("table", path, columns={"value": "rate"}, measure="rate")


def written(suffix: str, frame: pd.DataFrame = TABLE) -> bytes:
    """Return a table as a file of some format."""
    out = io.BytesIO()
    if suffix == "parquet":
        frame.to_parquet(out)
    elif suffix == "feather":
        frame.to_feather(out)
    elif suffix == "json":
        return frame.to_json(orient="records").encode()
    elif suffix == "csv":
        return frame.to_csv(index=False).encode()
    else:
        frame.to_excel(out, index=False, engine={"xlsx": "openpyxl", "ods": "odf"}[suffix])
    return out.getvalue()


def as_layer(suffix: str, driver: str) -> bytes:
    """Return areas as a layer of some format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"l{suffix}"
        LAYER.to_file(path, driver=driver)
        if suffix != ".shp":
            return path.read_bytes()
        return zipped({item.name: item.read_bytes() for item in Path(folder).iterdir()})


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _unpack(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        extract_zip(path, Path(folder) / "x")


def _answer(path: Path) -> None:
    """Take a file for the body of an answer that says it is gzip."""
    address = httpx.URL("https://example.org/x")
    body = path.read_bytes()
    response = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(body))
    is_html(body)
    for _ in chunks(response, address, 10_000_000, "data"):
        pass


def _carried(path: Path) -> Any:
    return read_carried_layer(path, r"LAD\d\dCD")


def _own_type(path: Path) -> Any:
    return read_type(path, Stated(date=dt.date(2023, 4, 1)))


def _signed(path: Path) -> Any:
    """Take a file for the public key by which a manifest without a signature should be signed."""
    manifest = path.with_name("manifest.json")
    manifest.write_text("{}", encoding="utf-8")
    for name in SIGNATURES:
        manifest.with_name(name).write_text("AAAA", encoding="utf-8")
    return fault_of_signature(manifest, path)


def _signature(path: Path) -> object:
    """Take a file for the signature of a manifest."""
    manifest, key = path.with_name("manifest.json"), path.with_name("k.pub")
    manifest.write_text("test", encoding="utf-8")
    key.write_text(_MINISIGN, encoding="utf-8")
    manifest.with_name(minisigned.SIGNATURE).write_bytes(path.read_bytes())
    return fault_of_signature(manifest, key)


def _cells(path: Path) -> object:
    """Read a corner of a raster, as every use of one does."""
    with opened(path, Reading(crs="EPSG:27700")) as cells:
        return cells.read(0, 0, min(8, cells.shape[1]), min(8, cells.shape[0]))


def _raster() -> bytes:
    with rasterio.MemoryFile() as memory:
        place = Affine(10, 0, 0, 0, -10, 100)
        with memory.open(driver="GTiff", width=8, height=8, count=1, dtype="float32", transform=place) as raster:
            raster.write(np.arange(64, dtype="float32").reshape(1, 8, 8))
        return bytes(memory.read())


def as_text(content: str) -> Callable[[], bytes]:
    """Return the making of a text file."""
    return content.encode


def as_json(content: object) -> Callable[[], bytes]:
    """Return the making of a JSON file."""
    return json.dumps(content).encode


def _manifest() -> bytes:
    config = load_config(locate_config(None)).model_dump(mode="json", by_alias=True)
    return json.dumps({**_MANIFEST, "config": config}).encode()


def _links(path: Path) -> Any:
    return from_file(path, ids=pd.Index(CODES))


_HEXES = {code: {"n": code, "q": place, "r": 0} for place, code in enumerate(CODES)}
_MANIFEST = {
    "tool": "placeatlas",
    "version": "1",
    "boundaries": {},
    "inputs": {},
    "sources": {},
    "parameters": {},
    "files": {},
}
_PUBLIC = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""  # of RFC 8410, section 10.1
_MINISIGN = "untrusted comment: minisign public key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n"
_MINISIGNED = """untrusted comment: signature from minisign secret key
RWQf6LRCGA9i59SLOFxz6NxvASXDJeRtuZykwQepbDEGt87ig1BNpWaVWuNrm73YiIiJbq71Wi+dP9eKL8OC351vwIasSSbXxwA=
trusted comment: timestamp:1555779966\tfile:test
QtKMXWyYcwdpZAlPF7tE2ENJkRd1ujvKjlj1m9RtHTBnZPa5WKU5uWRs5GoP5M/VqE81QFuMKI5k/SfNQUaOAA==
"""  # both of the documentation of minisign
_REGISTER = load_register()

OF_PEOPLE = (
    Reader("table csv", "t.csv", lambda: written("csv"), _table),
    Reader("table xlsx", "t.xlsx", lambda: written("xlsx"), _table),
    Reader("table ods", "t.ods", lambda: written("ods"), _table),
    Reader("table parquet", "t.parquet", lambda: written("parquet"), _table),
    Reader("table csv.zip", "t.csv.zip", lambda: zipped({"t.csv": written("csv")}), _table),
    Reader("table csv.gz", "t.csv.gz", lambda: gzip.compress(written("csv")), _table),
    Reader(
        "members",
        "m.csv",
        as_text("code,name,member\n" + "".join(f"m:{n % 2},A{n % 2},{code}\n" for n, code in enumerate(CODES))),
        lambda path: membership_of(str(path)),
    ),
    Reader(
        "weights",
        "w.csv",
        as_text("code,weight\n" + "".join(f"{code},{n}.5\n" for n, code in enumerate(CODES))),
        lambda path: written_table(path, ("code", "weight"), what="a table of weights", numbers=("weight",)),
    ),
    Reader("links", "l.csv", as_text("from,to\nE06000001,E06000002\nE06000003,E06000004\n"), _links),
    Reader("links gal", "l.gal", as_text("2\nE06000001 1\nE06000002\nE06000002 1\nE06000001\n"), _links),
    Reader("geojson", "l.geojson", lambda: as_layer(".geojson", "GeoJSON"), read_layer),
    Reader("geopackage", "l.gpkg", lambda: as_layer(".gpkg", "GPKG"), read_layer),
    Reader("flatgeobuf", "l.fgb", lambda: as_layer(".fgb", "FlatGeobuf"), read_layer),
    Reader("shapefile zip", "l.zip", lambda: as_layer(".shp", "ESRI Shapefile"), read_layer),
    Reader("hexjson", "h.hexjson", as_text(json.dumps({"layout": "odd-r", "hexes": _HEXES})), read_hexjson),
    Reader(
        "scenario",
        "s.toml",
        lambda: next(iter(scenario_files().values())).read_bytes(),
        lambda path: load_scenario(path, _REGISTER),
    ),
    Reader("typology", "t.toml", lambda: min(FOLDER.glob("*.toml")).read_bytes(), load_typology),
    Reader("configuration", "c.toml", lambda: locate_config(None).read_bytes(), load_config),
    Reader("style", "y.toml", as_text('name = "own"\nink = "#102030"\n'), lambda p: load_style(str(p))),
    Reader("manifest", "manifest.json", _manifest, read_manifest),
    Reader("claims", "c.toml", as_text('[[claim]]\ntext = "rural areas have lower pay"\n'), read_claims_file),
    Reader("table feather", "t.feather", lambda: written("feather"), _table),
    Reader("table json", "t.json", lambda: written("json"), _table),
    Reader("table utf-16", "t.csv", lambda: written("csv").decode().encode("utf-16"), _table),
    Reader("layer in", "LAD23.geojson", lambda: as_layer(".geojson", "GeoJSON"), _carried),
    Reader("lookup in", "l.csv", lambda: written("csv"), read_carried_table),
    Reader("hexagons", "h.gpkg", lambda: as_layer(".gpkg", "GPKG"), lambda path: read_hex_layer(path, code="LAD23CD")),
    Reader("raster", "r.tif", _raster, _cells),
    Reader("index", "i.toml", lambda: min(INDICES.glob("*.toml")).read_bytes(), load_index),
    Reader("type of own", "o.csv", as_text("code\n" + "".join(f"{code}\n" for code in CODES)), _own_type),
    Reader("price index", "p.csv", as_text("period,value\n2020,100\n2021,103.5\n2022,110\n"), read_deflator),
    Reader("language", "l.toml", (LANGUAGES / "en.toml").read_bytes, read_language),
    Reader("key", "k.pub", as_text(_PUBLIC), _signed),
    Reader("minisign key", "k.pub", as_text(_MINISIGN), _signed),
    Reader("minisign signature", "s.minisig", as_text(_MINISIGNED), _signature),
    Reader("zip", "z.zip", lambda: zipped({"a/b.csv": b"x" * 1000, "c.csv": b"y"}), _unpack),
    Reader("answer", "a.bin", lambda: gzip.compress(written("csv")), _answer),
)
