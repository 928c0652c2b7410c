"""Points counted into areas: a table, or an outcome of one's own; small counts are withheld, and none can be had by subtraction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.errors import ConfigError, TableError
from geo.points import areas_of_points, read_points
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from boundaries.areas.boundary_set import BoundarySet
    from geo.points import PointReading

SMALLEST = 5
"""Counts from 1 to one below are withheld, as UK departments do, unless another threshold is stated."""

PER = 1000.0
"""Rates are per so many residents."""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Points in areas.

    Parameters
    ----------
    boundaries : the areas. counts : of each, in their order. withheld : of which the count is not told.
    points, unplaced, nowhere, several : how many points there were; had no coordinates; lie in no area; lie in more than one,
        and were counted in the first by code.
    smallest : the least count that is told.
    """

    boundaries: BoundarySet
    counts: NDArray[np.int64]
    withheld: NDArray[np.bool_]
    points: int
    unplaced: int
    nowhere: int
    several: int
    smallest: int

    def to_frame(self) -> pd.DataFrame:
        """Return a row an area: ``code name count status residents per_1000_residents``; withheld counts are missing."""
        frame = self.boundaries.frame
        told = pd.Series(np.where(self.withheld, np.nan, self.counts)).astype("Int64")
        living = frame["population"].to_numpy(dtype=np.float64)
        rate = np.divide(PER * self.counts, living, out=np.full(len(frame), np.nan), where=living > 0)
        return pd.DataFrame(
            {
                "code": frame["code"],
                "name": frame["name"],
                "count": told,
                "status": np.where(self.withheld, "confidential", "ok"),
                "residents": living,
                "per_1000_residents": np.where(self.withheld, np.nan, rate),
            }
        )

    def lines(self) -> tuple[str, ...]:
        """Say what became of the points."""
        placed = self.points - self.unplaced - self.nowhere
        said = [f"{placed:,} of {self.points:,} points lie in {self.boundaries.in_words}"]
        said += [f"{self.nowhere:,} lie in none of them"] if self.nowhere else []
        said += [f"{self.unplaced:,} have no coordinates"] if self.unplaced else []
        said += [f"{self.several:,} on a border are counted in the first area by code"] if self.several else []
        if self.withheld.any():
            said.append(
                f"{int(self.withheld.sum()):,} areas are withheld: counts from 1 to {self.smallest - 1}, and one more where one alone "
                "would follow by subtraction"
            )
        return tuple(said)


def count_points(
    files: Sequence[Path], boundaries: BoundarySet, reading: PointReading | None = None, *, smallest: int = SMALLEST
) -> Counted:
    """Count the points of files into areas.

    Parameters
    ----------
    files : as of ``geo.points.read_points``, or folders of Parquet files, read one after the other. boundaries : the areas. reading : what files do not say.
    smallest : the least count that is told; counts from 1 to one below are withheld. 0 or 1 tells all.

    Raises
    ------
    TableError, CRSError
        As ``read_points``.
    """
    counts = np.zeros(len(boundaries), dtype=np.int64)
    points = unplaced = nowhere = several = 0
    shapes = boundaries.frame.geometry.to_numpy()
    for file in _each(files):
        layer = read_points(file, reading)
        inside = areas_of_points(shapes, layer.xy)
        counts += np.bincount(inside.area[inside.area >= 0], minlength=len(counts))
        points, unplaced = points + len(layer), unplaced + layer.unplaced
        nowhere += inside.nowhere - layer.unplaced
        several += len(np.unique(inside.several[:, 0]))
    return Counted(boundaries, counts, withheld(counts, smallest), points, unplaced, nowhere, several, smallest)


def _each(files: Sequence[Path]) -> Iterator[Path]:
    """Yield files, those of a folder in the order of their names."""
    for file in files:
        parts = sorted(file.rglob("*.parquet")) if file.is_dir() else [file]
        if not parts:
            raise TableError(f"there is no Parquet file in {file}")
        yield from parts


def withheld(counts: NDArray[np.int64], smallest: int) -> NDArray[np.bool_]:
    """Return which counts are not told: the small ones, and the next larger where one alone would follow from the total.

    Examples
    --------
    >>> withheld(np.array([0, 3, 9, 20]), 5).tolist()
    [False, True, True, False]
    """
    hidden = (counts > 0) & (counts < smallest)
    if hidden.sum() == 1:
        others = np.flatnonzero(~hidden & (counts > 0))
        if len(others):
            hidden[others[np.argmin(counts[others])]] = True
    return np.asarray(hidden)


def outcome_of_points(
    file: Path,
    boundaries: BoundarySet,
    *,
    name: str,
    denominator: str = "",
    smallest: int = SMALLEST,
    reading: PointReading | None = None,
    **meaning: Any,
) -> OutcomeTable:
    """Return points as an outcome: counts, or with ``denominator="residents"`` rates per 1,000 residents.

    Parameters
    ----------
    file, boundaries, reading, smallest : as of ``count_points``. name : id of the outcome.
    meaning : title, unit, favourable, of ``OutcomeMeta``; what is None is left out.

    Raises
    ------
    ConfigError
        Another denominator.
    TableError, CRSError
        As ``count_points``.
    """
    if denominator not in {"", "residents"}:
        raise ConfigError(
            f"points have no denominator '{denominator}'", ['choose "residents", or leave it out for counts']
        )
    counted = count_points([file], boundaries, reading, smallest=smallest)
    table = counted.to_frame()
    rate = denominator == "residents"
    frame = outcome_frame(
        {
            "code": table["code"],
            "name": table["name"],
            "value": table["per_1000_residents" if rate else "count"].astype("float64"),
            "denominator": table["residents"] if rate else None,
            "status": table["status"],
        }
    )
    stated = {key: value for key, value in meaning.items() if value is not None}
    meta = OutcomeMeta(
        **{
            "id": name,
            "title": name,
            "measure": "rate" if rate else "count",
            "unit": "per 1,000 residents" if rate else "",
            "denominator": "residents" if rate else "",
            "nations": tuple(dict.fromkeys(boundaries.frame["nation"])),
            "geography": boundaries.geography,
            "source": Source(title=file.name, sha256=sha256_of(file)),
            "note": f"{'. '.join(counted.lines())}.",
            **stated,
        }
    )
    return OutcomeTable(
        meta, frame, repairs={"points that lie in none of the areas": counted.nowhere} if counted.nowhere else {}
    )
