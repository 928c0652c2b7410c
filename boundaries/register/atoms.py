"""Which council each bundled atom belonged to on a date, and which drawn shapes are not quite true."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd

from boundaries.register.codes import LAD_ENTITIES
from boundaries.register.timeline import check_date

if TYPE_CHECKING:
    from boundaries.register.records import Event, Register

ATOMS_OF: Final = dt.date(2011, 12, 31)
"""The date whose councils the atoms of Great Britain are (Census 2011 geography)."""

NI_REORGANISED: Final = dt.date(2015, 4, 1)


def atom_codes(register: Register, atoms: pd.DataFrame, date: dt.date) -> pd.Series:
    """Return the local authority code of every atom on a date.

    Parameters
    ----------
    atoms : columns ``atom, code_2011, code_2015`` (one row an atom; Northern Ireland's are ``<old>-<new>``).
    date : from ``register.known_from`` to ``register.known_to``.

    Returns
    -------
    Series indexed by atom: the code alive on ``date`` that holds the atom.

    Raises
    ------
    DateError
        A date outside the register.
    """
    check_date(register, date)
    path = _paths(register, date)
    found = _starts(atoms, date).map(lambda code: _followed(code, path)[-1])
    return pd.Series(found.to_numpy(dtype=object), index=pd.Index(atoms["atom"], name="atom"), name="code")


def moved_land(register: Register, atoms: pd.DataFrame, date: dt.date) -> dict[str, tuple[str, ...]]:
    """Return the codes of a date whose drawn shape lacks or keeps moved land, with the instruments that moved it.

    The atoms of England and Wales are the councils of 2011: every boundary move between then and the date is not drawn.
    Scotland's shapes state no date, so areas of moves since 2011 are flagged on every date. In Northern Ireland a transfer
    between districts is drawn when the atoms hold its piece.
    """
    check_date(register, date)
    path = _paths(register, date)
    moves = {
        code: event.instrument
        for event in register.changes(LAD_ENTITIES)
        if event.kind == "boundary_move" and not event.partial
        for code in (event.old_code, event.new_code)
        # Scotland's shapes state no date: a later move may be drawn or not, so it is flagged before it, too.
        if min(ATOMS_OF, date) < event.date <= max(ATOMS_OF, date) or (code[0] == "S" and event.date > ATOMS_OF)
    }
    found: dict[str, list[str]] = {}
    for code in _starts(atoms, date).unique():
        steps = _followed(code, path)
        found.setdefault(steps[-1], []).extend(dict.fromkeys(moves[step] for step in steps if step in moves))
    pieces = set(atoms["atom"])
    for event in register.changes(LAD_ENTITIES):
        undrawn = event.kind == "reorganisation" and event.partial
        if undrawn and event.date <= date and f"{event.old_code}-{event.new_code}" not in pieces:
            whole = next(other for other in register.events if other.old_code == event.old_code and not other.partial)
            for code in (event.new_code, whole.new_code):
                if event.instrument not in found.setdefault(code, []):
                    found[code].append(event.instrument)
    return {code: tuple(instruments) for code, instruments in sorted(found.items()) if instruments}


def _starts(atoms: pd.DataFrame, date: dt.date) -> pd.Series:
    newer = atoms["code_2011"].str.startswith("95") & (date >= NI_REORGANISED)
    return atoms["code_2011"].where(~newer, atoms["code_2015"])


def _paths(register: Register, date: dt.date) -> dict[str, str]:
    """Return code → next code on the way from the atoms' date to ``date`` (back in time before it)."""
    whole: list[Event] = [e for e in register.changes(LAD_ENTITIES) if e.weight == 1]
    # Splits are left out: only Northern Ireland's districts were split, and their atoms are split too.
    return {e.old_code: e.new_code for e in whole if ATOMS_OF < e.date <= date} | {
        e.new_code: e.old_code for e in whole if date < e.date <= ATOMS_OF
    }


def _followed(code: str, path: dict[str, str]) -> list[str]:
    steps = [code]
    while steps[-1] in path:
        steps.append(path[steps[-1]])
    return steps
