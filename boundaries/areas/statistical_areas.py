"""Statistical regions as sets of areas: made of districts, drawn where no district lies in two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.areas.boundary_set import BoundarySet, atoms_of, of_areas
from boundaries.areas.bundled_areas import bundled_areas
from boundaries.areas.merging import merged
from boundaries.areas.statistical import edition_on, statistical_names, statistical_shares
from boundaries.register import (
    name_of,
)
from geo.errors import CodeError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt

    from boundaries.register import Register


def statistical_areas(register: Register, level: str, date: dt.date, *, drawn: bool) -> BoundarySet:
    """Make statistical regions of districts; when they are ``drawn``, each district whole in the region of most residents."""
    edition = edition_on(level, date)
    base = bundled_areas(register, "LAD", date, None)
    shares = statistical_shares(register, level, date, edition)
    order = shares.sort_values(["child", "weight", "parent"], ascending=[True, False, True])
    largest = order.drop_duplicates("child")
    area_of = dict(zip(largest["child"], largest["parent"], strict=True))
    called = statistical_names(edition)
    undrawn = sorted(set(shares["parent"]) - set(area_of.values()))
    if undrawn and drawn:
        named = listed(f"{code} {called[code]}" for code in undrawn)
        raise CodeError(
            f"the bundled shapes cannot draw {level} of {edition}: districts are larger than some of its areas",
            [named],
            [Remedy("layer", "official"), Remedy("geography", "ITL2")],
        )
    names = {code: (called[code], "") for code in set(shares["parent"])}
    pairs = largest if drawn else shares
    units = (
        base.frame.set_index("code").loc[pairs["child"]].reset_index(drop=True).assign(code=pairs["parent"].to_numpy())
    )
    frame = merged(units, {code: code for code in names}, names, coverage=drawn)
    residents = shares["weight"] * shares["child"].map(base.frame.set_index("code")["population"])
    frame["population"] = frame["code"].map(residents.groupby(shares["parent"]).sum())
    divided = shares[shares["child"].duplicated(keep=False)]
    divided_by = divided.groupby("parent")["child"]
    approximate = {
        str(code): (
            f"{' and '.join(sorted(name_of(register, child, date) for child in children))}: divided between areas",
        )
        for code, children in divided_by
    }
    return BoundarySet(
        geography=level,
        date=date,
        frame=frame,
        sources=base.sources,
        approximate={**of_areas(base.approximate, area_of), **approximate},
        members=pd.DataFrame({"code": pairs["parent"].to_numpy(), "member": pairs["child"].to_numpy()}).sort_values(
            ["code", "member"], ignore_index=True
        ),
        atoms=atoms_of(base, area_of),
        shapes="bundled",
    )
