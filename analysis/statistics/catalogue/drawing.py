"""How esda is called: on areas that can be tested, with seeded draws, block by block, and how its answer becomes ours."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.permutation import field_of
from analysis.significance import GlobalResult, Inference, LocalResult, Tested, described, local_result, p_values
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from libpysal.graph import Graph
    from libpysal.weights import W

    from analysis.permutation import Field
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

HELD = 8_000_000
"""Simulated values that esda holds at once: draws come in blocks, each with a seed of its own, so the split is part of the answer."""

WHOLE_DRAWS = 9_999
"""Draws for the whole map where none are asked for: each is a call of Python in esda, and one test needs no finer p."""

TIE = 1e-9
"""A draw nearer to what was observed than this share of its size is equal to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The areas that can be tested, as esda takes them.

    Parameters
    ----------
    field : which areas those are. y : the outcome, shape (n,). others : the other columns, shape (n, k).
    names : of the other columns. parameters : given by name.
    """

    field: Field
    y: Floats
    others: Floats
    names: tuple[str, ...]
    parameters: Mapping[str, Any]

    def graph(self) -> Graph:
        """Return the neighbours as a Graph over positions: esda sorts by label, so that labels must be in order."""
        from libpysal.graph import Graph  # noqa: PLC0415  # a second to load

        return Graph.from_sparse(self.field.rows.sparse())

    def w(self) -> W:
        """Return the neighbours as the older ``libpysal.weights.W``, which some classes still ask for."""
        return self.graph().to_W()

    @property
    def columns(self) -> list[Floats]:
        """The outcome and the other columns, one after the other."""
        return [self.y, *self.others.T]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What one call gave: observed, shape (n,) or (parts,); draws, shape (draws, n) or (draws, parts)."""

    observed: Floats
    draws: Floats


def cut(
    values: pd.Series,
    weights: Weights,
    others: pd.DataFrame,
    *,
    binary: bool,
    varied: bool = True,
    parameters: Mapping[str, Any],
) -> Cut:
    """Cut outcome, other columns and graph to the areas that have them all and a neighbour that has.

    Parameters
    ----------
    values, weights : as ``analysis.permutation.field_of`` takes them. others : on the index of the values, NaN where missing.
    binary : are 0 and 1 the only values? varied : must other columns differ between areas? Denominators need not.
    parameters : of the statistic.

    Raises
    ------
    StatisticsError
        As ``field_of``; a column that does not vary; other values than 0 and 1 where those are needed.
    """
    together = values.where(others.notna().all(axis=1))
    if binary:
        _refuse_no_kind(pd.concat([values.rename("the outcome"), others], axis=1))
    field = field_of(together, weights, varied=not binary)
    chosen = others.to_numpy(dtype=np.float64)[field.tested]
    flat = [str(name) for name, column in zip(others.columns, chosen.T, strict=True) if np.ptp(column) == 0]
    if flat and varied and not binary:
        raise StatisticsError(
            "a constant has no pattern in space: there is nothing to test", [f"constant: {listed(flat)}"]
        )
    return Cut(field, field.x, chosen, tuple(map(str, others.columns)), parameters)


def _refuse_no_kind(columns: pd.DataFrame) -> None:
    faults = []
    for name, column in columns.items():
        known = column.dropna()
        if len(strange := known[~known.isin([0, 1])]):
            faults.append(f"{name} holds {listed(f'{value:g}' for value in sorted(set(strange)))}")
    if faults:
        raise StatisticsError("join counts need areas that are of a kind (1) or not (0)", faults)


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed numpy's global generator, from which esda draws and from which it seeds numba's, and put it back afterwards."""
    before = np.random.get_state()  # noqa: NPY002  # esda takes no other generator
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what esda says of its own future, and its progress bars, out of our user's way."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def blocks(seed: int, draws: int, areas: int) -> list[tuple[int, int]]:
    """Return (draws, seed) of each block."""
    size = max(1, min(draws, HELD // max(areas, 1)))
    counts = [min(size, draws - start) for start in range(0, draws, size)]
    seeds = np.random.SeedSequence(seed).generate_state(len(counts))
    return [(count, int(state)) for count, state in zip(counts, seeds, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Blocks of draws counted: how many lie at or above, and at or below, what was observed; their mean and spread.

    ``tail`` is p of the upper tail where a formula gives it and nothing is drawn.
    """

    observed: Floats
    upper: Floats
    lower: Floats
    mean: Floats
    spread: Floats
    tail: Floats | None = None

    @property
    def z(self) -> Floats:
        """Distance of what was observed from the mean of the draws in their standard deviations; 0 where none differ."""
        gap: Floats = self.observed - self.mean
        found: Floats = np.divide(gap, self.spread, out=np.zeros(len(gap)), where=self.spread > 0)
        return found


def counted(call: Callable[[int, int], Drawn], *, seed: int, draws: int, areas: int) -> Counted:
    """Call esda block by block and count.

    Parameters
    ----------
    call : takes draws and a seed. seed : of all. draws : in all. areas : values held for each draw.
    """
    upper = lower = first = second = np.zeros(1)
    observed = np.zeros(1)
    for count, state in blocks(seed, draws, areas):
        with quiet(), seeded(state):
            found = call(count, state)
        observed = np.asarray(found.observed, dtype=np.float64)
        gaps = np.asarray(found.draws, dtype=np.float64) - observed
        tie = TIE * np.maximum(np.abs(observed), np.abs(gaps).max(axis=0))
        upper = upper + (gaps >= -tie).sum(axis=0)
        lower = lower + (gaps <= tie).sum(axis=0)
        first = first + gaps.sum(axis=0)
        second = second + (gaps * gaps).sum(axis=0)
    mean = first / draws
    # What rounding leaves of draws that are all alike is no spread.
    variance = np.where(second / draws - mean * mean > TIE * second / draws, second / draws - mean * mean, 0.0)
    return Counted(observed, upper, lower, observed + mean, np.sqrt(np.maximum(variance, 0.0)))


def engine() -> str:
    """Say what makes esda's draws: they differ with and without numba, so that a result records it."""
    return "numba" if importlib.util.find_spec("numba") is not None else "numpy"


def laid_out(
    name: str,
    found: Counted,
    part: Cut,
    *,
    kind: np.ndarray[Any, np.dtype[np.object_]],
    classes: tuple[str, ...],
    weights: Weights,
    inference: Inference,
    of_kind: Flags | None = None,
) -> LocalResult:
    """Lay esda's answer on the full index: two-sided p, adjusted p, an honest class for every area.

    Parameters
    ----------
    name : of the statistic. found : what was drawn. part : the areas it is of.
    kind : class of an area should it be significant, shape (n,). classes : all, in order.
    weights, inference : of the test. of_kind : areas that have something to test; all when not given.
    """
    keep = np.ones(part.field.n, dtype=np.bool_) if of_kind is None else of_kind
    draws = inference.draws(int(keep.sum()))
    if found.tail is None:
        p = p_values(found.upper[keep], found.lower[keep], draws, inference.alternative)
    else:
        high, low = found.tail[keep], 1 - found.tail[keep]
        both = np.minimum(1.0, 2 * np.minimum(high, low))
        p = {"greater": high, "less": low}.get(inference.alternative, both)
    tested = part.field.tested.copy()
    tested[tested] = keep
    field = type(part.field)(part.field.index, part.field.has_value, tested, part.y[keep], part.field.rows)
    return local_result(
        name,
        Tested(found.observed[keep], found.mean[keep], found.z[keep], p, kind[keep]),
        field=field,
        weights=weights,
        inference=inference,
        classes=classes,
        n=part.field.n,
        beside=list(part.names),
        drawn_by=engine(),
        **dict(part.parameters),
    )


def whole(name: str, found: Counted, at: int, part: Cut, *, weights: Weights, inference: Inference) -> GlobalResult:
    """Return one number of the whole map with a p of the side or sides that were asked for."""
    draws = inference.global_draws() if inference.permutations not in ("auto", None) else WHOLE_DRAWS
    p = p_values(found.upper[at : at + 1], found.lower[at : at + 1], draws, inference.alternative)
    record = {key: value for key, value in inference.recorded().items() if key not in ("correction", "alpha")}
    return GlobalResult(
        name,
        float(found.observed[at]),
        float(found.mean[at]),
        float(found.z[at]),
        float(p[0]),
        part.field.n,
        {
            "permutations": draws,
            **record,
            **described(weights),
            "beside": list(part.names),
            "drawn_by": engine(),
            **dict(part.parameters),
        },
    )
