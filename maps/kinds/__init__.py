"""Kinds of map: from numbers to a ``MapSpec`` whose every sentence is made from those numbers. Draws nothing."""

from maps.kinds.choropleth import spec_choropleth
from maps.kinds.classes import spec_classes
from maps.kinds.clusters import spec_clusters
from maps.kinds.doubt import spec_interval_width, spec_uncertainty
from maps.kinds.marks import spec_symbols
from maps.kinds.pairs import spec_bivariate, spec_change
from maps.kinds.robustness import spec_robustness
from maps.kinds.series import spec_multiples
from maps.kinds.types import spec_typology

__all__ = [
    "spec_bivariate",
    "spec_change",
    "spec_choropleth",
    "spec_classes",
    "spec_clusters",
    "spec_interval_width",
    "spec_multiples",
    "spec_robustness",
    "spec_symbols",
    "spec_typology",
    "spec_uncertainty",
]
