"""Official boundaries and lookups of the Open Geography Portal, checked and kept.

Promises that a layer in the cache is the release it says it is: found by pattern, confirmed by fields, counted, unique, with the
codes the register holds for that date, polygons, in the coordinates it declares; written whole or not at all, with its hash and
the lines its licence asks for. Repairs no geometry.
"""

from boundaries.official.layers import CachedLayer, cached_layer, cached_layers, fetch_layer
from boundaries.official.lookups import CachedLookup, cached_lookups, fetch_lookup
from boundaries.official.service import BASE_URL

__all__ = [
    "BASE_URL",
    "CachedLayer",
    "CachedLookup",
    "cached_layer",
    "cached_layers",
    "cached_lookups",
    "fetch_layer",
    "fetch_lookup",
]
