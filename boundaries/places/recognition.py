"""Whether a code names a place at all: the one rule by which joins, conversions and checks tell other places from mistakes.

A table of districts may hold regions, counties or wards beside them: a join has no area for those, and leaves them out. A code
that is of no kind of place, or of a kind whose codes the register knows and not among them, is a mistake: to leave it out would
lose an area and blame its publisher. It is *in no register*, refused unless that is allowed, and always named.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from boundaries.places.names import match_names
from boundaries.register import codes_alive, last_life, load_register, name_of
from boundaries.register.codes import ENTITIES, GEOGRAPHIES, in_geography, is_number, mistaken, parse_code
from boundaries.vocabulary import counted
from geo.errors import listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    import pandas as pd

_ALSO_KNOWN: Final = frozenset({"E11", "K02", "K03", "K04"})
"""Entities of the register that are of none of its geographies."""


_NO_CODE = (
    "na|n/a|n.a.|#n/a|nan|none|null|z|x|-|--|–|—|.|..|...|…|:|[z]|[x]|[c]|unknown|missing|blank|tbc|tbd|"
    "not known|not available|not applicable|to be confirmed|no code|not stated"
)
NO_CODE: Final = frozenset(_NO_CODE.split("|"))
"""Words that stand where a code would, of rows that have none, lower case."""


def no_code(text: str) -> bool:
    """Say whether a text stands for the lack of a code.

    Examples
    --------
    >>> no_code("N/A"), no_code("z"), no_code("E06000001"), no_code("")
    (True, True, False, False)
    """
    return text.strip().lower() in NO_CODE


@functools.lru_cache(maxsize=65_536)
def unrecognised(code: str) -> str:
    """Say why a code names no place that is known; "" when it does, or is blank.

    Returns
    -------
    ``number`` (a code that a spreadsheet read as a number), ``no-code`` (a word for the lack of one), ``old-ons`` and ``ni-small-area`` (schemes that are not those of the
    register), ``unknown`` (no code in form), ``entity`` (of a kind that no UK geography has) or ``unregistered`` (of a kind that
    the register knows in full).

    Examples
    --------
    >>> unrecognised("E0600O001"), unrecognised("E99999999"), unrecognised("E06000999")
    ('unknown', 'entity', 'unregistered')
    >>> [unrecognised(code) for code in ("E06000001", "E12000001", "E01000001", "TLC3", "smc203:171")]
    ['', '', '', '', '']
    """
    if not code or ":" in code:
        return ""
    if is_number(code):
        return "number"
    if no_code(code):
        return "no-code"
    known = parse_code(code)
    if known.scheme in {"unknown", "old-ons", "ni-small-area"}:
        return known.scheme
    if known.scheme == "itl":
        return ""
    if known.entity not in ENTITIES:
        return "entity"
    recorded = known.entity in _ALSO_KNOWN or any(in_geography(code, name) for name in GEOGRAPHIES)
    return "unregistered" if recorded and last_life(load_register(), code) is None else ""


def meant_by(rows: pd.DataFrame, *, geography: str, date: dt.date | None = None) -> dict[str, str]:
    """Return each distinct code of some rows as it is told: with the area of its name, else the one code a slip away.

    Parameters
    ----------
    rows : columns ``code`` and, where names are known, ``name``.
    geography : whose names and codes are looked among; of others the register does not know only the code is told.
    date : on which they live; the last date known by default.
    """
    pairs = rows.drop_duplicates("code")
    codes = [str(code) for code in pairs["code"]]
    if geography not in GEOGRAPHIES:
        return {code: code for code in codes}
    register = load_register()
    when = register.until(geography) if date is None else min(date, register.until(geography))
    living = sorted(codes_alive(register, geography, when))
    names = [str(name) for name in pairs["name"]] if "name" in pairs else [""] * len(codes)
    found = match_names(names, geography=geography, date=when, suggest=False).codes
    told = {}
    for code, name, own in zip(codes, names, found, strict=True):
        # Schemes that are not the register's are near its codes by chance: 95AA is Antrim, 95A is Derry.
        slips = unrecognised(code) in {"unknown", "unregistered"} and not own
        near = [other for other in living if _one_slip(code, other)] if slips else []
        hint = f" ({name} is {own})" if own else ""
        if len(near) == 1:
            hint = f" ({near[0]} {name_of(register, near[0], when)}?)"
        told[code] = code + hint
    return told


def named_areas(rows: pd.DataFrame, *, geography: str, date: dt.date) -> dict[str, str]:
    """Return the area that the name of a row is of → the row's code; rows whose name is of no area are left out."""
    if geography not in GEOGRAPHIES or rows.empty:
        return {}
    pairs = rows[["code", "name"]].drop_duplicates()
    when = min(date, load_register().until(geography))
    found = match_names(pairs["name"].astype(str), geography=geography, date=when, suggest=False).codes
    return {str(area): str(code) for area, code in zip(found, pairs["code"], strict=True) if area}


def _one_slip(code: str, other: str) -> bool:
    """Say whether one character was mistyped, left out or put in."""
    if len(code) == len(other):
        return sum(one != two for one, two in zip(code, other, strict=True)) == 1
    short, long = sorted((code, other), key=len)
    return len(long) - len(short) == 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def without_code_in_words(rows: pd.DataFrame) -> list[str]:
    """Say which rows have a word for the lack of a code where a code would stand, a sentence a word.

    Parameters
    ----------
    rows : columns ``code`` and, where names are known, ``name``.
    """
    said = []
    for code, part in rows[rows["code"].map(no_code).astype(bool)].groupby("code", sort=False):
        names = [name for name in part["name"].unique() if name] if "name" in part else []
        number = counted(len(part), "row has", "rows have")
        said.append(f"{number} '{code}' for a code{f': {listed(names)}' if names else ''}")
    return said


def reasons_in_words(told: Mapping[str, str], rows: pd.DataFrame | None = None) -> Iterator[str]:
    """Yield the faults of codes that are in no register: all of them, and why the first of each kind is.

    Parameters
    ----------
    told : code → as it is told, of ``meant_by``. rows : those of the codes, so that rows without one can be told by name.
    """
    if rows is not None:
        yield from without_code_in_words(rows)
        told = {code: words for code, words in told.items() if not no_code(code)}
    if told:
        yield f"codes in no register: {listed(told[code] for code in sorted(told))}"
    firsts: dict[str, str] = {}
    for code in sorted(told):
        firsts.setdefault(_why(code), code)
    yield from (f"{code} is {why}" for why, code in sorted(firsts.items()) if why)


LEAVE_UNMATCHED: Final = Remedy("allow", "unmatched", purpose="to leave the rows of unknown codes and names out")
"""What helps against codes and names of no place, beside correcting them."""


def _why(code: str) -> str:
    return mistaken(code) or {
        "unknown": "not of the form of a code",
        "entity": f"of a kind ({code[:3]}) that no UK geography has",
    }.get(unrecognised(code), "")
