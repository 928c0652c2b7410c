"""Points counted into areas: the verb, outcomes of one's own, and counts that are withheld."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.layered import count_points, outcome_of_covariate, outcome_of_points
from analysis.layered.counting import withheld
from boundaries.areas.loading import load_boundary_set
from boundaries.joined.extent import join_within
from geo.cli import run
from geo.errors import ConfigError, TableError


@pytest.fixture(scope="module")
def wales():
    return load_boundary_set("LAD", "2024-09-11", nations=["W"])


@pytest.fixture
def points(tmp_path, wales):
    """Return 0, 1, 2 … points in each area of Wales, two beside all, one without coordinates."""
    inside = wales.frame.representative_point()
    rows = [(x, y) for n, (x, y) in enumerate(zip(inside.x, inside.y, strict=True)) for _ in range(n)]
    frame = pd.DataFrame([*rows, (1000, 1000), (1000, 1000), (None, None)], columns=["easting", "northing"])
    frame.to_parquet(tmp_path / "crimes.parquet")
    return tmp_path / "crimes.parquet"


def test_counts_small_ones_withheld(wales, points):
    counted = count_points([points], wales)
    table = counted.to_frame()
    assert counted.counts.tolist() == list(range(22))
    assert table["status"].tolist() == ["ok", *["confidential"] * 4, *["ok"] * 17]
    assert table.loc[table["status"] == "confidential", ["count", "per_1000_residents"]].isna().all(axis=None)
    assert table.loc[21, "per_1000_residents"] == pytest.approx(21_000 / wales.frame["population"].iloc[21])
    assert counted.lines()[:3] == (
        f"231 of 234 points lie in {wales.in_words}",
        "2 lie in none of them",
        "1 have no coordinates",
    )
    assert "4 areas are withheld" in counted.lines()[3]
    assert not count_points([points], wales, smallest=0).withheld.any()
    twice = count_points([points, points], wales)
    assert (twice.counts == 2 * counted.counts).all()


def test_a_folder_of_parts_is_counted_as_one_file(wales, points, tmp_path):
    whole = pd.read_parquet(points)
    for year, part in (("2023", whole.iloc[:100]), ("2024", whole.iloc[100:])):
        (tmp_path / "parts" / f"year={year}").mkdir(parents=True)
        part.to_parquet(tmp_path / "parts" / f"year={year}" / "0.parquet")
    assert count_points([tmp_path / "parts"], wales).lines() == count_points([points], wales).lines()
    (tmp_path / "empty").mkdir()
    with pytest.raises(TableError, match="no Parquet file"):
        count_points([tmp_path / "empty"], wales)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.integers(0, 12))
def test_no_count_follows_by_subtraction(counts, smallest):
    hidden = withheld(np.array(counts), smallest)
    assert all(hidden[place] for place, count in enumerate(counts) if 0 < count < smallest)
    assert hidden.sum() != 1 or np.count_nonzero(counts) == 1


def test_an_outcome_of_points(wales, points):
    table = outcome_of_points(
        points, wales, name="crimes", denominator="residents", title="Crimes", favourable="low", unit=None
    )
    joined = join_within(table, wales)
    assert table.meta.unit == "per 1,000 residents"
    assert (table.meta.measure, table.meta.title, table.meta.favourable) == ("rate", "Crimes", "low")
    assert joined.frame["value"].isna().sum() == 4
    assert joined.frame["value"].iloc[21] == pytest.approx(21_000 / wales.frame["population"].iloc[21])
    counts = outcome_of_points(points, wales, name="crimes", smallest=0)
    assert counts.frame["value"].tolist() == list(range(22))
    assert counts.meta.measure == "count"
    with pytest.raises(ConfigError, match="no denominator 'households'"):
        outcome_of_points(points, wales, name="crimes", denominator="households")


def test_an_outcome_of_a_covariate(wales):
    table = outcome_of_covariate("centre", wales, name="where", title="Eastings", unit=None)
    assert table.meta.title == "Eastings"
    assert table.frame["value"].notna().all()


def test_the_verb(tmp_path, points, capsys):
    output = tmp_path / "counts.csv"
    assert run(["points", str(points), "--to", "LAD@2024-09-11", "--nations", "W", "-o", str(output)]) == 0
    said = capsys.readouterr().out
    assert "231 of 234 points lie in" in said
    assert said.rstrip().endswith("counts.csv")
    table = pd.read_csv(output)
    assert table["count"].sum() == 231 - 10
    assert (
        run(["points", str(points), "--to", "LAD@2024-09-11", "-o", str(output), "--json", "--suppress-below", "0"])
        == 0
    )
    assert json.loads(capsys.readouterr().out)["file"] == str(output)
    assert pd.read_csv(output)["count"].sum() == 231
    assert run(["points", str(points), "--to", "LAD", "-o", str(output)]) == 1
    assert "does not say of which date" in capsys.readouterr().err
    assert run(["points", str(points), "--to", "LAD@2024-09-11", "-o", str(points)]) == 1
    assert "is a file that is read" in capsys.readouterr().err
