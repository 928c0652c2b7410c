"""From a table of TOML to a covariate: the layer is read and hashed when areas are measured, once a set of areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import ValidationError

from analysis.layered.asking import CovariatePart
from analysis.layered.measuring import MEASURES, Measured
from analysis.statistics import AreaColumns, Covariate, Meaning
from analysis.typology.own_types import find_file
from geo.documents import toml_of
from geo.errors import ConfigError, listed
from geo.provenance import Source, sha256_of
from geo.validation import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from boundaries.areas.boundary_set import BoundarySet

UNITS = {
    "count": "",
    "count_per_residents": "per 1,000 residents",
    "count_per_km2": "per km²",
    "nearest": "m",
    "share_within": "%",
    "length": "km",
    "length_per_residents": "km per 1,000 residents",
    "length_per_km2": "km per km²",
    "share": "%",
    "share_of_residents": "%",
}
"""Units that a statistic gives; others are those of the layer."""

WORDS = {
    "count": "number of {what}",
    "nearest": "mean distance to the nearest of {what}",
    "share_within": "share within {within:,.0f} m of {what}",
    "length": "length of {what}",
    "share": "share in {what}",
    "share_of_residents": "share of residents in {what}",
    "population_weighted_mean": "mean of {what}, over residents",
}
"""What a column is, in one line; {what} is the title."""


def covariate_of(part: CovariatePart, folders: Sequence[Path] = ()) -> str | Covariate:
    """Return a covariate as ``StudyConfig`` takes it: of one that is installed, its name.

    Parameters
    ----------
    part : how it is asked for. folders : in which relative files are looked up, in order, after the working folder.

    Raises
    ------
    ConfigError
        A file that is not there.
    """
    if part.name:
        return part.name
    path = find_file(part.file, folders)
    residents = find_file(part.residents, folders) if part.residents else None
    source = Source(
        title=part.credit or path.name,
        sha256=sha256_of(path),
        licence=part.licence,
        attribution=part.attribution,
    )

    return Covariate(part.id, _Layer(part, path, residents, source))


@dataclass(frozen=True, slots=True)
class _Layer:
    """The function of a covariate; unlike a closure it can be handed to another process."""

    part: CovariatePart
    path: Path
    residents: Path | None
    source: Source

    def __call__(self, boundaries: BoundarySet) -> AreaColumns:
        """Measure the areas of a set."""
        found = MEASURES[self.part.kind](self.part, self.path, self.residents, boundaries)
        return _columns(self.part, found, boundaries, self.source)


def covariates_of(
    asked: Iterable[str | Mapping[str, Any] | CovariatePart | Covariate], folders: Sequence[Path] = ()
) -> tuple[str | Covariate, ...]:
    """Return covariates as ``StudyConfig`` takes them.

    Parameters
    ----------
    asked : names of those that are installed, paths of TOML files with tables ``[[covariate]]``, tables of the same keys, or
        covariates. folders : as ``covariate_of``.

    Raises
    ------
    ConfigError
        What cannot be meant, or a file that is not there.
    """
    found: list[str | Covariate] = []
    for one in asked:
        if isinstance(one, Covariate):
            found.append(one)
        elif isinstance(one, str) and one.endswith(".toml"):
            path = find_file(one, folders)
            parts = read_covariates(path)
            found += [covariate_of(part, [path.parent, *folders]) for part in parts]
        elif isinstance(one, str):
            found.append(one)
        else:
            part = one if isinstance(one, CovariatePart) else _checked(one, "a covariate")
            found.append(covariate_of(part, folders))
    return tuple(found)


def read_covariates(path: Path) -> tuple[CovariatePart, ...]:
    """Read the tables ``[[covariate]]`` of a TOML file.

    Raises
    ------
    ConfigError
        It is no TOML, holds something else, or what cannot be meant.
    """
    tables = toml_of(path).get("covariate")
    if not isinstance(tables, list) or not tables:
        raise ConfigError(f"{path.name} holds no covariates", ["expected tables [[covariate]]"])
    return tuple(_checked(table, f"{path.name}: covariate {number}") for number, table in enumerate(tables, 1))


def _checked(table: Any, where: str) -> CovariatePart:
    try:
        return CovariatePart.model_validate(table)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc']))}: {'; '.join(words_of(fault))}".removeprefix(": ")
            for fault in error.errors()
        ]
        raise ConfigError(f"{where} cannot be meant", faults) from error


def _columns(part: CovariatePart, found: Measured, boundaries: BoundarySet, source: Source) -> AreaColumns:
    """Return what was measured with its meaning; an area of which too little is covered has no value."""
    codes = pd.Index(boundaries.frame["code"], name="code")
    values = pd.Series(found.values, index=codes)
    notes = list(found.notes)
    meanings = {part.column: Meaning(_words(part), part.unit or UNITS.get(part.column, ""), source)}
    columns = {part.column: values}
    if found.coverage is not None:
        coverage = pd.Series(found.coverage, index=codes)
        little = coverage < part.coverage
        if little.any():
            notes.append(
                f"{int(little.sum())} areas have no value, since less than {part.coverage:.0%} of them is covered: {listed(codes[little])}"
            )
        columns = {part.column: values.mask(little), "coverage": coverage}
        meanings["coverage"] = Meaning(f"Share of {found.covered} that {_what(part)} covers, from 0 to 1", "", source)
    return AreaColumns(pd.DataFrame(columns), meanings, tuple(notes))


def _what(part: CovariatePart) -> str:
    return part.title or part.id


def _words(part: CovariatePart) -> str:
    plain = part.measure.replace("-", "_")
    said = WORDS.get(plain, f"{part.measure} of {{what}}")
    if part.kind == "raster" and plain == "share":
        said = f"share of class {part.class_:g} of {{what}}"
    words = said.format(what=_what(part), within=part.within)
    per = {"": "", "residents": ", per 1,000 residents", "km2": ", per km²"}[part.per]
    basis = {"share_within": "land", "nearest": "land"}.get(plain, "")
    over = f", of {'residents' if part.residents else basis}" if basis else ""
    dated = f" ({part.vintage})" if part.vintage else ""
    return f"{words[:1].upper()}{words[1:]}{over}{per}{dated}"
