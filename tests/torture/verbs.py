"""The verbs that write, each with a small input, and what a whole output of each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CODES = (
    "E06000001",
    "E06000002",
    "E06000003",
    "E06000004",
    "E06000005",
    "E06000047",
    "E06000057",
    "E08000021",
    "E08000022",
    "E08000023",
    "E08000024",
    "E08000037",
)
TABLE = "\n".join(["code,value", *(f"{code},{20 + place % 5}" for place, code in enumerate(CODES)), ""])


@dataclass(frozen=True, slots=True)
class Verb:
    """A command line: ``{out}`` stands for what is written."""

    name: str
    out: str
    words: tuple[str, ...]


ATLAS = """
schema = 1
title = "Pay"
slug = "pay"
[boundaries]
geography = "LAD"
date = 2023-04-01
within = "North East"
[[outcome]]
id = "pay"
file = "t.csv"
title = "Pay"
measure = "mean"
favourable = "high"
[statistics]
permutations = 499
robustness = false
[outputs]
kinds = ["choropleth"]
formats = ["png"]
packs = []
"""

VERBS = (
    Verb("recode", "r.csv", ("recode", "t.csv", "--to", "2023-04-01", "--measure", "count", "-o", "{out}")),
    Verb(
        "recode receipt",
        "r.json",
        ("recode", "t.csv", "--to", "2023-04-01", "--measure", "count", "--receipt", "{out}"),
    ),
    Verb("export csv", "b.csv", ("boundaries", "export", "LAD@2023-04-01", "-o", "{out}")),
    Verb("export parquet", "b.parquet", ("boundaries", "export", "LAD@2023-04-01", "-o", "{out}")),
    Verb("export geojson", "b.geojson", ("boundaries", "export", "LAD@2023-04-01", "-o", "{out}")),
    Verb("export gpkg", "b.gpkg", ("boundaries", "export", "LAD@2023-04-01", "-o", "{out}")),
    Verb(
        "map",
        "m.png",
        ("map", "t.csv", "--measure", "mean", "--date", "2023-04-01", "--within", "North East", "-o", "{out}"),
    ),
    Verb("build", "atlas", ("build", "a.toml", "--out", "{out}", "--force")),
)


def write_inputs(folder: Path) -> None:
    """Write what the verbs read."""
    (folder / "t.csv").write_text(TABLE, encoding="utf-8")
    (folder / "a.toml").write_text(ATLAS, encoding="utf-8")
