"""Weights by the name of a policy, for a set of boundaries: land borders, crossings, isolates looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.weights.builders import distance_band, higher_order, joined_by, knn, queen, rook
from analysis.weights.graph import Audit, Weights
from analysis.weights.link_files import from_file
from analysis.weights.sea_links import chosen, expected_isolates, placed
from boundaries.areas.boundary_set import BoundarySet
from boundaries.vocabulary import POLICIES, parse_policy
from geo.arguments import result_of
from geo.errors import ConfigError, StatisticsError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.weights.sea_links import SeaLink
    from boundaries.vocabulary import Isolates, Policy

    Crossings = tuple[tuple[tuple[str, str, SeaLink], ...], tuple[SeaLink, ...]]

MOST_ALONE = 0.1
"""Share of the areas of a layer that may lie alone unasked: with more its polygons do not meet."""

W1, W2, W3 = "queen+sea-links", "knn6", "queen-order-2"
"""The declared set: results are reported with the first and tested against the other two."""


def build_weights(
    boundaries: BoundarySet,
    *,
    policy: str = W1,
    sea_links_on: Collection[str] = (),
    sea_links_off: Collection[str] = (),
    declared_isolates: Collection[str] | Literal["any"] = (),
    isolates: Isolates | None = None,
) -> Weights:
    """Build the neighbour graph of a set of boundaries.

    Parameters
    ----------
    boundaries : the areas.
    policy : one of ``boundaries.vocabulary.POLICIES``. ``queen-order-<k>`` counts up to k steps over land borders *and* crossings.
    sea_links_on, sea_links_off : names of crossings to switch on or off beside the register's defaults.
    declared_isolates : areas that may have no neighbour beside those made of islands alone; "any" for all.
    isolates : what is done about the others (``boundaries.vocabulary.ISOLATES``). By default those of a layer of smaller areas are
        kept and named, unless they are more than a tenth of it; those of any other set are refused.

    Raises
    ------
    ConfigError
        The policy or a crossing is unknown.
    TableError
        A file of links that cannot be used.
    StatisticsError
        An area without a neighbour that nobody expected: a gap in the geometry, most likely.
    """
    result_of(boundaries, BoundarySet, "boundaries", how="load_boundary_set makes one")
    frame = boundaries.frame
    shapes = gpd.GeoSeries(frame.geometry.to_numpy(), index=pd.Index(frame["code"], name="code"), crs=frame.crs)
    links = placed(chosen(on=sea_links_on, off=sea_links_off), boundaries)
    chosen_policy = parse_policy(policy)
    if chosen_policy is None:
        raise ConfigError(f"no weights are called {policy!r}", [f"choose one of {', '.join(POLICIES)}"])
    weights = _made(chosen_policy, policy, shapes, links)
    if isolates == "nearest" and weights.audit.isolates:
        weights = _joined_to_nearest(weights, policy, shapes)
    if (
        isolates is None
        and boundaries.districts is not None
        and len(weights.audit.isolates) <= len(shapes) * MOST_ALONE
    ):
        isolates = "keep"
    return _looked_at(weights, policy, boundaries, "any" if isolates == "keep" else declared_isolates)


def _joined_to_nearest(weights: Weights, policy: str, shapes: gpd.GeoSeries) -> Weights:
    """Join each area without a neighbour to the area nearest to it; say which."""
    geometry = shapes.to_numpy()
    tree = shapely.STRtree(geometry)
    alone = weights.ids.get_indexer(pd.Index(weights.audit.isolates))
    asked, found = tree.query_nearest(geometry[alone], exclusive=True)
    first = np.unique(asked, return_index=True)[1]  # of several as near the first in the order of the set
    reason = "nearest area: it has no other neighbour"
    codes = [str(code) for code in weights.ids]
    pairs = {
        (codes[one], codes[other]): reason for one, other in zip(alone.tolist(), found[first].tolist(), strict=True)
    }
    joined = joined_by(weights, pairs, policy=policy)
    return _noted(
        joined, [f"areas joined to the nearest, for they have no neighbour: {listed(start for start, _ in pairs)}"]
    )


def _made(chosen: Policy, name: str, shapes: gpd.GeoSeries, links: Crossings) -> Weights:
    """Build the graph of a policy."""
    if chosen.kind == "order":
        return higher_order(_with_sea_links(shapes, W1, links), order=chosen.k)
    if chosen.kind == "knn":
        return knn(shapes, k=chosen.k, symmetric=not chosen.directed)
    if chosen.kind == "distance":
        return distance_band(shapes, threshold_m=chosen.metres)
    if chosen.kind == "file":
        return from_file(Path(chosen.path), ids=shapes.index)
    if chosen.sea_links:
        return _with_sea_links(shapes, name, links)
    return queen(shapes) if chosen.kind == "queen" else rook(shapes)


def audit_lines(weights: Weights) -> list[str]:
    """Say in plain sentences what the graph is: size, groups, isolates, crossings, what was expected."""
    audit = weights.audit
    degrees = sorted(audit.degrees)
    mean = audit.links / audit.n if audit.n else 0.0
    span = f"{degrees[0]} to {degrees[-1]}" if degrees else "no"
    lines = [
        f"Weights {weights.policy}: {audit.n} areas, {audit.links} directed links, {span} neighbours each (mean {mean:.2f}).",
        f"Connected groups: {len(audit.components)}"
        + (f", of {listed(len(group) for group in audit.components)} areas." if len(audit.components) > 1 else "."),
        f"Areas without a neighbour: {listed(audit.isolates)}."
        if audit.isolates
        else "Areas without a neighbour: none.",
    ]
    if audit.sea_links:
        lines.append(f"Crossings added where no land border joins: {len(audit.sea_links)}.")
        lines += [f"  {start} – {end}: {reason}" for start, end, reason in audit.sea_links]
    return lines + [f"{note[0].upper()}{note[1:]}." for note in audit.notes]


def _with_sea_links(
    shapes: gpd.GeoSeries,
    policy: str,
    links: Crossings,
) -> Weights:
    """Join areas by land border, then by the crossings in use."""
    joins, homeless = links
    land = rook(shapes) if policy.startswith("rook") else queen(shapes)
    pairs: dict[tuple[str, str], str] = {}
    for start, end, link in joins:
        pairs.setdefault((start, end), f"{link.kind}: {link.name}")
    weights = joined_by(land, pairs, policy=policy)
    notes = (
        [f"crossings whose ends this set does not hold: {listed(repr(link.name) for link in homeless)}"]
        if homeless
        else []
    )
    return _noted(weights, notes)


def _looked_at(
    weights: Weights, policy: str, boundaries: BoundarySet, declared: Collection[str] | Literal["any"]
) -> Weights:
    """Compare the areas without a neighbour with those expected, and write both down."""
    isolates = set(weights.audit.isolates)
    islands = expected_isolates(boundaries)
    allowed = isolates if declared == "any" else islands | set(declared)
    surprising = sorted(isolates - allowed)
    if surprising:
        names = boundaries.frame.set_index("code")["name"]
        raise StatisticsError(
            f"{len(surprising)} areas have no neighbour under {policy} though nothing says they are islands",
            [
                f"without a neighbour: {listed(f'{names[code]} ({code})' for code in surprising)}",
                "mend the gaps in the boundaries, or declare these areas as isolates",
            ],
            [
                Remedy("isolates", "keep", purpose="to leave them untested"),
                Remedy("isolates", "nearest", purpose="to join each to the area nearest to it"),
            ],
        )
    expected = sorted(islands & isolates)
    joined = sorted(islands - isolates)
    notes = [
        f"areas with no land border that stay without a neighbour, and so are not testable: {listed(expected) if expected else 'none'}",
        f"areas with no land border that a crossing or distance joins: {listed(joined) if joined else 'none'}",
    ]
    return _noted(weights, notes, policy=policy)


def _noted(weights: Weights, notes: list[str], *, policy: str | None = None) -> Weights:
    """Return the same graph with more notes in its audit, and another name when one is given."""
    audit = weights.audit
    return Weights(
        weights.ids,
        weights.indptr,
        weights.indices,
        weights.data,
        policy or weights.policy,
        Audit(
            audit.n,
            audit.links,
            audit.isolates,
            audit.components,
            audit.degrees,
            audit.sea_links,
            (*audit.notes, *notes),
        ),
        weights.parameters,
    )
