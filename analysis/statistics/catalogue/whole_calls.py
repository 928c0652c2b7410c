"""Call shapes of esda's statistics of the whole map, and of its smoothed rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping  # noqa: TC003 - the fields of a dataclass are read at run time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from analysis.statistics.catalogue.drawing import Cut, Drawn
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from libpysal.weights import W

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class WholeShape:
    """How one statistic of the whole map is called; fields as of ``LocalShape``.

    ``parts`` names its numbers, in the order in which ``call`` gives them; one without a name has none.
    """

    words: str
    source: str
    call: Callable[[Cut, int, int], Drawn]
    parts: tuple[str, ...] = ("",)
    least: int = 0
    most: int = 0
    binary: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    default: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RateShape:
    """How one smoothed rate is got: of counts, their denominators and, where it is ``spatial``, the older ``W`` of neighbours."""

    words: str
    source: str
    call: Callable[[Floats, Floats, W | None], Floats]
    least: int = 1
    most: int = 1
    default: tuple[str, ...] = ("denominator",)
    spatial: bool = True
    parameters: Mapping[str, Any] = field(default_factory=dict)
    unit: str = "events per unit of the denominator"


def _one(observed: float, draws: Any) -> Drawn:
    return Drawn(np.array([observed]), np.asarray(draws, dtype=np.float64).reshape(-1, 1))


def _moran(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Moran  # noqa: PLC0415  # seconds to load; only who asks waits

    found = Moran(cut.y, cut.graph(), permutations=draws)
    return _one(found.I, found.sim)


def _moran_two(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Moran_BV  # noqa: PLC0415

    found = Moran_BV(cut.y, cut.others[:, 0], cut.graph(), permutations=draws)
    return _one(found.I, found.sim)


def _moran_rate(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Moran_Rate  # noqa: PLC0415

    found = Moran_Rate(*_rates(cut), cut.graph(), permutations=draws)
    return _one(found.I, found.sim)


def _geary(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Geary  # noqa: PLC0415

    found = Geary(cut.y, cut.graph(), permutations=draws)
    return _one(found.C, found.sim)


def _g(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import G  # noqa: PLC0415

    if (cut.y < 0).any():
        raise StatisticsError("the general G is a share of products of values above zero", ["use global-moran instead"])
    found = G(cut.y, cut.graph().transform("B"), permutations=draws)
    return _one(found.G, found.sim)


def _gamma(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Gamma  # noqa: PLC0415

    operation = str(cut.parameters["operation"])
    if operation not in ("c", "s", "a"):
        raise StatisticsError(
            f"operation '{operation}' is not known", ["choose c (products), s (squares) or a (absolute)"]
        )
    standardise = bool(cut.parameters["standardize"])
    found = Gamma(cut.y, cut.graph(), operation=operation, standardize=standardise, permutations=draws)
    return _one(found.g, found.sim_g)


def _joins(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Join_Counts  # noqa: PLC0415

    found = Join_Counts(cut.y, cut.graph(), permutations=draws)
    simulated = np.column_stack([found.sim_bb, found.sim_bw])
    return Drawn(np.array([found.bb, found.bw]), simulated)


def _pearson(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Spatial_Pearson  # noqa: PLC0415

    matrix = sparse.csc_matrix(cut.field.rows.sparse())
    standard = sparse.csc_matrix(matrix.multiply(1 / matrix.sum(axis=1)))
    found = Spatial_Pearson(connectivity=standard, permutations=draws).fit(cut.y[:, None], cut.others[:, :1])
    return _one(found.association_[0, 1], np.asarray(found.reference_distribution_)[:, 0, 1])


def _rates(cut: Cut) -> tuple[Floats, Floats]:
    return checked_rates(cut.y, cut.others[:, 0])


def checked_rates(events: Floats, base: Floats) -> tuple[Floats, Floats]:
    """Return counts and denominators, shape (n,) each.

    Raises
    ------
    StatisticsError
        A count below zero, or a denominator of zero or less.
    """
    if (events < 0).any() or (base <= 0).any():
        raise StatisticsError("these are no rates", ["counts of zero or more and denominators above zero are needed"])
    return events, base


def _smoother(name: str) -> Callable[[Floats, Floats, W | None], Floats]:
    def smoothed(events: Floats, base: Floats, neighbours: W | None) -> Floats:
        from esda import smoothing  # noqa: PLC0415

        return np.asarray(getattr(smoothing, name)(events, base, neighbours).r, dtype=np.float64).ravel()

    return smoothed


def _excess(events: Floats, base: Floats, _neighbours: W | None) -> Floats:
    from esda.smoothing import Excess_Risk  # noqa: PLC0415

    return np.asarray(Excess_Risk(events, base).r, dtype=np.float64).ravel()


def _empirical_bayes(events: Floats, base: Floats, _neighbours: W | None) -> Floats:
    """Smooth towards the rate of all; where areas differ no more than chance, that rate: esda lets the variance fall below zero."""
    from esda.smoothing import Empirical_Bayes  # noqa: PLC0415

    overall = events.sum() / base.sum()
    between = (base * (events / base - overall) ** 2).sum() / base.sum() - overall / base.mean()
    if between <= 0:
        return np.full(len(events), overall)
    return np.asarray(Empirical_Bayes(events, base).r, dtype=np.float64).ravel()


WHOLE: Mapping[str, WholeShape] = {
    "G": WholeShape("Getis and Ord's general G: whether high values gather, or low ones", "Getis and Ord 1992", _g),
    "Gamma": WholeShape(
        "Gamma index of spatial autocorrelation",
        "Hubert, Golledge and Costanzo 1981",
        _gamma,
        parameters={"operation": "c", "standardize": True},
    ),
    "Geary": WholeShape("Geary's C: how different neighbours are", "Geary 1954", _geary),
    "Join_Counts": WholeShape(
        "Joins of neighbours that are both of a kind, and of one each",
        "Cliff and Ord 1981",
        _joins,
        parts=("both", "mixed"),
        binary=True,
    ),
    "Moran": WholeShape("Moran's I: how alike neighbours are", "Moran 1950; Cliff and Ord 1981", _moran),
    "Moran_BV": WholeShape(
        "Bivariate Moran's I: the outcome, and another column among the neighbours",
        "Wartenberg 1985",
        _moran_two,
        least=1,
        most=1,
    ),
    "Moran_Rate": WholeShape(
        "Moran's I of rates, by the empirical Bayes index",
        "Assunção and Reis 1999",
        _moran_rate,
        least=1,
        most=1,
        default=("denominator",),
    ),
    "Spatial_Pearson": WholeShape(
        "Lee's L: correlation of two outcomes, both as means of the neighbours", "Lee 2001", _pearson, least=1, most=1
    ),
}
"""Statistics of the whole map, by the name of their class in esda."""

RATES: Mapping[str, RateShape] = {
    "Disk_Smoother": RateShape("Mean of the rates of the neighbours", "esda.smoothing", _smoother("Disk_Smoother")),
    "Empirical_Bayes": RateShape(
        "Rate drawn towards that of all areas, the more the smaller its denominator",
        "Marshall 1991",
        _empirical_bayes,
        spatial=False,
    ),
    "Excess_Risk": RateShape(
        "Events over those expected at the rate of all areas",
        "esda.smoothing",
        _excess,
        spatial=False,
        unit="times",
    ),
    "Spatial_Empirical_Bayes": RateShape(
        "Rate drawn towards that of its neighbours, the more the smaller its denominator",
        "Marshall 1991",
        _smoother("Spatial_Empirical_Bayes"),
    ),
    "Spatial_Median_Rate": RateShape(
        "Median of the rates of an area and its neighbours", "Wall and Devine 2000", _smoother("Spatial_Median_Rate")
    ),
    "Spatial_Rate": RateShape(
        "Events over denominators of an area and its neighbours together", "esda.smoothing", _smoother("Spatial_Rate")
    ),
}
"""Smoothed rates of ``esda.smoothing``, by the name of their class."""
