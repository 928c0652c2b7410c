"""Codes of areas as records hold them: sorted, and cut to those of a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd

Codes = tuple[str, ...]


def codes_where(chosen: pd.Series) -> Codes:
    """Return the codes of a truth by code, in the order of the areas."""
    return tuple(str(code) for code in chosen.index[chosen.to_numpy(dtype=bool)])


def kept(codes: Iterable[str], wanted: Collection[str]) -> Codes:
    """Return those of some codes that are wanted, in their order."""
    return tuple(code for code in codes if code in wanted)
