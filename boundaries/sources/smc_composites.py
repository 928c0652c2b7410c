"""The Commission's composite indices as its explorer serves them since 2025: names alone, seven groups, every period with a scale of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from boundaries.outcomes.intervals import with_standard_errors
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.cells import marker_status, read_numbers
from boundaries.sources.options import overrule
from boundaries.sources.smc_indicators import source_title
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from boundaries.outcomes.measures import PlaceBasis

SCHEME = "smc205"
"""Scheme of the 205 areas of 2025."""

GROUPS = (
    "Least Favourable",
    "Unfavourable",
    "Lower Middling",
    "Middling",
    "Upper Middling",
    "Favourable",
    "Most Favourable",
)
"""The seven groups, lowest scores first."""

CUTS = (-1.5, -1.0, -0.5, 0.5, 1.0, 1.5)
"""Scores at which one group ends and the next begins; a score on a cut lies in the group further from 0."""

_COLUMNS = ("measure_code", "measure_title", "area_name", "time_period", "value")
_BAND_SPLIT = "zscore_category"
_ATTRIBUTION = (
    "Social Mobility Commission, State of the Nation data explorer, © Crown copyright, Open Government Licence v3.0.",
)


def is_composite(raw: pd.DataFrame) -> bool:
    """Tell whether a file is a composite index of this form: a measure whose second split is the group of its z-score."""
    column = raw.get("secondary_split_type")
    return "measure_code" in raw.columns and column is not None and bool((column == _BAND_SPLIT).any())


def read_composite(path: Path, raw: pd.DataFrame, options: Mapping[str, object], *, edition: str) -> OutcomeTable:
    """Turn a composite of the 2025 form into an OutcomeTable.

    Parameters
    ----------
    path : the file. raw : its cells as text. options : what overrules it. edition : year of the State of the Nation.

    Returns
    -------
    OutcomeTable
        Codes empty: the file has names alone. ``band`` is the published group. ``base`` is relative: in every period the
        scores of all areas have mean 0 and standard deviation 1, so that what happened everywhere shows nowhere.

    Raises
    ------
    TableError
        A missing column, a file of several measures, scores that are not numbers, or groups of another scale.
    """
    faults = [f"column {column} is absent" for column in _COLUMNS if column not in raw.columns]
    if faults:
        raise TableError(f"{path.name} is not a whole composite index", faults)
    cells = read_numbers(raw["value"])
    faults = [f"'{text}' in row {row + 2} of value" for text, row in cells.bad.items()]
    titles = raw["measure_title"].str.strip().unique()
    if len(titles) > 1:
        faults.append(f"it holds several measures: {listed(titles)}")
    grouped = raw["secondary_split_type"] == _BAND_SPLIT
    bands = raw["secondary_split_value"].str.strip().where(grouped, "")
    bands = bands.mask(bands.map(lambda band: marker_status(band) is not None), "")
    if unknown := sorted(set(bands) - {*GROUPS, ""}):
        faults.append(f"groups that are not of the seven: {listed(unknown)}")
    if faults:
        raise TableError(f"{path.name} cannot be read as a composite index", faults)
    frame = outcome_frame(
        {
            "code": [""] * len(raw),
            "name": raw["area_name"].str.strip(),
            "period": raw["time_period"].str.strip(),
            "band": bands,
            "value": cells.numbers,
            **{
                role: read_numbers(raw[column]).numbers
                for role, column in (("lower", "lci"), ("upper", "uci"), ("sample_size", "sample_size"))
                if column in raw.columns
            },
            "status": cells.status,
        },
        extra=("band",),
    )
    meta = overrule(_meta(path, str(titles[0]), edition), options)
    roles = {"name": "area_name", "period": "time_period", "value": "value"}
    return OutcomeTable(meta, with_standard_errors(frame, meta), repairs=cells.repairs, extras=("band",), roles=roles)


def group_of(score: float) -> str:
    """Return the group a score of the 2025 edition lies in.

    Examples
    --------
    >>> group_of(-0.5), group_of(-0.499), group_of(1.5)
    ('Lower Middling', 'Middling', 'Most Favourable')
    """
    beyond = sum(abs(score) >= cut for cut in CUTS if cut > 0)
    return GROUPS[3 + beyond if score > 0 else 3 - beyond]


def _meta(path: Path, title: str, edition: str) -> OutcomeMeta:
    basis: PlaceBasis = (
        "grew up in" if re.search(r"promising prospects|mobility outcome|origin", title, re.IGNORECASE) else "lives in"
    )
    who = (
        "people who grew up in the area, wherever they live now"
        if basis == "grew up in"
        else "people who live in the area"
    )
    return OutcomeMeta(
        id=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"),
        title=title,
        measure="index",
        unit="z",
        favourable="high",
        place_basis=basis,
        index_version=edition,
        geography=SCHEME,
        base="relative",
        source=Source(
            title=source_title(edition, title),
            url="https://social-mobility.data.gov.uk/",
            sha256=sha256_of(path),
            licence="Open Government Licence v3.0",
            attribution=_ATTRIBUTION,
        ),
        description=f"Composite index '{title}' of the Social Mobility Commission for {who}; a z-score, in which 0 is the "
        "average of all areas in the same period and 1 their standard deviation: a change of the score is a change against "
        "the other areas. No interval is published.",
        decimals=2,
    )
