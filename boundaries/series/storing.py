"""Series in a folder: ``series.csv`` for every reader, ``series.json`` with what the figures mean so that both can be read again, receipts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from boundaries.outcomes.table import OutcomeMeta
from boundaries.register.codes import nation_of
from boundaries.series.result import COLUMNS, FIGURES, Break, Series
from boundaries.series.windows import read_together
from geo.documents import formed, json_of
from geo.errors import TableError, listed
from geo.files import write_csv, write_json
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CSV, JSON, RECEIPTS = "series.csv", "series.json", "receipts"


def write_series(series: Sequence[Series], folder: Path) -> list[Path]:
    """Write series to a folder: a row an outcome, period and area in ``series.csv``, meanings and breaks in ``series.json``.

    What happened to every row of every period stands in ``receipts/<outcome>.json``.

    Raises
    ------
    TableError
        Two series of one id.
    """
    doubled = [name for name, number in Counter(one.meta.id for one in series).items() if number > 1]
    if doubled:
        raise TableError("series that share an id", [listed(doubled), "give each an id of its own"])
    rows = [one.to_frame() for one in series]
    frame = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(COLUMNS))
    return [
        write_csv(frame, folder / CSV),
        write_json(folder / JSON, {"series": [_described(one) for one in series]}),
        *(
            write_json(folder / RECEIPTS / f"{one.meta.id}.json", [receipt.to_dict() for receipt in one.receipts])
            for one in series
            if one.receipts
        ),
    ]


def read_series(folder: Path) -> tuple[Series, ...]:
    """Read what ``write_series`` wrote; receipts are not among it.

    Raises
    ------
    TableError
        A file is absent, or the two do not belong together.
    """
    absent = [name for name in (CSV, JSON) if not (folder / name).is_file()]
    if absent:
        raise TableError(
            f"{folder} holds no series", [f"files absent: {', '.join(absent)}", "build again with this version"]
        )
    told = json_of(folder / JSON, error=TableError)
    with formed(f"{JSON} or {CSV}", error=TableError):
        return _read(folder, told["series"])


def _read(folder: Path, described: list[dict[str, Any]]) -> tuple[Series, ...]:
    frame = pd.read_csv(
        folder / CSV,
        dtype={name: "str" for name in COLUMNS if name not in FIGURES},
        keep_default_na=False,
        na_values={name: [""] for name in FIGURES},
    )
    lacking = [name for name in COLUMNS if name not in frame.columns]
    ids = {str(one["meta"]["id"]) for one in described}
    faults = [f"{CSV} has no column {listed(lacking)}"] if lacking else []
    strangers = [] if lacking else sorted(set(frame["outcome"]) - ids)
    faults += [f"{JSON} does not describe {listed(strangers)}"] if strangers else []
    if faults:
        raise TableError(f"the series in {folder} do not belong together", faults)
    return tuple(_laid_out(one, frame[frame["outcome"] == one["meta"]["id"]], folder) for one in described)


def _described(series: Series) -> dict[str, Any]:
    meta = asdict(series.meta) | {"averages": dict(series.meta.averages)}
    return {
        "meta": meta,
        "geography": series.geography,
        "date": series.date.isoformat(),
        "periods": list(series.periods),
        "averages": [dict(found) for found in series.averages],
        "breaks": [asdict(found) for found in series.breaks],
        "base": series.base,
    }


def _laid_out(described: dict[str, Any], rows: pd.DataFrame, folder: Path) -> Series:
    periods = tuple(str(period) for period in described["periods"])
    strange = sorted(set(rows["period"]) - set(periods))
    if strange:
        raise TableError(f"the series in {folder} do not belong together", [f"{JSON} has no period {listed(strange)}"])
    codes = pd.Index(rows["code"].unique(), dtype="str", name="code")
    row, column = codes.get_indexer(pd.Index(rows["code"])), pd.Index(periods).get_indexer(pd.Index(rows["period"]))

    def laid(name: str, blank: object, kind: Any) -> np.ndarray[Any, Any]:
        made = np.full((len(codes), len(periods)), blank, dtype=kind)
        made[row, column] = rows[name].to_numpy(dtype=kind)
        return made

    figures = {name: laid(name, np.nan, np.float64) for name in FIGURES}
    windows = read_together(periods) if len(periods) > 1 or periods[0].strip() else dict.fromkeys(periods)
    areas = pd.DataFrame({"name": rows.drop_duplicates("code")["name"].to_numpy()}, index=codes)
    areas["nation"] = [nation_of(code) if ":" not in code else "" for code in codes]
    return Series(
        meta=_meaning(described["meta"]),
        geography=str(described["geography"]),
        date=dt.date.fromisoformat(described["date"]),
        areas=areas,
        periods=periods,
        windows=tuple(windows.values()),
        figures=figures,
        status=np.where(np.isfinite(figures["value"]), "ok", "unavailable").astype(object),
        quality=laid("quality", "missing", object),
        band=laid("band", "", object),
        averages=tuple({str(code): float(value) for code, value in one.items()} for one in described["averages"]),
        breaks=tuple(Break(**one) for one in described["breaks"]),
        base=described["base"],
    )


def _meaning(said: dict[str, Any]) -> OutcomeMeta:
    """Return a meaning as it was written; what a later version added is left aside."""
    known = {field.name for field in fields(OutcomeMeta)}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items() if name in known
    }
    source = dict(given["source"])
    given["source"] = Source(**{**source, "attribution": tuple(source["attribution"])})
    return OutcomeMeta(**given)
