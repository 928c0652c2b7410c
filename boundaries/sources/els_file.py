"""A file of Explore Local Statistics, opened: text as numbers of distinct words, so that indicators are a matter of integers."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from geo.documents import json_of
from geo.errors import TableError, listed
from geo.provenance import sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pandas.api.extensions import ExtensionArray

_TEXT = ("areacd", "areanm", "indicator", "period", "measure", "unit", "status")
_NUMBERS = ("observation", "lci_95", "uci_95")
_BLOCK = 1 << 18
"""Bytes parsed at a time: the default of 1 MiB holds a whole file several times over."""
_FILLED = ("areacd", "areanm", "indicator", "period")
"""Columns in which every row has something."""


REQUIRED = (*_TEXT, *_NUMBERS)
"""Columns that every file has."""
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Words:
    """A column of text: its distinct words, and the place of each row's among them (-1 for an empty cell)."""

    distinct: tuple[str, ...]
    place: np.ndarray

    def text(self, rows: np.ndarray) -> ExtensionArray:
        """Return some rows of the column as text; no cell of them may be empty."""
        text: ExtensionArray = pd.array(
            pa.array(self.distinct, pa.large_string()).take(pa.array(self.place[rows])), dtype="str"
        )
        return text

    def among(self, rows: np.ndarray) -> list[str]:
        """Return the distinct words of some rows; no cell of them may be empty."""
        return [self.distinct[place] for place in np.flatnonzero(np.bincount(self.place[rows]))]


@dataclass(frozen=True, slots=True)
class ElsFile:
    """A file: text and numbers by column, what the ``.json`` beside it says, its hash, what was mended."""

    path: Path
    words: Mapping[str, Words]
    numbers: Mapping[str, np.ndarray]
    said: Mapping[str, Any]
    sha256: str
    repairs: Mapping[str, int]

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators in order of first appearance."""
        return self.words["indicator"].distinct


def open_file(path: Path) -> ElsFile:
    """Read a file whole; the order of columns differs between files, and one has a doubled column of notes.

    Raises
    ------
    TableError
        If columns are absent, there is no row, a figure is no number, or a row has no code, name, indicator or period.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except UnicodeDecodeError as error:
        raise TableError(f"{path.name} is not UTF-8", ["files of Explore Local Statistics are"]) from error
    except csv.Error as error:
        raise TableError(f"{path.name} is not a file of Explore Local Statistics", [str(error)]) from error
    absent = [column for column in REQUIRED if column not in header]
    what = f"{path.name} is not a file of Explore Local Statistics"
    if absent:
        raise TableError(what, [f"columns absent: {', '.join(absent)}"])
    table = _arrow_table(path, header)
    if table.num_rows == 0:
        raise TableError(what, ["there is no row"])
    words = {name: _words(table[name]) for name in table.column_names if name not in _NUMBERS}
    words.setdefault("notes", Words((), np.full(table.num_rows, -1)))
    for column in _FILLED:
        empty = np.flatnonzero(words[column].place < 0)
        if len(empty):
            raise TableError(f"{path.name} has empty cells in {column}", [f"rows {listed(empty + 2)}"])
    return ElsFile(
        path=path,
        words=words,
        numbers={name: table[name].to_numpy() for name in _NUMBERS},
        said=_metadata(path),
        sha256=sha256_of(path),
        repairs={"columns of one name, numbered": 1} if len(set(header)) < len(header) else {},
    )


def _arrow_table(path: Path, header: list[str]) -> pa.Table:
    names = [name if name not in header[:place] else f"{name}.{place}" for place, name in enumerate(header)]
    wanted = [*_TEXT, *_NUMBERS, *(["notes"] if "notes" in header else [])]
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        return arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(skip_rows=1, column_names=names, block_size=_BLOCK, use_threads=False),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.float64() if name in _NUMBERS else text for name in wanted},
                include_columns=wanted,
                null_values=[""],
                strings_can_be_null=True,
            ),
        ).unify_dictionaries()
    except pa.ArrowInvalid as error:
        raise TableError(f"{path.name} cannot be read as a file of Explore Local Statistics", [str(error)]) from error


def _words(column: pa.ChunkedArray) -> Words:
    """Return distinct words in order of first appearance; chunks share one dictionary."""
    whole = column.combine_chunks()
    return Words(tuple(whole.dictionary.to_pylist()), whole.indices.fill_null(-1).to_numpy().astype(np.int64))


def released_by(content: bytes) -> str:
    """Return the ISO date of the latest of the sources that the metadata of a file name; "" where they name none."""
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ""
    about = said.get("ess-beta-metadata", {}) if isinstance(said, dict) else {}
    parts = [about, *about.values()] if isinstance(about, dict) else []
    dates = [str(part.get("sourceDate", "")) for part in parts if isinstance(part, dict)]
    return max((f"{year}-{month}-{day}" for text in dates for day, month, year in _DAY.findall(text)), default="")


def _metadata(path: Path) -> dict[str, Any]:
    """Return what the ``.json`` beside the file says; empty when there is none."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return {}
    content = json_of(beside, error=TableError)
    said = content.get("ess-beta-metadata", {}) if isinstance(content, dict) else None
    if not isinstance(said, dict):
        raise TableError(f"{beside.name} does not say what {path.name} means", ["expected an object ess-beta-metadata"])
    return said
