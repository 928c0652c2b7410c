"""Published units: areas that inherit one figure are one observation, with one centre and one share of each kind of place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np
import pandas as pd

from boundaries.joined import published_units

if TYPE_CHECKING:
    from boundaries.joined import Joined


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Which unit each area belongs to, and how many live in the area.

    ``of`` by code of the area: the code of its unit. ``residents`` by code of the area; areas count alike in a unit where the
    residents of one of its areas are not known.
    """

    of: pd.Series
    residents: pd.Series

    def __len__(self) -> int:
        """Return the number of units."""
        return int(self.of.nunique())

    def __repr__(self) -> str:
        """State units, areas and how many inherit."""
        return f"Units({len(self)} units of {len(self.of)} areas; {int(self.shared.sum())} areas share a figure)"

    @property
    def shared(self) -> pd.Series:
        """Whether each area's figure is that of a unit other than itself."""
        return pd.Series(self.of.to_numpy() != self.of.index.to_numpy(), index=self.of.index)

    @property
    def ids(self) -> pd.Index[str]:
        """Codes of the units, in order of their first area."""
        codes: pd.Index[str] = pd.Index(list(self.of.drop_duplicates()), name="unit")
        return codes

    def once(self, values: pd.DataFrame) -> pd.DataFrame:
        """Return one row a unit of what is the same in all its areas."""
        first = ~self.of.duplicated().to_numpy()
        return values.loc[self.of.index[first]].set_axis(self.ids)

    def mean(self, values: pd.DataFrame) -> pd.DataFrame:
        """Return the mean over each unit's residents: of coordinates its centre, of memberships its share.

        Parameters
        ----------
        values : by code of the area, numbers; a missing one makes the mean of its unit missing.
        """
        known = self.residents.notna() & (self.residents > 0)
        weight = self.residents.where(known.groupby(self.of).transform("all"), 1.0).astype(np.float64)
        own = values.loc[self.of.index].astype(np.float64)
        total = own.mul(weight, axis=0).groupby(self.of).sum(min_count=1)
        complete = own.notna().groupby(self.of).all()
        return total.div(weight.groupby(self.of).sum(), axis=0).where(complete).loc[self.ids].rename_axis("unit")

    @overload
    def spread(self, values: pd.DataFrame) -> pd.DataFrame: ...
    @overload
    def spread(self, values: pd.Series) -> pd.Series: ...
    def spread(self, values: pd.DataFrame | pd.Series) -> pd.DataFrame | pd.Series:
        """Return what is known of units for each of their areas, by code of the area."""
        return values.loc[self.of.to_numpy()].set_axis(self.of.index)


def units_of(joined: Joined) -> Units:
    """Return the published units of the areas that an outcome covers.

    Raises
    ------
    JoinError
        As ``published_units``.
    """
    covered = joined.covered
    frame = joined.boundaries.frame
    residents = pd.Series(frame["population"].to_numpy(dtype=np.float64), index=pd.Index(frame["code"]))
    of = published_units(joined)[covered]
    return Units(of, residents.reindex(of.index))
