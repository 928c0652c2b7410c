"""A folium map of one spec, for analysts in notebooks (it loads its libraries from the network; our pages do not)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.crs import WGS84
from maps.look.texture import UNFAVOURABLE

if TYPE_CHECKING:
    import folium

    from boundaries.areas.boundary_set import BoundarySet
    from maps.spec import MapSpec


def to_folium(spec: MapSpec, boundaries: BoundarySet) -> folium.Map:
    """Draw one spec with folium: the same classes and colours, a tooltip, and the legend as the layer's name.

    Parameters
    ----------
    spec : the map.
    boundaries : the areas it draws; those it leaves out are grey.

    Notes
    -----
    Hatches are shown as a dashed border, fine lines not at all: folium has no pattern fills. For publication use ``write_page``.
    """
    import folium  # noqa: PLC0415  # half a second that pages and packs need not wait for

    classes = {entry.key: entry for entry in spec.classes}
    frame = boundaries.frame[["code", "name", "geometry"]].to_crs(WGS84)
    keys = frame["code"].map(dict(spec.assignment))
    layer = frame.assign(
        label=[classes[key].label if key in classes else "outside this map" for key in keys],
        value=[spec.values.get(code, "") for code in frame["code"]],
        colour=[classes[key].colour if key in classes else "#e4e4df" for key in keys],
        dash=["4 3" if key in classes and classes[key].hatch not in {"", UNFAVOURABLE} else "" for key in keys],
    )

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        properties = feature["properties"]
        return {
            "fillColor": properties["colour"],
            "fillOpacity": 1.0,
            "color": "#4a4a46",
            "weight": 0.6,
            "dashArray": properties["dash"],
        }

    drawn = folium.Map(tiles=None, control_scale=True, prefer_canvas=True)
    folium.GeoJson(
        layer,
        name=spec.title,
        style_function=style,
        tooltip=folium.GeoJsonTooltip(fields=["name", "value", "label"], aliases=["", "", ""], labels=False),
    ).add_to(drawn)
    west, south, east, north = frame.total_bounds
    drawn.fit_bounds([[south, west], [north, east]])
    return drawn
