"""Outcomes followed over all their periods, and what of it is beyond error: for those whose configuration says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.change.watching import Watching, watch
from boundaries.series import series_of
from boundaries.series.making import ALLOWED
from geo.errors import ConfigError, PlaceatlasError
from maps.atlas.inputs import areas_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.change.watching import WatchList
    from analysis.study import Study
    from boundaries.outcomes.table import OutcomeTable
    from boundaries.series import Series
    from maps.atlas.config import AtlasConfig


def series_of_atlas(
    config: AtlasConfig, tables: Mapping[str, OutcomeTable], folders: Sequence[Path]
) -> tuple[Series, ...]:
    """Join every period of the outcomes whose configuration says ``periods = "all"``.

    Parameters
    ----------
    tables : by outcome, those that are there. folders : where files of areas are looked up.

    Raises
    ------
    ConfigError
        Periods that do not fit their areas; every fault at once.
    """
    asked = [part for part in config.outcome if part.periods == "all" and part.id in tables]
    if not asked:
        return ()
    areas = areas_of(config, tables, folders)
    found, faults = [], []
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
            faults += [f"outcome '{part.id}': {error.what}", *(f"  {fault}" for fault in error.faults)]
    if faults:
        raise ConfigError(f"the periods of '{config.slug}' cannot be laid out", faults)
    return tuple(found)


def watched_of(config: AtlasConfig, series: Sequence[Series], studies: Sequence[Study]) -> WatchList:
    """Say what gets worse and what gets better, of the areas of the atlas, against all areas of the series.

    Parameters
    ----------
    series : of the atlas. studies : with levels of the latest period.
    """
    modelled = frozenset(part.id for part in config.outcome if part.modelled)
    levels = {study.joined.meta.id: study.levels.frame["level"] for study in studies}
    found = watch(series, Watching(modelled=Watching().modelled | modelled), levels=levels)
    shown = {str(code) for study in studies for code in study.joined.frame.index}
    return found.only(shown)
