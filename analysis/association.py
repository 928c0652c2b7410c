"""Do two maps belong together, or are both merely smooth? Tests whose null keeps the smoothness."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import pdist, squareform

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]
Method = Literal["singleton", "pair"]

DRAWS = 9_999
"""Surrogate maps for one test: the smallest two-sided p is 2/10,000."""

MIN_GROUP = 5
"""Fewest areas of a type, and not of it, between which a difference is tested."""

MAX_AREAS = 5_000
"""Above this the eigenvectors of the graph are out of reach of a dense solver."""

_BLOCK = 2_000_000
"""Random numbers held at once."""


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Moran eigenvectors of a graph.

    Parameters
    ----------
    ids : areas.
    eigenvalues : shape (n - 1,), descending; eigenvalues of the symmetrised, doubly centred weights.
    vectors : shape (n, n - 1), orthonormal, each summing to zero.
    policy : of the weights.
    """

    ids: pd.Index
    eigenvalues: Floats
    vectors: Floats
    policy: str


@dataclass(frozen=True, slots=True)
class Association:
    """How an outcome differs between areas of a type and the others.

    Parameters
    ----------
    outcome, kind : names of the two maps (``kind`` is the type, ``"coastal"``).
    n, members : areas compared, and how many of them are of the type.
    mean_members, mean_others : plain means; areas count alike whatever their size.
    difference, lower, upper : of the means, with its 95 % interval, in the outcome's unit.
    effect, effect_lower, effect_upper : the same in standard deviations of the outcome over all areas compared.
    p_singleton, p_pair : two-sided, by Moran spectral randomisation of the outcome.
    p_welch : two-sided Welch t, which takes areas for independent; shown for comparison, never as the result.
    draws, seed, weights : how the null was made.
    isolates : areas without a neighbour among those compared.
    """

    outcome: str
    kind: str
    n: int
    members: int
    mean_members: float
    mean_others: float
    difference: float
    lower: float
    upper: float
    effect: float
    effect_lower: float
    effect_upper: float
    p_singleton: float
    p_pair: float
    p_welch: float
    draws: int
    seed: int
    weights: str
    isolates: int = 0

    @property
    def p(self) -> float:
        """The larger of the two spectral p-values: a claim has to stand under both nulls."""
        return max(self.p_singleton, self.p_pair)


@dataclass(frozen=True, slots=True)
class Correlation:
    """Correlation of two continuous maps with Dutilleul's modified t-test.

    Parameters
    ----------
    r, lower, upper : Pearson's, with its 95 % interval by Fisher's z at the effective sample size.
    effective_n : how many independent areas would carry as much information.
    p : two-sided, with ``effective_n - 2`` degrees of freedom.
    p_naive : two-sided, taking areas for independent.
    """

    n: int
    r: float
    lower: float
    upper: float
    effective_n: float
    p: float
    p_naive: float


def moran_spectrum(weights: Weights) -> Spectrum:
    """Decompose a graph into its Moran eigenvectors, the smoothest pattern first.

    Raises
    ------
    StatisticsError
        Fewer than four areas, more than ``MAX_AREAS``, or no link at all.

    Notes
    -----
    The weights are made symmetric as (W + W')/2 and centred on both sides; an eigenvalue is proportional to Moran's I
    of its vector. The constant vector is left out exactly, by working in a basis orthogonal to it.
    """
    n = len(weights.ids)
    faults = []
    if not 4 <= n <= MAX_AREAS:
        faults.append(f"found {n} areas; between 4 and {MAX_AREAS} are needed")
    if not np.any(weights.data):
        faults.append("no area has a neighbour")
    if faults:
        raise StatisticsError("the graph has no spectrum to draw from", faults)
    raw = np.zeros((n, n))
    raw[np.repeat(np.arange(n), np.diff(weights.indptr)), weights.indices] = weights.data
    basis = _orthogonal_to_constant(n)
    values, vectors = np.linalg.eigh(basis.T @ ((raw + raw.T) / 2) @ basis)
    vectors = basis @ vectors[:, ::-1]
    # The sign of an eigenvector is the solver's whim; the largest entry is made positive so that draws repeat.
    vectors *= np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(n - 1)])
    return Spectrum(weights.ids, values[::-1], vectors, weights.policy)


def surrogates(
    values: Floats, spectrum: Spectrum, *, method: Method = "pair", draws: int = 99, seed: int = 0
) -> Floats:
    """Draw maps as smooth as the one given, and otherwise random.

    Parameters
    ----------
    values : shape (n,), complete, in the order of ``spectrum.ids``.
    method : ``singleton`` turns the sign of each eigenvector at random and keeps Moran's I exactly; ``pair`` turns each
        two neighbouring eigenvectors by a random angle, which keeps it nearly and gives more different maps.

    Returns
    -------
    numpy.ndarray
        Shape (draws, n), each with the mean and the variance of ``values``.

    References
    ----------
    Wagner, H. H. and Dray, S. (2015). Generating spatially constrained null models for irregularly spaced data using
    Moran spectral randomization methods. Methods in Ecology and Evolution 6. doi:10.1111/2041-210X.12407
    """
    generator = np.random.default_rng(seed)
    coefficients = spectrum.vectors.T @ (values - values.mean())
    drawn: Floats = values.mean() + _turned(coefficients, spectrum.vectors.T, method, draws, generator)
    return drawn


def associate(
    values: pd.Series,
    members: pd.Series,
    weights: Weights,
    *,
    draws: int = DRAWS,
    seed: int = 20240911,
    spectrum: Spectrum | None = None,
) -> Association:
    """Compare an outcome between areas of a type and the others, against maps as smooth as the outcome.

    Parameters
    ----------
    values : by code, float; NaN is left out.
    members : by code, yes, no or not classified; the last is left out.
    weights : a graph that holds at least the areas compared.
    spectrum : of exactly the areas compared, to save computing it again.

    Raises
    ------
    StatisticsError
        Areas that the graph lacks, a constant outcome, or fewer than ``MIN_GROUP`` areas on either side.

    Notes
    -----
    Null hypothesis: the outcome, as autocorrelated as it is, lies on the map without regard to the type. The p-value is
    the share of surrogate maps whose difference of means is at least as large either way. The interval draws surrogates
    of what is left of the outcome after the difference is taken off, and so allows for smooth residuals.
    A difference is a description of places, not of what being such a place does to anyone.
    """
    both = pd.concat([values.rename("value"), members.rename("member")], axis=1, join="inner")
    both = both[both["value"].notna() & both["member"].isin(["yes", "no"])]
    yes = (both["member"] == "yes").to_numpy()
    x = both["value"].to_numpy(dtype=np.float64)
    outcome, kind = str(values.name or "outcome"), str(members.name or "type")
    _check(both.index, weights, x, yes, f"{outcome} by {kind}")
    graph = weights.subset(both.index)
    spectrum = spectrum if spectrum is not None and spectrum.ids.equals(both.index) else moran_spectrum(graph)
    contrast = np.where(yes, 1 / yes.sum(), -1 / (~yes).sum())
    difference = float(contrast @ x)
    chances = [np.random.default_rng([seed, stream]) for stream in range(3)]
    singles = _null(x, contrast, spectrum, "singleton", draws, chances[0])
    pairs = _null(x, contrast, spectrum, "pair", draws, chances[1])
    errors = _null(x - difference * yes, contrast, spectrum, "pair", draws, chances[2])
    low, high = np.quantile(errors, [0.025, 0.975])
    sd = float(x.std(ddof=1))
    return Association(
        outcome=outcome,
        kind=kind,
        n=len(x),
        members=int(yes.sum()),
        mean_members=float(x[yes].mean()),
        mean_others=float(x[~yes].mean()),
        difference=difference,
        lower=difference - float(high),
        upper=difference - float(low),
        effect=difference / sd,
        effect_lower=(difference - float(high)) / sd,
        effect_upper=(difference - float(low)) / sd,
        p_singleton=_two_sided(singles, difference),
        p_pair=_two_sided(pairs, difference),
        p_welch=float(stats.ttest_ind(x[yes], x[~yes], equal_var=False).pvalue),
        draws=draws,
        seed=seed,
        weights=weights.policy,
        isolates=int((np.diff(graph.indptr) == 0).sum()),
    )


def associations_frame(associations: Sequence[Association]) -> pd.DataFrame:
    """Return one row an association, for ``associations.csv``: its fields, ``p`` and ``q``.

    ``q`` is the Benjamini-Hochberg adjusted ``p`` over the rows given, because several claims tested are several chances
    to be wrong.
    """
    columns = [*(entry.name for entry in fields(Association)), "p", "q"]
    frame = pd.DataFrame([asdict(entry) | {"p": entry.p} for entry in associations]).reindex(columns=columns)
    if len(frame):
        frame["q"] = stats.false_discovery_control(frame["p"].to_numpy())
    return frame


def correlate(first: pd.Series, second: pd.Series, coordinates: pd.DataFrame, *, classes: int = 13) -> Correlation:
    """Correlate two continuous maps, with as many degrees of freedom as their smoothness leaves.

    Parameters
    ----------
    first, second : by code, float; areas missing in either are left out.
    coordinates : by code, two columns in metres (centroids).
    classes : distance classes of equal width in which autocovariance is estimated.

    Raises
    ------
    StatisticsError
        Fewer than ten complete areas, or a constant map.

    Notes
    -----
    Null hypothesis: no correlation between two autocorrelated maps. The variance of r is
    tr(BΣxBΣy) / (tr(BΣx) tr(BΣy)), B the centring matrix, each Σ from the autocovariance by distance class.

    References
    ----------
    Dutilleul, P. (1993). Modifying the t test for assessing the correlation between two spatial processes.
    Biometrics 49. doi:10.2307/2532625
    """
    places = coordinates.set_axis(["easting", "northing"], axis=1)
    complete = pd.concat([first.rename("first"), second.rename("second"), places], axis=1, join="inner").dropna()
    n = len(complete)
    x, y = (complete[name].to_numpy(dtype=np.float64) for name in ("first", "second"))
    named = ((first.name or "the first map", x), (second.name or "the second map", y))
    faults = [f"{name} is constant" for name, values in named if n and np.ptp(values) == 0]
    if n < 10:
        faults.append(f"{n} areas have both values; at least 10 are needed")
    if faults:
        raise StatisticsError("the two maps cannot be correlated", faults)
    distances = squareform(pdist(complete[["easting", "northing"]].to_numpy(dtype=np.float64)))
    edges = np.linspace(0, distances.max(), classes + 1)[1:-1]
    place = np.digitize(distances, edges, right=True)
    np.fill_diagonal(place, -1)
    centred = [_centred(_covariance(v - v.mean(), place, classes)) for v in (x, y)]
    variance = np.sum(centred[0] * centred[1].T) / (np.trace(centred[0]) * np.trace(centred[1]))
    # Estimated autocovariances need not be positive definite: the variance is kept within what a correlation can have.
    effective = float(np.clip(1 + 1 / variance, 3, np.inf)) if variance > 0 else float(n)
    r = float(np.corrcoef(x, y)[0, 1])
    reach = stats.norm.ppf(0.975) / np.sqrt(effective - 3) if effective > 3 else np.inf
    # A perfect correlation has no Fisher z; the nearest number below one has.
    low, high = np.tanh(np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15)) + np.array([-reach, reach]))
    return Correlation(n, r, float(low), float(high), effective, _t_test(r, effective), _t_test(r, n))


def _check(codes: pd.Index, weights: Weights, x: Floats, yes: np.ndarray[Any, np.dtype[np.bool_]], what: str) -> None:
    faults = []
    absent = codes.difference(weights.ids, sort=False)
    if len(absent):
        faults.append(f"the graph does not hold {listed(absent)}")
    if yes.sum() < MIN_GROUP or (~yes).sum() < MIN_GROUP:
        faults.append(f"found {yes.sum()} areas of the type and {(~yes).sum()} others; {MIN_GROUP} of each are needed")
    if len(x) and np.ptp(x) == 0:
        faults.append("the outcome is constant")
    if faults:
        raise StatisticsError(f"{what} cannot be tested", faults)


def _orthogonal_to_constant(n: int) -> Floats:
    """Return an orthonormal basis, shape (n, n - 1), of the vectors that sum to zero (a Householder reflection)."""
    mirror = np.full(n, 1 / np.sqrt(n))
    mirror[0] += 1
    reflection: Floats = np.eye(n) - 2 * np.outer(mirror, mirror) / (mirror @ mirror)
    return reflection[:, 1:]


def _null(
    x: Floats, contrast: Floats, spectrum: Spectrum, method: Method, draws: int, generator: np.random.Generator
) -> Floats:
    """Draw the contrast of surrogates of ``x`` without forming the maps: shape (draws,)."""
    coefficients = spectrum.vectors.T @ (x - x.mean())
    return _turned(coefficients, (spectrum.vectors.T @ contrast)[:, None], method, draws, generator)[:, 0]


def _turned(coefficients: Floats, onto: Floats, method: Method, draws: int, generator: np.random.Generator) -> Floats:
    """Turn the coefficients at random and multiply by ``onto``, shape (n - 1, k): shape (draws, k)."""
    even = 0 if method == "singleton" else len(coefficients) // 2 * 2
    radius = np.hypot(coefficients[:even:2], coefficients[1:even:2])[:, None]
    across, along = radius * onto[:even:2], radius * onto[1:even:2]
    # Without pairs every eigenvector is turned by 0 or 180 degrees; with them only the odd one out.
    flat = coefficients[even:, None] * onto[even:]
    step = max(1, _BLOCK // len(coefficients))
    parts = []
    for start in range(0, draws, step):
        size = min(step, draws - start)
        angles = generator.uniform(0, 2 * np.pi, (size, even // 2))
        signs = generator.choice(np.array([-1.0, 1.0]), (size, len(flat)))
        parts.append(np.cos(angles) @ across + np.sin(angles) @ along + signs @ flat)
    return np.concatenate(parts)


def _two_sided(drawn: Floats, found: float) -> float:
    # A draw that equals what was found up to rounding counts as reaching it.
    return float((1 + np.sum(np.abs(drawn) >= abs(found) * (1 - 1e-12))) / (len(drawn) + 1))


def _covariance(x: Floats, place: np.ndarray[Any, np.dtype[np.int64]], classes: int) -> Floats:
    products = np.outer(x, x)
    means = np.array([products[place == k].mean() if np.any(place == k) else 0.0 for k in range(classes)])
    covariance = np.where(place >= 0, means[np.maximum(place, 0)], 0.0)
    np.fill_diagonal(covariance, np.mean(x**2))
    return covariance


def _centred(matrix: Floats) -> Floats:
    centred: Floats = matrix - matrix.mean(axis=0, keepdims=True)
    return centred


def _t_test(r: float, n: float) -> float:
    if n <= 2:
        return 1.0
    t = r * np.sqrt((n - 2) / max(1 - r * r, np.finfo(float).eps ** 2))
    return float(2 * stats.t.sf(abs(t), n - 2))
