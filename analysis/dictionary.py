"""The data dictionary: what every column of every table means, in what unit, from where, and how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.columns import (
    CLAIM_FIELDS,
    CLAIM_UNITS,
    CLUSTER_FIELDS,
    CLUSTER_UNITS,
    CLUSTERED_KIND_FIELDS,
    CLUSTERED_KIND_UNITS,
    KIND_FIELDS,
    LEVEL_FIELDS,
    LEVEL_UNITS,
    PLACE_FIELDS,
    PROFILE_FIELDS,
    PROFILE_UNITS,
    ROBUSTNESS_FIELDS,
    STUDY_FIELDS,
    WHOLE_MAP_FIELDS,
)
from analysis.further_columns import GAP, TABLES
from analysis.statistics import SAME_UNIT, Meaning
from analysis.typology.definitions import DIMENSIONS
from boundaries.bundled.layers import sources as bundled_sources
from boundaries.outcomes.periods import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from analysis.statistics import Addition
    from analysis.study import Study
    from boundaries.areas.boundary_set import BoundarySet

Row = tuple[str, str, str, str, str, str, str, str]

COLUMNS = ("file", "column", "meaning", "unit", "period", "source", "licence", "method")

AREAS = "areas.csv"
"""The table of areas; the layers hold the same columns."""

WHOLE_MAP = "whole-map.csv"
"""The table of what further statistics say of the whole map."""

_FROM_RESIDENTS = {"population", "residents_per_hectare"}
_PUBLISHED = {"value", "lower", "upper", "se"}
_OF_THE_JOIN = {"quality": "the join to these boundaries", "reason": "the join to these boundaries"}


def dictionary_frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Return a dictionary as a table with the columns of ``COLUMNS``."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def place_rows(boundaries: BoundarySet) -> Iterator[Row]:
    """Describe what is known of a place; counts of residents name their source."""
    census = next((source for source in boundaries.sources if source == bundled_sources()["population"]), None)
    for name, meaning, unit in PLACE_FIELDS:
        from_census = census if name in _FROM_RESIDENTS else None
        title, licence = (from_census.title, from_census.licence) if from_census else ("", "")
        yield AREAS, name, meaning, unit, "2011" if from_census else "", title, licence, ""


def own_rows(study: Study, columns: Iterable[str]) -> Iterator[Row]:
    """Describe the columns of a table of one study on its own, of ``levels.csv``, and of ``robustness.csv`` where there is one."""
    rows = [
        *place_rows(study.ground.boundaries),
        (AREAS, "period", "Period of the outcome, as published", "", "", "", "", ""),
        *study_rows(study),
        *(row for added in study.ground.covariates for row in covariate_rows(added)),
    ]
    held = set(columns)
    yield from (row for row in rows if row[1] in held)
    yield from level_rows()
    if any(len(added.whole) for added in study.extra):
        yield from whole_map_rows()
    if study.robustness is not None:
        yield from robustness_rows(study.robustness.table.columns)


def covariate_rows(added: Addition) -> Iterator[Row]:
    """Describe what a further covariate added."""
    for column, meaning in added.meanings.items():
        title, licence = (meaning.source.title, meaning.source.licence) if meaning.source else ("", "")
        yield AREAS, column, meaning.words, meaning.unit, "", title, licence, added.origin


def study_rows(study: Study, *, called: Callable[[str], str] = str) -> Iterator[Row]:
    """Describe the fields of a study; ``called`` makes a column's name of a field."""
    meta = study.joined.meta
    present = set(study.to_frame().columns)
    chosen = f"seed {study.config.seed}; weights {study.config.weights}"
    fields = [(field, Meaning(words), "") for field, words in STUDY_FIELDS.items() if field in present]
    fields += [(name, meaning, added.origin) for added in study.extra for name, meaning in added.meanings.items()]
    for field, meaning, origin in fields:
        published = field in _PUBLISHED
        sources = [meta.source, *([meaning.source] if meaning.source else [])]
        computed = _OF_THE_JOIN.get(field) or "; ".join(filter(None, (chosen, origin)))
        yield (
            AREAS,
            called(field),
            f"{meta.title} ({meta.measure})" if field == "value" else meaning.words,
            meta.unit if published or meaning.unit == SAME_UNIT else meaning.unit,
            label(study.joined.period),
            "; ".join(source.title for source in sources),
            "; ".join(dict.fromkeys(source.licence for source in sources)),
            "" if published else computed,
        )


def whole_map_rows() -> Iterator[Row]:
    """Describe ``whole-map.csv``."""
    for name, meaning in WHOLE_MAP_FIELDS.items():
        yield WHOLE_MAP, name, meaning, "", "", "", "", ""


def cluster_rows(kinds: Sequence[str] = DIMENSIONS) -> Iterator[Row]:
    """Describe ``clusters.csv``, which has columns of every kind of place."""
    told = [(name, meaning, CLUSTER_UNITS.get(name, "")) for name, meaning in CLUSTER_FIELDS.items()]
    told += [
        (f"{kind}_{field}", words.format(kind=kind), CLUSTER_UNITS[field])
        for kind in kinds
        for field, words in KIND_FIELDS.items()
    ]
    for name, meaning, unit in told:
        yield "clusters.csv", name, meaning, unit, "", "", "", ""


def claim_rows() -> Iterator[Row]:
    """Describe ``claims.csv``."""
    for name, meaning in CLAIM_FIELDS.items():
        yield "claims.csv", name, meaning, CLAIM_UNITS.get(name, ""), "", "", "", ""


def level_rows() -> Iterator[Row]:
    """Describe ``levels.csv``."""
    for name, meaning in LEVEL_FIELDS.items():
        yield "levels.csv", name, meaning, LEVEL_UNITS.get(name, ""), "", "", "", ""


def profile_rows(bands: Mapping[str, str], *, file: str = "profiles.csv") -> Iterator[Row]:
    """Describe ``profiles.csv``; ``bands`` has the title of each outcome that stands in it, by id."""
    for name, meaning in PROFILE_FIELDS.items():
        yield file, name, meaning, PROFILE_UNITS.get(name, ""), "", "", "", ""
    for outcome, title in bands.items():
        yield (
            file,
            outcome,
            f"Band of {title}: published or stated, else by standard deviations from the mean",
            "",
            "",
            "",
            "",
            "",
        )


def clustered_kind_rows() -> Iterator[Row]:
    """Describe ``clusters-by-kind.csv``."""
    for name, meaning in CLUSTERED_KIND_FIELDS.items():
        yield "clusters-by-kind.csv", name, meaning, CLUSTERED_KIND_UNITS.get(name, ""), "", "", "", ""


def further_rows(table: str, *, file: str = "") -> Iterator[Row]:
    """Describe a table of a watch list, or one that sets places beside each other (``further_columns.TABLES``).

    Parameters
    ----------
    file : of the table; ``<table>.csv`` by default.
    """
    fields, units = TABLES[table]
    for name, meaning in fields.items():
        yield file or f"{table}.csv", name, meaning, units.get(name, ""), "", "", "", ""


def alike_rows(indicators: Mapping[str, str], *, file: str = "alike.csv") -> Iterator[Row]:
    """Describe ``alike.csv``; ``indicators`` has the title of each that tells places alike, by its name."""
    yield from further_rows("alike", file=file)
    for name, title in indicators.items():
        yield file, f"{name}_gap", GAP.format(title=title), "standard deviations", "", "", "", ""


def robustness_rows(columns: Iterable[str]) -> Iterator[Row]:
    """Describe ``robustness.csv``, which has a column for every class of the statistic."""
    for name in columns:
        meaning = ROBUSTNESS_FIELDS.get(name, f"Areas of the class {name} in the run")
        yield "robustness.csv", name, meaning, "" if name in ROBUSTNESS_FIELDS else "areas", "", "", "", ""
