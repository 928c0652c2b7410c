"""How an outcome differs between areas of a type and the others, tested against maps as smooth."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.association.judging import judge
from analysis.association.regression import spatial_error
from analysis.association.spectrum import Floats, moran_spectrum, null_contrasts
from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.association.judging import Finding
    from analysis.association.spectrum import Method, Spectrum
    from analysis.weights import Weights

DRAWS = 9_999
"""Surrogate maps for one test: the smallest two-sided p is 2/10,000."""

MIN_GROUP = 5
"""Fewest areas of a type, and not of it, between which a difference is tested."""


@dataclass(frozen=True, slots=True)
class Association:
    """How an outcome differs between areas of a type and the others.

    Parameters
    ----------
    outcome, kind : names of the two maps (``kind`` is the type, ``"coastal"``).
    n, members : areas compared, and how many of them are of the type.
    mean_members, mean_others : plain means; areas count alike whatever their size.
    difference, lower, upper : of the means, with its 95 % interval, in the outcome's unit.
    effect, effect_lower, effect_upper : the same in standard deviations of the outcome over all areas compared.
    adjusted, adjusted_lower, adjusted_upper : the difference by regression with spatially autocorrelated errors, which
        weighs a step across a border more than a gap between regions.
    rho : autocorrelation of those errors.
    p_singleton, p_pair : two-sided, by Moran spectral randomisation of the outcome.
    p_welch : two-sided Welch t, which takes areas for independent; shown for comparison, never as the result.
    draws, seed, weights : how the null was made.
    isolates : areas without a neighbour among those compared.
    against : ``p`` under the other graphs that were tried: policy and p of each.
    """

    outcome: str
    kind: str
    n: int
    members: int
    mean_members: float
    mean_others: float
    difference: float
    lower: float
    upper: float
    effect: float
    effect_lower: float
    effect_upper: float
    adjusted: float
    adjusted_lower: float
    adjusted_upper: float
    rho: float
    p_singleton: float
    p_pair: float
    p_welch: float
    draws: int
    seed: int
    weights: str
    isolates: int = 0
    against: tuple[tuple[str, float], ...] = ()

    @property
    def p(self) -> float:
        """The larger of the two spectral p-values: a claim has to stand under both nulls."""
        return max(self.p_singleton, self.p_pair)

    @property
    def all_p(self) -> tuple[float, ...]:
        """``p`` under every graph that was tried, the reported one first."""
        return (self.p, *(p for _, p in self.against))

    @property
    def finding(self) -> Finding:
        """What may be said of the gap: see ``judge``."""
        return judge(self.difference, self.lower, self.upper, self.all_p)


def associate(
    values: pd.Series,
    members: pd.Series,
    weights: Weights,
    *,
    draws: int = DRAWS,
    seed: int = 20240911,
    spectrum: Spectrum | None = None,
) -> Association:
    """Compare an outcome between areas of a type and the others, against maps as smooth as the outcome.

    Parameters
    ----------
    values : by code, float; NaN is left out.
    members : by code, yes, no or not classified; the last is left out.
    weights : a graph that holds at least the areas compared.
    spectrum : of exactly the areas compared, to save computing it again.

    Raises
    ------
    StatisticsError
        Areas that the graph lacks, a constant outcome, or fewer than ``MIN_GROUP`` areas on either side.

    Notes
    -----
    Null hypothesis: the outcome, as autocorrelated as it is, lies on the map without regard to the type. The p-value is
    the share of surrogate maps whose difference of means is at least as large either way. The interval draws surrogates
    of what is left of the outcome after the difference is taken off, and so allows for smooth residuals.
    A difference is a description of places, not of what being such a place does to anyone.
    """
    both = pd.concat([values.rename("value"), members.rename("member")], axis=1, join="inner")
    both = both[both["value"].notna() & both["member"].isin(["yes", "no"])]
    yes = (both["member"] == "yes").to_numpy()
    x = both["value"].to_numpy(dtype=np.float64)
    outcome, kind = str(values.name or "outcome"), str(members.name or "type")
    _check(both.index, weights, x, yes, f"{outcome} by {kind}")
    graph = weights if weights.ids.equals(both.index) else weights.subset(both.index)
    spectrum = spectrum if spectrum is not None and spectrum.ids.equals(both.index) else moran_spectrum(graph)
    contrast = _contrast(yes)
    difference = float(contrast @ x)
    p_singleton, p_pair = _both_p(x, yes, spectrum, draws, seed)
    chance = np.random.default_rng([seed, 2])
    errors = null_contrasts(x - difference * yes, contrast, spectrum, "pair", draws, chance)
    low, high = np.quantile(errors, [0.025, 0.975])
    sd = float(x.std(ddof=1))
    regression = spatial_error(both["value"], pd.DataFrame({"type": yes.astype(float)}, index=both.index), graph)
    adjusted = regression.frame.loc["type"].to_dict()
    return Association(
        outcome=outcome,
        kind=kind,
        n=len(x),
        members=int(yes.sum()),
        mean_members=float(x[yes].mean()),
        mean_others=float(x[~yes].mean()),
        difference=difference,
        lower=difference - float(high),
        upper=difference - float(low),
        effect=difference / sd,
        effect_lower=(difference - float(high)) / sd,
        effect_upper=(difference - float(low)) / sd,
        adjusted=float(adjusted["estimate"]),
        adjusted_lower=float(adjusted["lower"]),
        adjusted_upper=float(adjusted["upper"]),
        rho=regression.rho,
        p_singleton=p_singleton,
        p_pair=p_pair,
        p_welch=float(stats.ttest_ind(x[yes], x[~yes], equal_var=False).pvalue),
        draws=draws,
        seed=seed,
        weights=weights.policy,
        isolates=int((np.diff(graph.indptr) == 0).sum()),
    )


def associate_all(
    values: pd.Series,
    memberships: pd.DataFrame,
    weights: Weights,
    *,
    against: Sequence[Weights] = (),
    draws: int = DRAWS,
    seed: int = 20240911,
) -> tuple[tuple[Association, ...], dict[str, str]]:
    """Test an outcome against every definition of every type.

    Parameters
    ----------
    memberships : what ``analysis.typology.membership.memberships`` returned; the columns ``<dimension>__<id>`` are tested.
    weights : the graph that is reported. against : other graphs, under which only p is computed.

    Returns
    -------
    tuple
        The associations, and by column the reason why it could not be tested.
    """
    found, refused = [], {}
    graphs = (weights, *against)
    spectra: list[tuple[tuple[Weights, Spectrum], ...]] = []
    for column in memberships.columns:
        if "__" not in column or column.endswith(("__degree", "__agreed")):
            continue
        compared = values.index[values.notna() & memberships[column].reindex(values.index).isin(["yes", "no"])]
        try:
            if not any(own[0][1].ids.equals(compared) for own in spectra):
                parts = [graph.subset(compared) for graph in graphs]
                spectra.append(tuple((part, moran_spectrum(part)) for part in parts))
            (graph, spectrum), *others = next(own for own in spectra if own[0][1].ids.equals(compared))
            entry = associate(values, memberships[column], graph, draws=draws, seed=seed, spectrum=spectrum)
            yes = (memberships[column].reindex(compared) == "yes").to_numpy()
            x = values.reindex(compared).to_numpy(dtype=np.float64)
            elsewhere = tuple((one.policy, max(_both_p(x, yes, other, draws, seed))) for one, other in others)
            found.append(replace(entry, against=elsewhere))
        except StatisticsError as error:
            refused[column] = "; ".join(error.faults)
    return tuple(found), refused


def associations_frame(associations: Sequence[Association]) -> pd.DataFrame:
    """Return one row an association, for ``associations.csv``: its fields, ``p``, ``p_highest``, ``finding`` and ``q``.

    ``against`` is written as text, ``p_highest`` is the largest p over all graphs tried, ``finding`` that of ``judge``. ``q`` is the Benjamini-Hochberg adjusted ``p`` over the rows given, because several claims tested are several chances
    to be wrong.
    """
    columns = [*(entry.name for entry in fields(Association)), "p", "p_highest", "finding", "q"]
    rows = [
        asdict(entry)
        | {"against": "; ".join(f"{policy}: {p:.4g}" for policy, p in entry.against)}
        | {"p": entry.p, "p_highest": max(entry.all_p), "finding": entry.finding}
        for entry in associations
    ]
    frame = pd.DataFrame(rows).reindex(columns=columns)
    if len(frame):
        frame["q"] = stats.false_discovery_control(frame["p"].to_numpy())
    return frame


def _check(codes: pd.Index, weights: Weights, x: Floats, yes: np.ndarray[Any, np.dtype[np.bool_]], what: str) -> None:
    faults = []
    absent = codes.difference(weights.ids, sort=False)
    if len(absent):
        faults.append(f"the graph does not hold {listed(absent)}")
    if yes.sum() < MIN_GROUP or (~yes).sum() < MIN_GROUP:
        faults.append(f"found {yes.sum()} areas of the type and {(~yes).sum()} others; {MIN_GROUP} of each are needed")
    if len(x) and np.ptp(x) == 0:
        faults.append("the outcome is constant")
    if faults:
        raise StatisticsError(f"{what} cannot be tested", faults)


def _contrast(yes: np.ndarray[Any, np.dtype[np.bool_]]) -> Floats:
    """Return what a map is multiplied by to give mean of the type less mean of the others."""
    result: Floats = np.where(yes, 1 / yes.sum(), -1 / (~yes).sum())
    return result


def _both_p(
    x: Floats, yes: np.ndarray[Any, np.dtype[np.bool_]], spectrum: Spectrum, draws: int, seed: int
) -> tuple[float, float]:
    """Return the two-sided p of a gap by singleton and by pair."""
    contrast = _contrast(yes)
    methods: tuple[Method, Method] = ("singleton", "pair")
    one, two = (
        _two_sided(
            null_contrasts(x, contrast, spectrum, method, draws, np.random.default_rng([seed, stream])),
            float(contrast @ x),
        )
        for stream, method in enumerate(methods)
    )
    return one, two


def _two_sided(drawn: Floats, found: float) -> float:
    # A draw that equals what was found up to rounding counts as reaching it.
    return float((1 + np.sum(np.abs(drawn) >= abs(found) * (1 - 1e-12))) / (len(drawn) + 1))
