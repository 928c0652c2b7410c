"""Nomis, Fingertips, the Department for Education: files as documented, and pages of a server on this machine."""

from __future__ import annotations

import numpy as np
import pytest

from boundaries.sources import nomis
from boundaries.sources.dfe import ExploreEducationStatistics
from boundaries.sources.fetching import Link
from boundaries.sources.fingertips import Fingertips
from boundaries.sources.nomis import Nomis
from boundaries.sources.registry import fetch_outcome, read_outcome
from boundaries.transport import Policy
from geo.errors import FetchError, TableError
from tests.boundaries.sources.local_publisher import publisher

QUICK = Policy(retries=1, first_wait_s=0.0, timeout_s=5.0)


def put(folder, text, name):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- Nomis

NOMIS = "DATE,DATE_NAME,GEOGRAPHY,GEOGRAPHY_NAME,GEOGRAPHY_CODE,SEX,SEX_NAME,MEASURES,MEASURES_NAME,OBS_VALUE,OBS_STATUS,OBS_STATUS_NAME,RECORD_OFFSET,RECORD_COUNT"


def cell(place, code, sex, measure, value, count, status="Normal Value"):
    return f"2023,Jan 2023-Dec 2023,1,{place},{code},1,{sex},1,{measure},{value},A,{status},0,{count}"


def test_nomis_dimensions_that_vary_are_breakdowns_and_suppressed_cells_say_so(tmp_path):
    lines = [
        cell("Hartlepool", "E06000001", "Total", "Variable", 70.1, 4),
        cell("Hartlepool", "E06000001", "Male", "Variable", 72.0, 4),
        cell("Isles of Scilly", "E06000053", "Total", "Variable", "", 4, "Suppressed to avoid disclosure"),
        cell("Isles of Scilly", "E06000053", "Male", "Variable", "", 4, "Estimate unreliable: sample size too small"),
    ]
    table = Nomis().read(put(tmp_path, "\n".join([NOMIS, *lines]), "NM_17_5.csv"), options={})
    assert table.breakdowns == ("sex",)
    assert table.frame["status"].tolist() == ["ok", "ok", "confidential", "unreliable"]
    assert np.isnan(table.frame["value"].tolist()[2])
    assert table.frame["period"].unique().tolist() == ["Jan 2023-Dec 2023"]
    assert Nomis().read(tmp_path / "NM_17_5.csv", options={"where": {"sex": "Male"}}).breakdowns == ()
    with pytest.raises(TableError, match="it holds Total, Male"):
        Nomis().read(tmp_path / "NM_17_5.csv", options={"where": {"sex": "male"}})
    with pytest.raises(TableError, match="no such dimension"):
        Nomis().read(tmp_path / "NM_17_5.csv", options={"where": {"age": "16"}})


@pytest.mark.parametrize(("means", "half"), [("half-width", 2.0), ("cv", 50 * 0.02 * 1.96)])
def test_nomis_confidence_is_an_interval_or_a_coefficient_of_variation(tmp_path, means, half):
    lines = [
        cell("Hartlepool", "E06000001", "Total", kind, value, 2) for kind, value in (("Value", 50), ("Confidence", 2))
    ]
    path = put(tmp_path, "\n".join([NOMIS, *lines]), "x.csv")
    frame = Nomis().read(path, options={"confidence_is": means}).frame
    assert frame["upper"].tolist() == pytest.approx([50 + half])
    with pytest.raises(TableError, match="confidence_is = 'se' is not known"):
        Nomis().read(path, options={"confidence_is": "se"})


def test_nomis_extracts_that_were_cut_off_or_are_not_one_measure_are_refused(tmp_path):
    line = cell("Hartlepool", "E06000001", "Total", "Value", 50, 99)
    with pytest.raises(TableError, match="it holds 1 of 99 rows"):
        Nomis().read(put(tmp_path, f"{NOMIS}\n{line}", "x.csv"), options={})
    two = [cell("Hartlepool", "E06000001", "Total", kind, 5, 2) for kind in ("Value", "Percent")]
    path = put(tmp_path, "\n".join([NOMIS, *two]), "x.csv")
    with pytest.raises(TableError, match="several measures"):
        Nomis().read(path, options={})
    assert Nomis().read(path, options={"where": {"measures": "Percent"}}).meta.unit == "%"
    same = [cell("Hartlepool", "E06000001", "Total", "Value", value, 2) for value in (5, 6)]
    with pytest.raises(TableError, match="several rows"):
        Nomis().read(put(tmp_path, "\n".join([NOMIS, *same]), "x.csv"), options={})
    with pytest.raises(TableError, match="columns absent: GEOGRAPHY_CODE"):
        Nomis().read(put(tmp_path, "a,b\nx,1\n", "x.csv"), options={})


def test_nomis_figures_left_in_suppressed_cells_are_never_read(tmp_path):
    """A suppressed cell may hold 0, or the figure itself; one rounded against disclosure is published."""
    lines = [
        cell("Hartlepool", "E06000001", "Total", "Value", 70, 3, "Suppressed to avoid disclosure"),
        cell("Middlesbrough", "E06000002", "Total", "Value", 80, 3, "Rounded to avoid disclosure"),
        cell("Redcar", "E06000003", "Total", "Value", 90, 3),
    ]
    frame = Nomis().read(put(tmp_path, "\n".join([NOMIS, *lines]), "x.csv"), options={}).frame
    assert frame["status"].tolist() == ["confidential", "ok", "ok"]
    assert frame["value"].isna().tolist() == [True, False, False]
    lines = [
        f"{line},{conf}" for line, conf in zip(lines[1:], ("Confidential", "Free (free for publication)"), strict=True)
    ]
    text = "\n".join([f"{NOMIS},OBS_CONF_NAME", *lines]).replace(",3,", ",2,").replace(",0,3", ",0,2")
    frame = Nomis().read(put(tmp_path, text, "y.csv"), options={}).frame
    assert frame["status"].tolist() == ["confidential", "ok"]
    assert frame["value"].isna().tolist() == [True, False]


def test_nomis_title_nations_and_kind_are_those_of_the_extract(tmp_path):
    head = f"{NOMIS},VARIABLE_NAME"
    lines = [
        cell("Hartlepool", "E06000001", "Total", "Value", 7, 2),
        cell("Cardiff", "W06000015", "Total", "Value", 8, 2),
    ]
    text = "\n".join([head, *(f"{line},Private separate tenants" for line in lines)])
    meta = Nomis().read(put(tmp_path, text, "NM_1_1.csv"), options={}).meta
    assert (meta.title, meta.measure, meta.unit, meta.nations) == ("Private separate tenants", "count", "", ("E", "W"))


def test_nomis_doubled_confidence_is_one_error(tmp_path):
    kinds = (("Value", 50), ("Confidence", 2), ("Confidence", 3))
    lines = [cell("Hartlepool", "E06000001", "Total", kind, value, 3) for kind, value in kinds]
    with pytest.raises(TableError, match="several rows for one area"):
        Nomis().read(put(tmp_path, "\n".join([NOMIS, *lines]), "x.csv"), options={})
    text = "\n".join([NOMIS, lines[0]]).replace(",0,3", ",0,many")
    with pytest.raises(TableError, match="RECORD_COUNT is 'many'"):
        Nomis().read(put(tmp_path, text, "x.csv"), options={})


def pages(total, *, lose=0, html=False):
    """Answer like the data API: at most a page at once, the whole number in every row."""

    def answer(path, params):
        if not path.endswith("/NM_1_1.data.csv"):
            return None
        if html:
            return b"nothing,here\n"
        first = int(params["recordoffset"])
        last = min(first + min(int(params["recordlimit"]), nomis.PAGE), total - lose)
        rows = [cell("Somewhere", f"E{number:08}", "Total", "Value", number, total) for number in range(first, last)]
        return "\n".join([NOMIS, *rows, ""]).encode()

    return answer


def test_nomis_pages_are_asked_for_until_all_rows_came(tmp_path, monkeypatch):
    monkeypatch.setattr(nomis, "PAGE", 10)
    with publisher(pages(25)) as (base, asked):
        link = Link(cache=tmp_path, base_url=base, policy=QUICK)
        path = fetch_outcome("nomis", "NM_1_1", link=link, query={"geography": "TYPE424", "date": "latest"})
        assert [params["recordoffset"] for _, params in asked] == ["0", "10", "20"]
        assert asked[0][1]["geography"] == "TYPE424"
        assert read_outcome("nomis", path).frame["value"].tolist() == list(range(25))
        fetch_outcome("nomis", "NM_1_1", link=link, query={"geography": "TYPE424", "date": "latest"})
        assert len(asked) == 3, "the second time everything comes from the cache"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (pages(25, lose=3), "25 rows were stated, 22 came"),
        (pages(0), "holds no cell"),
        (pages(5, html=True), "something else than data"),
    ],
)
def test_nomis_answers_that_do_not_add_up_are_refused(tmp_path, monkeypatch, answer, message):
    monkeypatch.setattr(nomis, "PAGE", 10)
    with publisher(answer) as (base, _), pytest.raises(FetchError, match=message):
        fetch_outcome("nomis", "NM_1_1", link=Link(tmp_path, base, policy=QUICK), query={"geography": "TYPE424"})
    with pytest.raises(FetchError, match="must name a geography"):
        fetch_outcome("nomis", "NM_1_1", link=Link(tmp_path))


@pytest.mark.parametrize("total", [20, 25])
def test_nomis_pages_without_a_count_are_asked_for_until_one_is_empty(tmp_path, monkeypatch, total):
    monkeypatch.setattr(nomis, "PAGE", 10)
    whole = pages(total)

    def uncounted(path, params):
        lines = whole(path, params).decode().splitlines()
        return "\n".join(",".join(line.split(",")[:-2]) for line in lines).encode()

    with publisher(uncounted) as (base, asked):
        link = Link(cache=tmp_path, base_url=base, policy=QUICK)
        path = fetch_outcome("nomis", "NM_1_1", link=link, query={"geography": "TYPE424"})
        assert len(read_outcome("nomis", path).frame) == total
        assert asked[-1][1]["recordoffset"] == str(total)


def test_nomis_data_that_change_between_pages_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(nomis, "PAGE", 10)
    old, new = pages(25), pages(26)
    answers = lambda path, params: (old if params["recordoffset"] == "0" else new)(path, params)  # noqa: E731
    with publisher(answers) as (base, _), pytest.raises(FetchError, match="changed while it was fetched"):
        fetch_outcome("nomis", "NM_1_1", link=Link(tmp_path, base, policy=QUICK), query={"geography": "TYPE424"})


def test_nomis_answers_that_are_no_text_are_refused(tmp_path):
    with (
        publisher(lambda *_: b"\x1f\x8b\xff\xfe") as (base, _),
        pytest.raises(FetchError, match="something else than data"),
    ):
        fetch_outcome("nomis", "NM_1_1", link=Link(tmp_path, base, policy=QUICK), query={"geography": "TYPE424"})


# --- Fingertips

FINGERTIPS = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,Time period,"
    "Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,Denominator,Value note"
)


def health(parent, area, sex, value, note="", category=","):
    return (
        f"108,Smoking prevalence (%),{parent},P,{area},A,Districts,{sex},18+,{category},2023,{value},9,11,10,100,{note}"
    )


def test_fingertips_rows_repeated_for_each_parent_are_one_row(tmp_path):
    lines = [
        health("E12000001", "E06000001", "Persons", 10),
        health("E92000001", "E06000001", "Persons", 10),
        health("E92000001", "E06000001", "Male", 12),
        health("E92000001", "E06000002", "Persons", "", "Value suppressed due to small numbers"),
        health("E92000001", "E06000002", "Male", 8),
    ]
    path = put(tmp_path, "\n".join([FINGERTIPS, *lines]), "108.csv")
    table = Fingertips().read(path, options={"favourable": "low"})
    assert table.breakdowns == ("Sex",)
    assert len(table.frame) == 4
    assert table.frame["status"].tolist() == ["ok", "ok", "confidential", "ok"]
    assert table.frame["se"].tolist()[0] == pytest.approx(1 / 1.96, abs=1e-3)
    assert (table.meta.unit, table.meta.title, table.meta.favourable) == ("%", "Smoking prevalence (%)", "low")
    only = Fingertips().read(path, options={"where": {"Sex": "Persons"}}).frame
    assert only["status"].tolist() == ["ok", "confidential"]


def test_fingertips_reads_one_indicator_at_a_time(tmp_path):
    lines = [
        health("E92000001", "E06000001", "Persons", 10),
        health("E92000001", "E06000001", "Persons", 11).replace("108,", "109,", 1),
    ]
    path = put(tmp_path, "\n".join([FINGERTIPS, *lines]), "x.csv")
    with pytest.raises(TableError, match=r"108 \(Smoking prevalence \(%\)\)"):
        Fingertips().read(path, options={})
    assert Fingertips().read(path, options={"indicator": "109"}).frame["value"].tolist() == [11]
    with pytest.raises(TableError, match="columns absent: Indicator ID"):
        Fingertips().read(put(tmp_path, "a,b\nx,1\n", "x.csv"), options={})


def indicator(title, *rows, period="2023"):
    """Return a file of one indicator; rows are code, value, count, denominator, note."""
    head = "Indicator ID,Indicator Name,Area Code,Area Name,Time period,Value,Count,Denominator,Value note"
    lines = [f'1,"{title}",{code},A,{period},{value},{count},{base},{note}' for code, value, count, base, note in rows]
    return "\n".join([head, *lines])


@pytest.mark.parametrize(
    ("title", "row", "measure", "unit"),
    [
        ("Smokers", (12.5, 125, 1000), "rate", "%"),
        ("Admissions", (1250, 125, 10_000), "rate", "per 100,000"),
        ("Mortality rate per 100,000", (900, 125, 10_000), "index", "per 100,000"),  # standardised by age
        ("Life expectancy at birth", (80.1, "", ""), "mean", "years"),
        ("Smoking prevalence", (12.5, "", ""), "rate", "%"),
        ("Slope index of inequality", (8.1, "", ""), "index", ""),
    ],
)
def test_fingertips_rates_are_counts_over_denominators(tmp_path, title, row, measure, unit):
    text = indicator(title, ("E06000001", *row, ""), ("E10000002", *row, ""))
    meta = Fingertips().read(put(tmp_path, text, "1.csv"), options={}).meta
    assert (meta.measure, meta.unit, meta.geography) == (measure, unit, "UTLA")


def test_fingertips_notes_tell_what_is_withheld_from_what_is_missing(tmp_path):
    notes = ("Value suppressed for disclosure control", "Value missing in source data", "")
    rows = [
        (f"E0600000{place}", value, "", "", note)
        for place, (value, note) in enumerate(zip((7, "", 9), notes, strict=True), 1)
    ]
    frame = Fingertips().read(put(tmp_path, indicator("Smokers", *rows), "1.csv"), options={}).frame
    assert frame["status"].tolist() == ["confidential", "unavailable", "ok"]
    assert frame["value"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("published", "period"),
    [
        ("2019 - 21", "2019 to 2021"),
        ("2019/20 - 21/22", "2019/20 to 2021/22"),
        ("1999 - 01", "1999 to 2001"),
        ("2021/22", "2021/22"),
        ("2022/23 Q1", "2022/23 Q1"),
    ],
)
def test_fingertips_pooled_years_are_written_in_full(tmp_path, published, period):
    text = indicator("Smokers", ("E06000001", 1, "", "", ""), period=published)
    assert Fingertips().read(put(tmp_path, text, "1.csv"), options={}).periods() == (period,)


# --- Department for Education

DFE = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,la_name,old_la_code,sex,pupils,share"
ROWS = [
    "202324,Academic year,National,E92000001,England,,,,,,Total,500,45.1",
    "202324,Academic year,Local authority,E92000001,England,E12000001,North East,E06000001,Hartlepool,805,Total,50,c",
    "202324,Academic year,Local authority,E92000001,England,E12000001,North East,E06000001,Hartlepool,805,Girls,30,47",
    "202324,Academic year,School,E92000001,England,E12000001,North East,E06000001,Hartlepool,805,Total,5,1",
]


def test_dfe_rows_take_the_place_of_their_level(tmp_path):
    path = put(tmp_path, "\n".join([DFE, *ROWS]), "rates.csv")
    table = ExploreEducationStatistics().read(path, options={"indicator": "share", "unit": "%"})
    assert table.frame["code"].tolist() == ["E92000001", "E06000001", "E06000001"]
    assert table.frame["period"].unique().tolist() == ["2023/24"]
    assert table.frame["status"].tolist() == ["ok", "confidential", "ok"]
    assert table.breakdowns == ("sex",)
    assert table.repairs["rows of other levels (schools, constituencies) left out"] == 1
    assert table.meta.title == "share"
    with pytest.raises(TableError, match="which is the value is not clear"):
        ExploreEducationStatistics().read(path, options={})
    with pytest.raises(TableError, match="not a table of Explore Education Statistics"):
        ExploreEducationStatistics().read(put(tmp_path, "a,b\nx,1\n", "x.csv"), options={})


@pytest.mark.parametrize(
    ("number", "kind", "period"),
    [("2023", "Calendar year", "2023"), ("2024", "March", "March 2024"), ("201819", "Financial year", "2018/19")],
)
def test_dfe_periods(tmp_path, number, kind, period):
    path = put(tmp_path, f"time_period,time_identifier,new_la_code,rate\n{number},{kind},E06000001,5\n", "x.csv")
    assert ExploreEducationStatistics().read(path, options={}).frame["period"].tolist() == [period]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "where"),
    [
        ("ks4_attainment8_progress8_by_la_201819_202324.csv", {"sex": "Total"}),
        ("ks4_by_fsm_disadvantage_by_la.csv", {"breakdown": "Free school meals", "free_school_meals": "FSM"}),
    ],
)
def test_key_stage_4_mixes_vintages_by_year(real_data, file, where):
    path = real_data / "outcomes" / "education" / file
    table = ExploreEducationStatistics().read(path, options={"indicator": "avg_att8", "where": where})
    codes = {period: set(rows["code"]) for period, rows in table.frame.groupby("period")}
    assert "E06000063" in codes["2023/24"]
    assert "E10000006" in codes["2018/19"]
    assert "E06000063" not in codes["2018/19"]
