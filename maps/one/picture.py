"""One picture from one table."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.change import Watching, followed
from analysis.layered import covariates_of, outcome_of_covariate
from analysis.levels import LevelOptions
from analysis.one_table.reading import Reading
from analysis.one_table.studying import UNCREDITED, join_file
from analysis.study import StudyConfig, run_study, survey
from analysis.typology.stated_types import typed, types_read
from boundaries.bundled.layers import load_neighbours
from boundaries.joined import average_of
from boundaries.joined.extent import join_within, lone_region_of
from boundaries.outcomes.periods import in_order
from boundaries.series import series_of
from boundaries.series.making import ALLOWED
from boundaries.sources.proportions import UNDESCRIBED, read_stated
from geo.databases import is_address, name_of
from geo.errors import ConfigError, PlaceatlasError, listed
from geo.files import refuse_overwriting, write_bytes
from maps.atlas.pictures import kind_page
from maps.cartogram import hexagons_of
from maps.kinds.bands import published
from maps.kinds.periods import series_up_to
from maps.kinds.subject import Subject
from maps.kinds.table import BUILT_IN, kind_named, kind_names, unknown_words
from maps.look import styles
from maps.page import composition
from maps.static import FORMATS, page_bytes
from maps.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.change import Followed
    from analysis.study import Study
    from boundaries.joined import Joined
    from boundaries.joined.extent import LoneRegion
    from boundaries.outcomes.table import OutcomeTable
    from maps.kinds.entry import Kind, Option
    from maps.kinds.needs import Need
    from maps.kinds.periods import Series
    from maps.page.scene import Page

MEANT: Mapping[Option, str] = {
    "since": "the earlier period",
    "against": "another column, or another file",
    "larger": "UTLA, ITL2, region …",
}
"""What an option names that a kind cannot do without."""

TYPED = ("types", "pattern")
"""Answers of the kinds of map that kinds of place of one's own are told in."""

ASKED: Mapping[Need, Option] = {"earlier": "since", "other": "against", "larger": "larger"}
"""The option that meets a need."""


@dataclass(frozen=True, slots=True)
class Picture:
    """How a picture is drawn.

    Parameters
    ----------
    kind : one of ``maps.kinds.table.kind_names("map")``. since : for change, the earlier period; for multiples, the first.
    against : for bivariate, another column of the file, or another file; for symbols, likewise, what colours the discs.
    against_unit : unit of that other column. layout : for hex, the file of a published layout.
    style : name of a house style, or the path of a TOML file. size : ``page``, ``a4``, ``slide``, ``social`` or ``phone``.
    dpi : dots an inch of a PNG. levels : how levels are made; its breaks are also the classes of a map of values.
    types : kinds of place of one's own: lists of areas, definitions in TOML, or built-in names.
    larger : of larger, areas to test again: UTLA, ITL2, region, LAD, a column of a lookup.
    covariates : numbers of areas that a rule, or ``against``, names: names, or TOML files with tables ``[[covariate]]``.
    """

    kind: str = "choropleth"
    since: str = ""
    against: str = ""
    against_unit: str = ""
    layout: str = ""
    style: str = ""
    size: str = "page"
    dpi: int = 150
    levels: LevelOptions = field(default_factory=LevelOptions)
    types: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    larger: tuple[str, ...] = ()


def draw_one(
    file: Path,
    output: Path | None = None,
    *,
    reading: Reading | None = None,
    picture: Picture | None = None,
    say: Callable[[LoneRegion], object] = lambda _advice: None,
    warn: Callable[[str], object] = lambda _words: None,
) -> Path:
    """Draw one picture of one table; the ending of ``output`` says whether it is PNG, SVG or PDF.

    Parameters
    ----------
    file : the table. output : the picture; by default beside the table. reading, picture : how it is read and drawn.
    say : told what would make the picture a better one. warn : told what a reader of the map will miss.

    Raises
    ------
    ConfigError
        An ending, kind, size or style that is not known; options that the kind does not take, or lacks; a table that does not
        hold what the kind needs.
    MapError
        Values that the kind cannot show.
    """
    reading, picture = reading or Reading(), picture or Picture()
    output = output or (Path(name_of(file)) if is_address(file) else file).with_suffix(".png")
    faults = _faults(output, picture)
    if faults:
        raise ConfigError("the map cannot be drawn as asked", faults)
    kind = kind_named(picture.kind)
    refuse_overwriting(output, [file, *map(Path, filter(None, (picture.against, picture.layout, picture.style)))])
    style = styles.load_style(picture.style) if picture.style else styles.DEFAULT
    joined = join_file(file, reading)
    picture = replace(picture, levels=picture.levels.or_stated_of(joined.meta))
    page = _page(kind, _subject(kind, file, reading, picture, joined), file, picture, style)
    form = next(known for known in FORMATS if known == output.suffix[1:])
    write_bytes(output, page_bytes(page, kind=form, dpi=picture.dpi))
    if joined.meta.source.title == f"{file.name} ({UNCREDITED})":
        warn(
            f"{file.name}: no source is stated, and the map says so: state it with --credit, or in {file.stem}.toml beside it"
        )
    if not reading.place and (lone := lone_region_of(joined)) is not None:
        say(lone)
    return output


def _faults(output: Path, picture: Picture) -> list[str]:
    faults, names = [], kind_names("map")
    if output.suffix[1:] not in FORMATS:
        faults.append(f"'{output.name}': the ending must be one of {', '.join(FORMATS)}")
    if picture.size not in styles.SIZES:
        faults.append(f"size '{picture.size}': expected one of {', '.join(styles.SIZES)}")
    if picture.against_unit and not picture.against:
        faults.append("--against-unit is the unit of --against, which is not given")
    if picture.types and picture.kind in names and kind_named(picture.kind).answer not in TYPED:
        faults.append(f"--type is of kinds of map about kinds of place, not of '{picture.kind}'")
    if picture.kind not in names:
        return [*faults, f"kind '{picture.kind}': {unknown_words(picture.kind, names)}"]
    kind = kind_named(picture.kind)
    given = {one.name for one in fields(picture) if one.name in _TAKEN and getattr(picture, one.name)}
    needed = {ASKED[need] for need in kind.needs if need in ASKED}
    faults += [f"kind '{kind.name}' needs --{name} with {MEANT[name]}" for name in MEANT if name in needed - given]
    faults += [
        f"--{name.replace('_', '-')} is of {' and '.join(takers)}, not of '{kind.name}'"
        for name, takers in _TAKEN.items()
        if name in given - set(kind.takes)
    ]
    return faults


_TAKEN: Mapping[str, list[str]] = {
    option: sorted(kind.name for kind in BUILT_IN if option in kind.takes)
    for option in ("since", "against", "against_unit", "layout", "larger")
}
"""Option → the kinds of ours that take it."""


def _subject(kind: Kind, file: Path, reading: Reading, picture: Picture, joined: Joined) -> Subject:
    """Return the outcome with what its kind needs, and nothing that it does not."""
    series = _series(file, reading, picture, joined) if "series" in kind.needs else None
    layout = Path(picture.layout) if picture.layout else None
    studied = {"study", "robustness", "larger", "gaps", "levels", "own-types"} & set(kind.needs)
    return Subject(
        joined,
        average_of(joined),
        scheme="published" if reading.source == UNDESCRIBED and published(joined) else "quantile",
        study=_studied(joined, picture, reading) if studied else None,
        before=_earlier(file, reading, joined, picture.since) if "earlier" in kind.needs else None,
        followed=_followed(file, reading, picture, joined) if "followed" in kind.needs else None,
        series=series.shown() if series else (),
        series_notes=series.notes() if series else (),
        other=_other(file, reading, picture, joined) if picture.against else None,
        hexagons=hexagons_of(joined.boundaries, layout) if "hexagons" in kind.needs else None,
        breaks=picture.levels.breaks,
        labels=picture.levels.labels,
    )


def _page(kind: Kind, subject: Subject, file: Path, picture: Picture, style: styles.Style) -> Page:
    """Lay the picture out.

    Raises
    ------
    ConfigError
        The table does not hold what the kind needs.
    """
    if lacking := subject.lacks(kind.needs):
        raise ConfigError(
            f"kind '{kind.name}' cannot be drawn of {file.name}", [f"it needs {words}" for words in lacking]
        )
    canvas = composition.prepare(subject.joined.boundaries, load_neighbours()) if kind.is_layer else None
    return kind_page(kind, subject, canvas, style=style, size=picture.size)


def _studied(joined: Joined, picture: Picture, reading: Reading) -> Study:
    """Study an outcome as an atlas does: under every choice of neighbours, for titles say what depends on it."""
    rules, covariates = types_read([typed(one) for one in picture.types])
    measured = (*covariates, *covariates_of(picture.covariates))
    config = StudyConfig(typologies=rules, covariates=measured, isolates=reading.isolates, larger=picture.larger)
    ground = survey(joined.boundaries, config, neighbours=load_neighbours())
    return run_study(joined, config, ground=ground, levels=picture.levels)


def _beside(table: OutcomeTable, reading: Reading, joined: Joined, period: str) -> Joined:
    """Join a period of a table to the boundaries of what was joined before, under the same choices."""
    return join_within(table, joined.boundaries, place=reading.place, period=period, allow=reading.allow)


def _earlier(file: Path, reading: Reading, joined: Joined, period: str) -> Joined:
    """Join an earlier period of a table to the same boundaries.

    Raises
    ------
    ConfigError
        A period that the table lacks, or whose areas are not those of the boundaries.
    """
    table = read_stated(reading.source, file, **dict(reading.options or {}))
    try:
        return _beside(table, reading, joined, period)
    except PlaceatlasError as error:
        raise ConfigError(
            f"these periods of {file.name} cannot stand beside {joined.period}",
            [f"{period}: {error.what}", *error.faults],
        ) from error


def _series(file: Path, reading: Reading, picture: Picture, joined: Joined) -> Series:
    """Join every period up to the one that was asked for, from ``since`` on.

    Raises
    ------
    ConfigError
        Fewer than two periods, or fewer than two that fit the boundaries.
    """
    table = read_stated(reading.source, file, **dict(reading.options or {}))
    if len(table.periods()) < 2:
        raise ConfigError(f"{file.name} cannot be drawn as multiples", ["it holds one period; two or more are needed"])
    series = series_up_to(
        joined.period, table.periods(), lambda period: _beside(table, reading, joined, period), since=picture.since
    )
    if len(series.chosen) < 2:
        span = f"{f'from {picture.since} ' if picture.since else ''}to {joined.period}"
        raise ConfigError(
            f"{file.name} holds {counted(len(series.chosen), 'period')} {span}; two or more are needed",
            [f"its periods: {listed(reversed(in_order(table.periods())))}"],
        )
    if len(series.fitting) < 2:
        many, whole = counted(len(series.fitting), "period"), len(series.chosen)
        few = f"{many} of {whole} fits these boundaries; two or more are needed"
        faults = [f"{period}: {reason}" for period, reason in series.reasons]
        raise ConfigError(f"{file.name} cannot be drawn as multiples", [few, *faults[:5]])
    return series


def _followed(file: Path, reading: Reading, picture: Picture, joined: Joined) -> Followed:
    """Follow an outcome up to the period that was asked for; ``since`` is the earlier one, by default five years back."""
    table = read_stated(reading.source, file, **dict(reading.options or {}))
    allow = tuple(dict.fromkeys((*ALLOWED, *reading.allow)))
    series = series_of(table, joined.boundaries, allow=allow)
    series = series.taking(range(series.at(joined.period) + 1))
    watching = Watching(since=picture.since) if picture.since else Watching()
    level = _studied(joined, picture, reading).levels.frame["level"]
    return followed(series, watching, level=level)


def _other(file: Path, reading: Reading, picture: Picture, joined: Joined) -> Joined:
    """Join the second outcome of a map of two to the same boundaries."""
    other = Path(picture.against)
    options = dict(reading.options or {})
    if picture.kind == "symbols":
        # what the discs count says nothing of what colours them
        options["measure"] = "rate"
    if picture.kind == "symbols" or picture.against_unit:
        options["unit"] = picture.against_unit or None
    measured = {one if isinstance(one, str) else one.name: one for one in covariates_of(picture.covariates)}
    if picture.against in measured:
        unit = {"unit": picture.against_unit or None}
        table = outcome_of_covariate(measured[picture.against], joined.boundaries, name=picture.against, **unit)
        return _beside(table, reading, joined, "latest")
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
