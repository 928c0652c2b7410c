"""A place by any of its names, and the histories that every code has."""

from __future__ import annotations

import pytest

from boundaries.areas.describing import history_of
from boundaries.areas.loading import load_boundary_set
from boundaries.joined.extent import within
from boundaries.places.names import aliases_of
from boundaries.places.search import find_places, suggestions
from boundaries.register import last_life, load_register, spells_of
from geo.errors import CodeError


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("Shepway", "E07000112", "former name"),
        ("Middlesborough", "E06000002", "similar name"),
        ("Ynys Mon", "W06000001", "Welsh name"),
        ("Caerdydd", "W06000015", "Welsh name"),
        ("Na h-Eileanan an Iar", "S12000013", "other name"),
        ("Hull", "E06000010", "other name"),
        ("Bucks", "E06000060", "other name"),
        ("St Helens", "E08000013", "name"),
        ("Kings Lynn", "E07000146", "part of the name"),
        ("Rhonda Cynon Taff", "W06000016", "similar name"),
        ("Taunton Deane", "E07000190", "name"),
        ("City of London and Hackney", "E67000001", "published grouping"),
        ("E07000112", "E07000112", "name"),
        ("ladu:Hartlepool", "E06000001", "name"),
    ],
)
def test_a_place_is_found_by_any_of_its_names(text: str, code: str, how: str) -> None:
    first = find_places(text)[0]
    assert (first.code, first.how) == (code, how)
    assert code in str(first)


def test_what_ended_says_what_it_is_now() -> None:
    found = find_places("Taunton Deane")[0]
    assert str(found) == (
        "E07000190  Taunton Deane, non-metropolitan district; ended on 2019-03-31, now Somerset West and Taunton E07000246"
    )
    assert found.to_dict()["ended"] == "2019-03-31"


def test_an_exact_name_leaves_no_room_for_likenesses() -> None:
    assert [found.code for found in find_places("Dorset")] == ["E06000059", "E10000009"]
    assert find_places("Atlantis") == ()


def test_aliases_are_of_places_in_the_register() -> None:
    register = load_register()
    assert not [alias for alias, code in aliases_of() if last_life(register, code) is None]


def test_no_history_is_an_empty_sentence() -> None:
    for code in spells_of(load_register()):
        words = history_of(code).words
        assert words
        assert not [line for line in words if ":  (" in line or ": (" in line or "  " in line], code


def test_a_share_that_is_not_stated_is_told_without_one() -> None:
    assert history_of("E06000049").words[-2] == (
        "Made on 2009-04-01 of part of Cheshire E10000004 (The Cheshire (Structural Changes) Order 2008)."
    )
    assert (
        "it was shared out among Cheshire East E06000049 and Cheshire West and Chester"
        in history_of("E10000004").words[1]
    )


def test_errors_that_know_no_name_search_for_it() -> None:
    assert suggestions("Shepwey") == ("Folkestone and Hythe (E07000112)",)
    with pytest.raises(CodeError, match="did you mean Folkestone and Hythe"):
        history_of("Shepwey")
    with pytest.raises(CodeError, match="did you mean E06000002 Middlesbrough"):
        within(load_boundary_set("LAD", load_register().until("LAD")), "Middlesborough")
