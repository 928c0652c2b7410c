"""Rival accounts of the same changes: most areas moved exactly together, and only a few, or a fifth, did something else.

A spread of normal changes and a share of areas that fell alike look the same where errors are as large as the changes. The first
account then makes an area that was merely unlucky seem to have fallen; the second does not. Whoever is named, is named by both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.change.shrinking import Posterior, posterior_of, prior_of, restricted

if TYPE_CHECKING:
    from analysis.change.shrinking import Prior

Floats = np.ndarray[Any, np.dtype[np.float64]]

SHARES: Final = (0.03, 0.07, 0.12, 0.2, 0.3)
"""Shares of areas that may have done something else; the rest, a majority, moved exactly together."""
REACHES: Final = (1.0, 1.5, 2.25, 3.25)
"""How far those lie off the rest where they moved alike, in typical errors."""
WIDTHS: Final = (1.0, 2.0, 4.0, 8.0)
"""How far apart those lie where they went either way, in typical errors."""
_NO_DOUBT: Final = 1e-12
"""Variance of a centre that is known; no number is divided by it alone."""
RULED_OUT: Final = 3.0
"""Log-likelihood below the best account from which one is ruled out: twenty to one."""


def cautious_posterior_of(figures: Floats, errors: Floats) -> Posterior:
    """Fit the area-level model, and set beside it the rivals that the figures do not rule out.

    Parameters
    ----------
    figures, errors : as of ``posterior_of``.

    Raises
    ------
    StatisticsError
        As ``posterior_of``.

    Notes
    -----
    Three rivals are tried: in each the near part of the mixture has no spread; the far part lies below the centre, above it, or on
    both sides. Each is averaged by its restricted likelihood over shares and distances. A rival stays where its best
    restricted likelihood is within twenty to one of the best of all. With 350 areas, a fifth of which fell by 1.3 errors, the model alone
    expected 0.5 false flags and made 1.8.

    References
    ----------
    Berger (1985), Statistical Decision Theory, section 4.7 (robust Bayes); Efron (2004), doi:10.1198/016214504000000089 (most do not move).
    """
    base = posterior_of(figures, errors)
    d, s = base.figures, base.errors
    priors = [_sparse(d, s, [(0.0, side * reach) for reach in REACHES]) for side in (-1.0, 1.0)] + [
        _sparse(d, s, [(width, 0.0) for width in WIDTHS])
    ]
    least = max(base.prior.support, *(prior.support for prior in priors)) - RULED_OUT
    return replace(base, rivals=tuple(Posterior(prior, d, s) for prior in priors if prior.support > least))


def sceptical_posterior_of(figures: Floats, errors: Floats) -> Posterior:
    """Return the same with two further rivals: that all areas moved exactly together, and that none moved at all.

    Parameters
    ----------
    figures, errors : as of ``posterior_of``.

    Raises
    ------
    StatisticsError
        As ``posterior_of``.

    Notes
    -----
    For the worst that a list made under other errors can hold. Fitted alone, the model keeps some doubt that nothing happened: of 24
    areas named because a correlation was stated that there is not, it expected 20.8 to be false where all 24 were.
    """
    found = cautious_posterior_of(figures, errors)
    d, s = found.figures, found.errors
    likely, centre, doubt = restricted(d, s, np.zeros(1), 0.0, 0.0)
    alike = (np.array([[1.0, 0.0]]), np.zeros((1, 2)), np.zeros((1, 2)))
    together = prior_of(likely, likely, centre, doubt, *alike)
    # the same likelihood at a common mean of 0, set against its best one
    nothing = likely - centre**2 / (2 * doubt)
    unmoved = prior_of(nothing, nothing, np.zeros(1), np.full(1, _NO_DOUBT), *alike)
    least = max(one.prior.support for one in (found, *found.rivals)) - RULED_OUT
    kept = tuple(Posterior(prior, d, s) for prior in (together, unmoved) if prior.support > least)
    return replace(found, rivals=(*found.rivals, *kept))


def _sparse(d: Floats, s: Floats, fars: list[tuple[float, float]]) -> Prior:
    """Return the prior under which all but a share of the areas moved exactly together.

    Parameters
    ----------
    fars : spread and shift of the others, in typical errors; every pair with every share is as likely beforehand.
    """
    typical = float(np.median(s))
    found = []
    for share in SHARES:
        for width, shift in fars:
            likely, centre, doubt = restricted(d, s, np.zeros(1), share, width * typical, shift * typical)
            parts = ([1 - share, share], [0.0, width * typical], [0.0, shift * typical])
            found.append((likely, likely, centre, doubt, *(np.array([part]) for part in parts)))
    return prior_of(*(np.concatenate(column) for column in zip(*found, strict=True)))
