"""What the Open Geography Portal publishes, as data: one entry a release, one file a geography.

To contribute a release is to add an entry: its date, extent, count and the names under which it was seen. Names drift
(``_V2``, ``_2022``, ``GCB`` for ``BGC``), so an entry is found by a pattern and confirmed by its fields and its count.
"""

from boundaries.catalogue.entries import RESOLUTIONS, Catalogue, LayerEntry, LookupEntry, load_catalogue

__all__ = ["RESOLUTIONS", "Catalogue", "LayerEntry", "LookupEntry", "load_catalogue"]
