"""An outcome with its meaning: what is measured, for whom, in which unit, how sure, of which date."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.directions import closed
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas.api.extensions import ExtensionArray

    from boundaries.outcomes.measures import Base, Favourable, Measure, PlaceBasis

COLUMNS = ("code", "name", "period", "value", "lower", "upper", "se", "denominator", "sample_size", "status")
"""Columns every outcome frame has, in this order; breakdown columns stand between ``period`` and ``value``."""

IntervalRule = Literal["normal", "logit", "log"]
"""On which scale a published interval is symmetric."""


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
    base : ``"relative"`` where every period has a scale of its own (scores re-standardised), ``"fixed"`` where it is one for
        all; empty when not stated.
    nations : initials of the nations covered (E, W, S, N).
    averages : published averages by area code (``K02000001`` is the UK), on the outcome's own scale, for the latest period.
    geography : geography of the codes ("LAD", "UTLA", "smc203", …), as the publisher states it; empty when not stated.
    source : the publication.
    description : what a reader should know about the measure, in the publisher's sense; one paragraph.
    note : a sentence that stands beside every map. subtitle : what is measured in words, where the title is short.
    breaks, labels : limits of its bands, rising, and their names from the lowest; empty where none are stated.
    decimals : decimals worth printing; None when not known.
    interval : how the source's intervals become standard errors: ``"normal"``, ``"logit"`` (shares) or ``"log"`` (ratios).
    confidence : coverage of the interval, 0.95 for 95 %.
    denominator : what the denominators count ("taxpayers", "pupils"), for the words of a weighted mean.
    tax_years : years written 2021-22 are tax years, which end on 5 April.
    both_vintages : the publisher lists merged areas beside their successors in one period, and says so.
    modelled : the publisher modelled the figures: their intervals are of the truth already, and nothing is shrunk again.
    """

    id: str
    title: str
    measure: Measure
    unit: str = ""
    favourable: Favourable = "none"
    place_basis: PlaceBasis = "lives in"
    index_version: str = ""
    base: Base = ""
    nations: tuple[str, ...] = ("E", "W", "S", "N")
    averages: Mapping[str, float] = field(default_factory=dict)
    geography: str = ""
    source: Source = field(default_factory=lambda: Source(title="not stated"))
    description: str = ""
    note: str = ""
    subtitle: str = ""
    breaks: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    decimals: int | None = None
    interval: IntervalRule = "normal"
    confidence: float = 0.95
    denominator: str = ""
    both_vintages: bool = False
    modelled: bool = False
    tax_years: bool = False

    def __post_init__(self) -> None:
        """Let no word of a publisher turn round the words that stand beside it."""
        for name in ("title", "subtitle", "unit", "description", "note"):
            own = getattr(self, name)
            if isinstance(own, str) and (whole := closed(own)) != own:
                object.__setattr__(self, name, whole)


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """Areas × periods × breakdowns of one outcome.

    ``frame`` has the columns of ``COLUMNS``: ``code`` and ``name`` str (one may be empty), ``period`` str as published,
    ``value lower upper se denominator sample_size`` float64 (NaN = not known, never zero), ``status`` one of
    ``boundaries.outcomes.measures.STATUSES``. ``repairs`` counts what was mended while reading (``{"stray spaces in codes": 3}``);
    ``breakdowns`` names the columns that split an area into groups; ``extras`` names columns that say more about a row
    (the publisher's own band); ``percent_signs``: cells say themselves that they are per cents; ``roles`` says which column of the file was taken for what; ``reasons``, by code, why there is no figure where the
    status alone does not tell. Rows of wider areas (regions,
    the UK) stay in the frame: a join takes the published averages from them.
    """

    meta: OutcomeMeta
    frame: pd.DataFrame
    breakdowns: tuple[str, ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)
    percent_signs: bool = False
    extras: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def periods(self) -> tuple[str, ...]:
        """Return the periods in order of first appearance."""
        return tuple(str(period) for period in self.frame["period"].unique())

    def __repr__(self) -> str:
        """State id, measure, rows, areas and periods."""
        areas = self.frame["code"].where(self.frame["code"] != "", self.frame["name"]).nunique()
        return (
            f"OutcomeTable({self.meta.id}: {self.meta.measure} in {self.meta.unit or 'no stated unit'}; "
            f"{len(self.frame):,} rows, {areas:,} areas, {len(self.periods())} periods)"
        )


def outcome_frame(columns: Mapping[str, object], *, extra: Sequence[str] = ()) -> pd.DataFrame:
    """Build the frame of an OutcomeTable: known columns in their order and types, what is absent filled with "not known".

    Parameters
    ----------
    columns : arrays or Series of equal length by column name; ``code`` or ``name`` must be among them, and ``value``.
    extra : names of breakdown and further columns, in the order they shall have.
    """
    text = {"code", "name", "period", *extra, "status"}
    length = len(next(iter(columns.values())))  # type: ignore[arg-type]
    # Arrays, not Series: a frame of Series compares their indexes column by column.
    built: dict[str, ExtensionArray | np.ndarray] = {}
    unknown = np.full(length, np.nan)
    for name in (*COLUMNS[:3], *extra, *COLUMNS[3:]):
        given = columns.get(name)
        if name in text:
            otherwise = "ok" if name == "status" else ""
            built[name] = pd.array([otherwise], dtype="str").repeat(length) if given is None else _text(given)
        else:
            built[name] = unknown if given is None else np.asarray(given, dtype="float64")
    frame = pd.DataFrame(built, index=pd.RangeIndex(length))
    if columns.get("status") is None:
        frame.loc[frame["value"].isna(), "status"] = "unavailable"
    return withheld(frame)


def _text(given: object) -> ExtensionArray:
    text = given.array if isinstance(given, pd.Series) else given
    if isinstance(text, pd.api.extensions.ExtensionArray) and str(text.dtype) == "str":
        return text
    made: ExtensionArray = pd.Series(np.asarray(given), dtype="str").array
    return made


def withheld(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without the figures of its suppressed cells, whatever its publisher left in them.

    Value, interval and standard error of a ``confidential`` row become "not known": an interval gives its middle away, and a
    sum that took the value in would give it away by subtraction.
    """
    hidden = frame["status"] == "confidential"
    figures = ["value", "lower", "upper", "se"]
    if not hidden.any() or frame.loc[hidden, figures].isna().all(axis=None):
        return frame
    return frame.assign(**{name: frame[name].mask(hidden) for name in figures})
