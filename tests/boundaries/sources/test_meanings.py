"""What names of columns say of their figures."""

from __future__ import annotations

import numpy as np
import pytest

from boundaries.sources.meanings import meaning_of


@pytest.mark.parametrize(
    ("words", "values", "meaning"),
    [
        ("gva all gbpm", (33, 109_200), ("count", "£ million")),
        ("gdhi total £ million", (33, 109_200), ("count", "£ million")),
        ("turnover £bn", (1, 2), ("count", "£ billion")),
        ("gdhi per head gbp", (8_302, 226_500), ("mean", "£")),
        ("gva per hour worked £", (15, 84), ("mean", "£")),
        ("median weekly pay £", (262.8, 955), ("median", "£")),
        ("lower quartile house price £", (90_000, 120_000), ("median", "£")),
        ("manufacturing share pct", (26.7, 3), ("rate", "%")),
        ("children in poverty (%)", (4, 41), ("rate", "%")),
        ("proportion", (0.0, 0.27), ("rate", "proportion")),
        ("proportion", (0.0, 27), ("rate", "")),  # of what is not said: a hundred or a thousand?
        ("museums per 100,000 people", (0, 128), ("rate", "per 100,000")),
        ("rate per 1000", (0, 8), ("rate", "per 1,000")),
        ("total population", (213, 212_200), ("count", "people")),
        ("number of pupils", (2, 3), ("count", "pupils")),
        ("imd average score", (5.9, 43.5), ("index", "")),
        ("imd average rank", (23_075.98, 1), ("index", "")),
        ("imd rank", (1, 317), ("index", "rank")),
        ("imd decile", (1, 10), ("index", "decile")),
        ("income quintile", (5, 1), ("index", "quintile")),
        ("9th decile of pay £", (900.5, 1_000), ("median", "£")),
        ("extent", (0.1, 0.4), ("index", "")),
    ],
)
def test_kind_and_unit_of_a_column(words, values, meaning):
    assert meaning_of(words, np.array([*values, np.nan]), percent=False) == meaning


def test_percent_signs_in_the_cells_make_a_rate():
    assert meaning_of("take-up", np.array([12.0]), percent=True) == ("rate", "%")
    assert meaning_of("take-up", np.array([]), percent=False) == ("index", "")
