"""Every statistic of esda by name: ``esda:Moran_Local_BV``; what is there is asked of the installed esda itself."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping  # noqa: TC003 - the return types of a family are read at run time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.significance import Inference
from analysis.statistics.asking import BESIDE
from analysis.statistics.catalogue.drawing import WHOLE_DRAWS, Counted, counted, cut, laid_out, quiet, whole
from analysis.statistics.catalogue.local_calls import LOCAL, Formula, LocalShape
from analysis.statistics.catalogue.refused import REFUSED
from analysis.statistics.catalogue.whole_calls import RATES, WHOLE, RateShape, WholeShape, checked_rates
from analysis.statistics.columns import AreaColumns, Meaning
from geo.errors import PluginError, StatisticsError

if TYPE_CHECKING:
    from analysis.significance import GlobalResult, LocalResult
    from analysis.statistics.beside import Beside
    from analysis.statistics.catalogue.drawing import Cut
    from analysis.weights import Weights

Shape = LocalShape | WholeShape | RateShape
SHAPES: Mapping[str, Shape] = {**LOCAL, **WHOLE, **RATES}


class Call:
    """One statistic of esda in the form of every other: ``call(values, weights, *, beside, …, **options)``."""

    def __init__(self, name: str, shape: Shape) -> None:
        self.name, self.shape = name, shape
        self.__doc__ = f"{shape.words} ({shape.source})."
        keyword = inspect.Parameter.KEYWORD_ONLY
        own = [inspect.Parameter(key, keyword, default=value) for key, value in shape.parameters.items()]
        self.__signature__ = inspect.Signature(
            [
                inspect.Parameter("values", inspect.Parameter.POSITIONAL_OR_KEYWORD),
                inspect.Parameter("weights", inspect.Parameter.POSITIONAL_OR_KEYWORD),
                *([inspect.Parameter(BESIDE, keyword)] if shape.most else []),
                *own,
                inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD),
            ]
        )

    def __call__(
        self, values: pd.Series, weights: Weights, *, beside: Beside | None = None, **given: Any
    ) -> LocalResult | AreaColumns | dict[str, GlobalResult]:
        """Run esda on the areas that can be tested.

        Parameters
        ----------
        values : indexed by code, NaN where there is no data. weights : of the same areas.
        beside : the other columns. given : parameters of the statistic's own, and those of every statistic.

        Raises
        ------
        StatisticsError
            What ``analysis.permutation.field_of`` refuses, too few or too many columns, values that the statistic is not of.
        """
        shape = self.shape
        own = {key: given.pop(key, value) for key, value in shape.parameters.items()}
        others = pd.DataFrame(index=values.index)
        if beside is not None and shape.most:
            others = beside.numbers(least=shape.least, most=shape.most, default=shape.default)
        inference = Inference(**given)
        if isinstance(shape, RateShape):
            return _rate(shape, values, weights, others)
        if inference.method != "permutation":
            raise StatisticsError("esda takes p from draws", [f"found method '{inference.method}': choose permutation"])
        part = cut(values, weights, others, binary=shape.binary, varied=not shape.default, parameters=own)
        if isinstance(shape, WholeShape):
            return _whole(self.name, shape, part, weights, inference)
        return _local(self.name, shape, part, weights, inference)


def _local(name: str, shape: LocalShape, part: Cut, weights: Weights, inference: Inference) -> LocalResult:
    """Run a local statistic of esda."""
    of_kind = None if shape.of_kind is None else shape.of_kind(part)
    call = shape.call
    if isinstance(call, Formula):
        with quiet():
            observed, spread, tail = call.call(part)
        found = Counted(observed, tail, 1 - tail, np.ones(part.field.n), spread, tail)
        inference = replace(inference, method="normal")
    else:
        tested = part.field.n if of_kind is None else int(of_kind.sum())
        found = counted(partial(call, part), seed=inference.seed, draws=inference.draws(tested), areas=part.field.n)
    with quiet():
        kind = shape.kind(part, found)
    return laid_out(
        f"esda:{name}",
        found,
        part,
        kind=kind,
        classes=shape.classes,
        weights=weights,
        inference=inference,
        of_kind=of_kind,
    )


def _whole(name: str, shape: WholeShape, part: Cut, weights: Weights, inference: Inference) -> dict[str, GlobalResult]:
    """Run a statistic of the whole map."""
    asked = inference.global_draws() if inference.permutations not in ("auto", None) else WHOLE_DRAWS
    found = counted(partial(shape.call, part), seed=inference.seed, draws=asked, areas=len(shape.parts))
    return {
        title: whole(f"esda:{name}", found, at, part, weights=weights, inference=inference)
        for at, title in enumerate(shape.parts)
    }


def _rate(shape: RateShape, values: pd.Series, weights: Weights, others: pd.DataFrame) -> AreaColumns:
    """Smooth rates; an area without a count, a denominator or (where it is looked at) a neighbour has none."""
    if shape.spatial:
        part = cut(values, weights, others, binary=False, varied=False, parameters={})
        known, neighbours = part.field.tested, part.w()
    else:
        known, neighbours = (values.notna() & others.notna().all(axis=1)).to_numpy(), None
    events, base = (column.to_numpy(dtype=np.float64)[known] for column in (values, others.iloc[:, 0]))
    checked_rates(events, base)
    with quiet():
        found = shape.call(events, base, neighbours)
    rate = pd.Series(np.nan, index=values.index)
    rate[known] = found
    return AreaColumns(rate.to_frame("rate"), {"rate": Meaning(f"{shape.words} ({shape.source})", shape.unit)})


class EsdaStatistics:
    """The family ``esda`` of statistics."""

    def member(self, name: str) -> Callable[..., Any]:
        """Return the statistic that calls one class of esda.

        Raises
        ------
        PluginError
            There is no such class, or it cannot be called on a table of areas: why is said.
        """
        if name in SHAPES:
            return Call(name, SHAPES[name])
        why = self.refused().get(name)
        near = difflib.get_close_matches(name, SHAPES, n=1)
        hint = why or (f"did you mean 'esda:{near[0]}'?" if near else f"it has {', '.join(SHAPES)}")
        raise PluginError(f"there is no statistic 'esda:{name}'", [hint])

    def listing(self) -> Mapping[str, str]:
        """Return every statistic that can be asked for and what it is."""
        return {name: f"{shape.words} ({shape.source})" for name, shape in sorted(SHAPES.items())}

    def refused(self) -> Mapping[str, str]:
        """Return what the installed esda has and cannot be asked for, and why."""
        unknown = "this release of placeatlas does not know how it is called"
        return {name: REFUSED.get(name, unknown) for name in public_names() if name not in SHAPES}


def public_names() -> tuple[str, ...]:
    """Return the classes and functions that the installed esda and ``esda.smoothing`` offer."""
    with quiet():
        import esda  # noqa: PLC0415  # seconds to load; only who asks waits
        from esda import adbscan, smoothing  # noqa: PLC0415

    found = {
        name
        for name, thing in inspect.getmembers(esda)
        if (inspect.isclass(thing) or inspect.isfunction(thing))
        and not name.startswith("_")
        and thing.__module__.startswith("esda.")
    }
    smoothers = {name for name in smoothing.__all__ if inspect.isclass(getattr(smoothing, name))}
    return tuple(sorted(found | smoothers | {adbscan.ADBSCAN.__name__}))


ESDA_STATISTICS = EsdaStatistics()
"""Statistics of esda by name, such as esda:Moran_Local_BV: 'placeatlas plugins esda' lists them."""
