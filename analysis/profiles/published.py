"""A published list of places alike, to set ours beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

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
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise TableError(f"{path.name} cannot be read", [str(error).splitlines()[0]]) from error
    if set(LONG) <= set(frame.columns):
        return frame[list(LONG)].assign(rank=pd.to_numeric(frame["rank"]))
    ranks = [name for name in frame.columns if name.isdigit()]
    if not ranks or len(frame.columns) < 2:
        raise TableError(
            f"{path.name} holds no list of places alike",
            [f"expected {', '.join(LONG)}, or codes and columns 1, 2, 3 …", f"found {listed(frame.columns)}"],
        )
    code = frame.columns[0]
    laid = frame.melt(id_vars=code, value_vars=ranks, var_name="rank", value_name="like")
    laid = laid.rename(columns={code: "code"}).assign(rank=laid["rank"].astype(int))
    return laid[laid["like"] != ""].sort_values(["code", "rank"], kind="stable")[list(LONG)].reset_index(drop=True)
