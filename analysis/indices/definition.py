"""A composite index as data: TOML, checked whole, every fault named at once."""

from __future__ import annotations

import datetime as dt
import difflib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from boundaries.outcomes.measures import Measure, PlaceBasis
from geo.documents import toml_of
from geo.errors import ConfigError, listed
from geo.validation import words_of

BUILT_IN = Path(__file__).parent
"""Indices that are called by name."""

Normalisation = Literal["z", "min-max", "rank", "exponential"]
Aggregation = Literal["arithmetic", "geometric"]
Weighting = Literal["equal", "given", "importance"]
Transform = Literal["none", "log", "winsor"]
ErrorKind = Literal["published", "modelled", "counted"]
Imputation = Literal["refuse", "average", "region", "reweight"]
OnCut = Literal["outward", "upward", "downward"]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

FEW_DRAWS = 1_000
"""Below this the shares of rank variance are not told from nothing: they are refused."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AreasPart(_Part):
    """The areas every indicator is joined to, on one date."""

    geography: str = "LAD"
    members: str | None = Field(None, description="Name of a bundled membership table, or a CSV: code,name,member.")
    date: dt.date | None = Field(
        None, description="Default: the latest date on which the codes of all indicators live."
    )
    nations: tuple[Literal["E", "W", "S", "N"], ...] = ("E", "W", "S", "N")
    layer: str = Field("bundled", description='"bundled", "official" or the path of a layer.')


class IndicatorPart(_Part):
    """One indicator: what is read, which end is good, how it is prepared."""

    id: Slug
    direction: Literal["high", "low"] = Field(description="Which end is good: never guessed.")
    source: str = "table"
    file: str | None = None
    title: str | None = None
    period: str = "latest"
    measure: Measure | None = None
    unit: str | None = None
    place_basis: PlaceBasis | None = None
    edition: str | None = None
    indicator: str | None = Field(None, description="Which indicator, when a file holds several.")
    where: dict[str, str] = Field(default_factory=dict, description="Breakdowns to select, column = value.")
    columns: dict[str, str] = Field(default_factory=dict, description="Roles of columns: value = 'Rate', code = 'LA'.")
    allow: tuple[str, ...] = Field((), description="What the join may do that it refuses by default.")
    transform: Transform = "none"
    weight: float = Field(1.0, ge=0, allow_inf_nan=False)
    goalposts: tuple[float, float] | None = Field(None, description="Lowest and highest value of min-max, in its unit.")
    error: ErrorKind = Field(
        "published",
        description="published: a survey's; modelled: its interval is a posterior already; counted: everyone is counted.",
    )


class MissingPart(_Part):
    """What is done where an area lacks an indicator."""

    how: Imputation = "refuse"
    allowed: float = Field(0.0, ge=0, lt=1, description="Share of its indicators an area may lack.")


class BandsPart(_Part):
    """Bands of the result, lowest first."""

    cuts: tuple[float, ...]
    labels: tuple[str, ...]
    on_cut: OnCut = "outward"

    @model_validator(mode="after")
    def _fit(self) -> BandsPart:
        if list(self.cuts) != sorted(set(self.cuts)):
            raise ValueError(f"cuts must rise: found {list(self.cuts)}")
        if len(self.labels) != len(self.cuts) + 1 or len(set(self.labels)) != len(self.labels):
            raise ValueError(f"{len(self.cuts)} cuts make {len(self.cuts) + 1} bands, each with a label of its own")
        return self


class UncertaintyPart(_Part):
    """Which choices are tried beside the stated ones."""

    draws: int = Field(10_000, ge=2, le=1_000_000)
    seed: int = Field(20240911, ge=0)
    weights_within: float = Field(0.25, ge=0, lt=1, description="Weights vary by this share of themselves.")
    normalisations: tuple[Normalisation, ...] = ("z", "min-max", "rank")
    aggregations: tuple[Aggregation, ...] = ("arithmetic", "geometric")
    leave_one_out: float = Field(0.5, ge=0, lt=1, description="Share of the draws that leave one indicator out.")


class IndexDefinition(_Part):
    """A whole index."""

    schema_: Literal[1] = Field(1, alias="schema")
    id: Slug
    title: str
    edition: str = Field(min_length=1, description="Editions are never chained: a changed index is a new edition.")
    favourable: Literal["high", "low"] = "high"
    mixed_basis: str = Field("", description="Why people who grew up, live or work in a place are taken together.")
    period: str | None = Field(None, description="What the result is dated; default: from the indicators.")
    normalisation: Normalisation = "z"
    scale: tuple[float, float] = (1.0, 100.0)
    weights: Weighting = "equal"
    aggregation: Aggregation = "arithmetic"
    boundaries: AreasPart = AreasPart()
    indicator: tuple[IndicatorPart, ...] = Field(min_length=2)
    missing: MissingPart = MissingPart()
    bands: BandsPart | None = None
    uncertainty: UncertaintyPart = UncertaintyPart()

    @model_validator(mode="after")
    def _can_be_meant(self) -> IndexDefinition:
        faults = [*self._of_indicators(), *self._of_methods()]
        if faults:
            raise ValueError(*faults)
        return self

    def _of_indicators(self) -> list[str]:
        ids = [part.id for part in self.indicator]
        faults = []
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            faults.append(f"an indicator stands twice: {listed(twice)}")
        whole = [
            (part.source, part.file or part.id, part.indicator, *sorted(part.where.items()), part.period,
             *sorted(part.columns.items()))
            for part in self.indicator
        ]  # fmt: skip
        same = [ids[at] for at, key in enumerate(whole) if key in whole[:at] and ids[at] not in ids[:at]]
        if same:
            faults.append(f"the same figures stand twice under another id: {listed(same)}")
        if self.weights != "equal" and not sum(part.weight for part in self.indicator) > 0:
            faults.append("the weights sum to nothing: give at least one indicator a weight above 0")
        stated = [part.id for part in self.indicator if part.weight != 1]
        if self.weights == "equal" and stated:
            faults.append(f'weights are equal, yet stated for {listed(stated)}: write weights = "given"')
        posts = [part.id for part in self.indicator if part.goalposts and not part.goalposts[0] < part.goalposts[1]]
        if posts:
            faults.append(f"goalposts must rise: {listed(posts)}")
        return faults

    def _of_methods(self) -> list[str]:
        faults = []
        if self.aggregation == "geometric" and self.normalisation == "z":
            faults.append(
                "a geometric mean of z-scores is not defined, half of them are below 0: "
                'write normalisation = "min-max", "rank" or "exponential"'
            )
        if not self.scale[0] < self.scale[1]:
            faults.append(f"scale must rise: found {list(self.scale)}")
        if self.aggregation == "geometric" and self.scale[0] <= 0:
            faults.append("a geometric mean needs a scale above 0: write scale = [1, 100]")
        posted = [part.id for part in self.indicator if part.goalposts]
        if posted and self.normalisation != "min-max":
            faults.append(f'goalposts are of normalisation = "min-max": {listed(posted)}')
        if self.missing.how == "refuse" and self.missing.allowed:
            faults.append('missing.allowed needs missing.how = "average", "region" or "reweight"')
        if not self.uncertainty.normalisations or not self.uncertainty.aggregations:
            faults.append("uncertainty needs at least one normalisation and one aggregation")
        return faults


def load_index(name: str | Path) -> IndexDefinition:
    """Read an index by path, or by the name of a built-in one.

    Raises
    ------
    ConfigError
        No such index; not TOML; unknown keys (each with the nearest key that exists); what cannot be meant.
    """
    path = Path(name)
    built_in = BUILT_IN / f"{name}.toml"
    if not path.is_file() and "/" not in str(name) and built_in.is_file():
        path = built_in
    if not path.is_file():
        known = sorted(entry.stem for entry in BUILT_IN.glob("*.toml"))
        raise ConfigError(f"there is no index '{name}'", [f"expected a TOML file, or one of: {', '.join(known)}"])
    return index_of(toml_of(path), called=path.name)


def index_of(data: dict[str, Any], *, called: str = "the index") -> IndexDefinition:
    """Check an index given as a mapping.

    Raises
    ------
    ConfigError
        Every fault at once.
    """
    try:
        return IndexDefinition.model_validate(data)
    except ValidationError as error:
        raise ConfigError(f"{called} cannot be built", _faults(error, data)) from error


_PARTS: dict[str, type[BaseModel]] = {
    "boundaries": AreasPart,
    "indicator": IndicatorPart,
    "missing": MissingPart,
    "bands": BandsPart,
    "uncertainty": UncertaintyPart,
}


def _faults(error: ValidationError, data: dict[str, Any]) -> list[str]:
    found = error.errors()
    within = {fault["loc"][0] for fault in found if len(fault["loc"]) > 1}
    said: list[str] = []
    for fault in found:
        where = [str(step) for step in fault["loc"]]
        if fault["type"] == "too_short" and where and where[0] in within:
            continue  # entries that were refused for their own faults are not missing
        if fault["type"] == "missing" and where[-1] == "direction":
            said.append(
                f"indicator '{_id_at(data, where)}': direction is not stated; say which end is good, high or low"
            )
        elif fault["type"] == "extra_forbidden":
            known = [field.alias or name for name, field in _PARTS.get(where[0], IndexDefinition).model_fields.items()]
            known = known if len(where) > 1 else [
                field.alias or name for name, field in IndexDefinition.model_fields.items()
            ]  # fmt: skip
            near = difflib.get_close_matches(where[-1], known, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"keys here: {', '.join(sorted(known))}"
            said.append(f"unknown key '{'.'.join(where)}': {hint}")
        else:
            shown = "" if fault["type"] in {"missing", "value_error"} else f" (found {fault['input']!r:.60})"
            place = ".".join(where)
            said += [f"{place}: {words}{shown}" if place else words for words in words_of(fault)]
    return said


def _id_at(data: dict[str, Any], where: list[str]) -> str:
    try:
        return str(data["indicator"][int(where[1])]["id"])
    except (KeyError, IndexError, TypeError, ValueError):
        return where[1] if len(where) > 1 else "?"


NORMALISATIONS: tuple[str, ...] = get_args(Normalisation)
