"""Statistics and covariates of others: what comes back is checked whole, named after who brings it, and cannot change what it was given."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.geary import local_geary
from analysis.significance import LocalResult
from analysis.statistics import (
    SAME_UNIT,
    STATISTICS,
    AreaColumns,
    Covariate,
    Meaning,
    Statistic,
    compute,
    covariates_named,
    measure,
    statistics_named,
)
from analysis.study import StudyConfig, run_study, survey
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from boundaries.sources.registry import read_outcome
from geo.errors import PluginError, StatisticsError
from geo.plugins import extensions
from geo.provenance import Source

OPTIONS = {"seed": 1, "permutations": 999, "correction": "none", "alpha": 0.05}


def gap(values, weights, **_options):
    """Return how far each area lies above the middle of its neighbours."""
    around = pd.Series({code: values[list(weights.neighbours(code))].median() for code in weights.ids})
    return AreaColumns(
        pd.DataFrame({"gap": values - around}), {"gap": Meaning("Above the middle of its neighbours", SAME_UNIT)}
    )


def gives(returned):
    return Statistic("odd", lambda *_, **__: returned, "odd-stats 0.3")


def columns(**given):
    frame = pd.DataFrame(given, index=["r0c0", "r0c1", "r0c2"])
    return AreaColumns(frame, {str(name): Meaning("Some number") for name in frame.columns})


@pytest.fixture
def row(rooks):
    """Return three areas in a row and their values, one unknown."""
    return pd.Series({"r0c0": 1.0, "r0c1": 3.0, "r0c2": np.nan}), rooks(1, 3)


def test_by_hand(row):
    # The middle of the first area's neighbours is 3, of the second's 1, of the third's 3.
    added = compute(Statistic("neighbour-gap", gap, "gaps 1.0"), *row, **OPTIONS)
    assert added.frame["neighbour_gap_gap"].tolist()[:2] == [-2.0, 2.0]
    assert np.isnan(added.frame["neighbour_gap_gap"].iloc[2])
    assert added.meanings["neighbour_gap_gap"].unit == SAME_UNIT
    assert added.line() == "neighbour-gap (gaps 1.0): neighbour_gap_gap."


def test_rows_in_any_order_are_laid_on_the_areas(row):
    frame = pd.DataFrame({"a": [3, 1, 2]}, index=["r0c2", "r0c0", "r0c1"])
    added = compute(gives(AreaColumns(frame, {"a": Meaning("A number")})), *row, **OPTIONS)
    assert added.frame["odd_a"].tolist() == [1.0, 2.0, 3.0]
    assert added.frame.index.tolist() == ["r0c0", "r0c1", "r0c2"]


def test_ours_come_through_the_same_door_with_the_same_numbers(rooks, white):
    weights = rooks(6, 6)
    values = white(weights)
    own = local_geary(values, weights, **OPTIONS)
    (statistic,) = statistics_named(["local-geary"])
    added = compute(statistic, values, weights, **OPTIONS)
    assert statistic.origin.startswith("placeatlas ")
    for column in ("statistic", "expectation", "z", "p", "q"):
        assert added.frame[f"local_geary_{column}"].tolist() == own.frame[column].tolist()
    assert added.frame["local_geary_class"].tolist() == own.frame["class"].tolist()
    assert added.parameters["seed"] == 1
    assert "local_geary_testable" not in added.frame
    # The answer does not depend on the number of workers.
    twice = compute(statistic, values, weights, **OPTIONS, workers=2)
    pd.testing.assert_frame_equal(added.frame, twice.frame)


OURS = {
    "correlogram": {},
    "global-g": {},
    "global-geary": {},
    "global-moran": {},
    "global-moran-rates": {"with": ["base"]},
    "join-counts": {},
    "local-g-star": {},
    "local-geary": {},
    "local-getis-ord": {},
    "local-join-count": {},
    "local-moran": {},
    "local-moran-bivariate": {"with": ["base"]},
    "local-moran-many": {"with": ["base"]},
    "local-moran-rates": {"with": ["base"]},
    "local-moran-residuals": {"with": ["halves"]},
    "moran-scatter": {},
    "residuals": {"with": ["halves"]},
    "scale-agreement": {"with": ["pairs"]},
}


def test_every_statistic_of_ours_can_be_had(rooks):
    weights = rooks(6, 6)
    kinds = pd.Series([1.0, 0.0] * 18, index=weights.ids)
    # Pairs of columns differ in their sum, so that they are no constant.
    kinds["r0c1"] = kinds["r3c3"] = 1.0
    beside = {
        "base": pd.Series(np.arange(36.0) + 9, index=weights.ids),
        "halves": pd.Series(["north"] * 18 + ["south"] * 18, index=weights.ids),
        "pairs": pd.Series([f"{code[:2]}:{int(code[3]) // 2}" for code in weights.ids], index=weights.ids),
    }
    ours = {one.name for one in extensions() if one.group == STATISTICS and one.distribution == "placeatlas"}
    assert ours == {*OURS, "esda"}
    for statistic in statistics_named([{"name": name, **how} for name, how in OURS.items()]):
        added = compute(statistic, kinds, weights, find=beside.__getitem__, **OPTIONS)
        assert len(added.whole) or added.frame.notna().to_numpy().any(), statistic.name
        assert added.line().startswith(f"{statistic.name} (placeatlas ")
        assert all(column.startswith(statistic.name.replace("-", "_")) for column in added.frame.columns)


def test_every_covariate_of_ours_can_be_had(chessboard):
    (centre,) = covariates_named(["centre"])
    found = measure(centre, chessboard(1, 2))
    assert found.frame["centre_easting_m"].tolist() == [500.0, 1500.0]
    assert found.sources == ()


@pytest.mark.parametrize(
    ("returned", "fault"),
    [
        (columns(a=[1, 2, 3]).frame.iloc[:2], "found DataFrame"),
        (AreaColumns([1, 2, 3], {}), "its frame is list, not a DataFrame"),
        (
            AreaColumns(pd.DataFrame({"a": [1.0]}, index=["r0c0"]), {"a": Meaning("A")}),
            "areas without a row: r0c1, r0c2",
        ),
        (
            AreaColumns(pd.DataFrame({"a": range(3)}), {"a": Meaning("A")}),
            "rows of areas that were not asked for: 0, 1, 2",
        ),
        (
            AreaColumns(pd.DataFrame({"a": range(4)}, index=["r0c0", "r0c0", "r0c1", "r0c2"]), {"a": Meaning("A")}),
            "areas with more than one row: r0c0",
        ),
        (columns(), "there are no columns"),
        (columns(a=["x", "y", "z"]), "columns that are not numbers: a (str)"),
        (columns(a=[1j, 2j, 3j]), "columns that are not numbers: a (complex128)"),
        (columns(a=[1.0, np.inf, 2.0]), "columns with infinite numbers: a"),
        (columns(**{"Big A": [1, 2, 3]}), "not named in lower case, digits and underscores: Big A"),
        (AreaColumns(columns(a=[1, 2, 3]).frame, {"b": Meaning("B")}), "columns without a Meaning: a"),
        (AreaColumns(columns(a=[1, 2, 3]).frame, {"a": Meaning(" ")}), "columns without a Meaning: a"),
        (AreaColumns(columns(a=[1, 2, 3]).frame, {"a": "words"}), "columns without a Meaning: a"),
        (AreaColumns(columns(a=[1, 2, 3]).frame, ["a"]), "its meanings are list"),
        (
            AreaColumns(columns(a=[1, 2, 3], b=[1, 2, 3]).frame.set_axis(["a", "a"], axis=1), {"a": Meaning("A")}),
            "columns with one name: a",
        ),
        (columns(taken=[1, 2, 3]), "the name of odd_taken is in use already"),
        (
            LocalResult("odd", columns(z=[1, 2, 3]).frame, {"object": object()}),
            "its parameters cannot be written as JSON",
        ),
    ],
)
def test_what_cannot_be_used_is_one_error_that_names_the_extension(row, returned, fault):
    with pytest.raises(PluginError, match=r"'odd' of odd-stats 0\.3") as caught:
        compute(gives(returned), *row, taken={"odd_taken"}, **OPTIONS)
    assert fault in "\n".join(caught.value.faults)


def test_all_faults_at_once(row):
    frame = pd.DataFrame({"A": ["x"], "b": [1.0]}, index=["elsewhere"])
    with pytest.raises(PluginError) as caught:
        compute(gives(AreaColumns(frame, {})), *row, **OPTIONS)
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("x"), "failed\n  KeyError: 'x'"),
        (StatisticsError("too few", ["3"]), "cannot be computed: too few\n  3"),
    ],
)
def test_a_function_that_fails_is_named(row, error, words):
    def broken(*_, **__):
        raise error

    with pytest.raises(PluginError) as caught:
        compute(Statistic("broken", broken, "odd-stats 0.3"), *row, **OPTIONS)
    assert str(caught.value) == f"the statistic 'broken' of odd-stats 0.3 {words}"
    assert caught.value.__cause__ is error


def test_what_a_function_does_to_its_input_stays_there(chessboard, row):
    values, weights = row

    def spoil(given, *_, **__):
        given.iloc[:] = 0.0
        return columns(a=[1, 2, 3])

    def spoil_areas(areas):
        areas.frame["name"] = "gone"
        areas.frame["code"] = "gone"
        return AreaColumns(pd.DataFrame({"a": 1.0}, index=boundaries.frame["code"]), {"a": Meaning("A")})

    compute(Statistic("spoil", spoil), values, weights, **OPTIONS)
    assert values["r0c1"] == 3.0
    boundaries = chessboard(1, 3)
    assert measure(Covariate("spoil", spoil_areas), boundaries).frame.index.tolist() == ["r0c0", "r0c1", "r0c2"]
    assert boundaries.frame["name"].tolist() == ["R0C0", "R0C1", "R0C2"]


def test_a_covariate_gives_no_result_of_a_test(chessboard):
    with pytest.raises(PluginError, match="returned no AreaColumns") as caught:
        measure(Covariate("odd", lambda _areas: LocalResult("odd", pd.DataFrame())), chessboard(1, 2))
    assert caught.value.faults == ("found LocalResult",)


def test_every_name_that_cannot_be_had_is_said_at_once():
    with pytest.raises(PluginError, match="not every statistic") as caught:
        statistics_named(["local-gery", "local-geary", "local-geary", Statistic("Big", gap), Statistic("no", "text")])
    first, *rest = caught.value.faults
    assert first.startswith("there is no statistic 'local-gery'; did you mean 'local-geary'?; installed: correlogram, ")
    assert rest == [
        "the statistic 'local-geary' is asked for twice (tell them apart: id = \"…\")",
        "'Big' is no name: use lower case, digits and single hyphens",
        "the statistic 'no' is str, not a function",
    ]
    with pytest.raises(PluginError, match="not every covariate"):
        covariates_named(["center"])


def test_a_study_is_refused_before_anything_is_computed():
    with pytest.raises(PluginError, match="not every statistic"):
        StudyConfig(extra=("local-gery",))
    with pytest.raises(PluginError, match="not every covariate"):
        StudyConfig(covariates=("center",))


def height(boundaries):
    frame = pd.DataFrame({"height_m": range(len(boundaries))}, index=boundaries.frame["code"])
    return AreaColumns(
        frame, {"height_m": Meaning("Mean height of the land", "metres", Source("A survey", licence="OGL"))}
    )


class TestStudy:
    @pytest.fixture(scope="class")
    @staticmethod
    def study():
        boundaries = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=["W"])
        altitude = Covariate("made-up", height, "heights 2.0")
        config = StudyConfig(
            extra=("local-geary", Statistic("neighbour-gap", gap)), covariates=("centre", altitude), robust=False
        )
        income = read_outcome("bundled", Path("hmrc-mean-income"))
        return run_study(join(income, boundaries), config, ground=survey(boundaries, config))

    def test_columns(self, study):
        frame = study.to_frame()
        assert [column for column in frame.columns if column.startswith("local_geary")] == [
            f"local_geary_{column}" for column in ("statistic", "expectation", "z", "p", "q", "class")
        ]
        around = frame["value"][list(study.ground.weights.neighbours("W06000015"))].median()
        assert frame.loc["W06000015", "neighbour_gap_gap"] == frame.loc["W06000015", "value"] - around
        assert study.ground.indicators["made_up_height_m"].tolist() == list(range(22))

    def test_who_brought_what_is_recorded(self, study):
        found = study.to_parameters()
        assert found["config"]["extra"] == ["local-geary", "neighbour-gap"]
        assert found["config"]["covariates"] == ["centre", "made-up"]
        assert found["extra"]["local-geary"]["origin"].startswith("placeatlas ")
        assert found["extra"]["local-geary"]["parameters"]["seed"] == 20240911
        assert found["covariates"]["made-up"]["columns"]["made_up_height_m"]["source"]["title"] == "A survey"
        assert [source.title for source in study.ground.sources] == ["A survey"]


def test_names_of_the_study_are_not_to_be_had(chessboard):
    def z(values, *_, **__):
        return AreaColumns(pd.DataFrame({"z": values}), {"z": Meaning("Z")})

    def share(boundaries):
        return AreaColumns(pd.DataFrame({"share": 1.0}, index=boundaries.frame["code"]), {"share": Meaning("S")})

    boundaries = chessboard(3, 3)
    with pytest.raises(PluginError) as caught:
        survey(boundaries, StudyConfig(covariates=(Covariate("coast", share),), robust=False))
    assert caught.value.faults == ("the name of coast_share is in use already",)
    with pytest.raises(PluginError):
        StudyConfig(extra=(Statistic("gi", z), Statistic("gi", z)))


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda *_, **__: sys.exit(0), "the statistic 'odd' of odd 2.0 called exit"),
        (lambda values, *_, **__: values.array._ndarray.__setitem__(0, 7), "changed the numbers that it was given"),
        (lambda values, *_, **__: columns(x=list(values * np.inf)), "columns with infinite numbers: x"),
        (lambda values, *_, **__: columns(x=list(values * np.nan)), "columns without a number for any area: x"),
    ],
)
def test_one_of_others_that_misbehaves_is_named(row, work, said):
    with pytest.raises(PluginError) as caught:
        compute(Statistic("odd", work, "odd 2.0"), *row, **OPTIONS)
    assert said in "; ".join([caught.value.what, *caught.value.faults])
    assert "'odd' of odd 2.0" in caught.value.what


def test_a_covariate_of_others_that_misbehaves_is_named():
    areas = load_boundary_set("RGN", dt.date(2023, 4, 1))
    with pytest.raises(PluginError, match=r"the covariate 'odd' of odd 2\.0 called exit"):
        measure(Covariate("odd", lambda _: sys.exit(3), "odd 2.0"), areas)
