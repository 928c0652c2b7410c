"""An atlas with kinds of place of one's own: on maps, in tables, in the dictionary and among the inputs; a list of another date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from geo.errors import ConfigError
from geo.provenance import sha256_of
from maps.atlas.columns import BY_KIND, CLAIMS, CLUSTERS, LEVELS
from maps.atlas.config import load_config
from maps.atlas.cut_tables import outcome_tables, regional_tables
from maps.atlas.run import prepare
from maps.atlas.tables import write_data
from maps.kinds.table import kind_named
from maps.one.picture import Picture, draw_one
from maps.packs.contents import Region, RegionInfo
from maps.packs.kept import read_kit

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.whole import Atlas

CONFIG = """
schema = 1
title = "Income in Wales"
slug = "wales"
[boundaries]
date = 2023-04-01
nations = ["W"]
[[outcome]]
id = "income"
source = "bundled"
file = "hmrc-mean-income"
breaks = [30000, 34000]
labels = ["least", "middle", "most"]
[statistics]
robustness = false
permutations = 99
correction = "none"
alpha = 0.3
[[type]]
dimension = "valleys"
members = "valleys.csv"
[[type]]
typologies = ["harbours.toml"]
[outputs]
kinds = ["choropleth", "hex", "typology", "types", "cluster-types"]
"""

VALLEYS = ("Blaenau Gwent", "Caerphilly", "Merthyr Tydfil", "Rhondda Cynon Taf", "Torfaen", "Neath Port Talbot")

HARBOURS = """
schema = 1
id = "harbours"
version = "1"
dimension = "harbours"
title = "Has a harbour (made up)"
nations = ["W"]
[rule]
kind = "members"
geography = "LAD"
date = 2021-07-01
[rule.groups]
"Harbours" = ["W06000001", "W06000009", "W06000011", "W06000015", "W06000022", "W06000014"]
[source]
title = "a list of our own"
publisher = "us"
licence = "MIT"
"""


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> tuple[Atlas, Path]:
    """Return an atlas of Wales with two kinds of place of its own, and the folder of its files."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "atlas.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "valleys.csv").write_text("\n".join(("area", *VALLEYS)), encoding="utf-8")
    (folder / "harbours.toml").write_text(HARBOURS, encoding="utf-8")
    return prepare(load_config(folder / "atlas.toml"), [folder]), folder


def test_both_are_among_the_inputs_with_their_hash(atlas: tuple[Atlas, Path]) -> None:
    made, folder = atlas
    assert made.inputs["type members: valleys.csv"] == sha256_of(folder / "valleys.csv")
    assert made.inputs["type typologies: harbours.toml"] == sha256_of(folder / "harbours.toml")


def test_they_have_a_map_and_the_built_in_kinds_keep_theirs(atlas: tuple[Atlas, Path]) -> None:
    made, _ = atlas
    specs = {spec.kind: spec for spec in made.specs["income"]}
    own, built_in, clusters = specs["types"], specs["typology"], specs["cluster-types"]
    assert own.title == "6 harbours and 6 valleys areas"
    assert "listed in valleys.csv" in own.method
    assert "Has a harbour (made up)" in own.method
    assert {source.licence for source in own.sources} == {"MIT", ""}
    assert all(entry.key != "valleys" for entry in built_in.classes)
    assert "harbours" not in built_in.title
    low = clusters.finding.among
    drawn = {code for code, key in clusters.assignment.items() if key not in {"outside", "no-data"}}
    assert drawn == set(low)
    assert low
    for kind, members in zip(clusters.finding.dimensions, clusters.finding.members, strict=True):
        for code in members:
            assert kind in clusters.assignment[code]
    assert "valleys" in clusters.finding.dimensions
    assert clusters.faults() == []


def test_stated_breaks_reach_hexagons(atlas: tuple[Atlas, Path]) -> None:
    made, _ = atlas
    kind = kind_named("hex")
    hexagons = kind.spec(made.subject("income", kind))
    plain = next(spec for spec in made.specs["income"] if spec.kind == "choropleth")
    labels = [entry.label for entry in hexagons.classes if entry.key.startswith("class")]
    assert [label.lower() for label in labels] == ["most", "middle", "least"]
    assert dict(hexagons.assignment) == dict(plain.assignment)


def test_every_column_of_every_table_is_described(atlas: tuple[Atlas, Path]) -> None:
    made, _ = atlas
    tables = outcome_tables(made)
    assert {"valleys_share", "valleys_q", "harbours_population_share"} <= set(tables[CLUSTERS].columns)
    assert {"valleys", "harbours"} <= set(tables[BY_KIND]["type"]) & set(tables[CLAIMS]["type"])
    for file, table in tables.items():
        told = made.dictionary[made.dictionary["file"] == file]
        assert set(table.columns) <= set(told["column"]), file
        assert told["meaning"].ne("").all()


def test_a_region_is_cut_by_its_members(atlas: tuple[Atlas, Path]) -> None:
    made, folder = atlas
    codes = ["W06000024", "W06000018", "W06000001"]  # Merthyr Tydfil, Caerphilly, Anglesey
    write_data(made, folder)
    kit = read_kit(folder / "data")
    region = Region(RegionInfo("", "Three", "three", "W", tier="list"), "LAD", tuple(codes))
    tables = regional_tables(kit, region)
    assert sorted(tables[LEVELS]["code"]) == sorted(codes)
    claims = tables[CLAIMS]
    valleys = claims[(claims["type"] == "valleys") & (claims["estimated"] == "alone")].iloc[0]
    assert (valleys["members"], valleys["areas_here"], valleys["members_here"]) == ("6", 3, 2)
    whole = outcome_tables(made)[CLUSTERS]
    inside = whole[[bool(set(one.split("; ")) & set(codes)) for one in whole["codes"]]]
    assert tables[CLUSTERS]["codes"].tolist() == inside["codes"].tolist() != []
    assert CLUSTERS not in regional_tables(kit, replace(region, codes=()))


def test_one_map_takes_types_and_says_what_it_needs(tmp_path: Path, pay: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be drawn as asked") as caught:
        draw_one(pay, tmp_path / "x.png", picture=Picture(kind="levels", types=("x.csv",)))
    assert "not of 'levels'" in str(caught.value)
    with pytest.raises(ConfigError, match=r"there is no file nowhere\.csv"):
        draw_one(pay, tmp_path / "x.png", picture=Picture(kind="types", types=("nowhere.csv",)))
