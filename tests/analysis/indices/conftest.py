"""Joined indicators of a few made-up areas; a test states only the numbers it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from analysis.indices import index_of
from boundaries.joined import Joined, Receipt
from boundaries.outcomes.table import OutcomeMeta
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from boundaries.areas.boundary_set import BoundarySet


def indicator(
    areas: BoundarySet, name: str, values: object, *, se: object = np.nan, status: object = "ok", **meta: object
) -> Joined:
    """Return an indicator joined to areas; ``se`` and ``status`` are of all areas or of each."""
    numbers = np.asarray(values, dtype=np.float64)
    errors = np.broadcast_to(np.asarray(se, dtype=np.float64), numbers.shape)
    frame = pd.DataFrame(
        {
            "name": areas.frame["name"].to_numpy(),
            "nation": areas.frame["nation"].to_numpy(),
            "value": numbers,
            "lower": numbers - 1.96 * errors,
            "upper": numbers + 1.96 * errors,
            "se": errors,
            "denominator": np.nan,
            "status": status,
            "quality": np.where(np.isfinite(numbers), "exact", "missing"),
            "reason": "",
        },
        index=pd.Index(areas.frame["code"], name="code"),
    )
    described = OutcomeMeta(**{
        "id": name, "title": name.capitalize(), "measure": "rate", "unit": "%",
        "source": Source(title=f"Source of {name}", licence="Open Government Licence v3.0", attribution=(f"© {name}",)),
        **meta,
    })  # type: ignore[arg-type] # fmt: skip
    receipt = Receipt(name, areas.geography, areas.date.isoformat(), "2024", {})
    return Joined(areas, described, "2024", frame, receipt)


def definition(*parts: dict[str, object], **top: object):
    """Return a definition of an index of the parts, each with an id and a direction at least; few draws."""
    whole = {
        "schema": 1, "id": "toy", "title": "Toy", "edition": "1",
        "indicator": [{"direction": "high", "error": "counted", **part} for part in parts],
        "uncertainty": {"draws": 1_000, "seed": 3}, **top,
    }  # fmt: skip
    return index_of(whole)


@pytest.fixture
def joined() -> Callable[..., Joined]:
    return indicator


@pytest.fixture
def defined() -> Callable[..., object]:
    return definition
