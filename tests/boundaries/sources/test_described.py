"""What a table of one's own says of itself, in a file beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from boundaries.joined import join
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.sources.described import csvw_of, description_of
from boundaries.sources.proportions import read_stated
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
        ("title =", "not readable TOML"),
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
