"""Building an index, in the order of the handbook: select, impute, look, normalise, weight, aggregate, doubt."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis.indices.banding import band_places
from analysis.indices.choices import common_scale, composed, is_standardised, tried
from analysis.indices.definition import FEW_DRAWS
from analysis.indices.drawing import repeated
from analysis.indices.looking import correlations, cronbach_alpha, looked_at
from analysis.indices.placed import placed_draws
from analysis.indices.preparing import prepare
from analysis.indices.reading import join_indicators, meaning_faults
from analysis.indices.result import Index
from analysis.indices.sensitivity import leave_one_out, rank_intervals, rank_shares
from analysis.indices.weighting import effective_weights, importance_weights
from boundaries.outcomes.derived import combined_source
from boundaries.outcomes.periods import parse_period, readable
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import ConfigError, StatisticsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.indices.choices import Tried
    from analysis.indices.definition import BandsPart, IndexDefinition
    from analysis.indices.preparing import Prepared
    from boundaries.joined import Joined
    from geo.provenance import Source

Floats = np.ndarray[Any, np.dtype[np.float64]]

REPEATS = 1_000
"""Repeats of the surveys from which the standard error of the index is taken."""

_HALF = NormalDist().inv_cdf(0.975)


def build_index(definition: IndexDefinition, folders: Sequence[Path]) -> Index:
    """Read the indicators of an index and build it.

    Parameters
    ----------
    definition : the index. folders : where relative file names are looked up, in order.

    Raises
    ------
    PlaceatlasError
        Indicators that cannot be read, joined or combined; every fault at once.
    """
    return compose_index(definition, join_indicators(definition, folders))


def compose_index(
    definition: IndexDefinition, joined: Sequence[Joined], *, given: Mapping[str, Floats] | None = None
) -> Index:
    """Build an index from indicators that are joined already.

    Parameters
    ----------
    definition : the index. joined : its indicators, in order, on one boundary set.
    given : indicator → draws of its truth on its prepared scale (turned so that high is good, transformed), shape (at least
        ``uncertainty.draws``, areas that are kept); by default those of the model of levels (``placed_draws``).

    Raises
    ------
    ConfigError
        Indicators that cannot be meant together.
    StatisticsError
        What ``prepare``, ``importance_weights`` or ``normalised`` refuse.
    """
    if faults := meaning_faults(definition, [_as_table(one) for one in joined]):
        raise ConfigError(f"the indicators of '{definition.id}' cannot be used", faults)
    prepared = prepare(definition, joined)
    scaled = common_scale(prepared.figures, prepared, definition.normalisation, scale=definition.scale)
    weights = _weights(definition, scaled, prepared)
    value = composed(prepared.figures, prepared, definition, weights, definition.normalisation, definition.aggregation)
    if given is None:
        given = placed_draws(definition, joined, prepared)
    outcome = tried(definition, prepared, weights, given=given)
    sources = tuple(dict.fromkeys(one.meta.source for one in joined))
    areas = _areas(definition, joined, prepared, scaled, value, outcome, _errors(definition, prepared, weights))
    names = [part.id for part in definition.indicator]
    whole = np.where(prepared.present, scaled, np.nan)
    return Index(
        definition=definition,
        table=_table(definition, joined, areas, sources),
        areas=areas,
        look=looked_at(prepared.figures, names, prepared.points),
        correlations=correlations(np.vstack([whole, value]), [*names, definition.id]),
        weights=pd.DataFrame({"indicator": names, "weight": weights, "effective": _effective(whole, value)}),
        alpha=cronbach_alpha(_unit(whole)),
        sensitivity=(
            rank_shares(outcome, seed=definition.uncertainty.seed) if len(outcome.ranks) >= FEW_DRAWS else None
        ),
        without=leave_one_out(definition, prepared, weights, value, _banded(definition.bands)),
        joined=tuple(joined),
        prepared=prepared,
        sources=sources,
    )


def _as_table(joined: Joined) -> OutcomeTable:
    return OutcomeTable(joined.meta, joined.frame)


def _weights(definition: IndexDefinition, scaled: Floats, prepared: Prepared) -> Floats:
    stated = np.array([part.weight for part in definition.indicator])
    if definition.weights == "equal":
        stated = np.ones(len(stated))
    if definition.weights == "importance":
        whole = prepared.present.all(axis=0)
        return importance_weights(scaled[:, whole], list(stated))
    return np.asarray(stated / stated.sum())


def _effective(whole: Floats, value: Floats) -> Floats:
    """Return shares of importance over the areas that have every indicator."""
    there = np.isfinite(whole).all(axis=0)
    if there.sum() < 3:
        raise StatisticsError("fewer than 3 areas have every indicator", ["how much each counts cannot be told"])
    return effective_weights(whole[:, there], value[there])


def _unit(whole: Floats) -> Floats:
    spread = np.nanstd(whole, axis=1, ddof=1, keepdims=True)
    return np.asarray((whole - np.nanmean(whole, axis=1, keepdims=True)) / spread)


def _errors(definition: IndexDefinition, prepared: Prepared, weights: Floats) -> Floats:
    """Return the standard error of the index were the surveys taken again, all choices as stated; NaN where none is known."""
    rng = np.random.default_rng(definition.uncertainty.seed + 1)
    again = composed(
        repeated(prepared, REPEATS, rng),
        prepared,
        definition,
        weights,
        definition.normalisation,
        definition.aggregation,
    )
    drawn = (prepared.errors > 0) & prepared.present & (weights > 0)[:, None]
    return np.where(drawn.any(axis=0), again.std(axis=0, ddof=1), np.nan)


def _banded(bands: BandsPart | None) -> Any:
    return None if bands is None else lambda values: band_places(values, bands.cuts, bands.on_cut)


def _areas(
    definition: IndexDefinition,
    joined: Sequence[Joined],
    prepared: Prepared,
    scaled: Floats,
    value: Floats,
    outcome: Tried,
    errors: Floats,
) -> pd.DataFrame:
    low, high = rank_intervals(outcome)
    made = pd.DataFrame(
        {
            "value": value,
            "lower": value - _HALF * errors,
            "upper": value + _HALF * errors,
            "se": errors,
            "imputed": prepared.imputed.mean(axis=0),
            "rank": rankdata(value, method="average"),
            "rank_lower": low,
            "rank_upper": high,
        },
        index=pd.Index(prepared.codes, name="code"),
    )
    bands = definition.bands
    if bands is not None:
        made.insert(4, "band", np.array(bands.labels, dtype=object)[band_places(value, bands.cuts, bands.on_cut)])
        rows = _comparable(definition, outcome)
        places = band_places(outcome.index[rows], bands.cuts, bands.on_cut)
        for at, label in enumerate(bands.labels):
            share = (places == at).mean(axis=0) if len(places) else np.full(len(value), np.nan)
            made[f"p_{_column(label)}"] = share
    else:
        made.insert(4, "band", "")
    for part, row in zip(definition.indicator, scaled, strict=True):
        made[part.id] = row
    frame = joined[0].frame
    made = made.reindex(frame.index)
    made["band"] = made["band"].fillna("")
    made["reason"] = [prepared.left_out.get(str(code), "") for code in frame.index]
    made.insert(0, "name", frame["name"])
    return made


def _comparable(definition: IndexDefinition, outcome: Tried) -> Any:
    """Return the draws whose scale is that of the bands: all of a standardised index, else those of the stated method."""
    if is_standardised(definition):
        return np.arange(len(outcome.index))
    same = np.array([name == definition.normalisation for name in outcome.normalisations])[outcome.normalisation]
    same &= np.array([name == definition.aggregation for name in outcome.aggregations])[outcome.aggregation]
    rows = np.flatnonzero(same)
    return np.concatenate([rows, rows + outcome.sets])


def _column(label: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in label.lower()).split())


def _table(
    definition: IndexDefinition, joined: Sequence[Joined], areas: pd.DataFrame, sources: Sequence[Source]
) -> OutcomeTable:
    standard = is_standardised(definition)
    fixed = definition.normalisation == "min-max" and all(part.goalposts for part in definition.indicator)
    bases = [one.meta.place_basis for one in joined]
    nations = tuple(n for n in definition.boundaries.nations if all(n in one.meta.nations for one in joined))
    parts = "; ".join(f"{one.meta.title}" for one in joined)
    known = sum(part.error != "counted" for part in definition.indicator)
    meta = OutcomeMeta(
        id=definition.id,
        title=definition.title,
        measure="index",
        unit="z" if standard else "points",
        favourable=definition.favourable,
        place_basis=bases[0] if len(set(bases)) == 1 else "lives in",
        index_version=definition.edition,
        base="fixed" if fixed else "relative",
        nations=nations,
        geography=joined[0].boundaries.geography,
        source=combined_source(tuple(sources)),
        description=f"Composite index of {len(joined)} indicators ({parts}): {definition.normalisation}, {definition.weights} "
        f"weights, {definition.aggregation} mean. The standard error is that of {known} indicators under these choices; how far "
        "the choices themselves move a place stands in its rank interval."
        + (f" {definition.mixed_basis.strip()}" if definition.mixed_basis else ""),
        decimals=2 if standard else 1,
    )
    frame = outcome_frame(
        {
            "code": areas.index.to_numpy(),
            "name": areas["name"].to_numpy(),
            "period": [definition.period or _period(joined)] * len(areas),
            "band": areas["band"].to_numpy(),
            **{name: areas[name].to_numpy() for name in ("value", "lower", "upper", "se")},
        },
        extra=("band",),
    )
    reasons = {str(code): reason for code, reason in areas["reason"].items() if reason}
    covered = frame["code"].map(reasons).ne("not covered by every indicator").to_numpy()
    return OutcomeTable(meta, frame[covered].reset_index(drop=True), extras=("band",), reasons=reasons)


def _period(joined: Sequence[Joined]) -> str:
    """Return the years from the first day of the earliest indicator to the last of the latest; empty where one states none."""
    periods = [one.period for one in joined]
    if not all(period and readable(period) for period in periods):
        return ""
    read = [parse_period(period) for period in periods]
    first, last = min(period.start for period in read).year, max(period.end for period in read).year
    return str(first) if first == last else f"{first} to {last}"
