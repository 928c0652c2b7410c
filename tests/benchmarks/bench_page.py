"""The interactive page of a build against folium's page of the same areas, in one Chromium, in turn; the network cut.

``PLACEATLAS_BUILD=DIR python -m tests.benchmarks bench_page`` measures the page of a build; without it the starter is built. What is
timed: from the navigation to the second frame after the page's load, a switch of layers until it is painted, a key of the search until
it is painted. folium's page has a layer an outcome, up to five, and no table, search, periods or panel.
"""

from __future__ import annotations

import gzip
import os
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
from playwright.sync_api import sync_playwright

from maps.atlas.run import build_atlas
from maps.leaflet.notebook import OfflineMap

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM, RUNS = "/usr/bin/chromium", 9
LAYERS = 5
SHADES = ("#edf4f2", "#b9dcd6", "#78b9b4", "#37888e", "#0b4f5c")
WATCH = """addEventListener('load', () => requestAnimationFrame(() => requestAnimationFrame(() => { window.readyAfter = performance.now(); })))"""
SWITCH = """() => {
  const before = performance.now(), box = document.querySelector('#layer');
  box.value = String((Number(box.value) + 1) % box.options.length);
  box.dispatchEvent(new Event('change', { bubbles: true }));
  return new Promise(done => requestAnimationFrame(() => { const made = new MessageChannel(); made.port1.onmessage = () => done(performance.now() - before); made.port2.postMessage(0); }));
}"""
THEIR_SWITCH = """() => {
  const before = performance.now(), boxes = [...document.querySelectorAll('.leaflet-control-layers input[type=radio]')];
  const now = boxes.findIndex(box => box.checked);
  boxes[(now + 1) % boxes.length].click();
  return new Promise(done => requestAnimationFrame(() => { const made = new MessageChannel(); made.port1.onmessage = () => done(performance.now() - before); made.port2.postMessage(0); }));
}"""
TYPED = """(text) => {
  const before = performance.now(), box = document.querySelector('#search');
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  return new Promise(done => requestAnimationFrame(() => { const made = new MessageChannel(); made.port1.onmessage = () => done(performance.now() - before); made.port2.postMessage(0); }));
}"""
OTHER = SWITCH.replace("#layer", "#outcome")
KEYS = ("c", "co", "cor", "corn", "cornw", "cornwa", "cornwal", "cornwall", "cornwalk")


def folium_page(build: Path, path: Path) -> Path:
    """Write folium's page of the build's areas, with Leaflet inside: a layer an outcome, generalised as ours are."""
    areas = gpd.read_file(build / "data" / "areas.geojson")
    columns = [name for name in areas.columns if name.endswith("__value")][:LAYERS]
    areas["geometry"] = areas.geometry.simplify(0.002, preserve_topology=True)
    page = OfflineMap(tiles=None, zoom_start=5)
    for number, column in enumerate(columns):
        ranks = areas[column].rank(pct=True).fillna(0)
        shown = gpd.GeoDataFrame(
            {
                "name": areas["name"],
                "value": areas[column].astype(str),
                "colour": [SHADES[min(int(5 * share), 4)] for share in ranks],
            },
            geometry=areas.geometry,
            crs=4326,
        )
        group = folium.FeatureGroup(name=f"{number} {column}", show=number == 0, overlay=False)
        tooltip = folium.GeoJsonTooltip(fields=["name", "value"])
        folium.GeoJson(shown, style_function=_style, tooltip=tooltip).add_to(group)
        group.add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    west, south, east, north = areas.total_bounds
    page.fit_bounds([[south, west], [north, east]])
    page.save(str(path))
    return path


def _style(feature: dict[str, Any]) -> dict[str, Any]:
    return {"fillColor": feature["properties"]["colour"], "fillOpacity": 1, "color": "#4a4a46", "weight": 0.4}


def visit(browser: Browser, page: Path, switch: str, keys: tuple[str, ...] = ()) -> dict[str, list[float]]:
    """Load a page once in a fresh context; return milliseconds of loading, switching layers and typing."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    tab = context.new_page()
    tab.add_init_script(WATCH)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    tab.wait_for_timeout(700)
    found = {"load": [float(tab.evaluate("window.readyAfter"))]}
    found["switch"] = [float(tab.evaluate(switch)) for _ in range(4)]
    if keys:
        tab.wait_for_timeout(100)
        found["outcome"] = [float(tab.evaluate(OTHER)) for _ in range(3)]
        tab.wait_for_timeout(100)
        found["key"] = [float(tab.evaluate(TYPED, text)) for text in keys]
    foreign = [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    if foreign:
        raise RuntimeError(f"the page asked the network: {foreign[:5]}")
    context.close()
    return found


def main() -> None:
    """Print sizes and medians, ours beside folium's."""
    with tempfile.TemporaryDirectory() as temporary:
        given = os.environ.get("PLACEATLAS_BUILD")
        build = Path(given) if given else build_atlas(out=Path(temporary) / "out").out
        pages = build / "atlas.html", folium_page(build, Path(temporary) / "folium.html")
        for name, page in zip(("ours", "folium"), pages, strict=True):
            content = page.read_bytes()
            print(f"{name:7} {len(content):9,} bytes, {len(gzip.compress(content, 9)):9,} gzipped")
        ours: dict[str, list[float]] = {}
        theirs: dict[str, list[float]] = {}
        ratios = []
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for run in range(RUNS + 1):
                one, other = visit(browser, pages[0], SWITCH, KEYS), visit(browser, pages[1], THEIR_SWITCH)
                if run == 0:
                    continue  # the first of each fills the caches of the system
                ratios.append(one["load"][0] / other["load"][0])
                for store, found in ((ours, one), (theirs, other)):
                    for what, times in found.items():
                        store.setdefault(what, []).extend(times)
            browser.close()
        for what, times in ours.items():
            beside = f"folium {statistics.median(theirs[what]):7.1f} ms" if what in theirs else ""
            print(f"{what:8} ours {statistics.median(times):7.1f} ms (longest {max(times):7.1f})   {beside}")
        print(f"load, ours / folium, pair by pair: {statistics.median(ratios):.3f} of {RUNS} pairs")


if __name__ == "__main__":
    main()
