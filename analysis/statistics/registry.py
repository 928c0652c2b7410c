"""The two doors for extensions of the analysis: statistics and layers, by name from entry points, or as functions."""

from __future__ import annotations

import re
from collections.abc import Callable  # noqa: TC003 - the fields of a dataclass are read at run time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import pandas as pd

from analysis.significance import LocalResult
from analysis.statistics.columns import Addition, AreaColumns, addition
from geo.errors import PlaceatlasError, PluginError
from geo.plugins import load_named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from analysis.significance import Options
    from analysis.weights import Weights
    from boundaries.areas.boundary_set import BoundarySet
    from geo.plugins import Extension

STATISTICS, LAYERS = "placeatlas.statistics", "placeatlas.layers"
"""Groups of entry points."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of one outcome: ``function(values, weights, **options)``.

    Parameters
    ----------
    name : lower case, digits and hyphens; its columns are called ``<name>_<column>``.
    function : takes values by area code (float64, NaN where there is no data), the neighbours of the same areas in the same
        order, and the keywords of ``analysis.significance.Options`` (seed, permutations, correction, alpha); returns a
        LocalResult or AreaColumns. Every statistic of ours that gives a row an area has this form.
    origin : distribution and version that bring it.
    """

    name: str
    function: Callable[..., LocalResult | AreaColumns]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """Indicators of areas, whatever the outcome: ``function(boundaries)``.

    Parameters
    ----------
    name : lower case, digits and hyphens; its columns are called ``<name>_<column>``.
    function : takes the boundary set, and returns AreaColumns.
    origin : distribution and version that bring it.
    """

    name: str
    function: Callable[[BoundarySet], AreaColumns]
    origin: str = ""


_Kind = TypeVar("_Kind", Statistic, Layer)


def statistics_named(asked: Iterable[str | Statistic]) -> tuple[Statistic, ...]:
    """Return the statistics asked for, those given by name loaded from their entry points.

    Raises
    ------
    PluginError
        Names that are unknown, given twice or not names; extensions that cannot be loaded. Every fault at once.
    """
    return _named(asked, Statistic, STATISTICS)


def layers_named(asked: Iterable[str | Layer]) -> tuple[Layer, ...]:
    """Return the layers asked for; as ``statistics_named``."""
    return _named(asked, Layer, LAYERS)


def _named(asked: Iterable[str | _Kind], kind: type[_Kind], group: str) -> tuple[_Kind, ...]:
    found: list[_Kind] = []
    faults: list[str] = []
    for one in asked:
        if isinstance(one, str):
            loaded = _loaded(group, one, faults)
            if loaded is not None:
                found.append(kind(one, loaded[1], loaded[0].origin))
        else:
            found.append(one)
    noun = kind.__name__.lower()
    names = [one.name for one in found]
    faults += [f"the {noun} '{name}' is asked for twice" for name in sorted(set(names)) if names.count(name) > 1]
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
    """Load an extension; a refusal becomes one of the faults."""
    try:
        return load_named(group, name)
    except PluginError as refused:
        faults.append("; ".join([refused.what, *refused.faults]))
        return None


def compute(
    statistic: Statistic,
    values: pd.Series,
    weights: Weights,
    *,
    taken: Collection[str] = (),
    **options: Unpack[Options],
) -> Addition:
    """Compute a statistic and check what it returned.

    Parameters
    ----------
    values, weights : as the function takes them. taken : columns that are there already. options : of the test.

    Raises
    ------
    PluginError
        The function failed, or returned what cannot be used; the extension and its distribution are named.
    """

    def call() -> Any:
        return statistic.function(values.copy(deep=False), weights, **options)

    return addition(
        _returned(call, statistic, "statistic"),
        values.index,
        name=statistic.name,
        origin=statistic.origin,
        taken=taken,
        allowed=(LocalResult, AreaColumns),
    )


def measure(layer: Layer, boundaries: BoundarySet, *, taken: Collection[str] = ()) -> Addition:
    """Measure the areas of a set by a layer and check what it returned.

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
        return layer.function(replace(boundaries, frame=boundaries.frame.copy(deep=False)))

    return addition(
        _returned(call, layer, "layer"),
        pd.Index(boundaries.frame["code"], name="code"),
        name=layer.name,
        origin=layer.origin,
        taken=taken,
        allowed=(AreaColumns,),
    )


def _returned(call: Callable[[], Any], extension: Statistic | Layer, noun: str) -> Any:
    who = f"the {noun} '{extension.name}'" + (f" of {extension.origin}" if extension.origin else "")
    try:
        return call()
    except PlaceatlasError as error:
        raise PluginError(f"{who} cannot be computed: {error.what}", error.faults) from error
    except Exception as error:
        raise PluginError(f"{who} failed", [f"{type(error).__name__}: {error}"]) from error
