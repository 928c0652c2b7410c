"""Neighbour policies: what their names say, as data and in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal

from boundaries.vocabulary.phrases import phrase

PolicyKind = Literal["queen", "rook", "order", "knn", "distance", "file"]

POLICIES: Final = (
    "queen",
    "queen+sea-links",
    "queen-order-<k>",
    "rook",
    "rook+sea-links",
    "knn<k>",
    "knn<k>-directed",
    "distance:<metres>",
    "file:<path of .gal or .csv>",
)
"""Names of neighbour policies, with their parameters."""

Isolates = Literal["refuse", "keep", "nearest"]

ISOLATES: Final[tuple[Isolates, ...]] = ("refuse", "keep", "nearest")
"""What is done about an area without a neighbour that nothing says is an island: refused; kept, and not testable; joined to the
nearest area."""

_BORDERS = re.compile(r"(queen|rook)(\+sea-links)?")
_ORDER = re.compile(r"queen-order-([1-9]\d*)")
_KNN = re.compile(r"knn([1-9]\d*)(-directed)?")
_DISTANCE = re.compile(r"distance:(\d+(?:\.\d+)?)")
_FILE = re.compile(r"file:(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Policy:
    """A choice of neighbours taken apart.

    Parameters
    ----------
    kind : how neighbours are found.
    sea_links : whether crossings count beside land borders.
    k : steps of ``order``, neighbours of ``knn``. metres : the band of ``distance``. path : of ``file``.
    directed : whether the nearest of an area need not have it among theirs.
    """

    kind: PolicyKind
    sea_links: bool = False
    k: int = 0
    metres: float = 0.0
    path: str = ""
    directed: bool = False


def parse_policy(name: str) -> Policy | None:
    """Take the name of a neighbour policy apart; None for a name that is not of ``POLICIES``.

    Examples
    --------
    >>> parse_policy("knn6").k, parse_policy("distance:50000").metres, parse_policy("bishop")
    (6, 50000.0, None)
    """
    if match := _BORDERS.fullmatch(name):
        return Policy("queen" if match[1] == "queen" else "rook", sea_links=match[2] is not None)
    if match := _ORDER.fullmatch(name):
        return Policy("order", sea_links=True, k=int(match[1]))
    if match := _KNN.fullmatch(name):
        return Policy("knn", k=int(match[1]), directed=match[2] is not None)
    if match := _DISTANCE.fullmatch(name):
        return Policy("distance", metres=float(match[1]))
    if match := _FILE.fullmatch(name):
        return Policy("file", path=match[1])
    return None


def policy_words(name: str, form: Literal["by", "who"] = "by", *, language: str = "") -> str:
    """Say a choice of neighbours in words.

    Parameters
    ----------
    name : of a policy; what is no policy's name is a graph that somebody named, and stays as it is.
    form : "by" completes "neighbours by …", "who" completes "neighbours are …".

    Examples
    --------
    >>> policy_words("queen+sea-links"), policy_words("knn6"), policy_words("distance:50000")
    ('shared borders and sea links', 'the 6 nearest areas', 'centres within 50 km')
    >>> policy_words("knn6", "who")
    'the 6 nearest areas, and those of which an area is one of the 6 nearest'
    """
    policy = parse_policy(name)
    if policy is None:
        return name
    key = f"neighbours.{policy.kind}{'-directed' if policy.directed else ''}"
    said = phrase(
        key,
        form,
        language=language,
        k=policy.k,
        distance=_distance(policy.metres),
        file=PurePath(policy.path).name,
    )
    if policy.sea_links and policy.kind != "order":
        links = phrase("neighbours.sea-links", form, language=language)
        return phrase("list.and" if form == "by" else "list.apart", most=said, last=links, language=language)
    return said


def _distance(metres: float) -> str:
    return f"{metres / 1000:,.12g} km" if metres >= 1000 else f"{metres:.12g} m"
