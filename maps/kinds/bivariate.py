"""Two tables on one map: two outcomes in three by three classes, or one outcome at two periods as change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from boundaries.outcomes.periods import dated, label
from geo.errors import MapError
from maps.kinds import framing
from maps.kinds.choropleth import scale_assignment, scale_classes
from maps.look import palettes
from maps.look.scales import NO_CLASS, classify
from maps.look.texture import PAIR_STEP, textured
from maps.spec import LegendClass, MapSpec
from maps.words import (
    counted,
    counted_of,
    direction_words,
    format_count,
    format_value,
    noun_of,
    sentence,
)

if TYPE_CHECKING:
    from boundaries.joined import Joined
    from maps.look.scales import Scheme

Base = Literal["absolute", "relative", "per cent"]

SURE = 1.96
"""Standard errors on either side of a figure that hold 95 of a hundred samples."""

_STEPS = ("low", "middle", "high")


def spec_bivariate(first: Joined, second: Joined) -> MapSpec:
    """Describe a map of two outcomes, each in thirds of its own areas.

    Parameters
    ----------
    first, second : on the same boundaries; rows and columns of the square legend.

    Raises
    ------
    MapError
        Other boundaries, or fewer than three different values in one of the two.
    """
    _same_areas(first, second)
    codes = first.frame.index[first.covered & second.covered]
    scales = []
    for joined in (first, second):
        values = joined.frame.loc[codes, "value"].astype("float64")
        scale = classify(values, k=3, unit=joined.meta.unit)
        if scale.k != 3:
            raise MapError(
                f"{joined.meta.id!r} has {scale.k} different classes of values", ["thirds need three or more values"]
            )
        scales.append(scale)
    rows, columns = scales[0].assignment, scales[1].assignment
    missing = (rows == NO_CLASS) | (columns == NO_CLASS)
    keys = pd.Series(
        np.where(missing, framing.NO_DATA, [f"{row}-{column}" for row, column in zip(rows, columns, strict=True)]),
        index=codes,
    )
    counts = keys.value_counts()
    classes = tuple(
        _corner(
            LegendClass(
                f"{row}-{column}",
                f"{first.meta.title} {_STEPS[row]}, {noun_of(second.meta.title)} {_STEPS[column]}",
                palettes.BIVARIATE[row][column],
                int(counts.get(f"{row}-{column}", 0)),
            ),
            row - column,
        )
        for row in range(3)
        for column in range(3)
    )
    known = int((~missing).sum())
    title = _bivariate_title(first, second, {str(key): int(count) for key, count in counts.items()}, known)
    texts = [framing.area_texts(joined) for joined in (first, second)]
    return MapSpec(
        id=f"{first.meta.id}/bivariate-{second.meta.id}",
        kind="bivariate",
        outcome=first.meta.id,
        title=title,
        subtitle=f"{dated(framing.titled(first), first.period)}, and {dated(noun_of(second.meta.title), second.period)}; "
        f"{framing.boundary_words(first.boundaries)}",
        sure="Thirds cut where areas lie close together: an area near a cut could stand in the next class. "
        "Two smooth maps look alike by chance more often than one thinks; a shared colour is no proof of a link.",
        legend_title="Both outcomes, in thirds of areas",
        classes=(*classes, framing.no_data_class(int(missing.sum()))),
        assignment={str(code): str(key) for code, key in keys.items()},
        notes=(
            f"{framing.titled(first)}: {direction_words(first.meta.favourable).lower()}",
            f"{framing.titled(second)}: {direction_words(second.meta.favourable).lower()}",
            *framing.coverage_notes(first),
        ),
        foot=framing.foot(
            [first.meta.source, second.meta.source],
            first.boundaries,
            method="each outcome in thirds of its areas, as nearly as equal values allow",
        ),
        alt=f"Map of {counted(len(keys), 'area')} by two outcomes: {title}.",
        description=f"{title}. " + "; ".join(f"{entry.label}: {entry.count}" for entry in classes) + ".",
        values={
            code: f"{text}; {texts[1].get(code, 'no data')}" for code, text in texts[0].items() if code in set(codes)
        },
        square=(framing.titled(first), framing.titled(second)),
    )


def spec_change(
    before: Joined, after: Joined, *, base: Base = "absolute", scheme: Scheme = "quantile", k: int = 5
) -> MapSpec:
    """Describe a map of change between two periods of one outcome.

    Parameters
    ----------
    base : ``absolute`` (a fixed base: the later value less the earlier), ``per cent`` (of the earlier value), or ``relative``
        (the change less the median area's, so that half the areas gain).

    Notes
    -----
    Where both periods have standard errors, a change is *clear* when it is larger than 1.96 times the root of the sum of their
    squares: the errors are taken as normal and independent, one area at a time. Title and words then count clear changes.

    Raises
    ------
    MapError
        Other boundaries, units or editions of an index; no area with both values; per cent of values that are not all above 0.
    """
    _same_areas(before, after)
    meta = after.meta
    faults = []
    if before.meta.unit != meta.unit:
        faults.append(f"units differ: {before.meta.unit!r} and {meta.unit!r}")
    if before.meta.index_version != meta.index_version:
        faults.append(
            f"editions of the index differ: {before.meta.index_version!r} and {meta.index_version!r} hold other indicators"
        )
    codes = after.frame.index[before.covered & after.covered]
    early, late = (joined.frame.loc[codes, "value"].astype("float64") for joined in (before, after))
    if (early.notna() & late.notna()).sum() == 0:
        faults.append("no area has a value in both periods")
    if base == "per cent" and (early.dropna() <= 0).any():
        faults.append(
            f"{int((early.dropna() <= 0).sum())} earlier values are not above 0: a percentage of them means nothing"
        )
    if faults:
        raise MapError(f"change in {meta.id!r} from {before.period} to {after.period} cannot be mapped", faults)
    change = late - early
    since, until = label(before.period), label(after.period)
    if base == "per cent":
        change = 100 * change / early
    elif base == "relative":
        change = change - change.median()
    unit = "%" if base == "per cent" else "points" if meta.unit == "%" else meta.unit
    scale = classify(change, scheme=scheme, k=k, unit=unit, favourable=meta.favourable, centre=0.0)
    classes = scale_classes(scale, int(change.isna().sum()))
    told = None if base == "relative" else _told_from_none(before, after, codes)
    title = _change_title(after, change, told, since, base)
    words = {
        "absolute": f"Change from {since} to {until}{f' ({unit})' if unit else ''}",
        "per cent": f"Change from {since} to {until}, as a percentage",
        "relative": f"Change from {since} to {until} against the median area's",
    }[base]
    signed = {str(code): f"{'+' if value > 0 else ''}{format_value(value, unit)}" for code, value in change.items()}
    texts = framing.area_texts(after)
    return MapSpec(
        id=f"{meta.id}/change-{re.sub(r'[^a-z0-9]+', '-', f'{since} {until}'.lower())}",
        kind="change",
        outcome=meta.id,
        title=title,
        subtitle=f"{framing.titled(after)}, {words[:1].lower()}{words[1:]}; {framing.boundary_words(after.boundaries)}",
        sure=_change_sure(change, told),
        legend_title=words,
        classes=classes,
        assignment=scale_assignment(scale),
        tables=framing.ends_tables(change, after.frame["name"], unit),
        notes=(_base_note(base), direction_words(meta.favourable), *framing.coverage_notes(after)),
        foot=framing.foot([meta.source], after.boundaries, method=scale.words("no change")),
        alt=f"Map of {counted(len(change), 'area')} by change: {title}.",
        description=framing.description(title, classes, change, after.frame["name"], unit),
        values={code: f"{signed[code]} to {texts[code]}" for code in signed if code in texts},
    )


def _same_areas(first: Joined, second: Joined) -> None:
    if first.boundaries.geography != second.boundaries.geography or first.boundaries.date != second.boundaries.date:
        raise MapError(
            f"two outcomes on other boundaries cannot share a map: {first.boundaries!r} and {second.boundaries!r}",
            ["recode one of them to the other's date first"],
        )


def _corner(entry: LegendClass, lead: int) -> LegendClass:
    """Return a class with fine lines where one outcome leads: along where it is the first, upright where it is the second."""
    return textured(entry, "lines" if lead > 0 else "upright", step=PAIR_STEP) if lead else entry


def _bivariate_title(first: Joined, second: Joined, counts: dict[str, int], known: int) -> str:
    """Count the areas in the unfavourable third of both; of the low third where neither end is good."""
    row, column = (2 if joined.meta.favourable == "low" else 0 for joined in (first, second))
    both = counts.get(f"{row}-{column}", 0)
    ends = ["high" if at == 2 else "low" for at in (row, column)]
    return (
        f"{sentence(counted_of(both, known))} are in the {ends[0]} third of {noun_of(first.meta.title)} "
        f"and the {ends[1]} third of {noun_of(second.meta.title)}"
    )


def _told_from_none(before: Joined, after: Joined, codes: pd.Index) -> tuple[int, int, int] | None:
    """Count areas that clearly rose, clearly fell, and those whose change the errors of both periods could make."""
    change, variance = after.frame.loc[codes, "value"] - before.frame.loc[codes, "value"], 0.0
    for joined in (before, after):
        variance = variance + joined.frame.loc[codes, "se"].astype("float64") ** 2
    limit = SURE * np.sqrt(variance)
    known = change.notna() & limit.notna()
    if not known.any():
        return None
    up, down = int((change > limit)[known].sum()), int((change < -limit)[known].sum())
    return up, down, int(known.sum()) - up - down


def _change_sure(change: pd.Series, told: tuple[int, int, int] | None) -> str:
    if told is None:
        return (
            "A change within the error of both periods is no change: where intervals are wide, small steps mean little."
        )
    rest = int(change.notna().sum()) - sum(told)
    more = f" No error is published for {format_count(rest)} more." if rest else ""
    return (
        f"{sentence(counted_of(told[2], sum(told)))} cannot be told from no change: it is within the 95% error of both periods, "
        f"taken as independent. Of a hundred compared, some differ by chance.{more}"
    )


def _change_title(after: Joined, change: pd.Series, told: tuple[int, int, int] | None, before: str, base: Base) -> str:
    if base == "relative":
        (low_name, _), (high_name, _) = framing.extremes(change, after.frame["name"])
        return (
            f"{framing.titled(after)}: {high_name} gained most on the median area since {before}, {low_name} lost most"
        )
    if told is not None:
        up, down, neither = told
        return (
            f"{framing.titled(after)} clearly rose in {counted_of(up, sum(told))} and fell in {format_count(down) if down else 'none'} "
            f"since {before}; {format_count(neither)} cannot be told from no change"
        )
    known, up, down = int(change.notna().sum()), int((change > 0).sum()), int((change < 0).sum())
    same = known - up - down
    rest = f", {format_count(same)} did not change" if same else ""
    if up == 0 or down == 0:
        verb = "rose" if up else "fell" if down else "changed"
        return f"{framing.titled(after)} {verb} in {counted_of(up + down, known)} since {before}"
    return (
        f"{framing.titled(after)} rose in {counted_of(up, known)} and fell in {format_count(down)} since {before}{rest}"
    )


def _base_note(base: Base) -> str:
    return {
        "absolute": "Fixed base: what happened everywhere shows everywhere.",
        "per cent": "As a percentage of the earlier value: the same step is larger from a low start.",
        "relative": "Relative: what happened everywhere is taken away, so half the areas gain and half lose.",
    }[base]
