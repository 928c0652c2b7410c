"""Names that somebody wrote to break pages and pictures: they are drawn and shown as text, each kept to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from boundaries.areas.loading import load_boundary_set
from geo.arguments import date_of
from maps.atlas.run import build_atlas

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "North \u2067\u05d0\u2069 side",
    "\u202eevil gnp.exe",
    "Caer \u540d \U0001f600",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "{{7*7}}",
    "=1+1",
    "../../etc/passwd",
    "A" * 220,
)
ATLAS = """
schema = 1
title = "x"
slug = "x"
[boundaries]
geography = "LAD"
members = "members.csv"
date = 2023-04-01
nations = ["W"]
[[outcome]]
id = "x"
file = "x.csv"
measure = "mean"
favourable = "high"
[statistics]
permutations = 99
correction = "none"
robustness = false
[outputs]
kinds = ["choropleth"]
formats = ["svg"]
packs = []
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an atlas of Wales that asks for SVG alone, whose areas have such names."""
    folder = tmp_path_factory.mktemp("hostile")
    codes = load_boundary_set("LAD", date_of("2023-04-01", "date"), nations=["W"]).frame["code"]
    named = [
        (f"h:{place}", NAMES[place] if place < len(NAMES) else f"Area {place}", code)
        for place, code in enumerate(codes)
    ]
    quoted = [(code, '"' + name.replace('"', '""') + '"', member) for code, name, member in named]
    members = ["code,name,member", *(",".join(row) for row in quoted)]
    rows = ["code,name,value", *(f"{code},{name},{place % 7}" for place, (code, name, _) in enumerate(quoted))]
    (folder / "members.csv").write_text("\n".join([*members, ""]), encoding="utf-8")
    (folder / "x.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    (folder / "x.toml").write_text(ATLAS, encoding="utf-8")
    return build_atlas(str(folder / "x.toml"), out=folder / "x").out


def test_pages_show_what_an_atlas_that_asks_for_svg_alone_draws(site: Path) -> None:
    drawn = sorted(path.relative_to(site).as_posix() for path in (site / "maps" / "x").iterdir())
    assert drawn == ["maps/x/choropleth-phone.png", "maps/x/choropleth.png", "maps/x/choropleth.svg"]
    page = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="maps/x/choropleth.svg"' in page


def test_names_are_text_and_turn_nothing_round(site: Path) -> None:
    drawing = (site / "maps" / "x" / "choropleth.svg").read_text(encoding="utf-8")
    pages = [path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))]
    assert len(pages) > len(NAMES), "a page a place"
    for text in (drawing, *pages):
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    turned = [text for text in (drawing, *pages) if "\u202e" in text]
    assert turned
    for text in turned:
        left_open = text.replace("\u202eevil gnp.exe\u202c", "")
        assert "\u202e" not in left_open, "a name ends what it turns round, wherever it stands"
