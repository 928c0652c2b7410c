"""Outcomes that a configuration makes of layers: points counted into the areas, or a covariate mapped in its own right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.layered import covariate_of, outcome_of_covariate, outcome_of_points
from analysis.typology.own_types import find_file
from geo.errors import ConfigError, listed
from geo.points import PointReading
from maps.atlas.areas_asked import areas_asked, atlas_boundaries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from boundaries.outcomes.table import OutcomeTable
    from maps.atlas.config import AtlasConfig, OutcomePart


def laid(part: OutcomePart, config: AtlasConfig, folders: Sequence[Path]) -> OutcomeTable:
    """Make the outcome of a table ``[[outcome]]`` with ``points`` or ``covariate``.

    Parameters
    ----------
    part : the outcome. config : the atlas. folders : in which files are looked up.

    Raises
    ------
    ConfigError
        A file that is not there, a covariate that the configuration does not ask for, or areas of no stated date.
    PlaceatlasError
        As ``analysis.layered.outcome_of_points`` and ``outcome_of_covariate``.
    """
    asked = areas_asked(config, part)
    if asked.date is None and asked.members is None and asked.layer in {"bundled", "official"}:
        raise ConfigError(
            "an outcome of points or of a covariate has no codes that tell the date of its areas",
            ["state it: date = … of [boundaries], or of the outcome with its geography"],
        )
    boundaries = atlas_boundaries(asked, [], folders)
    said = {"title": part.title, "unit": part.unit, "measure": part.measure, "favourable": part.favourable}
    if part.points is not None:
        strange = sorted(set(part.columns) - {"x", "y"})
        if strange:
            raise ConfigError("columns of points are x and y", [f"found {listed(strange)}"])
        return outcome_of_points(
            find_file(part.points, folders),
            boundaries,
            name=part.id,
            denominator=part.denominator,
            smallest=part.suppress_below,
            reading=PointReading(part.columns.get("x", ""), part.columns.get("y", ""), part.crs),
            **said,
        )
    named = {one.id or one.name: one for one in config.covariate}
    if part.covariate not in named:
        raise ConfigError(
            f"there is no covariate '{part.covariate}'", [f"covariates of this file: {listed(named) or 'none'}"]
        )
    return outcome_of_covariate(covariate_of(named[part.covariate], folders), boundaries, name=part.id, **said)
