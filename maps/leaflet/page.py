"""The interactive page: every outcome, layer and period on one map, in one file that asks nothing of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.errors import MapError
from geo.files import write_text
from maps.addresses import PAGE, elsewhere
from maps.feet import foot_of, licence_lines
from maps.leaflet.inlined import leaflet_files
from maps.leaflet.outcomes import PageOutcome, layer_names, outcome_content, outcome_faults
from maps.leaflet.places import PageGround, ground_content, welsh_names
from maps.leaflet.shapes import page_shapes
from maps.rendering import content_policy, embedded_json, render, template_text
from maps.searching import search_index
from maps.words import say, script_words, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source
    from maps.leaflet.shapes import PageShapes
    from maps.spec import MapSpec

SCRIPTS = (
    "words.js",
    "elements.js",
    "numbers.js",
    "search.js",
    "shapes.js",
    "paint.js",
    "names.js",
    "gestures.js",
    "map.js",
    "layers.js",
    "legend.js",
    "list.js",
    "charts.js",
    "panel.js",
    "compare.js",
    "table.js",
    "drawing.js",
    "saving.js",
    "address.js",
    "controls.js",
    "tip.js",
    "page.js",
)
"""What a page runs, in this order; each holds one idea."""


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
    """Write the page of one outcome, as packs hold it.

    Parameters
    ----------
    path : where to. title : the outcome.
    boundaries : the areas; geometry is written once for all layers.
    specs : one layer each; the first is shown first.
    table : indexed by code; cells are text, ready to print.
    columns : column of ``table`` → its heading. The class of each layer is added as a column of its own.
    neighbours : land drawn grey around the areas.
    sources, colophon, home, report_to : as of ``write_atlas_page``.
    shapes : ``page_shapes(boundaries.frame, neighbours)``, when several pages share them.

    Raises
    ------
    MapError
        No layer, two layers of one name, areas or classes that the boundaries or the layer do not hold, a column missing.
    """
    name = specs[0].outcome if specs else ""
    write_atlas_page(
        path,
        title=title,
        grounds=[PageGround(boundaries, shapes or page_shapes(boundaries.frame, neighbours))],
        outcomes=[PageOutcome(name, title, tuple(specs), table, columns)],
        sources=sources,
        colophon=colophon,
        home=home,
        report_to=report_to,
    )


def write_atlas_page(  # noqa: PLR0913  # one keyword a part of the page
    path: Path,
    *,
    title: str,
    grounds: Sequence[PageGround],
    outcomes: Sequence[PageOutcome],
    sources: Sequence[Source],
    colophon: str = "",
    home: str = "index.html",
    report_to: str = "",
    search: Mapping[str, Any] | None = None,
    languages: tuple[str, ...] = (),
) -> None:
    """Write one HTML file with every layer of every outcome, a list of areas, a panel and a table.

    Parameters
    ----------
    path : where to. title : of the whole.
    grounds : the geographies; the shapes of each are written once for all layers.
    outcomes : the first is shown first.
    sources : of everything on the page; lines that every layer's foot has are not said again. colophon : the last line, whose
        page it is.
    home : link to the page of all maps; empty for a page that travels alone. report_to : whom to tell of an error.
    search : ``maps.searching.search_index`` of the areas; made here without one.
    languages : codes of all languages in which the page is written beside this one.

    Raises
    ------
    MapError
        No outcome, no layer, two layers of one name, areas or classes that the boundaries or the layer do not hold, a column missing.
    """
    _check(grounds, outcomes)
    lines = [*_shape_lines(grounds), *_unsaid(sources, outcomes)]
    script, style = _assets()
    html = render(
        "leaflet.html.j2",
        policy=content_policy([script]),
        title=title,
        outcomes=outcomes,
        families=_families(outcomes),
        tables=_tables(grounds, outcomes),
        foot=lines,
        colophon=colophon,
        home=home,
        report=report_line(report_to),
        draft=not spoken().checked,
        elsewhere=elsewhere(PAGE, languages),
        style=style,
        content=embedded_json(_content(title, grounds, outcomes, search)),
        script=script,
        **_shown(grounds, outcomes[0]),
    )
    write_text(path, html)


def _content(
    title: str, grounds: Sequence[PageGround], outcomes: Sequence[PageOutcome], search: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the page's script reads."""
    return {
        "title": title,
        "alone": len(outcomes) == 1,
        "grounds": [
            {**ground_content(ground, _extent(outcomes, position)), "regional": _regional(outcomes, position)}
            for position, ground in enumerate(grounds)
        ],
        "outcomes": [outcome_content(one, _codes(grounds[one.ground])) for one in outcomes],
        "search": dict(search or search_index([ground.boundaries for ground in grounds])),
        "words": script_words(),
    }


def report_line(report_to: str) -> str:
    """Say whom to tell of an error."""
    return say("page.report-to", whom=report_to) if report_to else say("page.report")


def _shown(grounds: Sequence[PageGround], first: PageOutcome) -> dict[str, Any]:
    """Return what the page's template reads of the outcome that is shown first."""
    specs, ground = first.layers, grounds[first.ground]
    names = layer_names(specs)
    return {
        "head": say("script.window", title=first.title, layer=names[0]),
        "first": specs[0],
        "first_foot": foot_of(specs[0]),
        "grey": bool(ground.shapes.content["land"]),
        "open": len(ground.boundaries.frame) <= 40,
    }


def _families(outcomes: Sequence[PageOutcome]) -> list[tuple[str, str]]:
    """Return what can be chosen: id of the first outcome of a family, and the family's title; outcomes alone are their own."""
    chosen: dict[str, tuple[str, str]] = {}
    for one in outcomes:
        chosen.setdefault(one.family or one.id, (one.id, one.family or one.title))
    return list(chosen.values())


def _assets() -> tuple[str, str]:
    """Return what the page runs and how it looks: the library, and ours after it."""
    library, library_style = leaflet_files()
    ours = (template_text(f"leaflet/{name}") for name in SCRIPTS)
    script = "\n".join([library, "(() => {", '"use strict";', *ours, "start();", "})();"])
    return script, library_style + template_text("base.css") + template_text("leaflet.css")


def _codes(ground: PageGround) -> list[str]:
    return [str(code) for code in ground.boundaries.frame["code"]]


def _extent(outcomes: Sequence[PageOutcome], ground: int) -> tuple[str, ...]:
    """Return the areas that the map of a geography shows at first: as its first layer says."""
    return next((one.specs[0].extent for one in outcomes if one.ground == ground), ())


def _regional(outcomes: Sequence[PageOutcome], ground: int) -> bool:
    """Whether the map of a geography is of a region, and so has a scale."""
    return any(spec.region for one in outcomes if one.ground == ground for spec in one.specs[:1])


def _check(grounds: Sequence[PageGround], outcomes: Sequence[PageOutcome]) -> None:
    """Collect every reason why the page would be false."""
    faults = [] if outcomes else ["no outcome: there is nothing to show"]
    for one in outcomes:
        faults += outcome_faults(one, set(_codes(grounds[one.ground])))
    if faults:
        raise MapError("the page cannot be written", faults)


def _tables(grounds: Sequence[PageGround], outcomes: Sequence[PageOutcome]) -> list[dict[str, Any]]:
    """Return, for each geography, its areas by name with one text for each outcome: what remains where no script runs."""
    found = []
    for position, ground in enumerate(grounds):
        frame = ground.boundaries.frame
        own = [one for one in outcomes if one.ground == position]
        shown = [spec.values for one in own for spec in one.specs[:1]]  # noqa: PD011 - texts of areas, no array
        welsh = welsh_names(frame)
        rows = [
            {
                "code": str(code),
                "name": str(name),
                "welsh": welsh.get(place, ""),
                "cells": [texts.get(str(code), "") for texts in shown],
            }
            for place, (code, name) in enumerate(zip(frame["code"], frame["name"], strict=True))
        ]
        found.append(
            {"headings": [one.title for one in own], "rows": sorted(rows, key=lambda row: (row["name"], row["code"]))}
        )
    return found


def _unsaid(sources: Sequence[Source], outcomes: Sequence[PageOutcome]) -> list[str]:
    """Return the lines that licences ask for, without those that stand at the foot of every layer already."""
    feet = [set(licence_lines([*spec.sources, *spec.shape_sources])) for one in outcomes for spec in one.layers]
    return [line for line in licence_lines(sources) if not all(line in foot for foot in feet)]


def _shape_lines(grounds: Sequence[PageGround]) -> list[str]:
    """Say what is not true about the shapes."""
    approximate = sum(len(ground.boundaries.approximate) for ground in grounds)
    tolerance = max(ground.shapes.tolerance_m for ground in grounds)
    lines = [say("page.approximate", n=approximate)] if approximate else []
    if tolerance:
        lines.append(say("page.generalised", tolerance=f"{tolerance:.0f}"))
    return [*lines, say("page.equal-area")]
