"""The pages in a real browser: cut off from the network, by keyboard alone, small, dark, printed, without scripts."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from maps.spec import LegendClass, Symbol

pytestmark = pytest.mark.browser

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
PAGES = [
    "index.html",
    "method.html",
    "atlas.html",
    "regions/W92000004-wales/index.html",
    "regions/W92000004-wales/income.html",
]
MAP = "atlas.html"

COPY = """
  const canvas = document.querySelector('#map canvas'), copy = document.createElement('canvas');
  copy.width = canvas.width; copy.height = canvas.height;
  const ink = copy.getContext('2d', { willReadFrequently: true });
  ink.drawImage(canvas, 0, 0);
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
"""
COUNT = f"""([colour, slack]) => {{
  {COPY}
  const data = ink.getImageData(0, 0, copy.width, copy.height).data;
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] === 255 && wanted.every((value, part) => Math.abs(data[i + part] - value) <= slack)) count++;
  return count;
}}"""
MIDDLE = f"""(colour) => {{
  {COPY}
  const box = canvas.getBoundingClientRect(), scale = canvas.width / box.width, frame = document.getElementById('map').getBoundingClientRect();
  const same = (x, y) => {{
    const pixel = ink.getImageData((x - box.x) * scale, (y - box.y) * scale, 1, 1).data;
    return wanted.every((value, part) => pixel[part] === value) && pixel[3] === 255;
  }};
  for (let y = frame.y + 60; y < frame.bottom - 20; y += 4)
    for (let x = frame.x + 20; x < frame.right - 20; x += 4)
      if (same(x, y) && same(x - 8, y) && same(x + 8, y) && same(x, y - 8) && same(x, y + 8)) return [x, y];
  return null;
}}"""


def pixels(page, colour, *, slack=0):
    """Count the opaque pixels of the map that have a colour, up to ``slack`` in each of red, green and blue."""
    return page.evaluate(COUNT, [colour, slack])


@contextmanager
def printing(page):
    page.emulate_media(media="print")
    yield
    page.emulate_media(media="screen")


@pytest.mark.parametrize("name", PAGES)
def test_pages_pass_the_audit_light_and_dark_and_scroll_one_way_at_400_per_cent(visit, name):
    page = visit(name)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(AUDIT)
        assert {rule: offenders for rule, offenders in found.items() if offenders} == {}, scheme
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    for width in (360, 320):  # 320 pixels are 1280 at 400 per cent
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        beyond = page.evaluate(
            "(width) => [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('.scroll, .skip, .unseen, #map') "
            "&& e.getBoundingClientRect().right > width + 1).map((e) => e.outerHTML.slice(0, 80))",
            width,
        )
        assert beyond == []


@pytest.mark.parametrize(("options", "least"), [({}, 24), ({"has_touch": True, "is_mobile": True}, 44)])
def test_targets_are_large_enough(visit, options, least):
    page = visit(MAP, viewport={"width": 360, "height": 740}, **options)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    small = page.evaluate(
        "(least) => [...document.querySelectorAll('button, select, summary, input[type=search], input[type=range], .tick, [role=option]')]"
        ".filter((e) => e.checkVisibility()).map((e) => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])"
        ".filter(([, box]) => box.height < least || box.width < 24).map(([text, box]) => `${text} ${box.width}×${box.height}`)",
        least,
    )
    assert small == []


def test_everything_by_keyboard(visit):
    page = visit(MAP)
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.name || document.activeElement.textContent.trim()"
            )
        )
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
        )
        assert outline[0] != "none", stops[-1]
        assert outline[1] >= 2, stops[-1]
        if stops[-1] == "areas":
            break
    assert stops[:6] == ["Skip to the list of areas", "All maps", "outcome", "layer", "part", "map"]
    for stop in ("period", "Zoom in", "East", "Whole map", "hexagons", "names", "search", "order", "areas"):
        assert stop in stops
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#panel-heading") == 'A </script><b>& "B" $x_1$'
    active = page.get_attribute("#areas", "aria-activedescendant")
    assert active == "option-W06000003"
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    assert "£12" in page.inner_text("#status")
    page.keyboard.press("c")
    assert page.inner_text("#panel-heading") == "Caer"
    assert page.inner_text("#panel-welsh") == "Caerdydd"
    page.keyboard.press("End")
    assert page.get_attribute("#areas", "aria-activedescendant") == "option-W06000009"
    page.keyboard.press("Enter")
    assert "zoomed to Place 9" in page.inner_text("#status")
    page.keyboard.press("Home")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("PageUp")
    assert page.get_attribute("#areas", "aria-activedescendant") == "option-W06000003"
    page.focus("#zoom-area")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Clear
    assert page.is_hidden("#panel")
    assert page.evaluate("document.activeElement.id") == "areas"


def test_the_map_moves_without_dragging(visit):
    page = visit(MAP, reduced_motion="reduce")
    place = "document.querySelector('.leaflet-map-pane').style.transform + document.querySelector('#map canvas').style.transform"
    before = page.evaluate(place)
    for name in ("Zoom in", "West", "North", "East", "South", "Zoom out"):
        page.click(f"button:text-is('{name}')")
        page.wait_for_timeout(60)
        after = page.evaluate(place)
        assert after != before, name
        before = after
    assert page.evaluate("document.querySelectorAll('.leaflet-zoom-anim').length") == 0
    page.click("button:text-is('Whole map')")
    page.select_option("#part", label="South")
    assert page.inner_text("#status") == "Map moved to South."
    page.focus("#map")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")


def test_the_interactive_page_is_one_file(visit):
    page = visit(MAP)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_timeout(60)
    assert [url for url in asked if not url.startswith("data:")] == [page.url]


def test_a_switch_of_layers_is_shown_and_said(visit):
    page = visit(MAP)
    assert pixels(page, "#8c510a") == 0
    page.select_option("#layer", label="Clusters")
    page.wait_for_timeout(60)
    assert page.inner_text("#finding") == "Three areas form a low cluster"
    assert page.inner_text("#status") == "The map now shows Clusters. Three areas form a low cluster."
    assert page.is_hidden("#sure")
    assert pixels(page, "#8c510a") > 1000
    assert pixels(page, "#01665e") > 1000
    key = [" ".join(text.split()) for text in page.locator("#key li").all_inner_texts()]
    assert key[0] == "Low among low (low-low) 3 areas"
    assert len(key) == 5
    assert page.title() == "Mean income: Clusters"
    assert page.locator(".place.group").inner_text() == "Low corner"
    assert "layer=clusters" in page.url


def test_the_address_restores_the_view(visit):
    page = visit(MAP, address="#layer=income/clusters&area=W06000002")
    assert page.inner_text("#finding") == "Three areas form a low cluster"
    assert page.inner_text("#panel-heading") == "Caer"
    page.evaluate("location.hash = '#area=W06000013'")
    page.wait_for_timeout(100)
    assert page.inner_text("#panel-heading") == "Island"
    odd = visit(MAP, address="#layer=none&area=<b>")
    assert odd.is_hidden("#panel")
    assert odd.inner_text("#finding") == "Six of 13 areas are above £15"


def test_the_note_beside_the_pointer_stays_and_goes(visit):
    page = visit(MAP, address="#layer=income/clusters")
    x, y = page.evaluate(MIDDLE, "#01665e")
    page.mouse.move(x, y)
    page.mouse.move(x + 1, y)
    tip = page.locator(".tip")
    tip.wait_for(state="visible")
    assert "High among high" in tip.inner_text()
    box = tip.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5, steps=3)
    page.wait_for_timeout(100)
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    page.wait_for_timeout(100)
    assert page.is_visible("#panel")
    assert page.locator("[aria-selected=true]").count() == 1


def test_a_finger_gets_the_note_too(visit):
    page = visit(
        MAP, address="#layer=income/clusters", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page.locator("#map").scroll_into_view_if_needed()
    x, y = page.evaluate(MIDDLE, "#01665e")
    page.touchscreen.tap(x, y)
    page.locator(".tip").wait_for(state="visible")
    assert "High among high" in page.inner_text(".tip")
    assert page.is_visible("#panel")
    box = page.locator("#map").bounding_box()
    page.touchscreen.tap(box["x"] + 5, box["y"] + 5)
    page.wait_for_timeout(500)
    assert page.is_hidden(".tip")
    assert page.is_hidden("#panel")


def test_data_colours_are_the_same_in_the_dark(visit):
    counts = []
    for scheme in ("light", "dark"):
        page = visit(MAP, color_scheme=scheme, address="#layer=income/clusters")
        counts.append([pixels(page, colour) for colour in ("#8c510a", "#01665e", "#efefec", "#e0bd7c")])
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(23, 23, 22)")
    assert counts[0] == counts[1]
    assert min(counts[0]) > 100


def test_classes_differ_without_colour(visit):
    """In greyscale the outlier carries its hatch, and what cannot be tested its dots."""
    page = visit(MAP, address="#layer=income/clusters")
    assert pixels(page, "#1d1d1b") > 30  # hatch over the outlier
    assert pixels(page, "#6f6f69") > 5  # dots over the island
    assert page.locator("#key .hatch-diagonal").count() == 1
    assert page.locator("#key .hatch-dots").count() == 1
    page = visit(MAP)
    assert pixels(page, "#9a9a94", slack=16) > 5  # hatch of no data
    assert pixels(page, "#8c510a") == 0


def test_fine_lines_lie_on_the_ground_of_their_class(visit, country, tmp_path):
    """Of every class, the first too: on the map, in the key and in the list."""
    spec = country.specs[1]
    lined = tuple(
        replace(entry, hatch="lines", hatch_colour="#ff00ff") if entry.key in {"ll", "hh"} else entry
        for entry in spec.classes
    )
    page = visit(country.write(tmp_path / "lined.html", specs=(replace(spec, classes=lined),)))
    for colour in ("#8c510a", "#01665e"):
        assert pixels(page, colour) > 300
    grounds = pixels(page, "#8c510a") + pixels(page, "#01665e")
    assert 0.15 < pixels(page, "#ff00ff", slack=60) / grounds < 0.6
    assert page.locator("#key .hatch-lines").count() == 2
    assert page.locator("#areas .hatch-lines").count() == sum(key in {"ll", "hh"} for key in spec.assignment.values())


def test_patterns_marks_and_tables_are_drawn(visit, country, tmp_path):
    spec = country.specs[0]
    extra = (("Type of place", (LegendClass("coastal", "Coastal", "", 2, "stripes", "", "#a8326e"),)),)
    marks = (Symbol(-3.4, 52.7, 4.0, "#2b7bba", "Town", "Town"),)
    rich = replace(spec, overlay={"W06000001": "coastal", "W06000002": "coastal"}, extra_legends=extra, symbols=marks,
                   tables=(("Highest", (("Place 12", "£21"),)),))  # fmt: skip
    page = visit(country.write(tmp_path / "rich.html", specs=(rich,)))
    assert pixels(page, "#a8326e") > 100
    assert " ".join(page.inner_text("#more-keys").split()) == "Type of place Coastal 2"
    assert "Town" in page.locator(".place").all_inner_texts()
    assert page.locator("#tables caption").all_inner_texts() == ["Highest", "Marks on the map"]
    found = page.evaluate(AUDIT)
    assert {rule: offenders for rule, offenders in found.items() if offenders} == {}


def test_search_key_and_table_work_together(visit):
    page = visit(MAP)
    page.fill("#search", "caerd")
    assert page.locator("#areas li").count() == 1
    assert "Caer / Caerdydd" in page.text_content("#areas")
    assert page.inner_text("#matches") == "1 of 13 areas."
    assert page.get_attribute("#matches", "role") == "status"
    page.press("#search", "Enter")
    assert page.inner_text("#panel-heading") == "Caer"
    page.press("#search", "Escape")
    assert page.locator("#areas li").count() == 13
    page.locator("#key button").nth(1).click()
    assert page.locator("#areas li").count() == 6
    assert page.locator("#key button").nth(1).get_attribute("aria-pressed") == "true"
    page.locator("#key button").nth(1).click()
    page.select_option("#order", "key")
    assert page.locator("#areas li .name").last.text_content().startswith("Island")
    head = page.locator("#table thead button", has_text="Mean income, 2022 (£)")
    head.click()
    column = "[...document.querySelectorAll('#table tbody tr')].map((row) => row.cells[3].textContent)"
    ascending = [f"{value}.5" for value in range(10, 22)]
    assert page.evaluate(column) == [*ascending, ""]
    page.locator("#table thead button", has_text="Mean income, 2022 (£)").click()
    assert page.evaluate(column) == [*reversed(ascending), ""]
    assert page.locator("#table th[aria-sort=descending]").count() == 1
    page.fill("#table-find", "caerd")
    assert page.locator("#table tbody tr").count() == 0
    page.fill("#table-find", "island")
    assert page.inner_text("#table-count") == "1 of 13 areas."


def test_the_page_prints(visit):
    page = visit(MAP, address="#layer=income/clusters&area=W06000002")
    with printing(page):
        assert page.is_hidden("#controls")
        assert page.is_hidden("#areas")
        assert page.is_visible("#map")
        assert page.is_visible("#key")
        assert page.is_visible("#panel-facts")
        assert page.is_visible("#notes")
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF")


def test_without_scripts_words_and_table_remain(visit):
    page = visit(MAP, java_script_enabled=False)
    assert page.is_visible("#finding")
    assert page.is_visible("noscript")
    assert page.is_hidden("#map")
    assert page.locator("#table-box noscript tbody tr").count() == 13
    assert page.locator("#table-box noscript tbody tr").first.is_visible()


def test_the_front_page_finds_areas(visit):
    page = visit("index.html")
    page.fill("#search", "ynys")
    assert page.locator("#hits > li").count() == 1
    assert page.inner_text("#status") == "1 area matches."
    assert "Island / Ynys Môn, South" in page.inner_text("#hits")
    page.fill("#search", "place 1")
    page.locator("#hits a").first.click()
    page.wait_for_timeout(200)
    assert page.inner_text("#panel-heading") == "Place 10"
    page.go_back()
    page.fill("#search", "zzz")
    assert page.inner_text("#status") == "No area matches."
    page.fill("#search", "")
    assert page.locator("#hits > li").count() == 0


def test_a_narrow_screen_gets_a_picture_laid_out_for_it(visit):
    page = visit("index.html", viewport={"width": 360, "height": 740})
    shown = page.evaluate("document.querySelector('.show img').currentSrc")
    assert shown.endswith("maps/income/choropleth-phone.png")
    wide = visit("index.html", viewport={"width": 1280, "height": 900})
    assert wide.evaluate("document.querySelector('.show img').currentSrc").endswith("maps/income/choropleth.png")
