"""Values on hexagons of equal size: every area is seen, none lies quite where it lies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maps.cartogram import hex_spec
from maps.kinds.choropleth import spec_choropleth

if TYPE_CHECKING:
    from boundaries.joined import Average, Joined
    from maps.cartogram import Hexagons
    from maps.look.scales import Scheme
    from maps.spec import MapSpec


def spec_hex(
    joined: Joined, hexagons: Hexagons, *, average: Average | None = None, scheme: Scheme = "quantile"
) -> MapSpec:
    """Describe an outcome's values on hexagons of equal size.

    Parameters
    ----------
    hexagons : of ``maps.cartogram.hexagons_of``, of the outcome's own boundaries.
    """
    # shapes are not drawn, so that some are approximate says nothing here
    shapeless = replace(joined, boundaries=replace(joined.boundaries, approximate={}))
    plain = spec_choropleth(shapeless, scheme=scheme, average=average)
    spec = hex_spec(plain, hexagons.layout, joined.boundaries)
    return replace(spec, foot=(*spec.foot, hexagons.credit)) if hexagons.credit else spec
