"""One outcome followed: its series, and what of it is beyond the error of two periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.change.watching import watch

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from analysis.change.flags import Flag
    from analysis.change.result import Change
    from analysis.change.watching import Watching, WatchList
    from boundaries.series import Series


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """An outcome in all its periods, and the watch list of it alone."""

    series: Series
    found: WatchList

    @property
    def change(self) -> Change | None:
        """The comparison of the latest period with an earlier one; None where none could be made with errors."""
        made = [one for one in self.found.changes if one.posterior is not None]
        return made[0] if made else None

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Every flag: what gets worse, what gets better, what moves where neither end is good."""
        return (*self.found.warnings, *self.found.progress, *self.found.moves)


def followed(series: Series, watching: Watching | None = None, *, level: pd.Series | None = None) -> Followed:
    """Follow one outcome.

    Parameters
    ----------
    series : the outcome. watching : which period is compared with which, and how. level : level now, by code.
    """
    levels = None if level is None else {series.meta.id: level}
    return Followed(series, watch([series], watching, levels=levels))


def followed_each(series: Iterable[Series], found: WatchList) -> dict[str, Followed]:
    """Return outcome → the outcome followed, of a watch list of several."""
    return {one.meta.id: Followed(one, found.about(one.meta.id)) for one in series}
