"""Areas by outcomes in bands: as a page, a workbook and a picture; and the files of an atlas across places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analysis.profiles import Standing
from geo.provenance import Source
from maps.look import palettes
from maps.profiles import profile_picture, profiles_of, write_profile_page, write_profile_workbook
from tests.maps.test_kinds_more import assert_texts_apart

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
BANDS = ("bottom", "low", "middle", "high", "top")


def standing(outcome, places, *, favourable="high", p_low=None):
    """Return an outcome in five bands: the place of each area's band, -1 where it has no figure."""
    codes = [f"E0600000{place}" for place in range(len(places))]
    bands = pd.Series([BANDS[place] if place >= 0 else "" for place in places], index=codes)
    names = pd.Series(["Ayr", "=1+1", "Carn", "Dee"][: len(places)], index=codes)
    low = {"high": BANDS[:2], "low": BANDS[3:], "none": ()}[favourable]
    chance = None if p_low is None else pd.Series(p_low, index=codes)
    return Standing(outcome, outcome.title(), "2024", favourable, bands, BANDS, low, names, chance)


@pytest.fixture
def profiles():
    standings = [
        standing("pay", [0, 1, 2, -1], p_low=[0.9, 0.6, 0.1, np.nan]),
        standing("poverty", [4, 0, 3, 2], favourable="low", p_low=[0.8, 0.0, 0.7, 0.2]),
        standing("size", [2, 2, 2, 2], favourable="none"),
    ]
    regions = pd.Series(["North", "South", "South", "South"], index=[f"E0600000{place}" for place in range(4)])
    source = Source("A survey", attribution=("Survey © its people",))
    return profiles_of(standings, title="Try", areas="4 areas", regions=regions, sources=[source, source])


def test_areas_low_on_most_come_first_and_colours_follow_the_good_end(profiles):
    assert profiles.frame["name"].tolist() == ["Ayr", "=1+1", "Carn", "Dee"]
    assert profiles.frame["low_on"].tolist() == [2, 1, 1, 0]
    # 0.9 * 0.8; 1 − 0.4 * 1; 1 − 0.9 * 0.3
    assert profiles.frame["p_low_on"].round(4).tolist()[:3] == [0.72, 0.6, 0.73]
    pay, poverty, size = profiles.columns
    assert pay.looks["bottom"] == poverty.looks["top"] == (palettes.DIVERGING_7[0], "#ffffff")
    assert size.looks["middle"][0] == palettes.SEQUENTIAL[2]
    assert not size.counted
    assert profiles.finding == "1 of 4 areas is low on all 2 outcomes"
    assert profiles.missing == "1 cell has no figure."
    assert profiles.sources == (Source("A survey", attribution=("Survey © its people",)),)


def test_one_outcome_is_no_profile_and_nobody_need_be_low():
    one = profiles_of([standing("pay", [0, 2])], title="T", areas="", regions=pd.Series(dtype="str"), sources=[])
    assert one.finding == "2 areas on one outcome"
    many = [standing(name, [2, 2]) for name in ("a", "b", "c", "d")]
    none = profiles_of(many, title="T", areas="", regions=pd.Series(dtype="str"), sources=[])
    assert none.finding == "No area of 2 areas is low on 2 or more of 4 outcomes"
    assert_texts_apart(profile_picture(none))


def test_the_workbook_has_a_cover_notes_and_one_table_and_no_formula(profiles, tmp_path):
    path = write_profile_workbook(profiles, tmp_path / "profiles.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Cover", "Notes", "Profiles"]
    rows = list(book["Profiles"].iter_rows(min_row=3, values_only=True))
    assert rows[0][:6] == ("Code", "Area", "Region or nation", "Low on", "Outcomes with a figure", "Probability")
    assert rows[2][1] == "=1+1"
    assert book["Profiles"].cell(5, 2).data_type == "s"
    assert rows[4][-3:] == ("[x]", "middle", "middle")
    again = write_profile_workbook(profiles, tmp_path / "again.xlsx")
    assert again.read_bytes() == path.read_bytes()


def test_the_picture_has_a_cell_an_area_and_outcome(profiles):
    page = profile_picture(profiles)
    cells = [text.text for text in page.texts() if text.role == "cell-text"]
    assert cells[:3] == ["bottom", "top", "middle"]
    assert len(cells) == 9
    assert_texts_apart(page)


@pytest.mark.browser
def test_the_page_sorts_filters_and_passes_the_audit(profiles, tmp_path, contexts):
    path = write_profile_page(profiles, tmp_path / "profiles.html")
    context_for, _ = contexts
    page = context_for({}).new_page()
    page.set_viewport_size({"width": 360, "height": 700})
    failed = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(path.as_uri())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert {rule: found for rule, found in page.evaluate(AUDIT).items() if found} == {}
    assert page.inner_text("#shown") == "4 of 4 areas."
    page.select_option("#least", "2")
    assert page.inner_text("#shown") == "1 of 4 areas."
    page.select_option("#least", "0")
    page.select_option("#region", "South")
    page.fill("#wanted", "ca")
    names = "[...document.querySelectorAll('#profiles tbody tr')].filter((row) => !row.hidden).map((row) => row.cells[0].dataset.value)"
    assert page.evaluate(names) == ["Carn"]
    page.fill("#wanted", "")
    page.select_option("#region", "")
    page.get_by_role("button", name="Area").click()
    assert page.evaluate(names) == ["=1+1", "Ayr", "Carn", "Dee"]
    page.get_by_role("button", name="Area").click()
    assert page.evaluate(names) == ["Dee", "Carn", "Ayr", "=1+1"]
    page.get_by_role("button", name="Pay").click()
    assert page.evaluate(names)[0] == "Dee"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert failed == []
    page.close()
