"""Sets of a few areas, and tables of a few rows, for tests of joins."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
from shapely.geometry import box

from boundaries.areas.boundary_set import BoundarySet
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.provenance import Source

NAMES = {
    "E06000001": "Hartlepool",
    "E07000192": "Cannock Chase",
    "N09000003": "Belfast",
    "S12000033": "Aberdeen City",
    "W06000001": "Isle of Anglesey",
}


def areas(codes=tuple(NAMES), *, geography="LAD", populations=None):
    frame = gpd.GeoDataFrame(
        {
            "code": list(codes),
            "name": [NAMES.get(code, code) for code in codes],
            "name_cy": [""] * len(codes),
            "nation": [code[0] if ":" not in code else "E" for code in codes],
            "region_code": [""] * len(codes),
            "region_name": [""] * len(codes),
            "population": populations or [1000.0] * len(codes),
            "hectares": [100.0] * len(codes),
        },
        geometry=[box(i, 0, i + 1, 1) for i in range(len(codes))],
        crs=27700,
    )
    return BoundarySet(geography, dt.date(2024, 1, 1), frame, (Source("Test boundaries"),))


def table(rows, *, breakdowns=(), **meta):
    columns = {name: [row.get(name) for row in rows] for row in rows for name in row}
    frame = outcome_frame(columns, extra=breakdowns)
    described = OutcomeMeta(**{"id": "pay", "title": "Pay", "measure": "median", "unit": "£", **meta})
    return OutcomeTable(described, frame, breakdowns=breakdowns)


def rows(values, period="2024"):
    return [{"code": code, "period": period, "value": value} for code, value in values.items()]
