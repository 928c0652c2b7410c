"""Levels: do rank intervals hold the true rank, are the areas named low truly low, do repeats count what was expected?

Over the real districts: the truth is drawn from the model as fitted to a published outcome, surveyed with that outcome's errors,
and found again with everything refitted. What is known of a truth by its maker is compared with what was said of it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.covariance import places_of
from analysis.levels import Scale, Truth, on_intervals, taken_again
from analysis.levels.again import COUNTED
from analysis.levels.errors import errors_of
from analysis.levels.posterior import candidates_on, draw_truth, look
from analysis.levels.ranks import rank_intervals, ranks_of, simultaneous_rank_intervals, tail_size
from analysis.significance import longest_list
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import average_of, join
from boundaries.sources.registry import read_outcome
from tests.conftest import REAL_DATA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.covariance import KnownErrors, Places
    from analysis.levels.posterior import Looked

    Floats = np.ndarray

DATE = dt.date(2024, 9, 11)
FILES = {
    "pay": "gross-median-weekly-pay/gross-median-weekly-pay.csv",
    "unemployment": "modelled-unemployment/modelled-unemployment.csv",
}
SKEW = 0.75
"""Standard deviation of the logarithms of skewed truths: a skewness of 3.3."""


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A published outcome on its areas, and the model that was fitted to it; ``ready`` serves every map."""

    name: str
    places: Places
    se: Floats
    above: float
    """How far the average lies above the mean of the areas' values."""
    ready: list[KnownErrors]
    looked: Sequence[Looked]


@dataclass(frozen=True, slots=True)
class Tally:
    """What came out for one map; shares of areas, counts, and whether all ranks were held at once."""

    held: float
    held_named: tuple[int, int]
    held_lowest: float
    held_all: bool
    held_spread: float
    named: int
    false: int
    expected_false: float
    last_false: int
    of_truth: float
    of_published: float
    again_expected: tuple[float, ...]
    again_found: tuple[float, ...]


def survey_of(name: str, data: Path = REAL_DATA) -> Survey:
    """Fit the model to a published outcome: its latest year, on the districts whose error is published."""
    boundaries = load_boundary_set("LAD", DATE)
    joined = join(read_outcome("els", data / "outcomes" / "els" / FILES[name]), boundaries)
    average = average_of(joined).value
    frame = joined.frame
    errors = errors_of(frame[["value", "lower", "upper", "se"]])
    known = errors.known
    places = places_of(boundaries)
    return fitted(name, type(places)(places.centres[known]), errors.centre[known], errors.se[known], average)


def stand_in(number: int, seed: int) -> Survey:
    """Make a survey like that of pay on some bundled districts, where no published file is at hand."""
    boundaries = load_boundary_set("LAD", DATE)
    rng = np.random.default_rng(seed)
    some = np.sort(rng.choice(len(boundaries), number, replace=False))
    whole = places_of(boundaries)
    places = type(whole)(whole.centres[some])
    # As pay in 2025: the median error is six tenths of the spread of the truth, a quarter of them two thirds of that.
    se = rng.lognormal(np.log(33.0), 0.4, size=number)
    smooth = np.sin(places.centres @ np.array([1.0, 2.0]) / 200_000)
    y = 640 + 40 * smooth + 30 * rng.normal(size=number) + se * rng.normal(size=number)
    return fitted("stand-in", places, y, se, 640.0)


def fitted(name: str, places: Places, y: Floats, se: Floats, average: float) -> Survey:
    """Make every candidate ready once, and fit."""
    ready = list(candidates_on(places, se**2))
    return Survey(name, places, se, average - float(y.mean()), ready, look(ready, np.ones((len(y), 1)), y))


def truth_from(survey: Survey, rng: np.random.Generator, *, skewed: bool = False) -> Floats:
    """Draw a truth from the model as fitted: a grid point by its weight, a mean, a map; skewed by an exponential if asked."""
    weight = np.concatenate([one.weight for one in survey.looked])
    cell = int(rng.choice(len(weight), p=weight / weight.sum()))
    for one in survey.looked:
        if cell < len(one.weight):
            break
        cell -= len(one.weight)
    n = len(survey.places)
    mean = rng.normal(one.profile.beta[cell, 0], np.sqrt(one.profile.covariance[cell, 0, 0]))
    field = one.errors.structure.colour(rng.normal(size=n))
    if skewed:
        bent = np.exp(SKEW * field)
        field = (bent - np.exp(SKEW**2 / 2)) / np.sqrt(np.exp(2 * SKEW**2) - np.exp(SKEW**2))
    return mean + one.profile.sd[cell] * field


def tally(survey: Survey, truth: Floats, rng: np.random.Generator, *, draws: int) -> Tally:
    """Survey a truth, find it again, and compare."""
    n, x = len(truth), np.ones((len(truth), 1))
    # As in life the average is that of this map: as far from the mean of its areas as the published one is.
    average = float(truth.mean()) + survey.above
    y = truth + survey.se * rng.normal(size=n)
    looked = look(survey.ready, x, y)
    found = draw_truth(looked, x, y, draws=draws, rng=rng).draws
    ranks = ranks_of(found)
    true_rank = ranks_of(truth[None, :])[0]
    lower, upper = rank_intervals(ranks)
    held = (lower <= true_rank) & (true_rank <= upper)
    all_lower, all_upper = simultaneous_rank_intervals(ranks)
    edge = tail_size(n, 0.1)
    lowest = (ranks <= edge).mean(axis=0) >= 0.5
    wrong = (found >= average).mean(axis=0)
    named = longest_list(wrong)
    last = np.flatnonzero(named)[wrong[named].argmax()] if named.any() else -1
    known = Truth("published", np.ones(n, dtype=bool), found, Scale(), y, survey.se)
    expected = taken_again(known, average, seed=int(rng.integers(2**31)))["expected"]
    repeat = on_intervals(truth + survey.se * rng.normal(size=n), survey.se, average)
    mean = found.mean(axis=0, dtype=float)
    limits = np.quantile(found, [0.025, 0.975], axis=0)
    return Tally(
        held=float(held.mean()),
        held_named=(int((held & lowest).sum()), int(lowest.sum())),
        held_lowest=float(held[true_rank <= edge].mean()),
        held_all=bool(((all_lower <= true_rank) & (true_rank <= all_upper)).all()),
        held_spread=float(((limits[0] <= truth) & (truth <= limits[1])).mean()),
        named=int(named.sum()),
        false=int((named & (truth >= average)).sum()),
        expected_false=float(wrong[named].sum()),
        last_false=int(last >= 0 and truth[last] >= average),
        of_truth=float(np.corrcoef(mean, truth)[0, 1]),
        of_published=float(np.corrcoef(y, truth)[0, 1]),
        again_expected=tuple(expected[name] for name in COUNTED),
        again_found=tuple(float(getattr(repeat, name)) for name in COUNTED),
    )


def tallies(survey: Survey, maps: int, seed: int, *, skewed: bool = False, draws: int = 2_000) -> list[Tally]:
    """Make maps and tally each; map i depends on the seed and i alone."""
    made = []
    for number in range(maps):
        rng = np.random.default_rng(np.random.SeedSequence([seed, number, int(skewed)]))
        made.append(tally(survey, truth_from(survey, rng, skewed=skewed), rng, draws=draws))
    return made


def rows_of(made: list[Tally]) -> list[tuple[str, float, float, str]]:
    """Return the rows of the table: what, share or count, its Monte-Carlo error over maps, and what it must be."""
    with_list = [one for one in made if one.named]
    named_low = np.array([one.held_named for one in made], dtype=float)
    false = np.array([(one.false, one.named) for one in made], dtype=float)
    expected = np.array([one.expected_false for one in made])
    rows = [
        ("rank interval holds the true rank: all", *_share([one.held for one in made]), ">= 0.93"),
        ("  those named lowest (P >= 0.5)", *_ratio(named_low), ">= 0.92"),
        ("  the true lowest tenth", *_share([one.held_lowest for one in made]), ">= 0.85 pay, 0.82 unempl."),
        ("all true ranks held at once", *_share([float(one.held_all) for one in made]), "0.95"),
        ("95 % interval holds the truth", *_share([one.held_spread for one in made]), "0.95"),
        ("named low, truly above the average", *_ratio(false), "<= 0.05"),
        ("  expected by the lists", *_ratio(np.column_stack([expected, false[:, 1]])), ""),
        ("  the last named", *_share([one.last_false for one in with_list]), "<= 0.10"),
        ("  named low in a map", *_share([one.named for one in made]), ""),
        ("correlation with the truth: posterior mean", *_share([one.of_truth for one in made]), ""),
        ("  published value", *_share([one.of_published for one in made]), ""),
    ]
    ahead, found = (np.array([getattr(one, f"again_{which}") for one in made]) for which in ("expected", "found"))
    rows += [
        (f"again / repeats: {name}", *_ratio(np.column_stack([ahead[:, at], found[:, at]])), "0.90 to 1.10")
        for at, name in enumerate(COUNTED)
    ]
    return rows


def _share(values: Sequence[float]) -> tuple[float, float]:
    each = np.asarray(values, dtype=float)
    if not len(each):
        return float("nan"), float("nan")
    return float(each.mean()), float(each.std() / np.sqrt(len(each)))


def _ratio(pairs: Floats) -> tuple[float, float]:
    """Return the ratio of two sums over maps, and its error by leaving one map out at a time."""
    totals = pairs.sum(axis=0)
    left_out = (totals[0] - pairs[:, 0]) / np.maximum(totals[1] - pairs[:, 1], 1e-9)
    return float(totals[0] / max(totals[1], 1e-9)), float(np.sqrt(len(pairs)) * left_out.std())


def main(maps: int, seed: int) -> None:
    """Print the table for the errors of pay and of unemployment, truths as fitted and skewed."""
    surveys = [survey_of(name) for name in FILES] if REAL_DATA.is_dir() else [stand_in(348, seed)]
    for survey in surveys:
        for skewed in (False, True):
            shape = f"skewed (lognormal, {SKEW})" if skewed else "as fitted"
            print(f"\nerrors of {survey.name}, {len(survey.places)} areas, truths {shape}, {maps} maps, seed {seed}")
            for what, found, error, must in rows_of(tallies(survey, maps, seed, skewed=skewed)):
                print(f"  {what:<44}{found:>8.3f} ± {error:.3f}   {must}", flush=True)
