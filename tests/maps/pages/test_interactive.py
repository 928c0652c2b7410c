"""The interactive page in a real browser: what an address restores, what is compared, searched, taken away, touched."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from defusedxml import ElementTree

from maps.site import png_size
from tests.maps.pages.test_browser import AUDIT, MAP, MIDDLE, pixels, printing

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

INDEX = {
    "places": [["W06000002", "Caer", "Caerdydd", "North", ["Chester"]], ["W06000004", "St. Helens", "", "North", []]],
    "former": [["Allerdale", "E07000026", "1 April 2023", [0]], ["Caer", "W06000099", "1 April 2015", [0]]],
    "postcodes": {"LL1": [1]},
    "whose": "a table of tests",
}


def taken(page, kind, tmp_path: Path) -> Path:
    with page.expect_download() as waiting:
        page.click(f"[data-take={kind}]")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def counts(page):
    return [int(text.split()[0]) for text in page.locator("#key .count").all_inner_texts()]


RESTORED = {
    "#outcome=income&layer=clusters": ("#finding", "Three areas form a low cluster"),
    "#outcome=boys": ("#outcome", "Score"),
    "#outcome=income&period=2020": ("#finding", "Mean income, 2020"),
    "#outcome=income&area=W06000002": ("#panel-heading", "Caer"),
    "#outcome=income&area=W06000002&compare=W06000002,W06000004": ("#compared-heading", "Areas compared"),
    "#outcome=income&class=class-1": ("#key [aria-pressed=true] bdi", "£10 to £15"),
    "#outcome=income&in=E12000001&colours=region": ("#finding", "Mean income in North, 2022"),
    "#outcome=income&find=caerd": ("#matches", "1 of 13 areas."),
    "#outcome=income&order=key": ("#areas li:last-child .name", "Island / Ynys Môn"),
    "#outcome=income&sort=value-down": ("#table tbody tr:first-child th", "Place 12"),
    "#outcome=income&filter=newtown": ("#table-count", "1 of 13 areas."),
}


@pytest.mark.parametrize("address", RESTORED)
def test_an_address_restores_its_state_and_is_written_again(visit, address):
    selector, words = RESTORED[address]
    page = visit(MAP, address=address)
    found = page.locator(selector).first
    shown = found.evaluate("(e) => (e.tagName === 'SELECT' ? e.selectedOptions[0] : e).textContent")
    assert shown == words
    page.evaluate("document.querySelector('[data-take=link]').click()")
    page.wait_for_timeout(100)
    for part in address.lstrip("#").split("&"):
        assert part in page.url


def test_a_moved_map_hexagons_and_names_come_back_by_the_link(visit):
    page = visit(MAP, reduced_motion="reduce")
    page.wait_for_timeout(450)
    page.click("button:text-is('Zoom in')")
    page.check("#hexagons")
    page.uncheck("#names")
    page.wait_for_timeout(450)
    assert page.locator(".place").count() == 0
    page.click("button:text-is('West')")
    page.wait_for_timeout(450)
    page.evaluate("document.querySelector('[data-take=link]').click()")
    assert page.input_value("#taken") == page.url
    again = visit(MAP, address=page.url[page.url.index("#") :], reduced_motion="reduce")
    assert again.is_checked("#hexagons")
    assert not again.is_checked("#names")
    place = "[...document.querySelectorAll('#map canvas')].map((c) => c.style.transform + c.width).join()"
    assert re.search(r"at=[-\d.]+,[-\d.]+,[-\d.]+", again.url)
    assert again.evaluate(place) == page.evaluate(place)


def test_back_goes_through_what_was_chosen(visit):
    page = visit(MAP)
    page.select_option("#layer", label="Clusters")
    page.select_option("#outcome", label="Score")
    assert page.is_visible("#group")
    page.select_option("#group", label="Boys")
    assert "outcome=boys&layer=clusters" in page.url
    page.go_back()
    assert page.input_value("#group") == "1"
    page.go_back()
    assert page.input_value("#outcome") == "0"
    assert page.input_value("#layer") == "1"
    assert page.is_hidden("#group")


def test_the_slider_tells_the_period_and_keeps_the_classes(visit):
    page = visit(MAP)
    assert counts(page) == [6, 6, 1]
    page.focus("#period")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#status") == "2021. The map shows Values."
    assert page.get_attribute("#period", "aria-valuetext") == "2021"
    assert counts(page) == [7, 5, 1]  # £16 and more: one area fewer, for every figure is £1 lower
    assert "The classes are those of 2022" in page.inner_text("#notes")
    page.click("#period-before")
    assert page.is_disabled("#period-before")
    assert counts(page) == [8, 4, 1]
    assert "£8.50 (£7.00 to £10.00)" in page.locator("#areas .value").all_text_contents()
    page.select_option("#layer", label="Clusters")
    assert page.is_hidden("#period-box")


def test_a_region_has_colours_of_its_own_and_the_whole_stays(visit):
    page = visit(MAP)
    page.select_option("#part", label="North")
    assert page.inner_text("#status") == "Map moved to North."
    assert page.locator("#benchmarks li").all_inner_texts() == [
        "£15.25: the published figure for the small country",
        "£13.50: the published figure for North",
    ]
    page.select_option("#colours", label="For this nation or region")
    assert counts(page) == [3, 3, 0]
    assert "alone" in page.inner_text("#notes")
    assert page.locator("#areas .value", has_text="£21.50").count() == 1
    page.select_option("#part", label="Whole map")
    assert page.is_hidden("#colours")
    assert counts(page) == [6, 6, 1]


def test_the_panel_says_value_interval_chance_band_history_and_neighbours(visit):
    page = visit(MAP, address="#area=W06000001")
    terms = page.locator("#panel-facts dt").all_inner_texts()
    facts = dict(zip(terms, page.locator("#panel-facts dd").all_inner_texts(), strict=True))
    assert facts["Mean income, 2022"] == "£10.50 (£9.00 to £12.00)"
    assert facts["Gap to Small country"] == "−£4.75"
    assert facts["Probability of being below the average"] == "more than 99%"
    assert facts["Band"] == "Low band"
    assert facts["Kinds of place"] == "Coastal"
    bar = page.get_attribute("#panel-bar svg", "aria-label")
    assert bar == "£10.50 (£9.00 to £12.00); Small country £15.25; North £13.50"
    line = page.get_attribute("#panel-line svg", "aria-label")
    assert line == "Mean income. Llanfair: 2020 £8.50, 2022 £10.50."
    assert page.get_attribute("#panel-page", "href") == "areas/W06000001.html"
    assert page.locator("#panel-alike-list bdi").all_text_contents() == ["Place 5", "£14", "Place 6", "£15"]
    page.click("#panel-near summary")
    page.click("#panel-near-list button")
    assert page.inner_text("#panel-heading") == "Caer"
    assert page.is_hidden("#panel-page")


def test_four_areas_are_compared_and_no_more(visit):
    page = visit(MAP)
    for number in range(1, 6):
        page.evaluate(f"document.getElementById('option-W0600000{number}').click()")
        if number < 5:
            page.click("#compare-area")
    assert page.is_disabled("#compare-area")
    heads = page.locator("#compared-table th[scope=col] bdi").all_inner_texts()
    assert heads == ["Llanfair", "Caer", 'A </script><b>& "B" $x_1$', "Newtown, East"]
    rows = page.locator("#compared-table tbody tr").all_inner_texts()
    assert rows[0].split("\t")[:3] == ["Mean income, 2022", "£10.50 (£9.00 to £12.00)", "£11.50 (£10.00 to £13.00)"]
    assert page.locator("#compared-chart .value-line").count() == 8  # of each area its line, and its sample in the key
    page.click("#compared button >> nth=0")
    assert page.locator("#compared-table th[scope=col]").count() == 3
    assert page.inner_text("#status") == "Llanfair is no longer compared; 3 areas are left."
    assert "compare=W06000002,W06000003,W06000004" in page.url


def test_pictures_and_tables_are_read_back(visit, tmp_path):
    page = visit(MAP, address="#layer=clusters&area=W06000002")
    page.evaluate("document.getElementById('table-box').open = true")
    picture = taken(page, "svg", tmp_path)
    assert picture.name == "income-clusters.svg"
    tree = ElementTree.parse(picture)
    texts = [element.text for element in tree.iter() if element.tag.endswith("}text")]
    for words in ("Three areas form a low cluster", "Local clusters", "Low among high", "Low corner"):
        assert any(words in text for text in texts), words
    assert any(text.startswith("Source: Squares") for text in texts)
    assert len(tree.findall(".//{http://www.w3.org/2000/svg}pattern")) == 4  # two hatches, on the map and in the legend
    width, height = (int(tree.getroot().get(side)) for side in ("width", "height"))
    shown = taken(page, "png", tmp_path)
    assert png_size(shown) == (2 * width, 2 * height)
    rows = list(csv.reader(io.StringIO(taken(page, "csv", tmp_path).read_text(encoding="utf-8-sig"))))
    table = page.evaluate(
        "[...document.querySelectorAll('#table tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    plain = [[cell.replace("−", "-") for cell in row] for row in table]
    for row in plain[1:]:
        row[0] = row[0].split(" / ")[0]
    assert rows == plain
    assert len(rows) == 14


def test_a_cell_that_a_spreadsheet_would_run_is_marked(visit, country, tmp_path):
    names = list(country.boundaries.frame["name"])
    frame = country.boundaries.frame.assign(name=["=HYPERLINK(1)", "+1", "@x", "-x", *names[4:]])
    hostile = replace(country, boundaries=replace(country.boundaries, frame=frame))
    page = visit(hostile.atlas(tmp_path / "atlas.html"))
    rows = list(csv.reader(io.StringIO(taken(page, "csv", tmp_path).read_text(encoding="utf-8-sig"))))
    assert {"'=HYPERLINK(1)", "'+1", "'@x", "'-x"} <= {row[0] for row in rows}


def test_places_are_found_by_every_name(visit, country, tmp_path):
    frame = country.boundaries.frame.assign(
        name=[{"Newtown, East": "St. Helens"}.get(name, name) for name in country.boundaries.frame["name"]]
    )
    own = replace(country, boundaries=replace(country.boundaries, frame=frame))
    page = visit(own.atlas(tmp_path / "atlas.html", search=INDEX))
    found = {}
    for words in (
        "st helens",
        "Saint Helens",
        "w06000004",
        "chester",
        "CAERDYDD",
        "Allerdale",
        "W06000099",
        "Hellens",
        "ll1 2ab",
        "zz9",
    ):
        page.fill("#search", words)
        listed = page.locator("#areas .name").all_text_contents()
        found[words] = (listed, " ".join(page.inner_text("#search-more").split()))
    helens, caer = ["St. Helens"], ["Caer / Caerdydd"]
    assert {words: found[words][0] for words in ("st helens", "Saint Helens", "w06000004", "ll1 2ab")} == dict.fromkeys(
        ("st helens", "Saint Helens", "w06000004", "ll1 2ab"), helens
    )
    assert [found[words][0] for words in ("chester", "CAERDYDD", "Allerdale", "W06000099")] == [caer] * 4
    assert found["Allerdale"][1] == "Allerdale (E07000026) is part of Caer since 1 April 2023. Caer"
    assert found["W06000099"][1].startswith("Caer had the code W06000099 until 1 April 2015.")
    assert found["Hellens"] == ([], "Nothing is called that. Did you mean: St. Helens")
    assert found["ll1 2ab"][1] == "LL1: the areas that this postcode lies in, as a table of tests has it."
    assert found["zz9"] == ([], "ZZ9 is not among the postcodes of a table of tests.")
    page.fill("#search", "Hellens")
    assert "Did you mean: St. Helens" in page.inner_text("#matches")  # what is announced is all that is shown
    page.click("#search-more button")
    assert page.inner_text("#panel-heading") == "St. Helens"


def test_the_page_works_inside_a_frame(visit, tmp_path):
    page = visit(MAP, address="#layer=clusters&area=W06000002")
    page.click("[data-take=frame]")
    snippet = page.input_value("#taken")
    assert "?embed#" in snippet
    assert 'title="Small atlas: Three areas form a low cluster"' in snippet
    host = tmp_path / "host.html"
    host.write_text(f'<!doctype html><title>Host</title><div style="width:420px">{snippet}</div>', encoding="utf-8")
    outer = visit(host)
    frame = next(one for one in outer.frames if "atlas.html" in one.url)
    frame.wait_for_selector("#key li")
    assert frame.inner_text("#finding") == "Three areas form a low cluster"
    assert frame.inner_text("#panel-heading") == "Caer"
    assert not frame.is_visible("#table-heading")
    assert not frame.is_visible("nav.trail")
    assert frame.is_visible("#whole-page")
    assert frame.evaluate("document.documentElement.scrollWidth") <= 420
    frame.select_option("#layer", label="Values")
    assert frame.inner_text("#finding") == "Six of 13 areas are above £15"
    found = frame.evaluate(AUDIT)
    assert {rule: offenders for rule, offenders in found.items() if offenders and rule != "landmarks"} == {}


def hand(page):
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        touches = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    return touch


def test_one_finger_passes_over_the_map_and_two_move_it(visit):
    page = visit(MAP, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    box = page.locator("#map").bounding_box()
    assert box["y"] < 370, "the map is on the first screen"
    page.wait_for_timeout(450)
    x, y = box["x"] + 150, box["y"] + 200
    touch = hand(page)
    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x, y - 20 * step))
    page.wait_for_timeout(60)
    assert page.is_visible("#map-hint")
    touch("touchEnd")
    page.wait_for_timeout(200)
    assert page.evaluate("scrollY") > 60
    assert "at=" not in page.url
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(60)
    touch("touchStart", (x, y), (x + 60, y))
    for step in range(1, 9):
        touch("touchMove", (x, y + 8 * step), (x + 60, y + 8 * step))
        page.wait_for_timeout(20)
    touch("touchEnd")
    page.wait_for_timeout(400)
    assert page.evaluate("scrollY") == 0
    assert re.search(r"at=[-\d.]+,[-\d.]+,[-\d.]+", page.url), "the map has moved"


def test_a_tap_is_answered_where_the_thumb_is(visit):
    page = visit(MAP, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.touchscreen.tap(*page.evaluate(MIDDLE, "#0b4f5c"))
    page.wait_for_timeout(200)
    panel = page.locator("#panel").bounding_box()
    assert panel["y"] + panel["height"] == pytest.approx(740, abs=1)
    assert panel["height"] <= 0.43 * 740
    page.tap("#clear-area")
    assert page.is_hidden("#panel")


def test_long_and_turned_names_stay_in_their_places(visit, country, tmp_path):
    names = list(country.boundaries.frame["name"])
    frame = country.boundaries.frame.assign(name=["L" * 220, "\u202eabc\u2066", *names[2:]])
    own = replace(country, boundaries=replace(country.boundaries, frame=frame))
    page = visit(
        own.atlas(tmp_path / "atlas.html"),
        address="#area=W06000001&compare=W06000001,W06000002",
        viewport={"width": 360, "height": 740},
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#panel-heading bdi").inner_text() == "L" * 220
    assert page.locator("#areas bdi").count() >= 13
    assert page.evaluate("[...document.querySelectorAll('#areas .name')].every((e) => e.querySelector('bdi'))")


def test_a_pressed_class_is_seen_in_forced_colours(visit):
    page = visit(MAP, forced_colors="active", address="#class=class-1")
    width = "(e) => getComputedStyle(e).outlineStyle === 'none' ? 0 : parseFloat(getComputedStyle(e).outlineWidth)"
    pressed, other = page.locator("#key button").all()[:2]
    assert pressed.evaluate(width) >= 2
    assert other.evaluate(width) == 0
    assert pixels(page, "#edf4f2") > 1000, "data keep their colours"


def test_print_opens_what_is_folded(visit):
    page = visit(MAP, address="#area=W06000001")
    page.evaluate("document.getElementById('table-box').open = false")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    with printing(page):
        assert page.locator("#table tbody tr").count() == 13
        assert page.is_visible("#description")
        assert page.is_visible("#panel-line table")
        assert page.is_hidden("#taken")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_a_journey_by_keyboard_alone(visit):
    """Find a place, read how sure its figure is, compare it, copy the link, come back by it."""
    page = visit(MAP)
    page.focus("#search")
    page.keyboard.type("llanf")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel-heading") == "Llanfair"
    assert "£10.50 (£9.00 to £12.00)" in page.inner_text("#status") + page.inner_text("#panel-facts")
    page.focus("#compare-area")
    page.keyboard.press("Enter")
    page.focus("#search")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert page.inner_text("#panel-heading") == "Place 9"
    page.focus("#compare-area")
    page.keyboard.press("Enter")
    page.focus("[data-take=link]")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    link = page.input_value("#taken")
    again = visit(MAP, address=link[link.index("#") :])
    assert again.locator("#compared-table th[scope=col] bdi").all_inner_texts() == ["Llanfair", "Place 9"]
    assert again.inner_text("#panel-heading") == "Place 9"


def test_the_front_page_searches_as_the_map_does(visit, make_site, tmp_path):
    index, _ = make_site(tmp_path / "site", search=INDEX)
    page = visit(index)
    found = {}
    for words in ("allerdale", "chester", "Hellens"):
        page.fill("#search", words)
        found[words] = (page.inner_text("#status"), page.locator("#hits > li").count())
    assert found["allerdale"] == ("1 area matches. Allerdale (E07000026) is part of Caer since 1 April 2023.", 1)
    assert found["chester"] == ("1 area matches.", 1)
    assert found["Hellens"][0] == "No area matches. Nothing is called that. Did you mean: St. Helens"
    page.fill("#search", "allerdale")
    page.locator("#hits a", has_text="Mean income").click()
    page.wait_for_timeout(200)
    assert page.inner_text("#panel-heading") == "Caer"
