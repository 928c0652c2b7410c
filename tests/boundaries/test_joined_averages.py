"""What a joined outcome is compared with, and how its receipt and dictionary read."""

from __future__ import annotations

import numpy as np
import pytest

from boundaries.joined import average_of, join
from geo.errors import JoinError
from tests.boundaries.joined_toys import areas, rows, table


def test_the_average_is_the_published_one_of_the_same_period():
    values = {"E06000001": 1, "S12000033": 2, "W06000001": 3, "N09000003": 4, "E07000192": 5}
    made = table(rows({**values, "K02000001": 2.5}, "2024") + rows({**values, "K02000001": 9.9}, "2023"))
    average = average_of(join(made, areas()))
    assert (average.value, average.kind) == (2.5, "published")
    assert average_of(join(made, areas(), period="2023")).value == 9.9
    english = table(rows({"E06000001": 1, "E07000192": 3, "E92000001": 1.5}), nations=("E",))
    assert average_of(join(english, areas())).label == "the published figure for England"


@pytest.mark.parametrize(
    ("measure", "denominators", "expected", "kind"),
    [
        ("mean", (1.0, 3.0), 2.5, "denominator-weighted"),  # (1·1 + 3·3) / 4
        ("rate", (None, None), 1.5, "population-weighted"),  # (1·3000 + 3·1000) / 4000
        ("count", (None, None), 2.0, "unweighted"),
    ],
)
def test_without_a_published_figure_the_weights_are_stated(measure, denominators, expected, kind):
    made = table(
        [
            {"code": code, "value": value, "denominator": d}
            for code, value, d in zip(("E06000001", "E07000192"), (1.0, 3.0), denominators, strict=True)
        ],
        measure=measure,
    )
    average = average_of(join(made, areas(("E06000001", "E07000192"), populations=[3000.0, 1000.0])))
    assert (average.value, average.kind) == (expected, kind)


def test_what_has_no_average_says_so_and_without_residents_areas_count_alike():
    with pytest.raises(JoinError, match="is a category"):
        average_of(join(table(rows({"E06000001": 1}), measure="category"), areas(("E06000001",))))
    with pytest.raises(JoinError, match="has no value in any area"):
        average_of(join(table(rows({"E06000001": np.nan}), nations=("E",)), areas(("E06000001",))))
    bare = areas(("E06000001", "E07000192"), populations=[np.nan, np.nan])
    average = average_of(join(table(rows({"E06000001": 1, "E07000192": 2})), bare))
    assert (average.value, average.kind) == (1.5, "unweighted")


def test_the_receipt_reads_as_text_and_as_data():
    receipt = join(
        table(rows({"E06000001": 1, "E07000192": 2})), areas(("E06000001", "E07000192", "E06000002"))
    ).receipt
    assert receipt.to_dict()["fates"]["missing"] == 1
    text = receipt.to_text()
    assert "matched" in text
    assert "- → E06000002: the source has no row for this area" in text
