"""Tables as people really publish them: each input with the value that is right, or with the reason why it is refused.

The inputs are made up after public reports; those marked *control* came out right before and must stay so.
"""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.conversion.recoding_files import recode_file
from boundaries.joined import Joined, join, published_units
from boundaries.joined.checking import check_file
from boundaries.joined.checks import report
from boundaries.joined.trying import Asking
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.sources.proportions import read_stated
from geo.errors import PlaceatlasError

HERE = Path(__file__).parent
SOMERSET = "E06000066"


def joined(name: str, **options: object) -> Joined:
    """Read and join a case as ``map`` does."""
    table = read_stated("table", HERE / name, **options)
    return join(table, fitting_areas(table))


RIGHT = {
    # ways to write a code
    "tables/uri-codes.csv": ("", 12, {"E06000001": 31.2}),
    "tables/uri-former-districts.csv": ("", 4, {"E07000187": 1000, "E07000246": 1200}),
    "tables/code-and-name-in-one.csv": ("", 12, {"E06000001": 31.2, "E08000021": 45.3}),
    "tables/code-colon-name.csv": ("", 4, {"E07000189": 1300}),
    "tables/code-in-brackets.csv": ("", 12, {"E06000057": 41.7}),
    "tables/excel-guarded-codes.csv": ("", 12, {"E06000001": 31.2}),  # control
    "tables/apostrophe-codes.csv": ("", 12, {"E06000001": 31.2}),  # control
    "tables/nbsp-codes.csv": ("", 12, {"E06000001": 31.2}),  # control
    "tables/zwsp-codes.csv": ("", 12, {"E06000001": 31.2}),  # control
    # ways to write a name
    "tables/nomis-prefixed-names.csv": ("", 12, {"E06000001": 31.2, "E06000057": 41.7}),
    "tables/nomis-prefixed-names-only.csv": ("", 12, {"E06000001": 31.2, "E06000057": 41.7}),
    "tables/prefixed-former-districts.csv": ("", 5, {"E07000187": 1000, "E07000191": 300}),
    "tables/boundary-line-names.csv": ("", 20, {"E06000043": 12, "E09000012": 15, "E09000033": 17, "S12000013": 23}),
    "tables/bilingual-names.csv": ("", 6, {"W06000011": 31.2, "W06000009": 30, "W06000013": 34}),
    "tables/dfe-3digit.csv": ("", 6, {"E06000001": 61, "E06000047": 59.5}),
    # columns of regions beside columns of districts
    "tables/region-filled-before-names.csv": ("", 4, {"E07000187": 1000}),
    "tables/region-first.csv": ("", 12, {"E06000001": 31.2}),  # control
    "tables/county-then-district.csv": ("", 4, {"E07000177": 1500, "E07000105": 1900}),  # control
    "tables/country-column.csv": ("", 4, {"S12000033": 22}),  # control
    "tables/utla-first-ltla-second.csv": ("", 6, {"E07000066": 30.1, "E06000035": 28}),
    "tables/two-vintages-two-columns.csv": ("", 6, {"E07000026": 96000}),
    # labels of periods, read together
    "tables/pooled-years-long.csv": ("2010 to 2012", 12, {"E06000001": 76.7}),
    "tables/pooled-years-long-later.csv": ("2013 to 2015", 12, {"E06000001": 76.7}),
    "tables/pooled-years-mixed.csv": ("2012 to 2014", 12, {"E06000001": 76.7}),
    "tables/pooled-years-wide.csv": ("2010 to 2012", 12, {"E06000001": 76.7}),
    "tables/three-year-ranges.csv": ("2019 to 2021", 12, {"E06000001": 33.2}),
    "tables/fingertips-pooled.csv": ("2011 to 2013", 2, {"E06000001": 76.2}),
    "tables/wide-fy.csv": ("2021-22", 12, {"E06000001": 33.2}),
    "tables/wide-years-x.csv": ("X2021", 12, {"E06000001": 33.2}),
    "tables/wide-float-years.csv": ("2021.0", 12, {"E06000001": 33.2}),
    "tables/wide-quarters.csv": ("2023 Q4", 12, {"E06000001": 34.2}),
    "tables/wide-months.csv": ("Mar-23", 12, {"E06000001": 33.2}),
    "tables/mid-year-labels.csv": ("mid-2020", 12, {"E06000001": 76500}),
    "tables/provisional-years.csv": ("2023 (provisional)", 12, {"E06000001": 76.7}),
    "tables/excel-month-labels.csv": ("Jan-23", 12, {"E06000001": 7670}),
    "tables/excel-dates.xlsx": ("2023-02-01", 12, {"E06000001": 33.2}),
    "tables/excel-date-headers.xlsx": ("2023-02-01", 12, {"E06000001": 32.2}),
    # typed columns
    "tables/index-code.parquet": ("", 12, {"E06000001": 31.2}),
    "tables/unnamed-index-code.parquet": ("", 12, {"E06000001": 31.2}),
    "tables/missing-with-name.parquet": ("", 2, {"E06000002": 28.4, "E06000003": 33.5}),
    # numbers as people type them
    "tables/space-thousands.csv": ("", 12, {"E06000001": 1234, "E06000004": 4567}),
    "tables/percent-signs.csv": ("", 12, {"E06000001": 31.2}),  # control
    "tables/minus-only.csv": ("", 11, {"E06000001": -1.2, "E06000002": 0.8}),  # control
    "tables/missing-and-islands.csv": ("", 354, {"E06000001": 20.3}),  # control
    "tables/identical-duplicate-rows.csv": ("", 2, {"E06000001": 31.2}),  # control
    "messy/pivot.csv": ("2023", 4, {"E06000001": 28900}),  # control
    "messy/restandardised.csv": ("2021", 5, {"E06000001": -1.224745}),  # control
}
"""Case → period that is shown, areas with a value, and some of the values."""

REFUSED = {
    "tables/ranges.csv": "no column of numbers",
    "tables/value-with-ci-in-cell.csv": "no column of numbers",
    "tables/unicode-minus.csv": r"row 5: '\(0.4\)'",
    "tables/excel-errors.xlsx": "#DIV/0!",
    "tables/formulas-uncalculated.xlsx": "formulas without results",  # control
    "tables/hidden-sheet-and-rows.xlsx": "say sheet = one of: Data, old",  # control
    "tables/two-row-header.xlsx": "2021 Male, 2021 Female, 2022 Male, 2022 Female",  # control
    "tables/fingertips-both-area-types.csv": "no group was chosen of 'Area Type'",
    "tables/stats19.csv": r"no column of area codes or names\n.*\n  Local_Authority_\(District\) holds '60', '61'",
    "tables/percent-formatted.xlsx": "every value lies between 0.284 and 0.453",  # control
    "tables/one-code-two-names.csv": "S12000036 is called City of Edinburgh and East Lothian: one code, two names",
    "tables/swapped-names.csv": "E07000244 is called West Suffolk but is East Suffolk",
    "tables/combined-name-one-code.csv": "E06000052 is called Cornwall and Isles of Scilly, E09000012 is called Hackney",
    "tables/placeholder-codes.csv": "2 rows have 'na' for a code: ",
    "tables/placeholder-codes-z.csv": "1 row has 'z' for a code: ",
    "tables/blank-codes-by-country.csv": "names that are of no area: 'To be confirmed'",
    "tables/totals-footers.csv": "'North East total' .*'Grand Total'",
    "tables/region-column-before-names.csv": "names that are of no area: 'Total'",
    "tables/region-heading-rows.xlsx": "names that are of no area: 'Total'",
    "messy/messy.xlsx": "say sheet = one of: Cover, Table 1",
    "messy/mixed.csv": "no date is one on which",
}
"""Case → what the refusal says."""


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_is_read_right(name: str) -> None:
    period, valued, some = RIGHT[name]
    made = joined(name)
    assert made.period == period
    assert made.frame["value"].notna().sum() == valued
    assert made.frame["value"].loc[list(some)].to_dict() == pytest.approx(some)


@pytest.mark.parametrize("name", REFUSED)
def test_a_case_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(PlaceatlasError, match=REFUSED[name]):
        joined(name)


@pytest.mark.parametrize(
    "name",
    [
        "uri-former-districts.csv",
        "code-colon-name.csv",
        "prefixed-former-districts.csv",
        "region-filled-before-names.csv",
    ],
)
def test_former_districts_are_recoded_whatever_their_codes_look_like(name: str) -> None:
    made = recode_file(HERE / "tables" / name, to=dt.date(2023, 4, 1), measure="count").to_frame()
    assert made["code"].tolist() == [SOMERSET]
    assert made.iloc[0, -2] == 4600


def test_mended_codes_and_names_are_counted() -> None:
    made = joined("tables/code-and-name-in-one.csv")
    assert "Mended while reading: codes cut out of longer text (12)." in made.receipt.statements
    named = joined("tables/nomis-prefixed-names-only.csv")
    assert "Mended while reading: names cut out of longer text (12)." in named.receipt.statements


def test_a_lone_short_label_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "pooled.csv"
    path.write_text("code,period,rate\nE06000001,2010-12,5\nE06000002,2010-12,6\n", encoding="utf-8")
    with pytest.raises(PlaceatlasError, match="2010-12 can be a month, or years that were pooled"):
        read_stated("table", path)
    assert read_stated("table", path, period_form="years").periods() == ("2010 to 2012",)
    assert read_stated("table", path, period_form="months").periods() == ("2010-12",)


def test_a_pooled_period_is_asked_for_as_it_stands_in_the_file() -> None:
    table = read_stated("table", HERE / "tables" / "pooled-years-long.csv")
    made = join(table, fitting_areas(table), period="2009-11")
    assert made.period == "2009 to 2011"
    assert made.frame.loc["E06000001", "value"] == 76.5


@pytest.mark.parametrize("name", ["swapped-names.csv", "combined-name-one-code.csv", "one-code-two-names.csv"])
def test_recode_refuses_contradictions_as_the_join_does(name: str) -> None:
    with pytest.raises(PlaceatlasError, match="is called"):
        recode_file(HERE / "tables" / name, to=dt.date(2023, 4, 1), measure="rate")


def test_contradictions_are_allowed_by_name_and_told() -> None:
    table = read_stated("table", HERE / "tables" / "swapped-names.csv")
    made = join(table, fitting_areas(table), allow=["contradictions"])
    assert made.frame.loc["E07000244", "value"] == 61.2
    notes = {(entry["from"], entry["to"]): entry["note"] for entry in made.receipt.details}
    assert notes["West Suffolk", "E07000244"] == "the name is of another area"
    path = HERE / "tables" / "swapped-names.csv"
    recoded = recode_file(path, to=dt.date(2023, 4, 1), measure="rate", allow=["contradictions"]).to_frame()
    assert recoded.set_index("code").loc["E07000244", ["name", "name_in_table"]].tolist() == [
        "East Suffolk",
        "West Suffolk",
    ]


def test_recode_keeps_the_names_of_the_table() -> None:
    made = recode_file(
        HERE / "tables" / "two-vintages-two-columns.csv", to=dt.date(2023, 4, 1), measure="count"
    ).to_frame()
    assert made["name_in_table"].tolist() == [
        "Allerdale; Carlisle; Copeland",
        "Barrow-in-Furness; Eden; South Lakeland",
    ]
    assert made["people"].tolist() == [273000, 226600]


def test_what_is_of_no_area_has_no_quality() -> None:
    made = recode_file(HERE / "tables" / "grouped-districts.csv", to=dt.date(2023, 4, 1), measure="rate")
    quality = made.to_frame().set_index("code")["rate_quality"]
    assert quality["E67000002"] == ""
    assert quality["E06000026"] == "exact"
    assert made.to_dict()["columns"]["rate"]["quality"] == {"exact": 3}


MEMBERS = ["E06000052", "E06000053", "E09000012", "E09000001"]


@pytest.mark.parametrize(
    ("name", "figures"), [("grouped-districts.csv", [8.8, 10.2]), ("combined-name-one-code.csv", [187, 345])]
)
def test_members_of_a_grouping_inherit_one_observation_on_request(name: str, figures: list[float]) -> None:
    table = read_stated("table", HERE / "tables" / name, measure="rate")
    made = join(table, fitting_areas(table), allow=["grouped"])
    assert made.frame.loc[MEMBERS, "value"].tolist() == [figures[0], figures[0], figures[1], figures[1]]
    assert set(made.frame.loc[MEMBERS, "quality"]) == {"inherited"}
    assert published_units(made)[MEMBERS].tolist() == ["E67000002", "E67000002", "E67000001", "E67000001"]


@pytest.mark.parametrize(("measure", "allow"), [("rate", []), ("count", []), ("count", ["grouped"])])
def test_members_of_a_grouping_are_told_where_their_figure_is(measure: str, allow: list[str]) -> None:
    table = read_stated("table", HERE / "tables" / "grouped-districts.csv", measure=measure)
    made = join(table, fitting_areas(table), allow=allow)
    assert made.frame.loc["E06000053", "reason"] == "published together as E67000002 (8.8)"
    assert made.frame.loc[MEMBERS, "value"].isna().all()


@pytest.mark.parametrize(
    ("name", "valued", "left_out"),
    [
        ("placeholder-codes.csv", 12, 2),
        ("placeholder-codes-z.csv", 12, 3),
        ("blank-codes-by-country.csv", 4, 2),
        ("totals-footers.csv", 12, 2),
        ("region-column-before-names.csv", 4, 1),
        ("region-heading-rows.xlsx", 12, 1),
    ],
)
def test_rows_without_a_code_are_left_out_on_request_and_counted(name: str, valued: int, left_out: int) -> None:
    table = read_stated("table", HERE / "tables" / name)
    made = join(table, fitting_areas(table), allow=["unmatched"])
    assert made.frame["value"].notna().sum() == valued
    assert made.receipt.fates["unmatched"] == left_out


EVERY = sorted(
    path.relative_to(HERE).as_posix() for folder in ("tables", "messy") for path in (HERE / folder).iterdir()
)


@pytest.mark.parametrize("name", [name for name in EVERY if "smc2025" not in name])
def test_check_says_what_the_join_does(name: str) -> None:
    try:
        made = joined(name)
    except PlaceatlasError:
        sound = False
    else:
        sound = not made.frame["reason"].str.startswith("published together").any()
    assert check_file(HERE / name).sound is sound


CODES = ["E06000001", "E06000002", "E06000003"]
FURTHER = {
    "a frame written with its index": (",code,pay\n" + "".join(f"{n},{code},5{n}.5\n" for n, code in enumerate(CODES)), "", 50.5),
    "named after a column without a name": (
        "Unnamed: 0,code,pay\n" + "".join(f"{n},{code},5{n}.5\n" for n, code in enumerate(CODES)), "", 50.5,
    ),
    "pooled years with a stroke": (
        "code,period,rate\n" + "".join(f"{code},{span},{n}\n" for span, n in (("2018/20", 1), ("2019/21", 2)) for code in CODES),
        "2019 to 2021", 2.0,
    ),
    "addresses of pages": (
        "link,rate\n" + "".join(f"https://example.org/areas/{code.lower()}-a-place,7\n" for code in CODES), "", 7.0,
    ),
}  # fmt: skip
"""More of the same kinds: text, period that is shown, value of the first area."""


@pytest.mark.parametrize("kind", FURTHER)
def test_further_inputs_of_the_same_kinds(tmp_path: Path, kind: str) -> None:
    text, period, first = FURTHER[kind]
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    table = read_stated("table", path)
    made = join(table, fitting_areas(table))
    assert (made.period, made.frame["value"].notna().sum(), made.frame.loc["E06000001", "value"]) == (period, 3, first)
    assert check_file(path).sound


@pytest.mark.parametrize("name", ["Cornwall (including Isles of Scilly)", "Cornwall incl. the Isles of Scilly"])
def test_an_area_with_another_in_it_is_two(tmp_path: Path, name: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"code,name,rate\nE06000001,Hartlepool,5\nE06000052,{name},6\n", encoding="utf-8")
    table = read_stated("table", path)
    with pytest.raises(PlaceatlasError, match="rows of two areas under the code of one"):
        join(table, fitting_areas(table))
    made = join(table, fitting_areas(table), allow=["grouped"])
    assert made.frame.loc[["E06000052", "E06000053"], "value"].tolist() == [6, 6]


def test_records_under_any_name_and_files_of_an_archive(tmp_path: Path) -> None:
    records = [{"areaCode": code, "rate": 5} for code in CODES]
    (tmp_path / "answer.json").write_text(json.dumps({"length": 3, "body": records}), encoding="utf-8")
    assert read_stated("table", tmp_path / "answer.json").frame["code"].tolist() == CODES
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a b.csv", "code,rate\nE06000001,1\n")
        packed.writestr("c.csv", "code,rate\nE06000001,2\n")
    found = check_file(path)
    assert not found.sound
    assert "  a join would take --sheet 'a b.csv' to take that file of it" in list(report(found))
    assert read_stated("table", path, sheet="a b.csv").frame["value"].tolist() == [1]
    assert check_file(path, sheet="c.csv").sound
    assert not check_file(path, sheet="none.csv").sound


def districts(date: dt.date) -> pd.DataFrame:
    areas = load_boundary_set("LAD", date).frame
    return pd.DataFrame({"code": areas["code"], "name": areas["name"], "rate": range(len(areas))})


MUTATIONS = {
    "nothing": lambda table: table,
    "shuffled": lambda table: table.sample(frac=1, random_state=1)[["rate", "name", "code"]],
    "a code mistyped": lambda table: table.assign(code=table["code"].replace("E06000001", "E06000999")),
    "a code blank": lambda table: table.assign(code=table["code"].replace("E06000001", "")),
    "a code and its name blank": lambda table: table.replace({"E06000001": "", "Hartlepool": ""}),
    "a word for a code": lambda table: table.assign(code=table["code"].replace("E06000001", "n/a")),
    "a former code": lambda table: table.assign(code=table["code"].replace("E06000063", "E07000026")),
    "a row twice": lambda table: pd.concat([table, table.head(1)]),
    "a row twice with another value": lambda table: pd.concat([table, table.head(1).assign(rate=999)]),
    "names of neighbours": lambda table: table.assign(name=table["name"].to_numpy()[::-1]),
    "one name unknown": lambda table: table.assign(name=table["name"].replace("Hartlepool", "Monkey town")),
    "names alone": lambda table: table[["name", "rate"]],
    "a name alone misspelt": lambda table: table[["name", "rate"]].replace("Hartlepool", "Hartlepol"),
    "a value of words": lambda table: table.assign(rate=table["rate"].astype(str).replace("7", "seven")),
    "two values": lambda table: table.assign(other=table["rate"]),
    "groups without a total": lambda table: pd.concat(
        [table.assign(sex="a"), table.assign(sex="b", rate=table["rate"] + 1)]
    ),
    "regions beside": lambda table: pd.concat(
        [table, pd.DataFrame({"code": ["E12000001"], "name": ["North East"], "rate": [1]})]
    ),
    "a code of no kind": lambda table: pd.concat(
        [table, pd.DataFrame({"code": ["E99999999"], "name": [""], "rate": [1]})]
    ),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("date", [dt.date(2021, 7, 1), dt.date(2024, 7, 1)])
def test_check_is_the_join_tried_over_mutated_tables(tmp_path: Path, mutation: str, date: dt.date) -> None:
    path = tmp_path / "rates.csv"
    MUTATIONS[mutation](districts(date)).to_csv(path, index=False)
    try:
        table = read_stated("table", path)
        made = join(table, fitting_areas(table))
        whole = made.receipt.fates["unmatched"] == 0
    except PlaceatlasError:
        whole = False
    found = check_file(path)
    assert found.sound is whole, list(report(found))
    assert bool(found.tried) or not whole


def test_options_of_the_join_change_what_check_says(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    districts(dt.date(2024, 7, 1)).replace("E06000001", "n/a").to_csv(path, index=False)
    refused = check_file(path)
    assert not refused.sound
    assert refused.tried == ()
    allowed = check_file(path, asking=Asking(allow=("unmatched",)))
    assert allowed.sound
    assert "rows: 360 matched, 1 unmatched, 1 missing" in allowed.tried
    grouped = check_file(
        HERE / "tables" / "grouped-districts.csv", asking=Asking(allow=("grouped",), options={"measure": "rate"})
    )
    assert grouped.sound
    north = check_file(HERE / "tables" / "uri-codes.csv", asking=Asking(place="North East"))
    assert north.sound
    assert north.tried[0].startswith("joined to the 12 local authority districts of 2026-05-31")


def test_a_hole_after_a_merger_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    table = districts(dt.date(2024, 7, 1))
    table[table["code"] != "E06000063"].to_csv(path, index=False)
    found = check_file(path)
    assert not found.sound
    assert (
        "no row for merged areas nor for what they were made of: E06000063 Cumberland" in found.inference.faults[0].text
    )
