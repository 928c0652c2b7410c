"""What stands in a cell: numbers with their footnotes, and the markers publishers write instead of numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.outcomes.measures import STATUSES
from boundaries.sources.coding import coded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from boundaries.outcomes.measures import Status
    from boundaries.sources.coding import Coded

MARKERS: Mapping[str, Status] = {
    # symbols harmonised across the Government Statistical Service, with and without brackets
    "x": "unavailable",
    "c": "confidential",
    "z": "not_applicable",
    "u": "unreliable",
    "w": "unavailable",
    "low": "unreliable",
    "k": "unreliable",
    # older and other usage
    "..": "unavailable",
    "...": "unavailable",
    "…": "unavailable",
    ".": "not_applicable",
    ":": "unavailable",
    "-": "unavailable",
    "–": "unavailable",
    "—": "unavailable",
    "~": "unreliable",
    "!": "unavailable",
    "#": "confidential",
    "*": "confidential",
    "**": "confidential",
    "***": "confidential",
    "s": "confidential",
    "supp": "confidential",
    "suppressed": "confidential",
    "confidential": "confidential",
    "unavailable": "unavailable",
    "not available": "unavailable",
    "unreliable": "unreliable",
    "not applicable": "not_applicable",
    "na": "unavailable",
    "n/a": "unavailable",
    "#n/a": "unavailable",
    "n.a.": "unavailable",
    "nan": "unavailable",
    "null": "unavailable",
    "none": "unavailable",
    "missing": "unavailable",
}
"""Markers that stand for a value, lower case, without brackets; a dash is never a zero."""

_NUMBER = re.compile(
    r"(?P<currency>£|€|\$)?\s*(?P<sign>[-+−])?\s*(?:£|€|\$)?\s*"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u2007\u2009\u202f]\d{3})+|\d+)(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+)\s*(?P<percent>%)?\s*"
    r"(?P<mark>(?:\s*(?:\[[^\]]*\]|\([a-z0-9]{1,6}\)|[*†‡§¹²³⁴⁵]))*|\s*[a-z])",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[,\s\u2007\u202f]")
_COMMA = re.compile(r"(?P<head>[^\d,]*)(?P<whole>\d+|\d{1,3}(?:[.\s]\d{3})+),(?P<decimals>\d+)(?P<rest>[^\d,]*)")
_PARTED = re.compile(r"[.\s]")
_POINT = re.compile(r"\d\.\d")
_RANK = {status: rank for rank, status in enumerate(STATUSES)}
_BELOW = re.compile(r"<\s*[\d.,]+%?")


@dataclass(frozen=True, slots=True)
class Cells:
    """A column of text, understood.

    Parameters
    ----------
    numbers : float64, NaN where there is no number.
    status : Series of str, one of ``boundaries.outcomes.measures.STATUSES`` a row.
    percent : whether cells carried a percent sign.
    mixed_percent : some numbers carry a percent sign and some do not.
    bad : text that is neither number nor known marker, with its first row (0-based).
    repairs : counts of what was mended.
    """

    numbers: np.ndarray
    status: pd.Series
    percent: bool = False
    mixed_percent: bool = False
    bad: Mapping[str, int] = field(default_factory=dict)
    repairs: Mapping[str, int] = field(default_factory=dict)


def marker_status(text: str) -> Status | None:
    """Return the status a marker stands for, or None when it is not a marker."""
    plain = text.strip().strip("[]()").strip().lower()
    return MARKERS.get(plain)


def read_numbers(column: pd.Series) -> Cells:
    """Read a column of text as numbers; distinct texts are looked at once.

    An empty cell is unavailable. A number with a footnote mark keeps its value; the mark's status, when it has one, is kept.
    """
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype="float64", na_value=np.nan)
        return Cells(values, statuses(np.where(np.isnan(values), _RANK["unavailable"], _RANK["ok"])))
    return numbers_of(coded(column))


def numbers_of(column: Coded) -> Cells:
    """Read a column of text that was taken apart as numbers."""
    codes, stripped = column.position, column.texts.str.strip()
    texts = with_points(stripped)
    plain = pd.to_numeric(pd.Series(texts, dtype="str"), errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    finite = np.isfinite(plain)
    values = np.where(finite, plain, np.nan)
    status = np.where(finite, _RANK["ok"], _RANK["unavailable"]).astype(np.int8)
    odd = np.flatnonzero(~finite)
    counts = np.bincount(codes, minlength=len(texts)) if len(odd) else np.zeros(len(texts), dtype=np.int64)
    repairs: dict[str, int] = {}
    if texts is not stripped:
        repairs["decimal commas"] = int(np.bincount(codes, minlength=len(texts))[stripped.str.contains(",")].sum())
    bad: dict[str, int] = {}
    percents = 0
    for place in odd:
        text = str(texts[int(place)])
        if text == "":
            continue
        read = _one(text)
        if read is None:
            bad[text] = int(np.argmax(codes == place))
            continue
        values[place], said, note, percent = read
        status[place] = _RANK[said]
        percents += int(counts[place]) if percent else 0
        if note:
            repairs[note] = repairs.get(note, 0) + int(counts[place])
    total = int(counts[np.isfinite(values)].sum()) if percents else 0
    return Cells(
        numbers=values[codes],
        status=statuses(status[codes]),
        percent=percents > 0,
        mixed_percent=0 < percents < total,
        bad=bad,
        repairs=repairs,
    )


def with_points(texts: pd.Index) -> pd.Index:
    """Return the cells of a column with points for decimal commas, where they can be nothing else, read together.

    Two cells at least have a comma that parts no thousands (``20,5``), all with a comma can be read so, and none has a decimal point;
    ``1,234`` beside them is a little more than one.
    """
    commas = [text for text in map(str, texts) if "," in text]
    if len(commas) < 2:
        return texts
    read = {text: _COMMA.fullmatch(text) for text in commas}
    sure = [match for match in read.values() if match is not None and len(match["decimals"]) != 3]
    if len(sure) < 2 or None in read.values():
        return texts
    if any(_POINT.search(text) for text in map(str, texts) if text not in read):
        return texts
    pointed = {
        text: f"{match['head']}{_PARTED.sub('', match['whole'])}.{match['decimals']}{match['rest']}"
        for text, match in read.items()
        if match is not None
    }
    return pd.Index([pointed.get(str(text), str(text)) for text in texts], dtype="str")


def statuses(rank: NDArray[np.integer]) -> pd.Series:
    """Write statuses out from their places in ``STATUSES``."""
    return pd.Series(STATUSES, dtype="str").take(rank).reset_index(drop=True)


def stated_status(said: Coded, read: pd.Series) -> pd.Series:
    """Return the status a column of its own states, and where it states none that of the cell."""
    stated = [marker_status(str(text)) for text in said.texts]
    if all(status is None for status in stated):
        return read
    position, texts = pd.factorize(read)
    both = [*texts, *(status or "ok" for status in stated)]
    own = np.array([status is not None for status in stated])[said.position]
    place = np.where(own, len(texts) + said.position, position)
    return pd.Series(both, dtype="str").take(place).reset_index(drop=True)


def _one(text: str) -> tuple[float, str, str, bool] | None:
    """Read one cell that is not a plain number: value, status, repair, percent sign."""
    status = marker_status(text)
    if status is not None:
        return np.nan, status, "", False
    if _BELOW.fullmatch(text):
        return np.nan, "confidential", "values published only as 'less than'", False
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    value = float(_THOUSANDS.sub("", match["digits"]))
    if match["sign"] in {"-", "−"}:
        value = -value
    marks = re.findall(r"\[[^\]]*\]|\([^)]*\)|[*†‡§¹²³⁴⁵]|[a-z]", match["mark"] or "", re.IGNORECASE)
    said = next((found for mark in marks if (found := marker_status(mark)) is not None and mark != "*"), None)
    if said in {"confidential", "not_applicable"}:
        said = None  # a number stands here, so these letters are footnotes
    note = "footnote marks beside numbers" if marks else "thousands separators, currency or percent signs"
    return value, said or "ok", note, match["percent"] is not None
