"""Which boundary date outcomes ask for when nobody states one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.dating.name_epochs import epochs_of_names, latest_names
from boundaries.outcomes.periods import in_order
from boundaries.places.recognition import unrecognised
from boundaries.places.tallies import advice_for, remedies_for, tiers_in_words
from boundaries.register import epochs, load_register
from boundaries.register.codes import GEOGRAPHIES
from boundaries.vocabulary import geography_words
from geo.errors import DateError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from boundaries.outcomes.table import OutcomeTable


def default_date(tables: Sequence[OutcomeTable], *, geography: str = "LAD") -> dt.date:
    """Return the last day of the latest epoch in which every outcome's codes, in its latest period, are live.

    Parameters
    ----------
    tables : outcomes; codes that are of other geographies (counties, regions) are left aside. An outcome without any code is
        of the epochs that know most of its names.
    geography : whose epochs.

    Notes
    -----
    Where a publisher lists former areas beside their successors, and says so, the successors tell the date.

    Raises
    ------
    DateError
        There is no such epoch: a date must be stated. Or outcomes have no row of the geography: what they hold is named.
    """
    register = load_register()
    known_epochs = epochs(register, geography)
    heirs: dict[str, set[str]] = {}
    for event in register.changes(GEOGRAPHIES[geography]):
        if event.old_code:
            heirs.setdefault(event.old_code, set()).add(event.new_code)
    known = frozenset().union(*(epoch.codes for epoch in known_epochs))
    used = {number: _latest_codes(table, known, heirs) for number, table in enumerate(tables) if _is_coded(table)}
    named = {
        number: epochs_of_names(latest_names(table), geography)
        for number, table in enumerate(tables)
        if number not in used
    }
    without = [tables[number] for number, found in sorted((used | named).items()) if not found]
    if without:
        kind = geography_words(geography)
        held = [_held(table, kind, known) for table in without]
        raise DateError(
            f"no date follows from outcomes without {kind}",
            [fault for faults, _ in held for fault in faults],
            [remedy for _, remedies in held for remedy in remedies],
        )
    for epoch in reversed(known_epochs):
        if all(codes <= epoch.codes for codes in used.values()) and all(epoch in found for found in named.values()):
            return epoch.end
    raise DateError(
        f"no date is one on which the {geography} codes of all outcomes are live",
        remedies=[Remedy("date", purpose="to convert outcomes of other dates where that is true")],
    )


def _is_coded(table: OutcomeTable) -> bool:
    return bool((table.frame["code"] != "").any()) or not bool((table.frame["name"] != "").any())


def _held(table: OutcomeTable, kind: str, known: frozenset[str]) -> tuple[list[str], tuple[Remedy, ...]]:
    """Say what a table holds in whose latest period no area of a kind has a figure, and what would help."""
    says = f"'{table.meta.id}' has no row of {kind}"
    if not _is_coded(table):
        return [f"{says}: its names are {listed(table.frame['name'].unique())}"], (Remedy("geography"),)
    codes = [str(code) for code in table.frame["code"].unique() if code]
    if known & set(codes):
        return [f"'{table.meta.id}' has no figure for any of the {kind} it names"], ()
    return [f"{says}: its rows are of {places_in_words(codes)}", *advice_for(codes)], remedies_for(codes)


def places_in_words(codes: Iterable[str]) -> str:
    """Say of which kinds of place codes are, and name those of none.

    Examples
    --------
    >>> places_in_words(["E12000001", "E12000002", "K02000001", "E99999999", ""])
    '2 regions, the United Kingdom, codes in no register (E99999999)'
    """
    distinct = dict.fromkeys(code for code in codes if code)
    strange = [code for code in distinct if unrecognised(code)]
    kinds = tiers_in_words(code for code in distinct if not unrecognised(code))
    return ", ".join([*kinds, *([f"codes in no register ({listed(strange)})"] if strange else [])]) or "no place at all"


def _latest_codes(table: OutcomeTable, known: frozenset[str], heirs: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the codes of the latest period; where both vintages stand in it, without those whose successors do too."""
    # Numbers for texts: a table may have millions of rows.
    code, codes_held = pd.factorize(table.frame["code"])
    period, periods_held = pd.factorize(table.frame["period"])
    here = (
        table.frame["value"].notna().to_numpy() & np.array([text in known for text in codes_held], dtype=np.bool_)[code]
    )
    periods = [str(periods_held[int(place)]) for place in pd.unique(period[here])]
    if not periods:
        return frozenset()
    latest = periods[0] if len(periods) == 1 else in_order(periods)[-1]
    here &= period == list(periods_held).index(latest)
    codes = frozenset(str(codes_held[int(place)]) for place in pd.unique(code[here]))
    if not table.meta.both_vintages:
        return codes
    return frozenset(code for code in codes if not _succeeded(code, codes, heirs))


def _succeeded(code: str, codes: frozenset[str], heirs: Mapping[str, set[str]]) -> bool:
    """Say whether all the land of a code is covered by later codes of the table."""
    after = heirs.get(code, set())
    return bool(after) and all(heir in codes or _succeeded(heir, codes, heirs) for heir in after)
