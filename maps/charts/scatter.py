"""The Moran scatter: each area against the mean of its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.moran import moran_scatter as scattered
from boundaries.places.names import short_name
from geo.errors import MapError
from maps.charts.axes import Axis, ChartWords, grid, page, spread, under_heading
from maps.charts.glyphs import mark
from maps.feet import chart_foot
from maps.findings import AlikeFinding
from maps.kinds import captions
from maps.kinds.lisa import class_table
from maps.look import palettes, styles
from maps.look.texture import OUTLIERS, UNFAVOURABLE
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.scene import Item, Page, Shape, Text, rule
from maps.static.sheet import open_sheet
from maps.words import Topic, counted, format_count, say
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.significance import GlobalResult, LocalResult
    from analysis.study import Study
    from boundaries.joined import Joined
    from maps.kinds.subject import Subject
    from maps.look.styles import Style

    Entry = tuple[str, str, str]
    KeyEntry = tuple[str, Entry | None]
    """Words, and the class of ``class_table`` whose mark they explain; None for areas that are not significant."""

ALPHA = 0.05
"""Level at which neighbours are said to be more alike than chance would make them."""

KEY_LEADING = 11.0
"""Points from one line of the key to the next."""

PLAIN = "#c9c9c3"
"""Of areas that are not significant."""


def scatter(subject: Subject, *, style: Style = styles.DEFAULT, size: str = "page") -> Page:
    """Draw each area against its neighbours."""
    study = subject.studied
    return moran_scatter(study.joined, study.local, neighbour_means(study), study.moran, style=style, size=size)


def neighbour_means(study: Study) -> pd.Series:
    """Return the mean value of each area's neighbours, by code, in the outcome's unit; NaN where not testable."""
    values = study.joined.frame.loc[study.joined.covered, "value"]
    scattering = scattered(values, study.ground.weights.subset(values.index))
    tested = values[scattering["z"].notna()]
    return scattering["lag"] * float(tested.std(ddof=1)) + float(tested.mean())


def moran_scatter(
    joined: Joined,
    local: LocalResult,
    lag: pd.Series,
    overall: GlobalResult,
    *,
    style: Style = styles.DEFAULT,
    size: str = "page",
) -> Page:
    """Draw each area's value against the mean of its neighbours; the slope of the line is global Moran's I.

    Parameters
    ----------
    local : classes, for the marks: the unfavourable are triangles. lag : mean value of the neighbours by code, in the outcome's unit.
    overall : global Moran's I.

    Raises
    ------
    MapError
        Fewer than two areas with both numbers.
    """
    frame = _pairs(joined, local, lag)
    topic, unit = Topic.of(joined), joined.meta.unit
    words = ChartWords(
        f"{joined.meta.id}/scatter",
        finding_title(AlikeFinding.of(overall, alpha=ALPHA), topic),
        say("scatter.subtitle", subtitle=captions.subtitle(joined)),
        chart_foot(
            [joined.meta.source], joined.boundaries.sources, method=say("scatter.method", whole=counted(overall.n))
        ),
        say("scatter.description", whole=counted(len(frame))),
    )
    sheet = open_sheet(words, words.foot, style=style, size=styles.SIZES[size])
    items: list[Item] = [*sheet.items]
    body = under_heading(words, sheet, items, style=style, size=size)
    table = class_table(joined.meta.favourable, "moran")
    entries = _key_entries(frame["class"], table)
    wide = min(body.width - 60, 1.15 * body.height)
    lines = _key_lines(entries, wide, style)
    plot = Box(body.x + 44, body.y + 16, wide, body.height - 50 - KEY_LEADING * max(2, len(lines)))
    across = Axis(*spread(frame["own"].to_numpy()), plot.x, plot.right)
    up = Axis(*spread(frame["around"].to_numpy()), plot.bottom, plot.y)
    items.extend(grid(across, up, plot, unit, style))
    items.extend(_axis_names(plot, unit, style))
    middle, centre = float(frame["own"].mean()), float(frame["around"].mean())
    items.append(rule(across.at(middle), plot.y, across.at(middle), plot.bottom, colour=style.ink_soft, width=0.6))
    items.append(rule(plot.x, up.at(middle), plot.right, up.at(middle), colour=style.ink_soft, width=0.6))
    ends = [(x, centre + overall.statistic * (x - middle)) for x in (across.low, across.high)]
    items.append(_clipped_line(ends, across, up, style))
    items.extend(_dots(frame, joined, table, across, up))
    items.extend(_colour_key(lines, plot, style))
    items.extend(_direct_labels(frame, joined, table, across, up, plot, style))
    return page(words, sheet, items)


def _pairs(joined: Joined, local: LocalResult, lag: pd.Series) -> pd.DataFrame:
    """Return own value, mean of neighbours and class of every area that has both numbers.

    Raises
    ------
    MapError
        Fewer than two areas with both.
    """
    frame = pd.DataFrame(
        {"own": captions.valued(joined), "around": lag.astype("float64"), "class": local.frame["class"]}
    )
    frame = frame.dropna(subset=["own", "around"])
    if len(frame) < 2 or frame["own"].nunique() < 2:
        raise MapError(f"{joined.meta.id!r} has too few areas with neighbours for a scatter", [f"found {len(frame)}"])
    return frame


def _axis_names(plot: Box, unit: str, style: Style) -> list[Item]:
    around, own = (captions.with_unit(say(f"scatter.{axis}"), unit) for axis in ("neighbours", "own"))
    return [
        Text(plot.x, plot.y - 6, around, style.text, bold=True, role="axis-name"),
        Text(plot.right, plot.bottom + 26, own, style.text, bold=True, anchor="end", role="axis-name"),
    ]


def _dots(frame: pd.DataFrame, joined: Joined, table: Mapping[str, Entry], across: Axis, up: Axis) -> list[Item]:
    """Return a mark for every area, those that stand out on top."""
    topic = Topic.of(joined)
    order = frame["class"].isin(table)
    ordered = pd.concat([frame[~order], frame[order]])
    names = joined.frame["name"].reindex(ordered.index).astype(str).tolist()
    rows = zip(names, *(ordered[column].tolist() for column in ("own", "around", "class")), strict=True)
    return [
        _mark(across.at(own), up.at(around), table.get(kind), role="dot", title=f"{name}: {topic.figure(own)}")
        for name, own, around, kind in rows
    ]


def _mark(
    x: float, y: float, entry: tuple[str, str, str] | None, *, radius: float = 2.3, role: str, title: str = ""
) -> Item:
    """Return the mark of a class of ``class_table``; a plain dot for areas that are not significant."""
    _, colour, hatch = entry or ("", PLAIN, "")
    bad = hatch in {UNFAVOURABLE, OUTLIERS[0]}
    edge = (palettes.INK_SOFT, 0.6) if hatch in OUTLIERS else (palettes.PAPER, 0.4)
    return mark(x, y, radius, colour, unfavourable=bad, edge=edge, role=role, title=title)


def _key_entries(kinds: pd.Series, table: dict[str, Entry]) -> list[KeyEntry]:
    """Return what the marks mean, with counts; only classes that are there."""
    counts = kinds.value_counts()
    shown = [(f"{entry[0]}: {format_count(int(counts[key]))}", entry) for key, entry in table.items() if key in counts]
    rest = int((~kinds.isin(table)).sum())
    return [*shown, *([(f"{say('lisa.not-significant')}: {format_count(rest)}", None)] if rest else [])]


def _key_lines(entries: Sequence[KeyEntry], width: float, style: Style) -> list[list[tuple[float, KeyEntry]]]:
    """Break a key into lines that fit a width; each entry with its distance from the left."""
    lines: list[list[tuple[float, KeyEntry]]] = [[]]
    x = 0.0
    for entry in entries:
        taken = typefaces.width(entry[0], style.text - 1, tabular=True) + 22
        if x + taken > width + 16 and x > 0:
            lines.append([])
            x = 0.0
        lines[-1].append((x, entry))
        x += taken
    return lines


def _colour_key(lines: Sequence[Sequence[tuple[float, KeyEntry]]], plot: Box, style: Style) -> list[Item]:
    """Say below the plot what the marks mean."""
    items: list[Item] = []
    for number, line in enumerate(lines):
        y = plot.bottom + 42 + number * KEY_LEADING
        for offset, (text, entry) in line:
            x = plot.x + offset
            items.append(_mark(x + 3, y - 3, entry, radius=2.8, role="key"))
            items.append(Text(x + 9, y, text, style.text - 1, colour=style.ink_soft, role="key-name"))
    return items


def _direct_labels(
    frame: pd.DataFrame,
    joined: Joined,
    table: dict[str, tuple[str, str, str]],
    across: Axis,
    up: Axis,
    plot: Box,
    style: Style,
) -> list[Item]:
    """Name outliers and the most extreme areas of each cluster where a name fits."""
    items: list[Item] = []
    told = frame[frame["class"].isin(table)]
    marks = zip(told["own"].tolist(), told["around"].tolist(), strict=True)
    taken = [Box(across.at(own) - 2, up.at(around) - 2, 4, 4) for own, around in marks]  # names hide no mark
    for key in table:
        group = frame[frame["class"] == key].sort_values("own", ascending=key.startswith("low"), kind="stable").iloc[:3]
        names = joined.frame["name"].reindex(group.index).astype(str).tolist()
        for full, own, around in zip(names, group["own"].tolist(), group["around"].tolist(), strict=True):
            name = short_name(full)
            x, y = across.at(own), up.at(around)
            width = typefaces.width(name, 7.0)
            for left, top in (
                (x + 5, y - 4),
                (x - 5 - width, y - 4),
                (x + 3, y + 4),
                (x + 3, y - 12),
                (x - 3 - width, y + 4),
            ):
                box = Box(left, top, width, 8.4)
                if plot.holds(box) and not any(box.overlaps(other, margin=0.5) for other in taken):
                    taken.append(box)
                    items.append(Text(left, top + 6.6, name, 7.0, colour=style.ink, role="name", halo=True))
                    break
    return items


def _clipped_line(ends: Sequence[tuple[float, float]], across: Axis, up: Axis, style: Style) -> Shape:
    """Return a straight line within the plot."""
    (x1, y1), (x2, y2) = ends
    slope = (y2 - y1) / (x2 - x1)
    points = []
    for x, y in ends:
        held = min(max(y, up.low), up.high)
        points.append((across.at(x if slope == 0 or held == y else x + (held - y) / slope), up.at(held)))
    return Shape((tuple(points),), stroke=style.ink, stroke_width=1.2, role="slope")
