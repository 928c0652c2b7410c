"""Writing the front page and the method page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.errors import MapError
from geo.files import write_text
from maps.addresses import elsewhere, in_language
from maps.feet import licence_lines
from maps.leaflet.page import report_line
from maps.rendering import content_policy, embedded_json, render, template_text
from maps.site.contents import Overview
from maps.site.sizes import png_size
from maps.words import counted, format_count, say, script_words, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from maps.site.contents import AreaEntry, Colophon, Download, Method, OutcomePage, RegionEntry


def write_site(  # noqa: PLR0913  # one keyword a part of the page
    out: Path,
    *,
    title: str,
    outcomes: Sequence[OutcomePage],
    areas: Sequence[AreaEntry],
    regions: Sequence[RegionEntry],
    downloads: Sequence[Download],
    methods: Sequence[Method],
    colophon: Colophon,
    overview: Overview | None = None,
    search: Mapping[str, Any] | None = None,
) -> tuple[Path, Path]:
    """Write ``index.html`` and ``method.html`` in the language spoken; pictures, pages and files they link to must be there already.

    Parameters
    ----------
    methods : one a geography, the first first: ``method.html``, and ``method-<geography>.html`` for each of the others.
    overview : what is said before the outcomes, one by one.
    search : ``maps.searching.search_index`` of the areas; without one they are found by the names they have now.

    Returns
    -------
    The two paths.

    Raises
    ------
    MapError
        Nothing to show, a link to a file that is not there, or an area without one fact for each outcome.
    """
    _check(out, outcomes, areas, regions, downloads)
    method, *further = methods
    files = {"method.html": method} | {f"method-{one.geography.lower()}.html": one for one in further}
    shared = {"title": title, **_shared(colophon, files)}
    script = _script()
    shown = [picture for outcome in outcomes for picture in outcome.pictures]
    sizes = {path: png_size(out / path) for picture in shown for path in (picture.shown, picture.narrow) if path}
    index = render(
        "index.html.j2",
        policy=content_policy([script], pictures=True),
        outcomes=outcomes,
        where=[_where(one, alone=not further) for one in methods],
        sizes=sizes,
        overview=overview or Overview(),
        regions=regions,
        downloads=downloads,
        content=embedded_json(_searched(outcomes, areas, search)),
        script=script,
        elsewhere=elsewhere("index.html", colophon.languages),
        **shared,
    )
    first = write_text(out / in_language("index.html"), index)
    for file, one in files.items():
        own = {**shared, "method": one, "elsewhere": elsewhere(file, colophon.languages), "page": in_language(file)}
        write_text(out / in_language(file), render("method.html.j2", policy=content_policy([]), **own))
    return first, out / in_language("method.html")


def _shared(colophon: Colophon, methods: Mapping[str, Method]) -> dict[str, Any]:
    """Return what the front page and the pages of the method have in common; ``methods`` by the name of its page."""
    return {
        "address": colophon.address,
        "draft": not spoken().checked,
        "style": template_text("base.css") + template_text("site.css"),
        "colophon": colophon,
        "attribution": licence_lines(colophon.sources),
        "report": report_line(colophon.report_to),
        "method": next(iter(methods.values())),
        "methods": {in_language(file): one for file, one in methods.items()},
    }


def _script() -> str:
    """Return what the front page runs."""
    parts = [template_text(name) for name in ("leaflet/words.js", "leaflet/search.js", "sorting.js", "site.js")]
    return "\n".join(["(() => {", '"use strict";', *parts, "})();"])


def _searched(
    outcomes: Sequence[OutcomePage], areas: Sequence[AreaEntry], search: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the front page's search knows of every area."""
    plain = {
        "places": [
            [area.code, area.name, area.welsh, area.region, []]
            for area in sorted(areas, key=lambda area: (area.name, area.code))
        ],
        "former": [],
        "postcodes": {},
        "whose": "",
    }
    return {
        "search": dict(search or plain),
        "outcomes": [[outcome.title, outcome.page] for outcome in outcomes],
        "areas": [
            [area.code, area.name, area.welsh, area.region, list(area.facts), area.page]
            for area in sorted(areas, key=lambda area: (area.name, area.code))
        ],
        "words": script_words(),
    }


def _where(method: Method, *, alone: bool) -> str:
    """Return how many areas of which date an atlas shows; named by their geography where there are several."""
    count, words = format_count(method.areas), method.geography_words
    areas = counted(method.areas) if alone else say("index.areas-of", count=count, areas=words)
    return say("index.areas-dated", areas=areas, date=method.date)


def _check(
    out: Path,
    outcomes: Sequence[OutcomePage],
    areas: Sequence[AreaEntry],
    regions: Sequence[RegionEntry],
    downloads: Sequence[Download],
) -> None:
    faults = [] if outcomes else ["no outcome: there is nothing to show"]
    links = [
        *(outcome.page for outcome in outcomes),
        *(picture.path for outcome in outcomes for picture in outcome.pictures),
        *(picture.narrow for outcome in outcomes for picture in outcome.pictures if picture.narrow),
        *(picture.small for outcome in outcomes for picture in outcome.pictures if picture.small),
        *(area.page for area in areas if area.page),
        *(path for outcome in outcomes for picture in outcome.pictures for path in picture.formats.values()),
        *(path for region in regions for path in (region.folder, region.archive)),
        *(download.path for download in downloads),
    ]
    faults += [
        f"nothing lies at {link}" for link in dict.fromkeys(links) if not (out / link.partition("#")[0]).exists()
    ]
    faults += [
        f"{area.code} has {len(area.facts)} facts for {len(outcomes)} outcomes"
        for area in areas
        if len(area.facts) != len(outcomes)
    ]
    faults += [f"{outcome.id} has no picture" for outcome in outcomes if not outcome.pictures]
    if faults:
        raise MapError("the site cannot be written", faults[:20])
