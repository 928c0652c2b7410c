"""Readers of what placeatlas wrote, or another version of it: builds, packs, series, descriptions; and verbs that read a table."""

from __future__ import annotations

import datetime as dt
import functools
import json
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from analysis.claims.files import read_claims_file
from analysis.comparing.builds import read_build
from analysis.layered.making import read_covariates
from analysis.profiles.published import read_neighbours
from analysis.watch.from_files import levels_in
from boundaries.conversion.recoding_files import recode_file
from boundaries.joined.checking import check_file
from boundaries.series import Break, series_of, write_series
from boundaries.series.storing import CSV, JSON, read_series
from boundaries.sources.proportions import read_stated
from boundaries.sources.registry import read_outcome
from geo import cli
from maps.packs import read_kit
from maps.packs.lists import read_list
from tests.boundaries.joined_toys import areas, rows, table
from tests.fuzz.readers import CODES, Reader, as_json, as_layer, as_text, written
from tests.torture.verbs import in_fork, write_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

_AREAS = "".join(f"{code},Name,{place}.5,0.1,High\n" for place, code in enumerate(CODES))
_BUILD = {
    "tool": "placeatlas",
    "version": "1",
    "boundaries": {"LAD": {"date": "2023-04-01", "areas": 6, "sources": []}},
    "sources": {},
    "files": {"data/areas.csv": "0"},
    "inputs": {"pay.csv": "0"},
    "config": {"outcome": [{"id": "pay", "edition": "2024"}]},
}
_STATED = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "t.csv",
    "dc:title": "Weekly pay",
    "dc:license": "Open Government Licence v3.0",
    "placeatlas:measure": "mean",
    "placeatlas:unit": "£",
    "tableSchema": {"columns": [{"name": "rate", "placeatlas:favourable": "high"}]},
    "placeatlas:groups": {"sex": {"Men": {"placeatlas:unit": "£"}}},
}
_LIST = 'name = "Tees"\nplaces = ["E06000001", "E06000002"]\n'
_COVARIATES = """
[[covariate]]
id = "rail"
points = "r.csv"
statistic = "share-within"
within = 800
title = "a station"
[[covariate]]
id = "tall"
raster = "r.tif"
statistic = "q90"
nodata = -9999
"""
_INDEX_ROWS = "".join(f"{code},Name,2024,{n}.5,1,2,0.1,High,,2024\n" for n, code in enumerate(CODES))
_INDEX_TABLE = f"code,name,period,value,lower,upper,se,band,reason,edition\n{_INDEX_ROWS}"
_INDEX = {
    "outcome": {
        "id": "x",
        "title": "X",
        "measure": "index",
        "unit": "z",
        "favourable": "high",
        "index_version": "2024",
        "source": {"title": "X", "attribution": []},
    }
}


@functools.cache
def _data() -> dict[str, bytes]:
    """Return the files of the tables of a small build by name, made once a process."""
    with TemporaryDirectory() as temporary, chdir(temporary):
        folder = Path(temporary)
        write_inputs(folder)
        if in_fork(lambda: cli.run(["build", "old.toml", "--out", "old"])):
            raise RuntimeError("the build failed")
        return {path.name: path.read_bytes() for path in (folder / "old" / "data").iterdir() if path.is_file()}


@functools.cache
def _series() -> dict[str, bytes]:
    """Return the files of one series by name."""
    figures = [row for year in ("2023", "2024") for row in rows({"E06000001": 2.5, "N09000003": 1.0}, year)]
    made = series_of(table([{**row, "se": 0.5} for row in figures]), areas(), breaks=[Break("2024", "status", "said")])
    with TemporaryDirectory() as folder:
        write_series([made], Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file()}


def _with(content: bytes, name: str, read: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return a reader of a sound file that stands beside the damaged one."""

    def reads(path: Path) -> object:
        sound = path.with_name(name)
        sound.write_bytes(content)
        return read(sound)

    return reads


def _among(made: Callable[[], dict[str, bytes]], name: str, read: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return a reader of a folder of tables in which one file is the damaged one."""

    def reads(path: Path) -> object:
        data = path.with_name("data")
        data.mkdir(exist_ok=True)
        for known, content in made().items():
            (data / known).write_bytes(path.read_bytes() if known == name else content)
        return read(data)

    return reads


def _compared(path: Path) -> object:
    """Read a build whose manifest, or whose table of areas, is the damaged file."""
    data = path.parent / "data"
    data.mkdir(exist_ok=True)
    if path.name == "manifest.json":
        (data / "areas.csv").write_text(f"code,name,pay__value,pay__se,pay__band\n{_AREAS}", encoding="utf-8")
        return read_build(path.parent)
    (data / "areas.csv").write_bytes(path.read_bytes())
    (path.parent / "manifest.json").write_text(json.dumps(_BUILD), encoding="utf-8")
    return read_build(path.parent)


def _composite(path: Path) -> object:
    return read_outcome("index", path.with_suffix(".csv"))


def _checked(path: Path) -> object:
    return check_file(path)


def _stated(path: Path) -> object:
    return read_stated("table", path)


def _recoded(path: Path) -> object:
    return recode_file(path, to=dt.date(2023, 4, 1), measure="count").to_frame()


OF_OURS = (
    Reader("described", "t.csv-metadata.json", as_json(_STATED), _with(written("csv"), "t.csv", _stated)),
    Reader(
        "described toml",
        "t.toml",
        as_text('title = "Pay"\nattribution = ["A", "B"]\nmeasure = "mean"\ncolumns = {value = "rate"}\n'),
        _with(written("csv"), "t.csv", _stated),
    ),
    Reader("covariates", "c.toml", as_text(_COVARIATES), read_covariates),
    Reader("claims table", "c.csv", as_text("claim\nrural areas have lower pay\n"), read_claims_file),
    Reader("places alike", "n.csv", as_text("code,like,rank\nE06000001,E06000002,1\n"), read_neighbours),
    Reader("list of areas", "l.toml", as_text(_LIST), lambda path: read_list(str(path))),
    Reader("list csv", "l.csv", as_text("code\nE06000001\nE06000002\n"), lambda path: read_list(str(path))),
    Reader("levels", "levels.csv", as_text("outcome,period,code,level\npay,2024,E06000001,above\n"), levels_in),
    Reader("composite", "x.csv", as_text(_INDEX_TABLE), _with(as_json(_INDEX)(), "x.json", _composite)),
    Reader("composite said", "x.json", as_json(_INDEX), _with(_INDEX_TABLE.encode(), "x.csv", _composite)),
    Reader("compared", "manifest.json", as_json(_BUILD), _compared),
    Reader("compared areas", "a.csv", as_text(f"code,name,pay__value,pay__se,pay__band\n{_AREAS}"), _compared),
    Reader("kit", "packs.json", lambda: _data()["packs.json"], _among(_data, "packs.json", read_kit)),
    Reader("kit areas", "a.parquet", lambda: _data()["areas.parquet"], _among(_data, "areas.parquet", read_kit)),
    Reader("series", JSON, lambda: _series()[JSON], _among(_series, JSON, read_series)),
    Reader("series rows", CSV, lambda: _series()[CSV], _among(_series, CSV, read_series)),
    Reader("check", "t.csv", lambda: written("csv"), _checked),
    Reader("check layer", "l.geojson", lambda: as_layer(".geojson", "GeoJSON"), _checked),
    Reader("check build", "manifest.json", as_json(_BUILD), _checked),
    Reader("recode", "t.csv", as_text("code,value\nE07000026,4\nE07000027,6\nE06000001,5\n"), _recoded),
)
