"""Kinds of map: from numbers to a ``MapSpec`` whose every sentence is made from those numbers. Draws nothing."""

from maps.kinds.choropleth import spec_choropleth
from maps.kinds.classes import spec_classes
from maps.kinds.clusters import spec_clusters
from maps.kinds.robustness import spec_robustness
from maps.kinds.types import spec_typology

__all__ = ["spec_choropleth", "spec_classes", "spec_clusters", "spec_robustness", "spec_typology"]
