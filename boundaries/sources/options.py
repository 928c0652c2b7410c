"""What a caller may tell an adapter that the file does not say of itself."""

from __future__ import annotations

import difflib
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, get_args

from boundaries.outcomes.measures import MEASURES, Base, Favourable, PlaceBasis
from boundaries.outcomes.table import IntervalRule, OutcomeMeta
from geo.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

META_OPTIONS = frozenset(field.name for field in fields(OutcomeMeta)) - {"averages", "source"}
"""Options every adapter takes: they overrule what the file says."""

EDITION = "edition"
"""What a reader calls ``index_version``."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "measure": MEASURES,
    "favourable": get_args(Favourable),
    "place_basis": get_args(PlaceBasis),
    "interval": get_args(IntervalRule),
    "base": get_args(Base),
}


def check_options(adapter: str, options: Mapping[str, object], *, known: Iterable[str] = ()) -> None:
    """Refuse options an adapter does not know, each with the nearest one it does, and values outside their choices.

    Raises
    ------
    TableError
        Naming every fault.
    """
    allowed = sorted(META_OPTIONS | {EDITION, "where", "columns"} | set(known))
    faults = []
    for name, value in options.items():
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(allowed)}"
            faults.append(f"option '{name}': {hint}")
        elif name in _CHOICES and value not in _CHOICES[name]:
            faults.append(f"{name} = {value!r}: expected one of {', '.join(_CHOICES[name])}")
    if faults:
        raise TableError(f"the adapter '{adapter}' was given options it cannot use", faults)


def overrule(meta: OutcomeMeta, options: Mapping[str, object]) -> OutcomeMeta:
    """Return ``meta`` with whatever the caller states instead."""
    given: dict[str, Any] = {
        name: value for name, value in options.items() if name in META_OPTIONS and value is not None
    }
    if options.get(EDITION) is not None:
        given["index_version"] = str(options[EDITION])
    if "nations" in given:
        given["nations"] = tuple(given["nations"])
    return replace(meta, **given)


def text_map(options: Mapping[str, object], name: str) -> dict[str, str]:
    """Return an option that maps text to text (``where``, ``columns``), empty when absent.

    Raises
    ------
    TableError
        If it is something else.
    """
    given = options.get(name) or {}
    if not isinstance(given, dict) or not all(isinstance(key, str) for key in given):
        raise TableError(f"option '{name}' must map names to values", [f"found {given!r:.80}"])
    return {key: str(value) for key, value in given.items()}
