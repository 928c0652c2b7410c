"""What is wrong, or worth knowing, about the codes of a table before anything is joined to it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from pandas.api.types import is_integer_dtype

from boundaries.outcomes.periods import parse_period, readable
from boundaries.places.names import match_names, normalised
from boundaries.places.recognition import meant_by, no_code, unrecognised
from boundaries.register import last_life, later_codes, name_of, predecessors, spells_of, successors
from boundaries.register.codes import in_geography, nation_of, parse_code
from boundaries.sources.coding import coded, joint, renumbered, repeats
from boundaries.vocabulary import geography_words, kind_words
from geo.errors import listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from boundaries.register import Epoch, Register

_COVERED = 0.5
"""Share of a nation's areas from which a period is taken to cover the nation, so that absent areas count as missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``severity`` "fault": a join would lose or double rows; "note": it would not, but look.

    ``remedies`` : options of a join that would help.
    """

    severity: Literal["fault", "note"]
    kind: str
    text: str
    codes: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON-able data."""
        return {
            "severity": self.severity,
            "kind": self.kind,
            "text": self.text,
            "codes": list(self.codes),
            "periods": list(self.periods),
            **({"remedies": [remedy.to_dict() for remedy in self.remedies]} if self.remedies else {}),
        }


def file_findings(frame: pd.DataFrame, register: Register, geography: str) -> Iterator[Finding]:
    """Yield what can be said of codes and names whatever the period: other schemes, unknown, other tiers, duplicates."""
    yield from _unreadable(frame, register, geography)
    yield from _other_tiers(frame["code"].value_counts(), register, geography)
    yield from _duplicates(frame, register)
    if "name" in frame.columns:
        yield from _names(frame, register, geography)


def period_findings(
    register: Register, codes: frozenset[str], first: Epoch | None, last: Epoch | None
) -> list[Finding]:
    """Return what is wrong with the code set of one period, given the epochs it fits best."""
    if first is None or last is None:
        return []
    return [
        *_both(register, codes),
        *_mixed(register, without_superseded(register, codes), first, last),
        *_missing(register, without_superseded(register, codes), first),
    ]


def timing(period: str, first: Epoch | None, last: Epoch | None) -> Finding | None:
    """Return a note where the codes of a period are older or younger than the period itself."""
    if first is None or last is None or not readable(period):
        return None
    when = parse_period(period)
    if last.end < when.start:
        return Finding("note", "older codes", f"codes that ended on {last.end.isoformat()} stand for later periods")
    if first.start > when.end:
        return Finding("note", "back-cast", f"codes that began on {first.start.isoformat()} stand for earlier periods")
    return None


def without_superseded(register: Register, codes: frozenset[str]) -> frozenset[str]:
    """Return the codes without those whose successors stand beside them."""
    return frozenset(code for code in codes if not later_codes(register, code) & codes)


def missing_areas(epoch: Epoch, codes: frozenset[str]) -> frozenset[str]:
    """Return the areas of an epoch that are absent, in nations of which at least half the areas are there."""
    return frozenset().union(
        *(expected - codes for expected in _nations(epoch) if len(expected & codes) >= _COVERED * len(expected))
    )


@functools.lru_cache(maxsize=128)
def _nations(epoch: Epoch) -> tuple[frozenset[str], ...]:
    """Return the areas of an epoch, nation by nation."""
    return tuple(
        frozenset(code for code in epoch.codes if nation_of(code) == nation)
        for nation in {nation_of(code) for code in epoch.codes}
    )


def _unreadable(frame: pd.DataFrame, register: Register, geography: str) -> Iterator[Finding]:
    rows = frame["code"].value_counts()
    groups: dict[str, list[str]] = {}
    for code in sorted(str(code) for code in rows.index):
        why = unrecognised(code)
        if why:
            groups.setdefault(why, []).append(code)
    sentences = {
        "number": "codes were read as numbers and have lost their letter: {}; read the column as text",
        "no-code": "words that stand for no code: {}",
        "unknown": "not codes of a UK geography: {}",
        "entity": "codes of a kind that no UK geography has: {}",
        "old-ons": "codes of the scheme before 2011: {}; give the nine-character codes",
        "ni-small-area": "Northern Ireland districts as small-area codes name them: {}; 95AA is Antrim but 95A is Derry, "
        "so they are never matched by letter",
        "unregistered": "codes in no register (mistyped, or made after it ends on "
        + register.known_to.isoformat()
        + "): {}",
    }
    if groups:
        strange = [code for codes in groups.values() for code in codes]
        told = meant_by(frame[frame["code"].isin(strange)], geography=geography)
    for kind, codes in groups.items():
        number = sum(int(rows[code]) for code in codes)
        text = sentences[kind].format(listed(told[code] for code in codes))
        yield Finding("fault", kind, f"{text} ({_counted(number)})", tuple(codes))
    if "" in rows and int(rows[""]):
        number = int(rows[""])
        yield Finding("note", "blank", f"{_counted(number)} {'has' if number == 1 else 'have'} no code")


def _counted(rows: int) -> str:
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _other_tiers(rows: pd.Series, register: Register, geography: str) -> Iterator[Finding]:
    groups: dict[str, list[str]] = {}
    for code in sorted(str(code) for code in rows.index):
        known = parse_code(code)
        if unrecognised(code):
            continue
        of_geography = known.scheme == "gss" and geography and in_geography(code, geography)
        if known.scheme in {"gss", "itl"} and not of_geography:
            groups.setdefault(known.kinds(2), []).append(code)
    if not geography:
        held = (
            f": the codes are of {listed(f'{what} ({len(codes)})' for what, codes in groups.items())}" if groups else ""
        )
        yield Finding("fault", "no geography", f"no code of a geography the register knows{held}")
        return
    if groups:
        shown = ", ".join(
            f"{what} ({len(codes)})" if len(codes) > 1 else name_of(register, codes[0]) or f"{what} ({codes[0]})"
            for what, codes in groups.items()
        )
        own = geography_words(geography)
        yield Finding(
            "note",
            "other geography",
            f"among the {own} stand {shown}; a join leaves them out",
            tuple(code for codes in groups.values() for code in codes),
        )
    counties = groups.get(kind_words("county", count=2), [])
    if geography == "LAD" and counties:
        yield Finding(
            "note",
            "tiers",
            "counties stand beside districts: adding all rows up would count their residents twice",
            tuple(counties),
        )


def _duplicates(frame: pd.DataFrame, register: Register) -> Iterator[Finding]:
    held = coded(frame["code"])
    here = np.array([code != "" and not no_code(code) for code in map(str, held.texts)], dtype=np.bool_)[held.position]
    # Numbers for texts: a table may have millions of rows.
    columns = [frame[name] for name in ("period", "group") if name in frame.columns]
    numbered = [renumbered(one.to_numpy()) if is_integer_dtype(one) else coded(one) for one in columns]
    number = joint([held, *numbered])[here]
    if not repeats(number):
        return
    doubled = pd.Series(number).duplicated()
    again = frame.loc[frame.index[here][doubled.to_numpy()], ["code", "period"]]
    codes = sorted(again["code"].unique())
    shown = (f"{code} {name_of(register, code)}".strip() for code in codes)
    yield Finding(
        "fault",
        "duplicated",
        f"codes that stand more than once in a period: {listed(shown)} ({_counted(len(again))} too many)",
        tuple(codes),
        tuple(str(period) for period in again["period"].unique()),
    )


def _names(frame: pd.DataFrame, register: Register, geography: str) -> Iterator[Finding]:
    if geography not in {"LAD", "UTLA"}:
        return
    blank = frame.loc[(frame["code"] == "") & (frame["name"] != ""), "name"].unique()
    if len(blank):
        match = match_names(blank, geography=geography)
        if match.unmatched:
            shown = (name + (f" (did you mean {near[0]}?)" if near else "") for name, near in match.unmatched.items())
            yield Finding("fault", "unmatched name", f"names without a code that match no area: {listed(shown)}")
    pairs = _pairs(frame)
    pairs = pairs[pairs["code"].map(lambda code: in_geography(code, geography)).astype(bool)]
    found = match_names(pairs["name"], geography=geography)
    other = pairs[(found.codes != "") & (found.codes != pairs["code"])]
    wrong = [
        f"{code} is called {name} but is {name_of(register, code)}"
        for code, name in zip(other["code"], other["name"], strict=True)
        if last_life(register, code) and not _same_line(register, code, str(found.codes[other.index[0]]), name)
    ]
    if wrong:
        yield Finding("note", "name and code", f"names that belong to another code: {listed(wrong)}")


def _pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of a code and a name, both there, once."""
    code, name = pd.factorize(frame["code"])[0], pd.factorize(frame["name"], use_na_sentinel=False)[0]
    first = ~pd.Series(code * (name.max(initial=0) + 1) + name).duplicated().to_numpy()
    pairs = frame.loc[first, ["code", "name"]]
    return pairs[(pairs["code"] != "") & (pairs["name"] != "")]


def _same_line(register: Register, code: str, other: str, name: str) -> bool:
    """Say whether the code was ever called so, or the other code descends from it."""
    own = {normalised(spell.name) for spell in spells_of(register)[code]}
    return normalised(name) in own or other in later_codes(register, code)


def _both(register: Register, codes: frozenset[str]) -> Iterator[Finding]:
    pairs = sorted((code, later) for code in codes for later in later_codes(register, code) & codes)
    if not pairs:
        return
    olds = list(dict.fromkeys(old for old, _ in pairs))
    by_new: dict[str, list[str]] = {}
    for old, new in pairs:
        by_new.setdefault(new, []).append(
            old if name_of(register, old) == name_of(register, new) else name_of(register, old)
        )
    shown = (f"{' + '.join(names)} beside {new} {name_of(register, new)}" for new, names in by_new.items())
    yield Finding(
        "fault",
        "predecessor and successor",
        f"areas stand beside what they became: {listed(shown)}; remove one of them",
        tuple(olds),
        remedies=(Remedy("allow", "both", purpose="if the publisher lists both"),),
    )


def _mixed(register: Register, codes: frozenset[str], first: Epoch, last: Epoch) -> Iterator[Finding]:
    outside = codes - first.codes
    if not outside:
        return
    early, late = [], []
    for code in sorted(outside):
        life = last_life(register, code)
        if life is not None and life[1] is not None and life[1] < first.start:
            early.append(f"{code} {name_of(register, code)} ended on {life[1].isoformat()}{_became(register, code)}")
        elif life is not None:
            late.append(f"{code} {name_of(register, code)} began on {life[0].isoformat()}")
    span = f"{first.start.isoformat()} to {last.end.isoformat()}"
    if early:
        yield Finding(
            "fault",
            "terminated",
            f"codes that had ended, among codes of {span}: {listed(early)}",
            tuple(sorted(code for code in outside if _ended_before(register, code, first.start))),
        )
    if late:
        yield Finding(
            "fault",
            "future",
            f"codes that did not exist yet, among codes of {span}: {listed(late)}",
            tuple(sorted(code for code in outside if not _ended_before(register, code, first.start))),
        )


def _ended_before(register: Register, code: str, date: dt.date) -> bool:
    life = last_life(register, code)
    return life is not None and life[1] is not None and life[1] < date


def _became(register: Register, code: str) -> str:
    new = [event.new_code for event in successors(register, code) if not event.partial]
    return f" (now {', '.join(f'{code} {name_of(register, code)}' for code in new)})" if new else ""


def _missing(register: Register, codes: frozenset[str], epoch: Epoch) -> Iterator[Finding]:
    absent = sorted(missing_areas(epoch, codes))
    if not absent:
        return
    merged = [code for code in absent if _made_by_merger(register, code, epoch.geography)]
    if merged:
        shown = (f"{code} {name_of(register, code)} (made on {_born(register, code)})" for code in merged)
        yield Finding(
            "note",
            "hole after a merger",
            f"no row for merged areas nor for what they were made of: {listed(shown)}",
            tuple(merged),
        )
    rest = [code for code in absent if code not in merged]
    if rest:
        shown = (f"{code} {name_of(register, code)}" for code in rest)
        yield Finding("note", "missing", f"no row for {listed(shown)}", tuple(rest))


def _made_by_merger(register: Register, code: str, geography: str) -> bool:
    olds = {event.old_code for event in predecessors(register, code) if not event.partial}
    return sum(in_geography(old, geography) for old in olds) > 1


def _born(register: Register, code: str) -> str:
    life = last_life(register, code)
    return "" if life is None else life[0].isoformat()
