"""R spdep on Columbus with spData's own 230 links: I, C, local I, Gi* and their moments to ten decimals."""

from __future__ import annotations

import shutil
import subprocess
from io import StringIO

import numpy as np
import pandas as pd
import pytest

from analysis.geary import global_geary
from analysis.getis_ord import global_g, local_g, local_g_star
from analysis.join_count import join_counts
from analysis.moran import global_moran, local_moran
from analysis.weights import from_edges

pytestmark = pytest.mark.oracle

QUICK = {"seed": 1, "permutations": 9_999}

SCRIPT = """
suppressPackageStartupMessages({library(spdep); library(spData)})
data(columbus, package = "spData")
nb <- col.gal.nb; x <- columbus$CRIME; n <- length(x)
W <- nb2listw(nb, style = "W"); B <- nb2listw(nb, style = "B")
section <- function(name, frame) { cat("##", name, "\\n"); write.csv(format(frame, digits = 17), row.names = FALSE) }
section("links", data.frame(from = rep(seq_len(n), card(nb)), to = unlist(nb)))
section("values", data.frame(x = x))
m <- moran.test(x, W, alternative = "two.sided"); g <- geary.test(x, W, alternative = "two.sided")
o <- globalG.test(x, B, alternative = "two.sided")
j <- joincount.test(factor(as.integer(x > median(x))), B)
section("whole", data.frame(I = m$estimate[[1]], EI = m$estimate[[2]], VI = m$estimate[[3]],
  C = g$estimate[[1]], VC = g$estimate[[3]], G = o$estimate[[1]], EG = o$estimate[[2]], VG = o$estimate[[3]],
  WW = j[[1]]$estimate[[1]], EWW = j[[1]]$estimate[[2]], VWW = j[[1]]$estimate[[3]],
  BB = j[[2]]$estimate[[1]], EBB = j[[2]]$estimate[[2]], VBB = j[[2]]$estimate[[3]]))
section("local", data.frame(Ii = localmoran(x, W)[, 1], star = as.numeric(localG(x, nb2listw(include.self(nb), style = "B"))),
  gi = as.numeric(localG(x, B))))
"""


@pytest.fixture(scope="module")
def spdep():
    if shutil.which("Rscript") is None:
        pytest.skip("no Rscript: install r-cran-spdep and r-cran-spdata")
    done = subprocess.run(["Rscript", "--vanilla", "-e", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    parts = [part.split("\n", 1) for part in done.stdout.split("## ")[1:]]
    return {name.strip(): pd.read_csv(StringIO(text)) for name, text in parts}


@pytest.fixture(scope="module")
def case(spdep):
    links = spdep["links"].astype(str)
    values = spdep["values"]["x"].set_axis([str(i) for i in range(1, 50)])
    return values, from_edges(links, ids=values.index)


def test_the_famous_neighbours(spdep, case):
    assert case[1].audit.links == len(spdep["links"]) == 230


def test_global(spdep, case):
    values, weights = case
    r = spdep["whole"].iloc[0]
    moran, geary, g = (test(values, weights, **QUICK) for test in (global_moran, global_geary, global_g))
    assert moran.statistic == pytest.approx(r["I"], abs=1e-10) == pytest.approx(0.485770914, abs=1e-9)
    assert moran.expectation == pytest.approx(r["EI"], abs=1e-10)
    assert moran.z == pytest.approx((r["I"] - r["EI"]) / np.sqrt(r["VI"]), abs=1e-9)
    assert geary.statistic == pytest.approx(r["C"], abs=1e-10)
    assert geary.z == pytest.approx((r["C"] - 1) / np.sqrt(r["VC"]), abs=1e-9)
    assert g.statistic == pytest.approx(r["G"], abs=1e-10)
    assert g.z == pytest.approx((r["G"] - r["EG"]) / np.sqrt(r["VG"]), abs=1e-8)


def test_local(spdep, case):
    values, weights = case
    n = len(values)
    # spdep divides by the variance with n, we (as esda and GeoDa) with n − 1.
    ours = local_moran(values, weights, **QUICK).frame["statistic"].to_numpy() * n / (n - 1)
    assert ours == pytest.approx(spdep["local"]["Ii"].to_numpy(), abs=1e-10)
    star = local_g_star(values, weights, **QUICK).frame["z"].to_numpy()
    assert star == pytest.approx(spdep["local"]["star"].to_numpy(), abs=1e-10)
    plain = local_g(values, weights, **QUICK).frame["z"].to_numpy()
    assert plain == pytest.approx(spdep["local"]["gi"].to_numpy(), abs=1e-10)


def test_joins(spdep, case):
    values, weights = case
    r = spdep["whole"].iloc[0]
    ours = join_counts((values > values.median()).astype(int), weights, **QUICK)
    for found, name in ((ours.neither, "WW"), (ours.both, "BB")):
        assert found.statistic == pytest.approx(r[name])
        assert found.expectation == pytest.approx(r[f"E{name}"], abs=1e-9)
        assert found.z == pytest.approx((r[name] - r[f"E{name}"]) / np.sqrt(r[f"V{name}"]), abs=1e-8)
