"""A picture described once, JSON-able, drawn by two engines."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from geo.provenance import Source
from maps.findings import finding_from, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maps.findings import Pictured


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of areas: how it is drawn, what it is called, how many areas are in it.

    ``hatch`` is "" or a name in ``maps.look.hatches.HATCHES``: "diagonal" (no data, unfavourable outliers), "back" (favourable
    outliers), "dots" (not testable), "lines" (the unfavourable side, where it is not alone), "upright" (the second of two
    outcomes leads), "slant", "stipple" and "grid" (types of place), "stripes" and its like (two types at once);
    ``hatch_colour`` is "" for the hatch's own grey; ``note`` is the statistical name that stands beside the words ("low-low").
    """

    key: str
    label: str
    colour: str
    count: int
    hatch: str = ""
    note: str = ""
    hatch_colour: str = ""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A mark at a place, in degrees, its area in proportion to ``size`` (the greatest has ``MapSpec.symbol_radius``).

    ``key`` names the class of ``MapSpec.extra_legends`` that ``colour`` is of; "" where all marks have one colour.
    """

    longitude: float
    latitude: float
    size: float
    colour: str
    label: str = ""
    title: str = ""
    key: str = ""


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
    title : the finding in words. measure : what is shown: measure, unit, period. sure : one line, how sure.
    legend_title : what the classes are classes of.
    classes : in legend order; every area of ``assignment`` is in one of them; "no-data" and "not-testable" included when
        the reader may look for them, at count 0 too.
    assignment : area code → class key, for every area drawn; areas left out are drawn as grey context.
    outlines : drawn over the fills.
    extent : codes whose bounds the map shows; empty = all areas.
    region : "" for the UK composition, else the name of the region or nation of a regional map.
    notes : short paragraphs beside the map. coverage : more of them, on nations and values that are not as the rest are.
    areas : which areas of which date, in words; with ``measure`` it makes the subtitle.
    finding : what the title says, as data. method : how the classes were made, in one line.
    sources : of the figures. shape_sources : of the shapes and codes. approximate : codes of areas drawn approximately. The foot is
        made of these last, for the place where the map is shown (``maps.feet``).
    alt : alternative text, one or two sentences. description : the long description.
    values : area code → text shown on hover or selection ("£31,200 (30,100 to 32,400)").
    extra_legends : further legends under the first, each a heading and its classes (a pattern over the fills, outlines).
    tables : small tables in the reading column, each a heading and rows of (words, figure).
    overlay : area code → key of a class of ``extra_legends`` drawn over the fill (its hatch only).
    symbols : marks over the map, in the classes of ``extra_legends`` where they have a ``key``; symbol_radius : points, of
        the greatest.
    panels : maps shown side by side on one page (small multiples, by period or outcome), sharing this spec's legend.
    square : the corners of a bivariate legend: labels of the rows' outcome and of the columns'.
    symbol_unit : unit of ``Symbol.size``, for the legend.
    breaks : inner breaks of the values behind ``class-1`` … ``class-k``, ascending; () where classes are not ranges of values.
    """

    id: str
    kind: str
    outcome: str
    title: str
    measure: str
    sure: str
    legend_title: str
    classes: tuple[LegendClass, ...]
    assignment: Mapping[str, str]
    outlines: tuple[Outline, ...] = ()
    extent: tuple[str, ...] = ()
    region: str = ""
    notes: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    areas: str = ""
    finding: Pictured | None = None
    method: str = ""
    sources: tuple[Source, ...] = ()
    shape_sources: tuple[Source, ...] = ()
    approximate: tuple[str, ...] = ()
    alt: str = ""
    description: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    extra_legends: tuple[tuple[str, tuple[LegendClass, ...]], ...] = ()
    tables: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    overlay: Mapping[str, str] = field(default_factory=dict)
    symbols: tuple[Symbol, ...] = ()
    symbol_radius: float = 12.0
    symbol_unit: str = ""
    panels: tuple[tuple[str, Mapping[str, str]], ...] = ()
    square: tuple[str, str] = ("", "")
    breaks: tuple[float, ...] = ()

    @property
    def subtitle(self) -> str:
        """Measure, unit, period and boundary date in one line."""
        return f"{self.measure}; {self.areas}" if self.areas else self.measure

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """All notes beside the map."""
        return (*self.notes, *self.coverage)

    def legend_classes(self) -> dict[str, LegendClass]:
        """Return every class of every legend by key."""
        extra = [entry for _, entries in self.extra_legends for entry in entries]
        return {entry.key: entry for entry in (*self.classes, *extra)}

    def faults(self) -> list[str]:
        """Return what would make the picture untrue: areas without a class, counts that do not count, doubled keys."""
        keys = [entry.key for entry in self.classes]
        found = [
            f"class {key!r} stands twice in the legend" for key in sorted({key for key in keys if keys.count(key) > 1})
        ]
        strangers = sorted({key for key in self.assignment.values() if key not in keys})
        found += [f"areas are in class {key!r}, which the legend lacks" for key in strangers]
        counts = Counter(self.assignment.values())
        if not self.panels:
            found += [
                f"the legend says {entry.count} areas are {entry.key!r}, the map has {counts[entry.key]}"
                for entry in self.classes
                if entry.count != counts[entry.key]
            ]
        overlays = {entry.key for _, entries in self.extra_legends for entry in entries}
        found += [f"overlay {key!r} has no legend" for key in sorted(set(self.overlay.values()) - overlays)]
        return [*found, *self._symbol_faults()]

    def _symbol_faults(self) -> list[str]:
        """Return marks whose class no legend has, or has in another colour, and classes that do not count their marks."""
        entries = {entry.key: entry for _, listed in self.extra_legends for entry in listed}
        counts = Counter(mark.key for mark in self.symbols if mark.key)
        found = [f"marks are in class {key!r}, which no legend has" for key in sorted(counts.keys() - entries.keys())]
        known = [mark for mark in self.symbols if mark.key in entries]
        found += [
            f"a mark of class {key!r} is not in its colour"
            for key in sorted({mark.key for mark in known if mark.colour != entries[mark.key].colour})
        ]
        found += [
            f"the legend says {entries[key].count} marks are {key!r}, the map has {count}"
            for key, count in sorted(counts.items())
            if key in entries and entries[key].count != count
        ]
        return found

    def to_json(self) -> str:
        """Return the spec as JSON with sorted keys."""
        data = {**asdict(self), "finding": None if self.finding is None else written(self.finding)}
        return json.dumps(data, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> MapSpec:
        """Read a spec written by ``to_json``."""
        data: dict[str, Any] = json.loads(text)
        data["classes"] = tuple(LegendClass(**entry) for entry in data["classes"])
        data["outlines"] = tuple(Outline(**{**entry, "codes": tuple(entry["codes"])}) for entry in data["outlines"])
        data["extra_legends"] = tuple(
            (title, tuple(LegendClass(**entry) for entry in entries)) for title, entries in data["extra_legends"]
        )
        data["tables"] = tuple(
            (title, tuple((words, figure) for words, figure in rows)) for title, rows in data["tables"]
        )
        data["symbols"] = tuple(Symbol(**entry) for entry in data["symbols"])
        data["panels"] = tuple((title, assignment) for title, assignment in data["panels"])
        for key in ("sources", "shape_sources"):
            data[key] = tuple(Source(**{**one, "attribution": tuple(one["attribution"])}) for one in data[key])
        data["finding"] = None if data["finding"] is None else finding_from(data["finding"])
        for key in ("extent", "notes", "coverage", "approximate", "square", "breaks"):
            data[key] = tuple(data[key])
        return cls(**data)
