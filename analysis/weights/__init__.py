"""Who is whose neighbour: graphs, sea links, isolates, and an audit of all three.

Promises an immutable graph in compressed rows, built by a named policy from boundaries, points, files or a
``libpysal.graph.Graph``, and says what it looks like. Does not standardise rows: each statistic states what it does.
"""

from analysis.weights.builders import distance_band, from_edges, from_graph, higher_order, is_graph, knn, queen, rook
from analysis.weights.graph import Audit, Weights
from analysis.weights.link_files import from_file, from_gal
from analysis.weights.policies import W1, W2, W3, audit_lines, build_weights
from analysis.weights.sea_links import SeaLink

__all__ = [
    "W1",
    "W2",
    "W3",
    "Audit",
    "SeaLink",
    "Weights",
    "audit_lines",
    "build_weights",
    "distance_band",
    "from_edges",
    "from_file",
    "from_gal",
    "from_graph",
    "higher_order",
    "is_graph",
    "knn",
    "queen",
    "rook",
]
