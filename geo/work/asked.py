"""Workers as they are asked for: so many processes, or a cluster by the address of its scheduler."""

from __future__ import annotations

import re

from geo.errors import ArgumentError

Workers = int | str
"""A number of processes, or the address of a scheduler."""

_ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://\S+")


def workers_of(said: str | int) -> Workers:
    """Return workers as they were asked for: a number, or an address such as ``tcp://host:8786``.

    Raises
    ------
    ArgumentError
        It is neither.
    """
    if isinstance(said, str) and _ADDRESS.fullmatch(said):
        return said
    number = int(said) if str(said).isdecimal() else 0
    if number < 1:
        raise ArgumentError(
            "workers is a number of processes, or the address of a scheduler",
            [f"found {said}, expected 2 or tcp://host:8786"],
        )
    return number
