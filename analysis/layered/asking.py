"""How a covariate is asked for: one table of TOML, or a mapping of the same keys; every contradiction is refused at once."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from geo.raster import CLASS, Reading

KINDS = {
    "points": ("count", "nearest", "share-within"),
    "raster": ("mean", "population-weighted-mean", "sum", "min", "max", "median", "share"),
    "lines": ("length",),
    "polygons": ("share", "share-of-residents", "sum", "mean"),
    "areas": ("mean", "sum"),
}
"""Kinds of layer, and the statistics of each, the default first; a raster has every quantile besides: q10, q90."""

_QUANTILE = re.compile(r"q(\d{1,2}|100)")
_FEW = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


def _one_or_several(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


class CovariatePart(BaseModel):
    """A number of every area that is no outcome: of a plug-in, by name, or of a layer."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: str = Field("", description="Of a covariate that is installed: see 'placeatlas plugins'.")
    id: str = Field("", pattern=f"^$|{_FEW}", description="Of a covariate from a layer; its columns begin with it.")
    points: str = Field("", description="A table or layer of points.")
    raster: str = Field("", description="A GeoTIFF or an ASCII grid.")
    lines: str = Field("", description="A layer of lines.")
    polygons: str = Field("", description="A layer of polygons.")
    areas: str = Field("", description="A table of smaller areas, by code; with residents, which says where each lies.")
    statistic: str = Field(
        "", description="count, nearest, share-within; mean, q90, share …; default by kind of layer."
    )
    per: Literal["", "residents", "km2"] = Field("", description="Of count and length: per 1,000 residents, per km².")
    within: float = Field(0.0, ge=0, description="Of share-within: metres.")
    residents: str = Field("", description="Points with residents, a table or a layer: where people live in an area.")
    residents_column: str = Field("residents", description="Its column of residents.")
    residents_area: str = Field("", description="Column of the codes of the areas they live in; default: by place.")
    value: str = Field("", description="Column of amounts, of areas and of polygons that are carried by land.")
    code: str = Field("", description="Column of codes of areas; default: found.")
    residents_code: str = Field("", description="Column of the same codes beside the residents; default: that of code.")
    x: str = Field("", description="Column of eastings or longitudes, where names do not tell.")
    y: str = Field("", description="Column of northings or latitudes.")
    crs: str = Field("", description="Reference system, where the file declares none.")
    layer: str = Field("", description="Which layer, of a file of several.")
    band: int | str | None = Field(None, description="Which band of a raster, by number or name.")
    nodata: float | Literal["none"] | None = Field(
        None, description="Stored number without a value, where none is declared."
    )
    class_: float | None = Field(None, alias="class", description="Of share of a raster: the class.")
    coverage: float = Field(0.5, ge=0, le=1, description="An area of which less is covered has no value.")
    unit: str = Field("", description="Of the values, where the statistic does not give it.")
    title: str = Field("", description="What a reader calls it.")
    vintage: str = Field("", description="Of which date the layer is.")
    credit: str = Field("", description="The publication, as it is cited.")
    licence: str = Field("", description="Name of the licence.")
    attribution: Annotated[tuple[str, ...], BeforeValidator(_one_or_several)] = Field(
        (), description="Lines that the licence asks for."
    )

    @property
    def kind(self) -> str:
        """Which kind of layer it is of; empty for one that is installed."""
        return next((kind for kind in KINDS if getattr(self, kind)), "")

    @property
    def file(self) -> str:
        """The layer."""
        return str(getattr(self, self.kind)) if self.kind else ""

    @property
    def measure(self) -> str:
        """The statistic, that of the kind of layer where none is named."""
        return self.statistic or (KINDS[self.kind][0] if self.kind else "")

    @property
    def column(self) -> str:
        """What the column of its values is called, after the id."""
        per = f"_per_{self.per}" if self.per else ""
        return f"{self.measure.replace('-', '_')}{per}"

    @property
    def cells(self) -> str:
        """The statistic as ``geo.raster`` calls it."""
        return f"{CLASS}{self.class_:g}" if self.measure == "share" else self.measure

    @property
    def reading(self) -> Reading:
        """What is said of a raster."""
        return Reading(band=self.band, crs=self.crs, nodata=self.nodata)

    @model_validator(mode="after")
    def _can_be_meant(self) -> CovariatePart:
        given = [kind for kind in KINDS if getattr(self, kind)]
        if bool(self.name) == bool(given) or len(given) > 1:
            raise ValueError(f"a covariate is of one thing: name, or {', '.join(KINDS)}")
        if self.name:
            told = self.model_dump(exclude_defaults=True)
            if further := sorted(told.keys() - {"name"}):
                raise ValueError(f"a covariate that is installed takes its name alone: leave out {', '.join(further)}")
            return self
        if faults := self._faults():
            raise ValueError(*faults)
        return self

    def _faults(self) -> list[str]:
        kind, measure = self.kind, self.measure
        known = measure in KINDS[kind] or (kind == "raster" and _QUANTILE.fullmatch(measure))
        by_residents = measure in {"population-weighted-mean", "share-of-residents"} or kind == "areas"
        checks = (
            (not self.id, 'it needs a name for its columns: id = "…"'),
            (not known, f"{kind} have no statistic '{measure}': choose one of {', '.join(KINDS[kind])}"),
            (self.per and measure not in {"count", "length"}, "per is of count and of length"),
            (
                (measure == "share-within") != (self.within > 0),
                "within, in metres, is of share-within, which needs it",
            ),
            (
                (kind == "raster" and measure == "share") != (self.class_ is not None),
                "class is of the share of a raster, which needs it",
            ),
            (by_residents and not self.residents, f"{measure} of {kind} needs residents = FILE: where people live"),
            (
                (kind == "areas" or (kind == "polygons" and measure in {"sum", "mean"})) != bool(self.value),
                "value, a column of amounts, is of areas, and of the sum or mean of polygons, which need it",
            ),
        )
        return [words for wrong, words in checks if wrong]
