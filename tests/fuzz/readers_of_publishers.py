"""Readers of what publishers send: their tables, their answers, points, databases."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from boundaries.official.paging import fetch_rows
from boundaries.official.service import LayerMeta, page_of
from boundaries.sources.answers import csv_with, has_rows
from boundaries.sources.els_file import released_by
from boundaries.sources.packed import one_table
from boundaries.sources.registry import read_outcome
from geo.databases import query
from geo.points.reading import read_points
from maps.searching import read_postcodes
from tests.boundaries.sources.publishers import ELS_SAID, archive, dfe_table, els_file, fingertips, nomis
from tests.fuzz.readers import CODES, Reader, as_json, as_layer, as_text, written

if TYPE_CHECKING:
    from collections.abc import Callable

_POINTS = "longitude,latitude,kind\n" + "".join(f"{-1 - n / 10},{54 + n / 10},{n}\n" for n in range(6))
_GRID = pd.DataFrame({"code": CODES, "easting": 400_000.0, "northing": 500_000.0})
_SMC = (
    "ind_code,ind_name,area_type,area_code,area_name,time_period,category_type,category,category_type2,category2,value,unit\n"
    "CI_growth,Innovation and Growth,SMC,171,Aberdeen city,2018-2022,Z-score category,Middle Group,NA,NA,0.07,Z-score\n"
    "CI_growth,Innovation and Growth,SMC,2,Angus,2018-2022,Z-score category,Middle Group,NA,NA,-1.5,Z-score\n"
)
_PAGE = {
    "type": "FeatureCollection",
    "crs": {"type": "name", "properties": {"name": "EPSG:4326"}},
    "features": [
        {
            "type": "Feature",
            "id": 1,
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
            "properties": {"OBJECTID": 1, "LAD23CD": CODES[0]},
        },
        {"type": "Feature", "id": 2, "geometry": None, "properties": {"OBJECTID": 2, "LAD23CD": CODES[1]}},
    ],
}
_LAYER = LayerMeta(
    "LAD",
    0,
    "https://example.org/LAD/0",
    ("OBJECTID", "LAD23CD"),
    "OBJECTID",
    10,
    pages=True,
    geometry_type="polygon",
    edited="",
)


def _by(source: str, **options: Any) -> Callable[[Path], object]:
    return lambda path: read_outcome(source, path, **options)


def _els_beside(path: Path) -> object:
    """Read a table whose damaged file is the one beside it that says what it means."""
    table = path.with_suffix(".csv")
    table.write_bytes(els_file())
    released_by(path.read_bytes())
    return read_outcome("els", table)


def _of_nomis() -> bytes:
    return nomis()("/NM_99_1.data.csv", {"geography": "TYPE424"}) or b""


def _of_fingertips() -> bytes:
    return fingertips()("/all_data/csv/by_indicator_id", {"indicator_ids": "92443", "area_type_id": "501"}) or b""


def _of_database(kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures"
        rows = [(code, place) for place, code in enumerate(CODES)]
        with closing(sqlite3.connect(path)) if kind == "sqlite" else duckdb.connect(path) as file:
            file.execute("CREATE TABLE pay (code VARCHAR, pay REAL)")
            file.executemany("INSERT INTO pay VALUES (?, ?)", rows)
            file.commit()
        return path.read_bytes()


def _asked(path: Path) -> object:
    """Ask a sound database what a damaged file says."""
    place = path.with_name("sound.db")
    if not place.exists():
        place.write_bytes(_of_database("sqlite"))
    return query(f"sqlite:///{place}", path.read_bytes().decode("utf-8", errors="replace"))


class _Portal:
    """A portal that answers every request for rows with one damaged body."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def count(self, _layer: LayerMeta) -> int:
        return 2

    def object_ids(self, _layer: LayerMeta) -> tuple[int, ...]:
        return (1, 2)

    def page(self, _layer: LayerMeta, **_asked: object) -> object:
        return page_of(self.body, retrieved="")


def _areas(path: Path) -> object:
    portal: Any = _Portal(path.read_bytes())
    shutil.rmtree(path.with_name("cache"), ignore_errors=True)  # pages that were kept are not asked for again
    return fetch_rows(portal, _LAYER, geometry=True, cache=path.with_name("cache"))


def _is_answer(path: Path) -> None:
    """Judge a body as the answer of a publisher of CSV."""
    body = path.read_bytes()
    csv_with("Nomis", ("GEOGRAPHY_CODE", "OBS_VALUE"))(body)
    has_rows(body)


OF_PUBLISHERS = (
    Reader("els", "e.csv", els_file, _by("els")),
    Reader("els meaning", "e.json", as_json({"_note": "", "ess-beta-metadata": ELS_SAID}), _els_beside),
    Reader("nomis", "NM_99_1.csv", _of_nomis, _by("nomis")),
    Reader("fingertips", "f.csv", _of_fingertips, _by("fingertips")),
    Reader("dfe", "d.csv", dfe_table, _by("dfe")),
    Reader("smc", "s.csv", as_text(_SMC), _by("smc")),
    Reader("release", "r.zip", lambda: archive("one.csv"), lambda path: one_table(path.name, path.read_bytes())),
    Reader("answer of rows", "a.csv", _of_nomis, _is_answer),
    Reader("answer of areas", "a.json", as_json(_PAGE), _areas),
    Reader("sqlite", "p.db", lambda: _of_database("sqlite"), lambda path: query(f"sqlite:///{path}")),
    Reader("duckdb", "p.duckdb", lambda: _of_database("duckdb"), lambda path: query(f"duckdb:///{path}")),
    Reader("query", "q.sql", as_text("SELECT code, pay AS value FROM pay WHERE pay > 1"), _asked),
    Reader("points csv", "p.csv", as_text(_POINTS), lambda path: read_points(path, columns=["kind"])),
    Reader(
        "points parquet",
        "p.parquet",
        lambda: written("parquet", _GRID),
        read_points,
    ),
    Reader("points feather", "p.feather", lambda: written("feather", _GRID), read_points),
    Reader("points layer", "p.geojson", lambda: as_layer(".geojson", "GeoJSON"), read_points),
    Reader(
        "postcodes",
        "p.csv",
        as_text("outward,code\nTS1,E06000002\nTS24,E06000001\n"),
        lambda path: read_postcodes(path, CODES),
    ),
)
