"""Compressed tables: one table in a gzip or zip file, unpacked within limits, damage told as one error."""

from __future__ import annotations

import gzip
import zipfile
from typing import TYPE_CHECKING

from geo.archives import FAULTS
from geo.errors import DamagedError, TableError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from pathlib import Path

MAX_UNPACKED = 1_000_000_000
"""Bytes a compressed file may unpack to; no outcome table we know is a tenth of it."""
MAX_RATIO = 200
"""Unpacked over packed size above which an archive is taken for a bomb (a sheet of numbers reaches about 20)."""
_PIECE = 1 << 24
"""Bytes unpacked at a time."""


def unpacked(path: Path, *, inside: tuple[str, ...], member: str = "") -> bytes:
    """Return the one table that a gzip or zip file holds, or the one of a zip file that is named.

    Parameters
    ----------
    path : ending in .gz or .zip. inside : endings of tables, lower case. member : name of a file of several in a zip file.

    Raises
    ------
    TableError
        The file is damaged, would burst, or holds no table or several.
    """
    if path.suffix.lower() == ".gz":
        return _gunzipped(path)
    with opened_archive(path) as archive:
        files = [
            entry for entry in archive.infolist() if not entry.is_dir() and not entry.filename.startswith("__MACOSX")
        ]
        held = [entry for entry in files if entry.filename.lower().endswith(inside)]
        tables = [entry for entry in held if entry.filename == member] if member else held
        if len(tables) != 1:
            found = listed(entry.filename for entry in files)
            what = f"has no table '{member}'" if member and held else "must hold one table"
            helps = [Remedy("sheet", entry.filename, purpose="to take that file of it") for entry in held[:5]]
            raise TableError(f"{path.name} {what}", [f"found {found}", "unpack it and name the file"], helps)
        try:
            return archive.read(tables[0])
        except FAULTS as error:
            raise DamagedError(f"{path.name} is damaged or not what its name says", [str(error)]) from error


def _gunzipped(path: Path) -> bytes:
    """Unpack a file piece by piece, so that a bomb is refused before it has burst."""
    pieces, length = [], 0
    try:
        with gzip.open(path) as file:
            while piece := file.read(_PIECE):
                length += len(piece)
                _refuse_bomb(path, length)
                pieces.append(piece)
    except FAULTS as error:
        raise DamagedError(f"{path.name} is damaged or not what its name says", [str(error)]) from error
    return b"".join(pieces)


def opened_archive(path: Path) -> zipfile.ZipFile:
    """Open a zip file whose stated sizes are sane; zipfile itself refuses members longer than they state.

    Raises
    ------
    TableError
        It is damaged, or would burst.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FAULTS as error:
        raise DamagedError(f"{path.name} is damaged or not what its name says", [str(error)]) from error
    _refuse_bomb(path, sum(entry.file_size for entry in archive.infolist()))
    return archive


def _refuse_bomb(path: Path, unpacked: int) -> None:
    packed = path.stat().st_size
    if unpacked > MAX_UNPACKED or (unpacked > 10_000_000 and unpacked > MAX_RATIO * packed):
        raise DamagedError(
            f"{path.name} is not unpacked: it would grow from {packed:,} to {unpacked:,} bytes or more",
            [f"the limits are {MAX_UNPACKED:,} bytes and {MAX_RATIO} times the packed size"],
        )
