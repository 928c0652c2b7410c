"""The tables of an atlas that speak of outcomes, whole and cut to the areas of a region: levels, claims, clusters, kinds in clusters."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from analysis.association import claims_table
from analysis.clusters import CLASSES
from analysis.columns import CLUSTERED_KIND_FIELDS
from analysis.study.kinds_of_place import clusters_of_study
from maps.atlas.columns import BY_KIND, CLAIMS, CLUSTERS, HERE, LEVELS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.study import Study
    from maps.atlas.whole import Atlas


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


def regional_tables(atlas: Atlas, geography: str, codes: Collection[str]) -> dict[str, pd.DataFrame]:
    """Return the same tables as a region needs them.

    Parameters
    ----------
    geography : of the region's areas; outcomes of others are left out. codes : of its areas.

    Returns
    -------
    dict of file to DataFrame
        Of levels the rows of the region. Of clusters those with a member there, of claims and kinds in clusters every row, each with
        how many areas of the region it speaks of (``HERE``): what is tested is tested on the whole map, and a region of seven areas
        has no test of its own.
    """
    studies = atlas.studies_on(geography)
    tables, inside = outcome_tables(atlas, studies), set(codes)
    by_outcome = {study.joined.meta.id: study for study in studies}
    levels = tables[LEVELS]
    tables[LEVELS] = levels[levels["code"].isin(inside)].reset_index(drop=True)
    tables[CLUSTERS] = _clusters_here(tables[CLUSTERS], inside)
    for file, first, second in ((CLAIMS, *HERE[CLAIMS]), (BY_KIND, *HERE[BY_KIND])):
        table = tables[file]
        counts = [
            _kind_here(
                by_outcome[str(row["outcome"])], f"{row['type']}__{row['definition']}", inside, row.get("direction")
            )
            for row in table.to_dict("records")
        ]
        tables[file] = table.assign(**{first: [one for one, _ in counts], second: [two for _, two in counts]})
    return tables


def _clusters_here(table: pd.DataFrame, inside: set[str]) -> pd.DataFrame:
    here = [[code for code in str(codes).split("; ") if code in inside] for codes in table["codes"]]
    told = table.assign(areas_here=[len(codes) for codes in here], codes_here=["; ".join(codes) for codes in here])
    return told[told["areas_here"] > 0].reset_index(drop=True)


def _kind_here(study: Study, column: str, inside: set[str], direction: str | None) -> tuple[int, int]:
    """Return how many areas of a region a definition classifies, in clusters of a direction where one is given, and how many are of the kind."""
    values = study.joined.frame.loc[study.joined.covered, "value"].dropna()
    codes = values.index[values.index.isin(inside)]
    if direction is not None:
        classes = study.local.frame["class"].reindex(codes)
        codes = codes[classes.isin(CLASSES["low" if direction == "low" else "high"])]
    answers = study.ground.memberships[column].reindex(codes)
    return int((answers != "not classified").sum()), int((answers == "yes").sum())
