"""Families of maps without any kind of place in them, drawn on real areas: thousands at once from one factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.covariance import Candidate, structure_of

if TYPE_CHECKING:
    from analysis.covariance import Places

Floats = np.ndarray[Any, np.dtype[np.float64]]

FAMILIES = (
    "independent",
    "sar:0.5",
    "sar:0.9",
    "exponential:50",
    "exponential:150",
    "exponential:400",
    "matern:25",
    "matern:100",
    "lognormal:150:0.5",
    "lognormal:150:1",
)
"""``name:parameter``: strength on the graph, or range in kilometres; lognormal maps also have a standard deviation of their logs
(of 0.5 they are as skewed as pay, of 1 more than any outcome we know). Any other parameter can be asked for.
"""

OTHERS = ("regions", "density")
"""Maps that no candidate describes: steps between regions, and a variance that follows density."""


def drawn(
    family: str, places: Places, maps: int, generator: np.random.Generator, *, of: Floats | None = None
) -> Floats:
    """Draw maps, each with a standard deviation of about 1: shape (n, maps).

    Parameters
    ----------
    family : ``FAMILIES``, or such a name with another parameter; of ``OTHERS``, those for which ``of`` is given: shape (n,),
        the number of each area's region, or its density.
    """
    name, _, parameter = family.partition(":")
    white = generator.standard_normal((len(places), maps))
    if name == "independent":
        return white
    if name == "sar":
        return structure_of(Candidate("autoregressive", rho=float(parameter)), places).colour(white)
    if name in ("exponential", "matern"):
        candidate = Candidate(name, range_m=1000 * float(parameter), share=1e-6)  # type: ignore[arg-type]
        return structure_of(candidate, places).colour(white)
    if name == "lognormal":
        reach, _, spread = parameter.partition(":")
        return np.exp(float(spread or 1) * drawn(f"exponential:{reach}", places, maps, generator))
    if of is None:
        raise ValueError(f"{family} needs to know of each area its region or density")
    if name == "regions":
        steps = generator.standard_normal((int(of.max()) + 1, maps))
        return np.asarray(steps[of.astype(int)] + 0.5 * white)
    scaled = np.log(of)
    return np.asarray(white * np.exp(0.5 * (scaled - scaled.mean()) / scaled.std())[:, None])


def covariance(family: str, places: Places, *, of: Floats | None = None) -> Floats | None:
    """Return the covariance that maps of a family are drawn with, shape (n, n); None where they are not Gaussian.

    Parameters
    ----------
    family, places, of : as of ``drawn``.
    """
    name, _, parameter = family.partition(":")
    if name == "independent":
        return np.eye(len(places))
    if name == "sar":
        return structure_of(Candidate("autoregressive", rho=float(parameter)), places).covariance()
    if name in ("exponential", "matern"):
        candidate = Candidate(name, range_m=1000 * float(parameter), share=1e-6)  # type: ignore[arg-type]
        return structure_of(candidate, places).covariance()
    if of is None:
        return None
    if name == "regions":
        return np.asarray((of[:, None] == of[None, :]) + 0.25 * np.eye(len(of)))
    scaled = np.log(of)
    return np.diag(np.exp((scaled - scaled.mean()) / scaled.std()))
