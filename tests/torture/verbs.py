"""The verbs that write, each with a small input, and what a whole output of each is."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boundaries.areas.loading import load_boundary_set
from geo import cli

if TYPE_CHECKING:
    from collections.abc import Callable
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
YEARS = range(2016, 2024)
TABLE = "\n".join(["code,value", *(f"{code},{20 + place % 5}" for place, code in enumerate(CODES)), ""])


@dataclass(frozen=True, slots=True)
class Verb:
    """A command line: ``{out}`` stands for what is written.

    ``code`` is how a run ends that nobody disturbs; ``former`` names the build that stands where it writes ("": half of the
    time an output of before, half of the time nothing); ``needs`` names the builds that it reads; ``share`` is which part of the
    kills asked for it gets, being slow.
    """

    name: str
    out: str
    words: tuple[str, ...]
    code: int = 0
    former: str = ""
    needs: tuple[str, ...] = ()
    share: float = 1.0


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

INDEX = """
schema = 1
id = "chances"
title = "Chances"
edition = "2024"
[boundaries]
geography = "RGN"
date = 2023-04-01
nations = ["E"]
[bands]
cuts = [-1, 1]
labels = ["Low", "Middle", "High"]
[[indicator]]
id = "pay"
file = "r.csv"
measure = "mean"
unit = "£"
direction = "high"
[[indicator]]
id = "more"
file = "s.csv"
measure = "mean"
unit = "£"
direction = "high"
[uncertainty]
draws = 200
"""

_COUNTS = ("--to", "2023-04-01", "--measure", "count")
_PLACE = ("--measure", "mean", "--date", "2023-04-01", "--within", "North East")

VERBS = (
    Verb("recode", "r.csv", ("recode", "t.csv", *_COUNTS, "-o", "{out}")),
    Verb("recode receipt", "r.json", ("recode", "t.csv", *_COUNTS, "--receipt", "{out}")),
    Verb("export csv", "b.csv", ("boundaries", "export", "LAD@2023-04-01", "-o", "{out}")),
    Verb("export parquet", "b.parquet", ("boundaries", "export", "LAD@2023-04-01", "-o", "{out}")),
    Verb("export geojson", "b.geojson", ("boundaries", "export", "LAD@2023-04-01", "-o", "{out}")),
    Verb("export gpkg", "b.gpkg", ("boundaries", "export", "LAD@2023-04-01", "-o", "{out}")),
    Verb("fetch", "cache", ("fetch", "LAD@2023-12-31", "--resolution", "BUC", "--from-file", "lad.gpkg")),
    Verb("map", "m.png", ("map", "t.csv", *_PLACE, "-o", "{out}")),
    Verb("map svg", "m.svg", ("map", "t.csv", *_PLACE, "-o", "{out}")),
    Verb(
        "claim",
        "c.csv",
        ("claim", "rural areas have lower pay", "t.csv", "--title", "Pay", *_PLACE, "-o", "{out}"),
        share=0.5,
    ),
    Verb(
        "analyse",
        "study",
        ("analyse", "t.csv", *_PLACE, "--permutations", "99", "--correction", "none", "-o", "{out}", "--force"),
        share=0.5,
    ),
    Verb("warn", "warned", ("warn", "w.csv", *_PLACE, "-o", "{out}", "--force"), share=0.5),
    Verb("index", "index", ("index", "i.toml", "-o", "{out}", "--force"), share=0.5),
    Verb("build", "atlas", ("build", "old.toml", "--out", "{out}", "--force")),
    Verb("build workers", "atlas", ("build", "old.toml", "--out", "{out}", "--force", "--workers", "2"), share=0.25),
    Verb("pack", "atlas", ("pack", "E12000001", "--from", "{out}"), former="old", needs=("old",)),
    Verb("compare", "compared", ("compare", "old", "new", "-o", "{out}", "--force"), code=3, needs=("old", "new")),
    Verb("replay", "atlas", ("replay", "{out}", "--whole"), former="old", needs=("old",), share=0.25),
    Verb("starter", "starter", ("build", "starter", "--out", "{out}", "--force"), share=0.25),
)


def in_fork(work: Callable[[], int]) -> int:
    """Run work in a copy of this process, silently; return its exit code, negative for the signal that ended it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(null, stream)
        code = work()
    finally:
        os._exit(code)


def write_inputs(folder: Path, verb: Verb | None = None) -> None:
    """Write what the verbs read; with one of them, the builds that it needs and the layer that it carries in, too."""
    (folder / "t.csv").write_text(TABLE, encoding="utf-8")
    (folder / "u.csv").write_text(TABLE.replace(",2", ",3"), encoding="utf-8")
    rows = [f"{code},{year},{20 + place % 5 + year % 3}" for place, code in enumerate(CODES) for year in YEARS]
    (folder / "w.csv").write_text("\n".join(["code,period,value", *rows, ""]), encoding="utf-8")
    for name, file in (("old", "t.csv"), ("new", "u.csv")):
        (folder / f"{name}.toml").write_text(ATLAS.replace("t.csv", file), encoding="utf-8")
    for name, factor in (("r", 3), ("s", 5)):
        regions = [f"E1200000{place},{20 + place * factor % 7}" for place in range(1, 10)]
        (folder / f"{name}.csv").write_text("\n".join(["code,value", *regions, ""]), encoding="utf-8")
    (folder / "i.toml").write_text(INDEX, encoding="utf-8")
    for name in verb.needs if verb else ():
        with contextlib.chdir(folder):
            if in_fork(lambda name=name: cli.run(["build", f"{name}.toml", "--out", name])):
                raise RuntimeError(f"the build '{name}' failed")
    if verb and verb.name == "fetch":
        areas = load_boundary_set("LAD", dt.date(2023, 12, 31)).frame[["code", "name", "geometry"]]
        areas.rename(columns={"code": "LAD23CD", "name": "LAD23NM"}).to_file(folder / "lad.gpkg")
