"""The offline page: every layer of an outcome on one map, in one file that asks nothing of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.errors import MapError, listed
from geo.files import write_text
from maps.feet import foot_of, licence_lines
from maps.kinds.table import title_of
from maps.leaflet.inlined import leaflet_files
from maps.leaflet.shapes import page_shapes
from maps.leaflet.views import class_columns, expanded, layer_faults, layers_of
from maps.rendering import content_policy, embedded_json, render, template_text
from maps.words import say, script_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from maps.leaflet.shapes import PageShapes
    from maps.spec import MapSpec

SCRIPTS = ("words.js", "shapes.js", "paint.js", "atlas.js", "list.js", "table.js", "page.js")


def write_page(  # noqa: PLR0913  # one keyword a part of the page
    path: Path,
    *,
    title: str,
    boundaries: BoundarySet,
    specs: Sequence[MapSpec],
    table: pd.DataFrame,
    columns: Mapping[str, str],
    neighbours: gpd.GeoDataFrame | None,
    sources: Sequence[Source],
    colophon: str = "",
    home: str = "../index.html",
    report_to: str = "",
    shapes: PageShapes | None = None,
) -> None:
    """Write one HTML file with a map of every spec, a list of areas, a panel and a table.

    Parameters
    ----------
    path : where to. title : the outcome.
    boundaries : the areas; geometry is written once for all layers.
    specs : one layer each; the first is shown first.
    table : indexed by code; cells are text, ready to print.
    columns : column of ``table`` → its heading. The class of each layer is added as a column of its own.
    neighbours : land drawn grey around the areas.
    sources : of everything on the page; lines that every layer's foot has are not said again. colophon : the last line, whose
        page it is.
    home : link to the page of all maps; empty for a page that travels alone. report_to : whom to tell of an error.
    shapes : ``page_shapes(boundaries.frame, neighbours)``, when several pages share them.

    Raises
    ------
    MapError
        No layer, two layers of one name, areas or classes that the boundaries or the layer do not hold, a column missing.
    """
    codes = [str(code) for code in boundaries.frame["code"]]
    specs = expanded(specs)
    _check(codes, specs, table, columns)
    shapes = shapes or page_shapes(boundaries.frame, neighbours)
    lines = [*_shape_lines(boundaries, shapes.tolerance_m), *_unsaid(sources, specs), *([colophon] if colophon else [])]
    names = layer_names(specs)
    classes = class_columns(codes, specs, names)
    script, style = _assets()
    html = render(
        "leaflet.html.j2",
        policy=content_policy([script]),
        title=title,
        head=say("script.window", title=title, layer=names[0]),
        headings=[say("page.area"), say("page.code"), *columns.values(), *classes],
        rows=_rows(boundaries, table, list(columns), classes),
        grey=bool(shapes.content["land"]) or any(len(spec.assignment) < len(codes) for spec in specs),
        foot=lines,
        home=home,
        report=report_line(report_to),
        style=style,
        content=embedded_json({**shapes.content, "title": title, **_content(boundaries, specs, names)}),
        script=script,
        **_shown(boundaries, specs, names),
    )
    write_text(path, html)


def _shown(boundaries: BoundarySet, specs: Sequence[MapSpec], names: Sequence[str]) -> dict[str, Any]:
    """Return what the page's template reads of layers and areas."""
    return {
        "first": specs[0],
        "first_foot": foot_of(specs[0]),
        "specs": specs,
        "names": names,
        "regions": _regions(boundaries.frame),
        "open": len(boundaries.frame) <= 40,
    }


def _assets() -> tuple[str, str]:
    """Return what the page runs and how it looks: the library, and ours after it."""
    library, library_style = leaflet_files()
    ours = (template_text(f"leaflet/{name}") for name in SCRIPTS)
    script = "\n".join([library, "(() => {", '"use strict";', *ours, "start();", "})();"])
    return script, library_style + template_text("base.css") + template_text("leaflet.css")


def _content(boundaries: BoundarySet, specs: Sequence[MapSpec], names: Sequence[str]) -> dict[str, Any]:
    """Return what the page's script reads of areas and layers."""
    frame, regions = boundaries.frame, _regions(boundaries.frame)
    codes = [str(code) for code in frame["code"]]
    return {
        "codes": codes,
        "names": [str(name) for name in frame["name"]],
        "welsh": _welsh(frame),
        "region": [regions.index(region) for region in frame["region_name"]] if regions else [],
        "approximate": {
            position: say("page.approximate-area", why="; ".join(boundaries.approximate[code]))
            for position, code in enumerate(codes)
            if code in boundaries.approximate
        },
        "extent": [position for position, code in enumerate(codes) if code in set(specs[0].extent)],
        "scale": bool(specs[0].region),
        "layers": layers_of(codes, specs, names),
        "words": script_words(),
    }


def layer_names(specs: Sequence[MapSpec]) -> list[str]:
    """Return a short name for each layer, each different.

    A layer is called after its kind; when two are of one kind, the rest of their ids tells them apart.
    """
    kinds = [spec.kind for spec in specs]
    names = []
    for spec in specs:
        name = title_of(spec.kind)
        if kinds.count(spec.kind) > 1:
            rest = spec.id.rpartition("/")[2].removeprefix(spec.kind).strip("-")
            name = f"{name}, {rest}" if rest else f"{name}, latest"
        names.append(name)
    if len(set(names)) < len(names):
        return [f"{name} ({spec.id})" for name, spec in zip(names, specs, strict=True)]
    return names


def report_line(report_to: str) -> str:
    """Say whom to tell of an error."""
    return say("page.report-to", whom=report_to) if report_to else say("page.report")


def _check(codes: list[str], specs: Sequence[MapSpec], table: pd.DataFrame, columns: Mapping[str, str]) -> None:
    """Collect every reason why the page would be false."""
    known = set(codes)
    faults = layer_faults(known, specs)
    if lost := sorted(known - {str(code) for code in table.index}):
        faults.append(f"areas without a row in the table: {listed(lost)}")
    if lost := [column for column in columns if column not in table.columns]:
        faults.append(f"columns the table does not have: {listed(lost)}")
    if faults:
        raise MapError("the page cannot be written", faults)


def _regions(frame: gpd.GeoDataFrame) -> list[str]:
    if "region_name" not in frame.columns:
        return []
    return sorted({str(name) for name in frame["region_name"]})


def _welsh(frame: gpd.GeoDataFrame) -> dict[int, str]:
    if "name_cy" not in frame.columns:
        return {}
    pairs = enumerate(zip(frame["name"], frame["name_cy"], strict=True))
    return {at: welsh for at, (name, welsh) in pairs if isinstance(welsh, str) and welsh and welsh != name}


def _rows(
    boundaries: BoundarySet, table: pd.DataFrame, columns: list[str], classes: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Make the table's rows, by name; each layer's class in words beside the given columns."""
    frame = boundaries.frame
    codes = [str(code) for code in frame["code"]]
    cells = table.set_axis(table.index.map(str)).loc[codes, columns].astype(object)
    texts = cells.where(cells.notna(), "").to_numpy().tolist()
    welsh = _welsh(frame)
    rows = [
        {
            "code": code,
            "name": name,
            "welsh": welsh.get(position, ""),
            "cells": [code, *map(str, texts[position]), *(shown[position] for shown in classes.values())],
        }
        for position, (code, name) in enumerate(zip(codes, frame["name"], strict=True))
    ]
    return sorted(rows, key=lambda row: (row["name"], row["code"]))


def _unsaid(sources: Sequence[Source], specs: Sequence[MapSpec]) -> list[str]:
    """Return the lines that licences ask for, without those that stand at the foot of every layer already."""
    feet = [set(licence_lines([*spec.sources, *spec.shape_sources])) for spec in specs]
    return [line for line in licence_lines(sources) if not all(line in foot for foot in feet)]


def _shape_lines(boundaries: BoundarySet, tolerance_m: float) -> list[str]:
    """Say what is not true about the shapes."""
    lines = [say("page.approximate", n=len(boundaries.approximate))] if boundaries.approximate else []
    if tolerance_m:
        lines.append(say("page.generalised", tolerance=f"{tolerance_m:.0f}"))
    return [*lines, say("page.equal-area")]
