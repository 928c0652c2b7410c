"""What an analyst calls to get places: areas, lookup, history, fetch; outcomes: ``boundaries.calls``.

Paths are text or paths, dates ISO 8601 text or dates; a wrong argument is one of our errors, and a ValueError or TypeError too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.register.codes import GEOGRAPHIES
from boundaries.vocabulary import CODED, NATIONS
from geo.arguments import date_of, one_of, path_of, result_of, texts_of
from geo.errors import ArgumentError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.areas.describing import History
    from boundaries.areas.lookup import Lookup
    from boundaries.official import CachedLayer, CachedLookup
    from boundaries.sources.releases import Compared


def areas(
    geography: str = "LAD",
    date: str | dt.date | None = None,
    *,
    layer: str | Path = "bundled",
    nations: str | Sequence[str] | None = None,
    within: str | None = None,
    members: str | Path | None = None,
    scenario: str | Path | None = None,
    code: str | None = None,
    name: str | None = None,
    lookup: str | Path | Sequence[str | Path] = (),
    crs: str | None = None,
) -> BoundarySet:
    """Return the areas of a geography on a date.

    Parameters
    ----------
    geography : LAD, UTLA, CAUTH, RGN, CTRY, ITL1, ITL2 or ITL3; of a layer also LSOA, MSOA, DZ, SDZ, OA, WARD, PCON … or a name of
        one's own.
    date : ISO 8601 text or a date, from 2009-04-01; may be left out with ``members``, and of a layer whose column of codes names
        its census (LSOA21CD).
    layer : whose shapes: ``"bundled"``, ``"official"`` (fetched before) or the path of a file with a column of codes.
    code, name : columns of the layer, where the guess is not good enough. lookup : tables that say in which district an area of
        the layer lies, how many live there, or what its code was in other editions. crs : of a layer that declares none.
    nations : initials of those wanted: ``"E,W"`` or ``["E", "W"]``; all by default.
    within : code or name of the one nation, region, county or combined authority whose areas are wanted.
    members : membership table of areas of one's own: a name (``smc-203``) or a CSV with columns ``code,name,member``.
    scenario : planned councils: an id (``surrey-2027``) or a TOML file.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        No date, text that is no date, no text for a geography.
    CodeError, DateError, TableError
        A geography, date, nation or table that is not known.

    Examples
    --------
    >>> len(areas("lad", "2012-01-01"))
    406
    """
    from boundaries.areas.coded_layers import is_coded
    from boundaries.areas.custom_areas import custom_areas
    from boundaries.areas.loading import load_boundary_set
    from boundaries.areas.statistical import LEVELS
    from boundaries.joined.extent import within as only_within

    wanted = _nations(nations)
    if members is not None:
        day = None if date is None else date_of(date, "date")
        made = custom_areas(str(path_of(members, "members")), date=day, nations=wanted or None)
    else:
        named = result_of(geography, str, "geography", how='name one: "LAD", "UTLA", "ITL2" …')
        shapes = str(path_of(layer, "layer"))
        own = is_coded(named.upper(), shapes)
        known = named.upper() in {*GEOGRAPHIES, *LEVELS, *CODED} or not own
        made = load_boundary_set(
            named.upper() if known else named,
            None if own and date is None else date_of(date, "date"),
            layer=shapes,
            layer_code=code,
            layer_name=name,
            lookup=lookup,
            crs=crs,
            nations=wanted or tuple(NATIONS),
            scenario=None if scenario is None else str(path_of(scenario, "scenario")),
        )
    return made if within is None else only_within(made, within)


def lookup(parent: str, date: str | dt.date | None = None, *, edition: str | None = None) -> Lookup:
    """Return which local authority district lies in which larger area on a date.

    Parameters
    ----------
    parent : UTLA, CAUTH, RGN, CTRY, ITL1, ITL2 or ITL3. date : ISO 8601 text or a date.
    edition : of the statistical regions; by default the one in use on the date.

    Raises
    ------
    ArgumentError, ArgumentTypeError, CodeError, DateError
        A geography or date that there is none of.

    Examples
    --------
    >>> lookup("RGN", "2023-04-01").as_function()["E06000001"]
    'E12000001'
    """
    from boundaries.areas.lookup import load_lookup

    named = result_of(parent, str, "parent", how='name one: "RGN", "ITL2" …')
    return load_lookup("LAD", named.upper(), date_of(date, "date"), edition=edition)


def history(place: str) -> History:
    """Return what a code, or the code of a name, was before and became: in words, and as data.

    Parameters
    ----------
    place : code or name of a council.

    Raises
    ------
    ArgumentTypeError, CodeError
        No text, or nothing of that name in the register.

    Examples
    --------
    >>> print(history("E07000026").words[-1])
    On 2023-04-01 it became part of Cumberland E06000063 (The Cumbria (Structural Changes) Order 2022).
    """
    from boundaries.areas.describing import history_of

    return history_of(result_of(place, str, "place", how='give a code or a name: "E07000026", "Allerdale"'))


def fetch(
    what: str,
    *,
    resolution: str = "BGC",
    base_url: str | None = None,
    from_file: str | Path | None = None,
    again: bool = False,
) -> CachedLayer | CachedLookup | Path:
    """Fetch official boundaries, a lookup or an outcome into the cache, whole and hash-checked.

    Parameters
    ----------
    what : ``"LAD@2023-12-31"``; a lookup ``"LAD:UTLA@2023-12-31"``; an outcome ``"els:<id>"``, ``"file:<address>"``. Without a date, the latest.
    resolution : BUC, BSC, BGC, BFC or BFE, of boundaries. base_url : another server of the same interface.
    from_file : a file carried in by hand instead of the network. again : ask for an outcome anew that the cache holds.

    Returns
    -------
    CachedLayer, CachedLookup or Path
        What was kept; of an outcome the file, for ``read``.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        Text that names nothing that can be fetched.
    FetchError
        The server failed, or what came is not what was asked for.
    """
    from boundaries.official import fetch_layer, fetch_lookup
    from boundaries.sources.fetching import Link
    from boundaries.sources.registry import fetch_named, names_outcome

    text = result_of(what, str, "what", how='name it: "LAD@2023-12-31", "LAD:UTLA", "els:…"')
    if names_outcome(text):
        return fetch_named(text, link=Link(base_url=base_url or "", again=again))
    geography, _, day = text.partition("@")
    if not geography:
        raise ArgumentError(f"'{text}' names nothing to fetch", ['write GEOGRAPHY@DATE, for example "LAD@2023-12-31"'])
    date = date_of(day, "date") if day else None
    file = None if from_file is None else path_of(from_file, "from_file")
    child, _, parent = geography.upper().partition(":")
    if parent:
        return fetch_lookup(child, parent, date, base_url=base_url, from_file=file)
    return fetch_layer(child, date, resolution=resolution, base_url=base_url, from_file=file)


def newer(what: str | Sequence[str] = (), *, base_url: str | None = None) -> tuple[Compared, ...]:
    """Ask publishers whether they have something newer than the outcomes in the cache, which stay as they are.

    Parameters
    ----------
    what : ``"els:supermarkets"`` …, one or several; all that are held without any. base_url : another server of the same interface.

    Returns
    -------
    tuple of Compared
        One an outcome, with ``held``, ``now`` and ``newer``; ``str()`` says it in a line.

    Raises
    ------
    FetchError
        A name of which nothing is held.
    """
    from boundaries.getting import newer_releases

    return newer_releases(texts_of(what, "what"), base_url=base_url)


def _nations(given: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return initials of nations given as ``"E,W"`` or one by one."""
    words = [word for text in texts_of(given, "nations") for word in text.replace(",", " ").split()]
    return tuple(one_of(word.upper(), NATIONS, "nation") for word in words)
