"""Which areas of a layer are in which class, said so that QGIS finds them, and proved to be those of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import MapError, listed
from maps.kinds import captions
from maps.kinds.table import field_of
from maps.kinds.typology import TYPES
from maps.look import palettes
from maps.spec import LegendClass
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from maps.spec import MapSpec, Outline

NOT_COVERED = "not-covered"


@dataclass(frozen=True, slots=True)
class Rule:
    """One class, and the areas in it: an expression of QGIS, or the text a column holds ("" for all other areas)."""

    entry: LegendClass
    test: str


@dataclass(frozen=True, slots=True)
class Division:
    """All areas of a layer in classes: by the texts of a column where one holds them, else (``column`` "") by expressions."""

    column: str
    rules: tuple[Rule, ...]


def divide(spec: MapSpec, table: pd.DataFrame, *, by_column: bool = True) -> Division:
    """Say which areas each class of a picture holds, in the columns of the layer where they say it, else by code.

    Parameters
    ----------
    table : by code, every column of the layer but its shapes; areas the picture leaves out get a class of their own.
    by_column : False for expressions throughout, which further rules can stand beside.

    Raises
    ------
    MapError
        The picture has areas that the layer lacks.

    Notes
    -----
    A column or a range is used only if it puts every area in the class that the picture has it in, so that a style cannot
    disagree with its picture.
    """
    drawn = pd.Series(dict(spec.assignment), dtype="object")
    if absent := sorted(set(drawn.index) - set(table.index)):
        raise MapError(f"the layer lacks areas of the map {spec.id}", [f"absent: {listed(absent)}"])
    drawn = drawn.reindex(table.index)
    outside = drawn.isna()
    columns = _columns(table, spec.outcome, field_of(spec.kind))
    found = None
    if by_column and not spec.breaks:
        found = next((column for column in columns if _holds(table[column], drawn)), None)
    if found is not None:
        rules = [Rule(entry, entry.key) for entry in spec.classes]
    else:
        rules = _ranges(spec, table, drawn, columns) or _types(spec, table, drawn) or _codes(spec, drawn)
    if outside.any():
        entry = LegendClass(NOT_COVERED, say("qgis.not-covered"), palettes.LAND, int(outside.sum()))
        # not QGIS's ELSE, which it keeps to when it draws but not when it filters a legend
        rules.append(Rule(entry, "" if found is not None else _where(table, table.index[outside])))
    return Division(found or "", tuple(rules))


def group_of(outlines: Sequence[Outline], table: pd.DataFrame, outcome: str) -> str:
    """Return an expression for the group that an area is outlined with, "" for none: a column where one says it."""
    member = {code: outline.key for outline in outlines for code in outline.codes}
    groups = pd.Series(member, dtype="object").reindex(table.index).fillna("")
    for column in _columns(table, outcome, "cluster"):
        if _holds(table[column], groups):
            return f"coalesce({quoted(column)}, '')"
    cases = [f"WHEN {among('code', outline.codes)} THEN {text(outline.key)}" for outline in outlines if outline.codes]
    return f"CASE {' '.join(cases)} ELSE '' END"


def sized_by(spec: MapSpec, table: pd.DataFrame) -> str:
    """Return the column whose values the discs of a picture have for sizes.

    Raises
    ------
    MapError
        No column has just these values.
    """
    sizes = np.sort([symbol.size for symbol in spec.symbols])
    for column in _columns(table, spec.outcome, "value"):
        values = np.sort(table[column].dropna().to_numpy(dtype=np.float64))
        if len(values) == len(sizes) and np.array_equal(values, sizes):
            return column
    raise MapError(f"the discs of {spec.id} cannot be drawn", ["no column of the layer holds their sizes"])


def quoted(column: str) -> str:
    """Return a column as it stands in an expression."""
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text as it stands in an expression."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def among(column: str, values: Iterable[str]) -> str:
    """Return the expression that is true of areas whose column is one of the values; FALSE for none."""
    said = ", ".join(text(value) for value in values)
    return f"{quoted(column)} IN ({said})" if said else "FALSE"


def _columns(table: pd.DataFrame, outcome: str, field: str) -> list[str]:
    """Return the columns of a field: of the outcome at any period, or of that very name."""
    return [
        column
        for column in table.columns
        if column == field or (column.startswith(f"{outcome}__") and column.endswith(f"__{field}"))
    ]


def _holds(column: pd.Series, drawn: pd.Series) -> bool:
    """Say whether a column holds the class of every area, and nothing for areas that are not drawn."""
    return column.dtype.kind not in "fiub" and bool(column.fillna("").eq(drawn.fillna("")).all())


def _ranges(spec: MapSpec, table: pd.DataFrame, drawn: pd.Series, columns: Sequence[str]) -> list[Rule]:
    """Return half-open ranges of a value: a break belongs to the class above it."""
    if not spec.breaks:
        return []
    covered = drawn.notna()
    for column in columns:
        if table[column].dtype.kind not in "fiu":
            continue
        values = table[column].to_numpy(dtype=np.float64)
        numbers = np.digitize(values, spec.breaks)
        keys = np.where(np.isnan(values), captions.NO_DATA, [f"class-{number + 1}" for number in numbers])
        if (keys[covered] == drawn[covered]).all() and np.isnan(values[~covered]).all():
            return [Rule(entry, _range(entry.key, quoted(column), spec.breaks, table, drawn)) for entry in spec.classes]
    return []


def _range(key: str, name: str, breaks: Sequence[float], table: pd.DataFrame, drawn: pd.Series) -> str:
    if key == captions.NO_DATA:
        outside = drawn.index[drawn.isna()]
        return f"{name} IS NULL" if outside.empty else f"{name} IS NULL AND NOT ({_where(table, outside)})"
    number = int(key.removeprefix("class-"))
    tests = [f"{name} >= {breaks[number - 2]!r}"] if number > 1 else []
    tests += [f"{name} < {breaks[number - 1]!r}"] if number <= len(breaks) else []
    return " AND ".join(tests) or f"{name} IS NOT NULL"


def _where(table: pd.DataFrame, codes: pd.Index[str]) -> str:
    """Return an expression for areas: their nations where these are just the areas of those nations, else their codes."""
    if "nation" in table:
        nations = sorted(set(table.loc[codes, "nation"]))
        if table["nation"].isin(nations).sum() == len(codes):
            return among("nation", nations)
    return among("code", codes)


def _types(spec: MapSpec, table: pd.DataFrame, drawn: pd.Series) -> list[Rule]:
    """Return the overlaps of kinds of place, each kind a column of yes, no and not classified."""
    names = {kind: kind.replace("-", "_") for kind in TYPES}
    if spec.kind != "typology" or any(name not in table for name in names.values()):
        return []
    answers = table[list(names.values())]
    said = (answers == "yes").to_numpy()
    keys = ["+".join(kind for kind, yes in zip(TYPES, row, strict=True) if yes) for row in said]
    plain = np.where((answers == "no").all(axis=1), "none", "not-classified")
    if (np.where(said.any(axis=1), keys, plain) != drawn).any():
        return []
    no_type = f"'yes' NOT IN ({', '.join(map(quoted, names.values()))})"
    all_no = " AND ".join(f"{quoted(name)} = 'no'" for name in names.values())
    tests = {"none": all_no, "not-classified": f"{no_type} AND NOT ({all_no})"}
    for entry in spec.classes:
        kinds = entry.key.split("+")
        overlap = " AND ".join(f"{quoted(name)} {'=' if kind in kinds else '<>'} 'yes'" for kind, name in names.items())
        tests.setdefault(entry.key, overlap)
    return [Rule(entry, tests[entry.key]) for entry in spec.classes]


def _codes(spec: MapSpec, drawn: pd.Series) -> list[Rule]:
    """Return the areas of each class by name, for pictures of what no column holds."""
    return [Rule(entry, among("code", drawn.index[drawn == entry.key])) for entry in spec.classes]
