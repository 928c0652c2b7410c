"""Percentages and proportions are never taken for each other."""

from __future__ import annotations

import pytest

from boundaries.sources.proportions import read_stated
from geo.errors import TableError


def table(folder, cells, header="value", extra=""):
    rows = [f"E0600000{number},{cell}{',' + extra if extra else ''}" for number, cell in enumerate(cells, start=1)]
    path = folder / "claimants.csv"
    path.write_text("\n".join([f"code,{header}{',lower' if extra else ''}", *rows]), encoding="utf-8")
    return path


def test_per_cents_that_look_like_proportions_are_refused_with_what_to_state(tmp_path):
    path = table(tmp_path, [0.1, 0.83, 0])
    with pytest.raises(TableError, match=r"'claimants' is in %, but every value lies between 0 and 0\.83") as refused:
        read_stated("table", path, unit="%", measure="rate")
    assert [(remedy.option, remedy.value) for remedy in refused.value.remedies] == [
        ("unit", "proportion"),
        ("unit", "percent"),
    ]


def test_cells_with_a_percent_sign_say_what_they_are_and_thousands_separators_do_not(tmp_path):
    signed = read_stated("table", table(tmp_path, ["0.1%", "0.83%"]), unit="%", measure="rate")
    assert signed.percent_signs
    assert signed.frame["value"].tolist() == pytest.approx([0.1, 0.83])
    with pytest.raises(TableError, match="every value lies between"):
        read_stated("table", table(tmp_path, ["0.1", "£0.83"]), unit="%", measure="rate")


def test_proportions_are_given_in_per_cent_with_their_limits(tmp_path):
    made = read_stated("table", table(tmp_path, [0.1, 0.83], extra="0.05"), unit="proportion", measure="rate")
    assert made.meta.unit == "%"
    assert made.frame["value"].tolist() == pytest.approx([10, 83])
    assert made.frame["lower"].tolist() == pytest.approx([5, 5])
    with pytest.raises(TableError, match="above 1"):
        read_stated("table", table(tmp_path, [0.1, 83]), unit="proportion", measure="rate")


@pytest.mark.parametrize(
    ("cells", "unit"),
    [([0.1, 0.83], "percent"), ([0.1, 0.83], "per cent"), ([0.1, 1.2], "%"), ([0, 0], "%"), ([-0.1, 0.8], "%")],
)
def test_per_cents_that_are_stated_or_plain_stay_as_they_are(tmp_path, cells, unit):
    made = read_stated("table", table(tmp_path, cells), unit=unit, measure="rate")
    assert made.meta.unit == "%"
    assert made.frame["value"].tolist() == pytest.approx(cells)


def test_cells_with_a_percent_sign_say_it_themselves(tmp_path):
    made = read_stated("table", table(tmp_path, ["0.1%", "0.8%"]))
    assert (made.meta.unit, made.frame["value"].tolist()) == ("%", [0.1, 0.8])


def test_a_count_below_one_is_no_share(tmp_path):
    assert read_stated("table", table(tmp_path, [0.1, 0.8]), measure="mean").meta.unit == ""
