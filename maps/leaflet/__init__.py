"""Interactive maps: one file that needs no network, and (``maps.leaflet.notebook``) a folium map for those who live in notebooks."""

from maps.leaflet.figures import Benchmark, Figures, RegionScale
from maps.leaflet.outcomes import PageOutcome
from maps.leaflet.page import write_atlas_page, write_page
from maps.leaflet.places import PageGround
from maps.leaflet.shapes import page_shapes

__all__ = [
    "Benchmark",
    "Figures",
    "PageGround",
    "PageOutcome",
    "RegionScale",
    "page_shapes",
    "write_atlas_page",
    "write_page",
]
