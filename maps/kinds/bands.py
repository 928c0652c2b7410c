"""The publisher's own bands of values: drawn as published, with the limits that the values show."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import MapError
from maps.look.scales import roundest_between
from maps.words import format_value, say, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.joined import Joined

COLUMN = "band"
"""Where a source keeps its own band of an area, beside the value."""


def published(joined: Joined) -> bool:
    """Say whether the source's own bands stand beside the values."""
    return joined.extras is not None and COLUMN in joined.extras


def band_notes(breaks: Sequence[float], unit: str) -> tuple[str, ...]:
    """Return what a reader must know of bands with these limits: whose they are and, of z-scores, what the middle is."""
    about_middle = unit == "z" and (-1.0, 1.0) in pairwise(breaks)
    return (f"{say('note.bands')} {say('note.middle-band')}",) if about_middle else (say("note.bands"),)


def published_bands(joined: Joined) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return the inner limits of the publisher's bands, ascending, and the bands' names, lowest first.

    Raises
    ------
    MapError
        No bands beside the values, one band alone, areas without one, or bands that overlap in value.

    Notes
    -----
    Publishers seldom state every limit. Where each band holds the values of one interval, any limit between the highest value
    of a band and the lowest of the next gives back the published band of every area; the roundest is taken.
    """
    extras, values = joined.extras, joined.frame["value"].astype("float64")
    known = extras[COLUMN].reindex(values.index) if extras is not None and COLUMN in extras else None
    bands = pd.Series("", index=values.index) if known is None else known.fillna("").astype(str)
    bands, values = bands[values.notna()], values.dropna()
    named = values[bands != ""].groupby(bands[bands != ""]).agg(["min", "max"]).sort_values("min")
    faults = []
    if len(named) < 2:
        faults.append(f"found {len(named)} bands beside the values: use another scheme")
    elif bare := int((bands == "").sum()):
        faults.append(f"{bare} areas with a value have no band")
    ordered: list[tuple[str, float, float]] = [
        *zip(named.index, named["min"].tolist(), named["max"].tolist(), strict=True)
    ]
    faults += [
        f"{name!r} and {other!r} overlap between {format_value(least)} and {format_value(most)}"
        for (name, _, most), (other, least, _) in pairwise(ordered)
        if most >= least
    ]
    if faults:
        raise MapError(f"the publisher's bands of {joined.meta.id!r} cannot be drawn", faults)
    breaks = tuple(roundest_between(most, least) for (_, _, most), (_, least, _) in pairwise(ordered))
    return breaks, tuple(sentence(name.lower()) for name, *_ in ordered)
