"""One table studied on its own: read, join, study, write."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from analysis.study import StudyConfig, run_study, survey
from boundaries.boundary_set import load_boundary_set
from boundaries.bundled.layers import load_neighbours
from boundaries.dating import default_date
from boundaries.joined import join
from boundaries.sources.registry import read_outcome
from geo.errors import DateError
from geo.files import write_csv, write_geopackage, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.study import Study
    from boundaries.joined import Joined


def join_file(
    file: Path,
    *,
    source: str = "table",
    options: Mapping[str, object] | None = None,
    period: str = "latest",
    date: str | None = None,
    geography: str = "LAD",
) -> Joined:
    """Read one table and join it to bundled boundaries.

    Parameters
    ----------
    file : the table. source : adapter that reads it. options : what overrules the file.
    period : period to join. date : boundary date (ISO 8601); by default that of the codes.

    Raises
    ------
    PlaceatlasError
        The file cannot be read, the date is no date, or the join would lose or double data.
    """
    table = read_outcome(source, file, **dict(options or {}))
    when = parse_date(date) if date else default_date([table], geography=geography)
    return join(table, load_boundary_set(geography, when), period=period)


def parse_date(text: str) -> dt.date:
    """Read an ISO 8601 date.

    Raises
    ------
    DateError
        The text is no date.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise DateError(f"'{text}' is not a date", ["expected YYYY-MM-DD, for example 2023-04-01"]) from error


def study_file(
    file: Path,
    output: Path,
    *,
    source: str = "table",
    columns: Mapping[str, str] | None = None,
    measure: str | None = None,
    period: str = "latest",
    date: str | None = None,
    seed: int = 20240911,
) -> dict[str, Any]:
    """Study one table and write ``areas.csv``, ``areas.gpkg`` and ``receipt.json`` to a folder.

    Returns
    -------
    dict
        ``files``: what was written; ``lines``: the finding in words.
    """
    options = {"columns": dict(columns) if columns else None, "measure": measure}
    joined = join_file(file, source=source, options=options, period=period, date=date)
    config = StudyConfig(seed=seed)
    ground = survey(joined.boundaries, config, neighbours=load_neighbours())
    study = run_study(joined, config, ground=ground)
    written = write_study(study, output)
    return {"files": [str(path) for path in written], "lines": [repr(study), *joined.receipt.statements]}


def write_study(study: Study, folder: Path) -> list[Path]:
    """Write a study's areas as CSV and GeoPackage, and the receipt of its join."""
    boundaries = study.joined.boundaries
    fields = study.to_frame().reset_index(drop=True)
    frame = boundaries.frame[["code", "name", "nation", "region_code", "geometry"]].join(fields)
    return [
        write_csv(frame.drop(columns="geometry"), folder / "areas.csv"),
        write_geopackage(frame, folder / "areas.gpkg", "areas"),
        write_json(folder / "receipt.json", study.joined.receipt.to_dict()),
    ]
