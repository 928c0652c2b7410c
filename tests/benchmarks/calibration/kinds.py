"""Is the gap beside places nearby what it is said to be? Size, coverage and power on real areas with real kinds of place.

``python -m tests.benchmarks.calibration kinds --maps 1000 --family sar:0.9 --kind coastal-open-coast --n smc-203``; other families
by their parameter (``exponential:300``), other kinds by their number of members (``scattered-12``, ``clump-12``).
"""

from __future__ import annotations

import datetime as dt
import functools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.association import ALPHA, Landscapes, beside, landscapes_of, scaled, simulated
from analysis.association.gaps import FEW, SKEWED
from analysis.covariates import indicators
from analysis.typology.definitions import DEFAULT_DEFINITIONS, load_typology
from analysis.typology.membership import memberships
from analysis.weights import build_weights
from boundaries.areas.custom_areas import custom_areas
from boundaries.areas.loading import load_boundary_set
from tests.benchmarks.calibration._families import FAMILIES, OTHERS, covariance, drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.association import Beside, Landscape
    from boundaries.areas.boundary_set import BoundarySet

Floats = np.ndarray[Any, np.dtype[np.float64]]

AREAS = ("districts", "smc-203")
KINDS = ("coastal-open-coast", "rural-density", "post-industrial-ons2011")
FEW_KINDS = ("scattered-5", "scattered-10", "scattered-20", "clump-5", "clump-10", "clump-20")
OUTCOMES = 5
SHIFTS = (0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Rates:
    """What was found of one kind on maps of one family; shares of the maps.

    ``size`` of p at most 5 %; ``coverage`` of the 95 % interval; ``power`` at half a standard deviation and at a whole one;
    ``possible`` that of the best test there is at half a one, which is told the covariance of the family; NaN where the family has none.
    """

    areas: str
    family: str
    kind: str
    n: int
    members: int
    maps: int
    size: float
    coverage: float
    power: tuple[float, float]
    possible: float = np.nan

    def line(self) -> str:
        """Return a row of the table."""
        powers = "  ".join("    -" if np.isnan(one) else f"{one:5.3f}" for one in (*self.power, self.possible))
        return (
            f"{self.areas:<10} {self.family:<28} {self.kind:<24} {self.n:4d} {self.members:4d} {self.maps:5d}  "
            f"{100 * self.size:5.1f} %  {100 * self.coverage:5.1f} %  {powers}"
        )


@functools.cache
def ground(areas: str) -> tuple[BoundarySet, Landscapes, pd.DataFrame]:
    """Return boundaries, map and memberships of the districts of 2024 or of a custom geography."""
    found = load_boundary_set("LAD", dt.date(2024, 9, 11)) if areas == "districts" else custom_areas(areas)
    lands = landscapes_of(found, build_weights(found, policy="queen+sea-links"))
    return found, lands, memberships(found, indicators=indicators(found))


def kind_on(areas: str, kind: str, seed: int = 0) -> tuple[Landscape, Floats]:
    """Return the areas that a kind classifies, and their design: a constant and the kind.

    ``scattered-10`` is ten areas at random, ``clump-10`` the ten nearest to one.
    """
    _, lands, members = ground(areas)
    name, _, number = kind.rpartition("-")
    if name in ("scattered", "clump"):
        generator = np.random.default_rng([seed, int(number)])
        centres = lands.places.centres
        order = generator.permutation(len(centres))
        if name == "clump":
            order = np.argsort(np.linalg.norm(centres - centres[order[0]], axis=1), kind="stable")
        share = np.zeros(len(centres))
        share[order[: int(number)]] = 1.0
        return lands.on(lands.codes), np.column_stack([np.ones(len(share)), share])
    own = members[load_typology(kind).column].reindex(lands.codes)
    known = own != "not classified"
    return lands.on(lands.codes[known]), np.column_stack([np.ones(known.sum()), (own[known] == "yes").astype(float)])


def rates(areas: str, family: str, kinds: Sequence[str], *, maps: int, seed: int) -> list[Rates]:
    """Try kinds on maps of one family; a ``+log`` or ``+normal-scores`` behind the family is the scale.

    Kinds on the same areas share their factors and their maps; those of few members, whose p is simulated, have a tenth of the maps.
    """
    y = _maps(areas, family, maps, seed)
    at = ground(areas)[1].codes
    tried = {kind: kind_on(areas, kind, seed) for kind in kinds}
    found: dict[str, Rates] = {}
    for land in {id(land): land for land, _ in tried.values()}.values():
        own = {kind: x for kind, (other, x) in tried.items() if other is land}
        here = y[at.get_indexer(land.codes)]
        fitted = beside(land, list(own.values()), here, spread=~_skewed(here))
        held = _guarded([one.p for one in fitted], land, list(own.values()), here)
        for (kind, x), one, p in zip(own.items(), fitted, held, strict=True):
            few = x[:, 1].sum() < FEW
            found[kind] = (
                _few(areas, family, kind, land, x, here[:, : max(maps // 10, 1)], one, seed)
                if few
                else _rates(areas, family, kind, x, here, one, p, at.get_indexer(land.codes))
            )
    return [found[kind] for kind in kinds]


def _rates(
    areas: str,
    family: str,
    kind: str,
    x: Floats,
    y: Floats,
    found: Beside,
    p: Floats,
    here: np.ndarray[Any, np.dtype[np.int64]],
) -> Rates:
    critical = stats.t.ppf(1 - ALPHA / 2, found.df)
    sd = y.std(axis=0, ddof=1)
    # Generalised least squares moves with a gap that is put in, one for one; its error does not.
    powers = [float((np.abs(found.estimate + shift * sd) > critical * found.se).mean()) for shift in SHIFTS]
    # An interval never excludes zero where p, held to that on normal scores, does not.
    held = p > np.maximum(found.p, ALPHA)
    covered = float(((np.abs(found.estimate) <= found.reach) | held).mean())
    size = float((p <= ALPHA).mean())
    most = _possible(areas, family, x, here, sd)
    return Rates(
        areas, family, kind, len(x), int(x[:, 1].sum()), y.shape[1], size, covered, (powers[0], powers[1]), most
    )


def _possible(areas: str, family: str, x: Floats, here: np.ndarray[Any, np.dtype[np.int64]], sd: Floats) -> float:
    """Return the power at half a standard deviation of generalised least squares that is told the covariance of the family.

    No unbiased test of the gap is better on Gaussian maps: what it does not see is not to be seen.
    """
    shape = covariance(family, ground(areas)[1].places, of=_of(areas, family))
    if shape is None:
        return np.nan
    inverse = np.linalg.inv(shape[np.ix_(here, here)])
    se = float(np.sqrt(np.linalg.inv(x.T @ inverse @ x)[1, 1]))
    reach = SHIFTS[0] * sd / se
    z = stats.norm.ppf(1 - ALPHA / 2)
    return float((stats.norm.sf(z - reach) + stats.norm.cdf(-z - reach)).mean())


def _few(areas: str, family: str, kind: str, land: Landscape, x: Floats, y: Floats, found: Beside, seed: int) -> Rates:
    maps = y.shape[1]
    tried = [simulated(land, x, y[:, i], draws=499, seed=seed + i) for i in range(maps)]
    critical = np.array([one.critical for one in tried])
    covered = float((np.abs(found.estimate[:maps]) <= critical * found.se[:maps]).mean())
    size = float(np.mean([one.p <= ALPHA for one in tried]))
    return Rates(areas, family, kind, len(x), int(x[:, 1].sum()), maps, size, covered, (np.nan, np.nan))


def with_errors(areas: str, family: str, kind: str, *, maps: int, seed: int) -> Rates:
    """Try one kind where a known error, half as large as the truth and uneven, lies over it."""
    land, x = kind_on(areas, kind, seed)
    at = ground(areas)[1].codes.get_indexer(land.codes)
    generator = np.random.default_rng([seed, 5])
    se = generator.uniform(0.2, 0.8, len(x))
    y = _maps(areas, family, maps, seed)[at] + se[:, None] * generator.standard_normal((len(x), maps))
    found = [beside(land, [x], y[:, [i]], se**2)[0] for i in range(maps)]
    estimate, error, df, p = (
        np.concatenate([getattr(one, name) for one in found]) for name in ("estimate", "se", "df", "p")
    )
    critical = stats.t.ppf(1 - ALPHA / 2, df)
    sd = y.std(axis=0, ddof=1)
    powers = [float((np.abs(estimate + shift * sd) > critical * error).mean()) for shift in SHIFTS]
    covered = float((np.abs(estimate) <= critical * error).mean())
    name = f"{family}+error"
    return Rates(
        areas, name, kind, len(x), int(x[:, 1].sum()), maps, float((p <= ALPHA).mean()), covered, (powers[0], powers[1])
    )


def atlases(areas: str, family: str, *, maps: int, seed: int) -> tuple[float, float]:
    """Return the share of atlases of nothing, 5 outcomes × the default definitions, that have any finding: alone, together."""
    _, lands, members = ground(areas)
    y = _maps(areas, family, maps * OUTCOMES, seed)
    columns = [load_typology(name).column for name in DEFAULT_DEFINITIONS]
    defaults = {load_typology(name).dimension: load_typology(name).column for name in reversed(DEFAULT_DEFINITIONS)}
    shares = (
        members[columns].replace({"yes": 1.0, "no": 0.0, "not classified": np.nan}).astype(float).reindex(lands.codes)
    )
    found: dict[str, list[Floats]] = {"alone": [], "together": []}
    asked = []
    for column in columns:
        others = [other for kind, other in defaults.items() if kind != column.partition("__")[0]]
        for way, used in (("alone", [column]), ("together", [column, *others])):
            own = shares[used].dropna()
            x = np.column_stack([np.ones(len(own)), own.to_numpy()])
            asked.append((way, column, lands.on(own.index), x))
    p: dict[tuple[str, str], Floats] = {}
    for land in {id(one[2]): one[2] for one in asked}.values():
        here = [one for one in asked if one[2] is land]
        on = y[lands.codes.get_indexer(land.codes)]
        designs = [x for *_, x in here]
        held = _guarded([one.p for one in beside(land, designs, on, spread=~_skewed(on))], land, designs, on)
        p |= {(way, column): one for (way, column, *_), one in zip(here, held, strict=True)}
    for way, results in found.items():
        results += [p[way, column] for column in columns]
    any_found = []
    for results in found.values():
        tested = np.stack(results).reshape(len(columns), maps, OUTCOMES).transpose(1, 0, 2).reshape(maps, -1)
        any_found.append(float((stats.false_discovery_control(tested, axis=1) <= ALPHA).any(axis=1).mean()))
    return any_found[0], any_found[1]


def _skewed(y: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which maps are skewed, shape (k,): of those the variance of members is not told apart, as ``associate`` does."""
    return np.asarray(np.abs(stats.skew(y, axis=0)) > SKEWED)


def _guarded(p: Sequence[Floats], land: Landscape, designs: Sequence[Floats], y: Floats) -> list[Floats]:
    """Return what ``associate`` makes of p: on skewed maps the larger of it and of that on normal scores."""
    skewed = np.flatnonzero(_skewed(y))
    if not len(skewed):
        return list(p)
    scores = np.column_stack([scaled(column, None, "normal-scores")[0] for column in y[:, skewed].T])
    held = [one.copy() for one in p]
    for one, other in zip(held, beside(land, designs, scores, spread=np.zeros(len(skewed), dtype=bool)), strict=True):
        one[skewed] = np.maximum(one[skewed], other.p)
    return held


def _maps(areas: str, family: str, maps: int, seed: int) -> Floats:
    name, _, scale = family.partition("+")
    generator = np.random.default_rng([seed, sum(map(ord, name))])
    y = drawn(name, ground(areas)[1].places, maps, generator, of=_of(areas, name))
    if scale:
        y = np.column_stack([scaled(column, None, scale)[0] for column in y.T])  # type: ignore[arg-type]
    return y


def _of(areas: str, family: str) -> Floats | None:
    """Return what a family needs to know of each area: its region, or its density."""
    boundaries, lands, _ = ground(areas)
    frame = boundaries.frame.set_index("code").reindex(lands.codes)
    return {
        "regions": pd.factorize(frame["region_code"])[0].astype(float),
        "density": (frame["population"] / frame["hectares"]).to_numpy(dtype=float),
    }.get(family)


def main(
    maps: int,
    seed: int,
    *,
    families: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
) -> None:
    """Print rates of every kind on every family, and the share of atlases of nothing that have a finding.

    Parameters
    ----------
    maps, seed : how many of each, and of what. families, kinds, areas : those asked for; with kinds, no atlases.
    """
    asked = families or [*FAMILIES, "lognormal:150:1+log", "lognormal:150:1+normal-scores", *OTHERS]
    started = time.perf_counter()
    print(f"seed {seed}; Monte-Carlo error of 5 %: ±{196 * np.sqrt(0.05 * 0.95 / maps):.1f} points")
    print(
        f"{'areas':<10} {'maps':<28} {'kind':<24} {'n':>4} {'of':>4} {'drawn':>5}   size   coverage  power at 0.5 and 1 sd, possible at 0.5"
    )
    for place in areas or AREAS:
        for family in asked:
            for found in rates(place, family, kinds or (*KINDS, *FEW_KINDS), maps=maps, seed=seed):
                print(found.line(), flush=True)
    if kinds is None:
        for kind in KINDS:
            print(with_errors("smc-203", "exponential:150", kind, maps=max(maps // 5, 1), seed=seed).line(), flush=True)
        print(
            f"\natlases of {OUTCOMES} outcomes × {len(DEFAULT_DEFINITIONS)} definitions of nothing, share with a finding"
        )
        print(f"{'areas':<10} {'maps':<28} drawn   alone   together")
        for place in areas or AREAS:
            for family in asked:
                alone, together = atlases(place, family, maps=maps, seed=seed)
                print(f"{place:<10} {family:<28} {maps:5d}  {100 * alone:5.1f} %  {100 * together:5.1f} %", flush=True)
    print(f"\n{time.perf_counter() - started:.0f} s")
