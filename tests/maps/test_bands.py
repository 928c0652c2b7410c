"""The publisher's bands: drawn as published, or refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from boundaries.areas.custom_areas import membership_of
from boundaries.areas.custom_sets import custom_boundary_set
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from boundaries.sources.registry import read_outcome
from geo.errors import MapError
from maps.feet import foot_of
from maps.kinds import spec_choropleth
from maps.kinds.bands import published_bands
from maps.look import palettes
from maps.look.texture import UNFAVOURABLE
from maps.words import say


def banded(make_joined, areas, bands):
    joined = make_joined(areas, np.arange(22.0) - 10, unit="z")
    return dataclasses.replace(joined, extras=pd.DataFrame({"band": bands}, index=joined.frame.index))


def test_limits_are_the_roundest_numbers_between_bands(make_joined, toy_set):
    # −10 to −5 worst, −4 to 4 middle, 5 to 11 best: the gaps are (−5, −4] and (4, 5]
    bands = ["Worst Off"] * 6 + ["Middle Group"] * 9 + ["BEST"] * 7
    joined = banded(make_joined, toy_set, bands)
    assert published_bands(joined) == ((-4.0, 5.0), ("Worst off", "Middle group", "Best"))
    spec = spec_choropleth(joined, scheme="published")
    shown = [(entry.label, entry.note, entry.count) for entry in spec.classes[:3]]
    # area 3, in the worst band, has no value
    assert shown == [("Best", "5 or more", 7), ("Middle group", "−4 to under 5", 9), ("Worst off", "under −4", 5)]
    assert [entry.colour for entry in spec.classes[:3]] == [
        palettes.DIVERGING_5[-1],
        palettes.DIVERGING_5[2],
        palettes.DIVERGING_5[0],
    ]
    assert spec.classes[2].hatch == UNFAVOURABLE
    assert say("note.bands") in spec.notes
    assert "Method: the publisher's bands." in foot_of(spec)


@pytest.mark.parametrize(
    ("bands", "fault"),
    [
        (["One"] * 22, "found 1 bands"),
        (["Low", "High"] * 11, "'Low' and 'High' overlap between −9.00 and 10"),
        (["Low"] * 10 + [""] * 2 + ["High"] * 10, "2 areas with a value have no band"),
    ],
)
def test_bands_that_cannot_be_given_back_are_refused(make_joined, toy_set, bands, fault):
    with pytest.raises(MapError, match="cannot be drawn") as caught:
        published_bands(banded(make_joined, toy_set, bands))
    assert fault.replace("−9.00", "−9") in str(caught.value)


def test_a_source_without_bands_is_told(toy_joined):
    with pytest.raises(MapError, match="found 0 bands"):
        spec_choropleth(toy_joined, scheme="published")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("index", "outer", "counts"),
    [
        ("CI-1.0-childhood-conditions", (-1.7, 1.65), (11, 21, 138, 25, 8)),
        ("CI-1.0-innovation-and-growth", (-1.6, 1.9), (6, 24, 146, 15, 12)),
        ("CI-1.0-labour-market-opportunities", (-1.5, 2.0), (10, 19, 154, 14, 6)),
        ("CI1-2.0-promising-prospects", (-1.4, 2.0), (10, 22, 149, 12, 10)),
    ],
)
def test_the_commissions_bands_are_given_back_exactly(real_data, index, outer, counts):
    """Middle is |z| < 1 on all four indices, and the outer cuts differ by index, as the Commission says."""
    path = real_data / "outcomes" / "smc" / "son2024_203regions" / f"{index}--full-dataset.csv"
    table = read_outcome("smc", path)
    base = load_boundary_set("LAD", pd.Timestamp("2024-09-11").date())
    joined = join(table, custom_boundary_set(membership_of("smc-203"), scheme="smc203", base=base))
    breaks, labels = published_bands(joined)
    assert breaks == (outer[0], -1.0, 1.0, outer[1])
    assert labels == ("Least favourable", "Unfavourable", "Middle group", "Favourable", "Most favourable")
    spec = spec_choropleth(joined, scheme="published")
    assert any(say("note.middle-band") in note for note in spec.notes)
    assert tuple(entry.count for entry in spec.classes[:5]) == counts
    assert [entry.colour for entry in spec.classes[:5]] == [*reversed(palettes.DIVERGING_5)]
    published = joined.extras["band"].str.lower().str.capitalize()
    drawn = pd.Series(dict(spec.assignment)).map({entry.key: entry.label for entry in spec.classes})
    assert drawn.reindex(published.index).tolist() == published.tolist()
