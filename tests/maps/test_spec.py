"""A spec survives a round trip, and says what would make it untrue."""

from __future__ import annotations

import math
from dataclasses import replace

from geo.provenance import Source
from maps.findings import Figure, RangeFinding
from maps.spec import LegendClass, MapSpec, Outline, Symbol

SPEC = MapSpec(
    id="x/choropleth",
    kind="choropleth",
    outcome="x",
    title="Tŷ & <b>",
    measure="s",
    areas="22 areas",
    finding=RangeFinding(2, ("E3",), Figure(1.0, 0.5, 1.5), ("E1",), Figure(2.0), ("E2",)),
    sources=(Source("A", attribution=("Contains a.",)),),
    approximate=("E1",),
    sure="",
    legend_title="l",
    classes=(LegendClass("a", "A", "#000000", 2), LegendClass("b", "B", "#ffffff", 0, "dots")),
    assignment={"E1": "a", "E2": "a"},
    outlines=(Outline("o", "Group", ("E1",), "#000000"),),
    extra_legends=(("Over", (LegendClass("h", "H", "", 1, "diagonal", hatch_colour="#111111"),)),),
    overlay={"E1": "h"},
    symbols=(Symbol(-1.5, 53.2, 4.0, "#000000"),),
    panels=(("2020", {"E1": "a"}),),
    tables=(("Top", (("E1", "3"),)),),
    square=("Low to high", "Low to high"),
    notes=("n",),
)


def test_json_round_trip_is_exact():
    again = MapSpec.from_json(SPEC.to_json())
    # what is not known is no number, which equals nothing: it is compared by itself
    found = again.finding
    assert isinstance(found, RangeFinding)
    assert found.highest is not None
    assert math.isnan(found.highest.lower)
    assert replace(again, finding=None) == replace(SPEC, finding=None)
    assert again.to_json() == SPEC.to_json()
    assert again.subtitle == "s; 22 areas"


def test_a_true_spec_has_no_faults():
    assert replace(SPEC, panels=()).faults() == []


def test_every_untruth_is_named():
    wrong = replace(
        SPEC,
        panels=(),
        classes=(*SPEC.classes, LegendClass("a", "Again", "#000000", 2)),
        assignment={"E1": "a", "E2": "c"},
        overlay={"E1": "nothing"},
    )
    said = "\n".join(wrong.faults())
    assert "class 'a' stands twice" in said
    assert "class 'c', which the legend lacks" in said
    assert "legend says 2 areas are 'a', the map has 1" in said
    assert "overlay 'nothing' has no legend" in said


def test_legend_classes_hold_all_legends():
    assert list(SPEC.legend_classes()) == ["a", "b", "h"]
