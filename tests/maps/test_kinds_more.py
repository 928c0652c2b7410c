"""Specs of doubt, pairs, series and symbols."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from boundaries.joined import Average
from geo.errors import MapError
from maps.findings import ChangeFinding
from maps.kinds import (
    spec_bivariate,
    spec_change,
    spec_choropleth,
    spec_interval_width,
    spec_multiples,
    spec_symbols,
    spec_uncertainty,
)
from maps.kinds.subject import Subject
from maps.kinds.symbols import legend_sizes
from maps.kinds.table import kind_named
from maps.look import palettes, styles
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.composition import prepare
from maps.page.scene import AreaLayer, Disc
from maps.spec import MapSpec
from maps.static import draw
from maps.static.layout import map_page
from maps.static.multiples import multiples_page
from maps.words import Topic
from maps.words.findings import finding_title
from maps.words.findings.changes import change_sure
from tests.maps.amounts import as_count

AVERAGE = Average(10.0, "the published figure for England", "published")
PAGE = styles.SIZES["page"]


def assert_texts_apart(page):
    boxes = []
    for text in page.texts():
        width = typefaces.width(text.text, text.size, bold=text.bold, tabular=text.tabular)
        left = text.x - {"start": 0, "middle": 0.5, "end": 1}[text.anchor] * width
        boxes.append((text.text, Box(left, text.y - 0.75 * text.size, width, 0.95 * text.size)))
    sheet = Box(0, 0, page.width, page.height)
    assert [text for text, box in boxes if text and not sheet.holds(box)] == []
    met = [
        (a, b) for (a, first), (b, second) in combinations(boxes, 2) if a and b and first.overlaps(second, margin=-0.3)
    ]
    assert met == []


def later(joined, values, period, **meta):
    frame = joined.frame.assign(value=values)
    return dataclasses.replace(joined, frame=frame, period=period, meta=dataclasses.replace(joined.meta, **meta))


def test_uncertainty_shows_sides_only(toy_joined, toy_canvas):
    spec = spec_uncertainty(toy_joined, AVERAGE)
    assert spec.title == (
        "Good things: 5 of 21 areas cannot be distinguished from the figure for England and Scotland of 10%"
    )
    assert {entry.key: entry.count for entry in spec.classes} == {
        "clearly-above": 10,
        "cannot-be-told": 5,
        "clearly-below": 6,
        "no-interval": 0,
        "no-data": 1,
    }
    assert spec.faults() == []
    assert MapSpec.from_json(spec.to_json()) == spec
    assert_texts_apart(map_page(spec, toy_canvas, style=styles.DEFAULT, size=PAGE))


def test_uncertainty_as_a_hatch_over_the_values(toy_joined, toy_canvas):
    spec = spec_uncertainty(toy_joined, AVERAGE, suppress=False)
    assert len(spec.overlay) == 5
    page = map_page(spec, toy_canvas, style=styles.DEFAULT, size=PAGE)
    layer = next(item for item in page.items if isinstance(item, AreaLayer) and item.role == "areas")
    hatch = next(fill for fill in layer.fills if fill.key == "cannot-be-told")
    assert (len(hatch.members), hatch.colour, hatch.hatch) == (5, "", "back")


def test_above_is_brown_where_low_is_good(toy_joined):
    bad = dataclasses.replace(toy_joined, meta=dataclasses.replace(toy_joined.meta, favourable="low"))
    by_key = {entry.key: entry.colour for entry in spec_uncertainty(bad, AVERAGE).classes}
    assert by_key["clearly-above"] == palettes.DIVERGING_5[0]


def test_doubt_needs_intervals(make_joined, toy_set):
    bare = make_joined(toy_set, np.arange(22.0), limits=False)
    for make in (lambda: spec_uncertainty(bare, AVERAGE), lambda: spec_interval_width(bare)):
        with pytest.raises(MapError, match="no interval is known"):
            make()


def test_width_of_intervals(toy_joined):
    frame = toy_joined.frame.assign(upper=toy_joined.frame["value"] + np.arange(22))
    spec = spec_interval_width(dataclasses.replace(toy_joined, frame=frame))
    assert spec.title == (
        "Good things: the typical interval is 13 percentage points wide, the widest 23 percentage points (Area 21)"
    )
    assert spec.classes[-1].label == "No interval"
    assert spec.faults() == []


def test_two_outcomes_in_nine_classes(toy_joined, toy_canvas):
    second = later(toy_joined, toy_joined.frame["value"].to_numpy()[::-1], "2024", id="other", title="Other things")
    spec = spec_bivariate(toy_joined, second)
    # the one falls where the other rises: with area 3 and its mirror missing, none is low in both
    assert spec.title.startswith(
        "None of 20 areas is in the low third of good things and in the low third of other things"
    )
    assert len(spec.classes) == 10
    assert spec.faults() == []
    assert {entry.colour for entry in spec.classes[:9]} == {colour for row in palettes.BIVARIATE for colour in row}
    page = map_page(spec, toy_canvas, style=styles.DEFAULT, size=PAGE)
    assert_texts_apart(page)
    counts = [text.text for text in page.texts() if text.role == "legend-count"]
    assert len(counts) == 10


def test_two_outcomes_need_the_same_areas_and_three_values(toy_joined, toy_set, make_joined):
    import datetime as dt  # noqa: PLC0415 - one test needs it

    moved = dataclasses.replace(toy_joined, boundaries=dataclasses.replace(toy_set, date=dt.date(2020, 1, 1)))
    with pytest.raises(MapError, match="other boundaries"):
        spec_bivariate(toy_joined, moved)
    with pytest.raises(MapError, match="2 different classes"):
        spec_bivariate(toy_joined, make_joined(toy_set, np.array([1.0, 2.0] * 11)))


def test_change_counts_both_ways_and_diverges_about_none(toy_joined):
    after = later(toy_joined, toy_joined.frame["value"] + np.linspace(-3, 3, 22), "2025")
    spec = spec_change(toy_joined, after)
    # steps from −3 to 3: 11 below 0 (one of them missing), 11 above
    assert spec.title == "Good things rose in 11 of 21 areas and fell in 10 since 2024; no error is published"
    assert spec.legend_title == "Change from 2024 to 2025 (percentage points)"
    # nobody gained most where nobody can say who gained
    assert (spec.tables, spec.outlines) == ((), ())
    assert spec.sure == "No error is published: nobody can say which of these changes are more than error."
    assert spec.faults() == []
    colours = [entry.colour for entry in spec.classes if entry.key.startswith("class")]
    assert (colours[0], colours[-1]) == (palettes.DIVERGING_5[-1], palettes.DIVERGING_5[0])
    assert "2025" in spec.id


def test_change_is_clear_beyond_the_error_of_both_periods(toy_joined):
    # changes from -3 to 3 in steps of 6/21; both errors 0.5; area 3 has no value, area 20 no error
    after = later(toy_joined, toy_joined.frame["value"] + np.linspace(-3, 3, 22), "2025")
    error = pd.Series(0.5, index=toy_joined.frame.index)
    error.iloc[20] = np.nan
    before, after = (dataclasses.replace(one, frame=one.frame.assign(se=error)) for one in (toy_joined, after))
    spec = spec_change(before, after)
    assert spec.title == (
        "Good things clearly rose in 4 of 20 areas and fell in 4 since 2024; 12 cannot be distinguished from no change"
    )
    assert spec.sure.startswith("12 of 20 areas cannot be distinguished from no change")
    assert spec.sure.endswith("No error is published for 1 more.")
    assert "expected to be false" in spec.sure
    # who clearly moved is marked and named: 8 of 20 areas
    assert len(spec.outlines) == 8
    assert all(outline.label for outline in spec.outlines)
    (up, rose), (down, fell) = spec.tables
    assert (up, down) == ("Clearly rose", "Clearly fell")
    assert [len(rose), len(fell)] == [4, 4]
    assert rose[0][1].startswith("+")
    assert "Named: those with the largest" in spec.notes[-1]
    assert (
        ", against the other areas, clearly gained in 3 of 20 areas"
        in spec_change(before, after, base="relative").title
    )


def test_change_relative_and_in_per_cent(toy_joined):
    after = later(toy_joined, toy_joined.frame["value"] * 1.1, "2025")
    assert spec_change(toy_joined, after).title == "Good things rose in all 21 areas since 2024; no error is published"
    relative = spec_change(toy_joined, after, base="relative")
    assert relative.title == (
        "Good things, against the median area since 2024: no error is published, so nobody can be said to have gained or lost"
    )
    assert any(note.startswith("Relative:") for note in relative.notes)
    share = spec_change(toy_joined, after, base="per cent")
    assert share.assignment["E06000000"] == share.assignment["E06000021"]
    same = later(toy_joined, toy_joined.frame["value"], "2025")
    assert spec_change(toy_joined, same).title.startswith("Good things changed in none of 21 areas")


def money(joined, factor, period, se=None, **averages):
    values = joined.frame["value"] * factor
    made = later(joined, values.to_numpy(), period, unit="£", measure="median", favourable="high", averages=averages)
    return made if se is None else dataclasses.replace(made, frame=made.frame.assign(se=se))


def test_money_is_never_shown_bare(toy_joined):
    early = money(toy_joined, 1.0, "2024", 0.1, K02000001=50.0)
    values = 1.2 * toy_joined.frame["value"].to_numpy()
    values[5] += 30.0
    late = dataclasses.replace(
        money(toy_joined, 1.2, "2025", 0.1, K02000001=60.0), frame=early.frame.assign(value=values, se=0.1)
    )
    spec = kind_named("change").spec(Subject(late, AVERAGE, before=early))
    # every figure rose by a fifth, as the national one did: only the one that rose further moved
    assert spec.title == (
        "Good things, against the national figure, clearly gained in 1 of 21 areas and lost in none since 2024; "
        "for 20 the change is within the error of both periods"
    )
    assert spec.legend_title == "Change from 2024 to 2025 against the national figure (percentage points)"
    assert spec.notes[0].startswith("Money is set against the national figure of each period")
    assert [outline.label for outline in spec.outlines] == ["Ring & Co"]
    # 30 of 60 is half of the national figure
    assert spec.tables == (("Clearly gained", (("Ring & Co", "+50.0"),)),)
    assert "+50.0 percentage points against the national figure" in dict(spec.values)["E06000005"]
    assert spec.faults() == []


def test_money_without_a_national_figure_is_set_against_the_mean_of_the_areas(toy_joined):
    early, late = money(toy_joined, 1.0, "2024"), money(toy_joined, 1.5, "2025")
    spec = kind_named("change").spec(Subject(late, AVERAGE, before=early))
    assert spec.notes[0].startswith("Money is set against the mean of the areas in each period, as no national figure")
    assert spec.title == (
        "Good things, against the mean of the areas since 2024: no error is published, so nobody can be said to have gained or lost"
    )
    assert spec.sure.startswith("No error is published")


def test_a_title_of_changes_says_no_more_than_there_is(toy_joined):
    topic = Topic.of(toy_joined)
    one = ChangeFinding("2024", "2025", "absolute", ("a", "b"), (), (), clear=True, false=0.01)
    assert finding_title(one, topic) == "Good things clearly rose in all 2 areas and fell in none since 2024"
    assert change_sure(one) == (
        "The errors of both periods are taken as independent. Of the 2 areas named, fewer than 0.1 are expected to be false."
    )
    alone = dataclasses.replace(one, rose=("a",), unclear=("b",), false=0.001)
    assert change_sure(alone).endswith("The 1 area named is false with a probability below 0.01.")
    assert change_sure(dataclasses.replace(alone, false=0.04)).endswith("is false with a probability of 0.04.")
    still = dataclasses.replace(one, rose=(), unclear=("a", "b"), base="relative")
    assert finding_title(still, topic) == (
        "Good things, against the other areas: no clear change since 2024 in any of 2 areas"
    )


def test_scores_made_anew_in_every_period_are_set_against_the_other_areas(toy_joined):
    scores = pd.Series(np.linspace(-1.5, 1.5, 22), index=toy_joined.frame.index)
    before, after = (
        later(toy_joined, values.to_numpy(), period, unit="z", measure="index")
        for values, period in ((scores, "2024"), (scores[::-1], "2025"))
    )
    spec = kind_named("change").spec(Subject(after, AVERAGE, before=before))
    assert any(note.startswith("Relative:") for note in spec.notes)
    forced = spec_change(before, after)
    assert any("what happened everywhere cannot show" in note for note in forced.notes)
    other = later(toy_joined, 3 * scores.to_numpy(), "2025", unit="z", measure="index")
    assert any("is not known" in note for note in spec_change(before, other).notes)


def test_change_that_would_be_false_is_refused_with_all_reasons(toy_joined):
    other = later(toy_joined, toy_joined.frame["value"] * np.nan, "2025", unit="z", index_version="2025")
    with pytest.raises(MapError, match="cannot be mapped") as caught:
        spec_change(toy_joined, other)
    assert len(caught.value.faults) == 3
    negative = later(toy_joined, toy_joined.frame["value"] - 5, "2023")
    with pytest.raises(MapError, match="cannot be mapped") as caught:
        spec_change(negative, toy_joined, base="per cent")
    assert "earlier values are not above 0" in str(caught.value)


@pytest.mark.parametrize("n", [2, 3, 5, 9])
def test_small_multiples_share_their_classes(toy_joined, toy_canvas, n):
    maps = [later(toy_joined, toy_joined.frame["value"] + i, str(2020 + i)) for i in range(n)]
    spec = spec_multiples(maps)
    assert [name for name, _ in spec.panels] == [str(2020 + i) for i in range(n)]
    assert sum(entry.count for entry in spec.classes) == 22 * n
    assert spec.title == f"Good things: the median area rose from 12% in 2020 to {11 + n}% in {2019 + n}"
    page = multiples_page(spec, toy_canvas, style=styles.DEFAULT, size=PAGE)
    assert_texts_apart(page)
    layers = [item for item in page.items if isinstance(item, AreaLayer) and item.role == "areas"]
    assert len(layers) == n
    sizes = {round(layer.view.scale, 9) for layer in layers}
    assert len(sizes) == 1
    boxes = [layer.view.box for layer in layers]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


@pytest.mark.parametrize("size", sorted(styles.SIZES))
def test_small_multiples_fit_every_page(toy_joined, toy_canvas, size):
    maps = [later(toy_joined, toy_joined.frame["value"] + i, str(2020 + i)) for i in range(6)]
    page = multiples_page(spec_multiples(maps), toy_canvas, style=styles.DEFAULT, size=styles.SIZES[size])
    assert_texts_apart(page)
    lowest = max(item.view.box.bottom for item in page.items if isinstance(item, AreaLayer))
    legend = next(text for text in page.texts() if text.role == "legend-title")
    assert (legend.y > lowest) == styles.SIZES[size].stacked


def test_small_multiples_of_outcomes(toy_joined, toy_canvas, tmp_path):
    second = later(toy_joined, toy_joined.frame["value"].to_numpy()[::-1], "2024", id="other", title="Other things")
    spec = spec_multiples([toy_joined, second])
    assert spec.title == "2 outcomes on one scale: lowest in Tŷ <Mawr> & Môn and Area 21"
    assert all(path.is_file() for path in draw(spec, toy_canvas, folder=tmp_path, size="slide"))


def test_small_multiples_that_would_mislead_are_refused(toy_joined):
    with pytest.raises(MapError, match="common classes"):
        spec_multiples([toy_joined])
    odd = later(toy_joined, toy_joined.frame["value"], "2025", unit="z", favourable="low")
    with pytest.raises(MapError, match="common classes") as caught:
        spec_multiples([toy_joined, odd])
    assert len(caught.value.faults) == 2


def test_symbols_have_areas_in_proportion_and_lie_in_their_areas(toy_joined, toy_canvas):
    counts = dataclasses.replace(toy_joined, meta=dataclasses.replace(toy_joined.meta, unit="people"))
    spec = spec_symbols(as_count(counts))
    page = map_page(spec, toy_canvas, style=styles.DEFAULT, size=PAGE)
    discs = {item.title: item for item in page.items if isinstance(item, Disc) and item.role == "symbol"}
    first, last = (
        next(disc for title, disc in discs.items() if title.startswith(name)) for name in ("Area 11:", "Area 21:")
    )
    assert (last.radius / first.radius) ** 2 == pytest.approx(22 / 12)
    assert_texts_apart(page)
    assert MapSpec.from_json(spec.to_json()) == spec


def test_symbols_of_negative_amounts_are_refused(make_joined, toy_set):
    with pytest.raises(MapError, match="cannot be drawn as symbols"):
        spec_symbols(as_count(make_joined(toy_set, np.arange(22.0) - 5)))


def test_sizes_in_the_legend_are_round():
    assert legend_sizes(8300) == (500.0, 2000.0, 8000.0)


def test_a_region_without_data_is_drawn_and_says_so(toy_joined, toy_canvas, tmp_path):
    spec = spec_choropleth(toy_joined)
    empty = dataclasses.replace(
        spec,
        assignment={"E06000003": "no-data"},
        classes=tuple(dataclasses.replace(entry, count=int(entry.key == "no-data")) for entry in spec.classes),
        region="Nowhere",
    )
    assert all(path.is_file() for path in draw(empty, toy_canvas, folder=tmp_path))


def test_one_area_makes_a_map(toy_joined, toy_set, tmp_path):
    one = dataclasses.replace(toy_set, frame=toy_set.frame.iloc[:1].reset_index(drop=True))
    joined = dataclasses.replace(toy_joined, boundaries=one, frame=toy_joined.frame.iloc[:1])
    spec = spec_choropleth(joined)
    assert spec.title == "Good things: 1% in Tŷ <Mawr> & Môn"
    assert all(path.is_file() for path in draw(spec, prepare(one), folder=tmp_path))
