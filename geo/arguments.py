"""Arguments of public functions, looked at before they are used: what was expected, what was found, what makes one."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import TYPE_CHECKING

from geo.errors import ArgumentError, ArgumentTypeError, DateError
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterable


def expect(value: object, kind: type | tuple[type, ...], *, name: str, made_by: str = "") -> None:
    """Refuse an argument that is of another type than a function takes.

    Parameters
    ----------
    value : the argument. kind : what it must be an instance of. name : of the parameter. made_by : what makes such a value.

    Raises
    ------
    ArgumentTypeError
        It is of another type.

    Examples
    --------
    >>> expect(3, str, name="file", made_by="give the path of a table")
    Traceback (most recent call last):
    geo.errors.ArgumentTypeError: 'file' must be str, but is int
      give the path of a table
    """
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        expected = " or ".join(one.__name__ for one in kinds)
        raise ArgumentTypeError(
            f"'{name}' must be {expected}, but is {type(value).__name__}", [made_by] if made_by else []
        )


def as_date(value: object, *, name: str = "date") -> dt.date:
    """Return a date given as one or as text (ISO 8601).

    Raises
    ------
    DateError
        The text is no date.
    ArgumentTypeError
        It is neither text nor a date.

    Examples
    --------
    >>> as_date("2023-04-01")
    datetime.date(2023, 4, 1)
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if value is None:
        raise ArgumentTypeError(f"'{name}' is not given", remedies=[Remedy(name)])
    expect(value, (str, dt.date), name=name, made_by="give a date, or text as YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise DateError(f"'{value}' is not a date", ["expected YYYY-MM-DD, for example 2023-04-01"]) from None


def choose(value: object, known: Iterable[str], *, name: str) -> str:
    """Return a word that must be one of those known.

    Raises
    ------
    ArgumentError
        It is none of them; the nearest is named.
    ArgumentTypeError
        It is no text.

    Examples
    --------
    >>> choose("lad", ["LAD", "UTLA"], name="geography")
    Traceback (most recent call last):
    geo.errors.ArgumentError: 'lad' is no geography
      did you mean LAD?
      known: LAD, UTLA
    """
    expect(value, str, name=name)
    words = list(known)
    if value in words:
        return str(value)
    folded = {word.casefold(): word for word in words}
    near = difflib.get_close_matches(str(value).casefold(), folded, n=1)
    hint = [f"did you mean {folded[near[0]]}?"] if near else []
    raise ArgumentError(f"'{value}' is no {name}", [*hint, f"known: {', '.join(words)}"])
