"""What an extension returns, a number an area in named columns; what is refused; and what becomes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import is_complex_dtype, is_numeric_dtype

from analysis.significance import LocalResult
from geo.errors import PluginError, listed

if TYPE_CHECKING:
    from collections.abc import Collection

    from geo.provenance import Source

SAME_UNIT = "unit of the outcome"
"""Unit of a column that is measured as the outcome is; the data dictionary names the outcome's."""

LOCAL_WORDS = {
    "statistic": "Statistic of {name}",
    "expectation": "What chance alone gives {name}",
    "z": "{name}, standardised by what chance gives",
    "p": "p of {name}",
    "q": "Adjusted p of {name}; adjusted for having looked at every area",
    "class": "Class of {name}; empty where the outcome does not cover the area",
}
"""Columns of a LocalResult that are written, and what each means."""

_COLUMN = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column means.

    Parameters
    ----------
    words : one line for the data dictionary, without a full stop.
    unit : of the numbers; ``SAME_UNIT`` for that of the outcome; empty where they have none.
    source : publication that the numbers come from; None when they follow from the shapes or the outcome alone.
    """

    words: str
    unit: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True, eq=False)
class AreaColumns:
    """Numbers of areas.

    Parameters
    ----------
    frame : one row an area, indexed by code in any order; numeric columns named in lower case, digits and underscores; NaN
        where there is nothing to say.
    meanings : what each column means, by its name.
    """

    frame: pd.DataFrame
    meanings: Mapping[str, Meaning]


@dataclass(frozen=True, slots=True, eq=False)
class Addition:
    """What an extension adds to the areas.

    Parameters
    ----------
    name : of the extension. origin : distribution and version that bring it; empty for a function given as such.
    frame : by code, in the order of the areas asked for; columns ``<name>_<column>``, float64 but for a class.
    meanings : of the columns of ``frame``.
    parameters : what a LocalResult records of its test.
    """

    name: str
    origin: str
    frame: pd.DataFrame
    meanings: Mapping[str, Meaning]
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Publications that the columns come from, each once."""
        return tuple(dict.fromkeys(meaning.source for meaning in self.meanings.values() if meaning.source is not None))

    def counts(self) -> dict[str, int]:
        """Return the number of areas in each class; empty for a statistic without classes."""
        texts = [column for column in self.frame.columns if self.frame[column].dtype.kind != "f"]
        if not texts:
            return {}
        return {str(kind): int(count) for kind, count in self.frame[texts[0]].value_counts().sort_index().items()}

    def line(self) -> str:
        """Say in a sentence what was added: areas of each class, or the columns."""
        brought = f" ({self.origin})" if self.origin else ""
        counts = ", ".join(f"{count} {kind}" for kind, count in self.counts().items())
        return f"{self.name}{brought}: {counts or ', '.join(self.frame.columns)}."

    def to_parameters(self) -> dict[str, Any]:
        """Return who brought it, what each column means, and what its test records, JSON-able."""
        columns = {
            column: {
                "meaning": meaning.words,
                "unit": meaning.unit,
                "source": meaning.source.to_dict() if meaning.source else None,
            }
            for column, meaning in self.meanings.items()
        }
        return {"origin": self.origin, "columns": columns, "parameters": dict(self.parameters)}


def addition(
    returned: object, codes: pd.Index, *, name: str, origin: str, taken: Collection[str], allowed: tuple[type, ...]
) -> Addition:
    """Check what an extension returned and name its columns after it.

    Parameters
    ----------
    returned : what the function gave back. codes : the areas that it was asked about.
    name, origin : of the extension. taken : columns that are there already. allowed : types that it may return.

    Raises
    ------
    PluginError
        It returned something else; areas are missing, strange or doubled; columns are not numbers, have no meaning, or take a
        name that is in use. Every fault at once.
    """
    who = f"'{name}'" + (f" of {origin}" if origin else "")
    if not isinstance(returned, allowed):
        kinds = " or ".join(kind.__name__ for kind in allowed)
        raise PluginError(f"{who} returned no {kinds}", [f"found {type(returned).__name__}"])
    given: Any = returned
    faults: list[str] = []
    named: dict[str, str] = {}
    frame, meanings = given.frame, getattr(given, "meanings", {})
    parameters, texts = getattr(given, "parameters", {}), set[str]()
    if not isinstance(frame, pd.DataFrame):
        faults.append(f"its frame is {type(frame).__name__}, not a DataFrame")
    elif isinstance(given, LocalResult):
        # ``testable`` is left out, since the class says it.
        meanings = {column: Meaning(text.format(name=name)) for column, text in LOCAL_WORDS.items() if column in frame}
        frame, texts = frame[list(meanings)], {"class"}
    if not faults:
        faults = [
            *_row_faults(frame.index, codes),
            *_column_faults(frame, texts),
            *_meaning_faults(frame, meanings),
            *_parameter_faults(parameters),
        ]
        named = {column: f"{name.replace('-', '_')}_{column}" for column in frame.columns}
        faults += [f"the name of {column} is in use already" for column in named.values() if column in taken]
    if faults:
        raise PluginError(f"what {who} returned cannot be used", faults)
    rows = frame.reindex(codes)
    columns = {
        named[column]: rows[column].astype("str") if column in texts else _floats(rows[column])
        for column in frame.columns
    }
    return Addition(
        name=name,
        origin=origin,
        frame=pd.DataFrame(columns, index=codes),
        meanings={named[column]: meanings[column] for column in frame.columns},
        parameters=parameters,
    )


def _floats(column: pd.Series) -> pd.Series:
    return pd.Series(column.to_numpy(dtype=np.float64, na_value=np.nan), index=column.index)


def _row_faults(index: pd.Index, codes: pd.Index) -> list[str]:
    faults = []
    if index.has_duplicates:
        faults.append(f"areas with more than one row: {listed(index[index.duplicated()].unique())}")
    if len(absent := codes.difference(index, sort=False)):
        faults.append(
            f"areas without a row: {listed(absent)}; the index must hold every code (NaN where nothing is known)"
        )
    if len(strange := index.difference(codes, sort=False)):
        faults.append(f"rows of areas that were not asked for: {listed(strange.unique())}")
    return faults


def _column_faults(frame: pd.DataFrame, texts: set[str]) -> list[str]:
    if not len(frame.columns):
        return ["there are no columns"]
    faults = []
    doubled = frame.columns[frame.columns.duplicated()]
    if len(doubled):
        return [f"columns with one name: {listed(doubled.unique())}"]
    badly_named = [column for column in frame.columns if not _COLUMN.fullmatch(str(column))]
    if badly_named:
        faults.append(f"columns not named in lower case, digits and underscores: {listed(badly_named)}")
    numbers = [column for column in frame.columns if column not in texts]
    not_numeric = [
        f"{column} ({frame[column].dtype})"
        for column in numbers
        if not is_numeric_dtype(frame[column].dtype) or is_complex_dtype(frame[column].dtype)
    ]
    if not_numeric:
        return [*faults, f"columns that are not numbers: {listed(not_numeric)}"]
    endless = [column for column in numbers if np.isinf(_floats(frame[column])).any()]
    if endless:
        faults.append(f"columns with infinite numbers: {listed(endless)}; write NaN where nothing is known")
    return faults


def _meaning_faults(frame: pd.DataFrame, meanings: Any) -> list[str]:
    faults = []
    if not isinstance(meanings, Mapping):
        return [f"its meanings are {type(meanings).__name__}: give a Meaning for each column by name"]
    if unsaid := [
        column
        for column in frame.columns
        if not isinstance(meanings.get(column), Meaning) or not meanings[column].words.strip()
    ]:
        faults.append(f"columns without a Meaning: {listed(unsaid)}")
    if strange := [column for column in meanings if column not in frame.columns]:
        faults.append(f"meanings of columns that are not there: {listed(strange)}")
    return faults


def _parameter_faults(parameters: Mapping[str, Any]) -> list[str]:
    try:
        json.dumps(dict(parameters), allow_nan=False)
    except (TypeError, ValueError) as error:
        return [f"its parameters cannot be written as JSON: {error}"]
    return []
