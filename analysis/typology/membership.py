"""Which areas are of which kinds of place: membership by several definitions, and how far they agree."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.typology.definitions import (
    DEFAULT_DEFINITIONS,
    DIMENSIONS,
    Shares,
    Threshold,
    Typology,
    load_typology,
    nation_of,
)
from boundaries.bundled.layers import load_atoms
from boundaries.register import atom_codes, load_register
from geo.crs import projected
from geo.errors import ConfigError, StatisticsError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet

__all__ = [
    "DEFAULT_DEFINITIONS",
    "DIMENSIONS",
    "MEMBERSHIPS",
    "agreement",
    "definition_columns",
    "dimensions_of",
    "district_parts",
    "load_typology",
    "memberships",
    "pieces_of",
    "shares_of_units",
]

MEMBERSHIPS = ("yes", "no", "not classified")
"""What an area can be under one definition."""

_OFF_SHORE_M = 1_000.0
"""Bundled shapes are simplified: a point of a small area on the shore may lie so far outside them."""

_MAJORITY = 0.5
"""At least this share of an area's residents must live where a list classifies; below it the area is not classified."""


def district_parts(date: dt.date) -> pd.DataFrame:
    """Return the bundled atoms of the districts of a date: ``code atom population`` (residents, 2011 Census).

    Raises
    ------
    DateError
        A date outside the register.
    """
    atoms = load_atoms()
    codes = atom_codes(load_register(), atoms, date)
    people = atoms.set_index("atom")["population"].reindex(codes.index).to_numpy(dtype=float)
    return pd.DataFrame({"code": codes.to_numpy(), "atom": codes.index.to_numpy(), "population": people})


def memberships(
    boundaries: BoundarySet,
    *,
    indicators: pd.DataFrame | None = None,
    typologies: Sequence[str | Path | Typology] = DEFAULT_DEFINITIONS,
    parts: Callable[[dt.date], pd.DataFrame] | None = district_parts,
) -> pd.DataFrame:
    """Say of every area whether it is coastal, rural, post-industrial, or of a kind of one's own.

    Parameters
    ----------
    boundaries : the areas.
    indicators : by code, the columns the threshold rules name (``analysis.covariates.indicators``); not needed when
        there is no such rule.
    typologies : definitions by built-in name, path, or as read; the first of a dimension is its default.
    parts : the atoms of the districts of a date, columns ``code atom population``; carries a list of one date to areas
        of another. With ``None`` a code counts only where the area, or a member of it, has the very same code.

    Returns
    -------
    pandas.DataFrame
        By code, in the order of the boundaries. ``coastal``, ``rural``, ``post-industrial`` and any other dimension
        asked for: yes, no or not classified by the default definition. ``<dimension>__<id>``: the same by each
        definition; ``<dimension>__<id>__degree``: the indicator of a threshold rule, or the share of classified
        residents who live in members. ``<dimension>__agreed``: yes or no where every definition that classifies the
        area says so, ``contested`` where they differ, not classified where none does.

    Raises
    ------
    StatisticsError
        Indicators that a rule needs are absent.
    ConfigError
        A definition that cannot be read, or two of the same dimension and id.

    Notes
    -----
    The types overlap and the definitions disagree at the margin: an area is no more coastal than the rule says. A list
    of districts of another date is carried over by population (2011 Census): an area is *yes* when at least half of its
    classified residents live in members, *not classified* when more than half of its residents live outside what the
    list classifies.
    """
    definitions = [entry if isinstance(entry, Typology) else load_typology(entry) for entry in typologies]
    _check(definitions, indicators, boundaries)
    codes = pd.Index(boundaries.frame["code"], name="code")
    nations = pd.Series(boundaries.frame["nation"].to_numpy(), index=codes)
    values = pd.DataFrame(index=codes) if indicators is None else indicators.reindex(codes)
    found = {
        definition.column: _by_threshold(definition.rule, values, nations.isin(definition.nations))
        if isinstance(definition.rule, Threshold)
        else _by_shares(definition.rule, definition.nations, boundaries, parts)
        for definition in definitions
    }
    by_dimension = _by_dimension(definitions, found)
    columns = {dimension: own[0] for dimension, own in by_dimension.items()}
    columns |= {f"{dimension}__agreed": _agreed(own) for dimension, own in by_dimension.items()}
    for column, (member, degree) in found.items():
        columns |= {column: member, f"{column}__degree": degree}
    return pd.DataFrame(columns, index=codes)


def agreement(members: pd.DataFrame) -> pd.DataFrame:
    """Compare every two definitions of a dimension on the areas both classify.

    Parameters
    ----------
    members : what ``memberships`` returned.

    Returns
    -------
    pandas.DataFrame
        ``dimension first second n both_yes first_only second_only both_no kappa``: Cohen's kappa is agreement beyond
        what the two rates of yes give by chance; NaN where a definition says the same of all areas.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. doi:10.1177/001316446002000104
    """
    rows = []
    for dimension in _named_in(members):
        for first, second in combinations(definition_columns(members, dimension), 2):
            both = (members[first] != "not classified") & (members[second] != "not classified")
            one, two = (members.loc[both, first] == "yes"), (members.loc[both, second] == "yes")
            n = int(both.sum())
            observed = float((one == two).mean()) if n else np.nan
            chance = float(one.mean() * two.mean() + (1 - one.mean()) * (1 - two.mean())) if n else np.nan
            rows.append(
                {
                    "dimension": dimension,
                    "first": first.removeprefix(f"{dimension}__"),
                    "second": second.removeprefix(f"{dimension}__"),
                    "n": n,
                    "both_yes": int((one & two).sum()),
                    "first_only": int((one & ~two).sum()),
                    "second_only": int((~one & two).sum()),
                    "both_no": int((~one & ~two).sum()),
                    "kappa": (observed - chance) / (1 - chance) if chance < 1 else np.nan,
                }
            )
    columns = ["dimension", "first", "second", "n", "both_yes", "first_only", "second_only", "both_no", "kappa"]
    return pd.DataFrame(rows, columns=columns)


def definition_columns(members: pd.DataFrame, dimension: str) -> list[str]:
    """Return the columns of memberships that hold one definition each of a dimension."""
    return [
        column
        for column in members.columns
        if column.startswith(f"{dimension}__") and not column.endswith(("__degree", "__agreed"))
    ]


def dimensions_of(members: pd.DataFrame) -> tuple[str, ...]:
    """Return the kinds of place that memberships hold, the built-in ones first."""
    return tuple(str(column) for column in members.columns if "__" not in str(column))


def shares_of_units(members: pd.DataFrame, units: pd.Series, residents: pd.Series) -> pd.DataFrame:
    """Say how much of each published unit is of each kind: the share of its classified residents who live in members.

    Parameters
    ----------
    members : what ``memberships`` returned, by area.
    units : area to the unit its value was published for; areas without one are left out.
    residents : by area; areas whose residents are not known count alike within their unit.

    Returns
    -------
    pandas.DataFrame
        By unit, for each dimension and definition: from 0 to 1; NaN where most residents live in areas that the
        definition does not classify.
    """
    units = units.reindex(members.index).dropna()
    people = residents.reindex(units.index).astype(float)
    unknown = people.isna().groupby(units).transform("any")
    people = people.where(~unknown, 1.0)
    columns = [
        *dimensions_of(members),
        *(one for name in dimensions_of(members) for one in definition_columns(members, name)),
    ]
    total = people.groupby(units).sum()
    found = {}
    for column in columns:
        member = members[column].reindex(units.index)
        known = people.where(member != "not classified", 0.0).groupby(units).sum()
        inside = people.where(member == "yes", 0.0).groupby(units).sum()
        found[column] = (inside / known.where(known > 0)).where(known >= _MAJORITY * total)
    return pd.DataFrame(found).rename_axis("code")


def _named_in(members: pd.DataFrame) -> list[str]:
    """Return the dimensions of which there are columns of definitions."""
    return list(dict.fromkeys(str(column).partition("__")[0] for column in members.columns if "__" in str(column)))


def _check(definitions: Sequence[Typology], indicators: pd.DataFrame | None, boundaries: BoundarySet) -> None:
    columns = [definition.column for definition in definitions]
    doubled = sorted({column for column in columns if columns.count(column) > 1})
    if doubled:
        raise ConfigError(
            "two definitions of a dimension share an id", [f"found {listed(doubled)}; rename one of each"]
        )
    needed = {
        condition.indicator: definition.column
        for definition in definitions
        if isinstance(definition.rule, Threshold)
        for condition in definition.rule.conditions
    }
    have = () if indicators is None else indicators.columns
    faults = [f"{column} needs the indicator {name}" for name, column in needed.items() if name not in have]
    if needed and indicators is not None:
        absent = boundaries.frame.loc[~boundaries.frame["code"].isin(indicators.index), "code"]
        if len(absent):
            faults.append(f"the indicators have no row for {listed(absent)}")
    if faults:
        raise StatisticsError("the indicators do not reach for the typologies asked for", faults)


def _by_dimension(
    definitions: Sequence[Typology], found: Mapping[str, tuple[pd.Series, pd.Series]]
) -> dict[str, list[pd.Series]]:
    """Return the memberships by every definition of a dimension, the built-in dimensions first."""
    asked = list(dict.fromkeys(entry.dimension for entry in definitions))
    asked.sort(key=lambda name: DIMENSIONS.index(name) if name in DIMENSIONS else len(DIMENSIONS))
    return {
        dimension: [found[entry.column][0] for entry in definitions if entry.dimension == dimension]
        for dimension in asked
    }


def _by_threshold(rule: Threshold, indicators: pd.DataFrame, covered: pd.Series) -> tuple[pd.Series, pd.Series]:
    yes = pd.Series(data=True, index=indicators.index)
    known = pd.Series(data=True, index=indicators.index)
    for condition in rule.conditions:
        values = indicators[condition.indicator].astype(float)
        yes &= (values >= condition.cut) if condition.at_least else (values < condition.cut)
        known &= values.notna()
    member = pd.Series(np.where(yes, "yes", "no"), index=indicators.index).where(known & covered, "not classified")
    return member, indicators[rule.conditions[0].indicator].astype(float).where(covered)


def _by_shares(
    rule: Shares,
    nations: tuple[str, ...],
    boundaries: BoundarySet,
    parts: Callable[[dt.date], pd.DataFrame] | None,
) -> tuple[pd.Series, pd.Series]:
    pieces = pieces_of(boundaries, rule.date, parts)
    base = pieces["base"]
    classified = base.map(nation_of).isin(nations) & ~base.isin(rule.unclassified)
    share = base.map(rule.shares).fillna(0.0)
    codes = pd.Index(boundaries.frame["code"], name="code")
    weight = pieces["population"]
    total = weight.groupby(pieces["code"]).sum().reindex(codes, fill_value=0.0)
    known = weight.where(classified, 0.0).groupby(pieces["code"]).sum().reindex(codes, fill_value=0.0)
    inside = (weight * share).where(classified, 0.0).groupby(pieces["code"]).sum().reindex(codes, fill_value=0.0)
    degree = (inside / known.where(known > 0)).where(known >= _MAJORITY * total)
    member = pd.Series(np.where(degree >= rule.at_least, "yes", "no"), index=codes).where(
        degree.notna(), "not classified"
    )
    return member, degree


def pieces_of(
    boundaries: BoundarySet, date: dt.date, parts: Callable[[dt.date], pd.DataFrame] | None = district_parts
) -> pd.DataFrame:
    """Return ``code base population``: each area cut into pieces that lie in one district of ``date`` each."""
    frame = boundaries.frame
    if parts is None:
        members = boundaries.members
        if members is None:
            members = pd.DataFrame({"code": frame["code"], "member": frame["code"]})
        people = frame.set_index("code")["population"].reindex(members["member"]).fillna(1.0).to_numpy()
        return pd.DataFrame({"code": members["code"], "base": members["member"], "population": people})
    atoms = boundaries.atoms
    if atoms is None or atoms.empty:
        own = parts(boundaries.date)
        members = boundaries.members
        if members is None:
            members = pd.DataFrame({"code": frame["code"], "member": frame["code"]})
        atoms = members.merge(own, left_on="member", right_on="code", suffixes=("", "_district"))[["code", "atom"]]
        if atoms.empty:
            atoms = _atoms_around(boundaries)
    then = parts(date).rename(columns={"code": "base"})
    return atoms[["code", "atom"]].merge(then, on="atom")[["code", "base", "population"]]


def _atoms_around(boundaries: BoundarySet) -> pd.DataFrame:
    """Return ``code atom``: the bundled unit that a point inside each small area lies in, or the nearest within a kilometre."""
    frame = boundaries.frame
    atoms = projected(load_atoms(), frame.crs)
    points = frame.geometry.representative_point().to_numpy()
    place, unit = atoms.sindex.nearest(points, max_distance=_OFF_SHORE_M, return_all=False)
    return pd.DataFrame({"code": frame["code"].to_numpy()[place], "atom": atoms["atom"].to_numpy()[unit]})


def _agreed(own: Iterable[pd.Series]) -> pd.Series:
    stacked = pd.concat(list(own), axis=1)
    yes, no = (stacked == "yes").any(axis=1), (stacked == "no").any(axis=1)
    words = np.select([yes & no, yes, no], ["contested", "yes", "no"], default="not classified")
    return pd.Series(words, index=stacked.index)
