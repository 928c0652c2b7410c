"""How a test is made: draws, seed, side, correction, level; one object behind the keywords of every statistic."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - the keywords are read at run time
from dataclasses import dataclass
from typing import Any, Literal, Required, TypedDict, get_args

import numpy as np

from analysis.significance.corrections import CORRECTIONS, DEFAULT_PERMUTATIONS, Correction, permutations_chosen
from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[Any]]

Alternative = Literal["two-sided", "greater", "less"]
"""Which departures count: both, or only a statistic above (below) what chance gives."""

Method = Literal["permutation", "saddlepoint", "normal"]
"""Where p comes from: draws (the default); the saddlepoint approximation of their limit; the normal curve."""

ALTERNATIVES: tuple[str, ...] = get_args(Alternative)
METHODS: tuple[str, ...] = get_args(Method)


class Options(TypedDict, total=False):
    """Keywords that every statistic takes; ``Inference`` says what they mean and which are the defaults."""

    seed: Required[int]
    permutations: int | Literal["auto"] | None
    alternative: Alternative
    correction: Correction
    alpha: float
    workers: int
    method: Method
    progress: Callable[[int, int], None] | None


@dataclass(frozen=True, slots=True)
class Inference:
    """How a test is made.

    Parameters
    ----------
    seed : of the draws, zero or more.
    permutations : draws; "auto" (or None) is 99,999, and more where the correction needs more, up to 999,999.
    alternative : which departures count.
    correction, alpha : how p is adjusted for testing every area, and the level. Global statistics are one test and ignore both.
    workers : threads; the answer does not depend on them.
    method : where p comes from.
    progress : called with (draws done, draws in all) as they are made, for a bar on a terminal.

    Raises
    ------
    StatisticsError
        A choice that is unknown or out of range; every fault at once.
    """

    seed: int
    permutations: int | Literal["auto"] | None = "auto"
    alternative: Alternative = "two-sided"
    correction: Correction = "fdr_bh"
    alpha: float = 0.05
    workers: int = 1
    method: Method = "permutation"
    progress: Callable[[int, int], None] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        faults = [
            f"{what} {given!r} is not known: choose one of {', '.join(allowed)}"
            for what, given, allowed in (
                ("alternative", self.alternative, ALTERNATIVES),
                ("correction", self.correction, CORRECTIONS),
                ("method", self.method, METHODS),
            )
            if given not in allowed
        ]
        if not 0 < self.alpha < 1:
            faults.append(f"alpha {self.alpha!r} is not a level: give a number between 0 and 1, such as 0.05")
        if self.seed < 0:
            faults.append(f"seed {self.seed} is below zero")
        if self.workers < 1:
            faults.append(f"{self.workers} workers do no work")
        if self.permutations not in ("auto", None) and int(self.permutations) < 1:
            faults.append(f"{self.permutations} permutations test nothing")
        if faults:
            raise StatisticsError("a test cannot be made so", faults)

    @property
    def tails(self) -> int:
        """How many sides count."""
        return 2 if self.alternative == "two-sided" else 1

    def draws(self, m: int) -> int:
        """Return the permutations made over ``m`` areas; 0 where p does not come from draws.

        Raises
        ------
        StatisticsError
            Too few were asked for under the correction.
        """
        if self.method != "permutation":
            return 0
        return permutations_chosen(
            self.permutations, m=m, alpha=self.alpha, correction=self.correction, tails=self.tails
        )

    def global_draws(self) -> int:
        """Return the shuffles made for a global statistic, which is one test; 0 where p does not come from draws."""
        if self.method != "permutation":
            return 0
        return DEFAULT_PERMUTATIONS if self.permutations in ("auto", None) else int(self.permutations)

    def recorded(self) -> dict[str, Any]:
        """Return what a result records of the test; workers are left out, since the answer does not depend on them."""
        return {
            "seed": self.seed,
            "alternative": self.alternative,
            "correction": self.correction,
            "alpha": self.alpha,
            "method": self.method,
        }


def p_values(upper: Counts, lower: Counts, permutations: int, alternative: Alternative = "two-sided") -> Floats:
    """Turn counts of draws at least as high and at least as low into p-values.

    Notes
    -----
    ``(count + 1) / (P + 1)`` a side, since what was observed is one of the arrangements; two-sided is twice the smaller side
    and at most 1.
    """
    above = (upper + 1) / (permutations + 1)
    below = (lower + 1) / (permutations + 1)
    if alternative == "greater":
        return np.asarray(above, dtype=np.float64)
    if alternative == "less":
        return np.asarray(below, dtype=np.float64)
    return np.minimum(1.0, 2.0 * np.minimum(above, below))
