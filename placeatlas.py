"""Outcome data joined to UK boundaries of the right date, tested for real clusters, and published as maps.

>>> import placeatlas as pa
>>> areas = pa.areas("LAD", "2023-04-01")
>>> income = pa.join(pa.read("hmrc-mean-income", source="bundled"), areas)
>>> income
Joined(hmrc-mean-income 2021-22: 354 of 361 areas of LAD@2023-04-01 have a value)

``study`` runs every statistic, ``explore`` returns a folium map, ``draw`` any kind of picture. Every name is a function of one of
the packages below, loaded when it is first used: ``help(pa.join)``.
"""

import importlib
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.calls import alike, study, weights
    from analysis.several_calls import index, warn
    from boundaries.calls import check, join, read, recode
    from boundaries.place_calls import areas, fetch, history, lookup, newer
    from maps.calls import claim, draw, explore
    from maps.publishing_calls import build, compare, pack

# A file of the user may hide one of our import names: say so before anything else fails obscurely.
runpy.run_path(str(Path(__file__).parent / "geo" / "shadowing.py"))["check"](Path(__file__).parent)

_WHERE = {
    "boundaries.calls": ("check", "join", "read", "recode"),
    "boundaries.place_calls": ("areas", "fetch", "history", "lookup", "newer"),
    "analysis.calls": ("alike", "study", "weights"),
    "analysis.several_calls": ("index", "warn"),
    "maps.calls": ("claim", "draw", "explore"),
    "maps.publishing_calls": ("build", "compare", "pack"),
}
"""Module → the names it gives: a new capability adds its name here, in ``__all__`` and among the imports above."""

__all__ = [
    "alike",
    "areas",
    "build",
    "check",
    "claim",
    "compare",
    "draw",
    "explore",
    "fetch",
    "history",
    "index",
    "join",
    "lookup",
    "newer",
    "pack",
    "read",
    "recode",
    "study",
    "warn",
    "weights",
]


def __getattr__(name: str) -> Any:
    """Load a function when it is first asked for."""
    if name == "__version__":
        return importlib.import_module("geo").__version__
    for module, names in _WHERE.items():
        if name in names:
            return getattr(importlib.import_module(module), name)
    raise AttributeError(f"module 'placeatlas' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List what can be called."""
    return sorted(__all__)
