"""Charts: every area once, intervals where they are, colours by side, titles from the numbers, texts apart."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.association import Association
from analysis.significance import GlobalResult
from boundaries.joined import Average
from geo.errors import MapError
from maps.charts import Effect, caterpillar, effect_plot, moran_scatter
from maps.charts.axes import Axis
from maps.look import palettes, styles
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.scene import Disc, Shape
from maps.static import page_bytes, write_page

AVERAGE = Average(10.0, "the published figure for England", "published")


def assert_texts_apart(page):
    boxes = []
    for text in page.texts():
        width = typefaces.width(text.text, text.size, bold=text.bold, tabular=text.tabular)
        left = text.x - {"start": 0, "middle": 0.5, "end": 1}[text.anchor] * width
        boxes.append((text.text, Box(left, text.y - 0.75 * text.size, width, 0.95 * text.size)))
    sheet = Box(0, 0, page.width, page.height)
    assert [text for text, box in boxes if not sheet.holds(box)] == []
    assert [(a, b) for (a, first), (b, second) in combinations(boxes, 2) if first.overlaps(second, margin=-0.3)] == []


def parts_of(page, role, kind):
    return [item for item in page.items if isinstance(item, kind) and item.role == role]


def marks_of(page):
    """Return the middle of every mark by its title, and the titles of the triangles."""
    marks = [item for item in page.items if isinstance(item, Disc | Shape) and item.role == "dot"]
    triangles = {item.title for item in marks if isinstance(item, Shape)}
    middles = {item.title: np.mean(item.parts[0][:3], axis=0) for item in marks if isinstance(item, Shape)}
    middles |= {item.title: np.array([item.x, item.y]) for item in marks if isinstance(item, Disc)}
    return middles, triangles


def overall(statistic=0.6, p=0.001):
    return GlobalResult("moran", statistic, -0.05, 3.0, p, 21)


@pytest.mark.parametrize("size", ["page", "a4", "slide"])
def test_ranked_rows_name_every_area_with_its_interval(toy_joined, size):
    page = caterpillar(toy_joined, AVERAGE, size=size)
    assert page.title == (
        "Good things: 6 of 21 areas are clearly below the figure for England and Scotland of 10%, 10 clearly above; "
        "5 cannot be distinguished from it"
    )
    middles, triangles = marks_of(page)
    assert (len(middles), len(triangles)) == (21, 6)  # the six that lie below, for higher is better
    intervals = parts_of(page, "interval", Shape)
    colours = [interval.stroke for interval in intervals]
    assert colours.count(palettes.DIVERGING_5[-1]) == 10
    assert colours.count(palettes.DIVERGING_5[0]) == 6
    names = [text.text for text in page.texts() if text.role == "row-name"]
    assert (names[0], names[-1]) == ("Area 21", "Tŷ <Mawr> & Môn")
    assert_texts_apart(page)


def test_colours_follow_the_outcome(toy_joined):
    bad = dataclasses.replace(toy_joined, meta=dataclasses.replace(toy_joined.meta, favourable="low"))
    page = caterpillar(bad, AVERAGE)
    colours = [interval.stroke for interval in parts_of(page, "interval", Shape)]
    assert colours.count(palettes.DIVERGING_5[0]) == 10
    assert len(marks_of(page)[1]) == 10


def test_many_areas_stand_in_rank_order_with_the_ends_named(make_joined, toy_set):
    frame = pd.concat([toy_set.frame] * 5, ignore_index=True)
    frame["code"] = [f"E0600{i:04d}" for i in range(len(frame))]
    many = dataclasses.replace(toy_set, frame=frame)
    page = caterpillar(make_joined(many, np.linspace(1, 30, len(frame))), AVERAGE)
    dots = [item for item in page.items if isinstance(item, Disc | Shape) and item.role == "dot"]
    assert len(dots) == len(frame) - 1
    levels = [dot.y if isinstance(dot, Disc) else np.mean([y for _, y in dot.parts[0][:3]]) for dot in dots]
    assert np.diff(levels).max() < 1e-9
    # the interval of 2 on each side lies below the average of 10 for values under 8
    assert len(parts_of(page, "dot", Shape)) == (np.delete(np.linspace(1, 30, len(frame)), 3) < 8).sum()
    assert len([text for text in page.texts() if text.role == "name"]) == 10
    assert [text.text for text in page.texts() if text.role == "heading"] == ["Highest", "Lowest"]
    assert_texts_apart(page)


def test_ranked_charts_need_intervals(make_joined, toy_set):
    with pytest.raises(MapError, match="no interval"):
        caterpillar(make_joined(toy_set, np.arange(22.0), limits=False), AVERAGE)


def test_the_scatter_shows_each_area_and_a_line_of_slope_i(toy_joined, toy_result, tmp_path):
    values = toy_joined.frame["value"]
    lag = values * 0.6 + 3
    page = moran_scatter(toy_joined, toy_result, lag, overall())
    assert (
        page.title
        == "Good things: neighbouring areas are more alike than chance would make them (Moran's I 0.60, p = 0.001, 21 areas)"
    )
    middles, triangles = marks_of(page)
    kinds = toy_result.frame["class"]
    assert (len(middles), len(triangles)) == (21, int(kinds.isin(["low-low", "low-high"]).sum()))
    assert len(parts_of(page, "key", Shape)) == 2
    (line,) = parts_of(page, "slope", Shape)
    (x1, y1), (x2, y2) = line.parts[0]
    low, high = middles["Tŷ <Mawr> & Môn: 1%"], middles["Area 21: 22%"]
    # the lag is exactly 0.6 of the value: the dots lie along the line
    assert (y2 - y1) / (x2 - x1) == pytest.approx((high - low)[1] / (high - low)[0], rel=1e-6)
    assert_texts_apart(page)
    assert all(path.stat().st_size > 1000 for path in write_page(page, folder=tmp_path))


def test_the_scatter_does_not_claim_what_chance_could_do(toy_joined, toy_result):
    page = moran_scatter(toy_joined, toy_result, toy_joined.frame["value"], overall(p=0.3))
    assert "but chance alone could do that" in page.title
    assert (
        "less alike" in moran_scatter(toy_joined, toy_result, toy_joined.frame["value"], overall(statistic=-0.4)).title
    )


def test_a_scatter_of_nothing_is_refused(toy_joined, toy_result):
    with pytest.raises(MapError, match="too few areas"):
        moran_scatter(toy_joined, toy_result, toy_joined.frame["value"] * np.nan, overall())


def found(kind="coastal", *, n=21, members=9, **changes):
    """Return what is found of a kind: lower by three on the map, by two of it beside places nearby."""
    figures = {
        "gap": -3.0,
        "gap_lower": -3.5,
        "gap_upper": -2.5,
        "beside": -2.0,
        "beside_lower": -3.0,
        "beside_upper": -1.0,
    }
    return Association(
        "good", "2024", kind, "rule", "alone", n, members, **figures | {"verdict": "lower-beside-nearby"} | changes
    )


def test_both_gaps_of_a_type_with_their_intervals(toy_joined):
    unclear = {"gap": 0.5, "beside": 0.5, "beside_lower": -1.0, "beside_upper": 2.0, "verdict": "no-clear-gap"}
    effects = [
        Effect("Coastal", found()),
        Effect("Rural", found("rural", members=5, gap_lower=np.nan, gap_upper=np.nan, **unclear)),
    ]
    page = effect_plot(toy_joined, effects)
    assert page.title == "Good things by type of place, against all other areas: coastal lower beside places nearby"
    assert any("(percentage points)" in text.text for text in page.texts())
    told = {
        role: [text.text for text in page.texts() if text.role == role]
        for role in ("row-map", "row-figure", "row-count")
    }
    assert told["row-map"] == ["on the map −3.00 (−3.50 to −2.50)", "on the map 0.50"]
    assert told["row-figure"] == [
        "beside places nearby −2.00 (−3.00 to −1.00)",
        "beside places nearby 0.50 (−1.00 to 2.00)",
    ]
    assert told["row-count"] == ["9 against 12 areas", "5 against 16 areas"]
    assert_texts_apart(page)
    assert [item.title for item in parts_of(page, "dot", Shape)] == ["Coastal"]  # a triangle: lower is bad here
    lines = parts_of(page, "interval", Shape)
    assert [line.stroke for line in lines] == [palettes.DIVERGING_5[0], palettes.COAST]
    assert len(parts_of(page, "map-interval", Shape)) == 1  # no interval where no error is known
    assert [item.title for item in parts_of(page, "map-dot", Disc)] == ["Coastal", "Rural"]
    assert b"<title>Coastal</title></path>" in page_bytes(page, kind="svg")
    assert effect_plot(toy_joined, effects[1:]).title.endswith("no clear gap")


def test_on_a_narrow_page_figures_stand_under_the_dots(toy_joined):
    page = effect_plot(toy_joined, [Effect("Post-industrial", found("post-industrial"))], size="phone")
    assert [text.text for text in page.texts() if text.role in ("row-map", "row-figure")] == [
        "on the map −3.00 (−3.50 to −2.50)",
        "beside places nearby −2.00 (−3.00 to −1.00)",
    ]
    (interval,) = parts_of(page, "interval", Shape)
    (start, end), *_ = interval.parts
    assert end[0] - start[0] > 50  # beside the figures there were 20 points for it
    assert_texts_apart(page)


def test_a_gap_of_where_places_lie_is_said_so_and_keeps_its_colour_to_itself(toy_joined):
    effects = [
        Effect("Coastal", found(n=15, verdict="lower-on-map-only")),
        Effect("Rural", found("rural", n=15, members=5, verdict="no-clear-gap")),
        Effect("Post-industrial", found("post-industrial", n=11, members=5)),
    ]
    page = effect_plot(toy_joined, effects)
    assert page.title == (
        "Good things by type of place, against the other areas classified: "
        "coastal lower on the map, but no lower than places nearby; post-industrial lower beside places nearby"
    )
    assert [line.stroke for line in parts_of(page, "interval", Shape)] == [
        palettes.COAST,
        palettes.COAST,
        palettes.DIVERGING_5[0],
    ]
    same = [Effect("Coastal", found(n=15)), Effect("Rural", found("rural", n=15))]
    assert "against the other 6 areas classified" in effect_plot(toy_joined, same).title


def test_effects_without_limits_or_on_another_scale_are_refused(toy_joined):
    for loose in (found(beside_lower=np.nan), found(scale="log")):
        with pytest.raises(MapError, match="effects cannot be drawn") as caught:
            effect_plot(toy_joined, [Effect("Coastal", loose)])
        assert "Coastal" in str(caught.value)
    with pytest.raises(MapError, match="effects cannot be drawn"):
        effect_plot(toy_joined, [])


@pytest.mark.parametrize(
    ("low", "high", "ticks", "texts"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10], "10"),
        (-1.2, 1.2, [-1.0, -0.5, 0.0, 0.5, 1.0], "1.0"),
        (24_000, 51_000, [25_000, 30_000, 35_000, 40_000, 45_000, 50_000], "50,000"),
    ],
)
def test_ticks_are_round(low, high, ticks, texts):
    axis = Axis(low, high, 0, 100)
    assert axis.ticks() == ticks
    assert axis.text(ticks[-1], "") == texts


def test_pages_of_charts_follow_a_style(toy_joined):
    page = caterpillar(toy_joined, AVERAGE, style=dataclasses.replace(styles.DEFAULT, accent="#123456"))
    assert parts_of(page, "accent", Shape)[0].fill == "#123456"
