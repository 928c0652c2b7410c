"""The candidates: independent, exponential or Matérn in distance with an independent share, autoregressive on the neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

Family = Literal["independent", "exponential", "matern", "autoregressive"]

DISTANCE_FAMILIES = ("exponential", "matern")
"""Families whose correlation falls with distance."""

SHORTEST_M = 10_000.0
"""The shortest range: below it districts of these islands are as good as independent."""

LONGEST_M = 1_280_000.0
"""The longest range: beyond it the likelihood is a ridge, and the islands end."""

LADDER = 4
"""Fewer ranges than this do not tell a map's smoothness: of a small map the ladder descends from half its width."""

SHARES = (0.02, 0.1, 0.25, 0.5, 0.75)
"""Independent shares of the variance beside *independent* itself, whose share is 1 at every range and which counts once."""

SMOOTH_SHARES = (1e-5, 1e-4, 1e-3, 0.02)
"""Independent shares of the Matérn candidates. They stand for maps smoother than any exponential one, whose gaps the other
candidates call 9 times in 100 where nothing is (short ranges), or never (long ones). On so smooth a map the share is all that two
neighbours differ by, so that it has to be about right; on a map with more noise of its own the exponential ones do as well.
"""

RHOS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
"""Strength of the autoregressive candidates; 0 is *independent*."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way in which values of places may go together.

    Parameters
    ----------
    family : which.
    range_m : exponential: the distance over which the correlation falls to 1/e, in the unit of the coordinates (metres);
        Matérn: the scale of the distance.
    share : of both: independent share of the variance, above 0 and below 1. The correlation of two places at distance d
        is (1 − share)·exp(−d / range), of the Matérn family (smoothness 3/2) (1 − share)·(1 + d / range)·exp(−d / range).
    rho : autoregressive: strength on the row-standardised graph; the covariance is proportional to
        ((I − ρW)ᵀ(I − ρW))⁻¹.

    Raises
    ------
    StatisticsError
        A parameter out of its range, or given to a family that has none.
    """

    family: Family = "independent"
    range_m: float = 0.0
    share: float = 1.0
    rho: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no covariance."""
        faults = []
        if self.family in DISTANCE_FAMILIES:
            if not self.range_m > 0:
                faults.append(f"a range of {self.range_m!r}: give a distance above 0")
            if not 0 < self.share < 1:
                faults.append(f"an independent share of {self.share!r}: give one between 0 and 1")
        elif self.range_m or self.share != 1:
            faults.append(f"range {self.range_m!r} and share {self.share!r}: only a candidate in distance has them")
        if self.family == "autoregressive":
            if not 0 < self.rho < 1:
                faults.append(f"rho {self.rho!r}: give one between 0 and 1")
        elif self.rho:
            faults.append(f"rho {self.rho!r}: only an autoregressive candidate has one")
        if faults:
            raise StatisticsError(f"no {self.family} covariance can be made so", faults)

    def to_dict(self) -> dict[str, str | float]:
        """Return the candidate as JSON-able data."""
        return {"family": self.family, "range_m": self.range_m, "share": self.share, "rho": self.rho}


INDEPENDENT = Candidate()
"""Values of places that know nothing of each other."""


def ranges_within(widest_m: float) -> tuple[float, ...]:
    """Return the ranges worth trying on a map: 10 to 1,280 km, doubling, at most half the widest distance.

    Parameters
    ----------
    widest_m : the largest distance between two places.

    Notes
    -----
    Where that leaves fewer than four (a city, a lattice of a textbook), the ladder descends from half the widest distance by
    halves instead, six steps.

    Raises
    ------
    StatisticsError
        All places lie in one point.

    Examples
    --------
    >>> ranges_within(200_000.0)
    (10000.0, 20000.0, 40000.0, 80000.0)
    >>> ranges_within(64.0)
    (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
    """
    if not widest_m > 0:
        raise StatisticsError("places that all lie in one point have no distances", ["give each place its own centre"])
    bound = min(LONGEST_M, widest_m / 2)
    ladder = []
    step = SHORTEST_M
    while step <= bound:
        ladder.append(step)
        step *= 2
    if len(ladder) >= LADDER:
        return tuple(ladder)
    return tuple(bound / 2.0**halvings for halvings in range(5, -1, -1))


def exponential_candidates(widest_m: float, *, shares: Sequence[float] = SHARES) -> tuple[Candidate, ...]:
    """Return *independent* and the exponential candidates of a map, each once.

    Parameters
    ----------
    widest_m : the largest distance between two places. shares : independent shares to be tried at every range.
    """
    near = (
        Candidate("exponential", range_m=reach, share=share) for reach in ranges_within(widest_m) for share in shares
    )
    return (INDEPENDENT, *near)


def matern_candidates(widest_m: float, *, shares: Sequence[float] = SMOOTH_SHARES) -> tuple[Candidate, ...]:
    """Return the Matérn candidates of a map, for maps that are smoother than any exponential one.

    Parameters
    ----------
    widest_m : the largest distance between two places. shares : independent shares to be tried at every range.
    """
    return tuple(
        Candidate("matern", range_m=reach, share=share) for reach in ranges_within(widest_m) for share in shares
    )


def autoregressive_candidates(*, rhos: Sequence[float] = RHOS) -> tuple[Candidate, ...]:
    """Return the simultaneous autoregressive candidates, without *independent*."""
    return tuple(Candidate("autoregressive", rho=rho) for rho in rhos)
