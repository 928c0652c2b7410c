"""The table of kinds: every kind of map and chart, what it needs, who makes it, where it is offered; ours and others' alike."""

from __future__ import annotations

import difflib
from dataclasses import replace
from functools import cache

from geo.errors import ConfigError, PluginError
from geo.plugins import extensions, load_named
from maps.kinds.entry import EVERYWHERE, MAP, PICTURE, Kind, Place
from maps.words import say

GROUP = "placeatlas.kinds"
"""Group of entry points; each names a ``Kind``."""

_MAKERS = "maps.kinds.makers"

BUILT_IN: tuple[Kind, ...] = (
    Kind(
        "choropleth",
        "kind.choropleth",
        f"{_MAKERS}:choropleth",
        offered=EVERYWHERE,
        usual=True,
        headline=1,
        style="style.choropleth",
    ),
    Kind(
        "levels",
        "kind.levels",
        f"{_MAKERS}:levels",
        needs=("levels",),
        offered=EVERYWHERE,
        usual=True,
        style="style.levels",
        field="level",
    ),
    Kind(
        "probability",
        "kind.probability",
        f"{_MAKERS}:probability",
        needs=("levels",),
        offered=frozenset({"page", "map"}),
        style="style.probability",
        field="p_below",
    ),
    Kind(
        "clusters",
        "kind.clusters",
        f"{_MAKERS}:clusters",
        answer="pattern",
        needs=("study",),
        offered=EVERYWHERE,
        usual=True,
        headline=2,
        style="style.clusters",
        field="moran_class",
    ),
    Kind(
        "hotspots",
        "kind.hotspots",
        f"{_MAKERS}:hotspots",
        answer="pattern",
        needs=("study",),
        usual=True,
        headline=4,
        style="style.hotspots",
        field="gi_class",
    ),
    Kind(
        "robustness",
        "kind.robustness",
        f"{_MAKERS}:robustness",
        answer="pattern",
        needs=("study", "robustness"),
        usual=True,
        style="style.robustness",
        field="robustness",
    ),
    Kind(
        "larger",
        "kind.larger",
        f"{_MAKERS}:larger",
        answer="pattern",
        needs=("study", "larger"),
        takes=("larger",),
        usual=True,
    ),
    Kind(
        "uncertainty",
        "kind.uncertainty",
        f"{_MAKERS}:uncertainty",
        needs=("interval",),
    ),
    Kind(
        "typology",
        "kind.typology",
        f"{_MAKERS}:typology",
        answer="types",
        needs=("study",),
        usual=True,
        headline=5,
    ),
    Kind(
        "types",
        "kind.types",
        f"{_MAKERS}:types",
        answer="types",
        needs=("study", "own-types"),
        usual=True,
    ),
    Kind(
        "cluster-types",
        "kind.cluster-types",
        f"{_MAKERS}:cluster_types",
        answer="pattern",
        needs=("study",),
        usual=True,
        style="style.cluster-types",
    ),
    Kind(
        "labels",
        "kind.labels",
        f"{_MAKERS}:labels",
        answer="pattern",
        needs=("study",),
        usual=True,
        headline=3,
        style="style.labels",
        field="moran_class",
    ),
    Kind(
        "hex",
        "kind.hex",
        f"{_MAKERS}:hexagons",
        needs=("hexagons",),
        takes=("layout",),
        offered=PICTURE,
        shapes="hexagons",
        usual=True,
    ),
    Kind(
        "scatter",
        "kind.scatter",
        "maps.charts.scatter:scatter",
        answer="pattern",
        needs=("study",),
        offered=PICTURE,
        form="chart",
        usual=True,
    ),
    Kind(
        "caterpillar",
        "kind.caterpillar",
        "maps.charts.ranked:ranked",
        needs=("interval",),
        offered=PICTURE,
        form="chart",
        usual=True,
    ),
    Kind(
        "effects",
        "kind.effects",
        "maps.charts.effects:gaps",
        answer="types",
        needs=("study", "gaps"),
        offered=PICTURE,
        form="chart",
        usual=True,
    ),
    Kind(
        "width",
        "kind.width",
        f"{_MAKERS}:width",
        needs=("interval",),
        style="style.width",
    ),
    Kind(
        "symbols",
        "kind.symbols",
        f"{_MAKERS}:symbols",
        needs=("count",),
        takes=("against", "against_unit"),
        offered=MAP - {"pack"},
        style="style.symbols",
    ),
    Kind(
        "change",
        "kind.change",
        f"{_MAKERS}:change",
        answer="change",
        needs=("earlier",),
        takes=("since",),
        offered=EVERYWHERE,
    ),
    Kind(
        "warning",
        "kind.warning",
        f"{_MAKERS}:warning",
        answer="change",
        needs=("followed",),
        takes=("since",),
    ),
    Kind(
        "watch-list",
        "kind.watch-list",
        "maps.charts.watch_list:watch_list",
        answer="change",
        needs=("followed", "flags"),
        takes=("since",),
        offered=PICTURE,
        form="chart",
    ),
    Kind(
        "hubs",
        "kind.hubs",
        f"{_MAKERS}:hubs",
        answer="pattern",
        needs=("study",),
        takes=("against",),
        style="style.hubs",
        field="moran_class",
    ),
    Kind(
        "multiples",
        "kind.multiples",
        f"{_MAKERS}:multiples",
        answer="change",
        needs=("series",),
        takes=("since",),
        offered=MAP - {"gis"},
        style="style.multiples",
    ),
    Kind(
        "bivariate",
        "kind.bivariate",
        f"{_MAKERS}:bivariate",
        needs=("other",),
        takes=("against", "against_unit"),
    ),
)
"""Ours, in the order in which an atlas shows them."""


def kind_names(place: Place | None = None) -> tuple[str, ...]:
    """Return the names of all kinds, ours first; of those of others, every one that is installed, without loading it.

    Parameters
    ----------
    place : where they are to be offered; what others bring is listed for every place.

    Raises
    ------
    PluginError
        A name that is in use already; both distributions are named.
    """
    ours = [kind.name for kind in BUILT_IN if place is None or place in kind.offered]
    return (*ours, *_installed())


def usual_kinds() -> tuple[str, ...]:
    """Return the kinds of an atlas that does not say which it wants."""
    return tuple(kind.name for kind in BUILT_IN if kind.usual)


def kind_named(name: str) -> Kind:
    """Return a kind by its name.

    Raises
    ------
    ConfigError
        There is none of that name; the nearest is given.
    PluginError
        It cannot be loaded, or is no kind.
    """
    for kind in BUILT_IN:
        if kind.name == name:
            return kind
    if name not in _installed():
        raise ConfigError(f"there is no kind of map '{name}'", [unknown_words(name, kind_names())])
    return _of_others(name)


def title_of(name: str) -> str:
    """Return what readers call a kind; of a spec whose kind is in no table, its name."""
    if name not in kind_names():
        return name.replace("-", " ").capitalize()
    kind = kind_named(name)
    return kind.title if kind.origin else say(kind.title)


def field_of(name: str) -> str:
    """Return the field of an outcome that a kind's classes are read from; its value for a kind that is in no table."""
    return kind_named(name).field if name in kind_names() else "value"


def style_of(name: str) -> str:
    """Return what a kind is called after the measure in a list of styles; its name for a kind that is in no table."""
    if name not in kind_names():
        return name
    kind = kind_named(name)
    return kind.style if kind.origin or not kind.style else say(kind.style)


def unknown_words(name: str, names: tuple[str, ...]) -> str:
    """Say which kind may have been meant by a name that is none."""
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean '{near[0]}'?" if near else f"expected one of {', '.join(names)}"


@cache
def _installed() -> tuple[str, ...]:
    found = [extension for extension in extensions() if extension.group == GROUP]
    ours = {kind.name for kind in BUILT_IN}
    if doubled := [f"'{one.name}' is brought by placeatlas and by {one.origin}" for one in found if one.name in ours]:
        raise PluginError(f"extensions of the group {GROUP} share a name", [*doubled, "uninstall one of them"])
    return tuple(one.name for one in found)


@cache
def _of_others(name: str) -> Kind:
    extension, kind = load_named(GROUP, name)
    if not isinstance(kind, Kind) or kind.name != name:
        found = f"the kind '{kind.name}'" if isinstance(kind, Kind) else type(kind).__name__
        raise PluginError(
            f"the kind '{name}' of {extension.origin} cannot be used",
            [f"{extension.target} is {found}", f"expected a maps.kinds.Kind called '{name}'"],
        )
    return replace(kind, origin=extension.origin)
