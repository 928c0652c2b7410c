"""GSS codes: what one is, which kind of place and nation it names, and what is only nearly one."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from boundaries.register.cutting import cut
from boundaries.vocabulary import NATIONS, kind_words, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ENTITIES_OF: Final[Mapping[str, str]] = {
    "K02000001": "K02",
    "K03000001": "K03",
    "K04000001": "K04",
    "country": "E92 W92 S92 N92",
    "unitary authority": "E06 W06",
    "non-metropolitan district": "E07",
    "metropolitan district": "E08",
    "London borough": "E09",
    "council area": "S12",
    "local government district": "N09",
    "county": "E10",
    "metropolitan county": "E11",
    "region": "E12",
    "part of London": "E13",
    "Greater London Authority": "E61",
    "combined authority": "E47",
    "output area": "E00 W00 S00",
    "small area": "N00",
    "lower layer super output area": "E01 W01",
    "middle layer super output area": "E02 W02",
    "upper layer super output area": "W03",
    "data zone": "S01 N20",
    "intermediate zone": "S02",
    "super data zone": "N21",
    "parish": "E04 E43 W04 S35 J02",
    "ward": "E05 W05 S13 N08 J03",
    "census ward": "E36 W39",
    "constituency": "E14 W07 S14 N05 N06",
    "other electoral area": "E15 E32 E58 N07 N10 S15 S16 S17 W08 W09 W10",
    "health area": "E16 E17 E18 E19 E20 E21 E38 E39 E40 E45 E46 E54 E55 E56 E57 E59 J06 L00 M00 M01 "
    "S03 S08 S26 S27 S37 W11 W12 W13",
    "community safety area": "E22 W14",
    "police area": "E23 N23 N24 S23 S32 W15",
    "fire and rescue area": "E31 N31 N32 N33 S38 S39 S40 W25",
    "resilience forum": "E48 S42 S43 W41",
    "registration district": "E28 E29 W20 W21",
    "travel to work area": "E30 K01 N12 S22 W22",
    "workplace zone": "E33 N19 S34 W35",
    "built-up area": "E25 E34 E35 E63 J01 K05 K06 K08 N11 S19 S20 S45 S52 S53 W37 W38 W45",
    "protected landscape": "E26 E62 E65 K07 S21 W18 W31 W44",
    "planning area": "E60 N13 S11 S44 W43",
    "enterprise area": "E37 E49 E51 E52 E53 S09 S10 S24",
    "learning and skills area": "E24 E69 W16",
    "regeneration area": "E27 S04 S05 S06 W26 W27 W32 W33 W34",
    "grouped district": "E41 E42 E66 E67 E68 W40 W46 W47 J04 J05",
    "economic region": "N34 S36 S41 S48 W19 W23 W24 W29 W30 W36 W42",
    "service area": "E50 S07 S25 S28 S29 S30 S31 S33 W28",
    "crown dependency": "L93 M83",
    "grouping of other areas": "K99 S47",
}

ENTITIES: Final[Mapping[str, str]] = {
    entity: kind for kind, entities in _ENTITIES_OF.items() for entity in entities.split()
}
"""What the first three characters of a GSS code say: every entity of the Register of Geographic Codes, alike ones by one key.

Keys are of the table of kinds in ``boundaries.vocabulary``; an entity of one place alone has its code."""

LAD_ENTITIES: Final = frozenset({"E06", "E07", "E08", "E09", "W06", "S12", "N09"})
"""Local authority districts; Northern Ireland's 26 districts before April 2015 (95A to 95Z) belong to them too."""

UTLA_ENTITIES: Final = frozenset({"E06", "E08", "E09", "E10", "W06", "S12", "N09"})

GEOGRAPHIES: Final[Mapping[str, frozenset[str]]] = {
    "LAD": LAD_ENTITIES,
    "UTLA": UTLA_ENTITIES,
    "CAUTH": frozenset({"E47"}),
    "RGN": frozenset({"E12"}),
    "CTRY": frozenset({"E92", "W92", "S92", "N92"}),
}
"""Entities of each geography whose code sets the register knows."""

_GSS = re.compile(r"[EWSNKJLM]\d{8}")
_NI_DISTRICT = re.compile(r"95[A-Z]")
_NI_SMALL_AREA_DISTRICT = re.compile(r"95[A-Z]{2}")
_NUMBER = re.compile(r"\d{7,8}(\.0+)?|\d+(\.\d+)?e\+?\d+", re.IGNORECASE)
_OLD_ONS = re.compile(r"\d{2}[A-Z]{2}")
_OLD_COUNTY = re.compile(r"\d{2}")
_ITL = re.compile(r"(TL|UK)([BC-NZ])?[0-9A-Z]{0,2}")
_DASHES = str.maketrans("", "", " \t\r\n\u00a0\u2007\u202f\ufeff\u200b\u200c\u200d\u200e\u200f\u2060")


@dataclass(frozen=True, slots=True)
class Code:
    """A code taken apart.

    ``scheme`` is "gss", "ni-district" (95A to 95Z: the 26 districts, the register's codes of them), "ni-small-area"
    (95AA to 95ZZ: how small-area codes name the same districts, in another order), "old-ons" (00EB), "itl" or "unknown".
    ``nation`` is E, W, S, N, or "" for codes of several nations and unknown ones.
    """

    text: str
    scheme: str
    entity: str
    nation: str

    @property
    def kind(self) -> str:
        """Say in words what kind of place the code names."""
        return self.kinds(1)

    def kinds(self, count: int) -> str:
        """Name as many places of its kind: "county", "counties"."""
        form = "one" if count == 1 else "many"
        if self.scheme != "gss":
            return phrase(f"kind.{'none' if self.scheme == 'unknown' else self.scheme}", form)
        known = ENTITIES.get(self.entity)
        return phrase("kind.unknown", form, entity=self.entity) if known is None else kind_words(known, count=count)


@functools.lru_cache(maxsize=65_536)
def parse_code(text: str) -> Code:
    """Take a code apart; never fails, an unknown one says so.

    Examples
    --------
    >>> parse_code("E07000123").kind
    'non-metropolitan district'
    >>> parse_code("00EB").scheme, parse_code("95A").scheme, parse_code("95AA").scheme
    ('old-ons', 'ni-district', 'ni-small-area')
    """
    if _GSS.fullmatch(text):
        return Code(text, "gss", text[:3], text[0] if text[0] in NATIONS else "")
    if _NI_DISTRICT.fullmatch(text):
        return Code(text, "ni-district", "N09", "N")
    if _NI_SMALL_AREA_DISTRICT.fullmatch(text):
        return Code(text, "ni-small-area", "", "N")
    if _OLD_ONS.fullmatch(text) or _OLD_COUNTY.fullmatch(text):
        return Code(text, "old-ons", "", _old_nation(text))
    if _ITL.fullmatch(text):
        return Code(
            text, "itl", "", {"L": "W", "M": "S", "N": "N"}.get(text[2:3], "E" if text[2:3] in "CDEFGHIJK" else "")
        )
    return Code(text, "unknown", "", "")


def is_number(text: str) -> bool:
    """Say whether the text is what is left of a GSS code that a spreadsheet took for a number."""
    return _NUMBER.fullmatch(text) is not None


def mistaken(text: str) -> str:
    """Say why a text that names a district is no code of the register, or return "" when it may be of another geography.

    Examples
    --------
    >>> mistaken("00EB")
    'a code of the scheme before 2011'
    >>> mistaken("E12000001"), mistaken("Total")
    ('', '')
    """
    if is_number(text):
        return "a code read as a number, without its letter"
    return {
        "ni-small-area": "how small-area codes name a district: 95AA is Antrim but 95A is Derry, so never matched by letter",
        "old-ons": "a code of the scheme before 2011",
    }.get(parse_code(text).scheme, "")


def entity_of(code: str) -> str:
    """Return the three-character entity; 95A to 95Z are local government districts like N09.

    Provisional codes of scenarios (``surrey-2027:east-surrey``) stand for unitary authorities.
    """
    if _NI_DISTRICT.fullmatch(code):
        return "N09"
    return "E06" if ":" in code else code[:3]


@functools.lru_cache(maxsize=65_536)
def nation_of(code: str) -> str:
    """Return E, W, S or N, or "" when the code belongs to several nations or to none."""
    return "E" if ":" in code else parse_code(code).nation


def in_geography(code: str, geography: str) -> bool:
    """Say whether the code, by its form, is one of the geography.

    Examples
    --------
    >>> in_geography("E10000002", "LAD"), in_geography("E10000002", "UTLA"), in_geography("95Z", "LAD")
    (False, True, True)
    """
    return entity_of(code) in GEOGRAPHIES[geography]


def geography_of(code: str) -> str:
    """Name the finest geography of the register that holds codes like this one, or ""."""
    return next((name for name in ("LAD", "UTLA", "CAUTH", "RGN", "CTRY") if in_geography(code, name)), "")


def repaired(codes: Iterable[object]) -> tuple[pd.Series, dict[str, int]]:
    """Mend what can be mended without guessing: stray spaces, lower case, a code inside a longer text.

    Returns
    -------
    codes : Series of str, missing cells as "".
    repairs : how many cells each repair touched, only repairs that happened.
    """
    given = pd.Series(codes, dtype=object)
    distinct, position = np.unique(given.map(_as_text).to_numpy(dtype=str), return_inverse=True)
    # Numbers of rows per distinct text: a table has a few hundred codes and perhaps a million rows.
    rows = np.bincount(position, minlength=len(distinct))
    stripped = [text.translate(_DASHES) if _looks_like_code(text) else text for text in distinct]
    upper = [text.upper() if _looks_like_code(text) else text for text in stripped]
    whole = [
        text if not text or parse_code(text).scheme != "unknown" or is_number(text) else cut(text)[0] or text
        for text in upper
    ]
    repairs = {
        "stray spaces in codes": int(sum(n for a, b, n in zip(distinct, stripped, rows, strict=True) if a != b)),
        "lower case in codes": int(sum(n for a, b, n in zip(stripped, upper, rows, strict=True) if a != b)),
        "codes cut out of longer text": int(sum(n for a, b, n in zip(upper, whole, rows, strict=True) if a != b)),
    }
    mended = pd.Series(np.array(whole, dtype=object)[position], index=given.index, name=getattr(codes, "name", None))
    return mended, {what: n for what, n in repairs.items() if n}


def _as_text(cell: object) -> str:
    return "" if cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)) else str(cell)


def _looks_like_code(text: str) -> bool:
    return parse_code(text.translate(_DASHES).upper()).scheme != "unknown"


def _old_nation(text: str) -> str:
    # 00AA to 00MZ English, 00NA to 00PT Welsh, 00QA to 00RJ Scottish, 11 to 47 English counties.
    if text[:2] != "00" or len(text) == 2:
        return "E"
    return "E" if text[2] <= "M" else "W" if text[2] in "NP" else "S"
