"""Print our statistics beside published or independent ones: ``python -m tests.benchmarks.demo_oracles``."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import warnings
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.geary import global_geary, local_geary
from analysis.getis_ord import global_g, local_g, local_g_star
from analysis.moran import global_moran, local_moran, local_moran_bivariate
from analysis.weights import build_weights, from_edges, queen
from boundaries.areas.loading import load_boundary_set
from boundaries.bundled.layers import load_income

if TYPE_CHECKING:
    from collections.abc import Iterator

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
QUICK: dict[str, Any] = {"seed": 1, "permutations": 9_999, "correction": "none"}
WHOLE: dict[str, Any] = {"seed": 1, "permutations": 999}

COLUMBUS = """
suppressPackageStartupMessages({library(spdep); library(spData)})
data(columbus, package = "spData")
nb <- col.gal.nb; x <- columbus$CRIME
W <- nb2listw(nb, style = "W"); B <- nb2listw(nb, style = "B")
section <- function(name, frame) { cat("##", name, "\\n"); write.csv(format(frame, digits = 17), row.names = FALSE) }
section("links", data.frame(from = rep(seq_along(x), card(nb)), to = unlist(nb)))
section("whole", data.frame(I = moran.test(x, W)$estimate[[1]], C = geary.test(x, W)$estimate[[1]],
  G = globalG.test(x, B)$estimate[[1]]))
section("local", data.frame(x = x, Ii = localmoran(x, W)[, 1],
  star = as.numeric(localG(x, nb2listw(include.self(nb), style = "B")))))
"""

Row = tuple[str, str, float, float, float]
"""Data, what, ours, theirs, largest difference over all areas compared."""


def main() -> None:
    """Print a row a comparison."""
    warnings.simplefilter("ignore")
    head = f"{'data':24} {'statistic':34} {'ours':>16} {'theirs':>16} {'difference':>11}"
    sys.stdout.write(f"{head}\n(first area, and the largest difference over all areas compared)\n")
    for part in (guerry, columbus, districts):
        for data, what, ours, theirs, difference in part():
            sys.stdout.write(f"{data:24} {what:34} {ours:16.10f} {theirs:16.10f} {difference:11.1e}\n")


def guerry() -> Iterator[Row]:
    """GeoDa's published values for the 85 departments of Guerry's moral statistics."""
    folder = REAL_DATA / "reference"
    if not (folder / "Guerry.shp").is_file():
        sys.stdout.write("Guerry skipped: no folder of published files\n")
        return
    frame = gpd.read_file(folder / "Guerry.shp")
    frame = frame.set_axis(frame.index.astype(str))
    text = (folder / "expected_values.json").read_text(encoding="utf-8")
    published = json.loads(text)["guerry_geoda"]["published"]
    weights = queen(frame.geometry)
    person, property_ = frame["Crm_prs"], frame["Crm_prp"]
    found = {
        "local_moran_Crm_prp_first3": local_moran(property_, weights, **QUICK).frame["statistic"],
        "local_moran_Crm_prs_first3": local_moran(person, weights, **QUICK).frame["statistic"],
        "local_geary_Crm_prp_first3": local_geary(property_, weights, **QUICK).frame["statistic"],
        "local_G_Crm_prp_first3": local_g(property_, weights, **QUICK).frame["statistic"]
        / (property_.sum() - property_),
        "bivariate_local_moran_Crm_prs_Litercy_first3": local_moran_bivariate(
            person, frame["Litercy"], weights, **QUICK
        ).frame["statistic"],
    }
    for name, ours in found.items():
        yield _row("Guerry, GeoDa", name.removesuffix("_first3"), ours.iloc[:3], published[name])


def columbus() -> Iterator[Row]:
    """R spdep on Columbus with spData's own 230 links."""
    if shutil.which("Rscript") is None:
        sys.stdout.write("Columbus skipped: no Rscript (r-cran-spdep, r-cran-spdata)\n")
        return
    done = subprocess.run(["Rscript", "--vanilla", "-e", COLUMBUS], capture_output=True, text=True, check=True)
    parts = dict(part.split("\n", 1) for part in done.stdout.split("## ")[1:])
    tables = {name.strip(): pd.read_csv(StringIO(text)) for name, text in parts.items()}
    local, whole = tables["local"], tables["whole"].iloc[0]
    values = local["x"].set_axis([str(i) for i in range(1, len(local) + 1)])
    weights = from_edges(tables["links"].astype(str), ids=values.index)
    data, n = "Columbus, spdep", len(values)
    yield _row(data, "Moran's I", [global_moran(values, weights, **WHOLE).statistic], [whole["I"]])
    yield _row(data, "Geary's C", [global_geary(values, weights, **WHOLE).statistic], [whole["C"]])
    yield _row(data, "Getis-Ord G", [global_g(values, weights, **WHOLE).statistic], [whole["G"]])
    ours = local_moran(values, weights, **QUICK).frame["statistic"] * n / (n - 1)
    yield _row(data, "local Moran × n / (n − 1)", ours, local["Ii"])
    yield _row(data, "Gi*", local_g_star(values, weights, **QUICK).frame["z"], local["star"])


def districts() -> Iterator[Row]:
    """esda on the bundled income of 361 districts, on the graph that maps are made with."""
    import esda

    weights = build_weights(load_boundary_set("LAD", dt.date(2023, 4, 1)))
    values = load_income().set_index("code")["mean_income"].reindex(weights.ids).astype(float)
    values = values.dropna()
    weights = weights.subset(values.index)
    lone = set(weights.audit.isolates)
    weights = weights.subset([code for code in weights.ids if code not in lone])
    values, graph, data = values[weights.ids], weights.to_graph(), "LAD income, esda"
    binary, rows, n = graph.transform("b"), graph.transform("r"), len(values)
    yield _row(
        data,
        "Moran's I",
        [global_moran(values, weights, **WHOLE).statistic],
        [esda.Moran(values, rows, permutations=0).I],
    )
    yield _row(
        data,
        "Geary's C",
        [global_geary(values, weights, **WHOLE).statistic],
        [esda.Geary(values, rows, permutations=0).C],
    )
    local = local_moran(values, weights, **QUICK).frame
    theirs = esda.Moran_Local(values, graph, permutations=999, keep_simulations=False, seed=1)
    yield _row(data, "local Moran", local["statistic"], theirs.Is)
    yield _row(data, "half its p (Monte-Carlo error)", local["p"] / 2, theirs.p_sim)
    star = esda.G_Local(values, binary, transform="B", star=True, permutations=0)
    yield _row(data, "Gi* (binary)", local_g_star(values, weights, **QUICK).frame["z"], star.Zs)
    geary = esda.Geary_Local(connectivity=rows, permutations=0).fit(values).localG * (n - 1) / n
    yield _row(
        data, "local Geary × (n − 1) / n of theirs", local_geary(values, weights, **QUICK).frame["statistic"], geary
    )


def _row(data: str, what: str, ours: Any, theirs: Any) -> Row:
    """Compare two columns; the first entry is printed."""
    mine, others = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    return data, what, float(mine[0]), float(others[0]), float(np.abs(mine - others).max())


if __name__ == "__main__":
    main()
