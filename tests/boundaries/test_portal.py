"""Official layers against a server on this machine that has every fault the portal has been seen with."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from boundaries.catalogue import load_catalogue
from boundaries.portal import (
    CachedLayer,
    cached_layer,
    cached_layers,
    cached_lookup,
    cached_lookups,
    fetch_layer,
    fetch_lookup,
    forget_layer,
    read_layer,
    read_lookup,
)
from boundaries.portal.finding import Wanted, candidates
from boundaries.portal.releases import suitable
from boundaries.transport import Policy, leftovers
from geo.errors import FetchError
from tests.boundaries.portal_faults import (
    CODES,
    DAY,
    ENGLAND_AND_WALES,
    NAME,
    REFUSED,
    SURVIVED,
    lad_layer,
    lookup_layer,
    utla_layer,
    with_change,
)
from tests.boundaries.portal_server import FOREVER, ROOT, Layer, PortalServer, lad_rows, square

if TYPE_CHECKING:
    from pathlib import Path

AWAKE = Policy(retries=3, sleep=lambda _: None, timeout_s=5)


def fetch(server: PortalServer, cache: Path, **options: Any) -> CachedLayer:
    return fetch_layer("LAD", options.pop("date", DAY), base_url=server.base_url, cache=cache, policy=AWAKE, **options)


def files_in(folder: Path, kind: str = "") -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in (folder / kind).rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the hash of the layer as it comes from a server without faults, in one page."""
    with PortalServer([lad_layer(max_record_count=2000)]) as server:
        return fetch(server, tmp_path_factory.mktemp("clean")).source.sha256


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that holds another layer, to be copied."""
    cache = tmp_path_factory.mktemp("furnished")
    with PortalServer([Layer("Local_Authority_Districts_May_2024_Boundaries_UK_BSC", lad_rows(CODES))]) as server:
        fetch(server, cache, resolution="BSC")
    return cache


def test_a_layer_comes_with_everything_a_map_must_print(tmp_path: Path, clean: str) -> None:
    with PortalServer([lad_layer(id=1, decoys=[0, 10])]) as server:
        layer = fetch(server, tmp_path)
        assert layer.source.url == f"{server.base_url}/{NAME}/FeatureServer/1"
    assert (layer.geography, layer.date, layer.resolution, layer.extent, layer.count) == ("LAD", DAY, "BGC", "UK", 361)
    assert (layer.code_field, layer.name_field, layer.name_cy_field) == ("LAD24CD", "LAD24NM", "LAD24NMW")
    assert layer.source.title == "Local Authority Districts (May 2024) Boundaries UK BGC"
    assert layer.source.sha256 == clean, "the file does not depend on how it was paged"
    assert layer.source.retrieved == "2024-09-11"
    assert layer.source.attribution[1] == "Contains OS data © Crown copyright and database right 2024."
    assert "codes equal to the register's of 2024-05-31" in layer.checks
    assert str(layer) == "LAD@2024-05-31 BGC, 361 areas, UK"
    frame = read_layer(layer)
    assert list(frame.columns) == ["code", "name", "name_cy", "geometry"]
    assert list(frame["code"]) == CODES
    assert frame.crs.to_epsg() == 4326
    record = json.loads(next((tmp_path / "layers").glob("*.json")).read_text(encoding="utf-8"))
    assert record["source"]["sha256"] == clean
    assert files_in(tmp_path) == [
        f"layers/LAD_2024-05-31_UK_BGC-{clean[:12]}.gpkg",
        "layers/LAD_2024-05-31_UK_BGC.json",
    ]


@pytest.mark.parametrize("fault", SURVIVED)
def test_a_fault_is_survived_and_the_layer_is_the_same(fault: str, tmp_path: Path, clean: str) -> None:
    settings, faults = SURVIVED[fault]
    with PortalServer([lad_layer(**settings)], **faults) as server:
        layer = fetch(server, tmp_path)
        for name in faults.keys() - {"flag_at_top"}:
            assert server.happened.get(name, 0) > 0, "the fault did happen"
    assert list(read_layer(layer)["code"]) == CODES
    if not settings.keys() & {"oid", "prefix"}:
        assert layer.source.sha256 == clean
    assert len(files_in(tmp_path)) == 2, "nothing is left but the layer and its record"


def test_the_upper_tier_comes_the_same_way(tmp_path: Path) -> None:
    with PortalServer([utla_layer()], catalogue_empty=1, error_body=2, short_page=2) as server:
        layer = fetch_layer(
            "UTLA", resolution="BUC", date=dt.date(2024, 12, 31), base_url=server.base_url, cache=tmp_path, policy=AWAKE
        )
    assert str(layer) == "UTLA@2024-12-31 BUC, 218 areas, UK"
    assert layer.code_field == "CTYUA24CD"


def test_a_server_that_cannot_page_but_says_it_can_is_read_by_ranges(tmp_path: Path, clean: str) -> None:
    layer = lad_layer()
    with PortalServer([layer]) as server:
        server.faults["says_it_pages"] = FOREVER
        layer.pagination = False
        found = fetch(server, tmp_path)
    assert found.source.sha256 == clean
    assert "the server cannot page by offset" in found.notes
    assert "361 rows taken by ranges of object id" in found.notes


@pytest.mark.parametrize("fault", REFUSED)
def test_a_lasting_fault_is_one_error_and_the_cache_is_unharmed(fault: str, tmp_path: Path, furnished: Path) -> None:
    settings, faults, message = REFUSED[fault]
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    held = cached_layers(tmp_path)
    assert len(held) == 1
    before = files_in(tmp_path, "layers")
    with PortalServer([lad_layer(**settings)], **faults) as server, pytest.raises(FetchError, match=message):
        fetch(server, tmp_path)
    assert files_in(tmp_path, "layers") == before
    assert cached_layers(tmp_path) == held
    assert leftovers(tmp_path) == ()


def test_every_fault_of_a_layer_is_named_at_once(tmp_path: Path) -> None:
    broken = lad_layer(with_change({0: "E07000004", 1: CODES[2]}))
    broken.rows[9]["LAD24NM"] = None
    with PortalServer([broken], null_geometry=1, wrong_geometry=1) as server, pytest.raises(FetchError) as caught:
        fetch(server, tmp_path)
    text = str(caught.value)
    for words in (
        "stand twice",
        "that are missing: E06000001, E06000002",
        "not alive",
        "1 areas without a name",
        "1 areas without geometry",
        "found Point",
        "left as it was",
    ):
        assert words in text, text


STRANGE = {
    "services": ({"services": 7}, "the list of services is not what the portal promises"),
    "a service": ({"layers": [{"name": "no id"}]}, "is not what the portal promises"),
    "a layer": ({"layers": [{"id": 0}], "fields": [1]}, "is not what the portal promises"),
    "a count": (
        {
            "layers": [{"id": 0}],
            "fields": [{"name": "LAD24CD"}, {"name": "LAD24NM"}],
            "geometryType": "esriGeometryPolygon",
        },
        "does not say how many rows",
    ),
    "a list": ([1], "not a JSON object"),
    "a word": ({"error": "sorry"}, "the portal says: sorry"),
}


@pytest.mark.parametrize("answer", STRANGE)
def test_an_answer_of_an_unexpected_shape_is_one_error(tmp_path: Path, answer: str) -> None:
    body, message = STRANGE[answer]
    with PortalServer([lad_layer()]) as server:
        for path in ("", f"/{NAME}/FeatureServer", f"/{NAME}/FeatureServer/0", f"/{NAME}/FeatureServer/0/query"):
            if path or answer in {"services", "a list"}:
                server.files[ROOT + path] = (json.dumps(body).encode(), {})
        with pytest.raises(FetchError, match=message):
            fetch(server, tmp_path)
    assert files_in(tmp_path) == []


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
        forget_layer(first)
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
            lambda: read_layer(layer),
            lambda: cached_layer("LAD", DAY, cache=tmp_path),
            lambda: fetch(server, tmp_path),
        ):
            with pytest.raises(FetchError, match="damaged"):
                use()
        layer.path.unlink()
        with pytest.raises(FetchError, match="it is gone"):
            cached_layers(tmp_path)
        forget_layer(layer)
        assert fetch(server, tmp_path).source == layer.source


def test_an_unknown_geography_or_resolution_is_told_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no release of 'WARD'"):
        fetch_layer("WARD", cache=tmp_path)
    with pytest.raises(FetchError, match="is not a resolution"):
        fetch_layer("LAD", resolution="../../x", cache=tmp_path)


class Stopped(Exception):  # noqa: N818 - it is not an error but somebody's wish
    """Raised by a progress callback, as Ctrl-C would."""


@pytest.mark.parametrize("pagination", ["pages", ""])
def test_a_stopped_fetch_goes_on_where_it_stopped(tmp_path: Path, clean: str, pagination: str) -> None:
    def stop(rows: int, expected: int) -> None:
        assert expected == 361
        if rows >= 200:
            raise Stopped

    with PortalServer([lad_layer(pagination=bool(pagination))]) as server:
        with pytest.raises(Stopped):
            fetch(server, tmp_path, progress=stop)
        assert cached_layers(tmp_path) == ()
        assert len(server.queries()) == 2
        layer = fetch(server, tmp_path)
        assert len(server.queries()) == 4, "the first 200 rows are not asked for again"
    assert layer.source.sha256 == clean
    assert "resumed with 200 rows of an earlier run" in layer.notes


@pytest.mark.parametrize("change", ["edited", "grown", "page damaged", "page lost", "body damaged", "body lost"])
def test_a_stopped_fetch_starts_anew_when_it_must(tmp_path: Path, clean: str, change: str) -> None:
    def stop(rows: int, expected: int) -> None:
        if rows >= min(200, expected):
            raise Stopped

    layer = lad_layer()
    with PortalServer([layer]) as server:
        with pytest.raises(Stopped):
            fetch(server, tmp_path, progress=stop)
        pages = sorted((tmp_path / "partial").rglob("page-*.json"))
        if change == "edited":
            layer.edited += 1
        elif change == "grown":
            state = next((tmp_path / "partial").rglob("state.json"))
            state.write_text(state.read_text(encoding="utf-8").replace("361", "360"), encoding="utf-8")
        elif change == "page damaged":
            pages[0].write_text('{"rows": [', encoding="utf-8")
        elif change == "body damaged":
            pages[0].with_suffix(".body").write_text("{}", encoding="utf-8")
        elif change == "body lost":
            pages[1].with_suffix(".body").unlink()
        else:
            pages[0].unlink()
        found = fetch(server, tmp_path)
    assert found.source.sha256 == clean


BESIDE = """
import datetime as dt, sys
from pathlib import Path
from boundaries.portal import fetch_layer

print(fetch_layer("LAD", dt.date(2024, 5, 31), base_url=sys.argv[1], cache=Path(sys.argv[2])).source.sha256)
"""


def test_runs_side_by_side_do_not_disturb_each_other(tmp_path: Path, clean: str) -> None:
    with PortalServer([lad_layer()]) as server:
        command = [sys.executable, "-c", BESIDE, server.base_url, str(tmp_path)]
        runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        assert [run.communicate()[0].strip() for run in runs] == [clean, clean]
    assert len(files_in(tmp_path)) == 2


KILLED_WHILE_PAGING = """
import datetime as dt, os, sys
from pathlib import Path
from boundaries.portal import fetch_layer

fetch_layer("LAD", dt.date(2024, 5, 31), base_url=sys.argv[1], cache=Path(sys.argv[2]), progress=lambda rows, _: rows > 150 and os._exit(9))
"""


def test_a_kill_while_paging_is_taken_up_by_the_next_run(tmp_path: Path, clean: str) -> None:
    with PortalServer([lad_layer()]) as server:
        command = [sys.executable, "-c", KILLED_WHILE_PAGING, server.base_url, str(tmp_path)]
        assert subprocess.run(command, check=False).returncode == 9
        layer = fetch(server, tmp_path)
    assert layer.source.sha256 == clean
    assert "resumed with 200 rows of an earlier run" in layer.notes
    assert len(files_in(tmp_path)) == 2


KILLED = """
import datetime as dt, os, sys
from pathlib import Path
from boundaries.portal import fetch_layer, store

def die(*_):
    os._exit(9)

setattr(store, sys.argv[3], die)
fetch_layer("LAD", dt.date(2024, 5, 31), base_url=sys.argv[1], cache=Path(sys.argv[2]))
"""


@pytest.mark.parametrize("at", ["sha256_of", "write_json"])
def test_a_kill_while_the_layer_is_written_leaves_nothing_half(tmp_path: Path, clean: str, at: str) -> None:
    with PortalServer([lad_layer()]) as server:
        done = subprocess.run(
            [sys.executable, "-c", KILLED, server.base_url, str(tmp_path), at], check=False, capture_output=True
        )
        assert done.returncode == 9, done.stderr
        assert cached_layers(tmp_path) == ()
        assert cached_layer("LAD", DAY, cache=tmp_path) is None
        assert fetch(server, tmp_path).source.sha256 == clean
    assert len(files_in(tmp_path)) == (2 if at == "write_json" else 3)
    assert len(leftovers(tmp_path)) == (0 if at == "write_json" else 1)


def carried_frame(crs: str = "EPSG:4326", codes: list[str] | None = None) -> gpd.GeoDataFrame:
    rows = lad_rows(CODES if codes is None else codes)
    frame = gpd.GeoDataFrame(
        rows, geometry=[shapely.Polygon(square(number)) for number in range(len(rows))], crs="EPSG:4326"
    )
    return frame.to_crs(crs)


@pytest.mark.parametrize(
    "kind", ["geojson", "gpkg", "two layers", "shapefile zip", "geojson in a zip", "national grid"]
)
def test_a_file_carried_in_gets_the_same_checks_and_lands_in_the_cache(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    frame = carried_frame("EPSG:27700" if kind in {"national grid", "shapefile zip"} else "EPSG:4326")
    if kind in {"geojson", "geojson in a zip", "national grid"}:
        path = folder / "layer.geojson"
        frame.to_file(path, driver="GeoJSON", engine="pyogrio")
    elif kind == "shapefile zip":
        path = folder / "layer.shp"
        frame.to_file(path, engine="pyogrio")
    else:
        path = folder / "LAD_MAY_2024_UK_BGC.gpkg"
        frame.to_file(path, layer="areas", engine="pyogrio")
        if kind == "two layers":
            frame[["geometry"]].to_file(path, layer="outline", engine="pyogrio", mode="a")
    if "zip" in kind:
        archive = tmp_path / "layer.zip"
        with zipfile.ZipFile(archive, "w") as opened:
            for member in sorted(folder.iterdir()):
                opened.write(member, f"download/{member.name}")
        path = archive
    cache = tmp_path / "cache"
    layer = fetch_layer("LAD", DAY, from_file=path, cache=cache)
    assert (layer.date, layer.resolution, layer.count) == (DAY, "BGC", 361)
    assert layer.notes[0].startswith(f"carried in by hand: {path.name}, sha256 ")
    assert path.name in layer.source.title
    assert layer.source.retrieved == ""
    assert cached_layer("LAD", DAY, cache=cache) == layer
    held = read_layer(layer)
    assert list(held["code"]) == CODES
    assert held.crs == frame.crs
    assert held.geometry.geom_equals_exact(
        frame.sort_values("LAD24CD", ignore_index=True).geometry, tolerance=1e-6
    ).all()


def test_a_file_without_a_date_is_the_release_its_name_and_fields_tell(tmp_path: Path) -> None:
    frame = carried_frame()
    for name in ("LAD_DEC_24_UK_BSC.geojson", "layer.geojson"):
        frame.to_file(tmp_path / name, driver="GeoJSON", engine="pyogrio")
    layer = fetch_layer(
        "LAD", resolution="BSC", from_file=tmp_path / "LAD_DEC_24_UK_BSC.geojson", cache=tmp_path / "cache"
    )
    assert layer.date == dt.date(2024, 12, 31)
    for date in (None, dt.date(2024, 9, 11)):
        with pytest.raises(FetchError, match=r"more than one release\n.*those of 2024-05-31, 2024-12-31\n"):
            fetch_layer("LAD", date, from_file=tmp_path / "layer.geojson", cache=tmp_path / "cache")
    with pytest.raises(FetchError, match=r"is of another year\n.*expected a field of 2023, found LAD24CD"):
        fetch_layer("LAD", dt.date(2023, 5, 31), from_file=tmp_path / "layer.geojson", cache=tmp_path / "cache")
    with pytest.raises(FetchError, match=r"its name tells of 2024-12-31 UK"):
        fetch_layer(
            "LAD", DAY, resolution="BSC", from_file=tmp_path / "LAD_DEC_24_UK_BSC.geojson", cache=tmp_path / "cache"
        )
    assert cached_layers(tmp_path / "cache") == (layer,)


def write_html(path: Path) -> None:
    path.write_bytes(b"<!DOCTYPE html><html><body>Please wait</body></html>")


def write_metres(path: Path) -> None:
    text = carried_frame("EPSG:27700").to_json()
    data = json.loads(text)
    data.pop("crs", None)
    path.write_text(json.dumps(data), encoding="utf-8")


def write_hostile_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("../../layer.geojson", carried_frame().to_json())


def write_empty_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("readme.txt", "nothing")


def write_points(path: Path) -> None:
    frame = carried_frame()
    frame.set_geometry(frame.geometry.centroid.set_crs(4326, allow_override=True)).to_file(
        path, driver="GeoJSON", engine="pyogrio"
    )


def write_two_fitting(path: Path) -> None:
    for name in ("a", "b"):
        carried_frame().to_file(path, layer=name, engine="pyogrio", mode="a" if name == "b" else "w")


def write_no_geometry(path: Path) -> None:
    pyogrio.write_dataframe(pd.DataFrame(lad_rows(CODES)), path, driver="GPKG")


CARRIED_FAULTS = {
    "an HTML page": ("layer.geojson", write_html, "an HTML page, not data"),
    "half a file": (
        "layer.geojson",
        lambda path: path.write_text(carried_frame().to_json()[:5000]),
        "cannot be read as a layer",
    ),
    "metres without a CRS": ("layer.geojson", write_metres, "coordinates are metres"),
    "points": ("layer.geojson", write_points, "expected polygons, found Point"),
    "a zip that leads outside": ("layer.zip", write_hostile_zip, "names that lead outside the folder"),
    "a zip without a layer": ("layer.zip", write_empty_zip, "exactly one file to read"),
    "another kind of file": ("layer.xlsx", write_html, "HTML page"),
    "a text": ("layer.txt", lambda path: path.write_text("hello"), "of no kind that is read here"),
    "two layers that fit": ("layer.gpkg", write_two_fitting, "holds several layers"),
    "no geometry": ("layer.gpkg", write_no_geometry, "holds no geometry"),
    "codes of 2021": (
        "layer.geojson",
        lambda path: carried_frame(codes=with_change({0: "E07000004"})).to_file(
            path, driver="GeoJSON", engine="pyogrio"
        ),
        "not alive on",
    ),
    "resolution in its name": ("LAD_UK_BUC.gpkg", lambda path: path.write_bytes(b"x"), "pass --resolution BUC"),
    "nothing": ("absent.geojson", lambda _: None, "is not a file"),
}


@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
@pytest.mark.parametrize("fault", CARRIED_FAULTS)
def test_a_file_that_is_not_the_layer_is_refused(tmp_path: Path, fault: str) -> None:
    name, write, message = CARRIED_FAULTS[fault]
    write(tmp_path / name)
    with pytest.raises(FetchError, match=message):
        fetch_layer("LAD", DAY, from_file=tmp_path / name, cache=tmp_path / "cache")
    assert files_in(tmp_path / "cache") == []


def lookup(server: PortalServer, cache: Path) -> Any:
    return fetch_lookup("LAD", "UTLA", dt.date(2024, 12, 31), base_url=server.base_url, cache=cache, policy=AWAKE)


@pytest.mark.parametrize(
    "fault",
    [
        "",
        "catalogue_empty",
        "error_body",
        "html_page",
        "short_page",
        "empty_page",
        "row_lost",
        "half_json",
        "offset_ignored",
    ],
)
def test_a_lookup_is_fetched_through_every_fault(tmp_path: Path, fault: str) -> None:
    with PortalServer([lookup_layer()], **({fault: 3} if fault else {})) as server:
        found = lookup(server, tmp_path)
        assert lookup(server, tmp_path) == found, "held"
    assert (found.child_field, found.parent_field, found.count) == ("LAD24CD", "CTYUA24CD", 318)
    assert found.source.attribution[0].startswith("Source: Office for National Statistics")
    assert str(found) == "LAD to UTLA@2024-12-31, 318 rows, EW"
    table = read_lookup(found)
    assert list(table.columns) == ["LAD24CD", "LAD24NM", "CTYUA24CD", "CTYUA24NM"], (
        "object ids are the server's own affair"
    )
    assert list(table["LAD24CD"]) == ENGLAND_AND_WALES
    assert cached_lookup("LAD", "UTLA", dt.date(2024, 9, 11), cache=tmp_path) == found
    assert cached_lookups(tmp_path) == (found,)
    assert cached_lookup("LAD", "RGN", cache=tmp_path) is None
    found.path.write_text("x", encoding="utf-8")
    with pytest.raises(FetchError, match="damaged"):
        read_lookup(found)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("LAD24CD", None, "1 rows without a code in LAD24CD"),
        ("LAD24CD", "E07000004", "codes in LAD24CD not alive on 2024-12-31: E07000004"),
        ("LAD24CD", ENGLAND_AND_WALES[5], "expected 318 different codes in LAD24CD, found 317"),
        ("CTYUA24CD", "E10000009", "codes in CTYUA24CD not alive on 2024-12-31: E10000009"),
    ],
)
def test_a_lookup_with_a_fault_is_refused(tmp_path: Path, column: str, value: str | None, message: str) -> None:
    layer = lookup_layer()
    layer.rows[0][column] = value
    with PortalServer([layer]) as server, pytest.raises(FetchError, match=message):
        lookup(server, tmp_path)
    assert files_in(tmp_path) == []


def test_a_lookup_carried_in_is_checked_and_kept(tmp_path: Path) -> None:
    layer = lookup_layer()
    text = "\ufeff" + ",".join(layer.rows[0]) + "\r\n" + "".join(",".join(row.values()) + "\r\n" for row in layer.rows)
    (tmp_path / "lookup.csv").write_text(text, encoding="utf-8", newline="")
    found = fetch_lookup("LAD", "UTLA", from_file=tmp_path / "lookup.csv", cache=tmp_path / "cache")
    assert list(read_lookup(found)["LAD24CD"]) == ENGLAND_AND_WALES
    (tmp_path / "lookup.csv").write_text(text.replace("CTYUA24CD", "PARENT"), encoding="utf-8")
    with pytest.raises(FetchError, match="expected one field like"):
        fetch_lookup("LAD", "UTLA", from_file=tmp_path / "lookup.csv", cache=tmp_path / "cache")
    (tmp_path / "lookup.csv").write_bytes(b"")
    with pytest.raises(FetchError, match="cannot be read as a table"):
        fetch_lookup("LAD", "UTLA", from_file=tmp_path / "lookup.csv", cache=tmp_path / "cache")
    assert cached_lookups(tmp_path / "cache") == (found,)


def test_a_lookup_that_is_not_there_says_what_was_tried(tmp_path: Path) -> None:
    with (
        PortalServer([lad_layer()]) as server,
        pytest.raises(FetchError, match=r"no lookup from LAD to UTLA for 2024-12-31(.|\n)*--from-file"),
    ):
        lookup(server, tmp_path)


REAL_LAYERS = [
    ("lad/LAD_MAY_2021_UK_BUC.gpkg", "LAD", "2021-05-31"),
    ("lad/LAD_DEC_2022_UK_BUC.gpkg", "LAD", "2022-12-31"),
    ("upper/CTYUA_DEC_2022_UK_BUC.gpkg", "UTLA", "2022-12-31"),
    ("upper/RGN_DEC_2022_EN_BUC.gpkg", "RGN", "2022-12-31"),
    ("upper/CAUTH_DEC_2022_EN_BUC.gpkg", "CAUTH", "2022-12-31"),
    ("upper/ITL1_JAN_2021_UK_BUC.gpkg", "ITL1", "2021-01-31"),
    ("upper/ITL2_JAN_2021_UK_BUC.gpkg", "ITL2", "2021-01-31"),
    ("upper/ITL3_JAN_2021_UK_BUC.gpkg", "ITL3", "2021-01-31"),
    ("upper/ITL2_JAN_2025_UK_BUC.gpkg", "ITL2", "2025-01-31"),
    ("dirty/LAD_MAY_2021_UK_BUC.raw.geojson", "LAD", "2021-05-31"),
    ("dirty/ITL2_JAN_2025_UK_BUC.raw.geojson", "ITL2", "2025-01-31"),
]


@pytest.mark.real_data
@pytest.mark.parametrize(("file", "geography", "date"), REAL_LAYERS, ids=[row[0] for row in REAL_LAYERS])
def test_layers_as_published_pass_when_carried_in(
    real_data: Path, tmp_path: Path, file: str, geography: str, date: str
) -> None:
    day = dt.date.fromisoformat(date)
    layer = fetch_layer(geography, day, resolution="BUC", from_file=real_data / "boundaries" / file, cache=tmp_path)
    assert layer.date == day
    assert len(read_layer(layer)) == layer.count


@pytest.mark.real_data
def test_real_shapes_come_through_the_pages_unchanged(real_data: Path, tmp_path: Path) -> None:
    published = pyogrio.read_dataframe(real_data / "boundaries/lad/LAD_DEC_2022_UK_BUC.gpkg").to_crs(4326)
    rows = published[["LAD22CD", "LAD22NM"]].to_dict("records")
    shapes = [shapely.geometry.mapping(shape) for shape in published.geometry]
    layer = Layer(
        "Local_Authority_Districts_December_2022_UK_BUC_V2", rows, oid="FID", max_record_count=90, shapes=shapes
    )
    with PortalServer([layer], error_body=3, short_page=2, largest_page=60) as server:
        found = fetch(server, tmp_path, date=dt.date(2022, 12, 31), resolution="BUC")
    expected = published.sort_values("LAD22CD", ignore_index=True)
    held = read_layer(found)
    assert list(held["code"]) == list(expected["LAD22CD"])
    assert list(held["name"]) == list(expected["LAD22NM"])
    assert held.geometry.geom_equals_exact(expected.geometry, tolerance=0).all()


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "date", "message"),
    [
        ("lad/LAD_MAY_2021_UK_BUC.gpkg", dt.date(2023, 12, 31), "its name tells of 2021-05-31 UK"),
        ("dirty/LAD_DEC_2021_GB_BUC.dirty.geojson", dt.date(2021, 12, 31), "that are missing: N09000001"),
        ("upper/RGN_DEC_2022_EN_BUC.gpkg", dt.date(2022, 12, 31), "expected one field like"),
    ],
)
def test_published_layers_of_another_kind_are_refused(
    real_data: Path, tmp_path: Path, file: str, date: dt.date, message: str
) -> None:
    with pytest.raises(FetchError, match=message):
        fetch_layer("LAD", date, resolution="BUC", from_file=real_data / "boundaries" / file, cache=tmp_path)
    assert files_in(tmp_path) == []
