"""A map of values in classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.outcomes.periods import dated
from geo.errors import MapError
from maps.findings import levels_of, range_of, reference_of
from maps.kinds import bands, captions
from maps.look.scales import classify
from maps.look.texture import UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, direction_words, say, sentence
from maps.words.findings import finding_title, levels_sure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from boundaries.joined import Average, Joined
    from maps.findings import LevelsFinding, RangeFinding, Reference
    from maps.look.scales import Scale, Scheme


def spec_choropleth(
    joined: Joined,
    *,
    scheme: Scheme = "quantile",
    k: int = 5,
    centre: float | None = None,
    breaks: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
    average: Average | None = None,
    levels: LevelsFinding | None = None,
) -> MapSpec:
    """Describe a choropleth of one outcome.

    Parameters
    ----------
    scheme, k, centre, breaks, labels : as in ``maps.look.scales.classify``; z-scores diverge about 0 unless a centre is given;
        ``published`` without breaks takes the bands that the source keeps beside its values.
    average : the figure that areas are compared with; without it nothing is said about who is above or below.
    levels : where areas stand, of a study; by default what each published interval says by itself.

    Raises
    ------
    MapError
        No area has a value.

    Notes
    -----
    Classes stand in the legend from high to low. Single intervals are no test corrected for looking at every area.
    """
    meta, topic, values = joined.meta, Topic.of(joined), _some_values(joined)
    scale = value_scale(joined, scheme=scheme, k=k, centre=centre, breaks=breaks, labels=labels)
    classes = scale_classes(scale, int(values.isna().sum()))
    levels, reference = _against(joined, average, levels)
    finding = value_finding(joined, levels)
    title = finding_title(finding, topic)
    return MapSpec(
        id=f"{meta.id}/choropleth",
        kind="choropleth",
        outcome=meta.id,
        title=title,
        measure=captions.measure_words(joined),
        sure=levels_sure(levels, reference, topic),
        legend_title=captions.titled_unit(joined),
        classes=classes,
        assignment=scale_assignment(scale),
        tables=captions.ends_tables(values, topic),
        notes=(
            f"{direction_words(meta.favourable)} {say('note.ecological')}",
            *(bands.band_notes(scale.breaks, meta.unit) if scheme == "published" and breaks is None else ()),
        ),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=scale.words(),
        sources=(meta.source,),
        alt=say("alt.classes", whole=counted(len(values)), classes=say("count.class", n=scale.k), title=title),
        description=captions.description(title, classes, values, topic),
        values=captions.area_texts(joined),
        breaks=scale.breaks,
        **captions.drawn_on(joined.boundaries),
    )


def _against(
    joined: Joined, average: Average | None, levels: LevelsFinding | None
) -> tuple[LevelsFinding | None, Reference | None]:
    """Return where areas stand against what: as a study knows it, else by each interval; nothing without an average."""
    if average is None:
        return levels, None
    return levels or levels_of(joined, average), reference_of(joined, average)


def _some_values(joined: Joined) -> pd.Series:
    values = captions.valued(joined)
    if values.notna().sum() == 0:
        what = dated(joined.meta.id, joined.period)
        raise MapError(f"no area has a value of '{what}'", ["a map of nothing but gaps says nothing"])
    return values


def value_finding(joined: Joined, levels: LevelsFinding | None) -> LevelsFinding | RangeFinding:
    """Return what a map of values says first: levels where an error is published, else the range."""
    return range_of(captions.valued(joined)) if levels is None or levels.basis == "value" else levels


def value_scale(
    joined: Joined,
    *,
    scheme: Scheme = "quantile",
    k: int = 5,
    centre: float | None = None,
    breaks: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
) -> Scale:
    """Put an outcome's values in classes; z-scores turn about 0, and bands without stated breaks are the publisher's own."""
    unit = joined.meta.unit
    if scheme == "published" and breaks is None:
        breaks, labels = bands.published_bands(joined)
    about = 0.0 if centre is None and unit == "z" and scheme != "user" else centre
    return classify(
        captions.valued(joined),
        scheme=scheme,
        k=k,
        unit=unit,
        favourable=joined.meta.favourable,
        centre=about,
        breaks=breaks,
        labels=labels,
    )


def scale_classes(scale: Scale, missing: int) -> tuple[LegendClass, ...]:
    """Return legend entries from high to low, the unfavourable side of a centre lined, and the areas without a value last."""
    entries = []
    for i in reversed(range(scale.k)):
        label, note = sentence(scale.labels[i]), scale.ranges[i] if scale.ranges else ""
        entry = LegendClass(f"class-{i + 1}", label, scale.colours[i], scale.counts[i], note=note)
        entries.append(textured(entry, UNFAVOURABLE) if scale.sides[i] < 0 else entry)
    return (*entries, captions.no_data_class(missing))


def scale_assignment(scale: Scale, assigned: pd.Series | None = None) -> dict[str, str]:
    """Return class keys by code: of the scale's own values, or of others put in its classes."""
    numbers = scale.assignment if assigned is None else assigned
    return {str(code): f"class-{number + 1}" if number >= 0 else captions.NO_DATA for code, number in numbers.items()}
