"""Tables nobody has described: encodings, line ends, notes, merged headers, sheets, roles of columns, bad input."""

from __future__ import annotations

import gzip
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest

from boundaries.sources import unpacking
from boundaries.sources.registry import read_outcome
from boundaries.sources.table import Table
from geo.errors import TableError

PLAIN = "LA code,LA name,Year,Rate\nE06000001,Hartlepool,2024,12.5\nE06000002,Middlesbrough,2024,[c]\n"


def put(folder, content, name="rates.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path, **options):
    return Table().read(path, options=options)


def assert_plain(table):
    assert table.frame["code"].tolist() == ["E06000001", "E06000002"]
    assert table.frame["name"].tolist() == ["Hartlepool", "Middlesbrough"]
    assert table.frame["period"].tolist() == ["2024", "2024"]
    np.testing.assert_array_equal(table.frame["value"], [12.5, np.nan])
    assert table.frame["status"].tolist() == ["ok", "confidential"]


def test_roles_are_guessed_and_shown(tmp_path):
    table = read(put(tmp_path, PLAIN))
    assert_plain(table)
    assert table.roles == {
        "code": "LA code (guessed)",
        "name": "LA name (guessed)",
        "period": "Year (guessed)",
        "value": "Rate (guessed)",
    }
    assert (table.meta.id, table.meta.measure, table.meta.nations) == ("rate", "rate", ("E",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, end):
    content = PLAIN.replace("Hartlepool", "Ynys Môn").replace("\n", end)
    table = read(put(tmp_path, content, encoding=encoding))
    assert table.frame["name"].tolist() == ["Ynys Môn", "Middlesbrough"]
    assert table.frame["value"].tolist()[0] == 12.5
    assert ("decoded from Windows-1252" in table.repairs) is (encoding == "cp1252")


@pytest.mark.parametrize(("separator", "name"), [("\t", "a.tsv"), (";", "a.csv"), ("|", "a.txt"), ("\t", "a.csv")])
def test_separators(tmp_path, separator, name):
    assert_plain(read(put(tmp_path, PLAIN.replace(",", separator), name)))


def test_notes_above_and_below_are_left_out_and_counted(tmp_path):
    content = (
        f'Title of the table\n"Published, at last, in 2024"\n\n{PLAIN}\nSource: somebody\n"[c] suppressed, as ever"\n'
    )
    table = read(put(tmp_path, content))
    assert_plain(table)
    assert table.repairs["notes below the table"] == 2
    assert table.repairs["rows above the header"] >= 2


def test_line_ends_within_quoted_names_of_columns(tmp_path):
    assert_plain(read(put(tmp_path, PLAIN.replace("LA name", '"LA\nname"').replace("Rate", '"Rate\n(%)"'))))


def sheet(folder, rows, *, name="book.xlsx", sheets=("Data",), merge=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in sheets:
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
        for span in merge:
            page.merge_cells(span)
    path = folder / name
    book.save(path)
    return path


ROWS = [
    ["LA code", "LA name", "Year", "Rate"],
    ["E06000001", "Hartlepool", 2024, 12.5],
    ["E06000002", "Middlesbrough", 2024, "[c]"],
]


def test_a_sheet_with_notes_above_and_below(tmp_path):
    rows = [["A title"], ["Notes: see below"], [], *ROWS, [], ["Source: somebody"]]
    assert_plain(read(sheet(tmp_path, rows)))


def test_merged_header_rows_become_one(tmp_path):
    rows = [
        ["A title"],
        [None, None, "Boys", None, "Girls", None],
        ["LA code", "LA name", "Rate", "Base", "Rate", "Base"],
        ["E06000001", "Hartlepool", 12.5, 80, 13.5, 90],
        ["E06000002", "Middlesbrough", "[c]", 5, 14.5, 70],
    ]
    path = sheet(tmp_path, rows, merge=("C2:D2", "E2:F2"))
    with pytest.raises(TableError, match="Boys Rate, Boys Base, Girls Rate, Girls Base"):
        read(path)
    table = read(path, columns={"value": "Boys Rate", "denominator": "Boys Base"})
    assert table.frame["denominator"].tolist() == [80, 5]
    assert table.repairs["merged header rows"] == 2


def test_names_merged_downwards_do_not_spread(tmp_path):
    rows = [
        ["LA code", "LA name", "2023", None],
        [None, None, "Rate", "Base"],
        ["E06000001", "Hartlepool", 12.5, 80],
    ]
    table = read(sheet(tmp_path, rows, merge=("A1:A2", "B1:B2", "C1:D1")), columns={"value": "2023 Rate"})
    assert table.frame["name"].tolist() == ["Hartlepool"]


def test_sheets_must_be_told_apart(tmp_path):
    path = sheet(tmp_path, ROWS, sheets=("2023", "2024"))
    with pytest.raises(TableError, match="holds 2 tables\n  say sheet = one of: 2023, 2024"):
        read(path)
    assert_plain(read(path, sheet="2024"))
    with pytest.raises(TableError, match="no sheet '2025'"):
        read(path, sheet="2025")


def test_opendocument_and_parquet(tmp_path):
    frame = pd.DataFrame(ROWS[1:], columns=ROWS[0])
    frame.to_excel(tmp_path / "a.ods", index=False, engine="odf")
    assert_plain(read(tmp_path / "a.ods"))
    frame.astype({"Rate": "str"}).to_parquet(tmp_path / "a.parquet")
    assert_plain(read(tmp_path / "a.parquet"))


def test_packed_files(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(PLAIN.encode()))
    assert_plain(read(path))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.csv", PLAIN)
        archive.writestr("readme.md", "hello")
    assert_plain(read(tmp_path / "a.zip"))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("readme.md", "hello")
    with pytest.raises(TableError, match="must hold one table"):
        read(tmp_path / "b.zip")


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.xlsx", "bomb.ods", "bomb.csv.gz"])
def test_bombs_are_not_unpacked(tmp_path, name, monkeypatch):
    path = tmp_path / name
    if name.endswith("gz"):
        monkeypatch.setattr(unpacking, "MAX_UNPACKED", 20_000_000)
        path.write_bytes(gzip.compress(b"0" * 30_000_000))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(TableError, match="is not unpacked: it would grow"):
        read(path)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.csv", "is empty"),
        (b"\n \n\n", "a.csv", "is empty"),
        (b"code,value\n", "a.csv", "has a header but no rows"),
        (b"PK\x03\x04 not really", "a.xlsx", "is damaged"),
        (b"PAR1 not really", "a.parquet", "not a readable Parquet"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "before 2007"),
        (b"{}", "a.json", "holds no table"),
        (b"{", "a.json", "not readable JSON"),
        (b"{}", "a.docx", "of a kind that is not read"),
        (b"a,b\x00\x01,c\nE06000001,1,2\n" * 3, "a.csv", "not a text file"),
        (b"\x81\x8d\x8f,\x90\n1,2\n", "a.csv", "in no encoding"),
        (b"code,value\nE06000001,1,2,3\nE06000002,1,2,3,4,5\n", "a.csv", "cannot be read as a table|no row looks like"),
        (b"1,2,3\n4,5,6\n", "a.csv", "no row looks like a header"),
        (b"a,b\nx,1\ny,2\n", "a.csv", "no column of area codes or names"),
        (b"code,what\nE06000001,x y\nE06000002,y z\n", "a.csv", "no column of numbers"),
        (b"code,value\nE06000001,=1+2\nE06000002,3\nE06000003,4\n", "a.csv", "a formula; save the file with results"),
        (b"code,value\nE06000001,about 3\nE06000002,3\nE06000003,4\n", "a.csv", "value, row 2: 'about 3'"),
        (b"code,value\nE06000001,45%\nE06000002,3.5\nE06000003,2\n", "a.csv", "some cells carry a percent sign"),
    ],
)
def test_bad_input_is_one_clear_error(tmp_path, content, name, message):
    with pytest.raises(TableError, match=message):
        read(put(tmp_path, content, name))


def test_formulas_without_results_are_named(tmp_path):
    with pytest.raises(TableError, match="cells D2"):
        read(sheet(tmp_path, [ROWS[0], ["E06000001", "Hartlepool", 2024, "=1+2"], ROWS[2]]))


def test_many_bad_cells_are_counted(tmp_path):
    good = "".join(f"E0600000{i},{i}\n" for i in range(1, 10))
    bad = "".join(f"E0700000{i},word {i}\n" for i in range(1, 9))
    with pytest.raises(TableError, match=r"and 3 more kinds of text \(8 in all\)"):
        read(put(tmp_path, "code,value\n" + good + bad))


def test_doubled_and_empty_names_of_columns_are_numbered(tmp_path):
    content = "code,value,notes,notes,\nE06000001,1,a,b,c\nE06000002,2,a,b,c\n"
    assert read(put(tmp_path, content)).repairs == {"columns of one name, numbered": 1}


def test_columns_of_years_become_rows(tmp_path):
    table = read(put(tmp_path, "code,name,2022,2023\nE06000001,Hartlepool,1,2\nE06000002,Middlesbrough,3,..\n"))
    assert table.periods() == ("2022", "2023")
    assert table.frame["value"].tolist()[:3] == [1, 3, 2]
    assert table.roles["period"] == "period of the column (names of columns)"


def test_stated_columns_overrule_the_guess(tmp_path):
    content = "code,value,score\nE06000001,1,5\nE06000002,2,6\n"
    assert read(put(tmp_path, content)).frame["value"].tolist() == [1, 2]
    table = read(put(tmp_path, content), columns={"value": "score"}, measure="index", unit="points")
    assert table.frame["value"].tolist() == [5, 6]
    assert table.roles["value"] == "score (stated)"
    with pytest.raises(TableError, match="value = 'points': there is no such column"):
        read(put(tmp_path, content), columns={"value": "points"})
    with pytest.raises(TableError, match="role 'worth' is unknown"):
        read(put(tmp_path, content), columns={"worth": "score"})


def test_breakdowns_are_the_columns_that_tell_rows_apart(tmp_path):
    content = "code,sex,note,value\nE06000001,Girls,a,1\nE06000001,Boys,a,2\nE06000001,Total,a,3\n"
    table = read(put(tmp_path, content))
    assert table.breakdowns == ("sex",)
    assert read(put(tmp_path, content), where={"sex": "Total"}).frame["value"].tolist() == [3]
    with pytest.raises(TableError, match="it holds 'Girls', 'Boys', 'Total'"):
        read(put(tmp_path, content), where={"sex": "girls"})


def test_rows_that_repeat_are_dropped_and_rows_that_differ_refused(tmp_path):
    table = read(put(tmp_path, "code,value\nE06000001,1\nE06000001,1\nE06000002,2\n"))
    assert table.repairs == {"rows that repeat another exactly": 1}
    with pytest.raises(TableError, match="several rows for one area"):
        read(put(tmp_path, "code,value\nE06000001,1\nE06000001,2\nE06000002,2\n"))


def test_codes_are_mended_without_guessing(tmp_path):
    table = read(put(tmp_path, "code,value\n e06000001,1\nE06000002 ,2\n"))
    assert table.frame["code"].tolist() == ["E06000001", "E06000002"]
    assert table.repairs["stray spaces in codes"] == 2


def test_intervals_become_standard_errors_by_the_stated_rule(tmp_path):
    content = "code,value,lci,uci\nE06000001,50,40.2,59.8\nE06000002,99,97,100\n"
    path = put(tmp_path, content, "percent.csv")
    # 19.6 / 2 / 1.96 = 5; the second was cut off at 100: 2 / 1.96 on its uncut side
    assert read(path, unit="%").frame["se"].tolist() == pytest.approx([5.0, 1.02], abs=0.01)
    logit = read(path, unit="%", interval="logit").frame["se"].tolist()
    # p(1−p) (logit .598 − logit .402) / 3.92 = .25 · .794 / 3.92 = 5.06 %
    assert logit[0] == pytest.approx(5.06, abs=0.01)
    assert np.isnan(logit[1])
    assert read(path, interval="log").frame["se"].tolist()[0] == pytest.approx(
        50 * np.log(59.8 / 40.2) / 3.92, abs=0.01
    )


def test_a_table_of_names_only_is_read(tmp_path):
    table = read(put(tmp_path, "Local authority,Count\nHartlepool,5\nMiddlesbrough,6\n"))
    assert table.frame["code"].tolist() == ["", ""]
    assert table.frame["name"].tolist() == ["Hartlepool", "Middlesbrough"]


@pytest.mark.parametrize("content", ["value\n" + "1\n" * 2_000_000, "code,value\n" + "x" * 4_000_000])
def test_one_endless_column_or_cell_is_refused_before_it_is_read(tmp_path, content):
    with pytest.raises(TableError, match=r"has one column only|cannot be read as a table|no row looks like a header"):
        read(put(tmp_path, content))


def test_the_registry_reads_by_name(tmp_path):
    path = put(tmp_path, PLAIN)
    assert_plain(read_outcome("table", path, unit=None))
    with pytest.raises(TableError, match="did you mean 'table'"):
        read_outcome("tables", path)
    with pytest.raises(TableError, match="no file gone"):
        read_outcome("table", tmp_path / "gone.csv")


def test_codes_that_became_dates_are_named(tmp_path):
    path = put(tmp_path, "area,value\n1-Mar,1\n2021-03-01,2\n01/04/2021,3\n")
    with pytest.raises(TableError, match="holds dates, not codes of areas"):
        read(path, columns={"code": "area"})
    beside = put(tmp_path, "area code,name,value\n01-Jun,Hartlepool,1\n02-Jun,Middlesbrough,2\n")
    with pytest.raises(TableError, match="'area code' holds dates, not codes of areas"):
        read(beside)


def test_titles_are_names_of_columns_as_words(tmp_path):
    meta = read(put(tmp_path, PLAIN.replace("Rate", "gva_all_gbpm"))).meta
    assert (meta.title, meta.unit, meta.measure, meta.id) == ("gva all gbpm", "£ million", "count", "gva-all-gbpm")


def test_rows_taken_by_name_because_the_codes_are_none_are_counted(tmp_path):
    table = read(
        put(tmp_path, "la code,name,value\n6000001,Hartlepool,1\n6000002,Middlesbrough,2\n"), columns={"value": "value"}
    )
    assert table.repairs == {"'la code' holds no codes of areas: rows are taken by name": 2}
    assert table.frame["code"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("cell", "why"), [("50,1", "a decimal comma"), ("=A1", "a formula"), ("many", "expected numbers, or markers")]
)
def test_a_cell_that_is_no_number_is_told_with_what_was_expected(tmp_path, cell, why):
    with pytest.raises(TableError, match=why):
        read(put(tmp_path, f"code;rate\nE06000001;{cell}\nE06000002;1\nE06000003;2\nE06000004;3\n"))


def test_options_of_the_wrong_kind_are_refused(tmp_path):
    with pytest.raises(TableError, match="must map names to values"):
        read(put(tmp_path, PLAIN), where="Rate")
    assert read(put(tmp_path, PLAIN), nations=["E", "W"]).meta.nations == ("E", "W")
    with pytest.raises(
        TableError, match="'table' was given options it cannot use\n  option 'quite_unlike_any': known: "
    ):
        read(put(tmp_path, PLAIN), quite_unlike_any=1)


def groups_by_area(groups, *, areas=4, remark=None):
    codes = [f"E0600000{number}" for number in range(1, areas + 1)]
    rows = [(code, group, at + place / 10) for at, group in enumerate(groups) for place, code in enumerate(codes)]
    frame = pd.DataFrame(rows, columns=["code", "group", "value"])
    return frame if remark is None else frame.assign(remark=[f"{remark} {row}" for row in range(len(frame))])


@pytest.mark.parametrize("groups", [[f"occupation {n}" for n in range(220)], [str(1000 + n) for n in range(220)]])
def test_a_column_of_many_groups_is_a_breakdown_where_each_stands_beside_several_areas(tmp_path, groups):
    path = tmp_path / "many.csv"
    groups_by_area(groups, remark="seen in row").to_csv(path, index=False)
    table = read_outcome("table", path, columns={"value": "value"})
    assert table.breakdowns == ("group",)
    assert len(table.frame) == 880


def test_a_column_of_many_remarks_or_figures_is_none(tmp_path):
    path = tmp_path / "remarks.csv"
    frame = groups_by_area(["one", "two"], areas=8)
    many = pd.concat(
        [frame.assign(figure=[f"{place}.{n}" for n in range(len(frame))], period=2000 + place) for place in range(20)]
    )
    many.drop(columns="group").to_csv(path, index=False)
    with pytest.raises(TableError, match="several rows for one area, period and group"):
        read_outcome("table", path, columns={"value": "value"})
