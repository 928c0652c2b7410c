"""Who is whose neighbour: graphs on ``libpysal.graph``, sea links, isolates, and an audit of all three."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Audit:
    """What the graph looks like: isolates, components (largest first, as tuples of codes), degrees, and what was added or lost."""

    n: int
    links: int
    isolates: tuple[str, ...]
    components: tuple[tuple[str, ...], ...]
    degrees: Mapping[int, int]
    sea_links: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """An immutable neighbour graph in compressed rows, binary unless ``data`` says otherwise.

    ``ids`` shape (n,), ``indptr`` shape (n + 1,), ``indices`` shape (links,), ``data`` shape (links,) float64 of raw
    (untransformed) weights. Statistics standardise rows themselves.
    """

    ids: pd.Index
    indptr: np.ndarray[Any, np.dtype[np.int64]]
    indices: np.ndarray[Any, np.dtype[np.int64]]
    data: np.ndarray[Any, np.dtype[np.float64]]
    policy: str
    audit: Audit
    parameters: Mapping[str, Any] = field(default_factory=dict)
