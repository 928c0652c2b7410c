"""Outcomes followed over all their periods, and what of it is beyond error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.change.watching import Watching, watch
from boundaries.series import series_of
from boundaries.series.making import ALLOWED
from geo.errors import ConfigError, PlaceatlasError
from maps.atlas.inputs import areas_of
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.change.watching import WatchList
    from analysis.study import Study
    from boundaries.outcomes.table import OutcomeTable
    from boundaries.series import Series
    from maps.atlas.config import AtlasConfig, OutcomePart


@dataclass(frozen=True, slots=True)
class AllPeriods:
    """The series of an atlas, and for each outcome of several periods that is not followed, why."""

    series: tuple[Series, ...] = ()
    unfollowed: tuple[str, ...] = ()


def series_of_atlas(config: AtlasConfig, tables: Mapping[str, OutcomeTable], folders: Sequence[Path]) -> AllPeriods:
    """Join every period of the outcomes that have several, but for those whose configuration says ``periods = "latest"``.

    Parameters
    ----------
    tables : by outcome, those that are there. folders : where files of areas are looked up.

    Raises
    ------
    ConfigError
        Periods that do not fit their areas, of outcomes with ``periods = "all"``; every fault at once. Others are then not followed,
        and that is said.
    """
    asked = [part for part in config.outcome if part.id in tables and _followed(part, tables[part.id])]
    if not asked:
        return AllPeriods()
    areas = areas_of(config, tables, folders)
    found: list[Series] = []
    faults: list[str] = []
    unfollowed: list[str] = []
    for part in asked:
        try:
            found.append(
                series_of(
                    tables[part.id],
                    areas[part.id],
                    where=part.where or None,
                    allow=tuple(dict.fromkeys((*ALLOWED, *part.allow))),
                    base=part.base or "",
                )
            )
        except PlaceatlasError as error:
            if part.periods == "all":
                faults += [f"outcome '{part.id}': {error.what}", *(f"  {fault}" for fault in error.faults)]
            else:
                why = error.faults[0] if error.faults else error.what
                unfollowed.append(say("watched.unfollowed", outcome=part.id, why=why))
    if faults:
        raise ConfigError(f"the periods of '{config.slug}' cannot be laid out", faults)
    return AllPeriods(tuple(found), tuple(unfollowed))


def _followed(part: OutcomePart, table: OutcomeTable) -> bool:
    """Say whether an outcome is to be followed: as asked, else where it has several periods and is no category."""
    if part.periods:
        return part.periods == "all"
    return len(table.periods()) > 1 and table.meta.measure != "category" and part.period == "latest"


def watched_of(series: Sequence[Series], studies: Sequence[Study]) -> WatchList:
    """Say what gets worse and what gets better, of the areas of the atlas, against all areas of the series.

    Parameters
    ----------
    series : of the atlas. studies : with levels of the latest period.
    """
    levels = {study.joined.meta.id: study.levels.frame["level"] for study in studies}
    found = watch(series, Watching(), levels=levels)
    shown = {str(code) for study in studies for code in study.joined.frame.index}
    return found.only(shown)
