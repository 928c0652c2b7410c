"""Geographies that come as a layer: what their codes begin with, and of which edition a code is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_PREFIXES: Final[Mapping[str, str]] = {
    "OA": "E00 W00 S00 N00",
    "LSOA": "E01 W01",
    "DZ": "S01 N20",
    "SDZ": "N21",
    "MSOA": "E02 W02",
    "IZ": "S02",
    "SMALL": "E01 W01 S01 N20 N21",
    "MIDDLE": "E02 W02 S02 N21",
    "WARD": "E05 W05 S13 N08",
    "PARISH": "E04 E43 W04 S35",
    "PCON": "E14 W07 S14 N05 N06",
    "HEALTH": "E16 E18 E19 E38 E40 E54 W11 S03 S08 S37",
    "POLICE": "E23 N23 N24 S23 S32 W15",
    "FIRE": "E31 N31 N32 N33 S38 S39 S40 W25",
    "TTWA": "E30 K01 N12 S22 W22",
}

CODED: Final[Mapping[str, frozenset[str]]] = {
    geography: frozenset(prefixes.split()) for geography, prefixes in _PREFIXES.items()
}
"""Geography of a layer → what its codes begin with; the narrower first. Any other name of a layer is its user's own."""

SMALL: Final = frozenset().union(*(CODED[name] for name in ("OA", "SMALL", "MIDDLE")))
"""What the codes of areas smaller than districts begin with that census and deprivation tables use."""

YEARS_OF_CENSUS: Final[Mapping[str, str]] = {"01": "2009-04-01", "11": "2011-03-27", "21": "2021-03-21"}
"""Two digits in the name of a column of codes (``LSOA11CD``) → the day of that census; of 2001 the first day the register knows."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Codes that an edition brought: from ``first`` to ``last``, both included; codes before them may live on in it."""

    geography: str
    name: str
    first: str
    last: str


EDITIONS_OF_CODES: Final = (
    Edition("LSOA", "2001", "E01000001", "E01032482"),
    Edition("LSOA", "2011", "E01032483", "E01033768"),
    Edition("LSOA", "2021", "E01033769", "E01035762"),
    Edition("LSOA", "2001", "W01000001", "W01001896"),
    Edition("LSOA", "2011", "W01001897", "W01001958"),
    Edition("LSOA", "2021", "W01001959", "W01002040"),
    Edition("DZ", "2001", "S01000001", "S01006505"),
    Edition("DZ", "2011", "S01006506", "S01013481"),
    Edition("IZ", "2001", "S02000001", "S02001235"),
    Edition("IZ", "2011", "S02001236", "S02002514"),
)
"""Blocks of codes as they were given out (Office for National Statistics and National Records of Scotland, code histories).

English and Welsh areas that did not change keep the code of the edition before; Scotland's data zones are numbered anew each time.
"""


def coded_geography(prefixes: Iterable[str]) -> str:
    """Return the narrowest geography that has all of these beginnings of codes, or "".

    Examples
    --------
    >>> coded_geography({"E01", "W01"}), coded_geography({"E01", "S01", "N21"}), coded_geography({"E06", "E01"})
    ('LSOA', 'SMALL', '')
    """
    wanted = set(prefixes)
    return next((name for name, held in CODED.items() if wanted and wanted <= held), "")


def edition_of_codes(codes: Collection[str]) -> str:
    """Return the latest edition that any of some codes was given out with, or "" where no code tells.

    Notes
    -----
    A code of 2011 among those of England and Wales may live on in 2021: codes tell the earliest edition that has them all, and
    only a layer or a lookup tells whether a later one has them too.

    Examples
    --------
    >>> edition_of_codes(["E01000001", "E01033800"]), edition_of_codes(["E01000001"]), edition_of_codes(["E06000001"])
    ('2021', '2001', '')
    """
    found = {
        edition.name
        for edition in EDITIONS_OF_CODES
        if any(edition.first <= code <= edition.last and len(code) == len(edition.first) for code in codes)
    }
    return max(found, default="")


COUNTS: Final[Mapping[tuple[str, str], Mapping[str, int]]] = {
    ("LSOA", "E"): {"2001": 32_482, "2011": 32_844, "2021": 33_755},
    ("LSOA", "W"): {"2001": 1_896, "2011": 1_909, "2021": 1_917},
    ("DZ", "S"): {"2001": 6_505, "2011": 6_976},
}
"""Geography and nation → how many areas each edition has there: a complete table tells its edition by their number."""


def editions_that_fit(codes: Collection[str], geography: str) -> tuple[str, ...]:
    """Return the editions of a small geography that a set of codes may be of, the earliest first; none where nothing is known.

    Examples
    --------
    >>> editions_that_fit(["E01000001"], "LSOA"), editions_that_fit(["E01033800"], "LSOA"), editions_that_fit(["E02000001"], "MSOA")
    (('2001', '2011', '2021'), ('2021',), ())
    """
    known = {edition.name for edition in EDITIONS_OF_CODES if edition.geography == geography}
    latest = edition_of_codes(codes)
    if not latest or latest not in known:
        return ()
    fitting = tuple(sorted(name for name in known if name >= latest))
    if any(code[0] == "S" for code in codes):
        return (latest,)  # Scotland's are numbered anew each time
    counts = {nation: sum(code[0] == nation for code in codes) for nation in "EW"}
    whole = {
        edition
        for (name, nation), sizes in COUNTS.items()
        for edition, size in sizes.items()
        if name == geography and counts.get(nation) == size and edition in fitting
    }
    return tuple(sorted(whole)) if len(whole) == 1 else fitting
