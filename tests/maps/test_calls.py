"""Drawing and exploring from the door: any kind, shown or written; a folium map that asks no host and takes further layers."""

from __future__ import annotations

import re
import shutil

import folium
import pandas as pd
import pytest
from playwright.sync_api import sync_playwright

import placeatlas as pa
from maps.calls import Shown
from maps.leaflet.notebook import to_folium
from maps.spec import LegendClass, MapSpec
from tests.conftest import BROWSERS

NATIONS = ["W"]


@pytest.fixture(scope="module")
def wales():
    return pa.areas("LAD", "2023-04-01", nations=NATIONS)


@pytest.fixture(scope="module")
def joined(wales):
    frame = pd.DataFrame({"code": wales.frame["code"], "pay": [500.0 + 3 * n for n in range(22)]})
    return pa.join(frame, wales, measure="median", unit="£", favourable="high")


@pytest.fixture(scope="module")
def earlier(wales):
    frame = pd.DataFrame({"code": wales.frame["code"], "pay": [480.0 + 2 * n for n in range(22)], "year": "2020"})
    return pa.join(frame, wales, measure="median", unit="£", favourable="high")


@pytest.fixture(scope="module")
def study(joined):
    return pa.study(joined, permutations=99, correction="none", robust=False)


def test_a_picture_is_shown_where_no_file_is_named(study) -> None:
    shown = pa.draw(study, "clusters", dpi=50)
    assert isinstance(shown, Shown)
    assert shown._repr_png_().startswith(b"\x89PNG")
    assert shown._repr_svg_().startswith("<svg")
    assert "Shown(" in repr(shown)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_is_written_where_one_is_named(joined, tmp_path, ending) -> None:
    path = pa.draw(joined, "choropleth", str(tmp_path / f"pay.{ending}"), size="phone", style="greyscale", dpi=50)
    assert path == tmp_path / f"pay.{ending}"
    assert path.stat().st_size > 1_000


def test_kinds_that_look_at_more_than_one_outcome(joined, earlier, tmp_path) -> None:
    for kind, how in (
        ("bivariate", {"against": earlier}),
        ("hex", {}),
        ("scatter", {}),
    ):
        result = pa.study(joined, permutations=99, correction="none", robust=False) if kind == "scatter" else joined
        assert pa.draw(result, kind, tmp_path / f"{kind}.svg", **how).is_file()


def hosts(html: str) -> set[str]:
    """Return what a page would ask of the network by itself."""
    return {
        address
        for address in re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?((?:https?:)?//[^"')\s]+)""", html)
        if "leafletjs.com" not in address  # the credit of the map, a link that is followed by hand
    }


@pytest.fixture(scope="module")
def explored(study):
    return pa.explore(study)


def test_it_is_a_folium_map_that_asks_no_host(explored, joined, wales) -> None:
    for drawn in (explored, pa.explore(joined), pa.explore(wales), pa.explore(joined, "choropleth")):
        assert isinstance(drawn, folium.Map)
        html = drawn.get_root().render()
        assert hosts(html) == set()
        assert html.count("Copyright (c) 2010-2022, Volodymyr Agafonkin") == 1


def test_a_study_shows_first_how_its_areas_stand_where_that_is_known(study, wales) -> None:
    frame = pd.DataFrame({"code": wales.frame["code"], "pay": [500.0 + 9 * n for n in range(22)], "se": 8.0})
    known = pa.study(
        pa.join(frame, wales, value="pay", measure="median", unit="£", favourable="high"),
        permutations=99, correction="none", robust=False,
    )  # fmt: skip
    assert "Clearly below" in pa.explore(known).get_root().render()
    assert "Clearly below" not in pa.explore(study).get_root().render()
    assert "high-high" in pa.explore(known, "clusters").get_root().render()


def test_it_shows_the_legend_and_every_area(explored) -> None:
    html = explored.get_root().render()
    assert 'aria-label="Legend"' in html
    assert "Method and sources" in html
    assert html.count('"code": "W0') == 22
    assert "Cardiff" in html


def test_layers_can_be_added(joined) -> None:
    drawn = pa.explore(joined)
    folium.Marker([51.5, -3.2], popup="<b>here</b>").add_to(drawn)
    folium.LayerControl().add_to(drawn)
    html = drawn.get_root().render()
    assert "L.marker(" in html
    assert hosts(html) == set()


def test_names_are_text_and_not_html(wales) -> None:
    frame = wales.frame.assign(name="<img src=x>")
    spec = MapSpec(
        "a/choropleth",
        "choropleth",
        "a",
        "<script>",
        "",
        "",
        "{{ 7 * 7 }}",
        (LegendClass("one", "<b>", "#123456", 21),),
        dict.fromkeys(wales.frame["code"][1:], "one"),
        extra_legends=(("Marks", (LegendClass("two", "second", "#654321", 1),)),),
    )
    html = to_folium(spec, type(wales)(wales.geography, wales.date, frame, wales.sources)).get_root().render()
    assert "<img src=x>" not in html
    assert "{{ 7 * 7 }}" in html
    assert "&lt;b&gt;" in html
    assert "Outside this map" in html
    assert "#654321" in html


def test_many_points_are_generalised(joined, monkeypatch) -> None:
    full = len(pa.explore(joined).get_root().render())
    monkeypatch.setattr("maps.leaflet.notebook.VERTICES", 500)
    assert len(pa.explore(joined).get_root().render()) < full


@pytest.mark.browser
def test_it_opens_with_the_network_cut(explored, tmp_path) -> None:
    path = tmp_path / "map.html"
    explored.save(path)
    asked, faults = [], []
    with sync_playwright() as browsers:
        program = next(found for found in map(shutil.which, BROWSERS) if found)
        browser = browsers.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.context.set_offline(True)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_selector(".leaflet-interactive")
        shapes = page.locator("path.leaflet-interactive").count()
        page.locator("path.leaflet-interactive").first.hover(force=True)
        tooltip = page.locator(".leaflet-tooltip").count()
        browser.close()
    assert faults == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert (shapes, tooltip) == (22, 1)


def test_build_and_pack_pass_on_what_was_asked(monkeypatch, tmp_path) -> None:
    asked = {}
    monkeypatch.setattr("maps.atlas.run.build_atlas", lambda atlas, **how: asked.update(how, atlas=atlas))
    pa.build("starter", data="downloads", out=tmp_path / "out", seed=3, force=True)
    assert asked["atlas"] == "starter"
    assert [path.name for path in asked["data"]] == ["downloads"]
    assert (asked["out"], asked["seed"], asked["force"]) == (tmp_path / "out", 3, True)
    monkeypatch.setattr("maps.atlas.repacking.packs_from_build", lambda *a, **how: [a, how])
    (codes, folder), how = pa.pack("E12000001", source=str(tmp_path))
    assert (codes, folder, how["workers"]) == (("E12000001",), tmp_path, 1)
