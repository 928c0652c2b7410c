"""Kinds of map: from numbers to a ``MapSpec`` whose every sentence is made from those numbers. Draws nothing."""

from maps.kinds.bivariate import spec_bivariate, spec_change
from maps.kinds.choropleth import spec_choropleth
from maps.kinds.clusters import spec_clusters
from maps.kinds.lisa import spec_classes
from maps.kinds.multiples import spec_multiples
from maps.kinds.robustness import spec_robustness
from maps.kinds.symbols import spec_symbols
from maps.kinds.typology import spec_typology
from maps.kinds.uncertainty import spec_interval_width, spec_uncertainty

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
