"""The bundled layers are what CHECKSUMS, the Census and common knowledge of the map say."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from boundaries.bundled import layers
from geo.errors import TableError
from geo.provenance import sha256_of
from geo.topology import contiguity_links, geometries_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "boundaries" / "bundled"
SPLIT = {"95Q": {"N09000002", "N09000010"}, "95S": {"N09000003", "N09000007"}, "95Y": {"N09000003", "N09000007"}}
ISOLATES_2011 = {"E06000046", "E06000053", "W06000001", "S12000013", "S12000023", "S12000027"}


def test_every_file_is_the_one_that_was_listed() -> None:
    sums = layers.checksums()
    assert {name: sha256_of(FOLDER / name) for name in sums} == sums
    data = {path.name for path in FOLDER.iterdir() if path.suffix in {".csv", ".txt", ".topojson"}}
    assert data == set(sums)


def test_the_folder_stays_below_one_megabyte() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 1_000_000


def test_atoms_are_counted_by_nation() -> None:
    atoms = layers.load_atoms()
    assert atoms["nation"].value_counts().to_dict() == {"E": 326, "S": 32, "N": 29, "W": 22}
    assert atoms["atom"].is_monotonic_increasing
    assert atoms["atom"].is_unique
    assert list(atoms.columns) == [
        "atom",
        "name",
        "code_2011",
        "code_2015",
        "nation",
        "population",
        "hectares",
        "geometry",
    ]
    assert atoms.crs.to_string() == "EPSG:27700"


def test_both_vintages_of_districts_are_unions_of_atoms() -> None:
    atoms = layers.load_atoms()
    assert atoms["code_2011"].nunique() == 406
    assert atoms["code_2015"].nunique() == 391
    several = atoms.groupby("code_2011")["code_2015"].agg(set)
    assert several[several.map(len) > 1].to_dict() == SPLIT
    assert set(atoms.loc[atoms["nation"] == "N", "code_2015"]) == {f"N09{n:06d}" for n in range(1, 12)}
    recoded = atoms[(atoms["nation"] != "N") & (atoms["code_2011"] != atoms["code_2015"])]
    assert set(recoded["code_2015"]) == {"E06000057", "E07000240", "E07000241", "E07000242", "E07000243", "E08000037"}


def test_old_and_new_northern_irish_districts_are_matched_by_name() -> None:
    # polygons are coded 95AA = Antrim, districts 95A = Derry: matching by letter would give Derry to Antrim
    atoms = layers.load_atoms().set_index("atom")
    west = atoms.geometry.representative_point().x
    assert atoms.loc["95A-N09000005", "name"] == "Derry"
    assert west["95A-N09000005"] < west["95T-N09000001"] < west["95X-N09000011"]  # Derry, Antrim, Ards


def test_residents_are_those_of_the_census() -> None:
    # Census 2011: ONS (England 53,012,456; Wales 3,063,456), NRS (5,295,403), NISRA (1,810,863)
    people = layers.load_atoms().groupby("nation")["population"].sum()
    assert people.to_dict() == {"E": 53_012_456, "N": 1_810_863, "S": 5_295_403, "W": 3_063_456}


def test_split_parts_add_up_to_what_nisra_published_for_the_new_districts() -> None:
    atoms = layers.load_atoms()
    new = atoms[atoms["nation"] == "N"].groupby("code_2015")["population"].sum()
    # 171,533 and 134,841 are NISRA's; Belfast lacks the 343 residents of North Down that went to it
    assert new["N09000010"] == 171_533
    assert new["N09000007"] == 134_841
    assert new["N09000003"] == 333_871 - 343


def test_the_coverage_has_no_gap_and_no_overlap() -> None:
    shapes = np.concatenate([layers.load_atoms().geometry.to_numpy(), layers.load_neighbours().geometry.to_numpy()])
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    union = shapely.union_all(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(union.area, rel=1e-12)
    holes = [hole for part in shapely.get_parts(union) for hole in part.interiors]
    assert not holes


def test_a_damaged_table_is_said_to_be_damaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = (FOLDER / "atoms.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "atoms.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    layers.atom_topology()  # read before the folder is exchanged
    monkeypatch.setattr(layers, "FOLDER", tmp_path)
    with pytest.raises(TableError, match="table and shapes differ"):
        layers.load_atoms.__wrapped__()


def test_coordinates_lie_on_the_grid() -> None:
    coordinates = shapely.get_coordinates(layers.load_atoms().geometry.to_numpy())
    assert np.all(coordinates % 10 == 0)


def test_hectares_are_as_drawn() -> None:
    atoms = layers.load_atoms()
    assert np.abs(atoms.area / 1e4 - atoms["hectares"]).max() <= 0.5


def test_neighbours_on_the_map_are_neighbours_here() -> None:
    atoms = layers.load_atoms()
    heads, tails = contiguity_links(atoms.geometry.to_numpy())
    code = atoms["code_2011"].to_numpy()
    links = {(code[i], code[j]) for i, j in zip(heads, tails, strict=True)}
    assert set(code) - {head for head, _ in links} == ISOLATES_2011
    assert ("E06000048", "S12000026") in links  # Northumberland and the Scottish Borders: two publishers' border
    assert ("E07000028", "S12000006") in links  # Carlisle, Dumfries and Galloway
    assert ("W06000006", "E06000051") in links  # Wrexham, Shropshire
    assert ("95A", "S12000035") not in links


def test_ireland_meets_the_border_without_a_gap() -> None:
    atoms, ireland = layers.load_atoms(), layers.load_neighbours().geometry.iloc[0]
    assert layers.load_neighbours()["name"].tolist() == ["Ireland"]
    shared = atoms.geometry.intersection(ireland)
    touching = set(atoms.loc[shared.length > 1000, "code_2011"])
    assert touching == {"95A", "95J", "95L", "95M", "95O", "95P"}
    assert shared.area.sum() == 0
    assert 350_000 < shared.length.sum() < 500_000  # the border is about 500 km long before it is simplified


def test_islands_that_matter_are_drawn() -> None:
    atoms = layers.load_atoms().set_index("atom")
    parts = atoms.geometry.count_geometries()
    assert parts["S12000013"] >= 10  # the Outer Hebrides
    assert parts["S12000023"] >= 10  # Orkney
    assert parts["S12000027"] >= 10  # Shetland
    assert parts["E06000053"] >= 4  # Scilly
    assert atoms.loc["W06000001", "hectares"] == pytest.approx(71_400, rel=0.02)  # Anglesey
    assert atoms.loc["E06000046", "hectares"] == pytest.approx(38_000, rel=0.02)  # Wight


def test_atoms_are_a_coverage_that_makes_the_districts() -> None:
    atoms, topology = layers.load_atoms(), layers.atom_topology()
    districts = atoms.dissolve("code_2015").geometry
    assert len(districts) == 391
    assert shapely.coverage_is_valid(districts.to_numpy())
    assert shapely.equals(geometries_of(topology), atoms.geometry.to_numpy()).all()


def test_missing_incomes_are_missing_with_a_reason() -> None:
    income = layers.load_income()
    assert len(income) == 361
    missing = income[income["mean_income"].isna()]
    filled = {"E06000027", "E06000053", "E06000063", "E06000064", "E06000065", "E06000066"}
    assert set(missing["code"]) == {"N09000011", *filled}
    assert all(missing["reason"])
    assert not any(income.loc[income["mean_income"].notna(), "reason"])
    assert (income["taxpayers"].dropna() % 1000 == 0).all()
    assert (income["mean_income"].dropna() % 100 == 0).all()  # HMRC rounds means to 100 pounds
    hartlepool = income.loc[income["code"] == "E06000001"]
    assert hartlepool[["mean_income", "taxpayers"]].to_numpy().tolist() == [[30_700, 41_000]]


def test_each_layer_says_where_it_came_from() -> None:
    found = layers.sources()
    assert set(found) == {"geometry_ew", "geometry_scotland", "geometry_ni", "neighbours", "population", "income"}
    assert all(
        source.sha256 in layers.checksums().values() and source.licence and source.attribution
        for source in found.values()
    )


@pytest.mark.real_data
def test_simplified_atoms_keep_the_neighbours_of_the_unsimplified_districts(real_data: Path) -> None:
    official = pyogrio.read_dataframe(real_data / "boundaries" / "lad" / "lad_2016-12_UK_BSC.gpkg").to_crs(27700)
    names = official.set_index("code")["name"]
    theirs = _pairs(official["code"].tolist(), *_meeting(official.geometry.to_numpy()))
    atoms = layers.load_atoms()
    districts = atoms.dissolve("code_2015").geometry
    ours = _pairs(list(districts.index), *contiguity_links(districts.to_numpy()))
    # tidal rivers are clipped a little further up or down than in the official layer, and three points of land differ
    only_theirs = {("Eastleigh", "Fareham"), ("Forest of Dean", "Stroud"), ("Hammersmith and Fulham", "Richmond upon Thames"),
                   ("Hammersmith and Fulham", "Wandsworth"), ("Newcastle upon Tyne", "Gateshead")}  # fmt: skip
    only_ours = {
        ("Renfrewshire", "West Dunbartonshire"),
        ("Great Yarmouth", "South Norfolk"),
        ("Clackmannanshire", "Falkirk"),
    }
    assert {(names[a], names[b]) for a, b in theirs - ours} == only_theirs
    assert {(names[a], names[b]) for a, b in ours - theirs} == only_ours
    assert len(ours) == 964


@pytest.mark.real_data
def test_districts_lie_where_the_official_ones_do(real_data: Path) -> None:
    official = pyogrio.read_dataframe(real_data / "boundaries" / "lad" / "lad_2016-12_UK_BSC.gpkg").to_crs(27700)
    theirs = shapely.make_valid(official.geometry.to_numpy(), method="structure", keep_collapsed=False)
    atoms = layers.load_atoms()
    ours = atoms.dissolve("code_2015").geometry[official["code"]].to_numpy()
    overlap = shapely.area(shapely.intersection(ours, theirs)) / shapely.area(shapely.union(ours, theirs))
    assert np.median(overlap) > 0.98
    # the official shape of Ards and North Down holds Strangford Lough; Scilly is a handful of small islands
    assert set(official["name"][overlap < 0.9]) == {"Ards and North Down", "Isles of Scilly"}
    assert overlap.min() > 0.79


@pytest.mark.real_data
def test_residents_equal_the_published_hierarchy(real_data: Path) -> None:
    published = pd.read_csv(real_data / "registry" / "census2011_lad11_ew.csv").set_index("LAD11CD")["persons"]
    atoms = layers.load_atoms().set_index("code_2011")["population"]
    assert atoms.loc[published.index].tolist() == published.tolist()


@pytest.mark.index
def test_rebuilding_gives_the_same_bytes(tmp_path: Path) -> None:
    """Derive everything again with the pinned libraries, which need not be those the tests run with."""
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = ["install", "--quiet", "--require-hashes", "-r", str(FOLDER / "environment.txt")]
    subprocess.run([str(python), "-m", "pip", *install], check=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([python, "-m", "boundaries.bundled.build", tmp_path / "made"], check=True, env=environment)
    made = {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir()}
    assert set(made) == {"atoms.csv", "atoms.topojson", "income.csv", "CHECKSUMS"}
    assert made == {name: (FOLDER / name).read_bytes() for name in made}


def test_loading_is_cheap() -> None:
    """Nothing that only the build needs is imported by the loader."""
    code = "import sys, boundaries.bundled.layers; print([m for m in ('sqlite3', 'pyogrio', 'matplotlib', 'rasterio') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"


def _meeting(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    heads, tails = shapely.STRtree(valid).query(valid, predicate="intersects")
    return heads, tails


def _pairs(ids: list[str], heads: np.ndarray, tails: np.ndarray) -> set[tuple[str, str]]:
    return {(ids[i], ids[j]) for i, j in zip(heads, tails, strict=True) if ids[i] < ids[j]}
