"""Kinds of map: from numbers to a ``MapSpec`` whose every sentence is made from those numbers. Draws nothing.

``maps.kinds.table`` lists them all; a package of its own adds one by the entry point ``placeatlas.kinds``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.lazy import lazily

if TYPE_CHECKING:
    from maps.kinds.bivariate import spec_bivariate
    from maps.kinds.change import spec_change
    from maps.kinds.choropleth import spec_choropleth
    from maps.kinds.cluster_types import spec_cluster_types
    from maps.kinds.entry import Kind
    from maps.kinds.hex import spec_hex
    from maps.kinds.labels import spec_clusters
    from maps.kinds.lisa import spec_classes
    from maps.kinds.multiples import spec_multiples
    from maps.kinds.robustness import spec_robustness
    from maps.kinds.subject import Subject
    from maps.kinds.symbols import spec_symbols
    from maps.kinds.table import kind_named, kind_names
    from maps.kinds.typology import spec_typology
    from maps.kinds.uncertainty import spec_interval_width, spec_uncertainty

__all__ = [
    "Kind",
    "Subject",
    "kind_named",
    "kind_names",
    "spec_bivariate",
    "spec_change",
    "spec_choropleth",
    "spec_classes",
    "spec_cluster_types",
    "spec_clusters",
    "spec_hex",
    "spec_interval_width",
    "spec_multiples",
    "spec_robustness",
    "spec_symbols",
    "spec_typology",
    "spec_uncertainty",
]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "maps.kinds.bivariate": ("spec_bivariate",),
        "maps.kinds.change": ("spec_change",),
        "maps.kinds.choropleth": ("spec_choropleth",),
        "maps.kinds.cluster_types": ("spec_cluster_types",),
        "maps.kinds.labels": ("spec_clusters",),
        "maps.kinds.entry": ("Kind",),
        "maps.kinds.hex": ("spec_hex",),
        "maps.kinds.lisa": ("spec_classes",),
        "maps.kinds.multiples": ("spec_multiples",),
        "maps.kinds.robustness": ("spec_robustness",),
        "maps.kinds.subject": ("Subject",),
        "maps.kinds.symbols": ("spec_symbols",),
        "maps.kinds.table": ("kind_named", "kind_names"),
        "maps.kinds.typology": ("spec_typology",),
        "maps.kinds.uncertainty": ("spec_interval_width", "spec_uncertainty"),
    },
)
