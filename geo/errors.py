"""The one tree of errors: what was expected, what was found, what to do; all faults at once."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from geo.remedies import worded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from geo.remedies import Remedy

MAX_OFFENDERS = 5
"""How many offenders a message names before it only counts them."""


class PlaceatlasError(Exception):
    """Any fault that placeatlas reports to its user (exit code 1, no traceback).

    Parameters
    ----------
    what : one sentence without a full stop: what was expected and what was found.
    faults : one line each; every fault that was found, and what to do that is no option.
    remedies : the options that would help, as data: the command line says them as flags, a configuration as keys, and the
        text of the error as keywords of a function.
    """

    def __init__(self, what: str, faults: Iterable[str] = (), remedies: Iterable[Remedy] = ()) -> None:
        self.what = what
        self.faults = tuple(faults)
        self.remedies = tuple(remedies)
        super().__init__("\n".join([what, *(f"  {line}" for line in (*self.faults, *worded(self.remedies)))]))


class ConfigError(PlaceatlasError):
    """A configuration that cannot be used."""


class CRSError(PlaceatlasError):
    """Coordinates that are not in the reference system they claim."""


class GeometryError(PlaceatlasError):
    """Geometry that is missing, invalid beyond repair, or of the wrong type."""


class CodeError(PlaceatlasError, ValueError):
    """Codes or names of areas that are unknown, not live, doubled or mixed."""


class DateError(PlaceatlasError, ValueError):
    """A date outside what the register knows."""


class ConversionError(PlaceatlasError):
    """A conversion between vintages that would be false."""


class JoinError(PlaceatlasError):
    """A join that would lose or double data."""


class TableError(PlaceatlasError):
    """A table that cannot be read or whose columns cannot be understood."""


class DamagedError(TableError):
    """A file that cannot be opened: damaged, unsafe to unpack, or of no kind that is read; what it holds is not known."""


class FetchError(PlaceatlasError):
    """A download that failed, or whose content is not what was asked for."""


class StatisticsError(PlaceatlasError):
    """Values or weights on which a statistic is not defined."""


class WorkError(PlaceatlasError):
    """Workers that cannot be reached or started, or are ended time and again."""


class MapError(PlaceatlasError):
    """A picture that cannot be drawn truthfully."""


class OutputError(PlaceatlasError):
    """A place to write to that is not ours, or cannot be written."""


class PluginError(PlaceatlasError):
    """Extensions that clash."""


class ArgumentError(PlaceatlasError, ValueError):
    """An argument of a function that has no such value."""


class ArgumentTypeError(PlaceatlasError, TypeError):
    """An argument of a function that is of another type than it takes."""


_REMEDIES = {
    errno.ENOSPC: "make room there, or choose another place",
    errno.EDQUOT: "make room there, or choose another place",
    errno.EACCES: "choose a place you may use, or have its permissions changed",
    errno.EPERM: "choose a place you may use, or have its permissions changed",
    errno.EROFS: "choose a place you may use, or have its permissions changed",
    errno.EEXIST: "a file stands where a folder is needed: choose another place, or move the file",
    errno.ENOTDIR: "a file stands where a folder is needed: choose another place, or move the file",
    errno.EISDIR: "a folder stands where a file is needed: name a file",
}


def remedy_of(trouble: OSError) -> str:
    """Say what to do about trouble with files, by what the system says is wrong."""
    return _REMEDIES.get(trouble.errno or 0, "check the path, or choose another place")


def place_of(trouble: OSError) -> str:
    """Say where there is trouble with files: of two, the one that could not be written.

    Examples
    --------
    >>> place_of(OSError(errno.ENOSPC, "No space left on device", "from.png", None, "to.png"))
    'to.png'
    >>> place_of(OSError(errno.ENOSPC, "No space left on device"))
    'standard output'
    """
    full = trouble.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
    place = trouble.filename2 if full and trouble.filename2 is not None else trouble.filename
    return "standard output" if place is None else os.fsdecode(place)


def unwritable(path: Path, trouble: OSError) -> OutputError:
    """Return the error for a place that cannot be written to: what, where, and what to do.

    Examples
    --------
    >>> from pathlib import Path
    >>> print(unwritable(Path("maps/x.png"), NotADirectoryError(errno.ENOTDIR, "Not a directory")))
    maps/x.png cannot be written: not a directory
      a file stands where a folder is needed: choose another place, or move the file
    """
    said = trouble.strerror or str(trouble)
    return OutputError(f"{path} cannot be written: {said[:1].lower()}{said[1:]}", [remedy_of(trouble)])


def listed(offenders: Iterable[object], *, limit: int = MAX_OFFENDERS) -> str:
    """Name at most ``limit`` offenders and say how many there are in all.

    Examples
    --------
    >>> listed(["a", "b"])
    'a, b'
    >>> listed(range(8))
    '0, 1, 2, 3, 4 and 3 more (8 in all)'
    """
    items = [str(offender) for offender in offenders]
    if len(items) <= limit:
        return ", ".join(items)
    return f"{', '.join(items[:limit])} and {len(items) - limit} more ({len(items)} in all)"
