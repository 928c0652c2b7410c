"""Packs in Welsh beside English ones: the same figures and the same structure, other words, and marked as a draft."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from geo import cli
from geo.errors import CodeError, ConfigError, OutputError
from maps.atlas.jobs import How
from maps.atlas.manifest import read_manifest
from maps.atlas.repacking import packs_from_build
from maps.atlas.run import build_atlas
from maps.packs import Layout, find_regions
from maps.packs.naming import told_in

if TYPE_CHECKING:
    from pathlib import Path

ATLAS = """
schema = 1
title = "Pay in Wales"
slug = "pay"
[boundaries]
date = 2023-04-01
within = "Wales"
[[outcome]]
id = "pay"
file = "pay.csv"
title = "Pay"
unit = "£"
measure = "mean"
favourable = "high"
[statistics]
permutations = 99
robustness = false
correction = "none"
[outputs]
kinds = ["choropleth", "levels"]
formats = ["png"]
languages = ["en", "cy"]
packs = ["nation", "Gwynedd"]
area_pages = false
"""
DRAFT = "Drafft yw'r cyfieithiad hwn: nid oes siaradwr Cymraeg wedi'i wirio eto."


def table(folder: Path) -> None:
    frame = load_boundary_set("LAD", "2023-04-01", nations=("W",)).frame
    value = 500 + 10 * frame.index.to_numpy(dtype=float)
    rows = frame[["code", "name"]].assign(value=value, lower=value - 15, upper=value + 15)
    rows.to_csv(folder / "pay.csv", index=False)


@pytest.fixture(scope="module")
def wales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("wales")
    table(root)
    (root / "atlas.toml").write_text(ATLAS, encoding="utf-8")
    return build_atlas(str(root / "atlas.toml"), out=root / "out").out


def skeleton(page: Path) -> list[str]:
    """Return the elements of a page in their order."""
    return re.findall(r"<([a-z0-9]+)[ >]", re.sub(r"(?s)<style>.*?</style>", "", page.read_text(encoding="utf-8")))


def test_a_build_in_two_languages_packs_wales_in_both(wales: Path) -> None:
    packs = sorted(path.name for path in (wales / "regions").glob("*.zip"))
    assert packs == [
        "W06000002-gwynedd-cy.zip",
        "W06000002-gwynedd.zip",
        "W92000004-cymru-cy.zip",
        "W92000004-wales.zip",
    ]
    english, welsh = wales / "regions" / "W92000004-wales", wales / "regions" / "W92000004-cymru-cy"
    drafts = 0
    for name in ("index.html", "summary.html", "pay.html"):
        first, second = (folder / name for folder in (english, welsh))
        assert '<html lang="en-GB">' in first.read_text(encoding="utf-8")
        text = second.read_text(encoding="utf-8")
        assert '<html lang="cy-GB">' in text
        assert "Drafft yw" in text
        # the mark of a draft is one paragraph, and all that a page has beyond the other
        ours, theirs = skeleton(second), skeleton(first)
        drafts += len(ours) - len(theirs)
        assert ours.count("p") - theirs.count("p") == 1
        assert [one for one in ours if one != "p"] == [one for one in theirs if one != "p"]
    assert drafts == 3
    assert '<h1>Cymru / <span lang="en">Wales</span></h1>' in (welsh / "index.html").read_text(encoding="utf-8")
    assert '<h1>Wales / <span lang="cy">Cymru</span></h1>' in (english / "index.html").read_text(encoding="utf-8")
    readme = (welsh / "README.txt").read_text(encoding="utf-8")
    assert DRAFT in readme.replace("\n", " ")
    assert "Sir Ddinbych / Denbighshire" in readme
    assert "Denbighshire / Sir Ddinbych" in (english / "README.txt").read_text(encoding="utf-8")
    assert "Mathau o le ymhlith ei 22 ardal: 15 arfordirol" in readme


def test_figures_are_the_same_in_both(wales: Path) -> None:
    english, welsh = wales / "regions" / "W92000004-wales", wales / "regions" / "W92000004-cymru-cy"
    for name in ("areas.csv", "levels.csv", "data/pay.csv", "areas.geojson"):
        assert (english / name).read_bytes() == (welsh / name).read_bytes()
    cover, notes, sheet = (
        openpyxl.load_workbook(welsh / "areas.xlsx")[name] for name in ("Clawr", "Nodiadau", "1 Pay")
    )
    assert DRAFT in [row[0].value for row in cover.iter_rows()]
    assert notes["A1"].value == "Nodiadau"
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=6)}
    assert rows["W06000004"][1].value == "Sir Ddinbych"
    told = pd.read_csv(welsh / "areas.csv", encoding="utf-8-sig").set_index("code")["pay__value"]
    assert {code: row[2].value for code, row in rows.items()} == told.to_dict()


def test_pages_lead_to_the_packs_of_their_language(wales: Path) -> None:
    english, welsh = ((wales / name).read_text(encoding="utf-8") for name in ("index.html", "index.cy.html"))
    for page, here, elsewhere in ((english, "wales", "cymru-cy"), (welsh, "cymru-cy", "wales")):
        assert f"regions/W92000004-{here}.zip" in page
        assert f"regions/W92000004-{elsewhere}.zip" not in page


def test_a_pack_in_welsh_is_made_later(wales: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def made(*arguments: str) -> list[str]:
        assert cli.run(["pack", *arguments, "--from", str(wales), "--html-only", "--json"]) == 0
        return [path.rsplit("/", 1)[1] for path in json.loads(capsys.readouterr().out)]

    # unasked it is in both, as the build is; Ynys Môn by either name
    assert made("Ynys Môn", "--language", "cy") == ["W06000001-ynys-mon-cy.zip"]
    assert made("Isle of Anglesey") == ["W06000001-isle-of-anglesey.zip", "W06000001-ynys-mon-cy.zip"]
    assert made("Cymru", "--language", "en") == ["W92000004-wales.zip"]
    files = read_manifest(wales).files
    assert "regions/W06000001-ynys-mon-cy.zip" in files
    with pytest.raises(ConfigError, match="no words of the language 'xx'"):
        packs_from_build(["Cymru"], wales, languages=["xx"])


def test_a_build_without_welsh_says_how_to_have_it(build: Path) -> None:
    with pytest.raises(OutputError, match="keeps nothing for packs in the language cy") as caught:
        packs_from_build(["Sunderland"], build, languages=["cy"])
    assert 'languages = ["en", "cy"]' in str(caught.value)
    assert not list((build / "regions").glob("*-cy*"))


def test_what_shares_a_name_says_its_tier_in_welsh() -> None:
    areas = load_boundary_set("LAD", "2024-09-11")
    north, wales = find_regions(["North East (region)", "Wales"], {"LAD": Layout(areas, {})})
    told = told_in(north, "cy", areas.frame)
    assert (told.info.name, told.info.folder_name) == (
        "North East (rhanbarth)",
        "E12000001-north-east-rhanbarth-cy",
    )
    assert told_in(wales, "cy", areas.frame).info.other == ("Wales", "en")
    assert told_in(wales, "en", areas.frame) == wales


def test_a_place_in_the_configuration_that_is_none_is_told_before_the_work(tmp_path: Path) -> None:
    table(tmp_path)
    text = ATLAS.replace('"Gwynedd"', '"county", "Gwinedd", "Cornwall"')
    (tmp_path / "atlas.toml").write_text(text, encoding="utf-8")
    steps: list[str] = []
    with pytest.raises(CodeError) as caught:
        build_atlas(str(tmp_path / "atlas.toml"), out=tmp_path / "out", how=How(say=steps.append))
    assert "did you mean Gwynedd (W06000002)?" in caught.value.faults[0]
    assert "Cornwall (E06000052) holds none of the 22" in caught.value.faults[1]
    assert steps == ["Reading, drawing boundaries, joining"]
