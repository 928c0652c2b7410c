"""The Commission's files, with their schema drift."""

from __future__ import annotations

import json

import pytest

from boundaries.sources.smc import SocialMobilityCommission, edition_of, read_membership
from geo.errors import CodeError, TableError

HEAD = "ind_code,ind_name,area_type,area_code,area_name,time_period,category_type,category,category_type2,category2,value,unit"
PLAIN = "CI_growth,Innovation and Growth,SMC,{},{},2018-2022,Z-score category,{},NA,NA,{},Z-score"
DRIFTED = "CI_promising_prospects,Promising prospects,LA,{},{},2014-2022,Group,{},Z-score,{},NA,Group"


def write(path, line, rows):
    path.write_text("\n".join([HEAD, *(line.format(*row) for row in rows)]), encoding="utf-8")
    return path


@pytest.mark.parametrize(("line", "column"), [(PLAIN, "value"), (DRIFTED, "category2")])
def test_scores_are_found_in_either_column(tmp_path, line, column):
    path = write(tmp_path / "a.csv", line, [(171, "Aberdeen city", "Middle Group", 0.07), (2, "B", "Other band", -1.5)])
    table = SocialMobilityCommission().read(path, options={})
    assert table.frame["value"].tolist() == [0.07, -1.5]
    assert table.frame["code"].tolist() == ["smc203:171", "smc203:2"]
    assert table.frame["band"].tolist() == ["Middle Group", "Other band"]
    assert table.roles["value"] == column
    assert (table.meta.measure, table.meta.unit, table.meta.favourable) == ("index", "z", "high")
    assert table.meta.place_basis == ("grew up in" if line is DRIFTED else "lives in")


def test_a_later_edition_with_names_only_and_other_bands_needs_no_new_code(tmp_path):
    path = tmp_path / "son2025" / "x.csv"
    path.parent.mkdir()
    path.write_text(
        "ind_code,ind_name,area_name,time_period,category,value\n"
        "CI_growth,Growth,Aberdeen city,2019-2023,1st fifth,0.5\nCI_growth,Growth,Angus,2019-2023,5th fifth,-0.5\n"
    )
    table = SocialMobilityCommission().read(path, options={"scheme": "smc203"})
    assert table.frame["code"].tolist() == ["", ""]
    assert table.frame["band"].tolist() == ["1st fifth", "5th fifth"]
    assert table.meta.index_version == "2025"


def test_scores_in_no_column_or_not_numbers_are_refused(tmp_path):
    with pytest.raises(TableError, match="exactly one column"):
        SocialMobilityCommission().read(write(tmp_path / "a.csv", PLAIN, [(1, "A", "Middle", "NA")]), options={})
    rows = [(1, "A", "Middle", "0.1"), (2, "B", "Middle", "0.2"), (3, "C", "Middle", "abc")]
    with pytest.raises(TableError, match="'abc' in row 4"):
        SocialMobilityCommission().read(write(tmp_path / "a.csv", PLAIN, rows), options={})
    other = tmp_path / "b.csv"
    other.write_text("code,value\nE06000001,1\n")
    with pytest.raises(TableError, match="not a Data Explorer file"):
        SocialMobilityCommission().read(other, options={})


def test_unknown_options_name_the_nearest(tmp_path):
    path = write(tmp_path / "a.csv", PLAIN, [(1, "A", "Middle", 1)])
    with pytest.raises(TableError, match="did you mean 'favourable'"):
        SocialMobilityCommission().read(path, options={"favorable": "low"})
    with pytest.raises(TableError, match="expected one of count, rate"):
        SocialMobilityCommission().read(path, options={"measure": "ratio"})
    assert SocialMobilityCommission().read(path, options={"title": "Mine"}).meta.title == "Mine"


def membership(tmp_path, areas, rows):
    codes = tmp_path / "codes.json"
    codes.write_text(json.dumps({"areas": [{"name": name, "url": "", "codes": of} for name, of in areas.items()]}))
    return read_membership(codes, write(tmp_path / "data.csv", PLAIN, [(*row, "Middle", 0) for row in rows]))


def test_membership_joins_names_to_ids_in_order_of_the_id(tmp_path):
    table = membership(
        tmp_path, {"B and C": ["E06000002", "E06000003"], "A": ["E06000001"]}, [(10, "b & C "), (9, "A")]
    )
    assert table["code"].tolist() == ["smc203:9", "smc203:10", "smc203:10"]
    assert table["member"].tolist() == ["E06000001", "E06000002", "E06000003"]


def test_membership_names_every_fault(tmp_path):
    with pytest.raises(CodeError) as caught:
        membership(tmp_path, {"A": ["E06000001"], "B": ["E06000001"]}, [(1, "A"), (2, "C")])
    assert len(caught.value.faults) == 3


def test_the_edition_is_read_from_the_path(tmp_path):
    assert edition_of(tmp_path / "son2024_203regions" / "x.csv") == "2024"
    assert edition_of(tmp_path / "itl2_son26" / "x.csv") == "2026"
    assert edition_of(tmp_path / "2026-01-01-dr12-full-dataset.csv") == "2026"
    assert edition_of(tmp_path / "x.csv") == ""


@pytest.mark.real_data
def test_all_four_indices_of_2024_have_a_score_in_each_of_203_areas(real_data):
    folder = real_data / "outcomes" / "smc"
    files = sorted((folder / "son2024_203regions").glob("*.csv"))
    assert len(files) == 4
    members = read_membership(folder / "geography" / "203_regions_codes.json", files[0])
    assert (members["code"].nunique(), len(members)) == (203, 382)
    for path in files:
        frame = SocialMobilityCommission().read(path, options={}).frame
        assert set(frame["code"]) == set(members["code"])
        assert frame["value"].notna().all()
        assert abs(frame["value"].mean()) < 0.6
        # Craft D2: |z| < 1 is the middle group of every index.
        assert (frame.loc[frame["value"].abs() < 1, "band"] == "Middle Group").all()
