"""The run behind the verb: series in, watch list out, files written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.change.from_files import files_in, series_from, series_of_build
from analysis.change.watching import Watching, watch
from analysis.reading import Reading
from boundaries.boundary_set import load_boundary_set
from boundaries.extent import within
from boundaries.series import read_deflator, write_series
from geo.errors import ConfigError
from geo.files import write_csv, write_json
from geo.staging import TOOL, cache_folder, staged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.change.watching import WatchList
    from boundaries.series import Series

MARK = "watch.json"
"""A folder that holds this file, naming placeatlas as its tool, holds results of ours."""


@dataclass(frozen=True, slots=True, eq=False)
class Warned:
    """A watch list and the series it was made of."""

    series: tuple[Series, ...]
    found: WatchList

    @property
    def titles(self) -> Mapping[str, str]:
        """Outcome → what a reader calls it."""
        return {one.meta.id: one.meta.title for one in self.series}


def warn_of(
    files: Sequence[Path] = (),
    *,
    build: Path | None = None,
    reading: Reading | None = None,
    watching: Watching | None = None,
    deflator: Path | None = None,
) -> Warned:
    """Make the watch list of files, or of a finished build.

    Parameters
    ----------
    files : tables, or folders of them. build : folder of a finished build; one of the two is given.
    reading : how files are read and which areas they are joined to; ``place`` narrows the lists, not what areas are compared with.
    watching : how. deflator : file of a price index.

    Raises
    ------
    ConfigError
        Neither files nor a build, or both.
    PlaceatlasError
        As ``series_from``, ``series_of_build``, ``read_deflator``, ``watch`` and ``within``.
    """
    if bool(files) == (build is not None):
        raise ConfigError(
            "one of the two is watched: files, or a finished build",
            ["name files or folders", "or name the folder of a build with --from OUT"],
        )
    reading = reading or Reading()
    levels: Mapping[str, pd.Series] = {}
    if build is not None:
        series, levels = series_of_build(build)
    else:
        series = series_from(files_in(files), reading)
    prices = None if deflator is None else read_deflator(deflator)
    found = watch(series, watching, levels=levels, deflator=prices)
    return Warned(series, found if reading.place is None else found.only(_inside(series, reading.place)))


def write_warned(warned: Warned, output: Path, *, force: bool = False) -> list[Path]:
    """Write ``warnings.csv``, ``changes.csv``, ``series.csv``, ``series.json`` and ``watch.json`` to a folder.

    Raises
    ------
    OutputError
        The folder holds something else, or results and ``force`` is false.
    """
    with staged(output, force=force, journal=cache_folder() / "runs", marker=MARK) as folder:
        changes = [
            change.frame.reset_index(names="code").assign(
                outcome=change.outcome, since=change.since, period=change.period
            )
            for change in warned.found.changes
        ]
        leading = ["outcome", "since", "period", "code", "name"]
        table = pd.concat(changes, ignore_index=True) if changes else pd.DataFrame(columns=leading)
        written = [
            write_csv(warned.found.to_frame(), folder / "warnings.csv"),
            write_csv(
                table[[*leading, *(name for name in table.columns if name not in leading)]], folder / "changes.csv"
            ),
            *write_series(warned.series, folder),
            write_json(folder / MARK, {"tool": TOOL, **warned.found.to_dict()}),
        ]
    return [output / path.name for path in written]


def _inside(series: Sequence[Series], place: str) -> frozenset[str]:
    """Return the codes of all areas of the series that lie whole in a place."""
    grounds = dict.fromkeys((one.geography, one.date) for one in series)
    return frozenset(
        str(code)
        for geography, date in grounds
        for code in within(load_boundary_set(geography, date), place).frame["code"]
    )
