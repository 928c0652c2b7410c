"""Published groupings: members that were there, histories that say how they are known, and no history with a hole in it."""

from __future__ import annotations

import pytest

from boundaries.areas.describing import history_of
from boundaries.places.groupings import groupings
from boundaries.register import codes_alive, load_register
from boundaries.register.codes import parse_code

# Members of the 2011 Census's merged districts, by the ONS lookup of merged districts (cmlad11cd); of the Commission's, by its list of areas.
PUBLISHED = {
    "E41000052": {"E06000052", "E06000053"},
    "E41000324": {"E09000001", "E09000033"},
    "group:camden-and-city-of-london": {"E09000001", "E09000007"},
}


@pytest.mark.parametrize("code", PUBLISHED)
def test_members_are_those_that_were_published(code):
    assert set(groupings()[code].members) == PUBLISHED[code]
    assert groupings()[code].seen


def test_every_member_was_a_council_from_the_first_day_on():
    register = load_register()
    for group in groupings().values():
        day = max(group.start, register.known_from)
        assert set(group.members) <= set(codes_alive(register, "LAD", day)), group
        assert len(group.members) > 1


def test_a_grouping_has_a_history_that_says_how_it_is_known():
    told = history_of("e67000002")
    assert (told.code, told.kind) == ("E67000002", "published grouping of councils")
    assert told.words[0] == "Published as one, from 2009-04-01: Cornwall E06000052 and Isles of Scilly E06000053."
    assert told.words[2] == "No file at hand states its code and dates."
    assert (
        history_of("E41000324").words[2].startswith("Code and members as in the lookup of 2011 census-merged districts")
    )


def test_no_history_has_an_empty_sentence():
    register = load_register()
    codes = sorted({code for spell in register.spells for code in [spell.code]})
    for code in codes:
        said = " ".join(history_of(code).words)
        assert said, code
        assert not any(hole in said for hole in (": (", ":  (", "()", " .", "of  ", ": .")), (code, said)
        assert parse_code(code).kind
