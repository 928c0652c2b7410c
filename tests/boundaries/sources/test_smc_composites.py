"""The 2025 form of the Commission's composite indices: names alone, seven groups, a scale for every period."""

from __future__ import annotations

import datetime as dt

import pytest

from boundaries.areas.custom_areas import custom_areas, membership_of
from boundaries.joined.extent import join_within
from boundaries.outcomes.derived import change
from boundaries.sources.registry import read_outcome
from boundaries.sources.smc_composites import CUTS, GROUPS, group_of
from geo.errors import TableError

HEAD = (
    '"measure_code","measure_title","chart_type","area_code","area_type","area_name","primary_split_type",'
    '"primary_split_value","secondary_split_type","secondary_split_value","time_period","value","lci","uci",'
    '"sample_size","unit","value_note","group_number"'
)
LINE = '"ci1","{title}","composite_index",,"Local Authority","{name}","time_period","{period}","zscore_category","{band}","{period}",{score},,,,"z-score",,4'


def row(name, score, band="Middling", period="2018 to 2024", title="Conditions of Childhood"):
    return LINE.format(name=name, score=score, band=band, period=period, title=title)


def written(folder, *rows, edition="2025"):
    path = folder / f"son{edition}_x" / "ci.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


def test_a_composite_of_2025_is_an_index_with_a_relative_base(tmp_path):
    table = read_outcome("smc", written(tmp_path, row("Angus", 0.1), row("Cumbria", -0.5, "Lower Middling")))
    meta = table.meta
    assert (meta.id, meta.measure, meta.unit, meta.base) == ("conditions-of-childhood", "index", "z", "relative")
    assert (meta.index_version, meta.geography, meta.place_basis) == ("2025", "smc205", "lives in")
    assert table.frame["code"].tolist() == ["", ""]
    assert table.frame["band"].tolist() == ["Middling", "Lower Middling"]
    assert table.frame["se"].isna().all()


def test_prospects_are_of_people_who_grew_up_there(tmp_path):
    table = read_outcome("smc", written(tmp_path, row("Angus", 0.1, title="Promising Prospects")))
    assert table.meta.place_basis == "grew up in"
    assert "grew up" in table.meta.description


def test_every_fault_of_a_composite_is_named_at_once(tmp_path):
    path = written(tmp_path, row("A", "abc"), row("B", 0.2, "Fairish"), row("C", 0.2, title="Other"))
    with pytest.raises(TableError) as caught:
        read_outcome("smc", path)
    words = "\n".join(caught.value.faults)
    for told in (
        "'abc' in row 2 of value",
        "several measures: Conditions of Childhood, Other",
        "not of the seven: Fairish",
    ):
        assert told in words
    path.write_text(
        path.read_text(encoding="utf-8").replace('"time_period","value"', '"when","worth"'), encoding="utf-8"
    )
    with pytest.raises(TableError, match="column time_period is absent"):
        read_outcome("smc", path)


@pytest.mark.parametrize(
    ("score", "group"),
    [
        (-1.5, 0), (-1.499, 1), (-1.0, 1), (-0.999, 2), (-0.5, 2), (-0.499, 3), (0.0, 3),
        (0.499, 3), (0.5, 4), (0.999, 4), (1.0, 5), (1.499, 5), (1.5, 6), (9.0, 6),
    ],
)  # fmt: skip
def test_a_score_on_a_cut_falls_outward(score, group):
    assert group_of(score) == GROUPS[group]
    assert len(CUTS) + 1 == len(GROUPS)


def test_the_205_areas_cover_the_country_once():
    areas = custom_areas("smc-205", date=dt.date(2024, 9, 11))
    assert len(areas) == 205
    members = membership_of("smc-205").groupby("name")["member"].agg(set)
    # As the Commission's list of codes has them.
    assert members["Cumbria"] == {"E06000063", "E06000064"}
    assert members["Camden and City of London"] == {"E09000001", "E09000007"}
    assert members["Cornwall and Isles of Scilly"] == {"E06000052", "E06000053"}
    assert members["North Ayrshire mainland"] == {"S12000021"}
    assert len(members["Northern Ireland"]) == 11


def test_two_editions_are_never_chained_by_name_of_adapter_or_of_a_plain_table(tmp_path):
    old = read_outcome("smc", written(tmp_path, row("Angus", 0.1, period="2012 to 2017"), edition="2024"))
    new = read_outcome("smc", written(tmp_path, row("Angus", 0.3)))
    with pytest.raises(TableError, match="of 2024 and of 2025 are two editions") as caught:
        change(old, new, frm="2012 to 2017", to="2018 to 2024")
    assert "different indicators" in caught.value.faults[0]
    files = []
    for year, score in (("2024", 0.1), ("2025", 0.2)):
        files.append(tmp_path / f"{year}.csv")
        files[-1].write_text(
            f"code,year,score\nE06000001,{year},{score}\nE06000002,{year},-{score}\n", encoding="utf-8"
        )
    said = [
        read_outcome("table", file, measure="index", unit="z", edition=file.stem, columns={"value": "score"})
        for file in files
    ]
    assert [table.meta.index_version for table in said] == ["2024", "2025"]
    with pytest.raises(TableError, match="two editions"):
        change(*said, frm="2024", to="2025")
    silent = [read_outcome("table", file, measure="index", unit="z", columns={"value": "score"}) for file in files]
    with pytest.raises(TableError, match="neither says of which edition"):
        change(*silent, frm="2024", to="2025")


@pytest.mark.real_data
def test_all_205_areas_of_2025_are_matched_and_every_published_band_follows_from_its_score(real_data):
    folder = real_data / "outcomes" / "smc" / "son2025_205regions"
    areas = custom_areas("smc-205", date=dt.date(2024, 9, 11))
    same = rows = 0
    for path in sorted(folder.glob("CI[123]-*.csv")):
        table = read_outcome("smc", path)
        for period in table.periods():
            joined = join_within(table, areas, period=period)
            assert int(joined.frame["value"].notna().sum()) == len(joined.frame) == 205
        rows += len(table.frame)
        same += int((table.frame["band"] == table.frame["value"].map(group_of)).sum())
    assert (same, rows) == (2460, 2460)
