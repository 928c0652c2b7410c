"""Which place is meant: by code or name, former, Welsh or shared, or by a list; and why a place cannot be packed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from geo.errors import CodeError, ConfigError, TableError
from maps.packs.lists import read_list
from maps.packs.naming import named
from maps.packs.places import Layout, find_regions

if TYPE_CHECKING:
    from pathlib import Path


def layout(date: str, *, adjacent: dict[str, tuple[str, ...]] | None = None) -> dict[str, Layout]:
    return {"LAD": Layout(load_boundary_set("LAD", dt.date.fromisoformat(date)), adjacent or {})}


@pytest.fixture(scope="module")
def districts() -> dict[str, Layout]:
    return layout("2025-03-31", adjacent={"E06000052": ("E06000026", "E07000046")})


@pytest.mark.parametrize(
    ("place", "folder", "areas"),
    [
        ("W92000004", "W92000004-wales", 22),
        ("Cymru", "W92000004-wales", 22),
        ("north east (REGION)", "E12000001-north-east-region", 12),
        ("North East combined authority", "E47000014-north-east-combined-authority", 7),
        ("e47000014", "E47000014-north-east-combined-authority", 7),
        ("Greater Manchester", "E47000001-greater-manchester", 10),
        ("Kent", "E10000016-kent", 12),
        ("Lancashire (county)", "E10000017-lancashire-county", 12),
        ("St Helens", "E08000013-st-helens", 1),
        ("Shepway", "E07000112-folkestone-and-hythe", 1),
        ("Ynys Môn", "W06000001-isle-of-anglesey", 1),
        ("City of London", "E09000001-city-of-london", 1),
    ],
)
def test_a_place_by_any_of_its_names(districts: dict[str, Layout], place: str, folder: str, areas: int) -> None:
    (region,) = find_regions([place], districts)
    assert (region.info.folder_name, len(region.codes)) == (folder, areas)


def test_only_larger_places_that_share_a_name_say_what_they_are() -> None:
    assert named("E47000014", "North East", "E", tier="combined-authority").name == "North East (combined authority)"
    assert named("E12000005", "West Midlands", "E", tier="region").slug == "west-midlands-region"
    assert named("E06000054", "Wiltshire", "E", tier="council").name == "Wiltshire"
    assert named("", "North East", "E", tier="list").folder_name == "list-north-east"
    assert named("smc203:12", "Bury", "E", tier="council").folder_name == "SMC203-12-bury"


def test_a_council_has_the_areas_beside_it_for_context(districts: dict[str, Layout]) -> None:
    (cornwall,) = find_regions(["Cornwall"], districts)
    assert (cornwall.codes, cornwall.context) == (("E06000052",), ("E06000026", "E07000046"))
    assert cornwall.shown == ("E06000052", "E06000026", "E07000046")
    (wales,) = find_regions(["Wales"], districts)
    assert wales.context == ()


def test_a_place_that_is_asked_for_twice_is_packed_once(districts: dict[str, Layout]) -> None:
    assert len(find_regions(["Wales", "Cymru", "W92000004"], districts)) == 1


@pytest.mark.parametrize(
    ("date", "place", "said"),
    [
        ("2021-04-01", "E06000063", "Cumberland (E06000063) did not exist on 1 April 2021; began 1 April 2023"),
        ("2021-04-01", "Cumberland", "Cumberland (E06000063) did not exist on 1 April 2021; began 1 April 2023"),
        ("2025-03-31", "E07000026", "Allerdale (E07000026) ended on 31 March 2023, now Cumberland (E06000063)"),
        ("2025-03-31", "Cornwal", "did you mean Cornwall (E06000052)?"),
        ("2025-03-31", "xyzzy", "'xyzzy' is no place that is known"),
        ("2025-03-31", "E99999999", "E99999999 is no code of the register"),
    ],
)
def test_why_a_place_cannot_be_packed(date: str, place: str, said: str) -> None:
    with pytest.raises(CodeError) as caught:
        find_regions([place], layout(date))
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].endswith(said) or caught.value.faults[0] == said


def test_members_decide_which_areas_of_a_custom_set_lie_in_a_place() -> None:
    whole = load_boundary_set("LAD", dt.date(2024, 9, 11))
    frame = whole.frame.set_index("name").loc[["Manchester", "Bury", "Burnley"]].reset_index()[whole.frame.columns]
    frame["code"] = ["mine:1", "mine:2", "mine:3"]
    frame["name"] = ["Manchester and Salford", "Bury and Rossendale", "Burnley"]
    # Manchester and Salford lie in Greater Manchester, Bury too, Rossendale and Burnley in the county of Lancashire
    members = pd.DataFrame(
        [
            ("mine:1", "E08000003"),
            ("mine:1", "E08000006"),
            ("mine:2", "E08000002"),
            ("mine:2", "E07000125"),
            ("mine:3", "E07000117"),
        ],
        columns=["code", "member"],
    )
    own = {"mine": Layout(replace(whole, geography="mine", frame=frame, members=members), {})}
    (manchester,) = find_regions(["Greater Manchester"], own)
    assert (manchester.codes, manchester.partly) == (("mine:1",), ("Bury and Rossendale",))
    (lancashire,) = find_regions(["E10000017"], own)
    assert (lancashire.codes, lancashire.partly) == (("mine:3",), ("Bury and Rossendale",))
    with pytest.raises(CodeError) as caught:
        find_regions(["Salford", "E10000016"], own)
    assert caught.value.faults[0].endswith("it lies in Manchester and Salford (mine:1)")
    assert caught.value.faults[1].startswith("Kent (E10000016) holds none of the 3 ")
    # without its other area, the county holds a part of one alone
    less = replace(own["mine"].boundaries, frame=frame.iloc[:2], members=members.iloc[:4])
    with pytest.raises(CodeError, match="holds no whole area of the build; in it lie parts of Bury and Rossendale"):
        find_regions(["E10000017"], {"mine": Layout(less, {})})


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("some-coast.csv", "Name,Why\nHartlepool,x\n\nTorbay,y\n", ("Hartlepool", "Torbay")),
        ("codes.csv", "\ufeffwhy,code\nx,E06000001\n", ("E06000001",)),
        ("bare.csv", "Hartlepool\nTorbay\n", ("Hartlepool", "Torbay")),
        ("two.toml", 'name = "Two"\nplaces = ["Kent", " Torbay "]\n', ("Kent", "Torbay")),
    ],
)
def test_lists_are_read(tmp_path: Path, name: str, text: str, places: tuple[str, ...]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = read_list(str(tmp_path / name))
    assert found.places == places
    assert (
        found.name
        == {"some-coast.csv": "Some coast", "codes.csv": "Codes", "bare.csv": "Bare", "two.toml": "Two"}[name]
    )


@pytest.mark.parametrize(
    ("name", "content", "error", "said"),
    [
        ("none.csv", None, TableError, "there is no list"),
        ("empty.csv", b"name\n", TableError, "names no place"),
        ("blank.csv", b"\n", TableError, "names no place"),
        ("latin.csv", b"name\nYnys M\xf4n\n", TableError, "not UTF-8"),
        ("bad.toml", b"places = [", ConfigError, "not valid TOML"),
        (
            "keys.toml",
            b'places = "Kent"\nname = " "\nplace = 1\n',
            ConfigError,
            "(?s)unknown key 'place'.*list of texts.*name must",
        ),
    ],
)
def test_lists_that_are_none(
    tmp_path: Path, name: str, content: bytes | None, error: type[Exception], said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=said):
        find_regions([str(tmp_path / name)], layout("2023-04-01"))


def test_what_of_a_list_is_no_place_is_said_with_its_file(tmp_path: Path, districts: dict[str, Layout]) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name\nKent\nSundrland\n", encoding="utf-8")
    with pytest.raises(CodeError) as caught:
        find_regions([str(path)], districts)
    assert caught.value.faults == (
        "mine.csv: 'Sundrland' is no place that is known: did you mean Sunderland (E08000024)?",
    )
    path.write_text("name\nKent\nWales\n", encoding="utf-8")
    (region,) = find_regions([str(path)], districts)
    assert (len(region.codes), region.info.nation) == (34, "")
