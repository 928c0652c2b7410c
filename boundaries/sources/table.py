"""Any table of areas: CSV, TSV, Excel, OpenDocument or Parquet; columns guessed, shown, and overruled by the caller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.editions import EDITION_COLUMN, of_one_edition
from boundaries.outcomes.intervals import with_standard_errors
from boundaries.outcomes.labels import read_together
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.places.known import codes_ever
from boundaries.places.recognition import no_code
from boundaries.register.codes import nation_of, repaired
from boundaries.register.cutting import bare_name, cut, visible
from boundaries.sources.cells import numbers_of, read_numbers, stated_status
from boundaries.sources.coding import Coded, Codings, joint, repeats
from boundaries.sources.fetching import Link, fetch_address
from boundaries.sources.large import give_back
from boundaries.sources.meanings import NOT_STATED, meaning_of
from boundaries.sources.options import PERIOD_FORM, check_options, overrule, text_map
from boundaries.sources.reading import read_cells
from boundaries.sources.roles import guess_roles
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from boundaries.outcomes.labels import Form

_DECIMAL_COMMA = re.compile(r"[-+−]?\d+,\d{1,2}")
_EXPECTED = "expected numbers, or markers such as [c], [x], .. and - for what is suppressed or not available"
_PERIOD, _VALUE = "period of the column", "value"


class Table:
    """A table nobody has described."""

    name = "table"

    def file_of(self, outcome: str) -> str | None:
        """Return None: the caller names the file."""
        del outcome
        return None

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read a table, guessing what ``columns`` does not say.

        Options beside those of every adapter: ``sheet`` (name of a sheet), ``breakdowns`` (list of columns).

        Raises
        ------
        TableError
            If the file cannot be read, its columns not be understood, cells of the value are neither numbers nor known
            markers, percent and proportion are mixed, or rows of one area, period and group differ.
        """
        check_options(self.name, options, known=("sheet", "breakdowns", PERIOD_FORM))
        sheet = options.get("sheet")
        cells = read_cells(path, sheet=None if sheet is None else str(sheet), categories=True)
        return interpret(
            cells.frame, path=path, options=options, repairs=dict(cells.repairs), first_row=cells.first_row
        )

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch a file by its full address."""
        del options
        return fetch_address(self.name, outcome, link)


def interpret(
    frame: pd.DataFrame,
    *,
    path: Path,
    options: Mapping[str, object],
    repairs: dict[str, int],
    first_row: int = 2,
    source: Source | None = None,
) -> OutcomeTable:
    """Turn a rectangle of text into an OutcomeTable.

    Parameters
    ----------
    frame : columns of text, or of numbers. path : where it came from, for messages, the source and the id.
    options : as of ``Table.read``. repairs : what was mended so far. first_row : number of the first data row in the file.
    source : of the table; the file itself when not given.

    Raises
    ------
    TableError
        As ``Table.read``.
    """
    given = options.get("breakdowns")
    split = [str(column) for column in given] if isinstance(given, list | tuple) else None
    taken = Codings(frame)
    guess = guess_roles(frame, stated=text_map(options, "columns"), breakdowns=split, name=path.name, codings=taken)
    kept = _kept(taken, text_map(options, "where"), path.name)
    roles, found = dict(guess.roles), dict(guess.found)
    form: Form = options.get(PERIOD_FORM, "")  # type: ignore[assignment]  # check_options
    if guess.periods:
        meant = read_together(guess.periods, form=form, name=path.name)
        kept = _long(kept, guess.periods, meant)
        roles |= {"period": _PERIOD, "value": _VALUE}
        found |= {"period": "names of columns", "value": "columns of periods"}
    taken = taken if kept is frame else Codings(kept)
    text = _places(taken, roles, repairs, blind=guess.blind)
    if "period" in roles:
        stated = taken[roles["period"]].mapped(str.strip)
        text["period"] = stated if guess.periods else _dated(stated, form, path.name)
    text |= {column: taken[column] for column in guess.breakdowns}
    columns, percent = _figures(taken, roles, repairs, path.name, first_row)
    _refuse_words(guess.breakdowns, path.name)
    columns, place, dropped = _without_doubles(text, columns, joint([*text.values()]), path.name)
    if dropped:
        repairs["rows that repeat another exactly"] = dropped
    codes = list(text["code"].texts) if "code" in text else [""]
    band = {"band": taken[roles["band"]].mapped(str.strip)} if "band" in roles else {}
    text |= band
    rows, kept = len(kept), kept.filter(regex=EDITION_COLUMN)
    del frame, taken  # of millions of rows, what was read need not be held beside what becomes of it
    give_back(rows)
    columns |= _spread(text, place if dropped else slice(None))
    built = outcome_frame(columns, extra=(*guess.breakdowns, *band))
    del columns
    give_back(rows)
    own = source or Source(title=path.name, sha256=sha256_of(path))
    meta = _meta(path, options, roles, percent=percent, codes=codes, values=built["value"].to_numpy(), source=own)
    meta = of_one_edition(meta, kept, path.name, breakdowns=guess.breakdowns)
    shown = {role: f"{column} ({found[role]})" for role, column in roles.items()}
    return OutcomeTable(meta, with_standard_errors(built, meta), guess.breakdowns, repairs, percent, tuple(band), shown)


def _spread(text: dict[str, Coded], rows: np.ndarray | slice) -> dict[str, pd.Series]:
    """Write columns of text out, each let go of as it is written."""
    written = {}
    for name in [*text]:
        held = text.pop(name)
        written[name] = Coded(held.position[rows], held.texts).spread()
    return written


def _dated(stated: Coded, form: Form, name: str) -> Coded:
    """Return labels of periods as they are meant, read together."""
    meant = read_together(map(str, stated.texts), form=form, name=name)
    return stated.mapped(lambda cell: meant.get(cell, cell)) if meant else stated


def _long(wide: pd.DataFrame, periods: Sequence[str], meant: Mapping[str, str]) -> pd.DataFrame:
    """Return a table of a column a period with one row a period."""
    keep = [column for column in wide.columns if column not in periods]
    words = [column for column in periods if isinstance(wide[column].dtype, pd.CategoricalDtype)]
    wide = wide.astype(dict.fromkeys(words, "str"))  # categories of one column are not those of the next
    made = wide.melt(id_vars=keep, value_vars=list(periods), var_name=_PERIOD, value_name=_VALUE)
    made[_PERIOD] = made[_PERIOD].replace(meant)
    return made


def _refuse_words(breakdowns: Sequence[str], what: str) -> None:
    """Refuse a column of words that is called what the figures of an outcome are called."""
    if clash := sorted({"value", "lower", "upper", "se", "denominator", "sample_size"} & set(breakdowns)):
        raise TableError(
            f"{what}, column {listed(clash)}: numbers are expected, and it holds words",
            ["mend the cells that are no numbers, or rename the column"],
        )


def _mended(column: Coded) -> tuple[Coded, dict[str, int]]:
    """Return codes without what can be mended, and how many rows each repair touched."""
    mended, notes = repaired(column.texts)
    counts: dict[str, int] = {}
    if notes:
        rows = np.bincount(column.position, minlength=len(column.texts))
        for text, number in zip(column.texts, rows, strict=True):
            for what in repaired([text])[1]:
                counts[what] = counts.get(what, 0) + int(number)
    position, texts = pd.factorize(mended.astype("str"))
    return Coded(position[column.position], texts), counts


def _note_bared(column: Coded, repairs: dict[str, int]) -> None:
    """Count the names that stood among other things: a publisher's prefix, a footnote mark, their own code."""
    rows = np.bincount(column.position, minlength=len(column.texts))
    bared = [bare_name(text) != visible(text) for text in map(str, column.texts)]
    if any(bared):
        repairs["names cut out of longer text"] = int(rows[np.array(bared)].sum())


def _kept(taken: Codings, where: Mapping[str, str], name: str) -> pd.DataFrame:
    """Keep the rows the caller asks for; the frame itself where nothing is asked."""
    frame, faults = taken.frame, []
    wanted = np.ones(len(frame), dtype=np.bool_)
    for column, group in where.items():
        if column not in frame.columns:
            faults.append(f"where {column} = '{group}': there is no such column")
            continue
        cells = taken[column]
        here = (cells.texts == group)[cells.position] & wanted
        if not here.any():
            held = pd.unique(cells.position[wanted])
            faults.append(
                f"where {column} = '{group}': it holds {listed(repr(cells.texts[int(place)]) for place in held)}"
            )
            continue
        wanted = here
    if faults:
        raise TableError(f"{name} has no such rows", faults)
    return frame if wanted.all() else frame[wanted]


def _places(taken: Codings, roles: Mapping[str, str], repairs: dict[str, int], *, blind: str) -> dict[str, Coded]:
    """Read what says which area a row is of: its code, its name, or both."""
    text: dict[str, Coded] = {}
    if "code" in roles:
        text["code"], notes = _mended(taken[roles["code"]])
        repairs |= notes
    elif blind:
        repairs[f"'{blind}' holds no codes of areas: rows are taken by name"] = len(taken.frame)
    if "name" in roles:
        text["name"] = taken[roles["name"]].mapped(bare_name)
        _note_bared(taken[roles["name"]], repairs)
    elif "code" in roles and any(cut(str(cell))[1] for cell in taken[roles["code"]].texts):
        text["name"] = taken[roles["code"]].mapped(lambda cell: cut(cell)[1])
    return text


def _figures(
    taken: Codings, roles: Mapping[str, str], repairs: dict[str, int], name: str, first_row: int
) -> tuple[dict[str, object], bool]:
    """Read every column of numbers; return them with the status, and whether values carried a percent sign."""
    faults, percent = [], False
    columns: dict[str, object] = {}
    rows = taken.frame.index
    status = None
    for role in ("value", "lower", "upper", "se", "denominator", "sample_size"):
        if role not in roles:
            continue
        column = taken.frame[roles[role]]
        cells = read_numbers(column) if pd.api.types.is_numeric_dtype(column) else numbers_of(taken[roles[role]])
        columns[role] = cells.numbers
        faults += [_fault(roles[role], text, int(rows[row]) + first_row) for text, row in cells.bad.items()]
        if role == "value":
            status, percent = cells.status, cells.percent
            if cells.mixed_percent and np.nanmax(np.abs(cells.numbers)) > 1:
                faults.append(f"{roles[role]}: some cells carry a percent sign and some do not")
            repairs |= cells.repairs
    if faults:
        raise TableError(f"{name} has cells that are not numbers", [*faults[:5], *_rest(faults), _EXPECTED])
    if status is not None and "status" in roles:
        status = stated_status(taken[roles["status"]], status)
    return {**columns, "status": status}, percent


def _fault(column: str, text: str, row: int) -> str:
    why = " (a formula; save the file with results)" if text.startswith("=") else ""
    why = " (a decimal comma? write decimals with a point)" if _DECIMAL_COMMA.fullmatch(text) else why
    return f"{column}, row {row}: '{text[:40]}'{why}"


def _rest(faults: list[str]) -> list[str]:
    return [f"and {len(faults) - 5} more kinds of text ({len(faults)} in all)"] if len(faults) > 5 else []


def _without_doubles(
    text: Mapping[str, Coded], columns: dict[str, object], keys: np.ndarray, name: str
) -> tuple[dict[str, object], np.ndarray, int]:
    """Drop rows that repeat another in every column; refuse rows of one area, period and group that differ.

    Returns
    -------
    The columns without repeated rows, the rows that are left, and how many are gone.
    """
    every = np.arange(len(keys))
    same = [text[column] for column in ("code", "name") if column in text]
    place = _place(same)
    known = _of_an_area(same)
    groups = joint([place, *(column for column in text.values() if not any(column is own for own in same))])
    if not repeats(groups[known]):
        return columns, every, 0
    figures = {column: np.asarray(values) for column, values in columns.items() if column != "status"}
    status = pd.factorize(pd.Series(columns["status"]))[0]
    again = pd.DataFrame({"": keys, **figures, "status": status}, copy=False).duplicated(keep="first").to_numpy()
    left = np.flatnonzero(~again)
    doubled = pd.Series(groups[left]).duplicated(keep=False).to_numpy() & known[left]
    if doubled.any():
        areas = place.texts[pd.unique(place.position[left][doubled])]
        two_names = _of_two_names(same, left[doubled])
        mend = ["one of the two names or codes is wrong: correct the table"] if two_names else []
        helps = [
            Remedy("breakdowns", purpose="to name the columns that tell them apart"),
            Remedy("where", "GROUP", key="COLUMN", purpose="to keep one group of a column"),
        ]
        raise TableError(
            f"{name} has several rows for one area, period and group",
            [f"areas: {listed(areas)}", *two_names, *mend],
            [] if two_names else helps,
        )
    kept = {column: values[left] for column, values in figures.items()}
    return {**kept, "status": pd.Series(columns["status"]).take(left).reset_index(drop=True)}, left, int(again.sum())


def _of_an_area(same: Sequence[Coded]) -> np.ndarray:
    """Say of each row whether it is of an area: it has a code, or a name, where others have codes one that is known."""
    code, called = same[0], same[-1]
    named = np.asarray((called.texts != "")[called.position], dtype=np.bool_)
    if len(same) == 1:
        return named
    coded = np.array([text != "" and not no_code(text) for text in map(str, code.texts)], dtype=np.bool_)[code.position]
    known = np.array([bool(codes_ever(text)) for text in map(str, called.texts)], dtype=np.bool_)[called.position]
    return np.asarray(coded | (known if coded.any() else named))


def _of_two_names(same: Sequence[Coded], rows: np.ndarray) -> list[str]:
    """Say which codes of some rows stand beside two names."""
    if len(same) < 2:
        return []
    pairs = pd.DataFrame({"code": same[0].position[rows], "name": same[1].position[rows]}).drop_duplicates()
    said = [
        f"{same[0].texts[int(str(code))]} is called {' and '.join(str(same[1].texts[place]) for place in names)}: one code, two names"
        for code, names in pairs.groupby("code", sort=False)["name"]
        if len(names) > 1 and not no_code(str(same[0].texts[int(str(code))]))
    ]
    return [listed(said)] if said else []


def _place(same: Sequence[Coded]) -> Coded:
    """Return what tells places apart: the code, and where there is none the name."""
    if len(same) == 1:
        return same[0]
    code, called = same
    blank = np.array([text == "" or no_code(text) for text in map(str, code.texts)], dtype=np.bool_)[code.position]
    if not blank.any():
        return code
    texts = code.texts.append(called.texts)
    return Coded(np.where(blank, len(code.texts) + called.position, code.position), texts)


def _meta(
    path: Path,
    options: Mapping[str, object],
    roles: Mapping[str, str],
    *,
    percent: bool,
    codes: Sequence[str],
    values: np.ndarray,
    source: Source,
) -> OutcomeMeta:
    """Describe the table as far as it says what it is."""
    header = roles.get("value", "value")
    generic = header.lower() in {"value", "observation", "obs_value", "estimate"}
    said = f"{header} {options.get('title', '')} {path.stem if generic else ''} {options.get('unit', '')}"
    measure, unit = meaning_of(_plain(said), values, percent=percent)
    if measure == NOT_STATED and not unit:  # the file may be called what its columns are not
        measure, unit = meaning_of(_plain(f"{said} {path.stem}"), values, percent=percent)
    nations = tuple(nation for nation in "EWSN" if nation in {nation_of(code) for code in codes}) if all(codes) else ()
    meta = OutcomeMeta(
        id=re.sub(r"[^a-z0-9]+", "-", (path.stem if generic else header).lower()).strip("-") or "outcome",
        title=(path.stem.replace("-", " ") if generic else header).replace("_", " "),
        measure=measure,
        unit=unit,
        nations=nations or ("E", "W", "S", "N"),
        source=source,
    )
    return overrule(meta, options)


def _plain(words: str) -> str:
    return words.replace("_", " ").lower()
