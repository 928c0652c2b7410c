"""What an atlas is made of: TOML, checked whole, unknown keys named with their nearest neighbour."""

from __future__ import annotations

import datetime as dt
import difflib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from analysis.claims import check_form
from analysis.layered import CovariatePart
from analysis.levels import LevelOptions
from analysis.typology.definitions import DIMENSIONS
from boundaries.outcomes.measures import Base, Favourable, Measure, PlaceBasis
from boundaries.sources.groups import Gap
from boundaries.vocabulary import Isolates
from geo.directions import closed
from geo.documents import toml_of
from geo.errors import ConfigError, StatisticsError, listed
from geo.renaming import renamed, under_new_names
from maps.atlas.config_faults import faults_of
from maps.atlas.config_types import Format, Hands, Kind, Lines, Scheme, Slug
from maps.kinds.table import kind_named, usual_kinds
from maps.words import languages

BUILT_IN = Path(__file__).parents[1] / "atlases"
"""Atlases that are called by name."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BoundariesPart(_Part):
    """Which areas, on which date, from where."""

    geography: str = Field(
        "LAD", description="LAD, UTLA, ITL2 …; with members, the name in front of their codes; of a layer LSOA, WARD …"
    )
    members: str | None = Field(None, description="Name of a bundled membership table, or a CSV: code,name,member.")
    date: dt.date | None = Field(None, description="Default: last day of the latest epoch in which all codes are live.")
    layer: str = Field("bundled", description='Shapes: "bundled", "official" or the path of a layer.')
    code: str | None = Field(None, description="Column of codes of a layer, where the guess is not good enough.")
    name: str | None = Field(None, description="Column of names of a layer.")
    lookup: Lines = Field(
        (), description="Of a layer: tables of codes and districts, of residents, or of codes of two editions."
    )
    nations: tuple[Literal["E", "W", "S", "N"], ...] = Field(
        ("E", "W", "S", "N"), description="Initials of the nations whose areas are wanted."
    )
    within: str | None = Field(
        None, description="Only the areas of one nation, English region, county or combined authority, by code or name."
    )
    scenario: str | None = Field(None, description="A planned reorganisation, by name.")

    @model_validator(mode="before")
    @classmethod
    def _former_keys(cls, data: Any) -> Any:
        return under_new_names(data, {"source": "layer"}, where="boundaries")


class OutcomePart(_Part):
    """One outcome: the adapter that reads it, and what the file does not say of itself."""

    id: Slug = Field(description="Names its files and columns: lower case, digits and hyphens.")
    source: str = Field("table", description="The publisher's adapter: see 'placeatlas plugins'.")
    file: str | None = Field(None, description="Relative to the folders of --data, then to this file.")
    fetch: str | None = Field(
        None, description='Where it is fetched from, as "placeatlas fetch" names it: "els:ID", "file:ADDRESS" …'
    )
    sha256: str = Field("", description="Hash that the file must have: another file of its name is refused.")
    sheet: str | None = Field(None, description="Sheet of a workbook.")
    sql: str | None = Field(
        None, description="What is asked of the database that file names: sqlite:///…, postgresql://…."
    )
    derive: str | None = Field(None, description='Made of outcomes before it: "ratio(jobs, residents, per = 100)".')
    points: str | None = Field(None, description="Made of points, counted into the areas; columns: x, y.")
    denominator: Literal["", "residents"] = Field("", description="Of points: residents gives a rate per 1,000.")
    suppress_below: int = Field(5, ge=0, description="Of points: smaller counts, but 0, are withheld.")
    crs: str = Field("", description="Of points: their reference system, where the file does not tell.")
    covariate: str | None = Field(None, description="Made of a covariate, by its id or name.")
    optional: bool = Field(default=False, description="Go without it, and say so, where its file is not there.")
    period: str = Field("latest", description="Period to take, as published.")
    periods: Literal["", "all", "latest"] = Field(
        "",
        description="Followed over its periods where they fit; all: refused where they do not; latest: not followed.",
    )
    title: str | None = Field(None, description="What a reader calls it.")
    subtitle: str | None = Field(None, description="What is measured, in words, below the title.")
    measure: Measure | None = Field(None, description="What a figure is: decides how it may be converted.")
    unit: str | None = Field(None, description="£, %, proportion (shown in per cent), per 1,000 …")
    favourable: Favourable | None = Field(None, description="Which end is good: high, low, none.")
    basis: PlaceBasis | None = Field(None, description="Whose place it is: where people live in, or grew up in.")
    edition: str | None = Field(None, description="Edition of an index; editions are never chained.")
    credit: str | None = Field(None, description="The publication, as it is cited on every map.")
    licence: str | None = Field(None, description="Name of the licence.")
    attribution: Lines = Field((), description="Lines that the licence asks for, under everything made from it.")
    note: str | None = Field(None, description="A sentence that stands beside every map.")
    base: Base | None = Field(None, description="fixed, or relative: scores re-standardised in every period.")
    indicator: str | None = Field(None, description="Which indicator, when a file holds several.")
    where: dict[str, str] = Field(default_factory=dict, description="Breakdowns to select, column = value.")
    gap: Gap | None = Field(None, description="The gap between two groups, in place of one: column, of, against.")
    columns: dict[str, str] = Field(default_factory=dict, description="Roles of columns: value = 'Rate', code = 'LA'.")
    band: str | None = Field(None, description="Column of the publisher's own bands; its map then shows them.")
    scheme: Scheme | None = Field(None, description="How its values are put in classes; default: that of the outputs.")
    breaks: tuple[float, ...] = Field((), description="Limits of bands, rising; also the classes of its map of values.")
    labels: tuple[str, ...] = Field((), description="Names of the bands, from the lowest, one more than breaks.")
    reliability: float | None = Field(
        None, description="Share of the spread of values that is truth, where no error is published."
    )
    modelled: bool | None = Field(
        None, description="Its publisher modelled the figures: nothing is shrunk again; default: as its source says."
    )
    since: str | None = Field(None, description="Of change: the earlier period; of multiples: the first.")
    against: Slug | None = Field(
        None, description="Of bivariate and hubs: the second outcome, by id; of symbols: their colour."
    )
    allow: tuple[str, ...] = Field((), description="What the join may do that it refuses by default.")
    geography: str | None = Field(None, description="Areas of its own, where they are not those of [boundaries].")
    members: str | None = Field(None, description="Members of areas of its own, as in [boundaries].")
    date: dt.date | None = Field(None, description="Date of areas of its own, as in [boundaries].")
    layer: str | None = Field(None, description="Shapes of areas of its own, as in [boundaries].")
    code: str | None = Field(None, description="Column of codes of a layer of its own.")
    name: str | None = Field(None, description="Column of names of a layer of its own.")
    lookup: Lines = Field((), description="Lookups of a layer of its own, as in [boundaries].")

    @property
    def levels(self) -> LevelOptions:
        """How its levels are made."""
        return LevelOptions(
            breaks=self.breaks, labels=self.labels, reliability=self.reliability, modelled=bool(self.modelled)
        )

    @model_validator(mode="after")
    def _levels_can_be_made(self) -> OutcomePart:
        try:
            self.levels  # noqa: B018 - refuses what cannot be meant
        except StatisticsError as error:
            raise ValueError(*error.faults) from error
        return self

    @model_validator(mode="after")
    def _own_areas_are_named(self) -> OutcomePart:
        if self.points is None and (self.denominator or self.suppress_below != 5 or self.crs):
            raise ValueError("denominator, suppress_below and crs are of an outcome of points")
        of_a_file = [key for key in ("file", "fetch", "indicator", "where", "gap", "columns") if getattr(self, key)]
        if self.derive is not None and of_a_file:
            raise ValueError(
                f"an outcome with derive is made of others and reads no file: leave out {', '.join(of_a_file)}"
            )
        if self.fetch is not None and self.file is not None:
            raise ValueError("an outcome is a file or is fetched: leave out file or fetch")
        if sum(bool(one) for one in (self.file or self.fetch, self.derive, self.points, self.covariate)) > 1:
            raise ValueError("an outcome is of one thing: file, fetch, derive, points or covariate")
        if (self.date or self.layer) and not (self.geography or self.members):
            raise ValueError("date and layer of an outcome are of areas of its own: name its geography or members")
        return self


class TypePart(_Part):
    """A kind of place of one's own, or a built-in one that needs a table."""

    dimension: Slug | None = Field(None, description="What the kind of place is called; default: the name of the list.")
    members: str | None = Field(
        None, description="A CSV of codes or names, or a built-in definition that needs a table."
    )
    typologies: Lines = Field(
        (), description="Definitions: built-in names, or TOML files; a rule may name a column of a covariate."
    )
    file: str = Field("", description="Of post-industrial-measured: a table of value added by industry.")
    id: Slug = Field("list", description="Of the definition.")
    title: str = Field("", description="The rule in words; default: that it is a list.")
    date: dt.date | None = Field(None, description="On which codes or names of a list are live; default: found.")
    nations: tuple[Literal["E", "W", "S", "N"], ...] = Field(
        (), description="What a list is about; default: its members'."
    )
    credit: str = Field("a list of one's own", description="Who made the list, as it is cited.")
    licence: str = Field("", description="Of the list.")


class ExtraPart(BaseModel):
    """A further statistic with parameters of its own: further keys are handed to it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = Field(description="Of a statistic that is installed: see 'placeatlas plugins'.")
    with_: Lines = Field(
        (), alias="with", description="Outcomes, by id, or covariates that it takes beside the values."
    )


class StatisticsPart(_Part):
    """How the statistics are computed."""

    weights: str = Field("queen+sea-links", description="Neighbours that are reported.")
    permutations: int | None = Field(
        None, ge=99, le=999_999, description="Draws; by default 99,999, and more where the correction needs more."
    )
    correction: Literal["fdr_bh", "fdr_by", "bonferroni", "none"] = Field(
        "fdr_bh", description="For having looked at every area."
    )
    isolates: Isolates | None = Field(
        None, description="Areas without a neighbour: refuse, keep or nearest; default: those of a layer are kept."
    )
    alpha: float = Field(0.05, gt=0, lt=0.5, description="Level of the tests.")
    seed: int = Field(20240911, ge=0, description="Of every random draw.")
    robustness: bool = Field(default=True, description="Try other neighbours and seeds.")
    scale: Literal["value", "rank", "normal-scores", "log"] = Field(
        "value", description="On which kinds of place are compared."
    )
    larger: tuple[str, ...] = Field(
        (), description="Larger areas to test again: UTLA, ITL2, region, LAD, a column of a lookup."
    )
    hubs_within_km: float = Field(
        0,
        ge=0,
        description="Of outcomes with against: hubs so near are listed too, not only those next to a low place.",
    )
    alike: tuple[str, ...] = Field((), description="What tells places alike: outcomes by id, or measures of areas.")
    extra: tuple[str | ExtraPart, ...] = Field(
        (), description="Further statistics that are installed, by name or as a table with their parameters."
    )


class OutputsPart(_Part):
    """What is written."""

    kinds: tuple[Kind, ...] = Field(default_factory=usual_kinds, description="Kinds of map and chart.")
    formats: tuple[Format, ...] = Field(
        ("png", "svg", "pdf"), description="Of every picture; PNG, which pages show, is always drawn."
    )
    packs: tuple[str, ...] = Field(
        ("nation", "region"),
        description="What gets a pack: all places of a tier (nation, region, combined-authority, county, council), and places by code or name.",
    )
    scheme: Scheme = Field("quantile", description="How values are put in classes.")
    layout: str = Field("", description="A published layout of hexagons, HexJSON or GeoPackage; our own without one.")
    languages: tuple[str, ...] = Field(
        ("en",), description="Of the pages, beside one another; English is always one: en, cy."
    )
    # left out of the manifest: nothing that is written depends on who did the work
    workers: Hands = Field(1, exclude=True, description="Processes that do the work, or tcp://host:8786.")
    area_pages: bool | None = Field(
        None, description="A page a place; by default where there are at most 2,000 places."
    )

    @property
    def drawn(self) -> tuple[Format, ...]:
        """The formats in which pictures are drawn: those asked for, and the one that pages show."""
        return self.formats if "png" in self.formats else ("png", *self.formats)

    @model_validator(mode="before")
    @classmethod
    def _former_keys(cls, data: Any) -> Any:
        return under_new_names(data, {"hex_layout": "layout"}, where="outputs")

    @field_validator("languages")
    @classmethod
    def _with_words(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        """Put English first, and refuse languages that have no words."""
        if unknown := [code for code in given if code not in languages()]:
            raise ValueError(f"no words of the language {listed(unknown)}: expected some of {', '.join(languages())}")
        return tuple(dict.fromkeys(("en", *given)))


class AtlasConfig(_Part):
    """A whole atlas."""

    schema_: Literal[1] = Field(1, alias="schema", description="Of this file.")
    title: Annotated[str, AfterValidator(closed)] = Field(description="Of the atlas.")
    slug: Slug = Field(description="Names its folder: lower case, digits and hyphens.")
    claim: str = Field("", description="A claim about kinds of place that the front page answers, in one sentence.")
    report_errors_to: str = Field("whoever published this atlas", description="Whom readers tell of an error.")
    postcodes: str = Field("", description="CSV outward,code: lets readers search by the first half of a postcode.")
    postcodes_credit: str = Field("", description="Whose table of postcodes it is; default: the name of its file.")
    address: str = Field(
        "",
        pattern=r"^(https?://[^\s\"<>]+/)?$",
        description="Where it will be published, https://…/: adds a site map, a preview.",
    )
    boundaries: BoundariesPart = Field(BoundariesPart(), description="Which areas, on which date.")
    outcome: tuple[OutcomePart, ...] = Field(min_length=1, description="What is mapped, one table an outcome.")
    covariate: tuple[CovariatePart, ...] = Field((), description="Further numbers of the areas.")
    type: tuple[TypePart, ...] = Field((), description="Further definitions of kinds of place.")
    statistics: StatisticsPart = Field(StatisticsPart(), description="How the statistics are computed.")
    outputs: OutputsPart = Field(OutputsPart(), description="What is written.")

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

    @model_validator(mode="before")
    @classmethod
    def _former_layers(cls, data: Any) -> Any:
        """Read the former ``[layers]`` as covariates and kinds of place."""
        layers = data.get("layers") if isinstance(data, dict) else None
        if not isinstance(layers, dict) or layers.keys() - {"extra", "typologies"}:
            return data
        rest = {key: value for key, value in data.items() if key != "layers"}
        names, definitions = layers.get("extra", []), layers.get("typologies", [])
        if names:
            renamed("layers.extra", "[[covariate]] name")
            rest["covariate"] = [*rest.get("covariate", []), *({"name": name} for name in names)]
        if definitions:
            renamed("layers.typologies", "[[type]] typologies")
            rest["type"] = [*rest.get("type", []), {"typologies": definitions}]
        return rest

    @model_validator(mode="after")
    def _outcomes_fit_together(self) -> AtlasConfig:
        ids = [outcome.id for outcome in self.outcome]
        faults = []
        if self.claim:
            try:
                check_form(self.claim, [*DIMENSIONS, *(one.dimension for one in self.type if one.dimension)])
            except ConfigError as error:
                faults.append(f"{error.what}: {'; '.join(error.faults)}")
        if doubled := sorted({name for name in ids if ids.count(name) > 1}):
            faults.append(f"outcomes share an id: {listed(doubled)}")
        strange = {one.against for one in self.outcome if one.against} - set(ids)
        if strange:
            faults.append(f"against names no outcome of the atlas: {listed(sorted(strange))} (found {listed(ids)})")
        asked = {need: kind for kind in self.outputs.kinds for need in kind_named(kind).needs}
        for need, key in (("earlier", "since"), ("other", "against")):
            if need in asked and not any(getattr(one, key) for one in self.outcome):
                faults.append(f"kind '{asked[need]}' needs {key} in an outcome")
        if faults:
            raise ValueError(*faults)
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
    data = toml_of(path)
    try:
        return AtlasConfig.model_validate(data)
    except ValidationError as error:
        raise ConfigError(f"{path.name} cannot be used", faults_of(error, AtlasConfig)) from error
