"""The site of a build: a front page of findings, maps, areas, regions and downloads, and the method in plain English."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.errors import MapError
from geo.files import write_text
from geo.provenance import attribution_lines
from maps.leaflet.page import report_line
from maps.rendering import content_policy, distinct_lines, embedded_json, render, template_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geo.provenance import Source

_FALSE_DISCOVERY = "On average at most {{alpha}} % of the areas named are named by accident (the false discovery rate, after {after}), {when}."

CORRECTIONS = {
    "fdr_bh": (
        "Benjamini-Hochberg",
        _FALSE_DISCOVERY.format(after="Benjamini and Hochberg", when="as long as areas do not work against each other"),
    ),
    "fdr_by": (
        "Benjamini-Yekutieli",
        _FALSE_DISCOVERY.format(after="Benjamini and Yekutieli", when="however areas depend on each other"),
    ),
    "bonferroni": (
        "Bonferroni",
        "The chance that even one area is named by accident is at most {alpha} % (Bonferroni).",
    ),
    "none": (
        "none",
        "No correction was made: of areas in which nothing is going on, about {alpha} % are named all the same.",
    ),
}
"""Name of each correction for many tests, and what it promises."""

GEOGRAPHIES = {
    "LAD": "local authority districts",
    "UTLA": "counties and unitary authorities",
    "CAUTH": "combined authorities",
    "RGN": "regions",
    "CTRY": "nations",
}

_POLICIES = (
    (r"queen\+sea-links", "areas that share a border or a corner (queen), and areas between which people cross water"),
    (r"rook\+sea-links", "areas that share a stretch of border (rook), and areas between which people cross water"),
    (r"queen", "areas that share a border or a corner (queen)"),
    (r"rook", "areas that share a stretch of border (rook)"),
    (r"queen-order-(\d+)", "areas up to {0} steps away over borders and crossings"),
    (r"knn(\d+)", "the {0} nearest areas, and those of which an area is one of the {0} nearest"),
    (r"knn(\d+)-directed", "the {0} nearest areas"),
)

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """A static map of the gallery.

    Parameters
    ----------
    path : PNG, relative to the site's folder.
    title : what it shows, in a few words ("Clusters").
    alt : alternative text.
    formats : other formats of the same map, "SVG" → path.
    """

    path: str
    title: str
    alt: str
    formats: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """What the front page says of one outcome.

    Parameters
    ----------
    id, title : as in the outcome's meta.
    finding : the sentence that heads the section.
    subtitle : measure, unit, period, boundary date.
    sure : how sure, one line.
    findings : further sentences.
    pictures : static maps; the first is shown large.
    page : interactive page, relative to the site's folder.
    """

    id: str
    title: str
    finding: str
    subtitle: str
    sure: str
    findings: tuple[str, ...]
    pictures: tuple[Picture, ...]
    page: str


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """An area that can be searched for; ``facts`` holds one short text for each outcome, in order, "" where there is none."""

    code: str
    name: str
    region: str
    facts: tuple[str, ...]
    welsh: str = ""


@dataclass(frozen=True, slots=True)
class RegionEntry:
    """A region or nation with a pack; ``folder`` and ``archive`` are relative to the site's folder."""

    code: str
    name: str
    areas: int
    folder: str
    archive: str
    archive_bytes: int
    finding: str = ""
    welsh: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the whole atlas; ``path`` is relative to the site's folder."""

    path: str
    title: str
    size_bytes: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeMethod:
    """What the method page says of one outcome.

    ``m`` is the number of areas tested, ``k_star`` how many areas must reach the smallest p together before the correction
    can name any (``None``: no correction), ``average`` what values are compared with, ``uncertainty`` what is known of error.
    """

    title: str
    measure: str
    unit: str
    period: str
    nations: str
    place_basis: str
    source: str
    m: int
    k_star: int | None
    average: str
    uncertainty: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypologyRule:
    """A kind of place: its rule in words, where the rule comes from, what it covers and how many areas are in it."""

    name: str
    rule: str
    source: str
    covers: str
    members: int


@dataclass(frozen=True, slots=True)
class Method:
    """The parameters of a run, as the method page prints them.

    Parameters
    ----------
    geography, date, areas : the boundary set; ``date`` written out ("11 September 2024").
    weights : how neighbours were chosen, as a policy's name or in words; ``alternatives`` those it was tested against.
    isolates : names of areas without neighbours. components : number of connected groups.
    sea_links : sentences, one a link.
    permutations, alpha, seed, correction : of the tests; ``correction`` one of ``CORRECTIONS``.
    typologies : rules of the kinds of place.
    approximate : area's name → instrument that moved its boundary.
    projection : of the static maps.
    outcomes : one entry an outcome.
    limits : sentences on what the maps do not show, beyond those every atlas has.
    """

    geography: str
    date: str
    areas: int
    weights: str
    alternatives: tuple[str, ...]
    isolates: tuple[str, ...]
    components: int
    sea_links: tuple[str, ...]
    permutations: int
    alpha: float
    seed: int
    correction: str
    typologies: tuple[TypologyRule, ...]
    approximate: Mapping[str, str]
    projection: str
    outcomes: tuple[OutcomeMethod, ...]
    limits: tuple[str, ...] = ()

    @property
    def smallest_p(self) -> float:
        """Return the smallest two-sided p that these permutations can give."""
        return 2 / (self.permutations + 1)

    @property
    def geography_words(self) -> str:
        """Return what the areas are."""
        return GEOGRAPHIES.get(self.geography, self.geography)

    @property
    def weights_words(self) -> str:
        """Return who counts as a neighbour."""
        return policy_words(self.weights)

    @property
    def alternatives_words(self) -> tuple[str, ...]:
        """Return the other choices of neighbours."""
        return tuple(policy_words(policy) for policy in self.alternatives)

    @property
    def correction_name(self) -> str:
        """Return the correction's name."""
        return CORRECTIONS[self.correction][0]

    @property
    def correction_words(self) -> str:
        """Return what the correction promises."""
        return CORRECTIONS[self.correction][1].format(alpha=f"{self.alpha * 100:g}")


@dataclass(frozen=True, slots=True)
class Colophon:
    """What stands at the foot of every page.

    Parameters
    ----------
    version : of placeatlas. data_date : date of the newest data, written out. report_to : whom to tell of an error.
    sources : everything that was read. manifest : path of the manifest, relative to the site's folder.
    """

    version: str
    data_date: str
    report_to: str
    sources: tuple[Source, ...]
    manifest: str = "manifest.json"


def write_site(
    out: Path,
    *,
    title: str,
    outcomes: Sequence[OutcomePage],
    areas: Sequence[AreaEntry],
    regions: Sequence[RegionEntry],
    downloads: Sequence[Download],
    method: Method,
    colophon: Colophon,
) -> tuple[Path, Path]:
    """Write ``index.html`` and ``method.html``; pictures, pages and files they link to must be there already.

    Returns
    -------
    The two paths.

    Raises
    ------
    MapError
        Nothing to show, a link to a file that is not there, or an area without one fact for each outcome.
    """
    _check(out, outcomes, areas, regions, downloads)
    script = "\n".join(["(() => {", '"use strict";', template_text("site.js"), "})();"])
    shared = {
        "title": title,
        "style": template_text("base.css") + template_text("site.css"),
        "colophon": colophon,
        "attribution": distinct_lines(attribution_lines(colophon.sources)),
        "report": report_line(colophon.report_to),
        "method": method,
    }
    content = {
        "outcomes": [[outcome.title, outcome.page] for outcome in outcomes],
        "areas": [
            [area.code, area.name, area.welsh, area.region, list(area.facts)]
            for area in sorted(areas, key=lambda area: (area.name, area.code))
        ],
    }
    sizes = {picture.path: png_size(out / picture.path) for outcome in outcomes for picture in outcome.pictures}
    index = render(
        "index.html.j2",
        policy=content_policy([script], pictures=True),
        outcomes=outcomes,
        sizes=sizes,
        regions=regions,
        downloads=downloads,
        content=embedded_json(content),
        script=script,
        **shared,
    )
    explained = render("method.html.j2", policy=content_policy([]), **shared)
    return write_text(out / "index.html", index), write_text(out / "method.html", explained)


def policy_words(policy: str) -> str:
    """Say a choice of neighbours in words; what is not the name of a policy is said already.

    Examples
    --------
    >>> policy_words("knn6")
    'the 6 nearest areas, and those of which an area is one of the 6 nearest'
    """
    for pattern, words in _POLICIES:
        if match := re.fullmatch(pattern, policy):
            return words.format(*match.groups())
    return policy


def png_size(path: Path) -> tuple[int, int]:
    """Return a PNG's width and height in pixels, so that the page keeps its place while it loads.

    Raises
    ------
    MapError
        The file is not a PNG.
    """
    with path.open("rb") as file:
        head = file.read(24)
    if len(head) < 24 or not head.startswith(PNG_SIGNATURE):
        raise MapError(f"{path.name} is not a PNG picture")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


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
        *(path for outcome in outcomes for picture in outcome.pictures for path in picture.formats.values()),
        *(path for region in regions for path in (region.folder, region.archive)),
        *(download.path for download in downloads),
    ]
    faults += [f"nothing lies at {link}" for link in dict.fromkeys(links) if not (out / link).exists()]
    faults += [
        f"{area.code} has {len(area.facts)} facts for {len(outcomes)} outcomes"
        for area in areas
        if len(area.facts) != len(outcomes)
    ]
    faults += [f"{outcome.id} has no picture" for outcome in outcomes if not outcome.pictures]
    if faults:
        raise MapError("the site cannot be written", faults[:20])
