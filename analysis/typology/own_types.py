"""A kind of place of one's own: a list of codes or names in a table, read as a definition like the built-in ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.typology.definitions import SLUG, Shares, Typology, load_typology
from boundaries.places.names import match_names
from boundaries.register import epochs, load_register, parents
from boundaries.register.codes import geography_of, nation_of, parse_code, repaired
from boundaries.sources.reading import decode, read_cells
from boundaries.vocabulary import NATIONS, geography_words
from geo.errors import CodeError, ConfigError, DateError, TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from boundaries.register import Epoch

CODE_COLUMNS = ("code", "area code", "areacd", "lad", "ladcd", "gss", "gss code")
NAME_COLUMNS = ("name", "area", "area name", "areanm", "council", "place", "local authority")
SHARE_COLUMNS = ("share", "degree")

_SEPARATORS = (",", ";", "\t", "|")

HALF = 0.5
"""An area is of a listed kind when at least this share of its residents live in what is listed."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said of a list beside the list itself.

    Parameters
    ----------
    dimension, id : the kind of place and the name of the list; the file's name and ``list`` by default.
    title : the rule in one line. date : on which the codes or names are live; found when not stated.
    nations : initials of the nations the list is about; those of its members by default: areas elsewhere are *not
        classified*.
    credit, licence : of the list.
    """

    dimension: str = ""
    id: str = "list"
    title: str = ""
    date: dt.date | None = None
    nations: tuple[str, ...] = ()
    credit: str = "a list of one's own"
    licence: str = ""


def read_type(file: str | Path, stated: Stated | None = None, *, folders: Sequence[Path] = ()) -> Typology:
    """Read a kind of place: a built-in name, a definition in TOML, or a table of codes or names.

    Parameters
    ----------
    file : what to read. stated : of a table. folders : where a relative file is looked up, in order, after the working folder.

    Raises
    ------
    ConfigError
        No such definition or file, or one with faults.
    TableError, CodeError, DateError
        As ``type_from_list``.
    """
    name = str(file)
    if "." not in Path(name).name:
        return load_typology(name)
    if not name.lower().endswith(".toml"):
        return type_from_list(find_file(name, folders), stated)
    found = (one for one in (Path(name), *(folder / name for folder in folders)) if one.is_file())
    return load_typology(next(found, name))


def find_file(name: str, folders: Sequence[Path]) -> Path:
    """Find a file in the working folder or in one of others.

    Raises
    ------
    ConfigError
        It is in none of them.
    """
    found = next((one for one in (Path(name), *(folder / name for folder in folders)) if one.is_file()), None)
    if found is None:
        raise ConfigError(
            f"there is no file {name}",
            [f"looked in {listed([str(folder) for folder in (Path(), *folders)])}", "give --data, or its whole path"],
        )
    return found


def definitions_named(asked: Sequence[str | Typology]) -> tuple[Typology, ...]:
    """Return definitions by name, file or as read, each once, in the order asked for; faults as ``read_type``."""
    read = (one if isinstance(one, Typology) else read_type(one) for one in asked)
    return tuple({one.column: one for one in read}.values())


def type_from_list(path: Path, stated: Stated | None = None) -> Typology:
    """Read a table that lists areas as a definition of a kind of place.

    Parameters
    ----------
    path : CSV, text, workbook or Parquet with one row an area. A column of codes (or of names) lists the members; a
        column ``share``, from 0 to 1, says how much of each is of the kind. Codes of counties, combined authorities, regions and
        nations stand for their districts.
    stated : what the file does not say.

    Raises
    ------
    TableError
        No column of codes or names, no row, shares that are none, or a table that cannot be read.
    CodeError
        Codes or names that are not known, or listed twice.
    DateError
        No date on which all codes were live.
    ConfigError
        A dimension or id that is no slug.

    Notes
    -----
    Without a stated date the codes are taken to be of the latest date on which all of them were live. The list is carried
    to areas of other dates by residents of the 2011 Census (``analysis.typology.memberships``).
    """
    stated = stated or Stated()
    dimension = stated.dimension or _slug(path.stem)
    _check_words(path.name, {"dimension": dimension, "id": stated.id}, stated.nations)
    cells = _cells(path)
    column, coded = _column(cells, path.name)
    listed_cells = cells[column].astype(str).str.strip()
    there = listed_cells != ""
    if not there.any():
        raise TableError(f"{path.name} lists no areas", [f"its column {column!r} is empty"])
    shares = _shares(cells[there], path.name)
    codes, date = (
        _coded(listed_cells[there], path.name, stated.date)
        if coded
        else _named(listed_cells[there], path.name, stated.date)
    )
    members = _districts(dict(zip(codes, shares, strict=True)), date)
    nations = stated.nations or tuple(nation for nation in NATIONS if nation in set(map(nation_of, members)))
    if elsewhere := [code for code in members if nation_of(code) not in nations]:
        raise CodeError(
            f"{path.name} lists areas outside the nations it is said to be about",
            [f"nations {', '.join(nations)}; found {listed(elsewhere)}"],
        )
    return Typology(
        id=stated.id,
        version=sha256_of(path)[:12],
        dimension=dimension,
        title=stated.title or f"listed in {path.name}",
        nations=nations,
        rule=Shares(date=date, shares=members, at_least=HALF, unclassified=frozenset(), groups=()),
        source=Source(title=f"{path.name}, {stated.credit}", sha256=sha256_of(path), licence=stated.licence),
    )


def _check_words(name: str, slugs: Mapping[str, str], nations: Sequence[str]) -> None:
    faults = [
        f"{key} is {text!r}; use lower-case letters, digits and single hyphens"
        for key, text in slugs.items()
        if not SLUG.fullmatch(text)
    ]
    if strange := [nation for nation in nations if nation not in NATIONS]:
        faults.append(f"nations are {', '.join(NATIONS)}; found {listed(strange)}")
    if faults:
        raise ConfigError(f"{name} cannot be a kind of place", faults)


def _slug(stem: str) -> str:
    """Return a file's name as a slug.

    Examples
    --------
    >>> _slug("Ten places (v2)")
    'ten-places-v2'
    """
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in stem.lower())
    return "-".join(kept.split())


def _cells(path: Path) -> pd.DataFrame:
    """Read a table; a text whose first line is not cut into cells is a list, a line an area, with a heading or without one."""
    if path.suffix.lower() not in ("", ".csv", ".txt", ".tsv", ".tab") or path.stat().st_size == 0:
        return read_cells(path).frame
    text, _ = decode(path.read_bytes(), path.name)
    lines = [line.strip().strip('"').strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if not lines or any(sign in lines[0] for sign in _SEPARATORS):
        return read_cells(path).frame
    mended, _ = repaired(lines[:1])
    headed = parse_code(str(mended.iloc[0])).scheme == "unknown" and bool(
        match_names(lines[:1], suggest=False).unmatched
    )
    return pd.DataFrame({lines[0] if headed else "area": lines[1 if headed else 0 :]}, dtype=object)


def _column(cells: pd.DataFrame, name: str) -> tuple[str, bool]:
    """Return the column that lists the areas, and whether it holds codes."""
    columns = {str(column): str(column).strip().casefold().replace("_", " ") for column in cells.columns}
    for column in columns:
        texts, _ = repaired(cells[column])
        filled = texts[texts.str.strip() != ""]
        if len(filled) and filled.map(lambda text: parse_code(text).scheme in {"gss", "ni-district"}).mean() > HALF:
            return column, True
    for known in (NAME_COLUMNS, CODE_COLUMNS):
        if found := next((column for column, plain in columns.items() if plain in known), None):
            return found, known is CODE_COLUMNS
    if len(columns) == 1:
        return next(iter(columns)), False
    raise TableError(
        f"{name} has no column of codes or names",
        [f"found {listed(columns)}", f"call one {CODE_COLUMNS[0]} or {NAME_COLUMNS[0]}"],
    )


def _shares(cells: pd.DataFrame, name: str) -> list[float]:
    column = next((one for one in cells.columns if str(one).strip().casefold() in SHARE_COLUMNS), None)
    if column is None:
        return [1.0] * len(cells)
    numbers = pd.to_numeric(cells[column], errors="coerce")
    wrong = ~((numbers >= 0) & (numbers <= 1))
    if wrong.any():
        raise TableError(
            f"{name}: a share is a number from 0 to 1", [f"found {listed(cells.loc[wrong, column].astype(str))}"]
        )
    return [float(number) for number in numbers]


def _coded(cells: pd.Series, name: str, date: dt.date | None) -> tuple[list[str], dt.date]:
    """Return the codes and the date on which all of them live."""
    mended, _ = repaired(cells)
    codes = [str(code) for code in mended]
    strange = [code for code in codes if not geography_of(code)]
    _refuse(name, codes, {"not codes of councils, counties, regions or nations": strange})
    return codes, date_of(codes, name, stated=date)


def date_of(codes: Sequence[str], name: str, *, stated: dt.date | None = None) -> dt.date:
    """Return the latest date on which all codes of a list were live, or the one stated once that is seen to be true.

    Parameters
    ----------
    codes : of geographies of the register. name : of the list, for errors.

    Raises
    ------
    CodeError
        Codes that never lived. DateError: no such date.
    """
    register = load_register()
    held = [epoch for geography in sorted(set(map(geography_of, codes))) for epoch in epochs(register, geography)]
    never = sorted(set(codes) - frozenset().union(*(epoch.codes for epoch in held)))
    _refuse(name, [], {"never live since 2009": never})
    ends = [stated] if stated else sorted({epoch.end for epoch in held}, reverse=True)
    for end in ends:
        if set(codes) <= _alive(held, end):
            return end
    absent = sorted(set(codes) - _alive(held, ends[0]))
    raise DateError(
        f"{name}: codes that were not live on {stated}"
        if stated
        else f"{name}: no date is one on which all its codes live",
        [f"not live on {ends[0].isoformat()}: {listed(absent)}", "correct the list, or state its date"],
    )


def _alive(held: Sequence[Epoch], date: dt.date) -> frozenset[str]:
    return frozenset().union(*(epoch.codes for epoch in held if epoch.start <= date <= epoch.end))


def _named(cells: pd.Series, name: str, date: dt.date | None) -> tuple[list[str], dt.date]:
    """Return the codes of names on the latest date on which all of them are known."""
    register = load_register()
    last = register.until("LAD")
    dates = [date] if date else [epoch.end for epoch in reversed(epochs(register, "LAD"))]
    for when in dates:
        match = match_names(cells, date=when, suggest=False)
        if not match.unmatched:
            codes = [str(code) for code in match.codes]
            _refuse(name, codes, {})
            return codes, when
    unmatched = match_names(cells, date=date or last).unmatched
    raise CodeError(
        f"{name} lists names that are no local authority district",
        [
            *(
                f"{one!r}: " + (f"did you mean {listed(near)}?" if near else "nothing like it is known")
                for one, near in list(unmatched.items())[:5]
            ),
            f"{len(unmatched)} of {cells.nunique()} names; correct them, or state the date of the list",
        ],
    )


def _refuse(name: str, codes: Sequence[str], wrong: Mapping[str, Sequence[str]]) -> None:
    faults = [f"{what}: {listed(offenders)}" for what, offenders in wrong.items() if offenders]
    if doubled := sorted({code for code in codes if list(codes).count(code) > 1}):
        faults.append(f"listed twice: {listed(doubled)}")
    if faults:
        raise CodeError(f"{name} cannot be read as a list of areas", faults)


def _districts(shares: Mapping[str, float], date: dt.date) -> dict[str, float]:
    """Put districts in the place of wider areas; of a district named twice the larger share counts."""
    register = load_register()
    found: dict[str, float] = {}
    for code, share in shares.items():
        geography = geography_of(code)
        within = [code]
        if geography != "LAD":
            within = [district for district, wider in parents(register, geography, date).items() if wider == code]
        if not within:
            raise CodeError(f"{code} holds no districts on {date.isoformat()}", [geography_words(geography, count=1)])
        for district in within:
            found[district] = max(share, found.get(district, 0.0))
    return found
