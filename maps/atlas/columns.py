"""The columns of an atlas's table of areas: what each is called, holds and means."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.columns import PLACE_FIELDS
from analysis.dictionary import (
    AREAS,
    alike_rows,
    claim_rows,
    cluster_rows,
    clustered_kind_rows,
    covariate_rows,
    dictionary_frame,
    further_rows,
    level_rows,
    place_rows,
    profile_rows,
    study_rows,
    whole_map_rows,
)
from analysis.profiles import standing_with_levels
from analysis.typology.definitions import DIMENSIONS
from analysis.typology.membership import dimensions_of
from boundaries.bundled.layers import load_atoms
from boundaries.outcomes.periods import dated, label
from boundaries.register import atom_codes, load_register
from boundaries.sources.sidecars import stated_of
from boundaries.vocabulary import ENGLISH, speaking_vocabulary
from maps.words import in_sentence, say, sentence, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd

    from analysis.study import Ground, Study
    from analysis.typology.definitions import Typology
    from boundaries.areas.boundary_set import BoundarySet

    Row = tuple[str, str, str, str, str, str, str, str]

VINTAGES = (2011, 2015, 2019, 2020, 2021, 2023, 2025)
"""Years whose local-authority codes stand beside each area (on 2 April of the year)."""

LEVELS, CLAIMS, CLUSTERS, BY_KIND = "levels.csv", "claims.csv", "clusters.csv", "clusters-by-kind.csv"
WARNINGS = "warnings.csv"

HERE = {
    CLAIMS: {
        "areas_here": "Areas of the region that the definition classifies and that have a value",
        "members_here": "How many of them are of the kind; all other columns are of the whole atlas",
    },
    CLUSTERS: {
        "areas_here": "Members of the cluster in the region; all other columns are of the whole cluster",
        "codes_here": "Their codes, most residents first",
    },
    BY_KIND: {
        "clustered_here": "Areas of the region in clusters of the direction that the definition classifies",
        "members_here": "How many of them are of the kind; all other columns are of the whole atlas",
    },
}
"""Columns that a table has more when it is cut to a region: file, then name, meaning."""


def column_name(study: Study, field: str) -> str:
    """Return ``<outcome>__<period>__<field>``: the name of a column, whatever language is spoken."""
    return f"{column_front(study)}__{field}"


def column_front(study: Study) -> str:
    """Return ``<outcome>__<period>``; a period that is more than digits and hyphens is written in English words."""
    period = study.joined.period
    if not re.fullmatch(r"[\d-]+", period):
        with speaking_vocabulary(ENGLISH):
            period = re.sub(r"[^0-9A-Za-z]+", "-", label(period)).strip("-").lower()
    return "__".join(part for part in (study.joined.meta.id, period) if part)


def stated_columns(studies: Sequence[Study]) -> dict[str, dict[str, Any]]:
    """Return, for each column of values, what is known of its outcome in the words of a configuration."""
    return {column_name(study, "value"): stated_of(study.joined.meta) for study in studies}


def area_table(ground: Ground, studies: Sequence[Study], rules: Sequence[Typology] = ()) -> gpd.GeoDataFrame:
    """Return a row an area with what is known of the place and every field of every study.

    Parameters
    ----------
    ground : the areas. studies : on that ground. rules : further definitions of kinds of place.

    Returns
    -------
    GeoDataFrame
        In the order and CRS of the boundary set; columns as in ``dictionary``.
    """
    boundaries = ground.boundaries
    places = boundaries.frame.drop(columns="geometry").set_index("code", drop=False)
    places["geography"] = boundaries.geography
    places["date"] = boundaries.date.isoformat()
    parts = [
        places[[name for name, _, _ in PLACE_FIELDS if name in places]],
        _former_codes(boundaries),
        ground.indicators.reindex(places.index),
        ground.memberships[list(dimensions_of(ground.memberships))].rename(columns=_safe),
        ground.memberships[[rule.column for rule in rules]].rename(columns=_safe),
        *(_fields(study) for study in studies),
    ]
    table = pd.concat(parts, axis=1).reset_index(drop=True)
    return boundaries.frame[["geometry"]].join(table)[[*table.columns, "geometry"]]


def areas_file(geography: str, grounds: Iterable[str], *, stem: str = "areas") -> str:
    """Return what the files of one geography are called: ``areas``, and ``areas-itl2`` for those beside the first.

    Examples
    --------
    >>> areas_file("LAD", {"LAD": None, "ITL2": None}), areas_file("ITL2", {"LAD": None, "ITL2": None})
    ('areas', 'areas-itl2')
    """
    return stem if geography == next(iter(grounds)) else f"{stem}-{re.sub(r'[^a-z0-9]+', '-', geography.lower())}"


def _safe(column: str) -> str:
    return column.replace("-", "_")


def _former_codes(boundaries: BoundarySet) -> pd.DataFrame:
    """Return, for each area, the local-authority codes of its land at other dates, joined by a bar."""
    index = pd.Index(boundaries.frame["code"], name="code")
    if boundaries.atoms is None:
        return pd.DataFrame(index=index)
    register, bundled = load_register(), load_atoms()
    atoms = boundaries.atoms.set_index("atom")["code"]
    columns = {}
    for year in VINTAGES:
        codes = atom_codes(register, bundled, dt.date(year, 4, 2)).reindex(atoms.index)
        columns[f"lad_{year}"] = codes.groupby(atoms).agg(_barred)
    return pd.DataFrame(columns).reindex(index)


def _fields(study: Study) -> pd.DataFrame:
    frame = study.to_frame()
    return frame.set_axis([column_name(study, str(field)) for field in frame.columns], axis=1)


def _barred(codes: pd.Series[str]) -> str:
    return "|".join(sorted(set(codes)))


def dictionary(
    grounds: Mapping[str, Ground],
    studies: Sequence[Study],
    rules: Sequence[Typology] = (),
    *,
    followed: bool = False,
    alike: Sequence[str] = (),
) -> pd.DataFrame:
    """Return what every column of every table means (``analysis.dictionary``).

    Parameters
    ----------
    grounds : by geography, the first first. studies : of all outcomes. rules : further definitions of kinds of place.
    followed : whether some outcome is followed over its periods. alike : names of what tells places alike.

    Notes
    -----
    Tables that are written only where there is something to say (``hubs.csv``) are among it all the same.
    """
    rows: list[Row] = []
    profiles: list[Row] = []
    for geography, ground in grounds.items():
        own = [study for study in studies if study.ground.boundaries.geography == geography]
        file = f"{areas_file(geography, grounds)}.csv"
        rows += [(file, *row[1:]) for row in _area_rows(ground, own, rules)]
        told = {study.joined.meta.id: study.joined.meta.title for study in own if stands_in_bands(study)}
        if alike:
            titles = {study.joined.meta.id: study.joined.meta.title for study in own}
            file = f"{areas_file(geography, grounds, stem='alike')}.csv"
            profiles += alike_rows({name: titles.get(name, name) for name in alike}, file=file)
        if told:
            profiles += profile_rows(told, file=f"{areas_file(geography, grounds, stem='profiles')}.csv")
    whole = whole_map_rows() if any(len(added.whole) for study in studies for added in study.extra) else ()
    tables = (
        level_rows(),
        profiles,
        claim_rows(),
        cluster_rows(_kinds_of(grounds)),
        clustered_kind_rows(),
        *((further_rows("series"), further_rows("warnings")) if followed else ()),
        further_rows("hubs"),
        further_rows("beside"),
    )
    return dictionary_frame([*rows, *whole, *(row for table in tables for row in table)])


def _kinds_of(grounds: Mapping[str, Ground]) -> tuple[str, ...]:
    """Return the kinds of place of all geographies, the built-in ones first."""
    found = (kind for ground in grounds.values() for kind in dimensions_of(ground.memberships))
    return tuple(dict.fromkeys((*DIMENSIONS, *found)))


def stands_in_bands(study: Study) -> bool:
    """Say whether an outcome has a column in ``profiles.csv``: a category has none."""
    return study.joined.meta.measure != "category"


def worst_bands(study: Study) -> tuple[str, ...]:
    """Return the published or stated bands of the unfavourable end, the outermost first; nothing where there are none."""
    if not stands_in_bands(study) or not study.levels.frame["band"].fillna("").ne("").any():
        return ()
    standing = standing_with_levels(study.joined, study.levels)
    return standing.low if study.joined.meta.favourable == "high" else standing.low[::-1]


def _area_rows(ground: Ground, studies: Sequence[Study], rules: Sequence[Typology]) -> Iterator[Row]:
    yield from place_rows(ground.boundaries)
    for year in VINTAGES if ground.boundaries.atoms is not None else ():
        yield AREAS, f"lad_{year}", say("field.lad-meaning"), "", str(year), "", "", ""
    for covariate in ground.covariates:
        yield from covariate_rows(covariate)
    for kind in dimensions_of(ground.memberships):
        if kind not in DIMENSIONS:
            yield AREAS, _safe(kind), say("field.by-default", kind=sentence(kind)), "", "", "", "", ""
    for rule in rules:
        words = say("field.by-definition-meaning", named=_of_definition(rule), rule=rule.title)
        yield AREAS, _safe(rule.column), words, "", "", rule.source.title, rule.source.licence, ""
    for study in studies:
        yield from study_rows(study, called=partial(column_name, study))


def readable_names(
    dictionary: pd.DataFrame, studies: Sequence[Study], rules: Sequence[Typology] = (), *, file: str = AREAS
) -> dict[str, tuple[str, str]]:
    """Return column → the name a reader sees, and what it means.

    Parameters
    ----------
    dictionary : what columns mean. studies : whose outcomes they are of. rules : further definitions of kinds of place.
    file : the table whose columns are wanted.
    """
    titles = {study.joined.meta.id: dated(study.joined.meta.title, study.joined.period) for study in studies}
    known = {_safe(rule.column): _of_definition(rule) for rule in rules}
    known |= {f"lad_{year}": say("field.lad", year=str(year)) for year in VINTAGES}
    told = dictionary.loc[dictionary["file"] == file, ["column", "meaning", "unit"]].itertuples(index=False, name=None)
    return {
        column: (known.get(column) or _readable(column, meaning, unit, titles), meaning)
        for column, meaning, unit in told
    }


def _readable(column: str, meaning: str, unit: str, titles: Mapping[str, str]) -> str:
    """Name a column: of ours a phrase, of what others brought its meaning, after the outcome it is of."""
    outcome, field = column.split("__", maxsplit=1)[0], column.rpartition("__")[2]
    own = f"field.{field}" in spoken().phrases
    if outcome not in titles:
        return say(f"field.{field}") if own else say("subtitle.unit", words=meaning, unit=unit) if unit else meaning
    if field == "value":
        return titles[outcome]
    return say("field.of", outcome=titles[outcome], field=in_sentence(say(f"field.{field}") if own else meaning))


def _of_definition(rule: Typology) -> str:
    return say("field.by-definition", kind=sentence(rule.dimension), definition=rule.id)


def pack_dictionary(dictionary: pd.DataFrame, areas: str) -> pd.DataFrame:
    """Return what the columns of a pack's tables mean.

    Parameters
    ----------
    dictionary : of the atlas. areas : the file of the region's geography; a pack calls it the same, whatever the geography.
    """
    own = dictionary[dictionary["file"] == areas].assign(file=AREAS)
    shared = dictionary[~dictionary["file"].str.fullmatch(r"areas(-.*)?\.csv")]
    here = pd.DataFrame(
        [
            {"file": file, "column": name, "meaning": words}
            for file, told in HERE.items()
            for name, words in told.items()
        ]
    ).reindex(columns=dictionary.columns, fill_value="")
    return pd.concat([own, shared, here], ignore_index=True)
