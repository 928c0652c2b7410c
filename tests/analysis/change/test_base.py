"""Fixed, relative or not known, by one rule; money never bare."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.change.base import base_of
from analysis.change.yardstick import comparable_figures, is_money
from boundaries.series import read_deflator
from geo.errors import StatisticsError, TableError
from tests.analysis.change.toys import series

SCORES = np.array([-1.5, -0.5, 0.0, 0.5, 1.5])


def scores(*factors, shift=0.0, **meta):
    columns = [np.roll(SCORES, place) * factor + shift * place for place, factor in enumerate(factors)]
    return series(np.column_stack(columns), measure="index", unit="z", **meta)


@pytest.mark.parametrize(
    ("made", "base", "reason"),
    [
        (scores(1, 1), "relative", "same-moments"),
        (scores(1, 1.04), "relative", "same-moments"),
        (scores(1, 1.06), "not-known", "moments-differ"),
        (scores(1, 1, shift=0.04), "relative", "same-moments"),
        (scores(1, 1, shift=0.06), "not-known", "moments-differ"),
        (scores(1), "not-known", "one-period"),
        (scores(1, 1, base="fixed"), "fixed", "stated"),
        (series([[1.0, 2.0]], base="relative"), "relative", "stated"),
        (series([[1.0, 2.0]]), "fixed", "measure"),
        (series([[1.0, 2.0]], measure="count"), "fixed", "measure"),
        (series([[1.0, 2.0]], measure="median", unit="minutes"), "fixed", "measure"),
        (series([[1.0, 2.0]], measure="category"), "not-known", "moments-differ"),
        (series([[1.0, 2.0]], measure="index"), "not-known", "moments-differ"),
    ],
)
def test_the_rule(made, base, reason):
    # SCORES have mean 0 and sd 1.0: a shift of 0.04 lies within 0.05 sd, one of 0.06 does not.
    found = base_of(made)
    assert (found.base, found.reason) == (base, reason)


def test_only_areas_common_to_all_periods_are_looked_at():
    made = scores(1, 1)
    values = np.vstack([made.value, [[50.0, np.nan]]])
    assert base_of(series(values, measure="index", unit="z")).base == "relative"


def test_one_period_standardised_on_another_base_is_named():
    assert base_of(scores(1, 1, 3, 1)).odd == ("2022",)
    assert base_of(scores(1, 1, 3, 4)).odd == ()
    assert base_of(scores(1, 3)).odd == ()  # of two nobody can say which


def test_money_is_set_against_the_national_figure_of_the_same_period():
    made = series(
        [[500.0, 550.0], [1000.0, 1100.0]],
        10.0,
        unit="£",
        measure="median",
        averages=({"E92000001": 1000.0, "K02000001": 900.0}, {"E92000001": 1100.0, "K02000001": 900.0}),
    )
    found = comparable_figures(made)
    assert found.value.tolist() == [[50.0, 50.0], [100.0, 100.0]]
    assert found.se[0].tolist() == pytest.approx([1.0, 1000 / 1100])
    assert (found.against, found.whole, found.unit) == ("national", "E92000001", "% of the national figure")


def test_without_a_figure_of_its_nations_that_of_the_united_kingdom_serves():
    made = series([[500.0, 600.0]], unit="£", averages=({"K02000001": 500.0}, {"K02000001": 500.0}))
    assert comparable_figures(made).value.tolist() == [[100.0, 120.0]]


def test_bare_money_is_refused_with_the_periods_that_lack_a_figure():
    made = series([[500.0, 600.0]], unit="£ million", averages=({"K02000001": 500.0}, {}))
    with pytest.raises(StatisticsError, match="no national figure is published in every period") as refused:
        comparable_figures(made)
    assert "none in 2021" in str(refused.value)
    assert "deflator" in str(refused.value)


def test_money_in_prices_of_the_latest_period(tmp_path):
    path = tmp_path / "cpih.csv"
    path.write_text("period,value\n2020,100\n2021,110\n", encoding="utf-8")
    prices = read_deflator(path)
    found = comparable_figures(series([[500.0, 550.0]], 10.0, unit="£"), deflator=prices)
    assert found.value[0].tolist() == pytest.approx([550.0, 550.0])
    assert found.se[0].tolist() == pytest.approx([11.0, 10.0])
    assert (found.against, found.whole) == ("deflated", "cpih")
    with pytest.raises(TableError, match="lacks prices for 1 of 3"):
        comparable_figures(series([[1.0, 2.0, 3.0]], unit="£"), deflator=prices)


def test_what_is_no_money_stays_as_published():
    made = series([[1.0, 2.0]], 0.5)
    found = comparable_figures(made)
    assert found.value is made.value
    assert (found.against, found.unit) == ("published", "%")
    assert [is_money(unit) for unit in ("£", "GBP m", "affordability ratio")] == [True, True, False]
