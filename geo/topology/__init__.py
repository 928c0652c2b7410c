"""Coverages as shared arcs: every border stored once, so that shapes stay matched when they are simplified, and neighbours are counted, not guessed.

``arcs`` holds a coverage as arcs on an integer grid, ``topojson`` reads and writes it,
``contiguity`` finds neighbours by shared vertices. Nothing here knows a place, and nothing repairs geometry.
"""

from geo.topology.arcs import Topology, geometries_of, topology_of
from geo.topology.contiguity import contiguity_links, disagreements, shared_vertex_links
from geo.topology.topojson import decode, encode, topology_from

__all__ = [
    "Topology",
    "contiguity_links",
    "decode",
    "disagreements",
    "encode",
    "geometries_of",
    "shared_vertex_links",
    "topology_from",
    "topology_of",
]
