"""A folium map of one spec, to which an analyst adds layers; Leaflet stands inside it, so that it opens without a network."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import shapely
from branca.element import Element
from folium import Figure, GeoJson, GeoJsonTooltip, Map

from geo.crs import UK_EQUAL_AREA, WGS84
from maps.feet import foot_of
from maps.leaflet.inlined import leaflet_files, leaflet_picture
from maps.leaflet.shapes import TOLERANCES_M
from maps.look.texture import UNFAVOURABLE
from maps.words import say

if TYPE_CHECKING:
    from boundaries.areas.boundary_set import BoundarySet
    from maps.spec import LegendClass, MapSpec

CONTEXT = "#e4e4df"
"""Fill of areas that the map leaves out."""

VERTICES = 250_000
"""Shapes with more vertices are generalised for a notebook: a page of 20 MB stands still in it."""

_SHIM = """
window.$ = window.$ || function (what) {
  if (what === document) { return {ready: function (then) { then(); }}; }
  var box = document.createElement('template'); box.innerHTML = String(what).trim();
  return box.content.children;
};
"""
"""What folium asks of jQuery: to make an element of a text, and to be told when the page is there."""

_STYLE = """
.pa-legend { background: #fff; color: #222; padding: 8px 10px; max-width: 22em; line-height: 1.35; font: 13px/1.35 system-ui, sans-serif;
  border: 1px solid #8a8a84; max-height: 70vh; overflow: auto; } .leaflet-container { background: #edf1f3; }
.pa-legend h2 { font-size: 14px; margin: 0 0 2px; } .pa-legend p { margin: 2px 0; }
.pa-legend ul { list-style: none; margin: 6px 0; padding: 0; } .pa-legend li { display: flex; gap: 7px; margin: 2px 0; }
.pa-legend i { flex: none; width: 18px; height: 13px; border: 1px solid #4a4a46; margin-top: 2px; }
.pa-legend small { color: #555; }
"""


class OfflineMap(Map):
    """A folium map whose own scripts and styles stand inside the page; what plug-ins of folium need they load themselves."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # folium's own form
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def render(self, **kwargs: Any) -> Any:
        """Put Leaflet into the head of the page, once, and render the map."""
        _page(self).header.add_child(_raw(_head()), name="leaflet")
        return super().render(**kwargs)  # type: ignore[no-untyped-call]  # folium leaves it so


def to_folium(spec: MapSpec, boundaries: BoundarySet) -> OfflineMap:
    """Draw one spec with folium: its classes and colours, a legend, and a tooltip for every area.

    Parameters
    ----------
    spec : the map. boundaries : the areas it draws; those it leaves out are grey.

    Returns
    -------
    OfflineMap
        A ``folium.Map`` without a background of tiles. ``folium.TileLayer`` adds one, which then asks its host.

    Notes
    -----
    Hatches are shown as a dashed border, fine lines not at all: Leaflet has no patterns. Shapes of many points are generalised, shared
    borders with them. For publication use a page (``build``) or a picture (``draw``).
    """
    classes = spec.legend_classes()
    frame = boundaries.frame
    keys = [spec.assignment.get(code) for code in frame["code"]]
    chosen = [classes.get(key) if key is not None else None for key in keys]
    layer = gpd.GeoDataFrame(
        {
            # Leaflet sets tooltips as HTML, and a name may hold what HTML takes for its own.
            "name": [escape(str(name)) for name in frame["name"]],
            "code": [escape(str(code)) for code in frame["code"]],
            # The text of an area says its class where the map is of classes; one without a text has the class alone.
            "value": [
                escape(spec.values.get(code, "") or (entry.label if entry else say("script.outside")))
                for code, entry in zip(frame["code"], chosen, strict=True)
            ],
            "colour": [entry.colour if entry else CONTEXT for entry in chosen],
            "dash": ["4 3" if entry and entry.hatch not in {"", UNFAVOURABLE} else "" for entry in chosen],
        },
        geometry=_generalised(frame.geometry),
        crs=WGS84,
    )
    drawn = _base(layer, spec.title)
    legend = _legend(spec)
    _page(drawn).html.add_child(_raw(legend), name="legend")
    return drawn


def to_plain_folium(boundaries: BoundarySet) -> OfflineMap:
    """Draw the areas of a set, without values: the name, code and region of each."""
    frame = boundaries.frame
    layer = gpd.GeoDataFrame(
        {
            "name": [escape(str(name)) for name in frame["name"]],
            "code": [escape(str(code)) for code in frame["code"]],
            "value": [escape(str(name)) for name in frame["region_name"]],
            "colour": "#d3dbe3",
            "dash": "",
        },
        geometry=_generalised(frame.geometry),
        crs=WGS84,
    )
    drawn = _base(layer, boundaries.in_words)
    sources = "".join(f"<p><small>{escape(source.title)}</small></p>" for source in boundaries.sources)
    words = boundaries.in_words
    heading = f"<h2>{escape(words[:1].upper() + words[1:])}</h2>"
    _page(drawn).html.add_child(_raw(_boxed(f"{heading}{sources}")), name="legend")
    return drawn


def _base(layer: gpd.GeoDataFrame, title: str) -> OfflineMap:
    """Return a map of areas that shows all of them."""
    drawn = OfflineMap(tiles=None, control_scale=True, zoom_start=5, zoom_snap=0.25)
    _page(drawn).title = title
    GeoJson(
        layer,
        name=title,
        style_function=_style,
        highlight_function=lambda _feature: {"weight": 2.5, "color": "#111111"},
        tooltip=GeoJsonTooltip(fields=["name", "value", "code"], aliases=["", "", ""], labels=False),
    ).add_to(drawn)
    west, south, east, north = layer.total_bounds
    drawn.fit_bounds([[south, west], [north, east]])
    return drawn


def _style(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature["properties"]
    return {
        "fillColor": properties["colour"],
        "fillOpacity": 1.0,
        "color": "#4a4a46",
        "weight": 0.4,
        "dashArray": properties["dash"],
    }


def _generalised(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes in degrees, to a metre; generalised where they have more points than a notebook can hold."""
    plane = shapes.to_crs(UK_EQUAL_AREA)
    best = np.asarray(plane.array)
    for tolerance in TOLERANCES_M:
        if shapely.get_num_coordinates(best).sum() <= VERTICES:
            break
        best = shapely.coverage_simplify(np.asarray(plane.array), tolerance)
    degrees = gpd.GeoSeries(best, crs=plane.crs).to_crs(WGS84)
    rounded = shapely.transform(np.asarray(degrees.array), lambda points: np.round(points, 5))
    return gpd.GeoSeries(rounded, index=shapes.index, crs=WGS84)


def _legend(spec: MapSpec) -> str:
    """Return title, classes with their counts, and where the map is from."""
    shown = [entry for entry in spec.classes if entry.count]
    parts = [
        f"<h2>{escape(spec.title)}</h2>",
        *(f"<p>{escape(line)}</p>" for line in (spec.subtitle, spec.sure) if line),
        f"<p><b>{escape(spec.legend_title)}</b></p>" if spec.legend_title else "",
        f"<ul>{''.join(map(_entry, shown))}</ul>",
        *(
            f"<p><b>{escape(heading)}</b></p><ul>{''.join(map(_entry, entries))}</ul>"
            for heading, entries in spec.extra_legends
        ),
        f"<details><summary>{escape(say('page.method-sources'))}</summary>",
        *(f"<p><small>{escape(line)}</small></p>" for line in foot_of(spec)),
        "</details>",
    ]
    return _boxed("".join(parts))


def _entry(entry: LegendClass) -> str:
    note = f" <small>{escape(entry.note)}</small>" if entry.note else ""
    return f'<li><i style="background:{escape(entry.colour)}"></i><span>{escape(entry.label)}{note} ({entry.count})</span></li>'


def _boxed(content: str) -> str:
    place = "position:absolute;z-index:1000;right:10px;bottom:26px"
    label = escape(say("page.legend"))
    return f'<div class="pa-legend" role="region" aria-label="{label}" style="{place}">{content}</div>'


def _page(drawn: Map) -> Figure:
    """Return the page that a map stands in."""
    return cast("Figure", drawn.get_root())


def _raw(text: str) -> Element:
    """Return text as it is: neither Leaflet nor a name is a template."""
    return Element(f"{{% raw %}}{text}{{% endraw %}}")


@cache
def _head() -> str:
    """Return Leaflet, its style, its pictures of markers and controls, and what folium asks of jQuery."""
    script, style = leaflet_files()
    marker, shadow, layers = (_picture(name) for name in ("marker-icon.png", "marker-shadow.png", "layers.png"))
    icons = f"L.Icon.Default.imagePath=' ';L.Icon.Default.mergeOptions({{iconUrl:'{marker}',iconRetinaUrl:'{marker}',shadowUrl:'{shadow}'}});"
    icons += "L.Icon.Default.prototype._getIconUrl=function(name){return this.options[name+'Url'];};"
    icons += "L.Control.Attribution.prototype.options.prefix='<a href=\"https://leafletjs.com\">Leaflet</a>';"
    control = f".leaflet-control-layers-toggle{{background-image:url({layers})}}"
    return f"<style>{style}{control}{_STYLE}</style><script>{script}</script><script>{icons}{_SHIM}</script>"


def _picture(name: str) -> str:
    """Return a picture of Leaflet as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(leaflet_picture(name)).decode('ascii')}"
