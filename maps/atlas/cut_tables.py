"""The tables of an atlas that speak of outcomes, whole and cut to the areas of a region: levels, claims, clusters, kinds in clusters."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from analysis.association import claims_table
from analysis.clusters import CLASSES
from analysis.columns import CLUSTERED_KIND_FIELDS
from analysis.study.kinds_of_place import clusters_of_study
from maps.atlas.columns import BY_KIND, CLAIMS, CLUSTERS, HERE, LEVELS, WARNINGS
from maps.packs.kept import DICTIONARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.study import Study
    from maps.atlas.whole import Atlas
    from maps.packs import Kit, PackOutcome, Region


def outcome_tables(atlas: Atlas, studies: Sequence[Study] | None = None) -> dict[str, pd.DataFrame]:
    """Return the tables of outcomes by the name of their file, of all studies or of some."""
    chosen = atlas.studies if studies is None else studies
    return {
        LEVELS: pd.concat([study.levels.to_frame() for study in chosen], ignore_index=True),
        CLUSTERS: pd.concat(
            [clusters_of_study(study, atlas.kinds_in_clusters[study.joined.meta.id]) for study in chosen],
            ignore_index=True,
        ),
        BY_KIND: pd.DataFrame(
            [
                {"outcome": study.joined.meta.id, "period": study.joined.period, **asdict(one)}
                for study in chosen
                for one in atlas.kinds_in_clusters[study.joined.meta.id]
            ],
            columns=list(CLUSTERED_KIND_FIELDS),
        ),
        CLAIMS: claims_table([one for study in chosen for one in study.associations]),
    }


def regional_tables(kit: Kit, region: Region) -> dict[str, pd.DataFrame]:
    """Return the tables of a build as a place needs them, by the name of their file; none where there is no build.

    Parameters
    ----------
    kit : its ``data`` is the folder of the build's tables.

    Returns
    -------
    dict of file to DataFrame
        Of clusters those with a member there, of claims and kinds in clusters every row, each with how many areas of the place it
        speaks of (``HERE``): what is tested is tested on the whole map, and a region of seven areas has no test of its own. Every other
        table is cut by what its columns say: ``code``, or ``region`` and ``region_code``; one that holds none of these is taken whole.

    Notes
    -----
    Cells are text: what is not computed with is not changed.
    """
    if kit.data is None or not kit.data.is_dir():
        return {}
    outcomes = {outcome.id: outcome for outcome in kit.outcomes}
    found = {}
    for path in sorted(kit.data.glob("*.csv")):
        if path.name == DICTIONARY or re.fullmatch(r"areas(-.*)?\.csv", path.name):
            continue
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if "outcome" in table:
            table = table[table["outcome"].isin(outcomes)].reset_index(drop=True)
        if path.name == CLUSTERS:
            cut = _clusters_here(table, set(region.codes))
        elif path.name in {CLAIMS, BY_KIND}:
            cut = _kinds_here(table, kit, outcomes, set(region.codes), HERE[path.name])
        elif path.name == WARNINGS:
            # what is said of them, and how many are expected to be false, is said of the place's own areas
            cut = table[table["code"].isin(region.codes)].reset_index(drop=True)
        else:
            cut = _cut(table, region)
        if len(cut):
            found[path.name] = cut
    return found


def _cut(table: pd.DataFrame, region: Region) -> pd.DataFrame:
    if "code" in table:
        return table[table["code"].isin(region.shown)].reset_index(drop=True)
    for name in ("region", "region_code"):
        if name in table:
            return table[
                table[name].isin({region.info.code, region.info.name, region.info.english} - {""})
            ].reset_index(drop=True)
    return table


def _kinds_here(
    table: pd.DataFrame, kit: Kit, outcomes: Mapping[str, PackOutcome], inside: set[str], names: Iterable[str]
) -> pd.DataFrame:
    """Return a table of kinds of place with how many areas of the place each row speaks of, and how many are of the kind."""
    counts = [
        _kind_here(kit, outcomes[row["outcome"]], f"{row['type']}__{row['definition']}", inside, row.get("direction"))
        for row in table.to_dict("records")
    ]
    first, second = names
    return table.assign(**{first: [one for one, _ in counts], second: [two for _, two in counts]})


def _clusters_here(table: pd.DataFrame, inside: set[str]) -> pd.DataFrame:
    here = [[code for code in str(codes).split("; ") if code in inside] for codes in table["codes"]]
    told = table.assign(areas_here=[len(codes) for codes in here], codes_here=["; ".join(codes) for codes in here])
    return told[told["areas_here"] > 0].reset_index(drop=True)


def _kind_here(kit: Kit, outcome: PackOutcome, column: str, inside: set[str], direction: str | None) -> tuple[int, int]:
    """Return how many areas of a region a definition classifies, in clusters of a direction where one is given, and how many are of the kind."""
    uncovered = set(outcome.fates.uncovered) if outcome.fates is not None else set()
    values = outcome.numbers.dropna()
    codes = values.index[values.index.isin(inside - uncovered)]
    if direction is not None:
        table = kit.table.set_index("code")
        classes = table[f"{outcome.prefix}__moran_class"].reindex(codes)
        codes = codes[classes.isin(CLASSES["low" if direction == "low" else "high"])]
    answers = kit.memberships[column].reindex(codes)
    return int((answers != "not classified").sum()), int((answers == "yes").sum())
