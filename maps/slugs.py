"""Names as they stand in files, ids and addresses."""

from __future__ import annotations

import re
import unicodedata


def slug(words: str) -> str:
    """Return words in small letters, digits and hyphens.

    Examples
    --------
    >>> slug("Yorkshire and The Humber"), slug("Ynys Môn"), slug("2018/19 2021/22")
    ('yorkshire-and-the-humber', 'ynys-mon', '2018-19-2021-22')
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def file_name(code: str) -> str:
    """Return an area's code as the name of its page: as it is, but for signs that a file or an address cannot hold.

    Examples
    --------
    >>> file_name("E06000001"), file_name("smc:23"), file_name("a/b c")
    ('E06000001', 'smc-23', 'a-b-c')
    """
    return re.sub(r"[^A-Za-z0-9._-]+", "-", code).strip(".-") or "-"
