"""The neighbour graph itself: immutable compressed rows, what is known about it, and how to cut and carry it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from geo.cards import card
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from libpysal.graph import Graph

    from boundaries.areas.boundary_set import BoundarySet

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Audit:
    """What the graph looks like: isolates, components (largest first, as tuples of codes), degrees, and what was added or lost.

    Parameters
    ----------
    n : areas.
    links : directed links (a pair of neighbours counts twice).
    isolates : areas without a neighbour.
    components : connected groups of areas, the largest first; an isolate is a group of one.
    degrees : number of neighbours → number of areas.
    sea_links : (code, code, what joins them) of every crossing that was added to the land borders.
    notes : sentences: what was expected and what was found.
    """

    n: int
    links: int
    isolates: tuple[str, ...]
    components: tuple[tuple[str, ...], ...]
    degrees: Mapping[int, int]
    sea_links: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """An immutable neighbour graph in compressed rows, binary unless ``data`` says otherwise.

    ``ids`` shape (n,), ``indptr`` shape (n + 1,), ``indices`` shape (links,), ``data`` shape (links,) float64 of raw
    (untransformed) weights. Statistics standardise rows themselves. No area is its own neighbour.
    """

    ids: pd.Index
    indptr: Ints
    indices: Ints
    data: Floats
    policy: str
    audit: Audit
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.ids)

    def __repr__(self) -> str:
        """State policy, areas, links, components and isolates in one line."""
        return (
            f"Weights({self.policy}: {self.audit.n} areas, {self.audit.links} directed links, "
            f"{len(self.audit.components)} components, {len(self.audit.isolates)} isolates)"
        )

    @property
    def degrees(self) -> Ints:
        """Number of neighbours of each area, shape (n,)."""
        return np.diff(self.indptr)

    def sparse(self) -> sparse.csr_array:
        """Return the raw weights as a sparse matrix, shape (n, n)."""
        return sparse.csr_array((self.data, self.indices, self.indptr), shape=(len(self), len(self)))

    def neighbours(self, code: str) -> tuple[str, ...]:
        """Return the codes of an area's neighbours."""
        row = int(self.ids.get_indexer(pd.Index([code]))[0])
        if row < 0:
            raise StatisticsError(f"{code} is not an area of these weights", [f"the weights hold {listed(self.ids)}"])
        return tuple(self.ids[self.indices[self.indptr[row] : self.indptr[row + 1]]])

    def subset(self, ids: Iterable[str]) -> Weights:
        """Keep only these areas and the links among them, in the order given.

        Raises
        ------
        StatisticsError
            A code is unknown or given twice.
        """
        wanted = pd.Index(list(ids))
        at = self.ids.get_indexer(wanted)
        faults = []
        if (at < 0).any():
            faults.append(f"not in the weights: {listed(wanted[at < 0])}")
        if wanted.has_duplicates:
            faults.append(f"given more than once: {listed(wanted[wanted.duplicated()].unique())}")
        if faults:
            raise StatisticsError("a subset of weights needs each of its areas once", faults)
        matrix = self.sparse()[at][:, at].tocoo()
        return assembled(
            wanted,
            matrix.row,
            matrix.col,
            matrix.data,
            policy=self.policy,
            parameters=self.parameters,
            sea_links=tuple(link for link in self.audit.sea_links if {link[0], link[1]} <= set(wanted)),
            notes=(*self.audit.notes, f"cut from {len(self)} areas to {len(wanted)}"),
        )

    def lag(self, values: pd.Series, *, total: bool = False) -> pd.Series[float]:
        """Return the weighted mean of the neighbours that have a value, or their weighted total.

        Parameters
        ----------
        values : indexed by code, every area of the weights; NaN where there is no data.
        total : the sum of weight × value instead of the mean.

        Returns
        -------
        Series
            In the order of the weights, in the unit of the values; NaN where no neighbour has a value.

        Raises
        ------
        StatisticsError
            Areas of the weights that have no row among the values, or values that are not numbers.
        """
        missing = self.ids.difference(values.index)
        if len(missing) or values.index.has_duplicates:
            faults = [f"areas without a row: {listed(missing)} (use NaN for no data)"] if len(missing) else []
            faults += ["codes given more than once"] if values.index.has_duplicates else []
            raise StatisticsError("a lag needs a row for every area of the weights", faults)
        if not pd.api.types.is_numeric_dtype(values.dtype):
            raise StatisticsError("a lag is of numbers", [f"found {values.dtype}"])
        numbers = values.reindex(self.ids).to_numpy(dtype=np.float64, na_value=np.nan)
        matrix, known = self.sparse(), ~np.isnan(numbers)
        weight = matrix @ known.astype(np.float64)
        summed = matrix @ np.where(known, numbers, 0.0)
        mean = np.divide(summed, 1.0 if total else weight, out=np.full(len(self), np.nan), where=weight > 0)
        return pd.Series(mean, index=self.ids, name=values.name)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a directed link: ``from to weight``, in the order of the areas."""
        start = np.repeat(np.arange(len(self)), self.degrees)
        return pd.DataFrame({"from": self.ids[start], "to": self.ids[self.indices], "weight": self.data})

    def to_geo(self, boundaries: BoundarySet) -> gpd.GeoDataFrame:
        """Return a line for every pair of neighbours, between points inside the two areas.

        Parameters
        ----------
        boundaries : the areas that the weights are of.

        Returns
        -------
        GeoDataFrame
            ``from to weight`` and the line, in the CRS of the areas; a mutual pair has one line, with the larger weight.

        Raises
        ------
        StatisticsError
            An area of the weights is not in the set.
        """
        points = boundaries.to_geo().representative_point()
        missing = self.ids.difference(points.index)
        if len(missing):
            raise StatisticsError("links are drawn between areas of the set", [f"not in it: {listed(missing)}"])
        links = self.to_frame()
        ends = np.sort(links[["from", "to"]].to_numpy(dtype=object), axis=1)
        keys = [pd.Index(ends[:, 0], name="from"), pd.Index(ends[:, 1], name="to")]
        links = links["weight"].groupby(keys).max().reset_index()
        pairs = np.stack([shapely.get_coordinates(points[links[end]].array) for end in ("from", "to")], axis=1)
        return gpd.GeoDataFrame(links, geometry=shapely.linestrings(pairs), crs=boundaries.frame.crs)

    def _repr_html_(self) -> str:
        """Show the graph in a notebook."""
        audit = self.audit
        span = f"{min(audit.degrees)} to {max(audit.degrees)}" if audit.degrees else ""
        return card(
            f"Neighbours: {self.policy}",
            [
                ("areas", audit.n),
                ("neighbours each", span),
                ("connected groups", len(audit.components)),
                ("areas without a neighbour", listed(audit.isolates) if audit.isolates else "none"),
                ("crossings added", len(audit.sea_links)),
                ("notes", " ".join(f"{note[0].upper()}{note[1:]}." for note in audit.notes)),
            ],
        )

    def to_graph(self) -> Graph:
        """Return the same links as a ``libpysal.graph.Graph`` (raw weights)."""
        from libpysal.graph import Graph  # noqa: PLC0415 - costs more than a second; only this bridge needs it

        return Graph.from_sparse(self.sparse(), ids=self.ids)


def assembled(
    ids: pd.Index,
    rows: Ints,
    columns: Ints,
    data: Floats | None = None,
    *,
    policy: str,
    parameters: Mapping[str, Any] | None = None,
    sea_links: tuple[tuple[str, str, str], ...] = (),
    notes: tuple[str, ...] = (),
) -> Weights:
    """Build weights from directed links between positions of ``ids``, with an audit; a link given twice counts once.

    Raises
    ------
    StatisticsError
        Codes given twice; an area linked to itself; a weight that is zero, negative or not finite.
    """
    values = np.ones(len(rows)) if data is None else np.asarray(data, dtype=np.float64)
    faults = []
    if ids.has_duplicates:
        faults.append(f"codes given more than once: {listed(ids[ids.duplicated()].unique())}")
    if (rows == columns).any():
        faults.append(f"areas that are their own neighbour: {listed(ids[np.unique(rows[rows == columns])])}")
    for what, bad in (
        ("not finite", ~np.isfinite(values)),
        ("negative", values < 0),
        ("zero (leave the link out instead)", values == 0),
    ):
        if bad.any():
            pairs = [f"{a}-{b}" for a, b in zip(ids[rows[bad]], ids[columns[bad]], strict=True)]
            faults.append(f"weights that are {what}: {listed(pairs)}")
    if faults:
        raise StatisticsError("these links are no neighbour graph", faults)
    n = len(ids)
    keys, first = np.unique(rows.astype(np.int64) * max(n, 1) + columns, return_index=True)
    indptr = np.searchsorted(keys, np.arange(n + 1, dtype=np.int64) * max(n, 1)).astype(np.int64)
    indices = keys % max(n, 1)
    kept = values[first]
    for array in (indptr, indices, kept):
        array.setflags(write=False)
    audit = audited(ids, indptr, indices, sea_links=sea_links, notes=notes)
    return Weights(ids, indptr, indices, kept, policy, audit, dict(parameters or {}))


def audited(
    ids: pd.Index,
    indptr: Ints,
    indices: Ints,
    *,
    sea_links: tuple[tuple[str, str, str], ...] = (),
    notes: tuple[str, ...] = (),
) -> Audit:
    """Count isolates, connected groups and degrees of a graph."""
    n = len(ids)
    degree = np.diff(indptr)
    matrix = sparse.csr_array((np.ones(len(indices)), indices, indptr), shape=(n, n))
    groups = csgraph.connected_components(matrix, directed=False)[1] if n else np.empty(0, dtype=np.int64)
    values, counts = np.unique(degree, return_counts=True)
    return Audit(
        n=n,
        links=len(indices),
        isolates=tuple(ids[degree == 0]),
        components=tuple(sorted(_grouped(ids, groups), key=lambda group: (-len(group), group))),
        degrees={int(value): int(count) for value, count in zip(values, counts, strict=True)},
        sea_links=sea_links,
        notes=notes,
    )


def _grouped(ids: pd.Index, groups: Ints) -> list[tuple[str, ...]]:
    """Return the members of each group, in the order of ``ids``."""
    order = np.argsort(groups, kind="stable")
    cuts = np.flatnonzero(np.diff(groups[order])) + 1
    return [tuple(ids[part]) for part in np.split(order, cuts)] if len(order) else []
