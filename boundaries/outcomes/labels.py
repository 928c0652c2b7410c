"""Labels of periods read together: ``2010-12`` beside ``2009-11`` is three pooled years, beside ``2010-11`` a month.

One label alone can be read in several ways; those of a column tell which way all of them are meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from boundaries.outcomes.periods import readable
from geo.errors import TableError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterable

Form = Literal["", "months", "years"]
"""What ``2010-12`` means, where somebody says it."""

LONGEST = 20
"""Years that are pooled into one figure at most; a wider range is no period of a table."""

_SHORT = re.compile(r"(\d{4})\s*(?:[-–—/]|\s+to\s+)\s*(\d{2})")


def read_together(labels: Iterable[str], *, form: Form = "", name: str = "the table") -> dict[str, str]:
    """Return labels that mean something else beside the others than alone → what they mean, as a label that is never mistaken.

    Parameters
    ----------
    labels : of one column, or the headings of columns of periods. form : "months" or "years" where it is stated.
    name : of the table, for messages.

    Raises
    ------
    TableError
        What is left can be a month or a span of years.

    Examples
    --------
    >>> read_together(["2009-11", "2010-12"])
    {'2009-11': '2009 to 2011', '2010-12': '2010 to 2012'}
    >>> read_together(["2010-11", "2010-12"])
    {'2010-11': '2010-11-01/P1M'}
    >>> read_together(["2019-20", "2020-21"])
    {}
    """
    spans = {label: span for label in dict.fromkeys(labels) if (span := _span(label)) is not None}
    meant = form or _meant(spans, name)
    if meant == "months":
        # Alone only the label of a month that is the year after is mistaken: 2010-11 is read as the year 2010/11.
        return {
            label: f"{first}-{second:02d}-01/P1M"
            for label, (first, second) in spans.items()
            if second <= 12 and (second - first) % 100 == 1
        }
    return {
        label: f"{first} to {first + years}"
        for label, (first, second) in spans.items()
        if 1 < (years := (second - first) % 100) <= LONGEST
    }


def readable_together(labels: Iterable[str]) -> bool:
    """Say whether all labels are periods, alone or beside each other."""
    texts = list(labels)
    left = [text for text in texts if not readable(text)]
    return all((span := _span(text)) is not None and 1 < (span[1] - span[0]) % 100 <= LONGEST for text in left)


def readings(label: str) -> tuple[str, ...]:
    """Return a label as it stands, and as the span of years it may also be: ``2010-12`` is asked for under either."""
    span = _span(label)
    years = (span[1] - span[0]) % 100 if span else 0
    return (label, f"{span[0]} to {span[0] + years}") if span and 1 < years <= LONGEST else (label,)


def _span(label: str) -> tuple[int, int] | None:
    """Return the year and the two digits after it."""
    found = _SHORT.fullmatch(label.strip())
    return (int(found[1]), int(found[2])) if found else None


def _meant(spans: dict[str, tuple[int, int]], name: str) -> Form:
    """Say what short labels mean together: months, or spans of years."""
    lengths = {(second - first) % 100 for first, second in spans.values()}
    doubtful = {
        label: pair for label, pair in spans.items() if 1 <= pair[1] <= 12 and "-" in label and " " not in label
    }
    certain = {
        label for label, pair in spans.items() if label not in doubtful and 1 <= (pair[1] - pair[0]) % 100 <= LONGEST
    }
    if not doubtful or lengths == {1} or certain:
        return "years"
    if len(lengths) > 1 and len(doubtful) == len(spans):
        return "months"
    if len(spans) > 1 and len(lengths) == 1:
        return "years" if next(iter(lengths)) <= LONGEST else "months"
    if all(not 1 < (second - first) % 100 <= LONGEST for first, second in doubtful.values()):
        return "months"
    raise TableError(
        f"{name} has a period that can be read in two ways",
        [f"{listed(doubtful)} can be a month, or years that were pooled"],
        [
            Remedy("period_form", "months", purpose="if they are months"),
            Remedy("period_form", "years", purpose="if they are years that were pooled"),
        ],
    )
