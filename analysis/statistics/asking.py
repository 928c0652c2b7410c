"""How a statistic is asked for: a name, other columns it looks at, and parameters of its own."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping  # noqa: TC003 - the fields of a dataclass are read at run time
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from analysis.significance import Options

BESIDE = "beside"
"""Keyword by which a function says that it looks at other columns: it is given a ``Beside``."""

_OPTIONS = tuple(Options.__annotations__)
_HOW = ("name", "with", "id")


@runtime_checkable
class Family(Protocol):
    """Many statistics behind one entry point: ``family:member``."""

    def member(self, name: str) -> Callable[..., Any]:
        """Return one of them; raise a PluginError that says why it cannot be had."""
        ...

    def listing(self) -> Mapping[str, str]:
        """Return what can be had: name → a line of what it is."""
        ...

    def refused(self) -> Mapping[str, str]:
        """Return what the family holds and cannot be had: name → why."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A statistic asked for by name.

    Parameters
    ----------
    name : of the statistic. beside : other columns it looks at, by name. parameters : of its own.
    id : what its columns are called after; the name when empty.
    """

    name: str
    beside: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


def asked_of(table: Mapping[str, Any], faults: list[str]) -> Asked | None:
    """Read a table such as ``{ name = "esda:Moran_Local_BV", with = ["jobs-density"] }``; what is wrong becomes faults."""
    name, beside, called = (table.get(key) for key in _HOW)
    wrong = []
    if not isinstance(name, str) or not name:
        wrong.append(f'{dict(table)!r} names no statistic: write name = "…"')
    beside = [beside] if isinstance(beside, str) else list(beside or ())
    if not all(isinstance(one, str) for one in beside):
        wrong.append(f"with = {beside!r} of {name!r}: names of columns are needed")
    if called is not None and not isinstance(called, str):
        wrong.append(f"id = {called!r} of {name!r}: a name is needed")
    faults += wrong
    if wrong:
        return None
    own = {key: value for key, value in table.items() if key not in _HOW}
    return Asked(str(name), tuple(beside), own, called or "")


def parameter_faults(name: str, function: Callable[..., Any], asked: Asked) -> list[str]:
    """List what was asked of a statistic that its function does not take."""
    taken = parameters_of(function)
    faults = []
    if asked.beside and not takes_columns(function):
        faults.append(f"'{name}' looks at no other columns, and was given {', '.join(asked.beside)}")
    for given in asked.parameters:
        if given not in taken and given not in _OPTIONS:
            near = difflib.get_close_matches(given, taken, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"it takes {', '.join(taken) if taken else 'none'}"
            faults.append(f"'{name}' has no parameter '{given}'; {hint}")
    return faults


def parameters_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the parameters that are a statistic's own: keywords that are neither ``beside`` nor of every statistic."""
    return tuple(name for name in keywords_of(function) if name != BESIDE and name not in _OPTIONS)


def takes_columns(function: Callable[..., Any]) -> bool:
    """Say whether a statistic looks at other columns."""
    return BESIDE in keywords_of(function)


def keywords_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a function's keyword-only parameters."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a builtin without a signature takes nothing that we could know of
        return ()
    return tuple(
        name for name, parameter in signature.parameters.items() if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    )
