"""What a statistic or a covariate returns; what is refused; and what becomes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import is_complex_dtype, is_numeric_dtype

from analysis.significance import GlobalResult, LocalResult
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

WHOLE_FIELDS = ("part", "statistic", "expectation", "z", "p", "n")
"""Columns of what is said of the whole map."""

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
    meanings : what each column means, by its name. notes : what a reader should know, a sentence each, without a full stop.
    """

    frame: pd.DataFrame
    meanings: Mapping[str, Meaning]
    notes: tuple[str, ...] = ()


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=list(WHOLE_FIELDS))


@dataclass(frozen=True, slots=True, eq=False)
class Addition:
    """What a statistic or a covariate adds to what is known.

    Parameters
    ----------
    name : of it. origin : distribution and version that bring it; empty for a function given as such.
    frame : by code, in the order of the areas asked for; columns ``<name>_<column>``, float64 but for a class. No columns where
        it speaks of the whole map alone.
    meanings : of the columns of ``frame``.
    parameters : what a result records of its test.
    whole : what it says of the whole map: a row a number, columns ``WHOLE_FIELDS``; ``part`` tells several numbers apart.
    notes : what a reader should know.
    """

    name: str
    origin: str
    frame: pd.DataFrame
    meanings: Mapping[str, Meaning]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    whole: pd.DataFrame = field(default_factory=_no_rows)
    notes: tuple[str, ...] = ()

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

    def numbers(self) -> list[dict[str, Any]]:
        """Return what is said of the whole map as JSON-able rows; None where a number is not defined."""
        rows = self.whole.astype(object).where(self.whole.notna(), None)
        return [{str(key): value for key, value in row.items()} for row in rows.to_dict(orient="records")]

    def line(self) -> str:
        """Say in a sentence what was added: numbers of the whole map, areas of each class, or the columns."""
        brought = f" ({self.origin})" if self.origin else ""
        counts = ", ".join(f"{count} {kind}" for kind, count in self.counts().items())
        whole = "; ".join(_whole_words(row) for row in self.numbers())
        said = "".join(f"; {note}" for note in self.notes)
        return f"{self.name}{brought}: {whole or counts or ', '.join(self.frame.columns)}{said}."

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
        noted = {"notes": list(self.notes)} if self.notes else {}
        return {"origin": self.origin, "columns": columns, "parameters": dict(self.parameters), **noted}


def _whole_words(row: Mapping[str, Any]) -> str:
    """Word one number of the whole map: ``both: 12.0000, expected 9.5000, z 1.20, p 0.23, 36 areas``."""
    said = ["not defined" if row["statistic"] is None else f"{row['statistic']:.4f}"]
    said += [f"expected {row['expectation']:.4f}"] if row["expectation"] is not None else []
    said += [f"z {row['z']:.2f}"] if row["z"] is not None else []
    said += [f"p {row['p']:.2g}"] if row["p"] is not None else []
    words = ", ".join([*said, f"{row['n']} areas"]).replace("-", "−")
    return f"{row['part']}: {words}" if row["part"] else words


@dataclass(frozen=True, slots=True)
class _Returned:
    """What a function gave back, taken apart; ``texts`` are the columns that hold classes."""

    frame: Any
    meanings: Any
    parameters: Any
    texts: frozenset[str] = frozenset()
    whole: pd.DataFrame = field(default_factory=_no_rows)
    notes: tuple[str, ...] = ()


def prefix_of(name: str) -> str:
    """Return what the columns of a statistic are called after: ``esda:Moran_Local_BV`` → ``esda_moran_local_bv``."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def addition(
    returned: object, codes: pd.Index, *, name: str, origin: str, taken: Collection[str], allowed: tuple[type, ...]
) -> Addition:
    """Check what a function returned and name its columns after it.

    Parameters
    ----------
    returned : what the function gave back; where results are allowed, also a mapping of them, by the part each is of.
    codes : the areas that it was asked about.
    name, origin : of the extension. taken : columns that are there already. allowed : types that it may return.

    Raises
    ------
    PluginError
        It returned something else; areas are missing, strange or doubled; columns are not numbers, have no meaning, or take a
        name that is in use. Every fault at once.
    """
    who = f"'{name}'" + (f" of {origin}" if origin else "")
    results = tuple(kind for kind in allowed if kind in (LocalResult, GlobalResult))
    parts = returned if isinstance(returned, Mapping) and returned and results else {"": returned}
    kinds = {type(one) for one in parts.values()}
    if len(kinds) > 1 or not all(isinstance(one, results if len(parts) > 1 else allowed) for one in parts.values()):
        names = " or ".join(kind.__name__ for kind in allowed)
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise PluginError(f"{who} returned no {names}", [f"found {found}"])
    given = _taken_apart(parts, codes, name)
    faults: list[str] = []
    named: dict[str, str] = {}
    if not isinstance(given.frame, pd.DataFrame):
        faults.append(f"its frame is {type(given.frame).__name__}, not a DataFrame")
    elif not len(given.whole):
        faults = [
            *_row_faults(given.frame.index, codes),
            *_column_faults(given.frame, set(given.texts)),
            *(_silent(given.frame, set(given.texts)) if origin and not origin.startswith("placeatlas ") else ()),
            *_meaning_faults(given.frame, given.meanings),
        ]
        named = {column: f"{prefix_of(name)}_{column}" for column in given.frame.columns}
        faults += [f"the name of {column} is in use already" for column in named.values() if column in taken]
    faults += [] if faults and not named else _parameter_faults(given.parameters)
    if faults:
        raise PluginError(f"what {who} returned cannot be used", faults)
    rows = given.frame.reindex(codes)
    columns = {
        named[column]: rows[column].astype("str") if column in given.texts else _floats(rows[column])
        for column in named
    }
    return Addition(
        name=name,
        origin=origin,
        frame=pd.DataFrame(columns, index=codes),
        meanings={named[column]: given.meanings[column] for column in named},
        parameters=given.parameters,
        whole=given.whole,
        notes=given.notes,
    )


def _taken_apart(parts: Mapping[Any, Any], codes: pd.Index, name: str) -> _Returned:
    """Lay what was returned out as one frame of areas, or as rows of the whole map."""
    first = next(iter(parts.values()))
    alone = len(parts) == 1
    if isinstance(first, GlobalResult):
        whole = pd.concat([one.to_frame().assign(part=str(part)) for part, one in parts.items()], ignore_index=True)
        said = dict(first.parameters) if alone else {str(part): dict(one.parameters) for part, one in parts.items()}
        return _Returned(pd.DataFrame(index=codes), {}, said, whole=whole[list(WHOLE_FIELDS)])
    if not isinstance(first, LocalResult):
        return _Returned(first.frame, first.meanings, {}, notes=first.notes)
    if not all(isinstance(one.frame, pd.DataFrame) for one in parts.values()):
        return _Returned(first.frame, {}, {})
    frames: list[pd.DataFrame] = []
    meanings: dict[str, Meaning] = {}
    texts: set[str] = set()
    for part, one in parts.items():
        start = f"{prefix_of(str(part))}_" if part else ""
        called = f"{name} of {part}" if part else name
        # ``testable`` is left out, since the class says it.
        kept = {column: f"{start}{column}" for column in LOCAL_WORDS if column in one.frame}
        frames.append(one.frame[list(kept)].rename(columns=kept))
        meanings |= {kept[column]: Meaning(LOCAL_WORDS[column].format(name=called)) for column in kept}
        texts |= {f"{start}class"} & set(kept.values())
    said = dict(first.parameters) if alone else {str(part): dict(one.parameters) for part, one in parts.items()}
    return _Returned(pd.concat(frames, axis=1), meanings, said, frozenset(texts))


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


def _silent(frame: pd.DataFrame, texts: set[str]) -> list[str]:
    """Name columns in which no area has a number."""
    if frame.columns.has_duplicates:  # which is a fault of its own
        return []
    numbers = [column for column in frame.columns if column not in texts and is_numeric_dtype(frame[column].dtype)]
    silent = [column for column in numbers if frame[column].isna().all()]
    return [f"columns without a number for any area: {listed(silent)}"] if silent else []


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
