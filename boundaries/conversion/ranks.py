"""Ranks on other areas: the score is carried, the rank is taken again among the areas that still have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.errors import ConversionError
from geo.remedies import Remedy

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from boundaries.outcomes.table import OutcomeTable


def refuse_bounds(table: OutcomeTable, allow: frozenset[str]) -> None:
    """Refuse what is true of scores and false of ranks: a range or a mean of ranks is the rank of nothing.

    Raises
    ------
    ConversionError
        A bound or an approximation of ranks was asked for.
    """
    asked = sorted(allow & {"bound", "approximate"})
    if asked:
        raise ConversionError(
            f"'{table.meta.id}' holds ranks, of which there is no {' or '.join(asked)}",
            ["take the scores and rank the areas again"],
            [Remedy("allow", "missing", purpose="to leave merged areas without a rank")],
        )


def ranked_again(
    frame: pd.DataFrame, group: NDArray[np.int64], refused: NDArray[np.bool_]
) -> tuple[pd.DataFrame, NDArray[np.bool_], tuple[str, ...]]:
    """Rank the areas again wherever areas lost their rank: the 317th of 296 areas is no rank.

    Parameters
    ----------
    frame : the converted rows, ``value`` a rank, 1 first. group : shape (n_rows,), number of period and breakdowns.
    refused : shape (n_rows,), rows without a rank because their area was merged or split.

    Returns
    -------
    frame : ranks 1, 2, …, in the order of the old ones, equal ones sharing the better; limits, which are of old ranks, gone.
    again : shape (n_rows,), the rows ranked again. statements : what a person must know.
    """
    again = np.isin(group, np.unique(group[refused])) & frame["value"].notna().to_numpy()
    if not again.any():
        return frame, again, ()
    ranks = frame["value"].where(again).groupby(group).rank(method="min")
    unknown = {name: frame[name].mask(again) for name in ("lower", "upper", "se")}
    frame = frame.assign(value=frame["value"].where(~again, ranks), **unknown)
    most = int(np.bincount(group[again]).max())
    said = f"Merged or divided areas have no rank; the others were ranked again, in their order, among the {most:,} that have one."
    return frame, again, (said, "Ranks of all areas must be computed from scores.")
