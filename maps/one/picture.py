"""One picture from one table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.one_table.reading import Reading
from analysis.one_table.studying import join_file
from analysis.study import StudyConfig, run_study, survey
from boundaries.bundled.layers import load_neighbours
from boundaries.joined import average_of
from boundaries.joined.extent import join_within, lone_region_of
from boundaries.outcomes.periods import in_order, label, parse_period
from boundaries.sources.proportions import read_stated
from geo.errors import ConfigError, PlaceatlasError, listed
from geo.files import refuse_overwriting, write_bytes
from maps.atlas import specs
from maps.kinds import (
    spec_bivariate,
    spec_change,
    spec_choropleth,
    spec_classes,
    spec_interval_width,
    spec_multiples,
    spec_symbols,
    spec_uncertainty,
)
from maps.kinds.multiples import MOST_PANELS
from maps.look import styles
from maps.page import composition
from maps.static import FORMATS, page_bytes, page_of
from maps.words import NO_BREAK_SPACE, counted, format_date, listed_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.study import Study
    from boundaries.joined import Joined
    from boundaries.joined.extent import LoneRegion
    from boundaries.outcomes.table import OutcomeTable
    from maps.page.scene import Page
    from maps.spec import MapSpec

STUDIED = ("clusters", "hotspots", "robustness", "typology", "labels", *specs.CHARTS)
"""Kinds that need the statistics."""

KINDS = ("choropleth", "uncertainty", "width", "hex", "symbols", "change", "multiples", "bivariate", *STUDIED)


@dataclass(frozen=True, slots=True)
class Picture:
    """How a picture is drawn.

    Parameters
    ----------
    kind : one of ``KINDS``. since : for change, the earlier period; for multiples, the first.
    against : for bivariate, another column of the file, or another file; for symbols, likewise, what colours the discs.
    against_unit : unit of that other column. layout : for hex, the file of a published layout.
    style : name of a house style, or the path of a TOML file. size : ``page``, ``a4``, ``slide``, ``social`` or ``phone``.
    dpi : dots an inch of a PNG.
    """

    kind: str = "choropleth"
    since: str = ""
    against: str = ""
    against_unit: str = ""
    layout: str = ""
    style: str = ""
    size: str = "page"
    dpi: int = 150


def draw_one(
    file: Path,
    output: Path | None = None,
    *,
    reading: Reading | None = None,
    picture: Picture | None = None,
    say: Callable[[LoneRegion], object] = lambda _advice: None,
) -> Path:
    """Draw one picture of one table; the ending of ``output`` says whether it is PNG, SVG or PDF.

    Parameters
    ----------
    file : the table. output : the picture; by default beside the table. reading, picture : how it is read and drawn.
    say : told what would make the picture a better one.

    Raises
    ------
    ConfigError
        An ending, kind, size or style that is not known; options that the kind does not take, or lacks.
    MapError
        The table does not hold what the kind shows.
    """
    reading, picture = reading or Reading(), picture or Picture()
    output = output or file.with_suffix(".png")
    faults = _faults(output, picture)
    if faults:
        raise ConfigError("the map cannot be drawn as asked", faults)
    refuse_overwriting(output, [file, *map(Path, filter(None, (picture.against, picture.layout, picture.style)))])
    style = styles.load_style(picture.style) if picture.style else styles.DEFAULT
    joined = join_file(file, reading)
    page = _page(file, reading, picture, style, joined)
    form = next(known for known in FORMATS if known == output.suffix[1:])
    write_bytes(output, page_bytes(page, kind=form, dpi=picture.dpi))
    if not reading.place and (lone := lone_region_of(joined)) is not None:
        say(lone)
    return output


def _faults(output: Path, picture: Picture) -> list[str]:
    faults = []
    if output.suffix[1:] not in FORMATS:
        faults.append(f"'{output.name}': the ending must be one of {', '.join(FORMATS)}")
    if picture.kind not in KINDS:
        faults.append(f"kind '{picture.kind}': expected one of {', '.join(KINDS)}")
    if picture.size not in styles.SIZES:
        faults.append(f"size '{picture.size}': expected one of {', '.join(styles.SIZES)}")
    if picture.kind == "change" and not picture.since:
        faults.append("kind 'change' needs --since with the earlier period")
    if picture.kind == "bivariate" and not picture.against:
        faults.append("kind 'bivariate' needs --against with another column, or another file")
    if picture.since and picture.kind not in {"change", "multiples"}:
        faults.append(f"--since is of change and multiples, not of '{picture.kind}'")
    if picture.against and picture.kind not in {"bivariate", "symbols"}:
        faults.append(f"--against is of bivariate and symbols, not of '{picture.kind}'")
    if picture.layout and picture.kind != "hex":
        faults.append(f"--layout is of hex, not of '{picture.kind}'")
    if picture.against_unit and not picture.against:
        faults.append("--against-unit is the unit of --against, which is not given")
    return faults


def _page(file: Path, reading: Reading, picture: Picture, style: styles.Style, joined: Joined) -> Page:
    if picture.kind in specs.CHARTS:
        page = specs.chart_page(_studied(joined), picture.kind, style=style, size=picture.size)
        if page is None:
            lack = "lower and upper limits" if picture.kind == "caterpillar" else "enough areas of a kind of place"
            raise ConfigError(f"kind '{picture.kind}' cannot be drawn of {file.name}", [f"it needs {lack}"])
        return page
    if picture.kind == "hex":
        hexagons = specs.hexagons_of(joined.boundaries, Path(picture.layout) if picture.layout else None)
        spec = specs.hex_map(joined, hexagons, average=average_of(joined))
        return page_of(spec, hexagons.canvas, style=style, size=picture.size)
    spec = _spec(file, reading, picture, joined)
    return page_of(spec, composition.prepare(joined.boundaries, load_neighbours()), style=style, size=picture.size)


def _spec(file: Path, reading: Reading, picture: Picture, joined: Joined) -> MapSpec:
    match picture.kind:
        case "choropleth":
            return spec_choropleth(joined, average=average_of(joined))
        case "uncertainty":
            return spec_uncertainty(joined, average_of(joined))
        case "width":
            return spec_interval_width(joined)
        case "change":
            return spec_change(_at_periods(file, reading, joined, (picture.since,))[0], joined)
        case "multiples":
            return _series(file, reading, picture, joined)
        case "symbols":
            return spec_symbols(joined, _other(file, reading, picture, joined) if picture.against else None)
        case "bivariate":
            return spec_bivariate(joined, _other(file, reading, picture, joined))
        case _:
            return _study_spec(_studied(joined), picture.kind)


def _study_spec(study: Study, kind: str) -> MapSpec:
    if kind == "labels":
        return specs.labels_map(study)
    if kind == "typology":
        return specs.typology_map(study)
    if kind == "hotspots":
        return spec_classes(study.joined, study.hotspots, statistic="gi")
    robust = specs.robustness_map(study) if kind == "robustness" else None
    return specs.clusters_map(study) if robust is None else robust


def _studied(joined: Joined) -> Study:
    """Study an outcome as an atlas does: under every choice of neighbours, for titles say what depends on it."""
    config = StudyConfig()
    return run_study(joined, config, ground=survey(joined.boundaries, config, neighbours=load_neighbours()))


def _beside(table: OutcomeTable, reading: Reading, joined: Joined, period: str) -> Joined:
    """Join a period of a table to the boundaries of what was joined before, under the same choices."""
    return join_within(table, joined.boundaries, place=reading.place, period=period, allow=reading.allow)


def _at_periods(file: Path, reading: Reading, joined: Joined, periods: tuple[str, ...]) -> list[Joined]:
    """Join other periods of a table to the same boundaries.

    Raises
    ------
    ConfigError
        Periods that the table lacks, or whose areas are not those of the boundaries, all named at once.
    """
    table = read_stated(reading.source, file, **dict(reading.options or {}))
    found, faults = [], []
    for period in periods:
        try:
            found.append(_beside(table, reading, joined, period))
        except PlaceatlasError as error:
            faults += [f"{period}: {error.what}", *error.faults]
    if faults:
        raise ConfigError(f"these periods of {file.name} cannot stand beside {joined.period}", faults)
    return found


def _series(file: Path, reading: Reading, picture: Picture, joined: Joined) -> MapSpec:
    """Describe every period up to the one that was asked for, from ``since`` on, as small multiples.

    Periods that cannot be converted to the boundaries are left out, and so are some where they are more than fit a page; what
    was left out and what was converted stands beside the maps.

    Raises
    ------
    ConfigError
        Fewer than two periods, or fewer than two that fit the boundaries.
    """
    table = read_stated(reading.source, file, **dict(reading.options or {}))
    if len(table.periods()) < 2:
        raise ConfigError(f"{file.name} cannot be drawn as multiples", ["it holds one period; two or more are needed"])
    last = parse_period(joined.period)
    chosen = [period for period in in_order(table.periods()) if parse_period(period) <= last]
    if picture.since:
        first = parse_period(picture.since)
        chosen = [period for period in chosen if parse_period(period) >= first]
    if len(chosen) < 2:
        span = f"{f'from {picture.since} ' if picture.since else ''}to {joined.period}"
        raise ConfigError(
            f"{file.name} holds {counted(len(chosen), 'period')} {span}; two or more are needed",
            [f"its periods: {listed(reversed(in_order(table.periods())))}"],
        )
    fitting, unfit, reasons = [], [], []
    for period in chosen:
        try:
            fitting.append(_beside(table, reading, joined, period))
        except PlaceatlasError as error:
            unfit.append(period)
            reasons.append(error.faults[0] if error.faults else error.what)
    if len(fitting) < 2:
        faults = [f"{period}: {reason}" for period, reason in zip(unfit, reasons, strict=True)]
        few = f"{counted(len(fitting), 'period')} of {len(chosen)} fits these boundaries; two or more are needed"
        raise ConfigError(f"{file.name} cannot be drawn as multiples", [few, *faults[:5]])
    places = np.unique(np.rint(np.linspace(0, len(fitting) - 1, min(len(fitting), MOST_PANELS))).astype(int))
    spec = spec_multiples([fitting[i] for i in places])
    shown = [fitting[i] for i in places]
    return replace(spec, notes=(*spec.notes, *_series_notes(shown, len(fitting), unfit, reasons)))


CONVERTED = ("recoded", "merged", "split", "moved")
"""Fates of rows that were published for other boundaries."""


def _series_notes(shown: Sequence[Joined], n_fitting: int, unfit: Sequence[str], reasons: Sequence[str]) -> list[str]:
    """Say which periods were converted, and which are left out and why."""
    notes = []
    converted = [one.period for one in shown if any(one.receipt.fates.get(fate, 0) for fate in CONVERTED)]
    date = format_date(shown[0].boundaries.date).replace(" ", NO_BREAK_SPACE)
    if converted:
        notes.append(f"Published for other boundaries and converted to those of {date}: {_periods(converted)}.")
    if unfit:
        why = "; ".join(dict.fromkeys(reason.split(":")[0] for reason in reasons))
        notes.append(f"Left out, for they cannot be converted to the boundaries of {date}: {_periods(unfit)} ({why}).")
    if n_fitting > len(shown):
        notes.append(f"{len(shown)} of {n_fitting} periods are shown, evenly spaced.")
    return notes


def _periods(periods: Sequence[str]) -> str:
    """Return periods in words: each, or the first and the last where there are many."""
    names = [label(period) for period in periods]
    if len(names) <= 3:
        return listed_words(names)
    return f"{len(names)} periods, the first {names[0]}, the last {names[-1]}"


def _other(file: Path, reading: Reading, picture: Picture, joined: Joined) -> Joined:
    """Join the second outcome of a map of two to the same boundaries."""
    other = Path(picture.against)
    options = dict(reading.options or {})
    if picture.kind == "symbols":
        # what the discs count says nothing of what colours them
        options["measure"] = "rate"
    if picture.kind == "symbols" or picture.against_unit:
        options["unit"] = picture.against_unit or None
    if other.is_file():
        columns = {role: name for role, name in _columns(options).items() if role == "code"}
        table = read_stated(reading.source, other, columns=columns or None)
        return _beside(table, reading, joined, "latest")
    options["columns"] = {**_columns(options), "value": picture.against}
    options["id"], options["title"] = None, picture.against.replace("_", " ").capitalize()
    return _beside(read_stated(reading.source, file, **options), reading, joined, joined.period)


def _columns(options: Mapping[str, object]) -> dict[str, str]:
    given = options.get("columns")
    return dict(given) if isinstance(given, dict) else {}
