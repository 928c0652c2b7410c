"""Kinds of measure, and the qualities a value can have after a join."""

from __future__ import annotations

from typing import Literal, get_args

Measure = Literal["count", "rate", "mean", "median", "index", "category"]
"""What a value is; decides how it may be converted between boundary vintages."""

Favourable = Literal["high", "low", "none"]
"""Which end of the outcome is good."""

PlaceBasis = Literal["lives in", "grew up in", "works in"]
"""Whose place the value describes."""

Base = Literal["fixed", "relative", ""]
"""Whether one scale holds for all periods of an outcome, or each has its own; empty when not stated."""

Status = Literal["ok", "unavailable", "unreliable", "confidential", "not_applicable", "not_covered"]
"""Why a cell has, or has not, a value."""

Quality = Literal["exact", "carried", "approximate", "modelled", "inherited", "partial", "missing"]
"""How a value reached its area."""

RANK = "rank"
"""Unit of an index that is the place of an area among the others, 1 first."""

MEASURES: tuple[str, ...] = get_args(Measure)
STATUSES: tuple[str, ...] = get_args(Status)
QUALITIES: tuple[str, ...] = get_args(Quality)


def is_rank(measure: str, unit: str) -> bool:
    """Say whether values are ranks: an index whose unit is "rank". A rank holds for one set of areas only."""
    return measure == "index" and unit.strip().lower() == RANK
