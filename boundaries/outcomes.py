"""An outcome with its meaning: what is measured, for whom, in which unit, how sure, of which date."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from boundaries.measures import Favourable, Measure, PlaceBasis

COLUMNS = ("code", "name", "period", "value", "lower", "upper", "se", "denominator", "sample_size", "status")
"""Columns every outcome frame has, in this order; breakdown columns stand between ``period`` and ``value``."""


@dataclass(frozen=True, slots=True)
class OutcomeMeta:
    """What an outcome means.

    Parameters
    ----------
    id : names files and columns (lower case, hyphens).
    title : what a reader calls it.
    measure : decides how values may be converted.
    unit : ``"£"``, ``"%"``, ``"per 1,000"``, ``"z"``, ``"years"``, ``"people"`` …
    favourable : which end is good.
    place_basis : whose place the value describes.
    index_version : edition of an index; editions are never chained.
    nations : initials of the nations covered (E, W, S, N).
    averages : published averages by area code (``K02000001`` is the UK), on the outcome's own scale, for the latest period.
    geography : geography of the codes ("LAD", "UTLA", "smc203", …), as the publisher states it; empty when not stated.
    source : the publication.
    """

    id: str
    title: str
    measure: Measure
    unit: str = ""
    favourable: Favourable = "none"
    place_basis: PlaceBasis = "lives in"
    index_version: str = ""
    nations: tuple[str, ...] = ("E", "W", "S", "N")
    averages: Mapping[str, float] = field(default_factory=dict)
    geography: str = ""
    source: Source = field(default_factory=lambda: Source(title="not stated"))


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """Areas × periods × breakdowns of one outcome.

    ``frame`` has the columns of ``COLUMNS``: ``code`` and ``name`` str (one may be empty), ``period`` str as published,
    ``value lower upper se denominator sample_size`` float64 (NaN = not known, never zero), ``status`` one of
    ``boundaries.measures.STATUSES``. ``repairs`` counts what was mended while reading (``{"stray spaces in codes": 3}``);
    ``breakdowns`` names the extra columns.
    """

    meta: OutcomeMeta
    frame: pd.DataFrame
    breakdowns: tuple[str, ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)

    def periods(self) -> tuple[str, ...]:
        """Return the periods in order of first appearance."""
        return tuple(dict.fromkeys(self.frame["period"]))
