"""Explore Local Statistics: quirks of the files, each on a few lines."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from boundaries.sources import els
from boundaries.sources.els import ExploreLocalStatistics, slug
from geo.errors import TableError

HEAD = "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"
PAY = [
    "K02000001,United Kingdom,Country,Gross median weekly pay,2025-04-30,642.5,Pounds,£,641,644,,",
    "E06000001,Hartlepool,Local Authority District,Gross median weekly pay,2025-04-30,600,Pounds,£,560.8,639.2,,",
    "E07000192,Cannock Chase,Local Authority District,Gross median weekly pay,2025-04-30,,Pounds,£,,,x,",
    "E10000028,Staffordshire,County or Unitary Authority,Gross median weekly pay,2025-04-30,610,Pounds,£,,,u,",
    "E06000001,Hartlepool,Local Authority District,Gross median weekly pay,2024-04-17,580,Pounds,£,,,,",
]


def write(folder, lines=PAY, *, stem="gross-median-weekly-pay", head=HEAD, bom=b"", end="\n", meta=None):
    path = folder / f"{stem}.csv"
    path.write_bytes(bom + end.join([head, *lines, ""]).encode())
    if meta is not None:
        path.with_suffix(".json").write_text(json.dumps({"_note": "", "ess-beta-metadata": meta}))
    return path


def read(path, **options):
    return ExploreLocalStatistics().read(path, options=options)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_byte_order_marks_and_line_ends_change_nothing(tmp_path, bom, end):
    table = read(write(tmp_path, bom=bom, end=end))
    assert table.frame["code"].tolist()[:2] == ["K02000001", "E06000001"]
    assert table.frame.shape[0] == 5


def test_a_missing_figure_with_a_status_is_missing_and_a_standard_error_follows_from_the_interval(tmp_path):
    frame = read(write(tmp_path)).frame.set_index(["code", "period"])
    gone = frame.loc[("E07000192", "2025-04-30")]
    assert np.isnan(gone["value"])
    assert gone["status"] == "unavailable"
    assert frame.loc[("E10000028", "2025-04-30"), "status"] == "unreliable"
    # 39.2 / 1.959964 = 20.0004
    assert frame.loc[("E06000001", "2025-04-30"), "se"] == pytest.approx(20.0, abs=0.001)


def test_averages_are_those_of_the_latest_period(tmp_path):
    meta = read(write(tmp_path)).meta
    assert meta.averages == {"K02000001": 642.5}
    assert (meta.measure, meta.unit, meta.favourable, meta.nations) == ("median", "£", "high", ("E",))


def test_a_figure_that_the_publisher_modelled_says_so(tmp_path):
    def modelled(name, stem):
        line = f"E06000001,Hartlepool,LAD,{name},2023-01-01,4.3,Percentage,%,2.5,6.1,,"
        return read(write(tmp_path, [line], stem=stem)).meta.modelled

    assert modelled("Modelled unemployment rate", "modelled-unemployment")
    assert modelled("Modelled wellbeing", "wellbeing")  # in no catalogue of ours: by the name it has
    assert not read(write(tmp_path)).meta.modelled


def test_metadata_beside_the_file_overrules_its_unit(tmp_path):
    line = "E06000001,Hartlepool,LAD,Housing affordability ratio (residence-based),2025-04-01,7.6,Percentage,%,,,,"
    said = {
        "label": "Housing affordability ratio",
        "suffix": None,
        "subText": "affordability ratio",
        "decimalPlaces": 1,
        "sourceOrg": "Office for National Statistics|Another",
        "sourceURL": "https://example.org/a|https://example.org/b",
        "subtitle": "How many.",
    }
    table = read(write(tmp_path, [line], stem="housing-affordability-ratio", meta=said))
    assert table.meta.unit == "affordability ratio"
    assert table.meta.title == "Housing affordability ratio"
    assert table.meta.decimals == 1
    assert table.meta.source.url == "https://example.org/a"
    assert "Another" in table.meta.source.title
    assert "unit '%' in the file is another in its metadata" in table.repairs


def test_columns_may_be_swapped_and_notes_doubled(tmp_path):
    head = "areacd,areanm,geography,indicator,period,measure,observation,unit,lci_95,uci_95,status,notes,notes"
    line = "E06000001,Hartlepool,LAD,Something new,2022-04-01/P1Y,Mean (0 to 10),7.1,Score out of 10,7.0,7.2,,a,b"
    table = read(write(tmp_path, [line], stem="new", head=head))
    assert table.frame["value"].tolist() == [7.1]
    assert table.meta.measure == "mean"
    assert table.repairs == {"columns of one name, numbered": 1}


def test_one_of_several_indicators_is_chosen_by_name_id_or_file(tmp_path):
    line = "E06000001,Hartlepool,LAD,{},2023-01-01/P1Y,{},Percentage,%,,,,"
    lines = [line.format("Employment rate", 70), line.format("Economically inactive", 30)]
    path = write(tmp_path, lines, stem="employment-rate")
    assert read(path).frame["value"].tolist() == [70]
    assert read(path, indicator="Economically inactive").frame["value"].tolist() == [30]
    assert read(path, where={"indicator": "economically-inactive"}).meta.favourable == "low"
    assert read(path, id="economically-inactive").breakdowns == ("indicator",)
    with pytest.raises(TableError, match="no indicator 'Pay'"):
        read(path, indicator="Pay")
    with pytest.raises(TableError, match="say indicator = one of: employment-rate, economically-inactive"):
        read(write(tmp_path, lines, stem="labour"))


@pytest.mark.parametrize("successor", ["E06000063", "E06000064"])
def test_predecessors_beside_successors_are_declared(tmp_path, successor):
    old = "E07000026,Allerdale,LAD,museums,2021-09-30,4,Count,Count,,,,Obsolete code since 2023 (replaced by E06000063 Cumberland)"
    new = f"{successor},New,LAD,museums,2021-09-30,5,Count,Count,,,,"
    assert read(write(tmp_path, [old, new], stem="museums")).meta.both_vintages is (successor == "E06000063")


def test_a_mark_that_nobody_knows_is_noted_and_takes_no_figure_away(tmp_path):
    told = read(write(tmp_path, [PAY[0][:-1] + "qqq,", *PAY[1:]]))
    assert told.frame["value"].tolist()[0] == 642.5
    assert told.frame["status"].tolist()[0] == "ok"
    assert told.repairs == {"marked 'qqq': figures as published": 1}


@pytest.mark.parametrize("codes", [["E09000012"], ["E09000012", "E09000001"]])
def test_a_figure_of_two_districts_is_one_row_of_their_grouping(tmp_path, codes):
    mark = "Value for Hackney and City of London combined"
    rows = [f"{code},Somewhere,LAD,Smoking,2024-01-01,8.8,Percent,%,,,{mark}," for code in codes]
    other = "E06000001,Hartlepool,LAD,Smoking,2024-01-01,11.5,Percent,%,,,,"
    told = read(write(tmp_path, [*rows, other], stem="smoking"))
    assert told.frame[["code", "name", "value"]].values.tolist() == [
        ["E67000001", "Hackney and City of London", 8.8],
        ["E06000001", "Hartlepool", 11.5],
    ]
    assert told.repairs == {f"marked '{mark}': taken as E67000001": len(codes)}


def test_files_of_another_kind_are_refused(tmp_path):
    with pytest.raises(TableError, match="columns absent: areanm"):
        read(write(tmp_path, ["E06000001"], head="areacd"))
    with pytest.raises(TableError, match="cannot be read"):
        read(write(tmp_path, [PAY[0].replace("642.5", "a lot")]))
    with pytest.raises(TableError, match="empty cells in areanm"):
        read(write(tmp_path, [PAY[0].replace("United Kingdom", "")]))
    path = write(tmp_path)
    path.with_suffix(".json").write_text("{")
    with pytest.raises(TableError, match="not readable JSON"):
        read(path)


def test_ids_lead_to_files():
    adapter = ExploreLocalStatistics()
    assert adapter.file_of("gross-median-weekly-pay") == "gross-median-weekly-pay/gross-median-weekly-pay.csv"
    assert adapter.file_of("male-healthy-life-expectancy") == "healthy-life-expectancy/healthy-life-expectancy.csv"
    assert adapter.file_of("new-this-year") == "new-this-year/new-this-year.csv"
    assert adapter.file_of("New, this year") is None
    assert slug("No qualifications") == "no-qualifications"


@pytest.mark.real_data
def test_all_34_files_are_read_whole(real_data):
    files = sorted((real_data / "outcomes" / "els").glob("*/*.csv"))
    both = set()
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            published = sum(1 for _ in csv.reader(file)) - 1
        tables = [read(path, indicator=indicator) for indicator in els._catalogue()[path.stem]]
        assert sum(len(table.frame) for table in tables) == published, path.stem
        both |= {path.stem for table in tables if table.meta.both_vintages}
        for table in tables:
            assert (table.frame["value"].isna() <= (table.frame["status"] != "ok")).all()
            assert table.meta.unit
    assert len(files) == len(els._catalogue()) == 34
    assert both == {
        "gcses-in-english-and-maths",
        "pupils-at-expected-standards-by-end-of-primary-school",
        "early-years",
        "supermarkets",
        "museums",
        "children-in-relative-poverty",
        "persistent-absences-for-pupils-eligible-for-free-school-meals",
    }
