"""A picture described once, JSON-able, drawn by two engines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of areas: how it is drawn, what it is called, how many areas are in it.

    ``hatch`` is "" or "diagonal" (no data, outliers) or "dots" (not testable); ``note`` is the statistical name that
    stands beside the words ("low-low").
    """

    key: str
    label: str
    colour: str
    count: int
    hatch: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A group of areas outlined and, when ``label`` is given, named on the map (a cluster, a type)."""

    key: str
    label: str
    codes: tuple[str, ...]
    colour: str
    style: str = "solid"


@dataclass(frozen=True, slots=True)
class MapSpec:
    """A map of areas in classes.

    Parameters
    ----------
    id : ``<outcome>/<kind>`` or ``<outcome>/<kind>-<period>``; the file's path below ``maps/``.
    kind : choropleth clusters hotspots robustness uncertainty typology labels bivariate change multiples hex …
    title : the finding. subtitle : measure, unit, period, boundary date. sure : one line, how sure.
    legend_title : what the classes are classes of.
    classes : in legend order; every area of ``assignment`` is in one of them; "no-data" and "not-testable" included when
        the reader may look for them, at count 0 too.
    assignment : area code → class key, for every area drawn; areas left out are drawn as grey context.
    outlines : drawn over the fills.
    extent : codes whose bounds the map shows; empty = all areas.
    region : "" for the UK composition, else the name of the region or nation of a regional map.
    notes : short paragraphs beside the map. foot : source and licence lines under it.
    alt : alternative text, one or two sentences. description : the long description.
    values : area code → text shown on hover or selection ("£31,200 (30,100 to 32,400)").
    """

    id: str
    kind: str
    outcome: str
    title: str
    subtitle: str
    sure: str
    legend_title: str
    classes: tuple[LegendClass, ...]
    assignment: Mapping[str, str]
    outlines: tuple[Outline, ...] = ()
    extent: tuple[str, ...] = ()
    region: str = ""
    notes: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    alt: str = ""
    description: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the spec as JSON with sorted keys."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> MapSpec:
        """Read a spec written by ``to_json``."""
        data: dict[str, Any] = json.loads(text)
        data["classes"] = tuple(LegendClass(**entry) for entry in data["classes"])
        data["outlines"] = tuple(Outline(**{**entry, "codes": tuple(entry["codes"])}) for entry in data["outlines"])
        for key in ("extent", "notes", "foot"):
            data[key] = tuple(data[key])
        return cls(**data)
