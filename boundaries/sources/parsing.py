"""The body of a text table cut into columns of text: by Arrow where the rows are whole, by pandas where they are ragged."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from geo.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE = 5_000_000
"""Bytes from which Arrow is asked first: below it pandas is as quick, and takes rows that are too short."""
_BLOCK = 8 << 20
"""Bytes Arrow reads at a time; a row must fit into one."""


def cut(
    body: bytes, separator: str, names: Sequence[str], *, what: str, first_row: int = 2, large: int | None = None
) -> pd.DataFrame:
    """Cut UTF-8 text without a header into columns of str, an absent cell as "".

    Parameters
    ----------
    body : rows of cells; a quoted cell may hold separators, line ends and doubled quotes. separator : one character.
    names : of the columns, all different. what : name of the file, and first_row : of the body in it, for messages.
    large : bytes from which Arrow is asked first; ``LARGE`` by default.

    Raises
    ------
    TableError
        The rows cannot be cut into these columns.
    """
    whole = _by_arrow(body, separator, names) if len(body) >= (LARGE if large is None else large) else None
    return whole if whole is not None else _by_pandas(body, separator, names, what, first_row)


def _by_arrow(body: bytes, separator: str, names: Sequence[str]) -> pd.DataFrame | None:
    """Return the columns, None where Arrow cannot: rows of unequal length, rows longer than a block.

    An odd number of quotation marks may mean one that is never closed, which Arrow takes for the end of the file.
    """
    if body.count(b'"') % 2:
        return None
    try:
        table = csv.read_csv(
            pa.py_buffer(body),
            # One thread: the order in which blocks end must not matter, and a shared machine has no other to spare.
            read_options=csv.ReadOptions(column_names=list(names), block_size=_BLOCK, use_threads=False),
            parse_options=csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    frame: pd.DataFrame = table.to_pandas(types_mapper=lambda _: pd.StringDtype(na_value=float("nan")))
    return frame


def _by_pandas(body: bytes, separator: str, names: Sequence[str], what: str, first_row: int) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            io.BytesIO(body),
            sep=separator,
            header=None,
            names=list(names),
            index_col=False,
            dtype="str",
            keep_default_na=False,
            skip_blank_lines=True,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise TableError(f"{what} cannot be read as a table", _faults(str(error), first_row)) from error
    return frame.fillna("") if frame.isna().to_numpy().any() else frame


def _faults(said: str, first_row: int) -> list[str]:
    """Say in words of a table what the parser says in its own."""
    if long := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", said):
        expected, line, seen = (int(number) for number in long.groups())
        return [
            f"row {line + first_row - 1} or near it has {seen} cells, the rows above it {expected}",
            "a cell that holds the separator must stand in quotation marks",
        ]
    if opened := re.search(r"EOF inside string starting at row (\d+)", said):
        return [f"a quotation mark is opened in row {int(opened[1]) + first_row} or near it and never closed"]
    return [said.strip()]
