"""How a table is read and joined, and the options by which every verb that takes one table asks for it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from boundaries.sources.described import options_of
from boundaries.vocabulary import ISOLATES
from geo.errors import ConfigError
from geo.pairs import pairs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boundaries.vocabulary import Isolates


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read, and which areas it is joined to.

    Parameters
    ----------
    source : adapter that reads it. options : what overrules the file.
    period : period to join. date : boundary date (ISO 8601); by default that of the codes.
    geography : by default what the publisher states, else districts. layer : "bundled", "official" or the path of a file.
    members : membership table of a custom geography, by name or path; ``geography`` and ``layer`` are then left aside.
    nations : initials of the nations wanted; all by default. place : code or name of the one nation, English region,
        county or combined authority whose areas are wanted. allow : what the join may do that it refuses by default.
    crs : reference system of a layer that declares a wrong one or none. layer_code, layer_name : its columns of codes and names.
    lookup : files that say in which district an area of a layer lies, and what its code was in other editions.
    isolates : what is done about areas without a neighbour; by default those of a layer are kept.
    """

    source: str = "table"
    options: Mapping[str, object] | None = None
    period: str = "latest"
    date: str | None = None
    geography: str | None = None
    layer: str = "bundled"
    members: str | None = None
    nations: tuple[str, ...] | None = None
    place: str | None = None
    allow: tuple[str, ...] = ()
    crs: str | None = None
    layer_code: str | None = None
    layer_name: str | None = None
    lookup: tuple[str, ...] = ()
    isolates: Isolates | None = None

    def asked(self) -> dict[str, Any]:
        """Return which areas are asked for, as keywords of ``boundaries.joined.wanted_areas.fitting_areas``."""
        names = ("geography", "date", "layer", "members", "nations", "crs", "layer_code", "layer_name", "lookup")
        return {name: getattr(self, name) for name in names}


def _option(kind: Any, words: str, name: str | None = None, default: Any = None) -> tuple[Any, Any]:
    return Annotated[kind, typer.Option(*([name] if name else []), help=words)], default


_LIST = list[str] | None
_TEXT = str | None
OPTIONS: Mapping[str, tuple[Any, Any]] = {
    "source": _option(str, "Adapter that reads the file.", default="table"),
    "value": _option(_TEXT, "Column of values."),
    "code": _option(_TEXT, "Column of codes."),
    "column": _option(_LIST, "ROLE=COLUMN: name, period, lower, upper, se, denominator … (repeatable)."),
    "where": _option(_LIST, "COLUMN=GROUP to keep, of a table of groups (repeatable)."),
    "gap": _option(
        _TEXT, "COLUMN=OF,AGAINST: the gap between two groups of a column (or of indicator) as the outcome."
    ),
    "indicator": _option(_TEXT, "Which one, of a file of several."),
    "sheet": _option(_TEXT, "Sheet of a workbook."),
    "sql": _option(_TEXT, "Of a database (sqlite:///…, duckdb:///…, postgresql://…) as FILE: what is asked."),
    "measure": _option(_TEXT, "count, rate, mean, median, index or category."),
    "unit": _option(_TEXT, "£, %, proportion (shown in per cent), per 1,000 …"),
    "favourable": _option(_TEXT, "Which end is good: high, low, none."),
    "title": _option(_TEXT, "What the outcome is called."),
    "subtitle": _option(_TEXT, "What is measured, in words, below the title."),
    "credit": _option(_TEXT, "The publication, as it is cited."),
    "licence": _option(_TEXT, "Name of its licence."),
    "attribution": _option(_LIST, "Line that the licence asks for (repeatable)."),
    "note": _option(_TEXT, "A sentence that stands beside the map."),
    "edition": _option(_TEXT, "Edition of an index."),
    "basis": _option(_TEXT, "Whose place it is: lives in, grew up in, works in."),
    "base": _option(_TEXT, "fixed, or relative: scores re-standardised in every period."),
    "band": _option(_TEXT, "Column of the publisher's own bands, which the map then shows."),
    "period": _option(str, "Period to take.", default="latest"),
    "period_form": _option(_TEXT, "What 2010-12 means: months, or years that were pooled."),
    "geography": _option(_TEXT, "LAD, UTLA, ITL2 …; default: what the publisher states, else LAD."),
    "members": _option(_TEXT, "Custom areas: smc-203, or a CSV with code,name,member."),
    "layer": _option(str, "Shapes: bundled, official, or the path of a boundary layer.", default="bundled"),
    "layer_code": _option(_TEXT, "Column of codes of the layer."),
    "layer_name": _option(_TEXT, "Column of names of the layer."),
    "lookup": _option(_LIST, "Of a layer: a table of codes and districts, or of codes of two editions (repeatable)."),
    "isolates": _option(
        _TEXT, "Areas without a neighbour: refuse, keep or nearest; default: those of a layer are kept."
    ),
    "crs": _option(_TEXT, "Reference system of a layer that declares a wrong one or none, EPSG:27700 …"),
    "date": _option(_TEXT, "Boundary date, YYYY-MM-DD."),
    "nations": _option(_TEXT, "Nations whose areas are wanted, for example E,W."),
    "within": _option(_TEXT, "Only the areas of one nation, region, county or combined authority, by code or name."),
    "allow": _option(_LIST, "What the join may do that it refuses: aggregate, county, missing … (repeatable)."),
}
"""Options of every verb that reads one table: name → (annotation, default)."""


def reading_of(**given: Any) -> Reading:
    """Return the reading that options of the command line ask for.

    Raises
    ------
    ConfigError
        Words that are not of their form.
    """
    columns = pairs_of(given["column"] or (), "a column is named as ROLE=COLUMN", "period=Year") or {}
    columns |= {role: given[role] for role in ("value", "code", "band") if given[role]}
    where = pairs_of(given["where"] or (), "a group is chosen as COLUMN=GROUP", "sex=Female")
    same = {name: given[name] for name in ("measure", "unit", "favourable", "indicator", "sheet", "sql", "period_form")}
    own = {
        name: given[name]
        for name in ("title", "subtitle", "credit", "licence", "attribution", "note", "edition", "basis", "base")
    }
    nations = None if given["nations"] is None else given["nations"].upper().replace(",", " ").split()
    return Reading(
        source=given["source"],
        options={
            **same,
            **options_of(own),
            "columns": columns or None,
            "where": where,
            "gap": given["gap"],
        },
        period=given["period"],
        date=given["date"],
        geography=given["geography"],
        layer=given["layer"],
        members=given["members"],
        nations=tuple(nations) if nations else None,
        place=given["within"],
        allow=tuple(given["allow"] or ()),
        crs=given["crs"],
        layer_code=given["layer_code"],
        layer_name=given["layer_name"],
        lookup=tuple(given["lookup"] or ()),
        isolates=_isolates(given["isolates"]),
    )


def _isolates(word: str | None) -> Isolates | None:
    """Read what is done about areas without a neighbour."""
    if word is None or word in ISOLATES:
        return word
    raise ConfigError(f"isolates '{word}': expected one of {', '.join(ISOLATES)}")


def reads_a_table(command: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options of a table, in place of its parameter ``reading``."""
    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name == "reading":
            parameters += [
                inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
                for option, (kind, default) in OPTIONS.items()
            ]
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name]))

    def verb(**given: Any) -> None:
        asked = {name: given.pop(name) for name in OPTIONS}
        command(reading=reading_of(**asked), **given)

    verb.__name__, verb.__doc__, verb.__module__ = command.__name__, command.__doc__, command.__module__
    verb.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    verb.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return verb
