"""What packs are made of, as a file of the build: written beside its tables, read back without a source or a computation."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from boundaries.areas.boundary_set import BoundarySet
from boundaries.bundled.layers import load_neighbours
from geo.documents import formed, json_of
from geo.errors import OutputError, listed
from geo.files import write_text
from geo.provenance import Source
from geo.vectors import read_vectors
from maps.addresses import FIRST
from maps.findings import OutcomeFindings, WatchedChanges, finding_from, written
from maps.packs.contents import Fates, Kit, PackNote, PackOutcome
from maps.spec import MapSpec
from maps.words import Topic, languages, names_spoken, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

SCHEMA = 2
"""Of the file; a build with another one is built again."""

STEM = "packs"
DICTIONARY = "data-dictionary.csv"

_TOPIC = ("title", "unit", "favourable", "period", "decimals")
_NOTE = ("atlas", "version", "data_date", "report_to", "described")


def kit_file(stem: str, code: str = "") -> str:
    """Return the name of a kit's file in a language, by default the one that is spoken now.

    Examples
    --------
    >>> kit_file("packs", "en"), kit_file("packs-itl2", "cy")
    ('packs.json', 'packs-itl2.cy.json')
    """
    code = code or spoken().code
    return f"{stem}.json" if code == FIRST else f"{stem}.{code}.json"


def check_kits(data: Path, stem: str, codes: Sequence[str]) -> None:
    """Refuse languages in which a build keeps nothing for packs.

    Raises
    ------
    OutputError
        All of them.
    """
    if lost := [code for code in codes if not (data / kit_file(stem, code)).is_file()]:
        there = [code for code in languages() if (data / kit_file(stem, code)).is_file()]
        raise OutputError(
            f"the build keeps nothing for packs in the language {listed(lost)}",
            [
                f"it has: {', '.join(there)}",
                f"build it again with languages = {json.dumps([FIRST, *lost])} in [outputs]",
            ],
        )


def write_kit(kit: Kit, path: Path) -> Path:
    """Write what is not in the build's tables already."""
    own = kit.boundaries
    told = {
        "schema": SCHEMA,
        "note": {name: getattr(kit.note, name) for name in _NOTE},
        "told": kit.told,
        "formats": list(kit.formats),
        "sources": _sources(kit.note.sources),
        # as rows: in what order columns are named is in the bytes of a GeoPackage
        "names": [[column, *words] for column, words in kit.note.names.items()],
        "dictionary": _rows(kit.note.dictionary),
        "boundaries": {
            "geography": own.geography,
            "date": own.date.isoformat(),
            "columns": [name for name in own.frame.columns if name != "geometry"],
            "sources": _sources(own.sources),
            "approximate": {code: list(why) for code, why in own.approximate.items()},
            "members": _pairs(own.members),
            "atoms": _pairs(own.atoms),
            "shapes": own.shapes,
        },
        "adjacent": {code: list(codes) for code, codes in kit.adjacent.items()},
        "kinds": written(kit.kinds),
        "memberships": {
            str(name): kit.memberships[name].reindex(own.frame["code"]).astype(object).fillna("").astype(str).tolist()
            for name in kit.memberships.columns
        },
        "outcomes": [_outcome(outcome) for outcome in kit.outcomes],
        "watched": kit.watched.to_dict(),
    }
    return write_text(path, json.dumps(told, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")


def read_kit(data: Path, stem: str = STEM) -> Kit:
    """Read what the packs of one geography of a build are made of, in the language that is spoken now.

    Parameters
    ----------
    data : the folder of the build's tables. stem : ``packs``, or ``packs-itl2`` for a geography beside the first.

    Raises
    ------
    OutputError
        The build keeps nothing for packs, or what an older or later version kept.
    """
    path, areas = data / kit_file(stem), f"areas{stem.removeprefix(STEM)}"
    shapes = data / f"{areas}.parquet"
    if absent := [one for one in (path, shapes) if not one.is_file()]:
        raise OutputError(
            f"the build keeps nothing that packs could be made of: {absent[0]} is not there",
            ["an older version of placeatlas made it, or files are gone", "build it again"],
        )
    told, table = json_of(path, error=OutputError), read_vectors(shapes)
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        raise OutputError(
            f"{path.name} is of another version of placeatlas", [f"expected schema {SCHEMA}", "build it again"]
        )
    with formed(path.name):
        return _kit(told, table, data)


def _kit(told: dict[str, Any], table: gpd.GeoDataFrame, data: Path) -> Kit:
    boundaries = _boundaries(told["boundaries"], table)
    note = PackNote(
        **told["note"],
        sources=_from_sources(told["sources"]),
        names={column: (name, meaning) for column, name, meaning in told["names"]},
        dictionary=pd.DataFrame(told["dictionary"]["rows"], columns=told["dictionary"]["columns"], dtype=str),
    )
    names = {str(code): str(name) for code, name in zip(table["code"], table["name"], strict=True)}
    names |= names_spoken(table)
    return Kit(
        note,
        boundaries,
        {code: tuple(codes) for code, codes in told["adjacent"].items()},
        table,
        tuple(_from_outcome(one, table, names) for one in told["outcomes"]),
        finding_from(told["kinds"]),
        pd.DataFrame(told["memberships"], index=pd.Index(table["code"], name="code")),
        load_neighbours(),
        tuple(told["formats"]),
        told["told"],
        data,
        WatchedChanges.from_dict(told["watched"]),
    )


def _outcome(outcome: PackOutcome) -> dict[str, Any]:
    whole, fates = outcome.whole or OutcomeFindings(), outcome.fates or Fates((), {}, ())
    return {
        "id": outcome.id,
        "topic": {name: getattr(outcome.topic, name) for name in _TOPIC},
        "specs": [json.loads(spec.to_json()) for spec in outcome.specs],
        "cells": {name: outcome.table[name].tolist() for name in outcome.table.columns},
        "columns": [[name, heading] for name, heading in outcome.columns.items()],
        "interval": outcome.lower is not None,
        "sources": _sources(outcome.sources),
        "prefix": outcome.prefix,
        "worst": list(outcome.worst),
        "scheme": outcome.scheme,
        "levels": None if outcome.levels is None else written(outcome.levels),
        "pattern": None if outcome.pattern is None else written(outcome.pattern),
        "whole": {one.name: _found(getattr(whole, one.name)) for one in fields(whole)},
        "fates": {"uncovered": list(fates.uncovered), "made": dict(fates.made), "notes": list(fates.notes)},
    }


def _from_outcome(told: dict[str, Any], table: gpd.GeoDataFrame, names: dict[str, str]) -> PackOutcome:
    codes = pd.Index(table["code"], name="code")

    def figures(field: str) -> pd.Series:
        return pd.Series(table[f"{told['prefix']}__{field}"].to_numpy(dtype="float64"), index=codes, name=field)

    whole = {name: _revived(given) for name, given in told["whole"].items()}
    return PackOutcome(
        id=told["id"],
        topic=Topic(**told["topic"], names=names),
        specs=tuple(MapSpec.from_json(json.dumps(spec)) for spec in told["specs"]),
        table=pd.DataFrame(told["cells"], index=codes),
        columns=dict(told["columns"]),
        numbers=figures("value"),
        levels=_revived(told["levels"]),
        pattern=_revived(told["pattern"]),
        nations={str(code): str(nation) for code, nation in zip(codes, table["nation"], strict=True)},
        lower=figures("lower") if told["interval"] else None,
        upper=figures("upper") if told["interval"] else None,
        sources=_from_sources(told["sources"]),
        prefix=told["prefix"],
        worst=tuple(told["worst"]),
        # an outcome whose error is not known has no such column
        p_below=figures("p_below") if f"{told['prefix']}__p_below" in table else None,
        bands=table.set_index("code")[band] if (band := f"{told['prefix']}__band") in table else None,
        scheme=told["scheme"],
        whole=replace(OutcomeFindings(), **whole),
        fates=Fates(tuple(told["fates"]["uncovered"]), told["fates"]["made"], tuple(told["fates"]["notes"])),
    )


def _rows(dictionary: pd.DataFrame | None) -> dict[str, Any]:
    """Return a dictionary of columns as rows of text; what is not told is empty."""
    if dictionary is None:
        return {"columns": [], "rows": []}
    text = dictionary.fillna("").astype(str)
    return {"columns": list(text.columns), "rows": text.to_numpy().tolist()}


def _found(finding: Any) -> Any:
    """Return one finding, or several, as data."""
    if isinstance(finding, tuple):
        return [written(one) for one in finding]
    return None if finding is None else written(finding)


def _revived(told: Any) -> Any:
    if isinstance(told, list):
        return tuple(finding_from(one) for one in told)
    return None if told is None else finding_from(told)


def _boundaries(told: dict[str, Any], table: gpd.GeoDataFrame) -> BoundarySet:
    return BoundarySet(
        told["geography"],
        dt.date.fromisoformat(told["date"]),
        table[[*told["columns"], "geometry"]],
        _from_sources(told["sources"]),
        {code: tuple(why) for code, why in told["approximate"].items()},
        _table(told["members"], "member"),
        _table(told["atoms"], "atom"),
        shapes=told["shapes"],
    )


def _pairs(table: pd.DataFrame | None) -> list[list[str]] | None:
    return None if table is None else [[str(cell) for cell in row] for row in table.itertuples(index=False, name=None)]


def _table(pairs: list[list[str]] | None, column: str) -> pd.DataFrame | None:
    return None if pairs is None else pd.DataFrame(pairs, columns=["code", column])


def _sources(sources: Sequence[Source]) -> list[dict[str, Any]]:
    return [source.to_dict() for source in sources]


def _from_sources(told: Sequence[dict[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(**{**one, "attribution": tuple(one["attribution"])}) for one in told)
