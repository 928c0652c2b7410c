"""Lookup files beside a layer: which district an area lies in, how many live there, and what its code was in other editions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from boundaries.register import codes_alive, load_register
from boundaries.register.codes import GEOGRAPHIES, entity_of, parse_code, repaired
from boundaries.sources.described import description_of
from boundaries.sources.reading import read_cells
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

_RESIDENTS: Final = re.compile(r"(?i)(pop|residents|persons|usual)")
"""What a column of residents is called."""

_OWN_SHARE: Final = 0.5
"""At least this share of the areas of a layer, or of the rows of a lookup, must be codes of the layer."""

_LIVE_SHARE: Final = 0.9
"""At least this share of a column of districts must be alive on the date, so that a column of another year is not taken."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerLookup:
    """What lookups say of the areas of a layer.

    ``district`` area → district; ``residents`` area → number; ``earlier`` columns ``old, code``, pairs of codes of other editions;
    ``groups`` larger areas by other columns, indexed by code; ``column`` of the districts, ``sources`` of the files, ``live`` the
    share of the districts that are alive on the date.
    """

    district: Mapping[str, str]
    residents: Mapping[str, float]
    earlier: pd.DataFrame
    column: str = ""
    sources: tuple[Source, ...] = ()
    live: float = 0.0
    groups: pd.DataFrame | None = None


def read_lookups(paths: Sequence[Path], codes: Collection[str], date: dt.date) -> LayerLookup:
    """Read lookup files of any columns: those with codes of the layer, of districts of the date, of other editions, of residents.

    Parameters
    ----------
    paths : tables, a row a pair of codes. codes : of the layer. date : of the districts.

    Raises
    ------
    TableError
        No such file; no column has the codes of the layer; or none is of districts, of another edition, or of larger areas.
    """
    own = set(codes)
    district: dict[str, str] = {}
    residents: dict[str, float] = {}
    found = []
    for path in paths:
        if not path.is_file():
            raise TableError(f"there is no lookup {path}", ["a table with a column of the layer's codes"])
        one = lookup_in(read_cells(path).frame, own, date, what=path.name)
        found.append(replace(one, column=f"{path.name} ({one.column})" if one.column else ""))
    # A lookup made for another year may say the same of most areas: the one that is of the date is asked first.
    for one in sorted(found, key=lambda one: -one.live):
        district |= {code: home for code, home in one.district.items() if code not in district}
        residents |= {code: number for code, number in one.residents.items() if code not in residents}
    best = max(found, key=lambda one: one.live, default=None)
    earlier = pd.concat([one.earlier for one in found], ignore_index=True)
    sources = tuple(_source(path) for path in paths)
    groups = joined_groups([one.groups for one in found])
    return LayerLookup(district, residents, earlier, best.column if best else "", sources, groups=groups)


def lookup_in(table: pd.DataFrame, own: set[str], date: dt.date, *, what: str) -> LayerLookup:
    """Read one table of text; as ``read_lookups``."""
    texts = {str(name): repaired(table[name])[0] for name in table.columns if may_be_codes(table[name])}
    shares = {name: _share_of(column, own) for name, column in texts.items()}
    key = max(shares, key=lambda name: shares[name], default="")
    if not key or shares[key] < _OWN_SHARE:
        raise TableError(f"{what} is no lookup of these areas", [f"no column of {listed(texts)} has the layer's codes"])
    others = {name: column for name, column in texts.items() if name != key}
    home = _district_column(others, date)
    family = {entity_of(code) for code in own if parse_code(code).scheme == "gss"}
    former = _former_column(others, family, own)
    held = texts[key].isin(own)
    groups = groups_of({name: column[held] for name, column in others.items() if name != former}, texts[key][held])
    if not home and not former and groups.columns.empty:
        raise TableError(
            f"{what} says nothing of these areas",
            [
                f"no column of {listed(others)} is of districts of {date.isoformat()}, of codes of another edition, or of larger areas"
            ],
        )
    people = residents_in(
        table[held], texts[key][held], [str(name) for name in table.columns if name not in {key, home, former}], date
    )
    earlier = (
        pd.DataFrame({"old": texts[former], "code": texts[key]}) if former else pd.DataFrame(columns=["old", "code"])
    )
    return LayerLookup(
        district=dict(zip(texts[key][held], texts[home][held], strict=True)) if home else {},
        residents=people,
        earlier=earlier[held.to_numpy() & (earlier["old"] != "")] if former else earlier,
        column=home,
        live=_live(texts[home], date) if home else 0.0,
        groups=groups,
    )


def groups_of(columns: Mapping[str, pd.Series], codes: pd.Series) -> pd.DataFrame:
    """Return the columns that put areas into fewer, larger ones: one value an area, and on average two areas or more in each.

    Parameters
    ----------
    columns : of text, by name. codes : of the areas, on the same rows.

    Returns
    -------
    DataFrame
        Indexed by code, sorted; "" where an area has none.
    """
    found = {}
    for name, column in columns.items():
        pairs = pd.DataFrame({"code": codes, "group": column.fillna("")}).drop_duplicates()
        if pairs["code"].duplicated().any():
            continue
        number = len(set(pairs["group"]) - {""})
        if 1 < number <= len(pairs) / 2:
            found[name] = pairs.set_index("code")["group"]
    return pd.DataFrame(found, index=pd.Index(sorted(set(codes)), name="code")).fillna("")


def joined_groups(tables: Iterable[pd.DataFrame | None]) -> pd.DataFrame | None:
    """Return the columns of several tables of groups, the first of a name; None where there is no column."""
    known = [table for table in tables if table is not None and len(table.columns)]
    if not known:
        return None
    whole = pd.concat(known, axis=1).fillna("").sort_index()
    return whole.loc[:, ~whole.columns.duplicated()]


def of_layer(attributes: pd.DataFrame | None, codes: pd.Series, date: dt.date) -> tuple[dict[str, str], str]:
    """Return code → district where a column of the layer itself says so, and the column's name; nothing where none does."""
    if attributes is None:
        return {}, ""
    texts = {
        str(name): attributes[name].fillna("").astype("str").str.strip()
        for name in attributes.columns
        if attributes[name].dtype == object or str(attributes[name].dtype).startswith("str")
    }
    column = _district_column(texts, date)
    return (dict(zip(codes, texts[column], strict=True)), column) if column else ({}, "")


def weighted(earlier: pd.DataFrame, residents: Mapping[str, float]) -> pd.DataFrame:
    """Return ``old, code, weight``: the share of a former area in each of today's, by the residents of today's.

    Notes
    -----
    An area that became one has the share 1. Where residents are not known the share of a divided area is not either (NaN), and a
    count is not divided by it.
    """
    pairs = earlier.drop_duplicates().sort_values(["old", "code"], ignore_index=True)
    people = pairs["code"].map(dict(residents)).astype("float64")
    total = people.groupby(pairs["old"]).transform(lambda own: own.sum(skipna=False))
    lone = ~pairs["old"].duplicated(keep=False)
    share = np.where(lone, 1.0, (people / total.where(total > 0)).to_numpy())
    return pairs.assign(weight=share)


def may_be_codes(column: pd.Series) -> bool:
    """Say whether a column is worth reading as codes: neither numbers nor names of several words."""
    texts = column.dropna().astype("str").head(2_000)
    return bool(len(texts)) and not bool(
        texts.str.strip().str.contains(" ").mean() > _OWN_SHARE or pd.to_numeric(texts, errors="coerce").notna().all()
    )


def _share_of(column: pd.Series, own: set[str]) -> float:
    """Return how much of a layer's codes a column has, or how much of the column is of the layer: the larger of the two."""
    held = set(column) - {""}
    common = len(held & own)
    return max(common / max(len(own), 1), common / max(len(held), 1)) if common else 0.0


def _district_column(texts: Mapping[str, pd.Series], date: dt.date) -> str:
    """Return the column with most districts that are alive on a date, of equals the one whose name is nearest to its year; or ""."""
    share = {}
    for name, column in texts.items():
        held = set(column) - {""}
        if held and sum(entity_of(code) in GEOGRAPHIES["LAD"] for code in held) > len(held) / 2:
            share[name] = _live(column, date)
    best = max(share, key=lambda name: (share[name], -_years_apart(name, date)), default="")
    return best if best and share[best] >= _LIVE_SHARE else ""


def _years_apart(name: str, date: dt.date) -> int:
    """Return how many years lie between a date and the year that a column of codes names (LAD21CD, lad_2021_code)."""
    year = re.search(r"(?i)(?:20)?(\d\d)_?(?:cd|code)?$", name)
    return abs(2000 + int(year[1]) - date.year) if year else 100


def _live(column: pd.Series, date: dt.date) -> float:
    held = set(column) - {""}
    return len(held & codes_alive(load_register(), "LAD", date)) / max(len(held), 1)


def _former_column(texts: Mapping[str, pd.Series], family: set[str], own: set[str]) -> str:
    """Return the column of codes of the layer's own kind that are not all the layer's, or ""."""
    for name, column in texts.items():
        held = set(column) - {""}
        if held and family and {entity_of(code) for code in held} <= family and held - own:
            return name
    return ""


def residents_in(table: pd.DataFrame, codes: pd.Series, columns: Sequence[str], date: dt.date) -> dict[str, float]:
    """Return residents from the column that is called so: of several the one whose year is nearest to the date."""
    named = [name for name in columns if _RESIDENTS.search(name)]
    numbers = {name: pd.to_numeric(table[name], errors="coerce").astype("float64") for name in named}
    whole = [name for name in named if numbers[name].notna().any() and (numbers[name].fillna(0.0) >= 0).all()]
    if not whole:
        return {}

    def apart(name: str) -> int:
        year = re.search(r"(?:19|20)\d\d", name)
        return abs(int(year[0]) - date.year) if year else 10_000

    best = numbers[min(whole, key=apart)]
    return {code: number for code, number in zip(codes, best, strict=True) if np.isfinite(number)}


def _source(path: Path) -> Source:
    stated = description_of(path)
    lines = stated.get("attribution")
    return Source(
        title=str(stated.get("credit") or path.name),
        sha256=sha256_of(path),
        licence=str(stated.get("licence") or ""),
        attribution=(f"Lookup: {stated.get('credit') or path.name}", *(lines if isinstance(lines, tuple) else ())),
    )
