"""Which column is what: guessed from names and contents, shown, and overruled by whoever knows better."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.labels import readable_together
from boundaries.outcomes.periods import readable
from boundaries.places.recognition import no_code
from boundaries.sources.area_columns import CODED, NAMED, code_column, name_column
from boundaries.sources.cells import marker_status
from boundaries.sources.coding import Codings, joint, renumbered, repeats
from geo.errors import TableError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from boundaries.sources.coding import Coded

ROLES = ("code", "name", "period", "value", "lower", "upper", "se", "denominator", "sample_size", "status", "band")
"""What a column can be; a table needs a code or a name, and a value."""

WIDE = "*"
"""Stands for "the remaining columns, one a period" in the role of the value."""

_SPACED = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(?!\d))")
"""A space between thousands."""

_SAMPLE, _GROUPS = 300, 200
"""Distinct cells of a column that are looked at; distinct texts above which a column must show that it is a breakdown."""

_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:.]+)?|\d{1,2}[- ][A-Za-z]{3}(?:[- ]\d{2,4})?|[A-Za-z]{3}[- ]\d{2,4}"
)
_SPREADSHEET = "a spreadsheet may have changed the codes: take the file as it was published"

_NUMBERED = re.compile(
    r"(^|[ _])(code|cd|id|lea|estab|urn)$|^(id|objectid|fid|column \d+|unnamed: ?\d+)$", re.IGNORECASE
)
"""Headings of columns that number areas or rows: what stands there is no value."""

_BY_NAME = ("period", "lower", "upper", "se", "status", "sample_size", "denominator", "name")
"""Roles that the name of a column tells, in the order in which they are looked for."""
_CALLED = re.compile(r"(time[ _]?)?period", re.IGNORECASE)
"""What a column of periods is called, of several that may be one: a date beside it is that of something else."""
_VALUE = re.compile(r"^(value|val|observation|obs_?value|estimate)$", re.IGNORECASE)
_WORDS: Mapping[str, re.Pattern[str]] = {
    role: re.compile(pattern, re.IGNORECASE)
    for role, pattern in {
        "code": CODED,
        "name": NAMED,
        "period": r"^period|^year|^time|date$|^date|quarter|month|academic.?year|financial.?year|time.?period",
        "value": r"^value|^val$|observation|obs_?value|estimate|^score$|^rate$|percent|^figure|^measure.?value|^count$|v4_\d",
        "lower": r"lower|lci|^low(_|$)|\blcl\b|ci_?low|_lo$|l95",
        "upper": r"upper|uci|^upp|\bucl\b|ci_?(high|upp)|_hi$|u95",
        "se": r"^se$|standard.?error|std.?err|_se$",
        "denominator": r"denominator|^population$|^base$|cohort.?size",
        "sample_size": r"sample.?size|^n$|unweighted|sample",
        "status": r"^status|flag|marker|suppress",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Guess:
    """Roles of columns, how each was found ("stated" or "guessed"), and the columns that are breakdowns."""

    roles: Mapping[str, str]
    found: Mapping[str, str]
    breakdowns: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    blind: str = ""
    """A column called code that holds none, where areas are told by name instead."""


def guess_roles(
    frame: pd.DataFrame,
    *,
    stated: Mapping[str, str],
    breakdowns: Sequence[str] | None = None,
    name: str = "the table",
    codings: Codings | None = None,
) -> Guess:
    """Say which column is what.

    Parameters
    ----------
    frame : columns of text.
    stated : role → column, given by the caller; an empty column name says that there is none.
    breakdowns : columns that split areas into groups; guessed when None.
    name : for messages. codings : the columns of the frame taken apart, when the caller has them.

    Raises
    ------
    TableError
        If a stated role or column does not exist, there is no code nor name, or the value is not clear.
    """
    _refuse_absent(frame, stated, breakdowns, name)
    codings = codings or Codings(frame)
    roles = {role: column for role, column in stated.items() if column}
    taken = set(roles.values()) | set(breakdowns or ())
    free = [column for column in frame.columns if column not in taken]
    sample = {column: codings[column].sample(_SAMPLE) for column in free}
    if roles.get("code"):
        _refuse_dates(name, roles["code"], codings[roles["code"]].sample(_SAMPLE))
    code = code_column(free, sample) if "code" not in stated else None
    if code:
        roles["code"] = code
        free.remove(code)
    for role in (one for one in _BY_NAME if one not in stated):
        fitting = name_column(free, sample, codings, roles) if role == "name" else _column_for(role, free, sample)
        if fitting:
            roles[role] = fitting
            free.remove(fitting)
    if not roles.get("code") and not roles.get("name"):
        raise _without_areas(name, sample)
    periods: tuple[str, ...] = ()
    if "value" not in stated:
        numeric = values_among(free, sample)
        if "period" not in roles and len(numeric) > 1 and readable_together(numeric):
            periods, roles["value"] = tuple(numeric), WIDE
        else:
            roles["value"] = _value_column(numeric, name, {column: sample[column] for column in free})
            free.remove(roles["value"])
    elif stated["value"] == WIDE:
        periods = tuple(column for column in free if readable_together([column]))
    rest = [column for column in free if column not in periods]
    split = _breakdowns(codings, roles, rest) if breakdowns is None else tuple(breakdowns)
    blind = "" if roles.get("code") else _blind(free, sample, name)
    found = {role: "stated" if role in stated else "guessed" for role in roles}
    return Guess(roles, found, split, periods, blind)


def _refuse_absent(frame: pd.DataFrame, stated: Mapping[str, str], breakdowns: Sequence[str] | None, name: str) -> None:
    """Refuse roles and columns that there are none of."""
    faults = [f"role '{role}' is unknown: roles are {', '.join(ROLES)}" for role in stated if role not in ROLES]
    for role, column in stated.items():
        if column and column != WIDE and column not in frame.columns:
            faults.append(f"{role} = '{column}': there is no such column")
    faults += [
        f"breakdown '{column}': there is no such column" for column in breakdowns or () if column not in frame.columns
    ]
    if faults:
        raise TableError(f"{name} has other columns than stated", [*faults, f"columns: {', '.join(frame.columns)}"])


def _blind(free: Sequence[str], sample: Mapping[str, list[str]], name: str) -> str:
    """Return a column that is called code and holds none; refuse dates, which codes became in a spreadsheet."""
    called = [column for column in free if _WORDS["code"].search(column) and sample[column]]
    for column in called:
        _refuse_dates(name, column, sample[column])
    return called[0] if called else ""


def _refuse_dates(name: str, column: str, sample: list[str]) -> None:
    """Refuse a column of codes that a spreadsheet turned into dates."""
    if _share(sample, lambda text: _DATE.fullmatch(text.strip()) is not None) > 0.5:
        raise TableError(
            f"{name}: the column '{column}' holds dates, not codes of areas", [f"found {listed(sample)}", _SPREADSHEET]
        )


def _share(sample: list[str], test: Callable[[str], bool]) -> float:
    return sum(bool(test(text)) for text in sample) / len(sample) if sample else 0.0


def _numeric(text: str) -> bool:
    plain = _SPACED.sub("", text.strip()).replace(",", "").lstrip("£$€-−+").rstrip("%*† ")
    return (
        plain.replace(".", "", 1).replace("e-", "", 1).replace("E-", "", 1).isdigit() or marker_status(text) is not None
    )


def value_columns(frame: pd.DataFrame, *, stated: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the columns that may be the value: numbers that are neither code, period, limit nor breakdown.

    Parameters
    ----------
    frame, stated, name : as of ``guess_roles``.
    """
    codings = Codings(frame)
    free = [str(column) for column in frame.columns if column not in stated.values()]
    numbers = values_among(free, {column: codings[column].sample(_SAMPLE) for column in free})
    if not numbers or (len(numbers) > 1 and readable_together(numbers)):
        return tuple(numbers)
    # Any number stands for the value while the other columns are found; the last is least likely to be a year.
    guess = guess_roles(frame, stated={**stated, "value": numbers[-1]}, name=name, codings=codings)
    taken = {column for role, column in guess.roles.items() if role != "value"} | set(guess.breakdowns)
    return tuple(column for column in numbers if column not in taken)


def values_among(free: Sequence[str], sample: Mapping[str, list[str]]) -> list[str]:
    """Return the columns of numbers; those whose heading says that they number areas only where there are no others."""
    numeric = [column for column in free if _share(sample[column], _numeric) > 0.5]
    values = [column for column in numeric if not _NUMBERED.search(column)]
    return values or numeric


def _column_for(role: str, free: Sequence[str], sample: Mapping[str, list[str]]) -> str | None:
    """Return the first column whose name says the role and whose cells do not contradict it."""
    tests: dict[str, Callable[[str], bool]] = {
        "period": lambda column: (
            bool(sample[column]) and (_share(sample[column], readable) > 0.9 or readable_together(sample[column]))
        ),
        "status": lambda column: (
            _share(sample[column], lambda text: marker_status(text) is not None) > 0.5 or not sample[column]
        ),
    }
    fits = tests.get(role) or (lambda column: _share(sample[column], _numeric) > 0.9 or not sample[column])
    fitting = [column for column in free if _WORDS[role].search(column) and fits(column)]
    called = [column for column in fitting if _CALLED.fullmatch(column)] if role == "period" else []
    return next(iter([*called, *fitting]), None)


def _without_areas(name: str, sample: Mapping[str, Sequence[str]]) -> TableError:
    """Return the refusal of a table in which no column holds areas, and what stands where one is expected."""
    called = [column for column in sample if _WORDS["code"].search(column) or _WORDS["name"].search(column)]
    faults = [
        f"{column} holds {listed(map(repr, sample[column][:3]))}: a publisher's own numbers? add the codes of areas to the table"
        for column in called
        if len(sample[column])
    ]
    helps = [Remedy("columns", key="code"), Remedy("columns", key="name")]
    return TableError(f"{name} has no column of area codes or names", [f"columns: {listed(sample)}", *faults], helps)


def _value_column(numeric: Sequence[str], name: str, sample: Mapping[str, Sequence[str]]) -> str:
    """Return the one column of numbers, or the one whose name says value; ``sample`` holds cells of the columns that are left."""
    if len(numeric) == 1:
        return numeric[0]
    for pattern in (_VALUE, _WORDS["value"]):
        said = [column for column in numeric if pattern.search(column)]
        if len(said) == 1:
            return said[0]
    if not numeric:
        cells = [f"{column} holds '{next(iter(held), '')!s:.30}'" for column, held in sample.items() if len(held)]
        advice = "a value is one number: put what stands beside it, or its other end, in a column of its own"
        raise TableError(f"{name} has no column of numbers", [*([listed(cells)] if cells else []), advice])
    raise TableError(
        f"{name} has {len(numeric)} columns of numbers: which is the value is not clear",
        [f"columns of numbers: {listed(numeric)}"],
        [Remedy("columns", column, key="value", purpose="if that is the value") for column in [*reversed(numeric)][:5]],
    )


def _breakdowns(codings: Codings, roles: Mapping[str, str], free: Sequence[str]) -> tuple[str, ...]:
    """Columns that are needed to tell the rows of one area and period apart."""
    codings = _of_areas(codings, roles, free)
    place = joint([codings[roles[role]] for role in ("code", "name", "period") if role in roles])
    number = renumbered(place)
    left = repeats(number.position)
    if not left:
        return ()
    chosen: list[str] = []
    areas = renumbered(joint([codings[roles[role]] for role in ("code", "name") if role in roles]))
    candidates = [column for column in free if _splits(column, codings[column], areas)]
    while candidates and left:
        after = {column: repeats(joint([number, codings[column]])) for column in candidates}
        best = min(candidates, key=lambda column: (after[column], candidates.index(column)))
        if after[best] == left:
            break
        number = renumbered(joint([number, codings[best]]))
        left = after[best]
        chosen.append(best)
        candidates.remove(best)
    return tuple(column for column in free if column in chosen)


def _splits(name: str, column: Coded, areas: Coded) -> bool:
    """Say whether a column may be a breakdown: it has few texts, or each of them stands beside several areas.

    What numbers every row is none. A remark stands beside one area; a number, which may be a figure, beside half of them and more if it names a group.
    """
    many, places = len(column.texts), len(areas.texts)
    if many == len(column.position) and _NUMBERED.search(name):
        return False
    if many <= _GROUPS:
        return many > 1
    pairs = len(pd.unique(joint([areas, column])))
    numbers = _share(column.sample(_SAMPLE), _numeric) > 0.5
    return pairs >= many * max(min(places, 2), places / 2 if numbers else 0)


def _of_areas(codings: Codings, roles: Mapping[str, str], free: Sequence[str]) -> Codings:
    """Return the rows that have a code, where some have none: what stands for no area makes no groups."""
    if "code" not in roles:
        return codings
    code = codings[roles["code"]]
    blank = np.array([not text.strip() or no_code(str(text)) for text in code.texts], dtype=np.bool_)
    if not blank.any() or blank.all():
        return codings
    kept = [roles[role] for role in ("code", "name", "period") if role in roles]
    return Codings(codings.frame.loc[~blank[code.position], [*dict.fromkeys([*kept, *free])]])
