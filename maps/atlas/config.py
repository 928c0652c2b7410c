"""What an atlas is made of: TOML, checked whole, unknown keys named with their nearest neighbour."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from boundaries.measures import Favourable, Measure
from geo.errors import ConfigError, listed

BUILT_IN = Path(__file__).parents[1] / "atlases"
"""Atlases that are called by name."""

Kind = Literal[
    "choropleth",
    "clusters",
    "hotspots",
    "robustness",
    "uncertainty",
    "typology",
    "labels",
    "hex",
    "scatter",
    "caterpillar",
    "effects",
]
Format = Literal["png", "svg", "pdf"]
PackTier = Literal["nation", "region"]
Scheme = Literal["quantile", "fisher-jenks", "equal", "std", "headtail", "boxplot", "published"]
"""How values are put in classes; ``published``: in the bands that the source gives beside its values."""
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""What an outcome may be shown as; those that need intervals are left out where none is published."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BoundariesPart(_Part):
    """Which areas, on which date, from where."""

    geography: str = Field("LAD", description="LAD, UTLA, ITL2 …; with members, the name in front of their codes.")
    members: str | None = Field(None, description="Name of a bundled membership table, or a CSV: code,name,member.")
    date: dt.date | None = Field(None, description="Default: last day of the latest epoch in which all codes are live.")
    source: str = Field("bundled", description='"bundled", "official" or the path of a layer.')
    nations: tuple[Literal["E", "W", "S", "N"], ...] = ("E", "W", "S", "N")
    within: str | None = Field(
        None, description="Only the areas of one nation, English region, county or combined authority, by code or name."
    )
    scenario: str | None = Field(None, description="A planned reorganisation, by name.")


class OutcomePart(_Part):
    """One outcome: the adapter that reads it, and what the file does not say of itself."""

    id: Slug
    source: str = "table"
    file: str | None = None
    period: str = "latest"
    title: str | None = None
    measure: Measure | None = None
    unit: str | None = None
    favourable: Favourable | None = None
    indicator: str | None = Field(None, description="Which indicator, when a file holds several.")
    where: dict[str, str] = Field(default_factory=dict, description="Breakdowns to select, column = value.")
    columns: dict[str, str] = Field(default_factory=dict, description="Roles of columns: value = 'Rate', code = 'LA'.")
    scheme: Scheme | None = Field(None, description="How its values are put in classes; default: that of the outputs.")
    allow: tuple[str, ...] = Field((), description="What the join may do that it refuses by default.")


class StatisticsPart(_Part):
    """How the statistics are computed."""

    weights: str = "queen+sea-links"
    permutations: int | None = Field(None, ge=99, le=999_999)
    correction: Literal["fdr_bh", "fdr_by", "bonferroni", "none"] = "fdr_bh"
    alpha: float = Field(0.05, gt=0, lt=0.5)
    seed: int = Field(20240911, ge=0)
    robustness: bool = True
    scale: Literal["value", "rank", "normal-scores", "log"] = Field(
        "value", description="On which kinds of place are compared."
    )
    extra: tuple[str, ...] = Field((), description="Further statistics that are installed: see 'placeatlas plugins'.")


class LayersPart(_Part):
    """What else is measured of every area, and which further kinds of place follow from it."""

    extra: tuple[str, ...] = Field((), description="Layers that are installed: see 'placeatlas plugins'.")
    typologies: tuple[str, ...] = Field(
        (),
        description="Further definitions of coastal, rural or post-industrial: built-in names, or TOML files; a rule may name a column of a layer.",
    )


class TypePart(_Part):
    """A kind of place of one's own, or a built-in one that needs a table."""

    dimension: Slug | None = Field(None, description="What the kind of place is called; default: the name of the list.")
    members: str = Field(description="A CSV of codes or names, a definition in TOML, or a built-in definition.")
    file: str = Field("", description="Of post-industrial-measured: a table of value added by industry.")
    id: Slug = "list"
    title: str = ""
    date: dt.date | None = Field(None, description="On which codes or names of a list are live; default: found.")
    nations: tuple[Literal["E", "W", "S", "N"], ...] = Field(
        (), description="What a list is about; default: its members'."
    )
    credit: str = "a list of one's own"
    licence: str = ""


class OutputsPart(_Part):
    """What is written."""

    kinds: tuple[Kind, ...] = KINDS
    formats: tuple[Format, ...] = ("png", "svg", "pdf")
    packs: tuple[PackTier, ...] = ("nation", "region")
    scheme: Scheme = "quantile"
    hex_layout: str = Field(
        "", description="A published layout of hexagons, HexJSON or GeoPackage; our own without one."
    )


class AtlasConfig(_Part):
    """A whole atlas."""

    schema_: Literal[1] = Field(1, alias="schema")
    title: str
    slug: Slug
    report_errors_to: str = "whoever published this atlas"
    boundaries: BoundariesPart = BoundariesPart()
    outcome: tuple[OutcomePart, ...] = Field(min_length=1)
    statistics: StatisticsPart = StatisticsPart()
    layers: LayersPart = LayersPart()
    type: tuple[TypePart, ...] = ()
    outputs: OutputsPart = OutputsPart()

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        """Read ``outcomes = ["els:gross-median-weekly-pay"]`` as tables with everything else from the adapter."""
        if not isinstance(data, dict) or "outcomes" not in data:
            return data
        rest = {key: value for key, value in data.items() if key != "outcomes"}
        short = data["outcomes"]
        if not isinstance(short, list) or not all(isinstance(entry, str) and entry.count(":") == 1 for entry in short):
            raise ValueError('outcomes must be a list of "adapter:id"')
        tables = [{"source": source, "id": name} for source, name in (entry.split(":") for entry in short)]
        return {**rest, "outcome": [*tables, *rest.get("outcome", [])]}

    @model_validator(mode="after")
    def _ids_are_unique(self) -> AtlasConfig:
        ids = [outcome.id for outcome in self.outcome]
        doubled = sorted({name for name in ids if ids.count(name) > 1})
        if doubled:
            raise ValueError(f"outcomes share an id: {listed(doubled)}")
        return self


def locate_config(name: str | None) -> Path:
    """Find a configuration: a path, or the name of a built-in atlas; without a name, the starter atlas.

    Raises
    ------
    ConfigError
        Neither a file nor a built-in atlas of that name; the nearest name is given.
    """
    name = name or "starter"
    path = Path(name)
    if path.is_file():
        return path
    built_in = BUILT_IN / f"{name}.toml"
    if "/" not in name and built_in.is_file():
        return built_in
    names = sorted(entry.stem for entry in BUILT_IN.glob("*.toml"))
    near = difflib.get_close_matches(path.stem, names, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"built-in atlases: {', '.join(names)}"
    raise ConfigError(
        f"there is no configuration '{name}'", ["expected a TOML file or the name of a built-in atlas", hint]
    )


def load_config(path: Path) -> AtlasConfig:
    """Read and check a configuration, naming every fault at once.

    Raises
    ------
    ConfigError
        Not TOML; unknown keys (each with the nearest key that exists); values of the wrong kind.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is not valid TOML", [str(error)]) from error
    try:
        return AtlasConfig.model_validate(data)
    except ValidationError as error:
        raise ConfigError(f"{path.name} cannot be used", _faults(error)) from error


def _faults(error: ValidationError) -> list[str]:
    found_faults = error.errors()
    within = {fault["loc"][0] for fault in found_faults if len(fault["loc"]) > 1}
    faults = []
    for fault in found_faults:
        if fault["type"] == "too_short" and fault["loc"][0] in within:
            continue  # entries that were refused for their own faults are not missing
        where = [str(step) for step in fault["loc"]]
        if fault["type"] == "extra_forbidden":
            known = _keys_at(where[:-1])
            near = difflib.get_close_matches(where[-1], known, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"keys here: {', '.join(sorted(known))}"
            faults.append(f"unknown key '{'.'.join(where)}': {hint}")
        else:
            found = "" if fault["type"] == "missing" else f" (found {fault['input']!r:.60})"
            faults.append(f"{'.'.join(where) or 'the whole'}: {fault['msg'].removeprefix('Value error, ')}{found}")
    return faults


def _keys_at(where: list[str]) -> list[str]:
    """Return the keys that may stand at a place of the configuration."""
    model: type[BaseModel] = AtlasConfig
    parts: dict[str, type[BaseModel]] = {
        "boundaries": BoundariesPart,
        "outcome": OutcomePart,
        "statistics": StatisticsPart,
        "layers": LayersPart,
        "type": TypePart,
        "outputs": OutputsPart,
    }
    if where:
        model = parts.get(where[0], AtlasConfig)
    extra = ["outcomes"] if model is AtlasConfig else []
    return [field.alias or name for name, field in model.model_fields.items()] + extra
