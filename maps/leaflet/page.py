"""The offline page: every layer of an outcome on one map, in one file that asks nothing of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.errors import MapError, listed
from geo.files import write_text
from maps.leaflet.inlined import leaflet_files
from maps.leaflet.shapes import page_shapes
from maps.leaflet.views import class_columns, expanded, layer_faults, layers_of
from maps.rendering import content_policy, distinct_lines, embedded_json, render, template_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from maps.leaflet.shapes import PageShapes
    from maps.spec import MapSpec

KIND_NAMES = {
    "choropleth": "Values",
    "clusters": "Clusters",
    "hotspots": "Hot and cold spots",
    "robustness": "How robust the clusters are",
    "uncertainty": "How sure the values are",
    "typology": "Types of place",
    "labels": "Named clusters",
    "bivariate": "Two outcomes at once",
    "change": "Change between periods",
    "multiples": "Side by side",
}

SCRIPTS = ("shapes.js", "paint.js", "atlas.js", "list.js", "table.js", "page.js")


def write_page(  # noqa: PLR0913  # one keyword a part of the page
    path: Path,
    *,
    title: str,
    boundaries: BoundarySet,
    specs: Sequence[MapSpec],
    table: pd.DataFrame,
    columns: Mapping[str, str],
    neighbours: gpd.GeoDataFrame | None,
    foot: Sequence[str],
    home: str = "../index.html",
    report_to: str = "",
    shapes: PageShapes | None = None,
) -> None:
    """Write one HTML file with a map of every spec, a list of areas, a panel and a table.

    Parameters
    ----------
    path : where to.
    title : the outcome.
    boundaries : the areas; geometry is written once for all layers.
    specs : one layer each; the first is shown first.
    table : indexed by code; cells are text, ready to print.
    columns : column of ``table`` → its heading. The class of each layer is added as a column of its own.
    neighbours : land drawn grey around the areas.
    foot : lines for the whole page (sources and licences of the boundaries, version, date of data).
    home : link to the page of all maps; empty for a page that travels alone.
    report_to : whom to tell of an error; an address, a link or a sentence.
    shapes : ``page_shapes(boundaries.frame, neighbours)``, when several pages share them.

    Raises
    ------
    MapError
        No layer, two layers of one name, areas or classes that the boundaries or the layer do not hold, a column missing.
    """
    frame = boundaries.frame
    codes = [str(code) for code in frame["code"]]
    specs = expanded(specs)
    _check(codes, specs, table, columns)
    shapes = shapes or page_shapes(frame, neighbours)
    lines = _unsaid([*_shape_lines(boundaries, shapes.tolerance_m), *distinct_lines(foot)], specs)
    names = layer_names(specs)
    classes = class_columns(codes, specs, names)
    regions = _regions(frame)
    content = {
        **shapes.content,
        "title": title,
        "codes": codes,
        "names": [str(name) for name in frame["name"]],
        "welsh": _welsh(frame),
        "region": [regions.index(region) for region in frame["region_name"]] if regions else [],
        "approximate": {
            position: f"The shape is approximate: {'; '.join(boundaries.approximate[code])}."
            for position, code in enumerate(codes)
            if code in boundaries.approximate
        },
        "extent": [position for position, code in enumerate(codes) if code in set(specs[0].extent)],
        "scale": bool(specs[0].region),
        "layers": layers_of(codes, specs, names),
    }
    library, library_style = leaflet_files()
    script = "\n".join(
        [
            library,
            "(() => {",
            '"use strict";',
            *(template_text(f"leaflet/{name}") for name in SCRIPTS),
            "start();",
            "})();",
        ]
    )
    html = render(
        "leaflet.html.j2",
        policy=content_policy([script]),
        title=title,
        head=head_title(title, specs[0].title),
        first=specs[0],
        specs=specs,
        names=names,
        regions=regions,
        headings=["Area", "Code", *columns.values(), *classes],
        rows=_rows(boundaries, table, list(columns), classes),
        grey=bool(shapes.content["land"]) or any(len(spec.assignment) < len(codes) for spec in specs),
        open=len(codes) <= 40,
        foot=lines,
        home=home,
        report=report_line(report_to),
        style=library_style + template_text("base.css") + template_text("leaflet.css"),
        content=embedded_json(content),
        script=script,
    )
    write_text(path, html)


def layer_names(specs: Sequence[MapSpec]) -> list[str]:
    """Return a short name for each layer, each different.

    A layer is called after its kind; when two are of one kind, the rest of their ids tells them apart.
    """
    kinds = [spec.kind for spec in specs]
    names = []
    for spec in specs:
        name = KIND_NAMES.get(spec.kind, spec.kind.replace("-", " ").capitalize())
        if kinds.count(spec.kind) > 1:
            rest = spec.id.rpartition("/")[2].removeprefix(spec.kind).strip("-")
            name = f"{name}, {rest}" if rest else f"{name}, latest"
        names.append(name)
    if len(set(names)) < len(names):
        return [f"{name} ({spec.id})" for name, spec in zip(names, specs, strict=True)]
    return names


def head_title(title: str, finding: str) -> str:
    """Return what a window is called: the page's title and its finding, no words of them twice.

    Examples
    --------
    >>> head_title("Pay: Wales", "Wales: Of 22 areas, one has a value"), head_title("Pay", "Pay: £9 in every area")
    ('Pay: Wales: Of 22 areas, one has a value', 'Pay: £9 in every area')
    """
    for said in (title, title.rpartition(": ")[2]):
        finding = finding.removeprefix(f"{said}: ")
    return f"{title}: {finding}"


def report_line(report_to: str) -> str:
    """Say whom to tell of an error."""
    return f"Seen an error? Tell {report_to}." if report_to else "Seen an error? Tell whoever sent you this page."


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


def _unsaid(lines: Sequence[str], specs: Sequence[MapSpec]) -> list[str]:
    """Leave out lines that stand at the foot of every layer already."""
    return [
        line for line in lines if not all(any(line.removesuffix(".") in said for said in spec.foot) for spec in specs)
    ]


def _shape_lines(boundaries: BoundarySet, tolerance_m: float) -> list[str]:
    """Say what is not true about the shapes."""
    lines = []
    if boundaries.approximate:
        count = len(boundaries.approximate)
        areas = "1 area is" if count == 1 else f"{count} areas are"
        lines.append(f"The shapes of {areas} approximate: land moved between neighbours after they were drawn.")
    if tolerance_m:
        lines.append(
            f"Shapes are generalised for this page (tolerance {tolerance_m:.0f} m); statistics use the full shapes."
        )
    lines.append("Equal-area projection: areas of equal size on the ground have equal size on the map.")
    return lines
