"""Which column holds the codes of areas and which their names: by what stands in them first, by their headings second."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from boundaries.places.known import codes_ever, names_a_council, share_of_councils
from boundaries.register.codes import parse_code
from boundaries.register.cutting import bare_name, cut, visible
from boundaries.sources.cells import marker_status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boundaries.sources.coding import Codings

CODED = r"code|\bcd\b|cd$|^gss|_cd|ons.?id|areacd|geography_?code|mnemonic"
NAMED = r"name|nm$|^area$|^la$|authority|^place$|^district|^council|^region$|^areanm$|^local.?authority"
"""Headings of columns of codes, and of names."""

_CUSTOM = re.compile(r"[a-z][a-z0-9-]*:\S+")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|urn:", re.IGNORECASE)
_MOST, _SOME = 0.5, 0.3
_ROWS = 2_000
"""Distinct pairs of code and name by which columns of names are compared."""


def is_code(text: str) -> bool:
    """Say whether a cell is the code of an area, or holds one inside a longer text.

    Examples
    --------
    >>> is_code("E06000001"), is_code("memb:001"), is_code("E06000001: Hartlepool"), is_code("ladu:Hartlepool")
    (True, True, True, False)
    """
    plain = visible(text)
    if parse_code(plain.upper()).scheme in {"gss", "ni-district", "itl"} or cut(plain)[0]:
        return True
    custom = _CUSTOM.fullmatch(plain) is not None and _ADDRESS.match(plain) is None
    return custom and not (codes_ever(plain) or codes_ever(plain.partition(":")[2]))


def code_column(free: Sequence[str], sample: Mapping[str, list[str]]) -> str | None:
    """Return the column whose cells are area codes; of several, the one with most distinct places, then the first."""
    codes = [column for column in free if _coded(sample[column]) >= _MOST]
    if not codes:
        return None
    return max(codes, key=lambda column: (len(sample[column]), -free.index(column)))


def name_column(
    free: Sequence[str], sample: Mapping[str, list[str]], codings: Codings, roles: Mapping[str, str]
) -> str | None:
    """Return the column of the names of areas.

    Parameters
    ----------
    free : columns without a role. sample : distinct cells of each. codings : the columns taken apart.
    roles : what is known of the others; with a column of codes the names that agree with them count, without one the
        names of councils before those of regions.
    """
    texts = [column for column in free if sample[column] and _wordy(sample[column])]
    said = [column for column in texts if re.search(NAMED, column, re.IGNORECASE)]
    code = roles.get("code")
    if code is None:
        return _of_councils(texts, said, sample)
    if len(said) < 2:
        return said[0] if said else None
    stem = re.sub(r"_?(cd|code)$", "", code, flags=re.IGNORECASE).lower()
    agreeing = {column: _agreement(codings, code, column) for column in said}
    return min(
        said, key=lambda column: (-agreeing[column], not (stem and column.lower().startswith(stem)), said.index(column))
    )


def _of_councils(texts: Sequence[str], said: Sequence[str], sample: Mapping[str, list[str]]) -> str | None:
    """Return the column with most names of councils, the more of its cells the better; else the first whose heading says name."""
    if len(said) == 1 and len(texts) == 1:
        return said[0]
    known = {column: sum(map(names_a_council, sample[column])) for column in texts}
    councils = [
        column
        for column in texts
        if known[column] and (share_of_councils(sample[column]) > _SOME or (column in said and known[column] > 1))
    ]
    if councils:
        return max(councils, key=lambda column: (known[column], column in said, -texts.index(column)))
    return said[0] if said else None


def _coded(cells: Sequence[str]) -> float:
    """Return the share of cells that are codes; words that stand for no code do not count against it."""
    own = [text for text in cells if marker_status(text) is None]
    return sum(map(is_code, own)) / len(own) if own else 0.0


def _wordy(cells: Sequence[str]) -> bool:
    """Say whether most cells begin as words do, and are no codes alone."""
    words = [text for text in cells if not text.strip()[:1].isdigit() and marker_status(text) is None]
    own = [
        text for text in words if parse_code(visible(text).upper()).scheme == "unknown" and any(map(str.isalpha, text))
    ]
    return len(own) > 0.8 * len(cells)


def _agreement(codings: Codings, code: str, name: str) -> float:
    """Return the share of pairs whose code was ever called by the name."""
    codes, names = codings[code], codings[name]
    pairs = dict.fromkeys(zip(codes.position[:_ROWS].tolist(), names.position[:_ROWS].tolist(), strict=True))
    told = [(str(codes.texts[one]), bare_name(str(names.texts[two]))) for one, two in pairs]
    told = [(one, two) for one, two in told if one and two]
    return sum((cut(one)[0] or one) in codes_ever(two) for one, two in told) / len(told) if told else 0.0
