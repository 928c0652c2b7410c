"""A whole file converted to the councils of another date: every value column, with one receipt a column."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.conversion import Recoded, recode
from boundaries.conversion.edition_files import edition_lookup, recode_by_lookup
from boundaries.outcomes.labels import readable_together
from boundaries.outcomes.measures import MEASURES
from boundaries.sources.described import CITED, description_of
from boundaries.sources.reading import read_cells
from boundaries.sources.registry import read_outcome
from boundaries.sources.roles import value_columns
from boundaries.sources.sidecars import stated_of
from boundaries.sources.written import written_table
from geo.errors import ConfigError, TableError, listed
from geo.files import neutralised
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pandas as pd

_EXTRA = ("lower", "upper", "se", "denominator", "sample_size")
_KEYS = ("code", "name", "period")
OWN_NAME = "name_in_table"
"""Column of what the table itself calls an area, beside the register's name."""


@dataclass(frozen=True, slots=True)
class RecodedFile:
    """Converted columns by name, in the order of the file; ``described`` is what is stated beside it of each."""

    file: str
    columns: Mapping[str, Recoded]
    described: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def statements(self) -> tuple[str, ...]:
        """Sentences for a person; what holds of several columns is said once."""
        said: dict[str, list[str]] = {}
        for name, recoded in self.columns.items():
            for text in dict.fromkeys(recoded.told()):
                said.setdefault(text, []).append(name)
        every = f"all {len(self.columns)} columns"
        return tuple(
            f"{every if len(names) == len(self.columns) > 1 else listed(names)}: {text}" for text, names in said.items()
        )

    def to_frame(self) -> pd.DataFrame:
        """Return code, name, period and breakdowns, then for each column its values, what else is known, and quality."""
        whole: pd.DataFrame | None = None
        for name, recoded in self.columns.items():
            keys = [*_KEYS, *recoded.table.breakdowns]
            frame = recoded.table.frame
            known = [column for column in _EXTRA if frame[column].notna().any()]
            part = frame[keys].assign(
                **{name: frame["value"], **{f"{name}_{column}": frame[column] for column in known}},
                **{f"{name}_quality": recoded.quality["quality"]},
            )
            if (recoded.quality["own_name"] != "").any():
                part.insert(2, OWN_NAME, recoded.quality["own_name"])
                keys.insert(2, OWN_NAME)
            whole = part if whole is None else whole.merge(part, on=keys, how="outer", sort=False)
        if whole is None:
            raise TableError(f"{self.file} has no column to convert")
        return whole

    def stated(self) -> dict[str, Any]:
        """Return what is known of the whole table in the words of a configuration: whose figures they are."""
        first = next(iter(self.columns.values()))
        title = f"{self.file}, converted to {first.geography} of {first.to.isoformat()}"
        every = list(self.stated_columns().values())
        said = {key: every[0].get(key) for key in CITED if all(one.get(key) == every[0].get(key) for one in every)}
        return {"title": title, **said}

    def stated_columns(self) -> dict[str, dict[str, Any]]:
        """Return what is known of each converted column, by its name: of the table as it was read, and beside it."""
        found = {}
        for name, recoded in self.columns.items():
            meta = recoded.table.meta
            own = stated_of(meta)
            if meta.source.title == self.file:
                own = {key: said for key, said in own.items() if key != "credit"}
            found[name] = own | dict(self.described.get(name, {}))
        return found

    def to_csv(self) -> str:
        """Return the converted table as CSV text, formulas neutralised."""
        return neutralised(self.to_frame()).to_csv(index=False, lineterminator="\n")

    def to_dict(self) -> dict[str, Any]:
        """Return the receipts as JSON-able data."""
        return {
            "file": self.file,
            "columns": {
                name: {
                    "measure": recoded.table.meta.measure,
                    "to": recoded.to.isoformat(),
                    "geography": recoded.geography,
                    "fates": dict(recoded.fates),
                    "quality": {
                        str(key): int(n) for key, n in recoded.quality["quality"].value_counts().items() if key
                    },
                    "statements": list(recoded.told()),
                    "details": [dict(entry) for entry in recoded.details],
                }
                for name, recoded in self.columns.items()
            },
        }


def recode_file(
    path: Path,
    *,
    to: dt.date | None,
    measure: str,
    values: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    weights: str | None = None,
    lookup: Path | None = None,
    to_column: str | None = None,
    **options: Any,
) -> RecodedFile:
    """Convert a file.

    Parameters
    ----------
    values : columns to convert; all numeric ones by default.
    columns : role → column (code, period, denominator), where the guess is not good enough.
    weights : ``residents-2011``, or the path of a CSV with the columns ``code, weight``.
    to : date of the councils wanted; with a ``lookup`` of the edition wanted, by default as its column is called.
    lookup : pairs of codes of two editions of small areas; councils are then not asked for. to_column : of several in it.
    options : of ``boundaries.conversion.recode``: allow, geography, scenario.

    Raises
    ------
    TableError, ConfigError
        A file that cannot be read, an unknown measure.
    ConversionError
        Whatever would be false.
    """
    if measure not in MEASURES:
        raise ConfigError(f"{measure!r} is not a kind of measure", [f"known: {', '.join(MEASURES)}"])
    if to is None and lookup is None:
        raise ConfigError("no date of the councils wanted is stated", [], [Remedy("to")])
    if not path.is_file():
        raise TableError(
            f"there is no file {path}", ["give the path of a CSV, TSV, Excel, OpenDocument or Parquet file"]
        )
    wanted = list(values) or _numeric(path, columns or {})
    if doubled := [name for name in wanted if name in _KEYS]:
        raise TableError(
            f"{path.name}, column {listed(doubled)}: numbers stand where the result has its own {listed(doubled)}",
            ["rename the column, or say which columns to convert with --value"],
        )
    given = _weights(weights)
    done = {}
    for value in wanted:
        # Limits and errors belong to one value; with several the file must be converted value by value to keep them.
        alone: dict[str, str] = {} if len(wanted) == 1 else dict.fromkeys(("lower", "upper", "se"), "")
        stated = {**alone, **(columns or {}), **({"value": value} if value else {})}
        table = read_outcome("table", path, columns=stated, measure=measure)
        if lookup is not None:
            way = edition_lookup(lookup, set(table.frame["code"]), to_column=to_column, date=to)
            done[value or "value"] = recode_by_lookup(table, way, allow=options.get("allow", ()))
        elif to is not None:
            done[value or "value"] = recode(table, to=to, weights=given, **options)
    return RecodedFile(path.name, done, {value: _described(path, value) for value in done})


def _described(path: Path, value: str) -> dict[str, Any]:
    """Return what is stated beside a file of one of its columns, without what is said of how it was read."""
    said = description_of(path, value=value)
    basis = said.pop("place_basis", None)
    kept = {key: one for key, one in said.items() if key not in {"columns", "period_form", "measure"}}
    return {**kept, **({"basis": basis} if basis else {})}


def _numeric(path: Path, columns: Mapping[str, str]) -> list[str]:
    """Return the columns of numbers, or [""] for a table whose columns are periods."""
    cells = read_cells(path).frame
    found = value_columns(cells, stated=columns, name=path.name)
    if not found:
        raise TableError(f"{path.name} has no column of numbers", [f"columns: {listed(cells.columns)}"])
    return [""] if len(found) > 1 and readable_together(found) else list(found)


def _weights(weights: str | None) -> dict[str, float] | str | None:
    if weights is None or weights == "residents-2011":
        return weights
    path = Path(weights)
    if not path.is_file():
        raise ConfigError(f"there are no weights {weights}", ["residents-2011, or the path of a CSV of code, weight"])
    frame = written_table(path, ("code", "weight"), what="a table of weights", numbers=("weight",))
    return dict(zip(frame["code"], frame["weight"], strict=True))
