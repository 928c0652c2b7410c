"""What a fault of a checked configuration says, whoever found it: a check of ours, or pydantic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def words_of(fault: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a fault says, part by part.

    Parameters
    ----------
    fault : as ``ValidationError.errors`` of pydantic lists it.

    Notes
    -----
    A check of ours says what is wrong as a ``ValueError`` with a part an argument; pydantic hands it on, and prints it as one text
    behind a word of its own.
    """
    if fault["type"] == "value_error":
        return tuple(str(part) for part in fault["ctx"]["error"].args)
    return (str(fault["msg"]),)
