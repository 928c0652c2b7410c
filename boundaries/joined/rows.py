"""Rows that reached an area, and what became of the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from geo.remedies import Remedy


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows that reached an area.

    ``frame`` has the columns of the outcome's frame, at most one row an area, its code that of the area; ``quality`` and
    ``reason``, text of shape (n_rows,), say how each row reached it; ``fates`` counts rows of the table; ``faults`` forbid the
    join, ``remedies`` would allow it; ``lost`` says of areas whose row was left out why.
    """

    frame: pd.DataFrame
    quality: np.ndarray
    reason: np.ndarray
    fates: dict[str, int] = field(default_factory=dict)
    details: list[dict[str, str]] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)
