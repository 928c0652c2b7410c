"""Call shapes of esda's local statistics: what each takes, how its observed values and draws are got, which classes it can give."""

from __future__ import annotations

from collections.abc import Callable, Mapping  # noqa: TC003 - the fields of a dataclass are read at run time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from analysis.geary import GEARY_CLASSES
from analysis.join_count import JOIN_CLASSES
from analysis.moran import quadrants, standardised
from analysis.permutation import neighbour_sums, row_standardised
from analysis.significance import GI_CLASSES, MORAN_CLASSES
from analysis.statistics.catalogue.drawing import Counted, Cut, Drawn
from analysis.statistics.catalogue.whole_calls import checked_rates
from geo.errors import StatisticsError

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Words = np.ndarray[Any, np.dtype[np.object_]]

ALIKE_CLASSES = ("alike", "different", "not-significant", "not-testable", "no-data")
"""Neighbours alike in every column at once, or unlike: a multivariate Geary tells no side."""

SPREAD_CLASSES = ("varied", "even", "not-significant", "not-testable", "no-data")
"""Neighbourhoods whose values differ much from their local mean, and little."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A statistic whose p esda takes from a formula: ``call`` gives it, its deviation under its null, and p of the upper tail."""

    call: Callable[[Cut], tuple[Floats, Floats, Floats]]


@dataclass(frozen=True, slots=True)
class LocalShape:
    """How one local statistic of esda is called.

    Parameters
    ----------
    words : what it is, in a line. source : who proposed it.
    call : given the areas, draws and a seed, runs esda; or a formula.
    kind : given the areas and what was counted, the class of every area should it be significant.
    classes : all that it can give. least, most : other columns that it takes. binary : are values 0 and 1?
    parameters : of its own, with their defaults. of_kind : areas that have something to test; all when None.
    default : other columns taken where none are named.
    """

    words: str
    source: str
    call: Callable[[Cut, int, int], Drawn] | Formula
    kind: Callable[[Cut, Counted], Words]
    classes: tuple[str, ...]
    least: int = 0
    most: int = 0
    binary: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    of_kind: Callable[[Cut], Flags] | None = None
    default: tuple[str, ...] = ()


def _moran(cut: Cut, draws: int, seed: int) -> Drawn:
    from esda import Moran_Local  # noqa: PLC0415  # seconds to load; only who asks waits

    found = Moran_Local(cut.y, cut.graph(), permutations=draws, seed=seed)
    return Drawn(found.Is, found.sim)


def _bivariate(cut: Cut, draws: int, seed: int) -> Drawn:
    from esda import Moran_Local_BV  # noqa: PLC0415

    found = Moran_Local_BV(cut.y, cut.others[:, 0], cut.graph(), permutations=draws, seed=seed)
    return Drawn(found.Is, found.sim)


def _rate(cut: Cut, draws: int, seed: int) -> Drawn:
    from esda import Moran_Local_Rate  # noqa: PLC0415

    events, base = checked_rates(cut.y, cut.others[:, 0])
    found = Moran_Local_Rate(events, base, cut.graph(), permutations=draws, seed=seed)
    return Drawn(found.Is, found.sim)


def _partial(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import MoranLocalPartial  # noqa: PLC0415

    found = MoranLocalPartial(permutations=draws).fit(cut.others.copy(), cut.y.reshape(-1, 1).copy(), cut.graph())
    return Drawn(found.association_, found.reference_distribution_.T)


def _filtered(cut: Cut) -> Floats:
    from esda import MoranLocalConditional  # noqa: PLC0415

    found = MoranLocalConditional(permutations=0).fit(cut.others.copy(), cut.y.copy(), cut.graph())
    return np.asarray(found.y_filtered_, dtype=np.float64)


def _conditional(cut: Cut, draws: int, seed: int) -> Drawn:
    """Draw local Moran of the residuals: esda 2.9.0 shuffles the neighbours' means instead, which tests the area's own value."""
    from esda import Moran_Local  # noqa: PLC0415

    found = Moran_Local(_filtered(cut), cut.graph(), permutations=draws, seed=seed)
    return Drawn(found.Is, found.sim)


def _g(cut: Cut, draws: int, seed: int) -> Drawn:
    from esda import G_Local  # noqa: PLC0415

    # Binary, since with esda's default (row-standardised) the form with the area itself is not the textbook Gi*.
    star = bool(cut.parameters["star"])
    if (cut.y < 0).any():
        raise StatisticsError("esda's G is a share of a total of values above zero", ["use local-getis-ord instead"])
    found = G_Local(cut.y, cut.graph(), transform="B", star=star, permutations=draws, n_jobs=1, seed=seed)
    return Drawn(found.Gs, found.sim)


def _geary(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Geary_Local  # noqa: PLC0415

    found = Geary_Local(connectivity=cut.graph(), permutations=draws).fit(cut.y)
    return Drawn(found.localG, found.rlocalG.T)


def _geary_many(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Geary_Local_MV  # noqa: PLC0415

    found = Geary_Local_MV(connectivity=cut.graph(), permutations=draws).fit(np.array(cut.columns))
    return Drawn(found.localG, found.Gs.T)


def _losh(cut: Cut) -> tuple[Floats, Floats, Floats]:
    """Return LOSH, its standard deviation under its null, and p of the upper tail."""
    from esda import LOSH  # noqa: PLC0415

    found = LOSH(connectivity=cut.graph().transform("r"), inference="chi-square").fit(cut.y)
    return found.Hi, np.sqrt(found.VarHi), found.pval


def _joins(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Join_Counts_Local  # noqa: PLC0415

    found = Join_Counts_Local(connectivity=cut.graph()).fit(cut.y, permutations=draws)
    return Drawn(found.LJC, found.rjoins.T)


def _joins_two(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Join_Counts_Local_BV  # noqa: PLC0415

    case, other = str(cut.parameters["case"]), cut.others[:, 0]
    if case not in ("BJC", "CLC"):
        raise StatisticsError(f"case '{case}' is not known", ["choose BJC (one kind beside the other) or CLC (both)"])
    if case == "BJC" and (both := int(((cut.y == 1) & (other == 1)).sum())):
        raise StatisticsError(
            f"{both} areas are of both kinds", ['case "BJC" is of kinds that exclude each other: choose "CLC"']
        )
    found = Join_Counts_Local_BV(connectivity=cut.graph()).fit(cut.y, other, case=case, permutations=draws)
    return Drawn(found.LJC, found.rjoins.T)


def _joins_many(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Join_Counts_Local_MV  # noqa: PLC0415

    found = Join_Counts_Local_MV(connectivity=cut.graph()).fit(cut.columns, permutations=draws)
    return Drawn(found.LJC, found.rjoins.T)


def _pearson(cut: Cut, draws: int, _seed: int) -> Drawn:
    from esda import Spatial_Pearson_Local  # noqa: PLC0415

    matrix = sparse.csc_matrix(cut.field.rows.sparse())
    found = Spatial_Pearson_Local(connectivity=matrix, permutations=draws).fit(cut.y[:, None], cut.others[:, :1])
    return Drawn(found.associations_, found.reference_distribution_)


def _around(cut: Cut, values: Floats) -> Floats:
    """Return the mean of a column's standardised values among the neighbours."""
    sums: Floats = neighbour_sums(standardised(values)[None, :], row_standardised(cut.field.rows))[0]
    return sums


def _own_against(column: int) -> Callable[[Cut, Counted], Words]:
    """Name areas by the sides of their own outcome and of a column among their neighbours."""
    return lambda cut, _found: quadrants(standardised(cut.y), _around(cut, cut.columns[column]))


def _rate_sides(cut: Cut, _found: Counted) -> Words:
    """Name areas by the sides of the index that esda makes of counts and denominators."""
    from esda.smoothing import assuncao_rate  # noqa: PLC0415

    index = np.asarray(assuncao_rate(cut.y, cut.others[:, 0]))
    return quadrants(standardised(index), _around(cut, index))


def _filtered_sides(cut: Cut, _found: Counted) -> Words:
    left = _filtered(cut)
    return quadrants(standardised(left), _around(cut, left))


def _both_around(cut: Cut, _found: Counted) -> Words:
    return quadrants(_around(cut, cut.y), _around(cut, cut.others[:, 0]))


def _sides(above: str, below: str) -> Callable[[Cut, Counted], Words]:
    """Name areas by the side of the draws on which they lie."""
    return lambda _cut, found: np.where(found.upper <= found.lower, above, below).astype(object)


def _geary_kind(cut: Cut, found: Counted) -> Words:
    own, around = standardised(cut.y), _around(cut, cut.y)
    alike = found.lower < found.upper
    sides = [~alike, (own > 0) & (around > 0), (own < 0) & (around < 0)]
    return np.select(sides, ["different", "high-high", "low-low"], "other-alike").astype(object)


def _of_all(cut: Cut) -> Flags:
    return np.asarray(np.all(np.column_stack(cut.columns) == 1, axis=1))


def _of_two(cut: Cut) -> Flags:
    other = 1 if cut.parameters["case"] == "CLC" else 0
    chosen: Flags = (cut.y == 1) & (cut.others[:, 0] == other)
    return chosen


LOCAL: Mapping[str, LocalShape] = {
    "G_Local": LocalShape(
        "Share of the total that lies among the neighbours (Gi, binary; with the area itself: star = true)",
        "Getis and Ord 1992; Ord and Getis 1995",
        _g,
        _sides("high", "low"),
        GI_CLASSES,
        parameters={"star": False},
    ),
    "Geary_Local": LocalShape(
        "Local Geary's c: differences between an area and its neighbours",
        "Anselin 1995",
        _geary,
        _geary_kind,
        GEARY_CLASSES,
    ),
    "Geary_Local_MV": LocalShape(
        "Multivariate local Geary's c: differences between an area and its neighbours in several columns at once",
        "Anselin 2019",
        _geary_many,
        _sides("different", "alike"),
        ALIKE_CLASSES,
        least=1,
        most=99,
    ),
    "Join_Counts_Local": LocalShape(
        "Neighbours of the same kind",
        "Anselin and Li 2019",
        _joins,
        _sides("together", "apart"),
        JOIN_CLASSES,
        binary=True,
        of_kind=_of_all,
    ),
    "Join_Counts_Local_BV": LocalShape(
        "Neighbours of another kind (case BJC), or of both kinds (case CLC)",
        "Anselin and Li 2019",
        _joins_two,
        _sides("together", "apart"),
        JOIN_CLASSES,
        least=1,
        most=1,
        binary=True,
        parameters={"case": "CLC"},
        of_kind=_of_two,
    ),
    "Join_Counts_Local_MV": LocalShape(
        "Neighbours of all kinds at once, for areas of all kinds at once",
        "Anselin and Li 2019",
        _joins_many,
        _sides("together", "apart"),
        JOIN_CLASSES,
        least=1,
        most=99,
        binary=True,
        of_kind=_of_all,
    ),
    "LOSH": LocalShape(
        "Local spatial heteroscedasticity: how much values round an area differ from their local mean",
        "Ord and Getis 2012",
        Formula(_losh),
        _sides("varied", "even"),
        SPREAD_CLASSES,
    ),
    "MoranLocalConditional": LocalShape(
        "Local Moran's I of what is left of the outcome once other columns are regressed out",
        "Wolf 2024",
        _conditional,
        _filtered_sides,
        MORAN_CLASSES,
        least=1,
        most=99,
    ),
    "MoranLocalPartial": LocalShape(
        "Partial local Moran's I: an area and its neighbours, what goes with other columns set aside",
        "Wolf 2024",
        _partial,
        _own_against(0),
        MORAN_CLASSES,
        least=1,
        most=99,
    ),
    "Moran_Local": LocalShape("Local Moran's I", "Anselin 1995", _moran, _own_against(0), MORAN_CLASSES),
    "Moran_Local_BV": LocalShape(
        "Bivariate local Moran's I: an area's outcome, and another column among its neighbours",
        "Anselin, Syabri and Smirnov 2002",
        _bivariate,
        _own_against(1),
        MORAN_CLASSES,
        least=1,
        most=1,
    ),
    "Moran_Local_Rate": LocalShape(
        "Local Moran's I of rates, by the empirical Bayes index of counts and denominators",
        "Assunção and Reis 1999",
        _rate,
        _rate_sides,
        MORAN_CLASSES,
        least=1,
        most=1,
        default=("denominator",),
    ),
    "Spatial_Pearson_Local": LocalShape(
        "Local Lee's L: two outcomes, both as means of the neighbours",
        "Lee 2001",
        _pearson,
        _both_around,
        MORAN_CLASSES,
        least=1,
        most=1,
    ),
}
"""Local statistics of esda, by the name of their class."""
