"""The candidates of covariance on the areas that are compared, factorised once for every outcome and kind of place."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.covariance import (
    Places,
    Structure,
    autoregressive_candidates,
    exponential_candidates,
    matern_candidates,
    places_of,
    structure_of,
)
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet

Floats = np.ndarray[Any, np.dtype[np.float64]]

MAX_AREAS = 3_000
"""Above this the candidates are out of reach of a dense solver; kinds of place are then not tested."""

NEGLIGIBLE = 1e-3
"""Independent shares below this are lost among known errors."""

KEPT = 3
"""Sets of areas whose factors are held at once: an atlas has one for each group of nations its definitions cover."""

_HELD_AREAS = 1_000
"""Factors of larger sets are made anew each time: 80 of them would fill a gigabyte."""


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """Areas with the candidates of covariance on them.

    Parameters
    ----------
    codes : of the areas, in order. places : where they lie and who borders whom.
    """

    codes: pd.Index
    places: Places
    held: tuple[Structure, ...] = ()

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.codes)

    def structures(self, *, known: bool = False) -> Iterator[Structure]:
        """Yield every candidate, factorised: held ones, or each anew.

        With ``known`` errors candidates of a smaller independent share than ``NEGLIGIBLE`` are left out: beside the errors they are
        one and the same.
        """
        for one in self.held or _factorised(self.places):
            if not (known and one.candidate.share < NEGLIGIBLE):
                yield one


class Landscapes:
    """The areas of one map, of which any part can be asked for; the latest parts are remembered.

    Parameters
    ----------
    codes : of all areas. places : of the same areas in the same order, with their neighbours.
    """

    def __init__(self, codes: pd.Index, places: Places) -> None:
        self.codes = codes
        self.places = places
        self._made: OrderedDict[tuple[str, ...], Landscape] = OrderedDict()

    def __getstate__(self) -> dict[str, object]:
        """Leave the factors behind: they are made again where they are needed."""
        return {"codes": self.codes, "places": self.places, "_made": OrderedDict()}

    def on(self, codes: pd.Index) -> Landscape:
        """Return the candidates on some of the areas.

        Raises
        ------
        StatisticsError
            Areas that are not on the map, or more than ``MAX_AREAS``.
        """
        key = tuple(codes)
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        at = self.codes.get_indexer(codes)
        faults = []
        if (at < 0).any():
            faults.append(f"not on the map: {listed(codes[at < 0])}")
        if len(codes) > MAX_AREAS:
            faults.append(f"found {len(codes):,} areas; at most {MAX_AREAS:,} can be compared")
        if faults:
            raise StatisticsError("kinds of place cannot be compared on these areas", faults)
        weights = self.places.weights
        whole = len(codes) == len(self.codes) and (at == np.arange(len(at))).all()
        places = (
            self.places
            if whole
            else Places(self.places.centres[at], None if weights is None else weights.subset(codes))
        )
        made = Landscape(codes, places, tuple(_factorised(places)) if len(codes) <= _HELD_AREAS else ())
        self._made[key] = made
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return made


def landscapes_of(boundaries: BoundarySet, weights: Weights) -> Landscapes:
    """Return the areas of a boundary set, with the neighbours of a graph that holds them all in the same order."""
    codes = weights.ids
    return Landscapes(codes, places_of(boundaries, weights))


def _factorised(places: Places) -> Iterator[Structure]:
    """Make each candidate: exponential and Matérn by range and independent share, autoregressive where there are neighbours."""
    distances, widest = places.distances(), places.widest()
    candidates = [*exponential_candidates(widest), *matern_candidates(widest)]
    if places.weights is not None and np.any(places.weights.data):
        candidates += autoregressive_candidates()
    for candidate in candidates:
        yield structure_of(candidate, places, distances=distances)
