"""One table studied on its own: read, join, study, write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.dictionary import LARGER, dictionary_frame, own_rows
from analysis.levels import LevelOptions
from analysis.one_table.beside import columns_beside
from analysis.one_table.reading import Reading
from analysis.statistics import statistics_named
from analysis.study import StudyConfig, run_study, survey
from analysis.summary import summary_lines, summary_numbers
from analysis.whole_map import larger_frame, whole_map_frame
from boundaries.bundled.layers import load_neighbours
from boundaries.joined.extent import join_within
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.sources.proportions import read_stated
from boundaries.sources.sidecars import stated_by, stated_of, write_sidecar
from geo.files import write_csv, write_geopackage, write_json, write_text
from geo.staging import TOOL, staged

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study import Study
    from boundaries.joined import Joined
    from boundaries.outcomes.table import OutcomeTable
    from boundaries.sources.sidecars import Stated


UNCREDITED = "whose source is not stated"
"""What is said of a file that nobody credits."""

_OF_AREAS = ("areas", "levels")
"""Tables that hold the figure of every area in a column ``value``."""

MARK = "parameters.json"
"""A folder that holds this file, naming placeatlas as its tool, holds results of ours."""


def join_file(file: Path, reading: Reading | None = None) -> Joined:
    """Read one table and join it to boundaries.

    Raises
    ------
    PlaceatlasError
        The file cannot be read, the date is no date, or the join would lose or double data.
    """
    reading = reading or Reading()
    table = credited(read_stated(reading.source, file, **dict(reading.options or {})), file)
    areas = fitting_areas(table, **reading.asked())
    return join_within(table, areas, place=reading.place, period=reading.period, allow=reading.allow)


def credited(table: OutcomeTable, file: Path) -> OutcomeTable:
    """Return a table that says so where nobody states whose figures they are."""
    if table.meta.source.title != file.name:
        return table
    source = replace(table.meta.source, title=f"{file.name} ({UNCREDITED})")
    return replace(table, meta=replace(table.meta, source=source))


def study_file(
    file: Path,
    output: Path,
    *,
    config: StudyConfig | None = None,
    reading: Reading | None = None,
    levels: LevelOptions | None = None,
    force: bool = False,
) -> dict[str, Any]:
    """Study one table and write what ``write_study`` writes to a folder, whole or not at all.

    Parameters
    ----------
    file : the table. output : the folder.
    config : how it is studied. reading : how it is read. levels : how its levels are made.
    force : replace earlier results in that folder.

    Returns
    -------
    dict
        ``files``: what was written; ``lines``: the finding in words; ``remedies``: options that would help; ``numbers``: the same to compute with.

    Raises
    ------
    OutputError
        The folder holds something else, or results and ``force`` is false; nothing in it is then touched.
    PlaceatlasError
        As ``join_file``, ``survey`` and ``run_study``.
    """
    config = config or StudyConfig()
    with staged(output, force=force, marker=MARK) as folder:
        joined = join_file(file, reading)
        ground = survey(joined.boundaries, config, neighbours=load_neighbours())
        wanted = [name for one in statistics_named(config.extra) for name in one.beside]
        beside = columns_beside(file, reading or Reading(), joined, wanted) if wanted else None
        banded = (levels or LevelOptions()).or_stated_of(joined.meta)
        study = run_study(joined, config, ground=ground, beside=beside, levels=banded)
        written = write_study(study, folder)
    return {
        "files": [str(output / path.name) for path in written],
        "lines": [*summary_lines(study), *joined.receipt.statements],
        "remedies": [remedy.to_dict() for remedy in joined.receipt.remedies],
        "numbers": summary_numbers(study),
    }


def write_study(study: Study, folder: Path) -> list[Path]:
    """Write a study: ``areas``, ``levels.csv``, ``robustness.csv``, ``whole-map.csv``, ``larger-areas.csv``, ``data-dictionary.csv``, a description beside each, ``summary.txt`` and, as JSON, parameters and receipt."""
    boundaries = study.joined.boundaries
    frame = boundaries.frame[["code", "name", "nation", "region_code"]].assign(
        geography=boundaries.geography, date=boundaries.date.isoformat(), period=study.joined.period
    )
    fields = [study.to_frame(), *(added.frame for added in study.ground.covariates)]
    table = frame.join(pd.concat(fields, axis=1).reindex(frame["code"]).reset_index(drop=True))
    written = [
        write_csv(table, folder / "areas.csv"),
        write_geopackage(boundaries.frame[["geometry"]].join(table), folder / "areas.gpkg", "areas"),
    ]
    if study.robustness is not None:
        written.append(write_csv(study.robustness.table, folder / "robustness.csv"))
    written.append(write_csv(study.levels.to_frame(), folder / "levels.csv"))
    if len(whole := whole_map_frame([study])):
        written.append(write_csv(whole, folder / "whole-map.csv"))
    if study.larger is not None:
        written.append(write_csv(larger_frame([study]), folder / LARGER))
    written.append(write_csv(dictionary_frame(own_rows(study, table.columns)), folder / "data-dictionary.csv"))
    words = "\n".join([*summary_lines(study), *study.joined.receipt.statements])
    return [
        *written,
        *(write_sidecar(path, _stated(study, path.stem)) for path in written if path.suffix == ".csv"),
        write_text(folder / "summary.txt", f"{words}\n"),
        write_json(folder / MARK, {"tool": TOOL, **study.to_parameters()}),
        write_json(folder / "receipt.json", study.joined.receipt.to_dict()),
    ]


def _stated(study: Study, table: str) -> Stated:
    """Return what a table states of itself: of the figures of areas what they are, of any other whose they are."""
    meta = study.joined.meta
    if table in _OF_AREAS:
        # Beside the period stands the date of the areas, which is none.
        return {**stated_of(meta), "columns": {"period": "period" if study.joined.period else ""}}
    return {"title": f"{meta.title}: {table.replace('-', ' ')}", **stated_by([meta.source])}
