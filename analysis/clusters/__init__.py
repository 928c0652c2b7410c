"""Contiguous groups of areas whose values gather in the same direction, with a name and a profile of each.

What is promised: every significant area is in exactly one group; two areas or more that touch are a cluster, one
by itself is a single area and is not counted among the clusters; the same areas always bear the same name, in
titles, tables, pages and packs. What is not: a p-value of a group as a whole.
"""

from analysis.clusters.grouping import (
    CLASSES,
    Cluster,
    Direction,
    TypeShare,
    clusters_frame,
    find_clusters,
    single_areas,
    true_clusters,
)
from analysis.clusters.naming import cluster_name

__all__ = [
    "CLASSES",
    "Cluster",
    "Direction",
    "TypeShare",
    "cluster_name",
    "clusters_frame",
    "find_clusters",
    "single_areas",
    "true_clusters",
]
