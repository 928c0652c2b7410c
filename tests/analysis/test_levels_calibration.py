"""The short form of ``python -m tests.benchmarks.calibration levels``: on some districts, seeded, with room for chance."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from analysis.levels import LevelOptions, estimate_levels
from tests.benchmarks.calibration.levels import rows_of, stand_in, tallies, tally, truth_from

MAPS = 40


@pytest.fixture(scope="module")
def survey():
    return stand_in(150, seed=3)


@pytest.fixture(scope="module")
def table(survey):
    made = tallies(survey, MAPS, seed=1, draws=1_000)
    return {what.strip(): (found, error) for what, found, error, _ in rows_of(made)}


def test_rank_intervals_hold_the_true_rank(table):
    # 6,000 areas on 40 maps, 15 lowest each: three Monte-Carlo errors are about 0.01, 0.04 and 0.03.
    assert table["rank interval holds the true rank: all"][0] >= 0.93
    assert table["those named lowest (P >= 0.5)"][0] >= 0.92 - 0.04
    assert table["the true lowest tenth"][0] >= 0.85 - 0.03
    assert table["all true ranks held at once"][0] >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / MAPS)
    assert table["95 % interval holds the truth"][0] == pytest.approx(0.95, abs=0.015)


def test_few_named_low_are_above_the_average(table):
    found, error = table["named low, truly above the average"]
    assert found <= 0.05 + 3 * error
    assert found == pytest.approx(table["expected by the lists"][0], abs=4 * error)
    last, error = table["the last named"]
    assert last <= 0.10 + 3 * max(error, np.sqrt(0.09 / MAPS))


def test_repeats_count_what_was_expected(table):
    for name in ("below", "above", "bh_below", "bh_above"):
        ratio, error = table[f"again / repeats: {name}"]
        assert ratio == pytest.approx(1, abs=max(0.1, 3 * error))


def test_the_posterior_is_nearer_to_the_truth_than_what_is_published(table):
    of_truth, of_published = (
        table[name][0] for name in ("correlation with the truth: posterior mean", "published value")
    )
    assert of_truth > of_published + 0.02


def test_skewed_truths_are_harder(survey, table):
    made = tallies(survey, 10, seed=1, skewed=True, draws=1_000)
    lowest = np.mean([one.held_lowest for one in made])
    assert 0.5 < lowest < table["the true lowest tenth"][0]


def test_a_map_is_made_by_seed_and_number_alone(survey):
    two, three = tallies(survey, 2, seed=5, draws=1_000), tallies(survey, 3, seed=5, draws=1_000)
    assert two == three[:2]
    assert tallies(survey, 2, seed=6, draws=1_000) != two


def test_what_is_tallied_is_what_users_get(survey):
    rng = np.random.default_rng(11)
    truth = truth_from(survey, rng)
    seen = tally(survey, truth, rng, draws=4_000)
    # The same noise again: the tally draws it first.
    rng = np.random.default_rng(11)
    truth = truth_from(survey, rng)
    value = truth + survey.se * rng.normal(size=len(truth))
    nothing = np.full(len(truth), np.nan)
    estimates = pd.DataFrame({"value": value, "lower": nothing, "upper": nothing, "se": survey.se})
    centres = pd.DataFrame(survey.places.centres, columns=["x", "y"])
    found = estimate_levels(
        estimates, centres, average=float(truth.mean()) + survey.above, options=LevelOptions(scale="value")
    )
    assert found.counts["low"] == pytest.approx(seen.named, abs=4)
    assert found.counts["false_low"] == pytest.approx(seen.expected_false, abs=0.5)
    assert found.again["expected"].to_numpy() == pytest.approx(np.array(seen.again_expected), abs=1.5)
    true_rank = pd.Series(truth).rank()
    held = (found.frame["rank_lower"] <= true_rank) & (true_rank <= found.frame["rank_upper"])
    assert held.mean() == pytest.approx(seen.held, abs=0.02)


def test_the_command_names_its_tables():
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.calibration", "tides"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no table tides: choose of" in done.stderr
    assert "levels" in done.stderr
