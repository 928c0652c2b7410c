"""Interactive maps: one file that needs no network, and a folium map for those who live in notebooks."""

from maps.leaflet.notebook import to_folium
from maps.leaflet.page import write_page

__all__ = ["to_folium", "write_page"]
