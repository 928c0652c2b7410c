"""What esda holds that cannot be asked for by name, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_POINTS = "it groups points, and a boundary set has areas"
_LABELS = "it judges a division of areas into groups that was made elsewhere: give clusters of your own to esda itself"
_OVERLAY = "it compares two maps of areas by overlay, not an outcome with its neighbours"
_OLD = "esda calls it obsolete"

REFUSED: Mapping[str, str] = {
    "ADBSCAN": _POINTS,
    "Age_Adjusted_Smoother": "it needs counts and denominators by age group: a table has one figure an area",
    "Headbanging_Median_Rate": "it needs triples of points chosen beforehand",
    "Headbanging_Triples": "it chooses triples of points, and says nothing of an outcome",
    "Kernel_Smoother": "it needs kernel weights by distance, not neighbours",
    "Moran_BV_matrix": "ask for esda:Moran_BV of each pair, or for local-moran-many",
    "Smaup": "it looks up critical values for a number of groups and a spatial correlation that are known beforehand",
    "Spatial_Filtering": "it smooths points on a grid, not areas",
    "areal_entropy": _OVERLAY,
    "boundary_silhouette": _LABELS,
    "completeness": _OVERLAY,
    "correlogram": "ask for our correlogram, which counts steps between neighbours",
    "external_entropy": _OVERLAY,
    "fdr": "the correction is chosen for every statistic at once: fdr_bh",
    "homogeneity": _OVERLAY,
    "isolation": "it needs coordinates of peaks, not neighbours",
    "overlay_entropy": _OVERLAY,
    "path_silhouette": _LABELS,
    "plot_moran_facet": "it draws",
    "prominence": "it is of terrain: most areas, being neither peaks nor saddles, would have no number",
}
"""Public names of esda and ``esda.smoothing`` that no statistic here calls, and why."""

REFUSED_SHAPES: Mapping[str, str] = {
    "form_factor": "it needs heights of buildings",
    "get_angles": "it gives an angle a corner, not a number an area",
    "moa_ratio": _OLD,
    "moment_of_inertia_global": "it gives one number for all areas together",
    "moment_of_inertia_regions": "it is of groups of areas; ask for moment_of_inertia",
    "second_areal_moment": _OLD,
    "second_moment_of_area": "it is moment_of_inertia by another name",
}
"""Public functions of ``esda.shape`` that no covariate here calls, and why."""
