"""What may be said of a gap between kinds of place: one rule for claims, charts, pages and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

Finding = Literal["below", "above", "no clear gap", "depends on the neighbours"]

ALPHA = 0.05
"""Level at which a gap has to stand, against maps as smooth, under every graph that was tried."""


def judge(difference: float, lower: float, upper: float, p: Collection[float]) -> Finding:
    """Say which way a gap goes, if it may be said at all.

    Parameters
    ----------
    difference, lower, upper : the gap and its 95% interval under the graph that is reported.
    p : under every graph that was tried, the reported one among them; at least one.

    Notes
    -----
    ``below`` and ``above``: every p is at most ``ALPHA`` and the interval does not include zero. ``depends on the neighbours``: some
    p are small enough, others are not. Else ``no clear gap``.

    Examples
    --------
    >>> judge(-8.0, -15.0, -1.0, [0.03, 0.02]), judge(-8.0, -15.0, -1.0, [0.03, 0.14])
    ('below', 'depends on the neighbours')
    """
    small = [one <= ALPHA for one in p]
    if any(small) and not all(small):
        return "depends on the neighbours"
    if not any(small) or lower <= 0 <= upper:
        return "no clear gap"
    return "below" if difference < 0 else "above"
