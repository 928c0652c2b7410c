"""The catalogue is complete, each name leads to one release, and what does not fit the schema is refused at once."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boundaries.official.entries import RESOLUTIONS, LayerEntry, LookupEntry, load_catalogue
from boundaries.register import codes_alive, load_register
from boundaries.register.codes import nation_of
from boundaries.vocabulary import EXTENTS
from geo.errors import ConfigError, FetchError

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = load_catalogue()
REGISTER = load_register()
LAYERS = {entry.id: entry for entry in CATALOGUE.layers}


@pytest.mark.parametrize("entry", [*CATALOGUE.layers, *CATALOGUE.lookups], ids=lambda entry: entry.id)
def test_every_entry_says_what_it_must(entry: LayerEntry | LookupEntry) -> None:
    assert entry.title
    assert entry.licence == "Open Government Licence v3.0"
    assert entry.count > 0
    assert "{" not in entry.title + "".join(entry.attribution)
    assert any(str(entry.date.year) in line for line in entry.attribution), "the year of the boundary set is stated"
    assert any("NISRA" in line for line in entry.attribution) == (entry.extent == "UK"), (
        "attribution follows the nations"
    )


def test_every_name_seen_leads_to_its_release_and_to_no_other() -> None:
    found = {}
    for entry in CATALOGUE.layers:
        for resolution in RESOLUTIONS:
            for name in entry.seen_at(resolution):
                found[name] = [
                    (other.id, spelled)
                    for other in CATALOGUE.layers
                    for spelled in RESOLUTIONS
                    if other.service_pattern(spelled).match(name)
                ]
                assert found[name] == [(entry.id, resolution)], name
    for table in CATALOGUE.lookups:
        for name in table.seen:
            assert [other.id for other in CATALOGUE.lookups if other.service_pattern().match(name)] == [table.id], name
    assert len(found) > 120


@pytest.mark.parametrize(
    "entry",
    [entry for entry in CATALOGUE.layers if entry.geography[:3] != "ITL" and entry.date >= REGISTER.known_from],
    ids=lambda entry: entry.id,
)
def test_counts_agree_with_the_register(entry: LayerEntry) -> None:
    alive = codes_alive(REGISTER, entry.geography, entry.date)
    assert entry.count == sum(nation_of(code) in EXTENTS[entry.extent] for code in alive)


def test_the_catalogue_is_complete() -> None:
    assert {entry.geography for entry in CATALOGUE.layers} == {
        "LAD",
        "UTLA",
        "RGN",
        "CTRY",
        "CAUTH",
        "ITL1",
        "ITL2",
        "ITL3",
    }
    years = {entry.date.year for entry in CATALOGUE.releases("LAD")}
    assert years == set(range(2008, 2027)) - {2010}, "a release a year, but for 2010, of which none was seen"
    uk = {entry.date.year for entry in CATALOGUE.releases("LAD") if entry.extent == "UK"}
    assert uk == set(range(2016, 2027)) - {2017}, "no UK layer before December 2016"
    assert {(table.child, table.parent) for table in CATALOGUE.lookups} >= {
        ("LAD", "UTLA"),
        ("LAD", "RGN"),
        ("LAD", "CAUTH"),
        ("LAD", "CTRY"),
        ("LAD", "ITL3"),
        ("LSOA-2021", "LAD"),
        ("LSOA-2011", "LSOA-2021"),
    }
    assert (
        repr(CATALOGUE)
        == str(CATALOGUE)
        == f"Catalogue({len(CATALOGUE.layers)} releases of layers, {len(CATALOGUE.lookups)} lookups)"
    )


@pytest.mark.parametrize(
    "name",
    [
        "Local_Authority_Districts_May_2024_Boundaries__UK_BGC",
        "Local_Authority_Districts_May_2024_Boundaries_UK_BGC_V2",
        "LAD_MAY_2024_UK_BGC_V3_2025",
        "LAD_May_2024_GCB_in_the_UK_0a1b2c3d4e",
        "lad_may_24_uk_bgc",
    ],
)
def test_names_may_drift(name: str) -> None:
    assert LAYERS["LAD_2024-05-31_UK"].service_pattern("BGC").match(name)


@pytest.mark.parametrize(
    "name",
    [
        "Local_Authority_Districts_May_2024_Boundaries_UK_BUC",
        "Local_Authority_Districts_December_2024_Boundaries_UK_BGC",
        "Local_Authority_Districts_May_2024_Boundaries_GB_BGC",
        "Local_Authority_Districts_May_2024_Boundaries_UK_BGC_names_and_codes",
        "CMLAD_May_2024_UK_BGC",
        "Wards_May_2024_Boundaries_UK_BGC",
    ],
)
def test_other_layers_are_not_taken_for_it(name: str) -> None:
    assert not LAYERS["LAD_2024-05-31_UK"].service_pattern("BGC").match(name)


def test_what_is_not_known_is_said_with_what_is() -> None:
    with pytest.raises(FetchError, match=r"no release of 'WARD'.*\n.*CAUTH, CTRY, ITL1"):
        CATALOGUE.releases("WARD")
    with pytest.raises(FetchError, match=r"no lookup from 'LAD' to 'WARD'.*\n.*LAD to UTLA"):
        CATALOGUE.tables("LAD", "WARD")
    with pytest.raises(FetchError, match=r"'XXX' is not a resolution.*\n.*BFE, BFC, BGC, BSC, BUC"):
        LAYERS["LAD_2024-05-31_UK"].service_pattern("XXX")
    assert LAYERS["LAD_2024-05-31_UK"].service_pattern("buc") is LAYERS["LAD_2024-05-31_UK"].service_pattern("BUC")


OWN = """
schema = 1
geography = "WARD"
title = "Wards ({month} {year}) {extent}"
pattern = 'Wards_{vintage}_{extent}_{resolution}'
code = '(?i)^wd\\d{2}cd$'
name = '(?i)^wd\\d{2}nm$'

[[layer]]
date = 2024-12-31
extent = "UK"
count = 8396
"""


def test_a_user_can_add_releases(tmp_path: Path) -> None:
    (tmp_path / "wards.toml").write_text(OWN, encoding="utf-8")
    (entry,) = load_catalogue(tmp_path).releases("WARD")
    assert entry.title == "Wards (December 2024) UK"
    assert entry.service_pattern("BSC").match("Wards_December_2024_in_the_UK_SGCB")
    assert entry.date == dt.date(2024, 12, 31)


def test_every_fault_of_a_catalogue_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("schema = ", encoding="utf-8")
    (tmp_path / "b.toml").write_text(
        OWN.replace("schema = 1", "schema = 2")
        .replace("count = 8396", "count = 0\ncolour = 1")
        .replace("'(?i)^wd\\d{2}cd$'", "'('"),
        encoding="utf-8",
    )
    (tmp_path / "c.toml").write_text(OWN + OWN[OWN.index("[[layer]]") :], encoding="utf-8")
    (tmp_path / "d.toml").write_text(OWN.replace("date = 2024-12-31\n", "").replace("WARD", "OTHER"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_catalogue(tmp_path)
    text = str(caught.value)
    for words in (
        "a.toml: Invalid value",
        "b.toml: expected schema = 1, found 2",
        "count: Input should be greater than 0",
        "colour: Extra inputs are not permitted",
        "code: not a regular expression",
        "the same geography, date and extent: WARD_2024-12-31_UK",
        "d.toml, entry 1 (no date): no 'date'",
    ):
        assert words in text, text


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "child", "parent", "year"),
    [("LAD22_RGN22_EN.csv", "LAD", "RGN", 2022), ("LAD22_CAUTH22_EN.csv", "LAD", "CAUTH", 2022)],
)
def test_published_lookups_have_the_fields_and_counts_stated(
    real_data: Path, file: str, child: str, parent: str, year: int
) -> None:
    table = pd.read_csv(real_data / "lookups" / "ons" / file, encoding="utf-8-sig")
    (entry,) = (entry for entry in CATALOGUE.tables(child, parent) if entry.date.year == year)
    (field,) = (column for column in table.columns if re.match(entry.child_field, column))
    assert table[field].nunique() == entry.count
    assert any(re.match(entry.parent_field, column) for column in table.columns)
