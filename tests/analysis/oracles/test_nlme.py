"""R nlme, spatialreg and metafor: likelihoods at given parameters, the error model on Columbus, known errors."""

from __future__ import annotations

import shutil
import subprocess
from io import StringIO

import numpy as np
import pandas as pd
import pytest

from analysis.covariance import Candidate, Places, fit, fit_known, structure_of, with_known_errors
from analysis.levels import area_model
from analysis.weights import from_edges

pytestmark = pytest.mark.oracle

SCRIPT = """
suppressPackageStartupMessages({library(nlme); library(spatialreg); library(spdep); library(spData); library(metafor)})
section <- function(name, frame) { cat("##", name, "\\n"); write.csv(format(frame, digits = 17), row.names = FALSE) }
data(oldcol, package = "spdep")
columbus <- COL.OLD
likelihood <- function(reach, nugget, method) {
  model <- gls(CRIME ~ INC + HOVAL, data = columbus, method = method,
               correlation = corExp(c(reach, nugget), form = ~ X + Y, nugget = TRUE, fixed = TRUE))
  data.frame(reach = reach, nugget = nugget, method = method, value = as.numeric(logLik(model)), inc = coef(model)[2],
             error = sqrt(vcov(model)[2, 2]))
}
section("gls", rbind(likelihood(5, 0.1, "REML"), likelihood(5, 0.1, "ML"), likelihood(20, 0.5, "REML")))
section("values", columbus[, c("CRIME", "INC", "HOVAL", "CP", "X", "Y")])
section("links", data.frame(from = rep(1:49, card(COL.nb)), to = unlist(COL.nb)))
error <- function(formula) {
  model <- errorsarlm(formula, data = columbus, listw = nb2listw(COL.nb), control = list(tol.opt = 1e-14))
  data.frame(rho = model$lambda, value = as.numeric(logLik(model)), first = coef(model)[3])
}
section("error", rbind(error(CRIME ~ INC + HOVAL), error(CRIME ~ CP)))
set.seed(1); y <- rnorm(30); v <- runif(30, 0.05, 0.5)
one <- function(method) {
  model <- rma(y, v, method = method, control = list(threshold = 1e-14, tol = 1e-14, maxiter = 1000))
  data.frame(method = method, variance = model$tau2, mean = coef(model), first = blup(model)$pred[1])
}
section("known", rbind(one("REML"), one("ML"), one("PM")))
section("errors", data.frame(y = y, v = v))
"""


@pytest.fixture(scope="module")
def r():
    if shutil.which("Rscript") is None:
        pytest.fail("Rscript is missing: make oracle installs it")
    done = subprocess.run(["Rscript", "--vanilla", "-e", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    parts = [part.split("\n", 1) for part in done.stdout.split("## ")[1:]]
    return {name.strip(): pd.read_csv(StringIO(text)) for name, text in parts}


def test_exponential_with_a_nugget_is_gls(r):
    values = r["values"]
    places = Places(values[["X", "Y"]].to_numpy(dtype=float))
    x = np.column_stack([np.ones(49), values["INC"], values["HOVAL"]])
    for row in r["gls"].itertuples():
        structure = structure_of(Candidate("exponential", range_m=row.reach, share=row.nugget), places)
        found = fit(structure, x, values["CRIME"].to_numpy(), method=row.method.strip().lower())
        assert found.log_likelihood[0] == pytest.approx(row.value, abs=1e-9)
        assert found.beta[0, 1] == pytest.approx(row.inc, abs=1e-9)
        # nlme scales the variance of an ML fit by n / (n − p) when it prints standard errors.
        scale = np.sqrt(49 / 46) if row.method.strip() == "ML" else 1.0
        assert scale * np.sqrt(found.covariance[0, 1, 1]) == pytest.approx(row.error, abs=1e-9)


def test_autoregressive_is_the_error_model(r):
    values = r["values"]
    links = r["links"].astype(str)
    weights = from_edges(links, ids=pd.Index([str(at) for at in range(1, 50)]))
    places = Places(values[["X", "Y"]].to_numpy(dtype=float), weights)
    y = values["CRIME"].to_numpy()
    published = [(0.561790278, -183.380469, -0.941312), (None, None, 23.2851886)]
    for row, names, (rho, value, first) in zip(
        r["error"].itertuples(), (["INC", "HOVAL"], ["CP"]), published, strict=True
    ):
        x = np.column_stack([np.ones(49), values[names]])
        found = fit(structure_of(Candidate("autoregressive", rho=row.rho), places), x, y, method="ml")
        assert found.log_likelihood[0] == pytest.approx(row.value, abs=1e-7)
        assert found.beta[0, 1] == pytest.approx(row.first, abs=1e-7) == pytest.approx(first, abs=1e-6)
        if rho is not None:
            assert row.rho == pytest.approx(rho, abs=1e-7)
            assert row.value == pytest.approx(value, abs=1e-6)


def test_known_errors_are_those_of_metafor(r):
    y, v = r["errors"]["y"].to_numpy(), r["errors"]["v"].to_numpy()
    for row in r["known"].itertuples():
        method = {"REML": "reml", "ML": "ml", "PM": "moment"}[row.method.strip()]
        found = area_model(y, np.ones((30, 1)), v, method=method)
        assert found.variance == pytest.approx(row.variance, rel=1e-8)
        assert found.beta[0] == pytest.approx(row.mean, abs=1e-9)
        assert found.eblup[0] == pytest.approx(row.first, abs=1e-9)
    structure = structure_of(Candidate(), Places(np.zeros((30, 2))))
    assert fit_known(with_known_errors(structure, v), np.ones((30, 1)), y).variance[0] == pytest.approx(
        r["known"]["variance"][0], rel=1e-8
    )
