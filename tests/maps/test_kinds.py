"""Specs say what the numbers say: titles, counts, colours by direction, notes, feet."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.clusters import Cluster
from analysis.significance import LocalResult
from boundaries.joined import Average
from geo.errors import MapError
from geo.provenance import Source
from maps.feet import about_lines, foot_of
from maps.findings import LevelsFinding, Reference, levels_of
from maps.kinds import captions, spec_choropleth, spec_classes, spec_clusters, spec_robustness, spec_typology
from maps.kinds.lisa import class_table
from maps.look import palettes, texture
from maps.words import Topic
from maps.words.findings import pattern_sentences, reference_figure

AVERAGE = Average(10.0, "the published figure for England", "published")


def text_of(spec, code):
    return spec.values[code]  # noqa: PD011 - a field of the spec, not of a frame


def with_meta(joined, **changes):
    return dataclasses.replace(joined, meta=dataclasses.replace(joined.meta, **changes))


def test_choropleth_title_counts_who_can_be_told_from_average(toy_joined):
    # values 1..22 without 4, ± 2: below 10 for certain 1, 2, 3, 5, 6, 7; above 13..22; 8..12 cannot be told
    spec = spec_choropleth(toy_joined, average=AVERAGE)
    assert spec.title == (
        "Good things: 6 of 21 areas are clearly below the figure for England and Scotland of 10%, 10 clearly above; "
        "5 cannot be distinguished from it"
    )
    assert spec.sure == (
        "5 of 21 areas cannot be distinguished from the figure for England and Scotland of 10%: the error of the figure is "
        "larger than the distance. Corrected for looking at 21 areas: on average at most 5% of those named are named wrongly. "
        "One at a time 6 would be below and 10 above, about 1 of them by chance alone."
    )
    levels = spec.finding
    assert isinstance(levels, LevelsFinding)
    assert [len(codes) for codes in (levels.low, levels.high, levels.unclear, levels.no_data)] == [6, 10, 5, 1]
    assert spec.faults() == []


def test_an_interval_that_only_just_misses_the_average_is_not_clear_among_many(make_joined, toy_set):
    """Of 22 intervals of ± 2 one at 13 misses 10 (z = 2.94, p = 0.003), and Benjamini-Hochberg asks for 0.05 / 22 = 0.002 of it alone."""
    values = np.full(22, 10.0)
    values[5] = 13.0
    alone = levels_of(make_joined(toy_set, values), AVERAGE)
    assert (len(alone.low), len(alone.high), alone.single) == (0, 0, (0, 1))
    values[5] = 14.0  # z = 3.92, p = 0.00009
    surer = levels_of(make_joined(toy_set, values), AVERAGE)
    assert (len(surer.low), len(surer.high), surer.single) == (0, 1, (0, 1))


def test_choropleth_without_intervals_names_the_ends_and_says_so(make_joined, toy_set):
    joined = make_joined(toy_set, np.arange(1.0, 23.0), limits=False)
    spec = spec_choropleth(joined, average=AVERAGE)
    assert spec.title == "Good things: from 1% in Tŷ <Mawr> & Môn to 22% in Area 21"
    assert spec.sure.startswith("No error is published for these figures, so small differences may be chance.")


def test_choropleth_legend_runs_from_high_to_low_and_ends_with_no_data(toy_joined):
    spec = spec_choropleth(toy_joined)
    assert [entry.key for entry in spec.classes] == ["class-5", "class-4", "class-3", "class-2", "class-1", "no-data"]
    assert spec.classes[0].colour == palettes.SEQUENTIAL[-1]
    assert spec.classes[-1].count == 1
    assert spec.assignment["E06000003"] == "no-data"
    assert sum(entry.count for entry in spec.classes) == len(toy_joined.frame)


def test_z_scores_diverge_about_nought_and_brown_is_bad_either_way(make_joined, toy_set):
    values = np.linspace(-2, 2, 22)
    good = spec_choropleth(make_joined(toy_set, values, unit="z"), scheme="equal")
    bad = spec_choropleth(make_joined(toy_set, values, unit="z", favourable="low"), scheme="equal")
    by_key = {entry.key: entry.colour for entry in good.classes}
    assert by_key["class-1"] == palettes.DIVERGING_5[0]
    assert {entry.key: entry.colour for entry in bad.classes}["class-1"] == palettes.DIVERGING_5[-1]


def test_subtitle_foot_alt_and_description(toy_joined):
    spec = spec_choropleth(toy_joined)
    assert spec.subtitle == "Good things (%), 2024; 22 local authority districts of 1 April 2023"
    foot = foot_of(spec)
    assert foot[0] == "Source: A survey."
    assert foot[1].startswith("Method: classes of about equal numbers of areas, each break the roundest")
    assert foot[-1] == "Survey © its people. Contains squares © nobody."
    assert spec.alt.startswith("Map of 22 areas in 5 classes: ")
    assert "No data: 1" in spec.description
    assert "Lowest: Tŷ <Mawr> & Môn 1%" in spec.description
    assert text_of(spec, "E06000000") == "1% (−1% to 3%)"
    assert text_of(spec, "E06000003") == "no data (suppressed)"


def test_nations_not_covered_are_left_out_and_said_once(toy_joined):
    frame = toy_joined.frame.copy()
    frame.loc["E06000017", "status"] = "not_covered"
    spec = spec_choropleth(dataclasses.replace(toy_joined, frame=frame))
    assert "E06000017" not in spec.assignment
    assert sum("Not covered by this outcome: Scotland (grey)." in note for note in spec.paragraphs) == 1


def test_made_values_are_said(toy_joined):
    frame = toy_joined.frame.copy()
    frame.loc[["E06000000", "E06000001"], "quality"] = ["modelled", "inherited"]
    spec = spec_choropleth(dataclasses.replace(toy_joined, frame=frame))
    assert any(
        "2 areas were not published for these boundaries (1 taken over from a wider area, 1 modelled)" in note
        for note in spec.coverage
    )


def test_a_map_of_nothing_is_refused(make_joined, toy_set):
    with pytest.raises(MapError, match="no area has a value"):
        spec_choropleth(make_joined(toy_set, np.full(22, np.nan)))


def test_equal_values_make_a_map_that_says_so(make_joined, toy_set):
    spec = spec_choropleth(make_joined(toy_set, np.full(22, 7.0), limits=False))
    assert spec.title == "Good things: 7% in every area"
    assert spec.faults() == []


def test_cluster_title_counts_the_unfavourable_end(toy_joined, toy_result):
    spec = spec_classes(toy_joined, toy_result)
    # 22 areas, one without data, one not testable: 20 tested
    assert spec.title == "Good things: 3 of 20 areas lie in clusters of low values, 4 in clusters of high values"
    assert spec.sure.startswith(
        "Of 20 areas tested over the whole map, on average at most 5% of those named are there by chance"
    )
    assert "99,999 conditional permutations, neighbours by shared borders and sea links" in spec.method
    assert spec.faults() == []
    assert text_of(spec, "E06000000") == "1% (−1% to 3%); unfavourable cluster"


def test_a_page_says_how_many_lie_there_whoever_is_a_neighbour(toy_joined, toy_result):
    def said(*firm):
        spec = spec_classes(toy_joined, toy_result, firm=firm)
        return pattern_sentences(spec.finding, Topic.of(toy_joined))

    low, high = toy_joined.frame.index[:3], toy_joined.frame.index[12:16]
    assert said(*low[:1], *high[:2])[1:3] == [
        "One of those in low clusters is there whichever areas are counted as neighbours.",
        "Of those in high clusters, 2 are there whichever areas are counted as neighbours.",
    ]
    assert said(*low)[1:3] == [
        "All of those in low clusters are there whichever areas are counted as neighbours.",
        "None of those in high clusters is there whichever areas are counted as neighbours.",
    ]
    assert said(*low, *high)[1] == "All of them are there whichever areas are counted as neighbours."
    untried = spec_classes(toy_joined, toy_result)
    assert not any("whichever" in line for line in pattern_sentences(untried.finding, Topic.of(toy_joined)))


def test_the_threshold_of_low_and_high_stands_beside_the_map(toy_joined, toy_result):
    marked = {**toy_result.parameters, "threshold": 12.345, "below": 0.6783}
    spec = spec_classes(toy_joined, dataclasses.replace(toy_result, parameters=marked))
    assert "Low is below 12%, the mean of the areas tested; 68% of them are." in spec.notes[0]
    assert "Low is" not in spec_classes(toy_joined, toy_result).notes[0]


def test_members_above_the_median_are_told_beside_low_clusters(toy_joined, toy_result):
    lone = dataclasses.replace(cluster(1, ("E06000009",)), across_median=("Place 00",))
    three = dataclasses.replace(cluster(2, ("E06000000", "E06000001", "E06000002")), across_median=("Place 00",))
    spec = spec_clusters(toy_joined, toy_result, [lone, three])
    rows = [row[0] for _, table in spec.tables for row in table]
    assert rows[0].endswith("(3 areas, 1 above the median)")
    assert rows[1].endswith(" (above the median)")


def test_a_title_that_denies_is_quoted(toy_joined, toy_result):
    none = with_meta(toy_joined, title="No qualifications", favourable="low")
    quiet = toy_result.frame.replace({"high-high": "not-significant"})
    spec = spec_classes(none, dataclasses.replace(toy_result, frame=quiet))
    assert spec.title == ("No qualifications: 3 of 20 areas lie in clusters of low values, none in one of high values")


def test_the_foot_says_which_shapes_are_approximate(toy_joined):
    moved = dataclasses.replace(toy_joined.boundaries, approximate={"E06000001": ("An Order",)})
    spec = spec_choropleth(dataclasses.replace(toy_joined, boundaries=moved))
    assert spec.approximate == ("E06000001",)
    said = "1 area drawn approximately: land that moved between two authorities keeps its earlier place."
    assert said in foot_of(spec)
    assert about_lines([], "m", ("E06000001", "N09000001"))[1] == (
        "2 areas drawn approximately: land that moved between two authorities, or between districts of Northern Ireland "
        "as they were made in 2015, keeps its earlier place."
    )


def test_cluster_title_follows_direction(toy_joined, toy_result):
    spec = spec_classes(with_meta(toy_joined, favourable="low"), toy_result)
    assert spec.title == "Good things: 4 of 20 areas lie in clusters of high values, 3 in clusters of low values"
    assert [(entry.key, entry.label) for entry in spec.classes[:4]] == [
        ("high-high", "Unfavourable cluster"),
        ("low-low", "Favourable cluster"),
        ("high-low", "Unfavourable among favourable"),
        ("low-high", "Favourable among unfavourable"),
    ]


@pytest.mark.parametrize(("favourable", "brown"), [("high", "low-low"), ("low", "high-high"), ("none", "low-low")])
def test_brown_is_the_unfavourable_cluster(favourable, brown):
    table = class_table(favourable, "moran")
    assert table[brown][1] == palettes.CLUSTERS["unfavourable"]
    assert {key for key, (_, _, hatch) in table.items() if hatch} == {brown, "low-high", "high-low"}


def test_neutral_outcomes_have_neutral_words():
    assert [words for words, *_ in class_table("none", "moran").values()] == [
        "Cluster of low values",
        "Cluster of high values",
        "Low among high",
        "High among low",
    ]
    assert [words for words, *_ in class_table("none", "gi").values()] == [
        "Cold spot of low values",
        "Hot spot of high values",
    ]


def result_of(joined, kind, **parameters):
    frame = pd.DataFrame({"class": pd.Series(kind, index=joined.frame.index)})
    return LocalResult("x", frame, parameters)


def test_titles_when_nothing_or_one_thing_is_found(toy_joined):
    nothing = spec_classes(toy_joined, result_of(toy_joined, "not-significant"))
    assert nothing.title == "Good things: none of 22 areas lies in a cluster of low or of high values"
    only_good = result_of(toy_joined, "not-significant")
    only_good.frame.iloc[0, 0] = "high"
    assert spec_classes(toy_joined, only_good, statistic="gi").title == (
        "Good things: no cold spots and 1 hot spot among 22 areas"
    )


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        ("none", "about 1 would be named by chance"),
        ("bonferroni", "the chance that even one is named wrongly is at most 5%"),
        ("fdr_by", "at most 5%"),
    ],
)
def test_the_promise_follows_the_correction(toy_joined, correction, said):
    assert said in spec_classes(toy_joined, result_of(toy_joined, "not-significant", correction=correction)).sure


def test_a_result_on_other_areas_or_with_other_classes_is_refused(toy_joined, toy_result):
    short = LocalResult("x", toy_result.frame.iloc[:5], {})
    with pytest.raises(MapError, match="17 of 22 areas have no class"):
        spec_classes(toy_joined, short)
    with pytest.raises(MapError, match="unknown classes low-low"):
        spec_classes(toy_joined, result_of(toy_joined, "low-low"), statistic="gi")


def cluster(number, codes, direction="low"):
    names = tuple(f"Place {code[-2:]}" for code in codes)
    return Cluster(
        f"{direction}-{number}",
        direction,
        codes,
        names,
        f"{names[0]} and more" if len(names) > 1 else names[0],
        (),
        "mixed",
        {},
        1.0,
        5.0,
        1.0,
        9.0,
        -2.0,
        0.01,
    )


def test_clusters_are_outlined_and_named(toy_joined, toy_result):
    found = [cluster(1, ("E06000000", "E06000001", "E06000002")), cluster(2, ("E06000009",))]
    spec = spec_clusters(toy_joined, toy_result, found)
    assert spec.title == "Good things: one cluster of low values, Place 00 and more; and 1 area by itself (Place 09)"
    assert [(outline.key, outline.label) for outline in spec.outlines] == [
        ("low-1", "Place 00 and more"),
        ("low-2", "Place 09"),
    ]
    assert [(title, rows[0]) for title, rows in spec.tables] == [
        ("Low cluster, and its mean", ("Place 00 and more (3 areas)", "5%")),
        ("Low area by itself", ("Place 09", "5%")),
    ]
    assert "Place 09: a single area, mean 5%." in spec.description


def test_a_cluster_of_one_kind_of_place_says_so(toy_joined, toy_result):
    kind = dataclasses.replace(cluster(1, ("E06000000", "E06000001")), dominant_type="coastal and rural")
    ((_, rows),) = spec_clusters(toy_joined, toy_result, [kind]).tables
    assert rows[0][0] == "Place 00 and more (2 areas, mostly coastal and rural)"


@pytest.mark.parametrize(
    ("sizes", "title"),
    [
        ({}, "no cluster of low or of high values among 21 areas"),
        ({"low": [3, 2]}, "2 clusters of low values; the largest is Place 00 and more"),
        ({"low": [2, 1, 1]}, "one cluster of low values, Place 00 and more; and 2 areas by themselves"),
        ({"low": [1]}, "1 area of low values by itself: Place 00"),
        ({"low": [1, 1]}, "2 areas of low values, none beside another: Place 00 and Place 01"),
        (
            {"low": [1] * 5},
            "5 areas of low values, none beside another: Place 00, Place 01, Place 02 and 2 more",
        ),
        ({"high": [2]}, "no cluster of low values; 1 cluster of high values"),
        ({"high": [1]}, "no cluster of low values; 1 area of high values by itself"),
        ({"high": [1, 1]}, "no cluster of low values; 2 areas of high values, none beside another"),
        ({"low": [1], "high": [2]}, "1 area of low values by itself: Place 00"),
    ],
)
def test_titles_count_clusters_and_single_areas_apart(toy_joined, toy_result, sizes, title):
    codes = iter([f"E06{i:06d}" for i in range(22)])
    found = [
        cluster(number, tuple(next(codes) for _ in range(size)), direction)
        for direction, members in sizes.items()
        for number, size in enumerate(members, start=1)
    ]
    assert spec_clusters(toy_joined, toy_result, found).title == f"Good things: {title}"


def test_robustness_counts_its_core(toy_joined):
    levels = pd.DataFrame(
        {"class": ["core"] * 2 + ["probable"] + ["no-data"] + ["contested"] * 4 + ["none"] * 13 + ["not-testable"]},
        index=toy_joined.frame.index,
    )
    spec = spec_robustness(toy_joined, levels, method="3 weights × 5 seeds")
    assert (
        spec.title
        == "Good things: 2 of 20 areas lie in clusters of low values whichever areas are counted as neighbours; "
        "for 5 more it depends"
    )
    assert "Method: 3 weights × 5 seeds." in foot_of(spec)
    assert spec.faults() == []
    none = levels.replace({"core": "none"})
    assert (
        spec_robustness(toy_joined, none).title
        == "Good things: no area is always in a cluster of low values; for 5 areas it depends on which areas are counted "
        "as neighbours"
    )
    nothing = levels.replace({"core": "none", "probable": "none", "contested": "none"})
    assert spec_robustness(toy_joined, nothing).title == (
        "Good things: no area lies in a cluster of low values, whichever areas are counted as neighbours"
    )


def test_robustness_of_other_areas_is_refused(toy_joined):
    levels = pd.DataFrame({"class": ["core", "great"]}, index=toy_joined.frame.index[:2])
    with pytest.raises(MapError) as caught:
        spec_robustness(toy_joined, levels)
    assert "20 areas have no level" in str(caught.value)
    assert "unknown levels great" in str(caught.value)


def test_types_overlap_and_what_is_not_classified_is_said(toy_set):
    codes = toy_set.frame["code"]
    table = pd.DataFrame({"coastal": "no", "rural": "no", "post-industrial": "no"}, index=codes)
    table.iloc[0] = ["yes", "no", "yes"]
    table.iloc[1] = ["yes", "yes", "yes"]
    table.iloc[2, 1] = "yes"
    table.iloc[17, 2] = "not classified"
    spec = spec_typology(toy_set, table)
    assert spec.title == "2 coastal, 2 rural and 2 post-industrial areas; 2 are more than one"
    assert spec.assignment["E06000000"] == "coastal+post-industrial"
    assert spec.assignment["E06000017"] == "not-classified"
    stripes = {entry.key: (entry.colour, entry.hatch_colour) for entry in spec.classes if "stripes" in entry.hatch}
    assert stripes["coastal+post-industrial"] == (palettes.TYPES["coastal"], palettes.TYPES["post-industrial"])
    assert any("Post-industrial: 1 area not classified" in note for note in spec.notes)
    assert spec.faults() == []


def own_types(toy_set, **kinds):
    codes = toy_set.frame["code"]
    table = pd.DataFrame("no", index=codes, columns=list(kinds))
    for kind, members in kinds.items():
        table.iloc[members, table.columns.get_loc(kind)] = "yes"
    return table


def test_kinds_of_ones_own_have_a_map_of_their_own(toy_set):
    table = own_types(toy_set, **{"coastal": [5], "ten-places": [0, 1], "ports": [1, 2]})
    table.iloc[3, 1] = "not classified"
    spec = spec_typology(toy_set, table, kinds=("ten-places", "ports"))
    assert (spec.id, spec.kind) == ("types", "types")
    assert spec.title == "2 ten-places and 2 ports areas; 1 is more than one"
    assert spec.assignment["E06000001"] == "ten-places+ports"
    assert spec.assignment["E06000005"] == "none"
    assert spec.assignment["E06000003"] == "not-classified"
    looks = {entry.key: (entry.colour, entry.hatch) for entry in spec.classes}
    assert looks["ten-places"] == (palettes.OWN_TYPES[0], texture.OWN_TYPES[0])
    assert looks["ports"] == (palettes.OWN_TYPES[1], texture.OWN_TYPES[1])
    texts = dict(spec.values)
    assert texts["E06000001"] == "ten-places: yes; ports: yes"
    assert spec.faults() == []


def test_a_fifth_kind_takes_its_turn_and_many_overlaps_are_one_class(toy_set):
    kinds = {f"kind-{n}": [n, n + 1, 10] for n in range(5)}
    spec = spec_typology(toy_set, own_types(toy_set, **kinds), kinds=tuple(kinds))
    counts = {entry.key: entry.count for entry in spec.classes}
    # areas 1 to 4 lie in two kinds each, area 10 in all five: five combinations, one more than are told apart
    assert counts["several"] == 5
    assert not any("+" in key for key in counts)
    assert sum(counts.values()) == len(toy_set)
    assert dict(spec.values)["E06000010"].count("yes") == 5
    fifth = next(entry for entry in spec.classes if entry.key == "kind-4")
    assert fifth.colour == palettes.OWN_TYPES[0]
    four = {name: kinds[name] for name in list(kinds)[:2]}
    spec = spec_typology(toy_set, own_types(toy_set, **four), kinds=tuple(four))
    assert "kind-0+kind-1" in {entry.key for entry in spec.classes}


def test_types_nobody_knows_are_refused(toy_set):
    codes = toy_set.frame["code"]
    with pytest.raises(MapError, match="types cannot be drawn"):
        spec_typology(toy_set, pd.DataFrame({"hilly": "yes"}, index=codes))
    with pytest.raises(MapError, match="found perhaps"):
        spec_typology(toy_set, pd.DataFrame({"coastal": "perhaps"}, index=codes))


def test_figures_of_one_table_have_as_many_decimals(toy_set):
    values = np.append(np.arange(1.0, 22.0), 22.25)
    codes = toy_set.frame["code"]
    topic = Topic("Good things", names=dict(zip(codes, toy_set.frame["name"], strict=True)))
    tables = captions.ends_tables(pd.Series(values, index=codes), topic)
    assert [figure for _, rows in tables for _, figure in rows] == [
        *("22.3", "21.0", "20.0", "19.0", "18.0"),
        *("1.0", "2.0", "3.0", "4.0", "5.0"),
    ]


def test_a_published_average_is_quoted_as_published_and_ours_is_rounded():
    def figure(value, unit, kind="published", decimals=None):
        return reference_figure(Reference(kind, value, "EWSN"), Topic("Pay", unit, decimals=decimals))

    assert figure(642.5, "£") == "£642.50"
    assert figure(642.0, "£") == "£642"
    assert figure(22.7, "%") == "22.7%"
    assert figure(39443.27, "£", "denominator-weighted", 0) == "£39,443"


def test_a_licence_without_a_line_of_its_own_stands_behind_the_title():
    told = [
        Source("One", licence="CC BY 4.0"),
        Source("Two.", licence="OGL", attribution=("Contains data",)),
        Source("Three"),
    ]
    assert about_lines(told, "") == ("Source: One (CC BY 4.0); Two; Three.",)
