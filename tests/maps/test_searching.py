"""What a search for a place knows: names of today and of before, what became of areas that are no more, postcodes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from boundaries.areas.loading import load_boundary_set
from geo.errors import TableError
from maps.searching import read_postcodes, search_index

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def index():
    return search_index([load_boundary_set("LAD", dt.date(2024, 9, 11))])


def fate(index, name):
    found = next(one for one in index["former"] if one[0] == name)
    return found[1], found[2], [index["places"][heir][1] for heir in found[3]]


def test_every_area_stands_once_in_alphabetical_order(index):
    names = [place[1] for place in index["places"]]
    assert len(names) == 361
    assert names == sorted(names)
    assert len({place[0] for place in index["places"]}) == 361


def test_a_place_goes_by_its_welsh_gaelic_and_other_names(index):
    by_code = {place[0]: place for place in index["places"]}
    assert by_code["W06000001"][1:4] == ["Isle of Anglesey", "Ynys Môn", "Wales"]
    assert {"Western Isles", "Eilean Siar"} <= set(by_code["S12000013"][4])
    assert "Bristol" in by_code["E06000023"][4]


def test_areas_that_are_no_more_say_what_became_of_them(index):
    """As the orders have it: The Cumbria, Somerset and North Yorkshire (Structural Changes) Orders 2022 and their like."""
    assert fate(index, "Allerdale") == ("E07000026", "1 April 2023", ["Cumberland"])
    assert fate(index, "Suffolk Coastal") == ("E07000205", "1 April 2019", ["East Suffolk"])
    assert fate(index, "Cumbria")[1:] == ("1 April 2023", ["Cumberland", "Westmorland and Furness"])
    assert fate(index, "Derry")[1:] == ("1 April 2015", ["Derry City and Strabane"])


def test_before_a_merger_its_parts_are_places_and_nothing_has_ended():
    index = search_index([load_boundary_set("LAD", dt.date(2022, 4, 1))])
    assert "Allerdale" in {place[1] for place in index["places"]}
    assert "Allerdale" not in {one[0] for one in index["former"]}


def test_postcodes_lead_to_places_and_say_whose_they_are():
    areas = load_boundary_set("LAD", dt.date(2024, 9, 11))
    index = search_index([areas], postcodes={"CA14": ("E06000063",), "ZZ1": ("E99999999",)}, whose="ONS")
    assert [index["places"][at][1] for at in index["postcodes"]["CA14"]] == ["Cumberland"]
    assert index["postcodes"].keys() == {"CA14"}
    assert index["whose"] == "ONS"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "outward.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_postcodes_is_read(tmp_path):
    path = written(tmp_path, "outward,code\nca14,E06000063\nCA 14,E06000064\nM1,E08000003\n")
    codes = {"E06000063", "E06000064", "E08000003"}
    assert read_postcodes(path, codes) == {"CA14": ("E06000063", "E06000064"), "M1": ("E08000003",)}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "outward,code\nCA14 1AA,E06000063\nnowhere,E1\n",
            ["no outward postcode: CA141AA, NOWHERE", "codes of no area of this atlas: E1"],
        ),
        ("postcode,area\nCA14,E06000063\n", ["no column outward or code", "found postcode, area"]),
        ("", ["cannot be read"]),
    ],
)
def test_wrong_tables_of_postcodes_are_refused_at_once(tmp_path, text, parts):
    with pytest.raises(TableError) as caught:
        read_postcodes(written(tmp_path, text), {"E06000063"})
    for part in parts:
        assert part in str(caught.value)
    with pytest.raises(TableError, match="cannot be read"):
        read_postcodes(tmp_path / "absent.csv", set())
