"""Periods of other boundaries on one page: converted where that is true, left out with the reason where it is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo import cli

if TYPE_CHECKING:
    from pathlib import Path

CUMBERLAND = "E06000063"
BEFORE_2023 = ("E07000026", "E07000028", "E07000029")


@pytest.fixture
def series(pay: Path) -> Path:
    """Return a table of three periods; in the first, Cumberland is still Allerdale, Carlisle and Copeland."""
    now = pd.read_csv(pay)[["code", "value"]]
    parts = pd.DataFrame({"code": BEFORE_2023, "value": [40.0, 50.0, 60.0]})
    before = pd.concat([now[now["code"] != CUMBERLAND], parts])
    table = pd.concat([before.assign(period="2021"), now.assign(period="2023"), now.assign(period="2024")])
    path = pay.parent / "series.csv"
    table.to_csv(path, index=False)
    return path


def drawn(series: Path, *words: str) -> str:
    out = series.parent / "multiples.svg"
    assert cli.run(["map", str(series), "--kind", "multiples", "--date", "2024-04-01", *words, "-o", str(out)]) == 0
    return " ".join(re.sub(r"<[^>]+>", " ", out.read_text(encoding="utf-8")).replace("\u00a0", " ").split())


def test_counts_of_former_areas_are_added_and_it_is_said(series: Path) -> None:
    text = drawn(series, "--measure", "count")
    assert "converted to those of 1 April 2024: 2021." in text
    assert "Left out" not in text


def test_medians_of_former_areas_are_left_out_and_it_is_said(series: Path) -> None:
    text = drawn(series, "--measure", "median")
    assert "Left out, for they cannot be converted to the boundaries of 1 April 2024: 2021" in text
    assert "2023 to 2024" in text


def test_too_few_periods_that_fit_are_an_error(series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_csv(series)
    table[table["period"] != 2024].to_csv(series, index=False)
    words = ["--kind", "multiples", "--date", "2024-04-01", "--measure", "median", "-o", str(series.parent / "a.svg")]
    assert cli.run(["map", str(series), *words]) == 1
    said = capsys.readouterr().err
    assert "1 period of 2 fits these boundaries" in said
    assert "2021:" in said


def test_more_periods_than_fit_a_page_are_spaced_evenly(pay: Path) -> None:
    now = pd.read_csv(pay)[["code", "value"]]
    path = pay.parent / "long.csv"
    pd.concat([now.assign(period=str(2013 + year)) for year in range(11)]).to_csv(path, index=False)
    text = drawn(path, "--measure", "mean")
    assert "9 of 11 periods are shown, evenly spaced." in text
    assert "2013 to 2023" in text
