"""A candidate on a map: the matrix that makes its values independent, factorised once for however many outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.spatial.distance import cdist

from geo.crs import UK_EQUAL_AREA
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from analysis.covariance.candidates import Candidate
    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where places lie, and who borders whom: all that a candidate needs of a map.

    Parameters
    ----------
    centres : shape (n, 2), in a plane, metres.
    weights : neighbours of the same places in the same order; None where no autoregressive candidate is asked for.

    Raises
    ------
    StatisticsError
        Centres that are not finite, or not as many as the weights have places.
    """

    centres: Floats
    weights: Weights | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be one map."""
        faults = []
        if self.centres.ndim != 2 or self.centres.shape[1] != 2:
            faults.append(f"centres of shape {self.centres.shape}: give (n, 2)")
        elif not np.isfinite(self.centres).all():
            lacking = int((~np.isfinite(self.centres)).any(axis=1).sum())
            faults.append(f"{lacking} of {len(self.centres)} places have no centre")
        if self.weights is not None and len(self.weights) != len(self.centres):
            faults.append(f"{len(self.centres)} centres but {len(self.weights)} places in the weights")
        if faults:
            raise StatisticsError("no covariance can be made of these places", faults)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.centres)

    def distances(self) -> Floats:
        """Return the distance of every place from every other, shape (n, n), in the unit of the centres."""
        apart: Floats = cdist(self.centres, self.centres)
        return apart

    def widest(self) -> float:
        """Return the largest distance between two places, to a part in ten thousand.

        Notes
        -----
        It is the largest width over 180 directions, half a degree from the true one at worst: no n × n matrix is made.
        """
        if not len(self):
            return 0.0
        angles = np.arange(180) * (np.pi / 180)
        along = self.centres @ np.array([np.cos(angles), np.sin(angles)])
        return float(np.ptp(along, axis=0).max())


class Whitener(Protocol):
    """What a fit needs of a covariance: its candidate, its places, its determinant, and the way to make columns independent."""

    @property
    def candidate(self) -> Candidate:
        """The candidate it is of."""

    @property
    def n(self) -> int:
        """Number of places."""

    @property
    def log_det(self) -> float:
        """Of the covariance."""

    def whiten(self, columns: Floats) -> Floats:
        """Return columns, shape (n,) or (n, k), made independent with one variance."""


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A candidate's covariance V on n places, up to its variance, as the matrix T with T·V·Tᵀ = I.

    ``factor`` is None (independent), the lower Cholesky factor of V (exponential, Matérn: T is its inverse), or T itself
    (autoregressive). ``log_det`` is that of V.
    """

    candidate: Candidate
    n: int
    factor: Floats | None
    log_det: float

    def whiten(self, columns: Floats) -> Floats:
        """Return T times columns of shape (n,) or (n, k): under the candidate they are independent with one variance."""
        if self.factor is None:
            return np.array(columns, dtype=np.float64)
        if self.candidate.family == "autoregressive":
            mixed: Floats = self.factor @ columns
            return mixed
        solved: Floats = solve_triangular(self.factor, columns, lower=True, check_finite=False)
        return solved

    def colour(self, columns: Floats) -> Floats:
        """Undo ``whiten``: independent columns become columns with the candidate's covariance."""
        if self.factor is None:
            return np.array(columns, dtype=np.float64)
        if self.candidate.family == "autoregressive":
            return np.asarray(np.linalg.solve(self.factor, columns), dtype=np.float64)
        mixed: Floats = self.factor @ columns
        return mixed

    def covariance(self) -> Floats:
        """Return V, shape (n, n)."""
        root = self.colour(np.eye(self.n))
        made: Floats = root @ root.T
        return made


def places_of(boundaries: BoundarySet, weights: Weights | None = None) -> Places:
    """Return the centroids of a set's areas in the equal-area plane of the United Kingdom, straight over sea.

    Parameters
    ----------
    boundaries : the areas, in the order wanted. weights : their neighbours, where autoregressive candidates are wanted.
    """
    # The centroid is taken in the plane of the layer, where areas are true to a part in a thousand, then carried over.
    points = boundaries.frame.geometry.centroid.to_crs(UK_EQUAL_AREA)
    return Places(np.column_stack([points.x, points.y]).astype(np.float64), weights)


def structure_of(candidate: Candidate, places: Places, *, distances: Floats | None = None) -> Structure:
    """Factorise a candidate on a map, once for all outcomes and all kinds of place.

    Parameters
    ----------
    candidate : which. places : the map.
    distances : ``places.distances()``, where several candidates share it.

    Raises
    ------
    StatisticsError
        An autoregressive candidate without weights.

    Notes
    -----
    A place without neighbours has a row of zeros in W: its value is independent, with the variance of the innovations.
    """
    n = len(places)
    if candidate.family == "independent":
        return Structure(candidate, n, None, 0.0)
    if candidate.family == "autoregressive":
        if places.weights is None:
            raise StatisticsError("an autoregressive covariance needs neighbours", ["give the places their weights"])
        raw = places.weights.sparse().toarray()
        totals = raw.sum(axis=1, keepdims=True)
        standard = np.divide(raw, totals, out=np.zeros_like(raw), where=totals > 0)
        whitener = np.eye(n) - candidate.rho * standard
        return Structure(candidate, n, whitener, -2 * float(np.linalg.slogdet(whitener)[1]))
    apart = places.distances() if distances is None else distances
    alike = correlation(candidate, apart)
    np.fill_diagonal(alike, 1.0)
    lower = cholesky(alike, lower=True, overwrite_a=True, check_finite=False)
    return Structure(candidate, n, lower, 2 * float(np.log(np.diag(lower)).sum()))


def correlation(candidate: Candidate, distances: Floats) -> Floats:
    """Return the correlation of two different places at a distance: see ``Candidate``."""
    apart = distances / candidate.range_m
    alike = (1 - candidate.share) * np.exp(-apart)
    return np.asarray(alike * (1 + apart) if candidate.family == "matern" else alike)
