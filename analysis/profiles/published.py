"""A published list of places alike, to set ours beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.documents import rows_of
from geo.errors import TableError, listed

if TYPE_CHECKING:
    from pathlib import Path

LONG = ("code", "like", "rank")


def read_neighbours(path: Path) -> pd.DataFrame:
    """Read a published list: ``code like rank`` in a row each, or a row an area with its neighbours in columns ``1 2 3 …``.

    Returns
    -------
    ``code like rank``, as ``analysis.profiles.agreement`` takes it.

    Raises
    ------
    TableError
        Neither of the two forms.

    Notes
    -----
    The second is the form of the Office for National Statistics' statistical neighbours (Explore Local Statistics).
    """
    frame = rows_of(path)
    if set(LONG) <= set(frame.columns):
        ranks = pd.to_numeric(frame["rank"], errors="coerce")
        if len(wrong := frame.loc[ranks.isna(), "rank"]):
            raise TableError(f"{path.name} holds ranks that are no numbers", [listed(wrong.unique())])
        return frame[list(LONG)].assign(rank=ranks)
    columns = [name for name in frame.columns if name.isascii() and name.isdecimal() and len(name) < 7]
    if not columns or len(frame.columns) < 2:
        raise TableError(
            f"{path.name} holds no list of places alike",
            [f"expected {', '.join(LONG)}, or codes and columns 1, 2, 3 …", f"found {listed(frame.columns)}"],
        )
    frame = frame[[frame.columns[0], *columns]].set_axis(["code", *columns], axis=1)
    laid = frame.melt(id_vars="code", value_vars=columns, var_name="rank", value_name="like")
    laid = laid.assign(rank=laid["rank"].astype("int64"))
    return laid[laid["like"] != ""].sort_values(["code", "rank"], kind="stable")[list(LONG)].reset_index(drop=True)
