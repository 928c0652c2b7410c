"""Statistics as a command line asks for them: names, then the columns and parameters that they share out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analysis.statistics import parameters_of, statistics_named, takes_columns
from geo.errors import ConfigError
from geo.pairs import pairs_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def asked_with(
    names: Sequence[str], beside: Sequence[str], parameters: Sequence[str]
) -> tuple[str | dict[str, Any], ...]:
    """Give every statistic the columns and the parameters that it takes.

    Parameters
    ----------
    names : of statistics. beside : columns, given to each statistic that looks at other columns.
    parameters : ``NAME=VALUE``, given to each statistic that takes the name; numbers, true and false are read as such.

    Raises
    ------
    ConfigError
        Columns or parameters that none of the statistics takes.
    PluginError
        A statistic is not to be had.
    """
    given = {
        name: _value(text)
        for name, text in (pairs_of(parameters, "a parameter is given as NAME=VALUE", "orders=8") or {}).items()
    }
    asked: list[str | dict[str, Any]] = []
    used: set[str] = set()
    looked = False
    for statistic in statistics_named(names):
        own = {name: value for name, value in given.items() if name in parameters_of(statistic.function)}
        columns = list(beside) if takes_columns(statistic.function) else []
        used |= set(own)
        looked = looked or bool(columns)
        asked.append({"name": statistic.name, "with": columns, **own} if own or columns else statistic.name)
    faults = [f"no statistic that was asked for has a parameter '{name}'" for name in given if name not in used]
    if beside and not looked:
        faults.append(f"no statistic that was asked for looks at other columns: {', '.join(beside)}")
    if faults:
        raise ConfigError("these statistics cannot be asked for so", faults)
    return tuple(asked)


def _value(text: str) -> Any:
    """Read a number, true or false; anything else is text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float | bool) else text
