"""The verb compare on a real build and a doctored copy: page, table, exit code."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.cli import run

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.run import Built


@pytest.fixture
def doctored(starter: Built, tmp_path: Path) -> Path:
    """Return a copy of the starter's tables with one income raised and one verdict turned."""
    copy = tmp_path / "doctored"
    (copy / "data").mkdir(parents=True)
    shutil.copy(starter.out / "manifest.json", copy)
    for name in ("areas.csv", "associations.csv", "claims.csv"):
        if (starter.out / "data" / name).is_file():
            shutil.copy(starter.out / "data" / name, copy / "data")
    areas = pd.read_csv(copy / "data" / "areas.csv", dtype="str", keep_default_na=False)
    column = next(name for name in areas if name.endswith("__value"))
    areas.loc[areas["name"] == "Hartlepool", column] = "99999"
    areas.to_csv(copy / "data" / "areas.csv", index=False)
    return copy


class Headings(HTMLParser):
    """Collects headings and the number of rows of tables; complains of tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in {"meta", "link"}:
            self.open.append(tag)
        self.rows += tag == "tr"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"h1", "h2"}:
            self.headings.append(data)


def test_the_same_build_is_code_0_and_a_doctored_one_code_3(
    starter: Built, doctored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "what-changed"
    assert run(["compare", str(starter.out), str(starter.out), "-o", str(out)]) == 0
    assert "Nothing differs." in capsys.readouterr().out
    assert "Nothing differs" in (out / "index.html").read_text(encoding="utf-8")
    assert run(["compare", str(starter.out), str(doctored), "-o", str(out)]) == 1
    assert "use --force" in capsys.readouterr().err
    assert run(["compare", str(starter.out), str(doctored), "-o", str(out), "--force", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert {"what": "value", "change": "revised", "rows": 1} in told["counts"]
    rows = pd.read_csv(out / "differences.csv", keep_default_na=False)
    assert rows.loc[rows["what"] == "value", "name"].tolist() == ["Hartlepool"]
    page = Headings()
    page.feed((out / "index.html").read_text(encoding="utf-8"))
    assert page.open == []
    assert page.headings[:3] == ["What changed between two builds", "In short", "Values"]
    assert page.rows == 4  # a head and a row of each of two tables


def test_a_folder_that_is_no_build_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(tmp_path), str(tmp_path), "-o", str(tmp_path / "x")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("placeatlas: error:")
    assert "is not a build" in said
    assert not (tmp_path / "x").exists()
