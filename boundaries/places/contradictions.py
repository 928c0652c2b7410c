"""Rows whose name is not that of their code: the name of another area, or of two areas at once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from boundaries.places.groupings import grouping_named, groupings
from boundaries.places.known import COUNCILS, areas_together, codes_ever
from boundaries.register import last_life, later_codes, load_register, name_of
from boundaries.register.codes import entity_of
from geo.errors import listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OTHER, TOGETHER = "another area", "two areas"


@functools.lru_cache(maxsize=65_536)
def contradiction(code: str, name: str) -> str:
    """Say how a name contradicts the code it stands beside: "another area", "two areas", or "" where it does not.

    A name that the area, what it came from or what became of it was ever called is its own; a name nobody knows says nothing.

    Examples
    --------
    >>> contradiction("E07000244", "West Suffolk"), contradiction("E09000012", "Hackney and City of London")
    ('another area', 'two areas')
    >>> contradiction("E07000112", "Shepway"), contradiction("E06000001", "Monkey town"), contradiction("E07000026", "Cumberland")
    ('', '', '')
    """
    if not isinstance(name, str) or not name or ":" in code or entity_of(code) not in COUNCILS:
        return ""
    register = load_register()
    if last_life(register, code) is None or code in codes_ever(name):
        return ""
    group = grouping_named(name)
    if group and code in groupings()[group].members:
        return TOGETHER
    if any(code in part for part in areas_together(name)):
        return TOGETHER
    ever = [other for other in codes_ever(name) if entity_of(other) in COUNCILS]
    line = {code, *later_codes(register, code)}
    if not ever or any(other in line or code in later_codes(register, other) for other in ever):
        return ""
    return OTHER


def contradictions(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the pairs of code and name that contradict each other, each with its kind."""
    return {pair: kind for pair in dict.fromkeys(pairs) if (kind := contradiction(*pair))}


TAKE_CODES: Final = Remedy(
    "allow", "contradictions", purpose="to take rows by their code, where they cannot be corrected"
)
"""What helps against names that are not those of their codes."""

GIVE_BOTH: Final = Remedy("allow", "grouped", purpose="to give both areas the figure, labelled inherited")
"""What helps against rows of two areas under the code of one."""


def contradictions_in_words(found: Mapping[tuple[str, str], str]) -> list[str]:
    """Return a sentence a kind; nothing where nothing was found."""
    register = load_register()
    other = [
        f"{code} is called {name} but is {name_of(register, code)}"
        for (code, name), kind in found.items()
        if kind == OTHER
    ]
    both = [f"{code} is called {name}" for (code, name), kind in found.items() if kind == TOGETHER]
    said = [f"names that belong to another code: {listed(other)}"] if other else []
    said += [f"rows of two areas under the code of one: {listed(both)}"] if both else []
    return said
