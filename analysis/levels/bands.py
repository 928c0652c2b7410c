"""Stated bands: where a value lies among breaks, and how probable each band is."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from geo.errors import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Texts = np.ndarray[Any, np.dtype[np.object_]]

OnBreak = Literal["up", "down", "outward"]
"""The band of a value that equals a break: the higher, the lower, or the one farther from the middle of the breaks."""


def band_faults(breaks: Sequence[float], labels: Sequence[str]) -> list[str]:
    """Say what is wrong with stated bands, all of it; nothing where none are stated.

    Examples
    --------
    >>> band_faults((2.0, 1.0), ("low", "high"))
    ['breaks 2, 1 must rise', '2 labels for 2 breaks: 3 bands need 3 labels']
    """
    faults = []
    if not all(math.isfinite(at) for at in breaks):
        faults.append(f"breaks {_listed(breaks)} must be numbers")
    elif any(later <= earlier for earlier, later in pairwise(breaks)):
        faults.append(f"breaks {_listed(breaks)} must rise")
    if labels and not breaks:
        faults.append(f"{len(labels)} labels but no breaks")
    elif breaks and labels and len(labels) != len(breaks) + 1:
        faults.append(
            f"{len(labels)} labels for {len(breaks)} breaks: {len(breaks) + 1} bands need {len(breaks) + 1} labels"
        )
    twice = sorted({name for name in labels if labels.count(name) > 1}) if isinstance(labels, (list, tuple)) else []
    if twice:
        faults.append(f"a band named twice: {listed(twice)}")
    if any(not name.strip() for name in labels):
        faults.append("a band without a name")
    return faults


def labels_of(breaks: Sequence[float], labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of bands: those stated, else the ends of each.

    Examples
    --------
    >>> labels_of((-1.0, 1.0), ())
    ('below −1', '−1 to 1', '1 and above')
    """
    if labels or not breaks:
        return tuple(labels)
    ends = [f"{at:,g}".replace("-", "−") for at in breaks]
    between = [f"{low} to {high}" for low, high in pairwise(ends)]
    return (f"below {ends[0]}", *between, f"{ends[-1]} and above")


def positions(values: Floats, breaks: Sequence[float], on_break: OnBreak = "up") -> np.ndarray[Any, Any]:
    """Return the number of the band of each value, 0 the lowest, shape of ``values``; missing values go to the last.

    Parameters
    ----------
    values : any shape. breaks : rising. on_break : the band of a value that equals a break.
    """
    cuts = np.asarray(breaks, dtype=np.float64)
    if on_break == "outward":
        up, down = np.searchsorted(cuts, values, side="right"), np.searchsorted(cuts, values, side="left")
        return np.where(values < (cuts[0] + cuts[-1]) / 2, down, up)
    return np.searchsorted(cuts, values, side="left" if on_break == "down" else "right")


def banded(values: Floats, breaks: Sequence[float], labels: Sequence[str], on_break: OnBreak = "up") -> Texts:
    """Return the name of each value's band, empty where the value is missing, shape (n,)."""
    names = np.array(labels_of(breaks, labels), dtype=object)
    return np.where(np.isfinite(values), names[positions(values, breaks, on_break)], "")


def band_probabilities(draws: Floats, breaks: Sequence[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return how probable each band is, shape (n, bands), from draws of shape (d, n)."""
    at = positions(draws, breaks)
    return np.stack([(at == band).mean(axis=0) for band in range(len(breaks) + 1)], axis=1)


def _listed(breaks: Sequence[float]) -> str:
    return ", ".join(f"{at:g}" for at in breaks)
