"""Interactive maps: one file that needs no network, and (``maps.leaflet.notebook``) a folium map for those who live in notebooks."""

from maps.leaflet.page import write_page
from maps.leaflet.shapes import page_shapes

__all__ = ["page_shapes", "write_page"]
