"""Numbers in the sentences of a receipt."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """Return a number with the words that go with it.

    Examples
    --------
    >>> counted(1, "row was", "rows were"), counted(1200, "row was", "rows were")
    ('1 row was', '1,200 rows were')
    """
    return f"{number:,} {one if number == 1 else many}"
