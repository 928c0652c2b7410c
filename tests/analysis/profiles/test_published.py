"""A published list of places alike, in both its forms, beside ours."""

from __future__ import annotations

import pandas as pd
import pytest

import placeatlas as pa
from analysis.profiles import read_neighbours
from geo.errors import ArgumentTypeError, TableError


def test_a_row_an_area_or_a_row_a_pair(tmp_path):
    wide = tmp_path / "wide.csv"
    wide.write_text("\ufeffAREACD,1,2\na,b,c\nb,a,\n", encoding="utf-8")
    rows = [["a", "b", 1], ["a", "c", 2], ["b", "a", 1]]
    assert read_neighbours(wide).to_numpy().tolist() == rows
    long = tmp_path / "long.csv"
    pd.DataFrame(rows, columns=["code", "like", "rank"]).to_csv(long, index=False)
    assert read_neighbours(long).to_numpy().tolist() == rows


def test_what_is_no_list_is_refused(tmp_path):
    path = tmp_path / "pay.csv"
    path.write_text("code,value\na,1\n", encoding="utf-8")
    with pytest.raises(TableError, match="holds no list of places alike"):
        read_neighbours(path)
    with pytest.raises(TableError, match="cannot be read"):
        read_neighbours(tmp_path / "none.csv")


def test_ours_beside_the_published_one(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("AREACD,1\na,b\nb,c\n", encoding="utf-8")
    structure = pd.DataFrame({"size": [0.0, 1.0, 5.0, 6.0]}, index=["a", "b", "c", "d"])
    found = pa.alike(structure, k=1, published=path).set_index("code")
    assert found["like"].to_dict() == {"a": "b", "b": "a", "c": "d", "d": "c"}
    # of one neighbour drawn from three others one in three is the published one
    assert found.loc[["a", "b"], "shared"].tolist() == [1, 0]
    assert found.loc["a", "expected"] == pytest.approx(1 / 3)
    assert found["shared"].isna().tolist() == [False, False, True, True]
    assert len(pa.alike(structure, k=2, columns="size")) == 8
    with pytest.raises(ArgumentTypeError, match="a data frame by code"):
        pa.alike([1, 2])


@pytest.mark.real_data
def test_places_alike_by_density_and_coast_share_more_with_the_published_list_than_chance(real_data):
    published = real_data / "typology" / "els_clusters" / "demographic-neighbours.csv"
    areas = pa.areas("LAD", "2023-04-01").frame.set_index("code")
    structure = pd.DataFrame({"density": areas["population"] / areas["hectares"], "size": areas["population"]})
    found = pa.alike(structure, k=20, published=published).drop_duplicates("code").dropna(subset="shared")
    assert len(found) > 300
    assert found["shared"].mean() > 1.3 * found["expected"].mean()
