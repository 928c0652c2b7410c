"""Which county, combined authority, region and country a council lies in on a date."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from boundaries.register.codes import nation_of
from boundaries.register.timeline import codes_alive
from boundaries.vocabulary import COUNTRY_CODES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from boundaries.register.records import Register


@functools.lru_cache(maxsize=256)
def parents(register: Register, geography: str, date: dt.date) -> Mapping[str, str]:
    """Return local authority district → its area of an upper geography on a date.

    Districts outside every area of the geography (outside England for RGN, outside every combined authority for CAUTH)
    are absent. A district without a county is its own upper-tier authority.

    Raises
    ------
    DateError, CodeError
        As ``codes_alive``.
    """
    districts = sorted(codes_alive(register, "LAD", date))
    codes_alive(register, geography, date)
    if geography == "LAD":
        return {code: code for code in districts}
    if geography == "CTRY":
        return {code: COUNTRY_CODES[nation_of(code)] for code in districts}
    found = {
        link.child: link.parent
        for link in register.hierarchy
        if link.kind == geography and link.start <= date and (link.end is None or date <= link.end)
    }
    if geography == "UTLA":
        return {code: found.get(code, code) for code in districts}
    return {code: found[code] for code in districts if code in found}


def region_of(register: Register, date: dt.date) -> Mapping[str, str]:
    """Return local authority district → English region, or the country's code elsewhere."""
    return {**parents(register, "CTRY", date), **parents(register, "RGN", date)}
