"""Areas of a geography on a date, drawn by the units that come with placeatlas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from boundaries.areas.boundary_set import BoundarySet, of_areas, sources_of
from boundaries.areas.merging import merged
from boundaries.bundled.layers import load_atoms
from boundaries.register import (
    atom_codes,
    moved_land,
    name_of,
    parents,
    region_of,
    welsh_name_of,
)
from boundaries.register.codes import nation_of

if TYPE_CHECKING:
    import datetime as dt

    from boundaries.areas.planned import Scenario
    from boundaries.register import Register


def bundled_areas(register: Register, geography: str, date: dt.date, planned: Scenario | None) -> BoundarySet:
    """Make areas of the bundled units that belong to them on a date, or to planned councils."""
    known = date if planned is None else min(date, planned.base)
    atoms = load_atoms()
    districts = atom_codes(register, atoms, known)
    regions = region_of(register, known)
    units = gpd.GeoDataFrame(
        {
            "code": districts.to_numpy(),
            "nation": [nation_of(code) for code in districts],
            "region_code": [regions[code] for code in districts],
            "population": atoms["population"].to_numpy(),
        },
        geometry=atoms.geometry.to_numpy(),
        crs=atoms.crs,
    )
    area_of = dict(parents(register, geography, known))
    names = {code: (name_of(register, code, known), welsh_name_of(register, code, known)) for code in area_of.values()}
    if planned is not None:
        names |= {area.code: (area.name, "") for area in planned.areas}
        area_of |= {member: area.code for area in planned.areas for member in area.members}
    owner = districts.map(area_of).dropna()
    pieces = pd.DataFrame({"code": owner.to_numpy(dtype=object), "atom": owner.index.to_numpy(dtype=object)})
    members = pd.DataFrame({"code": list(area_of.values()), "member": list(area_of)}, dtype=object)
    frame = merged(units, area_of, names, coverage=True)
    return BoundarySet(
        geography=geography if planned is None else f"{geography}+{planned.id}",
        date=date,
        frame=frame,
        sources=(*sources_of(frame["nation"]), *register.sources),
        approximate=of_areas(moved_land(register, atoms, known), area_of),
        members=members.sort_values(["code", "member"], ignore_index=True),
        atoms=pieces.sort_values(["code", "atom"], ignore_index=True),
        shapes="bundled",
    )
