"""What stands above a map is broken where a reader would break it."""

from __future__ import annotations

import dataclasses

import pytest

from maps.kinds import spec_bivariate, spec_choropleth
from maps.look import styles
from maps.static.layout import map_page


@pytest.mark.parametrize("width", range(300, 620, 20))
def test_no_line_of_the_heading_breaks_a_date(toy_joined, toy_canvas, width):
    told = dataclasses.replace(
        spec_choropleth(toy_joined), measure="Promising prospects, 2014 to 2022", areas="203 areas of 11 September 2024"
    )
    size = dataclasses.replace(styles.SIZES["page"], width=float(width))
    page = map_page(told, toy_canvas, style=styles.DEFAULT, size=size)
    lines = [text.text for text in page.texts() if text.role == "subtitle"]
    assert " ".join(lines) == told.subtitle
    assert any("11 September 2024" in line for line in lines)


def test_a_table_without_a_period_leaves_no_gap_in_the_subtitle(toy_joined):
    undated = dataclasses.replace(toy_joined, period="")
    assert spec_choropleth(undated).subtitle == "Good things (%); 22 local authority districts of 1 April 2023"


def test_no_heading_of_two_outcomes_has_an_empty_period(toy_joined):
    undated = dataclasses.replace(toy_joined, period="")
    spec = spec_bivariate(undated, undated)
    assert "," not in spec.measure.replace(", and", " and")
