"""Packs travel alone: everything inside, the right words, the same bytes."""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from geo.errors import MapError, OutputError
from geo.provenance import Source
from maps.atlas.regional import part_of
from maps.feet import licence_lines
from maps.findings import LevelsFinding, Reference, pattern_of, range_of
from maps.packs import PackNote, PackOutcome, PackPicture, region_findings, region_sentences, regional_outcome
from maps.words import Topic
from tests.maps.pages.conftest import NAMES as NAMES_OF_COUNTRY

NAMES = {"a": "Aber", "b": "Brecon", "c": "Newry, Mourne and Down", "d": "Dover"}
UK = Reference("published", 2.5, "EWSN")


def outcome_of(numbers, *, names=NAMES, classes=None, alone=(), firm=None, lower=None, upper=None, **given):
    bound = {
        name: None if limits is None else pd.Series(limits, dtype=float)
        for name, limits in (("lower", lower), ("upper", upper))
    }
    pattern = None if classes is None else pattern_of(pd.Series(classes), alone=alone, firm=firm)
    return PackOutcome(
        "pay",
        Topic("Pay", "£", "high", "2024", 0, names),
        (),
        pd.DataFrame(),
        {},
        pd.Series(numbers, dtype=float),
        pattern=pattern,
        **{**bound, **given},
    )


def said(codes, outcome):
    return region_sentences(region_findings(codes, outcome), outcome.topic)


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
        "SHA256SUMS",
        "areas.csv",
        "areas.csv-metadata.json",
        "areas.geojson",
        "areas.gpkg",
        "areas.xlsx",
        "data/income.csv",
        "income.html",
        "index.html",
        "maps/income/clusters.png",
        "maps/income/range.svg",
        "pack.json",
        "summary.html",
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
                 "Seen an error? Tell maps@example.org.", "No figure: Island.", "WHAT IT DOES NOT SHOW", "Newtown, East"):  # fmt: skip
        assert part in text, part
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "&amp;" not in text  # plain text is not escaped as a page is
    licence = (tmp_path / "pack" / "LICENCE.txt").read_text(encoding="utf-8")
    assert licence.index("Contains squares.") < licence.index("Contains income.")
    assert "https://example.org/squares" in licence


def test_the_offline_page_speaks_of_the_region(tmp_path, make_pack):
    make_pack(tmp_path / "pack")
    text = (tmp_path / "pack" / "income.html").read_text(encoding="utf-8")
    assert "<title>Mean income, Wales: Values</title>" in text
    assert "The highest published figure is £21, in Place 12; the lowest is £10, in Llanfair." in text


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
    ("numbers", "sentence"),
    [
        (
            {"a": 1, "b": 2, "c": 3, "d": 4},
            "The highest published figure is £4, in Dover; the lowest is £1, in Aber.",
        ),
        (
            {"a": 1, "b": 2, "c": 3, "d": np.nan},
            "The highest published figure is £3, in Newry, Mourne and Down; the lowest is £1, in Aber.",
        ),
        (
            {"a": 1, "b": 4, "c": 4, "d": 2},
            "The highest published figure is £4, in Brecon; and Newry, Mourne and Down; the lowest is £1, in Aber.",
        ),
        ({"a": 2, "b": 2, "c": 2, "d": 2}, "The published figure is the same in all of them: £2."),
        ({"b": 2}, "Only Brecon has a figure: £2."),
        ({}, "None of its 4 areas has a figure."),
    ],
)
def test_the_range_in_words(numbers, sentence):
    assert said(NAMES, outcome_of(numbers))[0] == sentence


def test_ties_at_an_end_are_counted_never_picked():
    names = {f"x{number:02d}": f"Place {number:02d}" for number in range(40)}
    numbers = dict.fromkeys(names, 100.0) | {"x00": 3.0}
    assert said(names, outcome_of(numbers, names=names))[0] == (
        "The highest published figure is £100, in 39 areas; the lowest is £3, in Place 00."
    )


def test_one_area_is_its_own_range():
    assert said("a", outcome_of({"a": 3})) == ("Aber: £3.",)


def test_whether_the_ends_can_be_distinguished():
    numbers = {"a": 1, "b": 2, "c": 3, "d": 9}
    # Dover's interval (8 to 10) meets no other; Aber's (0 to 2) meets Brecon's (1 to 3) and Newry's (2 to 4).
    told = outcome_of(
        numbers, lower={k: v - 1 for k, v in numbers.items()}, upper={k: v + 1 for k, v in numbers.items()}
    )
    assert said(NAMES, told) == (
        "The highest published figure is £9 (£8 to £10), in Dover; the lowest is £1 (£0 to £2), in Aber.",
        (
            "By their 95% intervals, Dover (highest) can be distinguished from every other area, and "
            "Aber (lowest) cannot be distinguished from Brecon; and Newry, Mourne and Down."
        ),
    )
    wide = outcome_of(
        numbers, lower=dict.fromkeys(numbers, 0), upper={k: v if k == "d" else 10 for k, v in numbers.items()}
    )
    assert (
        "Dover (highest) cannot be distinguished from Aber; Brecon; and Newry, Mourne and Down" in said(NAMES, wide)[-1]
    )
    assert said(NAMES, outcome_of(numbers))[-1].startswith("No error is published")
    half = outcome_of(numbers, lower={"a": 0}, upper={"a": 2})
    assert said(NAMES, half)[-1] == "Not every figure has a published error, so the order of areas is not certain."


def test_a_region_stands_to_its_nation_and_the_whole():
    # Aber and Brecon are Welsh with Dover; the two elsewhere make the whole
    levels = LevelsFinding(UK, "interval", ("a", "x"), ("d",), ("b", "y"))
    nations = {"a": "W", "b": "W", "d": "W", "x": "E", "y": "E"}
    outcome = outcome_of({"a": 1, "b": 2}, levels=levels, nations=nations)
    assert said("ab", outcome)[:2] == (
        (
            "Of its 2 areas, 1 is clearly below the UK figure of £2.50, and none clearly above; 1 cannot be distinguished "
            "from it."
        ),
        "In Wales 1 of 3, and in England and Wales 2 of 5 are clearly below.",
    )
    # where all are alike, that is what is said
    assert said("a", replace(outcome, levels=LevelsFinding(UK, "interval", ("a",), (), ())))[0].startswith(
        "Of its 1 area, 1 is"
    )
    alike = replace(outcome, levels=LevelsFinding(UK, "interval", ("a", "b"), (), ()))
    assert said("ab", alike)[0] == "All of its 2 areas are clearly below the UK figure of £2.50."
    # a whole nation stands beside the whole only, and the whole beside nothing
    assert said("abd", outcome)[1] == "In England and Wales 2 of 5 are clearly below."
    assert "clearly below." not in " ".join(said("abdxy", outcome)[1:])


def test_without_errors_a_region_is_below_and_above_and_that_is_said_to_be_unsure():
    levels = LevelsFinding(UK, "value", ("a", "b"), ("d",), ("c",))
    outcome = outcome_of({"a": 1, "b": 2, "c": 2.5, "d": 4}, levels=levels, nations=dict.fromkeys(NAMES, "W"))
    assert said(NAMES, outcome)[:2] == (
        "Of its 4 areas, 2 are below the UK figure of £2.50, and 1 above; 1 at it.",
        "No error is published for these figures, so small differences may be chance.",
    )
    assert sum("No error" in line for line in said(NAMES, outcome)) == 1


def test_clusters_in_words():
    numbers = {"a": 1, "b": 2, "c": 3, "d": np.nan}
    found = said(
        NAMES,
        outcome_of(
            numbers, classes={"a": "low-low", "b": "low-low", "c": "not-testable", "d": "no-data", "z": "high-high"}
        ),
    )
    assert "Of 2 areas tested, 2 lie in clusters of low values (Aber and Brecon)." in found
    assert "Not testable, having no neighbour with a figure: Newry, Mourne and Down." in found
    assert found[-1] == "No figure: Dover."
    classes = {"a": "low-low", "b": "low-high", "c": "high-high"}
    mixed = outcome_of(numbers, classes=classes, firm=("a",))
    assert said(NAMES, mixed)[2:6] == (
        (
            "Of 3 areas tested, 1 lies in a cluster of low values (Aber), and 1 lies in a cluster of high values (Newry, "
            "Mourne and Down)."
        ),
        "That one is in a low cluster whichever areas are counted as neighbours.",
        "Whether it is in a high cluster depends on which areas are counted as neighbours.",
        "Unlike their neighbours: 1 low area lies among high ones (Brecon).",
    )
    quiet = said(NAMES, outcome_of(numbers, classes={"a": "not-significant", "b": "not-significant"}))
    assert "None of the 2 areas tested lies in a cluster of low or of high values." in quiet
    many = {f"x{number:02d}": f"Place {number:02d}" for number in range(14)}
    crowd = outcome_of(dict.fromkeys(many, 1.0), names=many, classes=dict.fromkeys(many, "high-high"))
    assert said(many, crowd)[1].endswith("Place 09 and 4 more).")


@pytest.mark.parametrize("name", ["Derry (Doire)", "Place, with (brackets)", "All of 4. Areas: none", "{n} of {of}"])
def test_a_name_is_kept_everywhere(name, country):
    """No sentence is cut to get a fact back, so that whatever an area is called, it is called so everywhere."""
    codes = list(country.boundaries.frame["code"])
    frame = country.boundaries.frame.assign(name=[name, *country.boundaries.frame["name"][1:]])
    names = dict(zip(codes, frame["name"], strict=True))
    classes = pd.Series("not-significant", index=codes)
    classes.iloc[0] = "low-low"
    outcome = PackOutcome(
        "income",
        Topic("Mean income (before tax)", "£", "high", "2022", 0, names),
        tuple(replace(spec, finding=range_of(country.numbers)) for spec in country.specs),
        country.table,
        country.columns,
        country.numbers,
        pattern=pattern_of(classes),
    )
    own = replace(country.boundaries, frame=frame)
    cut = regional_outcome(outcome, own, f"North ({name})")
    sentences = region_sentences(cut.findings, cut.topic)
    assert f"; the lowest is £10, in {name}." in sentences[0]
    assert any(f"lies in a cluster of low values ({name})." in line for line in sentences)
    for spec in cut.specs:
        assert spec.title == f"Mean income (before tax), North ({name}): from £10 in {name} to £21 in Place 12"
        assert f"the lowest is £10, in {name}." in spec.description


def regional(country, codes, region, *, levels=None):
    frame = country.boundaries.frame
    own = replace(country.boundaries, frame=frame[frame["code"].isin(codes)].reset_index(drop=True))
    names = dict(zip(frame["code"], frame["name"], strict=True))
    outcome = PackOutcome(
        "income",
        Topic("Mean income", "£", "high", "2022", 0, names),
        country.specs,
        country.table,
        country.columns,
        country.numbers,
        levels=levels,
        nations=dict.fromkeys(names, "W"),
        coverage=("Said of the region.",),
    )
    return regional_outcome(outcome, own, region)


def test_a_spec_is_cut_to_the_region(country):
    cut = regional(country, ["W06000001", "W06000003"], "West")
    values, clusters = cut.specs
    assert [entry.count for entry in clusters.classes] == [1, 0, 1, 0, 0]
    assert (
        clusters.title
        == "Mean income, West: 1 of 2 areas lies in a cluster of low values, none in clusters of high values"
    )
    assert clusters.outlines[0].codes == ("W06000001",)
    assert set(clusters.values) == {"W06000001", "W06000003"}
    assert clusters.region == "West"
    assert values.title == f"Mean income, West: from £10 in Llanfair to £12 in {NAMES_OF_COUNTRY[2]}"
    assert values.subtitle == "Mean income, £, 2022; 2 principal areas of 11 September 2024"
    assert values.paragraphs == ("Areas, not people.", "Said of the region.")
    assert values.sure == "No error is published for these figures, so small differences may be chance."
    assert regional_outcome(cut, country.boundaries, "West") is cut
    (_, far) = regional(country, ["W06000012"], "East").specs
    assert far.outlines == ()
    assert far.title.startswith("Mean income, East: ")
    assert "whole atlas" not in far.to_json()


def test_a_map_without_a_finding_of_its_own_is_named_by_what_it_shows(country):
    bare = replace(country, specs=tuple(replace(spec, finding=None) for spec in country.specs))
    assert regional(bare, ["W06000012"], "East").specs[0].title == "East: Mean income, £, 2022"


def test_how_sure_a_regional_map_of_values_is(country):
    codes = [str(code) for code in country.boundaries.frame["code"]]
    reference = Reference("published", 15.5, "W")
    levels = LevelsFinding(reference, "interval", tuple(codes[:6]), tuple(codes[6:11]), (codes[11],))
    values, clusters = regional(country, codes[10:12], "West", levels=levels).specs
    assert values.sure == (
        "1 of 2 areas cannot be distinguished from the figure for Wales of £15.50: the error of the figure is larger than "
        "the distance."
    )
    assert clusters.sure == country.specs[1].sure


def test_grey_land_round_a_pack_has_its_licence_line(tmp_path, make_pack, country):
    """Land that is shown, if only in grey, is credited: in the licence, on the page and under every map."""
    grey = Source("Land of others", licence="CC BY 4.0", attribution=("Grey land © its surveyors.",))
    around = replace(country.boundaries, sources=(*country.boundaries.sources, grey))
    make_pack(tmp_path / "pack", boundaries=around)
    for file in ("LICENCE.txt", "index.html", "income.html"):
        text = (tmp_path / "pack" / file).read_text(encoding="utf-8")
        assert text.count("Grey land © its surveyors.") >= 1, file


def test_a_pack_beside_another_nation_credits_its_shapes():
    """The north-east of England is drawn with Scottish land beside it; the south-east is not."""
    whole = load_boundary_set("LAD", dt.date(2023, 4, 1))
    lines = {}
    for region in ("North East", "South East"):
        codes = whole.frame.loc[whole.frame["region_name"] == region, "code"]
        lines[region] = " ".join(licence_lines(part_of(whole, codes).sources))
    assert "geoBoundaries" in lines["North East"]
    assert "geoBoundaries" not in lines["South East"]
    # nobody is counted there: the line of its census is not asked for
    assert "National Records of Scotland" not in lines["North East"]
