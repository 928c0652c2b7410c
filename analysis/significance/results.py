"""What a statistic returns: one number for the map, or a row and an honest class for every area."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from analysis.significance.corrections import adjust, k_star

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.significance.inference import Inference
    from analysis.weights import Weights

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Words = np.ndarray[Any, np.dtype[np.object_]]

MORAN_CLASSES = ("high-high", "low-low", "high-low", "low-high", "not-significant", "not-testable", "no-data")
"""Classes of local Moran, exactly."""

GI_CLASSES = ("high", "low", "not-significant", "not-testable", "no-data")
"""Classes of Gi*, exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class GlobalResult:
    """One number for the whole map: ``statistic, expectation, z, p``, n areas, parameters (permutations, alternative, seed, weights)."""

    name: str
    statistic: float
    expectation: float
    z: float
    p: float
    n: int
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """State the statistic, what chance gives, z, p and n in one line."""
        return (
            f"GlobalResult({self.name}: {self.statistic:.4f}, expected {self.expectation:.4f}, "
            f"z {self.z:.2f}, p {self.p:.2g}, n {self.n})"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row: ``statistic expectation z p n``, indexed by the statistic's name."""
        row = {"statistic": self.statistic, "expectation": self.expectation, "z": self.z, "p": self.p, "n": self.n}
        return pd.DataFrame([row], index=pd.Index([self.name], name="statistic_name"))


@dataclass(frozen=True, slots=True, eq=False)
class LocalResult:
    """One row an area, on the full index of the values given.

    ``frame`` is indexed by code, columns ``statistic expectation z p q class testable``: float64 with NaN where not
    testable or no data, ``q`` the adjusted p, ``class`` one of the statistic's classes, ``testable`` bool.
    ``parameters`` records permutations, alternative, correction, alpha, cut-off, seed, weights, n, m, k_star.
    """

    name: str
    frame: pd.DataFrame
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """State the statistic and the number of areas in each class in one line."""
        counts = self.counts()
        return f"LocalResult({self.name}: {', '.join(f'{count} {name}' for name, count in counts.items() if count)})"

    def counts(self) -> dict[str, int]:
        """Return the number of areas in each class, zeros included."""
        found = self.frame["class"].value_counts()
        return {name: int(found.get(name, 0)) for name in self.parameters.get("classes", tuple(found.index))}

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame, one row an area (pandas copies when either is written to)."""
        return self.frame.copy(deep=False)


class TestedAreas(Protocol):
    """Which areas were tested, among all: what ``analysis.permutation.field_of`` returns."""

    @property
    def index(self) -> pd.Index:
        """Codes of all areas, shape (n_all,)."""

    @property
    def has_value(self) -> Flags:
        """Has the area a value, shape (n_all,)."""

    @property
    def tested(self) -> Flags:
        """Was it tested, shape (n_all,)."""

    @property
    def n(self) -> int:
        """How many were tested."""


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """A local statistic of the areas that were tested, before p is adjusted: shape (n,) each, or (outcomes, n).

    ``kind`` is the class an area gets should it be significant.
    """

    statistic: Floats
    expectation: Floats
    z: Floats
    p: Floats
    kind: Words

    def row(self, outcome: int) -> Tested:
        """Return one outcome of several."""
        columns = (self.statistic, self.expectation, self.z, self.p, self.kind)
        return Tested(*(column[outcome] for column in columns))


def local_result(
    name: str,
    tested: Tested,
    *,
    field: TestedAreas,
    weights: Weights,
    inference: Inference,
    classes: tuple[str, ...],
    **parameters: Any,
) -> LocalResult:
    """Lay tested areas back on the full index, adjust p, and give every area its class.

    Parameters
    ----------
    name : the statistic's.
    tested : what was found, in the order of the tested areas of ``field``.
    field : which areas those are.
    weights, inference : what the test used.
    classes : every class of the statistic, in order.
    parameters : what else the result records.
    """
    q = adjust(tested.p, inference.correction)
    columns: dict[str, Any] = {}
    for column, found in zip(
        ("statistic", "expectation", "z", "p", "q"),
        (tested.statistic, tested.expectation, tested.z, tested.p, q),
        strict=True,
    ):
        columns[column] = np.full(len(field.index), np.nan)
        columns[column][field.tested] = found
    label = np.full(len(field.index), "not-testable", dtype=object)
    label[~field.has_value] = "no-data"
    label[field.tested] = "not-significant"
    significant = np.flatnonzero(q <= inference.alpha)
    label[np.flatnonzero(field.tested)[significant]] = tested.kind[significant]
    frame = pd.DataFrame(
        {**columns, "class": pd.array(label, dtype="str"), "testable": field.tested}, index=field.index
    )
    cut = float(tested.p[q <= inference.alpha].max(initial=-1.0))
    draws = inference.draws(field.n)
    smallest = (
        k_star(field.n, inference.alpha, draws, correction=inference.correction, tails=inference.tails)
        if draws
        else None
    )
    return LocalResult(
        name,
        frame,
        {
            "n": field.n,
            "m": field.n,
            "classes": classes,
            "cutoff": None if cut < 0 else cut,
            "permutations": draws,
            "k_star": smallest,
            **inference.recorded(),
            **described(weights),
            **parameters,
        },
    )


def described(weights: Weights) -> dict[str, Any]:
    """Return what a result records of the weights it used."""
    return {"weights": weights.policy, "weights_parameters": dict(weights.parameters)}
