"""The nouns of a join: the joined outcome, with a row for every area, and the receipt, with a fate for every row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from boundaries.outcomes.periods import label
from boundaries.vocabulary import phrase
from geo.cards import card

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeMeta
    from geo.remedies import Remedy

FATES = (
    "matched",
    "recoded",
    "merged",
    "split",
    "moved",
    "repaired",
    "duplicated",
    "unmatched",
    "out_of_geography",
    "missing",
)
"""What can happen to a row of the outcome table (``missing``: an area of the set that no row reached)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What happened to every row.

    ``fates`` counts rows by fate (all of ``FATES``, zeros included); ``details`` has one entry a row or area that was not
    XX
    """

    outcome: str
    geography: str
    date: str
    period: str
    fates: Mapping[str, int]
    details: Sequence[Mapping[str, str]] = ()
    statements: Sequence[str] = ()
    sources: Sequence[Mapping[str, Any]] = ()
    remedies: Sequence[Remedy] = ()

    def to_text(self) -> str:
        """Return the receipt as a person reads it: statements, a table of fates, then every row that was not simply matched."""
        lines = [
            f"Receipt: {self.outcome}, {label(self.period) or 'no period'}, on {self.geography} of {self.date}",
            *(f"  {statement}" for statement in self.statements),
            "",
            "  fate               rows",
            *(f"  {phrase(f'fate.{fate}', 'word'):<16} {number:>6,}" for fate, number in self.fates.items()),
        ]
        if self.details:
            lines += ["", "  not simply matched:"]
            lines += [
                f"  {row['fate']:<16} {row['from'] or '-'} → {row['to'] or '-'}: {row['note']}" for row in self.details
            ]
        lines += ["", *(f"  source: {source['title']}" for source in self.sources)]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return the receipt as JSON-able data."""
        return {
            "outcome": self.outcome,
            "geography": self.geography,
            "date": self.date,
            "period": self.period,
            "fates": dict(self.fates),
            "statements": list(self.statements),
            "details": [dict(row) for row in self.details],
            "sources": [dict(row) for row in self.sources],
            **({"remedies": [remedy.to_dict() for remedy in self.remedies]} if self.remedies else {}),
        }


@dataclass(frozen=True, slots=True)
class Joined:
    """One outcome at one period on one boundary set.

    ``frame`` is indexed by ``code`` in the order of ``boundaries.frame`` and has the columns
    ``name nation value lower upper se denominator status quality reason`` (float64 values, NaN where missing; ``quality`` in
    ``boundaries.outcomes.measures.QUALITIES``; ``reason`` empty where there is a value). ``extras``, indexed alike, holds what else the
    source says of an area (the publisher's own band); None when it says nothing. ``where`` is the breakdown that was selected.
    """

    boundaries: BoundarySet
    meta: OutcomeMeta
    period: str
    frame: pd.DataFrame
    receipt: Receipt
    notes: tuple[str, ...] = field(default=())
    extras: pd.DataFrame | None = None
    where: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """State outcome, period, boundaries and how many areas have a value."""
        return (
            f"Joined({self.meta.id} {self.period}: {int(self.frame['value'].notna().sum())} of {len(self.frame)} areas of "
            f"{self.boundaries.geography}@{self.boundaries.date.isoformat()} have a value)"
        )

    def _repr_html_(self) -> str:
        """Show the join in a notebook, with what its receipt says."""
        valued = int(self.frame["value"].notna().sum())
        return card(
            f"{self.meta.title}, {label(self.period)}" if self.period else self.meta.title,
            [
                ("areas", f"{valued} of {int(self.covered.sum())} have a value"),
                ("boundaries", self.boundaries.in_words),
                ("measure", f"{self.meta.measure}, {self.meta.unit}" if self.meta.unit else self.meta.measure),
                ("receipt", " ".join(self.receipt.statements)),
                ("source", self.meta.source.title),
            ],
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row an area, indexed by code: ``frame``, and beside it what else the source says of an area."""
        return self.frame.copy() if self.extras is None else self.frame.join(self.extras)

    def to_geo(self) -> gpd.GeoDataFrame:
        """Return the same with the shapes, in the CRS of the boundary set."""
        return self.boundaries.to_geo()[["geometry"]].join(self.to_frame())

    @property
    def covered(self) -> pd.Series:
        """Whether each area is in a nation that the outcome covers."""
        return self.frame["status"] != "not_covered"
