"""Any layer with a column of codes is a geography: small areas, wards, constituencies, health areas, areas of one's own."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import geopandas as gpd
import pandas as pd

from boundaries.areas.boundary_set import BoundarySet, only
from boundaries.areas.bundled_areas import bundled_areas
from boundaries.areas.layer_files import code_column, named_layer, read_layer
from boundaries.areas.layer_lookups import (
    LayerLookup,
    groups_of,
    joined_groups,
    may_be_codes,
    of_layer,
    read_lookups,
    weighted,
)
from boundaries.areas.nesting import nested
from boundaries.areas.statistical import LEVELS
from boundaries.register import check_date, load_register
from boundaries.register.codes import GEOGRAPHIES, entity_of, geography_of, parse_code, repaired
from boundaries.vocabulary import NATIONS, YEARS_OF_CENSUS, coded_geography
from geo.errors import CodeError, DateError, TableError, listed
from geo.remedies import Remedy
from geo.vectors import read_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.areas.layer_files import Layer

_EDITION = re.compile(r"(?i)^[a-z_]+(\d\d)(?:cd|_?code)$")
"""How a column of codes says its year: LSOA11CD, msoa21_code, LAD24CD."""


@dataclass(frozen=True, slots=True)
class LayerAsked:
    """A layer of areas as a configuration, a command or a call asks for it.

    Parameters
    ----------
    path : the file (``areas.gpkg::layer``). code, name : its columns; guessed where empty.
    lookups : files that say in which district an area lies, how many live there, what its code was in other editions. folders :
        where a relative lookup is looked up, in order.
    """

    path: str
    code: str | None = None
    name: str | None = None
    lookups: tuple[str, ...] = ()
    folders: tuple[Path, ...] = (Path(),)


class OfLayer(TypedDict, total=False):
    """Keywords of a layer of areas.

    ``layer_code``, ``layer_name`` : columns that hold codes and names, where the guess is not good enough. ``lookup`` : files that
    say in which district an area lies, how many live there, and what its code was in other editions. ``folders`` : where these are
    looked up, in order.
    """

    layer_code: str | None
    layer_name: str | None
    lookup: str | Path | Sequence[str | Path]
    folders: Sequence[Path]


def layer_asked(layer: str | Path, of_layer: OfLayer) -> LayerAsked:
    """Return a layer as it is asked for by keywords."""
    given = of_layer.get("lookup", ())
    lookups = tuple(map(str, [given] if isinstance(given, str | Path) else given))
    return LayerAsked(
        str(layer),
        of_layer.get("layer_code"),
        of_layer.get("layer_name"),
        lookups,
        tuple(of_layer.get("folders", (Path(),))),
    )


def is_coded(geography: str | None, layer: str | Path, code: str | None = None) -> bool:
    """Say whether a layer brings a geography of its own, rather than shapes for one of the register.

    Parameters
    ----------
    geography : as it was asked for; None or "" where it was not, and the codes of the layer tell. layer : as of
        ``load_boundary_set``. code : column of the codes.
    """
    if str(layer) in {"bundled", "official"}:
        return False
    if geography:
        return geography.partition("+")[0] not in {*GEOGRAPHIES, *LEVELS}
    path, name = named_layer(Path(layer))
    frame = read_vectors(path, layer=name, geometry=False)
    try:
        column = code or code_column(frame, path.name)
    except CodeError:
        return False  # shapes of districts are asked for, and the error is told when they are read
    codes = repaired(frame[column])[0] if column in frame.columns else pd.Series(dtype=object)
    official = codes.map(lambda text: parse_code(text).scheme == "itl" or bool(geography_of(text)))
    return not official.mean() > 0.5


def coded_areas(
    asked: LayerAsked,
    *,
    geography: str = "",
    date: dt.date | None = None,
    nations: Sequence[str] | None = None,
    crs: str | None = None,
) -> BoundarySet:
    """Return the areas of a layer, each with the district, region and nation it lies in.

    Parameters
    ----------
    asked : the layer. geography : what its areas are called: LSOA, MSOA, DZ, WARD … or a name of one's own; by default by its codes.
    date : of the districts that the areas lie in; by default of the census that the column of codes names (LSOA21CD).
    nations : of those wanted; all by default. crs : system of a layer that declares a wrong one or none.

    Raises
    ------
    TableError, CodeError, GeometryError, CRSError
        As ``read_layer``; a column that is not there, a lookup that is of other areas.
    DateError
        No date is given, and no column of codes tells one.

    Notes
    -----
    Districts come from the lookups, else from a column of the layer, else from a point inside each area; an area that none holds
    goes to the nearest. The set says which (``notes``), and ``districts`` holds it area by area. Residents are those of the
    lookup; without one they are not known.
    """
    layer = read_layer(Path(asked.path), crs=crs, code=asked.code)
    codes = layer.frame["code"]
    named = geography or _geography_of(codes, layer)
    day = date or _date_of(layer)
    register = load_register()
    check_date(register, day, geography="LAD", scenario=None)
    base = bundled_areas(register, "LAD", day, None)
    paths = [_found(Path(path), asked.folders) for path in asked.lookups]
    known = read_lookups(paths, set(codes), day) if paths else LayerLookup({}, {}, _none(layer))
    stated, column = (known.district, known.column) if known.district else of_layer(layer.attributes, codes, day)
    nest = nested(layer.frame, base, stated, basis="lookup" if known.district else "layer", what=column)
    frame = _frame(layer, asked.name, nest.districts, base, known)
    made = BoundarySet(
        geography=named,
        date=day,
        frame=frame,
        sources=(layer.source, *known.sources),
        atoms=nest.atoms.sort_values(["code", "atom"], ignore_index=True),
        receipt=dict(layer.repairs),
        shapes=layer.source.title,
        districts=nest.districts.sort_values("code", ignore_index=True),
        earlier=weighted(known.earlier, known.residents) if len(known.earlier) else None,
        groups=_groups(layer, known),
        notes=nest.notes,
    )
    return _of_nations(made, nations)


def _groups(layer: Layer, known: LayerLookup) -> pd.DataFrame | None:
    """Return the larger areas that the lookups name, then those that the layer itself does."""
    codes, held = layer.frame["code"], layer.attributes
    own = {} if held is None else {str(name): held[name] for name in held.columns if may_be_codes(held[name])}
    texts = {name: column.astype("str").where(column.notna(), "").str.strip() for name, column in own.items()}
    tables = (known.groups, groups_of(texts, codes))
    joined = joined_groups(None if one is None else one[one.index.isin(codes)] for one in tables)
    return None if joined is None else joined.reindex(sorted(codes), fill_value="")


def _of_nations(made: BoundarySet, nations: Sequence[str] | None) -> BoundarySet:
    if nations is None or set(nations) >= set(made.frame["nation"]):
        return made
    if unknown := [nation for nation in nations if nation not in NATIONS]:
        raise CodeError(f"no nation is called {listed(unknown)}", [f"known: {', '.join(NATIONS)}"])
    kept = made.frame.loc[made.frame["nation"].isin(nations), "code"]
    if kept.empty:
        raise CodeError(f"{made.shapes} shows no area of {listed(nations)}", ["leave --nations out"])
    return only(made, kept)


def _geography_of(codes: pd.Series, layer: Layer) -> str:
    """Name a geography by its codes, else by its file."""
    entities = {entity_of(code) for code in codes if parse_code(code).scheme == "gss"}
    found = coded_geography(entities) if entities else ""
    return found or re.sub(r"[^a-z0-9]+", "-", Path(layer.source.title).stem.lower()).strip("-") or "areas"


def _date_of(layer: Layer) -> dt.date:
    edition = _EDITION.match(layer.column)
    if edition is None:
        raise DateError(
            "a layer needs a date: of the districts that its areas lie in",
            [f"its column of codes, '{layer.column}', names no year (as LSOA21CD does)"],
            [Remedy("date")],
        )
    year = edition[1]
    return dt.date.fromisoformat(YEARS_OF_CENSUS.get(year, f"20{year}-12-31"))


def _found(path: Path, folders: Sequence[Path]) -> Path:
    return next((folder / path for folder in folders if (folder / path).is_file()), path)


def _none(layer: Layer) -> pd.DataFrame:
    return pd.DataFrame({"old": layer.frame["code"].iloc[:0], "code": layer.frame["code"].iloc[:0]})


def _frame(
    layer: Layer, name: str | None, districts: pd.DataFrame, base: BoundarySet, known: LayerLookup
) -> gpd.GeoDataFrame:
    """Lay out the areas in the columns of every set, sorted by code."""
    above = base.frame.set_index("code").loc[districts["district"]].reset_index(drop=True)
    column = _name_column(layer, name)
    attributes = layer.attributes
    names = layer.frame["code"] if column is None or attributes is None else attributes[column].fillna("").astype("str")
    codes = layer.frame["code"]
    frame = gpd.GeoDataFrame(
        {
            "code": codes.to_numpy(dtype=object),
            "name": names.str.strip().where(names.str.strip() != "", codes.to_numpy()).to_numpy(dtype=object),
            "name_cy": "",
            "nation": above["nation"].to_numpy(),
            "region_code": above["region_code"].to_numpy(),
            "region_name": above["region_name"].to_numpy(),
            "population": codes.map(dict(known.residents)).astype("float64").to_numpy(),
            "hectares": layer.frame.geometry.area.to_numpy() / 10_000,
        },
        geometry=layer.frame.geometry.to_numpy(),
        crs=layer.frame.crs,
    )
    frame = frame.astype({name: base.frame[name].dtype for name in ("code", "name", "name_cy")})
    return frame.sort_values("code", ignore_index=True)


def _name_column(layer: Layer, name: str | None) -> str | None:
    """Return the column of names: the one that was stated, else that called as the codes are (LSOA21NM), else ``name``.

    Raises
    ------
    TableError
        The layer has no column of the name stated.
    """
    held = [] if layer.attributes is None else [str(column) for column in layer.attributes.columns]
    if name is not None:
        if name not in held:
            raise TableError(f"{layer.source.title} has no column '{name}'", [f"columns: {listed(held)}"])
        return name
    stem = re.sub(r"(?i)(cd|code)$", "", layer.column)
    wanted = [f"{stem}{end}".casefold() for end in ("nm", "name", "_nm", "_name")]
    wanted.append("name")
    folded = {column.casefold(): column for column in held}
    return next((folded[one] for one in wanted if one in folded), None)
