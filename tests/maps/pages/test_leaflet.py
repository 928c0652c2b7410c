"""The offline page: what is written is what was given, once, and nothing is asked of the network."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from boundaries.areas.boundary_set import BoundarySet
from boundaries.areas.loading import load_boundary_set
from geo.crs import UK_EQUAL_AREA
from geo.errors import MapError
from geo.provenance import Source
from maps.leaflet import inlined, outcomes, page, views, write_page
from maps.leaflet.inlined import leaflet_files
from maps.leaflet.notebook import to_folium
from maps.leaflet.places import PageGround
from maps.leaflet.shapes import VERTEX_BUDGET, arc_texts, page_shapes
from maps.spec import LegendClass, MapSpec, Symbol

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def read_arc(text):
    """Decode an arc as the page does: an independent reading of the same rule."""
    numbers, value, shift = [], 0, 0
    for sign in text:
        digit = DIGITS.index(sign)
        value |= (digit & 31) << shift
        shift += 5
        if not digit & 32:
            numbers.append(-(value >> 1) - 1 if value & 1 else value >> 1)
            value = shift = 0
    return np.cumsum(np.array(numbers).reshape(-1, 2), axis=0)


def rebuilt(content, which="shapes"):
    """Put the areas of a page together again, in metres."""
    arcs = [read_arc(text) for text in content["arcs"]]
    grid = content["grid"]

    def ring(numbers):
        runs = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        points = np.concatenate([runs[0], *(run[1:] for run in runs[1:])])
        assert (points[0] == points[-1]).all()
        return points * grid["step"] + [grid["x"], grid["y"]]

    shapes = [[[ring(numbers) for numbers in rings] for rings in shape] for shape in content[which]]
    return [shapely.MultiPolygon([(rings[0], rings[1:]) for rings in shape]) for shape in shapes]


def content_of(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="content">(.*?)</script>', text, re.DOTALL)[1])


def ground_of(path):
    return content_of(path)["grounds"][0]


def layers_in(path):
    return content_of(path)["outcomes"][0]["layers"]


class Outline(HTMLParser):
    """Tags, attributes, and the text of the table."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.rows, self.cell = [], [], None

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self.cell = True
        elif tag not in {"span", "bdi"}:
            self.cell = False

    def handle_endtag(self, tag):
        if tag in {"tr", "table", "tbody", "thead"}:
            self.cell = False

    def handle_data(self, data):
        if self.cell:
            self.rows[-1][-1] += data.strip("\n")


@pytest.fixture(scope="module")
def written(tmp_path_factory, country):
    return country.write(tmp_path_factory.mktemp("page") / "income.html")


points = st.tuples(st.integers(-(2**20), 2**20), st.integers(-(2**20), 2**20))


@given(st.lists(st.lists(points, min_size=1, max_size=12), min_size=1, max_size=5))
def test_arcs_read_back_as_they_were_written(arcs):
    joined = np.array([point for arc in arcs for point in arc], dtype=np.int64)
    offsets = np.cumsum([0, *map(len, arcs)])
    back = [read_arc(text) for text in arc_texts(joined, offsets)]
    assert all((got == np.array(arc)).all() for got, arc in zip(back, arcs, strict=True))


def test_shapes_come_back_within_half_a_cell(country, written):
    back = rebuilt(ground_of(written))
    true = country.boundaries.frame.to_crs(UK_EQUAL_AREA).geometry
    assert len(back) == len(true)
    for got, wanted in zip(back, true, strict=True):
        assert got.is_valid
        assert shapely.hausdorff_distance(got, wanted) <= ground_of(written)["grid"]["step"] / 2**0.5 + 1e-6
    assert len(back[5].geoms[0].interiors) == 1
    assert len(back[6].geoms) == 2


def test_a_border_is_written_once(written):
    content = ground_of(written)
    used = [
        number if number >= 0 else ~number
        for shape in content["shapes"]
        for rings in shape
        for ring in rings
        for number in ring
    ]
    assert max(used.count(number) for number in used) == 2
    land = {
        number if number >= 0 else ~number
        for shape in content["land"]
        for rings in shape
        for ring in rings
        for number in ring
    }
    assert set(used) | land == set(range(len(content["arcs"])))
    assert set(used) & land  # the border with the land around is shared too


def test_layers_hold_the_classes_of_their_specs(country, written):
    ground, layers = ground_of(written), layers_in(written)
    assert [layer["id"] for layer in layers] == ["income/choropleth", "income/clusters"]
    assert [layer["key"] for layer in layers] == ["choropleth", "clusters"]
    assert [layer["answer"] for layer in layers] == ["levels", "pattern"]
    for layer, spec in zip(layers, country.specs, strict=True):
        found = [layer["classes"][views.KEYS.index(sign)]["label"] for sign in layer["assigned"]]
        labels = {entry.key: entry.label for entry in spec.classes}
        assert found == [labels[spec.assignment[code]] for code in ground["codes"]]
        assert [entry["count"] for entry in layer["classes"]] == [found.count(entry.label) for entry in spec.classes]
    assert layers[1]["values"] == 0  # the same values as the first layer: written once
    assert layers[1]["outlines"][0]["areas"] == [0, 1, 4]
    assert ground["approximate"] == {"3": "The shape is approximate: The Newtown Order 2018."}
    assert ground["welsh"]["1"] == "Caerdydd"


def test_the_table_without_scripts_holds_every_area(written):
    outline = Outline()
    outline.feed(written.read_text(encoding="utf-8"))
    head, *rows = outline.rows
    assert head == ["Area", "Code", "Mean income"]
    assert len(rows) == 13
    by_code = {row[1]: row for row in rows}
    assert by_code["W06000003"] == ['A </script><b>& "B" $x_1$', "W06000003", "£12"]
    assert by_code["W06000013"][2] == ""
    assert by_code["W06000002"][0] == "Caer / Caerdydd"
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_the_columns_hold_what_layers_show(written):
    outcome = content_of(written)["outcomes"][0]
    assert [heading for heading, _ in outcome["columns"]] == ["Mean income (£)", "p"]
    shown = {heading: [texts[at] for at in cells] for heading, texts, cells in outcome["classes"]}
    assert {heading: (cells[2], cells[12]) for heading, cells in shown.items()} == {
        "Mean income": ("£10 to £15", "No data"),
        "Local clusters": ("Low among high", "Not testable"),
    }


def test_the_page_names_its_language_and_asks_nothing_of_the_network(written):
    text = written.read_text(encoding="utf-8")
    outline = Outline()
    outline.feed(text)
    assert ("html", {"lang": "en-GB"}) in outline.tags
    for _tag, attributes in outline.tags:
        for name in ("src", "href", "data-src", "srcset", "action"):
            assert not re.match(r"(?:[a-z]+:)?//", attributes.get(name) or "")
    policy = next(
        attributes["content"] for tag, attributes in outline.tags if tag == "meta" and attributes.get("http-equiv")
    )
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "sourceMappingURL" not in text
    assert "url(" not in "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert "BSD 2-Clause License" in text


def test_equal_content_is_equal_bytes(tmp_path, country, written):
    assert country.write(tmp_path / "again.html").read_bytes() == written.read_bytes()


def test_a_hostile_name_cannot_end_the_script(written):
    text = written.read_text(encoding="utf-8")
    assert text.count("</script>") == 2


def test_every_fault_is_named_at_once(tmp_path, country):
    first, second = country.specs
    bad = replace(first, assignment={**first.assignment, "E06000001": "nowhere"})
    with pytest.raises(MapError) as caught:
        country.write(
            tmp_path / "x.html", specs=(bad, bad, second), table=country.table.iloc[1:], columns={"absent": "Absent"}
        )
    message = str(caught.value)
    for part in ("layers of one id: income/choropleth", "E06000001", "nowhere", "W06000001", "absent"):
        assert part in message
    assert not (tmp_path / "x.html").exists()
    with pytest.raises(MapError, match="no layer"):
        country.write(tmp_path / "x.html", specs=())
    many = tuple(LegendClass(str(number), "x", "#ffffff", 0) for number in range(70))
    with pytest.raises(MapError, match="73 classes"):
        country.write(tmp_path / "x.html", specs=(replace(first, classes=(*first.classes, *many)),))


def test_layers_of_one_kind_are_told_apart(country):
    first, second = country.specs
    later = replace(first, id="income/choropleth-2021")
    assert outcomes.layer_names([first, later, second]) == ["Values, latest", "Values, 2021", "Clusters"]
    assert outcomes.layer_names([first, replace(first, id="pay/choropleth")]) == [
        "Values, latest (income/choropleth)",
        "Values, latest (pay/choropleth)",
    ]
    columns = views.class_columns(
        ["W06000001"], [first, replace(later, assignment={}), second], ["Values, latest", "Values, 2021", "Clusters"]
    )
    assert columns == {
        "Mean income (values, latest)": ["£10 to £15"],
        "Mean income (values, 2021)": [""],
        "Local clusters": ["Low among low"],
    }


def test_patterns_marks_tables_and_panels_reach_the_page(tmp_path, country):
    spec = country.specs[0]
    extra = (("Type", (LegendClass("coastal", "Coastal", "", 2, "back", "", "#2b7bba"),)),)
    marks = (Symbol(-4.0, 55.0, 1.0, "#a8326e", "Small"), Symbol(-4.0, 55.5, 4.0, "#a8326e", "Large", "Large town"))
    rich = replace(spec, overlay={"W06000001": "coastal", "W06000002": "coastal"}, extra_legends=extra, symbols=marks, symbol_unit="people",
                   tables=(("Highest", (("Place 12", "£21"),)),))  # fmt: skip
    half = {code: key for code, key in spec.assignment.items() if key == "low"}
    panels = replace(spec, id="income/multiples", kind="multiples", panels=(("2021", half), ("2022", spec.assignment)))
    path = country.write(tmp_path / "rich.html", specs=(rich, panels))
    layer, before, after = layers_in(path)
    assert layer["overlaid"] == "00" + "." * 11
    assert layer["more"] == [
        {
            "title": "Type",
            "classes": [
                {
                    "key": "coastal",
                    "label": "Coastal",
                    "colour": "",
                    "count": 2,
                    "hatch": "back",
                    "ink": "#2b7bba",
                    "note": "",
                }
            ],
        }
    ]
    assert [(mark["label"], mark["x"], mark["radius"]) for mark in layer["symbols"]] == [
        ("Large", 0, 16.0),
        ("Small", 0, 8.0),
    ]
    assert layer["tables"] == [
        ["Highest", [["Place 12", "£21"]]],
        ["Marks on the map", [["Large town", "4\xa0people"], ["Small", "1\xa0people"]]],
    ]
    assert (before["id"], before["name"], before["subtitle"]) == (
        "income/multiples-2021",
        "Side by side, 2021",
        "2021. Mean income, £, 2022; 13 areas of 11 September 2024",
    )
    assert [entry["count"] for entry in before["classes"]] == [6, 0, 0]
    assert after["assigned"] == layer["assigned"]
    classes = content_of(path)["outcomes"][0]["classes"]
    assert [heading for heading, *_ in classes] == ["Mean income (values)", "Type", "Mean income (side by side, 2021)"]
    stray = replace(rich, overlay={"W06000001": "rural"})
    with pytest.raises(MapError, match="overlay 'rural' has no legend"):
        country.write(tmp_path / "x.html", specs=(stray,))


def test_lines_said_below_the_map_are_not_said_again(tmp_path, country):
    shown = (Source("Squares", attribution=("Contains squares", "Contains income.")),)
    specs = [replace(spec, sources=shown) for spec in country.specs]
    others = (
        Source("Others", attribution=("Contains squares.", "Contains more", "Contains more 2011.", "Contains more.")),
    )
    text = country.write(tmp_path / "x.html", specs=specs, sources=others).read_text(encoding="utf-8")
    foot = text[text.index("<footer>") :].partition("</footer>")[0]
    assert re.findall(r"<p>(Contains [^<]*)</p>", foot) == [
        "Contains squares. Contains income.",
        "Contains more.",
        "Contains more 2011.",
    ]


def test_a_page_of_one_area_without_land_or_home(tmp_path, country):
    frame = country.boundaries.frame.iloc[[0]].drop(columns=["region_name", "name_cy"])
    spec = country.specs[0]
    counted = tuple(replace(entry, count=int(entry.key == "low")) for entry in spec.classes)
    one = replace(spec, assignment={"W06000001": "low"}, classes=counted, values={}, region="Caer")
    path = country.write(
        tmp_path / "one.html",
        boundaries=replace(country.boundaries, frame=frame, approximate={}),
        specs=(one,),
        neighbours=None,
        home="",
    )
    content = content_of(path)
    assert content["grounds"][0]["land"] == []
    assert content["outcomes"][0]["layers"][0]["region"] == "Caer"
    assert "All maps" not in path.read_text(encoding="utf-8")


def test_many_layers_have_a_name_each(tmp_path, country):
    specs = [replace(country.specs[0], id=f"income/choropleth-{year}") for year in range(2010, 2020)]
    layers = layers_in(country.write(tmp_path / "many.html", specs=specs))
    assert [layer["name"] for layer in layers] == [f"Values, {year}" for year in range(2010, 2020)]
    assert [layer["key"] for layer in layers] == [f"choropleth-{year}" for year in range(2010, 2020)]


@pytest.mark.parametrize(("side", "step"), [(100, 1), (60_000, 2), (300_000, 10), (1_300_000, 50)])
def test_the_grid_follows_the_extent(side, step):
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, side, side)], crs=UK_EQUAL_AREA)
    shapes = page_shapes(frame, None)
    assert shapes.content["grid"]["step"] == step
    assert rebuilt(shapes.content)[0].area == pytest.approx(side**2, rel=0.05)


def test_shapes_beyond_the_budget_are_generalised_together():
    angles = np.linspace(0, np.pi, VERTEX_BUDGET)
    wavy = np.column_stack([np.linspace(0, 100_000, len(angles)), 300_000 + 30 * np.sin(angles * 2_000)])
    south = shapely.Polygon([*wavy, (100_000, 250_000), (0, 250_000)])
    north = shapely.Polygon([*wavy, (100_000, 350_000), (0, 350_000)])
    frame = gpd.GeoDataFrame(geometry=[south, north], crs="EPSG:27700")
    shapes = page_shapes(frame, None)
    assert shapes.tolerance_m == 50
    ground = PageGround(BoundarySet("x", dt.date(2024, 1, 1), frame, ()), shapes)
    assert "tolerance 50 m" in " ".join(page._shape_lines([ground]))
    back = rebuilt(shapes.content)
    assert shapely.coverage_is_valid(back)
    assert (
        len(
            {number if number >= 0 else ~number for s in shapes.content["shapes"] for r in s for k in r for number in k}
        )
        == 3
    )


def test_361_areas_and_six_layers_stay_small(tmp_path, record_property):
    boundaries = load_boundary_set("LAD", dt.date(2024, 9, 11))
    codes = list(boundaries.frame["code"])
    # 361 = 7 × 51 + 4, and no step shares a factor with 7: classes 0, step, 2 step and 3 step have one area more.
    specs = [
        MapSpec(f"pay/{kind}", kind, "pay", f"{kind} of pay in 361 areas", "Median pay", "How sure", f"Classes of {kind}",
                tuple(LegendClass(f"c{number}", f"Class number {number}", "#78b9b4", 51 + (number in [place * step % 7 for place in range(4)])) for number in range(7)),
                {code: f"c{(position * step) % 7}" for position, code in enumerate(codes)},
                values={code: f"£{20_000 + position * 37} (19 000 to 28 000)" for position, code in enumerate(codes)})
        for step, kind in enumerate(("choropleth", "clusters", "hotspots", "robustness", "uncertainty", "typology"), start=1)
    ]  # fmt: skip
    table = pd.DataFrame(dict.fromkeys("abcd", "£20 037 (19 000 to 28 000)"), index=codes)
    path = tmp_path / "pay.html"
    write_page(path, title="Pay", boundaries=boundaries, specs=specs, table=table, columns={name: f"Column {name}" for name in "abcd"},
               neighbours=None, sources=(), report_to="")  # fmt: skip
    size = path.stat().st_size
    record_property("bytes_of_page_with_361_areas_and_6_layers", size)
    assert size <= 600_000
    assert len(rebuilt(ground_of(path))) == 361


def test_leaflet_stands_alone():
    script, style = leaflet_files()
    assert "Leaflet 1.9" in script
    assert "url(" not in style
    assert ".leaflet-container" in style


def test_a_package_without_leaflet_is_named(monkeypatch, tmp_path):
    class Elsewhere:
        def locate_file(self, _path):
            return tmp_path

    leaflet_files.cache_clear()
    monkeypatch.setattr(inlined.metadata, "distribution", lambda _name: Elsewhere())
    with pytest.raises(MapError, match="reinstall it"):
        leaflet_files()
    (tmp_path / "leaflet.js").write_text("'</script>'", encoding="utf-8")
    (tmp_path / "leaflet.css").write_text(".a {}", encoding="utf-8")
    with pytest.raises(MapError, match="cannot stand inside a page"):
        leaflet_files()
    leaflet_files.cache_clear()


def test_folium_draws_the_same_colours(country):
    drawn = to_folium(country.specs[1], country.boundaries)
    html = drawn.get_root().render()
    for entry in country.specs[1].classes:
        assert entry.colour in html
    assert "Low among high" in html
