"""Outcomes that are counts, which discs may show."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boundaries.joined import Joined


def as_count(joined: Joined) -> Joined:
    """Return an outcome of the same numbers, said to be a count."""
    return dataclasses.replace(joined, meta=dataclasses.replace(joined.meta, measure="count"))
