"""The areas an outcome is joined to: those that are asked for, else those its publisher states, of the date of its codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from boundaries.areas.coded_layers import OfLayer, is_coded
from boundaries.areas.custom_areas import MEMBERSHIPS, custom_areas, membership_of, refuse_foreign_ids
from boundaries.areas.loading import load_boundary_set
from boundaries.areas.statistical import EDITIONS, LEVELS, statistical_names
from boundaries.dating.default import default_date, places_in_words
from boundaries.dating.name_epochs import latest_period
from boundaries.outcomes.table import OutcomeTable
from boundaries.places.names import normalised
from boundaries.places.tallies import advice_for, remedies_for
from boundaries.register import epochs, load_register
from boundaries.register.codes import GEOGRAPHIES, in_geography, mistaken, parse_code
from boundaries.vocabulary import NATIONS, geography_words, wider_names
from geo.arguments import date_of, result_of
from geo.errors import DateError, JoinError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet


def fitting_areas(
    table: OutcomeTable,
    *,
    geography: str | None = None,
    date: dt.date | str | None = None,
    layer: str | Path = "bundled",
    members: str | None = None,
    nations: Sequence[str] | None = None,
    crs: str | None = None,
    **of_layer: Unpack[OfLayer],
) -> BoundarySet:
    """Return the areas an outcome is joined to.

    Parameters
    ----------
    table : the outcome.
    geography : by default what the publisher states, else districts (LAD).
    date : by default that of the codes, or of the names where there are none; of statistical regions the last day of the edition that has all the table's areas.
    layer : whose shapes: "bundled", "official" or the path of a file.
    members : membership table of a custom geography, by name or path; ``geography`` and ``layer`` are then left aside. An
        outcome whose publisher has areas of its own brings their table along.
    nations : initials of the nations wanted, of E, W, S and N; all by default, of custom areas those of their members, of a file those
        it shows. crs : reference system of a file that declares a wrong one or none.
    of_layer : of a layer, as of ``load_boundary_set``.

    Raises
    ------
    JoinError
        No row is of the geography: what the rows are of is named.
    PlaceatlasError
        No date fits, the geography is unknown, or the layer is not of the date.
    """
    result_of(table, OutcomeTable, "table", how="read_outcome reads one from a file")
    date = None if date is None else date_of(date, "date")
    stated = geography or table.meta.geography
    members = members or (None if stated in {*GEOGRAPHIES, *LEVELS} else _membership(stated))
    if members is not None:
        areas = custom_areas(members, date=date, nations=nations)
        refuse_foreign_ids(table, areas)
        return areas
    own = geography or ("" if stated in {*GEOGRAPHIES, *LEVELS} else stated)
    if is_coded(own, layer, of_layer.get("layer_code")):
        return load_boundary_set(own, date, layer=layer, nations=nations, crs=crs, **of_layer)
    wanted = geography or (stated if stated in {*GEOGRAPHIES, *LEVELS} else "LAD")
    _refuse_other_tiers(table, wanted)
    day = date or common_date([table], wanted)
    shown = None if layer not in {"bundled", "official"} else tuple(NATIONS)
    return load_boundary_set(wanted, day, layer=layer, nations=nations or shown, crs=crs, **of_layer)


def common_date(tables: Sequence[OutcomeTable], geography: str) -> dt.date:
    """Return the date on which outcomes are joined to a geography: that of their codes, of their names where they have none.

    Parameters
    ----------
    tables : outcomes; one without a row of the geography is dated by its districts, one of counties alone by them.
    geography : of the areas asked for. Where outcomes are dated by several, the earliest date counts.

    Raises
    ------
    DateError
        No date fits, or an outcome has rows of other places only: what it holds is named.
    """
    if geography in LEVELS:
        return min(edition_date(table, geography) for table in tables)
    groups: dict[str, list[OutcomeTable]] = {}
    for table in tables:
        groups.setdefault(_dated_by(table, geography), []).append(table)
    return min(default_date(alike, geography=tier) for tier, alike in groups.items())


def _dated_by(table: OutcomeTable, geography: str) -> str:
    """Return whose epochs tell the date: the geography's own, else those of districts or counties that the table holds."""
    codes = [str(code) for code in table.frame["code"].unique() if code]
    own = geography if geography in GEOGRAPHIES else "LAD"
    tiers = (
        tier for tier in (own, "LAD", "UTLA") if any(in_geography(code, tier) for code in codes if ":" not in code)
    )
    return next(tiers, own)


def _refuse_other_tiers(table: OutcomeTable, wanted: str) -> None:
    """Refuse a table none of whose rows is of the geography, naming what they are of."""
    frame = table.frame
    if wanted not in GEOGRAPHIES or ((frame["code"] == "") & (frame["name"] != "")).any():
        return
    codes = [str(code) for code in frame["code"].unique()]
    official = [code for code in codes if ":" not in code]
    counties = wanted == "LAD" and any(in_geography(code, "UTLA") for code in official)
    if counties or any(in_geography(code, wanted) or mistaken(code) for code in official):
        return
    kind = geography_words(wanted)
    raise JoinError(
        f"'{table.meta.id}' has no row of {kind}",
        [f"its rows are of {places_in_words(codes)}", *advice_for(codes)],
        remedies_for(codes),
    )


def edition_date(table: OutcomeTable, level: str) -> dt.date:
    """Return the last day in use of the youngest edition of the statistical regions that has all areas of a table.

    Parameters
    ----------
    table : rows with codes of the level, or with names alone; rows of nations and wider areas are left aside.
    level : ITL1, ITL2 or ITL3.

    Raises
    ------
    DateError
        No edition has them all; what each lacks is named.
    """
    rows = table.frame[table.frame["period"] == latest_period(table)]
    length = 2 + int(level[3:])
    codes = {code for code in rows["code"] if parse_code(code).scheme == "itl" and len(code) == length}
    names = {name for name, code in zip(rows["name"], rows["code"], strict=True) if not code and name}
    # Wider than any statistical region; Northern Ireland is one at every level.
    wide = {*wider_names(), *(NATIONS[nation].casefold() for nation in "EWS")}
    names = {name for name in names if normalised(name) not in wide}
    ends, faults = _last_days(), []
    for edition in reversed(list(EDITIONS)):
        if int(level[3:]) not in EDITIONS[edition][2]:
            continue
        known = {code: name for code, name in statistical_names(edition).items() if len(code) == length}
        lacking = sorted(codes - set(known)) + sorted(
            name for name in names if normalised(name) not in {normalised(own) for own in known.values()}
        )
        if (codes or names) and not lacking:
            return ends[edition]
        faults.append(f"{edition} lacks {listed(lacking)}" if lacking else f"{edition}: the table names no area")
    raise DateError(f"no edition of {level} has all areas of '{table.meta.id}'", faults, [Remedy("date")])


def _last_days() -> dict[str, dt.date]:
    """Return the last day in use of every edition: the eve of the next one's first, of the last one what the register knows."""
    begins = [first for first, _, _ in EDITIONS.values()]
    known = epochs(load_register(), "LAD")[-1].end
    following = [*(_eve(first) for first in begins[1:]), known]
    return dict(zip(EDITIONS, following, strict=True))


def _eve(day: dt.date) -> dt.date:
    return day.fromordinal(day.toordinal() - 1)


def _membership(scheme: str) -> str | None:
    """Return the bundled membership table whose areas bear the codes of a scheme."""
    for path in sorted(MEMBERSHIPS.glob("*.csv")) if scheme else ():
        if membership_of(path.stem)["code"].str.startswith(f"{scheme}:").all():
            return path.stem
    return None
