"""What colours say is said again by texture: any two classes of a legend are told apart in grey and by every eye."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from boundaries.joined import Average
from maps.cartogram import hex_layout, hex_spec
from maps.kinds import (
    spec_bivariate,
    spec_change,
    spec_choropleth,
    spec_classes,
    spec_interval_width,
    spec_multiples,
    spec_robustness,
    spec_symbols,
    spec_typology,
    spec_uncertainty,
)
from maps.kinds.lisa import class_table
from maps.look import palettes
from maps.look.hatches import HATCHES
from maps.look.texture import GREY_APART, LINE_STEP, OVERLAPS, TYPES, UNFAVOURABLE, textured, told_apart
from maps.qgis.symbols import add_area
from maps.rendering import template_text
from maps.spec import LegendClass
from maps.static import draw, page_bytes
from maps.static.drawing import page_of
from tests.maps.amounts import as_count
from tests.maps.colour_measures import lightness

DEFICIENCIES = (None, "protan", "deutan", "tritan")
AVERAGE = Average(10.0, "the published figure for England", "published")


@pytest.fixture(scope="module")
def every_kind(toy_joined, toy_result, toy_set, make_joined):
    """Return a spec of every kind, in both directions and every number of classes up to seven."""
    codes = toy_set.frame["code"]
    frame = toy_joined.frame
    after = dataclasses.replace(
        toy_joined, period="2025", frame=frame.assign(value=frame["value"] + np.linspace(-3, 3, 22))
    )
    other = dataclasses.replace(
        toy_joined,
        frame=frame.assign(value=np.random.default_rng(1).permutation(frame["value"].to_numpy())),
        meta=dataclasses.replace(toy_joined.meta, id="b", title="Other things"),
    )
    answers = pd.DataFrame(list(itertools.product(["yes", "no"], repeat=3)) * 3, columns=[*TYPES]).iloc[:22]
    answers.iloc[21] = "not classified"
    levels = pd.DataFrame({"class": ["core", "probable", "no-data", "none", "not-testable", "contested"] * 4}).iloc[:22]
    found = [
        spec_typology(toy_set, answers.set_axis(codes)),
        spec_robustness(toy_joined, levels.set_axis(codes)),
        spec_bivariate(toy_joined, other),
        spec_interval_width(dataclasses.replace(toy_joined, frame=frame.assign(upper=frame["upper"] * 1.5))),
        spec_symbols(as_count(toy_joined)),
        spec_symbols(as_count(toy_joined), other),
        spec_multiples([toy_joined, after], centre=10.0),
        spec_change(toy_joined, after),
        hex_spec(spec_choropleth(toy_joined, centre=10.0), hex_layout(toy_set)),
    ]
    for favourable in ("high", "low", "none"):
        joined = make_joined(toy_set, np.arange(1.0, 23.0), favourable=favourable)
        found += [spec_choropleth(joined, k=k) for k in range(2, 8)]
        found += [spec_choropleth(joined, k=k, centre=10.0) for k in range(2, 8)]
        found += [spec_classes(joined, toy_result)]
        found += [spec_uncertainty(joined, AVERAGE, suppress=suppress) for suppress in (True, False)]
        gi = toy_result.frame.replace({"low-low": "low", "high-high": "high", "low-high": "low", "high-low": "high"})
        found.append(spec_classes(joined, dataclasses.replace(toy_result, frame=gi), statistic="gi"))
    return found


@pytest.mark.parametrize("deficiency", DEFICIENCIES, ids=lambda one: one or "grey")
def test_any_two_classes_of_any_legend_are_told_apart(every_kind, deficiency):
    alike = [
        (spec.id, first.key, second.key)
        for spec in every_kind
        for entries in (spec.classes, *(entries for _, entries in spec.extra_legends))
        for first, second in itertools.combinations(entries, 2)
        if not told_apart(first, second, deficiency=deficiency)
    ]
    assert alike == []


def test_a_hatch_over_fills_is_none_that_a_fill_carries(every_kind):
    overlaid = [spec for spec in every_kind if spec.overlay]
    assert overlaid
    for spec in overlaid:
        over = {entry.hatch for _, entries in spec.extra_legends for entry in entries}
        assert not over & {entry.hatch for entry in spec.classes}


def test_without_texture_brown_and_teal_are_one_grey():
    brown, teal = (LegendClass(name, name, palettes.CLUSTERS[name], 1) for name in ("unfavourable", "favourable"))
    assert not told_apart(brown, teal)
    assert told_apart(textured(brown, UNFAVOURABLE), teal)
    assert told_apart(brown, teal, deficiency="deutan")


def test_every_eye_is_asked_about_colours_of_one_hatch():
    # a red and a green that a protanope sees alike
    red, green = (LegendClass(colour, colour, colour, 1) for colour in ("#a34a3a", "#6e6a35"))
    assert told_apart(red, green, deficiency="tritan")
    assert not told_apart(red, green, deficiency="deutan") or not told_apart(red, green, deficiency="protan")


@pytest.mark.parametrize(("favourable", "lined"), [("high", "low-low"), ("low", "high-high"), ("none", "low-low")])
def test_the_unfavourable_cluster_alone_carries_fine_lines(favourable, lined):
    hatches = {key: hatch for key, (_, _, hatch) in class_table(favourable, "moran").items()}
    assert [key for key, hatch in hatches.items() if hatch == UNFAVOURABLE] == [lined]
    assert sorted(hatch for hatch in hatches.values() if hatch) == ["back", "diagonal", "lines"]


@pytest.mark.parametrize(
    ("favourable", "lined"),
    [("high", ["class-2", "class-1"]), ("low", ["class-5", "class-4"]), ("none", ["class-2", "class-1"])],
)
def test_the_unfavourable_side_of_a_centre_is_lined_and_nothing_else(toy_set, make_joined, favourable, lined):
    joined = make_joined(toy_set, np.arange(1.0, 23.0), favourable=favourable)
    diverging = spec_choropleth(joined, centre=11.0)
    assert [entry.key for entry in diverging.classes if entry.hatch == UNFAVOURABLE] == lined
    assert [entry.hatch for entry in spec_choropleth(joined).classes] == [""] * 5 + ["diagonal"]


def test_lines_are_a_shade_of_their_fill():
    for fill in (*palettes.DIVERGING_5[:2], *palettes.DIVERGING_7[:3], palettes.CLUSTERS["unfavourable"]):
        entry = textured(LegendClass("a", "a", fill, 1), UNFAVOURABLE)
        step = abs(np.diff(lightness([fill, entry.hatch_colour]))[0])
        assert GREY_APART * 2 <= step <= LINE_STEP + 0.5
        hue, own = (np.arctan2(*palettes.lab([colour])[0, 1:]) for colour in (fill, entry.hatch_colour))
        assert entry.hatch_colour == "#ffffff" or abs(hue - own) < 0.12


def test_every_overlap_of_types_has_stripes_of_its_own():
    assert len(set(OVERLAPS.values())) == 3
    assert all(HATCHES[hatch].edge for hatch in OVERLAPS.values())
    assert len(set(TYPES.values())) == 3


def test_svg_defines_each_pattern_once_and_draws_no_line_of_it(toy_joined, toy_canvas):
    plain, lined = (
        page_bytes(page_of(spec_choropleth(toy_joined, centre=centre), toy_canvas), kind="svg").decode()
        for centre in (None, 11.0)
    )
    assert plain.count("<pattern ") == 2  # no data: on the map's grid and in the key
    names = re.findall(r'<pattern id="([^"]+)"', lined)
    assert len(names) == len(set(names))
    assert sum("-lines-" in name for name in names) == 4  # two classes, on the map's grid and in the key
    assert len(lined) < len(plain) * 1.25


@pytest.mark.parametrize("hatch", [*HATCHES])
def test_both_writers_draw_every_hatch(toy_joined, toy_canvas, tmp_path, hatch):
    spec = spec_choropleth(toy_joined, k=2)
    first = dataclasses.replace(spec.classes[0], hatch=hatch, hatch_colour="#ff0000")
    spec = dataclasses.replace(spec, classes=(first, *spec.classes[1:]))
    paths = draw(spec, toy_canvas, folder=tmp_path, formats=("svg", "pdf"))
    assert f"-{hatch}-" in paths[0].read_text(encoding="utf-8")
    pixels = page_bytes(page_of(spec, toy_canvas), kind="png", dpi=100)
    colours = imread(io.BytesIO(pixels))[..., :3].reshape(-1, 3)
    assert (colours[:, 0] - colours[:, 1] > 0.15).sum() > 200


def test_the_page_knows_every_hatch_by_name():
    table = re.search(r"const HATCHES = \{(.*?)\n\};", template_text("leaflet/paint.js"), re.DOTALL)
    assert table is not None
    assert sorted(re.findall(r'"?([a-z-]+)"?: \{', table[1])) == sorted(HATCHES)


@pytest.mark.parametrize(
    ("hatch", "layers"), [*((name, 1 + kind.cross + bool(kind.edge)) for name, kind in HATCHES.items())]
)
def test_qgis_draws_every_hatch(hatch, layers):
    symbols = ET.Element("symbols")
    add_area(symbols, LegendClass("a", "a", "#8c510a", 1, hatch, hatch_colour="#ff0000"))
    patterns = [layer.get("class") for layer in symbols.iter("layer") if "Pattern" in layer.get("class", "")]
    assert patterns == ["PointPatternFill" if HATCHES[hatch].dots else "LinePatternFill"] * layers
