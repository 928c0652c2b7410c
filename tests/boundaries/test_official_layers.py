"""Official layers against a server on this machine that has every fault the portal has been seen with."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from typing import TYPE_CHECKING

import pyogrio
import pytest
import shapely

from boundaries.official import (
    cached_layers,
    fetch_layer,
)
from geo.errors import FetchError
from geo.staging import leftovers
from tests.boundaries.portal_faults import (
    CODES,
    DAY,
    NAME,
    REFUSED,
    SURVIVED,
    lad_layer,
    utla_layer,
    with_change,
)
from tests.boundaries.portal_fetching import (
    AWAKE,
    fetch,
    files_in,
    read_layer,
)
from tests.boundaries.portal_server import FOREVER, ROOT, Layer, PortalServer, lad_rows

if TYPE_CHECKING:
    from pathlib import Path


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
