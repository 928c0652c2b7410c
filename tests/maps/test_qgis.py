"""Styles written into a GeoPackage, read back: every area is in one class, drawn with the ground and the hatch of its picture."""

from __future__ import annotations

import dataclasses
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing

import numpy as np
import pandas as pd
import pytest

from boundaries.joined import Average
from geo.errors import MapError
from geo.files import write_geopackage
from maps.kinds import (
    spec_bivariate,
    spec_change,
    spec_choropleth,
    spec_classes,
    spec_interval_width,
    spec_robustness,
    spec_symbols,
    spec_typology,
    spec_uncertainty,
)
from maps.look import palettes
from maps.look.hatches import HATCHES
from maps.qgis.division import NOT_COVERED, divide, group_of, sized_by, text
from maps.qgis.documents import style_document
from maps.spec import Outline
from maps.static.column import hatch_colour
from tests.maps.amounts import as_count

AVERAGE = Average(11.0, "the published figure for England", "published")


@pytest.fixture
def frame(toy_set, toy_joined, toy_result):
    """Return the layer's table: class and value of one outcome, and kinds of place."""
    kinds = types_of(toy_set).to_numpy()
    return toy_set.frame[["code", "name", "nation", "geometry"]].assign(
        **{
            "good-things__2024__value": toy_joined.frame["value"].to_numpy(),
            "good-things__2024__moran_class": toy_result.frame["class"].to_numpy(),
            "coastal": kinds[:, 0],
            "rural": kinds[:, 1],
            "post_industrial": kinds[:, 2],
        }
    )


@pytest.fixture
def package(tmp_path, frame):
    return write_geopackage(frame, tmp_path / "areas.gpkg", "areas")


@pytest.fixture
def table(frame):
    return pd.DataFrame(frame.drop(columns="geometry")).set_index("code", drop=False)


def types_of(areas):
    """Return kinds of place in every combination that has a class of its own."""
    answers = pd.DataFrame("no", index=areas.frame["code"], columns=["coastal", "rural", "post-industrial"])
    answers.iloc[:6, 0] = "yes"
    answers.iloc[4:8, 1] = "yes"
    answers.iloc[5, 2] = "yes"
    answers.iloc[8:11, 2] = "not classified"
    return answers


def rows(path):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(
            "SELECT f_table_name, f_geometry_column, styleName, styleQML, useAsDefault FROM layer_styles ORDER BY id"
        ).fetchall()


def parsed(document):
    return ET.fromstring(document.split("\n", 1)[1])  # noqa: S314 - our own document


def taken(root, table):
    """Return, by code, the numbers of the rules that take an area, as QGIS reads them: SQLite's reading of the same words."""
    renderer = root.find("renderer-v2")
    if renderer.get("type") == "categorizedSymbol":
        tests = [(one.get("symbol"), one.get("value")) for one in renderer.iter("category")]
        column = table[renderer.get("attr")].fillna("")
        known = [value for _, value in tests if value]
        return {
            code: [symbol for symbol, value in tests if value == found or (value == "" and found not in known)]
            for code, found in column.items()
        }
    with closing(sqlite3.connect(":memory:")) as base:
        table.to_sql("areas", base, index=False)
        found = {code: [] for code in table.index}
        for rule in renderer.find("rules"):
            for (code,) in base.execute(f"SELECT code FROM areas WHERE {rule.get('filter')}").fetchall():  # noqa: S608
                found[code].append(rule.get("symbol"))
    return found


def ground_of(symbol):
    layer = next((one for one in symbol.findall("layer") if one.get("class") == "SimpleFill"), None)
    return None if layer is None else colour_of(layer)


def colour_of(layer):
    parts = next(one.get("value") for one in layer.find("Option") if one.get("name") in {"color", "line_color"}).split(
        ","
    )
    return "#" + "".join(f"{int(part):02x}" for part in parts[:3])


def option(layer, name):
    return next(one.get("value") for one in layer.find("Option") if one.get("name") == name)


def check_as_drawn(spec, table, *, over=0):
    """Check that each area is taken by one class and ``over`` further rules, and that its symbol is that of its class."""
    root = parsed(style_document(spec, table))
    symbols = {one.get("name"): one for one in root.find("renderer-v2/symbols")}
    classes = spec.legend_classes()
    for code, numbers in taken(root, table).items():
        drawn = [number for number in numbers if ground_of(symbols[number])]
        assert len(drawn) == 1, (code, numbers)
        assert len(numbers) <= 1 + over
        key = spec.assignment.get(code)
        if key is None:
            assert ground_of(symbols[drawn[0]]) == palettes.LAND
            continue
        symbol, entry = symbols[drawn[0]], classes[key]
        assert ground_of(symbol) == entry.colour
        patterns = [one for one in symbol.findall("layer") if one.get("class").endswith("PatternFill")]
        if not entry.hatch:
            assert patterns == []
            continue
        hatch = HATCHES[entry.hatch]
        assert len(patterns) == (1 if hatch.dots else 1 + bool(hatch.edge) + hatch.cross)
        if hatch.dots:
            assert float(option(patterns[0], "distance_x")) == float(option(patterns[0], "distance_y")) == hatch.step
            assert option(patterns[0].find("symbol/layer"), "size_unit") == "Point"
        else:
            assert float(option(patterns[-1 - hatch.cross], "angle")) == 90 - hatch.turn
            assert float(option(patterns[-1], "distance")) == hatch.step
            assert float(option(patterns[-1], "line_width")) == hatch.thick
        assert colour_of(patterns[-1].find("symbol/layer")) == hatch_colour(entry)
    labels = [one.get("label") for one in root.iter("rule")] or [one.get("label") for one in root.iter("category")]
    for entry in spec.classes:
        assert any(label.startswith(entry.label) and label.endswith(f": {entry.count}") for label in labels)
    return root


def test_classes_are_the_texts_of_their_column(table, toy_joined, toy_result):
    root = check_as_drawn(spec_classes(toy_joined, toy_result), table)
    assert root.find("renderer-v2").get("attr") == "good-things__2024__moran_class"


def test_values_are_ranges_that_hold_their_break_and_areas_without_one_are_drawn(table, toy_joined):
    spec = spec_choropleth(toy_joined)
    root = check_as_drawn(spec, table)
    assert root.find("renderer-v2").get("type") == "RuleRenderer"
    filters = [one.get("filter") for one in root.iter("rule")]
    assert filters[-1] == '"good-things__2024__value" IS NULL'
    assert f'"good-things__2024__value" >= {spec.breaks[-1]!r}' == filters[0]
    at_break = table.assign(**{"good-things__2024__value": spec.breaks[0]})
    assert set(map(tuple, taken(root, at_break).values())) == {(str(len(spec.breaks) - 1),)}


def test_areas_an_outcome_does_not_cover_are_grey_and_not_missing(make_joined, toy_set, frame):
    joined = make_joined(toy_set, np.arange(1.0, len(toy_set) + 1))
    changed = joined.frame.copy()
    island = changed.index[17]
    changed.loc[island, ["value", "status"]] = [np.nan, "not_covered"]
    spec = spec_choropleth(dataclasses.replace(joined, frame=changed))
    assert island not in spec.assignment
    table = pd.DataFrame(frame.drop(columns="geometry")).set_index("code", drop=False)
    table["good-things__2024__value"] = changed["value"]
    root = check_as_drawn(spec, table)
    rules = {one.get("label"): one.get("filter") for one in root.iter("rule")}
    assert rules["Not covered by this outcome: 1"] == "\"nation\" IN ('S')"
    assert rules["No data: 1"].endswith("IS NULL AND NOT (\"nation\" IN ('S'))")
    by_code = check_as_drawn(spec, table.drop(columns="nation"))
    assert any(f"\"code\" IN ('{island}')" in one.get("filter") for one in by_code.iter("rule"))


def test_a_column_of_classes_leaves_uncovered_areas_grey(toy_joined, toy_result, table):
    spec = spec_classes(toy_joined, toy_result)
    column = "good-things__2024__moran_class"
    fewer = {code: key for code, key in spec.assignment.items() if code != table.index[17]}
    classes = tuple(dataclasses.replace(entry, count=list(fewer.values()).count(entry.key)) for entry in spec.classes)
    cut = dataclasses.replace(spec, assignment=fewer, classes=classes)
    division = divide(cut, table.assign(**{column: table[column].mask(table.index == table.index[17], "")}))
    assert division.column == column
    assert (division.rules[-1].entry.key, division.rules[-1].test) == (NOT_COVERED, "")
    check_as_drawn(cut, table.assign(**{column: table[column].mask(table.index == table.index[17])}))


def test_kinds_of_place_are_told_by_three_columns(table, toy_set):
    spec = spec_typology(toy_set, types_of(toy_set))
    root = check_as_drawn(spec, table)
    assert all("code" not in one.get("filter") for one in root.iter("rule"))
    assert any(one.get("filter").startswith("'yes' NOT IN") for one in root.iter("rule"))


def test_what_no_column_holds_is_told_by_code(table, toy_set, toy_joined, toy_result, make_joined):
    rng = np.random.default_rng(3)
    other = make_joined(toy_set, rng.normal(10, 3, len(toy_set)).round(2))
    levels = pd.DataFrame(
        {"class": toy_result.frame["class"].map({"low-low": "core", "no-data": "no-data"}).fillna("none")}
    )
    for spec in (
        spec_bivariate(toy_joined, other),
        spec_change(other, toy_joined),
        spec_robustness(toy_joined, levels),
        spec_uncertainty(toy_joined, AVERAGE),
        spec_interval_width(other),
    ):
        root = check_as_drawn(spec, table)
        assert any('"code" IN' in one.get("filter") for one in root.iter("rule"))


def test_a_column_that_disagrees_with_the_picture_is_not_used(table, toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    column = "good-things__2024__moran_class"
    wrong = table.assign(**{column: table[column].replace("low-high", "high-low")})
    assert divide(spec, wrong).column == ""
    check_as_drawn(spec, wrong)
    values = spec_choropleth(toy_joined)
    check_as_drawn(values, table.assign(**{"good-things__2024__value": 1.0}))


def test_a_hatch_over_colours_is_a_rule_beside_them(table, toy_joined):
    spec = spec_uncertainty(toy_joined, AVERAGE, suppress=False)
    root = check_as_drawn(spec, table, over=1)
    symbols = {one.get("name"): one for one in root.find("renderer-v2/symbols")}
    over = [one for one in root.iter("rule") if ground_of(symbols[one.get("symbol")]) is None]
    assert [one.get("label") for one in over] == [f"Cannot be distinguished from average: {len(spec.overlay)}"]


def test_groups_are_outlined_as_one_and_named_once(table, toy_joined, toy_result):
    codes = list(table.index)
    outlines = (
        Outline("low-1", "Tŷ <Mawr> & O'Brien", (codes[1], codes[0]), "#1d1d1b"),
        Outline("high-1", "", (codes[12], codes[13]), "#1d1d1b"),
    )
    spec = dataclasses.replace(spec_classes(toy_joined, toy_result), kind="labels", outlines=outlines)
    root = check_as_drawn(spec, table, over=1)
    (line,) = (one for one in root.iter("layer") if one.get("class") == "GeometryGenerator")
    assert "buffer(collect($geometry, group_by:=CASE WHEN" in option(line, "geometryModifier")
    widths = [float(option(one, "line_width")) for one in line.findall("symbol/layer")]
    assert widths == [2.2, 1.2]
    (rule,) = (one for one in root.iter("rule") if one.get("label") == "Outlines")
    assert rule.get("filter") == f"\"code\" IN ('{codes[0]}', '{codes[12]}')"
    style = root.find("labeling/settings/text-style")
    assert style.get("fieldName") == f"CASE WHEN \"code\" = '{codes[0]}' THEN 'Tŷ <Mawr> & O''Brien' END"
    assert root.get("labelsEnabled") == "1"
    told = table.assign(
        **{"good-things__2024__cluster": ["low-1", "low-1", *[""] * 10, "high-1", "high-1", *[None] * 8]}
    )
    assert group_of(outlines, told, "good-things") == "coalesce(\"good-things__2024__cluster\", '')"


def test_discs_grow_with_the_values_of_their_column(table, toy_joined):
    spec = spec_symbols(as_count(toy_joined))
    assert sized_by(spec, table) == "good-things__2024__value"
    root = check_as_drawn(spec, table, over=1)
    (mark,) = (
        one
        for one in root.iter("layer")
        if one.get("class") == "SimpleMarker" and one.find("data_defined_properties") is not None
    )
    expressions = [one.get("value") for one in mark.iter("Option") if one.get("name") == "expression"]
    assert expressions == ['24.0 * sqrt("good-things__2024__value" / 22.0)']
    with pytest.raises(MapError, match="discs"):
        style_document(spec, table.drop(columns="good-things__2024__value"))


def test_grounds_come_first_and_lines_of_every_area_after_them(table, toy_joined, toy_result):
    root = parsed(style_document(spec_classes(toy_joined, toy_result), table))
    assert root.find("renderer-v2").get("symbollevels") == "1"
    for symbol in root.find("renderer-v2/symbols"):
        turns = [(one.get("class"), int(one.get("pass"))) for one in symbol.findall("layer")]
        assert all((turn == 0) == (kind != "SimpleLine") for kind, turn in turns)
        line = next(one for one in symbol.findall("layer") if one.get("class") == "SimpleLine")
        assert colour_of(line) == palettes.border_colour(ground_of(symbol), ground_of(symbol))
        assert option(line, "line_width_unit") == "Point"


def test_documents_escape_what_xml_and_expressions_would_read(table, toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    odd = dataclasses.replace(spec.classes[0], label="Tŷ <b> & 'c'")
    document = style_document(dataclasses.replace(spec, classes=(odd, *spec.classes[1:])), table)
    assert next(parsed(document).iter("category")).get("label").startswith("Tŷ <b> & 'c'")
    assert text("O'Brien\\n") == r"'O''Brien\\n'"
