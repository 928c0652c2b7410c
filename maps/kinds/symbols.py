"""Proportional symbols: counts, which a filled area would misread as rates."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from geo import crs
from geo.errors import MapError
from maps.findings import ShareFinding
from maps.kinds import captions
from maps.look import palettes
from maps.look.scales import classify
from maps.spec import LegendClass, MapSpec, Symbol
from maps.words import Topic, counted, say, sentence
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from boundaries.joined import Joined
    from geo.provenance import Source
    from maps.look.scales import Scheme
    from maps.page.composition import FloatArray

LARGEST = 10
"""The title says what share of the whole so many areas hold."""

RADIUS = 12.0
MOST_COVERED = 12_000.0
"""Square points of all discs together: two fifths of the land of the United Kingdom on a page."""

NO_RATE = "colour-none"


def spec_symbols(
    joined: Joined,
    rate: Joined | None = None,
    *,
    colour: str = palettes.SEQUENTIAL[3],
    radius: float | None = None,
    scheme: Scheme = "quantile",
    k: int = 5,
) -> MapSpec:
    """Describe a map of discs, each at a point inside its area, their areas in proportion to the values.

    Parameters
    ----------
    joined : the amounts. rate : a second outcome on the same boundaries, whose classes colour the discs.
    colour : of all discs where there is no ``rate``. radius : points, of the greatest disc; by default
        12, and less where the discs together would cover the map.
    scheme, k : classes of the rate, as in ``maps.look.scales.classify``; from light to dark, also where values turn about a
        centre, for a disc is too small for the pattern that tells both ends of a diverging scale apart in grey.

    Raises
    ------
    MapError
        No count; no values, or values below 0: a disc cannot be negative; a rate on other boundaries, or without a value.
    """
    values = captions.valued(joined)
    present = values.dropna()
    _check(joined, present, rate)
    topic, texts = Topic.of(joined), captions.area_texts(joined)
    painted = _painted(joined, present.index, rate, scheme=scheme, k=k)
    shown = {code: f"{text}{painted.words.get(code, '')}" for code, text in texts.items()}
    symbols = _symbols(joined, present, painted, shown, colour)
    classes = _ground_classes(values)
    finding = _finding(present)
    title = finding_title(finding, topic)
    colours = "" if rate is None else f" {say('symbols.colours', noun=Topic.of(rate).noun)}"
    return MapSpec(
        id=f"{joined.meta.id}/symbols",
        kind="symbols",
        outcome=joined.meta.id,
        title=title,
        measure=captions.measure_words(joined),
        sure=f"{say('symbols.sure')}{colours}",
        legend_title=say("symbols.legend"),
        classes=classes,
        assignment={str(code): captions.NO_DATA if gone else "area" for code, gone in values.isna().items()},
        symbols=symbols,
        symbol_radius=_radius(present) if radius is None else radius,
        symbol_unit=joined.meta.unit,
        extra_legends=painted.legends,
        tables=captions.ends_tables(values, topic)[:1],
        notes=tuple(painted.notes),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=_method(painted),
        sources=tuple(dict.fromkeys([joined.meta.source, *painted.sources])),
        alt=f"{say('symbols.alt', discs=counted(len(symbols), 'disc'), title=title)}{colours}",
        description=f"{captions.description(title, classes, values, topic)}{painted.told}",
        values=shown,
        **captions.drawn_on(joined.boundaries),
    )


def _method(painted: _Paint) -> str:
    discs = say("symbols.method")
    return say("method.both", first=discs, second=painted.method) if painted.method else discs


def _ground_classes(values: pd.Series) -> tuple[LegendClass, LegendClass]:
    """Return the classes of the land under the discs: areas with a value, and those without."""
    missing = int(values.isna().sum())
    plain = LegendClass("area", say("symbols.area"), palettes.CLUSTERS["not-significant"], len(values) - missing)
    return plain, captions.no_data_class(missing)


def _symbols(
    joined: Joined, present: pd.Series, painted: _Paint, shown: Mapping[str, str], colour: str
) -> tuple[Symbol, ...]:
    """Return a mark for every area with a value, with what is shown of it."""
    longitude, latitude = _places(joined, present.index)
    return tuple(
        Symbol(
            round(float(x), 5),
            round(float(y), 5),
            float(value),
            painted.colours.get(str(code), colour),
            title=f"{joined.frame['name'][code]}: {shown[str(code)]}",
            key=painted.keys.get(str(code), ""),
        )
        for code, value, x, y in zip(present.index, present, longitude, latitude, strict=True)
    )


def _check(joined: Joined, present: pd.Series, rate: Joined | None) -> None:
    faults = []
    if joined.meta.measure != "count":
        faults.append(
            f"it is a {joined.meta.measure}: discs show counts (state measure count if it is one), a choropleth the rest"
        )
    if len(present) == 0 or (present < 0).any() or present.max() == 0:
        found = f"{int((present < 0).sum())} values below 0" if (present < 0).any() else "no value above 0"
        faults += [f"found {found}", "symbols show amounts above 0"]
    if rate is not None:
        if not rate.frame.index.equals(joined.frame.index):
            faults.append(f"{rate.meta.id!r}, which is to colour them, is on other boundaries")
        elif captions.valued(rate).notna().sum() == 0:
            faults.append(f"{rate.meta.id!r}, which is to colour them, has no value")
    if faults:
        raise MapError(f"{joined.meta.id!r} cannot be drawn as symbols", faults)


def _places(joined: Joined, codes: pd.Index) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude of a point inside each area."""
    frame = joined.boundaries.frame.set_index("code")
    inside = shapely.point_on_surface(frame.loc[codes, "geometry"].to_numpy())
    transformer = pyproj.Transformer.from_crs(frame.crs, crs.WGS84, always_xy=True)
    longitude, latitude = transformer.transform(shapely.get_x(inside), shapely.get_y(inside))
    return longitude, latitude


def _finding(present: pd.Series) -> ShareFinding:
    top = present.sort_index().sort_values(ascending=False, kind="stable").iloc[:LARGEST]
    share = float(top.sum()) / float(present.sum()) if len(present) > LARGEST else math.nan
    same = bool(present.max() == present.min())
    return ShareFinding(len(present), tuple(map(str, top.index)), float(top.iloc[0]), share, same)


def _radius(present: pd.Series) -> float:
    """Return the radius of the greatest disc: as large as is usual, but all discs together no larger than a map can hold."""
    together = math.pi * float((present / present.max()).sum())
    return min(RADIUS, math.sqrt(MOST_COVERED / together))


@dataclass(frozen=True, slots=True)
class _Paint:
    """Colours of discs by a second outcome, and everything that is said of them; empty where there is none."""

    keys: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    legends: tuple[tuple[str, tuple[LegendClass, ...]], ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    method: str = ""
    told: str = ""


def _painted(joined: Joined, codes: pd.Index, rate: Joined | None, *, scheme: Scheme, k: int) -> _Paint:
    if rate is None:
        return _Paint()
    values = captions.valued(rate)
    scale = classify(values, scheme=scheme, k=k, unit=rate.meta.unit, favourable=rate.meta.favourable)
    number = scale.classify(values).reindex(codes, fill_value=-1)
    keys = {str(code): f"colour-{i + 1}" if i >= 0 else NO_RATE for code, i in number.items()}
    counts = Counter(keys.values())
    entries = [
        LegendClass(f"colour-{i + 1}", sentence(scale.labels[i]), scale.colours[i], counts[f"colour-{i + 1}"])
        for i in reversed(range(scale.k))
    ]
    if counts[NO_RATE]:
        # no grey: in greyscale it would be one of the classes
        entries.append(
            LegendClass(
                NO_RATE,
                say("legend.no-data"),
                palettes.PAPER,
                counts[NO_RATE],
                hatch="dots",
                hatch_colour=palettes.NOT_TESTABLE_DOTS,
            )
        )
    by_key = {entry.key: entry.colour for entry in entries}
    topic, none = Topic.of(rate), say("value.none")
    texts = captions.area_texts(rate)
    words = {
        str(code): f"; {say('symbols.rate', noun=topic.noun, value=texts.get(str(code), none))}"
        for code in joined.frame.index[joined.covered]
    }
    direction = say(f"note.direction-{topic.favourable}", outcome=topic.heading)
    return _Paint(
        keys=keys,
        colours={code: by_key[key] for code, key in keys.items()},
        words=words,
        legends=((captions.measure_words(rate), tuple(entries)),),
        notes=() if topic.favourable == "none" else (direction,),
        sources=(rate.meta.source,),
        method=say("symbols.method-colours", classes=scale.words()),
        told=f" {say('symbols.told', noun=topic.noun, classes=captions.class_counts(entries))}",
    )


def legend_sizes(greatest: float, *, whole: bool = False) -> tuple[float, ...]:
    """Return up to three round amounts for the legend, smallest first, the greatest not above the largest symbol.

    Parameters
    ----------
    whole : the amounts are counts: none below one, none twice.

    Examples
    --------
    >>> legend_sizes(8300), legend_sizes(5, whole=True)
    ((500.0, 2000.0, 8000.0), (1.0, 5.0))
    """
    power = 10.0 ** np.floor(np.log10(greatest))
    top = float(np.floor(greatest / power) * power)
    sizes = [float(f"{top / part:.1g}") for part in (16, 4)]
    if whole:
        sizes = [max(1.0, float(round(size))) for size in sizes]
    return tuple(dict.fromkeys([*sizes, top]))
