"""Find a release on the portal: names that fit, then the layer whose fields and count confirm it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.errors import FetchError
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from boundaries.official.service import LayerMeta, Portal

ADVICE: Final = (
    Remedy("resolution", purpose="to try another"),
    Remedy("from_file", purpose="to give a file that was fetched by hand"),
)
"""What helps where the portal has no such release, beside another date."""

_VERSION = re.compile(r"_V(\d+)", re.IGNORECASE)
_POLYGON = "esriGeometryPolygon"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a layer or table must have to be the release.

    Parameters
    ----------
    what : for messages: ``LAD 2024-05-31 BGC``.
    pattern : of service names.
    seen : names met before, used as they are when the portal lists nothing.
    fields : regular expressions, each of which must fit one field.
    count : rows there must be, or None when rows are not areas.
    polygons : a layer of areas, or a table.
    """

    what: str
    pattern: re.Pattern[str]
    seen: tuple[str, ...]
    fields: tuple[str, ...]
    count: int | None
    polygons: bool


def candidates(wanted: Wanted, listed: Sequence[str]) -> tuple[str, ...]:
    """Return the services whose names fit, the highest version first, then those met before, then by name."""
    names = listed or wanted.seen
    fitting = [name for name in names if wanted.pattern.match(name.rsplit("/", 1)[-1])]
    return tuple(sorted(fitting, key=lambda name: (-_version(name), name not in wanted.seen, name)))


def find(portal: Portal, wanted: Wanted, listed: Sequence[str]) -> tuple[LayerMeta, tuple[str, ...]]:
    """Return the first layer that is confirmed, and notes on those passed over.

    Raises
    ------
    FetchError
        No name fits, or none is confirmed; every candidate is named with its fault.
    """
    names = candidates(wanted, listed)
    faults = [] if listed else ["the portal lists no services; names met before were tried"]
    for name in names:
        try:
            layers = portal.layers(name)
        except FetchError as error:
            faults.append(f"{name}: {_words(error)}")
            continue
        for layer in layers:
            fault = _unfit(portal, layer, wanted)
            if fault is None:
                return layer, tuple(faults)
            faults.append(f"{name}, layer {layer.id}: {fault}")
        if not layers:
            faults.append(f"{name}: no layers")
    if not names:
        faults.append(f"none of the {len(listed):,} services listed has a name of {wanted.what}")
    raise FetchError(f"{wanted.what} is not to be found on the portal", faults)


def matching(pattern: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names a regular expression fits, in order."""
    return tuple(name for name in names if pattern and re.match(pattern, name))


def _unfit(portal: Portal, layer: LayerMeta, wanted: Wanted) -> str | None:
    """Say why a layer is not the one that is wanted, or None."""
    for pattern in wanted.fields:
        if len(matching(pattern, layer.fields)) != 1:
            return f"expected one field like {pattern}, found {', '.join(layer.fields) or 'no fields'}"
    if wanted.polygons and layer.geometry_type != _POLYGON:
        return f"expected polygons, found {layer.geometry_type or 'a table'}"
    if wanted.count is not None:
        try:
            count = portal.count(layer)
        except FetchError as error:
            return _words(error)
        if count != wanted.count:
            return f"expected {wanted.count:,} areas, the server counts {count:,}"
    return None


def _words(error: FetchError) -> str:
    return ": ".join([error.what, "; ".join(error.faults)]) if error.faults else error.what


def _version(name: str) -> int:
    found = _VERSION.findall(name)
    return int(found[-1]) if found else 0
