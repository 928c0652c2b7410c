"""How alike are places that lie near each other? Candidates of covariance, fitted by restricted likelihood and averaged.

Promises the likelihood, coefficients and variances that generalised least squares has under each candidate, exactly, with or
without known errors, and their average weighted by restricted likelihood. Prints no range as a finding: along a ridge of the
likelihood the range runs away while what is asked for stays; it is bounded, averaged over, and no more.
"""

from analysis.covariance.averaging import Averaged, averaged, model_weights
from analysis.covariance.candidates import (
    INDEPENDENT,
    Candidate,
    autoregressive_candidates,
    exponential_candidates,
    matern_candidates,
    ranges_within,
)
from analysis.covariance.fitting import Fit, fit
from analysis.covariance.known import KnownErrors, Profile, fit_known, profile, with_known_errors
from analysis.covariance.structures import Places, Structure, places_of, structure_of

__all__ = [
    "INDEPENDENT",
    "Averaged",
    "Candidate",
    "Fit",
    "KnownErrors",
    "Places",
    "Profile",
    "Structure",
    "autoregressive_candidates",
    "averaged",
    "exponential_candidates",
    "fit",
    "fit_known",
    "matern_candidates",
    "model_weights",
    "places_of",
    "profile",
    "ranges_within",
    "structure_of",
    "with_known_errors",
]
