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
