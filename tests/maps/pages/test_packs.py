"""Packs travel alone: everything inside, the right words, the same bytes."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.errors import MapError, OutputError
from maps.packs import PackNote, PackOutcome, PackPicture, region_findings, regional_spec

NAMES = {"a": "Aber", "b": "Brecon", "c": "Newry, Mourne and Down", "d": "Dover"}


def outcome_of(numbers, *, favourable="high", clusters=None, lower=None, upper=None):
    series = pd.Series(numbers, dtype=float)
    texts = {code: f"£{value:.0f}" for code, value in series.dropna().items()}
    bound = {
        name: None if given is None else pd.Series(given, dtype=float)
        for name, given in (("lower", lower), ("upper", upper))
    }
    return PackOutcome(
        "pay", "Pay", "2024", favourable, (), pd.DataFrame(), {}, series, texts, clusters=clusters or {}, **bound
    )


def test_a_pack_holds_what_it_promises(tmp_path, make_pack):
    archive = make_pack(tmp_path / "W92000004-wales")
    assert archive == tmp_path / "W92000004-wales.zip"
    with zipfile.ZipFile(archive) as file:
        names = file.namelist()
        assert names == sorted(names)
        assert {info.date_time for info in file.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        inside = {name.removeprefix("W92000004-wales/") for name in names}
    assert inside == {
        "LICENCE.txt",
        "README.txt",
        "areas.csv",
        "areas.gpkg",
        "income.html",
        "index.html",
        "maps/income/clusters.png",
    }


def test_equal_content_is_equal_bytes(tmp_path, make_pack):
    first, second = (make_pack(tmp_path / part / "W92000004-wales") for part in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_the_table_opens_in_a_spreadsheet(tmp_path, make_pack):
    make_pack(tmp_path / "pack")
    raw = (tmp_path / "pack" / "areas.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(tmp_path / "pack" / "areas.csv", encoding="utf-8-sig")
    assert len(table) == 13
    assert set(table["note"]) == {"'=1+1"}
    assert table["income__2022__value"].isna().sum() == 1


def test_the_layer_is_the_table_with_boundaries(tmp_path, make_pack, country):
    make_pack(tmp_path / "pack")
    layer = gpd.read_file(tmp_path / "pack" / "areas.gpkg", layer="wales")
    assert layer.crs == "EPSG:27700"
    assert list(layer["code"]) == list(country.boundaries.frame["code"])
    assert layer.geometry.area.sum() == pytest.approx(country.boundaries.frame.geometry.area.sum())


def test_the_note_is_in_plain_words(tmp_path, make_pack):
    make_pack(tmp_path / "pack")
    text = (tmp_path / "pack" / "README.txt").read_text(encoding="utf-8")
    for part in ("Wales / Cymru", "Caer / Caerdydd", "Island / Ynys Môn", "AREAS (13, boundaries of 11 September 2024)",
                 "Seen an error? Tell maps@example.org.", "No value: Island.", "WHAT IT DOES NOT SHOW", "Newtown, East"):  # fmt: skip
        assert part in text, part
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "&amp;" not in text  # plain text is not escaped as a page is
    licence = (tmp_path / "pack" / "LICENCE.txt").read_text(encoding="utf-8")
    assert licence.index("Contains squares.") < licence.index("Contains income.")
    assert "https://example.org/squares" in licence


def test_the_offline_page_speaks_of_the_region(tmp_path, make_pack):
    make_pack(tmp_path / "pack")
    text = (tmp_path / "pack" / "income.html").read_text(encoding="utf-8")
    assert "<title>Mean income: Wales: " in text
    assert (
        "Of the 12 areas with a value, Place 12 has the highest published figure (£21) and Llanfair the lowest (£10)"
        in text
    )


def test_the_dictionary_travels_with_the_pack(tmp_path, make_pack):
    make_pack(tmp_path / "bare")
    assert not (tmp_path / "bare" / "data-dictionary.csv").exists()
    assert "data-dictionary" not in (tmp_path / "bare" / "README.txt").read_text(encoding="utf-8")
    note = PackNote("Atlas", "1.0", "2024", "us", dictionary=pd.DataFrame({"column": ["code"], "meaning": ["Code"]}))
    make_pack(tmp_path / "told", note=note)
    told = (tmp_path / "told" / "data-dictionary.csv").read_text(encoding="utf-8-sig")
    assert told.splitlines() == ["column,meaning", "code,Code"]
    assert "data-dictionary.csv" in (tmp_path / "told" / "README.txt").read_text(encoding="utf-8")
    assert 'href="data-dictionary.csv"' in (tmp_path / "told" / "index.html").read_text(encoding="utf-8")


def test_only_areas_of_the_region_are_inside(tmp_path, make_pack, country):
    frame = country.boundaries.frame.iloc[:3].reset_index(drop=True)
    make_pack(tmp_path / "pack", boundaries=replace(country.boundaries, frame=frame, approximate={}))
    assert len(pd.read_csv(tmp_path / "pack" / "areas.csv")) == 3
    assert "Place 12" not in (tmp_path / "pack" / "income.html").read_text(encoding="utf-8")
    assert "approximate" not in (tmp_path / "pack" / "README.txt").read_text(encoding="utf-8")


def test_every_fault_is_named_at_once(tmp_path, make_pack, country):
    lost = replace(
        outcome_of({"a": 1.0}), table=country.table.iloc[:2], pictures=(PackPicture(tmp_path / "absent.png", "", ""),)
    )
    with pytest.raises(MapError) as caught:
        make_pack(tmp_path / "pack", outcomes=[lost], data=pd.DataFrame({"code": ["W06000001"]}))
    for part in (
        "absent.png",
        "areas without a row in the table: W06000002",
        "areas without a row in the table of pay: W06000003",
    ):
        assert part in str(caught.value)
    empty = replace(country.boundaries, frame=country.boundaries.frame.iloc[:0])
    with pytest.raises(MapError, match=r"(?s)has no area.*no outcome"):
        make_pack(tmp_path / "pack", boundaries=empty, outcomes=[])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="holds something already"):
        make_pack(tmp_path / "full")
    assert (tmp_path / "full" / "mine.txt").exists()


@pytest.mark.parametrize(
    ("numbers", "favourable", "sentence"),
    [
        (
            {"a": 1, "b": 2, "c": 3, "d": 4},
            "low",
            "Of 4 areas, Dover has the highest published figure (£4) and Aber the lowest (£1).",
        ),
        (
            {"a": 1, "b": 2, "c": 3, "d": np.nan},
            "none",
            "Of the 3 areas with a value, Newry, Mourne and Down has the highest published figure (£3) and Aber the lowest (£1).",
        ),
        (
            {"a": 1, "b": 4, "c": 4, "d": 2},
            "high",
            "Of 4 areas, Brecon; and Newry, Mourne and Down have the highest published figure (£4) and Aber the lowest (£1).",
        ),
        ({"a": 2, "b": 2, "c": 2, "d": 2}, "high", "All of 4 areas have the same value (£2)."),
        ({"b": 2}, "high", "Only Brecon has a value (£2)."),
        ({}, "high", "None of its 4 areas has a value."),
    ],
)
def test_the_range_in_words(numbers, favourable, sentence):
    assert region_findings(NAMES, outcome_of(numbers, favourable=favourable))[0] == sentence


def test_one_area_is_its_own_range():
    assert region_findings({"a": "Aber"}, outcome_of({"a": 3})) == ("Aber: £3.",)


def test_whether_the_ends_can_be_told_apart():
    numbers = {"a": 1, "b": 2, "c": 3, "d": 9}
    # Dover's interval (8 to 10) meets no other; Aber's (0 to 2) meets Brecon's (1 to 3) and Newry's (2 to 4).
    told = outcome_of(
        numbers, lower={k: v - 1 for k, v in numbers.items()}, upper={k: v + 1 for k, v in numbers.items()}
    )
    assert region_findings(NAMES, told)[-1] == (
        "By their 95% intervals, Dover (highest) can be told from every other area; "
        "Aber (lowest) cannot be told from Brecon; and Newry, Mourne and Down."
    )
    wide = outcome_of(
        numbers, lower=dict.fromkeys(numbers, 0), upper={k: v if k == "d" else 10 for k, v in numbers.items()}
    )
    assert (
        "Dover (highest) cannot be told from Aber; Brecon; and Newry, Mourne and Down"
        in region_findings(NAMES, wide)[-1]
    )
    bracketed = replace(wide, texts={**wide.texts, "d": "£9 (£8 to £10)"})
    assert "Dover has the highest published figure (£9, £8 to £10) and" in region_findings(NAMES, bracketed)[0]
    assert region_findings(NAMES, outcome_of(numbers))[-1].startswith("No interval is published")
    half = outcome_of(numbers, lower={"a": 0}, upper={"a": 2})
    assert region_findings(NAMES, half)[-1] == "Not every value has an interval, so the order of areas is not certain."


def test_clusters_in_words():
    numbers = {"a": 1, "b": 2, "c": 3, "d": np.nan}
    found = region_findings(
        NAMES,
        outcome_of(
            numbers, clusters={"a": "low-low", "b": "low-low", "c": "not-testable", "d": "no-data", "z": "high-high"}
        ),
    )
    assert found[1] == "All 2 areas are in a cluster of low values (Aber and Brecon)."
    assert "Not testable, having no neighbour with a value: Newry, Mourne and Down." in found
    assert found[-1] == "No value: Dover."
    classes = {"a": "low-low", "b": "low-low", "c": "high-high"}
    alone = replace(outcome_of(numbers, clusters=classes), alone=frozenset("ac"))
    assert region_findings(NAMES, alone)[1] == (
        "1 of 3 areas stands out alone as high (Newry, Mourne and Down); "
        "1 of 3 areas is in a cluster of low values (Brecon); 1 of 3 areas stands out alone as low (Aber)."
    )
    quiet = region_findings(NAMES, outcome_of(numbers, clusters={"a": "not-significant", "b": "not-significant"}))
    assert quiet[1] == "None of 2 tested areas stands out from chance, alone or in a cluster."
    many = {f"x{number:02d}": f"Place {number:02d}" for number in range(14)}
    crowd = region_findings(many, outcome_of(dict.fromkeys(many, 1.0), clusters=dict.fromkeys(many, "high-high")))
    assert crowd[1].endswith("Place 09 and 4 more).")


def test_a_spec_is_cut_to_the_region(country):
    spec = country.specs[1]
    cut = regional_spec(
        spec,
        ["W06000001", "W06000003"],
        "West",
        (
            "Values.",
            "Two areas are low (A and B).",
        ),
    )
    assert [entry.count for entry in cut.classes] == [1, 0, 1, 0, 0]
    assert cut.title == "Two areas are low"
    assert cut.outlines[0].codes == ("W06000001",)
    assert set(cut.values) == {"W06000001", "W06000003"}
    assert regional_spec(cut, ["W06000001"], "West", ("Values.",)) is cut
    far = regional_spec(spec, ["W06000012"], "East", ("Values.",))
    assert far.outlines == ()
    assert far.title == "In the whole atlas: Three areas form a low cluster"
    told = "By their 95% intervals, A (highest) cannot be told from B."
    assert regional_spec(country.specs[0], ["W06000012"], "East", ("Values.", told)).sure == (
        f"{told} In the whole atlas: 5 of 12 areas cannot be told from the mean."
    )
    value = regional_spec(country.specs[0], ["W06000012"], "East", ("Values.",))
    assert value.title == "Values"
    assert value.sure == "In the whole atlas: 5 of 12 areas cannot be told from the mean."
