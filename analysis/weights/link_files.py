"""Links that somebody else chose: GAL files, and CSV lists of links or commuting flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.weights.builders import from_edges
from analysis.weights.graph import Weights, assembled
from boundaries.sources.written import written_table
from geo.errors import TableError, listed

if TYPE_CHECKING:
    from pathlib import Path


def from_file(path: Path, *, ids: pd.Index) -> Weights:
    """Read links among known areas from a ``.gal`` or ``.csv`` file; areas that the file does not name have no neighbour.

    Parameters
    ----------
    path : GAL, or CSV with columns ``from``, ``to`` and optionally ``weight``.
    ids : codes of every area, in order.

    Raises
    ------
    TableError
        Another kind of file, one that cannot be read, or one that names areas we do not know.
    StatisticsError
        Links that are doubled, join an area to itself, or weigh nothing.
    """
    if path.suffix.lower() == ".gal":
        weights = from_gal(path)
        strangers = weights.ids.difference(ids)
        if len(strangers):
            raise TableError(f"{path.name} names areas that are not of this set", [listed(strangers)])
        at = ids.get_indexer(weights.ids)
        links = weights.sparse().tocoo()
        return assembled(
            ids,
            at[links.row].astype(np.int64),
            at[links.col].astype(np.int64),
            links.data,
            policy="gal",
            parameters=weights.parameters,
        )
    if path.suffix.lower() == ".csv":
        weights = from_edges(_read(path), ids=ids)
        return Weights(
            weights.ids,
            weights.indptr,
            weights.indices,
            weights.data,
            "edges",
            weights.audit,
            {**weights.parameters, "file": path.name},
        )
    raise TableError(f"{path.name} is no file of links", ["give a .gal file, or a .csv with columns from, to, weight"])


def from_gal(path: Path) -> Weights:
    """Read a GAL file: each area, how many neighbours, their ids.

    Raises
    ------
    TableError
        The file is absent, does not keep its own counts, or names a neighbour it does not list.
    """
    try:
        words = [line.split() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{path} cannot be read", [str(error)]) from error
    header = 1 if words and len(words[0]) in (1, 4) else 0
    ids: list[str] = []
    starts: list[str] = []
    ends: list[str] = []
    faults = []
    at = header
    while at < len(words):
        code, count = words[at][0], words[at][-1]
        wanted = int(count) if count.isascii() and count.isdecimal() and len(count) < 9 else -1
        # An area without neighbours may have an empty second line, which was dropped above.
        around = words[at + 1] if wanted > 0 and at + 1 < len(words) else []
        if len(around) != wanted:
            faults.append(f"{code} states {count} neighbours and lists {len(around)}")
        ids.append(code)
        starts += [code] * len(around)
        ends += around
        at += 2 if wanted > 0 else 1
    strangers = sorted(set(ends) - set(ids))
    if strangers:
        faults.append(f"neighbours that are not areas of the file: {listed(strangers)}")
    if header and words[0][-3 if len(words[0]) == 4 else -1] != str(len(ids)):
        faults.append(f"the first line is {' '.join(words[0])!r} but {len(ids)} areas follow")
    if faults:
        raise TableError(f"{path.name} is not a whole GAL file", faults[:6])
    index = pd.Index(ids)
    return assembled(
        index,
        index.get_indexer(pd.Index(starts, dtype=object)).astype(np.int64),
        index.get_indexer(pd.Index(ends, dtype=object)).astype(np.int64),
        policy="gal",
        parameters={"file": path.name},
    )


def _read(path: Path) -> pd.DataFrame:
    """Read a CSV of links, codes as text."""
    table = written_table(path, ("from", "to"), what="a list of links", optional=("weight",))
    if "weight" not in table:
        return table
    return written_table(path, ("from", "to", "weight"), what="a list of links", numbers=("weight",))
