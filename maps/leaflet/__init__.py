"""Interactive maps: one file that needs no network, and a folium map for those who live in notebooks."""

from maps.leaflet.notebook import to_folium
from maps.leaflet.page import write_page
from maps.leaflet.shapes import page_shapes

__all__ = ["page_shapes", "to_folium", "write_page"]
