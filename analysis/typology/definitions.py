"""Definitions of kinds of place as data: read from TOML, every fault reported at once."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.vocabulary import NATIONS, nation_words
from geo.documents import toml_of
from geo.errors import ConfigError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DIMENSIONS = ("coastal", "rural", "post-industrial")
"""The kinds of place that are built in; a definition may name any other. They overlap (Hartlepool is two of them), so
they are never one factor.
"""

FOLDER = Path(__file__).parents[1] / "typologies"
"""Where the built-in definitions lie, one a file, named ``<dimension>-<id>.toml``."""

DEFAULT_DEFINITIONS = (
    "coastal-open-coast",
    "coastal-distance",
    "rural-density",
    "rural-ruc2021",
    "post-industrial-ons2011",
    "post-industrial-ons2011-broad",
)
"""The definitions used when none are named; the first of each dimension is its default."""

SCHEMA = 1
_KINDS = ("threshold", "members", "shares")
_TOP = ("schema", "id", "version", "dimension", "title", "nations", "note", "rule", "source")
_OPTIONAL = ("note",)
_RULE = {
    "threshold": ("kind", "condition"),
    "members": ("kind", "geography", "date", "groups", "unclassified"),
    "shares": ("kind", "geography", "date", "shares", "at_least", "reason"),
}
_CONDITION = ("indicator", "at_least", "below", "reason")
_SOURCE = ("title", "publisher", "url", "licence", "attribution")
_CODE = re.compile(r"[EWSN]\d{8}|95[A-Z]")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""What an id and a dimension look like."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An indicator on one side of a cut.

    Parameters
    ----------
    indicator : a column of the indicators.
    cut : in the indicator's unit.
    at_least : true for ``indicator >= cut``, false for ``indicator < cut``.
    reason : why the cut is there.
    """

    indicator: str
    cut: float
    at_least: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A rule on indicators of the areas as drawn: all conditions must hold; the degree is the first indicator."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """A rule on districts of a date: areas whose mean share over residents is ``at_least`` or more are members.

    A published member list is the case of shares of one and a cut of a half. A district of a covered nation that is not listed has share
    zero, unless it stands in ``unclassified``.
    """

    date: dt.date
    shares: Mapping[str, float]
    at_least: float
    unclassified: frozenset[str]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typology:
    """One definition of one kind of place.

    Parameters
    ----------
    id : names columns (``coastal__open-coast``).
    version : of the definition; a changed cut is a new version.
    dimension : the kind of place: coastal, rural, post-industrial, or any slug of one's own (``ten-places``).
    title : the rule in one line.
    nations : initials of the nations the rule covers; areas elsewhere are *not classified*.
    rule : what makes an area a member.
    source : who published the rule.
    note : what a reader should know before using it.
    """

    id: str
    version: str
    dimension: str
    title: str
    nations: tuple[str, ...]
    rule: Threshold | Shares
    source: Source
    note: str = ""

    @property
    def column(self) -> str:
        """Name of the column of memberships, ``<dimension>__<id>``."""
        return f"{self.dimension}__{self.id}"

    def statement(self) -> str:
        """Return the rule in words for a method page."""
        nations = "" if set(self.nations) == set(NATIONS) else f"; covers {nation_words(self.nations)} only"
        return f"{self.dimension}: {self.title} ({self.source.title}){nations}"


def built_in_definitions() -> tuple[str, ...]:
    """Return the names of the built-in definitions, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_typology(name: str | Path) -> Typology:
    """Read one definition.

    Parameters
    ----------
    name : a built-in name (``"coastal-open-coast"``) or the path of a TOML file.

    Raises
    ------
    ConfigError
        No such definition, or a file with faults; all of them are listed.

    Examples
    --------
    >>> load_typology("rural-density").rule.conditions[0].cut
    2.0
    """
    path = Path(name) if str(name).endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        known = built_in_definitions()
        raise ConfigError(f"there is no typology {name}", [_nearest(str(name), known), f"built in: {', '.join(known)}"])
    data = toml_of(path)
    return parse_typology(data, what=path.name, sha256=sha256_of(path))


def parse_typology(data: Mapping[str, Any], *, what: str = "the typology", sha256: str = "") -> Typology:
    """Check a definition given as data and make it a ``Typology``.

    Raises
    ------
    ConfigError
        With one line for every fault found.
    """
    faults = _unknown("", data, _TOP) + _absent("", data, _TOP, optional=_OPTIONAL)
    if data.get("schema", SCHEMA) != SCHEMA:
        faults.append(f"schema is {data['schema']!r}; this version reads {SCHEMA}")
    for key in ("version", "title", "note"):
        if key in data and not isinstance(data[key], str):
            faults.append(f"{key} is {data[key]!r}; a text is needed")
    faults += [
        f"{key} is {data[key]!r}; use lower-case letters, digits and single hyphens"
        for key in ("id", "dimension")
        if key in data and not (isinstance(data[key], str) and SLUG.fullmatch(data[key]))
    ]
    nations = data.get("nations", list(NATIONS))
    if not isinstance(nations, list) or not nations or not set(map(str, nations)) <= set(NATIONS):
        faults.append(f"nations is {nations!r}; list one or more of {', '.join(NATIONS)}")
        nations = list(NATIONS)
    rule = _rule(data.get("rule"), nations, faults) if "rule" in data else None
    source = _source(data.get("source"), sha256, faults) if "source" in data else None
    if faults or rule is None or source is None:
        raise ConfigError(f"{what} is not a typology", faults)
    return Typology(
        id=data["id"],
        version=data["version"],
        dimension=data["dimension"],
        title=data["title"],
        nations=tuple(nations),
        rule=rule,
        source=source,
        note=data.get("note", ""),
    )


def _rule(data: Any, nations: list[str], faults: list[str]) -> Threshold | Shares | None:
    if not isinstance(data, dict) or data.get("kind") not in _KINDS:
        found = data.get("kind") if isinstance(data, dict) else data
        faults.append(f"rule.kind is {found!r}; it is one of {', '.join(_KINDS)}")
        return None
    kind = data["kind"]
    faults += _unknown("rule.", data, _RULE[kind])
    faults += _absent("rule.", data, _RULE[kind], optional=("unclassified", "geography", "reason"))
    if kind == "threshold":
        return _threshold(data.get("condition", []), faults)
    if data.get("geography", "LAD") != "LAD":
        faults.append(f"rule.geography is {data['geography']!r}; lists are of LAD codes")
    date = data.get("date")
    if not isinstance(date, dt.date):
        faults.append(f"rule.date is {date!r}; give the day on which the codes are live, for example 2021-07-01")
    unclassified = _texts("rule.unclassified", data.get("unclassified", []), faults)
    if kind == "members":
        groups = _table("rule.groups", data.get("groups", {}), faults)
        listed_codes = [code for name, codes in groups.items() for code in _texts(f"rule.groups.{name}", codes, faults)]
        shares, at_least = dict.fromkeys(listed_codes, 1.0), 0.5
    else:
        groups, at_least = {}, data.get("at_least", 0.5)
        shares = _table("rule.shares", data.get("shares", {}), faults)
        listed_codes = list(shares)
        wrong = [code for code, share in shares.items() if not _number(share) or not 0 <= share <= 1]
        if wrong:
            faults.append(f"rule.shares are between 0 and 1; not so for {listed(wrong)}")
        if not _number(at_least) or not 0 < at_least <= 1:
            faults.append(f"rule.at_least is {at_least!r}; it is a share above 0 and at most 1")
    faults += _code_faults(listed_codes, unclassified, nations)
    if not isinstance(date, dt.date):
        return None
    return Shares(
        date=date,
        shares={code: float(share) for code, share in shares.items() if _number(share)},
        at_least=float(at_least) if _number(at_least) else 0.5,
        unclassified=frozenset(unclassified),
        groups=tuple(groups),
    )


def _code_faults(codes: list[str], unclassified: list[str], nations: list[str]) -> list[str]:
    faults = []
    everything = [*codes, *unclassified]
    if not codes:
        faults.append("rule lists no codes")
    malformed = [code for code in everything if not _CODE.fullmatch(code)]
    if malformed:
        faults.append(f"rule lists what are not codes of districts: {listed(malformed)}")
    doubled = sorted({code for code in everything if everything.count(code) > 1})
    if doubled:
        faults.append(f"rule lists codes twice: {listed(doubled)}")
    elsewhere = [code for code in everything if nation_of(code) not in nations and code not in malformed]
    if elsewhere:
        faults.append(f"rule lists codes outside its nations {', '.join(nations)}: {listed(elsewhere)}")
    return faults


def _threshold(data: Any, faults: list[str]) -> Threshold | None:
    conditions = []
    if not isinstance(data, list) or not data:
        faults.append("rule.condition is empty; state at least one [[rule.condition]]")
        return None
    for number, entry in enumerate(data, start=1):
        where = f"rule.condition {number}: "
        if not isinstance(entry, dict):
            faults.append(f"{where}found {entry!r}; a condition is a table")
            continue
        faults += _unknown(where, entry, _CONDITION)
        faults += _absent(where, entry, ("indicator", "reason"))
        cuts = [key for key in ("at_least", "below") if key in entry]
        if len(cuts) != 1 or not _number(entry[cuts[0]]):
            faults.append(f"{where}give exactly one of at_least and below, as a number")
        elif isinstance(entry.get("indicator"), str) and "reason" in entry:
            cut, side = float(entry[cuts[0]]), cuts[0] == "at_least"
            conditions.append(Condition(entry["indicator"], cut, side, str(entry["reason"])))
    return Threshold(tuple(conditions))


def _source(data: Any, sha256: str, faults: list[str]) -> Source | None:
    if not isinstance(data, dict):
        faults.append("source is a table: title, publisher, url, licence, attribution")
        return None
    faults += _unknown("source.", data, _SOURCE)
    faults += _absent("source.", data, _SOURCE, optional=("url", "attribution"))
    attribution = _texts("source.attribution", data.get("attribution", []), faults)
    return Source(
        title=f"{data.get('title', '')}, {data.get('publisher', '')}",
        url=str(data.get("url", "")),
        sha256=sha256,
        licence=str(data.get("licence", "")),
        attribution=tuple(attribution),
    )


def nation_of(code: str) -> str:
    """Return the initial of the nation of a district's code (``95A`` to ``95Z`` are Northern Ireland's before 2015)."""
    return "N" if code.startswith("95") else code[:1]


def _texts(where: str, value: Any, faults: list[str]) -> list[str]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    faults.append(f"{where} is {value!r:.60}; a list of texts is needed")
    return []


def _table(where: str, value: Any, faults: list[str]) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    faults.append(f"{where} is {value!r:.60}; a table is needed")
    return {}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unknown(where: str, data: Mapping[str, Any], allowed: tuple[str, ...]) -> list[str]:
    return [f"unknown key {where}{key}; {_nearest(key, allowed)}" for key in data if key not in allowed]


def _absent(
    where: str, data: Mapping[str, Any], needed: tuple[str, ...], *, optional: tuple[str, ...] = ()
) -> list[str]:
    return [f"{where}{key} is missing" for key in needed if key not in data and key not in optional]


def _nearest(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.0)
    return f"the nearest is {close[0]}"
