"""Two builds side by side: every difference as a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from analysis.comparing.boundary_changes import changes_between, followed_codes
from analysis.comparing.builds import CHANCE, STATUSES
from geo.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.comparing.builds import Build

COLUMNS = ("what", "change", "outcome", "period", "code", "name", "old", "new", "difference", "beyond_error", "p")
"""Of the table of differences: ``what`` is value, band, level, pattern, verdict, area, outcome, period or edition."""

_SAME = 1e-9
"""Relative difference up to which two numbers are one: they were written with all their digits."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know of a comparison: ``what`` it is, and whom or what it names, in order."""

    what: Literal["versions", "files", "backwards", "followed", "editions"]
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one build to another.

    Parameters
    ----------
    old, new : the builds.
    rows : columns of ``COLUMNS``: ``change`` is revised, changed, flipped, added or gone; ``difference`` new less old;
        ``beyond_error`` whether a revised value lies outside the old interval (empty where none is known); ``p`` the new
        probability behind a level, or the new error rate of a verdict, empty where not known.
    boundaries : what happened to the areas between the dates (``changes_between``).
    notes : what a reader should know, as data; ``maps.compare`` words it.
    """

    old: Build
    new: Build
    rows: pd.DataFrame
    boundaries: pd.DataFrame
    notes: tuple[Note, ...]

    @property
    def same(self) -> bool:
        """Whether nothing that a reader sees differs."""
        return self.rows.empty

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many rows there are of each ``what`` and ``change``."""
        pairs = list(zip(self.rows["what"], self.rows["change"], strict=True))
        return {pair: pairs.count(pair) for pair in dict.fromkeys(pairs)}

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data."""
        return {
            "old": {"folder": self.old.folder, "date": self.old.date.isoformat(), "version": self.old.version},
            "new": {"folder": self.new.folder, "date": self.new.date.isoformat(), "version": self.new.version},
            "same": self.same,
            "counts": [
                {"what": what, "change": change, "rows": number} for (what, change), number in self.counts().items()
            ],
            "notes": [{"what": note.what, "named": list(note.named)} for note in self.notes],
        }


def compare_builds(old: Build, new: Build) -> Comparison:
    """Set one build beside another.

    Parameters
    ----------
    old, new : of one geography.

    Notes
    -----
    A value is compared with that of the same outcome, period and area; an area that was only given another code is the same
    area. Of an outcome whose only period moved on, bands and levels of the last periods are compared, values are not. Of an
    index of another edition nothing is compared.

    Raises
    ------
    OutputError
        The builds are of different geographies.
    """
    if old.geography != new.geography:
        raise OutputError(
            f"the builds are of different areas: {old.geography} and {new.geography}",
            ["nothing can be compared area by area", "compare builds of one geography"],
        )
    follow = followed_codes(old, new)
    names = {**old.names, **new.names}
    editions = [name for name in old.outcomes if name in new.outcomes and _edition(old, name) != _edition(new, name)]
    before = old.facts.assign(code=old.facts["code"].replace(dict(follow)))
    rows = [
        *_areas(old, new, follow, names),
        *_outcomes(old, new),
        *(_row("edition", "changed", name, old=_edition(old, name), new=_edition(new, name)) for name in editions),
        *_values(_shared(before, editions), _shared(new.facts, editions), names),
        *_statuses(_last_of(old, new, before, editions), _last_of(new, old, new.facts, editions), names),
        *_verdicts(old, new, editions),
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Comparison(old, new, table, changes_between(old, new), _notes(old, new, follow, editions))


def _row(what: str, change: str, outcome: str = "", period: str = "", **rest: Any) -> dict[str, Any]:
    empty = dict.fromkeys(COLUMNS, "")
    return {**empty, "what": what, "change": change, "outcome": outcome, "period": period, **rest}


def _edition(build: Build, outcome: str) -> str:
    return build.editions.get(outcome, "")


def _areas(old: Build, new: Build, follow: Mapping[str, str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    kept = {follow.get(code, code) for code in old.names}
    gone = [code for code in old.names if follow.get(code, code) not in new.names]
    added = [code for code in new.names if code not in kept]
    return [
        *(_row("area", "gone", code=code, name=names[code]) for code in gone),
        *(_row("area", "added", code=code, name=names[code]) for code in added),
        *(_row("area", "changed", code=end, name=names[end], old=start, new=end) for start, end in follow.items()),
    ]


def _outcomes(old: Build, new: Build) -> list[dict[str, Any]]:
    rows = [_row("outcome", "gone", name) for name in old.outcomes if name not in new.outcomes]
    rows += [_row("outcome", "added", name) for name in new.outcomes if name not in old.outcomes]
    for name in old.outcomes:
        before, after = old.periods(name), new.periods(name)
        if after:
            rows += [_row("period", "gone", name, period) for period in before if period not in after]
            rows += [_row("period", "added", name, period) for period in after if period not in before]
    return rows


def _shared(facts: pd.DataFrame, editions: list[str]) -> pd.DataFrame:
    """Return values and intervals by outcome, period and area, without outcomes of another edition."""
    kept = facts[facts["field"].isin(["value", "lower", "upper"]) & ~facts["outcome"].isin(editions)]
    laid = kept.pivot_table(
        index=["outcome", "period", "code"], columns="field", values="value", aggfunc="first", sort=False
    ).reindex(columns=["value", "lower", "upper"])
    return pd.DataFrame({name: pd.to_numeric(laid[name], errors="coerce") for name in laid})


def _values(old: pd.DataFrame, new: pd.DataFrame, names: Mapping[str, str]) -> list[dict[str, Any]]:
    both = old.add_suffix("_old").join(new.add_suffix("_new"), how="inner")
    before, after = both["value_old"].to_numpy(), both["value_new"].to_numpy()
    there, here = np.isfinite(before), np.isfinite(after)
    moved = there & here & ~np.isclose(before, after, rtol=_SAME, atol=0.0)
    outside = (after < both["lower_old"].to_numpy()) | (after > both["upper_old"].to_numpy())
    known = both[["lower_old", "upper_old"]].notna().all(axis=1).to_numpy()
    rows = []
    for at in np.flatnonzero(moved | (there != here)).tolist():
        outcome, period, code = both.index[at]
        change = "revised" if moved[at] else "gone" if there[at] else "added"
        found: dict[str, Any] = {
            "code": code,
            "name": names.get(code, ""),
            "old": float(before[at]) if there[at] else "",
            "new": float(after[at]) if here[at] else "",
        }
        if moved[at]:
            found["difference"] = float(after[at] - before[at])
            found["beyond_error"] = ("yes" if outside[at] else "no") if known[at] else ""
        rows.append(_row("value", change, outcome, period, **found))
    return rows


def _last_of(build: Build, other: Build, facts: pd.DataFrame, editions: list[str]) -> pd.DataFrame:
    """Return statuses by outcome, period and area; an outcome of one period in both builds stands under the newer build's."""
    kept = facts[facts["field"].isin([*STATUSES, CHANCE]) & ~facts["outcome"].isin(editions)]
    renamed = {}
    for name in build.outcomes:
        own, theirs = build.periods(name), other.periods(name)
        if len(own) == len(theirs) == 1 and own != theirs:
            renamed[name] = " to ".join(sorted({*own, *theirs}))
    period = kept["outcome"].map(renamed).fillna(kept["period"]) if renamed else kept["period"]
    return kept.assign(period=period)


def _statuses(old: pd.DataFrame, new: pd.DataFrame, names: Mapping[str, str]) -> list[dict[str, Any]]:
    keys = ["outcome", "period", "code", "field"]
    both = old.merge(new, on=keys, how="inner", suffixes=("_old", "_new"))
    chances = new.loc[new["field"] == CHANCE].set_index(keys[:3])["value"].to_dict()
    moved = both[(both["value_old"] != both["value_new"]) & (both["field"] != CHANCE)]
    return [
        _row(
            STATUSES[row["field"]],
            "changed",
            row["outcome"],
            row["period"],
            code=row["code"],
            name=names.get(row["code"], ""),
            old=row["value_old"],
            new=row["value_new"],
            p=chances.get((row["outcome"], row["period"], row["code"]), "")
            if STATUSES[row["field"]] == "level"
            else "",
        )
        for row in moved.to_dict("records")
    ]


def _verdicts(old: Build, new: Build, editions: list[str]) -> list[dict[str, Any]]:
    """Compare verdicts by outcome and test, of the same period or of the only ones."""
    rows = []
    for outcome in old.outcomes:
        if outcome in editions or outcome not in new.outcomes:
            continue
        parts = [build.verdicts[build.verdicts["outcome"] == outcome] for build in (old, new)]
        single = all(len(set(part["period"])) == 1 for part in parts)
        keys = ["test"] if single else ["period", "test"]
        both = parts[0].merge(parts[1], on=keys, how="outer", suffixes=("_old", "_new"), indicator=True, sort=False)
        both = both.assign(period=both["period_new"].fillna(both["period_old"])) if single else both
        for row in both.to_dict("records"):
            change = {"left_only": "gone", "right_only": "added", "both": "flipped"}[str(row["_merge"])]
            if change == "flipped" and row["verdict_old"] == row["verdict_new"]:
                continue
            told = {
                side: row[f"verdict_{side}"] if isinstance(row[f"verdict_{side}"], str) else ""
                for side in ("old", "new")
            }
            rate = row["q_new"] if isinstance(row["q_new"], str) else ""
            rows.append(_row("verdict", change, outcome, row["period"], name=row["test"], p=rate, **told))
    return rows


def _notes(old: Build, new: Build, follow: Mapping[str, str], editions: list[str]) -> tuple[Note, ...]:
    notes = []
    if old.version != new.version:
        notes.append(Note("versions", (old.version, new.version)))
    if changed := tuple(name for name, found in new.inputs.items() if old.inputs.get(name, found) != found):
        notes.append(Note("files", changed))
    if old.date > new.date:
        notes.append(Note("backwards"))
    if follow:
        notes.append(Note("followed", tuple(code for pair in follow.items() for code in pair)))
    if editions:
        notes.append(Note("editions", tuple(editions)))
    return tuple(notes)
