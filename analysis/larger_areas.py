"""Whether an answer survives a change of scale: local Moran on the areas, and on each kind of larger area they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Unpack

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.moran import global_moran, local_moran
from analysis.weights import from_edges
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.significance import LocalResult, Options
    from analysis.weights import Weights
    from boundaries.joined import Joined

NO_DATA = "no-data"
UNTESTED = ("not-testable", NO_DATA)

End = Literal["low", "high"]

CLUSTERS: Final[Mapping[End, str]] = {"low": "low-low", "high": "high-high"}

MIN_LARGER = 10
"""Fewer larger areas than this say nothing of a pattern."""


@dataclass(frozen=True, slots=True, eq=False)
class OnLarger:
    """The classes of local Moran on the areas of an outcome, and on the larger areas they lie in.

    Parameters
    ----------
    frame : by code, one column a scale, the areas' own first: class of local Moran of the area, or of the larger area it lies
        in; ``no-data`` where it lies in none, or in one without a value.
    table : one row a scale: ``scale areas tested moran_i moran_p low_low high_high`` of that scale, and, of the areas tested at
        both, ``compared``, ``same`` and ``same_by_chance`` (share with the class that their larger area has, and that share if
        the two lists of classes had nothing to do with each other; of the first row 1 and NaN).
    """

    frame: pd.DataFrame
    table: pd.DataFrame

    def scales(self, end: End) -> pd.Series:
        """Return the scales at which each area lies in a cluster of one end, as text ("LAD UTLA"); "" where at none."""
        inside = self.frame == CLUSTERS[end]
        names = pd.Series([f"{name} " for name in inside.columns], index=inside.columns)
        return inside.dot(names).str.strip()

    def across(self, end: End) -> pd.Series:
        """Say at which scales each area lies in a cluster of one end.

        Returns
        -------
        Series
            ``every`` scale; ``own``: on these areas, not on all larger ones; ``larger``: only on larger ones; ``none``;
            ``not-testable`` and ``no-data`` on these areas.
        """
        inside = self.frame == CLUSTERS[end]
        own, larger = inside.iloc[:, 0], inside.iloc[:, 1:]
        said = np.select([own & larger.all(axis=1), own, larger.any(axis=1)], ["every", "own", "larger"], "none")
        classes = pd.Series(said, index=self.frame.index, dtype=object)
        first = self.frame.iloc[:, 0]
        return classes.mask(first.isin(UNTESTED), first)


def on_larger(
    joined: Joined,
    weights: Weights,
    local: LocalResult,
    names: tuple[str, ...],
    find: Callable[[str], pd.Series],
    **options: Unpack[Options],
) -> OnLarger | None:
    """Test an outcome again on larger areas; None where none is named, but for the areas of the outcome themselves.

    Parameters
    ----------
    joined : the outcome. weights, local : of its covered areas.
    names : of larger areas (``UTLA``, ``ITL2``, ``region`` …), which ``find`` gives by code.
    options : as in ``analysis.moran.local_moran``.

    Raises
    ------
    StatisticsError
        A category; fewer than ten larger areas; every name at fault at once.

    Notes
    -----
    Counts are added up; other figures are means of the parts, weighted by the outcome's denominator where it has one, else by
    residents, else evenly. For medians and scores that is an approximation: the publisher's own figures of larger areas are
    better where there are any. Two larger areas are neighbours where a part of one is a neighbour of a part of the other.
    Classes at two scales are two answers, neither the true one (Openshaw 1984, The modifiable areal unit problem).
    """
    names = tuple(name for name in names if name.upper() != joined.boundaries.geography)
    if not names:
        return None
    values = joined.frame.loc[joined.covered, "value"]
    added = joined.meta.measure == "count"
    homes, faults = {}, []
    for name in names:
        home = find(name).reindex(values.index)
        homes[name] = home.where(home.notna() & (home.astype(str) != "")).dropna().astype(str)
        if (n := homes[name].nunique()) < MIN_LARGER:
            faults.append(f"'{name}': {n} larger areas; at least {MIN_LARGER} are needed")
    if joined.meta.measure == "category":
        faults = ["a category has no local Moran"]
    if faults:
        raise StatisticsError("the outcome cannot be tested on these larger areas", faults)
    shares = pd.Series(1.0, index=values.index) if added else _sizes(joined).reindex(values.index)
    frames, rows = {joined.boundaries.geography: local.frame["class"]}, [_row(joined.boundaries.geography, local)]
    own = global_moran(values, weights, permutations=options.get("permutations"), seed=options["seed"])
    rows[0] |= {"moran_i": own.statistic, "moran_p": own.p}
    for name, home in homes.items():
        carried = carried_up(values, shares, home, added=added)
        around = contracted(weights, home)
        larger = local_moran(carried, around, **options)
        whole = global_moran(carried, around, permutations=options.get("permutations"), seed=options["seed"])
        frames[name] = larger.frame["class"].reindex(home.reindex(values.index).to_numpy()).set_axis(values.index)
        rows.append(
            _row(name, larger)
            | {"moran_i": whole.statistic, "moran_p": whole.p}
            | _compared(local.frame["class"], frames[name].fillna(NO_DATA))
        )
    return OnLarger(pd.DataFrame(frames).fillna(NO_DATA), pd.DataFrame(rows))


def carried_up(values: pd.Series, shares: pd.Series, home: pd.Series, *, added: bool = False) -> pd.Series:
    """Return the values of larger areas: sums, or means of the parts by ``shares``; NaN where no part has a value.

    Parameters
    ----------
    values, shares : by code. home : larger area of each, strings; areas that lie in none are left out.
    """
    known = values.notna() & shares.notna() & (shares > 0) & values.index.isin(home.index)
    parts = (values * shares)[known].groupby(home).sum()
    weighed = parts if added else parts / shares[known].groupby(home).sum()
    return weighed.reindex(sorted(set(home))).astype(np.float64)


def contracted(weights: Weights, home: pd.Series) -> Weights:
    """Return neighbours of larger areas: those with parts that are neighbours."""
    names = sorted(set(home))
    column = pd.Index(names).get_indexer(pd.Index(home.reindex(weights.ids)))
    here = column >= 0
    shape = (len(weights), len(names))
    member = sparse.csr_array((np.ones(here.sum()), (np.flatnonzero(here), column[here])), shape=shape)
    joined = (member.T @ weights.sparse() @ member).tocoo()
    apart = joined.row != joined.col
    edges = pd.DataFrame({"from": np.array(names)[joined.row[apart]], "to": np.array(names)[joined.col[apart]]})
    return from_edges(edges, ids=pd.Index(names))


def _sizes(joined: Joined) -> pd.Series:
    """Return what parts of a larger area weigh: the denominator, else residents, else the same."""
    if joined.frame["denominator"].notna().any():
        return joined.frame["denominator"]
    residents = joined.boundaries.frame.set_index("code")["population"]
    return residents if residents.notna().all() else pd.Series(1.0, index=joined.frame.index)


def _row(name: str, result: LocalResult) -> dict[str, object]:
    classes = result.frame["class"]
    return {
        "scale": name,
        "areas": len(classes),
        "tested": int(result.frame["testable"].sum()),
        "low_low": int((classes == "low-low").sum()),
        "high_high": int((classes == "high-high").sum()),
        "compared": int(result.frame["testable"].sum()),
        "same": 1.0,
        "same_by_chance": np.nan,
    }


def _compared(fine: pd.Series, coarse: pd.Series) -> dict[str, object]:
    """Return the share of areas with the class of their larger area, and what chance would give."""
    both = ~fine.isin(UNTESTED) & ~coarse.isin(UNTESTED)
    here, there = fine[both], coarse[both]
    n = int(both.sum())
    kinds = here.value_counts(normalize=True), there.value_counts(normalize=True)
    chance = float((kinds[0] * kinds[1]).sum()) if n else np.nan
    return {"compared": n, "same": float((here == there).mean()) if n else np.nan, "same_by_chance": chance}
