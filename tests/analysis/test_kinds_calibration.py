"""The short form of ``tests.benchmarks.calibration kinds``: on maps of nothing, as many findings as are allowed, no more."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.benchmarks.calibration import clusters, kinds
from tests.benchmarks.calibration._families import FAMILIES, drawn
from tests.benchmarks.calibration.kinds import KINDS, atlases, ground, rates, with_errors

MAPS = 250
SEED = 7


@pytest.fixture(scope="module", params=FAMILIES)
def tried(request):
    return rates("smc-203", request.param, KINDS, maps=MAPS, seed=SEED)


@pytest.mark.parametrize("at", range(len(KINDS)), ids=KINDS)
def test_size_coverage_and_power(tried, at):
    found = tried[at]
    # Monte-Carlo error of 5 % in 250 maps: 1.4 points; three of them, and the long form is held to 2.0-7.5 %.
    assert found.size <= 0.095
    assert found.coverage >= 0.905
    if not found.family.startswith("lognormal"):
        assert found.size >= 0.004
    # 22 of 140 areas: no test of independent values has more than 0.57 at half a standard deviation.
    assert found.power[0] >= (0.42 if found.kind.startswith("post-industrial") else 0.6)
    assert found.power[1] >= 0.93


def test_known_errors_do_not_break_it():
    found = with_errors("smc-203", "exponential:150", "rural-density", maps=25, seed=SEED)
    assert found.size <= 0.16
    assert found.power[1] >= 0.9


@pytest.mark.parametrize("family", ["independent", "sar:0.9", "exponential:150", "lognormal:150:1"])
def test_atlases_of_nothing(family):
    alone, together = atlases("smc-203", family, maps=120, seed=SEED)
    assert alone <= 0.12
    assert together <= 0.13


def test_families_are_what_they_say():
    _, lands, _ = ground("smc-203")
    apart = lands.places.distances()
    near = (apart > 0) & (apart < 20_000)
    far = (apart > 190_000) & (apart < 210_000)

    def alike(family):
        z = drawn(family, lands.places, 400, np.random.default_rng(1))
        together = np.corrcoef(z)
        return together[near].mean(), together[far].mean()

    assert alike("independent") == pytest.approx((0, 0), abs=0.02)
    assert alike("exponential:150") == pytest.approx((np.exp(-15 / 150), np.exp(-200 / 150)), abs=0.05)
    assert alike("matern:100")[0] > 0.97
    assert alike("sar:0.9")[0] > alike("sar:0.5")[0] > 0.1
    heavy = drawn("lognormal:150:1", lands.places, 10, np.random.default_rng(1))
    assert heavy.min() > 0
    with pytest.raises(ValueError, match="needs to know of each area"):
        drawn("regions", lands.places, 1, np.random.default_rng(1))
    regions = drawn("regions", lands.places, 300, np.random.default_rng(1), of=np.arange(203.0) // 20)
    assert np.corrcoef(regions)[0, 1] == pytest.approx(0.8, abs=0.08)
    density = drawn("density", lands.places, 300, np.random.default_rng(1), of=np.exp(np.linspace(0, 3, 203)))
    assert density[-20:].std() > 2 * density[:20].std()


def test_the_command_prints_a_table(capsys):
    kinds.main(5, SEED, families=["independent"], kinds=["scattered-5", "clump-10"], areas=["smc-203"])
    printed = capsys.readouterr().out
    assert re.search("smc-203 +independent +scattered-5 +203 +5 +1 ", printed)
    assert "clump-10" in printed


def test_kinds_are_not_called_over_represented_in_clusters_of_nothing(capsys):
    clusters.main(24, SEED, families=["exponential:150"], smooth=39)
    rows = re.findall(r"smc-203 +exponential:150 +(?:low|high) +\S+ +(\d+) +([\d.]+) %", capsys.readouterr().out)
    assert len(rows) == 12
    assert max(int(clustered) for clustered, _ in rows) >= 20
    # 288 questions, not independent: about one in twenty of them is answered yes.
    assert np.mean([float(called) for _, called in rows]) <= 11
