"""What an atlas says across outcomes and across places: profiles in every form, places alike, places unlike their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.further_columns import TABLES
from analysis.profiles import outliers_by_name, places_alike
from geo.errors import ConfigError, listed
from geo.files import write_csv
from maps.atlas.columns import areas_file, stands_in_bands
from maps.kinds.captions import boundary_words
from maps.kinds.hubs import among_high, beside_of
from maps.profiles import profile_picture, profiles_of, write_profile_page, write_profile_workbook
from maps.static import write_page

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.whole import Atlas
    from maps.profiles import Profiles

NEAREST = 5
"""Places alike of each place."""


def profiles_on(atlas: Atlas, geography: str) -> Profiles | None:
    """Return the profiles of one geography's areas; None where no outcome of it stands in bands."""
    standings = atlas.standings(geography)
    if not standings:
        return None
    boundaries = atlas.grounds[geography].boundaries
    regions = boundaries.frame.set_index("code")["region_name"]
    sources = [study.joined.meta.source for study in atlas.studies_on(geography) if stands_in_bands(study)]
    words = boundary_words(boundaries)
    return profiles_of(standings, title=atlas.config.title, areas=words, regions=regions, sources=sources)


def write_profiles(atlas: Atlas, folder: Path) -> list[Path]:
    """Write ``profiles.html`` and the picture ``maps/profiles`` of each geography."""
    written: list[Path] = []
    for geography in atlas.grounds:
        profiles = profiles_on(atlas, geography)
        if profiles is None:
            continue
        stem = areas_file(geography, atlas.grounds, stem="profiles")
        written += [
            write_profile_page(profiles, folder / f"{stem}.html"),
            *write_page(
                profile_picture(profiles, name=stem), folder=folder / "maps", formats=atlas.config.outputs.drawn
            ),
        ]
    return written


def write_across(atlas: Atlas, folder: Path) -> list[Path]:
    """Write ``profiles.xlsx``, ``alike.csv``, ``hubs.csv`` and ``beside.csv``, each where there is something to say."""
    written = []
    for geography in atlas.grounds:
        profiles = profiles_on(atlas, geography)
        if profiles is not None:
            stem = areas_file(geography, atlas.grounds, stem="profiles")
            written.append(write_profile_workbook(profiles, folder / f"{stem}.xlsx"))
        alike = alike_on(atlas, geography)
        if alike is not None:
            written.append(write_csv(alike, folder / f"{areas_file(geography, atlas.grounds, stem='alike')}.csv"))
    tables = {"hubs": hubs_of(atlas), "beside": low_beside_high(atlas)}
    return written + [write_csv(table, folder / f"{name}.csv") for name, table in tables.items() if len(table)]


def alike_on(atlas: Atlas, geography: str, *, k: int = NEAREST) -> pd.DataFrame | None:
    """Return the ``k`` nearest places of each by the indicators that ``[statistics] alike`` names; None where it names none.

    Returns
    -------
    As ``analysis.profiles.places_alike``, with ``name`` and ``like_name``.

    Raises
    ------
    ConfigError
        A name that is neither an outcome on these areas nor something measured of them.
    """
    wanted = atlas.config.statistics.alike
    if not wanted:
        return None
    ground = atlas.grounds[geography]
    values = {study.joined.meta.id: study.joined.frame["value"] for study in atlas.studies_on(geography)}
    measured = {str(name): ground.indicators[name] for name in ground.indicators.select_dtypes("number")}
    known = {**measured, **values}
    if unknown := [name for name in wanted if name not in known]:
        raise ConfigError(f"places alike cannot be told by {listed(unknown)}", [f"known here: {listed(sorted(known))}"])
    found = places_alike(pd.DataFrame({name: known[name] for name in wanted}), k=k)
    names = ground.boundaries.frame.set_index("code")["name"]
    found.insert(1, "name", found["code"].map(names))
    found.insert(3, "like_name", found["like"].map(names))
    return found


def hubs_of(atlas: Atlas) -> pd.DataFrame:
    """Return every area unlike its neighbours, outcome by outcome, with those neighbours by name.

    An outcome that is set against another has further rows: there an area's own value is set against the other outcome among its
    neighbours (bivariate local Moran).
    """
    rows = []
    for study in atlas.studies:
        outcome = study.joined.meta.id
        other = atlas.companions[outcome].other if outcome in atlas.companions else None
        tests = {outcome: study.local} | ({} if other is None else {other.meta.id: among_high(study, other)})
        for against, local in tests.items():
            found = outliers_by_name(local, study.ground.boundaries.frame, study.ground.weights)
            rows.append(
                found.drop(columns="beside").assign(outcome=outcome, against=against, period=study.joined.period)
            )
    return pd.concat(rows, ignore_index=True)[list(TABLES["hubs"][0])]


def low_beside_high(atlas: Atlas) -> pd.DataFrame:
    """Return every area at the poor end of an outcome beside one at the good end of the outcome it is set against."""
    rows = []
    for study in atlas.studies:
        outcome = study.joined.meta.id
        other = atlas.companions[outcome].other if outcome in atlas.companions else None
        ends = [] if other is None else [study.joined.meta, other.meta]
        if other is None or any(meta.favourable == "none" or meta.measure == "category" for meta in ends):
            continue
        found = beside_of(study.joined, other, study.ground.weights, reach_km=atlas.config.statistics.hubs_within_km)
        rows.append(found.assign(outcome=outcome, against=other.meta.id))
    if not rows:
        return pd.DataFrame()
    return pd.concat(rows, ignore_index=True)[list(TABLES["beside"][0])]
