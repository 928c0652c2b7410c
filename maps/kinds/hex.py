"""Values on hexagons of equal size: every area is seen, none lies quite where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.cartogram import hex_spec
from maps.kinds.choropleth import spec_choropleth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.joined import Average, Joined
    from maps.cartogram import Hexagons
    from maps.look.scales import Scheme
    from maps.spec import MapSpec


def spec_hex(
    joined: Joined,
    hexagons: Hexagons,
    *,
    average: Average | None = None,
    scheme: Scheme = "quantile",
    breaks: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
) -> MapSpec:
    """Describe an outcome's values on hexagons of equal size.

    Parameters
    ----------
    hexagons : of ``maps.cartogram.hexagons_of``, of the outcome's own boundaries.
    scheme, breaks, labels, average : as of ``spec_choropleth``, whose classes these are.
    """
    plain = spec_choropleth(joined, scheme=scheme, breaks=breaks, labels=labels, average=average)
    return hex_spec(plain, hexagons.layout, joined.boundaries, credit=hexagons.credit)
