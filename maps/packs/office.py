"""Files of office programs (XLSX, DOCX) whose bytes do not depend on when and where they were written."""

from __future__ import annotations

import io
import re
import zipfile

STAMP = "2000-01-01T00:00:00Z"
"""Stands where the format insists on a time of writing."""

_DATE = (2000, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def settled(content: bytes) -> bytes:
    """Return the file with its times fixed and its parts in the order of their names, the list of types first as readers want it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w") as archive:
        for name in sorted(given.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            part = given.read(name)
            if name == "docProps/core.xml":
                part = _TIMES.sub(rb"\g<1>" + STAMP.encode() + rb"\g<3>", part)
            entry = zipfile.ZipInfo(name, date_time=_DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, part, zipfile.ZIP_DEFLATED, compresslevel=6)
    return made.getvalue()


def plain(text: str) -> str:
    r"""Return a text without the signs that no office file may hold.

    Examples
    --------
    >>> plain("Bell\x07 End")
    'Bell End'
    """
    return _CONTROL.sub("", text)
