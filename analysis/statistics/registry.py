"""The registry of the analysis: statistics and covariates, by name from entry points, or as functions; ours among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping  # noqa: TC003 - the fields of a dataclass are read at run time
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import pandas as pd

from analysis.significance import GlobalResult, LocalResult
from analysis.statistics.asking import BESIDE, Asked, Family, asked_of, parameter_faults, takes_columns
from analysis.statistics.beside import Beside, nothing
from analysis.statistics.columns import Addition, AreaColumns, addition
from geo.errors import PlaceatlasError, PluginError
from geo.guests import guest
from geo.plugins import load_named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from analysis.significance import Options
    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet
    from geo.plugins import Extension

STATISTICS, COVARIATES = "placeatlas.statistics", "placeatlas.covariates"
"""Groups of entry points."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*(:[A-Za-z][A-Za-z0-9_]*)?")


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of one outcome: ``function(values, weights, **options)``.

    Parameters
    ----------
    name : lower case, digits and hyphens (``family:Member`` for one of a family); its columns are called ``<name>_<column>``.
    function : takes values by area code (float64, NaN where there is no data), the neighbours of the same areas in the same
        order, and the keywords of ``analysis.significance.Options`` (seed, permutations, correction, alpha); returns a
        LocalResult or AreaColumns, a GlobalResult for the whole map, or several results by the part that each is of. A
        keyword ``beside`` is given a ``Beside``, which finds other columns; further keywords are parameters of its own.
    origin : distribution and version that bring it.
    beside : other columns it is to look at, by name. parameters : of its own, or of every statistic, for this one alone.
    """

    name: str
    function: Callable[..., Any]
    origin: str = ""
    beside: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return what was asked for, JSON-able."""
        return {"name": self.name, "with": list(self.beside), **self.parameters}


@dataclass(frozen=True, slots=True)
class Covariate:
    """Numbers that an area has whatever the outcome: ``function(boundaries)``.

    Parameters
    ----------
    name : lower case, digits and hyphens (``family:member`` for one of a family); its columns are called ``<name>_<column>``.
    function : takes the boundary set, and returns AreaColumns.
    origin : distribution and version that bring it.
    """

    name: str
    function: Callable[[BoundarySet], AreaColumns]
    origin: str = ""


_Kind = TypeVar("_Kind", Statistic, Covariate)


def statistics_named(asked: Iterable[str | Mapping[str, Any] | Statistic]) -> tuple[Statistic, ...]:
    """Return the statistics asked for, those given by name loaded from their entry points.

    Parameters
    ----------
    asked : names; tables ``{ name, with, id }`` and parameters; or statistics.

    Raises
    ------
    PluginError
        Names that are unknown, given twice or not names; columns and parameters that a statistic does not take; extensions
        that cannot be loaded. Every fault at once.
    """
    found: list[Statistic] = []
    faults: list[str] = []
    for one in asked:
        if isinstance(one, Statistic):
            found.append(one)
            continue
        request = Asked(one) if isinstance(one, str) else asked_of(one, faults)
        loaded = None if request is None else _loaded(STATISTICS, request.name, faults)
        if request is None or loaded is None:
            continue
        faults += parameter_faults(request.name, loaded[1], request)
        found.append(
            Statistic(request.id or request.name, loaded[1], loaded[0].origin, request.beside, request.parameters)
        )
    return _sound(found, faults, "statistic")


def covariates_named(asked: Iterable[str | Covariate]) -> tuple[Covariate, ...]:
    """Return the covariates asked for; as ``statistics_named``."""
    found: list[Covariate] = []
    faults: list[str] = []
    for one in asked:
        if isinstance(one, Covariate):
            found.append(one)
        elif (loaded := _loaded(COVARIATES, one, faults)) is not None:
            found.append(Covariate(one, loaded[1], loaded[0].origin))
    return _sound(found, faults, "covariate")


def _sound(found: list[_Kind], faults: list[str], noun: str) -> tuple[_Kind, ...]:
    """Refuse names that are doubled or no names, and what is no function; every fault at once."""
    names = [one.name for one in found]
    hint = ' (tell them apart: id = "…")' if noun == "statistic" else ""
    faults += [f"the {noun} '{name}' is asked for twice{hint}" for name in sorted(set(names)) if names.count(name) > 1]
    faults += [
        f"'{name}' is no name: use lower case, digits and single hyphens" for name in names if not _NAME.fullmatch(name)
    ]
    faults += [
        f"the {noun} '{one.name}' is {type(one.function).__name__}, not a function"
        for one in found
        if not callable(one.function)
    ]
    if faults:
        raise PluginError(f"not every {noun} that was asked for can be had", faults)
    return tuple(found)


def _loaded(group: str, name: str, faults: list[str]) -> tuple[Extension, Any] | None:
    """Load an extension, or one of a family; a refusal becomes one of the faults."""
    family, _, member = name.partition(":")
    try:
        extension, loaded = load_named(group, family)
        if isinstance(loaded, Family):
            return extension, loaded.member(member)
    except PluginError as refused:
        faults.append("; ".join([refused.what, *refused.faults]))
        return None
    if member:
        faults.append(f"'{family}' is one {group.rpartition('.')[2].removesuffix('s')}, not a family of them")
        return None
    return extension, loaded


def compute(
    statistic: Statistic,
    values: pd.Series,
    weights: Weights,
    *,
    find: Callable[[str], pd.Series] = nothing,
    taken: Collection[str] = (),
    **options: Unpack[Options],
) -> Addition:
    """Compute a statistic and check what it returned.

    Parameters
    ----------
    values, weights : as the function takes them. find : returns another column of the areas by its name.
    taken : columns that are there already. options : of the test; the statistic's own parameters come before them.

    Raises
    ------
    PluginError
        The function failed, or returned what cannot be used; the extension and its distribution are named.
    """

    def call() -> Any:
        given: dict[str, Any] = {**options, **statistic.parameters}
        if takes_columns(statistic.function):
            given[BESIDE] = Beside(values.index, statistic.beside, find)
        return statistic.function(values.copy(deep=False), weights, **given)

    return addition(
        _returned(call, statistic, "statistic", given=(values, weights)),
        values.index,
        name=statistic.name,
        origin=statistic.origin,
        taken=taken,
        allowed=(LocalResult, AreaColumns, GlobalResult),
    )


def measure(covariate: Covariate, boundaries: BoundarySet, *, taken: Collection[str] = ()) -> Addition:
    """Measure the areas of a set by a covariate and check what it returned.

    Parameters
    ----------
    boundaries : the areas. taken : columns that are there already.

    Raises
    ------
    PluginError
        As ``compute``.
    """

    def call() -> Any:
        # A copy, since a function that adds a column to what it was given must not change the atlas.
        return covariate.function(replace(boundaries, frame=boundaries.frame.copy(deep=False)))

    return addition(
        _returned(call, covariate, "covariate", given=(boundaries,)),
        pd.Index(boundaries.frame["code"], name="code"),
        name=covariate.name,
        origin=covariate.origin,
        taken=taken,
        allowed=(AreaColumns,),
    )


def _returned(
    call: Callable[[], Any], extension: Statistic | Covariate, noun: str, *, given: tuple[object, ...]
) -> Any:
    who = f"the {noun} '{extension.name}'" + (f" of {extension.origin}" if extension.origin else "")
    with nullcontext() if extension.origin.startswith("placeatlas ") else guest(who, given=given):
        try:
            return call()
        except PlaceatlasError as error:
            raise PluginError(f"{who} cannot be computed: {error.what}", error.faults) from error
        except Exception as error:
            raise PluginError(f"{who} failed", [f"{type(error).__name__}: {error}"]) from error
