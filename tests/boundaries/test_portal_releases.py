"""Which release is taken, what is held already, and what is never used."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from boundaries.official import (
    cached_layer,
    cached_layers,
    fetch_layer,
)
from boundaries.official.entries import load_catalogue
from boundaries.official.finding import Wanted, candidates
from boundaries.official.releases import suitable
from geo.errors import FetchError
from tests.boundaries.portal_faults import (
    CODES,
    DAY,
    NAME,
    lad_layer,
)
from tests.boundaries.portal_fetching import (
    fetch,
    files_in,
    forget,
)
from tests.boundaries.portal_server import PortalServer

if TYPE_CHECKING:
    from pathlib import Path


def test_the_highest_version_is_taken_and_an_unfit_one_passed_over(tmp_path: Path) -> None:
    unfit = lad_layer(CODES[:100], name=f"{NAME}_V3")
    with PortalServer([unfit, lad_layer(name=f"{NAME}_V2"), lad_layer()]) as server:
        layer = fetch(server, tmp_path)
    assert layer.service == f"{NAME}_V2"
    assert layer.notes == (f"{NAME}_V3, layer 0: expected 361 areas, the server counts 100",)


def test_candidates_are_ordered_by_version_then_by_acquaintance_then_by_name() -> None:
    (entry,) = (entry for entry in load_catalogue().releases("LAD") if entry.id == "LAD_2022-12-31_UK")
    wanted = Wanted("x", entry.service_pattern("BUC"), entry.seen_at("BUC"), (), None, polygons=True)
    known = "Local_Authority_Districts_December_2022_Boundaries_UK_BUC"
    names = ["LAD_DEC_2022_UK_BUC", known, "Folder/LAD_DEC_2022_UK_BUC_V2", "Wards_December_2022_UK_BUC"]
    assert candidates(wanted, names) == ("Folder/LAD_DEC_2022_UK_BUC_V2", known, "LAD_DEC_2022_UK_BUC")
    assert candidates(wanted, []) == ("Local_Authority_Districts_December_2022_UK_BUC_V2", known)


@pytest.mark.parametrize(
    ("date", "first", "extents"),
    [
        (None, "2026-05-31", {"UK"}),
        (dt.date(2024, 9, 11), "2024-05-31", {"UK"}),
        (dt.date(2021, 12, 31), "2021-12-31", {"UK"}),
        (dt.date(2016, 1, 1), "2016-12-31", {"UK"}),
        (dt.date(2018, 3, 1), "2018-12-31", {"UK"}),
        (dt.date(2012, 1, 1), "2011-12-31", {"GB"}),
        (dt.date(2008, 12, 31), "2008-12-31", {"GB"}),
    ],
)
def test_the_release_has_the_codes_of_the_date_and_the_widest_nations(
    date: dt.date | None, first: str, extents: set[str]
) -> None:
    entries = suitable("LAD", date, load_catalogue().releases("LAD"))
    assert entries[0].date.isoformat() == first
    assert {entry.extent for entry in entries} == extents


def test_a_date_without_a_release_is_told_which_there_are() -> None:
    with pytest.raises(
        FetchError, match=r"no release has the LAD codes of 2010-07-01\n  releases known: 2008-12-31, 2009-12-31"
    ):
        suitable("LAD", dt.date(2010, 7, 1), load_catalogue().releases("LAD"))
    with pytest.raises(FetchError, match="no release has the ITL2 codes of 2015-01-01"):
        suitable("ITL2", dt.date(2015, 1, 1), load_catalogue().releases("ITL2"))
    itl = suitable("ITL2", dt.date(2024, 6, 1), load_catalogue().releases("ITL2"))
    assert [entry.date.year for entry in itl] == [2021]


def test_a_release_that_is_absent_gives_way_to_the_next_of_the_same_codes(tmp_path: Path) -> None:
    later = lad_layer(name="Local_Authority_Districts_December_2024_Boundaries_UK_BGC")
    with PortalServer([later]) as server:
        layer = fetch(server, tmp_path, date=dt.date(2024, 9, 11))
    assert layer.date == dt.date(2024, 12, 31)


def test_what_is_held_is_not_fetched_again(tmp_path: Path) -> None:
    with PortalServer([lad_layer()]) as server:
        first = fetch(server, tmp_path)
        asked = len(server.requests)
        assert fetch(server, tmp_path) == first
        assert len(server.requests) == asked
        forget(first)
        assert files_in(tmp_path) == []
        assert fetch(server, tmp_path) == first
        assert len(server.requests) > asked


def test_offline_work_finds_the_nearest_release_of_the_same_codes(tmp_path: Path) -> None:
    assert cached_layer("LAD", DAY, cache=tmp_path) is None
    with PortalServer([lad_layer(), lad_layer(name=NAME.replace("BGC", "BUC"))]) as server:
        fetch(server, tmp_path)
        fetch(server, tmp_path, resolution="buc")
    for date in (DAY, dt.date(2024, 9, 11), dt.date(2023, 7, 1)):
        layer = cached_layer("LAD", date, cache=tmp_path)
        assert layer is not None
        assert (layer.date, layer.resolution) == (DAY, "BGC")
    coarse = cached_layer("LAD", DAY, resolution="BUC", cache=tmp_path)
    assert coarse is not None
    assert coarse.resolution == "BUC"
    assert cached_layer("LAD", DAY, resolution="BFE", cache=tmp_path) is None
    assert cached_layer("LAD", dt.date(2025, 7, 1), cache=tmp_path) is None, "other codes"
    assert [layer.resolution for layer in cached_layers(tmp_path)] == ["BGC", "BUC"]


def test_a_damaged_file_is_never_used(tmp_path: Path) -> None:
    with PortalServer([lad_layer()]) as server:
        layer = fetch(server, tmp_path)
        layer.path.write_bytes(layer.path.read_bytes() + b"x")
        for use in (
            lambda: cached_layer("LAD", DAY, cache=tmp_path),
            lambda: fetch(server, tmp_path),
        ):
            with pytest.raises(FetchError, match="damaged"):
                use()
        layer.path.unlink()
        with pytest.raises(FetchError, match="it is gone"):
            cached_layers(tmp_path)
        forget(layer)
        assert fetch(server, tmp_path).source == layer.source


def test_an_unknown_geography_or_resolution_is_told_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no release of 'WARD'"):
        fetch_layer("WARD", cache=tmp_path)
    with pytest.raises(FetchError, match="is not a resolution"):
        fetch_layer("LAD", resolution="../../x", cache=tmp_path)
