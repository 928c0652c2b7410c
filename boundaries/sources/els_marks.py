"""Marks of Explore Local Statistics: known ones are statuses, a grouped district is its grouping, others are noted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.places.groupings import grouping_named, groupings
from boundaries.sources.cells import MARKERS

if TYPE_CHECKING:
    from pandas.api.extensions import ExtensionArray

    from boundaries.sources.els_file import ElsFile

_TOGETHER = re.compile(r"(?:\w+ (?:is )?for )?(?P<places>.+?) (?:are )?(?:combined|together)", re.IGNORECASE)
"""``Value for Hackney and City of London combined``."""


def statuses(file: ElsFile, rows: np.ndarray, repairs: dict[str, int]) -> ExtensionArray:
    """Return the status of every row; a figure that is missing without a mark is unavailable.

    A mark that nobody knows says something of a figure, and does not take it away: it is noted with the number of its rows.
    """
    marks, place = file.words["status"].distinct, file.words["status"].place[rows]
    known = [MARKERS.get(mark.strip().lower(), "") for mark in marks]
    number = np.bincount(place[place >= 0], minlength=len(marks))
    for mark, status, touched in zip(marks, known, number, strict=True):
        if not status and touched and not _group(mark):
            repairs[f"marked '{mark}': figures as published"] = int(touched)
    missing = np.isnan(file.numbers["observation"][rows])
    words = pd.array([*known, "unavailable", "ok"], dtype="str")
    plain = np.array([not status for status in [*known, ""]], dtype=np.bool_)[place]
    return words.take(np.where(plain, np.where(missing, len(known), len(known) + 1), place))


def grouped(frame: pd.DataFrame, file: ElsFile, rows: np.ndarray, repairs: dict[str, int]) -> pd.DataFrame:
    """Give a row whose mark says that it is of several areas together the code and name of their published grouping.

    Both members may hold the one figure: it is one row.
    """
    marks, place = file.words["status"].distinct, file.words["status"].place[rows]
    together = {number: group for number, mark in enumerate(marks) if (group := _group(mark))}
    touched = np.isin(place, [*together])
    if not touched.any():
        return frame
    codes = [together[number] for number in place[touched]]
    for number, code in together.items():
        repairs[f"marked '{marks[number]}': taken as {code}"] = int((place == number).sum())
    frame.loc[touched, "code"] = pd.array(codes, dtype="str")
    frame.loc[touched, "name"] = pd.array([groupings()[code].name for code in codes], dtype="str")
    return frame[~(frame.duplicated() & touched)].reset_index(drop=True)


def _group(mark: str) -> str:
    """Return the code of the grouping that a mark names, "" where it names none."""
    said = _TOGETHER.fullmatch(mark.strip())
    return grouping_named(said["places"]) if said else ""
