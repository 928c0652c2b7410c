"""Published GeoDa values for the 85 departments of Guerry's moral statistics, to eight decimals."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest

from analysis.geary import local_geary
from analysis.getis_ord import local_g
from analysis.moran import global_moran, local_moran, local_moran_bivariate
from analysis.weights import queen

pytestmark = pytest.mark.real_data

QUICK = {"seed": 123456789, "permutations": 9_999}


@pytest.fixture(scope="module")
def departments(real_data):
    frame = gpd.read_file(real_data / "reference" / "Guerry.shp")
    return frame.set_axis(frame.index.astype(str))


@pytest.fixture(scope="module")
def expected(real_data):
    text = (real_data / "reference" / "expected_values.json").read_text(encoding="utf-8")
    return json.loads(text)["guerry_geoda"]


@pytest.fixture(scope="module")
def neighbours(departments):
    return queen(departments.geometry)


def first(result):
    return result.frame["statistic"].iloc[:3].tolist()


def test_links(neighbours, expected):
    assert neighbours.audit.links == expected["reproduced"]["queen_links_directed"]


@pytest.mark.parametrize("column", ["Crm_prp", "Crm_prs"])
def test_local_moran(departments, neighbours, expected, column):
    result = local_moran(departments[column], neighbours, **QUICK)
    assert first(result) == pytest.approx(expected["published"][f"local_moran_{column}_first3"], abs=1e-8)


def test_local_moran_p(departments, neighbours, expected):
    # The published p is one-sided (the smaller side) from 999 draws; ours from 9,999: five standard errors of both.
    frame = local_moran(departments["Crm_prp"], neighbours, correction="none", **QUICK).frame
    for ours, theirs in zip(
        frame["p"], expected["published"]["pseudo_p_Crm_prp_first3_999_seed123456789"], strict=False
    ):
        assert ours / 2 == pytest.approx(theirs, abs=5 * (theirs * (1 - theirs) / 999) ** 0.5 + 0.001)


def test_local_geary(departments, neighbours, expected):
    result = local_geary(departments["Crm_prp"], neighbours, **QUICK)
    assert first(result) == pytest.approx(expected["published"]["local_geary_Crm_prp_first3"], abs=1e-8)


def test_local_g(departments, neighbours, expected):
    # GeoDa prints the neighbours' mean as a share of the sum of all others.
    values = departments["Crm_prp"]
    ours = local_g(values, neighbours, **QUICK).frame["statistic"] / (values.sum() - values)
    assert ours.iloc[:3].tolist() == pytest.approx(expected["published"]["local_G_Crm_prp_first3"], abs=1e-8)


def test_bivariate(departments, neighbours, expected):
    result = local_moran_bivariate(departments["Crm_prs"], departments["Litercy"], neighbours, **QUICK)
    published = expected["published"]["bivariate_local_moran_Crm_prs_Litercy_first3"]
    assert first(result) == pytest.approx(published, abs=1e-8)


@pytest.mark.parametrize("column", ["Crm_prp", "Crm_prs"])
def test_global_moran(departments, neighbours, expected, column):
    result = global_moran(departments[column], neighbours, **QUICK)
    assert result.statistic == pytest.approx(expected["reproduced"][f"global_I_{column}"], abs=1e-10)


def test_clusters_at_five_per_cent(departments, neighbours, expected):
    # GeoDa calls an area significant at a one-sided 0.05, which is a two-sided 0.10; its 999 draws leave a few areas open.
    result = local_moran(departments["Crm_prp"], neighbours, correction="none", alpha=0.1, **QUICK)
    counts = result.counts()
    published = expected["reproduced"]["pygeoda_clusters_Crm_prs_p05"]
    other = local_moran(departments["Crm_prs"], neighbours, correction="none", alpha=0.1, **QUICK).counts()
    assert abs(other["high-high"] - published["HH"]) <= 2
    assert abs(other["low-low"] - published["LL"]) <= 2
    assert abs(other["low-high"] - published["LH"]) <= 2
    assert sum(counts.values()) == 85
