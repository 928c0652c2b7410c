"""Maps of early warning and of places unlike their neighbours, and the picture of small lines."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.change import followed
from analysis.significance import LocalResult
from analysis.weights import build_weights
from geo.errors import MapError
from maps.charts.watch_list import MOST_SHOWN, small_lines
from maps.findings import finding_from, written
from maps.findings.outliers import BesideFinding, OutliersFinding
from maps.kinds.hubs import beside_of, spec_beside, spec_outliers
from maps.kinds.subject import Subject
from maps.kinds.table import kind_named
from maps.kinds.warning import spec_warning
from maps.look import styles
from maps.static.layout import map_page
from maps.words import Topic
from maps.words.findings.outliers import beside_title, outliers_title
from tests.analysis.change.toys import series
from tests.maps.test_kinds_more import assert_texts_apart

PAGE = styles.SIZES["page"]


def followed_on(joined, moved, *, errors=0.5, levels=None, **meta):
    """Return the outcome of ``joined`` over three years: all areas at 50 but those that moved in the last, place → change."""
    values = np.full((22, 3), 50.0) + np.linspace(-0.2, 0.2, 22)[:, None]
    for place, change in moved.items():
        values[place, 2] += change
    values[3] = np.nan
    described = {
        "id": joined.meta.id,
        "title": joined.meta.title,
        "favourable": joined.meta.favourable,
        **meta,
    }
    made = series(values, errors, **described)
    areas = pd.DataFrame({"name": joined.frame["name"], "nation": "E"}, index=joined.frame.index)
    figures = {**made.figures, "lower": made.value - 1.96 * errors, "upper": made.value + 1.96 * errors}
    level = None if levels is None else pd.Series(levels)
    return followed(dataclasses.replace(made, areas=areas, figures=figures), level=level)


def test_the_map_marks_and_names_what_is_beyond_error(toy_joined, toy_canvas):
    here = followed_on(toy_joined, {5: -9.0, 6: 8.0}, levels={"E06000005": "low"})
    spec = spec_warning(toy_joined, here)
    assert spec.title == (
        "Good things clearly rose in 1 of 21 areas and fell in 1 since 2020; 19 cannot be distinguished from no change"
    )
    assert {entry.key: entry.count for entry in spec.classes} == {
        "regressing": 1,
        "not-clear": 19,
        "improving": 1,
        "no-data": 1,
    }
    assert [outline.label for outline in spec.outlines] == ["Ring & Co (poor already)", "Area 6"]
    assert [heading for heading, _ in spec.tables] == [
        "Getting worse (percentage points)",
        "Getting better (percentage points)",
    ]
    assert spec.tables[0][1][0][1].startswith("−")
    assert spec.sure.startswith(
        "Of the 2 areas named, fewer than 0.1 are expected to be false. With these errors a change of "
    )
    assert "Whether what happened everywhere can show" not in " ".join(spec.notes)
    assert dict(spec.values)["E06000006"].endswith("since 2020; got better")
    assert spec.faults() == []
    assert_texts_apart(map_page(spec, toy_canvas, style=styles.DEFAULT, size=PAGE))


def test_a_fall_is_better_where_low_is_good_and_a_map_may_name_nobody(toy_joined):
    low = dataclasses.replace(toy_joined, meta=dataclasses.replace(toy_joined.meta, favourable="low"))
    spec = spec_warning(low, followed_on(low, {5: -9.0}))
    assert spec.assignment["E06000005"] == "improving"
    still = spec_warning(toy_joined, followed_on(toy_joined, {}))
    assert still.sure.startswith("No area is beyond the error of both periods.")
    assert (still.outlines, still.tables) == ((), ())


def test_what_moved_with_all_areas_is_told_apart(toy_joined):
    here = followed_on(toy_joined, {**dict.fromkeys(range(22), -6.0), 6: -30.0})
    spec = spec_warning(toy_joined, here)
    counts = {entry.key: entry.count for entry in spec.classes}
    assert (counts["regressing"], counts["regressing-common"]) == (1, 20)
    assert [outline.key for outline in spec.outlines] == ["E06000006"]


def test_where_neither_end_is_good_areas_rise_and_fall(toy_joined):
    plain = dataclasses.replace(toy_joined, meta=dataclasses.replace(toy_joined.meta, favourable="none"))
    spec = spec_warning(plain, followed_on(plain, {5: -9.0, 6: 8.0}))
    assert [entry.key for entry in spec.classes] == ["falling", "not-clear", "rising", "no-data"]
    assert [heading.split(" (")[0] for heading, _ in spec.tables] == ["Fell", "Rose"]


def test_small_lines_show_the_most_pressing_first(toy_joined):
    here = followed_on(toy_joined, {5: -9.0, 6: 8.0})
    drawn = small_lines(toy_joined, here)
    names = [text.text for text in drawn.texts() if text.role == "panel-name"]
    assert names == ["Ring & Co", "Area 6"]
    assert_texts_apart(drawn)
    roles = [item.role for item in drawn.items if hasattr(item, "role")]
    # three periods with an interval each, a line and the median's, two marks, for two areas
    assert (roles.count("interval"), roles.count("series"), roles.count("median"), roles.count("dot")) == (6, 2, 2, 4)
    for size in ("phone", "slide"):
        assert_texts_apart(small_lines(toy_joined, here, size=size))


def test_small_lines_are_so_many_and_no_more(toy_joined):
    many = followed_on(toy_joined, {place: 12.0 * (-1) ** place for place in range(4, 20)})
    drawn = small_lines(toy_joined, many)
    assert sum(text.role == "panel-name" for text in drawn.texts()) == MOST_SHOWN
    assert any("The 12 most pressing of 16 areas" in text.text for text in drawn.texts())
    with pytest.raises(MapError, match="no area of 'good-things' moved"):
        small_lines(toy_joined, followed_on(toy_joined, {}))


def test_kinds_say_what_they_lack(toy_joined):
    bare = Subject(toy_joined, None)
    assert [len(bare.lacks(kind_named(name).needs)) for name in ("warning", "watch-list", "hubs")] == [1, 2, 1]
    still = Subject(toy_joined, None, followed=followed_on(toy_joined, {}))
    assert still.lacks(kind_named("warning").needs) == ()
    assert still.lacks(kind_named("watch-list").needs) == ("an area whose change is beyond the error of both periods",)


def test_places_unlike_their_neighbours_are_named(toy_joined, toy_set, toy_result, toy_canvas):
    weights = build_weights(toy_set, policy="queen+sea-links", declared_isolates="any")
    result = dataclasses.replace(toy_result, frame=toy_result.frame.assign(q=0.01))
    spec = spec_outliers(toy_joined, result, weights)
    assert spec.title == (
        "Good things: 1 area is low beside high neighbours (Area 4) and 1 area is high among low neighbours (Area 9)"
    )
    assert {entry.key: entry.count for entry in spec.classes} == {
        "low-high": 1,
        "high-low": 1,
        "like": 18,
        "not-testable": 1,
        "no-data": 1,
    }
    assert spec.tables[0][1][0][0].startswith("Area 9: beside ")
    assert spec.faults() == []
    assert_texts_apart(map_page(spec, toy_canvas, style=styles.DEFAULT, size=PAGE))


def test_low_places_beside_hubs_are_listed_with_the_border_they_share(toy_joined, toy_set, toy_canvas):
    weights = build_weights(toy_set, policy="queen+sea-links", declared_isolates="any")
    values = np.zeros(22)
    values[[0, 15]] = -9.0  # corners of the square of squares
    low = dataclasses.replace(toy_joined, frame=toy_joined.frame.assign(value=values))
    values = np.zeros(22)
    values[1] = 9.0
    meta = dataclasses.replace(toy_joined.meta, id="hub-things", title="Hub things")
    high = dataclasses.replace(toy_joined, frame=toy_joined.frame.assign(value=values), meta=meta)
    pairs = beside_of(low, high, weights)
    assert pairs[["code", "hub_code", "border_km"]].to_numpy().tolist() == [["E06000000", "E06000001", 40.0]]
    spec = spec_beside(low, high, weights)
    assert spec.title == "1 of 2 areas with low good things touches an area with high hub things"
    assert spec.assignment["E06000015"] == "low"
    assert spec.tables[0][1] == (("Tŷ <Mawr> & Môn beside Na h-Eileanan Siar", "40 km"),)
    assert spec.faults() == []
    assert_texts_apart(map_page(spec, toy_canvas, style=styles.DEFAULT, size=PAGE))


def result_of(classes, codes):
    """Return a local result that calls the first areas by these classes and all others plain."""
    frame = pd.DataFrame({"class": "not-significant", "q": 1.0}, index=codes)
    frame.loc[codes[: len(classes)], "class"] = classes
    frame.loc[codes[: len(classes)], "q"] = np.linspace(0.001, 0.01, len(classes))
    return LocalResult("local-moran-bivariate", frame, {"permutations": 999, "seed": 1})


def test_areas_low_beside_high_beyond_chance_are_counted_and_named(toy_joined, toy_set):
    weights = build_weights(toy_set, policy="queen+sea-links", declared_isolates="any")
    values = pd.Series(np.linspace(49.0, 51.0, 22), index=toy_joined.frame.index)
    high = dataclasses.replace(
        toy_joined,
        frame=toy_joined.frame.assign(value=values),
        meta=dataclasses.replace(toy_joined.meta, id="hub-things", title="Hub things"),
    )
    codes = list(toy_joined.frame.index)
    tested = result_of(["low-high", "high-low", "low-low"], codes)
    spec = spec_beside(toy_joined, high, weights, tested)
    name = Topic.of(toy_joined).name(codes[0])
    assert spec.notes[-1] == (
        "By a test of the whole map, 1 area with low good things has neighbours with high hub things, beyond what chance would give: "
        f"{name}."
    )
    assert "neighbours tested on the second outcome (bivariate): local Moran's I" in spec.method
    none = spec_beside(toy_joined, high, weights, result_of([], codes))
    assert none.notes[-1].startswith(
        "By a test of the whole map, no area with low good things has neighbours with high hub things"
    )
    # where low is good, the poor end of the first outcome is the high one
    turned = dataclasses.replace(toy_joined, meta=dataclasses.replace(toy_joined.meta, favourable="low"))
    other = spec_beside(turned, high, weights, result_of(["low-high", "high-high"], codes))
    second = Topic.of(toy_joined).name(codes[1])
    assert other.notes[-1].startswith("By a test of the whole map, 1 area with high good things has neighbours")
    assert other.notes[-1].endswith(f": {second}.")
    assert "with high good things" in other.title


def test_findings_of_outliers_can_be_cut_and_written():
    found = OutliersFinding(("a", "b"), ("c",), ("a", "b", "c", "d"))
    assert finding_from(written(found)) == found
    topic = Topic("Pay", names={"a": "Ayr", "b": "Bute", "c": "Carn"}, favourable="high")
    assert outliers_title(found.within({"b", "d"}), topic) == "Pay: 1 area is high among low neighbours (Bute)"
    assert outliers_title(found.within({"d"}), topic) == "Pay: no area is unlike its neighbours among 1 area tested"
    pair = BesideFinding(("a", "b"), ("a",), ("c",))
    assert pair.within({"b"}) == BesideFinding(("b",), (), ())
    assert beside_title(pair.within({"b"}), topic, topic) == "No area with low pay touches one with high pay"
