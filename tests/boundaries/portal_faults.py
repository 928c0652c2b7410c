"""Every fault the portal has been seen with, once for the tests and once for the demonstration.

``SURVIVED``: the layer comes whole all the same. ``REFUSED``: one error, and the cache as it was. Each has the settings of the
layer, and the faults of the server with the number of times they happen.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from boundaries.register import codes_alive, load_register
from tests.boundaries.portal_server import FOREVER, Layer, lad_rows

DAY = dt.date(2024, 5, 31)
NAME = "Local_Authority_Districts_May_2024_Boundaries_UK_BGC"
CODES = sorted(codes_alive(load_register(), "LAD", DAY))
UTLA = sorted(code for code in codes_alive(load_register(), "UTLA", dt.date(2024, 12, 31)) if code[0] in "EW")
ENGLAND_AND_WALES = [code for code in CODES if code[0] in "EW"]


def lad_layer(codes: list[str] | None = None, **settings: Any) -> Layer:
    settings = {"name": NAME, "max_record_count": 100, **settings}
    prefix = settings.pop("prefix", "LAD24")
    return Layer(rows=lad_rows(CODES if codes is None else codes, prefix=prefix), **settings)


def utla_layer(**settings: Any) -> Layer:
    name = "Counties_and_Unitary_Authorities_December_2024_Boundaries_UK_BUC"
    codes = sorted(codes_alive(load_register(), "UTLA", dt.date(2024, 12, 31)))
    return Layer(rows=lad_rows(codes, prefix="CTYUA24"), **{"name": name, "max_record_count": 100, **settings})


def lookup_layer(**settings: Any) -> Layer:
    rows = [
        {"LAD24CD": code, "LAD24NM": f"Place {number}", "CTYUA24CD": UTLA[number % 170], "CTYUA24NM": "Upper"}
        for number, code in enumerate(ENGLAND_AND_WALES)
    ]
    return Layer("LAD24_CTYUA24_EW_LU_0a1b2c3d4e5f", rows, geometry=False, max_record_count=100, **settings)


SURVIVED: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "catalogue empty twice": ({}, {"catalogue_empty": 2}),
    "catalogue always empty": ({}, {"catalogue_empty": FOREVER}),
    "catalogue an HTML page twice": ({}, {"catalogue_html": 2}),
    "error in a body with status 200": ({}, {"error_body": 1}),
    "errors until the page is halved": ({}, {"error_body": 5}),
    "HTML page with status 200": ({}, {"html_page": 1}),
    "HTML pages until the page is halved": ({}, {"html_page": 3}),
    "status 500": ({}, {"server_error": 3}),
    "page cut short on the wire": ({}, {"truncated_page": 3}),
    "half a JSON": ({}, {"half_json": 1}),
    "pages above 30 rows time out": ({}, {"largest_page": 30}),
    "only single rows get through": ({"codes": CODES}, {"largest_page": 1}),
    "short pages": ({}, {"short_page": 6}),
    "empty page that says there is more": ({}, {"empty_page": 2}),
    "ever more empty pages": ({}, {"empty_page": 3}),
    "flag at the top of the body": ({}, {"flag_at_top": FOREVER}),
    "flag forgotten": ({}, {"flag_forgotten": FOREVER}),
    "row lost": ({}, {"row_lost": 2}),
    "row twice": ({}, {"row_doubled": 2}),
    "offset ignored": ({}, {"offset_ignored": FOREVER}),
    "no paging, and said so": ({"pagination": False}, {}),
    "no paging and errors": ({"pagination": False}, {"error_body": 3}),
    "server caps below what it says": ({"max_record_count": 7}, {}),
    "layer id not 0": ({"id": 10, "decoys": [0, 3]}, {}),
    "object id called FID": ({"oid": "FID"}, {}),
    "fields in lower case": ({"prefix": "lad24"}, {}),
    "version and year in the name": ({"name": "LAD_MAY_2024_UK_GCB_V2_2025"}, {}),
    "hash in the name": ({"name": f"{NAME}_0123456789abcdef"}, {}),
}


def with_change(change: dict[int, str | None]) -> list[str]:
    return [change.get(number, code) or "" for number, code in enumerate(CODES)]


REFUSED: dict[str, tuple[dict[str, Any], dict[str, int], str]] = {
    "catalogue always an HTML page": ({}, {"catalogue_html": FOREVER}, "HTML page with status 200"),
    "errors without end": ({}, {"error_body": FOREVER}, "500 Unable to perform query operation"),
    "cut short without end": ({}, {"truncated_page": FOREVER}, "could not be fetched in 2 tries"),
    "rows lost without end": ({}, {"row_lost": FOREVER}, "the server counts 361 rows, 360 came"),
    "count untrue": ({}, {"count_lies": FOREVER}, "expected 361 areas, the server counts 364"),
    "metres in GeoJSON": ({}, {"metres": FOREVER}, r"degrees\) but its coordinates are metres"),
    "degrees called metres": ({}, {"crs_ignored": FOREVER}, r"metres\) but its coordinates look like degrees"),
    "longitude and latitude exchanged": ({}, {"axes_swapped": FOREVER}, "longitude and latitude look exchanged"),
    "points for polygons": ({}, {"wrong_geometry": FOREVER}, "expected polygons, found Point"),
    "a layer of points": ({"geometry_type": "esriGeometryPoint"}, {}, "expected polygons, found esriGeometryPoint"),
    "geometry of no sense": ({}, {"broken_geometry": FOREVER}, "geometry that cannot be read"),
    "a CRS nobody knows": ({}, {"unknown_crs": FOREVER}, "names a CRS that is not known"),
    "rows without fields": ({}, {"bare_rows": FOREVER}, "sends rows without OBJECTID"),
    "areas without geometry": ({}, {"null_geometry": 3}, "3 areas without geometry"),
    "a table": ({"geometry": False}, {}, "expected polygons, found a table"),
    "another code field": ({"prefix": "WD24"}, {}, r"expected one field like .*lad"),
    "too few areas": ({"codes": CODES[:-1]}, {}, "the server counts 360"),
    "code twice": ({"codes": with_change({5: CODES[4]})}, {}, f"codes that stand twice: {CODES[4]}"),
    "code of another date": ({"codes": with_change({0: "E07000004"})}, {}, "codes not alive on 2024-05-31: E07000004"),
    "no object id": ({"oid": ""}, {}, "names no object-id field"),
    "another release under this name": (
        {"name": "Local_Authority_Districts_May_2023_Boundaries_UK_BGC"},
        {},
        "none of the 2 services listed has a name of LAD 2024-05-31 UK BGC",
    ),
    "another resolution only": ({"name": NAME.replace("BGC", "BUC")}, {}, 'use resolution="…" to try another'),
}
