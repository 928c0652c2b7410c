"""Numbers as they stand in sentences: p, shares, counts."""

from __future__ import annotations

import math


def p_words(p: float) -> str:
    """Return ``p = 0.002``, or ``p < 0.001``: never p = 0.000, never a power of ten.

    Examples
    --------
    >>> p_words(0.00004), p_words(0.0214), p_words(0.5), p_words(float("nan"))
    ('p < 0.001', 'p = 0.021', 'p = 0.50', 'p not known')
    """
    if not math.isfinite(p):
        return "p not known"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def share_words(share: float) -> str:
    """Return a stated share of one as a percentage: no space, as British government writes it.

    Examples
    --------
    >>> share_words(0.05), share_words(0.001)
    ('5%', '0.1%')
    """
    return f"{100 * share:.12g}%"


def number_words(value: float, places: int) -> str:
    """Return a number with a true minus.

    Examples
    --------
    >>> number_words(-0.2714, 2), number_words(1234.5, 1)
    ('−0.27', '1,234.5')
    """
    return f"{value:,.{places}f}".replace("-", "−")


def counted(number: int, one: str, many: str) -> str:
    """Return a number with the words that go with it.

    Examples
    --------
    >>> counted(1, "row was", "rows were"), counted(1200, "row was", "rows were")
    ('1 row was', '1,200 rows were')
    """
    return f"{number:,} {one if number == 1 else many}"
