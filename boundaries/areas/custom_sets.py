"""Areas of one's own as a set: made of others by a membership table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.areas.boundary_set import BoundarySet, atoms_of, members_of, of_areas
from boundaries.areas.membership import membership_table
from boundaries.areas.merging import merged

if TYPE_CHECKING:
    import pandas as pd


def custom_boundary_set(membership: pd.DataFrame, *, scheme: str, base: BoundarySet) -> BoundarySet:
    """Return areas made of others by a membership table.

    A county row is dropped when districts of that county are listed in the same area, and counted in the receipt; one
    that stands alone stands for its districts. The areas' nation and region are those of most of their residents.

    Parameters
    ----------
    membership : columns ``code, name, member``, one row a member; members are codes of ``base`` or their counties.
    scheme : name of the custom geography; codes without it are written ``<scheme>:<code>``.
    base : every one of its areas must be in exactly one custom area.

    Raises
    ------
    TableError, CodeError
        A missing column; members unknown to the base, in several areas or in none, areas of two names; all at once.
    """
    table, receipt = membership_table(membership, scheme=scheme, base=base)
    area_of = dict(zip(table["member"], table["code"], strict=True))
    names = {code: (name, "") for code, name in zip(table["code"], table["name"], strict=True)}
    frame = merged(base.frame, area_of, names, coverage=base.shapes == "bundled")
    return BoundarySet(
        geography=scheme,
        date=base.date,
        frame=frame,
        sources=base.sources,
        approximate=of_areas(base.approximate, area_of),
        members=members_of(base, area_of),
        atoms=atoms_of(base, area_of),
        receipt=receipt,
        shapes=base.shapes,
    )
