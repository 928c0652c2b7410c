"""What a publisher packs together: the one table of a downloaded archive, chosen by its name or by being the only one."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path

from boundaries.transport import extract_zip
from geo.archives import FAULTS
from geo.errors import FetchError, listed

_TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".parquet", ".json")
_WORKBOOKS = {"xl/workbook.xml": ".xlsx", "content.xml": ".ods"}
"""The member by which a zip file is told to be a workbook."""
_ASIDE = re.compile(r"guidance|metadata|supporting|readme", re.IGNORECASE)
"""Tables of an archive that tell of the others."""


def one_table(name: str, content: bytes, member: str = "") -> tuple[str, bytes]:
    """Return name and content of the table that a download is or holds.

    Parameters
    ----------
    name : of the download, whose ending may be missing. content : its bytes. member : which file of an archive, by name.

    Raises
    ------
    FetchError
        A damaged archive; one without a table of that name; one of several tables of which none is named.
    """
    if not content.startswith(b"PK\x03\x04"):
        if member:
            raise FetchError(f"{name} is no archive", [f"there is no {member} in it: leave out what stands after #"])
        return (name if Path(name).suffix else f"{name}.csv"), content
    if suffix := _workbook(name, content):
        return (name if Path(name).suffix else f"{name}{suffix}"), content
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        packed = folder / "archive.zip"
        packed.write_bytes(content)
        files = extract_zip(packed, folder / "content")
        chosen = _chosen(name, [file for file in files if file.suffix.lower() in _TABLES], member)
        return chosen.name, chosen.read_bytes()


def _workbook(name: str, content: bytes) -> str:
    """Return the ending of a workbook, "" of any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = set(archive.namelist())
    except FAULTS as error:
        raise FetchError(f"{name} is damaged or not what its name says", [str(error)]) from error
    return next((ending for member, ending in _WORKBOOKS.items() if member in members), "")


def _chosen(name: str, tables: list[Path], member: str) -> Path:
    """Return the table that is named, else the only one that tells of no other."""
    found = [file for file in tables if (file.name == member if member else not _ASIDE.search(str(file.parent.name)))]
    if len(found) != 1:
        what = f"no table {member}" if member else f"{len(found)} tables" if found else "no table"
        advice = f"add one of them after the address: #{tables[0].name}" if tables else "expected a CSV or a workbook"
        raise FetchError(f"{name} holds {what}", [f"found {listed(file.name for file in tables) or 'none'}", advice])
    return found[0]
