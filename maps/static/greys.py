"""A page in neutral greys: lightness kept, and a hatch wherever two classes would otherwise look alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maps.look import palettes
from maps.look.hatches import HATCHES
from maps.look.texture import told_apart
from maps.page.scene import AreaLayer, Disc, Fill, Item, Page, Shape, Text

if TYPE_CHECKING:
    from maps.spec import LegendClass, MapSpec


def hatched_apart(spec: MapSpec) -> MapSpec:
    """Return the spec with a hatch on every class whose grey is too near that of a class above it in the legend."""
    done: list[LegendClass] = []
    for entry in spec.classes:
        others = [replace(entry, hatch=hatch, hatch_colour=_hatch_ink(entry.colour)) for hatch in ("", *HATCHES)]
        found = (one for one in (entry, *others) if all(told_apart(one, other) for other in done))
        done.append(next(found, entry))
    return replace(spec, classes=tuple(done))


def greyed(page: Page) -> Page:
    """Return the page with every colour replaced by the neutral grey of its luminance."""
    return replace(page, items=tuple(_greyed(item) for item in page.items))


def _hatch_ink(fill: str) -> str:
    return max((palettes.PAPER, palettes.INK_SOFT), key=lambda ink: palettes.contrast(ink, fill))


def _grey(colour: str) -> str:
    return palettes.grey(colour) if colour else ""


def _greyed(item: Item) -> Item:
    match item:
        case Text():
            return replace(item, colour=_grey(item.colour), halo_colour=_grey(item.halo_colour))
        case Disc():
            return replace(item, fill=_grey(item.fill), stroke=_grey(item.stroke))
        case Shape():
            return replace(
                item, fill=_grey(item.fill), stroke=_grey(item.stroke), hatch_colour=_grey(item.hatch_colour)
            )
        case AreaLayer():
            fills = tuple(_greyed_fill(fill) for fill in item.fills)
            return replace(
                item, fills=fills, strokes=tuple(replace(one, colour=_grey(one.colour)) for one in item.strokes)
            )


def _greyed_fill(fill: Fill) -> Fill:
    return replace(fill, colour=_grey(fill.colour), hatch_colour=_grey(fill.hatch_colour))
