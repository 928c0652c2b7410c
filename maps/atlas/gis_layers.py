"""Layers of areas for geographical information systems: what they say of themselves, of their columns, and how they are drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.dictionary import AREAS
from boundaries.outcomes.periods import dated
from geo.files import write_geopackage
from geo.provenance import attribution_lines
from maps.kinds.framing import boundary_words
from maps.qgis import write_names, write_styles
from maps.rendering import distinct_lines
from maps.words import in_sentence, listed_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from analysis.study import Study
    from maps.spec import MapSpec

OUTSIDE_GRID = "Northern Ireland lies outside the area of use of EPSG:27700: fine for storage, not for measuring there."

_ADJUSTED = {"moran_q": "adjusted p of local Moran's I", "gi_q": "adjusted p of Gi*"}
"""Fields whose meaning begins by pointing to the field before."""


def write_areas(
    table: gpd.GeoDataFrame, path: Path, studies: Sequence[Study], specs: Sequence[MapSpec], dictionary: pd.DataFrame
) -> Path:
    """Write every area of an atlas as the layer ``areas`` of a GeoPackage that QGIS opens as it was drawn.

    Parameters
    ----------
    table : of ``area_table``. dictionary : what its columns mean. specs : the maps it is to be drawn as, the first by default.
    """
    boundaries = studies[0].ground.boundaries
    sources = [*boundaries.sources, *(study.joined.meta.source for study in studies)]
    about = {
        "IDENTIFIER": f"{listed_words([study.joined.meta.title for study in studies])}: {boundary_words(boundaries)}",
        "DESCRIPTION": " ".join([OUTSIDE_GRID, *distinct_lines(attribution_lines(sources))]),
    }
    write_geopackage(table, path, "areas", metadata=about)
    write_names(path, "areas", readable_names(dictionary, studies))
    return write_styles(path, "areas", specs) if specs else path


def readable_names(dictionary: pd.DataFrame, studies: Sequence[Study]) -> dict[str, tuple[str, str]]:
    """Return column → the name a reader sees (outcome, period, the first words of the meaning), and what it means."""
    titles = {study.joined.meta.id: dated(study.joined.meta.title, study.joined.period) for study in studies}
    told = dictionary.loc[dictionary["file"] == AREAS, ["column", "meaning", "unit", "period"]].itertuples(
        index=False, name=None
    )
    return {
        column: (_readable(column, meaning, unit, period, titles), meaning) for column, meaning, unit, period in told
    }


def _readable(column: str, meaning: str, unit: str, period: str, titles: Mapping[str, str]) -> str:
    outcome, field = column.split("__", maxsplit=1)[0], column.rpartition("__")[2]
    words = re.split(r"[;:] ", meaning)[0]
    if outcome not in titles:
        words = words.replace("that year", period) if period else words
        told = not unit or unit.rsplit(maxsplit=1)[-1] in words or unit == "people"
        return words if told else f"{words} ({unit})"
    return titles[outcome] if field == "value" else f"{titles[outcome]}: {_ADJUSTED.get(field, in_sentence(words))}"
