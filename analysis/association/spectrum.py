"""Moran eigenvectors of a graph, and maps as smooth as a given one drawn from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from geo.errors import StatisticsError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]
Method = Literal["singleton", "pair"]

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


def null_contrasts(
    x: Floats, contrast: Floats, spectrum: Spectrum, method: Method, draws: int, generator: np.random.Generator
) -> Floats:
    """Draw the contrast of surrogates of ``x`` without forming the maps: shape (draws,)."""
    coefficients = spectrum.vectors.T @ (x - x.mean())
    return _turned(coefficients, (spectrum.vectors.T @ contrast)[:, None], method, draws, generator)[:, 0]


def _orthogonal_to_constant(n: int) -> Floats:
    """Return an orthonormal basis, shape (n, n - 1), of the vectors that sum to zero (a Householder reflection)."""
    mirror = np.full(n, 1 / np.sqrt(n))
    mirror[0] += 1
    reflection: Floats = np.eye(n) - 2 * np.outer(mirror, mirror) / (mirror @ mirror)
    return reflection[:, 1:]


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
