"""A composite index that was built: an outcome like any other, with what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from analysis.indices.definition import IndexDefinition
    from analysis.indices.preparing import Prepared
    from boundaries.joined import Joined
    from boundaries.outcomes.table import OutcomeTable
    from geo.provenance import Source

_HOW = {
    "refuse": "nothing is filled",
    "average": "filled with the mean of the areas",
    "region": "filled with the mean of the region",
    "reweight": "left out of the area's mean",
}


@dataclass(frozen=True, slots=True)
class Index:
    """A composite index with its uncertainty.

    Parameters
    ----------
    definition : what was asked for.
    table : the outcome; ``se`` is the error of the surveys under the stated choices, ``band`` an extra.
    areas : indexed by code: ``name value lower upper se band imputed rank rank_lower rank_upper``, ``p_<band>`` of each band,
        a column an indicator (normalised, high is good), ``reason`` why there is no index. Rank 1 is the lowest; its interval
        is over errors and choices. ``imputed`` is the share of indicators filled.
    look : a row an indicator, as of ``analysis.indices.looking.looked_at``.
    correlations : of the prepared indicators and the index.
    weights : ``indicator weight effective``: stated, and the share in the importance of all.
    alpha : Cronbach's, of the normalised indicators.
    sensitivity : as of ``analysis.indices.sensitivity.rank_shares``; None where the draws are too few to tell.
    without : as of ``analysis.indices.sensitivity.leave_one_out``.
    joined : the indicators as they were joined, with their receipts.
    prepared : the indicators as they went in.
    sources : every source, once.
    """

    definition: IndexDefinition
    table: OutcomeTable
    areas: pd.DataFrame
    look: pd.DataFrame
    correlations: pd.DataFrame
    weights: pd.DataFrame
    alpha: float
    sensitivity: pd.DataFrame | None
    without: pd.DataFrame
    joined: tuple[Joined, ...]
    prepared: Prepared
    sources: tuple[Source, ...]

    def __repr__(self) -> str:
        """State id, edition, indicators and areas."""
        known = int(self.areas["value"].notna().sum())
        return (
            f"Index({self.definition.id} {self.definition.edition}: {len(self.definition.indicator)} indicators, "
            f"{known} of {len(self.areas)} areas)"
        )

    def _repr_html_(self) -> str:
        """Show what was built in a notebook."""
        return f"<pre>{escape(chr(10).join(self.lines()))}</pre>"

    def to_frame(self) -> pd.DataFrame:
        """Return a row an area: index, interval, ranks with theirs, and every indicator as it went in."""
        return self.areas.copy()

    def lines(self) -> tuple[str, ...]:
        """Say what was built, how sure each place is, and which choice matters."""
        return (*self._of_steps(), *self._of_weights(), *self._of_ranks(), *self._of_choices())

    def _of_steps(self) -> list[str]:
        definition, prepared = self.definition, self.prepared
        known = self.areas["value"].notna()
        filled = int((self.areas["imputed"] > 0).sum())
        done = (
            f"{definition.title}, edition {definition.edition}: {len(definition.indicator)} indicators, "
            f"{int(known.sum())} of {len(known)} areas."
        )
        missing = (
            f"Missing: up to {definition.missing.allowed:.0%} of an area's indicators, {_HOW[definition.missing.how]}: "
            f"{filled} area{'s' * (filled != 1)}; {len(prepared.left_out)} without an index."
        )
        method = (
            f"Normalised by {definition.normalisation}, {definition.weights} weights, {definition.aggregation} mean; "
            f"Cronbach's alpha {self.alpha:.2f}."
        )
        said = [done, missing, method]
        ruled = self.look.loc[self.look["ruled_by_few"], "indicator"].tolist()
        if ruled:
            said.append(f"A few areas rule {', '.join(ruled)} (skewness beyond 2, excess kurtosis beyond 3.5).")
        with_index = self.correlations[definition.id].drop(definition.id)
        against = [str(name) for name in with_index.index[with_index < 0]]
        if against:
            said.append(f"Goes against the index in spite of its direction: {', '.join(against)}.")
        return [*said, *prepared.notes]

    def _of_weights(self) -> list[str]:
        width = max(len(name) for name in self.weights["indicator"])
        rows = [f"  {'indicator':<{width}}  weight  effective"]
        rows += [
            f"  {row['indicator']:<{width}}  {row['weight']:>6.2f}  {row['effective']:>9.2f}"
            for row in self.weights.to_dict("records")
        ]
        return ["Weights as stated, and as they work (squared correlation with the index):", *rows]

    def _of_ranks(self) -> list[str]:
        known = self.areas[self.areas["value"].notna()]
        width = (known["rank_upper"] - known["rank_lower"] + 1).median()
        spans = (
            f"Over {self.definition.uncertainty.draws:,} draws of errors and choices the rank interval (95%) of the middle "
            f"area spans {width:.0f} of {len(known)} places: no rank is printed without its interval."
        )
        return [spans]

    def _of_choices(self) -> list[str]:
        said = []
        if self.sensitivity is not None:
            said.append("What moves the ranks (share of their variance, 95% interval):")
            said += [
                f"  {row['choice']:<17} {row['share']:>6.1%}  ({row['lower']:.1%} to {row['upper']:.1%})"
                for row in self.sensitivity.to_dict("records")
            ]
        else:
            said.append(
                f"What moves the ranks cannot be distinguished from {self.definition.uncertainty.draws:,} draws."
            )
        if len(self.without):
            said.append("Without one indicator (rank correlation; places moved on average; most):")
            width = max(len(name) for name in self.without["without"])
            said += [
                f"  {row['without']:<{width}}  {row['rank_correlation']:.3f}  {row['mean_shift']:>5.1f}  "
                f"{row['largest_shift']:+.0f} ({self.areas.loc[row['largest_code'], 'name']})"
                for row in self.without.to_dict("records")
            ]
        return said

    def to_parameters(self) -> dict[str, Any]:
        """Return what the result depends on, JSON-able."""
        return {
            "definition": self.definition.model_dump(mode="json", by_alias=True),
            "alpha": self.alpha,
            "notes": list(self.prepared.notes),
            "left_out": dict(self.prepared.left_out),
        }
