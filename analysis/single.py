"""One table studied on its own: read, join, study, write."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.study import StudyConfig, run_study, survey
from analysis.summary import summary_lines, summary_numbers
from boundaries.bundled.layers import load_neighbours
from boundaries.fitting import fitting_areas
from boundaries.joined import join
from boundaries.sources.registry import read_outcome
from geo.errors import ConfigError, DateError
from geo.files import write_csv, write_geopackage, write_json, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
    geography: str | None = None,
    layer: str = "bundled",
    members: str | None = None,
) -> Joined:
    """Read one table and join it to boundaries.

    Parameters
    ----------
    file : the table. source : adapter that reads it. options : what overrules the file.
    period : period to join. date : boundary date (ISO 8601); by default that of the codes.
    geography : by default what the publisher states, else districts. layer : "bundled", "official" or the path of a file.
    members : membership table of a custom geography, by name or path; ``geography`` and ``layer`` are then left aside.

    Raises
    ------
    PlaceatlasError
        The file cannot be read, the date is no date, or the join would lose or double data.
    """
    table = read_outcome(source, file, **dict(options or {}))
    stated = parse_date(date) if date else None
    areas = fitting_areas(table, geography=geography, date=stated, layer=layer, members=members)
    return join(table, areas, period=period)


def groups_of(stated: Sequence[str]) -> dict[str, str] | None:
    """Read ``COLUMN=GROUP`` as the group to keep of each column; None when nothing is stated.

    Raises
    ------
    ConfigError
        Words that are not of this form.
    """
    faults = [f"found '{words}'" for words in stated if not all(words.partition("="))]
    if faults:
        raise ConfigError("a group is chosen as COLUMN=GROUP, for example sex=Female", faults)
    return {words.partition("=")[0].strip(): words.partition("=")[2].strip() for words in stated} or None


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
    config: StudyConfig | None = None,
    **reading: Any,
) -> dict[str, Any]:
    """Study one table and write what ``write_study`` writes to a folder.

    Parameters
    ----------
    file : the table. output : the folder.
    config : how it is studied. reading : keywords of ``join_file``.

    Returns
    -------
    dict
        ``files``: what was written; ``lines``: the finding in words; ``numbers``: the same to compute with.

    Raises
    ------
    PlaceatlasError
        As ``join_file``, ``survey`` and ``run_study``.
    """
    joined = join_file(file, **reading)
    config = config or StudyConfig()
    ground = survey(joined.boundaries, config, neighbours=load_neighbours())
    study = run_study(joined, config, ground=ground)
    return {
        "files": [str(path) for path in write_study(study, output)],
        "lines": [*summary_lines(study), *joined.receipt.statements],
        "numbers": summary_numbers(study),
    }


def write_study(study: Study, folder: Path) -> list[Path]:
    """Write a study: ``areas.csv``, ``areas.gpkg``, ``robustness.csv``, ``summary.txt``, ``parameters.json``, ``receipt.json``."""
    boundaries = study.joined.boundaries
    frame = boundaries.frame[["code", "name", "nation", "region_code"]].assign(
        geography=boundaries.geography, date=boundaries.date.isoformat(), period=study.joined.period
    )
    fields = [study.to_frame(), *(layer.frame for layer in study.ground.layers)]
    table = frame.join(pd.concat(fields, axis=1).reindex(frame["code"]).reset_index(drop=True))
    written = [
        write_csv(table, folder / "areas.csv"),
        write_geopackage(boundaries.frame[["geometry"]].join(table), folder / "areas.gpkg", "areas"),
    ]
    if study.robustness is not None:
        written.append(write_csv(study.robustness.table, folder / "robustness.csv"))
    words = "\n".join([*summary_lines(study), *study.joined.receipt.statements])
    return [
        *written,
        write_text(folder / "summary.txt", f"{words}\n"),
        write_json(folder / "parameters.json", study.to_parameters()),
        write_json(folder / "receipt.json", study.joined.receipt.to_dict()),
    ]
