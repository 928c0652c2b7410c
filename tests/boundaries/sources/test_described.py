"""What a table of one's own says of itself, in a file beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from boundaries.joined import join
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.sources.described import csvw_of, description_of, options_of
from boundaries.sources.proportions import read_stated
from boundaries.sources.sidecars import stated_of, write_sidecar
from geo.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

STATED = {
    "title": "Weekly pay",
    "credit": "Pay survey 2024, Example Office",
    "licence": "Open Government Licence v3.0",
    "attribution": ["Contains public sector information."],
    "note": "Pay of full-time employees.",
    "basis": "works in",
    "favourable": "high",
    "measure": "median",
    "unit": "£",
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "pay.csv"
    path.write_text("code,value\nE06000001,512\nE06000002,498\n", encoding="utf-8")
    return path


def toml(folder: Path, text: str) -> Path:
    path = folder / "pay.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_without_a_description_is_read_as_it_is(table: Path) -> None:
    assert description_of(table) == {}
    assert read_stated("table", table).meta.source.title == "pay.csv"


@pytest.mark.parametrize("form", ["toml", "csvw"])
def test_both_forms_say_the_same(table: Path, form: str) -> None:
    if form == "toml":
        toml(table.parent, "\n".join(f"{key} = {json.dumps(said)}" for key, said in STATED.items()))
    else:
        (table.parent / "pay.csv-metadata.json").write_text(json.dumps(csvw_of(table, STATED)), encoding="utf-8")
    meta = read_stated("table", table).meta
    assert (meta.title, meta.measure, meta.unit, meta.favourable) == ("Weekly pay", "median", "£", "high")
    assert (meta.place_basis, meta.note) == ("works in", "Pay of full-time employees.")
    assert meta.source.title == "Pay survey 2024, Example Office"
    assert meta.source.licence == "Open Government Licence v3.0"
    assert meta.source.attribution == ("Contains public sector information.",)
    assert len(meta.source.sha256) == 64


def test_what_is_stated_in_the_call_counts_first(table: Path) -> None:
    toml(table.parent, 'title = "Weekly pay"\ncredit = "One"\nattribution = "A line."\n')
    meta = read_stated("table", table, title="Pay", credit="Other", unit=None).meta
    assert (meta.title, meta.source.title, meta.source.attribution) == ("Pay", "Other", ("A line.",))


def test_the_note_stands_beside_what_is_joined(table: Path) -> None:
    toml(table.parent, 'note = "Pay of full-time employees."')
    read = read_stated("table", table)
    assert join(read, fitting_areas(read)).notes == ("Pay of full-time employees.",)


def test_descriptions_of_other_makers_are_read_as_far_as_they_go(table: Path) -> None:
    content = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "pay.csv",
        "dc:title": {"en": "Weekly pay"},
        "dc:license": {"@id": "https://example.org/licence"},
        "tableSchema": {"columns": [{"name": "code"}]},
    }
    (table.parent / "pay.csv-metadata.json").write_text(json.dumps(content), encoding="utf-8")
    assert description_of(table) == {"title": "Weekly pay", "licence": "https://example.org/licence"}


def test_an_atlas_of_the_same_name_is_no_description(table: Path) -> None:
    toml(table.parent, 'schema = 1\ntitle = "An atlas"\n')
    assert description_of(table) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('titel = "Pay"', "did you mean 'title'"),
        ("title = 3", "title: expected text, found 3"),
        ('columns = "code"', "columns: expected a table"),
        ("attribution = 3", "attribution: expected a line"),
        ('modelled = "yes"', "modelled: expected true or false"),
        ("title =", "not valid TOML"),
        ('zzz = "red"', "known: title, credit"),
    ],
)
def test_a_description_that_cannot_be_used_is_refused(table: Path, text: str, message: str) -> None:
    toml(table.parent, text)
    with pytest.raises(TableError, match=message):
        read_stated("table", table)


@pytest.mark.parametrize(("text", "message"), [("{", "not readable JSON"), ("[]", "no CSVW description")])
def test_a_csvw_that_cannot_be_read_is_refused(table: Path, text: str, message: str) -> None:
    (table.parent / "pay.csv-metadata.json").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        read_stated("table", table)


BANDED = {
    **STATED,
    "subtitle": "Median gross weekly pay",
    "breaks": [400.0, 500.0],
    "labels": ["low", "middling", "high"],
}


@pytest.mark.parametrize("form", ["toml", "csvw"])
def test_subtitle_and_bands_are_stated_in_both_forms(table: Path, form: str) -> None:
    if form == "toml":
        toml(table.parent, "\n".join(f"{key} = {json.dumps(said)}" for key, said in BANDED.items()))
    else:
        (table.parent / "pay.csv-metadata.json").write_text(json.dumps(csvw_of(table, BANDED)), encoding="utf-8")
    meta = read_stated("table", table).meta
    assert (meta.subtitle, meta.breaks, meta.labels) == (
        "Median gross weekly pay",
        (400.0, 500.0),
        ("low", "middling", "high"),
    )


def test_a_column_and_a_group_have_descriptions_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("outcome,code,pay,jobs\na,E06000001,512,3\nb,E06000001,498,4\n", encoding="utf-8")
    content = csvw_of(
        path,
        {"credit": "An office", "title": "Many"},
        {"pay": {"title": "Pay", "unit": "£"}, "jobs": {"title": "Jobs", "credit": "Another"}},
        {"outcome": {"b": {"note": "Of b."}}},
    )
    (tmp_path / "many.csv-metadata.json").write_text(json.dumps(content), encoding="utf-8")
    assert description_of(path) == {"credit": "An office", "title": "Many"}
    pay = read_stated("table", path, columns={"value": "pay"}, where={"outcome": "a"}).meta
    assert (pay.title, pay.unit, pay.source.title, pay.note) == ("Pay", "£", "An office", "")
    jobs = read_stated("table", path, columns={"value": "jobs"}, where={"outcome": "b"}).meta
    assert (jobs.title, jobs.source.title, jobs.note) == ("Jobs", "Another", "Of b.")


def test_that_figures_are_modelled_is_stated_written_and_read_back(table: Path) -> None:
    toml(table.parent, "modelled = true")
    read = read_stated("table", table)
    assert read.meta.modelled
    table.with_suffix(".toml").unlink()
    write_sidecar(table, stated_of(read.meta))
    assert read_stated("table", table).meta.modelled
    assert not read_stated("table", table, modelled=False).meta.modelled


def test_what_is_written_of_an_outcome_is_read_back(table: Path) -> None:
    meta = read_stated("table", table, **{**options_of(BANDED), "edition": "2024", "base": "fixed"}).meta
    write_sidecar(table, stated_of(meta))
    assert read_stated("table", table).meta == meta


def test_per_cents_below_one_are_written_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "share.csv"
    path.write_text("code,value\nE06000001,0.5\nE06000002,0.25\n", encoding="utf-8")
    small = read_stated("table", path, measure="rate", unit="percent")
    write_sidecar(path, stated_of(small.meta))
    back = read_stated("table", path)
    assert (back.meta.unit, back.frame["value"].tolist()) == ("%", [0.5, 0.25])


def test_a_column_of_bands_stands_beside_the_values_and_splits_nothing(tmp_path: Path) -> None:
    path = tmp_path / "banded.csv"
    path.write_text("code,value,Group\nE06000001,12,Low\nE06000002,48,High\nE06000003,11,Low\n", encoding="utf-8")
    (tmp_path / "banded.toml").write_text('band = "Group"\n', encoding="utf-8")
    read = read_stated("table", path)
    assert (read.extras, read.breakdowns) == (("band",), ())
    assert read.frame["band"].tolist() == ["Low", "High", "Low"]
    joined = join(read, fitting_areas(read, geography="LAD"), allow=("missing",))
    assert joined.extras["band"].reindex(["E06000002"]).tolist() == ["High"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("breaks = [1, true]", "breaks: expected numbers"), ("labels = [1]", "labels: expected a line"), ("band = 3", "band: expected text")],
)  # fmt: skip
def test_bands_that_are_none_are_refused(table: Path, text: str, said: str) -> None:
    toml(table.parent, text)
    with pytest.raises(TableError, match=said):
        read_stated("table", table)
