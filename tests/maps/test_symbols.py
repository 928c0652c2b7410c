"""Proportional symbols: areas in proportion, colours in counted classes, the same on every page."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from geo.errors import MapError
from maps.kinds import spec_symbols, symbols
from maps.kinds.symbols import legend_sizes
from maps.look import palettes, styles
from maps.page.scene import Disc
from maps.spec import MapSpec
from maps.static import greys
from maps.static.layout import map_page
from tests.maps.amounts import as_count
from tests.maps.colour_measures import lightness


@pytest.fixture
def amounts(make_joined, toy_set):
    joined = make_joined(toy_set, np.arange(22.0) ** 2 + 1)
    return dataclasses.replace(
        joined, meta=dataclasses.replace(joined.meta, id="people", title="People", unit="", measure="count")
    )


@pytest.fixture
def rate(make_joined, toy_set):
    joined = make_joined(toy_set, np.arange(22.0)[::-1].copy(), favourable="low")
    frame = joined.frame.copy()
    frame.loc[frame.index[7], "value"] = np.nan
    meta = dataclasses.replace(joined.meta, id="poor", title="Poverty", unit="%")
    return dataclasses.replace(joined, frame=frame, meta=meta)


def drawn(spec, canvas):
    return map_page(spec, canvas, style=styles.DEFAULT, size=styles.SIZES["page"])


def test_colours_are_classes_of_the_rate_and_counted(amounts, rate):
    spec = spec_symbols(amounts, rate)
    ((heading, entries),) = spec.extra_legends
    assert heading == "Poverty (%), 2024"
    counts = Counter(symbol.key for symbol in spec.symbols)
    assert {entry.key: entry.count for entry in entries} == counts
    assert counts["colour-none"] == 1  # area 7 has an amount and no rate; area 3 has neither, and so no disc
    assert sum(counts.values()) == len(spec.symbols) == 21
    colours = {entry.key: entry.colour for entry in entries}
    assert all(symbol.colour == colours[symbol.key] for symbol in spec.symbols)
    assert spec.faults() == []
    assert MapSpec.from_json(spec.to_json()) == spec
    assert "their colours show poverty." in spec.sure.lower()
    assert "Poverty: lower is better." in spec.notes
    first = next(symbol for symbol in spec.symbols if symbol.title.startswith("Area 4"))
    assert first.title == "Area 4: 17 (15 to 19); poverty 17% (15% to 19%)"
    texts = spec.values  # noqa: PD011 - a field of the spec, not of a frame
    assert texts["E06000004"] == "17 (15 to 19); poverty 17% (15% to 19%)"


def test_colours_go_from_light_to_dark_whatever_the_unit(amounts, rate):
    scores = dataclasses.replace(
        rate, frame=rate.frame.assign(value=rate.frame["value"] - 10), meta=dataclasses.replace(rate.meta, unit="z")
    )
    entries = [entry for entry in spec_symbols(amounts, scores).extra_legends[0][1] if entry.key != "colour-none"]
    light = lightness([entry.colour for entry in entries])
    assert (np.diff(light) > 0).all() or (np.diff(light) < 0).all()
    assert not any(entry.hatch for entry in entries)


def test_the_legend_of_sizes_has_no_colour_of_a_class(amounts, rate, toy_canvas):
    page = drawn(spec_symbols(amounts, rate), toy_canvas)
    sizes = [item for item in page.items if isinstance(item, Disc) and item.role == "swatch-disc"]
    marks = [item for item in page.items if isinstance(item, Disc) and item.role == "symbol"]
    assert {disc.fill for disc in sizes} == {palettes.PAPER}
    # 442 is the greatest: 400 has a disc of 12 · sqrt(400/442) points
    assert sizes[-1].radius == pytest.approx(12 * (400 / 442) ** 0.5)
    assert max(disc.radius for disc in marks) == pytest.approx(12)
    words = [text.text for text in page.texts() if text.role in {"legend-title", "legend-label"}]
    assert words[:4] == ["Size of the discs", "20", "100", "400"]
    assert words.index("Poverty (%), 2024") < words.index("Ground")


def test_every_disc_has_an_edge_that_is_seen(amounts, rate, toy_canvas):
    for item in drawn(spec_symbols(amounts, rate), toy_canvas).items:
        if isinstance(item, Disc) and item.role == "symbol":
            assert palettes.contrast(item.fill, item.stroke) >= 3


def test_a_box_shows_the_discs_of_its_own_areas_only(amounts, toy_canvas):
    spec = spec_symbols(amounts)
    london = {symbol.title for symbol in spec.symbols[-4:]}
    marks = [item for item in drawn(spec, toy_canvas).items if isinstance(item, Disc) and item.role == "symbol"]
    twice = {title for title, count in Counter(disc.title for disc in marks).items() if count == 2}
    assert twice == london


def test_a_disc_without_a_rate_has_a_dot_in_colour_and_in_grey(amounts, rate, toy_canvas):
    dots = [
        item
        for item in drawn(spec_symbols(amounts, rate), toy_canvas).items
        if getattr(item, "role", "") == "symbol-dot"
    ]
    assert len(dots) == 1


def test_discs_are_smaller_where_they_would_cover_the_map(amounts, make_joined, toy_set):
    assert spec_symbols(amounts).symbol_radius == 12
    assert spec_symbols(amounts, radius=5.0).symbol_radius == 5
    # 21 discs of one size: together 12 000 square points at most, which 21 · pi · 12² = 9 500 are
    assert spec_symbols(as_count(make_joined(toy_set, np.full(22, 3.0)))).symbol_radius == 12
    assert symbols._radius(pd.Series(np.full(361, 3.0))) == pytest.approx((12_000 / (361 * np.pi)) ** 0.5)


@pytest.mark.parametrize(
    ("values", "title"),
    [
        (np.full(22, 3.0), "Good things: 3% in every area"),
        (np.where(np.arange(22) == 2, 4.0, np.nan), "Good things: 4% in $x_1^2$ Town"),
        (np.where(np.arange(22) < 3, np.arange(22) + 1.0, np.nan), "Good things: most in $x_1^2$ Town (3%)"),
    ],
)
def test_titles_say_no_more_than_there_is(make_joined, toy_set, values, title):
    assert spec_symbols(as_count(make_joined(toy_set, values))).title == title


def test_colours_keep_their_order_in_grey(amounts, rate, toy_canvas):
    page = greys.greyed(drawn(spec_symbols(amounts, rate), toy_canvas))
    fills = {item.fill for item in page.items if isinstance(item, Disc) and item.role == "symbol"}
    assert len(fills) >= 5
    assert all(fill[1:3] == fill[3:5] == fill[5:7] for fill in fills)


@pytest.mark.parametrize(
    ("greatest", "whole", "sizes"),
    [
        (8300, False, (500.0, 2000.0, 8000.0)),
        (5, True, (1.0, 5.0)),
        (1, True, (1.0,)),
        (40, True, (2.0, 10.0, 40.0)),
        (0.9, False, (0.06, 0.2, 0.9)),
    ],
)
def test_sizes_in_the_legend_are_round_and_possible(greatest, whole, sizes):
    assert legend_sizes(greatest, whole=whole) == pytest.approx(sizes)


def test_what_cannot_be_drawn_as_discs_is_said(amounts, rate, make_joined, toy_set):
    nothing = dataclasses.replace(rate, frame=rate.frame.assign(value=np.nan))
    with pytest.raises(MapError, match="has no value"):
        spec_symbols(amounts, nothing)
    elsewhere = dataclasses.replace(rate, frame=rate.frame.iloc[:5])
    with pytest.raises(MapError, match="other boundaries"):
        spec_symbols(amounts, elsewhere)
    for values, found in ((np.zeros(22), "no value above 0"), (np.arange(22.0) - 3, "3 values below 0")):
        with pytest.raises(MapError, match=found):
            spec_symbols(as_count(make_joined(toy_set, values)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "colour-9"}, "marks are in class 'colour-9', which no legend has"),
        ({"colour": "#123456"}, "is not in its colour"),
        ({"key": "colour-none", "colour": palettes.PAPER}, "the legend says 1 marks are 'colour-none'"),
    ],
)
def test_a_disc_that_is_not_as_the_legend_says_is_a_fault(amounts, rate, change, said):
    spec = spec_symbols(amounts, rate)
    place = next(i for i, symbol in enumerate(spec.symbols) if symbol.key == "colour-1")
    marks = list(spec.symbols)
    marks[place] = dataclasses.replace(marks[place], **change)
    assert any(said in fault for fault in dataclasses.replace(spec, symbols=tuple(marks)).faults())


def test_discs_of_what_is_no_count_are_refused(make_joined, toy_set):
    with pytest.raises(MapError, match="cannot be drawn as symbols") as refused:
        spec_symbols(make_joined(toy_set, np.arange(22.0) + 1))
    assert "it is a rate: discs show counts" in refused.value.faults[0]
