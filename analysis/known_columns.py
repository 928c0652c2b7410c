"""What is known of the areas of an outcome, by name: what a statistic may look at beside the outcome itself."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.areas.lookup import load_lookup
from boundaries.areas.statistical import LEVELS
from boundaries.register.codes import GEOGRAPHIES
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined

OF_THE_OUTCOME = ("denominator", "lower", "upper", "se")
"""Columns of the outcome's own table."""

OF_THE_PLACE = {"region": "region_code", "nation": "nation", "residents": "population", "hectares": "hectares"}
"""Names of what every boundary set says of an area, and the column that holds it."""

_ANSWERS = {"yes": 1.0, "no": 0.0}


def column_finder(
    joined: Joined,
    *,
    indicators: pd.DataFrame,
    memberships: pd.DataFrame,
    further: Mapping[str, pd.Series] | None = None,
) -> Callable[[str], pd.Series]:
    """Return what finds a column of the areas by its name.

    Parameters
    ----------
    joined : the outcome. indicators : covariates, by code. memberships : types, by code, ``yes``, ``no``, ``not classified``.
    further : other outcomes, or other columns of the table, by name; each by code.

    Returns
    -------
    Callable
        Name → Series by code. In this order: ``further``; ``denominator``, ``lower``, ``upper``, ``se`` of the outcome;
        ``region``, ``nation``, ``residents``, ``hectares``; a covariate; a type (1, 0, NaN where not classified); a larger
        geography (``UTLA``, ``ITL2`` …), whose code it gives: of a layer, a column of it or of a lookup by its name, the geography
        that the district of each area lies in (``LAD`` is the district itself), or the one column of codes of that name
        (``MSOA`` for ``MSOA21CD``). It raises a StatisticsError, with the nearest, where there is none.
    """
    frame = joined.boundaries.frame.set_index("code")
    own = dict(further or {})
    levels = [name for name in (*GEOGRAPHIES, *LEVELS) if name != joined.boundaries.geography]

    def find(name: str) -> pd.Series:
        if name in own:
            return own[name]
        if name in OF_THE_OUTCOME and joined.frame[name].notna().any():
            return joined.frame[name]
        if name in OF_THE_PLACE:
            column: pd.Series = frame[OF_THE_PLACE[name]]
            return column
        if name in indicators.columns:
            return indicators[name]
        if name in memberships.columns:
            return memberships[name].map(_ANSWERS).astype(np.float64)
        if joined.boundaries.groups is not None and name in joined.boundaries.groups:
            return joined.boundaries.groups[name]
        if name.upper() in levels:
            return _larger(joined.boundaries, name.upper())
        if (grouped := _grouped(joined.boundaries, name)) is not None:
            return grouped
        held = [one for one in OF_THE_OUTCOME if joined.frame[one].notna().any()]
        known = [*own, *held, *OF_THE_PLACE, *map(str, indicators.columns), *map(str, memberships.columns), *levels]
        known += [] if joined.boundaries.groups is None else map(str, joined.boundaries.groups.columns)
        near = difflib.get_close_matches(name, known, n=1)
        hint = [f"did you mean '{near[0]}'?"] if near else []
        raise StatisticsError(
            f"no column '{name}' of these areas is known", [*hint, f"known: {listed(dict.fromkeys(known), limit=99)}"]
        )

    return find


def _grouped(boundaries: BoundarySet, name: str) -> pd.Series | None:
    """Return the column of codes of a layer, or of its lookups, that is called so but for its edition; None where none is.

    Raises
    ------
    StatisticsError
        Columns of several editions are.
    """
    if boundaries.groups is None:
        return None
    called = re.compile(rf"(?i){re.escape(name)}\d*(cd|code)?")
    found = [str(column) for column in boundaries.groups if called.fullmatch(str(column))]
    if len(found) > 1:
        raise StatisticsError(
            f"'{name}' may be several columns of the layer and its lookups", [f"name one: {listed(found)}"]
        )
    return boundaries.groups[found[0]] if found else None


def _larger(boundaries: BoundarySet, level: str) -> pd.Series:
    """Return the larger area that each area lies in, whole; missing where it lies in none or in several."""
    if boundaries.districts is not None:
        district = boundaries.districts.set_index("code")["district"]
        if level == "LAD":
            return district
        return district.map(load_lookup("LAD", level, boundaries.date).best_fit())
    lookup = load_lookup("LAD", level, boundaries.date)
    home = pd.Series(lookup.best_fit(), dtype=object)
    if boundaries.members is None:
        return home.reindex(boundaries.frame["code"])
    above = boundaries.members.assign(above=boundaries.members["member"].map(home))
    grouped = above.groupby("code")["above"]
    first = grouped.first()
    whole = above["above"].eq(above["code"].map(first)).groupby(above["code"]).all()
    return first.where(whole).reindex(boundaries.frame["code"])
