"""The run behind the verb: series in, watch list out, files written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.change.control_limits import natural_limits
from analysis.change.patterns import pattern_of
from analysis.change.trend import trend_of
from analysis.change.watching import Watching, watch
from analysis.dictionary import dictionary_frame, further_rows
from analysis.one_table.reading import Reading
from analysis.watch.from_files import files_in, series_from, series_of_build
from analysis.watch.levels_now import levels_now
from analysis.watch.telling import lines_of
from analysis.weights import build_weights
from boundaries.areas.loading import load_boundary_set
from boundaries.joined.extent import within
from boundaries.series import apart, read_deflator, write_series
from geo.errors import ConfigError
from geo.files import write_csv, write_json
from geo.staging import TOOL, cache_folder, staged

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.change.trend import Rule
    from analysis.change.watching import WatchList
    from analysis.weights import Weights
    from boundaries.series import Series

MARK = "watch.json"
"""A folder that holds this file, naming placeatlas as its tool, holds results of ours."""
SEED = 20240911
_LEADING = ("outcome", "since", "period", "code", "name")


@dataclass(frozen=True, slots=True, eq=False)
class Warned:
    """A watch list and the series it was made of."""

    series: tuple[Series, ...]
    found: WatchList

    def __repr__(self) -> str:
        """Return the lists for a reader."""
        return "\n".join(lines_of(self.found, self.titles))

    def _repr_html_(self) -> str:
        """Show the lists in a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    def to_frame(self) -> pd.DataFrame:
        """Return the rows of ``warnings.csv``: what regresses, then what improves, then what moves and is neither."""
        return self.found.to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-able data."""
        return self.found.to_dict()

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
    return watched(series, levels=levels, watching=watching, deflator=deflator, place=reading.place)


def watched(
    series: Sequence[Series],
    *,
    levels: Mapping[str, pd.Series] | None = None,
    watching: Watching | None = None,
    deflator: Path | None = None,
    place: str | None = None,
) -> Warned:
    """Make the watch list of series that are laid out already.

    Parameters
    ----------
    series : outcomes. levels : outcome → level now by code; of others it is estimated where errors are published. watching, deflator : as of ``warn_of``.
    place : the one place whose areas are listed; every area is compared all the same.

    Raises
    ------
    PlaceatlasError
        As ``read_deflator``, ``watch`` and ``within``.
    """
    prices = None if deflator is None else read_deflator(deflator)
    given = dict(levels or {})
    how = watching or Watching()
    now = levels_now([one for one in series if one.meta.id not in given])
    found = watch(series, how, levels=now | given, deflator=prices)
    return Warned(tuple(series), found if place is None else found.only(_inside(series, place)))


def trends_of(warned: Warned, *, deflator: Path | None = None, rule: Rule = "slope") -> pd.DataFrame:
    """Return a row an outcome and area: its recent trend; outcomes whose comparison was refused are left out.

    Parameters
    ----------
    rule : by which the words are given, as of ``trend_of``; by that of Fingertips outcomes without published errors are left out.

    Raises
    ------
    PlaceatlasError
        As ``trend_of`` and ``read_deflator``.
    """
    refused = {one.outcome for one in warned.found.unjudged if one.reason == "refused"}
    prices = None if deflator is None else read_deflator(deflator)
    rows = []
    for one in warned.series:
        if one.meta.id not in refused and (rule == "slope" or np.isfinite(one.se).any()):
            trend = trend_of(one, rule=rule, deflator=prices)
            ends = {
                "outcome": one.meta.id,
                "since": trend.periods[0],
                "period": trend.periods[-1],
                "unit": trend.unit,
                "rule": trend.rule,
            }
            rows.append(trend.frame[trend.frame["word"] != "not-covered"].reset_index(names="code").assign(**ends))
    return _led(rows)


def limits_of(warned: Warned) -> pd.DataFrame:
    """Return a row an outcome and area: the natural limits of its series (XmR), and whether the latest figure lies beyond them.

    Of windows that share days every one that overlaps a later one is left out; areas with fewer than two figures in a row have no row.
    """
    rows = []
    for one in warned.series:
        if one.meta.measure == "category":
            continue
        places = [one.at(period) for period in one.comparable_with(one.periods[-1])]
        windows = [window for place in places if (window := one.windows[place]) is not None]
        chosen = apart(windows) if len(windows) == len(places) else list(range(len(places)))
        values = one.value[:, [places[place] for place in chosen]]
        found = []
        for code, name, line in zip(one.areas.index, one.areas["name"], values, strict=True):
            if np.isfinite(np.diff(line)).any():
                limits = natural_limits(line)
                last = len(line) - 1 in limits.beyond
                found.append(
                    (code, name, len(line), limits.centre, limits.lower, limits.upper, len(limits.beyond), last)
                )
        columns = ["code", "name", "periods", "centre", "lower", "upper", "beyond", "latest_beyond"]
        ends = {
            "outcome": one.meta.id,
            "since": one.periods[places[0]],
            "period": one.periods[-1],
            "unit": one.meta.unit,
        }
        rows.append(pd.DataFrame(found, columns=columns).assign(**ends))
    return _led(rows)


def patterns_of(warned: Warned, *, seed: int = SEED, permutations: int | None = None) -> pd.DataFrame:
    """Return a row an outcome and area: the class of its emerging pattern, with the number of periods and how far it reaches.

    Outcomes with fewer than two periods of which no break parts the latest have no row.

    Raises
    ------
    PlaceatlasError
        As ``pattern_of``.
    """
    weights: dict[tuple[str, dt.date], Weights] = {}
    rows = []
    for one in warned.series:
        if len(one.comparable_with(one.periods[-1])) < 2 or one.meta.measure == "category":
            continue
        ground = (one.geography, one.date)
        if ground not in weights:
            weights[ground] = build_weights(one.boundaries or load_boundary_set(*ground), policy="queen+sea-links")
        found = pattern_of(one, weights[ground], seed=seed, permutations=permutations)
        ends = {"outcome": one.meta.id, "since": one.periods[0], "period": one.periods[-1]}
        frame = found.frame.assign(name=one.areas["name"])[one.covered].reset_index(names="code")
        rows.append(frame.assign(periods=found.periods, reach=found.reach, **ends))
    return _led(rows)


def write_warned(
    warned: Warned,
    output: Path,
    *,
    patterns: bool = False,
    deflator: Path | None = None,
    rule: Rule = "slope",
    force: bool = False,
) -> list[Path]:
    """Write ``warnings changes trends limits series`` and what their columns mean as CSV, ``series.json`` and ``watch.json`` to a folder.

    Parameters
    ----------
    warned, output : what, and where. patterns : whether ``patterns.csv`` is made too: Gi* of every period of every outcome.
    deflator : as of ``warn_of``. rule : as of ``trends_of``. force : replace earlier results in that folder.

    Raises
    ------
    OutputError
        The folder holds something else, or results and ``force`` is false.
    """
    with staged(output, force=force, journal=cache_folder() / "runs", marker=MARK) as folder:
        changes = [
            change.frame.reset_index(names="code").assign(
                outcome=change.outcome, since=change.since, period=change.period, base=change.base, unit=change.unit
            )
            for change in warned.found.changes
        ]
        written = [
            write_csv(warned.found.to_frame(), folder / "warnings.csv"),
            write_csv(_led(changes), folder / "changes.csv"),
            write_csv(trends_of(warned, deflator=deflator, rule=rule), folder / "trends.csv"),
            write_csv(limits_of(warned), folder / "limits.csv"),
            *([write_csv(patterns_of(warned), folder / "patterns.csv")] if patterns else []),
            *write_series(warned.series, folder),
            write_csv(_dictionary(patterns=patterns), folder / "data-dictionary.csv"),
            write_json(folder / MARK, {"tool": TOOL, **warned.found.to_dict()}),
        ]
    return [output / path.relative_to(folder) for path in written]


def _dictionary(*, patterns: bool) -> pd.DataFrame:
    """Return what every column of every table of the folder means."""
    tables = ("warnings", "changes", "trends", "limits", *(("patterns",) if patterns else ()), "series")
    return dictionary_frame(row for table in tables for row in further_rows(table))


def _led(rows: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames below each other, what they are about in front."""
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(_LEADING))
    return table[[*_LEADING, *(name for name in table.columns if name not in _LEADING)]]


def _inside(series: Sequence[Series], place: str) -> frozenset[str]:
    """Return the codes of all areas of the series that lie whole in a place."""
    grounds = dict.fromkeys((one.geography, one.date) for one in series)
    return frozenset(
        str(code)
        for geography, date in grounds
        for code in within(load_boundary_set(geography, date), place).frame["code"]
    )
