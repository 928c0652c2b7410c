"""Proportional symbols: counts, which a filled area would misread as rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from geo import crs
from geo.errors import MapError
from maps import palettes
from maps.kinds import parts
from maps.spec import LegendClass, MapSpec, Symbol
from maps.words import counted, sentence

if TYPE_CHECKING:
    from boundaries.joined import Joined


def spec_symbols(joined: Joined, *, colour: str = palettes.SEQUENTIAL[3], radius: float = 12.0) -> MapSpec:
    """Describe a map of discs, each at a point inside its area, their areas in proportion to the values.

    Raises
    ------
    MapError
        No values, or values below 0: a disc cannot be negative.
    """
    values = parts.valued(joined)
    present = values.dropna()
    if len(present) == 0 or (present < 0).any() or present.max() == 0:
        found = f"{int((present < 0).sum())} values below 0" if len(present) else "no value"
        raise MapError(
            f"{joined.meta.id!r} cannot be drawn as symbols", [f"found {found}", "symbols show amounts above 0"]
        )
    frame = joined.boundaries.frame.set_index("code")
    inside = shapely.point_on_surface(frame.loc[present.index, "geometry"].to_numpy())
    transformer = pyproj.Transformer.from_crs(frame.crs, crs.WGS84, always_xy=True)
    longitude, latitude = transformer.transform(shapely.get_x(inside), shapely.get_y(inside))
    texts = parts.area_texts(joined)
    symbols = tuple(
        Symbol(
            round(float(x), 5),
            round(float(y), 5),
            float(value),
            colour,
            title=f"{joined.frame['name'][code]}: {texts[str(code)]}",
        )
        for code, value, x, y in zip(present.index, present, longitude, latitude, strict=True)
    )
    total = float(present.sum())
    top = present.sort_index().sort_values(ascending=False, kind="stable").iloc[:10]
    share = 100 * float(top.sum()) / total
    few = counted(len(top), "area")
    title = (
        f"{sentence(few)} hold {share:.0f}% of {parts.titled(joined).lower()}"
        if len(present) > 10
        else parts.titled(joined)
    )
    missing = values.isna()
    plain = LegendClass("area", "Areas with a value", palettes.CLUSTERS["not-significant"], int((~missing).sum()))
    classes = (plain, parts.no_data_class(int(missing.sum())))
    return MapSpec(
        id=f"{joined.meta.id}/symbols",
        kind="symbols",
        outcome=joined.meta.id,
        title=title,
        subtitle=parts.subtitle(joined),
        sure="Discs show amounts, not rates: large places have large discs.",
        legend_title="Ground",
        classes=classes,
        assignment={str(code): parts.NO_DATA if gone else "area" for code, gone in missing.items()},
        symbols=symbols,
        symbol_radius=radius,
        symbol_unit=joined.meta.unit,
        tables=parts.ends_tables(values, joined.frame["name"], joined.meta.unit)[:1],
        notes=parts.coverage_notes(joined),
        foot=parts.foot([joined.meta.source], joined.boundaries, method="discs with areas in proportion to values"),
        alt=f"Map of {counted(len(symbols), 'disc')}: {title}.",
        description=parts.description(title, classes, values, joined.frame["name"], joined.meta.unit),
        values=texts,
    )


def legend_sizes(greatest: float) -> tuple[float, ...]:
    """Return three round amounts for the legend, the greatest not above the largest symbol.

    Examples
    --------
    >>> legend_sizes(8300)
    (500.0, 2000.0, 8000.0)
    """
    power = 10.0 ** np.floor(np.log10(greatest))
    top = float(np.floor(greatest / power) * power)
    return (float(f"{top / 16:.1g}"), float(f"{top / 4:.1g}"), top)
