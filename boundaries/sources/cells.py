"""What stands in a cell: numbers with their footnotes, and the markers publishers write instead of numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.measures import Status

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
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+)\s*(?P<percent>%)?\s*"
    r"(?P<mark>(?:\s*(?:\[[^\]]*\]|\([a-z0-9]{1,6}\)|[*†‡§¹²³⁴⁵]))*|\s*[a-z])",
    re.IGNORECASE,
)
_BELOW = re.compile(r"<\s*[\d.,]+%?")


@dataclass(frozen=True, slots=True)
class Cells:
    """A column of text, understood.

    Parameters
    ----------
    numbers : float64, NaN where there is no number.
    status : one of ``boundaries.measures.STATUSES`` a row.
    percent : whether cells carried a percent sign.
    mixed_percent : some numbers carry a percent sign and some do not.
    bad : text that is neither number nor known marker, with its first row (0-based).
    repairs : counts of what was mended.
    """

    numbers: np.ndarray
    status: np.ndarray
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
        return Cells(values, np.where(np.isnan(values), "unavailable", "ok"))
    codes, texts = pd.factorize(column.astype("str").str.strip(), use_na_sentinel=True)
    plain = pd.to_numeric(pd.Series(texts, dtype="str"), errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    finite = np.isfinite(plain)
    values = np.where(finite, plain, np.nan)
    status = np.where(finite, "ok", "unavailable").astype(object)
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    first = np.zeros(len(texts) + 1, dtype=np.int64)  # one more for -1, the code of a missing cell
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    repairs: dict[str, int] = {}
    bad: dict[str, int] = {}
    percents = 0
    for place in np.flatnonzero(~finite):
        text = str(texts[int(place)])
        if text == "":
            continue
        read = _one(text)
        if read is None:
            bad[text] = int(first[place])
            continue
        values[place], status[place], note, percent = read
        percents += int(counts[place]) if percent else 0
        if note:
            repairs[note] = repairs.get(note, 0) + int(counts[place])
    total = int(counts[np.isfinite(values)].sum())
    missing = codes < 0
    return Cells(
        numbers=np.where(missing, np.nan, values[codes]) if len(texts) else np.full(len(codes), np.nan),
        status=np.where(missing, "unavailable", status[codes]) if len(texts) else np.full(len(codes), "unavailable"),
        percent=percents > 0,
        mixed_percent=0 < percents < total,
        bad=bad,
        repairs=repairs,
    )


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
    value = float(match["digits"].replace(",", ""))
    if match["sign"] in {"-", "−"}:
        value = -value
    marks = re.findall(r"\[[^\]]*\]|\([^)]*\)|[*†‡§¹²³⁴⁵]|[a-z]", match["mark"] or "", re.IGNORECASE)
    said = next((found for mark in marks if (found := marker_status(mark)) is not None and mark != "*"), None)
    if said in {"confidential", "not_applicable"}:
        said = None  # a number stands here, so these letters are footnotes
    note = "footnote marks beside numbers" if marks else "thousands separators, currency or percent signs"
    return value, said or "ok", note, match["percent"] is not None
