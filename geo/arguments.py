"""What a caller of our functions gave: paths, dates, choices and results, taken as they are meant or refused in our words."""

from __future__ import annotations

import datetime as dt
import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from geo.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Iterable

_Kind = TypeVar("_Kind")


def path_of(given: object, name: str) -> Path:
    """Return a path given as text or as a path.

    Raises
    ------
    ArgumentTypeError
        It is neither.

    Examples
    --------
    >>> path_of("pay.csv", "file").name
    'pay.csv'
    """
    if isinstance(given, str | os.PathLike):
        return Path(given)
    raise ArgumentTypeError(f"{name} is no path", [f"found {type(given).__name__}; give text or a Path"])


def folders_of(given: object, name: str = "data") -> tuple[Path, ...]:
    """Return one folder, or several, as paths; raises as ``path_of``."""
    several = given if isinstance(given, list | tuple) else (given,)
    return tuple(path_of(one, name) for one in several)


def date_of(given: object, name: str) -> dt.date:
    """Return a date given as ISO 8601 text or as a date.

    Raises
    ------
    ArgumentError
        Text that is no date, or none at all.
    ArgumentTypeError
        Anything else.

    Examples
    --------
    >>> date_of("2023-04-01", "date")
    datetime.date(2023, 4, 1)
    """
    if isinstance(given, dt.datetime):
        return given.date()
    if isinstance(given, dt.date):
        return given
    hint = 'write YYYY-MM-DD, for example "2023-04-01", or give a datetime.date'
    if given is None or given == "":
        raise ArgumentError(f"{name} is missing", [hint])
    if not isinstance(given, str):
        raise ArgumentTypeError(f"{name} is no date", [f"found {type(given).__name__}; {hint}"])
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise ArgumentError(f"{name} = '{given}' is no date", [hint]) from None


def result_of(given: object, kind: type[_Kind], name: str, *, how: str) -> _Kind:
    """Return what was given where it is of the kind.

    Parameters
    ----------
    how : one way to come by such a thing, for the error.

    Raises
    ------
    ArgumentTypeError
        It is something else.
    """
    if isinstance(given, kind):
        return given
    raise ArgumentTypeError(
        f"{name} must be {_article(kind.__name__)}", [f"found {type(given).__module__}.{type(given).__name__}", how]
    )


def one_of(given: object, allowed: Iterable[str], name: str) -> str:
    """Return a choice.

    Raises
    ------
    ArgumentTypeError
        It is no text.
    ArgumentError
        There is no such choice: the nearest is given.

    Examples
    --------
    >>> one_of("svg", ["png", "svg"], "format")
    'svg'
    """
    known = list(allowed)
    if not isinstance(given, str):
        raise ArgumentTypeError(
            f"{name} is no text", [f"found {type(given).__name__}; choose one of {', '.join(known)}"]
        )
    if given in known:
        return given
    near = difflib.get_close_matches(given.lower(), known, n=1)
    hint = [f"did you mean '{near[0]}'?"] if near else []
    raise ArgumentError(f"there is no {name} '{given}'", [*hint, f"choose one of {', '.join(known)}"])


def texts_of(given: object, name: str) -> tuple[str, ...]:
    """Return one text, or several, as a tuple; empty for None.

    Raises
    ------
    ArgumentTypeError
        Something else is among them.

    Examples
    --------
    >>> texts_of("E", "nations"), texts_of(["E", "W"], "nations"), texts_of(None, "nations")
    (('E',), ('E', 'W'), ())
    """
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if isinstance(given, list | tuple | set | frozenset) and all(isinstance(one, str) for one in given):
        return tuple(given) if isinstance(given, list | tuple) else tuple(sorted(given))
    raise ArgumentTypeError(f"{name} is no text, nor several", [f"found {given!r:.80}"])


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
