"""Other columns of the same areas that a statistic is asked to look at beside the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import StatisticsError, listed

if TYPE_CHECKING:
    from collections.abc import Callable


def nothing(name: str) -> pd.Series:
    """Find no column: what a statistic is given where no others are known.

    Raises
    ------
    StatisticsError
        Always.
    """
    raise StatisticsError(f"there is no column '{name}'", ["no other columns of these areas are known here"])


@dataclass(frozen=True, slots=True)
class Beside:
    """The columns that were asked for, and a way to find others by name.

    Parameters
    ----------
    areas : codes of the areas that the statistic is of, in order.
    asked : names given as ``with``, in order.
    find : returns a column by its name, indexed by code; raises one of our errors where there is none.
    """

    areas: pd.Index
    asked: tuple[str, ...] = ()
    find: Callable[[str], pd.Series] = nothing

    def columns(self, *, least: int = 0, most: int | None = None, default: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return the columns asked for, on the areas of the statistic.

        Parameters
        ----------
        least, most : how many the statistic needs and takes; ``most`` is ``least`` when not given.
        default : names to take where none were asked for.

        Raises
        ------
        StatisticsError
            Too few or too many, or a name that is not known.
        """
        names = self.asked or default
        most = least if most is None else most
        if not least <= len(names) <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}" if most < 99 else f"{least} or more"
            found = f"found {len(names)}: {listed(names)}" if names else "found none"
            raise StatisticsError(
                f"it looks at other columns: {wanted} needed",
                [found, 'name them: with = ["…"] in a configuration, --with on the command line'],
            )
        return pd.DataFrame({name: self.find(name).reindex(self.areas) for name in names}, index=self.areas)

    def numbers(self, *, least: int = 0, most: int | None = None, default: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return the columns asked for as float64, as ``columns``; True and False become 1 and 0.

        Raises
        ------
        StatisticsError
            As ``columns``, and columns that are not numbers.
        """
        frame = self.columns(least=least, most=most, default=default)
        words = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
        if words:
            raise StatisticsError(
                "it looks at columns of numbers", [f"not numbers: {listed(f'{n} ({frame[n].dtype})' for n in words)}"]
            )
        columns = {name: frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in frame.columns}
        return pd.DataFrame(columns, index=self.areas)
