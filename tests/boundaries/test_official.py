"""Official shapes in a boundary set: which release was taken stands in its sources, and what cannot be had is one error."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pyogrio
import pytest
import shapely

from boundaries.areas.layer_files import read_official
from boundaries.areas.loading import load_boundary_set
from boundaries.official import fetch_layer
from geo.errors import FetchError
from geo.provenance import attribution_lines, sha256_of
from tests.boundaries.portal_faults import CODES, DAY, NAME, lad_layer
from tests.boundaries.portal_fetching import fetch
from tests.boundaries.portal_server import PortalServer, square

if TYPE_CHECKING:
    from pathlib import Path

LATER = dt.date(2024, 9, 11)
"""A date with the codes of May 2024, of which there is no release."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_release_that_was_taken_stands_in_the_sources(cache: Path) -> None:
    with PortalServer([lad_layer(), lad_layer(name=NAME.replace("BGC", "BUC"))]) as server:
        fetch(server, cache, resolution="BUC")
        kept = fetch(server, cache)
    made = load_boundary_set("LAD", LATER, layer="official")
    first = made.sources[0]
    assert made.date == LATER
    assert made.shapes == first.title == "Local Authority Districts (May 2024) Boundaries UK BGC"
    assert first.sha256 == kept.source.sha256 == sha256_of(kept.path)
    assert (first.url, first.licence, first.retrieved) == (kept.source.url, kept.source.licence, "2024-09-11")
    lines = attribution_lines(made.sources)
    assert lines[0] == f"Boundaries: {first.title}, sha256 {first.sha256[:12]}"
    assert set(kept.source.attribution) <= set(lines)
    assert made.approximate == {}, "an official layer draws the land where it is"


def test_the_shapes_are_those_of_the_layer(cache: Path) -> None:
    with PortalServer([lad_layer()]) as server:
        fetch(server, cache)
    frame = load_boundary_set("LAD", LATER, layer="official").frame
    assert list(frame["code"]) == CODES
    assert frame.crs.to_epsg() == 27700
    wanted = shapely.points([(x + 0.1, y + 0.1) for x, y in (square(number)[0] for number in range(len(CODES)))])
    assert (shapely.distance(frame.geometry.centroid.to_crs(4326).to_numpy(), wanted) < 0.01).all()


def test_one_nation_of_an_official_layer(cache: Path) -> None:
    with PortalServer([lad_layer()]) as server:
        kept = fetch(server, cache)
    made = load_boundary_set("LAD", DAY, layer="official", nations=["W"])
    assert list(made.frame["code"]) == [code for code in CODES if code.startswith("W")]
    assert made.sources[0].sha256 == kept.source.sha256


def test_without_a_cached_layer_the_error_names_the_command_that_fetches_it(cache: Path) -> None:
    with pytest.raises(
        FetchError, match=r"LAD@2024-09-11 has not been fetched\n  run: placeatlas fetch LAD@2024-09-11"
    ):
        load_boundary_set("LAD", LATER, layer="official")
    assert not cache.exists()


def test_a_layer_of_other_codes_is_not_taken(cache: Path) -> None:
    with PortalServer([lad_layer()]) as server:
        fetch(server, cache)
    with pytest.raises(FetchError, match="placeatlas fetch LAD@2022-12-31"):
        load_boundary_set("LAD", dt.date(2022, 12, 31), layer="official")


def test_a_damaged_layer_is_not_taken(cache: Path) -> None:
    with PortalServer([lad_layer()]) as server:
        kept = fetch(server, cache)
    kept.path.write_bytes(kept.path.read_bytes() + b"x")
    with pytest.raises(FetchError, match="damaged"):
        load_boundary_set("LAD", DAY, layer="official")


@pytest.mark.parametrize(
    ("date", "told"),
    [("2011-12-31", "2011-12-31 GB"), ("2012-06-30", "2012-12-31 GB"), ("2014-06-30", "2013-12-31 GB")],
)
def test_releases_that_leave_out_northern_ireland_are_refused_before_anything_is_fetched(
    cache: Path, date: str, told: str
) -> None:
    with pytest.raises(FetchError) as caught:
        load_boundary_set("LAD", dt.date.fromisoformat(date), layer="official")
    assert caught.value.what == f"no official layer LAD@{date} shows Northern Ireland"
    areas, releases = caught.value.faults
    assert areas == "areas in no release: 95A, 95B, 95C, 95D, 95E and 21 more (26 in all)"
    assert told in releases
    assert [remedy.option for remedy in caught.value.remedies] == ["layer", "nations"]
    assert not cache.exists()


def test_a_layer_of_great_britain_serves_its_three_nations(cache: Path, tmp_path: Path) -> None:
    day, britain = dt.date(2014, 6, 30), ("E", "W", "S")
    with pytest.raises(FetchError, match="run: placeatlas fetch LAD@2014-06-30"):
        load_boundary_set("LAD", day, layer="official", nations=britain)
    bundled = load_boundary_set("LAD", dt.date(2013, 12, 31), nations=britain).frame
    path = tmp_path / "LAD_DEC_2013_GB_BGC.gpkg"
    layer = bundled[["code", "name", "geometry"]].rename(columns={"code": "LAD13CD", "name": "LAD13NM"})
    layer.to_file(path)
    kept = fetch_layer("LAD", dt.date(2013, 12, 31), from_file=path, cache=cache)
    assert kept.extent == "GB"
    made = load_boundary_set("LAD", day, layer="official", nations=britain)
    assert len(made) == 380
    assert set(made.frame["nation"]) == set(britain)
    assert made.sources[0].sha256 == kept.source.sha256
    with pytest.raises(FetchError, match="shows Northern Ireland") as caught:
        load_boundary_set("LAD", day, layer="official")
    assert caught.value.remedies[-1].words("flags") == "--nations E,W,S to leave the others out"
    assert len(load_boundary_set("LAD", day, layer=str(path), nations=britain)) == 380


@pytest.mark.parametrize(("geography", "date"), [("RGN", "2021-12-31"), ("CAUTH", "2022-12-31"), ("LAD", "2016-07-01")])
def test_a_layer_of_england_is_whole_where_only_england_has_areas(cache: Path, geography: str, date: str) -> None:
    with pytest.raises(FetchError, match=f"placeatlas fetch {geography}@{date}"):
        read_official(geography, dt.date.fromisoformat(date))
    assert not cache.exists()


@pytest.mark.real_data
def test_a_published_layer_draws_the_dates_of_its_codes(cache: Path, real_data: Path) -> None:
    path = real_data / "boundaries/lad/LAD_DEC_2022_UK_BUC.gpkg"
    kept = fetch_layer("LAD", dt.date(2022, 12, 31), resolution="BUC", from_file=path, cache=cache)
    made = load_boundary_set("LAD", dt.date(2021, 7, 1), layer="official")
    assert len(made) == 374
    assert made.sources[0].sha256 == kept.source.sha256
    assert (
        made.sources[0].title
        == "Local Authority Districts (December 2022) Boundaries UK BUC (file LAD_DEC_2022_UK_BUC.gpkg)"
    )
    published = pyogrio.read_dataframe(path).set_index("LAD22CD").geometry.to_crs(27700)
    assert (made.frame.set_index("code").geometry.area / published.area).between(0.9999, 1.0001).all()
