"""Scales on which the error of an estimate is about normal: as published, logarithms, log odds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from scipy.special import expit, logit

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

ScaleName = Literal["value", "log", "logit"]
"""As published; for amounts above zero; for shares of a whole."""

SCALE_NAMES: tuple[str, ...] = get_args(ScaleName)

WHOLES = {"%": 100.0, "per 1,000": 1e3, "per 10,000": 1e4, "per 100,000": 1e5}
"""What a share is out of, by unit."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale and the whole that a share is part of.

    Parameters
    ----------
    name : ``"value"``, ``"log"`` or ``"logit"``. whole : what shares are out of (100 for per cents); logit only.
    """

    name: ScaleName = "value"
    whole: float = 1.0

    def forward(self, x: Floats) -> Floats:
        """Return values on the scale; NaN where it cannot hold them."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.name == "log":
                moved = np.log(x)
            elif self.name == "logit":
                moved = logit(x / self.whole)
            else:
                moved = np.asarray(x, dtype=np.float64)
        return np.asarray(np.where(np.isfinite(moved), moved, np.nan))

    def backward(self, x: Floats) -> Floats:
        """Return values on the outcome's own scale."""
        if self.name == "log":
            return np.asarray(np.exp(x))
        if self.name == "logit":
            return np.asarray(self.whole * expit(x))
        return x

    def slope(self, x: Floats) -> Floats:
        """Return the derivative of ``forward``: what a small error is multiplied by."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.name == "log":
                return np.asarray(1 / x)
            if self.name == "logit":
                return np.asarray(self.whole / (x * (self.whole - x)))
        return np.ones_like(x)

    def holds(self, x: Floats) -> Flags:
        """Whether the scale can hold each value; a missing one it can."""
        if self.name == "log":
            return np.asarray((x > 0) | np.isnan(x))
        if self.name == "logit":
            return np.asarray(((x > 0) & (x < self.whole)) | np.isnan(x))
        return np.ones(x.shape, dtype=np.bool_)
