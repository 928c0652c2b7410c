"""Codes taken apart, and those that are only nearly codes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from boundaries.register.codes import (
    ENTITIES,
    GEOGRAPHIES,
    entity_of,
    geography_of,
    in_geography,
    nation_of,
    parse_code,
    repaired,
)


@pytest.mark.parametrize(
    ("text", "scheme", "entity", "nation"),
    [
        ("E06000001", "gss", "E06", "E"),
        ("W06000001", "gss", "W06", "W"),
        ("S12000033", "gss", "S12", "S"),
        ("N09000003", "gss", "N09", "N"),
        ("K02000001", "gss", "K02", ""),
        ("95A", "ni-district", "N09", "N"),
        ("95AA", "ni-small-area", "", "N"),
        ("00EB", "old-ons", "", "E"),
        ("00NA", "old-ons", "", "W"),
        ("00QA", "old-ons", "", "S"),
        ("11", "old-ons", "", "E"),
        ("TLC1", "itl", "", "E"),
        ("UKM61", "itl", "", "S"),
        ("TLB", "itl", "", ""),
        ("E0600001", "unknown", "", ""),
        ("e06000001", "unknown", "", ""),
        ("", "unknown", "", ""),
    ],
)
def test_every_scheme_is_recognised(text, scheme, entity, nation):
    code = parse_code(text)
    assert (code.scheme, code.entity, code.nation) == (scheme, entity, nation)
    assert code.kind


def test_the_two_schemes_of_northern_ireland_are_never_confused():
    # 95A is Derry as a polygon's code; 95AA is Antrim as small areas name it.
    assert parse_code("95A").scheme != parse_code("95AA").scheme
    assert in_geography("95A", "LAD")
    assert not in_geography("95AA", "LAD")
    assert "never matched by letter" in parse_code("95AA").kind


def test_geographies_by_code():
    assert geography_of("E07000004") == "LAD"
    assert geography_of("E10000002") == "UTLA"
    assert geography_of("E12000001") == "RGN"
    assert geography_of("E47000001") == "CAUTH"
    assert geography_of("W92000004") == "CTRY"
    assert geography_of("E01000001") == ""
    assert in_geography("surrey-2027:east-surrey", "LAD")
    assert nation_of("surrey-2027:east-surrey") == "E"
    assert entity_of("95Z") == "N09"
    assert GEOGRAPHIES["UTLA"] - GEOGRAPHIES["LAD"] == {"E10"}
    assert ENTITIES["E10"] == "county"


def test_spaces_and_lower_case_are_mended_and_counted():
    given = pd.Series([" E06000001", "e06000002", "E06000003\u00a0", "Hartlepool", None, np.nan, "95a"], name="area")
    mended, repairs = repaired(given)
    assert mended.tolist() == ["E06000001", "E06000002", "E06000003", "Hartlepool", "", "", "95A"]
    assert repairs == {"stray spaces in codes": 2, "lower case in codes": 2}
    assert mended.name == "area"
    assert repaired(pd.Series([], dtype=object))[1] == {}
