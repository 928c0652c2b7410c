"""Which council each bundled atom belonged to on a date."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd

from boundaries.codes import LAD_ENTITIES
from boundaries.register.timeline import check_date

if TYPE_CHECKING:
    from boundaries.register.records import Event, Register

ATOMS_OF: Final = dt.date(2011, 12, 31)
"""The date whose councils the atoms of Great Britain are (Census 2011 geography)."""

NI_REORGANISED: Final = dt.date(2015, 4, 1)


def atom_codes(
    register: Register, atoms: pd.DataFrame, date: dt.date, *, scenario: tuple[Event, ...] | None = None
) -> pd.Series:
    """Return the local authority code of every atom on a date.

    Parameters
    ----------
    atoms : columns ``atom, code_2011, code_2015`` (one row an atom; Northern Ireland's are ``<old>-<new>``).
    date : from ``register.known_from`` on.
    scenario : planned events to apply on top of the last code set known.

    Returns
    -------
    Series indexed by atom, the code alive on ``date`` that holds the atom.

    Raises
    ------
    DateError
        A date outside the register (and no scenario).
    """
    check_date(register, date, scenario=None if scenario is None else "given")
    step: dict[str, str] = {}
    back: dict[str, str] = {}
    for event in register.changes(LAD_ENTITIES):
        if event.partial or event.weight != 1:
            # Northern Ireland's split districts: their atoms are split too, so code_2015 says which part is which.
            continue
        if ATOMS_OF < event.date <= date:
            step[event.old_code] = event.new_code
        elif date < event.date <= ATOMS_OF:
            back[event.new_code] = event.old_code
    for event in scenario or ():
        step[event.old_code] = event.new_code
    northern = atoms["code_2011"].str.startswith("95")
    start = atoms["code_2011"].where(~northern | (date < NI_REORGANISED), atoms["code_2015"])
    found = start.map({code: _followed(code, step, back) for code in start.unique()})
    return pd.Series(found.to_numpy(dtype=object), index=pd.Index(atoms["atom"], name="atom"), name="code")


def _followed(code: str, step: dict[str, str], back: dict[str, str]) -> str:
    while code in back:
        code = back[code]
    while code in step:
        code = step[code]
    return code
