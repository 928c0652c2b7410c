"""Colours can be told apart: by everyone, in greyscale, beside each other."""

from __future__ import annotations

import itertools

import pytest

from geo.errors import MapError
from maps.look import palettes
from maps.look.palettes import (
    border_colour,
    contrast,
    grey,
    ink_on,
    luminance,
    ramp,
)
from tests.maps.colour_measures import least_distance, lightness

DEFICIENCIES = ("protan", "deutan", "tritan")
FILLS = sorted(
    {
        *palettes.SEQUENTIAL,
        *palettes.SEQUENTIAL_UNFAVOURABLE,
        *palettes.DIVERGING_5,
        *palettes.DIVERGING_7,
        *palettes.CLUSTERS.values(),
        *palettes.ROBUSTNESS,
        *palettes.ROBUSTNESS_FAVOURABLE,
        *palettes.TYPES.values(),
        *palettes.OWN_TYPES,
        *itertools.chain(*palettes.BIVARIATE),
        palettes.LAND,
        palettes.NO_DATA,
    }
)


def test_contrast_of_black_and_white_is_21_and_of_equals_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#37888e", "#37888e") == 1


def test_luminance_of_mid_grey_by_hand():
    # (0.5020 + 0.055) / 1.055 = 0.5279; ** 2.4 = 0.2159
    assert luminance("#808080") == pytest.approx(0.2159, abs=1e-4)


@pytest.mark.parametrize(
    ("colours", "deficiency", "least"),
    [
        # the figures that the visual language states
        (palettes.SEQUENTIAL, "protan", 9.6),
        (palettes.DIVERGING_5, "protan", 19.9),
        (palettes.DIVERGING_7, "protan", 12.2),
    ],
)
def test_stated_least_distances(colours, deficiency, least):
    assert least_distance(colours, deficiency=deficiency) == pytest.approx(least, abs=0.05)


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
@pytest.mark.parametrize(
    "colours",
    [
        palettes.SEQUENTIAL,
        palettes.SEQUENTIAL_UNFAVOURABLE,
        palettes.DIVERGING_5,
        palettes.DIVERGING_7,
        tuple(palettes.CLUSTERS.values()),
        palettes.ROBUSTNESS,
        palettes.ROBUSTNESS_FAVOURABLE,
        tuple(palettes.TYPES.values()),
        palettes.OWN_TYPES,
        palettes.CONFIDENCE,
        tuple(itertools.chain(*palettes.BIVARIATE)),
    ],
    ids=lambda colours: colours[0] if colours else "none",
)
def test_every_palette_can_be_told_apart(colours, deficiency):
    assert least_distance(colours, deficiency=deficiency) >= 9


@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
@pytest.mark.parametrize(
    "colours",
    [
        palettes.SEQUENTIAL,
        palettes.SEQUENTIAL_UNFAVOURABLE,
        palettes.CONFIDENCE[::-1],
        palettes.ROBUSTNESS[::-1],
        palettes.ROBUSTNESS_FAVOURABLE[::-1],
    ],
)
def test_ordered_palettes_darken_step_by_step_for_every_eye(colours, deficiency):
    steps = lightness(colours, deficiency=deficiency)
    assert all(a - b >= 5 for a, b in itertools.pairwise(steps))


def test_a_diverging_palette_is_lightest_in_the_middle_and_even_at_both_ends():
    for colours in (palettes.DIVERGING_5, palettes.DIVERGING_7):
        steps = lightness(colours)
        middle = len(colours) // 2
        assert steps.argmax() == middle
        assert abs(steps - steps[::-1]).max() < 3


def test_for_any_two_fills_the_border_has_3_to_1_against_one_of_them():
    # two fills that differ in lightness mark their own edge; equal ones need the line
    for first, second in itertools.combinations_with_replacement(FILLS, 2):
        line = border_colour(first, second)
        assert max(contrast(line, first), contrast(line, second)) >= 3, (first, second)


def test_the_border_between_dark_fills_is_white_and_between_light_ones_dark():
    assert border_colour("#0b4f5c", "#8c510a") == palettes.BORDER_LIGHT
    assert border_colour("#edf4f2", "#f5f5f0") == palettes.BORDER_DARK


def test_large_text_on_every_fill_has_3_to_1():
    assert min(contrast(ink_on(fill), fill) for fill in FILLS) >= 3


def test_grey_keeps_luminance():
    for fill in FILLS:
        assert luminance(grey(fill)) == pytest.approx(luminance(fill), abs=0.006)


def test_a_ramp_ends_where_its_palette_ends():
    for k in range(2, 10):
        steps = ramp(palettes.SEQUENTIAL, k)
        assert (steps[0], steps[-1], len(steps)) == (palettes.SEQUENTIAL[0], palettes.SEQUENTIAL[-1], k)
    assert ramp(palettes.SEQUENTIAL, 5) == palettes.SEQUENTIAL
    assert ramp(palettes.SEQUENTIAL, 1) == ("#78b9b4",)


@pytest.mark.parametrize("k", [0, 18])
def test_a_ramp_of_no_or_too_many_steps_is_refused(k):
    with pytest.raises(MapError, match="one to seventeen"):
        ramp(palettes.SEQUENTIAL, k)


def test_colours_in_another_notation_are_named():
    with pytest.raises(MapError, match="#rrggbb") as caught:
        palettes.linear_rgb(["teal", "#12345", "#000000"])
    assert "teal, #12345" in str(caught.value)
